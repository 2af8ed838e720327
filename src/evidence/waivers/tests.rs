//! Waivers of the tools' own files, read and held against findings.

use std::sync::Arc;

use super::*;
use crate::model::{
    Binding, Bound, Content, EvidenceFile, EvidenceKind, Finding, FindingMore, FindingSeverity, Freshness,
    Gathered, MergedFinding, Repository, ScanReport,
};
use crate::text::ContentHash;

const NOW: &str = "2026-06-01T12:00:00Z";

fn read_text(path: &str, text: &str) -> Waivers {
    let path = RepoPath::new(path).unwrap();
    read(&path, &SourceText::read(Arc::from(text.as_bytes())))
}

fn finding(rule: &str, package: &str, version: &str, aliases: &[&str]) -> Finding {
    Finding {
        rule: rule.into(),
        severity: FindingSeverity::High,
        path: Some("app:1.2 (debian 12)".into()),
        more: Some(Box::new(FindingMore {
            package: Some(package.into()),
            version: Some(version.into()),
            aliases: aliases.iter().map(|alias| (*alias).into()).collect(),
            ..FindingMore::default()
        })),
        ..Finding::default()
    }
}

/// Findings with their paths in the repository, all of one scan at `scans/a.json`.
fn gathered(findings: Vec<(Finding, Option<&str>)>) -> Gathered {
    let mut gathered = Gathered::default();
    for (at, (finding, path)) in (0_u32..).zip(&findings) {
        gathered.scans.findings.push(MergedFinding {
            id: u64::from(at),
            severity: finding.severity,
            seen: vec![(0, at)],
            path: path.and_then(RepoPath::new),
            since: None,
            waived: None,
        });
    }
    let report = ScanReport {
        tool: "Scanner".into(),
        ran: true,
        findings: findings.into_iter().map(|(finding, _)| finding).collect(),
        ..ScanReport::default()
    };
    gathered.files.push(Bound {
        file: Arc::new(EvidenceFile {
            source: "scans/a.json".into(),
            path: RepoPath::new("scans/a.json"),
            hash: ContentHash::of(b""),
            format: "made-up",
            kind: EvidenceKind::Scan,
            tracked: true,
            modified: None,
            commit: None,
            content: Ok(Content::Scan(Arc::new(report))),
        }),
        commit: None,
        why: "".into(),
        binding: Binding::Exact,
        freshness: Freshness::Fresh,
        produced_at: None,
        superseded_by: None,
    });
    gathered
}

/// What becomes of one finding of `lodash 4.17.20` with the names CVE-1 and GHSA-1 in `web/package-lock.json`.
fn outcome(files: &[(&str, &str)]) -> (String, Vec<String>) {
    let mut all = gathered(vec![(
        finding("CVE-1", "lodash", "4.17.20", &["GHSA-1"]),
        Some("web/package-lock.json"),
    )]);
    let mut waivers = Waivers::default();
    for (path, text) in files {
        let read = read_text(path, text);
        waivers.rules.extend(read.rules);
        waivers.problems.extend(read.problems);
    }
    let repository = Repository {
        name: "acme/Shop".into(),
        ..Repository::default()
    };
    let problems = apply(&mut all, &waivers, &repository, NOW.parse().unwrap());
    let said = match &all.scans.findings[0].waived {
        None => "open".to_owned(),
        Some(waiver) => {
            let kind = if waiver.not_affected {
                "not affected"
            } else {
                "waived"
            };
            let end = waiver
                .expires
                .map_or_else(|| "no end".to_owned(), |end| end.to_string());
            format!("{kind} {} {end} {}", waiver.source, waiver.reason)
        }
    };
    (
        said,
        problems
            .iter()
            .map(|problem| format!("{}: {}", problem.at, problem.what))
            .collect(),
    )
}

fn one(path: &str, text: &str) -> String {
    outcome(&[(path, text)]).0
}

#[test]
fn a_trivyignore_waives_by_id_until_its_day() {
    let text = "# all known\n\n# not reachable\nCVE-1\n";
    assert_eq!(
        one(".trivyignore", text),
        "waived .trivyignore:4 no end not reachable"
    );
    for (line, said) in [
        ("cve-1", "waived .trivyignore:1 no end "),
        (
            "GHSA-1 # until the rewrite",
            "waived .trivyignore:1 no end until the rewrite",
        ),
        (
            "CVE-1 exp:2026-06-02",
            "waived .trivyignore:1 2026-06-02T00:00:00Z ",
        ),
        ("CVE-1 exp:2026-06-01", "open"),
        ("CVE-1 exp:2025-01-01", "open"),
        ("CVE-1 exp:soon", "open"),
        ("CVE-11", "open"),
        ("#CVE-1", "open"),
        ("", "open"),
    ] {
        assert_eq!(one(".trivyignore", line), said, "{line}");
    }
    let (_, problems) = outcome(&[(".trivyignore", "CVE-1 exp:2025-01-01\n")]);
    assert_eq!(
        problems,
        [".trivyignore:1: the waiver of `CVE-1` ended on 2025-01-01; the finding counts again"]
    );
    let (_, problems) = outcome(&[(".trivyignore", "CVE-1 exp:soon\n")]);
    assert!(problems[0].contains("it waives nothing"), "{problems:?}");
    let (_, problems) = outcome(&[(".trivyignore", "CVE-8\nCVE-1\nCVE-9\n")]);
    assert_eq!(
        problems,
        [".trivyignore:1: 2 of 3 waivers of `.trivyignore` fit no finding that was read, such as `CVE-8`"]
    );
}

#[test]
fn a_file_speaks_of_its_folder_only() {
    assert!(one("web/.trivyignore", "CVE-1").starts_with("waived"));
    assert_eq!(one("api/.trivyignore", "CVE-1"), "open");
    assert_eq!(one("we/.trivyignore", "CVE-1"), "open");
    // Without a file of ours a finding lies where its evidence lies.
    for (folder, waived) in [("scans", true), ("web", false)] {
        let mut all = gathered(vec![(finding("CVE-1", "x", "1", &[]), None)]);
        let waivers = read_text(&format!("{folder}/.trivyignore"), "CVE-1");
        let _ = apply(&mut all, &waivers, &Repository::default(), NOW.parse().unwrap());
        assert_eq!(all.scans.findings[0].waived.is_some(), waived, "{folder}");
    }
}

#[test]
fn a_trivyignore_in_yaml_may_name_paths_packages_and_an_end() {
    for (fields, said) in [
        ("", "waived .trivyignore.yaml:2 no end "),
        (
            ", statement: accepted, expired_at: 2026-07-01",
            "waived .trivyignore.yaml:2 2026-07-01T00:00:00Z accepted",
        ),
        (", expired_at: 2026-05-31", "open"),
        (", expired_at: later", "open"),
        (", paths: ['web/**']", "waived .trivyignore.yaml:2 no end "),
        (", paths: ['api/**']", "open"),
        (
            ", purls: ['pkg:npm/lodash@4.17.20']",
            "waived .trivyignore.yaml:2 no end ",
        ),
        (", purls: ['pkg:npm/lodash@4.17.21']", "open"),
        (", purls: ['lodash']", "open"),
        (", purls: ['pkg:npm/lodash'], paths: ['web/**']", "open"),
    ] {
        let text = format!("vulnerabilities:\n  - {{id: CVE-1{fields}}}\n");
        assert_eq!(one(".trivyignore.yaml", &text), said, "{fields}");
    }
    assert_eq!(one(".trivyignore.yml", "secrets: [{paths: [x]}]"), "open");
    assert_eq!(one(".trivyignore.yml", "a: ["), "open");
}

#[test]
fn a_check_of_trivy_is_known_by_both_of_its_names() {
    for (rule, line, waived) in [
        ("DS002", "AVD-DS-0002", true),
        ("AVD-DS-0002", "DS002", true),
        ("AVD-AWS-0107", "avd-aws-0107", true),
        ("DS002", "AVD-DS-0003", false),
    ] {
        let mut all = gathered(vec![(finding(rule, "", "", &[]), Some("Dockerfile"))]);
        let waivers = read_text(".trivyignore", line);
        let _ = apply(&mut all, &waivers, &Repository::default(), NOW.parse().unwrap());
        assert_eq!(all.scans.findings[0].waived.is_some(), waived, "{rule} {line}");
    }
}

#[test]
fn a_snyk_policy_waives_by_path_until_its_end() {
    for (entry, said) in [
        (
            "- '*':\n        reason: no way in\n        expires: 2026-12-31T00:00:00.000Z\n        created: 2026-01-01T00:00:00.000Z",
            "waived .snyk:4 2026-12-31T00:00:00Z no way in",
        ),
        ("- '*': {reason: x}", "waived .snyk:4 no end x"),
        ("- '*'", "waived .snyk:3 no end "),
        ("- '*': {expires: 2026-01-01T00:00:00.000Z}", "open"),
        ("- '*': {expires: never}", "open"),
        ("- '* > lodash': {reason: x}", "waived .snyk:4 no end x"),
        ("- '* > lodash@4.17.20': {reason: x}", "waived .snyk:4 no end x"),
        ("- '* > lodash@4.17.21': {reason: x}", "open"),
        ("- 'grunt > lodash': {reason: x}", "open"),
        ("- '* > *': {reason: x}", "open"),
        (
            "- 'web/package-lock.json': {reason: x}",
            "waived .snyk:4 no end x",
        ),
    ] {
        let text = format!("version: v1.25.0\nignore:\n  CVE-1:\n    {entry}\npatch: {{}}\n");
        assert_eq!(one(".snyk", &text), said, "{entry}");
    }
    let (_, problems) = outcome(&[(
        ".snyk",
        "ignore:\n  CVE-1:\n    - 'grunt > lodash': {reason: x}\n",
    )]);
    assert!(problems[0].contains("the chain of dependencies"), "{problems:?}");
}

#[test]
fn an_osv_scanner_configuration_waives_vulnerabilities_and_packages() {
    for (text, said) in [
        (
            "[[IgnoredVulns]]\nid = 'GHSA-1'\nreason = 'dev only'",
            "waived osv-scanner.toml:1 no end dev only",
        ),
        (
            "[[IgnoredVulns]]\nid = 'CVE-1'\nignoreUntil = 2026-06-02",
            "waived osv-scanner.toml:1 2026-06-02T00:00:00Z ",
        ),
        (
            "[[IgnoredVulns]]\nid = 'CVE-1'\nignoreUntil = 2026-06-02T10:00:00Z",
            "waived osv-scanner.toml:1 2026-06-02T10:00:00Z ",
        ),
        ("[[IgnoredVulns]]\nid = 'CVE-1'\nignoreUntil = 2026-05-02", "open"),
        ("[[IgnoredVulns]]\nid = 'CVE-1'\nignoreUntil = true", "open"),
        (
            "[[PackageOverrides]]\nname = 'lodash'\nignore = true",
            "waived osv-scanner.toml:1 no end ",
        ),
        (
            "[[PackageOverrides]]\nname = 'lodash'\nversion = '4.17.20'\nvulnerability.ignore = true\neffectiveUntil = 2026-09-01",
            "waived osv-scanner.toml:1 2026-09-01T00:00:00Z ",
        ),
        (
            "[[PackageOverrides]]\nname = 'lodash'\nversion = '4.17.21'\nignore = true",
            "open",
        ),
        (
            "[[PackageOverrides]]\nname = 'lodash'\nlicense.override = ['MIT']",
            "open",
        ),
        ("[[PackageOverrides]]\necosystem = 'npm'\nignore = true", "open"),
        (
            "[[PackageOverrides]]\nname = 'lodash'\ngroup = 'dev'\nignore = true",
            "open",
        ),
        ("IgnoredVulns = 3\nPackageOverrides = [1]", "open"),
        ("[[IgnoredVulns", "open"),
    ] {
        assert_eq!(one("osv-scanner.toml", text), said, "{text}");
    }
}

fn vex(status: &str, more: &str) -> String {
    format!(
        r#"{{"@context":"https://openvex.dev/ns/v0.2.0","timestamp":"2026-01-01T00:00:00Z","statements":[
{{"vulnerability":{{"name":"CVE-1"}},"status":"{status}"{more}}}]}}"#
    )
}

#[test]
fn an_openvex_statement_answers_for_the_packages_that_it_names() {
    let lodash =
        r#","justification":"vulnerable_code_not_present","products":[{"@id":"pkg:npm/lodash@4.17.20"}]"#;
    for (status, more, said) in [
        (
            "not_affected",
            lodash,
            "not affected a.openvex.json:2 no end vulnerable_code_not_present",
        ),
        (
            "fixed",
            r#","products":["pkg:npm/lodash"]"#,
            "not affected a.openvex.json:2 no end fixed",
        ),
        ("affected", lodash, "open"),
        ("under_investigation", lodash, "open"),
        ("fine", lodash, "open"),
        (
            "not_affected",
            r#","products":[{"@id":"pkg:npm/lodash"}]"#,
            "open",
        ),
        ("not_affected", r#","justification":"x""#, "open"),
        (
            "not_affected",
            r#","justification":"x","products":[{"@id":"pkg:npm/other"}]"#,
            "open",
        ),
        (
            "not_affected",
            r#","justification":"x","products":[{"@id":"https://x.example/lodash"}]"#,
            "open",
        ),
        (
            "not_affected",
            r#","justification":"x","products":[{"@id":"y","identifiers":{"purl":"pkg:npm/lodash"}}]"#,
            "not affected a.openvex.json:2 no end x",
        ),
        (
            "not_affected",
            r#","justification":"x","products":[{"@id":"pkg:oci/any","subcomponents":[{"@id":"pkg:npm/lodash"}]}]"#,
            "not affected a.openvex.json:2 no end x",
        ),
        (
            "not_affected",
            r#","justification":"x","products":[{"@id":"pkg:oci/any","subcomponents":[{"@id":"pkg:npm/b"}]}]"#,
            "open",
        ),
        // The repository itself, the image that was scanned, and a product of somebody else.
        (
            "not_affected",
            r#","justification":"x","products":[{"@id":"pkg:github/acme/shop@v1"}]"#,
            "not affected a.openvex.json:2 no end x",
        ),
        (
            "not_affected",
            r#","justification":"x","products":[{"@id":"pkg:oci/app@sha256%3A00"}]"#,
            "not affected a.openvex.json:2 no end x",
        ),
        (
            "not_affected",
            r#","justification":"x","products":[{"@id":"pkg:oci/other"}]"#,
            "open",
        ),
    ] {
        assert_eq!(one("a.openvex.json", &vex(status, more)), said, "{status} {more}");
    }
    let old = r#"{"@context":"https://openvex.dev/ns","statements":[{"vulnerability":"CVE-1","status":"not_affected","impact_statement":"no","products":["pkg:npm/lodash"]}]}"#;
    assert_eq!(one(".vex/x.json", old), "not affected .vex/x.json:1 no end no");
    for other in [
        "{}",
        "[]",
        "{\"@context\":\"x\"}",
        "{",
        "",
        r#"{"@context":"openvex","statements":[3,{"vulnerability":7}]}"#,
    ] {
        assert_eq!(one("vex.json", other), "open", "{other}");
    }
}

#[test]
fn the_last_word_on_a_vulnerability_counts() {
    let said = |status: &str, day: &str| {
        format!(
            r#"{{"@context":"https://openvex.dev/ns/v0.2.0","timestamp":"{day}T00:00:00Z","statements":[{{"vulnerability":{{"name":"CVE-1"}},"status":"{status}","justification":"x","products":[{{"@id":"pkg:npm/lodash"}}]}}]}}"#
        )
    };
    let both =
        |first: &str, second: &str| outcome(&[("a.openvex.json", first), ("b.openvex.json", second)]).0;
    let (no, yes) = (said("not_affected", "2026-01-01"), said("affected", "2026-02-01"));
    assert_eq!(both(&no, &yes), "open");
    assert_eq!(both(&yes, &no), "open", "the order of the files does not matter");
    let later = said("fixed", "2026-03-01");
    assert!(both(&yes, &later).starts_with("not affected b.openvex.json"));
    assert_eq!(
        both(&no, &said("affected", "2026-01-01")),
        "open",
        "at one moment the worse counts"
    );
    // It takes back what VEX said, not what a person accepted.
    let files = [("a.openvex.json", yes.as_str()), (".trivyignore", "CVE-1")];
    assert!(outcome(&files).0.starts_with("waived .trivyignore:1"));
    let files = [("a.openvex.json", later.as_str()), (".trivyignore", "CVE-1")];
    assert!(outcome(&files).0.starts_with("not affected"));
}

#[test]
fn of_two_waivers_the_longer_counts() {
    let files = [
        (".trivyignore", "CVE-1 exp:2026-07-01"),
        (
            "osv-scanner.toml",
            "[[IgnoredVulns]]\nid='CVE-1'\nignoreUntil=2026-08-01",
        ),
    ];
    assert!(
        outcome(&files)
            .0
            .starts_with("waived osv-scanner.toml:1 2026-08-01")
    );
}

#[test]
fn only_files_of_these_names_are_read() {
    for (path, named) in [
        (".trivyignore", true),
        ("a/b/.trivyignore.yaml", true),
        ("a/.snyk", true),
        ("osv-scanner.toml", true),
        ("x.openvex.json", true),
        ("app.vex.json", true),
        (".vex/templates.json", true),
        ("vex/a.json", true),
        ("convex.json", false),
        ("vex/a.md", false),
        ("package.json", false),
        ("trivyignore", false),
    ] {
        assert_eq!(is_named(&RepoPath::new(path).unwrap()), named, "{path}");
    }
}

#[test]
fn hostile_files_end_in_problems() {
    let many = "CVE-2 exp:x\n".repeat(10_000);
    assert!(read_text(".trivyignore", &many).problems.len() <= 50);
    let deep = format!("ignore: {}", "[".repeat(50_000));
    let nested = format!("{{\"@context\":\"openvex\",\"statements\":{}", "[".repeat(50_000));
    for (path, text) in [
        (".snyk", deep.as_str()),
        (".snyk", "ignore: [1, {a: b}, [[x]]]"),
        (".snyk", "ignore: {a: 1, b: [2, [3]], c: {d: {e: f}}}"),
        (
            ".trivyignore.yaml",
            "vulnerabilities: {id: x}\nsecrets: [3, [4], {id: }]",
        ),
        ("osv-scanner.toml", "\u{feff}IgnoredVulns = [[1]]"),
        ("a.openvex.json", nested.as_str()),
        (".trivyignore", "\u{1b}[31m\0 exp:\u{202e}\n"),
    ] {
        let read = read_text(path, text);
        assert!(read.rules.len() < 10, "{path} {text:.30}");
    }
}
