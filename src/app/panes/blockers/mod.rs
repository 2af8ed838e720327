//! Pane 2: the items of all reports that block, worst first; `f` shows all items.

use std::sync::Arc;

use super::list::Cursor;
use super::sieve::AT_ONCE;
use super::{Behaviour, Opening, PaneKind, Panes, Subject, find_item};
use crate::app::Effect;
use crate::app::command::Command;
use crate::app::filter::{self, FIELDS, Filter};
use crate::app::model::Model;
use crate::app::view::glyphs;
use crate::app::view::line::{fit, number, room_beside, short, short_place};
use crate::app::view::{Area, Cell, Line, Pane, Role, glyphs_of, list_pane, tabs};
use crate::engine::Assessment;
use crate::model::{RepoPath, Uid};
use crate::text::width::columns;

/// What the pane remembers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The selected row.
    pub cursor: Cursor,
    /// Indices into the base order of the rows on screen, ascending.
    pub rows: Vec<u32>,
    /// All items, not only those that block.
    pub all: bool,
    /// What the items are filtered by.
    pub filter: String,
    /// The judgement that the rows are of; the newest one, except while its filter is being matched.
    of: Option<Arc<Assessment>>,
    base: Vec<(u32, u32)>,
    /// What matched the filter in `of`; `None` without a filter.
    matched: Option<Vec<u32>>,
    asked: Option<Asked>,
    built: u64,
    anchor: Subject,
}

/// A filter being matched off the loop.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    request: u64,
    of: Arc<Assessment>,
}

/// The pane.
pub(super) struct Blockers;

impl Behaviour for Blockers {
    fn title(&self) -> &'static str {
        "Blockers"
    }

    fn about(&self) -> &'static str {
        "the items of all reports that block, worst first"
    }

    fn command(&self) -> Command {
        Command::GoBlockers
    }

    fn subject(&self, model: &Model) -> Subject {
        subject(&model.panes.blockers)
    }

    fn cursor<'a>(&self, panes: &'a mut Panes) -> Option<(&'a mut Cursor, usize)> {
        Some((&mut panes.blockers.cursor, panes.blockers.rows.len()))
    }

    fn refresh(&self, model: &mut Model, assessment: &Arc<Assessment>) -> Option<Effect> {
        refresh(model, assessment)
    }

    fn filter<'a>(&self, panes: &'a Panes) -> &'a str {
        &panes.blockers.filter
    }

    fn set_filter(&self, panes: &mut Panes, text: String) -> Result<(), &'static str> {
        panes.blockers.filter = text;
        touch(&mut panes.blockers);
        Ok(())
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        FIELDS
    }

    fn filtered(&self, panes: &mut Panes, request: u64, rows: &[u32]) -> bool {
        filtered(&mut panes.blockers, request, rows)
    }

    fn offers(&self) -> &'static [Command] {
        &[Command::OnlyFailing]
    }

    fn run(&self, model: &mut Model, command: Command) {
        if command == Command::OnlyFailing {
            model.panes.blockers.all = !model.panes.blockers.all;
            touch(&mut model.panes.blockers);
        }
    }

    fn open(&self, model: &mut Model) -> Opening {
        match subject(&model.panes.blockers) {
            Subject::Nothing => Opening::Nothing,
            _ => Opening::Pane(PaneKind::Document),
        }
    }

    fn view(&self, model: &Model, area: Area) -> Pane {
        view(model, area)
    }
}

/// Builds the rows anew when the judgement or the filter changed.
fn refresh(model: &mut Model, assessment: &Arc<Assessment>) -> Option<Effect> {
    let mut effect = None;
    if model.panes.blockers.built != model.generation {
        model.panes.blockers.built = model.generation;
        effect = rebuild(model, assessment);
    }
    let state = &mut model.panes.blockers;
    state.cursor.at = state.cursor.at.min(state.rows.len().saturating_sub(1));
    state.anchor = subject(state);
    effect
}

/// Makes the next refresh build the rows anew.
const fn touch(state: &mut State) {
    state.built = u64::MAX;
}

fn rebuild(model: &mut Model, assessment: &Arc<Assessment>) -> Option<Effect> {
    let state = &mut model.panes.blockers;
    let filter = Filter {
        text: state.filter.clone(),
    };
    state.asked = None;
    if filter.text.trim().is_empty() {
        show(state, assessment, None);
        return None;
    }
    let items: usize = assessment
        .documents
        .iter()
        .map(|document| document.states.len())
        .sum();
    if items <= AT_ONCE {
        show(state, assessment, Some(filter::matches(&filter, assessment)));
        return None;
    }
    let request = model.request();
    model.panes.blockers.asked = Some(Asked {
        request,
        of: Arc::clone(assessment),
    });
    Some(Effect::Filter {
        request,
        filter,
        assessment: Arc::clone(assessment),
    })
}

/// Takes the answer of a filter; a stale one is dropped.
fn filtered(state: &mut State, request: u64, rows: &[u32]) -> bool {
    let asked = state.asked.take_if(|asked| asked.request == request);
    if let Some(asked) = &asked {
        show(state, &asked.of, Some(rows.to_vec()));
        state.anchor = subject(state);
    }
    asked.is_some()
}

/// Shows a judgement's items, with the selection where it was.
fn show(state: &mut State, assessment: &Arc<Assessment>, matched: Option<Vec<u32>>) {
    let same = state.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, assessment));
    let before = state.of.as_ref().and_then(|of| rank_of(of, &state.anchor));
    if !same {
        state.base = filter::base_order(assessment);
        state.of = Some(Arc::clone(assessment));
    }
    state.matched = matched;
    let State {
        rows,
        base,
        all,
        matched,
        ..
    } = state;
    let shown = |row: &u32| {
        let at = base.get(*row as usize);
        *all || at
            .and_then(|&(d, i)| assessment.item(d, i))
            .is_some_and(|(_, _, item)| filter::blocks(item))
    };
    *rows = match matched {
        Some(matched) => matched.iter().copied().filter(shown).collect(),
        None => (0..u32::try_from(base.len()).unwrap_or(u32::MAX))
            .filter(shown)
            .collect(),
    };
    // An item that was dealt with moves far away; who works through the list stays where they are.
    let after = rank_of(assessment, &state.anchor);
    let dealt_with = before.is_some() && after.is_some() && before != after;
    if let (Subject::Item { path, uid, .. }, false) = (state.anchor.clone(), dealt_with) {
        seek(state, &path, uid);
    }
    state.cursor.at = state.cursor.at.min(state.rows.len().saturating_sub(1));
}

fn rank_of(assessment: &Assessment, subject: &Subject) -> Option<usize> {
    let Subject::Item { path, uid, .. } = subject else {
        return None;
    };
    let (d, i) = find_item(assessment, path, *uid)?;
    let (_, item, state) = assessment.item(d, i)?;
    Some(filter::rank(state.effect, item.severity))
}

/// Selects an item, or the row where it would stand; says whether it is there.
fn seek(state: &mut State, path: &RepoPath, uid: Uid) -> bool {
    let Some(assessment) = state.of.clone() else {
        return false;
    };
    let Some((d, i)) = find_item(&assessment, path, uid) else {
        return false;
    };
    let Some((_, item, judged)) = assessment.item(d, i) else {
        return false;
    };
    let key = |&(d, i): &(u32, u32)| {
        let rank = assessment.item(d, i).map_or(usize::MAX, |(_, item, state)| {
            filter::rank(state.effect, item.severity)
        });
        (rank, d, i)
    };
    let wanted = (filter::rank(judged.effect, item.severity), d, i);
    let Ok(base) = state.base.binary_search_by_key(&wanted, key) else {
        return false;
    };
    let found = state.rows.binary_search(&u32::try_from(base).unwrap_or(u32::MAX));
    state.cursor.place(found.unwrap_or_else(|near| near));
    found.is_ok()
}

/// Selects an item, taking filter and narrowing away when they hide it.
pub(in crate::app) fn reveal(model: &mut Model, path: &RepoPath, uid: Uid) {
    let Some(assessment) = model.assessment.clone() else {
        return;
    };
    let generation = model.generation;
    let state = &mut model.panes.blockers;
    if state.built != generation || state.asked.is_some() {
        state.filter.clear();
        state.asked = None;
        state.built = generation;
        show(state, &assessment, None);
    }
    if !seek(state, path, uid) {
        state.filter.clear();
        show(state, &assessment, None);
        if !seek(state, path, uid) {
            state.all = true;
            show(state, &assessment, None);
            seek(state, path, uid);
        }
    }
    state.anchor = subject(state);
}

/// What is selected.
fn subject(state: &State) -> Subject {
    let selected = || {
        let row = *state.rows.get(state.cursor.at)?;
        let (d, i) = *state.base.get(row as usize)?;
        Subject::of_item(state.of.as_ref()?, d, i)
    };
    selected().unwrap_or_default()
}

/// The pane as plain data.
fn view(model: &Model, area: Area) -> Pane {
    let state = &model.panes.blockers;
    let mut pane = list_pane(
        model,
        PaneKind::Blockers,
        area,
        state.cursor,
        state.rows.len(),
        |row, width| {
            let of = state.of.as_ref();
            let row = state.rows.get(row).and_then(|row| state.base.get(*row as usize));
            match (of, row) {
                (Some(of), Some(&(d, i))) => line(model, of, d, i, width),
                _ => nothing(model),
            }
        },
    );
    let mut note = if state.all {
        "all items".to_owned()
    } else if area.width < 70 || state.rows.is_empty() {
        "blocking".to_owned()
    } else {
        "blocking, NO-GO first".to_owned()
    };
    if !state.rows.is_empty() {
        note = format!(
            "{note} {}/{}",
            number(state.cursor.at + 1),
            number(state.rows.len())
        );
    }
    if state.asked.is_some() {
        note.push_str(" filtering");
    }
    let room = usize::from(area.width).saturating_sub(note.len() + 4);
    pane.title = tabs(model, PaneKind::Blockers, room);
    pane.note = Line::of(note, Role::Muted);
    pane
}

fn nothing(model: &Model) -> Line {
    let state = &model.panes.blockers;
    let text = if model.assessment.is_none() || !model.settled() && state.base.is_empty() {
        "reading the reports"
    } else if state.base.is_empty() {
        "No report has an item: press 1 to see what was looked at"
    } else if !state.filter.is_empty() {
        "Nothing matches: press esc to take the filter away"
    } else {
        "No item blocks: press f to see all items"
    };
    Line::of(text, Role::Muted)
}

fn line(model: &Model, of: &Assessment, d: u32, i: u32, width: usize) -> Line {
    let Some((document, item, state)) = of.item(d, i) else {
        return Line::default();
    };
    let glyphs = glyphs_of(model);
    let cut = glyphs.ellipsis();
    let (sign, role) = glyphs.derived(state.derived);
    let marked = model.marks.contains_key(&item.uid);
    let mut line = Line::of(if marked { glyphs.mark() } else { " " }, Role::Picked);
    // The title comes first: narrow lists drop what the sign and the preview say too.
    if width >= 50 {
        let word = glyphs::severity_word(item.severity);
        line = line.and(fit(word, 8, "") + " ", glyphs::severity(item.severity));
    }
    line = line.and(format!("{sign} "), role);
    if width >= 36 {
        let word = glyphs::state_word(state.derived);
        line = line.and(fit(&word, 11, cut) + " ", role);
    }
    // An id in a column of its own would cost all the rows that have none.
    if let Some(id) = item.id.as_deref() {
        line = line.and(short(id, 12, cut) + " ", Role::Strong);
    }
    let rest = width.saturating_sub(line.columns());
    let path = document.report.path.as_str();
    let place = short_place(path, item.line, room_beside(&item.title, rest), cut);
    let room = if place.is_empty() {
        rest
    } else {
        rest.saturating_sub(columns(&place) + 1)
    };
    let title = short(&item.title, room, cut);
    line = line.and(title, if marked { Role::Picked } else { Role::Text });
    if !place.is_empty() {
        line.right = vec![Cell::new(place, Role::Link)];
    }
    line
}
