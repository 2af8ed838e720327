//! The outline's blocks to sections and items, in one pass.
//!
//! Not here: gates, declared verdicts, arithmetic, meta fields. Invariants: a code block or HTML comment is never an
//! item; items stand in the order of the document; every span lies inside it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::lookup::Lookup;
use super::marks::{Found, Place, RawMark};
use super::requirement::{Quiet, Sense};
use super::sections::{Label, Sections};
use super::{boxes, details, tables, title, vote};
use crate::model::{
    Extras, Item, Mark, MarkKind, RepoPath, Requirement, Section, Severity, SeveritySource, Shape, Status,
    UidHasher,
};
use crate::text::SourceText;
use crate::text::markdown::{Block, BlockKind, Outline};

/// Sections and items of one document.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub title: Option<Box<str>>,
    pub sections: Vec<Section>,
    pub items: Vec<Item>,
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
        seen: HashMap::default(),
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

fn namespaces(path: &RepoPath) -> [UidHasher; 5] {
    [
        Shape::Task,
        Shape::Row,
        Shape::Heading,
        Shape::Step,
        Shape::Bullet,
    ]
    .map(|shape| {
        let mut hasher = UidHasher::default();
        hasher.part(path.as_str());
        hasher.part(shape.word());
        hasher
    })
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

/// A uid is a hash already.
#[derive(Debug, Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
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
            || !(around.action || !self.found.marks.is_empty())
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
        if !(named || marked) || (level == 1 && !named) {
            return;
        }
        // A heading is an item through its id, its ordinal with a marker, or a marker behind its title.
        let behind = self
            .found
            .marks
            .iter()
            .any(|mark| mark.range.start >= self.found.title.start);
        let around = self.around_heading(section);
        if !named && !(marked && ordinal) && !behind {
            return;
        }
        if self.found.marks.iter().any(|mark| mark.vote.says_done()) {
            self.sections.set_done(section);
        }
        let certain = named || (marked && ordinal);
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

    fn list_item(&mut self, block: &Block, depth: u8, number: Option<u32>, list: u32) {
        if self.label.is_some() && depth == 0 {
            // A label speaks for one list.
            match self.label_list {
                None => self.label_list = Some(list),
                Some(labelled) if labelled != list => self.forget_label(),
                Some(_) => {}
            }
        }
        let content = block.content.range();
        let start = block.range.range().start;
        if content.is_empty() {
            return;
        }
        self.found.clear();
        let found = boxes::of_item(self.text, start, content.start);
        let from = found.as_ref().map_or(content.start, |found| found.end);
        if let Some(found) = &found {
            self.found.marks.push(RawMark {
                kind: MarkKind::Box,
                vote: found.vote,
                range: found.inside.clone(),
            });
        }
        if found.is_none() && !self.may_be_bullet(content.clone(), number) {
            return;
        }
        self.found.ends(self.text, from..content.end, Place::Item);
        let around = self.around(block);
        let shape = match &found {
            Some(found) if found.task => Shape::Task,
            Some(_) => Shape::Bullet,
            None => match self.bullet_shape(content.clone(), number, &around) {
                Some(shape) => shape,
                None => return,
            },
        };
        self.finders.read(self.text, from..content.end, &mut self.found);
        self.strikes(self.found.title.clone());
        self.push(shape, depth, start..content.end, around, None);
    }

    /// A cheap look: prose bullets, by far the most, go no further.
    fn may_be_bullet(&self, content: Range<usize>, number: Option<u32>) -> bool {
        let Some(text) = self.text.get(content) else {
            return false;
        };
        let bytes = text.trim_end().as_bytes();
        let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else {
            return false;
        };
        first >= 0x80
            || last >= 0x80
            || matches!(first, b'*' | b'[' | b'(' | b'_' | b'~')
            || first.is_ascii_uppercase()
                && bytes
                    .get(1)
                    .is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-')
            || matches!(last, b')' | b']' | b'*')
            || number.is_some()
            || bytes[bytes.len().saturating_sub(32)..]
                .windows(3)
                .any(|window| window == b" - ")
            || bytes[bytes.len().saturating_sub(32)..]
                .iter()
                .any(|&b| b == b':' || b >= 0x80)
    }

    /// The shape of a list item without a box, or `None` when it is no item.
    fn bullet_shape(&mut self, content: Range<usize>, number: Option<u32>, around: &Around) -> Option<Shape> {
        let text = self.text.get(content.clone())?;
        let named = self
            .found
            .id
            .as_ref()
            .is_some_and(|id| id.end <= self.found.title.start);
        let silent = match around.quiet {
            Quiet::No => false,
            Quiet::Done => self.found.marks.iter().all(|mark| mark.vote.says_done()),
            Quiet::All => true,
        };
        if silent {
            self.found.marks.clear();
        }
        let marked = !self.found.marks.is_empty();
        let bold_name = number.is_some() && text.starts_with("**") && text.len() > 4;
        if marked && !named && is_field(self.text.get(self.found.title.clone()).unwrap_or_default()) {
            return None;
        }
        if bold_name && (marked || named || (around.action && around.quiet != Quiet::All)) {
            return Some(Shape::Step);
        }
        (marked || named).then_some(Shape::Bullet)
    }

    /// Adds the mark of a strike that covers the whole title.
    fn strikes(&mut self, title: Range<usize>) {
        let strikes = &self.outline.strikes;
        while strikes
            .get(self.strike)
            .is_some_and(|strike| (strike.end as usize) < title.start)
        {
            self.strike += 1;
        }
        let Some(strike) = strikes.get(self.strike).map(|strike| strike.range()) else {
            return;
        };
        let end = self
            .found
            .cuts
            .iter()
            .map(|cut| cut.start)
            .filter(|&start| start > title.start)
            .min()
            .unwrap_or(title.end);
        let rest = self.text.get(strike.end.min(end)..end).unwrap_or_default();
        // The front reader skips the opening tildes.
        let covers = strike.start <= title.start
            && strike.end <= title.end.max(end)
            && rest.chars().all(|c| !c.is_alphanumeric());
        if covers {
            let at = self
                .found
                .marks
                .iter()
                .position(|mark| mark.range.start > strike.start)
                .unwrap_or(self.found.marks.len());
            let mark = RawMark {
                kind: MarkKind::Strike,
                vote: Status::NotApplicable,
                range: strike,
            };
            self.found.marks.insert(at, mark);
        }
    }

    fn row(&mut self, block: &Block, plan: &tables::Plan) {
        let cells = self.outline.row(block);
        let Some(status) = cells.get(usize::from(plan.status)) else {
            return;
        };
        self.found.clear();
        let mut marks = std::mem::take(&mut self.found.marks);
        tables::status_cell(self.text, status.range(), &mut marks);
        if marks.is_empty() && !plan.unmarked {
            self.found.marks = marks;
            return;
        }
        let title_cell = plan
            .title
            .and_then(|column| cells.get(usize::from(column)))
            .map(|cell| cell.range())
            .filter(|cell| {
                self.text
                    .get(cell.clone())
                    .is_some_and(|text| !text.trim().is_empty())
            })
            .unwrap_or_else(|| status.range());
        self.found.ends(self.text, title_cell.clone(), Place::Title);
        // What stands in the title cell is no vote: the status column is there for that.
        self.found.marks = marks;
        tables::side_columns(self.text, cells, plan, &mut self.found);
        self.plain.clear();
        title::plain(
            self.text,
            self.found.title.clone(),
            &self.found.cuts,
            &mut self.plain,
        );
        if tables::is_aggregate(&self.plain) || (self.plain.is_empty() && self.found.id.is_none()) {
            return;
        }
        self.finders.read(self.text, title_cell.clone(), &mut self.found);
        self.strikes(title_cell.clone());
        let around = self.around(block);
        let around = Around {
            quiet: Quiet::No,
            ..around
        };
        self.push(Shape::Row, 0, block.content.range(), around, Some(title_cell));
    }

    /// Makes the item of what was found.
    fn push(
        &mut self,
        shape: Shape,
        depth: u8,
        span: Range<usize>,
        around: Around,
        fallback: Option<Range<usize>>,
    ) {
        let found = &mut self.found;
        found.marks.sort_by_key(|mark| mark.range.start);
        self.plain.clear();
        title::plain(self.text, found.title.clone(), &found.cuts, &mut self.plain);
        if self.plain.is_empty() {
            let all = fallback.unwrap_or_else(|| found.title.start.min(span.end)..span.end);
            title::plain(self.text, all, &[], &mut self.plain);
        }
        if self.plain.is_empty() && found.id.is_none() {
            title::plain(self.text, span.clone(), &[], &mut self.plain);
        }
        let declared = vote::declared(&found.marks);
        let line = self.outline.lines.line(span.start);
        let id = found.id.clone().and_then(|range| self.text.get(range));
        let ordinal = found.ordinal.is_some() && found.id == found.ordinal;
        let inherited = Inherited {
            sections: &self.sections,
            section: around.section,
            label: self.label.as_ref(),
            shape,
        };
        let (severity, severity_source) = severity_of(self.text, line, id, found, inherited);
        let mut hasher = self.namespaces[shape as usize];
        // An ordinal changes when a heading is inserted above: it is no identity.
        match id.filter(|_| !ordinal) {
            Some(id) => hasher.part(id),
            None => {
                title::normal_form(&self.plain, |byte| hasher.byte(byte));
                hasher.byte(0);
            }
        }
        let first = hasher.finish(0);
        let times = self.seen.entry(first.0).or_insert(0);
        let uid = if *times == 0 { first } else { hasher.finish(*times) };
        *times += 1;
        let owned = |range: &Option<Range<usize>>| {
            range
                .clone()
                .and_then(|range| self.text.get(range))
                .map(|text| Box::from(text.trim()))
        };
        let extras =
            (found.effort.is_some() || found.owner.is_some() || found.due.is_some() || !found.ids.is_empty())
                .then(|| {
                    Box::new(Extras {
                        ids: std::mem::take(&mut found.ids),
                        effort: owned(&found.effort),
                        owner: owned(&found.owner),
                        due: owned(&found.due),
                        note: None,
                    })
                });
        let source = self.source;
        let marks = found
            .marks
            .iter()
            .map(|mark| Mark {
                kind: mark.kind,
                vote: mark.vote,
                span: source.span(mark.range.clone()),
            })
            .collect();
        self.items.push(Item {
            uid,
            id: id.map(Box::from),
            title: Box::from(&*self.plain),
            shape,
            line,
            span: source.span(span),
            marks,
            declared,
            severity,
            severity_source,
            requirement: found.requirement.unwrap_or(around.requirement),
            section: around.section,
            depth,
            extras,
        });
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

/// Where an item without a severity of its own looks for one.
#[derive(Debug, Clone, Copy)]
struct Inherited<'a> {
    sections: &'a Sections,
    section: Option<u32>,
    label: Option<&'a Label>,
    shape: Shape,
}

fn severity_of(
    text: &str,
    line: u32,
    id: Option<&str>,
    found: &Found,
    inherited: Inherited<'_>,
) -> (Severity, Option<Box<SeveritySource>>) {
    let written = |written: &str, line| {
        Some(Box::new(SeveritySource {
            written: written.into(),
            line,
        }))
    };
    if let Some((severity, range)) = &found.severity {
        return (
            *severity,
            written(text.get(range.clone()).unwrap_or_default(), line),
        );
    }
    if let Some(id) = id
        && id.starts_with('P')
        && id.as_bytes().get(2) == Some(&b'-')
        && let Some(severity) = id.get(..2).and_then(super::severity::word)
    {
        return (severity, written(id, line));
    }
    if let Some((severity, words)) = inherited.label.and_then(|label| label.severity.as_ref()) {
        return (*severity, written(words, line));
    }
    match inherited.sections.severity(inherited.section) {
        // What the document's title says is said of its points, not of every remark below them.
        Some((_, source)) if inherited.shape == Shape::Bullet && inherited.sections.is_top(source) => {
            (Severity::Unspecified, None)
        }
        Some((severity, source)) => (severity, Some(Box::new(source.clone()))),
        None => (Severity::Unspecified, None),
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

/// `Status: ✅` is a field of the text around it.
fn is_field(title: &str) -> bool {
    let title = title
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_ascii_lowercase();
    let head = title.split(':').next().unwrap_or_default().trim_end_matches('*');
    matches!(
        head,
        "status"
            | "state"
            | "current status"
            | "overall status"
            | "overall"
            | "verdict"
            | "decision"
            | "result"
            | "estado"
            | "date"
            | "recommendation"
            | "review status"
            | "build status"
    )
}
