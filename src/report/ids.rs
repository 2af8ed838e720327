//! Identifiers of tasks and findings: `T034`, `P0-1`, `US-001`, ranges and lists of them.
//!
//! Not here: the ordinal of a heading. Names of standards and algorithms (`SHA-256`, `ISO-27001`) are no ids.

/// One identifier at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id {
    /// Its length in bytes.
    pub len: usize,
    /// Length of the part before the last number: `T`, `US-`, `P0-`.
    prefix: usize,
    /// Digits of the last number.
    digits: usize,
    /// Long enough to be an id wherever it stands; a short one (`U1`) needs a colon behind it.
    pub strong: bool,
}

/// The most ids that a range is expanded to.
const RANGE_CAP: u64 = 1000;

/// The identifier that `text` starts with.
pub(super) fn at(text: &str) -> Option<Id> {
    let bytes = text.as_bytes();
    let letters = bytes
        .iter()
        .take(11)
        .take_while(|b| b.is_ascii_uppercase())
        .count();
    if letters == 0 || letters > 10 {
        return None;
    }
    let digits_at = |at: usize| {
        bytes
            .iter()
            .skip(at)
            .take(8)
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let head = digits_at(letters);
    let dashed = bytes.get(letters + head) == Some(&b'-');
    let tail = if dashed { digits_at(letters + head + 1) } else { 0 };
    let (prefix, digits, strong) = if dashed && tail > 0 && (letters >= 2 || (head == 1 && bytes[0] == b'P'))
    {
        (letters + head + 1, tail, true)
    } else if head > 0 && letters <= 4 {
        (letters, head, head >= 3)
    } else {
        return None;
    };
    // P0 to P4 alone are grades.
    let grade = letters == 1 && bytes[0] == b'P' && prefix == 1 && digits == 1;
    if grade || digits > 7 || is_a_name(text.get(..letters)?) {
        return None;
    }
    let mut len = prefix + digits;
    // CVE-2024-1234 has a second number.
    if dashed && bytes.get(len) == Some(&b'-') && letters >= 2 {
        let more = digits_at(len + 1);
        if more > 0 && more < 8 {
            len += 1 + more;
        }
    }
    if bytes.get(len).is_some_and(u8::is_ascii_lowercase) {
        len += 1;
    }
    let rest = text.get(len..)?;
    let mut after = rest.chars();
    match after.next() {
        Some(c) if c.is_alphanumeric() || matches!(c, '_' | '%') => return None,
        Some('.') if after.next().is_some_and(|c| c.is_ascii_digit()) => return None,
        Some('/') if after.next().is_some_and(|c| c.is_ascii_digit()) => return None,
        Some('-') => {
            let next = after.next();
            // `T034-T037` and `T034-037` go on as a range; `AES-256-GCM` is something else.
            let same = rest
                .get(1..)
                .is_some_and(|more| more.starts_with(text.get(..letters).unwrap_or("?")));
            if next.is_some_and(|c| c.is_alphabetic()) && !same {
                return None;
            }
        }
        _ => {}
    }
    Some(Id {
        len,
        prefix,
        digits,
        strong,
    })
}

/// Standards, algorithms and formats that look like ids.
#[rustfmt::skip]
fn is_a_name(letters: &str) -> bool {
    matches!(letters,
        "SHA" | "AES" | "UTF" | "ISO" | "RFC" | "MD" | "RSA" | "TLS" | "SSL" | "HTTP" | "GPT" | "IP" | "IPV" | "ES" | "EC"
        | "ED" | "RS" | "HS" | "PS" | "HMAC" | "PBKDF" | "SOC" | "PCI" | "ARM" | "AMD" | "X" | "MP" | "WPA" | "AVX" | "SSE"
        | "COVID" | "ANSI" | "IEEE" | "NIST" | "FIPS" | "UTC" | "GMT" | "ECMA" | "OAUTH" | "PEP" | "CP" | "KOI" | "LATIN"
        | "RC" | "BASE" | "FY" | "USB" | "PKCS" | "CRC" | "HTML" | "CSS" | "WCAG" | "GB" | "MB" | "KB" | "USD" | "EUR"
        | "ARGON" | "SQL" | "AI" | "ML" | "XXH" | "BLAKE" | "CHACHA" | "ZSTD" | "LZ" | "V" | "Q" | "H")
}

/// The length of the identifier or range that `text` starts with, and whether it is strong.
pub(super) fn range_at(text: &str) -> Option<(usize, bool)> {
    let first = at(text)?;
    match range_end(text, first) {
        Some((end, _)) => Some((end, true)),
        None => Some((first.len, first.strong)),
    }
}

/// Behind `first`: the end of a range and its last number.
fn range_end(text: &str, first: Id) -> Option<(usize, u64)> {
    let rest = text.get(first.len..)?;
    let dash = ["-", "–", "—", " - ", " – ", " — ", " to ", "..", " through "]
        .into_iter()
        .filter(|dash| rest.starts_with(dash))
        .max_by_key(|dash| dash.len())?;
    let at = first.len + dash.len();
    let prefix = text.get(..first.prefix)?;
    let rest = text.get(at..)?;
    let (skip, rest) = match rest.strip_prefix(prefix) {
        Some(rest) => (prefix.len(), rest),
        None => (0, rest),
    };
    let digits = rest.bytes().take(8).take_while(u8::is_ascii_digit).count();
    if digits == 0 || (skip == 0 && digits != first.digits) {
        return None;
    }
    let follows = rest.get(digits..)?.chars().next();
    if follows.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let last = rest.get(..digits)?.parse().ok()?;
    Some((at + skip + digits, last))
}

/// Reads all of `text` as ids, ranges and lists of them into `out`; `false` when anything else stands there.
pub(super) fn list(text: &str, out: &mut Vec<Box<str>>) -> bool {
    let mut rest = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '`' | '*'));
    let mut any = false;
    while !rest.is_empty() {
        let Some(id) = at(rest) else { return false };
        if !id.strong {
            return false;
        }
        any = true;
        let end = match range_end(rest, id) {
            Some((end, last)) => {
                expand(rest, id, last, out);
                end
            }
            None => {
                out.push(rest.get(..id.len).unwrap_or_default().into());
                id.len
            }
        };
        rest = rest.get(end..).unwrap_or_default().trim_start();
        if rest.is_empty() {
            break;
        }
        let separators = [",", ";", "&", "+", "/", "and ", "y ", "et "];
        let Some(next) = separators.into_iter().find_map(|s| rest.strip_prefix(s)) else {
            return false;
        };
        rest = next.trim_start();
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
    any
}

fn expand(text: &str, id: Id, last: u64, out: &mut Vec<Box<str>>) {
    let prefix = text.get(..id.prefix).unwrap_or_default();
    let number = text
        .get(id.prefix..id.prefix + id.digits)
        .and_then(|n| n.parse::<u64>().ok());
    let Some(first) = number else { return };
    if last < first {
        out.push(text.get(..id.len).unwrap_or_default().into());
        return;
    }
    let width = id.digits;
    for n in first..=last.min(first + RANGE_CAP - 1) {
        out.push(format!("{prefix}{n:0width$}").into_boxed_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_names_that_look_like_them() {
        for (text, len) in [
            ("T034: a", 4),
            ("T059a", 5),
            ("P0-1: a", 4),
            ("US-001: a", 6),
            ("AB-123", 6),
            ("CVE-2024-1234 x", 13),
            ("P0-17: x", 5),
            ("T034-T037", 4),
            ("REQ001", 6),
            ("T12", 3),
            ("U1", 2),
            ("A01:2021 – x", 3),
        ] {
            assert_eq!(at(text).map(|id| id.len), Some(len), "{text}");
        }
        for text in [
            "AES-256-GCM",
            "SHA-256",
            "OAuth2",
            "UTF-8",
            "ISO-27001",
            "t034",
            "MongoDB 8.0.4",
            "K8s",
            "TODO",
            "V1.2",
            "",
            "É12",
            "T0345678901",
            "T03.4",
            "P0",
            "HTTP2",
            "TLS1.3",
        ] {
            assert!(!at(text).is_some_and(|id| id.strong), "{text}");
        }
    }

    #[test]
    fn ranges_and_lists_are_expanded_and_capped() {
        let read = |text: &str| {
            let mut out = Vec::new();
            list(text, &mut out).then(|| out.iter().map(|id| id.to_string()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(read("T034-T037").as_deref(), Some("T034 T035 T036 T037"));
        assert_eq!(read("T034–T036").as_deref(), Some("T034 T035 T036"));
        assert_eq!(read("T009-011").as_deref(), Some("T009 T010 T011"));
        assert_eq!(read("T011, T012").as_deref(), Some("T011 T012"));
        assert_eq!(read("P0-1, P0-4").as_deref(), Some("P0-1 P0-4"));
        assert_eq!(read("US-001 and US-003").as_deref(), Some("US-001 US-003"));
        assert_eq!(read("T011 is late"), None);
        assert_eq!(read("T900-T901x"), None);
        assert_eq!(
            read("T0000001-T9999999").map(|ids| ids.split(' ').count()),
            Some(1000)
        );
        assert_eq!(read(""), None);
    }
}
