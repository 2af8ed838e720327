//! What is said of git: commits and the files that they touch, how much lies between two commits, branches, that
//! everything is committed and pushed, and the date of the document. See `spec.md`.

use super::{Draft, Finding, Rule, Scene, Statement};
use crate::model::{Answer, Claim, ClaimKind, ClaimVerdict, Commit, Question, Relation, RepoPath};

mod read;

/// The rule of git.
#[derive(Debug)]
pub(super) struct Git;

/// A date behind the commit by so many days is a slip of time zones.
const SLIP: i64 = 2;

impl Rule for Git {
    fn name(&self) -> &'static str {
        "git"
    }

    fn kind(&self) -> ClaimKind {
        ClaimKind::Git
    }

    fn recognise(&self, statement: &Statement<'_>, out: &mut Vec<Draft>) {
        read::recognise(statement, out);
    }

    fn check(&self, claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
        match claim.said.predicate {
            "commit" => commit(claim, scene),
            "subject" => subject(claim, scene),
            "touches" => touches(claim, scene),
            "branch" => branch(claim, scene),
            "committed" => Some(committed(claim, scene)),
            "pushed" => pushed(claim, scene),
            "dated" => Some(dated(claim, scene)),
            "commits" | "files" | "insertions" | "deletions" => range(claim, scene),
            _ => Some(Finding::silent()),
        }
    }
}

/// The commit that a text names, or why it is not known.
fn named<'s>(text: &str, scene: &Scene<'s>) -> Option<Result<&'s Commit, Finding>> {
    Some(match scene.answer(Question::Commit(text.into()))? {
        Answer::Commit(Some(commit)) => Ok(commit),
        Answer::Commit(None) => Err(Finding::unsure(format!("`{text}` is not in this history"))),
        Answer::Unknown(why) => Err(Finding::unsure(why.clone())),
        _ => Err(Finding::unsure("the answer makes no sense")),
    })
}

fn commit(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let commit = match named(&claim.said.subject, scene)? {
        Ok(commit) => commit,
        Err(finding) => return Some(finding),
    };
    let what = format!("“{}”", commit.subject);
    let finding = match commit.relation {
        Relation::Head => Finding::holds(format!("it is HEAD: {what}")),
        Relation::Ancestor(1) => Finding::holds(format!("one commit before HEAD: {what}")),
        Relation::Ancestor(distance) => Finding::holds(format!("{distance} commits before HEAD: {what}")),
        Relation::Descendant => Finding::unsure("it is newer than HEAD, so HEAD does not contain it"),
        Relation::Unrelated => Finding::unsure("it is in this repository, but HEAD does not contain it"),
    };
    Some(finding.with(what, commit.id.as_str()))
}

/// The first line of a commit's message.
fn subject(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let commit = match named(&claim.said.subject, scene)? {
        Ok(commit) => commit,
        Err(finding) => return Some(finding),
    };
    let (said, is) = (folded(&claim.said.value), folded(&commit.subject));
    let what = format!("its message is “{}”", commit.subject);
    let finding = if said == is || is.starts_with(&said) || said.starts_with(&is) {
        Finding::holds(what.clone())
    } else if shared(&said, &is) * 2 >= said.split(' ').count() {
        Finding::of(ClaimVerdict::HoldsLoosely, what.clone())
    } else {
        Finding::no(claim.said.value.clone(), commit.subject.clone(), what.clone())
    };
    Some(finding.with(what, commit.id.as_str()))
}

/// Words in lower case with single spaces.
fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn shared(one: &str, other: &str) -> usize {
    let other: Vec<&str> = other.split(' ').collect();
    one.split(' ').filter(|word| other.contains(word)).count()
}

/// A commit changes a file that is listed with it.
fn touches(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let commit = match named(&claim.said.subject, scene)? {
        Ok(commit) => commit,
        Err(finding) => return Some(finding),
    };
    let changes = match scene.answer(Question::Changes(commit.id.clone()))? {
        Answer::Changes(changes) => changes,
        Answer::Unknown(why) => return Some(Finding::unsure(why.clone())),
        _ => return Some(Finding::unsure("the answer makes no sense")),
    };
    let path = claim.said.value.trim_start_matches("./").trim_end_matches('/');
    let meant = |changed: &RepoPath| {
        let changed = changed.as_str();
        changed == path
            || changed
                .strip_suffix(path)
                .is_some_and(|front| front.ends_with('/'))
            || changed
                .strip_prefix(path)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let short = commit.id.short();
    Some(match changes.iter().find(|change| meant(&change.path)) {
        Some(change) => {
            let what = format!("{short} changes `{}`", change.path);
            Finding::holds(what.clone()).with(what, commit.id.as_str())
        }
        None => {
            let what = format!(
                "{short} changes {} files, and `{path}` is none of them",
                changes.len()
            );
            Finding::no(format!("{short} changes `{path}`"), "it does not", what.clone())
                .with(what, commit.id.as_str())
        }
    })
}

fn branch(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let name = &*claim.said.subject;
    if scene.repository().branch.as_deref() == Some(name) {
        return Some(Finding::holds("it is the present branch").with("the present branch", name));
    }
    for known in [name.to_owned(), format!("origin/{name}")] {
        if let Answer::Commit(Some(commit)) = scene.answer(Question::Commit(known.as_str().into()))? {
            let what = format!("`{known}` is at {}", commit.id.short());
            return Some(
                Finding::holds(format!("{what}; it is not the present branch"))
                    .with(what, commit.id.as_str()),
            );
        }
    }
    Some(Finding::unsure(
        "there is no such branch here: branches are often deleted once they are merged",
    ))
}

/// What is so of the working tree today says nothing of the day on which the line was written.
fn today(scene: &Scene<'_>, expected: &str, actual: &str, reason: String) -> Finding {
    if scene.written.is_some() {
        let (expected, actual) = (expected.into(), actual.into());
        Finding::of(ClaimVerdict::Stale { expected, actual }, reason)
    } else {
        Finding::no(expected, actual, reason)
    }
}

fn committed(_: &Claim, scene: &Scene<'_>) -> Finding {
    let repository = scene.repository();
    if !scene.is_now() {
        return Finding::unsure("what was not committed then cannot be seen any more");
    }
    if !repository.git || repository.commit.is_none() {
        return Finding::unsure("there is no commit");
    }
    if repository.dirty {
        let words = "tracked files differ from HEAD".to_owned();
        return today(scene, "everything is committed", "files differ from HEAD", words);
    }
    Finding::holds("no tracked file differs from HEAD")
}

fn pushed(_: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    if !scene.is_now() {
        return Some(Finding::unsure(
            "what was not pushed then cannot be seen any more",
        ));
    }
    Some(match scene.answer(Question::Upstream)? {
        Answer::Upstream(Some(upstream)) if upstream.gone => {
            Finding::unsure(format!("`{}` is gone", upstream.name))
        }
        Answer::Upstream(Some(upstream)) if upstream.ahead > 0 => {
            let words = format!("{} commits are not in `{}`", upstream.ahead, upstream.name);
            today(scene, "everything is pushed", &words.clone(), words)
        }
        Answer::Upstream(Some(upstream)) => {
            let what = format!("`{}` has every commit, as of the last fetch", upstream.name);
            Finding::holds(what.clone()).with(what, &*upstream.name)
        }
        Answer::Upstream(None) => Finding::unsure("the present branch follows no other one"),
        Answer::Unknown(why) => Finding::unsure(why.clone()),
        _ => Finding::unsure("the answer makes no sense"),
    })
}

/// A document is not dated after the commit that wrote its date.
fn dated(claim: &Claim, scene: &Scene<'_>) -> Finding {
    let Ok(date) = claim.said.value.parse::<jiff::civil::Date>() else {
        return Finding::silent();
    };
    let Some(commit) = scene.written else {
        return Finding::unsure("the line is not committed yet");
    };
    let day = commit.at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let days = (date - day).get_days();
    let what = format!("the line was committed on {day} by {}", commit.id.short());
    let finding = if i64::from(days) > SLIP {
        Finding::no(date.to_string(), format!("committed on {day}"), what.clone())
    } else if (-31..=2).contains(&days) {
        Finding::holds(what.clone())
    } else {
        Finding::unsure(format!(
            "{what}, long after its date: when it was written cannot be told"
        ))
    };
    finding.with(what, commit.id.as_str())
}

/// Commits, files and lines between two commits.
fn range(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let [from, to] = &*claim.said.scope else {
        return Some(Finding::silent());
    };
    let (from, to) = match (named(from, scene)?, named(to, scene)?) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(finding), _) | (_, Err(finding)) => return Some(finding),
    };
    let size = match scene.answer(Question::Range(from.id.clone(), to.id.clone()))? {
        Answer::Range(size) => *size,
        Answer::Unknown(why) => return Some(Finding::unsure(why.clone())),
        _ => return Some(Finding::unsure("the answer makes no sense")),
    };
    let Ok(stated) = claim.said.value.replace([',', '_'], "").parse::<u32>() else {
        return Some(Finding::silent());
    };
    let (is, also) = match claim.said.predicate {
        "commits" => (size.commits, size.plain_commits),
        "files" => (size.files, size.files),
        "insertions" => (size.insertions, size.insertions),
        _ => (size.deletions, size.deletions),
    };
    let what = format!(
        "{is} {} in {}..{}",
        claim.said.predicate,
        from.id.short(),
        to.id.short()
    );
    let near = match claim.said.comparator {
        "~" => f64::from(is.abs_diff(stated)) <= (f64::from(stated) * 0.2).max(2.0),
        ">=" => is >= stated,
        _ => false,
    };
    let finding = if is == stated || also == stated {
        Finding::holds(what.clone())
    } else if near {
        Finding::of(ClaimVerdict::HoldsLoosely, what.clone())
    } else {
        Finding::no(claim.said.value.clone(), is.to_string(), what.clone())
    };
    Some(finding.with(what, to.id.as_str()))
}
