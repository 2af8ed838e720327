//! What a document itself says of an item.

/// The declared status. The order is from least to most done: a conflicted item is gated as its least vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Status {
    /// No marker says anything.
    #[default]
    Unmarked,
    /// Markers disagree.
    Conflicted,
    /// Work cannot go on.
    Blocked,
    /// Not begun.
    Open,
    /// Put off.
    Deferred,
    /// Begun.
    InProgress,
    /// Said to be done.
    Done,
    /// Said to be done and checked.
    Verified,
    /// Said not to apply.
    NotApplicable,
}

impl Status {
    /// Every status, in the order of the type.
    pub const ALL: [Self; 9] = [
        Self::Unmarked,
        Self::Conflicted,
        Self::Blocked,
        Self::Open,
        Self::Deferred,
        Self::InProgress,
        Self::Done,
        Self::Verified,
        Self::NotApplicable,
    ];
    /// What a person can set from the keyboard or with `gonogo set`.
    pub const SETTABLE: [Self; 7] = [
        Self::Open,
        Self::InProgress,
        Self::Blocked,
        Self::Deferred,
        Self::Done,
        Self::Verified,
        Self::NotApplicable,
    ];

    /// The word of the JSON, `gonogo set` and filters.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unmarked => "unmarked",
            Self::Conflicted => "conflicted",
            Self::Blocked => "blocked",
            Self::Open => "open",
            Self::Deferred => "deferred",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::Verified => "verified",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// The status of a word, with `-` or `_`, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase().replace('-', "_");
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Whether the document says that the work is finished.
    #[must_use]
    pub const fn says_done(self) -> bool {
        matches!(self, Self::Done | Self::Verified)
    }
}
