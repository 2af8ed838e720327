//! What a file that a tool wrote comes to: its figures, as text and as the blocks of the JSON.

use std::fmt::Write as _;
use std::io::Write;

use serde::Serialize;

use super::Written;
use super::style::{counted, safe};
use crate::formats::{Family, Format, ParseError, Parsed, Reading};
use crate::model::{FindingSeverity, Problem, Ratio, ScanReport, TestCounts, Totals};
use crate::text::Encoding;

/// The figures of a file that a tool wrote; its details are not kept.
#[derive(Debug)]
pub struct Evidence {
    /// The format's name.
    pub format: &'static str,
    /// What it can prove.
    pub family: Family,
    /// How it was decoded; none where it was not read.
    pub encoding: Option<Encoding>,
    /// The figures, or why the file could not be read.
    pub result: Result<Figures, ParseError>,
    /// What the reading left out.
    pub problems: Vec<Problem>,
}

/// Figures of a report.
#[derive(Debug)]
pub enum Figures {
    /// Of coverage: how many files, and the sums.
    Coverage(u64, Totals),
    /// Of a scan.
    Scan(ScanFigures),
    /// Of test results.
    Tests(TestCounts),
}

/// Figures of a scan.
#[derive(Debug)]
pub struct ScanFigures {
    tool: Box<str>,
    ran: bool,
    produced_at: Option<Box<str>>,
    findings: u64,
    suppressed: u32,
    /// In the order of [`FindingSeverity::ALL`].
    by_severity: [u64; 6],
}

impl Evidence {
    /// The figures of a reading.
    #[must_use]
    pub fn of(format: &dyn Format, reading: Reading) -> Self {
        let mut evidence = Self {
            format: format.name(),
            family: format.family(),
            encoding: Some(reading.encoding),
            result: Err(ParseError::default()),
            problems: Vec::new(),
        };
        evidence.result = match reading.result {
            Some(Ok(Parsed::Coverage(report))) => {
                let figures = Figures::Coverage(report.files.len() as u64, report.sum());
                evidence.problems = report.problems;
                Ok(figures)
            }
            Some(Ok(Parsed::Scan(report))) => {
                let figures = Figures::Scan(ScanFigures::of(&report));
                evidence.problems = report.problems;
                Ok(figures)
            }
            Some(Ok(Parsed::Tests(report))) => {
                evidence.problems = report.problems;
                Ok(Figures::Tests(report.counts))
            }
            Some(Err(error)) => Err(error),
            None => Err(ParseError {
                message: "nothing was read".to_owned(),
                ..ParseError::default()
            }),
        };
        evidence
    }

    /// A file that was recognised and could not be read.
    #[must_use]
    pub fn failed(format: &dyn Format, message: String) -> Self {
        Self {
            format: format.name(),
            family: format.family(),
            encoding: None,
            result: Err(ParseError {
                message,
                ..ParseError::default()
            }),
            problems: Vec::new(),
        }
    }
}

impl ScanFigures {
    fn of(report: &ScanReport) -> Self {
        Self {
            tool: report.tool.clone(),
            ran: report.ran,
            produced_at: report.produced_at.clone(),
            findings: report.findings.len() as u64,
            suppressed: report.suppressed,
            by_severity: FindingSeverity::ALL.map(|severity| {
                let of_it = report
                    .findings
                    .iter()
                    .filter(|finding| finding.severity == severity);
                of_it.count() as u64
            }),
        }
    }
}

/// The word of a family in `kind`.
pub(super) const fn kind(family: Family) -> &'static str {
    match family {
        Family::Coverage => "coverage",
        Family::Scan => "scan",
        Family::Tests => "tests",
    }
}

/// The three blocks of an entry; only the one of its kind is filled.
#[derive(Serialize, Default)]
pub(super) struct Blocks<'a> {
    coverage: Option<CoverageDto>,
    scan: Option<ScanDto<'a>>,
    tests: Option<TestsDto>,
}

impl<'a> Blocks<'a> {
    /// Fills the one block of the figures.
    pub(super) fn of(figures: &'a Figures) -> Self {
        let mut blocks = Self::default();
        match figures {
            Figures::Coverage(files, sum) => {
                blocks.coverage = Some(CoverageDto {
                    files: *files,
                    lines: sum.lines.map(RatioDto::from),
                    branches: sum.branches.map(RatioDto::from),
                    functions: sum.functions.map(RatioDto::from),
                });
            }
            Figures::Scan(scan) => {
                let [critical, high, medium, low, info, unknown] = scan.by_severity;
                blocks.scan = Some(ScanDto {
                    tool: &scan.tool,
                    ran: scan.ran,
                    produced_at: scan.produced_at.as_deref(),
                    findings: scan.findings,
                    suppressed: scan.suppressed,
                    by_severity: SeveritiesDto {
                        critical,
                        high,
                        medium,
                        low,
                        info,
                        unknown,
                    },
                });
            }
            Figures::Tests(counts) => {
                blocks.tests = Some(TestsDto {
                    total: counts.total,
                    passed: counts.passed,
                    failed: counts.failed,
                    errored: counts.errored,
                    skipped: counts.skipped,
                });
            }
        }
        blocks
    }
}

#[derive(Serialize)]
struct CoverageDto {
    files: u64,
    lines: Option<RatioDto>,
    branches: Option<RatioDto>,
    functions: Option<RatioDto>,
}

#[derive(Serialize)]
struct RatioDto {
    covered: u64,
    total: u64,
}

impl From<Ratio> for RatioDto {
    fn from(ratio: Ratio) -> Self {
        Self {
            covered: ratio.covered,
            total: ratio.total,
        }
    }
}

#[derive(Serialize)]
struct ScanDto<'a> {
    tool: &'a str,
    ran: bool,
    produced_at: Option<&'a str>,
    findings: u64,
    suppressed: u32,
    by_severity: SeveritiesDto,
}

#[derive(Serialize)]
struct SeveritiesDto {
    critical: u64,
    high: u64,
    medium: u64,
    low: u64,
    info: u64,
    unknown: u64,
}

#[derive(Serialize)]
struct TestsDto {
    total: u32,
    passed: u32,
    failed: u32,
    errored: u32,
    skipped: u32,
}

/// One line of figures, or the error; then what the reading left out.
pub(super) fn text(out: &mut dyn Write, path: &str, evidence: &Evidence) -> Written {
    let kind = kind(evidence.family);
    write!(out, "{path}  {kind}, {}", evidence.format)?;
    if let Some(encoding) = evidence.encoding {
        write!(out, ", {}", encoding.name())?;
    }
    match &evidence.result {
        Ok(figures) => writeln!(out, ": {}", in_words(figures))?,
        Err(error) => {
            let place = match (error.line, error.column) {
                (Some(line), Some(column)) => format!("line {line}, column {column}: "),
                (Some(line), None) => format!("line {line}: "),
                _ => String::new(),
            };
            writeln!(out, "  error: {place}{}", safe(&error.message))?;
        }
    }
    for problem in &evidence.problems {
        writeln!(out, "  {}", safe(&problem.to_string()))?;
    }
    Ok(())
}

/// The figures in one line.
fn in_words(figures: &Figures) -> String {
    match figures {
        Figures::Coverage(files, sum) => {
            let mut words = many(*files, "file");
            for (name, ratio) in [
                ("lines", sum.lines),
                ("branches", sum.branches),
                ("functions", sum.functions),
            ] {
                let Some(ratio) = ratio else { continue };
                let _ = write!(words, ", {name} {} of {}", ratio.covered, ratio.total);
                // Rounded down: what is not whole never reads as 100 %.
                if let Some(basis) = (u128::from(ratio.covered) * 10_000).checked_div(u128::from(ratio.total))
                {
                    let _ = write!(words, " ({}.{:02} %)", basis / 100, basis % 100);
                }
            }
            words
        }
        Figures::Scan(scan) => {
            let tool = safe(&scan.tool);
            let tool = if tool.is_empty() { "the tool".into() } else { tool };
            let ran = if scan.ran {
                "ran"
            } else {
                "is not said to have run"
            };
            let mut words = format!("{tool} {ran}, {}", many(scan.findings, "finding"));
            let parts: Vec<String> = FindingSeverity::ALL
                .iter()
                .zip(scan.by_severity)
                .filter(|(_, findings)| *findings > 0)
                .map(|(severity, findings)| format!("{findings} {}", severity.word()))
                .collect();
            if !parts.is_empty() {
                let _ = write!(words, " ({})", parts.join(", "));
            }
            if scan.suppressed > 0 {
                let _ = write!(words, ", {} suppressed", scan.suppressed);
            }
            words
        }
        Figures::Tests(counts) => format!(
            "{}, {} passed, {} failed, {} errored, {} skipped",
            counted(counts.total, "test"),
            counts.passed,
            counts.failed,
            counts.errored,
            counts.skipped
        ),
    }
}

/// "1 file", "2 files".
fn many(n: u64, noun: &str) -> String {
    counted(u32::try_from(n).unwrap_or(u32::MAX), noun)
}
