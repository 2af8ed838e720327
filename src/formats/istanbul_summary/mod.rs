//! Istanbul's `coverage-summary.json`: totals by file and of all.

use serde::Deserialize;

use crate::formats::files::Files;
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, Number, Object};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Ratio, Totals};

/// The format.
pub struct IstanbulSummary;

impl Format for IstanbulSummary {
    fn name(&self) -> &'static str {
        "istanbul-summary"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["coverage-summary.json", "coverage-summary*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let total = head.has("total.lines") && head.has("total.statements");
        if total && head.contains("\"pct\"") && head.contains("\"skipped\"") {
            Sniff::Certain
        } else if total {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let all: Entries<'_, Object<Summary>> = json::read(file.bytes)?;
        let mut files = Files::default();
        for (path, summary) in all.0 {
            let Some(summary) = summary.0 else { continue };
            if path == "total" {
                let totals = Totals {
                    lines: summary.lines.ratio(),
                    branches: summary.branches.ratio(),
                    functions: summary.functions.ratio(),
                };
                files.report().totals = totals.lines.is_some().then_some(totals);
            } else {
                let at = files.of(&path);
                let source = files.at(at);
                source.line_total = summary.lines.ratio();
                source.branches = summary.branches.ratio();
                source.functions = summary.functions.ratio();
            }
        }
        Ok(files.finish(file))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    lines: Object<Metric>,
    branches: Object<Metric>,
    functions: Object<Metric>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metric {
    total: Number,
    covered: Number,
}

impl Object<Metric> {
    fn ratio(&self) -> Option<Ratio> {
        let metric = self.0.as_ref()?;
        Some(Ratio::new(metric.covered.count()?, metric.total.count()?))
    }
}
