//! Counts of marks in the code: so many `TODO` or `FIXME` remain, or none. See `spec.md`.
//!
//! Not here: counts that a tool reports (tests, findings). People count in different ways, so two definitions are counted,
//! the narrowest and the widest; only what lies outside of both is refuted.

use super::tree::Named;
use super::{Draft, Finding, Rule, Scene, Statement, folder_of};
use crate::model::{Answer, Claim, ClaimKind, ClaimVerdict, Question, RepoPath};

mod read;

/// The rule of counts.
#[derive(Debug)]
pub(super) struct Counts;

/// Said in a claim's scope: all of the code is meant.
const ALL_CODE: &str = "all code";
/// So many files are read for one count.
const MOST_FILES: usize = 3_000;
/// So many places are named in a proof.
const MOST_PLACES: usize = 12;

impl Rule for Counts {
    fn name(&self) -> &'static str {
        "counts"
    }

    fn kind(&self) -> ClaimKind {
        ClaimKind::Count
    }

    fn recognise(&self, statement: &Statement<'_>, out: &mut Vec<Draft>) {
        read::recognise(statement, out);
    }

    fn check(&self, claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
        check(claim, scene)
    }
}

/// What was found of a mark.
#[derive(Debug, Default)]
struct Found {
    /// Lines of code with the mark in capitals behind the sign of a comment.
    comments: usize,
    /// The mark in any case as a word, anywhere in any text.
    words: usize,
    /// `path:line` of the comments.
    places: Vec<(String, String)>,
}

fn check(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let tree = match scene.tree_then()? {
        Ok(tree) => tree,
        Err(why) => return Some(Finding::unsure(why)),
    };
    let whole = claim.said.scope.iter().any(|said| &**said == ALL_CODE);
    let folder = claim.said.scope.iter().find(|said| &***said != ALL_CODE);
    let within = match folder {
        None => None,
        Some(folder) => match tree.find(folder, folder_of(scene.report)) {
            Named::File(path) | Named::Folder(path) => Some(path),
            _ => return Some(Finding::unsure(format!("`{folder}` is no one place here"))),
        },
    };
    let inside = |path: &&RepoPath| {
        let text = path.as_str();
        within.as_ref().is_none_or(|within| {
            text.strip_prefix(within.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }) && **path != scene.report.path
            && !["node_modules/", "vendor/", "third_party/", "dist/"]
                .iter()
                .any(|other| text.starts_with(other) || text.contains(&format!("/{other}")))
    };
    let paths: Vec<&RepoPath> = tree.files().iter().filter(inside).collect();
    if paths.len() > MOST_FILES {
        return Some(Finding::unsure(format!(
            "{} files would have to be read for it",
            paths.len()
        )));
    }
    let (mut found, mut missing, mut unread) = (Found::default(), false, 0_u32);
    for path in &paths {
        match scene.answer(Question::Bytes(scene.at(), (*path).clone())) {
            Some(Answer::Bytes(Some(bytes))) => count(path, bytes, &claim.said.subject, &mut found),
            Some(Answer::Bytes(None)) => {}
            Some(_) => unread += 1,
            None => missing = true,
        }
    }
    if missing {
        return None;
    }
    if unread > 0 && found.comments == 0 {
        return Some(Finding::unsure(format!("{unread} files could not be read")));
    }
    let place = within
        .as_ref()
        .map_or_else(|| "this repository".to_owned(), |path| format!("`{path}`"));
    Some(compare(claim, &found, whole || within.is_some(), &place))
}

fn compare(claim: &Claim, found: &Found, certain: bool, place: &str) -> Finding {
    let mark = &claim.said.subject;
    let Ok(stated) = claim.said.value.parse::<usize>() else {
        return Finding::silent();
    };
    let Found {
        comments,
        words,
        places,
    } = found;
    let reason = format!("{comments} comments of {place} say {mark}, and {words} words of all texts");
    let near = |count: usize| match &*claim.said.comparator {
        "~" => count.abs_diff(stated) * 10 <= stated,
        ">=" => count >= stated,
        _ => false,
    };
    let exact = |count: usize| claim.said.comparator == "=" && count == stated;
    let mut finding = if exact(*comments) || (stated > 0 && exact(*words)) {
        Finding::holds(reason)
    } else if near(*comments) || near(*words) {
        Finding::of(ClaimVerdict::HoldsLoosely, reason)
    } else {
        // None where some are is a lie; fewer than there are may be a part of them; more than there are is none.
        let none = stated == 0 && *comments > 0;
        let more = stated > *words && (claim.said.comparator != "~" || stated > *words * 2);
        if certain && (none || more) {
            Finding::no(format!("{stated} {mark}"), format!("{comments}"), reason)
        } else {
            Finding::unsure(format!("{reason}: how it was counted is not said"))
        }
    };
    finding = finding.with(
        format!(
            "counted: lines with {mark} behind the sign of a comment, in tracked texts that are no prose"
        ),
        place,
    );
    for (line, source) in places {
        finding = finding.with(line.clone(), source.clone());
    }
    finding
}

fn count(path: &RepoPath, bytes: &[u8], mark: &str, found: &mut Found) {
    // A zero byte shows that it is no text.
    if memchr::memchr(0, bytes.get(..8_192).unwrap_or(bytes)).is_some() {
        return;
    }
    let name = path.file_name();
    let prose = [
        ".md",
        ".mdx",
        ".markdown",
        ".txt",
        ".rst",
        ".adoc",
        ".csv",
        ".json",
        ".lock",
    ]
    .iter()
    .any(|end| name.ends_with(end));
    let text = String::from_utf8_lossy(bytes);
    for (number, line) in text.lines().enumerate() {
        let upper = line.to_ascii_uppercase();
        if !upper.contains(mark) {
            continue;
        }
        found.words += words_at(&upper, mark).count();
        if prose {
            continue;
        }
        let comment = words_at(line, mark).any(|at| line.get(..at).is_some_and(opens_comment));
        if comment {
            found.comments += 1;
            if found.places.len() < MOST_PLACES {
                let shown: String = line.trim().chars().take(120).collect();
                found.places.push((shown, format!("{path}:{}", number + 1)));
            }
        }
    }
}

/// Where a mark stands as a word; an `S` behind it is its plural.
fn words_at<'t>(line: &'t str, mark: &'t str) -> impl Iterator<Item = usize> + 't {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(mark).map(|(at, _)| at).filter(move |&at| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + mark.len()..).unwrap_or_default();
        let after = after.strip_prefix('S').unwrap_or(after);
        !before.is_some_and(joins) && !after.starts_with(joins)
    })
}

/// A comment begins in this part of a line, or it is a line inside of one. A sign inside of a text in quotes is none.
fn opens_comment(front: &str) -> bool {
    let start = front.trim_start();
    if start.starts_with(['*', ';', '%']) {
        return true;
    }
    let opens = |at: usize, sign: &str| {
        let before = front.get(..at).unwrap_or_default();
        let inside = front.get(at + sign.len()..).unwrap_or_default();
        let quoted = ['"', '`', '\'']
            .iter()
            .any(|quote| before.matches(*quote).count() % 2 == 1);
        let free = before.is_empty() || before.ends_with(char::is_whitespace);
        // `//` and `/*` may stand right behind code, but not in an address.
        let fits = free || sign.starts_with('/') && !before.ends_with(':');
        fits && !quoted && !inside.contains(['"', '`'])
    };
    ["//", "#", "/*", "<!--", "-- ", "{-", "(*"]
        .iter()
        .any(|sign| front.match_indices(sign).any(|(at, _)| opens(at, sign)))
}

#[cfg(test)]
mod tests;
