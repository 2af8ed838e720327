//! Verdicts that a document declares in its own words: PRODUCTION READY, GO FOR DEPLOYMENT, BLOCKED, awaiting QA.
//!
//! Not here: what they are worth. Invariant: narrow. A phrase counts in a verdict field, a heading that shouts it,
//! a line of its own, or a sentence about the whole system; a label, a plan step, a criterion, or an adjective of
//! some part does not declare anything.

mod judging;
mod matching;

#[cfg(test)]
mod tests;

use super::statements::{Statement, Statements, VERDICT};
use super::wording::{below_any, below_before, is_one_of, label, tells_of_before, words};
use crate::model::{DeclaredVerdict, DeclaredVerdictKind};
use crate::text::SourceText;
use crate::text::markdown::BlockKind;
pub(super) use judging::stage_word;
use judging::{accept, clause_end, conditional_end, stage_of};
use matching::{fold, phrases};

/// Collects every declared verdict, in the order of the document.
pub(in crate::report) fn read(lines: &Statements<'_>, source: &SourceText) -> Vec<DeclaredVerdict> {
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

struct Place {
    kind: Kind,
    historical: bool,
}

#[rustfmt::skip]
const PLANS: &[&str] = &[
    "next", "plan", "roadmap", "timeline", "criteria", "criterion", "definition", "template", "example",
    "examples", "legend", "lessons", "goals", "metrics", "glossary", "levels", "schedule", "pasos",
    "milestones", "targets", "objectives", "scenarios",
];

#[rustfmt::skip]
const VERDICT_TITLES: &[&str] = &[
    "verdict", "decision", "recommendation", "recommendations", "conclusion", "readiness", "assessment",
    "sign", "final", "approval", "summary", "status", "go", "signoff", "veredicto", "conclusion",
    "conclusión", "fazit", "entscheidung", "conclusão", "overview",
];

#[rustfmt::skip]
const GENERAL: &[&str] = &[
    "status", "state", "estado", "statut", "result", "assessment", "overall", "current", "the", "actual",
    "ready",
];

/// Where a phrase would stand in this line, or nothing when the line can declare nothing.
fn place(lines: &Statements<'_>, statement: &Statement, text: &str) -> Option<Place> {
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
            let name = super::wording::bare(lines.slice(*first));
            let value = second.start.checked_sub(statement.range.start)? as usize;
            (names_verdict(name) && !in_plan).then_some(Place {
                kind: Kind::Field(value),
                historical,
            })
        }
        BlockKind::Row { .. } => None,
        BlockKind::Heading(_) => {
            let title = super::wording::bare(text);
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
            let kind = named.map_or(Kind::Heading, |(_, value)| Kind::Field(text.len() - value.len()));
            Some(Place {
                kind,
                historical: historical || tells_of_before(text),
            })
        }
        _ => {
            if in_plan || sections(lines, statement.block).any(would_be) {
                return None;
            }
            if let Some((name, value)) = named {
                let generic = words(name).all(|(_, word)| is_one_of(word, GENERAL));
                if !generic || stands_for_all(lines, statement) {
                    let value = text.rfind(value).unwrap_or(0);
                    return Some(Place {
                        kind: Kind::Field(value),
                        historical,
                    });
                }
                return None;
            }
            let past = label(text).is_some_and(|(name, _)| tells_of_before(name));
            Some(Place {
                kind: Kind::Body,
                historical: historical || past,
            })
        }
    }
}

#[rustfmt::skip]
const TO_RESOLVE: &[&str] = &[
    "resolving", "fixing", "completing", "implementing", "addressing", "resolver", "corregir",
    "completar", "implementar", "corrigir",
];

/// "After resolving …": what will be so one day, unlike "After fixes".
fn would_be(title: &str) -> bool {
    let mut heads = words(title).map(|(_, word)| word);
    let after = heads.next().is_some_and(|word| {
        is_one_of(
            word,
            &["after", "después", "despues", "nach", "après", "depois", "once"],
        )
    });
    after && heads.take(3).any(|word| is_one_of(word, TO_RESOLVE))
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
    #[rustfmt::skip]
    const HEADS: &[&str] = &[
        "status", "verdict", "decision", "recommendation", "conclusion", "readiness", "ready",
        "assessment", "approval", "go", "nogo", "signoff", "off", "production", "veredicto", "decisión",
        "recomendación", "estado", "statut", "empfehlung", "entscheidung", "decisão", "overall",
        "clearance", "producción", "produção", "décision", "decisione", "freigabe", "判定",
    ];
    #[rustfmt::skip]
    const ALSO: &[&str] = &[
        "final", "overall", "deployment", "release", "launch", "system", "project", "current", "review",
        "sign", "beta", "staging", "for", "to", "time", "the", "no", "document", "report", "qa", "deploy",
        "general", "para", "and", "security", "testing", "is", "de", "ship", "live", "mvp", "prod", "our",
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

fn line(
    lines: &Statements<'_>,
    source: &SourceText,
    statement: &Statement,
    text: &str,
    place: &Place,
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

#[rustfmt::skip]
const LESSONS: &[&str] = &[
    "lessons", "lesson", "learned", "retrospective", "history", "changelog", "example", "examples",
    "template",
];

/// Whether a block stands in a section of plans or criteria.
pub(in crate::report) fn in_lessons(lines: &Statements<'_>, block: u32) -> bool {
    below_any(lines, block, LESSONS)
}
