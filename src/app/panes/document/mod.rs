//! Pane 4: a document line by line with its markers in place. Follows the selection of the lists; with the keys, it
//! has a cursor of its own.
//!
//! Invariant: only the visible lines are looked at, however long the document.

use std::sync::Arc;

use super::list::{Cursor, Motion};
use super::{Behaviour, Opening, Panes, Place, Subject};
use crate::app::Effect;
use crate::app::command::Command;
use crate::app::filter::Needle;
use crate::app::model::Model;
use crate::app::view::{Area, Pane};
use crate::engine::{Assessment, JudgedDocument};
use crate::model::{CoveredFile, Item, RepoPath, Uid};
use crate::text::markdown::Outline;
use crate::text::{ContentHash, SourceText};

mod detail;
mod draw;
mod scroll;
mod votes;

pub use votes::votes;

/// Documents that are kept for going back and forth.
const KEPT: usize = 12;
/// Beyond this size the blocks are not looked for: the text is shown plain.
const STYLED: usize = 512 * 1024;

/// What the pane remembers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// What is shown.
    pub place: Option<Place>,
    /// First visible row.
    pub top: scroll::Top,
    /// What is searched in the document.
    pub search: String,
    loaded: Vec<Loaded>,
    /// The document that was asked for, with the content that it was asked for.
    wanted: Option<(RepoPath, Option<ContentHash>)>,
    /// The place was chosen by a list: show lines before and after.
    reveal: bool,
    generation: u64,
}

/// A document's text, or why it cannot be shown.
#[derive(Debug, Clone, PartialEq)]
struct Loaded {
    path: RepoPath,
    text: Result<Arc<Text>, String>,
    /// The content that the judgement had when this was asked for; a new one is asked for once.
    asked_for: Option<ContentHash>,
}

/// A text with its blocks.
#[derive(Debug, PartialEq)]
pub(super) struct Text {
    source: Arc<SourceText>,
    outline: Outline,
}

impl Text {
    fn of(source: Arc<SourceText>, markdown: bool) -> Self {
        let text = source.text();
        let outline = if markdown && text.len() <= STYLED {
            Outline::of(text)
        } else {
            Outline {
                lines: crate::text::lines::LineIndex::of(text),
                ..Outline::default()
            }
        };
        Self { source, outline }
    }

    fn lines(&self) -> u32 {
        let text = self.source.text();
        let count = self.outline.lines.count();
        // The empty line behind the last line break is none that people count.
        let empty_end = count > 1 && text.ends_with(['\n', '\r']);
        u32::try_from(count - usize::from(empty_end)).unwrap_or(u32::MAX)
    }

    fn range(&self, line: u32) -> std::ops::Range<usize> {
        self.outline.lines.range(line, self.source.text())
    }

    fn line(&self, line: u32) -> &str {
        self.source.text().get(self.range(line)).unwrap_or_default()
    }
}

/// The pane.
pub(super) struct Document;

impl Behaviour for Document {
    fn title(&self) -> &'static str {
        "Document"
    }

    fn about(&self) -> &'static str {
        "the document itself with its status markers, and the vote of the selected item"
    }

    fn command(&self) -> Command {
        Command::GoDocument
    }

    fn subject(&self, model: &Model) -> Subject {
        subject(model)
    }

    fn go(&self, panes: &mut Panes, motion: Motion, height: usize) {
        panes.document.go(motion, height);
    }

    fn cursor<'a>(&self, _panes: &'a mut Panes) -> Option<(&'a mut Cursor, usize)> {
        None
    }

    fn filter<'a>(&self, panes: &'a Panes) -> &'a str {
        &panes.document.search
    }

    fn set_filter(&self, panes: &mut Panes, text: String) -> Result<(), &'static str> {
        let state = &mut panes.document;
        state.search = text;
        if state.search.is_empty() || state.next_match(true, true) {
            Ok(())
        } else {
            Err(NO_MATCH)
        }
    }

    fn offers(&self) -> &'static [Command] {
        &[Command::NextMatch, Command::PreviousMatch]
    }

    fn open(&self, model: &mut Model) -> Opening {
        Opening::Explain(subject(model))
    }

    fn view(&self, model: &Model, area: Area) -> Pane {
        draw::view(model, area)
    }
}

/// Told when a search finds nothing.
pub(in crate::app) const NO_MATCH: &str = "no match in this document";

impl State {
    /// Shows the place that a list has selected.
    pub(in crate::app) fn follow(&mut self, place: Option<Place>) {
        let Some(place) = place else { return };
        let same = self.place.as_ref().is_some_and(|now| {
            now.path == place.path && now.line == place.line && (place.uid.is_none() || now.uid == place.uid)
        });
        if !same {
            self.place = Some(place);
            self.reveal = true;
        }
    }

    /// Takes a document that was asked for.
    pub(in crate::app) fn take(&mut self, path: RepoPath, text: Result<Arc<SourceText>, String>) {
        let asked_for = self
            .wanted
            .take_if(|(wanted, _)| *wanted == path)
            .and_then(|(_, hash)| hash);
        self.loaded.retain(|loaded| loaded.path != path);
        if self.loaded.len() >= KEPT {
            self.loaded.remove(0);
        }
        if self.place.as_ref().is_some_and(|place| place.path == path) && self.text().is_none() {
            self.reveal = true;
        }
        let markdown = is_markdown(&path);
        self.loaded.push(Loaded {
            path,
            text: text.map(|source| Arc::new(Text::of(source, markdown))),
            asked_for,
        });
    }

    fn loaded(&self) -> Option<&Loaded> {
        let path = &self.place.as_ref()?.path;
        self.loaded.iter().find(|loaded| loaded.path == *path)
    }

    /// The text of a document when it is at hand with this very content.
    pub(in crate::app) fn source_of(&self, path: &RepoPath, hash: ContentHash) -> Option<&SourceText> {
        let loaded = self.loaded.iter().find(|loaded| loaded.path == *path)?;
        let text = loaded.text.as_ref().ok()?;
        (text.source.hash() == hash).then_some(&*text.source)
    }

    fn text(&self) -> Option<&Arc<Text>> {
        self.loaded()?.text.as_ref().ok()
    }

    /// Moves the cursor.
    fn go(&mut self, motion: Motion, height: usize) {
        let lines = self.text().map_or(1, |text| text.lines() as usize);
        if let Some(place) = &mut self.place {
            let at = motion.from(place.line.saturating_sub(1) as usize, lines, height);
            place.line = u32::try_from(at + 1).unwrap_or(u32::MAX);
            place.uid = None;
        }
    }

    /// Goes to the next line, or the one before, that holds what is searched; says whether there is one.
    pub(in crate::app) fn next_match(&mut self, forward: bool, from_here: bool) -> bool {
        let needle = Needle::new(&self.search);
        let (Some(text), Some(line)) = (self.text().cloned(), self.place.as_ref().map(|place| place.line))
        else {
            return false;
        };
        let all = text.lines();
        let first = u32::from(!from_here);
        let found = (first..=all).map(|step| {
            let at = if forward {
                line - 1 + step
            } else {
                line - 1 + all - step % all
            };
            at % all + 1
        });
        let found = found
            .into_iter()
            .find(|&line| needle.find(text.line(line)).is_some());
        if let (Some(line), Some(place)) = (found, &mut self.place) {
            place.line = line;
            place.uid = None;
            self.reveal = true;
        }
        found.is_some()
    }
}

/// Whether a file's blocks are Markdown; in other files `#` and `*` mean something else.
fn is_markdown(path: &RepoPath) -> bool {
    let name = path.file_name();
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| matches!(&*ending, "md" | "markdown" | "mdown" | "mkd" | "mdx"))
}

/// The coverage of the document that is shown.
fn coverage(model: &Model) -> Option<&CoveredFile> {
    let place = model.panes.document.place.as_ref()?;
    let file = model.assessment.as_ref()?.gathered.covered(place.path.as_str())?;
    file.mapped.then_some(file)
}

/// The lines of the shown document that no test ran; `None` when there is none.
pub(in crate::app) fn misses(model: &Model) -> Option<impl Iterator<Item = u32>> {
    let file = coverage(model)?;
    let mut lines = file
        .lines
        .iter()
        .filter(|(_, ran)| !ran)
        .map(|(line, _)| line)
        .peekable();
    lines.peek()?;
    Some(lines)
}

/// Goes to the next line that no test ran, or the one before; a run of them counts once.
pub(in crate::app) fn next_miss(model: &mut Model, forward: bool) {
    let Some(now) = model.panes.document.place.as_ref().map(|place| place.line) else {
        return;
    };
    let mut starts: Vec<u32> = Vec::new();
    let mut before = None;
    for line in misses(model).into_iter().flatten() {
        if before.is_none_or(|before| before + 1 < line) {
            starts.push(line);
        }
        before = Some(line);
    }
    let next = if forward {
        starts.iter().find(|line| **line > now).or(starts.first())
    } else {
        starts.iter().rev().find(|line| **line < now).or(starts.last())
    };
    let state = &mut model.panes.document;
    if let (Some(&line), Some(place)) = (next, &mut state.place) {
        place.line = line;
        place.uid = None;
        state.reveal = true;
    }
}

/// What is selected.
fn subject(model: &Model) -> Subject {
    let Some(place) = &model.panes.document.place else {
        return Subject::Nothing;
    };
    let item = model
        .assessment
        .as_ref()
        .and_then(|assessment| judged(assessment, &place.path))
        .and_then(|(_, document)| selected_item(document, place));
    match item {
        Some(item) => Subject::Item {
            path: place.path.clone(),
            uid: item.uid,
            line: place.line,
        },
        None => Subject::Line {
            path: place.path.clone(),
            line: place.line,
        },
    }
}

fn judged<'a>(assessment: &'a Assessment, path: &RepoPath) -> Option<(u32, &'a Arc<JudgedDocument>)> {
    let d = assessment.document(path)?;
    Some((u32::try_from(d).ok()?, assessment.documents.get(d)?))
}

/// The item that a place names, or the one on its line.
fn selected_item<'a>(document: &'a JudgedDocument, place: &Place) -> Option<&'a Item> {
    let by_uid = |uid: Uid| document.report.items.iter().find(|item| item.uid == uid);
    match place.uid {
        Some(uid) => by_uid(uid),
        None => item_at(document, place.line).map(|(item, _)| item),
    }
}

/// The item that begins on a line, with its index.
fn item_at(document: &JudgedDocument, line: u32) -> Option<(&Item, usize)> {
    let items = &document.report.items;
    let after = items.partition_point(|item| item.line < line);
    let item = items.get(after).filter(|item| item.line == line)?;
    Some((item, after))
}

/// Asks for the document when it is not at hand, and keeps the cursor visible.
pub(super) fn settle(model: &mut Model) -> Option<Effect> {
    let layout = model.layout();
    let area = layout.document?;
    let inner = layout.inner(area);
    let generation = model.generation;
    let assessment = model.assessment.clone();
    let state = &mut model.panes.document;
    let path = state.place.as_ref()?.path.clone();
    let report = assessment
        .as_ref()
        .and_then(|assessment| judged(assessment, &path));
    let hash = report.map(|(_, document)| document.report.hash);
    if state.generation != generation {
        state.generation = generation;
        // The item under the cursor may have moved; the cursor goes with it and stays at its screen row.
        if let (Some((_, document)), Some(place)) = (report, &mut state.place)
            && let Some(item) = place
                .uid
                .and_then(|uid| document.report.items.iter().find(|item| item.uid == uid))
        {
            let before = place.line;
            place.line = item.line;
            state.top.line = (state.top.line + item.line).saturating_sub(before).max(1);
        }
    }
    let mut effect = None;
    let at_hand = state.loaded().is_some_and(|loaded| {
        let same = |text: &Arc<Text>| hash.is_none_or(|hash| text.source.hash() == hash);
        loaded.text.as_ref().is_ok_and(same) || loaded.asked_for == hash
    });
    let wanted = (path, hash);
    if !at_hand && state.wanted.as_ref() != Some(&wanted) {
        effect = Some(Effect::ReadDocument(wanted.0.clone()));
        state.wanted = Some(wanted);
    }
    let width = usize::from(inner.width);
    let height = match detail::detail(model, width, usize::from(inner.height)) {
        Some((_, rest)) => rest,
        None => usize::from(inner.height),
    };
    let state = &mut model.panes.document;
    if let (Some(text), Some(place)) = (state.text().cloned(), &mut state.place) {
        place.line = place.line.clamp(1, text.lines());
        let fresh = report.filter(|(_, document)| text.source.hash() == document.report.hash);
        // Moving onto an item by the cursor names it, so that it is found again after a change.
        if place.uid.is_none()
            && let Some((_, document)) = fresh
        {
            place.uid = item_at(document, place.line).map(|(item, _)| item.uid);
        }
        let line = place.line;
        let reveal = std::mem::take(&mut state.reveal);
        let top = state.top;
        let note = fresh.map_or(0, |(_, document)| {
            draw::note_rows(model, document, &text, line, width)
        });
        let columns = draw::text_columns(&text, width);
        let wish = scroll::Wish { reveal, note };
        model.panes.document.top = scroll::settle(&text, top, line, (columns, height), wish);
    }
    effect
}
