//! Changing a status: choose, plan, see the diff, write, undo.

use std::sync::Arc;

use super::note;
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::model::{Change, Job, Model};
use crate::app::msg::JobOutcome;
use crate::app::overlays::{Overlay, chooser, confirm};
use crate::app::panes::{Subject, find_item};
use crate::edit::{self, Plan};
use crate::model::{Problem, ProblemSeverity, RepoPath, Status, Uid};
use crate::text::{ContentHash, SourceText};

/// What a change acts on: the marked items, else the selected one.
fn targets(model: &Model) -> Vec<(RepoPath, Uid)> {
    if !model.marks.is_empty() {
        return model
            .marks
            .iter()
            .map(|(uid, path)| (path.clone(), *uid))
            .collect();
    }
    match model.subject() {
        Subject::Item { path, uid, .. } => vec![(path, uid)],
        _ => Vec::new(),
    }
}

/// Opens the choice of statuses.
pub(super) fn choose(model: &mut Model) {
    let items = targets(model);
    if items.is_empty() {
        return;
    }
    let now = match (items.as_slice(), &model.assessment) {
        ([(path, uid)], Some(assessment)) => find_item(assessment, path, *uid)
            .and_then(|(d, i)| assessment.item(d, i))
            .map(|(_, item, _)| item.declared),
        _ => None,
    };
    model.overlay = Some(Overlay::Chooser(chooser::State::new(items, now)));
}

/// Asks for the plans of a status.
pub(in crate::app) fn set_status(model: &mut Model, items: Vec<(RepoPath, Uid)>, to: Status) -> Vec<Effect> {
    if model.settings.read_only || model.job.is_some() || items.is_empty() {
        return Vec::new();
    }
    let request = model.request();
    model.job = Some(Job::Planning { request, to });
    vec![Effect::Plan { request, items, to }]
}

/// Shows the plans that were asked for.
pub(super) fn planned(
    model: &mut Model,
    request: u64,
    plans: Vec<(Arc<SourceText>, Plan)>,
    refused: &[(Uid, String)],
) {
    let Some(Job::Planning { request: asked, to }) = model.job else {
        return;
    };
    if asked != request {
        return;
    }
    model.job = None;
    if plans.is_empty() {
        let why = refused
            .first()
            .map_or("there is nothing to change", |(_, why)| why.as_str());
        tell(model, ProblemSeverity::Warning, why.to_owned());
        return;
    }
    if model.overlay.is_some() || model.prompt.is_some() {
        // Keys are going elsewhere: a diff that appears under them could be confirmed unseen.
        note(
            model,
            "the change was planned while something else was open: choose it again",
        );
        return;
    }
    let items: usize = plans.iter().map(|(_, plan)| plan.items.len().max(1)).sum();
    let message = match plans.as_slice() {
        [(_, plan)] if items == 1 => plan.why.clone(),
        _ => format!("Set {items} items to {}", to.word()),
    };
    let plans = plans
        .into_iter()
        .map(|(source, plan)| (Some(source), plan))
        .collect();
    let refused = refused.iter().map(|(_, why)| why.clone()).collect();
    model.overlay = Some(Overlay::Confirm(confirm::State::new(
        plans, message, refused, false,
    )));
}

/// Shows what undoing the last change would do.
pub(super) fn undo(model: &mut Model) {
    if let Some(change) = model.undo.last() {
        let message = format!("Undo: {}", change.what);
        let state = confirm::State::new(change.inverse.clone(), message, Vec::new(), true);
        model.overlay = Some(Overlay::Confirm(state));
    }
}

/// Writes what was confirmed.
pub(in crate::app) fn apply(
    model: &mut Model,
    plans: Vec<(Option<Arc<SourceText>>, Plan)>,
    message: String,
    undo: bool,
) -> Vec<Effect> {
    if model.settings.read_only || model.job.is_some() {
        return Vec::new();
    }
    let effect = Effect::Apply {
        plans: plans.iter().map(|(_, plan)| plan.clone()).collect(),
        message,
    };
    model.job = Some(Job::Writing { undo, plans });
    vec![effect]
}

/// Takes the end of a job.
pub(super) fn ended(model: &mut Model, outcome: JobOutcome) {
    match outcome {
        JobOutcome::Committed {
            commit,
            what,
            inverse,
        } => {
            let undone = written(model, &what, inverse);
            let hint = match model.keymap.key(Command::Undo) {
                Some(key) if !undone => format!(" ({key} undoes)"),
                _ => String::new(),
            };
            let detached = model.assessment.as_ref().is_some_and(|assessment| {
                assessment.repository.git && assessment.repository.branch.is_none()
            });
            let place = if detached { " on no branch" } else { "" };
            tell(
                model,
                ProblemSeverity::Note,
                format!("committed {commit}{place}{hint}: {what}"),
            );
        }
        JobOutcome::Written { what, why, inverse } => {
            let undone = written(model, &what, inverse);
            let first = why
                .lines()
                .map(str::trim)
                .find(|row| !row.is_empty())
                .unwrap_or("no reason was given");
            let key = model.keymap.key(Command::Undo);
            let (tail, hint) = match key {
                Some(key) if !undone => (format!("; {key} undoes it"), "commit it yourself, or undo it"),
                _ => (String::new(), "commit it yourself"),
            };
            model.tell(Problem {
                severity: ProblemSeverity::Warning,
                at: "".into(),
                what: format!("written, not committed{tail}: {first}\n{}", rest_of(&why, first))
                    .trim_end()
                    .into(),
                hint: Some(format!("{what}: {hint}").into()),
            });
        }
        JobOutcome::Refused(why) => {
            model.job = None;
            tell(model, ProblemSeverity::Error, why);
        }
        JobOutcome::NotCopied(why) => tell(model, ProblemSeverity::Error, format!("not copied: {why}")),
        JobOutcome::NotEdited(why) => tell(model, ProblemSeverity::Error, why),
        JobOutcome::Acted(what) => note(model, what),
        JobOutcome::NotActed(why) => tell(model, ProblemSeverity::Error, why),
        JobOutcome::Copied(how) => note(model, format!("copied ({how})")),
        JobOutcome::Edited => {}
    }
}

/// What `why` says behind its first sentence: a hook's own words.
fn rest_of<'a>(why: &'a str, first: &str) -> &'a str {
    why.find(first)
        .and_then(|at| why.get(at + first.len()..))
        .unwrap_or_default()
        .trim_matches('\n')
}

/// Remembers how to undo what was written; says whether it was an undo itself.
fn written(model: &mut Model, what: &str, inverse: Vec<Plan>) -> bool {
    const KEPT: usize = 50;
    let (undo, before) = match model.job.take() {
        Some(Job::Writing { undo, plans }) => (undo, plans),
        other => {
            model.job = other;
            (false, Vec::new())
        }
    };
    if undo {
        model.undo.pop();
        return true;
    }
    model.marks.clear();
    if inverse.is_empty() {
        return false;
    }
    let inverse = inverse.into_iter().map(|plan| (after(&before, &plan), plan));
    let change = Change {
        what: what.to_owned(),
        inverse: inverse.collect(),
    };
    if model.undo.len() >= KEPT {
        model.undo.remove(0);
    }
    model.undo.push(change);
    false
}

/// The text that an inverse plan changes: what applying the plan before it gave.
fn after(before: &[(Option<Arc<SourceText>>, Plan)], inverse: &Plan) -> Option<Arc<SourceText>> {
    let (source, plan) = before.iter().find(|(_, plan)| plan.path == inverse.path)?;
    let bytes = edit::apply(plan, source.as_ref()?.bytes()).ok()?;
    (ContentHash::of(&bytes) == inverse.base).then(|| Arc::new(SourceText::read(bytes.into())))
}

fn tell(model: &mut Model, severity: ProblemSeverity, what: String) {
    model.tell(Problem {
        severity,
        at: "".into(),
        what: what.into(),
        hint: None,
    });
}
