//! tfsec's JSON, today's and the older one.
//!
//! One per result that failed; ignored ones are suppressed. A clean run writes `{"results": null}`, which names no tool.
//!
//! Its fixture is written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct Tfsec;

impl Format for Tfsec {
    fn name(&self) -> &'static str {
        "tfsec"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["tfsec*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let id = head.has("results[].rule_id")
            && (head.has("results[].long_id") || head.has("results[].rule_provider"));
        let empty = found::squeezed(head, 20).is_some_and(|text| text == b"{\"results\":null}");
        match (id, empty) {
            (true, _) => Sniff::Certain,
            (_, true) => Sniff::Maybe,
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "tfsec".into(),
            ran: !whole.results.0.is_empty(),
            ..ScanReport::default()
        };
        if !report.ran {
            let hint = "Write the report as SARIF (`--format sarif`), which says that the tool ran.";
            found::not_said(&mut report, file, "the report does not say that tfsec ran", hint);
        }
        for result in whole.results.into_iter().filter_map(|result| result.0) {
            match result.status.count() {
                Some(1) => {}
                Some(2) => report.suppressed = report.suppressed.saturating_add(1),
                _ if &*result.passed == "true" => {}
                _ => report.findings.push(finding(result)),
            }
        }
        Ok(Parsed::Scan(report))
    }
}

fn finding(result: Outcome<'_>) -> Finding {
    let place = result.location.0.unwrap_or_default();
    let rule = if result.long_id.is_empty() {
        &result.rule_id
    } else {
        &result.long_id
    };
    Finding {
        rule: rule.0.as_ref().into(),
        severity: FindingSeverity::parse(&result.severity),
        message: found::first(&[&result.description, &result.rule_description]),
        path: place.filename.boxed(),
        line: found::line(place.start_line),
        more: found::rare(FindingMore {
            aliases: found::aliases(rule, std::iter::once(&*result.rule_id)),
            link: result.links.0.first().and_then(Text::boxed),
            ..FindingMore::default()
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    results: List<Object<Outcome<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outcome<'a> {
    #[serde(borrow)]
    rule_id: Text<'a>,
    #[serde(borrow)]
    long_id: Text<'a>,
    #[serde(borrow)]
    rule_description: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    passed: Text<'a>,
    status: Number,
    #[serde(borrow)]
    links: List<Text<'a>>,
    #[serde(borrow)]
    location: Object<Place<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    start_line: Number,
}
