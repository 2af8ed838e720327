//! gcovr's `--json` report.
//!
//! Distinct lines by file, excluded ones left out; a line of a template counts once, covered when an instance ran.

use serde::Deserialize;

use crate::formats::files::{Files, plus};
use crate::formats::head::Head;
use crate::formats::json::{self, Flag, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};

/// The format.
pub struct GcovrJson;

impl Format for GcovrJson {
    fn name(&self) -> &'static str {
        "gcovr-json"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["gcovr*.json", "coverage.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.has("gcovr/format_version") {
            Sniff::Certain
        } else if head.has("files[].file") && head.has("files[].lines") && head.contains("gcovr/") {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let report: Whole<'_> = json::read(file.bytes)?;
        let mut files = Files::default();
        for source in report.files.0.into_iter().filter_map(|source| source.0) {
            let at = files.of(&source.file);
            let entry = files.at(at);
            let (mut branches, mut functions) = (None, None);
            let mut odd = false;
            for line in source.lines.0.into_iter().filter_map(|line| line.0) {
                let Some(number) = line.line_number.line().filter(|_| !line.left_out()) else {
                    continue;
                };
                odd |= line.count.is_odd();
                entry.lines.add(number, line.count.ran());
                for branch in line.branches.0.into_iter().filter_map(|branch| branch.0) {
                    if !branch.excluded.0 {
                        plus(&mut branches, branch.count.ran());
                    }
                }
            }
            for function in source.functions.0.into_iter().filter_map(|function| function.0) {
                if !function.excluded.0 {
                    plus(&mut functions, function.execution_count.ran());
                }
            }
            entry.branches = super::files::larger(entry.branches, branches);
            entry.functions = super::files::larger(entry.functions, functions);
            if odd {
                files.odd(0);
            }
        }
        Ok(files.finish(file))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    files: List<Object<Source<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow, alias = "filename")]
    file: Text<'a>,
    lines: List<Object<Line>>,
    functions: List<Object<Function>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    line_number: Number,
    count: Number,
    branches: List<Object<Branch>>,
    #[serde(rename = "gcovr/excluded")]
    excluded: Flag,
    #[serde(rename = "gcovr/noncode")]
    noncode: Flag,
}

impl Line {
    const fn left_out(&self) -> bool {
        self.excluded.0 || self.noncode.0
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Branch {
    count: Number,
    #[serde(rename = "gcovr/excluded")]
    excluded: Flag,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Function {
    execution_count: Number,
    #[serde(rename = "gcovr/excluded")]
    excluded: Flag,
}
