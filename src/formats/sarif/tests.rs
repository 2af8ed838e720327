//! What the fixtures do not show: logs that say too little, or too much.

use super::*;
use crate::model::FindingSeverity;

fn read(text: &str) -> Result<ScanReport, ParseError> {
    let file = File {
        path: "x.sarif",
        bytes: text.as_bytes(),
    };
    match Sarif.parse(&file)? {
        Parsed::Scan(report) => Ok(report),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_list_of_results_needs_an_invocation_that_says_it_succeeded() {
    for (run, ran) in [
        ("", false),
        (r#"{"tool":{"driver":{"name":"t"}},"results":[]}"#, false),
        (
            r#"{"results":[],"invocations":[{"executionSuccessful":true}]}"#,
            true,
        ),
        (
            r#"{"invocations":[{"executionSuccessful":true},{"executionSuccessful":false}]}"#,
            false,
        ),
        (r#"{"invocations":[{"executionSuccessful":true},{}]}"#, true),
        (
            r#"{"invocations":[{"processStartFailureMessage":"no such file"}]}"#,
            false,
        ),
        (r#"{"results":[{"ruleId":"a"}]}"#, true),
        (
            r#"{"results":[{"ruleId":"a"}],"invocations":[{"executionSuccessful":false}]}"#,
            false,
        ),
        (r#"{"results":[{"ruleId":"a"}]},{"results":[]}"#, false),
    ] {
        let report = read(&format!(r#"{{"version":"2.1.0","runs":[{run}]}}"#)).unwrap();
        assert_eq!(report.ran, ran, "{run}");
    }
}

#[test]
fn results_that_cannot_be_read_are_an_error_and_not_zero() {
    for text in [
        "{}",
        r#"{"version":"2.1.0"}"#,
        r#"{"version":"2.1.0","runs":null}"#,
        r#"{"version":"2.1.0","runs":{}}"#,
        r#"{"version":"2.1.0","runs":[5]}"#,
        r#"{"version":"2.1.0","runs":[{"results":5}]}"#,
        r#"{"version":"2.1.0","runs":[{"results":[null]}]}"#,
        r#"{"version":"2.1.0","runs":[{"results":[[]]}]}"#,
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn results_beside_the_runs_count_and_those_in_other_files_are_missed() {
    let report = read(
        r#"{"runs":[{"tool":{"driver":{"name":"t"}},"results":[],"invocations":[{"executionSuccessful":true}],
            "externalPropertyFileReferences":{"results":[{"location":{"uri":"more.sarif-external-properties"}}]}}],
            "inlineExternalProperties":[{"results":[{"ruleId":"a","message":{"text":"b"}}]}]}"#,
    )
    .unwrap();
    assert_eq!((report.findings.len(), report.ran), (1, true));
    assert!(
        report
            .problems
            .iter()
            .any(|p| p.severity == ProblemSeverity::Error && p.what.contains("more.sarif")),
        "{:?}",
        report.problems
    );
}

#[test]
fn scores_become_the_steps_of_the_contract() {
    let score = |score: &str| {
        let text = format!(
            r#"{{"runs":[{{"results":[{{"level":"note","properties":{{"security-severity":{score}}}}}]}}]}}"#
        );
        read(&text).unwrap().findings[0].severity
    };
    for (written, severity) in [
        ("\"9.0\"", FindingSeverity::Critical),
        ("8.9", FindingSeverity::High),
        ("\"7\"", FindingSeverity::High),
        ("\"4.0\"", FindingSeverity::Medium),
        ("\"0.1\"", FindingSeverity::Low),
        ("\"High\"", FindingSeverity::High),
        // No score: the level speaks.
        ("\"0.0\"", FindingSeverity::Info),
        ("\"NaN\"", FindingSeverity::Info),
        ("11", FindingSeverity::Info),
        ("-1", FindingSeverity::Info),
        ("null", FindingSeverity::Info),
    ] {
        assert_eq!(score(written), severity, "{written}");
    }
}

#[test]
fn two_commits_in_one_log_are_none() {
    let run = |commit: &str| format!(r#"{{"versionControlProvenance":[{{"revisionId":"{commit}"}}]}}"#);
    let log = |runs: &[String]| {
        read(&format!(r#"{{"runs":[{}]}}"#, runs.join(",")))
            .unwrap()
            .commit
    };
    assert_eq!(log(&[run("a"), run("a")]).as_deref(), Some("a"));
    assert_eq!(log(&[run("a"), run("b"), run("a")]), None);
}

#[test]
fn fingerprints_stay_with_their_findings() {
    let report = read(
        r#"{"runs":[{"results":[{"fingerprints":{"a/v1":"one"},"partialFingerprints":{"x":"no"}},{"kind":"pass"},{"fingerprints":[]},
            {"partialFingerprints":{"primaryLocationLineHash":"two:1","other":"no"}}]}]}"#,
    )
    .unwrap();
    let got: Vec<_> = (0..report.findings.len())
        .map(|finding| report.fingerprint(finding))
        .collect();
    assert_eq!(got, [Some("one"), None, Some("two:1")]);
}

#[test]
fn hostile_logs_end_quickly() {
    let began = std::time::Instant::now();
    let many = 20_000;
    let texts: String = (0..many)
        .map(|n| format!("\"m{n}\":{{\"text\":\"t\"}},"))
        .collect();
    let results = "{\"ruleIndex\":0,\"message\":{\"id\":\"none\"}},".repeat(many);
    let report = read(&format!(
        r#"{{"runs":[{{"tool":{{"driver":{{"rules":[{{"id":"a","messageStrings":{{{texts}"z":{{}}}}}}]}}}},"results":[{results}{{}}]}}]}}"#
    ))
    .unwrap();
    assert_eq!(report.findings.len(), many + 1);
    let deep = 100_000;
    let nested = format!(r#"{{"runs":[{{"results":[{{"x":{}"#, "[".repeat(deep));
    assert!(read(&nested).is_err());
    let nested = format!(r#"{{"runs":[{{"results":[{{"message":{}"#, "[".repeat(deep));
    assert!(read(&nested).is_err());
    assert!(began.elapsed() < std::time::Duration::from_secs(20));
}
