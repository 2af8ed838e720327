//! A document whose paths are nearly all absent, then and now, speaks of another tree: nothing that it says is a lie about
//! this repository, of whatever kind the claim is.
//!
//! Not here: single absent paths in a document whose other paths are there.

use std::collections::BTreeMap;

use crate::model::{Claim, ClaimKind, ClaimVerdict};

/// From so many absent paths on a document may be about another tree.
const FEW: usize = 3;

/// Takes what was said against the claims of some rules back when nearly all paths of their document are absent.
pub(super) fn another_tree(claims: &mut [Claim], is_checked: impl Fn(&Claim) -> bool) {
    let mut paths: BTreeMap<&str, bool> = BTreeMap::new();
    for claim in claims.iter() {
        let path = matches!(claim.said.predicate, "exists" | "line" | "matches");
        if claim.kind != ClaimKind::File || !path || !is_checked(claim) {
            continue;
        }
        let there = match claim.verdict {
            ClaimVerdict::NotChecked => continue,
            ClaimVerdict::Refuted { .. } => !is_absent(claim),
            // A path whose folder nobody knows is as absent as one in a known folder.
            ClaimVerdict::Unverifiable(_) | ClaimVerdict::Vacuous(_) => claim.at_head.says_yes(),
            _ => true,
        };
        *paths.entry(&claim.said.subject).or_default() |= there;
    }
    let absent = paths.values().filter(|there| !**there).count();
    if absent < FEW || absent * 5 < paths.len() * 4 {
        return;
    }
    let why: Box<str> = format!(
        "{absent} of the {} paths that this document names are not in this repository: it may speak of another one",
        paths.len()
    )
    .into();
    for claim in claims.iter_mut() {
        let against = match &claim.verdict {
            ClaimVerdict::PartlyHolds { .. } | ClaimVerdict::Vacuous(_) => true,
            verdict => verdict.says_no(),
        };
        if !is_checked(claim) {
            continue;
        }
        // What holds by chance in another tree shows nothing of an item.
        claim.supports = false;
        if against {
            claim.verdict = ClaimVerdict::Unverifiable(why.clone());
            claim.reason = why.clone();
        }
    }
}

fn is_absent(claim: &Claim) -> bool {
    matches!(&claim.verdict, ClaimVerdict::Refuted { actual, .. } if &**actual == "it does not")
}
