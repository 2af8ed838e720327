//! Istanbul's `coverage-final.json` (nyc, jest, vitest, c8, karma, cypress).
//!
//! Lines on which a statement starts, covered when one of them ran.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::formats::files::{Files, plus};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Shape, Sniff};
use crate::model::Ratio;

/// The format.
pub struct Istanbul;

impl Format for Istanbul {
    fn name(&self) -> &'static str {
        "istanbul"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["coverage-final.json", "coverage*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        match &head.shape {
            Shape::Json { array: false, keys } => {
                let has = |end: &str| keys.iter().any(|key| key.ends_with(end));
                match (
                    has(".statementMap"),
                    has(".fnMap") || has(".s") || has(".branchMap"),
                ) {
                    (true, true) => Sniff::Certain,
                    // A large map of statements can fill the head.
                    (true, false) => Sniff::Likely,
                    _ if has(".data") && head.contains("\"statementMap\"") => Sniff::Likely,
                    _ => Sniff::No,
                }
            }
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut files = Files::default();
        let mut input = serde_json::Deserializer::from_str(json::text(file.bytes)?);
        let read = input
            .deserialize_map(Whole { files: &mut files })
            .and_then(|()| input.end());
        read.map_err(|error| json::place(&error, file.bytes, 0))?;
        if files.len() == 0 {
            return Err(ParseError::whole("no source file with a `statementMap`"));
        }
        Ok(files.finish(file))
    }
}

/// The top level: path to coverage.
struct Whole<'f> {
    files: &'f mut Files,
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of source files")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((key, value)) = map.next_entry::<Text<'de>, Object<Source<'de>>>()? {
            let Some(mut source) = value.0 else { continue };
            // Some versions wrap the object once more.
            if let Some(inner) = source.data.0.take() {
                source = *inner;
            }
            if let Some(starts) = &source.statement_map {
                let path = if source.path.is_empty() {
                    &key
                } else {
                    &source.path
                };
                let at = self.files.of(path);
                source.add(starts, self.files, at);
            }
        }
        Ok(())
    }
}

/// What is said of one source file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    path: Text<'a>,
    #[serde(rename = "statementMap")]
    statement_map: Option<Starts>,
    s: Counts,
    f: Counts,
    b: Sides,
    data: Object<Box<Source<'a>>>,
}

impl Source<'_> {
    fn add(&self, starts: &Starts, files: &mut Files, at: usize) {
        let mut by_key: Option<HashMap<u64, Number>> = None;
        let mut odd = false;
        let file = files.at(at);
        for (place, &(key, line)) in starts.0.iter().enumerate() {
            // Nearly always both objects list the same keys in the same order.
            let count = match self.s.0.get(place) {
                Some(&(known, count)) if known == key => Some(count),
                _ => {
                    let all = by_key.get_or_insert_with(|| self.s.0.iter().copied().collect());
                    all.get(&key).copied()
                }
            };
            let count = count.unwrap_or_default();
            odd |= count.is_odd();
            if let Some(line) = line {
                file.lines.add(line, count.ran());
            }
        }
        if file.lines.is_empty() {
            file.line_total = Some(Ratio::default());
        }
        let (mut functions, mut branches) = (None, None);
        self.f
            .0
            .iter()
            .for_each(|(_, count)| plus(&mut functions, count.ran()));
        for side in self.b.0.iter().flat_map(|side| &side.0) {
            plus(&mut branches, side.ran());
        }
        file.functions = super::files::larger(file.functions, functions);
        file.branches = super::files::larger(file.branches, branches);
        if odd {
            files.odd(0);
        }
    }
}

/// Keys are counters as text; others are hashed, above all numbers.
struct Key(u64);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E>(self, text: &str) -> Result<Key, E> {
                let bytes = text.as_bytes();
                Ok(Key(if bytes.len() < 10 && bytes.iter().all(u8::is_ascii_digit) {
                    super::digits(bytes)
                } else {
                    super::cases::key(&[bytes]) | 1 << 63
                }))
            }
        }
        deserializer.deserialize_str(V)
    }
}

/// A visitor that reads an object and takes anything else as the empty value.
macro_rules! map_or_default {
    ($type:ty, $words:literal, |$map:ident| $body:block) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct V;
                impl<'de> Visitor<'de> for V {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($words)
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut $map: A) -> Result<$type, A::Error> $body
                    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<$type, A::Error> {
                        while seq.next_element::<IgnoredAny>()?.is_some() {}
                        Ok(<$type>::default())
                    }
                    fn visit_unit<E>(self) -> Result<$type, E> {
                        Ok(<$type>::default())
                    }
                    fn visit_bool<E>(self, _: bool) -> Result<$type, E> {
                        Ok(<$type>::default())
                    }
                    fn visit_u64<E>(self, _: u64) -> Result<$type, E> {
                        Ok(<$type>::default())
                    }
                    fn visit_i64<E>(self, _: i64) -> Result<$type, E> {
                        Ok(<$type>::default())
                    }
                    fn visit_f64<E>(self, _: f64) -> Result<$type, E> {
                        Ok(<$type>::default())
                    }
                    fn visit_str<E>(self, _: &str) -> Result<$type, E> {
                        Ok(<$type>::default())
                    }
                }
                deserializer.deserialize_any(V)
            }
        }
    };
}

/// Statement to the line on which it starts.
#[derive(Debug, Default)]
struct Starts(Vec<(u64, Option<u32>)>);

map_or_default!(Starts, "an object of statements", |map| {
    let mut all = Vec::new();
    while let Some((key, span)) = map.next_entry::<Key, Span>()? {
        all.push((key.0, span.0));
    }
    Ok(Starts(all))
});

/// The first line of a span.
#[derive(Debug, Default)]
struct Span(Option<u32>);

map_or_default!(Span, "a span", |map| {
    let mut line = None;
    while let Some(key) = map.next_key::<Name>()? {
        match key {
            Name::Start => line = map.next_value::<Point>()?.0,
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    Ok(Span(line))
});

/// A place in a source file, of which the line matters.
#[derive(Debug, Default)]
struct Point(Option<u32>);

map_or_default!(Point, "a place", |map| {
    let mut line = None;
    while let Some(key) = map.next_key::<Name>()? {
        match key {
            Name::Line => line = map.next_value::<Number>()?.line(),
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    Ok(Point(line))
});

/// The keys that matter in spans and places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Start,
    Line,
    Other,
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Name;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E>(self, text: &str) -> Result<Name, E> {
                Ok(match text {
                    "start" => Name::Start,
                    "line" => Name::Line,
                    _ => Name::Other,
                })
            }
        }
        deserializer.deserialize_str(V)
    }
}

/// Counter to its value.
#[derive(Debug, Default)]
struct Counts(Vec<(u64, Number)>);

map_or_default!(Counts, "an object of counts", |map| {
    let mut all = Vec::new();
    while let Some((key, count)) = map.next_entry::<Key, Number>()? {
        all.push((key.0, count));
    }
    Ok(Counts(all))
});

/// The counts of each branch's sides.
#[derive(Debug, Default)]
struct Sides(Vec<List<Number>>);

map_or_default!(Sides, "an object of branches", |map| {
    let mut all = Vec::new();
    while let Some((_, sides)) = map.next_entry::<Key, List<Number>>()? {
        all.push(sides);
    }
    Ok(Sides(all))
});
