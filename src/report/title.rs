//! Inline Markdown to plain text: titles without signs, and the normal form that identity is made of.

use std::ops::Range;

/// Titles are cut here: a paragraph of megabytes is no title.
const LONGEST: usize = 400;

/// Appends the plain text of `range` to `out`, leaving out `cuts` (ascending): no bold signs, backticks, link targets,
/// HTML tags or backslashes; blanks and line breaks become one blank.
pub(super) fn plain(text: &str, range: Range<usize>, cuts: &[Range<usize>], out: &mut String) {
    let limit = out.len() + LONGEST;
    let mut at = range.start;
    for cut in cuts {
        if cut.start >= at && cut.end <= range.end {
            piece(text, at..cut.start, limit, out);
            at = cut.end;
        }
    }
    piece(text, at..range.end, limit, out);
    let trimmed = out
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '|'))
        .len();
    out.truncate(trimmed);
}

/// Bytes that need a look; all others are copied in runs.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let special = b"*_`[]!<\\~\n\r\t &";
    let mut at = 0;
    while at < special.len() {
        table[special[at] as usize] = true;
        at += 1;
    }
    table
};

/// The end of the run of plain bytes from `at`; a single blank inside of it is plain.
fn run_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        if SPECIAL[byte as usize] {
            let single = byte == b' ' && bytes.get(at + 1).is_some_and(|&next| !SPECIAL[next as usize]);
            if !single {
                break;
            }
            at += 1;
        }
        at += 1;
    }
    at
}

fn piece(text: &str, range: Range<usize>, limit: usize, out: &mut String) {
    let end = range.end;
    let Some(mut rest) = text.get(range.clone()) else {
        return;
    };
    if rest.len() > 8 * LONGEST {
        let mut cut = 8 * LONGEST;
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        rest = rest.get(..cut).unwrap_or_default();
    }
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at < bytes.len() && out.len() < limit {
        let plain_blank = bytes[at] == b' ' && (out.is_empty() || out.ends_with(' '));
        let run = if plain_blank { at } else { run_end(bytes, at) };
        if run > at {
            push(rest.get(at..run).unwrap_or_default(), limit, out);
            at = run;
            continue;
        }
        let next = bytes.get(at + 1).copied();
        match bytes[at] {
            b' ' | b'\n' | b'\r' | b'\t' => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
                at += 1;
            }
            b'\\' if next.is_some_and(|b| b.is_ascii_punctuation()) => {
                // The escaped sign itself is ASCII.
                out.push(char::from(next.unwrap_or(b'\\')));
                at += 2;
            }
            b'`' => {
                let ticks = bytes[at..].iter().take_while(|&&b| b == b'`').count();
                let close = code_end(bytes, at + ticks, ticks);
                match close {
                    Some(close) => {
                        push(rest.get(at + ticks..close).unwrap_or_default().trim(), limit, out);
                        at = close + ticks;
                    }
                    None => at += ticks,
                }
            }
            b'*' => {
                // A lone star between blanks is a star.
                if is_blank(next)
                    && at
                        .checked_sub(1)
                        .is_none_or(|before| is_blank(bytes.get(before).copied()))
                {
                    out.push('*');
                }
                at += 1;
            }
            b'_' => {
                let before = at.checked_sub(1).and_then(|before| bytes.get(before));
                let inside = before.is_some_and(u8::is_ascii_alphanumeric)
                    && next.is_some_and(|b| b.is_ascii_alphanumeric());
                let blank = is_blank(next) && before.is_none_or(u8::is_ascii_whitespace);
                if inside || blank {
                    out.push('_');
                }
                at += 1;
            }
            b'~' => {
                let tildes = bytes[at..].iter().take_while(|&&b| b == b'~').count();
                if tildes != 2 {
                    push(rest.get(at..at + tildes).unwrap_or_default(), limit, out);
                }
                at += tildes;
            }
            b'!' if next == Some(b'[') => at += 1,
            b'[' => match link(bytes, at) {
                Some((inner, stop)) => {
                    // One level: the text of a link holds at most emphasis and code.
                    piece(rest, inner, limit, out);
                    at = stop;
                }
                None => {
                    out.push('[');
                    at += 1;
                }
            },
            b'<' => match tag_end(bytes, at) {
                Some(stop) => at = stop,
                None => {
                    out.push('<');
                    at += 1;
                }
            },
            b'&' => {
                let entities = [
                    ("&amp;", '&'),
                    ("&lt;", '<'),
                    ("&gt;", '>'),
                    ("&quot;", '"'),
                    ("&nbsp;", ' '),
                    ("&#39;", '\''),
                ];
                let found = entities
                    .into_iter()
                    .find(|(name, _)| rest.get(at..).is_some_and(|r| r.starts_with(name)));
                out.push(found.map_or('&', |(_, c)| c));
                at += found.map_or(1, |(name, _)| name.len());
            }
            other => {
                out.push(char::from(other));
                at += 1;
            }
        }
    }
    let _ = end;
}

fn is_blank(byte: Option<u8>) -> bool {
    byte.is_none_or(|b| b.is_ascii_whitespace())
}

fn push(run: &str, limit: usize, out: &mut String) {
    let room = limit.saturating_sub(out.len());
    let mut cut = run.len().min(room);
    while !run.is_char_boundary(cut) {
        cut -= 1;
    }
    out.push_str(run.get(..cut).unwrap_or_default());
}

/// Where a run of exactly `ticks` backticks closes the code that starts at `from`.
fn code_end(bytes: &[u8], from: usize, ticks: usize) -> Option<usize> {
    let mut at = from;
    while let Some(next) = memchr::memchr(b'`', bytes.get(at..)?) {
        let start = at + next;
        let run = bytes.get(start..)?.iter().take_while(|&&b| b == b'`').count();
        if run == ticks {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// The inner range of `[text](target)`, `[text][reference]` or nothing, and where the link ends.
fn link(bytes: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let mut depth = 0_u32;
    let mut close = None;
    for (offset, byte) in bytes.iter().enumerate().skip(at).take(2 * LONGEST) {
        match byte {
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if depth == 0 {
                    close = Some(offset);
                    break;
                }
            }
            _ => {}
        }
    }
    let close = close?;
    let end_of = |open: usize, sign: u8| {
        let rest = bytes.get(open..)?;
        let stop = memchr::memchr2(sign, b'\n', rest)?;
        (rest.get(stop) == Some(&sign)).then_some(open + stop + 1)
    };
    match bytes.get(close + 1) {
        Some(b'(') => Some((at + 1..close, end_of(close + 2, b')')?)),
        Some(b'[') => Some((at + 1..close, end_of(close + 2, b']')?)),
        _ => None,
    }
}

/// The end of an HTML tag, comment or `<https://…>` (whose address is kept out as well).
fn tag_end(bytes: &[u8], at: usize) -> Option<usize> {
    let first = *bytes.get(at + 1)?;
    if !(first.is_ascii_alphabetic() || matches!(first, b'/' | b'!')) {
        return None;
    }
    let rest = bytes.get(at..)?;
    let close = memchr::memchr2(b'>', b'\n', rest.get(..rest.len().min(LONGEST))?)?;
    (rest.get(close) == Some(&b'>')).then_some(at + close + 1)
}

/// Zero for a byte that only parts words, else the byte in lower case; bytes of other scripts are themselves.
const NORMAL: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        if b.is_ascii_alphanumeric() || !b.is_ascii() {
            table[byte] = b.to_ascii_lowercase();
        }
        byte += 1;
    }
    table
};

/// Feeds `eat` with the normal form of a title: lower case letters and digits, one blank between words.
pub(super) fn normal_form(title: &str, mut eat: impl FnMut(u8)) {
    let mut gap = false;
    let mut any = false;
    if title.is_ascii() {
        for byte in title.bytes() {
            let normal = NORMAL[byte as usize];
            if normal == 0 {
                gap = any;
                continue;
            }
            if gap {
                eat(b' ');
                gap = false;
            }
            any = true;
            eat(normal);
        }
        return;
    }
    for c in title.chars() {
        if !c.is_alphanumeric() {
            gap = any;
            continue;
        }
        if gap {
            eat(b' ');
            gap = false;
        }
        any = true;
        let mut buffer = [0; 4];
        for lower in c.to_lowercase() {
            lower.encode_utf8(&mut buffer).bytes().for_each(&mut eat);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let mut out = String::new();
        plain(text, 0..text.len(), &[], &mut out);
        out
    }

    #[test]
    fn signs_of_markdown_do_not_reach_a_title() {
        for (text, expected) in [
            (
                "**Audit logging**: kept for 7 years",
                "Audit logging: kept for 7 years",
            ),
            (
                "Run `cargo test --all` on [main](https://example.org/a)",
                "Run cargo test --all on main",
            ),
            (
                "Set `DATABASE_URL`\n  for __all__ hosts",
                "Set DATABASE_URL for all hosts",
            ),
            ("snake_case_name and *emphasis*", "snake_case_name and emphasis"),
            ("~~gone~~ <b>bold</b> a < b", "gone bold a < b"),
            (r"escaped \* star \| bar", "escaped * star | bar"),
            ("![High][img] Doctype", "High Doctype"),
            ("Trailing :  ", "Trailing"),
            ("[unclosed and `tick", "[unclosed and tick"),
            ("2 * 3 & 4 &amp; 5", "2 * 3 & 4 & 5"),
            ("", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn cuts_are_left_out_and_long_texts_end() {
        let mut out = String::new();
        let text = "Keep ✅ this (6h)";
        let sign = 5..8;
        plain(text, 0..text.len(), std::slice::from_ref(&sign), &mut out);
        assert_eq!(out, "Keep this (6h)");
        assert_eq!(read(&"é".repeat(1_000_000)).len(), LONGEST);
        assert!(read(&"[".repeat(10_000)).len() <= LONGEST);
    }

    #[test]
    fn the_normal_form_ignores_signs_and_case() {
        let read = |title: &str| {
            let mut bytes = Vec::new();
            normal_form(title, |byte| bytes.push(byte));
            String::from_utf8(bytes)
        };
        assert_eq!(
            read("  Set “DATABASE_URL”, then GO! É").as_deref(),
            Ok("set database url then go é")
        );
        assert_eq!(read("(a) - B2c!"), Ok("a b2c".to_owned()));
    }
}
