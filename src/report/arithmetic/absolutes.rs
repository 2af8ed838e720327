//! "All tests pass" and "zero critical vulnerabilities" against the figures of the same document that say otherwise.

use super::Desk;
use super::numbers::Token;
use super::sense::short;
use crate::model::ContradictionKind;
use crate::report::statements::{ALL, DIGIT, LABEL, Statement};
use crate::report::wording::{below_any, below_before, is_one_of, same, tells_of_before, words};
use crate::text::markdown::BlockKind;

pub(super) fn check(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    if lines.seen & DIGIT == 0
        || lines.seen & ALL == 0
            && !lines
                .lines
                .iter()
                .any(|statement| says_none(lines.words_of(statement)))
    {
        return;
    }
    tests(desk);
    criticals(desk);
}

/// Headings below which nothing is said of the present.
#[rustfmt::skip]
const AHEAD: &[&str] = &[
    "next", "plan", "goals", "goal", "criteria", "target", "targets", "roadmap", "future", "recommendations", "requirements", "history", "example",
    "checklist", "previous", "initial", "lessons", "gates", "policy", "definition",
];

const SCOPES: &[&str] = &[
    "unit",
    "integration",
    "e2e",
    "smoke",
    "regression",
    "performance",
    "security",
    "frontend",
    "backend",
    "api",
    "ui",
    "load",
    "contract",
];

#[rustfmt::skip]
const DOUBTFUL: &[&str] = &[
    "must", "should", "until", "unless", "before", "will", "once", "if", "when", "not", "need", "needs", "after", "ensure", "verify", "was", "were", "fixed",
    "resolved", "previously", "initially", "expected", "would", "can", "make", "confirm", "check", "where", "that", "whether", "previous", "earlier",
];

/// Whether a line speaks of the present and of the whole.
fn present(desk: &Desk<'_>, statement: &Statement, text: &str) -> bool {
    let lines = desk.lines;
    !text.starts_with("[ ]")
        && !lines.block(statement).quoted
        && !text.contains(['?', '→'])
        && !text.contains("->")
        && !words(text).any(|(_, word)| is_one_of(word, DOUBTFUL))
        && !tells_of_before(text)
        && !below_before(lines, statement.block)
        && !below_any(lines, statement.block, AHEAD)
}

/// `All tests pass` against `3 failed`.
fn tests(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut whole: Option<(&Statement, Option<&str>)> = None;
    for statement in lines.with(ALL) {
        let text = lines.words_of(statement);
        let list: Vec<&str> = words(text).map(|(_, word)| word).collect();
        let Some(at) = list.iter().position(|word| word.eq_ignore_ascii_case("all")) else {
            continue;
        };
        let scope = list.get(at + 1).copied().filter(|word| is_one_of(word, SCOPES));
        let noun = at + 1 + usize::from(scope.is_some());
        let passing = list
            .get(noun)
            .is_some_and(|word| is_one_of(word, &["tests", "suites"]))
            && list[noun + 1..]
                .iter()
                .take(3)
                .any(|word| is_one_of(word, &["pass", "passing", "passed", "green"]))
            && list[noun + 1..]
                .iter()
                .take_while(|word| !is_one_of(word, &["pass", "passing", "passed", "green"]))
                .all(|word| is_one_of(word, &["are", "now", "have", "currently"]));
        if passing && list.len() <= 14 && present(desk, statement, text) {
            whole = Some((statement, scope));
            break;
        }
    }
    let Some((claim, scope)) = whole else { return };
    for statement in lines.with(LABEL | ALL | u32::MAX) {
        if statement.features & DIGIT == 0
            || statement.range == claim.range
            || matches!(lines.block(statement).kind, BlockKind::Row { .. })
        {
            continue;
        }
        let text = lines.words_of(statement);
        let Some(count) = failing(desk, text) else {
            continue;
        };
        let other = words(text)
            .map(|(_, word)| word)
            .find(|word| is_one_of(word, SCOPES));
        let within = match (scope, other) {
            (None, None) => true,
            (Some(a), Some(b)) => same(a, b),
            _ => false,
        };
        if !within || !present(desk, statement, text) {
            continue;
        }
        let line = lines.line(statement.range.start);
        let message = format!(
            "says `{}`; line {line} has {count} that fail",
            short(lines.words_of(claim).trim_start_matches(['*', ' ', '✅']))
        );
        desk.say(
            ContradictionKind::Figure,
            vec![lines.line(claim.range.start), line],
            message,
        );
        return;
    }
}

/// `3 failed`, `2 failing tests`, `Failed: 3`: how many, when more than none.
fn failing(desk: &mut Desk<'_>, text: &str) -> Option<u32> {
    if !words(text).any(|(_, word)| is_one_of(word, &["failed", "failing", "failures"]))
        || !words(text).any(|(_, word)| is_one_of(word, &["tests", "test", "passed", "passing", "suites"]))
    {
        return None;
    }
    let tokens = desk.read(text);
    let found = tokens.iter().find_map(|token| {
        let Token::Number(number) = token else { return None };
        let count = number.count().filter(|&count| count > 0)?;
        let next = words(&text[number.end..])
            .next()
            .filter(|(at, _)| *at <= 3)
            .map_or("", |(_, word)| word);
        let second = words(&text[number.end..]).nth(1).map_or("", |(_, word)| word);
        let direct = is_one_of(next, &["failed", "failing", "failures"])
            || is_one_of(next, &["tests", "test"]) && is_one_of(second, &["failed", "failing", "fail"]);
        direct.then_some(count)
    });
    desk.keep(tokens);
    found
}

/// What a line calls critical: findings of any kind, or vulnerabilities.
const NOUNS: &[&str] = &[
    "vulnerabilities",
    "vulnerability",
    "findings",
    "issues",
    "cves",
    "alerts",
    "bugs",
];

/// Whether a line says that there is nothing critical.
fn says_none(text: &str) -> bool {
    none_critical(text).is_some()
}

/// `Zero known critical vulnerabilities`, `0 critical issues`: the noun.
fn none_critical(text: &str) -> Option<&str> {
    let list: Vec<&str> = words(text).map(|(_, word)| word).take(16).collect();
    let at = list
        .iter()
        .position(|word| word.eq_ignore_ascii_case("critical"))?;
    let before = list[..at]
        .iter()
        .rev()
        .find(|word| !is_one_of(word, &["known", "open", "remaining", "outstanding", "unresolved"]))?;
    let none = is_one_of(before, &["zero", "no", "0"]);
    let noun = list.get(at + 1).copied().filter(|word| is_one_of(word, NOUNS))?;
    none.then_some(noun)
}

/// `Zero known critical vulnerabilities` against `2 critical vulnerabilities`.
fn criticals(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let claim = lines.lines.iter().find_map(|statement| {
        let text = lines.words_of(statement);
        let noun = none_critical(text)?;
        let list: Vec<&str> = words(text).map(|(_, word)| word).collect();
        let leads = list
            .iter()
            .position(|word| word.eq_ignore_ascii_case("critical"))
            .is_some_and(|at| at <= 3);
        let scoped = list
            .iter()
            .any(|word| is_one_of(word, SCOPES) || is_one_of(word, &["in", "from", "by", "npm", "pip"]));
        (leads && !scoped && list.len() <= 8 && present(desk, statement, text)).then_some((*statement, noun))
    });
    let Some((claim, noun)) = claim else { return };
    let all: Vec<Statement> = lines
        .lines
        .iter()
        .copied()
        .filter(|statement| statement.features & DIGIT != 0 && statement.range != claim.range)
        .collect();
    for statement in all {
        let text = lines.words_of(&statement);
        if !words(text).any(|(_, word)| same(word, noun)) || !present(desk, &statement, text) {
            continue;
        }
        let tokens = desk.read(text);
        let count = tokens.iter().find_map(|token| {
            let Token::Number(number) = token else { return None };
            let mut after = words(&text[number.end..]).map(|(_, word)| word);
            let critical = after
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case("critical"));
            let own = after
                .find(|word| !is_one_of(word, &["security", "open", "known", "severity"]))
                .is_some_and(|word| same(word, noun));
            number.count().filter(|&count| count > 0 && critical && own)
        });
        desk.keep(tokens);
        let past = words(text).any(|(_, word)| {
            is_one_of(
                word,
                &[
                    "addressed",
                    "closed",
                    "remediated",
                    "found",
                    "identified",
                    "mitigated",
                    "eliminated",
                    "all",
                ],
            )
        });
        let Some(count) = count.filter(|_| !past) else {
            continue;
        };
        let line = lines.line(statement.range.start);
        let message = format!(
            "says `{}`; line {line} counts {count}",
            short(lines.words_of(&claim).trim_start_matches(['*', ' ', '✅']))
        );
        desk.say(
            ContradictionKind::Figure,
            vec![lines.line(claim.range.start), line],
            message,
        );
        return;
    }
}
