//! `yarn audit --json` of yarn 1 (a line per advisory and path, then a summary) and `yarn npm audit --json` of yarn 4 (a
//! line per advisory). Yarn 2 and 3 wrote npm's report.
//!
//! One per advisory. Yarn 1 ran when it wrote its summary; yarn 4 writes nothing at all when it finds nothing, and an
//! empty file is no report.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::formats::advisories::{self, Advisory, Counts};
use crate::formats::found::{self, rare};
use crate::formats::head::{Head, Shape};
use crate::formats::json::{self, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct YarnAudit;

impl Format for YarnAudit {
    fn name(&self) -> &'static str {
        "yarn-audit"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "yarn-audit*.json",
            "yarn_audit*.json",
            "yarn-audit*.jsonl",
            "*-yarn-audit.json",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if !matches!(&head.shape, Shape::Json { array: false, .. }) {
            return Sniff::No;
        }
        let yarn1 = head.has("type") && head.has("data");
        let words = [
            "\"auditAdvisory\"",
            "\"auditSummary\"",
            "yarnpkg.com/en/docs/cli/audit",
        ];
        let yarn4 = ["value", "children", "children.ID", "children.Severity"];
        if (yarn1 && words.iter().any(|word| head.contains(word))) || yarn4.iter().all(|key| head.has(key)) {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut report = ScanReport {
            tool: "yarn audit".into(),
            ..ScanReport::default()
        };
        let (mut seen, mut summary, mut yarn4, mut failed) = (HashSet::new(), None, false, false);
        let mut start = 0;
        for line in file.bytes.split(|byte| *byte == b'\n') {
            let offset = start;
            start += line.len() + 1;
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let line: Line<'_> =
                serde_json::from_slice(line).map_err(|error| json::place(&error, file.bytes, offset))?;
            match &*line.kind {
                "auditAdvisory" => {
                    let advisory = line.data.parts.advisory.0;
                    let advisory = advisory
                        .ok_or_else(|| ParseError::at("an advisory that is no object", file.bytes, offset))?;
                    // Yarn repeats an advisory for each path on which its package comes in.
                    if advisory.id.is_empty() || seen.insert(advisory.id.to_string()) {
                        report.findings.push(advisory.finding(""));
                    }
                }
                "auditSummary" => summary = line.data.parts.vulnerabilities.total(),
                "error" => {
                    failed = true;
                    let what = format!(
                        "the audit failed: {}",
                        found::first(&[&line.data.words, "no reason given"])
                    );
                    found::problem(&mut report, file, ProblemSeverity::Error, &what);
                }
                _ => {
                    if let Some(node) = line.children.0 {
                        yarn4 = true;
                        report.findings.push(node.finding(&line.value));
                    }
                }
            }
        }
        if yarn4 || failed {
            report.ran = yarn4 && !failed;
        } else {
            advisories::check(summary, &mut report, file);
        }
        Ok(Parsed::Scan(report))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    data: Data<'a>,
    #[serde(borrow)]
    value: Text<'a>,
    #[serde(borrow)]
    children: Object<Node<'a>>,
}

/// What yarn 1 says in a line: words, or an object.
#[derive(Debug, Default)]
struct Data<'a> {
    words: Cow<'a, str>,
    parts: Parts<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parts<'a> {
    #[serde(borrow)]
    advisory: Object<Advisory<'a>>,
    #[serde(borrow)]
    vulnerabilities: Counts<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Data<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Data<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("words or an object")
            }
            fn visit_str<E>(self, words: &str) -> Result<Self::Value, E> {
                Ok(Data {
                    words: Cow::Owned(words.to_owned()),
                    ..Data::default()
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let parts = Parts::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Data {
                    words: Cow::Borrowed(""),
                    parts,
                })
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Data::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Data::default())
            }
        }
        deserializer.deserialize_any(V)
    }
}

/// What yarn 4 says of an advisory; deprecated packages come as advisories too.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Node<'a> {
    #[serde(borrow, rename = "ID")]
    id: Text<'a>,
    #[serde(borrow, rename = "Issue")]
    issue: Text<'a>,
    #[serde(borrow, rename = "URL")]
    url: Text<'a>,
    #[serde(borrow, rename = "Severity")]
    severity: Text<'a>,
    #[serde(borrow, rename = "Tree Versions")]
    versions: List<Text<'a>>,
}

impl Node<'_> {
    fn finding(&self, package: &Text<'_>) -> Finding {
        let rule = advisories::ghsa(&self.url).unwrap_or(&self.id);
        Finding {
            rule: rule.into(),
            severity: FindingSeverity::parse(&self.severity),
            message: found::sentence(&self.issue),
            path: None,
            line: None,
            more: rare(FindingMore {
                package: package.boxed(),
                version: self.versions.0.first().and_then(Text::boxed),
                link: self.url.boxed(),
                ..FindingMore::default()
            }),
        }
    }
}
