//! Lists of paths: what differs from a commit, and which files there are.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;

use super::{sorted, unknown};
use crate::model::{Answer, At, CommitId, Question, RepoPath};
use crate::sources::git::{self, Git, GitError, Layout};

/// Commits that are compared with the disk in one batch: each one costs a look at every file.
const COMPARED: usize = 24;
/// Commits whose files are listed in one batch.
const LISTED: usize = 24;

pub(super) fn answer<'q>(
    layout: &Layout,
    git: &Git,
    questions: &[&'q Question],
    answers: &mut HashMap<&'q Question, Answer>,
) {
    let mut compared: BTreeMap<&'q CommitId, &'q Question> = BTreeMap::new();
    let mut listed: BTreeMap<&'q CommitId, &'q Question> = BTreeMap::new();
    let mut ignored: Vec<(&'q Question, &'q RepoPath)> = Vec::new();
    let mut written: Vec<(Timestamp, &'q Question)> = Vec::new();
    for &question in questions {
        match question {
            Question::ChangedSince(commit) => {
                compared.insert(commit, question);
            }
            Question::Files(At::Commit(commit)) => {
                listed.insert(commit, question);
            }
            Question::Ignored(path) => ignored.push((question, path)),
            Question::Files(At::Worktree) => {
                let files = in_worktree(layout, git);
                answers.insert(question, paths_or_why(files));
            }
            Question::WrittenAfter(at) => written.push((*at, question)),
            _ => {}
        }
    }
    tell_ignored(git, &ignored, answers);
    written_after(layout, &written, answers);
    for (number, (commit, question)) in compared.into_iter().enumerate() {
        let answer = if number < COMPARED {
            paths_or_why(changed_since(git, commit))
        } else {
            Answer::Unknown(format!("only {COMPARED} commits are compared with the files at once").into())
        };
        answers.insert(question, answer);
    }
    for (number, (commit, question)) in listed.into_iter().enumerate() {
        let answer = if number < LISTED {
            paths_or_why(in_commit(git, commit))
        } else {
            Answer::Unknown(format!("the files of only {LISTED} commits are listed at once").into())
        };
        answers.insert(question, answer);
    }
}

/// One run tells all of them.
fn tell_ignored<'q>(
    git: &Git,
    asked: &[(&'q Question, &'q RepoPath)],
    answers: &mut HashMap<&'q Question, Answer>,
) {
    if asked.is_empty() {
        return;
    }
    let mut input = Vec::new();
    // A colon in front would speak to git in its own language.
    for (_, path) in asked.iter().filter(|(_, path)| !path.as_str().starts_with(':')) {
        input.extend_from_slice(path.as_str().as_bytes());
        input.push(0);
    }
    let ignored: Result<HashSet<Vec<u8>>, GitError> =
        match git.read_with(&["check-ignore", "-z", "--stdin"], input) {
            Ok(output) => Ok(output
                .stdout
                .split(|&byte| byte == 0)
                .map(<[u8]>::to_vec)
                .collect()),
            // It ends so when it ignores none of them.
            Err(GitError::Failed { stderr, .. }) if stderr.trim().is_empty() => Ok(HashSet::new()),
            Err(error) => Err(error),
        };
    for (question, path) in asked {
        let answer = match &ignored {
            Ok(ignored) => Answer::Yes(ignored.contains(path.as_str().as_bytes())),
            Err(error) => unknown(error),
        };
        answers.insert(question, answer);
    }
}

fn paths_or_why(paths: Result<Arc<[RepoPath]>, GitError>) -> Answer {
    match paths {
        Ok(paths) => Answer::Paths(paths),
        Err(error) => unknown(&error),
    }
}

fn changed_since(git: &Git, commit: &CommitId) -> Result<Arc<[RepoPath]>, GitError> {
    let args = [
        "diff",
        "--name-only",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules=dirty",
        commit.as_str(),
        "--",
    ];
    gather(git, &args)
}

fn in_commit(git: &Git, commit: &CommitId) -> Result<Arc<[RepoPath]>, GitError> {
    gather(
        git,
        &[
            "ls-tree",
            "-r",
            "-z",
            "--name-only",
            "--full-tree",
            commit.as_str(),
        ],
    )
}

fn gather(git: &Git, args: &[&str]) -> Result<Arc<[RepoPath]>, GitError> {
    let mut paths = Vec::new();
    git.each_record(args, &mut |record| paths.extend(repo_path(record)))?;
    Ok(sorted(paths))
}

/// What is tracked and there, and what is there without being tracked or ignored.
fn in_worktree(layout: &Layout, git: &Git) -> Result<Arc<[RepoPath]>, GitError> {
    let (mut others, mut gone) = (Vec::new(), HashSet::new());
    let args = [
        "ls-files",
        "-t",
        "-z",
        "--others",
        "--deleted",
        "--exclude-standard",
    ];
    git.records_while(&args, None, &mut |record| {
        match record.split_at_checked(2) {
            Some((b"? ", path)) => others.extend(repo_path(path)),
            Some((b"R ", path)) => gone.extend(repo_path(path)),
            _ => {}
        }
        ControlFlow::Continue(())
    })?;
    git::tracked(layout, &mut |tracked| {
        if !tracked.skipped
            && let Some(path) = repo_path(tracked.path)
            && !gone.contains(&path)
        {
            others.push(path);
        }
    })?;
    Ok(sorted(others))
}

/// Tracked files that were written later: by the index where it says so, else by the disk. One look at the index serves
/// every time that is asked for.
fn written_after<'q>(
    layout: &Layout,
    asked: &[(Timestamp, &'q Question)],
    answers: &mut HashMap<&'q Question, Answer>,
) {
    let Some(earliest) = asked.iter().map(|(at, _)| *at).min() else {
        return;
    };
    let mut later: Vec<(Timestamp, RepoPath)> = Vec::new();
    let result = git::tracked(layout, &mut |tracked| {
        if tracked.skipped || tracked.special {
            return;
        }
        let remembered = tracked
            .written
            .and_then(|(seconds, nanos)| Timestamp::new(seconds.into(), i32::try_from(nanos).ok()?).ok());
        if remembered.is_some_and(|written| written <= earliest) {
            return;
        }
        let Some(path) = repo_path(tracked.path) else {
            return;
        };
        // What nobody can date counts as written just now.
        let written = remembered
            .or_else(|| on_disk(layout, &path))
            .unwrap_or(Timestamp::MAX);
        if written > earliest {
            later.push((written, path));
        }
    });
    later.sort_unstable();
    for &(at, question) in asked {
        let from = later.partition_point(|(written, _)| *written <= at);
        let answer = match &result {
            Ok(()) => Answer::Paths(sorted(
                later.iter().skip(from).map(|(_, path)| path.clone()).collect(),
            )),
            Err(error) => unknown(error),
        };
        answers.insert(question, answer);
    }
}

fn on_disk(layout: &Layout, path: &RepoPath) -> Option<Timestamp> {
    let metadata = std::fs::symlink_metadata(layout.root.join(path.as_str())).ok()?;
    Timestamp::try_from(metadata.modified().ok()?).ok()
}

/// A path as git names it; `None` for what cannot be named here: no UTF-8, a backslash.
fn repo_path(bytes: &[u8]) -> Option<RepoPath> {
    RepoPath::new(std::str::from_utf8(bytes).ok()?)
}
