//! gcovr's `--json-summary`: totals by file and of all.

use serde::Deserialize;

use crate::formats::files::Files;
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Ratio, Totals};

/// The format.
pub struct GcovrSummary;

impl Format for GcovrSummary {
    fn name(&self) -> &'static str {
        "gcovr-summary"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*summary*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.has("gcovr/summary_format_version") {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let report: Whole<'_> = json::read(file.bytes)?;
        let mut files = Files::default();
        for source in report.files.0.into_iter().filter_map(|source| source.0) {
            let at = files.of(&source.filename);
            let entry = files.at(at);
            entry.line_total = ratio(source.line_covered, source.line_total);
            entry.branches = ratio(source.branch_covered, source.branch_total);
            entry.functions = ratio(source.function_covered, source.function_total);
        }
        let totals = Totals {
            lines: ratio(report.line_covered, report.line_total),
            branches: ratio(report.branch_covered, report.branch_total),
            functions: ratio(report.function_covered, report.function_total),
        };
        files.report().totals = totals.lines.is_some().then_some(totals);
        Ok(files.finish(file))
    }
}

fn ratio(covered: Number, total: Number) -> Option<Ratio> {
    Some(Ratio::new(covered.count()?, total.count()?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    files: List<Object<Source<'a>>>,
    line_covered: Number,
    line_total: Number,
    branch_covered: Number,
    branch_total: Number,
    function_covered: Number,
    function_total: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    line_covered: Number,
    line_total: Number,
    branch_covered: Number,
    branch_total: Number,
    function_covered: Number,
    function_total: Number,
}
