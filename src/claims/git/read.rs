//! Commits, branches and figures of git in a statement.

use std::ops::Range;

use crate::claims::{Draft, Place, Statement};
use crate::model::{Modality, Said};

/// Words that make a run of hexadecimal digits a commit.
const COMMIT_WORDS: &[&str] = &[
    "commit",
    "commits",
    "hash",
    "sha",
    "revision",
    "rev",
    "merged",
    "cherry-picked",
    "committed",
    "head",
];

/// What is done in a commit, where the word itself is left out.
const DONE_WORDS: &[&str] = &[
    "fixed",
    "fix",
    "resolved",
    "closed",
    "done",
    "completed",
    "implemented",
    "added",
    "introduced",
    "landed",
    "shipped",
    "addressed",
    "patched",
    "removed",
    "reverted",
    "applied",
    "updated",
    "changed",
    "mitigated",
    "remediated",
];

pub(super) fn recognise(statement: &Statement<'_>, out: &mut Vec<Draft>) {
    if statement.place == Place::Code {
        return;
    }
    let text = statement.text;
    let from = out.len();
    hashes(statement, out);
    if out.len() > from {
        touched(statement, from, out);
    }
    ranges(statement, out);
    if statement.place == Place::Heading {
        return;
    }
    fields(statement, out);
    if text.len() < 400 {
        everything(statement, out);
    }
}

fn draft(
    statement: &Statement<'_>,
    range: Range<usize>,
    predicate: &'static str,
    subject: &str,
    value: &str,
) -> Draft {
    let modality = statement.modality(&range);
    Draft {
        range,
        said: Said {
            subject: subject.into(),
            predicate,
            comparator: "=",
            value: value.into(),
            scope: Box::default(),
        },
        modality,
        supports: matches!(predicate, "commit" | "touches"),
    }
}

/// Seven to forty hexadecimal digits, lower case.
fn is_hash(token: &str) -> bool {
    (7..=40).contains(&token.len())
        && token
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Digits and letters mixed: no date, no number, no word.
fn is_mixed(token: &str) -> bool {
    token.bytes().any(|b| b.is_ascii_digit()) && token.bytes().any(|b| b.is_ascii_alphabetic())
}

fn hashes(statement: &Statement<'_>, out: &mut Vec<Draft>) {
    let text = statement.text;
    let bytes = text.as_bytes();
    let part = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let mut at = 0;
    while at < bytes.len() {
        if !part(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && part(bytes[at]) {
            at += 1;
        }
        let token = text.get(start..at).unwrap_or_default();
        if !is_hash(token) {
            continue;
        }
        let before = bytes.get(..start).and_then(<[u8]>::last).copied().unwrap_or(b' ');
        let after = bytes.get(at).copied().unwrap_or(b' ');
        let followed = bytes.get(at + 1).copied().unwrap_or(b' ');
        // A part of a URL, a path, a number, a digest or a range is no commit of its own.
        let joined = matches!(before, b'/' | b'.' | b':' | b'#' | b'@' | b'=' | b'$')
            && !(before == b'/' && text.get(..start).is_some_and(|t| t.ends_with("/commit/")));
        if joined
            || matches!(after, b'/' | b':' | b'@' | b'=' | b'%')
            || after == b'.' && !followed.is_ascii_whitespace() && followed != b' '
        {
            continue;
        }
        let coded = statement
            .codes
            .iter()
            .any(|code| code.start <= start && at <= code.end);
        let alone = statement
            .codes
            .iter()
            .any(|code| statement.slice(code.clone()).trim_matches('`') == token);
        let said = says_commit(statement, start)
            || done_in(text.get(..start).unwrap_or_default())
            || before == b'(' && after == b')';
        // Long enough to be nothing else, or called a commit, or alone in code with letters and digits.
        let sure = token.len() == 40 && is_mixed(token)
            || said && (is_mixed(token) || coded)
            || alone && is_mixed(token) && listed_as_commits(statement);
        if sure {
            out.push(draft(statement, start..at, "commit", token, ""));
        }
    }
}

/// The words in front call what follows a commit: the label of the field, the column, the sentence.
fn says_commit(statement: &Statement<'_>, at: usize) -> bool {
    let cell = statement.cells.iter().position(|cell| cell.contains(&at));
    if let Some(cell) = cell {
        return statement
            .heads
            .get(cell)
            .is_some_and(|head| words(head).any(|word| is_one(word, COMMIT_WORDS)));
    }
    let before = statement.text.get(..at).unwrap_or_default();
    words(before).rev().take(5).any(|word| is_one(word, COMMIT_WORDS)) || before.ends_with("/commit/")
}

/// The words in front say where something was done: "fixed in", "landed with".
fn done_in(before: &str) -> bool {
    let mut last = words(before).rev();
    let place = last.next().unwrap_or_default();
    is_one(place, &["in", "by", "with", "via"]) && last.next().is_some_and(|word| is_one(word, DONE_WORDS))
}

/// The label or title of a list says that it lists commits.
fn listed_as_commits(statement: &Statement<'_>) -> bool {
    let title = statement.titles().next().unwrap_or_default();
    [statement.label, title]
        .into_iter()
        .any(|text| text.len() <= 80 && words(text).any(|word| is_one(word, COMMIT_WORDS)))
}

/// A row or sentence with one commit and files: the commit changes them. A row with its message: it says so.
fn touched(statement: &Statement<'_>, from: usize, out: &mut Vec<Draft>) {
    let [commit] = out.get(from..).unwrap_or_default() else {
        return;
    };
    let (subject, place) = (commit.said.subject.clone(), commit.range.clone());
    if statement.place != Place::Row {
        return;
    }
    for (cell, head) in statement.cells.iter().zip(statement.heads) {
        if cell.contains(&place.start) || words(head).count() > 3 {
            continue;
        }
        let content = statement.slice(cell.clone()).trim();
        if words(head).any(|word| is_one(word, &["file", "files", "paths", "path"])) {
            let base = cell.start + statement.slice(cell.clone()).find(content).unwrap_or(0);
            for (at, token) in tokens(content) {
                let path = token.trim_matches('`');
                let start = base + at + token.find(path).unwrap_or(0);
                if crate::claims::files::is_path(path) {
                    out.push(draft(
                        statement,
                        start..start + path.len(),
                        "touches",
                        &subject,
                        path,
                    ));
                }
            }
        } else if words(head).any(|word| is_one(word, &["message", "subject"])) && words(content).count() >= 2
        {
            out.push(draft(
                statement,
                cell.clone(),
                "subject",
                &subject,
                content.trim_matches(['`', '"', '*', '“', '”']),
            ));
        }
    }
}

/// What commas and spaces separate, with its place.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive([',', ' ', '\n']).filter_map(move |piece| {
        let start = at;
        at += piece.len();
        let token = piece.trim_end_matches([',', ' ', '\n']);
        (!token.is_empty()).then_some((start, token))
    })
}

/// `12 commits`, `34 files changed`, `1,200 insertions` in a sentence with one range `a..b`.
fn ranges(statement: &Statement<'_>, out: &mut Vec<Draft>) {
    let text = statement.text;
    let Some(dots) = text.find("..") else {
        return;
    };
    let name = |c: char| c.is_alphanumeric() || matches!(c, '/' | '_' | '-' | '.' | '^' | '~');
    let before = text.get(..dots).unwrap_or_default();
    let after = text.get(dots..).unwrap_or_default().trim_start_matches('.');
    let start = before.rfind(|c: char| !name(c)).map_or(0, |at| {
        at + before
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(1, char::len_utf8)
    });
    let (from, to) = (
        before.get(start..).unwrap_or_default(),
        after.split(|c: char| !name(c)).next().unwrap_or_default(),
    );
    let plausible = |name: &str| {
        name == "HEAD"
            || is_hash(name)
            || name.starts_with('v') && name.contains('.') && name.bytes().any(|b| b.is_ascii_digit())
            || matches!(name, "main" | "master" | "develop")
    };
    let to = to.trim_end_matches('.');
    if !plausible(from) || !plausible(to) || after.contains("..") {
        return;
    }
    for (number, unit, place) in figures(text) {
        let predicate = match unit {
            "commit" | "commits" => "commits",
            "file" | "files" => "files",
            "insertion" | "insertions" | "additions" => "insertions",
            "deletion" | "deletions" => "deletions",
            _ => continue,
        };
        let front = text.get(..place.start).unwrap_or_default().trim_end();
        let mut figure = draft(
            statement,
            place.clone(),
            predicate,
            &format!("{from}..{to}"),
            number,
        );
        figure.said.scope = [from.into(), to.into()].into();
        let about = front.ends_with('~') || front.ends_with("about") || front.ends_with("approximately");
        if about {
            figure.said.comparator = "~";
        } else if text.get(place.end..).is_some_and(|rest| rest.starts_with('+')) {
            figure.said.comparator = ">=";
        }
        out.push(figure);
    }
}

/// Numbers with the word behind them.
fn figures(text: &str) -> Vec<(&str, &str, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let inside = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'.');
        if !bytes[at].is_ascii_digit() || inside {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len()
            && (bytes[at].is_ascii_digit()
                || bytes[at] == b',' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
        {
            at += 1;
        }
        let rest = text.get(at..).unwrap_or_default();
        let unit = rest.trim_start_matches('+').trim_start();
        let unit = unit
            .split(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or_default();
        if !unit.is_empty() {
            found.push((text.get(start..at).unwrap_or_default(), unit, start..at));
        }
    }
    found
}

/// `**Branch**: name` and `**Date**: 2026-01-31`.
fn fields(statement: &Statement<'_>, out: &mut Vec<Draft>) {
    let Some(colon) = statement.text.find(':').filter(|&colon| colon <= 24) else {
        return;
    };
    let name = statement
        .text
        .get(..colon)
        .unwrap_or_default()
        .trim_matches(|c: char| !c.is_alphanumeric());
    let rest = statement.text.get(colon + 1..).unwrap_or_default();
    let value = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '`' | '_'));
    let start = colon + 1 + rest.find(value).unwrap_or(0);
    let range = start..start + value.len();
    if name.eq_ignore_ascii_case("branch") {
        let plain = !value.is_empty()
            && value.len() <= 120
            && value.chars().all(|c| c.is_alphanumeric() || "/._-#".contains(c));
        if plain {
            let mut branch = draft(statement, range, "branch", value, "");
            branch.modality = Modality::Asserted;
            out.push(branch);
        }
        return;
    }
    let is_date = [
        "date",
        "last updated",
        "updated",
        "generated",
        "report generated",
        "report date",
        "review date",
        "created",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(name));
    if is_date && let Some(date) = date(value) {
        let mut dated = draft(statement, range, "dated", name, &date);
        dated.modality = Modality::Asserted;
        out.push(dated);
    }
}

/// `2026-01-31`, `January 31, 2026`, `31 January 2026` as an ISO date.
fn date(text: &str) -> Option<String> {
    let text = text.split(['(', '|']).next().unwrap_or_default().trim();
    if text.len() < 8 || text.len() > 40 {
        return None;
    }
    let iso = text.get(..10).filter(|iso| {
        iso.bytes().enumerate().all(|(at, b)| {
            if at == 4 || at == 7 {
                b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
    });
    if let Some(iso) = iso {
        return Some(iso.to_owned());
    }
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let (mut day, mut month, mut year) = (None, None, None);
    for word in text
        .split([' ', ',', '.'])
        .filter(|word| !word.is_empty())
        .take(4)
    {
        let lower = word.to_ascii_lowercase();
        let number = lower
            .trim_end_matches(|c: char| c.is_ascii_alphabetic())
            .parse::<u32>()
            .ok();
        match number {
            Some(number) if word.len() == 4 && number >= 1000 => year = Some(number),
            Some(number) if (1..=31).contains(&number) => day = Some(number),
            _ => {
                let found = MONTHS
                    .iter()
                    .position(|known| lower.starts_with(known) && lower.len() >= 3);
                month = month.or(found);
            }
        }
    }
    Some(format!("{:04}-{:02}-{:02}", year?, month? + 1, day?))
}

/// "All commits pushed", "everything is committed", "working tree clean".
fn everything(statement: &Statement<'_>, out: &mut Vec<Draft>) {
    let all: Vec<String> = words(statement.text).map(str::to_ascii_lowercase).collect();
    let has = |word: &str| all.iter().any(|known| known == word);
    let total = has("all") || has("everything");
    let things =
        has("commits") || has("changes") || has("work") || has("code") || has("everything") || has("files");
    if all.len() > 16 || has("not") || has("no") || has("tests") {
        return;
    }
    let range = 0..statement.text.len();
    if total && things && has("pushed") {
        out.push(draft(statement, range, "pushed", "commits", ""));
    } else if total && things && has("committed")
        || has("working") && (has("tree") || has("directory")) && has("clean")
    {
        out.push(draft(statement, range, "committed", "changes", ""));
    }
}

fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''))
        .filter(|word| !word.is_empty())
}

fn is_one(word: &str, list: &[&str]) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_forms_people_write() {
        for text in [
            "2026-01-31",
            "January 31, 2026",
            "31 Jan 2026",
            "2026-01-31 (UTC)",
            "Jan 31st, 2026",
        ] {
            assert_eq!(date(text).as_deref(), Some("2026-01-31"), "{text}");
        }
        for text in ["soon", "Q1 2026", "2026", "January 2026", "31/01/2026"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
