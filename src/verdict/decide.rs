//! Effects put in order, and the verdict that they make.

use crate::model::{GateMode, GateResult, Reason, Severity, Verdict};

/// The verdict that a gate with this result would give alone. A gate that only advises never decides.
#[must_use]
pub const fn effect_of_gate(mode: GateMode, result: GateResult) -> Verdict {
    match (mode, result) {
        (GateMode::Advise | GateMode::Off, _) => Verdict::Go,
        (GateMode::Enforce, GateResult::Fail | GateResult::Error) => Verdict::NoGo,
        (
            GateMode::Enforce,
            GateResult::Missing
            | GateResult::Inconclusive
            | GateResult::Pending
            | GateResult::PendingHuman
            | GateResult::Vacuous
            | GateResult::NotEvaluated,
        ) => Verdict::Hold,
        (GateMode::Enforce, GateResult::Bypassed) => Verdict::GoWithWaivers,
        (GateMode::Enforce, GateResult::Pass | GateResult::Off) => Verdict::Go,
    }
}

/// The worst effect of all reasons. Without any reason: GO, so a caller must give a reason for having nothing to judge.
#[must_use]
pub fn verdict_of(reasons: &[Reason]) -> Verdict {
    reasons
        .iter()
        .map(|reason| reason.effect)
        .max()
        .unwrap_or(Verdict::Go)
}

/// Places reasons worst first in two passes: count each bucket, then put each reason at its bucket's next
/// place. Within a bucket the order of arrival stays. Linear, because a large repository has 100,000 reasons.
#[derive(Debug, Clone)]
pub struct ReasonOrder {
    next: [u32; Self::BUCKETS],
}

impl ReasonOrder {
    const SEVERITIES: usize = Severity::ALL.len();
    const BUCKETS: usize = 4 * Self::SEVERITIES;

    /// The bucket of an effect and a severity; the worst is 0.
    #[must_use]
    pub const fn bucket(effect: Verdict, severity: Severity) -> usize {
        let effect = match effect {
            Verdict::NoGo => 0,
            Verdict::Hold => 1,
            Verdict::GoWithWaivers => 2,
            Verdict::Go => 3,
        };
        effect * Self::SEVERITIES + severity as usize
    }

    /// From how many reasons fall into each bucket.
    #[must_use]
    pub fn counted(buckets: impl Iterator<Item = usize>) -> Self {
        let mut next = [0_u32; Self::BUCKETS];
        for bucket in buckets {
            if let Some(count) = next.get_mut(bucket) {
                *count += 1;
            }
        }
        let mut start = 0;
        for count in &mut next {
            start += std::mem::replace(count, start);
        }
        Self { next }
    }

    /// The place of the next reason of a bucket.
    pub fn place(&mut self, bucket: usize) -> usize {
        let Some(next) = self.next.get_mut(bucket) else {
            return usize::MAX;
        };
        *next += 1;
        *next as usize - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_passing_or_switched_off_gates_let_go() {
        let go: Vec<_> = [
            GateResult::Fail,
            GateResult::Error,
            GateResult::Missing,
            GateResult::Inconclusive,
            GateResult::Pending,
            GateResult::PendingHuman,
            GateResult::Vacuous,
            GateResult::NotEvaluated,
            GateResult::Bypassed,
            GateResult::Pass,
            GateResult::Off,
        ]
        .into_iter()
        .filter(|&result| effect_of_gate(GateMode::Enforce, result) == Verdict::Go)
        .collect();
        assert_eq!(go, [GateResult::Pass, GateResult::Off]);
    }

    #[test]
    fn places_are_worst_first_and_stable() {
        let effects = [
            (Verdict::Go, Severity::Blocker),
            (Verdict::NoGo, Severity::High),
            (Verdict::Hold, Severity::Blocker),
            (Verdict::NoGo, Severity::Blocker),
            (Verdict::NoGo, Severity::High),
        ];
        let buckets: Vec<_> = effects
            .iter()
            .map(|&(effect, severity)| ReasonOrder::bucket(effect, severity))
            .collect();
        let mut order = ReasonOrder::counted(buckets.iter().copied());
        let places: Vec<_> = buckets.iter().map(|&bucket| order.place(bucket)).collect();
        assert_eq!(places, [4, 1, 3, 0, 2]);
    }
}
