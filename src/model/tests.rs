//! Test results.

use super::Problem;

/// What one test result file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TestReport {
    /// Counts over distinct cases; reruns count once with their last outcome.
    pub counts: TestCounts,
    /// Every case that did not simply pass, and the slowest that did (at most [`TestReport::SLOWEST`]).
    pub cases: Vec<TestCase>,
    /// When the tool says that it ran, as written.
    pub produced_at: Option<Box<str>>,
    /// The commit that the file itself names.
    pub commit: Option<Box<str>>,
    /// What was left out.
    pub problems: Vec<Problem>,
}

impl TestReport {
    /// How many passed cases are kept for the list of slow ones.
    pub const SLOWEST: usize = 100;
}

/// Counts of cases; the parts add up to `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TestCounts {
    /// All cases.
    pub total: u32,
    /// Passed.
    pub passed: u32,
    /// Failed an assertion.
    pub failed: u32,
    /// Broke.
    pub errored: u32,
    /// Did not run.
    pub skipped: u32,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TestCase {
    /// Suite or class.
    pub suite: Box<str>,
    /// Name.
    pub name: Box<str>,
    /// Last outcome.
    pub outcome: TestOutcome,
    /// Milliseconds.
    pub millis: Option<u32>,
    /// Message and stack of a failure, or why it was skipped; cut at 4 KiB.
    pub message: Option<Box<str>>,
    /// Source file, where written.
    pub path: Option<Box<str>>,
    /// 1-based line, where written.
    pub line: Option<u32>,
    /// Passed only on a rerun.
    pub flaky: bool,
}

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TestOutcome {
    /// An assertion failed.
    Failed,
    /// It broke.
    Errored,
    /// It did not run.
    Skipped,
    /// It passed.
    #[default]
    Passed,
}
