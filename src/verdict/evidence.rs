//! What tools wrote against what a release needs: one gate for each kind of evidence.
//!
//! Only a collected, passing, fresh result that is bound to HEAD passes. Everything else holds the release, and a
//! failing result stops it. A kind without any piece is missing, never passing.

use crate::model::{
    Binding, Collection, Evidence, EvidenceKind, Freshness, GateMode, GateResult, Outcome, Policy,
};

/// The result of one kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvidenceGate<'a> {
    /// Which kind; `None` for the rule that at least one piece of evidence must pass at all.
    pub kind: Option<EvidenceKind>,
    /// Whether it decides.
    pub mode: GateMode,
    /// The worst of its pieces.
    pub result: GateResult,
    /// The piece that decided, where there is one.
    pub worst: Option<&'a Evidence>,
    /// How many pieces there are.
    pub pieces: usize,
}

/// What one piece of evidence shows.
#[must_use]
pub fn piece_result(piece: &Evidence) -> GateResult {
    match (&piece.collection, piece.outcome) {
        (Collection::Absent, _) => GateResult::Missing,
        (Collection::Fetching, _) => GateResult::Pending,
        // What could not be had is neither a pass nor a fail.
        (Collection::Error(_) | Collection::Unauthorised(_) | Collection::RateLimited(_), _) => {
            GateResult::Inconclusive
        }
        // A failure seen in a part is a failure of the whole; a pass seen in a part is nothing.
        (Collection::Partial(_) | Collection::Collected, Outcome::Fail) => GateResult::Fail,
        (Collection::Partial(_), _) => GateResult::Inconclusive,
        (Collection::Collected, Outcome::Error) => GateResult::Error,
        (Collection::Collected, Outcome::Inconclusive) => GateResult::Inconclusive,
        (Collection::Collected, Outcome::NotEvaluated) => GateResult::NotEvaluated,
        (Collection::Collected, Outcome::Pass | Outcome::Warn) => {
            if speaks_of_head(piece) {
                GateResult::Pass
            } else {
                GateResult::Inconclusive
            }
        }
    }
}

/// Whether a piece is bound to HEAD and fresh. CI speaks of its exact commit only.
#[must_use]
pub fn speaks_of_head(piece: &Evidence) -> bool {
    speaks(piece.binding, piece.freshness)
        && (piece.kind != EvidenceKind::Ci || piece.binding == Binding::Exact)
}

/// Whether what is so bound and so fresh speaks of HEAD.
#[must_use]
pub fn speaks(binding: Binding, freshness: Freshness) -> bool {
    let bound = match binding {
        Binding::Exact => true,
        Binding::Ancestor {
            relevant_files_changed,
            ..
        } => relevant_files_changed == 0,
        Binding::Descendant | Binding::Dirty | Binding::Unrelated | Binding::Unbound => false,
    };
    bound && freshness == Freshness::Fresh
}

/// Judges every kind that the policy does not switch off. When no kind decides, one rule stays: something must
/// have been checked, for a report never proves itself.
#[must_use]
pub fn judge_evidence<'a>(policy: &Policy, evidence: &'a [Evidence]) -> Vec<EvidenceGate<'a>> {
    let mode_of = |kind| policy.evidence.get(&kind).copied().unwrap_or_default();
    let mut gates: Vec<EvidenceGate<'a>> = EvidenceKind::ALL
        .into_iter()
        .filter(|&kind| mode_of(kind) != GateMode::Off)
        .map(|kind| gate_of(kind, mode_of(kind), evidence))
        .collect();
    let decided = gates.iter().any(|gate| gate.mode == GateMode::Enforce);
    let shown = evidence
        .iter()
        .any(|piece| piece_result(piece) == GateResult::Pass);
    if !decided && !shown {
        gates.push(EvidenceGate {
            kind: None,
            mode: GateMode::Enforce,
            result: GateResult::Missing,
            worst: None,
            pieces: evidence.len(),
        });
    }
    gates
}

fn gate_of(kind: EvidenceKind, mode: GateMode, evidence: &[Evidence]) -> EvidenceGate<'_> {
    let pieces = || evidence.iter().filter(move |piece| piece.kind == kind);
    // Of equally bad ones the first of the given order speaks; the engine gives a fixed one.
    let worst = pieces().min_by_key(|piece| piece_result(piece));
    EvidenceGate {
        kind: Some(kind),
        mode,
        result: worst.map_or(GateResult::Missing, piece_result),
        worst,
        pieces: pieces().count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(collection: Collection, outcome: Outcome, binding: Binding, freshness: Freshness) -> Evidence {
        Evidence {
            kind: EvidenceKind::Scan,
            source: "scan.sarif".into(),
            collection,
            outcome,
            binding,
            freshness,
            produced_at: None,
        }
    }

    #[test]
    fn only_one_combination_passes() {
        let collections = [
            Collection::Absent,
            Collection::Fetching,
            Collection::Collected,
            Collection::Partial("cut".into()),
            Collection::Error("broken".into()),
            Collection::Unauthorised("no token".into()),
            Collection::RateLimited("until 10:00".into()),
        ];
        let outcomes = [
            Outcome::Pass,
            Outcome::Warn,
            Outcome::Fail,
            Outcome::NotEvaluated,
            Outcome::Inconclusive,
            Outcome::Error,
        ];
        let unchanged = Binding::Ancestor {
            commits: 3,
            relevant_files_changed: 0,
        };
        let changed = Binding::Ancestor {
            commits: 3,
            relevant_files_changed: 1,
        };
        let bindings = [
            Binding::Exact,
            unchanged,
            changed,
            Binding::Descendant,
            Binding::Dirty,
            Binding::Unrelated,
            Binding::Unbound,
        ];
        let mut passing = Vec::new();
        for collection in &collections {
            for outcome in outcomes {
                for binding in bindings {
                    for freshness in [
                        Freshness::Fresh,
                        Freshness::Aging,
                        Freshness::Stale,
                        Freshness::Expired,
                    ] {
                        let piece = piece(collection.clone(), outcome, binding, freshness);
                        if piece_result(&piece) == GateResult::Pass {
                            passing.push((collection.word(), outcome, binding, freshness));
                        }
                    }
                }
            }
        }
        let fresh = Freshness::Fresh;
        assert_eq!(
            passing,
            [
                ("collected", Outcome::Pass, Binding::Exact, fresh),
                ("collected", Outcome::Pass, unchanged, fresh),
                ("collected", Outcome::Warn, Binding::Exact, fresh),
                ("collected", Outcome::Warn, unchanged, fresh),
            ]
        );
    }

    #[test]
    fn continuous_integration_of_an_ancestor_says_nothing_of_head() {
        let mut run = piece(
            Collection::Collected,
            Outcome::Pass,
            Binding::Ancestor {
                commits: 1,
                relevant_files_changed: 0,
            },
            Freshness::Fresh,
        );
        run.kind = EvidenceKind::Ci;
        assert_eq!(piece_result(&run), GateResult::Inconclusive);
    }

    #[test]
    fn with_every_kind_switched_off_something_must_still_have_been_checked() {
        let policy = Policy {
            evidence: EvidenceKind::ALL
                .into_iter()
                .map(|kind| (kind, GateMode::Off))
                .collect(),
            ..Policy::default()
        };
        let gates = judge_evidence(&policy, &[]);
        assert_eq!(gates.len(), 1);
        assert_eq!((gates[0].kind, gates[0].result), (None, GateResult::Missing));
        let passing = [piece(
            Collection::Collected,
            Outcome::Pass,
            Binding::Exact,
            Freshness::Fresh,
        )];
        assert!(judge_evidence(&policy, &passing).is_empty());
    }
}
