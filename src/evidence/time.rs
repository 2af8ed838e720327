//! Times as tools write them: RFC 3339, dates without a zone, seconds or milliseconds since 1970, RFC 2822, Java's and
//! C's words. What is not understood is no time.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A tool's own words on when it ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The instant; a time without a zone is taken as UTC.
    pub at: Timestamp,
    /// It names its zone.
    pub zoned: bool,
}

/// Local time is at most this far from UTC, on either side.
const ZONES: SignedDuration = SignedDuration::from_hours(14);

impl Said {
    /// Whether the instant may be the same as another, given what is not known of its zone.
    #[must_use]
    pub fn may_be(&self, other: Timestamp, tolerance: SignedDuration) -> bool {
        let apart = self.at.duration_since(other).abs();
        apart
            <= if self.zoned {
                tolerance
            } else {
                ZONES.max(tolerance)
            }
    }
}

/// Reads a time.
#[must_use]
pub fn parse(text: &str) -> Option<Said> {
    let text = text.trim();
    if text.is_empty() || text.len() > 80 {
        return None;
    }
    let said = number(text).or_else(|| zoned(text)).or_else(|| civil(text))?;
    // A zero or a date of the last century is a tool's empty field.
    let year = said.at.to_zoned(TimeZone::UTC).year();
    (1995..=9000).contains(&year).then_some(said)
}

fn zoned_at(at: Timestamp) -> Said {
    Said { at, zoned: true }
}

fn number(text: &str) -> Option<Said> {
    let whole = text.split_once('.').map_or(text, |(whole, rest)| {
        if rest.bytes().all(|byte| byte.is_ascii_digit()) {
            whole
        } else {
            text
        }
    });
    if !(9..=19).contains(&whole.len()) || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let at = match whole.len() {
        ..=11 => Timestamp::from_second(number),
        12..=14 => Timestamp::from_millisecond(number),
        15..=17 => Timestamp::from_microsecond(number),
        _ => Timestamp::from_nanosecond(i128::from(number)),
    };
    at.ok().map(zoned_at)
}

fn zoned(text: &str) -> Option<Said> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(zoned_at(at));
    }
    if let Ok(zoned) = jiff::fmt::rfc2822::parse(text) {
        return Some(zoned_at(zoned.timestamp()));
    }
    const WITH_ZONE: [&str; 5] = [
        "%Y-%m-%dT%H:%M:%S%.f%z",
        "%Y-%m-%d %H:%M:%S%.f %z",
        "%Y-%m-%d %H:%M:%S%.f%z",
        "%a, %d %b %Y %H:%M:%S %z",
        "%a %b %d %H:%M:%S %Y %z",
    ];
    // Java and C write the zone's short name; only those that mean one offset everywhere are believed.
    let named = ["UTC", "GMT", "Z"]
        .iter()
        .find(|name| text.split_whitespace().any(|word| word == **name));
    let numeric = match named {
        Some(name) => {
            let words: Vec<_> = text.split_whitespace().filter(|word| word != name).collect();
            format!("{} +0000", words.join(" "))
        }
        None => text.to_owned(),
    };
    let at = WITH_ZONE
        .iter()
        .find_map(|format| Timestamp::strptime(format, &numeric).ok())?;
    Some(zoned_at(at))
}

fn civil(text: &str) -> Option<Said> {
    const FORMATS: [&str; 8] = [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y/%m/%d %H:%M:%S",
        "%a, %d %b %Y %H:%M:%S",
        "%a %b %d %H:%M:%S %Y",
        "%d %b %Y %H:%M:%S",
        "%m/%d/%Y %H:%M:%S",
        "%d.%m.%Y %H:%M:%S",
        "%Y-%m-%d",
    ];
    let civil = text.parse::<DateTime>().ok().or_else(|| {
        FORMATS
            .iter()
            .find_map(|format| DateTime::strptime(format, text).ok())
    })?;
    let at = civil.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Said { at, zoned: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_in_which_tools_write_times_are_read() {
        let noon = "2024-05-06T12:00:00Z";
        for (text, zoned) in [
            ("2024-05-06T12:00:00Z", true),
            ("2024-05-06T14:00:00+02:00", true),
            ("2024-05-06T14:00:00+0200", true),
            ("2024-05-06T12:00:00.000Z", true),
            ("1714996800", true),
            ("1714996800000", true),
            ("1714996800.25", true),
            ("Mon, 6 May 2024 12:00:00 +0000", true),
            ("Mon, 6 May 2024 12:00:00 GMT", true),
            ("2024-05-06 12:00:00 UTC", true),
            ("2024-05-06T12:00:00", false),
            ("2024-05-06 12:00:00", false),
            ("Mon, 6 May 2024 12:00:00", false),
            ("Mon May  6 12:00:00 2024", false),
        ] {
            let said = parse(text).unwrap_or_else(|| panic!("{text}"));
            let whole = said.at.round(jiff::Unit::Second).unwrap();
            assert_eq!((whole.to_string().as_str(), said.zoned), (noon, zoned), "{text}");
        }
        for text in [
            "",
            "0",
            "now",
            "12",
            "99999999999999999999",
            "2024-13-45T00:00:00Z",
            "0001-01-01T00:00:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_without_a_zone_may_be_half_a_day_off() {
        let said = parse("2024-05-06T12:00:00").unwrap();
        let minute = SignedDuration::from_mins(1);
        assert!(said.may_be("2024-05-06T01:00:00Z".parse().unwrap(), minute));
        assert!(!said.may_be("2024-05-04T12:00:00Z".parse().unwrap(), minute));
        let said = parse("2024-05-06T12:00:00Z").unwrap();
        assert!(!said.may_be("2024-05-06T01:00:00Z".parse().unwrap(), minute));
    }
}
