//! JUnit XML in its dialects: Ant, Surefire, Gradle, pytest, Jest, Mocha, PHPUnit, GoogleTest, CTest, Catch2, nextest …
//!
//! One per `testcase`, wherever it stands; which cases of one name are reruns is decided in `cases`. A failure inside
//! `flakyFailure` or `rerunFailure` does not fail a case. Failures that belong to a suite and to no case are problems.

use crate::formats::cases::{self, Cases};
use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::xml::{Event, Raw, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{ProblemSeverity, TestCase, TestOutcome};

/// The format.
pub struct Junit;

impl Format for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn family(&self) -> Family {
        Family::Tests
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "junit.xml",
            "test-*.xml",
            "*junit*.xml",
            "test-results*.xml",
            "test_results*.xml",
            "report.xml",
            "results.xml",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        match head.root() {
            Some("testsuites" | "testsuite") => Sniff::Certain,
            // Eclipse's export.
            Some("testrun") if head.contains("<testcase") => Sniff::Likely,
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes).several_roots();
        let mut cases = Cases::default();
        let mut suites: Vec<Suite> = Vec::new();
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(b"testcase") => case(&mut xml, &mut cases, suites.last())?,
                Event::Start(b"testsuite" | b"testsuites" | b"testrun") => {
                    let mut suite = Suite::begin(&xml, &mut cases);
                    if let Some(outer) = suites.last_mut() {
                        outer.nested = true;
                        suite.path = suite.path.or_else(|| outer.path.clone());
                    }
                    suites.push(suite);
                }
                Event::End(b"testsuite" | b"testsuites" | b"testrun") => {
                    if let Some(suite) = suites.pop() {
                        suite.end(&mut cases, file, xml.offset());
                    }
                }
                Event::Start(b"failure" | b"error") => {
                    let at = xml.offset();
                    let message = words(&mut xml)?.unwrap_or_default();
                    let suite = suites.last().map_or("", |suite| &*suite.name);
                    let what = format!("the suite `{suite}` failed outside of its cases: {message}");
                    cases.problem(file, at, ProblemSeverity::Error, &what);
                }
                Event::Start(b"property") => {
                    if let Some(commit) = commit(&xml) {
                        cases.name_commit(&commit);
                    }
                }
                Event::Start(b"system-out" | b"system-err") => xml.skip()?,
                _ => {}
            }
        }
        Ok(cases.finish())
    }
}

/// An open suite.
#[derive(Debug)]
struct Suite {
    name: Box<str>,
    /// The source file, where written; cases inherit it.
    path: Option<Box<str>>,
    nested: bool,
    declared: Option<u64>,
    failures: u64,
    errors: u64,
    skipped: u64,
    /// Counts when it began.
    before: crate::model::TestCounts,
}

impl Suite {
    fn begin(xml: &Scanner<'_>, cases: &mut Cases) -> Self {
        let number = |name: &str| xml.get(name).and_then(Raw::number);
        if cases.report().produced_at.is_none() {
            let time = xml.get("timestamp").map(Raw::text).unwrap_or_default();
            // The beginning of time is what runners write for a suite that never began.
            if !(time.trim().is_empty() || time.starts_with("1970-01-01")) {
                cases.report().produced_at = Some(time.into());
            }
        }
        cases.begin_suite();
        Self {
            name: xml.get("name").map(|name| name.text().into()).unwrap_or_default(),
            path: xml.get("file").or_else(|| xml.get("filepath")).and_then(path),
            nested: false,
            declared: number("tests"),
            failures: number("failures").unwrap_or(0),
            errors: number("errors").unwrap_or(0),
            skipped: number("skipped")
                .or_else(|| number("skip"))
                .or_else(|| number("disabled"))
                .unwrap_or(0),
            before: cases.report().counts,
        }
    }

    fn end(self, cases: &mut Cases, file: &File<'_>, at: usize) {
        let now = cases.report().counts;
        let bad =
            u64::from((now.failed + now.errored).saturating_sub(self.before.failed + self.before.errored));
        let found = now.total.saturating_sub(self.before.total);
        cases.end_suite(self.declared.filter(|_| !self.nested));
        let declared = self.failures.saturating_add(self.errors);
        if found == 0 && self.declared.is_some_and(|n| n > 0) {
            // Only totals are there, so they speak.
            let total = self.declared.unwrap_or(0);
            cases.add_numbers(total, self.failures, self.errors, self.skipped);
        } else if declared > 0 && bad == 0 {
            let what = format!(
                "the suite `{}` says that {declared} of its cases failed, but lists none that did",
                self.name
            );
            cases.problem(file, at, ProblemSeverity::Error, &what);
        }
    }
}

/// A path that is written.
fn path(value: Raw<'_>) -> Option<Box<str>> {
    found::shared(value.text().trim())
}

/// Names of properties, without `_`, `-` and `.`, under which runners and pipelines write the commit.
const COMMIT: [&str; 14] = [
    "commit",
    "commitid",
    "commithash",
    "commitsha",
    "gitcommit",
    "gitcommitid",
    "gitcommithash",
    "gitcommitsha",
    "gitsha",
    "githubsha",
    "cicommitsha",
    "bitbucketcommit",
    "buildkitecommit",
    "circlesha1",
];

/// The commit that a `property` names: a whole hash, so that a version or a count is never taken for one.
fn commit(xml: &Scanner<'_>) -> Option<String> {
    let name = xml.get("name")?.text().to_ascii_lowercase();
    let name = name
        .strip_prefix("env.")
        .unwrap_or(&name)
        .replace(['_', '-', '.'], "");
    let value = xml.get("value")?.text().trim().to_ascii_lowercase();
    let whole = matches!(value.len(), 40 | 64) && value.bytes().all(|b| b.is_ascii_hexdigit());
    (whole && COMMIT.contains(&&*name)).then_some(value)
}

/// The message and the text of the element that just began.
fn words(xml: &mut Scanner<'_>) -> Result<Option<Box<str>>, ParseError> {
    let title = xml.get("message").map(Raw::text).unwrap_or_default();
    let kind = xml.get("type").map(Raw::text).unwrap_or_default();
    let text = xml.text(cases::MESSAGE)?;
    Ok(cases::message(&[
        if title.trim().is_empty() && text.trim().is_empty() {
            &kind
        } else {
            &title
        },
        &text,
    ]))
}

/// Reads a `testcase` with all it holds.
fn case(xml: &mut Scanner<'_>, cases: &mut Cases, suite: Option<&Suite>) -> Result<(), ParseError> {
    let empty = Raw::default();
    let (mut class, mut name, mut time, mut file, mut line) = (empty, empty, None, empty, None);
    let mut outcome = None;
    for (attribute, value) in xml.attributes() {
        match attribute {
            b"name" => name = value,
            b"classname" | b"class" => class = value,
            b"time" => time = cases::seconds(value.bytes()),
            b"file" | b"filepath" => file = value,
            b"line" | b"lineno" => line = value.line(),
            b"status" | b"result" | b"skipped" | b"disabled" => {
                outcome = by_word(attribute, value).or(outcome)
            }
            _ => {}
        }
    }
    let (mut message, mut earlier) = (None, None);
    let mut flaky = false;
    let depth = xml.depth();
    loop {
        match xml.next()? {
            Some(Event::Start(element)) => {
                let found = match element {
                    b"failure" => TestOutcome::Failed,
                    b"error" => TestOutcome::Errored,
                    b"skipped" | b"skip" | b"ignored" | b"disabled" | b"pending" => TestOutcome::Skipped,
                    other => {
                        if matches!(
                            other,
                            b"flakyFailure" | b"flakyError" | b"rerunFailure" | b"rerunError" | b"rerun"
                        ) {
                            flaky = true;
                            let words = words(xml)?;
                            earlier = earlier.or(words);
                        } else {
                            xml.skip()?;
                        }
                        continue;
                    }
                };
                let words = words(xml)?;
                match outcome {
                    // What went wrong first is what went wrong; a skip beside it does not undo it.
                    Some((TestOutcome::Failed | TestOutcome::Errored, true)) => {}
                    Some((_, true)) if found == TestOutcome::Skipped => {}
                    _ => {
                        outcome = Some((found, true));
                        message = words;
                    }
                }
            }
            Some(Event::End(_)) if xml.depth() < depth => break,
            Some(_) => {}
            None => break,
        }
    }
    let outcome = outcome.map_or(TestOutcome::Passed, |(outcome, _)| outcome);
    let key = cases::key(&[class.bytes(), name.bytes(), file.bytes()]);
    cases.add(
        key,
        line,
        outcome,
        flaky && outcome == TestOutcome::Passed,
        time,
        || TestCase {
            suite: match (class.bytes().is_empty(), suite) {
                (true, Some(suite)) => suite.name.clone(),
                _ => class.text().into(),
            },
            name: name.text().into(),
            message: message.or(earlier),
            path: self::path(file).or_else(|| suite?.path.clone()),
            ..TestCase::default()
        },
    );
    Ok(())
}

/// What an attribute says of the outcome; an element (`true` in the pair) says it better.
fn by_word(attribute: &[u8], value: Raw<'_>) -> Option<(TestOutcome, bool)> {
    let word = value.bytes().to_ascii_lowercase();
    let outcome = match (attribute, word.as_slice()) {
        (b"skipped" | b"disabled", b"true" | b"1") => TestOutcome::Skipped,
        (b"skipped" | b"disabled", _) => return None,
        (
            _,
            b"disabled" | b"skipped" | b"skip" | b"notrun" | b"not_run" | b"ignored" | b"pending"
            | b"suppressed" | b"todo",
        ) => TestOutcome::Skipped,
        (_, b"failed" | b"fail" | b"failure" | b"timedout" | b"timeout") => TestOutcome::Failed,
        (_, b"error" | b"errored" | b"crashed" | b"aborted") => TestOutcome::Errored,
        _ => return None,
    };
    Some((outcome, false))
}
