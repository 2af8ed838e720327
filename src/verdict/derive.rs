//! One item to its derived state and the effect that it alone would have.
//!
//! No claim kind checks items yet, so what is declared done is unproven: nothing here can make it supported.

use jiff::Timestamp;

use super::{Standing, WaiverIndex};
use crate::model::{Derived, Item, Policy, Severity, Status, Unproven, Verdict};

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
/// like a severe unproven one; below, it is text and waits for nothing.
#[must_use]
pub fn unmarked(severity: Severity, policy: &Policy) -> Unproven {
    if severity <= Severity::High {
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

/// Judges an item of a document that counts.
#[must_use]
pub fn judge_item(item: &Item, policy: &Policy, waivers: &WaiverIndex, now: Timestamp) -> JudgedItem {
    let derived = as_declared(item.declared);
    let (effect, listed) = if is_needed(item, policy) {
        effect_of(item, policy)
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
fn effect_of(item: &Item, policy: &Policy) -> (Verdict, bool) {
    let by_policy = match item.declared {
        // In progress and deferred are not done either: what the release needs and nobody finished is no GO.
        Status::Open | Status::InProgress | Status::Blocked | Status::Deferred | Status::Conflicted => {
            return (Verdict::NoGo, true);
        }
        Status::NotApplicable => return (Verdict::Go, false),
        Status::Done | Status::Verified => unproven(item.severity, policy),
        Status::Unmarked => unmarked(item.severity, policy),
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
    use crate::model::{Requirement, Shape, Stage, Uid, Waiver};
    use crate::text::Span;

    fn item(declared: Status, severity: Severity, requirement: Requirement) -> Item {
        Item {
            uid: Uid(1),
            id: None,
            title: "Rotate the keys".into(),
            shape: Shape::Task,
            line: 1,
            span: Span::new(0, 1),
            marks: Box::default(),
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
        let judged = judge_item(&later, &policy, &WaiverIndex::default(), Timestamp::UNIX_EPOCH);
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
