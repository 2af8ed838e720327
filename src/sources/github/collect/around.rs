//! What stands around the checks: alerts, blocker issues, and artifacts with the evidence inside of them.

use std::sync::Arc;

use super::{Collector, FEW, RUNS_WITH_JOBS};
use crate::model::ci::{Artifact, BlockerIssue, CiSource};
use crate::model::{Collection, EvidenceFile, RepoPath};
use crate::sources::evidence;
use crate::sources::github::client::{AskError, Listed};
use crate::sources::github::remote::{segment, segments};
use crate::sources::github::{artifacts, decode};

/// Artifacts that are read in one round.
const ARTIFACTS: usize = 8;

/// Runs whose artifacts are listed one by one; of more, all of the repository are.
const RUNS_WITH_ARTIFACTS: usize = 2;

impl Collector<'_> {
    pub(super) async fn alerts(&mut self) {
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

    pub(super) async fn issues(&mut self, labels: &[Box<str>]) {
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
                    let has = |issue: &BlockerIssue| {
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

    pub(super) async fn artifacts(&mut self) {
        let ended = self.facts.runs.iter().filter(|run| !run.state.is_unfinished());
        let ended: Vec<u64> = ended.map(|run| run.id).collect();
        if ended.is_empty() {
            // Without runs there is nothing to ask for; without knowing them there is no saying that.
            if self.facts.has(CiSource::Runs) {
                self.note(CiSource::Artifacts, Collection::Collected);
            }
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
