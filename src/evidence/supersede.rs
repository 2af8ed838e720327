//! Which files stand in the place of others: a copy, or a newer run of the same tool over the same scope.
//!
//! Narrow on purpose: taking the wrong file for an old run would hide what it found. Shards, matrix columns and packages
//! are no old runs of each other, so one of these must hold: the bytes are the same; the paths differ only in a date or
//! a commit; or, for coverage, the newer one is fresh, the older is not, and the newer speaks of every file of the older.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::mapping::Mapped;
use crate::model::{Bound, Content, EvidenceKind, Freshness, RepoPath};

/// Marks the files that another one stands in for.
pub(super) fn mark(bound: &mut [Bound], mapped: &[Mapped]) {
    let mut by: Vec<Option<u32>> = vec![None; bound.len()];
    copies(bound, &mut by);
    dated(bound, &mut by);
    covered(bound, mapped, &mut by);
    for (bound, by) in bound.iter_mut().zip(by) {
        bound.superseded_by = by;
    }
}

/// The same bytes: the one whose commit is known best stands for all, of equal ones the oldest, for a copy is younger than
/// what it was made from.
fn copies(bound: &[Bound], by: &mut [Option<u32>]) {
    let mut best: HashMap<_, usize> = HashMap::new();
    let key = |bound: &Bound| (bound.file.hash, bound.file.format);
    // Of what could not be read nobody knows whether it is the same.
    let read = || {
        bound
            .iter()
            .enumerate()
            .filter(|(_, one)| one.file.content.is_ok())
    };
    for (at, one) in read() {
        let known = best.entry(key(one)).or_insert(at);
        if bound.get(*known).is_some_and(|known| rank(one) < rank(known)) {
            *known = at;
        }
    }
    for (at, one) in read() {
        if let Some(&best) = best.get(&key(one))
            && best != at
        {
            set(by, at, best);
        }
    }
}

/// How well the commit of a file is known, best first, and when it was made.
fn rank(bound: &Bound) -> (u8, Option<Timestamp>) {
    let known = match bound.commit {
        _ if bound.file.commit.is_some() => 0,
        Some(_) if bound.file.tracked => 1,
        Some(_) => 2,
        None => 3,
    };
    (known, bound.produced_at)
}

/// `zap-2024-05-01.json` and `zap-2024-06-01.json`: the newest stands for all.
fn dated(bound: &[Bound], by: &mut [Option<u32>]) {
    let mut series: HashMap<(EvidenceKind, &str, String, String), Vec<usize>> = HashMap::new();
    for (at, one) in bound.iter().enumerate() {
        if by.get(at).is_some_and(Option::is_some) {
            continue;
        }
        if let Some(shape) = undated(&one.file.source) {
            let tool = match &one.file.content {
                Ok(Content::Scan(report)) => report.tool.to_lowercase(),
                // What cannot be read may be of any tool; it stands for itself.
                Err(_) => continue,
                _ => String::new(),
            };
            series
                .entry((one.file.kind, one.file.format, tool, shape))
                .or_default()
                .push(at);
        }
    }
    for members in series.into_values().filter(|members| members.len() > 1) {
        let time = |at: usize| bound.get(at).and_then(|one| one.produced_at);
        let Some(&newest) = members.iter().max_by_key(|&&at| (time(at), at)) else {
            continue;
        };
        for at in members {
            // Without a time on both sides nobody knows which is the newer.
            if at != newest && time(at).is_some() && time(at) < time(newest) {
                set(by, at, newest);
            }
        }
    }
}

/// A path without its dates and commits; `None` when it has none, or none that changes it.
fn undated(source: &str) -> Option<String> {
    let mut shape = String::with_capacity(source.len());
    let mut found = false;
    let mut rest = source;
    while !rest.is_empty() {
        let run = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '_' | ':' | '.' | 'T' | 'Z')))
            .unwrap_or(rest.len());
        let (head, tail) = rest.split_at(run);
        let dated = head.trim_end_matches(['-', '_', '.', ':', 'T', 'Z']);
        let digits: String = dated.chars().filter(char::is_ascii_digit).collect();
        if is_date(&digits) {
            found = true;
            shape.push('#');
            shape.push_str(&head[dated.len()..]);
        } else {
            shape.push_str(head);
        }
        let word = tail
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(tail.len());
        let (head, tail) = tail.split_at(word);
        if head.len() == 40 && head.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            found = true;
            shape.push('#');
        } else {
            shape.push_str(head);
        }
        rest = if run == 0 && word == 0 {
            let mut chars = tail.chars();
            shape.extend(chars.next());
            chars.as_str()
        } else {
            tail
        };
    }
    found.then_some(shape)
}

/// Digits of a date, perhaps with a time: 20240501, 202405011200, 20240501120000, or seconds since 1970.
fn is_date(digits: &str) -> bool {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let civil = digits.len() >= 8
        && digits.len() <= 20
        && part(0, 4).is_some_and(|year| (1995..2200).contains(&year))
        && part(4, 6).is_some_and(|month| (1..=12).contains(&month))
        && part(6, 8).is_some_and(|day| (1..=31).contains(&day));
    civil || (digits.len() == 10 && digits.starts_with('1'))
}

/// Old coverage whose every file a fresh report speaks of.
fn covered(bound: &[Bound], mapped: &[Mapped], by: &mut [Option<u32>]) {
    let scope = |at: usize| -> HashSet<&RepoPath> {
        mapped
            .get(at)
            .map_or_else(HashSet::new, |mapped| mapped.places.iter().flatten().collect())
    };
    let counts = |at: usize, by: &[Option<u32>]| {
        let one = bound.get(at)?;
        let whole = mapped
            .get(at)
            .is_some_and(|mapped| mapped.found > 0 && mapped.found == mapped.named);
        let coverage = matches!(one.file.content, Ok(Content::Coverage(_)));
        (coverage && whole && by.get(at).is_some_and(Option::is_none)).then_some(one)
    };
    let fresh: Vec<usize> = (0..bound.len())
        .filter(|&at| counts(at, by).is_some_and(|one| one.freshness == Freshness::Fresh))
        .collect();
    if fresh.is_empty() {
        return;
    }
    let scopes: Vec<(usize, HashSet<&RepoPath>)> = fresh.into_iter().map(|at| (at, scope(at))).collect();
    for at in 0..bound.len() {
        let old = counts(at, by).is_some_and(|one| one.freshness != Freshness::Fresh);
        if !old {
            continue;
        }
        let own = scope(at);
        if let Some((newer, _)) = scopes.iter().find(|(_, scope)| own.is_subset(scope)) {
            set(by, at, *newer);
        }
    }
}

fn set(by: &mut [Option<u32>], at: usize, newer: usize) {
    if let (Some(by), Ok(newer)) = (by.get_mut(at), u32::try_from(newer)) {
        *by = Some(newer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_and_commits_make_a_series() {
        for (a, b) in [
            ("reports/zap-2024-05-01.json", "reports/zap-2024-06-11.json"),
            ("reports/20240501/junit.xml", "reports/20240601/junit.xml"),
            ("zap_2024-05-01T10-11-12Z.json", "zap_2024-05-02T00-00-00Z.json"),
            ("scan-1714996800.sarif", "scan-1714996900.sarif"),
        ] {
            assert_eq!(undated(a), undated(b), "{a}");
            assert!(undated(a).is_some(), "{a}");
        }
        for path in [
            "junit-1.xml",
            "junit-3.10.xml",
            "shard-12-of-40.xml",
            "trivy-api.json",
            "a/b.info",
            "é-3.xml",
        ] {
            assert_eq!(undated(path), None, "{path}");
        }
        assert_ne!(undated("api-2024-05-01.json"), undated("web-2024-05-01.json"));
        assert_ne!(undated("2024-05-01-1.json"), undated("2024-05-01-2-x.json"));
    }
}
