//! The two last lines: message or breadcrumbs, and the keys that are valid here.

use super::glyphs::Glyphs;
use super::line::{counted, short};
use super::{Cell, Line, Role, glyphs_of};
use crate::app::command::Command;
use crate::app::keymap::written;
use crate::app::model::{Job, Model};
use crate::app::panes::{PaneKind, Subject};
use crate::model::ProblemSeverity;
use crate::text::width::columns;

/// The line above the footer, and the cursor's column when something is typed there.
#[must_use]
pub fn message(model: &Model) -> (Line, Option<u16>) {
    let width = usize::from(model.size.0);
    let glyphs = glyphs_of(model);
    if let Some(prompt) = &model.prompt {
        let lead = if prompt.pane == PaneKind::Document {
            "search: "
        } else {
            "filter: "
        };
        let (line, column) = typed(lead, &prompt.text, width);
        return (line, Some(column));
    }
    if !model.pending.is_empty() {
        return (Line::of(format!("{} ", written(&model.pending)), Role::Key), None);
    }
    if let Some(notice) = &model.notice {
        let role = match notice.severity {
            ProblemSeverity::Error => Role::Error,
            ProblemSeverity::Warning => Role::Warning,
            ProblemSeverity::Note => Role::Success,
        };
        let mut text = String::new();
        if !notice.at.is_empty() {
            text.push_str(&notice.at);
            text.push_str(": ");
        }
        let mut rows = notice.what.lines().filter(|row| !row.trim().is_empty());
        text.push_str(rows.next().unwrap_or_default());
        let more = rows.next().is_some() || notice.hint.is_some() || columns(&text) > width;
        let tail = match model.keymap.key(Command::Problems) {
            Some(key) if more => format!("  {key} shows all"),
            _ => String::new(),
        };
        let room = width.saturating_sub(columns(&tail));
        return (
            Line::of(short(&text, room, glyphs.ellipsis()), role).and(tail, Role::Muted),
            None,
        );
    }
    (crumbs(model, width, glyphs), None)
}

/// A line being typed: its end stays visible.
pub(in crate::app) fn typed(lead: &'static str, text: &str, width: usize) -> (Line, u16) {
    let room = width.saturating_sub(columns(lead) + 1);
    let text = super::line::short_path(text, room, "<");
    let column = columns(lead) + columns(&text);
    let line = Line::of(lead, Role::Key).and(text, Role::Text);
    (
        line,
        u16::try_from(column.min(width.saturating_sub(1))).unwrap_or(u16::MAX),
    )
}

fn crumbs(model: &Model, width: usize, glyphs: Glyphs) -> Line {
    let mut right = String::new();
    match &model.job {
        Some(Job::Planning { .. }) => right.push_str("planning the change "),
        Some(Job::Writing { .. }) => right.push_str("writing the change "),
        None => {}
    }
    if !model.marks.is_empty() {
        right.push_str(&counted(model.marks.len(), "marked", "marked"));
    }
    let mut text = String::new();
    for step in &model.trail {
        text.push_str(&step.label);
        text.push_str(glyphs.crumb());
    }
    text.push_str(&label(model, model.focus));
    let room = width.saturating_sub(columns(&right) + 1);
    let mut line = Line::of(
        super::line::short_path(&text, room, glyphs.ellipsis()),
        Role::Muted,
    );
    if !right.is_empty() {
        line.right = vec![Cell::new(right, Role::Picked)];
    }
    line
}

/// A pane with what is selected there, in a few words.
pub(in crate::app) fn label(model: &Model, pane: PaneKind) -> String {
    let subject = crate::app::panes::subject(model, pane);
    let what = match &subject {
        Subject::Nothing | Subject::Verdict => String::new(),
        Subject::Item { path, uid, line } => {
            let found = model.assessment.as_ref().and_then(|assessment| {
                let (d, i) = crate::app::panes::find_item(assessment, path, *uid)?;
                let (_, item, _) = assessment.item(d, i)?;
                Some(match item.id.as_deref() {
                    // A bare number names nothing.
                    Some(id) if id.chars().any(char::is_alphabetic) => id.to_owned(),
                    _ => short(&item.title, 28, glyphs_of(model).ellipsis()),
                })
            });
            match found {
                Some(name) if pane == PaneKind::Document => format!("{}:{line} {name}", path.file_name()),
                Some(name) => name,
                None => format!("{}:{line}", path.file_name()),
            }
        }
        Subject::Gate { id, .. } => format!("gate {id}"),
        Subject::Row(row) => row.label.to_string(),
        Subject::Problem(..) => "problem".to_owned(),
        Subject::Document(path) => path.file_name().to_owned(),
        Subject::Contradiction { path, line, .. } => format!("contradiction {}:{line}", path.file_name()),
        Subject::Claim { path, line, .. } => format!("refuted {}:{line}", path.file_name()),
        Subject::Declared { path, line } => format!("said in {}:{line}", path.file_name()),
        Subject::Section { path, line } | Subject::Line { path, line } => {
            format!("{}:{line}", path.file_name())
        }
    };
    if what.is_empty() {
        pane.title().to_owned()
    } else {
        format!("{} {what}", pane.title())
    }
}

/// The keys that are valid here; those that matter most first.
#[must_use]
pub fn footer(model: &Model) -> Line {
    let width = usize::from(model.size.0);
    let context = model.context();
    let mut line = Line::default();
    let mut used = 0;
    let wanted: &[(Command, &str)] = if model.prompt.is_some() {
        &[(Command::Open, "keep"), (Command::Back, "cancel")]
    } else {
        &[
            (Command::Help, "help"),
            (Command::Open, "open"),
            (Command::Back, "back"),
            (Command::SetStatus, "status"),
            (Command::Filter, "filter"),
            (Command::NextMatch, "next"),
            (Command::Explain, "explain"),
            (Command::OnlyFailing, "failing/all"),
            (Command::Fold, "fold"),
            (Command::Sort, "sort"),
            (Command::Group, "group"),
            (Command::Undo, "undo"),
            (Command::Mark, "mark"),
            (Command::Edit, "edit"),
            (Command::Copy, "copy"),
            (Command::Palette, "find"),
            (Command::NextPane, "pane"),
            (Command::Zoom, "zoom"),
            (Command::Quit, "quit"),
        ]
    };
    for &(command, word) in wanted {
        let Some(key) = model.keymap.key(command) else {
            continue;
        };
        if model.prompt.is_none() && command.available(&context).is_err() {
            continue;
        }
        let word = if command == Command::Filter && context.pane == PaneKind::Document {
            "search"
        } else {
            word
        };
        let word = if command == Command::Quit && context.depth > 0 {
            "back"
        } else {
            word
        };
        let gap = if used == 0 { 0 } else { 2 };
        let columns = columns(&key) + 1 + word.len() + gap;
        if used + columns > width {
            continue;
        }
        used += columns;
        line = line
            .and(" ".repeat(gap), Role::Text)
            .and(key, Role::Key)
            .and(format!(" {word}"), Role::Muted);
    }
    line
}
