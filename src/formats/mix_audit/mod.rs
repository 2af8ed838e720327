//! `mix deps.audit --format json`.
//!
//! One per vulnerability.
//!
//! Its fixture is written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct MixAudit;

impl Format for MixAudit {
    fn name(&self) -> &'static str {
        "mix-audit"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["mix-audit*.json", "mix_audit*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let each = head.has("vulnerabilities[].advisory") && head.has("vulnerabilities[].dependency");
        let clean =
            found::squeezed(head, 60).is_some_and(|text| text == b"{\"pass\":true,\"vulnerabilities\":[]}");
        if head.has("pass") && (each || clean) {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let findings = whole
            .vulnerabilities
            .into_iter()
            .filter_map(|one| one.0)
            .map(finding);
        Ok(Parsed::Scan(ScanReport {
            tool: "mix_audit".into(),
            ran: true,
            findings: findings.collect(),
            ..ScanReport::default()
        }))
    }
}

fn finding(one: Vulnerability<'_>) -> Finding {
    let advisory = one.advisory.0.unwrap_or_default();
    let dependency = one.dependency.0.unwrap_or_default();
    let fixes: Vec<&str> = advisory
        .first_patched_versions
        .0
        .iter()
        .map(|version| &**version)
        .collect();
    // The tool writes the number without its prefix.
    let cve = match advisory.cve.bytes().next() {
        Some(b'0'..=b'9') => format!("CVE-{}", &*advisory.cve),
        _ => advisory.cve.0.into_owned(),
    };
    Finding {
        rule: advisory.id.0.as_ref().into(),
        severity: FindingSeverity::parse(&advisory.severity),
        message: found::first(&[&advisory.title, &advisory.description]),
        path: dependency.lockfile.boxed(),
        line: None,
        more: found::rare(FindingMore {
            package: dependency.package.boxed(),
            version: dependency.version.boxed(),
            fix: found::boxed(&fixes.join(", ")),
            aliases: found::aliases(&advisory.id, std::iter::once(&*cve)),
            link: advisory.url.boxed(),
            fingerprint: None,
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    vulnerabilities: List<Object<Vulnerability<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    advisory: Object<Advisory<'a>>,
    #[serde(borrow)]
    dependency: Object<Dependency<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Advisory<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    cve: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    first_patched_versions: List<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Dependency<'a> {
    #[serde(borrow)]
    package: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
    #[serde(borrow)]
    lockfile: Text<'a>,
}
