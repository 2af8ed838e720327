//! Codecov's custom coverage JSON (`cargo llvm-cov --codecov` and others).
//!
//! A line counts as covered when a part of it ran: `"2/3"` is a hit.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::formats::digits;
use crate::formats::files::Files;
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, Hits, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Shape, Sniff};
use crate::model::LineSet;

/// The format.
pub struct CodecovJson;

impl Format for CodecovJson {
    fn name(&self) -> &'static str {
        "codecov-json"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["codecov.json", "*codecov*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let Shape::Json { array: false, keys } = &head.shape else {
            return Sniff::No;
        };
        // Nothing else on the first level, and paths below.
        let alone = keys.iter().all(|key| {
            key == "coverage"
                || key == "messages"
                || key.starts_with("coverage.")
                || key.starts_with("messages.")
        });
        let paths = keys
            .iter()
            .any(|key| key.len() > 9 && key.starts_with("coverage."));
        let lines = |b: &[u8]| {
            // After a path: an object whose first key is a number, or a list.
            let text: Vec<u8> = b
                .iter()
                .copied()
                .filter(|b| !b.is_ascii_whitespace())
                .take(4096)
                .collect();
            let number = memchr::memmem::find(&text, b"\":{\"").is_some_and(|_| {
                text.windows(5)
                    .any(|w| w.starts_with(b"\":{\"") && w[4].is_ascii_digit())
            });
            number || memchr::memmem::find(&text, b"\":[").is_some()
        };
        if alone && paths && lines(head.bytes) {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let report: Whole<'_> = json::read(file.bytes)?;
        let mut files = Files::default();
        for (path, lines) in report.coverage.0 {
            let at = files.of(&path);
            files.at(at).lines.merge(&lines.0);
        }
        Ok(files.finish(file))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    coverage: Entries<'a, Lines>,
}

/// Line number to hits, or a list whose first entry is line 0.
#[derive(Debug, Default)]
struct Lines(LineSet);

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Lines;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("lines")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Lines, A::Error> {
                let mut lines = LineSet::default();
                while let Some((line, hits)) = map.next_entry::<Text<'de>, Text<'de>>()? {
                    let whole = !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit());
                    if let Some(line) = whole
                        .then(|| digits(line.as_bytes()))
                        .and_then(|n| u32::try_from(n).ok())
                        && !hits.is_empty()
                    {
                        let first = hits.split('/').next().unwrap_or_default();
                        let ran = &*hits == "true" || first.trim().parse::<f64>().is_ok_and(|n| n > 0.0);
                        lines.add(line, ran);
                    }
                }
                Ok(Lines(lines))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Lines, A::Error> {
                // The first entry stands for no line.
                seq.next_element::<serde::de::IgnoredAny>()?;
                Hits::read(seq).map(|hits| Lines(hits.0))
            }
            fn visit_unit<E>(self) -> Result<Lines, E> {
                Ok(Lines::default())
            }
        }
        deserializer.deserialize_any(V)
    }
}
