//! Stages of a release and what an item is required for.

/// The stage whose verdict is computed. Ordered: what an earlier stage requires, a later one requires too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Stage {
    /// Staging.
    Staging,
    /// Beta, pilot, MVP.
    Beta,
    /// Production, launch, mainnet.
    #[default]
    Production,
}

impl Stage {
    /// Every stage in order.
    pub const ALL: [Self; 3] = [Self::Staging, Self::Beta, Self::Production];

    /// The word of the JSON and of `--stage`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Beta => "beta",
            Self::Production => "production",
        }
    }

    /// The stage of a word, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }
}

/// What an item is needed for, from the heading it stands under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Requirement {
    /// Needed before this stage is entered.
    Required(Stage),
    /// Said to be optional or recommended.
    Optional,
    /// To be done after the deployment.
    PostDeploy,
    /// Planned for later.
    Future,
    /// Told, not asked for.
    Informational,
}

impl Default for Requirement {
    fn default() -> Self {
        Self::Required(Stage::Production)
    }
}

impl Requirement {
    /// The word of the JSON (`required` for every stage).
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Required(_) => "required",
            Self::Optional => "optional",
            Self::PostDeploy => "post_deploy",
            Self::Future => "future",
            Self::Informational => "informational",
        }
    }

    /// Whether entering `stage` needs it.
    #[must_use]
    pub fn applies_to(self, stage: Stage) -> bool {
        matches!(self, Self::Required(needed) if needed <= stage)
    }
}
