//! Of which commit an evidence file speaks, and whether it still speaks of HEAD.
//!
//! Believed, in this order: the CI run that made it; a commit that it names; for a committed file, the commit that last
//! touched it; for any other, when it was written, against the commits and against when the files it speaks of were
//! written. A tool's own words may make evidence older, never younger: a time in the future, or behind the file's own,
//! is said and not believed.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::World;
use super::mapping::Mapped;
use super::scope::{self, Scope};
use super::time::{self, Said};
use crate::model::{
    Answer, Binding, Bound, Commit, CommitId, Content, EvidenceFile, Freshness, Question, Relation, RepoPath,
};

/// Clocks of two machines may be so far apart.
const CLOCKS: SignedDuration = SignedDuration::from_mins(5);
/// A committed file that says to be older than its commit by more than this was not made for it.
const COMMITTED_WITHIN: SignedDuration = SignedDuration::from_hours(24);
const DAY: i64 = 24 * 60 * 60;

/// Where the knowledge of a file's commit comes from.
enum Origin<'a> {
    /// The CI run, or the file itself, names it.
    Named { commit: &'a str, outside: bool },
    /// git has it, unchanged.
    Committed(&'a RepoPath),
    /// When it was written is all there is.
    Written(Timestamp),
    /// Nothing.
    Nothing(&'static str),
}

/// When a file was made.
struct Made {
    at: Option<Timestamp>,
    said: Option<Said>,
    /// Why its own words are not believed.
    doubt: Option<&'static str>,
}

/// Asks what binding a file needs to know.
pub(super) fn ask(file: &EvidenceFile, world: &World<'_>, all: &mut Vec<Question>) {
    let made = made(file, world);
    let mut since = |commit: Option<&Arc<Commit>>| {
        if let Some(commit) = commit {
            all.push(Question::ChangedSince(commit.id.clone()));
        }
    };
    match origin(file, &made, world) {
        Origin::Named { commit, .. } => {
            let question = Question::Commit(commit.into());
            since(commit_of(world, &question));
            all.push(question);
        }
        Origin::Committed(path) => {
            let question = Question::LastTouched(path.clone());
            let last = commit_of(world, &question);
            since(last);
            all.push(question);
            if let (Some(said), Some(last)) = (made.said, last)
                && is_older(said, last)
            {
                let question = Question::NewestBefore(said.at);
                since_pushed(world, &question, all);
                all.push(question);
            }
            // git may know of no commit of it: then its time counts.
            if matches!(
                world.known.answer(&Question::LastTouched(path.clone())),
                Some(Answer::Commit(None))
            ) && let Some(at) = written(file, &made)
            {
                ask_time(at, world, all);
            }
        }
        Origin::Written(at) => ask_time(at, world, all),
        Origin::Nothing(_) => {}
    }
}

fn ask_time(at: Timestamp, world: &World<'_>, all: &mut Vec<Question>) {
    let question = Question::NewestBefore(at);
    since_pushed(world, &question, all);
    all.push(question);
    all.push(Question::WrittenAfter(at));
}

fn since_pushed(world: &World<'_>, question: &Question, all: &mut Vec<Question>) {
    if let Some(commit) = commit_of(world, question) {
        all.push(Question::ChangedSince(commit.id.clone()));
    }
}

/// Binds a file; `own` are the paths of all evidence files, which are no source of each other.
pub(super) fn bind(
    file: &Arc<EvidenceFile>,
    mapped: &Mapped,
    own: &HashSet<&str>,
    world: &World<'_>,
) -> Bound {
    let made = made(file, world);
    let scope = Scope::of(file, mapped);
    let look = Look { scope, own, world };
    let mut outcome = match (world.head(), origin(file, &made, world)) {
        (None, _) => Outcome::unbound(if world.repository.git {
            "there is no commit yet"
        } else {
            "there is no git repository"
        }),
        (_, Origin::Named { commit, outside }) => look.named(commit, outside),
        (_, Origin::Committed(path)) => look.committed(file, path, &made),
        (_, Origin::Written(at)) => look.written(at),
        (_, Origin::Nothing(why)) => Outcome::unbound(why),
    };
    if mapped.named > 0 && mapped.found == 0 && names_sources(file) && !world.paths().is_empty() {
        outcome.binding = Binding::Unrelated;
        outcome.freshness = Freshness::Stale;
        outcome.why = match mapped.named {
            1 => "the one file that it names is not in this repository".into(),
            named => format!("none of the {named} files that it names is in this repository"),
        };
    }
    let produced_at = made.at.or(outcome.at);
    outcome.age(scope::term(file, world.ttl), produced_at, world.now);
    if let Some(doubt) = made.doubt {
        outcome.worse(Freshness::Aging, doubt);
    }
    Bound {
        file: Arc::clone(file),
        commit: outcome.commit,
        why: outcome.why.into(),
        binding: outcome.binding,
        freshness: outcome.freshness,
        produced_at,
        superseded_by: None,
    }
}

/// Whether the paths of a file must be of this repository: all coverage, and scans that give lines of source files.
fn names_sources(file: &EvidenceFile) -> bool {
    match &file.content {
        Ok(Content::Coverage(_)) => true,
        Ok(Content::Scan(report)) => report.findings.iter().all(|finding| {
            finding.path.is_some()
                && finding.line.is_some()
                && finding.more.as_ref().is_none_or(|more| more.package.is_none())
        }),
        _ => false,
    }
}

fn own_words(file: &EvidenceFile) -> (Option<&str>, Option<&str>) {
    match &file.content {
        Ok(Content::Coverage(report)) => (report.commit.as_deref(), report.produced_at.as_deref()),
        Ok(Content::Scan(report)) => (report.commit.as_deref(), report.produced_at.as_deref()),
        Ok(Content::Tests(report)) => (report.commit.as_deref(), report.produced_at.as_deref()),
        Err(_) => (None, None),
    }
}

/// A file that git has, unchanged; its time on disk is that of a checkout.
fn is_committed(file: &EvidenceFile, world: &World<'_>) -> bool {
    let Some(path) = file.path.as_ref().filter(|_| file.tracked) else {
        return false;
    };
    let changed = world.head().map(Question::ChangedSince);
    match changed.and_then(|question| world.known.answer(&question)) {
        Some(Answer::Paths(changed)) => changed.binary_search(path).is_err(),
        _ => true,
    }
}

fn made(file: &EvidenceFile, world: &World<'_>) -> Made {
    let said = own_words(file).1.and_then(time::parse);
    let disk = file
        .modified
        .filter(|at| !is_committed(file, world) && at.duration_since(world.now) <= CLOCKS);
    let mut made = Made {
        at: disk,
        said,
        doubt: None,
    };
    let Some(words) = said else {
        return made;
    };
    if words.at.duration_since(world.now) > CLOCKS && !words.may_be(world.now, CLOCKS) {
        made.said = None;
        made.doubt = Some("it says that it was made in the future");
        return made;
    }
    made.at = match disk {
        Some(disk) if !words.zoned && words.may_be(disk, CLOCKS) => Some(disk),
        Some(disk) => Some(words.at.min(disk)),
        None => Some(words.at.min(world.now)),
    };
    made
}

/// The time by which an uncommitted file is bound.
fn written(file: &EvidenceFile, made: &Made) -> Option<Timestamp> {
    // A committed file's time on disk says nothing, and its own words alone may be anything.
    if file.path.is_some() && file.modified.is_none() {
        return None;
    }
    made.at
}

fn origin<'a>(file: &'a EvidenceFile, made: &Made, world: &World<'_>) -> Origin<'a> {
    if let Some(commit) = &file.commit {
        return Origin::Named {
            commit: commit.as_str(),
            outside: true,
        };
    }
    let named = own_words(file)
        .0
        .map(str::trim)
        .filter(|text| (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if let Some(commit) = named {
        return Origin::Named {
            commit,
            outside: false,
        };
    }
    match (&file.path, written(file, made)) {
        (Some(path), _) if is_committed(file, world) => Origin::Committed(path),
        (_, Some(at)) => Origin::Written(at),
        (None, None) => Origin::Nothing("nothing says of which commit it is"),
        (Some(_), None) => Origin::Nothing("it is not known when it was written"),
    }
}

fn commit_of<'a>(world: &World<'a>, question: &Question) -> Option<&'a Arc<Commit>> {
    match world.known.answer(question) {
        Some(Answer::Commit(Some(commit))) => Some(commit),
        _ => None,
    }
}

fn is_older(said: Said, commit: &Commit) -> bool {
    commit.at.duration_since(said.at) > COMMITTED_WITHIN
}

/// How many commits before HEAD.
const fn distance(relation: Relation) -> Option<u32> {
    match relation {
        Relation::Head => Some(0),
        Relation::Ancestor(commits) => Some(commits),
        Relation::Descendant | Relation::Unrelated => None,
    }
}

struct Outcome {
    commit: Option<CommitId>,
    binding: Binding,
    freshness: Freshness,
    why: String,
    /// When it was made, as far as the commit tells.
    at: Option<Timestamp>,
}

impl Outcome {
    fn unbound(why: &str) -> Self {
        Self {
            commit: None,
            binding: Binding::Unbound,
            freshness: Freshness::Aging,
            why: why.to_owned(),
            at: None,
        }
    }

    fn worse(&mut self, freshness: Freshness, why: &str) {
        self.freshness = self.freshness.max(freshness);
        if !self.why.is_empty() {
            self.why.push_str("; ");
        }
        self.why.push_str(why);
    }

    /// Holds it against its term.
    fn age(&mut self, term: Option<u32>, produced_at: Option<Timestamp>, now: Timestamp) {
        let Some(days) = term else { return };
        let Some(at) = produced_at else {
            self.worse(Freshness::Aging, "it is not known when it was made");
            return;
        };
        let age = now.duration_since(at).as_secs();
        let term = i64::from(days).saturating_mul(DAY);
        if age > term.saturating_mul(4) {
            self.worse(
                Freshness::Expired,
                &format!("it is {} days old, its term is {days}", age / DAY),
            );
        } else if age > term {
            self.worse(
                Freshness::Stale,
                &format!("it is {} days old, its term is {days}", age / DAY),
            );
        }
    }
}

/// One file held against the repository.
struct Look<'a> {
    scope: Scope<'a>,
    own: &'a HashSet<&'a str>,
    world: &'a World<'a>,
}

impl Look<'_> {
    /// The paths of an answer that matter; `None` when it is not known.
    fn relevant(&self, question: &Question) -> Option<Vec<RepoPath>> {
        match self.world.known.answer(question) {
            Some(Answer::Paths(paths)) => Some(
                paths
                    .iter()
                    .filter(|path| self.scope.holds(path.as_str(), self.own))
                    .cloned()
                    .collect(),
            ),
            _ => None,
        }
    }

    fn named(&self, text: &str, outside: bool) -> Outcome {
        let short = text.get(..7).unwrap_or(text);
        let who = if outside {
            "the CI run that made it is of"
        } else {
            "it names"
        };
        let question = Question::Commit(text.into());
        let mut outcome = match self.world.known.answer(&question) {
            Some(Answer::Commit(Some(commit))) => self.of_commit(commit, !outside),
            Some(Answer::Commit(None)) => Outcome {
                commit: CommitId::new(text),
                binding: Binding::Unrelated,
                freshness: Freshness::Stale,
                why: "which is not in this repository".to_owned(),
                at: None,
            },
            _ => Outcome::unbound("which could not be looked up"),
        };
        outcome.why = match outcome.why.as_str() {
            "" => format!("{who} `{short}`"),
            rest => format!("{who} `{short}`, {rest}"),
        };
        outcome
    }

    fn committed(&self, file: &EvidenceFile, path: &RepoPath, made: &Made) -> Outcome {
        let last = match self.world.known.answer(&Question::LastTouched(path.clone())) {
            Some(Answer::Commit(Some(commit))) => commit,
            Some(Answer::Commit(None)) => {
                return match file.modified {
                    Some(at) => self.written(at),
                    None => {
                        Outcome::unbound("it was never committed, and it is not known when it was written")
                    }
                };
            }
            _ => return Outcome::unbound("git could not say which commit last changed it"),
        };
        let mut commit = last;
        let mut older = None;
        if let Some(said) = made.said.filter(|said| is_older(*said, last)) {
            match self.world.known.answer(&Question::NewestBefore(said.at)) {
                Some(Answer::Commit(Some(before))) => {
                    let (then, now) = (distance(before.relation), distance(last.relation));
                    // Made, then committed together with what it speaks of: the commit before is not yet meant.
                    if then > now.map(|now| now.saturating_add(1)) {
                        commit = before;
                        older = Some("it says that it was made long before it was committed");
                    }
                }
                _ => older = Some("it says that it was made before this history begins"),
            }
        }
        let mut outcome = self.of_commit(commit, true);
        outcome.at = Some(last.at);
        let rest = std::mem::take(&mut outcome.why);
        outcome.why = format!("git has it, last changed in `{}`", last.id.short());
        if !rest.is_empty() {
            outcome.why = format!("{}; {rest}", outcome.why);
        }
        if let Some(older) = older {
            outcome.worse(Freshness::Aging, older);
        }
        outcome
    }

    /// Evidence of a known commit. `dirty`: what changed on disk since HEAD matters too.
    fn of_commit(&self, commit: &Commit, dirty: bool) -> Outcome {
        let mut outcome = Outcome {
            commit: Some(commit.id.clone()),
            binding: Binding::Exact,
            freshness: Freshness::Fresh,
            why: String::new(),
            at: None,
        };
        match commit.relation {
            Relation::Head if !dirty => {}
            Relation::Head => match self.relevant(&Question::ChangedSince(commit.id.clone())) {
                Some(changed) => {
                    if let Some(first) = changed.first() {
                        outcome.binding = Binding::Dirty;
                        outcome.worse(Freshness::Stale, &since(changed.len(), first, "on disk since"));
                    }
                }
                None => outcome.worse(Freshness::Aging, "it is not known what changed since"),
            },
            Relation::Ancestor(commits) => {
                let changed = self.relevant(&Question::ChangedSince(commit.id.clone()));
                outcome.binding = Binding::Ancestor {
                    commits,
                    relevant_files_changed: changed.as_ref().map_or(u32::MAX, |changed| count(changed.len())),
                };
                match changed {
                    Some(changed) => {
                        if let Some(first) = changed.first() {
                            outcome.worse(Freshness::Stale, &since(changed.len(), first, "since"));
                        }
                    }
                    None => outcome.worse(Freshness::Aging, "it is not known what changed since"),
                }
            }
            Relation::Descendant => {
                outcome.binding = Binding::Descendant;
                outcome.worse(Freshness::Stale, "which comes after HEAD");
            }
            Relation::Unrelated => {
                outcome.binding = Binding::Unrelated;
                outcome.worse(Freshness::Stale, "which is on another line of history");
            }
        }
        outcome
    }

    /// Evidence of which only the time is known.
    fn written(&self, at: Timestamp) -> Outcome {
        let head = self.world.head();
        let changed = head
            .clone()
            .and_then(|head| self.relevant(&Question::ChangedSince(head)));
        let (Some(head), Some(dirty), Some(younger)) =
            (head, changed, self.relevant(&Question::WrittenAfter(at)))
        else {
            return Outcome::unbound("its time could not be held against the files");
        };
        let commit = match self.world.known.answer(&Question::NewestBefore(at)) {
            Some(Answer::Commit(Some(commit))) => commit,
            Some(Answer::Commit(None)) => {
                return Outcome::unbound("it was written before this history begins");
            }
            _ => return Outcome::unbound("its time could not be held against the commits"),
        };
        let mut outcome = Outcome {
            commit: Some(commit.id.clone()),
            binding: Binding::Exact,
            freshness: Freshness::Fresh,
            why: format!("written after `{}` was committed", commit.id.short()),
            at: Some(at),
        };
        if commit.id != head {
            let Some(commits) = distance(commit.relation) else {
                return Outcome::unbound("its time could not be held against the commits");
            };
            let Some(changed) = self.relevant(&Question::ChangedSince(commit.id.clone())) else {
                return Outcome::unbound("it is not known what changed since it was written");
            };
            let paths = self.world.paths();
            // What was changed on disk already when the tool ran, and committed later, is what the tool saw.
            let unseen = changed.iter().find(|path| {
                younger.binary_search(path).is_ok()
                    || dirty.binary_search(path).is_ok()
                    || paths.binary_search(path).is_err()
            });
            outcome.binding = Binding::Ancestor {
                commits,
                relevant_files_changed: if unseen.is_some() { count(changed.len()) } else { 0 },
            };
            if let Some(unseen) = unseen {
                outcome.worse(Freshness::Stale, &since(changed.len(), unseen, "since"));
                return outcome;
            }
            if !changed.is_empty() {
                outcome
                    .why
                    .push_str(", with what was committed later already on disk");
            }
        }
        if let Some(first) = dirty.first() {
            outcome.binding = Binding::Dirty;
            outcome.worse(
                Freshness::Stale,
                &format!("`{first}` has changes that are not committed"),
            );
        } else if let Some(first) = younger.first() {
            outcome.binding = Binding::Dirty;
            outcome.worse(Freshness::Stale, &format!("`{first}` was written later than it"));
        }
        outcome
    }
}

fn since(changed: usize, first: &RepoPath, when: &str) -> String {
    match changed {
        1 => format!("`{first}` changed {when}"),
        n => format!("{n} files that it speaks of changed {when}, first `{first}`"),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
