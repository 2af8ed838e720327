//! How paths changed along HEAD's own line of commits: which commit each line of a document is from, and which commit
//! took a path away.
//!
//! The line is not walked commit by commit: a path is looked up in many commits at once, and only where two of them
//! differ the commit between is sought by halving. Fewer commits than that are all looked at. A path that changed and
//! changed back between two looked-up commits seems unchanged, which for both questions is as good.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use super::commits::describe;
use super::fate::fates;
use super::lines::{Hunks, Tracker, read_hunks};
use super::objects::{self, Object};
use super::unknown;
use crate::model::{Answer, Blame, CommitId, Question, RepoPath};
use crate::sources::files;
use crate::sources::git::{Git, GitError};

/// Look-ups of the first round.
const SAMPLES: usize = 8_000;
/// Look-ups of all rounds together; what is not found then is not sought further.
pub(super) const LOOK_UPS: usize = 60_000;
/// A diff that shows lines only, whatever the configuration says.
const PLAIN_DIFF: [&str; 10] = [
    "-p",
    "-U0",
    "--inter-hunk-context=0",
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--ignore-submodules=all",
];
/// Paths given to one git.
const PATHS_AT_ONCE: usize = 1_000;

pub(super) fn answer<'q>(
    root: &Path,
    git: &Git,
    questions: &[&'q Question],
    answers: &mut HashMap<&'q Question, Answer>,
) {
    let mut blamed: Vec<(&'q Question, &'q RepoPath)> = Vec::new();
    let mut lost: Vec<(&'q Question, &'q CommitId, &'q RepoPath)> = Vec::new();
    for &question in questions {
        match question {
            Question::Blame(path) => blamed.push((question, path)),
            Question::Fate(commit, path) => lost.push((question, commit, path)),
            _ => {}
        }
    }
    if blamed.is_empty() && lost.is_empty() {
        return;
    }
    let line = match Line::read(git) {
        Ok(line) => line,
        Err(error) => {
            let asked = blamed.iter().map(|(question, _)| *question);
            for question in asked.chain(lost.iter().map(|(question, ..)| *question)) {
                answers.insert(question, unknown(&error));
            }
            return;
        }
    };
    if let Err(error) = blame(root, git, &line, &blamed, answers) {
        for (question, _) in &blamed {
            answers.entry(question).or_insert_with(|| unknown(&error));
        }
    }
    if let Err(error) = fates(git, &line, &lost, answers) {
        for (question, ..) in &lost {
            answers.entry(question).or_insert_with(|| unknown(&error));
        }
    }
}

/// HEAD's own line of commits, newest first.
pub(super) struct Line {
    pub(super) commits: Vec<CommitId>,
}

impl Line {
    fn read(git: &Git) -> Result<Self, GitError> {
        let output = git.read(&["rev-list", "--first-parent", "HEAD", "--"])?;
        let commits = output.stdout_text().lines().filter_map(CommitId::new).collect();
        Ok(Self { commits })
    }

    fn name(&self, at: usize, path: &RepoPath) -> String {
        self.commits
            .get(at)
            .map_or_else(String::new, |commit| format!("{commit}:{path}"))
    }
}

/// Looks paths up in commits of a line and remembers what it found.
pub(super) struct LookUp<'l> {
    pub(super) git: &'l Git,
    pub(super) line: &'l Line,
    pub(super) known: HashMap<(usize, usize), Option<String>>,
    pub(super) left: usize,
}

impl LookUp<'_> {
    /// Looks up (path number, commit number) pairs in one run.
    pub(super) fn look(
        &mut self,
        paths: &[&RepoPath],
        wanted: &BTreeSet<(usize, usize)>,
    ) -> Result<(), GitError> {
        let asked: Vec<(usize, usize)> = wanted
            .iter()
            .filter(|pair| !self.known.contains_key(pair))
            .take(self.left)
            .copied()
            .collect();
        self.left -= asked.len();
        let names: Vec<String> = asked
            .iter()
            .map(|&(path, commit)| {
                paths
                    .get(path)
                    .map_or_else(String::new, |path| self.line.name(commit, path))
            })
            .collect();
        for (pair, object) in asked.into_iter().zip(objects::check(self.git, &names)?) {
            let id = match object {
                Object::Found { id, .. } => Some(id),
                _ => None,
            };
            self.known.insert(pair, id);
        }
        Ok(())
    }

    /// Halves the gaps between commits that differ until they are neighbours: the newer one of each made the change.
    fn halve(
        &mut self,
        paths: &[&RepoPath],
        mut gaps: Vec<(usize, usize, usize)>,
    ) -> Result<Vec<(usize, usize)>, GitError> {
        let mut changes = Vec::new();
        while !gaps.is_empty() {
            let middle = |&(path, new, old): &(usize, usize, usize)| (path, usize::midpoint(new, old));
            let wanted = gaps
                .iter()
                .filter(|(_, new, old)| old - new > 1)
                .map(middle)
                .collect();
            self.look(paths, &wanted)?;
            let mut next = Vec::new();
            for (path, new, old) in gaps {
                let at = |commit: usize| self.known.get(&(path, commit));
                if at(new) == at(old) {
                    continue;
                }
                if old - new <= 1 {
                    changes.push((path, new));
                    continue;
                }
                let middle = usize::midpoint(new, old);
                if at(middle).is_none() {
                    // The bound was reached: the newer end stands for the change.
                    changes.push((path, new));
                    continue;
                }
                next.push((path, new, middle));
                next.push((path, middle, old));
            }
            gaps = next;
        }
        changes.sort_unstable();
        Ok(changes)
    }
}

fn blame<'q>(
    root: &Path,
    git: &Git,
    line: &Line,
    asked: &[(&'q Question, &'q RepoPath)],
    answers: &mut HashMap<&'q Question, Answer>,
) -> Result<(), GitError> {
    let mut blamed = Vec::new();
    for &(question, path) in asked {
        if path.as_str().contains(['\n', '\r', '"', '\t', '\\']) {
            answers.insert(
                question,
                Answer::Unknown("its name has a sign that git quotes".into()),
            );
        } else if let Ok((bytes, _)) = files::read_in(root, path, files::DOCUMENT_CAP) {
            let lines = memchr::memchr_iter(b'\n', &bytes).count() + 1;
            blamed.push((question, path, lines));
        } else {
            answers.insert(question, Answer::Unknown("it cannot be read".into()));
        }
    }
    if blamed.is_empty() {
        return Ok(());
    }
    let paths: Vec<&RepoPath> = blamed.iter().map(|(_, path, _)| *path).collect();
    let changes = changes_of(git, line, &paths)?;
    let mut commits: BTreeSet<&CommitId> = BTreeSet::new();
    commits.extend(changes.iter().filter_map(|&(_, at)| line.commits.get(at)));
    let mut hunks = HashMap::new();
    for some in paths.chunks(PATHS_AT_ONCE) {
        committed_hunks(git, &commits, some, &mut hunks)?;
        disk_hunks(git, some, &mut hunks)?;
    }
    let described = describe(git, &commits)?;
    let mut by_path: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (path, at) in changes {
        by_path.entry(path).or_default().push(at);
    }
    for (number, (question, path, lines)) in blamed.into_iter().enumerate() {
        let mut tracker = Tracker::new(lines);
        if let Some(hunks) = hunks.get(&(None, path.as_str().to_owned())) {
            tracker.pass(hunks, None);
        }
        let mut blame = Blame::default();
        for &at in by_path.get(&number).map_or(&[][..], Vec::as_slice) {
            let Some(id) = line.commits.get(at) else {
                continue;
            };
            let (Some(commit), Some(hunks)) = (
                described.get(id),
                hunks.get(&(Some(id.clone()), path.as_str().to_owned())),
            ) else {
                continue;
            };
            let index = u32::try_from(blame.commits.len()).ok();
            blame.commits.push(Arc::clone(commit));
            tracker.pass(hunks, index);
        }
        blame.lines = tracker.from;
        answers.insert(question, Answer::Blame(Arc::new(blame)));
    }
    Ok(())
}

/// Where each path changed: (path number, commit number), newest first.
fn changes_of(git: &Git, line: &Line, paths: &[&RepoPath]) -> Result<Vec<(usize, usize)>, GitError> {
    let count = line.commits.len();
    let Some(last) = count.checked_sub(1) else {
        return Ok(Vec::new());
    };
    let step = (count * paths.len()).div_ceil(SAMPLES).max(1);
    let mut samples: Vec<usize> = (0..count).step_by(step).collect();
    if samples.last() != Some(&last) {
        samples.push(last);
    }
    let mut look_up = LookUp {
        git,
        line,
        known: HashMap::new(),
        left: LOOK_UPS,
    };
    let wanted = (0..paths.len())
        .flat_map(|path| samples.iter().map(move |&at| (path, at)))
        .collect();
    look_up.look(paths, &wanted)?;
    let gaps = (0..paths.len())
        .flat_map(|path| samples.windows(2).map(move |pair| (path, pair[0], pair[1])))
        .collect();
    let mut changes = look_up.halve(paths, gaps)?;
    for path in 0..paths.len() {
        if matches!(look_up.known.get(&(path, last)), Some(Some(_))) {
            changes.push((path, last));
        }
    }
    changes.sort_unstable();
    Ok(changes)
}

fn committed_hunks(
    git: &Git,
    commits: &BTreeSet<&CommitId>,
    paths: &[&RepoPath],
    hunks: &mut Hunks,
) -> Result<(), GitError> {
    if commits.is_empty() {
        return Ok(());
    }
    let input: String = commits.iter().map(|commit| format!("{commit}\n")).collect();
    let mut args = vec![
        "-c",
        "log.showSignature=false",
        "-c",
        "log.diffMerges=separate",
        "-c",
        "core.quotePath=false",
        "log",
        "--no-show-signature",
    ];
    args.extend([
        "--no-walk=unsorted",
        "--stdin",
        "--first-parent",
        "-m",
        "--format=%x01%H",
    ]);
    args.extend(PLAIN_DIFF);
    args.push("--");
    args.extend(paths.iter().map(|path| path.as_str()));
    let output = git.read_with(&args, input.into_bytes())?;
    read_hunks(&output.stdout, hunks);
    Ok(())
}

fn disk_hunks(git: &Git, paths: &[&RepoPath], hunks: &mut Hunks) -> Result<(), GitError> {
    let mut args = vec!["-c", "core.quotePath=false", "diff"];
    args.extend(PLAIN_DIFF);
    args.extend(["HEAD", "--"]);
    args.extend(paths.iter().map(|path| path.as_str()));
    let output = git.read(&args)?;
    read_hunks(&output.stdout, hunks);
    Ok(())
}
