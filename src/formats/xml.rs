//! A small pull scanner for XML: what reports need, nothing that a hostile file could use.
//!
//! Borrowed names and attribute values; the five predefined entities and character references only. A doctype is
//! skipped and nothing in it is ever expanded or fetched; an unknown entity stays as written. Depth is capped. Every
//! `Start` is followed by its `End`, also for `<a/>`. Looser than the standard in two places, because real files are:
//! a bare `<` inside a quoted value, and control characters.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::ParseError;

/// Deeper than any report nests; keeps every reader's stack small.
const DEPTH: usize = 256;

/// More attributes than any report's tag has.
const ATTRIBUTES: usize = 256;

/// What the scanner found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// An element begins; its attributes are in the scanner until the next event.
    Start(&'a [u8]),
    /// An element ends.
    End(&'a [u8]),
    /// Text that is not only white space.
    Text(Raw<'a>),
}

/// A piece of text as written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Raw<'a> {
    bytes: &'a [u8],
    /// In a CDATA section nothing is escaped.
    verbatim: bool,
}

impl<'a> Raw<'a> {
    /// The bytes as written.
    pub(super) const fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The text that is meant; bad UTF-8 is replaced.
    pub(super) fn text(self) -> Cow<'a, str> {
        if self.verbatim || memchr(b'&', self.bytes).is_none() {
            String::from_utf8_lossy(self.bytes)
        } else {
            Cow::Owned(unescape(self.bytes))
        }
    }

    /// A whole number at its beginning, as in `12` or `12.0`; saturating.
    pub(super) fn number(self) -> Option<u64> {
        let digits = self.bytes.trim_ascii_start();
        let end = digits
            .iter()
            .position(|b| !b.is_ascii_digit())
            .unwrap_or(digits.len());
        (end > 0).then(|| super::digits(&digits[..end]))
    }

    /// A line number.
    pub(super) fn line(self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    /// Whether it is this word, in any case.
    pub(super) fn is(self, word: &str) -> bool {
        self.bytes.trim_ascii().eq_ignore_ascii_case(word.as_bytes())
    }
}

/// The scanner.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the last event began.
    began: usize,
    open: Vec<&'a [u8]>,
    attributes: Vec<(&'a [u8], &'a [u8])>,
    /// The element just reported was `<a/>`.
    closing: bool,
    roots: u32,
    /// Whether another root may follow the first (reports appended to each other).
    several: bool,
}

impl<'a> Scanner<'a> {
    /// At the beginning of a document.
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            began: 0,
            open: Vec::new(),
            attributes: Vec::new(),
            closing: false,
            roots: 0,
            several: false,
        }
    }

    /// Accepts documents that were appended to each other.
    pub(super) const fn several_roots(mut self) -> Self {
        self.several = true;
        self
    }

    /// The next event, `None` at a proper end.
    pub(super) fn next(&mut self) -> Result<Option<Event<'a>>, ParseError> {
        if self.closing {
            self.closing = false;
            return Ok(self.open.pop().map(|name| Event::End(local(name))));
        }
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            self.began = self.at;
            let lt = memchr(b'<', rest).unwrap_or(rest.len());
            if lt > 0 {
                let text = &rest[..lt];
                self.at += lt;
                if !text.iter().all(u8::is_ascii_whitespace) {
                    if self.open.is_empty() {
                        // Padding with zero bytes happens when a disk fills; it says nothing.
                        if text.iter().all(|b| *b == 0 || b.is_ascii_whitespace()) {
                            continue;
                        }
                        return Err(self.error("text outside of the root element"));
                    }
                    return Ok(Some(Event::Text(Raw {
                        bytes: text,
                        verbatim: false,
                    })));
                }
                continue;
            }
            match rest.get(1) {
                None if rest.is_empty() => return self.end_of_file(),
                Some(b'/') => return self.end_tag(rest).map(Some),
                Some(b'!') => {
                    if let Some(event) = self.declaration(rest)? {
                        return Ok(Some(event));
                    }
                }
                Some(b'?') => self.skip_to(rest, b"?>", "a processing instruction")?,
                _ => return self.start_tag().map(Some),
            }
        }
    }

    /// Skips the rest of the element whose `Start` was just returned, its `End` included.
    pub(super) fn skip(&mut self) -> Result<(), ParseError> {
        let depth = self.open.len();
        while self.open.len() >= depth && depth > 0 {
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The text of the element whose `Start` was just returned, elements inside it included, cut at `most` bytes.
    pub(super) fn text(&mut self, most: usize) -> Result<String, ParseError> {
        let depth = self.open.len();
        let mut all = String::new();
        while self.open.len() >= depth && depth > 0 {
            match self.next()? {
                Some(Event::Text(raw)) if all.len() < most => {
                    // Entities only shrink, so six times the room is enough to look at.
                    let room = (most - all.len()).saturating_mul(8).min(raw.bytes.len());
                    let piece = Raw {
                        bytes: &raw.bytes[..room],
                        ..raw
                    };
                    all.push_str(&piece.text());
                }
                Some(_) => {}
                None => break,
            }
        }
        Ok(all)
    }

    /// An attribute of the element that began last.
    pub(super) fn get(&self, name: &str) -> Option<Raw<'a>> {
        let name = name.as_bytes();
        self.attributes
            .iter()
            .find(|(known, _)| local(known) == name)
            .map(|&(_, bytes)| Raw {
                bytes,
                verbatim: false,
            })
    }

    /// All attributes of the element that began last.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a [u8], Raw<'a>)> + '_ {
        self.attributes.iter().map(|&(name, bytes)| {
            let value = Raw {
                bytes,
                verbatim: false,
            };
            (local(name), value)
        })
    }

    /// The offset at which the last event began.
    pub(super) const fn offset(&self) -> usize {
        self.began
    }

    /// How many elements are open.
    pub(super) const fn depth(&self) -> usize {
        self.open.len()
    }

    fn error(&self, message: &str) -> ParseError {
        ParseError::at(message, self.bytes, self.began)
    }

    fn end_of_file(&self) -> Result<Option<Event<'a>>, ParseError> {
        match self.open.last() {
            Some(name) => Err(self.error(&format!(
                "the file ends inside `<{}>`: it is cut off",
                String::from_utf8_lossy(&name[..name.len().min(80)])
            ))),
            None if self.roots == 0 => Err(self.error("no XML element: the file is empty or cut off")),
            None => Ok(None),
        }
    }

    fn end_tag(&mut self, rest: &'a [u8]) -> Result<Event<'a>, ParseError> {
        let end =
            memchr(b'>', rest).ok_or_else(|| self.error("an end tag without `>`: the file is cut off"))?;
        let name = rest[2..end].trim_ascii_end();
        match self.open.pop() {
            Some(open) if open == name => {
                self.at += end + 1;
                Ok(Event::End(local(name)))
            }
            open => {
                let open = open.unwrap_or(b"nothing");
                Err(self.error(&format!(
                    "`</{}>` closes `<{}>`",
                    String::from_utf8_lossy(&name[..name.len().min(80)]),
                    String::from_utf8_lossy(&open[..open.len().min(80)])
                )))
            }
        }
    }

    fn declaration(&mut self, rest: &'a [u8]) -> Result<Option<Event<'a>>, ParseError> {
        if rest.starts_with(b"<!--") {
            let end = rest.get(4..).and_then(|inner| memmem::find(inner, b"-->"));
            let end = end.ok_or_else(|| self.error("a comment without an end: the file is cut off"))?;
            self.at += 4 + end + 3;
            return Ok(None);
        }
        if let Some(inner) = rest.strip_prefix(b"<![CDATA[") {
            let end = memmem::find(inner, b"]]>")
                .ok_or_else(|| self.error("a CDATA section without an end: the file is cut off"))?;
            self.at += 9 + end + 3;
            if self.open.is_empty() {
                return Err(self.error("text outside of the root element"));
            }
            return Ok((end > 0).then(|| {
                Event::Text(Raw {
                    bytes: &inner[..end],
                    verbatim: true,
                })
            }));
        }
        if self.open.is_empty() && (self.several || self.roots == 0) {
            let length = doctype(rest).ok_or_else(|| self.error("a doctype without an end"))?;
            self.at += length;
            return Ok(None);
        }
        Err(self.error("a declaration that does not belong here"))
    }

    fn skip_to(&mut self, rest: &[u8], end: &[u8], what: &str) -> Result<(), ParseError> {
        let found = memmem::find(rest, end)
            .ok_or_else(|| self.error(&format!("{what} without an end: the file is cut off")))?;
        self.at += found + end.len();
        Ok(())
    }

    /// Reads `<name a="b" …>` in one pass.
    fn start_tag(&mut self) -> Result<Event<'a>, ParseError> {
        let bytes = self.bytes;
        let mut at = self.at + 1;
        let name_at = at;
        while bytes.get(at).is_some_and(|b| !ends_name(*b)) {
            at += 1;
        }
        let name = &bytes[name_at..at];
        if name
            .first()
            .is_none_or(|b| !(b.is_ascii_alphabetic() || matches!(b, b'_' | b':' | 0x80..)))
        {
            return Err(self.error("`<` is not followed by the name of an element"));
        }
        if self.open.is_empty() {
            if self.roots > 0 && !self.several {
                return Err(self.error("a second root element"));
            }
            self.roots += 1;
        }
        if self.open.len() >= DEPTH {
            return Err(self.error(&format!("elements are nested deeper than {DEPTH}")));
        }
        self.attributes.clear();
        loop {
            let before = at;
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            match bytes.get(at) {
                Some(b'>') => {
                    self.at = at + 1;
                    break;
                }
                Some(b'/') if bytes.get(at + 1) == Some(&b'>') => {
                    self.at = at + 2;
                    self.closing = true;
                    break;
                }
                None => return Err(self.error("a tag without `>`: the file is cut off")),
                Some(_) if before == at => return Err(self.tag_error(at)),
                Some(_) => {}
            }
            let name_at = at;
            while bytes.get(at).is_some_and(|b| !ends_name(*b)) {
                at += 1;
            }
            let name = &bytes[name_at..at];
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            if name.is_empty() || bytes.get(at) != Some(&b'=') {
                return Err(self.tag_error(at));
            }
            at += 1;
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            let Some(&quote @ (b'"' | b'\'')) = bytes.get(at) else {
                return Err(self.tag_error(at));
            };
            let value = &bytes[at + 1..];
            let Some(length) = memchr(quote, value) else {
                return Err(self.tag_error(at));
            };
            if self.attributes.len() == ATTRIBUTES {
                return Err(self.error(&format!("a tag has more than {ATTRIBUTES} attributes")));
            }
            self.attributes.push((name, &value[..length]));
            at += length + 2;
        }
        self.open.push(name);
        Ok(Event::Start(local(name)))
    }

    fn tag_error(&self, at: usize) -> ParseError {
        let message = if at >= self.bytes.len() {
            "a tag without `>`: the file is cut off"
        } else {
            "an attribute that is not `name=\"value\"`"
        };
        ParseError::at(message, self.bytes, at.min(self.bytes.len()))
    }
}

/// Whether a byte ends the name of an element or an attribute.
const fn ends_name(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\n' | b'\t' | b'\r' | b'=' | b'>' | b'/' | b'<' | b'"' | b'\'' | 0 | 0x0c
    )
}

/// A name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    match name.iter().position(|b| *b == b':') {
        Some(at) => &name[at + 1..],
        None => name,
    }
}

/// The length of a doctype (or another declaration) with quotes, comments and the internal subset skipped.
pub(super) fn doctype(rest: &[u8]) -> Option<usize> {
    let mut at = 2;
    let mut depth = 1_usize;
    loop {
        let byte = *rest.get(at)?;
        match byte {
            b'"' | b'\'' => at += 1 + memchr(byte, rest.get(at + 1..)?)? + 1,
            b'<' if rest[at..].starts_with(b"<!--") => {
                at += 4 + memmem::find(rest.get(at + 4..)?, b"-->")? + 3
            }
            b'<' => {
                depth += 1;
                at += 1;
            }
            b'>' => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            b'[' | b']' => at += 1,
            _ => at += 1,
        }
    }
}

fn unescape(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr(b'&', rest) {
        out.push_str(&String::from_utf8_lossy(&rest[..at]));
        rest = &rest[at..];
        let end = rest.iter().take(12).position(|b| *b == b';');
        match end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end))) {
            Some((meant, end)) => {
                out.push(meant);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}

fn entity(name: &[u8]) -> Option<char> {
    Some(match name {
        b"lt" => '<',
        b"gt" => '>',
        b"amp" => '&',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', hex @ ..] => character(hex, 16)?,
        [b'#', decimal @ ..] => character(decimal, 10)?,
        _ => return None,
    })
}

fn character(digits: &[u8], radix: u32) -> Option<char> {
    let text = std::str::from_utf8(digits).ok()?;
    let code = u32::from_str_radix(text, radix).ok()?;
    Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Result<Vec<String>, ParseError> {
        let mut scanner = Scanner::new(text.as_bytes());
        let mut all = Vec::new();
        while let Some(event) = scanner.next()? {
            all.push(match event {
                Event::Start(name) => {
                    let attributes: String = scanner
                        .attributes()
                        .map(|(name, value)| format!(" {}={}", String::from_utf8_lossy(name), value.text()))
                        .collect();
                    format!("+{}{attributes}", String::from_utf8_lossy(name))
                }
                Event::End(name) => format!("-{}", String::from_utf8_lossy(name)),
                Event::Text(raw) => format!("'{}'", raw.text()),
            });
        }
        Ok(all)
    }

    #[test]
    fn elements_attributes_and_text_come_in_order() {
        let got = events(
            "<?xml version='1.0'?><!-- <no> --><a:r x = 'a\"b' y=\"1 &lt; 2 &#65;&#x42;&nope;\">\n <b/>t&amp;<![CDATA[<&amp;]]></a:r>\n",
        );
        assert_eq!(
            got.unwrap(),
            ["+r x=a\"b y=1 < 2 AB&nope;", "+b", "-b", "'t&'", "'<&amp;'", "-r"]
        );
    }

    #[test]
    fn entities_of_a_doctype_are_never_expanded() {
        let got = events(
            "<!DOCTYPE a [<!ENTITY x \"]><b>\"><!ENTITY y SYSTEM 'file:///etc/passwd'><!-- > ]> -->]><a>&x;&y;</a>",
        );
        assert_eq!(got.unwrap(), ["+a", "'&x;&y;'", "-a"]);
    }

    #[test]
    fn what_is_broken_is_an_error_with_its_place() {
        for (text, line, byte) in [
            ("", 1, 0),
            ("<a>\n<b></a>", 2, 7),
            ("<a>\n", 2, 4),
            ("<a/>\n<b/>", 2, 5),
            ("<a x=1/>", 1, 5),
            ("<a x=\"1\"y=\"2\"/>", 1, 8),
            ("<a x=\"1", 1, 5),
            ("<a x", 1, 4),
            ("<a/>x", 1, 4),
            ("<a>< b/></a>", 1, 3),
            ("<!-- ", 1, 0),
            ("<a><![CDATA[x]]</a>", 1, 3),
        ] {
            let error = events(text).unwrap_err();
            assert_eq!(
                (error.line, error.byte),
                (Some(line), Some(byte)),
                "{text}: {error:?}"
            );
        }
    }

    #[test]
    fn deep_nesting_ends_in_an_error() {
        let error = events(&"<a>".repeat(10_000)).unwrap_err();
        assert!(error.message.contains("deeper"), "{error:?}");
    }

    #[test]
    fn a_skipped_element_and_its_text_leave_the_scanner_behind_it() {
        let mut scanner = Scanner::new(b"<r><a>x<b>y</b>z</a><c/><d/></r>");
        let _ = scanner.next();
        let _ = scanner.next();
        assert_eq!(scanner.text(100).unwrap(), "xyz");
        assert_eq!(scanner.next().unwrap(), Some(Event::Start(b"c")));
        scanner.skip().unwrap();
        assert_eq!(scanner.next().unwrap(), Some(Event::Start(b"d")));
    }
}
