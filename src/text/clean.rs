//! Text from outside made safe for a terminal, and of a width on which all terminals agree.
//!
//! Kept: every letter of every script, combining marks, plain emoji. Dropped or replaced: what could move the cursor,
//! colour the screen, break a row or reorder it, what cannot be seen, and what some terminals join into one sign and
//! others do not (joiners, variation selectors, skin tones, keycaps, flags), because a row must not depend on that.

use std::borrow::Cow;

/// Combining marks kept after one character; real writing needs no more, a stack of hundreds paints over other rows.
const MARKS: usize = 6;

/// `text` without anything that could harm the screen: C0 and C1 controls, bidirectional controls, zero-width and other
/// invisible characters, variation selectors, private use. A tab or a line break becomes a space, a flag its two letters.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if !text.bytes().any(|byte| byte.is_ascii_control()) {
            return Cow::Borrowed(text);
        }
    } else if !text.chars().any(|c| is_unsafe(c) || may_combine(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        let c = match c {
            '\t' | '\n' => ' ',
            '\u{1f1e6}'..='\u{1f1ff}' => flag_letter(c),
            '\u{ff9e}' => '゛',
            '\u{ff9f}' => '゜',
            c if is_unsafe(c) => continue,
            c => c,
        };
        marks = if may_combine(c) { marks + 1 } else { 0 };
        if marks <= MARKS {
            out.push(c);
        }
    }
    if out == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(out)
    }
}

/// `text` without the escape sequences that colour a terminal (CSI, OSC and two-byte ones), which [`clean`] would leave
/// as letters. What is no complete sequence loses its ESC only.
#[must_use]
pub fn without_ansi(text: &str) -> Cow<'_, str> {
    if !text.contains(['\u{1b}', '\u{9b}']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\u{1b}', '\u{9b}']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let csi = from
            .strip_prefix('\u{9b}')
            .or_else(|| from.strip_prefix("\u{1b}["));
        let after_escape = from
            .get(from.chars().next().map_or(0, char::len_utf8)..)
            .unwrap_or_default();
        rest = if let Some(body) = csi {
            let end = body.find(|c: char| !matches!(c, ' '..='?'));
            match end.map(|end| body.split_at(end)) {
                Some((_, tail)) if tail.starts_with(|c: char| matches!(c, '@'..='~')) => {
                    tail.get(1..).unwrap_or_default()
                }
                _ => after_escape,
            }
        } else if let Some(body) = from.strip_prefix("\u{1b}]") {
            let end = body.find(['\u{7}', '\u{1b}', '\n']);
            match end.map(|end| body.split_at(end)) {
                Some((_, tail)) if tail.starts_with('\u{7}') => tail.get(1..).unwrap_or_default(),
                Some((_, tail)) if tail.starts_with("\u{1b}\\") => tail.get(2..).unwrap_or_default(),
                _ => after_escape,
            }
        } else {
            after_escape
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether a character may not reach the terminal as it stands.
#[must_use]
pub const fn is_unsafe(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(c,
        // C1 controls, soft hyphen.
        '\u{80}'..='\u{9f}' | '\u{ad}'
        // Invisible joiners and fillers; the Arabic letter mark.
        | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{3164}' | '\u{ffa0}'
        // Zero width, line and paragraph separators, bidirectional controls, invisible operators.
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        // Half-width sound marks: ratatui and terminals disagree on their cells.
        | '\u{ff9e}' | '\u{ff9f}'
        // Keycap, variation selectors, byte order mark, interlinear annotation, noncharacters.
        | '\u{20e3}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}'
        // Invisible musical controls, flags, skin tones, tags, private use.
        | '\u{1d173}'..='\u{1d17a}' | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..)
}

/// Half of a flag as the letter it is made of.
fn flag_letter(c: char) -> char {
    let index = u32::from(c).saturating_sub(0x1f1e6);
    u8::try_from(index).map_or(' ', |index| char::from(b'A'.saturating_add(index)))
}

/// Whether a character takes no column of its own but is drawn over the one before it.
fn may_combine(c: char) -> bool {
    use unicode_width::UnicodeWidthChar as _;
    c >= '\u{300}' && c.width() == Some(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_gone() {
        assert_eq!(clean("a\u{1b}[31mred\u{7}\u{9b}2J"), "a[31mred2J");
        assert_eq!(clean("two\nlines\tand\r"), "two lines and");
        assert_eq!(clean("user\u{202e}txt.exe\u{2069}"), "usertxt.exe");
        assert_eq!(clean("\u{f8ff}\u{10fffd}\u{e0041}x\u{feff}"), "x");
    }

    #[test]
    fn signs_that_terminals_draw_in_different_widths_become_plain() {
        for (text, plain) in [
            ("⚠️ x", "⚠ x"),
            ("👩‍💻", "👩💻"),
            ("👍🏽", "👍"),
            ("1️⃣", "1"),
            ("🇩🇪!", "DE!"),
            ("ｶﾞ", "ｶ゛"),
        ] {
            assert_eq!(clean(text), plain);
        }
    }

    #[test]
    fn all_scripts_and_their_marks_stay() {
        for text in [
            "niño – “x”",
            "日本語 中文 한글",
            "عربية",
            "हिन्दी",
            "ไทย",
            "e\u{301}",
            "✅❌🔴🚀⏳",
            "Tiếng Việt",
            "─│┌",
        ] {
            assert!(
                matches!(clean(text), Cow::Borrowed(same) if same == text),
                "{text}"
            );
        }
    }

    #[test]
    fn a_tower_of_marks_is_cut() {
        let tower = format!("a{}b", "\u{301}".repeat(500));
        assert_eq!(clean(&tower), format!("a{}b", "\u{301}".repeat(MARKS)));
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left_and_a_second_pass_changes_nothing(text in any::<String>()) {
            let once = clean(&text).into_owned();
            prop_assert!(!once.chars().any(is_unsafe));
            prop_assert_eq!(clean(&once), once.as_str());
        }
    }
}
