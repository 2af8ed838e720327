//! What a team demands of its evidence, held against what was gathered: one gate for each target, limit and rule.
//!
//! - [`coverage`]: coverage targets, on raw counters.
//! - [`scans`]: limits on findings.
//! - [`cases`]: rules for test results.
//!
//! Not here: whether there is evidence at all and whether it speaks of HEAD as a whole ([`super::evidence`]). Invariants
//! (tables and properties in `tests/it/demands.rs`): one more finding, uncovered line or failed test never improves a
//! result; a waiver never gives a plain pass; only evidence that speaks of HEAD passes; nothing in scope is vacuous.

use jiff::Timestamp;

use super::GateOutcome;
use super::evidence::speaks;
use crate::model::{Bound, Content, EvidenceKind, GateMode, Gathered, Policy};

mod cases;
mod coverage;
mod scans;
mod scope;

/// Judges every demand of a policy that is not switched off. The ids are unique.
#[must_use]
pub fn judge_demands(policy: &Policy, gathered: &Gathered, now: Timestamp) -> Vec<GateOutcome> {
    let mode = |kind| policy.evidence.get(&kind).copied().unwrap_or_default();
    let mut gates = coverage::judge(&policy.coverage, gathered);
    gates.extend(coverage::without_target(
        &policy.coverage,
        gathered,
        mode(EvidenceKind::Coverage),
    ));
    gates.extend(scans::judge(&policy.scans, gathered, now));
    gates.extend(cases::judge(policy.tests, gathered));
    make_unique(&mut gates);
    gates
}

/// Several targets may be called the same by different files; the place that sets one tells them apart.
fn make_unique(gates: &mut [GateOutcome]) {
    let mut seen: Vec<String> = Vec::with_capacity(gates.len());
    for gate in gates {
        let plain = gate.id.clone();
        let mut number = 1_u32;
        while seen.contains(&gate.id) {
            number += 1;
            gate.id = format!("{plain}#{number}");
        }
        seen.push(gate.id.clone());
    }
}

/// Files of one kind that count: the newest of their tool and scope.
fn of_kind(gathered: &Gathered, kind: EvidenceKind) -> impl Iterator<Item = &Bound> {
    gathered
        .files
        .iter()
        .filter(move |bound| bound.file.kind == kind && bound.superseded_by.is_none())
}

/// Whether a file speaks of HEAD.
fn is_current(bound: &Bound) -> bool {
    speaks(bound.binding, bound.freshness)
}

/// The first file of a kind that was not understood, or that does not speak of HEAD, in words.
fn why_not_current(bound: &Bound) -> Option<String> {
    let source = &bound.file.source;
    match &bound.file.content {
        Err(_) => Some(format!("`{source}` could not be read")),
        Ok(Content::Scan(report)) if !report.ran => {
            Some(format!("`{source}` does not say that the tool ran"))
        }
        Ok(_) if !is_current(bound) => Some(format!(
            "`{source}` does not speak of HEAD ({}, {})",
            bound.binding.word(),
            bound.freshness.word()
        )),
        Ok(_) => None,
    }
}

/// Whether a gate is worth judging.
fn is_on(mode: GateMode) -> bool {
    mode != GateMode::Off
}

/// "1 file", "2 files".
fn counted(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}
