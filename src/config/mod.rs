//! Settings: built-in, user file, repository `gonogo.toml`, `GONOGO_*`, flags; each value knows its origin.
//!
//! Not here: finding and reading the files (`sources`). Invariant: the repository layer cannot name a command,
//! an editor, an API address, a token or a theme path: its type has no field for them.

use crate::model::Policy;

/// Every setting in force.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// How to judge.
    pub policy: Policy,
    /// How it looks.
    pub look: Look,
    /// Refuse every write.
    pub read_only: bool,
}

/// How the cockpit looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Name of a built-in theme, or `auto`.
    pub theme: String,
    /// Only ASCII glyphs and borders.
    pub ascii: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            theme: "auto".to_owned(),
            ascii: false,
        }
    }
}
