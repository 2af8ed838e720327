//! What a CI service says against what a release needs.
//!
//! Where the branch or the team names required checks, these decide and all others are shown; otherwise every check of
//! the commit decides. A check passes only when it was read in full and of this commit; everything that could not be
//! read holds. Not here: how it is read. Invariants (tests below and in `tests/it/verdict.rs`): no checks at all is
//! HOLD; an unknown word is inconclusive; a required check that nobody reported is missing; two workflows with a job of
//! one name are two checks; taking a source or a check away never makes a GO.

mod around;
mod members;
mod outcome;
#[cfg(test)]
mod tests;

use crate::model::ci::{CiFacts, CiRules};
use crate::model::{Binding, Collection, Evidence, EvidenceKind, Freshness, GateMode, GateResult, Outcome};

pub use outcome::{matches, outcome};

/// One thing that CI says, with its result: a check, a requirement, a source that could not be read, alerts, an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CiMember {
    /// The gate's id: `ci:.github/workflows/ci.yml:test:push`.
    pub id: String,
    /// Whether it decides.
    pub mode: GateMode,
    /// Its result.
    pub result: GateResult,
    /// One sentence.
    pub message: String,
    /// A page, or empty.
    pub url: String,
    /// Its place in [`CiFacts::checks`], where it is one of them.
    pub check: Option<usize>,
    /// It speaks of a check, not of what stands around it; only these are evidence.
    pub is_check: bool,
}

/// What CI comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CiVerdict {
    /// Everything it says, worst first.
    pub members: Vec<CiMember>,
    /// The worst of what decides.
    pub result: GateResult,
    /// One sentence.
    pub message: String,
    /// The page of the commit's checks, or empty.
    pub url: String,
    /// The checks as evidence.
    pub evidence: Vec<Evidence>,
}

/// Judges what CI says of HEAD. `mode` is that of the evidence kind `ci`: nothing of it decides more than that.
#[must_use]
pub fn judge_ci(facts: &CiFacts, rules: &CiRules, mode: GateMode, head: Option<&str>) -> CiVerdict {
    if let Some(none) = &facts.none {
        return nothing(facts, none);
    }
    let mut found = members::of(facts, rules, head);
    found.extend(around::alerts(facts, rules));
    found.extend(around::issues(facts, rules));
    found.extend(around::artifacts(facts));
    for member in &mut found {
        if mode != GateMode::Enforce {
            member.mode = mode;
        }
    }
    // Stable, and by id within: the order of GitHub's lists says nothing.
    found.sort_by(|a, b| {
        let key = |m: &CiMember| (m.mode != GateMode::Enforce, m.result, rank(m));
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    let decides = |member: &&CiMember| member.mode == mode;
    let worst = found.iter().filter(decides).min_by_key(|member| member.result);
    let bound = members::is_bound(facts, head);
    let evidence = found
        .iter()
        .filter(|member| member.is_check)
        .map(|member| piece(member, facts, bound))
        .collect();
    let count = found
        .iter()
        .filter(decides)
        .filter(|member| member.is_check)
        .count();
    CiVerdict {
        result: worst.map_or(GateResult::Missing, |worst| worst.result),
        message: match worst {
            Some(worst) if worst.result == GateResult::Pass => {
                format!("CI: {} passed at {}", counted(count, "check"), commit_of(facts))
            }
            Some(worst) => format!("CI: {}", worst.message),
            None => format!("CI: nothing was reported at {}", commit_of(facts)),
        },
        url: facts.url.to_string(),
        members: found,
        evidence,
    }
}

/// Of equally bad ones the checks speak first, then what could not be read of them.
fn rank(member: &CiMember) -> u8 {
    match member.is_check {
        true => 0,
        false if member.id.starts_with("ci:source:") || member.id == "ci:commit" => 1,
        false => 2,
    }
}

/// CI that could not be asked.
fn nothing(facts: &CiFacts, none: &Collection) -> CiVerdict {
    let why = match none {
        Collection::Absent => &*facts.note,
        none => none.why(),
    };
    let message = if why.is_empty() {
        "CI: GitHub has not answered yet".to_owned()
    } else {
        format!("CI: {why}")
    };
    // What is not there is no evidence; what could not be had is evidence that was not had.
    let tried = (*none != Collection::Absent).then(|| Evidence {
        kind: EvidenceKind::Ci,
        source: if facts.url.is_empty() {
            "GitHub".into()
        } else {
            facts.url.clone()
        },
        collection: none.clone(),
        outcome: Outcome::Inconclusive,
        binding: Binding::Unbound,
        freshness: Freshness::Aging,
        produced_at: None,
    });
    CiVerdict {
        members: Vec::new(),
        result: match none {
            Collection::Absent => GateResult::Missing,
            Collection::Fetching => GateResult::Pending,
            _ => GateResult::Inconclusive,
        },
        message,
        url: facts.url.to_string(),
        evidence: tried.into_iter().collect(),
    }
}

fn piece(member: &CiMember, facts: &CiFacts, bound: bool) -> Evidence {
    let check = member.check.and_then(|at| facts.checks.get(at));
    let (collection, outcome) = match member.result {
        GateResult::Pass | GateResult::Off => (Collection::Collected, Outcome::Pass),
        GateResult::Bypassed => (Collection::Collected, Outcome::Warn),
        GateResult::Fail => (Collection::Collected, Outcome::Fail),
        GateResult::Error => (Collection::Collected, Outcome::Error),
        GateResult::Missing => (Collection::Absent, Outcome::NotEvaluated),
        GateResult::Pending => (Collection::Fetching, Outcome::Inconclusive),
        GateResult::Vacuous | GateResult::NotEvaluated => (Collection::Collected, Outcome::NotEvaluated),
        GateResult::Inconclusive | GateResult::PendingHuman => (Collection::Collected, Outcome::Inconclusive),
    };
    Evidence {
        kind: EvidenceKind::Ci,
        source: if member.url.is_empty() {
            member.id.as_str().into()
        } else {
            member.url.as_str().into()
        },
        collection,
        outcome,
        binding: if bound { Binding::Exact } else { Binding::Unrelated },
        freshness: Freshness::Fresh,
        produced_at: check.and_then(|check| check.completed_at),
    }
}

fn commit_of(facts: &CiFacts) -> String {
    match &facts.commit {
        Some(commit) => format!("`{}`", commit.short()),
        None => "the commit that was asked about".to_owned(),
    }
}

fn counted(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{plural}")
}
