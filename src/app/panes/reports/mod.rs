//! Pane 3: the documents and their sections with their progress; documents that do not count say why.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::list::Cursor;
use super::sieve::{self, Sieve};
use super::{Behaviour, Opening, PaneKind, Panes, Subject};
use crate::app::Effect;
use crate::app::command::Command;
use crate::app::filter::{self, FIELDS, Filter, Hits, Matcher};
use crate::app::model::Model;
use crate::app::view::line::{counted, fit, number, short, short_path};
use crate::app::view::{Area, Cell, Line, Pane, Role, glyphs_of, list_pane};
use crate::engine::{Assessment, JudgedDocument};
use crate::model::{RepoPath, Status};
use crate::text::width::columns;

/// Up to so many documents their sections are shown at the start.
const UNFOLDED: usize = 8;
/// Up to so many documents that do not count are shown at the start.
const REST_SHOWN: usize = 8;

/// What the pane remembers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The selected row.
    pub cursor: Cursor,
    /// Every row.
    pub rows: Vec<Row>,
    /// Only documents with something that blocks.
    pub failing: bool,
    /// What the documents are filtered by.
    pub filter: String,
    /// Documents whose folding differs from the default.
    flipped: HashSet<RepoPath>,
    /// Sections are shown by default; `None` decides by the number of documents.
    unfolded: Option<bool>,
    /// Documents that do not count are shown; `None` decides by their number.
    rest: Option<bool>,
    progress: HashMap<u32, Progress>,
    sections: HashMap<u32, Vec<Progress>>,
    sieve: Sieve,
    /// The judgement that the rows are of.
    of: u64,
    built: u64,
    anchor: Subject,
}

/// One row; numbers index the assessment's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A document, unfolded or not.
    Document(u32, bool),
    /// Document index, section index.
    Section(u32, u32),
    /// The documents that do not count: how many, unfolded or not.
    Rest(u32, bool),
}

/// Items that are done and all items that a release waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Progress {
    done: u32,
    total: u32,
    blocking: u32,
}

impl Progress {
    fn add(&mut self, status: Status, blocks: bool) {
        if status != Status::NotApplicable {
            self.total += 1;
            self.done += u32::from(status.says_done());
        }
        self.blocking += u32::from(blocks);
    }

    fn of(document: &JudgedDocument) -> Self {
        let mut progress = Self::default();
        for (item, state) in document.report.items.iter().zip(&document.states) {
            progress.add(item.declared, filter::blocks(*state));
        }
        progress
    }

    /// For each section with what lies below it.
    fn of_sections(document: &JudgedDocument) -> Vec<Self> {
        let report = &document.report;
        let mut sections = vec![Self::default(); report.sections.len()];
        for (item, state) in report.items.iter().zip(&document.states) {
            let mut at = item.section;
            for _ in 0..16 {
                let Some(index) = at.map(|index| index as usize) else {
                    break;
                };
                let (Some(progress), Some(section)) = (sections.get_mut(index), report.sections.get(index))
                else {
                    break;
                };
                progress.add(item.declared, filter::blocks(*state));
                at = section.parent;
            }
        }
        sections
    }
}

/// The pane.
pub(super) struct Reports;

impl Behaviour for Reports {
    fn title(&self) -> &'static str {
        "Reports"
    }

    fn about(&self) -> &'static str {
        "the documents and their sections with their progress; those that do not count say why"
    }

    fn command(&self) -> Command {
        Command::GoReports
    }

    fn subject(&self, model: &Model) -> Subject {
        subject(model)
    }

    fn cursor<'a>(&self, panes: &'a mut Panes) -> Option<(&'a mut Cursor, usize)> {
        Some((&mut panes.reports.cursor, panes.reports.rows.len()))
    }

    fn refresh(&self, model: &mut Model, assessment: &Arc<Assessment>) -> Option<Effect> {
        refresh(model, assessment)
    }

    fn filter<'a>(&self, panes: &'a Panes) -> &'a str {
        &panes.reports.filter
    }

    fn set_filter(&self, panes: &mut Panes, text: String) -> Result<(), &'static str> {
        panes.reports.filter = text;
        touch(&mut panes.reports);
        Ok(())
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        FIELDS
    }

    fn filtered(&self, panes: &mut Panes, request: u64, rows: &[u32]) -> bool {
        let ours = panes.reports.sieve.take(request, rows);
        if ours {
            touch(&mut panes.reports);
        }
        ours
    }

    fn offers(&self) -> &'static [Command] {
        &[Command::OnlyFailing, Command::Fold, Command::FoldAll]
    }

    fn run(&self, model: &mut Model, command: Command) {
        match command {
            Command::OnlyFailing => {
                model.panes.reports.failing = !model.panes.reports.failing;
                touch(&mut model.panes.reports);
            }
            Command::Fold => fold(model),
            Command::FoldAll => fold_all(model),
            _ => {}
        }
    }

    fn open(&self, model: &mut Model) -> Opening {
        if subject(model) == Subject::Nothing {
            fold(model);
            return Opening::Nothing;
        }
        Opening::Pane(PaneKind::Document)
    }

    fn view(&self, model: &Model, area: Area) -> Pane {
        view(model, area)
    }
}

/// Builds the rows anew when the judgement, the filter or the folding changed.
fn refresh(model: &mut Model, assessment: &Arc<Assessment>) -> Option<Effect> {
    let mut effect = None;
    if model.panes.reports.built != model.generation {
        let filter = model.panes.reports.filter.clone();
        let matching = sieve::matching(model, &filter, assessment, |model| &mut model.panes.reports.sieve);
        let state = &mut model.panes.reports;
        state.built = model.generation;
        let (filter, hits, asked) = matching.ready(&filter);
        effect = asked;
        // While a filter is being matched, the rows of the same judgement stay.
        if filter == state.filter || state.of != model.generation {
            state.of = model.generation;
            build(state, assessment, filter, hits.as_deref());
            let anchor = state.anchor.clone();
            if let Some(at) = find(&state.rows, assessment, &anchor) {
                state.cursor.place(at);
            }
        }
    }
    let state = &mut model.panes.reports;
    state.cursor.at = state.cursor.at.min(state.rows.len().saturating_sub(1));
    model.panes.reports.anchor = subject(model);
    effect
}

/// Makes the next refresh build the rows anew.
const fn touch(state: &mut State) {
    state.built = u64::MAX;
}

fn build(state: &mut State, assessment: &Assessment, filter: &str, hits: Option<&Hits>) {
    let matcher = Matcher::of(&Filter {
        text: filter.to_owned(),
    });
    let matches = |d: u32, document: &JudgedDocument| {
        let report = &document.report;
        let title = report.title.as_deref().unwrap_or_default();
        let item = || match hits {
            Some(hits) => hits.document(d),
            None => {
                let mut items = report.items.iter().zip(&document.states);
                items.any(|(item, state)| matcher.item(report, item, *state))
            }
        };
        matcher.is_empty() || matcher.text(report.path.as_str(), title) || item()
    };
    state.rows.clear();
    state.progress.clear();
    state.sections.clear();
    let all = (0u32..)
        .zip(&assessment.documents)
        .filter(|(d, document)| matches(*d, document));
    let (counting, rest): (Vec<_>, Vec<_>) =
        all.partition(|(_, document)| document.report.recognition.counts);
    let default = state.unfolded.unwrap_or(counting.len() <= UNFOLDED);
    for (d, document) in counting {
        let report = &document.report;
        let progress = Progress::of(document);
        if state.failing && progress.blocking == 0 {
            continue;
        }
        state.progress.insert(d, progress);
        let open = default != state.flipped.contains(&document.report.path);
        state.rows.push(Row::Document(d, open));
        if open {
            let sections = Progress::of_sections(document);
            let worth = |(s, sections): &(u32, &Progress)| {
                // A title above everything would only say again what the document's own row says.
                let title = report
                    .sections
                    .get(*s as usize)
                    .is_some_and(|section| section.parent.is_none());
                sections.total > 0 && !(title && **sections == progress && report.sections.len() > 1)
            };
            let with_items = (0u32..).zip(&sections).filter(worth);
            state.rows.extend(with_items.map(|(s, _)| Row::Section(d, s)));
            state.sections.insert(d, sections);
        }
    }
    if !rest.is_empty() && !state.failing {
        let open = state.rest.unwrap_or(rest.len() <= REST_SHOWN) || !matcher.is_empty();
        let count = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        state.rows.push(Row::Rest(count, open));
        if open {
            state
                .rows
                .extend(rest.into_iter().map(|(d, _)| Row::Document(d, false)));
        }
    }
}

fn find(rows: &[Row], assessment: &Assessment, anchor: &Subject) -> Option<usize> {
    let path = match anchor {
        Subject::Document(path) | Subject::Section { path, .. } => path,
        _ => return None,
    };
    let d = u32::try_from(assessment.document(path)?).ok()?;
    let exact = rows.iter().position(|row| {
        matches!(row, Row::Document(at, _) | Row::Section(at, _) if *at == d)
            && subject_of(assessment, *row) == *anchor
    });
    exact.or_else(|| {
        rows.iter()
            .position(|row| matches!(row, Row::Document(at, _) if *at == d))
    })
}

/// Folds or unfolds what is selected.
fn fold(model: &mut Model) {
    let Some(assessment) = model.assessment.clone() else {
        return;
    };
    let state = &mut model.panes.reports;
    match state.rows.get(state.cursor.at) {
        Some(Row::Document(d, _) | Row::Section(d, _)) => {
            if let Some(document) = assessment.documents.get(*d as usize) {
                let path = document.report.path.clone();
                // The section that is folded away hands the selection to its document.
                state.anchor = Subject::Document(path.clone());
                if !state.flipped.remove(&path) {
                    state.flipped.insert(path);
                }
            }
        }
        Some(Row::Rest(_, open)) => state.rest = Some(!open),
        None => {}
    }
    touch(state);
}

/// Folds everything when anything is unfolded, else unfolds everything.
fn fold_all(model: &mut Model) {
    let state = &mut model.panes.reports;
    let any = state.rows.iter().any(|row| matches!(row, Row::Document(_, true)));
    state.unfolded = Some(!any);
    state.flipped.clear();
    touch(state);
}

/// What is selected.
fn subject(model: &Model) -> Subject {
    let state = &model.panes.reports;
    match (&model.assessment, state.rows.get(state.cursor.at)) {
        (Some(assessment), Some(row)) => subject_of(assessment, *row),
        _ => Subject::Nothing,
    }
}

fn subject_of(assessment: &Assessment, row: Row) -> Subject {
    let report = |d: u32| {
        assessment
            .documents
            .get(d as usize)
            .map(|document| &document.report)
    };
    let subject = match row {
        Row::Document(d, _) => report(d).map(|report| Subject::Document(report.path.clone())),
        Row::Section(d, s) => report(d).and_then(|report| {
            Some(Subject::Section {
                path: report.path.clone(),
                line: report.sections.get(s as usize)?.line,
            })
        }),
        Row::Rest(..) => None,
    };
    subject.unwrap_or_default()
}

/// The pane as plain data.
fn view(model: &Model, area: Area) -> Pane {
    let state = &model.panes.reports;
    let mut pane = list_pane(
        model,
        PaneKind::Reports,
        area,
        state.cursor,
        state.rows.len(),
        |row, width| match (&model.assessment, state.rows.get(row)) {
            (Some(assessment), Some(row)) => line(model, assessment, *row, width),
            _ => nothing(model),
        },
    );
    if state.failing {
        pane.note.cells.insert(0, Cell::new("only failing ", Role::Muted));
    }
    pane
}

fn nothing(model: &Model) -> Line {
    let state = &model.panes.reports;
    let text = if !model.settled() && state.filter.is_empty() {
        "reading the reports"
    } else if !state.filter.is_empty() {
        "Nothing matches: press esc to take the filter away"
    } else if state.failing {
        "No report has an item that blocks: press f to see all"
    } else {
        "No Markdown document was found: press 1 to see what was looked at"
    };
    Line::of(text, Role::Muted)
}

fn line(model: &Model, assessment: &Assessment, row: Row, width: usize) -> Line {
    let glyphs = glyphs_of(model);
    let cut = glyphs.ellipsis();
    let fold = |open: bool| if open { glyphs.unfolded() } else { glyphs.folded() };
    let state = &model.panes.reports;
    match row {
        Row::Rest(count, open) => {
            let count = counted(
                count as usize,
                "document does not count",
                "documents do not count",
            );
            Line::of(format!("{} {count}", fold(open)), Role::Muted)
        }
        Row::Document(d, open) => {
            let Some(document) = assessment.documents.get(d as usize) else {
                return Line::default();
            };
            let path = document.report.path.as_str();
            if !document.report.recognition.counts {
                let why = document.report.recognition.why.join("; ");
                let path = short_path(path, width / 2, cut);
                let rest = width.saturating_sub(columns(&path) + 4);
                return Line::of(format!("  {path}  "), Role::Disabled)
                    .and(short(&why, rest, cut), Role::Muted);
            }
            let progress = state.progress.get(&d).copied().unwrap_or_default();
            let mut line = bar(progress, model, width);
            let used = line.right.iter().map(|cell| columns(&cell.text)).sum::<usize>() + 3;
            let path = short_path(path, width.saturating_sub(used), cut);
            line.cells = vec![Cell::new(format!("{} {path}", fold(open)), Role::Strong)];
            line
        }
        Row::Section(d, s) => {
            let section = assessment
                .documents
                .get(d as usize)
                .and_then(|d| d.report.sections.get(s as usize));
            let Some(section) = section else {
                return Line::default();
            };
            let progress = state
                .sections
                .get(&d)
                .and_then(|sections| sections.get(s as usize));
            let mut line = bar(progress.copied().unwrap_or_default(), model, width);
            let indent = 2 + 2 * usize::from(section.level.clamp(1, 6));
            let used = line.right.iter().map(|cell| columns(&cell.text)).sum::<usize>() + indent + 1;
            let title = short(&section.title, width.saturating_sub(used), cut);
            line.cells = vec![Cell::new(format!("{:indent$}{title}", ""), Role::Text)];
            line
        }
    }
}

/// `3 block ███░░░ 12/45` as the right cells of a line.
fn bar(progress: Progress, model: &Model, width: usize) -> Line {
    let glyphs = glyphs_of(model);
    let Progress {
        done,
        total,
        blocking,
    } = progress;
    let cells = if width >= 60 { 10 } else { 5 };
    let full = match (done as usize * cells).checked_div(total as usize) {
        // A bar that looks full before everything is done would be a false GO of its own.
        Some(full) => full.min(cells),
        None => 0,
    };
    let mut right = Vec::new();
    if blocking > 0 && width >= 44 {
        right.push(Cell::new(
            format!(" {} block ", number(blocking as usize)),
            Role::Open,
        ));
    }
    right.push(Cell::new(glyphs.full().repeat(full), Role::BarFull));
    right.push(Cell::new(glyphs.empty().repeat(cells - full), Role::BarEmpty));
    let figures = format!("{done}/{total}");
    right.push(Cell::new(
        format!(" {}", fit(&figures, figures.len().max(7), "")),
        Role::Muted,
    ));
    Line {
        right,
        ..Line::default()
    }
}
