//! The rows of the verdict pane as lines.

use super::{Part, Row};
use crate::app::model::Model;
use crate::app::panes::place_of;
use crate::app::view::glyphs::{self, Glyphs, spoken};
use crate::app::view::line::{counted, fit, number, prefix, room_beside, short, short_place};
use crate::app::view::{Cell, Line, Role, glyphs_of};
use crate::engine::{Assessment, GateOutcome};
use crate::model::{DeclaredVerdictKind, GateMode, ProblemSeverity, ReasonKind, Verdict};
use crate::text::width::columns;

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
        Row::Headline => headline(model, assessment, glyphs, width),
        Row::Counts => counts(assessment, glyphs, width),
        Row::Blank => Line::default(),
        Row::Heading(part, n) => heading(assessment, part, n),
        Row::Shown => shown(model, assessment, width),
        Row::Remark => {
            let text = if assessment.repository.git {
                "no commit yet: nothing can be bound to one"
            } else {
                "no git repository: a change is written, never committed"
            };
            Line::of(short(text, width, mark), Role::Warning)
        }
        Row::Contradiction(d, c) => contradiction(assessment, (d, c), width, glyphs),
        Row::Said(d, v) => said(model, assessment, (d, v), width),
        Row::Gate(gate) => assessment
            .gates
            .get(gate as usize)
            .map_or_else(Line::default, |gate| gate_line(model, gate, width)),
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
                Part::Contradictions => "contradictions",
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
        Row::Empty(n) => empty(assessment)
            .get(n)
            .map_or_else(Line::default, |(text, role)| {
                Line::of(short(text, width, mark), *role)
            }),
    }
}

/// A gate in `width` columns.
pub(in crate::app) fn gate_line(model: &Model, gate: &GateOutcome, width: usize) -> Line {
    let glyphs = glyphs_of(model);
    let (sign, role) = glyphs.gate(gate.result);
    let word = spoken(gate.result.word());
    let advisory = if gate.mode == GateMode::Advise {
        "advisory: "
    } else {
        ""
    };
    let used = 15 + columns(advisory);
    let text = short(&gate.message, width.saturating_sub(used), glyphs.ellipsis());
    Line::of(format!("{sign} {word:<12} "), role)
        .and(advisory, Role::Muted)
        .and(text, Role::Text)
}

fn headline(model: &Model, assessment: &Assessment, glyphs: Glyphs, width: usize) -> Line {
    let stage = assessment.stage.word();
    if model.verdict().is_none() {
        return Line::of("not known yet", Role::Hold)
            .and(format!(": still reading, for {stage}"), Role::Text);
    }
    let (sign, role) = glyphs.verdict(assessment.verdict);
    let counts = &assessment.counts;
    let blocking = counts.blocking as usize;
    let block = |role: &str| counted(blocking, &format!("item {role}s"), &format!("items {role}"));
    let why = match assessment.verdict {
        Verdict::Go => "everything that is needed is there and passes".to_owned(),
        Verdict::GoWithWaivers => "only because of waivers, each of which ends by itself".to_owned(),
        Verdict::Hold if counts.items == 0 => "there is nothing to judge".to_owned(),
        Verdict::Hold if blocking > 0 => format!("{} until it is proven", block("wait")),
        Verdict::Hold => "something that is needed is missing, unproven or unknown".to_owned(),
        Verdict::NoGo if blocking > 0 => {
            counted(blocking, "item stands in the way", "items stand in the way")
        }
        Verdict::NoGo => "a gate does not hold".to_owned(),
    };
    let lead = format!("{sign} {} for {stage}", assessment.verdict.word());
    let room = width.saturating_sub(columns(&lead) + 2);
    Line::of(lead, role).and(format!(": {}", short(&why, room, glyphs.ellipsis())), Role::Text)
}

/// The counts that fit, those that matter most first; a count is never cut.
fn counts(assessment: &Assessment, glyphs: Glyphs, width: usize) -> Line {
    let counts = &assessment.counts;
    let mut parts = vec![
        counted(counts.documents as usize, "report", "reports"),
        format!(
            "{} of {} items done",
            number(counts.done as usize),
            number(counts.items as usize)
        ),
    ];
    if counts.conflicted > 0 {
        parts.push(format!("{} conflicted", number(counts.conflicted as usize)));
    }
    if counts.contradictions > 0 {
        parts.push(counted(
            counts.contradictions as usize,
            "contradiction",
            "contradictions",
        ));
    }
    if counts.claims > 0 {
        let claims = counted(counts.claims as usize, "claim", "claims");
        parts.push(format!("{} of {claims} refuted", number(counts.refuted as usize)));
    }
    let dot = glyphs.dot();
    let mut text = String::new();
    for part in parts {
        let gap = if text.is_empty() { "" } else { dot };
        if columns(&text) + columns(gap) + columns(&part) <= width || text.is_empty() {
            text.push_str(gap);
            text.push_str(&part);
        }
    }
    Line::of(text, Role::Text)
}

fn heading(assessment: &Assessment, part: Part, n: u32) -> Line {
    let text = match part {
        Part::Said => "Said by the reports",
        Part::Contradictions => "Contradictions inside of a report",
        Part::Gates => "Gates",
        Part::Reasons => "Reasons, worst first",
        Part::Problems => "Problems",
    };
    let count = match part {
        Part::Said if n == 0 => "no report declares a verdict".to_owned(),
        Part::Reasons if n as usize == assessment.reasons.len() => {
            // Worst first: each effect is one run.
            let reasons = &assessment.reasons;
            let end = |effect: Verdict| reasons.partition_point(|reason| reason.effect >= effect);
            let (no_go, hold) = (end(Verdict::NoGo), end(Verdict::Hold));
            let parts = [
                (no_go, "NO-GO"),
                (hold - no_go, "HOLD"),
                (reasons.len() - hold, "only warn"),
            ];
            let parts = parts.iter().filter(|(n, _)| *n > 0);
            let parts: Vec<String> = parts.map(|(n, word)| format!("{} {word}", number(*n))).collect();
            if parts.is_empty() {
                "none".to_owned()
            } else {
                parts.join(", ")
            }
        }
        Part::Reasons => format!(
            "{} of {} match",
            number(n as usize),
            number(assessment.reasons.len())
        ),
        _ => number(n as usize),
    };
    Line::of(format!("{text}  "), Role::Heading).and(count, Role::Muted)
}

/// What the documents say, each verdict with how often, beside what is shown.
fn shown(model: &Model, assessment: &Assessment, width: usize) -> Line {
    let glyphs = glyphs_of(model);
    let kinds = [
        DeclaredVerdictKind::Go,
        DeclaredVerdictKind::Conditional,
        DeclaredVerdictKind::Hold,
        DeclaredVerdictKind::NoGo,
    ];
    let mut times = [0_usize; 4];
    for (_, declared) in assessment
        .declared_verdicts()
        .filter(|(_, declared)| !declared.historical)
    {
        if let Some(at) = kinds.iter().position(|kind| *kind == declared.verdict)
            && let Some(times) = times.get_mut(at)
        {
            *times += 1;
        }
    }
    let said = kinds.iter().zip(times).filter(|(_, times)| *times > 0);
    let said: Vec<(DeclaredVerdictKind, usize)> = said.map(|(kind, times)| (*kind, times)).collect();
    if said.is_empty() {
        return Line::of("no report says a verdict of its own", Role::Muted);
    }
    let mut line = Line::of("reports say ", Role::Muted);
    for (n, (kind, times)) in said.iter().enumerate() {
        let (word, role) = glyphs.declared(*kind);
        let times = if *times == 1 {
            String::new()
        } else {
            format!(" {}x", number(*times))
        };
        line = line
            .and(if n == 0 { "" } else { ", " }, Role::Muted)
            .and(format!("{word}{times}"), role);
    }
    let Some(verdict) = model.verdict() else {
        return line;
    };
    let agree = said.iter().all(|(kind, _)| agrees(verdict, *kind));
    let word = match (agree, said.len()) {
        (true, _) => "shown the same",
        (false, 1) => "that is not what is shown",
        (false, _) => "they disagree",
    };
    if line.columns() + 2 + columns(word) <= width {
        line = line
            .and(": ", Role::Muted)
            .and(word, if agree { Role::Muted } else { Role::Conflict });
    }
    line
}

/// Whether a document's own verdict is the computed one.
pub(in crate::app) fn agrees(verdict: Verdict, said: DeclaredVerdictKind) -> bool {
    match verdict {
        Verdict::Go => said == DeclaredVerdictKind::Go,
        Verdict::GoWithWaivers => said >= DeclaredVerdictKind::Conditional,
        Verdict::Hold => said == DeclaredVerdictKind::Hold,
        Verdict::NoGo => said == DeclaredVerdictKind::NoGo,
    }
}

/// `text` with its place at the end of the row; the text comes first.
fn with_place(line: Line, text: &str, path: &str, at: u32, width: usize, cut: &str) -> Line {
    let rest = width.saturating_sub(line.columns());
    let place = short_place(path, at, room_beside(text, rest), cut);
    let room = if place.is_empty() {
        rest
    } else {
        rest.saturating_sub(columns(&place) + 1)
    };
    let mut line = line.and(short(text, room, cut), Role::Text);
    if !place.is_empty() {
        line.right = vec![Cell::new(place, Role::Link)];
    }
    line
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
    let agrees = model
        .verdict()
        .is_some_and(|verdict| agrees(verdict, declared.verdict));
    let (sign, sign_role) = match (declared.historical, agrees) {
        (true, _) => (glyphs.none(), Role::Muted),
        (false, true) => ("=", Role::Muted),
        (false, false) => (glyphs.conflict(), Role::Conflict),
    };
    let past = if declared.historical { "formerly: " } else { "" };
    let line = Line::of(format!("{sign} "), sign_role).and(
        format!("{word:<12}"),
        if declared.historical { Role::Muted } else { role },
    );
    let text = format!("{past}“{}”", prefix(&declared.text, 400));
    with_place(
        line,
        &text,
        document.report.path.as_str(),
        declared.line,
        width,
        glyphs.ellipsis(),
    )
}

fn contradiction(assessment: &Assessment, (d, c): (u32, u32), width: usize, glyphs: Glyphs) -> Line {
    let report = assessment
        .documents
        .get(d as usize)
        .map(|document| &document.report);
    let found = report.and_then(|report| Some((report, report.contradictions.get(c as usize)?)));
    let Some((report, contradiction)) = found else {
        return Line::default();
    };
    let at = contradiction.lines.first().copied().unwrap_or(1);
    let line = Line::of(format!("{} ", glyphs.conflict()), Role::Conflict);
    with_place(
        line,
        &contradiction.message,
        report.path.as_str(),
        at,
        width,
        glyphs.ellipsis(),
    )
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
    if width >= 50 {
        let word = glyphs::severity_word(reason.severity);
        line = line.and(fit(word, 8, "") + " ", glyphs::severity(reason.severity));
    }
    let cut = glyphs.ellipsis();
    match place_of(&words.source) {
        Some(place) => with_place(line, &words.message, place.path.as_str(), place.line, width, cut),
        None => {
            let rest = width.saturating_sub(line.columns());
            line.and(short(&words.message, rest, cut), Role::Text)
        }
    }
}

/// Word and role of a problem.
pub(in crate::app) const fn problem_word(severity: ProblemSeverity) -> (&'static str, Role) {
    match severity {
        ProblemSeverity::Error => ("error", Role::Error),
        ProblemSeverity::Warning => ("warning", Role::Warning),
        ProblemSeverity::Note => ("note", Role::Muted),
    }
}

/// The rows of the screen for a repository without reports: what was looked at, and how to begin.
pub(super) fn empty(assessment: &Assessment) -> Vec<(String, Role)> {
    let repository = &assessment.repository;
    let mut rows = vec![(String::new(), Role::Text)];
    let mut say = |text: &str, role| rows.push((text.to_owned(), role));
    say("No readiness report was found here.", Role::Strong);
    let files = counted(repository.files as usize, "file", "files");
    let looked = match repository.markdown {
        0 if repository.files == 0 => "The folder is empty: there is no file to look at.".to_owned(),
        0 => format!("Looked at {files}: none is a Markdown file."),
        1 => format!("Looked at {files}: 1 is Markdown, and it is no report. Press 3 for why."),
        n => format!(
            "Looked at {files}: {} are Markdown, none is a report. Press 3 for why.",
            number(n as usize)
        ),
    };
    say(&looked, Role::Text);
    for (path, why) in repository.left_out.iter().take(3) {
        say(&format!("Left out: {path} ({why})"), Role::Muted);
    }
    if repository.left_out.len() > 3 {
        say("More was left out: gonogo inspect says what.", Role::Muted);
    }
    if !repository.git {
        say("No git repository: nothing is known of a commit.", Role::Warning);
    } else if repository.commit.is_none() {
        say("The repository has no commit yet.", Role::Warning);
    }
    say("", Role::Text);
    say("How to begin, in the shell", Role::Heading);
    say("gonogo init --report  writes a first checklist", Role::Text);
    say(
        "gonogo init           writes gonogo.toml, where you name your reports",
        Role::Text,
    );
    say(
        "gonogo inspect .      says of each file why it counts or not",
        Role::Text,
    );
    say("gonogo demo           shows all of this on a sample", Role::Text);
    rows
}
