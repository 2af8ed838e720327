//! What a newcomer sees first: what is on screen, and five keys to try.

use super::{Done, scrolling};
use crate::app::command::Command;
use crate::app::key::{Key, KeyName};
use crate::app::model::Model;
use crate::app::update::{command_of, run};
use crate::app::view::line::wrap;
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
    let width = usize::from(model.size.0).saturating_sub(5).clamp(1, 70);
    let mut lines = Vec::new();
    // On a small screen the keys are worth more than the words.
    let words = model.size.1 >= 16;
    for sentence in [
        "The first line is the verdict: may this be released?",
        "Below it is why, read from the reports in this repository. Beside or under it is the document itself, with \
         the markers that decided.",
    ]
    .into_iter()
    .filter(|_| words)
    {
        lines.extend(
            wrap(sentence, width)
                .into_iter()
                .map(|row| Line::of(row, Role::Text)),
        );
    }
    if words {
        lines.push(Line::default());
    }
    lines.push(Line::of("Five keys to try", Role::Heading));
    let mut push = |key: &str, what: &str| {
        for (n, row) in wrap(what, width.saturating_sub(8)).into_iter().enumerate() {
            let key = if n == 0 { key } else { "" };
            lines.push(Line::of(format!("{key:>6}  "), Role::Key).and(row, Role::Text));
        }
    };
    for (command, what) in KEYS {
        push(&model.keymap.key(command).unwrap_or_default(), what);
    }
    push("", "");
    let quit = model.keymap.key(Command::Quit).unwrap_or_default();
    push(&quit, "leaves; nothing is written before you confirm it");
    scrolling(model, "Welcome to gonogo", lines, 0, " enter begins ")
}
