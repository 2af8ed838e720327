//! Semgrep's (and Opengrep's) JSON.
//!
//! One per result; ignored ones (`nosemgrep`) are suppressed. Errors that cost a file or a rule are problems. The levels
//! ERROR and WARNING are no severity.
//!
//! Of its fixtures only `semgrep.json` is the tool's own.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, Flag, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct Semgrep;

impl Format for Semgrep {
    fn name(&self) -> &'static str {
        "semgrep"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["semgrep*.json", "*-semgrep.json", "opengrep*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.is_array() {
            return Sniff::No;
        }
        let results = head.has("results[].check_id") && head.has("results[].extra");
        let scanned = head.has("errors") && (head.has("paths.scanned") || head.has("paths.skipped"));
        if results || scanned {
            Sniff::Certain
        } else if found::squeezed(head, 40).is_some_and(|text| {
            text == b"{\"results\":[],\"errors\":[]}" || text == b"{\"errors\":[],\"results\":[]}"
        }) {
            // Versions before 0.93 said no more than this when they found nothing.
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "Semgrep".into(),
            ..ScanReport::default()
        };
        let scanned = whole.paths.0.map(|paths| paths.scanned.0.len());
        let mut failed = false;
        for error in whole.errors.into_iter().filter_map(|error| error.0) {
            let lost = &*error.level != "warn" && &*error.level != "info";
            failed |= lost;
            let severity = if lost {
                ProblemSeverity::Error
            } else {
                ProblemSeverity::Warning
            };
            let said = found::first(&[&error.long_msg, &error.message, &error.kind]);
            let what = if error.path.is_empty() {
                format!("Semgrep reports: {said}")
            } else {
                format!("Semgrep reports for `{}`: {said}", &*error.path)
            };
            found::problem(&mut report, file, severity, &what);
        }
        for result in whole.results.into_iter().filter_map(|result| result.0) {
            let extra = result.extra.0.unwrap_or_default();
            if extra.is_ignored.0 {
                report.suppressed += 1;
                continue;
            }
            let metadata = extra.metadata.0.unwrap_or_default();
            report.findings.push(Finding {
                rule: result.check_id.0.as_ref().into(),
                severity: FindingSeverity::parse(&extra.severity),
                message: found::sentence(&extra.message),
                path: result.path.boxed(),
                line: result.start.0.and_then(|start| found::line(start.line)),
                more: found::rare(FindingMore {
                    link: metadata.shortlink.boxed().or_else(|| metadata.source.boxed()),
                    // What the tool writes for people without a login.
                    fingerprint: extra
                        .fingerprint
                        .boxed()
                        .filter(|print| &**print != "requires login"),
                    ..FindingMore::default()
                }),
            });
        }
        let any = !report.findings.is_empty() || report.suppressed > 0;
        report.ran = any || scanned.is_some_and(|files| files > 0);
        if scanned == Some(0) && !any && !failed {
            found::problem(
                &mut report,
                file,
                ProblemSeverity::Error,
                "Semgrep scanned no file",
            );
        } else if scanned.is_none() && !any {
            let hint =
                "Write the report with a version of Semgrep that lists the files it scanned, or as SARIF.";
            found::not_said(
                &mut report,
                file,
                "the report does not say that any file was scanned",
                hint,
            );
        }
        Ok(Parsed::Scan(report))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    errors: List<Object<Failure<'a>>>,
    #[serde(borrow)]
    paths: Object<Paths<'a>>,
    #[serde(borrow)]
    results: List<Object<Outcome<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Paths<'a> {
    #[serde(borrow)]
    scanned: List<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Failure<'a> {
    #[serde(borrow)]
    level: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    long_msg: Text<'a>,
    #[serde(borrow)]
    path: Text<'a>,
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outcome<'a> {
    #[serde(borrow)]
    check_id: Text<'a>,
    #[serde(borrow)]
    path: Text<'a>,
    start: Object<Place>,
    #[serde(borrow)]
    extra: Object<Extra<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    line: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Extra<'a> {
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    fingerprint: Text<'a>,
    is_ignored: Flag,
    #[serde(borrow)]
    metadata: Object<Metadata<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata<'a> {
    #[serde(borrow)]
    shortlink: Text<'a>,
    #[serde(borrow)]
    source: Text<'a>,
}
