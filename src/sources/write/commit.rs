//! The user's own `git commit` for just the written files, or words why there is none.

use std::time::{Duration, Instant};

use crate::model::RepoPath;
use crate::sources::git::{
    self, Git, GitError, Head, Layout, Lock, PathState, head, index_lock, operation, path_states,
};

/// Said where there is no repository.
pub(super) const NO_GIT: &str = "this folder is no git repository: the change is written and not committed";
/// How long another git's lock is waited for.
const LOCK_TIME: Duration = Duration::from_secs(3);
/// Hooks may run a whole test suite.
const COMMIT_TIME: Duration = Duration::from_secs(600);

/// The repository as it stood before the files were written.
pub(super) struct Repository {
    layout: Layout,
    git: Git,
    before: Head,
    /// Why a commit will not be made.
    pub(super) refusal: Option<String>,
    /// The refusal is only that the files had changes before.
    only_changes: bool,
    /// Worth knowing though a commit is possible.
    pub(super) warnings: Vec<String>,
}

impl Repository {
    /// Looks at everything that decides whether a commit can be made.
    pub(super) fn look(layout: Layout, paths: &[RepoPath]) -> Self {
        let git = Git::new(&layout.root);
        let before = head(&layout);
        let mut warnings = Vec::new();
        if before.is_detached() {
            warnings.push(
                "HEAD is detached: the commit is on no branch; `git switch -c NAME` keeps it".to_owned(),
            );
        }
        let mut only_changes = false;
        let refusal = operation(&layout).map_or_else(
            || match path_states(&git, paths) {
                Ok(states) => {
                    let found = states_refusal(paths, &states);
                    only_changes = states.iter().all(|state| matches!(state, PathState::Clean | PathState::Changed));
                    found
                }
                Err(error) => Some(error_words(&error)),
            },
            |operation| {
                let words = operation.words();
                Some(format!(
                    "{words} is in progress: the change is written and not committed; finish {words} first, then commit"
                ))
            },
        );
        Self {
            layout,
            git,
            before,
            refusal,
            only_changes,
            warnings,
        }
    }

    /// Commits just these files. Gives the commit's full hash, or words why there is none.
    pub(super) fn commit(&self, paths: &[RepoPath], message: &str) -> Result<String, String> {
        if let Some(refusal) = &self.refusal {
            // Undoing an edit that was never committed leaves nothing to commit.
            let clean = self.only_changes
                && path_states(&self.git, paths)
                    .is_ok_and(|states| states.iter().all(|state| *state == PathState::Clean));
            return Err(if clean {
                "the files are as in the last commit again: there is nothing to commit".to_owned()
            } else {
                refusal.clone()
            });
        }
        let message = message_words(message);
        let mut args = vec!["commit", "--quiet", "--only", "-m", &message, "--"];
        args.extend(paths.iter().map(RepoPath::as_str));
        let until = Instant::now() + LOCK_TIME;
        let result = loop {
            if let Some(lock) = self.wait_for_lock(until) {
                return Err(lock_words(&lock));
            }
            match self.git.write(&args, COMMIT_TIME) {
                // Somebody took the lock in between.
                Err(GitError::Failed { stderr, .. })
                    if stderr.contains("index.lock") && Instant::now() < until =>
                {
                    std::thread::sleep(Duration::from_millis(50));
                }
                other => break other,
            }
        };
        match result {
            Ok(_) => self.new_commit(),
            Err(error) => {
                if let (true, Some(lock)) =
                    (error.own_words().contains("index.lock"), index_lock(&self.layout))
                {
                    return Err(lock_words(&lock));
                }
                Err(error_words(&error))
            }
        }
    }

    fn new_commit(&self) -> Result<String, String> {
        let after = git::head(&self.layout);
        match after.commit {
            Some(hash) if Some(&hash) != self.before.commit.as_ref() => Ok(hash),
            _ => Err("`git commit` ended well and made no commit".to_owned()),
        }
    }

    /// The lock, if it is still there at the end of the patience.
    fn wait_for_lock(&self, until: Instant) -> Option<Lock> {
        loop {
            let lock = index_lock(&self.layout)?;
            if Instant::now() >= until {
                return Some(lock);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn states_refusal(paths: &[RepoPath], states: &[PathState]) -> Option<String> {
    let named = |wanted: PathState| {
        let found = paths.iter().zip(states).filter(|(_, state)| **state == wanted);
        let names: Vec<String> = found.map(|(path, _)| format!("`{path}`")).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    if let Some(names) = named(PathState::Unmerged) {
        return Some(format!(
            "{names} has merge conflicts: the change is written and not committed"
        ));
    }
    if let Some(names) = named(PathState::Ignored) {
        return Some(format!(
            "git ignores {names}: the change is written and not committed"
        ));
    }
    if let Some(names) = named(PathState::Untracked) {
        return Some(format!(
            "git does not track {names} yet: the change is written and not committed; `git add` it to begin"
        ));
    }
    named(PathState::Changed).map(|names| {
        format!(
            "{names} had other uncommitted changes, which a commit would take along: \
             the change is written and not committed; commit when you are ready"
        )
    })
}

/// An error of `git commit` in words, the program's own kept whole.
fn error_words(error: &GitError) -> String {
    let own = error.own_words();
    let has = |words: &[&str]| words.iter().any(|word| own.contains(word));
    let what = match error {
        GitError::Missing => {
            return "`git` was not found on the PATH: the change is written and not committed".to_owned();
        }
        GitError::Start { .. } => return format!("{error}: the change is written and not committed"),
        GitError::TimedOut { seconds, .. } => {
            format!("`git commit` was ended after {seconds} s (a hook or a signing program that waits?)")
        }
        GitError::Failed { .. }
            if has(&[
                "tell me who you are",
                "user.email",
                "user.name",
                "empty ident",
                "auto-detect email",
            ]) =>
        {
            "git does not know who you are: set `git config user.name` and `git config user.email`".to_owned()
        }
        GitError::Failed { .. }
            if has(&[
                "gpg failed",
                "failed to sign",
                "failed to write commit object",
                "signing",
            ]) =>
        {
            "git could not sign the commit".to_owned()
        }
        GitError::Failed { .. } if has(&["safe.directory", "dubious ownership"]) => {
            "the folder belongs to another user, so git refuses".to_owned()
        }
        GitError::Failed { .. } => "`git commit` refused (a hook, perhaps)".to_owned(),
    };
    let tail = "the change is written and not committed";
    if own.is_empty() {
        format!("{what}; {tail}")
    } else {
        format!("{what}; {tail}\n{}", own.trim_end())
    }
}

fn lock_words(lock: &Lock) -> String {
    format!(
        "another git holds `{}` for {}: the change is written and not committed; \
         if no git is running, that file was left behind and may be removed",
        lock.path.display(),
        age_words(lock.age)
    )
}

fn age_words(age: Duration) -> String {
    match age.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} minutes", seconds / 60),
        seconds @ 7200..172_800 => format!("{} hours", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

/// A message that git takes as it is: no control characters, no line that it would take for a comment, never empty.
fn message_words(message: &str) -> String {
    let lines: Vec<String> = message
        .lines()
        .map(|line| crate::text::clean::clean(line).trim_end().to_owned())
        .collect();
    let message = lines.join("\n");
    let message = message.trim();
    if message.is_empty() {
        "Set a status".to_owned()
    } else {
        message.to_owned()
    }
}
