//! Playwright's JSON report.
//!
//! A case is one test of one project; its retries are inside it.

use serde::Deserialize;

use crate::formats::cases::{self, Cases};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{ProblemSeverity, TestCase, TestOutcome};

/// The format.
pub struct Playwright;

impl Format for Playwright {
    fn name(&self) -> &'static str {
        "playwright"
    }

    fn family(&self) -> Family {
        Family::Tests
    }

    fn globs(&self) -> &'static [&'static str] {
        &["results.json", "test-results.json", "*playwright*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if !(head.has("config") && (head.has("suites") || head.contains("\"rootDir\""))) {
            return Sniff::No;
        }
        if head.has("stats.expected") || head.has("stats.unexpected") || head.has("suites[].specs") {
            Sniff::Certain
        } else if head.has("config.projects") || head.has("config.fullyParallel") {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let report: Whole<'_> = json::read(file.bytes)?;
        let mut cases = Cases::default();
        cases.report().produced_at = report.stats.0.unwrap_or_default().start_time.boxed();
        cases.report().commit = report.config.0.and_then(|config| config.metadata.0?.commit());
        for suite in report.suites.0.iter().filter_map(|suite| suite.0.as_ref()) {
            walk(suite, "", &mut cases);
        }
        for error in report.errors.0.iter().filter_map(|error| error.0.as_ref()) {
            let message = cases::message(&[&error.message]).unwrap_or_default();
            let what = format!("the run failed outside of its tests: {message}");
            cases.problem(file, 0, ProblemSeverity::Error, &what);
        }
        Ok(cases.finish())
    }
}

fn walk(suite: &Suite<'_>, outer: &str, cases: &mut Cases) {
    let title = match (outer, &*suite.title) {
        ("", title) => title.to_owned(),
        (outer, "") => outer.to_owned(),
        (outer, title) => format!("{outer} › {title}"),
    };
    for spec in suite.specs.0.iter().filter_map(|spec| spec.0.as_ref()) {
        for test in spec.tests.0.iter().filter_map(|test| test.0.as_ref()) {
            case(suite, spec, test, &title, cases);
        }
    }
    for inner in suite.suites.0.iter().filter_map(|suite| suite.0.as_ref()) {
        walk(inner, &title, cases);
    }
}

fn case(suite: &Suite<'_>, spec: &Spec<'_>, test: &Test<'_>, title: &str, cases: &mut Cases) {
    let results = || test.results.0.iter().filter_map(|result| result.0.as_ref());
    let last = results().next_back();
    let status = last.map_or("", |result| &*result.status);
    let (outcome, flaky) = match &*test.status {
        "expected" => (TestOutcome::Passed, false),
        "flaky" => (TestOutcome::Passed, true),
        "skipped" => (TestOutcome::Skipped, false),
        "unexpected" if status == "interrupted" => (TestOutcome::Errored, false),
        "unexpected" => (TestOutcome::Failed, false),
        // Before there was a summary status, the last result speaks.
        _ => match status {
            "passed" | "expected" => (TestOutcome::Passed, results().count() > 1),
            "skipped" => (TestOutcome::Skipped, false),
            "failed" | "timedOut" => (TestOutcome::Failed, false),
            _ => (TestOutcome::Errored, false),
        },
    };
    let millis = last.and_then(|result| result.duration.millis());
    let file = if spec.file.is_empty() {
        &suite.file
    } else {
        &spec.file
    };
    let key = cases::key(&[
        file.as_bytes(),
        title.as_bytes(),
        spec.title.as_bytes(),
        test.project.as_bytes(),
    ]);
    cases.add(key, spec.line.line(), outcome, flaky, millis, || {
        let mut said: Vec<&str> = Vec::new();
        for result in results() {
            let errors = result.errors.0.iter().chain([&result.error]);
            for error in errors.filter_map(|error| error.0.as_ref()) {
                said.push(if error.stack.is_empty() {
                    &error.message
                } else {
                    &error.stack
                });
            }
            if !said.is_empty() {
                break;
            }
        }
        let project = if test.project.is_empty() {
            String::new()
        } else {
            format!(" [{}]", &*test.project)
        };
        TestCase {
            suite: title.into(),
            name: format!("{}{project}", &*spec.title).into(),
            message: cases::message(&said[..said.len().min(1)]),
            path: file.boxed(),
            ..TestCase::default()
        }
    });
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    suites: List<Object<Suite<'a>>>,
    #[serde(borrow)]
    errors: List<Object<Error<'a>>>,
    #[serde(borrow)]
    stats: Object<Stats<'a>>,
    #[serde(borrow)]
    config: Object<Config<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Config<'a> {
    #[serde(borrow)]
    metadata: Object<Metadata<'a>>,
}

/// What `captureGitInfo` (before 1.51 the plugin of the HTML report) writes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata<'a> {
    #[serde(borrow, rename = "gitCommit")]
    git_commit: Object<Revision<'a>>,
    #[serde(borrow)]
    ci: Object<Revision<'a>>,
    #[serde(borrow, rename = "revision.id")]
    revision: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Revision<'a> {
    #[serde(borrow)]
    hash: Text<'a>,
    #[serde(borrow, rename = "commitHash")]
    commit_hash: Text<'a>,
}

impl Metadata<'_> {
    fn commit(self) -> Option<Box<str>> {
        let (git, ci) = (
            self.git_commit.0.unwrap_or_default(),
            self.ci.0.unwrap_or_default(),
        );
        let all = [git.hash, ci.commit_hash, self.revision];
        all.iter().find_map(Text::boxed)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Stats<'a> {
    #[serde(borrow, rename = "startTime")]
    start_time: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Suite<'a> {
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    file: Text<'a>,
    #[serde(borrow)]
    specs: List<Object<Spec<'a>>>,
    #[serde(borrow)]
    suites: List<Object<Suite<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Spec<'a> {
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    file: Text<'a>,
    line: Number,
    #[serde(borrow)]
    tests: List<Object<Test<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Test<'a> {
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow, rename = "projectName")]
    project: Text<'a>,
    #[serde(borrow)]
    results: List<Object<TestResult<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TestResult<'a> {
    #[serde(borrow)]
    status: Text<'a>,
    duration: Number,
    #[serde(borrow)]
    error: Object<Error<'a>>,
    #[serde(borrow)]
    errors: List<Object<Error<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Error<'a> {
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    stack: Text<'a>,
}
