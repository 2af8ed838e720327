mod words;

use std::sync::Arc;

use super::*;
use crate::model::{
    Item, Mark, MarkKind, Marks, RepoPath, Requirement, Section, Severity, SeveritySource, Shape, Stage,
    Status, Uid,
};
use crate::report::{ReadAs, parse_source};
use crate::text::Span;
use crate::text::markdown::{BlockKind, Outline};

/// A report with its sections, and the task boxes as items.
pub(in crate::report) fn report_of(text: &str) -> Report {
    let source = SourceText::read(Arc::from(text.as_bytes()));
    read_source(&source)
}

fn read_source(source: &SourceText) -> Report {
    let outline = Outline::of(source.text());
    let Some(path) = RepoPath::new("docs/READY.md") else {
        panic!("a plain path")
    };
    let mut report = parse_source(path, source, ReadAs::default());
    report.sections.clear();
    report.items.clear();
    let mut requirement = Requirement::default();
    let mut section = None;
    for block in &outline.blocks {
        let content = source.text().get(block.content.range()).unwrap_or_default();
        match block.kind {
            BlockKind::Heading(level) => {
                let lower = content.to_lowercase();
                if level <= 3 {
                    requirement =
                        if lower.contains("next") || lower.contains("post") || lower.contains("optional") {
                            Requirement::Future
                        } else {
                            Requirement::Required(Stage::Production)
                        };
                }
                section = u32::try_from(report.sections.len()).ok();
                report.sections.push(Section {
                    title: content.into(),
                    level,
                    line: outline.lines.line(block.range.start as usize),
                    parent: None,
                    requirement,
                    severity: None,
                });
            }
            BlockKind::Item { .. } if content.starts_with('[') && content.get(2..3) == Some("]") => {
                let ticked = !content.starts_with("[ ]");
                let severity = ["P0", "P1", "CRITICAL"]
                    .into_iter()
                    .find(|word| content.contains(word));
                report.items.push(Item {
                    uid: Uid::default(),
                    id: None,
                    title: content.get(4..).unwrap_or_default().into(),
                    shape: Shape::Task,
                    line: outline.lines.line(block.range.start as usize),
                    span: Span::default(),
                    marks: Marks::from([Mark {
                        kind: MarkKind::Box,
                        vote: if ticked { Status::Done } else { Status::Open },
                        span: Span::default(),
                    }]),
                    declared: if ticked { Status::Done } else { Status::Open },
                    severity: severity.and_then(Severity::parse).unwrap_or_default(),
                    severity_source: severity.map(|word| {
                        Arc::new(SeveritySource {
                            written: word.into(),
                            line: 1,
                        })
                    }),
                    requirement,
                    section,
                    depth: 0,
                    extras: None,
                });
            }
            _ => {}
        }
    }
    fill(source, source.text(), &outline, &mut report);
    report
}

/// The contradictions of a document as `kind line,line`.
fn found(text: &str) -> Vec<String> {
    let report = report_of(text);
    let shown = |c: &Contradiction| {
        let lines: Vec<String> = c.lines.iter().map(u32::to_string).collect();
        format!("{} {}", c.kind.word(), lines.join(","))
    };
    report.contradictions.iter().map(shown).collect()
}

#[test]
fn true_contradictions_are_found_with_their_lines() {
    let table: &[(&str, &[&str])] = &[
        // Percentages.
        ("Done: 4/5 (90%) so far", &["percentage 1"]),
        ("We closed 15 of 60 (24% complete).", &["percentage 1"]),
        ("- Pass rate: 95% (36/40 suites)", &["percentage 1"]),
        // Total rows.
        (
            "| Area | Cases |\n|---|---|\n| Login | 3 |\n| Search | 4 |\n| **Total** | 8 |",
            &["total 5,3,4"],
        ),
        (
            "| Area | Ids | Done |\n|---|---|---|\n| A | X01-X03 | 3/3 (100%) |\n| B | X04-X05 | 2/2 (100%) |\n| TOTAL | | 4/4 (100%) |",
            &["total 5,3,4"],
        ),
        (
            "| Item | Cost |\n|---|---|\n| Audit | $12,000 |\n| Hosting | $3,500 |\n| Total | $16,500 |",
            &["total 5,3,4"],
        ),
        // Rows of their own figures, proven by the other rows.
        (
            "| Phase | Tasks | Completed | Remaining |\n|---|---|---|---|\n| A | 7 | 4 | 3 |\n| B | 9 | 9 | 0 |\n| C | 5 | 1 | 3 |",
            &["total 5"],
        ),
        (
            "| Team | Total | Done | Progress |\n|---|---|---|---|\n| A | 10 | 5 | 50% |\n| B | 8 | 2 | 25% |\n| C | 4 | 3 | 65% |",
            &["percentage 5"],
        ),
        // Ids against counts.
        (
            "| Area | Ids | Done |\n|---|---|---|\n| A | X01-X03 | 3/3 |\n| B | X04-X05 | 2/2 |\n| C | X06-X09 | 3/3 |",
            &["count 5"],
        ),
        // Prose beside a table.
        (
            "**Tasks done**: 9 of 20\n\n| Phase | Tasks | Completed |\n|---|---|---|\n| A | 7 | 4 |\n| B | 12 | 6 |",
            &["total 1,5,6"],
        ),
        // Scores.
        (
            "### After\n\n| Area | Score |\n|---|---|\n| A | 60/100 |\n| B | 50/100 |\n| OVERALL | 72/100 |",
            &["mean 7,5,6"],
        ),
        (
            "| Area | Score |\n|---|---|\n| A | 8/10 |\n| B | 6/10 |\n| Average | 7.8/10 |",
            &[],
        ),
        (
            "## Before work: 70/100\n\n| Area | Score |\n|---|---|\n| A | 60/100 |\n| B | 80/100 |\n| C | 70/100 |\n\n## Now: 90/100\n\n| Area | Score |\n|---|---|\n| A | 80/100 |\n| B | 95/100 |\n| C | 86/100 |",
            &["mean 9,13,14,15,1"],
        ),
        // Differences.
        (
            "Latency went from 80 ms to 60 ms.\n\nCoverage: 40% → 65% (+30%)",
            &["delta 3"],
        ),
        // Counts of lists.
        (
            "### Changed files (4)\n\n- `a.rs`\n- `b.rs`\n- `c.rs`",
            &["count 1,3,5"],
        ),
        (
            "We resolved all 3 open issues:\n\n1. Slow login\n2. Lost mail\n3. Bad dates\n4. Wrong totals",
            &["count 1,3,6"],
        ),
        (
            "Only 2 of 6 findings needed new work:\n\n- Port\n- Mail gate\n- Hypertables",
            &["count 1,3,5"],
        ),
        (
            "Both blockers are fixed:\n\n- Login\n- Mail\n- Search",
            &["count 1,3,5"],
        ),
        (
            "Files modified: 3\n\n### Modified Files\n\n1. `a.py`\n2. `b.py`\n3. `c.py`\n4. `d.py`",
            &["count 1,5,8"],
        ),
        ("- **Tasks**: 9 tasks (X101-X108)", &["count 1"]),
        (
            "## Gate (2/3)\n\n- [x] one\n- [ ] two\n- [ ] three",
            &["count 1,3"],
        ),
        // Sums.
        (
            "- Health (6h)\n- Api (4h)\n- Docs (2h)\n\n**Week 1 Total**: 13 hours",
            &["sum 5,1,2,3"],
        ),
        (
            "- **Audit**: $10,000-20,000\n- **Advisor**: $5,000\n- **Vault**: $300/month\n\n**Total Investment**: $16,000-25,000",
            &["sum 5,1,2"],
        ),
        (
            "## Plan\n\n**Estimated Effort**: 30 hours\n\n### Week 1\n\n- A (6h)\n- B (4h)\n\n**Week 1 Total**: 10 hours\n\n### Week 2\n\n- C (8h)\n- D (10h)\n\n**Week 2 Total**: 18 hours",
            &["sum 3,10,17"],
        ),
        ("Effort: 4 + 3 + 2 = 10 days of work", &["sum 1"]),
        ("48 tests (45 passed, 4 failed) ran", &["sum 1"]),
        // Figures.
        (
            "**Good (>80%)**:\n- core: 92.1%\n- api: 84.0%\n- cli: 79.5%",
            &["figure 4,1"],
        ),
        (
            "| Area | Score |\n|---|---|\n| A | B+ (82/100) |\n| B | B (86/100) |",
            &["figure 4,3"],
        ),
        (
            "- **Commits**: 12 total (2 in this sprint)\n\nLater.\n\n- This sprint: 3 commits",
            &["figure 1,5"],
        ),
        (
            "The score rose from C (60/100) to B (80/100).\n\n### Before fixes\n\n| Area | Score |\n|---|---|\n| A | 55/100 |\n| B | 65/100 |\n| OVERALL | 60/100 |\n\n### After fixes\n\n| Area | Score |\n|---|---|\n| A | 80/100 |\n| B | 86/100 |\n| OVERALL | 83/100 |",
            &["figure 1,17"],
        ),
        // Words.
        (
            "**Status:** READY FOR PRODUCTION (Conditional)\n\n## Verdict\n\n**APPROVED FOR PRODUCTION**",
            &["verdict 1,5"],
        ),
        (
            "## RELEASE BLOCKED UNTIL ALL ITEMS ARE DONE\n\n## Tier 1\n\n- [ ] one\n\nDo not deploy until Tier 1 is 100% complete.",
            &["gate 1,7"],
        ),
        (
            "**Status**: PRODUCTION READY\n\n## Checklist\n\n- [x] one\n- [ ] two",
            &["status 1,6"],
        ),
        (
            "All P0 issues are resolved.\n\n- [x] **P0**: one\n- [ ] **P0**: two",
            &["status 1,4"],
        ),
        (
            "ALL P0 and MOST P1 issues are resolved.\n\n- All P1 issues fixed",
            &["status 1,3"],
        ),
    ];
    let wrong: Vec<_> = table
        .iter()
        .map(|(text, expected)| (text, found(text), expected))
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn near_misses_stay_quiet() {
    let table = [
        // Roundings, approximations, other things' percentages.
        "Done: 2/3 (67%), 1/3 (33%), 2/3 (66%)",
        "About 15 of 62 (~25%)",
        "12/15 tests (80.5% coverage)",
        "Support 24/7 (99.9%)",
        "Released 10/22 (90% rollout)",
        "Tests failed: 39/48 (81% failure rate)",
        "5 requests/15 minutes (20% burst)",
        "9 of 10 done, 80% by Friday",
        // Tables that add, or are not sums.
        "| A | N |\n|---|---|\n| x | 3 |\n| y | 4 |\n| Total | 7 |",
        "| A | N |\n|---|---|\n| x | ~3 |\n| y | 4 |\n| Total | 9 |",
        "| A | N |\n|---|---|\n| x | 40+ |\n| y | 4 |\n| Total | 50 |",
        "| A | Coverage |\n|---|---|\n| x | 80% |\n| y | 60% |\n| Total | 72% |",
        "| Metric | Value |\n|---|---|\n| Files | 12 |\n| Lines | 900 |\n| Total | 40 |",
        "| A | p95 |\n|---|---|\n| x | 80 |\n| y | 60 |\n| Total | 75 |",
        "| A | N |\n|---|---|\n| x | 3 |\n| y | TBD |\n| Total | 9 |",
        "| A | Score |\n|---|---|\n| x | 90/100 |\n| y | 70/100 |\n| z | 80/100 |\n| Overall | 84/100 |",
        // A relation that no other row proves.
        "| Team | Total | Done | Remaining |\n|---|---|---|---|\n| A | 10 | 5 | 3 |\n| B | 8 | 2 | 1 |",
        // Counts that are of something else, open, bundled or approximate.
        "### Changed files (3)\n\n- `a.rs`\n- `b.rs`\n- `c.rs`",
        "### Changed files (4)\n\n- `a.rs`, `b.rs`\n- `c.rs`\n- `d.rs`",
        "### Changed files (9)\n\n- `src/*.rs`\n- `docs/x.md`\n- `docs/y.md`",
        "### Changed files (5)\n\n- `a.rs`\n- `b.rs`\n- `c.rs`\n- and 2 more",
        "### Week 1 (5 days)\n\n- a\n- b\n- c",
        "### Vulnerabilities (26)\n\n- 1 high\n- 17 moderate\n- 8 low",
        "### Release (2025)\n\n- a\n- b",
        "Tested on 3 devices, with the following results:\n\n- fast\n- stable",
        "For the 3 services above:\n\n- a\n- b",
        "It took 4 steps per task:\n\n- a\n- b\n- c",
        "About 5 issues remain:\n\n- a\n- b\n- c\n- d",
        "At least 2 fixes are needed:\n\n- a\n- b\n- c",
        "Added 45 tests:\n\n- unit\n- integration",
        "Week 1: Checks (X306-X310)",
        "Section 4 (X01-X03) covers it",
        "- **P0-1** and P0-2 are done (P0-1)",
        "**Files Modified:**\n- `a`\n- `b`\n\n## Totals\n\nFiles modified: 9",
        // Sums with a part missing, other units, or a total of several lists.
        "- A (6h)\n- B\n\n**Total**: 10 hours",
        "- A (6h)\n- B (1 day)\n\n**Total**: 10 hours",
        "- 2 minutes\n- 15 minutes\n- 20 minutes\n\n**Total time**: ~40 minutes",
        "### One\n\n- A (6h)\n- B (4h)\n\nTotal A: 10 hours\n\n- C (2h)\n- D (3h)\n\nGrand Total: 15 hours",
        "Ratio 4 + 3 × 2 = 10",
        "12 files (3 new, 2 odd) changed",
        "30 findings (2 critical, 5 high)",
        // Buckets and grades that fit.
        "**Good (>80%)**:\n- core: 92.1%\n- api: 84.0%\n- cli: 81.5%",
        "**Targets (>80%)**:\n- core: 32.1%\n- api: 24.0%\n- cli: 81.5%",
        "| Area | Score |\n|---|---|\n| A | B+ (88/100) |\n| B | B (83/100) |",
        // The past, the planned, and code.
        "### Before fixes\n\n**Status**: NOT PRODUCTION READY\n\n### After fixes\n\n**Status**: PRODUCTION READY",
        "**Status**: PRODUCTION READY\n\n## Next steps\n\n- [ ] later",
        "```\nTotal: 4/5 (90%)\n```",
        "All P0 security issues are resolved.\n\n- [ ] **P0**: health checks",
        "- Security: all P0 issues resolved\n\n- [ ] **P0**: health checks",
        "All P0 issues resolved in phase 2.\n\n- [ ] **P0**: health checks",
        "All P0 issues must be resolved.\n\n- [ ] **P0**: two",
        "**Status**: BETA READY | PRODUCTION READY AFTER PHASE 2",
    ];
    let wrong: Vec<_> = table
        .iter()
        .map(|text| (text, found(text)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_holds_and_what_nobody_can_tell_are_claims_too() {
    let verdicts = |text: &str| -> Vec<&'static str> {
        report_of(text)
            .claims
            .iter()
            .map(|claim| claim.verdict.word())
            .collect()
    };
    assert_eq!(verdicts("Done: 4/5 (80%)"), ["holds"]);
    assert_eq!(verdicts("Done: ~4/5 (82%)"), ["holds_loosely"]);
    assert_eq!(verdicts("Done: 4/5 (90%)"), ["refuted"]);
    assert_eq!(
        verdicts("**Total effort for all**: 5 hours\n\n**Total cost**: $500"),
        ["unverifiable"]
    );
}

#[test]
fn spans_of_claims_lie_inside_the_document_and_hold_the_words() {
    let text = "# Ünïcode ✅\n\nDone: 4/5 (90%) — naïve\n";
    let report = report_of(text);
    let claim = &report.claims[0];
    assert_eq!(text.get(claim.span.range()), Some("Done: 4/5 (90%) — naïve"));
    assert_eq!(claim.line, 3);
}

#[test]
fn odd_input_never_panics() {
    for text in [
        "",
        "|",
        "|-|\n|-|",
        "(",
        "1/",
        "1/2/3/4",
        "%",
        "$",
        "12.",
        "1,2,3",
        "–2–3–",
        "Total:",
        ": 5h",
        "**Total**: **",
        "(((5)))",
        "5 of ",
        "5 of 6 of 7",
        "é5é/6é",
        "T1-T",
        "T034-T9999999999",
        "99999999999999999999 (5%)",
        "0/0 (0%)",
        "A (0/0)",
        "| a | b |\n|---|---|\n| Total | 5 |\n| Total | 6 |",
        "#",
        "# (2)",
        "- [",
        "[x",
        "`",
        "5`",
        "GO",
        "no-",
        "→",
        "5 → 6 (",
    ] {
        let _ = report_of(text);
        let _ = report_of(&text.repeat(40));
    }
}

#[test]
fn the_founding_documents_contradict_themselves_where_people_found_it() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: the founding documents are not beside this checkout");
        return;
    };
    let expected: [(&str, &[(&str, u32)]); 5] = [
        (
            "000",
            &[
                ("status", 10),
                ("total", 21),
                ("gate", 119),
                ("status", 119),
                ("status", 127),
                ("status", 162),
                ("figure", 193),
                ("total", 282),
                ("id", 318),
                ("id", 319),
                ("id", 321),
                ("figure", 340),
            ],
        ),
        (
            "001",
            &[
                ("status", 5),
                ("verdict", 5),
                ("status", 25),
                ("status", 27),
                ("count", 31),
                ("status", 153),
                ("count", 376),
                ("mean", 396),
                ("figure", 393),
                ("count", 429),
                ("count", 480),
            ],
        ),
        (
            "002",
            &[
                ("gate", 3),
                ("status", 38),
                ("status", 131),
                ("figure", 140),
                ("sum", 146),
            ],
        ),
        (
            "003",
            &[
                ("figure", 13),
                ("figure", 14),
                ("figure", 152),
                ("count", 193),
                ("sum", 194),
                ("status", 224),
                ("status", 428),
            ],
        ),
        (
            "004",
            &[
                ("figure", 12),
                ("status", 12),
                ("severity", 118),
                ("status", 143),
                ("mean", 278),
                ("count", 311),
                ("verdict", 6),
                ("status", 390),
                ("status", 390),
                ("status", 413),
                ("status", 414),
                ("status", 415),
            ],
        ),
    ];
    let mut seen = 0;
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let Some((_, wanted)) = expected.iter().find(|(prefix, _)| name.starts_with(prefix)) else {
            continue;
        };
        let source = SourceText::read(std::fs::read(&path).unwrap_or_default().into());
        let Some(path) = RepoPath::new("docs/READY.md") else {
            panic!("a plain path")
        };
        let report = parse_source(path, &source, ReadAs::default());
        let got: Vec<(&str, u32)> = report
            .contradictions
            .iter()
            .map(|c| (c.kind.word(), c.lines[0]))
            .collect();
        let mut sorted = wanted.to_vec();
        sorted.sort_by_key(|(kind, line)| (*line, *kind));
        let mut have = got.clone();
        have.sort_by_key(|(kind, line)| (*line, *kind));
        assert_eq!(have, sorted, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 5);
}
