//! Stated counts against what is listed: `New Files (8)`, `Addressed all 5 findings:`, `20 tasks (T306-T325)`, `3/5` boxes.

use super::boxes::progress;
use super::ids::{id_count, id_range};
use super::numbers::{Token, count_word};
use super::{Desk, Said};
use crate::model::ContradictionKind;
use crate::report::statements::{DIGIT, LABEL, OPENED, RATIO, Statement, Statements, WORDED};
use crate::report::wording::{bare, is_one_of, stem, words};
use crate::text::markdown::{BlockKind, TextRange};

/// What is listed under a heading or a line.
#[derive(Debug, Clone)]
pub(super) struct Listing {
    pub(super) count: u32,
    /// Other honest ways of counting the same list.
    also: Vec<u32>,
    pub(super) first: u32,
    pub(super) last: u32,
    /// Some entry names several things, so that the true count may be higher.
    bundles: bool,
    /// The list says of itself that it is not whole, or its entries are counts of their own.
    open: bool,
    what: &'static str,
}

impl Listing {
    /// Compares a stated count; `None` when nobody can tell.
    pub(super) fn says(&self, stated: u32) -> Option<bool> {
        if stated == self.count || self.also.contains(&stated) {
            return Some(true);
        }
        let apart = stated.abs_diff(self.count);
        let near = apart <= 2.max(stated.div_ceil(4));
        let sure =
            near && !self.open && self.count >= 2 && stated >= 2 && !(stated > self.count && self.bundles);
        sure.then_some(false)
    }

    pub(super) fn words(&self) -> String {
        format!("{} {}", self.count, self.what)
    }
}

/// The list whose first item is the block at `at`.
pub(super) fn list_at(lines: &Statements<'_>, at: u32) -> Option<Listing> {
    let blocks = &lines.outline.blocks;
    let first = blocks.get(at as usize)?;
    let BlockKind::Item { depth, list, .. } = first.kind else {
        return None;
    };
    let mut found = Listing {
        count: 0,
        also: Vec::new(),
        first: lines.line(first.range.start),
        last: 0,
        bundles: false,
        open: false,
        what: "entries are listed",
    };
    let (mut nested, mut named, mut leading) = (0, 0, false);
    for block in &blocks[at as usize..] {
        match block.kind {
            BlockKind::Item {
                depth: d, list: l, ..
            } if d == depth && l == list => {
                let text = lines.slice(block.content);
                found.count += 1;
                found.last = lines.line(block.range.start);
                let entry = entry(text);
                named += entry.ids;
                found.bundles |= entry.bundles;
                found.open |= entry.open;
                leading |= entry.leads_with_count;
            }
            BlockKind::Item { depth: d, .. } if d > depth => nested += 1,
            BlockKind::ItemParagraph | BlockKind::Code | BlockKind::Html => {}
            _ => break,
        }
    }
    if leading {
        found.open = true;
    }
    found.also.extend([found.count + nested, nested, named]);
    (found.count > 0).then_some(found)
}

struct Entry {
    ids: u32,
    bundles: bool,
    open: bool,
    leads_with_count: bool,
}

fn entry(text: &str) -> Entry {
    let shown = text.trim_start_matches(['[', ']', ' ', 'x', 'X', '*', '_', '~']);
    let shown = if text.starts_with('[') { shown } else { text };
    let plain = bare(shown);
    let head = plain.split([':', '(', '—', '–']).next().unwrap_or(plain);
    let ids = id_count(head.trim()).unwrap_or(1);
    let mut heads = words(plain).map(|(_, word)| word);
    let first = heads.next().unwrap_or_default();
    let code_spans = text.matches('`').count() / 2;
    // Only the name of the entry can bundle: what follows a dash or a colon explains it.
    let name = text.split(" - ").next().unwrap_or(text);
    let name = name.split([':', '(', '—', '–']).next().unwrap_or(name);
    Entry {
        ids,
        bundles: ids > 1
            || code_spans > 1
            || name.contains([',', '&', '+', '*']) && !name.starts_with("**")
            || name.trim_matches('*').contains([',', '&', '+'])
            || (name.contains('`') && name.trim_matches(['*', ' ']).contains('*'))
            || words(name).any(|(_, word)| {
                is_one_of(
                    word,
                    &[
                        "and", "all", "various", "several", "multiple", "y", "et", "und", "both",
                    ],
                )
            }),
        open: plain.is_empty() && !text.contains('`')
            || text.starts_with(['…', '.'])
            || is_one_of(
                first,
                &[
                    "and", "etc", "others", "other", "more", "note", "total", "plus", "example", "examples",
                ],
            ),
        leads_with_count: first.bytes().all(|b| b.is_ascii_digit())
            && !first.is_empty()
            && !plain[first.len()..].starts_with(['.', ')', '-']),
    }
}

pub(super) fn check(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    for statement in lines.with(OPENED | LABEL | WORDED | RATIO) {
        let kind = lines.block(statement).kind;
        let text = lines.words_of(statement);
        match kind {
            BlockKind::Heading(_) => {
                heading(desk, statement, text);
                progress(desk, statement, text);
            }
            BlockKind::Row { .. } => {}
            _ => {
                if statement.features & LABEL != 0 && ends_in_colon(text) {
                    intro(desk, statement, text);
                } else if statement.features & RATIO != 0 {
                    progress(desk, statement, text);
                }
            }
        }
        if statement.features & OPENED != 0 || (text.contains('(') && statement.features & DIGIT != 0) {
            id_range(desk, statement, text);
        }
    }
}

fn ends_in_colon(text: &str) -> bool {
    text.trim_end_matches(['*', '_', ' ', '\r'])
        .ends_with([':', '：'])
}

#[rustfmt::skip]
const UNCOUNTED: &[&str] = &[
    "points", "pts", "lines", "tests", "users", "pages", "seats", "bytes", "times", "loc", "years",
    "repos", "instances", "occurrences",
];

/// `(8)` or `(8 files)` at the end of a title: the count and its noun.
fn trailing_count(desk: &mut Desk<'_>, text: &str) -> Option<u32> {
    let tight = text.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
    let inner = tight.strip_suffix(')')?;
    let open = inner.rfind('(')?;
    let inside = &inner[open + 1..];
    if words(inside).count() > 3 || bare(&inner[..open]).is_empty() {
        return None;
    }
    let tokens = desk.read(inside);
    let count = match tokens.as_slice() {
        [Token::Number(number)] if number.start == 0 => number.count(),
        _ => None,
    };
    desk.keep(tokens);
    let noun = words(inside).nth(1).map(|(_, word)| word);
    let counts = noun.is_none_or(|noun| {
        noun.len() > 2 && noun.ends_with(['s', 'S']) && !is_one_of(noun, UNCOUNTED)
            || is_one_of(noun, &["new", "modified", "created", "open"])
    });
    let total = is_one_of(noun.unwrap_or_default(), &["total"]);
    count.filter(|&n| (counts || total) && (2..=200).contains(&n) && !(1900..2100).contains(&n))
}

/// `### New Files (8)` against the one list or table below it.
fn heading(desk: &mut Desk<'_>, statement: &Statement, text: &str) {
    let Some(stated) = trailing_count(desk, text) else {
        return;
    };
    let Some(listing) = listing_below(desk, statement.block) else {
        return;
    };
    judge(desk, statement.range, text, stated, &listing);
}

fn judge(desk: &mut Desk<'_>, range: TextRange, subject: &str, stated: u32, listing: &Listing) {
    let name = bare(subject);
    let said = Said {
        range,
        subject: name,
        comparator: "=",
        value: stated.to_string(),
    };
    match listing.says(stated) {
        Some(true) => desk.holds(said, false, format!("{stated} are listed")),
        Some(false) => {
            let message = format!("says {stated}; {}", listing.words());
            let others = [listing.first, listing.last];
            desk.refute(
                ContradictionKind::Count,
                said,
                listing.count.to_string(),
                others,
                message,
            );
        }
        None => desk.unverifiable(said, "what is listed may be counted in more than one way"),
    }
}

/// The single list, table or row of numbered sub-headings directly below a heading.
pub(super) fn listing_below(desk: &Desk<'_>, heading: u32) -> Option<Listing> {
    let lines = desk.lines;
    let blocks = &lines.outline.blocks;
    let mut lists: Vec<u32> = Vec::new();
    let mut list_ids = Vec::new();
    let mut rows: Option<(u32, u32)> = None;
    let mut end = blocks.len();
    for (at, block) in blocks.iter().enumerate().skip(heading as usize + 1) {
        match block.kind {
            BlockKind::Heading(_) => {
                end = at;
                break;
            }
            BlockKind::Item { depth: 0, list, .. } if !list_ids.contains(&list) => {
                list_ids.push(list);
                lists.push(u32::try_from(at).ok()?);
            }
            BlockKind::Row {
                table, header: true, ..
            } => {
                if rows.is_some() {
                    return None;
                }
                rows = Some((u32::try_from(at).ok()?, table));
            }
            _ => {}
        }
    }
    let nested = blocks
        .get(end)
        .is_some_and(|_| u32::try_from(end).is_ok_and(|end| end < lines.section_end(heading)));
    match (lists.as_slice(), rows, nested) {
        ([list], None, false) => list_at(lines, *list),
        ([], Some((header, _)), false) => {
            let table = desk.tables.iter().find(|table| table.header == header)?;
            let parts: Vec<u32> = table.parts().collect();
            let (first, last) = (*parts.first()?, *parts.last()?);
            // A row of figures may stand for many things.
            let counted = parts
                .iter()
                .any(|&row| super::tables::cells(lines, row).any(|cell| bare(cell).parse::<u32>().is_ok()));
            Some(Listing {
                count: u32::try_from(parts.len()).ok()?,
                also: Vec::new(),
                first: super::tables::row_line(lines, first),
                last: super::tables::row_line(lines, last),
                bundles: false,
                open: counted,
                what: "rows are listed",
            })
        }
        ([], None, true) => numbered_headings(lines, heading),
        _ => None,
    }
}

/// Sub-headings that number themselves: `### 1. …`, `#### P0-1: …`, `#### a) …`, `### Issue #2`.
pub(super) fn numbered_headings(lines: &Statements<'_>, heading: u32) -> Option<Listing> {
    let end = lines.section_end(heading);
    let mut level = None;
    let (mut count, mut first, mut last) = (0_u32, 0, 0);
    for at in heading + 1..end {
        let own = lines.level(at);
        if own > 6 {
            continue;
        }
        let level = *level.get_or_insert(own);
        if own > level {
            continue;
        }
        if own < level || !numbered(lines.title(at)) {
            return None;
        }
        count += 1;
        let line = lines.line(lines.outline.blocks[at as usize].range.start);
        if count == 1 {
            first = line;
        }
        last = line;
    }
    (count >= 2).then_some(Listing {
        count,
        also: Vec::new(),
        first,
        last,
        bundles: false,
        open: false,
        what: "headings are listed",
    })
}

fn numbered(title: &str) -> bool {
    let shown = bare(title);
    let mut heads = words(shown);
    let Some((at, first)) = heads.next() else {
        return false;
    };
    let after = &shown[at + first.len()..];
    let ordinal =
        (first.bytes().all(|b| b.is_ascii_digit()) || first.len() == 1) && after.starts_with(['.', ')', ':']);
    let id = first.bytes().any(|b| b.is_ascii_digit()) && first.bytes().any(|b| b.is_ascii_uppercase());
    let word = is_one_of(
        first,
        &[
            "issue", "blocker", "commit", "finding", "step", "task", "item", "fix", "gap", "risk",
        ],
    ) && heads
        .next()
        .is_some_and(|(_, word)| word.bytes().all(|b| b.is_ascii_digit()));
    ordinal || id || word
}

/// Things of which one entry is one.
#[rustfmt::skip]
const COUNTED: &[&str] = &[
    "issue", "blocker", "finding", "fix", "task", "item", "step", "action", "problem", "gap", "risk",
    "recommendation", "improvement", "feature", "phase", "area", "categor", "requirement", "criteria",
    "criterion", "deliverable", "milestone", "condition", "option", "reason", "bug", "defect", "file",
    "document", "component", "module", "service", "endpoint", "package", "script", "table", "migration",
    "commit", "policy", "check", "gate", "story", "epic", "question", "decision", "standard", "blockers",
    "goal", "objective", "principle", "vulnerability", "limitation", "concern", "dependency",
    "integration", "environment", "dashboard", "alert", "metric", "workflow", "job", "agent", "layer",
    "factor",
];

pub(super) fn counts_entries(word: &str) -> bool {
    word.len() > 3
        && COUNTED
            .iter()
            .any(|noun| stem(noun).eq_ignore_ascii_case(stem(word)))
}

/// Words that may stand before the count of an introducing line.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "all", "the", "these", "following", "only", "just", "identified", "found", "fixed", "resolved",
    "addressed", "created", "added", "implemented", "completed", "has", "have", "are", "were", "includes",
    "including", "contains", "covers", "requires", "remaining", "new", "modified", "defined", "needs",
    "discovered", "documented", "removed", "updated", "delivered", "still", "address", "fix", "resolve",
    "complete", "remain", "is",
];

/// `Addressed all 5 critical findings:` against the list, or the lettered headings, that follow.
fn intro(desk: &mut Desk<'_>, statement: &Statement, text: &str) {
    let lines = desk.lines;
    let kind = lines.block(statement).kind;
    let Some(stated) = intro_count(desk, text) else {
        return;
    };
    let next = statement.block + 1;
    let blocks = &lines.outline.blocks;
    let Some(after) = blocks.get(next as usize) else {
        return;
    };
    // The line must be the last of its block, so that what follows is what it announces.
    let block = lines.block(statement);
    if !lines
        .slice(TextRange {
            start: statement.range.end.min(block.content.end),
            end: block.content.end,
        })
        .trim()
        .is_empty()
    {
        return;
    }
    let listing = match (kind, after.kind) {
        (BlockKind::Paragraph, BlockKind::Item { depth: 0, .. }) if after.heading == block.heading => {
            list_at(lines, next)
        }
        (BlockKind::Item { depth, .. }, BlockKind::Item { depth: below, .. }) if below == depth + 1 => {
            list_at(lines, next)
        }
        (BlockKind::Paragraph, BlockKind::Heading(level)) => {
            let own = block.heading.filter(|&own| lines.level(own) < level);
            own.and_then(|own| numbered_headings(lines, own))
        }
        _ => None,
    };
    if let Some(listing) = listing {
        judge(desk, statement.range, text, stated, &listing);
    }
}

#[rustfmt::skip]
const POINTING: &[&str] = &[
    "following", "these", "per", "each", "using", "via", "with", "as", "than", "by", "above",
];

/// The count that an introducing line states of what follows it.
fn intro_count(desk: &mut Desk<'_>, text: &str) -> Option<u32> {
    let shown = text.trim_end_matches(['*', '_', ' ', '\r', ':', '：']);
    let tokens = desk.read(shown);
    let found = match tokens.as_slice() {
        [Token::Number(number)] => number.count().map(|n| (n, number.start, number.end)),
        // "Only 2 of 8 issues required code:" announces the two.
        [Token::Ratio(ratio)] if !ratio.slash && ratio.exact && ratio.n < ratio.m => {
            Some((ratio.n as u32, ratio.start, ratio.end))
        }
        [] => {
            let mut worded =
                words(shown).filter_map(|(at, word)| Some((count_word(word)?, at, at + word.len())));
            let one = worded.next();
            one.filter(|(n, ..)| *n >= 2 && worded.next().is_none())
        }
        _ => None,
    };
    desk.keep(tokens);
    let (stated, start, end) = found?;
    let inside = trailing_paren(shown, start);
    let before = words(&shown[..start]).last().map(|(_, word)| word);
    if inside {
        // `**Files Created (3):**`
        let name_counts = words(&shown[..start]).any(|(_, word)| counts_entries(word));
        return name_counts
            .then_some(stated)
            .filter(|_| shown[end..].trim_matches(['*', ' ']) == ")");
    }
    const APART: &[&str] = &[
        "for", "on", "across", "in", "with", "from", "by", "after", "within", "to", "at", "under", "over",
        "through", "using", "via", "per",
    ];
    let apart = words(&shown[..start]).any(|(_, word)| is_one_of(word, APART));
    if apart || before.is_some_and(|word| !is_one_of(word, LEADS)) {
        return None;
    }
    let tail: Vec<&str> = words(&shown[end..]).take(5).map(|(_, word)| word).collect();
    let noun = tail
        .iter()
        .position(|word| counts_entries(word) && word.ends_with(['s', 'S', 'a']))?;
    let rest = &tail[noun + 1..];
    let other = rest.iter().any(|word| is_one_of(word, POINTING));
    (noun <= 3 && !other).then_some(stated)
}

fn trailing_paren(text: &str, start: usize) -> bool {
    text[..start].ends_with('(')
}
