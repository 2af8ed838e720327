//! What a CI service says of one commit, as plain data: runs, checks, what is required, alerts, blocker issues.
//!
//! Not here: how it is asked (`sources::github`) or judged (`verdict::ci`). Invariants: each source of the facts says
//! by itself whether it could be read and when; a word that GitHub says and nobody knows stays that word
//! ([`CheckState::Unknown`]), which is never a pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Collection, CommitId, EvidenceFile, GateMode};

mod action;
mod state;

pub use action::CiAction;
pub use state::CheckState;

/// The id of the app that runs GitHub Actions on github.com.
pub const ACTIONS_APP: u64 = 15_368;
/// The name of that app, also where its id is another.
pub const ACTIONS: &str = "github-actions";

/// Everything known of one commit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CiFacts {
    /// `github.com/owner/name`; empty when no repository is known.
    pub repository: Box<str>,
    /// The page of the commit's checks; empty when there is none.
    pub url: Box<str>,
    /// What was asked about, in words: `HEAD`, `pull request 12`, `tag v1.2`.
    pub asked: Box<str>,
    /// The commit that was asked about, whole; `None` when it could not be found out.
    pub commit: Option<CommitId>,
    /// The branch whose rules apply.
    pub branch: Option<Box<str>>,
    /// Every question with how it went. A source that is not here was not asked.
    pub sources: BTreeMap<CiSource, SourceState>,
    /// Workflow runs of the commit.
    pub runs: Vec<Run>,
    /// Checks: jobs of runs, check runs of other apps, commit statuses.
    pub checks: Vec<Check>,
    /// What the branch requires.
    pub required: Vec<RequiredCheck>,
    /// Deployments that wait for a person.
    pub waiting: Vec<WaitingDeployment>,
    /// Open alerts.
    pub alerts: Vec<Alert>,
    /// Analyses of code scanning that were uploaded for the commit; the names of their tools.
    pub analyses: Vec<Box<str>>,
    /// Open issues that block a release by their labels.
    pub blockers: Vec<BlockerIssue>,
    /// Artifacts of the runs.
    pub artifacts: Vec<Artifact>,
    /// What lay in those artifacts that hold evidence.
    pub files: Vec<Arc<EvidenceFile>>,
    /// The job that this process is part of.
    pub own: Option<OwnJob>,
    /// What is left of the rate limit.
    pub budget: Option<Budget>,
    /// Nothing was asked, or nothing could be: the one reason, in words. Set when no source was even tried.
    pub none: Option<Collection>,
    /// Why there is nothing, where [`Collection::Absent`] says it without words.
    pub note: Box<str>,
}

/// The job that asks: it goes on as long as it asks, so waiting for it would be waiting for oneself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnJob {
    /// Its run.
    pub run: u64,
    /// Its number.
    pub job: u64,
}

/// The questions that GitHub is asked, one by one: nothing about a failing one stops another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CiSource {
    /// Which commit is meant.
    Commit,
    /// Workflow runs.
    Runs,
    /// Check runs.
    Checks,
    /// Jobs of runs.
    Jobs,
    /// Commit statuses.
    Statuses,
    /// Rules of the branch (rulesets).
    Rules,
    /// Protection of the branch.
    Protection,
    /// Deployments that wait.
    Deployments,
    /// Alerts of code scanning.
    CodeScanning,
    /// Whether an analysis ever ran.
    Analyses,
    /// Alerts of Dependabot.
    Dependabot,
    /// Alerts of secret scanning.
    Secrets,
    /// Issues with blocker labels.
    Issues,
    /// Artifacts of runs.
    Artifacts,
}

impl CiSource {
    /// How it is called on screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Runs => "workflow runs",
            Self::Checks => "check runs",
            Self::Jobs => "jobs",
            Self::Statuses => "commit statuses",
            Self::Rules => "branch rules",
            Self::Protection => "branch protection",
            Self::Deployments => "pending deployments",
            Self::CodeScanning => "code scanning alerts",
            Self::Analyses => "code scanning analyses",
            Self::Dependabot => "Dependabot alerts",
            Self::Secrets => "secret scanning alerts",
            Self::Issues => "blocker issues",
            Self::Artifacts => "artifacts",
        }
    }
}

/// How a question went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// How the newest try went.
    pub collection: Collection,
    /// When what is shown was fetched; older than the newest try when that failed.
    pub fetched_at: Option<Timestamp>,
}

/// A workflow run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: u64,
    /// The workflow's file, as `.github/workflows/ci.yml`; empty when GitHub does not say.
    pub path: Box<str>,
    /// The workflow's name; may change while the file stays.
    pub name: Box<str>,
    /// What it was started by: `push`, `pull_request`, …
    pub event: Box<str>,
    /// The branch that it was started on.
    pub branch: Option<Box<str>>,
    /// The commit that it ran on.
    pub head: Option<CommitId>,
    /// The number of its newest attempt, from 1.
    pub attempt: u32,
    /// The suite that groups its check runs.
    pub suite: Option<u64>,
    /// How it stands.
    pub state: CheckState,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When its newest attempt began.
    pub started_at: Option<Timestamp>,
    /// When something of it changed last; its end when it is completed.
    pub updated_at: Option<Timestamp>,
    /// Its page.
    pub url: Box<str>,
}

/// What makes two reports the same check: names alone do not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CheckKey {
    /// The app that reports it; [`STATUS`] for commit statuses.
    pub app: Box<str>,
    /// The workflow's file; empty for other apps.
    pub workflow: Box<str>,
    /// The job, or the context of a commit status.
    pub name: Box<str>,
    /// What started the run; empty for other apps.
    pub event: Box<str>,
}

/// The app of a commit status, which names none.
pub const STATUS: &str = "status";

/// The context of the status that gonogo itself publishes: its own word is no evidence.
pub const OWN_STATUS: &str = "gonogo/verdict";

/// One check: a job, a check run of another app, or a commit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it is.
    pub key: CheckKey,
    /// The app's number, where it is known.
    pub app_id: Option<u64>,
    /// How it stands.
    pub state: CheckState,
    /// The run that it is a job of.
    pub run: Option<u64>,
    /// Its number as a job, where it is one: its log is asked for by it.
    pub job: Option<u64>,
    /// Its number as a check run: its annotations are asked for by it.
    pub check_run: Option<u64>,
    /// The attempt that it is of, where that is known.
    pub attempt: Option<u32>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// Its page.
    pub url: Box<str>,
    /// What the service says of it in a line.
    pub summary: Box<str>,
    /// Its steps, where they were asked for.
    pub steps: Vec<Step>,
    /// Its annotations, where they were asked for.
    pub annotations: Vec<Annotation>,
    /// The first error of its log: its decisive lines, or why there are none.
    pub error: Option<FirstError>,
    /// Why it cannot go red, where the definition of its workflow says that it cannot.
    pub cannot_fail: Option<Box<str>>,
}

/// A step of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number in the job, from 1.
    pub number: u32,
    /// Its name.
    pub name: Box<str>,
    /// How it stands.
    pub state: CheckState,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
}

/// A remark on a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// `failure`, `warning` or `notice`.
    pub level: Box<str>,
    /// The file.
    pub path: Box<str>,
    /// Its line, from 1.
    pub line: Option<u32>,
    /// What is said.
    pub message: Box<str>,
}

/// What a failed job's log says first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstError {
    /// The line of the log, from 1, and the decisive lines, cleaned.
    Found {
        /// 1-based.
        line: u64,
        /// At most three.
        lines: Vec<Box<str>>,
    },
    /// There is none to be read, and why.
    Unreadable(Box<str>),
}

/// Something that must pass before the branch takes a commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequiredCheck {
    /// What must pass.
    pub what: RequiredKind,
    /// Where that is set, in words: `ruleset 12`, `branch protection of main`.
    pub source: Box<str>,
}

/// What a branch can require.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequiredKind {
    /// A check of this name; from this app only, when one is named.
    Check {
        /// The name of a check run or the context of a status.
        name: Box<str>,
        /// The app's number.
        app: Option<u64>,
    },
    /// A workflow by its file.
    Workflow(Box<str>),
}

/// A deployment that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingDeployment {
    /// The run that waits.
    pub run: u64,
    /// The environment's name.
    pub environment: Box<str>,
    /// The environment's number.
    pub environment_id: Option<u64>,
    /// Whether the token's owner may approve it.
    pub may_approve: bool,
    /// Who may, in words.
    pub reviewers: Vec<Box<str>>,
    /// The run's page.
    pub url: Box<str>,
}

/// An open alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Which of the three kinds: [`CiSource::CodeScanning`], [`CiSource::Dependabot`] or [`CiSource::Secrets`].
    pub source: CiSource,
    /// Its number.
    pub number: u64,
    /// How bad, in the service's own words, `critical` to `low`; empty when it does not say.
    pub severity: Box<str>,
    /// What it says.
    pub title: Box<str>,
    /// The tool, package or kind of secret.
    pub subject: Box<str>,
    /// The file, where it names one.
    pub path: Box<str>,
    /// Since when.
    pub created_at: Option<Timestamp>,
    /// Its page.
    pub url: Box<str>,
}

/// An open issue that blocks a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockerIssue {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: Box<str>,
    /// Its labels.
    pub labels: Vec<Box<str>>,
    /// Its milestone.
    pub milestone: Option<Box<str>>,
    /// Who works on it.
    pub assignees: Vec<Box<str>>,
    /// Its page.
    pub url: Box<str>,
}

/// A file that a run left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: Box<str>,
    /// Its size in bytes.
    pub size: u64,
    /// GitHub deleted it.
    pub expired: bool,
    /// The run that made it.
    pub run: Option<u64>,
    /// The commit of that run.
    pub head: Option<CommitId>,
    /// When it was made.
    pub made_at: Option<Timestamp>,
    /// What came of reading it, in words; `None` when it was not read.
    pub read: Option<Box<str>>,
}

/// What is left of the rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Requests left.
    pub remaining: u64,
    /// Requests in all.
    pub limit: u64,
    /// When it is full again.
    pub reset: Option<Timestamp>,
}

/// What a team demands of its checks. Patterns know `*` for any characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CiRules {
    /// Names of checks that must pass, beside those that the branch requires.
    pub required: Vec<Box<str>>,
    /// Patterns of checks that may be skipped.
    pub allowed_skips: Vec<Box<str>>,
    /// Patterns of checks whose `neutral` is good enough.
    pub accept_neutral: Vec<Box<str>>,
    /// Labels of issues that block a release while they are open.
    pub blocker_labels: Vec<Box<str>>,
    /// Whether open alerts of high or critical severity decide.
    pub alerts: GateMode,
}

impl Default for CiRules {
    fn default() -> Self {
        Self {
            required: Vec::new(),
            allowed_skips: Vec::new(),
            accept_neutral: Vec::new(),
            blocker_labels: vec!["release-blocker".into(), "blocker".into()],
            alerts: GateMode::Enforce,
        }
    }
}

impl CiFacts {
    /// Facts that say why there are none.
    #[must_use]
    pub fn nothing(asked: &str, why: Collection) -> Self {
        Self {
            asked: asked.into(),
            none: Some(why),
            ..Self::default()
        }
    }

    /// Facts that say why there is nothing to ask: there is none of what would be asked.
    #[must_use]
    pub fn absent(asked: &str, why: &str) -> Self {
        Self {
            note: why.into(),
            ..Self::nothing(asked, Collection::Absent)
        }
    }

    /// How a question went; absent when it was not asked.
    #[must_use]
    pub fn collection(&self, source: CiSource) -> &Collection {
        self.sources
            .get(&source)
            .map_or(&Collection::Absent, |state| &state.collection)
    }

    /// Whether a question was answered in full.
    #[must_use]
    pub fn has(&self, source: CiSource) -> bool {
        *self.collection(source) == Collection::Collected
    }

    /// A run by its number.
    #[must_use]
    pub fn run(&self, id: u64) -> Option<&Run> {
        self.runs.iter().find(|run| run.id == id)
    }

    /// The oldest fetch of what decides: runs, check runs and statuses. The age that is shown.
    #[must_use]
    pub fn as_of(&self) -> Option<Timestamp> {
        [CiSource::Runs, CiSource::Checks, CiSource::Statuses]
            .into_iter()
            .filter_map(|source| self.sources.get(&source)?.fetched_at)
            .min()
    }

    /// Whether something is still going on by itself; what waits for a person may wait for days.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let checks = self.checks.iter().map(|check| &check.state);
        let runs = self.runs.iter().map(|run| &run.state);
        checks.chain(runs).any(|state| {
            state.is_unfinished() && !matches!(state, CheckState::Waiting | CheckState::ActionRequired)
        })
    }
}

impl Check {
    /// How a gate calls it: `ci:.github/workflows/ci.yml:test:push`, `ci:status:deploy/preview`.
    #[must_use]
    pub fn id(&self) -> String {
        let key = &self.key;
        let parts = [
            if key.workflow.is_empty() {
                &key.app
            } else {
                &key.workflow
            },
            &key.name,
            &key.event,
        ];
        let named: Vec<&str> = parts
            .into_iter()
            .map(|part| &**part)
            .filter(|part| !part.is_empty())
            .collect();
        format!("ci:{}", named.join(":"))
    }

    /// Seconds that it took, where that is known.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        let (start, end) = (self.started_at?, self.completed_at?);
        Some(end.as_second().saturating_sub(start.as_second())).filter(|seconds| *seconds >= 0)
    }
}
