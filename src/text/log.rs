//! Logs of CI jobs: what a line says, and the first error with its decisive lines.
//!
//! Not here: fetching or drawing. Invariants: no control character is left in a line; a line and what is remembered
//! are bounded, however long the log; cutting the log into other pieces finds the same error. Held by the tests below.

use std::collections::VecDeque;

use super::clean::{clean, without_ansi};

/// Bytes of a line that are looked at.
const LONGEST: usize = 4 << 10;
/// Decisive lines that are kept.
pub const DECISIVE: usize = 3;
/// Characters of a decisive line.
const SHOWN: usize = 240;

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// Output of a program.
    Plain,
    /// The beginning of a group that can be folded.
    Group,
    /// Its end.
    EndGroup,
    /// An error that the runner knows of.
    Error,
    /// A warning that the runner knows of.
    Warning,
    /// Another remark of the runner.
    Remark,
}

/// One line of a log, without its time, colours and controls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// What it is for.
    pub kind: LineKind,
    /// What it says.
    pub text: String,
}

/// Reads one line. The byte order mark at the beginning of a log and the time before each line are left out.
#[must_use]
pub fn read_line(raw: &[u8]) -> LogLine {
    let raw = raw.get(..LONGEST).unwrap_or(raw);
    let decoded = String::from_utf8_lossy(raw);
    let line = decoded.trim_start_matches('\u{feff}');
    let line = without_time(line).trim_end_matches(['\r', '\n']);
    // Of a line that was drawn over itself the last state counts.
    let line = line.rsplit('\r').next().unwrap_or(line);
    let plain = without_ansi(line);
    let (kind, rest) = command(&plain);
    LogLine {
        kind,
        text: clean(rest).into_owned(),
    }
}

/// A line after its time `2030-01-02T03:04:05.1234567Z `.
fn without_time(line: &str) -> &str {
    let Some((time, rest)) = line.split_once(' ') else {
        return if is_time(line.trim_end()) { "" } else { line };
    };
    if is_time(time) { rest } else { line }
}

fn is_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    (20..=35).contains(&bytes.len())
        && word.ends_with('Z')
        && bytes.get(4) == Some(&b'-')
        && bytes.get(10) == Some(&b'T')
        && bytes.get(13) == Some(&b':')
        && bytes.first().is_some_and(u8::is_ascii_digit)
}

/// What the runner marks a line as: `##[error]…`, `::error file=a::…`.
fn command(line: &str) -> (LineKind, &str) {
    let marked = line.trim_start();
    if let Some(rest) = marked.strip_prefix("##[")
        && let Some((word, rest)) = rest.split_once(']')
    {
        let kind = match word {
            "group" => LineKind::Group,
            "endgroup" => LineKind::EndGroup,
            "error" => LineKind::Error,
            "warning" => LineKind::Warning,
            _ => LineKind::Remark,
        };
        return (kind, rest);
    }
    if let Some(rest) = marked.strip_prefix("::")
        && let Some((head, rest)) = rest.split_once("::")
    {
        let word = head.split(' ').next().unwrap_or_default();
        let kind = match word {
            "group" => LineKind::Group,
            "endgroup" => LineKind::EndGroup,
            "error" => LineKind::Error,
            "warning" => LineKind::Warning,
            "notice" | "debug" => LineKind::Remark,
            _ => return (LineKind::Plain, line),
        };
        return (kind, rest);
    }
    (LineKind::Plain, line)
}

/// An error with its decisive lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The line of the log, from 1.
    pub line: u64,
    /// At most [`DECISIVE`], cleaned and cut.
    pub lines: Vec<String>,
}

/// Looks for the first error in a log that arrives in pieces.
#[derive(Debug, Default)]
pub struct ErrorFinder {
    /// The beginning of a line whose end has not arrived.
    part: Vec<u8>,
    number: u64,
    /// Lines of the present step that look like an error.
    telling: Vec<(u64, String)>,
    /// The last lines of the present step.
    recent: VecDeque<(u64, String)>,
    /// Errors that the runner marked.
    marked: Vec<(u64, String)>,
    done: Option<Found>,
}

impl ErrorFinder {
    /// Takes a piece; gives `false` once the error is found and more changes nothing.
    pub fn push(&mut self, mut piece: &[u8]) -> bool {
        while self.done.is_none()
            && let Some(end) = memchr::memchr(b'\n', piece)
        {
            let (line, rest) = piece.split_at(end);
            piece = rest.get(1..).unwrap_or_default();
            if self.part.is_empty() {
                self.line(line);
            } else {
                self.grow(line);
                let whole = std::mem::take(&mut self.part);
                self.line(&whole);
            }
        }
        if self.done.is_none() {
            self.grow(piece);
        }
        self.done.is_none()
    }

    fn grow(&mut self, piece: &[u8]) {
        let room = LONGEST.saturating_sub(self.part.len());
        self.part.extend_from_slice(piece.get(..room).unwrap_or(piece));
    }

    /// What was found; with the log at its end also an error that nobody marked.
    #[must_use]
    pub fn finish(mut self) -> Option<Found> {
        if self.done.is_none() && !self.part.is_empty() {
            let last = std::mem::take(&mut self.part);
            self.line(&last);
        }
        if self.done.is_some() {
            return self.done;
        }
        if !self.marked.is_empty() {
            return Some(found(self.marked));
        }
        (!self.telling.is_empty()).then(|| found(self.telling))
    }

    fn line(&mut self, raw: &[u8]) {
        self.number += 1;
        let LogLine { kind, text } = read_line(raw);
        let said = || (self.number, text.chars().take(SHOWN).collect::<String>());
        match kind {
            LineKind::Error if is_only_the_end(&text) => {
                let mut lines = std::mem::take(&mut self.marked);
                if lines.is_empty() {
                    lines = std::mem::take(&mut self.telling);
                }
                if lines.is_empty() {
                    lines = self.recent.drain(..).collect();
                }
                if lines.len() < DECISIVE {
                    lines.push(said());
                }
                self.done = Some(found(lines));
            }
            LineKind::Error => {
                let said = said();
                self.marked.push(said);
                if self.marked.len() >= DECISIVE {
                    self.done = Some(found(std::mem::take(&mut self.marked)));
                }
            }
            // A step begins: what the one before said was no failure of its own.
            LineKind::Group if text.starts_with("Run ") => {
                self.telling.clear();
                self.recent.clear();
            }
            LineKind::Plain if !text.trim().is_empty() => {
                let said = said();
                if self.telling.len() < DECISIVE && is_telling(&text) {
                    self.telling.push(said.clone());
                }
                if self.recent.len() == DECISIVE - 1 {
                    self.recent.pop_front();
                }
                self.recent.push_back(said);
            }
            _ => {}
        }
    }
}

fn found(mut lines: Vec<(u64, String)>) -> Found {
    lines.truncate(DECISIVE);
    Found {
        line: lines.first().map_or(1, |(number, _)| *number),
        lines: lines.into_iter().map(|(_, text)| text).collect(),
    }
}

/// The runner's last words, which say that something failed and not what.
fn is_only_the_end(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("Process completed with exit code")
        || text.starts_with("The process '")
        || text.starts_with("The operation was cancel")
        || text.starts_with("Final attempt failed")
}

/// Whether a line looks like the reason of a failure.
fn is_telling(text: &str) -> bool {
    const NO: &[&str] = &[
        "0 failed",
        "0 errors",
        "0 failures",
        "errors: 0",
        "failures: 0",
        "failed: 0",
        "error(s): 0",
        "no errors",
        "no error",
        "without error",
        "fail-fast",
        "--fail",
        "if-error",
        "on-error",
        "continue-on-error",
    ];
    const YES: &[&str] = &[
        "error:",
        "error[",
        "error ts",
        "errors:",
        "panicked at",
        "assertionerror",
        "assertion failed",
        "exception:",
        "exception in",
        "traceback (most recent",
        "fatal:",
        "undefined reference",
        "cannot find",
        "no such file",
        "segmentation fault",
        "out of memory",
        "permission denied",
        "timed out",
        "npm err!",
        "build failed",
        "test failed",
        "tests failed",
        "... failed",
        "--- fail",
        "command not found",
    ];
    let lower = text.to_ascii_lowercase();
    if NO.iter().any(|no| lower.contains(no)) {
        return false;
    }
    YES.iter().any(|yes| lower.contains(yes))
        || text.contains("FAILED")
        || text.starts_with("FAIL ")
        || text.trim_start().starts_with("not ok ")
        || text.trim_start().starts_with(['✗', '✘', '×'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LOG: &str = "\u{feff}2030-01-02T03:04:05.1234567Z ##[group]Run cargo clippy\n\
        2030-01-02T03:04:05.1234567Z warning: error: in a name\n\
        2030-01-02T03:04:05.1234567Z ##[endgroup]\n\
        2030-01-02T03:04:06.1234567Z ##[group]Run cargo test\n\
        2030-01-02T03:04:06.1234567Z \u{1b}[36;1mcargo test\u{1b}[0m\n\
        2030-01-02T03:04:06.1234567Z ##[endgroup]\n\
        2030-01-02T03:04:07.1234567Z running 12 tests\n\
        2030-01-02T03:04:07.1234567Z test auth::login ... \u{1b}[31mFAILED\u{1b}[0m\n\
        2030-01-02T03:04:07.1234567Z thread 'auth::login' panicked at src/auth.rs:7:9:\n\
        2030-01-02T03:04:07.1234567Z test result: FAILED. 11 passed; 1 failed\n\
        2030-01-02T03:04:07.1234567Z more\n\
        2030-01-02T03:04:07.1234567Z ##[error]Process completed with exit code 101.\n";

    fn find(pieces: &[&[u8]]) -> Option<Found> {
        let mut finder = ErrorFinder::default();
        for piece in pieces {
            finder.push(piece);
        }
        finder.finish()
    }

    #[test]
    fn the_decisive_lines_are_those_of_the_failed_step() {
        let found = find(&[LOG.as_bytes()]).unwrap();
        assert_eq!(
            found.lines,
            [
                "test auth::login ... FAILED",
                "thread 'auth::login' panicked at src/auth.rs:7:9:",
                "test result: FAILED. 11 passed; 1 failed",
            ]
        );
        assert_eq!(found.line, 8);
    }

    #[test]
    fn an_error_that_the_runner_marks_is_decisive_itself() {
        let log = "x\n##[error]src/a.ts(3,4): error TS2304: Cannot find name 'y'.\nz\n##[error]Process completed with exit code 2.\n";
        let found = find(&[log.as_bytes()]).unwrap();
        assert_eq!(found.line, 2);
        assert_eq!(
            found.lines[0],
            "src/a.ts(3,4): error TS2304: Cannot find name 'y'."
        );
        let inline = "::error file=a.js,line=1::Missing semicolon\n";
        assert_eq!(find(&[inline.as_bytes()]).unwrap().lines, ["Missing semicolon"]);
    }

    #[test]
    fn without_a_telling_line_the_last_ones_speak() {
        let found = find(&[b"one\ntwo\nthree\n##[error]Process completed with exit code 1.\n"]).unwrap();
        assert_eq!(
            found.lines,
            ["two", "three", "Process completed with exit code 1."]
        );
    }

    #[test]
    fn a_log_without_an_error_has_none() {
        assert_eq!(find(&[b"ok. 12 passed; 0 failed\nfinished, errors: 0\n"]), None);
        assert_eq!(find(&[b""]), None);
    }

    #[test]
    fn what_a_terminal_would_obey_is_gone() {
        for raw in [
            "\u{1b}[31;1mred\u{1b}[0m",
            "\u{1b}]0;title\u{7}red",
            "\u{1b}]8;;https://x\u{1b}\\red\u{1b}]8;;\u{1b}\\",
            "10 %\r\u{1b}[2Kred",
            "\u{9b}31mred",
        ] {
            assert_eq!(read_line(raw.as_bytes()).text, "red", "{raw:?}");
        }
        assert_eq!(read_line(b"2030-01-02T03:04:05.1234567Z").text, "");
    }

    #[test]
    fn a_line_of_any_length_is_held_within_bounds() {
        let mut finder = ErrorFinder::default();
        for _ in 0..1000 {
            finder.push(&[b'x'; 10_000]);
        }
        assert!(finder.part.len() <= LONGEST);
    }

    proptest! {
        #[test]
        fn the_pieces_make_no_difference(cuts in prop::collection::vec(0_usize..900, 0..6)) {
            let bytes = LOG.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let mut pieces = Vec::new();
            let mut from = 0;
            for cut in cuts {
                pieces.push(&bytes[from..cut]);
                from = cut;
            }
            pieces.push(&bytes[from..]);
            prop_assert_eq!(find(&pieces), find(&[bytes]));
        }

        #[test]
        fn nothing_unsafe_is_left_in_a_line(raw in prop::collection::vec(any::<u8>(), 0..200)) {
            let line = read_line(&raw);
            prop_assert!(!line.text.chars().any(crate::text::clean::is_unsafe));
        }
    }
}
