//! NUnit's results, versions 2 (`test-results`) and 3 (`test-run`).

use crate::formats::cases::{self, Cases};
use crate::formats::head::Head;
use crate::formats::xml::{Event, Raw, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{ProblemSeverity, TestCase, TestOutcome};

/// The format.
pub struct Nunit;

impl Format for Nunit {
    fn name(&self) -> &'static str {
        "nunit"
    }

    fn family(&self) -> Family {
        Family::Tests
    }

    fn globs(&self) -> &'static [&'static str] {
        &["testresult.xml", "testresults.xml", "*nunit*.xml"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        match head.root() {
            Some("test-run" | "test-results") => Sniff::Certain,
            Some("test-suite") if head.contains("<test-case") || head.contains("<results") => Sniff::Likely,
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes);
        let mut cases = Cases::default();
        // What the root says of itself, to be held against the cases.
        let mut root_failed = false;
        let mut suites: Vec<Raw<'_>> = Vec::new();
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(b"test-case") => case(&mut xml, &mut cases, suites.last().copied())?,
                Event::Start(name @ (b"test-run" | b"test-results" | b"test-suite")) => {
                    if xml.depth() == 1 {
                        let some = |name: &str| xml.get(name).and_then(Raw::number).is_some_and(|n| n > 0);
                        root_failed = xml.get("result").is_some_and(|result| result.is("Failed"))
                            || ["failed", "failures", "errors"].into_iter().any(some);
                        cases.report().produced_at = produced(&xml);
                    }
                    if name == b"test-suite" {
                        suites.push(
                            xml.get("fullname")
                                .or_else(|| xml.get("name"))
                                .unwrap_or_default(),
                        );
                        // A failed set-up fails the cases; a failed tear-down leaves them passed.
                        let is = |name: &str, word: &str| xml.get(name).is_some_and(|value| value.is(word));
                        if is("site", "TearDown") && is("result", "Failed") {
                            let name = suites.last().copied().unwrap_or_default();
                            let what = format!("the tear-down of the suite `{}` failed", name.text());
                            cases.problem(file, xml.offset(), ProblemSeverity::Error, &what);
                        }
                    }
                }
                Event::End(b"test-suite") => {
                    suites.pop();
                }
                Event::Start(b"output" | b"properties" | b"environment" | b"settings") => xml.skip()?,
                _ => {}
            }
        }
        let counts = cases.report().counts;
        if root_failed && counts.failed + counts.errored == 0 {
            let what = "the run says that it failed, but lists no case that did";
            cases.problem(file, 0, ProblemSeverity::Error, what);
        }
        Ok(cases.finish())
    }
}

fn produced(xml: &Scanner<'_>) -> Option<Box<str>> {
    if let Some(time) = xml.get("start-time") {
        return Some(time.text().into());
    }
    let date = xml.get("date")?;
    let time = xml.get("time").map(Raw::text).unwrap_or_default();
    Some(format!("{} {time}", date.text()).trim().into())
}

fn case(xml: &mut Scanner<'_>, cases: &mut Cases, suite: Option<Raw<'_>>) -> Result<(), ParseError> {
    let name = xml
        .get("fullname")
        .or_else(|| xml.get("name"))
        .unwrap_or_default();
    let class = xml.get("classname").or(suite).unwrap_or_default();
    let time = xml.get("duration").or_else(|| xml.get("time"));
    let time = time.and_then(|time| cases::seconds(time.bytes()));
    let outcome = outcome(xml);
    let message = details(xml)?;
    let key = cases::key(&[class.bytes(), name.bytes()]);
    cases.add(key, None, outcome, false, time, || TestCase {
        suite: class.text().into(),
        name: name.text().into(),
        message,
        ..TestCase::default()
    });
    Ok(())
}

fn outcome(xml: &Scanner<'_>) -> TestOutcome {
    let label = xml.get("label").unwrap_or_default();
    let broke = ["Error", "Cancelled", "Invalid"]
        .into_iter()
        .any(|word| label.is(word));
    let word = xml.get("result").unwrap_or_default();
    match word.bytes().to_ascii_lowercase().as_slice() {
        b"passed" | b"success" | b"warning" => TestOutcome::Passed,
        b"failed" | b"failure" if broke => TestOutcome::Errored,
        b"failed" | b"failure" => TestOutcome::Failed,
        b"error" | b"cancelled" | b"invalid" => TestOutcome::Errored,
        b"notrunnable" => TestOutcome::Errored,
        b"skipped" | b"ignored" | b"inconclusive" | b"explicit" => TestOutcome::Skipped,
        // Versions before 2.5 only say whether it was a success.
        _ if xml.get("success").is_some_and(|success| success.is("true")) => TestOutcome::Passed,
        _ if xml.get("executed").is_some_and(|executed| executed.is("false")) => TestOutcome::Skipped,
        _ if xml.get("success").is_some() => TestOutcome::Failed,
        _ => TestOutcome::Errored,
    }
}

/// The message and stack of what just began, and everything in it skipped.
fn details(xml: &mut Scanner<'_>) -> Result<Option<Box<str>>, ParseError> {
    let depth = xml.depth();
    let (mut message, mut stack) = (String::new(), String::new());
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(b"message") if message.is_empty() => message = xml.text(cases::MESSAGE)?,
            Event::Start(b"stack-trace") if stack.is_empty() => stack = xml.text(cases::MESSAGE)?,
            Event::Start(b"output" | b"properties" | b"assertions" | b"attachments") => xml.skip()?,
            Event::End(_) if xml.depth() < depth => break,
            _ => {}
        }
    }
    Ok(cases::message(&[&message, &stack]))
}
