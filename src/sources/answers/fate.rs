//! What became of paths that a commit of HEAD's line has and HEAD has not.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::commits::{PLAIN_LOG, describe};
use super::history::{LOOK_UPS, Line, LookUp};
use crate::model::{Answer, CommitId, Fate, Question, RepoPath};
use crate::sources::git::{Git, GitError};

pub(super) fn fates<'q>(
    git: &Git,
    line: &Line,
    asked: &[(&'q Question, &'q CommitId, &'q RepoPath)],
    answers: &mut HashMap<&'q Question, Answer>,
) -> Result<(), GitError> {
    if asked.is_empty() {
        return Ok(());
    }
    let numbers: HashMap<&CommitId, usize> = line.commits.iter().zip(0..).collect();
    let mut look_up = LookUp {
        git,
        line,
        known: HashMap::new(),
        left: LOOK_UPS,
    };
    let paths: Vec<&RepoPath> = asked.iter().map(|(_, _, path)| *path).collect();
    let gap = |(number, (_, commit, _)): (usize, &(&Question, &CommitId, &RepoPath))| {
        numbers.get(commit).map(|&old| (number, 0, old))
    };
    let gaps: Vec<_> = asked.iter().enumerate().filter_map(gap).collect();
    let ends = gaps
        .iter()
        .flat_map(|&(path, new, old)| [(path, new), (path, old)])
        .collect();
    look_up.look(&paths, &ends)?;
    // Only where it is gone today is there anything to seek.
    let gone: Vec<_> = gaps
        .into_iter()
        .filter(|&(path, new, old)| {
            let has = |at: usize| matches!(look_up.known.get(&(path, at)), Some(Some(_)));
            !has(new) && has(old)
        })
        .collect();
    let removed = removals(&mut look_up, &paths, gone)?;
    let commits: BTreeSet<&CommitId> = removed.values().filter_map(|&at| line.commits.get(at)).collect();
    let described = describe(git, &commits)?;
    let renames = renames(git, &commits)?;
    for (number, (question, _, path)) in asked.iter().enumerate() {
        let fate = removed
            .get(&number)
            .and_then(|&at| line.commits.get(at))
            .and_then(|id| {
                let to = renames.get(&(id.clone(), (*path).clone())).cloned();
                Some(Arc::new(Fate {
                    commit: Arc::clone(described.get(id)?),
                    to,
                }))
            });
        answers.insert(question, Answer::Fate(fate));
    }
    Ok(())
}

/// The commit that took each path away: where there and gone are neighbours.
fn removals(
    look_up: &mut LookUp<'_>,
    paths: &[&RepoPath],
    mut gaps: Vec<(usize, usize, usize)>,
) -> Result<BTreeMap<usize, usize>, GitError> {
    let mut removed = BTreeMap::new();
    while !gaps.is_empty() {
        let wanted = gaps
            .iter()
            .map(|&(path, new, old)| (path, usize::midpoint(new, old)))
            .collect();
        look_up.look(paths, &wanted)?;
        let mut next = Vec::new();
        for (path, new, old) in gaps {
            let middle = usize::midpoint(new, old);
            if old - new <= 1 {
                removed.insert(path, new);
            } else if matches!(look_up.known.get(&(path, middle)), Some(Some(_))) {
                next.push((path, new, middle));
            } else {
                next.push((path, middle, old));
            }
        }
        gaps = next;
    }
    Ok(removed)
}

/// What was renamed by each commit.
fn renames(
    git: &Git,
    commits: &BTreeSet<&CommitId>,
) -> Result<HashMap<(CommitId, RepoPath), RepoPath>, GitError> {
    let mut renames = HashMap::new();
    if commits.is_empty() {
        return Ok(renames);
    }
    let input: String = commits.iter().map(|commit| format!("{commit}\n")).collect();
    let mut args = PLAIN_LOG.to_vec();
    args.extend([
        "--no-walk=unsorted",
        "--stdin",
        "--first-parent",
        "-m",
        "-M",
        "-l1000",
        "--diff-filter=R",
    ]);
    args.extend([
        "--name-status",
        "--no-ext-diff",
        "--no-textconv",
        "--format=%x01%H",
    ]);
    let output = git.read_with(&args, input.into_bytes())?;
    let mut commit = None;
    let mut fields = output
        .stdout
        .split(|&byte| byte == 0)
        .map(|field| field.strip_prefix(b"\n").unwrap_or(field));
    let path = |field: Option<&[u8]>| RepoPath::new(std::str::from_utf8(field?).ok()?);
    while let Some(field) = fields.next() {
        if let Some(id) = field.strip_prefix(b"\x01") {
            commit = std::str::from_utf8(id).ok().and_then(CommitId::new);
        } else if field.starts_with(b"R") {
            let (old, new) = (path(fields.next()), path(fields.next()));
            if let (Some(commit), Some(old), Some(new)) = (&commit, old, new) {
                renames.insert((commit.clone(), old), new);
            }
        }
    }
    Ok(renames)
}
