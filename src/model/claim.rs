//! Claims, contradictions and the verdicts that documents declare in words.

use super::{RepoPath, Stage};
use crate::text::Span;

/// What a rule read in a passage, apart from where it stands: MODEL's subject, predicate, comparator, value, scope.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Of what it speaks: a path, a glob, a column, a list.
    pub subject: Box<str>,
    /// What is said of it: `exists`, `lines`, `touches`; empty where the kind says it all.
    pub predicate: &'static str,
    /// `=`, `>`, `>=`, `<`, `<=`, `~`.
    pub comparator: &'static str,
    /// The claimed value as written.
    pub value: Box<str>,
    /// What narrows or completes it; what it means is for the rule to say.
    pub scope: Box<[Box<str>]>,
}

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
    /// The rule that recognised it and checks it.
    pub rule: &'static str,
    /// What is said, in parts.
    pub said: Said,
    /// In which mood it is said; only asserted claims can be refuted.
    pub modality: Modality,
    /// Index into [`super::Report::items`] of the item that it belongs to.
    pub item: Option<u32>,
    /// When it holds, it shows that its item is done; a mere mention shows nothing.
    pub supports: bool,
    /// The verdict that counts today.
    pub verdict: ClaimVerdict,
    /// Was it ever true: at the commit that last touched its line.
    pub at_document: ClaimVerdict,
    /// Is it still true: at HEAD, with what is on disk.
    pub at_head: ClaimVerdict,
    /// One sentence: why the verdict is so.
    pub reason: Box<str>,
    /// What it rests on.
    pub proof: Vec<Proof>,
}

/// One thing that a claim's verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// A short sentence: "412 lines".
    pub what: Box<str>,
    /// `path:line`, a commit, or a URL.
    pub source: Box<str>,
}

/// What a claim is about. Grows with each capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimKind {
    /// A total, sum, mean, percentage or count that the document itself can prove or refute.
    Arithmetic,
    /// Files of the repository: that they exist, their size, their lines, what stands in them.
    File,
    /// Commits, branches, what was pushed.
    Git,
    /// What the CI definition says and whether it can fail.
    Ci,
    /// Settings, constants, scripts, dependencies.
    Configuration,
    /// How many there are of something in the code.
    Count,
    /// Something that has to happen again and again.
    Obligation,
    /// Coverage figures.
    Coverage,
    /// Findings of scans.
    Scan,
    /// Test results.
    Tests,
    /// Two documents about one thing.
    Documents,
}

impl ClaimKind {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Arithmetic => "arithmetic",
            Self::File => "file",
            Self::Git => "git",
            Self::Ci => "ci",
            Self::Configuration => "configuration",
            Self::Count => "count",
            Self::Obligation => "obligation",
            Self::Coverage => "coverage",
            Self::Scan => "scan",
            Self::Tests => "tests",
            Self::Documents => "documents",
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
    /// So many of its parts hold.
    PartlyHolds {
        /// Parts that hold.
        holding: u32,
        /// Parts there are.
        parts: u32,
    },
    /// It was true when it was written and is not true any more.
    Stale {
        /// What was claimed.
        expected: Box<str>,
        /// What is so today.
        actual: Box<str>,
    },
    /// True only because there is nothing to check, or the check cannot fail; and why.
    Vacuous(Box<str>),
    /// Another place says otherwise: `path:line`.
    Contradicted(Box<str>),
    /// Cannot be decided, and why.
    Unverifiable(Box<str>),
    /// It makes no sense as written, and why.
    Malformed(Box<str>),
    /// Nobody looked yet.
    #[default]
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
            Self::PartlyHolds { .. } => "partly_holds",
            Self::Stale { .. } => "stale",
            Self::Vacuous(_) => "vacuous",
            Self::Contradicted(_) => "contradicted",
            Self::Unverifiable(_) => "unverifiable",
            Self::Malformed(_) => "malformed",
            Self::NotChecked => "not_checked",
        }
    }

    /// The evidence speaks for it.
    #[must_use]
    pub const fn says_yes(&self) -> bool {
        matches!(self, Self::Holds | Self::HoldsLoosely)
    }

    /// The evidence speaks against it.
    #[must_use]
    pub const fn says_no(&self) -> bool {
        matches!(self, Self::Refuted { .. })
    }
}

/// Two places of one document, or of two, that cannot both be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// Which kind.
    pub kind: ContradictionKind,
    /// 1-based lines, the claiming one first.
    pub lines: Vec<u32>,
    /// One sentence with both values: "TOTAL says 9; the rows add to 10".
    pub message: Box<str>,
    /// The other place, when it lies in another document.
    pub other: Option<Box<Elsewhere>>,
}

/// A place in another document of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The document.
    pub path: RepoPath,
    /// 1-based line.
    pub line: u32,
}

/// A figure under its name in a part that speaks of the whole document: "Open endpoints: 41".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFigure {
    /// The telling words of the name and the unit, sorted: figures with one key speak of one thing.
    pub key: Box<str>,
    /// The name as written.
    pub name: Box<str>,
    /// The value in thousandths.
    pub value: u64,
    /// The value for a message.
    pub shown: Box<str>,
    /// 1-based line.
    pub line: u32,
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
