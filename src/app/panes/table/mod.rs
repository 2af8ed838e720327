//! The piece that every pane over evidence shares: rows grouped, sorted and filtered once per judgement and setting,
//! folded, with a selection that is found again by its key.
//!
//! A pane implements [`Listed`]; keys, folding, titles, gates and evidence files follow. Invariants: arranging many
//! entries happens off the loop ([`Effect::Arrange`]); a frame looks at the visible rows only; a stale answer is
//! dropped.

use std::collections::HashSet;
use std::sync::Arc;

use super::list::Cursor;
use super::sieve::AT_ONCE;
use super::{Behaviour, Opening, PaneKind, Panes, Row, Subject};
use crate::app::Effect;
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::overlays::explain::Page;
use crate::app::view::{Area, Line, Pane};
use crate::engine::{Assessment, GateOutcome};
use crate::model::{EvidenceKind, Policy};

mod arranged;
mod draw;
pub mod provenance;
mod sum;

pub use arranged::{Builder, Group, Node, Table, What};

/// How a table is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// What the entries are filtered by.
    pub filter: String,
    /// Only what fails.
    pub failing: bool,
    /// Which of [`Listed::SORTS`].
    pub sort: usize,
    /// Which of [`Listed::GROUPS`].
    pub group: usize,
}

/// What a pane over evidence remembers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The selected row.
    pub cursor: Cursor,
    /// The nodes on screen: indices into the table.
    pub rows: Vec<u32>,
    /// How it is wanted.
    pub ask: Ask,
    /// The table that is shown with the judgement that it is of: the newest one, except while one is being arranged.
    shown: Option<(Arc<Assessment>, Arc<Table>)>,
    /// Groups whose folding differs from the default, by key.
    flipped: HashSet<Box<str>>,
    /// `_` was pressed: every group is unfolded or folded.
    unfolded: Option<bool>,
    asked: Option<Asked>,
    /// Which judgement and which wish the shown or the asked table is of.
    built: Option<(u64, Ask)>,
    /// The key that the selection has, or shall have as soon as the table is there.
    anchor: Option<Box<str>>,
    /// The selection was named from outside: what folds it away is unfolded.
    uncover: bool,
}

/// A table being arranged off the loop.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    request: u64,
    of: Arc<Assessment>,
}

/// A pane over evidence.
pub(in crate::app) trait Listed: Sync {
    /// Which pane.
    const KIND: PaneKind;
    /// The name in titles, help and palette.
    const TITLE: &'static str;
    /// What a newcomer should know of it, one sentence.
    const ABOUT: &'static str;
    /// The command that goes to it.
    const COMMAND: Command;
    /// The orders that `sort` cycles through, in words.
    const SORTS: &'static [&'static str];
    /// The groupings that `group` cycles through, in words.
    const GROUPS: &'static [&'static str];
    /// The fields of its filter with what they take.
    const FIELDS: &'static [(&'static str, &'static str)];
    /// What it is about, when it is about evidence files: their rows, gates and explanations come by themselves.
    const EVIDENCE: Option<EvidenceKind>;
    /// What to do when there is nothing to show, a sentence each.
    const EMPTY: &'static [&'static str];

    /// The state.
    fn state(panes: &Panes) -> &State;
    /// The state.
    fn state_mut(panes: &mut Panes) -> &mut State;
    /// How many entries there are before any filter.
    fn len(assessment: &Assessment) -> usize;
    /// Whether two judgements give the same table.
    fn same(before: &Assessment, now: &Assessment) -> bool {
        Arc::ptr_eq(&before.gathered, &now.gathered) && before.gates == now.gates
    }
    /// What all entries come to, in `width` columns.
    fn summary(model: &Model, assessment: &Assessment, width: usize) -> Line;
    /// Groups, sorts and filters. Pure; may take long.
    fn arrange(assessment: &Assessment, ask: &Ask, table: &mut Builder);
    /// An entry's row: key, label and place.
    fn row(assessment: &Assessment, entry: u32) -> Option<Row>;
    /// The entry of a key.
    fn find(assessment: &Assessment, key: &str) -> Option<u32>;
    /// An entry in `width` columns.
    fn line(model: &Model, assessment: &Assessment, entry: u32, width: usize) -> Line;
    /// What stands behind a group's name.
    fn group_line(model: &Model, group: &Group, width: usize) -> Line;
    /// The evidence file that an entry is shown from.
    fn evidence(_assessment: &Assessment, _entry: u32) -> Option<u32> {
        None
    }
    /// Everything that is known of an entry.
    fn explain(model: &Model, assessment: &Assessment, entry: u32, page: &mut Page);
    /// What copying an entry gives, when that is not its place.
    fn copy(_assessment: &Assessment, _entry: u32) -> Option<String> {
        None
    }
    /// The entry, or group (`group:` and its key), that shows what a gate is about; the gate is this pane's.
    fn of_gate(_policy: &Policy, _assessment: &Assessment, _gate: &GateOutcome) -> Option<Box<str>> {
        None
    }
    /// Whether a gate of this pane has a row among its gates; one that an entry shows needs none.
    fn lists(gate: &GateOutcome) -> bool {
        Self::owns(gate)
    }
    /// The commands that only some panes have, such as folding, and that this one has.
    const OFFERS: &'static [Command] = &[
        Command::OnlyFailing,
        Command::Fold,
        Command::FoldAll,
        Command::Sort,
        Command::Group,
    ];
    /// Does one of [`Self::OFFERS`] that is the pane's own.
    fn act(_model: &mut Model, _command: Command) {}
    /// Whether a gate belongs to this pane.
    fn owns(gate: &GateOutcome) -> bool {
        Self::EVIDENCE.is_some_and(|kind| provenance::owns(kind, &gate.id))
    }
}

/// The table of a pane; the work behind [`Effect::Arrange`].
#[must_use]
pub fn arrange(pane: PaneKind, ask: &Ask, assessment: &Assessment) -> Table {
    pane.behaviour().arrange(assessment, ask)
}

fn build<L: Listed>(assessment: &Assessment, ask: &Ask) -> Table {
    let mut table = Builder::default();
    let files = (0..).zip(&assessment.gathered.files);
    let files = files.filter(|(_, bound)| Some(bound.file.kind) == L::EVIDENCE);
    let files: Vec<u32> = files.map(|(at, _)| at).collect();
    let nothing = L::len(assessment) == 0 && files.is_empty();
    let all = ask.filter.trim().is_empty();
    if all && !nothing {
        table.push(What::Summary);
    }
    let gates = (0..).zip(&assessment.gates).filter(|(_, gate)| L::lists(gate));
    let gates: Vec<u32> = gates.map(|(at, _)| at).collect();
    // What the person filters for are entries.
    if !gates.is_empty() && all {
        table.open(Group::new("gates", "Gates"));
        gates.into_iter().for_each(|gate| table.push(What::Gate(gate)));
        table.close();
    }
    if nothing {
        (0..).zip(L::EMPTY).for_each(|(n, _)| table.push(What::Say(n)));
    }
    L::arrange(assessment, ask, &mut table);
    if !files.is_empty() && all {
        table.open(Group::new("files", "Evidence files"));
        files.into_iter().for_each(|file| table.push(What::File(file)));
        table.close();
    }
    table.finish()
}

impl<L: Listed> Behaviour for L {
    fn title(&self) -> &'static str {
        L::TITLE
    }

    fn about(&self) -> &'static str {
        L::ABOUT
    }

    fn command(&self) -> Command {
        L::COMMAND
    }

    fn subject(&self, model: &Model) -> Subject {
        subject::<L>(L::state(&model.panes))
    }

    fn cursor<'a>(&self, panes: &'a mut Panes) -> Option<(&'a mut Cursor, usize)> {
        let state = L::state_mut(panes);
        Some((&mut state.cursor, state.rows.len()))
    }

    fn refresh(&self, model: &mut Model, assessment: &Arc<Assessment>) -> Option<Effect> {
        refresh::<L>(model, assessment)
    }

    fn filter<'a>(&self, panes: &'a Panes) -> &'a str {
        &L::state(panes).ask.filter
    }

    fn set_filter(&self, panes: &mut Panes, text: String) -> Result<(), &'static str> {
        L::state_mut(panes).ask.filter = text;
        Ok(())
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        L::FIELDS
    }

    fn arrange(&self, assessment: &Assessment, ask: &Ask) -> Table {
        build::<L>(assessment, ask)
    }

    fn arranged(&self, panes: &mut Panes, request: u64, table: &Arc<Table>) -> bool {
        let state = L::state_mut(panes);
        let asked = state.asked.take_if(|asked| asked.request == request);
        if let Some(asked) = &asked {
            show::<L>(state, &asked.of, Arc::clone(table));
        }
        asked.is_some()
    }

    fn offers(&self) -> &'static [Command] {
        L::OFFERS
    }

    fn run(&self, model: &mut Model, command: Command) {
        let state = L::state_mut(&mut model.panes);
        match command {
            Command::OnlyFailing => state.ask.failing = !state.ask.failing,
            Command::Sort => state.ask.sort = (state.ask.sort + 1) % L::SORTS.len().max(1),
            Command::Group => state.ask.group = (state.ask.group + 1) % L::GROUPS.len().max(1),
            Command::Fold => fold::<L>(state),
            Command::FoldAll => fold_all::<L>(state),
            _ => L::act(model, command),
        }
    }

    fn open(&self, model: &mut Model) -> Opening {
        let state = L::state_mut(&mut model.panes);
        if matches!(selected(state), Some(What::Group(_))) {
            fold::<L>(state);
            return Opening::Nothing;
        }
        let subject = subject::<L>(state);
        match &subject {
            Subject::Nothing => Opening::Nothing,
            subject if subject.place().is_some() => Opening::Pane(PaneKind::Document),
            _ => Opening::Explain(subject),
        }
    }

    fn view(&self, model: &Model, area: Area) -> Pane {
        draw::view::<L>(model, area)
    }

    fn details(&self) -> bool {
        true
    }

    fn row_of_gate(&self, policy: &Policy, assessment: &Assessment, gate: &GateOutcome) -> Option<Box<str>> {
        let own = L::owns(gate);
        own.then(|| {
            L::of_gate(policy, assessment, gate).unwrap_or_else(|| format!("gate:{}", gate.id).into())
        })
    }

    fn reveal(&self, model: &mut Model, key: &str) {
        let state = L::state_mut(&mut model.panes);
        state.ask.filter.clear();
        state.ask.failing = false;
        state.anchor = Some(key.into());
        state.uncover = true;
        // The next refresh shows it.
        state.built = None;
    }

    fn explain(&self, model: &Model, assessment: &Assessment, row: &Row, page: &mut Page) {
        if row.key.starts_with("group:") || &*row.key == "summary" {
            sum::explain::<L>(model, assessment, row, page);
        } else if let Some(source) = row.key.strip_prefix("file:") {
            provenance::explain(model, assessment, source, page);
        } else if let Some(entry) = L::find(assessment, &row.key) {
            L::explain(model, assessment, entry, page);
        }
    }

    fn evidence(&self, model: &Model, row: &Row) -> Option<Line> {
        let assessment = model.assessment.as_ref()?;
        let file = L::evidence(assessment, L::find(assessment, &row.key)?)?;
        let bound = assessment.gathered.files.get(file as usize)?;
        Some(provenance::note(bound, model.now))
    }

    fn copy(&self, assessment: &Assessment, row: &Row) -> Option<String> {
        match L::find(assessment, &row.key) {
            Some(entry) => L::copy(assessment, entry),
            None if row.label.is_empty() => None,
            None => Some(row.label.to_string()),
        }
    }
}

fn refresh<L: Listed>(model: &mut Model, assessment: &Arc<Assessment>) -> Option<Effect> {
    let generation = model.generation;
    let state = L::state_mut(&mut model.panes);
    let ask = state.ask.clone();
    let wish = (generation, ask.clone());
    if state.built.as_ref() == Some(&wish) {
        if state.asked.is_none() {
            state.anchor = selected_key::<L>(state).or_else(|| state.anchor.take());
        }
        return None;
    }
    let same_ask = state.built.as_ref().is_some_and(|(_, built)| *built == ask);
    state.built = Some(wish);
    if let Some((of, table)) = &mut state.shown
        && same_ask
        && state.asked.is_none()
        && L::same(of, assessment)
    {
        *of = Arc::clone(assessment);
        let table = Arc::clone(table);
        show::<L>(state, assessment, table);
        return None;
    }
    state.asked = None;
    if L::len(assessment) <= AT_ONCE {
        show::<L>(state, assessment, Arc::new(build::<L>(assessment, &ask)));
        return None;
    }
    let request = model.request();
    L::state_mut(&mut model.panes).asked = Some(Asked {
        request,
        of: Arc::clone(assessment),
    });
    Some(Effect::Arrange {
        request,
        pane: L::KIND,
        ask,
        assessment: Arc::clone(assessment),
    })
}

/// Shows a table with the selection where it was.
fn show<L: Listed>(state: &mut State, of: &Arc<Assessment>, table: Arc<Table>) {
    let anchor = state.anchor.clone();
    let node = anchor.as_deref().and_then(|key| node_of::<L>(&table, of, key));
    if let Some(node) = node.filter(|_| std::mem::take(&mut state.uncover)) {
        for group in table.groups_around(node) {
            if !is_open(state.unfolded, &state.flipped, group) && !state.flipped.remove(&group.key) {
                state.flipped.insert(group.key.clone());
            }
        }
    }
    state.shown = Some((Arc::clone(of), table));
    lay(state);
    if let (Some(node), Some((_, table))) = (node, &state.shown) {
        // A group that hides the selection takes its place.
        let at = state.rows.partition_point(|row| (*row as usize) <= node);
        let at = at.saturating_sub(1);
        if at < state.rows.len() && table.nodes.len() > node {
            state.cursor.place(at);
        }
    }
    state.cursor.at = state.cursor.at.min(state.rows.len().saturating_sub(1));
    let selected = selected_key::<L>(state);
    // A key that is not here yet may come with the next table.
    if node.is_some() || state.asked.is_none() {
        state.anchor = selected;
    }
}

/// The rows that the folding leaves.
fn lay(state: &mut State) {
    state.rows.clear();
    let Some((_, table)) = &state.shown else { return };
    let mut at = 0;
    while let Some(node) = table.nodes.get(at) {
        state.rows.push(u32::try_from(at).unwrap_or(u32::MAX));
        at += 1;
        if let What::Group(group) = node.what
            && let Some(group) = table.groups.get(group as usize)
            && !is_open(state.unfolded, &state.flipped, group)
        {
            at += node.below as usize;
        }
    }
}

fn is_open(unfolded: Option<bool>, flipped: &HashSet<Box<str>>, group: &Group) -> bool {
    unfolded.unwrap_or(!group.folded) != flipped.contains(&group.key)
}

fn fold<L: Listed>(state: &mut State) {
    let Some((of, table)) = state.shown.clone() else {
        return;
    };
    let Some(&node) = state.rows.get(state.cursor.at) else {
        return;
    };
    if let Some((group, at)) = table.group_around(node as usize) {
        if !state.flipped.remove(&group.key) {
            state.flipped.insert(group.key.clone());
        }
        state.anchor = key_of::<L>(&of, &table, at);
        show::<L>(state, &of, table);
    }
}

fn fold_all<L: Listed>(state: &mut State) {
    let Some((of, table)) = state.shown.clone() else {
        return;
    };
    let any = table
        .groups
        .iter()
        .any(|group| is_open(state.unfolded, &state.flipped, group));
    state.unfolded = Some(!any);
    state.flipped.clear();
    show::<L>(state, &of, table);
}

/// The entry under the cursor.
pub(in crate::app) fn selected_entry(state: &State) -> Option<u32> {
    match selected(state)? {
        What::Entry(entry) => Some(entry),
        _ => None,
    }
}

fn selected(state: &State) -> Option<What> {
    let (_, table) = state.shown.as_ref()?;
    let node = *state.rows.get(state.cursor.at)?;
    Some(table.nodes.get(node as usize)?.what)
}

fn selected_key<L: Listed>(state: &State) -> Option<Box<str>> {
    let (of, table) = state.shown.as_ref()?;
    key_of::<L>(of, table, *state.rows.get(state.cursor.at)? as usize)
}

/// What finds a node again in another table.
fn key_of<L: Listed>(of: &Assessment, table: &Table, node: usize) -> Option<Box<str>> {
    Some(match table.nodes.get(node)?.what {
        What::Group(group) => format!("group:{}", table.groups.get(group as usize)?.key).into(),
        What::Entry(entry) => L::row(of, entry)?.key,
        What::Gate(gate) => format!("gate:{}", of.gates.get(gate as usize)?.id).into(),
        What::File(file) => format!("file:{}", of.gathered.files.get(file as usize)?.file.source).into(),
        What::Summary => "summary".into(),
        What::Say(_) => return None,
    })
}

fn node_of<L: Listed>(table: &Table, of: &Assessment, key: &str) -> Option<usize> {
    let at = |at: Option<usize>| Some(u32::try_from(at?).unwrap_or(u32::MAX));
    let wanted = if let Some(key) = key.strip_prefix("group:") {
        What::Group(at(table.groups.iter().position(|group| *group.key == *key))?)
    } else if let Some(id) = key.strip_prefix("gate:") {
        What::Gate(at(of.gates.iter().position(|gate| gate.id == id))?)
    } else if let Some(source) = key.strip_prefix("file:") {
        let mut files = of.gathered.files.iter();
        What::File(at(files.position(|bound| *bound.file.source == *source))?)
    } else if key == "summary" {
        What::Summary
    } else {
        What::Entry(L::find(of, key)?)
    };
    table.nodes.iter().position(|node| node.what == wanted)
}

fn subject<L: Listed>(state: &State) -> Subject {
    let selected = || {
        let (of, table) = state.shown.as_ref()?;
        Some(match selected(state)? {
            What::Entry(entry) => Subject::Row(L::row(of, entry)?),
            What::Gate(gate) => Subject::of_gate(of, gate)?,
            What::File(file) => Subject::Row(provenance::row(L::KIND, of, file)?),
            What::Group(group) => {
                let group = table.groups.get(group as usize)?;
                Subject::Row(sum::row::<L>(format!("group:{}", group.key), &group.name))
            }
            What::Summary => Subject::Row(sum::row::<L>("summary".to_owned(), "")),
            What::Say(_) => return None,
        })
    };
    selected().unwrap_or_default()
}
