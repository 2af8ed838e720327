//! The phrases themselves: which words in which order could declare a verdict, wherever they stand.

use crate::model::DeclaredVerdictKind;
use crate::report::wording::{is_one_of, words};

/// One word: its offsets and its folded form.
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) folded: String,
}

/// A phrase that was found.
pub(super) struct Found {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) kind: DeclaredVerdictKind,
    /// It can be an adjective: "production-ready code".
    pub(super) adjective: bool,
    /// It declares only as the first thing of a verdict field.
    pub(super) field_only: bool,
}

pub(super) fn fold(text: &str) -> Vec<Word> {
    words(text)
        .map(|(start, word)| {
            let folded = word.chars().flat_map(char::to_lowercase).map(plain).collect();
            Word {
                start,
                end: start + word.len(),
                folded,
            }
        })
        .collect()
}

const fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'î' => 'i',
        'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

#[rustfmt::skip]
const TARGETS: &[&str] = &[
    "production", "prod", "launch", "release", "deployment", "deploy", "ship", "shipping", "beta",
    "staging", "mainnet", "rollout", "golive", "produccion", "producao", "produktion", "deployer",
    "desplegar", "lanzar", "mvp", "pilot",
];
#[rustfmt::skip]
const SMALL: &[&str] = &[
    "the", "our", "a", "full", "immediate", "public", "initial", "be", "la", "el", "die", "den",
    "einsatz", "das", "go", "internal", "to", "closed", "open", "limited", "general", "en", "a", "mise",
];

#[rustfmt::skip]
const UNITS: &[&str] = &[
    "deployment", "production", "release", "launch", "despliegue", "lanzamiento",
];

/// Every phrase of a line.
pub(super) fn phrases(text: &str, list: &[Word]) -> Vec<Found> {
    let word = |at: usize| list.get(at).map_or("", |word| word.folded.as_str());
    let glued = |at: usize| {
        list.get(at)
            .zip(list.get(at + 1))
            .is_some_and(|(a, b)| matches!(text.get(a.end..b.start), Some(" " | "-" | "‑")))
    };
    let mut found: Vec<Found> = Vec::new();
    let mut put = |first, last, kind, adjective, field_only| {
        found.push(Found {
            first,
            last,
            kind,
            adjective,
            field_only,
        })
    };
    // Past small words to a target: `ready for the production deployment`.
    let target = |from: usize| {
        let mut at = from;
        while at < from + 3 && is_one_of(word(at), SMALL) && !word(at).is_empty() {
            if word(at) == "go" && word(at + 1) == "live" {
                return Some(at + 1);
            }
            at += 1;
        }
        if !TARGETS.contains(&word(at)) {
            return None;
        }
        while TARGETS.contains(&word(at + 1)) || (word(at + 1) == "use" && glued(at)) {
            at += 1;
        }
        Some(at)
    };
    let mut at = 0;
    while at < list.len() {
        let mut next = at + 1;
        match word(at) {
            "ready" | "listo" | "lista" | "pronto" | "pronta" | "bereit" | "pret" | "prete" => {
                let linked = matches!(
                    word(at + 1),
                    "for" | "to" | "para" | "fur" | "zum" | "zur" | "pour" | "a"
                );
                let named = at > 0 && glued(at - 1) && TARGETS.contains(&word(at - 1)) && word(at) == "ready";
                if named {
                    put(at - 1, at, DeclaredVerdictKind::Go, true, false);
                } else if let Some(end) = target(at + 2).filter(|_| linked) {
                    put(at, end, DeclaredVerdictKind::Go, false, false);
                    next = end + 1;
                } else {
                    let end = if word(at + 1) == "now" { at + 1 } else { at };
                    put(at, end, DeclaredVerdictKind::Go, true, true);
                }
            }
            "produktionsreif" | "einsatzbereit" => put(at, at, DeclaredVerdictKind::Go, true, false),
            "approved" | "cleared" | "aprobado" | "aprobada" | "aprovado" | "freigegeben" => {
                let fully = at > 0 && is_one_of(word(at - 1), &["fully", "conditionally"]);
                let first = if fully { at - 1 } else { at };
                let linked = matches!(word(at + 1), "for" | "to" | "para" | "fur");
                if let Some(end) = target(at + 2).filter(|_| linked) {
                    put(first, end, DeclaredVerdictKind::Go, false, false);
                    next = end + 1;
                } else {
                    put(first, at, DeclaredVerdictKind::Go, true, true);
                }
            }
            "go" => {
                let pair = |a: usize, b: usize| {
                    list.get(a)
                        .zip(list.get(b))
                        .and_then(|(a, b)| text.get(a.end..b.start))
                        .is_some_and(|t| t.contains('/'))
                };
                // `Go/No-Go: NO-GO`: the question is no answer, and what stands behind it is.
                if pair(at, at + 1) && word(at + 1) == "no" && word(at + 2) == "go" {
                    at += 3;
                    continue;
                }
                let paired = pair(at, at + 1) && word(at + 1) == "no"
                    || (at > 1 && word(at - 1) == "no" && pair(at - 2, at - 1))
                    || (at > 0 && word(at - 1) == "no" && pair(at - 1, at));
                if paired {
                    return Vec::new();
                }
                if at > 0 && word(at - 1) == "no" && glued(at - 1) {
                    put(at - 1, at, DeclaredVerdictKind::NoGo, false, true);
                } else if word(at + 1) == "for"
                    && let Some(end) = target(at + 2)
                {
                    put(at, end, DeclaredVerdictKind::Go, false, false);
                    next = end + 1;
                } else if text.get(list[at].start..list[at].end) == Some("GO") && word(at + 1) != "live" {
                    let first = if at > 0 && word(at - 1) == "conditional" {
                        at - 1
                    } else {
                        at
                    };
                    put(first, at, DeclaredVerdictKind::Go, false, true);
                }
            }
            "nogo" => put(at, at, DeclaredVerdictKind::NoGo, false, true),
            "blocked" | "bloqueado" | "bloqueada" | "blockiert" => {
                let mut back = at;
                while back > 0
                    && at - back < 2
                    && is_one_of(
                        word(back - 1),
                        &["is", "are", "currently", "remains", "still", "esta", "ist"],
                    )
                {
                    back -= 1;
                }
                if back > 0 && is_one_of(word(back - 1), UNITS) {
                    let first = if back > 1 && word(back - 2) == "production" {
                        back - 2
                    } else {
                        back - 1
                    };
                    put(first, at, DeclaredVerdictKind::NoGo, false, false);
                } else {
                    put(at, at, DeclaredVerdictKind::NoGo, false, true);
                }
            }
            "rejected" => put(at, at, DeclaredVerdictKind::NoGo, false, true),
            "awaiting" => put(
                at,
                list.len().min(at + 5) - 1,
                DeclaredVerdictKind::Hold,
                false,
                true,
            ),
            "hold" if at > 0 && word(at - 1) == "on" => {
                put(at - 1, at, DeclaredVerdictKind::Hold, false, true)
            }
            "hold" if text.get(list[at].start..list[at].end) == Some("HOLD") => {
                put(at, at, DeclaredVerdictKind::Hold, false, true)
            }
            "pending"
                if is_one_of(
                    word(at + 1),
                    &["approval", "review", "qa", "sign", "manual", "final", "testing"],
                ) =>
            {
                put(at, at + 1, DeclaredVerdictKind::Hold, false, true);
            }
            "not"
                if is_one_of(word(at + 1), &["deploy", "release", "ship", "launch"])
                    && at > 0
                    && word(at - 1) == "do" =>
            {
                let waits = list.iter().any(|word| {
                    is_one_of(
                        &word.folded,
                        &["until", "unless", "before", "without", "if", "when"],
                    )
                });
                if !waits {
                    put(at - 1, at + 1, DeclaredVerdictKind::NoGo, false, false);
                }
            }
            _ => {}
        }
        at = next;
    }
    found
}
