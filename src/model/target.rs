//! What a team demands of its evidence: coverage targets, limits on findings, rules for tests. Part of the policy.

use super::{FindingSeverity, GateMode};

/// A coverage target over a part of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageTarget {
    /// Its name: the key in the configuration, the component in `codecov.yml`, or the glob itself.
    pub id: Box<str>,
    /// Globs of the files in its scope; none means every file.
    pub paths: Vec<Box<str>>,
    /// Globs of files that are taken out again.
    pub except: Vec<Box<str>>,
    /// What is counted.
    pub metric: Metric,
    /// Exactly the target is enough (`>=`); otherwise more is needed (`>`).
    pub inclusive: bool,
    /// Ten thousandths of a percent: 95 % is 950,000. `None`: the target is relative to an earlier commit (`auto`), which
    /// cannot be judged from one report.
    pub target: Option<u32>,
    /// Whether it decides.
    pub mode: GateMode,
    /// `path:line` that sets it.
    pub source: Box<str>,
}

/// What a coverage target counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Metric {
    /// Executable lines that ran.
    #[default]
    Lines,
    /// Branches taken.
    Branches,
    /// Functions entered.
    Functions,
}

impl Metric {
    /// The word of the configuration.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Branches => "branches",
            Self::Functions => "functions",
        }
    }
}

/// A limit on the findings of scans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanLimit {
    /// The name in the configuration.
    pub id: Box<str>,
    /// Name of the tool, in any case; `None` means every tool.
    pub tool: Option<Box<str>>,
    /// Globs of the files in its scope; none means every finding, also those without a file.
    pub paths: Vec<Box<str>>,
    /// Findings of this severity or worse count.
    pub severity: FindingSeverity,
    /// So many may be open.
    pub most: u32,
    /// One counts only when it has been known for longer than so many days (a service level); `None`: at once.
    pub days: Option<u32>,
    /// Whether it decides.
    pub mode: GateMode,
    /// `path:line` that sets it; empty for the built-in one.
    pub source: Box<str>,
}

/// Rules for test results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestRules {
    /// Failed and broken tests.
    pub failed: GateMode,
    /// Skipped tests that give no reason.
    pub skipped: GateMode,
    /// Tests that passed only on a rerun.
    pub flaky: GateMode,
    /// At least so many must have run.
    pub least: u32,
}

impl Default for TestRules {
    fn default() -> Self {
        Self {
            failed: GateMode::Enforce,
            skipped: GateMode::Advise,
            flaky: GateMode::Advise,
            least: 1,
        }
    }
}
