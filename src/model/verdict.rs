//! The verdict and its reasons.

use super::Severity;

/// The verdict, best first so that the maximum is the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Everything needed is there and passes.
    Go,
    /// GO, but only because of waivers.
    GoWithWaivers,
    /// Something needed is missing, pending, inconclusive, vacuous, unproven or stale.
    Hold,
    /// A gate fails, or a blocking item is open, refuted, blocked or conflicted.
    NoGo,
}

impl Verdict {
    /// As it is written everywhere.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::GoWithWaivers => "GO WITH WAIVERS",
            Self::Hold => "HOLD",
            Self::NoGo => "NO-GO",
        }
    }

    /// The exit code of `gonogo check`.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Go | Self::GoWithWaivers => 0,
            Self::NoGo => 1,
            Self::Hold => 3,
        }
    }
}

/// One reason of the verdict. Light: its words are made on demand by the assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// The verdict that this reason alone would give.
    pub effect: Verdict,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub kind: ReasonKind,
}

/// What a reason is about; numbers index the assessment's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasonKind {
    /// An item: document index, item index.
    Item(u32, u32),
    /// A gate of the assessment.
    Gate(u32),
    /// A contradiction: document index, contradiction index.
    Contradiction(u32, u32),
    /// A problem of the assessment.
    Problem(u32),
    /// There is nothing to judge.
    Nothing,
    /// A document declares a worse verdict than the items and gates give: document index, declared verdict index.
    Declared(u32, u32),
    /// A refuted claim that no contradiction speaks of: document index, claim index.
    Claim(u32, u32),
}
