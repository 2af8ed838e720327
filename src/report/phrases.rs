//! Verdicts that a document declares in its own words: PRODUCTION READY, GO FOR DEPLOYMENT, BLOCKED, awaiting QA.
//!
//! Not here: what they are worth. Invariant: narrow. A phrase counts in a verdict field, a heading that shouts it,
//! a line of its own, or a sentence about the whole system; a label, a plan step, a criterion, or an adjective of
//! some part does not declare anything.

use super::statements::{Statement, Statements, VERDICT};
use super::words::{below_any, below_before, is_one_of, label, tells_of_before, words};
use crate::model::{DeclaredVerdict, DeclaredVerdictKind, Stage};
use crate::text::SourceText;
use crate::text::markdown::BlockKind;

/// Collects every declared verdict, in the order of the document.
pub(super) fn read(lines: &Statements<'_>, source: &SourceText) -> Vec<DeclaredVerdict> {
    let mut declared = Vec::new();
    if lines.seen & VERDICT == 0 {
        return declared;
    }
    for statement in lines.with(VERDICT) {
        let text = lines.words_of(statement);
        if lines.block(statement).quoted && label(text).is_none() {
            continue;
        }
        if let Some(place) = place(lines, statement, text) {
            line(lines, source, statement, text, &place, &mut declared);
        }
    }
    declared
}

/// How a phrase stands in its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `Decision: …`, with the offset of the value.
    Field(usize),
    /// A heading.
    Heading,
    /// A paragraph or bullet.
    Body,
}

struct Place<'t> {
    kind: Kind,
    /// The field's name.
    name: &'t str,
    historical: bool,
}

/// One word: its offsets and its folded form.
struct Word {
    start: usize,
    end: usize,
    folded: String,
}

/// A phrase that was found.
struct Found {
    first: usize,
    last: usize,
    kind: DeclaredVerdictKind,
    /// It can be an adjective: "production-ready code".
    adjective: bool,
    /// It declares only as the first thing of a verdict field.
    field_only: bool,
}

const PLANS: &[&str] = &[
    "next",
    "plan",
    "roadmap",
    "timeline",
    "criteria",
    "criterion",
    "definition",
    "template",
    "example",
    "examples",
    "legend",
    "lessons",
    "goals",
    "metrics",
    "glossary",
    "levels",
    "schedule",
    "pasos",
    "milestones",
    "targets",
    "objectives",
    "scenarios",
];

const VERDICT_TITLES: &[&str] = &[
    "verdict",
    "decision",
    "recommendation",
    "recommendations",
    "conclusion",
    "readiness",
    "assessment",
    "sign",
    "final",
    "approval",
    "summary",
    "status",
    "go",
    "signoff",
    "veredicto",
    "conclusion",
    "conclusión",
    "fazit",
    "entscheidung",
    "conclusão",
    "overview",
];

/// Where a phrase would stand in this line, or nothing when the line can declare nothing.
fn place<'t>(lines: &Statements<'t>, statement: &Statement, text: &'t str) -> Option<Place<'t>> {
    let block = lines.block(statement);
    if text.starts_with("[ ]") || text.starts_with("[x]") || text.starts_with("[X]") || text.contains('?') {
        return None;
    }
    let historical = below_before(lines, statement.block);
    let in_plan =
        sections(lines, statement.block).any(|title| words(title).any(|(_, word)| is_one_of(word, PLANS)));
    let named = label(text).filter(|(name, _)| names_verdict(name));
    match block.kind {
        BlockKind::Row { header: true, .. } => None,
        BlockKind::Row { cells: 2, .. } => {
            let [first, second] = lines.outline.row(block) else {
                return None;
            };
            let name = super::words::bare(lines.slice(*first));
            let value = second.start.checked_sub(statement.range.start)? as usize;
            (names_verdict(name) && !in_plan).then_some(Place {
                kind: Kind::Field(value),
                name,
                historical,
            })
        }
        BlockKind::Row { .. } => None,
        BlockKind::Heading(_) => {
            let title = super::words::bare(text);
            let (_, first) = words(title).next()?;
            let ordinal = first.bytes().any(|b| b.is_ascii_digit());
            let staged = is_one_of(
                first,
                &[
                    "tier",
                    "phase",
                    "level",
                    "stage",
                    "step",
                    "week",
                    "option",
                    "milestone",
                    "sprint",
                    "part",
                ],
            );
            let other = label(text).is_some_and(|(name, value)| !names_verdict(name) && !value.is_empty());
            if ordinal || staged || other || in_plan {
                return None;
            }
            let (kind, name) = named.map_or((Kind::Heading, ""), |(name, value)| {
                (Kind::Field(text.len() - value.len()), name)
            });
            Some(Place {
                kind,
                name,
                historical: historical || tells_of_before(text),
            })
        }
        _ => {
            if in_plan || sections(lines, statement.block).any(would_be) {
                return None;
            }
            if let Some((name, value)) = named {
                let generic = words(name).all(|(_, word)| {
                    is_one_of(
                        word,
                        &[
                            "status",
                            "state",
                            "estado",
                            "statut",
                            "result",
                            "assessment",
                            "overall",
                            "current",
                            "the",
                            "actual",
                            "ready",
                        ],
                    )
                });
                if !generic || stands_for_all(lines, statement) {
                    let value = text.rfind(value).unwrap_or(0);
                    return Some(Place {
                        kind: Kind::Field(value),
                        name,
                        historical,
                    });
                }
                return None;
            }
            let past = label(text).is_some_and(|(name, _)| tells_of_before(name));
            Some(Place {
                kind: Kind::Body,
                name: "",
                historical: historical || past,
            })
        }
    }
}

/// "After resolving …": what will be so one day, unlike "After fixes".
fn would_be(title: &str) -> bool {
    let mut heads = words(title).map(|(_, word)| word);
    let after = heads.next().is_some_and(|word| {
        is_one_of(
            word,
            &["after", "después", "despues", "nach", "après", "depois", "once"],
        )
    });
    after
        && heads.take(3).any(|word| {
            is_one_of(
                word,
                &[
                    "resolving",
                    "fixing",
                    "completing",
                    "implementing",
                    "addressing",
                    "resolver",
                    "corregir",
                    "completar",
                    "implementar",
                    "corrigir",
                ],
            )
        })
}

/// The titles above a block but for the document's own.
fn sections<'t>(lines: &Statements<'t>, block: u32) -> impl Iterator<Item = &'t str> {
    let start = lines.heading_of(block);
    std::iter::successors(start, |&at| lines.parent(at))
        .filter(|&at| lines.level(at) > 1)
        .map(|at| lines.title(at))
}

/// Whether a field of a general name speaks of the whole document: at its top, at its end, or in a section of verdicts.
fn stands_for_all(lines: &Statements<'_>, statement: &Statement) -> bool {
    let heading = lines.heading_of(statement.block);
    let level = heading.map_or(0, |at| lines.level(at));
    let count = u32::try_from(lines.outline.lines.count()).unwrap_or(u32::MAX);
    let line = lines.line(statement.range.start);
    let numbered = heading.is_some_and(|at| {
        words(lines.title(at))
            .next()
            .is_some_and(|(_, word)| word.bytes().any(|b| b.is_ascii_digit()))
    });
    let verdicts = sections(lines, statement.block).any(|title| {
        let state = words(title)
            .next()
            .is_some_and(|(_, word)| is_one_of(word, &["before", "after", "now", "current"]));
        state || words(title).any(|(_, word)| is_one_of(word, VERDICT_TITLES))
    });
    !numbered && (level <= 1 || verdicts || (line + 14 >= count && level <= 2))
}

/// Whether a field's name asks for a verdict.
fn names_verdict(name: &str) -> bool {
    const HEADS: &[&str] = &[
        "status",
        "verdict",
        "decision",
        "recommendation",
        "conclusion",
        "readiness",
        "ready",
        "assessment",
        "approval",
        "go",
        "nogo",
        "signoff",
        "off",
        "production",
        "veredicto",
        "decisión",
        "recomendación",
        "estado",
        "statut",
        "empfehlung",
        "entscheidung",
        "decisão",
        "overall",
        "clearance",
        "producción",
        "produção",
    ];
    const ALSO: &[&str] = &[
        "final",
        "overall",
        "deployment",
        "release",
        "launch",
        "system",
        "project",
        "current",
        "review",
        "sign",
        "beta",
        "staging",
        "for",
        "to",
        "time",
        "the",
        "no",
        "document",
        "report",
        "qa",
        "deploy",
        "general",
        "para",
        "and",
        "security",
        "testing",
        "is",
        "de",
        "ship",
        "live",
        "mvp",
        "prod",
        "our",
        "this",
    ];
    let mut head = false;
    let all = words(name).all(|(_, word)| {
        let is_head = is_one_of(word, HEADS);
        head |= is_head;
        is_head || is_one_of(word, ALSO)
    });
    // "Security Status" is one area's.
    let area = words(name).any(|(_, word)| is_one_of(word, &["security", "testing"]))
        && !words(name).any(|(_, word)| is_one_of(word, &["sign", "signoff"]));
    all && head && !area
}

fn fold(text: &str) -> Vec<Word> {
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

const TARGETS: &[&str] = &[
    "production",
    "prod",
    "launch",
    "release",
    "deployment",
    "deploy",
    "ship",
    "shipping",
    "beta",
    "staging",
    "mainnet",
    "rollout",
    "golive",
    "produccion",
    "producao",
    "produktion",
    "deployer",
    "desplegar",
    "lanzar",
    "mvp",
    "pilot",
];
const SMALL: &[&str] = &[
    "the",
    "our",
    "a",
    "full",
    "immediate",
    "public",
    "initial",
    "be",
    "la",
    "el",
    "die",
    "den",
    "einsatz",
    "das",
    "go",
    "internal",
    "to",
    "closed",
    "open",
    "limited",
    "general",
    "en",
    "a",
    "mise",
];

/// Every phrase of a line.
fn phrases(text: &str, list: &[Word]) -> Vec<Found> {
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
                if back > 0
                    && is_one_of(
                        word(back - 1),
                        &[
                            "deployment",
                            "production",
                            "release",
                            "launch",
                            "despliegue",
                            "lanzamiento",
                        ],
                    )
                {
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

fn line(
    lines: &Statements<'_>,
    source: &SourceText,
    statement: &Statement,
    text: &str,
    place: &Place<'_>,
    out: &mut Vec<DeclaredVerdict>,
) {
    let list = fold(text);
    let mut last_end = 0;
    for found in phrases(text, &list) {
        let (Some(head), Some(tail)) = (list.get(found.first), list.get(found.last)) else {
            continue;
        };
        let Some(verdict) = accept(lines, statement, text, place, &list, &found) else {
            continue;
        };
        let stage = stage_of(text, &list, &found);
        let (mut start, mut end) = (head.start, tail.end);
        if found.kind == DeclaredVerdictKind::Go
            && matches!(
                verdict.0,
                DeclaredVerdictKind::Conditional | DeclaredVerdictKind::Hold
            )
        {
            end = conditional_end(text, end).unwrap_or_else(|| clause_end(text, &list, end));
        }
        if let Some(not) = verdict.2 {
            start = list[not].start;
        }
        // "PRODUCTION READY - CLEARED FOR DEPLOYMENT" is one declaration.
        if let Some(before) = out.last_mut()
            && before.line == lines.line(statement.range.start)
            && (before.verdict, before.stage) == (verdict.0, stage)
            && text
                .get(last_end..start)
                .is_some_and(|between| words(between).count() == 0)
        {
            let range = source.text_range(before.span).start..statement.range.start as usize + end;
            before.text = shown(lines.text.get(range.clone()).unwrap_or_default());
            before.span = source.span(range);
            last_end = end;
            continue;
        }
        last_end = end;
        let base = statement.range.start as usize;
        out.push(DeclaredVerdict {
            line: lines.line(statement.range.start + u32::try_from(start).unwrap_or(0)),
            span: source.span(base + start..base + end),
            text: shown(text.get(start..end).unwrap_or_default()),
            verdict: verdict.0,
            stage,
            historical: place.historical || verdict.1,
        });
    }
}

fn shown(text: &str) -> Box<str> {
    let kept: String = text
        .chars()
        .filter(|c| !matches!(c, '*' | '`' | '_' | '\r'))
        .map(|c| if c == '\n' { ' ' } else { c })
        .collect();
    kept.trim().into()
}

/// The end of a parenthesis such as `(Conditional)` behind a phrase.
fn conditional_end(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let opened = rest.trim_start_matches(['*', ' ', '_']);
    let close = opened.strip_prefix('(')?.find(')')?;
    Some(text.len() - opened.len() + close + 2)
}

/// The end of the condition behind a phrase, a few words at most.
fn clause_end(text: &str, list: &[Word], end: usize) -> usize {
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

/// What a phrase comes to where it stands: its verdict, whether it tells of the past, and the word that negates it.
fn accept(
    lines: &Statements<'_>,
    statement: &Statement,
    text: &str,
    place: &Place<'_>,
    list: &[Word],
    found: &Found,
) -> Option<(DeclaredVerdictKind, bool, Option<usize>)> {
    let (head, tail) = (list.get(found.first)?, list.get(found.last)?);
    let phrase = text.get(head.start..tail.end)?;
    let loud = phrase.bytes().all(|b| !b.is_ascii_lowercase());
    let in_name = matches!(place.kind, Kind::Field(value) if head.start < value);
    let first_of_value = matches!(place.kind, Kind::Field(value) if head.start >= value && words(text.get(value..head.start).unwrap_or("x")).all(|(_, word)| !word.is_ascii() && word.len() < 8 || is_one_of(word, &["not", "yet", "fully", "the", "is", "a", "conditionally"])));
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
    if near(
        4,
        &[
            "will",
            "should",
            "would",
            "could",
            "become",
            "becomes",
            "considered",
            "when",
            "once",
            "if",
            "until",
            "before",
            "achieve",
            "towards",
            "toward",
            "make",
            "makes",
            "making",
            "get",
            "getting",
            "whether",
            "ensure",
            "ensures",
            "needs",
            "need",
            "must",
        ],
    )
    .is_some()
    {
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
            if !(whole && !part || subject(list, &before, found.first)) {
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
            "conditional" | "conditionally" | "once" | "if" | "provided" | "assuming" | "subject"
            | "pending" | "cuando" | "sobald" | "wenn" => {
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

/// "production-ready configuration": the phrase describes the word behind it.
fn describes_next(text: &str, list: &[Word], found: &Found) -> bool {
    let (Some(tail), Some(next)) = (list.get(found.last), list.get(found.last + 1)) else {
        return false;
    };
    let joined = matches!(text.get(tail.end..next.start), Some(" " | "-"));
    joined
        && !is_one_of(
            &next.folded,
            &[
                "for",
                "with",
                "after",
                "and",
                "but",
                "once",
                "pending",
                "now",
                "today",
                "subject",
                "if",
                "to",
                "in",
                "by",
                "on",
                "at",
                "since",
                "conditional",
                "cleared",
                "approved",
                "fur",
                "para",
                "pour",
                "except",
                "assuming",
                "provided",
                "yes",
                "or",
            ],
        )
}

/// Whether the sentence speaks of the whole system: `the application is …`, `System approved for …`.
fn subject(list: &[Word], before: &[usize], first: usize) -> bool {
    const SUBJECTS: &[&str] = &[
        "system",
        "application",
        "app",
        "platform",
        "project",
        "product",
        "release",
        "codebase",
        "software",
        "site",
        "website",
        "backend",
        "mvp",
        "solution",
        "sistema",
        "aplicacion",
        "plataforma",
        "proyecto",
        "projet",
        "projekt",
        "anwendung",
        "projeto",
        "aplicacao",
        "systeme",
        "plattform",
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
fn stage_of(text: &str, list: &[Word], found: &Found) -> Stage {
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
pub(super) fn stage_word(word: &str) -> Option<Stage> {
    match word {
        "staging" => Some(Stage::Staging),
        "beta" | "pilot" | "mvp" | "alpha" => Some(Stage::Beta),
        "production" | "prod" | "mainnet" | "produccion" | "producao" | "produktion" | "produktionsreif" => {
            Some(Stage::Production)
        }
        _ => None,
    }
}

/// Whether a block stands in a section of plans or criteria.
pub(super) fn in_lessons(lines: &Statements<'_>, block: u32) -> bool {
    below_any(
        lines,
        block,
        &[
            "lessons",
            "lesson",
            "learned",
            "retrospective",
            "history",
            "changelog",
            "example",
            "examples",
            "template",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::markdown::Outline;

    fn declared(text: &str) -> Vec<String> {
        let source = SourceText::read(std::sync::Arc::from(text.as_bytes()));
        let outline = Outline::of(source.text());
        let lines = Statements::of(source.text(), &outline);
        let shown = |d: DeclaredVerdict| {
            let past = if d.historical { " past" } else { "" };
            format!(
                "{} {} {}{past}: {}",
                d.line,
                d.verdict.word(),
                d.stage.word(),
                d.text
            )
        };
        read(&lines, &source).into_iter().map(shown).collect()
    }

    #[test]
    fn declarations_are_read_in_many_forms() {
        let table = [
            (
                "**Status:** ✅ **PRODUCTION READY** (all done)",
                "1 go production: PRODUCTION READY",
            ),
            (
                "**Status**: ✅ **READY FOR PRODUCTION** (Conditional)",
                "1 conditional production: READY FOR PRODUCTION (Conditional)",
            ),
            (
                "**Decision**: GO FOR PRODUCTION DEPLOYMENT",
                "1 go production: GO FOR PRODUCTION DEPLOYMENT",
            ),
            ("Decision: NO-GO", "1 no_go production: NO-GO"),
            ("**Verdict:** GO", "1 go production: GO"),
            (
                "**Recommendation**: Conditional GO",
                "1 conditional production: Conditional GO",
            ),
            (
                "**Review Status:** Awaiting manual testing",
                "1 hold production: Awaiting manual testing",
            ),
            ("**Status**: ON HOLD", "1 hold production: ON HOLD"),
            (
                "## ❌ DEPLOYMENT BLOCKED",
                "1 no_go production: DEPLOYMENT BLOCKED",
            ),
            (
                "# ⚠️ NOT PRODUCTION READY",
                "1 no_go production: NOT PRODUCTION READY",
            ),
            (
                "### Readiness: ✅ **FULLY APPROVED**",
                "1 go production: FULLY APPROVED",
            ),
            (
                "- **Ready for production**: ❌ NO",
                "1 no_go production: Ready for production",
            ),
            ("- **Ready for beta**: ✅ YES", "1 go beta: Ready for beta"),
            (
                "**🚀 SYSTEM READY FOR STAGING DEPLOYMENT**",
                "1 go staging: READY FOR STAGING DEPLOYMENT",
            ),
            (
                "**Cleared for production deployment.** 🚀",
                "1 go production: Cleared for production deployment",
            ),
            (
                "The application is **production-ready** with full tests.",
                "1 go production: production-ready",
            ),
            (
                "The system is not yet ready for production.",
                "1 no_go production: not yet ready for production",
            ),
            (
                "The platform is ready for launch once DNS is set.",
                "1 conditional production: ready for launch once DNS is set",
            ),
            (
                "**Estado**: LISTO PARA PRODUCCIÓN",
                "1 go production: LISTO PARA PRODUCCIÓN",
            ),
            (
                "**Status**: PRÊT POUR LA PRODUCTION",
                "1 go production: PRÊT POUR LA PRODUCTION",
            ),
            (
                "**Status**: BEREIT FÜR DIE PRODUKTION",
                "1 go production: BEREIT FÜR DIE PRODUKTION",
            ),
            (
                "**Status**: PRONTO PARA PRODUÇÃO",
                "1 go production: PRONTO PARA PRODUÇÃO",
            ),
            (
                "| Field | Value |\n|---|---|\n| Verdict | GO |",
                "3 go production: GO",
            ),
            (
                "### Before the fixes\n\n**Status**: NOT PRODUCTION READY",
                "3 no_go production past: NOT PRODUCTION READY",
            ),
        ];
        let wrong: Vec<_> = table
            .into_iter()
            .map(|(text, expected)| (text, declared(text), expected))
            .filter(|(_, found, expected)| found != &[*expected])
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(
            declared("**Status**: ✅ BETA READY | ⚠️ PRODUCTION READY AFTER PHASE 3"),
            [
                "1 go beta: BETA READY",
                "1 hold production: PRODUCTION READY AFTER PHASE 3"
            ]
        );
    }

    #[test]
    fn labels_plans_criteria_and_adjectives_declare_nothing() {
        let table = [
            "### Production deployment: GO / NO-GO",
            "## Go/No-Go Decision",
            "## TIER 4: INFRASTRUCTURE (PRODUCTION READY)",
            "1. Go/No-Go decision based on the audit",
            "**Result:** No changes needed - production-ready as-is",
            "- ✅ **Production-ready codebase with no blockers**",
            "Created a production-ready configuration template.",
            "- [ ] Ready for production",
            "- [x] **READY FOR PRODUCTION**",
            "## Is it production ready?",
            "## Ready for Deployment",
            "## GO criteria\n\n**Status**: READY FOR PRODUCTION",
            "The system will be ready for production after the audit.",
            "A release is ready for production when all gates pass.",
            "> the team said that this was ready to ship",
            "### 3. Cache\n\n**Status**: ✅ PRODUCTION READY",
            "### SECURITY: PRODUCTION READY",
            "The request is blocked until the lock is released.",
            "Production Readiness Checklist",
            "```\nStatus: PRODUCTION READY\n```",
            "## After resolving the above\n\n- **Ready for production**: ✅ YES",
            "| Component | Status |\n|---|---|\n| API | READY |",
        ];
        let wrong: Vec<_> = table
            .into_iter()
            .map(|text| (text, declared(text)))
            .filter(|(_, found)| !found.is_empty())
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
