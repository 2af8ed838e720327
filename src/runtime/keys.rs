//! The bytes that a terminal sends as keys, pastes, focus changes and answers.
//!
//! Its own reader instead of crossterm's for three measured or read reasons: crossterm's source blocks in the middle
//! of a sequence that came in two pieces, spins for ever when the terminal goes away, and its stream costs a second
//! thread. Not here: reading the bytes (`input`). Invariant: total for any bytes; no input is held back but the
//! beginning of a sequence. Held by the tests here.

use crate::app::{Key, KeyName};

/// A paste longer than this is cut: nobody types a megabyte into a prompt.
const LONGEST_PASTE: usize = 1 << 20;
/// A sequence longer than this is none.
const LONGEST_SEQUENCE: usize = 256;
const PASTE_END: &[u8] = b"\x1b[201~";

/// What came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    Key(Key),
    Paste(String),
    /// The terminal got or lost the keyboard.
    Focus(bool),
    /// The wheel was turned, up or down.
    Wheel {
        up: bool,
    },
    /// The answer to the question for the background's colour: whether it is light.
    Background {
        light: bool,
    },
}

/// Bytes to inputs; keeps the beginning of a sequence until the rest comes.
#[derive(Debug, Default)]
pub(super) struct Parser {
    pending: Vec<u8>,
    paste: Option<Vec<u8>>,
}

enum Step {
    /// The beginning of something: more bytes are needed.
    More,
    /// So many bytes were used, for this.
    Took(usize, Option<Input>),
}

impl Parser {
    /// Takes bytes and gives the inputs that are complete.
    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        self.pending.extend_from_slice(bytes);
        let mut at = 0;
        while let Some(rest) = self.pending.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(paste) = &mut self.paste {
                let (used, done) = take_paste(rest, paste);
                at += used;
                if done && let Some(text) = self.paste.take() {
                    out.push(Input::Paste(String::from_utf8_lossy(&text).into_owned()));
                } else if used == 0 {
                    break;
                }
                continue;
            }
            match step(rest) {
                Step::More => break,
                Step::Took(used, input) => {
                    if rest.starts_with(b"\x1b[200~") {
                        self.paste = Some(Vec::new());
                    }
                    at += used.max(1);
                    out.extend(input);
                }
            }
        }
        self.pending.drain(..at);
    }
}

/// Moves bytes of a paste; says how many were used and whether the end was among them.
fn take_paste(rest: &[u8], paste: &mut Vec<u8>) -> (usize, bool) {
    let end = rest
        .windows(PASTE_END.len())
        .position(|window| window == PASTE_END);
    let (text, used, done) = match end {
        Some(end) => (rest.get(..end), end + PASTE_END.len(), true),
        None => {
            // The end mark may be cut in two: what could be its beginning stays.
            let keep = (1..PASTE_END.len())
                .rev()
                .find(|n| rest.ends_with(PASTE_END.get(..*n).unwrap_or_default()))
                .unwrap_or(0);
            let used = rest.len() - keep;
            (rest.get(..used), used, false)
        }
    };
    let room = LONGEST_PASTE.saturating_sub(paste.len());
    paste.extend(text.unwrap_or_default().iter().take(room));
    (used, done)
}

fn step(bytes: &[u8]) -> Step {
    match bytes {
        [] => Step::More,
        [0x1b, rest @ ..] => escape(rest),
        _ => match character(bytes) {
            Some((used, key)) => Step::Took(used, key.map(Input::Key)),
            None => Step::More,
        },
    }
}

/// A character or a control byte: the bytes used and the key, or `None` while a character is incomplete.
fn character(bytes: &[u8]) -> Option<(usize, Option<Key>)> {
    let first = *bytes.first()?;
    let key = match first {
        b'\r' => Key::plain(KeyName::Enter),
        b'\t' => Key::plain(KeyName::Tab),
        0x7f => Key::plain(KeyName::Backspace),
        0 => Key::ctrl(' '),
        1..=26 => Key::ctrl(char::from(first - 1 + b'a')),
        27..=31 => Key::ctrl(char::from(first - 28 + b'4')),
        32..=126 => Key::plain(KeyName::Char(char::from(first))),
        _ => {
            let length = match first {
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return Some((1, None)),
            };
            let Some(whole) = bytes.get(..length) else {
                // A wrong continuation will never become a character.
                let wrong = bytes.iter().skip(1).any(|byte| byte & 0xc0 != 0x80);
                return wrong.then_some((1, None));
            };
            return match std::str::from_utf8(whole) {
                Ok(text) => Some((length, text.chars().next().map(|c| Key::plain(KeyName::Char(c))))),
                Err(_) => Some((1, None)),
            };
        }
    };
    Some((1, Some(key)))
}

/// What follows an escape byte.
fn escape(rest: &[u8]) -> Step {
    match rest {
        // Alone it is the key itself: terminals send their sequences in one piece.
        [] => Step::Took(1, Some(Input::Key(Key::plain(KeyName::Esc)))),
        [b'[', b'[', letter, ..] => {
            // The Linux console's F1 to F5.
            let n = letter.wrapping_sub(b'A').wrapping_add(1);
            let key = (1..=5)
                .contains(&n)
                .then(|| Input::Key(Key::plain(KeyName::F(n))));
            Step::Took(4, key)
        }
        [b'[', b'['] => Step::More,
        [b'[', body @ ..] => control_sequence(body),
        [b'O', letter, ..] => Step::Took(3, letter_key(*letter).map(|name| Input::Key(Key::plain(name)))),
        [b'O'] => Step::More,
        // Alone these are Alt with a key: answers of the terminal come in one piece.
        [b']', body @ ..] if body.first().is_some_and(u8::is_ascii_digit) => command_string(body, true),
        [b'P' | b'_' | b'^', body @ ..] if !body.is_empty() => command_string(body, false),
        [0x1b, ..] => Step::Took(1, Some(Input::Key(Key::plain(KeyName::Esc)))),
        _ => match character(rest) {
            Some((used, key)) => Step::Took(used + 1, key.map(|key| Input::Key(Key { alt: true, ..key }))),
            None => Step::More,
        },
    }
}

/// A sequence after `ESC [`: parameters, then a final byte.
fn control_sequence(body: &[u8]) -> Step {
    let Some(end) = body.iter().position(|byte| (0x40..=0x7e).contains(byte)) else {
        return if body.len() > LONGEST_SEQUENCE {
            Step::Took(body.len() + 2, None)
        } else {
            Step::More
        };
    };
    // A control or a non-ASCII byte inside: not a sequence; the bytes up to there are dropped.
    if let Some(odd) = body
        .iter()
        .take(end)
        .position(|byte| !(0x20..=0x3f).contains(byte))
    {
        return Step::Took(odd + 2, None);
    }
    let parameters = body.get(..end).unwrap_or_default();
    let input = body.get(end).and_then(|last| sequence(parameters, *last));
    Step::Took(end + 3, input)
}

fn sequence(parameters: &[u8], last: u8) -> Option<Input> {
    let text = std::str::from_utf8(parameters).ok()?;
    if let Some(mouse) = text.strip_prefix('<') {
        let button: u16 = mouse.split(';').next()?.parse().ok()?;
        // 64 and 65 are the wheel; shift, alt and control add 4, 8 and 16.
        return match (button & !0b1_1100, last) {
            (64, b'M') => Some(Input::Wheel { up: true }),
            (65, b'M') => Some(Input::Wheel { up: false }),
            _ => None,
        };
    }
    if text.starts_with(['?', '>', '=']) {
        return None;
    }
    let mut fields = text.split(';').map(|field| {
        let mut parts = field.split(':').map(|part| part.parse::<u32>().ok());
        (parts.next().flatten(), parts.next().flatten())
    });
    let first = fields.next().and_then(|field| field.0);
    let (modifiers, event) = fields.next().unwrap_or_default();
    // The third event kind of the kitty protocol is a key's release.
    if event == Some(3) {
        return None;
    }
    let bits = modifiers.unwrap_or(1).saturating_sub(1);
    let (shift, alt, ctrl) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
    let name = match last {
        b'I' if text.is_empty() => return Some(Input::Focus(true)),
        b'O' if text.is_empty() => return Some(Input::Focus(false)),
        b'Z' => KeyName::BackTab,
        b'~' => numbered(first?)?,
        b'u' => coded(first?, shift)?,
        letter => letter_key(letter)?,
    };
    Some(Input::Key(Key { name, ctrl, alt }))
}

/// The final letter of `ESC [` and `ESC O` sequences.
const fn letter_key(letter: u8) -> Option<KeyName> {
    Some(match letter {
        b'A' => KeyName::Up,
        b'B' => KeyName::Down,
        b'C' => KeyName::Right,
        b'D' => KeyName::Left,
        b'H' => KeyName::Home,
        b'F' => KeyName::End,
        b'P' => KeyName::F(1),
        b'Q' => KeyName::F(2),
        b'R' => KeyName::F(3),
        b'S' => KeyName::F(4),
        b'M' => KeyName::Enter,
        _ => return None,
    })
}

/// The number of `ESC [ n ~`.
fn numbered(n: u32) -> Option<KeyName> {
    Some(match n {
        1 | 7 => KeyName::Home,
        3 => KeyName::Delete,
        4 | 8 => KeyName::End,
        5 => KeyName::PageUp,
        6 => KeyName::PageDown,
        11..=15 => KeyName::F(u8::try_from(n - 10).ok()?),
        17..=21 => KeyName::F(u8::try_from(n - 11).ok()?),
        23..=26 => KeyName::F(u8::try_from(n - 12).ok()?),
        28..=29 => KeyName::F(u8::try_from(n - 13).ok()?),
        31..=34 => KeyName::F(u8::try_from(n - 14).ok()?),
        _ => return None,
    })
}

/// The code point of the kitty protocol's `ESC [ n u`.
fn coded(n: u32, shift: bool) -> Option<KeyName> {
    Some(match n {
        9 if shift => KeyName::BackTab,
        9 => KeyName::Tab,
        13 | 57414 => KeyName::Enter,
        27 => KeyName::Esc,
        8 | 127 => KeyName::Backspace,
        57399..=57408 => KeyName::Char(char::from_digit(n - 57399, 10)?),
        57409 => KeyName::Char('.'),
        57410 => KeyName::Char('/'),
        57411 => KeyName::Char('*'),
        57412 => KeyName::Char('-'),
        57413 => KeyName::Char('+'),
        57415 => KeyName::Char('='),
        57417 => KeyName::Left,
        57418 => KeyName::Right,
        57419 => KeyName::Up,
        57420 => KeyName::Down,
        57421 => KeyName::PageUp,
        57422 => KeyName::PageDown,
        57423 => KeyName::Home,
        57424 => KeyName::End,
        57426 => KeyName::Delete,
        // The rest of this private block are modifiers and media keys.
        57344..=63743 => return None,
        _ => {
            let c = char::from_u32(n).filter(|c| !c.is_control())?;
            KeyName::Char(if shift { c.to_uppercase().next()? } else { c })
        }
    })
}

/// A string that ends with BEL or `ESC \`: an answer to a question, or nothing of ours.
fn command_string(body: &[u8], operating_system: bool) -> Step {
    let end = body.iter().enumerate().find_map(|(at, byte)| match byte {
        0x07 => Some((at, 1)),
        0x1b if body.get(at + 1) == Some(&b'\\') => Some((at, 2)),
        _ => None,
    });
    let Some((end, mark)) = end else {
        // Alt with a bracket looks like the beginning of one: what goes on too long is none.
        return if body.len() > LONGEST_SEQUENCE {
            Step::Took(2, None)
        } else {
            Step::More
        };
    };
    let text = body.get(..end).and_then(|text| std::str::from_utf8(text).ok());
    let input = text
        .filter(|_| operating_system)
        .and_then(|text| text.strip_prefix("11;rgb:"))
        .and_then(background);
    Step::Took(2 + end + mark, input)
}

/// `cccc/cccc/cccc`, one to four hexadecimal digits a part.
fn background(text: &str) -> Option<Input> {
    let mut parts = text.split('/').map(|part| {
        let most = 16_f64.powi(i32::try_from(part.len()).ok()?) - 1.0;
        let value = u32::from_str_radix(part, 16).ok().filter(|_| part.len() <= 4)?;
        Some(f64::from(value) / most)
    });
    let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
    let light = 0.3 * red + 0.59 * green + 0.11 * blue > 0.5;
    Some(Input::Background { light })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Input, Parser};
    use crate::app::{Key, KeyName};

    fn all(bytes: &[u8]) -> Vec<Input> {
        let (mut parser, mut out) = (Parser::default(), Vec::new());
        parser.feed(bytes, &mut out);
        out
    }

    fn key(bytes: &[u8]) -> Key {
        match all(bytes)[..] {
            [Input::Key(key)] => key,
            ref other => panic!("{bytes:?} gave {other:?}"),
        }
    }

    #[test]
    fn the_keys_of_every_terminal_are_known() {
        for (bytes, name) in [
            (&b"j"[..], KeyName::Char('j')),
            (b"G", KeyName::Char('G')),
            ("é".as_bytes(), KeyName::Char('é')),
            ("漢".as_bytes(), KeyName::Char('漢')),
            (b"\r", KeyName::Enter),
            (b"\t", KeyName::Tab),
            (b"\x7f", KeyName::Backspace),
            (b"\x1b", KeyName::Esc),
            (b"\x1b[A", KeyName::Up),
            (b"\x1bOA", KeyName::Up),
            (b"\x1b[1;2B", KeyName::Down),
            (b"\x1b[H", KeyName::Home),
            (b"\x1b[4~", KeyName::End),
            (b"\x1b[3~", KeyName::Delete),
            (b"\x1b[5~", KeyName::PageUp),
            (b"\x1b[6~", KeyName::PageDown),
            (b"\x1b[Z", KeyName::BackTab),
            (b"\x1b[9;2u", KeyName::BackTab),
            (b"\x1b[27u", KeyName::Esc),
            (b"\x1bOP", KeyName::F(1)),
            (b"\x1b[[A", KeyName::F(1)),
            (b"\x1b[15~", KeyName::F(5)),
            (b"\x1b[24~", KeyName::F(12)),
            (b"\x1b[57414u", KeyName::Enter),
        ] {
            assert_eq!(key(bytes), Key::plain(name), "{bytes:?}");
        }
        assert_eq!(key(b"\x03"), Key::ctrl('c'));
        assert_eq!(key(b"\x1a"), Key::ctrl('z'));
        assert_eq!(key(b"\x00"), Key::ctrl(' '));
        assert_eq!(key(b"\x1b[99;5u"), Key::ctrl('c'));
        let alt = Key {
            alt: true,
            ..Key::plain(KeyName::Char('x'))
        };
        assert_eq!(key(b"\x1bx"), alt);
        let held = Key {
            ctrl: true,
            ..Key::plain(KeyName::Right)
        };
        assert_eq!(key(b"\x1b[1;5C"), held);
    }

    #[test]
    fn a_release_is_no_press_and_what_is_not_known_is_nothing() {
        for bytes in [
            &b"\x1b[97;1:3u"[..],
            b"\x1b[?62;22c",
            b"\x1b[?0u",
            b"\x1b[57441;2u",
            b"\x1b[<0;3;4M",
        ] {
            assert_eq!(all(bytes), [], "{bytes:?}");
        }
        assert_eq!(
            all(b"\x1bP>|term 1.0\x1b\\q"),
            [Input::Key(Key::plain(KeyName::Char('q')))]
        );
        assert_eq!(all(b"\xff\xfeq"), [Input::Key(Key::plain(KeyName::Char('q')))]);
    }

    #[test]
    fn a_paste_is_text_and_never_keys() {
        let pasted = all(b"a\x1b[200~q\r\x1b[Ax\x1b[201~b");
        assert_eq!(pasted.len(), 3);
        assert_eq!(pasted[1], Input::Paste("q\r\x1b[Ax".to_owned()));
    }

    #[test]
    fn focus_wheel_and_the_background_are_told_apart() {
        assert_eq!(all(b"\x1b[I\x1b[O"), [Input::Focus(true), Input::Focus(false)]);
        assert_eq!(
            all(b"\x1b[<64;3;4M\x1b[<65;3;4M"),
            [Input::Wheel { up: true }, Input::Wheel { up: false }]
        );
        assert_eq!(
            all(b"\x1b]11;rgb:ffff/ffff/f000\x1b\\"),
            [Input::Background { light: true }]
        );
        assert_eq!(
            all(b"\x1b]11;rgb:1e/1e/2e\x07"),
            [Input::Background { light: false }]
        );
    }

    #[test]
    fn a_large_paste_comes_whole_and_a_huge_one_is_cut() {
        let text = "x".repeat(100_000);
        let pasted = all(format!("\x1b[200~{text}\x1b[201~").as_bytes());
        assert_eq!(pasted, [Input::Paste(text)]);
        let huge = vec![b'y'; 3 << 20];
        let (mut parser, mut out) = (Parser::default(), Vec::new());
        parser.feed(b"\x1b[200~", &mut out);
        for chunk in huge.chunks(4096) {
            parser.feed(chunk, &mut out);
        }
        parser.feed(b"\x1b[201~q", &mut out);
        assert_eq!(out.len(), 2);
        assert!(matches!(&out[0], Input::Paste(text) if text.len() == 1 << 20));
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_give_the_same_inputs_unless_an_escape_is_cut(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b'~'), 0x30_u8..0x3b], 0..200),
            cut in 0..200_usize,
        ) {
            let whole = all(&bytes);
            let cut = cut.min(bytes.len());
            let (mut parser, mut out) = (Parser::default(), Vec::new());
            parser.feed(&bytes[..cut], &mut out);
            parser.feed(&bytes[cut..], &mut out);
            // A lone escape at the end of a piece is the Esc key, and with one more byte it is Alt with a key.
            let tail = &bytes[cut.saturating_sub(2)..cut];
            if !tail.contains(&0x1b) {
                prop_assert_eq!(whole, out);
            }
        }
    }
}
