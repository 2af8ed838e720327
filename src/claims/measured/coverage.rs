//! Coverage figures: "97.2% coverage", "coverage of `src/auth/*` is above 95%", a coverage column.
//!
//! Recognised only where the words between the figure and "coverage" are known ones; targets, thresholds and what a gate
//! enforces are demands, no claims.

use std::ops::Range;

use super::words::{Reading, What, heads_no_result, is_one, says, tokens};
use super::{doubt, may_be_a_part, of_kind, part, push};
use crate::claims::{Draft, Finding, Place, Scene};
use crate::model::{
    Claim, ClaimVerdict, CoverageTarget, EvidenceKind, GateMode, GateResult, Gathered, Metric, Ratio, Said,
    Totals,
};
use crate::verdict::demands::{files_of, judge_target};

/// Ten thousandths of a percent; the unit of [`CoverageTarget::target`].
const PERCENT: u32 = 10_000;
/// What "about" allows.
const ABOUT: u32 = 2 * PERCENT;

/// Words between "coverage" and its figure.
#[rustfmt::skip]
const LINKS: &[&str] = &[
    "is", "at", "stands", "now", "currently", "reached", "reaches", "above", "over", "exceeds", "about", "around",
    "approximately", "roughly", "than", "more", "least", "of", "rate", "maintained", "achieved", "remains", "almost", "nearly",
];
/// Words around "coverage" that say of what kind it is.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "line", "lines", "branch", "branches", "function", "functions", "statement", "statements", "test", "tests", "code",
    "unit", "overall", "total", "project", "current", "source",
];
/// Words of a clause that speaks of a demand, of the past, or of too little.
#[rustfmt::skip]
const NO_FIGURE: &[&str] = &[
    "target", "targets", "threshold", "thresholds", "minimum", "min", "required", "require", "requires", "requirement",
    "goal", "gate", "gates", "gating", "enforcement", "enforced", "enforces", "enforce", "must", "should", "need", "needs",
    "below", "under", "less", "from", "to", "increase", "increased", "improved", "drop", "drops", "dropped", "if", "fail",
    "fails", "when", "not", "expected", "ensure", "was", "were", "until", "before", "baseline", "without", "up", "only",
];
/// Heads of columns that hold the figure of the row's subject.
const VALUE_HEADS: &[&str] = &[
    "current", "actual", "value", "result", "status", "now", "achieved", "figure", "measured", "after",
];

pub(super) fn recognise(reading: &Reading<'_>, out: &mut Vec<Draft>) {
    match reading.statement.place {
        Place::Code | Place::Heading => {}
        Place::Row => row(reading, out),
        Place::Line | Place::Bullet => {
            let mut free = 0;
            for at in 0..reading.tokens.len() {
                if matches!(reading.at(at), Some(What::Percent(_)))
                    && let Some(end) = prose(reading, at, free, out)
                {
                    free = end;
                }
            }
        }
    }
}

/// A figure in prose at a token; gives where its passage ends.
fn prose(reading: &Reading<'_>, at: usize, free: usize, out: &mut Vec<Draft>) -> Option<usize> {
    let (mut tokens, mut subject, kinds) = before(reading, at)
        .or_else(|| behind(reading, at))
        .filter(|(tokens, ..)| tokens.start >= free)?;
    // "coverage is 95% for `src/auth`"
    if subject.is_empty()
        && reading.is(tokens.end, &["of", "for", "in", "on", "across"])
        && let Some(What::Path(path)) = reading.at(tokens.end + 1)
    {
        subject = path;
        tokens.end += 2;
    }
    if reading.has(reading.clause(&tokens), NO_FIGURE) {
        return None;
    }
    let comparator = comparator(reading, tokens.start..at)?;
    let end = tokens.end;
    figure(
        reading,
        at,
        tokens,
        subject,
        metric(reading, kinds),
        comparator,
        out,
    );
    Some(end)
}

/// A passage: its tokens, the path that it speaks of, and the tokens of its kind.
type Passage<'t> = (Range<usize>, &'t str, Range<usize>);

/// "line coverage of `src/auth` is 95%"
fn before<'t>(reading: &Reading<'t>, at: usize) -> Option<Passage<'t>> {
    let mut start = at;
    let mut subject = "";
    loop {
        start = start.checked_sub(1)?;
        match reading.at(start)? {
            What::Word(word) if is_one(word, &["coverage"]) => break,
            What::Word(word) if is_one(word, LINKS) => {}
            What::Sign(_) | What::Stop(':') => {}
            What::Path(path) if subject.is_empty() => {
                if !reading.is(start.checked_sub(1)?, &["of", "for", "in", "on", "across"]) {
                    return None;
                }
                subject = path;
                start -= 1;
            }
            _ => return None,
        }
        if at - start > 12 {
            return None;
        }
    }
    let coverage = start;
    while start > 0 && reading.is(start - 1, KINDS) {
        start -= 1;
    }
    if subject.is_empty()
        && let Some(What::Path(path)) = reading.before(start)
    {
        subject = path;
        start -= 1;
    }
    let kinds = if reading.is(at + 1, &["lines", "line", "branches", "functions", "statements"]) {
        at + 1..at + 2
    } else {
        start..coverage
    };
    Some((start..kinds.end.max(at + 1), subject, kinds))
}

/// "95% line coverage", "95% of lines are covered"
fn behind<'t>(reading: &Reading<'t>, at: usize) -> Option<Passage<'t>> {
    let mut start = at;
    while start > 0
        && (matches!(reading.before(start), Some(What::Sign(_)))
            || reading.is(
                start - 1,
                &[
                    "over",
                    "above",
                    "about",
                    "around",
                    "approximately",
                    "roughly",
                    "than",
                    "more",
                    "least",
                    "almost",
                    "nearly",
                ],
            ))
    {
        start -= 1;
    }
    let mut end = at + 1;
    if reading.is(end, &["of"]) {
        let kinds = end + 1..end + 2;
        end += 2;
        while reading.is(end, &["are", "is"]) {
            end += 1;
        }
        return (reading.is(kinds.start, KINDS) && reading.is(end, &["covered"])).then_some((
            start..end + 1,
            "",
            kinds,
        ));
    }
    while reading.is(end, KINDS) {
        end += 1;
    }
    reading
        .is(end, &["coverage"])
        .then_some((start..end + 1, "", at + 1..end))
}

/// `None` for what is said to be less.
fn comparator(reading: &Reading<'_>, tokens: Range<usize>) -> Option<&'static str> {
    let mut found = "=";
    for at in tokens {
        found = match reading.at(at) {
            Some(What::Sign("<" | "<=")) => return None,
            Some(What::Sign(sign)) => sign,
            Some(What::Word(word)) if is_one(word, &["above", "over", "exceeds", "more"]) => ">",
            Some(What::Word(word)) if is_one(word, &["least"]) => ">=",
            Some(What::Word(word))
                if is_one(
                    word,
                    &["about", "around", "approximately", "roughly", "almost", "nearly"],
                ) =>
            {
                "~"
            }
            _ => found,
        };
    }
    Some(found)
}

fn metric(reading: &Reading<'_>, kinds: Range<usize>) -> &'static str {
    if reading.has(kinds.clone(), &["branch", "branches"]) {
        "branch coverage"
    } else if reading.has(kinds.clone(), &["function", "functions"]) {
        "function coverage"
    } else if reading.has(kinds.clone(), &["statement", "statements"]) {
        "statement coverage"
    } else if reading.has(kinds, &["unit"]) {
        "unit coverage"
    } else {
        "line coverage"
    }
}

fn figure(
    reading: &Reading<'_>,
    at: usize,
    tokens: Range<usize>,
    subject: &str,
    predicate: &'static str,
    comparator: &'static str,
    out: &mut Vec<Draft>,
) {
    let Some(What::Percent(value)) = reading.at(at) else {
        return;
    };
    if parse(value).is_none_or(|(value, _)| value == 0) {
        return;
    }
    let said = Said {
        subject: subject.into(),
        predicate,
        comparator,
        value: value.into(),
        scope: Box::default(),
    };
    push(reading, tokens, said, &[], &[], out);
}

/// A row: a coverage column whose first cell names the files, or a row whose first cell says "coverage".
fn row(reading: &Reading<'_>, out: &mut Vec<Draft>) {
    let statement = reading.statement;
    let Some(first) = statement.cells.first() else {
        return;
    };
    let own = tokens(statement.slice(first.clone()));
    let of_coverage = |head: &str| {
        (
            says(head, &["coverage"]),
            heads_no_result(head),
            says(head, VALUE_HEADS),
        )
    };
    let first_says = |list: &[&str]| says(statement.slice(first.clone()), list);
    let is_coverage = first_says(&["coverage"])
        && own.iter().all(|token| match token.what {
            What::Word(word) => is_one(word, KINDS) || is_one(word, &["coverage"]),
            _ => true,
        });
    let path = own.iter().find_map(|token| match token.what {
        What::Path(path) => Some(path),
        _ => None,
    });
    for (cell, head) in statement.cells.iter().zip(statement.heads).skip(1) {
        let (coverage, other, value) = of_coverage(head);
        if other || !(coverage || is_coverage && value) {
            continue;
        }
        let inside = |at: &usize| {
            reading
                .tokens
                .get(*at)
                .is_some_and(|token| token.range.start >= cell.start && token.range.end <= cell.end)
        };
        let all: Vec<usize> = (0..reading.tokens.len()).filter(inside).collect();
        let mut figures = all
            .iter()
            .copied()
            .filter(|&at| matches!(reading.at(at), Some(What::Percent(_))));
        let (Some(at), None) = (figures.next(), figures.next()) else {
            continue;
        };
        let Some(comparator) = all.first().and_then(|&from| comparator(reading, from..at)) else {
            continue;
        };
        let of = |words: &[&str]| first_says(words) || says(head, words);
        let predicate = if of(&["branch", "branches"]) {
            "branch coverage"
        } else if of(&["function", "functions"]) {
            "function coverage"
        } else if of(&["statement", "statements"]) {
            "statement coverage"
        } else if of(&["unit"]) {
            "unit coverage"
        } else {
            "line coverage"
        };
        figure(
            reading,
            at,
            at..at + 1,
            path.unwrap_or_default(),
            predicate,
            comparator,
            out,
        );
    }
}

/// A percentage and half of its last digit, in ten thousandths of a percent.
fn parse(value: &str) -> Option<(u32, u32)> {
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let places = u32::try_from(part.len()).ok().filter(|&places| places <= 4)?;
    let unit = PERCENT / 10_u32.pow(places);
    let whole: u32 = whole.parse().ok().filter(|&whole| whole <= 100)?;
    let part: u32 = if part.is_empty() { 0 } else { part.parse().ok()? };
    let value = whole * PERCENT + part * unit;
    (value <= CoverageTarget::WHOLE).then_some((value, unit / 2))
}

pub(super) fn check(claim: &Claim, scene: &Scene<'_>) -> Finding {
    let gathered = scene.gathered();
    let place = format!("{}:{}", scene.report.path, claim.line);
    if scene
        .report
        .targets
        .iter()
        .any(|target| *target.target.source == *place)
    {
        // The document demands it.
        return Finding::silent();
    }
    let Some((value, half)) = parse(&claim.said.value) else {
        return Finding::silent();
    };
    let files = || of_kind(gathered, EvidenceKind::Coverage);
    if files().all(|bound| bound.file.content.is_err()) {
        return Finding::unsure("no coverage file was read");
    }
    let metric = match claim.said.predicate {
        "branch coverage" => Metric::Branches,
        "function coverage" => Metric::Functions,
        _ => Metric::Lines,
    };
    let scope = scope_of(&claim.said.subject);
    let at_least = |value: u32, inclusive: bool| CoverageTarget {
        id: "claim".into(),
        paths: scope.clone(),
        except: Vec::new(),
        metric,
        inclusive,
        target: Some(value),
        unjudged: "",
        mode: GateMode::Enforce,
        source: Box::default(),
    };
    let reaches = |value: u32, inclusive: bool| judge_target(&at_least(value, inclusive), gathered);
    let whole = CoverageTarget::WHOLE;
    let (low, high) = match claim.said.comparator {
        ">" => (reaches(value, false), GateResult::Fail),
        ">=" => (reaches(value, true), GateResult::Fail),
        sign => {
            let around = if sign == "~" { ABOUT } else { half };
            let top = value + around.max(1);
            // Only all of it is 100%.
            let low = if value == whole && sign != "~" {
                whole
            } else {
                value.saturating_sub(around).max(1)
            };
            let high = if top > whole {
                GateResult::Fail
            } else {
                reaches(top, true)
            };
            (reaches(low, true), high)
        }
    };
    let (figure, percent) = figure_words(&at_least(value, true), gathered);
    let said = format!("{}{}%", shown(claim.said.comparator), claim.said.value);
    let proof = files()
        .next()
        .map_or_else(String::new, |bound| bound.file.source.to_string());
    let finding = match (low, high) {
        (GateResult::Missing | GateResult::NotEvaluated, _) => {
            return Finding::unsure(format!("no report measures {} there", metric.word()));
        }
        (GateResult::Vacuous, _) => {
            let is_name = !claim.said.subject.is_empty() && !claim.said.subject.contains(['/', '*']);
            let why = format!(
                "no measured {} lie in {}, so it proves nothing",
                metric.word(),
                named(&claim.said.subject)
            );
            if is_name || !part(claim).is_empty() && claim.said.subject.is_empty() {
                return Finding::unsure(why);
            }
            return Finding::of(ClaimVerdict::Vacuous(why.clone().into()), why);
        }
        (GateResult::Pass, GateResult::Fail) if claim.said.comparator == "~" => Finding::of(
            ClaimVerdict::HoldsLoosely,
            format!("{figure}, about what is said"),
        ),
        (GateResult::Pass, GateResult::Fail) => Finding::holds(figure.clone()),
        (GateResult::Fail, _) | (_, GateResult::Pass) => {
            Finding::no(said, percent, format!("{figure}, not what is said"))
        }
        _ => {
            let why = doubt(files())
                .unwrap_or_else(|| "not every file of it is measured or lies in the repository".to_owned());
            return Finding::unsure(format!("{figure}, but {why}"));
        }
    };
    let narrowed = claim.said.subject.is_empty() && !part(claim).is_empty();
    if narrowed {
        return may_be_a_part(claim, &figure);
    }
    if matches!(claim.said.predicate, "statement coverage" | "unit coverage") {
        return Finding::unsure(format!(
            "{figure}; of {} no report speaks by itself",
            claim.said.predicate
        ));
    }
    finding.with(figure, proof)
}

/// The globs of a path as written; a plain name of a file may lie anywhere.
fn scope_of(subject: &str) -> Vec<Box<str>> {
    let path = subject.trim_start_matches("./");
    match path {
        "" => Vec::new(),
        path if path.contains('/') => vec![path.into()],
        path => vec![path.into(), format!("**/{path}").into()],
    }
}

fn named(subject: &str) -> String {
    if subject.is_empty() {
        "all code".to_owned()
    } else {
        format!("`{subject}`")
    }
}

fn shown(comparator: &str) -> &str {
    if comparator == "=" { "" } else { comparator }
}

/// What is so, in a sentence and as a percentage rounded down.
fn figure_words(target: &CoverageTarget, gathered: &Gathered) -> (String, String) {
    let metric = target.metric.word();
    let files = files_of(target, gathered);
    let totals: Totals = gathered.coverage.totals;
    let sum = if gathered.coverage.files.is_empty() && target.paths.is_empty() {
        match target.metric {
            Metric::Lines => totals.lines,
            Metric::Branches => totals.branches,
            Metric::Functions => totals.functions,
        }
        .unwrap_or_default()
    } else {
        files
            .iter()
            .fold(Ratio::default(), |sum, (_, ratio)| sum.plus(*ratio))
    };
    let (covered, total) = (u128::from(sum.covered), u128::from(sum.total));
    let percent = (covered * 10_000).checked_div(total).map_or_else(
        || "nothing".to_owned(),
        |hundredths| format!("{}.{:02}%", hundredths / 100, hundredths % 100),
    );
    let of = match target.paths.first() {
        Some(path) => format!("`{path}`"),
        None => "all code".to_owned(),
    };
    (
        format!("{of}: {percent} of {metric} are covered ({covered} of {total})"),
        percent,
    )
}
