//! Figures in prose bound to a table or section by their nouns: `15 of 62 tasks` above the phase table,
//! `Files modified: 10` and the section of that name, `6 out of 8 already implemented`, `the 3 steps above`.

use super::counts::{Listing, listing_below};
use super::numbers::{Bound, Ratio, Token, Unit, show};
use super::tables::{Table, cells, roles, row_line, whole};
use super::{Desk, Said, percent};
use crate::model::ContradictionKind;
use crate::report::statements::{ABOVE, DIGIT, LABEL, PERCENT, RATIO, Statement, WORDED};
use crate::report::wording::{bare, contains_ci, is_one_of, label, same, words};
use crate::text::markdown::BlockKind;

pub(super) fn check(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    for statement in lines.with(RATIO | LABEL | WORDED | PERCENT | ABOVE) {
        let kind = lines.block(statement).kind;
        if matches!(kind, BlockKind::Row { .. }) {
            continue;
        }
        let text = lines.words_of(statement);
        if statement.features & RATIO != 0 && !desk.tables.is_empty() {
            of_table(desk, statement, text);
        }
        if matches!(kind, BlockKind::Heading(_)) {
            continue;
        }
        if statement.features & LABEL != 0 && statement.features & DIGIT != 0 {
            named_section(desk, statement, text);
        }
        if statement.features & PERCENT != 0 && !desk.tables.is_empty() {
            done_of_row(desk, statement, text);
        }
        if statement.features & ABOVE != 0 {
            steps_above(desk, statement, text);
        }
    }
}

/// The ratio that a line states, when it states one.
fn only_ratio(desk: &mut Desk<'_>, text: &str) -> Option<Ratio> {
    let tokens = desk.read(text);
    let mut ratios = tokens.iter().filter_map(|token| match token {
        Token::Ratio(ratio) => Some(*ratio),
        Token::Number(_) => None,
    });
    let first = ratios.next().filter(|ratio| ratio.exact && ratio.n <= ratio.m);
    let only = ratios.next().is_none();
    drop(ratios);
    desk.keep(tokens);
    first.filter(|_| only)
}

/// `n of m` beside a table of the same section.
fn of_table(desk: &mut Desk<'_>, statement: &Statement, text: &str) {
    let lines = desk.lines;
    let heading = lines.heading_of(statement.block);
    let mut near = desk.tables.iter().filter(|table| table.heading == heading);
    let (Some(table), None) = (near.next().cloned(), near.next()) else {
        elsewhere(desk, statement, text);
        return;
    };
    let Some(ratio) = only_ratio(desk, text) else {
        return;
    };
    by_sums(desk, statement, text, &table, ratio);
    by_phrase(desk, statement, text, &table, ratio);
}

/// `6/8 were already implemented` far from the one table of eight rows that says so of some.
fn elsewhere(desk: &mut Desk<'_>, statement: &Statement, text: &str) {
    if matches!(desk.lines.block(statement).kind, BlockKind::Heading(_)) {
        return;
    }
    let Some(ratio) = only_ratio(desk, text).filter(|ratio| ratio.m >= 3.0) else {
        return;
    };
    let mut fitting = desk
        .tables
        .iter()
        .filter(|table| table.parts().count() as f64 == ratio.m);
    let (Some(table), None) = (fitting.next().cloned(), fitting.next()) else {
        return;
    };
    by_phrase(desk, statement, text, &table, ratio);
}

/// Against the sums of the columns that speak of the same noun.
fn by_sums(desk: &mut Desk<'_>, statement: &Statement, text: &str, table: &Table, ratio: Ratio) {
    let lines = desk.lines;
    let adjacent =
        statement.block.abs_diff(table.header) <= 2 || statement.block.abs_diff(table.rows.end) <= 1;
    let roles = roles(lines, table);
    let (Some(total), Some(done)) = (roles.total, roles.done) else {
        return;
    };
    let noun = cells(lines, table.header)
        .nth(total)
        .and_then(|header| words(header).last())
        .map(|(_, word)| word);
    let names = noun.is_some_and(|noun| words(text).any(|(_, word)| same(word, noun)));
    if !adjacent || !names {
        return;
    }
    let mut tokens = std::mem::take(&mut desk.tokens);
    let (mut all, mut did, mut rows) = (0.0, 0.0, 0);
    let mut fits = true;
    for row in table.parts() {
        match (
            whole(lines, row, total, &mut tokens),
            whole(lines, row, done, &mut tokens),
        ) {
            (Some(a), Some(d)) => {
                all += a;
                did += d;
                rows += 1;
            }
            _ => fits = false,
        }
    }
    let stated_total = table.total.and_then(|row| {
        Some((
            whole(lines, row, done, &mut tokens)?,
            whole(lines, row, total, &mut tokens)?,
        ))
    });
    desk.keep(tokens);
    if !fits || rows < 2 {
        return;
    }
    let value = format!("{} of {}", show(ratio.n), show(ratio.m));
    let said = Said {
        range: statement.range,
        subject: "tasks",
        comparator: "=",
        value: value.clone(),
    };
    if (ratio.n, ratio.m) == (did, all) || Some((ratio.n, ratio.m)) == stated_total {
        desk.holds(said, false, "the table says the same".to_owned());
        return;
    }
    let actual = format!("{} of {}", show(did), show(all));
    let message = format!("says {value}; the rows of the table add to {actual}");
    let others = table
        .rows
        .clone()
        .map(|row| row_line(lines, row))
        .collect::<Vec<_>>();
    desk.refute(ContradictionKind::Total, said, actual, others, message);
}

/// "there already" for `Already there`: both words, in the other order and side by side.
fn turned(text: &str, phrase: &str) -> bool {
    let mut list = words(phrase).map(|(_, word)| word);
    match (list.next(), list.next(), list.next()) {
        (Some(first), Some(second), None) => contains_ci(text, &format!("{second} {first}")),
        _ => false,
    }
}

/// "already implemented 6 out of 8": against the rows whose cell says just that.
fn by_phrase(desk: &mut Desk<'_>, statement: &Statement, text: &str, table: &Table, ratio: Ratio) {
    let lines = desk.lines;
    let parts: Vec<u32> = table.parts().collect();
    if parts.len() as f64 != ratio.m || parts.len() < 3 || crate::report::wording::tells_of_before(text) {
        return;
    }
    let mut phrase: Option<&str> = None;
    for &row in &parts {
        for found in cells(lines, row).skip(1).map(bare) {
            // A phrase is two words at least, or a past participle of some length: `Already implemented`, `VERIFIED`.
            let count = words(found).count();
            if !(2..=4).contains(&count)
                || found.bytes().any(|b| b.is_ascii_digit())
                || !(contains_ci(text, found) || turned(text, found))
            {
                continue;
            }
            if phrase.is_some_and(|known| !known.eq_ignore_ascii_case(found)) {
                return;
            }
            phrase = Some(found);
        }
    }
    let Some(phrase) = phrase else { return };
    let having: Vec<u32> = parts
        .iter()
        .copied()
        .filter(|&row| cells(lines, row).any(|cell| bare(cell).eq_ignore_ascii_case(phrase)))
        .collect();
    let value = format!("{} of {}", show(ratio.n), show(ratio.m));
    let said = Said {
        range: statement.range,
        subject: phrase,
        comparator: "=",
        value: value.clone(),
    };
    if having.len() as f64 == ratio.n {
        desk.holds(said, false, format!("{} rows say `{phrase}`", having.len()));
    } else if having.len() >= 2 {
        let message = format!("says {value}; {} rows of the table say `{phrase}`", having.len());
        let others = having.iter().map(|&row| row_line(lines, row)).collect::<Vec<_>>();
        desk.refute(
            ContradictionKind::Count,
            said,
            having.len().to_string(),
            others,
            message,
        );
    }
}

const EMPTY: &[&str] = &[
    "total", "number", "count", "of", "the", "all", "list", "in", "and",
];

/// Whether two names have the same words, but for number, tense and order.
fn same_name(a: &str, b: &str) -> bool {
    let telling = |text| {
        words(text)
            .map(|(_, word)| word)
            .filter(|word| !is_one_of(word, EMPTY) && !word.bytes().all(|b| b.is_ascii_digit()))
    };
    let covered = |a, b| telling(a).all(|word| telling(b).any(|other| same(word, other)));
    telling(a).next().is_some() && covered(a, b) && covered(b, a)
}

/// `Files modified: 10` against the one section of that name, or the table of that noun above it.
fn named_section(desk: &mut Desk<'_>, statement: &Statement, text: &str) {
    let lines = desk.lines;
    let Some((name, value)) = label(text) else { return };
    let tokens = desk.read(value);
    let stated = match tokens.first() {
        Some(Token::Number(number)) if bare(&value[..number.start]).is_empty() => {
            let rest = value[number.end..].trim_start_matches(['*', ' ']);
            let noun = words(rest).next().map_or("", |(_, word)| word);
            let plain = rest.is_empty()
                || rest.starts_with(['(', ',', '.', ';'])
                || words(name).any(|(_, word)| same(word, noun));
            number.count().filter(|_| plain)
        }
        _ => None,
    };
    desk.keep(tokens);
    let Some(stated) = stated.filter(|&n| n >= 2) else {
        return;
    };
    let clean = |heading: u32| lines.title(heading).split(['(', ':']).next().unwrap_or_default();
    let mut matching = lines
        .outline
        .blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| matches!(block.kind, BlockKind::Heading(_)))
        .filter_map(|(at, _)| u32::try_from(at).ok())
        .filter(|&at| words(name).count() >= 2 && same_name(name, clean(at)));
    let (first, second) = (matching.next(), matching.next());
    if let (Some(heading), None) = (first, second) {
        if let Some(listing) = listing_below(desk, heading) {
            judge_section(desk, statement, name, stated, &listing);
        }
        return;
    }
    if first.is_some() {
        return;
    }
    let heading = lines.heading_of(statement.block);
    let mut near = desk
        .tables
        .iter()
        .filter(|table| table.heading == heading && table.rows.end <= statement.block);
    let (Some(table), None) = (near.next(), near.next()) else {
        return;
    };
    let header = cells(lines, table.header).next().unwrap_or_default();
    if !same_name(name, header)
        || desk
            .tables
            .iter()
            .filter(|table| table.heading == heading)
            .count()
            != 1
    {
        return;
    }
    let Some(own) = heading else { return };
    if let Some(listing) = listing_below(desk, own) {
        judge_section(desk, statement, name, stated, &listing);
    }
}

fn judge_section(desk: &mut Desk<'_>, statement: &Statement, name: &str, stated: u32, listing: &Listing) {
    let said = Said {
        range: statement.range,
        subject: name,
        comparator: "=",
        value: stated.to_string(),
    };
    match listing.says(stated) {
        Some(true) => desk.holds(said, false, format!("{stated} are listed")),
        Some(false) => {
            let message = format!("`{name}` says {stated}; {}", listing.words());
            desk.refute(
                ContradictionKind::Count,
                said,
                listing.count.to_string(),
                [listing.first, listing.last],
                message,
            );
        }
        None => desk.unverifiable(said, "what is listed may be counted in more than one way"),
    }
}

/// "User story features incomplete (24% done)" against the row `User Stories | 38 | 0`.
fn done_of_row(desk: &mut Desk<'_>, statement: &Statement, text: &str) {
    let lines = desk.lines;
    let tokens = desk.read(text);
    let claimed = match tokens.as_slice() {
        [Token::Number(number)]
            if number.unit == Unit::Percent && number.bound == Bound::Exact && !number.is_range() =>
        {
            Some(*number)
        }
        _ => None,
    };
    desk.keep(tokens);
    let Some(claimed) = claimed else { return };
    let after = words(&text[claimed.end..]).next().map_or("", |(_, word)| word);
    let before = text[..claimed.start].trim_end();
    if !is_one_of(after, &["done", "complete", "completed"]) || !before.ends_with('(') {
        return;
    }
    let subject = bare(before.trim_end_matches('('));
    let mut tokens = std::mem::take(&mut desk.tokens);
    let mut found = None;
    let mut several = false;
    for table in &desk.tables {
        let roles = roles(lines, table);
        let (Some(total), Some(done)) = (roles.total, roles.done) else {
            continue;
        };
        for row in table.parts() {
            let name = bare(cells(lines, row).next().unwrap_or_default());
            let mut told = words(subject).map(|(_, word)| word);
            let covers = words(name).count() >= 2
                && words(name).all(|(_, word)| told.next().is_some_and(|other| same(word, other)));
            if let (true, Some(all), Some(did)) = (
                covers,
                whole(lines, row, total, &mut tokens),
                whole(lines, row, done, &mut tokens),
            ) {
                several |= found.is_some();
                found = Some((row, name, did, all));
            }
        }
    }
    desk.keep(tokens);
    let Some((row, name, did, all)) = found.filter(|(.., all)| !several && *all > 0.0) else {
        return;
    };
    let actual = 100.0 * did / all;
    let value = format!("{}%", show(claimed.low));
    let said = Said {
        range: statement.range,
        subject: name,
        comparator: "=",
        value: value.clone(),
    };
    if percent::fits(&claimed, actual) {
        desk.holds(said, false, format!("{} of {} are done", show(did), show(all)));
    } else {
        let message = format!(
            "says {value} of `{name}`; the table says {} of {}",
            show(did),
            show(all)
        );
        desk.refute(
            ContradictionKind::Figure,
            said,
            format!("{}%", show(actual)),
            [row_line(lines, row)],
            message,
        );
    }
}

/// "after applying the 3 deployment steps above" against the one section of deployment steps above it.
fn steps_above(desk: &mut Desk<'_>, statement: &Statement, text: &str) {
    let lines = desk.lines;
    let tokens = desk.read(text);
    let stated = tokens.iter().find_map(|token| match token {
        Token::Number(number) => number.count().map(|count| (count, number.end)),
        Token::Ratio(_) => None,
    });
    desk.keep(tokens);
    let Some((stated, end)) = stated.filter(|(count, _)| *count >= 2) else {
        return;
    };
    let mut noun: Vec<&str> = Vec::new();
    for (_, word) in words(&text[end..]) {
        if word.eq_ignore_ascii_case("above") {
            break;
        }
        noun.push(word);
    }
    let steps = noun
        .last()
        .is_some_and(|word| is_one_of(word, &["steps", "actions", "tasks", "items", "prerequisites"]));
    if !steps || !(2..=3).contains(&noun.len()) {
        return;
    }
    let mut matching = (0..statement.block).filter(|&at| {
        lines.level(at) <= 6
            && noun
                .iter()
                .all(|word| words(lines.title(at)).any(|(_, other)| same(word, other)))
    });
    let (Some(heading), None) = (matching.next(), matching.next()) else {
        return;
    };
    // Steps as `**1. Name**` paragraphs, numbered from one.
    let (mut count, mut first, mut last) = (0, 0, 0);
    for block in lines.outline.blocks.iter().skip(heading as usize + 1) {
        match block.kind {
            BlockKind::Heading(_) => break,
            BlockKind::Paragraph => {
                let content = lines.slice(block.content);
                let ordinal = content
                    .trim_start_matches('*')
                    .split(['.', ')'])
                    .next()
                    .and_then(|n| n.parse::<u32>().ok());
                if content.starts_with("**") && ordinal == Some(count + 1) {
                    count += 1;
                    last = lines.line(block.range.start);
                    if count == 1 {
                        first = last;
                    }
                }
            }
            _ => {}
        }
    }
    if count < 2 {
        return;
    }
    let said = Said {
        range: statement.range,
        subject: "steps",
        comparator: "=",
        value: stated.to_string(),
    };
    if count == stated {
        desk.holds(said, false, format!("{count} steps are listed"));
    } else {
        let message = format!("speaks of {stated} steps above; {count} are listed");
        desk.refute(
            ContradictionKind::Count,
            said,
            count.to_string(),
            [first, last],
            message,
        );
    }
}
