//! A table's visible rows as lines.

use super::{Listed, State, Table, What, is_open, provenance};
use crate::app::model::Model;
use crate::app::panes::verdict::gate_line;
use crate::app::view::line::{number, short, short_path};
use crate::app::view::{Area, Cell, Line, Pane, Role, glyphs_of, list_pane, tabs};
use crate::engine::Assessment;
use crate::text::width::columns;

pub(super) fn view<L: Listed>(model: &Model, area: Area) -> Pane {
    let state = L::state(&model.panes);
    let shown = state.shown.as_ref();
    let mut pane = list_pane(
        model,
        L::KIND,
        area,
        state.cursor,
        state.rows.len(),
        |row, width| {
            let node = state.rows.get(row);
            match (shown, node) {
                (Some((of, table)), Some(node)) => line::<L>(model, state, of, table, *node as usize, width),
                _ => nothing::<L>(model, state),
            }
        },
    );
    let width = usize::from(area.width).saturating_sub(4);
    let parts = parts::<L>(state);
    let dot = glyphs_of(model).dot();
    let title = |note: usize| tabs(model, L::KIND, width.saturating_sub(note));
    // The order gives way first, then the grouping; before either, the names of the other panes.
    let without = |left_out: &[usize]| {
        let kept = parts.iter().filter(|(rank, _)| !left_out.contains(rank));
        kept.map(|(_, text)| &**text).collect::<Vec<_>>().join(dot)
    };
    let texts = [&[] as &[usize], &[2], &[2, 1], &[2, 1, 0]].map(without);
    for text in texts {
        let note = columns(&text);
        pane.title = title(note);
        pane.note = Line::of(text, Role::Muted);
        if pane.title.columns() + note <= width {
            break;
        }
    }
    pane
}

/// The grouping and the order in force and how many entries there are, each with how soon it is left out.
fn parts<L: Listed>(state: &State) -> Vec<(usize, String)> {
    let entries = state
        .shown
        .as_ref()
        .map_or(0, |(_, table)| table.entries as usize);
    let all = state.shown.as_ref().map_or(0, |(of, _)| L::len(of));
    let mut parts = Vec::new();
    if state.ask.failing {
        parts.push((0, "failing".to_owned()));
    }
    if all > 0 {
        let named = |rank, names: &[&str], at: usize| names.get(at).map(|name| (rank, (*name).to_owned()));
        parts.extend(named(1, L::GROUPS, state.ask.group));
        parts.extend(named(2, L::SORTS, state.ask.sort));
        let count = if entries == all {
            number(all)
        } else {
            format!("{} of {}", number(entries), number(all))
        };
        parts.push((0, count));
    }
    if state.asked.is_some() {
        parts.push((0, "sorting".to_owned()));
    }
    parts
}

fn line<L: Listed>(
    model: &Model,
    state: &State,
    of: &Assessment,
    table: &Table,
    at: usize,
    width: usize,
) -> Line {
    let Some(node) = table.nodes.get(at) else {
        return Line::default();
    };
    let glyphs = glyphs_of(model);
    // Deep trees keep room for what stands in the row.
    let indent = (2 * usize::from(node.depth)).min(width / 3);
    let rest = width.saturating_sub(indent);
    let mut line = match node.what {
        What::Group(group) => {
            let Some(group) = table.groups.get(group as usize) else {
                return Line::default();
            };
            let open = is_open(state.unfolded, &state.flipped, group);
            let sign = if open { glyphs.unfolded() } else { glyphs.folded() };
            let tail = if group.entries == 0 {
                Line::of(number(node.below as usize), Role::Muted)
            } else {
                L::group_line(model, group, rest)
            };
            let used = tail.columns() + tail.right.iter().map(|cell| columns(&cell.text)).sum::<usize>();
            let room = rest.saturating_sub(used + 5).max(8);
            let mut line = Line::of(
                format!("{sign} {}", short_path(&group.name, room, glyphs.ellipsis())),
                Role::Strong,
            );
            line.cells.push(Cell::new("  ", Role::Text));
            line.cells.extend(tail.cells);
            line.right = tail.right;
            line
        }
        What::Entry(entry) => L::line(model, of, entry, rest),
        What::Gate(gate) => of
            .gates
            .get(gate as usize)
            .map_or_else(Line::default, |gate| gate_line(model, gate, rest)),
        What::File(file) => of
            .gathered
            .files
            .get(file as usize)
            .map_or_else(Line::default, |bound| provenance::line(model, bound, rest)),
        What::Summary => L::summary(model, of, rest),
        What::Say(n) => say::<L>(n, rest, model),
    };
    if indent > 0 {
        line.cells.insert(0, Cell::new(" ".repeat(indent), Role::Text));
    }
    line
}

fn say<L: Listed>(n: u8, width: usize, model: &Model) -> Line {
    let text = match n {
        0 if !model.settled() => "reading the repository",
        _ if !model.settled() => "",
        _ => L::EMPTY.get(usize::from(n)).copied().unwrap_or_default(),
    };
    let role = if n == 0 { Role::Strong } else { Role::Text };
    Line::of(short(text, width, glyphs_of(model).ellipsis()), role)
}

fn nothing<L: Listed>(model: &Model, state: &State) -> Line {
    let text = if state.shown.is_none() {
        if state.asked.is_some() {
            "sorting"
        } else {
            "reading the repository"
        }
    } else if !state.ask.filter.trim().is_empty() {
        "Nothing matches: press esc to take the filter away"
    } else if state.ask.failing {
        "Nothing fails here: press f to see all"
    } else if !model.settled() {
        "reading the repository"
    } else {
        L::EMPTY.first().copied().unwrap_or_default()
    };
    Line::of(text, Role::Muted)
}
