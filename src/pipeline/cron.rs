//! Cron lines: how often they fire, and when.

use std::fmt;

/// How often something happens: so many times in a unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cadence {
    /// How many times.
    pub times: u32,
    /// In which time.
    pub per: Unit,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Unit {
    /// Its days, rounded up.
    #[must_use]
    pub const fn days(self) -> u32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 31,
            Self::Year => 366,
        }
    }
}

impl Cadence {
    /// Once in a unit.
    #[must_use]
    pub const fn once(per: Unit) -> Self {
        Self { times: 1, per }
    }

    /// The longest time between two of them when they are spread evenly, in days, rounded up.
    #[must_use]
    pub const fn days(self) -> u32 {
        let times = if self.times == 0 { 1 } else { self.times };
        self.per.days().div_ceil(times)
    }

    /// Whether this is at least as often as `other`.
    #[must_use]
    pub fn at_least(self, other: Self) -> bool {
        let a_year = |cadence: Self| {
            let units = match cadence.per {
                Unit::Day => 365,
                Unit::Week => 52,
                Unit::Month => 12,
                Unit::Year => 1,
            };
            u64::from(cadence.times) * units
        };
        a_year(self) >= a_year(other)
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.times, self.per) {
            (1, Unit::Day) => f.write_str("daily"),
            (24, Unit::Day) => f.write_str("hourly"),
            (1, Unit::Week) => f.write_str("weekly"),
            (1, Unit::Month) => f.write_str("monthly"),
            (4, Unit::Year) => f.write_str("quarterly"),
            (1, Unit::Year) => f.write_str("yearly"),
            (times, per) => {
                let per = match per {
                    Unit::Day => "day",
                    Unit::Week => "week",
                    Unit::Month => "month",
                    Unit::Year => "year",
                };
                write!(f, "{times} times a {per}")
            }
        }
    }
}

/// A cron line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    /// Minutes, 0 to 59.
    pub minutes: Vec<u32>,
    /// Hours, 0 to 23.
    pub hours: Vec<u32>,
    /// Days of the month; none means any.
    pub days: Vec<u32>,
    /// Months; none means any.
    pub months: Vec<u32>,
    /// Days of the week, Sunday is 0; none means any.
    pub weekdays: Vec<u32>,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl Cron {
    /// Reads five fields, or `@daily` and its kin; nothing when it is not a cron line.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = match text.trim() {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            text => text,
        };
        let mut fields = text.split_ascii_whitespace();
        let mut next = || fields.next();
        let cron = Self {
            minutes: field(next()?, 0, 59, &[], 0)?,
            hours: field(next()?, 0, 23, &[], 0)?,
            days: any(next()?, 1, 31, &[], 1)?,
            months: any(next()?, 1, 12, &MONTHS, 1)?,
            weekdays: {
                let mut days = any(next()?, 0, 7, &WEEKDAYS, 0)?;
                days.iter_mut().for_each(|day| *day %= 7);
                days.sort_unstable();
                days.dedup();
                if days.len() == 7 { Vec::new() } else { days }
            },
        };
        fields.next().is_none().then_some(cron)
    }

    /// How often it fires; nothing where that is not regular.
    #[must_use]
    pub fn cadence(&self) -> Option<Cadence> {
        let count = |list: &[u32]| u32::try_from(list.len()).unwrap_or(u32::MAX);
        let a_day = count(&self.minutes).saturating_mul(count(&self.hours));
        let cadence = |times: u32, per: Unit| {
            Some(Cadence {
                times: times.saturating_mul(a_day),
                per,
            })
        };
        match (self.days.len(), self.months.len(), self.weekdays.len()) {
            (0, 0, 0) => cadence(1, Unit::Day),
            (0, 0, _) => cadence(count(&self.weekdays), Unit::Week),
            (1.., 0, 0) => cadence(count(&self.days), Unit::Month),
            (1.., 1.., 0) => cadence(count(&self.days).saturating_mul(count(&self.months)), Unit::Year),
            _ => None,
        }
    }
}

fn any(text: &str, low: u32, high: u32, names: &[&str], first: u32) -> Option<Vec<u32>> {
    if matches!(text, "*" | "?") {
        return Some(Vec::new());
    }
    field(text, low, high, names, first)
}

fn field(text: &str, low: u32, high: u32, names: &[&str], first: u32) -> Option<Vec<u32>> {
    let mut values = Vec::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let value = |text: &str| -> Option<u32> {
            let number = text.parse().ok().or_else(|| {
                let name = text.to_ascii_lowercase();
                let at = names.iter().position(|known| *known == name)?;
                Some(u32::try_from(at).ok()? + first)
            })?;
            (low..=high).contains(&number).then_some(number)
        };
        let (from, to) = if range == "*" {
            (low, high)
        } else if let Some((from, to)) = range.split_once('-') {
            (value(from)?, value(to)?)
        } else {
            let from = value(range)?;
            (from, if part.contains('/') { high } else { from })
        };
        if from > to {
            return None;
        }
        values.extend((from..=to).step_by(step as usize));
    }
    values.sort_unstable();
    values.dedup();
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cron_line_says_how_often_it_fires() {
        for (line, cadence) in [
            ("0 3 * * 1", "weekly"),
            ("0 3 * * MON", "weekly"),
            ("0 3 * * 0,7", "weekly"),
            ("30 2 * * *", "daily"),
            ("0 * * * *", "hourly"),
            ("0 */6 * * *", "4 times a day"),
            ("0 0 1 * *", "monthly"),
            ("0 0 1 */3 *", "quarterly"),
            ("0 0 1 1 *", "yearly"),
            ("0 9 * * 1-5", "5 times a week"),
            ("@weekly", "weekly"),
            ("*/5 * * * *", "288 times a day"),
        ] {
            let read = Cron::parse(line).unwrap().cadence().unwrap();
            assert_eq!(read.to_string(), cadence, "{line}");
        }
        assert_eq!(Cron::parse("0 3 1 * 1").unwrap().cadence(), None);
        for wrong in [
            "",
            "0 3 * *",
            "0 3 * * 1 x",
            "60 3 * * 1",
            "a b c d e",
            "0 3 * * 9",
            "5-1 * * * *",
            "*/0 * * * *",
        ] {
            assert_eq!(Cron::parse(wrong), None, "{wrong}");
        }
    }
}
