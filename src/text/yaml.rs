//! YAML as a small tree whose every node knows its place.
//!
//! Scalars keep their text and style: what `on`, `3.10` or `0123` mean is for the reader to say, so that the key `on:`
//! stays a key and a version keeps its zero. Mappings keep their order and repeated keys; aliases and merge keys (`<<`)
//! are resolved within a budget. Not here: what a document means, templates (a file that needs rendering first is an
//! error with its place). Invariant: any text gives documents or one error, in bounded time and memory, and spans lie
//! inside the file; held by the properties in `tests` and the fuzz target `yaml`.

mod read;
#[cfg(test)]
mod tests;

use std::fmt;

pub use read::{MAX_BYTES, MAX_DEPTH, MAX_NODES, parse};

use super::Span;

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it begins, 1-based. Inside of an alias: where the anchor's value stands.
    pub line: u32,
    /// Its raw bytes in the file.
    pub span: Span,
    /// Its tag as written (`!reference`, `!!str`), where it has one.
    pub tag: Option<Box<str>>,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One value.
    Scalar(Scalar),
    /// `- a` or `[a, b]`.
    List(Vec<Node>),
    /// `key: value`.
    Map(Map),
}

/// One value as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The value: escapes resolved, folded lines joined.
    pub text: Box<str>,
    /// How it was written.
    pub style: Style,
    /// The line in the file on which its text begins: for `|` and `>` the first of the block.
    pub text_line: u32,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes; only these can mean a number, a boolean or null.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// `|`: its lines are the file's lines.
    Literal,
    /// `>`: its lines are joined.
    Folded,
}

/// Keys and values in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Map {
    /// All entries; those from merge keys follow the mapping's own.
    pub entries: Vec<Entry>,
    /// Keys that stand there twice: tools refuse the file, or take one of them silently.
    pub repeated: Vec<Repeated>,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key's text; a key that is a list or a mapping as it is written.
    pub key: Box<str>,
    /// Where the key stands, 1-based.
    pub line: u32,
    /// The key's raw bytes.
    pub span: Span,
    /// What it is set to.
    pub value: Node,
    /// It came from a merge key.
    pub merged: bool,
}

/// A key that stands twice in one mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The key.
    pub key: Box<str>,
    /// The line of the first.
    pub first: u32,
    /// The line of the later one.
    pub again: u32,
}

/// Why a text is not YAML that can be read here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// One sentence.
    pub message: Box<str>,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl Node {
    /// The value of a key, when this is a mapping; of a repeated key the last, as most tools take it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key, when this is a mapping; of a repeated key the last.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let own = |entry: &&Entry| &*entry.key == key && !entry.merged;
        let entries = self.entries();
        let found = entries.iter().rev().find(own);
        found.or_else(|| entries.iter().find(|entry| &*entry.key == key))
    }

    /// The value at a path of keys.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a mapping; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(map) => &map.entries,
            _ => &[],
        }
    }

    /// The nodes of a list; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The nodes of a list, or the value itself where one may stand for a list (`on: push`); none of null.
    #[must_use]
    pub fn one_or_more(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ if self.is_null() => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The scalar.
    #[must_use]
    pub const fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar that is not null.
    #[must_use]
    pub fn str(&self) -> Option<&str> {
        (!self.is_null())
            .then(|| self.scalar())
            .flatten()
            .map(|scalar| &*scalar.text)
    }

    /// Nothing was written, or `null`, or `~`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.plain()
            .is_some_and(|text| matches!(text, "" | "~" | "null" | "Null" | "NULL"))
    }

    /// A boolean as YAML 1.2 and GitHub know it: `true` and `false`, without quotes.
    #[must_use]
    pub fn bool(&self) -> Option<bool> {
        match self.plain()? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// A boolean as YAML 1.1 knows it (Ruby, Python, old Go tools): also `yes`, `no`, `on`, `off`.
    #[must_use]
    pub fn bool_of_yaml_1_1(&self) -> Option<bool> {
        match self.plain()? {
            "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
            "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
            _ => self.bool(),
        }
    }

    /// The text of a scalar without quotes: the only kind that may mean something else than itself.
    fn plain(&self) -> Option<&str> {
        let scalar = self.scalar()?;
        // A tag decides the type: `!!str true` is text.
        let typed = self.tag.is_some() || scalar.style != Style::Plain;
        (!typed).then_some(&*scalar.text)
    }
}

impl Scalar {
    /// The file's line of the text's `nth` line (from 0). Exact for `|`; for the other styles the line where it begins,
    /// because their lines are joined.
    #[must_use]
    pub fn line_of(&self, nth: usize) -> u32 {
        match self.style {
            Style::Literal => self
                .text_line
                .saturating_add(u32::try_from(nth).unwrap_or(u32::MAX)),
            _ => self.text_line,
        }
    }
}
