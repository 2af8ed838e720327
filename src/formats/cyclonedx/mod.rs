//! CycloneDX with vulnerabilities, JSON and XML (the extension of before 1.4 too).
//!
//! One per vulnerability, whatever it affects; the severity is the worst word of its ratings. What an `analysis` says of it
//! is a waiver to judge, so it stays a finding. A plain bill of materials, without a list of vulnerabilities, is no scan that
//! ran.
//!
//! Its fixtures are written by hand after the specification.

use std::collections::HashMap;

use serde::Deserialize;

use crate::formats::found::{self, Many};
use crate::formats::head::{Head, Shape};
use crate::formats::json::{self, List, Object, Text};
use crate::formats::xml::{Event, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct Cyclonedx;

impl Format for Cyclonedx {
    fn name(&self) -> &'static str {
        "cyclonedx"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "*bom*.json",
            "*bom*.xml",
            "*.cdx.json",
            "*.cdx.xml",
            "*cyclonedx*.json",
            "*cyclonedx*.xml",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let json = head.has("bomFormat") && head.contains("CycloneDX");
        match &head.shape {
            Shape::Xml { root, start } if root == "bom" && start.contains("cyclonedx.org") => Sniff::Certain,
            Shape::Json { array: false, .. } if json => Sniff::Certain,
            Shape::Json { array: false, .. }
                if head.contains("cyclonedx.org/schema/bom") && head.has("specVersion") =>
            {
                Sniff::Likely
            }
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut report = if file.bytes.trim_ascii_start().starts_with(b"<") {
            xml(file)?
        } else {
            json(file)?
        };
        if report.tool.is_empty() {
            report.tool = "CycloneDX".into();
        }
        if !report.ran {
            // Most of them are kept for other reasons: no failure, and no proof.
            let what = "a bill of materials without a list of vulnerabilities";
            found::problem(&mut report, file, ProblemSeverity::Note, what);
        }
        Ok(Parsed::Scan(report))
    }
}

fn json(file: &File<'_>) -> Result<ScanReport, ParseError> {
    let whole: Whole<'_> = json::read(file.bytes)?;
    let metadata = whole.metadata.0.unwrap_or_default();
    let mut report = ScanReport {
        tool: metadata.tools.0.iter().find_map(Tool::name).unwrap_or_default(),
        produced_at: metadata.timestamp.boxed(),
        ran: whole.vulnerabilities.is_some(),
        ..ScanReport::default()
    };
    let parts = Parts::of(&whole.components);
    for one in whole
        .vulnerabilities
        .unwrap_or_default()
        .into_iter()
        .filter_map(|one| one.0)
    {
        let ratings = one.ratings.0.iter().filter_map(|rating| rating.0.as_ref());
        let affected = one.affects.into_iter().find_map(|affected| affected.0);
        let other = one.references.into_iter().filter_map(|other| other.0);
        let gathered = Gathered {
            id: one.id.0.into_owned(),
            aliases: other.map(|other| other.id.0.into_owned()).collect(),
            severity: ratings
                .map(|rating| FindingSeverity::parse(&rating.severity))
                .min()
                .unwrap_or_default(),
            said: found::first(&[&one.description, &one.detail]),
            link: one.source.0.and_then(|source| source.url.boxed()),
            affected: affected
                .map(|affected| affected.r#ref.0.into_owned())
                .unwrap_or_default(),
            state: one
                .analysis
                .0
                .map(|analysis| analysis.state.0.into_owned())
                .unwrap_or_default(),
        };
        report.findings.push(finding(gathered, &parts));
    }
    Ok(report)
}

/// Name and version of the components by their references, for those that are not addressed by a package URL.
#[derive(Debug, Default)]
struct Parts(HashMap<String, (String, String)>);

impl Parts {
    fn of(components: &Many<Component<'_>>) -> Self {
        let mut parts = Self::default();
        let mut open: Vec<&Component<'_>> = components.0.iter().collect();
        while let Some(one) = open.pop() {
            open.extend(&one.components.0);
            parts.add(&one.bom_ref, &one.name, &one.version);
        }
        parts
    }

    fn add(&mut self, reference: &str, name: &str, version: &str) {
        if !(reference.is_empty() || reference.starts_with("pkg:")) {
            let known = self.0.entry(reference.to_owned()).or_default();
            *known = (name.to_owned(), version.to_owned());
        }
    }
}

/// What is gathered of a vulnerability.
#[derive(Debug)]
struct Gathered {
    id: String,
    severity: FindingSeverity,
    said: Box<str>,
    link: Option<Box<str>>,
    affected: String,
    state: String,
    aliases: Vec<String>,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            id: String::new(),
            severity: FindingSeverity::Unknown,
            said: Box::default(),
            link: None,
            affected: String::new(),
            state: String::new(),
            aliases: Vec::new(),
        }
    }
}

fn finding(one: Gathered, parts: &Parts) -> Finding {
    let said = if one.said.is_empty() {
        found::sentence(&one.id)
    } else {
        one.said
    };
    let (package, version) = match parts.0.get(&one.affected) {
        Some((name, version)) => (name.into(), Some(version.into())),
        None => found::purl(&one.affected),
    };
    let aliases = found::aliases(&one.id, one.aliases.iter().map(String::as_str));
    Finding {
        rule: one.id.into(),
        severity: one.severity,
        message: if one.state.is_empty() {
            said
        } else {
            format!("{said} (analysis: {})", found::sentence(&one.state)).into()
        },
        path: None,
        line: None,
        more: found::rare(FindingMore {
            package: found::boxed(&package),
            version: version.as_deref().and_then(found::boxed),
            aliases,
            link: one.link,
            ..FindingMore::default()
        }),
    }
}

fn xml(file: &File<'_>) -> Result<ScanReport, ParseError> {
    let mut xml = Scanner::new(file.bytes);
    let mut report = ScanReport::default();
    let mut open: Option<(usize, Gathered)> = None;
    let mut path: Vec<&[u8]> = Vec::new();
    let mut parts = Parts::default();
    // The component whose name comes next: its depth, reference, name.
    let mut part: Option<(usize, String, String)> = None;
    while let Some(event) = xml.next()? {
        let depth = xml.depth();
        path.truncate(depth.saturating_sub(1));
        let Event::Start(name) = event else {
            if let (Event::End(b"vulnerability"), Some((_, one))) =
                (event, open.take_if(|(at, _)| depth < *at))
            {
                report.findings.push(finding(one, &parts));
            }
            continue;
        };
        let parent = path.last().copied().unwrap_or_default();
        path.push(name);
        match (&mut open, name) {
            (None, b"vulnerabilities") => report.ran = true,
            (None, b"vulnerability") => {
                // In the old extension the element itself names what it affects.
                let affected = xml
                    .get("ref")
                    .map(|value| value.text().into_owned())
                    .unwrap_or_default();
                open = Some((
                    depth,
                    Gathered {
                        affected,
                        ..Gathered::default()
                    },
                ));
            }
            (None, b"component") => {
                let reference = xml.get("bom-ref").map(|value| value.text().into_owned());
                part = reference.map(|reference| (depth, reference, String::new()));
            }
            (None, b"name") if part.as_ref().is_some_and(|(at, ..)| depth == *at + 1) => {
                let text = xml.text(1000)?;
                if let Some((_, reference, name)) = &mut part {
                    *name = text;
                    parts.add(reference, name, "");
                }
            }
            (None, b"version") if part.as_ref().is_some_and(|(at, ..)| depth == *at + 1) => {
                let text = xml.text(1000)?;
                if let Some((_, reference, name)) = &part {
                    parts.add(reference, name, &text);
                }
            }
            (Some((at, one)), b"id") if depth == *at + 3 && parent == b"reference" => {
                one.aliases.push(xml.text(200)?);
            }
            (None, b"timestamp") if parent == b"metadata" => {
                report.produced_at = found::boxed(&xml.text(100)?)
            }
            (None, b"name") if parent == b"tool" && report.tool.is_empty() => {
                report.tool = xml.text(200)?.into()
            }
            (Some((at, one)), b"id") if depth == *at + 1 => one.id = xml.text(200)?,
            (Some((at, one)), b"description") if depth == *at + 1 => {
                one.said = found::sentence(&xml.text(2000)?)
            }
            (Some((at, one)), b"url") if depth == *at + 2 && parent == b"source" => {
                one.link = found::boxed(&xml.text(2000)?)
            }
            (Some((_, one)), b"severity") => {
                one.severity = one.severity.min(FindingSeverity::parse(&xml.text(50)?))
            }
            (Some((_, one)), b"ref") if parent == b"target" && one.affected.is_empty() => {
                one.affected = xml.text(2000)?
            }
            (Some((_, one)), b"state") if parent == b"analysis" => one.state = xml.text(100)?,
            _ => {}
        }
    }
    Ok(report)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    metadata: Object<Metadata<'a>>,
    #[serde(borrow)]
    components: Many<Component<'a>>,
    #[serde(borrow)]
    vulnerabilities: Option<List<Object<Vulnerability<'a>>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata<'a> {
    #[serde(borrow)]
    timestamp: Text<'a>,
    #[serde(borrow)]
    tools: Many<Tool<'a>>,
}

/// A tool, or (since 1.5) what holds the tools as components.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tool<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    components: Many<Component<'a>>,
}

impl Tool<'_> {
    fn name(&self) -> Option<Box<str>> {
        self.name.boxed().or_else(|| {
            self.components
                .0
                .iter()
                .find_map(|component| component.name.boxed())
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Component<'a> {
    #[serde(borrow, rename = "bom-ref")]
    bom_ref: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
    #[serde(borrow)]
    components: Many<Component<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    source: Object<Source<'a>>,
    #[serde(borrow)]
    ratings: List<Object<Rating<'a>>>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    detail: Text<'a>,
    #[serde(borrow)]
    analysis: Object<Analysis<'a>>,
    #[serde(borrow)]
    affects: List<Object<Affected<'a>>>,
    #[serde(borrow)]
    references: List<Object<Reference<'a>>>,
}

/// The same vulnerability under another name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reference<'a> {
    #[serde(borrow)]
    id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    url: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Rating<'a> {
    #[serde(borrow)]
    severity: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Analysis<'a> {
    #[serde(borrow)]
    state: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Affected<'a> {
    #[serde(borrow)]
    r#ref: Text<'a>,
}
