//! The judging worker: owns the engine, reads documents, and sends judgements.
//!
//! Not here: how anything is judged (`engine`) or listed (`sources`). Invariants: judgements leave in the order of
//! what they are made of, so an older one never replaces a newer one; at most one scan runs; a document whose bytes
//! did not change is not parsed again; a panic becomes a problem and the last judgement stays.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::panics::caught;
use crate::app::Msg;
use crate::app::msg::Progress;
use crate::edit;
use crate::engine::{Change, Engine, read_document};
use crate::model::{Policy, Problem, ProblemSeverity, RepoPath, Report, Status, Uid};
use crate::sources::files::{self, DOCUMENT_CAP, FileError, Listing};
use crate::sources::settings::REPOSITORY_FILE;
use crate::sources::{clock, watch};
use crate::text::{ContentHash, SourceText};

/// How far apart the reports of progress are.
const PROGRESS_EVERY: Duration = Duration::from_millis(50);

/// Something for the worker to do.
#[derive(Debug)]
pub(super) enum Job {
    /// Read the whole repository again.
    Rescan,
    /// A scan ended.
    Scanned(Box<Scan>),
    /// These documents may have changed on disk.
    Changed(Vec<RepoPath>),
    /// These documents were written by us, and perhaps committed.
    Wrote(Vec<RepoPath>),
    /// HEAD, the index or a branch moved.
    Git,
    /// What there is to read, listed again.
    Listed(Box<Listing>),
    /// Something to tell the person.
    Tell(Problem),
    /// Plan a status change.
    Plan {
        request: u64,
        items: Vec<(RepoPath, Uid)>,
        to: Status,
    },
}

/// What a scan found.
#[derive(Debug)]
pub(super) struct Scan {
    listing: Listing,
    reports: Vec<Report>,
    problems: Vec<Problem>,
}

/// What the worker begins with.
#[derive(Debug)]
pub(super) struct Begin {
    pub root: PathBuf,
    pub policy: Policy,
    /// What was wrong with the configuration: it belongs to the judgement.
    pub problems: Vec<Problem>,
}

/// Starts the worker. It ends when nobody listens to its messages any more.
pub(super) fn start(begin: Begin, out: mpsc::Sender<Msg>) -> Sender<Job> {
    let (jobs, waiting) = channel();
    let mut judge = Judge {
        begin,
        out,
        jobs: jobs.clone(),
        engine: Engine::default(),
        listing: Listing::default(),
        scan_problems: Vec::new(),
        scanning: false,
        again: false,
        relisting: false,
        relist_again: false,
        watch: None,
    };
    let named = std::thread::Builder::new().name("judge".to_owned());
    // A thread that cannot be started leaves the screen without a verdict; the first send fails and says so.
    let started = named.spawn(move || judge.work(&waiting));
    if let Err(error) = started {
        tracing::error!(%error, "the judging thread could not be started");
    }
    jobs
}

struct Judge {
    begin: Begin,
    out: mpsc::Sender<Msg>,
    jobs: Sender<Job>,
    engine: Engine,
    listing: Listing,
    scan_problems: Vec<Problem>,
    scanning: bool,
    again: bool,
    relisting: bool,
    relist_again: bool,
    watch: Option<watch::Watch>,
}

impl Judge {
    fn work(&mut self, waiting: &Receiver<Job>) {
        while let Ok(job) = waiting.recv() {
            if self.out.is_closed() {
                return;
            }
            if let Err(problem) = caught("judging", || self.run(job)) {
                self.say(Msg::Notice(problem));
            }
        }
    }

    fn run(&mut self, job: Job) {
        match job {
            Job::Rescan => self.rescan(),
            Job::Scanned(scan) => self.scanned(*scan),
            Job::Changed(paths) => {
                if self.reread(&paths) {
                    self.assess();
                    // Whether there is something to commit is for git to say, and takes longer.
                    self.relist();
                }
            }
            Job::Wrote(paths) => self.wrote(&paths),
            Job::Git => self.relist(),
            Job::Listed(listing) => self.listed(*listing),
            Job::Tell(problem) => self.say(Msg::Notice(problem)),
            Job::Plan { request, items, to } => self.plan(request, items, to),
        }
    }

    /// Sends a message; nobody listening any more is no mistake.
    fn say(&self, msg: Msg) {
        let _ = self.out.blocking_send(msg);
    }

    fn rescan(&mut self) {
        if self.scanning {
            self.again = true;
            return;
        }
        let (root, policy) = (self.begin.root.clone(), self.begin.policy.clone());
        let (out, jobs) = (self.out.clone(), self.jobs.clone());
        self.scanning = aside("scan", move || {
            let scan = caught("reading the repository", || scan(root, &policy, &out));
            let scan = scan.unwrap_or_else(|problem| Scan {
                listing: Listing::default(),
                reports: Vec::new(),
                problems: vec![problem],
            });
            let _ = jobs.send(Job::Scanned(Box::new(scan)));
        });
    }

    fn scanned(&mut self, scan: Scan) {
        self.scanning = false;
        let mut kept: BTreeMap<&RepoPath, ()> = BTreeMap::new();
        for report in &scan.reports {
            kept.insert(&report.path, ());
        }
        let gone: Vec<RepoPath> = self
            .listing
            .markdown
            .iter()
            .map(|candidate| &candidate.path)
            .filter(|path| !kept.contains_key(path))
            .cloned()
            .collect();
        for path in gone {
            self.engine.apply(Change::Removed(path));
        }
        for report in scan.reports {
            let known = self.engine.document(&report.path);
            // The same bytes give the same report, unless the configuration said otherwise meanwhile.
            if known.is_none_or(|known| **known != report) {
                self.engine.apply(Change::Document(Arc::new(report)));
            }
        }
        self.scan_problems = scan.problems;
        self.listing = scan.listing;
        self.engine.apply(Change::Policy(self.begin.policy.clone()));
        self.tell_engine();
        self.assess();
        let count = u32::try_from(self.listing.markdown.len()).unwrap_or(u32::MAX);
        self.say(Msg::Progress(Progress {
            read: count,
            found: count,
            complete: true,
        }));
        if std::mem::take(&mut self.again) {
            self.rescan();
        } else {
            self.watch();
        }
    }

    /// Gives the engine what is known beside the documents.
    fn tell_engine(&mut self) {
        self.engine
            .apply(Change::Repository(self.listing.repository.clone()));
        let all = self.begin.problems.iter();
        let all = all.chain(&self.listing.problems).chain(&self.scan_problems);
        self.engine.apply(Change::Problems(all.cloned().collect()));
    }

    fn assess(&mut self) {
        let assessment = self.engine.assess(clock::now());
        self.say(Msg::Assessed(Arc::new(assessment)));
    }

    /// Listens to changes of the folders that hold documents, and of git's own.
    fn watch(&mut self) {
        let folders = self.listing.folders();
        let problems: Vec<Problem> = match &mut self.watch {
            Some(watch) => watch.add(&folders).into_iter().collect(),
            None => {
                let (root, jobs) = (self.begin.root.clone(), self.jobs.clone());
                let seen = move |changed| {
                    for job in jobs_of(&root, changed) {
                        let _ = jobs.send(job);
                    }
                };
                let (watch, problems) = watch::Watch::start(&self.begin.root, &folders, seen);
                self.watch = watch;
                problems
            }
        };
        for problem in problems {
            self.say(Msg::Notice(problem));
        }
    }

    /// Reads documents again and says whether anything is different.
    fn reread(&mut self, paths: &[RepoPath]) -> bool {
        let mut different = false;
        for path in paths {
            let found = self
                .listing
                .markdown
                .iter()
                .find(|candidate| candidate.path == *path);
            let Some(candidate) = found.cloned() else {
                // Perhaps a new document: whether it counts is for the listing to say.
                self.relist();
                continue;
            };
            match files::read_in(&self.begin.root, path, DOCUMENT_CAP) {
                Ok((bytes, truncated)) => {
                    let known = self.engine.document(path).map(|known| known.hash);
                    if known == Some(ContentHash::of(&bytes)) {
                        continue;
                    }
                    let report = read_document(path.clone(), bytes, candidate.counts, truncated);
                    self.engine.apply(Change::Document(Arc::new(report)));
                    different = true;
                }
                Err(FileError::Missing(_)) => {
                    different |= self.engine.document(path).is_some();
                    self.engine.apply(Change::Removed(path.clone()));
                }
                Err(error) => {
                    tracing::warn!(%path, %error, "a changed document could not be read");
                    self.rescan();
                }
            }
        }
        different
    }

    /// What we wrote is judged at once; what git says of the rest follows when git has looked.
    fn wrote(&mut self, paths: &[RepoPath]) {
        let different = self.reread(paths);
        let fresh = files::list_tracked(&self.begin.root, &self.begin.policy).repository;
        let known = &mut self.listing.repository;
        let moved = known.commit != fresh.commit || known.branch != fresh.branch;
        known.commit = fresh.commit;
        known.branch = fresh.branch;
        if different || moved {
            self.tell_engine();
            self.assess();
        }
        self.relist();
    }

    /// Lists what there is to read again, without reading it.
    fn relist(&mut self) {
        if self.relisting {
            self.relist_again = true;
            return;
        }
        let (root, policy) = (self.begin.root.clone(), self.begin.policy.clone());
        let jobs = self.jobs.clone();
        self.relisting = aside("list", move || {
            let listing = caught("listing the repository", || files::list(&root, &policy));
            let _ = jobs.send(match listing {
                Ok(listing) => Job::Listed(Box::new(listing)),
                Err(problem) => Job::Tell(problem),
            });
        });
    }

    /// Takes a new listing: reads what is new, forgets what is gone. Changed files are told by the watch.
    fn listed(&mut self, listing: Listing) {
        self.relisting = false;
        if std::mem::take(&mut self.relist_again) {
            self.relist();
        }
        // A scan lists too, and reads all of it.
        if self.scanning {
            return;
        }
        let before = std::mem::replace(&mut self.listing, listing);
        let mut different =
            before.repository != self.listing.repository || before.problems != self.listing.problems;
        for gone in &before.markdown {
            let path = &gone.path;
            if self
                .listing
                .markdown
                .binary_search_by(|now| now.path.cmp(path))
                .is_err()
            {
                self.engine.apply(Change::Removed(path.clone()));
                different = true;
            }
        }
        let mut new = Listing {
            root: self.begin.root.clone(),
            ..Listing::default()
        };
        for candidate in &self.listing.markdown {
            if before.markdown.binary_search(candidate).is_err() {
                new.markdown.push(candidate.clone());
            }
        }
        if !new.markdown.is_empty() {
            let (reports, problems) = files::load(&new, 1, &|_| {});
            self.scan_problems.extend(problems);
            for report in reports {
                self.engine.apply(Change::Document(Arc::new(report)));
            }
            different = true;
            self.watch();
        }
        if different {
            self.tell_engine();
            self.assess();
        }
    }

    fn plan(&mut self, request: u64, items: Vec<(RepoPath, Uid)>, to: Status) {
        let mut by_document: BTreeMap<RepoPath, Vec<Uid>> = BTreeMap::new();
        for (path, uid) in items {
            by_document.entry(path).or_default().push(uid);
        }
        let (mut plans, mut refused) = (Vec::new(), Vec::new());
        for (path, uids) in by_document {
            let bytes = match files::read_in(&self.begin.root, &path, DOCUMENT_CAP) {
                Ok((bytes, None)) => bytes,
                Ok((_, Some(_))) => {
                    let why = format!("`{path}` is too large to be changed here: use your editor");
                    refused.extend(uids.into_iter().map(|uid| (uid, why.clone())));
                    continue;
                }
                Err(error) => {
                    refused.extend(uids.into_iter().map(|uid| (uid, error.to_string())));
                    continue;
                }
            };
            let mut own = Vec::new();
            for uid in uids {
                let planned = caught("planning a change", || {
                    self.engine.plan(&path, uid, to, Arc::clone(&bytes))
                });
                match planned {
                    Ok(Ok(plan)) => own.push((uid, plan)),
                    Ok(Err(why)) => refused.push((uid, why.to_string())),
                    Err(problem) => refused.push((uid, problem.what.into())),
                }
            }
            if own.is_empty() {
                continue;
            }
            let merged: Vec<_> = own.iter().map(|(_, plan)| plan.clone()).collect();
            match edit::merge(&merged) {
                Ok(plan) => plans.push((Arc::new(SourceText::read(bytes)), plan)),
                Err(why) => refused.extend(own.into_iter().map(|(uid, _)| (uid, why.to_string()))),
            }
        }
        self.say(Msg::Planned {
            request,
            plans,
            refused,
        });
    }
}

/// Reads the whole repository: the tracked documents while git looks for the others.
fn scan(root: PathBuf, policy: &Policy, out: &mpsc::Sender<Msg>) -> Scan {
    // One core stays free for the screen.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = cores.saturating_sub(1).max(1);
    let mut listing = files::list_tracked(&root, policy);
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
    }
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
fn aside(name: &str, work: impl FnOnce() + Send + 'static) -> bool {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    if let Err(error) = &started {
        tracing::error!(name, %error, "a thread could not be started");
    }
    started.is_ok()
}
