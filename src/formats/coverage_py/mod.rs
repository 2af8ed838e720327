//! coverage.py's `coverage json`.

use serde::Deserialize;

use crate::formats::files::Files;
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, Lines, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Ratio, Totals};

/// The format.
pub struct CoveragePy;

impl Format for CoveragePy {
    fn name(&self) -> &'static str {
        "coverage-py"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["coverage.json", "coverage*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let traits = head.contains("\"executed_lines\"") || head.contains("\"num_statements\"");
        if !(head.has("files") && traits) {
            Sniff::No
        } else if head.has("meta.branch_coverage") || head.has("meta.show_contexts") {
            Sniff::Certain
        } else {
            Sniff::Likely
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let report: Whole<'_> = json::read(file.bytes)?;
        let mut files = Files::default();
        for (path, source) in report.files.0 {
            let Some(source) = source.0 else { continue };
            let at = files.of(&path);
            let entry = files.at(at);
            entry.lines.merge(&source.missing_lines.0);
            entry.lines.merge(&source.executed_lines.0);
            if let Some(summary) = source.summary.0 {
                entry.line_total = summary.lines();
                entry.branches = summary.branches();
            }
        }
        let meta = report.meta.0.unwrap_or_default();
        files.report().produced_at = meta.timestamp.boxed();
        if files.len() == 0 {
            let totals = report.totals.0.unwrap_or_default();
            files.report().totals = Some(Totals {
                lines: totals.lines(),
                branches: totals.branches(),
                functions: None,
            });
        }
        Ok(files.finish(file))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    meta: Object<Meta<'a>>,
    #[serde(borrow)]
    files: Entries<'a, Object<Source>>,
    totals: Object<Summary>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Meta<'a> {
    #[serde(borrow)]
    timestamp: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source {
    executed_lines: Lines<true>,
    missing_lines: Lines<false>,
    summary: Object<Summary>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    covered_lines: Number,
    num_statements: Number,
    covered_branches: Number,
    num_branches: Number,
}

impl Summary {
    fn lines(&self) -> Option<Ratio> {
        Some(Ratio::new(
            self.covered_lines.count()?,
            self.num_statements.count()?,
        ))
    }

    fn branches(&self) -> Option<Ratio> {
        Some(Ratio::new(
            self.covered_branches.count()?,
            self.num_branches.count()?,
        ))
    }
}
