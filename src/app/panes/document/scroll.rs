//! Scrolling over wrapped lines: the top is a line and a row of that line, so that nothing above is ever measured.

use std::ops::Range;

use super::Text;
use crate::app::view::line::prefix;
use crate::text::clean::is_unsafe;
use crate::text::width::columns;

/// The first visible row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Top {
    /// 1-based line.
    pub line: u32,
    /// Row of that line, from 0.
    pub row: usize,
}

impl Default for Top {
    fn default() -> Self {
        Self { line: 1, row: 0 }
    }
}

/// Of a longer line only the beginning is shown.
pub(super) const LINE_BYTES: usize = 16 * 1024;
/// Rows that a line can take.
const LINE_ROWS: usize = 400;

/// The rows of a line in `width` columns as ranges of its bytes; broken at spaces where there are any. At least one.
pub(super) fn wrap(line: &str, width: usize) -> Vec<Range<usize>> {
    let line = prefix(line, LINE_BYTES);
    let width = width.max(2);
    if line.len() <= width && line.is_ascii() && !line.contains('\t') {
        return std::iter::once(0..line.len()).collect();
    }
    let mut rows = Vec::new();
    let (mut start, mut used, mut space) = (0, 0, None);
    let mut buffer = [0; 4];
    for (at, c) in line.char_indices() {
        let columns = match c {
            '\t' => 1,
            c if is_unsafe(c) => 0,
            c if c.is_ascii() => 1,
            c => columns(c.encode_utf8(&mut buffer)),
        };
        if used + columns > width {
            // A space far to the left would leave a ragged hole: then the word is cut.
            let end = match space {
                Some(space) if space > start && (at - space) * 2 < at - start => space,
                _ => at,
            };
            rows.push(start..end);
            if rows.len() >= LINE_ROWS {
                return rows;
            }
            start = end;
            used = self::used(line.get(start..at).unwrap_or_default());
            space = None;
        }
        used += columns;
        if c == ' ' {
            space = Some(at + 1);
        }
    }
    rows.push(start..line.len());
    rows
}

fn used(text: &str) -> usize {
    let mut buffer = [0; 4];
    text.chars()
        .map(|c| match c {
            '\t' => 1,
            c if is_unsafe(c) => 0,
            c => columns(c.encode_utf8(&mut buffer)),
        })
        .sum()
}

/// How the line shall be seen.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wish {
    /// About a third of the rows stand above it.
    pub reveal: bool,
    /// Rows for a note below it.
    pub note: usize,
}

/// The top that keeps `line` visible.
pub(super) fn settle(text: &Text, top: Top, line: u32, (width, height): (usize, usize), view: Wish) -> Top {
    let rows = |line: u32| wrap(text.line(line), width).len();
    let height = height.max(1);
    let last = text.lines();
    let top = Top {
        line: top.line.clamp(1, last),
        row: top.row,
    };
    let own = (rows(line) + view.note).min(height);
    let above = |room: usize| {
        let mut room = room;
        let mut at = Top { line, row: 0 };
        while room > 0 && at.line > 1 {
            let rows = rows(at.line - 1);
            if rows > room {
                return Top {
                    line: at.line - 1,
                    row: rows - room,
                };
            }
            room -= rows;
            at.line -= 1;
        }
        at
    };
    let visible = {
        let mut used = 0;
        let mut at = top.line;
        let starts = line > top.line || (line == top.line && top.row == 0);
        while starts && at < line && used < height {
            let skipped = if at == top.line { top.row } else { 0 };
            used += rows(at).saturating_sub(skipped);
            at += 1;
        }
        starts && at == line && used + own <= height
    };
    if view.reveal {
        return above(height / 3);
    }
    if visible {
        return top;
    }
    if line <= top.line {
        Top { line, row: 0 }
    } else {
        above(height - own)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::SourceText;

    fn text(lines: &str) -> Text {
        Text::of(Arc::new(SourceText::read(lines.as_bytes().into())), true)
    }

    #[test]
    fn wrapped_rows_are_the_line_and_fit() {
        for line in [
            "",
            "short",
            "one two three four five six",
            "日本語日本語日本語",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaa b",
            "a\tb\u{1b}[31m c d e f g h",
        ] {
            for width in 2..12 {
                let rows = wrap(line, width);
                assert_eq!(
                    rows.iter().map(|row| &line[row.clone()]).collect::<String>(),
                    line
                );
                for row in rows {
                    assert!(used(&line[row]) <= width);
                }
            }
        }
    }

    #[test]
    fn the_cursor_line_is_kept_visible_without_jumps() {
        let text = text(&"line\n".repeat(100));
        let top = |line| Top { line, row: 0 };
        assert_eq!(
            settle(
                &text,
                top(1),
                5,
                (20, 10),
                Wish {
                    reveal: false,
                    note: 0
                }
            ),
            top(1)
        );
        assert_eq!(
            settle(
                &text,
                top(1),
                11,
                (20, 10),
                Wish {
                    reveal: false,
                    note: 0
                }
            ),
            top(2)
        );
        assert_eq!(
            settle(
                &text,
                top(50),
                20,
                (20, 10),
                Wish {
                    reveal: false,
                    note: 0
                }
            ),
            top(20)
        );
        assert_eq!(
            settle(
                &text,
                top(1),
                50,
                (20, 9),
                Wish {
                    reveal: true,
                    note: 0
                }
            ),
            top(47)
        );
        assert_eq!(
            settle(
                &text,
                top(900),
                100,
                (20, 10),
                Wish {
                    reveal: false,
                    note: 0
                }
            ),
            top(100)
        );
    }

    #[test]
    fn a_line_of_ten_megabytes_is_only_begun() {
        let long = "word ".repeat(2_000_000);
        assert!(wrap(&long, 80).len() <= LINE_ROWS);
    }
}
