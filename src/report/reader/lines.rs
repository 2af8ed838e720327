//! List items and table rows as items.

use std::ops::Range;

use super::super::marks::{Place, RawMark};
use super::super::requirement::Quiet;
use super::super::{boxes, tables, title};
use super::{Around, Reader};
use crate::model::{MarkKind, Shape, Status};
use crate::text::markdown::Block;

impl Reader<'_> {
    pub(super) fn list_item(&mut self, block: &Block, depth: u8, number: Option<u32>, list: u32) {
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

    pub(super) fn row(&mut self, block: &Block, plan: &tables::Plan) {
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
