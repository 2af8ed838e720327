//! One named figure with two values: "Files modified: 40+" in the overview and "Modified Files: 5" in the statistics.
//!
//! Narrow: only labels of two telling words or more, only in sections that speak of the whole document, only where the
//! name is given exactly two values; what is measured once a week, a phase or a service is passed over.

use super::Desk;
use super::numbers::{Agreement, Bound, Number, Token, Unit, agree, show_amount};
use super::sense::{short, telling};
use crate::model::{ContradictionKind, NamedFigure};
use crate::report::statements::{DIGIT, LABEL, OPENED, Statement, TOTAL};
use crate::report::wording::{bare, below_before, is_one_of, label, words};
use crate::text::markdown::{BlockKind, TextRange};

/// A figure under its name.
struct Figure<'t> {
    key: Vec<String>,
    name: &'t str,
    number: Number,
    range: TextRange,
    heading: Option<u32>,
}

/// More figures than a summary has are no summary's.
const MOST: usize = 600;

pub(super) fn check(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut found: Vec<Figure<'_>> = Vec::new();
    for statement in lines.with(LABEL | TOTAL | OPENED) {
        if statement.features & DIGIT == 0 || found.len() >= MOST {
            continue;
        }
        if let Some(figure) = figure(desk, statement) {
            found.push(figure);
        }
    }
    keep(desk, &found);
    found.sort_by(|a, b| a.key.cmp(&b.key).then(a.range.start.cmp(&b.range.start)));
    for group in found.chunk_by(|a, b| a.key == b.key && a.number.unit == b.number.unit) {
        judge(desk, group);
    }
}

/// The exact ones, for comparing this document with others.
fn keep(desk: &mut Desk<'_>, found: &[Figure<'_>]) {
    for figure in found.iter().filter(|figure| figure.number.bound == Bound::Exact) {
        let unit = if figure.number.unit == Unit::Percent {
            " %"
        } else {
            ""
        };
        let amount = show_amount(figure.number.unit, figure.number.low, figure.number.high);
        let kept = NamedFigure {
            key: format!("{}{unit}", figure.key.join(" ")).into(),
            name: short(figure.name).into(),
            value: (figure.number.low * 1000.0).round() as u64,
            shown: amount.into(),
            line: desk.line(figure.range),
        };
        // A name that has two values here says nothing sure to other documents.
        let twin = desk.figures.iter().position(|other| other.key == kept.key);
        match twin {
            Some(at) if desk.figures[at].value != kept.value => {
                desk.figures.remove(at);
            }
            Some(_) => {}
            None => desk.figures.push(kept),
        }
    }
}

/// Labels whose figure belongs to the place where it stands.
#[rustfmt::skip]
const LOCAL: &[&str] = &[
    "effort", "duration", "time", "estimate", "estimated", "score", "grade", "date", "version", "port", "priority", "size", "week", "phase", "sprint",
    "step", "day", "target", "expected", "goal", "previous", "before", "after", "max", "min", "limit", "timeout", "line", "step", "level", "weight",
    "impact", "risk", "phases", "current", "response", "completed", "status", "issue", "remaining", "baseline", "new", "created", "added", "session",
];

/// Headings that speak of the whole.
#[rustfmt::skip]
const WHOLE: &[&str] = &[
    "summary", "overview", "statistics", "stats", "totals", "total", "conclusion", "metrics", "results", "executive", "final", "assessment",
];

/// Headings below which a name comes again for each of several things.
#[rustfmt::skip]
const REPEATED: &[&str] = &[
    "week", "phase", "sprint", "stage", "tier", "module", "component", "service", "target", "targets", "goal", "goals", "plan", "next", "iteration", "day",
    "milestone", "release", "version", "criteria", "previous", "future", "planned", "roadmap", "example", "expected", "option", "scenario", "environment",
];

fn figure<'t>(desk: &mut Desk<'t>, statement: &Statement) -> Option<Figure<'t>> {
    let lines = desk.lines;
    let text = lines.words_of(statement);
    let kind = lines.block(statement).kind;
    let (name, value) = match kind {
        BlockKind::Row { .. } => return None,
        // `### Modified Files (5)`.
        BlockKind::Heading(_) => {
            let tight = text.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
            let (name, inside) = tight.strip_suffix(')')?.rsplit_once('(')?;
            inside
                .bytes()
                .all(|b| b.is_ascii_digit())
                .then_some((bare(name), inside))?
        }
        _ => label(text)?,
    };
    let mut key = telling(name);
    key.sort_unstable();
    if !(2..=5).contains(&key.len())
        || words(name).any(|(_, word)| is_one_of(word, LOCAL) || word.bytes().any(|b| b.is_ascii_digit()))
    {
        return None;
    }
    let tokens = desk.read(value);
    let first = match tokens.as_slice() {
        [Token::Number(number)] => Some(*number),
        _ => None,
    };
    desk.keep(tokens);
    let number = first?;
    let lead = value[..number.start].trim_matches(['*', '_', ' ', '~', '<', '>', '=', '+', '≥', '≤', '≈']);
    let tail: Vec<&str> = words(&value[number.end..]).map(|(_, word)| word).collect();
    let noun = tail
        .iter()
        .all(|word| key.contains(&crate::report::wording::stem(word).to_lowercase()));
    let fits =
        matches!(number.unit, Unit::None | Unit::Percent) && number.signed.is_none() && !number.is_range();
    let titles = || lines.titles_above(statement.block);
    let whole = titles().any(|title| words(title).any(|(_, word)| is_one_of(word, WHOLE)))
        || titles().count() <= 1
        || matches!(kind, BlockKind::Heading(_));
    // The title of the document names what it is about, not one part of several.
    let below_title = titles().count().saturating_sub(1);
    let repeated = titles()
        .take(below_title)
        .any(|title| words(title).any(|(_, word)| is_one_of(word, REPEATED)));
    (lead.is_empty() && noun && fits && whole && !repeated && !below_before(lines, statement.block))
        .then_some(Figure {
            key,
            name,
            number,
            range: statement.range,
            heading: lines.heading_of(statement.block),
        })
}

/// Exactly two values under one name, in two sections, that no rounding or "about" brings together.
fn judge(desk: &mut Desk<'_>, group: &[Figure<'_>]) {
    let [first, rest @ ..] = group else { return };
    let apart = |a: &Number, b: &Number| {
        agree(a, b.low, b.high) == Agreement::Differs && agree(b, a.low, a.high) == Agreement::Differs
    };
    let mut differing = rest.iter().filter(|other| apart(&first.number, &other.number));
    let Some(other) = differing.next() else { return };
    if first.key.iter().any(|word| word == "fil") && counted_together(desk, &first.number, &other.number) {
        return;
    }
    let third = differing.any(|more| apart(&other.number, &more.number));
    let agreeing = rest
        .iter()
        .filter(|more| !apart(&first.number, &more.number))
        .count();
    if third || group.len() > 4 || other.heading == first.heading || agreeing > 1 {
        return;
    }
    let word = |number: &Number| {
        let amount = show_amount(number.unit, number.low, number.high);
        match number.bound {
            Bound::Exact => amount,
            Bound::About => format!("about {amount}"),
            Bound::AtLeast => format!("{amount} or more"),
            Bound::AtMost => format!("at most {amount}"),
        }
    };
    let lines = desk.lines;
    let line = lines.line(other.range.start);
    let message = format!(
        "`{}` is {} here and {} in line {line}",
        short(first.name),
        word(&first.number),
        word(&other.number)
    );
    desk.say(
        ContradictionKind::Figure,
        vec![lines.line(first.range.start), line],
        message,
    );
}

/// "Files modified: 9" may count the new ones too: whether the larger figure is that of all file lists together.
fn counted_together(desk: &mut Desk<'_>, a: &Number, b: &Number) -> bool {
    let lines = desk.lines;
    let mut all = 0;
    for block in &lines.outline.blocks {
        let title = lines.slice(block.content);
        if matches!(block.kind, BlockKind::Heading(_))
            && words(title).any(|(_, word)| is_one_of(word, &["files", "file"]))
            && let Some((_, inside)) = title.rsplit_once('(')
        {
            all += words(inside)
                .next()
                .and_then(|(_, word)| word.parse::<u32>().ok())
                .unwrap_or(0);
        }
    }
    a.low.max(b.low) <= f64::from(all) + 2.0
}
