//! Find a command, a document or an item by a few letters.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{Done, Overlay, border, frame};
use crate::app::command::Command;
use crate::app::filter::Needle;
use crate::app::key::{Key, KeyName};
use crate::app::layout::inside;
use crate::app::model::Model;
use crate::app::panes::list::{Cursor, Motion};
use crate::app::update::{edit_text, go_to, run};
use crate::app::view::footer::typed;
use crate::app::view::line::{fit, short, short_path};
use crate::app::view::{Body, Cell, Line, Pane, Role, glyphs_of};
use crate::model::{RepoPath, Uid};
use crate::text::width::columns;

/// What the palette remembers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// As typed.
    pub text: String,
    cursor: Cursor,
    found: Vec<Entry>,
}

/// Something to do or to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Command(Command),
    Document(RepoPath),
    Item(RepoPath, Uid, String),
}

/// So many entries are listed at most.
const SHOWN: usize = 200;

/// Opens the palette with every command.
pub(in crate::app) fn open(model: &mut Model) {
    let mut state = State::default();
    search(model, &mut state);
    model.overlay = Some(Overlay::Palette(state));
}

/// Looks for what was typed: commands and documents loosely, items by their id and then by their title.
pub(super) fn search(model: &Model, state: &mut State) {
    state.cursor = Cursor::default();
    let text = state.text.trim();
    let mut scored: Vec<(u32, Entry)> = Vec::new();
    let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut score = |haystack: &str| {
        let haystack = Utf32Str::new(haystack, &mut buffer);
        pattern.score(haystack, &mut matcher)
    };
    for &command in Command::ALL {
        // The name counts more than the words of its explanation.
        let name = score(command.name()).map(|score| score + 40);
        if let Some(score) = name.or_else(|| score(command.doc())) {
            scored.push((score, Entry::Command(command)));
        }
    }
    if let Some(assessment) = model.assessment.as_ref().filter(|_| !text.is_empty()) {
        for document in &assessment.documents {
            let path = &document.report.path;
            if let Some(score) = score(path.as_str()) {
                scored.push((score, Entry::Document(path.clone())));
            }
        }
        let needle = Needle::new(text);
        let mut items = Vec::new();
        'documents: for document in assessment
            .documents
            .iter()
            .filter(|document| document.report.recognition.counts)
        {
            for item in &document.report.items {
                let by_id = item.id.as_deref().and_then(|id| Some((id, needle.find(id)?)));
                let score = match by_id {
                    Some((id, found)) if found.start == 0 && found.end == id.len() => 1_000,
                    Some((_, found)) if found.start == 0 => 300,
                    Some(_) => 150,
                    None if text.len() > 2 && needle.find(&item.title).is_some() => 60,
                    None => continue,
                };
                let id = item.id.as_deref().map(|id| format!("{id} ")).unwrap_or_default();
                let name = format!("{id}{}", crate::app::view::line::prefix(&item.title, 200));
                items.push((score, Entry::Item(document.report.path.clone(), item.uid, name)));
                if items.len() >= 10 * SHOWN {
                    break 'documents;
                }
            }
        }
        scored.extend(items);
    }
    // A stable sort: equals stay in the order of the registry and of the documents.
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.truncate(SHOWN);
    state.found = scored.into_iter().map(|(_, entry)| entry).collect();
}

pub(super) fn press(model: &Model, state: &mut State, key: Key) -> Done {
    let down = key == Key::ctrl('n') || key == Key::plain(KeyName::Down);
    let up = key == Key::ctrl('p') || key == Key::plain(KeyName::Up);
    let motion = match key.name {
        _ if down => Some(Motion::Rows(1)),
        _ if up => Some(Motion::Rows(-1)),
        KeyName::PageDown => Some(Motion::Page(10)),
        KeyName::PageUp => Some(Motion::Page(-10)),
        _ => None,
    };
    if let Some(motion) = motion {
        let height = height(model);
        state.cursor.at = motion.from(state.cursor.at, state.found.len(), height);
        state.cursor.settle(state.found.len(), height);
        return Done::Stay;
    }
    if let Some(changed) = edit_text(&mut state.text, key) {
        if changed {
            search(model, state);
        }
        return Done::Stay;
    }
    match key.name {
        KeyName::Esc | KeyName::Backspace => Done::Close,
        KeyName::Enter => match state.found.get(state.cursor.at).cloned() {
            Some(Entry::Command(command)) => Done::Then(Box::new(move |model| run(model, command))),
            Some(Entry::Document(path)) => Done::Then(Box::new(move |model| go_to(model, path, None))),
            Some(Entry::Item(path, uid, _)) => {
                Done::Then(Box::new(move |model| go_to(model, path, Some(uid))))
            }
            None => Done::Stay,
        },
        _ => Done::Stay,
    }
}

fn height(model: &Model) -> usize {
    usize::from(model.size.1).saturating_sub(5).clamp(1, 20)
}

pub(super) fn view(model: &Model, state: &State) -> (Pane, Option<(u16, u16)>) {
    let glyphs = glyphs_of(model);
    let cut = glyphs.ellipsis();
    let area = frame(
        model,
        usize::from(model.size.0).saturating_sub(4).clamp(1, 90),
        height(model) + 1,
    );
    let inner = inside(area);
    let width = usize::from(inner.width);
    let (prompt, column) = typed(": ", &state.text, width);
    let context = model.context();
    let mut lines = vec![prompt];
    let shown = state
        .found
        .iter()
        .enumerate()
        .skip(state.cursor.top)
        .take(height(model));
    lines.extend(shown.map(|(n, entry)| {
        let selected = n == state.cursor.at;
        let pointer = if selected { glyphs.pointer() } else { " " };
        let line = Line::of(format!("{pointer} "), Role::Strong);
        let mut line = match entry {
            Entry::Command(command) => {
                let key = model.keymap.keys(*command).join("  ");
                let why = command.available(&context).err();
                let (role, doc) = match why {
                    None => (Role::Text, command.doc().to_owned()),
                    Some(why) => (Role::Disabled, format!("not now: {why}")),
                };
                let room = width.saturating_sub(22 + columns(&key) + 1);
                let mut line = line
                    .and(fit(command.name(), 18, cut) + " ", role)
                    .and(short(&doc, room, cut), Role::Muted);
                line.right = vec![Cell::new(key, Role::Key)];
                line
            }
            Entry::Document(path) => {
                let path = short_path(path.as_str(), width.saturating_sub(14), cut);
                line.and("document  ", Role::Muted).and(path, Role::Link)
            }
            Entry::Item(path, _, name) => {
                let place = short_path(path.file_name(), width / 3, cut);
                let room = width.saturating_sub(13 + columns(&place));
                let mut line = line
                    .and("item      ", Role::Muted)
                    .and(short(name, room, cut), Role::Text);
                line.right = vec![Cell::new(place, Role::Link)];
                line
            }
        };
        line.fill = selected.then_some(Role::Selected);
        line
    }));
    if state.found.is_empty() {
        lines.push(Line::of("  nothing has these letters", Role::Muted));
    }
    let scroll = (state.found.len() > height(model)).then_some((state.cursor.top, state.found.len()));
    let (title, note) = border("Commands, documents, items", " enter goes, esc closes ", area);
    let pane = Pane {
        area,
        title,
        note,
        focused: true,
        bare: false,
        body: Body::Lines { lines, scroll },
    };
    (pane, Some((inner.x + column, inner.y)))
}
