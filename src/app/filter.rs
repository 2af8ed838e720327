//! The filter language of `/`: words and `field:value` pairs, all of which must match; `!` inverts one, quotes keep
//! spaces. Pure and quick enough for every item of a large repository on each letter typed.
//!
//! Invariant: matching allocates nothing per item.

use crate::engine::{Assessment, ItemState};
use crate::model::{Item, Report, Severity, Verdict};

pub use super::model::Filter;

/// What a filter says, ready for matching.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matcher {
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    inverse: bool,
    field: Field,
    /// Any of these; lower case.
    needles: Vec<Needle>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Any,
    Severity,
    Status,
    File,
    Id,
    Requirement,
    Section,
    Title,
    Owner,
    Shape,
}

/// A text to look for in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    lower: Box<str>,
}

/// The order of the blockers pane: every item of the documents that count, by severity, then document, then line.
#[must_use]
pub fn base_order(assessment: &Assessment) -> Vec<(u32, u32)> {
    let mut buckets: [Vec<(u32, u32)>; Severity::ALL.len()] = Default::default();
    for (d, document) in (0u32..).zip(&assessment.documents) {
        if !document.report.recognition.counts {
            continue;
        }
        for (i, item) in (0u32..).zip(&document.report.items) {
            if let Some(bucket) = buckets.get_mut(item.severity as usize) {
                bucket.push((d, i));
            }
        }
    }
    buckets.concat()
}

/// Indices into [`base_order`] of the items that match, ascending.
#[must_use]
pub fn matches(filter: &Filter, assessment: &Assessment) -> Vec<u32> {
    let matcher = Matcher::of(filter);
    let order = base_order(assessment);
    let mut last = (u32::MAX, false);
    let mut rows = Vec::new();
    for (row, &(d, i)) in (0u32..).zip(&order) {
        let Some((document, item, state)) = assessment.item(d, i) else {
            continue;
        };
        // One document's items come in runs, so that the path is matched once a run.
        if last.0 != d {
            last = (d, matcher.may_match_file(&document.report));
        }
        if last.1 && matcher.item(&document.report, item, state) {
            rows.push(row);
        }
    }
    rows
}

/// The fields of the language with what they take, for help.
pub const FIELDS: &[(&str, &str)] = &[
    (
        "sev:",
        "blocker critical high medium low info unspecified, or p0 to p3",
    ),
    ("status:", "open blocked conflicted done unproven …, or blocking"),
    ("file:", "part of the document's path"),
    ("id:", "part of the id"),
    ("req:", "required optional post_deploy future informational"),
    ("section:", "part of a heading above it"),
    ("owner:", "part of the owner"),
    ("shape:", "task row heading step bullet"),
];

impl Field {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "sev" | "severity" => Self::Severity,
            "status" | "is" => Self::Status,
            "file" | "path" | "doc" => Self::File,
            "id" => Self::Id,
            "req" | "requirement" => Self::Requirement,
            "section" | "sec" => Self::Section,
            "title" | "text" => Self::Title,
            "owner" => Self::Owner,
            "shape" => Self::Shape,
            _ => return None,
        })
    }
}

impl Matcher {
    /// Reads a filter; every text is a filter.
    #[must_use]
    pub fn of(filter: &Filter) -> Self {
        let terms = words(&filter.text).into_iter().filter_map(|word| Term::of(&word));
        Self {
            terms: terms.collect(),
        }
    }

    /// Whether it asks for nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether an item matches.
    #[must_use]
    pub fn item(&self, report: &Report, item: &Item, state: ItemState) -> bool {
        self.terms
            .iter()
            .all(|term| term.item(report, item, state) != term.inverse)
    }

    /// Whether a text that is no item matches: words look at the text, `file:` at the path, other fields never match.
    #[must_use]
    pub fn text(&self, path: &str, text: &str) -> bool {
        self.terms.iter().all(|term| {
            let found = match term.field {
                Field::Any => term.any(text) || term.any(path),
                Field::Title | Field::Section => term.any(text),
                Field::File => term.any(path),
                _ => false,
            };
            found != term.inverse
        })
    }

    /// False only when no item of the document can match.
    fn may_match_file(&self, report: &Report) -> bool {
        let mut files = self.terms.iter().filter(|term| term.field == Field::File);
        files.all(|term| term.any(report.path.as_str()) != term.inverse)
    }
}

impl Term {
    fn of(word: &Word) -> Option<Self> {
        let (inverse, text) = match word.text.strip_prefix('!') {
            Some(rest) if !word.quoted => (true, rest),
            _ => (false, &*word.text),
        };
        let field = text
            .split_once(':')
            .filter(|_| !word.quoted)
            .and_then(|(name, value)| Some((Field::of(&name.to_ascii_lowercase())?, value)));
        let (field, value) = field.unwrap_or((Field::Any, text));
        let many = !matches!(field, Field::Any | Field::Title | Field::Section);
        let parts: Vec<&str> = if many {
            value.split(',').collect()
        } else {
            vec![value]
        };
        let needles = parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| match field {
                Field::Severity => match Severity::parse(part) {
                    Some(severity) => Needle::new(severity.word()),
                    None => Needle::new(part),
                },
                Field::Status | Field::Requirement => Needle::new(&part.replace('-', "_")),
                _ => Needle::new(part),
            });
        let needles: Vec<Needle> = needles.collect();
        // `sev:` on the way to `sev:high` asks for nothing yet.
        (!needles.is_empty()).then_some(Self {
            inverse,
            field,
            needles,
        })
    }

    fn any(&self, text: &str) -> bool {
        self.needles.iter().any(|needle| needle.find(text).is_some())
    }

    /// Words of closed lists match by their beginning, so that the list is live while one types.
    fn begins(&self, word: &str) -> bool {
        self.needles.iter().any(|needle| word.starts_with(&*needle.lower))
    }

    fn item(&self, report: &Report, item: &Item, state: ItemState) -> bool {
        let id = || item.id.as_deref().unwrap_or_default();
        let ids = || {
            item.extras
                .iter()
                .flat_map(|extras| &extras.ids)
                .any(|id| self.any(id))
        };
        match self.field {
            Field::Any => self.any(&item.title) || self.any(id()) || ids() || self.any(report.path.as_str()),
            Field::Severity => self.begins(item.severity.word()),
            Field::Status => {
                self.begins(state.derived.word())
                    || self.begins(item.declared.word())
                    || (blocks(state) && (self.begins("blocking") || self.begins("failing")))
            }
            Field::File => self.any(report.path.as_str()),
            Field::Id => self.any(id()) || ids(),
            Field::Requirement => self.begins(item.requirement.word()),
            Field::Section => {
                let mut at = item.section;
                // A heading is never its own ancestor in a sane report; the bound holds for an insane one.
                for _ in 0..16 {
                    let Some(section) = at.and_then(|index| report.sections.get(index as usize)) else {
                        return false;
                    };
                    if self.any(&section.title) {
                        return true;
                    }
                    at = section.parent;
                }
                false
            }
            Field::Title => self.any(&item.title),
            Field::Owner => {
                let owner = item.extras.as_ref().and_then(|extras| extras.owner.as_deref());
                owner.is_some_and(|owner| self.any(owner))
            }
            Field::Shape => self.begins(item.shape.word()),
        }
    }
}

/// Whether an item's state stands between the release and a GO.
#[must_use]
pub fn blocks(state: ItemState) -> bool {
    matches!(state.effect, Verdict::NoGo | Verdict::Hold)
}

impl Needle {
    /// A text to look for.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            lower: text.to_lowercase().into(),
        }
    }

    /// Where it is first found, in any case, as a range of `text`.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let needle = self.lower.as_bytes();
        let Some(&first) = needle.first() else {
            return Some(0..0);
        };
        if !self.lower.is_ascii() {
            return self.find_folded(text);
        }
        let hay = text.as_bytes();
        let end = (hay.len() + 1).checked_sub(needle.len())?;
        let starts = memchr::memchr2_iter(first, first.to_ascii_uppercase(), &hay[..end]);
        let same = |at: &usize| hay[*at..*at + needle.len()].eq_ignore_ascii_case(needle);
        starts.into_iter().find(same).map(|at| at..at + needle.len())
    }

    /// For other scripts: characters compared by their lower case.
    fn find_folded(&self, text: &str) -> Option<std::ops::Range<usize>> {
        // No ASCII character has a lower case outside of ASCII, so such a needle is never in plain text.
        if text.is_ascii() {
            return None;
        }
        text.char_indices().find_map(|(start, _)| {
            let mut wanted = self.lower.chars();
            let mut next = wanted.next();
            for (at, c) in text.get(start..)?.char_indices() {
                for lower in c.to_lowercase() {
                    if next != Some(lower) {
                        return None;
                    }
                    next = wanted.next();
                }
                if next.is_none() {
                    return Some(start..start + at + c.len_utf8());
                }
            }
            None
        })
    }
}

struct Word {
    text: String,
    quoted: bool,
}

/// Words at spaces; quotes keep spaces and take the meaning from `!` and `:`, except behind a field's colon.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word {
        text: String::new(),
        quoted: false,
    };
    let mut inside = false;
    for c in text.chars() {
        match c {
            '"' => {
                word.quoted |= !inside && word.text.is_empty();
                inside = !inside;
            }
            c if c.is_whitespace() && !inside => {
                words.push(std::mem::replace(
                    &mut word,
                    Word {
                        text: String::new(),
                        quoted: false,
                    },
                ));
            }
            c => word.text.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.text.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_needle_is_found_in_any_case_and_any_script() {
        let found = |needle: &str, text: &str| Needle::new(needle).find(text);
        assert_eq!(found("AUTH", "the Auth layer"), Some(4..8));
        assert_eq!(found("er", "the Auth layer"), Some(12..14));
        assert_eq!(found("auth2", "auth"), None);
        assert_eq!(found("größe", "GRÖSSE and GRÖßE"), Some(12..19));
        assert_eq!(found("", "x"), Some(0..0));
        assert_eq!(found("x", ""), None);
    }

    #[test]
    fn quotes_keep_spaces_and_a_bare_colon_is_text() {
        let texts = |text: &str| -> Vec<String> { words(text).into_iter().map(|w| w.text).collect() };
        assert_eq!(texts("a \"b c\" d"), ["a", "b c", "d"]);
        assert_eq!(texts("section:\"tier 1\" x"), ["section:tier 1", "x"]);
        assert_eq!(texts("  \"open"), ["open"]);
        let field = |text: &str| {
            let matcher = Matcher::of(&Filter {
                text: text.to_owned(),
            });
            matcher.terms.first().map(|term| (term.field, term.inverse))
        };
        assert_eq!(field("http://x"), Some((Field::Any, false)));
        assert_eq!(field("!sev:low"), Some((Field::Severity, true)));
        assert_eq!(field("\"sev:low\""), Some((Field::Any, false)));
        assert_eq!(field("section:\"tier 1\""), Some((Field::Section, false)));
        assert_eq!(field("sev:"), None);
        assert_eq!(field("!"), None);
    }
}
