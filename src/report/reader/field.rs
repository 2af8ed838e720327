//! `**Status**: ❌ Blocked` below a heading: the status of what the heading names.
//!
//! Not here: the status of the whole document (a declared verdict). Invariant: a field whose value speaks of the
//! release itself ("READY FOR PRODUCTION") makes no item.

use std::ops::Range;

use super::super::marks::Place;
use super::super::requirement::Quiet;
use super::super::tables;
use super::{Candidate, Reader};
use crate::model::{Shape, Status};
use crate::text::markdown::Block;

/// The most lines of a paragraph that are searched for a field.
const LINES: usize = 16;

const NAMES: [&str; 11] = [
    "status",
    "current status",
    "state",
    "current state",
    "estado",
    "statut",
    "état",
    "stato",
    "状态",
    "状態",
    "ステータス",
];

/// What is said of the release, and so is a verdict and not the status of a point.
const OF_THE_RELEASE: [&str; 14] = [
    "ready",
    "production",
    "release",
    "deploy",
    "launch",
    "go-live",
    "no-go",
    "mainnet",
    "conditional",
    "aprobado",
    "生产",
    "上线",
    "发布",
    "本番",
];

impl Reader<'_> {
    /// Reads the status fields of a paragraph or list item, one line each.
    pub(super) fn fields(&mut self, block: &Block, content: Range<usize>) {
        let Some(text) = self.text.get(content.clone()) else {
            return;
        };
        let mut start = content.start;
        for line in text.split('\n').take(LINES) {
            let range = start..start + line.len();
            start = range.end + 1;
            if let Some(value) = value(line) {
                self.field(block, range.start + value.start..range.start + value.end, range);
            }
        }
    }

    fn field(&mut self, block: &Block, value: Range<usize>, line: Range<usize>) {
        let around = self.around(block);
        let Some(section) = around.section else { return };
        let Some(level) = self
            .sections
            .list
            .get(section as usize)
            .map(|section| section.level)
            .filter(|&level| level > 1)
        else {
            return;
        };
        let mut marks = Vec::new();
        tables::status_cell(self.text, value, &mut marks);
        let done = marks.iter().all(|mark| mark.vote.says_done());
        let silent = match around.quiet {
            Quiet::No => false,
            Quiet::Done => done,
            Quiet::All => true,
        };
        if marks.is_empty() || silent || marks.iter().any(|mark| mark.vote == Status::Conflicted) {
            return;
        }
        let heading = self
            .outline
            .blocks
            .get(self.sections.block_of(section) as usize)
            .map(|heading| heading.content.range());
        let Some(heading) = heading else { return };
        // The heading may be an item already: without a marker this field is what it lacks, with one it is
        // believed unless the field says that work is left.
        let own = self.heading_item.filter(|&(of, _)| of == section);
        if let Some((_, item)) = own {
            match self.items.get(item).map(|item| item.declared) {
                Some(Status::Unmarked) => self.dropped.push(item),
                Some(declared) if done || !declared.says_done() => return,
                _ => {}
            }
        }
        self.heading_item = None;
        self.found.clear();
        self.found.ends(self.text, heading.clone(), Place::Heading);
        if self.found.id.is_none() {
            self.found.id = self.found.ordinal.clone();
        }
        self.finders.read(self.text, heading, &mut self.found);
        self.found.marks = marks;
        let item = self.items.len();
        self.push(Shape::Bullet, 0, line, around, None);
        // "Status: done" above a list of points sums them up, unless the heading names a point itself.
        if done && own.is_none() {
            self.candidates.push(Candidate {
                item,
                level,
                section: section as usize,
            });
        }
    }
}

/// Where the value of a status field stands in the line.
fn value(line: &str) -> Option<Range<usize>> {
    let sign = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '-' | '+');
    let start = line.trim_start_matches(sign);
    let first = start.chars().next()?;
    if !matches!(first, 'S' | 's' | 'C' | 'c' | 'E' | 'e' | 'É' | 'é' | '状' | 'ス') {
        return None;
    }
    let end = start
        .char_indices()
        .take(24)
        .find(|&(_, c)| matches!(c, ':' | '：'));
    let (at, colon) = end?;
    let name = start.get(..at)?.trim_end_matches(sign).to_lowercase();
    if !NAMES.contains(&name.as_str()) {
        return None;
    }
    let value = start.get(at + colon.len_utf8()..)?.trim_end();
    let lower = value.to_lowercase();
    if OF_THE_RELEASE.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let from = line.len() - start.len() + at + colon.len_utf8();
    Some(from..from + value.len())
}
