//! What the core needs to know from the world, and the answers: questions are asked in one batch, and what nobody
//! answered stays unknown, which is never a pass and never true.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Commit, CommitId, RepoPath};

/// Where a file is looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// On disk, as it stands now.
    Worktree,
    /// In a commit.
    Commit(CommitId),
}

/// Something that only the world can tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Which commit a revision names: a hash of four or more digits, a branch, a tag, `HEAD`. Answer: [`Answer::Commit`].
    Commit(Box<str>),
    /// Which paths differ between a commit and the files on disk, untracked ones left out. Answer: [`Answer::Paths`].
    ChangedSince(CommitId),
    /// The newest commit up to HEAD that touched a path. Answer: [`Answer::Commit`].
    LastTouched(RepoPath),
    /// The newest commit on HEAD's line that is not younger than this. Answer: [`Answer::Commit`].
    NewestBefore(Timestamp),
    /// Tracked files that were last written on disk after this, as git's index remembers it. Answer: [`Answer::Paths`].
    WrittenAfter(Timestamp),
    /// What lies at a path. Answer: [`Answer::Entry`].
    Entry(At, RepoPath),
    /// The bytes of a file. Answer: [`Answer::Bytes`].
    Bytes(At, RepoPath),
    /// All files, sorted. Answer: [`Answer::Paths`].
    Files(At),
}

impl Question {
    /// The answer stays as it is: it speaks of one commit only.
    #[must_use]
    pub const fn is_fixed(&self) -> bool {
        matches!(
            self,
            Self::Entry(At::Commit(_), _) | Self::Bytes(At::Commit(_), _) | Self::Files(At::Commit(_))
        )
    }
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A commit, or that there is none such in this repository.
    Commit(Option<Arc<Commit>>),
    /// Paths, sorted.
    Paths(Arc<[RepoPath]>),
    /// What lies at a path, or that nothing does.
    Entry(Option<Entry>),
    /// A file's bytes, or that there is no file.
    Bytes(Option<Arc<[u8]>>),
    /// It could not be found out, and why: a bound was reached, git failed, there is no git.
    Unknown(Box<str>),
}

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Bytes of a file; 0 for others.
    pub size: u64,
}

/// The kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A file.
    File,
    /// A file with the executable bit.
    Executable,
    /// A folder.
    Folder,
    /// A symbolic link; it is never followed.
    Link,
    /// A submodule.
    Submodule,
}

/// All answers so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    answers: HashMap<Question, Answer>,
}

impl Known {
    /// Takes an answer; a later one to the same question replaces the earlier.
    pub fn learn(&mut self, question: Question, answer: Answer) {
        self.answers.insert(question, answer);
    }

    /// The answer, where there is one.
    #[must_use]
    pub fn answer(&self, question: &Question) -> Option<&Answer> {
        self.answers.get(question)
    }

    /// Whether the question was answered.
    #[must_use]
    pub fn knows(&self, question: &Question) -> bool {
        self.answers.contains_key(question)
    }

    /// The answered questions whose answer another commit or another file on disk may change.
    #[must_use]
    pub fn movable(&self) -> BTreeSet<Question> {
        let movable = |question: &&Question| !question.is_fixed();
        self.answers.keys().filter(movable).cloned().collect()
    }

    /// Forgets the answers that `keep` does not want any more.
    pub fn retain(&mut self, mut keep: impl FnMut(&Question) -> bool) {
        self.answers.retain(|question, _| keep(question));
    }
}
