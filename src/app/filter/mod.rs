//! The filter of items. Pure and quick enough for every item of a large repository on each letter typed.
//!
//! Invariant: matching allocates nothing per item.

use crate::engine::{Assessment, ItemState};
use crate::model::{Item, Report, Severity, Verdict};

pub use super::model::Filter;

pub mod terms;

pub use terms::{Needle, Term};

/// What a filter says, ready for matching.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matcher {
    terms: Vec<Term<Field>>,
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

/// Where an item stands among all: what makes NO-GO before what makes HOLD before what does not block, each by
/// severity. The order of the assessment's reasons.
#[must_use]
pub const fn rank(effect: Verdict, severity: Severity) -> usize {
    let effect = match effect {
        Verdict::NoGo => 0,
        Verdict::Hold => 1,
        Verdict::GoWithWaivers => 2,
        Verdict::Go => 3,
    };
    effect * Severity::ALL.len() + severity as usize
}

/// The order of the blockers pane: every item of the documents that count, by [`rank`], then document, then line.
#[must_use]
pub fn base_order(assessment: &Assessment) -> Vec<(u32, u32)> {
    const RANKS: usize = 4 * Severity::ALL.len();
    let mut buckets: [Vec<(u32, u32)>; RANKS] = std::array::from_fn(|_| Vec::new());
    for (d, document) in (0u32..).zip(&assessment.documents) {
        if !document.report.recognition.counts {
            continue;
        }
        let items = document.report.items.iter().zip(&document.states);
        for (i, (item, state)) in (0u32..).zip(items) {
            if let Some(bucket) = buckets.get_mut(rank(state.effect, item.severity)) {
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

/// The items that match, for asking one by one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hits {
    /// Where each document's items begin.
    starts: Vec<usize>,
    items: Vec<bool>,
}

impl Hits {
    /// From the indices into [`base_order`].
    #[must_use]
    pub fn of(assessment: &Assessment, rows: &[u32]) -> Self {
        let mut hits = Self::default();
        let mut all = 0;
        for document in &assessment.documents {
            hits.starts.push(all);
            all += document.states.len();
        }
        hits.items = vec![false; all];
        let order = base_order(assessment);
        for row in rows {
            if let Some(&(d, i)) = order.get(*row as usize)
                && let Some(start) = hits.starts.get(d as usize)
                && let Some(hit) = hits.items.get_mut(start + i as usize)
            {
                *hit = true;
            }
        }
        hits
    }

    /// Whether an item matches.
    #[must_use]
    pub fn item(&self, d: u32, i: u32) -> bool {
        let start = self.starts.get(d as usize);
        start.and_then(|start| self.items.get(start + i as usize)) == Some(&true)
    }

    /// Whether an item of a document matches.
    #[must_use]
    pub fn document(&self, d: u32) -> bool {
        let Some(&start) = self.starts.get(d as usize) else {
            return false;
        };
        let end = self
            .starts
            .get(d as usize + 1)
            .copied()
            .unwrap_or(self.items.len());
        self.items
            .get(start..end)
            .is_some_and(|items| items.contains(&true))
    }
}

/// The fields of the language with what they take, for help.
pub const FIELDS: &[(&str, &str)] = &[
    (
        "sev:",
        "blocker critical high medium low info ungraded, or p0 to p3",
    ),
    ("status:", "open blocked conflicted done unproven …, or blocking"),
    ("file:", "part of the document's path"),
    ("id:", "part of the id"),
    ("req:", "required optional post_deploy future informational"),
    ("section:", "part of a heading above it"),
    ("owner:", "part of the owner"),
    ("shape:", "task row heading step bullet"),
];

impl terms::Field for Field {
    const ANY: Self = Self::Any;

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

    fn whole(self) -> bool {
        matches!(self, Self::Title | Self::Section)
    }

    fn needle(self, part: &str) -> Needle {
        match self {
            Self::Severity => match Severity::parse(part) {
                // As the list has it.
                None if "ungraded".starts_with(&part.to_ascii_lowercase()) => {
                    Needle::new(Severity::Unspecified.word())
                }
                Some(severity) => Needle::new(severity.word()),
                None => Needle::new(part),
            },
            Self::Status | Self::Requirement => Needle::new(&part.replace('-', "_")),
            _ => Needle::new(part),
        }
    }
}

impl Matcher {
    /// Reads a filter; every text is a filter.
    #[must_use]
    pub fn of(filter: &Filter) -> Self {
        Self {
            terms: terms::read(&filter.text),
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

impl Term<Field> {
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
