//! The one place that reads the clock.

use jiff::Timestamp;

/// The present time.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}
