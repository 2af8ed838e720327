//! Figures in words: how often, and how many percent.

use std::ops::Range;

use crate::pipeline::cron::{Cadence, Unit};

/// The first percentage with its comparison: `>95%`, `95%+`, `at least 80 %`.
pub(super) fn percent(lower: &str) -> Option<String> {
    let sign = lower.find('%')?;
    let front = lower.get(..sign)?.trim_end();
    let digits = front.len()
        - front
            .trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
            .len();
    let number = front.get(front.len() - digits..)?;
    (!number.is_empty()).then(|| number.to_owned())
}

/// How often, in words; with where they stand.
pub(super) fn cadence(lower: &str) -> Option<(Range<usize>, Cadence)> {
    const WORDS: &[(&str, u32, Unit)] = &[
        ("hourly", 24, Unit::Day),
        ("every hour", 24, Unit::Day),
        ("daily", 1, Unit::Day),
        ("nightly", 1, Unit::Day),
        ("every night", 1, Unit::Day),
        ("every day", 1, Unit::Day),
        ("weekly", 1, Unit::Week),
        ("every week", 1, Unit::Week),
        ("every monday", 1, Unit::Week),
        ("every tuesday", 1, Unit::Week),
        ("every wednesday", 1, Unit::Week),
        ("every thursday", 1, Unit::Week),
        ("every friday", 1, Unit::Week),
        ("every saturday", 1, Unit::Week),
        ("every sunday", 1, Unit::Week),
        ("monthly", 1, Unit::Month),
        ("every month", 1, Unit::Month),
        ("quarterly", 4, Unit::Year),
        ("every quarter", 4, Unit::Year),
        ("yearly", 1, Unit::Year),
        ("annually", 1, Unit::Year),
        ("annual", 1, Unit::Year),
        ("every year", 1, Unit::Year),
    ];
    let mut found: Option<(Range<usize>, Cadence)> = None;
    for (word, times, per) in WORDS {
        let place = lower.match_indices(word).find(|(at, _)| {
            let joins = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
            !lower
                .get(..*at)
                .and_then(|text| text.chars().next_back())
                .is_some_and(joins)
                && !lower
                    .get(at + word.len()..)
                    .and_then(|text| text.chars().next())
                    .is_some_and(joins)
        });
        if let Some((at, _)) = place {
            // Two cadences in one sentence are a list; which belongs to what is not read.
            if found.is_some() {
                return None;
            }
            found = Some((
                at..at + word.len(),
                Cadence {
                    times: *times,
                    per: *per,
                },
            ));
        }
    }
    found
}
