//! Evidence files to [`Gathered`]: bound to a commit and a time, mapped to the repository, merged.
//!
//! - [`binding`]: of which commit a file speaks, and whether it still speaks of HEAD.
//! - [`mapping`]: paths as tools write them to paths of the repository.
//! - [`scope`]: which changed files matter to which evidence.
//! - [`coverage`], [`findings`], [`cases`]: what the files come to together.
//! - [`imports`]: what the repository decided in its tools' files: [`codecov`] targets and [`waivers`].
//! - [`targets`]: the coverage targets in force.
//!
//! Not here: reading a tool's format (`formats`), asking git (`sources`), limits and targets (`verdict`). Invariants
//! (properties in `tests/it/evidence.rs`): pure and total; the order of files does not matter; nothing is counted
//! twice; what is not known is never better than aging.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::{
    Answer, At, Bound, CommitId, EvidenceFile, Gathered, Known, Question, RepoPath, Repository, Ttl,
};

pub mod binding;
pub mod cases;
pub mod codecov;
pub mod coverage;
pub mod findings;
pub mod imports;
pub mod mapping;
pub mod pieces;
pub mod scope;
pub mod supersede;
pub mod targets;
pub mod time;
pub mod waivers;

pub use pieces::pieces;

/// What is known of the world that evidence is held against.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The repository with its HEAD.
    pub repository: &'a Repository,
    /// Answers to [`questions`].
    pub known: &'a Known,
    /// How long evidence stays fresh.
    pub ttl: Ttl,
    /// The present.
    pub now: Timestamp,
}

impl World<'_> {
    /// HEAD.
    fn head(&self) -> Option<CommitId> {
        CommitId::new(self.repository.commit.as_deref()?)
    }

    /// The files of the repository, sorted; empty while they are not known.
    fn paths(&self) -> Arc<[RepoPath]> {
        match self.known.answer(&Question::Files(At::Worktree)) {
            Some(Answer::Paths(paths)) => Arc::clone(paths),
            _ => Arc::from([]),
        }
    }
}

/// What has to be known for [`gather`]; asked again with the answers until nothing new is asked.
#[must_use]
pub fn questions(files: &[Arc<EvidenceFile>], world: &World<'_>) -> Vec<Question> {
    if files.is_empty() {
        return Vec::new();
    }
    let mut all = vec![Question::Files(At::Worktree)];
    if let Some(head) = world.head() {
        all.push(Question::ChangedSince(head));
        for file in files {
            binding::ask(file, world, &mut all);
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Puts all evidence together. Total; what is not answered yet counts as not known.
#[must_use]
pub fn gather(files: &[Arc<EvidenceFile>], world: &World<'_>) -> Gathered {
    let mut files: Vec<_> = files.to_vec();
    // Equal sources can only come from two artifacts of one name; their content then decides.
    files.sort_by(|a, b| (&a.source, a.hash, a.format).cmp(&(&b.source, b.hash, b.format)));
    files.dedup();
    let paths = world.paths();
    let index = mapping::Index::new(&paths);
    let own: std::collections::HashSet<&str> = files
        .iter()
        .filter_map(|file| file.path.as_ref().map(RepoPath::as_str))
        .collect();
    let mapped: Vec<mapping::Mapped> = files
        .iter()
        .map(|file| mapping::Mapped::of(file, &index))
        .collect();
    let mut bound: Vec<Bound> = files
        .iter()
        .zip(&mapped)
        .map(|(file, mapped)| binding::bind(file, mapped, &own, world))
        .collect();
    supersede::mark(&mut bound, &mapped);
    Gathered {
        coverage: coverage::merge(&bound, &mapped),
        scans: findings::merge(&bound, &mapped),
        tests: cases::merge(&bound),
        files: bound,
    }
}
