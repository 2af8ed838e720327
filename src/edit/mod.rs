//! A status change as a byte-exact plan, and the plan applied to bytes.
//!
//! Not here: files and commits (`sources`), and reading the result again (`engine` picks the first of
//! [`plan_candidates`] whose result reads back as wanted). Invariant: applying a plan changes the planned tokens'
//! bytes and nothing else; a plan never applies to other bytes than those it was made for. Held by `edit/tests.rs`.

use crate::model::{RepoPath, Status, Uid};
use crate::text::{ContentHash, Span};

mod apply;
mod diff;
mod note;
mod plan;
#[cfg(test)]
mod tests;
mod words;

pub use apply::{apply, inverse, merge};
pub use diff::{DiffLine, diff};
pub use note::plan_note;
pub use plan::{plan_candidates, plan_status};

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
