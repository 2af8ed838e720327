//! CI definitions: that a tool runs, on which events and how often, that results are uploaded, that a named job is there,
//! and that what is said to fail the build can fail at all. See `spec.md`.
//!
//! Not here: what ran (the evidence of CI). A repository without a CI definition, a definition that was not read
//! as a whole, and a statement that does not say itself that CI is meant never refute.

use super::{Draft, Finding, Rule, Scene, Statement};
use crate::model::{Claim, ClaimKind};

mod check;
mod defined;
mod figures;
mod read;
mod threshold;
mod tools;
mod uploads;

pub(super) use defined::{Scripts, scripts};

/// A text speaks of CI beyond doubt.
pub(super) fn names_ci(text: &str) -> bool {
    read::is_strong(&text.to_ascii_lowercase())
}

/// The rule of CI definitions.
#[derive(Debug)]
pub(super) struct Ci;

impl Rule for Ci {
    fn name(&self) -> &'static str {
        "ci"
    }

    fn kind(&self) -> ClaimKind {
        ClaimKind::Ci
    }

    fn recognise(&self, statement: &Statement<'_>, out: &mut Vec<Draft>) {
        read::recognise(statement, out);
    }

    fn check(&self, claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
        check::check(claim, scene)
    }
}

#[cfg(test)]
mod tests;
