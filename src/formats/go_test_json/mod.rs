//! `go test -json`: one event a line.
//!
//! A case is a test or subtest of a package; its last outcome counts. A test that began and never ended is errored. A
//! package that fails without a failing test (it did not build, it exited) is a problem.

use std::collections::HashMap;

use serde::Deserialize;

use crate::formats::cases::{self, Cases, Ran};
use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, Number, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{ProblemSeverity, TestCase, TestOutcome};

/// The format.
pub struct GoTestJson;

impl Format for GoTestJson {
    fn name(&self) -> &'static str {
        "go-test-json"
    }

    fn family(&self) -> Family {
        Family::Tests
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "go-test*.json",
            "gotest*.json",
            "test-report.json",
            "test-output.json",
            "*.jsonl",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let events = || {
            head.bytes
                .split(|b| *b == b'\n')
                .filter(|line| line.starts_with(b"{"))
                .take(5)
        };
        let is_event = |line: &[u8]| {
            let has = |word: &[u8]| memchr::memmem::find(line, word).is_some();
            has(b"\"Action\":") && (has(b"\"Package\":") || has(b"\"ImportPath\":"))
        };
        if events().next().is_some() && events().all(is_event) {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut run = Run::default();
        let mut noise = None;
        let mut at = 0;
        while at < file.bytes.len() {
            let rest = &file.bytes[at..];
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let (line, offset) = (rest[..length].trim_ascii(), at);
            at += length + 1;
            if line.starts_with(b"{") {
                match serde_json::from_slice::<Event<'_>>(line) {
                    Ok(event) => run.event(&event, file, offset),
                    Err(error) => return Err(json::place(&error, &file.bytes[..offset + length], offset)),
                }
            } else if line.starts_with(b"FAIL\t") {
                // A package that did not compile fails outside of the events (before Go 1.24).
                let what = format!(
                    "a package failed: {}",
                    String::from_utf8_lossy(line).replace('\t', " ")
                );
                let what = found::sentence(&what);
                run.cases.problem(file, offset, ProblemSeverity::Error, &what);
            } else if !line.is_empty() {
                // The output of a failed build stands between the events when both streams go into one file.
                noise.get_or_insert(offset);
            }
        }
        if let Some(offset) = noise {
            let what = "lines that are no event were passed over; this is the first";
            run.cases.problem(file, offset, ProblemSeverity::Warning, what);
        }
        Ok(run.finish())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Event<'a> {
    #[serde(borrow)]
    time: Text<'a>,
    #[serde(borrow)]
    action: Text<'a>,
    #[serde(borrow)]
    package: Text<'a>,
    #[serde(borrow)]
    test: Text<'a>,
    #[serde(borrow)]
    output: Text<'a>,
    elapsed: Number,
}

/// A run while its events come.
#[derive(Debug, Default)]
struct Run {
    cases: Cases,
    ended: HashMap<u64, Ran>,
    packages: HashMap<u64, Package>,
}

#[derive(Debug)]
struct Open {
    suite: Box<str>,
    name: Box<str>,
    output: String,
}

#[derive(Debug, Default)]
struct Package {
    /// Tests that began and did not end yet.
    open: HashMap<u64, Open>,
    failed: bool,
    output: String,
}

impl Run {
    fn event(&mut self, event: &Event<'_>, file: &File<'_>, offset: usize) {
        if self.cases.report().produced_at.is_none() {
            self.cases.report().produced_at = event.time.boxed();
        }
        let package = cases::key(&[event.package.as_bytes()]);
        if event.test.is_empty() {
            return self.package(event, package, file, offset);
        }
        let key = cases::key(&[event.package.as_bytes(), event.test.as_bytes()]);
        let open = || Open {
            suite: event.package.0.as_ref().into(),
            name: event.test.0.as_ref().into(),
            output: String::new(),
        };
        let outcome = match &*event.action {
            "pass" | "bench" => TestOutcome::Passed,
            "fail" => TestOutcome::Failed,
            "skip" => TestOutcome::Skipped,
            "run" => {
                self.packages.entry(package).or_default().open.insert(key, open());
                return;
            }
            "output" => {
                let known = self.packages.get_mut(&package);
                if let Some(open) = known.and_then(|known| known.open.get_mut(&key))
                    && open.output.len() < cases::MESSAGE
                    && !event.output.starts_with("=== ")
                {
                    open.output.push_str(&event.output);
                }
                return;
            }
            _ => return,
        };
        let known = self.packages.entry(package).or_default();
        known.failed |= outcome == TestOutcome::Failed;
        let open = known.open.remove(&key).unwrap_or_else(open);
        self.end(key, open, outcome, event.elapsed);
    }

    fn end(&mut self, key: u64, open: Open, outcome: TestOutcome, elapsed: Number) {
        let millis = Number(elapsed.0.map(|seconds| seconds * 1000.0)).millis();
        let ran = self.cases.add(key, None, outcome, false, millis, || TestCase {
            suite: open.suite,
            name: open.name,
            message: (outcome != TestOutcome::Passed)
                .then(|| cases::message(&[&open.output]))
                .flatten(),
            ..TestCase::default()
        });
        let ran = match self.ended.get(&key).copied() {
            Some(earlier) => self.cases.rerun_of(earlier, ran),
            None => ran,
        };
        self.ended.insert(key, ran);
    }

    fn package(&mut self, event: &Event<'_>, package: u64, file: &File<'_>, offset: usize) {
        match &*event.action {
            "output" | "build-output" => {
                let known = self.packages.entry(package).or_default();
                if known.output.len() < cases::MESSAGE / 4 {
                    known.output.push_str(&event.output);
                }
            }
            "fail" => {
                let mut known = self.packages.remove(&package).unwrap_or_default();
                if !self.unfinished(&mut known) && !known.failed {
                    let what = format!(
                        "the package `{}` failed outside of its tests: {}",
                        &*event.package,
                        known.output.trim()
                    );
                    self.cases.problem(file, offset, ProblemSeverity::Error, &what);
                }
            }
            _ => {}
        }
    }

    /// Ends what a package left open, and whether there was any.
    fn unfinished(&mut self, package: &mut Package) -> bool {
        let mut left: Vec<(u64, Open)> = package.open.drain().collect();
        left.sort_by(|a, b| a.1.name.cmp(&b.1.name));
        let any = !left.is_empty();
        for (key, open) in left {
            self.end(key, open, TestOutcome::Errored, Number(None));
        }
        any
    }

    fn finish(mut self) -> Parsed {
        let mut packages: Vec<(u64, Package)> = self.packages.drain().collect();
        packages.sort_by_key(|(key, _)| *key);
        for (_, package) in &mut packages {
            self.unfinished(package);
        }
        self.cases.finish()
    }
}
