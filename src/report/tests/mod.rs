//! The reader on whole documents: every dialect, the invariants, hostile input, and the shared samples where present.

mod hostile;
mod samples;

use super::*;
use crate::model::{Item, MarkKind, Requirement, Severity, Shape, Stage, Status};

fn parse_as(path: &str, text: &str) -> Report {
    parse_report(
        RepoPath::new(path).expect("a path"),
        Arc::from(text.as_bytes()),
        ReadAs::default(),
    )
}

fn parse(text: &str) -> Report {
    parse_as("RELEASE_CHECKLIST.md", text)
}

/// One line per item: `line shape id title declared severity requirement`.
fn lines(report: &Report) -> Vec<String> {
    let line = |item: &Item| {
        format!(
            "{} {} {} `{}` {} {} {}",
            item.line,
            item.shape.word(),
            item.id.as_deref().unwrap_or("-"),
            item.title,
            item.declared.word(),
            item.severity.word(),
            item.requirement.word(),
        )
    };
    report.items.iter().map(line).collect()
}

#[track_caller]
fn reads(text: &str, expected: &[&str]) {
    assert_eq!(lines(&parse(text)), expected, "{text}");
}

#[test]
fn task_lines_of_every_kind_are_items() {
    reads(
        "# Launch\n\n- [ ] Rotate the **keys**\n* [x] See [logs](https://example.org)\n1. [X] Ordered\n   - [ ] Nested `cargo test`\n- [✅] Odd\n- [-] Half\n\n- [ ] Loose\n\n  with more text\n\n- [link](x) no box\n- [ ](x) no box\n- [text] no box\n",
        &[
            "3 task - `Rotate the keys` open unspecified required",
            "4 task - `See logs` done unspecified required",
            "5 task - `Ordered` done unspecified required",
            "6 task - `Nested cargo test` open unspecified required",
            "7 task - `Odd` done unspecified required",
            "8 task - `Half` in_progress unspecified required",
            "10 task - `Loose` open unspecified required",
        ],
    );
}

#[test]
fn words_and_signs_behind_a_box_vote_and_grades_do_not() {
    reads(
        "- [ ] **COMPLETED**: Drop the old columns ✅\n- [ ] **CRITICAL**: Rotate keys\n- [ ] **PENDING**: Add backups\n- [ ] **IN PROGRESS**: Move the queue\n- [x] Ship docs — VERIFIED\n- [ ] ~~Drop it~~\n- [ ] Test completed orders flow\n- [ ] Show a ✅ next to done orders\n- [ ] **NOT IMPLEMENTED**: Limits\n- [x] **P0**: T023 Lock the table (fixed in a1b2c3d)\n- [ ] [P1] Index `orders`\n- [x] Wait for audit (BLOCKED)\n",
        &[
            "1 task - `Drop the old columns` conflicted unspecified required",
            "2 task - `Rotate keys` open critical required",
            "3 task - `Add backups` open unspecified required",
            "4 task - `Move the queue` in_progress unspecified required",
            "5 task - `Ship docs` verified unspecified required",
            "6 task - `Drop it` not_applicable unspecified required",
            "7 task - `Test completed orders flow` open unspecified required",
            "8 task - `Show a ✅ next to done orders` open unspecified required",
            "9 task - `Limits` open unspecified required",
            "10 task T023 `Lock the table (fixed in a1b2c3d)` done blocker required",
            "11 task - `Index orders` open high required",
            "12 task - `Wait for audit` conflicted unspecified required",
        ],
    );
}

#[test]
fn rows_are_items_by_their_status_column() {
    reads(
        "| Priority | Issue | Status | Time |\n|---|---|---|---|\n| P0 | Keys in the image | ✅ FIXED | 2h |\n| P1 | T012 Slow query | NOT STARTED | |\n| P2 | Docs | | 1 day |\n| **TOTAL** | | ✅ Complete | 3h |\n",
        &[
            "3 row - `Keys in the image` done blocker required",
            "4 row T012 `Slow query` open high required",
            "5 row - `Docs` unmarked medium required",
        ],
    );
    // A matrix: the last status column is the row's verdict.
    let matrix = parse(
        "| Part | Security | Speed | Status |\n|-|-|-|-|\n| Login | 🔴 Gaps | ✅ Fast | **BLOCKED** |\n| Search | ✅ | ⚠️ | READY |\n",
    );
    assert_eq!(
        lines(&matrix),
        [
            "3 row - `Login` blocked unspecified required",
            "4 row - `Search` done unspecified required"
        ]
    );
    assert_eq!(matrix.items[0].marks.len(), 1);
    reads("| Area | Score | Grade |\n|-|-|-|\n| Login | 65/100 | D |\n", &[]);
    reads(
        "| Phase | Tasks | Remaining |\n|-|-|-|\n| Setup | 7 | 0 ✅ |\n| Core | 7 | 3 |\n",
        &[],
    );
    reads("| Status | Meaning |\n|-|-|\n| ✅ | done |\n| ❌ | open |\n", &[]);
    reads(
        "| Tarea | Estado |\n|-|-|\n| Copias | Pendiente |\n| 登录 | 已完成 |\n",
        &[
            "3 row - `Copias` open unspecified required",
            "4 row - `登录` done unspecified required",
        ],
    );
}

#[test]
fn ids_of_rows_are_taken_from_their_column_and_ranges_expanded() {
    let report = parse("| Area | Tasks | Status |\n|-|-|-|\n| Logs | T034-T037 | ✅ |\n");
    assert_eq!(
        lines(&report),
        ["3 row T034-T037 `Logs` done unspecified required"]
    );
    let ids = report.items[0].extras.as_ref().map(|extras| extras.ids.join(" "));
    assert_eq!(ids.as_deref(), Some("T034 T035 T036 T037"));
}

#[test]
fn headings_are_items_by_id_ordinal_or_a_marker_behind() {
    reads(
        "# Report ✅\n\n## ✅ Completed this week\n\n### 1. Lock the queue ✅ FIXED\n\n### 2. Plain section\n\n#### **P0-1: Split the tenants** ✅\n\n#### T034: Log model\n\n### ✅ 3. Default passwords (CRITICAL)\n\n### 4. Old cache - NOT DONE\n\n## 🔴 P0 BLOCKERS (ALL RESOLVED)\n\n### 5. Keys (T001-T002) ✅ **NEW**\n\n### Gate 1: Foundations complete\n\n## Backups ✅\n\n- nightly\n",
        &[
            "5 heading 1 `Lock the queue` done unspecified required",
            "9 heading P0-1 `Split the tenants` done blocker required",
            "11 heading T034 `Log model` unmarked unspecified required",
            "13 heading 3 `Default passwords` done critical required",
            "15 heading 4 `Old cache` open unspecified required",
            "19 heading T001-T002 `Keys` done blocker required",
            "23 heading - `Backups` done unspecified required",
        ],
    );
}

#[test]
fn bold_steps_are_items_where_something_is_to_be_done() {
    reads(
        "# Report\n\n## Actions before deployment\n\n1. **Run the pipeline**\n   ```bash\n   - [ ] not an item\n   ```\n2. **Rotate keys** (IMMEDIATE)\n3. plain\n\n## What was good\n\n1. **Caching:** solid\n\n## Deployment checklist\n\n**1. Set the variables**\n\n**2. Run the migration**\n",
        &[
            "5 step - `Run the pipeline` unmarked unspecified required",
            "9 step - `Rotate keys (IMMEDIATE)` unmarked unspecified required",
            "18 step 1 `Set the variables` unmarked unspecified required",
            "20 step 2 `Run the migration` unmarked unspecified required",
        ],
    );
}

#[test]
fn bullets_are_items_by_marker_or_id() {
    reads(
        "# Report\n\n- ⏳ Health checks\n- T306: Write the probe (6h)\n- Circuit breaker ✅\n- DONE: Move the disk\n- plain prose with completed work\n- **File**: `src/a.rs`\n- Fail-open on errors\n- ✅ Fail-open on errors\n- Status: ✅\n",
        &[
            "3 bullet - `Health checks` open unspecified required",
            "4 bullet T306 `Write the probe (6h)` unmarked unspecified required",
            "5 bullet - `Circuit breaker` done unspecified required",
            "6 bullet - `Move the disk` done unspecified required",
            "10 bullet - `Fail-open on errors` done unspecified required",
        ],
    );
}

#[test]
fn code_comments_and_front_pages_hold_no_items() {
    reads(
        "```\n- [ ] a\n```\n\n    - [ ] b\n\n<!--\n- [ ] c\n-->\n\n~~~md\n| A | Status |\n|-|-|\n| x | ✅ |\n",
        &[],
    );
}

#[test]
fn a_tick_below_metrics_or_a_plan_is_decoration() {
    reads(
        "# Report\n\n## Success metrics\n\n- ✅ All probes green\n\n## Next steps\n\n1. ✅ Approve the plan\n- 🔜 Search\n- [ ] Plan the sprint\n\n## Legend\n\n- ✅ done\n- ❌ open\n",
        &[
            "10 bullet - `Search` open unspecified future",
            "11 task - `Plan the sprint` open unspecified future",
        ],
    );
}

#[test]
fn headings_pass_requirement_and_severity_down_and_own_words_win() {
    reads(
        "# CRITICAL production checklist\n\n## TIER 1: Secrets (DEPLOYMENT BLOCKERS)\n\n### Vault\n\n- [ ] Move the keys\n- [ ] **LOW**: Rename them (optional)\n\n## TIER 2: Data\n\n- [ ] Back up\n\n## TIER 4: Rest\n\n- [ ] Polish\n\n## Deployment\n\n### Pre-Deployment\n\n- [ ] Migrate\n\n### Post-Deployment\n\n- [ ] Watch\n\n## Nice to have\n\n- [ ] Dark mode\n\n## Critical next actions\n\n- [ ] Later\n",
        &[
            "7 task - `Move the keys` open blocker required",
            "8 task - `Rename them (optional)` open low optional",
            "12 task - `Back up` open high required",
            "16 task - `Polish` open unspecified required",
            "22 task - `Migrate` open unspecified required",
            "26 task - `Watch` open unspecified post_deploy",
            "30 task - `Dark mode` open unspecified optional",
            "34 task - `Later` open unspecified future",
        ],
    );
    let report = parse("## TIER 1: Access\n\n- [ ] a\n- [ ] **P2**: b\n");
    let source = |at: usize| {
        report.items[at]
            .severity_source
            .as_ref()
            .map(|s| (s.written.to_string(), s.line))
    };
    assert_eq!(source(0), Some(("TIER 1".to_owned(), 1)));
    assert_eq!(source(1), Some(("P2".to_owned(), 4)));
}

#[test]
fn effort_owner_and_due_date_are_kept_as_written() {
    let report = parse(
        "- [ ] Rotate (6h) @ann due 2025-12-01\n\n| Task | Owner | Due | Status |\n|-|-|-|-|\n| Sign | Legal | Dec 1 | Open |\n",
    );
    let details = |at: usize| {
        report.items[at]
            .extras
            .as_ref()
            .map(|e| (e.effort.as_deref(), e.owner.as_deref(), e.due.as_deref()))
    };
    assert_eq!(details(0), Some((Some("6h"), Some("@ann"), Some("2025-12-01"))));
    assert_eq!(details(1), Some((None, Some("Legal"), Some("Dec 1"))));
}

#[test]
fn marks_are_exactly_their_tokens() {
    let text =
        "- [ ] **IN PROGRESS**: Move ⚠️\n- [x] ~~Drop~~\n\n| A | Status |\n|-|-|\n| b | ✅ **Not done** |\n";
    let report = parse(text);
    let tokens: Vec<(&str, MarkKind)> = report
        .items
        .iter()
        .flat_map(|item| item.marks.iter())
        .map(|mark| (&text[mark.span.range()], mark.kind))
        .collect();
    assert_eq!(
        tokens,
        [
            (" ", MarkKind::Box),
            ("IN PROGRESS", MarkKind::Word),
            ("⚠️", MarkKind::Emoji),
            ("x", MarkKind::Box),
            ("~~Drop~~", MarkKind::Strike),
            ("✅", MarkKind::Emoji),
            ("Not done", MarkKind::Word),
        ]
    );
}

#[test]
fn a_uid_survives_edits_elsewhere_and_status_edits_of_its_own_item() {
    let uid = |text: &str, title: &str| {
        parse(text)
            .items
            .iter()
            .find(|item| &*item.title == title)
            .map(|item| item.uid)
    };
    let first = uid("## A\n\n- [ ] Rotate keys\n", "Rotate keys");
    assert!(first.is_some());
    for text in [
        "## A\n\n- [x] Rotate keys\n",
        "intro\n\n## Other section\n\n- [ ] New\n- [ ] **IN PROGRESS**: Rotate keys\n",
        "- [ ] Rotate keys ✅\n",
        "- [ ] **BLOCKED** Rotate keys\n",
        "- [ ] Rotate `keys` — DONE\n",
        "- [ ] ~~Rotate keys~~\n",
    ] {
        assert_eq!(uid(text, "Rotate keys"), first, "{text}");
    }
    let twice = parse("- [ ] Same\n- [ ] Same\n");
    assert_ne!(twice.items[0].uid, twice.items[1].uid);
    // A heading inserted above renumbers the ordinals, not the identities.
    let numbered = uid("### 1. Keys ✅\n", "Keys");
    assert_eq!(uid("### 1. New ✅\n\n### 2. Keys ❌\n", "Keys"), numbered);
}

#[test]
fn documents_are_recognised_by_name_and_content_with_reasons() {
    let boxes = "# Things\n\n- [ ] one\n- [ ] two\n- [x] three\n- [ ] four\n";
    for (path, text, counts) in [
        ("docs/LAUNCH_CHECKLIST.md", boxes, true),
        ("GO_NO_GO.md", boxes, true),
        (
            "docs/notes.md",
            "# Production readiness\n\n- [ ] **P0**: Keys\n- [x] Logs\n- [ ] Probes\n- [ ] Docs\n",
            true,
        ),
        (
            "README.md",
            "# My tool\n\n## Roadmap\n\n- [ ] Themes\n- [x] Search\n- [ ] Sync\n- [ ] Export\n",
            false,
        ),
        (
            "README.md",
            "# My tool\n\n## Features\n\n- ✅ Fast\n- ✅ Small\n",
            false,
        ),
        (".github/ISSUE_TEMPLATE/release-checklist.md", boxes, false),
        (".github/pull_request_template.md", boxes, false),
        ("docs/checklist-template.md", boxes, false),
        ("CHANGELOG.md", boxes, false),
        ("testdata/RELEASE_CHECKLIST.md", boxes, false),
        ("node_modules/x/LAUNCH_CHECKLIST.md", boxes, false),
        (
            "docs/tutorial.md",
            "# Tutorial\n\n- [ ] Install\n- [ ] Run\n- [ ] Look\n- [ ] Stop\n",
            false,
        ),
        ("docs/adr/0001-use-git.md", "# Use git\n\nWe use git.\n", false),
        (
            "docs/api.md",
            "# API\n\n| Method | Status |\n|-|-|\n| GET | 200 |\n",
            false,
        ),
    ] {
        let report = parse_as(path, text);
        assert_eq!(
            report.recognition.counts, counts,
            "{path}: {:?}",
            report.recognition.why
        );
        assert!(!report.recognition.why.is_empty(), "{path}");
    }
    let path = RepoPath::new("docs/api.md").expect("a path");
    let forced = parse_report(
        path,
        Arc::from(&b"prose"[..]),
        ReadAs {
            counts: Some(true),
            truncated: None,
        },
    );
    assert!(forced.recognition.counts && forced.recognition.why[0].contains("configuration"));
    let path = RepoPath::new("LAUNCH_CHECKLIST.md").expect("a path");
    let left_out = parse_report(
        path,
        Arc::from(boxes.as_bytes()),
        ReadAs {
            counts: Some(false),
            truncated: None,
        },
    );
    assert!(!left_out.recognition.counts);
}

#[test]
fn a_quoted_heading_does_not_adopt_what_stands_behind_the_quote() {
    let report = parse("## Keys\n\n> ## Next steps\n>\n> later\n\n- [ ] Rotate\n");
    assert_eq!(report.section_path(report.items[0].section), ["Keys"]);
    assert_eq!(
        report.items[0].requirement,
        Requirement::Required(Stage::Production)
    );
}
