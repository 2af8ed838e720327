//! Markdown to [`Report`]: items, sections, gates, declared verdicts, arithmetic.
//!
//! Not here: what the verdict makes of it. Invariants: any bytes give a report (never an error, never a
//! panic); a code block is never an item; every span lies inside the document. Held by `tests/it` and properties.

mod arithmetic;
mod boxes;
mod coverage_rules;
mod details;
mod emoji;
mod ids;
mod lookup;
mod marks;
mod meta;
mod phrasebook;
mod phrases;
mod prefilter;
mod reader;
mod recognise;
mod requirement;
mod rules;
mod sections;
mod severity;
pub mod siblings;
mod statements;
mod tables;
#[cfg(test)]
mod tests;
mod title;
mod vote;
mod wording;
mod words;

use std::sync::Arc;

use crate::model::{Meta, Problem, ProblemSeverity, Recognition, RepoPath, Report, Truncated};
use crate::text::SourceText;
use crate::text::markdown::Outline;

/// How a document is to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadAs {
    /// `Some(true)`: the configuration says that it counts; `Some(false)`: that it does not; `None`: decide by content and name.
    pub counts: Option<bool>,
    /// Set when the bytes are only the beginning of the file.
    pub truncated: Option<Truncated>,
}

/// Reads one document. Total: whatever the bytes, there is a report.
#[must_use]
pub fn parse_report(path: RepoPath, bytes: Arc<[u8]>, how: ReadAs) -> Report {
    let source = SourceText::read(bytes);
    parse_source(path, &source, how)
}

/// Reads one document that is already decoded.
#[must_use]
pub fn parse_source(path: RepoPath, source: &SourceText, how: ReadAs) -> Report {
    parse_with_outline(path, source, how).0
}

/// [`parse_source`], with the outline for those who look further; `None` when it was not needed or cannot be had.
#[must_use]
pub fn parse_with_outline(path: RepoPath, source: &SourceText, how: ReadAs) -> (Report, Option<Outline>) {
    let mut report = Report {
        path,
        hash: source.hash(),
        encoding: source.encoding(),
        truncated: how.truncated,
        title: None,
        meta: Meta::default(),
        sections: Vec::new(),
        items: Vec::new(),
        gates: Vec::new(),
        targets: Vec::new(),
        declared_verdicts: Vec::new(),
        claims: Vec::new(),
        contradictions: Vec::new(),
        figures: Vec::new(),
        problems: Vec::new(),
        recognition: Recognition::default(),
    };
    let text = source.text();
    if how.counts != Some(true) && !prefilter::may_report(&report.path, text) {
        report.title = prefilter::first_heading(text);
        report.recognition = recognise::prose(how.counts);
        return (report, None);
    }
    let outline = match Outline::read(text) {
        Ok(outline) => outline,
        Err(too_deep) => {
            report.problems.push(Problem {
                severity: ProblemSeverity::Error,
                at: format!("{}:{}", report.path, too_deep.line).into(),
                what: format!(
                    "blocks are nested more than {} deep; the document was not read",
                    too_deep.limit
                )
                .into(),
                hint: Some("a list or quote this deep is usually generated or damaged; flatten it".into()),
            });
            report.recognition = recognise::unreadable(&report.path, how.counts);
            return (report, None);
        }
    };
    let read = reader::read(&report.path, source, &outline);
    report.title = read.title;
    report.sections = read.sections;
    report.items = read.items;
    arithmetic::fill(source, text, &outline, &mut report);
    note_truncation(&mut report);
    report.recognition = recognise::recognise(&report, read.topic, how.counts);
    note_silence(&mut report, how.counts);
    (report, Some(outline))
}

/// A report of which nothing was understood is no pass: "could not check" is an answer of its own. A glob of the
/// configuration may take in prose as well, so there it is only said.
fn note_silence(report: &mut Report, counts: Option<bool>) {
    let silent = report.items.is_empty() && report.gates.is_empty() && report.declared_verdicts.is_empty();
    if silent && report.recognition.counts && report.problems.is_empty() {
        report.problems.push(Problem {
            severity: if counts.is_none() {
                ProblemSeverity::Error
            } else {
                ProblemSeverity::Warning
            },
            at: report.path.as_str().into(),
            what: "it counts as a readiness report, but no item, rule or verdict in it was understood".into(),
            hint: Some(
                "give its points a box (`- [ ]`) or a table column `Status`, or leave it out with `exclude` in `gonogo.toml`"
                    .into(),
            ),
        });
    }
}

/// What lies behind the read part may hold open items: without it no GO can be given.
fn note_truncation(report: &mut Report) {
    if let Some(truncated) = report.truncated {
        report.problems.push(Problem {
            severity: ProblemSeverity::Error,
            at: report.path.as_str().into(),
            what: format!(
                "only the first {} of {} bytes were read",
                truncated.read, truncated.size
            )
            .into(),
            hint: Some("split the document, or leave it out with `exclude` in `gonogo.toml`".into()),
        });
    }
}
