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

use super::evidence::speaks;
use super::{GateOutcome, effect_of_gate};
use crate::model::{
    Bound, Content, CoverageTarget, EvidenceKind, GateMode, GateResult, Gathered, Policy, ScanLimit,
};

mod cases;
mod coverage;
mod scans;
mod scope;

pub use coverage::files_of;

/// Whether coverage reaches a target, as the gate of that target would say.
#[must_use]
pub fn judge_target(target: &CoverageTarget, gathered: &Gathered) -> GateResult {
    let gates = coverage::judge(std::slice::from_ref(target), gathered);
    gates.first().map_or(GateResult::NotEvaluated, |gate| gate.result)
}

/// Judges every demand that is not switched off: the policy's limits and rules, and the coverage targets in force. The
/// ids are unique.
#[must_use]
pub fn judge_demands(
    policy: &Policy,
    targets: &[CoverageTarget],
    gathered: &Gathered,
    now: Timestamp,
) -> Vec<GateOutcome> {
    let mode = |kind| policy.evidence.get(&kind).copied().unwrap_or_default();
    let mut gates = coverage::judge(targets, gathered);
    gates.extend(coverage::without_target(
        targets,
        gathered,
        mode(EvidenceKind::Coverage),
    ));
    // A limit on one tool asks for that tool by name.
    let (of_any, of_one): (Vec<ScanLimit>, Vec<ScanLimit>) = policy
        .scans
        .iter()
        .cloned()
        .partition(|limit| limit.tool.is_none());
    let of_any = scans::judge(&of_any, gathered, now);
    gates.extend(as_far_as_needed(of_any, mode(EvidenceKind::Scan)));
    gates.extend(scans::judge(&of_one, gathered, now));
    let cases = cases::judge(policy.tests, gathered);
    gates.extend(as_far_as_needed(cases, mode(EvidenceKind::Tests)));
    make_unique(&mut gates);
    gates
}

/// What nobody asked for by name goes as far as its kind of evidence is needed: that there is none is told by the gate
/// of that kind, and evidence that is not needed holds nothing up by what it does not show. A failure stays one.
fn as_far_as_needed(gates: Vec<GateOutcome>, needed: GateMode) -> Vec<GateOutcome> {
    gates
        .into_iter()
        .filter_map(|mut gate| {
            let shows = matches!(
                gate.result,
                GateResult::Fail | GateResult::Pass | GateResult::Bypassed
            );
            if gate.result == GateResult::Missing || (!shows && needed == GateMode::Off) {
                return None;
            }
            if !shows && needed == GateMode::Advise {
                gate.mode = needed;
            }
            Some(gate)
        })
        .collect()
}

/// Whether the gate of a kind of evidence tells already why a demand could not be judged.
#[must_use]
pub fn is_told(gate: &GateOutcome, gates: &[GateOutcome]) -> bool {
    let kind = match gate.id.split_once(':').map(|(kind, _)| kind) {
        Some("coverage") => EvidenceKind::Coverage,
        Some("scans") => EvidenceKind::Scan,
        Some("tests") => EvidenceKind::Tests,
        _ => return false,
    };
    let same_effect = |other: &GateOutcome| {
        other.mode == GateMode::Enforce
            && other.id.strip_prefix("evidence:") == Some(kind.word())
            && effect_of_gate(other.mode, other.result) >= effect_of_gate(gate.mode, gate.result)
    };
    // That no test ran is what the gate of tests says, too; an empty scope of a target is not.
    let of_none = gate.id == "tests:failed" && gate.result == GateResult::Vacuous;
    (of_none || matches!(gate.result, GateResult::Missing | GateResult::Inconclusive))
        && gates.iter().any(same_effect)
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
pub fn of_kind(gathered: &Gathered, kind: EvidenceKind) -> impl Iterator<Item = &Bound> {
    gathered
        .files
        .iter()
        .filter(move |bound| bound.file.kind == kind && bound.superseded_by.is_none())
}

/// Whether a file speaks of HEAD.
#[must_use]
pub fn is_current(bound: &Bound) -> bool {
    speaks(bound.binding, bound.freshness)
}

/// The first file of a kind that was not understood, or that does not speak of HEAD, in words.
#[must_use]
pub fn why_not_current(bound: &Bound) -> Option<String> {
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
