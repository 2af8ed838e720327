//! How many terminal columns a text takes.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Columns that `text` takes on screen.
#[must_use]
pub fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// The longest prefix of whole graphemes that fits into `limit` columns.
#[must_use]
pub fn cut(text: &str, limit: usize) -> &str {
    if text.is_ascii() {
        return &text[..text.len().min(limit)];
    }
    let (mut used, mut end) = (0, 0);
    for (at, grapheme) in text.grapheme_indices(true) {
        used += columns(grapheme);
        if used > limit {
            break;
        }
        end = at + grapheme.len();
    }
    &text[..end]
}
