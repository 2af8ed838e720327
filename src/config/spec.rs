//! The list of every key: the one place from which parsing, the schema, the example and `config show` follow.

/// What there is to know of a key.
#[derive(Debug, Clone, Copy)]
pub struct KeySpec {
    /// Dotted name: `look.theme`.
    pub name: &'static str,
    /// Where it may stand.
    pub scope: Scope,
    /// What it holds.
    pub kind: KeyKind,
    /// The built-in value as TOML.
    pub default: &'static str,
    /// What it does, one sentence.
    pub doc: &'static str,
}

/// Where a key may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In the user's file and in the repository's.
    Everywhere,
    /// Only in the user's file; why a repository may not set it.
    User(&'static str),
}

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// Any text.
    Text,
    /// A list of names.
    Names,
    /// A list of globs.
    Globs,
    /// A whole number that is not negative.
    Number,
    /// A share that coverage must reach, or nothing.
    Threshold,
}

const STAGES: &[&str] = &["staging", "beta", "production"];
const SEVERITIES: &[&str] = &["blocker", "critical", "high", "medium", "low", "info"];
const UNPROVEN: &[&str] = &["hold", "warn", "ignore"];
pub(super) const MODES: &[&str] = &["enforce", "advise", "off"];
const COLOURS: &[&str] = &["auto", "always", "never"];
/// Severities of findings; `any` are those too whose severity no tool says.
pub(super) const FINDINGS: &[&str] = &["critical", "high", "medium", "low", "info", "any"];
pub(super) const METRICS: &[&str] = &["lines", "branches", "functions"];
const SCREEN: &str = "how the screen looks is the choice of the person in front of it";

/// Every key but those of `[keys]`, which are the names of commands.
pub const KEYS: &[KeySpec] = &[
    KeySpec {
        name: "stage",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(STAGES),
        default: "\"production\"",
        doc: "The stage that is judged; what an earlier stage needs, a later one needs too.",
    },
    KeySpec {
        name: "floor",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(SEVERITIES),
        default: "\"high\"",
        doc: "Items of this severity or worse block; items without a severity always do.",
    },
    KeySpec {
        name: "document_gates",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether the documents' own rules (\"blocked until all items are done\") decide.",
    },
    KeySpec {
        name: "read_only",
        scope: Scope::User("whether this person may write is not for a repository to say"),
        kind: KeyKind::Flag,
        default: "false",
        doc: "Refuse every write.",
    },
    KeySpec {
        name: "editor",
        scope: Scope::User("a repository must not choose a program that runs on your machine"),
        kind: KeyKind::Text,
        default: "\"\"",
        doc: "The editor's command line; empty asks $VISUAL, then $EDITOR.",
    },
    KeySpec {
        name: "unproven.severe",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(UNPROVEN),
        default: "\"hold\"",
        doc: "What a blocker or critical item that is said to be done without proof does to the verdict.",
    },
    KeySpec {
        name: "unproven.other",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(UNPROVEN),
        default: "\"warn\"",
        doc: "What an item of a lower severity that is said to be done without proof does to the verdict.",
    },
    KeySpec {
        name: "evidence.ci",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether a release needs continuous integration to have passed.",
    },
    KeySpec {
        name: "evidence.tests",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether a release needs test results.",
    },
    KeySpec {
        name: "evidence.coverage",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether a release needs coverage.",
    },
    KeySpec {
        name: "evidence.scan",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether a release needs security and quality scans.",
    },
    KeySpec {
        name: "coverage.target",
        scope: Scope::Everywhere,
        kind: KeyKind::Threshold,
        default: "\"\"",
        doc: "How much of all code must be covered; without any target coverage proves nothing, which is HOLD.",
    },
    KeySpec {
        name: "coverage.metric",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(METRICS),
        default: "\"lines\"",
        doc: "What is counted.",
    },
    KeySpec {
        name: "coverage.except",
        scope: Scope::Everywhere,
        kind: KeyKind::Globs,
        default: "[]",
        doc: "Globs of files that are left out.",
    },
    KeySpec {
        name: "coverage.mode",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether the target decides.",
    },
    KeySpec {
        name: "coverage.codecov",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether the targets of codecov.yml decide.",
    },
    KeySpec {
        name: "scans.severity",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(FINDINGS),
        default: "\"high\"",
        doc: "Findings of this severity or worse count.",
    },
    KeySpec {
        name: "scans.most",
        scope: Scope::Everywhere,
        kind: KeyKind::Number,
        default: "0",
        doc: "So many of them may be open.",
    },
    KeySpec {
        name: "scans.days",
        scope: Scope::Everywhere,
        kind: KeyKind::Number,
        default: "0",
        doc: "A finding counts only when it has been known for longer than so many days.",
    },
    KeySpec {
        name: "scans.unrated",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether findings without a severity keep the limit from passing.",
    },
    KeySpec {
        name: "scans.mode",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether the limit decides.",
    },
    KeySpec {
        name: "tests.failed",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether failed tests decide.",
    },
    KeySpec {
        name: "tests.skipped",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"advise\"",
        doc: "Whether tests that were skipped without a reason decide.",
    },
    KeySpec {
        name: "tests.flaky",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"advise\"",
        doc: "Whether tests that passed only on a rerun decide.",
    },
    KeySpec {
        name: "tests.least",
        scope: Scope::Everywhere,
        kind: KeyKind::Number,
        default: "1",
        doc: "At least so many tests must have run.",
    },
    KeySpec {
        name: "ttl.tests",
        scope: Scope::Everywhere,
        kind: KeyKind::Number,
        default: "0",
        doc: "Test results speak of HEAD for so many days; 0: until a relevant file changes.",
    },
    KeySpec {
        name: "ttl.coverage",
        scope: Scope::Everywhere,
        kind: KeyKind::Number,
        default: "0",
        doc: "Coverage speaks of HEAD for so many days; 0: until a relevant file changes.",
    },
    KeySpec {
        name: "ttl.scan",
        scope: Scope::Everywhere,
        kind: KeyKind::Number,
        default: "7",
        doc: "A scan of code or dependencies speaks of HEAD for so many days; 0: until a relevant file changes.",
    },
    KeySpec {
        name: "ttl.dast",
        scope: Scope::Everywhere,
        kind: KeyKind::Number,
        default: "30",
        doc: "A scan of a running system speaks of HEAD for so many days; 0: until a relevant file changes.",
    },
    KeySpec {
        name: "ci.required",
        scope: Scope::Everywhere,
        kind: KeyKind::Names,
        default: "[]",
        doc: "Checks that must pass beside those that the branch requires; `*` stands for any characters.",
    },
    KeySpec {
        name: "ci.allowed_skips",
        scope: Scope::Everywhere,
        kind: KeyKind::Names,
        default: "[]",
        doc: "Checks that may be skipped.",
    },
    KeySpec {
        name: "ci.accept_neutral",
        scope: Scope::Everywhere,
        kind: KeyKind::Names,
        default: "[]",
        doc: "Checks for which a neutral conclusion is good enough.",
    },
    KeySpec {
        name: "ci.blocker_labels",
        scope: Scope::Everywhere,
        kind: KeyKind::Names,
        default: "[\"release-blocker\", \"blocker\"]",
        doc: "Labels of issues that block a release while they are open.",
    },
    KeySpec {
        name: "ci.alerts",
        scope: Scope::Everywhere,
        kind: KeyKind::Word(MODES),
        default: "\"enforce\"",
        doc: "Whether open alerts of high or critical severity on GitHub decide.",
    },
    KeySpec {
        name: "reports.include",
        scope: Scope::Everywhere,
        kind: KeyKind::Globs,
        default: "[]",
        doc: "Globs of Markdown files that count as readiness reports whatever they say.",
    },
    KeySpec {
        name: "reports.exclude",
        scope: Scope::Everywhere,
        kind: KeyKind::Globs,
        default: "[]",
        doc: "Globs of Markdown files that never count; stronger than reports.include.",
    },
    KeySpec {
        name: "evidence_files.include",
        scope: Scope::Everywhere,
        kind: KeyKind::Globs,
        default: "[]",
        doc: "Globs of files that are evidence wherever they lie, also among fixtures.",
    },
    KeySpec {
        name: "evidence_files.exclude",
        scope: Scope::Everywhere,
        kind: KeyKind::Globs,
        default: "[]",
        doc: "Globs of files that are no evidence; stronger than evidence_files.include.",
    },
    KeySpec {
        name: "look.theme",
        scope: Scope::User(SCREEN),
        kind: KeyKind::Text,
        default: "\"auto\"",
        doc: "auto, dark, light, ansi16, high-contrast, colour-blind, mono, or NAME for themes/NAME.toml beside this file.",
    },
    KeySpec {
        name: "look.ascii",
        scope: Scope::User(SCREEN),
        kind: KeyKind::Flag,
        default: "false",
        doc: "Only ASCII glyphs and borders.",
    },
    KeySpec {
        name: "look.color",
        scope: Scope::User(SCREEN),
        kind: KeyKind::Word(COLOURS),
        default: "\"auto\"",
        doc: "Whether colours are used; auto obeys NO_COLOR.",
    },
    KeySpec {
        name: "look.mouse",
        scope: Scope::User(SCREEN),
        kind: KeyKind::Flag,
        default: "false",
        doc: "Let the mouse wheel scroll; selecting text then needs shift.",
    },
];

/// Sections that may also hold tables with names of a person's choice: `[coverage.NAME]`.
pub(super) const NAMED_SECTIONS: [&str; 2] = ["coverage", "scans"];

/// Why a repository may not bind keys.
pub(super) const KEYS_ARE_THE_USERS: &str = "what a key does must not change from one repository to the next";

/// The key of a name.
#[must_use]
pub fn spec(name: &str) -> Option<&'static KeySpec> {
    KEYS.iter().find(|key| key.name == name)
}

impl KeySpec {
    /// What may stand there, in words.
    #[must_use]
    pub fn allowed(&self) -> String {
        match self.kind {
            KeyKind::Word(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", words.join(", "))
            }
            KeyKind::Flag => "`true` or `false`".to_owned(),
            KeyKind::Text => "a text in quotes".to_owned(),
            KeyKind::Number => "a whole number".to_owned(),
            KeyKind::Threshold => "a share such as `\"80%\"` (at least) or `\">95%\"` (more than)".to_owned(),
            KeyKind::Names => "a list of names such as `[\"build\", \"test*\"]`".to_owned(),
            KeyKind::Globs => "a list of globs such as `[\"docs/**/*.md\"]`".to_owned(),
        }
    }

    /// Whether it is part of the policy, where a lost value can change the verdict.
    #[must_use]
    pub fn judges(&self) -> bool {
        self.scope == Scope::Everywhere
    }
}
