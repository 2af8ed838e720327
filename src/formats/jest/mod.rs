//! Jest's `--json` report, which Vitest writes too.
//!
//! One per assertion result. A test file that could not run at all has none, and is a problem.

use serde::Deserialize;

use crate::formats::cases::{self, Cases};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{ProblemSeverity, TestCase, TestOutcome};

/// The format.
pub struct Jest;

impl Format for Jest {
    fn name(&self) -> &'static str {
        "jest"
    }

    fn family(&self) -> Family {
        Family::Tests
    }

    fn globs(&self) -> &'static [&'static str] {
        &["jest*.json", "*jest*.json", "vitest*.json", "test-results.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let totals = head.has("numTotalTests") || head.has("numTotalTestSuites");
        let results = head.has("testResults");
        match (totals, results) {
            (true, true) => Sniff::Certain,
            (true, false) | (false, true) if head.contains("\"assertionResults\"") => Sniff::Likely,
            (true, false) => Sniff::Likely,
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let report: Whole<'_> = json::read(file.bytes)?;
        let mut cases = Cases::default();
        cases.report().produced_at = report.start_time.boxed();
        for source in report
            .test_results
            .0
            .iter()
            .filter_map(|source| source.0.as_ref())
        {
            let path = if source.name.is_empty() {
                &source.test_file_path
            } else {
                &source.name
            };
            let all = if source.assertion_results.0.is_empty() {
                &source.test_results
            } else {
                &source.assertion_results
            };
            for assertion in all.0.iter().filter_map(|assertion| assertion.0.as_ref()) {
                case(assertion, path, &mut cases);
            }
            let broke = &*source.status == "failed" || source.test_exec_error.0.is_some();
            let some_failed = all
                .0
                .iter()
                .filter_map(|a| a.0.as_ref())
                .any(|a| &*a.status == "failed");
            if broke && !some_failed {
                let message = if source.message.is_empty() {
                    &source.failure_message
                } else {
                    &source.message
                };
                let message = cases::message(&[message]).unwrap_or_default();
                let what = format!("`{}` failed outside of its tests: {message}", &**path);
                cases.problem(file, 0, ProblemSeverity::Error, &what);
            }
        }
        Ok(cases.finish())
    }
}

fn case(assertion: &Assertion<'_>, path: &Text<'_>, cases: &mut Cases) {
    let outcome = match &*assertion.status {
        "passed" | "focused" => TestOutcome::Passed,
        "failed" => TestOutcome::Failed,
        "pending" | "skipped" | "todo" | "disabled" => TestOutcome::Skipped,
        _ => TestOutcome::Errored,
    };
    // Vitest does not count its retries, but keeps what failed before.
    let again =
        assertion.invocations.count().is_some_and(|n| n > 1) || !assertion.failure_messages.0.is_empty();
    let flaky = outcome == TestOutcome::Passed && again;
    let place = assertion
        .location
        .0
        .as_ref()
        .and_then(|location| location.line.line());
    let key = cases::key(&[path.as_bytes(), assertion.full_name.as_bytes()]);
    cases.add(key, place, outcome, flaky, assertion.duration.millis(), || {
        let said: Vec<&str> = assertion
            .failure_messages
            .0
            .iter()
            .map(|message| &**message)
            .take(1)
            .collect();
        let titles: Vec<&str> = assertion.ancestor_titles.0.iter().map(|title| &**title).collect();
        TestCase {
            suite: titles.join(" › ").into(),
            name: if assertion.title.is_empty() {
                &assertion.full_name
            } else {
                &assertion.title
            }
            .0
            .as_ref()
            .into(),
            message: cases::message(&said),
            path: path.boxed(),
            ..TestCase::default()
        }
    });
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Whole<'a> {
    #[serde(borrow)]
    start_time: Text<'a>,
    #[serde(borrow)]
    test_results: List<Object<Source<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Source<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    test_file_path: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    failure_message: Text<'a>,
    #[serde(borrow)]
    assertion_results: List<Object<Assertion<'a>>>,
    #[serde(borrow)]
    test_results: List<Object<Assertion<'a>>>,
    test_exec_error: Object<serde::de::IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Assertion<'a> {
    #[serde(borrow)]
    ancestor_titles: List<Text<'a>>,
    #[serde(borrow)]
    full_name: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    duration: Number,
    invocations: Number,
    #[serde(borrow)]
    failure_messages: List<Text<'a>>,
    location: Object<Location>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Location {
    line: Number,
}
