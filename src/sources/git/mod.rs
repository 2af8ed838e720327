//! git: where a repository lies, what it tracks, where it stands, and the user's own `git` for everything else.
//!
//! What is asked at every start (tracked paths, branch, commit) is read from the files themselves, because starting
//! a program costs more than the answer; anything odd there is left to `git`.

use std::path::{Path, PathBuf};

mod head;
mod index;
mod run;
mod state;

pub use head::{Head, head, origin_name};
pub use index::{Tracked, tracked};
pub use run::{Git, GitError, Output};
pub use state::{Lock, Operation, PathState, index_lock, operation, path_states};

/// The folders of a repository with a working tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Top of the working tree.
    pub root: PathBuf,
    /// HEAD and index: `.git`, or the worktree's or submodule's own folder.
    pub git_dir: PathBuf,
    /// Refs and objects: the same, except in a linked worktree.
    pub common_dir: PathBuf,
}

impl Layout {
    /// The repository whose top is exactly this folder.
    #[must_use]
    pub fn at(root: &Path) -> Option<Self> {
        let dot = root.join(".git");
        let git_dir = if dot.is_dir() {
            dot
        } else {
            let text = small_text(&dot)?;
            let named = text
                .trim_end_matches(['\n', '\r'])
                .strip_prefix("gitdir: ")?
                .to_owned();
            root.join(named)
        };
        if !git_dir.join("HEAD").exists() && std::fs::symlink_metadata(git_dir.join("HEAD")).is_err() {
            return None;
        }
        let common_dir = small_text(&git_dir.join("commondir"))
            .map_or_else(|| git_dir.clone(), |named| git_dir.join(named.trim_end()));
        Some(Self {
            root: root.to_path_buf(),
            git_dir,
            common_dir,
        })
    }

    /// It is the working tree of another repository's submodule or a linked worktree.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        self.git_dir != self.root.join(".git")
    }
}

/// The repository that holds `start`, searched upwards.
#[must_use]
pub fn find_root(start: &Path) -> Option<Layout> {
    let start = start.canonicalize().ok()?;
    start.ancestors().find_map(Layout::at)
}

/// Whether a folder is a bare repository, which has no files to read.
#[must_use]
pub fn is_bare(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

/// A small text file of git's; `None` when it is not there, too large or not UTF-8.
pub(super) fn small_text(path: &Path) -> Option<String> {
    let metadata = std::fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > 1 << 20 {
        return None;
    }
    std::fs::read_to_string(path).ok()
}
