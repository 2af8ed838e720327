//! What a phrase comes to where it stands: negated, conditional, planned, said of a part, or a declaration.

use super::matching::{Found, Word};
use super::{Kind, Place, sections};
use crate::model::{DeclaredVerdictKind, Stage};
use crate::report::statements::{Statement, Statements};
use crate::report::wording::{is_one_of, label, words};

/// The end of a parenthesis such as `(Conditional)` behind a phrase.
pub(super) fn conditional_end(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let opened = rest.trim_start_matches(['*', ' ', '_']);
    let close = opened.strip_prefix('(')?.find(')')?;
    Some(text.len() - opened.len() + close + 2)
}

/// The end of the condition behind a phrase, a few words at most.
pub(super) fn clause_end(text: &str, list: &[Word], end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    let stop = rest
        .find(['|', '•', ';', ',', '.', '(', '\n'])
        .map_or(text.len(), |at| end + at);
    let mut last = end;
    for word in list
        .iter()
        .filter(|word| word.start >= end && word.end <= stop)
        .take(7)
    {
        last = word.end;
    }
    last
}

#[rustfmt::skip]
const AHEAD: &[&str] = &[
    "will", "should", "would", "could", "become", "becomes", "considered", "when", "once", "if", "until",
    "before", "achieve", "towards", "toward", "make", "makes", "making", "get", "getting", "whether",
    "ensure", "ensures", "needs", "need", "must",
];

/// What a phrase comes to where it stands: its verdict, whether it tells of the past, and the word that negates it.
pub(super) fn accept(
    lines: &Statements<'_>,
    statement: &Statement,
    text: &str,
    place: &Place,
    list: &[Word],
    found: &Found,
) -> Option<(DeclaredVerdictKind, bool, Option<usize>)> {
    let (head, tail) = (list.get(found.first)?, list.get(found.last)?);
    let phrase = text.get(head.start..tail.end)?;
    let loud = phrase.bytes().all(|b| !b.is_ascii_lowercase());
    let in_name = matches!(place.kind, Kind::Field(value) if head.start < value);
    let first_of_value = matches!(place.kind, Kind::Field(value) if head.start >= value && words(text.get(value..head.start).unwrap_or("x")).all(|(_, word)| !word.is_ascii() && word.len() < 8 || is_one_of(word, &["not", "yet", "fully", "the", "is", "a", "conditionally", "nicht", "noch", "pas", "no"])));
    let sentence = sentence_start(text, head.start);
    let before: Vec<usize> = (0..found.first)
        .filter(|&at| list[at].start >= sentence)
        .collect();
    let near = |count: usize, set: &[&str]| {
        before
            .iter()
            .rev()
            .take(count)
            .copied()
            .find(|&at| is_one_of(&list[at].folded, set))
    };
    if in_name {
        // `Ready for production: NO`.
        let Kind::Field(value) = place.kind else {
            return None;
        };
        let answer = words(text.get(value..)?).next().map(|(_, word)| word);
        let sign = text.get(value..)?.trim_start_matches(['*', ' ']);
        let verdict = match answer {
            Some(word) if is_one_of(word, &["no", "nein", "non", "não"]) => DeclaredVerdictKind::NoGo,
            Some(word) if is_one_of(word, &["yes", "sí", "si", "SÍ", "ja", "oui", "sim"]) => {
                condition(text, list, found).unwrap_or(DeclaredVerdictKind::Go)
            }
            None if sign.starts_with(['❌', '🔴']) => DeclaredVerdictKind::NoGo,
            None if sign.starts_with(['✅', '🟢']) => DeclaredVerdictKind::Go,
            _ => return None,
        };
        return Some((verdict, false, None));
    }
    if found.field_only && !first_of_value {
        return None;
    }
    if found.adjective && describes_next(text, list, found) {
        return None;
    }
    if near(4, AHEAD).is_some() {
        return None;
    }
    let part = sections(lines, statement.block).next().is_some_and(|title| {
        words(title)
            .next()
            .is_some_and(|(_, word)| word.bytes().all(|b| b.is_ascii_digit()))
    });
    match place.kind {
        Kind::Field(_) => {}
        Kind::Heading => {
            let inside = text.get(..head.start).is_some_and(|before| before.contains('('));
            let sign = text.contains(['✅', '🟢', '❌', '🔴', '🚫', '⛔']);
            if inside || !(loud || sign) {
                return None;
            }
        }
        Kind::Body => {
            let count = list.len();
            let shout = text.starts_with("**")
                || text.starts_with("__")
                || text.starts_with(|c: char| !c.is_ascii() && !c.is_alphanumeric());
            let leads = found.first <= 3
                && count <= 10
                && (loud || shout)
                && !text.contains('`')
                && label(text).is_none();
            let whole = leads && words(text.get(tail.end..).unwrap_or_default()).count() <= 5;
            // "Not ready for production." says it of everything.
            let refused = matches!(*before, [only] if list[only].folded == "not" && only + 1 == found.first)
                && label(text).is_none()
                && !part;
            if !(whole && !part || refused || subject(list, &before, found.first)) {
                return None;
            }
        }
    }
    let criterion = list
        .get(found.last + 1)
        .is_some_and(|next| is_one_of(&next.folded, &["when", "wenn", "cuando", "quand", "quando"]));
    if criterion {
        return None;
    }
    let negated = near(
        3,
        &[
            "not", "never", "isn", "aren", "cannot", "nicht", "pas", "nao", "no",
        ],
    )
    .filter(|&at| {
        // "No blockers: ready" negates something else.
        list[at].folded != "no"
            || at + 1 == found.first
            || matches!(list[at + 1].folded.as_str(), "esta" | "listo" | "lista")
    });
    let past = near(3, &["was", "were", "previously", "formerly", "war"]).is_some();
    let mut kind = found.kind;
    if kind == DeclaredVerdictKind::Go {
        if negated.is_some() {
            return Some((DeclaredVerdictKind::NoGo, past, negated));
        }
        if near(2, &["almost", "nearly", "close", "not", "fast"]).is_some() {
            kind = DeclaredVerdictKind::Hold;
        } else if head.folded.starts_with("conditional") {
            kind = DeclaredVerdictKind::Conditional;
        } else if let Some(weaker) = condition(text, list, found) {
            kind = weaker;
        }
    } else if negated.is_some()
        && found.kind == DeclaredVerdictKind::NoGo
        && !list[found.first].folded.starts_with("do")
        && list[found.first].folded != "no"
    {
        return None;
    }
    Some((kind, past, None))
}

/// A condition behind a phrase, inside its sentence.
fn condition(text: &str, list: &[Word], found: &Found) -> Option<DeclaredVerdictKind> {
    let end = list.get(found.last)?.end;
    let rest = text.get(end..)?;
    let stop = rest.find(['|', '•', ';']).unwrap_or(rest.len());
    let stop = rest.find(". ").map_or(stop, |dot| dot.min(stop));
    let mut after = list
        .iter()
        .skip(found.last + 1)
        .take_while(|word| word.start < end + stop)
        .map(|word| word.folded.as_str())
        .take(14)
        .peekable();
    while let Some(word) = after.next() {
        match word {
            "after" | "nach" | "tras" => {
                let later = after.peek().is_some_and(|next| {
                    matches!(
                        *next,
                        "phase" | "sprint" | "week" | "milestone" | "fase" | "the" | "completion"
                    )
                });
                return Some(if later {
                    DeclaredVerdictKind::Hold
                } else {
                    DeclaredVerdictKind::Conditional
                });
            }
            "conditional" | "conditionally" | "except" | "excluding" | "once" | "if" | "provided"
            | "assuming" | "subject" | "pending" | "cuando" | "sobald" | "wenn" => {
                return Some(DeclaredVerdictKind::Conditional);
            }
            "with"
                if after.peek().is_some_and(|next| {
                    matches!(
                        *next,
                        "conditions"
                            | "caveats"
                            | "reservations"
                            | "restrictions"
                            | "limitations"
                            | "minor"
                            | "known"
                    )
                }) =>
            {
                return Some(DeclaredVerdictKind::Conditional);
            }
            _ => {}
        }
    }
    None
}

#[rustfmt::skip]
const GOES_ON: &[&str] = &[
    "for", "with", "after", "and", "but", "once", "pending", "now", "today", "subject", "if", "to", "in",
    "by", "on", "at", "since", "conditional", "cleared", "approved", "fur", "para", "pour", "except",
    "assuming", "provided", "yes", "or",
];

/// "production-ready configuration": the phrase describes the word behind it.
fn describes_next(text: &str, list: &[Word], found: &Found) -> bool {
    let (Some(tail), Some(next)) = (list.get(found.last), list.get(found.last + 1)) else {
        return false;
    };
    let joined = matches!(text.get(tail.end..next.start), Some(" " | "-"));
    joined && !is_one_of(&next.folded, GOES_ON)
}

/// Whether the sentence speaks of the whole system: `the application is …`, `System approved for …`.
fn subject(list: &[Word], before: &[usize], first: usize) -> bool {
    #[rustfmt::skip]
    const SUBJECTS: &[&str] = &[
        "system", "application", "app", "platform", "project", "product", "release", "codebase",
        "software", "site", "website", "backend", "mvp", "solution", "sistema", "aplicacion",
        "plataforma", "proyecto", "projet", "projekt", "anwendung", "projeto", "aplicacao", "systeme",
        "plattform", "we", "version",
    ];
    let recent: Vec<usize> = before.iter().rev().take(9).copied().collect();
    let Some(place) = recent
        .iter()
        .position(|&at| is_one_of(&list[at].folded, SUBJECTS))
    else {
        return false;
    };
    // Between the subject and the phrase: a form of "to be" soon after the subject, or nothing at all.
    let between: Vec<&str> = recent[..place]
        .iter()
        .rev()
        .map(|&at| list[at].folded.as_str())
        .collect();
    let verb = between.iter().position(|word| {
        matches!(
            *word,
            "is" | "are" | "esta" | "es" | "est" | "ist" | "e" | "was" | "now" | "isn" | "remains"
        )
    });
    match verb {
        Some(at) => at <= 1 && between.len() <= 7,
        None => between.is_empty() && recent.first().is_some_and(|&at| at + 1 == first),
    }
}

fn sentence_start(text: &str, at: usize) -> usize {
    let head = text.get(..at).unwrap_or_default();
    [". ", "! ", "| ", "; ", "** ", "("]
        .iter()
        .filter_map(|end| {
            head.rfind(end)
                .filter(|_| *end != "** " && *end != "(")
                .map(|found| found + end.len())
        })
        .max()
        .unwrap_or(0)
}

/// The stage that a phrase names, inside itself or right behind it.
pub(super) fn stage_of(text: &str, list: &[Word], found: &Found) -> Stage {
    let inside = list.iter().skip(found.first).take(found.last + 1 - found.first);
    let mut stage = None;
    for word in inside {
        stage = stage.max(stage_word(&word.folded));
    }
    if stage.is_none() {
        let end = list.get(found.last).map_or(0, |word| word.end);
        let rest = text.get(end..).unwrap_or_default();
        let stop = rest.find(['.', '|', '(', '-', ';']).unwrap_or(rest.len());
        let after = list
            .iter()
            .skip(found.last + 1)
            .take_while(|word| word.start < end + stop)
            .take(4);
        stage = after.filter_map(|word| stage_word(&word.folded)).max();
    }
    if stage.is_none() {
        stage = list
            .iter()
            .take(found.first)
            .rev()
            .take(4)
            .filter_map(|word| stage_word(&word.folded))
            .max();
    }
    stage.unwrap_or_default()
}

/// The stage of a word.
pub(in crate::report) fn stage_word(word: &str) -> Option<Stage> {
    match word {
        "staging" => Some(Stage::Staging),
        "beta" | "pilot" | "mvp" | "alpha" => Some(Stage::Beta),
        "production" | "prod" | "mainnet" | "produccion" | "producao" | "produktion" | "produktionsreif" => {
            Some(Stage::Production)
        }
        _ => None,
    }
}
