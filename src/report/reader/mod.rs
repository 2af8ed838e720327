//! The outline's blocks to sections and items, in one pass.
//!
//! Not here: gates, declared verdicts, arithmetic, meta fields. Invariants: a code block or HTML comment is never an
//! item; items stand in the order of the document; every span lies inside it.

mod lines;
mod make;

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

use super::lookup::Lookup;
use super::marks::{Found, Place};
use super::requirement::{Quiet, Sense};
use super::sections::{Label, Sections};
use super::{details, tables, title};
use crate::model::{Item, RepoPath, Requirement, Section, Shape, UidHasher};
use crate::text::SourceText;
use crate::text::markdown::{Block, BlockKind, Outline};
use make::{AsIs, namespaces};

/// Sections and items of one document.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub title: Option<Box<str>>,
    pub sections: Vec<Section>,
    pub items: Vec<Item>,
    /// A section that only a report about a release has.
    pub topic: Option<u32>,
}

/// Reads the outline.
pub(super) fn read(path: &RepoPath, source: &SourceText, outline: &Outline) -> Read {
    let mut reader = Reader {
        source,
        text: source.text(),
        outline,
        sections: Sections::default(),
        items: Vec::with_capacity(outline.blocks.len().min(4096) / 2),
        found: Found::default(),
        finders: details::Finders::new(),
        plain: String::new(),
        namespaces: namespaces(path),
        seen: HashMap::with_capacity_and_hasher(
            outline.blocks.len().min(4096) / 2,
            BuildHasherDefault::default(),
        ),
        table: None,
        label: None,
        label_list: None,
        labels: Vec::new(),
        candidates: Vec::new(),
        dropped: Vec::new(),
        strike: 0,
    };
    for (index, block) in outline.blocks.iter().enumerate() {
        reader.block(index, block);
    }
    reader.finish()
}

/// A heading that is an item only if nothing below it is one.
#[derive(Debug)]
struct Candidate {
    item: usize,
    level: u8,
    section: usize,
}

#[derive(Debug)]
struct Reader<'a> {
    source: &'a SourceText,
    text: &'a str,
    outline: &'a Outline,
    sections: Sections,
    items: Vec<Item>,
    found: Found,
    finders: details::Finders,
    plain: String,
    /// What the uids of each shape start with.
    namespaces: [UidHasher; 5],
    seen: HashMap<u64, u32, BuildHasherDefault<AsIs>>,
    table: Option<tables::Plan>,
    /// What the line in front of a list says of it.
    label: Option<Label>,
    label_list: Option<u32>,
    labels: Vec<(&'a str, Label)>,
    candidates: Vec<Candidate>,
    dropped: Vec<usize>,
    /// Index of the first strike that may still matter.
    strike: usize,
}

/// What an item inherits from where it stands.
#[derive(Debug, Clone, Copy)]
struct Around {
    section: Option<u32>,
    requirement: Requirement,
    quiet: Quiet,
    action: bool,
}

impl Reader<'_> {
    fn block(&mut self, index: usize, block: &Block) {
        match block.kind {
            BlockKind::Heading(level) => {
                self.forget_label();
                self.heading(index, level, block);
            }
            BlockKind::Item { depth, number, list } => self.list_item(block, depth, number, list),
            BlockKind::Row { header: true, .. } => {
                self.table = tables::plan(self.text, self.outline, index);
                if self.table.is_some() && self.around(block).quiet == Quiet::All && self.legend(block) {
                    self.table = None;
                }
            }
            BlockKind::Row { table, .. } => {
                if let Some(plan) = self.table.filter(|plan| plan.table == table) {
                    self.row(block, &plan);
                }
            }
            BlockKind::Paragraph => self.paragraph(block),
            BlockKind::ItemParagraph | BlockKind::Code | BlockKind::Html => {}
        }
    }

    fn forget_label(&mut self) {
        self.label = None;
        self.label_list = None;
    }

    /// A section called legend or key explains signs.
    fn legend(&self, block: &Block) -> bool {
        let section = self.sections.of_block(block);
        section
            .and_then(|at| self.sections.list.get(at as usize))
            .is_some_and(|section| {
                let title = section.title.to_lowercase();
                title.contains("legend") || title.starts_with("key") || title.contains("conventions")
            })
    }

    fn around(&self, block: &Block) -> Around {
        let section = self.sections.of_block(block);
        let mut around = Around {
            section,
            requirement: Requirement::default(),
            quiet: Quiet::No,
            action: false,
        };
        if let Some(sense) = self.sections.sense(section) {
            around.requirement = sense.requirement;
            around.quiet = sense.quiet;
            around.action = sense.action;
        }
        if let Some(label) = &self.label {
            around.apply(&label.sense);
            // "Issue:" below a heading that says "fixed" tells what was wrong; elsewhere it lists what is.
            let settled = section.is_some_and(|section| self.sections.is_done(section));
            if label.problem && settled {
                around.quiet = Quiet::All;
            }
        }
        around
    }

    fn paragraph(&mut self, block: &Block) {
        self.forget_label();
        let content = block.content.range();
        let Some(text) = self.text.get(content.clone()) else {
            return;
        };
        let trimmed = text.trim_end();
        if trimmed.starts_with("**")
            && trimmed.len() <= 240
            && trimmed.as_bytes().get(2).is_some_and(u8::is_ascii_digit)
            && !trimmed.contains('\n')
        {
            self.bold_step(block, content.start..content.start + trimmed.len());
            return;
        }
        // The last line of the paragraph introduces the list below it.
        let line = trimmed
            .rfind('\n')
            .map_or(trimmed, |at| trimmed.get(at + 1..).unwrap_or_default());
        if line.trim_end_matches(['*', '_']).ends_with(':') && line.len() <= 160 {
            let range = content.start + (trimmed.len() - line.len())..content.start + trimmed.len();
            self.label = Some(self.read_label(range));
        }
    }

    /// Labels such as "Files:" repeat all through a document: their sense is worked out once.
    fn read_label(&mut self, range: Range<usize>) -> Label {
        let written = self.text.get(range.clone()).unwrap_or_default();
        if let Some((_, label)) = self.labels.iter().find(|(known, _)| *known == written) {
            return label.clone();
        }
        let label = Label::read(self.text, range);
        if self.labels.len() < 32 {
            self.labels.push((written, label.clone()));
        }
        label
    }

    /// `**2. Run the migration**` on a line of its own.
    fn bold_step(&mut self, block: &Block, range: Range<usize>) {
        let around = self.around(block);
        self.found.clear();
        self.found.ends(self.text, range.clone(), Place::Step);
        let bold = self
            .text
            .get(range.clone())
            .is_some_and(|text| text.matches("**").count() <= 2);
        let ordinal = self.found.ordinal.clone();
        if ordinal.is_none()
            || !bold
            || around.quiet == Quiet::All
            || (!around.action && self.found.marks.is_empty())
        {
            return;
        }
        if self.found.id.is_none() {
            self.found.id = ordinal;
        }
        self.finders.read(self.text, range.clone(), &mut self.found);
        self.push(Shape::Step, 0, range, around, None);
    }

    fn heading(&mut self, index: usize, level: u8, block: &Block) {
        let content = block.content.range();
        self.found.clear();
        self.found.ends(self.text, content.clone(), Place::Heading);
        self.close_candidates(level);
        self.plain.clear();
        let range = self.found.title.clone();
        title::plain(self.text, range, &self.found.cuts, &mut self.plain);
        let mut shown = std::mem::take(&mut self.plain);
        if shown.is_empty() {
            title::plain(self.text, content.clone(), &[], &mut shown);
        }
        let line = self.outline.lines.line(content.start);
        let section = self.sections.push(
            self.text,
            index,
            level,
            line,
            content.clone(),
            &shown,
            block.quoted,
        );
        self.plain = shown;
        let marked = !self.found.marks.is_empty();
        // "Week 1 (T001-T010)" without a marker only gathers what it names.
        let named = self.found.id.is_some() && (marked || self.found.ids.is_empty());
        let ordinal = self.found.ordinal.is_some();
        if !named && (!marked || level == 1) {
            return;
        }
        // A heading is an item through its id, its ordinal with a marker, or a marker behind its title.
        let behind = self
            .found
            .marks
            .iter()
            .any(|mark| mark.range.start >= self.found.title.start);
        let around = self.around_heading(section);
        if self.found.marks.iter().any(|mark| mark.vote.says_done()) {
            self.sections.set_done(section);
        }
        let certain = named || (marked && ordinal);
        if !certain && !behind {
            return;
        }
        if around.quiet != Quiet::No && !named || !certain && is_collective(&self.plain) {
            return;
        }
        if self.found.id.is_none() {
            self.found.id = self.found.ordinal.clone();
        }
        self.finders.read(self.text, content.clone(), &mut self.found);
        let start = block.range.range().start;
        let item = self.items.len();
        self.push(Shape::Heading, 0, start..content.end, around, None);
        if !certain {
            self.candidates.push(Candidate {
                item,
                level,
                section: section as usize,
            });
        }
    }

    fn around_heading(&self, section: u32) -> Around {
        let mut around = Around {
            section: Some(section),
            requirement: Requirement::default(),
            quiet: Quiet::No,
            action: false,
        };
        if let Some(sense) = self.sections.sense(Some(section)) {
            around.requirement = sense.requirement;
        }
        // How far markers are believed is for the headings above it to say.
        let above = self
            .sections
            .list
            .get(section as usize)
            .and_then(|section| section.parent);
        if let Some(sense) = self.sections.sense(above) {
            around.quiet = sense.quiet;
        }
        around
    }

    /// Decides the candidates whose section ends with a heading of this level.
    fn close_candidates(&mut self, level: u8) {
        while let Some(candidate) = self.candidates.last() {
            if candidate.level < level {
                // A section inside it begins: it only holds others.
                self.dropped.push(candidate.item);
                self.candidates.pop();
                continue;
            }
            if self.items.len() > candidate.item + 1 || self.sections.list.len() > candidate.section + 1 {
                self.dropped.push(candidate.item);
            }
            self.candidates.pop();
        }
    }

    fn finish(mut self) -> Read {
        self.close_candidates(0);
        if !self.dropped.is_empty() {
            self.dropped.sort_unstable();
            let mut index = 0;
            let dropped = std::mem::take(&mut self.dropped);
            self.items.retain(|_| {
                index += 1;
                dropped.binary_search(&(index - 1)).is_err()
            });
        }
        self.items.shrink_to_fit();
        let topic = self.sections.topic;
        self.sections.list.shrink_to_fit();
        let sections = self.sections.list;
        let title = sections
            .iter()
            .find(|section| section.level == 1)
            .or_else(|| sections.first())
            .map(|section| section.title.clone());
        Read {
            title,
            sections,
            items: self.items,
            topic,
        }
    }
}

impl Around {
    fn apply(&mut self, sense: &Sense) {
        if let Some(requirement) = sense.requirement
            && (!sense.weak || matches!(self.requirement, Requirement::Required(_)))
        {
            self.requirement = requirement;
        }
        if let Some(quiet) = sense.quiet
            && (!sense.weak || self.quiet == Quiet::No)
        {
            self.quiet = quiet;
        }
        self.action |= sense.action;
    }
}

/// Names of a group rather than of a thing to be done: "Compliance status ✅".
fn is_collective(title: &str) -> bool {
    let lower = title.to_lowercase();
    Lookup::new(&lower).any(&[
        "status",
        "summary",
        "checklist",
        "assessment",
        "overview",
        "results",
        "risk",
        "requirements",
        "progress",
        "what",
        "verdict",
        "decision",
        "score",
        "readiness",
        "conclusion",
        "checks",
        "complete",
        "indicators",
        "areas",
        "challenges",
        "metrics",
        " ready",
    ])
}
