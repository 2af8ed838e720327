//! `llvm-cov export` as JSON (clang, Rust with cargo-llvm-cov, Swift).
//!
//! The report's own totals are the contract; the segments give the lines of each file.

use serde::Deserialize;

use crate::formats::files::Files;
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Ratio, Totals};

/// The format.
pub struct LlvmCov;

impl Format for LlvmCov {
    fn name(&self) -> &'static str {
        "llvm-cov"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["llvm-cov*.json", "coverage*.json", "codecov.json", "cov.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.contains("llvm.coverage.json.export") {
            Sniff::Certain
        } else if head.has("data[].files") && (head.contains("\"segments\"") || head.contains("\"summary\""))
        {
            // The type stands at the end of the file.
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let export: Export<'_> = json::read(file.bytes)?;
        if export.data.0.is_empty() {
            return Err(ParseError::whole("no `data` in this export"));
        }
        let mut files = Files::default();
        let mut sum: Option<Totals> = None;
        for data in export.data.0.into_iter().filter_map(|data| data.0) {
            if let Some(totals) = data.totals.0 {
                let add = |sum: Option<Ratio>, more: Option<Ratio>| match (sum, more) {
                    (Some(a), Some(b)) => Some(a.plus(b)),
                    (a, b) => a.or(b),
                };
                let sum = sum.get_or_insert_default();
                sum.lines = add(sum.lines, totals.lines.ratio());
                sum.branches = add(sum.branches, totals.branches.ratio());
                sum.functions = add(sum.functions, totals.functions.ratio());
            }
            for source in data.files.0.into_iter().filter_map(|source| source.0) {
                let at = files.of(&source.filename);
                lines(&source.segments.0, &mut files, at, file)?;
                if let Some(summary) = source.summary.0 {
                    let entry = files.at(at);
                    entry.line_total = summary.lines.ratio();
                    entry.branches = summary.branches.ratio();
                    entry.functions = summary.functions.ratio();
                }
            }
        }
        files.report().totals = sum.filter(|totals| totals.lines.is_some());
        Ok(files.finish(file))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Export<'a> {
    #[serde(borrow)]
    data: List<Object<Data<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Data<'a> {
    #[serde(borrow)]
    files: List<Object<Source<'a>>>,
    totals: Object<Summary>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    segments: List<Segment>,
    summary: Object<Summary>,
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
    count: Number,
    covered: Number,
}

impl Object<Metric> {
    fn ratio(&self) -> Option<Ratio> {
        let metric = self.0.as_ref()?;
        Some(Ratio::new(metric.covered.count()?, metric.count.count()?))
    }
}

/// `[line, column, count, has count, is the entry of a region, is a gap]`; the last came later.
#[derive(Debug, Clone, Copy, Default)]
struct Segment {
    line: u32,
    ran: bool,
    has_count: bool,
    entry: bool,
    gap: bool,
}

impl<'de> Deserialize<'de> for Segment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = List::<Part>::deserialize(deserializer)?.0;
        let part = |at: usize| parts.get(at).copied().unwrap_or_default();
        Ok(Self {
            line: part(0).0.line().unwrap_or(0),
            ran: part(2).0.ran(),
            has_count: part(3).0.ran(),
            entry: part(4).0.ran(),
            gap: part(5).0.ran(),
        })
    }
}

/// A number, or a truth value as one.
#[derive(Debug, Clone, Copy, Default)]
struct Part(Number);

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        Ok(Self(Number(match &*text {
            "true" => Some(1.0),
            "false" => Some(0.0),
            other => other.parse().ok(),
        })))
    }
}

/// Lines from segments, as llvm's own line view has them: a line is executable when a region with a count reaches into
/// it or begins on it, and its count is the largest of these.
fn lines(segments: &[Segment], files: &mut Files, at: usize, file: &File<'_>) -> Result<(), ParseError> {
    let mut wrapped: Option<Segment> = None;
    let mut rest = segments;
    while let Some(first) = rest.first() {
        let here = rest.iter().take_while(|s| s.line == first.line).count().max(1);
        let (on_line, after) = rest.split_at(here);
        let starts = |s: &&Segment| !s.gap && s.has_count && s.entry;
        let begins = on_line.iter().filter(starts).count();
        let skipped = !first.has_count && first.entry;
        let reached = wrapped.is_some_and(|s| s.has_count);
        if !skipped && (reached || begins > 0) {
            let ran = wrapped.is_some_and(|s| s.ran) || on_line.iter().filter(starts).any(|s| s.ran);
            files.at(at).lines.add(first.line, ran);
        }
        wrapped = on_line.last().copied();
        // The lines up to the next segment only have the region that reaches over them.
        if let (Some(open), Some(next)) = (wrapped.filter(|s| s.has_count), after.first())
            && next.line > first.line
            && next.line - first.line > 1
        {
            files.span(at, (first.line + 1, next.line - 1), open.ran, file, 0)?;
        }
        rest = after;
    }
    Ok(())
}
