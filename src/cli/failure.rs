//! Why a command ends without its answer.

use crate::model::Problem;

/// What a shell gives for a program that a closed pipe ended.
const READER_GONE: u8 = 141;

/// One sentence, a hint, and the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong; names in backticks.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The exit code.
    pub code: u8,
}

impl Failure {
    /// The command was not understood, or the configuration is broken: exit code 2.
    #[must_use]
    pub fn usage(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            hint: None,
            code: 2,
        }
    }

    /// It was understood and cannot be done: exit code 1.
    #[must_use]
    pub fn refused(what: impl Into<String>) -> Self {
        Self {
            code: 1,
            ..Self::usage(what)
        }
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            // The reader went away (`| head`): nothing to tell, and never an exit code that could pass for GO.
            return Self {
                code: READER_GONE,
                ..Self::usage("")
            };
        }
        Self::refused(format!("the output cannot be written: {error}"))
    }
}

impl From<&Problem> for Failure {
    fn from(problem: &Problem) -> Self {
        let at = if problem.at.is_empty() {
            String::new()
        } else {
            format!("{}: ", problem.at)
        };
        Self {
            what: format!("{at}{}", problem.what),
            hint: problem.hint.as_deref().map(str::to_owned),
            code: 2,
        }
    }
}
