//! The two streams: the answer on standard output, diagnostics on standard error.

use std::io::{BufWriter, IsTerminal as _, Stdout, Write};
use std::process::ExitCode;

use super::Failure;
use crate::config::{ColorChoice, Settings};
use crate::model::{Problem, ProblemSeverity};
use crate::output::Style;
use crate::output::style::safe;
use crate::sources;

/// Where a command prints.
#[derive(Debug)]
pub struct Print {
    out: BufWriter<Stdout>,
    quiet: bool,
}

impl Print {
    /// The streams of this process.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self {
            out: BufWriter::with_capacity(1 << 16, std::io::stdout()),
            quiet,
        }
    }

    /// Standard output.
    pub fn out(&mut self) -> &mut BufWriter<Stdout> {
        &mut self.out
    }

    /// How standard output looks under these settings: colour never reaches a pipe unless it is asked for.
    #[must_use]
    pub fn style(&self, settings: &Settings) -> Style {
        let color = match settings.look.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                std::io::stdout().is_terminal()
                    && sources::env::var("NO_COLOR").is_none()
                    && sources::env::var("TERM").is_none_or(|term| term != "dumb")
            }
        };
        Style { color }
    }

    /// A line on standard error.
    pub fn note(&mut self, text: &str) {
        if !self.quiet {
            // Diagnostics that cannot be told are lost; the answer and the exit code stand.
            let _ = writeln!(std::io::stderr(), "{}", safe(text));
        }
    }

    /// A problem on standard error.
    pub fn problem(&mut self, problem: &Problem) {
        let word = match problem.severity {
            ProblemSeverity::Error => "error",
            ProblemSeverity::Warning => "warning",
            ProblemSeverity::Note => "note",
        };
        let failure = Failure::from(problem);
        self.note(&format!("{word}: {}", failure.what));
        if let Some(hint) = failure.hint {
            self.note(&format!("hint: {hint}"));
        }
    }

    /// Why the command ends, on standard error.
    pub fn failure(&mut self, failure: &Failure) {
        for (nth, line) in failure.what.lines().enumerate() {
            let word = if nth == 0 { "error: " } else { "  " };
            self.note(&format!("{word}{line}"));
        }
        if let Some(hint) = &failure.hint {
            self.note(&format!("hint: {hint}"));
        }
    }

    /// Ends the answer. One that could not be written whole never ends with 0.
    pub fn finish(&mut self, code: u8) -> ExitCode {
        match self.out.flush() {
            Err(error) if code == 0 => {
                let failure = Failure::from(error);
                self.failure(&failure);
                ExitCode::from(failure.code)
            }
            Ok(()) | Err(_) => ExitCode::from(code),
        }
    }
}
