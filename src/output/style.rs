//! Colour for a terminal, or none.

use std::borrow::Cow;

use crate::model::Verdict;
use crate::text::clean::clean;

/// Whether colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Use it.
    pub color: bool,
}

impl Style {
    /// A verdict's word in its colour.
    #[must_use]
    pub fn verdict(self, verdict: Verdict) -> String {
        let code = match verdict {
            Verdict::Go => "1;32",
            Verdict::GoWithWaivers | Verdict::Hold => "1;33",
            Verdict::NoGo => "1;31",
        };
        self.paint(code, verdict.word())
    }

    /// A reason's effect, padded to one width; a reason that does not decide is a warning.
    #[must_use]
    pub fn effect(self, effect: Verdict) -> String {
        match effect {
            Verdict::NoGo => self.paint("31", "NO-GO "),
            Verdict::Hold => self.paint("33", "HOLD  "),
            Verdict::GoWithWaivers => self.paint("33", "WAIVED"),
            Verdict::Go => self.paint("2", "warn  "),
        }
    }

    /// A heading.
    #[must_use]
    pub fn heading(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Less important words.
    #[must_use]
    pub fn muted(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// A removed line.
    #[must_use]
    pub fn removed(self, text: &str) -> String {
        self.paint("31", text)
    }

    /// An added line.
    #[must_use]
    pub fn added(self, text: &str) -> String {
        self.paint("32", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        let text = safe(text);
        if self.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.into_owned()
        }
    }
}

/// Text from outside on one line of a terminal.
#[must_use]
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        return Cow::Owned(clean(&text.replace(['\n', '\r'], " ")).into_owned());
    }
    clean(text)
}

/// "1 item", "2 items".
#[must_use]
pub fn counted(n: u32, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_ours_alone() {
        let hostile = "a\u{1b}[31mb\nc";
        assert_eq!(safe(hostile), "a[31mb c");
        assert_eq!(Style { color: true }.muted(hostile), "\u{1b}[2ma[31mb c\u{1b}[0m");
        assert_eq!(Style::default().verdict(Verdict::NoGo), "NO-GO");
    }
}
