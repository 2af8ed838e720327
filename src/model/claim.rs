//! Claims, contradictions and the verdicts that documents declare in words.

use super::Stage;
use crate::text::Span;

/// A sentence of a report that can be held against evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// 1-based line.
    pub line: u32,
    /// The claimed passage's raw bytes.
    pub span: Span,
    /// The passage as people read it.
    pub text: Box<str>,
    /// What it is about.
    pub kind: ClaimKind,
    /// Of what it speaks: a path, a glob, a column, a list.
    pub subject: Box<str>,
    /// `=`, `>`, `>=`, `<`, `<=`, `~`.
    pub comparator: &'static str,
    /// The claimed value as written.
    pub value: Box<str>,
    /// In which mood it is said; only asserted claims can be refuted.
    pub modality: Modality,
    /// What checking it gave.
    pub verdict: ClaimVerdict,
    /// One sentence: why the verdict is so.
    pub reason: Box<str>,
}

/// What a claim is about. Grows with each capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimKind {
    /// A total, sum, mean, percentage or count that the document itself can prove or refute.
    Arithmetic,
}

impl ClaimKind {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Arithmetic => "arithmetic",
        }
    }
}

/// The mood of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Modality {
    /// Said of the present.
    #[default]
    Asserted,
    /// To be done.
    Planned,
    /// Advised.
    Recommended,
    /// Said of the past: "Before:".
    Historical,
    /// In a code block.
    Example,
    /// "about", "~".
    Estimate,
}

impl Modality {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asserted => "asserted",
            Self::Planned => "planned",
            Self::Recommended => "recommended",
            Self::Historical => "historical",
            Self::Example => "example",
            Self::Estimate => "estimate",
        }
    }
}

/// What checking a claim gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimVerdict {
    /// The evidence says the same.
    Holds,
    /// Inside its own tolerance ("about 40").
    HoldsLoosely,
    /// The evidence says otherwise.
    Refuted {
        /// What was claimed.
        expected: Box<str>,
        /// What is so.
        actual: Box<str>,
    },
    /// Cannot be decided, and why.
    Unverifiable(Box<str>),
    /// Nobody looked yet.
    NotChecked,
}

impl ClaimVerdict {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::HoldsLoosely => "holds_loosely",
            Self::Refuted { .. } => "refuted",
            Self::Unverifiable(_) => "unverifiable",
            Self::NotChecked => "not_checked",
        }
    }
}

/// Two places of one document that cannot both be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// Which kind.
    pub kind: ContradictionKind,
    /// 1-based lines, the claiming one first.
    pub lines: Vec<u32>,
    /// One sentence with both values: "TOTAL says 9; the rows add to 10".
    pub message: Box<str>,
}

/// The kinds of contradiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContradictionKind {
    /// A total and its parts.
    Total,
    /// A percentage and its counts.
    Percentage,
    /// A stated count and the list or table.
    Count,
    /// A mean or overall score and its rows.
    Mean,
    /// A difference and its two values.
    Delta,
    /// One figure said twice, differently.
    Figure,
    /// A sum of hours or money.
    Sum,
    /// Several declared verdicts.
    Verdict,
    /// Two gate rules.
    Gate,
    /// GO, "all done", "works" or a tick against what the same document says is still to be done.
    Status,
    /// One id with two meanings.
    Id,
    /// A severity word that breaks with its siblings.
    Severity,
}

impl ContradictionKind {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Percentage => "percentage",
            Self::Count => "count",
            Self::Mean => "mean",
            Self::Delta => "delta",
            Self::Figure => "figure",
            Self::Sum => "sum",
            Self::Verdict => "verdict",
            Self::Gate => "gate",
            Self::Status => "status",
            Self::Id => "id",
            Self::Severity => "severity",
        }
    }
}

/// A verdict in a document's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredVerdict {
    /// 1-based line.
    pub line: u32,
    /// The phrase's raw bytes.
    pub span: Span,
    /// The phrase as people read it.
    pub text: Box<str>,
    /// What it comes to.
    pub verdict: DeclaredVerdictKind,
    /// For which stage, where written; production otherwise.
    pub stage: Stage,
    /// Said of the past ("Before:"): shown, never counted.
    pub historical: bool,
}

/// What a declared verdict comes to, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeclaredVerdictKind {
    /// BLOCKED, NOT READY, NO-GO.
    NoGo,
    /// Awaiting something.
    Hold,
    /// GO under conditions.
    Conditional,
    /// GO, READY, APPROVED.
    Go,
}

impl DeclaredVerdictKind {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoGo => "no_go",
            Self::Hold => "hold",
            Self::Conditional => "conditional",
            Self::Go => "go",
        }
    }
}
