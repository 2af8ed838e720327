//! A TOML text as a flat list of dotted keys with their places; what cannot be read becomes problems.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::spec::{NAMED_SECTIONS, spec};
use crate::model::{Problem, ProblemSeverity};
use crate::text::clean::clean;

/// A value as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Raw {
    /// A string.
    Text(String),
    /// A boolean.
    Flag(bool),
    /// A number, as written.
    Number(String),
    /// A list of strings.
    List(Vec<String>),
    /// Anything else, named.
    Other(&'static str),
}

/// A key with its value and place.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Dotted.
    pub key: String,
    pub value: Raw,
    /// `name:line:column` of the value.
    pub at: String,
    /// `name:line`.
    pub line: String,
}

/// A table that a person gave a name to: `[coverage.NAME]`.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// The section that it stands in.
    pub section: &'static str,
    pub name: String,
    /// Where it begins.
    pub at: String,
    pub line: String,
    /// Its values; their keys are the bare names.
    pub fields: Vec<Entry>,
}

/// What a text holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub entries: Vec<Entry>,
    pub named: Vec<Named>,
}

/// The entries of a text, or the one problem that it is no TOML.
pub(super) fn entries(text: &str, name: &str) -> Result<Found, Problem> {
    // A byte order mark is no mistake of the person.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    // The first mistake in the text is the one to mend; later ones may only follow from it.
    let table = match errors
        .into_iter()
        .min_by_key(|error| error.span().map_or(0, |span| span.start))
    {
        None => table.into_inner(),
        Some(error) => {
            let start = error.span().map_or(0, |span| span.start);
            let (line, column) = place(text, start);
            let shown: String = clean(text.lines().nth(line - 1).unwrap_or_default())
                .trim()
                .chars()
                .take(60)
                .collect();
            return Err(Problem {
                severity: ProblemSeverity::Error,
                at: format!("{name}:{line}:{column}").into(),
                what: format!(
                    "the file is not valid TOML ({}) at `{shown}`; nothing of it is used",
                    clean(error.message())
                )
                .into(),
                hint: Some("mend this line; `gonogo config check` tells when all is well".into()),
            });
        }
    };
    let mut found = Found::default();
    flatten(&table, "", text, name, &mut found);
    Ok(found)
}

fn flatten(table: &DeTable<'_>, prefix: &str, text: &str, name: &str, found: &mut Found) {
    let section = NAMED_SECTIONS.into_iter().find(|section| *section == prefix);
    for (key, value) in table {
        let dotted = if prefix.is_empty() {
            key.get_ref().to_string()
        } else {
            format!("{prefix}.{}", key.get_ref())
        };
        match (value.get_ref(), section) {
            // Two levels are all that any key has; what lies deeper is a table with a name or one wrong value.
            (DeValue::Table(inner), _) if prefix.is_empty() => {
                flatten(inner, &dotted, text, name, found);
            }
            (DeValue::Table(inner), Some(section)) if spec(&dotted).is_none() => {
                let (line, column) = place(text, key.span().start);
                found.named.push(Named {
                    section,
                    name: key.get_ref().to_string(),
                    at: format!("{name}:{line}:{column}"),
                    line: format!("{name}:{line}"),
                    fields: inner
                        .iter()
                        .map(|(field, value)| entry(field.get_ref().to_string(), value, text, name))
                        .collect(),
                });
            }
            _ => found.entries.push(entry(dotted, value, text, name)),
        }
    }
}

fn entry(key: String, value: &Spanned<DeValue<'_>>, text: &str, name: &str) -> Entry {
    let (line, column) = place(text, value.span().start);
    Entry {
        key,
        value: raw(value, text),
        at: format!("{name}:{line}:{column}"),
        line: format!("{name}:{line}"),
    }
}

fn raw(value: &Spanned<DeValue<'_>>, text: &str) -> Raw {
    match value.get_ref() {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Boolean(flag) => Raw::Flag(*flag),
        DeValue::Integer(_) | DeValue::Float(_) => {
            Raw::Number(text.get(value.span()).unwrap_or_default().to_owned())
        }
        DeValue::Datetime(_) => Raw::Other("a date"),
        DeValue::Table(_) => Raw::Other("a table"),
        DeValue::Array(items) => items
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .map_or(Raw::Other("a list that holds more than texts"), Raw::List),
    }
}

/// 1-based line and column (in characters) of a byte offset.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

impl Raw {
    /// What it is, for a sentence.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Flag(flag) => format!("`{flag}`"),
            Self::Number(text) if text.contains('.') => "a number".to_owned(),
            Self::Number(_) => "a whole number".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Other(what) => (*what).to_owned(),
        }
    }
}

/// A name or value from outside, made safe and short, in backticks.
pub(super) fn quoted(text: &str) -> String {
    let safe = clean(text);
    if safe.chars().count() > 48 {
        let short: String = safe.chars().take(47).collect();
        format!("`{short}…`")
    } else {
        format!("`{safe}`")
    }
}

/// The place of a spanned value, for other readers of TOML.
pub(super) fn place_of<T>(text: &str, value: &Spanned<T>) -> (usize, usize) {
    place(text, value.span().start)
}
