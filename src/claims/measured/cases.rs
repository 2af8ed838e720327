//! Test results: "all tests pass", "28/28", "150 tests", "0 failures", "E2E passing".

use std::ops::Range;

use super::words::{Reading, What, is_one};
use super::{age, counted, doubt, may_be_a_part, of_kind, part, push};
use crate::claims::{Draft, Finding, Place, Scene};
use crate::model::{
    Bound, Claim, ClaimVerdict, Content, EvidenceKind, Said, TestCase, TestCounts, TestOutcome, TestReport,
};

const PASS: &[&str] = &[
    "pass",
    "passes",
    "passing",
    "passed",
    "green",
    "succeed",
    "succeeded",
];
const TESTS: &[&str] = &["tests", "test", "suite", "suites", "specs"];
const LINKS: &[&str] = &["are", "is", "now", "currently", "have", "all"];
/// Words of a clause that make it a demand, a denial, or a matter of a part.
#[rustfmt::skip]
const NO_RESULT: &[&str] = &[
    "not", "none", "never", "most", "some", "few", "ensure", "make", "verify", "confirm", "require", "requires", "required",
    "must", "should", "if", "when", "until", "before", "once", "whether", "don't", "doesn't", "didn't", "isn't", "aren't", "can't",
    "fail", "fails", "except", "without", "nearly", "almost", "only", "target", "goal", "expected", "was", "were", "to", "threshold",
    "minimum", "cannot", "unless", "each", "every", "gate",
];

/// The kinds of tests that results can be told apart by, with what their files and suites are called.
const KINDS: &[(&str, &[&str], &[&str])] = &[
    (
        "end-to-end",
        &["e2e", "end-to-end", "playwright", "cypress"],
        &["e2e", "playwright", "cypress", "endtoend"],
    ),
    ("integration", &["integration"], &["integration", "it"]),
    ("unit", &["unit"], &["unit"]),
];

fn kind_of(word: &str) -> Option<&'static str> {
    let found = KINDS.iter().find(|(_, words, _)| is_one(word, words));
    found.map(|(kind, ..)| *kind)
}

pub(super) fn recognise(reading: &Reading<'_>, out: &mut Vec<Draft>) {
    if matches!(reading.statement.place, Place::Code | Place::Heading) {
        return;
    }
    let mut free = 0;
    for at in 0..reading.tokens.len() {
        let found = passing(reading, at)
            .or_else(|| rate(reading, at))
            .or_else(|| share(reading, at))
            .or_else(|| none_failed(reading, at))
            .or_else(|| count(reading, at));
        let Some(found) = found.filter(|found| found.tokens.start >= free) else {
            continue;
        };
        if reading.is_quiet(&found.tokens) || reading.has(reading.clause(&found.tokens), NO_RESULT) {
            continue;
        }
        if found.predicate == "count" && reading.part(&found.tokens, &[]).is_some() {
            continue;
        }
        free = found.tokens.end;
        let said = Said {
            subject: found.kind.into(),
            predicate: found.predicate,
            comparator: found.comparator,
            value: found.value.into(),
            scope: Box::default(),
        };
        push(reading, found.tokens, said, &[], &[], out);
    }
}

struct Found {
    tokens: Range<usize>,
    predicate: &'static str,
    comparator: &'static str,
    value: String,
    kind: &'static str,
}

/// "all 28 unit tests pass (28/28)", "28/28 passing", "E2E passing"
fn passing(reading: &Reading<'_>, at: usize) -> Option<Found> {
    if !reading.is(at, PASS) {
        return None;
    }
    let mut start = at;
    while start > 0
        && (reading.is(start - 1, LINKS) || matches!(reading.before(start), Some(What::Stop(':'))))
    {
        start -= 1;
    }
    let mut kind = "";
    let mut says_tests = false;
    while start > 0
        && let Some(What::Word(word)) = reading.before(start)
    {
        if is_one(word, TESTS) {
            // "a test passes" is of one.
            says_tests |= !is_one(word, &["test"]);
        } else if let Some(found) = kind_of(word) {
            kind = found;
        } else {
            break;
        }
        start -= 1;
    }
    let (mut value, mut comparator) = (String::new(), "=");
    match reading.before(start) {
        Some(What::Number(number)) => {
            value = number.replace(',', "");
            start -= 1;
            if let Some(What::Sign(sign)) = reading.before(start) {
                comparator = sign;
                start -= 1;
            }
        }
        Some(What::Share(a, b)) => {
            value = format!("{a}/{b}");
            start -= 1;
        }
        // "the gate passes": not of tests.
        _ if !says_tests && kind.is_empty() => return None,
        _ => {}
    }
    if !says_tests && kind.is_empty() && !reading.speaks_of(TESTS) {
        return None;
    }
    while start > 0 && reading.is(start - 1, &["all", "the", "of"]) {
        start -= 1;
    }
    let mut end = at + 1;
    // "passes 3 arguments" is no result.
    let object = matches!(
        reading.at(end),
        Some(What::Number(_) | What::Percent(_) | What::Path(_))
    );
    if object || reading.is(end, &["rate", "criteria", "packages", "files"]) {
        return None;
    }
    if let (Some(What::Stop('(')), Some(What::Share(a, b))) = (reading.at(end), reading.at(end + 1))
        && matches!(reading.at(end + 2), None | Some(What::Stop(_)))
    {
        value = format!("{a}/{b}");
        end += 2;
    }
    Some(Found {
        tokens: start..end,
        predicate: "pass",
        comparator,
        value,
        kind,
    })
}

/// "100% pass rate", "test pass rate: 100%"
fn rate(reading: &Reading<'_>, at: usize) -> Option<Found> {
    let Some(What::Percent("100" | "100.0" | "100.00")) = reading.at(at) else {
        return None;
    };
    let mut end = at + 1;
    while reading.is(end, &["of", "test", "tests"]) {
        end += 1;
    }
    let behind = reading.is(end, PASS);
    let mut start = at;
    while start > 0
        && (matches!(reading.before(start), Some(What::Stop(':')))
            || reading.is(start - 1, &["is", "rate", "at"]))
    {
        start -= 1;
    }
    let before = start < at && start > 0 && reading.is(start - 1, &["pass", "passing", "success"]);
    if !(behind || before) || !reading.speaks_of(TESTS) {
        return None;
    }
    let tokens = if behind { at..end + 1 } else { start - 1..at + 1 };
    Some(Found {
        tokens,
        predicate: "pass",
        comparator: "=",
        value: String::new(),
        kind: "",
    })
}

/// "tests: 28/28", "28/28 tests"
fn share(reading: &Reading<'_>, at: usize) -> Option<Found> {
    let What::Share(a, b) = reading.at(at)? else {
        return None;
    };
    let before = matches!(reading.before(at), Some(What::Stop(':' | '|')))
        && at >= 2
        && reading.is(at - 2, &["tests", "suite"])
        && matches!(reading.at(at + 1), None | Some(What::Stop(_)));
    let behind = reading.is(at + 1, &["tests"]) && !reading.is(at + 2, PASS);
    let tokens = if before {
        at - 2..at + 1
    } else if behind {
        at..at + 2
    } else {
        return None;
    };
    // "2/28 tests" may count anything.
    (a == b || before).then(|| Found {
        tokens,
        predicate: "pass",
        comparator: "=",
        value: format!("{a}/{b}"),
        kind: "",
    })
}

/// "0 failures", "no failing tests", "zero tests failed"
fn none_failed(reading: &Reading<'_>, at: usize) -> Option<Found> {
    let none = matches!(reading.at(at), Some(What::Number("0"))) || reading.is(at, &["no", "zero"]);
    if !none {
        return None;
    }
    let mut end = at + 1;
    let mut kind = "";
    while let Some(word) = reading.word(end) {
        if let Some(found) = kind_of(&word) {
            kind = found;
        } else if !is_one(&word, &["test", "tests"]) {
            break;
        }
        end += 1;
    }
    if !reading.is(end, &["failures", "failure", "failed", "failing", "fail"]) {
        return None;
    }
    end += 1;
    if reading.is(end, &["tests", "test"]) {
        end += 1;
    }
    let says = reading.has(at..end, &["test", "tests"]) || !kind.is_empty() || reading.speaks_of(TESTS);
    says.then(|| Found {
        tokens: at..end,
        predicate: "none failed",
        comparator: "=",
        value: String::new(),
        kind,
    })
}

/// "150 tests", where nothing says that they are of a part
fn count(reading: &Reading<'_>, at: usize) -> Option<Found> {
    let What::Number(number) = reading.at(at)? else {
        return None;
    };
    let mut end = at + 1;
    let kind = reading.word(end).and_then(|word| kind_of(&word)).unwrap_or("");
    end += usize::from(!kind.is_empty());
    let next = reading.at(end + 1);
    let ends = matches!(next, None | Some(What::Stop(_))) || reading.is(end + 1, &["in", "total", "and"]);
    if number == "0" || number.contains('.') || !reading.is(end, &["tests"]) || !ends {
        return None;
    }
    let (start, comparator) = match reading.before(at) {
        Some(What::Sign("<" | "<=")) => return None,
        Some(What::Sign(sign)) => (at - 1, sign),
        _ => (at, "="),
    };
    Some(Found {
        tokens: start..end + 1,
        predicate: "count",
        comparator,
        value: number.replace(',', ""),
        kind,
    })
}

/// The results that a claim speaks of.
struct Results<'a> {
    files: Vec<&'a Bound>,
    counts: TestCounts,
    /// Broken cases with the file that has them.
    bad: Vec<(&'a Bound, Option<&'a TestCase>)>,
}

fn is_bad(case: &TestCase) -> bool {
    matches!(case.outcome, TestOutcome::Failed | TestOutcome::Errored)
}

fn report_of(bound: &Bound) -> Option<&TestReport> {
    match &bound.file.content {
        Ok(Content::Tests(report)) => Some(report),
        _ => None,
    }
}

impl<'a> Results<'a> {
    fn of(kind: &str, scene: &Scene<'a>) -> Self {
        let gathered = scene.gathered();
        let mut files: Vec<&Bound> = of_kind(gathered, EvidenceKind::Tests).collect();
        let mut counts = gathered.tests.counts;
        let mut bad: Vec<(&Bound, Option<&TestCase>)>;
        if kind.is_empty() {
            let cases = gathered.tests.cases.iter();
            bad = cases
                .filter_map(|&(file, at)| gathered.case(file, at))
                .filter(|(_, case)| is_bad(case))
                .map(|(bound, case)| (bound, Some(case)))
                .collect();
        } else {
            files.retain(|bound| is_of_kind(bound, kind));
            counts = files.iter().filter_map(|bound| report_of(bound)).fold(
                TestCounts::default(),
                |sum, report| TestCounts {
                    total: sum.total.saturating_add(report.counts.total),
                    passed: sum.passed.saturating_add(report.counts.passed),
                    failed: sum.failed.saturating_add(report.counts.failed),
                    errored: sum.errored.saturating_add(report.counts.errored),
                    skipped: sum.skipped.saturating_add(report.counts.skipped),
                },
            );
            bad = Vec::new();
            for bound in &files {
                let cases = report_of(bound).map_or(&[][..], |report| &report.cases);
                bad.extend(
                    cases
                        .iter()
                        .filter(|case| is_bad(case))
                        .map(|case| (*bound, Some(case))),
                );
            }
        }
        if bad.is_empty() {
            // A file may count failures that it does not list.
            let broken = |bound: &&Bound| report_of(bound).is_some_and(|report| broken(report.counts) > 0);
            bad = files
                .iter()
                .copied()
                .filter(broken)
                .map(|bound| (bound, None))
                .collect();
        }
        Self { files, counts, bad }
    }
}

fn broken(counts: TestCounts) -> u64 {
    u64::from(counts.failed) + u64::from(counts.errored)
}

/// Whether a file's name or format says that its tests are of a kind.
fn is_of_kind(bound: &Bound, kind: &str) -> bool {
    let names = KINDS
        .iter()
        .find(|(name, ..)| *name == kind)
        .map_or(&[][..], |(.., names)| names);
    let source = bound
        .file
        .source
        .to_ascii_lowercase()
        .replace("end-to-end", "endtoend");
    let mut parts = source
        .split(|c: char| !c.is_alphanumeric())
        .chain(std::iter::once(bound.file.format));
    parts.any(|part| is_one(part, names))
}

pub(super) fn check(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let kind = &*claim.said.subject;
    let results = Results::of(kind, scene);
    if results.files.iter().all(|bound| bound.file.content.is_err()) {
        return Some(Finding::unsure(if kind.is_empty() {
            "no test result was read".to_owned()
        } else {
            format!("no test result says that it is of {kind} tests")
        }));
    }
    let counts = results.counts;
    let bad = broken(counts);
    let ran = bad + u64::from(counts.passed);
    let skipped = match counts.skipped {
        0 => String::new(),
        n => format!(", {n} were skipped"),
    };
    let source = results.files.first().map_or("", |bound| &bound.file.source);
    let whole = format!("{} of {} passed{skipped}", counts.passed, counted(ran, "test"));
    let narrowed = !part(claim).is_empty();
    if bad > 0 && claim.said.predicate != "count" {
        return failed(claim, scene, &results, bad, ran, &whole);
    }
    if let Some(doubt) = doubt(results.files.iter().copied()) {
        return Some(Finding::unsure(format!("{whole}, but {doubt}")));
    }
    if narrowed {
        return Some(may_be_a_part(claim, &whole));
    }
    if ran == 0 {
        let why = format!("no test ran{skipped}, so it proves nothing");
        return Some(Finding::of(ClaimVerdict::Vacuous(why.clone().into()), why).with(whole, source));
    }
    let more = claim.said.comparator.starts_with('>');
    let about = claim.said.comparator == "~";
    let same = |said: &str, is: u64| {
        said.parse::<u64>().is_ok_and(|said| {
            said == is || more && is >= said || about && is.abs_diff(said).saturating_mul(10) <= said
        })
    };
    let value = &*claim.said.value;
    let all = ran + u64::from(counts.skipped);
    let agrees = match (claim.said.predicate, value.split_once('/')) {
        (_, None) if value.is_empty() => true,
        ("count", _) => same(value, all) || same(value, ran),
        (_, Some((a, b))) => same(a, counts.passed.into()) && (same(b, all) || same(b, ran)),
        (_, None) => same(value, counts.passed.into()),
    };
    let finding = if !agrees {
        let actual = if claim.said.predicate == "count" {
            counted(all, "test")
        } else {
            format!("{} of {all}", counts.passed)
        };
        Finding::no(value, actual, format!("{whole}, not {value}"))
    } else if about {
        Finding::of(ClaimVerdict::HoldsLoosely, whole.clone())
    } else {
        Finding::holds(whole.clone())
    };
    Some(finding.with(whole, source))
}

/// Some test failed, and the sentence says that none did.
fn failed(
    claim: &Claim,
    scene: &Scene<'_>,
    results: &Results<'_>,
    bad: u64,
    ran: u64,
    whole: &str,
) -> Option<Finding> {
    if !part(claim).is_empty() {
        return Some(may_be_a_part(claim, whole));
    }
    // "27/28 passing" says itself that one failed.
    if let Some((a, b)) = claim.said.value.split_once('/')
        && a != b
    {
        let passed = u64::from(results.counts.passed);
        if let Some(doubt) = doubt(results.files.iter().copied()) {
            return Some(Finding::unsure(format!("{whole}, but {doubt}")));
        }
        let all = ran + u64::from(results.counts.skipped);
        let same = a.parse() == Ok(passed) && (b.parse() == Ok(ran) || b.parse() == Ok(all));
        return Some(if same {
            Finding::holds(whole)
        } else {
            Finding::no(&*claim.said.value, format!("{passed} of {ran}"), whole)
        });
    }
    let mut why = String::new();
    let mut seen: Option<&Bound> = None;
    for (bound, case) in &results.bad {
        if seen.is_some_and(|seen| std::ptr::eq(seen, *bound)) {
            continue;
        }
        seen = Some(bound);
        match age::against(bound, scene)? {
            Ok(()) => {
                let name = case.map_or_else(String::new, |case| format!(", such as `{}`", name_of(case)));
                let actual = format!("{bad} of {ran} failed");
                let reason = format!("{bad} of {} failed{name}", counted(ran, "test"));
                return Some(Finding::no("none failed", actual, reason).with(whole, &*bound.file.source));
            }
            Err(doubt) if why.is_empty() => why = doubt,
            Err(_) => {}
        }
    }
    Some(Finding::unsure(format!(
        "{bad} of {} failed, but {why}",
        counted(ran, "test")
    )))
}

fn name_of(case: &TestCase) -> String {
    if case.suite.is_empty() {
        case.name.to_string()
    } else {
        format!("{} › {}", case.suite, case.name)
    }
}
