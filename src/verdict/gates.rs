//! A document's own rules ("blocked until ALL ITEMS are done") over its items: the worst member decides.
//!
//! When a document has several such rules each one is judged, so the stricter applies by itself.

use jiff::Timestamp;

use super::derive::{is_undone, unmarked, unproven};
use super::{Counts, Shown, Standing, WaiverIndex};
use crate::model::{
    DocumentGate, GateMode, GateResult, GateScope, Item, Policy, Report, Requirement, Severity, Status,
    Unproven, Verdict,
};

/// A gate with its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateOutcome {
    /// `document:docs/READY.md:3`, `evidence:coverage`, `items:production`.
    pub id: String,
    /// Whether it decides.
    pub mode: GateMode,
    /// The result.
    pub result: GateResult,
    /// One sentence.
    pub message: String,
    /// `path:line`, or empty.
    pub source: String,
}

/// Which items of its document a gate waits for.
#[derive(Debug, Clone)]
pub struct Members<'a> {
    report: &'a Report,
    scope: &'a GateScope,
    /// For a gate over sections: the requirement of the named section that each section lies below.
    below: Vec<Option<Requirement>>,
}

impl<'a> Members<'a> {
    /// The members of a gate of a report.
    #[must_use]
    pub fn of(report: &'a Report, scope: &'a GateScope) -> Self {
        let mut below = Vec::new();
        if let GateScope::Sections(named) = scope {
            below.reserve(report.sections.len());
            for (index, section) in report.sections.iter().enumerate() {
                let own = u32::try_from(index).is_ok_and(|index| named.contains(&index));
                // A parent stands before its children, so its entry is already there.
                let inherited = section
                    .parent
                    .and_then(|parent| below.get(parent as usize).copied())
                    .flatten();
                below.push(if own { Some(section.requirement) } else { inherited });
            }
        }
        Self { report, scope, below }
    }

    /// The items, with their places in [`Report::items`].
    pub fn items(&self) -> impl Iterator<Item = (usize, &'a Item)> {
        self.report
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| self.holds(item))
    }

    fn holds(&self, item: &Item) -> bool {
        let asked_for = matches!(item.requirement, Requirement::Required(_));
        match self.scope {
            GateScope::AllItems => asked_for,
            GateScope::Severity(worst) => {
                asked_for && item.severity != Severity::Unspecified && item.severity <= *worst
            }
            // A rule that names a section "Future work" means its items; otherwise what is set apart stays apart.
            GateScope::Sections(_) => item
                .section
                .and_then(|section| self.below.get(section as usize).copied())
                .flatten()
                .is_some_and(|named| asked_for || named == item.requirement),
            GateScope::Unresolved => false,
        }
    }
}

/// What one member does to its gate; `None` when it has no say (an unmarked line of text).
#[must_use]
pub fn member_result(
    item: &Item,
    shown: Shown,
    policy: &Policy,
    waivers: &WaiverIndex,
    now: Timestamp,
) -> Option<GateResult> {
    let held = |by_policy| {
        if by_policy == Unproven::Hold {
            GateResult::Inconclusive
        } else {
            GateResult::Pass
        }
    };
    let result = match item.declared {
        declared if is_undone(declared) => GateResult::Fail,
        Status::Done | Status::Verified => match shown {
            Shown::Refuted => GateResult::Fail,
            Shown::Supported => GateResult::Pass,
            Shown::Vacuous | Shown::Stale | Shown::Nothing => held(unproven(item.severity, policy)),
        },
        Status::Unmarked if unmarked(item, policy) == Unproven::Hold => GateResult::Inconclusive,
        Status::Unmarked => return None,
        _ => GateResult::Pass,
    };
    let waived = result != GateResult::Pass
        && !waivers.is_empty()
        && matches!(waivers.standing(item.uid, now), Standing::Active { .. });
    Some(if waived { GateResult::Bypassed } else { result })
}

/// Judges one rule of a document; `None` when it guards a later stage than the one that is judged.
#[must_use]
pub fn judge_gate(
    report: &Report,
    shown: &[Shown],
    gate: &DocumentGate,
    policy: &Policy,
    waivers: &WaiverIndex,
    now: Timestamp,
) -> Option<GateOutcome> {
    if gate.stage > policy.stage {
        return None;
    }
    let outcome = |result, message| {
        Some(GateOutcome {
            id: format!("document:{}:{}", report.path, gate.line),
            mode: policy.document_gates,
            result,
            message,
            source: format!("{}:{}", report.path, gate.line),
        })
    };
    if policy.document_gates == GateMode::Off {
        return outcome(GateResult::Off, format!("“{}” is switched off", gate.text));
    }

    let mut worst = GateResult::Off;
    let mut all = 0_u32;
    let mut failing = 0_u32;
    let mut unproven = 0_u32;
    let mut waived = 0_u32;
    let mut first: Option<&Item> = None;
    for (index, item) in Members::of(report, &gate.scope).items() {
        let shown = shown.get(index).copied().unwrap_or_default();
        let Some(result) = member_result(item, shown, policy, waivers, now) else {
            continue;
        };
        all += 1;
        match result {
            GateResult::Fail => failing += 1,
            GateResult::Inconclusive => unproven += 1,
            GateResult::Bypassed => waived += 1,
            _ => {}
        }
        if result < worst {
            worst = result;
            first = Some(item);
        }
    }
    let rule = &gate.text;
    if all == 0 {
        let why = if gate.scope == GateScope::Unresolved {
            "its words name no item of the document"
        } else {
            "no item of the document is in its scope"
        };
        return outcome(GateResult::Vacuous, format!("“{rule}” proves nothing: {why}"));
    }
    let named = first.map_or_else(String::new, |item| {
        format!("`{}` in line {}", name_of(item), item.line)
    });
    let message = match worst {
        GateResult::Fail => format!("“{rule}”: {failing} of {all} items are not done, first {named}"),
        GateResult::Inconclusive => {
            format!("“{rule}”: {unproven} of {all} items have no proof that they are done, first {named}")
        }
        GateResult::Bypassed => format!("“{rule}”: {waived} of {all} items are waived, first {named}"),
        _ => format!("“{rule}”: all {all} items are declared done or not applicable"),
    };
    outcome(worst, message)
}

/// The gate that every release has: its items. Listed beside the others; the items themselves are the reasons.
#[must_use]
pub fn items_gate(stage: &str, counts: &Counts, asked_for: u32, worst: Verdict) -> GateOutcome {
    let (result, message) = if asked_for == 0 {
        (
            GateResult::Vacuous,
            format!("no item of a report is required for {stage}"),
        )
    } else {
        let blocking = counts.blocking;
        match worst {
            Verdict::NoGo => (
                GateResult::Fail,
                format!("{blocking} of {} items block", counts.items),
            ),
            Verdict::Hold => (
                GateResult::Inconclusive,
                format!("{blocking} of {} items have no proof", counts.items),
            ),
            Verdict::GoWithWaivers => (
                GateResult::Bypassed,
                "no item blocks, because some are waived".to_owned(),
            ),
            Verdict::Go => (GateResult::Pass, format!("none of {} items blocks", counts.items)),
        }
    };
    GateOutcome {
        id: format!("items:{stage}"),
        mode: GateMode::Enforce,
        result,
        message,
        source: String::new(),
    }
}

/// How a sentence calls an item: its id where it has one, or its title.
#[must_use]
pub fn name_of(item: &Item) -> &str {
    item.id.as_deref().unwrap_or(&item.title)
}
