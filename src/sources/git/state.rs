//! What stands in the way of a commit: an operation in progress, a lock, the state of the files themselves.

use std::path::PathBuf;
use std::time::Duration;

use super::{Git, GitError, Layout};
use crate::model::RepoPath;

/// Something that git is in the middle of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `git merge`
    Merge,
    /// `git rebase`
    Rebase,
    /// `git am`
    Am,
    /// `git cherry-pick`
    CherryPick,
    /// `git revert`
    Revert,
}

impl Operation {
    /// As a person says it: "a merge".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Merge => "a merge",
            Self::Rebase => "a rebase",
            Self::Am => "`git am`",
            Self::CherryPick => "a cherry-pick",
            Self::Revert => "a revert",
        }
    }
}

/// What git is in the middle of, if anything.
#[must_use]
pub fn operation(layout: &Layout) -> Option<Operation> {
    let has = |name: &str| layout.git_dir.join(name).exists();
    if has("rebase-apply/applying") {
        return Some(Operation::Am);
    }
    let signs = [
        ("rebase-merge", Operation::Rebase),
        ("rebase-apply", Operation::Rebase),
        ("MERGE_HEAD", Operation::Merge),
        ("CHERRY_PICK_HEAD", Operation::CherryPick),
        ("REVERT_HEAD", Operation::Revert),
    ];
    signs
        .into_iter()
        .find(|(name, _)| has(name))
        .map(|(_, operation)| operation)
}

/// git's lock on the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// The lock file.
    pub path: PathBuf,
    /// How long it has been there.
    pub age: Duration,
}

/// The lock on the index, if some git holds it or left it behind.
#[must_use]
pub fn index_lock(layout: &Layout) -> Option<Lock> {
    let path = layout.git_dir.join("index.lock");
    let metadata = std::fs::symlink_metadata(&path).ok()?;
    let age = metadata
        .modified()
        .ok()
        .and_then(|at| at.elapsed().ok())
        .unwrap_or_default();
    Some(Lock { path, age })
}

/// How a file stands against the last commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathState {
    /// Tracked, and as in the last commit.
    Clean,
    /// Tracked, with changes that are not committed.
    Changed,
    /// In the middle of a merge conflict.
    Unmerged,
    /// Not tracked.
    Untracked,
    /// Not tracked and ignored.
    Ignored,
}

/// How each of these files stands against the last commit.
///
/// # Errors
/// When git cannot say.
pub fn path_states(git: &Git, paths: &[RepoPath]) -> Result<Vec<PathState>, GitError> {
    let mut states = vec![PathState::Clean; paths.len()];
    let mut args = vec![
        "status",
        "--porcelain=v2",
        "-z",
        "--untracked-files=all",
        "--ignored=matching",
        "--no-renames",
        "--",
    ];
    args.extend(paths.iter().map(RepoPath::as_str));
    git.each_record(&args, &mut |record| {
        let record = String::from_utf8_lossy(record);
        let (state, fields) = match record.as_bytes().first() {
            Some(b'1') => (PathState::Changed, 8),
            Some(b'u') => (PathState::Unmerged, 10),
            Some(b'?') => (PathState::Untracked, 1),
            Some(b'!') => (PathState::Ignored, 1),
            _ => return,
        };
        let Some(named) = record.splitn(fields + 1, ' ').nth(fields) else {
            return;
        };
        for (path, known) in paths.iter().zip(&mut states) {
            // A wholly ignored or untracked folder stands for what is in it.
            let inside = named.ends_with('/') && path.as_str().starts_with(named);
            if inside || path.as_str() == named {
                *known = state;
            }
        }
    })?;
    Ok(states)
}
