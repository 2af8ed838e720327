//! What a heading makes the items below it needed for, and how far markers below it speak.

use super::phrasebook::{
    ACTION, BEFORE, BETA, FEATURE, GOAL_LABELS, LATER, LIMITATION, LISTS, MUST, MUST_WORDS, NEXT,
    NOTE_LABELS, NOTES, NUMBERED_PHASES, NUMBERED_TIMES, OPTIONAL, OPTIONAL_WORDS, PAST, PAST_LABELS,
    PLAN_WORDS, POST, PRE, PRODUCTION, RELEASE, SETTLED, STAGING, STORY, SUCCESS, Spoken, TOLD_BEFORE, WEAK,
};
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

/// The sense of a heading's text in lower case.
pub(super) fn of(heading: &Spoken<'_>) -> Sense {
    let action = heading.has(ACTION) && !heading.has(SETTLED);
    let (requirement, weak, quiet) = meaning(heading);
    Sense {
        requirement,
        weak,
        quiet,
        action,
    }
}

type Meaning = (Option<Requirement>, bool, Option<Quiet>);

fn meaning(heading: &Spoken<'_>) -> Meaning {
    let lower = heading.text;
    let has = |list| heading.has(list);
    let stage = stage(heading);
    // Neither an ordinal nor a picture in front is a word of the heading.
    let start = lower.trim_start_matches(|c: char| !c.is_alphabetic());
    let starts = |list| words(list).iter().any(|word| start.starts_with(word));
    let strong = |requirement, quiet| (Some(requirement), false, Some(quiet));
    let before = || {
        words(BEFORE)
            .iter()
            .flat_map(|word| lower.split(word).skip(1))
            .any(|rest| {
                let near = rest
                    .char_indices()
                    .nth(32)
                    .map_or(rest, |(end, _)| rest.get(..end).unwrap_or(rest));
                words(RELEASE).iter().any(|target| near.contains(target))
            })
    };
    if has(BEFORE) && !has(TOLD_BEFORE) && before() {
        return strong(Requirement::Required(stage.unwrap_or_default()), Quiet::No);
    }
    if is_label(start, heading, PAST_LABELS) || (has(PAST) && starts(PAST)) {
        return strong(Requirement::Informational, Quiet::All);
    }
    if has(POST) {
        return strong(Requirement::PostDeploy, Quiet::No);
    }
    let must = has(MUST_WORDS) || has(MUST);
    if !must && (has(OPTIONAL_WORDS) || has(OPTIONAL)) {
        return strong(Requirement::Optional, Quiet::No);
    }
    if must || has(PRE) {
        return strong(Requirement::Required(stage.unwrap_or_default()), Quiet::No);
    }
    if has(NEXT)
        || has(LATER)
        || (has(NUMBERED_TIMES) && starts_with_numbered(start, words(NUMBERED_TIMES)))
        || (has(NUMBERED_PHASES) && has(PLAN_WORDS) && starts_with_numbered(start, words(NUMBERED_PHASES)))
    {
        return strong(Requirement::Future, Quiet::Done);
    }
    if has(LIMITATION) {
        return strong(Requirement::Informational, Quiet::No);
    }
    if has(SUCCESS) || is_label(start, heading, GOAL_LABELS) {
        return strong(Requirement::Informational, Quiet::Done);
    }
    if has(NOTES) || is_label(start, heading, NOTE_LABELS) {
        return strong(Requirement::Informational, Quiet::All);
    }
    if has(STORY) && starts(STORY) {
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
fn stage(heading: &Spoken<'_>) -> Option<Stage> {
    if heading.has(PRODUCTION) {
        Some(Stage::Production)
    } else if heading.has(STAGING) {
        Some(Stage::Staging)
    } else if heading.has(BETA) {
        Some(Stage::Beta)
    } else {
        None
    }
}

const fn words(list: usize) -> &'static [&'static str] {
    LISTS[list].1
}

/// Whether the text is one of these words, but for what is in parentheses or behind a colon.
fn is_label(start: &str, heading: &Spoken<'_>, list: usize) -> bool {
    if !heading.has(list) {
        return false;
    }
    let head = start.split(['(', ':', '[']).next().unwrap_or_default();
    let head = head.trim_end_matches(|c: char| !c.is_alphanumeric());
    words(list).contains(&head)
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
                of(&Spoken::of(&title.to_lowercase())).requirement,
                requirement,
                "{title}"
            );
        }
        assert_eq!(of(&Spoken::of("success metrics")).quiet, Some(Quiet::Done));
        assert_eq!(of(&Spoken::of("lessons learned")).quiet, Some(Quiet::All));
        assert_eq!(of_own_words("Optional"), Some(Requirement::Optional));
        assert_eq!(of_own_words("6h"), None);
    }
}
