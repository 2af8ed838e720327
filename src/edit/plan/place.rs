//! Places on an item's own lines, in text offsets: where its text begins and ends, its status cell.

use std::ops::Range;

use crate::model::{Item, MarkKind, Shape};
use crate::text::SourceText;
use crate::text::markdown::{BlockKind, Outline};

/// The end of the line that holds an offset, without its line break.
pub(in crate::edit) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find(['\n', '\r']).unwrap_or(rest.len())
}

/// Where the item's own words begin on its first line: behind quote signs, `#`, list sign and box.
pub(in crate::edit) fn lead(text: &str, source: &SourceText, item: &Item) -> usize {
    let start = source.text_range(item.span).start;
    let line = text.get(start..line_end(text, start)).unwrap_or_default();
    let mut rest = line.trim_start_matches([' ', '\t', '>']);
    if rest.starts_with('#') {
        rest = rest.trim_start_matches('#').trim_start();
    } else if item.shape != Shape::Heading {
        rest = without_list_sign(rest);
    }
    let has_box = item.marks.iter().any(|mark| mark.kind == MarkKind::Box);
    if has_box
        && rest.starts_with('[')
        && let Some((_, after)) = rest.split_once(']')
    {
        rest = after.trim_start();
    }
    start + line.len() - rest.len()
}

fn without_list_sign(line: &str) -> &str {
    let unordered = line.strip_prefix(['-', '*', '+']);
    let ordered = || {
        line.trim_start_matches(|c: char| c.is_ascii_digit())
            .strip_prefix(['.', ')'])
    };
    let digits = line.starts_with(|c: char| c.is_ascii_digit());
    let rest = unordered.or_else(|| if digits { ordered() } else { None });
    match rest {
        Some(rest) if rest.is_empty() || rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => line,
    }
}

/// Where the item's own words end: before hard-break spaces, a closing backslash and a heading's closing `#`.
pub(in crate::edit) fn trail(text: &str, source: &SourceText, item: &Item) -> usize {
    let range = source.text_range(item.span);
    if item.shape == Shape::Heading {
        let end = line_end(text, range.start);
        let line = text.get(range.start..end).unwrap_or_default();
        let trimmed = line.trim_end();
        let without = trimmed.trim_end_matches('#');
        let closed =
            without.len() < trimmed.len() && without.ends_with([' ', '\t']) && !without.trim().is_empty();
        let kept = if closed { without.trim_end() } else { trimmed };
        return range.start + kept.len();
    }
    let words = text.get(range.clone()).unwrap_or_default();
    let trimmed = words.trim_end();
    let trimmed = match trimmed.strip_suffix('\\') {
        Some(before) if trimmed.len() < words.len() && words[trimmed.len()..].starts_with(['\n', '\r']) => {
            before.trim_end()
        }
        _ => trimmed,
    };
    range.start + trimmed.len()
}

/// The cells of an item's row without the blanks around their text, with the index of the one that holds its status.
pub(in crate::edit) fn row(
    text: &str,
    source: &SourceText,
    item: &Item,
) -> Option<(Vec<Range<usize>>, usize)> {
    let own = source.text_range(item.span);
    let outline = Outline::of(text);
    let found = outline.blocks.iter().find(|block| {
        let range = block.range.range();
        matches!(block.kind, BlockKind::Row { header: false, .. })
            && (range.contains(&own.start) || own.contains(&range.start))
    })?;
    let BlockKind::Row { table: wanted, .. } = found.kind else {
        return None;
    };
    let end = line_end(text, found.range.range().start);
    let cells: Vec<Range<usize>> = outline
        .row(found)
        .iter()
        .map(|cell| trimmed(text, cell.range()))
        .filter(|cell| cell.end <= end)
        .collect();
    let by_mark = item.marks.last().and_then(|mark| {
        let mark = source.text_range(mark.span);
        cells
            .iter()
            .position(|cell| cell.start <= mark.start && mark.end <= cell.end)
    });
    let header = outline
        .blocks
        .iter()
        .find(|block| matches!(block.kind, BlockKind::Row { table, header: true, .. } if table == wanted));
    let by_header = || {
        let titles = outline.row(header?).iter();
        let mut status = titles.enumerate().filter(|(_, cell)| {
            let title = text.get(cell.range()).unwrap_or_default().to_lowercase();
            ["status", "state", "verdict", "result"]
                .iter()
                .any(|word| title.contains(word))
        });
        status
            .next_back()
            .map(|(at, _)| at)
            .filter(|&at| at < cells.len())
    };
    let at = by_mark
        .or_else(by_header)
        .or_else(|| cells.len().checked_sub(1))?;
    Some((cells, at))
}

/// A range without the blanks at its ends; for a blank one, the empty range behind its first blank.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let inside = inside.trim_end_matches('|');
    let blank = |c: char| c == ' ' || c == '\t';
    let without = inside.trim_start_matches(blank);
    if without.is_empty() {
        let behind = usize::from(inside.len() > 1);
        return range.start + behind..range.start + behind;
    }
    let start = range.start + inside.len() - without.len();
    start..start + without.trim_end_matches(blank).len()
}
