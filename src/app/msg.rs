//! What can happen: a closed enum.

use std::sync::Arc;

use jiff::Timestamp;

use super::Key;
use crate::edit::Plan;
use crate::engine::Assessment;
use crate::model::{Problem, RepoPath, Uid};
use crate::text::SourceText;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted (bracketed paste): text, never keys.
    Paste(String),
    /// The terminal's size in columns and rows.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The present time; sent with each minute that the age on screen needs.
    Now(Timestamp),
    /// How far the reading of the repository is.
    Progress(Progress),
    /// A judgement. Older generations are dropped before they get here.
    Assessed(Arc<Assessment>),
    /// A document's text, or why it cannot be shown.
    Document(RepoPath, Result<Arc<SourceText>, String>),
    /// The answer to [`super::Effect::Plan`]: one plan per document, and what could not be planned.
    Planned {
        /// As in the effect.
        request: u64,
        /// Plans with the text that they change, for the diff.
        plans: Vec<(Arc<SourceText>, Plan)>,
        /// Items that cannot get the status, in words.
        refused: Vec<(Uid, String)>,
    },
    /// The answer to [`super::Effect::Filter`]: indices into the filtered list, best first for fuzzy ones.
    Filtered {
        /// As in the effect.
        request: u64,
        /// Rows that match.
        rows: Vec<u32>,
    },
    /// The answer to [`super::Effect::Arrange`].
    Arranged {
        /// As in the effect.
        request: u64,
        /// The table.
        table: Arc<super::panes::table::Table>,
    },
    /// A job ended.
    Job(JobOutcome),
    /// Something to tell the person that is no job's end.
    Notice(Problem),
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Markdown files read so far.
    pub read: u32,
    /// Markdown files found so far.
    pub found: u32,
    /// Nothing more to read.
    pub complete: bool,
}

/// The end of a job.
#[derive(Debug, Clone, PartialEq)]
pub enum JobOutcome {
    /// Written and committed.
    Committed {
        /// Short hash of the new commit.
        commit: String,
        /// What was done, one line.
        what: String,
        /// The plans that bring the former bytes back, for undo.
        inverse: Vec<Plan>,
    },
    /// Written, and no commit was made; why (a hook's own words, no git, `--no-commit`).
    Written {
        /// What was done, one line.
        what: String,
        /// Why there is no commit, possibly several lines.
        why: String,
        /// The plans that bring the former bytes back, for undo.
        inverse: Vec<Plan>,
    },
    /// Of a write only: nothing was written, and why.
    Refused(String),
    /// Nothing was copied, and why.
    NotCopied(String),
    /// The editor did not do its work, and why.
    NotEdited(String),
    /// GitHub did what was asked, in words.
    Acted(String),
    /// GitHub did not do it, or it is not known; why.
    NotActed(String),
    /// Copied, and by which way.
    Copied(String),
    /// The editor returned.
    Edited,
}
