//! SpotBugs' (and FindBugs') XML.
//!
//! One per bug instance. Priorities and ranks are numbers, no severity in words. Classes that could not be read are a problem.
//!
//! Its fixtures are written by hand after the tool's schema.

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::xml::{Event, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, ProblemSeverity, ScanReport};

/// The format.
pub struct Spotbugs;

impl Format for Spotbugs {
    fn name(&self) -> &'static str {
        "spotbugs"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["spotbugs*.xml", "findbugs*.xml"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.root() == Some("BugCollection") {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes);
        let mut report = ScanReport {
            tool: "SpotBugs".into(),
            ..ScanReport::default()
        };
        let mut open: Option<(usize, Finding)> = None;
        while let Some(event) = xml.next()? {
            let depth = xml.depth();
            match event {
                Event::Start(b"BugCollection") => {
                    let time = xml.get("timestamp").or_else(|| xml.get("analysisTimestamp"));
                    report.produced_at = time.map(|time| time.text().into());
                }
                Event::Start(b"FindBugsSummary") => {
                    report.ran = xml.get("total_classes").and_then(|total| total.number()) != Some(0);
                }
                Event::Start(b"Errors") => {
                    let errors = xml.get("errors").and_then(|errors| errors.number()).unwrap_or(0);
                    if errors > 0 {
                        let what = format!("SpotBugs had {errors} errors: some classes were not checked");
                        found::problem(&mut report, file, ProblemSeverity::Error, &what);
                    }
                }
                Event::Start(b"BugInstance") => {
                    let rule = xml
                        .get("type")
                        .map(|kind| kind.text().into_owned())
                        .unwrap_or_default();
                    let message = rule.as_str().into();
                    open = Some((
                        depth,
                        Finding {
                            rule: rule.into(),
                            message,
                            ..Finding::default()
                        },
                    ));
                }
                Event::Start(b"LongMessage") => {
                    if let Some((at, one)) = &mut open
                        && depth == *at + 1
                    {
                        one.message = found::sentence(&xml.text(2000)?);
                    }
                }
                Event::Start(b"SourceLine") => {
                    if let Some((at, one)) = &mut open
                        && (one.path.is_none() || (one.line.is_none() && depth == *at + 1))
                    {
                        let path = xml.get("sourcepath").or_else(|| xml.get("classname"));
                        one.path = path.map(|path| path.text().into());
                        // Lines of the class itself say little; the bug's own stand directly in it.
                        one.line = xml
                            .get("start")
                            .and_then(|start| start.line())
                            .filter(|_| depth == *at + 1);
                    }
                }
                Event::End(b"BugInstance") => report.findings.extend(open.take().map(|(_, one)| one)),
                _ => {}
            }
        }
        report.ran |= !report.findings.is_empty();
        if !report.ran {
            let hint = "Check that the classes are compiled before SpotBugs runs.";
            found::not_said(
                &mut report,
                file,
                "the report does not say that any class was checked",
                hint,
            );
        }
        Ok(Parsed::Scan(report))
    }
}
