//! `4/5 (80%)`, `15 of 62 (24 % complete)`, `100% (28/28 packages)`, and sums of parts in parentheses.

use super::numbers::{Bound, Number, Token, Unit, show};
use super::{Desk, Said};
use crate::model::ContradictionKind;
use crate::report::statements::{OPENED, PERCENT, RATIO};
use crate::report::wording::{is_one_of, words};
use crate::text::markdown::TextRange;

/// Whether a percentage is `actual`, rounded or cut off.
pub(super) fn fits(claimed: &Number, actual: f64) -> bool {
    let step = 10_f64.powi(-i32::from(claimed.decimals));
    let apart = actual - claimed.low;
    if apart >= 0.0 {
        apart < step - 1e-9
    } else {
        -apart <= 0.5 * step + 1e-9
    }
}

pub(super) fn check(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    for statement in lines.with(PERCENT | OPENED) {
        let text = lines.words_of(statement);
        let tokens = desk.read(text);
        if statement.features & PERCENT != 0 && statement.features & RATIO != 0 {
            for pair in tokens.windows(2) {
                shares(desk, statement.range, text, pair);
            }
        }
        if statement.features & OPENED != 0 && tokens.len() >= 3 {
            parts(desk, statement.range, text, &tokens);
        }
        desk.keep(tokens);
    }
}

/// A ratio and a percentage that speak of the same thing.
fn shares(desk: &mut Desk<'_>, range: TextRange, text: &str, pair: &[Token]) {
    let (ratio, percent) = match pair {
        [Token::Ratio(ratio), Token::Number(percent)] => {
            let between = &text[ratio.end..percent.start];
            let after = &text[percent.end..];
            let opened = between.trim_matches(['*', ' ']).strip_suffix('(').or_else(|| {
                let tight = between.trim_matches(['*', ' ']);
                matches!(tight, "=" | "–" | "-" | "—" | ":" | "").then_some("")
            });
            let Some(noun) = opened else { return };
            if words(noun).count() > 2 || noun.contains(['(', ')', ',', ';', '.', '|']) {
                return;
            }
            if between.trim_matches(['*', ' ']).is_empty() && between.contains('|') {
                return;
            }
            if !ends_well(after) {
                return;
            }
            (ratio, percent)
        }
        [Token::Number(percent), Token::Ratio(ratio)] => {
            let between = &text[percent.end..ratio.start];
            let tight = between.trim_matches(['*', ' ']);
            let told = tight.strip_suffix('(').map(str::trim);
            if !matches!(told, Some(""))
                && !told.is_some_and(|word| {
                    is_one_of(word.trim_matches('*'), &["complete", "done", "passing", "passed"])
                })
            {
                return;
            }
            (ratio, percent)
        }
        _ => return,
    };
    if percent.unit != Unit::Percent || percent.is_range() || ratio.m == 0.0 || percent.signed.is_some() {
        return;
    }
    if ratio.n > ratio.m && percent.low <= 100.0 {
        return;
    }
    let actual = 100.0 * ratio.n / ratio.m;
    // Failure rates and coverage beside a count speak of the rest.
    let rest_fits = fits(percent, 100.0 - actual);
    let value = format!("{}%", show(percent.low));
    let figures = format!("{} of {}", show(ratio.n), show(ratio.m));
    let said = Said {
        range,
        subject: "share",
        comparator: "=",
        value: value.clone(),
    };
    if fits(percent, actual) && percent.bound == Bound::Exact {
        desk.holds(said, false, format!("{figures} is {}%", show(actual)));
    } else if percent.bound != Bound::Exact || !ratio.exact {
        if (percent.low - actual).abs() <= 5.0 {
            desk.holds(said, true, format!("{figures} is {}%", show(actual)));
        }
    } else if !rest_fits {
        let message = format!("{figures} is {}%, not {value}", show(actual));
        desk.refute(
            ContradictionKind::Percentage,
            said,
            format!("{}%", show(actual)),
            [],
            message,
        );
    }
}

#[rustfmt::skip]
const SHARED: &[&str] = &[
    "complete", "completed", "done", "pass", "passed", "passing", "success", "resolved", "finished",
    "closed", "fixed", "met", "implemented", "completion",
];

/// What may follow a percentage for it to be the ratio's own.
fn ends_well(after: &str) -> bool {
    let tight = after.trim_start_matches(['*', ' ']);
    if tight.is_empty() || tight.starts_with([')', '|', ',', ';', '.', ']']) {
        return true;
    }
    words(tight)
        .next()
        .is_some_and(|(_, word)| is_one_of(word, SHARED))
}

const RESULTS: &[&str] = &[
    "passed", "passing", "failed", "failing", "skipped", "pass", "fail",
];
#[rustfmt::skip]
const STATES: &[&str] = &[
    "done", "complete", "completed", "open", "closed", "resolved", "pending", "blocked", "remaining",
    "deferred", "progress",
];
const GRADES: &[&str] = &[
    "critical", "high", "medium", "moderate", "low", "info", "p0", "p1", "p2", "p3", "blocker", "blockers",
];
const TESTS: &[&str] = &["unit", "integration", "e2e", "performance", "smoke", "regression"];

/// `48 tests (45 passed, 3 failed)`, `12 findings: 2 critical, 4 high, 6 low`.
fn parts(desk: &mut Desk<'_>, range: TextRange, text: &str, tokens: &[Token]) {
    for (at, token) in tokens.iter().enumerate() {
        let Token::Number(total) = token else { continue };
        let Some(whole) = total.count() else { continue };
        let rest = &tokens[at + 1..];
        let Some(first) = rest.first() else { return };
        let between = text[total.end..first.start()].trim_end_matches(['*', ' ']);
        let Some(noun) = between.strip_suffix('(') else {
            continue;
        };
        if words(noun).count() > 3
            || words(noun).count() == 0
            || noun.contains(['(', ')', ',', ';', ':', '.', '|'])
        {
            continue;
        }
        let Some(close) = text[first.start()..].find(')').map(|end| first.start() + end) else {
            continue;
        };
        let mut sum = 0;
        let mut names: Vec<&str> = Vec::new();
        let inside: Vec<&Token> = rest.iter().take_while(|token| token.start() < close).collect();
        let mut clean = inside.len() >= 2;
        for (index, token) in inside.iter().enumerate() {
            let end = inside.get(index + 1).map_or(close, |next| next.start());
            let Token::Number(part) = token else {
                clean = false;
                break;
            };
            let Some(count) = part.count() else {
                clean = false;
                break;
            };
            sum += count;
            let mut after = words(&text[part.end..end])
                .map(|(_, word)| word)
                .filter(|word| !is_one_of(word, &["and", "in", "tests", "test"]));
            match (after.next(), after.next()) {
                (Some(name), None) => names.push(name),
                _ => clean = false,
            }
        }
        // "23/23 (…)" and the like begin on something else.
        clean &= text[close..].starts_with(')')
            && text[first.start()..close].matches([',', '+', '/']).count() + 1 >= inside.len();
        let family = [RESULTS, STATES, GRADES, TESTS]
            .into_iter()
            .find(|family| !names.is_empty() && names.iter().all(|name| is_one_of(name, family)));
        let Some(family) = family.filter(|_| clean) else {
            continue;
        };
        let whole_family = std::ptr::eq(family, RESULTS)
            || names
                .iter()
                .any(|name| is_one_of(name, &["low", "info", "p3", "remaining", "open"]))
            || (names.len() >= 3);
        let said = Said {
            range,
            subject: noun,
            comparator: "=",
            value: whole.to_string(),
        };
        if sum == whole {
            desk.holds(said, false, format!("its parts add to {sum}"));
        } else if sum > whole || whole_family {
            let message = format!(
                "says {whole}{}; the parts in parentheses add to {sum}",
                noun.trim_end()
            );
            desk.refute(ContradictionKind::Sum, said, sum.to_string(), [], message);
        }
    }
}
