//! Stated sizes against a file's bytes.

use super::super::Finding;
use crate::model::{ClaimVerdict, RepoPath, Said};

/// Lines as editors count them: an unfinished last one counts.
pub(super) fn lines(bytes: &[u8]) -> usize {
    let ends = memchr::memchr_iter(b'\n', bytes).count();
    ends + usize::from(bytes.last().is_some_and(|&last| last != b'\n'))
}

/// Compares a stated number of lines or bytes.
pub(super) fn compare(said: &Said, path: &RepoPath, bytes: &[u8], when: &str) -> Finding {
    let Some((stated, unit)) = number(&said.value) else {
        return Finding::silent();
    };
    let of_lines = said.predicate == "lines";
    if of_lines && bytes.contains(&0) {
        return Finding::unsure(format!("`{path}` is binary"));
    }
    let actual = if of_lines { lines(bytes) } else { bytes.len() };
    let words = if of_lines { "lines" } else { "bytes" };
    let what = format!("`{path}` has {actual} {words} {when}");
    let finding = match judge(said.comparator, stated, actual as f64, unit, of_lines) {
        Match::Yes => Finding::holds(what.clone()),
        Match::Loosely => Finding::of(ClaimVerdict::HoldsLoosely, what.clone()),
        Match::No => Finding::no(
            format!("{} {words}", said.value),
            format!("{actual} {words}"),
            what.clone(),
        ),
    };
    finding.with(what, path.as_str())
}

enum Match {
    Yes,
    Loosely,
    No,
}

fn judge(comparator: &str, stated: f64, actual: f64, unit: f64, of_lines: bool) -> Match {
    let value = stated * unit;
    // One line more or less is a question of how a last line end counts; a rounded unit is good to half a step.
    let slack = if of_lines {
        1.0
    } else if unit > 1.0 {
        unit
    } else {
        0.0
    };
    let near = (actual - value).abs() <= slack
        || unit > 1.0 && (actual - stated * 1000_f64.powf(unit.log(1024.0))).abs() <= slack;
    let yes = |holds: bool| if holds { Match::Loosely } else { Match::No };
    match comparator {
        _ if near => Match::Yes,
        "~" => yes((actual - value).abs() <= (value * 0.2).max(2.0)),
        ">" | ">=" => yes(actual >= value),
        "<" | "<=" => yes(actual <= value),
        _ => Match::No,
    }
}

/// `1,400`, `12.5 KB`: the number and what one unit is.
fn number(value: &str) -> Option<(f64, f64)> {
    let digits: String = value
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let lower = value.to_ascii_lowercase();
    let unit = if lower.ends_with("kb") || lower.ends_with("kib") {
        1024.0
    } else if lower.ends_with("mb") || lower.ends_with("mib") {
        1024.0 * 1024.0
    } else {
        1.0
    };
    Some((digits.parse().ok()?, unit))
}
