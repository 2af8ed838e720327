//! Figures that cannot all be true: an entry outside of its bucket, grades out of order, one figure said twice.

use super::means;
use super::numbers::{Bound, Ratio, Token, Unit, count_word, show};
use super::{Desk, Said};
use crate::model::ContradictionKind;
use crate::report::statements::{DIGIT, LABEL, OPENED, PERCENT, RATIO, Statement, THIS, TOTAL};
use crate::report::wording::{bare, below_any, contains_ci, is_one_of, label, same, tells_of_before, words};
use crate::text::markdown::{BlockKind, TextRange};

pub(super) fn check(desk: &mut Desk<'_>) {
    if desk.lines.seen & PERCENT != 0 && desk.lines.seen & OPENED != 0 {
        buckets(desk);
    }
    if desk.lines.seen & RATIO != 0 {
        grades(desk);
        scores(desk);
    }
    if desk.lines.seen & THIS != 0 {
        this_period(desk);
    }
    totals_twice(desk);
}

/// `Excellent (>80%):` over a list: each entry's first percentage must lie inside.
fn buckets(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    for statement in lines.with(OPENED) {
        let text = lines.words_of(statement);
        let block = lines.block(statement);
        if statement.features & PERCENT == 0
            || !matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading(_))
        {
            continue;
        }
        let Some((low, high, strict)) = bounds(desk, text) else {
            continue;
        };
        let Some(next) = lines.outline.blocks.get(statement.block as usize + 1) else {
            continue;
        };
        let BlockKind::Item { depth: 0, list, .. } = next.kind else {
            continue;
        };
        let mut inside = 0;
        let mut outside = Vec::new();
        let mut clean = true;
        for item in lines.outline.blocks.iter().skip(statement.block as usize + 1) {
            let BlockKind::Item {
                depth: 0, list: own, ..
            } = item.kind
            else {
                break;
            };
            if own != list {
                break;
            }
            let content = lines.slice(item.content);
            let tokens = desk.read(content);
            let first = tokens.iter().find_map(|token| match token {
                Token::Number(n) if n.unit == Unit::Percent => Some(*n),
                _ => None,
            });
            desk.keep(tokens);
            match first {
                Some(n) if n.bound == Bound::Exact && !n.is_range() => {
                    let under = n.low < low || (strict && n.low == low);
                    let over = n.low > high || (strict && n.low == high && low == f64::MIN);
                    if under || over {
                        outside.push((item.content, n.low));
                    } else {
                        inside += 1;
                    }
                }
                _ => clean = false,
            }
        }
        // Most entries must prove that the bounds are theirs.
        if !clean || inside < 2 || outside.len() * 2 > inside {
            continue;
        }
        let name = bare(text);
        for (range, value) in outside {
            let said = Said {
                range,
                subject: name,
                comparator: "=",
                value: format!("{}%", show(value)),
            };
            let message = format!("{}% stands under `{name}`", show(value));
            desk.refute(
                ContradictionKind::Figure,
                said,
                format!("{}%", show(value)),
                [lines.line(statement.range.start)],
                message,
            );
        }
    }
}

/// The bounds in the one parenthesis of a title: `(>80%)`, `(60-80%)`, `(<60%)`.
fn bounds(desk: &mut Desk<'_>, text: &str) -> Option<(f64, f64, bool)> {
    let open = text.find('(')?;
    let close = open + text.get(open..)?.find(')')?;
    let inside = &text[open + 1..close];
    if words(inside).any(|(_, word)| word.bytes().any(|b| b.is_ascii_alphabetic())) || !inside.contains('%') {
        return None;
    }
    let tokens = desk.read(inside);
    let only = match tokens.as_slice() {
        [Token::Number(number)] => Some(*number),
        _ => None,
    };
    desk.keep(tokens);
    let number = only.filter(|number| number.unit == Unit::Percent)?;
    let sign = inside.trim_start();
    let strict = sign.starts_with(['>', '<']) && !sign.starts_with(">=") && !sign.starts_with("<=");
    if number.is_range() {
        return Some((number.low, number.high, false));
    }
    match number.bound {
        Bound::AtLeast => Some((number.low, f64::MAX, strict)),
        Bound::AtMost => Some((f64::MIN, number.high, strict)),
        _ => None,
    }
}

/// A letter grade beside a score on a scale of 100.
struct Graded {
    grade: i8,
    letter: String,
    score: f64,
    range: TextRange,
}

fn grade_of(word: &str) -> Option<i8> {
    let bytes = word.as_bytes();
    let base = match bytes.first()? {
        b'A' => 12,
        b'B' => 9,
        b'C' => 6,
        b'D' => 3,
        b'F' if bytes.len() == 1 => return Some(0),
        _ => return None,
    };
    match bytes.get(1..)? {
        b"" => Some(base),
        b"+" => Some(base + 1),
        b"-" => Some(base - 1),
        _ => None,
    }
}

/// A higher grade for a lower score.
fn grades(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut found: Vec<Graded> = Vec::new();
    for statement in lines.with(RATIO) {
        let text = lines.words_of(statement);
        if !text.contains("/100") {
            continue;
        }
        let row = matches!(lines.block(statement).kind, BlockKind::Row { .. });
        let tokens = desk.read(text);
        for token in &tokens {
            let Token::Ratio(Ratio {
                start,
                end,
                n,
                m: 100.0,
                exact: true,
                slash: true,
            }) = token
            else {
                continue;
            };
            let before = text[..*start].trim_end_matches(['*', ' ', '(', ':']);
            let word = before.rsplit([' ', '*', '|', '(']).next().unwrap_or_default();
            let beside = grade_of(word).map(|grade| (grade, word));
            let behind = || {
                let cell = text[*end..].trim_start_matches(['*', ' ']).strip_prefix('|')?;
                let word = cell.split('|').next()?.trim_matches(['*', ' ']);
                grade_of(word).map(|grade| (grade, word))
            };
            let opened = text[..*start].trim_end_matches('*').ends_with('(') || row;
            let graded = beside
                .filter(|_| opened)
                .or_else(|| if row { behind() } else { None });
            if let Some((grade, letter)) = graded {
                found.push(Graded {
                    grade,
                    letter: letter.to_owned(),
                    score: *n,
                    range: statement.range,
                });
            }
        }
        desk.keep(tokens);
    }
    found.sort_by(|a, b| {
        a.score
            .total_cmp(&b.score)
            .then(a.range.start.cmp(&b.range.start))
    });
    let mut told: Vec<(i8, i8)> = Vec::new();
    for (at, low) in found.iter().enumerate() {
        // The best-scored entry with a worse grade makes the clearest pair.
        let Some(high) = found[at + 1..]
            .iter()
            .rev()
            .find(|high| high.score > low.score && high.grade < low.grade)
        else {
            continue;
        };
        if told.contains(&(low.grade, high.grade)) {
            continue;
        }
        told.push((low.grade, high.grade));
        let said = Said {
            range: high.range,
            subject: "grade",
            comparator: "=",
            value: format!("{} for {}", high.letter, show(high.score)),
        };
        let message = format!(
            "grades {} with {}, and {} with the better {}",
            show(high.score),
            high.letter,
            show(low.score),
            low.letter
        );
        desk.refute(
            ContradictionKind::Figure,
            said,
            format!("{} for {}", low.letter, show(low.score)),
            [lines.line(low.range.start)],
            message,
        );
    }
}

/// "from 71/100 to 87/100" in prose against the overall rows of the before and after tables; an overall score said twice.
fn scores(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let overalls = means::collect(desk);
    let before = |overall: &means::Overall| {
        overall
            .heading
            .is_some_and(|heading| tells_of_before(lines.title(heading)))
    };
    let mut old = overalls.iter().filter(|overall| before(overall));
    let mut new = overalls.iter().filter(|overall| !before(overall));
    let (old, new) = match (old.next(), old.next(), new.next(), new.next()) {
        (old, None, Some(new), None) => (old.cloned(), new.clone()),
        _ => return,
    };
    for statement in lines.with(RATIO) {
        if statement.range == new.range || matches!(lines.block(statement).kind, BlockKind::Row { .. }) {
            continue;
        }
        let text = lines.words_of(statement);
        let tokens = desk.read(text);
        let ratios: Vec<Ratio> = tokens
            .iter()
            .filter_map(|token| match token {
                Token::Ratio(ratio) if ratio.m == new.scale && ratio.slash => Some(*ratio),
                _ => None,
            })
            .collect();
        desk.keep(tokens);
        let claimed = match (ratios.as_slice(), &old) {
            ([first, second], Some(old))
                if first.n == old.value
                    && words(&text[..first.start]).any(|(_, word)| is_one_of(word, &["from"])) =>
            {
                words(&text[first.end..second.start])
                    .any(|(_, word)| is_one_of(word, &["to"]))
                    .then_some(*second)
            }
            ([only], _) => {
                let name = label(text).map_or("", |(name, _)| name);
                let overall = words(name)
                    .any(|(_, word)| is_one_of(word, &["overall", "readiness", "security", "final"]))
                    && words(name)
                        .any(|(_, word)| is_one_of(word, &["score", "grade", "rating", "readiness"]));
                let earlier = crate::report::wording::below_before(lines, statement.block)
                    || contains_ci(text, "previous")
                    || contains_ci(text, "target");
                (overall && !earlier && only.exact).then_some(*only)
            }
            _ => None,
        };
        let Some(claimed) = claimed else { continue };
        let value = show(claimed.n);
        let actual = show(new.value);
        let said = Said {
            range: statement.range,
            subject: "overall score",
            comparator: "=",
            value: value.clone(),
        };
        if claimed.n == new.value {
            desk.holds(said, false, format!("the overall row says {actual}"));
        } else {
            let message = format!("the overall score is {value} here and {actual} in the table");
            desk.refute(
                ContradictionKind::Figure,
                said,
                actual,
                [lines.line(new.range.start)],
                message,
            );
        }
    }
}

const PERIODS: &[&str] = &["session", "sprint", "week", "release", "phase", "iteration"];

/// `15 total (3 in this session)`, `This session: 4 commits`, and a section of commits of this session.
fn this_period(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut found: Vec<(String, u32, TextRange)> = Vec::new();
    let key = |noun: &str, period: &str| {
        format!("{} this {}", crate::report::wording::stem(noun), period).to_ascii_lowercase()
    };
    for statement in lines.with(THIS) {
        if statement.features & DIGIT == 0 {
            continue;
        }
        let text = lines.words_of(statement);
        let Some((at, period)) = this(text) else { continue };
        let tokens = desk.read(text);
        for token in &tokens {
            let Token::Number(number) = token else { continue };
            let Some(count) = number.count() else { continue };
            let name = label(text).map_or("", |(name, _)| name);
            if let Some(between) = text.get(number.end..at) {
                // "(3 in this session)": the noun is the label's.
                let plain = words(between).all(|(_, word)| is_one_of(word, &["in", "during"]));
                if plain && words(name).count() == 1 {
                    found.push((key(name, period), count, statement.range));
                }
            } else if this(name).is_some() && words(name).count() == 2 {
                // "This session: 4 commits".
                let mut after = words(&text[number.end..]).map(|(_, word)| word);
                if let (Some(noun), None) = (after.next(), after.next()) {
                    found.push((key(noun, period), count, statement.range));
                }
            }
        }
        desk.keep(tokens);
    }
    for (at, block) in lines.outline.blocks.iter().enumerate() {
        if found.is_empty() {
            break;
        }
        let title = lines.slice(block.content);
        if !matches!(block.kind, BlockKind::Heading(_)) {
            continue;
        }
        let Some((_, period)) = this(title) else { continue };
        let Some(noun) = words(title).next().map(|(_, word)| word) else {
            continue;
        };
        let listed = u32::try_from(at)
            .ok()
            .and_then(|at| super::counts::numbered_headings(lines, at));
        if let Some(listing) = listed.filter(|listing| listing.count >= 2) {
            found.push((key(noun, period), listing.count, block.content));
        }
    }
    said_differently(desk, &found);
}

fn this(text: &str) -> Option<(usize, &str)> {
    let mut earlier: Option<(usize, &str)> = None;
    for (at, word) in words(text) {
        if let Some((start, this)) = earlier
            && this.eq_ignore_ascii_case("this")
            && is_one_of(word, PERIODS)
        {
            return Some((start, word));
        }
        earlier = Some((at, word));
    }
    None
}

/// One contradiction for each key that has more than one value: the first said against the majority.
fn said_differently(desk: &mut Desk<'_>, found: &[(String, u32, TextRange)]) {
    for (at, (key, value, range)) in found.iter().enumerate() {
        if found[..at].iter().any(|(other, ..)| other == key) {
            continue;
        }
        let same: Vec<&(String, u32, TextRange)> = found.iter().filter(|(other, ..)| other == key).collect();
        let Some(other) = same.iter().find(|(_, count, _)| count != value) else {
            continue;
        };
        let said = Said {
            range: *range,
            subject: key,
            comparator: "=",
            value: value.to_string(),
        };
        let message = format!("`{key}` is {value} here and {} there", other.1);
        let others: Vec<u32> = same
            .iter()
            .map(|(.., range)| desk.lines.line(range.start))
            .collect();
        desk.refute(
            ContradictionKind::Figure,
            said,
            other.1.to_string(),
            others,
            message,
        );
    }
}

#[rustfmt::skip]
const REPEATED: &[&str] = &[
    "week", "phase", "sprint", "stage", "tier", "module", "component", "service", "before", "previous",
    "target", "goal", "plan",
];

/// "Total tests: 45" in the summary and "Total tests: 48" below, each said once.
fn totals_twice(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut found: Vec<(&str, u32, &Statement, Option<u32>)> = Vec::new();
    for statement in lines.with(TOTAL) {
        if statement.features & LABEL == 0
            || matches!(
                lines.block(statement).kind,
                BlockKind::Row { .. } | BlockKind::Heading(_)
            )
        {
            continue;
        }
        let text = lines.words_of(statement);
        let Some((name, value)) = label(text) else {
            continue;
        };
        let first = words(name).next().map_or("", |(_, word)| word);
        if !first.eq_ignore_ascii_case("total") || words(name).count() < 2 {
            continue;
        }
        let tokens = desk.read(value);
        let count = match tokens.as_slice() {
            [Token::Number(number)] if bare(&value[..number.start]).is_empty() => number.count(),
            _ => None,
        };
        desk.keep(tokens);
        if let Some(count) = count.or_else(|| count_word(value)) {
            found.push((name, count, statement, lines.heading_of(statement.block)));
        }
    }
    let summary = |block: u32| {
        below_any(
            lines,
            block,
            &["summary", "overview", "conclusion", "statistics", "totals"],
        )
    };
    let repeated = |block: u32| below_any(lines, block, REPEATED);
    for (at, (name, count, statement, heading)) in found.iter().enumerate() {
        let twins: Vec<_> = found
            .iter()
            .filter(|(other, ..)| {
                words(other).count() == words(name).count()
                    && words(other).zip(words(name)).all(|((_, a), (_, b))| same(a, b))
            })
            .collect();
        let [_, (_, other, second, elsewhere)] = twins.as_slice() else {
            continue;
        };
        if !std::ptr::eq(twins[0], &found[at]) || count == other || heading == elsewhere {
            continue;
        }
        if !(summary(statement.block) || summary(second.block))
            || repeated(statement.block)
            || repeated(second.block)
        {
            continue;
        }
        let said = Said {
            range: statement.range,
            subject: name,
            comparator: "=",
            value: count.to_string(),
        };
        let message = format!("`{name}` is {count} here and {other} there");
        desk.refute(
            ContradictionKind::Figure,
            said,
            other.to_string(),
            [lines.line(second.range.start)],
            message,
        );
    }
}
