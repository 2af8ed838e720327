//! Answers what the core asks about the world ([`Question`]): commits, paths and bytes, from the user's git and the disk.
//!
//! Not here: what an answer means. Invariants: a fixed number of processes for any number of questions (one more for
//! each commit that is compared with the disk or listed, and these are bounded); nothing is followed out of the
//! repository; what could not be found out is [`Answer::Unknown`] with its reason, never an empty answer.
//! Tests: `tests.rs`.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::model::{Answer, At, Question, RepoPath};
use crate::sources::files::{self, FileError};
use crate::sources::git::{Git, GitError, Layout};

mod changes;
mod commits;
mod fate;
mod history;
mod lines;
mod objects;
mod paths;
#[cfg(test)]
mod tests;

/// A file is read up to this size.
const BYTES_CAP: u64 = 8 << 20;

/// Answers each question once. The order of the answers is that of the questions.
#[must_use]
pub fn answer(root: &Path, questions: &[Question]) -> Vec<(Question, Answer)> {
    let mut answers: HashMap<&Question, Answer> = HashMap::new();
    for question in questions {
        match question {
            Question::Entry(At::Worktree, path) => {
                answers.insert(question, entry(root, path));
            }
            Question::Bytes(At::Worktree, path) => {
                answers.insert(question, bytes(root, path));
            }
            _ => {}
        }
    }
    let rest: Vec<&Question> = questions
        .iter()
        .filter(|question| !answers.contains_key(question))
        .collect();
    if !rest.is_empty() {
        match Layout::at(root) {
            Some(layout) => ask_git(&layout, &rest, &mut answers),
            None => tell_all(&rest, "there is no git repository", &mut answers),
        }
    }
    let missed = || Answer::Unknown("nothing answered this".into());
    questions
        .iter()
        .map(|question| {
            (
                question.clone(),
                answers.get(question).cloned().unwrap_or_else(missed),
            )
        })
        .collect()
}

fn ask_git<'q>(layout: &Layout, questions: &[&'q Question], answers: &mut HashMap<&'q Question, Answer>) {
    let git = Git::new(&layout.root);
    commits::answer(layout, &git, questions, answers);
    objects::answer(&git, questions, answers);
    changes::answer(&git, questions, answers);
    history::answer(&layout.root, &git, questions, answers);
    paths::answer(layout, &git, questions, answers);
}

fn entry(root: &Path, path: &RepoPath) -> Answer {
    match files::entry_in(root, path) {
        Ok(entry) => Answer::Entry(entry),
        Err(error) => Answer::Unknown(error.to_string().into()),
    }
}

fn bytes(root: &Path, path: &RepoPath) -> Answer {
    match files::read_in(root, path, BYTES_CAP) {
        Ok((bytes, None)) => Answer::Bytes(Some(bytes)),
        Ok((_, Some(truncated))) => too_large(truncated.size),
        // A link or a folder is no file; what it leads to is not asked.
        Err(FileError::Missing(_) | FileError::NotAFile { .. } | FileError::Link(_)) => Answer::Bytes(None),
        Err(error) => Answer::Unknown(error.to_string().into()),
    }
}

fn too_large(size: u64) -> Answer {
    Answer::Unknown(format!("it has {size} bytes; gonogo reads files of at most {BYTES_CAP} for this").into())
}

/// The same reason for all of them.
fn tell_all<'q>(questions: &[&'q Question], why: &str, answers: &mut HashMap<&'q Question, Answer>) {
    let why: Box<str> = why.into();
    for question in questions {
        answers.insert(question, Answer::Unknown(why.clone()));
    }
}

/// git's refusal in words.
fn unknown(error: &GitError) -> Answer {
    Answer::Unknown(error.to_string().into())
}

/// Sorted, shared paths.
fn sorted(mut paths: Vec<RepoPath>) -> Arc<[RepoPath]> {
    paths.sort_unstable();
    paths.dedup();
    paths.into()
}
