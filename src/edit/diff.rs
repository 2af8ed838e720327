//! What a plan changes, as lines that people read.

use super::{Plan, apply};
use crate::text::clean::clean;
use crate::text::lines::LineIndex;
use crate::text::{SourceText, Span};

/// Unchanged lines shown on each side of a change.
const CONTEXT: u32 = 2;

/// One line of a diff with its 1-based number: in the old text for context and removed lines, in the new text for
/// added ones. The text is repaired and safe for a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffLine {
    /// Stands in both.
    Context(u32, String),
    /// Stands in the old text only.
    Removed(u32, String),
    /// Stands in the new text only.
    Added(u32, String),
    /// Lines between two hunks are left out.
    Gap,
}

/// Lines of the old and of the new text that take each other's place (1-based, both ends included).
#[derive(Debug, Clone, Copy)]
struct Hunk {
    old: (u32, u32),
    new: (u32, u32),
}

/// The change as hunks of lines. Empty when the plan was made for another content.
#[must_use]
pub fn diff(plan: &Plan, source: &SourceText) -> Vec<DiffLine> {
    let Ok(bytes) = apply(plan, source.bytes()) else {
        return Vec::new();
    };
    let new = SourceText::read(bytes.into());
    let (old_text, new_text) = (source.text(), new.text());
    let (old_lines, new_lines) = (LineIndex::of(old_text), LineIndex::of(new_text));
    let hunks = hunks(plan, source, &new, &old_lines, &new_lines);

    let old_line =
        |line: u32| clean(old_text.get(old_lines.range(line, old_text)).unwrap_or_default()).into_owned();
    let new_line =
        |line: u32| clean(new_text.get(new_lines.range(line, new_text)).unwrap_or_default()).into_owned();
    let last = u32::try_from(old_lines.count()).unwrap_or(u32::MAX);
    let mut out = Vec::new();
    let mut next = 1;
    for (at, hunk) in hunks.iter().enumerate() {
        let from = hunk.old.0.saturating_sub(CONTEXT).max(next);
        if at > 0 && from > next {
            out.push(DiffLine::Gap);
        }
        out.extend((from..hunk.old.0).map(|line| DiffLine::Context(line, old_line(line))));
        out.extend((hunk.old.0..=hunk.old.1).map(|line| DiffLine::Removed(line, old_line(line))));
        out.extend((hunk.new.0..=hunk.new.1).map(|line| DiffLine::Added(line, new_line(line))));
        let limit = hunks
            .get(at + 1)
            .map_or(last, |following| following.old.0.saturating_sub(1));
        let until = hunk.old.1.saturating_add(CONTEXT).min(limit);
        let ends_empty = |line: u32| line == last && old_line(line).is_empty();
        out.extend(
            (hunk.old.1 + 1..=until)
                .filter(|&line| !ends_empty(line))
                .map(|line| DiffLine::Context(line, old_line(line))),
        );
        next = until + 1;
    }
    out
}

/// The lines that each edit touches; edits on one line become one hunk.
fn hunks(
    plan: &Plan,
    old: &SourceText,
    new: &SourceText,
    old_lines: &LineIndex,
    new_lines: &LineIndex,
) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    let (mut put, mut taken) = (0_usize, 0_usize);
    for edit in &plan.edits {
        let start = edit.span.range().start + put - taken;
        put += edit.put.len();
        taken += edit.expect.len();
        let lines = |source: &SourceText, index: &LineIndex, span: Span| {
            let range = source.text_range(span);
            (index.line(range.start), index.line(range.end))
        };
        let hunk = Hunk {
            old: lines(old, old_lines, edit.span),
            new: lines(new, new_lines, Span::of(start, start + edit.put.len())),
        };
        match hunks.last_mut() {
            Some(last) if hunk.old.0 <= last.old.1 || hunk.new.0 <= last.new.1 => {
                last.old.1 = last.old.1.max(hunk.old.1);
                last.new.1 = last.new.1.max(hunk.new.1);
            }
            _ => hunks.push(hunk),
        }
    }
    hunks
}
