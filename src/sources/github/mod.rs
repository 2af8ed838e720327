//! GitHub: which repository, with which token, what it says of a commit.
//!
//! [`remote`] and [`credential`] find out whom to ask and with which token; [`http`] is one request, [`client`] asks
//! with care and from memory ([`cache`]), [`decode`] turns JSON into the model's words and [`collect`] puts the
//! questions in order. [`record`] writes answers to a folder and plays them back. Not here: what any of it means for
//! the verdict (`verdict::ci`).
//!
//! Invariants: whatever goes wrong becomes facts that say so; nothing here ends the process or waits without end; a
//! token goes to its API and nowhere else.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::ci::{CiAction, CiFacts, CiSource, OWN_STATUS, OwnJob, SourceState};
use crate::model::{Collection, CommitId};
use crate::sources::git::{Git, Layout};
use crate::sources::{clock, env};

pub mod artifacts;
pub mod cache;
pub mod client;
pub mod collect;
pub mod credential;
pub mod decode;
pub mod http;
pub mod log;
pub mod record;
pub mod refusal;
pub mod remote;
pub mod target;

pub use collect::Wishes;
pub use record::{About, Recorder, Recording};
pub use remote::Slug;
pub use target::Target;

use client::Client;

/// Between two rounds while something runs.
pub const RUNNING: Duration = Duration::from_secs(10);
/// Between two rounds otherwise.
pub const IDLE: Duration = Duration::from_secs(60);

/// What may go beyond a deadline.
const SLACK: Duration = Duration::from_secs(2);

/// How GitHub may be asked, as the command line says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Network {
    /// Not at all.
    pub offline: bool,
    /// What `--ref` names; HEAD without it.
    pub reference: Option<String>,
    /// A recording to play back.
    pub recorded: Option<PathBuf>,
}

/// What is asked about.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The repository's top folder.
    pub root: PathBuf,
    /// How.
    pub network: Network,
    /// HEAD's whole hash.
    pub head: Option<String>,
    /// The branch of HEAD.
    pub branch: Option<String>,
}

/// GitHub, found and ready to be asked about one target.
#[derive(Debug)]
pub struct GitHub {
    client: Client,
    target: Target,
    wishes: Wishes,
    facts: Option<CiFacts>,
    /// Rounds that failed one after the other.
    failures: u32,
    /// Where this process runs, when that is a job of this repository.
    runner: Option<Runner>,
}

/// A job as it knows itself: its run, and the name of the machine.
#[derive(Debug, Clone)]
struct Runner {
    run: u64,
    name: String,
}

impl GitHub {
    /// Finds out whom to ask about what. Must be called inside of a tokio runtime.
    ///
    /// # Errors
    /// Facts that say why nothing can be asked.
    pub async fn open(ask: &Ask, wishes: Wishes) -> Result<Self, Box<CiFacts>> {
        let Network {
            offline,
            reference,
            recorded,
        } = &ask.network;
        let asked = reference.as_deref().unwrap_or("HEAD");
        let absent = |why: &str| Box::new(CiFacts::absent(asked, why));
        let none = |why: String| Box::new(CiFacts::nothing(asked, Collection::Error(why.into())));
        if let Some(folder) = recorded {
            let recording = Recording::open(folder).map_err(none)?;
            let about = recording.about().clone();
            let commit = CommitId::new(&about.commit)
                .ok_or_else(|| none("the recording names no commit".to_owned()))?;
            return Ok(Self::of(
                Client::recorded(recording),
                Target {
                    slug: about.slug,
                    commit,
                    branch: about.branch,
                    asked: about.asked,
                },
                wishes,
            ));
        }
        if *offline {
            return Err(none("the network is not asked (`--offline`)".to_owned()));
        }
        if Layout::at(&ask.root).is_none() {
            return Err(absent(
                "this is no git repository, so there is no commit to ask about",
            ));
        }
        let git = Git::new(&ask.root);
        let named = match reference {
            Some(typed) => Some(target::read(typed).map_err(none)?),
            None => None,
        };
        let slug = match named.as_ref().and_then(|(_, slug)| slug.clone()) {
            Some(slug) => slug,
            None => {
                remote::of_repository(&git, ask.branch.as_deref()).map_err(|problem| absent(&problem.what))?
            }
        };
        let around = credential::Surroundings::of_process();
        let access = credential::access(slug.clone(), &around, credential::gh_token).map_err(none)?;
        let cache = env::cache_dir().map(|folder| folder.join("github"));
        let mut client = Client::live(&access, cache, seed()).map_err(|error| none(error.to_string()))?;
        if let Some(why) = access.why_no_token {
            // Public repositories answer without one, sixty times an hour.
            tracing::info!(why, "asking without a token");
        }
        let target = match named {
            Some((named, _)) => target::resolve(&mut client, &slug, named)
                .await
                .map_err(|error| {
                    let mut facts = CiFacts::nothing(asked, error.collection());
                    facts.repository = slug.to_string().into();
                    Box::new(facts)
                })?,
            None => {
                let commit = ask.head.as_deref().and_then(CommitId::new);
                Target {
                    slug,
                    commit: commit.ok_or_else(|| absent("there is no commit yet"))?,
                    branch: match ask.branch.as_deref() {
                        Some(branch) => Some(remote::upstream_branch(&git, branch)),
                        None => branch_of_job(),
                    },
                    asked: "HEAD".to_owned(),
                }
            }
        };
        let mut github = Self::of(client, target, wishes);
        github.runner = runner(&github.target.slug);
        Ok(github)
    }

    /// With everything found already.
    #[must_use]
    pub const fn of(client: Client, target: Target, wishes: Wishes) -> Self {
        Self {
            client,
            target,
            wishes,
            facts: None,
            failures: 0,
            runner: None,
        }
    }

    /// What is asked about.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// The client, for what a person wants done or read beside the rounds.
    pub const fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// What is known.
    #[must_use]
    pub const fn facts(&self) -> Option<&CiFacts> {
        self.facts.as_ref()
    }

    /// Asks everything again; what fails keeps what it said before.
    pub async fn refresh(&mut self) -> CiFacts {
        let mut facts =
            collect::collect(&mut self.client, &self.target, &self.wishes, self.facts.as_ref()).await;
        facts.none = nothing_at_all(&facts);
        if let Some(runner) = &self.runner {
            facts.own = own_job(&mut self.client, &self.target.slug, runner).await;
        }
        let failed = facts.sources.values().any(|state| {
            matches!(
                state.collection,
                Collection::Error(_) | Collection::RateLimited(_)
            )
        });
        self.failures = if failed {
            self.failures.saturating_add(1)
        } else {
            0
        };
        self.facts = Some(facts.clone());
        facts
    }

    /// Does what a person asked for; says what was done.
    ///
    /// # Errors
    /// In words: what GitHub says, or that it is not known whether it was done.
    pub async fn act(&mut self, action: &CiAction) -> Result<String, String> {
        let (method, path, body) = request_of(action, &self.target.slug);
        match self.client.send(method, &path, &body).await {
            Ok(_) => Ok(format!("asked GitHub to {}", action.sentence())),
            Err(error @ client::AskError::Http(_)) => {
                Err(format!("it is not known whether GitHub did it: {error}"))
            }
            Err(error) => Err(format!("GitHub did not {}: {error}", action.sentence())),
        }
    }

    /// How long to wait until the next round: short while something runs, longer when idle, out of sight or failing.
    #[must_use]
    pub fn wait(&self, in_sight: bool, now: Timestamp) -> Duration {
        if let Some((until, _)) = self.client.quiet() {
            let left = until.duration_since(now);
            if let Ok(left) = Duration::try_from(left) {
                return left.max(RUNNING);
            }
        }
        let running = self.facts.as_ref().is_some_and(CiFacts::is_running);
        let base = if running { RUNNING } else { IDLE };
        let base = if in_sight { base } else { base * 3 };
        let slower = base.saturating_mul(1 << self.failures.min(3));
        // What is left of the limit is made to last until it is full again.
        let spare = self
            .client
            .budget()
            .is_none_or(|budget| budget.remaining > budget.limit / 10);
        if spare {
            slower.min(IDLE * 8)
        } else {
            slower.max(IDLE * 5)
        }
    }
}

/// What is sent for an action.
fn request_of(action: &CiAction, slug: &Slug) -> (http::Method, String, serde_json::Value) {
    use http::Method::{Patch, Post};
    use serde_json::json;
    let base = format!("/repos/{}", slug.path());
    match action {
        CiAction::RerunFailed { run, .. } => (
            Post,
            format!("{base}/actions/runs/{run}/rerun-failed-jobs"),
            json!({}),
        ),
        CiAction::Cancel { run, .. } => (Post, format!("{base}/actions/runs/{run}/cancel"), json!({})),
        CiAction::Review {
            run,
            environments,
            approve,
            ..
        } => (
            Post,
            format!("{base}/actions/runs/{run}/pending_deployments"),
            json!({
                "environment_ids": environments,
                "state": if *approve { "approved" } else { "rejected" },
                "comment": "by gonogo",
            }),
        ),
        CiAction::CloseIssue { number, .. } => (
            Patch,
            format!("{base}/issues/{number}"),
            json!({ "state": "closed" }),
        ),
        CiAction::Dismiss {
            source,
            number,
            reason,
            ..
        } => match source {
            CiSource::Secrets => (
                Patch,
                format!("{base}/secret-scanning/alerts/{number}"),
                json!({ "state": "resolved", "resolution": reason }),
            ),
            CiSource::Dependabot => (
                Patch,
                format!("{base}/dependabot/alerts/{number}"),
                json!({ "state": "dismissed", "dismissed_reason": reason }),
            ),
            _ => (
                Patch,
                format!("{base}/code-scanning/alerts/{number}"),
                json!({ "state": "dismissed", "dismissed_reason": reason }),
            ),
        },
    }
}

/// Why nothing could be read, now or before, when that has one reason.
fn nothing_at_all(facts: &CiFacts) -> Option<Collection> {
    let mut states = facts.sources.values();
    let first = &states.next()?.collection;
    let failed = !matches!(
        first,
        Collection::Collected | Collection::Partial(_) | Collection::Absent
    );
    let same = |state: &SourceState| state.fetched_at.is_none() && state.collection == *first;
    (failed && facts.sources.values().all(same)).then(|| first.clone())
}

/// Everything once, within a deadline; what is not there by then is said to be missing.
#[must_use]
pub fn fetch(
    ask: &Ask,
    wishes: Wishes,
    record: Option<Recorder>,
    deadline: Duration,
) -> (CiFacts, Option<Recorded>) {
    let asked = ask.network.reference.as_deref().unwrap_or("HEAD");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            return (
                CiFacts::nothing(asked, Collection::Error(error.to_string().into())),
                None,
            );
        }
    };
    let done = runtime.block_on(async {
        let begun = tokio::time::Instant::now();
        let work = async {
            let mut github = GitHub::open(ask, wishes).await.map_err(|facts| *facts)?;
            github.client.until = Some(begun + deadline);
            if let Some(recorder) = record {
                github.client.record(recorder);
            }
            let facts = github.refresh().await;
            Ok::<_, CiFacts>((facts, github))
        };
        // Each question keeps to the deadline by itself; this is for whatever does not.
        tokio::time::timeout(deadline + SLACK, work).await
    });
    // A name that is still being looked up has nobody to tell.
    runtime.shutdown_background();
    match done {
        Ok(Ok((facts, mut github))) => {
            let recorded = github.client.take_recorder().map(|recorder| Recorded {
                recorder,
                about: About {
                    slug: github.target.slug.clone(),
                    api: github.client.api().to_owned(),
                    at: github.client.now(),
                    commit: github.target.commit.to_string(),
                    asked: github.target.asked.clone(),
                    branch: facts.branch.as_deref().map(str::to_owned),
                },
            });
            (facts, recorded)
        }
        Ok(Err(facts)) => (facts, None),
        Err(_) => {
            let why = format!("GitHub did not answer within {} s", deadline.as_secs());
            (CiFacts::nothing(asked, Collection::Error(why.into())), None)
        }
    }
}

/// Publishes the verdict as a commit status; gives the address of the commit in words.
///
/// # Errors
/// In words.
pub fn publish(ask: &Ask, state: &str, description: &str) -> Result<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let wishes = Wishes {
        labels: Vec::new(),
        alerts: false,
        artifacts: false,
        logs: false,
    };
    let done = runtime.block_on(async {
        let mut github = GitHub::open(ask, wishes)
            .await
            .map_err(|facts| match &facts.none {
                Some(Collection::Absent) | None => facts.note.to_string(),
                Some(none) => none.why().to_owned(),
            })?;
        let target = github.target.clone();
        let path = format!("/repos/{}/statuses/{}", target.slug.path(), target.commit);
        // GitHub takes no more than this.
        let description: String = description.chars().take(140).collect();
        let body = serde_json::json!({
            "state": state, "context": OWN_STATUS, "description": description,
        });
        let sent = github.client.send(http::Method::Post, &path, &body).await;
        sent.map_err(|error| error.to_string())?;
        Ok(format!("{} at {}", target.slug, target.commit.short()))
    });
    runtime.shutdown_background();
    done
}

/// A recording that only lacks its index.
#[derive(Debug)]
pub struct Recorded {
    /// What was written.
    pub recorder: Recorder,
    /// What it is of.
    pub about: About,
}

/// Where this process runs, when that is a job of GitHub Actions for this repository.
fn runner(slug: &Slug) -> Option<Runner> {
    let repository = env::var("GITHUB_REPOSITORY")?;
    let own = env::var("GITHUB_ACTIONS")? == "true"
        && repository.eq_ignore_ascii_case(&format!("{}/{}", slug.owner, slug.name));
    let run = env::var("GITHUB_RUN_ID")?.parse().ok()?;
    let name = env::var("RUNNER_NAME")?;
    own.then_some(Runner { run, name })
}

/// The one job of the run that goes on on this machine; when that is not certain there is none, and every job is
/// waited for.
async fn own_job(client: &mut Client, slug: &Slug, runner: &Runner) -> Option<OwnJob> {
    let path = format!(
        "/repos/{}/actions/runs/{}/jobs?filter=latest&per_page=100",
        slug.path(),
        runner.run
    );
    let listed = client.list(&path, Some("jobs"), 3).await.ok()?;
    let mut own = listed
        .items
        .iter()
        .filter_map(|job| decode::job_on(job, &runner.name));
    match (own.next(), own.next()) {
        (Some(job), None) => Some(OwnJob { run: runner.run, job }),
        _ => None,
    }
}

/// The branch that a job of GitHub Actions speaks of where HEAD is detached: a pull request's base.
fn branch_of_job() -> Option<String> {
    env::var("GITHUB_ACTIONS").filter(|yes| yes == "true")?;
    let named = env::var("GITHUB_REF_TYPE").is_some_and(|kind| kind == "branch");
    env::var("GITHUB_BASE_REF").or_else(|| env::var("GITHUB_REF_NAME").filter(|_| named))
}

fn seed() -> u64 {
    let now = clock::now();
    u64::from(std::process::id()) ^ u64::try_from(now.as_nanosecond() & i128::from(u64::MAX)).unwrap_or(0)
}
