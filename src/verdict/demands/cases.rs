//! Rules for test results: none failed, enough ran, none skipped without a reason, none flaky.

use super::{counted, is_on, of_kind, why_not_current};
use crate::model::{Bound, EvidenceKind, GateMode, GateResult, Gathered, TestCase, TestOutcome, TestRules};
use crate::verdict::GateOutcome;

/// Judges the rules. Those on skipped and flaky tests speak only where tests were read.
pub(super) fn judge(rules: TestRules, gathered: &Gathered) -> Vec<GateOutcome> {
    let files: Vec<&Bound> = of_kind(gathered, EvidenceKind::Tests).collect();
    let read = files.iter().filter(|bound| bound.file.content.is_ok()).count();
    let mut gates = Vec::new();
    if is_on(rules.failed) {
        gates.push(failed(rules, gathered, &files, read));
    }
    if read == 0 {
        return gates;
    }
    let listed = |keep: fn(&TestCase) -> bool| {
        gathered
            .tests
            .cases
            .iter()
            .filter_map(|&(file, at)| gathered.case(file, at))
            .filter(move |(_, case)| keep(case))
    };
    let rule = |id: &str, mode: GateMode, n: usize, first: Option<(&Bound, &TestCase)>, what: &str| {
        let (result, message) = match n {
            0 => (GateResult::Pass, format!("no test {what}")),
            n => (
                GateResult::Fail,
                format!("{} {what}{}", counted(n, "test"), such_as(first)),
            ),
        };
        GateOutcome {
            id: id.to_owned(),
            mode,
            result,
            message,
            source: first.map_or_else(String::new, |(bound, case)| place(bound, case)),
        }
    };
    if is_on(rules.skipped) {
        let bare = |case: &TestCase| {
            case.outcome == TestOutcome::Skipped
                && case
                    .message
                    .as_ref()
                    .is_none_or(|message| message.trim().is_empty())
        };
        let with_reason = listed(|case| {
            case.outcome == TestOutcome::Skipped
                && case
                    .message
                    .as_ref()
                    .is_some_and(|message| !message.trim().is_empty())
        })
        .count();
        // A file may count more skipped cases than it lists: these give no reason.
        let without = (gathered.tests.counts.skipped as usize)
            .saturating_sub(with_reason)
            .max(listed(bare).count());
        let first = listed(bare).next();
        gates.push(rule(
            "tests:skipped",
            rules.skipped,
            without,
            first,
            "skipped without a reason",
        ));
    }
    if is_on(rules.flaky) {
        let first = listed(|case| case.flaky).next();
        let n = gathered.tests.flaky as usize;
        gates.push(rule(
            "tests:flaky",
            rules.flaky,
            n,
            first,
            "passed only on a rerun",
        ));
    }
    gates
}

fn failed(rules: TestRules, gathered: &Gathered, files: &[&Bound], read: usize) -> GateOutcome {
    let counts = gathered.tests.counts;
    let broken = counts.failed as usize + counts.errored as usize;
    let ran = broken + counts.passed as usize;
    let of_files = counted(read, "file");
    let outcome = |result, message, source: String| GateOutcome {
        id: "tests:failed".to_owned(),
        mode: rules.failed,
        result,
        message,
        source,
    };
    if broken > 0 {
        let bad = |case: &TestCase| matches!(case.outcome, TestOutcome::Failed | TestOutcome::Errored);
        let first = gathered
            .tests
            .cases
            .iter()
            .filter_map(|&(file, at)| gathered.case(file, at))
            .find(|(_, case)| bad(case));
        let message = format!("{broken} of {} failed{}", counted(ran, "test"), such_as(first));
        let source = first.map_or_else(String::new, |(bound, case)| place(bound, case));
        return outcome(GateResult::Fail, message, source);
    }
    if files.is_empty() {
        return outcome(
            GateResult::Missing,
            "no test result was read".to_owned(),
            String::new(),
        );
    }
    let doubt = files
        .iter()
        .find_map(|bound| why_not_current(bound).map(|doubt| (bound, doubt)));
    if let Some((bound, doubt)) = doubt {
        let message = format!("none of {} failed, but {doubt}", counted(ran, "test"));
        return outcome(GateResult::Inconclusive, message, bound.file.source.to_string());
    }
    let source = files
        .first()
        .map_or_else(String::new, |bound| bound.file.source.to_string());
    if ran == 0 {
        let skipped = counts.skipped;
        let message = format!("no test ran ({skipped} skipped in {of_files}), so nothing is shown");
        return outcome(GateResult::Vacuous, message, source);
    }
    if ran < rules.least as usize {
        let message = format!(
            "only {} ran, and at least {} have to",
            counted(ran, "test"),
            rules.least
        );
        return outcome(GateResult::Fail, message, source);
    }
    let message = format!("all {} passed in {of_files}", counted(ran, "test"));
    outcome(GateResult::Pass, message, source)
}

/// The first case with the first line of its message.
fn such_as(first: Option<(&Bound, &TestCase)>) -> String {
    let Some((bound, case)) = first else {
        return String::new();
    };
    let name = if case.suite.is_empty() {
        case.name.to_string()
    } else {
        format!("{} › {}", case.suite, case.name)
    };
    let said = case
        .message
        .as_deref()
        .and_then(|message| message.lines().map(str::trim).find(|line| !line.is_empty()))
        .map_or_else(String::new, |line| {
            let short: String = line.chars().take(120).collect();
            format!(": {short}")
        });
    format!(", first `{name}` ({}){said}", bound.file.source)
}

/// Where a case stands in the code, or the file that tells of it.
fn place(bound: &Bound, case: &TestCase) -> String {
    match (&case.path, case.line) {
        (Some(path), Some(line)) => format!("{path}:{line}"),
        (Some(path), None) => path.to_string(),
        _ => bound.file.source.to_string(),
    }
}
