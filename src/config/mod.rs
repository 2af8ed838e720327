//! Settings: built-in, user file, repository `gonogo.toml`, `GONOGO_*`, flags; each value knows its origin.
//!
//! Not here: finding and reading the files (`sources::settings`). Invariants: the repository layer cannot name a
//! command, an editor, an API address, a token or a theme: [`PolicyLayer`] has no field for them; no text makes a
//! parse fail, it makes [`crate::model::Problem`]s. Held by the tests here and by `tests/it/config.rs`.

mod ci;
mod demands;
mod document;
mod environment;
mod layers;
mod merge;
mod schema;
mod spec;
mod suggest;
mod theme_file;
mod themes;

use std::collections::{BTreeMap, HashMap};

use crate::model::Policy;

pub use ci::CiLayer;
pub use demands::{DemandLayer, Demands};
pub use environment::{RESERVED_VARIABLES, parse_environment, variable};
pub use layers::{PolicyLayer, UserLayer, Valued, parse_repository, parse_user};
pub use merge::{Layers, Shown, merge, show};
pub use schema::schema;
pub use spec::{KEYS, KeyKind, KeySpec, Scope, spec};
pub use suggest::suggest;
pub use theme_file::{Paint, StyleWords, ThemeFile, parse_theme};
pub use themes::{BUILT_IN_THEMES, built_in_theme, choose_theme, is_built_in_theme};

/// Every setting in force.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// How to judge.
    pub policy: Policy,
    /// What is demanded of evidence; the policy has it as targets, limits and rules.
    pub demands: Demands,
    /// How it looks.
    pub look: Look,
    /// Refuse every write.
    pub read_only: bool,
    /// Keys by command name, as written (`ctrl-p`, `G`); an empty list takes a command's keys away.
    /// Commands that are not named keep their own.
    pub keys: HashMap<String, Vec<String>>,
    /// The editor's command line; `None` asks `$VISUAL` and `$EDITOR`.
    pub editor: Option<String>,
    /// Where each value that is not built in comes from, by the key's name.
    pub origins: BTreeMap<String, Origin>,
}

impl Settings {
    /// Where the value of a key comes from.
    #[must_use]
    pub fn origin(&self, key: &str) -> &Origin {
        self.origins.get(key).unwrap_or(&Origin::BuiltIn)
    }
}

/// How the cockpit looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Name of a built-in theme or of a file in the user's theme folder, or `auto`.
    pub theme: String,
    /// Only ASCII glyphs and borders.
    pub ascii: bool,
    /// Whether colours are used.
    pub color: ColorChoice,
    /// Let the wheel scroll; takes text selection from the terminal.
    pub mouse: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            theme: "auto".to_owned(),
            ascii: false,
            color: ColorChoice::Auto,
            mouse: false,
        }
    }
}

/// Whether colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set and not empty.
    #[default]
    Auto,
    /// Always, even with `NO_COLOR`.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Always, Self::Never];

    /// The word of the configuration and of `--color`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }

    /// The choice of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.word() == word)
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Origin {
    /// The default.
    #[default]
    BuiltIn,
    /// The user's file: `path:line`.
    User(Box<str>),
    /// The repository's `gonogo.toml`: `path:line`.
    Repository(Box<str>),
    /// An environment variable's name.
    Environment(Box<str>),
    /// A flag as it is typed.
    Flag(Box<str>),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built-in"),
            Self::User(at) | Self::Repository(at) => f.write_str(at),
            Self::Environment(name) => write!(f, "${name}"),
            Self::Flag(name) => f.write_str(name),
        }
    }
}
