//! The facade over the pure core: changes in, an assessment out. Every front end uses only this.
//!
//! Not here: reading the world. Invariants: `apply` never fails (bad input becomes a problem of the
//! assessment); an unchanged file is not parsed again; `assess` depends on nothing but what was applied and `now`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::claims;
use crate::evidence;
use crate::model::{
    Answer, CiFacts, CoverageTarget, Evidence, EvidenceFile, Gathered, Known, Policy, Problem, Question,
    RepoPath, Report, Repository, Truncated, Waiver,
};
use crate::report::{ReadAs, parse_with_outline};
use crate::text::SourceText;

mod assessment;
mod checked;
mod definitions;
mod judge;
mod planning;
mod siblings;
mod words;

pub use assessment::{
    Assessment, CiMember, CiVerdict, Counts, GateOutcome, ItemState, JudgedCi, JudgedDocument, ReasonText,
    UidIndex,
};
pub use planning::Wanted;

/// A fact that arrived.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "a change is taken apart as soon as it is made; none is kept"
)]
pub enum Change {
    /// A document as it stands now.
    Document(Arc<Report>),
    /// A document that is gone.
    Removed(RepoPath),
    /// Everything known of the repository.
    Repository(Repository),
    /// All evidence there is beside files.
    Evidence(Vec<Evidence>),
    /// All files that tools wrote.
    EvidenceFiles(Vec<Arc<EvidenceFile>>),
    /// What the CI service says; replaces what it said before.
    Ci(Arc<CiFacts>),
    /// All waivers there are.
    Waivers(Vec<Waiver>),
    /// How to judge.
    Policy(Policy),
    /// What went wrong while collecting (replaces the earlier ones).
    Problems(Vec<Problem>),
    /// Answers to [`Engine::questions`].
    Answers(Vec<(Question, Answer)>),
    /// HEAD, a branch or files on disk may be different: what was answered about them is asked again, and the old
    /// answers serve until the new ones are there.
    WorldMoved,
}

/// Rounds of questions in which one answer may lead to the next question; what is open after them stays unknown.
pub const ROUNDS: usize = 6;

/// The state of the core.
#[derive(Debug, Default)]
pub struct Engine {
    documents: BTreeMap<RepoPath, Arc<Report>>,
    repository: Repository,
    evidence: Vec<Evidence>,
    evidence_files: Vec<Arc<EvidenceFile>>,
    /// What the files came to, and when; gone as soon as anything that it was made of changes.
    gathered: Option<(Timestamp, Arc<Gathering>)>,
    ci: Option<Arc<CiFacts>>,
    waivers: Vec<Waiver>,
    policy: Policy,
    problems: Vec<Problem>,
    known: Known,
    /// Answered questions whose answer may be another one by now.
    outdated: BTreeSet<Question>,
    checked: checked::Checked,
    memo: judge::Memo,
    siblings: siblings::Siblings,
}

/// What the files of tools come to, with what their own files decide.
#[derive(Debug)]
struct Gathering {
    /// The evidence, its findings with their waivers.
    evidence: Arc<Gathered>,
    /// The targets of `codecov.yml`.
    targets: Vec<CoverageTarget>,
    /// What is wrong with the files that decide.
    problems: Vec<Problem>,
}

/// Reads one document; pure, so that callers may run it on any thread before [`Engine::apply`].
#[must_use]
pub fn read_document(
    path: RepoPath,
    bytes: Arc<[u8]>,
    counts: Option<bool>,
    truncated: Option<Truncated>,
) -> Report {
    let source = SourceText::read(bytes);
    let (mut report, outline) = parse_with_outline(path, &source, ReadAs { counts, truncated });
    if let Some(outline) = outline {
        claims::recognise(&source, &outline, &mut report);
    }
    report
}

impl Engine {
    /// Takes a change.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Document(report) => {
                self.siblings.forget();
                let before = self.documents.insert(report.path.clone(), Arc::clone(&report));
                if before.is_some_and(|before| before.hash != report.hash) {
                    // Its lines are other ones now.
                    let blame = Question::Blame(report.path.clone());
                    if self.known.knows(&blame) {
                        self.outdated.insert(blame);
                    }
                }
            }
            Change::Removed(path) => {
                self.siblings.forget();
                self.documents.remove(&path);
            }
            Change::Repository(repository) => {
                if repository != self.repository {
                    self.checked.outdate();
                }
                self.repository = repository;
                self.gathered = None;
            }
            Change::EvidenceFiles(files) => {
                self.evidence_files = files;
                self.gathered = None;
            }
            Change::Evidence(evidence) => self.evidence = evidence,
            Change::Ci(facts) => {
                let before = self.ci.as_ref().map_or(&[][..], |ci| &ci.files[..]);
                if before != facts.files {
                    self.gathered = None;
                }
                self.ci = Some(facts);
            }
            Change::Waivers(waivers) if waivers == self.waivers => {}
            Change::Waivers(waivers) => {
                self.waivers = waivers;
                self.memo.clear();
            }
            Change::Policy(policy) if policy == self.policy => {}
            Change::Policy(policy) => {
                self.policy = policy;
                self.memo.clear();
                self.gathered = None;
            }
            Change::Problems(problems) => self.problems = problems,
            Change::Answers(answers) => {
                self.gathered = None;
                for (question, answer) in answers {
                    self.outdated.remove(&question);
                    if self
                        .known
                        .answer(&question)
                        .is_some_and(|before| *before != answer)
                    {
                        self.checked.outdate();
                    }
                    self.known.learn(question, answer);
                }
            }
            Change::WorldMoved => self.outdated = self.known.movable(),
        }
    }

    /// What has to be known for the next judgement and was not answered yet, or has to be asked again; each question once.
    #[must_use]
    pub fn questions(&mut self) -> Vec<Question> {
        checked::check_all(self);
        // Whatever the present is, no file is asked less about.
        let mut wanted: BTreeSet<Question> = BTreeSet::new();
        wanted.extend(evidence::questions(
            &self.all_files(),
            &self.world(Timestamp::MAX),
        ));
        if let Some(facts) = &self.ci {
            wanted.extend(definitions::questions(facts));
        }
        // Without evidence there is nothing that a target or a waiver could speak of.
        if !self.all_files().is_empty() {
            wanted.extend(evidence::imports::questions(&self.known));
        }
        wanted.retain(|question| self.outdated.contains(question) || !self.known.knows(question));
        self.checked.missing(&mut wanted);
        // What only evidence asks is asked again only while evidence asks it.
        let of_claims = |question: &&Question| {
            !matches!(
                question,
                Question::ChangedSince(_) | Question::LastTouched(_) | Question::NewestBefore(_)
            )
        };
        wanted.extend(self.outdated.iter().filter(of_claims).cloned());
        wanted.into_iter().collect()
    }

    /// The files of the repository and those of CI artifacts.
    fn all_files(&self) -> Vec<Arc<EvidenceFile>> {
        let mut files = self.evidence_files.clone();
        if let Some(ci) = &self.ci {
            files.extend_from_slice(&ci.files);
        }
        files
    }

    fn world(&self, now: Timestamp) -> evidence::World<'_> {
        evidence::World {
            repository: &self.repository,
            known: &self.known,
            ttl: self.policy.ttl,
            now,
        }
    }

    /// What the evidence files come to; made again when they, the world or, after a minute, their age changed.
    fn gather(&mut self, now: Timestamp) -> Arc<Gathering> {
        const FRESH: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);
        if let Some((at, gathered)) = &self.gathered
            && now.duration_since(*at).abs() < FRESH
        {
            return Arc::clone(gathered);
        }
        let mut merged = evidence::gather(&self.all_files(), &self.world(now));
        let imports = evidence::imports::read(&self.known);
        let mut problems = imports.problems;
        problems.extend(evidence::waivers::apply(
            &mut merged,
            &imports.waivers,
            &self.repository,
            now,
        ));
        let gathered = Arc::new(Gathering {
            evidence: Arc::new(merged),
            targets: imports.targets,
            problems,
        });
        self.gathered = Some((now, Arc::clone(&gathered)));
        gathered
    }

    /// The files that tools wrote.
    #[must_use]
    pub fn evidence_files(&self) -> &[Arc<EvidenceFile>] {
        &self.evidence_files
    }

    /// The document at a path.
    #[must_use]
    pub fn document(&self, path: &RepoPath) -> Option<&Arc<Report>> {
        self.documents.get(path)
    }

    /// Judges everything that was applied.
    #[must_use]
    pub fn assess(&mut self, now: Timestamp) -> Assessment {
        judge::assess(self, now)
    }

    /// The policy in force.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
}
