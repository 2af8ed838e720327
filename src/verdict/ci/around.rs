//! What stands around the checks: open alerts and blocker issues.
//!
//! A feature that is switched off, or that a token may not read, is told and does not decide: many tokens can never
//! read alerts. A source that is there and fails holds.

use super::{CiMember, counted};
use crate::model::ci::{Alert, CiFacts, CiRules, CiSource};
use crate::model::{Collection, GateMode, GateResult};

/// One member for each kind of alerts that was asked for.
pub(super) fn alerts(facts: &CiFacts, rules: &CiRules) -> Vec<CiMember> {
    if rules.alerts == GateMode::Off {
        return Vec::new();
    }
    [CiSource::CodeScanning, CiSource::Dependabot, CiSource::Secrets]
        .into_iter()
        .filter(|source| facts.sources.contains_key(source))
        .map(|source| alerts_of(facts, rules.alerts, source))
        .collect()
}

/// How much an alert matters; `None` when its words say neither.
fn is_severe(alert: &Alert) -> Option<bool> {
    // A leaked secret is as bad as it gets; GitHub gives it no severity.
    if alert.source == CiSource::Secrets {
        return Some(true);
    }
    match &*alert.severity {
        "critical" | "high" | "error" => Some(true),
        "medium" | "moderate" | "low" | "warning" | "note" | "none" => Some(false),
        _ => None,
    }
}

fn alerts_of(facts: &CiFacts, mode: GateMode, source: CiSource) -> CiMember {
    let open: Vec<&Alert> = facts
        .alerts
        .iter()
        .filter(|alert| alert.source == source)
        .collect();
    let severe: Vec<_> = open
        .iter()
        .filter(|alert| is_severe(alert) == Some(true))
        .collect();
    let unclear = open.iter().filter(|alert| is_severe(alert).is_none()).count();
    let word = source.word();
    let state = facts.collection(source);
    let (mode, result, message) = if let Some(first) = severe.first() {
        let count = counted(severe.len(), "open alert");
        let bad = if source == CiSource::Secrets {
            ""
        } else {
            " of high or critical severity"
        };
        let message = format!("{word}: {count}{bad}, first #{}: {}", first.number, first.title);
        (mode, GateResult::Fail, message)
    } else {
        match state {
            Collection::Collected if unclear > 0 => {
                let message = format!("{word}: {} of unknown severity", counted(unclear, "open alert"));
                (mode, GateResult::Inconclusive, message)
            }
            Collection::Collected if source == CiSource::CodeScanning && no_analysis(facts) => {
                let message = format!("{word}: none, but no analysis of this commit was ever uploaded");
                (GateMode::Advise, GateResult::Vacuous, message)
            }
            Collection::Collected => {
                let message = format!("{word}: {} open, none of high or critical severity", open.len());
                (mode, GateResult::Pass, message)
            }
            Collection::Absent | Collection::Unauthorised(_) => {
                let why = match state.why() {
                    "" => "the repository has none",
                    why => why,
                };
                (
                    GateMode::Advise,
                    GateResult::NotEvaluated,
                    format!("{word}: {why}"),
                )
            }
            Collection::Fetching => (mode, GateResult::Pending, format!("{word} are being read")),
            Collection::Partial(why) | Collection::Error(why) | Collection::RateLimited(why) => {
                let message = format!("{word} could not be read in full: {why}");
                (mode, GateResult::Inconclusive, message)
            }
        }
    };
    CiMember {
        id: format!("ci:{}", word.replace(' ', "-").to_ascii_lowercase()),
        mode,
        result,
        message,
        url: severe
            .first()
            .map_or_else(String::new, |alert| alert.url.to_string()),
        check: None,
        is_check: false,
    }
}

fn no_analysis(facts: &CiFacts) -> bool {
    facts.analyses.is_empty() && facts.collection(CiSource::Analyses) != &Collection::Fetching
}

/// A member when artifacts that may hold evidence could not be read.
pub(super) fn artifacts(facts: &CiFacts) -> Option<CiMember> {
    let state = &facts.sources.get(&CiSource::Artifacts)?.collection;
    let (mode, result) = match state {
        Collection::Collected | Collection::Absent => return None,
        Collection::Unauthorised(_) => (GateMode::Advise, GateResult::NotEvaluated),
        Collection::Fetching => (GateMode::Enforce, GateResult::Pending),
        Collection::Partial(_) | Collection::Error(_) | Collection::RateLimited(_) => {
            (GateMode::Enforce, GateResult::Inconclusive)
        }
    };
    Some(CiMember {
        id: "ci:artifacts".to_owned(),
        mode,
        result,
        message: format!("artifacts could not be read in full: {}", state.why()),
        url: String::new(),
        check: None,
        is_check: false,
    })
}

/// One member for each blocker issue, or for not knowing them.
pub(super) fn issues(facts: &CiFacts, rules: &CiRules) -> Vec<CiMember> {
    if rules.blocker_labels.is_empty() {
        return Vec::new();
    }
    let mut members: Vec<CiMember> = facts
        .blockers
        .iter()
        .map(|issue| CiMember {
            id: format!("ci:issue:{}", issue.number),
            mode: GateMode::Enforce,
            result: GateResult::Fail,
            message: format!("blocker issue #{} is open: {}", issue.number, issue.title),
            url: issue.url.to_string(),
            check: None,
            is_check: false,
        })
        .collect();
    let (mode, result) = match facts
        .sources
        .get(&CiSource::Issues)
        .map(|state| &state.collection)
    {
        None | Some(Collection::Collected | Collection::Absent) => return members,
        Some(Collection::Unauthorised(_)) => (GateMode::Advise, GateResult::NotEvaluated),
        Some(Collection::Fetching) => (GateMode::Enforce, GateResult::Pending),
        Some(_) => (GateMode::Enforce, GateResult::Inconclusive),
    };
    let why = facts.collection(CiSource::Issues).why();
    members.push(CiMember {
        id: "ci:issues".to_owned(),
        mode,
        result,
        message: format!("blocker issues could not be read in full: {why}"),
        url: String::new(),
        check: None,
        is_check: false,
    });
    members
}
