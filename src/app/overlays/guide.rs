//! What a newcomer sees first: what is on screen, and five keys to try.

use super::{Done, scrolling};
use crate::app::command::Command;
use crate::app::key::{Key, KeyName};
use crate::app::model::Model;
use crate::app::update::{command_of, run};
use crate::app::view::{Line, Pane, Role};

/// Nothing to remember.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State;

const KEYS: [(Command, &str); 5] = [
    (
        Command::Open,
        "from the verdict to a reason, to the item, to its lines",
    ),
    (Command::Back, "back again, step by step"),
    (
        Command::SetStatus,
        "change a status, see the diff, enter commits it",
    ),
    (Command::Filter, "filter: try  sev:blocker status:conflicted"),
    (Command::Help, "what every key does here"),
];

pub(super) fn press(model: &Model, key: Key) -> Done {
    if key == Key::plain(KeyName::Enter) || super::closes(model, key) || key == Key::plain(KeyName::Char(' '))
    {
        return Done::Close;
    }
    // A key that means something is not lost: the box goes, and the key does what it does.
    match command_of(model, key) {
        Some(command) => Done::Then(Box::new(move |model| run(model, command))),
        None => Done::Close,
    }
}

pub(super) fn view(model: &Model) -> Pane {
    let mut lines = vec![
        Line::of("The first line is the verdict: may this be released?", Role::Text),
        Line::of(
            "Below it is why, read from the reports in this repository.",
            Role::Text,
        ),
        Line::of(
            "Beside or under it, the document itself with the marker that voted.",
            Role::Text,
        ),
        Line::default(),
        Line::of("Five keys to try", Role::Heading),
    ];
    for (command, what) in KEYS {
        let key = model.keymap.key(command).unwrap_or_default();
        lines.push(Line::of(format!("{key:>7}  "), Role::Key).and(what, Role::Text));
    }
    lines.push(Line::default());
    let quit = model.keymap.key(Command::Quit).unwrap_or_default();
    lines.push(
        Line::of(format!("{quit:>7}  "), Role::Key)
            .and("leaves. Nothing is written before you confirm it.", Role::Text),
    );
    scrolling(model, "Welcome to gonogo", lines, 0, " enter begins ")
}
