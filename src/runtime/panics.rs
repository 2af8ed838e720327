//! Panics: the terminal is given back before the report is printed; one in a worker is a problem, not an end.

use std::sync::{Once, OnceLock};
use std::thread::ThreadId;

use crate::model::{Problem, ProblemSeverity};
pub use crate::sources::caught::caught_in_words;
use crate::sources::caught::is_caught;

/// The thread of the loop. Every other one is a worker, whose panics are caught where it is waited for.
static LOOP: OnceLock<ThreadId> = OnceLock::new();

/// Says that this thread runs the loop.
pub(super) fn this_is_the_loop() {
    let _ = LOOP.set(std::thread::current().id());
}

/// Installs the hooks for panics and error reports. Call it first in `main`; calling it again does nothing.
///
/// # Errors
/// When another report hook is installed already.
pub fn install_panic_hook() -> color_eyre::Result<()> {
    static ONCE: Once = Once::new();
    let mut done: color_eyre::Result<()> = Ok(());
    ONCE.call_once(|| {
        let (panics, errors) = color_eyre::config::HookBuilder::default()
            .display_env_section(false)
            .into_hooks();
        done = errors.install().map_err(Into::into);
        let report = panics.into_panic_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let elsewhere = LOOP.get().is_some_and(|own| *own != std::thread::current().id());
            if is_caught() || (elsewhere && super::terminal::is_taken()) {
                // The screen belongs to the cockpit: the log has the place, the person gets a sentence.
                tracing::error!(panic = %panic, "a worker panicked");
                return;
            }
            super::terminal::restore();
            report(panic);
        }));
    });
    done
}

/// Runs `work`; a panic in it becomes a problem that names what was being done.
pub(super) fn caught<T>(doing: &str, work: impl FnOnce() -> T) -> Result<T, Problem> {
    caught_in_words(work).map_err(|words| Problem {
        severity: ProblemSeverity::Error,
        at: "".into(),
        what: format!("a mistake in gonogo itself while {doing}: {words}").into(),
        hint: Some("the log has the place; the rest goes on".into()),
    })
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[test]
    fn a_panic_in_a_worker_becomes_a_problem_in_words() {
        assert_eq!(caught("counting", || 3), Ok(3));
        let problem = caught::<()>("counting", || panic!("lost\u{1b}[31m the thread")).unwrap_err();
        assert!(
            problem.what.contains("while counting: lost[31m the thread"),
            "{problem}"
        );
    }
}
