//! Dockle's JSON.
//!
//! One per checkpoint of level FATAL, WARN or INFO; what passed, was skipped or ignored is none.
//!
//! Its fixture is written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingSeverity, ScanReport};

/// The format.
pub struct Dockle;

impl Format for Dockle {
    fn name(&self) -> &'static str {
        "dockle"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["dockle*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.has("summary.fatal") && head.has("summary.warn") && head.has("details") {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let summary = whole.summary.0.unwrap_or_default();
        let counts = [summary.fatal, summary.warn, summary.info, summary.pass];
        let mut report = ScanReport {
            tool: "Dockle".into(),
            ran: counts.iter().any(|count| count.ran()),
            ..ScanReport::default()
        };
        if !report.ran {
            let hint = "Check which image Dockle is asked to look at.";
            found::not_said(&mut report, file, "Dockle counts no checkpoint", hint);
        }
        for detail in whole.details.into_iter().filter_map(|detail| detail.0) {
            match detail.level.to_ascii_uppercase().as_str() {
                "PASS" | "SKIP" => {}
                "IGNORE" => report.suppressed = report.suppressed.saturating_add(1),
                level => report.findings.push(Finding {
                    rule: detail.code.0.as_ref().into(),
                    severity: FindingSeverity::parse(level),
                    message: match detail.alerts.0.first() {
                        Some(alert) => {
                            format!("{}: {}", found::sentence(&detail.title), found::sentence(alert)).into()
                        }
                        None => found::sentence(&detail.title),
                    },
                    ..Finding::default()
                }),
            }
        }
        Ok(Parsed::Scan(report))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    summary: Object<Summary>,
    #[serde(borrow)]
    details: List<Object<Detail<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    fatal: Number,
    warn: Number,
    info: Number,
    pass: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Detail<'a> {
    #[serde(borrow)]
    code: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    level: Text<'a>,
    #[serde(borrow)]
    alerts: List<Text<'a>>,
}
