//! Tables: what each column is for, and which rows are items.

use std::ops::Range;

use super::marks::{Found, RawMark, is_upper};
use super::{emoji, ids, severity, words};
use crate::model::{MarkKind, Status};
use crate::text::markdown::{Block, BlockKind, Outline, TextRange};

/// The columns of a table whose rows are items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Plan {
    /// The table that it was made for.
    pub table: u32,
    pub status: u16,
    /// Rows without a token in the status column are items too.
    pub unmarked: bool,
    pub title: Option<u16>,
    pub id: Option<u16>,
    pub severity: Option<u16>,
    pub owner: Option<u16>,
    pub due: Option<u16>,
    pub effort: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Status, State, Result: its cells are statuses.
    Status,
    /// Done, Passed, Verified: a status only if the cells are tokens.
    Maybe,
    Severity,
    Owner,
    Due,
    Effort,
    Id,
    /// Score, Count, Completion: figures.
    Figure,
    /// What a sign means.
    Meaning,
    /// A symbol to be explained.
    Symbol,
    /// Free words.
    Text,
    /// Notes and the like, the last choice for a title.
    Notes,
}

#[rustfmt::skip]
fn role(header: &str) -> Role {
    match header {
        "status" | "state" | "result" | "results" | "verdict" | "outcome" | "estado" | "statut" | "état" | "etat" | "zustand" | "stato" | "situação" | "resultado"
        | "状态" | "狀態" | "状況" | "ステータス" | "상태" | "статус" | "current status" | "overall status" | "final status" | "readiness" | "go/no-go" | "pass/fail"
        | "ready?" | "done?" | "overall" | "stan" | "durum" | "结果" | "結果" => Role::Status,
        "done" | "complete" | "completed" | "passed" | "pass" | "verified" | "implemented" | "ready" | "resolved" | "fixed" | "ok" | "ok?" | "check" | "checked"
        | "progress" | "✓" | "✅" | "☑" | "hecho" | "fait" | "erledigt" | "completado" | "完成" | "passed?" | "met" | "met?" | "sign-off" | "signed off" | "production"
        | "prod" => Role::Maybe,
        "priority" | "p-level" | "severity" | "impact" | "risk" | "risk level" | "criticality" | "prio" | "level" | "prioridad" | "severidad" | "priorité" | "gravité"
        | "priorität" | "prioridade" | "优先级" | "严重程度" | "优先度" | "重要度" | "blocker level" => Role::Severity,
        "owner" | "assignee" | "assigned" | "assigned to" | "responsible" | "who" | "dri" | "team" | "lead" | "responsable" | "verantwortlich" | "负责人" | "担当"
        | "担当者" => Role::Owner,
        "due" | "due date" | "deadline" | "eta" | "target" | "target date" | "date" | "by" | "when" | "fecha" | "plazo" | "截止日期" | "期限" => Role::Due,
        "effort" | "time" | "estimate" | "estimated effort" | "est. effort" | "est." | "hours" | "duration" | "implementation time" | "esfuerzo" | "tiempo" | "duración"
        | "工时" => Role::Effort,
        "id" | "#" | "no" | "no." | "nº" | "n°" | "№" | "key" | "ref" | "ticket" | "task id" | "issue id" | "tasks" | "编号" => Role::Id,
        "score" | "grade" | "count" | "completion" | "points" | "weight" | "rating" | "coverage" | "percent" | "%" | "total" | "remaining" | "puntuación" => Role::Figure,
        "meaning" | "description" | "definition" | "significado" | "means" | "含义" | "explanation" => Role::Meaning,
        "symbol" | "icon" | "emoji" | "sign" | "mark" | "marker" | "legend" | "color" | "colour" | "símbolo" => Role::Symbol,
        "notes" | "note" | "comment" | "comments" | "remarks" | "evidence" | "details" | "notas" | "备注" | "action" | "action required" | "commit" | "link" | "file"
        | "why" => Role::Notes,
        _ => Role::Text,
    }
}

/// The plan of the table whose header is `blocks[header]`, or `None` when its rows are no items.
pub(super) fn plan(text: &str, outline: &Outline, header: usize) -> Option<Plan> {
    let block = outline.blocks.get(header)?;
    let BlockKind::Row { table, .. } = block.kind else {
        return None;
    };
    let cells = outline.row(block);
    let mut lower = String::new();
    let mut roles = Vec::with_capacity(cells.len());
    for cell in cells.iter().take(64) {
        lower.clear();
        super::title::plain(text, cell.range(), &[], &mut lower);
        roles.push(role(lower.to_lowercase().trim()));
    }
    let has = |wanted: Role| roles.contains(&wanted);
    if has(Role::Meaning)
        && (has(Role::Symbol)
            || matches!(roles.first(), Some(Role::Status | Role::Severity | Role::Maybe)) && roles.len() == 2)
    {
        return None;
    }
    let rows = || rows(outline, header, table).take(24);
    let last = |wanted: Role| roles.iter().rposition(|&role| role == wanted);
    let is_token = |column: usize| {
        rows().any(|row| {
            outline
                .row(row)
                .get(column)
                .is_some_and(|cell| token(text, cell.range()))
        })
    };
    let graded = has(Role::Figure);
    let strong = last(Role::Status);
    let status = strong
        .or_else(|| {
            (0..roles.len())
                .rev()
                .find(|&column| roles.get(column) == Some(&Role::Maybe) && is_token(column))
        })
        .or_else(|| emoji_column(text, outline, header, table, &roles))?;
    let marked = is_token(status);
    if graded && !marked && strong.is_some() && !has(Role::Severity) {
        return None;
    }
    let narrow = |column: usize| u16::try_from(column).unwrap_or(u16::MAX);
    let first = |wanted: Role| roles.iter().position(|&role| role == wanted);
    let title = (0..roles.len())
        .find(|&column| column != status && matches!(roles.get(column), Some(Role::Text)))
        .or_else(|| {
            (0..roles.len()).find(|&column| {
                column != status
                    && matches!(
                        roles.get(column),
                        Some(Role::Meaning | Role::Id | Role::Maybe | Role::Symbol)
                    )
            })
        })
        .or_else(|| (0..roles.len()).find(|&column| column != status));
    Some(Plan {
        table,
        status: narrow(status),
        unmarked: strong.is_some() && (!graded || has(Role::Severity)),
        title: title.map(narrow),
        id: first(Role::Id)
            .filter(|&column| Some(column) != title)
            .map(narrow),
        severity: first(Role::Severity).map(narrow),
        owner: first(Role::Owner).map(narrow),
        due: first(Role::Due)
            .filter(|&column| Some(column) != title)
            .map(narrow),
        effort: first(Role::Effort).map(narrow),
    })
}

/// The body rows of a table.
fn rows(outline: &Outline, header: usize, table: u32) -> impl Iterator<Item = &Block> {
    outline.blocks.iter().skip(header + 1).take_while(
        move |block| matches!(block.kind, BlockKind::Row { table: of, header: false, .. } if of == table),
    )
}

/// The one column, if there is exactly one, whose filled cells all start with a status sign.
fn emoji_column(text: &str, outline: &Outline, header: usize, table: u32, roles: &[Role]) -> Option<usize> {
    let mut only = None;
    for column in 0..roles.len() {
        let mut filled = 0;
        let all = rows(outline, header, table).take(24).all(|row| {
            let cell = outline
                .row(row)
                .get(column)
                .and_then(|cell| text.get(cell.range()))
                .unwrap_or_default();
            let cell = cell.trim_matches(|c: char| c.is_whitespace() || c == '*');
            filled += u32::from(!cell.is_empty());
            cell.is_empty() || emoji::at(cell).is_some()
        });
        if all && filled >= 2 {
            if only.is_some() || column == 0 {
                return None;
            }
            only = Some(column);
        }
    }
    only
}

/// Whether a cell holds a status token.
fn token(text: &str, cell: Range<usize>) -> bool {
    let mut marks = Vec::new();
    status_cell(text, cell, &mut marks);
    !marks.is_empty()
}

/// Reads the markers of a status cell.
pub(super) fn status_cell(text: &str, cell: Range<usize>, marks: &mut Vec<RawMark>) {
    let mut at = cell.start;
    let mut worded = false;
    let mut push = |kind, vote, range: Range<usize>| marks.push(RawMark { kind, vote, range });
    for _ in 0..16 {
        let Some(rest) = text.get(at..cell.end) else {
            return;
        };
        let Some(c) = rest.chars().next() else { return };
        if let Some(sign) = emoji::at(rest) {
            push(MarkKind::Emoji, sign.vote, at..at + sign.len);
            at += sign.len;
            continue;
        }
        if c.is_whitespace() || matches!(c, '*' | '_' | '~' | ':' | '(') || emoji::is_picture(c) {
            at += c.len_utf8();
            continue;
        }
        if c == '[' && rest.as_bytes().get(2) == Some(&b']') {
            let vote = match rest.as_bytes().get(1) {
                Some(b' ') => Status::Open,
                Some(b'x' | b'X') => Status::Done,
                _ => return,
            };
            push(MarkKind::Box, vote, at + 1..at + 2);
            return;
        }
        if worded {
            return;
        }
        if let Some(phrase) = words::at(rest) {
            let after = rest.get(phrase.end..).unwrap_or_default();
            let written = rest.get(phrase.start..phrase.end).unwrap_or_default();
            let ends = after
                .trim_start()
                .chars()
                .next()
                .is_none_or(|c| !c.is_alphabetic());
            // "Completed orders list" says nothing is done; "Pending review of X" says that something is open.
            let said = ends || !phrase.vote.says_done() || is_upper(written) || follows_naturally(after);
            // "No issues found" is good news.
            let denies = written.eq_ignore_ascii_case("no") && !ends;
            if said && !denies {
                push(MarkKind::Word, phrase.vote, at + phrase.start..at + phrase.end);
            }
            worded = true;
            at += phrase.end;
            continue;
        }
        break;
    }
    // "Complete ✅", "3/5 ✅": a sign at the end.
    let Some(rest) = text.get(at..cell.end) else {
        return;
    };
    let rest = rest.trim_end_matches(|c: char| c.is_whitespace() || c == '*');
    if let Some(sign) = emoji::before(rest) {
        let before = rest.get(..rest.len() - sign.len).unwrap_or_default().trim_end();
        if !before.ends_with(['→', '>', '➜']) {
            let end = at + rest.len();
            marks.push(RawMark {
                kind: MarkKind::Emoji,
                vote: sign.vote,
                range: end - sign.len..end,
            });
        }
    }
}

fn follows_naturally(after: &str) -> bool {
    let after = after.trim_start().to_ascii_lowercase();
    ["in ", "on ", "by ", "with ", "at ", "and ", "via ", "for ", "as "]
        .iter()
        .any(|word| after.starts_with(word))
}

/// Whether a row only adds up others.
pub(super) fn is_aggregate(title: &str) -> bool {
    let lower = title.trim().to_lowercase();
    let lower = lower.trim_end_matches([':', '.']);
    matches!(
        lower,
        "total"
            | "totals"
            | "overall"
            | "sum"
            | "summary"
            | "subtotal"
            | "sub-total"
            | "grand total"
            | "average"
            | "mean"
            | "gesamt"
            | "insgesamt"
            | "suma"
            | "totale"
            | "合计"
            | "总计"
            | "合計"
            | "итого"
    ) || ["overall ", "total "]
        .iter()
        .any(|word| lower.starts_with(word) && lower.split(' ').count() <= 2)
}

/// Reads id and severity columns of a row into `found`.
pub(super) fn side_columns(text: &str, cells: &[TextRange], plan: &Plan, found: &mut Found) {
    let cell = |column: Option<u16>| {
        cells
            .get(usize::from(column?))
            .map(|cell| trimmed(text, cell.range()))
    };
    if let Some(range) = cell(plan.id)
        && let Some(written) = text.get(range.clone())
        && !written.is_empty()
        && written.len() <= 120
    {
        let mut all = std::mem::take(&mut found.ids);
        all.clear();
        let listed = ids::list(written, &mut all);
        let word = written.len() <= 16
            && !written.contains(' ')
            && written
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '#' | '_'));
        if listed || word {
            found.id = Some(range);
        }
        if all.len() < 2 || !listed {
            all.clear();
        }
        found.ids = all;
    }
    if let Some(range) = cell(plan.severity)
        && let Some(written) = text.get(range.clone())
        && let Some(severity) = severity::cell(written)
    {
        found.severity = Some((severity, range));
    }
    let filled = |column| {
        cell(column).filter(|range| {
            text.get(range.clone()).is_some_and(|value| {
                !value.is_empty() && value.len() <= 120 && !matches!(value, "-" | "—" | "–")
            })
        })
    };
    found.owner = filled(plan.owner).or_else(|| found.owner.take());
    found.due = filled(plan.due).or_else(|| found.due.take());
    found.effort = filled(plan.effort).or_else(|| found.effort.take());
}

/// A cell's range without blanks and bold or code signs.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '*' | '`');
    let Some(written) = text.get(range.clone()) else {
        return range.start..range.start;
    };
    let start = range.start + (written.len() - written.trim_start_matches(is_edge).len());
    let end = range.start + written.trim_end_matches(is_edge).len();
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(cell: &str) -> Vec<(Status, &str)> {
        let mut marks = Vec::new();
        status_cell(cell, 0..cell.len(), &mut marks);
        marks
            .into_iter()
            .map(|mark| (mark.vote, &cell[mark.range]))
            .collect()
    }

    #[test]
    fn status_cells_give_each_token_its_vote() {
        use Status::{Blocked, Done, InProgress, NotApplicable, Open, Verified};
        for (cell, expected) in [
            ("✅ Complete", vec![(Done, "✅"), (Done, "Complete")]),
            ("**BLOCKED**", vec![(Blocked, "BLOCKED")]),
            ("READY", vec![(Done, "READY")]),
            ("✅ **VERIFIED**", vec![(Done, "✅"), (Verified, "VERIFIED")]),
            ("Not started", vec![(Open, "Not started")]),
            ("NOT COMPLETE", vec![(Open, "NOT COMPLETE")]),
            ("PARTIAL", vec![(InProgress, "PARTIAL")]),
            ("Needs a load test", vec![(Open, "Needs")]),
            ("N/A", vec![(NotApplicable, "N/A")]),
            ("Done ✅", vec![(Done, "Done"), (Done, "✅")]),
            ("📋 Planned", vec![(Open, "Planned")]),
            ("[x]", vec![(Done, "x")]),
            ("Completed orders list", vec![]),
            ("4/4 (100%)", vec![]),
            ("Excellent", vec![]),
            ("NO", vec![(Open, "NO")]),
            ("", vec![]),
        ] {
            assert_eq!(votes(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_total_is_no_item() {
        for title in ["TOTAL", "Overall", "Overall readiness", "Subtotal:"] {
            assert!(is_aggregate(title), "{title}");
        }
        assert!(!is_aggregate("Total cost of ownership reviewed"));
    }
}
