//! Status emoji and the signs beside them.

use crate::model::Status;

/// What one emoji votes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    /// The vote.
    pub vote: Status,
    /// Bytes with a variation selector.
    pub len: usize,
    /// A coloured circle: at the start of a heading it grades the priority and says nothing of the status.
    pub colour: bool,
}

/// The status emoji at the start of `text`.
pub(super) fn at(text: &str) -> Option<Sign> {
    // Every status emoji is U+2000 or later: its first byte is E2 to F4.
    if *text.as_bytes().first()? < 0xe2 {
        return None;
    }
    let mut chars = text.chars();
    let sign = chars.next()?;
    let (vote, colour) = vote(sign)?;
    let mut len = sign.len_utf8();
    if chars.next() == Some('\u{fe0f}') {
        len += '\u{fe0f}'.len_utf8();
    }
    Some(Sign { vote, len, colour })
}

/// The status emoji at the end of `text`.
pub(super) fn before(text: &str) -> Option<Sign> {
    if *text.as_bytes().last()? < 0x80 {
        return None;
    }
    let mut chars = text.chars();
    let mut last = chars.next_back()?;
    let mut len = last.len_utf8();
    if last == '\u{fe0f}' {
        last = chars.next_back()?;
        len += last.len_utf8();
    }
    let (vote, colour) = vote(last)?;
    Some(Sign { vote, len, colour })
}

const fn vote(sign: char) -> Option<(Status, bool)> {
    Some(match sign {
        '✅' | '✔' | '☑' | '✓' | '🗸' | '🆗' | '💯' => (Status::Done, false),
        '🟢' => (Status::Done, true),
        '❌' | '❎' | '✗' | '✘' | '✖' | '⛔' | '🚫' | '⚠' | '⏳' | '⌛' | '🔜' | '⬜' | '☐' | '🔲' | '❗'
        | '❓' => (Status::Open, false),
        '🔴' | '⚪' => (Status::Open, true),
        '🟡' | '🟠' => (Status::InProgress, true),
        '🚧' | '🔄' => (Status::InProgress, false),
        '🛑' => (Status::Blocked, false),
        '⏸' | '⏭' | '💤' => (Status::Deferred, false),
        _ => return None,
    })
}

/// Whether a character is a picture or a part of one: decoration in front of a title.
pub(super) const fn is_picture(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}'
        | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}' | '\u{200d}' | '\u{20e3}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variation_selector_belongs_to_its_emoji_on_both_sides() {
        assert_eq!(at("⚠️ x").map(|s| (s.vote, s.len)), Some((Status::Open, 6)));
        assert_eq!(before("x ⚠️").map(|s| (s.vote, s.len)), Some((Status::Open, 6)));
        assert_eq!(before("x ✅").map(|s| (s.vote, s.len)), Some((Status::Done, 3)));
        assert_eq!(at("x ✅"), None);
        assert_eq!(at("é"), None);
    }
}
