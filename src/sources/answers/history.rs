//! How paths changed along HEAD's own line of commits: which commit each line of a document is from, and which commit
//! took a path away.
//!
//! The line is not walked commit by commit: a path is looked up in many commits at once, and only where two of them
//! differ the commit between is sought by halving. Fewer commits than that are all looked at. A path that changed and
//! changed back between two looked-up commits seems unchanged, which for both questions is as good.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use super::commits::{PLAIN_LOG, describe};
use super::objects::{self, Object};
use super::unknown;
use crate::model::{Answer, Blame, CommitId, Fate, Question, RepoPath};
use crate::sources::files;
use crate::sources::git::{Git, GitError};

/// Look-ups of the first round.
const SAMPLES: usize = 8_000;
/// Look-ups of all rounds together; what is not found then is not sought further.
const LOOK_UPS: usize = 60_000;
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
struct Line {
    commits: Vec<CommitId>,
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
struct LookUp<'l> {
    git: &'l Git,
    line: &'l Line,
    known: HashMap<(usize, usize), Option<String>>,
    left: usize,
}

impl LookUp<'_> {
    /// Looks up (path number, commit number) pairs in one run.
    fn look(&mut self, paths: &[&RepoPath], wanted: &BTreeSet<(usize, usize)>) -> Result<(), GitError> {
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

/// A change of lines: where and how many, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hunk {
    old_lines: usize,
    new_start: usize,
    new_lines: usize,
}

/// The hunks of each commit (`None`: of the files on disk) and path.
type Hunks = HashMap<(Option<CommitId>, String), Vec<Hunk>>;

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

/// Reads a patch without context lines.
fn read_hunks(patch: &[u8], hunks: &mut Hunks) {
    let mut commit = None;
    let mut path: Option<String> = None;
    let mut skip = 0;
    for line in patch.split(|&byte| byte == b'\n') {
        if skip > 0 && !line.starts_with(b"\\") {
            skip -= 1;
            continue;
        }
        if let Some(id) = line.strip_prefix(b"\x01") {
            commit = std::str::from_utf8(id).ok().and_then(CommitId::new);
            path = None;
        } else if line.starts_with(b"diff --git ") {
            path = None;
        } else if let Some(name) = line.strip_prefix(b"+++ b/") {
            // A name with spaces ends with a tab.
            let name = String::from_utf8_lossy(name);
            path = Some(name.trim_end_matches('\t').to_owned());
        } else if line.starts_with(b"@@ ")
            && let Some(hunk) = hunk(&String::from_utf8_lossy(line))
        {
            skip = hunk.old_lines + hunk.new_lines;
            if let Some(path) = &path {
                hunks
                    .entry((commit.clone(), path.clone()))
                    .or_default()
                    .push(hunk);
            }
        }
    }
}

/// `@@ -a,b +c,d @@`.
fn hunk(line: &str) -> Option<Hunk> {
    let mut words = line.split(' ').skip(1);
    let (old, new) = (words.next()?.strip_prefix('-')?, words.next()?.strip_prefix('+')?);
    let pair = |text: &str| -> Option<(usize, usize)> {
        match text.split_once(',') {
            Some((start, lines)) => Some((start.parse().ok()?, lines.parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        }
    };
    let (old, new) = (pair(old)?, pair(new)?);
    Some(Hunk {
        old_lines: old.1,
        new_start: new.0,
        new_lines: new.1,
    })
}

/// Follows the lines of the newest version back through the changes.
struct Tracker {
    /// For each line of the version that was reached: the line of the newest version, where it is still open.
    open: Vec<Option<usize>>,
    /// For each line of the newest version the change that brought it.
    from: Vec<Option<u32>>,
}

impl Tracker {
    fn new(lines: usize) -> Self {
        Self {
            open: (0..lines).map(Some).collect(),
            from: vec![None; lines],
        }
    }

    /// Goes back over one change: what it brought is from `commit`, the rest stays open.
    fn pass(&mut self, hunks: &[Hunk], commit: Option<u32>) {
        let mut before = Vec::with_capacity(self.open.len());
        let mut at = 0;
        for hunk in hunks {
            // Without new lines the hunk stands behind its line.
            let start = if hunk.new_lines == 0 {
                hunk.new_start
            } else {
                hunk.new_start.saturating_sub(1)
            };
            let start = start.clamp(at, self.open.len());
            before.extend_from_slice(self.open.get(at..start).unwrap_or_default());
            let end = (start + hunk.new_lines).min(self.open.len());
            for line in self.open.get(start..end).into_iter().flatten().flatten() {
                if let Some(from) = self.from.get_mut(*line) {
                    *from = commit;
                }
            }
            before.extend(std::iter::repeat_n(None, hunk.old_lines));
            at = end;
        }
        before.extend_from_slice(self.open.get(at..).unwrap_or_default());
        self.open = before;
    }
}

fn fates<'q>(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_followed_back_through_changes() {
        // Newest: a b X c; the newest change brought X, the one before it brought c and dropped a line in front.
        let mut tracker = Tracker::new(4);
        tracker.pass(
            &[Hunk {
                old_lines: 0,
                new_start: 3,
                new_lines: 1,
            }],
            Some(0),
        );
        tracker.pass(
            &[
                Hunk {
                    old_lines: 1,
                    new_start: 0,
                    new_lines: 0,
                },
                Hunk {
                    old_lines: 0,
                    new_start: 3,
                    new_lines: 1,
                },
            ],
            Some(1),
        );
        tracker.pass(
            &[Hunk {
                old_lines: 0,
                new_start: 1,
                new_lines: 3,
            }],
            Some(2),
        );
        assert_eq!(tracker.from, [Some(2), Some(2), Some(0), Some(1)]);
    }

    #[test]
    fn a_patch_is_read_whatever_its_lines_look_like() {
        let id = "0123456789012345678901234567890123456789";
        let patch = format!(
            "\u{1}{id}\n\ndiff --git a/x y.md b/x y.md\n--- a/x y.md\t\n+++ b/x y.md\t\n@@ -3 +3,2 @@ h\n-@@ -1 +1 @@\n+++ b/z.md\n+@@ -9 +9 @@\n@@ -8,0 +10 @@\n+x\n\\ No newline at end of file\n"
        );
        let mut hunks = Hunks::new();
        read_hunks(patch.as_bytes(), &mut hunks);
        let found = &hunks[&(CommitId::new(id), "x y.md".to_owned())];
        assert_eq!(hunks.len(), 1);
        assert_eq!(
            found[0],
            Hunk {
                old_lines: 1,
                new_start: 3,
                new_lines: 2
            }
        );
        assert_eq!(
            found[1],
            Hunk {
                old_lines: 0,
                new_start: 10,
                new_lines: 1
            }
        );
    }
}
