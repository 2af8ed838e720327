//! `bundle-audit check`: its words and its JSON.
//!
//! One per advisory of a gem, and one per insecure source. The words end with a verdict; without it the run was cut off.
//!
//! Its fixtures are written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::{Head, Shape};
use crate::formats::json::{self, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct BundlerAudit;

impl Format for BundlerAudit {
    fn name(&self) -> &'static str {
        "bundler-audit"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["bundler-audit*.txt", "bundle-audit*.txt", "bundler-audit*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let words = ["Criticality: ", "Title: ", "Solution: "];
        let json = head.has("results[].gem") && head.has("results[].advisory");
        if json || (head.shape == Shape::Text && words.iter().all(|word| head.contains(&format!("\n{word}"))))
        {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut report = ScanReport {
            tool: "bundler-audit".into(),
            ..ScanReport::default()
        };
        if file.bytes.trim_ascii_start().starts_with(b"{") {
            let whole: Whole<'_> = json::read(file.bytes)?;
            report.ran = true;
            report.produced_at = whole.created_at.boxed();
            report.findings = whole
                .results
                .into_iter()
                .filter_map(|one| one.0)
                .map(finding)
                .collect();
        } else {
            words(file, &mut report);
        }
        Ok(Parsed::Scan(report))
    }
}

/// Reads paragraphs of `Name: value`.
fn words(file: &File<'_>, report: &mut ScanReport) {
    let text = String::from_utf8_lossy(file.bytes);
    let mut open = Finding::default();
    let mut more = FindingMore::default();
    let mut any = false;
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() {
            if any && !open.rule.is_empty() {
                open.more = found::rare(std::mem::take(&mut more));
                report.findings.push(std::mem::take(&mut open));
            }
            (open, more, any) = Default::default();
            continue;
        }
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        let value = value.trim();
        any = true;
        match name {
            "Name" => more.package = found::boxed(value),
            "Version" => more.version = found::boxed(value),
            "Advisory" | "CVE" | "GHSA" | "OSVDB" if open.rule.is_empty() => open.rule = value.into(),
            "Advisory" | "CVE" | "GHSA" | "OSVDB" => more.aliases = found::aliases(&open.rule, [value]),
            "Criticality" => open.severity = FindingSeverity::parse(value),
            "URL" => more.link = found::boxed(value),
            "Title" => open.message = found::sentence(value),
            "Solution" => more.fix = found::boxed(&found::sentence(value)),
            "Insecure Source URI found" => {
                report.findings.push(Finding {
                    rule: "insecure-source".into(),
                    message: found::sentence(line),
                    ..Finding::default()
                });
            }
            _ if line.starts_with("Vulnerabilities found") => report.ran = true,
            _ => {}
        }
    }
    if !report.ran {
        let what = "the verdict of bundle-audit is missing: the output is cut off";
        found::problem(report, file, ProblemSeverity::Error, what);
    }
}

fn finding(one: Outcome<'_>) -> Finding {
    let gem = one.gem.0.unwrap_or_default();
    let advisory = one.advisory.0.unwrap_or_default();
    let prefixed = |prefix: &str, number: &str| {
        let plain = number
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_digit() || prefix == "GHSA-");
        if plain && !number.starts_with(prefix) {
            format!("{prefix}{number}")
        } else {
            number.to_owned()
        }
    };
    let names = [prefixed("CVE-", &advisory.cve), prefixed("GHSA-", &advisory.ghsa)];
    let rule = if advisory.id.is_empty() {
        "insecure-source"
    } else {
        &advisory.id
    };
    Finding {
        rule: rule.into(),
        severity: FindingSeverity::parse(&advisory.criticality),
        message: found::first(&[&advisory.title, &one.source]),
        path: None,
        line: None,
        more: found::rare(FindingMore {
            package: gem.name.boxed(),
            version: gem.version.boxed(),
            aliases: found::aliases(rule, names.iter().map(String::as_str)),
            link: advisory.url.boxed(),
            ..FindingMore::default()
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    created_at: Text<'a>,
    #[serde(borrow)]
    results: List<Object<Outcome<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outcome<'a> {
    #[serde(borrow)]
    source: Text<'a>,
    #[serde(borrow)]
    gem: Object<Gem<'a>>,
    #[serde(borrow)]
    advisory: Object<Advisory<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Gem<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Advisory<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    cve: Text<'a>,
    #[serde(borrow)]
    ghsa: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    criticality: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
}
