//! Limits and commands written twice with a difference that matters: `>95%` beside "fails below 95%", one cron line
//! with two paths, a price in a comment beside the price in the list.

use super::numbers::{Number, Token, Unit, show, show_amount};
use super::sense::{short, telling, within};
use super::{Desk, scan};
use crate::model::ContradictionKind;
use crate::report::statements::{MONEY, PERCENT};
use crate::report::wording::{below_before, has_word, is_one_of, label, words};
use crate::text::markdown::{BlockKind, TextRange};

pub(super) fn check(desk: &mut Desk<'_>) {
    limits(desk);
    crontab(desk);
    prices(desk);
}

/// How a limit treats its own value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// `> 95`: 95 fails.
    Fails,
    /// `>= 95`, "fails below 95": 95 passes.
    Passes,
}

/// The lines of all code blocks with their offsets.
fn code_lines<'t>(desk: &Desk<'t>) -> impl Iterator<Item = (u32, u32, &'t str)> {
    let lines = desk.lines;
    let blocks = (0_u32..)
        .zip(&lines.outline.blocks)
        .filter(|(_, block)| matches!(block.kind, BlockKind::Code));
    blocks.flat_map(move |(at, block)| {
        let content = lines.slice(block.range);
        content.lines().take(400).map(move |line| {
            let offset = line.as_ptr() as usize - content.as_ptr() as usize;
            (
                at,
                block.range.start + u32::try_from(offset).unwrap_or_default(),
                line.trim(),
            )
        })
    })
}

const FAILING: &[&str] = &["fail", "fails", "failing", "block", "blocks", "reject", "rejects"];
#[rustfmt::skip]
const HOLDING: &[&str] = &["enforce", "enforces", "enforced", "enforcement", "require", "requires", "required", "gate", "gates", "gating", "minimum", "threshold", "must"];

/// What is measured beside a limit.
fn measured(text: &str) -> Option<&'static str> {
    ["coverage", "uptime", "availability"]
        .into_iter()
        .find(|noun| has_word(text, noun))
}

/// The limit of a line: its value, and what becomes of the value itself.
fn limit(text: &str, tokens: &mut Vec<super::Token>) -> Option<(f64, Edge)> {
    let failing = words(text).any(|(_, word)| is_one_of(word, FAILING));
    let holding = words(text).any(|(_, word)| is_one_of(word, HOLDING));
    if !failing && !holding {
        return None;
    }
    scan::tokens(text, tokens);
    let mut percents = tokens.iter().filter_map(|token| match token {
        Token::Number(number) if number.unit == Unit::Percent && !number.is_range() => Some(*number),
        _ => None,
    });
    let (number, None) = (percents.next()?, percents.next()) else {
        return None;
    };
    let before = text[..number.start].trim_end_matches(['*', ' ', '`']);
    let above = before.ends_with('>') || ends_with_words(before, &["above", "over", "than"]);
    let reaching =
        before.ends_with(">=") || before.ends_with('≥') || ends_with_words(before, &["least", "minimum"]);
    let below = before.ends_with('<') || ends_with_words(before, &["below", "under"]);
    if reaching {
        return (!failing).then_some((number.low, Edge::Passes));
    }
    match (failing, above, below) {
        (false, true, _) => Some((number.low, Edge::Fails)),
        (true, _, true) => Some((number.low, Edge::Passes)),
        _ => None,
    }
}

fn ends_with_words(text: &str, list: &[&str]) -> bool {
    words(text)
        .last()
        .is_some_and(|(at, word)| at + word.len() == text.len() && is_one_of(word, list))
}

/// `Enforces >95% coverage` and "fails if coverage < 95%": 95 is refused by one and let pass by the other.
fn limits(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    if lines.seen & PERCENT == 0 {
        return;
    }
    let mut tokens = std::mem::take(&mut desk.tokens);
    let mut found: Vec<(&str, f64, Edge, u32)> = Vec::new();
    for statement in lines.with(PERCENT) {
        let text = lines.words_of(statement);
        if let Some(noun) = measured(text)
            && !below_before(lines, statement.block)
            && let Some((value, edge)) = limit(text, &mut tokens)
        {
            found.push((noun, value, edge, lines.line(statement.range.start)));
        }
    }
    if !found.is_empty() {
        for (_, offset, text) in code_lines(desk) {
            if text.contains('%')
                && let Some(noun) = measured(text)
                && let Some((value, edge)) = limit(text, &mut tokens)
            {
                found.push((noun, value, edge, lines.line(offset)));
            }
        }
    }
    desk.tokens = tokens;
    let mut told: Vec<f64> = Vec::new();
    for (noun, value, edge, line) in &found {
        let other = found
            .iter()
            .find(|(n, v, e, _)| n == noun && v == value && *e == Edge::Passes);
        let Some((.., other)) = other.filter(|_| *edge == Edge::Fails && !told.contains(value)) else {
            continue;
        };
        told.push(*value);
        let value = show(*value);
        let message = format!("asks for more than {value}% {noun} here; line {other} lets {value}% pass");
        desk.say(ContradictionKind::Gate, vec![*line, *other], message);
    }
}

/// A line of a crontab: its five fields and the script that it runs.
fn cron(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start_matches(['#', ' ']);
    let text = text.strip_prefix("Add:").unwrap_or(text).trim_start();
    let mut parts = text.split_ascii_whitespace();
    let mut fields = String::new();
    for _ in 0..5 {
        let field = parts.next()?;
        if !field
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'/' | b',' | b'-'))
        {
            return None;
        }
        fields.push_str(field);
        fields.push(' ');
    }
    let script = parts
        .find(|part| part.contains('/') && part.rsplit('/').next().is_some_and(|name| name.contains('.')))?;
    Some((fields, script))
}

/// One cron job written twice with two paths to its script.
fn crontab(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    if memchr::memmem::find(lines.text.as_bytes(), b"* ").is_none() {
        return;
    }
    let jobs: Vec<(u32, String, &str)> = code_lines(desk)
        .filter_map(|(_, offset, text)| {
            cron(text).map(|(fields, script)| (lines.line(offset), fields, script))
        })
        .take(100)
        .collect();
    for (at, (line, fields, script)) in jobs.iter().enumerate() {
        let name = |script: &str| script.rsplit('/').next().map(str::to_owned);
        let other = jobs[..at].iter().find(|(_, other, earlier)| {
            other == fields && earlier != script && name(earlier) == name(script)
        });
        let Some((first, _, earlier)) = other else {
            continue;
        };
        let message = format!("the same cron job runs `{earlier}` here and `{script}` in line {line}");
        desk.say(ContradictionKind::Figure, vec![*first, *line], message);
    }
}

/// `# Budget: $20,000-50,000` in the code below a step, against the priced entry of that name.
fn prices(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    if lines.seen & MONEY == 0 {
        return;
    }
    let mut tokens = std::mem::take(&mut desk.tokens);
    let money = |text: &str, tokens: &mut Vec<super::Token>| -> Option<Number> {
        scan::tokens(text, tokens);
        match tokens.as_slice() {
            [Token::Number(number)] if number.unit == Unit::Money && number.signed.is_none() => Some(*number),
            _ => None,
        }
    };
    let mut budgets: Vec<(Vec<String>, Number, u32)> = Vec::new();
    for (block, offset, text) in code_lines(desk) {
        let text = text.trim_start_matches(['#', '/', ' ', '-']);
        if !text.contains(['$', '€', '£']) {
            continue;
        }
        let Some((name, value)) = label(text) else {
            continue;
        };
        if !is_one_of(name, &["budget", "cost", "price", "estimated cost"]) {
            continue;
        }
        let Some(number) = money(value, &mut tokens) else {
            continue;
        };
        let above = lines.outline.blocks[..block as usize].iter().rev().find(|block| {
            matches!(
                block.kind,
                BlockKind::Item { depth: 0, .. } | BlockKind::Heading(_)
            )
        });
        let Some(above) = above else { continue };
        let title = lines.slice(above.content).split('(').next().unwrap_or_default();
        let subject = telling(super::sense::plain(title));
        if subject.len() >= 2 {
            budgets.push((subject, number, lines.line(offset)));
        }
    }
    let mut found: Vec<(TextRange, String, Number, Number, u32)> = Vec::new();
    if !budgets.is_empty() {
        for statement in lines.with(MONEY) {
            let text = lines.words_of(statement);
            let Some((name, value)) = label(text) else {
                continue;
            };
            let Some(number) = money(value, &mut tokens) else {
                continue;
            };
            let words = telling(name);
            let Some((_, budget, line)) = budgets
                .iter()
                .find(|(subject, ..)| within(subject, &words) && words.len() <= subject.len() + 1)
            else {
                continue;
            };
            if budget.low != number.low || budget.high != number.high {
                found.push((statement.range, name.to_owned(), number, *budget, *line));
            }
        }
    }
    desk.tokens = tokens;
    for (range, name, number, budget, line) in found {
        let (here, there) = (
            show_amount(number.unit, number.low, number.high),
            show_amount(budget.unit, budget.low, budget.high),
        );
        let message = format!("`{}` costs {here} here and {there} in line {line}", short(&name));
        desk.say(
            ContradictionKind::Figure,
            vec![lines.line(range.start), line],
            message,
        );
    }
}
