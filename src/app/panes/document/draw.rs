//! The visible lines of a document: gutter, text with its markers, the vote below the selected item.

use std::ops::Range;

use super::detail::{detail, indented, note, rule};
use super::{Text, coverage, item_at, judged, scroll, votes};
use crate::app::filter::{Needle, blocks};
use crate::app::model::Model;
use crate::app::panes::claims::worse;
use crate::app::panes::{PaneKind, Subject};
use crate::app::view::glyphs::{Glyphs, spoken};
use crate::app::view::line::{number, prefix, short_path, wrap};
use crate::app::view::{Area, Body, Cell, Line, Pane, Role, glyphs_of};
use crate::engine::JudgedDocument;
use crate::model::{Claim, ClaimVerdict, Contradiction, CoveredFile, Verdict};
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
    let mut said = Line::default();
    let (above, height) = match detail(model, width, height) {
        None => (Vec::new(), height),
        Some((lines, rest)) => {
            pane.title = Line::of(" Why ", Role::Muted);
            let evidence = match model.subject() {
                Subject::Row(row) => row.pane.behaviour().evidence(model, &row),
                _ => None,
            };
            said = evidence.unwrap_or_default();
            let above: Vec<Line> = lines.into_iter().map(indented).collect();
            if rest == 0 {
                pane.note = said;
                pane.body = Body::Lines {
                    lines: above,
                    scroll: None,
                };
                return pane;
            }
            (above, rest)
        }
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
        covered: coverage(model),
        glyphs,
        width,
        needle: (!state.search.is_empty()).then(|| Needle::new(&state.search)),
        selected: place.line,
        focused: pane.focused,
        model,
    };
    let lines = page.lines(state.top, height);
    let all = text.lines() as usize;
    let changed = judged.is_some() && fresh.is_none();
    pane.note = note(model, place.line as usize, all, changed);
    if !above.is_empty() {
        let mut both = above;
        both.push(rule(&pane.note, &place.path, width, glyphs));
        both.extend(lines);
        pane.note = said;
        pane.body = Body::Lines {
            lines: both,
            scroll: None,
        };
        return pane;
    }
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
    /// Which lines the tests ran.
    covered: Option<&'a CoveredFile>,
    glyphs: Glyphs,
    width: usize,
    needle: Option<Needle>,
    selected: u32,
    focused: bool,
    model: &'a Model,
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
            .map(|state| self.glyphs.derived(state.derived))
            .or_else(|| {
                let contradicts = contradictions(self.judged?, at).next().is_some();
                contradicts.then_some((self.glyphs.conflict(), Role::Conflict))
            })
            .or_else(|| {
                let worst = claims(self.judged?, at).next()?;
                Some(self.glyphs.claim(&worst.verdict))
            })
            .or_else(|| {
                let ran = self.covered?.lines.get(at)?;
                Some(if ran {
                    (self.glyphs.done(), Role::Done)
                } else {
                    (self.glyphs.fail(), Role::Open)
                })
            })
            .unwrap_or((" ", Role::Muted));
        let picked = item.is_some_and(|(_, item, _)| self.model.marks.contains_key(&item.uid));
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
        if selected && let Some(document) = self.judged {
            let notes = notes(self.model, document, self.text, at);
            rows.extend(notes.iter().flat_map(|(words, role)| self.note(words, *role)));
        }
        rows
    }

    fn note(&self, words: &str, role: Role) -> Vec<Line> {
        let columns = note_columns(self.text, self.width);
        let rows = wrap(words, columns).into_iter().enumerate();
        rows.map(|(n, row)| {
            let lead = if n == 0 { self.glyphs.below() } else { "  " };
            self.below(&format!("{lead}{row}"), role)
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
            // A passage may go on in the next lines.
            let near = document.claims.iter();
            let mut near: Vec<&Claim> = near
                .filter(|claim| claim.line <= at && at - claim.line < 4)
                .collect();
            near.sort_by(|a, b| worse(&b.verdict, &a.verdict));
            for claim in near {
                let (_, role) = self.glyphs.claim(&claim.verdict);
                // What nobody can tell looks like text.
                if role != Role::Muted {
                    let span = self.text.source.text_range(claim.span);
                    paint(span.start, span.end, role);
                }
            }
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

/// Columns of a note.
fn note_columns(text: &Text, width: usize) -> usize {
    text_columns(text, width).saturating_sub(2)
}

/// Rows that the notes below a selected line take.
pub(super) fn note_rows(
    model: &Model,
    document: &JudgedDocument,
    text: &Text,
    at: u32,
    width: usize,
) -> usize {
    let columns = note_columns(text, width);
    let notes = notes(model, document, text, at);
    notes.iter().map(|(words, _)| wrap(words, columns).len()).sum()
}

/// The contradictions that speak of a line.
fn contradictions(document: &JudgedDocument, at: u32) -> impl Iterator<Item = &Contradiction> {
    /// A document with more is told of elsewhere.
    const MOST: usize = 1_000;
    let all = document.report.contradictions.iter().take(MOST);
    all.filter(move |contradiction| contradiction.lines.contains(&at))
}

/// The claims that begin in a line and were looked at, worst first.
fn claims(document: &JudgedDocument, at: u32) -> impl Iterator<Item = &Claim> {
    let here = document.claims.iter().filter(|claim| claim.line == at);
    let mut here: Vec<&Claim> = here
        .filter(|claim| claim.verdict != ClaimVerdict::NotChecked)
        .collect();
    here.sort_by(|a, b| worse(&a.verdict, &b.verdict));
    here.into_iter()
}

/// What is known of a line: the votes of its item, its claims, the contradictions with their other lines, the verdict that it
/// declares, the gate that it is.
fn notes(model: &Model, document: &JudgedDocument, text: &Text, at: u32) -> Vec<(String, Role)> {
    const CLAIMS: usize = 4;
    const CONTRADICTIONS: usize = 3;
    const OTHER_LINES: usize = 4;
    let glyphs = glyphs_of(model);
    let report = &document.report;
    let subject = model.subject();
    // What a list selected comes first.
    let mut notes = Vec::new();
    if let Some((item, i)) = item_at(document, at)
        && let Some(state) = document.states.get(i)
    {
        let mut words = votes(item, *state, Some(&text.source), glyphs);
        if blocks(*state) {
            words.push_str("; blocks");
        }
        notes.push((matches!(subject, Subject::Item { .. }), words, Role::Marker));
    }
    for gate in report.gates.iter().filter(|gate| gate.line == at).take(2) {
        let id = format!("document:{}:{}", report.path, gate.line);
        let gates = model.assessment.iter().flat_map(|assessment| &assessment.gates);
        for judged in gates.filter(|judged| judged.id == id) {
            let words = format!("gate, {}: {}", spoken(judged.result.word()), judged.message);
            let selected = matches!(subject, Subject::Gate { .. });
            notes.push((selected, words, glyphs.gate(judged.result).1));
        }
    }
    let declared = report.declared_verdicts.iter();
    for declared in declared.filter(|declared| declared.line == at).take(3) {
        let shown = model.verdict().map_or("not known yet", Verdict::word);
        let (word, role) = glyphs.declared(declared.verdict);
        let said = if declared.historical {
            "said of the past"
        } else {
            "says"
        };
        let words = format!("{said}: {word} for {}; shown: {shown}", declared.stage.word());
        notes.push((matches!(subject, Subject::Declared { .. }), words, role));
    }
    // A contradiction says the same with both lines.
    let contradicted = contradictions(document, at).next().is_some();
    for claim in claims(document, at).take(CLAIMS) {
        if !(contradicted && claim.verdict.says_no()) {
            let (sign, role) = glyphs.claim(&claim.verdict);
            let words = format!("{sign} {}: {}", spoken(claim.verdict.word()), claim.reason);
            let selected = matches!(&subject, Subject::Claim { text, .. } if *text == claim.text);
            notes.push((selected, words, role));
        }
    }
    let mut contradicting: Vec<&Contradiction> = contradictions(document, at).take(CONTRADICTIONS).collect();
    let chosen = |contradiction: &Contradiction| matches!(&subject, Subject::Contradiction { message, .. } if *message == contradiction.message);
    contradicting.sort_by_key(|contradiction| !chosen(contradiction));
    for contradiction in contradicting {
        let selected = chosen(contradiction);
        notes.push((
            selected,
            format!("contradicts itself: {}", contradiction.message),
            Role::Conflict,
        ));
        let others = contradiction.lines.iter().filter(|line| **line != at);
        for other in others.take(OTHER_LINES) {
            let written = prefix(text.line(*other).trim(), 160);
            notes.push((selected, format!("line {other}: {written}"), Role::Conflict));
        }
    }
    notes.sort_by_key(|(selected, ..)| !selected);
    notes.into_iter().map(|(_, words, role)| (words, role)).collect()
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
