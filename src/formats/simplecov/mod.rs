//! SimpleCov: `.resultset.json` of any version, and the reports of its JSON formatters.
//!
//! Lines whose entry is a number; several suites of one result set together.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::formats::files::{Files, plus};
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, Hits, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Shape, Sniff};

/// The format.
pub struct SimpleCov;

impl Format for SimpleCov {
    fn name(&self) -> &'static str {
        "simplecov"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &[".resultset.json", "*.resultset.json", "coverage.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let Shape::Json { array: false, keys } = &head.shape else {
            return Sniff::No;
        };
        let suite = keys.iter().any(|key| key.ends_with(".coverage"));
        let named = head.name.contains("resultset");
        if head.has("meta.simplecov_version") {
            Sniff::Certain
        } else if head.has("files[].coverage") && (head.has("files[].filename") || head.has("command_name")) {
            Sniff::Likely
        } else if suite && has_lines_under_path(head) {
            if named { Sniff::Certain } else { Sniff::Likely }
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut files = Files::default();
        for source in whole.files.0.iter().filter_map(|source| source.0.as_ref()) {
            add(&mut files, &source.filename, &source.coverage);
        }
        for (path, coverage) in &whole.coverage.0 {
            add(&mut files, path, coverage);
        }
        for suite in whole.suites.iter().filter_map(|suite| suite.0.as_ref()) {
            for (path, coverage) in &suite.coverage.0 {
                add(&mut files, path, coverage);
            }
            if let Some(time) = suite.timestamp.boxed() {
                files.report().produced_at = Some(time);
            }
        }
        if files.report().produced_at.is_none() {
            files.report().produced_at = whole.timestamp.boxed();
        }
        Ok(files.finish(file))
    }
}

/// Whether a `coverage` is an object of paths with lines: `"coverage": {"/a.rb": {"lines": [`, in old versions `… "/a.rb": [`.
fn has_lines_under_path(head: &Head<'_>) -> bool {
    let is_space = |b: &u8| b.is_ascii_whitespace();
    memchr::memmem::find_iter(head.bytes, b"\"coverage\"").any(|at| {
        let mut rest = head.bytes[at..].iter().copied().filter(|b| !is_space(b)).skip(10);
        if !(rest.next() == Some(b':') && rest.next() == Some(b'{') && rest.next() == Some(b'"')) {
            return false;
        }
        let path: Vec<u8> = rest.by_ref().take_while(|b| *b != b'"').collect();
        let next: Vec<u8> = rest.take(9).collect();
        path.iter().any(|b| matches!(b, b'/' | b'\\' | b'.'))
            && (next.starts_with(b":[")
                || next.starts_with(b":{\"lines\"")
                || next.starts_with(b":{\"branch"))
    })
}

fn add(files: &mut Files, path: &str, coverage: &Coverage<'_>) {
    let at = files.of(path);
    let entry = files.at(at);
    entry.lines.merge(&coverage.lines.0);
    let mut branches = None;
    for (_, sides) in &coverage.branches.0 {
        for (_, hits) in &sides.0 {
            plus(&mut branches, hits.ran());
        }
    }
    entry.branches = super::files::larger(entry.branches, branches);
}

/// The top level: suites by name in a result set, known keys in a report.
#[derive(Debug, Default)]
struct Whole<'a> {
    files: List<Object<Source<'a>>>,
    coverage: Entries<'a, Coverage<'a>>,
    timestamp: Text<'a>,
    suites: Vec<Object<Suite<'a>>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Whole<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for V<'a> {
            type Value = Whole<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut whole = Whole::default();
                while let Some(key) = map.next_key::<Text<'a>>()? {
                    match &*key {
                        "files" => whole.files = map.next_value()?,
                        "coverage" => whole.coverage = map.next_value()?,
                        "timestamp" => whole.timestamp = map.next_value()?,
                        _ => whole.suites.push(map.next_value()?),
                    }
                }
                Ok(whole)
            }
        }
        deserializer.deserialize_map(V(PhantomData))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Suite<'a> {
    #[serde(borrow)]
    coverage: Entries<'a, Coverage<'a>>,
    #[serde(borrow)]
    timestamp: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    #[serde(borrow)]
    coverage: Coverage<'a>,
}

/// Lines, and branches where they were asked for.
#[derive(Debug, Default)]
struct Coverage<'a> {
    lines: Hits,
    branches: Entries<'a, Entries<'a, Number>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Coverage<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Named<'a> {
            lines: Hits,
            #[serde(borrow)]
            branches: Entries<'a, Entries<'a, Number>>,
        }
        struct V<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for V<'a> {
            type Value = Coverage<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("lines")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let named = Named::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Coverage {
                    lines: named.lines,
                    branches: named.branches,
                })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                Ok(Coverage {
                    lines: Hits::read(seq)?,
                    ..Coverage::default()
                })
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Coverage::default())
            }
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}
