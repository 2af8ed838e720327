//! Coverage of several reports as one: a line counts as run when it ran in any of them.
//!
//! Invariant: a source file is counted once, however many reports and spellings of its path speak of it.

use std::collections::HashMap;

use super::mapping::Mapped;
use crate::model::{Bound, Content, Coverage, CoverageReport, CoveredFile, Ratio, Totals};

/// Merges the coverage of all files that count.
#[must_use]
pub fn merge(bound: &[Bound], mapped: &[Mapped]) -> Coverage {
    let reports: Vec<(u32, &CoverageReport, &Mapped)> = (0_u32..)
        .zip(bound)
        .zip(mapped)
        .filter(|((_, bound), _)| bound.superseded_by.is_none())
        .filter_map(|((at, bound), mapped)| match &bound.file.content {
            Ok(Content::Coverage(report)) => Some((at, &**report, mapped)),
            _ => None,
        })
        .collect();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut files: Vec<CoveredFile> = Vec::new();
    for (source, report, mapped) in &reports {
        for (at, file) in report.files.iter().enumerate() {
            let ours = mapped.places.get(at).and_then(Option::as_ref);
            let path = ours.map_or(&*file.path, |path| path.as_str());
            let place = *places.entry(path).or_insert_with(|| {
                files.push(CoveredFile {
                    path: path.into(),
                    mapped: false,
                    lines: crate::model::LineSet::default(),
                    line_ratio: None,
                    branches: None,
                    functions: None,
                    sources: Vec::new(),
                });
                files.len() - 1
            });
            let Some(covered) = files.get_mut(place) else {
                continue;
            };
            covered.mapped |= ours.is_some();
            if covered.lines.is_empty() {
                covered.lines = file.lines.clone();
            } else {
                covered.lines.merge(&file.lines);
            }
            // Until the end: the totals of records that list no lines.
            covered.line_ratio = larger(covered.line_ratio, file.line_total);
            covered.branches = larger(covered.branches, file.branches);
            covered.functions = larger(covered.functions, file.functions);
            if covered.sources.last() != Some(source) {
                covered.sources.push(*source);
            }
        }
    }
    for file in &mut files {
        if !file.lines.is_empty() {
            file.line_ratio = Some(file.lines.ratio());
        }
    }
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let totals = match reports.as_slice() {
        // One report's own figures are what its tool prints.
        [(_, only, _)] => only.sum(),
        several if files.is_empty() => several
            .iter()
            .map(|(_, report, _)| report.sum())
            .fold(Totals::default(), added),
        _ => files
            .iter()
            .map(|file| Totals {
                lines: file.line_ratio,
                branches: file.branches,
                functions: file.functions,
            })
            .fold(Totals::default(), added),
    };
    Coverage { files, totals }
}

fn larger(a: Option<Ratio>, b: Option<Ratio>) -> Option<Ratio> {
    match (a, b) {
        (Some(a), Some(b)) => Some(Ratio::new(a.covered.max(b.covered), a.total.max(b.total))),
        (a, b) => a.or(b),
    }
}

fn added(sum: Totals, more: Totals) -> Totals {
    let add = |a: Option<Ratio>, b: Option<Ratio>| match (a, b) {
        (Some(a), Some(b)) => Some(a.plus(b)),
        (a, b) => a.or(b),
    };
    Totals {
        lines: add(sum.lines, more.lines),
        branches: add(sum.branches, more.branches),
        functions: add(sum.functions, more.functions),
    }
}
