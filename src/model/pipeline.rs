//! What a CI system was told to do: pipelines, their triggers, jobs, steps and commands, and whether each can fail.
//!
//! Plain data; `pipeline` reads it from workflow files. It says what a file defines, never what ran.

use super::RepoPath;

/// One file that defines CI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// Where it lies.
    pub path: RepoPath,
    /// For whom it is written.
    pub system: CiSystem,
    /// The name that it gives itself.
    pub name: Option<Placed>,
    /// What starts it; empty where the system has no triggers in its file.
    pub triggers: Vec<Trigger>,
    /// Its jobs, in order.
    pub jobs: Vec<Job>,
    /// Why nothing of it, or not all of it, could be read; then what is not found in it may be there all the same.
    pub unread: Option<Placed>,
    /// What is wrong in it although it can be read: a key that stands twice, a need for a job that is not there.
    pub notes: Vec<Placed>,
}

/// CI systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CiSystem {
    /// `.github/workflows/*.yml`.
    GitHubActions,
    /// An `action.yml` of the repository: steps for workflows.
    GitHubAction,
    /// `.gitlab-ci.yml` and what it includes.
    GitLab,
    /// Any other: only that it is there is known.
    Other(&'static str),
}

impl CiSystem {
    /// As people call it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::GitHubActions => "GitHub Actions",
            Self::GitHubAction => "GitHub action",
            Self::GitLab => "GitLab CI",
            Self::Other(name) => name,
        }
    }
}

/// A text with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The text.
    pub text: Box<str>,
    /// 1-based.
    pub line: u32,
}

/// What starts a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trigger {
    /// `push`, `pull_request`, `schedule`, `workflow_dispatch`, …
    pub event: Box<str>,
    /// 1-based.
    pub line: u32,
    /// Branches that it is limited to; none means all.
    pub branches: Vec<Box<str>>,
    /// Branches that it leaves out.
    pub branches_ignore: Vec<Box<str>>,
    /// Tags that it is limited to.
    pub tags: Vec<Box<str>>,
    /// Paths that must change.
    pub paths: Vec<Box<str>>,
    /// Paths whose changes do not count.
    pub paths_ignore: Vec<Box<str>>,
    /// Cron lines of a schedule.
    pub crons: Vec<Placed>,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its key in the file.
    pub key: Box<str>,
    /// Its name on screen; the key where it gives none.
    pub name: Box<str>,
    /// 1-based.
    pub line: u32,
    /// Keys of jobs that it waits for.
    pub needs: Vec<Box<str>>,
    /// Its `if`.
    pub condition: Option<Condition>,
    /// The image that it runs in.
    pub container: Option<Placed>,
    /// Its service containers: name and image.
    pub services: Vec<(Box<str>, Placed)>,
    /// The axes of its matrix.
    pub matrix: Vec<(Box<str>, Vec<Box<str>>)>,
    /// The reusable workflow that it is.
    pub uses: Option<Placed>,
    /// The environment that it deploys to.
    pub environment: Option<Box<str>>,
    /// The stage that it belongs to, where the system has stages.
    pub stage: Option<Box<str>>,
    /// Paths that it keeps as artifacts.
    pub artifacts: Vec<Placed>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Whether it can turn the pipeline red.
    pub can_fail: CanFail,
    /// It runs nothing of its own and stands for the jobs that it needs.
    pub aggregate: Option<Aggregate>,
}

/// How a job that stands for others does so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// It looks at their results even when one failed.
    Checks,
    /// It is skipped when one fails; a skipped required check counts as passed.
    SkippedOnFailure,
    /// It runs always and looks at no result.
    LooksAtNothing,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// As written.
    pub text: Box<str>,
    /// 1-based.
    pub line: u32,
    /// Its value, where it is the same whatever happens.
    pub constant: Option<bool>,
}

/// A step of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: Option<Box<str>>,
    /// 1-based.
    pub line: u32,
    /// The action that it uses.
    pub uses: Option<Placed>,
    /// What it is given: inputs, then environment; values that are not plain are left out.
    pub with: Vec<(Box<str>, Placed)>,
    /// Its `if`.
    pub condition: Option<Condition>,
    /// Its script, as written.
    pub script: Option<Placed>,
    /// The commands of its script, or of the local action that it uses.
    pub commands: Vec<Command>,
    /// Whether it can turn its job red.
    pub can_fail: CanFail,
}

/// A command of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The command and its arguments, without quotes.
    pub words: Vec<Box<str>>,
    /// The file that it stands in, when not in the pipeline's own.
    pub path: Option<RepoPath>,
    /// 1-based.
    pub line: u32,
    /// Whether its failure turns its job red.
    pub can_fail: CanFail,
}

/// Whether something can turn red.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CanFail {
    /// Yes.
    Yes,
    /// It is red whatever happens.
    Always(Placed),
    /// It cannot: why, and where it says so.
    No(Placed),
    /// Not known, and why.
    Unknown(Placed),
}

impl CanFail {
    /// Why it cannot fail.
    #[must_use]
    pub const fn never(&self) -> Option<&Placed> {
        match self {
            Self::No(why) => Some(why),
            _ => None,
        }
    }

    /// The weaker of two hurdles that both stand between a failure and a red pipeline.
    #[must_use]
    pub fn and(self, outer: &Self) -> Self {
        match (self, outer) {
            (inner @ Self::No(_), _) => inner,
            (_, outer @ Self::No(_)) => outer.clone(),
            (inner @ Self::Unknown(_), _) => inner,
            (_, outer @ Self::Unknown(_)) => outer.clone(),
            (inner, _) => inner,
        }
    }
}

impl Pipeline {
    /// Steps with their jobs.
    pub fn steps(&self) -> impl Iterator<Item = (&Job, &Step)> {
        self.jobs
            .iter()
            .flat_map(|job| job.steps.iter().map(move |step| (job, step)))
    }

    /// A trigger by its event.
    #[must_use]
    pub fn trigger(&self, event: &str) -> Option<&Trigger> {
        self.triggers.iter().find(|trigger| &*trigger.event == event)
    }
}

impl Step {
    /// A value that it is given, by its key in any case.
    #[must_use]
    pub fn given(&self, key: &str) -> Option<&Placed> {
        let found = self.with.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        found.map(|(_, value)| value)
    }
}
