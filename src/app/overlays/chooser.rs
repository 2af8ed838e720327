//! Which status: the settable ones, the present one named.

use super::{Done, scrolling};
use crate::app::command::Command;
use crate::app::key::{Key, KeyName};
use crate::app::model::Model;
use crate::app::panes::list::Motion;
use crate::app::update::{command_of, set_status};
use crate::app::view::glyphs::spoken;
use crate::app::view::line::counted;
use crate::app::view::{Line, Pane, Role, glyphs_of};
use crate::model::{RepoPath, Status, Uid};

/// What the choice remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    items: Vec<(RepoPath, Uid)>,
    now: Option<Status>,
    at: usize,
}

impl State {
    /// A choice for these items; `now` is the status of a single one.
    #[must_use]
    pub fn new(items: Vec<(RepoPath, Uid)>, now: Option<Status>) -> Self {
        // Done is what people mostly set; an item that is done already is mostly opened again.
        let wanted = if now.is_some_and(Status::says_done) {
            Status::Open
        } else {
            Status::Done
        };
        let at = Status::SETTABLE
            .iter()
            .position(|status| *status == wanted)
            .unwrap_or(0);
        Self { items, now, at }
    }
}

pub(super) fn press(model: &Model, state: &mut State, key: Key) -> Done {
    let all = Status::SETTABLE.len();
    let chosen = match (key, command_of(model, key)) {
        (key, _) if key == Key::plain(KeyName::Enter) => state.at,
        (key, _) if super::closes(model, key) => return Done::Close,
        (
            Key {
                name: KeyName::Char(c),
                ctrl: false,
                alt: false,
            },
            _,
        ) if c.is_ascii_digit() && c != '0' => {
            let index = c as usize - '1' as usize;
            if index >= all {
                return Done::Stay;
            }
            index
        }
        (_, Some(command)) => {
            let motion = match command {
                Command::Down => Motion::Rows(1),
                Command::Up => Motion::Rows(-1),
                Command::Top => Motion::Top,
                Command::Bottom => Motion::Bottom,
                _ => return Done::Stay,
            };
            state.at = motion.from(state.at, all, all);
            return Done::Stay;
        }
        _ => return Done::Stay,
    };
    let Some(&to) = Status::SETTABLE.get(chosen) else {
        return Done::Stay;
    };
    let items = std::mem::take(&mut state.items);
    Done::Then(Box::new(move |model| set_status(model, items, to)))
}

pub(super) fn view(model: &Model, state: &State) -> Pane {
    let glyphs = glyphs_of(model);
    let mut lines = Vec::new();
    for (n, &status) in Status::SETTABLE.iter().enumerate() {
        let selected = n == state.at;
        let (sign, role) = glyphs.status(status);
        let pointer = if selected { glyphs.pointer() } else { " " };
        let mut line = Line::of(format!("{pointer} "), Role::Strong)
            .and(format!("{} ", n + 1), Role::Key)
            .and(format!("{sign} {}", spoken(status.word())), role);
        if state.now == Some(status) {
            line = line.and("  as it is now", Role::Muted);
        }
        line.fill = selected.then_some(Role::Selected);
        lines.push(line);
    }
    if state.now == Some(Status::Conflicted) {
        lines.push(Line::of(
            "  its markers disagree: only the losing ones are changed",
            Role::Muted,
        ));
    }
    let title = format!("Status of {}", counted(state.items.len(), "item", "items"));
    let top = state
        .at
        .saturating_sub(usize::from(model.size.1.saturating_sub(5)));
    scrolling(model, &title, lines, top, " enter shows the diff ")
}
