//! Filtering, sorting and grouping of claims. Runs off the loop when there are many.

use std::collections::BTreeMap;

use super::{Known, WORRYING, count, counting, entries, told};
use crate::app::filter::terms::{self, Field, Needle, Term};
use crate::app::panes::table::{Ask, Builder, Group, What};
use crate::engine::Assessment;

/// So many documents are compared with what is shown at one glance; beyond, the group is folded.
const GLANCE: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Any,
    Verdict,
    Kind,
    File,
    Mood,
    Rule,
}

impl Field for By {
    const ANY: Self = Self::Any;

    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "verdict" | "is" => Self::Verdict,
            "kind" => Self::Kind,
            "file" | "path" | "doc" => Self::File,
            "mood" | "modality" => Self::Mood,
            "rule" => Self::Rule,
            _ => return None,
        })
    }

    fn needle(self, part: &str) -> Needle {
        match self {
            // As people read it and as the JSON has it.
            Self::Verdict => Needle::new(&part.replace('-', "_")),
            _ => Needle::new(part),
        }
    }
}

fn matches(terms: &[Term<By>], known: Known<'_>) -> bool {
    terms.iter().all(|term| {
        let claim = match known {
            Known::Claim(_, claim) => Some(claim),
            _ => None,
        };
        let found = match term.field {
            By::Any => {
                term.any(known.text())
                    || term.any(known.path())
                    || claim.is_some_and(|claim| term.any(&claim.reason))
            }
            By::Verdict => term.begins(known.verdict()),
            By::Kind => term.begins(known.kind()),
            By::File => term.any(known.path()),
            By::Mood => claim.is_some_and(|claim| term.begins(claim.modality.word())),
            By::Rule => claim.is_some_and(|claim| term.any(claim.rule)),
        };
        found != term.inverse
    })
}

pub(super) fn arrange(assessment: &Assessment, ask: &Ask, table: &mut Builder) {
    let terms: Vec<Term<By>> = terms::read(&ask.filter);
    let mut found: Vec<(u32, Known<'_>)> = Vec::new();
    let mut said: Vec<u32> = Vec::new();
    let mut first = 0;
    for document in counting(assessment) {
        let mut speaks = false;
        for (at, known) in (first..).zip(entries(document)) {
            let entry = u32::try_from(at).unwrap_or(u32::MAX);
            match known {
                Known::Said(_, declared) => {
                    if !speaks && !declared.historical {
                        speaks = true;
                        said.push(entry);
                    }
                    continue;
                }
                Known::Contradiction(_, contradiction) if told(document, contradiction) => continue,
                _ => {}
            }
            if matches(&terms, known) && (!ask.failing || known.rank().0 <= WORRYING) {
                found.push((entry, known));
            }
        }
        first += count(document);
    }
    if !said.is_empty() && terms.is_empty() {
        let mut group = Group::new("said", "Said and shown");
        group.folded = said.len() > GLANCE;
        table.open(group);
        said.into_iter().for_each(|entry| table.push(What::Entry(entry)));
        table.close();
    }
    // Stable; the order so far is by document and kind of entry.
    found.sort_by_key(|(_, known)| (known.path(), known.at()));
    if ask.sort == 0 {
        found.sort_by_key(|(_, known)| known.rank());
    }
    match ask.group {
        0 => grouped(&found, table, |known| (known.rank().0, known.verdict())),
        1 => grouped(&found, table, |known| (0, known.kind())),
        2 => grouped(&found, table, |known| (0, known.path())),
        _ => found.iter().for_each(|(entry, _)| table.entry(*entry)),
    }
}

/// The figures of a group and its entries.
type Members = ([u64; 4], Vec<u32>);

/// Groups by what `key` gives: by its number, then those with more against them, then by name.
fn grouped<'a>(found: &[(u32, Known<'a>)], table: &mut Builder, key: impl Fn(Known<'a>) -> (u8, &'a str)) {
    let mut groups: BTreeMap<(u8, &str), Members> = BTreeMap::new();
    for (entry, known) in found {
        let (figures, entries) = groups.entry(key(*known)).or_default();
        if let Some(figure) = figures.get_mut(known.rank().1) {
            *figure += 1;
        }
        entries.push(*entry);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|((a, _), (few, _)), ((b, _), (many, _))| a.cmp(b).then_with(|| many.cmp(few)));
    for ((_, name), (figures, entries)) in groups {
        let mut group = Group::new(name, name.replace('_', " "));
        // A group of one verdict says how many by its count.
        if figures.iter().filter(|figure| **figure > 0).count() > 1 {
            group.figures = figures;
        }
        table.open(group);
        entries.into_iter().for_each(|entry| table.entry(entry));
        table.close();
    }
}
