//! The markers at both ends of an item's text, with its id and severity.
//!
//! Not here: boxes, and what a vote comes to. Invariant: a word votes only where it is used as a marker, so prose
//! ("test completed orders") never does; every mark's range is exactly its token.

use std::ops::Range;

use super::{emoji, ids, severity, words};
use crate::model::{MarkKind, Requirement, Severity, Status};

/// A marker in text offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawMark {
    pub kind: MarkKind,
    pub vote: Status,
    pub range: Range<usize>,
}

/// Where a text stands: it decides what counts as a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A list item.
    Item,
    /// A heading: coloured circles grade, ordinals are ids.
    Heading,
    /// A paragraph that may be a bold numbered step.
    Step,
    /// The title cell of a row.
    Title,
}

/// What was read from one text. Reused from item to item.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub marks: Vec<RawMark>,
    /// What the title leaves out, ascending once sorted.
    pub cuts: Vec<Range<usize>>,
    /// The id as written.
    pub id: Option<Range<usize>>,
    /// The ordinal of a heading or step.
    pub ordinal: Option<Range<usize>>,
    /// Ids of a range or list; empty for a single one.
    pub ids: Vec<Box<str>>,
    pub severity: Option<(Severity, Range<usize>)>,
    pub requirement: Option<Requirement>,
    pub effort: Option<Range<usize>>,
    pub owner: Option<Range<usize>>,
    pub due: Option<Range<usize>>,
    /// Where the title starts and ends, before the cuts.
    pub title: Range<usize>,
}

impl Found {
    /// Empties the buffers.
    pub fn clear(&mut self) {
        self.marks.clear();
        self.cuts.clear();
        self.ids.clear();
        self.id = None;
        self.ordinal = None;
        self.severity = None;
        self.requirement = None;
        self.effort = None;
        self.owner = None;
        self.due = None;
        self.title = 0..0;
    }

    /// Reads both ends of `range`.
    pub fn ends(&mut self, text: &str, range: Range<usize>, place: Place) {
        let start = self.leading(text, range.clone(), place);
        self.title = start..range.end;
        self.trailing(text, start, range.end, place);
        self.cuts.sort_unstable_by_key(|cut| cut.start);
    }

    fn leading(&mut self, text: &str, range: Range<usize>, place: Place) -> usize {
        let mut lead = Lead {
            at: range.start,
            bold: false,
            after_sign: false,
            any: false,
        };
        for _ in 0..24 {
            let Some(rest) = text.get(lead.at..range.end) else {
                break;
            };
            let Some(&first) = rest.as_bytes().first() else {
                break;
            };
            let went_on = match first {
                b' ' | b'\t' | b'\n' | b'\r' => lead.skip(1),
                b'*' | b'_' if rest.as_bytes().get(1) == Some(&first) => {
                    lead.bold = !lead.bold;
                    lead.skip(2)
                }
                b'*' => lead.skip(1),
                b'~' if rest.starts_with("~~") => lead.skip(2),
                b':' if lead.any => lead.skip(1),
                b'-' if lead.any && rest.as_bytes().get(1).is_none_or(|b| *b == b' ') => lead.skip(1),
                b'[' | b'(' => self.tag(text, rest, &mut lead),
                b'!' if rest.starts_with("![") => self.picture(rest, &mut lead),
                b'0'..=b'9' if place != Place::Item && place != Place::Title => self.ordinal(rest, &mut lead),
                b'A'..=b'Z' | b'a'..=b'z' => self.word(rest, &mut lead),
                0xe2.. => self.sign(rest, &mut lead, place),
                0xc3.. => self.word(rest, &mut lead),
                _ => false,
            };
            if !went_on {
                break;
            }
        }
        lead.at.min(range.end)
    }

    fn mark(&mut self, kind: MarkKind, vote: Status, range: Range<usize>) {
        self.marks.push(RawMark { kind, vote, range });
    }

    /// A status emoji, another picture, a dash, or a word in another script.
    fn sign(&mut self, rest: &str, lead: &mut Lead, place: Place) -> bool {
        if let Some(sign) = emoji::at(rest) {
            if !(place == Place::Heading && sign.colour) {
                self.mark(MarkKind::Emoji, sign.vote, lead.at..lead.at + sign.len);
                lead.after_sign = true;
            }
            lead.any = true;
            return lead.skip(sign.len);
        }
        let Some(c) = rest.chars().next() else {
            return false;
        };
        if emoji::is_picture(c)
            || (lead.any && matches!(c, '–' | '—'))
            || matches!(c, '\u{200b}' | '\u{feff}')
        {
            return lead.skip(c.len_utf8());
        }
        c.is_alphabetic() && self.word(rest, lead)
    }

    /// An id, a severity or a status word, where it is used as one.
    fn word(&mut self, rest: &str, lead: &mut Lead) -> bool {
        let at = lead.at;
        // Most titles start with an ordinary word: without bold, a sign or capitals it cannot be a marker.
        let plain = rest
            .as_bytes()
            .get(1)
            .is_some_and(|b| b.is_ascii_lowercase() || *b == b' ');
        if plain && !lead.bold && !lead.after_sign {
            return false;
        }
        if self.id.is_none()
            && let Some((len, strong)) = ids::range_at(rest)
            && let Some(after) = rest.get(len..)
        {
            let closed =
                after.is_empty() || after.starts_with([':', ')', ']', '*', '|']) || after.starts_with(". ");
            if closed || (strong && after.starts_with([' ', '–', '—', ','])) {
                self.id = Some(at..at + len);
                let mut all = std::mem::take(&mut self.ids);
                if !ids::list(rest.get(..len).unwrap_or_default(), &mut all) || all.len() < 2 {
                    all.clear();
                }
                self.ids = all;
                lead.any = true;
                return lead.skip(len);
            }
        }
        if let Some((severity, len)) = severity::at(rest)
            && self.severity.is_none()
            && let Some(after) = rest.get(len..)
        {
            let graded = rest.as_bytes().first() == Some(&b'P')
                && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
            if lead.is_marker(after, rest.get(..len).unwrap_or_default()) {
                self.severity = Some((severity, at..at + len));
                lead.any = true;
                return lead.skip(len);
            }
            if graded {
                // "P0 security fixes": the grade counts and stays a part of the name.
                self.severity = Some((severity, at..at + len));
                return false;
            }
        }
        let Some(phrase) = words::at(rest) else {
            return false;
        };
        let written = rest.get(phrase.start..phrase.end).unwrap_or_default();
        let after = rest.get(phrase.end..).unwrap_or_default();
        let upper = is_upper(written);
        let marker = lead.is_marker(after, written) || (lead.after_sign && (upper || ends_phrase(after)));
        let bold_or_sign = lead.bold || lead.after_sign;
        // "✅ APPROVED FOR RELEASE" is a verdict in capitals, not a word in front of a title.
        let weak_is_set_off = upper && bold_or_sign && (lead.is_marker(after, written) || ends_phrase(after));
        if !marker || (phrase.weak && !weak_is_set_off) {
            return false;
        }
        self.mark(MarkKind::Word, phrase.vote, at + phrase.start..at + phrase.end);
        lead.any = true;
        lead.skip(phrase.end)
    }

    /// `[DONE]`, `[P0]`, `(HIGH)`, `[T034]` in front of a title.
    fn tag(&mut self, text: &str, rest: &str, lead: &mut Lead) -> bool {
        let round = rest.starts_with('(');
        let close = if round { b')' } else { b']' };
        let head = rest.as_bytes().get(1..rest.len().min(40)).unwrap_or_default();
        let Some(end) = head.iter().position(|&b| b == close || b == b'\n') else {
            return false;
        };
        let Some(inner) = rest.get(1..1 + end) else {
            return false;
        };
        let after = rest.as_bytes().get(end + 2);
        if head.get(end) != Some(&close) || matches!(after, Some(b'(' | b'[' | b':')) {
            return false;
        }
        let start = lead.at + 1;
        if !self.bracketed(text, start..start + inner.len()) {
            return false;
        }
        lead.any = true;
        lead.skip(end + 2)
    }

    /// What stands in brackets, when it is an id, a severity or a status and nothing else.
    fn bracketed(&mut self, text: &str, inner: Range<usize>) -> bool {
        let Some(written) = text.get(inner.clone()) else {
            return false;
        };
        let is_edge = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`');
        let trimmed = written.trim_matches(is_edge);
        if trimmed.is_empty() || trimmed.len() > 200 {
            return false;
        }
        let from = inner.end - written.trim_start_matches(is_edge).len();
        let range = from..from + trimmed.len();
        if let Some((severity, len)) = severity::at(trimmed)
            && len == trimmed.len()
        {
            if self.severity.is_none() {
                self.severity = Some((severity, range));
            }
            return true;
        }
        if let Some(phrase) = words::whole(trimmed)
            && (!phrase.weak || is_upper(trimmed))
        {
            self.mark(
                MarkKind::Word,
                phrase.vote,
                from + phrase.start..from + phrase.end,
            );
            return true;
        }
        if let Some(sign) = emoji::at(trimmed)
            && let Some(rest) = trimmed.get(sign.len..)
        {
            let phrase = words::whole(rest);
            if rest.is_empty() || phrase.is_some() {
                self.mark(MarkKind::Emoji, sign.vote, from..from + sign.len);
                if let Some(phrase) = phrase {
                    let at = from + sign.len;
                    self.mark(MarkKind::Word, phrase.vote, at + phrase.start..at + phrase.end);
                }
                return true;
            }
        }
        if self.id.is_none() && trimmed.starts_with(|c: char| c.is_ascii_uppercase()) {
            let mut all = std::mem::take(&mut self.ids);
            all.clear();
            let listed = ids::list(trimmed, &mut all);
            if !listed || all.len() < 2 {
                all.clear();
            }
            self.ids = all;
            if listed {
                self.id = Some(range);
                return true;
            }
        }
        false
    }

    /// `![High](…)`: a severity as a badge.
    fn picture(&mut self, rest: &str, lead: &mut Lead) -> bool {
        let bytes = rest.as_bytes();
        let Some(close) = memchr::memchr2(b']', b'\n', bytes.get(2..bytes.len().min(60)).unwrap_or_default())
        else {
            return false;
        };
        let Some((severity, len)) = rest.get(2..2 + close).and_then(severity::at) else {
            return false;
        };
        let end = match bytes.get(close + 3) {
            Some(b'(') => b')',
            Some(b'[') => b']',
            _ => return false,
        };
        let Some(stop) = memchr::memchr2(end, b'\n', bytes.get(close + 3..).unwrap_or_default()) else {
            return false;
        };
        if len != close || self.severity.is_some() {
            return false;
        }
        self.severity = Some((severity, lead.at + 2..lead.at + 2 + close));
        lead.any = true;
        lead.skip(close + 4 + stop)
    }

    /// `2.`, `1.3`, `4)` in front of a heading.
    fn ordinal(&mut self, rest: &str, lead: &mut Lead) -> bool {
        if self.ordinal.is_some() {
            return false;
        }
        let bytes = rest.as_bytes();
        let len = bytes
            .iter()
            .take(12)
            .take_while(|b| b.is_ascii_digit() || **b == b'.')
            .count();
        let number = rest.get(..len).unwrap_or_default().trim_end_matches('.');
        let dotted = number.contains('.');
        let closed = len > number.len() || matches!(bytes.get(len), Some(b')' | b':'));
        let spaced = bytes
            .get(len)
            .is_none_or(|b| matches!(b, b' ' | b'*' | b')' | b':'));
        if number.is_empty() || number.len() > 8 || !(closed || dotted) || !spaced {
            return false;
        }
        self.ordinal = Some(lead.at..lead.at + number.len());
        lead.any = true;
        lead.after_sign = false;
        let sign = usize::from(matches!(bytes.get(len), Some(b')' | b':')));
        lead.skip(len + sign)
    }

    fn trailing(&mut self, text: &str, start: usize, end: usize, place: Place) {
        let mut end = end;
        // Something stands behind this point that stays in the title.
        for _ in 0..8 {
            let Some(rest) = text.get(start..end) else { return };
            let trimmed = rest.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '.'));
            let trimmed = trimmed.strip_suffix("~~").unwrap_or(trimmed);
            end = start + trimmed.len();
            let Some(&last) = trimmed.as_bytes().last() else {
                return;
            };
            let stop = match last {
                b')' | b']' => self.closing(text, start, trimmed, last),
                0x80.. => self
                    .closing_sign(start, trimmed, place)
                    .or_else(|| self.closing_words(text, start, end)),
                b'a'..=b'z' | b'A'..=b'Z' => self.closing_words(text, start, end),
                _ => None,
            };
            match stop {
                Some(stop) => end = stop,
                None => return,
            }
        }
    }

    fn closing(&mut self, text: &str, start: usize, trimmed: &str, last: u8) -> Option<usize> {
        let open = if last == b')' { b'(' } else { b'[' };
        let from = trimmed.len().saturating_sub(220);
        let at = from + memchr::memrchr(open, trimmed.as_bytes().get(from..trimmed.len() - 1)?)?;
        // The brackets of a link are no remark.
        if at
            .checked_sub(1)
            .is_some_and(|before| trimmed.as_bytes().get(before) == Some(&b']'))
        {
            return None;
        }
        let inner = start + at + 1..start + trimmed.len() - 1;
        if self.bracketed(text, inner) {
            self.cuts.push(start + at..start + trimmed.len());
        } else {
            // "✅ (with notes)": go on only when a marker may end right before it.
            let before = trimmed.get(..at)?.trim_end_matches([' ', '*']);
            let marked =
                before.ends_with(')') || emoji::before(before).is_some() || words::ends_with_known(before);
            if !marked {
                return None;
            }
        }
        Some(start + at)
    }

    fn closing_sign(&mut self, start: usize, trimmed: &str, place: Place) -> Option<usize> {
        if let Some(sign) = emoji::before(trimmed) {
            let before = trimmed.get(..trimmed.len() - sign.len)?.trim_end();
            let turned = before.ends_with(['→', '>', '➜', '=']);
            let graded =
                place == Place::Heading && sign.colour && self.id.is_none() && self.ordinal.is_none();
            // "0 ✅" behind a number or an arrow is a figure, not a status.
            if turned || graded {
                return None;
            }
            let at = start + trimmed.len() - sign.len;
            self.mark(MarkKind::Emoji, sign.vote, at..start + trimmed.len());
            self.cuts.push(at..start + trimmed.len());
            return Some(at);
        }
        let last = trimmed.chars().next_back()?;
        if emoji::is_picture(last) && !matches!(last, '\u{2190}'..='\u{21ff}') {
            let at = start + trimmed.len() - last.len_utf8();
            self.cuts.push(at..start + trimmed.len());
            return Some(at);
        }
        None
    }

    /// ` - DONE`, `✅ VERIFIED`, `**BLOCKED**`, `: FIXED` at the end.
    fn closing_words(&mut self, text: &str, start: usize, end: usize) -> Option<usize> {
        let rest = text.get(start..end)?;
        if rest.ends_with("NEW") && rest.get(..rest.len() - 3)?.ends_with("**") {
            self.cuts.push(end - 5..end);
            return Some(end - 5);
        }
        if !words::ends_with_known(rest) {
            return None;
        }
        let mut tail = rest.len();
        let mut separator = None;
        for (at, c) in rest.char_indices().rev().take(48) {
            let before = rest.get(..at)?;
            let behind = rest.get(at + c.len_utf8()..)?;
            let found = match c {
                '–' | '—' if before.ends_with(' ') => Some(Separator::Dash),
                '-' if before.ends_with(' ') && behind.starts_with(' ') => Some(Separator::Dash),
                ':' if behind.starts_with([' ', '*']) => Some(Separator::Colon),
                '*' if before.ends_with('*') && !behind.starts_with('*') => Some(Separator::Bold),
                c if c > '\u{2000}' && (emoji::is_picture(c) || emoji::at(rest.get(at..)?).is_some()) => {
                    Some(Separator::Sign)
                }
                _ => None,
            };
            if found.is_some() {
                // Bold signs are looked through: "— **DONE**".
                separator = found;
                tail = at + c.len_utf8();
                if found != Some(Separator::Bold)
                    || !before
                        .trim_end_matches(['*', ' '])
                        .ends_with(['-', '–', '—', ':'])
                {
                    break;
                }
            }
        }
        let separator = separator?;
        let words = rest.get(tail..)?;
        let phrase = words::whole(words)?;
        let upper = is_upper(words.get(phrase.start..phrase.end)?);
        let marker = match separator {
            Separator::Sign => true,
            Separator::Dash => upper || !phrase.weak,
            Separator::Colon => upper && !phrase.weak,
            // The bold must close right behind the phrase.
            Separator::Bold => {
                (upper || !phrase.weak) && text.get(end..).is_some_and(|after| after.starts_with("**"))
            }
        };
        if !marker {
            return None;
        }
        self.mark(
            MarkKind::Word,
            phrase.vote,
            start + tail + phrase.start..start + tail + phrase.end,
        );
        self.cuts.push(start + tail..end);
        Some(start + tail)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Dash,
    Colon,
    Bold,
    Sign,
}

/// How far the front of a text is read.
#[derive(Debug)]
struct Lead {
    at: usize,
    bold: bool,
    after_sign: bool,
    any: bool,
}

impl Lead {
    const fn skip(&mut self, bytes: usize) -> bool {
        self.at += bytes;
        true
    }

    /// Whether a word is set off from the title: bold that closes behind it, or capitals before a colon or dash.
    fn is_marker(&self, after: &str, written: &str) -> bool {
        if self.bold {
            let closed = after.strip_prefix(':').unwrap_or(after);
            let remark = after
                .strip_prefix(" (")
                .and_then(|rest| rest.split_once(')'))
                .is_some_and(|(_, rest)| rest.starts_with("**"));
            if closed.starts_with("**") || closed.starts_with("__") || remark {
                return true;
            }
        }
        (is_upper(written) && is_set_off(after)) || (after.starts_with(':') && self.bold)
    }
}

/// A colon, or a dash between blanks.
fn is_set_off(after: &str) -> bool {
    after.starts_with(": ")
        || after
            .strip_prefix(' ')
            .is_some_and(|rest| rest.starts_with("- ") || rest.starts_with("– ") || rest.starts_with("— "))
}

/// Behind a status emoji: the phrase is all there is, or a number, colon, dash or parenthesis follows.
fn ends_phrase(after: &str) -> bool {
    if after.starts_with(['-', '/']) {
        return false;
    }
    let after = after.trim_start_matches([' ', '*']);
    after.is_empty()
        || after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, ':' | '-' | '–' | '—' | '(' | ','))
}

/// Capitals, or a script without them.
pub(super) fn is_upper(written: &str) -> bool {
    !written.chars().any(char::is_lowercase)
}
