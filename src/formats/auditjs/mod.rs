//! AuditJS' JSON (Sonatype, npm packages).
//!
//! One per vulnerability. Scores are no severity in words.
//!
//! Its fixture is written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found::{self, Many};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, ScanReport};

/// The format.
pub struct Auditjs;

impl Format for Auditjs {
    fn name(&self) -> &'static str {
        "auditjs"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["auditjs*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.is_array() && head.has("coordinates") && head.has("vulnerabilities") {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Many<Package<'_>> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "AuditJS".into(),
            ran: !whole.0.is_empty(),
            ..ScanReport::default()
        };
        for package in whole.0 {
            let (name, version) = found::purl(&package.coordinates);
            for one in package.vulnerabilities.into_iter().filter_map(|one| one.0) {
                let rule = if one.cve.is_empty() { &one.id } else { &one.cve };
                report.findings.push(Finding {
                    rule: rule.0.as_ref().into(),
                    message: found::first(&[&one.title, &one.description]),
                    more: found::rare(FindingMore {
                        package: found::shared(&name),
                        version: version.as_deref().and_then(found::shared),
                        aliases: found::aliases(rule, std::iter::once(&*one.id)),
                        link: one.reference.boxed(),
                        ..FindingMore::default()
                    }),
                    ..Finding::default()
                });
            }
        }
        Ok(Parsed::Scan(report))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Package<'a> {
    #[serde(borrow)]
    coordinates: Text<'a>,
    #[serde(borrow)]
    vulnerabilities: List<Object<Vulnerability<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    cve: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    reference: Text<'a>,
}
