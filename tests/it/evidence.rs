//! Evidence from files on disk to the verdict: bound to commits, mapped, merged, never counted twice.

use std::sync::Arc;

use gonogo::engine::{Assessment, Change, Engine};
use gonogo::evidence::{World, gather};
use gonogo::model::{
    Answer, At, Binding, Commit, CommitId, Content, CoverageReport, EvidenceFile, EvidenceKind, FileCoverage,
    Finding, FindingMore, FindingSeverity, Freshness, GateMode, Gathered, Known, LineSet, Policy, Question,
    Relation, RepoPath, Repository, ScanReport, TestCase, TestCounts, TestOutcome, TestReport,
};
use gonogo::text::ContentHash;
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::Value;

use crate::support::{Repo, Run};

const TICKED: &str =
    "# Harbour release readiness\n\n## Before production\n\n- [x] T031 Rotate the signing key\n";
const TRACEFILE: &str = "SF:/ci/build/src/tide.py\nDA:1,1\nDA:2,0\nend_of_record\n\
    SF:/ci/build/src/port/quay.py\nDA:1,3\nend_of_record\n";
const PASSED: &str = "<testsuite name=\"tide\" tests=\"1\"><testcase classname=\"tide\" name=\"high\" time=\"0.1\"/></testsuite>";
const FAILED: &str = "<testsuite name=\"tide\" tests=\"1\" failures=\"1\"><testcase classname=\"tide\" name=\"high\">\
    <failure message=\"too low\"/></testcase></testsuite>";
const CLEAN: &str = "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"Buoy\"}},\
    \"invocations\":[{\"executionSuccessful\":true}],\"results\":[]}]}";

fn head() -> CommitId {
    CommitId::new(&"a".repeat(40)).unwrap()
}

fn noon() -> Timestamp {
    "2025-06-01T12:00:00Z".parse().unwrap()
}

/// What the world answers: HEAD was committed at ten, nothing changed since.
fn known() -> Known {
    let mut known = Known::default();
    let commit = Commit {
        id: head(),
        at: "2025-06-01T10:00:00Z".parse().unwrap(),
        subject: "Begin".into(),
        relation: Relation::Head,
    };
    let paths: Vec<RepoPath> = (0..6).map(|n| path(&format!("src/f{n}.rs"))).collect();
    known.learn(Question::Files(At::Worktree), Answer::Paths(paths.into()));
    known.learn(Question::ChangedSince(head()), Answer::Paths(Arc::from([])));
    for minute in 0..60 {
        let at = written(minute);
        let commit = Answer::Commit(Some(Arc::new(commit.clone())));
        known.learn(Question::NewestBefore(at), commit);
        known.learn(Question::WrittenAfter(at), Answer::Paths(Arc::from([])));
    }
    known
}

fn repository() -> Repository {
    Repository {
        commit: Some(head().as_str().into()),
        git: true,
        ..Repository::default()
    }
}

fn written(minute: i64) -> Timestamp {
    Timestamp::from_second("2025-06-01T11:00:00Z".parse::<Timestamp>().unwrap().as_second() + 60 * minute)
        .unwrap()
}

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

fn file(source: &str, minute: i64, content: Content) -> Arc<EvidenceFile> {
    let (kind, format) = match &content {
        Content::Coverage(_) => (EvidenceKind::Coverage, "lcov"),
        Content::Scan(_) => (EvidenceKind::Scan, "sarif"),
        Content::Tests(_) => (EvidenceKind::Tests, "junit"),
    };
    Arc::new(EvidenceFile {
        source: source.into(),
        path: Some(path(source)),
        hash: ContentHash::of(format!("{content:?}").as_bytes()),
        format,
        kind,
        tracked: false,
        modified: Some(written(minute)),
        commit: None,
        content: Ok(content),
    })
}

fn coverage() -> impl Strategy<Value = Content> {
    vec((0_usize..6, vec((1_u32..40, any::<bool>()), 1..6)), 1..5).prop_map(|files| {
        let mut report = CoverageReport::default();
        for (n, lines) in files {
            let path: Box<str> = format!("/ci/w/src/f{n}.rs").into();
            if report.files.iter().any(|file| file.path == path) {
                continue;
            }
            let mut set = LineSet::default();
            lines.into_iter().for_each(|(line, ran)| set.add(line, ran));
            report.files.push(FileCoverage {
                path,
                lines: set,
                ..FileCoverage::default()
            });
        }
        Content::Coverage(Arc::new(report))
    })
}

fn tests() -> impl Strategy<Value = Content> {
    let outcome = prop_oneof![
        Just(TestOutcome::Failed),
        Just(TestOutcome::Errored),
        Just(TestOutcome::Skipped),
        Just(TestOutcome::Passed)
    ];
    (vec((0_u32..8, outcome), 0..6), 0_u32..5).prop_map(|(cases, more)| {
        let mut report = TestReport::default();
        for (n, outcome) in cases {
            let name: Box<str> = format!("t{n}").into();
            if report.cases.iter().any(|case| case.name == name) {
                continue;
            }
            report.cases.push(TestCase {
                suite: "s".into(),
                name,
                outcome,
                ..TestCase::default()
            });
        }
        let count = |outcome| {
            u32::try_from(report.cases.iter().filter(|case| case.outcome == outcome).count()).unwrap()
        };
        let passed = count(TestOutcome::Passed) + more;
        report.counts = TestCounts {
            passed,
            failed: count(TestOutcome::Failed),
            errored: count(TestOutcome::Errored),
            skipped: count(TestOutcome::Skipped),
            total: passed
                + count(TestOutcome::Failed)
                + count(TestOutcome::Errored)
                + count(TestOutcome::Skipped),
        };
        Content::Tests(Arc::new(report))
    })
}

fn scan() -> impl Strategy<Value = Content> {
    let severity = prop_oneof![
        Just(FindingSeverity::Critical),
        Just(FindingSeverity::High),
        Just(FindingSeverity::Low),
        Just(FindingSeverity::Unknown)
    ];
    let finding = (0_usize..4, 0_usize..6, 1_u32..30, severity, any::<bool>()).prop_map(
        |(rule, at, line, severity, package)| Finding {
            rule: if package {
                format!("CVE-2024-000{rule}")
            } else {
                format!("rule{rule}")
            }
            .into(),
            severity,
            message: format!("seen in line {line}").into(),
            path: (!package).then(|| format!("src/f{at}.rs").into()),
            line: (!package).then_some(line),
            more: package.then(|| {
                Box::new(FindingMore {
                    package: Some(format!("p{at}").into()),
                    version: Some("1.0".into()),
                    aliases: vec![format!("GHSA-{rule}").into()],
                    ..FindingMore::default()
                })
            }),
        },
    );
    (vec(finding, 0..8), any::<bool>()).prop_map(|(findings, ran)| {
        Content::Scan(Arc::new(ScanReport {
            tool: "Buoy".into(),
            ran,
            findings,
            ..ScanReport::default()
        }))
    })
}

fn files() -> impl Strategy<Value = Vec<Arc<EvidenceFile>>> {
    let content = prop_oneof![coverage(), tests(), scan()];
    vec((content, 0_i64..50), 0..7).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(n, (content, minute))| file(&format!("out/e{n}.x"), minute, content))
            .collect()
    })
}

fn gathered(files: &[Arc<EvidenceFile>]) -> Gathered {
    gather(
        files,
        &World {
            repository: &repository(),
            known: &known(),
            ttl: Policy::default().ttl,
            now: noon(),
        },
    )
}

fn assessed(files: &[Arc<EvidenceFile>]) -> Assessment {
    let mut policy = Policy::default();
    policy.evidence.insert(EvidenceKind::Ci, GateMode::Off);
    let mut engine = Engine::default();
    engine.apply(Change::Policy(policy));
    engine.apply(Change::Repository(repository()));
    engine.apply(Change::EvidenceFiles(files.to_vec()));
    let known = known();
    let questions = engine.questions();
    let answers = questions.into_iter().filter_map(|question| {
        let answer = known.answer(&question)?.clone();
        Some((question, answer))
    });
    engine.apply(Change::Answers(answers.collect()));
    engine.assess(noon())
}

proptest! {
    #[test]
    fn the_order_of_files_does_not_matter(files in files(), turn in 0_usize..7) {
        let mut turned = files.clone();
        if !turned.is_empty() {
            let by = turn % turned.len();
            turned.rotate_left(by);
            turned.reverse();
        }
        prop_assert_eq!(gathered(&files), gathered(&turned));
    }

    #[test]
    fn a_copy_of_a_file_counts_nothing_twice(files in files(), which in 0_usize..7) {
        let mut more = files.clone();
        if let Some(original) = files.get(which) {
            let mut copy = (**original).clone();
            copy.source = "copies/c.x".into();
            copy.path = Some(path("copies/c.x"));
            more.push(Arc::new(copy));
        }
        let (one, two) = (gathered(&files), gathered(&more));
        prop_assert_eq!(one.coverage.totals, two.coverage.totals);
        prop_assert_eq!(one.tests.counts, two.tests.counts);
        let ids = |gathered: &Gathered| -> Vec<u64> { gathered.scans.findings.iter().map(|finding| finding.id).collect() };
        let (mut one, mut two) = (ids(&one), ids(&two));
        one.sort_unstable();
        two.sort_unstable();
        prop_assert_eq!(one, two);
    }

    #[test]
    fn a_failure_outlives_whatever_lies_beside_it(files in files()) {
        let case = TestCase { suite: "own".into(), name: "fails".into(), outcome: TestOutcome::Failed, ..TestCase::default() };
        let report = TestReport {
            counts: TestCounts { total: 1, failed: 1, ..TestCounts::default() },
            cases: vec![case],
            ..TestReport::default()
        };
        let mut more = files.clone();
        more.push(file("z/failing.xml", 55, Content::Tests(Arc::new(report))));
        let all = gathered(&more);
        prop_assert!(all.tests.counts.failed >= 1);
        let told = all.tests.cases.iter().filter_map(|&(file, at)| all.case(file, at));
        prop_assert!(told.filter(|(_, case)| &*case.name == "fails").count() == 1);
    }

    #[test]
    fn a_merge_counts_at_least_what_each_file_does(files in files()) {
        let all = gathered(&files);
        let counts = all.tests.counts;
        prop_assert_eq!(counts.total, counts.passed + counts.failed + counts.errored + counts.skipped);
        for bound in &all.files {
            match &bound.file.content {
                Ok(Content::Tests(report)) => prop_assert!(counts.failed + counts.errored >= report.counts.failed.max(report.counts.errored)),
                Ok(Content::Scan(report)) => {
                    let plain = report.findings.iter().filter(|finding| finding.more.is_none()).count();
                    prop_assert!(all.scans.findings.len() >= plain);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn taking_passing_evidence_away_never_improves_the_verdict(files in files(), which in 0_usize..7) {
        let with = assessed(&files);
        let Some(taken) = files.get(which) else { return Ok(()) };
        let passing = match &taken.content {
            Ok(Content::Tests(report)) => report.counts.failed + report.counts.errored == 0,
            Ok(Content::Scan(report)) => report.ran && report.findings.is_empty(),
            Ok(Content::Coverage(_)) => true,
            Err(_) => false,
        };
        if passing {
            let rest: Vec<_> = files.iter().filter(|file| file.source != taken.source).cloned().collect();
            prop_assert!(assessed(&rest).verdict >= with.verdict);
        }
    }
}

fn evidence(run: &Run, source: &str) -> Value {
    let all = run.json();
    let found = all["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .find(|piece| piece["source"] == source)
        .cloned();
    found.unwrap_or_else(|| panic!("no {source} in {all}"))
}

#[test]
fn coverage_tests_and_a_scan_pass_until_a_commit_touches_what_they_speak_of() {
    let repo = Repo::with(&[
        ("docs/READY.md", TICKED),
        ("src/tide.py", "def high():\n    return 1\n"),
        ("src/port/quay.py", "LENGTH = 3\n"),
        (".gitignore", "coverage/\n"),
    ]);
    repo.write("coverage/lcov.info", TRACEFILE);
    repo.write("reports/junit.xml", PASSED);
    repo.write("reports/buoy.sarif", CLEAN);
    let run = repo.run(&["check", "--format", "json"]);
    for source in ["coverage/lcov.info", "reports/junit.xml", "reports/buoy.sarif"] {
        let piece = evidence(&run, source);
        let said = [
            &piece["collection"],
            &piece["outcome"],
            &piece["binding"],
            &piece["freshness"],
        ];
        assert_eq!(said, ["collected", "pass", "exact", "fresh"], "{source}: {run:?}");
    }
    // A document that no tool looked at changes nothing.
    repo.write("docs/NOTES.md", "Ebb.\n");
    repo.git(&["add", "docs"]);
    repo.git(&["commit", "-q", "-m", "Notes"]);
    let run = repo.run(&["check", "--format", "json"]);
    assert_eq!(
        evidence(&run, "coverage/lcov.info")["freshness"],
        "fresh",
        "{run:?}"
    );

    repo.write("src/tide.py", "def high():\n    return 2\n");
    let run = repo.run(&["check", "--format", "json"]);
    assert_eq!(
        evidence(&run, "coverage/lcov.info")["freshness"],
        "stale",
        "{run:?}"
    );
    repo.git(&["add", "src"]);
    repo.git(&["commit", "-q", "-m", "Higher"]);
    let run = repo.run(&["check", "--format", "json"]);
    for source in ["coverage/lcov.info", "reports/junit.xml"] {
        assert_ne!(evidence(&run, source)["freshness"], "fresh", "{run:?}");
    }
    assert_ne!(run.code, 0);
}

#[test]
fn committed_evidence_is_of_the_commit_that_brought_it() {
    let repo = Repo::with(&[
        ("src/tide.py", "A = 1\nB = 2\n"),
        ("src/port/quay.py", "LENGTH = 3\n"),
        ("coverage/lcov.info", TRACEFILE),
    ]);
    let piece = |repo: &Repo| evidence(&repo.run(&["check", "--format", "json"]), "coverage/lcov.info");
    assert_eq!(piece(&repo)["binding"], "exact");
    assert_eq!(piece(&repo)["freshness"], "fresh");
    repo.write("src/other.py", "C = 1\n");
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "-m", "Elsewhere"]);
    assert_eq!(piece(&repo)["binding"], "ancestor");
    assert_eq!(piece(&repo)["freshness"], "fresh");
    repo.write("src/tide.py", "A = 1\nB = 3\n");
    repo.git(&["commit", "-q", "-am", "Tide"]);
    assert_eq!(piece(&repo)["binding"], "ancestor");
    assert_eq!(piece(&repo)["freshness"], "stale");
}

#[test]
fn a_failed_test_is_no_go_and_a_broken_report_is_never_a_pass() {
    let repo = Repo::with(&[("docs/READY.md", TICKED), ("junit.xml", FAILED)]);
    let run = repo.run(&["check", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let reasons = run.json()["reasons"].clone();
    let told = reasons
        .as_array()
        .unwrap()
        .iter()
        .any(|reason| reason["kind"] == "tests" && reason["source"] == "junit.xml");
    assert!(told, "{reasons}");

    let cut = &FAILED[..FAILED.len() - 30];
    let repo = Repo::with(&[("docs/READY.md", TICKED), ("junit.xml", cut)]);
    let run = repo.run(&["check", "--format", "json"]);
    assert_eq!(evidence(&run, "junit.xml")["collection"], "error", "{run:?}");
    assert_ne!(run.code, 0);
}

#[test]
fn other_peoples_and_sample_files_are_no_evidence() {
    let repo = Repo::with(&[
        ("docs/READY.md", TICKED),
        ("tests/fixtures/junit.xml", FAILED),
        ("node_modules/x/junit.xml", FAILED),
        ("vendor/y/junit.xml", FAILED),
        ("package.json", "{\"name\":\"x\"}"),
        (".gitignore", "env/\n"),
    ]);
    repo.write("env/pyvenv.cfg", "home = /usr\n");
    repo.write("env/lib/junit.xml", FAILED);
    let run = repo.run(&["check", "--format", "json"]);
    assert_eq!(run.json()["evidence"], Value::Array(Vec::new()), "{run:?}");
    let settings = "[evidence_files]\ninclude = [\"tests/fixtures/junit.xml\"]\n";
    repo.write("gonogo.toml", settings);
    let run = repo.run(&["check", "--format", "json"]);
    assert_eq!(
        evidence(&run, "tests/fixtures/junit.xml")["outcome"],
        "fail",
        "{run:?}"
    );
    repo.write("gonogo.toml", "[evidence_files]\nexclude = [\"junit.xml\"]\n");
    repo.write("junit.xml", FAILED);
    let run = repo.run(&["check", "--format", "json"]);
    assert_eq!(run.json()["evidence"], Value::Array(Vec::new()), "{run:?}");
}

#[test]
fn without_git_evidence_is_read_and_bound_to_nothing() {
    let repo = Repo::plain(&[("READY.md", TICKED), ("out/junit.xml", PASSED)]);
    let run = repo.run(&["check", "--format", "json"]);
    let piece = evidence(&run, "out/junit.xml");
    assert_eq!(piece["binding"], "unbound", "{run:?}");
    assert_eq!(piece["freshness"], "aging", "{run:?}");
    assert_eq!(run.code, 3);
}

#[test]
fn one_advisory_under_two_names_is_one_finding() {
    let finding = |rule: &str, aliases: &[&str], version: Option<&str>, severity| Finding {
        rule: rule.into(),
        severity,
        message: rule.into(),
        more: Some(Box::new(FindingMore {
            package: Some("Lodash".into()),
            version: version.map(Into::into),
            aliases: aliases.iter().map(|alias| (*alias).into()).collect(),
            ..FindingMore::default()
        })),
        ..Finding::default()
    };
    let report = |tool: &str, findings: Vec<Finding>| {
        Content::Scan(Arc::new(ScanReport {
            tool: tool.into(),
            ran: true,
            findings,
            ..ScanReport::default()
        }))
    };
    let all = gathered(&[
        file(
            "a.json",
            1,
            report(
                "npm",
                vec![finding("GHSA-x", &["CVE-2020-1"], None, FindingSeverity::High)],
            ),
        ),
        file(
            "b.json",
            2,
            report(
                "osv",
                vec![finding(
                    "CVE-2020-1",
                    &[],
                    Some("4.17.10"),
                    FindingSeverity::Critical,
                )],
            ),
        ),
        file(
            "c.json",
            3,
            report(
                "trivy",
                vec![finding(
                    "CVE-2020-1",
                    &[],
                    Some("3.0.0"),
                    FindingSeverity::Critical,
                )],
            ),
        ),
    ]);
    let found: Vec<_> = all
        .scans
        .findings
        .iter()
        .map(|one| (one.severity, one.seen.len()))
        .collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found
            .iter()
            .all(|(severity, _)| *severity == FindingSeverity::Critical)
    );
    assert_eq!(found.iter().map(|(_, seen)| seen).sum::<usize>(), 3);
}

#[test]
fn equal_findings_of_one_file_stay_several_and_keep_their_identity_when_lines_move() {
    let report = |lines: &[u32]| {
        let findings = lines.iter().map(|line| Finding {
            rule: "no-eval".into(),
            message: format!("eval in line {line}").into(),
            path: Some("src/f1.rs".into()),
            line: Some(*line),
            ..Finding::default()
        });
        Content::Scan(Arc::new(ScanReport {
            tool: "Buoy".into(),
            ran: true,
            findings: findings.collect(),
            ..ScanReport::default()
        }))
    };
    let ids = |content: Content| -> Vec<u64> {
        let mut ids: Vec<_> = gathered(&[file("a.sarif", 1, content)])
            .scans
            .findings
            .iter()
            .map(|one| one.id)
            .collect();
        ids.sort_unstable();
        ids
    };
    let before = ids(report(&[3, 17]));
    assert_eq!(before.len(), 2);
    assert_eq!(before, ids(report(&[8, 22])));
    let both = gathered(&[
        file("a.sarif", 1, report(&[3, 17])),
        file("b.sarif", 2, report(&[3, 18])),
    ]);
    assert_eq!(both.scans.findings.len(), 2);
}

#[test]
fn a_report_of_another_project_speaks_of_nothing_here() {
    let mut report = CoverageReport::default();
    report.files.push(FileCoverage {
        path: "/elsewhere/lib/other.rs".into(),
        ..FileCoverage::default()
    });
    let all = gathered(&[file("lcov.info", 1, Content::Coverage(Arc::new(report)))]);
    assert_eq!(
        (all.files[0].binding, all.files[0].freshness),
        (Binding::Unrelated, Freshness::Stale)
    );
    assert!(all.files[0].why.contains("in this repository"));
}

/// A scan with a time and a commit of its own words, bound.
fn bound(
    said: Option<&str>,
    commit: Option<&str>,
    change: impl FnOnce(&mut EvidenceFile, &mut Known),
) -> Gathered {
    let report = ScanReport {
        tool: "Buoy".into(),
        ran: true,
        produced_at: said.map(Into::into),
        commit: commit.map(Into::into),
        ..ScanReport::default()
    };
    let mut file = (*file("buoy.sarif", 1, Content::Scan(Arc::new(report)))).clone();
    let mut known = known();
    change(&mut file, &mut known);
    gather(
        &[Arc::new(file)],
        &World {
            repository: &repository(),
            known: &known,
            ttl: Policy::default().ttl,
            now: noon(),
        },
    )
}

fn stands(gathered: &Gathered) -> (Binding, Freshness) {
    (gathered.files[0].binding, gathered.files[0].freshness)
}

#[test]
fn the_commit_that_a_file_names_is_looked_up_and_not_believed_blindly() {
    let other = "b".repeat(40);
    let learn = |known: &mut Known, relation| {
        let commit = Commit {
            id: CommitId::new(&other).unwrap(),
            at: written(-200),
            subject: "Other".into(),
            relation,
        };
        known.learn(
            Question::Commit(other.as_str().into()),
            Answer::Commit(Some(Arc::new(commit))),
        );
    };
    let id = || CommitId::new(&other).unwrap();
    let named = |change: &dyn Fn(&mut Known)| stands(&bound(None, Some(&other), |_, known| change(known)));
    assert_eq!(named(&|_| {}), (Binding::Unbound, Freshness::Aging));
    let missing =
        |known: &mut Known| known.learn(Question::Commit(other.as_str().into()), Answer::Commit(None));
    assert_eq!(named(&missing), (Binding::Unrelated, Freshness::Stale));
    assert_eq!(
        named(&|known| learn(known, Relation::Unrelated)),
        (Binding::Unrelated, Freshness::Stale)
    );
    assert_eq!(
        named(&|known| learn(known, Relation::Descendant)),
        (Binding::Descendant, Freshness::Stale)
    );
    let ancestor = |relevant_files_changed| Binding::Ancestor {
        commits: 3,
        relevant_files_changed,
    };
    // What changed since is not known.
    assert_eq!(
        named(&|known| learn(known, Relation::Ancestor(3))),
        (ancestor(u32::MAX), Freshness::Aging)
    );
    let changed = |path_: &'static str| {
        move |known: &mut Known| {
            known.learn(
                Question::ChangedSince(id()),
                Answer::Paths(vec![path(path_)].into()),
            );
        }
    };
    let since = |path_| {
        let change = changed(path_);
        stands(&bound(None, Some(&other), |_, known| {
            learn(known, Relation::Ancestor(3));
            change(known);
        }))
    };
    assert_eq!(since("docs/a.md"), (ancestor(0), Freshness::Fresh));
    assert_eq!(since("src/f1.rs"), (ancestor(1), Freshness::Stale));
}

#[test]
fn a_scan_ages_and_its_own_words_never_make_it_younger() {
    let stands = |said: &str| {
        stands(&bound(Some(said), None, |file, known| {
            // Whatever time is asked for lies after HEAD.
            let head = known.answer(&Question::NewestBefore(written(1))).unwrap().clone();
            for at in [said, "2025-06-01T11:01:00Z"] {
                if let Ok(at) = at.parse::<Timestamp>() {
                    known.learn(Question::NewestBefore(at), head.clone());
                    known.learn(Question::WrittenAfter(at), Answer::Paths(Arc::from([])));
                }
            }
            file.modified = Some(written(1));
        }))
    };
    assert_eq!(stands("2025-06-01T11:00:30Z"), (Binding::Exact, Freshness::Fresh));
    assert_eq!(stands("2025-05-20T11:00:00Z"), (Binding::Exact, Freshness::Stale));
    assert_eq!(
        stands("2025-01-01T11:00:00Z"),
        (Binding::Exact, Freshness::Expired)
    );
    assert_eq!(stands("2031-01-01T11:00:00Z"), (Binding::Exact, Freshness::Aging));
    assert_eq!(stands("no time at all"), (Binding::Exact, Freshness::Fresh));
}

#[test]
fn a_file_written_later_than_the_evidence_makes_it_stale() {
    let gathered = bound(None, None, |_, known| {
        known.learn(
            Question::WrittenAfter(written(1)),
            Answer::Paths(vec![path("src/f2.rs")].into()),
        );
    });
    assert_eq!(stands(&gathered), (Binding::Dirty, Freshness::Stale));
    assert!(
        gathered.files[0].why.contains("src/f2.rs"),
        "{}",
        gathered.files[0].why
    );
    let gathered = bound(None, None, |_, known| {
        known.learn(
            Question::ChangedSince(head()),
            Answer::Paths(vec![path("src/f2.rs")].into()),
        );
    });
    assert_eq!(stands(&gathered), (Binding::Dirty, Freshness::Stale));
}

#[test]
fn a_dated_series_counts_its_newest_and_remembers_since_when() {
    let finding = Finding {
        rule: "no-eval".into(),
        path: Some("src/f1.rs".into()),
        line: Some(3),
        ..Finding::default()
    };
    let report = |findings: Vec<Finding>, at: &str| {
        Content::Scan(Arc::new(ScanReport {
            tool: "Buoy".into(),
            ran: true,
            produced_at: Some(at.into()),
            findings,
            ..ScanReport::default()
        }))
    };
    let other = Finding {
        rule: "gone".into(),
        ..finding.clone()
    };
    let all = gathered(&[
        file(
            "scans/buoy-2025-05-01.sarif",
            1,
            report(vec![finding.clone(), other], "2025-05-01T00:00:00Z"),
        ),
        file(
            "scans/buoy-2025-06-01.sarif",
            2,
            report(vec![finding], "2025-06-01T00:00:00Z"),
        ),
    ]);
    assert_eq!(all.files[0].superseded_by, Some(1));
    assert_eq!(all.scans.findings.len(), 1);
    assert_eq!(
        all.scans.findings[0].since,
        Some("2025-05-01T00:00:00Z".parse().unwrap())
    );
}
