//! The write gate.

use std::path::PathBuf;

use crate::edit::{Plan, apply, inverse};

/// The one place that writes.
#[derive(Debug)]
pub struct Gate {
    root: PathBuf,
    read_only: bool,
}

/// What was written.
#[derive(Debug, Default)]
pub struct Written {
    /// The commit.
    pub commit: Option<String>,
    /// Why there is none.
    pub why_not_committed: Option<String>,
    /// The way back.
    pub inverse: Vec<Plan>,
    /// What to know.
    pub warnings: Vec<String>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Read-only.
    #[error("nothing is written: `--read-only` is on")]
    ReadOnly,
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

impl Gate {
    /// A gate of a repository.
    #[must_use]
    pub const fn new(root: PathBuf, read_only: bool) -> Self {
        Self { root, read_only }
    }

    /// Writes plans.
    ///
    /// # Errors
    /// When nothing was written.
    pub fn apply(&self, plans: &[Plan], _message: &str, _commit: bool) -> Result<Written, WriteError> {
        if self.read_only {
            return Err(WriteError::ReadOnly);
        }
        let failed = |error: &dyn std::fmt::Display| WriteError::Failed(error.to_string());
        let mut written = Written {
            why_not_committed: Some("not yet".to_owned()),
            ..Written::default()
        };
        for plan in plans {
            let path = self.root.join(plan.path.as_str());
            let old = std::fs::read(&path).map_err(|error| failed(&error))?;
            let new = apply(plan, &old).map_err(|error| failed(&error))?;
            std::fs::write(&path, new).map_err(|error| failed(&error))?;
            written
                .inverse
                .push(inverse(plan, &old).map_err(|error| failed(&error))?);
        }
        Ok(written)
    }
}
