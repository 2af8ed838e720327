//! What a heading makes the items below it needed for, and how far markers below it speak.

use super::lookup::Lookup;
use super::severity::starts_with_numbered;
use crate::model::{Requirement, Stage};

/// How far markers on bullets below a heading are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Quiet {
    /// They speak.
    #[default]
    No,
    /// A tick is decoration ("Success metrics"); an open sign still speaks.
    Done,
    /// All are decoration ("Before:", "Legend").
    All,
}

/// The meaning of a heading or of a label in front of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sense {
    /// What it says that items below are needed for.
    pub requirement: Option<Requirement>,
    /// It says so in passing ("checklist"): a plan or a note around it wins.
    pub weak: bool,
    /// How far markers on bullets are believed; `None` when it says nothing of it.
    pub quiet: Option<Quiet>,
    /// Numbered bold names below it are steps to be done.
    pub action: bool,
}

/// Numbered bold names below these are steps.
const ACTION: &[&str] = &[
    "action",
    "step",
    "todo",
    "to do",
    "checklist",
    "before",
    "pre-",
    "required",
    "next",
    "remaining",
    "deploy",
    "recommend",
    "test case",
    "priorit",
    "immediate",
    "prerequisite",
    "launch",
    "go-live",
    "rollout",
    "must",
    "pasos",
    "acciones",
    "步骤",
    "操作",
];

/// Unless one of these says that they were taken.
const SETTLED: &[&str] = &["completed", "resolved", "improvement"];

/// What comes "before" one of these is required.
const RELEASE: &[&str] = &[
    "deploy",
    "launch",
    "release",
    "production",
    "go-live",
    "go live",
    "going live",
    "mainnet",
    "merg",
    "beta",
    "staging",
    "pilot",
    "ship",
    "cutover",
    "despliegue",
    "producción",
];

/// Words for "before".
const BEFORE: &[&str] = &["before ", "prior to ", "antes de"];

/// Headings about the state before a release.
const TOLD_BEFORE: &[&str] = &["issues before", "state before", "status before"];

/// The state before a change; "before you begin" asks for something instead.
const PAST: &[&str] = &[
    "before fix",
    "before this",
    "before remediation",
    "before change",
    "before the change",
    "before the fix",
    "before optimi",
    "before refactor",
    "before implement",
    "before improve",
    "before audit",
    "before review",
    "before:",
    "before (",
    "antes de resolver",
    "antes de correg",
];

/// The same as a whole heading.
const PAST_LABELS: &[&str] = &["before", "previously", "antes"];

/// After the deployment.
const POST: &[&str] = &[
    "post-deploy",
    "post deploy",
    "postdeploy",
    "post-launch",
    "post launch",
    "post-release",
    "post release",
    "post-production",
    "post-go-live",
    "post-activation",
    "post-despliegue",
    "after deploy",
    "after launch",
    "after release",
    "after go-live",
    "after the deploy",
    "after the launch",
    "after the release",
    "发布后",
    "上线后",
];

/// Required, as words.
const MUST_WORDS: &[&str] = &["required", "mandatory"];

/// Required, as phrases.
const MUST: &[&str] = &["must fix", "must-fix", "must have", "must-have", "must be"];

/// Optional, as words.
const OPTIONAL_WORDS: &[&str] = &["optional", "opcional", "optionnel"];

/// Optional, as phrases.
const OPTIONAL: &[&str] = &[
    "nice to have",
    "nice-to-have",
    "recommend",
    "enhancement",
    "non-blocking",
    "nonblocking",
    "suggestion",
    "could have",
    "stretch goal",
    "recomendaci",
];

/// Before the deployment.
const PRE: &[&str] = &[
    "pre-deploy",
    "pre deploy",
    "predeploy",
    "pre-launch",
    "prelaunch",
    "pre-release",
    "pre-production",
    "pre-activation",
    "pre-flight",
    "preflight",
    "pre-despliegue",
    "go-live gate",
    "blocker",
    "bloqueante",
];

/// A plan.
const NEXT: &[&str] = &[
    "next step",
    "next action",
    "next phase",
    "next sprint",
    "next development",
    "next milestone",
    "what's next",
    "what’s next",
    "whats next",
    "roadmap",
    "backlog",
    "upcoming",
    "long-term",
    "long term",
    "medium-term",
    "short-term",
    "next release",
    "próximos pasos",
    "siguientes pasos",
    "prochaines étapes",
    "nächste schritte",
    "下一步",
    "后续",
];

/// A plan, as words.
const LATER: &[&str] = &["future", "later", "someday"];

/// A plan when a number follows.
const NUMBERED_TIMES: &[&str] = &["week", "sprint", "semana"];

/// A plan when a number and a word of planning follow.
const NUMBERED_PHASES: &[&str] = &["phase", "milestone"];

/// Words of planning.
const PLAN_WORDS: &[&str] = &["plan", "sprint", "planned"];

/// Told, not asked for.
const LIMITATION: &[&str] = &["known limitation", "limitations", "known issue", "caveat"];

/// Told, and ticked for decoration.
const SUCCESS: &[&str] = &[
    "success metric",
    "acknowledg",
    "what went well",
    "challenges overcome",
    "métricas de éxito",
];

/// The same as a whole heading.
const GOAL_LABELS: &[&str] = &[
    "goals",
    "goal",
    "objectives",
    "success criteria",
    "definition of done",
];

/// Notes whose markers say nothing.
const NOTES: &[&str] = &[
    "lessons",
    "legend",
    "appendix",
    "glossary",
    "table of contents",
    "conventions",
    "how to use",
    "how to read",
    "leyenda",
    "图例",
];

/// The same as a whole heading.
const NOTE_LABELS: &[&str] = &[
    "references",
    "key",
    "example",
    "examples",
    "background",
    "out of scope",
    "changelog",
];

/// What happens or happened: markers say nothing, boxes count.
const STORY: &[&str] = &[
    "impact",
    "consequence",
    "consecuencia",
    "scenario",
    "escenario",
    "reproduc",
    "attack scenario",
    "root cause",
    "descripción del problema",
];

/// Lists of what is good: ticks are decoration.
const FEATURE: &[&str] = &[
    "feature",
    "achievement",
    "strength",
    "benefit",
    "highlight",
    "capabilit",
    "what you get",
    "completion criteria",
    "expected",
    "特性",
    "características",
];

/// Said in passing.
const WEAK: &[&str] = &[
    "checklist",
    "readiness",
    "go/no-go",
    "go-live",
    "sign-off",
    "immediate",
    "remaining",
    "quality gate",
];

/// The stages.
const PRODUCTION: &[&str] = &["production", "mainnet", "producción"];

/// The stages.
const STAGING: &[&str] = &["staging"];

/// The stages.
const BETA: &[&str] = &["beta", "pilot", "mvp"];

/// Every list, for [`super::lookup::Starts`].
pub(super) const LISTS: &[&[&str]] = &[
    ACTION,
    SETTLED,
    RELEASE,
    BEFORE,
    TOLD_BEFORE,
    PAST,
    PAST_LABELS,
    POST,
    MUST_WORDS,
    MUST,
    OPTIONAL_WORDS,
    OPTIONAL,
    PRE,
    NEXT,
    LATER,
    NUMBERED_TIMES,
    NUMBERED_PHASES,
    PLAN_WORDS,
    LIMITATION,
    SUCCESS,
    GOAL_LABELS,
    NOTES,
    NOTE_LABELS,
    STORY,
    FEATURE,
    WEAK,
    PRODUCTION,
    STAGING,
    BETA,
];

/// The sense of a heading's text in lower case.
pub(super) fn of(heading: &Lookup<'_>) -> Sense {
    let has = |words: &[&str]| heading.any(words);
    let is_word = |words: &[&str]| heading.any_word(words);
    let action = has(ACTION) && !has(SETTLED);
    let (requirement, weak, quiet) = meaning(heading, &has, &is_word);
    Sense {
        requirement,
        weak,
        quiet,
        action,
    }
}

type Meaning = (Option<Requirement>, bool, Option<Quiet>);

fn meaning(
    heading: &Lookup<'_>,
    has: &dyn Fn(&[&str]) -> bool,
    is_word: &dyn Fn(&[&str]) -> bool,
) -> Meaning {
    let lower = heading.text;
    let stage = stage(has, is_word);
    // Neither an ordinal nor a picture in front is a word of the heading.
    let start = lower.trim_start_matches(|c: char| !c.is_alphabetic());
    let strong = |requirement, quiet| (Some(requirement), false, Some(quiet));
    let before = BEFORE.iter().any(|word| {
        has(&[*word])
            && lower.split(*word).skip(1).any(|rest| {
                let near: String = rest.chars().take(32).collect();
                RELEASE.iter().any(|target| near.contains(target))
            })
    });
    if before && !has(TOLD_BEFORE) {
        return strong(Requirement::Required(stage.unwrap_or_default()), Quiet::No);
    }
    if is_label(start, PAST_LABELS) || PAST.iter().any(|past| start.starts_with(past)) {
        return strong(Requirement::Informational, Quiet::All);
    }
    if has(POST) {
        return strong(Requirement::PostDeploy, Quiet::No);
    }
    let must = is_word(MUST_WORDS) || has(MUST);
    if !must && (is_word(OPTIONAL_WORDS) || has(OPTIONAL)) {
        return strong(Requirement::Optional, Quiet::No);
    }
    if must || has(&PRE) {
        return strong(Requirement::Required(stage.unwrap_or_default()), Quiet::No);
    }
    if has(NEXT)
        || is_word(LATER)
        || starts_with_numbered(start, NUMBERED_TIMES)
        || (starts_with_numbered(start, NUMBERED_PHASES) && is_word(PLAN_WORDS))
    {
        return strong(Requirement::Future, Quiet::Done);
    }
    if has(LIMITATION) {
        return strong(Requirement::Informational, Quiet::No);
    }
    if has(SUCCESS) || is_label(start, GOAL_LABELS) {
        return strong(Requirement::Informational, Quiet::Done);
    }
    if has(NOTES) || is_label(start, NOTE_LABELS) {
        return strong(Requirement::Informational, Quiet::All);
    }
    if STORY.iter().any(|told| start.starts_with(told)) {
        return (None, true, Some(Quiet::All));
    }
    if has(FEATURE) {
        return (None, true, Some(Quiet::Done));
    }
    if let Some(stage) = stage {
        return (Some(Requirement::Required(stage)), true, None);
    }
    if has(WEAK) {
        return (
            Some(Requirement::Required(Stage::Production)),
            true,
            Some(Quiet::No),
        );
    }
    (None, true, None)
}

/// The stage that a heading names; production wins over those before it.
fn stage(has: &dyn Fn(&[&str]) -> bool, is_word: &dyn Fn(&[&str]) -> bool) -> Option<Stage> {
    if has(PRODUCTION) {
        Some(Stage::Production)
    } else if is_word(STAGING) {
        Some(Stage::Staging)
    } else if is_word(BETA) {
        Some(Stage::Beta)
    } else {
        None
    }
}

/// Whether the text is one of these words, but for what is in parentheses or behind a colon.
fn is_label(start: &str, words: &[&str]) -> bool {
    let head = start.split(['(', ':', '[']).next().unwrap_or_default();
    let head = head.trim_end_matches(|c: char| !c.is_alphanumeric());
    words.contains(&head)
}

/// What the item's own words in parentheses say: "(optional)", "(post-launch)".
pub(super) fn of_own_words(inner: &str) -> Option<Requirement> {
    if inner.len() > 48 {
        return None;
    }
    let lower = inner.to_ascii_lowercase();
    let lower = lower.trim();
    let starts = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    if starts(&[
        "optional",
        "recommended",
        "nice to have",
        "nice-to-have",
        "non-blocking",
        "nonblocking",
        "stretch",
        "opcional",
    ]) {
        Some(Requirement::Optional)
    } else if starts(&[
        "post-deploy",
        "post deploy",
        "post-launch",
        "post-release",
        "after launch",
        "after deploy",
        "after release",
    ]) {
        Some(Requirement::PostDeploy)
    } else if starts(&[
        "future",
        "later",
        "deferred to",
        "backlog",
        "next release",
        "next phase",
        "next sprint",
        "v2",
    ]) {
        Some(Requirement::Future)
    } else if starts(&[
        "required",
        "mandatory",
        "before launch",
        "before release",
        "before deploy",
        "before production",
        "before mainnet",
        "pre-launch",
        "pre-deploy",
    ]) {
        Some(Requirement::Required(Stage::Production))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_what_items_below_are_needed_for() {
        let production = Requirement::Required(Stage::Production);
        for (title, requirement) in [
            ("Pre-Deployment:", Some(production)),
            ("Immediate Actions (Before Deployment)", Some(production)),
            ("Before the beta", Some(Requirement::Required(Stage::Beta))),
            ("Production Readiness Checks (After Phase 3)", Some(production)),
            ("Staging validation", Some(Requirement::Required(Stage::Staging))),
            (
                "Remaining work (Optional, Non-Blocking)",
                Some(Requirement::Optional),
            ),
            ("Recommendations", Some(Requirement::Optional)),
            ("Required recommendations", Some(production)),
            ("POST-DEPLOYMENT MONITORING", Some(Requirement::PostDeploy)),
            ("After launch", Some(Requirement::PostDeploy)),
            ("Next Steps", Some(Requirement::Future)),
            ("CRITICAL NEXT ACTIONS REQUIRED", Some(production)),
            ("Phase 4 Plan - Hardening", Some(Requirement::Future)),
            ("Week 2: Tests", Some(Requirement::Future)),
            ("Phase 2: Hardening (Week 2)", None),
            ("Known Limitations", Some(Requirement::Informational)),
            ("Before Fixes", Some(Requirement::Informational)),
            ("Before:", Some(Requirement::Informational)),
            ("Success Metrics", Some(Requirement::Informational)),
            ("Legend", Some(Requirement::Informational)),
            ("Monitoring", None),
        ] {
            assert_eq!(
                of(&Lookup::new(&title.to_lowercase())).requirement,
                requirement,
                "{title}"
            );
        }
        assert_eq!(of(&Lookup::new("success metrics")).quiet, Some(Quiet::Done));
        assert_eq!(of(&Lookup::new("lessons learned")).quiet, Some(Quiet::All));
        assert_eq!(of_own_words("Optional"), Some(Requirement::Optional));
        assert_eq!(of_own_words("6h"), None);
    }
}
