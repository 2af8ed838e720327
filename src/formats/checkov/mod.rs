//! Checkov's JSON: one object, a list of them (one per framework), or the short form when there was nothing to check.
//!
//! One per failed check; skipped checks (`checkov:skip`) are suppressed. A file that could not be parsed is a problem.
//!
//! Its fixtures are the tool's, shortened.

use serde::Deserialize;

use crate::formats::found::{self, Many};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct Checkov;

impl Format for Checkov {
    fn name(&self) -> &'static str {
        "checkov"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["checkov*.json", "results_json.json", "*-checkov.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let results = head.has("results.failed_checks") || head.has("results.passed_checks");
        if head.has("checkov_version")
            || head.has("summary.checkov_version")
            || (head.has("check_type") && results)
        {
            Sniff::Certain
        } else if results {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Many<Whole<'_>> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "Checkov".into(),
            ..ScanReport::default()
        };
        let mut checked = 0_usize;
        for whole in whole.0 {
            let results = whole.results.0.unwrap_or_default();
            checked += results.passed_checks.0.len()
                + results.failed_checks.0.len()
                + results.skipped_checks.0.len();
            let summary = whole.summary.0.unwrap_or_default();
            for counted in [summary.passed, summary.failed, whole.passed, whole.failed] {
                checked += usize::from(counted.ran());
            }
            for broken in results.parsing_errors.0 {
                let what = format!("Checkov could not parse `{}`", &*broken);
                found::problem(&mut report, file, ProblemSeverity::Error, &what);
            }
            report.suppressed = report
                .suppressed
                .saturating_add(found::count(results.skipped_checks.0.len()));
            report.findings.extend(
                results
                    .failed_checks
                    .into_iter()
                    .filter_map(|check| check.0)
                    .map(finding),
            );
        }
        report.ran = checked > 0;
        if !report.ran {
            let hint = "Check which folder and which frameworks Checkov is asked to look at.";
            found::not_said(&mut report, file, "Checkov found nothing to check", hint);
        }
        Ok(Parsed::Scan(report))
    }
}

fn finding(check: Check<'_>) -> Finding {
    let details = check.vulnerability_details.0.unwrap_or_default();
    let rule = if details.id.is_empty() {
        &check.check_id
    } else {
        &details.id
    };
    let said = found::first(&[&check.check_name, &details.description, &check.short_description]);
    Finding {
        rule: rule.0.as_ref().into(),
        severity: FindingSeverity::parse(&check.severity),
        message: if check.resource.is_empty() {
            said
        } else {
            format!("{said} ({})", found::sentence(&check.resource)).into()
        },
        path: check.repo_file_path.boxed().or_else(|| check.file_path.boxed()),
        line: check.file_line_range.0.first().copied().and_then(found::line),
        more: found::rare(FindingMore {
            package: details.package_name.boxed(),
            version: details.package_version.boxed(),
            fix: details.lowest_fixed_version.boxed(),
            link: check.guideline.boxed().or_else(|| details.link.boxed()),
            ..FindingMore::default()
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    results: Object<Results<'a>>,
    summary: Object<Summary>,
    passed: Number,
    failed: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    passed: Number,
    failed: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Results<'a> {
    passed_checks: List<serde::de::IgnoredAny>,
    #[serde(borrow)]
    failed_checks: List<Object<Check<'a>>>,
    skipped_checks: List<serde::de::IgnoredAny>,
    #[serde(borrow)]
    parsing_errors: List<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Check<'a> {
    #[serde(borrow)]
    check_id: Text<'a>,
    #[serde(borrow)]
    check_name: Text<'a>,
    #[serde(borrow)]
    short_description: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    file_path: Text<'a>,
    #[serde(borrow)]
    repo_file_path: Text<'a>,
    file_line_range: List<Number>,
    #[serde(borrow)]
    resource: Text<'a>,
    #[serde(borrow)]
    guideline: Text<'a>,
    #[serde(borrow)]
    vulnerability_details: Object<Details<'a>>,
}

/// What checks of packages add.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Details<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    link: Text<'a>,
    #[serde(borrow)]
    package_name: Text<'a>,
    #[serde(borrow)]
    package_version: Text<'a>,
    #[serde(borrow)]
    lowest_fixed_version: Text<'a>,
}
