//! The invariants of the verdict, over generated reports, evidence, waivers and policies.

use std::sync::Arc;

use gonogo::engine::{Assessment, Change, Engine};
use gonogo::model::{
    Binding, Claim, ClaimKind, ClaimVerdict, Collection, Contradiction, ContradictionKind, DeclaredVerdict,
    DeclaredVerdictKind, Derived, DocumentGate, Evidence, EvidenceKind, Freshness, GateMode, GateResult,
    GateScope, Item, Meta, Modality, Outcome, Policy, Problem, ProblemSeverity, ReasonKind, Recognition,
    RepoPath, Report, Requirement, Said, Section, Severity, Shape, Stage, Status, Truncated, Uid, Unproven,
    Verdict, Waiver,
};
use gonogo::text::{ContentHash, Encoding, Span};
use gonogo::verdict::evidence::piece_result;
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree as _;

/// Everything that a judgement depends on.
#[derive(Debug, Clone)]
struct World {
    policy: Policy,
    reports: Vec<Arc<Report>>,
    evidence: Vec<Evidence>,
    waivers: Vec<Waiver>,
}

impl World {
    fn engine(&self) -> Engine {
        let mut engine = Engine::default();
        engine.apply(Change::Policy(self.policy.clone()));
        for report in &self.reports {
            engine.apply(Change::Document(Arc::clone(report)));
        }
        engine.apply(Change::Evidence(self.evidence.clone()));
        engine.apply(Change::Waivers(self.waivers.clone()));
        engine
    }

    fn assess(&self) -> Assessment {
        self.engine().assess(noon())
    }
}

fn noon() -> Timestamp {
    at(1_000_000)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn item(path: &str, nth: usize, declared: Status, severity: Severity, requirement: Requirement) -> Item {
    let line = u32::try_from(nth).unwrap() + 10;
    Item {
        uid: Uid::of(&[path, "item"], line),
        id: None,
        title: format!("Item {nth}").into(),
        shape: Shape::Task,
        line,
        span: Span::new(line, line + 1),
        marks: gonogo::model::Marks::default(),
        declared,
        severity,
        severity_source: None,
        requirement,
        section: Some(u32::try_from(nth % 2).unwrap()),
        depth: 0,
        extras: None,
    }
}

fn section(title: &str) -> Section {
    Section {
        title: title.into(),
        level: 2,
        line: 1,
        parent: None,
        requirement: Requirement::default(),
        severity: None,
    }
}

fn report(path: &str, items: Vec<Item>) -> Report {
    let print = format!("{path} {items:?}");
    Report {
        path: RepoPath::new(path).unwrap(),
        hash: ContentHash::of(print.as_bytes()),
        encoding: Encoding::Utf8,
        truncated: None,
        title: None,
        meta: Meta::default(),
        sections: vec![section("One"), section("Two")],
        items,
        gates: Vec::new(),
        targets: Vec::new(),
        declared_verdicts: Vec::new(),
        claims: Vec::new(),
        contradictions: Vec::new(),
        figures: Vec::new(),
        problems: Vec::new(),
        recognition: Recognition {
            counts: true,
            why: Vec::new(),
        },
    }
}

fn evidence_of(kind: EvidenceKind, outcome: Outcome) -> Evidence {
    Evidence {
        kind,
        source: format!("{}.out", kind.word()).into(),
        collection: Collection::Collected,
        outcome,
        binding: Binding::Exact,
        freshness: Freshness::Fresh,
        produced_at: None,
    }
}

fn all_evidence() -> Vec<Evidence> {
    EvidenceKind::ALL
        .into_iter()
        .map(|kind| evidence_of(kind, Outcome::Pass))
        .collect()
}

fn declared_verdict(verdict: DeclaredVerdictKind) -> DeclaredVerdict {
    DeclaredVerdict {
        line: 3,
        span: Span::new(0, 2),
        text: "as the document says".into(),
        verdict,
        stage: Stage::Production,
        historical: false,
    }
}

fn claim(verdict: ClaimVerdict) -> Claim {
    Claim {
        line: 5,
        span: Span::new(0, 2),
        text: "9 of 9".into(),
        kind: ClaimKind::Arithmetic,
        rule: "arithmetic",
        said: Said {
            subject: "items".into(),
            comparator: "=",
            value: "9".into(),
            ..Said::default()
        },
        modality: Modality::Asserted,
        item: None,
        supports: false,
        at_document: verdict.clone(),
        at_head: verdict.clone(),
        verdict,
        reason: "counted".into(),
        proof: Vec::new(),
    }
}

fn requirements() -> impl Strategy<Value = Requirement> {
    prop_oneof![
        6 => select(&Stage::ALL[..]).prop_map(Requirement::Required),
        1 => select(&[
            Requirement::Optional,
            Requirement::PostDeploy,
            Requirement::Future,
            Requirement::Informational,
        ][..]),
    ]
}

/// Mostly harmless items, so that every verdict comes up.
fn statuses() -> impl Strategy<Value = Status> {
    prop_oneof![
        8 => Just(Status::Done),
        3 => Just(Status::NotApplicable),
        1 => select(&Status::ALL[..]),
    ]
}

fn items(path: &'static str) -> impl Strategy<Value = Vec<Item>> {
    vec((statuses(), select(&Severity::ALL[..]), requirements()), 0..6).prop_map(move |parts| {
        parts
            .into_iter()
            .enumerate()
            .map(|(nth, (declared, severity, requirement))| item(path, nth, declared, severity, requirement))
            .collect()
    })
}

fn gates() -> impl Strategy<Value = Vec<DocumentGate>> {
    let scope = prop_oneof![
        Just(GateScope::AllItems),
        vec(0_u32..3, 0..3).prop_map(GateScope::Sections),
        select(&Severity::ALL[..]).prop_map(GateScope::Severity),
        Just(GateScope::Unresolved),
    ];
    let gate = (scope, select(&Stage::ALL[..]), 1_u32..9).prop_map(|(scope, stage, line)| DocumentGate {
        line,
        span: Span::new(0, 1),
        text: "blocked until then".into(),
        scope,
        stage,
    });
    prop_oneof![3 => Just(Vec::new()), 1 => vec(gate, 1..3)]
}

fn reports() -> impl Strategy<Value = Vec<Arc<Report>>> {
    let one = |path: &'static str| {
        let words = prop_oneof![
            6 => Just(None),
            1 => select(&[
                DeclaredVerdictKind::NoGo,
                DeclaredVerdictKind::Hold,
                DeclaredVerdictKind::Conditional,
                DeclaredVerdictKind::Go,
            ][..]).prop_map(Some),
        ];
        let trouble = prop_oneof![9 => Just(0_u8), 1 => 1_u8..4];
        (
            items(path),
            gates(),
            words,
            trouble,
            prop_oneof![6 => Just(true), 1 => Just(false)],
        )
            .prop_map(move |(items, gates, words, trouble, counts)| {
                let mut report = report(path, items);
                report.gates = gates;
                report.declared_verdicts = words.map(declared_verdict).into_iter().collect();
                report.recognition.counts = counts;
                match trouble {
                    1 => report.contradictions.push(Contradiction {
                        kind: ContradictionKind::Total,
                        lines: vec![4, 5],
                        message: "TOTAL says 9; the rows add to 10".into(),
                        other: None,
                    }),
                    2 => report.truncated = Some(Truncated { read: 10, size: 20 }),
                    3 => report.claims.push(claim(ClaimVerdict::Refuted {
                        expected: "9".into(),
                        actual: "10".into(),
                    })),
                    _ => {}
                }
                Arc::new(report)
            })
    };
    let all = (one("docs/A.md"), one("docs/B.md"), one("docs/C.md"));
    (all, 0_usize..4).prop_map(|((a, b, c), many)| [a, b, c].into_iter().take(many).collect())
}

fn piece() -> impl Strategy<Value = Evidence> {
    let collection = prop_oneof![
        6 => Just(Collection::Collected),
        1 => Just(Collection::Absent),
        1 => Just(Collection::Fetching),
        1 => Just(Collection::Partial("cut".into())),
        1 => Just(Collection::Error("no token".into())),
    ];
    let outcome = prop_oneof![
        8 => Just(Outcome::Pass),
        1 => select(&[
            Outcome::Warn,
            Outcome::Fail,
            Outcome::NotEvaluated,
            Outcome::Inconclusive,
            Outcome::Error,
        ][..]),
    ];
    let binding = prop_oneof![
        8 => Just(Binding::Exact),
        1 => (0_u32..3, 0_u32..2)
            .prop_map(|(commits, relevant_files_changed)| Binding::Ancestor { commits, relevant_files_changed }),
        1 => select(&[Binding::Descendant, Binding::Dirty, Binding::Unrelated, Binding::Unbound][..]),
    ];
    let freshness = prop_oneof![
        8 => Just(Freshness::Fresh),
        1 => select(&[Freshness::Aging, Freshness::Stale, Freshness::Expired][..]),
    ];
    (
        select(&EvidenceKind::ALL[..]),
        collection,
        outcome,
        binding,
        freshness,
        0_u8..3,
    )
        .prop_map(
            |(kind, collection, outcome, binding, freshness, number)| Evidence {
                kind,
                source: format!("out/{number}").into(),
                collection,
                outcome,
                binding,
                freshness,
                produced_at: None,
            },
        )
}

fn evidence() -> impl Strategy<Value = Vec<Evidence>> {
    prop_oneof![
        vec(piece(), 0..6),
        Just(all_evidence()),
        vec(piece(), 1..3).prop_map(|more| {
            let mut all = all_evidence();
            all.extend(more);
            all
        }),
    ]
}

fn policies() -> impl Strategy<Value = Policy> {
    let mode = || {
        prop_oneof![
            3 => Just(GateMode::Enforce),
            1 => Just(GateMode::Advise),
            1 => Just(GateMode::Off),
        ]
    };
    let unproven = || select(&[Unproven::Hold, Unproven::Warn, Unproven::Ignore][..]);
    (
        select(&Stage::ALL[..]),
        select(&Severity::ALL[..]),
        unproven(),
        unproven(),
        vec(mode(), 4),
        mode(),
    )
        .prop_map(
            |(stage, floor, unproven_severe, unproven_other, modes, document_gates)| Policy {
                stage,
                floor,
                unproven_severe,
                unproven_other,
                evidence: EvidenceKind::ALL.into_iter().zip(modes).collect(),
                document_gates,
                ..Policy::default()
            },
        )
}

fn worlds() -> impl Strategy<Value = World> {
    let waivers = vec((any::<u16>(), 999_990_i64..1_000_010), 0..4);
    (policies(), reports(), evidence(), waivers).prop_map(|(policy, reports, evidence, waivers)| {
        let waivers = waivers
            .into_iter()
            .filter_map(|(pick, end)| waiver_of(&reports, pick, end))
            .collect();
        World {
            policy,
            reports,
            evidence,
            waivers,
        }
    })
}

fn waiver_of(reports: &[Arc<Report>], pick: u16, end: i64) -> Option<Waiver> {
    let uids: Vec<Uid> = reports
        .iter()
        .flat_map(|report| report.items.iter().map(|item| item.uid))
        .collect();
    let target = *uids.get(usize::from(pick) % uids.len().max(1))?;
    Some(Waiver {
        target,
        justification: "known and accepted".into(),
        approved_by: "ann".into(),
        expires: at(end),
    })
}

/// What counts as passing by itself. A stale pass does not: beside a fresh one it is the worst member and holds.
fn passes(piece: &Evidence) -> bool {
    piece_result(piece) == GateResult::Pass
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(1000))]

    #[test]
    fn taking_passing_evidence_away_never_improves_the_verdict(world in worlds(), keep in vec(any::<bool>(), 12)) {
        let mut less = world.clone();
        let mut keep = keep.into_iter();
        less.evidence.retain(|piece| !passes(piece) || keep.next().unwrap_or(true));
        prop_assert!(less.assess().verdict >= world.assess().verdict);
    }

    #[test]
    fn taking_whole_kinds_of_evidence_away_never_makes_a_go(
        world in worlds(),
        gone in subsequence(EvidenceKind::ALL.to_vec(), 0..=4),
    ) {
        let before = world.assess().verdict;
        let mut less = world;
        less.evidence.retain(|piece| !gone.contains(&piece.kind));
        let after = less.assess().verdict;
        prop_assert!(after.exit_code() != 0 || before.exit_code() == 0, "{before:?} became {after:?}");
    }

    #[test]
    fn a_waiver_never_yields_plain_go(world in worlds(), pick in any::<u16>(), end in 999_990_i64..1_000_010) {
        let before = world.assess().verdict;
        let mut waived = world;
        waived.waivers.extend(waiver_of(&waived.reports, pick, end));
        let after = waived.assess();
        prop_assert!(after.verdict != Verdict::Go || before == Verdict::Go, "{before:?} became GO");
        let any_waived = after.reasons.iter().any(|reason| reason.effect == Verdict::GoWithWaivers);
        prop_assert!(!any_waived || after.verdict != Verdict::Go);
    }

    #[test]
    fn past_its_end_a_waiver_does_nothing(world in worlds()) {
        let mut none = world.clone();
        none.waivers.clear();
        let last = world.waivers.iter().map(|waiver| waiver.expires).max().unwrap_or(noon());
        let ended = world.engine().assess(last);
        let never = none.engine().assess(last);
        prop_assert_eq!(ended.verdict, never.verdict);
        prop_assert_eq!(ended.counts, never.counts);
        prop_assert_eq!(ended.reasons, never.reasons);
    }

    #[test]
    fn the_list_of_items_has_the_order_of_the_reasons(world in worlds()) {
        let assessment = world.assess();
        let reasons = assessment.reasons.iter().filter_map(|reason| match reason.kind {
            ReasonKind::Item(d, i) if reason.effect >= Verdict::Hold => Some((d, i)),
            _ => None,
        });
        let listed = gonogo::app::filter::base_order(&assessment);
        let blocking = listed.into_iter().filter(|&(d, i)| {
            assessment.item(d, i).is_some_and(|(_, _, state)| gonogo::app::filter::blocks(state))
        });
        prop_assert_eq!(blocking.collect::<Vec<_>>(), reasons.collect::<Vec<_>>());
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(
        world in worlds(),
        turn in any::<proptest::sample::Index>(),
        back in any::<bool>(),
    ) {
        let mut other = world.clone();
        fn stir<T>(list: &mut [T], turn: &proptest::sample::Index, back: bool) {
            if !list.is_empty() {
                list.rotate_left(turn.index(list.len()));
            }
            if back {
                list.reverse();
            }
        }
        stir(&mut other.reports, &turn, back);
        stir(&mut other.evidence, &turn, back);
        stir(&mut other.waivers, &turn, back);
        let (a, b) = (world.assess(), other.assess());
        prop_assert_eq!(a.verdict, b.verdict);
        prop_assert_eq!(&a.reasons, &b.reasons);
        prop_assert_eq!(&a.gates, &b.gates);
        prop_assert_eq!(&a.documents, &b.documents);
    }

    #[test]
    fn judging_again_gives_what_judging_afresh_gives(first in worlds(), second in worlds(), later in 0_i64..30) {
        let mut engine = first.engine();
        let _ = engine.assess(at(999_985));
        for report in &first.reports {
            engine.apply(Change::Removed(report.path.clone()));
        }
        let _ = engine.assess(at(999_986));
        for report in &second.reports {
            engine.apply(Change::Document(Arc::clone(report)));
        }
        engine.apply(Change::Policy(second.policy.clone()));
        engine.apply(Change::Evidence(second.evidence.clone()));
        engine.apply(Change::Waivers(second.waivers.clone()));
        let _ = engine.assess(at(999_987));
        let now = at(999_985 + later);
        prop_assert_eq!(engine.assess(now), second.engine().assess(now));
    }

    #[test]
    fn a_failed_scan_never_improves_the_verdict(world in worlds()) {
        let before = world.assess().verdict;
        let mode = world.policy.evidence[&EvidenceKind::Scan];
        let mut worse = world;
        worse.evidence.push(evidence_of(EvidenceKind::Scan, Outcome::Fail));
        let after = worse.assess().verdict;
        prop_assert!(after >= before);
        prop_assert!(mode != GateMode::Enforce || after == Verdict::NoGo);
    }

    #[test]
    fn without_any_evidence_nothing_is_go(world in worlds()) {
        let mut bare = world;
        bare.evidence.clear();
        prop_assert!(bare.assess().verdict >= Verdict::Hold);
    }

    #[test]
    fn every_box_ticked_and_no_evidence_is_hold(policy in policies(), many in 1_usize..9) {
        let ticked = (0..many)
            .map(|nth| item("docs/A.md", nth, Status::Done, Severity::Unspecified, Requirement::Required(Stage::Staging)))
            .collect();
        let world = World {
            policy,
            reports: vec![Arc::new(report("docs/A.md", ticked))],
            evidence: Vec::new(),
            waivers: Vec::new(),
        };
        let assessment = world.assess();
        prop_assert_eq!(assessment.verdict, Verdict::Hold);
        let named = assessment.reasons.iter().any(|reason| {
            assessment.explain(reason).id.starts_with("evidence:") && reason.effect == Verdict::Hold
        });
        prop_assert!(named, "no reason says which evidence is missing");
    }

    #[test]
    fn what_an_unknown_api_value_becomes_is_never_go(world in worlds(), kind in select(&EvidenceKind::ALL[..])) {
        let enforced = world.policy.evidence[&kind] == GateMode::Enforce;
        let mut unknown = world;
        unknown.evidence.push(evidence_of(kind, Outcome::Inconclusive));
        prop_assert!(!enforced || unknown.assess().verdict >= Verdict::Hold);
    }

    #[test]
    fn a_document_never_supports_itself(world in worlds(), at_report in any::<proptest::sample::Index>()) {
        let before = world.assess().verdict;
        let mut boasting = world;
        if !boasting.reports.is_empty() {
            let index = at_report.index(boasting.reports.len());
            let mut report = Report::clone(&boasting.reports[index]);
            report.claims.push(claim(ClaimVerdict::Holds));
            report.declared_verdicts.push(declared_verdict(DeclaredVerdictKind::Go));
            boasting.reports[index] = Arc::new(report);
        }
        let after = boasting.assess();
        // Worse it may get: a GO in words beside a sibling's NO-GO is a contradiction.
        prop_assert!(after.verdict >= before, "{:?} after {before:?}", after.verdict);
        let supported = after.documents.iter().flat_map(|document| &document.states).any(|state| {
            matches!(state.derived, Derived::Supported | Derived::Attested)
        });
        prop_assert!(!supported);
    }

    #[test]
    fn the_verdict_is_its_worst_reason_and_reasons_come_worst_first(world in worlds()) {
        let assessment = world.assess();
        let worst = assessment.reasons.iter().map(|reason| reason.effect).max().unwrap_or(Verdict::Go);
        prop_assert_eq!(assessment.verdict, worst);
        let ordered = assessment.reasons.windows(2).all(|pair| {
            (std::cmp::Reverse(pair[0].effect), pair[0].severity) <= (std::cmp::Reverse(pair[1].effect), pair[1].severity)
        });
        prop_assert!(ordered);
        let blocking = assessment.reasons.iter().filter(|reason| {
            matches!(reason.kind, ReasonKind::Item(..)) && reason.effect >= Verdict::Hold
        });
        prop_assert_eq!(blocking.count(), assessment.counts.blocking as usize);
        for reason in &assessment.reasons {
            let text = assessment.explain(reason);
            prop_assert!(!text.message.is_empty() && !text.kind.is_empty());
        }
    }
}

/// A world that is GO, so that each test below shows what takes that away.
fn going() -> World {
    let done = |nth| {
        item(
            "docs/A.md",
            nth,
            Status::Done,
            Severity::High,
            Requirement::default(),
        )
    };
    World {
        policy: Policy::default(),
        reports: vec![Arc::new(report("docs/A.md", vec![done(0), done(1)]))],
        evidence: all_evidence(),
        waivers: Vec::new(),
    }
}

fn with_report(change: impl FnOnce(&mut Report)) -> Assessment {
    let mut world = going();
    change(Arc::make_mut(&mut world.reports[0]));
    world.assess()
}

fn gate(scope: GateScope) -> DocumentGate {
    DocumentGate {
        line: 2,
        span: Span::new(0, 1),
        text: "Blocked until all of it is done".into(),
        scope,
        stage: Stage::Production,
    }
}

#[test]
fn go_is_possible_when_everything_needed_is_there() {
    assert_eq!(going().assess().verdict, Verdict::Go);
}

#[test]
fn the_generated_worlds_reach_every_verdict() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..600 {
        let world = worlds().new_tree(&mut runner).unwrap().current();
        *seen.entry(world.assess().verdict).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let codes = [
        (Verdict::Go, 0),
        (Verdict::GoWithWaivers, 0),
        (Verdict::NoGo, 1),
        (Verdict::Hold, 3),
    ];
    for (verdict, code) in codes {
        assert_eq!(verdict.exit_code(), code, "{verdict:?}");
    }
}

#[test]
fn a_gate_over_nothing_is_vacuous_and_holds() {
    for scope in [
        GateScope::Unresolved,
        GateScope::Sections(vec![7]),
        GateScope::Sections(Vec::new()),
        GateScope::Severity(Severity::Blocker),
    ] {
        let assessment = with_report(|report| report.gates.push(gate(scope.clone())));
        assert_eq!(assessment.verdict, Verdict::Hold, "{scope:?}");
        assert_eq!(assessment.gates[0].result.word(), "vacuous", "{scope:?}");
    }
}

#[test]
fn a_gate_over_all_items_waits_for_those_below_the_floor_too() {
    let low = |report: &mut Report| {
        report.items.push(item(
            "docs/A.md",
            2,
            Status::Open,
            Severity::Low,
            Requirement::default(),
        ));
    };
    assert_eq!(with_report(low).verdict, Verdict::Go);
    let gated = with_report(|report| {
        low(report);
        report.gates.push(gate(GateScope::AllItems));
    });
    assert_eq!(gated.verdict, Verdict::NoGo);
    assert!(
        gated.gates[0].message.contains("1 of 3"),
        "{}",
        gated.gates[0].message
    );
}

#[test]
fn a_gate_over_all_items_does_not_wait_for_what_is_set_apart() {
    for requirement in [
        Requirement::Future,
        Requirement::PostDeploy,
        Requirement::Optional,
        Requirement::Informational,
    ] {
        let assessment = with_report(|report| {
            report
                .items
                .push(item("docs/A.md", 2, Status::Open, Severity::Blocker, requirement));
            report.gates.push(gate(GateScope::AllItems));
        });
        assert_eq!(assessment.verdict, Verdict::Go, "{requirement:?}");
    }
}

#[test]
fn a_gate_over_a_section_waits_for_the_items_below_its_sections() {
    let nested = |report: &mut Report| {
        let mut inner = section("Inner");
        inner.parent = Some(1);
        report.sections.push(inner);
        let mut open = item(
            "docs/A.md",
            2,
            Status::Open,
            Severity::Low,
            Requirement::default(),
        );
        open.section = Some(2);
        report.items.push(open);
    };
    let of_its_parent = with_report(|report| {
        nested(report);
        report.gates.push(gate(GateScope::Sections(vec![1])));
    });
    assert_eq!(of_its_parent.verdict, Verdict::NoGo);
    let of_another = with_report(|report| {
        nested(report);
        report.gates.push(gate(GateScope::Sections(vec![0])));
    });
    assert_eq!(of_another.verdict, Verdict::Go);
}

#[test]
fn of_two_gates_of_one_document_the_stricter_decides() {
    let open_low = item(
        "docs/A.md",
        2,
        Status::Open,
        Severity::Low,
        Requirement::default(),
    );
    let assessment = with_report(|report| {
        report.items.push(open_low);
        report.gates = vec![
            gate(GateScope::Severity(Severity::High)),
            gate(GateScope::AllItems),
        ];
    });
    assert_eq!(assessment.verdict, Verdict::NoGo);
}

#[test]
fn a_document_that_says_no_go_itself_cannot_be_go() {
    let says =
        |verdict| with_report(|report| report.declared_verdicts.push(declared_verdict(verdict))).verdict;
    assert_eq!(says(DeclaredVerdictKind::NoGo), Verdict::NoGo);
    assert_eq!(says(DeclaredVerdictKind::Hold), Verdict::Hold);
    assert_eq!(says(DeclaredVerdictKind::Conditional), Verdict::Hold);
    assert_eq!(says(DeclaredVerdictKind::Go), Verdict::Go);
    let said_once = with_report(|report| {
        let mut before = declared_verdict(DeclaredVerdictKind::NoGo);
        before.historical = true;
        report.declared_verdicts.push(before);
    });
    assert_eq!(said_once.verdict, Verdict::Go);
}

#[test]
fn a_document_that_contradicts_itself_or_was_not_read_whole_holds() {
    let contradicted = with_report(|report| {
        report.contradictions.push(Contradiction {
            kind: ContradictionKind::Total,
            lines: vec![21, 16],
            message: "TOTAL says 9; the rows add to 10".into(),
            other: None,
        });
    });
    assert_eq!(contradicted.verdict, Verdict::Hold);
    let cut = with_report(|report| report.truncated = Some(Truncated { read: 10, size: 90 }));
    assert_eq!(cut.verdict, Verdict::Hold);
    let mut engine = going().engine();
    engine.apply(Change::Problems(vec![Problem {
        severity: ProblemSeverity::Error,
        at: "docs/B.md".into(),
        what: "`docs/B.md` cannot be read".into(),
        hint: None,
    }]));
    assert_eq!(engine.assess(noon()).verdict, Verdict::Hold);
}

#[test]
fn a_document_that_does_not_count_decides_nothing() {
    let mut world = going();
    let mut other = report(
        "docs/B.md",
        vec![item(
            "docs/B.md",
            0,
            Status::Open,
            Severity::Blocker,
            Requirement::default(),
        )],
    );
    other.recognition.counts = false;
    other.gates.push(gate(GateScope::AllItems));
    world.reports.push(Arc::new(other));
    let assessment = world.assess();
    assert_eq!(assessment.verdict, Verdict::Go);
    assert_eq!(assessment.counts.documents, 1);
    assert_eq!(assessment.documents.len(), 2);
}

#[test]
fn with_nothing_to_judge_it_is_hold_and_the_reason_says_so() {
    let mut world = going();
    world.reports.clear();
    let assessment = world.assess();
    assert_eq!(assessment.verdict, Verdict::Hold);
    assert_eq!(assessment.reasons[0].kind, ReasonKind::Nothing);
    assert!(
        assessment
            .explain(&assessment.reasons[0])
            .message
            .contains("gonogo init")
    );
}

#[test]
fn a_waived_blocker_gives_go_with_waivers_until_the_waiver_ends() {
    let mut world = going();
    let open = item(
        "docs/A.md",
        2,
        Status::Open,
        Severity::Blocker,
        Requirement::default(),
    );
    let uid = open.uid;
    Arc::make_mut(&mut world.reports[0]).items.push(open);
    assert_eq!(world.assess().verdict, Verdict::NoGo);
    world.waivers.push(Waiver {
        target: uid,
        justification: "accepted until the next release".into(),
        approved_by: "ann".into(),
        expires: at(2_000_000),
    });
    let mut engine = world.engine();
    assert_eq!(engine.assess(at(1_999_999)).verdict, Verdict::GoWithWaivers);
    assert_eq!(engine.assess(at(2_000_000)).verdict, Verdict::NoGo);
    assert_eq!(engine.assess(at(1_999_999)).verdict, Verdict::GoWithWaivers);
}

#[test]
fn an_item_is_found_by_its_uid() {
    let assessment = going().assess();
    let second = assessment.documents[0].report.items[1].uid;
    assert_eq!(assessment.find(second), Some((0, 1)));
    assert_eq!(assessment.find(Uid(12)), None);
}

/// Facts of one green status at the commit of [`with_ci`].
fn green_ci() -> gonogo::model::CiFacts {
    use gonogo::model::ci::{Check, CheckKey, STATUS, SourceState};
    use gonogo::model::{CheckState, CiFacts, CiSource, CommitId};
    let asked = [
        CiSource::Runs,
        CiSource::Checks,
        CiSource::Statuses,
        CiSource::Rules,
        CiSource::Protection,
    ];
    let state = SourceState {
        collection: Collection::Collected,
        fetched_at: Some(noon()),
    };
    CiFacts {
        asked: "HEAD".into(),
        url: "https://example.test/checks".into(),
        commit: CommitId::new(&"a".repeat(40)),
        sources: asked.into_iter().map(|source| (source, state.clone())).collect(),
        checks: vec![Check {
            key: CheckKey {
                app: STATUS.into(),
                name: "build".into(),
                ..CheckKey::default()
            },
            app_id: None,
            state: CheckState::Success,
            run: None,
            job: None,
            check_run: None,
            attempt: None,
            started_at: None,
            completed_at: Some(noon()),
            url: "https://example.test/build".into(),
            summary: "".into(),
            steps: Vec::new(),
            annotations: Vec::new(),
            error: None,
            cannot_fail: None,
        }],
        ..CiFacts::default()
    }
}

/// A world in which only CI is left to say, judged with these facts.
fn with_ci(facts: Option<gonogo::model::CiFacts>, mode: GateMode) -> Assessment {
    let mut policy = Policy::default();
    policy.evidence.insert(EvidenceKind::Ci, mode);
    let items = vec![item(
        "a.md",
        0,
        Status::Done,
        Severity::High,
        Requirement::default(),
    )];
    let world = World {
        policy,
        reports: vec![Arc::new(report("a.md", items))],
        evidence: all_evidence()
            .into_iter()
            .filter(|piece| piece.kind != EvidenceKind::Ci)
            .collect(),
        waivers: Vec::new(),
    };
    let mut engine = world.engine();
    engine.apply(Change::Repository(gonogo::model::Repository {
        commit: Some("a".repeat(40).into()),
        ..Default::default()
    }));
    if let Some(facts) = facts {
        engine.apply(Change::Ci(Arc::new(facts)));
    }
    engine.assess(noon())
}

#[test]
fn what_the_ci_service_says_decides() {
    use gonogo::model::{CheckState, CiFacts};
    assert_eq!(with_ci(None, GateMode::Enforce).verdict, Verdict::Hold);
    assert_eq!(with_ci(Some(green_ci()), GateMode::Enforce).verdict, Verdict::Go);

    let mut red = green_ci();
    red.checks[0].state = CheckState::Failure;
    let judged = with_ci(Some(red.clone()), GateMode::Enforce);
    assert_eq!(judged.verdict, Verdict::NoGo);
    let worst: Vec<_> = judged
        .reasons
        .iter()
        .filter(|reason| reason.effect == Verdict::NoGo)
        .map(|reason| judged.explain(reason))
        .collect();
    assert_eq!(worst.len(), 1, "{worst:?}");
    assert_eq!(
        (worst[0].kind, worst[0].id.as_str(), worst[0].source.as_str()),
        ("ci", "ci:status:build", "https://example.test/build")
    );
    assert_eq!(with_ci(Some(red.clone()), GateMode::Advise).verdict, Verdict::Go);
    assert_eq!(with_ci(Some(red), GateMode::Off).verdict, Verdict::Go);

    let offline = CiFacts::nothing(
        "HEAD",
        Collection::Error("the network is not asked (`--offline`)".into()),
    );
    let judged = with_ci(Some(offline), GateMode::Enforce);
    assert_eq!(judged.verdict, Verdict::Hold);
    assert!(
        judged
            .reasons
            .iter()
            .any(|reason| judged.explain(reason).message.contains("--offline")),
        "{:?}",
        judged.gates
    );
}

#[test]
fn files_of_another_ci_system_stand_for_a_service_that_was_not_asked() {
    use gonogo::model::CiFacts;
    let nothing = CiFacts::nothing("HEAD", Collection::Error("no GitHub remote".into()));
    let with_files = |facts: CiFacts, outcome| {
        let mut evidence = all_evidence();
        evidence[0] = evidence_of(EvidenceKind::Ci, outcome);
        let items = vec![item(
            "a.md",
            0,
            Status::Done,
            Severity::High,
            Requirement::default(),
        )];
        let mut engine = World {
            policy: Policy::default(),
            reports: vec![Arc::new(report("a.md", items))],
            evidence,
            waivers: Vec::new(),
        }
        .engine();
        engine.apply(Change::Repository(gonogo::model::Repository {
            commit: Some("a".repeat(40).into()),
            ..Default::default()
        }));
        engine.apply(Change::Ci(Arc::new(facts)));
        engine.assess(noon()).verdict
    };
    assert_eq!(with_files(nothing.clone(), Outcome::Pass), Verdict::Go);
    assert_eq!(with_files(nothing, Outcome::Fail), Verdict::NoGo);
    assert_eq!(with_files(green_ci(), Outcome::Fail), Verdict::NoGo);
    assert_eq!(with_files(green_ci(), Outcome::Pass), Verdict::Go);
}

#[test]
fn a_check_whose_workflow_cannot_fail_proves_nothing() {
    use gonogo::model::{Answer, At, Question, Verdict};
    let workflow = b"on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test || true\n";
    let mut facts = green_ci();
    facts.checks[0].key.workflow = ".github/workflows/ci.yml".into();
    let policy = Policy::default();
    let items = vec![item(
        "a.md",
        0,
        Status::Done,
        Severity::High,
        Requirement::default(),
    )];
    let mut engine = World {
        policy,
        reports: vec![Arc::new(report("a.md", items))],
        evidence: all_evidence()
            .into_iter()
            .filter(|piece| piece.kind != EvidenceKind::Ci)
            .collect(),
        waivers: Vec::new(),
    }
    .engine();
    engine.apply(Change::Repository(gonogo::model::Repository {
        commit: Some("a".repeat(40).into()),
        ..Default::default()
    }));
    engine.apply(Change::Ci(Arc::new(facts.clone())));
    assert_eq!(
        engine.assess(noon()).verdict,
        Verdict::Go,
        "what is not known is no reason to doubt"
    );
    let wanted = Question::Bytes(
        At::Commit(facts.commit.clone().unwrap()),
        RepoPath::new(".github/workflows/ci.yml").unwrap(),
    );
    assert!(engine.questions().contains(&wanted));
    engine.apply(Change::Answers(vec![(
        wanted,
        Answer::Bytes(Some(Arc::from(&workflow[..]))),
    )]));
    let judged = engine.assess(noon());
    assert_eq!(judged.verdict, Verdict::Hold);
    let gate = judged.gates.iter().find(|gate| gate.id == "evidence:ci").unwrap();
    assert_eq!(gate.result, GateResult::Vacuous, "{}", gate.message);
    assert!(
        gate.message.contains(".github/workflows/ci.yml:6"),
        "{}",
        gate.message
    );
}
