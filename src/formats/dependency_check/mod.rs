//! OWASP Dependency-Check, JSON and XML.
//!
//! One per vulnerability of a dependency; suppressed vulnerabilities apart. Related dependencies are not counted again.
//!
//! Its fixtures are written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::{Head, Shape};
use crate::formats::json::{self, List, Object, Text};
use crate::formats::xml::{Event, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct DependencyCheck;

impl Format for DependencyCheck {
    fn name(&self) -> &'static str {
        "dependency-check"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "dependency-check-report.json",
            "dependency-check-report.xml",
            "dependency-check*.json",
            "dependency-check*.xml",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        match &head.shape {
            Shape::Xml { root, start } if root == "analysis" => {
                let (start, parts) = (
                    start.to_ascii_lowercase(),
                    head.contains("<scanInfo") || head.contains("<dependencies"),
                );
                if start.contains("dependencycheck") || start.contains("dependency-check") {
                    Sniff::Certain
                } else if parts && head.contains("<projectInfo") {
                    Sniff::Likely
                } else {
                    Sniff::No
                }
            }
            Shape::Json { array: false, .. } if head.has("reportSchema") => {
                if head.has("scanInfo.engineVersion") || head.has("projectInfo.reportDate") {
                    Sniff::Certain
                } else if head.has("scanInfo") || head.has("dependencies") {
                    Sniff::Likely
                } else {
                    Sniff::No
                }
            }
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut report = ScanReport {
            tool: "OWASP Dependency-Check".into(),
            ..ScanReport::default()
        };
        let looked_at = if file.bytes.trim_ascii_start().starts_with(b"<") {
            xml(file, &mut report)?
        } else {
            json(file, &mut report)?
        };
        if !report.ran {
            found::problem(
                &mut report,
                file,
                ProblemSeverity::Error,
                "the report has no list of dependencies",
            );
        } else if looked_at == 0 {
            found::problem(
                &mut report,
                file,
                ProblemSeverity::Warning,
                "Dependency-Check looked at no dependency",
            );
        }
        Ok(Parsed::Scan(report))
    }
}

fn json(file: &File<'_>, report: &mut ScanReport) -> Result<usize, ParseError> {
    let whole: Whole<'_> = json::read(file.bytes)?;
    report.produced_at = whole
        .project_info
        .0
        .and_then(|project| project.report_date.boxed());
    report.ran = whole.dependencies.is_some();
    let dependencies = whole.dependencies.unwrap_or_default();
    let looked_at = dependencies.0.len();
    for dependency in dependencies.into_iter().filter_map(|dependency| dependency.0) {
        let left_out = found::count(dependency.suppressed_vulnerabilities.0.len());
        report.suppressed = report.suppressed.saturating_add(left_out);
        let (name, path) = (dependency.file_name.0, found::shared(&dependency.file_path));
        for one in dependency.vulnerabilities.into_iter().filter_map(|one| one.0) {
            let severity = one.severity.0.to_string();
            let scores = [one.cvssv3.0.unwrap_or_default(), one.cvssv2.0.unwrap_or_default()];
            let severity = scores
                .iter()
                .flat_map(|score| [&*score.base_severity, &*score.severity])
                .fold(severity, or);
            report.findings.push(finding(
                &one.name,
                &severity,
                &one.description,
                &name,
                path.clone(),
            ));
        }
    }
    Ok(looked_at)
}

/// The first of two words that says something.
fn or(known: String, other: &str) -> String {
    if known.is_empty() { other.to_owned() } else { known }
}

fn finding(rule: &str, severity: &str, description: &str, name: &str, path: Option<Box<str>>) -> Finding {
    Finding {
        rule: rule.into(),
        severity: FindingSeverity::parse(severity),
        message: found::first(&[description, rule]),
        path,
        line: None,
        more: found::rare(FindingMore {
            package: found::shared(name),
            link: rule
                .starts_with("CVE-")
                .then(|| format!("https://nvd.nist.gov/vuln/detail/{rule}").into()),
            ..FindingMore::default()
        }),
    }
}

/// What is gathered of the element that is being read.
#[derive(Debug, Default)]
struct Open {
    file_name: String,
    file_path: String,
    name: String,
    severity: String,
    score: String,
    description: String,
}

fn xml(file: &File<'_>, report: &mut ScanReport) -> Result<usize, ParseError> {
    let mut xml = Scanner::new(file.bytes);
    let mut open = Open::default();
    let mut looked_at = 0;
    // The depth of the vulnerability that is open: its own children lie one below.
    let mut inside: Option<usize> = None;
    while let Some(event) = xml.next()? {
        let child = inside.is_some_and(|depth| xml.depth() == depth + 1);
        match event {
            Event::Start(b"dependencies") => report.ran = true,
            Event::Start(b"reportDate") => report.produced_at = found::boxed(&xml.text(100)?),
            Event::Start(b"dependency") => {
                looked_at += 1;
                open = Open::default();
            }
            Event::Start(
                b"relatedDependencies" | b"evidenceCollected" | b"identifiers" | b"vulnerableSoftware",
            ) => {
                xml.skip()?;
            }
            Event::Start(b"exception") => {
                let said = found::sentence(&xml.text(2000)?);
                let what = format!("Dependency-Check reports a failure: {said}");
                found::problem(report, file, ProblemSeverity::Warning, &what);
            }
            Event::Start(b"suppressedVulnerability") => {
                report.suppressed = report.suppressed.saturating_add(1);
                xml.skip()?;
            }
            Event::Start(b"vulnerability") => {
                inside = Some(xml.depth());
                (open.name, open.severity, open.score, open.description) = Default::default();
            }
            Event::End(b"vulnerability") => {
                inside = None;
                let severity = or(std::mem::take(&mut open.severity), &open.score);
                let path = found::shared(&open.file_path);
                report.findings.push(finding(
                    &open.name,
                    &severity,
                    &open.description,
                    &open.file_name,
                    path,
                ));
            }
            Event::Start(b"fileName") if inside.is_none() => open.file_name = xml.text(1000)?,
            Event::Start(b"filePath") if inside.is_none() => open.file_path = xml.text(4000)?,
            Event::Start(b"name") if child => open.name = xml.text(200)?,
            Event::Start(b"severity") if child => open.severity = xml.text(50)?,
            Event::Start(b"description") if child => open.description = xml.text(1000)?,
            // Version 2 and later put it into the scores when the vulnerability has none of its own.
            Event::Start(b"baseSeverity" | b"severity") if inside.is_some() => {
                let word = xml.text(50)?;
                open.score = or(std::mem::take(&mut open.score), &word);
            }
            _ => {}
        }
    }
    Ok(looked_at)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Whole<'a> {
    #[serde(borrow)]
    project_info: Object<ProjectInfo<'a>>,
    #[serde(borrow)]
    dependencies: Option<List<Object<Dependency<'a>>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ProjectInfo<'a> {
    #[serde(borrow)]
    report_date: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Dependency<'a> {
    #[serde(borrow)]
    file_name: Text<'a>,
    #[serde(borrow)]
    file_path: Text<'a>,
    #[serde(borrow)]
    vulnerabilities: List<Object<Vulnerability<'a>>>,
    suppressed_vulnerabilities: List<serde::de::IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    cvssv3: Object<Score<'a>>,
    #[serde(borrow)]
    cvssv2: Object<Score<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Score<'a> {
    #[serde(borrow)]
    base_severity: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
}
