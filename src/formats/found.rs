//! What the scan formats share: documents that come alone, in a list or one after the other, and short findings.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::head::{Head, Shape};
use super::{File, ParseError, json};
use crate::model::{FindingMore, Problem, ProblemSeverity, ScanReport};

/// Where messages are cut: one sentence is enough, the report has the rest.
const SENTENCE: usize = 300;

/// The first line of a text that says something, cut to a sentence's length.
pub(super) fn sentence(text: &str) -> Box<str> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or_default();
    if line.len() <= SENTENCE {
        return line.into();
    }
    let mut end = SENTENCE;
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", line.get(..end).unwrap_or_default()).into()
}

/// The first of several texts that says something, as a sentence.
pub(super) fn first(texts: &[&str]) -> Box<str> {
    let text = texts.iter().find(|text| !text.trim().is_empty());
    sentence(text.copied().unwrap_or_default())
}

/// A text in a box, when there is any.
pub(super) fn boxed(text: &str) -> Option<Box<str>> {
    (!text.is_empty()).then(|| text.into())
}

/// A line number that is one: tools write 0 or -1 for none.
pub(super) fn line(number: json::Number) -> Option<u32> {
    number.line().filter(|line| *line > 0)
}

/// The rare properties, when there are any.
pub(super) fn rare(more: FindingMore) -> Option<Box<FindingMore>> {
    (more != FindingMore::default()).then(|| Box::new(more))
}

/// Names of an advisory without empty ones and without the finding's own.
pub(super) fn aliases<'t>(rule: &str, names: impl IntoIterator<Item = &'t str>) -> Vec<Box<str>> {
    let mut all: Vec<Box<str>> = Vec::new();
    for name in names {
        // A few dozen names at most; a hostile list must not cost its square.
        if !name.is_empty() && name != rule && all.len() < 64 && !all.iter().any(|known| **known == *name) {
            all.push(name.into());
        }
    }
    all
}

/// The number of things, saturating.
pub(super) fn count(things: usize) -> u32 {
    u32::try_from(things).unwrap_or(u32::MAX)
}

/// Notes that the scan says that it missed something.
pub(super) fn problem(report: &mut ScanReport, file: &File<'_>, severity: ProblemSeverity, what: &str) {
    super::files::note(&mut report.problems, file, 0, severity, what);
}

/// Notes that the file does not say that the tool ran.
pub(super) fn not_said(report: &mut ScanReport, file: &File<'_>, what: &str, hint: &str) {
    report.problems.push(Problem {
        severity: ProblemSeverity::Error,
        at: format!("{}:1", file.path).into(),
        what: what.into(),
        hint: Some(hint.into()),
    });
}

/// Whether the file is `[]` and named after the tool: the content names nobody.
pub(super) fn empty_list(head: &Head<'_>, tool: &str) -> bool {
    matches!(&head.shape, Shape::Json { array: true, keys } if keys.is_empty())
        && head.name.contains(tool)
        && squeezed(head, 3).is_some_and(|text| text == b"[]")
}

/// The head without white space, when at most so many bytes are left of it.
pub(super) fn squeezed(head: &Head<'_>, most: usize) -> Option<Vec<u8>> {
    let bytes = head.bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    let text: Vec<u8> = bytes.take(most + 1).copied().collect();
    (text.len() <= most).then_some(text)
}

/// Whether the JSON has no keys but these.
pub(super) fn only(head: &Head<'_>, known: &[&str]) -> bool {
    matches!(&head.shape, Shape::Json { keys, .. } if keys.iter().all(|key| known.contains(&key.as_str())))
}

/// Objects that come alone or in lists; anything else in between is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Many<T>(pub(super) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        macro_rules! nothing {
            ($($method:ident: $type:ty),*) => {
                $(fn $method<E: serde::de::Error>(self, _: $type) -> Result<Self::Value, E> { Ok(Many::default()) })*
            };
        }
        impl<'de, T: Deserialize<'de>> Visitor<'de> for V<T> {
            type Value = Many<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a list of objects")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|value| Many(vec![value]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(Many(mut some)) = seq.next_element::<Many<T>>()? {
                    all.append(&mut some);
                }
                Ok(Many(all))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Many::default())
            }
            nothing!(visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str);
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}

/// All objects of JSON values that follow each other, as tools write them that print as they go.
pub(super) fn stream<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<Vec<T>, ParseError> {
    let mut all = Vec::new();
    for some in serde_json::Deserializer::from_slice(bytes).into_iter::<Many<T>>() {
        let Many(mut some) = some.map_err(|error| json::place(&error, bytes, 0))?;
        all.append(&mut some);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_alone_in_lists_and_in_a_row() {
        let read =
            |text: &str| stream::<json::Entries<'_, json::Number>>(text.as_bytes()).map(|all| all.len());
        for (text, objects) in [
            ("{}", 1),
            ("[{},{}]", 2),
            ("[[{}],[{},null,1,\"x\"]]", 2),
            ("{}\n{}\n", 2),
            ("[{}][{}]", 2),
            ("[]", 0),
        ] {
            assert_eq!(read(text), Ok(objects), "{text}");
        }
        let cut = read("{}\n{\"a\":").unwrap_err();
        assert_eq!((cut.line, cut.message.contains("cut off")), (Some(2), true));
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let text = format!("\n  {} \nsecond", "ä".repeat(400));
        let cut = sentence(&text);
        assert!(cut.len() <= SENTENCE + 3 && cut.ends_with('…') && cut.starts_with("ää"));
        assert_eq!(&*sentence("  one.\ntwo"), "one.");
    }
}
