//! The boxes over the panes: one exhaustive enum, one file each. A box has all keys while it is open; Esc closes it.

use super::command::Command;
use super::effect::Effect;
use super::key::{Key, KeyName};
use super::layout::inside;
use super::model::Model;
use super::update::{command_of, push_text};
use super::view::line::short;
use super::view::{Area, Body, Line, Pane, Role};
use crate::text::width::columns;

pub mod actions;
pub mod chooser;
pub mod confirm;
pub mod explain;
pub mod guide;
pub mod help;
pub mod palette;
pub mod presentation;
pub mod problems;

/// The box over the panes.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// What a newcomer sees first.
    Guide(guide::State),
    /// Help for where you are.
    Help(help::State),
    /// Commands, documents and items by a few letters.
    Palette(palette::State),
    /// Which status.
    Chooser(chooser::State),
    /// What can be done on GitHub.
    Actions(actions::State),
    /// The diff of a change, before it is written.
    Confirm(confirm::State),
    /// Everything known of one thing.
    Explain(explain::State),
    /// Problems and notices.
    Problems(problems::State),
    /// The verdict and one blocking item at a time.
    Presentation(presentation::State),
}

/// What follows a box that closes.
type Next = Box<dyn FnOnce(&mut Model) -> Vec<Effect>>;

/// What a key did in a box.
pub(super) enum Done {
    /// It stays open.
    Stay,
    /// It closes.
    Close,
    /// It closes, and this follows.
    Then(Next),
}

/// Takes a key while a box is open.
pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    let Some(mut overlay) = model.overlay.take() else {
        return Vec::new();
    };
    let done = match &mut overlay {
        Overlay::Guide(_) => guide::press(model, key),
        Overlay::Help(state) => help::press(model, state, key),
        Overlay::Palette(state) => palette::press(model, state, key),
        Overlay::Chooser(state) => chooser::press(model, state, key),
        Overlay::Actions(state) => actions::press(model, state, key),
        Overlay::Confirm(state) => confirm::press(model, state, key),
        Overlay::Explain(state) => explain::press(model, state, key),
        Overlay::Problems(state) => problems::press(model, state, key),
        Overlay::Presentation(state) => presentation::press(model, state, key),
    };
    match done {
        Done::Stay => {
            model.overlay = Some(overlay);
            Vec::new()
        }
        Done::Close => Vec::new(),
        Done::Then(then) => then(model),
    }
}

/// Takes pasted text while a box is open.
pub(super) fn paste(model: &mut Model, text: &str) {
    let Some(mut overlay) = model.overlay.take() else {
        return;
    };
    match &mut overlay {
        Overlay::Help(state) => push_text(&mut state.text, text),
        Overlay::Palette(state) => {
            push_text(&mut state.text, text);
            palette::search(model, state);
        }
        Overlay::Guide(_)
        | Overlay::Chooser(_)
        | Overlay::Actions(_)
        | Overlay::Confirm(_)
        | Overlay::Explain(_)
        | Overlay::Problems(_)
        | Overlay::Presentation(_) => {}
    }
    model.overlay = Some(overlay);
}

/// The open box as plain data, with the cursor's place.
pub(super) fn view(model: &Model) -> Option<(Pane, Option<(u16, u16)>)> {
    Some(match model.overlay.as_ref()? {
        Overlay::Guide(_) => (guide::view(model), None),
        Overlay::Help(state) => help::view(model, state),
        Overlay::Palette(state) => palette::view(model, state),
        Overlay::Chooser(state) => (chooser::view(model, state), None),
        Overlay::Actions(state) => (actions::view(model, state), None),
        Overlay::Confirm(state) => (confirm::view(model, state), None),
        Overlay::Explain(state) => (explain::view(model, state), None),
        Overlay::Problems(state) => (problems::view(model, state), None),
        Overlay::Presentation(state) => (presentation::view(model, state), None),
    })
}

/// A box in the middle of the screen, at most `width` by `height` inside of its border.
fn frame(model: &Model, width: usize, height: usize) -> Area {
    let (columns, rows) = (usize::from(model.size.0), usize::from(model.size.1));
    let narrow = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let width = (width + 2).min(columns);
    // The first line stays free: the verdict is on screen under every box.
    let height = (height + 2).min(rows.saturating_sub(1));
    Area {
        x: narrow((columns - width) / 2),
        y: narrow(1 + (rows.saturating_sub(1) - height) / 2),
        width: narrow(width),
        height: narrow(height),
    }
}

/// A scrolling box of lines that are built already (few).
fn scrolling(model: &Model, title: &str, lines: Vec<Line>, top: usize, keys: &'static str) -> Pane {
    let width = lines
        .iter()
        .map(Line::columns)
        .max()
        .unwrap_or(0)
        .max(columns(title) + columns(keys) + 4);
    let area = frame(model, width.max(40) + 1, lines.len());
    boxed(title, lines, top, keys, area)
}

fn boxed(title: &str, lines: Vec<Line>, top: usize, keys: &'static str, area: Area) -> Pane {
    let height = usize::from(inside(area).height);
    let all = lines.len();
    let top = top.min(all.saturating_sub(height));
    let (title, note) = border(title, keys, area);
    Pane {
        area,
        title,
        note,
        focused: true,
        bare: false,
        body: Body::Lines {
            lines: lines.into_iter().skip(top).take(height).collect(),
            scroll: (all > height).then_some((top, all)),
        },
    }
}

/// Title and keys in the upper border; without room the title is cut first, for the keys are the way out.
fn border(title: &str, keys: &'static str, area: Area) -> (Line, Line) {
    let width = usize::from(inside(area).width);
    let room = width.saturating_sub(columns(keys));
    let title = short(&format!(" {title} "), room, " ");
    let keys = if columns(keys) > width { "" } else { keys };
    (Line::of(title, Role::Title), Line::of(keys, Role::Muted))
}

/// Moves the first row of a scrolling box; `None` when the key is for something else.
fn scroll(model: &Model, key: Key, top: &mut usize, all: usize) -> Option<()> {
    let page = usize::from(model.size.1.saturating_sub(4)).max(1);
    let last = all.saturating_sub(page);
    *top = match command_of(model, key)? {
        Command::Down => *top + 1,
        Command::Up => top.saturating_sub(1),
        Command::HalfDown => *top + page / 2,
        Command::HalfUp => top.saturating_sub(page / 2),
        Command::PageDown => *top + page,
        Command::PageUp => top.saturating_sub(page),
        Command::Top => 0,
        Command::Bottom => last,
        _ => return None,
    }
    .min(last);
    Some(())
}

/// Whether a key closes a box.
fn closes(model: &Model, key: Key) -> bool {
    key == Key::plain(KeyName::Esc) || matches!(command_of(model, key), Some(Command::Back | Command::Quit))
}
