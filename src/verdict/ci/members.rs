//! The checks of a commit and what is required of them, each with its result and one sentence.

use super::outcome::{
    is_of_the_past, matches, name_of, newest_checks, newest_runs, own_job, result_of, run_itself,
};
use super::{CiMember, commit_of, counted};
use crate::model::ci::{
    ACTIONS, ACTIONS_APP, Check, CheckState, CiFacts, CiRules, CiSource, FirstError, OWN_STATUS,
    RequiredCheck, RequiredKind, Run,
};
use crate::model::{Collection, CommitId, GateMode, GateResult};

/// A check with its result.
struct Judged<'a> {
    check: &'a Check,
    /// Place among the facts; `None` for what a run says itself.
    place: Option<usize>,
    result: GateResult,
    /// The workflow lets it fail.
    tolerated: bool,
}

/// Whether the facts are of HEAD.
pub(super) fn is_bound(facts: &CiFacts, head: Option<&str>) -> bool {
    facts
        .commit
        .as_ref()
        .is_some_and(|commit| head.is_some_and(|head| head.eq_ignore_ascii_case(commit.as_str())))
}

/// All members but alerts and issues.
pub(super) fn of(facts: &CiFacts, rules: &CiRules, head: Option<&str>) -> Vec<CiMember> {
    let Some(commit) = &facts.commit else {
        let why = match facts.collection(CiSource::Commit).why() {
            "" => "which commit is meant could not be found out",
            why => why,
        };
        return vec![around(
            "ci:commit",
            GateResult::Inconclusive,
            why.to_owned(),
            facts,
        )];
    };
    let mut members = Vec::new();
    if !is_bound(facts, head) {
        members.push(around(
            "ci:commit",
            GateResult::Inconclusive,
            match head {
                Some(head) => format!(
                    "{} is `{}`, and the documents are those of `{}`: its checks say nothing of them",
                    facts.asked,
                    commit.short(),
                    head.get(..7).unwrap_or(head)
                ),
                None => format!(
                    "{} is `{}`, and there is no commit here",
                    facts.asked,
                    commit.short()
                ),
            },
            facts,
        ));
    }

    let runs = newest_runs(facts, commit);
    let checks = newest_checks(facts, &runs);
    let asking = own_job(facts).and_then(|own| own.run);
    let own: Vec<Check> = runs
        .iter()
        // The run of the job that asks goes on because it asks.
        .filter(|run| asking != Some(run.id) || !run.state.is_unfinished())
        .filter_map(|run| run_itself(run, &checks))
        .collect();
    let judged: Vec<Judged<'_>> = checks
        .iter()
        .map(|check| (*check, place_of(facts, check)))
        .chain(own.iter().map(|check| (check, None)))
        .map(|(check, place)| judge(check, place, &runs, rules))
        .collect();

    let required = requirements(facts, rules);
    if required.is_empty() {
        members.extend(every(facts, &judged));
    } else {
        members.extend(named(facts, &required, &judged, &runs, commit));
        members.extend(unknown_requirements(facts, !rules.required.is_empty()));
    }
    members
}

fn place_of(facts: &CiFacts, check: &Check) -> Option<usize> {
    facts.checks.iter().position(|known| std::ptr::eq(known, check))
}

fn judge<'a>(check: &'a Check, place: Option<usize>, runs: &[&Run], rules: &CiRules) -> Judged<'a> {
    let run = check.run.and_then(|id| runs.iter().find(|run| run.id == id));
    let mut result = result_of(check, rules);
    if let Some(run) = run
        && place.is_some()
    {
        if is_of_the_past(check, run) {
            result = GateResult::Pending;
        }
        if run.head.is_none() && result == GateResult::Pass {
            result = GateResult::Inconclusive;
        }
    }
    Judged {
        check,
        place,
        result,
        tolerated: check.state.is_failed() && run.is_some_and(|run| run.state == CheckState::Success),
    }
}

/// What the branch and the team require, each once.
fn requirements(facts: &CiFacts, rules: &CiRules) -> Vec<RequiredCheck> {
    let mut required = facts.required.clone();
    required.extend(rules.required.iter().map(|name| RequiredCheck {
        what: RequiredKind::Check {
            name: name.clone(),
            app: None,
        },
        source: "ci.required".into(),
    }));
    // That the branch requires our own word does not make us wait for it.
    let is_own = |required: &RequiredCheck| match &required.what {
        RequiredKind::Check { name, .. } => **name == *OWN_STATUS,
        RequiredKind::Workflow(_) => false,
    };
    required.retain(|required| !is_own(required));
    required.sort();
    required.dedup_by(|a, b| a.what == b.what);
    required
}

/// Without requirements: every check decides, and everything must have been read.
fn every(facts: &CiFacts, judged: &[Judged<'_>]) -> Vec<CiMember> {
    let mut members: Vec<CiMember> = Vec::with_capacity(judged.len());
    for judged in judged {
        let mut member = member(facts, judged, false);
        // It proves nothing, and nobody asked for it.
        if judged.result == GateResult::Vacuous {
            member.mode = GateMode::Advise;
        }
        members.push(member);
    }
    for source in [CiSource::Runs, CiSource::Checks, CiSource::Statuses] {
        members.extend(unread(facts, source));
    }
    members.extend(unknown_requirements(facts, false));
    if judged.is_empty() && members.is_empty() {
        let message = format!("no check was ever reported at {}", commit_of(facts));
        members.push(around("ci:checks", GateResult::Missing, message, facts));
        return members;
    }
    let really =
        |judged: &Judged<'_>| judged.check.state == CheckState::Success && judged.result == GateResult::Pass;
    let decides = |member: &&CiMember| member.mode == GateMode::Enforce;
    let mut deciding = members.iter().filter(decides);
    if !judged.iter().any(really) && deciding.all(|member| member.result == GateResult::Pass) {
        let commit = commit_of(facts);
        let (result, message) = match members.iter().find(|member| member.result == GateResult::Vacuous) {
            Some(vacuous) => (
                GateResult::Vacuous,
                format!("no check at {commit} proves anything: {}", vacuous.message),
            ),
            None => (
                GateResult::NotEvaluated,
                format!("no check at {commit} has really run: all were skipped"),
            ),
        };
        members.push(around("ci:checks", result, message, facts));
    }
    members
}

/// What is required can be missing without a trace, so not knowing what is required holds; unless the token may not
/// read it and the team says by itself what is.
fn unknown_requirements(facts: &CiFacts, team_says: bool) -> Vec<CiMember> {
    let asked: Vec<_> = [CiSource::Rules, CiSource::Protection]
        .into_iter()
        .filter(|source| facts.sources.contains_key(source))
        .collect();
    if asked.is_empty() && !team_says {
        let message = "what the branch requires was not asked".to_owned();
        return vec![around(
            "ci:source:branch-rules",
            GateResult::Inconclusive,
            message,
            facts,
        )];
    }
    let unknown = |source: &CiSource| match facts.collection(*source) {
        Collection::Collected | Collection::Absent => false,
        Collection::Unauthorised(_) => !team_says,
        _ => true,
    };
    asked
        .into_iter()
        .filter(unknown)
        .filter_map(|source| unread(facts, source))
        .collect()
}

/// With requirements: these decide; every other check is shown.
fn named(
    facts: &CiFacts,
    required: &[RequiredCheck],
    judged: &[Judged<'_>],
    runs: &[&Run],
    commit: &CommitId,
) -> Vec<CiMember> {
    let mut members = Vec::new();
    let mut taken = vec![false; judged.len()];
    let asking = own_job(facts);
    for requirement in required {
        // That the branch requires the very job that asks is for GitHub to wait for.
        let mut found = asking.is_some_and(|own| fits(requirement, own));
        for (judged, taken) in judged.iter().zip(&mut taken) {
            if !fits(requirement, judged.check) {
                continue;
            }
            found = true;
            // Once is enough for a check that two rules name.
            if !std::mem::replace(taken, true) {
                members.push(member(facts, judged, true));
            }
        }
        let name = match &requirement.what {
            RequiredKind::Check { name, .. } => name,
            RequiredKind::Workflow(path) => path,
        };
        let holes = holes(facts, requirement);
        let id = format!("ci:required:{name}");
        if let Some(source) = holes {
            let state = facts.collection(source);
            let message = format!(
                "`{name}`, required by {}, cannot be relied on: {} could not be read{}",
                requirement.source,
                source.word(),
                because(state)
            );
            members.push(around(&id, GateResult::Inconclusive, message, facts));
        } else if !found {
            let message = format!(
                "`{name}`, required by {}, was never reported at `{}`",
                requirement.source,
                commit.short()
            );
            members.push(around(&id, GateResult::Missing, message, facts));
        }
    }
    for (judged, taken) in judged.iter().zip(taken) {
        // A run that goes on may still start what is required.
        if !taken {
            let mut shown = member(facts, judged, false);
            shown.mode = GateMode::Advise;
            members.push(shown);
        }
    }
    let really = |judged: &Judged<'_>| judged.check.state == CheckState::Success;
    let any_passed = judged.iter().any(really) || runs.iter().any(|run| run.state == CheckState::Success);
    let decides = |member: &&CiMember| member.mode == GateMode::Enforce;
    if !any_passed
        && members
            .iter()
            .filter(decides)
            .all(|member| member.result == GateResult::Pass)
    {
        let message = format!(
            "no check at {} has really run: all were skipped",
            commit_of(facts)
        );
        members.push(around("ci:checks", GateResult::NotEvaluated, message, facts));
    }
    members
}

fn fits(requirement: &RequiredCheck, check: &Check) -> bool {
    match &requirement.what {
        RequiredKind::Workflow(path) => *check.key.workflow == **path,
        RequiredKind::Check { name, app } => {
            let by_app = app.is_none_or(|app| is_of_app(check, app));
            by_app && !check.key.name.is_empty() && matches(name, &check.key.name)
        }
    }
}

fn is_of_app(check: &Check, app: u64) -> bool {
    match check.app_id {
        Some(id) => id == app,
        // A job that was read as a job names no app, and is one of GitHub Actions.
        None => *check.key.app == *ACTIONS && app == ACTIONS_APP,
    }
}

/// A source that a requirement cannot do without and that could not be read in full.
fn holes(facts: &CiFacts, requirement: &RequiredCheck) -> Option<CiSource> {
    let missing = |sources: &[CiSource]| sources.iter().copied().find(|source| !facts.has(*source));
    match &requirement.what {
        RequiredKind::Workflow(_) => missing(&[CiSource::Runs]),
        RequiredKind::Check {
            app: Some(ACTIONS_APP),
            ..
        } => {
            let by_jobs = missing(&[CiSource::Runs, CiSource::Jobs]).is_none();
            missing(&[CiSource::Checks, CiSource::Runs]).filter(|_| !by_jobs)
        }
        RequiredKind::Check { app: Some(_), .. } => missing(&[CiSource::Checks]),
        RequiredKind::Check { app: None, .. } => {
            missing(&[CiSource::Checks, CiSource::Runs, CiSource::Statuses])
        }
    }
}

/// A member for a source that could not be read; `None` when it was.
fn unread(facts: &CiFacts, source: CiSource) -> Option<CiMember> {
    let state = facts.collection(source);
    let what = match state {
        Collection::Collected => return None,
        Collection::Absent => "were not asked".to_owned(),
        Collection::Fetching => "are being asked".to_owned(),
        Collection::Partial(why) => format!("could only be read in part: {why}"),
        Collection::Unauthorised(why) => format!("are unreadable with this token: {why}"),
        Collection::Error(why) | Collection::RateLimited(why) => format!("could not be read: {why}"),
    };
    let mut message = format!("{} {what}", source.word());
    if let Some(at) = facts.sources.get(&source).and_then(|state| state.fetched_at)
        && !matches!(state, Collection::Partial(_))
    {
        message.push_str(&format!("; what is shown was read at {at:.0}"));
    }
    let id = format!("ci:source:{}", source.word().replace(' ', "-"));
    Some(around(&id, GateResult::Inconclusive, message, facts))
}

fn because(state: &Collection) -> String {
    match state.why() {
        "" => String::new(),
        why => format!(" ({why})"),
    }
}

fn around(id: &str, result: GateResult, message: String, facts: &CiFacts) -> CiMember {
    CiMember {
        id: id.to_owned(),
        mode: GateMode::Enforce,
        result,
        message,
        url: facts.url.to_string(),
        check: None,
        is_check: id == "ci:checks" || id.starts_with("ci:required:"),
    }
}

fn member(facts: &CiFacts, judged: &Judged<'_>, required: bool) -> CiMember {
    // A required check that fails blocks whatever its workflow thinks of it.
    let forgiven = judged.tolerated && !required && judged.result == GateResult::Fail;
    let result = if forgiven {
        GateResult::Vacuous
    } else {
        judged.result
    };
    CiMember {
        id: judged.check.id(),
        mode: GateMode::Enforce,
        result,
        message: sentence(facts, judged, result, required),
        url: judged.check.url.to_string(),
        check: judged.place,
        is_check: true,
    }
}

fn sentence(facts: &CiFacts, judged: &Judged<'_>, result: GateResult, required: bool) -> String {
    let check = judged.check;
    let name = name_of(check);
    let must = if required { "required " } else { "" };
    let state = check.state.word();
    match result {
        GateResult::Pass if check.state == CheckState::Success => format!("{must}{name} passed"),
        GateResult::Pass => format!("{must}{name} is {state}, which is allowed"),
        GateResult::Fail => format!("{must}{name} says {state}{}", first_error(check)),
        GateResult::Vacuous if check.state.is_failed() => format!(
            "{name} says {state} and its workflow goes on all the same: it proves nothing{}",
            first_error(check)
        ),
        GateResult::Vacuous => format!(
            "{must}{name} passed and cannot fail: {}",
            check.cannot_fail.as_deref().unwrap_or("it is allowed to")
        ),
        GateResult::PendingHuman => {
            let waiting: Vec<_> = facts
                .waiting
                .iter()
                .filter(|waiting| check.run == Some(waiting.run))
                .map(|waiting| format!("`{}`", waiting.environment))
                .collect();
            if waiting.is_empty() {
                format!("{must}{name} waits for a person ({state})")
            } else {
                format!(
                    "{must}{name} waits for a person to approve {}",
                    waiting.join(", ")
                )
            }
        }
        GateResult::Pending if !check.state.is_unfinished() => {
            format!("{must}{name} said {state} in an earlier attempt; a new one is going on")
        }
        GateResult::Pending => format!("{must}{name} is not finished ({state})"),
        GateResult::NotEvaluated => format!(
            "{must}{name} was {state}, so it shows nothing; `{}` can allow that",
            if check.state == CheckState::Skipped {
                "ci.allowed_skips"
            } else {
                "ci.accept_neutral"
            }
        ),
        _ => format!("{must}{name} says `{state}`, which is neither pass nor fail"),
    }
}

fn first_error(check: &Check) -> String {
    match &check.error {
        Some(FirstError::Found { lines, .. }) if !lines.is_empty() => {
            let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
            format!(": {}", lines.join(" / "))
        }
        Some(FirstError::Unreadable(why)) => format!(" (no log: {why})"),
        _ => match check.annotations.iter().find(|note| &*note.level == "failure") {
            Some(note) => format!(": {}", note.message),
            None if check.summary.is_empty() => failed_steps(check),
            None => format!(": {}", check.summary),
        },
    }
}

fn failed_steps(check: &Check) -> String {
    let failed: Vec<_> = check.steps.iter().filter(|step| step.state.is_failed()).collect();
    match failed.as_slice() {
        [] => String::new(),
        [step] => format!(" in step `{}`", step.name),
        [step, ..] => format!(
            " in step `{}` and {} more",
            step.name,
            counted(failed.len() - 1, "step")
        ),
    }
}
