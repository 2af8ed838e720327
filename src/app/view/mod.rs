//! The screen as plain data: rectangles of lines of cells, each with a role. No colour, no terminal.

pub mod footer;
pub mod glyphs;
pub mod header;
pub mod line;
mod screen;

pub use screen::{Area, Body, Cell, Line, Pane, Role, Screen};

use super::model::Model;
use super::overlays;
use super::panes::list::Cursor;
use super::panes::{self, PaneKind};
use glyphs::Glyphs;
use line::number;

/// The screen of a model.
#[must_use]
pub fn view(model: &Model) -> Screen {
    let (width, height) = model.size;
    let area = Area {
        x: 0,
        y: 0,
        width,
        height,
    };
    let mut screen = Screen {
        size: model.size,
        area,
        header: header::header(model),
        ..Screen::default()
    };
    let layout = model.layout();
    if layout.tiny {
        if height > 1 {
            screen.footer = Line::of("too small: 40x10 is needed", Role::Muted);
        }
        return screen;
    }
    let list = layout.list.map(|area| panes::view(model, model.list, area));
    let document = layout
        .document
        .map(|area| panes::view(model, PaneKind::Document, area));
    screen.panes = list.into_iter().chain(document).collect();
    let (message, cursor) = footer::message(model);
    screen.message = message;
    screen.footer = footer::footer(model);
    screen.cursor = cursor.map(|column| (column, height.saturating_sub(2)));
    if let Some((pane, cursor)) = overlays::view(model) {
        screen.overlay = Some(pane);
        screen.cursor = cursor;
    }
    screen
}

/// The signs in force.
#[must_use]
pub fn glyphs_of(model: &Model) -> Glyphs {
    Glyphs {
        ascii: model.settings.look.ascii,
    }
}

/// A list pane: asks only for the visible rows. With no rows, row 0 is asked for: the word for nothing.
pub(in crate::app) fn list_pane(
    model: &Model,
    kind: PaneKind,
    area: Area,
    cursor: Cursor,
    len: usize,
    row: impl Fn(usize, usize) -> Line,
) -> Pane {
    let layout = model.layout();
    let inner = layout.inner(area);
    let (width, height) = (usize::from(inner.width), usize::from(inner.height));
    let focused = model.focus == kind;
    let glyphs = glyphs_of(model);
    let lines = (cursor.top..len.max(1)).take(height).map(|at| {
        // The first column points at the selection, the last is left to the scroll bar.
        let mut line = row(at, width.saturating_sub(2));
        let selected = at == cursor.at && len > 0;
        let pointer = if selected { glyphs.pointer() } else { " " };
        line.cells.insert(0, Cell::new(pointer, Role::Strong));
        if !line.right.is_empty() {
            line.right.push(Cell::new(" ", Role::Text));
        }
        if selected {
            line.fill = Some(if focused {
                Role::Selected
            } else {
                Role::SelectedElsewhere
            });
        }
        line
    });
    let lines: Vec<Line> = lines.collect();
    let note = if len > height {
        format!("{}/{}", number(cursor.at + 1), number(len))
    } else {
        String::new()
    };
    Pane {
        area,
        title: tabs(model, kind, width.saturating_sub(note.len())),
        note: Line::of(note, Role::Muted),
        focused,
        bare: layout.bare,
        body: Body::Lines {
            lines,
            scroll: (len > height).then_some((cursor.top, len)),
        },
    }
}

/// The list panes by number, the present one in brackets; in fewer than `room` columns only the present one's name.
pub(in crate::app) fn tabs(model: &Model, kind: PaneKind, room: usize) -> Line {
    let lists = || PaneKind::ALL.iter().filter(|pane| **pane != PaneKind::Document);
    let all: usize = lists().map(|pane| pane.title().len() + 4).sum();
    let filter = match model.filter_text(kind) {
        "" => String::new(),
        filter => format!(" /{}", line::short(filter, 24, glyphs_of(model).ellipsis())),
    };
    let all = all + crate::text::width::columns(&filter);
    let mut line = Line::default();
    for &pane in lists() {
        let text = format!("{} {}", pane.number(), pane.title());
        line = if pane == kind {
            line.and(format!("[{text}]"), Role::Title)
        } else if all > room {
            line.and(format!(" {} ", pane.number()), Role::Muted)
        } else {
            line.and(format!(" {text} "), Role::Muted)
        };
    }
    if !filter.is_empty() {
        line = line.and(filter, Role::Match);
    }
    line
}
