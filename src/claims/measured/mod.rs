//! Coverage figures, test results and numbers of findings that reports give, held against what the tools wrote.
//!
//! Not here: what a release demands of its evidence; a claim that is compared with a demand is judged by `verdict`, so
//! that the gate and the claim never disagree. Invariants (`tests.rs`): nothing measured is never true; evidence that
//! does not speak of HEAD proves nothing; a sentence that may speak of a part is neither held nor refuted by the whole.
//!
//! These are checked at HEAD only: what tools said in the past is not kept.

use super::{Draft, Finding, Rule, Scene, Statement};
use crate::model::{Bound, Claim, ClaimKind, Modality, Said};
use crate::verdict::demands::{of_kind, why_not_current};

mod age;
mod cases;
mod coverage;
mod scans;
#[cfg(test)]
mod tests;
mod words;

use words::Reading;

/// Longer statements are no sentences.
const LONGEST: usize = 8_000;

/// The rule of coverage figures.
#[derive(Debug)]
pub(super) struct Coverage;

/// The rule of test results.
#[derive(Debug)]
pub(super) struct Tests;

/// The rule of findings.
#[derive(Debug)]
pub(super) struct Scans;

impl Rule for Coverage {
    fn name(&self) -> &'static str {
        "coverage"
    }

    fn kind(&self) -> ClaimKind {
        ClaimKind::Coverage
    }

    fn recognise(&self, statement: &Statement<'_>, out: &mut Vec<Draft>) {
        if statement.text.len() <= LONGEST && statement.text.contains('%') {
            coverage::recognise(&Reading::of(statement), out);
        }
    }

    fn check(&self, claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
        if scene.is_now() {
            Some(coverage::check(claim, scene))
        } else {
            None
        }
    }
}

impl Rule for Tests {
    fn name(&self) -> &'static str {
        "tests"
    }

    fn kind(&self) -> ClaimKind {
        ClaimKind::Tests
    }

    fn recognise(&self, statement: &Statement<'_>, out: &mut Vec<Draft>) {
        if statement.text.len() <= LONGEST {
            cases::recognise(&Reading::of(statement), out);
        }
    }

    fn check(&self, claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
        if !scene.is_now() {
            return None;
        }
        age::ask(scene);
        cases::check(claim, scene)
    }
}

impl Rule for Scans {
    fn name(&self) -> &'static str {
        "scans"
    }

    fn kind(&self) -> ClaimKind {
        ClaimKind::Scan
    }

    fn recognise(&self, statement: &Statement<'_>, out: &mut Vec<Draft>) {
        if statement.text.len() <= LONGEST {
            scans::recognise(&Reading::of(statement), out);
        }
    }

    fn check(&self, claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
        if !scene.is_now() {
            return None;
        }
        age::ask(scene);
        scans::check(claim, scene)
    }
}

/// Keeps a passage when it is asserted: goals, plans and what was before are no matter for evidence. `more` goes into its
/// scope; the words of `ignore` narrow nothing.
fn push(
    reading: &Reading<'_>,
    tokens: std::ops::Range<usize>,
    mut said: Said,
    more: &[&str],
    ignore: &[&str],
    out: &mut Vec<Draft>,
) {
    let Some(range) = reading.range(&tokens) else {
        return;
    };
    if reading.statement.modality(&range) != Modality::Asserted {
        return;
    }
    let part = reading.part(&tokens, ignore).unwrap_or_default();
    said.scope = std::iter::once(part.into())
        .chain(more.iter().map(|&more| more.into()))
        .collect();
    out.push(Draft {
        range,
        said,
        modality: Modality::Asserted,
        // A figure shows the state of the whole, not that somebody did what the item asks.
        supports: false,
    });
}

/// The word of the sentence that may make it speak of a part only; empty when it speaks of the whole.
fn part(claim: &Claim) -> &str {
    claim.said.scope.first().map_or("", |part| part)
}

fn may_be_a_part(claim: &Claim, whole: &str) -> Finding {
    Finding::unsure(format!(
        "it may speak of a part only (“{}”), and the evidence tells of the whole: {whole}",
        part(claim)
    ))
}

/// The first file of a kind that keeps its evidence from speaking of HEAD, in words.
fn doubt<'a>(files: impl IntoIterator<Item = &'a Bound>) -> Option<String> {
    files.into_iter().find_map(why_not_current)
}

/// "1 test", "2 tests".
fn counted(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
