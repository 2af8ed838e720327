//! The invariants of the evidence formats, over every fixture of every format: a file belongs to exactly one format, any
//! bytes give a reading, a file that is cut off is never read as if it were whole.
//!
//! Fixtures stand in `src/formats/<name>/fixtures/`, snapshots of what they say beside them.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its fixtures has failed"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gonogo::formats::{ALL, Head, Parsed, Reading, Sniff, read_file};
use gonogo::model::{CoverageReport, Ratio, ScanReport, TestReport};

fn formats_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats")
}

/// Format folder, path and content of every fixture.
fn fixtures() -> Vec<(String, PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for folder in std::fs::read_dir(formats_folder()).unwrap().flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        let Ok(files) = std::fs::read_dir(folder.path().join("fixtures")) else {
            continue;
        };
        for file in files.flatten() {
            all.push((name.clone(), file.path(), std::fs::read(file.path()).unwrap()));
        }
    }
    all.sort();
    assert!(all.len() > 20, "the fixtures are not where they were");
    all
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn read(path: &Path, bytes: &[u8]) -> Reading {
    read_file(&file_name(path), bytes)
}

#[test]
fn every_fixture_is_claimed_by_exactly_one_format_and_read() {
    for (folder, path, bytes) in fixtures() {
        let name = file_name(&path);
        let head = Head::of(&name, &bytes);
        let claims: Vec<_> = ALL
            .iter()
            .filter(|format| format.sniff(&head) > Sniff::No)
            .map(|format| format.name())
            .collect();
        assert_eq!(claims.len(), 1, "{}: {claims:?}", path.display());
        assert_eq!(claims[0].replace('-', "_"), folder, "{}", path.display());
        let reading = read(&path, &bytes);
        assert!(
            matches!(reading.result, Some(Ok(_))),
            "{}: {reading:?}",
            path.display()
        );
        // The name is only a hint.
        assert_eq!(
            read_file("x", &bytes),
            reading_named(&reading, &name, &bytes),
            "{}",
            path.display()
        );
    }
}

/// The reading under another name, for comparing: problems name the path.
fn reading_named(reading: &Reading, name: &str, bytes: &[u8]) -> Reading {
    let mut other = read_file("x", bytes);
    if format!("{other:?}") == format!("{reading:?}").replace(&format!("\"{name}:"), "\"x:") {
        return other;
    }
    other.format = None;
    other
}

#[test]
fn every_format_has_a_fixture_and_a_name_of_its_own() {
    let folders: Vec<_> = fixtures().into_iter().map(|(folder, ..)| folder).collect();
    let mut names: Vec<_> = ALL.iter().map(|format| format.name()).collect();
    for name in &names {
        assert!(folders.contains(&name.replace('-', "_")), "no fixture of {name}");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ALL.len());
}

#[test]
fn fixtures_say_what_they_said_before() {
    for (folder, path, bytes) in fixtures() {
        let said = match read(&path, &bytes).result {
            Some(Ok(Parsed::Coverage(report))) => coverage(&report),
            Some(Ok(Parsed::Tests(report))) => tests(&report),
            Some(Ok(Parsed::Scan(report))) => scan(&report),
            other => format!("{other:#?}"),
        };
        insta::with_settings!({
            snapshot_path => formats_folder().join(&folder).join("snapshots"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(file_name(&path), said) });
    }
}

fn ratio(ratio: Option<Ratio>) -> String {
    ratio.map_or_else(|| "-".to_owned(), |r| format!("{}/{}", r.covered, r.total))
}

fn coverage(report: &CoverageReport) -> String {
    let sum = report.sum();
    let mut out = format!(
        "lines {} branches {} functions {} produced {:?} roots {:?}\n",
        ratio(sum.lines),
        ratio(sum.branches),
        ratio(sum.functions),
        report.produced_at,
        report.roots
    );
    for file in &report.files {
        let lines: Vec<String> = file
            .lines
            .iter()
            .map(|(line, ran)| format!("{line}{}", if ran { "+" } else { "-" }))
            .collect();
        let _ = writeln!(
            out,
            "{}: lines {} ({}) branches {} functions {}",
            file.path,
            ratio(file.line_ratio()),
            lines.join(" "),
            ratio(file.branches),
            ratio(file.functions)
        );
    }
    problems(&mut out, &report.problems);
    out
}

fn tests(report: &TestReport) -> String {
    let mut out = format!("{:?} produced {:?}\n", report.counts, report.produced_at);
    if let Some(commit) = &report.commit {
        let _ = writeln!(out, "commit {commit}");
    }
    for case in &report.cases {
        let message = case.message.as_deref().unwrap_or("-");
        let _ = writeln!(
            out,
            "{:?}{} {} | {} | {:?} ms | {}:{} | {} ({} bytes)",
            case.outcome,
            if case.flaky { " flaky" } else { "" },
            case.suite,
            case.name,
            case.millis,
            case.path.as_deref().unwrap_or("-"),
            case.line.unwrap_or(0),
            message.lines().next().unwrap_or_default(),
            message.len()
        );
    }
    problems(&mut out, &report.problems);
    out
}

fn scan(report: &ScanReport) -> String {
    let mut out = format!(
        "{} ran {} produced {:?} commit {:?} findings {} suppressed {}\n",
        report.tool,
        report.ran,
        report.produced_at,
        report.commit,
        report.findings.len(),
        report.suppressed
    );
    for finding in &report.findings {
        let _ = writeln!(
            out,
            "{} {} | {} | {}:{}",
            finding.severity.word(),
            finding.rule,
            finding.message,
            finding.path.as_deref().unwrap_or("-"),
            finding.line.unwrap_or(0)
        );
        if let Some(more) = &finding.more {
            let _ = writeln!(out, "    {more:?}");
        }
    }
    for rule in &report.rules {
        let link = rule.link.as_deref().unwrap_or("-");
        let _ = writeln!(out, "rule {}: {} {link}", rule.id, rule.title);
    }
    problems(&mut out, &report.problems);
    out
}

fn problems(out: &mut String, problems: &[gonogo::model::Problem]) {
    for problem in problems {
        let _ = writeln!(out, "{:?}: {problem}", problem.severity);
    }
}

#[test]
fn a_file_that_is_cut_off_is_never_read_as_if_it_were_whole() {
    for (_, path, bytes) in fixtures() {
        let one_value = bytes.starts_with(b"<") || bytes.starts_with(b"{") || bytes.starts_with(b"[");
        let lines_of_json =
            serde_json::from_slice::<serde_json::Value>(&bytes).is_err() && !bytes.starts_with(b"<");
        for part in 0..50 {
            let cut = &bytes[..bytes.len() * part / 50];
            let reading = read(&path, cut);
            if one_value && !lines_of_json {
                let fine = matches!(reading.result, Some(Ok(_)));
                assert!(!fine, "{} cut at {}: {reading:?}", path.display(), cut.len());
            }
        }
        assert!(
            !matches!(read(&path, b"").result, Some(Ok(_))),
            "empty {}",
            path.display()
        );
        if one_value && !lines_of_json && bytes.starts_with(b"{") {
            let twice = [&*bytes, &*bytes].concat();
            let reading = read(&path, &twice);
            assert!(
                matches!(&reading.result, Some(Err(error)) if error.line.is_some() && error.byte.is_some()),
                "twice {}: {:?}",
                path.display(),
                reading.result
            );
        }
    }
}

/// A small generator of numbers that are the same on every machine.
fn next(seed: &mut u64) -> usize {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize
}

#[test]
fn any_change_of_any_byte_gives_a_reading() {
    let replacements: [&[u8]; 12] = [
        b"\0",
        b"<",
        b">",
        b"\"",
        b"{",
        b"]",
        b"-1",
        b"NaN",
        b"99999999999999999999999",
        b"4294967295",
        b"\xff\xfe",
        b"",
    ];
    let mut seed = 7;
    for (_, path, bytes) in fixtures() {
        for _ in 0..150 {
            let mut changed = bytes.clone();
            for _ in 0..=next(&mut seed) % 3 {
                let at = next(&mut seed) % (changed.len() + 1);
                let end = (at + next(&mut seed) % 4).min(changed.len());
                let with = replacements[next(&mut seed) % replacements.len()];
                changed.splice(at..end, with.iter().copied());
            }
            check_sums(&path, &read(&path, &changed));
        }
        // Every number in turn becomes a huge one.
        let digits: Vec<usize> = (0..bytes.len())
            .filter(|at| bytes[*at].is_ascii_digit())
            .collect();
        for at in digits.iter().step_by(digits.len() / 40 + 1) {
            let mut changed = bytes.clone();
            changed.splice(at..=at, *b"4294967295");
            check_sums(&path, &read(&path, &changed));
        }
    }
}

/// What holds for every report, however strange its file.
fn check_sums(path: &Path, reading: &Reading) {
    match &reading.result {
        Some(Ok(Parsed::Tests(report))) => {
            let c = report.counts;
            let parts = [c.passed, c.failed, c.errored, c.skipped].map(u64::from);
            assert_eq!(
                parts.iter().sum::<u64>(),
                u64::from(c.total),
                "{}: {c:?}",
                path.display()
            );
        }
        Some(Ok(Parsed::Coverage(report))) => {
            let sum = report.sum();
            for ratio in [sum.lines, sum.branches, sum.functions].into_iter().flatten() {
                assert!(ratio.covered <= ratio.total, "{}: {ratio:?}", path.display());
            }
        }
        _ => {}
    }
}

#[test]
fn hostile_files_end_quickly_in_an_error_or_a_bounded_report() {
    let deep = 10_000;
    let bomb: String = (0..30)
        .map(|n| format!("<!ENTITY e{} \"{}\">", n + 1, format!("&e{n};").repeat(10)))
        .collect();
    let hostile: Vec<(&str, String)> = vec![
        ("junit.xml", format!("<!DOCTYPE t [<!ENTITY e0 \"ha\">{bomb}]><testsuites><testsuite name=\"&e30;\"><testcase name=\"&e30;\"><failure>&e30;</failure></testcase></testsuite></testsuites>")),
        ("junit.xml", format!("{}{}", "<testsuite>".repeat(deep), "</testsuite>".repeat(deep))),
        ("cobertura.xml", format!("<coverage line-rate=\"1\">{}", "<a>".repeat(deep))),
        ("playwright.json", format!("{{\"config\":{{\"projects\":[]}},\"suites\":{}", "[{\"suites\":".repeat(deep))),
        ("jest.json", format!("{{\"numTotalTests\":1,\"testResults\":{}{}}}", "[".repeat(deep), "]".repeat(deep))),
        ("coverage.json", format!("{{\"a.js\":{{\"statementMap\":{}", "{\"0\":".repeat(deep))),
        ("c.out", "mode: set\n".to_owned() + &(0..20_000).map(|n| format!("f{n}.go:1.1,4294967295.1 1 1\n")).collect::<String>()),
        ("c.out", "mode: set\na.go:4294967294.1,4294967295.1 1 1\na.go:9.1,3.1 1 1\n".to_owned()),
        ("l.info", "SF:a\n".to_owned() + &(0..200_000_u32).rev().map(|n| format!("DA:{},1\n", n * 4096)).collect::<String>() + "end_of_record\n"),
        ("l.info", "SF:a\nDA:4294967295,1\nDA:4294967296,1\nDA:1,-5\nDA:2,nan\nDA:,\nDA\nend_of_record\n".to_owned()),
        ("l.json", "{\"data\":[{\"files\":[{\"filename\":\"a\",\"segments\":[[1,1,1,true,true,false],[4294967295,1,0,false,false]]}],\"totals\":{}}],\"type\":\"llvm.coverage.json.export\"}".to_owned()),
        ("c.xml", format!("<coverage line-rate=\"1\"><packages><package><classes><class filename=\"a\">{}</class></classes></package></packages></coverage>", "<line number=\"4294967295\" hits=\"-1\" condition-coverage=\"(9/1)\"/><line/>".repeat(1000))),
        ("eslint.json", format!("[{{\"filePath\":\"a\",\"messages\":{}", "[".repeat(deep * 20))),
        ("snyk.json", format!("{{\"ok\":false,\"vulnerabilities\":[],\"uniqueCount\":0{}", ",\"applications\":{\"vulnerabilities\":[]".repeat(deep))),
        ("govulncheck.json", format!("{{\"config\":{{\"protocol_version\":\"v1\"}}}}{}", "[".repeat(deep * 20))),
        ("dependency-check.xml", format!("<analysis xmlns=\"https://example.org/dependency-check\"><dependencies>{}", "<dependency><vulnerabilities><vulnerability>".repeat(deep))),
        ("bom.xml", format!("<!DOCTYPE t [<!ENTITY e0 \"ha\">{bomb}]><bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"><vulnerabilities><vulnerability><id>&e30;</id></vulnerability></vulnerabilities></bom>")),
        ("bandit.json", format!("{{\"metrics\":{{\"_totals\":{{\"CONFIDENCE.HIGH\":1e400,\"loc\":-1,\"nosec\":18446744073709551615}}}},\"results\":[{}{{}}],\"errors\":[null,[],{{}}]", "{\"line_number\":4294967296},".repeat(10_000))),
        ("junit.xml", "<testsuites tests=\"99999999999999999999\" failures=\"18446744073709551615\" errors=\"18446744073709551615\"/>".to_owned()),
        ("junit.xml", "<testsuite tests='4' failures='NaN'><testcase time='NaN' line='-3'/><testcase time='1e400'/></testsuite>".to_owned()),
    ];
    for (name, text) in hostile {
        let began = Instant::now();
        let reading = read_file(name, text.as_bytes());
        let start: String = text.chars().take(60).collect();
        check_sums(Path::new(name), &reading);
        assert!(reading.format.is_some(), "{name} {start}");
        assert!(began.elapsed() < Duration::from_secs(10), "{name} {start}");
        if text.len() > 100_000 && name != "l.info" {
            assert!(
                matches!(reading.result, Some(Err(_))),
                "{name} {start}: {reading:?}"
            );
        }
        assert!(
            !format!("{reading:?}").contains("hahaha"),
            "an entity was expanded"
        );
    }
}

#[test]
fn what_is_no_report_is_left_alone() {
    for (name, text) in [
        (
            "package.json",
            r#"{"name":"x","scripts":{"test":"jest --coverage","coverage":"nyc"},"nyc":{"lines":90}}"#,
        ),
        ("coverage.json", "{}"),
        ("coverage.xml", "<coverage/>"),
        ("report.xml", "<report><title>Sales</title></report>"),
        ("junit.xml", "this is not XML"),
        ("lcov.info", ""),
        ("lcov.info", "All is well: 100 % of the lines\n"),
        ("cover.out", "mode: fast\n"),
        ("results.json", r#"{"config":{"a":1},"stats":{}}"#),
        ("pom.xml", "<project><build/></project>"),
        (
            "tsconfig.json",
            r#"{"compilerOptions":{"strict":true},"files":["a.ts"]}"#,
        ),
    ] {
        assert_eq!(read_file(name, text.as_bytes()).format, None, "{name}: {text}");
    }
}

#[test]
fn lines_from_segments_are_those_of_llvms_own_line_records() {
    let lines = |format: &str, name: &str| {
        let path = formats_folder().join(format).join("fixtures").join(name);
        match read(&path, &std::fs::read(&path).unwrap()).result {
            Some(Ok(Parsed::Coverage(report))) => report.files[0].lines.iter().collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(lines("llvm_cov", "rust.json"), lines("lcov", "llvm_cov.info"));
}

#[test]
fn utf16_and_byte_order_marks_change_nothing_but_the_encoding() {
    for (_, path, bytes) in fixtures() {
        let Ok(text) = std::str::from_utf8(&bytes) else {
            continue;
        };
        let plain = read(&path, &bytes);
        let marked = read(&path, &[b"\xef\xbb\xbf", &*bytes].concat());
        let wide: Vec<u8> = [0xfe_u8, 0xff]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        let wide = read(&path, &wide);
        for other in [marked, wide] {
            assert_eq!(
                (other.format, &other.result),
                (plain.format, &plain.result),
                "{}",
                path.display()
            );
            assert_ne!(other.encoding, plain.encoding);
        }
    }
}
