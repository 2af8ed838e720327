//! Which commits revisions, paths and times name, and how these commits stand to HEAD.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;

use super::objects::{self, Object};
use super::unknown;
use crate::model::{Answer, Commit, CommitId, Question, Relation, RepoPath};
use crate::sources::git::{Git, GitError, Layout, small_text};

/// Up to this many paths are given to git, which then looks at less; more are sought in the whole history.
const PATHS_ON_THE_LINE: usize = 400;
/// Commits beside the main line whose distance to HEAD is counted exactly.
const EXACT_DISTANCES: usize = 64;
/// Never run what the repository's configuration names for showing a commit.
#[rustfmt::skip]
pub(super) const PLAIN_LOG: [&str; 7] = [
    "-c", "log.showSignature=false", "-c", "log.diffMerges=separate", "log", "-z", "--no-show-signature",
];

/// What became of a question: a commit by its hash, none, or an answer that is final.
enum Named {
    Commit(CommitId),
    Nothing,
    Final(Answer),
}

pub(super) fn answer<'q>(
    layout: &Layout,
    git: &Git,
    questions: &[&'q Question],
    answers: &mut HashMap<&'q Question, Answer>,
) {
    let mut named: HashMap<&'q Question, Named> = HashMap::new();
    revisions(git, questions, &mut named);
    last_touched(git, questions, &mut named);
    newest_before(git, questions, &mut named);
    beyond_a_shallow_end(layout, &mut named);
    let ids: BTreeSet<&CommitId> = named
        .values()
        .filter_map(|named| match named {
            Named::Commit(id) => Some(id),
            _ => None,
        })
        .collect();
    let described = describe(git, &ids);
    for (&question, named) in &named {
        let answer = match named {
            Named::Final(answer) => answer.clone(),
            Named::Nothing => Answer::Commit(None),
            Named::Commit(id) => match &described {
                Ok(commits) => commits.get(id).map_or_else(
                    || Answer::Unknown("git does not describe this commit".into()),
                    |commit| Answer::Commit(Some(Arc::clone(commit))),
                ),
                Err(error) => unknown(error),
            },
        };
        answers.insert(question, answer);
    }
}

/// In a shallow clone the history ends early: what is not found may lie beyond, and the last commits seem to add every file.
fn beyond_a_shallow_end(layout: &Layout, named: &mut HashMap<&Question, Named>) {
    let Some(ends) = small_text(&layout.common_dir.join("shallow")) else {
        return;
    };
    let ends: HashSet<&str> = ends.lines().collect();
    for (question, named) in named {
        let beyond = match named {
            Named::Nothing => true,
            Named::Commit(id) => matches!(question, Question::LastTouched(_)) && ends.contains(id.as_str()),
            Named::Final(_) => false,
        };
        if beyond {
            *named = Named::Final(Answer::Unknown(
                "this clone is shallow: its history ends before".into(),
            ));
        }
    }
}

fn revisions<'q>(git: &Git, questions: &[&'q Question], named: &mut HashMap<&'q Question, Named>) {
    let mut asked = Vec::new();
    for &question in questions {
        if let Question::Commit(revision) = question {
            if is_plain(revision) {
                asked.push((question, format!("{revision}^{{commit}}")));
            } else {
                named.insert(question, Named::Nothing);
            }
        }
    }
    let names: Vec<String> = asked.iter().map(|(_, name)| name.clone()).collect();
    match objects::check(git, &names) {
        Ok(found) => {
            for ((question, _), object) in asked.into_iter().zip(found) {
                let what = match object {
                    Object::Found { id, kind, .. } if kind == "commit" => {
                        CommitId::new(&id).map_or(Named::Nothing, Named::Commit)
                    }
                    Object::Ambiguous => {
                        Named::Final(Answer::Unknown("more than one object begins so".into()))
                    }
                    Object::Found { .. } | Object::Missing => Named::Nothing,
                };
                named.insert(question, what);
            }
        }
        Err(error) => {
            for (question, _) in asked {
                named.insert(question, Named::Final(unknown(&error)));
            }
        }
    }
}

/// A hash or a name of a branch or tag; git's little language of revisions is not spoken from outside.
fn is_plain(revision: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | '#');
    revision.len() >= 2
        && !revision.contains("..")
        && !revision.starts_with('-')
        && revision.chars().all(allowed)
}

/// One pass over the history, newest first, until every path was seen.
fn last_touched<'q>(git: &Git, questions: &[&'q Question], named: &mut HashMap<&'q Question, Named>) {
    let mut sought: HashMap<&'q RepoPath, &'q Question> = HashMap::new();
    for &question in questions {
        if let Question::LastTouched(path) = question {
            sought.insert(path, question);
        }
    }
    if sought.is_empty() {
        return;
    }
    let asked: Vec<&Question> = sought.values().copied().collect();
    // `-c` shows of a merge what differs from both sides.
    let mut args = PLAIN_LOG.to_vec();
    args.extend([
        "-c",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--name-only",
        "--format=%x01%H",
        "HEAD",
        "--",
    ]);
    if sought.len() <= PATHS_ON_THE_LINE {
        args.extend(sought.keys().map(|path| path.as_str()));
    }
    let mut commit = None;
    let result = git.records_while(&args, None, &mut |record| {
        if let Some(id) = record.strip_prefix(b"\x01") {
            commit = std::str::from_utf8(id).ok().and_then(CommitId::new);
            return ControlFlow::Continue(());
        }
        let path = record.strip_prefix(b"\n").unwrap_or(record);
        let path = std::str::from_utf8(path).ok().and_then(RepoPath::new);
        if let (Some(path), Some(commit)) = (path, &commit)
            && let Some(question) = sought.remove(&path)
        {
            named.insert(question, Named::Commit(commit.clone()));
        }
        if sought.is_empty() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let rest = |named: &mut HashMap<&'q Question, Named>, what: &dyn Fn() -> Named| {
        for question in asked {
            named.entry(question).or_insert_with(what);
        }
    };
    match result {
        Ok(()) => rest(named, &|| Named::Nothing),
        Err(error) if is_unborn(git) => {
            tracing::debug!(%error, "no history yet");
            rest(named, &|| Named::Nothing);
        }
        Err(error) => rest(named, &|| Named::Final(unknown(&error))),
    }
}

fn is_unborn(git: &Git) -> bool {
    git.read(&["rev-parse", "--verify", "-q", "HEAD"]).is_err()
}

/// One pass over HEAD's own line, until every time was met.
fn newest_before<'q>(git: &Git, questions: &[&'q Question], named: &mut HashMap<&'q Question, Named>) {
    let mut sought: Vec<(Timestamp, &'q Question)> = questions
        .iter()
        .filter_map(|&question| match question {
            Question::NewestBefore(at) => Some((*at, question)),
            _ => None,
        })
        .collect();
    if sought.is_empty() {
        return;
    }
    // The latest times are met first.
    sought.sort_unstable_by_key(|(at, _)| *at);
    let asked: Vec<&Question> = sought.iter().map(|(_, question)| *question).collect();
    let mut args = PLAIN_LOG.to_vec();
    args.extend(["--first-parent", "--format=%H %ct", "HEAD", "--"]);
    let result = git.records_while(&args, None, &mut |record| {
        let text = String::from_utf8_lossy(record);
        if let Some((id, at)) = text.split_once(' ')
            && let (Some(id), Some(at)) = (CommitId::new(id), seconds(at))
        {
            while let Some((_, question)) = sought.pop_if(|(wanted, _)| *wanted >= at) {
                named.insert(question, Named::Commit(id.clone()));
            }
        }
        if sought.is_empty() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let failed = result.err().filter(|_| !is_unborn(git));
    for question in asked {
        named.entry(question).or_insert_with(|| match &failed {
            Some(error) => Named::Final(unknown(error)),
            None => Named::Nothing,
        });
    }
}

fn seconds(text: &str) -> Option<Timestamp> {
    Timestamp::from_second(text.trim().parse().ok()?).ok()
}

/// Time, subject and relation of each commit.
pub(super) fn describe<'a>(
    git: &Git,
    ids: &BTreeSet<&'a CommitId>,
) -> Result<HashMap<&'a CommitId, Arc<Commit>>, GitError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut input = String::new();
    for id in ids {
        input.push_str(id.as_str());
        input.push('\n');
    }
    let mut args = PLAIN_LOG.to_vec();
    args.extend(["--no-walk=unsorted", "--stdin", "--format=%H %ct %s"]);
    let mut facts: BTreeMap<CommitId, (Timestamp, Box<str>)> = BTreeMap::new();
    git.records_while(&args, Some(input.into_bytes()), &mut |record| {
        let text = String::from_utf8_lossy(record);
        let mut fields = text.splitn(3, ' ');
        if let (Some(id), Some(at)) = (
            fields.next().and_then(CommitId::new),
            fields.next().and_then(seconds),
        ) {
            facts.insert(id, (at, fields.next().unwrap_or_default().into()));
        }
        ControlFlow::Continue(())
    })?;
    let relations = relations(git, ids)?;
    let describe = |&id: &&'a CommitId| {
        let (at, subject) = facts.get(id)?.clone();
        let relation = relations.get(id).copied().unwrap_or(Relation::Unrelated);
        Some((
            id,
            Arc::new(Commit {
                id: id.clone(),
                at,
                subject,
                relation,
            }),
        ))
    };
    Ok(ids.iter().filter_map(describe).collect())
}

/// A commit and its parents, by number.
type Graph = Vec<Vec<u32>>;

fn relations<'a>(
    git: &Git,
    ids: &BTreeSet<&'a CommitId>,
) -> Result<HashMap<&'a CommitId, Relation>, GitError> {
    let mut relations = HashMap::new();
    let mut wanted: HashMap<&str, &'a CommitId> = ids.iter().map(|&id| (id.as_str(), id)).collect();
    let Ok(head) = git.read(&["rev-parse", "--verify", "-q", "HEAD^{commit}"]) else {
        return Ok(relations);
    };
    let head = head.stdout_text();
    let head = head.trim();
    if let Some(id) = wanted.remove(head) {
        relations.insert(id, Relation::Head);
    }
    if wanted.is_empty() {
        return Ok(relations);
    }
    let history = git.read(&["rev-list", "--topo-order", "--parents", head, "--"])?;
    let history = history.stdout_text();
    let (graph, numbers) = graph(&history);
    let mut inexact = 0;
    // Commits that were named as a parent and not met yet: when there is only one, all that follows belongs to it.
    let mut open: HashSet<u32> = HashSet::new();
    let mut places: Vec<(u32, &'a CommitId, bool)> = Vec::new();
    let by_number: HashMap<u32, &'a CommitId> = wanted
        .iter()
        .filter_map(|(name, &id)| Some((*numbers.get(name)?, id)))
        .collect();
    for (number, parents) in (0_u32..).zip(&graph) {
        open.remove(&number);
        if let Some(&id) = by_number.get(&number) {
            places.push((number, id, open.is_empty()));
        }
        open.extend(parents);
    }
    for (number, id, alone) in places {
        wanted.remove(id.as_str());
        let distance = if alone || inexact >= EXACT_DISTANCES {
            number
        } else {
            inexact += 1;
            u32::try_from(graph.len()).unwrap_or(u32::MAX) - reach(&graph, number)
        };
        relations.insert(id, Relation::Ancestor(distance));
    }
    if !wanted.is_empty() {
        descendants(git, head, &wanted, &mut relations)?;
    }
    Ok(relations)
}

/// The commits of `rev-list --parents`, numbered in its order.
fn graph(text: &str) -> (Graph, HashMap<&str, u32>) {
    let mut numbers = HashMap::new();
    for (number, line) in (0_u32..).zip(text.lines()) {
        numbers.insert(line.split(' ').next().unwrap_or_default(), number);
    }
    let parents = |line: &str| {
        line.split(' ')
            .skip(1)
            .filter_map(|id| numbers.get(id).copied())
            .collect()
    };
    let graph = text.lines().map(parents).collect();
    (graph, numbers)
}

/// How many commits one contains, itself too.
fn reach(graph: &Graph, from: u32) -> u32 {
    let mut seen = vec![false; graph.len()];
    let mut waiting = vec![from];
    let mut count = 0;
    while let Some(number) = waiting.pop() {
        let Some(seen) = seen.get_mut(number as usize).filter(|seen| !**seen) else {
            continue;
        };
        *seen = true;
        count += 1;
        waiting.extend(graph.get(number as usize).into_iter().flatten());
    }
    count
}

/// Which of the commits outside of HEAD's history contain HEAD.
fn descendants<'a>(
    git: &Git,
    head: &str,
    wanted: &HashMap<&str, &'a CommitId>,
    relations: &mut HashMap<&'a CommitId, Relation>,
) -> Result<(), GitError> {
    let mut input = String::new();
    for id in wanted.keys() {
        input.push_str(id);
        input.push('\n');
    }
    input.push_str(&format!("^{head}\n"));
    let output = git.read_with(
        &["rev-list", "--topo-order", "--parents", "--stdin"],
        input.into_bytes(),
    )?;
    let text = output.stdout_text();
    // Parents come after their children, so the last lines are the oldest.
    let mut contain: HashSet<&str> = HashSet::from([head]);
    for line in text.lines().rev() {
        let mut ids = line.split(' ');
        let Some(id) = ids.next() else {
            continue;
        };
        if ids.any(|parent| contain.contains(parent)) {
            contain.insert(id);
        }
    }
    for (name, &id) in wanted {
        let relation = if contain.contains(name) {
            Relation::Descendant
        } else {
            Relation::Unrelated
        };
        relations.insert(id, relation);
    }
    Ok(())
}
