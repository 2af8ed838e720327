//! Pane 2: the items of all reports that block, worst first; `f` shows all items.

use std::sync::Arc;

use super::list::Cursor;
use super::{PaneKind, Subject, find_item};
use crate::app::Effect;
use crate::app::filter::{self, Filter};
use crate::app::model::Model;
use crate::app::view::glyphs::{self, spoken};
use crate::app::view::line::{fit, number, short, short_path};
use crate::app::view::{Area, Cell, Line, Pane, Role, glyphs_of, list_pane};
use crate::engine::Assessment;
use crate::model::{RepoPath, Severity, Uid};
use crate::text::width::columns;

/// Up to so many items a filter is matched at once; beyond, off the loop.
const AT_ONCE: usize = 4_000;

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

/// Builds the rows anew when the judgement or the filter changed.
pub(super) fn refresh(model: &mut Model, assessment: &Arc<Assessment>) -> Option<Effect> {
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
pub(in crate::app) const fn touch(state: &mut State) {
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
pub(in crate::app) fn filtered(state: &mut State, request: u64, rows: Vec<u32>) {
    if let Some(asked) = state.asked.take_if(|asked| asked.request == request) {
        show(state, &asked.of, Some(rows));
        state.anchor = subject(state);
    }
}

/// Shows a judgement's items, with the selection where it was.
fn show(state: &mut State, assessment: &Arc<Assessment>, matched: Option<Vec<u32>>) {
    let same = state.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, assessment));
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
    if let Subject::Item { path, uid, .. } = state.anchor.clone() {
        seek(state, &path, uid);
    }
    state.cursor.at = state.cursor.at.min(state.rows.len().saturating_sub(1));
}

/// Selects an item, or the row where it would stand; says whether it is there.
fn seek(state: &mut State, path: &RepoPath, uid: Uid) -> bool {
    let Some(assessment) = state.of.clone() else {
        return false;
    };
    let Some((d, i)) = find_item(&assessment, path, uid) else {
        return false;
    };
    let Some((_, item, _)) = assessment.item(d, i) else {
        return false;
    };
    let key = |&(d, i): &(u32, u32)| {
        let severity = assessment
            .item(d, i)
            .map_or(Severity::Info, |(_, item, _)| item.severity);
        (severity, d, i)
    };
    let Ok(base) = state.base.binary_search_by_key(&(item.severity, d, i), key) else {
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
#[must_use]
pub fn subject(state: &State) -> Subject {
    let selected = || {
        let row = *state.rows.get(state.cursor.at)?;
        let (d, i) = *state.base.get(row as usize)?;
        Subject::of_item(state.of.as_ref()?, d, i)
    };
    selected().unwrap_or_default()
}

/// The pane as plain data.
#[must_use]
pub fn view(model: &Model, area: Area) -> Pane {
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
    } else {
        "blocking".to_owned()
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
    pane.note = Line::of(note, Role::Muted);
    pane
}

fn nothing(model: &Model) -> Line {
    let state = &model.panes.blockers;
    let text = if model.assessment.is_none() || !model.settled() && state.base.is_empty() {
        "reading the reports"
    } else if state.base.is_empty() {
        "No report has an item: 1 says what was looked at"
    } else if !state.filter.is_empty() {
        "Nothing matches: esc takes the filter away"
    } else {
        "No item blocks: f shows all items"
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
    // Narrow lists drop what the status and the title can do without.
    let wide = width >= 70;
    let mut used = 1;
    if width >= 50 {
        let columns = if wide { 11 } else { 8 };
        line = line.and(
            fit(item.severity.word(), columns, "") + " ",
            glyphs::severity(item.severity),
        );
        used += columns + 1;
    }
    let status = spoken(state.derived.word());
    let columns_of_status = if wide { 14 } else { 11 };
    line = line.and(format!("{sign} {} ", fit(&status, columns_of_status, cut)), role);
    used += columns_of_status + 3;
    let place = if wide {
        format!("{}:{}", document.report.path, item.line)
    } else {
        format!("{}:{}", document.report.path.file_name(), item.line)
    };
    let place = short_path(&place, width / 3, cut);
    if let Some(id) = item.id.as_deref() {
        let id = short(id, 12, cut);
        let id = if wide { fit(&id, 6, cut) } else { id };
        used += columns(&id) + 1;
        line = line.and(id + " ", Role::Strong);
    } else if wide {
        used += 7;
        line = line.and("       ", Role::Text);
    }
    let rest = width.saturating_sub(used + columns(&place) + 1);
    let title = short(&item.title, rest, cut);
    line = line.and(title, if marked { Role::Picked } else { Role::Text });
    line.right = vec![Cell::new(place, Role::Link)];
    line
}
