//! CodeChecker's `parse --export json`.
//!
//! One per report; those reviewed as false positive or intentional are suppressed.
//!
//! Its fixture is written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct Codechecker;

impl Format for Codechecker {
    fn name(&self) -> &'static str {
        "codechecker"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["codechecker*.json", "reports.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.has("reports[].checker_name") && head.has("reports[].analyzer_name") {
            Sniff::Certain
        } else if found::squeezed(head, 40).is_some_and(|text| text == b"{\"version\":1,\"reports\":[]}") {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "CodeChecker".into(),
            ran: !whole.reports.0.is_empty(),
            ..ScanReport::default()
        };
        if !report.ran {
            let hint = "Look at the log of `CodeChecker analyze`.";
            found::not_said(
                &mut report,
                file,
                "an empty list does not say that anything was analysed",
                hint,
            );
        }
        for one in whole.reports.into_iter().filter_map(|one| one.0) {
            if matches!(&*one.review_status, "false_positive" | "intentional") {
                report.suppressed = report.suppressed.saturating_add(1);
                continue;
            }
            report.findings.push(Finding {
                rule: one.checker_name.0.as_ref().into(),
                severity: FindingSeverity::parse(&one.severity),
                message: found::sentence(&one.message),
                path: one.file.0.and_then(|file| file.path.boxed()),
                line: found::line(one.line),
                more: found::rare(FindingMore {
                    fingerprint: one.report_hash.boxed(),
                    ..FindingMore::default()
                }),
            });
        }
        Ok(Parsed::Scan(report))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    reports: List<Object<Outcome<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outcome<'a> {
    #[serde(borrow)]
    file: Object<Source<'a>>,
    line: Number,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    checker_name: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    report_hash: Text<'a>,
    #[serde(borrow)]
    review_status: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    path: Text<'a>,
}
