//! The state of the cockpit.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use super::command::KeyContext;
use super::key::Key;
use super::keymap::Keymap;
use super::layout::Layout;
use super::msg::Progress;
use super::overlays::{Overlay, guide};
use super::panes::{PaneKind, Panes, Place, Subject};
use crate::config::Settings;
use crate::edit::Plan;
use crate::engine::Assessment;
use crate::model::{Problem, RepoPath, Status, Uid, Verdict};
use crate::text::SourceText;

/// Everything that the screen depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The present time, as far as messages told it.
    pub now: Timestamp,
    /// The settings in force.
    pub settings: Settings,
    /// The judgement that is shown; `None` until the first one.
    pub assessment: Option<Arc<Assessment>>,
    /// How far the reading is.
    pub progress: Progress,
    /// Keys and their commands.
    pub keymap: Keymap,
    /// The pane that receives the keys.
    pub focus: PaneKind,
    /// The list on screen while the document receives the keys.
    pub list: PaneKind,
    /// Where `back` leads, the last step at the end.
    pub trail: Vec<Step>,
    /// The pane in focus has the whole screen.
    pub zoom: bool,
    /// What each pane remembers.
    pub panes: Panes,
    /// The box over the panes.
    pub overlay: Option<Overlay>,
    /// The filter or search being typed.
    pub prompt: Option<Prompt>,
    /// The beginning of a key sequence.
    pub pending: Vec<Key>,
    /// Marked items; they outlive a new judgement.
    pub marks: BTreeMap<Uid, RepoPath>,
    /// What the message line tells until the next key.
    pub notice: Option<Problem>,
    /// Everything told so far, the newest last.
    pub notices: Vec<Problem>,
    /// Changes that can be undone, the newest last.
    pub undo: Vec<Change>,
    /// The change that is being planned or written.
    pub job: Option<Job>,
    /// False: what is shown is frozen.
    pub live: bool,
    /// The newest judgement while frozen.
    pub held: Option<Arc<Assessment>>,
    /// Counts the judgements that were shown; panes compare it with what they were built from.
    pub generation: u64,
    /// The number of the last request.
    pub requests: u64,
    /// The title that the terminal was given.
    pub title: String,
}

/// What a list is filtered by: words and `field:value` pairs, all of which must match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// As typed.
    pub text: String,
}

/// A step that `back` undoes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The pane that had the keys.
    pub focus: PaneKind,
    /// The list that was on screen.
    pub list: PaneKind,
    /// In words, for the breadcrumbs.
    pub label: String,
}

/// A line being typed below the panes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prompt {
    /// For which pane.
    pub pane: PaneKind,
    /// As typed.
    pub text: String,
    /// What stood there before, for Esc.
    pub before: String,
}

/// A change that was made, with the plans that bring the former bytes back.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// One line.
    pub what: String,
    /// Inverse plans with the text that they change, where it is known.
    pub inverse: Vec<(Option<Arc<SourceText>>, Plan)>,
}

/// A change under way.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// Waiting for plans.
    Planning {
        /// The request.
        request: u64,
        /// The wanted status.
        to: Status,
    },
    /// Waiting for the write.
    Writing {
        /// It undoes the newest change.
        undo: bool,
        /// What is written with the text before, where it is known.
        plans: Vec<(Option<Arc<SourceText>>, Plan)>,
    },
}

impl Model {
    /// The state at start, before anything was read. `guided` shows the demo's first screen.
    #[must_use]
    pub fn new(settings: Settings, size: (u16, u16), now: Timestamp, guided: bool) -> Self {
        Self {
            size,
            now,
            settings,
            assessment: None,
            progress: Progress::default(),
            keymap: Keymap::default(),
            focus: PaneKind::Verdict,
            list: PaneKind::Verdict,
            trail: Vec::new(),
            zoom: false,
            panes: Panes::default(),
            overlay: guided.then_some(Overlay::Guide(guide::State)),
            prompt: None,
            pending: Vec::new(),
            marks: BTreeMap::new(),
            notice: None,
            notices: Vec::new(),
            undo: Vec::new(),
            job: None,
            live: true,
            held: None,
            generation: 0,
            requests: 0,
            title: String::new(),
        }
    }

    /// Takes the person's own keys; what cannot be bound is told as a notice.
    pub fn bind(&mut self, overrides: &HashMap<String, Vec<String>>) {
        let (keymap, problems) = Keymap::new(overrides);
        self.keymap = keymap;
        for problem in problems {
            self.tell(problem);
        }
    }

    /// Tells something in the message line and keeps it for the problems' list.
    pub fn tell(&mut self, notice: Problem) {
        const KEPT: usize = 200;
        if self.notices.len() >= KEPT {
            self.notices.remove(0);
        }
        self.notices.push(notice.clone());
        self.notice = Some(notice);
    }

    /// The verdict that may be shown: none before the first judgement, and no GO before everything was read, for
    /// what is still to be read can only make it worse.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let verdict = self.assessment.as_ref()?.verdict;
        (self.settled() || verdict >= Verdict::Hold).then_some(verdict)
    }

    /// Where the panes lie.
    #[must_use]
    pub fn layout(&self) -> Layout {
        // Without any report there is nothing to show beside the verdict, and its words need the room.
        let nothing = |assessment: &Arc<Assessment>| {
            assessment.documents.is_empty() && !self.list.behaviour().details()
                || self.focus == PaneKind::Verdict && assessment.counts.documents == 0 && self.settled()
        };
        let alone = self.focus != PaneKind::Document && self.assessment.as_ref().is_some_and(nothing);
        Layout::of(self.size, self.focus, self.zoom || alone)
    }

    /// What the keys act on.
    #[must_use]
    pub fn subject(&self) -> Subject {
        super::panes::subject(self, self.focus)
    }

    /// What the availability of commands depends on.
    #[must_use]
    pub fn context(&self) -> KeyContext {
        let subject = self.subject();
        KeyContext {
            pane: self.focus,
            depth: self.depth(),
            read_only: self.settings.read_only,
            assessed: self.assessment.is_some(),
            item: matches!(subject, Subject::Item { .. }),
            document: self.place_at_hand(&subject).is_some(),
            row: matches!(subject, Subject::Row(_)),
            shown: self.panes.document.place.is_some(),
            marks: self.marks.len(),
            undo: !self.undo.is_empty(),
            busy: self.job.is_some(),
            searched: !self.panes.document.search.is_empty()
                || super::panes::document::misses(self).is_some(),
            offers: self.focus.behaviour().offers(),
        }
    }

    /// Where a subject stands; for the verdict itself, the line of its worst reason that is shown beside it.
    #[must_use]
    pub fn place_at_hand(&self, subject: &Subject) -> Option<Place> {
        let shown = || self.panes.document.place.clone();
        subject
            .place()
            .or_else(|| (*subject == Subject::Verdict).then(shown).flatten())
    }

    /// Steps that `back` can take.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.trail.len() + usize::from(!self.filter_text(self.focus).is_empty()) + usize::from(self.zoom)
    }

    /// The filter of a list or the search of the document.
    #[must_use]
    pub fn filter_text(&self, pane: PaneKind) -> &str {
        pane.behaviour().filter(&self.panes)
    }

    /// A number for a request.
    pub(super) fn request(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    /// Nothing more is being read.
    #[must_use]
    pub const fn settled(&self) -> bool {
        self.progress.complete
    }
}
