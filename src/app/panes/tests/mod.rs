//! Pane 7: the tests, failures first with message and stack, then broken, flaky and skipped ones, and the slowest.

use super::table::{Ask, Builder, Group, Listed, State as Table, provenance};
use super::{PaneKind, Panes, Row, place_of};
use crate::app::command::Command;
use crate::app::filter::terms::{self, Field, Term};
use crate::app::model::Model;
use crate::app::overlays::explain::Page;
use crate::app::view::glyphs::Glyphs;
use crate::app::view::line::{counted, number, room_beside, short, short_path};
use crate::app::view::{Cell, Line, Role, glyphs_of};
use crate::engine::{Assessment, GateOutcome};
use crate::model::{EvidenceKind, GateResult, Gathered, Policy, TestCase, TestOutcome};
use crate::text::clean::without_ansi;
use crate::text::width::columns;

/// What the pane remembers.
pub type State = Table;

/// The pane.
pub(super) struct Tests;

/// What became of a case, as people look for it; worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Failed,
    Broken,
    Flaky,
    Skipped,
    Passed,
}

impl Fate {
    const ALL: [Self; 5] = [
        Self::Failed,
        Self::Broken,
        Self::Flaky,
        Self::Skipped,
        Self::Passed,
    ];

    const fn of(case: &TestCase) -> Self {
        match case.outcome {
            TestOutcome::Failed => Self::Failed,
            TestOutcome::Errored => Self::Broken,
            TestOutcome::Passed if case.flaky => Self::Flaky,
            TestOutcome::Skipped => Self::Skipped,
            TestOutcome::Passed => Self::Passed,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Broken => "broken",
            Self::Flaky => "flaky",
            Self::Skipped => "skipped",
            Self::Passed => "passed",
        }
    }

    /// The heading of its group.
    const fn heading(self) -> &'static str {
        match self {
            Self::Failed => "Failed",
            Self::Broken => "Broken",
            Self::Flaky => "Flaky: passed only on a rerun",
            Self::Skipped => "Skipped",
            Self::Passed => "Slowest that passed",
        }
    }

    const fn sign(self, glyphs: Glyphs) -> (&'static str, Role) {
        match self {
            Self::Failed | Self::Broken => (glyphs.fail(), Role::Open),
            Self::Flaky => (glyphs.begun(), Role::Begun),
            Self::Skipped => (glyphs.none(), Role::Begun),
            Self::Passed => (glyphs.done(), Role::Done),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Any,
    Status,
    Suite,
    Name,
    File,
    Message,
}

impl Field for By {
    const ANY: Self = Self::Any;

    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "status" | "is" => Self::Status,
            "suite" | "class" => Self::Suite,
            "name" | "test" => Self::Name,
            "file" | "path" => Self::File,
            "message" | "says" => Self::Message,
            _ => return None,
        })
    }

    fn whole(self) -> bool {
        matches!(self, Self::Name | Self::Message)
    }

    fn needle(self, part: &str) -> terms::Needle {
        // The JSON's word for broken.
        let same = self == Self::Status && part.eq_ignore_ascii_case("errored");
        terms::Needle::new(if same { "broken" } else { part })
    }
}

fn matches(terms: &[Term<By>], case: &TestCase) -> bool {
    terms.iter().all(|term| {
        let path = case.path.as_deref().unwrap_or_default();
        let found = match term.field {
            By::Any => term.any(&case.name) || term.any(&case.suite) || term.any(path),
            By::Status => term.begins(Fate::of(case).word()),
            By::Suite => term.any(&case.suite),
            By::Name => term.any(&case.name),
            By::File => term.any(path),
            By::Message => case.message.as_deref().is_some_and(|message| term.any(message)),
        };
        found != term.inverse
    })
}

const SEPARATOR: char = '\u{1f}';

fn case(gathered: &Gathered, entry: u32) -> Option<&TestCase> {
    let &(file, at) = gathered.tests.cases.get(entry as usize)?;
    Some(gathered.case(file, at)?.1)
}

impl Listed for Tests {
    const KIND: PaneKind = PaneKind::Tests;
    const TITLE: &'static str = "Tests";
    const ABOUT: &'static str = "the tests: failures first with message and stack, then broken, flaky and skipped ones and the slowest";
    const COMMAND: Command = Command::GoTests;
    const SORTS: &'static [&'static str] = &["worst first", "slowest first", "by name"];
    const GROUPS: &'static [&'static str] = &["by outcome", "by suite", "by file", "ungrouped"];
    const FIELDS: &'static [(&'static str, &'static str)] = &[
        ("status:", "failed broken flaky skipped passed"),
        ("suite:", "part of the suite or class"),
        ("name:", "part of the test's name"),
        ("file:", "part of the source file's path"),
        ("message:", "part of the message or stack"),
    ];
    const EVIDENCE: Option<EvidenceKind> = Some(EvidenceKind::Tests);
    const EMPTY: &'static [&'static str] = &[
        "No test result file was found.",
        "Let the test runner write one into the repository, then press r:",
        "pytest --junitxml=junit.xml",
        "go test -json ./... > go-test.json",
        "cargo nextest run --profile ci   (junit = { path = \"junit.xml\" })",
        "npx jest --json --outputFile=jest.json",
        "dotnet test --logger trx",
        "mvn test and gradle test write JUnit XML by themselves.",
    ];

    fn state(panes: &Panes) -> &Table {
        &panes.tests
    }

    fn state_mut(panes: &mut Panes) -> &mut Table {
        &mut panes.tests
    }

    fn len(assessment: &Assessment) -> usize {
        assessment.gathered.tests.cases.len()
    }

    fn summary(model: &Model, assessment: &Assessment, width: usize) -> Line {
        let tests = &assessment.gathered.tests;
        let counts = tests.counts;
        let glyphs = glyphs_of(model);
        let mut line = Line::of(counted(counts.total as usize, "test", "tests"), Role::Strong);
        for (n, fate) in [
            (counts.failed, Fate::Failed),
            (counts.errored, Fate::Broken),
            (tests.flaky, Fate::Flaky),
            (counts.skipped, Fate::Skipped),
            (counts.passed, Fate::Passed),
        ] {
            let text = format!("{} {}", number(n as usize), fate.word());
            if line.columns() + columns(&text) + columns(glyphs.dot()) > width {
                break;
            }
            if n > 0 {
                line = line.and(glyphs.dot(), Role::Muted).and(text, fate.sign(glyphs).1);
            }
        }
        line
    }

    fn arrange(assessment: &Assessment, ask: &Ask, table: &mut Builder) {
        let gathered = &*assessment.gathered;
        let terms: Vec<Term<By>> = terms::read(&ask.filter);
        let mut found: Vec<(u32, &TestCase)> = (0..)
            .zip(&gathered.tests.cases)
            .filter_map(|(entry, &(file, at))| Some((entry, gathered.case(file, at)?.1)))
            .filter(|(_, case)| !ask.failing || Fate::of(case) <= Fate::Flaky)
            .filter(|(_, case)| matches(&terms, case))
            .collect();
        // Stable: what is equal stays in the order of the judgement, worst first and slowest first.
        match ask.sort {
            1 => found.sort_by_key(|(_, case)| std::cmp::Reverse(case.millis)),
            2 => found.sort_by_key(|(_, case)| (&case.suite, &case.name)),
            _ => {}
        }
        if ask.group == 0 {
            for fate in Fate::ALL {
                let of: Vec<_> = found.iter().filter(|(_, case)| Fate::of(case) == fate).collect();
                if !of.is_empty() {
                    table.open(Group::new(fate.word(), fate.heading()));
                    of.iter().for_each(|(entry, _)| table.entry(*entry));
                    table.close();
                }
            }
            return;
        }
        if ask.group >= 3 {
            found.iter().for_each(|(entry, _)| table.entry(*entry));
            return;
        }
        let by_suite = ask.group == 1;
        grouped(&found, by_suite, table);
    }

    fn row(assessment: &Assessment, entry: u32) -> Option<Row> {
        let &(file, at) = assessment.gathered.tests.cases.get(entry as usize)?;
        let (_, case) = assessment.gathered.case(file, at)?;
        let path = case.path.as_deref().unwrap_or_default();
        let line = case.line.map_or_else(String::new, |line| format!(":{line}"));
        Some(Row {
            pane: PaneKind::Tests,
            key: format!(
                "{}{SEPARATOR}{}{SEPARATOR}{file}{SEPARATOR}{at}",
                case.suite, case.name
            )
            .into(),
            label: short(&case.name, 40, "").into(),
            place: place_of(&format!("{path}{line}")),
        })
    }

    fn find(assessment: &Assessment, key: &str) -> Option<u32> {
        let mut parts = key.rsplitn(3, SEPARATOR);
        let at: u32 = parts.next()?.parse().ok()?;
        let file: u32 = parts.next()?.parse().ok()?;
        let (suite, name) = parts.next()?.split_once(SEPARATOR)?;
        let gathered = &*assessment.gathered;
        let same = |case: &TestCase| *case.suite == *suite && *case.name == *name;
        let all = || (0..).zip(&gathered.tests.cases);
        // Suites run the same name twice: the very place decides while it still holds that test.
        let here = gathered.case(file, at).is_some_and(|(_, case)| same(case));
        let exact = here
            .then(|| all().find(|(_, place)| **place == (file, at)))
            .flatten();
        let named = || {
            all().find(|(_, place)| {
                gathered
                    .case(place.0, place.1)
                    .is_some_and(|(_, case)| same(case))
            })
        };
        Some(exact.or_else(named)?.0)
    }

    fn line(model: &Model, assessment: &Assessment, entry: u32, width: usize) -> Line {
        let Some(case) = case(&assessment.gathered, entry) else {
            return Line::default();
        };
        let glyphs = glyphs_of(model);
        let cut = glyphs.ellipsis();
        let fate = Fate::of(case);
        let (sign, role) = fate.sign(glyphs);
        let mut line = Line::of(format!("{sign} {:<7} ", fate.word()), role);
        let ran = case.millis.filter(|_| fate != Fate::Skipped);
        let time = format!("{:>6}", ran.map(took).unwrap_or_default());
        let rest = width.saturating_sub(line.columns() + columns(&time) + 1);
        let beside = match (&case.message, fate) {
            // A reason says more than the suite that the name mostly repeats.
            (Some(message), Fate::Skipped) => message.lines().next().unwrap_or_default(),
            _ => &case.suite,
        };
        let room = room_beside(&case.name, rest);
        let tail = if matches!(fate, Fate::Skipped) {
            short(&without_ansi(beside), room, cut)
        } else {
            short_path(beside, room, cut)
        };
        let room = rest.saturating_sub(columns(&tail) + usize::from(!tail.is_empty()));
        line = line.and(short(&case.name, room, cut), Role::Text);
        line.right = vec![
            Cell::new(tail, Role::Muted),
            Cell::new(format!(" {time}"), Role::Text),
        ];
        line
    }

    fn group_line(model: &Model, group: &Group, _width: usize) -> Line {
        let glyphs = glyphs_of(model);
        let mut line = Line::of(number(group.entries as usize), Role::Muted);
        for (n, fate) in group.figures.iter().zip(Fate::ALL) {
            if *n > 0 {
                let text = format!(
                    "{}{} {}",
                    glyphs.dot(),
                    number(usize::try_from(*n).unwrap_or(usize::MAX)),
                    fate.word()
                );
                line = line.and(text, fate.sign(glyphs).1);
            }
        }
        line
    }

    fn evidence(assessment: &Assessment, entry: u32) -> Option<u32> {
        Some(assessment.gathered.tests.cases.get(entry as usize)?.0)
    }

    fn explain(model: &Model, assessment: &Assessment, entry: u32, page: &mut Page) {
        /// Rows of a stack.
        const ROWS: usize = 400;
        let Some(&(file, at)) = assessment.gathered.tests.cases.get(entry as usize) else {
            return;
        };
        let Some((_, case)) = assessment.gathered.case(file, at) else {
            return;
        };
        let fate = Fate::of(case);
        let (sign, role) = fate.sign(glyphs_of(model));
        page.head(&case.name);
        let again = if case.flaky {
            ", passed only on a rerun"
        } else {
            ""
        };
        page.field("outcome", &format!("{sign} {}{again}", fate.word()), role);
        if let Some(message) = &case.message {
            page.block(&without_ansi(message), Role::Text, ROWS);
        } else if fate == Fate::Skipped {
            page.field("reason", "none is given", Role::Warning);
        }
        page.field("suite", &case.suite, Role::Text);
        if let Some(millis) = case.millis {
            page.field("took", &took(millis), Role::Text);
        }
        if let Some(path) = &case.path {
            let line = case.line.map_or_else(String::new, |line| format!(":{line}"));
            page.field("where", &format!("{path}{line}"), Role::Link);
        }
        provenance::fields(model, assessment, std::iter::once(file), page);
    }

    fn copy(assessment: &Assessment, entry: u32) -> Option<String> {
        let case = case(&assessment.gathered, entry)?;
        let path = case.path.as_deref().unwrap_or_default();
        let line = case.line.map_or_else(String::new, |line| format!(":{line}"));
        let place = format!("{path}{line}");
        let space = if place.is_empty() { "" } else { " " };
        let text = format!("{place}{space}{} {}", case.suite, case.name);
        Some(crate::text::clean::clean(text.trim()).into_owned())
    }

    fn of_gate(_policy: &Policy, assessment: &Assessment, gate: &GateOutcome) -> Option<Box<str>> {
        // A gate that holds, or waits for results, shows itself.
        if gate.result > GateResult::Error {
            return None;
        }
        let about = |case: &TestCase| match (&*gate.id, Fate::of(case)) {
            ("tests:flaky", fate) => fate == Fate::Flaky,
            ("tests:skipped", fate) => fate == Fate::Skipped && case.message.is_none(),
            (_, fate) => fate <= Fate::Broken,
        };
        let gathered = &*assessment.gathered;
        let mut all = (0..).zip(&gathered.tests.cases);
        let (worst, _) =
            all.find(|(_, (file, at))| gathered.case(*file, *at).is_some_and(|(_, case)| about(case)))?;
        Some(Self::row(assessment, worst)?.key)
    }
}

/// Groups by suite or file, those with failures first, then by name.
fn grouped(found: &[(u32, &TestCase)], by_suite: bool, table: &mut Builder) {
    let name = |case: &TestCase| -> Box<str> {
        if by_suite {
            case.suite.clone()
        } else {
            case.path.clone().unwrap_or_default()
        }
    };
    let mut groups: std::collections::HashMap<Box<str>, (Group, Vec<u32>)> = std::collections::HashMap::new();
    for (entry, case) in found {
        let key = name(case);
        let (group, entries) = groups.entry(key.clone()).or_insert_with(|| {
            let shown: &str = match (&*key, by_suite) {
                ("", true) => "without a suite",
                ("", false) => "without a file",
                (key, _) => key,
            };
            (Group::new(key.clone(), shown), Vec::new())
        });
        // Passed ones are only the slowest: a count of them would mislead.
        if let Some(figure) = group.figures.get_mut(Fate::of(case) as usize)
            && Fate::of(case) != Fate::Passed
        {
            *figure += 1;
        }
        entries.push(*entry);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by(|(a, _), (b, _)| {
        let [failed, broken, flaky, ..] = a.figures;
        let [others, broke, flaked, ..] = b.figures;
        (others + broke, flaked)
            .cmp(&(failed + broken, flaky))
            .then_with(|| a.key.cmp(&b.key))
    });
    for (group, entries) in groups {
        table.open(group);
        entries.into_iter().for_each(|entry| table.entry(entry));
        table.close();
    }
}

/// `12ms`, `1.4s`, `3m20s`.
fn took(millis: u32) -> String {
    match millis {
        0..1_000 => format!("{millis}ms"),
        1_000..60_000 => format!("{}.{}s", millis / 1_000, millis % 1_000 / 100),
        _ => format!("{}m{:02}s", millis / 60_000, millis / 1_000 % 60),
    }
}

#[cfg(test)]
mod checks {
    use super::*;

    #[test]
    fn a_duration_is_short() {
        assert_eq!(
            [0, 999, 1_000, 59_999, 60_000, 200_500].map(took),
            ["0ms", "999ms", "1.0s", "59.9s", "1m00s", "3m20s"]
        );
    }
}
