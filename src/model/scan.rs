//! Scan results: what a security or quality tool found.

use super::Problem;

/// What one scan file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanReport {
    /// The tool's name as it calls itself.
    pub tool: Box<str>,
    /// The file says that the tool really ran; zero findings prove nothing without it.
    pub ran: bool,
    /// When the tool says that it ran, as written.
    pub produced_at: Option<Box<str>>,
    /// The commit that the file itself names.
    pub commit: Option<Box<str>>,
    /// Findings that count, as the producing tool counts them.
    pub findings: Vec<Finding>,
    /// Findings that were suppressed or are fixed, left out of `findings`.
    pub suppressed: u32,
    /// What was left out.
    pub problems: Vec<Problem>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Finding {
    /// Rule, check, advisory or CVE id.
    pub rule: Box<str>,
    /// In the contract's words.
    pub severity: FindingSeverity,
    /// One sentence.
    pub message: Box<str>,
    /// File as written, or image target, or URL.
    pub path: Option<Box<str>>,
    /// 1-based line.
    pub line: Option<u32>,
    /// What few findings have.
    pub more: Option<Box<FindingMore>>,
}

/// Rarely present properties of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FindingMore {
    /// Package name.
    pub package: Option<Box<str>>,
    /// Installed version.
    pub version: Option<Box<str>>,
    /// Version that fixes it.
    pub fix: Option<Box<str>>,
    /// Other names of the same advisory (CVE, GHSA …).
    pub aliases: Vec<Box<str>>,
    /// Where to read more.
    pub link: Option<Box<str>>,
    /// The tool's own fingerprint.
    pub fingerprint: Option<Box<str>>,
}

/// Severity words of the contract, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum FindingSeverity {
    /// Critical.
    Critical,
    /// High.
    High,
    /// Medium, moderate.
    Medium,
    /// Low.
    Low,
    /// Info, informational, note.
    Info,
    /// The tool does not say.
    #[default]
    Unknown,
}

impl FindingSeverity {
    /// Every severity, worst first.
    pub const ALL: [Self; 6] = [
        Self::Critical,
        Self::High,
        Self::Medium,
        Self::Low,
        Self::Info,
        Self::Unknown,
    ];

    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
            Self::Unknown => "unknown",
        }
    }

    /// The severity of a tool's word, in any case; levels such as `error` or `warning` are no severity.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "critical" => Self::Critical,
            "high" => Self::High,
            "medium" | "moderate" => Self::Medium,
            "low" => Self::Low,
            "info" | "informational" | "information" | "negligible" | "note" | "none" => Self::Info,
            _ => Self::Unknown,
        }
    }
}
