//! Task boxes: GitHub's `[ ]` and `[x]`, the odd ones people write, and the nearly right ones.

use std::ops::Range;

use super::emoji;
use crate::model::Status;

/// A box directly behind a list marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Box {
    /// Text offsets of what stands inside the brackets; empty for `[]`.
    pub inside: Range<usize>,
    /// Text offset behind the closing bracket.
    pub end: usize,
    /// What it says.
    pub vote: Status,
    /// GitHub, or a person who knows its boxes, takes it for a task; a nearly right box (`[]`, `[ x ]`, `[ ]text`) makes a bullet.
    pub task: bool,
}

/// The box of a list item whose marker starts at `start` and whose inline text starts at `content`.
pub(super) fn of_item(text: &str, start: usize, content: usize) -> Option<Box> {
    let bytes = text.as_bytes();
    let mut at = behind_marker(bytes, start)?;
    // Word processors write `- \[ \]`; people read a box all the same.
    let escaped = bytes.get(at) == Some(&b'\\') && bytes.get(at + 1) == Some(&b'[');
    at += usize::from(escaped);
    if bytes.get(at) != Some(&b'[') || (content != at && content + usize::from(escaped) != at) {
        return None;
    }
    let inner = at + 1;
    // A box holds at most an emoji with its variation selector, or a character between blanks.
    let close = bytes
        .iter()
        .skip(inner)
        .take(9)
        .position(|&b| matches!(b, b']' | b'\n' | b'['))?
        + inner;
    if bytes.get(close) != Some(&b']') {
        return None;
    }
    let inside = text.get(inner..close)?;
    let inside = if escaped {
        inside.strip_suffix('\\').unwrap_or(inside)
    } else {
        inside
    };
    let next = bytes.get(close + 1).copied();
    let spaced = next.is_none_or(|b| b.is_ascii_whitespace());
    let found = |vote, task| {
        Some(Box {
            inside: inner..inner + inside.len(),
            end: close + 1,
            vote,
            task: task && !escaped,
        })
    };
    if spaced {
        match inside {
            " " | "\t" | "\u{b}" | "\u{c}" => return found(Status::Open, true),
            "x" | "X" => return found(Status::Done, true),
            _ => {}
        }
    } else if matches!(next, Some(b'(' | b'[' | b':')) {
        return None;
    }
    let trimmed = inside.trim();
    let vote = match trimmed {
        "" => Status::Open,
        "x" | "X" => Status::Done,
        "-" | "~" | "/" => Status::InProgress,
        ">" => Status::Deferred,
        "!" => Status::Blocked,
        "?" => Status::Open,
        sign => {
            let found = emoji::at(sign)?;
            if found.len != sign.len() {
                return None;
            }
            found.vote
        }
    };
    // Blanks are what an edit replaces: `[ ]text` becomes `[x]text`.
    let (lead, trimmed) = if trimmed.is_empty() {
        (0, inside)
    } else {
        (inside.len() - inside.trim_start().len(), trimmed)
    };
    let odd = !matches!(trimmed.trim(), "" | "x" | "X");
    let inner = inner + lead;
    Some(Box {
        inside: inner..inner + trimmed.len(),
        end: close + 1,
        vote,
        task: odd && spaced && !escaped && trimmed.len() == inside.len(),
    })
}

/// The offset behind `- ` or `12. ` on the same line.
fn behind_marker(bytes: &[u8], start: usize) -> Option<usize> {
    let skip_blanks = |mut at: usize| {
        while matches!(bytes.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        at
    };
    let at = skip_blanks(start);
    let end = match bytes.get(at)? {
        b'-' | b'*' | b'+' => at + 1,
        b'0'..=b'9' => {
            let digits = bytes
                .get(at..)?
                .iter()
                .take(10)
                .take_while(|b| b.is_ascii_digit())
                .count();
            matches!(bytes.get(at + digits)?, b'.' | b')').then_some(at + digits + 1)?
        }
        _ => return None,
    };
    let behind = skip_blanks(end);
    (behind > end).then_some(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(Status, bool, &str)> {
        let content = line.find('[').unwrap_or(0);
        of_item(line, 0, content).map(|b| (b.vote, b.task, &line[b.inside]))
    }

    #[test]
    fn boxes_are_read_as_github_reads_them_and_odd_ones_by_their_sign() {
        for (line, expected) in [
            ("- [ ] a", Some((Status::Open, true, " "))),
            ("* [x] a", Some((Status::Done, true, "x"))),
            ("12. [X] a", Some((Status::Done, true, "X"))),
            ("+   [x]\ta", Some((Status::Done, true, "x"))),
            ("- [✅] a", Some((Status::Done, true, "✅"))),
            ("- [⚠️] a", Some((Status::Open, true, "⚠️"))),
            ("- [-] a", Some((Status::InProgress, true, "-"))),
            ("- [~] a", Some((Status::InProgress, true, "~"))),
            ("- [>] a", Some((Status::Deferred, true, ">"))),
            ("- [!] a", Some((Status::Blocked, true, "!"))),
            ("- [] a", Some((Status::Open, false, ""))),
            ("- [ x ] a", Some((Status::Done, false, "x"))),
            ("- [x]a", Some((Status::Done, false, "x"))),
            ("- [ ]a", Some((Status::Open, false, " "))),
            ("- [  ] a", Some((Status::Open, false, "  "))),
            ("- [ ](https://example.org)", None),
            ("- [x](https://example.org)", None),
            ("- [x][ref]", None),
            ("- [Head](#head)", None),
            ("- [done] a", None),
            ("- [a] b", None),
            ("- see [x] b", None),
            ("-\n  [x] b", None),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn an_escaped_box_is_no_task_but_still_a_box() {
        let read = |line: &str, content| {
            of_item(line, 0, content).map(|b| (b.vote, b.task, line[b.inside].to_owned()))
        };
        let done = Some((Status::Done, false, "x".to_owned()));
        assert_eq!(read(r"- \[x] a", 3), done);
        assert_eq!(read(r"- \[x\] a", 3), done);
        assert_eq!(read(r"- \[x\] a", 2), done);
        assert_eq!(read(r"- \[ \] a", 3), Some((Status::Open, false, " ".to_owned())));
        assert_eq!(read(r"- \[x\](https://example.org)", 3), None);
    }
}
