//! Gates: the rules that a release must pass.

use super::Stage;
use crate::text::Span;

/// A rule that a document sets itself ("blocked until ALL ITEMS completed").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentGate {
    /// 1-based line.
    pub line: u32,
    /// The sentence's raw bytes.
    pub span: Span,
    /// The sentence as people read it.
    pub text: Box<str>,
    /// Which items it waits for.
    pub scope: GateScope,
    /// The stage it guards.
    pub stage: Stage,
}

/// Which items of its document a gate waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GateScope {
    /// Every item that is required or has no plan word; `future`, `post_deploy`, `optional` and `informational` ones are not waited for.
    AllItems,
    /// The items below the sections at these indices of [`super::Report::sections`] ("Tier 1").
    Sections(Vec<u32>),
    /// The items of this severity or worse ("all P0").
    Severity(super::Severity),
    /// Words that name no item of the document: the gate is vacuous.
    Unresolved,
}

/// Whether a gate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum GateMode {
    /// It decides.
    #[default]
    Enforce,
    /// It is shown and does not decide.
    Advise,
    /// It is not evaluated.
    Off,
}

impl GateMode {
    /// The word of the configuration.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Advise => "advise",
            Self::Off => "off",
        }
    }
}

/// The result of a gate or of one of its members, worst first: the worst member wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GateResult {
    /// Does not hold.
    Fail,
    /// Could not be evaluated because something broke.
    Error,
    /// What it needs is not there.
    Missing,
    /// The evidence says neither.
    Inconclusive,
    /// Still running.
    Pending,
    /// Waits for a person.
    PendingHuman,
    /// Holds over an empty set, or cannot fail.
    Vacuous,
    /// Was skipped.
    NotEvaluated,
    /// Waived.
    Bypassed,
    /// Holds.
    Pass,
    /// Switched off.
    Off,
}

impl GateResult {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Missing => "missing",
            Self::Inconclusive => "inconclusive",
            Self::Pending => "pending",
            Self::PendingHuman => "pending_human",
            Self::Vacuous => "vacuous",
            Self::NotEvaluated => "not_evaluated",
            Self::Bypassed => "bypassed",
            Self::Pass => "pass",
            Self::Off => "off",
        }
    }
}
