//! One document judged as a whole: the unit that is remembered between judgements.

use jiff::Timestamp;

use super::derive::JudgedItem;
use super::{GateOutcome, ItemState, ReasonOrder, WaiverIndex, judge_gate, judge_item, shown};
use crate::model::{
    Claim, ClaimKind, ClaimVerdict, DeclaredVerdictKind, Policy, Problem, ProblemSeverity, Report, Severity,
    Status, Verdict,
};

/// Counts over the documents that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Documents that count.
    pub documents: u32,
    /// All items.
    pub items: u32,
    /// Items that block a gate (their reason's effect is NO-GO or HOLD).
    pub blocking: u32,
    /// Items that are declared done or verified.
    pub done: u32,
    /// Items whose markers disagree.
    pub conflicted: u32,
    /// Claims.
    pub claims: u32,
    /// Refuted claims.
    pub refuted: u32,
    /// Contradictions.
    pub contradictions: u32,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.documents += other.documents;
        self.items += other.items;
        self.blocking += other.blocking;
        self.done += other.done;
        self.conflicted += other.conflicted;
        self.claims += other.claims;
        self.refuted += other.refuted;
        self.contradictions += other.contradictions;
    }
}

/// What the verdict makes of one document under one policy and one set of waivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentVerdict {
    /// One state per item, in the order of the report.
    pub states: Vec<ItemState>,
    /// Reasons, worst first, then by line.
    pub reasons: Box<[LocalReason]>,
    /// The document's own gates.
    pub gates: Vec<GateOutcome>,
    /// Problems of a document that counts, and of one that was read in part.
    pub problems: Vec<Problem>,
    /// Its share of the figures.
    pub counts: Counts,
    /// Items that the judged stage asks for, of whatever severity. None anywhere: there is nothing to judge.
    pub asked_for: u32,
    /// From when until when this judgement holds; wider than any clock unless a waiver speaks of an item.
    pub valid: (Timestamp, Timestamp),
}

/// A reason inside of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalReason {
    /// The verdict that it alone would give.
    pub effect: Verdict,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub kind: LocalKind,
}

/// What a reason inside of one document is about; numbers index the report's lists, those of claims the
/// checked claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalKind {
    /// An item.
    Item(u32),
    /// A contradiction.
    Contradiction(u32),
    /// A declared verdict.
    Declared(u32),
    /// A refuted claim that no contradiction speaks of.
    Claim(u32),
}

impl DocumentVerdict {
    /// Whether the judgement still holds at a moment.
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.valid.0 <= now && now < self.valid.1
    }
}

/// Judges one document. One that does not count gets states to show and nothing else.
#[must_use]
pub fn judge_document(
    report: &Report,
    claims: &[Claim],
    policy: &Policy,
    waivers: &WaiverIndex,
    now: Timestamp,
) -> DocumentVerdict {
    let counts = report.recognition.counts;
    let mut verdict = DocumentVerdict {
        states: Vec::with_capacity(report.items.len()),
        reasons: Box::default(),
        gates: Vec::new(),
        problems: problems_of(report),
        counts: Counts::default(),
        asked_for: 0,
        valid: validity(report, waivers, now),
    };
    let mut reasons = Vec::new();
    let shown = shown(report.items.len(), claims);
    for ((index, item), &shown) in (0_u32..).zip(&report.items).zip(&shown) {
        let JudgedItem { mut state, listed } = judge_item(item, shown, policy, waivers, now);
        if !counts {
            state.effect = Verdict::Go;
            verdict.states.push(state);
            continue;
        }
        verdict.states.push(state);
        verdict.asked_for += u32::from(item.requirement.applies_to(policy.stage));
        verdict.counts.blocking += u32::from(state.effect >= Verdict::Hold);
        verdict.counts.done += u32::from(item.declared.says_done());
        verdict.counts.conflicted += u32::from(item.declared == Status::Conflicted);
        if listed {
            let reason = LocalReason {
                effect: state.effect,
                severity: item.severity,
                kind: LocalKind::Item(index),
            };
            reasons.push((reason, item.line));
        }
    }
    if !counts {
        return verdict;
    }

    verdict.counts.documents = 1;
    verdict.counts.items = len(report.items.len());
    verdict.counts.claims = len(claims.len());
    verdict.counts.contradictions = len(report.contradictions.len());
    contradictions(report, claims, &mut verdict.counts, &mut reasons);
    declared(report, policy, &mut reasons);
    verdict.gates = report
        .gates
        .iter()
        .filter_map(|gate| judge_gate(report, &shown, gate, policy, waivers, now))
        .collect();

    reasons.sort_by_key(|(reason, line)| (ReasonOrder::bucket(reason.effect, reason.severity), *line));
    verdict.reasons = reasons.into_iter().map(|(reason, _)| reason).collect();
    verdict
}

/// A report that contradicts itself cannot carry a GO; it is not by itself a NO-GO.
fn contradictions(
    report: &Report,
    claims: &[Claim],
    counts: &mut Counts,
    reasons: &mut Vec<(LocalReason, u32)>,
) {
    let held = |kind| LocalReason {
        effect: Verdict::Hold,
        severity: Severity::High,
        kind,
    };
    for (index, contradiction) in (0_u32..).zip(&report.contradictions) {
        let line = contradiction.lines.first().copied().unwrap_or(1);
        reasons.push((held(LocalKind::Contradiction(index)), line));
    }
    for (index, claim) in (0_u32..).zip(claims) {
        if !matches!(claim.verdict, ClaimVerdict::Refuted { .. }) {
            continue;
        }
        counts.refuted += 1;
        let told = claim.kind == ClaimKind::Arithmetic
            && report
                .contradictions
                .iter()
                .any(|told| told.lines.contains(&claim.line));
        if !told {
            reasons.push((held(LocalKind::Claim(index)), claim.line));
        }
    }
}

/// A document that itself says NO-GO or HOLD cannot carry a GO. That it says GO never helps.
fn declared(report: &Report, policy: &Policy, reasons: &mut Vec<(LocalReason, u32)>) {
    for (index, declared) in (0_u32..).zip(&report.declared_verdicts) {
        // What keeps an earlier stage from starting keeps a later one from starting too.
        if declared.historical || declared.stage > policy.stage {
            continue;
        }
        let (effect, severity) = match declared.verdict {
            DeclaredVerdictKind::NoGo => (Verdict::NoGo, Severity::Blocker),
            DeclaredVerdictKind::Hold | DeclaredVerdictKind::Conditional => (Verdict::Hold, Severity::High),
            DeclaredVerdictKind::Go => continue,
        };
        let reason = LocalReason {
            effect,
            severity,
            kind: LocalKind::Declared(index),
        };
        reasons.push((reason, declared.line));
    }
}

/// The document's own problems, and one for a part that was not read, if the reader told none.
fn problems_of(report: &Report) -> Vec<Problem> {
    let mut problems = report.problems.clone();
    if !report.recognition.counts {
        // It does not count, so nothing is lost to the verdict; it stays listed.
        for problem in &mut problems {
            problem.severity = problem.severity.max(ProblemSeverity::Warning);
        }
        return problems;
    }
    let told = problems
        .iter()
        .any(|problem| problem.severity == ProblemSeverity::Error);
    if let Some(cut) = report.truncated
        && !told
    {
        problems.push(Problem {
            severity: ProblemSeverity::Error,
            at: report.path.as_str().into(),
            what: format!(
                "only the first {} of {} bytes were read; items after them are unknown",
                cut.read, cut.size
            )
            .into(),
            hint: Some("split the document, or leave it out with `reports.exclude` in `gonogo.toml`".into()),
        });
    }
    problems
}

/// The span of time around `now` in which no waiver of an item of this report begins or ends to count.
fn validity(report: &Report, waivers: &WaiverIndex, now: Timestamp) -> (Timestamp, Timestamp) {
    let mut valid = (Timestamp::MIN, Timestamp::MAX);
    if waivers.is_empty() {
        return valid;
    }
    for item in &report.items {
        for &(_, end) in waivers.ends(item.uid) {
            if end <= now {
                valid.0 = valid.0.max(end);
            } else {
                valid.1 = valid.1.min(end);
            }
        }
    }
    valid
}

fn len(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
