//! How much an item matters: its own words, its id, its table, the heading above it.

use std::ops::Range;

use super::lookup::Lookup;
use crate::model::Severity;

/// The severity word that `text` starts with and its length: `P0`, `CRITICAL`, `High priority`.
pub(super) fn at(text: &str) -> Option<(Severity, usize)> {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let severity = word(text.get(..end)?)?;
    let rest = text.get(end..)?;
    for more in [" priority", " severity", " risk", " impact"] {
        if rest
            .get(..more.len())
            .is_some_and(|rest| rest.eq_ignore_ascii_case(more))
        {
            return Some((severity, end + more.len()));
        }
    }
    Some((severity, end))
}

/// The severity of one word.
pub(super) fn word(word: &str) -> Option<Severity> {
    if word.len() < 2 || word.len() > 10 {
        return None;
    }
    let mut lower = [0; 10];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"p0" | b"blocker" | b"blockers" | b"bloqueante" => Severity::Blocker,
        b"critical" | b"urgent" | b"severe" => Severity::Critical,
        b"p1" | b"high" | b"major" | b"alta" | b"alto" => Severity::High,
        b"p2" | b"medium" | b"moderate" | b"media" => Severity::Medium,
        b"p3" | b"p4" | b"low" | b"minor" | b"baja" | b"bajo" => Severity::Low,
        b"info" => Severity::Info,
        _ => {
            return match word.to_lowercase().as_str() {
                "crítica" | "crítico" | "critique" | "kritisch" | "严重" => Some(Severity::Critical),
                "élevée" | "hoch" => Some(Severity::High),
                _ => None,
            };
        }
    })
}

/// The severity of a whole short text such as a table cell: its first severity word, if it starts with one.
pub(super) fn cell(text: &str) -> Option<Severity> {
    let start = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let (severity, len) = at(start)?;
    // "High removing may break things" is a sentence; "HIGH - leaks keys" and "P0 (now)" are grades.
    let rest = start.get(len..)?.trim_start();
    let grade = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    (grade || start.get(..2).is_some_and(|p| p.starts_with(['P', 'p']))).then_some(severity)
}

/// What a heading says of the severity of what stands below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heading {
    /// It names one, in these bytes of its text.
    Names(Severity, Range<usize>),
    /// A plan: a severity above it does not reach below it.
    Stops,
    /// Nothing.
    Silent,
}

/// Headings of plans: a severity above them does not reach below.
const PLAN: [&str; 9] = [
    "next action",
    "next step",
    "roadmap",
    "action plan",
    "next phase",
    "next sprint",
    "what's next",
    "backlog",
    "future",
];

/// Reads the heading; `lower` is its text in ASCII lower case (the same length), `top` marks the document's own title,
/// which names a severity only with the word blocker.
pub(super) fn of_heading(heading: &Lookup<'_>, top: bool) -> Heading {
    let lower = heading.text;
    if heading.any(&PLAN) || starts_with_numbered(lower, &["week", "sprint"]) {
        return Heading::Stops;
    }
    if let Some(at) = heading.word("blocker").or_else(|| heading.word("blockers")) {
        // "P1 BLOCKERS": the grade is more exact than the word.
        return graded(lower).unwrap_or(Heading::Names(Severity::Blocker, at));
    }
    if top {
        return Heading::Silent;
    }
    if let Some(graded) = graded(lower) {
        return graded;
    }
    if let Some(at) = heading.word("critical")
        && !heading.has("non-critical")
        && !heading.has("critical path")
        && !heading.has("critical success")
        && !heading.has("improvement")
    {
        return Heading::Names(Severity::Critical, at);
    }
    if let Some(at) = ["crítica", "crítico", "críticos", "críticas", "bloqueantes"]
        .into_iter()
        .find_map(|word| heading.word(word))
    {
        return Heading::Names(Severity::Critical, at);
    }
    for (word, severity) in [
        ("high", Severity::High),
        ("medium", Severity::Medium),
        ("low", Severity::Low),
    ] {
        if let Some(at) = heading.word(word) {
            let rest = lower
                .get(at.end..)
                .unwrap_or_default()
                .trim_start_matches([' ', '-', '*']);
            let graded = [
                "priority", "severity", "risk", "impact", "issue", "finding", "item", "bug",
            ];
            let alone = rest.is_empty() || rest.starts_with([')', ':']);
            if alone || graded.iter().any(|noun| rest.starts_with(noun)) {
                return Heading::Names(severity, at);
            }
        }
    }
    for (label, first) in [("tier", 0), ("priority", 1)] {
        if let Some((number, at)) = numbered(heading, label) {
            let severity = match (number + first, label) {
                (1, "tier") => Severity::Critical,
                (2, _) => Severity::High,
                (3, _) => Severity::Medium,
                (4, "priority") => Severity::Low,
                // A fourth tier names no severity, and none above it speaks for it.
                _ => return Heading::Stops,
            };
            return Heading::Names(severity, at);
        }
    }
    Heading::Silent
}

/// `p0` to `p4` as a word of a heading.
fn graded(lower: &str) -> Option<Heading> {
    let bytes = lower.as_bytes();
    let at = memchr::memchr_iter(b'p', bytes).find(|&at| {
        matches!(bytes.get(at + 1), Some(b'0'..=b'4'))
            && !bytes
                .get(at + 2)
                .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-')
            && !at
                .checked_sub(1)
                .is_some_and(|before| bytes[before].is_ascii_alphanumeric())
    })?;
    Some(Heading::Names(word(lower.get(at..at + 2)?)?, at..at + 2))
}

/// The one-digit number behind a label word: "tier 2".
fn numbered(heading: &Lookup<'_>, label: &str) -> Option<(u8, Range<usize>)> {
    let at = heading.word(label)?;
    let rest = heading.text.get(at.end..)?;
    let digit = *rest.trim_start().as_bytes().first()?;
    let skipped = rest.len() - rest.trim_start().len();
    digit
        .is_ascii_digit()
        .then(|| (digit - b'0', at.start..at.end + skipped + 1))
}

/// Whether `lower` starts with one of the labels and a number: "week 3".
pub(super) fn starts_with_numbered(lower: &str, labels: &[&str]) -> bool {
    let start = lower.trim_start_matches(|c: char| !c.is_alphabetic());
    labels.iter().any(|label| {
        start.strip_prefix(label).is_some_and(|rest| {
            rest.starts_with([' ', '-'])
                && rest
                    .trim_start_matches([' ', '-'])
                    .starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_name_a_severity_and_plans_stop_it() {
        let read = |title: &str| match of_heading(&Lookup::new(&title.to_ascii_lowercase()), false) {
            Heading::Names(severity, at) => Some((severity, title[at].to_owned())),
            _ => None,
        };
        for (title, severity, written) in [
            (
                "TIER 1: SECURITY (DEPLOYMENT BLOCKERS)",
                Severity::Blocker,
                "BLOCKERS",
            ),
            ("TIER 2: Data", Severity::High, "TIER 2"),
            ("Tier 1: Access", Severity::Critical, "Tier 1"),
            ("TIER 3: LOGS (MEDIUM PRIORITY)", Severity::Medium, "MEDIUM"),
            ("P1 HIGH PRIORITY (DONE)", Severity::High, "P1"),
            ("🔴 P0 BLOCKERS", Severity::Blocker, "P0"),
            ("Critical Security", Severity::Critical, "Critical"),
        ] {
            assert_eq!(read(title), Some((severity, written.to_owned())), "{title}");
        }
        for title in [
            "High Availability",
            "TIER 4: FRONT (READY)",
            "Setup",
            "Low latency mode",
            "Non-critical work",
        ] {
            assert_eq!(read(title), None, "{title}");
        }
        for title in [
            "critical next actions",
            "week 1: critical security",
            "roadmap (p1)",
        ] {
            assert_eq!(of_heading(&Lookup::new(title), false), Heading::Stops, "{title}");
        }
        assert_eq!(
            of_heading(&Lookup::new("critical checklist"), true),
            Heading::Silent
        );
    }

    #[test]
    fn a_cell_grades_only_when_it_is_a_grade() {
        assert_eq!(cell("**P0**"), Some(Severity::Blocker));
        assert_eq!(cell("🔴 High"), Some(Severity::High));
        assert_eq!(cell("CRITICAL - leaks"), Some(Severity::Critical));
        assert_eq!(cell("Low hanging fruit"), None);
        assert_eq!(cell("none"), None);
    }
}
