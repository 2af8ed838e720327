//! A document whose paths are nearly all absent, then and now, speaks of another tree: that is no lie of each path.

use std::collections::BTreeMap;

use crate::model::{Claim, ClaimVerdict};

/// From so many absent paths on a document may be about another tree.
const FEW: usize = 3;

/// Takes the refutations of absent paths back when nearly all paths of the document are absent.
pub(super) fn another_tree(claims: &mut [&mut Claim]) {
    let mut paths: BTreeMap<&str, bool> = BTreeMap::new();
    for claim in claims.iter() {
        if !matches!(claim.said.predicate, "exists" | "line" | "matches") {
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
        let nothing = claim.said.predicate == "matches" && matches!(claim.verdict, ClaimVerdict::Vacuous(_));
        if is_absent(claim) || nothing {
            claim.verdict = ClaimVerdict::Unverifiable(why.clone());
            claim.reason = why.clone();
        }
    }
}

fn is_absent(claim: &Claim) -> bool {
    matches!(&claim.verdict, ClaimVerdict::Refuted { actual, .. } if &**actual == "it does not")
}
