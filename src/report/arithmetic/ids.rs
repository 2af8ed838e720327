//! Ids and ranges of ids: `T034-T037` is four, `20 tasks (T306-T325)` must be twenty.

use super::counts::counts_entries;
use super::numbers::Token;
use super::{Desk, Said};
use crate::model::ContradictionKind;
use crate::report::statements::Statement;
use crate::report::wording::words;
use crate::text::markdown::BlockKind;

/// How many ids a text names when it is nothing but ids: `T034-T037` is 4, `T056, T057` is 2.
pub(super) fn id_count(text: &str) -> Option<u32> {
    let mut count = 0;
    for part in text.split([',', ';']) {
        let part = part.trim().trim_matches(['*', '`', '_']);
        count += id_part(part)?.1;
    }
    (count > 0).then_some(count)
}

/// The first and last number of an id or a range of ids, and their prefix.
pub(super) fn id_span(text: &str) -> Option<(u32, u32, &str)> {
    let (from, count, prefix) = id_part(text)?;
    Some((from, from.checked_add(count)?.checked_sub(1)?, prefix))
}

/// One id or a range of ids: its first number, how many, and the prefix.
fn id_part(part: &str) -> Option<(u32, u32, &str)> {
    let bytes = part.as_bytes();
    let letters = bytes.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    if letters == 0 || letters > 6 {
        return None;
    }
    let dashed = bytes.get(letters) == Some(&b'-') && bytes.get(letters + 1).is_some_and(u8::is_ascii_digit);
    let prefix = &part[..letters + usize::from(dashed)];
    let (from, end) = digits(part, prefix.len())?;
    let width = end - prefix.len();
    let suffix = usize::from(bytes.get(end).is_some_and(u8::is_ascii_lowercase));
    let rest = part[end + suffix..].trim();
    if rest.is_empty() {
        return Some((from, 1, prefix));
    }
    let rest = rest
        .strip_prefix("to ")
        .or_else(|| rest.strip_prefix(".."))
        .or_else(|| rest.strip_prefix(['-', '–', '—', '→']))?;
    let rest = rest.trim();
    let named = rest.strip_prefix(prefix);
    let tail = named.unwrap_or(rest);
    let (to, stop) = digits(tail, 0)?;
    if stop != tail.len() || (named.is_none() && (stop != width || width < 2)) {
        // `P0-1` is one id.
        return (named.is_none() && tail.len() == stop && width < 2).then_some((from, 1, prefix));
    }
    to.checked_sub(from)
        .filter(|apart| *apart < 500)
        .map(|apart| (from, apart + 1, prefix))
}

fn digits(text: &str, at: usize) -> Option<(u32, usize)> {
    let tail = text.get(at..)?;
    let length = tail.bytes().take_while(u8::is_ascii_digit).count();
    let value = tail.get(..length)?.parse().ok()?;
    Some((value, at + length))
}

/// `20 tasks (T306-T325)`: the range's length, and whether its ids are described at all.
pub(super) fn id_range(desk: &mut Desk<'_>, statement: &Statement, text: &str) {
    let lines = desk.lines;
    let tokens = desk.read(text);
    let mut found = None;
    for token in &tokens {
        let Token::Number(number) = token else { continue };
        let Some(stated) = number.count() else { continue };
        let after = &text[number.end..];
        if let Some(open) = after.find('(')
            && let Some(close) = after[open..].find(')')
            && words(&after[..open]).count() <= 3
            && !after[..open].contains([':', ',', '.', ')', '|', '-', '&', '–', '—'])
            && words(&after[..open]).any(|(_, word)| counts_entries(word))
            && let Some((from, length, prefix)) = id_part(after[open + 1..open + close].trim())
            && length >= 2
        {
            found = Some((stated, from, length, prefix));
        }
    }
    desk.keep(tokens);
    let Some((stated, from, length, prefix)) = found else {
        return;
    };
    let said = Said {
        range: statement.range,
        subject: prefix,
        comparator: "=",
        value: stated.to_string(),
    };
    if stated != length {
        let message = format!("says {stated}; the range of ids has {length}");
        desk.refute(ContradictionKind::Count, said, length.to_string(), [], message);
        return;
    }
    let mut described = vec![0_u32; length as usize];
    for block in &lines.outline.blocks {
        if !matches!(
            block.kind,
            BlockKind::Item { .. } | BlockKind::Heading(_) | BlockKind::Row { .. }
        ) {
            continue;
        }
        let content = lines.slice(block.content);
        let head = super::sense::plain(content).trim_start_matches('`');
        let Some(rest) = head.strip_prefix(prefix) else {
            continue;
        };
        let Some((number, end)) = digits(rest, 0) else {
            continue;
        };
        // `T034-T037: …` describes four.
        let name = rest[end..].split([':', ' ', '*', ')']).next().unwrap_or_default();
        let last = id_part(&format!("{prefix}{}{name}", &rest[..end]))
            .map_or(number, |(from, count, _)| from + (count - 1));
        for id in number..=last.min(number.saturating_add(500)) {
            if let Some(slot) = id.checked_sub(from).and_then(|at| described.get_mut(at as usize))
                && *slot == 0
            {
                *slot = lines.line(block.range.start);
            }
        }
    }
    let present = described.iter().take_while(|&&line| line > 0).count();
    let none_after = described[present..].iter().all(|&line| line == 0);
    if present == described.len() {
        desk.holds(said, false, format!("{stated} ids are described"));
    } else if none_after && present >= 3 && present * 2 >= described.len() {
        let message = format!("says {stated}; only the first {present} of those ids are described");
        let ends = [described.first(), described.get(present - 1)]
            .into_iter()
            .flatten()
            .copied()
            .collect::<Vec<_>>();
        desk.refute(ContradictionKind::Count, said, present.to_string(), ends, message);
    } else if let Some(missing) = gap(&described) {
        let numbers: Vec<u32> = missing.iter().filter_map(|at| from.checked_add(*at)).collect();
        let width = text
            .find(prefix)
            .and_then(|at| digits(text, at + prefix.len()).map(|(_, end)| end - at - prefix.len()));
        let width = width.unwrap_or(1);
        let names: Vec<String> = numbers
            .iter()
            .map(|number| format!("`{prefix}{number:0width$}`"))
            .collect();
        let message = format!(
            "says {stated}; {} described nowhere",
            if let [one] = names.as_slice() {
                format!("{one} is")
            } else {
                format!("{} are", names.join(" and "))
            }
        );
        let ends: Vec<u32> = described.iter().copied().filter(|line| *line > 0).collect();
        let ends = [ends.first(), ends.last()]
            .into_iter()
            .flatten()
            .copied()
            .collect::<Vec<_>>();
        desk.refute(
            ContradictionKind::Count,
            said,
            (stated - numbers.len() as u32).to_string(),
            ends,
            message,
        );
    } else {
        desk.holds(said, false, format!("the range of ids has {length}"));
    }
}

/// One or two ids that are missing among many that are described one by one.
fn gap(described: &[u32]) -> Option<Vec<u32>> {
    let missing: Vec<u32> = (0_u32..)
        .zip(described)
        .filter(|(_, line)| **line == 0)
        .map(|(at, _)| at)
        .collect();
    let few =
        (1..=2).contains(&missing.len()) && described.len() >= 5 && described.len() >= 4 * missing.len();
    let inside =
        described.first().is_some_and(|line| *line > 0) && described.last().is_some_and(|line| *line > 0);
    (few && inside).then_some(missing)
}
