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

/// The sense of a heading's text in lower case.
pub(super) fn of(heading: &Lookup<'_>) -> Sense {
    let has = |words: &[&str]| heading.any(words);
    let is_word = |words: &[&str]| heading.any_word(words);
    let action = has(&[
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
    ]) && !has(&["completed", "resolved", "improvement"]);
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
    let release = [
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
    let before = ["before ", "prior to ", "antes de"].into_iter().any(|word| {
        has(&[word])
            && lower.split(word).skip(1).any(|rest| {
                let near: String = rest.chars().take(32).collect();
                release.iter().any(|target| near.contains(target))
            })
    });
    if before && !has(&["issues before", "state before", "status before"]) {
        return strong(Requirement::Required(stage.unwrap_or_default()), Quiet::No);
    }
    // The state before a change; "before you begin" asks for something instead.
    let past = [
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
    if is_label(start, &["before", "previously", "antes"]) || past.iter().any(|past| start.starts_with(past))
    {
        return strong(Requirement::Informational, Quiet::All);
    }
    if has(&[
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
    ]) {
        return strong(Requirement::PostDeploy, Quiet::No);
    }
    let must = is_word(&["required", "mandatory"])
        || has(&["must fix", "must-fix", "must have", "must-have", "must be"]);
    if !must
        && (is_word(&["optional", "opcional", "optionnel"])
            || has(&[
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
            ]))
    {
        return strong(Requirement::Optional, Quiet::No);
    }
    if must
        || has(&[
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
        ])
    {
        return strong(Requirement::Required(stage.unwrap_or_default()), Quiet::No);
    }
    if has(&[
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
    ]) || is_word(&["future", "later", "someday"])
        || starts_with_numbered(start, &["week", "sprint", "semana"])
        || (starts_with_numbered(start, &["phase", "milestone"]) && is_word(&["plan", "sprint", "planned"]))
    {
        return strong(Requirement::Future, Quiet::Done);
    }
    if has(&["known limitation", "limitations", "known issue", "caveat"]) {
        return strong(Requirement::Informational, Quiet::No);
    }
    if has(&[
        "success metric",
        "acknowledg",
        "what went well",
        "challenges overcome",
        "métricas de éxito",
    ]) || is_label(
        start,
        &[
            "goals",
            "goal",
            "objectives",
            "success criteria",
            "definition of done",
        ],
    ) {
        return strong(Requirement::Informational, Quiet::Done);
    }
    if has(&[
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
    ]) || is_label(
        start,
        &[
            "references",
            "key",
            "example",
            "examples",
            "background",
            "out of scope",
            "changelog",
        ],
    ) {
        return strong(Requirement::Informational, Quiet::All);
    }
    let told = [
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
    if told.iter().any(|told| start.starts_with(told)) {
        return (None, true, Some(Quiet::All));
    }
    if has(&[
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
    ]) {
        return (None, true, Some(Quiet::Done));
    }
    if let Some(stage) = stage {
        return (Some(Requirement::Required(stage)), true, None);
    }
    if has(&[
        "checklist",
        "readiness",
        "go/no-go",
        "go-live",
        "sign-off",
        "immediate",
        "remaining",
        "quality gate",
    ]) {
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
    if has(&["production", "mainnet", "producción"]) {
        Some(Stage::Production)
    } else if is_word(&["staging"]) {
        Some(Stage::Staging)
    } else if is_word(&["beta", "pilot", "mvp"]) {
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
