//! What the fuzz targets `coverage`, `scan` and `tests` check, run here over their corpora and over every fixture. The
//! targets include this file, so that both always check the same.

#![allow(clippy::unwrap_used)]

use gonogo::formats::{ALL, Family, Parsed, Reading, read_as, read_file};
use gonogo::model::{CoverageReport, Problem, ScanReport, TestReport};

/// Any bytes give a coverage report that adds up, or an error with its place.
pub fn coverage(bytes: &[u8]) {
    family(bytes, Family::Coverage);
}

/// Any bytes give a scan whose texts the file can hold, or an error with its place.
pub fn scan(bytes: &[u8]) {
    family(bytes, Family::Scan);
}

/// Any bytes give test results that add up, or an error with its place.
pub fn tests(bytes: &[u8]) {
    family(bytes, Family::Tests);
}

/// Reads the bytes as whatever they look like, and as each format of the family even if they do not.
fn family(bytes: &[u8], family: Family) {
    check(&read_file("x", bytes), bytes.len());
    for format in ALL.iter().filter(|format| format.family() == family) {
        check(&read_as(*format, "x", bytes), bytes.len());
    }
}

/// What holds for every reading of a file of this size.
pub fn check(reading: &Reading, size: usize) {
    // A small file must not fill the memory: a byte turns into at most three, a name or a folder may be
    // repeated by its findings, but not without end.
    let most = size * 1100 + 65536;
    match &reading.result {
        None => {}
        Some(Err(error)) => {
            assert!(
                !error.message.is_empty() && error.message.len() < 4096,
                "{error:?}"
            );
            assert!(
                error.byte.is_none_or(|byte| byte <= size as u64 * 3),
                "{error:?} of {size}"
            );
            assert!(error.line != Some(0) && error.column != Some(0), "{error:?}");
        }
        Some(Ok(Parsed::Coverage(report))) => held(most, coverage_holds(report), &report.problems),
        Some(Ok(Parsed::Scan(report))) => held(most, scan_holds(report), &report.problems),
        Some(Ok(Parsed::Tests(report))) => held(most, tests_hold(report), &report.problems),
    }
}

fn held(most: usize, texts: usize, problems: &[Problem]) {
    assert!(
        texts <= most,
        "{texts} bytes of text out of a file that allows {most}"
    );
    assert!(problems.len() <= 110, "{} problems", problems.len());
}

fn coverage_holds(report: &CoverageReport) -> usize {
    let sum = report.sum();
    for ratio in [sum.lines, sum.branches, sum.functions].into_iter().flatten() {
        assert!(ratio.covered <= ratio.total, "{ratio:?}");
    }
    report.files.iter().map(|file| file.path.len()).sum()
}

fn scan_holds(report: &ScanReport) -> usize {
    let text = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| text.len());
    for finding in 0..report.findings.len().min(1000) {
        let _ = (report.fingerprint(finding), report.link(finding));
    }
    assert!(
        report.rules.is_sorted_by(|a, b| a.id < b.id),
        "rules are not in order"
    );
    let findings = report.findings.iter().map(|finding| {
        let more = finding.more.as_ref().map_or(0, |more| {
            let aliases: usize = more.aliases.iter().map(|alias| alias.len()).sum();
            text(&more.package) + text(&more.version) + text(&more.fix) + text(&more.link) + aliases
        });
        assert!(
            finding.message.len() <= 4096 * 4,
            "a message of {} bytes",
            finding.message.len()
        );
        assert!(finding.line != Some(0), "line 0");
        finding.rule.len() + finding.message.len() + text(&finding.path) + more
    });
    findings.sum()
}

fn tests_hold(report: &TestReport) -> usize {
    let c = report.counts;
    let parts = [c.passed, c.failed, c.errored, c.skipped].map(u64::from);
    assert_eq!(parts.iter().sum::<u64>(), u64::from(c.total), "{c:?}");
    let cases = report.cases.iter().map(|case| {
        let message = case.message.as_ref().map_or(0, |message| message.len());
        assert!(message <= 4200, "a message of {message} bytes");
        case.suite.len() + case.name.len() + message
    });
    cases.sum()
}

#[cfg(test)]
mod corpus {
    use std::fs;
    use std::path::Path;

    use super::Family;

    fn each(target: &str, check: fn(&[u8]), family: Family) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = root.join("fuzz/corpus").join(target);
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().flatten().collect();
        assert!(files.len() > 5, "{} is nearly empty", folder.display());
        let formats = super::ALL.iter().filter(|format| format.family() == family);
        for format in formats {
            let fixtures = root.join("src/formats").join(format.name().replace('-', "_"));
            files.extend(fs::read_dir(fixtures.join("fixtures")).unwrap().flatten());
        }
        for file in files {
            check(&fs::read(file.path()).unwrap());
        }
    }

    #[test]
    fn the_corpus_of_coverage_holds() {
        each("coverage", super::coverage, Family::Coverage);
    }

    #[test]
    fn the_corpus_of_scans_holds() {
        each("scan", super::scan, Family::Scan);
    }

    #[test]
    fn the_corpus_of_tests_holds() {
        each("tests", super::tests, Family::Tests);
    }
}
