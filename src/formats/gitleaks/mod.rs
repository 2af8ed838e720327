//! Gitleaks' JSON: version 8 and the older one.
//!
//! One per leak; the secret itself is never taken along. A clean run writes `[]`, which names no tool.
//!
//! Its fixtures are written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found::{self, Many};
use crate::formats::head::Head;
use crate::formats::json::{self, Number, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, ScanReport};

/// The format.
pub struct Gitleaks;

impl Format for Gitleaks {
    fn name(&self) -> &'static str {
        "gitleaks"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["gitleaks*.json", "*-gitleaks.json", "leaks.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let now = head.has("RuleID") && ["Secret", "Match", "Fingerprint"].iter().any(|key| head.has(key));
        let then = head.has("offender") && head.has("rule") && head.has("commit");
        if head.is_array() && (now || then) {
            Sniff::Certain
        } else if found::empty_list(head, "gitleaks") {
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Many<Leak<'_>> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "gitleaks".into(),
            ran: !whole.0.is_empty(),
            ..ScanReport::default()
        };
        if whole.0.is_empty() {
            let hint = "Write the report as SARIF (`--report-format sarif`), which says that the tool ran.";
            found::not_said(
                &mut report,
                file,
                "an empty list does not say that gitleaks ran",
                hint,
            );
        }
        report.findings = whole.0.into_iter().map(finding).collect();
        Ok(Parsed::Scan(report))
    }
}

fn finding(leak: Leak<'_>) -> Finding {
    let rule = if leak.rule_id.is_empty() {
        &leak.rule
    } else {
        &leak.rule_id
    };
    let commit = if leak.commit.is_empty() {
        &leak.old_commit
    } else {
        &leak.commit
    };
    let description = found::first(&[&leak.description, rule]);
    let short: String = commit.chars().take(12).collect();
    Finding {
        rule: rule.0.as_ref().into(),
        message: if short.is_empty() {
            description
        } else {
            format!("{description} (in commit {short})").into()
        },
        path: leak.file.boxed().or_else(|| leak.old_file.boxed()),
        line: found::line(leak.start_line).or_else(|| found::line(leak.line_number)),
        more: found::rare(FindingMore {
            link: leak.link.boxed(),
            fingerprint: leak.fingerprint.boxed(),
            ..FindingMore::default()
        }),
        ..Finding::default()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Leak<'a> {
    #[serde(borrow, rename = "RuleID")]
    rule_id: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    start_line: Number,
    #[serde(borrow)]
    file: Text<'a>,
    #[serde(borrow)]
    commit: Text<'a>,
    #[serde(borrow)]
    fingerprint: Text<'a>,
    #[serde(borrow)]
    link: Text<'a>,
    #[serde(borrow, rename = "rule")]
    rule: Text<'a>,
    #[serde(borrow, rename = "file")]
    old_file: Text<'a>,
    #[serde(borrow, rename = "commit")]
    old_commit: Text<'a>,
    #[serde(rename = "lineNumber")]
    line_number: Number,
}
