//! What each command does.

use super::{change, note, prompt, show};
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::model::{Job, Model, Step};
use crate::app::overlays::{Overlay, explain, help, palette, presentation, problems};
use crate::app::panes::document::{self, NO_MATCH};
use crate::app::panes::list::Motion;
use crate::app::panes::{self, Opening, PaneKind, Place, Subject, blockers};
use crate::app::view::footer::label;
use crate::app::view::line::prefix;
use crate::model::{RepoPath, Uid};

/// Runs a command when it is available, else says why not.
pub(in crate::app) fn run(model: &mut Model, command: Command) -> Vec<Effect> {
    if let Err(why) = command.available(&model.context()) {
        note(model, format!("{}: {why}", command.name()));
        return Vec::new();
    }
    match command {
        Command::Down => panes::go(model, Motion::Rows(1)),
        Command::Up => panes::go(model, Motion::Rows(-1)),
        Command::HalfDown => panes::go(model, Motion::Page(5)),
        Command::HalfUp => panes::go(model, Motion::Page(-5)),
        Command::PageDown => panes::go(model, Motion::Page(10)),
        Command::PageUp => panes::go(model, Motion::Page(-10)),
        Command::Top => panes::go(model, Motion::Top),
        Command::Bottom => panes::go(model, Motion::Bottom),
        Command::Open => open(model),
        Command::Back => back(model),
        Command::NextPane => cycle(model, 1),
        Command::PreviousPane => cycle(model, PaneKind::ALL.len() - 1),
        Command::GoVerdict
        | Command::GoBlockers
        | Command::GoReports
        | Command::GoDocument
        | Command::GoCoverage
        | Command::GoScans
        | Command::GoTests
        | Command::GoCi
        | Command::GoClaims => {
            if let Some(pane) = PaneKind::of(command) {
                jump(model, pane);
            }
        }
        Command::SetStatus => change::choose(model),
        Command::Undo => change::undo(model),
        Command::Mark => mark(model),
        Command::ClearMarks => model.marks.clear(),
        Command::Explain => {
            let subject = model.subject();
            model.overlay = Some(Overlay::Explain(explain::State::new(subject)));
        }
        Command::Filter => prompt::open(model),
        Command::NextMatch | Command::PreviousMatch => {
            let forward = command == Command::NextMatch;
            if model.panes.document.search.is_empty() {
                document::next_miss(model, forward);
            } else if !model.panes.document.next_match(forward, false) {
                note(model, NO_MATCH);
            }
        }
        Command::OnlyFailing
        | Command::Fold
        | Command::FoldAll
        | Command::Sort
        | Command::Group
        | Command::Act => {
            model.focus.behaviour().run(model, command);
        }
        Command::Zoom => model.zoom = !model.zoom,
        Command::Palette => palette::open(model),
        Command::Help => model.overlay = Some(Overlay::Help(help::State::new(model.context()))),
        Command::Problems => model.overlay = Some(Overlay::Problems(problems::State::default())),
        Command::Live => live(model),
        Command::Present => presentation::open(model),
        Command::Edit => {
            if let Some(Place { path, line, .. }) = model.place_at_hand(&model.subject()) {
                return vec![Effect::Edit { path, line }];
            }
        }
        Command::Copy => return copy(model).into_iter().collect(),
        Command::Rescan => {
            note(model, "reading the repository again");
            return vec![Effect::Rescan];
        }
        Command::Suspend => return vec![Effect::Suspend],
        Command::QuitNow => return vec![Effect::Quit],
        Command::Quit if model.depth() > 0 => back(model),
        Command::Quit if matches!(model.job, Some(Job::Writing { .. })) => {
            note(model, "a change is being written; ctrl-c leaves at once");
        }
        Command::Quit => return vec![Effect::Quit],
    }
    Vec::new()
}

/// Puts the keys into a pane and remembers where they were.
fn enter(model: &mut Model, pane: PaneKind) {
    if model.focus == pane {
        return;
    }
    let step = Step {
        focus: model.focus,
        list: model.list,
        label: label(model, model.focus),
    };
    model.trail.push(step);
    focus(model, pane);
}

fn focus(model: &mut Model, pane: PaneKind) {
    model.focus = pane;
    if pane != PaneKind::Document {
        model.list = pane;
    }
}

/// Goes to a document or an item that was named.
pub(in crate::app) fn go_to(model: &mut Model, path: RepoPath, uid: Option<Uid>) -> Vec<Effect> {
    if let Some(uid) = uid {
        enter(model, PaneKind::Blockers);
        blockers::reveal(model, &path, uid);
        return Vec::new();
    }
    enter(model, PaneKind::Document);
    model.panes.document.follow(Some(Place {
        path,
        line: 1,
        uid: None,
    }));
    Vec::new()
}

/// A jump by number or Tab is a new beginning, except into the document: that belongs to the list beside it.
fn jump(model: &mut Model, pane: PaneKind) {
    if pane == PaneKind::Document {
        // The selection may be one of a list that no frame has shown yet.
        let place = model.subject().place();
        enter(model, pane);
        model.panes.document.follow(place);
        return;
    }
    model.trail.clear();
    focus(model, pane);
}

fn cycle(model: &mut Model, steps: usize) {
    let all = PaneKind::ALL;
    let mut next = (model.focus as usize + steps) % all.len();
    if all.get(next) == Some(&PaneKind::Document) && model.panes.document.place.is_none() {
        next = (next + steps) % all.len();
    }
    if let Some(&pane) = all.get(next) {
        jump(model, pane);
    }
}

/// Verdict to reason to item to its lines.
fn open(model: &mut Model) {
    match model.focus.behaviour().open(model) {
        Opening::Nothing => {}
        Opening::Pane(pane) => enter(model, pane),
        Opening::Item(path, uid) => {
            enter(model, PaneKind::Blockers);
            blockers::reveal(model, &path, uid);
        }
        Opening::Row(pane, key) => {
            enter(model, pane);
            pane.behaviour().reveal(model, &key);
        }
        Opening::Explain(subject) => model.overlay = Some(Overlay::Explain(explain::State::new(subject))),
    }
}

/// One step back: the filter, then where the keys came from, then the zoom. Never out of the program.
fn back(model: &mut Model) {
    let pane = model.focus;
    if !model.filter_text(pane).is_empty() {
        prompt::set(model, pane, String::new());
    } else if let Some(step) = model.trail.pop() {
        model.focus = step.focus;
        model.list = step.list;
    } else {
        model.zoom = false;
    }
}

fn mark(model: &mut Model) {
    if let Subject::Item { path, uid, .. } = model.subject() {
        if model.marks.remove(&uid).is_none() {
            model.marks.insert(uid, path);
        }
        panes::go(model, Motion::Rows(1));
    }
}

fn copy(model: &Model) -> Option<Effect> {
    let subject = model.subject();
    let assessment = model.assessment.as_ref();
    if let (Subject::Row(row), Some(assessment)) = (&subject, assessment)
        && let Some(text) = row.pane.behaviour().copy(assessment, row)
    {
        return Some(Effect::Copy(text));
    }
    let place = model.place_at_hand(&subject)?;
    let title = match &subject {
        Subject::Item { path, uid, .. } => assessment.and_then(|assessment| {
            let (d, i) = panes::find_item(assessment, path, *uid)?;
            let (_, item, _) = assessment.item(d, i)?;
            let id = item.id.as_deref().map(|id| format!("{id} ")).unwrap_or_default();
            Some(format!("{id}{}", prefix(&item.title, 500)))
        }),
        Subject::Contradiction { message, .. } => Some(message.to_string()),
        _ => None,
    };
    let title = title
        .map(|title| format!(" {}", crate::text::clean::clean(&title)))
        .unwrap_or_default();
    Some(Effect::Copy(format!("{}:{}{title}", place.path, place.line)))
}

fn live(model: &mut Model) {
    model.live = !model.live;
    if model.live {
        if let Some(assessment) = model.held.take() {
            show(model, assessment);
        }
        note(model, "live: changes are shown as they come");
    } else {
        note(model, "frozen: what is shown does not change until L");
    }
}
