//! Source files of a coverage report while it is read: each path once, odd counts gathered into one problem.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::{File, ParseError, Parsed};
use crate::model::{CoverageReport, FileCoverage, Problem, ProblemSeverity, Ratio};

/// The files of a report, in its order.
#[derive(Debug, Default)]
pub(super) struct Files {
    report: CoverageReport,
    /// Hash of the path to its place; the hasher's keys are random, so nobody can aim at a collision.
    index: HashMap<u64, usize>,
    hasher: RandomState,
    odd: Option<(usize, u64)>,
    spans: u64,
}

impl Files {
    /// The place of a path, new or known.
    pub(super) fn of(&mut self, path: &str) -> usize {
        let mut hash = self.hasher.hash_one(path);
        loop {
            match self.index.get(&hash) {
                Some(&at) if *self.report.files[at].path == *path => return at,
                Some(_) => hash = hash.wrapping_add(1),
                None => {
                    let at = self.report.files.len();
                    self.index.insert(hash, at);
                    self.report.files.push(FileCoverage {
                        path: path.into(),
                        ..FileCoverage::default()
                    });
                    return at;
                }
            }
        }
    }

    /// Whether the path is known already.
    pub(super) fn knows(&self, path: &str) -> bool {
        let mut hash = self.hasher.hash_one(path);
        while let Some(&at) = self.index.get(&hash) {
            if *self.report.files[at].path == *path {
                return true;
            }
            hash = hash.wrapping_add(1);
        }
        false
    }

    /// The file at a place that [`Self::of`] gave.
    pub(super) fn at(&mut self, at: usize) -> &mut FileCoverage {
        &mut self.report.files[at]
    }

    /// How many files there are.
    pub(super) fn len(&self) -> usize {
        self.report.files.len()
    }

    /// Everything beside the files.
    pub(super) fn report(&mut self) -> &mut CoverageReport {
        &mut self.report
    }

    /// Remembers a count that is negative or no number; it was taken as not run.
    pub(super) fn odd(&mut self, offset: usize) {
        let (_, count) = self.odd.get_or_insert((offset, 0));
        *count += 1;
    }

    /// Adds a span of lines; a span that claims more lines than a file of this size can mean is an error.
    pub(super) fn span(
        &mut self,
        at: usize,
        lines: (u32, u32),
        ran: bool,
        file: &File<'_>,
        offset: usize,
    ) -> Result<(), ParseError> {
        let (first, last) = lines;
        if last > first {
            self.spans += u64::from((last - first) / 64);
            if self.spans > 100_000 + file.bytes.len() as u64 / 32 {
                return Err(ParseError::at(
                    &format!(
                        "line spans such as {first} to {last} claim more lines than this file can speak of"
                    ),
                    file.bytes,
                    offset,
                ));
            }
        }
        self.report.files[at].lines.add_range(first, last.max(first), ran);
        Ok(())
    }

    /// Notes that something was left out.
    pub(super) fn problem(&mut self, file: &File<'_>, offset: usize, severity: ProblemSeverity, what: &str) {
        note(&mut self.report.problems, file, offset, severity, what);
    }

    /// The report.
    pub(super) fn finish(mut self, file: &File<'_>) -> Parsed {
        if let Some((offset, count)) = self.odd {
            let what = format!("{count} hit counts are negative or no number; they count as not run");
            note(
                &mut self.report.problems,
                file,
                offset,
                ProblemSeverity::Warning,
                &what,
            );
        }
        for source in &mut self.report.files {
            source.lines.shrink();
        }
        self.report.files.shrink_to_fit();
        Parsed::Coverage(self.report)
    }
}

/// So many problems say all that a person will read; finding the line of each costs a pass over the file.
const PROBLEMS: usize = 100;

/// Adds a problem with its place in the file; of very many, the last says that there are more.
pub(super) fn note(
    problems: &mut Vec<Problem>,
    file: &File<'_>,
    offset: usize,
    severity: ProblemSeverity,
    what: &str,
) {
    if problems.len() >= PROBLEMS {
        return;
    }
    let more = problems.len() == PROBLEMS - 1;
    let place = ParseError::at("", file.bytes, offset);
    problems.push(Problem {
        severity: if more { ProblemSeverity::Error } else { severity },
        at: format!("{}:{}", file.path, place.line.unwrap_or(1)).into(),
        what: if more { "more problems follow" } else { what }.into(),
        hint: None,
    });
}

/// The larger of two ratios: what is known when the same source is reported twice and the single records are gone.
pub(super) fn larger(a: Option<Ratio>, b: Option<Ratio>) -> Option<Ratio> {
    match (a, b) {
        (Some(a), Some(b)) => Some(Ratio::new(a.covered.max(b.covered), a.total.max(b.total))),
        (a, b) => a.or(b),
    }
}

/// A ratio added to one that may not be there yet.
pub(super) fn plus(sum: &mut Option<Ratio>, covered: bool) {
    let sum = sum.get_or_insert_default();
    sum.total += 1;
    sum.covered += u64::from(covered);
}

/// Branches by line, each line counted once however often it is listed: the record with the most branches, then hits.
#[derive(Debug, Default)]
pub(super) struct Branches(Vec<(u32, u32, u32)>);

impl Branches {
    /// `covered` of `total` branches of a line.
    pub(super) fn add(&mut self, line: u32, covered: u32, total: u32) {
        self.0.push((line, total, covered.min(total)));
    }

    /// The sum, when any were added.
    pub(super) fn ratio(mut self) -> Option<Ratio> {
        if self.0.is_empty() {
            return None;
        }
        self.0.sort_unstable_by(|a, b| b.cmp(a));
        self.0.dedup_by_key(|entry| entry.0);
        Some(self.0.iter().fold(Ratio::default(), |sum, &(_, total, covered)| {
            sum.plus(Ratio::new(covered.into(), total.into()))
        }))
    }
}
