//! The panes: one list, one folder each. A pane is a folder with its `State` and its [`Behaviour`], the folder's `mod`
//! below, its line in the list, and a command that goes to it (`command.rs`); keys, help, palette, footer and tabs
//! follow.

use std::sync::Arc;

use super::command::Command;
use super::model::Model;
use super::overlays::explain::Page;
use super::view::{Area, Line, Pane};
use super::{Effect, layout};
use crate::engine::{Assessment, GateOutcome};
use crate::model::{Policy, RepoPath, Uid};

pub mod blockers;
pub mod ci;
pub mod claims;
pub mod coverage;
pub mod document;
pub mod list;
pub mod reports;
pub mod scans;
mod sieve;
mod subject;
pub mod table;
pub mod tests;
pub mod verdict;

use list::{Cursor, Motion};
pub use subject::{Place, Row, Subject, find_item, place_of};

macro_rules! panes {
    ($($(#[$meta:meta])* $kind:ident in $module:ident),+ $(,)?) => {
        /// Every pane, in the order of its number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        pub enum PaneKind { $($(#[$meta])* $kind),+ }

        /// What each pane remembers.
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct Panes { $(#[doc = concat!("What `", stringify!($module), "` remembers.")] pub $module: $module::State),+ }

        impl PaneKind {
            /// Every pane, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            pub(in crate::app) fn behaviour(self) -> &'static dyn Behaviour {
                match self { $(Self::$kind => &$module::$kind),+ }
            }
        }
    };
}

panes! {
    /// The verdict and its reasons.
    #[default] Verdict in verdict,
    /// The items that block.
    Blockers in blockers,
    /// The documents and their sections.
    Reports in reports,
    /// A document's lines.
    Document in document,
    /// What the tests ran of the sources.
    Coverage in coverage,
    /// What the scanners found.
    Scans in scans,
    /// The tests that failed, and the others worth a look.
    Tests in tests,
    /// The checks of the commit.
    Ci in ci,
    /// What the reports claim, held against the evidence.
    Claims in claims,
}

/// What a pane is and does. Without a state of its own: that lies in [`Panes`].
pub(in crate::app) trait Behaviour: Sync {
    /// The name in titles, help and palette.
    fn title(&self) -> &'static str;
    /// What a newcomer should know of it, one sentence.
    fn about(&self) -> &'static str;
    /// The command that goes to it.
    fn command(&self) -> Command;
    /// What is selected.
    fn subject(&self, model: &Model) -> Subject;
    /// Moves the selection; `height` rows are visible.
    fn go(&self, panes: &mut Panes, motion: Motion, height: usize) {
        if let Some((cursor, len)) = self.cursor(panes) {
            cursor.at = motion.from(cursor.at, len, height);
        }
    }
    /// Of a list: the cursor and the number of rows.
    fn cursor<'a>(&self, panes: &'a mut Panes) -> Option<(&'a mut Cursor, usize)>;
    /// Of a list: builds its rows anew when judgement, filter or folding changed. Cheap when nothing did.
    fn refresh(&self, _model: &mut Model, _assessment: &Arc<Assessment>) -> Option<Effect> {
        None
    }
    /// What it is filtered by, or what is searched in it.
    fn filter<'a>(&self, panes: &'a Panes) -> &'a str;
    /// Filters it, or searches in it; says when nothing was found.
    fn set_filter(&self, panes: &mut Panes, text: String) -> Result<(), &'static str>;
    /// The fields of its filter with what they take, for help.
    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
    /// Takes the answer to [`Effect::Filter`]; says whether it was this pane's. A stale one is dropped.
    fn filtered(&self, _panes: &mut Panes, _request: u64, _rows: &[u32]) -> bool {
        false
    }
    /// Of a pane over evidence: its table; may take long. The work behind [`Effect::Arrange`].
    fn arrange(&self, _assessment: &Assessment, _ask: &table::Ask) -> table::Table {
        table::Table::default()
    }
    /// Takes the answer to [`Effect::Arrange`]; says whether it was this pane's. A stale one is dropped.
    fn arranged(&self, _panes: &mut Panes, _request: u64, _table: &Arc<table::Table>) -> bool {
        false
    }
    /// The commands that only some panes have, such as folding, and that this one has.
    fn offers(&self) -> &'static [Command] {
        &[]
    }
    /// Does one of [`Self::offers`].
    fn run(&self, _model: &mut Model, _command: Command) {}
    /// What Enter leads to.
    fn open(&self, model: &mut Model) -> Opening;
    /// The pane as plain data.
    fn view(&self, model: &Model, area: Area) -> Pane;
    /// Its rows have details that stand beside it even where no document is shown.
    fn details(&self) -> bool {
        false
    }
    /// The row that shows what a gate is about.
    fn row_of_gate(
        &self,
        _policy: &Policy,
        _assessment: &Assessment,
        _gate: &GateOutcome,
    ) -> Option<Box<str>> {
        None
    }
    /// Selects a row by its key, taking away what hides it.
    fn reveal(&self, _model: &mut Model, _key: &str) {}
    /// Everything that is known of one of its rows.
    fn explain(&self, _model: &Model, _assessment: &Assessment, _row: &Row, _page: &mut Page) {}
    /// The evidence that one of its rows is shown from, in a few columns.
    fn evidence(&self, _model: &Model, _row: &Row) -> Option<Line> {
        None
    }
    /// What copying one of its rows gives, when that is not its place.
    fn copy(&self, _assessment: &Assessment, _row: &Row) -> Option<String> {
        None
    }
}

/// What Enter leads to.
pub(in crate::app) enum Opening {
    /// It was done already, or there is nothing.
    Nothing,
    /// The keys go to another pane.
    Pane(PaneKind),
    /// To an item among the blockers.
    Item(RepoPath, Uid),
    /// To a row of a pane that lists evidence, by its key.
    Row(PaneKind, Box<str>),
    /// Everything that is known of it, in a box.
    Explain(Subject),
}

impl PaneKind {
    /// The name in titles, help and palette.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.behaviour().title()
    }

    /// The number that jumps to it.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// What a newcomer should know of it, one sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        self.behaviour().about()
    }

    /// The pane that a command goes to.
    pub(in crate::app) fn of(command: Command) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|pane| pane.behaviour().command() == command)
    }
}

/// What is selected in a pane.
#[must_use]
pub fn subject(model: &Model, pane: PaneKind) -> Subject {
    pane.behaviour().subject(model)
}

/// Moves the selection of the pane in focus.
pub fn go(model: &mut Model, motion: Motion) {
    let layout = model.layout();
    let area = match model.focus {
        PaneKind::Document => layout.document,
        _ => layout.list,
    };
    let height = area.map_or(1, |area| layout.inner(area).height as usize);
    model.focus.behaviour().go(&mut model.panes, motion, height);
}

/// Brings what is on screen up to the model: lists of a new judgement, the document that the selection asks for,
/// and every scroll position. Cheap when nothing changed.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let layout = model.layout();
    let list = model.list.behaviour();
    let height = layout
        .list
        .map_or(1, |area| usize::from(layout::Layout::inner(layout, area).height));
    if let Some(assessment) = model.assessment.clone() {
        effects.extend(list.refresh(model, &assessment));
    }
    if let Some((cursor, len)) = list.cursor(&mut model.panes) {
        cursor.settle(len, height);
    }
    if model.focus != PaneKind::Document {
        let mut place = subject(model, model.focus).place();
        if place.is_none() && model.panes.document.place.is_none() {
            place = model
                .assessment
                .as_ref()
                .and_then(|assessment| verdict::worst(assessment));
        }
        model.panes.document.follow(place);
    }
    effects.extend(document::settle(model));
    effects
}

/// The row of a pane that shows what a gate is about.
pub(in crate::app) fn row_of_gate(model: &Model, id: &str) -> Option<(PaneKind, Box<str>)> {
    let (policy, assessment) = (&model.settings.policy, model.assessment.as_ref()?);
    let gate = assessment.gates.iter().find(|gate| gate.id == id)?;
    let mut all = PaneKind::ALL.iter();
    all.find_map(|pane| Some((*pane, pane.behaviour().row_of_gate(policy, assessment, gate)?)))
}

/// Gives the answer of a filter to the list that asked; a stale one is dropped.
pub(super) fn filtered(model: &mut Model, request: u64, rows: &[u32]) {
    let panes = &mut model.panes;
    let mut all = PaneKind::ALL.iter();
    let _ = all.any(|pane| pane.behaviour().filtered(panes, request, rows));
}

/// Gives a table to the pane that asked for it; a stale one is dropped.
pub(super) fn arranged(model: &mut Model, request: u64, table: &Arc<table::Table>) {
    let panes = &mut model.panes;
    let mut all = PaneKind::ALL.iter();
    let _ = all.any(|pane| pane.behaviour().arranged(panes, request, table));
}

/// A pane as plain data.
#[must_use]
pub fn view(model: &Model, pane: PaneKind, area: Area) -> Pane {
    pane.behaviour().view(model, area)
}
