//! Test cases while a report is read: counted, the interesting ones kept, reruns folded into their last outcome.
//!
//! Passed cases cost one small record until their suite ends and leave no text behind, except for the slowest.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::files::note;
use super::{File, Parsed};
use crate::model::{ProblemSeverity, TestCase, TestOutcome, TestReport};

/// Where messages are cut.
pub(super) const MESSAGE: usize = 4096;

/// The cases of a report.
#[derive(Debug, Default)]
pub(super) struct Cases {
    report: TestReport,
    slow: BinaryHeap<Reverse<Slow>>,
    /// Cases of the open suites, those of the innermost at the end.
    open: Vec<Seen>,
    /// Where the cases of each open suite begin.
    suites: Vec<usize>,
    sequence: u32,
    gone: bool,
    /// Two suites name two commits.
    mixed: bool,
    /// Sequence numbers of runs that a later run of the same case replaced.
    replaced: HashSet<u32>,
}

/// A passed case that may be among the slowest, ordered by time.
#[derive(Debug)]
struct Slow {
    millis: u32,
    sequence: u32,
    case: TestCase,
}

impl PartialEq for Slow {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Slow {}

impl PartialOrd for Slow {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Slow {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.millis, Reverse(self.sequence)).cmp(&(other.millis, Reverse(other.sequence)))
    }
}

/// What is remembered of a case until its suite ends.
#[derive(Debug, Clone, Copy)]
struct Seen {
    key: u64,
    /// Its line, 0 where none is written.
    line: u32,
    outcome: TestOutcome,
    /// Its place among the kept cases, `u32::MAX` for none.
    kept: u32,
    sequence: u32,
}

const NOT_KEPT: u32 = u32::MAX;

/// A hash of what names a case: eight bytes at a time, each part closed by its length so that borders count. Names are
/// never told apart by it alone where it matters: only cases that also share a line, or a suite's total, are folded.
pub(super) fn key(parts: &[&[u8]]) -> u64 {
    let mut hash = 0x9e37_79b9_7f4a_7c15_u64;
    let mut eat = |word: u64| {
        hash = (hash ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash ^= hash >> 32;
    };
    for part in parts {
        let mut words = part.chunks_exact(8);
        for word in &mut words {
            eat(word.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
        }
        eat(words
            .remainder()
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
        eat(part.len() as u64);
    }
    hash
}

impl Cases {
    /// A suite begins; cases until its end belong to it.
    pub(super) fn begin_suite(&mut self) {
        self.suites.push(self.open.len());
    }

    /// A suite ends. Cases of one name in it are reruns when they also share their line, or when the suite's own total
    /// (`declared`) counts them once; elsewhere they are different cases that happen to have one name.
    pub(super) fn end_suite(&mut self, declared: Option<u64>) {
        let Some(from) = self.suites.pop() else { return };
        let seen = self.open.split_off(from);
        let mut distinct: Vec<u64> = seen.iter().map(|case| case.key).collect();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() == seen.len() {
            return;
        }
        let by_total = declared == Some(distinct.len() as u64);
        let mut last: HashMap<(u64, u32), Seen> = HashMap::new();
        for case in seen {
            if !by_total && case.line == 0 {
                continue;
            }
            let line = if by_total { 0 } else { case.line };
            if let Some(earlier) = last.get(&(case.key, line)).copied() {
                let now = self.rerun(earlier, case);
                last.insert((case.key, line), now);
            } else {
                last.insert((case.key, line), case);
            }
        }
    }

    /// Folds an earlier run of a case into a later one and gives what remains.
    pub(super) fn rerun_of(&mut self, earlier: Ran, later: Ran) -> Ran {
        Ran(self.rerun(earlier.0, later.0))
    }

    fn rerun(&mut self, earlier: Seen, later: Seen) -> Seen {
        self.count(earlier.outcome, false);
        self.replaced.insert(earlier.sequence);
        let bad = |outcome| matches!(outcome, TestOutcome::Failed | TestOutcome::Errored);
        let mut remains = later;
        let flaky_before = self.kept(earlier).is_some_and(|case| case.flaky);
        if later.outcome == TestOutcome::Passed && (bad(earlier.outcome) || flaky_before) {
            // The earlier record stays, with its message, as the flaky pass that it became.
            if let Some(case) = self.kept(earlier) {
                case.outcome = TestOutcome::Passed;
                case.flaky = true;
                self.drop_kept(later);
                self.replaced.insert(later.sequence);
                remains.kept = earlier.kept;
            }
        } else {
            self.drop_kept(earlier);
        }
        remains
    }

    fn kept(&mut self, seen: Seen) -> Option<&mut TestCase> {
        self.report.cases.get_mut(seen.kept as usize)
    }

    fn drop_kept(&mut self, seen: Seen) {
        if let Some(case) = self.kept(seen) {
            *case = TestCase {
                line: Some(u32::MAX),
                ..TestCase::default()
            };
            self.gone = true;
        }
    }

    fn count(&mut self, outcome: TestOutcome, more: bool) {
        let counts = &mut self.report.counts;
        let part = match outcome {
            TestOutcome::Failed => &mut counts.failed,
            TestOutcome::Errored => &mut counts.errored,
            TestOutcome::Skipped => &mut counts.skipped,
            TestOutcome::Passed => &mut counts.passed,
        };
        // What no longer fits is not counted, so it is not taken back either: the parts always add up.
        if (more && counts.total == u32::MAX) || (!more && *part == 0) {
            return;
        }
        for number in [part, &mut counts.total] {
            *number = if more {
                number.saturating_add(1)
            } else {
                number.saturating_sub(1)
            };
        }
    }

    /// Counts a case; `make` is only called when its words are kept.
    pub(super) fn add(
        &mut self,
        key: u64,
        line: Option<u32>,
        outcome: TestOutcome,
        flaky: bool,
        millis: Option<u32>,
        make: impl FnOnce() -> TestCase,
    ) -> Ran {
        self.count(outcome, true);
        self.sequence = self.sequence.saturating_add(1);
        let mut kept = NOT_KEPT;
        if outcome != TestOutcome::Passed || flaky {
            kept = u32::try_from(self.report.cases.len()).unwrap_or(NOT_KEPT);
            self.report.cases.push(TestCase {
                outcome,
                flaky,
                millis,
                line,
                ..make()
            });
        } else if let Some(millis) = millis
            && (self.slow.len() < TestReport::SLOWEST
                || self
                    .slow
                    .peek()
                    .is_some_and(|Reverse(least)| least.millis < millis))
        {
            if self.slow.len() == TestReport::SLOWEST {
                self.slow.pop();
            }
            let case = TestCase {
                outcome,
                millis: Some(millis),
                line,
                ..make()
            };
            self.slow.push(Reverse(Slow {
                millis,
                sequence: self.sequence,
                case,
            }));
        }
        let seen = Seen {
            key,
            line: line.unwrap_or(0),
            outcome,
            kept,
            sequence: self.sequence,
        };
        if !self.suites.is_empty() {
            self.open.push(seen);
        }
        Ran(seen)
    }

    /// Counts for a suite that names numbers but no cases.
    pub(super) fn add_numbers(&mut self, total: u64, failed: u64, errored: u64, skipped: u64) {
        // Beyond what counts can hold, the parts still add up to the total, and what went wrong is kept before what passed.
        let mut room = u32::MAX - self.report.counts.total;
        let mut take = |n: u64| {
            let taken = u32::try_from(n).unwrap_or(u32::MAX).min(room);
            room -= taken;
            taken
        };
        let (failed, errored, skipped) = (take(failed), take(errored), take(skipped));
        let bad = u64::from(failed) + u64::from(errored) + u64::from(skipped);
        let passed = take(total.saturating_sub(bad));
        let counts = &mut self.report.counts;
        counts.failed += failed;
        counts.errored += errored;
        counts.skipped += skipped;
        counts.passed += passed;
        counts.total += failed + errored + skipped + passed;
    }

    /// The commit that a suite names; of two different ones none is right.
    pub(super) fn name_commit(&mut self, commit: &str) {
        match &self.report.commit {
            _ if self.mixed => {}
            Some(known) if **known != *commit => {
                self.mixed = true;
                self.report.commit = None;
            }
            Some(_) => {}
            None => self.report.commit = Some(commit.into()),
        }
    }

    /// Everything beside the cases.
    pub(super) fn report(&mut self) -> &mut TestReport {
        &mut self.report
    }

    /// Notes that something was left out.
    pub(super) fn problem(&mut self, file: &File<'_>, offset: usize, severity: ProblemSeverity, what: &str) {
        note(&mut self.report.problems, file, offset, severity, what);
    }

    /// The report.
    pub(super) fn finish(mut self) -> Parsed {
        if self.gone {
            self.report
                .cases
                .retain(|case| !(case.line == Some(u32::MAX) && case.name.is_empty()));
        }
        let slow = std::mem::take(&mut self.slow).into_sorted_vec();
        let current = slow
            .into_iter()
            .filter(|Reverse(slow)| !self.replaced.contains(&slow.sequence));
        self.report.cases.extend(current.map(|Reverse(slow)| slow.case));
        self.report.cases.shrink_to_fit();
        Parsed::Tests(self.report)
    }
}

/// A counted case, to be named when another run of it comes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ran(Seen);

/// A message cut to [`MESSAGE`] bytes; none when there is nothing to say.
pub(super) fn message(parts: &[&str]) -> Option<Box<str>> {
    let mut all = String::new();
    for part in parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
    {
        // Tools repeat the message as the first line of the stack.
        if !all.is_empty() {
            if part.starts_with(all.as_str()) {
                all.clear();
            } else {
                all.push('\n');
            }
        }
        all.push_str(cut(part));
        if all.len() > MESSAGE {
            let end = cut(&all).len();
            all.truncate(end);
            break;
        }
    }
    (!all.is_empty()).then(|| plain(all))
}

/// Without the colour sequences of terminals, which runners write into their reports.
fn plain(text: String) -> Box<str> {
    if !text.contains("\u{1b}[") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for (n, part) in text.split("\u{1b}[").enumerate() {
        let skipped = match n {
            0 => part,
            _ => {
                let end = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
                end.strip_prefix(|c: char| ('@'..='~').contains(&c))
                    .unwrap_or(end)
            }
        };
        out.push_str(skipped);
    }
    out.into()
}

/// At most [`MESSAGE`] bytes of a text.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(MESSAGE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Milliseconds of a number of seconds as tools write them: `0.123`, `1,234.5`, `1.2E-4`, `12.3s`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked; saturating"
)]
pub(super) fn seconds(text: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(text).ok()?.trim().trim_end_matches('s');
    let seconds: f64 = text.parse().ok().or_else(|| text.replace(',', "").parse().ok())?;
    (seconds >= 0.0).then(|| (seconds * 1000.0).round() as u32)
}

/// Milliseconds of a duration written as `00:01:02.345`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked; saturating"
)]
pub(super) fn clock(text: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let mut seconds = 0.0;
    for part in text.split(':') {
        let part: f64 = part.parse().ok()?;
        seconds = seconds * 60.0 + part;
    }
    (seconds >= 0.0).then(|| (seconds * 1000.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TestCounts;

    fn run(cases: &[(&str, u32, TestOutcome)], declared: Option<u64>) -> TestReport {
        let mut all = Cases::default();
        all.begin_suite();
        for (name, line, outcome) in cases {
            let line = (*line > 0).then_some(*line);
            let make = || TestCase {
                name: (*name).into(),
                ..TestCase::default()
            };
            all.add(key(&[name.as_bytes()]), line, *outcome, false, None, make);
        }
        all.end_suite(declared);
        match all.finish() {
            Parsed::Tests(report) => report,
            _ => TestReport::default(),
        }
    }

    #[test]
    fn a_rerun_counts_once_and_a_pass_after_a_failure_is_flaky() {
        use TestOutcome::{Errored, Failed, Passed};
        let report = run(
            &[
                ("a", 7, Failed),
                ("a", 7, Errored),
                ("a", 7, Passed),
                ("b", 9, Passed),
            ],
            None,
        );
        let expected = TestCounts {
            total: 2,
            passed: 2,
            ..TestCounts::default()
        };
        assert_eq!(report.counts, expected);
        assert!(report.cases.len() == 1 && report.cases[0].flaky, "{report:?}");
        assert_eq!(
            run(&[("a", 0, Failed), ("a", 0, Passed)], Some(1)).counts.failed,
            0
        );
        assert_eq!(
            run(&[("a", 0, Passed), ("a", 0, Failed)], Some(1)).counts.failed,
            1
        );
    }

    #[test]
    fn cases_that_only_share_a_name_all_count() {
        use TestOutcome::{Failed, Passed};
        for declared in [None, Some(2), Some(5)] {
            let counts = run(&[("a", 0, Failed), ("a", 0, Passed)], declared).counts;
            assert_eq!((counts.total, counts.failed), (2, 1));
        }
        assert_eq!(run(&[("a", 3, Failed), ("a", 4, Passed)], None).counts.failed, 1);
    }

    #[test]
    fn only_the_slowest_passed_cases_are_kept_and_the_slowest_comes_first() {
        let mut all = Cases::default();
        for n in 0..1000_u32 {
            all.add(
                n.into(),
                None,
                TestOutcome::Passed,
                false,
                Some(n),
                TestCase::default,
            );
        }
        let Parsed::Tests(report) = all.finish() else {
            return;
        };
        assert_eq!(report.cases.len(), TestReport::SLOWEST);
        assert_eq!(
            (report.cases[0].millis, report.cases[99].millis),
            (Some(999), Some(900))
        );
    }

    #[test]
    fn counts_that_overflow_still_add_up() {
        let mut all = Cases::default();
        for _ in 0..3 {
            all.add_numbers(u64::MAX, u64::from(u32::MAX) / 2, 7, 1);
        }
        all.add(1, None, TestOutcome::Failed, false, None, TestCase::default);
        let c = all.report().counts;
        assert_eq!(c.total, u32::MAX);
        let parts = [c.passed, c.failed, c.errored, c.skipped].map(u64::from);
        assert_eq!(parts.iter().sum::<u64>(), u64::from(c.total), "{c:?}");
    }

    #[test]
    fn colours_and_repetitions_leave_a_message() {
        assert_eq!(
            message(&["\u{1b}[31mred\u{1b}[39m \u{1b}[", "b"]).as_deref(),
            Some("red \nb")
        );
        assert_eq!(message(&["a", "a\n at b"]).as_deref(), Some("a\n at b"));
        assert_eq!(message(&["", " "]), None);
        assert_eq!(message(&[&"ä".repeat(5000)]).map(|m| m.len()), Some(MESSAGE));
    }

    #[test]
    fn times_are_read_as_tools_write_them() {
        assert_eq!(seconds(b"0.123"), Some(123));
        assert_eq!(seconds(b" 1,234.5 "), Some(1_234_500));
        assert_eq!(seconds(b"NaN"), None);
        assert_eq!(seconds(b"-1"), None);
        assert_eq!(clock(b"00:01:02.5000000"), Some(62_500));
    }
}
