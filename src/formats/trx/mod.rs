//! Visual Studio's test results (`.trx`).

use std::collections::HashMap;

use crate::formats::cases::{self, Cases};
use crate::formats::head::Head;
use crate::formats::xml::{Event, Raw, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{ProblemSeverity, TestCase, TestOutcome};

/// The format.
pub struct Trx;

impl Format for Trx {
    fn name(&self) -> &'static str {
        "trx"
    }

    fn family(&self) -> Family {
        Family::Tests
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*.trx"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.root() != Some("TestRun") {
            Sniff::No
        } else if head.contains("VisualStudio/TeamTest") {
            Sniff::Certain
        } else {
            Sniff::Likely
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes);
        let mut cases = Cases::default();
        // Definitions may come before or behind the results: classes are filled in at the end.
        let mut classes: HashMap<&[u8], Raw<'_>> = HashMap::new();
        let mut definition = Raw::default();
        let mut run_failed = false;
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(
                    b"UnitTestResult" | b"TestResult" | b"GenericTestResult" | b"ManualTestResult",
                ) => {
                    case(&mut xml, &mut cases)?;
                }
                Event::Start(b"UnitTest") => definition = xml.get("id").unwrap_or_default(),
                Event::Start(b"TestMethod") => {
                    if let Some(class) = xml.get("className") {
                        classes.insert(definition.bytes(), class);
                    }
                }
                Event::Start(b"Times") => {
                    let time = xml.get("start").or_else(|| xml.get("creation"));
                    cases.report().produced_at = time.map(|time| time.text().into());
                }
                Event::Start(b"ResultSummary") => {
                    let bad = ["Failed", "Error", "Aborted", "Timeout"];
                    let outcome = xml.get("outcome").unwrap_or_default();
                    run_failed = bad.into_iter().any(|word| outcome.is(word));
                }
                _ => {}
            }
        }
        let counts = cases.report().counts;
        if run_failed && counts.failed + counts.errored == 0 {
            let what = "the run says that it failed, but lists no case that did";
            cases.problem(file, 0, ProblemSeverity::Error, what);
        }
        let mut parsed = cases.finish();
        if let Parsed::Tests(report) = &mut parsed {
            for case in &mut report.cases {
                let class = classes.get(case.suite.as_bytes());
                // An assembly's name and more may follow the class.
                case.suite = class.map_or_else(Box::default, |class| {
                    class.text().split(',').next().unwrap_or_default().trim().into()
                });
            }
        }
        Ok(parsed)
    }
}

fn case(xml: &mut Scanner<'_>, cases: &mut Cases) -> Result<(), ParseError> {
    let name = xml.get("testName").unwrap_or_default();
    // Stands for the class until the definitions are known.
    let id = xml.get("testId").unwrap_or_default();
    let time = xml.get("duration").and_then(|time| cases::clock(time.bytes()));
    let word = xml.get("outcome").unwrap_or_default();
    let outcome = match word.bytes().to_ascii_lowercase().as_slice() {
        b"passed" | b"warning" | b"completed" => TestOutcome::Passed,
        b"failed" | b"timeout" => TestOutcome::Failed,
        b"notexecuted" | b"notrunnable" | b"inconclusive" | b"pending" | b"inprogress" => {
            TestOutcome::Skipped
        }
        // The schema's own default is `Error`.
        _ => TestOutcome::Errored,
    };
    let depth = xml.depth();
    let (mut message, mut stack) = (String::new(), String::new());
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(b"Message") if message.is_empty() => message = xml.text(cases::MESSAGE)?,
            Event::Start(b"StackTrace") if stack.is_empty() => stack = xml.text(cases::MESSAGE)?,
            // The rows of a data-driven test; the test itself has the worst of their outcomes.
            Event::Start(b"InnerResults") | Event::Start(b"StdOut" | b"StdErr" | b"DebugTrace") => {
                xml.skip()?
            }
            Event::End(_) if xml.depth() < depth => break,
            _ => {}
        }
    }
    let message = cases::message(&[&message, &stack]);
    let key = cases::key(&[id.bytes(), name.bytes()]);
    cases.add(key, None, outcome, false, time, || TestCase {
        suite: id.text().into(),
        name: name.text().into(),
        message,
        ..TestCase::default()
    });
    Ok(())
}
