//! Real reports that are shared beside the repository; skipped with a word where they are not.

use std::path::{Path, PathBuf};

use super::*;

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !path.exists() {
        println!("skipped: `{}` is not here", path.display());
    }
    path.exists().then_some(path)
}

fn seed(number: &str) -> Option<Report> {
    let folder = shared("seeds")?;
    let entry = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().starts_with(number))?;
    let source = SourceText::read(Arc::from(std::fs::read(entry.path()).ok()?));
    if source.text().contains("âœ…") || source.text().contains("‚úÖ") {
        println!("skipped: the mojibake of {number} is not repaired by this build");
        return None;
    }
    let report = parse_source(RepoPath::new("docs/report.md")?, &source, ReadAs::default());
    assert!(
        report.recognition.counts,
        "{number}: {:?}",
        report.recognition.why
    );
    Some(report)
}

fn count(report: &Report, test: impl Fn(&Item) -> bool) -> usize {
    report.items.iter().filter(|item| test(item)).count()
}

#[test]
fn the_completion_report_has_its_tasks_and_ids() {
    let Some(report) = seed("000") else { return };
    assert_eq!(count(&report, |item| item.shape == Shape::Task), 9);
    assert_eq!(
        count(&report, |item| item.shape == Shape::Task
            && item.declared == Status::Done),
        9
    );
    for id in [
        "T034", "T035", "T036", "T037", "T038", "T039", "T040", "T056", "T059", "T059a",
    ] {
        assert!(count(&report, |item| item.id.as_deref() == Some(id)) > 0, "{id}");
    }
    assert_eq!(
        count(&report, |item| item.title.to_lowercase().contains("total")),
        0
    );
}

#[test]
fn the_blocker_report_has_eight_rows_and_eight_headings() {
    let Some(report) = seed("001") else { return };
    let headings = |status| {
        count(&report, |item| {
            item.shape == Shape::Heading && item.declared == status
        })
    };
    assert_eq!((headings(Status::Done), headings(Status::Verified)), (3, 5));
    let rows = |severity| {
        count(&report, |item| {
            item.shape == Shape::Row && item.line < 30 && item.severity == severity
        })
    };
    assert_eq!((rows(Severity::Blocker), rows(Severity::High)), (5, 3));
    assert_eq!(count(&report, |item| item.declared == Status::Conflicted), 0);
}

#[test]
fn the_security_checklist_has_four_conflicts_and_sixteen_critical_tasks() {
    let Some(report) = seed("002") else { return };
    assert_eq!(count(&report, |item| item.shape == Shape::Task), 45);
    assert_eq!(
        count(&report, |item| item.shape == Shape::Task
            && item.declared.says_done()),
        0
    );
    assert_eq!(count(&report, |item| item.severity == Severity::Critical), 16);
    assert_eq!(count(&report, |item| item.shape == Shape::Row), 5);
    assert_eq!(count(&report, |item| item.declared == Status::Conflicted), 4);
}

#[test]
fn the_session_report_has_fifteen_planned_tasks_and_five_pending_checks() {
    let Some(report) = seed("003") else { return };
    let planned = |item: &Item| {
        let number = item
            .id
            .as_deref()
            .and_then(|id| id.strip_prefix('T'))
            .and_then(|n| n.parse::<u32>().ok());
        number.is_some_and(|n| (306..=320).contains(&n)) && item.requirement == Requirement::Future
    };
    assert_eq!(count(&report, planned), 15);
    let pending = |item: &Item| {
        (518..=522).contains(&item.line)
            && item.declared == Status::Open
            && item.requirement == Requirement::Required(Stage::Production)
    };
    assert_eq!(count(&report, pending), 5);
}

#[test]
fn the_remediation_report_has_its_tasks_and_findings() {
    let Some(report) = seed("004") else { return };
    assert_eq!(count(&report, |item| item.shape == Shape::Task), 13);
    assert_eq!(
        count(&report, |item| item.shape == Shape::Task
            && item.declared == Status::Done),
        2
    );
    for id in ["P0-1", "P0-2", "P0-3", "P0-4", "P1-5", "P1-6", "P1-7"] {
        assert!(
            count(&report, |item| item.id.as_deref() == Some(id)
                && item.declared == Status::Done)
                > 0,
            "{id}"
        );
    }
}

#[test]
fn task_counts_of_the_corpus_are_those_of_githubs_dialect() {
    let Some(corpus) = shared("corpus") else { return };
    let table = std::fs::read_to_string(corpus.join("EXPECT.tsv")).expect("the table");
    let (mut seen, mut failed) = (0, Vec::new());
    for row in table.lines().skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let [path, "checklist", ..] = fields.as_slice() else {
            continue;
        };
        let Some(accept) = fields
            .get(10)
            .and_then(|json| serde_json::from_str::<serde_json::Value>(json).ok())
        else {
            continue;
        };
        let bytes = std::fs::read(corpus.join(path)).expect("a document");
        let name = path.rsplit('/').next().unwrap_or_default().replace("__", "/");
        let report = parse_report(
            RepoPath::new(&name).expect("a path"),
            Arc::from(bytes),
            ReadAs::default(),
        );
        let tasks = |test: fn(Status) -> bool| {
            count(&report, |item| item.shape == Shape::Task && test(item.declared)) as u64
        };
        let undone = |status: Status| {
            matches!(
                status,
                Status::Open | Status::InProgress | Status::Blocked | Status::Deferred
            )
        };
        let max = |key: &str| accept[key][0]["max"].as_u64().unwrap_or(u64::MAX);
        let right = accept["items.task"][0]
            .as_u64()
            .is_none_or(|n| n == tasks(|_| true))
            && tasks(Status::says_done) <= max("items.done")
            && tasks(undone) <= max("items.undone")
            && report.items.len() as u64 >= accept["items.count"][0]["min"].as_u64().unwrap_or(0);
        seen += 1;
        if !right {
            failed.push(format!(
                "{path}: {} tasks, {} items",
                tasks(|_| true),
                report.items.len()
            ));
        }
    }
    println!(
        "{} of {seen} checklists of the corpus as expected",
        seen - failed.len()
    );
    assert!(seen > 0 && failed.is_empty(), "{failed:#?}");
}
