//! The diff of a change before it is written: Enter writes, Esc does not.

use std::sync::Arc;

use super::{Done, boxed, closes, frame, scroll};
use crate::app::key::{Key, KeyName};
use crate::app::model::Model;
use crate::app::update::apply;
use crate::app::view::line::{prefix, short};
use crate::app::view::{Line, Pane, Role, glyphs_of};
use crate::edit::{DiffLine, Plan, diff};
use crate::text::SourceText;

/// What is to be confirmed.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    plans: Vec<(Option<Arc<SourceText>>, Plan)>,
    message: String,
    undo: bool,
    rows: Vec<Row>,
    top: usize,
}

#[derive(Debug, Clone, PartialEq)]
enum Row {
    Document(String),
    Refused(String),
    Diff(DiffLine),
    Bytes(char, String),
}

impl State {
    /// The plans with their texts; `undo` says that they undo the newest change.
    #[must_use]
    pub fn new(
        plans: Vec<(Option<Arc<SourceText>>, Plan)>,
        message: String,
        refused: Vec<String>,
        undo: bool,
    ) -> Self {
        let mut rows: Vec<Row> = refused.into_iter().map(Row::Refused).collect();
        for (source, plan) in &plans {
            rows.push(Row::Document(plan.path.to_string()));
            match source {
                Some(source) => rows.extend(diff(plan, source).into_iter().map(Row::Diff)),
                None => {
                    // The text is not at hand: what is replaced is shown without its line.
                    for edit in &plan.edits {
                        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                        rows.push(Row::Bytes('-', text(&edit.expect)));
                        rows.push(Row::Bytes('+', text(&edit.put)));
                    }
                }
            }
        }
        Self {
            plans,
            message,
            undo,
            rows,
            top: 0,
        }
    }
}

pub(super) fn press(model: &Model, state: &mut State, key: Key) -> Done {
    if key == Key::plain(KeyName::Enter) {
        let plans = std::mem::take(&mut state.plans);
        let message = std::mem::take(&mut state.message);
        let undo = state.undo;
        return Done::Then(Box::new(move |model| apply(model, plans, message, undo)));
    }
    if closes(model, key) || key == Key::plain(KeyName::Char('n')) {
        return Done::Close;
    }
    scroll(model, key, &mut state.top, state.rows.len() + 2);
    Done::Stay
}

pub(super) fn view(model: &Model, state: &State) -> Pane {
    let glyphs = glyphs_of(model);
    let cut = glyphs.ellipsis();
    let width = usize::from(model.size.0).saturating_sub(4).clamp(1, 120);
    let area = frame(model, width, state.rows.len() + 2);
    let height = usize::from(area.height.saturating_sub(2));
    let mut lines = vec![
        Line::of(short(&state.message, width, cut), Role::Strong),
        Line::default(),
    ];
    // Only what can be seen is built; the rest keeps its place for the scroll bar.
    let visible = state.top..state.top + height;
    lines.extend(state.rows.iter().enumerate().map(|(n, row)| {
        if visible.contains(&(n + 2)) {
            line(row, width, cut)
        } else {
            Line::default()
        }
    }));
    let title = if state.undo {
        "Undo this change?"
    } else {
        "Make this change?"
    };
    boxed(title, lines, state.top, " enter commits, esc cancels ", area)
}

fn line(row: &Row, width: usize, cut: &str) -> Line {
    let numbered = |sign: &str, number: u32, text: &str, role| {
        let room = width.saturating_sub(8);
        Line::of(format!("{number:>5} "), Role::LineNumber)
            .and(format!("{sign} {}", short(text, room, cut)), role)
    };
    match row {
        Row::Document(path) => Line::of(short(path, width, cut), Role::Link),
        Row::Refused(why) => Line::of(short(&format!("left out: {why}"), width, cut), Role::Warning),
        Row::Diff(DiffLine::Context(number, text)) => numbered(" ", *number, text, Role::Muted),
        Row::Diff(DiffLine::Removed(number, text)) => numbered("-", *number, text, Role::Removed),
        Row::Diff(DiffLine::Added(number, text)) => numbered("+", *number, text, Role::Added),
        Row::Diff(DiffLine::Gap) => Line::of(format!("      {cut}"), Role::Muted),
        Row::Bytes(sign, text) => {
            let role = if *sign == '-' { Role::Removed } else { Role::Added };
            Line::of(
                format!(
                    "      {sign} {}",
                    short(prefix(text, 4096), width.saturating_sub(8), cut)
                ),
                role,
            )
        }
    }
}
