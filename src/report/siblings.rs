//! Reports of one repository against each other: a task that is done here and open in the tracker file, one figure
//! with two values on one day, a GO beside a NO-GO.
//!
//! Not here: what one document says against itself (`arithmetic`). Narrow like that: an id binds two documents only
//! with a title that fits; figures only of reports of one date; verdicts only where no date says which is newer; and
//! reports whose titles name different parts of a product are never compared.

use std::collections::HashMap;

use super::arithmetic::{short, telling};
use super::wording::{is_one_of, tells_of_before, words};
use crate::model::{
    Contradiction, ContradictionKind, DeclaredVerdict, DeclaredVerdictKind, Elsewhere, Item, Report,
    Requirement, Stage, Status,
};

/// More items, figures or reports than any repository keeps by hand are not compared.
const MOST: usize = 20_000;
const MOST_REPORTS: usize = 400;

/// The contradictions between reports: the index of the report that makes the claim, and the contradiction.
#[must_use]
pub fn between(reports: &[&Report]) -> Vec<(usize, Contradiction)> {
    let mut found = Vec::new();
    tasks(reports, &mut found);
    let counting: Vec<(usize, &Report)> = reports
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, report)| report.recognition.counts && !is_tracker(report) && !is_kept_aside(report))
        .take(MOST_REPORTS)
        .collect();
    figures(&counting, &mut found);
    verdicts(&counting, &mut found);
    found
}

/// `tasks.md`, `TODO.md`, `BACKLOG.md`, `RELEASE_TRACKER.md`.
fn is_tracker(report: &Report) -> bool {
    let stem = report
        .path
        .file_name()
        .rsplit_once('.')
        .map_or("", |(stem, _)| stem);
    let mut last = None;
    let mut count = 0;
    for (_, word) in words(stem) {
        for part in word.split('_') {
            last = Some(part);
            count += 1;
        }
    }
    last.is_some_and(|last| match count {
        1 => is_one_of(last, &["tasks", "task", "todo", "todos", "backlog", "tracker"]),
        _ => is_one_of(last, &["tasks", "todo", "todos", "backlog", "tracker"]),
    })
}

/// Copies and old versions speak of another time.
fn is_kept_aside(report: &Report) -> bool {
    report.path.folder().split('/').any(|part| {
        words(part).any(|(_, word)| {
            word.split('_').any(|word| {
                is_one_of(
                    word,
                    &[
                        "archive",
                        "archived",
                        "old",
                        "backup",
                        "backups",
                        "history",
                        "legacy",
                        "deprecated",
                        "previous",
                    ],
                )
            })
        })
    })
}

fn past(report: &Report, item: &Item) -> bool {
    report.section_path(item.section).into_iter().any(tells_of_before)
}

/// Every id that an item stands for.
fn ids(item: &Item) -> impl Iterator<Item = &str> {
    let several = item.extras.as_deref().map_or(&[][..], |extras| &extras.ids);
    let one = if several.is_empty() {
        item.id.as_deref()
    } else {
        None
    };
    several
        .iter()
        .map(|id| &**id)
        .chain(one)
        .filter(|id| names_a_task(id))
}

/// Letters and a number of two digits at least: `T034`, `US-001`, never `2` or `P0`.
fn names_a_task(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic()) && id.bytes().filter(u8::is_ascii_digit).count() >= 2
}

/// A title as a key: its telling words in order, when there are enough of them to be a name.
fn title_key(item: &Item) -> Option<String> {
    let words = telling(short(&item.title));
    (words.len() >= 3).then(|| words.join(" "))
}

/// An item of a tracker that is not done.
struct Open<'r> {
    tracker: usize,
    item: &'r Item,
}

/// Tasks that a report calls done and a tracker keeps open.
fn tasks(reports: &[&Report], found: &mut Vec<(usize, Contradiction)>) {
    let trackers: Vec<usize> = (0..reports.len())
        .filter(|&at| is_tracker(reports[at]) && !is_kept_aside(reports[at]))
        .collect();
    let mut by_id: HashMap<&str, Vec<Open<'_>>> = HashMap::new();
    let mut by_title: HashMap<String, Vec<Open<'_>>> = HashMap::new();
    let mut left = MOST;
    for &tracker in &trackers {
        for item in &reports[tracker].items {
            let open = matches!(item.declared, Status::Open | Status::InProgress | Status::Blocked);
            if !open || left == 0 || past(reports[tracker], item) {
                continue;
            }
            left -= 1;
            for id in ids(item) {
                by_id.entry(id).or_default().push(Open { tracker, item });
            }
            if let Some(key) = title_key(item) {
                by_title.entry(key).or_default().push(Open { tracker, item });
            }
        }
    }
    if by_id.is_empty() && by_title.is_empty() {
        return;
    }
    for (at, report) in reports.iter().enumerate() {
        if !report.recognition.counts || is_tracker(report) || is_kept_aside(report) {
            continue;
        }
        let mut pairs: Vec<(usize, &Item, &Item, Option<&str>)> = Vec::new();
        for item in report
            .items
            .iter()
            .filter(|item| item.declared.says_done() && item.requirement != Requirement::Informational)
        {
            if past(report, item) {
                continue;
            }
            let several = item.extras.as_deref().is_some_and(|extras| extras.ids.len() > 1);
            for id in ids(item) {
                // A tracker that keeps the id twice, or two trackers with it, name nothing for sure.
                let [open] = by_id.get(id).map_or(&[][..], Vec::as_slice) else {
                    continue;
                };
                if several && trackers.len() == 1 || alike(item, open.item) {
                    pairs.push((open.tracker, item, open.item, Some(id)));
                }
            }
            if ids(item).next().is_none()
                && let Some(key) = title_key(item)
                && let Some([open]) = by_title.get(&key).map(Vec::as_slice)
            {
                pairs.push((open.tracker, item, open.item, None));
            }
        }
        for &tracker in &trackers {
            let own: Vec<_> = pairs.iter().filter(|(other, ..)| *other == tracker).collect();
            let Some((_, done, open, id)) = own.first() else {
                continue;
            };
            let path = &reports[tracker].path;
            let name = id.map_or_else(
                || format!("`{}`", open.title),
                |id| format!("`{id}` {}", open.title),
            );
            let tasks = match own.len() {
                1 => "1 task is".to_owned(),
                count => format!("{count} tasks are"),
            };
            let message = format!(
                "{tasks} done here and not in `{path}`; the first is {name}, {} in line {}",
                open.declared.word().replace('_', " "),
                open.line
            );
            let mut lines: Vec<u32> = vec![done.line];
            for (_, item, ..) in own.iter().take(12) {
                if !lines.contains(&item.line) {
                    lines.push(item.line);
                }
            }
            let other = Elsewhere {
                path: path.clone(),
                line: open.line,
            };
            found.push((
                at,
                contradiction(ContradictionKind::Status, lines, message, other),
            ));
        }
    }
}

/// Whether two titles of one id speak of one thing.
fn alike(a: &Item, b: &Item) -> bool {
    let (a, b) = (telling(&a.title), telling(&b.title));
    let shared = a.iter().filter(|word| b.contains(word)).count();
    shared >= 1 && 2 * shared >= a.len().min(b.len())
}

fn contradiction(
    kind: ContradictionKind,
    lines: Vec<u32>,
    message: String,
    other: Elsewhere,
) -> Contradiction {
    Contradiction {
        kind,
        lines,
        message: message.into(),
        other: Some(Box::new(other)),
    }
}

/// Words that any title of a report may have.
#[rustfmt::skip]
const ANY: &[&str] = &[
    "report", "readiness", "production", "summary", "status", "checklist", "assessment", "session", "deployment", "release", "final", "complete",
    "completion", "completed", "go", "launch", "ready", "review", "blockers", "resolved", "critical", "overview", "results", "executive", "project",
    "system", "development", "security", "quality", "audit", "implementation", "update", "progress", "document", "v1", "v2", "work", "no",
];

/// Whether the titles of two reports may speak of the same thing: neither names a part that the other does not.
fn one_subject(a: &Report, b: &Report) -> bool {
    let named = |report: &Report| {
        let title = report.title.as_deref().unwrap_or_default();
        let mut found = telling(title);
        found.retain(|word| {
            !ANY.iter().any(|any| super::wording::same(any, word))
                && !word.bytes().all(|b| b.is_ascii_digit())
        });
        found
    };
    let (a, b) = (named(a), named(b));
    a.iter().all(|word| b.contains(word)) || b.iter().all(|word| a.contains(word))
}

fn date(report: &Report) -> Option<&str> {
    report.meta.date.as_ref().map(|field| field.value.trim())
}

/// One figure with two values in reports of one date.
fn figures(reports: &[(usize, &Report)], found: &mut Vec<(usize, Contradiction)>) {
    let mut by_key: HashMap<&str, Vec<(usize, &Report, usize)>> = HashMap::new();
    let mut left = MOST;
    for &(at, report) in reports {
        if date(report).is_none() {
            continue;
        }
        for (index, figure) in report.figures.iter().enumerate() {
            if left == 0 {
                return;
            }
            left -= 1;
            by_key.entry(&figure.key).or_default().push((at, report, index));
        }
    }
    let mut apart: Vec<(usize, &Report, usize, &Report, usize)> = Vec::new();
    for group in by_key.values() {
        let (Some(&(at, first, one)), true) = (group.first(), group.len() <= 6) else {
            continue;
        };
        let value = |report: &Report, index: usize| report.figures.get(index).map(|figure| figure.value);
        let rest = || {
            group.iter().skip(1).filter(|(other, report, _)| {
                *other != at && date(report) == date(first) && one_subject(first, report)
            })
        };
        // Three values under one name are three things.
        let mut values: Vec<_> = rest()
            .filter_map(|&(_, report, index)| value(report, index))
            .chain(value(first, one))
            .collect();
        values.sort_unstable();
        values.dedup();
        if let (2, Some(&(_, second, two))) = (
            values.len(),
            rest().find(|&&(_, report, index)| value(report, index) != value(first, one)),
        ) {
            apart.push((at, first, one, second, two));
        }
    }
    apart.sort_by_key(|(at, _, one, ..)| (*at, *one));
    for (at, first, one, second, two) in apart {
        let (Some(here), Some(there)) = (first.figures.get(one), second.figures.get(two)) else {
            continue;
        };
        let message = format!(
            "`{}` is {} here and {} in `{}`, line {}, of the same day",
            here.name, here.shown, there.shown, second.path, there.line
        );
        let other = Elsewhere {
            path: second.path.clone(),
            line: there.line,
        };
        found.push((
            at,
            contradiction(ContradictionKind::Figure, vec![here.line], message, other),
        ));
    }
}

fn declared(report: &Report, stage: Stage) -> impl Iterator<Item = &DeclaredVerdict> {
    report
        .declared_verdicts
        .iter()
        .filter(move |declared| !declared.historical && declared.stage == stage)
}

/// A report that says nothing but GO beside one that says NO-GO for the same stage, and no date says which is newer.
fn verdicts(reports: &[(usize, &Report)], found: &mut Vec<(usize, Contradiction)>) {
    for stage in Stage::ALL {
        let go = |report: &Report| {
            let mut all = declared(report, stage);
            all.next().is_some()
                && declared(report, stage).all(|declared| declared.verdict == DeclaredVerdictKind::Go)
        };
        let refusal =
            |report| declared(report, stage).find(|declared| declared.verdict == DeclaredVerdictKind::NoGo);
        let refusing: Vec<&Report> = reports
            .iter()
            .map(|(_, report)| *report)
            .filter(|report| refusal(report).is_some())
            .collect();
        for &(at, report) in reports {
            if refusing.is_empty() || !go(report) {
                continue;
            }
            let undecided = |other: &&&Report| match (date(report), date(other)) {
                (Some(a), Some(b)) => a == b,
                _ => true,
            };
            let other = refusing
                .iter()
                .filter(undecided)
                .find(|other| one_subject(report, other));
            let (Some(other), Some(said)) = (other, declared(report, stage).next()) else {
                continue;
            };
            let Some(refused) = refusal(other) else { continue };
            let message = format!(
                "says {} for {}; `{}`, line {}, says {}",
                said.text,
                stage.word(),
                other.path,
                refused.line,
                refused.text
            );
            let place = Elsewhere {
                path: other.path.clone(),
                line: refused.line,
            };
            found.push((
                at,
                contradiction(ContradictionKind::Verdict, vec![said.line], message, place),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RepoPath;
    use crate::report::{ReadAs, parse_report};

    /// The contradictions of a repository as `path kind line other:line`.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let read = |(path, text): &(&str, &str)| {
            let path = RepoPath::new(path).unwrap_or_else(|| panic!("{path}"));
            let counts = if path.as_str().contains("READY") {
                Some(true)
            } else {
                None
            };
            parse_report(
                path,
                text.as_bytes().into(),
                ReadAs {
                    counts,
                    truncated: None,
                },
            )
        };
        let reports: Vec<Report> = files.iter().map(read).collect();
        let borrowed: Vec<&Report> = reports.iter().collect();
        between(&borrowed)
            .iter()
            .map(|(at, found)| {
                let other = found
                    .other
                    .as_deref()
                    .map(|other| format!("{}:{}", other.path, other.line));
                format!(
                    "{} {} {:?} {}",
                    reports[*at].path,
                    found.kind.word(),
                    found.lines,
                    other.unwrap_or_default()
                )
            })
            .collect()
    }

    #[test]
    fn a_task_that_is_done_here_and_open_in_the_tracker_is_found_by_its_id_or_title() {
        let report = "# Release\n\n- [x] T041: Ledger export\n- [x] Mail gateway retries on failure\n- [x] T044: Price cache";
        let tracker = "# Tasks\n\n- [ ] T041: Ledger export to CSV\n- [ ] Mail gateway retries on failure\n- [x] T044: Price cache\n";
        assert_eq!(
            found(&[("READY.md", report), ("tasks.md", tracker)]),
            ["READY.md status [3, 4] tasks.md:3"]
        );
        let range = "| Area | Tasks | Status |\n|---|---|---|\n| Ledger | T041-T043 | ✅ Complete |\n| Mail | T050 | ✅ Complete |";
        assert_eq!(
            found(&[
                ("READY.md", range),
                ("TODO.md", "- [ ] T042: Sums of the ledger\n")
            ]),
            ["READY.md status [3] TODO.md:1"]
        );
    }

    #[test]
    fn trackers_that_speak_of_other_tasks_stay_silent() {
        let report = "# Release\n\n- [x] T041: Ledger export\n";
        for tracker in [
            "- [x] T041: Ledger export\n",
            "- [ ] T041: Web shop colours\n",
            "- [ ] T141: Ledger export of old years\n",
            "- [ ] T041: Ledger export\n- [ ] T041: Ledger import\n",
        ] {
            assert!(
                found(&[("READY.md", report), ("tasks.md", tracker)]).is_empty(),
                "{tracker}"
            );
        }
        let open = "- [ ] T041: Ledger export\n";
        assert!(found(&[("READY.md", report), ("archive/tasks.md", open)]).is_empty());
        assert!(found(&[("READY.md", report), ("notes/plan.md", open)]).is_empty());
        assert!(found(&[("READY.md", report), ("a/tasks.md", open), ("b/tasks.md", open)]).is_empty());
    }

    #[test]
    fn one_figure_of_one_day_has_one_value_in_all_reports() {
        let report = |date: &str, endpoints: u32| {
            format!(
                "# Readiness Report\n\n**Date**: {date}\n\n## Summary\n\n- **Open endpoints**: {endpoints}\n"
            )
        };
        let (a, b) = (report("2025-03-01", 41), report("2025-03-01", 38));
        assert_eq!(
            found(&[("READY.md", &a), ("docs/READY.md", &b)]),
            ["READY.md figure [7] docs/READY.md:7"]
        );
        let later = report("2025-04-01", 38);
        assert!(found(&[("READY.md", &a), ("docs/READY.md", &later)]).is_empty());
        let other = b.replace("# Readiness Report", "# Mobile Readiness Report");
        let first = a.replace("# Readiness Report", "# Ledger Readiness Report");
        assert!(found(&[("READY.md", &first), ("docs/READY.md", &other)]).is_empty());
    }

    #[test]
    fn go_in_one_report_stands_against_no_go_in_another() {
        let go = "# Readiness Report\n\n**Date**: 2025-03-01\n**Status**: ✅ **PRODUCTION READY**\n";
        let no = "# Release Status\n\n**Date**: 2025-03-01\n**Status**: ❌ **NOT PRODUCTION READY**\n";
        assert_eq!(
            found(&[("READY.md", go), ("docs/READY.md", no)]),
            ["READY.md verdict [4] docs/READY.md:4"]
        );
        let earlier = no.replace("2025-03", "2025-01");
        assert!(found(&[("READY.md", go), ("docs/READY.md", &earlier)]).is_empty());
        assert!(found(&[("READY.md", go), ("old/READY.md", no)]).is_empty());
    }
}
