//! The questions about one commit, in order, to [`CiFacts`].
//!
//! Each question stands alone: when one fails, what it gave before stays, with its age, and the others go on. Cold
//! it takes at most twelve requests and one for each failed job; warm, most of them are answered with 304.

use std::sync::Arc;

use serde_json::Value;

use super::artifacts;
use super::client::{AskError, Client, Listed};
use super::decode::{self, NoField};
use super::log;
use super::remote::{Slug, segment, segments};
use super::target::Target;
use crate::model::ci::{
    ACTIONS, Artifact, Check, CheckState, CiFacts, CiRules, CiSource, FirstError, Run, SourceState,
};
use crate::model::{Collection, CommitId, EvidenceFile, EvidenceKind, GateMode, Policy, RepoPath};
use crate::sources::evidence;

/// Pages of runs, jobs and checks: a thousand.
const PAGES: usize = 10;
/// Pages of what is only counted.
const FEW: usize = 3;
/// Failed jobs whose log is looked at.
const LOGS: usize = 6;
/// Failed runs whose jobs are asked for when no check run tells them.
const FAILED_RUNS: usize = 3;
/// Runs whose artifacts are listed one by one; of more, all of the repository are.
const RUNS_WITH_ARTIFACTS: usize = 2;
/// Runs whose jobs are asked for when check runs cannot be read.
const RUNS_WITH_JOBS: usize = 20;
/// Artifacts that are read in one round.
const ARTIFACTS: usize = 8;
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

    async fn alerts(&mut self) {
        let of_branch = match &self.facts.branch {
            Some(branch) => format!("&ref=refs/heads/{}", segments(branch)),
            None => String::new(),
        };
        let path = format!("/code-scanning/alerts?state=open&per_page=100{of_branch}");
        self.alerts_of(CiSource::CodeScanning, &path).await;
        // With open alerts an analysis has run.
        let none_open = !self
            .facts
            .alerts
            .iter()
            .any(|alert| alert.source == CiSource::CodeScanning);
        if self.facts.has(CiSource::CodeScanning) && none_open {
            let path = format!("/code-scanning/analyses?per_page=100{of_branch}");
            match self.list(&path, None, 1).await {
                Ok(listed) => {
                    let commit = &self.commit;
                    let tools = listed
                        .items
                        .iter()
                        .filter_map(|value| decode::analysis_of(value, commit));
                    let mut tools: Vec<Box<str>> = tools.collect();
                    tools.sort();
                    tools.dedup();
                    self.facts.analyses = tools;
                    self.note(CiSource::Analyses, Collection::Collected);
                }
                Err(AskError::NotFound(why)) => {
                    self.facts.analyses.clear();
                    tracing::debug!(why, "no analyses");
                    self.note(CiSource::Analyses, Collection::Absent);
                }
                Err(error) => self.failed(CiSource::Analyses, &error),
            }
        }
        self.alerts_of(CiSource::Dependabot, "/dependabot/alerts?state=open&per_page=100")
            .await;
        let path = "/secret-scanning/alerts?state=open&hide_secret=true&per_page=100";
        self.alerts_of(CiSource::Secrets, path).await;
    }

    async fn alerts_of(&mut self, source: CiSource, path: &str) {
        match self.list(path, None, FEW).await {
            Ok(mut listed) => {
                listed.items.retain(decode::is_open);
                let alerts = self.take(source, listed, |value| decode::alert(value, source));
                self.facts.alerts.retain(|alert| alert.source != source);
                self.facts.alerts.extend(alerts);
            }
            Err(error) => {
                if is_switched_off(&error) {
                    self.facts.alerts.retain(|alert| alert.source != source);
                    self.note(source, Collection::Absent);
                } else if let AskError::NotFound(why) = &error {
                    // Without the right to see alerts GitHub says the same as without alerts.
                    let why = format!("not visible to this token ({why})");
                    self.note(source, Collection::Unauthorised(why.into()));
                } else {
                    self.failed(source, &error);
                }
            }
        }
    }

    async fn issues(&mut self, labels: &[Box<str>]) {
        if labels.is_empty() {
            return;
        }
        let mut found = Vec::new();
        let mut state = Collection::Collected;
        // One list of all open issues, where that is short enough, saves a question for each label.
        let mut everything = None;
        if labels.len() > 1 {
            match self.list("/issues?state=open&per_page=100", None, 1).await {
                Ok(listed) if listed.cut.is_none() => everything = Some(listed),
                Ok(_) => {}
                Err(AskError::Gone(_)) => {
                    self.facts.blockers.clear();
                    self.note(CiSource::Issues, Collection::Absent);
                    return;
                }
                // Each label says by itself what went wrong, unless nothing can be had at all.
                Err(error) => tracing::debug!(%error, "no list of issues"),
            }
        }
        for label in labels {
            let path = format!("/issues?state=open&labels={}&per_page=100", segment(label));
            let listed = match &everything {
                Some(listed) => Ok(listed.clone()),
                None => self.list(&path, None, FEW).await,
            };
            match listed {
                Ok(mut listed) => {
                    listed.items.retain(decode::is_open);
                    let issues = self.take(CiSource::Issues, listed, decode::issue);
                    // A server that does not know the filter gives every issue.
                    let has = |issue: &crate::model::ci::BlockerIssue| {
                        issue.labels.iter().any(|known| known.eq_ignore_ascii_case(label))
                    };
                    found.extend(issues.into_iter().flatten().filter(has));
                    if !self.facts.has(CiSource::Issues) {
                        state = self.facts.collection(CiSource::Issues).clone();
                    }
                }
                Err(AskError::Gone(_)) => state = Collection::Absent,
                Err(AskError::NotFound(_)) => {
                    state = Collection::Unauthorised("not visible to this token".into());
                }
                Err(error) => {
                    state = error.collection();
                    found.append(&mut self.facts.blockers.clone());
                }
            }
        }
        found.sort_by_key(|issue| issue.number);
        found.dedup_by_key(|issue| issue.number);
        self.facts.blockers = found;
        self.note(CiSource::Issues, state);
    }

    async fn artifacts(&mut self) {
        let ended = self.facts.runs.iter().filter(|run| !run.state.is_unfinished());
        let ended: Vec<u64> = ended.map(|run| run.id).collect();
        if ended.is_empty() {
            self.note(CiSource::Artifacts, Collection::Collected);
            return;
        }
        let all = "/actions/artifacts?per_page=100";
        let mut listed = if ended.len() <= RUNS_WITH_ARTIFACTS {
            self.artifacts_of(&ended).await
        } else {
            match self.list(all, Some("artifacts"), 1).await {
                // Not every server lists those of a repository.
                Err(AskError::NotFound(_)) => self.artifacts_of(&ended).await,
                other => other,
            }
        };
        if let Ok(listed) = &mut listed {
            // Older ones than the newest hundred are not of a commit that is looked at now.
            listed.cut = None;
        }
        match listed {
            Ok(listed) => {
                let artifacts = self.take(CiSource::Artifacts, listed, decode::artifact);
                let own = |artifact: &Artifact| {
                    artifact.head.as_ref() == Some(&self.commit)
                        && artifact
                            .run
                            .is_none_or(|run| self.facts.runs.iter().any(|known| known.id == run))
                };
                let own: Vec<Artifact> = artifacts.into_iter().filter(own).collect();
                self.read_artifacts(own).await;
            }
            Err(error) => self.failed(CiSource::Artifacts, &error),
        }
    }

    async fn artifacts_of(&mut self, runs: &[u64]) -> Result<Listed, AskError> {
        let mut all = Listed::default();
        for run in runs.iter().take(RUNS_WITH_JOBS) {
            let path = format!("/actions/runs/{run}/artifacts?per_page=100");
            all.items
                .extend(self.list(&path, Some("artifacts"), 1).await?.items);
        }
        Ok(all)
    }

    /// Reads those artifacts that may hold evidence, each once.
    async fn read_artifacts(&mut self, mut artifacts: Vec<Artifact>) {
        let mut failed = Vec::new();
        let mut read = 0;
        let known = std::mem::take(&mut self.facts.artifacts);
        let of = |artifact: &Artifact| format!("artifact `{}` ({}): ", artifact.name, artifact.id);
        let stays = |file: &Arc<EvidenceFile>| {
            artifacts
                .iter()
                .any(|artifact| file.source.starts_with(&of(artifact)))
        };
        let mut files = std::mem::take(&mut self.facts.files);
        files.retain(stays);
        for artifact in &mut artifacts {
            artifact.read = known
                .iter()
                .find(|known| known.id == artifact.id)
                .and_then(|known| known.read.clone());
            if artifact.read.is_some() || !artifacts::may_hold_evidence(artifact) {
                continue;
            }
            if read == ARTIFACTS {
                failed.push(format!("only {ARTIFACTS} artifacts are read in one round"));
                break;
            }
            read += 1;
            match artifacts::fetch(self.client, &self.base, artifact).await {
                Ok((unpacked, left_out)) => {
                    let before = files.len();
                    for file in &unpacked {
                        let source = format!("{}{}", of(artifact), file.name);
                        let name = RepoPath::new(&file.name);
                        let found = name.and_then(|name| {
                            evidence::of_bytes(&source, &name, &file.bytes, &self.commit, artifact.made_at)
                        });
                        files.extend(found.map(Arc::new));
                    }
                    let found = files.len() - before;
                    let mut words = format!("{found} of {} files are evidence", unpacked.len());
                    if let Some(first) = left_out.first() {
                        words.push_str(&format!("; left out: {first}"));
                        failed.push(format!("`{}`: {first}", artifact.name));
                    }
                    artifact.read = Some(words.into());
                }
                Err(AskError::Gone(_)) => artifact.read = Some("GitHub has deleted it".into()),
                Err(error) => failed.push(format!("`{}`: {error}", artifact.name)),
            }
        }
        if let Some(first) = failed.first() {
            self.note(CiSource::Artifacts, Collection::Partial(first.as_str().into()));
        }
        self.facts.files = files;
        self.facts.artifacts = artifacts;
    }
}

/// Whether GitHub says that a feature is not used, which is neither an error nor a missing permission.
fn is_switched_off(error: &AskError) -> bool {
    let said = match error {
        AskError::NotFound(said) | AskError::Refused(403, said) => said.to_ascii_lowercase(),
        AskError::Gone(_) => return true,
        _ => return false,
    };
    [
        "no analysis found",
        "must be enabled",
        "is not enabled",
        "are disabled",
        "is disabled",
        "not available for",
    ]
    .iter()
    .any(|words| said.contains(words))
}

/// The repository's page.
#[must_use]
pub fn page_of(slug: &Slug) -> String {
    format!("https://{}/{}/{}", slug.host, slug.owner, slug.name)
}
