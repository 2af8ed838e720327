//! A statement cut into words, numbers and signs, and whether its words may narrow what it speaks of.

use std::ops::Range;

use crate::claims::{Place, Statement};

/// One piece of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What<'t> {
    /// As written.
    Word(&'t str),
    /// `28`, `1,234`.
    Number(&'t str),
    /// The number of `97.2%`.
    Percent(&'t str),
    /// `28/28`.
    Share(&'t str, &'t str),
    /// A path or a glob.
    Path(&'t str),
    /// `>`, `>=`, `<`, `<=`, `~`.
    Sign(&'static str),
    /// What parts clauses.
    Stop(char),
}

/// A piece with its place in bytes of the statement's text.
#[derive(Debug, Clone)]
pub(super) struct Token<'t> {
    pub what: What<'t>,
    pub range: Range<usize>,
}

/// A statement ready to be read.
pub(super) struct Reading<'t> {
    pub statement: &'t Statement<'t>,
    pub tokens: Vec<Token<'t>>,
}

/// Words that leave a sentence speaking of the whole.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "a", "an", "the", "of", "for", "in", "on", "at", "by", "our", "its", "with", "are", "is", "be", "all", "now", "has", "have",
    "we", "it", "that", "this", "there", "currently", "current", "overall", "total", "totals", "whole", "entire", "project",
    "repository", "codebase", "code", "global", "final", "latest", "last", "run", "runs", "result", "results", "report", "reports",
    "reported", "reporting", "shows", "show", "status", "summary", "executive", "overview", "metrics", "metric", "quality",
    "assurance", "qa", "test", "tests", "testing", "suite", "suites", "coverage", "covered", "line", "lines", "branch",
    "branches", "function", "functions", "pass", "passes", "passing", "passed", "green", "rate", "success", "successful",
    "successfully", "verified", "verification", "validation", "complete", "completed", "done", "ready", "readiness",
    "production", "release", "checklist", "checks", "check", "gates", "gate", "health", "score", "remain", "remains",
    "remaining", "open", "known", "found", "detected", "left", "outstanding", "unresolved", "exist", "security", "vulnerability",
    "vulnerabilities", "vulns", "cves", "cve", "scan", "scans", "scanning", "scanner", "audit", "audits", "findings", "finding",
    "assessment", "critical", "high", "medium", "moderate", "low", "zero", "no", "ci", "cd", "ci/cd", "main", "locally", "and",
    "or", "what", "place", "evidence", "achieved", "maintained", "met", "after", "fixed", "resolved", "blockers", "stands",
    "blocker", "criteria", "state", "snapshot", "dashboard", "key", "figures", "numbers", "x", "yes", "ok", "achievements",
];

impl<'t> Reading<'t> {
    /// Cuts a statement.
    pub fn of(statement: &'t Statement<'t>) -> Self {
        Self {
            statement,
            tokens: tokens(statement.text),
        }
    }

    /// What stands at a place.
    pub fn at(&self, at: usize) -> Option<What<'t>> {
        self.tokens.get(at).map(|token| token.what)
    }

    /// The word at a place, in lower case.
    pub fn word(&self, at: usize) -> Option<String> {
        match self.at(at)? {
            What::Word(word) => Some(word.to_ascii_lowercase()),
            _ => None,
        }
    }

    /// Whether the word at a place is one of these.
    pub fn is(&self, at: usize, words: &[&str]) -> bool {
        matches!(self.at(at), Some(What::Word(word)) if is_one(word, words))
    }

    /// The place before, if there is one.
    pub fn before(&self, at: usize) -> Option<What<'t>> {
        self.at(at.checked_sub(1)?)
    }

    /// The bytes of some tokens.
    pub fn range(&self, tokens: &Range<usize>) -> Option<Range<usize>> {
        let own = self.tokens.get(tokens.clone())?;
        Some(own.first()?.range.start..own.last()?.range.end)
    }

    /// The clause around some tokens; what stands before a colon belongs to it.
    pub fn clause(&self, tokens: &Range<usize>) -> Range<usize> {
        let ends = |token: &Token<'_>| matches!(token.what, What::Stop(stop) if stop != ':');
        let front = self.tokens.get(..tokens.start).unwrap_or_default();
        let start = front.iter().rposition(ends).map_or(0, |at| at + 1);
        let back = self.tokens.get(tokens.end..).unwrap_or_default();
        let length = back.iter().position(ends).unwrap_or(back.len());
        start..tokens.end + length
    }

    /// Whether one of these words stands in a range.
    pub fn has(&self, range: Range<usize>, words: &[&str]) -> bool {
        range.into_iter().any(|at| self.is(at, words))
    }

    /// Whether one of these words stands in the statement, its label or the title above it.
    pub fn speaks_of(&self, words: &[&str]) -> bool {
        self.has(0..self.tokens.len(), words) || self.around().any(|text| says(text, words))
    }

    /// Whether a passage stands in a column of goals or of what was before.
    pub fn is_quiet(&self, tokens: &Range<usize>) -> bool {
        let (Some(own), Place::Row) = (self.range(tokens), self.statement.place) else {
            return false;
        };
        let cells = self.statement.cells.iter().zip(self.statement.heads);
        cells
            .filter(|(cell, _)| cell.start < own.end && own.start < cell.end)
            .any(|(_, head)| heads_no_result(head))
    }

    fn around(&self) -> impl Iterator<Item = &'t str> {
        let statement = self.statement;
        std::iter::once(statement.label).chain(statement.titles().take(1))
    }

    /// The first word that may make the passage speak of a part: of its clause, of the row's first cell, of its label or of
    /// the title above it.
    pub fn part(&self, own: &Range<usize>, ignore: &[&str]) -> Option<&'t str> {
        let clause = self.clause(own);
        let narrows = |token: &&Token<'t>| match token.what {
            What::Word(word) => !is_plain(word) && !is_one(word, ignore),
            What::Path(_) => true,
            _ => false,
        };
        let outside = clause.filter(|at| !own.contains(at));
        let in_clause = outside
            .filter_map(|at| self.tokens.get(at))
            .find(narrows)
            .map(word_of);
        let in_row = || {
            let first = self.statement.cells.first()?;
            let of_row = self.statement.place == Place::Row;
            let front = self
                .tokens
                .iter()
                .filter(|token| of_row && token.range.end <= first.end);
            let own = self.range(own)?;
            front
                .filter(|token| token.range.start < own.start)
                .find(narrows)
                .map(word_of)
        };
        let around = || {
            let mut all = self.around().flat_map(tokens);
            all.find(|token| narrows(&token)).map(|token| word_of(&token))
        };
        in_clause.or_else(in_row).or_else(around)
    }
}

fn word_of<'t>(token: &Token<'t>) -> &'t str {
    match token.what {
        What::Word(word) | What::Path(word) => word,
        _ => "",
    }
}

fn is_plain(word: &str) -> bool {
    is_one(word, PLAIN) || {
        // The id of an item.
        let mut chars = word.chars();
        matches!(chars.next(), Some('p' | 'P')) && chars.next().is_some_and(|c| c.is_ascii_digit())
    }
}

/// Whether a word is one of these, in any case.
pub(super) fn is_one(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Heads of columns that hold no present result.
#[rustfmt::skip]
const OTHER_HEADS: &[&str] = &[
    "target", "goal", "required", "requirement", "requirements", "minimum", "min", "threshold", "before", "baseline", "previous",
    "old", "expected", "change", "delta", "gap", "needed", "planned", "estimate", "criterion", "criteria",
];

/// Whether a column holds goals, or what was before.
pub(super) fn heads_no_result(head: &str) -> bool {
    says(head, OTHER_HEADS)
}

/// Whether a text has one of these words.
pub(super) fn says(text: &str, words: &[&str]) -> bool {
    let found = |token: &Token<'_>| matches!(token.what, What::Word(word) if is_one(word, words));
    tokens(text).iter().any(found)
}

/// Cuts a text.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let next = at + c.len_utf8();
        let stop = |what| Token {
            what,
            range: at..next,
        };
        match c {
            c if c.is_alphanumeric() => {
                at = run(text, at, &mut found);
                continue;
            }
            '~' | '≈' => found.push(stop(What::Sign("~"))),
            '≥' => found.push(stop(What::Sign(">="))),
            '≤' => found.push(stop(What::Sign("<="))),
            '>' | '<' => {
                let equal = bytes.get(next) == Some(&b'=');
                let sign = match (c, equal) {
                    ('>', true) => ">=",
                    ('>', false) => ">",
                    (_, true) => "<=",
                    _ => "<",
                };
                let end = next + usize::from(equal);
                found.push(Token {
                    what: What::Sign(sign),
                    range: at..end,
                });
                at = end;
                continue;
            }
            '.' | '!' | '?' | ';' | ',' | ':' | '(' | ')' | '|' | '—' | '–' => {
                found.push(stop(What::Stop(c)))
            }
            '-' if bytes.get(next).is_none_or(u8::is_ascii_whitespace) && at > 0 => {
                found.push(stop(What::Stop('—')));
            }
            _ => {}
        }
        at = next;
    }
    found
}

/// Reads what begins with a letter or a digit; gives where it ends.
fn run<'t>(text: &'t str, start: usize, found: &mut Vec<Token<'t>>) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let mut length = 0;
    let mut last = ' ';
    let mut slash = false;
    for c in rest.chars() {
        let glob = c == '*' && slash && matches!(last, '/' | '*');
        let digits = c == ',' && last.is_ascii_digit() && next_is_digit(rest, length + 1);
        if !(c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '@' | '-' | '\'') || glob || digits) {
            break;
        }
        slash |= c == '/';
        last = c;
        length += c.len_utf8();
    }
    let whole = rest.get(..length).unwrap_or_default();
    let own = whole.trim_end_matches(['.', '-', '\'']);
    let mut end = start + own.len();
    let what = classify(own);
    match what {
        What::Number(digits) => {
            let after = text.get(end..).unwrap_or_default();
            let (plus, after) = (after.starts_with('+'), after.trim_start_matches('+'));
            let spaced = after.strip_prefix(' ').unwrap_or(after);
            if plus {
                end += 1;
            }
            let mut what = what;
            let mut over = plus;
            if spaced.starts_with('%') {
                end += after.len() - spaced.len() + 1;
                what = What::Percent(digits);
                if spaced.starts_with("%+") {
                    end += 1;
                    over = true;
                }
            }
            if over {
                found.push(Token {
                    what: What::Sign(">="),
                    range: start..start,
                });
            }
            found.push(Token {
                what,
                range: start..end,
            });
        }
        // "critical/high", "CI/CD": words, unless they look like a path.
        What::Path(path) if severities(path) => {
            let mut at = start;
            for part in path.split('/') {
                found.push(Token {
                    what: What::Word(part),
                    range: at..at + part.len(),
                });
                at += part.len() + 1;
            }
        }
        what => found.push(Token {
            what,
            range: start..end,
        }),
    }
    end.max(start + 1)
}

fn next_is_digit(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_some_and(u8::is_ascii_digit)
}

fn severities(path: &str) -> bool {
    path.split('/')
        .all(|part| is_one(part, &["critical", "high", "medium", "moderate", "low"]))
}

fn classify(own: &str) -> What<'_> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        whole.split(',').all(digits) && digits(part)
    };
    if number(own) {
        return What::Number(own);
    }
    if let Some((a, b)) = own.split_once('/') {
        if digits(a) && digits(b) {
            return What::Share(a, b);
        }
        return if own.eq_ignore_ascii_case("ci/cd") || own.eq_ignore_ascii_case("n/a") {
            What::Word(own)
        } else {
            What::Path(own)
        };
    }
    let extension = own.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && extension.len() <= 5 && extension.starts_with(|c: char| c.is_ascii_alphabetic())
    });
    if extension {
        What::Path(own)
    } else {
        What::Word(own)
    }
}
