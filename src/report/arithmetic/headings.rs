//! Headings and rows against their siblings: one heading twice with different claims, ranges of ids that overlap.

use super::Desk;
use super::ids::id_span;
use super::sense::{short, telling};
use crate::model::ContradictionKind;
use crate::report::statements::Statements;
use crate::report::wording::{bare, below_before, is_one_of, tells_of_before, words};
use crate::text::markdown::BlockKind;

/// More of them than any person writes are compared with nobody.
const MOST: usize = 400;

pub(super) fn check(desk: &mut Desk<'_>) {
    twice(desk);
    overlaps(desk);
}

#[rustfmt::skip]
const STATES: &[&str] = &[
    "complete", "completed", "done", "resolved", "fixed", "pending", "progress", "blocked", "open", "deferred", "partial", "partially",
    "started", "incomplete", "remaining", "passed", "failed",
];

/// A title without its last parenthesis, and what the parenthesis says of the status.
fn parted(title: &str) -> Option<(&str, &str)> {
    let tight = title.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
    let inner = tight.strip_suffix(')')?;
    let (name, said) = inner.rsplit_once('(')?;
    let states = words(said).count() <= 4 && words(said).any(|(_, word)| is_one_of(word, STATES));
    let name = bare(name);
    (states && telling(name).len() >= 2).then_some((name, said))
}

/// `P1 ISSUES (COMPLETED)` and, beside it, `P1 ISSUES (ALL COMPLETED)`.
fn twice(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut seen: Vec<(u32, &str, &str)> = Vec::new();
    for (at, block) in lines.outline.blocks.iter().enumerate() {
        let BlockKind::Heading(level) = block.kind else {
            continue;
        };
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let title = lines.title(at);
        if !title.contains('(') || seen.len() >= MOST {
            continue;
        }
        let Some((name, said)) = parted(title) else {
            continue;
        };
        let twin = seen.iter().find(|(other, known, claim)| {
            known.eq_ignore_ascii_case(name)
                && !claim.eq_ignore_ascii_case(said)
                && lines.level(*other) == level
                && lines.parent(*other) == lines.parent(at)
                && !below_before(lines, at)
        });
        if let Some((other, _, claim)) = twin {
            let first = lines.line(lines.outline.blocks[*other as usize].range.start);
            let second = lines.line(block.range.start);
            let message = format!(
                "the heading `{}` stands twice: line {first} says `{claim}`, line {second} says `{said}`",
                short(name)
            );
            desk.say(ContradictionKind::Status, vec![first, second], message);
        }
        seen.push((at, name, said));
    }
}

/// Where a range of ids stands: its siblings are of one table, list or row of headings.
#[derive(PartialEq)]
struct Place {
    kind: u8,
    group: Option<u32>,
    level: u8,
}

/// A range of ids: where it stands, its line, the range, and the name it is given.
type Ranged<'t> = (Place, u32, (u32, u32, &'t str), &'t str);

/// `Week 1 (T306-T310)` and `Week 2 (T310-T315)`: one id in two siblings.
fn overlaps(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut seen: Vec<Ranged<'_>> = Vec::new();
    for (at, block) in lines.outline.blocks.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let text = lines.slice(block.content);
        if seen.len() >= MOST {
            break;
        }
        let range = match block.kind {
            BlockKind::Heading(_) | BlockKind::Item { .. } => in_parenthesis(text),
            BlockKind::Row { header: false, .. } => super::tables::cells(lines, at)
                .map(bare)
                .filter_map(id_span)
                .find(|(from, to, _)| to > from),
            _ => None,
        };
        let Some(range) = range.filter(|(from, to, _)| to > from) else {
            continue;
        };
        let (kind, group, level) = match block.kind {
            BlockKind::Heading(level) => (0, lines.parent(at), level),
            BlockKind::Item { depth, list, .. } => (1, Some(list), depth),
            BlockKind::Row { table, .. } => (2, Some(table), 0),
            _ => continue,
        };
        let place = Place { kind, group, level };
        let name = name_of(lines, at, text);
        if tells_of_before(name) || below_before(lines, at) {
            continue;
        }
        let twin = seen.iter().find(|(other, _, (from, to, prefix), known)| {
            *other == place
                && *prefix == range.2
                && *from <= range.1
                && range.0 <= *to
                && !(*from <= range.0 && range.1 <= *to || range.0 <= *from && *to <= range.1)
                && *known != name
        });
        if let Some((_, line, (from, to, prefix), known)) = twin {
            let (low, high) = (range.0.max(*from), range.1.min(*to));
            let both = if low == high {
                format!("{prefix}{}", shown(text, low))
            } else {
                format!("{prefix}{} to {prefix}{}", shown(text, low), shown(text, high))
            };
            let message = format!(
                "{both} belongs both to `{}` and to `{}`",
                short(known),
                short(name)
            );
            desk.say(
                ContradictionKind::Id,
                vec![lines.line(block.content.start), *line],
                message,
            );
        }
        seen.push((place, lines.line(block.content.start), range, name));
    }
}

/// A number as the text writes it, with its leading zeros.
fn shown(text: &str, number: u32) -> String {
    let plain = number.to_string();
    (0..4)
        .rev()
        .map(|zeros| format!("{}{plain}", "0".repeat(zeros)))
        .find(|padded| text.contains(padded.as_str()))
        .unwrap_or(plain)
}

fn in_parenthesis(text: &str) -> Option<(u32, u32, &str)> {
    let open = text.find('(')?;
    let inside = &text[open + 1..];
    let close = inside.find(')')?;
    id_span(inside[..close].trim())
}

fn name_of<'t>(lines: &Statements<'t>, at: u32, text: &'t str) -> &'t str {
    match lines.outline.blocks[at as usize].kind {
        BlockKind::Row { .. } => bare(super::tables::cells(lines, at).next().unwrap_or_default()),
        _ => bare(text.split('(').next().unwrap_or_default()),
    }
}
