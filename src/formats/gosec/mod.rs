//! gosec's JSON.
//!
//! One per issue; issues with `nosec` or a suppression are suppressed. A package that gosec could not load is a problem.
//!
//! Its fixtures are written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, Flag, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct Gosec;

impl Format for Gosec {
    fn name(&self) -> &'static str {
        "gosec"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["gosec*.json", "*-gosec.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let issues = head.has("Issues[].rule_id") && head.has("Issues[].details");
        if issues || head.has("GosecVersion") || (head.has("Golang errors") && head.has("Issues")) {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "gosec".into(),
            ..ScanReport::default()
        };
        for (package, errors) in whole.errors.0 {
            for error in errors.into_iter().filter_map(|error| error.0) {
                let what = format!(
                    "gosec could not check `{package}`: {}",
                    found::sentence(&error.error)
                );
                found::problem(&mut report, file, ProblemSeverity::Error, &what);
            }
        }
        for issue in whole.issues.into_iter().filter_map(|issue| issue.0) {
            if issue.nosec.0 || !issue.suppressions.0.is_empty() {
                report.suppressed += 1;
            } else {
                report.findings.push(finding(issue));
            }
        }
        let files = whole.stats.0.and_then(|stats| stats.files.count());
        report.ran = files.map_or(!report.findings.is_empty(), |files| files > 0);
        if !report.ran {
            let hint = "Check which packages gosec is asked to look at (`gosec ./...`).";
            found::not_said(&mut report, file, "gosec looked at no file", hint);
        }
        Ok(Parsed::Scan(report))
    }
}

fn finding(issue: Issue<'_>) -> Finding {
    let first_line = issue
        .line
        .split('-')
        .next()
        .and_then(|line| line.trim().parse().ok());
    Finding {
        rule: issue.rule_id.0.as_ref().into(),
        severity: FindingSeverity::parse(&issue.severity),
        message: found::sentence(&issue.details),
        path: issue.file.boxed(),
        line: first_line.filter(|line| *line > 0),
        more: found::rare(FindingMore {
            link: issue.cwe.0.and_then(|cwe| cwe.url.boxed()),
            ..FindingMore::default()
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Whole<'a> {
    #[serde(borrow, rename = "Golang errors")]
    errors: Entries<'a, List<Object<Failure<'a>>>>,
    #[serde(borrow)]
    issues: List<Object<Issue<'a>>>,
    stats: Object<Stats>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Failure<'a> {
    #[serde(borrow)]
    error: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Stats {
    files: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Issue<'a> {
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    rule_id: Text<'a>,
    #[serde(borrow)]
    details: Text<'a>,
    #[serde(borrow)]
    file: Text<'a>,
    #[serde(borrow)]
    line: Text<'a>,
    nosec: Flag,
    suppressions: List<serde::de::IgnoredAny>,
    #[serde(borrow)]
    cwe: Object<Cwe<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Cwe<'a> {
    #[serde(borrow)]
    url: Text<'a>,
}
