//! Words against words: verdicts that differ, rules that differ, "all resolved" and GO against open items.

use super::{Desk, Said};
use crate::model::{
    Contradiction, ContradictionKind, DeclaredVerdictKind, GateScope, Item, Severity, Stage, Status,
};
use crate::report::phrases::in_lessons;
use crate::report::statements::{ALL, Statement};
use crate::report::wording::{bare, below_any, below_before, is_one_of, label, tells_of_before, words};
use crate::text::markdown::BlockKind;

pub(super) fn check(desk: &mut Desk<'_>) {
    verdicts(desk);
    gates(desk);
    go_against_items(desk);
    go_against_actions(desk);
    all_resolved(desk);
}

/// Different current verdicts for one stage.
fn verdicts(desk: &mut Desk<'_>) {
    for stage in Stage::ALL {
        let current: Vec<_> = desk
            .report
            .declared_verdicts
            .iter()
            .filter(|declared| !declared.historical && declared.stage == stage)
            .collect();
        let Some(first) = current.first() else { continue };
        if current.iter().all(|declared| declared.verdict == first.verdict) {
            continue;
        }
        let mut lines = Vec::new();
        let mut told: Vec<String> = Vec::new();
        for declared in &current {
            if !lines.contains(&declared.line) {
                lines.push(declared.line);
            }
            told.push(format!(
                "line {} says {} ({})",
                declared.line,
                declared.text,
                declared.verdict.word()
            ));
        }
        let message = format!("different verdicts for {}: {}", stage.word(), told.join("; "));
        desk.contradictions.push(Contradiction {
            kind: ContradictionKind::Verdict,
            lines,
            message: message.into(),
            other: None,
        });
    }
}

/// Rules of different scope for one stage.
fn gates(desk: &mut Desk<'_>) {
    for stage in Stage::ALL {
        let rules: Vec<_> = desk
            .report
            .gates
            .iter()
            .filter(|gate| gate.stage == stage && gate.scope != GateScope::Unresolved)
            .collect();
        let Some(first) = rules.first() else { continue };
        if rules.iter().all(|gate| gate.scope == first.scope) {
            continue;
        }
        let mut lines = Vec::new();
        let mut told: Vec<String> = Vec::new();
        for gate in &rules {
            if !lines.contains(&gate.line) {
                lines.push(gate.line);
                told.push(format!(
                    "line {} waits for {}",
                    gate.line,
                    waits_for(desk, &gate.scope)
                ));
            }
        }
        let message = format!("different rules for {}: {}", stage.word(), told.join("; "));
        desk.contradictions.push(Contradiction {
            kind: ContradictionKind::Gate,
            lines,
            message: message.into(),
            other: None,
        });
    }
}

fn waits_for(desk: &Desk<'_>, scope: &GateScope) -> String {
    match scope {
        GateScope::AllItems => "all items".to_owned(),
        GateScope::Severity(severity) => format!("items of severity {} or worse", severity.word()),
        GateScope::Sections(sections) => {
            let titles: Vec<&str> = sections
                .iter()
                .filter_map(|&at| desk.report.sections.get(at as usize))
                .map(|section| &*section.title)
                .collect();
            format!("the section {}", titles.join(", "))
        }
        GateScope::Unresolved => "something else".to_owned(),
    }
}

#[rustfmt::skip]
const STAGES: &[&str] = &[
    "deployment", "deploy", "release", "launch", "production", "deploying",
];

/// Whether an item is said to be undone although the stage needs it.
fn open_for(desk: &Desk<'_>, item: &Item, stage: Stage) -> bool {
    let needed = item.requirement.applies_to(stage);
    let undone = matches!(
        item.declared,
        Status::Open | Status::InProgress | Status::Blocked | Status::Conflicted
    );
    let announced = || {
        item.declared == Status::Unmarked
            && desk.report.section_path(item.section).iter().any(|title| {
                let mut list = words(title);
                list.any(|(_, word)| is_one_of(word, &["before", "pre"]))
                    && list.any(|(_, word)| is_one_of(word, STAGES))
            })
    };
    needed && (undone || announced())
}

/// A current GO for a stage against the items that the same document still needs for it.
fn go_against_items(desk: &mut Desk<'_>) {
    for stage in Stage::ALL {
        let go = desk.report.declared_verdicts.iter().find(|declared| {
            declared.verdict == DeclaredVerdictKind::Go && !declared.historical && declared.stage == stage
        });
        let Some(go) = go else { continue };
        let open: Vec<&Item> = desk
            .report
            .items
            .iter()
            .filter(|item| open_for(desk, item, stage))
            .collect();
        let Some(first) = open.first() else { continue };
        let mut lines = vec![go.line];
        lines.extend(open.iter().take(12).map(|item| item.line));
        let message = format!(
            "says {}, but {} not done; the first is line {}: {}",
            go.text,
            match open.len() {
                1 => format!("1 item that {} needs is", stage.word()),
                count => format!("{count} items that {} needs are", stage.word()),
            },
            first.line,
            first.title
        );
        desk.contradictions.push(Contradiction {
            kind: ContradictionKind::Status,
            lines,
            message: message.into(),
            other: None,
        });
    }
}

/// "Actions Required Before Release:" as a line of its own above a list.
fn requires_actions(text: &str) -> bool {
    let Some((name, value)) = label(text) else {
        return false;
    };
    let list: Vec<&str> = words(name).map(|(_, word)| word).collect();
    let has = |known: &[&str]| list.iter().any(|word| is_one_of(word, known));
    bare(value).is_empty()
        && list.len() <= 6
        && has(&["actions", "action", "steps"])
        && has(&["required"])
        && has(STAGES)
}

/// A current GO for production against a list of actions that are required for it and carry no sign that they are done.
fn go_against_actions(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let go = desk.report.declared_verdicts.iter().find(|declared| {
        declared.verdict == DeclaredVerdictKind::Go
            && !declared.historical
            && declared.stage == Stage::Production
    });
    let Some(go) = go else { return };
    for (at, block) in lines.outline.blocks.iter().enumerate() {
        if !matches!(block.kind, BlockKind::Paragraph) || !requires_actions(lines.slice(block.content)) {
            continue;
        }
        let below = lines.outline.blocks.get(at + 1..).unwrap_or_default();
        let list = below.iter().take_while(|block| {
            matches!(
                block.kind,
                BlockKind::Item { .. } | BlockKind::ItemParagraph | BlockKind::Code
            )
        });
        let entries: Vec<&str> = list
            .clone()
            .filter(|block| matches!(block.kind, BlockKind::Item { depth: 0, .. }))
            .map(|block| lines.slice(block.content))
            .collect();
        let boxed = entries
            .iter()
            .any(|text| text.starts_with('[') || super::sense::leads_done(text));
        let (Some(first), false) = (entries.first(), boxed) else {
            continue;
        };
        let place = lines.line(block.content.start);
        let message = format!(
            "says {}, but line {place} requires {} first: {}",
            go.text,
            if entries.len() == 1 {
                "1 action".to_owned()
            } else {
                format!("{} actions", entries.len())
            },
            super::sense::short(super::sense::plain(first))
        );
        let all = list
            .filter(|block| matches!(block.kind, BlockKind::Item { depth: 0, .. }))
            .take(12)
            .map(|block| lines.line(block.content.start));
        let told = [go.line, place].into_iter().chain(all).collect();
        desk.say(ContradictionKind::Status, told, message);
        return;
    }
}

/// "All P0 … resolved": how a line speaks of one severity.
struct Spoken {
    severity: Severity,
    /// "most", "some".
    partly: bool,
    statement: Statement,
}

/// Headings below which a line says what is wanted.
#[rustfmt::skip]
const PLANS: &[&str] = &[
    "next", "plan", "goals", "goal", "criteria", "metrics", "target", "targets", "roadmap",
];

fn all_resolved(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut spoken: Vec<Spoken> = Vec::new();
    for statement in lines.with(ALL) {
        let text = lines.words_of(statement);
        let block = lines.block(statement);
        let unticked = text.starts_with("[ ]");
        if unticked || matches!(block.kind, BlockKind::Row { .. }) || block.quoted || text.contains('?') {
            continue;
        }
        // Few lines speak of a severity; only for those the headings above matter.
        let told = spoken.len();
        severities(text, statement, &mut spoken);
        if spoken.len() == told {
            continue;
        }
        if below_before(lines, statement.block)
            || in_lessons(lines, statement.block)
            || label(text).is_some_and(|(name, _)| tells_of_before(name))
            || below_any(lines, statement.block, PLANS)
        {
            spoken.truncate(told);
        }
    }
    // "most P1" and "all P1" in one document.
    for partly in spoken.iter().filter(|spoken| spoken.partly) {
        let Some(whole) = spoken
            .iter()
            .find(|other| !other.partly && other.severity == partly.severity)
        else {
            continue;
        };
        let message = format!(
            "says that most {} items are resolved here and that all are there",
            partly.severity.word()
        );
        let lines = vec![
            desk.line(partly.statement.range),
            desk.line(whole.statement.range),
        ];
        desk.contradictions.push(Contradiction {
            kind: ContradictionKind::Status,
            lines,
            message: message.into(),
            other: None,
        });
    }
    let mut told: Vec<Severity> = Vec::new();
    for whole in spoken.iter().filter(|spoken| !spoken.partly) {
        if told.contains(&whole.severity) {
            continue;
        }
        let open: Vec<&Item> = desk
            .report
            .items
            .iter()
            .filter(|item| {
                item.severity == whole.severity
                    && item.severity_source.is_some()
                    && open_for(desk, item, Stage::Production)
            })
            .collect();
        let Some(first) = open.first() else { continue };
        told.push(whole.severity);
        let word = whole.severity.word();
        let message = format!(
            "says that all {word} items are resolved; {} not, the first in line {}: {}",
            if open.len() == 1 {
                "1 is".to_owned()
            } else {
                format!("{} are", open.len())
            },
            first.line,
            first.title
        );
        let others: Vec<u32> = open.iter().take(12).map(|item| item.line).collect();
        let actual = format!("{} open", open.len());
        let said = Said {
            range: whole.statement.range,
            subject: word,
            comparator: "=",
            value: "all resolved".to_owned(),
        };
        desk.refute(ContradictionKind::Status, said, actual, others, message);
    }
}

/// Words that leave "all P0 issues" meaning all of them; any other word names a part: "all P0 security issues".
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "deployment", "production", "release", "launch", "open", "known", "the", "our", "identified", "remaining", "of", "and", "blocking",
    "priority", "high", "medium", "most", "all", "critical", "issues", "issue", "items", "item", "tasks", "findings", "bugs",
    "todos", "fixes", "problems", "vulnerabilities", "have", "been", "has", "are", "were", "is", "now", "fully", "successfully", "blocker",
    "blockers", "p0", "p1", "p2", "p3",
];

#[rustfmt::skip]
const DOUBTFUL: &[&str] = &[
    "must", "should", "until", "unless", "before", "will", "once", "if", "when", "not", "need", "needs", "after", "almost", "except",
];

/// Each `all P0 … resolved` and `most P1 … resolved` of a line.
fn severities(text: &str, statement: &Statement, out: &mut Vec<Spoken>) {
    let list: Vec<&str> = words(text).map(|(_, word)| word).collect();
    let done = list.iter().position(|word| {
        is_one_of(
            word,
            &["resolved", "fixed", "complete", "completed", "closed", "done"],
        )
    });
    let Some(done) = done else { return };
    if list.iter().any(|word| is_one_of(word, DOUBTFUL)) {
        return;
    }
    // "Security: all P0 resolved" and "resolved in phase 13" speak of a part.
    let named = label(text).is_some_and(|(name, _)| {
        !words(name).any(|(_, word)| {
            is_one_of(
                word,
                &[
                    "status",
                    "overall",
                    "result",
                    "summary",
                    "conclusion",
                    "verdict",
                    "all",
                ],
            )
        })
    });
    let placed = list.get(done + 1).is_some_and(|word| {
        is_one_of(
            word,
            &["in", "for", "from", "within", "of", "phase", "sprint", "week"],
        )
    });
    if named || placed {
        return;
    }
    for (at, word) in list.iter().enumerate().take(done) {
        let partly = is_one_of(word, &["most", "some", "many"]);
        if !partly && !word.eq_ignore_ascii_case("all") {
            continue;
        }
        let plain = |word: &&str| is_one_of(word, PLAIN) || word.bytes().all(|b| b.is_ascii_digit());
        if !list[at + 1..done].iter().all(plain) {
            continue;
        }
        // The severity stands next to the quantity: "all P0", "all critical", "all 5 P0", "all deployment blockers".
        let next = list[at + 1..]
            .iter()
            .take(3)
            .take_while(|word| !is_one_of(word, &["and", "of"]))
            .find_map(|word| severity(word));
        if let Some(severity) = next {
            out.push(Spoken {
                severity,
                partly,
                statement: *statement,
            });
        }
    }
}

fn severity(word: &str) -> Option<Severity> {
    match word.to_ascii_lowercase().as_str() {
        "p0" | "blocker" | "blockers" => Some(Severity::Blocker),
        "p1" => Some(Severity::High),
        "p2" => Some(Severity::Medium),
        "critical" => Some(Severity::Critical),
        _ => None,
    }
}
