//! xUnit.net's results, versions 1 (`class`) and 2 and later (`collection`).

use crate::formats::cases::{self, Cases};
use crate::formats::head::Head;
use crate::formats::xml::{Event, Raw, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{ProblemSeverity, TestCase, TestOutcome};

/// The format.
pub struct Xunit;

impl Format for Xunit {
    fn name(&self) -> &'static str {
        "xunit"
    }

    fn family(&self) -> Family {
        Family::Tests
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*xunit*.xml", "testresults.xml"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        match head.root() {
            Some("assemblies") => Sniff::Certain,
            Some("assembly")
                if ["<collection", "<test ", "test-framework=", "<class "]
                    .into_iter()
                    .any(|word| head.contains(word)) =>
            {
                Sniff::Likely
            }
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes);
        let mut cases = Cases::default();
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(b"test") => case(&mut xml, &mut cases)?,
                Event::Start(b"assembly" | b"assemblies") if cases.report().produced_at.is_none() => {
                    let time = |name: &str| xml.get(name).map(Raw::text).unwrap_or_default();
                    let joined = format!("{} {}", time("run-date"), time("run-time"));
                    let whole = [time("start-rtf"), time("timestamp"), joined.trim().into()];
                    let time = whole.into_iter().find(|time| !time.is_empty());
                    cases.report().produced_at = time.map(Into::into);
                }
                // What broke outside of any test: a fixture's clean-up, the discovery.
                Event::Start(b"error") => {
                    let at = xml.offset();
                    let name = xml.get("name").or_else(|| xml.get("type")).unwrap_or_default();
                    let what = format!("`{}` failed outside of any test", name.text());
                    cases.problem(file, at, ProblemSeverity::Error, &what);
                    xml.skip()?;
                }
                _ => {}
            }
        }
        Ok(cases.finish())
    }
}

fn case(xml: &mut Scanner<'_>, cases: &mut Cases) -> Result<(), ParseError> {
    let name = xml.get("name").unwrap_or_default();
    let class = xml.get("type").unwrap_or_default();
    let time = xml.get("time").and_then(|time| cases::seconds(time.bytes()));
    let path = xml.get("source-file");
    let line = xml.get("source-line").and_then(Raw::line);
    let word = xml.get("result").unwrap_or_default();
    let mut outcome = match word.bytes().to_ascii_lowercase().as_slice() {
        b"pass" | b"passed" => TestOutcome::Passed,
        b"fail" | b"failed" => TestOutcome::Failed,
        b"skip" | b"skipped" | b"notrun" => TestOutcome::Skipped,
        _ => TestOutcome::Errored,
    };
    let depth = xml.depth();
    let (mut message, mut stack) = (String::new(), String::new());
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(b"message" | b"reason") if message.is_empty() => {
                message = xml.text(cases::MESSAGE)?
            }
            Event::Start(b"stack-trace") if stack.is_empty() => stack = xml.text(cases::MESSAGE)?,
            Event::Start(b"failure") if outcome == TestOutcome::Passed => outcome = TestOutcome::Failed,
            Event::Start(b"output" | b"traits") => xml.skip()?,
            Event::End(_) if xml.depth() < depth => break,
            _ => {}
        }
    }
    let message = cases::message(&[&message, &stack]);
    let key = cases::key(&[class.bytes(), name.bytes()]);
    cases.add(key, line, outcome, false, time, || TestCase {
        suite: class.text().into(),
        name: name.text().into(),
        message,
        path: path.map(|path| path.text().into()),
        ..TestCase::default()
    });
    Ok(())
}
