//! What a team demands of its evidence: coverage targets, limits on findings, rules for tests. Part of the policy.

use super::{FindingSeverity, GateMode, Stage};

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
    /// Ten thousandths of a percent: 95 % is 950,000. `None`: it cannot be judged from reports.
    pub target: Option<u32>,
    /// Why it cannot be judged, as the end of a sentence: "is relative to an earlier commit"; empty when it can.
    pub unjudged: &'static str,
    /// Whether it decides.
    pub mode: GateMode,
    /// `path:line` that sets it.
    pub source: Box<str>,
}

impl CoverageTarget {
    /// A whole: 100 % in the unit of [`Self::target`].
    pub const WHOLE: u32 = 1_000_000;
}

/// Reads how much is asked for: `>95%` needs more than 95 %, `>=95%`, `95%` and `95` need at least that. Gives whether
/// exactly that is enough, and the unit of [`CoverageTarget::target`]. `None` for anything else, for more than four
/// decimals, and for what no coverage can reach.
#[must_use]
pub fn parse_threshold(text: &str) -> Option<(bool, u32)> {
    let text = text.trim();
    let (inclusive, rest) = if let Some(rest) = text.strip_prefix(">=").or_else(|| text.strip_prefix('≥')) {
        (true, rest)
    } else if let Some(rest) = text.strip_prefix('>') {
        (false, rest)
    } else {
        (true, text)
    };
    let rest = rest.trim();
    let number = rest.strip_suffix('%').unwrap_or(rest).trim_end();
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !digits(whole, 3) || !digits(part, 4) {
        return None;
    }
    let scale = [0, 1_000, 100, 10, 1].get(part.len())?;
    let target = whole.parse::<u32>().ok()? * 10_000 + part.parse::<u32>().ok()? * scale;
    let reachable = target < CoverageTarget::WHOLE || (inclusive && target == CoverageTarget::WHOLE);
    reachable.then_some((inclusive, target))
}

/// A threshold as people write it: `95%`, `99.5%`.
#[must_use]
pub fn threshold_words(target: u32) -> String {
    let (whole, part) = (target / 10_000, target % 10_000);
    if part == 0 {
        format!("{whole}%")
    } else {
        format!("{whole}.{}%", format!("{part:04}").trim_end_matches('0'))
    }
}

/// A coverage target that a document sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentTarget {
    /// The stage that it guards.
    pub stage: Stage,
    /// The target; it decides as far as the policy lets documents decide.
    pub target: CoverageTarget,
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
    /// Every metric.
    pub const ALL: [Self; 3] = [Self::Lines, Self::Branches, Self::Functions];

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
    /// Findings whose severity no tool says: with `Enforce` they keep the limit from passing, for they may be of any.
    pub unrated: GateMode,
    /// Whether it decides.
    pub mode: GateMode,
    /// `path:line` that sets it; empty for the built-in one.
    pub source: Box<str>,
}

impl Default for ScanLimit {
    /// The built-in limit: no open finding that is high or critical.
    fn default() -> Self {
        Self {
            id: "high".into(),
            tool: None,
            paths: Vec::new(),
            severity: FindingSeverity::High,
            most: 0,
            days: None,
            unrated: GateMode::Enforce,
            mode: GateMode::Enforce,
            source: "".into(),
        }
    }
}

/// For how many days a result that no relevant change has overtaken still speaks of HEAD; 0: its age alone ends nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ttl {
    /// Test results.
    pub tests: u32,
    /// Coverage.
    pub coverage: u32,
    /// Scans of code and dependencies: new advisories appear without any change of ours.
    pub scan: u32,
    /// Scans of a running system.
    pub dast: u32,
}

impl Default for Ttl {
    fn default() -> Self {
        Self {
            tests: 0,
            coverage: 0,
            scan: 7,
            dast: 30,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_strict_only_with_the_sign_that_says_so() {
        for (text, want) in [
            (">95%", Some((false, 950_000))),
            ("> 95 %", Some((false, 950_000))),
            (">=95%", Some((true, 950_000))),
            ("≥ 95", Some((true, 950_000))),
            ("95%", Some((true, 950_000))),
            ("99.5", Some((true, 995_000))),
            ("99.9999%", Some((true, 999_999))),
            ("0", Some((true, 0))),
            ("100%", Some((true, 1_000_000))),
            (">100%", None),
            ("101", None),
            ("99.99999", None),
            ("<95%", None),
            ("=95", None),
            ("95%%", None),
            ("", None),
            ("%", None),
            (".5", None),
            ("-1", None),
            ("1e2", None),
            ("99999999999", None),
        ] {
            assert_eq!(parse_threshold(text), want, "{text}");
            if let Some((_, target)) = want {
                let again = parse_threshold(&threshold_words(target));
                assert_eq!(again, Some((true, target)), "{text}");
            }
        }
    }
}
