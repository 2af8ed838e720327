//! How much an item matters.

use std::sync::Arc;

/// Worst first, so that sorting puts blockers on top. `Unspecified` stands where nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Severity {
    /// P0, or named a blocker.
    Blocker,
    /// CRITICAL.
    Critical,
    /// P1, HIGH.
    High,
    /// P2, MEDIUM.
    Medium,
    /// Nothing written. Reaches every floor: what nobody graded is not harmless.
    #[default]
    Unspecified,
    /// P3, LOW.
    Low,
    /// For information.
    Info,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 7] = [
        Self::Blocker,
        Self::Critical,
        Self::High,
        Self::Medium,
        Self::Unspecified,
        Self::Low,
        Self::Info,
    ];

    /// The word of the JSON and of filters.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Unspecified => "unspecified",
            Self::Low => "low",
            Self::Info => "info",
        }
    }

    /// The severity of a word or of `P0`…`P3`, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        match word.as_str() {
            "p0" => Some(Self::Blocker),
            "p1" => Some(Self::High),
            "p2" => Some(Self::Medium),
            "p3" => Some(Self::Low),
            _ => Self::ALL.into_iter().find(|severity| severity.word() == word),
        }
    }

    /// Whether this severity is at least as bad as `floor`; an unspecified one always is.
    #[must_use]
    pub fn reaches(self, floor: Self) -> bool {
        self == Self::Unspecified || self <= floor
    }
}

/// Where an item's severity was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeveritySource {
    /// The words as written: `P0-1`, `CRITICAL`, `TIER 2`, a table cell.
    pub written: Arc<str>,
    /// 1-based line of those words.
    pub line: u32,
}
