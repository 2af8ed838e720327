//! The phrases that give a heading its meaning, found in one pass over its words.
//!
//! Not here: what they mean together (`requirement`, `severity`). A phrase is looked for where a word starts, so that
//! most headings cost a few comparisons.

use std::sync::LazyLock;

/// Numbered bold names below these are steps.
pub(super) const ACTION: usize = 0;
/// Unless one of these says that they were taken.
pub(super) const SETTLED: usize = 1;
/// What comes "before" one of these is required.
pub(super) const RELEASE: usize = 2;
/// Words for "before".
pub(super) const BEFORE: usize = 3;
/// Headings about the state before a release.
pub(super) const TOLD_BEFORE: usize = 4;
/// The state before a change; "before you begin" asks for something instead.
pub(super) const PAST: usize = 5;
/// The same as a whole heading.
pub(super) const PAST_LABELS: usize = 6;
/// After the deployment.
pub(super) const POST: usize = 7;
/// Required, as words.
pub(super) const MUST_WORDS: usize = 8;
/// Required, as phrases.
pub(super) const MUST: usize = 9;
/// Optional, as words.
pub(super) const OPTIONAL_WORDS: usize = 10;
/// Optional, as phrases.
pub(super) const OPTIONAL: usize = 11;
/// Before the deployment.
pub(super) const PRE: usize = 12;
/// A plan.
pub(super) const NEXT: usize = 13;
/// A plan, as words.
pub(super) const LATER: usize = 14;
/// A plan when a number follows.
pub(super) const NUMBERED_TIMES: usize = 15;
/// A plan when a number and a word of planning follow.
pub(super) const NUMBERED_PHASES: usize = 16;
/// Words of planning.
pub(super) const PLAN_WORDS: usize = 17;
/// Told, not asked for.
pub(super) const LIMITATION: usize = 18;
/// Told, and ticked for decoration.
pub(super) const SUCCESS: usize = 19;
/// The same as a whole heading.
pub(super) const GOAL_LABELS: usize = 20;
/// Notes whose markers say nothing.
pub(super) const NOTES: usize = 21;
/// The same as a whole heading.
pub(super) const NOTE_LABELS: usize = 22;
/// What happens or happened: markers say nothing, boxes count.
pub(super) const STORY: usize = 23;
/// Lists of what is good: ticks are decoration.
pub(super) const FEATURE: usize = 24;
/// Said in passing.
pub(super) const WEAK: usize = 25;
/// The stages.
pub(super) const PRODUCTION: usize = 26;
/// The stages.
pub(super) const STAGING: usize = 27;
/// The stages.
pub(super) const BETA: usize = 28;
/// Words that a severity of a heading starts with.
pub(super) const GRADES: usize = 29;
/// A section that only a report about a release has.
pub(super) const TOPIC: usize = 30;

/// The phrases of each list, and whether they must end where a word ends.
#[rustfmt::skip]
pub(super) const LISTS: [(bool, &[&str]); 31] = [
    // ACTION
    (false, &[
        "action", "step", "todo", "to do", "checklist", "before", "pre-", "required", "next", "remaining",
        "deploy", "recommend", "test case", "priorit", "immediate", "prerequisite", "launch", "go-live",
        "rollout", "must", "pasos", "acciones", "步骤", "操作",
    ]),
    // SETTLED
    (false, &[
        "completed", "resolved", "improvement",
    ]),
    // RELEASE
    (false, &[
        "deploy", "launch", "release", "production", "go-live", "go live", "going live", "mainnet", "merg",
        "beta", "staging", "pilot", "ship", "cutover", "despliegue", "producción",
    ]),
    // BEFORE
    (false, &[
        "before ", "prior to ", "antes de",
    ]),
    // TOLD_BEFORE
    (false, &[
        "issues before", "state before", "status before",
    ]),
    // PAST
    (false, &[
        "before fix", "before this", "before remediation", "before change", "before the change",
        "before the fix", "before optimi", "before refactor", "before implement", "before improve",
        "before audit", "before review", "before:", "before (", "antes de resolver", "antes de correg",
    ]),
    // PAST_LABELS
    (false, &[
        "before", "previously", "antes",
    ]),
    // POST
    (false, &[
        "post-deploy", "post deploy", "postdeploy", "post-launch", "post launch", "post-release", "post release",
        "post-production", "post-go-live", "post-activation", "post-despliegue", "after deploy", "after launch",
        "after release", "after go-live", "after the deploy", "after the launch", "after the release", "发布后",
        "上线后",
    ]),
    // MUST_WORDS
    (true, &[
        "required", "mandatory",
    ]),
    // MUST
    (false, &[
        "must fix", "must-fix", "must have", "must-have", "must be",
    ]),
    // OPTIONAL_WORDS
    (true, &[
        "optional", "opcional", "optionnel",
    ]),
    // OPTIONAL
    (false, &[
        "nice to have", "nice-to-have", "recommend", "enhancement", "non-blocking", "nonblocking", "suggestion",
        "could have", "stretch goal", "recomendaci",
    ]),
    // PRE
    (false, &[
        "pre-deploy", "pre deploy", "predeploy", "pre-launch", "prelaunch", "pre-release", "pre-production",
        "pre-activation", "pre-flight", "preflight", "pre-despliegue", "go-live gate", "blocker", "bloqueante",
    ]),
    // NEXT
    (false, &[
        "next step", "next action", "next phase", "next sprint", "next development", "next milestone",
        "what's next", "what’s next", "whats next", "roadmap", "backlog", "upcoming", "long-term", "long term",
        "medium-term", "short-term", "next release", "próximos pasos", "siguientes pasos", "prochaines étapes",
        "nächste schritte", "下一步", "后续",
    ]),
    // LATER
    (true, &[
        "future", "later", "someday",
    ]),
    // NUMBERED_TIMES
    (false, &[
        "week", "sprint", "semana",
    ]),
    // NUMBERED_PHASES
    (false, &[
        "phase", "milestone",
    ]),
    // PLAN_WORDS
    (true, &[
        "plan", "sprint", "planned",
    ]),
    // LIMITATION
    (false, &[
        "known limitation", "limitations", "known issue", "caveat",
    ]),
    // SUCCESS
    (false, &[
        "success metric", "acknowledg", "what went well", "challenges overcome", "métricas de éxito",
    ]),
    // GOAL_LABELS
    (false, &[
        "goals", "goal", "objectives", "success criteria", "definition of done",
    ]),
    // NOTES
    (false, &[
        "lessons", "legend", "appendix", "glossary", "table of contents", "conventions", "how to use",
        "how to read", "leyenda", "图例",
    ]),
    // NOTE_LABELS
    (false, &[
        "references", "key", "example", "examples", "background", "out of scope", "changelog",
    ]),
    // STORY
    (false, &[
        "impact", "consequence", "consecuencia", "scenario", "escenario", "reproduc", "attack scenario",
        "root cause", "descripción del problema",
    ]),
    // FEATURE
    (false, &[
        "feature", "achievement", "strength", "benefit", "highlight", "capabilit", "what you get",
        "completion criteria", "expected", "特性", "características",
    ]),
    // WEAK
    (false, &[
        "checklist", "readiness", "go/no-go", "go-live", "sign-off", "immediate", "remaining", "quality gate",
    ]),
    // PRODUCTION
    (false, &[
        "production", "mainnet", "producción",
    ]),
    // STAGING
    (true, &[
        "staging",
    ]),
    // BETA
    (true, &[
        "beta", "pilot", "mvp",
    ]),
    // GRADES
    (false, &[
        "next action", "next step", "roadmap", "action plan", "next phase", "next sprint", "what's next",
        "backlog", "future", "week", "sprint", "blocker", "critical", "crítica",
        "crítico", "bloqueantes", "high", "medium", "low", "tier", "priority",
    ]),
    // TOPIC
    (false, &[
        "readiness", "pre-deploy", "pre-launch", "go-live", "blocker", "go/no-go", "go / no-go", "quality gate", "sign-off",
        "deployment checklist", "release checklist", "deployment status",
    ]),
];

/// Which lists speak in one text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spoken<'a> {
    /// The text in lower case.
    pub text: &'a str,
    lists: u64,
}

impl<'a> Spoken<'a> {
    /// Looks for every phrase.
    pub fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut lists = 0;
        let mut inside = false;
        for (at, byte) in bytes.iter().enumerate() {
            let part = byte.is_ascii_alphanumeric();
            // In scripts without blanks a phrase may start at any character.
            if part && !inside || *byte >= 0xc0 {
                lists |= BOOK.at(text, at);
            }
            inside = part;
        }
        Self { text, lists }
    }

    /// Whether a phrase of this list was found.
    pub const fn has(&self, list: usize) -> bool {
        self.lists & (1 << list) != 0
    }

    /// Whether nothing was found.
    pub const fn is_silent(&self) -> bool {
        self.lists == 0
    }
}

/// All phrases by the slot of their first letters.
#[derive(Debug)]
struct Book {
    /// For each slot, where its phrases start in `phrases`; one more at the end.
    starts: Vec<u16>,
    phrases: Vec<(&'static str, u8)>,
}

static BOOK: LazyLock<Book> = LazyLock::new(Book::new);

const SLOTS: usize = 4096;

/// The first three bytes, spread over the slots.
fn slot(bytes: &[u8]) -> usize {
    let byte = |at: usize| bytes.get(at).map_or(0, |b| *b as usize);
    (byte(0).wrapping_mul(961) ^ byte(1).wrapping_mul(31) ^ byte(2)) % SLOTS
}

impl Book {
    fn new() -> Self {
        let mut all: Vec<(usize, &'static str, u8)> = Vec::new();
        for (list, (_, phrases)) in (0..).zip(LISTS) {
            all.extend(
                phrases
                    .iter()
                    .map(|phrase| (slot(phrase.as_bytes()), *phrase, list)),
            );
        }
        all.sort_unstable();
        let starts = (0..=SLOTS)
            .map(|slot| all.partition_point(|(of, ..)| *of < slot) as u16)
            .collect();
        Self {
            starts,
            phrases: all.into_iter().map(|(_, phrase, list)| (phrase, list)).collect(),
        }
    }

    /// The lists with a phrase right here.
    fn at(&self, text: &str, at: usize) -> u64 {
        let Some(rest) = text.get(at..) else { return 0 };
        let bytes = rest.as_bytes();
        let slot = slot(bytes);
        let (first, last) = (self.starts[slot] as usize, self.starts[slot + 1] as usize);
        // "P0" is shorter than a slot.
        let graded = bytes[0] == b'p' && bytes.get(1).is_some_and(u8::is_ascii_digit);
        let mut lists = if graded { 1 << GRADES } else { 0 };
        for (phrase, list) in self.phrases.get(first..last).unwrap_or_default() {
            if let Some(after) = rest.strip_prefix(phrase) {
                let whole = LISTS[*list as usize].0;
                if !whole || !after.starts_with(char::is_alphanumeric) {
                    lists |= 1 << list;
                }
            }
        }
        lists
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_found_in_a_text_that_holds_it() {
        for (list, (_, phrases)) in LISTS.iter().enumerate() {
            for phrase in *phrases {
                assert!(Spoken::of(phrase).has(list), "{phrase}");
                assert!(Spoken::of(&format!("3. ({phrase})")).has(list), "{phrase}");
            }
        }
        assert!(Spoken::of("7. cursor table (t001-t009)").is_silent());
        assert!(!Spoken::of("latest news").has(LATER));
        assert!(Spoken::of("项目下一步").has(NEXT));
        const { assert!(LISTS.len() <= 64) };
    }
}
