//! A period written twice in one line: a cron expression beside a word (`0 3 1 * *`, quarterly), years beside days
//! (7-year retention, 1,825 days).
//!
//! Not here: whether anything happens at that time.

use super::Desk;
use super::sense::short;
use crate::model::ContradictionKind;
use crate::report::wording::{is_one_of, words};
use crate::text::markdown::{BlockKind, TextRange};

pub(super) fn check(desk: &mut Desk<'_>) {
    schedules(desk);
    years(desk);
}

/// How often something comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Period {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Period {
    const fn word(self) -> &'static str {
        match self {
            Self::Hour => "hourly",
            Self::Day => "daily",
            Self::Week => "weekly",
            Self::Month => "monthly",
            Self::Quarter => "quarterly",
            Self::Year => "yearly",
        }
    }

    /// The period that a word names.
    fn of(word: &str) -> Option<Self> {
        let known: [(&[&str], Self); 6] = [
            (&["hourly"], Self::Hour),
            (&["daily", "nightly"], Self::Day),
            (&["weekly"], Self::Week),
            (&["monthly"], Self::Month),
            (&["quarterly"], Self::Quarter),
            (&["yearly", "annual", "annually"], Self::Year),
        ];
        known
            .into_iter()
            .find(|(list, _)| is_one_of(word, list))
            .map(|(_, period)| period)
    }
}

/// The period of a cron expression, where its five fields are plain enough to say.
fn cron_period(code: &str) -> Option<Period> {
    let fields: Vec<&str> = code.split_ascii_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else {
        return None;
    };
    let number = |field: &str| !field.is_empty() && field.bytes().all(|b| b.is_ascii_digit());
    let named =
        |field: &str| number(field) || field.len() == 3 && field.bytes().all(|b| b.is_ascii_alphabetic());
    if !number(minute) {
        return None;
    }
    let quarterly = *month == "*/3" || month.split(',').count() == 4 && month.split(',').all(number);
    match (*hour, *day, *month, *weekday) {
        ("*", "*", "*", "*") => Some(Period::Hour),
        (hour, ..) if !number(hour) => None,
        (_, "*", "*", "*") => Some(Period::Day),
        (_, "*" | "?", "*", weekday) if named(weekday) => Some(Period::Week),
        (_, day, "*", "*" | "?") if number(day) => Some(Period::Month),
        (_, day, _, "*" | "?") if number(day) && quarterly => Some(Period::Quarter),
        (_, day, month, "*" | "?") if number(day) && named(month) => Some(Period::Year),
        _ => None,
    }
}

/// `**Schedule**: 0 3 1 * * (quarterly)` with the expression as inline code.
fn schedules(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut found = Vec::new();
    for code in &lines.outline.codes {
        let text = lines.slice(*code);
        if text.len() > 40 || !text.contains('*') {
            continue;
        }
        let Some(period) = cron_period(text.trim_matches('`')) else {
            continue;
        };
        // What stands right behind it explains it; one other expression on the line makes it unsure.
        let rest = lines.text.get(code.end as usize..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        if line.contains('`') || line.len() > 160 {
            continue;
        }
        let said: Vec<Period> = words(line).filter_map(|(_, word)| Period::of(word)).collect();
        if let [said] = said.as_slice()
            && *said != period
            && line
                .trim_start_matches(['*', ' '])
                .starts_with(['(', '-', '–', '—', '#', '='])
        {
            found.push((*code, text.to_owned(), period, *said));
        }
    }
    for (range, code, period, said) in found {
        let code = code.trim_matches('`');
        let message = format!("`{code}` comes {}, not {}", period.word(), said.word());
        desk.say(ContradictionKind::Figure, vec![lines.line(range.start)], message);
    }
}

/// `7-year retention (1,825 days)`.
fn years(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    if memchr::memmem::find(lines.text.as_bytes(), b"days").is_none()
        || memchr::memmem::find(lines.text.as_bytes(), b"year").is_none()
    {
        return;
    }
    let mut found: Vec<(TextRange, u32, u32)> = Vec::new();
    for block in &lines.outline.blocks {
        if matches!(block.kind, BlockKind::Code | BlockKind::Html) {
            continue;
        }
        let text = lines.slice(block.content);
        let mut rest = 0;
        while let Some(open) = text
            .get(rest..)
            .and_then(|tail| tail.find('('))
            .map(|at| rest + at)
        {
            rest = open + 1;
            let Some(close) = text[rest..].find(')').map(|at| rest + at) else {
                break;
            };
            let inside = &text[rest..close];
            if let Some(days) = days(inside)
                && let Some(years) = years_before(&text[..open])
                && !(years * 365..=years * 366).contains(&days)
            {
                found.push((block.content, years, days));
            }
        }
    }
    for (range, years, days) in found {
        let message = format!(
            "{years} years are {} days, not {days}: `{}`",
            years * 365,
            short(super::sense::plain(lines.slice(range)))
        );
        desk.say(ContradictionKind::Figure, vec![lines.line(range.start)], message);
    }
}

/// `2,555 days`, `2,555 days TTL`: the days, when the parenthesis begins with them.
fn days(inside: &str) -> Option<u32> {
    let digits: String = inside
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == ',')
        .filter(|c| *c != ',')
        .collect();
    let rest = inside.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',');
    let unit = rest.starts_with(" days") && words(rest).count() <= 2;
    digits.parse().ok().filter(|days| unit && *days >= 300)
}

/// The years within the three words before the parenthesis: `7-year retention (`, `7 years (`.
fn years_before(text: &str) -> Option<u32> {
    let list: Vec<(usize, &str)> = words(text).collect();
    let from = list.len().saturating_sub(3);
    let at = (from..list.len())
        .rev()
        .find(|&at| is_one_of(list[at].1, &["year", "years"]))?;
    let (start, number) = *list.get(at.checked_sub(1)?)?;
    let between = text.get(start + number.len()..list[at].0)?;
    let alone = !text[..start].ends_with(['.', '-', '–', '~', '<', '>', '+']);
    number
        .parse()
        .ok()
        .filter(|years| (1..=99).contains(years) && alone && matches!(between, "-" | " "))
}
