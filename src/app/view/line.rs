//! Rows of cells: fitting text from outside into columns.

use std::borrow::Cow;

use super::{Cell, Line, Role};
use crate::text::clean::clean;
use crate::text::width::{columns, cut};

/// `text` safe for a terminal and at most `width` columns wide, with `mark` where it was cut.
#[must_use]
pub fn short(text: &str, width: usize, mark: &str) -> String {
    // A row of 10 MB is cut before it is looked at; no grapheme that people write has more than 32 bytes.
    let head = prefix(text, (width + 1).saturating_mul(32));
    let safe = clean(head);
    if columns(&safe) <= width && head.len() == text.len() {
        return safe.into_owned();
    }
    let room = width.saturating_sub(columns(mark));
    let mut out = cut(&safe, room).to_owned();
    out.push_str(cut(mark, width));
    out
}

/// Like [`short`], keeping the end: the file name of a path matters more than its folders.
#[must_use]
pub fn short_path(text: &str, width: usize, mark: &str) -> String {
    let safe = clean(text);
    if columns(&safe) <= width {
        return safe.into_owned();
    }
    let room = width.saturating_sub(columns(mark));
    let tail = safe
        .char_indices()
        .map(|(at, _)| safe.get(at..).unwrap_or_default())
        .find(|tail| columns(tail) <= room);
    format!("{}{}", cut(mark, width), tail.unwrap_or_default())
}

/// [`short`] filled with spaces to exactly `width` columns.
#[must_use]
pub fn fit(text: &str, width: usize, mark: &str) -> String {
    let mut out = short(text, width, mark);
    let used = columns(&out);
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
    out
}

/// The longest prefix of at most `bytes` bytes on a character border.
#[must_use]
pub fn prefix(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// `1,203`.
#[must_use]
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 item`, `3 items`, with the noun's plural.
#[must_use]
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// Text broken at spaces into rows of at most `width` columns. For our own sentences and short outside texts.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    const LIMIT: usize = 16 * 1024;
    let width = width.max(1);
    let mut rows = Vec::new();
    for paragraph in prefix(text, LIMIT).lines() {
        let safe = clean(paragraph);
        let mut row = String::new();
        for word in safe.split(' ') {
            let mut word = word;
            if !row.is_empty() && columns(&row) + 1 + columns(word) > width {
                rows.push(std::mem::take(&mut row));
            }
            while columns(word) > width {
                let head = cut(word, width);
                // A sign wider than the whole row: nothing of it can be shown.
                if head.is_empty() {
                    word = "";
                    break;
                }
                rows.push(head.to_owned());
                word = word.get(head.len()..).unwrap_or_default();
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row.push_str(word);
        }
        rows.push(row);
    }
    rows
}

impl Line {
    /// A row of one cell.
    #[must_use]
    pub fn of(text: impl Into<Cow<'static, str>>, role: Role) -> Self {
        Self {
            cells: vec![Cell::new(text, role)],
            ..Self::default()
        }
    }

    /// With one more cell.
    #[must_use]
    pub fn and(mut self, text: impl Into<Cow<'static, str>>, role: Role) -> Self {
        self.cells.push(Cell::new(text, role));
        self
    }

    /// Columns of the left cells.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.cells.iter().map(|cell| columns(&cell.text)).sum()
    }

    /// The text of the row in `width` columns, right cells at the end; without roles. For tests and plain output.
    #[must_use]
    pub fn to_text(&self, width: usize) -> String {
        let join = |cells: &[Cell]| cells.iter().map(|cell| &*cell.text).collect::<String>();
        let (left, right) = (join(&self.cells), join(&self.right));
        let right = cut(&right, width);
        let room = width - columns(right);
        let left = cut(&left, room);
        let gap = room - columns(left);
        format!("{left}{}{right}", " ".repeat(gap))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_is_cut_and_safe() {
        assert_eq!(short("a\u{1b}[31mb", 10, "…"), "a[31mb");
        assert_eq!(short("abcdef", 4, "…"), "abc…");
        assert_eq!(short("日本語", 5, "…"), "日本…");
        assert_eq!(short("abc", 0, "…"), "");
        assert_eq!(short(&"x".repeat(10_000_000), 3, "…"), "xx…");
        assert_eq!(fit("ab", 4, "…"), "ab  ");
        assert_eq!(short_path("docs/release/READY.md", 10, "…"), "…/READY.md");
    }

    #[test]
    fn wrapping_never_exceeds_the_width() {
        for width in 1..20 {
            for row in wrap(
                "one two-three 日本語 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n\nend",
                width,
            ) {
                assert!(columns(&row) <= width, "{row:?} in {width}");
            }
        }
        assert_eq!(wrap("a b c", 3), ["a b", "c"]);
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(counted(1, "item", "items"), "1 item");
    }
}
