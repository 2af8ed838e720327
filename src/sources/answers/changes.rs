//! What commits changed, how much lies between two of them, and where the branch stands.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::commits::PLAIN_LOG;
use super::unknown;
use crate::model::{Answer, CommitId, PathChange, Question, RangeSize, RepoPath, Upstream};
use crate::sources::git::{Git, GitError};

/// Ranges measured in one batch: each costs three runs.
const RANGES: usize = 16;
/// Changed paths kept of one commit; a larger one is an import and says nothing of a file.
const PATHS: usize = 20_000;

pub(super) fn answer<'q>(git: &Git, questions: &[&'q Question], answers: &mut HashMap<&'q Question, Answer>) {
    let mut commits: BTreeSet<&'q CommitId> = BTreeSet::new();
    let mut measured = 0;
    for &question in questions {
        match question {
            Question::Changes(commit) => {
                commits.insert(commit);
            }
            Question::Range(from, to) => {
                measured += 1;
                let answer = if measured > RANGES {
                    Answer::Unknown(format!("only {RANGES} ranges are measured at once").into())
                } else {
                    range(git, from, to).map_or_else(|error| unknown(&error), Answer::Range)
                };
                answers.insert(question, answer);
            }
            Question::Upstream => {
                answers.insert(question, upstream(git));
            }
            _ => {}
        }
    }
    if commits.is_empty() {
        return;
    }
    let changes = changes(git, &commits);
    for &question in questions {
        let Question::Changes(commit) = question else {
            continue;
        };
        let answer = match &changes {
            Ok(changes) => match changes.get(commit) {
                Some(changes) if changes.len() <= PATHS => Answer::Changes(changes.as_slice().into()),
                Some(changes) => Answer::Unknown(format!("it changes {} files", changes.len()).into()),
                // A merge that takes over one side as it is, or an empty commit.
                None => Answer::Changes(Arc::default()),
            },
            Err(error) => unknown(error),
        };
        answers.insert(question, answer);
    }
}

/// The changes of each commit against its first parent, in one run.
fn changes(git: &Git, commits: &BTreeSet<&CommitId>) -> Result<HashMap<CommitId, Vec<PathChange>>, GitError> {
    let input: String = commits.iter().map(|commit| format!("{commit}\n")).collect();
    let mut args = PLAIN_LOG.to_vec();
    args.extend([
        "--no-walk=unsorted",
        "--stdin",
        "--first-parent",
        "-m",
        "--no-renames",
        "--raw",
        "--numstat",
    ]);
    args.extend(["--no-ext-diff", "--no-textconv", "--format=%x01%H"]);
    let output = git.read_with(&args, input.into_bytes())?;
    let mut found: HashMap<CommitId, Vec<PathChange>> = HashMap::new();
    let mut commit: Option<CommitId> = None;
    let mut fields = output
        .stdout
        .split(|&byte| byte == 0)
        .map(|field| field.strip_prefix(b"\n").unwrap_or(field));
    while let Some(field) = fields.next() {
        if let Some(id) = field.strip_prefix(b"\x01") {
            commit = std::str::from_utf8(id).ok().and_then(CommitId::new);
            continue;
        }
        let Some(changes) = commit.clone().map(|commit| found.entry(commit).or_default()) else {
            continue;
        };
        let text = String::from_utf8_lossy(field);
        if text.starts_with(':') {
            let how = text
                .rsplit(' ')
                .next()
                .and_then(|how| how.chars().next())
                .unwrap_or('M');
            let path = fields
                .next()
                .and_then(|path| RepoPath::new(std::str::from_utf8(path).ok()?));
            changes.extend(path.map(|path| PathChange {
                path,
                how,
                added: None,
                removed: None,
            }));
        } else {
            let mut parts = text.splitn(3, '\t');
            let (added, removed, path) = (parts.next(), parts.next(), parts.next());
            if let Some(change) = changes
                .iter_mut()
                .find(|change| Some(change.path.as_str()) == path)
            {
                change.added = added.and_then(|number| number.parse().ok());
                change.removed = removed.and_then(|number| number.parse().ok());
            }
        }
    }
    Ok(found)
}

fn range(git: &Git, from: &CommitId, to: &CommitId) -> Result<RangeSize, GitError> {
    let between = format!("{from}..{to}");
    let count = |args: &[&str]| -> Result<u32, GitError> {
        Ok(git.read(args)?.stdout_text().trim().parse().unwrap_or(0))
    };
    let commits = count(&["rev-list", "--count", &between, "--"])?;
    let plain_commits = count(&["rev-list", "--count", "--no-merges", &between, "--"])?;
    let output = git.read(&[
        "diff",
        "--shortstat",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules=all",
        from.as_str(),
        to.as_str(),
        "--",
    ])?;
    let text = output.stdout_text();
    let figure = |word: &str| {
        let part = text.split(',').find(|part| part.contains(word))?;
        part.split_whitespace().next()?.parse().ok()
    };
    Ok(RangeSize {
        commits,
        plain_commits,
        files: figure("file").unwrap_or(0),
        insertions: figure("insertion").unwrap_or(0),
        deletions: figure("deletion").unwrap_or(0),
    })
}

fn upstream(git: &Git) -> Answer {
    let args = [
        "for-each-ref",
        "--format=%(HEAD)%00%(upstream:short)%00%(upstream)",
        "refs/heads",
    ];
    let output = match git.read(&args) {
        Ok(output) => output,
        Err(error) => return unknown(&error),
    };
    let text = output.stdout_text();
    let present = text.lines().find_map(|line| line.strip_prefix("*\0"));
    let Some((name, whole)) = present.and_then(|rest| rest.split_once('\0')) else {
        return Answer::Upstream(None);
    };
    if whole.is_empty() {
        return Answer::Upstream(None);
    }
    let between = format!("HEAD...{whole}");
    let sides = git.read(&["rev-list", "--left-right", "--count", &between, "--"]);
    let mut upstream = Upstream {
        name: name.into(),
        ahead: 0,
        behind: 0,
        gone: false,
    };
    match sides {
        Ok(output) => {
            let text = output.stdout_text();
            let mut numbers = text.split_whitespace().map(|number| number.parse().unwrap_or(0));
            upstream.ahead = numbers.next().unwrap_or(0);
            upstream.behind = numbers.next().unwrap_or(0);
        }
        Err(_) => upstream.gone = true,
    }
    Answer::Upstream(Some(upstream))
}
