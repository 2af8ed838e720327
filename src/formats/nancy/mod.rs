//! Nancy's JSON (Sonatype, Go modules).
//!
//! One per vulnerability of a vulnerable module; excluded ones are suppressed. Scores are no severity in words.
//!
//! Its fixture is written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, Flag, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, ScanReport};

/// The format.
pub struct Nancy;

impl Format for Nancy {
    fn name(&self) -> &'static str {
        "nancy"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["nancy*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.has("audited")
            && head.has("vulnerable")
            && (head.has("num_audited") || head.has("exclusions"))
        {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "Nancy".into(),
            ran: whole.num_audited.ran() || !whole.vulnerable.0.is_empty(),
            ..ScanReport::default()
        };
        if !report.ran {
            let hint = "Check that the list of modules reaches Nancy (`go list -json -deps | nancy sleuth`).";
            found::not_said(&mut report, file, "Nancy looked at no module", hint);
        }
        for module in whole.vulnerable.into_iter().filter_map(|module| module.0) {
            let (package, version) = found::purl(&module.coordinates);
            for one in module.vulnerabilities.into_iter().filter_map(|one| one.0) {
                if one.excluded.0 {
                    report.suppressed = report.suppressed.saturating_add(1);
                    continue;
                }
                let rule = if one.cve.is_empty() { &one.id } else { &one.cve };
                report.findings.push(Finding {
                    rule: rule.0.as_ref().into(),
                    message: found::first(&[&one.title, &one.description]),
                    more: found::rare(FindingMore {
                        package: found::shared(&package),
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
struct Whole<'a> {
    num_audited: Number,
    #[serde(borrow)]
    vulnerable: List<Object<Module<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Module<'a> {
    #[serde(borrow)]
    coordinates: Text<'a>,
    #[serde(borrow)]
    vulnerabilities: List<Object<Vulnerability<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
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
    excluded: Flag,
}
