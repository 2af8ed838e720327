//! Text from outside made safe for a terminal.

use std::borrow::Cow;

/// `text` without anything that could move the cursor, colour the screen or break a row: C0 and C1
/// controls, bidirectional overrides, zero-width joiners, variation selectors, private use. A tab becomes a space.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .filter_map(|c| {
                if c == '\t' {
                    Some(' ')
                } else {
                    (!is_unsafe(c)).then_some(c)
                }
            })
            .collect(),
    )
}

/// Whether a character may not reach the terminal.
#[must_use]
pub const fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}
