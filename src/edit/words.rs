//! How a document spells a status: its own words, boxes and emoji first, the usual ones otherwise.

use std::borrow::Cow;

use crate::model::{Item, Mark, MarkKind, Report, Shape, Status};
use crate::text::SourceText;

/// How letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// `IN PROGRESS`
    Upper,
    /// `in progress`
    Lower,
    /// `In Progress`
    Title,
    /// `In progress`
    Sentence,
}

impl Case {
    /// The case of a written word or phrase.
    pub(super) fn of(written: &str) -> Self {
        let letters = || written.chars().filter(|c| c.is_alphabetic());
        if letters().all(char::is_uppercase) {
            return Self::Upper;
        }
        if letters().all(char::is_lowercase) {
            return Self::Lower;
        }
        let words = written.split_whitespace();
        let capitals = words.filter(|word| word.starts_with(char::is_uppercase)).count();
        if capitals == written.split_whitespace().count() {
            Self::Title
        } else {
            Self::Sentence
        }
    }

    /// The word in this case. `N/A` keeps its capitals unless everything is lower case.
    pub(super) fn write(self, word: &str) -> String {
        if word.eq_ignore_ascii_case("n/a") {
            return if self == Self::Lower { "n/a" } else { "N/A" }.to_owned();
        }
        match self {
            Self::Upper => word.to_uppercase(),
            Self::Lower => word.to_lowercase(),
            Self::Title => word.split(' ').map(capitalised).collect::<Vec<_>>().join(" "),
            Self::Sentence => capitalised(word),
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first
            .to_uppercase()
            .chain(chars.as_str().to_lowercase().chars())
            .collect()
    })
}

/// The vocabulary of one document, seen from one item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary<'a> {
    pub(super) source: &'a SourceText,
    pub(super) report: &'a Report,
}

impl<'a> Vocabulary<'a> {
    /// The marks of one kind on other items and this one, with their items.
    pub(super) fn marks(self, kind: MarkKind) -> impl Iterator<Item = (&'a Item, &'a Mark)> {
        self.report
            .items
            .iter()
            .flat_map(|item| item.marks.iter().map(move |mark| (item, mark)))
            .filter(move |(_, mark)| mark.kind == kind)
    }

    /// The words to try for a status in place of `old` (or freshly inserted), the document's own first.
    pub(super) fn words(self, to: Status, shape: Shape, old: Option<&str>) -> Vec<String> {
        let case = old.map(Case::of);
        let own = self
            .most_used(to, Some(shape))
            .or_else(|| self.most_used(to, None));
        let usual = usual_word(to, old);
        // A document without a word for this status still shows in which case it writes the others.
        let other_case = || {
            self.marks(MarkKind::Word)
                .next()
                .map_or(Case::Upper, |(_, mark)| Case::of(self.source.slice(mark.span)))
        };
        let mut words = Vec::new();
        if let Some(own) = own {
            words.push(case.map_or_else(|| own.to_owned(), |case| case.write(own)));
        }
        let usual = case.unwrap_or_else(other_case).write(&usual);
        if !words.contains(&usual) {
            words.push(usual);
        }
        words
    }

    /// The word that the document uses most for a status.
    fn most_used(self, status: Status, shape: Option<Shape>) -> Option<&'a str> {
        let mut counted: Vec<(&str, String, u32)> = Vec::new();
        let marks = self.marks(MarkKind::Word);
        for (item, mark) in marks {
            if mark.vote != status || shape.is_some_and(|shape| shape != item.shape) {
                continue;
            }
            let word = self.source.slice(mark.span).trim();
            let key = word.to_lowercase();
            // A phrase in markup or with a negation beside it would not be the same status elsewhere.
            if word.is_empty() || word.len() > 24 || word.contains(['*', '_', '\n', '|', '`']) {
                continue;
            }
            match counted.iter_mut().find(|(_, known, _)| *known == key) {
                Some((_, _, times)) => *times += 1,
                None => counted.push((word, key, 1)),
            }
        }
        let best = counted.iter().map(|(_, _, times)| *times).max()?;
        counted
            .iter()
            .find(|(_, _, times)| *times == best)
            .map(|(word, _, _)| *word)
    }

    /// The raw bytes of the token of this kind that the document uses most for a status.
    pub(super) fn own_token(self, kind: MarkKind, status: Status) -> Option<&'a [u8]> {
        let mut counted: Vec<(&[u8], u32)> = Vec::new();
        for (_, mark) in self.marks(kind) {
            if mark.vote != status {
                continue;
            }
            let bytes = self.source.bytes().get(mark.span.range()).unwrap_or_default();
            match counted.iter_mut().find(|(known, _)| *known == bytes) {
                Some((_, times)) => *times += 1,
                None if !bytes.is_empty() => counted.push((bytes, 1)),
                None => {}
            }
        }
        let best = counted.iter().map(|(_, times)| *times).max()?;
        counted
            .iter()
            .find(|(_, times)| *times == best)
            .map(|(bytes, _)| *bytes)
    }

    /// Whether the document says statuses with emoji.
    pub(super) fn uses_emoji(self) -> bool {
        self.marks(MarkKind::Emoji).next().is_some()
    }
}

/// The usual word for a status, paired with the word that it takes the place of.
fn usual_word(to: Status, old: Option<&str>) -> Cow<'static, str> {
    let old = old.unwrap_or_default().trim().to_lowercase();
    Cow::Borrowed(match to {
        Status::Done => match old.as_str() {
            "" | "todo" | "wip" | "to do" => "DONE",
            "not implemented" | "partially implemented" => "IMPLEMENTED",
            "incomplete" | "partial" | "not complete" => "COMPLETE",
            _ => "COMPLETED",
        },
        Status::Open => match old.as_str() {
            "done" => "TODO",
            "implemented" => "NOT IMPLEMENTED",
            _ => "PENDING",
        },
        Status::InProgress => "IN PROGRESS",
        Status::Blocked => "BLOCKED",
        Status::Deferred => "DEFERRED",
        Status::Verified => "VERIFIED",
        Status::NotApplicable => "N/A",
        Status::Unmarked | Status::Conflicted => "",
    })
}

/// The emoji that says a status everywhere; few statuses have one.
pub(super) const fn usual_emoji(to: Status) -> Option<&'static str> {
    match to {
        Status::Done => Some("\u{2705}"),
        Status::Open => Some("\u{23f3}"),
        Status::Deferred => Some("\u{23f8}\u{fe0f}"),
        _ => None,
    }
}

/// Insides of a box to try for a status that neither a space nor an `x` says, in the order of how common they are.
pub(super) const fn odd_boxes(to: Status) -> &'static [&'static str] {
    match to {
        Status::InProgress => &["~", "/"],
        Status::Deferred => &[">", "~"],
        Status::NotApplicable => &["-"],
        Status::Blocked => &["!"],
        _ => &[],
    }
}
