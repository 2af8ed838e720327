//! One check to its result, and which of many reports of a check is the one that counts.

use std::collections::BTreeMap;

use crate::model::ci::{Check, CheckKey, CheckState, CiFacts, CiRules, OWN_STATUS, Run, STATUS};
use crate::model::{CommitId, GateResult};

/// What GitHub's word means for a check that must pass. A word that is not known is never a pass.
#[must_use]
pub const fn outcome(state: &CheckState) -> GateResult {
    match state {
        CheckState::Success => GateResult::Pass,
        CheckState::Neutral | CheckState::Skipped => GateResult::NotEvaluated,
        CheckState::Failure | CheckState::Error | CheckState::TimedOut | CheckState::StartupFailure => {
            GateResult::Fail
        }
        CheckState::ActionRequired | CheckState::Waiting => GateResult::PendingHuman,
        CheckState::Cancelled | CheckState::Stale | CheckState::Unknown(_) => GateResult::Inconclusive,
        CheckState::Queued
        | CheckState::InProgress
        | CheckState::Requested
        | CheckState::Pending
        | CheckState::Expected => GateResult::Pending,
    }
}

/// The result of a check under a team's rules.
pub(super) fn result_of(check: &Check, rules: &CiRules) -> GateResult {
    let named = |patterns: &[Box<str>]| patterns.iter().any(|pattern| matches(pattern, &check.key.name));
    match outcome(&check.state) {
        GateResult::Pass if check.cannot_fail.is_some() => GateResult::Vacuous,
        GateResult::NotEvaluated => {
            let allowed = match check.state {
                CheckState::Skipped => named(&rules.allowed_skips),
                _ => named(&rules.accept_neutral),
            };
            if allowed {
                GateResult::Pass
            } else {
                GateResult::NotEvaluated
            }
        }
        other => other,
    }
}

/// Whether a name fits a pattern in which `*` stands for any characters.
#[must_use]
pub fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

/// The newest run of each workflow and event on the commit; runs of other commits are none of it.
///
/// Runs that do not name their workflow are told apart by nothing, so each of them counts.
pub(super) fn newest_runs<'a>(facts: &'a CiFacts, commit: &CommitId) -> Vec<&'a Run> {
    let mut newest: BTreeMap<(&str, &str, u64), &Run> = BTreeMap::new();
    let own = facts
        .runs
        .iter()
        .filter(|run| run.head.as_ref().is_none_or(|head| head == commit));
    for run in own {
        let apart = if run.path.is_empty() { run.id } else { 0 };
        let kept = newest.entry((&run.path, &run.event, apart)).or_insert(run);
        if (run.created_at, run.id) > (kept.created_at, kept.id) {
            *kept = run;
        }
    }
    newest.into_values().collect()
}

/// The checks that count: of each key the newest, but all jobs of one attempt, for a matrix may give several jobs
/// one name.
pub(super) fn newest_checks<'a>(facts: &'a CiFacts, runs: &[&Run]) -> Vec<&'a Check> {
    let mut by_key: BTreeMap<(&CheckKey, Option<u64>), Vec<&Check>> = BTreeMap::new();
    let own = own_job(facts);
    let others = facts
        .checks
        .iter()
        .filter(|check| !is_our_own(check) && !own.is_some_and(|own| std::ptr::eq(own, *check)));
    for check in others {
        let counts = check
            .run
            .is_none_or(|id| facts.run(id).is_none() || runs.iter().any(|run| run.id == id));
        if counts {
            by_key.entry((&check.key, check.run)).or_default().push(check);
        }
    }
    let mut kept = Vec::new();
    for ((_, run), mut checks) in by_key {
        match run {
            Some(id) => {
                let began = facts.run(id).and_then(|run| run.started_at);
                let attempt = checks.iter().filter_map(|check| check.attempt).max();
                checks.retain(|check| check.attempt.is_none() || check.attempt == attempt);
                let again = began.is_some()
                    && checks
                        .iter()
                        .any(|check| check.started_at >= began && check.started_at.is_some());
                checks.retain(|check| !(again && check.completed_at.is_some() && check.completed_at < began));
                kept.append(&mut checks);
            }
            None => {
                let age = |check: &Check| (check.started_at.max(check.completed_at), check.check_run);
                let newest = checks.iter().map(|check| age(check)).max();
                kept.extend(checks.into_iter().filter(|check| Some(age(check)) == newest));
            }
        }
    }
    kept
}

/// Whether a check is the status that gonogo publishes: a verdict never proves itself.
fn is_our_own(check: &Check) -> bool {
    *check.key.app == *STATUS && *check.key.name == *OWN_STATUS
}

/// The check of the job that asks, while it goes on.
pub(super) fn own_job(facts: &CiFacts) -> Option<&Check> {
    let own = facts.own?;
    facts.checks.iter().find(|check| {
        check.run == Some(own.run) && check.job == Some(own.job) && check.state == CheckState::InProgress
    })
}

/// Whether a check ended before the newest attempt of its unfinished run began: what it says may be of the past.
pub(super) fn is_of_the_past(check: &Check, run: &Run) -> bool {
    run.state.is_unfinished()
        && match (check.completed_at, run.started_at) {
            (Some(ended), Some(began)) => ended < began,
            _ => run.attempt > 1 && check.attempt != Some(run.attempt),
        }
}

/// What a run says that none of its jobs does, as a check of its own: it could not start, it waits, it is going on,
/// or it failed where every job that is known passed.
pub(super) fn run_itself(run: &Run, checks: &[&Check]) -> Option<Check> {
    let jobs: Vec<_> = checks.iter().filter(|check| check.run == Some(run.id)).collect();
    let worst = jobs.iter().map(|check| outcome(&check.state)).min();
    let own = outcome(&run.state);
    let said = match worst {
        None => true,
        // More jobs may follow those that have ended.
        Some(worst) if run.state.is_unfinished() => worst > GateResult::PendingHuman,
        Some(worst) => own < worst && own != GateResult::NotEvaluated,
    };
    said.then(|| Check {
        key: CheckKey {
            app: crate::model::ci::ACTIONS.into(),
            workflow: run.path.clone(),
            name: if jobs.is_empty() && run.path.is_empty() {
                run.name.clone()
            } else {
                "".into()
            },
            event: run.event.clone(),
        },
        app_id: None,
        state: if run.head.is_none() {
            CheckState::Unknown("the run names no commit".into())
        } else {
            run.state.clone()
        },
        run: Some(run.id),
        job: None,
        check_run: None,
        attempt: Some(run.attempt),
        started_at: run.started_at,
        completed_at: run.updated_at.filter(|_| !run.state.is_unfinished()),
        url: run.url.clone(),
        summary: "".into(),
        steps: Vec::new(),
        annotations: Vec::new(),
        error: None,
        cannot_fail: None,
    })
}

/// How a sentence calls a check.
pub(super) fn name_of(check: &Check) -> String {
    let key = &check.key;
    let what = match (&*key.name, &*key.workflow) {
        ("", "") => "a workflow run".to_owned(),
        ("", workflow) => format!("the run of `{workflow}`"),
        (name, "") if &*key.app == STATUS => format!("status `{name}`"),
        (name, "") if key.app.is_empty() => format!("`{name}`"),
        (name, "") => format!("`{name}` of {}", key.app),
        (name, workflow) => format!("`{name}` of `{workflow}`"),
    };
    if key.event.is_empty() {
        what
    } else {
        format!("{what} on {}", key.event)
    }
}
