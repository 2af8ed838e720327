//! The visible lines of a document: gutter, text with its markers, the vote below the selected item.

use std::ops::Range;

use super::{Text, item_at, judged, scroll, votes};
use crate::app::filter::{Needle, blocks};
use crate::app::model::Model;
use crate::app::panes::PaneKind;
use crate::app::view::glyphs::Glyphs;
use crate::app::view::line::{number, short_path, wrap};
use crate::app::view::{Area, Body, Cell, Line, Pane, Role, glyphs_of};
use crate::engine::JudgedDocument;
use crate::text::clean::clean;
use crate::text::markdown::BlockKind;

/// Columns of line number, glyph and bar.
fn gutter(text: &Text) -> usize {
    digits(text) + 5
}

fn digits(text: &Text) -> usize {
    text.lines().max(1).ilog10() as usize + 1
}

/// Columns that are left for the text; the last one belongs to the scroll bar.
pub(super) fn text_columns(text: &Text, width: usize) -> usize {
    width.saturating_sub(gutter(text) + 1).max(2)
}

pub(super) fn view(model: &Model, area: Area) -> Pane {
    let layout = model.layout();
    let inner = layout.inner(area);
    let (width, height) = (usize::from(inner.width), usize::from(inner.height));
    let state = &model.panes.document;
    let glyphs = glyphs_of(model);
    let mut pane = Pane {
        area,
        title: title(model, width, glyphs),
        focused: model.focus == PaneKind::Document,
        bare: layout.bare,
        ..Pane::default()
    };
    let says = |text: &str, role| Body::Lines {
        lines: wrap(text, width.saturating_sub(1))
            .into_iter()
            .take(height)
            .map(|row| Line::of(row, role))
            .collect(),
        scroll: None,
    };
    let Some(place) = &state.place else {
        pane.body = says(
            "Select a reason, an item or a report: its document is shown here.",
            Role::Muted,
        );
        return pane;
    };
    let text = match state.loaded().map(|loaded| &loaded.text) {
        Some(Ok(text)) => text,
        Some(Err(why)) => {
            pane.body = says(&format!("`{}` cannot be shown: {why}", place.path), Role::Error);
            return pane;
        }
        None => {
            pane.body = says("reading", Role::Muted);
            return pane;
        }
    };
    let judged = model
        .assessment
        .as_ref()
        .and_then(|assessment| judged(assessment, &place.path));
    // Marks of another content would lie on other words.
    let judged = judged.map(|(_, document)| &**document);
    let fresh = judged.filter(|document| document.report.hash == text.source.hash());
    let page = Page {
        text,
        judged: fresh,
        glyphs,
        width,
        needle: (!state.search.is_empty()).then(|| Needle::new(&state.search)),
        selected: place.line,
        focused: pane.focused,
        marks: model,
    };
    let lines = page.lines(state.top, height);
    let all = text.lines() as usize;
    pane.note = Line::of(
        if judged.is_some() && fresh.is_none() {
            "changed since it was judged".to_owned()
        } else {
            format!("{}/{}", number(place.line as usize), number(all))
        },
        Role::Muted,
    );
    let shown = all > lines.len() || state.top.line > 1;
    pane.body = Body::Lines {
        lines,
        scroll: shown.then_some((state.top.line.saturating_sub(1) as usize, all)),
    };
    pane
}

fn title(model: &Model, width: usize, glyphs: Glyphs) -> Line {
    let focused = model.focus == PaneKind::Document;
    let (open, close) = if focused { ("[", "]") } else { (" ", " ") };
    let role = if focused { Role::Title } else { Role::Muted };
    let mut line = Line::of(format!("{open}4 Document{close}"), role);
    if let Some(place) = &model.panes.document.place {
        let room = width.saturating_sub(30).max(8);
        line = line.and(
            format!(" {}", short_path(place.path.as_str(), room, glyphs.ellipsis())),
            Role::Link,
        );
    }
    line
}

struct Page<'a> {
    text: &'a Text,
    judged: Option<&'a JudgedDocument>,
    glyphs: Glyphs,
    width: usize,
    needle: Option<Needle>,
    selected: u32,
    focused: bool,
    marks: &'a Model,
}

impl Page<'_> {
    fn lines(&self, top: scroll::Top, height: usize) -> Vec<Line> {
        let mut lines = Vec::with_capacity(height);
        let mut at = top.line;
        let mut skip = top.row;
        while lines.len() < height && at <= self.text.lines() {
            lines.extend(self.line(at).into_iter().skip(skip));
            skip = 0;
            at += 1;
        }
        lines.truncate(height);
        lines
    }

    /// The rows of one line, with the vote below the selected item.
    fn line(&self, at: u32) -> Vec<Line> {
        let line = self.text.line(at);
        let selected = at == self.selected;
        let roles = self.roles(at, line);
        let item = self
            .judged
            .and_then(|document| item_at(document, at).map(|(item, i)| (document, item, i)));
        let (sign, sign_role) = item
            .and_then(|(document, _, i)| document.states.get(i))
            .map_or((" ", Role::Muted), |state| self.glyphs.derived(state.derived));
        let picked = item.is_some_and(|(_, item, _)| self.marks.marks.contains_key(&item.uid));
        let fill = selected.then_some(if self.focused {
            Role::Selected
        } else {
            Role::SelectedElsewhere
        });
        let digits = digits(self.text);
        let columns = text_columns(self.text, self.width);
        let mut rows = Vec::new();
        for (row, range) in scroll::wrap(line, columns).into_iter().enumerate() {
            let mut out = if row == 0 {
                let pointer = if selected { self.glyphs.pointer() } else { " " };
                let mark = if picked { self.glyphs.mark() } else { " " };
                Line::of(pointer, Role::Strong)
                    .and(format!("{at:>digits$}"), Role::LineNumber)
                    .and(mark, Role::Picked)
                    .and(sign, sign_role)
            } else {
                Line::of(format!("{:1$}", "", digits + 3), Role::LineNumber)
            };
            out = out.and(format!("{} ", self.glyphs.bar()), Role::Border);
            out.fill = fill;
            push_cells(&mut out, line, range, &roles);
            rows.push(out);
        }
        if line.len() > scroll::LINE_BYTES {
            let more = line.len() - scroll::LINE_BYTES;
            rows.push(self.below(
                &format!("{} more bytes of this line are not shown", number(more)),
                Role::Muted,
            ));
        }
        if selected
            && let Some((document, item, i)) = item
            && let Some(state) = document.states.get(i)
        {
            let mut words = votes(item, *state, Some(&self.text.source), self.glyphs);
            if blocks(*state) {
                words.push_str("; blocks");
            }
            rows.extend(self.note(&words));
        }
        rows
    }

    fn note(&self, words: &str) -> Vec<Line> {
        let columns = text_columns(self.text, self.width).saturating_sub(2);
        let rows = wrap(words, columns).into_iter().enumerate();
        rows.map(|(n, row)| {
            let lead = if n == 0 { self.glyphs.below() } else { "  " };
            self.below(&format!("{lead}{row}"), Role::Marker)
        })
        .collect()
    }

    fn below(&self, text: &str, role: Role) -> Line {
        let indent = gutter(self.text);
        Line::of(format!("{:indent$}", ""), Role::LineNumber).and(text.to_owned(), role)
    }

    /// A role for each byte of the shown part of a line; later ones win.
    fn roles(&self, at: u32, line: &str) -> Vec<Role> {
        let range = self.text.range(at);
        let shown = line.len().min(scroll::LINE_BYTES);
        let mut roles = vec![self.base(&range); shown];
        let mut paint = |from: usize, to: usize, role: Role| {
            let inside = |at: usize| at.saturating_sub(range.start).min(shown);
            if to > range.start
                && let Some(part) = roles.get_mut(inside(from)..inside(to))
            {
                part.fill(role);
            }
        };
        let outline = &self.text.outline;
        let first = outline
            .codes
            .partition_point(|code| (code.end as usize) <= range.start);
        for code in outline
            .codes
            .iter()
            .skip(first)
            .take_while(|code| (code.start as usize) < range.end)
        {
            paint(code.start as usize, code.end as usize, Role::Code);
        }
        if let Some(document) = self.judged {
            let items = &document.report.items;
            let after = items.partition_point(|item| item.line <= at);
            // A row or an item's first block can span lines; its marks may stand on any of them.
            for item in items.iter().take(after).rev().take(4) {
                for mark in &item.marks {
                    let span = self.text.source.text_range(mark.span);
                    let role = if at == self.selected {
                        Role::Marker
                    } else {
                        self.glyphs.status(mark.vote).1
                    };
                    if span.start < range.end {
                        paint(span.start, span.end, role);
                    }
                }
            }
        }
        if let Some(needle) = &self.needle {
            let mut from = 0;
            while let Some(rest) = line.get(from..shown)
                && let Some(found) = needle.find(rest)
                && !found.is_empty()
            {
                paint(
                    range.start + from + found.start,
                    range.start + from + found.end,
                    Role::Match,
                );
                from += found.end;
            }
        }
        roles
    }

    fn base(&self, range: &Range<usize>) -> Role {
        let blocks = &self.text.outline.blocks;
        let after = blocks.partition_point(|block| {
            (block.range.start as usize) <= range.start.max(range.end.saturating_sub(1))
        });
        let holding = blocks.iter().take(after).rev().take(3);
        let mut holding = holding.filter(|block| (block.range.end as usize) > range.start);
        match holding.next().map(|block| block.kind) {
            Some(BlockKind::Heading(_)) => Role::Heading,
            Some(BlockKind::Code) => Role::Code,
            Some(BlockKind::Html) => Role::Muted,
            Some(BlockKind::Row { header: true, .. }) => Role::Strong,
            _ => Role::Text,
        }
    }
}

/// The cells of a part of a line, one for each run of a role.
fn push_cells(out: &mut Line, line: &str, range: Range<usize>, roles: &[Role]) {
    let mut start = range.start;
    while start < range.end {
        let role = roles.get(start).copied().unwrap_or_default();
        let rest = roles.get(start..range.end).unwrap_or_default();
        let run = rest
            .iter()
            .position(|other| *other != role)
            .unwrap_or(range.end - start)
            .max(1);
        let mut end = start + run;
        while !line.is_char_boundary(end) && end < line.len() {
            end += 1;
        }
        let text = clean(line.get(start..end).unwrap_or_default());
        if !text.is_empty() {
            out.cells.push(Cell::new(text.into_owned(), role));
        }
        start = end;
    }
}
