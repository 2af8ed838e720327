//! The rules that a document sets for its own release: "blocked until all items are complete", "do not deploy unless …".
//!
//! Not here: whether they hold. Invariant: narrow. What describes the software's own behaviour, tells of the past
//! or teaches a lesson is no rule.

use super::phrases::{in_lessons, stage_word};
use super::statements::{GATE, Statement, Statements};
use super::wording::{below_before, has_word, is_one_of, words};
use crate::model::{DocumentGate, GateScope, Severity, Stage};
use crate::text::SourceText;
use crate::text::markdown::BlockKind;

/// Collects the document's own gates, in order.
pub(super) fn read(lines: &Statements<'_>, source: &SourceText) -> Vec<DocumentGate> {
    let mut gates = Vec::new();
    if lines.seen & GATE == 0 {
        return gates;
    }
    for statement in lines.with(GATE) {
        let text = lines.words_of(statement);
        let block = lines.block(statement);
        let boxed = text.starts_with('[');
        if boxed || matches!(block.kind, BlockKind::Row { .. }) || text.contains('?') {
            continue;
        }
        if below_before(lines, statement.block) || in_lessons(lines, statement.block) {
            continue;
        }
        for (start, sentence) in sentences(text) {
            if let Some((scope, stage)) = rule(lines, sentence) {
                gates.push(gate(lines, source, statement, start, sentence, scope, stage));
            }
        }
    }
    gates
}

fn gate(
    lines: &Statements<'_>,
    source: &SourceText,
    statement: &Statement,
    start: usize,
    sentence: &str,
    scope: GateScope,
    stage: Stage,
) -> DocumentGate {
    let begin = statement.range.start as usize + start;
    let shown: String = sentence
        .chars()
        .filter(|c| !matches!(c, '*' | '`' | '\r'))
        .map(|c| if c == '\n' { ' ' } else { c })
        .collect();
    DocumentGate {
        line: lines.line(u32::try_from(begin).unwrap_or(u32::MAX)),
        span: source.span(begin..begin + sentence.len()),
        text: shown.trim().into(),
        scope,
        stage,
    }
}

/// The sentences of a line with their offsets.
fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        while rest < text.len() {
            let tail = text.get(rest..)?;
            let end = [". ", "! ", ".\n", "! "]
                .iter()
                .filter_map(|stop| tail.find(stop))
                .min()
                .map_or(tail.len(), |at| at + 1);
            let raw = tail.get(..end)?;
            let trimmed = raw.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | ')'));
            let offset = raw.find(trimmed).unwrap_or(0);
            let found = (rest + offset, trimmed);
            rest += end;
            if !trimmed.is_empty() {
                return Some(found);
            }
        }
        None
    })
}

#[rustfmt::skip]
const SHIP: &[&str] = &[
    "deploy", "deployment", "deployments", "release", "releases", "ship", "launch", "production", "live",
    "mainnet", "merge", "promote", "golive", "rollout", "despliegue", "desplegar",
];

#[rustfmt::skip]
const ITEMS_X: &[&str] = &[
    "resolved", "complete", "completed", "fixed", "done", "closed", "checked", "ticked", "addressed",
    "pass", "remain", "verified",
];

/// The scope and stage of a rule, when the sentence is one.
fn rule(lines: &Statements<'_>, sentence: &str) -> Option<(GateScope, Stage)> {
    let list: Vec<(usize, &str)> = words(sentence).collect();
    let is = |at: usize, set: &[&str]| list.get(at).is_some_and(|(_, word)| is_one_of(word, set));
    let find = |set: &[&str]| (0..list.len()).find(|&at| is(at, set));
    if find(&["was", "were", "had", "had", "previously", "once"])
        .is_some_and(|at| at + 1 < list.len() && is(at, &["was", "were", "had", "previously"]))
    {
        return None;
    }
    let stage = list
        .iter()
        .filter_map(|(_, word)| stage_word(&word.to_lowercase()))
        .max()
        .unwrap_or_default();
    let tail = |at: usize| sentence.get(list[at].0..).unwrap_or_default();
    // "… blocked until …", "do not deploy unless …".
    if let Some(at) = find(&["until", "unless", "hasta"]) {
        let head = &list[..at];
        let has = |set: &[&str]| head.iter().any(|(_, word)| is_one_of(word, set));
        let near_ship = head.iter().enumerate().any(|(index, (_, word))| {
            is_one_of(
                word,
                &[
                    "blocked",
                    "prohibited",
                    "forbidden",
                    "frozen",
                    "bloqueado",
                    "bloqueada",
                ],
            ) && (index.saturating_sub(4)..index).any(|before| is(before, SHIP))
        });
        let forbids = head.iter().enumerate().any(|(index, (_, word))| {
            is_one_of(word, &["not", "cannot", "never", "no", "don"])
                && (index + 1..(index + 5).min(at)).any(|after| {
                    is(
                        after,
                        &[
                            "deploy",
                            "release",
                            "ship",
                            "launch",
                            "merge",
                            "promote",
                            "production",
                            "live",
                            "deployment",
                        ],
                    )
                })
        });
        let clause = tail(at);
        let no_go = has(&["nogo"])
            || sentence
                .get(..list[at].0)
                .is_some_and(|head| head.to_ascii_lowercase().contains("no-go"));
        if (near_ship || forbids || no_go) && speaks_of_work(clause) {
            return Some((scope(lines, clause), stage));
        }
        return None;
    }
    // "No-go if any critical is open".
    let lower = sentence.to_ascii_lowercase();
    if let Some(at) = lower.find("no-go if").or_else(|| lower.find("nogo if")) {
        let clause = sentence.get(at + 8..).unwrap_or_default();
        if find(&["any", "open", "unresolved", "remains", "remain"]).is_some() {
            return Some((scope(lines, clause), stage));
        }
    }
    // "All P0 items must be resolved before release".
    if let Some(at) = find(&["must"]) {
        let before = (at + 1..list.len()).find(|&later| is(later, &["before", "prior"]))?;
        let ships = (before + 1..(before + 5).min(list.len()))
            .any(|after| is(after, SHIP) || is(after, &["deploying", "releasing", "launching", "shipping"]));
        let whole = list[..at]
            .iter()
            .any(|(_, word)| is_one_of(word, &["all", "every", "each", "no"]));
        let done = (at + 1..before).any(|index| is(index, ITEMS_X));
        let clause = sentence.get(..list[at].0).unwrap_or_default();
        if ships && whole && done && speaks_of_work(sentence) {
            return Some((scope(lines, clause), stage));
        }
    }
    None
}

/// Whether a clause speaks of work to be done and not of what the software does.
fn speaks_of_work(clause: &str) -> bool {
    #[rustfmt::skip]
    const WORK: &[&str] = &[
        "all", "every", "item", "items", "tier", "complete", "completed", "resolved", "fixed", "approved",
        "done", "critical", "blocker", "blockers", "checklist", "p0", "p1", "issues", "signed", "passed",
        "pass", "todos", "verified", "remediated", "addressed", "section", "phase",
    ];
    clause.contains("100%")
        || clause.contains("100 %")
        || words(clause).any(|(_, word)| is_one_of(word, WORK))
}

#[rustfmt::skip]
const ITEMS: &[&str] = &[
    "item", "items", "tasks", "boxes", "checks", "checkboxes", "requirements", "everything", "elementos",
];

/// Which items a clause names.
fn scope(lines: &Statements<'_>, clause: &str) -> GateScope {
    let list: Vec<&str> = words(clause).map(|(_, word)| word).collect();
    // `Tier 1`, `Phase 2`: headings that say so.
    for pair in list.windows(2) {
        let [name, number] = pair else { continue };
        let staged = is_one_of(
            name,
            &[
                "tier", "phase", "section", "level", "stage", "part", "priority", "week", "sprint",
                "category",
            ],
        );
        if staged && number.len() <= 3 && (number.bytes().all(|b| b.is_ascii_digit()) || number.len() == 1) {
            let found = headings_with(lines, name, number);
            return if found.is_empty() {
                GateScope::Unresolved
            } else {
                GateScope::Sections(found)
            };
        }
    }
    let severity = list.iter().filter_map(|word| {
        let severity = match word.to_ascii_lowercase().as_str() {
            "blocker" | "blockers" | "blocking" | "p0" | "p0s" => Severity::Blocker,
            "p1s" => Severity::High,
            other => Severity::parse(other)?,
        };
        matches!(
            severity,
            Severity::Blocker | Severity::Critical | Severity::High | Severity::Medium | Severity::Low
        )
        .then_some(severity)
    });
    if let Some(worst) = severity.max() {
        return GateScope::Severity(worst);
    }
    let items = list.iter().any(|word| is_one_of(word, ITEMS));
    let all = list
        .iter()
        .any(|word| is_one_of(word, &["all", "every", "each", "everything", "todos", "100"]));
    if (all && items) || has_word(clause, "checklist") {
        return GateScope::AllItems;
    }
    GateScope::Unresolved
}

/// The indices of the headings whose title holds `name number`.
fn headings_with(lines: &Statements<'_>, name: &str, number: &str) -> Vec<u32> {
    let mut found = Vec::new();
    let mut index = 0;
    for block in &lines.outline.blocks {
        if !matches!(block.kind, BlockKind::Heading(_)) {
            continue;
        }
        let title: Vec<&str> = words(lines.slice(block.content)).map(|(_, word)| word).collect();
        if title
            .windows(2)
            .any(|pair| pair[0].eq_ignore_ascii_case(name) && pair[1].eq_ignore_ascii_case(number))
        {
            found.push(index);
        }
        index += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::markdown::Outline;

    fn rules(text: &str) -> Vec<(u32, GateScope, Stage)> {
        let source = SourceText::read(std::sync::Arc::from(text.as_bytes()));
        let outline = Outline::of(source.text());
        let lines = Statements::of(source.text(), &outline);
        read(&lines, &source)
            .into_iter()
            .map(|gate| (gate.line, gate.scope, gate.stage))
            .collect()
    }

    #[test]
    fn rules_are_read_with_their_scope() {
        let production = Stage::Production;
        let table = [
            (
                "## ❌ DEPLOYMENT BLOCKED UNTIL ALL ITEMS COMPLETED",
                GateScope::AllItems,
                production,
            ),
            (
                "Release is blocked until every item is done.",
                GateScope::AllItems,
                production,
            ),
            (
                "Do not deploy until this checklist is complete.",
                GateScope::AllItems,
                production,
            ),
            (
                "All P0 items must be resolved before release.",
                GateScope::Severity(Severity::Blocker),
                production,
            ),
            (
                "We must not ship unless all critical issues are fixed.",
                GateScope::Severity(Severity::Critical),
                production,
            ),
            (
                "No-go if any critical finding is open.",
                GateScope::Severity(Severity::Critical),
                production,
            ),
            (
                "Do not deploy to staging until all P0 and P1 items are closed.",
                GateScope::Severity(Severity::High),
                Stage::Staging,
            ),
            (
                "Never release until Tier 9 is complete.",
                GateScope::Unresolved,
                production,
            ),
        ];
        let wrong: Vec<_> = table
            .into_iter()
            .map(|(text, scope, stage)| (text, rules(text), [(1, scope, stage)]))
            .filter(|(_, found, expected)| found != expected)
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        let tiers = "# Launch\n\n## Tier 1: Safety\n\n## Tier 2: Comfort\n\n**⚠️ WARNING: Do not deploy to production until Tier 1 items are 100% complete. People rely on it.**";
        assert_eq!(rules(tiers), [(7, GateScope::Sections(vec![1]), production)]);
    }

    #[test]
    fn descriptions_history_and_lessons_are_no_rules() {
        let table = [
            "This blocks the request until the lock is released.",
            "The deployment was blocked until the certificate was renewed.",
            "The job must finish before the next one starts.",
            "## Lessons learned\n\nDo not deploy until all items are done.",
            "### Before the fixes\n\nDeployment blocked until all items are done.",
            "- [ ] Do not deploy until all items are done",
            "Passwords must be changed before first use.",
            "Wait until the pod is ready.",
            "Should we deploy until all items are done?",
            "```\nDo not deploy until all items are done.\n```",
        ];
        let wrong: Vec<_> = table
            .into_iter()
            .map(|text| (text, rules(text)))
            .filter(|(_, found)| !found.is_empty())
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
