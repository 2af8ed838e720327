//! Everything that was applied to one assessment. A document is judged again only when it, the policy or the
//! waivers changed, or a waiver of one of its items ended; putting the parts together is linear and light.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::assessment::{Assessment, Counts, GateOutcome, JudgedCi, JudgedDocument, UidIndex};
use super::{Engine, definitions, words};
use crate::evidence::pieces;
use crate::evidence::targets::in_force;
use crate::model::{
    CoverageTarget, Evidence, EvidenceKind, GateMode, GateResult, Gathered, Outcome, Policy, Problem,
    ProblemSeverity, Reason, ReasonKind, RepoPath, Severity, Verdict,
};
use crate::verdict::{
    DocumentVerdict, LocalKind, ReasonOrder, WaiverIndex, effect_of_gate, is_told, items_gate, judge_ci,
    judge_demands, judge_document, judge_evidence, verdict_of,
};

/// How the ids of the members of CI begin.
const OF_CI: &str = "ci:";

/// What is remembered between judgements.
pub(super) type Memo = HashMap<RepoPath, Arc<Judged>>;

/// A document's judgement with its lists.
#[derive(Debug)]
pub(super) struct Judged {
    document: Arc<JudgedDocument>,
    verdict: DocumentVerdict,
}

/// Judges the engine's state.
pub(super) fn assess(engine: &mut Engine, now: Timestamp) -> Assessment {
    let judged = judge_all(engine, now);
    let gathering = engine.gather(now);
    let gathered = &gathering.evidence;
    let policy = &engine.policy;

    let mut counts = Counts::default();
    let mut asked_for = 0;
    let mut problems = engine.problems.clone();
    let mut gates = Vec::new();
    let mut worst_item = Verdict::Go;
    for judged in &judged {
        let verdict = &judged.verdict;
        counts += verdict.counts;
        asked_for += verdict.asked_for;
        problems.extend_from_slice(&verdict.problems);
        gates.extend_from_slice(&verdict.gates);
        worst_item = verdict
            .states
            .iter()
            .map(|state| state.effect)
            .max()
            .unwrap_or(Verdict::Go)
            .max(worst_item);
    }
    gates.push(items_gate(policy.stage.word(), &counts, asked_for, worst_item));
    let ci = judged_ci(engine);
    let of_ci = ci.iter().flat_map(|ci| ci.verdict.evidence.iter());
    let mut evidence = engine.evidence.clone();
    evidence.extend(pieces(gathered));
    evidence.extend(of_ci.cloned());
    let evidence = in_fixed_order(evidence);
    let documents = judged.iter().map(|judged| &judged.document.report);
    let counting = documents.filter(|report| report.recognition.counts);
    let (targets, disagreements) = in_force(
        policy,
        &gathering.targets,
        counting.flat_map(|report| &report.targets),
    );
    let mut of_files = as_there(&engine.evidence, gathered, policy, &targets);
    // Files of another CI system stand beside what the service says, and for it where it could not be asked.
    let in_files = of_files.iter().any(|piece| piece.kind == EvidenceKind::Ci);
    let asked = ci.as_deref().filter(|ci| !in_files || ci.facts.none.is_none());
    if let Some(ci) = asked.filter(|ci| ci.verdict.result == GateResult::Pass) {
        of_files.extend_from_slice(&ci.verdict.evidence);
    }
    for gate in judge_evidence(policy, &in_fixed_order(of_files)) {
        if let Some(ci) = asked.filter(|_| gate.kind == Some(EvidenceKind::Ci)) {
            gates.extend(gates_of_ci(ci, gate.mode));
            if !in_files || gate.result == GateResult::Pass {
                continue;
            }
        }
        gates.push(GateOutcome {
            id: words::evidence_gate_id(gate.kind),
            mode: gate.mode,
            result: gate.result,
            message: words::evidence_gate(&gate, &engine.repository, gathered),
            source: gate
                .worst
                .map_or_else(String::new, |piece| piece.source.to_string()),
        });
    }
    problems.extend_from_slice(&gathering.problems);
    problems.extend(disagreements);
    gates.extend(judge_demands(policy, &targets, gathered, now));
    // Stable, so that gates of one result stay in the order of documents and lines.
    gates.sort_by_key(|gate| {
        (
            gate.mode == GateMode::Off,
            gate.result,
            gate.mode != GateMode::Enforce,
        )
    });

    let reasons = in_order(&general(&gates, &problems, asked_for), &judged);
    Assessment {
        at: now,
        stage: policy.stage,
        repository: engine.repository.clone(),
        verdict: verdict_of(&reasons),
        reasons,
        counts,
        gates,
        documents: judged.iter().map(|judged| Arc::clone(&judged.document)).collect(),
        evidence,
        gathered: Arc::clone(gathered),
        ci,
        targets,
        problems,
        uids: UidIndex::default(),
    }
}

/// What CI says, judged; `None` when it was not asked or does not matter.
fn judged_ci(engine: &Engine) -> Option<Arc<JudgedCi>> {
    let facts = engine.ci.as_ref()?;
    let policy = &engine.policy;
    let mode = policy
        .evidence
        .get(&EvidenceKind::Ci)
        .copied()
        .unwrap_or_default();
    (mode != GateMode::Off).then(|| {
        let facts = definitions::with_definitions(facts, &engine.known);
        Arc::new(JudgedCi {
            verdict: judge_ci(&facts, &policy.ci, mode, engine.repository.commit.as_deref()),
            facts,
        })
    })
}

/// The gate of the kind, and one for each of its members that does not pass.
fn gates_of_ci(ci: &JudgedCi, mode: GateMode) -> Vec<GateOutcome> {
    let verdict = &ci.verdict;
    let mut gates = vec![GateOutcome {
        id: words::evidence_gate_id(Some(EvidenceKind::Ci)),
        mode,
        result: verdict.result,
        message: verdict.message.clone(),
        source: verdict.url.clone(),
    }];
    let telling = verdict
        .members
        .iter()
        .filter(|member| member.result != GateResult::Pass);
    gates.extend(telling.map(|member| GateOutcome {
        id: member.id.clone(),
        mode: member.mode,
        result: member.result,
        message: member.message.clone(),
        source: member.url.clone(),
    }));
    gates
}

/// The pieces for the gates that ask whether there is evidence and whether it speaks of HEAD. What the files of tools
/// show is judged by the limits, rules and targets, which may say that a finding does no harm.
fn as_there(
    outside: &[Evidence],
    gathered: &Gathered,
    policy: &Policy,
    targets: &[CoverageTarget],
) -> Vec<Evidence> {
    let mut there = pieces(gathered);
    // Coverage that is not asked for and that nothing is held against shows nothing.
    let decides = |target: &CoverageTarget| target.mode == GateMode::Enforce && target.target.is_some();
    if policy.evidence.get(&EvidenceKind::Coverage) == Some(&GateMode::Off) && !targets.iter().any(decides) {
        there.retain(|piece| piece.kind != EvidenceKind::Coverage);
    }
    for piece in &mut there {
        if piece.outcome == Outcome::Fail {
            piece.outcome = Outcome::Warn;
        }
    }
    there.extend_from_slice(outside);
    there
}

/// Every document judged, in the order of paths; from memory where that still holds.
fn judge_all(engine: &mut Engine, now: Timestamp) -> Vec<Arc<Judged>> {
    let gathering = engine.gather(now);
    engine.checked.hold_against(&gathering.evidence);
    super::checked::check_all(engine);
    engine.siblings.compare(&engine.documents);
    let waivers = WaiverIndex::of(&engine.waivers);
    let mut judged = Vec::with_capacity(engine.documents.len());
    for (path, report) in &engine.documents {
        let report = engine.siblings.of(report);
        let claims = engine.checked.claims(path);
        let remembered = engine.memo.get(path).filter(|old| {
            let old_report = &old.document.report;
            old.verdict.holds_at(now)
                && (Arc::ptr_eq(old_report, report) || old_report == report)
                && Arc::ptr_eq(&old.document.claims, &claims)
        });
        if let Some(remembered) = remembered {
            judged.push(Arc::clone(remembered));
            continue;
        }
        let verdict = judge_document(report, &claims, &engine.policy, &waivers, now);
        let fresh = Arc::new(Judged {
            document: Arc::new(JudgedDocument {
                report: Arc::clone(report),
                states: verdict.states.clone(),
                claims,
            }),
            verdict,
        });
        engine.memo.insert(path.clone(), Arc::clone(&fresh));
        judged.push(fresh);
    }
    if engine.memo.len() > engine.documents.len() {
        let documents = &engine.documents;
        engine.memo.retain(|path, _| documents.contains_key(path));
    }
    judged
}

/// The reasons that belong to no document's own list.
fn general(gates: &[GateOutcome], problems: &[Problem], asked_for: u32) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let told_by_members = gates
        .iter()
        .any(|gate| gate.id.starts_with(OF_CI) && gate.mode == GateMode::Enforce);
    if asked_for == 0 {
        reasons.push(Reason {
            effect: Verdict::Hold,
            severity: Severity::Blocker,
            kind: ReasonKind::Nothing,
        });
    }
    for (index, gate) in (0_u32..).zip(gates) {
        // The items are reasons themselves, and an empty list of items is `Nothing`.
        if gate.id.starts_with("items:") || matches!(gate.result, GateResult::Pass | GateResult::Off) {
            continue;
        }
        if is_told(gate, gates) {
            continue;
        }
        // The worst of its members is as bad, and says which one it is.
        if told_by_members && gate.id == words::evidence_gate_id(Some(EvidenceKind::Ci)) {
            continue;
        }
        reasons.push(Reason {
            effect: effect_of_gate(gate.mode, gate.result),
            severity: Severity::Blocker,
            kind: ReasonKind::Gate(index),
        });
    }
    for (index, problem) in (0_u32..).zip(problems) {
        if problem.severity == ProblemSeverity::Error {
            reasons.push(Reason {
                effect: Verdict::Hold,
                severity: Severity::Critical,
                kind: ReasonKind::Problem(index),
            });
        }
    }
    reasons
}

/// All reasons, worst first; of equal ones the general before those of documents, these by path and line.
fn in_order(general: &[Reason], judged: &[Arc<Judged>]) -> Vec<Reason> {
    let bucket = |reason: &Reason| ReasonOrder::bucket(reason.effect, reason.severity);
    let of_documents = judged.iter().flat_map(|judged| judged.verdict.reasons.iter());
    let buckets = of_documents.map(|reason| ReasonOrder::bucket(reason.effect, reason.severity));
    let mut order = ReasonOrder::counted(general.iter().map(bucket).chain(buckets));

    let all = general.len()
        + judged
            .iter()
            .map(|judged| judged.verdict.reasons.len())
            .sum::<usize>();
    let filler = Reason {
        effect: Verdict::Go,
        severity: Severity::Info,
        kind: ReasonKind::Nothing,
    };
    let mut reasons = vec![filler; all];
    let mut put = |reason: Reason| {
        let place = order.place(bucket(&reason));
        if let Some(slot) = reasons.get_mut(place) {
            *slot = reason;
        }
    };
    general.iter().copied().for_each(&mut put);
    for (document, judged) in (0_u32..).zip(judged) {
        for local in &judged.verdict.reasons {
            put(Reason {
                effect: local.effect,
                severity: local.severity,
                kind: match local.kind {
                    LocalKind::Item(index) => ReasonKind::Item(document, index),
                    LocalKind::Contradiction(index) => ReasonKind::Contradiction(document, index),
                    LocalKind::Declared(index) => ReasonKind::Declared(document, index),
                    LocalKind::Claim(index) => ReasonKind::Claim(document, index),
                },
            });
        }
    }
    reasons
}

/// The evidence in an order that does not depend on its arrival, down to the last detail.
fn in_fixed_order(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort_by_cached_key(|piece| {
        (
            piece.kind,
            piece.source.clone(),
            piece.produced_at,
            format!("{piece:?}"),
        )
    });
    evidence
}
