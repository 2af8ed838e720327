//! golangci-lint's JSON, versions 1 and 2.
//!
//! One per issue. Version 2 prints a summary in words behind the JSON when both go to standard output.
//!
//! Its fixtures are written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct GolangciLint;

impl Format for GolangciLint {
    fn name(&self) -> &'static str {
        "golangci-lint"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["golangci*.json", "*-golangci.json", "*golangci-lint*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let linters = head.has("Issues") && (head.has("Report.Linters") || head.has("Report.Warnings"));
        if head.has("Issues[].FromLinter") || linters {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(without_summary(file.bytes))?;
        let mut report = ScanReport {
            tool: "golangci-lint".into(),
            ran: true,
            ..ScanReport::default()
        };
        report.findings = whole
            .issues
            .into_iter()
            .filter_map(|issue| issue.0)
            .map(finding)
            .collect();
        let said = whole.report.0;
        let linters = said.as_ref().map_or(0, |said| said.linters.0.len());
        if let Some(said) = said {
            for warning in said.warnings.into_iter().filter_map(|warning| warning.0) {
                let what = format!("golangci-lint warns: {}", found::sentence(&warning.text));
                found::problem(&mut report, file, ProblemSeverity::Warning, &what);
            }
            if !said.error.is_empty() {
                report.ran = false;
                let what = format!("golangci-lint failed: {}", found::sentence(&said.error));
                found::problem(&mut report, file, ProblemSeverity::Error, &what);
            }
        }
        if report.findings.is_empty() && linters == 0 && report.ran {
            report.ran = false;
            let hint = "Write the report with all its parts (`Report.Linters` lists what ran).";
            found::not_said(
                &mut report,
                file,
                "the report does not say which linters ran",
                hint,
            );
        }
        Ok(Parsed::Scan(report))
    }
}

/// The JSON without the `3 issues:` and its list that follow it.
fn without_summary(bytes: &[u8]) -> &[u8] {
    let Some(end) = memchr::memrchr(b'}', bytes) else {
        return bytes;
    };
    let (json, rest) = bytes.split_at(end + 1);
    let rest = rest.trim_ascii();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_summary = digits > 0 && rest.get(digits..).is_some_and(|rest| rest.starts_with(b" issue"));
    if is_summary { json } else { bytes }
}

fn finding(issue: Issue<'_>) -> Finding {
    let place = issue.pos.0.unwrap_or_default();
    Finding {
        rule: issue.from_linter.0.as_ref().into(),
        severity: FindingSeverity::parse(&issue.severity),
        message: found::sentence(&issue.text),
        path: place.filename.boxed(),
        line: found::line(place.line),
        more: None,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Whole<'a> {
    #[serde(borrow)]
    issues: List<Object<Issue<'a>>>,
    #[serde(borrow)]
    report: Object<Said<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Said<'a> {
    #[serde(borrow)]
    warnings: List<Object<Warning<'a>>>,
    linters: List<serde::de::IgnoredAny>,
    #[serde(borrow)]
    error: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Warning<'a> {
    #[serde(borrow)]
    text: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Issue<'a> {
    #[serde(borrow)]
    from_linter: Text<'a>,
    #[serde(borrow)]
    text: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    pos: Object<Place<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Place<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    line: Number,
}

#[cfg(test)]
mod tests {
    use crate::formats::{Parsed, read_file};
    use crate::model::ScanReport;

    fn scan(text: &str) -> Option<ScanReport> {
        match read_file("lint.json", text.as_bytes()).result {
            Some(Ok(Parsed::Scan(report))) => Some(report),
            _ => None,
        }
    }

    const CLEAN: &str = r#"{"Issues":[],"Report":{"Linters":[{"Name":"errcheck","Enabled":true}]}}"#;

    #[test]
    fn the_summary_behind_the_json_is_no_part_of_it() {
        for tail in ["", "\n", "\n0 issues.\n", "\n3 issues:\n* errcheck: 3\n"] {
            let report = scan(&format!("{CLEAN}{tail}"));
            assert!(
                report.is_some_and(|report| report.ran && report.findings.is_empty()),
                "{tail:?}"
            );
        }
        for tail in ["0 files", "level=error msg=\"it broke\"", CLEAN] {
            assert_eq!(scan(&format!("{CLEAN}\n{tail}")), None, "{tail}");
        }
    }

    #[test]
    fn a_report_that_names_no_linter_does_not_say_that_any_ran() {
        let report = scan(r#"{"Issues":null,"Report":{"Linters":null,"Warnings":[{"Tag":"a","Text":"b"}]}}"#);
        assert!(report.is_some_and(|report| !report.ran && report.problems.len() == 2));
    }
}
