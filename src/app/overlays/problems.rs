//! Problems of the reading and everything that was told in this session.

use super::{Done, boxed, closes, frame, scroll};
use crate::app::command::Command;
use crate::app::key::Key;
use crate::app::model::Model;
use crate::app::panes::verdict::problem_word;
use crate::app::update::command_of;
use crate::app::view::line::{counted, wrap};
use crate::app::view::{Line, Pane, Role};
use crate::model::Problem;

/// The first visible row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    top: usize,
}

pub(super) fn press(model: &Model, state: &mut State, key: Key) -> Done {
    if closes(model, key) || command_of(model, key) == Some(Command::Problems) {
        return Done::Close;
    }
    let rows = lines(model, width(model)).len();
    scroll(model, key, &mut state.top, rows);
    Done::Stay
}

pub(super) fn view(model: &Model, state: &State) -> Pane {
    let lines = lines(model, width(model));
    let area = frame(model, width(model), lines.len());
    boxed("Problems and notices", lines, state.top, " esc closes ", area)
}

fn width(model: &Model) -> usize {
    usize::from(model.size.0).saturating_sub(4).clamp(1, 110)
}

fn lines(model: &Model, width: usize) -> Vec<Line> {
    const SHOWN: usize = 500;
    let mut out = Vec::new();
    if let Some(assessment) = &model.assessment {
        let own = &assessment.problems;
        let documents = assessment
            .documents
            .iter()
            .flat_map(|document| &document.report.problems);
        let all = own.len()
            + assessment
                .documents
                .iter()
                .map(|document| document.report.problems.len())
                .sum::<usize>();
        if all > 0 {
            out.push(Line::of(
                counted(all, "problem of the reading", "problems of the reading"),
                Role::Heading,
            ));
        }
        for problem in own.iter().chain(documents).take(SHOWN) {
            push(&mut out, problem, width);
        }
        if all > SHOWN {
            out.push(Line::of(
                format!("showing the first {SHOWN} of {all}"),
                Role::Muted,
            ));
        }
    }
    if !model.notices.is_empty() {
        out.push(Line::of("Told in this session, the newest first", Role::Heading));
        for notice in model.notices.iter().rev() {
            push(&mut out, notice, width);
        }
    }
    if out.is_empty() {
        out.push(Line::of("No problem and no notice.", Role::Muted));
    }
    out
}

fn push(out: &mut Vec<Line>, problem: &Problem, width: usize) {
    let (word, role) = problem_word(problem.severity);
    let at = if problem.at.is_empty() {
        String::new()
    } else {
        format!("{}: ", problem.at)
    };
    let rows = wrap(&format!("{at}{}", problem.what), width.saturating_sub(8));
    for (n, row) in rows.into_iter().enumerate() {
        let lead = if n == 0 { word } else { "" };
        out.push(Line::of(format!("{lead:<8}"), role).and(row, Role::Text));
    }
    for hint in problem
        .hint
        .iter()
        .flat_map(|hint| wrap(&format!("hint: {hint}"), width.saturating_sub(8)))
    {
        out.push(Line::of("        ", Role::Text).and(hint, Role::Muted));
    }
}
