//! Effort, owner, due date and "(optional)" inside an item's text.

use std::ops::Range;

use memchr::memmem::Finder;

use super::marks::Found;
use super::requirement;

/// No more of one item's text is searched: such details stand near its start or end.
const SEARCHED: usize = 1200;

/// The searches, built once for a document.
#[derive(Debug)]
pub(super) struct Finders {
    due: Finder<'static>,
    by: Finder<'static>,
}

impl Finders {
    pub fn new() -> Self {
        Self {
            due: Finder::new("ue "),
            by: Finder::new(" by "),
        }
    }

    /// Fills the details of `found` from `range`.
    pub fn read(&self, text: &str, range: Range<usize>, found: &mut Found) {
        let bytes = text.as_bytes();
        let end = range.end.min(range.start + SEARCHED);
        let Some(searched) = bytes.get(range.start..end) else {
            return;
        };
        for offset in memchr::memchr3_iter(b'(', b'@', b':', searched) {
            let at = range.start + offset;
            match searched[offset] {
                b'(' => parentheses(text, at, range.end, found),
                b'@' => mention(text, at, &range, found),
                _ => field(text, at, &range, found),
            }
        }
        // "due 2025-12-01", "by Dec 1".
        if let Some(offset) = self.due.find(searched)
            && is_word(bytes, range.start + offset + 1, b"due", range.start)
        {
            date(text, range.start + offset + 2, range.end, found);
        }
        if let Some(offset) = self.by.find(searched) {
            date(text, range.start + offset + 3, range.end, found);
        }
    }
}

/// Whether the word that ends at `at` is `word`, in lower case or capitalised.
fn is_word(bytes: &[u8], at: usize, word: &[u8], start: usize) -> bool {
    let Some(from) = (at + 1).checked_sub(word.len()).filter(|&from| from >= start) else {
        return false;
    };
    let free = from == start
        || bytes
            .get(from - 1)
            .is_some_and(|b| matches!(b, b' ' | b'(' | b'*' | b'_' | b'|'));
    free && bytes.get(at + 1) == Some(&b' ')
        && bytes.get(from..=at).is_some_and(|w| w.eq_ignore_ascii_case(word))
}

fn parentheses(text: &str, open: usize, end: usize, found: &mut Found) {
    let Some(rest) = text.as_bytes().get(open + 1..end.min(open + 80)) else {
        return;
    };
    let Some(len) = memchr::memchr2(b')', b'(', rest) else {
        return;
    };
    if rest.get(len) != Some(&b')') {
        return;
    }
    let inner = open + 1..open + 1 + len;
    let Some(written) = text.get(inner.clone()) else {
        return;
    };
    if found.effort.is_none() && is_effort(written) {
        found.effort = Some(inner);
    } else if found.requirement.is_none() {
        found.requirement = requirement::of_own_words(written);
    }
}

fn mention(text: &str, at: usize, range: &Range<usize>, found: &mut Found) {
    let before = text.as_bytes().get(at.wrapping_sub(1)).copied();
    let free = at == range.start || matches!(before, Some(b' ' | b'(' | b',' | b'*' | b'|' | b'\n'));
    if found.owner.is_some() || !free {
        return;
    }
    let name = text
        .as_bytes()
        .get(at + 1..range.end.min(at + 60))
        .unwrap_or_default();
    let len = name
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/'))
        .count();
    // `@scope/package` names a package; `@decorator(…)` is code.
    let slash = name.get(..len).is_some_and(|name| name.contains(&b'/'));
    if len > 0 && !slash && name.get(len) != Some(&b'(') {
        found.owner = Some(at..at + 1 + len);
    }
}

/// `Owner: X`, `Due: X`, `Effort: X`; bold signs may stand around the colon.
fn field(text: &str, colon: usize, range: &Range<usize>, found: &mut Found) {
    let Some(before) = text.get(range.start.max(colon.saturating_sub(24))..colon) else {
        return;
    };
    let label = before.trim_end_matches(['*', '_']);
    let start = label
        .rfind(|c: char| !c.is_ascii_alphabetic())
        .map_or(0, |at| at + 1);
    let Some(label) = label.get(start..) else { return };
    let slot = match label.len() {
        3 if label.eq_ignore_ascii_case("due") || label.eq_ignore_ascii_case("eta") => &mut found.due,
        5 if label.eq_ignore_ascii_case("owner") => &mut found.owner,
        6 if label.eq_ignore_ascii_case("effort") => &mut found.effort,
        8 if label.eq_ignore_ascii_case("assignee") => &mut found.owner,
        8 if label.eq_ignore_ascii_case("deadline") => &mut found.due,
        8 if label.eq_ignore_ascii_case("estimate") => &mut found.effort,
        _ => return,
    };
    let Some(rest) = text.get(colon + 1..range.end) else {
        return;
    };
    let skipped = rest.len() - rest.trim_start_matches(['*', '_', ' ', '\t']).len();
    let value = rest.get(skipped..).unwrap_or_default();
    let stop = value
        .find([',', ';', ')', '|', '\n', ']', '*'])
        .unwrap_or(value.len());
    let value = value.get(..stop).unwrap_or_default();
    let value = value
        .find(" - ")
        .map_or(value, |dash| value.get(..dash).unwrap_or(value))
        .trim_end();
    if slot.is_none() && !value.is_empty() && value.len() <= 60 {
        let from = colon + 1 + skipped;
        *slot = Some(from..from + value.len());
    }
}

/// A date behind "due" or "by": `2025-12-01`, `12/01`, `Dec 1, 2025`, `1 Dec`, `Q3 2025`.
fn date(text: &str, from: usize, end: usize, found: &mut Found) {
    if found.due.is_some() {
        return;
    }
    let Some(rest) = text.get(from..end) else { return };
    let skipped = rest.len() - rest.trim_start().len();
    let rest = rest.get(skipped..).unwrap_or_default();
    let len = date_len(rest);
    if len > 0 {
        found.due = Some(from + skipped..from + skipped + len);
    }
}

fn date_len(text: &str) -> usize {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let bytes = text.as_bytes();
    let digits = |at: usize| bytes.iter().skip(at).take_while(|b| b.is_ascii_digit()).count();
    let month = |at: usize| {
        let len = bytes
            .iter()
            .skip(at)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let known = text
            .get(at..at + 3)
            .is_some_and(|m| MONTHS.iter().any(|month| m.eq_ignore_ascii_case(month)));
        if known { len } else { 0 }
    };
    let year = |at: usize| {
        let skip = bytes
            .iter()
            .skip(at)
            .take_while(|b| matches!(b, b',' | b' '))
            .count();
        if digits(at + skip) == 4 { at + skip + 4 } else { at }
    };
    let first = digits(0);
    if first == 4 && bytes.get(4) == Some(&b'-') {
        let month = digits(5);
        let end = 5 + month;
        return if month == 2 && bytes.get(end) == Some(&b'-') {
            end + 1 + digits(end + 1)
        } else {
            end
        };
    }
    if first > 0 && first <= 2 {
        if matches!(bytes.get(first), Some(b'/' | b'.')) && digits(first + 1) > 0 {
            let mut end = first + 1 + digits(first + 1);
            if matches!(bytes.get(end), Some(b'/' | b'.')) {
                end += 1 + digits(end + 1);
            }
            return end;
        }
        let named = month(first + 1);
        return if named > 0 { year(first + 1 + named) } else { 0 };
    }
    let named = month(0);
    if named > 0 && named <= 9 {
        let dot = usize::from(bytes.get(named) == Some(&b'.'));
        let day = digits(named + dot + 1);
        return if day > 0 { year(named + dot + 1 + day) } else { 0 };
    }
    if matches!(bytes.first(), Some(b'Q' | b'q')) && digits(1) == 1 {
        return year(2);
    }
    0
}

/// `6h`, `2-3 weeks`, `~15 minutes`.
pub(super) fn is_effort(text: &str) -> bool {
    let rest = text.trim().trim_start_matches(['~', '≈', '<', ' ']);
    let rest = rest.strip_prefix("about ").unwrap_or(rest);
    let number = |text: &str| {
        text.bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count()
    };
    let mut len = number(rest);
    if len == 0 {
        return false;
    }
    if let Some(more) = rest.get(len..).and_then(|r| r.strip_prefix(['-', '–'])) {
        let second = number(more);
        if second == 0 {
            return false;
        }
        len = rest.len() - more.len() + second;
    }
    let unit = rest
        .get(len..)
        .unwrap_or_default()
        .trim()
        .trim_end_matches(['.', '+'])
        .to_ascii_lowercase();
    matches!(
        unit.as_str(),
        "h" | "hr"
            | "hrs"
            | "hour"
            | "hours"
            | "m"
            | "min"
            | "mins"
            | "minute"
            | "minutes"
            | "d"
            | "day"
            | "days"
            | "w"
            | "wk"
            | "week"
            | "weeks"
            | "month"
            | "months"
            | "sprint"
            | "sprints"
            | "sp"
            | "pt"
            | "pts"
            | "points"
            | "pd"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Requirement;

    #[test]
    fn details_are_found_as_written() {
        for (text, effort, owner, due) in [
            ("Rotate keys (6h)", Some("6h"), None, None),
            (
                "Move (2-3 weeks) by Dec 1, 2025",
                Some("2-3 weeks"),
                None,
                Some("Dec 1, 2025"),
            ),
            (
                "Ask @ann-b about it, due 2025-12-01.",
                None,
                Some("@ann-b"),
                Some("2025-12-01"),
            ),
            ("Sign (Owner: Backend team)", None, Some("Backend team"), None),
            (
                "Ship it. **Owner:** Kim, **Due:** Friday",
                None,
                Some("Kim"),
                Some("Friday"),
            ),
            (
                "Mail ops@example.org, pin @types/node, add @limiter(x)",
                None,
                None,
                None,
            ),
            ("Sort by name (see above)", None, None, None),
            ("Effort: ~3d - low", Some("~3d"), None, None),
            ("", None, None, None),
        ] {
            let mut found = Found::default();
            Finders::new().read(text, 0..text.len(), &mut found);
            let part = |range: &Option<Range<usize>>| range.clone().map(|range| &text[range]);
            assert_eq!(
                (part(&found.effort), part(&found.owner), part(&found.due)),
                (effort, owner, due),
                "{text}"
            );
        }
        let mut found = Found::default();
        Finders::new().read("Add a cache (optional)", 0..22, &mut found);
        assert_eq!(found.requirement, Some(Requirement::Optional));
    }
}
