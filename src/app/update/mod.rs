//! Takes messages: keys to commands, judgements to panes, answers to overlays.
//!
//! Invariants: total for any message in any state; under read-only no effect that writes ever leaves (held by the
//! gate at the end of [`update`] and by the stories).

use std::sync::Arc;

use super::command::Command;
use super::effect::Effect;
use super::key::{Key, KeyName};
use super::keymap::Meaning;
use super::model::{Job, Model};
use super::msg::Msg;
use super::overlays;
use super::panes::{self, verdict};
use super::view::header;
use crate::engine::Assessment;
use crate::model::{Problem, ProblemSeverity};

mod change;
mod commands;
mod prompt;

pub(super) use change::{apply, set_status};
pub(super) use commands::{go_to, run};
pub(super) use prompt::{edit as edit_text, push as push_text};

/// Takes a message; gives what the world shall do.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = match msg {
        Msg::Key(key) => press(model, key),
        Msg::Paste(text) => {
            paste(model, &text);
            Vec::new()
        }
        Msg::Resize { width, height } => {
            model.size = (width, height);
            Vec::new()
        }
        Msg::Now(now) => {
            model.now = now;
            Vec::new()
        }
        Msg::Progress(progress) => {
            if model.progress.complete != progress.complete {
                verdict::touch(&mut model.panes.verdict);
            }
            model.progress = progress;
            Vec::new()
        }
        Msg::Assessed(assessment) => {
            if model.live {
                show(model, assessment);
            } else {
                model.held = Some(assessment);
            }
            Vec::new()
        }
        Msg::Document(path, text) => {
            model.panes.document.take(path, text);
            Vec::new()
        }
        Msg::Planned {
            request,
            plans,
            refused,
        } => {
            change::planned(model, request, plans, &refused);
            Vec::new()
        }
        Msg::Filtered { request, rows } => {
            panes::filtered(model, request, &rows);
            Vec::new()
        }
        Msg::Arranged { request, table } => {
            panes::arranged(model, request, &table);
            Vec::new()
        }
        Msg::Job(outcome) => {
            change::ended(model, outcome);
            Vec::new()
        }
        Msg::Notice(notice) => {
            model.tell(notice);
            Vec::new()
        }
    };
    effects.extend(panes::settle(model));
    effects.extend(title(model));
    // The last gate of the cockpit; the one that counts stands before the disk.
    if model.settings.read_only {
        effects.retain(|effect| !matches!(effect, Effect::Plan { .. } | Effect::Apply { .. }));
    }
    effects
}

/// Shows a judgement.
pub(super) fn show(model: &mut Model, assessment: Arc<Assessment>) {
    model.generation += 1;
    if model.settled() {
        model
            .marks
            .retain(|uid, path| panes::find_item(&assessment, path, *uid).is_some());
    }
    model.assessment = Some(assessment);
}

fn title(model: &mut Model) -> Option<Effect> {
    let assessment = model.assessment.as_ref()?;
    let name = super::view::line::short(&assessment.repository.name, 60, "");
    let title = format!("{} - {name}", header::verdict(model).0);
    (title != model.title).then(|| {
        model.title.clone_from(&title);
        Effect::Title(title)
    })
}

fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    if key == Key::ctrl('c') {
        return vec![Effect::Quit];
    }
    model.notice = None;
    if model.overlay.is_some() {
        return overlays::press(model, key);
    }
    if model.prompt.is_some() {
        return prompt::press(model, key);
    }
    if matches!(model.job, Some(Job::Planning { .. })) {
        // The diff may appear at any moment: an Enter meant for the panes must not confirm it.
        match key.name {
            KeyName::Enter => return Vec::new(),
            KeyName::Esc => {
                model.job = None;
                note(model, "the change was not made");
                return Vec::new();
            }
            _ => {}
        }
    }
    let waiting = std::mem::take(&mut model.pending);
    if !waiting.is_empty() && key == Key::plain(KeyName::Esc) {
        return Vec::new();
    }
    let mut keys = waiting.clone();
    keys.push(key);
    let mut meaning = model.keymap.meaning(&keys);
    if meaning == Meaning::Nothing && !waiting.is_empty() {
        keys = vec![key];
        meaning = model.keymap.meaning(&keys);
    }
    match meaning {
        Meaning::Command(command) => run(model, command),
        Meaning::Prefix => {
            model.pending = keys;
            Vec::new()
        }
        Meaning::Nothing => Vec::new(),
    }
}

/// The command that a key means in an overlay that takes no text.
pub(super) fn command_of(model: &Model, key: Key) -> Option<Command> {
    match model.keymap.meaning(&[key]) {
        Meaning::Command(command) => Some(command),
        // `g g` is not worth a waiting state in a box: one `g` is the top.
        Meaning::Prefix if key == Key::plain(KeyName::Char('g')) => Some(Command::Top),
        Meaning::Prefix | Meaning::Nothing => None,
    }
}

/// Pasted text goes where text is typed and nowhere else; it is never keys.
fn paste(model: &mut Model, text: &str) {
    let text: String = super::view::line::prefix(text, 4096)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if model.overlay.is_some() {
        overlays::paste(model, &text);
    } else if model.prompt.is_some() {
        prompt::insert(model, &text);
    } else {
        note(
            model,
            "pasted text goes into a filter or the palette: open one first",
        );
    }
}

/// Tells a short word that is no problem.
pub(super) fn note(model: &mut Model, what: impl Into<Box<str>>) {
    model.notice = Some(Problem {
        severity: ProblemSeverity::Note,
        at: "".into(),
        what: what.into(),
        hint: None,
    });
}
