//! In which mood something is said: asserted, planned, recommended, of the past, as an example.
//!
//! Only asserted claims can be refuted, so in doubt the answer is another mood.

use crate::model::{Item, Modality, Status};

/// The mood of everything below a heading or a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Mood(Modality);

/// Words of headings and labels, whole words in lower case.
#[rustfmt::skip]
const PLANNED: &[&str] = &[
    "next", "future", "roadmap", "todo", "planned", "plan", "upcoming", "goal", "goals", "backlog",
    "remaining", "proposal", "proposed", "wish", "wishlist", "target", "targets", "follow-up", "follow-ups",
    "outstanding", "missing", "gaps", "gap", "to-do", "tbd", "later", "criteria", "acceptance",
];
#[rustfmt::skip]
const RECOMMENDED: &[&str] = &[
    "recommendation", "recommendations", "recommended", "suggestion", "suggestions", "suggested", "advice",
    "improvement", "improvements", "optional", "consider", "options", "alternatives",
];
#[rustfmt::skip]
const HISTORICAL: &[&str] = &[
    "before", "previous", "previously", "old", "history", "legacy", "original", "prior", "past",
    "changelog", "lessons", "problem", "problems", "issue", "issues", "cause", "removed", "deprecated",
];
const EXAMPLE: &[&str] = &[
    "example", "examples", "template", "sample", "format", "syntax", "glossary", "legend",
];

/// Words in front of a passage in its own sentence that make it no assertion.
#[rustfmt::skip]
const WILL: &[&str] = &[
    "will", "should", "shall", "would", "could", "might", "may", "can", "need", "needs", "must", "plan",
    "plans", "planned", "todo", "if", "once", "until", "unless", "going", "propose", "let's", "consider",
    "suggest", "recommend", "recommended", "want", "intend", "tbd", "pending", "when", "future",
];
#[rustfmt::skip]
const WAS: &[&str] = &[
    "was", "were", "previously", "formerly", "originally", "had", "old", "legacy", "before", "instead",
    "replaces", "replaced", "replacing", "used", "earlier", "initially",
];
#[rustfmt::skip]
const LIKE: &[&str] = &[
    "e.g.", "example", "like", "such", "hypothetical", "imagine", "say", "e.g", "i.e.", "similar",
];

impl Mood {
    /// As a modality.
    pub(super) const fn modality(self) -> Modality {
        self.0
    }

    /// The mood below a heading inside of this one.
    pub(super) fn below(self, title: &str) -> Self {
        let own = of_title(title);
        if own == Modality::Asserted {
            self
        } else {
            Self(own)
        }
    }

    /// The mood behind a label.
    pub(super) fn labelled(self, label: &str) -> Self {
        if label.is_empty() || label.len() > 80 {
            self
        } else {
            self.below(label)
        }
    }

    /// The mood of a passage with these words around it in its sentence, in this item.
    pub(super) fn and_said(self, before: &str, after: &str, item: Option<&Item>) -> Modality {
        if self.0 != Modality::Asserted {
            return self.0;
        }
        let undone = |item: &Item| {
            matches!(
                item.declared,
                Status::Open
                    | Status::Blocked
                    | Status::Deferred
                    | Status::InProgress
                    | Status::NotApplicable
            )
        };
        if item.is_some_and(undone) {
            return Modality::Planned;
        }
        let mut mood = Modality::Asserted;
        for word in words(before) {
            if is_one(word, WILL) {
                mood = Modality::Planned;
            } else if is_one(word, WAS) {
                mood = Modality::Historical;
            } else if is_one(word, LIKE) {
                mood = Modality::Example;
            }
        }
        if mood == Modality::Asserted {
            // "`x` will be written", "`x` should hold": what is said of it stands right behind it.
            let next = words(after)
                .take(3)
                .find(|word| is_one(word, &["will", "should", "would", "needs", "must", "was", "were"]));
            mood = match next {
                Some("was" | "were") | None => mood,
                Some(_) => Modality::Planned,
            };
        }
        mood
    }
}

fn of_title(title: &str) -> Modality {
    let all: Vec<&str> = words(title).collect();
    let has = |list: &[&str]| all.iter().any(|word| is_one(word, list));
    // "Issues fixed", "Problems resolved", "Improvements made" tell what was done about them.
    let settled = [
        "fixed",
        "resolved",
        "solved",
        "completed",
        "complete",
        "done",
        "implemented",
        "made",
        "applied",
        "addressed",
        "closed",
        "created",
        "added",
        "modified",
        "after",
    ];
    if has(&settled) {
        return Modality::Asserted;
    }
    if has(PLANNED) {
        Modality::Planned
    } else if has(RECOMMENDED) {
        Modality::Recommended
    } else if has(HISTORICAL) {
        Modality::Historical
    } else if has(EXAMPLE) {
        Modality::Example
    } else {
        Modality::Asserted
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | ',' | ':' | ';' | '*' | '`' | '"' | '/' | '[' | ']')
    })
    .filter(|word| !word.is_empty())
}

fn is_one(word: &str, list: &[&str]) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Where the last sentence of a text begins.
pub(super) fn last_stop(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = bytes.len();
    while at > 1 {
        at -= 1;
        if bytes[at].is_ascii_whitespace() && ends_sentence(bytes, at) {
            return at;
        }
    }
    0
}

/// Where the first sentence of a text ends.
pub(super) fn first_stop(text: &str) -> usize {
    let bytes = text.as_bytes();
    (1..bytes.len())
        .find(|&at| bytes[at].is_ascii_whitespace() && ends_sentence(bytes, at))
        .unwrap_or(bytes.len())
}

/// A stop in front of white space, that is no abbreviation.
fn ends_sentence(bytes: &[u8], space: usize) -> bool {
    let before = bytes.get(..space).unwrap_or_default();
    match before.last() {
        Some(b'!' | b'?' | b';') => true,
        Some(b'.') => !before.ends_with(b"e.g.") && !before.ends_with(b"i.e.") && !before.ends_with(b"vs."),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_words_tell_the_mood() {
        let under = |title: &str, before: &str| Mood::default().below(title).and_said(before, "", None);
        assert_eq!(under("Files created", "see "), Modality::Asserted);
        assert_eq!(under("Next steps", "see "), Modality::Planned);
        assert_eq!(under("Recommendations", ""), Modality::Recommended);
        assert_eq!(under("Before", ""), Modality::Historical);
        assert_eq!(under("Critical issues (all resolved)", ""), Modality::Asserted);
        assert_eq!(under("Summary", "we will add "), Modality::Planned);
        assert_eq!(under("Summary", "this replaces the old "), Modality::Historical);
        assert_eq!(under("Summary", "e.g. "), Modality::Example);
    }

    #[test]
    fn a_sentence_ends_at_a_stop() {
        let text = "One e.g. two. Three";
        assert_eq!(&text[last_stop(text)..], " Three");
        assert_eq!(&text[..first_stop(text)], "One e.g. two.");
    }
}
