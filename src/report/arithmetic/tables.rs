//! Tables: total rows against their columns, done and remaining against totals, ids against counts.

use std::ops::Range;

use super::numbers::{self, Bound, Number, Ratio, Token, Unit, show};
use super::{Desk, Said};
use crate::model::ContradictionKind;
use crate::report::statements::Statements;
use crate::report::wording::{bare, has_word, is_one_of, words};
use crate::text::markdown::{BlockKind, TextRange};

/// One table of the text.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Its header row.
    pub(super) header: u32,
    /// Its body rows.
    pub(super) rows: Range<u32>,
    /// The heading above it.
    pub(super) heading: Option<u32>,
    /// The body row that sums up the others.
    pub(super) total: Option<u32>,
}

impl Table {
    /// The body rows that are parts, not sums.
    pub(super) fn parts(&self) -> impl Iterator<Item = u32> + '_ {
        let end = self.total.unwrap_or(self.rows.end);
        self.rows.start..end
    }
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Empty,
    Number(Number),
    /// `4/4`, `4/4 (100%)`, `A (92/100)`.
    Ratio(Ratio),
    Text,
}

/// Every table with a header.
pub(super) fn collect(lines: &Statements<'_>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut current = None;
    for (at, block) in lines.outline.blocks.iter().enumerate() {
        let BlockKind::Row { table, header, .. } = block.kind else {
            current = None;
            continue;
        };
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        if header {
            tables.push(Table {
                header: at,
                rows: at + 1..at + 1,
                heading: block.heading,
                total: None,
            });
            current = Some(table);
        } else if current == Some(table)
            && let Some(last) = tables.last_mut()
        {
            last.rows.end = at + 1;
        }
    }
    for table in &mut tables {
        let last = table.rows.clone().rev().take(2);
        table.total = last.into_iter().find(|&row| is_total(lines, row));
    }
    tables
}

/// The cells of a row.
pub(super) fn cells<'t>(lines: &Statements<'t>, row: u32) -> impl Iterator<Item = &'t str> {
    let outline = lines.outline;
    let text = lines.text;
    outline
        .blocks
        .get(row as usize)
        .map_or(&[][..], |block| outline.row(block))
        .iter()
        .map(move |cell| text.get(cell.range()).unwrap_or_default())
}

/// The text range of a row.
pub(super) fn row_range(lines: &Statements<'_>, row: u32) -> TextRange {
    lines
        .outline
        .blocks
        .get(row as usize)
        .map_or_else(TextRange::default, |block| block.content)
}

pub(super) fn row_line(lines: &Statements<'_>, row: u32) -> u32 {
    lines.line(row_range(lines, row).start)
}

fn is_total(lines: &Statements<'_>, row: u32) -> bool {
    let Some(first) = cells(lines, row).map(bare).find(|cell| !cell.is_empty()) else {
        return false;
    };
    let mut heads = words(first);
    let Some((_, head)) = heads.next() else {
        return false;
    };
    let rest = heads.count();
    rest <= 1
        && (is_one_of(
            head,
            &[
                "total", "totals", "overall", "sum", "average", "mean", "gesamt", "summe", "totale", "suma",
            ],
        ) || (rest == 1 && first.eq_ignore_ascii_case("grand total")))
}

/// Whether the label of the total row speaks of a mean.
pub(super) fn says_mean(label: &str) -> bool {
    has_word(label, "average") || has_word(label, "mean")
}

/// Reads a cell.
pub(super) fn cell(text: &str, tokens: &mut Vec<Token>) -> Cell {
    let shown = bare(text);
    if shown.is_empty() || is_one_of(shown, &["n/a", "none", "na"]) {
        return Cell::Empty;
    }
    super::scan::tokens(text, tokens);
    let letters = |range: &str| range.chars().any(|c| c.is_alphabetic() && c.is_ascii());
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return Cell::Text;
    };
    let before = &text[..first.start()];
    let after = &text[last.end()..];
    match tokens.as_slice() {
        [Token::Number(number)] if !letters(before) && !letters(after) => Cell::Number(*number),
        [Token::Ratio(ratio)]
            if !letters(after) && words(before).map(|(_, w)| w.len()).sum::<usize>() <= 2 =>
        {
            Cell::Ratio(*ratio)
        }
        [Token::Ratio(ratio), Token::Number(percent)]
            if percent.unit == Unit::Percent && !letters(before) && !letters(after) =>
        {
            Cell::Ratio(*ratio)
        }
        _ => Cell::Text,
    }
}

pub(super) fn check(desk: &mut Desk<'_>) {
    let tables = std::mem::take(&mut desk.tables);
    for table in &tables {
        if table.rows.len() < 2 {
            continue;
        }
        totals(desk, table);
        columns(desk, table);
        ids(desk, table);
    }
    desk.tables = tables;
}

/// Columns whose parts do not add up: shares, averages, names of things.
fn adds_up(header: &str) -> bool {
    #[rustfmt::skip]
    const NOT: &[&str] = &[
        "avg", "average", "mean", "max", "min", "median", "p50", "p95", "p99", "rate", "score", "grade",
        "rating", "coverage", "percent", "percentage", "id", "version", "line", "lines", "year", "rank",
        "order", "port", "weight", "latency",
    ];
    !header.contains('%') && !header.contains('#') && !words(header).any(|(_, word)| is_one_of(word, NOT))
}

/// The sum of one column.
struct Sum {
    low: f64,
    high: f64,
    of: f64,
    rows: usize,
    loose: bool,
    decimals: u8,
}

/// The sum of a column's parts, or nothing when a part cannot be added.
fn column_sum(desk: &mut Desk<'_>, table: &Table, column: usize, like: Cell) -> Option<Sum> {
    let mut sum = Sum {
        low: 0.0,
        high: 0.0,
        of: 0.0,
        rows: 0,
        loose: false,
        decimals: 0,
    };
    let mut tokens = std::mem::take(&mut desk.tokens);
    let mut fits = true;
    for row in table.parts() {
        let found = cells(desk.lines, row)
            .nth(column)
            .map_or(Cell::Empty, |text| cell(text, &mut tokens));
        match (found, like) {
            (Cell::Empty, _) => continue,
            (Cell::Number(part), Cell::Number(total))
                if part.unit == total.unit && part.unit != Unit::Other =>
            {
                sum.low += part.low;
                sum.high += part.high;
                sum.decimals = sum.decimals.max(part.decimals);
                sum.loose |= part.bound != Bound::Exact;
            }
            (Cell::Ratio(part), Cell::Ratio(_)) => {
                sum.low += part.n;
                sum.of += part.m;
                sum.loose |= !part.exact;
            }
            _ => {
                fits = false;
                break;
            }
        }
        sum.rows += 1;
    }
    desk.keep(tokens);
    (fits && sum.rows >= 2).then_some(sum)
}

fn totals(desk: &mut Desk<'_>, table: &Table) {
    let Some(total) = table.total else { return };
    let lines = desk.lines;
    let label = cells(lines, total)
        .map(bare)
        .find(|cell| !cell.is_empty())
        .unwrap_or_default();
    if says_mean(label) {
        return;
    }
    let metric = cells(lines, table.header)
        .next()
        .is_some_and(|first| has_word(first, "metric"));
    if metric || table.parts().any(|row| is_total(lines, row)) {
        return;
    }
    let headers: Vec<&str> = cells(lines, table.header).map(bare).collect();
    for (column, text) in cells(lines, total).enumerate().skip(1) {
        let header = headers.get(column).copied().unwrap_or_default();
        if !adds_up(header) {
            continue;
        }
        let mut tokens = std::mem::take(&mut desk.tokens);
        let claimed = cell(text, &mut tokens);
        desk.keep(tokens);
        let Some(sum) = column_sum(desk, table, column, claimed) else {
            continue;
        };
        let range = row_range(lines, total);
        let others = table.parts().map(|row| row_line(lines, row)).collect::<Vec<_>>();
        let said = |value: String| Said {
            range,
            subject: header,
            comparator: "=",
            value,
        };
        match claimed {
            Cell::Ratio(ratio) => {
                if sum.loose || !ratio.exact {
                    continue;
                }
                let value = format!("{}/{}", show(ratio.n), show(ratio.m));
                let actual = format!("{}/{}", show(sum.low), show(sum.of));
                if ratio.n == sum.low && ratio.m == sum.of {
                    desk.holds(said(value), false, format!("the rows add to {actual}"));
                } else if is_scale(ratio.m) && sum.of == ratio.m * sum.rows as f64 {
                    // A score: `means` looks at it.
                } else {
                    let message = format!("`{label}` says {value}; the rows add to {actual}");
                    desk.refute(ContradictionKind::Total, said(value), actual, others, message);
                }
            }
            Cell::Number(number) => {
                if matches!(number.unit, Unit::Percent | Unit::Other) {
                    continue;
                }
                let value = numbers::show_range(number.low, number.high);
                let actual = numbers::show_range(sum.low, sum.high);
                let mean = sum.low / sum.rows as f64;
                let agreed = numbers::agree(&number, sum.low, sum.high);
                let loosely = agreed == numbers::Agreement::Loosely;
                if agreed != numbers::Agreement::Differs {
                    desk.holds(said(value), loosely, format!("the rows add to {actual}"));
                } else if sum.loose {
                    desk.unverifiable(said(value), "a row is only about right");
                } else if (number.low - mean).abs() <= 0.5 {
                    desk.holds(
                        said(value),
                        false,
                        format!("it is the mean of the rows, {}", show(mean)),
                    );
                } else {
                    let unit = number.unit.word();
                    let message = format!(
                        "`{label}` says {value}{unit} for `{header}`; the rows add to {actual}{unit}"
                    );
                    desk.refute(ContradictionKind::Total, said(value), actual, others, message);
                }
            }
            _ => {}
        }
    }
}

/// The usual tops of a score.
pub(super) fn is_scale(m: f64) -> bool {
    m == 5.0 || m == 10.0 || m == 100.0
}

/// The roles of a table's columns, where each is written once.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Roles {
    pub(super) total: Option<usize>,
    pub(super) done: Option<usize>,
    pub(super) left: Option<usize>,
    pub(super) share: Option<usize>,
}

#[rustfmt::skip]
const DONE: &[&str] = &[
    "completed", "done", "passed", "passing", "resolved", "fixed", "finished", "complete",
];

pub(super) fn roles(lines: &Statements<'_>, table: &Table) -> Roles {
    let mut roles = Roles::default();
    // Most tables hold no figures: one look at the first row spares the reading of the header.
    let figures = cells(lines, table.rows.start).filter(|cell| {
        cell.trim_start_matches(['*', ' '])
            .starts_with(|c: char| c.is_ascii_digit())
    });
    if figures.count() < 2 {
        return roles;
    }
    let mut twice = false;
    let mut put = |slot: &mut Option<usize>, column: usize| {
        twice |= slot.is_some();
        *slot = Some(column);
    };
    for (column, header) in cells(lines, table.header).map(bare).enumerate() {
        let Some((_, first)) = words(header).next() else {
            if cells(lines, table.header)
                .nth(column)
                .is_some_and(|raw| raw.trim() == "%")
            {
                put(&mut roles.share, column);
            }
            continue;
        };
        let single = words(header).count() == 1;
        if header.contains('%')
            || (single && is_one_of(first, &["progress", "percent", "percentage", "completion"]))
        {
            put(&mut roles.share, column);
        } else if column == 0 || words(header).count() > 2 {
            continue;
        } else if is_one_of(first, DONE) {
            put(&mut roles.done, column);
        } else if is_one_of(first, &["remaining", "left", "outstanding"]) {
            put(&mut roles.left, column);
        } else if is_one_of(first, &["total", "tasks", "items", "tests", "planned", "checks"]) && single
            || header.eq_ignore_ascii_case("total tasks")
            || header.eq_ignore_ascii_case("total items")
            || header.eq_ignore_ascii_case("total tests")
        {
            put(&mut roles.total, column);
        }
    }
    if twice { Roles::default() } else { roles }
}

/// A whole number in a cell.
pub(super) fn whole(lines: &Statements<'_>, row: u32, column: usize, tokens: &mut Vec<Token>) -> Option<f64> {
    match cells(lines, row).nth(column).map(|text| cell(text, tokens))? {
        Cell::Number(number) => number.count().map(f64::from),
        _ => None,
    }
}

/// Rows of `total, done, left, share`: most rows must prove the relation before one row can break it.
fn columns(desk: &mut Desk<'_>, table: &Table) {
    let lines = desk.lines;
    let roles = roles(lines, table);
    let (Some(total), Some(done)) = (roles.total, roles.done) else {
        return;
    };
    let mut tokens = std::mem::take(&mut desk.tokens);
    let mut broken: [Vec<(u32, String, String)>; 2] = [Vec::new(), Vec::new()];
    let mut kept = [Vec::new(), Vec::new()];
    for row in table.rows.clone() {
        let (Some(all), Some(did)) = (
            whole(lines, row, total, &mut tokens),
            whole(lines, row, done, &mut tokens),
        ) else {
            continue;
        };
        if let Some(left) = roles
            .left
            .and_then(|column| whole(lines, row, column, &mut tokens))
        {
            if all - did == left {
                kept[0].push((row, show(left)));
            } else {
                broken[0].push((row, show(left), show(all - did)));
            }
        }
        let share = roles
            .share
            .and_then(|column| cells(lines, row).nth(column))
            .map(|text| cell(text, &mut tokens));
        if let Some(Cell::Number(share)) = share
            && share.unit == Unit::Percent
            && share.bound == Bound::Exact
            && all > 0.0
        {
            let actual = 100.0 * did / all;
            if super::percent::fits(&share, actual) {
                kept[1].push((row, format!("{}%", show(share.low))));
            } else {
                broken[1].push((row, format!("{}%", show(share.low)), format!("{}%", show(actual))));
            }
        }
    }
    desk.keep(tokens);
    let kinds = [
        (ContradictionKind::Total, "remaining"),
        (ContradictionKind::Percentage, "share done"),
    ];
    for (((kind, name), broken), kept) in kinds.into_iter().zip(broken).zip(kept) {
        if kept.len() < broken.len() || (kept.is_empty() && !broken.is_empty()) {
            continue;
        }
        for (row, value) in kept {
            let said = Said {
                range: row_range(lines, row),
                subject: name,
                comparator: "=",
                value,
            };
            desk.holds(said, false, "the row's own figures give the same".to_owned());
        }
        for (row, value, actual) in broken {
            let message = format!("the row says {value} for what is {name}; its own figures give {actual}");
            let said = Said {
                range: row_range(lines, row),
                subject: name,
                comparator: "=",
                value,
            };
            desk.refute(kind, said, actual, [], message);
        }
    }
}

/// `T034-T037` beside `4/4`: most rows must agree before one can be wrong.
fn ids(desk: &mut Desk<'_>, table: &Table) {
    let lines = desk.lines;
    let mut tokens = std::mem::take(&mut desk.tokens);
    let mut kept = 0;
    let mut broken = Vec::new();
    // Without a ratio in the first rows there is nothing to hold the ids against.
    let ratio = |row| cells(lines, row).any(|text| text.contains('/') && !text.contains('`'));
    if !table.parts().take(2).any(ratio) {
        desk.keep(tokens);
        return;
    }
    for row in table.parts() {
        let Some(listed) = cells(lines, row).find_map(|text| super::ids::id_count(bare(text))) else {
            continue;
        };
        let counted = cells(lines, row).find_map(|text| match cell(text, &mut tokens) {
            Cell::Ratio(ratio) if ratio.exact => Some(ratio.m),
            _ => None,
        });
        match counted {
            Some(m) if m == f64::from(listed) => kept += 1,
            Some(m) => broken.push((row, m, listed)),
            None => {}
        }
    }
    desk.keep(tokens);
    if kept < 2 || kept <= broken.len() {
        return;
    }
    for (row, m, listed) in broken {
        let said = Said {
            range: row_range(lines, row),
            subject: "ids",
            comparator: "=",
            value: show(m),
        };
        let message = format!("the row counts {}; its ids are {listed}", show(m));
        desk.refute(ContradictionKind::Count, said, listed.to_string(), [], message);
    }
}
