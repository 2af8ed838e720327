//! Finds the numbers and ratios of a line. A number inside an id, a version, a date, a path or inline code is no number.

use super::numbers::{Bound, Number, Ratio, Token, Unit, ends_ci, starts_ci};

/// The numbers and ratios of a line, in order. `out` is emptied first.
pub(super) fn tokens(text: &str, out: &mut Vec<Token>) {
    out.clear();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'`' => {
                at += 1;
                at += memchr::memchr(b'`', &bytes[at..]).map_or(bytes.len() - at, |end| end + 1);
            }
            b'(' if at > 0 && bytes[at - 1] == b']' => {
                at += memchr::memchr(b')', &bytes[at..]).map_or(bytes.len() - at, |end| end + 1);
            }
            b'h' if bytes[at..].starts_with(b"http") => at = skip_word(bytes, at),
            byte if byte.is_ascii_digit() => {
                let (token, next) = number_at(text, at);
                out.extend(token);
                at = next.max(at + 1);
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' || byte == b'#' => at = skip_name(bytes, at),
            _ => at += 1,
        }
    }
}

/// Past a whole run without spaces.
fn skip_word(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && !bytes[at].is_ascii_whitespace() && !matches!(bytes[at], b')' | b'|') {
        at += 1;
    }
    at
}

/// Past a name with everything that hangs on it: `SHA-256`, `v1.2.3`, `T034-T037`.
fn skip_name(bytes: &[u8], mut at: usize) -> usize {
    at += 1;
    loop {
        while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
            at += 1;
        }
        let glued = matches!(bytes.get(at), Some(b'-' | b'.' | b'/' | b'#'))
            && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
        if !glued {
            return at;
        }
        at += 1;
    }
}

/// A plain figure at `at`: its value, decimals and end; `None` for versions and the like.
fn figure(bytes: &[u8], start: usize) -> Option<(f64, u8, usize)> {
    let mut at = start;
    let mut value = 0.0_f64;
    let mut digits = 0_usize;
    while let Some(byte) = bytes.get(at) {
        if byte.is_ascii_digit() {
            value = value * 10.0 + f64::from(byte - b'0');
            digits += 1;
            at += 1;
        } else if *byte == b','
            && digits <= 9
            && bytes
                .get(at + 1..at + 4)
                .is_some_and(|d| d.iter().all(u8::is_ascii_digit))
            && !bytes.get(at + 4).is_some_and(u8::is_ascii_digit)
        {
            at += 1;
        } else {
            break;
        }
    }
    if digits > 12 {
        return None;
    }
    let mut decimals = 0_u8;
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at += 1;
        let mut scale = 0.1;
        while let Some(byte) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
            value += f64::from(byte - b'0') * scale;
            scale /= 10.0;
            decimals = decimals.saturating_add(1);
            at += 1;
        }
        // `1.450` is a thousand in half of Europe: nobody can say.
        if decimals >= 3
            || (bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
        {
            return None;
        }
    }
    if bytes.get(at) == Some(&b',') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some((value, decimals, at))
}

fn number_at(text: &str, start: usize) -> (Option<Token>, usize) {
    let bytes = text.as_bytes();
    let money = start > 0 && bytes[start - 1] == b'$' || text[..start].ends_with(['€', '£']);
    let mut open = start;
    if money {
        open = text[..start]
            .char_indices()
            .next_back()
            .map_or(start, |(at, _)| at);
    }
    let mut signed = None;
    if let Some(before) = open.checked_sub(1).map(|at| bytes[at]) {
        let outer = open.checked_sub(2).map(|at| bytes[at]);
        match before {
            b'.' | b'/' | b'_' | b'#' | b'@' | b'=' if outer.is_some_and(|b| !b.is_ascii_whitespace()) => {
                return (None, skip_name(bytes, start));
            }
            b'-' if outer.is_some_and(|b| b.is_ascii_alphanumeric() || b == b')') => {
                return (None, skip_name(bytes, start));
            }
            b'-' => signed = Some(false),
            b'+' => signed = Some(true),
            _ => {}
        }
    }
    let Some((low, mut decimals, mut at)) = figure(bytes, start) else {
        return (None, skip_name(bytes, start));
    };
    let mut value = low;
    // Dates and times are no numbers.
    let date = |at: usize| bytes.get(at) == Some(&b'-') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    if at - start == 4
        && date(at)
        && bytes
            .get(at + 3..)
            .is_some_and(|r| r.first() == Some(&b'-') || !r.first().is_some_and(u8::is_ascii_digit))
    {
        return (None, skip_name(bytes, start));
    }
    if bytes.get(at) == Some(&b':') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        return (None, skip_name(bytes, start));
    }
    let exact_before = prefix_bound(text, if signed.is_some() { open - 1 } else { open });
    if decimals == 0
        && let Some((ratio, end)) = ratio_at(text, start, at, low, exact_before)
    {
        return (ratio.map(Token::Ratio), end);
    }
    let thousands = |value: f64, at: usize| match bytes.get(at) {
        Some(b'k' | b'K') if !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) => {
            (value * 1000.0, at + 1)
        }
        Some(b'M') if money && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) => {
            (value * 1_000_000.0, at + 1)
        }
        _ => (value, at),
    };
    (value, at) = thousands(value, at);
    let mut high = value;
    let dash = match bytes.get(at) {
        Some(b'-') => 1,
        Some(0xe2) if text[at..].starts_with(['–', '—']) => 3,
        _ => 0,
    };
    if dash > 0 {
        let mut next = at + dash;
        if bytes.get(next) == Some(&b'$') {
            next += 1;
        }
        if bytes.get(next).is_some_and(u8::is_ascii_digit) {
            match figure(bytes, next) {
                Some((top, more, end)) if !date(end) => {
                    let (top, end) = thousands(top, end);
                    decimals = decimals.max(more);
                    high = top;
                    at = end;
                }
                _ => return (None, skip_name(bytes, start)),
            }
        }
    }
    let mut bound = exact_before;
    if matches!(bytes.get(at), Some(b'+')) {
        bound = Bound::AtLeast;
        at += 1;
    }
    let Some((unit, end)) = unit_at(text, at, money) else {
        return (None, skip_name(bytes, start));
    };
    if bytes.get(end) == Some(&b'+') {
        bound = Bound::AtLeast;
    }
    let unit = if high < value { Unit::Other } else { unit };
    let number = Number {
        start: open,
        end,
        low: value,
        high,
        decimals,
        bound,
        unit,
        signed,
    };
    (Some(Token::Number(number)), end)
}

/// `n/m` and `n of m`. `Some((None, end))` for a chain such as `1/2/3` or a date.
fn ratio_at(text: &str, start: usize, at: usize, n: f64, bound: Bound) -> Option<(Option<Ratio>, usize)> {
    let bytes = text.as_bytes();
    let slash = bytes.get(at) == Some(&b'/');
    let next = if slash {
        at + 1
    } else {
        let rest = &text[at..];
        let rest = rest.strip_prefix("**").unwrap_or(rest);
        let of = [" out of ", " of the ", " of "]
            .iter()
            .find(|word| rest.starts_with(**word))?;
        let mut next = text.len() - rest.len() + of.len();
        while bytes.get(next) == Some(&b'*') {
            next += 1;
        }
        next
    };
    if !bytes.get(next).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let Some((m, 0, end)) = figure(bytes, next) else {
        return Some((None, skip_name(bytes, start)));
    };
    let glued = bytes
        .get(end)
        .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'+'))
        || (bytes.get(end) == Some(&b'-') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit));
    let always = n == 24.0 && m == 7.0;
    if glued || always || (!slash && bytes.get(end) == Some(&b'%')) {
        return Some((None, skip_name(bytes, start)));
    }
    let exact = bound == Bound::Exact;
    Some((
        Some(Ratio {
            start,
            end,
            n,
            m,
            exact,
            slash,
        }),
        end,
    ))
}

fn unit_at(text: &str, at: usize, money: bool) -> Option<(Unit, usize)> {
    let rest = &text[at..];
    if money {
        let word = rest.trim_start_matches(['*', ' ']);
        let monthly = ["/month", "/mo", "per month", "monthly", "a month"]
            .iter()
            .any(|m| starts_ci(word, m));
        let yearly = [
            "/year", "/yr", "per year", "/user", "/hour", "/h", "/day", "per hour",
        ]
        .iter()
        .any(|m| starts_ci(word, m));
        let unit = if yearly {
            Unit::Other
        } else if monthly {
            Unit::MoneyMonthly
        } else {
            Unit::Money
        };
        return Some((unit, at));
    }
    // `300 EUR/month`: the currency stands behind.
    let behind = rest.strip_prefix(' ').unwrap_or_default();
    if let Some(after) = ["EUR", "USD", "GBP", "CHF", "€"]
        .iter()
        .find_map(|name| behind.strip_prefix(name))
        && !after.starts_with(|c: char| c.is_alphanumeric())
    {
        return unit_at(text, text.len() - after.len(), true);
    }
    if let Some(after) = rest.strip_prefix(" %").or_else(|| rest.strip_prefix('%')) {
        return Some((Unit::Percent, text.len() - after.len()));
    }
    let glued = rest.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    let trimmed = if glued {
        rest
    } else {
        rest.strip_prefix([' ', '-']).unwrap_or(rest)
    };
    let length = trimmed.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = &trimmed[..length];
    let offset = text.len() - trimmed.len() + length;
    let unit = match length {
        0 => return Some((Unit::None, at)),
        _ if ["h", "hr", "hrs", "hour", "hours"]
            .iter()
            .any(|u| u.eq_ignore_ascii_case(word)) =>
        {
            Unit::Hours
        }
        _ if ["min", "mins", "minute", "minutes"]
            .iter()
            .any(|u| u.eq_ignore_ascii_case(word)) =>
        {
            Unit::Minutes
        }
        _ if ["d", "day", "days"].iter().any(|u| u.eq_ignore_ascii_case(word)) => Unit::Days,
        _ if ["w", "wk", "week", "weeks"]
            .iter()
            .any(|u| u.eq_ignore_ascii_case(word)) =>
        {
            Unit::Weeks
        }
        _ if ["month", "months"].iter().any(|u| u.eq_ignore_ascii_case(word)) => Unit::Months,
        _ if ["point", "points", "pts", "pt"]
            .iter()
            .any(|u| u.eq_ignore_ascii_case(word)) =>
        {
            Unit::Points
        }
        _ if ["percent"].iter().any(|u| u.eq_ignore_ascii_case(word)) => Unit::Percent,
        _ if [
            "ms",
            "s",
            "sec",
            "secs",
            "second",
            "seconds",
            "year",
            "years",
            "kb",
            "mb",
            "gb",
            "bytes",
            "chars",
            "characters",
            "x",
            "px",
            "req",
            "rps",
        ]
        .iter()
        .any(|u| u.eq_ignore_ascii_case(word)) =>
        {
            Unit::Other
        }
        _ if glued => return None,
        _ => return Some((Unit::None, at)),
    };
    // "5 requests/minute", "100 req/15 min": a rate is nobody's sum.
    let rate = text.as_bytes().get(offset) == Some(&b'/');
    Some((if rate { Unit::Other } else { unit }, offset))
}

fn prefix_bound(text: &str, start: usize) -> Bound {
    let before = text[..start].trim_end_matches(['*', '_', '$', '€', '£']);
    let tight = before.trim_end();
    if tight.ends_with(['~', '≈', '±']) {
        return Bound::About;
    }
    if tight.ends_with(['>', '≥']) || tight.ends_with(">=") {
        return if tight.ends_with("->") || tight.ends_with("=>") {
            Bound::Exact
        } else {
            Bound::AtLeast
        };
    }
    if tight.ends_with(['<', '≤']) || tight.ends_with("<=") {
        return Bound::AtMost;
    }
    // Most figures stand behind a word that says nothing of the kind: one look at that word must do.
    let tight = tight.strip_suffix('.').unwrap_or(tight);
    let bytes = tight.as_bytes();
    let length = bytes
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    if !(2..=13).contains(&length) {
        return Bound::Exact;
    }
    let mut folded = [0_u8; 13];
    for (to, from) in folded.iter_mut().zip(&bytes[bytes.len() - length..]) {
        *to = from.to_ascii_lowercase();
    }
    match &folded[..length] {
        b"about" | b"around" | b"approximately" | b"approx" | b"nearly" | b"almost" | b"roughly"
        | b"circa" => Bound::About,
        b"over" | b"minimum" | b"min" | b"exceeds" => Bound::AtLeast,
        b"under" | b"maximum" => Bound::AtMost,
        b"than" | b"least" | b"to" | b"most" => {
            let ends = |phrases: &[&str]| phrases.iter().any(|phrase| ends_ci(tight, phrase));
            if ends(&["more than", "at least"]) {
                Bound::AtLeast
            } else if ends(&["up to", "less than", "at most", "fewer than"]) {
                Bound::AtMost
            } else {
                Bound::Exact
            }
        }
        _ => Bound::Exact,
    }
}
