//! `gonogo inspect` on what tools wrote: figures, refusals, and the order of the answers.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Repo, Run};

const LCOV: &str = "TN:\nSF:src/a.rs\nFN:1,one\nFNDA:2,one\nFNF:1\nFNH:1\nDA:1,2\nDA:2,0\nDA:4,1\nLF:3\nLH:2\nend_of_record\n";
const JUNIT: &str = r#"<?xml version="1.0"?>
<testsuites><testsuite name="door" tests="3" failures="1" skipped="1">
<testcase classname="door" name="opens"/>
<testcase classname="door" name="closes"><failure message="it is stuck">no</failure></testcase>
<testcase classname="door" name="locks"><skipped/></testcase>
</testsuite></testsuites>"#;
const SARIF: &str = r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Sniffer","rules":[
{"id":"S1","properties":{"security-severity":"9.8"}}]}},
"invocations":[{"executionSuccessful":true}],
"results":[{"ruleId":"S1","message":{"text":"a key in the clear"}},
{"ruleId":"S1","message":{"text":"known"},"suppressions":[{"kind":"inSource"}]}]}]}"#;
const NPM: &str = r#"{"auditReportVersion":2,"vulnerabilities":{"left":{"name":"left","severity":"high","isDirect":true,
"via":[{"source":1,"name":"left","dependency":"left","title":"Loops","url":"https://example.org/1","severity":"high","range":"<2"}],
"effects":[],"range":"<2","nodes":["node_modules/left"],"fixAvailable":true}},
"metadata":{"vulnerabilities":{"info":0,"low":0,"moderate":0,"high":1,"critical":0,"total":1},"dependencies":{"total":9}}}"#;
const CHECKLIST: &str = "# Release readiness\n\n## Blockers\n\n- [ ] T001 Rotate the signing key\n- [x] T002 Back up the database\n";

fn entry(run: &Run, path: &str) -> Value {
    let document = run.json();
    let files = document["files"].as_array().unwrap();
    let mut found = files.iter().filter(|file| file["path"] == path);
    let entry = found.next().unwrap_or_else(|| panic!("no {path}: {run:?}"));
    assert!(found.next().is_none(), "{path} twice: {run:?}");
    entry.clone()
}

#[test]
fn inspect_fills_the_block_of_each_kind_and_no_other() {
    let repo = Repo::plain(&[
        ("coverage/lcov.info", LCOV),
        ("scan.sarif", SARIF),
        ("npm-audit.json", NPM),
        ("junit.xml", JUNIT),
    ]);
    let run = repo.run(&["inspect", ".", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let kinds = |path: &str| {
        let entry = entry(&run, path);
        assert!(entry["error"].is_null(), "{entry}");
        assert_eq!(entry["encoding"], "utf-8");
        for block in ["coverage", "scan", "tests"] {
            assert_eq!(
                entry[block].is_null(),
                entry["kind"] != block,
                "{block} of {entry}"
            );
        }
        for list in ["items", "claims", "contradictions", "declared_verdicts"] {
            assert_eq!(entry[list], json!([]), "{list} of {entry}");
        }
        entry
    };
    let coverage = kinds("coverage/lcov.info");
    assert_eq!(coverage["format"], "lcov");
    assert_eq!(
        coverage["coverage"],
        json!({"files": 1, "lines": {"covered": 2, "total": 3}, "branches": null, "functions": {"covered": 1, "total": 1}})
    );
    let sarif = kinds("scan.sarif");
    assert_eq!(sarif["format"], "sarif");
    assert_eq!(
        sarif["scan"],
        json!({"tool": "Sniffer", "ran": true, "produced_at": null, "findings": 1, "suppressed": 1,
            "by_severity": {"critical": 1, "high": 0, "medium": 0, "low": 0, "info": 0, "unknown": 0}})
    );
    let npm = kinds("npm-audit.json");
    assert_eq!(npm["format"], "npm-audit");
    assert_eq!(npm["scan"]["by_severity"]["high"], 1);
    let tests = kinds("junit.xml");
    assert_eq!(tests["format"], "junit");
    assert_eq!(
        tests["tests"],
        json!({"total": 3, "passed": 1, "failed": 1, "errored": 0, "skipped": 1})
    );
}

#[test]
fn the_text_has_one_line_of_figures_for_each_file() {
    let repo = Repo::plain(&[
        ("lcov.info", LCOV),
        ("scan.sarif", SARIF),
        ("junit.xml", JUNIT),
        ("broken.json", "{\"version\":\"2.1.0\",\"runs\":["),
    ]);
    let run = repo.run(&["inspect", "lcov.info", "scan.sarif", "junit.xml", "broken.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(
        &lines[..3],
        [
            "lcov.info  coverage, lcov, utf-8: 1 file, lines 2 of 3 (66.66 %), functions 1 of 1 (100.00 %)",
            "scan.sarif  scan, sarif, utf-8: Sniffer ran, 1 finding (1 critical), 1 suppressed",
            "junit.xml  tests, junit, utf-8: 3 tests, 1 passed, 1 failed, 0 errored, 1 skipped",
        ]
    );
    assert!(
        lines[3].starts_with("broken.json  scan, sarif, utf-8  error: line 1"),
        "{run:?}"
    );
}

#[test]
fn hostile_files_are_errors_with_a_place_and_the_others_are_read() {
    let entities: String = (0..30).fold(String::new(), |mut all, n| {
        let _ = write!(all, "<!ENTITY e{} \"{}\">", n + 1, format!("&e{n};").repeat(10));
        all
    });
    let bomb = format!(
        "<!DOCTYPE t [<!ENTITY e0 \"ha\">{entities}]><testsuites><testsuite name=\"&e30;\"><testcase name=\"&e30;\"><failure>&e30;</failure></testcase></testsuite></testsuites>"
    );
    let deep = format!("{{\"version\":\"2.1.0\",\"runs\":{}", "[".repeat(500_000));
    let escape = SARIF.replace("Sniffer", "Sn\\u001b[31miff\\u009ber\\u202e");
    let repo = Repo::plain(&[
        ("a-cut.sarif", &SARIF[..SARIF.len() / 2]),
        ("b-bomb.xml", &bomb),
        ("c-deep.sarif", &deep),
        ("d-escape.sarif", &escape),
        ("e-fine.info", LCOV),
    ]);
    let began = Instant::now();
    let run = repo.run(&["inspect", ".", "--format", "json"]);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(run.code, 1, "{run:?}");
    for path in ["a-cut.sarif", "c-deep.sarif"] {
        let entry = entry(&run, path);
        assert_eq!(
            (&entry["kind"], &entry["format"]),
            (&json!("scan"), &json!("sarif"))
        );
        assert!(entry["scan"].is_null(), "{entry}");
        assert!(entry["error"]["message"].is_string(), "{entry}");
        assert!(
            entry["error"]["line"].is_u64() && entry["error"]["byte"].is_u64(),
            "{entry}"
        );
    }
    assert_eq!(entry(&run, "b-bomb.xml")["kind"], "tests");
    assert!(!run.out.contains("hahaha"), "an entity was expanded");
    assert_eq!(entry(&run, "e-fine.info")["coverage"]["lines"]["covered"], 2);

    let text = repo.run(&["inspect", "."]);
    let unsafe_character = text
        .out
        .chars()
        .find(|&c| c != '\n' && gonogo::text::clean::is_unsafe(c));
    assert_eq!(unsafe_character, None, "{text:?}");
}

#[test]
fn a_file_that_is_too_large_is_an_error_and_not_half_a_report() {
    let repo = Repo::plain(&[("lcov.info", LCOV)]);
    let file = std::fs::OpenOptions::new()
        .append(true)
        .open(repo.root().join("lcov.info"));
    // A hole: it takes no room on the disk.
    file.unwrap().set_len(300 << 20).unwrap();
    let run = repo.run(&["inspect", "lcov.info", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let entry = entry(&run, "lcov.info");
    assert_eq!(
        (&entry["kind"], entry["coverage"].is_null()),
        (&json!("coverage"), true)
    );
    let message = entry["error"]["message"].as_str().unwrap();
    assert!(message.contains("314572800 bytes"), "{message}");
}

#[test]
fn text_without_a_telling_name_is_evidence_first_and_a_checklist_second() {
    let repo = Repo::plain(&[
        ("report.txt", LCOV),
        ("profile", "mode: set\nexample.org/a/a.go:1.1,3.2 2 1\n"),
        ("READY.txt", CHECKLIST),
        ("RELEASE", CHECKLIST),
        ("prose.txt", "Nothing of interest.\n"),
        ("lcov.md", LCOV),
    ]);
    let run = repo.run(&["inspect", ".", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    for (path, kind, format) in [
        ("report.txt", "coverage", json!("lcov")),
        ("profile", "coverage", json!("go-cover")),
        ("READY.txt", "checklist", json!("markdown")),
        ("RELEASE", "checklist", json!("markdown")),
        ("prose.txt", "unknown", Value::Null),
        ("lcov.md", "unknown", json!("markdown")),
    ] {
        let entry = entry(&run, path);
        assert_eq!(
            (&entry["kind"], &entry["format"]),
            (&json!(kind), &format),
            "{path}"
        );
    }
}

#[test]
fn many_files_are_answered_in_the_order_in_which_they_were_asked_for() {
    let repo = Repo::plain(&[]);
    let mut names = Vec::new();
    for n in 0..60 {
        // Of very different size, so that the workers overtake each other.
        let name = format!("{n:02}.info");
        let lines = if n % 7 == 0 { 20_000 } else { 1 };
        let records: String = (1..=lines).fold(String::new(), |mut all, line| {
            let _ = writeln!(all, "DA:{line},1");
            all
        });
        repo.write(&name, format!("SF:a\n{records}end_of_record\n"));
        names.push(name);
    }
    let listed = |run: &Run| -> Vec<String> {
        let files = run.json()["files"].as_array().unwrap().clone();
        files
            .iter()
            .map(|file| file["path"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(listed(&repo.run(&["inspect", ".", "--format", "json"])), names);
    names.reverse();
    let args: Vec<&str> = ["inspect", "--format", "json"]
        .into_iter()
        .chain(names.iter().map(String::as_str))
        .collect();
    assert_eq!(listed(&repo.run(&args)), names);
}
