//! What a statement claims of counts.

use std::ops::Range;

use super::ALL_CODE;
use crate::claims::{Draft, Place, Statement, files};
use crate::model::{Modality, Said};

/// Words by which all of the code is meant.
const WHOLE: &[&str] = &[
    "codebase",
    "code base",
    "repository",
    "source code",
    "entire project",
    "source tree",
];

/// Words behind the mark that make it a plain count of marks.
const BEHIND: &[&str] = &[
    "",
    "comments",
    "comment",
    "markers",
    "marker",
    "left",
    "remain",
    "remaining",
    "found",
    "in",
];

pub(super) fn recognise(statement: &Statement<'_>, out: &mut Vec<Draft>) {
    if matches!(statement.place, Place::Code | Place::Heading) || statement.text.len() > 2_000 {
        return;
    }
    for mark in ["TODO", "FIXME"] {
        for (at, _) in statement.text.match_indices(mark) {
            let Some(draft) = read(statement, mark, at) else {
                continue;
            };
            out.push(draft);
            // One count a statement: the rest tells where they are.
            return;
        }
    }
}

/// "No TODO comments remain in `src/`", "12 TODOs", "Zero FIXME".
fn read(statement: &Statement<'_>, mark: &str, at: usize) -> Option<Draft> {
    let text = statement.text;
    let after = text.get(at + mark.len()..)?;
    let after = after.strip_prefix(['s', 'S']).unwrap_or(after);
    if after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '/' | '-')) {
        return None;
    }
    let plain = after.trim_start_matches(['`', '*', ' ']);
    let next: String = plain
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .collect::<String>()
        .to_ascii_lowercase();
    if !BEHIND.contains(&next.as_str()) {
        return None;
    }
    let front = text.get(..at)?.trim_end_matches([' ', '`', '*', '"']);
    let start = front
        .rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '*' | '|'))
        .map_or(0, |space| space + 1);
    let word = front.get(start..)?;
    let (value, comparator) = number(word, front.get(..start)?)?;
    let range = start..at + mark.len();
    let modality = statement.modality(&range);
    if modality == Modality::Example {
        return None;
    }
    Some(Draft {
        said: Said {
            subject: mark.into(),
            predicate: "count",
            comparator,
            value: value.into(),
            scope: scope(statement, &range)?,
        },
        range,
        modality,
        supports: true,
    })
}

fn number(word: &str, front: &str) -> Option<(String, &'static str)> {
    if ["no", "zero", "0"]
        .iter()
        .any(|none| word.eq_ignore_ascii_case(none))
    {
        return Some(("0".to_owned(), "="));
    }
    let about = word.starts_with(['~', '≈']) || front.trim_end().to_ascii_lowercase().ends_with("about");
    let digits = word.trim_start_matches(['~', '≈']);
    let plus = digits.ends_with('+');
    let digits = digits.trim_end_matches('+');
    let plain = !digits.is_empty() && digits.len() < 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let comparator = match (about, plus) {
        (true, _) => "~",
        (_, true) => ">=",
        _ => "=",
    };
    plain.then(|| (digits.to_owned(), comparator))
}

/// Where they are counted; `None` when the sentence names more than one place.
fn scope(statement: &Statement<'_>, range: &Range<usize>) -> Option<Box<[Box<str>]>> {
    let sentence = statement.sentence(range);
    let mut scope: Vec<Box<str>> = statement
        .codes
        .iter()
        .filter(|code| code.start >= sentence.start && code.end <= sentence.end)
        .map(|code| statement.slice(code.clone()).trim_matches('`'))
        .filter(|token| token.ends_with('/') || files::is_path(token))
        .map(Into::into)
        .collect();
    let lower = statement.slice(sentence).to_ascii_lowercase();
    if scope.is_empty() && WHOLE.iter().any(|word| lower.contains(word)) {
        scope.push(ALL_CODE.into());
    }
    (scope.len() <= 1).then(|| scope.into())
}
