//! Bandit's JSON.
//!
//! One per result. What `# nosec` silenced is in the totals. A file that Bandit could not read is a problem.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct Bandit;

impl Format for Bandit {
    fn name(&self) -> &'static str {
        "bandit"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["bandit*.json", "*-bandit.json", "*bandit-report*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let totals = head.has("metrics") && head.contains("\"CONFIDENCE.");
        let results = head.has("results[].test_id") && head.has("results[].issue_severity");
        if totals || results {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "Bandit".into(),
            produced_at: whole.generated_at.boxed(),
            ..ScanReport::default()
        };
        let totals = whole.metrics.0.iter().find(|(name, _)| name == "_totals");
        if let Some(totals) = totals.and_then(|(_, totals)| totals.0.as_ref()) {
            report.ran = true;
            let silenced = [totals.nosec, totals.skipped_tests];
            let silenced = silenced
                .iter()
                .filter_map(|n| n.count())
                .fold(0, u64::saturating_add);
            report.suppressed = u32::try_from(silenced).unwrap_or(u32::MAX);
            if totals.loc.count() == Some(0) {
                report.ran = !whole.results.0.is_empty();
                found::problem(
                    &mut report,
                    file,
                    ProblemSeverity::Error,
                    "Bandit read no line of code",
                );
            }
        }
        for error in whole.errors.into_iter().filter_map(|error| error.0) {
            let what = format!("Bandit did not check `{}`: {}", &*error.filename, &*error.reason);
            found::problem(&mut report, file, ProblemSeverity::Error, &what);
        }
        report.findings = whole
            .results
            .into_iter()
            .filter_map(|result| result.0)
            .map(finding)
            .collect();
        Ok(Parsed::Scan(report))
    }
}

fn finding(result: Outcome<'_>) -> Finding {
    Finding {
        rule: result.test_id.0.as_ref().into(),
        severity: FindingSeverity::parse(&result.issue_severity),
        message: found::sentence(&result.issue_text),
        path: result.filename.boxed(),
        line: found::line(result.line_number),
        more: found::rare(FindingMore {
            link: result.more_info.boxed(),
            ..FindingMore::default()
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    errors: List<Object<Failure<'a>>>,
    #[serde(borrow)]
    generated_at: Text<'a>,
    #[serde(borrow)]
    metrics: Entries<'a, Object<Totals>>,
    #[serde(borrow)]
    results: List<Object<Outcome<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Failure<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    #[serde(borrow)]
    reason: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Totals {
    loc: Number,
    nosec: Number,
    skipped_tests: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outcome<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    #[serde(borrow)]
    issue_severity: Text<'a>,
    #[serde(borrow)]
    issue_text: Text<'a>,
    line_number: Number,
    #[serde(borrow)]
    more_info: Text<'a>,
    #[serde(borrow)]
    test_id: Text<'a>,
}
