//! A panic in one piece of work becomes words, and the rest goes on. The hook that prints panics asks here first.

use std::any::Any;
use std::cell::Cell;
use std::panic::AssertUnwindSafe;

thread_local! {
    /// Set while a panic of this thread is caught and told in words.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread will be told in words, so that nobody else has to.
#[must_use]
pub fn is_caught() -> bool {
    CAUGHT.get()
}

/// Runs `work`; a panic in it becomes its words, without a report on the terminal.
///
/// # Errors
/// The words of the panic.
pub fn caught_in_words<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = CAUGHT.replace(true);
    let done = std::panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(before);
    done.map_err(|panic| words(&*panic))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let said = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no words".to_owned());
    crate::text::clean::clean(&said).chars().take(200).collect()
}
