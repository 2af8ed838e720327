//! The panes over evidence: coverage, scans, tests.

use std::sync::Arc;

use gonogo::app::{Effect, Msg, PaneKind};
use gonogo::config::Settings;

use super::{hides, selected, shows};
use crate::stories::cockpit::Cockpit;
use crate::stories::judged::Repo;

fn measured(size: (u16, u16)) -> Cockpit {
    Cockpit::new(Repo::measured(), size)
}

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

#[test]
fn coverage_is_a_tree_with_bars_its_gates_on_top_and_its_files_below() {
    for (width, height) in SIZES {
        let mut cockpit = measured((width, height));
        cockpit.keys("5 j j j j j");
        insta::assert_snapshot!(format!("coverage_{width}x{height}"), cockpit.screen());
    }
}

#[test]
fn findings_are_grouped_with_their_detail_and_the_code_around() {
    for (width, height) in SIZES {
        let mut cockpit = measured((width, height));
        cockpit.keys("6 j j j j j j");
        insta::assert_snapshot!(format!("scans_{width}x{height}"), cockpit.screen());
    }
}

#[test]
fn failures_come_first_with_message_and_stack() {
    for (width, height) in SIZES {
        let mut cockpit = measured((width, height));
        cockpit.keys("7 j j j j");
        insta::assert_snapshot!(format!("tests_{width}x{height}"), cockpit.screen());
    }
}

#[test]
fn colours_in_a_message_are_taken_out() {
    let mut cockpit = measured((160, 45));
    cockpit.keys("7 j j j j");
    shows!(cockpit, "assertion failed: left == right", "at lock.rs:2");
    hides!(cockpit, "[1;31m", "[0m");
    cockpit.keys("6 j j j j j j");
    shows!(cockpit, "`eval` of user input");
    hides!(cockpit, "[31m");
}

#[test]
fn one_key_cycles_the_grouping_and_the_title_names_it() {
    let mut cockpit = measured((160, 45));
    cockpit.keys("6");
    shows!(cockpit, "by severity", "critical  1");
    for (title, group) in [
        ("by tool", "audit + packcheck"),
        ("by rule", "no-eval"),
        ("by package", "lodash"),
        ("by file", "src/auth/lock.rs"),
        ("ungrouped", "CVE-2030-1111"),
        ("by severity", "critical  1"),
    ] {
        cockpit.keys("b");
        shows!(cockpit, title, group);
    }
    cockpit.keys("S");
    shows!(cockpit, "by place");
}

#[test]
fn a_waived_finding_stands_apart_with_its_end() {
    let mut cockpit = measured((160, 45));
    cockpit.keys("6");
    shows!(cockpit, "▸ Waived", "1 waived", "2 suppressed by the tools");
    hides!(cockpit, "weak-hash");
    cockpit.keys("_ _");
    shows!(cockpit, "▾ Waived", "weak-hash", "until 2030-03-01");
    cockpit.keys("f");
    hides!(cockpit, "weak-hash");
}

#[test]
fn a_finding_names_every_tool_its_fix_and_its_other_names() {
    let mut cockpit = measured((160, 45));
    cockpit.keys("6 j j j j");
    shows!(
        cockpit,
        "lodash@4.17.20 → 4.17.21",
        "GHSA-aaaa-bbbb-cccc",
        "https://advisories.example/1111",
        "packcheck as CVE-2030-1111",
        "audit as GHSA-aaaa-bbbb-cccc, high",
        "scans/packages.json: a1b2c3d is HEAD; fresh, 2h old",
    );
    cockpit.keys("y");
    let copied = Effect::Copy(
        "CVE-2030-1111 lodash@4.17.20 -> 4.17.21 GHSA-aaaa-bbbb-cccc https://advisories.example/1111"
            .to_owned(),
    );
    assert!(cockpit.effects.contains(&copied), "{:?}", cockpit.effects);
}

#[test]
fn stale_evidence_is_said_in_words() {
    let mut cockpit = measured((160, 45));
    cockpit.keys("6 G");
    shows!(
        cockpit,
        "0f1e2d3, 3 commits before HEAD",
        "stale, 9d old",
        "unreadable"
    );
    cockpit.keys("g g j j j j j j");
    shows!(cockpit, "stale, 9d old", "before HEAD, 2 source files");
}

#[test]
fn the_filter_knows_severity_tool_file_and_package() {
    let mut cockpit = measured((120, 40));
    cockpit.keys("6");
    for (filter, shown, hidden) in [
        ("sev:high", "no-eval", "CVE-2030-1111"),
        ("tool:audit", "CVE-2030-1111", "no-eval"),
        ("file:auth !md5", "no-eval", "weak-hash"),
        ("pkg:lodash", "CVE-2030-1111", "no-eval"),
        ("ghsa-aaaa", "CVE-2030-1111", "no-eval"),
        ("is:waived", "weak-hash", "no-eval"),
    ] {
        cockpit.keys("/").type_text(filter).keys("enter");
        let screen = cockpit.screen();
        let list: String = screen
            .lines()
            .map(|row| row.split("||").next().unwrap_or_default())
            .collect();
        assert!(list.contains(shown), "`{filter}` hides {shown}:\n{screen}");
        assert!(!list.contains(hidden), "`{filter}` shows {hidden}:\n{screen}");
        cockpit.keys("esc");
    }
    cockpit
        .keys("7 /")
        .type_text("status:failed suite:auth")
        .keys("enter");
    shows!(cockpit, "locks after ten tries", "1 of 5");
    hides!(cockpit, "adds up");
    cockpit.keys("? end");
    shows!(cockpit, "suite:", "failed broken flaky skipped passed");
}

#[test]
fn enter_shows_the_source_and_n_goes_to_the_next_uncovered_line() {
    let mut cockpit = measured((120, 40));
    cockpit.keys("5 /").type_text("lock").keys("enter");
    cockpit.keys("G");
    shows!(cockpit, "not covered  3-4");
    cockpit.keys("enter");
    assert_eq!(cockpit.model.focus, PaneKind::Document);
    shows!(cockpit, "3 ✗│", "2 ✓│", "5  │", "2 not covered");
    let line = |cockpit: &Cockpit| {
        cockpit
            .model
            .panes
            .document
            .place
            .as_ref()
            .map(|place| place.line)
    };
    cockpit.keys("g g n");
    assert_eq!(line(&cockpit), Some(3));
    cockpit.keys("n");
    assert_eq!(line(&cockpit), Some(3));
    cockpit.keys("G N");
    assert_eq!(line(&cockpit), Some(3));
    cockpit.keys("e");
    assert!(
        matches!(cockpit.effects.last(), Some(Effect::Edit { line: 3, .. })),
        "{:?}",
        cockpit.effects.last()
    );
}

#[test]
fn a_gate_of_the_verdict_leads_to_the_row_that_it_is_about() {
    for (gate, pane, row) in [
        ("1 critical and 1 high finding", PaneKind::Scans, "CVE-2030-1111"),
        ("2 of 120 tests failed", PaneKind::Tests, "locks after ten tries"),
        (
            "lines of `src/auth/**`",
            PaneKind::Coverage,
            "lines of `src/auth/**`",
        ),
    ] {
        let mut cockpit = measured((120, 60));
        for _ in 0..40 {
            if selected(&cockpit).contains(gate) {
                break;
            }
            cockpit.keys("j");
        }
        cockpit.keys("enter");
        assert_eq!(cockpit.model.focus, pane, "{gate}");
        assert!(selected(&cockpit).contains(row), "{gate}: {}", cockpit.screen());
        cockpit.keys("esc");
        assert_eq!(cockpit.model.focus, PaneKind::Verdict);
    }
}

#[test]
fn folding_a_group_keeps_it_selected_and_enter_unfolds_it() {
    let mut cockpit = measured((120, 40));
    cockpit.keys("6 j j j j -");
    assert!(selected(&cockpit).contains("▸ critical"), "{}", cockpit.screen());
    hides!(cockpit, "CVE-2030-1111 lodash");
    cockpit.keys("enter");
    assert!(selected(&cockpit).contains("▾ critical"));
}

#[test]
fn the_selection_is_found_again_when_findings_come_and_go() {
    let mut cockpit = measured((120, 40));
    cockpit.keys("6 j j j j j j");
    assert!(selected(&cockpit).contains("no-eval"), "{}", cockpit.screen());
    let mut gathered = (*cockpit.repo.gathered).clone();
    gathered.scans.findings.remove(0);
    cockpit.repo.gathered = Arc::new(gathered);
    cockpit.judge();
    assert!(selected(&cockpit).contains("no-eval"), "{}", cockpit.screen());
    cockpit.keys("b");
    assert!(selected(&cockpit).contains("no-eval"), "{}", cockpit.screen());
}

#[test]
fn without_evidence_a_pane_says_what_to_run() {
    let mut cockpit = Cockpit::new(Repo::small(), (80, 24));
    for (key, says) in [
        ("5", "cargo llvm-cov --lcov"),
        ("6", "Every scanner that writes SARIF"),
        ("7", "pytest --junitxml=junit.xml"),
    ] {
        cockpit.keys(key);
        shows!(cockpit, says);
    }
}

#[test]
fn many_findings_are_sorted_off_the_loop_and_a_stale_answer_is_dropped() {
    let mut cockpit = Cockpit::new(Repo::scanned(20_000), (120, 40));
    cockpit.keys("6");
    shows!(cockpit, "finding number");
    cockpit.answering = false;
    cockpit.keys("b b");
    let arranges: Vec<Effect> = cockpit
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Arrange { .. }))
        .cloned()
        .collect();
    assert_eq!(arranges.len(), 3, "the first, and one for each key");
    shows!(cockpit, "sorting", "by rule");
    cockpit.answer(arranges[1].clone());
    shows!(cockpit, "sorting");
    cockpit.answer(arranges[2].clone());
    hides!(cockpit, "sorting");
    shows!(cockpit, "rule-000");
    // The same evidence judged again asks for nothing.
    let before = cockpit.effects.len();
    cockpit.judge();
    let after = cockpit.effects.iter().skip(before);
    assert!(
        !after
            .clone()
            .any(|effect| matches!(effect, Effect::Arrange { .. }))
    );
    cockpit.send(Msg::Arranged {
        request: 9_999,
        table: Arc::default(),
    });
    shows!(cockpit, "rule-000");
}

#[test]
fn the_panes_are_plain_ascii_when_asked() {
    let mut settings = Settings::default();
    settings.look.ascii = true;
    for keys in [
        "5 j j j j j",
        "6 j j j j j j _ _",
        "7 j j j j",
        "5 G enter",
        "6 b b S",
    ] {
        let mut cockpit = Cockpit::with(Repo::measured(), (120, 40), settings.clone(), false);
        let screen = cockpit.keys(keys).screen();
        let strange: Vec<char> = screen.chars().filter(|c| !c.is_ascii()).collect();
        assert!(strange.is_empty(), "{keys}: {strange:?}\n{screen}");
    }
}

#[test]
fn every_pane_is_usable_on_small_screens() {
    for size in [(40, 10), (41, 11), (60, 12), (99, 14)] {
        for (key, word) in [("5", "Coverage"), ("6", "Scans"), ("7", "Tests")] {
            let mut cockpit = measured(size);
            cockpit.keys(key);
            assert!(cockpit.screen().contains("NO-GO"), "{size:?}");
            cockpit.keys("j j j j j enter esc z b S f f _ - G");
            if size.1 >= 12 {
                shows!(cockpit, word);
            }
        }
    }
}
