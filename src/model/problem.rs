//! Problems: what could not be read or done, in words that help.

/// Something that went wrong with an input; the rest goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad.
    pub severity: ProblemSeverity,
    /// `path`, `path:line` or `path:line:column`; empty when it has no place.
    pub at: Box<str>,
    /// One sentence: what is wrong, what was expected; names in backticks.
    pub what: Box<str>,
    /// What to do about it.
    pub hint: Option<Box<str>>,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemSeverity {
    /// Something was lost to the verdict: it cannot be GO.
    Error,
    /// Something was replaced by a default.
    Warning,
    /// Worth knowing.
    Note,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.at.is_empty() {
            write!(f, "{}: ", self.at)?;
        }
        f.write_str(&self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}
