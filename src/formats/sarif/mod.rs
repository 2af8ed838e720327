//! SARIF: 2.1.0 in full, 1.0 and the drafts of 2.0 as far as they go.
//!
//! One per result of kind `fail`. Suppressed are results whose suppressions are all accepted, and those absent against
//! a baseline. An empty list proves something only when an invocation says that it succeeded: pipelines write empty logs
//! so that an upload does not fail.

use serde_json::Deserializer;

use crate::formats::head::Head;
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff, found, json};
use crate::model::{ProblemSeverity, ScanReport};

mod invocation;
mod log;
mod message;
mod package;
mod result;
mod rules;
mod run;

/// The format.
pub struct Sarif;

impl Format for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*.sarif", "*.sarif.json", "*sarif*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.is_array() || !(head.has("runs") || head.has("inlineExternalProperties")) {
            return Sniff::No;
        }
        let parts = [
            "tool",
            "results",
            "invocations",
            "automationDetails",
            "columnKind",
            "artifacts",
            "originalUriBaseIds",
        ];
        let schema = head.has("$schema") && head.contains("sarif");
        let versions = ["\"2.1.0\"", "\"2.0.0", "\"1.0.0"];
        if schema {
            Sniff::Certain
        } else if parts.iter().any(|part| head.has(&format!("runs[].{part}")))
            || (head.has("version") && versions.iter().any(|version| head.contains(version)))
        {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut log = log::Log::default();
        let mut input = Deserializer::from_str(json::text(file.bytes)?);
        let read = log.read(&mut input).and_then(|()| input.end());
        read.map_err(|error| json::place(&error, file.bytes, 0))?;
        if !log.has_runs {
            return Err(ParseError::whole("a SARIF log without a list of `runs`"));
        }
        Ok(Parsed::Scan(finish(log, file)))
    }
}

/// The report, with what the log says about itself as problems.
fn finish(log: log::Log<'_>, file: &File<'_>) -> ScanReport {
    let mut report = log.report;
    report.tool = log.tools.join(", ").into();
    report.ran = log.runs > 0 && log.runs_that_ran == log.runs;
    report.findings.shrink_to_fit();
    report.fingerprints.shrink();
    report.rules.sort_by(|a, b| a.id.cmp(&b.id));
    report.rules.dedup_by(|later, kept| later.id == kept.id);
    if !report.ran {
        let what = if log.failed {
            "an invocation says that the tool failed"
        } else {
            "no invocation says that the tool ran to its end, and a run has no results"
        };
        let hint = "run the scan again; an empty log counts when it has `executionSuccessful: true`";
        found::not_said(&mut report, file, what, hint);
    }
    if !(log.version.is_empty() || log.version.starts_with("1.") || log.version.starts_with("2.")) {
        let what = format!(
            "SARIF version `{}` is unknown; it was read like 2.1.0",
            log.version
        );
        found::problem(&mut report, file, ProblemSeverity::Warning, &what);
    }
    if let Some(place) = log.elsewhere {
        let what = format!("results stand in another file, `{place}`, which is not read");
        found::problem(&mut report, file, ProblemSeverity::Error, &what);
    }
    if log.errors > 0 {
        let what = format!(
            "the tool reports {} errors of its own: {}",
            log.errors, log.first_error
        );
        found::problem(&mut report, file, ProblemSeverity::Warning, &what);
    }
    if log.open > 0 {
        let what = format!(
            "{} results of kind `open` or `review` wait for a person; they do not count",
            log.open
        );
        found::problem(&mut report, file, ProblemSeverity::Note, &what);
    }
    report
}

#[cfg(test)]
mod tests;
