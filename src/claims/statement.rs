//! A document cut into statements: headings, lines of prose, bullets, rows and code, each with what stands around it.
//!
//! Not here: what a statement claims. Invariant: every range lies inside the text, on character borders.

use std::ops::Range;

use super::mood::{self, Mood};
use crate::model::{Item, Modality, Report, Section, Shape};
use crate::text::SourceText;
use crate::text::markdown::{Block, BlockKind, Outline, TextRange};

/// What kind of place a statement stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A heading.
    Heading,
    /// A line or soft-wrapped sentence of a paragraph.
    Line,
    /// A list item's first paragraph.
    Bullet,
    /// A table row that is not the header.
    Row,
    /// A code block, without its fences.
    Code,
}

/// One statement.
#[derive(Debug)]
pub struct Statement<'t> {
    /// Its text, with the signs of Markdown.
    pub text: &'t str,
    /// Where the text begins, in bytes of the document's text.
    pub start: usize,
    /// Where it stands.
    pub place: Place,
    /// Of a code block: the language as written.
    pub language: &'t str,
    /// Inline code with its backticks, in bytes of `text`.
    pub codes: Vec<Range<usize>>,
    /// Cells of a row, in bytes of `text`.
    pub cells: Vec<Range<usize>>,
    /// What the table's header says above each cell.
    pub heads: &'t [&'t str],
    /// What introduces it: the line with a colon in front of its list, table or code, or the bullet that it hangs under.
    pub label: &'t str,
    /// The document's sections.
    pub sections: &'t [Section],
    /// The section that it stands in.
    pub section: Option<u32>,
    /// Index of the item that it belongs to.
    pub item: Option<u32>,
    /// That item.
    pub of: Option<&'t Item>,
    mood: Mood,
}

impl<'t> Statement<'t> {
    /// The titles above it, innermost first.
    pub fn titles(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let sections = self.sections;
        let of = move |at: u32| sections.get(at as usize);
        std::iter::successors(self.section.and_then(of), move |section| {
            section.parent.and_then(of)
        })
        .map(|section| &*section.title)
    }

    /// The text of a range.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// The sentence that holds a range, as far as stops show it.
    #[must_use]
    pub fn sentence(&self, range: &Range<usize>) -> Range<usize> {
        let before = self.text.get(..range.start).unwrap_or_default();
        let start = mood::last_stop(before);
        let after = self.text.get(range.end..).unwrap_or_default();
        start..range.end + mood::first_stop(after)
    }

    /// The mood of the section and the label that it stands under, without its own words.
    #[must_use]
    pub const fn section_mood(&self) -> Modality {
        self.mood.modality()
    }

    /// In which mood a passage is said: by its section, its label, its item and the words of its sentence.
    #[must_use]
    pub fn modality(&self, range: &Range<usize>) -> Modality {
        if self.place == Place::Code {
            return Modality::Example;
        }
        let sentence = self.sentence(range);
        let before = self.text.get(sentence.start..range.start).unwrap_or_default();
        let after = self.text.get(range.end..sentence.end).unwrap_or_default();
        self.mood.and_said(before, after, self.of)
    }
}

/// Gives every statement of a document, in order.
pub(super) fn each(
    source: &SourceText,
    outline: &Outline,
    report: &Report,
    give: &mut dyn FnMut(&Statement<'_>),
) {
    let text = source.text();
    let mut walk = Walk {
        source,
        text,
        outline,
        report,
        label: "",
        parents: Vec::new(),
        heading_items: Vec::new(),
        section: None,
        next_section: 0,
        item: None,
        heads: Vec::new(),
        table: None,
        moods: Vec::new(),
    };
    for block in &outline.blocks {
        walk.block(block, give);
    }
}

struct Walk<'t> {
    source: &'t SourceText,
    text: &'t str,
    outline: &'t Outline,
    report: &'t Report,
    label: &'t str,
    /// Open list items: end of the block, its text as a label, its item.
    parents: Vec<(u32, &'t str, Option<u32>)>,
    /// Open headings: level, and their item.
    heading_items: Vec<(u8, Option<u32>)>,
    section: Option<u32>,
    next_section: u32,
    item: Option<u32>,
    heads: Vec<&'t str>,
    table: Option<u32>,
    /// The mood of each section seen so far.
    moods: Vec<Mood>,
}

impl<'t> Walk<'t> {
    fn block(&mut self, block: &Block, give: &mut dyn FnMut(&Statement<'_>)) {
        while self
            .parents
            .last()
            .is_some_and(|(end, ..)| *end <= block.range.start)
        {
            self.parents.pop();
        }
        match block.kind {
            BlockKind::Heading(level) => self.heading(block, level, give),
            BlockKind::Paragraph => {
                self.item = self.item_at(block.content).or_else(|| self.of_heading());
                let text = self.slice(block.content);
                self.lines(block.content, Place::Line, give);
                self.label = introduces(text);
            }
            BlockKind::ItemParagraph => {
                self.item = self
                    .parents
                    .iter()
                    .rev()
                    .find_map(|parent| parent.2)
                    .or_else(|| self.of_heading());
                self.lines(block.content, Place::Line, give);
            }
            BlockKind::Item { .. } => {
                let own = self.item_at(block.range);
                self.item = own
                    .or_else(|| self.parents.iter().rev().find_map(|parent| parent.2))
                    .or_else(|| self.of_heading());
                self.lines(block.content, Place::Bullet, give);
                let label = self.slice(block.content);
                self.parents.push((block.range.end, label, self.item));
            }
            BlockKind::Row {
                table, header: true, ..
            } => {
                self.table = Some(table);
                let cells = self.outline.row(block);
                self.heads = cells.iter().map(|cell| self.slice(*cell).trim()).collect();
            }
            BlockKind::Row { table, .. } => {
                if self.table != Some(table) {
                    self.heads.clear();
                }
                self.item = self.item_at(block.content).or_else(|| self.of_heading());
                self.statement(block.content, Place::Row, self.outline.row(block), "", give);
            }
            BlockKind::Code => {
                self.item = self
                    .parents
                    .iter()
                    .rev()
                    .find_map(|parent| parent.2)
                    .or_else(|| self.of_heading());
                let whole = self.slice(block.range);
                let (language, body) = fenced(whole);
                let start = block.range.start + narrow(body.start);
                let body = TextRange {
                    start,
                    end: start + narrow(body.len()),
                };
                self.statement(body, Place::Code, &[], language, give);
            }
            BlockKind::Html => {}
        }
    }

    fn heading(&mut self, block: &Block, level: u8, give: &mut dyn FnMut(&Statement<'_>)) {
        self.label = "";
        self.section = Some(self.next_section);
        self.next_section += 1;
        while self.heading_items.last().is_some_and(|(open, _)| *open >= level) {
            self.heading_items.pop();
        }
        let own = self.item_at(block.range);
        let inherited = self.of_heading();
        self.heading_items.push((level, own.or(inherited)));
        self.item = own.or(inherited);
        self.mood_of_section();
        self.statement(block.content, Place::Heading, &[], "", give);
    }

    fn of_heading(&self) -> Option<u32> {
        self.heading_items.last().and_then(|(_, item)| *item)
    }

    /// The item that begins with a block.
    fn item_at(&self, range: TextRange) -> Option<u32> {
        let items = &self.report.items;
        if items.is_empty() {
            return None;
        }
        let start = self.source.span(range.range()).start;
        let at = items.partition_point(|item| item.span.start < start);
        let item = items.get(at)?;
        let same = item.span.start == start
            || item.shape == Shape::Step && item.span.start < start + 4
            || item.shape == Shape::Heading && self.source.span(range.range()).end > item.span.start;
        same.then(|| u32::try_from(at).ok()).flatten()
    }

    fn mood_of_section(&mut self) {
        let Some(at) = self.section else {
            return;
        };
        let section = self.report.sections.get(at as usize);
        let above = section
            .and_then(|section| section.parent)
            .and_then(|parent| self.moods.get(parent as usize).copied())
            .unwrap_or_default();
        let title = section.map_or("", |section| &section.title);
        self.moods.push(above.below(title));
    }

    fn slice(&self, range: TextRange) -> &'t str {
        self.text.get(range.range()).unwrap_or_default()
    }

    /// Gives the lines of a block: what is only soft-wrapped stays together, a line that begins a field stands alone.
    fn lines(&mut self, range: TextRange, place: Place, give: &mut dyn FnMut(&Statement<'_>)) {
        let text = self.slice(range);
        let mut start = 0;
        for newline in memchr::memchr_iter(b'\n', text.as_bytes()) {
            let before = text.get(..newline).unwrap_or_default();
            let next = text.get(newline + 1..).unwrap_or_default().trim_start();
            let hard = before.ends_with("  ") || before.ends_with('\\') || before.ends_with("  \r");
            let field = next.starts_with("**") || next.starts_with("__");
            if hard || field {
                self.part(range, start..newline, place, give);
                start = newline + 1;
            }
        }
        self.part(range, start..text.len(), place, give);
    }

    fn part(
        &mut self,
        of: TextRange,
        part: Range<usize>,
        place: Place,
        give: &mut dyn FnMut(&Statement<'_>),
    ) {
        let start = of.start + narrow(part.start);
        let range = TextRange {
            start,
            end: start + narrow(part.len()),
        };
        self.statement(range, place, &[], "", give);
    }

    fn statement(
        &self,
        range: TextRange,
        place: Place,
        cells: &[TextRange],
        language: &str,
        give: &mut dyn FnMut(&Statement<'_>),
    ) {
        let text = self.slice(range);
        if text.trim().is_empty() {
            return;
        }
        let start = range.start as usize;
        let inside = |at: &TextRange| at.start as usize - start..at.end as usize - start;
        let codes = &self.outline.codes;
        let from = codes.partition_point(|code| code.start < range.start);
        let codes = codes.get(from..).unwrap_or_default().iter();
        let codes = codes
            .take_while(|code| code.end <= range.end)
            .map(inside)
            .collect();
        let parent = match place {
            Place::Heading => None,
            _ => self.parents.last().map(|parent| parent.1),
        };
        // A paragraph of its own is introduced by nothing; what it introduces comes after it.
        let label = parent.unwrap_or(match place {
            Place::Heading | Place::Line => "",
            Place::Bullet | Place::Row | Place::Code => self.label,
        });
        let mood = self
            .section
            .and_then(|section| self.moods.get(section as usize).copied())
            .unwrap_or_default();
        give(&Statement {
            text,
            start,
            place,
            language,
            codes,
            cells: cells.iter().map(inside).collect(),
            heads: &self.heads,
            label,
            sections: &self.report.sections,
            section: self.section,
            item: self.item,
            of: self.item.and_then(|item| self.report.items.get(item as usize)),
            mood: mood.labelled(label),
        });
    }
}

/// A paragraph's last line, when it introduces what follows: it ends with a colon, or is bold as a whole.
fn introduces(paragraph: &str) -> &str {
    let line = paragraph
        .trim_end()
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .trim();
    let bare = line.trim_end_matches(['*', '_']);
    let bold = line.starts_with("**") && line.ends_with("**") && line.matches("**").count() == 2;
    if line.len() <= 200 && (bare.ends_with(':') || bold) {
        line
    } else {
        ""
    }
}

/// The language and the body of a code block as it is written.
fn fenced(whole: &str) -> (&str, Range<usize>) {
    let front = whole.trim_start();
    let Some(sign) = front.chars().next().filter(|sign| matches!(sign, '`' | '~')) else {
        return ("", 0..whole.len());
    };
    let Some(end) = whole.find('\n') else {
        return ("", whole.len()..whole.len());
    };
    let language = whole
        .get(..end)
        .unwrap_or_default()
        .trim()
        .trim_start_matches(sign)
        .trim();
    let body = whole.get(end + 1..).unwrap_or_default();
    let trimmed = body.trim_end();
    let last = trimmed.rfind('\n').map_or(0, |at| at + 1);
    let closing = trimmed
        .get(last..)
        .unwrap_or_default()
        .trim()
        .chars()
        .all(|c| c == sign);
    let length = if closing && !trimmed.is_empty() {
        last
    } else {
        body.len()
    };
    (language, end + 1..end + 1 + length)
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
