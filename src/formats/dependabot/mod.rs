//! GitHub's list of Dependabot alerts, as its API answers.
//!
//! One per open alert; dismissed, auto-dismissed and fixed ones are suppressed. An answer that refuses (no permission,
//! not enabled) is a scan that did not run.
//!
//! Its fixtures are written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::github_code_scanning::refused;
use crate::formats::head::Head;
use crate::formats::json::{List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct Dependabot;

impl Format for Dependabot {
    fn name(&self) -> &'static str {
        "dependabot"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*dependabot*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.has("security_advisory") && (head.has("security_vulnerability") || head.has("dependency")) {
            Sniff::Certain
        } else if refused(head) && head.contains("/dependabot/alerts") {
            Sniff::Likely
        } else if found::empty_list(head, "dependabot") {
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let alerts = found::pages::<Alert<'_>>(file.bytes)?;
        let mut report = ScanReport {
            tool: "Dependabot".into(),
            ran: !alerts.is_empty(),
            ..ScanReport::default()
        };
        found::full_page(&mut report, file, alerts.len());
        if alerts.is_empty() {
            let hint = "Check that Dependabot alerts are enabled for the repository.";
            found::not_said(
                &mut report,
                file,
                "an empty list does not say that anything was scanned",
                hint,
            );
        }
        for alert in alerts {
            if !alert.message.is_empty() {
                report.ran = false;
                let what = format!("GitHub refused the list: {}", found::sentence(&alert.message));
                found::problem(&mut report, file, ProblemSeverity::Error, &what);
            } else if &*alert.state != "open" && !alert.state.is_empty() {
                report.suppressed = report.suppressed.saturating_add(1);
            } else {
                report.findings.push(finding(alert));
            }
        }
        Ok(Parsed::Scan(report))
    }
}

fn finding(alert: Alert<'_>) -> Finding {
    let advisory = alert.security_advisory.0.unwrap_or_default();
    let vulnerability = alert.security_vulnerability.0.unwrap_or_default();
    let dependency = alert.dependency.0.unwrap_or_default();
    let package = dependency
        .package
        .0
        .or(vulnerability.package.0)
        .unwrap_or_default();
    let rule = if advisory.ghsa_id.is_empty() {
        &advisory.cve_id
    } else {
        &advisory.ghsa_id
    };
    let word = if vulnerability.severity.is_empty() {
        &advisory.severity
    } else {
        &vulnerability.severity
    };
    let others = advisory
        .identifiers
        .0
        .iter()
        .filter_map(|other| other.0.as_ref())
        .map(|other| &*other.value);
    Finding {
        rule: rule.0.as_ref().into(),
        severity: FindingSeverity::parse(word),
        message: found::first(&[&advisory.summary, &advisory.description]),
        path: dependency.manifest_path.boxed(),
        line: None,
        more: found::rare(FindingMore {
            package: package.name.boxed(),
            version: None,
            fix: vulnerability
                .first_patched_version
                .0
                .and_then(|version| version.identifier.boxed()),
            aliases: found::aliases(rule, std::iter::once(&*advisory.cve_id).chain(others)),
            link: alert.html_url.boxed(),
            fingerprint: None,
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Alert<'a> {
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    state: Text<'a>,
    #[serde(borrow)]
    html_url: Text<'a>,
    #[serde(borrow)]
    dependency: Object<Dependency<'a>>,
    #[serde(borrow)]
    security_advisory: Object<Advisory<'a>>,
    #[serde(borrow)]
    security_vulnerability: Object<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Dependency<'a> {
    #[serde(borrow)]
    package: Object<Package<'a>>,
    #[serde(borrow)]
    manifest_path: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Package<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Advisory<'a> {
    #[serde(borrow)]
    ghsa_id: Text<'a>,
    #[serde(borrow)]
    cve_id: Text<'a>,
    #[serde(borrow)]
    summary: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    identifiers: List<Object<Identifier<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Identifier<'a> {
    #[serde(borrow)]
    value: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    package: Object<Package<'a>>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    first_patched_version: Object<Version<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Version<'a> {
    #[serde(borrow)]
    identifier: Text<'a>,
}
