//! Help for where you are: every command with its keys; what cannot be used now is greyed and says why.

use super::{Done, boxed, frame};
use crate::app::command::{Command, KeyContext};
use crate::app::filter::Needle;
use crate::app::key::{Key, KeyName};
use crate::app::layout::inside;
use crate::app::model::Model;
use crate::app::update::edit_text;
use crate::app::view::footer::typed;
use crate::app::view::line::{fit, wrap};
use crate::app::view::{Body, Line, Pane, Role, glyphs_of};

/// What the help remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// What it is filtered by.
    pub text: String,
    top: usize,
    at: KeyContext,
}

impl State {
    /// The help of a place.
    #[must_use]
    pub const fn new(at: KeyContext) -> Self {
        Self {
            text: String::new(),
            top: 0,
            at,
        }
    }
}

pub(super) fn press(model: &Model, state: &mut State, key: Key) -> Done {
    if let Some(changed) = edit_text(&mut state.text, key) {
        if changed {
            state.top = 0;
        }
        return Done::Stay;
    }
    let page = usize::from(model.size.1.saturating_sub(5)).max(1);
    let last = lines(model, state, width(model)).len().saturating_sub(page);
    state.top = match key.name {
        KeyName::Esc if !state.text.is_empty() => {
            state.text.clear();
            0
        }
        KeyName::Esc | KeyName::Enter | KeyName::Backspace => return Done::Close,
        KeyName::Down => state.top + 1,
        KeyName::Up => state.top.saturating_sub(1),
        KeyName::PageDown => state.top + page,
        KeyName::PageUp => state.top.saturating_sub(page),
        KeyName::Home => 0,
        KeyName::End => last,
        _ => state.top,
    }
    .min(last);
    Done::Stay
}

pub(super) fn view(model: &Model, state: &State) -> (Pane, Option<(u16, u16)>) {
    let area = frame(model, width(model), usize::from(model.size.1));
    let inner = inside(area);
    let mut pane = boxed(
        &format!("Help: {}", state.at.pane.title()),
        lines(model, state, usize::from(inner.width.saturating_sub(1))),
        state.top,
        " type to filter, esc closes ",
        crate::app::view::Area {
            height: area.height.saturating_sub(1),
            ..area
        },
    );
    pane.area = area;
    let (prompt, column) = typed("filter: ", &state.text, usize::from(inner.width));
    let Body::Lines { lines, .. } = &mut pane.body;
    lines.insert(0, prompt);
    lines.truncate(usize::from(inner.height));
    (pane, Some((inner.x + column, inner.y)))
}

fn width(model: &Model) -> usize {
    usize::from(model.size.0).saturating_sub(4).clamp(1, 100)
}

fn lines(model: &Model, state: &State, width: usize) -> Vec<Line> {
    let needle = Needle::new(state.text.trim());
    let cut = glyphs_of(model).ellipsis();
    let mut out = Vec::new();
    if state.text.trim().is_empty() {
        out.extend(
            wrap(&format!("Here: {}.", state.at.pane.about()), width)
                .into_iter()
                .map(|row| Line::of(row, Role::Text)),
        );
        out.push(Line::default());
    }
    for &command in Command::ALL {
        let keys = model.keymap.keys(command).join("  ");
        let why = command.available(&state.at).err();
        let text = format!("{keys} {} {}", command.name(), command.doc());
        if needle.find(&text).is_none() {
            continue;
        }
        // A command without a key is reached by its name.
        let keys = if keys.is_empty() {
            let palette = model.keymap.key(Command::Palette).unwrap_or_default();
            format!("{palette}{}", command.name())
        } else {
            keys
        };
        let (role, text) = match why {
            None => ((Role::Key, Role::Text), command.doc().to_owned()),
            Some(why) => {
                let text = format!("{} (not now: {why})", command.doc());
                ((Role::Disabled, Role::Disabled), text)
            }
        };
        let lead = if width >= 50 { 22 } else { 14 };
        for (n, row) in wrap(&text, width.saturating_sub(lead)).into_iter().enumerate() {
            let keys = if n == 0 { keys.as_str() } else { "" };
            let keys = fit(keys, lead - 1, cut) + " ";
            out.push(Line::of(keys, role.0).and(row, role.1));
        }
    }
    let fields = state.at.pane.behaviour().fields().iter();
    let fields: Vec<_> = fields
        .filter(|(name, takes)| needle.find(&format!("{name} {takes} filter")).is_some())
        .collect();
    if !fields.is_empty() {
        out.push(Line::default());
        let about = "Filter: words and fields, all must match; !word inverts, quotes keep spaces";
        out.extend(
            wrap(about, width)
                .into_iter()
                .map(|row| Line::of(row, Role::Heading)),
        );
        for (name, takes) in fields {
            for (n, row) in wrap(takes, width.saturating_sub(14)).into_iter().enumerate() {
                let name = if n == 0 { *name } else { "" };
                out.push(Line::of(fit(name, 14, cut), Role::Key).and(row, Role::Text));
            }
        }
    }
    out
}
