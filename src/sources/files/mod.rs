//! Which Markdown files a repository has, and their bytes.
//!
//! Tracked paths come from git's index, untracked ones and "dirty" from one `git status` beside it, so that the first
//! documents are read long before git has looked at every file; without git the folder is walked. Not here: whether a
//! document is a readiness report (`report` decides by content and name).

use std::path::{Path, PathBuf};

use crate::model::{Policy, Problem, ProblemSeverity, RepoPath, Repository};
use crate::sources::evidence::{Places, Rules};
use crate::sources::git::{self, Layout};

mod choose;
mod load;
mod read;
#[cfg(test)]
mod tests;
mod walk;

pub use choose::{Choice, Chooser};
pub use load::{Progress, load, read_candidate};
pub use read::{DOCUMENT_CAP, FileError, beginning, entry_in, inside, read, read_in};

/// Names of our own temporary files begin so; see `sources::write`.
pub const TEMPORARY_PREFIX: &str = ".gonogo-";

/// What a repository holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The top folder.
    pub root: PathBuf,
    /// Facts for the first line and the JSON.
    pub repository: Repository,
    /// Markdown files to read, by path.
    pub markdown: Vec<Candidate>,
    /// Markdown files, and in a plain folder whole folders, that are left out, and why.
    pub left_out: Vec<(RepoPath, &'static str)>,
    /// Where evidence may lie.
    pub evidence: Places,
    /// What could not be listed.
    pub problems: Vec<Problem>,
}

/// A Markdown file to read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Where it lies.
    pub path: RepoPath,
    /// What the configuration says of it.
    pub counts: Option<bool>,
    /// git tracks it.
    pub tracked: bool,
}

/// What `git status` adds to the tracked files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rest {
    /// Tracked files differ from HEAD.
    pub dirty: bool,
    /// Untracked Markdown files that are not ignored, by path.
    pub untracked: Vec<Candidate>,
    /// As in [`Listing`].
    pub left_out: Vec<(RepoPath, &'static str)>,
    /// As in [`Listing`].
    pub evidence: Places,
    /// As in [`Listing`].
    pub problems: Vec<Problem>,
    /// Untracked files of every kind.
    pub files: u32,
}

/// Lists everything: [`list_tracked`] and [`list_rest`] side by side.
#[must_use]
pub fn list(root: &Path, policy: &Policy) -> Listing {
    let (mut listing, rest) = std::thread::scope(|scope| {
        let rest = scope.spawn(|| list_rest(root, policy));
        (list_tracked(root, policy), rest.join())
    });
    match rest {
        Ok(rest) => listing.add(rest),
        Err(_) => listing.problems.push(Problem {
            severity: ProblemSeverity::Error,
            at: Box::default(),
            what: "listing the untracked files failed by a bug".into(),
            hint: None,
        }),
    }
    listing
}

/// Lists what can be had at once: in a git repository the tracked files, branch and commit; elsewhere everything.
#[must_use]
pub fn list_tracked(root: &Path, policy: &Policy) -> Listing {
    let (chooser, problems) = Chooser::new(policy);
    let mut listing = Listing {
        root: root.to_path_buf(),
        problems,
        ..Listing::default()
    };
    listing.repository.name = folder_name(root).into();
    match Layout::at(root) {
        Some(layout) => tracked(&layout, &chooser, &Rules::new(policy).0, &mut listing),
        None if git::is_bare(root) => listing.problems.push(Problem {
            severity: ProblemSeverity::Error,
            at: Box::default(),
            what: format!(
                "`{}` is a bare repository: it has no files to read",
                root.display()
            )
            .into(),
            hint: Some("run gonogo in a clone or worktree of it".into()),
        }),
        None => {
            listing.evidence.everything = true;
            walk::walk(&chooser, &mut listing);
        }
    }
    listing.markdown.sort_unstable();
    listing.left_out.sort_unstable();
    listing.sum_up();
    listing
}

fn tracked(layout: &Layout, chooser: &Chooser, rules: &Rules, listing: &mut Listing) {
    let head = git::head(layout);
    listing.repository.git = true;
    listing.repository.branch = head.branch.map(Into::into);
    listing.repository.commit = head.commit.map(Into::into);
    if let Some(name) = git::origin_name(layout) {
        listing.repository.name = crate::text::clean::clean(&name).into();
    }
    let mut files = 0_usize;
    let result = git::tracked(layout, &mut |entry| {
        files += 1;
        if !chooser.may_be_document(entry.path) {
            if !entry.skipped && !entry.special {
                listing.evidence.tracked.extend(evidence(entry.path, rules));
            }
            return;
        }
        let Some(path) = repo_path(entry.path, chooser, &mut listing.problems) else {
            return;
        };
        if entry.skipped {
            listing.left_out.push((path, "not checked out"));
        } else if entry.special {
            listing.left_out.push((path, "symbolic link"));
        } else {
            let place = (&mut listing.markdown, &mut listing.left_out);
            chooser.place(path, true, place);
        }
    });
    listing.repository.files = count(files);
    if let Err(error) = result {
        listing.problems.push(Problem {
            severity: ProblemSeverity::Error,
            at: ".git/index".into(),
            what: format!("the tracked files could not be listed: {error}").into(),
            hint: Some("see what `git status` says in this folder".into()),
        });
    }
}

/// Lists what git needs time for: untracked files and whether anything is changed. Empty outside of git.
#[must_use]
pub fn list_rest(root: &Path, policy: &Policy) -> Rest {
    let mut rest = Rest::default();
    if Layout::at(root).is_none() {
        return rest;
    }
    let (chooser, _) = Chooser::new(policy);
    let (rules, _) = Rules::new(policy);
    let args = [
        "status",
        "--porcelain=v2",
        "-z",
        "--untracked-files=all",
        // What tools write is mostly ignored; a wholly ignored folder is one record and not entered by git.
        "--ignored=matching",
        "--no-renames",
    ];
    let result = git::Git::new(root).each_record(&args, &mut |record| match record {
        [b'?', b' ', path @ ..] => {
            rest.files = rest.files.saturating_add(1);
            if chooser.may_be_document(path)
                && let Some(path) = repo_path(path, &chooser, &mut rest.problems)
            {
                chooser.place(path, false, (&mut rest.untracked, &mut rest.left_out));
            } else {
                rest.evidence.others.extend(evidence(path, &rules));
            }
        }
        [b'!', b' ', folder @ .., b'/'] => {
            let folder = std::str::from_utf8(folder).ok().and_then(RepoPath::new);
            rest.evidence.folders.extend(folder);
        }
        [b'!', b' ', path @ ..] => rest.evidence.others.extend(evidence(path, &rules)),
        [b'1' | b'2' | b'u', b' ', ..] => rest.dirty = true,
        _ => {}
    });
    if let Err(error) = result {
        let words = error.own_words();
        let hint = if words.contains("safe.directory") {
            "the folder belongs to another user: allow it with `git config --global --add safe.directory`, as git says"
        } else {
            "untracked reports are missing from this judgement; see what `git status` says in this folder"
        };
        rest.problems.push(Problem {
            severity: ProblemSeverity::Error,
            at: Box::default(),
            what: format!("untracked and changed files could not be listed: {error}").into(),
            hint: Some(hint.into()),
        });
    }
    rest.untracked.sort_unstable();
    rest
}

impl Listing {
    /// Takes in what came later.
    pub fn add(&mut self, rest: Rest) {
        self.repository.dirty = rest.dirty;
        self.repository.files = self.repository.files.saturating_add(rest.files);
        self.markdown.extend(rest.untracked);
        self.markdown.sort_unstable();
        self.markdown.dedup_by(|a, b| a.path == b.path);
        self.evidence.add(rest.evidence);
        self.left_out.extend(rest.left_out);
        self.left_out.sort_unstable();
        self.problems.extend(rest.problems);
        self.sum_up();
    }

    /// What the first screen of a repository without reports tells.
    fn sum_up(&mut self) {
        const TOLD: usize = 8;
        self.repository.markdown = count(self.markdown.len());
        let left_out = self.left_out.iter().take(TOLD);
        self.repository.left_out = left_out.map(|(path, why)| (path.as_str().into(), *why)).collect();
    }

    /// The folders that hold documents, each once, for [`crate::sources::watch`].
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        let mut folders: Vec<&str> = self
            .markdown
            .iter()
            .map(|candidate| candidate.path.folder())
            .collect();
        folders.sort_unstable();
        folders.dedup();
        folders.into_iter().map(|folder| self.root.join(folder)).collect()
    }
}

/// A path as git or the disk names it; `None`, with a problem, when it cannot be spoken of.
fn repo_path(raw: &[u8], chooser: &Chooser, problems: &mut Vec<Problem>) -> Option<RepoPath> {
    let path = std::str::from_utf8(raw).ok().and_then(RepoPath::new);
    if path.is_none() {
        let shown = String::from_utf8_lossy(raw);
        // A document that would have been read holds the verdict; one in a folder that is left out does not.
        let meant = RepoPath::new(&shown.replace('\\', "_"))
            .is_none_or(|path| matches!(chooser.choose(&path), Choice::Read(_)));
        problems.push(Problem {
            severity: if meant {
                ProblemSeverity::Error
            } else {
                ProblemSeverity::Note
            },
            at: crate::text::clean::clean(&shown).into(),
            what: "the file's name is not UTF-8 or holds a backslash, so it was not read".into(),
            hint: Some("rename the file".into()),
        });
    }
    path
}

/// A path that may be evidence.
fn evidence(raw: &[u8], rules: &Rules) -> Option<RepoPath> {
    if !rules.may_be_evidence(raw) {
        return None;
    }
    let path = RepoPath::new(std::str::from_utf8(raw).ok()?)?;
    rules.wants(&path).then_some(path)
}

fn folder_name(root: &Path) -> String {
    let whole = root.canonicalize();
    let name = whole.as_deref().unwrap_or(root).file_name();
    let name = name.map_or_else(|| root.to_string_lossy(), std::ffi::OsStr::to_string_lossy);
    crate::text::clean::clean(&name).into_owned()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
