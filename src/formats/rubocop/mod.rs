//! RuboCop's JSON.
//!
//! One per offense; corrected ones are suppressed. Its levels are no severity, except `info`.
//!
//! Its fixture is written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, Flag, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingSeverity, ScanReport};

/// The format.
pub struct Rubocop;

impl Format for Rubocop {
    fn name(&self) -> &'static str {
        "rubocop"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["rubocop*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.has("metadata.rubocop_version") || (head.has("files[].offenses") && head.has("files[].path"))
        {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "RuboCop".into(),
            ran: !whole.files.0.is_empty(),
            ..ScanReport::default()
        };
        if !report.ran {
            let hint = "Check which files RuboCop is asked to look at.";
            found::not_said(&mut report, file, "RuboCop looked at no file", hint);
        }
        for source in whole.files.into_iter().filter_map(|source| source.0) {
            for offense in source.offenses.into_iter().filter_map(|offense| offense.0) {
                if offense.corrected.0 {
                    report.suppressed = report.suppressed.saturating_add(1);
                    continue;
                }
                let place = offense.location.0.unwrap_or_default();
                report.findings.push(Finding {
                    rule: offense.cop_name.0.as_ref().into(),
                    severity: FindingSeverity::parse(&offense.severity),
                    message: found::sentence(&offense.message),
                    path: found::shared(&source.path),
                    line: found::line(place.start_line).or_else(|| found::line(place.line)),
                    more: None,
                });
            }
        }
        Ok(Parsed::Scan(report))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    files: List<Object<Source<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    path: Text<'a>,
    #[serde(borrow)]
    offenses: List<Object<Offense<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Offense<'a> {
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    cop_name: Text<'a>,
    corrected: Flag,
    location: Object<Place>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    start_line: Number,
    line: Number,
}
