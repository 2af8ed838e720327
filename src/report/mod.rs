//! Markdown to [`Report`]: items, sections, gates, declared verdicts, arithmetic.
//!
//! Not here: what the verdict makes of it. Invariants: any bytes give a report (never an error, never a
//! panic); a code block is never an item; every span lies inside the document. Held by `tests/it` and properties.

use std::sync::Arc;

mod arithmetic;
mod meta;
mod phrases;
mod rules;
mod statements;
mod words;

use crate::model::{Meta, Problem, Recognition, RepoPath, Report, Truncated};
use crate::text::SourceText;

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
    Report {
        path,
        hash: source.hash(),
        encoding: source.encoding(),
        truncated: how.truncated,
        title: None,
        meta: Meta::default(),
        sections: Vec::new(),
        items: Vec::new(),
        gates: Vec::new(),
        declared_verdicts: Vec::new(),
        claims: Vec::new(),
        contradictions: Vec::new(),
        problems: Vec::<Problem>::new(),
        recognition: Recognition::default(),
    }
}
