//! The rows of the verdict pane as lines.

use super::{Part, Row};
use crate::app::model::Model;
use crate::app::view::glyphs::{self, Glyphs, spoken};
use crate::app::view::line::{counted, fit, number, short, short_path};
use crate::app::view::{Cell, Line, Role, glyphs_of};
use crate::engine::Assessment;
use crate::model::{DeclaredVerdictKind, GateMode, ProblemSeverity, ReasonKind, Verdict};
use crate::text::width::columns;

/// Rows of the screen for a repository without reports.
pub(super) const EMPTY_ROWS: u8 = 10;

/// Before the first judgement.
pub(super) fn waiting(model: &Model) -> Line {
    let progress = model.progress;
    let text = if progress.found == 0 {
        "looking for reports".to_owned()
    } else {
        format!(
            "reading {} of {} Markdown files",
            number(progress.read as usize),
            number(progress.found as usize)
        )
    };
    Line::of(text, Role::Muted)
}

/// A row in `width` columns.
pub(super) fn line(model: &Model, assessment: &Assessment, row: Row, width: usize) -> Line {
    let glyphs = glyphs_of(model);
    let mark = glyphs.ellipsis();
    match row {
        Row::Headline => headline(model, assessment, glyphs),
        Row::Counts => counts(assessment, glyphs),
        Row::Blank => Line::default(),
        Row::Heading(part, n) => heading(part, n),
        Row::Shown => {
            let (sign, role) = model
                .verdict()
                .map_or((glyphs.unknown(), Role::Hold), |verdict| glyphs.verdict(verdict));
            let word = model.verdict().map_or("not yet", Verdict::word);
            Line::of("shown ", Role::Muted)
                .and(format!("{sign} {word:<12} "), role)
                .and("what gates, items and evidence give", Role::Muted)
        }
        Row::Said(d, v) => said(model, assessment, (d, v), width),
        Row::Gate(gate) => assessment
            .gates
            .get(gate as usize)
            .map_or_else(Line::default, |gate| {
                let (sign, role) = glyphs.gate(gate.result);
                let word = spoken(gate.result.word());
                let advisory = if gate.mode == GateMode::Advise {
                    "advisory: "
                } else {
                    ""
                };
                let used = 14 + columns(advisory);
                Line::of(format!("{sign} {word:<12}"), role)
                    .and(advisory, Role::Muted)
                    .and(short(&gate.message, width.saturating_sub(used), mark), Role::Text)
            }),
        Row::Reason(r) => reason(model, assessment, r, width),
        Row::Problem(problem) => {
            assessment
                .problems
                .get(problem as usize)
                .map_or_else(Line::default, |problem| {
                    let (word, role) = problem_word(problem.severity);
                    let at = if problem.at.is_empty() {
                        String::new()
                    } else {
                        format!("{}: ", problem.at)
                    };
                    let text = format!("{at}{}", problem.what);
                    Line::of(format!("{word:<8}"), role)
                        .and(short(&text, width.saturating_sub(8), mark), Role::Text)
                })
        }
        Row::More(part, n) => {
            let what = match part {
                Part::Said => "declared verdicts",
                Part::Gates => "gates",
                Part::Reasons => "reasons",
                Part::Problems => "problems",
            };
            Line::of(
                format!(
                    "{} {} more {what}: enter shows them",
                    glyphs.folded(),
                    number(n as usize)
                ),
                Role::Muted,
            )
        }
        Row::Empty(n) => empty(assessment, n),
    }
}

fn headline(model: &Model, assessment: &Assessment, glyphs: Glyphs) -> Line {
    let stage = assessment.stage.word();
    if model.verdict().is_none() {
        return Line::of("not known yet", Role::Hold)
            .and(format!(": still reading, for {stage}"), Role::Text);
    }
    let (sign, role) = glyphs.verdict(assessment.verdict);
    let counts = &assessment.counts;
    let why = match assessment.verdict {
        Verdict::Go => "everything that is needed is there and passes".to_owned(),
        Verdict::GoWithWaivers => "only because of waivers, each of which ends by itself".to_owned(),
        Verdict::Hold if counts.items == 0 => "there is nothing to judge".to_owned(),
        Verdict::Hold => "something that is needed is missing, unproven or unknown".to_owned(),
        Verdict::NoGo if counts.blocking > 0 => counted(
            counts.blocking as usize,
            "item stands in the way",
            "items stand in the way",
        ),
        Verdict::NoGo => "a gate does not hold".to_owned(),
    };
    Line::of(format!("{sign} {} for {stage}", assessment.verdict.word()), role)
        .and(format!(": {why}"), Role::Text)
}

fn counts(assessment: &Assessment, glyphs: Glyphs) -> Line {
    let counts = &assessment.counts;
    let done = (number(counts.done as usize), number(counts.items as usize));
    let mut parts = vec![
        counted(counts.documents as usize, "report", "reports"),
        format!("{} of {} items done", done.0, done.1),
        format!("{} conflicted", number(counts.conflicted as usize)),
        counted(counts.contradictions as usize, "contradiction", "contradictions"),
    ];
    if counts.claims > 0 {
        let claims = counted(counts.claims as usize, "claim", "claims");
        parts.push(format!("{} of {claims} refuted", number(counts.refuted as usize)));
    }
    Line::of(parts.join(glyphs.dot()), Role::Text)
}

fn heading(part: Part, n: u32) -> Line {
    let text = match part {
        Part::Said => "Said and shown",
        Part::Gates => "Gates",
        Part::Reasons => "Reasons, worst first",
        Part::Problems => "Problems",
    };
    let count = if part == Part::Said && n == 0 {
        "no report declares a verdict".to_owned()
    } else {
        number(n as usize)
    };
    Line::of(format!("{text}  "), Role::Heading).and(count, Role::Muted)
}

fn said(model: &Model, assessment: &Assessment, (d, v): (u32, u32), width: usize) -> Line {
    let glyphs = glyphs_of(model);
    let Some(document) = assessment.documents.get(d as usize) else {
        return Line::default();
    };
    let Some(declared) = document.report.declared_verdicts.get(v as usize) else {
        return Line::default();
    };
    let (word, role) = glyphs.declared(declared.verdict);
    let agrees = model.verdict().is_some_and(|verdict| match verdict {
        Verdict::Go => declared.verdict == DeclaredVerdictKind::Go,
        Verdict::GoWithWaivers => declared.verdict >= DeclaredVerdictKind::Conditional,
        Verdict::Hold => declared.verdict == DeclaredVerdictKind::Hold,
        Verdict::NoGo => declared.verdict == DeclaredVerdictKind::NoGo,
    });
    let sign = match (declared.historical, agrees) {
        (true, _) => glyphs.none(),
        (false, true) => "=",
        (false, false) => glyphs.conflict(),
    };
    let place = format!("{}:{}", document.report.path, declared.line);
    let place = short_path(&place, width / 2, glyphs.ellipsis());
    let rest = width.saturating_sub(21 + columns(&place) + 1);
    let past = if declared.historical { "formerly: " } else { "" };
    let mut line = Line::of("said  ", Role::Muted)
        .and(
            format!("{sign} {word:<12} "),
            if declared.historical { Role::Muted } else { role },
        )
        .and(
            short(&format!("{past}{}", declared.text), rest, glyphs.ellipsis()),
            Role::Text,
        );
    line.right = vec![Cell::new(place, Role::Link)];
    line
}

fn reason(model: &Model, assessment: &Assessment, r: u32, width: usize) -> Line {
    let glyphs = glyphs_of(model);
    let Some(reason) = assessment.reasons.get(r as usize) else {
        return Line::default();
    };
    let words = assessment.explain(reason);
    let (sign, role) = match reason.kind {
        ReasonKind::Item(d, i) => assessment.item(d, i).map_or_else(
            || glyphs.verdict(reason.effect),
            |(_, _, state)| glyphs.derived(state.derived),
        ),
        ReasonKind::Contradiction(..) | ReasonKind::Claim(..) => (glyphs.conflict(), Role::Conflict),
        _ => glyphs.verdict(reason.effect),
    };
    let effect = match reason.effect {
        Verdict::Go => "warn",
        Verdict::GoWithWaivers => "waived",
        Verdict::Hold => "HOLD",
        Verdict::NoGo => "NO-GO",
    };
    let place = short_path(&words.source, width / 3, glyphs.ellipsis());
    let mut used = 21;
    let severity = reason.severity.word();
    let marked = match reason.kind {
        ReasonKind::Item(d, i) => assessment
            .item(d, i)
            .is_some_and(|(_, item, _)| model.marks.contains_key(&item.uid)),
        _ => false,
    };
    let mark = if marked { glyphs.mark() } else { " " };
    let mut line = Line::of(sign, role)
        .and(mark, Role::Picked)
        .and(format!("{effect:<6} "), role);
    if width >= 60 {
        line = line.and(fit(severity, 11, "") + " ", glyphs::severity(reason.severity));
    } else {
        used -= 12;
    }
    let rest = width.saturating_sub(used + columns(&place) + 1);
    line = line.and(short(&words.message, rest, glyphs.ellipsis()), Role::Text);
    line.right = vec![Cell::new(place, Role::Link)];
    line
}

/// Word and role of a problem.
pub(in crate::app) const fn problem_word(severity: ProblemSeverity) -> (&'static str, Role) {
    match severity {
        ProblemSeverity::Error => ("error", Role::Error),
        ProblemSeverity::Warning => ("warning", Role::Warning),
        ProblemSeverity::Note => ("note", Role::Muted),
    }
}

fn empty(assessment: &Assessment, n: u8) -> Line {
    let repository = &assessment.repository;
    match n {
        1 => Line::of("No readiness report was found here.", Role::Strong),
        2 => {
            let looked = format!(
                "Looked at {}, of which {} Markdown.",
                counted(repository.files as usize, "file", "files"),
                match repository.markdown {
                    0 => "none is".to_owned(),
                    1 => "1 is".to_owned(),
                    n => format!("{} are", number(n as usize)),
                }
            );
            Line::of(looked, Role::Text)
        }
        3 if !repository.git => Line::of(
            "This folder is no git repository: nothing is known of a commit.",
            Role::Text,
        ),
        3 => Line::of(
            "Press 3 to see why each Markdown file does not count.",
            Role::Text,
        ),
        5 => Line::of("How to begin", Role::Heading),
        6 => Line::of("gonogo init", Role::Code).and("  writes a first report and a gonogo.toml", Role::Text),
        7 => {
            Line::of("gonogo.toml", Role::Code).and("  include = [\"docs/*.md\"] adds documents", Role::Text)
        }
        8 => Line::of("gonogo inspect .", Role::Code).and("  says why each file counts or not", Role::Text),
        _ => Line::default(),
    }
}
