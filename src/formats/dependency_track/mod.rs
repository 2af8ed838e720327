//! Dependency-Track's findings (the "finding packaging format").
//!
//! One per finding; suppressed ones apart.
//!
//! Its fixture is written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, Flag, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct DependencyTrack;

impl Format for DependencyTrack {
    fn name(&self) -> &'static str {
        "dependency-track"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["dependency-track*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let each = head.has("findings[].component") && head.has("findings[].vulnerability");
        if head.has("meta.application") && head.has("findings") && head.contains("Dependency-Track") {
            Sniff::Certain
        } else if each && head.has("findings[].analysis") {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "Dependency-Track".into(),
            ran: true,
            produced_at: whole.meta.0.and_then(|meta| meta.timestamp.boxed()),
            ..ScanReport::default()
        };
        for one in whole.findings.into_iter().filter_map(|one| one.0) {
            if one
                .analysis
                .0
                .as_ref()
                .is_some_and(|analysis| analysis.is_suppressed.0)
            {
                report.suppressed = report.suppressed.saturating_add(1);
            } else {
                report.findings.push(finding(one));
            }
        }
        Ok(Parsed::Scan(report))
    }
}

fn finding(one: Outcome<'_>) -> Finding {
    let vulnerability = one.vulnerability.0.unwrap_or_default();
    let component = one.component.0.unwrap_or_default();
    let names: Vec<&str> = vulnerability
        .aliases
        .0
        .iter()
        .flat_map(|alias| alias.0.iter().map(|(_, name)| &**name))
        .collect();
    Finding {
        rule: vulnerability.vuln_id.0.as_ref().into(),
        severity: FindingSeverity::parse(&vulnerability.severity),
        message: found::first(&[
            &vulnerability.title,
            &vulnerability.description,
            &vulnerability.vuln_id,
        ]),
        path: None,
        line: None,
        more: found::rare(FindingMore {
            package: component.name.boxed(),
            version: component.version.boxed(),
            fix: found::boxed(&found::sentence(&vulnerability.recommendation)),
            aliases: found::aliases(&vulnerability.vuln_id, names),
            link: None,
            fingerprint: one.matrix.boxed(),
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    meta: Object<Meta<'a>>,
    #[serde(borrow)]
    findings: List<Object<Outcome<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Meta<'a> {
    #[serde(borrow)]
    timestamp: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outcome<'a> {
    #[serde(borrow)]
    component: Object<Component<'a>>,
    #[serde(borrow)]
    vulnerability: Object<Vulnerability<'a>>,
    analysis: Object<Analysis>,
    #[serde(borrow)]
    matrix: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Component<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Vulnerability<'a> {
    #[serde(borrow)]
    vuln_id: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    recommendation: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    aliases: List<Entries<'a, Text<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Analysis {
    is_suppressed: Flag,
}
