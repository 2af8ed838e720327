//! What the world shall do: a closed enum of values.

use std::sync::Arc;

use crate::edit::Plan;
use crate::engine::Assessment;
use crate::model::ci::CiAction;
use crate::model::{RepoPath, Status, Uid};

/// Something to do outside. The runtime runs it and answers with a [`super::Msg`].
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Leave the cockpit.
    Quit,
    /// Ask GitHub to do something that the person confirmed.
    Act(CiAction),
    /// Give the terminal back and stop the process until it is continued (Ctrl-Z).
    Suspend,
    /// Read the whole repository again.
    Rescan,
    /// Read a document for showing; answered by [`super::Msg::Document`].
    ReadDocument(RepoPath),
    /// Plan a status change; answered by [`super::Msg::Planned`] with the same number.
    Plan {
        /// Number of the request.
        request: u64,
        /// The items with their documents.
        items: Vec<(RepoPath, Uid)>,
        /// The wanted status.
        to: Status,
    },
    /// Write the plans (one commit); answered by [`super::Msg::Job`].
    Apply {
        /// One plan per document.
        plans: Vec<Plan>,
        /// The commit's subject line.
        message: String,
    },
    /// Match every item of the assessment against a filter off the loop; answered by [`super::Msg::Filtered`].
    Filter {
        /// Number of the request.
        request: u64,
        /// What to match.
        filter: super::model::Filter,
        /// Against what.
        assessment: Arc<Assessment>,
    },
    /// Group, sort and filter what a pane lists, off the loop; answered by [`super::Msg::Arranged`]. The work is
    /// [`super::panes::table::arrange`].
    Arrange {
        /// Number of the request.
        request: u64,
        /// The pane.
        pane: super::PaneKind,
        /// How.
        ask: super::panes::table::Ask,
        /// What.
        assessment: Arc<Assessment>,
    },
    /// Open the editor at a line.
    Edit {
        /// The file.
        path: RepoPath,
        /// 1-based line.
        line: u32,
    },
    /// Put text on the clipboard; answered by [`super::msg::JobOutcome::Copied`] or `NotCopied`.
    Copy(String),
    /// Set the terminal's title.
    Title(String),
}
