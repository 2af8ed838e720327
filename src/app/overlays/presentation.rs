//! For a meeting: the verdict as a banner and one blocking item at a time, frozen while it is open.
//!
//! Not here: changing anything; the box only shows. Invariant: what is shown is one judgement, however many come.

use std::sync::Arc;

use super::{Done, boxed, closes};
use crate::app::command::Command;
use crate::app::filter::{base_order, blocks};
use crate::app::key::{Key, KeyName};
use crate::app::model::Model;
use crate::app::panes::document::votes;
use crate::app::panes::list::Motion;
use crate::app::update::command_of;
use crate::app::view::glyphs::{self, spoken};
use crate::app::view::line::{counted, number, wrap};
use crate::app::view::{Area, Line, Pane, Role, glyphs_of};
use crate::engine::Assessment;
use crate::model::Verdict;

/// What is presented.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    of: Arc<Assessment>,
    /// What may be shown as the verdict: none while reading goes on and it could be a GO.
    verdict: Option<Verdict>,
    blocking: Vec<(u32, u32)>,
    at: usize,
}

/// Opens it on the judgement that is shown.
pub(in crate::app) fn open(model: &mut Model) {
    let Some(of) = model.assessment.clone() else {
        return;
    };
    let stands = |&(d, i): &(u32, u32)| of.item(d, i).is_some_and(|(_, _, state)| blocks(state));
    let blocking = base_order(&of).into_iter().filter(stands).collect();
    model.overlay = Some(super::Overlay::Presentation(State {
        verdict: model.verdict(),
        blocking,
        of,
        at: 0,
    }));
}

pub(super) fn press(model: &Model, state: &mut State, key: Key) -> Done {
    if closes(model, key) || command_of(model, key) == Some(Command::Present) {
        return Done::Close;
    }
    let motion = match (key.name, command_of(model, key)) {
        (KeyName::Char(' ') | KeyName::Enter | KeyName::Right, _) => Motion::Rows(1),
        (KeyName::Left, _) => Motion::Rows(-1),
        (_, Some(Command::Down | Command::PageDown)) => Motion::Rows(1),
        (_, Some(Command::Up | Command::PageUp)) => Motion::Rows(-1),
        (_, Some(Command::Top)) => Motion::Top,
        (_, Some(Command::Bottom)) => Motion::Bottom,
        _ => return Done::Stay,
    };
    state.at = motion.from(state.at, state.blocking.len(), 1);
    Done::Stay
}

pub(super) fn view(model: &Model, state: &State) -> Pane {
    let (columns, rows) = model.size;
    let area = Area {
        x: 0,
        y: 1,
        width: columns,
        height: rows.saturating_sub(1),
    };
    let width = usize::from(columns.saturating_sub(6)).clamp(1, 110);
    let mut lines = banner(model, state, width);
    match state.blocking.get(state.at) {
        Some(&place) => item(model, state, place, width, &mut lines),
        None => lines.push(Line::of("Nothing blocks.", Role::Text)),
    }
    for line in &mut lines {
        line.cells
            .insert(0, crate::app::view::Cell::new("  ", Role::Text));
    }
    boxed("Frozen for the meeting", lines, 0, " space next, esc ends ", area)
}

fn banner(model: &Model, state: &State, width: usize) -> Vec<Line> {
    let glyphs = glyphs_of(model);
    let (sign, word, role) = match state.verdict {
        Some(verdict) => {
            let (sign, role) = glyphs.verdict(verdict);
            (sign, verdict.word(), role)
        }
        None => (glyphs.unknown(), "NOT KNOWN YET", Role::Hold),
    };
    // Set apart, so that it is read from the back of the room.
    let mut apart = String::new();
    for c in word.chars() {
        apart.push(c);
        apart.push(' ');
    }
    let repository = &state.of.repository;
    let branch = repository.branch.as_deref().unwrap_or("no branch");
    let commit = repository.short_commit().unwrap_or("no commit");
    let mut lines = Vec::new();
    // A small screen needs its rows for the item.
    let roomy = model.size.1 >= 16;
    if roomy {
        lines.push(Line::default());
    }
    lines.push(Line::of(format!("{sign}   {apart}"), role));
    let about = format!(
        "for {}: {} {branch} {commit}",
        state.of.stage.word(),
        repository.name
    );
    lines.extend(
        wrap(&about, width)
            .into_iter()
            .map(|row| Line::of(row, Role::Muted)),
    );
    if roomy {
        lines.push(Line::default());
    }
    lines
}

fn item(model: &Model, state: &State, (d, i): (u32, u32), width: usize, lines: &mut Vec<Line>) {
    let Some((document, item, judged)) = state.of.item(d, i) else {
        return;
    };
    let glyphs = glyphs_of(model);
    let all = state.blocking.len();
    let effect = match judged.effect {
        Verdict::NoGo => "makes it NO-GO",
        _ => "makes it HOLD",
    };
    lines.push(Line::of(
        format!(
            "{} of {}: {effect}",
            number(state.at + 1),
            counted(all, "blocking item", "blocking items")
        ),
        Role::Muted,
    ));
    let id = item.id.as_deref().map(|id| format!("{id}  ")).unwrap_or_default();
    let title = wrap(&format!("{id}{}", item.title), width);
    lines.extend(title.into_iter().map(|row| Line::of(row, Role::Strong)));
    let (sign, role) = glyphs.derived(judged.derived);
    lines.push(
        Line::of(format!("{sign} {}", spoken(judged.derived.word())), role)
            .and(glyphs.dot(), Role::Muted)
            .and(
                glyphs::severity_word(item.severity),
                glyphs::severity(item.severity),
            ),
    );
    let why = votes(item, judged, None, glyphs);
    lines.extend(wrap(&why, width).into_iter().map(|row| Line::of(row, Role::Text)));
    let sections = document.report.section_path(item.section).join(glyphs.crumb());
    if !sections.is_empty() {
        lines.extend(
            wrap(&sections, width)
                .into_iter()
                .map(|row| Line::of(row, Role::Muted)),
        );
    }
    let owner = item.extras.as_ref().and_then(|extras| extras.owner.as_deref());
    if let Some(owner) = owner {
        lines.extend(
            wrap(&format!("owner: {owner}"), width)
                .into_iter()
                .map(|row| Line::of(row, Role::Text)),
        );
    }
    let place = format!("{}:{}", document.report.path, item.line);
    lines.extend(
        wrap(&place, width)
            .into_iter()
            .map(|row| Line::of(row, Role::Link)),
    );
}
