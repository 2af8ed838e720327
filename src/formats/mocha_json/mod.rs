//! Mocha's JSON report.

use serde::Deserialize;

use crate::formats::cases::{self, Cases};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{TestCase, TestOutcome};

/// The format.
pub struct MochaJson;

impl Format for MochaJson {
    fn name(&self) -> &'static str {
        "mocha-json"
    }

    fn family(&self) -> Family {
        Family::Tests
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*mocha*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let stats = head.has("stats.passes") && head.has("stats.pending") && head.has("stats.suites");
        // With `results` it is another reporter's tree.
        if stats && head.has("tests") && !head.has("results") {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let report: Whole<'_> = json::read(file.bytes)?;
        let mut cases = Cases::default();
        cases.report().produced_at = report.stats.0.unwrap_or_default().start.boxed();
        for (list, outcome) in [
            (&report.failures, TestOutcome::Failed),
            (&report.pending, TestOutcome::Skipped),
            (&report.passes, TestOutcome::Passed),
        ] {
            for test in list.0.iter().filter_map(|test| test.0.as_ref()) {
                let flaky = outcome == TestOutcome::Passed && test.current_retry.ran();
                let key = cases::key(&[test.file.as_bytes(), test.full_title.as_bytes()]);
                cases.add(key, None, outcome, flaky, test.duration.millis(), || {
                    let suite = test.full_title.strip_suffix(&*test.title).unwrap_or_default();
                    let error = test.err.0.as_ref();
                    TestCase {
                        suite: suite.trim().into(),
                        name: test.title.0.as_ref().into(),
                        message: error.and_then(|error| cases::message(&[&error.message, &error.stack])),
                        path: test.file.boxed(),
                        ..TestCase::default()
                    }
                });
            }
        }
        Ok(cases.finish())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    stats: Object<Stats<'a>>,
    #[serde(borrow)]
    failures: List<Object<Test<'a>>>,
    #[serde(borrow)]
    pending: List<Object<Test<'a>>>,
    #[serde(borrow)]
    passes: List<Object<Test<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Stats<'a> {
    #[serde(borrow)]
    start: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Test<'a> {
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    full_title: Text<'a>,
    #[serde(borrow)]
    file: Text<'a>,
    duration: Number,
    current_retry: Number,
    #[serde(borrow)]
    err: Object<Error<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Error<'a> {
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    stack: Text<'a>,
}
