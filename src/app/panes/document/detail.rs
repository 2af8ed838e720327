//! What is known of a list's selection, above the source that it speaks of, and how far the tests ran that.

use super::coverage;
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::overlays::explain;
use crate::app::panes::{PaneKind, Place, Subject};
use crate::app::view::glyphs::Glyphs;
use crate::app::view::line::{number, short_path};
use crate::app::view::{Cell, Line, Role, glyphs_of};
use crate::model::{Freshness, RepoPath};
use crate::text::width::columns;

/// Where the cursor is, and how far the tests ran this file.
pub(super) fn note(model: &Model, line: usize, all: usize, changed: bool) -> Line {
    let dot = glyphs_of(model).dot();
    let at = format!("{}/{}", number(line), number(all));
    if changed {
        return Line::of("changed since it was judged", Role::Muted);
    }
    let Some(file) = coverage(model) else {
        return Line::of(at, Role::Muted);
    };
    let Some(lines) = file.line_ratio else {
        return Line::of(at, Role::Muted);
    };
    let missed = usize::try_from(lines.total.saturating_sub(lines.covered)).unwrap_or(usize::MAX);
    let role = if missed > 0 { Role::Open } else { Role::Muted };
    let line = Line::of(format!("{} not covered", number(missed)), role);
    let gathered = model.assessment.as_ref().map(|assessment| &assessment.gathered);
    let mut sources = gathered.into_iter().flat_map(|gathered| {
        let files = file.sources.iter();
        files.filter_map(|at| gathered.files.get(*at as usize))
    });
    let old = sources.any(|bound| bound.freshness >= Freshness::Stale);
    line.and(if old { " (stale)" } else { "" }, Role::Warning)
        .and(format!("{dot}{at}"), Role::Muted)
}

/// The line between what is known of a selection and the source that it speaks of.
pub(super) fn rule(note: &Line, path: &RepoPath, width: usize, glyphs: Glyphs) -> Line {
    let used = note.columns() + 4;
    let path = short_path(path.as_str(), width.saturating_sub(used + 4), glyphs.ellipsis());
    let lead = format!("{}{} ", glyphs.rule(), glyphs.rule());
    let fill = width.saturating_sub(columns(&path) + used + 2);
    let mut line = Line::of(lead, Role::Border)
        .and(path, Role::Link)
        .and(format!(" {} ", glyphs.rule().repeat(fill)), Role::Border);
    line.cells.extend(note.cells.iter().cloned());
    line
}

/// What is known of a list's selection that is not told by the text of a document: its words, and so many rows left
/// for the source that it speaks of (none when there is no source, or it is not at hand).
pub(super) fn detail(model: &Model, width: usize, height: usize) -> Option<(Vec<Line>, usize)> {
    /// Rows of source that are worth a place.
    const LEAST: usize = 3;
    if model.focus == PaneKind::Document {
        return None;
    }
    let subject = model.subject();
    let row = matches!(subject, Subject::Row(_));
    let told = row || matches!(subject, Subject::Gate { .. } | Subject::Problem(..));
    let place = subject.place();
    let known = place.as_ref().is_some_and(|place| {
        let assessment = model.assessment.as_ref();
        assessment.is_some_and(|assessment| assessment.document(&place.path).is_some())
    });
    if !told || known && !row {
        return None;
    }
    let mut lines = explain::lines(model, &subject, width.saturating_sub(2));
    let state = &model.panes.document;
    let shown = |place: Place| state.place.as_ref().is_some_and(|shown| shown.path == place.path);
    let at_hand = row && place.is_some_and(shown) && state.text().is_some();
    if !at_hand {
        lines.truncate(height);
        return Some((lines, 0));
    }
    // What is known comes first, and the source keeps a third.
    let most = (height * 2 / 3).min(height.saturating_sub(LEAST + 1));
    if lines.len() > most {
        lines.truncate(most.saturating_sub(1));
        let key = model.keymap.key(Command::Explain).unwrap_or_default();
        lines.push(Line::of(format!("{key} shows all"), Role::Muted));
    }
    let rest = height.saturating_sub(lines.len() + 1);
    Some((lines, if rest < LEAST { 0 } else { rest }))
}

pub(super) fn indented(mut line: Line) -> Line {
    line.cells.insert(0, Cell::new(" ", Role::Text));
    line
}
