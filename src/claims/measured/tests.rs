use std::sync::Arc;

use crate::claims::tests as trial;
use crate::model::{
    Binding, Bound, Content, Coverage, CoverageReport, CoveredFile, EvidenceFile, EvidenceKind,
    FindingSeverity, Freshness, Gathered, LineSet, MergedFinding, Ratio, ScanReport, Scans, TestCase,
    TestCounts, TestOutcome, TestReport, Tests,
};
use crate::text::ContentHash;

fn bound(source: &str, kind: EvidenceKind, content: Content) -> Bound {
    Bound {
        file: Arc::new(EvidenceFile {
            source: source.into(),
            path: None,
            hash: ContentHash::of(b""),
            format: "",
            kind,
            tracked: false,
            modified: None,
            commit: None,
            content: Ok(content),
        }),
        commit: None,
        why: "".into(),
        binding: Binding::Exact,
        freshness: Freshness::Fresh,
        produced_at: None,
        superseded_by: None,
    }
}

fn covered(path: &str, covered: u64, total: u64) -> CoveredFile {
    CoveredFile {
        path: path.into(),
        mapped: true,
        lines: LineSet::default(),
        line_ratio: Some(Ratio { covered, total }),
        branches: None,
        functions: None,
        sources: vec![0],
    }
}

/// 970 of 1000 lines; 28 tests; one high finding of npm audit.
fn world(failed: u32) -> Gathered {
    let counts = TestCounts {
        total: 28,
        passed: 28 - failed,
        failed,
        errored: 0,
        skipped: 0,
    };
    let case = TestCase {
        name: "adds".into(),
        outcome: TestOutcome::Failed,
        ..TestCase::default()
    };
    let cases: Vec<TestCase> = (0..failed).map(|_| case.clone()).collect();
    let finding = crate::model::Finding {
        rule: "GHSA-1".into(),
        severity: FindingSeverity::High,
        ..Default::default()
    };
    let scan = ScanReport {
        tool: "npm audit".into(),
        ran: true,
        findings: vec![finding],
        ..ScanReport::default()
    };
    let tests = TestReport {
        counts,
        cases,
        ..TestReport::default()
    };
    Gathered {
        files: vec![
            bound(
                "lcov.info",
                EvidenceKind::Coverage,
                Content::Coverage(Arc::new(CoverageReport::default())),
            ),
            bound(
                "reports/unit.xml",
                EvidenceKind::Tests,
                Content::Tests(Arc::new(tests)),
            ),
            bound("audit.json", EvidenceKind::Scan, Content::Scan(Arc::new(scan))),
        ],
        coverage: Coverage {
            files: vec![covered("src/auth/a.rs", 70, 100), covered("src/b.rs", 900, 900)],
            totals: crate::model::Totals {
                lines: Some(Ratio {
                    covered: 970,
                    total: 1000,
                }),
                ..Default::default()
            },
        },
        scans: Scans {
            findings: vec![MergedFinding {
                id: 1,
                severity: FindingSeverity::High,
                seen: vec![(2, 0)],
                path: None,
                since: None,
                waived: None,
            }],
            suppressed: 0,
        },
        tests: Tests {
            counts,
            flaky: 0,
            cases: (0..failed).map(|at| (1, at)).collect(),
        },
    }
}

fn verdicts(text: &str, gathered: &Gathered) -> Vec<&'static str> {
    let document = if text.starts_with('#') {
        text.to_owned()
    } else {
        format!("# Readiness\n\n## Quality\n\n{text}\n")
    };
    ["coverage", "tests", "scans"]
        .into_iter()
        .flat_map(|rule| trial::claims_with(rule, &document, &[], gathered))
        .map(|claim| claim.verdict.word())
        .collect()
}

#[track_caller]
fn all(gathered: &Gathered, cases: &[(&str, &[&str])]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, wanted)| {
            let got = verdicts(text, gathered);
            (got != *wanted).then(|| format!("{text}\n   wanted {wanted:?}, got {got:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn coverage_figures_are_held_against_counters() {
    all(
        &world(0),
        &[
            ("Coverage: 97%", &["holds"]),
            ("Test coverage is 97.0%.", &["holds"]),
            ("- **Line coverage:** 97.2%", &["refuted"]),
            ("We have 97% coverage.", &["holds"]),
            ("Coverage is 100%.", &["refuted"]),
            ("Test coverage is above 95%.", &["holds"]),
            ("Test coverage is above 97%.", &["refuted"]),
            ("Coverage: 95%+", &["holds"]),
            ("Coverage: ~96%", &["holds_loosely"]),
            ("> 95 % coverage of src/auth/*", &["refuted"]),
            ("Coverage of `src/auth` is 70%.", &["holds"]),
            ("Coverage of `src/gone/*` is 70%.", &["vacuous"]),
            ("97% of lines are covered.", &["holds"]),
            ("Branch coverage: 80%", &["unverifiable"]),
            ("Coverage is 60% for the payment module.", &["unverifiable"]),
            ("# R\n\n## Payments\n\nCoverage: 60%", &["unverifiable"]),
            (
                "| Path | Coverage | Target |\n|---|---|---|\n| src/auth | 70% | 95% |\n| Total | 99% | 95% |",
                &["holds", "refuted"],
            ),
            (
                "| Metric | Target | Actual |\n|---|---|---|\n| Line coverage | 80% | 97% |",
                &["holds"],
            ),
        ],
    );
    all(&Gathered::default(), &[("Coverage: 97%", &["unverifiable"])]);
}

#[test]
fn tests_are_held_against_their_results() {
    all(
        &world(0),
        &[
            ("All tests pass.", &["holds"]),
            ("- All 28 tests pass (28/28).", &["holds"]),
            ("All 30 tests pass.", &["refuted"]),
            ("Tests: 28/28", &["holds"]),
            ("150 tests in total.", &["refuted"]),
            ("0 test failures.", &["holds"]),
            ("Unit tests: passing", &["holds"]),
            ("E2E tests passing", &["unverifiable"]),
            ("100% test pass rate", &["holds"]),
            ("All payment tests pass.", &["unverifiable"]),
            ("All tests pass in the payment module.", &["unverifiable"]),
        ],
    );
    all(
        &world(1),
        &[
            ("All tests pass.", &["refuted"]),
            ("All 28 tests pass (28/28).", &["refuted"]),
            ("27/28 tests passing.", &["holds"]),
            ("No failing tests.", &["refuted"]),
            ("# R\n\n## Payments\n\nAll tests pass.", &["unverifiable"]),
        ],
    );
    let mut none = world(0);
    none.tests.counts = TestCounts::default();
    all(&none, &[("All tests pass.", &["vacuous"])]);
    all(&Gathered::default(), &[("All tests pass.", &["unverifiable"])]);
}

#[test]
fn numbers_of_findings_are_held_against_scans() {
    all(
        &world(0),
        &[
            ("0 critical vulnerabilities (npm audit).", &["holds"]),
            ("Zero known critical vulnerabilities.", &["holds"]),
            ("No high vulnerabilities remain.", &["refuted"]),
            ("npm audit: 0 vulnerabilities", &["refuted"]),
            ("1 high vulnerability is open.", &["holds"]),
            ("0 critical, 0 high vulnerabilities.", &["holds", "refuted"]),
            ("Trivy: 0 critical vulnerabilities.", &["unverifiable"]),
            (
                "No critical/high vulnerabilities in containers.",
                &["unverifiable"],
            ),
        ],
    );
    all(
        &Gathered::default(),
        &[("0 critical vulnerabilities.", &["unverifiable"])],
    );
}

#[test]
fn evidence_that_does_not_speak_of_head_proves_nothing() {
    let mut old = world(0);
    for bound in &mut old.files {
        bound.freshness = Freshness::Stale;
    }
    all(
        &old,
        &[
            ("Coverage: 97%", &["unverifiable"]),
            ("Coverage: 60%", &["unverifiable"]),
            ("All tests pass.", &["unverifiable"]),
            ("All 30 tests pass.", &["unverifiable"]),
            ("0 critical vulnerabilities.", &["unverifiable"]),
            ("0 high vulnerabilities.", &["unverifiable"]),
        ],
    );
    let mut never_ran = world(0);
    let scan = ScanReport {
        tool: "npm audit".into(),
        ..ScanReport::default()
    };
    never_ran.files[2] = bound("audit.json", EvidenceKind::Scan, Content::Scan(Arc::new(scan)));
    never_ran.scans.findings.clear();
    all(&never_ran, &[("0 high vulnerabilities.", &["unverifiable"])]);
}

#[test]
fn goals_plans_the_past_and_other_things_are_silent() {
    let world = world(1);
    let silent: &[&str] = &[
        "Coverage must be at least 99%.",
        "Coverage target: 99%",
        "CI enforces 99% coverage.",
        "- [ ] Coverage is 99%",
        "# R\n\n## Next steps\n\nCoverage is 99%. All tests pass. 0 high vulnerabilities.",
        "**Before:** coverage was 12%.",
        "Coverage rose from 60% to 99%.",
        "8 packages with coverage below 50%.",
        "Excellent coverage (60-80%)",
        "Documentation is 80% complete.",
        "Ensure all tests pass.",
        "Not all tests pass.",
        "Some tests fail.",
        "Deploy once all tests pass.",
        "Pass rate: 28/30 packages",
        "28/28 passing packages in the test run.",
        "12 tests were added for billing.",
        "Fixed 3 high vulnerabilities.",
        "The build fails if more than 0 high vulnerabilities are found.",
        "No new high vulnerabilities may be introduced.",
        "No SQL injection vulnerabilities.",
        "`cargo test` passes 3 arguments.",
        "| Metric | Before | Target |\n|---|---|---|\n| Coverage | 12% | 99% |",
    ];
    let loud: Vec<_> = silent
        .iter()
        .map(|text| (text, verdicts(text, &world)))
        .filter(|(_, got)| !got.is_empty())
        .collect();
    assert!(loud.is_empty(), "{loud:#?}");
}
