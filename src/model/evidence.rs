//! Evidence: what tools wrote, bound to a commit and a time.

use jiff::Timestamp;

/// One piece of evidence, judged for binding and freshness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What it can prove.
    pub kind: EvidenceKind,
    /// `path`, or a URL.
    pub source: Box<str>,
    /// Whether it could be had.
    pub collection: Collection,
    /// What it says.
    pub outcome: Outcome,
    /// To which commit it belongs, seen from HEAD.
    pub binding: Binding,
    /// Whether it still speaks of HEAD.
    pub freshness: Freshness,
    /// When it was made.
    pub produced_at: Option<Timestamp>,
}

/// The kinds of evidence a release needs by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// Continuous integration.
    Ci,
    /// Test results.
    Tests,
    /// Coverage.
    Coverage,
    /// Security and quality scans.
    Scan,
}

impl EvidenceKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Ci, Self::Tests, Self::Coverage, Self::Scan];

    /// The word of the JSON and of the configuration.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ci => "ci",
            Self::Tests => "tests",
            Self::Coverage => "coverage",
            Self::Scan => "scan",
        }
    }
}

/// Whether evidence could be collected. Anything but `Collected` can never be a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Collection {
    /// Nothing there.
    Absent,
    /// Being fetched.
    Fetching,
    /// All of it.
    Collected,
    /// Some of it, and why not all.
    Partial(Box<str>),
    /// None of it, and why.
    Error(Box<str>),
    /// None of it: whoever asked may not read it, and why.
    Unauthorised(Box<str>),
    /// None of it now: too much was asked, and until when.
    RateLimited(Box<str>),
}

impl Collection {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Fetching => "fetching",
            Self::Collected => "collected",
            Self::Partial(_) => "partial",
            Self::Error(_) => "error",
            Self::Unauthorised(_) => "unauthorised",
            Self::RateLimited(_) => "rate_limited",
        }
    }

    /// Why not all of it is there; empty when nothing more is known than the word.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Absent | Self::Fetching | Self::Collected => "",
            Self::Partial(why) | Self::Error(why) | Self::Unauthorised(why) | Self::RateLimited(why) => why,
        }
    }
}

/// What evidence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// All well.
    Pass,
    /// Something minor.
    Warn,
    /// Not well.
    Fail,
    /// Skipped, or nothing was in its scope.
    NotEvaluated,
    /// Neither.
    Inconclusive,
    /// The producer itself failed.
    Error,
}

impl Outcome {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::NotEvaluated => "not_evaluated",
            Self::Inconclusive => "inconclusive",
            Self::Error => "error",
        }
    }
}

/// How the evidence's commit relates to HEAD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Binding {
    /// The same commit.
    Exact,
    /// An ancestor.
    Ancestor {
        /// Commits between.
        commits: u32,
        /// Files of the evidence's scope changed since.
        relevant_files_changed: u32,
    },
    /// A descendant.
    Descendant,
    /// HEAD with uncommitted changes.
    Dirty,
    /// Another line of history.
    Unrelated,
    /// No commit is known.
    Unbound,
}

impl Binding {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Ancestor { .. } => "ancestor",
            Self::Descendant => "descendant",
            Self::Dirty => "dirty",
            Self::Unrelated => "unrelated",
            Self::Unbound => "unbound",
        }
    }
}

/// Whether evidence still speaks of HEAD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Freshness {
    /// Yes.
    Fresh,
    /// Nearly.
    Aging,
    /// Not any more.
    Stale,
    /// Long past.
    Expired,
}

impl Freshness {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Aging => "aging",
            Self::Stale => "stale",
            Self::Expired => "expired",
        }
    }
}
