//! Overall scores against the scores of their rows.
//!
//! An overall score may be weighted, so it is refuted only when no weights can give it (it lies outside of its
//! rows), when it calls itself an average, or when another table of the same document proves that overall is the mean.

use super::numbers::{Ratio, Token, show};
use super::tables::{self, Cell, Table, cells, is_scale, row_line, row_range, says_mean};
use super::{Desk, Said};
use crate::model::ContradictionKind;
use crate::report::wording::{bare, is_one_of, words};
use crate::text::markdown::TextRange;

/// An overall score and the scores below it.
#[derive(Debug, Clone)]
pub(super) struct Overall {
    /// Where it stands.
    pub(super) range: TextRange,
    pub(super) value: f64,
    pub(super) scale: f64,
    pub(super) heading: Option<u32>,
    mean: f64,
    low: f64,
    high: f64,
    rows: Vec<u32>,
    averaged: bool,
}

pub(super) fn check(desk: &mut Desk<'_>) {
    let overalls = collect(desk);
    let near = |overall: &Overall| {
        (overall.value - overall.mean).abs() <= 0.51 || overall.value == overall.mean.floor()
    };
    let proven = overalls
        .iter()
        .find(|overall| near(overall) && overall.rows.len() >= 3)
        .map(|overall| overall.range.start);
    for overall in overalls {
        let value = show(overall.value);
        let mean = show((overall.mean * 100.0).round() / 100.0);
        let said = Said {
            range: overall.range,
            subject: "overall score",
            comparator: "=",
            value: value.clone(),
        };
        let outside = overall.value > overall.high + 0.51 || overall.value < overall.low - 0.51;
        let far = (overall.value - overall.mean).abs() > 1.0 * overall.scale / 100.0;
        if near(&overall) {
            desk.holds(said, false, format!("the mean of the rows is {mean}"));
        } else if outside && overall.rows.len() >= 2 {
            let message = format!(
                "the overall score says {value}; its rows run from {} to {} (mean {mean}): it is not on their scale",
                show(overall.low),
                show(overall.high)
            );
            desk.refute(ContradictionKind::Mean, said, mean, overall.rows, message);
        } else if far && overall.averaged {
            let message = format!("the average says {value}; the mean of the rows is {mean}");
            desk.refute(ContradictionKind::Mean, said, mean, overall.rows, message);
        } else if far && let Some(other) = proven {
            let line = desk.lines.line(other);
            let message = format!(
                "the overall score says {value}; the mean of its rows is {mean}, and line {line} shows that overall is the mean"
            );
            desk.refute(
                ContradictionKind::Mean,
                said,
                mean,
                overall.rows.into_iter().chain([line]),
                message,
            );
        } else {
            desk.unverifiable(said, "the rows may be weighted");
        }
    }
}

/// Rows with their scores.
type Scores = Vec<(u32, f64)>;

/// The score column of a table: a header that says so and cells on one scale.
fn score_column(desk: &mut Desk<'_>, table: &Table) -> Option<(usize, f64, Scores)> {
    let lines = desk.lines;
    if !cells(lines, table.rows.start).any(|cell| cell.contains('/') && !cell.contains('`')) {
        return None;
    }
    let column = cells(lines, table.header).position(|header| {
        words(header).any(|(_, word)| is_one_of(word, &["score", "rating", "points", "grade"]))
    })?;
    let mut tokens = std::mem::take(&mut desk.tokens);
    let mut scale = 0.0;
    let mut scores = Vec::new();
    let mut fits = true;
    for row in table.parts() {
        let found = cells(lines, row)
            .nth(column)
            .map(|text| tables::cell(text, &mut tokens));
        match found {
            Some(Cell::Ratio(Ratio {
                n, m, exact: true, ..
            })) if is_scale(m) && (scale == 0.0 || scale == m) => {
                scale = m;
                scores.push((row, n));
            }
            Some(Cell::Empty) => {}
            _ => fits = false,
        }
    }
    desk.keep(tokens);
    (fits && scores.len() >= 2).then_some((column, scale, scores))
}

/// Every overall score with its rows: a total row, or the heading above the table.
pub(super) fn collect(desk: &mut Desk<'_>) -> Vec<Overall> {
    let lines = desk.lines;
    let mut overalls = Vec::new();
    let all = std::mem::take(&mut desk.tables);
    for table in &all {
        let Some((column, scale, scores)) = score_column(desk, table) else {
            continue;
        };
        let mut tokens = std::mem::take(&mut desk.tokens);
        let mut put = |range, value: f64, averaged| {
            let values = || scores.iter().map(|(_, score)| *score);
            let (low, high) = values().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
            overalls.push(Overall {
                range,
                value,
                scale,
                heading: table.heading,
                mean: values().sum::<f64>() / scores.len() as f64,
                low,
                high,
                rows: scores.iter().map(|(row, _)| row_line(lines, *row)).collect(),
                averaged,
            });
        };
        if let Some(total) = table.total {
            let label = cells(lines, total)
                .map(bare)
                .find(|cell| !cell.is_empty())
                .unwrap_or_default();
            let found = cells(lines, total)
                .nth(column)
                .map(|text| tables::cell(text, &mut tokens));
            if let Some(Cell::Ratio(ratio)) = found
                && ratio.m == scale
                && ratio.exact
            {
                put(row_range(lines, total), ratio.n, says_mean(label));
            }
        } else if let Some(heading) = table.heading
            && only_table(&all, table)
        {
            let title = lines.title(heading);
            super::scan::tokens(title, &mut tokens);
            if let [Token::Ratio(ratio)] = tokens.as_slice()
                && ratio.m == scale
                && ratio.exact
            {
                put(lines.outline.blocks[heading as usize].content, ratio.n, false);
            }
        }
        desk.tokens = tokens;
    }
    desk.tables = all;
    overalls
}

fn only_table(all: &[Table], table: &Table) -> bool {
    all.iter().filter(|other| other.heading == table.heading).count() == 1
}
