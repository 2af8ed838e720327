//! Reading the whole repository beside the judging worker, and listening to what changes in it.
//!
//! Invariant: a folder is watched before its documents are read, so no change falls between the two.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::judge::Job;
use super::panics::caught;
use crate::app::Msg;
use crate::app::msg::Progress;
use crate::model::{Policy, Problem, ProblemSeverity, RepoPath, Report};
use crate::sources::files::{self, Listing};
use crate::sources::settings::REPOSITORY_FILE;
use crate::sources::watch;

/// How far apart the reports of progress are.
const PROGRESS_EVERY: Duration = Duration::from_millis(50);

/// What a scan found.
#[derive(Debug)]
pub(super) struct Scan {
    pub listing: Listing,
    pub reports: Vec<Report>,
    pub problems: Vec<Problem>,
    /// The watch comes back from the scan, which set it up before it read anything.
    pub watch: Option<watch::Watch>,
    pub watch_problems: Vec<Problem>,
}

/// Reads the whole repository: the tracked documents while git looks for the others.
pub(super) fn scan(
    root: PathBuf,
    policy: &Policy,
    out: &mpsc::Sender<Msg>,
    jobs: &Sender<Job>,
    mut watch: Option<watch::Watch>,
) -> Scan {
    // One core stays free for the screen.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = cores.saturating_sub(1).max(1);
    let mut listing = files::list_tracked(&root, policy);
    // Before anything is read: no change falls between reading and watching.
    let mut watch_problems = watch_folders(&mut watch, &root, &listing.folders(), jobs);
    let last: Mutex<Option<Instant>> = Mutex::new(None);
    let progress = |progress: files::Progress| {
        // Whoever cannot have the lock at once is not the first to tell.
        if let Ok(mut last) = last.try_lock()
            && last.is_none_or(|at| at.elapsed() >= PROGRESS_EVERY)
        {
            *last = Some(Instant::now());
            let _ = out.try_send(Msg::Progress(Progress {
                read: progress.read,
                found: progress.found,
                complete: false,
            }));
        }
    };
    progress(files::Progress {
        read: 0,
        found: u32::try_from(listing.markdown.len()).unwrap_or(u32::MAX),
    });
    let ((mut reports, mut problems), rest) = std::thread::scope(|scope| {
        let rest = scope.spawn(|| caught("asking git", || files::list_rest(&root, policy)));
        (files::load(&listing, workers, &progress), rest.join())
    });
    match rest {
        Ok(Ok(rest)) => {
            let mut others = Listing {
                root,
                markdown: rest.untracked.clone(),
                ..Listing::default()
            };
            others
                .markdown
                .retain(|candidate| listing.markdown.binary_search(candidate).is_err());
            watch_problems.extend(watch_folders(&mut watch, &others.root, &others.folders(), jobs));
            let (more, found) = files::load(&others, workers, &progress);
            reports.extend(more);
            problems.extend(found);
            listing.add(rest);
        }
        Ok(Err(problem)) => problems.push(problem),
        Err(_) => {}
    }
    Scan {
        listing,
        reports,
        problems,
        watch,
        watch_problems,
    }
}

/// Has folders watched, and git's own and the top with the first call.
pub(super) fn watch_folders(
    watch: &mut Option<watch::Watch>,
    root: &Path,
    folders: &[PathBuf],
    jobs: &Sender<Job>,
) -> Vec<Problem> {
    if let Some(watch) = watch {
        return watch.add(folders).into_iter().collect();
    }
    let (top, jobs) = (root.to_owned(), jobs.clone());
    let (started, problems) = watch::Watch::start(root, folders, move |changed| {
        for job in jobs_of(&top, changed) {
            let _ = jobs.send(job);
        }
    });
    *watch = started;
    problems
}

/// What is to be done about a change on disk.
fn jobs_of(root: &Path, changed: watch::Changed) -> Vec<Job> {
    let paths = match changed {
        watch::Changed::Git => return vec![Job::Git],
        watch::Changed::Everything => return vec![Job::Rescan],
        watch::Changed::Files(paths) => paths,
    };
    let mut jobs = Vec::new();
    if paths.iter().any(|path| *path == root.join(REPOSITORY_FILE)) {
        jobs.push(Job::Tell(Problem {
            severity: ProblemSeverity::Note,
            at: REPOSITORY_FILE.into(),
            what: "the repository's configuration changed; this judgement still uses the one that was read at the start".into(),
            hint: Some("leave and start gonogo again to use it".into()),
        }));
    }
    let documents: Vec<RepoPath> = paths
        .iter()
        .filter_map(|path| RepoPath::new(path.strip_prefix(root).unwrap_or(path).to_str()?))
        .filter(|path| path.as_str() != REPOSITORY_FILE)
        .collect();
    if !documents.is_empty() {
        jobs.push(Job::Changed(documents));
    }
    jobs
}

/// Runs `work` on a thread of its own; says whether it could be started.
pub(super) fn aside(name: &str, work: impl FnOnce() + Send + 'static) -> bool {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    if let Err(error) = &started {
        tracing::error!(name, %error, "a thread could not be started");
    }
    started.is_ok()
}
