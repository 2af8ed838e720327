//! The questions about one commit, in order, to [`CiFacts`].
//!
//! Each question stands alone: when one fails, what it gave before stays, with its age, and the others go on. Cold
//! it takes at most twelve requests and one for each failed job; warm, most of them are answered with 304.

use serde_json::Value;

use super::client::{AskError, Client, Listed};
use super::decode::{self, NoField};
use super::log;
use super::remote::segments;
use super::target::Target;
use crate::model::ci::{
    ACTIONS, Check, CheckState, CiFacts, CiRules, CiSource, FirstError, Run, SourceState,
};
use crate::model::{Collection, CommitId, EvidenceKind, GateMode, Policy};

mod around;

/// Pages of runs, jobs and checks: a thousand.
const PAGES: usize = 10;
/// Pages of what is only counted.
const FEW: usize = 3;
/// Failed jobs whose log is looked at.
const LOGS: usize = 6;
/// Failed runs whose jobs are asked for when no check run tells them.
const FAILED_RUNS: usize = 3;
/// Runs whose jobs are asked for when check runs cannot be read.
const RUNS_WITH_JOBS: usize = 20;
/// Waiting runs whose deployments are asked for.
const WAITING: usize = 3;

/// What to ask beside the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// Labels of blocker issues.
    pub labels: Vec<Box<str>>,
    /// Alerts.
    pub alerts: bool,
    /// Artifacts of the runs.
    pub artifacts: bool,
    /// First errors of failed jobs.
    pub logs: bool,
}

impl Wishes {
    /// What a policy needs.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let CiRules {
            blocker_labels,
            alerts,
            ..
        } = &policy.ci;
        let wants = |kind| policy.evidence.get(&kind).copied().unwrap_or_default() != GateMode::Off;
        Self {
            labels: blocker_labels.clone(),
            alerts: *alerts != GateMode::Off,
            artifacts: [EvidenceKind::Tests, EvidenceKind::Coverage, EvidenceKind::Scan]
                .into_iter()
                .any(wants),
            logs: true,
        }
    }
}

/// Asks everything about a target. `before` is what was known of it.
pub async fn collect(
    client: &mut Client,
    target: &Target,
    wishes: &Wishes,
    before: Option<&CiFacts>,
) -> CiFacts {
    let before = before.filter(|before| before.commit.as_ref() == Some(&target.commit));
    let mut facts = before.cloned().unwrap_or_default();
    facts.none = None;
    facts.repository = target.slug.to_string().into();
    facts.url = format!(
        "https://{}/{}/{}/commit/{}/checks",
        target.slug.host, target.slug.owner, target.slug.name, target.commit
    )
    .into();
    facts.asked = target.asked.as_str().into();
    facts.commit = Some(target.commit.clone());
    facts.branch = target.branch.as_deref().map(Into::into);
    client.begin_round();
    let mut collector = Collector {
        client: &mut *client,
        base: format!("/repos/{}", target.slug.path()),
        commit: target.commit.clone(),
        facts,
    };
    collector.runs().await;
    collector.checks().await;
    collector.statuses().await;
    collector.branch().await;
    collector.deployments().await;
    if wishes.logs {
        collector.failed_jobs().await;
        collector.logs().await;
    }
    if wishes.alerts {
        collector.alerts().await;
    }
    collector.issues(&wishes.labels).await;
    if wishes.artifacts {
        collector.artifacts().await;
    }
    let mut facts = collector.facts;
    facts.budget = client.budget();
    facts
}

struct Collector<'a> {
    client: &'a mut Client,
    base: String,
    commit: CommitId,
    facts: CiFacts,
}

impl Collector<'_> {
    fn note(&mut self, source: CiSource, collection: Collection) {
        let before = self.facts.sources.get(&source).and_then(|state| state.fetched_at);
        let fresh = matches!(
            collection,
            Collection::Collected | Collection::Partial(_) | Collection::Absent
        );
        let fetched_at = if fresh { Some(self.client.now()) } else { before };
        self.facts.sources.insert(
            source,
            SourceState {
                collection,
                fetched_at,
            },
        );
    }

    fn failed(&mut self, source: CiSource, error: &AskError) {
        self.note(source, error.collection());
    }

    /// A list to entries; what could not be read is told.
    fn take<T>(
        &mut self,
        source: CiSource,
        listed: Listed,
        mut read: impl FnMut(&Value) -> Result<T, NoField>,
    ) -> Vec<T> {
        let mut lost = Vec::new();
        let mut entries = Vec::with_capacity(listed.items.len());
        for item in &listed.items {
            match read(item) {
                Ok(entry) => entries.push(entry),
                Err(NoField(field)) => lost.push(field),
            }
        }
        let mut why: Vec<String> = listed.cut.into_iter().collect();
        if let Some(field) = lost.first() {
            why.push(format!(
                "{} of {} have no `{field}`",
                lost.len(),
                listed.items.len()
            ));
        }
        self.note(
            source,
            if why.is_empty() {
                Collection::Collected
            } else {
                Collection::Partial(why.join("; ").into())
            },
        );
        entries
    }

    async fn list(&mut self, path: &str, key: Option<&str>, pages: usize) -> Result<Listed, AskError> {
        let path = format!("{}{path}", self.base);
        self.client.list(&path, key, pages).await
    }

    async fn runs(&mut self) {
        let path = format!("/actions/runs?head_sha={}&per_page=100", self.commit);
        match self.list(&path, Some("workflow_runs"), PAGES).await {
            Ok(listed) => {
                let runs = self.take(CiSource::Runs, listed, decode::run);
                // A server that does not know the filter gives every run.
                let own = |run: &Run| run.head.as_ref().is_none_or(|head| *head == self.commit);
                self.facts.runs = runs.into_iter().filter(own).collect();
            }
            // Actions may be switched off where other apps report.
            Err(AskError::NotFound(_)) if self.facts.runs.is_empty() => {
                self.note(
                    CiSource::Runs,
                    Collection::Error("not found, or not visible to this token".into()),
                );
            }
            Err(error) => self.failed(CiSource::Runs, &error),
        }
    }

    async fn checks(&mut self) {
        let path = format!("/commits/{}/check-runs?per_page=100&filter=latest", self.commit);
        match self.list(&path, Some("check_runs"), PAGES).await {
            Ok(listed) => {
                let runs = std::mem::take(&mut self.facts.runs);
                let checks = self.take(CiSource::Checks, listed, |value| decode::check_run(value, &runs));
                self.facts.runs = runs;
                self.replace_checks(checks, |check| check.check_run.is_some() || check.job.is_some());
                self.facts.sources.remove(&CiSource::Jobs);
            }
            Err(error) => {
                let refused = matches!(error, AskError::Unauthorised(_) | AskError::Refused(403, _));
                let unknown = matches!(&error, AskError::Refused(422, _));
                if unknown {
                    let why = format!("GitHub does not have `{}`: is it pushed?", self.commit.short());
                    self.note(CiSource::Checks, Collection::Error(why.into()));
                } else {
                    self.failed(CiSource::Checks, &error);
                }
                if refused {
                    self.jobs().await;
                }
            }
        }
    }

    /// The jobs of each run's newest attempt: what remains when check runs are unreadable.
    async fn jobs(&mut self) {
        let runs = self.facts.runs.clone();
        let mut jobs = Vec::new();
        let mut state = if self.facts.has(CiSource::Runs) {
            Collection::Collected
        } else {
            Collection::Partial("the runs could not be read in full".into())
        };
        if runs.len() > RUNS_WITH_JOBS {
            state = Collection::Partial(format!("jobs of {RUNS_WITH_JOBS} of {} runs", runs.len()).into());
        }
        for run in runs.iter().take(RUNS_WITH_JOBS) {
            let path = format!("/actions/runs/{}/jobs?filter=latest&per_page=100", run.id);
            match self.list(&path, Some("jobs"), PAGES).await {
                Ok(listed) => {
                    let cut = listed.cut.is_some();
                    let read = self.take(CiSource::Jobs, listed, |value| decode::job(value, run));
                    if cut || !self.facts.has(CiSource::Jobs) {
                        state = self.facts.collection(CiSource::Jobs).clone();
                    }
                    jobs.extend(read);
                }
                Err(error) => {
                    state = error.collection();
                    // What was known of this run stays.
                    let known = self.facts.checks.iter().filter(|check| check.run == Some(run.id));
                    jobs.extend(known.cloned());
                }
            }
        }
        self.note(CiSource::Jobs, state);
        self.replace_checks(jobs, |check| check.job.is_some() || check.check_run.is_some());
    }

    /// Puts new checks in the place of old ones; the first errors of jobs that are known stay.
    fn replace_checks(&mut self, mut new: Vec<Check>, replaced: impl Fn(&Check) -> bool) {
        for check in &mut new {
            let same = |known: &&Check| {
                known.job.is_some() && known.job == check.job && known.completed_at == check.completed_at
            };
            if let Some(known) = self.facts.checks.iter().find(same) {
                check.error = known.error.clone();
                check.annotations = known.annotations.clone();
                if check.steps.is_empty() {
                    check.steps = known.steps.clone();
                }
            }
        }
        self.facts.checks.retain(|check| !replaced(check));
        self.facts.checks.append(&mut new);
        self.facts.checks.sort_by(|a, b| {
            let key = |check: &Check| (check.run, check.job, check.check_run);
            a.key.cmp(&b.key).then_with(|| key(a).cmp(&key(b)))
        });
    }

    async fn statuses(&mut self) {
        let path = format!("/commits/{}/status?per_page=100", self.commit);
        match self.list(&path, Some("statuses"), FEW).await {
            Ok(listed) => {
                let statuses = self.take(CiSource::Statuses, listed, decode::status);
                self.replace_checks(statuses, |check| check.check_run.is_none() && check.job.is_none());
            }
            Err(error) => self.failed(CiSource::Statuses, &error),
        }
    }

    /// What the branch requires: rules and protection.
    async fn branch(&mut self) {
        let Some(branch) = self.branch_name().await else {
            return;
        };
        let mut required = Vec::new();
        let mut kept = false;
        let path = format!("/rules/branches/{}?per_page=100", segments(&branch));
        match self.list(&path, None, FEW).await {
            Ok(listed) => {
                required.extend(decode::rules(&listed.items));
                self.take(CiSource::Rules, listed, decode::rule_type);
            }
            // Older servers have no rulesets. Rules that were there do not go this way.
            Err(AskError::NotFound(_)) if self.facts.required.is_empty() => {
                self.note(CiSource::Rules, Collection::Absent);
            }
            Err(error) => {
                kept = true;
                self.failed(CiSource::Rules, &error);
            }
        }
        let path = format!("{}/branches/{}", self.base, segments(&branch));
        match self.client.ask(&path).await {
            Ok((value, _)) if value.is_object() => {
                required.extend(decode::protection(&value, &branch));
                self.note(CiSource::Protection, Collection::Collected);
            }
            Ok(_) => {
                kept = true;
                self.note(
                    CiSource::Protection,
                    Collection::Error("the answer speaks of no branch".into()),
                );
            }
            // A branch that is not there yet is not protected; rules apply to its name all the same.
            Err(AskError::NotFound(_)) if self.facts.required.is_empty() => {
                self.note(CiSource::Protection, Collection::Absent);
            }
            Err(error) => {
                kept = true;
                self.failed(CiSource::Protection, &error);
            }
        }
        if kept {
            required.append(&mut self.facts.required);
        }
        required.sort();
        required.dedup();
        self.facts.required = required;
    }

    /// The branch that is known, or the repository's default one.
    async fn branch_name(&mut self) -> Option<String> {
        if let Some(branch) = &self.facts.branch {
            return Some(branch.to_string());
        }
        match self.client.ask(&self.base.clone()).await {
            Ok((value, _)) => {
                self.facts.branch = decode::default_branch(&value);
                if self.facts.branch.is_none() {
                    self.note(
                        CiSource::Rules,
                        Collection::Error("the repository names no default branch".into()),
                    );
                }
            }
            Err(error) => self.failed(CiSource::Rules, &error),
        }
        self.facts.branch.as_deref().map(str::to_owned)
    }

    async fn deployments(&mut self) {
        let waiting: Vec<Run> = self
            .facts
            .runs
            .iter()
            .filter(|run| run.state == CheckState::Waiting)
            .take(WAITING)
            .cloned()
            .collect();
        self.facts.waiting.clear();
        for run in waiting {
            let path = format!("/actions/runs/{}/pending_deployments", run.id);
            match self.list(&path, None, 1).await {
                Ok(listed) => {
                    let found = listed.items.iter().map(|value| decode::waiting(value, &run));
                    self.facts.waiting.extend(found);
                    self.note(CiSource::Deployments, Collection::Collected);
                }
                Err(error) => self.failed(CiSource::Deployments, &error),
            }
        }
    }

    /// The jobs of failed runs of which no check run is known to be a job: a failure says where it is.
    async fn failed_jobs(&mut self) {
        let has_job = |id: u64| {
            let mut checks = self.facts.checks.iter();
            checks.any(|check| check.run == Some(id) && check.job.is_some())
        };
        let failed = self
            .facts
            .runs
            .iter()
            .filter(|run| run.state.is_failed() && !has_job(run.id));
        let failed: Vec<Run> = failed.take(FAILED_RUNS).cloned().collect();
        for run in failed {
            let path = format!("/actions/runs/{}/jobs?filter=latest&per_page=100", run.id);
            match self.list(&path, Some("jobs"), 1).await {
                Ok(listed) => {
                    let jobs = listed
                        .items
                        .iter()
                        .filter_map(|value| decode::job(value, &run).ok());
                    self.facts.checks.extend(jobs);
                }
                Err(error) => tracing::debug!(%error, run = run.id, "no jobs"),
            }
        }
    }

    /// The decisive lines of failed jobs that have none yet.
    async fn logs(&mut self) {
        let wanted: Vec<(usize, u64)> = self
            .facts
            .checks
            .iter()
            .enumerate()
            .filter(|(_, check)| {
                check.state.is_failed() && check.error.is_none() && &*check.key.app == ACTIONS
            })
            .filter_map(|(at, check)| Some((at, check.job?)))
            .take(LOGS)
            .collect();
        for (at, job) in wanted {
            let found = match log::first_error(self.client, &self.base, job).await {
                Ok(found) => found,
                Err(AskError::Gone(_)) => Some(FirstError::Unreadable("its log was deleted".into())),
                Err(error @ (AskError::NotFound(_) | AskError::Unauthorised(_) | AskError::Refused(..))) => {
                    Some(FirstError::Unreadable(error.to_string().into()))
                }
                // Asked again with the next round.
                Err(_) => None,
            };
            if let Some(check) = self.facts.checks.get_mut(at) {
                check.error = found;
            }
        }
        self.share_errors();
    }

    /// A check run that names no job tells what the job of its name tells: `CI / test` is `test` of `CI`.
    fn share_errors(&mut self) {
        let known: Vec<(Box<str>, FirstError)> = self
            .facts
            .checks
            .iter()
            .filter(|check| check.job.is_some() && check.state.is_failed())
            .filter_map(|check| Some((check.key.name.clone(), check.error.clone()?)))
            .collect();
        for check in &mut self.facts.checks {
            if check.job.is_some() || check.error.is_some() || !check.state.is_failed() {
                continue;
            }
            let named = |job: &str| {
                let rest = check.key.name.strip_suffix(job);
                rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(" / "))
            };
            check.error = known
                .iter()
                .find(|(job, _)| named(job))
                .map(|(_, error)| error.clone());
        }
    }
}
