//! A cheap look at a document's bytes: most Markdown of a repository is prose without any marker, and the parser
//! need not see it.

use super::{emoji, recognise};
use crate::model::RepoPath;

/// Whether the document may hold an item, a gate or a declared verdict. Errs on the side of yes.
pub(super) fn may_report(path: &RepoPath, text: &str) -> bool {
    recognise::name_speaks(path) || has_box(text) || has_table(text) || has_sign(text) || has_word(text)
}

/// The plain text of the first `# heading`.
pub(super) fn first_heading(text: &str) -> Option<Box<str>> {
    let line = text.lines().take(200).find(|line| line.starts_with('#'))?;
    let content = line.trim_start_matches('#');
    let mut plain = String::new();
    super::title::plain(content, 0..content.len(), &[], &mut plain);
    (!plain.is_empty()).then(|| plain.into())
}

fn has_box(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'[', bytes).any(|at| {
        bytes.get(at + 2) == Some(&b']') && bytes.get(at + 1).is_some_and(|b| !b.is_ascii_digit())
            || bytes.get(at + 1) == Some(&b']')
    })
}

fn has_table(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'|', bytes).any(|at| {
        let skip = usize::from(bytes.get(at + 1) == Some(&b' '));
        matches!(bytes.get(at + 1 + skip), Some(b'-' | b':')) || at > 0 && bytes.get(at - 1) == Some(&b'-')
    })
}

fn has_sign(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(0xe2, 0xf0, bytes).any(|at| {
        // E2 80 starts the quotes and dashes of prose.
        bytes.get(at + 1) != Some(&0x80) && text.get(at..).is_some_and(|rest| emoji::at(rest).is_some())
    })
}

/// Words in capitals that say a status, and words in any case that may belong to a gate or a verdict.
fn has_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if !byte.is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let len = bytes[at..]
            .iter()
            .take_while(|b| b.is_ascii_alphabetic() || **b == b'-')
            .count();
        let word = &bytes[at..at + len];
        if len <= 16 && (speaks(word) || (word.iter().all(u8::is_ascii_uppercase) && says_status(text, at))) {
            return true;
        }
        at += len;
    }
    false
}

fn says_status(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| {
        super::words::at(rest).is_some() || super::ids::at(rest).is_some_and(|id| id.strong)
    })
}

fn speaks(word: &[u8]) -> bool {
    let is = |known: &[&str]| {
        known
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
    };
    match word[0] {
        b'b' | b'B' => is(&["blocked", "blocker", "blockers", "blocks"]),
        b'r' | b'R' => is(&["ready", "readiness", "release-blocking"]),
        b'a' | b'A' => is(&["approved"]),
        b'c' | b'C' => is(&["cleared", "conditional"]),
        b'n' | b'N' => is(&["no-go", "nogo"]),
        b'p' | b'P' => is(&["production-ready"]),
        b's' | b'S' => is(&["sign-off", "signoff"]),
        b'G' => word == b"GO",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(text: &str) -> bool {
        RepoPath::new("docs/notes.md").is_some_and(|path| may_report(&path, text))
    }

    #[test]
    fn prose_is_passed_over_and_every_kind_of_marker_is_seen() {
        assert!(!may(
            "# Guide\n\nInstall it, see [the manual](https://example.org) — “quoted”.\n\n- one\n- two\n"
        ));
        for text in [
            "- [ ] a",
            "1. [x] a",
            "- [✅] a".trim_end(),
            "|a|b|\n|-|-|",
            "a | b\n--- | ---",
            "### 1. Keys ✅",
            "- ⏳ wait",
            "**Status**: DONE",
            "The release is blocked until legal agrees.",
            "We are GO",
            "- T034: x".trim_start(),
        ] {
            assert!(may(text), "{text}");
        }
    }
}
