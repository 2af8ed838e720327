//! Gathered files as the pieces that the verdict judges: one a file that counts.
//!
//! What a file shows by itself: failed tests, a tool that did not run, nothing measured. Limits and targets are judged
//! over everything gathered, not here.

use crate::model::{
    Bound, Collection, Content, CoverageReport, Evidence, FindingSeverity, Gathered, MergedFinding, Outcome,
    Problem, ProblemSeverity, ScanReport, TestReport,
};

/// The pieces, in the order of the files.
#[must_use]
pub fn pieces(gathered: &Gathered) -> Vec<Evidence> {
    (0_u32..)
        .zip(&gathered.files)
        .filter(|(_, bound)| bound.superseded_by.is_none())
        .map(|(at, bound)| piece(at, bound, gathered))
        .collect()
}

fn piece(at: u32, bound: &Bound, gathered: &Gathered) -> Evidence {
    let file = &bound.file;
    let (collection, outcome) = match &file.content {
        Err(problem) => (Collection::Error(problem.what.clone()), Outcome::Error),
        Ok(Content::Coverage(report)) => (whole(&report.problems), of_coverage(report)),
        Ok(Content::Scan(report)) => (whole(&report.problems), of_scan(at, report, gathered)),
        Ok(Content::Tests(report)) => (whole(&report.problems), of_tests(report)),
    };
    Evidence {
        kind: file.kind,
        source: file.source.clone(),
        collection,
        outcome,
        binding: bound.binding,
        freshness: bound.freshness,
        produced_at: bound.produced_at,
    }
}

/// Whether all of a file was understood.
fn whole(problems: &[Problem]) -> Collection {
    problems
        .iter()
        .find(|problem| problem.severity == ProblemSeverity::Error)
        .map_or(Collection::Collected, |problem| {
            Collection::Partial(problem.what.clone())
        })
}

fn of_coverage(report: &CoverageReport) -> Outcome {
    let sum = report.sum();
    let measured = [sum.lines, sum.branches, sum.functions]
        .into_iter()
        .flatten()
        .any(|ratio| ratio.total > 0);
    if measured {
        Outcome::Pass
    } else {
        Outcome::NotEvaluated
    }
}

fn of_scan(at: u32, report: &ScanReport, gathered: &Gathered) -> Outcome {
    let open = gathered
        .scans
        .findings
        .iter()
        .filter(|merged| merged.waived.is_none() && merged.seen.iter().any(|(file, _)| *file == at));
    let worst = open.map(|merged: &MergedFinding| merged.severity).min();
    match worst {
        Some(FindingSeverity::Critical | FindingSeverity::High) => Outcome::Fail,
        // A tool that failed half-way shows nothing by what it did not find.
        _ if !report.ran => Outcome::Error,
        Some(_) => Outcome::Warn,
        None => Outcome::Pass,
    }
}

fn of_tests(report: &TestReport) -> Outcome {
    let counts = report.counts;
    if counts.failed > 0 || counts.errored > 0 {
        Outcome::Fail
    } else if counts.total <= counts.skipped {
        Outcome::NotEvaluated
    } else {
        Outcome::Pass
    }
}
