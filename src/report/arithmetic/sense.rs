//! What the checks of words share: the telling words of a phrase, whether a heading says that it is done, names
//! of things in a line.
//!
//! Not here: what contradicts what.

use super::Desk;
use crate::model::{Item, MarkKind, Status};
use crate::report::emoji;
use crate::report::statements::Statements;
use crate::report::wording::{is_one_of, stem, words};

/// Words that name nothing: articles, prepositions, and what any task could be called.
#[rustfmt::skip]
const EMPTY: &[&str] = &[
    "a", "an", "the", "and", "or", "of", "for", "to", "in", "on", "with", "by", "at", "from", "via", "into", "per", "as", "is", "are", "be",
    "been", "was", "were", "has", "have", "all", "any", "each", "every", "our", "your", "its", "this", "that", "these", "new", "now", "not",
    "no", "it", "we", "they", "between", "across", "using", "than", "only", "also", "both", "some", "most",
];

/// The telling words of a phrase as lower-case stems, in order, each once.
pub(in crate::report) fn telling(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, word) in words(text) {
        if is_one_of(word, EMPTY) {
            continue;
        }
        let stem = stem(word).to_lowercase();
        if !found.contains(&stem) {
            found.push(stem);
        }
    }
    found
}

/// Whether every word of `part` is one of `whole`.
pub(super) fn within(part: &[String], whole: &[String]) -> bool {
    part.iter().all(|word| whole.contains(word))
}

/// How many words two phrases share.
pub(super) fn shared(a: &[String], b: &[String]) -> usize {
    a.iter().filter(|word| b.contains(word)).count()
}

/// A line without the box, bullet sign, emoji and emphasis that lead it.
pub(super) fn plain(text: &str) -> &str {
    let text = text.trim_start();
    let text = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inside, rest)) if inside.chars().count() <= 1 => rest,
        _ => text,
    };
    text.trim_start_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '`' | '<' | '>' | '~' | '[' | '/' | '.' | '(')
    })
}

/// Whether a line begins with a sign that says done.
pub(super) fn leads_done(text: &str) -> bool {
    let text = text.trim_start_matches(['*', '_', ' ']);
    emoji::at(text).is_some_and(|sign| sign.vote == Status::Done)
        || text.starts_with("[x]")
        || text.starts_with("[X]")
}

#[rustfmt::skip]
const FINISHED: &[&str] = &["complete", "completed", "done", "implemented", "resolved", "fixed", "finished", "delivered"];

/// Whether a heading says that what stands below it is finished: `✅` at its end or a word such as `COMPLETED`.
pub(super) fn says_finished(title: &str) -> bool {
    let signed = || {
        title.char_indices().any(|(at, _)| {
            emoji::at(&title[at..]).is_some_and(|sign| sign.vote == Status::Done && !sign.colour)
        })
    };
    let mut last = None;
    let mut refused = false;
    for (_, word) in words(title) {
        refused |= is_one_of(
            word,
            &[
                "not",
                "partially",
                "partly",
                "to",
                "pending",
                "progress",
                "almost",
            ],
        );
        last = Some(word);
    }
    !refused && (signed() || last.is_some_and(|word| is_one_of(word, FINISHED)))
}

/// The innermost heading above a block that says it is finished, and the block of that heading.
pub(super) fn finished_above(lines: &Statements<'_>, block: u32) -> Option<u32> {
    let start = lines.heading_of(block);
    std::iter::successors(start, |&at| lines.parent(at))
        .find(|&at| lines.level(at) >= 2 && says_finished(lines.title(at)))
}

/// Whether an item's own box or word says that it is not done.
pub(super) fn plainly_open(item: &Item) -> bool {
    matches!(item.declared, Status::Open | Status::InProgress | Status::Blocked)
        && item
            .marks
            .iter()
            .any(|mark| matches!(mark.kind, MarkKind::Box | MarkKind::Word))
}

/// Whether the document says GO, or the like, of its present state.
pub(super) fn declares_go(desk: &Desk<'_>) -> bool {
    let mut declared = desk.report.declared_verdicts.iter();
    declared.any(|verdict| verdict.verdict == crate::model::DeclaredVerdictKind::Go && !verdict.historical)
}

/// A phrase cut at the parenthesis or dash that explains it, for a message.
pub(in crate::report) fn short(text: &str) -> &str {
    let cut = [" (", " - ", " – ", " — "]
        .iter()
        .filter_map(|sign| text.find(sign))
        .min();
    let head = cut.map_or(text, |at| &text[..at]).trim();
    let head = if head.is_empty() { text.trim() } else { head };
    let mut ends = head.char_indices().skip(80).map(|(at, _)| at);
    ends.next().map_or(head, |at| &head[..at])
}
