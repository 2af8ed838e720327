//! The one write gate: plans onto the disk and into a commit, or words why not.
//!
//! Invariants, held by `tests/it/writeback.rs`: under read-only nothing is written; a file is written only if its
//! bytes are those that were planned on; at any moment a file is wholly old or wholly new; of several files all are
//! written or none; a failing commit loses nothing.

use std::path::{Path, PathBuf};

use crate::edit::{self, CannotEdit, Plan};
use crate::model::RepoPath;
use crate::sources::files::{DOCUMENT_CAP, FileError, read_in};
use crate::sources::git::Layout;
use crate::text::ContentHash;

mod commit;
mod replace;

use commit::Repository;
use replace::Staged;

/// Writes for one repository.
#[derive(Debug, Clone)]
pub struct Gate {
    root: PathBuf,
    read_only: bool,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Full hash of the new commit.
    pub commit: Option<String>,
    /// Why there is none, in words, possibly several lines; a hook's own words are in it.
    pub why_not_committed: Option<String>,
    /// The plans that bring the former bytes back.
    pub inverse: Vec<Plan>,
    /// What is worth knowing though it went well.
    pub warnings: Vec<String>,
}

/// Why nothing was written. Whatever it is, the files are as they were, except where the words say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// gonogo was told not to write.
    #[error("gonogo runs read-only: nothing was written")]
    ReadOnly,
    /// There was no plan.
    #[error("there is nothing to write")]
    Nothing,
    /// The content is not the one that was planned on; plan anew.
    #[error("`{0}` changed meanwhile: nothing was written")]
    Changed(RepoPath),
    /// Two plans cannot be joined.
    #[error("{0}")]
    Plan(CannotEdit),
    /// The file cannot be read, is no file, or leads out of the repository.
    #[error("{0}: nothing was written")]
    File(FileError),
    /// Larger than what was read.
    #[error("`{path}` is larger than {cap} MiB and was read in part: change it in your editor")]
    TooLarge {
        /// Which.
        path: RepoPath,
        /// The limit.
        cap: u64,
    },
    /// The file may not be written.
    #[error("`{0}` is read-only: nothing was written (`chmod u+w` would allow it)")]
    ReadOnlyFile(RepoPath),
    /// No file can be made in its folder.
    #[error("the folder of `{path}` cannot be written: {why}; nothing was written")]
    Folder {
        /// Which.
        path: RepoPath,
        /// The system's words.
        why: String,
    },
    /// The system refused.
    #[error("`{path}`: {doing} failed: {why}; nothing was written")]
    Io {
        /// Which.
        path: RepoPath,
        /// What was being done.
        doing: &'static str,
        /// The system's words.
        why: String,
    },
    /// Some files were written and could not be brought back.
    #[error("`{failed}` could not be written ({why}), and these could not be brought back and hold the new text: {}", .left.join(", "))]
    HalfWritten {
        /// The file that failed first.
        failed: RepoPath,
        /// The system's words.
        why: String,
        /// Files that hold the new text.
        left: Vec<String>,
    },
}

/// One file with its bytes before and after.
struct Target {
    plan: Plan,
    path: PathBuf,
    old: Vec<u8>,
    new: Vec<u8>,
}

impl Gate {
    /// The gate of the repository, or plain folder, with this top.
    #[must_use]
    pub fn new(root: &Path, read_only: bool) -> Self {
        Self {
            root: root.to_path_buf(),
            read_only,
        }
    }

    /// Whether this gate refuses everything.
    #[must_use]
    pub const fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// What will stand in the way of a commit of these documents, in words, before anything is written.
    #[must_use]
    pub fn foresee(&self, paths: &[RepoPath]) -> Vec<String> {
        let Some(layout) = Layout::at(&self.root) else {
            return vec![commit::NO_GIT.to_owned()];
        };
        let repository = Repository::look(layout, paths);
        repository
            .refusal
            .into_iter()
            .chain(repository.warnings)
            .collect()
    }

    /// Writes the plans, all or none, and commits just their files in one commit if `commit` is set.
    ///
    /// # Errors
    /// See [`WriteError`]. A commit that fails is no error: the files stay written and [`Written`] says why.
    pub fn apply(&self, plans: &[Plan], message: &str, commit: bool) -> Result<Written, WriteError> {
        if self.read_only {
            return Err(WriteError::ReadOnly);
        }
        let targets = self.targets(plans)?;
        let paths: Vec<RepoPath> = targets.iter().map(|target| target.plan.path.clone()).collect();
        let mut inverse = Vec::with_capacity(targets.len());
        for target in &targets {
            inverse.push(
                edit::inverse(&target.plan, &target.old)
                    .map_err(|error| refused(&target.plan.path, error))?,
            );
        }
        // Looked at before writing: afterwards every file has changes.
        let repository = commit
            .then(|| Layout::at(&self.root))
            .flatten()
            .map(|layout| Repository::look(layout, &paths));
        let mut warnings = replace_all(&self.root, &targets)?;
        let mut written = Written {
            inverse,
            ..Written::default()
        };
        match repository {
            Some(repository) => {
                let result = repository.commit(&paths, message);
                warnings.extend(repository.warnings);
                match result {
                    Ok(hash) => written.commit = Some(hash),
                    Err(why) => written.why_not_committed = Some(why),
                }
            }
            None if commit => written.why_not_committed = Some(commit::NO_GIT.to_owned()),
            None => written.why_not_committed = Some("no commit was asked for".to_owned()),
        }
        for target in &targets {
            let now = std::fs::read(&target.path).unwrap_or_default();
            if now != target.new {
                warnings.push(format!(
                    "`{}` was changed further after it was written (by a commit hook?): gonogo cannot undo it",
                    target.plan.path
                ));
            }
        }
        written.warnings = warnings;
        Ok(written)
    }

    /// Every file of the plans, read and compared, with its new bytes. Nothing is written here.
    fn targets(&self, plans: &[Plan]) -> Result<Vec<Target>, WriteError> {
        let mut joined: Vec<Plan> = Vec::new();
        for plan in plans {
            match joined.iter_mut().find(|known| known.path == plan.path) {
                Some(known) => {
                    *known = edit::merge(&[known.clone(), plan.clone()])
                        .map_err(|error| refused(&plan.path, error))?;
                }
                None => joined.push(plan.clone()),
            }
        }
        if joined.is_empty() {
            return Err(WriteError::Nothing);
        }
        let targets = joined.into_iter().map(|plan| {
            let (old, truncated) = read_in(&self.root, &plan.path, DOCUMENT_CAP).map_err(WriteError::File)?;
            if truncated.is_some() {
                return Err(WriteError::TooLarge {
                    path: plan.path,
                    cap: DOCUMENT_CAP >> 20,
                });
            }
            let new = edit::apply(&plan, &old).map_err(|error| refused(&plan.path, error))?;
            Ok(Target {
                path: self.root.join(plan.path.as_str()),
                plan,
                old: old.to_vec(),
                new,
            })
        });
        targets.collect()
    }
}

fn refused(path: &RepoPath, error: CannotEdit) -> WriteError {
    match error {
        CannotEdit::Changed(_) => WriteError::Changed(path.clone()),
        other => WriteError::Plan(other),
    }
}

/// Puts all new files beside the old ones, then lets each take the old one's place; on a failure, brings the earlier
/// ones back.
fn replace_all(root: &Path, targets: &[Target]) -> Result<Vec<String>, WriteError> {
    let mut warnings = Vec::new();
    let mut staged = Vec::with_capacity(targets.len());
    for target in targets {
        let (stage, warning) = Staged::new(&target.plan.path, &target.path, &target.new)?;
        warnings.extend(warning);
        staged.push(stage);
    }
    // As late as can be: somebody may have saved the file while the new ones were prepared.
    for target in targets {
        let (now, _) = read_in(root, &target.plan.path, DOCUMENT_CAP).map_err(WriteError::File)?;
        if ContentHash::of(&now) != target.plan.base {
            return Err(WriteError::Changed(target.plan.path.clone()));
        }
    }
    for (at, (stage, target)) in staged.into_iter().zip(targets).enumerate() {
        if let Err(why) = stage.take_place() {
            let earlier = targets.get(..at).unwrap_or_default();
            return Err(bring_back(earlier, &target.plan.path, why));
        }
    }
    Ok(warnings)
}

fn bring_back(earlier: &[Target], failed: &RepoPath, why: String) -> WriteError {
    let stuck = earlier.iter().filter(|target| {
        let stage = Staged::new(&target.plan.path, &target.path, &target.old);
        !stage.is_ok_and(|(stage, _)| stage.take_place().is_ok())
    });
    let left: Vec<String> = stuck.map(|target| target.plan.path.to_string()).collect();
    if left.is_empty() {
        return WriteError::Io {
            path: failed.clone(),
            doing: "putting the new file in the place of the old one",
            why,
        };
    }
    WriteError::HalfWritten {
        failed: failed.clone(),
        why,
        left,
    }
}
