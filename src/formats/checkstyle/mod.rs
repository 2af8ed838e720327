//! Checkstyle's XML, which many linters write (ESLint, PHP_CodeSniffer, ktlint, golangci-lint, hadolint).
//!
//! One per error. Levels are no severity, except `info`.
//!
//! Its fixture is written by hand after the tool's documentation.

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::xml::{Event, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct Checkstyle;

impl Format for Checkstyle {
    fn name(&self) -> &'static str {
        "checkstyle"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["checkstyle*.xml", "*-checkstyle.xml", "*checkstyle-result*.xml"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.root() == Some("checkstyle") {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes);
        let mut report = ScanReport {
            tool: "Checkstyle".into(),
            ..ScanReport::default()
        };
        let mut path = None;
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(b"file") => {
                    path = xml.get("name").and_then(|name| found::shared(&name.text()));
                    report.ran = true;
                }
                Event::End(b"file") => path = None,
                Event::Start(b"error") => {
                    let text = |name: &str| xml.get(name).map(|value| value.text()).unwrap_or_default();
                    report.findings.push(Finding {
                        rule: text("source").as_ref().into(),
                        severity: FindingSeverity::parse(&text("severity")),
                        message: found::sentence(&text("message")),
                        path: path.clone(),
                        line: xml
                            .get("line")
                            .and_then(|line| line.line())
                            .filter(|line| *line > 0),
                        more: None,
                    });
                }
                Event::Start(b"exception") => {
                    let said = found::sentence(&xml.text(2000)?);
                    let what = format!("a file was not checked: {said}");
                    found::problem(&mut report, file, ProblemSeverity::Error, &what);
                }
                _ => {}
            }
        }
        if !report.ran {
            // Several linters name only files with errors, so this may be a clean run; it does not say so.
            let hint = "Write the report in the tool's own format, or as SARIF.";
            found::not_said(
                &mut report,
                file,
                "the report names no file that was checked",
                hint,
            );
        }
        Ok(Parsed::Scan(report))
    }
}
