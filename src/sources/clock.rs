//! The one place that reads the clock.

use jiff::Timestamp;

/// The present time as the file system has it.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn system_now() -> std::time::SystemTime {
    std::time::SystemTime::now()
}

/// The present time.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}
