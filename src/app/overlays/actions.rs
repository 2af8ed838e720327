//! What can be done on GitHub about the selected row: choose, see what is asked, Enter asks.

use super::{Done, closes, scrolling};
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyName};
use crate::app::model::Model;
use crate::app::panes::list::Motion;
use crate::app::update::note;
use crate::app::view::line::wrap;
use crate::app::view::{Line, Pane, Role, glyphs_of};
use crate::engine::{CiMember, JudgedCi};
use crate::model::ci::{CheckState, CiAction, CiSource};

/// What the box remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    actions: Vec<CiAction>,
    at: usize,
    /// One was chosen and is shown once more before it is asked for.
    sure: bool,
}

impl State {
    /// A choice of actions; `None` without any.
    #[must_use]
    pub fn new(actions: Vec<CiAction>) -> Option<Self> {
        if actions.is_empty() {
            return None;
        }
        Some(Self {
            actions,
            at: 0,
            sure: false,
        })
    }
}

/// What can be done about a part of CI.
#[must_use]
pub fn of(ci: &JudgedCi, member: &CiMember) -> Vec<CiAction> {
    let facts = &ci.facts;
    if let Some(number) = member.id.strip_prefix("ci:issue:") {
        let issue = facts
            .blockers
            .iter()
            .find(|issue| number.parse() == Ok(issue.number));
        return issue
            .map(|issue| CiAction::CloseIssue {
                number: issue.number,
                title: issue.title.clone(),
            })
            .into_iter()
            .collect();
    }
    if !member.is_check {
        return dismissals(ci, member);
    }
    let named = member.check.and_then(|at| facts.checks.get(at)?.run);
    // What a run says itself names no check; its page is the run's.
    let run = match named {
        Some(id) => facts.run(id),
        None => facts
            .runs
            .iter()
            .find(|run| !run.url.is_empty() && *run.url == *member.url),
    };
    let Some(run) = run else {
        return Vec::new();
    };
    let name = || format!("`{}`", run.name).into();
    let mut actions = Vec::new();
    let waiting: Vec<_> = facts
        .waiting
        .iter()
        .filter(|waiting| waiting.run == run.id)
        .collect();
    let environments: Vec<u64> = waiting
        .iter()
        .filter_map(|waiting| waiting.environment_id)
        .collect();
    if !environments.is_empty() && waiting.iter().all(|waiting| waiting.may_approve) {
        let names: Vec<String> = waiting
            .iter()
            .map(|waiting| format!("`{}`", waiting.environment))
            .collect();
        for approve in [true, false] {
            actions.push(CiAction::Review {
                run: run.id,
                environments: environments.clone(),
                names: names.join(", ").into(),
                approve,
            });
        }
    }
    if run.state.is_failed() || run.state == CheckState::Cancelled {
        actions.push(CiAction::RerunFailed {
            run: run.id,
            name: name(),
        });
    }
    if run.state.is_unfinished() {
        actions.push(CiAction::Cancel {
            run: run.id,
            name: name(),
        });
    }
    actions
}

/// The worst alert of the kind that the row speaks of, with each reason that GitHub takes.
fn dismissals(ci: &JudgedCi, member: &CiMember) -> Vec<CiAction> {
    let alerts = [CiSource::CodeScanning, CiSource::Dependabot, CiSource::Secrets];
    let Some(alert) = alerts.into_iter().find_map(|source| {
        let mut of_source = ci.facts.alerts.iter().filter(|alert| alert.source == source);
        of_source.find(|alert| !member.url.is_empty() && *alert.url == *member.url)
    }) else {
        return Vec::new();
    };
    CiAction::reasons(alert.source)
        .iter()
        .map(|reason| CiAction::Dismiss {
            source: alert.source,
            number: alert.number,
            title: alert.title.clone(),
            reason,
        })
        .collect()
}

pub(super) fn press(model: &Model, state: &mut State, key: Key) -> Done {
    if key == Key::plain(KeyName::Enter) {
        if !state.sure {
            state.sure = true;
            return Done::Stay;
        }
        let Some(action) = state.actions.get(state.at).cloned() else {
            return Done::Close;
        };
        return Done::Then(Box::new(move |model| ask(model, action)));
    }
    if closes(model, key) || key == Key::plain(KeyName::Char('n')) {
        if state.sure && state.actions.len() > 1 {
            state.sure = false;
            return Done::Stay;
        }
        return Done::Close;
    }
    let motion = match super::command_of(model, key) {
        Some(Command::Down) => Motion::Rows(1),
        Some(Command::Up) => Motion::Rows(-1),
        Some(Command::Top) => Motion::Top,
        Some(Command::Bottom) => Motion::Bottom,
        _ => return Done::Stay,
    };
    if !state.sure {
        let all = state.actions.len();
        state.at = motion.from(state.at, all, all);
    }
    Done::Stay
}

fn ask(model: &mut Model, action: CiAction) -> Vec<Effect> {
    if model.settings.read_only {
        return Vec::new();
    }
    note(model, format!("asking GitHub to {}", action.sentence()));
    vec![Effect::Act(action)]
}

pub(super) fn view(model: &Model, state: &State) -> Pane {
    let glyphs = glyphs_of(model);
    let width = usize::from(model.size.0).saturating_sub(8).clamp(20, 100);
    let mut lines = Vec::new();
    if state.sure {
        let action = state.actions.get(state.at);
        let text = action.map(CiAction::sentence).unwrap_or_default();
        lines.extend(
            wrap(&text, width)
                .into_iter()
                .map(|row| Line::of(row, Role::Strong)),
        );
        lines.push(Line::default());
        let remark = "GitHub does this in your name; it cannot be undone from here.";
        lines.extend(
            wrap(remark, width)
                .into_iter()
                .map(|row| Line::of(row, Role::Muted)),
        );
        return scrolling(
            model,
            "Ask GitHub for this?",
            lines,
            0,
            " enter asks, esc does not ",
        );
    }
    for (n, action) in state.actions.iter().enumerate() {
        let selected = n == state.at;
        let pointer = if selected { glyphs.pointer() } else { " " };
        let text = crate::app::view::line::short(&action.sentence(), width, glyphs.ellipsis());
        let mut line = Line::of(format!("{pointer} "), Role::Strong).and(text, Role::Text);
        line.fill = selected.then_some(Role::Selected);
        lines.push(line);
    }
    scrolling(model, "What GitHub can do", lines, 0, " enter chooses ")
}
