//! The line that is typed below the panes: a live filter for lists, a search for the document.

use crate::app::effect::Effect;
use crate::app::key::{Key, KeyName};
use crate::app::model::{Model, Prompt};
use crate::app::panes::list::Motion;
use crate::app::panes::{self, PaneKind};
use crate::app::view::line::prefix;

/// Opens the prompt of the pane in focus.
pub(super) fn open(model: &mut Model) {
    let pane = model.focus;
    let text = model.filter_text(pane).to_owned();
    model.prompt = Some(Prompt {
        pane,
        before: text.clone(),
        text,
    });
}

/// Takes a key while something is typed.
pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    let Some(prompt) = &mut model.prompt else {
        return Vec::new();
    };
    let pane = prompt.pane;
    if let Some(changed) = edit(&mut prompt.text, key) {
        let text = prompt.text.clone();
        if changed {
            set(model, pane, text);
        }
        return Vec::new();
    }
    match key.name {
        KeyName::Enter => model.prompt = None,
        KeyName::Backspace => model.prompt = None,
        KeyName::Esc => {
            let before = prompt.before.clone();
            model.prompt = None;
            set(model, pane, before);
        }
        KeyName::Up => panes::go(model, Motion::Rows(-1)),
        KeyName::Down => panes::go(model, Motion::Rows(1)),
        KeyName::PageUp => panes::go(model, Motion::Page(-10)),
        KeyName::PageDown => panes::go(model, Motion::Page(10)),
        _ => {}
    }
    Vec::new()
}

/// Puts text into the prompt.
pub(super) fn insert(model: &mut Model, text: &str) {
    if let Some(prompt) = &mut model.prompt {
        push(&mut prompt.text, text);
        let (pane, text) = (prompt.pane, prompt.text.clone());
        set(model, pane, text);
    }
}

/// Filters a list, or searches in the document.
pub(super) fn set(model: &mut Model, pane: PaneKind, text: String) {
    if let Err(why) = pane.behaviour().set_filter(&mut model.panes, text) {
        super::note(model, why);
    }
}

/// A typed line is never longer.
const LIMIT: usize = 4096;

/// Puts pasted text behind what was typed.
pub(in crate::app) fn push(text: &mut String, pasted: &str) {
    text.push_str(prefix(pasted, LIMIT.saturating_sub(text.len())));
}

/// Edits a line of text. `None`: the key is not for the text; else whether the text changed.
pub(in crate::app) fn edit(text: &mut String, key: Key) -> Option<bool> {
    match key {
        Key {
            name: KeyName::Char(c),
            ctrl: false,
            alt: false,
        } => {
            let room = text.len() < LIMIT && !c.is_control();
            if room {
                text.push(c);
            }
            Some(room)
        }
        Key {
            name: KeyName::Backspace,
            ..
        } if !text.is_empty() => {
            text.pop();
            Some(true)
        }
        key if key == Key::ctrl('h') => Some(text.pop().is_some()),
        key if key == Key::ctrl('u') => {
            let had = !text.is_empty();
            text.clear();
            Some(had)
        }
        key if key == Key::ctrl('w') => {
            let had = !text.is_empty();
            let word = text
                .trim_end()
                .rsplit(char::is_whitespace)
                .next()
                .unwrap_or_default();
            let kept = text.trim_end().len() - word.len();
            text.truncate(kept);
            Some(had)
        }
        _ => None,
    }
}
