//! Words, stems and labels of a line, and the sense that headings give to what stands below them.

use super::statements::Statements;

/// The words of a text with their offsets: runs of letters and digits of any script.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = text.get(rest..)?;
        let start = rest + tail.find(char::is_alphanumeric)?;
        let from = text.get(start..)?;
        let end = start + from.find(|c: char| !c.is_alphanumeric()).unwrap_or(from.len());
        rest = end;
        Some((start, text.get(start..end)?))
    })
}

/// A word without the endings that number and tense give it: `files` and `file`, `modified` and `modify`.
pub(super) fn stem(word: &str) -> &str {
    let mut stem = word;
    for _ in 0..2 {
        let cut = ["ies", "ied", "ions", "ion", "ing", "ed", "es", "s", "y", "e"]
            .iter()
            .find(|ending| {
                stem.len() >= ending.len() + 3
                    && stem.is_char_boundary(stem.len() - ending.len())
                    && stem.as_bytes()[stem.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes())
            });
        match cut {
            Some(ending) => stem = &stem[..stem.len() - ending.len()],
            None => break,
        }
    }
    stem
}

/// Whether two words share their stem.
pub(super) fn same(a: &str, b: &str) -> bool {
    stem(a).eq_ignore_ascii_case(stem(b))
}

/// Whether a word is one of these, in any ASCII case.
pub(super) fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether `text` holds `word` as a whole word, in any ASCII case.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    words(text).any(|(_, found)| found.eq_ignore_ascii_case(word))
}

/// Whether `text` holds `needle` anywhere, in any ASCII case.
pub(super) fn contains_ci(text: &str, needle: &str) -> bool {
    text.as_bytes()
        .windows(needle.len().max(1))
        .any(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

/// A text without the signs around it: emphasis, emoji, bullets, brackets, white space.
pub(super) fn bare(text: &str) -> &str {
    let from = text.find(char::is_alphanumeric).unwrap_or(text.len());
    let to = text
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_alphanumeric() || matches!(c, '%' | ')' | '+'))
        .map_or(from, |(at, c)| at + c.len_utf8());
    text.get(from..to.max(from)).unwrap_or_default()
}

/// `**Label**: value` and `Label: value`. The label is short, starts the line and holds no figure of its own.
pub(super) fn label(text: &str) -> Option<(&str, &str)> {
    let colon = text.bytes().take(72).position(|byte| byte == b':')?;
    let (before, after) = (text.get(..colon)?, text.get(colon + 1..)?);
    if before.contains('`') || before.contains('[') || before.contains(". ") {
        return None;
    }
    let name = bare(before);
    if name.is_empty() || words(name).count() > 7 {
        return None;
    }
    Some((name, after.trim_start_matches(['*', '_']).trim()))
}

#[rustfmt::skip]
const EARLIER: &[&str] = &[
    "previous", "previously", "earlier", "formerly", "historical", "prior",
];

#[rustfmt::skip]
const PLANNED: &[&str] = &[
    "deployment", "deploying", "deploy", "release", "releasing", "launch", "launching", "production",
    "going", "go", "shipping", "ship", "you", "merge", "merging", "starting", "mainnet", "beta",
    "staging", "each", "every", "we", "next", "final", "post",
];

/// Whether a line or heading tells of an earlier state.
pub(super) fn tells_of_before(title: &str) -> bool {
    let mut heads = words(title).filter(|(_, word)| !word.bytes().all(|b| b.is_ascii_digit()));
    let Some((_, first)) = heads.next() else {
        return false;
    };
    let second = heads
        .find(|(_, word)| !is_one_of(word, &["the", "our", "these", "any"]))
        .map_or("", |(_, word)| word);
    // "Before deployment" is a plan, "Before fixes" is history.
    let plan = is_one_of(second, PLANNED);
    (is_one_of(first, &["before", "vorher", "antes", "avant"]) && !plan)
        || is_one_of(first, EARLIER)
        || (is_one_of(first, &["initial", "original", "old"])
            && is_one_of(second, &["state", "status", "assessment", "verdict"]))
}

/// Whether any heading above a block tells of an earlier state.
pub(super) fn below_before(lines: &Statements<'_>, block: u32) -> bool {
    lines.titles_above(block).any(tells_of_before)
}

/// Whether any heading above a block has one of these words.
pub(super) fn below_any(lines: &Statements<'_>, block: u32, list: &[&str]) -> bool {
    lines
        .titles_above(block)
        .any(|title| words(title).any(|(_, word)| is_one_of(word, list)))
}
