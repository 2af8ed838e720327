//! What all JSON formats share: types that take what tools really write, and errors with their place.
//!
//! A missing key, `null`, a number in a string or a string where a list belongs is no reason to refuse a report; broken
//! syntax is. Wrong types become the empty value.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::ParseError;
use crate::model::LineSet;

/// Reads one JSON document; anything behind it is an error.
pub(super) fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ParseError> {
    serde_json::from_str(text(bytes)?).map_err(|error| place(&error, bytes, 0))
}

/// The document as text: checked in one fast pass, each string in it need not be checked again.
pub(super) fn text(bytes: &[u8]) -> Result<&str, ParseError> {
    std::str::from_utf8(bytes)
        .map_err(|error| ParseError::at("bytes that are no UTF-8", bytes, error.valid_up_to()))
}

/// A parse error from one of serde_json; `start` is where its input began in `bytes`.
pub(super) fn place(error: &serde_json::Error, bytes: &[u8], start: usize) -> ParseError {
    let input = bytes.get(start..).unwrap_or_default();
    let mut line_start = 0;
    for _ in 1..error.line() {
        match memchr::memchr(b'\n', &input[line_start..]) {
            Some(at) => line_start += at + 1,
            None => break,
        }
    }
    let offset = (line_start + error.column().saturating_sub(1)).min(input.len());
    let full = error.to_string();
    let what = full.rfind(" at line ").map_or(full.as_str(), |at| &full[..at]);
    let message = if error.is_eof() {
        format!("the JSON is cut off: {what}")
    } else {
        format!("not the JSON that was expected: {what}")
    };
    ParseError::at(&message, bytes, start + offset)
}

/// A visitor method for each scalar that gives the same answer.
macro_rules! scalars {
    ($value:expr; $($method:ident: $type:ty),*) => {
        $(fn $method<E: serde::de::Error>(self, _: $type) -> Result<Self::Value, E> { Ok($value) })*
    };
}

/// Text; numbers and booleans are written out, anything else is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl Text<'_> {
    /// The text, when there is any.
    pub(super) fn boxed(&self) -> Option<Box<str>> {
        (!self.0.is_empty()).then(|| self.0.as_ref().into())
    }
}

impl std::ops::Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for V<'a> {
            type Value = Text<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(number.to_string())))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(number.to_string())))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(number.to_string())))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(if value { "true" } else { "false" })))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Text::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text::default())
            }
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}

/// A number; strings are read, anything else is none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Number(pub(super) Option<f64>);

impl Number {
    /// As a count: negative and not-a-number are none.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked; saturating"
    )]
    pub(super) fn count(self) -> Option<u64> {
        self.0.filter(|n| *n >= 0.0).map(|n| n as u64)
    }

    /// As a line number.
    pub(super) fn line(self) -> Option<u32> {
        self.count().and_then(|n| u32::try_from(n).ok())
    }

    /// Whether it is a count above zero.
    pub(super) fn ran(self) -> bool {
        self.0.is_some_and(|n| n > 0.0)
    }

    /// Whether a number is there that cannot be a count.
    pub(super) fn is_odd(self) -> bool {
        self.0.is_some_and(|n| n.is_nan() || n < 0.0)
    }

    /// As milliseconds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked; saturating"
    )]
    pub(super) fn millis(self) -> Option<u32> {
        self.0.filter(|n| *n >= 0.0).map(|n| n.round() as u32)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            #[expect(
                clippy::cast_precision_loss,
                reason = "counts above 2^53 only need to stay large"
            )]
            fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
                Ok(Number(Some(number as f64)))
            }
            #[expect(
                clippy::cast_precision_loss,
                reason = "counts above 2^53 only need to stay large"
            )]
            fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
                Ok(Number(Some(number as f64)))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Number, E> {
                Ok(Number(Some(number)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Number, E> {
                Ok(Number(text.trim().parse().ok()))
            }
            scalars!(Number(None); visit_bool: bool);
            fn visit_unit<E>(self) -> Result<Number, E> {
                Ok(Number(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Number, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Number(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Number, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Number(None))
            }
        }
        deserializer.deserialize_any(V)
    }
}

/// A truth value; `"true"` counts, anything else is false.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer).map(|text| Self(&*text == "true"))
    }
}

/// An object read as `T`; anything else is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object<T>(pub(super) Option<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for V<T> {
            type Value = Object<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|value| Object(Some(value)))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Object(None))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Object(None))
            }
            scalars!(Object(None); visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str);
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}

/// A list of `T`; anything else is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for V<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(List)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(List(Vec::new()))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(List(Vec::new()))
            }
            scalars!(List(Vec::new()); visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str);
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}

/// The entries of an object in order; anything else is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entries<'a, T>(pub(super) Vec<(Cow<'a, str>, T)>);

impl<T> Default for Entries<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Entries<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<'a, T>(PhantomData<(&'a (), T)>);
        impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for V<'a, T> {
            type Value = Entries<'a, T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some((key, value)) = map.next_entry::<Text<'a>, T>()? {
                    all.push((key.0, value));
                }
                Ok(Entries(all))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Entries(Vec::new()))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Entries(Vec::new()))
            }
            scalars!(Entries(Vec::new()); visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str);
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}

/// A list of line numbers, gathered without keeping the list; all of them ran or none did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lines<const RAN: bool>(pub(super) LineSet);

impl<'de, const RAN: bool> Deserialize<'de> for Lines<RAN> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<const RAN: bool>;
        impl<'de, const RAN: bool> Visitor<'de> for V<RAN> {
            type Value = LineSet;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of lines")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<LineSet, A::Error> {
                let mut lines = LineSet::default();
                while let Some(number) = seq.next_element::<Number>()? {
                    if let Some(line) = number.line() {
                        lines.add(line, RAN);
                    }
                }
                Ok(lines)
            }
            fn visit_unit<E>(self) -> Result<LineSet, E> {
                Ok(LineSet::default())
            }
        }
        deserializer.deserialize_any(V::<RAN>).map(Self)
    }
}

/// A list with a number for each line that is code, gathered without keeping the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hits(pub(super) LineSet);

impl Hits {
    /// Reads the list.
    pub(super) fn read<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let (mut lines, mut line) = (LineSet::default(), 0_u32);
        while let Some(hits) = seq.next_element::<Number>()? {
            line = line.saturating_add(1);
            if hits.0.is_some() {
                lines.add(line, hits.ran());
            }
        }
        Ok(Self(lines))
    }
}

impl<'de> Deserialize<'de> for Hits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Hits;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of hits")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Hits, A::Error> {
                Hits::read(seq)
            }
            fn visit_unit<E>(self) -> Result<Hits, E> {
                Ok(Hits::default())
            }
        }
        deserializer.deserialize_any(V)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(default)]
    struct Row<'a> {
        #[serde(borrow)]
        name: Text<'a>,
        count: Number,
        parts: List<Number>,
        inner: Object<Entries<'a, Number>>,
        ok: Flag,
    }

    #[test]
    fn wrong_types_become_the_empty_value() {
        let row: Row<'_> = read(
            br#"{"name":null,"count":"7","parts":{"a":[1]},"inner":["x"],"ok":"true","other":{"deep":[1]}}"#,
        )
        .unwrap();
        assert_eq!(
            (&*row.name, row.count.count(), row.parts.0.len()),
            ("", Some(7), 0)
        );
        assert!(row.inner.0.is_none() && row.ok.0);
        let row: Row<'_> = read(br#"{"name":5,"count":-1.5,"parts":[1,null,"2"],"inner":{"k":1}}"#).unwrap();
        assert_eq!(
            (&*row.name, row.count.count(), row.count.is_odd()),
            ("5", None, true)
        );
        assert_eq!(row.parts.0.iter().filter(|n| n.ran()).count(), 2);
        assert_eq!(row.inner.0.map(|inner| inner.0.len()), Some(1));
    }

    #[test]
    fn broken_json_is_an_error_with_its_place() {
        for (text, line, byte) in [
            ("{\n\"name\": ", 2, 9),
            ("{}\n{}", 2, 3),
            ("{\"count\": NaN}", 1, 10),
            ("", 1, 0),
        ] {
            let error = read::<Row<'_>>(text.as_bytes()).unwrap_err();
            assert_eq!(
                (error.line, error.byte),
                (Some(line), Some(byte)),
                "{text:?} {error:?}"
            );
        }
    }
}
