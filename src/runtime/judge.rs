//! The judging worker: owns the engine, reads documents, and sends judgements.
//!
//! Not here: how anything is judged (`engine`) or listed (`sources`). Invariants: judgements leave in the order of
//! what they are made of, so an older one never replaces a newer one; at most one scan runs; a document whose bytes
//! did not change is not parsed again; a panic becomes a problem and the last judgement stays.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::mpsc;
use tokio::sync::mpsc::UnboundedSender;

use super::ci::{self, Order};
use super::panics::caught;
use super::scan::{Scan, aside, scan, watch_folders};
use crate::app::Msg;
use crate::app::msg::{JobOutcome, Progress};
use crate::edit;
use crate::engine::{Change, Engine, ROUNDS, read_document};
use crate::model::{
    Answer, CiFacts, Collection, Gathered, Policy, Problem, Question, RepoPath, Repository, Status, Uid,
};
use crate::sources::files::{self, DOCUMENT_CAP, FileError, Listing};
use crate::sources::github::Network;
use crate::sources::{answers, clock, evidence, watch};
use crate::text::{ContentHash, SourceText};

/// Folders with evidence, or with files that it speaks of, that are watched.
const MOST_WATCHED: usize = 4_000;

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
    /// The world answered what the core asked in this round.
    Answered(Vec<(Question, Answer)>),
    /// What there is to read, listed again.
    Listed(Box<Listing>),
    /// Evidence was read; the reader comes back with it.
    Evidence(Box<(evidence::Reader, evidence::Evidence)>),
    /// GitHub was asked.
    Ci(Arc<CiFacts>),
    /// Something that was asked for ended.
    Done(JobOutcome),
    /// Something to tell the person.
    Tell(Problem),
    /// Plan a status change.
    Plan {
        request: u64,
        items: Vec<(RepoPath, Uid)>,
        to: Status,
    },
}

/// What the worker begins with.
#[derive(Debug)]
pub(super) struct Begin {
    pub root: PathBuf,
    pub policy: Policy,
    /// How GitHub may be asked.
    pub network: Network,
    /// What was wrong with the configuration: it belongs to the judgement.
    pub problems: Vec<Problem>,
}

/// Starts the worker. It ends when nobody listens to its messages any more.
pub(super) fn start(begin: Begin, out: mpsc::Sender<Msg>) -> (Sender<Job>, UnboundedSender<Order>) {
    let (jobs, waiting) = channel();
    let orders = ci::start(
        begin.root.clone(),
        begin.network.clone(),
        &begin.policy,
        jobs.clone(),
    );
    let mut engine = Engine::default();
    engine.apply(Change::Ci(Arc::new(CiFacts::nothing(
        "HEAD",
        Collection::Fetching,
    ))));
    let mut judge = Judge {
        begin,
        out,
        jobs: jobs.clone(),
        engine,
        ci: orders.clone(),
        listing: Listing::default(),
        scan_problems: Vec::new(),
        scanning: false,
        again: false,
        relisting: false,
        relist_again: false,
        rounds: None,
        moved: false,
        reader: Some(evidence::Reader::default()),
        read_again: false,
        evidence_problems: Vec::new(),
        incomplete: false,
        later: Vec::new(),
        watch: None,
    };
    let named = std::thread::Builder::new().name("judge".to_owned());
    // A thread that cannot be started leaves the screen without a verdict; the first send fails and says so.
    let started = named.spawn(move || judge.work(&waiting));
    if let Err(error) = started {
        tracing::error!(%error, "the judging thread could not be started");
    }
    (jobs, orders)
}

struct Judge {
    begin: Begin,
    out: mpsc::Sender<Msg>,
    jobs: Sender<Job>,
    /// Asks GitHub.
    ci: UnboundedSender<Order>,
    engine: Engine,
    listing: Listing,
    scan_problems: Vec<Problem>,
    scanning: bool,
    again: bool,
    relisting: bool,
    relist_again: bool,
    /// Rounds of questions since the last change, while one is under way.
    rounds: Option<usize>,
    /// The world moved while it was asked, so the answers may be old ones.
    moved: bool,
    /// What reads evidence; away while it does.
    reader: Option<evidence::Reader>,
    /// Evidence may have changed while it was read.
    read_again: bool,
    evidence_problems: Vec<Problem>,
    /// A scan's evidence is still being read, so there is more to come.
    incomplete: bool,
    /// Documents that changed while a scan was reading.
    later: Vec<RepoPath>,
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
            Job::Changed(paths) if self.scanning => self.later.extend(paths),
            Job::Changed(paths) => {
                if self.reread(&paths) {
                    self.assess();
                    // Whether there is something to commit is for git to say, and takes longer.
                    self.relist();
                }
            }
            Job::Wrote(paths) => self.wrote(&paths),
            Job::Git => {
                self.world_moved();
                self.relist();
            }
            Job::Answered(answers) => self.answered(answers),
            Job::Listed(listing) => self.listed(*listing),
            Job::Evidence(read) => self.evidence(*read),
            Job::Ci(facts) => {
                self.engine.apply(Change::Ci(facts));
                // Before anything was read there is nothing to judge.
                if !self.listing.root.as_os_str().is_empty() {
                    self.assess();
                }
            }
            Job::Done(outcome) => self.say(Msg::Job(outcome)),
            Job::Tell(problem) => self.say(Msg::Notice(problem)),
            Job::Plan { request, items, to } => self.plan(request, items, to),
        }
    }

    /// Sends a message; nobody listening any more is no mistake.
    fn say(&self, msg: Msg) {
        let _ = self.out.blocking_send(msg);
    }

    /// What was answered may be different by now.
    fn world_moved(&mut self) {
        self.engine.apply(Change::WorldMoved);
        self.moved |= self.rounds.is_some();
    }

    fn rescan(&mut self) {
        if self.scanning {
            self.again = true;
            return;
        }
        let (root, policy) = (self.begin.root.clone(), self.begin.policy.clone());
        let (out, jobs) = (self.out.clone(), self.jobs.clone());
        let watch = self.watch.take();
        self.scanning = aside("scan", move || {
            let scan = caught("reading the repository", || {
                scan(root, &policy, &out, &jobs, watch)
            });
            let scan = scan.unwrap_or_else(|problem| Scan {
                listing: Listing::default(),
                reports: Vec::new(),
                problems: vec![problem],
                watch: None,
                watch_problems: Vec::new(),
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
        self.watch = scan.watch;
        self.incomplete = true;
        self.read_evidence();
        for problem in scan.watch_problems {
            self.say(Msg::Notice(problem));
        }
        // What changed while the scan read may have been read before it changed.
        let later = std::mem::take(&mut self.later);
        if std::mem::take(&mut self.again) {
            self.rescan();
        } else if !later.is_empty() {
            self.run(Job::Changed(later));
        }
    }

    /// Gives the engine what is known beside the documents.
    fn tell_engine(&mut self) {
        let Repository { commit, branch, .. } = &self.listing.repository;
        let _ = self.ci.send(Order::Head {
            commit: commit.as_deref().map(str::to_owned),
            branch: branch.as_deref().map(str::to_owned),
        });
        self.engine
            .apply(Change::Repository(self.listing.repository.clone()));
        let all = self.begin.problems.iter();
        let all = all.chain(&self.listing.problems).chain(&self.scan_problems);
        let all = all.chain(&self.evidence_problems);
        self.engine.apply(Change::Problems(all.cloned().collect()));
    }

    /// Judges with what is known, at once; what the world has to tell is asked aside and judged when it is there.
    fn assess(&mut self) {
        let assessment = self.engine.assess(clock::now());
        self.say(Msg::Assessed(Arc::new(assessment)));
        if self.rounds.is_none() {
            self.ask(1);
        }
    }

    fn ask(&mut self, round: usize) {
        self.rounds = None;
        let questions = self.engine.questions();
        if questions.is_empty() || round > ROUNDS {
            return;
        }
        let (root, jobs) = (self.begin.root.clone(), self.jobs.clone());
        let asked = aside("ask", move || {
            let answers = caught("asking git", || answers::answer(&root, &questions));
            let answers = answers.unwrap_or_else(|problem| {
                let unknown = |question| (question, Answer::Unknown(problem.what.clone()));
                questions.into_iter().map(unknown).collect()
            });
            let _ = jobs.send(Job::Answered(answers));
        });
        self.rounds = asked.then_some(round);
    }

    fn answered(&mut self, answers: Vec<(Question, Answer)>) {
        self.engine.apply(Change::Answers(answers));
        if std::mem::take(&mut self.moved) {
            self.engine.apply(Change::WorldMoved);
        }
        let round = self.rounds.unwrap_or(ROUNDS);
        self.ask(round + 1);
        if self.rounds.is_none() {
            let assessment = self.engine.assess(clock::now());
            self.watch_evidence(&assessment.gathered);
            self.say(Msg::Assessed(Arc::new(assessment)));
        }
    }

    /// Reads the evidence that is new or changed, aside.
    fn read_evidence(&mut self) {
        let Some(mut reader) = self.reader.take() else {
            self.read_again = true;
            return;
        };
        let (root, policy) = (self.begin.root.clone(), self.begin.policy.clone());
        let (places, jobs) = (self.listing.evidence.clone(), self.jobs.clone());
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let started = aside("evidence", move || {
            let read = caught("reading evidence", || reader.read(&root, &places, &policy, cores));
            let read = read.unwrap_or_else(|problem| evidence::Evidence {
                files: Vec::new(),
                problems: vec![problem],
            });
            let _ = jobs.send(Job::Evidence(Box::new((reader, read))));
        });
        if !started {
            self.reader = Some(evidence::Reader::default());
        }
    }

    /// Has the folders of evidence files watched, and those of the source files that coverage speaks of. A scan has the
    /// watch, and asks again when it ends.
    fn watch_evidence(&mut self, gathered: &Gathered) {
        if self.scanning {
            return;
        }
        let own = gathered.files.iter().filter_map(|bound| bound.file.path.clone());
        let covered = gathered.coverage.files.iter().filter(|file| file.mapped);
        let covered = covered.filter_map(|file| RepoPath::new(&file.path));
        let all: BTreeSet<String> = own.chain(covered).map(|path| path.folder().to_owned()).collect();
        let root = &self.begin.root;
        let folders: Vec<PathBuf> = all
            .iter()
            .take(MOST_WATCHED)
            .map(|folder| root.join(folder))
            .collect();
        for problem in watch_folders(&mut self.watch, root, &folders, &self.jobs) {
            self.say(Msg::Notice(problem));
        }
    }

    fn evidence(&mut self, (reader, read): (evidence::Reader, evidence::Evidence)) {
        self.reader = Some(reader);
        let different = self.engine.evidence_files() != read.files || self.evidence_problems != read.problems;
        if different {
            self.evidence_problems = read.problems;
            self.engine.apply(Change::EvidenceFiles(read.files));
            self.tell_engine();
        }
        if different || self.incomplete {
            self.assess();
        }
        if std::mem::take(&mut self.incomplete) {
            let count = u32::try_from(self.listing.markdown.len()).unwrap_or(u32::MAX);
            self.say(Msg::Progress(Progress {
                read: count,
                found: count,
                complete: true,
            }));
        }
        if std::mem::take(&mut self.read_again) {
            self.read_evidence();
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
        if self.scanning {
            self.later.extend_from_slice(paths);
        }
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
            let folders = new.folders();
            for problem in watch_folders(&mut self.watch, &self.begin.root, &folders, &self.jobs) {
                self.say(Msg::Notice(problem));
            }
            let (reports, problems) = files::load(&new, 1, &|_| {});
            self.scan_problems.extend(problems);
            for report in reports {
                self.engine.apply(Change::Document(Arc::new(report)));
            }
            different = true;
        }
        if different {
            self.tell_engine();
            self.assess();
        }
        // Whether evidence still speaks of HEAD depends on files that are no documents.
        if !self.engine.evidence_files().is_empty() {
            self.world_moved();
            if self.rounds.is_none() {
                self.ask(1);
            }
        }
        self.read_evidence();
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
