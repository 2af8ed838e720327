//! The parts of a shell script that decide its exit code.

/// Commands one after the other.
pub type List = Vec<Entry>;

/// One and-or list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What runs.
    pub node: Node,
    /// It ends in `&`.
    pub background: bool,
}

/// What can run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A simple command: its place in [`super::Script::commands`].
    Simple(usize),
    /// `a | b`, `! a`.
    Pipeline {
        /// The parts, left to right.
        parts: Vec<Node>,
        /// It begins with `!`.
        negated: bool,
    },
    /// `a && b || c`.
    AndOr {
        /// The first.
        first: Box<Node>,
        /// The others: whether it is `&&`, and what runs.
        rest: Vec<(bool, Node)>,
    },
    /// `( … )`.
    Subshell(List),
    /// `{ … }`.
    Group(List),
    /// `if … then … elif … else … fi`.
    If {
        /// Condition and body of each.
        arms: Vec<(List, List)>,
        /// `else`.
        otherwise: List,
    },
    /// `while` and `until`.
    While {
        /// It waits for a success.
        until: bool,
        /// The condition.
        condition: List,
        /// The body.
        body: List,
    },
    /// `for … do … done`, `select`.
    For(List),
    /// `case … esac`: the bodies, and whether one pattern is `*`.
    Case {
        /// The bodies.
        arms: Vec<List>,
        /// One of them takes everything.
        exhaustive: bool,
    },
    /// `name() { … }`.
    Function {
        /// Its name.
        name: Box<str>,
        /// Its body.
        body: Box<Node>,
    },
    /// `[[ … ]]` and `(( … ))`: a test whose outcome is not known.
    Test,
}

/// A simple command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// `NAME=value` before the command, or alone.
    pub assignments: Vec<(Box<str>, Word)>,
    /// The command and its arguments.
    pub words: Vec<Word>,
    /// From 0.
    pub line: usize,
    /// Its bytes in the script.
    pub bytes: (usize, usize),
}

/// A word with its quotes removed; expansions stay as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// The text.
    pub text: String,
    /// Some of it was quoted.
    pub quoted: bool,
    /// The scripts of its command substitutions.
    pub inner: Vec<List>,
}
