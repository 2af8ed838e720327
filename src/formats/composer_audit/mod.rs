//! `composer audit --format=json`.
//!
//! One per advisory of a package; ignored advisories are suppressed.
//!
//! Its fixture is written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found::{self, Listed, Many};
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct ComposerAudit;

impl Format for ComposerAudit {
    fn name(&self) -> &'static str {
        "composer-audit"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["composer-audit*.json", "composer_audit*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let own = head.contains("\"advisoryId\"") || head.contains("\"affectedVersions\"");
        if head.is_array() || !head.has("advisories") || head.has("metadata") || head.has("actions") {
            Sniff::No
        } else if head.has("abandoned") || own {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "composer audit".into(),
            ran: true,
            ..ScanReport::default()
        };
        let ignored = whole.ignored.0.into_iter().map(|(_, list)| list.0.len());
        report.suppressed = found::count(ignored.sum());
        for (package, list) in whole.advisories.0 {
            report
                .findings
                .extend(list.0.into_iter().map(|one| finding(&package, one)));
        }
        Ok(Parsed::Scan(report))
    }
}

fn finding(package: &str, one: Advisory<'_>) -> Finding {
    let rule = if one.cve.is_empty() {
        &one.advisory_id
    } else {
        &one.cve
    };
    let remote = one.sources.0.iter().map(|source| &*source.remote_id);
    Finding {
        rule: rule.0.as_ref().into(),
        severity: FindingSeverity::parse(&one.severity),
        message: found::sentence(&one.title),
        path: None,
        line: None,
        more: found::rare(FindingMore {
            package: one.package_name.boxed().or_else(|| found::shared(package)),
            aliases: found::aliases(rule, std::iter::once(&*one.advisory_id).chain(remote)),
            link: one.link.boxed(),
            ..FindingMore::default()
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    advisories: Entries<'a, Listed<Advisory<'a>>>,
    #[serde(borrow, rename = "ignored-advisories")]
    ignored: Entries<'a, Listed<Advisory<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Advisory<'a> {
    #[serde(borrow)]
    advisory_id: Text<'a>,
    #[serde(borrow)]
    package_name: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    cve: Text<'a>,
    #[serde(borrow)]
    link: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    sources: Many<Source<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Source<'a> {
    #[serde(borrow)]
    remote_id: Text<'a>,
}
