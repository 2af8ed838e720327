//! Demands on evidence held against gathered evidence: boundary values, and the properties that must stay true.
#![expect(
    clippy::unwrap_used,
    reason = "what these tests are made of is part of the tests"
)]

use std::sync::Arc;

use crate::support::Repo;
use gonogo::model::{
    Binding, Bound, Content, CoverageReport, CoverageTarget, CoveredFile, EvidenceFile, EvidenceKind,
    Finding, FindingSeverity, FindingWaiver, Freshness, GateMode, GateResult, Gathered, LineSet,
    MergedFinding, Metric, Policy, Ratio, RepoPath, ScanLimit, ScanReport, TestCase, TestCounts, TestOutcome,
    TestReport, TestRules, Totals, Verdict,
};
use gonogo::text::ContentHash;
use gonogo::verdict::{GateOutcome, effect_of_gate, is_told, judge_demands};
use jiff::Timestamp;
use proptest::prelude::{Just, Strategy, prop_oneof, proptest};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

const DAY: i64 = 86_400;
const NOW: i64 = 1_000 * DAY;

fn bound(source: &str, kind: EvidenceKind, content: Content, binding: Binding) -> Bound {
    Bound {
        file: Arc::new(EvidenceFile {
            source: source.into(),
            path: RepoPath::new(source),
            hash: ContentHash::of(source.as_bytes()),
            format: "made-up",
            kind,
            tracked: false,
            modified: None,
            commit: None,
            content: Ok(content),
        }),
        commit: None,
        why: "".into(),
        binding,
        freshness: Freshness::Fresh,
        produced_at: None,
        superseded_by: None,
    }
}

/// `(path, covered, total)`, all of one report.
fn covered(files: &[(&str, u64, u64)], binding: Binding) -> Gathered {
    let mut gathered = Gathered::default();
    let content = Content::Coverage(Arc::new(CoverageReport::default()));
    gathered
        .files
        .push(bound("lcov.info", EvidenceKind::Coverage, content, binding));
    for &(path, covered, total) in files {
        gathered.coverage.files.push(CoveredFile {
            path: path.into(),
            mapped: !path.starts_with('/'),
            lines: LineSet::default(),
            line_ratio: Some(Ratio { covered, total }),
            branches: None,
            functions: None,
            sources: vec![0],
        });
    }
    gathered
}

fn target(paths: &[&str], text: &str) -> CoverageTarget {
    let (inclusive, target) = gonogo::model::target::parse_threshold(text).unwrap();
    CoverageTarget {
        id: "t".into(),
        paths: paths.iter().map(|path| (*path).into()).collect(),
        except: Vec::new(),
        metric: Metric::Lines,
        inclusive,
        target: Some(target),
        unjudged: "",
        mode: GateMode::Enforce,
        source: "gonogo.toml:2".into(),
    }
}

fn gate(policy: &Policy, gathered: &Gathered, id: &str) -> GateOutcome {
    let gates = judge_demands(policy, &policy.coverage, gathered, at(NOW));
    gates.into_iter().find(|gate| gate.id == id).unwrap()
}

fn coverage_gate(target: CoverageTarget, gathered: &Gathered) -> GateOutcome {
    let policy = Policy {
        coverage: vec![target],
        ..Policy::default()
    };
    gate(&policy, gathered, "coverage:t")
}

const STALE: Binding = Binding::Ancestor {
    commits: 3,
    relevant_files_changed: 1,
};

#[test]
fn coverage_is_compared_on_counters_and_printed_rounded_down() {
    for (covered_lines, total, wanted, result, printed) in [
        (95, 100, ">95%", GateResult::Fail, "95% of lines (95 of 100"),
        (95, 100, ">=95%", GateResult::Pass, "95% of lines"),
        (95, 100, "95%", GateResult::Pass, "95% of lines"),
        (96, 100, ">95%", GateResult::Pass, "96% of lines"),
        (94_999, 100_000, "95%", GateResult::Fail, "94.99% of lines"),
        (
            949_999_999,
            1_000_000_000,
            "95%",
            GateResult::Fail,
            "94.99% of lines",
        ),
        (
            950_000_001,
            1_000_000_000,
            ">95%",
            GateResult::Pass,
            "95.00% of lines",
        ),
        (1, 3, "33.3333%", GateResult::Pass, "33.33% of lines"),
        (0, 10, "1%", GateResult::Fail, "0% of lines"),
        (0, 0, "1%", GateResult::Vacuous, "without any lines"),
        (10, 10, "0%", GateResult::Vacuous, "cannot fail"),
        (0, 10, ">0%", GateResult::Fail, "0% of lines"),
        (u64::MAX, u64::MAX, "100%", GateResult::Pass, "100% of lines"),
        (
            u64::MAX - 1,
            u64::MAX,
            "100%",
            GateResult::Fail,
            "99.99% of lines",
        ),
        (u64::MAX, 10, "100%", GateResult::Pass, "100% of lines"),
    ] {
        let gathered = covered(&[("src/a.rs", covered_lines, total)], Binding::Exact);
        let gate = coverage_gate(target(&[], wanted), &gathered);
        assert_eq!(
            gate.result, result,
            "{covered_lines}/{total} {wanted}: {}",
            gate.message
        );
        assert!(gate.message.contains(printed), "{printed}: {}", gate.message);
        assert!(gate.message.contains("gonogo.toml:2"), "{}", gate.message);
    }
    // Sums of the largest counters do not turn into a whole.
    let huge = covered(&[("a", u64::MAX, u64::MAX), ("b", 0, u64::MAX)], Binding::Exact);
    assert_eq!(coverage_gate(target(&[], "51%"), &huge).result, GateResult::Fail);
}

#[test]
fn a_target_speaks_of_the_files_of_its_globs_and_names_the_lowest() {
    let gathered = covered(
        &[
            ("src/auth/a.rs", 90, 100),
            ("src/auth/b.rs", 10, 10),
            ("src/auth/deep/c.rs", 0, 100),
            ("src/other.rs", 0, 100),
        ],
        Binding::Exact,
    );
    for (paths, wanted, result, words) in [
        (
            &["src/auth/*"][..],
            "90%",
            GateResult::Pass,
            "100 of 110 in 2 files",
        ),
        (
            &["src/auth/*"],
            ">95%",
            GateResult::Fail,
            "lowest: `src/auth/a.rs` with 90% (90 of 100)",
        ),
        (
            &["src/auth"],
            "90%",
            GateResult::Fail,
            "lowest: `src/auth/deep/c.rs` with 0%",
        ),
        (&["src/auth/**"], "40%", GateResult::Pass, "100 of 210 in 3 files"),
        (
            &["src/pay/*"],
            "1%",
            GateResult::Vacuous,
            "no measured file lies in this scope",
        ),
        (
            &["src/[", "src/auth/*"],
            "1%",
            GateResult::Inconclusive,
            "is no glob",
        ),
    ] {
        let gate = coverage_gate(target(paths, wanted), &gathered);
        assert_eq!(gate.result, result, "{paths:?}: {}", gate.message);
        assert!(gate.message.contains(words), "{}", gate.message);
    }
    let failing = coverage_gate(target(&["src/auth"], "90%"), &gathered);
    assert_eq!(failing.source, "src/auth/deep/c.rs");
    let except = CoverageTarget {
        except: vec!["src/auth/deep".into()],
        ..target(&["src/auth"], "90%")
    };
    assert_eq!(coverage_gate(except, &gathered).result, GateResult::Pass);
}

#[test]
fn what_no_report_measures_is_missing_and_a_file_without_branches_has_none() {
    let mut gathered = covered(&[("a.rs", 9, 10), ("b.rs", 9, 10)], Binding::Exact);
    let branches = || CoverageTarget {
        metric: Metric::Branches,
        ..target(&[], "80%")
    };
    let gate = coverage_gate(branches(), &gathered);
    assert_eq!(gate.result, GateResult::Missing, "{}", gate.message);
    assert!(
        gate.message.contains("no report measures branches"),
        "{}",
        gate.message
    );

    gathered.coverage.files[0].branches = Some(Ratio {
        covered: 9,
        total: 10,
    });
    assert_eq!(coverage_gate(branches(), &gathered).result, GateResult::Pass);

    // Another report that never measures branches leaves its files open.
    let other = covered(&[], Binding::Exact).files.remove(0);
    gathered.files.push(other);
    gathered.coverage.files[1].sources = vec![1];
    let gate = coverage_gate(branches(), &gathered);
    assert_eq!(gate.result, GateResult::Inconclusive, "{}", gate.message);
    gathered.coverage.files[0].branches = Some(Ratio {
        covered: 1,
        total: 10,
    });
    assert_eq!(coverage_gate(branches(), &gathered).result, GateResult::Fail);
}

#[test]
fn old_coverage_never_passes_and_fails_only_what_nothing_could_save() {
    let stale = |share| covered(&[("a.rs", share, 100)], STALE);
    for share in [0, 50, 100] {
        let gate = coverage_gate(target(&[], "80%"), &stale(share));
        assert_eq!(gate.result, GateResult::Inconclusive, "{}", gate.message);
        assert!(
            gate.message.contains("`lcov.info` does not speak of HEAD"),
            "{}",
            gate.message
        );
    }
    for binding in [
        Binding::Dirty,
        Binding::Unbound,
        Binding::Unrelated,
        Binding::Descendant,
    ] {
        let gate = coverage_gate(target(&[], "80%"), &covered(&[("a.rs", 100, 100)], binding));
        assert_eq!(gate.result, GateResult::Inconclusive, "{binding:?}");
    }
    let mut mixed = covered(&[("a.rs", 0, 100), ("b.rs", 100, 100)], Binding::Exact);
    mixed.files.push(covered(&[], STALE).files.remove(0));
    mixed.coverage.files[1].sources = vec![0, 1];
    assert_eq!(coverage_gate(target(&[], "80%"), &mixed).result, GateResult::Fail);
    assert_eq!(
        coverage_gate(target(&[], "50%"), &mixed).result,
        GateResult::Inconclusive
    );
    assert_eq!(
        coverage_gate(target(&["a.rs"], "80%"), &mixed).result,
        GateResult::Fail
    );
}

#[test]
fn files_that_lie_nowhere_in_the_repository_are_named_and_carry_no_pass() {
    let only = covered(&[("/ci/a.rs", 10, 10)], Binding::Exact);
    let gate = coverage_gate(target(&[], "80%"), &only);
    assert_eq!(gate.result, GateResult::Inconclusive, "{}", gate.message);
    assert!(gate.message.contains("such as `/ci/a.rs`"), "{}", gate.message);
    for (strange, result) in [(100, GateResult::Pass), (0, GateResult::Inconclusive)] {
        let mixed = covered(&[("/ci/a.rs", strange, 100), ("b.rs", 9, 10)], Binding::Exact);
        let gate = coverage_gate(target(&[], "80%"), &mixed);
        assert_eq!(gate.result, result, "{}", gate.message);
    }
}

#[test]
fn reports_with_totals_only_speak_of_all_code_or_of_nothing() {
    let mut gathered = covered(&[], Binding::Exact);
    gathered.coverage.totals = Totals {
        lines: Some(Ratio {
            covered: 85,
            total: 100,
        }),
        ..Totals::default()
    };
    assert_eq!(
        coverage_gate(target(&[], "80%"), &gathered).result,
        GateResult::Pass
    );
    assert_eq!(
        coverage_gate(target(&[], ">85%"), &gathered).result,
        GateResult::Fail
    );
    let part = coverage_gate(target(&["src"], "80%"), &gathered);
    assert_eq!(part.result, GateResult::Missing, "{}", part.message);
    gathered.files[0].binding = Binding::Unbound;
    assert_eq!(
        coverage_gate(target(&[], "80%"), &gathered).result,
        GateResult::Inconclusive
    );
}

#[test]
fn coverage_without_a_target_that_decides_is_not_evaluated_and_says_what_to_set() {
    let gathered = covered(&[("a.rs", 9, 10)], Binding::Exact);
    let advice = CoverageTarget {
        mode: GateMode::Advise,
        ..target(&[], "80%")
    };
    let auto = CoverageTarget {
        target: None,
        unjudged: "is relative to an earlier commit",
        ..target(&[], "80%")
    };
    for targets in [vec![], vec![advice], vec![auto.clone()]] {
        let policy = Policy {
            coverage: targets,
            ..Policy::default()
        };
        let gate = gate(&policy, &gathered, "coverage:target");
        assert_eq!(gate.result, GateResult::NotEvaluated);
        assert_eq!(effect_of_gate(gate.mode, gate.result), Verdict::Hold);
        assert!(gate.message.contains("target = \"80%\""), "{}", gate.message);
    }
    assert_eq!(coverage_gate(auto, &gathered).result, GateResult::NotEvaluated);
    let nothing = judge_demands(&Policy::default(), &[], &Gathered::default(), at(NOW));
    assert_eq!(
        nothing,
        [],
        "that there is no evidence is told by the gates of evidence"
    );
}

fn finding(severity: FindingSeverity) -> (Finding, MergedFinding) {
    let found = Finding {
        rule: "CVE-1".into(),
        severity,
        ..Finding::default()
    };
    let merged = MergedFinding {
        id: 1,
        severity,
        seen: vec![(0, 0)],
        path: RepoPath::new("src/a.rs"),
        since: Some(at(NOW - 10 * DAY)),
        waived: None,
    };
    (found, merged)
}

fn scanned(severities: &[FindingSeverity], binding: Binding) -> Gathered {
    let mut gathered = Gathered::default();
    let (mut findings, mut merged) = (Vec::new(), Vec::new());
    for &severity in severities {
        let (found, mut one) = finding(severity);
        one.seen = vec![(0, u32::try_from(findings.len()).unwrap())];
        findings.push(found);
        merged.push(one);
    }
    let report = ScanReport {
        tool: "Trivy Image".into(),
        ran: true,
        findings,
        ..ScanReport::default()
    };
    gathered.files.push(bound(
        "trivy.json",
        EvidenceKind::Scan,
        Content::Scan(Arc::new(report)),
        binding,
    ));
    gathered.scans.findings = merged;
    gathered
}

fn limit() -> ScanLimit {
    ScanLimit {
        id: "t".into(),
        ..ScanLimit::default()
    }
}

fn scan_gate(limit: ScanLimit, gathered: &Gathered) -> GateOutcome {
    let policy = Policy {
        scans: vec![limit],
        ..Policy::default()
    };
    gate(&policy, gathered, "scans:t")
}

#[test]
fn without_configuration_an_open_high_or_critical_finding_fails() {
    use FindingSeverity::{Critical, High, Info, Low, Medium, Unknown};
    for (severities, result) in [
        (&[][..], GateResult::Pass),
        (&[Medium, Low, Info], GateResult::Pass),
        (&[High], GateResult::Fail),
        (&[Critical, Low], GateResult::Fail),
        (&[Low, Unknown], GateResult::Inconclusive),
    ] {
        let gate = gate(
            &Policy::default(),
            &scanned(severities, Binding::Exact),
            "scans:high",
        );
        assert_eq!(gate.result, result, "{severities:?}: {}", gate.message);
    }
    let failing = scanned(&[Critical, High, High], Binding::Exact);
    let gate = gate(&Policy::default(), &failing, "scans:high");
    assert!(
        gate.message.contains("3 findings open (1 critical, 2 high)"),
        "{}",
        gate.message
    );
    assert_eq!(gate.source, "src/a.rs");
}

#[test]
fn an_old_scan_fails_and_never_passes() {
    for binding in [STALE, Binding::Unbound, Binding::Dirty] {
        let clean = scan_gate(limit(), &scanned(&[], binding));
        assert_eq!(clean.result, GateResult::Inconclusive, "{}", clean.message);
        let bad = scan_gate(limit(), &scanned(&[FindingSeverity::High], binding));
        assert_eq!(bad.result, GateResult::Fail, "{}", bad.message);
    }
    let mut silent = scanned(&[], Binding::Exact);
    silent.files[0].file = {
        let mut file = (*silent.files[0].file).clone();
        file.content = Ok(Content::Scan(Arc::new(ScanReport::default())));
        Arc::new(file)
    };
    assert_eq!(scan_gate(limit(), &silent).result, GateResult::Inconclusive);
    silent.files[0].superseded_by = Some(0);
    let of_tool = || ScanLimit {
        tool: Some("trivy".into()),
        ..limit()
    };
    assert_eq!(scan_gate(of_tool(), &silent).result, GateResult::Missing);
    assert_eq!(
        scan_gate(of_tool(), &Gathered::default()).result,
        GateResult::Missing
    );
}

#[test]
fn a_limit_counts_what_its_tool_its_paths_its_number_and_its_days_say() {
    let gathered = scanned(&[FindingSeverity::High, FindingSeverity::High], Binding::Exact);
    let with = |change: &dyn Fn(&mut ScanLimit)| {
        let mut limit = limit();
        change(&mut limit);
        let gate = scan_gate(limit, &gathered);
        (gate.result, gate.message)
    };
    assert_eq!(with(&|limit| limit.most = 2).0, GateResult::Pass);
    assert_eq!(with(&|limit| limit.most = 1).0, GateResult::Fail);
    assert_eq!(
        with(&|limit| limit.tool = Some("trivy".into())).0,
        GateResult::Fail
    );
    assert_eq!(
        with(&|limit| limit.tool = Some("tri".into())).0,
        GateResult::Missing
    );
    assert_eq!(
        with(&|limit| limit.tool = Some("made-up".into())).0,
        GateResult::Fail
    );
    assert_eq!(
        with(&|limit| limit.paths = vec!["src".into()]).0,
        GateResult::Fail
    );
    assert_eq!(
        with(&|limit| limit.paths = vec!["lib".into()]).0,
        GateResult::Pass
    );
    assert_eq!(
        with(&|limit| limit.severity = FindingSeverity::Critical).0,
        GateResult::Pass
    );
    assert_eq!(with(&|limit| limit.days = Some(9)).0, GateResult::Fail);
    let (result, message) = with(&|limit| limit.days = Some(10));
    assert_eq!(result, GateResult::Pass, "the tenth day is not over: {message}");
    assert!(message.contains("2 still within their days"), "{message}");

    let mut ageless = scanned(&[FindingSeverity::High], Binding::Exact);
    ageless.scans.findings[0].since = None;
    let days = ScanLimit {
        days: Some(10),
        ..limit()
    };
    assert_eq!(scan_gate(days, &ageless).result, GateResult::Inconclusive);
    let any = ScanLimit {
        severity: FindingSeverity::Unknown,
        ..limit()
    };
    assert_eq!(
        scan_gate(any, &scanned(&[FindingSeverity::Unknown], Binding::Exact)).result,
        GateResult::Fail
    );
    let lenient = ScanLimit {
        unrated: GateMode::Advise,
        ..limit()
    };
    assert_eq!(
        scan_gate(lenient, &scanned(&[FindingSeverity::Unknown], Binding::Exact)).result,
        GateResult::Pass
    );
}

fn waiver(expires: Option<i64>, not_affected: bool) -> FindingWaiver {
    FindingWaiver {
        source: ".trivyignore:3".into(),
        reason: "".into(),
        expires: expires.map(at),
        not_affected,
    }
}

#[test]
fn a_waived_finding_is_bypassed_until_its_end_and_one_that_does_not_apply_is_none() {
    for (waiver, result, words) in [
        (
            waiver(Some(NOW + 1), false),
            GateResult::Bypassed,
            "1 waived, such as `CVE-1`",
        ),
        (waiver(Some(NOW), false), GateResult::Fail, "1 finding open"),
        (
            waiver(None, false),
            GateResult::Bypassed,
            "1 waived without an end",
        ),
        (waiver(None, true), GateResult::Pass, "0 findings open"),
    ] {
        let mut gathered = scanned(&[FindingSeverity::High], Binding::Exact);
        gathered.scans.findings[0].waived = Some(waiver.clone());
        let gate = scan_gate(limit(), &gathered);
        assert_eq!(gate.result, result, "{waiver:?}: {}", gate.message);
        assert!(gate.message.contains(words), "{}", gate.message);
        gathered.files[0].binding = STALE;
        let old = scan_gate(limit(), &gathered).result;
        assert_ne!(
            old,
            GateResult::Bypassed,
            "an old scan does not even show what is waived"
        );
        assert_ne!(old, GateResult::Pass);
    }
}

fn tested(outcomes: &[(TestOutcome, Option<&str>, bool)], passed: u32, binding: Binding) -> Gathered {
    let mut gathered = Gathered::default();
    let mut counts = TestCounts {
        passed,
        total: passed,
        ..TestCounts::default()
    };
    let mut cases = Vec::new();
    for (index, (outcome, message, flaky)) in outcomes.iter().enumerate() {
        counts.total += 1;
        match outcome {
            TestOutcome::Failed => counts.failed += 1,
            TestOutcome::Errored => counts.errored += 1,
            TestOutcome::Skipped => counts.skipped += 1,
            TestOutcome::Passed => counts.passed += 1,
        }
        gathered.tests.flaky += u32::from(*flaky);
        gathered.tests.cases.push((0, u32::try_from(index).unwrap()));
        cases.push(TestCase {
            suite: "pay".into(),
            name: format!("case {index}").into(),
            outcome: *outcome,
            message: message.map(Into::into),
            flaky: *flaky,
            ..TestCase::default()
        });
    }
    gathered.tests.counts = counts;
    let report = TestReport {
        counts,
        cases,
        ..TestReport::default()
    };
    gathered.files.push(bound(
        "junit.xml",
        EvidenceKind::Tests,
        Content::Tests(Arc::new(report)),
        binding,
    ));
    gathered
}

#[test]
fn tests_pass_only_when_enough_ran_and_none_failed() {
    use TestOutcome::{Errored, Failed, Skipped};
    for (outcomes, passed, least, result, words) in [
        (&[][..], 10, 1, GateResult::Pass, "all 10 tests passed"),
        (
            &[(Failed, Some("\n boom\nat x"), false)],
            10,
            1,
            GateResult::Fail,
            "1 of 11 tests failed, first `pay › case 0` (junit.xml): boom",
        ),
        (
            &[(Errored, None, false)],
            0,
            1,
            GateResult::Fail,
            "1 of 1 test failed",
        ),
        (&[], 0, 1, GateResult::Vacuous, "no test ran"),
        (
            &[(Skipped, Some("later"), false)],
            0,
            0,
            GateResult::Vacuous,
            "1 skipped",
        ),
        (&[], 9, 10, GateResult::Fail, "only 9 tests ran, and at least 10"),
        (&[], 10, 10, GateResult::Pass, ""),
    ] {
        let policy = Policy {
            tests: TestRules {
                least,
                ..TestRules::default()
            },
            ..Policy::default()
        };
        let gate = gate(&policy, &tested(outcomes, passed, Binding::Exact), "tests:failed");
        assert_eq!(gate.result, result, "{outcomes:?}: {}", gate.message);
        assert!(gate.message.contains(words), "{}", gate.message);
    }
    let policy = Policy::default();
    let old = gate(&policy, &tested(&[], 10, STALE), "tests:failed");
    assert_eq!(old.result, GateResult::Inconclusive, "{}", old.message);
    let old = tested(&[(Failed, None, false)], 10, STALE);
    assert_eq!(gate(&policy, &old, "tests:failed").result, GateResult::Fail);
}

#[test]
fn skipped_without_a_reason_and_flaky_are_told_and_decide_only_when_asked() {
    use TestOutcome::{Passed, Skipped};
    let mut gathered = tested(
        &[
            (Skipped, Some("needs a browser"), false),
            (Skipped, Some(" "), false),
            (Passed, None, true),
        ],
        10,
        Binding::Exact,
    );
    let policy = Policy::default();
    for (id, words) in [
        (
            "tests:skipped",
            "1 test skipped without a reason, first `pay › case 1`",
        ),
        (
            "tests:flaky",
            "1 test passed only on a rerun, first `pay › case 2`",
        ),
    ] {
        let gate = gate(&policy, &gathered, id);
        assert_eq!(
            (gate.mode, gate.result),
            (GateMode::Advise, GateResult::Fail),
            "{}",
            gate.message
        );
        assert!(gate.message.contains(words), "{}", gate.message);
    }
    // What a file counts and does not list gives no reason.
    gathered.tests.counts.skipped = 7;
    assert!(
        gate(&policy, &gathered, "tests:skipped")
            .message
            .starts_with("6 tests")
    );
}

#[test]
fn targets_of_one_name_keep_apart() {
    let policy = Policy {
        coverage: vec![target(&[], "10%"), target(&["a.rs"], "20%"), target(&[], "30%")],
        ..Policy::default()
    };
    let gathered = covered(&[("a.rs", 25, 100)], Binding::Exact);
    let ids: Vec<_> = judge_demands(&policy, &policy.coverage, &gathered, at(NOW))
        .into_iter()
        .filter(|gate| gate.id.starts_with("coverage:"))
        .map(|gate| (gate.id, gate.result))
        .collect();
    assert_eq!(
        ids,
        [
            ("coverage:t".to_owned(), GateResult::Pass),
            ("coverage:t#2".to_owned(), GateResult::Pass),
            ("coverage:t#3".to_owned(), GateResult::Fail),
        ]
    );
}

#[test]
fn what_is_not_needed_holds_nothing_up_and_fails_all_the_same() {
    use TestOutcome::Failed;
    for (needed, old_pass) in [
        (GateMode::Enforce, Some(GateMode::Enforce)),
        (GateMode::Advise, Some(GateMode::Advise)),
        (GateMode::Off, None),
    ] {
        let policy = Policy {
            evidence: EvidenceKind::ALL.into_iter().map(|kind| (kind, needed)).collect(),
            ..Policy::default()
        };
        let mode = |gathered: &Gathered, id: &str| {
            let gates = judge_demands(&policy, &[], gathered, at(NOW));
            gates.into_iter().find(|gate| gate.id == id).map(|gate| gate.mode)
        };
        assert_eq!(
            mode(&tested(&[], 9, STALE), "tests:failed"),
            old_pass,
            "{needed:?}"
        );
        let failing = tested(&[(Failed, None, false)], 9, STALE);
        assert_eq!(
            mode(&failing, "tests:failed"),
            Some(GateMode::Enforce),
            "{needed:?}"
        );
        assert_eq!(mode(&scanned(&[], STALE), "scans:high"), old_pass, "{needed:?}");
        let open = scanned(&[FindingSeverity::High], STALE);
        assert_eq!(mode(&open, "scans:high"), Some(GateMode::Enforce), "{needed:?}");
    }
}

#[test]
fn what_the_gate_of_a_kind_tells_is_not_told_again() {
    let outcome = |id: &str, mode, result| GateOutcome {
        id: id.to_owned(),
        mode,
        result,
        message: String::new(),
        source: String::new(),
    };
    let demand = |result| outcome("coverage:src/a:b", GateMode::Enforce, result);
    for (evidence, mode, result, told) in [
        (GateResult::Missing, GateMode::Enforce, GateResult::Missing, true),
        (
            GateResult::Inconclusive,
            GateMode::Enforce,
            GateResult::Inconclusive,
            true,
        ),
        (
            GateResult::Inconclusive,
            GateMode::Advise,
            GateResult::Inconclusive,
            false,
        ),
        (
            GateResult::Pass,
            GateMode::Enforce,
            GateResult::Inconclusive,
            false,
        ),
        (GateResult::Missing, GateMode::Enforce, GateResult::Fail, false),
        (GateResult::Missing, GateMode::Enforce, GateResult::Vacuous, false),
    ] {
        let gates = [
            outcome("evidence:coverage", mode, evidence),
            outcome("evidence:scan", GateMode::Enforce, GateResult::Missing),
        ];
        assert_eq!(
            is_told(&demand(result), &gates),
            told,
            "{evidence:?} {mode:?} {result:?}"
        );
    }
    assert!(!is_told(
        &outcome("document:coverage:3", GateMode::Enforce, GateResult::Missing),
        &[]
    ));
}

fn effect(gate: &GateOutcome) -> Verdict {
    effect_of_gate(gate.mode, gate.result)
}

fn severities() -> impl Strategy<Value = FindingSeverity> {
    (0_usize..6).prop_map(|index| FindingSeverity::ALL[index])
}

fn bindings() -> impl Strategy<Value = Binding> {
    prop_oneof![
        Just(Binding::Exact),
        Just(STALE),
        Just(Binding::Unbound),
        Just(Binding::Dirty)
    ]
}

proptest! {
    #[test]
    fn one_more_finding_never_improves(
        before in proptest::collection::vec(severities(), 0..6),
        more in severities(),
        binding in bindings(),
        most in 0_u32..3,
        floor in severities(),
    ) {
        let limit = || ScanLimit { most, severity: floor, ..limit() };
        let mut after = before.clone();
        after.push(more);
        let (mut before, mut after) = (before, after);
        before.sort_unstable();
        after.sort_unstable();
        let first = effect(&scan_gate(limit(), &scanned(&before, binding)));
        let second = effect(&scan_gate(limit(), &scanned(&after, binding)));
        assert!(second >= first, "{first:?} became {second:?}");
    }

    #[test]
    fn a_waiver_never_gives_a_plain_pass(
        severities in proptest::collection::vec(severities(), 1..6),
        waived in 0_usize..6,
        end in prop_oneof![Just(None), Just(Some(NOW + 5)), Just(Some(NOW - 5))],
        binding in bindings(),
    ) {
        let plain = scanned(&severities, binding);
        let mut with = plain.clone();
        let at = waived % severities.len();
        with.scans.findings[at].waived = Some(waiver(end, false));
        let before = scan_gate(limit(), &plain).result;
        let after = scan_gate(limit(), &with).result;
        assert!(after != GateResult::Pass || before == GateResult::Pass, "{before:?} became {after:?}");
    }

    #[test]
    fn one_more_uncovered_line_never_improves(
        files in proptest::collection::vec((0_u64..50, 0_u64..50), 1..5),
        binding in bindings(),
        worse in 0_usize..5,
        needed in 1_u32..100,
    ) {
        let names = ["a.rs", "b.rs", "c.rs", "d.rs", "e.rs"];
        let build = |files: &[(u64, u64)]| {
            let mut gathered = Gathered::default();
            for (index, (covered_lines, more)) in files.iter().enumerate() {
                let mut one = covered(&[(names[index], *covered_lines, covered_lines + more)], binding);
                one.coverage.files[0].sources = vec![u32::try_from(index).unwrap()];
                gathered.files.append(&mut one.files);
                gathered.coverage.files.append(&mut one.coverage.files);
            }
            gathered
        };
        let target = || target(&[], &format!("{needed}%"));
        let before = coverage_gate(target(), &build(&files));
        let mut files = files;
        let at = worse % files.len();
        files[at].1 += 1;
        let after = coverage_gate(target(), &build(&files));
        // A first line at all takes an empty scope out of vacuity; everything else gets worse or stays.
        if before.result != GateResult::Vacuous {
            assert!(effect(&after) >= effect(&before), "{before:?} became {after:?}");
        }
    }
}

/// A trace of files with `covered` of ten lines each.
fn trace(files: &[(&str, u32)]) -> String {
    let mut text = String::from("TN:\n");
    for (path, covered) in files {
        text.push_str(&format!("SF:{path}\n"));
        for line in 1..=10 {
            text.push_str(&format!("DA:{line},{}\n", u32::from(line <= *covered)));
        }
        text.push_str("end_of_record\n");
    }
    text
}

const READY: &str =
    "# Release readiness\n\nCoverage gate: > 90 % for `src/auth/*`.\n\n- [x] **P3**: the buoys answer\n";
const GONOGO: &str =
    "[evidence]\nci = 'off'\ntests = 'off'\n\n[coverage.auth]\npaths = ['src/auth']\ntarget = '50%'\n";
const CODECOV: &str = "coverage:\n  status:\n    project:\n      default:\n        target: 80%\n    patch: true\nignore: [gen]\n";
const SCAN: &str = r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Buoy","rules":[{"id":"B1","properties":{"security-severity":"9.8"}}]}},"results":[{"ruleId":"B1","level":"error","message":{"text":"open valve"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/pay.rs"},"region":{"startLine":2}}}]}],"invocations":[{"executionSuccessful":true}]}]}"#;

#[test]
fn targets_of_three_kinds_and_a_tools_own_waiver_decide_over_what_was_written() {
    let source = "a\n".repeat(10);
    let repo = Repo::with(&[
        ("docs/READY.md", READY),
        ("gonogo.toml", GONOGO),
        ("codecov.yml", CODECOV),
        (".trivyignore", "# sealed by hand\nB1\n"),
        ("src/auth/a.rs", &source),
        ("src/pay.rs", &source),
        ("gen/g.rs", &source),
    ]);
    repo.write("scan.sarif", SCAN);
    repo.write(
        "lcov.info",
        trace(&[("src/auth/a.rs", 9), ("src/pay.rs", 10), ("gen/g.rs", 0)]),
    );
    let gate = |json: &serde_json::Value, id: &str| {
        let gates = json["gates"].as_array().unwrap();
        let found = gates.iter().find(|gate| gate["id"] == id);
        found.map(|gate| {
            format!(
                "{} {}",
                gate["result"].as_str().unwrap(),
                gate["message"].as_str().unwrap()
            )
        })
    };
    let run = repo.run(&["check", "--format", "json"]);
    let json = run.json();
    // 90 % is not more than 90 %, which the document asks for.
    assert_eq!(json["verdict"], "NO-GO", "{run:?}");
    let auth = gate(&json, "coverage:auth").unwrap();
    assert!(
        auth.starts_with("pass `src/auth`: 90% of lines (9 of 10 in 1 file), at least 50%"),
        "{auth}"
    );
    let document = gate(&json, "coverage:src/auth/*").unwrap();
    assert!(
        document.starts_with("fail `src/auth/*`: 90% of lines (9 of 10 in 1 file), more than 90% is needed"),
        "{document}"
    );
    let project = gate(&json, "coverage:project").unwrap();
    assert!(
        project.starts_with(
            "pass all code without `gen`: 95% of lines (19 of 20 in 2 files), at least 80% is needed"
        ),
        "{project}"
    );
    assert!(
        gate(&json, "coverage:patch")
            .unwrap()
            .starts_with("not_evaluated")
    );
    assert!(
        gate(&json, "scans:high").unwrap().starts_with("bypassed"),
        "{json:#}"
    );
    assert_eq!(gate(&json, "tests:failed"), None, "tests are not needed");

    repo.write(
        "lcov.info",
        trace(&[("src/auth/a.rs", 10), ("src/pay.rs", 10), ("gen/g.rs", 0)]),
    );
    let run = repo.run(&["check", "--format", "json"]);
    assert_eq!(
        (run.code, run.json()["verdict"].as_str()),
        (0, Some("GO WITH WAIVERS")),
        "{run:?}"
    );
    let why = repo.run(&["explain", "coverage:project"]).out;
    assert!(
        why.contains("set by       codecov.yml:4") && why.contains("10 of 10  src/auth/a.rs"),
        "{why}"
    );
    let why = repo.run(&["explain", "scans:high"]).out;
    assert!(
        why.contains("B1 without an end  .trivyignore:2  sealed by hand"),
        "{why}"
    );

    // Without the waiver it is a failure; with an unreadable file of targets it is never a GO.
    repo.write(".trivyignore", "# nothing\n");
    let run = repo.run(&["check", "--format", "json"]);
    assert!(
        gate(&run.json(), "scans:high").unwrap().starts_with("fail"),
        "{run:?}"
    );
    repo.write(".trivyignore", "B1\n");
    repo.write("codecov.yml", "coverage: [\n");
    let run = repo.run(&["check", "--format", "json"]);
    assert_eq!(run.json()["verdict"], "HOLD", "{run:?}");
}
