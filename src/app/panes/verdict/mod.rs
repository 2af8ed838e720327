//! Pane 1: the verdict in words, counts, reasons worst first, gates, what the documents say beside what is shown,
//! and where they contradict themselves.

use std::sync::Arc;

use super::list::{Cursor, Motion};
use super::sieve::{self, Sieve};
use super::{Behaviour, Opening, PaneKind, Panes, Place, Subject, claims, find_item, row_of_gate};
use crate::app::Effect;
use crate::app::command::Command;
use crate::app::filter::{FIELDS, Filter, Hits, Matcher};
use crate::app::model::Model;
use crate::app::view::{Area, Pane, list_pane};
use crate::engine::Assessment;
use crate::model::{Reason, ReasonKind};

mod rows;

pub(in crate::app) use rows::{agrees, gate_line, problem_word};

/// What the pane remembers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The selected row.
    pub cursor: Cursor,
    /// Every row.
    pub rows: Vec<Row>,
    /// Show every declared verdict and gate, not only the first.
    pub everything: bool,
    /// What the reasons are filtered by.
    pub filter: String,
    sieve: Sieve,
    /// The judgement that the rows are of.
    of: u64,
    built: u64,
    anchor: Subject,
}

/// One row; numbers index the assessment's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The verdict in words.
    Headline,
    /// The counts.
    Counts,
    /// An empty row.
    Blank,
    /// A heading with the number of rows below.
    Heading(Part, u32),
    /// The declared verdicts in one row, beside the computed one.
    Shown,
    /// A remark on the repository: without git, or before the first commit.
    Remark,
    /// Document index, declared verdict index.
    Said(u32, u32),
    /// Document index, contradiction index.
    Contradiction(u32, u32),
    /// A gate.
    Gate(u32),
    /// A reason.
    Reason(u32),
    /// A problem.
    Problem(u32),
    /// So many rows are left out.
    More(Part, u32),
    /// A sentence of the screen for a repository without reports.
    Empty(usize),
}

/// The parts of the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Said and shown.
    Said,
    /// Contradictions.
    Contradictions,
    /// Gates.
    Gates,
    /// Reasons.
    Reasons,
    /// Problems.
    Problems,
}

const REASONS_SHOWN: usize = 12;
const SAID_SHOWN: usize = 6;
const CONTRADICTIONS_SHOWN: usize = 6;
const GATES_SHOWN: usize = 8;

/// The pane.
pub(super) struct Verdict;

impl Behaviour for Verdict {
    fn title(&self) -> &'static str {
        "Verdict"
    }

    fn about(&self) -> &'static str {
        "the verdict, every reason, worst first, the gates, what the reports say of themselves, and where they contradict themselves"
    }

    fn command(&self) -> Command {
        Command::GoVerdict
    }

    fn subject(&self, model: &Model) -> Subject {
        subject(model)
    }

    fn go(&self, panes: &mut Panes, motion: Motion, height: usize) {
        go(&mut panes.verdict, motion, height);
    }

    fn cursor<'a>(&self, panes: &'a mut Panes) -> Option<(&'a mut Cursor, usize)> {
        Some((&mut panes.verdict.cursor, panes.verdict.rows.len()))
    }

    fn refresh(&self, model: &mut Model, assessment: &Arc<Assessment>) -> Option<Effect> {
        refresh(model, assessment)
    }

    fn filter<'a>(&self, panes: &'a Panes) -> &'a str {
        &panes.verdict.filter
    }

    fn set_filter(&self, panes: &mut Panes, text: String) -> Result<(), &'static str> {
        panes.verdict.filter = text;
        touch(&mut panes.verdict);
        Ok(())
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        FIELDS
    }

    fn filtered(&self, panes: &mut Panes, request: u64, rows: &[u32]) -> bool {
        let ours = panes.verdict.sieve.take(request, rows);
        if ours {
            touch(&mut panes.verdict);
        }
        ours
    }

    fn open(&self, model: &mut Model) -> Opening {
        match subject(model) {
            Subject::Item { path, uid, .. } => Opening::Item(path, uid),
            Subject::Verdict => Opening::Pane(PaneKind::Blockers),
            Subject::Nothing => {
                unfold(&mut model.panes.verdict);
                Opening::Nothing
            }
            subject => {
                let row = match &subject {
                    Subject::Gate { id, .. } => row_of_gate(model, id),
                    claim => model
                        .assessment
                        .as_ref()
                        .and_then(|assessment| claims::key_of(assessment, claim))
                        .map(|key| (PaneKind::Claims, key)),
                };
                match row {
                    Some((pane, key)) => Opening::Row(pane, key),
                    None if subject.place().is_some() && !matches!(subject, Subject::Problem(..)) => {
                        Opening::Pane(PaneKind::Document)
                    }
                    None => Opening::Explain(subject),
                }
            }
        }
    }

    fn view(&self, model: &Model, area: Area) -> Pane {
        view(model, area)
    }
}

/// Builds the rows anew when the judgement, the filter or the folding changed.
fn refresh(model: &mut Model, assessment: &Arc<Assessment>) -> Option<Effect> {
    let mut effect = None;
    if model.panes.verdict.built != model.generation {
        let filter = model.panes.verdict.filter.clone();
        let matching = sieve::matching(model, &filter, assessment, |model| &mut model.panes.verdict.sieve);
        let state = &mut model.panes.verdict;
        state.built = model.generation;
        let (filter, hits, asked) = matching.ready(&filter);
        effect = asked;
        // While a filter is being matched, the rows of the same judgement stay.
        if filter == state.filter || state.of != model.generation {
            state.of = model.generation;
            let matcher = Matcher::of(&Filter {
                text: filter.to_owned(),
            });
            let (everything, complete) = (state.everything, model.progress.complete);
            state.rows = build(assessment, &matcher, hits.as_deref(), everything, complete);
            let at = find(&state.rows, assessment, &state.anchor);
            if let Some(at) = at {
                state.cursor.place(at);
            }
        }
    }
    let state = &mut model.panes.verdict;
    state.cursor.at = state.cursor.at.min(state.rows.len().saturating_sub(1));
    model.panes.verdict.anchor = subject(model);
    effect
}

/// Makes the next refresh build the rows anew.
pub(in crate::app) const fn touch(state: &mut State) {
    // Generations count from 1, so that this one never matches and is not taken for the first build.
    state.built = u64::MAX;
}

/// Shows what was left out, when the selection is the row that says so.
fn unfold(state: &mut State) {
    if let Some(Row::More(..)) = state.rows.get(state.cursor.at) {
        state.everything = true;
        touch(state);
    }
}

/// Moves the selection over the rows that only are text.
fn go(state: &mut State, motion: Motion, height: usize) {
    let wanted = motion.from(state.cursor.at, state.rows.len(), height);
    let selectable = |at: &usize| {
        let row = state.rows.get(*at);
        row.is_some_and(|row| {
            matches!(
                row,
                Row::Headline
                    | Row::Said(..)
                    | Row::Contradiction(..)
                    | Row::Gate(_)
                    | Row::Reason(_)
                    | Row::Problem(_)
                    | Row::More(..)
                    | Row::Empty(_)
            )
        })
    };
    let after = || (wanted..state.rows.len()).find(selectable);
    let before = || (0..=wanted).rev().find(selectable);
    let at = if wanted >= state.cursor.at {
        after().or_else(before)
    } else {
        before().or_else(after)
    };
    state.cursor.at = at.unwrap_or(wanted);
}

/// Where the worst reason stands, for the preview before anything was selected.
pub(super) fn worst(assessment: &Assessment) -> Option<Place> {
    let mut reasons = assessment.reasons.iter().take(50);
    reasons.find_map(|reason| Subject::of_reason(assessment, reason.kind).place())
}

fn build(
    assessment: &Assessment,
    matcher: &Matcher,
    hits: Option<&Hits>,
    everything: bool,
    complete: bool,
) -> Vec<Row> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut rows = vec![Row::Headline];
    if !assessment
        .documents
        .iter()
        .any(|document| document.report.recognition.counts)
        && complete
    {
        rows.extend((0..rows::empty(assessment).len()).map(Row::Empty));
        problems(assessment, &mut rows);
        return rows;
    }
    rows.extend([Row::Counts, Row::Shown]);
    let repository = &assessment.repository;
    if !repository.git || repository.commit.is_none() {
        rows.push(Row::Remark);
    }
    let reasons = (0u32..).zip(&assessment.reasons).filter_map(|(r, reason)| {
        (matcher.is_empty() || matches(assessment, matcher, hits, reason)).then_some(Row::Reason(r))
    });
    let reasons: Vec<Row> = reasons.collect();
    rows.extend([Row::Blank, Row::Heading(Part::Reasons, count(reasons.len()))]);
    // Who filters wants to see what was found.
    let all = everything || !matcher.is_empty();
    push_capped(&mut rows, reasons, Part::Reasons, REASONS_SHOWN, all);
    let counting = || {
        let documents = (0u32..).zip(&assessment.documents);
        documents.filter(|(_, document)| document.report.recognition.counts)
    };
    let gates: Vec<Row> = (0..count(assessment.gates.len())).map(Row::Gate).collect();
    if !gates.is_empty() {
        rows.extend([Row::Blank, Row::Heading(Part::Gates, count(gates.len()))]);
        push_capped(&mut rows, gates, Part::Gates, GATES_SHOWN, everything);
    }
    let said = counting().flat_map(|(d, document)| {
        let declared = 0..count(document.report.declared_verdicts.len());
        declared.map(move |v| Row::Said(d, v))
    });
    let said: Vec<Row> = said.collect();
    rows.extend([Row::Blank, Row::Heading(Part::Said, count(said.len()))]);
    push_capped(&mut rows, said, Part::Said, SAID_SHOWN, everything);
    let contradictions = counting().flat_map(|(d, document)| {
        let found = 0..count(document.report.contradictions.len());
        found.map(move |c| Row::Contradiction(d, c))
    });
    let contradictions: Vec<Row> = contradictions.collect();
    if !contradictions.is_empty() {
        let heading = Row::Heading(Part::Contradictions, count(contradictions.len()));
        rows.extend([Row::Blank, heading]);
        let (part, shown) = (Part::Contradictions, CONTRADICTIONS_SHOWN);
        push_capped(&mut rows, contradictions, part, shown, everything);
    }
    problems(assessment, &mut rows);
    rows
}

fn problems(assessment: &Assessment, rows: &mut Vec<Row>) {
    let found = u32::try_from(assessment.problems.len()).unwrap_or(u32::MAX);
    if found > 0 {
        rows.extend([Row::Blank, Row::Heading(Part::Problems, found)]);
        rows.extend((0..found).map(Row::Problem));
    }
}

fn push_capped(rows: &mut Vec<Row>, all: Vec<Row>, part: Part, shown: usize, everything: bool) {
    let hidden = all.len().saturating_sub(shown);
    // One row that says "1 more" would hide nothing and cost as much.
    if everything || hidden <= 1 {
        rows.extend(all);
        return;
    }
    rows.extend(all.into_iter().take(shown));
    rows.push(Row::More(part, u32::try_from(hidden).unwrap_or(u32::MAX)));
}

fn matches(assessment: &Assessment, matcher: &Matcher, hits: Option<&Hits>, reason: &Reason) -> bool {
    match (reason.kind, hits) {
        (ReasonKind::Item(d, i), Some(hits)) => hits.item(d, i),
        (ReasonKind::Item(d, i), None) => {
            let found = assessment.item(d, i);
            found.is_some_and(|(document, item, state)| matcher.item(&document.report, item, state))
        }
        _ => {
            let words = assessment.explain(reason);
            matcher.text(&words.source, &words.message)
        }
    }
}

fn find(rows: &[Row], assessment: &Assessment, anchor: &Subject) -> Option<usize> {
    if let Subject::Item { path, uid, .. } = anchor {
        let (d, i) = find_item(assessment, path, *uid)?;
        let is = |row: &Row| match row {
            Row::Reason(r) => {
                let reason = assessment.reasons.get(*r as usize);
                reason.is_some_and(|reason| reason.kind == ReasonKind::Item(d, i))
            }
            _ => false,
        };
        return rows.iter().position(is);
    }
    if *anchor == Subject::Nothing {
        return None;
    }
    // The items are the many; the others are compared one by one.
    rows.iter().position(|row| {
        let item = matches!(row, Row::Reason(r) if assessment.reasons.get(*r as usize).is_some_and(|reason| matches!(reason.kind, ReasonKind::Item(..))));
        !item && subject_of(assessment, *row) == *anchor
    })
}

/// What is selected.
fn subject(model: &Model) -> Subject {
    let state = &model.panes.verdict;
    match (&model.assessment, state.rows.get(state.cursor.at)) {
        (Some(assessment), Some(row)) => subject_of(assessment, *row),
        _ => Subject::Nothing,
    }
}

fn subject_of(assessment: &Assessment, row: Row) -> Subject {
    match row {
        Row::Headline | Row::Shown | Row::Counts => Subject::Verdict,
        Row::Blank | Row::Heading(..) | Row::More(..) | Row::Empty(_) | Row::Remark => Subject::Nothing,
        Row::Said(d, v) => Subject::of_reason(assessment, ReasonKind::Declared(d, v)),
        Row::Contradiction(d, c) => Subject::of_reason(assessment, ReasonKind::Contradiction(d, c)),
        Row::Gate(gate) => Subject::of_gate(assessment, gate).unwrap_or_default(),
        Row::Problem(problem) => Subject::of_reason(assessment, ReasonKind::Problem(problem)),
        Row::Reason(r) => assessment
            .reasons
            .get(r as usize)
            .map_or(Subject::Nothing, |reason| {
                Subject::of_reason(assessment, reason.kind)
            }),
    }
}

/// The pane as plain data.
fn view(model: &Model, area: Area) -> Pane {
    let state = &model.panes.verdict;
    list_pane(
        model,
        PaneKind::Verdict,
        area,
        state.cursor,
        state.rows.len(),
        |row, width| match (&model.assessment, state.rows.get(row)) {
            (Some(assessment), Some(row)) => rows::line(model, assessment, *row, width),
            _ => rows::waiting(model),
        },
    )
}
