//! Numbers as people write them: thousands, decimals, ranges, percentages, ratios, hours, money, "about".
//!
//! Not here: finding them (`scan`), and what they count.

/// How exactly a number is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Exact,
    /// `~40`, `about 40`.
    About,
    /// `40+`, `> 40`, `at least 40`.
    AtLeast,
    /// `< 40`, `up to 40`.
    AtMost,
}

/// What a number measures, as far as the text next to it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    None,
    Percent,
    Money,
    MoneyMonthly,
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Points,
    /// Something that is not compared: seconds, years, bytes, multiples.
    Other,
}

impl Unit {
    /// Whether it measures work time.
    pub(super) const fn is_time(self) -> bool {
        matches!(
            self,
            Self::Minutes | Self::Hours | Self::Days | Self::Weeks | Self::Months
        )
    }

    /// The word behind a figure in a message.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::None | Self::Other => "",
            Self::Percent => "%",
            Self::Money => "",
            Self::MoneyMonthly => " a month",
            Self::Minutes => " minutes",
            Self::Hours => " hours",
            Self::Days => " days",
            Self::Weeks => " weeks",
            Self::Months => " months",
            Self::Points => " points",
        }
    }
}

/// One number, or a range such as `2-3`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    /// Offsets in the line, the unit included.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) low: f64,
    /// Equal to `low` unless a range.
    pub(super) high: f64,
    pub(super) decimals: u8,
    pub(super) bound: Bound,
    pub(super) unit: Unit,
    /// Written with a plus or minus sign.
    pub(super) signed: Option<bool>,
}

impl Number {
    /// A whole number that is meant exactly and counts things.
    pub(super) fn count(&self) -> Option<u32> {
        let whole = self.low >= 0.0 && self.low < 100_000.0 && self.decimals == 0;
        (whole
            && self.bound == Bound::Exact
            && self.unit == Unit::None
            && !self.is_range()
            && self.signed.is_none())
        .then_some(self.low as u32)
    }

    pub(super) fn is_range(&self) -> bool {
        self.high != self.low
    }
}

/// `n/m`, `n of m`, `n out of m`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ratio {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) n: f64,
    pub(super) m: f64,
    pub(super) exact: bool,
    /// Written with a slash.
    pub(super) slash: bool,
}

/// A number or a ratio, in the order of the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token {
    Number(Number),
    Ratio(Ratio),
}

impl Token {
    pub(super) const fn start(&self) -> usize {
        match self {
            Self::Number(number) => number.start,
            Self::Ratio(ratio) => ratio.start,
        }
    }

    pub(super) const fn end(&self) -> usize {
        match self {
            Self::Number(number) => number.end,
            Self::Ratio(ratio) => ratio.end,
        }
    }
}

/// Whether two figures are the same under the looser of their bounds.
pub(super) fn agree(claimed: &Number, low: f64, high: f64) -> Agreement {
    let half = 0.5 * 10_f64.powi(-i32::from(claimed.decimals)) + 1e-9;
    if (claimed.low - low).abs() < 1e-9 && (claimed.high - high).abs() < 1e-9 {
        return Agreement::Same;
    }
    let rounded = claimed.decimals > 0 || low.fract() != 0.0 || high.fract() != 0.0;
    if rounded && (claimed.low - low).abs() <= half && (claimed.high - high).abs() <= half {
        return Agreement::Same;
    }
    let near = |a: f64, b: f64| (a - b).abs() <= 0.1 * a.abs().max(b.abs()) + 1e-9;
    match claimed.bound {
        Bound::Exact => Agreement::Differs,
        Bound::About if near(claimed.low, low) && near(claimed.high, high) => Agreement::Loosely,
        Bound::AtLeast if high >= claimed.low - half => Agreement::Loosely,
        Bound::AtMost if low <= claimed.high + half => Agreement::Loosely,
        _ => Agreement::Differs,
    }
}

/// What [`agree`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreement {
    Same,
    Loosely,
    Differs,
}

/// Whether `text` starts with `word`, in any ASCII case.
pub(super) fn starts_ci(text: &str, word: &str) -> bool {
    text.as_bytes()
        .get(..word.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether `text` ends with the whole word `word`, in any ASCII case.
pub(super) fn ends_ci(text: &str, word: &str) -> bool {
    let Some(start) = text.len().checked_sub(word.len()) else {
        return false;
    };
    let bytes = text.as_bytes();
    bytes[start..].eq_ignore_ascii_case(word.as_bytes())
        && (start == 0 || !bytes[start - 1].is_ascii_alphanumeric())
}

/// A count in words.
pub(super) fn count_word(word: &str) -> Option<u32> {
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ];
    if word.eq_ignore_ascii_case("both") {
        return Some(2);
    }
    let at = WORDS.iter().position(|known| known.eq_ignore_ascii_case(word))?;
    u32::try_from(at + 1).ok()
}

/// A figure for a message: no needless decimals.
pub(super) fn show(value: f64) -> String {
    if (value - value.round()).abs() < 1e-9 {
        format!("{value:.0}")
    } else {
        let text = format!("{value:.2}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// A range for a message.
pub(super) fn show_range(low: f64, high: f64) -> String {
    if low == high {
        show(low)
    } else {
        format!("{}-{}", show(low), show(high))
    }
}

/// An amount with its unit, as a message says it: `54 hours`, `$35,000-70,000`.
pub(super) fn show_amount(unit: Unit, low: f64, high: f64) -> String {
    if !matches!(unit, Unit::Money | Unit::MoneyMonthly) {
        return format!("{}{}", show_range(low, high), unit.word());
    }
    let grouped = |value: f64| {
        let plain = show(value);
        let (whole, cents) = plain
            .split_once('.')
            .map_or((plain.as_str(), ""), |(whole, cents)| (whole, cents));
        let mut text = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if cents.is_empty() {
            text
        } else {
            format!("{text}.{cents}")
        }
    };
    let month = if unit == Unit::MoneyMonthly {
        " a month"
    } else {
        ""
    };
    if low == high {
        format!("{}{month}", grouped(low))
    } else {
        format!("{}-{}{month}", grouped(low), grouped(high))
    }
}
