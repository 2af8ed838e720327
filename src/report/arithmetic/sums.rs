//! Sums of hours and money: a total behind its list or table, an overall effort over its weeks, `2 + 3 = 5`.

use super::numbers::{self, Agreement, Bound, Number, Token, Unit, agree, show_amount};
use super::tables::{self, Cell, cells, row_line};
use super::{Desk, Said};
use crate::model::ContradictionKind;
use crate::report::statements::{CHANGE, DIGIT, LABEL, MONEY, Statement, TOTAL};
use crate::report::wording::{has_word, is_one_of, label, same, words};
use crate::text::markdown::{BlockKind, TextRange};

/// A stated total of hours or money.
struct Stated<'t> {
    range: TextRange,
    block: u32,
    label: &'t str,
    value: Number,
}

pub(super) fn check(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut stated: Vec<Stated<'_>> = Vec::new();
    for statement in lines.with(TOTAL | MONEY | LABEL | CHANGE) {
        if statement.features & (DIGIT | MONEY) == 0 {
            continue;
        }
        if statement.features & CHANGE != 0 {
            equation(desk, statement);
        }
        if statement.features & LABEL != 0
            && let Some(found) = stated_total(desk, statement)
        {
            stated.push(found);
        }
    }
    for total in &stated {
        if is_overall(total.label) || !names_total(total) {
            continue;
        }
        against_parts(desk, total, &stated);
    }
    for total in &stated {
        against_weeks(desk, total, &stated);
    }
}

fn names_total(total: &Stated<'_>) -> bool {
    words(total.label).any(|(_, word)| is_one_of(word, &["total", "subtotal", "sum", "gesamt"]))
        || (is_money(total.value.unit)
            && words(total.label).any(|(_, word)| {
                is_one_of(
                    word,
                    &["cost", "costs", "investment", "budget", "expenses", "spend"],
                )
            }))
}

const fn is_money(unit: Unit) -> bool {
    matches!(unit, Unit::Money | Unit::MoneyMonthly)
}

#[rustfmt::skip]
const EFFORT: &[&str] = &[
    "estimated", "total", "overall", "effort", "hours", "estimate", "grand", "phase", "project", "work",
    "time", "duration", "development", "for", "all", "the",
];

/// "Estimated Effort" and its like speak of everything below the section above.
fn is_overall(label: &str) -> bool {
    let mut effort = false;
    let all = words(label).all(|(_, word)| {
        effort |= is_one_of(word, &["effort", "hours", "time", "duration", "work", "estimate"]);
        is_one_of(word, EFFORT)
    });
    all && effort
}

#[rustfmt::skip]
const ROUGHLY: &[&str] = &[
    "about", "around", "approximately", "approx", "roughly", "over", "at", "least",
];

/// `label: value` whose value is hours or money, and nothing before the figure but signs.
fn stated_total<'t>(desk: &mut Desk<'t>, statement: &Statement) -> Option<Stated<'t>> {
    let lines = desk.lines;
    let block = lines.block(statement);
    if matches!(block.kind, BlockKind::Row { .. } | BlockKind::Heading(_)) {
        return None;
    }
    let text = lines.words_of(statement);
    let (name, value) = label(text)?;
    let tokens = desk.read(value);
    let first = tokens.first().copied();
    desk.keep(tokens);
    let Some(Token::Number(number)) = first else {
        return None;
    };
    let before = &value[..number.start];
    let lead = words(before).all(|(_, word)| is_one_of(word, ROUGHLY));
    let fits = number.unit.is_time() || is_money(number.unit);
    (lead && fits && number.signed.is_none()).then_some(Stated {
        range: statement.range,
        block: statement.block,
        label: name,
        value: number,
    })
}

/// What a part of a list weighs, in the unit of the total.
fn part(desk: &mut Desk<'_>, text: &str, unit: Unit) -> Option<Number> {
    let tokens = desk.read(text);
    let fits = |token: &&Token| matches!(token, Token::Number(n) if n.unit == unit || (unit.is_time() && n.unit.is_time()));
    let mut found = tokens.iter().filter(fits);
    let (one, two) = (found.next().copied(), found.next().is_some());
    let picked = if two {
        let mut inside = tokens.iter().filter(fits).filter(|token| {
            text[..token.start()]
                .trim_end_matches(['~', ' ', '$'])
                .ends_with('(')
                && text[token.end()..].starts_with(')')
        });
        match (inside.next().copied(), inside.next()) {
            (Some(token), None) => Some(token),
            _ => None,
        }
    } else {
        one
    };
    desk.keep(tokens);
    match picked {
        Some(Token::Number(number)) if number.signed.is_none() => Some(number),
        _ => None,
    }
}

/// Minutes in a unit, where the calendar says so.
const fn minutes(unit: Unit) -> Option<f64> {
    match unit {
        Unit::Minutes => Some(1.0),
        Unit::Hours => Some(60.0),
        _ => None,
    }
}

/// The sum of parts and their lines.
struct Parts {
    low: f64,
    high: f64,
    count: usize,
    lines: Vec<u32>,
    loose: bool,
}

impl Parts {
    const fn new() -> Self {
        Self {
            low: 0.0,
            high: 0.0,
            count: 0,
            lines: Vec::new(),
            loose: false,
        }
    }

    fn add(&mut self, number: &Number, unit: Unit, line: u32) -> bool {
        let factor = if number.unit == unit {
            1.0
        } else {
            match (minutes(number.unit), minutes(unit)) {
                (Some(a), Some(b)) => a / b,
                _ => return false,
            }
        };
        self.low += number.low * factor;
        self.high += number.high * factor;
        self.count += 1;
        self.loose |= number.bound != Bound::Exact;
        self.lines.push(line);
        true
    }
}

/// The items of the list that ends just above `block`, or the earlier siblings of an item.
fn items_above(desk: &Desk<'_>, block: u32) -> Vec<u32> {
    let blocks = &desk.lines.outline.blocks;
    let heading = blocks[block as usize].heading;
    let own = blocks[block as usize].kind;
    let mut at = block;
    let mut found = Vec::new();
    let mut list_id = match own {
        BlockKind::Item { list, depth: 0, .. } => Some(list),
        BlockKind::Paragraph => None,
        _ => return found,
    };
    while let Some(above) = at.checked_sub(1) {
        at = above;
        let candidate = &blocks[above as usize];
        if candidate.heading != heading {
            break;
        }
        match candidate.kind {
            BlockKind::Item { depth: 0, list, .. } => {
                if *list_id.get_or_insert(list) != list {
                    break;
                }
                found.push(above);
            }
            BlockKind::Item { .. } | BlockKind::ItemParagraph => {}
            _ => break,
        }
    }
    found.reverse();
    found
}

fn against_parts(desk: &mut Desk<'_>, total: &Stated<'_>, stated: &[Stated<'_>]) {
    let lines = desk.lines;
    let unit = if is_money(total.value.unit) && has_word(total.label, "monthly") {
        Unit::MoneyMonthly
    } else {
        total.value.unit
    };
    let mut parts = Parts::new();
    let mut whole = true;
    let items = items_above(desk, total.block);
    for &item in &items {
        let content = lines.outline.blocks[item as usize].content;
        let text = lines.slice(content);
        if label(text).is_some_and(|(name, _)| {
            words(name).any(|(_, word)| is_one_of(word, &["total", "subtotal", "sum"]))
        }) {
            whole = false;
            break;
        }
        match part(desk, text, unit) {
            Some(number) => whole &= parts.add(&number, unit, lines.line(content.start)),
            None if is_money(unit) => {
                let other = if unit == Unit::Money {
                    Unit::MoneyMonthly
                } else {
                    Unit::Money
                };
                whole &= part(desk, text, other).is_some();
            }
            None => whole = false,
        }
    }
    if items.is_empty() {
        whole = table_above(desk, total, &mut parts);
    }
    let value = show_amount(unit, total.value.low, total.value.high);
    let said = Said {
        range: total.range,
        subject: total.label,
        comparator: if total.value.bound == Bound::Exact {
            "="
        } else {
            "~"
        },
        value: value.clone(),
    };
    if !whole || parts.count < 2 {
        desk.unverifiable(said, "no list or table of parts stands directly above it");
        return;
    }
    let mut claimed = total.value;
    // A sum of rough parts is itself rough.
    if parts.loose && claimed.bound == Bound::Exact {
        claimed.bound = Bound::About;
    }
    let actual = show_amount(unit, parts.low, parts.high);
    match agree(&claimed, parts.low, parts.high) {
        Agreement::Same => desk.holds(said, false, format!("its {} parts add to {actual}", parts.count)),
        Agreement::Loosely => desk.holds(said, true, format!("its {} parts add to {actual}", parts.count)),
        Agreement::Differs => {
            // A total that gathers several lists is not this list's total.
            let gathers = stated.iter().filter(|other| {
                other.block < total.block
                    && lines.outline.blocks[other.block as usize].heading
                        == lines.outline.blocks[total.block as usize].heading
            });
            let earlier: f64 = gathers.map(|other| other.value.low).sum();
            if claimed.low > parts.low && earlier > 0.0 && (claimed.low - earlier).abs() < 1e-9
                || (earlier > 0.0 && (claimed.low - earlier - parts.low).abs() < 1e-9)
            {
                desk.holds(said, false, "the totals above it add to the same".to_owned());
                return;
            }
            let message = format!(
                "`{}` says {value}; its {} parts add to {actual}",
                total.label, parts.count
            );
            desk.refute(ContradictionKind::Sum, said, actual, parts.lines, message);
        }
    }
}

/// The parts of a total that stands directly below a table: the one column in its unit.
fn table_above(desk: &mut Desk<'_>, total: &Stated<'_>, parts: &mut Parts) -> bool {
    let lines = desk.lines;
    let Some(above) = total.block.checked_sub(1) else {
        return false;
    };
    let Some(table) = desk
        .tables
        .iter()
        .find(|table| table.rows.end == above + 1 && !table.rows.is_empty())
        .cloned()
    else {
        return false;
    };
    let unit = total.value.unit;
    let mut columns = cells(lines, table.header).enumerate().filter(|(_, header)| {
        words(total.label).any(|(_, a)| {
            a.len() > 3 && !a.eq_ignore_ascii_case("total") && words(header).any(|(_, b)| same(a, b))
        })
    });
    let (Some((column, _)), None) = (columns.next(), columns.next()) else {
        return false;
    };
    let mut tokens = std::mem::take(&mut desk.tokens);
    let mut whole = true;
    for row in table.parts() {
        let text = cells(lines, row).nth(column).unwrap_or_default();
        match tables::cell(text, &mut tokens) {
            Cell::Number(number) if number.unit.is_time() || is_money(number.unit) => {
                whole &= parts.add(&number, unit, row_line(lines, row));
            }
            Cell::Empty => {}
            Cell::Text if tokens.is_empty() => {}
            _ => whole = false,
        }
    }
    desk.keep(tokens);
    whole
}

/// "Estimated Effort: 109 hours" against "Week 1 Total", "Week 2 Total", … below the same heading.
fn against_weeks(desk: &mut Desk<'_>, overall: &Stated<'_>, stated: &[Stated<'_>]) {
    let lines = desk.lines;
    if !is_overall(overall.label) && !is_one_of(overall.label, &["total", "grand total"]) {
        return;
    }
    let Some(own) = lines.heading_of(overall.block) else {
        return;
    };
    for parent in [Some(own), lines.parent(own)].into_iter().flatten() {
        let mut parts = Parts::new();
        let mut word: Option<&str> = None;
        let mut fits = true;
        let mut ordinals = Vec::new();
        for week in stated {
            let inside =
                week.block > parent && week.block < lines.section_end(parent) && week.block != overall.block;
            let Some((name, ordinal)) = ordinal_total(week.label).filter(|_| inside) else {
                continue;
            };
            fits &= word.replace(name).is_none_or(|other| same(other, name)) && !ordinals.contains(&ordinal);
            fits &= parts.add(&week.value, overall.value.unit, lines.line(week.range.start));
            ordinals.push(ordinal);
        }
        ordinals.sort_unstable();
        let complete = ordinals
            .iter()
            .enumerate()
            .all(|(at, ordinal)| u32::try_from(at + 1) == Ok(*ordinal));
        if !fits || !complete || parts.count < 2 {
            continue;
        }
        let value = show_amount(overall.value.unit, overall.value.low, overall.value.high);
        let actual = show_amount(overall.value.unit, parts.low, parts.high);
        let said = Said {
            range: overall.range,
            subject: overall.label,
            comparator: "=",
            value: value.clone(),
        };
        match agree(&overall.value, parts.low, parts.high) {
            Agreement::Same => desk.holds(said, false, format!("the {} totals add to {actual}", parts.count)),
            Agreement::Loosely => {
                desk.holds(said, true, format!("the {} totals add to {actual}", parts.count))
            }
            Agreement::Differs => {
                let message = format!(
                    "`{}` says {value}; the {} totals below add to {actual}",
                    overall.label, parts.count
                );
                desk.refute(ContradictionKind::Sum, said, actual, parts.lines, message);
            }
        }
        return;
    }
}

#[rustfmt::skip]
const SPANS: &[&str] = &[
    "week", "phase", "sprint", "stage", "tier", "day", "month", "part", "milestone",
];

/// `Week 1 Total`, `Total Phase 2`, `Sprint 3 Total Effort`: the word and its number.
fn ordinal_total(label: &str) -> Option<(&str, u32)> {
    let mut name = None;
    let mut ordinal = None;
    let mut total = false;
    for (_, word) in words(label) {
        if is_one_of(word, &["total", "subtotal"]) {
            total = true;
        } else if is_one_of(word, SPANS) {
            name = Some(word);
        } else if let Ok(number) = word.parse() {
            ordinal = Some(number);
        } else if !is_one_of(word, &["effort", "time", "hours", "estimate", "estimated"]) {
            return None;
        }
    }
    total.then_some((name?, ordinal?))
}

/// `4 + 3 + 1 = 8`, also with a word or two behind each figure.
fn equation(desk: &mut Desk<'_>, statement: &Statement) {
    let lines = desk.lines;
    let text = lines.words_of(statement);
    if !text.contains('=') && !text.contains('≈') {
        return;
    }
    let tokens = desk.read(text);
    let mut sum = 0.0;
    let mut terms = 0;
    for (at, token) in tokens.iter().enumerate() {
        let Token::Number(number) = token else {
            terms = 0;
            continue;
        };
        let Some(Token::Number(next)) = tokens.get(at + 1) else {
            break;
        };
        if terms == 0 {
            // Anything that multiplies or subtracts before makes it another sum.
            let before = text[..number.start].trim_end_matches(['*', ' ', '(']);
            if before.ends_with(['+', '-', '×', '/', '=', '−']) {
                continue;
            }
            sum = 0.0;
        }
        let between = &text[number.end..next.start];
        let sign = between.trim_matches(|c: char| c.is_alphabetic() || matches!(c, '*' | ' '));
        let glued = between.is_empty() && number.bound == Bound::AtLeast;
        let plain = !number.is_range()
            && (number.bound == Bound::Exact || glued)
            && words(between).count() <= 2
            && number.unit != Unit::Other;
        sum += number.low;
        terms += 1;
        if plain && (glued || sign == "+") && next.unit == number.unit {
            continue;
        }
        let bare_terms =
            number.unit == Unit::None && next.unit != Unit::Other && between.trim_matches(['*', ' ']) == "=";
        if plain
            && terms >= 2
            && sign == "="
            && (next.unit == number.unit || (bare_terms && next.unit.is_time()))
            && next.bound == Bound::Exact
            && !next.is_range()
        {
            let after = text[next.end..].trim_start_matches(['*', ' ']);
            if !after.starts_with(['+', '×', '/', '-', '−']) {
                let value = numbers::show(next.low);
                let actual = numbers::show(sum);
                let said = Said {
                    range: statement.range,
                    subject: "sum",
                    comparator: "=",
                    value: value.clone(),
                };
                if agree(next, sum, sum) == Agreement::Differs {
                    let message = format!("the terms add to {actual}, not {value}");
                    desk.refute(ContradictionKind::Sum, said, actual, [], message);
                } else {
                    desk.holds(said, false, format!("the terms add to {actual}"));
                }
            }
        }
        terms = 0;
        sum = 0.0;
    }
    desk.keep(tokens);
}
