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
    /// Which commit each line of a document on disk is from. Answer: [`Answer::Blame`].
    Blame(RepoPath),
    /// What became of a path that a commit of HEAD's line has and HEAD has not. Answer: [`Answer::Fate`].
    Fate(CommitId, RepoPath),
    /// Whether git is told to ignore a path. Answer: [`Answer::Yes`].
    Ignored(RepoPath),
    /// What a commit changed, against its first parent. Answer: [`Answer::Changes`].
    Changes(CommitId),
    /// How much lies between two commits, the first one left out. Answer: [`Answer::Range`].
    Range(CommitId, CommitId),
    /// Where the present branch stands to the branch that it follows, as of the last fetch. Answer: [`Answer::Upstream`].
    Upstream,
}

impl Question {
    /// The answer stays as it is: it speaks of one commit only.
    #[must_use]
    pub const fn is_fixed(&self) -> bool {
        matches!(
            self,
            Self::Entry(At::Commit(_), _)
                | Self::Bytes(At::Commit(_), _)
                | Self::Files(At::Commit(_))
                | Self::Changes(_)
                | Self::Range(..)
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
    /// The commits of a document's lines.
    Blame(Arc<Blame>),
    /// What became of a path; `None` when HEAD still has it.
    Fate(Option<Arc<Fate>>),
    /// Yes or no.
    Yes(bool),
    /// What a commit changed, by path.
    Changes(Arc<[PathChange]>),
    /// What lies between two commits.
    Range(RangeSize),
    /// Where the branch stands; `None` when it follows none.
    Upstream(Option<Upstream>),
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

/// Which commit each line of a document is from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blame {
    /// The commits, each once.
    pub commits: Vec<Arc<Commit>>,
    /// For each line an index into [`Self::commits`]; `None` for a line that is not committed.
    pub lines: Vec<Option<u32>>,
}

impl Blame {
    /// The commit of a 1-based line; `None` when it is not committed, or there is no such line.
    #[must_use]
    pub fn commit(&self, line: u32) -> Option<&Arc<Commit>> {
        let at = (*self.lines.get((line as usize).checked_sub(1)?)?)?;
        self.commits.get(at as usize)
    }
}

/// What became of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// The commit that took it away.
    pub commit: Arc<Commit>,
    /// Where the same content went.
    pub to: Option<RepoPath>,
}

/// What a commit did to one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathChange {
    /// The path; after a rename the new one.
    pub path: RepoPath,
    /// `A` added, `M` modified, `D` deleted, `T` another kind of file.
    pub how: char,
    /// Lines added; `None` for a binary file.
    pub added: Option<u32>,
    /// Lines removed; `None` for a binary file.
    pub removed: Option<u32>,
}

/// What lies between two commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RangeSize {
    /// Commits.
    pub commits: u32,
    /// Of these, those that are no merges.
    pub plain_commits: u32,
    /// Files that differ.
    pub files: u32,
    /// Lines inserted.
    pub insertions: u32,
    /// Lines deleted.
    pub deletions: u32,
}

/// Where a branch stands to the one that it follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Its short name, `origin/main`.
    pub name: Box<str>,
    /// Commits that it does not have.
    pub ahead: u32,
    /// Commits that only it has.
    pub behind: u32,
    /// It is gone.
    pub gone: bool,
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
