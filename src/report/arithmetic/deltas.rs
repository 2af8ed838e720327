//! Differences against their two values: `+30 points` beside before and after tables, `85 → 95 (10-point increase)`.

use super::numbers::{Bound, Number, Token, Unit, show};
use super::tables::{self, Cell, Table, cells, row_line};
use super::{Desk, Said};
use crate::model::ContradictionKind;
use crate::report::statements::{CHANGE, DIGIT, OPENED, Statement};
use crate::report::wording::{bare, contains_ci, is_one_of, label, tells_of_before, words};
use crate::text::markdown::BlockKind;

pub(super) fn check(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    if lines.seen & (CHANGE | OPENED) == 0 || lines.seen & DIGIT == 0 {
        return;
    }
    let pair = before_and_after(desk);
    for statement in lines.with(CHANGE | OPENED) {
        if statement.features & DIGIT == 0 || matches!(lines.block(statement).kind, BlockKind::Row { .. }) {
            continue;
        }
        let text = lines.words_of(statement);
        if let Some((before, after)) = &pair {
            of_row(desk, statement, text, before, after);
            of_headings(desk, statement, text, before, after);
        }
        inline(desk, statement, text);
    }
}

/// The one pair of tables below "Before …" and "After …" with the same first columns.
fn before_and_after(desk: &Desk<'_>) -> Option<(Table, Table)> {
    let lines = desk.lines;
    let title = |table: &Table| {
        table
            .heading
            .map(|heading| lines.title(heading))
            .unwrap_or_default()
    };
    let says_after = |text: &str| {
        words(text)
            .next()
            .is_some_and(|(_, word)| is_one_of(word, &["after", "nachher", "now", "current", "después"]))
    };
    let mut befores = desk.tables.iter().filter(|table| tells_of_before(title(table)));
    let mut afters = desk.tables.iter().filter(|table| says_after(title(table)));
    match (befores.next(), befores.next(), afters.next(), afters.next()) {
        (Some(before), None, Some(after), None) => Some((before.clone(), after.clone())),
        _ => None,
    }
}

fn row_named(desk: &mut Desk<'_>, table: &Table, name: &str) -> Option<(u32, f64)> {
    let lines = desk.lines;
    let mut rows = table.rows.clone().filter(|&row| {
        cells(lines, row)
            .next()
            .is_some_and(|cell| bare(cell).eq_ignore_ascii_case(name))
    });
    let (row, None) = (rows.next()?, rows.next()) else {
        return None;
    };
    let mut tokens = std::mem::take(&mut desk.tokens);
    let mut values = cells(lines, row)
        .skip(1)
        .filter_map(|text| match tables::cell(text, &mut tokens) {
            Cell::Ratio(ratio) if ratio.exact => Some(ratio.n),
            Cell::Number(number) if number.bound == Bound::Exact && !number.is_range() => Some(number.low),
            _ => None,
        });
    let value = (values.next(), values.next());
    drop(values);
    desk.keep(tokens);
    match value {
        (Some(value), None) => Some((row, value)),
        _ => None,
    }
}

/// `Authentication: +30 points` against the row `Authentication` of both tables.
fn of_row(desk: &mut Desk<'_>, statement: &Statement, text: &str, before: &Table, after: &Table) {
    let lines = desk.lines;
    let Some((name, value)) = label(text) else { return };
    let tokens = desk.read(value);
    let stated = match tokens.first() {
        Some(Token::Number(number))
            if number.signed.is_some() && number.start <= 3 && number.bound == Bound::Exact =>
        {
            Some(*number)
        }
        _ => None,
    };
    desk.keep(tokens);
    let Some(stated) = stated.filter(|n| matches!(n.unit, Unit::Points | Unit::None | Unit::Percent)) else {
        return;
    };
    let (Some((row, old)), Some((other, new))) =
        (row_named(desk, before, name), row_named(desk, after, name))
    else {
        return;
    };
    let claimed = if stated.signed == Some(false) {
        -stated.low
    } else {
        stated.low
    };
    let actual = new - old;
    let relative = if old == 0.0 { actual } else { 100.0 * actual / old };
    let value = format!("{claimed:+}");
    let said = Said {
        range: statement.range,
        subject: name,
        comparator: "=",
        value: value.clone(),
    };
    if (claimed - actual).abs() < 0.51 || (stated.unit == Unit::Percent && (claimed - relative).abs() < 1.0) {
        desk.holds(said, false, format!("{} to {}", show(old), show(new)));
    } else {
        let message = format!(
            "`{name}` says {value}; the tables go from {} to {} ({actual:+})",
            show(old),
            show(new)
        );
        desk.refute(
            ContradictionKind::Delta,
            said,
            format!("{actual:+}"),
            [row_line(lines, row), row_line(lines, other)],
            message,
        );
    }
}

/// "Grade improvement (10-point increase)" against the scores in the two headings.
fn of_headings(desk: &mut Desk<'_>, statement: &Statement, text: &str, before: &Table, after: &Table) {
    let lines = desk.lines;
    let rises = contains_ci(text, "point increase")
        || contains_ci(text, "point improvement")
        || contains_ci(text, "points increase")
        || contains_ci(text, "points improvement");
    let names_it = contains_ci(text, "overall")
        || label(text).is_some_and(|(name, _)| {
            words(name)
                .all(|(_, word)| is_one_of(word, &["improvement", "grade", "score", "change", "total"]))
        });
    if !rises || !names_it {
        return;
    }
    let tokens = desk.read(text);
    let stated = match tokens.as_slice() {
        [Token::Number(number)] if number.unit == Unit::Points && !number.is_range() => Some(*number),
        _ => None,
    };
    desk.keep(tokens);
    let Some(stated) = stated else { return };
    let score = |desk: &mut Desk<'_>, table: &Table| {
        let heading = table.heading?;
        let tokens = desk.read(lines.title(heading));
        let found = match tokens.as_slice() {
            [Token::Ratio(ratio)] => Some(ratio.n),
            _ => None,
        };
        desk.keep(tokens);
        let total = table.total.and_then(|row| {
            let name = bare(cells(lines, row).next()?);
            row_named(desk, table, name).map(|(_, value)| value)
        });
        let line = lines.line(lines.outline.blocks[heading as usize].range.start);
        Some((found.or(total)?, line))
    };
    let (Some((old, first)), Some((new, second))) = (score(desk, before), score(desk, after)) else {
        return;
    };
    judge(desk, statement, &stated, old, new, &[first, second]);
}

fn judge(desk: &mut Desk<'_>, statement: &Statement, stated: &Number, old: f64, new: f64, lines: &[u32]) {
    let actual = new - old;
    let value = show(stated.low);
    let said = Said {
        range: statement.range,
        subject: "difference",
        comparator: "=",
        value: value.clone(),
    };
    if (stated.low - actual.abs()).abs() < 0.51 {
        desk.holds(said, false, format!("{} to {}", show(old), show(new)));
    } else {
        let message = format!(
            "says a difference of {value}; {} to {} is {}",
            show(old),
            show(new),
            show(actual.abs())
        );
        desk.refute(
            ContradictionKind::Delta,
            said,
            show(actual.abs()),
            lines.iter().copied(),
            message,
        );
    }
}

#[rustfmt::skip]
const CHANGES: &[&str] = &[
    "increase", "improvement", "reduction", "decrease", "points", "point", "less", "more", "drop", "gain",
];

/// `71 → 89 (+18)`, `from 45 to 12 (73% reduction)`.
fn inline(desk: &mut Desk<'_>, statement: &Statement, text: &str) {
    let tokens = desk.read(text);
    for three in tokens.windows(3) {
        let value_of = |token: &Token| match token {
            Token::Number(n) if n.bound == Bound::Exact && !n.is_range() => Some((n.low, n.unit, n.decimals)),
            Token::Ratio(r) if r.exact && r.slash && tables::is_scale(r.m) => Some((r.n, Unit::Points, 0)),
            _ => None,
        };
        let [a, b, Token::Number(delta)] = three else {
            continue;
        };
        let (Some((old, first, places)), Some((new, second, more))) = (value_of(a), value_of(b)) else {
            continue;
        };
        let between = text[a.end()..b.start()].trim_matches(['*', ' ', '`']);
        let arrow = between == "→"
            || between == "->"
            || between == "=>"
            || (between == "to" && contains_ci(&text[..a.start()], "from"));
        let opened = text[b.end()..delta.start].trim_matches(['*', ' ', '~', '+', '-', '−']);
        let bare_units = first == second || first == Unit::None || second == Unit::None;
        if !arrow || opened != "(" || !bare_units || delta.is_range() || old == 0.0 {
            continue;
        }
        let rest = &text[delta.end..];
        let close = rest.find(')').unwrap_or(rest.len());
        let mut after = words(&rest[..close]);
        let tail = after.next().map_or("", |(_, word)| word);
        let known = tail.is_empty() || is_one_of(tail, CHANGES);
        // A plain figure in the parentheses needs a sign to be a difference.
        if !known
            || (delta.signed.is_none() && tail.is_empty())
            || delta.bound != Bound::Exact
            || matches!(first, Unit::Other)
        {
            continue;
        }
        let percent = delta.unit == Unit::Percent;
        let comparable = percent || matches!(delta.unit, Unit::None | Unit::Points) || delta.unit == first;
        let actual = (new - old).abs();
        let relative = 100.0 * actual / old.abs();
        let step = 0.51 * 10_f64.powi(-i32::from(delta.decimals.min(places.max(more))));
        let fits = (delta.low - actual).abs() <= step
            || (percent
                && ((delta.low - relative).abs() <= 1.01
                    || new > 0.0 && (delta.low - 100.0 * actual / new).abs() <= 1.01));
        let value = show(delta.low);
        let said = Said {
            range: statement.range,
            subject: "difference",
            comparator: "=",
            value: value.clone(),
        };
        if fits {
            desk.holds(said, false, format!("{} to {}", show(old), show(new)));
        } else if comparable {
            let shown = if percent {
                format!("{} or {}%", show(actual), show((relative * 10.0).round() / 10.0))
            } else {
                show(actual)
            };
            let message = format!(
                "says a difference of {value}{}; {} to {} is {shown}",
                if percent { "%" } else { "" },
                show(old),
                show(new)
            );
            desk.refute(ContradictionKind::Delta, said, shown, [], message);
        }
    }
    desk.keep(tokens);
}
