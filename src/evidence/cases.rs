//! Test results of several files as one.
//!
//! Shards are added. A case that failed or was skipped in several files counts once, with its worst outcome: nobody can
//! tell a rerun from another column of a matrix, and a pass in one does not take back a failure in the other.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::model::{Bound, Content, TestCase, TestCounts, TestOutcome, Tests};

/// Merges the tests of all files that count.
#[must_use]
pub fn merge(bound: &[Bound]) -> Tests {
    let mut tests = Tests::default();
    let mut worst: HashMap<(&str, &str), (u32, u32)> = HashMap::new();
    let counting = (0_u32..)
        .zip(bound)
        .filter_map(|(at, bound)| match &bound.file.content {
            Ok(Content::Tests(report)) if bound.superseded_by.is_none() => Some((at, &**report)),
            _ => None,
        });
    for (file, report) in counting {
        let sum = &mut tests.counts;
        for (part, more) in [
            (&mut sum.total, report.counts.total),
            (&mut sum.passed, report.counts.passed),
            (&mut sum.failed, report.counts.failed),
            (&mut sum.errored, report.counts.errored),
            (&mut sum.skipped, report.counts.skipped),
        ] {
            *part = part.saturating_add(more);
        }
        for (place, case) in (0_u32..).zip(&report.cases) {
            let own = (file, place);
            let Some(&known) = worst.get(&(&*case.suite, &*case.name)) else {
                worst.insert((&case.suite, &case.name), own);
                continue;
            };
            // Within one file the reader has told reruns apart; equal names there are different cases.
            if known.0 == file {
                tests.cases.push(own);
                continue;
            }
            let Some(other) = case_at(bound, known) else {
                continue;
            };
            let (kept, dropped) = if case.outcome < other.outcome {
                (own, other.outcome)
            } else {
                (known, case.outcome)
            };
            worst.insert((&case.suite, &case.name), kept);
            take(&mut tests.counts, dropped);
        }
    }
    tests.cases.extend(worst.into_values());
    let key = |&(file, place): &(u32, u32)| {
        let case = case_at(bound, (file, place));
        case.map(|case| {
            let order = match (case.outcome, case.flaky) {
                (TestOutcome::Failed, _) => 0,
                (TestOutcome::Errored, _) => 1,
                (TestOutcome::Passed, true) => 2,
                (TestOutcome::Skipped, _) => 3,
                (TestOutcome::Passed, false) => 4,
            };
            (order, Reverse(case.millis), &*case.suite, &*case.name)
        })
    };
    tests.cases.sort_by(|a, b| key(a).cmp(&key(b)).then(a.cmp(b)));
    let flaky = tests
        .cases
        .iter()
        .filter(|&&place| case_at(bound, place).is_some_and(|case| case.flaky));
    tests.flaky = u32::try_from(flaky.count()).unwrap_or(u32::MAX);
    tests
}

fn case_at(bound: &[Bound], (file, place): (u32, u32)) -> Option<&TestCase> {
    match &bound.get(file as usize)?.file.content {
        Ok(Content::Tests(report)) => report.cases.get(place as usize),
        _ => None,
    }
}

fn take(counts: &mut TestCounts, outcome: TestOutcome) {
    let part = match outcome {
        TestOutcome::Failed => &mut counts.failed,
        TestOutcome::Errored => &mut counts.errored,
        TestOutcome::Skipped => &mut counts.skipped,
        TestOutcome::Passed => &mut counts.passed,
    };
    *part = part.saturating_sub(1);
    counts.total = counts.total.saturating_sub(1);
}
