//! The events of `dart test --reporter json` and `flutter test --machine`, one a line.
//!
//! Hidden tests (loading a file, set-ups that passed) are no cases. Without the last event the run was cut off.

use std::collections::HashMap;

use serde::Deserialize;

use crate::formats::cases::{self, Cases};
use crate::formats::head::Head;
use crate::formats::json::{self, Flag, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{ProblemSeverity, TestCase, TestOutcome};

/// The format.
pub struct DartJson;

impl Format for DartJson {
    fn name(&self) -> &'static str {
        "dart-json"
    }

    fn family(&self) -> Family {
        Family::Tests
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*dart*.json", "*flutter*.json", "machine.log"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let keys = ["protocolVersion", "runnerVersion", "type"];
        if !head.is_array() && keys.iter().all(|key| head.has(key)) {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut cases = Cases::default();
        let mut suites: HashMap<u64, Box<str>> = HashMap::new();
        let mut open: HashMap<u64, Open> = HashMap::new();
        let mut done = None;
        let mut at = 0;
        while at < file.bytes.len() {
            let rest = &file.bytes[at..];
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let (line, offset) = (rest[..length].trim_ascii(), at);
            at += length + 1;
            // What the tests print, and Flutter's lists of other events, stand between the events.
            if !line.starts_with(b"{") {
                continue;
            }
            let event: Event<'_> = serde_json::from_slice(line)
                .map_err(|error| json::place(&error, &file.bytes[..offset + length], offset))?;
            let id = event.test_id.count().unwrap_or(u64::MAX);
            match &*event.kind {
                "suite" => {
                    let suite = event.suite.0.unwrap_or_default();
                    suites.insert(suite.id.count().unwrap_or(u64::MAX), suite.path.0.as_ref().into());
                }
                "testStart" => {
                    let test = event.test.0.unwrap_or_default();
                    let path = suites.get(&test.suite.count().unwrap_or(u64::MAX)).cloned();
                    let begun = Open {
                        suite: path.unwrap_or_default(),
                        name: test.name.0.as_ref().into(),
                        line: [test.root_line, test.line]
                            .into_iter()
                            .find_map(Number::line)
                            .filter(|line| *line > 0),
                        began: event.time,
                        said: test.metadata.0.unwrap_or_default().skip_reason.0.into_owned(),
                        result: None,
                    };
                    open.insert(test.id.count().unwrap_or(u64::MAX), begun);
                }
                "error" => {
                    if let Some(test) = open.get_mut(&id)
                        && test.said.len() < cases::MESSAGE
                    {
                        let said = cases::message(&[&event.error, &event.stack_trace]).unwrap_or_default();
                        test.said.push_str(&said);
                    }
                    // An error after the end of a test fails it all the same.
                    let late = open.get(&id).is_some_and(|test| test.result.is_some());
                    if late {
                        let what = "a test that had ended failed afterwards";
                        cases.problem(file, offset, ProblemSeverity::Error, what);
                    }
                }
                "testDone" => {
                    let outcome = match (&*event.result, event.skipped.0) {
                        ("success", true) => TestOutcome::Skipped,
                        ("success", false) => TestOutcome::Passed,
                        ("failure", _) => TestOutcome::Failed,
                        _ => TestOutcome::Errored,
                    };
                    let Some(test) = open.get_mut(&id) else { continue };
                    test.result = Some(outcome);
                    if !(event.hidden.0 && outcome == TestOutcome::Passed) {
                        add(&mut cases, test, outcome, event.time);
                    }
                }
                "done" => done = Some(event.success.0),
                _ => {}
            }
        }
        let mut left: Vec<(u64, Open)> = open
            .into_iter()
            .filter(|(_, test)| test.result.is_none())
            .collect();
        left.sort_by_key(|(id, _)| *id);
        for (_, test) in &left {
            add(&mut cases, test, TestOutcome::Errored, Number(None));
        }
        let counts = cases.report().counts;
        let problem = match done {
            None => "no event says that the run is done: it was cut off",
            Some(false) if counts.failed + counts.errored == 0 => {
                "the run says that it failed, but no test did"
            }
            Some(_) => return Ok(cases.finish()),
        };
        cases.problem(file, file.bytes.len(), ProblemSeverity::Error, problem);
        Ok(cases.finish())
    }
}

/// A test that began.
#[derive(Debug)]
struct Open {
    suite: Box<str>,
    name: Box<str>,
    line: Option<u32>,
    began: Number,
    said: String,
    result: Option<TestOutcome>,
}

fn add(cases: &mut Cases, test: &Open, outcome: TestOutcome, ended: Number) {
    let millis = match (test.began.0, ended.0) {
        (Some(began), Some(ended)) => Number(Some(ended - began)).millis(),
        _ => None,
    };
    let key = cases::key(&[test.suite.as_bytes(), test.name.as_bytes()]);
    cases.add(key, test.line, outcome, false, millis, || TestCase {
        suite: test.suite.clone(),
        name: test.name.clone(),
        message: cases::message(&[&test.said]),
        path: (!test.suite.is_empty()).then(|| test.suite.clone()),
        ..TestCase::default()
    });
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    time: Number,
    #[serde(borrow)]
    suite: Object<Suite<'a>>,
    #[serde(borrow)]
    test: Object<Test<'a>>,
    #[serde(rename = "testID")]
    test_id: Number,
    #[serde(borrow)]
    result: Text<'a>,
    skipped: Flag,
    hidden: Flag,
    #[serde(borrow)]
    error: Text<'a>,
    #[serde(borrow)]
    stack_trace: Text<'a>,
    success: Flag,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Suite<'a> {
    id: Number,
    #[serde(borrow)]
    path: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Test<'a> {
    id: Number,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(rename = "suiteID")]
    suite: Number,
    line: Number,
    root_line: Number,
    #[serde(borrow)]
    metadata: Object<Metadata<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Metadata<'a> {
    #[serde(borrow)]
    skip_reason: Text<'a>,
}
