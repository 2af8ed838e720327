//! Evidence made in memory: coverage of four sources, two scans, tests, and their sources; for the stories of the panes.

use std::sync::Arc;

use gonogo::engine::GateOutcome;
use gonogo::model::{
    Binding, Bound, CommitId, Content, Coverage, CoverageReport, CoveredFile, EvidenceFile, EvidenceKind,
    Finding, FindingMore, FindingSeverity, FindingWaiver, Freshness, GateMode, GateResult, Gathered, LineSet,
    MergedFinding, Problem, ProblemSeverity, Ratio, RepoPath, ScanReport, Scans, TestCase, TestCounts,
    TestOutcome, TestReport, Tests, Totals,
};
use gonogo::text::ContentHash;

use super::judged::Repo;

const HEAD: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";
const BEFORE: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f001234567";

impl Repo {
    /// The small repository with evidence of each kind.
    pub fn measured() -> Self {
        let sign_in = "pub fn lock(tries: u32) -> bool {\n    if tries > 10 {\n        warn();\n        return true;\n    }\n    false\n}\n";
        let mut repo = Self::small();
        repo.sources = vec![
            ("src/auth/lock.rs".to_owned(), sign_in.to_owned()),
            ("src/auth/key.rs".to_owned(), "fn key() {}\n".repeat(40)),
            ("package-lock.json".to_owned(), "{}\n".to_owned()),
        ];
        repo.gathered = Arc::new(gathered());
        let gate = |id: &str, result, message: &str, source: &str| GateOutcome {
            id: id.to_owned(),
            mode: GateMode::Enforce,
            result,
            message: message.to_owned(),
            source: source.to_owned(),
        };
        repo.gates = vec![
            gate(
                "scans:high",
                GateResult::Fail,
                "1 critical and 1 high finding are open",
                "",
            ),
            gate(
                "tests:failed",
                GateResult::Fail,
                "2 of 120 tests failed",
                "junit.xml",
            ),
            gate(
                "coverage:auth",
                GateResult::Fail,
                "lines of `src/auth/**`: 78.26% (18 of 23), >= 95% is needed",
                "gonogo.toml:4",
            ),
        ];
        repo
    }

    /// With so many findings.
    pub fn scanned(findings: u32) -> Self {
        let report = ScanReport {
            tool: "broad".into(),
            ran: true,
            findings: (0..findings)
                .map(|n| Finding {
                    rule: format!("rule-{:03}", n % 300).into(),
                    severity: FindingSeverity::ALL[(n / 1000 % 5) as usize],
                    message: format!("finding number {n}").into(),
                    path: Some(format!("src/part{}/f{}.rs", n % 40, n % 1000).into()),
                    line: Some(n + 1),
                    more: None,
                })
                .collect(),
            ..ScanReport::default()
        };
        let mut merged: Vec<MergedFinding> = (0..findings)
            .map(|n| MergedFinding {
                id: u64::from(n) * 7919,
                severity: report.findings[n as usize].severity,
                seen: vec![(0, n)],
                path: RepoPath::new(&format!("src/part{}/f{}.rs", n % 40, n % 1000)),
                since: None,
                waived: None,
            })
            .collect();
        merged.sort_by_key(|found| found.severity);
        let gathered = Gathered {
            files: vec![bound(
                "broad.sarif",
                EvidenceKind::Scan,
                Ok(Content::Scan(Arc::new(report))),
            )],
            scans: Scans {
                findings: merged,
                suppressed: 0,
            },
            ..Gathered::default()
        };
        Self {
            gathered: Arc::new(gathered),
            ..Self::small()
        }
    }
}

fn bound(source: &str, kind: EvidenceKind, content: Result<Content, Problem>) -> Bound {
    Bound {
        file: Arc::new(EvidenceFile {
            source: source.into(),
            path: RepoPath::new(source),
            hash: ContentHash::of(source.as_bytes()),
            format: "sample",
            kind,
            tracked: false,
            modified: None,
            commit: None,
            content,
        }),
        commit: CommitId::new(HEAD),
        why: "written after it".into(),
        binding: Binding::Exact,
        freshness: Freshness::Fresh,
        produced_at: "2030-01-02T01:00:00Z".parse().ok(),
        superseded_by: None,
    }
}

fn covered(path: &str, mapped: bool, lines: &[(u32, bool)], sources: &[u32]) -> CoveredFile {
    let mut set = LineSet::default();
    for (line, ran) in lines {
        set.add(*line, *ran);
    }
    CoveredFile {
        path: path.into(),
        mapped,
        line_ratio: Some(set.ratio()),
        lines: set,
        branches: None,
        functions: None,
        sources: sources.to_vec(),
    }
}

fn coverage() -> Coverage {
    let lock = [(1, true), (2, true), (3, false), (4, false), (6, true)];
    let key: Vec<(u32, bool)> = (1..=18).map(|line| (line, line <= 15)).collect();
    let mut files = vec![
        covered("src/auth/key.rs", true, &key, &[0]),
        covered("src/auth/lock.rs", true, &lock, &[0]),
        covered("src/shop/cart/total.rs", true, &[(1, true), (2, true)], &[0]),
        covered("/home/ci/generated.rs", false, &[(1, false)], &[0]),
    ];
    files[1].branches = Some(Ratio::new(1, 2));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Coverage {
        files,
        totals: Totals {
            lines: Some(Ratio::new(20, 26)),
            branches: Some(Ratio::new(1, 2)),
            functions: None,
        },
    }
}

fn finding(rule: &str, severity: FindingSeverity, message: &str, path: Option<(&str, u32)>) -> Finding {
    Finding {
        rule: rule.into(),
        severity,
        message: message.into(),
        path: path.map(|(path, _)| path.into()),
        line: path.map(|(_, line)| line),
        more: None,
    }
}

fn gathered() -> Gathered {
    let mut lodash = finding(
        "CVE-2030-1111",
        FindingSeverity::Critical,
        "Prototype pollution",
        None,
    );
    lodash.more = Some(Box::new(FindingMore {
        package: Some("lodash".into()),
        version: Some("4.17.20".into()),
        fix: Some("4.17.21".into()),
        aliases: vec!["GHSA-aaaa-bbbb-cccc".into()],
        link: Some("https://advisories.example/1111".into()),
        ..FindingMore::default()
    }));
    let mut same = lodash.clone();
    same.rule = "GHSA-aaaa-bbbb-cccc".into();
    same.severity = FindingSeverity::High;
    let eval = finding(
        "no-eval",
        FindingSeverity::High,
        "`eval` of \u{1b}[31muser input\u{1b}[0m",
        Some(("src/auth/lock.rs", 3)),
    );
    let weak = finding(
        "weak-hash",
        FindingSeverity::Medium,
        "MD5 is not collision resistant",
        Some(("src/auth/key.rs", 12)),
    );
    let old = finding("old-header", FindingSeverity::Low, "X-Powered-By is sent", None);
    let scan = |tool: &str, findings: Vec<Finding>| {
        let report = ScanReport {
            tool: tool.into(),
            ran: true,
            findings,
            ..ScanReport::default()
        };
        Ok(Content::Scan(Arc::new(report)))
    };
    let merged = |id, severity, seen: &[(u32, u32)], path: Option<&str>| MergedFinding {
        id,
        severity,
        seen: seen.to_vec(),
        path: path.and_then(RepoPath::new),
        since: "2029-12-24T00:00:00Z".parse().ok(),
        waived: None,
    };
    let mut findings = vec![
        merged(0xA1, FindingSeverity::Critical, &[(1, 0), (2, 0)], None),
        merged(0xA2, FindingSeverity::High, &[(3, 0)], Some("src/auth/lock.rs")),
        merged(0xA3, FindingSeverity::Medium, &[(3, 1)], Some("src/auth/key.rs")),
        merged(0xA4, FindingSeverity::Low, &[(3, 2)], None),
    ];
    findings[2].waived = Some(FindingWaiver {
        source: ".trivyignore:3".into(),
        reason: "only for cache keys".into(),
        expires: "2030-03-01T00:00:00Z".parse().ok(),
        not_affected: false,
    });
    let case = |suite: &str, name: &str, outcome, millis, message: Option<&str>| TestCase {
        suite: suite.into(),
        name: name.into(),
        outcome,
        millis: Some(millis),
        message: message.map(Into::into),
        path: Some("src/auth/lock.rs".into()),
        line: Some(2),
        flaky: name == "retries once",
    };
    let cases = vec![
        case(
            "auth::lock",
            "locks after ten tries",
            TestOutcome::Failed,
            1_250,
            Some("\u{1b}[1;31massertion failed\u{1b}[0m: left == right\n    at lock.rs:2\n    at main"),
        ),
        case(
            "auth::key",
            "reads the key",
            TestOutcome::Errored,
            3,
            Some("no such file"),
        ),
        case("shop", "retries once", TestOutcome::Passed, 900, None),
        case(
            "shop",
            "prints a receipt",
            TestOutcome::Skipped,
            0,
            Some("needs a printer"),
        ),
        case("shop", "adds up", TestOutcome::Passed, 65_000, None),
    ];
    let mut sarif = bound(
        "scans/code.sarif",
        EvidenceKind::Scan,
        scan("codecheck", vec![eval, weak, old]),
    );
    sarif.commit = CommitId::new(BEFORE);
    sarif.binding = Binding::Ancestor {
        commits: 3,
        relevant_files_changed: 2,
    };
    sarif.freshness = Freshness::Stale;
    sarif.produced_at = "2029-12-24T00:00:00Z".parse().ok();
    let broken = Problem {
        severity: ProblemSeverity::Error,
        at: "scans/cut.json:1:9".into(),
        what: "the file ends in the middle of a string".into(),
        hint: None,
    };
    Gathered {
        files: vec![
            bound(
                "coverage/lcov.info",
                EvidenceKind::Coverage,
                Ok(Content::Coverage(Arc::new(CoverageReport::default()))),
            ),
            bound(
                "scans/packages.json",
                EvidenceKind::Scan,
                scan("packcheck", vec![lodash]),
            ),
            bound("scans/audit.json", EvidenceKind::Scan, scan("audit", vec![same])),
            sarif,
            bound("scans/cut.json", EvidenceKind::Scan, Err(broken)),
            bound(
                "junit.xml",
                EvidenceKind::Tests,
                Ok(Content::Tests(Arc::new(TestReport {
                    cases,
                    ..TestReport::default()
                }))),
            ),
        ],
        coverage: coverage(),
        scans: Scans {
            findings,
            suppressed: 2,
        },
        tests: Tests {
            counts: TestCounts {
                total: 120,
                passed: 117,
                failed: 1,
                errored: 1,
                skipped: 1,
            },
            flaky: 1,
            cases: (0..5).map(|at| (5, at)).collect(),
        },
    }
}
