//! RSpec's JSON report.

use serde::Deserialize;

use crate::formats::cases::{self, Cases};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{ProblemSeverity, TestCase, TestOutcome};

/// The format.
pub struct RspecJson;

impl Format for RspecJson {
    fn name(&self) -> &'static str {
        "rspec-json"
    }

    fn family(&self) -> Family {
        Family::Tests
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*rspec*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let summary = head.has("summary.example_count") || head.has("summary_line");
        if head.has("examples") && (summary || head.has("examples[].full_description")) {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let report: Whole<'_> = json::read(file.bytes)?;
        let mut cases = Cases::default();
        for example in report.examples.0.iter().filter_map(|example| example.0.as_ref()) {
            case(example, &mut cases);
        }
        let outside = report
            .summary
            .0
            .unwrap_or_default()
            .errors_outside_of_examples_count;
        if outside.ran() {
            let said: Vec<&str> = report.messages.0.iter().map(|message| &**message).collect();
            let said = cases::message(&said).unwrap_or_default();
            let what = format!("the run failed outside of its examples: {said}");
            cases.problem(file, 0, ProblemSeverity::Error, &what);
        }
        Ok(cases.finish())
    }
}

fn case(example: &Example<'_>, cases: &mut Cases) {
    let outcome = match &*example.status {
        "passed" => TestOutcome::Passed,
        "failed" => TestOutcome::Failed,
        "pending" => TestOutcome::Skipped,
        _ => TestOutcome::Errored,
    };
    let millis = Number(example.run_time.0.map(|seconds| seconds * 1000.0)).millis();
    let key = cases::key(&[example.id.as_bytes(), example.full_description.as_bytes()]);
    cases.add(key, example.line_number.line(), outcome, false, millis, || {
        let group = example
            .full_description
            .strip_suffix(&*example.description)
            .unwrap_or_default();
        let message = match &example.exception.0 {
            Some(exception) => {
                let stack: Vec<&str> = exception
                    .backtrace
                    .0
                    .iter()
                    .map(|line| &**line)
                    .take(50)
                    .collect();
                cases::message(&[&exception.message, &stack.join("\n")])
            }
            None => cases::message(&[&example.pending_message]),
        };
        TestCase {
            suite: group.trim().into(),
            name: example.description.0.as_ref().into(),
            message,
            path: example.file_path.boxed(),
            ..TestCase::default()
        }
    });
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    messages: List<Text<'a>>,
    #[serde(borrow)]
    examples: List<Object<Example<'a>>>,
    summary: Object<Summary>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    errors_outside_of_examples_count: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Example<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    full_description: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    file_path: Text<'a>,
    line_number: Number,
    run_time: Number,
    #[serde(borrow)]
    pending_message: Text<'a>,
    #[serde(borrow)]
    exception: Object<Exception<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Exception<'a> {
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    backtrace: List<Text<'a>>,
}
