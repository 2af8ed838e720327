//! How many terminal columns a text takes, counted as ratatui draws it: grapheme by grapheme.
//!
//! The width of a whole string in `unicode-width` can be less than the cells it is drawn in (an Arabic lam-alef is
//! two graphemes, so two cells, but one column as a string); a layout by that width would break its row.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::ascii::{next_non_ascii, run_end};

/// Columns that `text`, already clean, takes on screen.
#[must_use]
pub fn columns(text: &str) -> usize {
    let (mut used, mut at) = (0, 0);
    while let Some(start) = next_non_ascii(text.as_bytes(), at) {
        let end = run_end(text.as_bytes(), start);
        used += start - at;
        used += graphemes(text, start, end)
            .map(|(_, grapheme)| cells(grapheme))
            .sum::<usize>();
        at = end;
    }
    used + text.len() - at
}

/// The longest prefix that fits into `limit` columns; no sign is split from its combining marks.
#[must_use]
pub fn cut(text: &str, limit: usize) -> &str {
    let (mut used, mut at) = (0, 0);
    loop {
        let start = next_non_ascii(text.as_bytes(), at).unwrap_or(text.len());
        if start - at > limit - used {
            return text.get(..at + limit - used).unwrap_or_default();
        }
        used += start - at;
        if start == text.len() {
            return text;
        }
        at = run_end(text.as_bytes(), start);
        for (begin, grapheme) in graphemes(text, start, at) {
            if cells(grapheme) > limit - used {
                return text.get(..begin).unwrap_or_default();
            }
            used += cells(grapheme);
        }
    }
}

/// The graphemes of a run outside of ASCII. A combining mark at its start belongs to the ASCII character before it,
/// but has no width of its own, so that the run can be counted apart.
fn graphemes(text: &str, start: usize, end: usize) -> impl Iterator<Item = (usize, &str)> {
    let run = text.get(start..end).unwrap_or_default();
    run.grapheme_indices(true)
        .map(move |(at, grapheme)| (start + at, grapheme))
}

fn cells(grapheme: &str) -> usize {
    if grapheme.len() == 1 { 1 } else { grapheme.width() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;
    use crate::text::clean::clean;

    /// Columns that ratatui really moves on by.
    fn drawn(text: &str) -> usize {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2000, 1));
        usize::from(buffer.set_stringn(0, 0, text, 2000, Style::default()).0)
    }

    #[test]
    fn widths_are_those_of_the_screen() {
        for (text, wide) in [
            ("", 0),
            ("abc", 3),
            ("✅ ok", 5),
            ("⚠ x", 3),
            ("日本", 4),
            ("e\u{301}", 1),
            ("لا", 2),
            ("→", 1),
            ("👨👩", 4),
            ("\u{fffd}", 1),
            ("한글", 4),
            ("ก็", 1),
        ] {
            assert_eq!((columns(text), drawn(text)), (wide, wide), "{text}");
        }
    }

    #[test]
    fn a_cut_never_splits_a_grapheme_or_passes_the_limit() {
        assert_eq!(cut("abc", 2), "ab");
        assert_eq!(cut("ae\u{301}b", 2), "ae\u{301}");
        assert_eq!(cut("日本", 3), "日");
        assert_eq!(cut("✅✅", 1), "");
        assert_eq!(cut("abc", usize::MAX), "abc");
        assert_eq!(cut("", 0), "");
    }

    proptest! {
        #[test]
        fn columns_equal_the_cells_drawn(text in "(\\PC|[✅⚠️🔴🇩🇪👩‍💻日本لا\u{301}ｶﾞ]){0,40}") {
            let text = clean(&text);
            prop_assert_eq!(columns(&text), drawn(&text));
        }

        #[test]
        fn a_cut_is_the_longest_prefix_that_fits(text in "(\\PC|[a-z✅日\u{301}]){0,30}", limit in 0_usize..20) {
            let text = clean(&text);
            let head = cut(&text, limit);
            prop_assert!(text.starts_with(head) && columns(head) <= limit);
            if let Some(next) = text[head.len()..].graphemes(true).next() {
                prop_assert!(columns(head) + columns(next) > limit);
            }
        }
    }
}
