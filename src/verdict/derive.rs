//! One item to its derived state and the effect that it alone would have.
//!
//! What is declared done is unproven until a claim of its own holds that shows it; a refuted claim weighs more than any
//! number that hold.

use jiff::Timestamp;

use super::{Standing, WaiverIndex};
use crate::model::{
    Claim, ClaimKind, ClaimVerdict, Derived, Item, Modality, Policy, Severity, Shape, Status, Unproven,
    Verdict,
};

/// What the verdict makes of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemState {
    /// The computed state.
    pub derived: Derived,
    /// The verdict that the item alone would give: GO when it does not block.
    pub effect: Verdict,
}

/// An item's state, and whether it is worth listing although it does not block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedItem {
    /// The state.
    pub state: ItemState,
    /// It is a reason, be it only a warning.
    pub listed: bool,
}

/// What an unproven item of this severity does by policy.
#[must_use]
pub fn unproven(severity: Severity, policy: &Policy) -> Unproven {
    if severity <= Severity::Critical {
        policy.unproven_severe
    } else {
        policy.unproven_other
    }
}

/// What an item without any marker does by policy: nobody said that it is done, so from high on it is held
/// like a severe unproven one; below, it is text and waits for nothing. A row is never mere text: its status column
/// is empty or says something that was not understood, and what could not be read is no pass.
#[must_use]
pub fn unmarked(item: &Item, policy: &Policy) -> Unproven {
    let row = item.shape == Shape::Row && item.severity.reaches(policy.floor);
    if row || item.severity <= Severity::High {
        policy.unproven_severe
    } else {
        Unproven::Ignore
    }
}

/// Whether an item can block at all: the judged stage needs it and its severity reaches the floor.
#[must_use]
pub fn is_needed(item: &Item, policy: &Policy) -> bool {
    item.requirement.applies_to(policy.stage) && item.severity.reaches(policy.floor)
}

/// The derived state that follows from the document's own word alone.
const fn as_declared(declared: Status) -> Derived {
    match declared {
        Status::Unmarked => Derived::Unmarked,
        Status::Conflicted => Derived::Conflicted,
        Status::Blocked => Derived::Blocked,
        Status::Open => Derived::Open,
        Status::Deferred => Derived::Deferred,
        Status::InProgress => Derived::InProgress,
        Status::Done | Status::Verified => Derived::Unproven,
        Status::NotApplicable => Derived::NotApplicable,
    }
}

/// What the claims of one item come to together, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Shown {
    /// One of them is refuted.
    Refuted,
    /// One of them is about nothing, or about a gate that cannot fail.
    Vacuous,
    /// One of them held once and does not any more.
    Stale,
    /// There is none that could show it, or it cannot be told, or only a part holds.
    #[default]
    Nothing,
    /// One that can show it holds, and nothing speaks against it.
    Supported,
}

/// What the claims of each item of a document come to; the arithmetic of the document itself shows nothing.
#[must_use]
pub fn shown(items: usize, claims: &[Claim]) -> Vec<Shown> {
    let mut shown = vec![None; items];
    for claim in claims {
        let place = claim.item.and_then(|item| shown.get_mut(item as usize));
        let (Some(place), false) = (place, claim.kind == ClaimKind::Arithmetic) else {
            continue;
        };
        let own = match claim.verdict {
            ClaimVerdict::Refuted { .. } | ClaimVerdict::Contradicted(_) => Shown::Refuted,
            ClaimVerdict::Vacuous(_) if claim.modality == Modality::Asserted => Shown::Vacuous,
            ClaimVerdict::Stale { .. } => Shown::Stale,
            ClaimVerdict::PartlyHolds { .. } => Shown::Nothing,
            ClaimVerdict::Holds | ClaimVerdict::HoldsLoosely if claim.supports => Shown::Supported,
            // It cannot be told, or it would show nothing: that is no word against the others.
            _ => continue,
        };
        *place = Some(place.map_or(own, |other: Shown| other.min(own)));
    }
    shown.into_iter().map(Option::unwrap_or_default).collect()
}

/// The derived state of an item with these claims.
const fn derived_of(declared: Status, shown: Shown) -> Derived {
    match (declared, shown) {
        (Status::Done | Status::Verified, Shown::Refuted) => Derived::Refuted,
        (Status::Done | Status::Verified, Shown::Vacuous) => Derived::Vacuous,
        (Status::Done | Status::Verified, Shown::Stale) => Derived::Stale,
        (Status::Done | Status::Verified, Shown::Supported) => Derived::Supported,
        (Status::Open, Shown::Supported) => Derived::LooksDone,
        _ => as_declared(declared),
    }
}

/// Judges an item of a document that counts.
#[must_use]
pub fn judge_item(
    item: &Item,
    shown: Shown,
    policy: &Policy,
    waivers: &WaiverIndex,
    now: Timestamp,
) -> JudgedItem {
    let derived = derived_of(item.declared, shown);
    let (effect, listed) = if is_needed(item, policy) {
        effect_of(item, derived, policy)
    } else {
        (Verdict::Go, false)
    };
    let plain = JudgedItem {
        state: ItemState { derived, effect },
        listed,
    };
    let unmet = effect > Verdict::GoWithWaivers || is_undone(item.declared);
    if waivers.is_empty() || !unmet {
        return plain;
    }
    match waivers.standing(item.uid, now) {
        Standing::None => plain,
        Standing::Active { .. } => JudgedItem {
            state: ItemState {
                derived: Derived::Waived,
                effect: effect.min(Verdict::GoWithWaivers),
            },
            listed: listed || effect > Verdict::Go,
        },
        Standing::Expired { .. } => JudgedItem {
            state: ItemState {
                derived: Derived::WaiverExpired,
                effect,
            },
            listed,
        },
    }
}

/// Whether the document says that something is left to do.
#[must_use]
pub const fn is_undone(declared: Status) -> bool {
    matches!(
        declared,
        Status::Open | Status::InProgress | Status::Blocked | Status::Deferred | Status::Conflicted
    )
}

/// The effect of a needed item, and whether it is listed.
fn effect_of(item: &Item, derived: Derived, policy: &Policy) -> (Verdict, bool) {
    match derived {
        Derived::Refuted => return (Verdict::NoGo, true),
        Derived::Supported => return (Verdict::Go, false),
        _ => {}
    }
    let by_policy = match item.declared {
        // In progress and deferred are not done either: what the release needs and nobody finished is no GO.
        Status::Open | Status::InProgress | Status::Blocked | Status::Deferred | Status::Conflicted => {
            return (Verdict::NoGo, true);
        }
        Status::NotApplicable => return (Verdict::Go, false),
        Status::Done | Status::Verified => unproven(item.severity, policy),
        Status::Unmarked => unmarked(item, policy),
    };
    match by_policy {
        Unproven::Hold => (Verdict::Hold, true),
        Unproven::Warn => (Verdict::Go, true),
        Unproven::Ignore => (Verdict::Go, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Requirement, Stage, Uid, Waiver};
    use crate::text::Span;

    fn item(declared: Status, severity: Severity, requirement: Requirement) -> Item {
        Item {
            uid: Uid(1),
            id: None,
            title: "Rotate the keys".into(),
            shape: Shape::Task,
            line: 1,
            span: Span::new(0, 1),
            marks: crate::model::Marks::default(),
            declared,
            severity,
            severity_source: None,
            requirement,
            section: None,
            depth: 0,
            extras: None,
        }
    }

    fn judged(declared: Status, severity: Severity, requirement: Requirement) -> JudgedItem {
        judge_item(
            &item(declared, severity, requirement),
            Shown::Nothing,
            &Policy::default(),
            &WaiverIndex::default(),
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn each_declared_status_has_the_effect_of_the_model() {
        let needed = Requirement::Required(Stage::Production);
        let table = [
            (Status::Open, Severity::Blocker, Verdict::NoGo, true),
            (Status::Open, Severity::High, Verdict::NoGo, true),
            (Status::Open, Severity::Unspecified, Verdict::NoGo, true),
            (Status::Open, Severity::Medium, Verdict::Go, false),
            (Status::Open, Severity::Low, Verdict::Go, false),
            (Status::InProgress, Severity::Critical, Verdict::NoGo, true),
            (Status::Deferred, Severity::Critical, Verdict::NoGo, true),
            (Status::Blocked, Severity::High, Verdict::NoGo, true),
            (Status::Conflicted, Severity::High, Verdict::NoGo, true),
            (Status::Done, Severity::Blocker, Verdict::Hold, true),
            (Status::Verified, Severity::Critical, Verdict::Hold, true),
            (Status::Done, Severity::High, Verdict::Go, true),
            (Status::Done, Severity::Unspecified, Verdict::Go, true),
            (Status::Done, Severity::Info, Verdict::Go, false),
            (Status::NotApplicable, Severity::Blocker, Verdict::Go, false),
            (Status::Unmarked, Severity::High, Verdict::Hold, true),
            (Status::Unmarked, Severity::Unspecified, Verdict::Go, false),
        ];
        for (declared, severity, effect, listed) in table {
            let judged = judged(declared, severity, needed);
            assert_eq!(
                (judged.state.effect, judged.listed),
                (effect, listed),
                "{declared:?} {severity:?}"
            );
        }
    }

    #[test]
    fn a_row_whose_status_is_not_understood_is_held() {
        let row = |severity| Item {
            shape: Shape::Row,
            ..item(Status::Unmarked, severity, Requirement::default())
        };
        let effect = |severity, policy: &Policy| {
            let index = WaiverIndex::default();
            judge_item(
                &row(severity),
                Shown::Nothing,
                policy,
                &index,
                Timestamp::UNIX_EPOCH,
            )
            .state
            .effect
        };
        assert_eq!(effect(Severity::Unspecified, &Policy::default()), Verdict::Hold);
        assert_eq!(effect(Severity::Low, &Policy::default()), Verdict::Go);
        let lax = Policy {
            unproven_severe: Unproven::Warn,
            ..Policy::default()
        };
        assert_eq!(effect(Severity::Unspecified, &lax), Verdict::Go);
    }

    #[test]
    fn a_refuted_claim_of_a_done_item_is_a_no_go_and_a_shown_one_does_not_block() {
        let table = [
            (Status::Done, Shown::Refuted, Derived::Refuted, Verdict::NoGo),
            (Status::Done, Shown::Vacuous, Derived::Vacuous, Verdict::Hold),
            (Status::Verified, Shown::Stale, Derived::Stale, Verdict::Hold),
            (Status::Done, Shown::Nothing, Derived::Unproven, Verdict::Hold),
            (Status::Done, Shown::Supported, Derived::Supported, Verdict::Go),
            (Status::Open, Shown::Supported, Derived::LooksDone, Verdict::NoGo),
            (Status::Open, Shown::Refuted, Derived::Open, Verdict::NoGo),
            (
                Status::Conflicted,
                Shown::Supported,
                Derived::Conflicted,
                Verdict::NoGo,
            ),
        ];
        for (declared, shown, derived, effect) in table {
            let item = item(declared, Severity::Critical, Requirement::default());
            let index = WaiverIndex::default();
            let judged = judge_item(&item, shown, &Policy::default(), &index, Timestamp::UNIX_EPOCH);
            assert_eq!(
                judged.state,
                ItemState { derived, effect },
                "{declared:?} {shown:?}"
            );
        }
    }

    #[test]
    fn what_the_stage_does_not_need_never_blocks() {
        for requirement in [
            Requirement::Optional,
            Requirement::Future,
            Requirement::PostDeploy,
            Requirement::Informational,
        ] {
            assert_eq!(
                judged(Status::Open, Severity::Blocker, requirement).state.effect,
                Verdict::Go
            );
        }
        let policy = Policy {
            stage: Stage::Staging,
            ..Policy::default()
        };
        let later = item(
            Status::Open,
            Severity::Blocker,
            Requirement::Required(Stage::Production),
        );
        let judged = judge_item(
            &later,
            Shown::Nothing,
            &policy,
            &WaiverIndex::default(),
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(judged.state.effect, Verdict::Go);
    }

    #[test]
    fn a_waiver_holds_until_its_end_and_then_the_item_blocks_again() {
        let open = item(Status::Open, Severity::Blocker, Requirement::default());
        let index = WaiverIndex::of(&[Waiver {
            target: open.uid,
            justification: "accepted".into(),
            approved_by: "ann".into(),
            expires: Timestamp::from_second(10).unwrap(),
        }]);
        let at = |second| {
            judge_item(
                &open,
                Shown::Nothing,
                &Policy::default(),
                &index,
                Timestamp::from_second(second).unwrap(),
            )
            .state
        };
        assert_eq!(
            at(9),
            ItemState {
                derived: Derived::Waived,
                effect: Verdict::GoWithWaivers
            }
        );
        assert_eq!(
            at(10),
            ItemState {
                derived: Derived::WaiverExpired,
                effect: Verdict::NoGo
            }
        );
    }
}
