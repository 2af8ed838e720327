//! Stories of the cockpit: keys as text, and what a person then sees.

use std::sync::Arc;

use gonogo::app::msg::{JobOutcome, Progress};
use gonogo::app::{Effect, Model, Msg, PaneKind, update};
use gonogo::config::Settings;
use gonogo::model::{Policy, RepoPath, Verdict};
use gonogo::text::width::columns;

use crate::support::cockpit::Cockpit;
use crate::support::judged::{Repo, problem};

fn small(size: (u16, u16)) -> Cockpit {
    Cockpit::new(Repo::small(), size)
}

fn with(settings: Settings) -> Cockpit {
    Cockpit::with(Repo::small(), (80, 24), settings, false)
}

fn read_only() -> Settings {
    Settings {
        read_only: true,
        ..Settings::default()
    }
}

/// The row that the pointer stands on, in the list pane.
fn selected(cockpit: &Cockpit) -> String {
    let screen = cockpit.screen();
    let row = screen.lines().find(|row| row.starts_with("|›"));
    row.unwrap_or_default().to_owned()
}

macro_rules! shows {
    ($cockpit:expr, $($what:expr),+ $(,)?) => {{
        let screen = $cockpit.screen();
        $(assert!(screen.contains($what), "`{}` is not on screen:\n{screen}", $what);)+
    }};
}

macro_rules! hides {
    ($cockpit:expr, $($what:expr),+ $(,)?) => {{
        let screen = $cockpit.screen();
        $(assert!(!screen.contains($what), "`{}` is on screen:\n{screen}", $what);)+
    }};
}

#[test]
fn the_blockers_beside_or_above_their_document() {
    for (width, height) in [(40, 10), (80, 24), (120, 30)] {
        let mut cockpit = small((width, height));
        cockpit.keys("2 j");
        insta::assert_snapshot!(format!("blockers_{width}x{height}"), cockpit.screen());
    }
}

#[test]
fn the_reports_as_a_tree_with_progress() {
    insta::assert_snapshot!(small((80, 24)).keys("3").screen());
}

#[test]
fn a_person_drills_from_the_verdict_to_the_marker_that_voted_and_back() {
    let mut cockpit = small((80, 24));
    shows!(
        cockpit,
        "NO-GO  acme/shop main a1b2c3d",
        "NO-GO for production: 4 items stand in the way"
    );
    shows!(
        cockpit,
        "said  ! GO",
        "GO FOR LAUNCH",
        "shown ✗ NO-GO",
        "? missing     no coverage"
    );
    cockpit.keys("j j j j enter");
    assert_eq!(cockpit.model.focus, PaneKind::Blockers);
    assert!(selected(&cockpit).contains("T002"), "{}", selected(&cockpit));
    cockpit.keys("enter");
    assert_eq!(cockpit.model.focus, PaneKind::Document);
    shows!(
        cockpit,
        "[4 Document] docs/READY.md",
        "└ box says open · word COMPLETED says done → conflicted, gated as",
        "Verdict T002 › Blockers T002 › Document READY.md:7 T002",
    );
    cockpit.keys("esc");
    assert_eq!(cockpit.model.focus, PaneKind::Blockers);
    cockpit.keys("esc");
    assert_eq!(cockpit.model.focus, PaneKind::Verdict);
    cockpit.keys("esc esc esc");
    assert!(!cockpit.effects.contains(&Effect::Quit));
    shows!(cockpit, "back: this is the top");
    cockpit.keys("q");
    assert!(cockpit.effects.contains(&Effect::Quit));
}

#[test]
fn q_goes_back_before_it_leaves_and_ctrl_c_always_leaves() {
    let mut cockpit = small((80, 24));
    cockpit.keys("enter enter q q");
    assert!(!cockpit.effects.contains(&Effect::Quit));
    cockpit.keys("q");
    assert_eq!(cockpit.effects.last(), Some(&Effect::Quit));
    for before in ["", "?", ":", "s", "s enter", "/", "x", "!", "g"] {
        let mut cockpit = small((80, 24));
        cockpit.keys("2");
        if !before.is_empty() {
            cockpit.keys(before);
        }
        cockpit.keys("ctrl-c");
        assert_eq!(cockpit.effects.last(), Some(&Effect::Quit), "after `{before}`");
    }
}

#[test]
fn a_status_is_changed_from_the_keyboard_and_undone() {
    let mut cockpit = small((100, 30));
    cockpit.keys("2 s");
    shows!(
        cockpit,
        "Status of 1 item",
        "1 ○ open  as it is now",
        "› 5 ✓ done"
    );
    cockpit.keys("enter");
    shows!(
        cockpit,
        "Make this change?",
        "- - [ ] T001 Lock",
        "+ - [x] T001 Lock",
        "enter commits"
    );
    assert!(
        !cockpit
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Apply { .. }))
    );
    cockpit.keys("enter");
    shows!(
        cockpit,
        "committed f00d123 (u undoes): T001 open -> done",
        "? unproven    T001"
    );
    let text = cockpit.repo.documents[0].1.clone();
    assert!(text.contains("- [x] T001"));
    cockpit.keys("u");
    shows!(
        cockpit,
        "Undo this change?",
        "Undo: T001 open -> done",
        "- - [x] T001",
        "+ - [ ] T001"
    );
    cockpit.keys("enter");
    assert_eq!(cockpit.repo.documents, Repo::small().documents);
    shows!(cockpit, "committed f00d123: Undo: T001 open -> done");
    cockpit.keys("u");
    shows!(cockpit, "undo: nothing was changed in this session");
}

#[test]
fn esc_in_the_diff_writes_nothing() {
    for key in ["esc", "q", "n", "backspace"] {
        let mut cockpit = small((80, 24));
        cockpit.keys("2 s enter").keys(key);
        assert!(
            !cockpit
                .effects
                .iter()
                .any(|effect| matches!(effect, Effect::Apply { .. }))
        );
        assert_eq!(cockpit.model.overlay, None);
    }
}

#[test]
fn marks_survive_a_refresh_and_one_change_sets_them_all() {
    let mut cockpit = small((100, 30));
    cockpit.keys("2 space j space");
    shows!(cockpit, "2 marked", "›", "●");
    cockpit.repo.documents[0].1.insert_str(0, "A line above.\n\n");
    cockpit.judge();
    shows!(cockpit, "2 marked");
    cockpit.keys("s");
    shows!(cockpit, "Status of 2 items");
    cockpit.keys("5");
    shows!(cockpit, "Set 2 items to done");
    cockpit.keys("enter");
    let Some(Effect::Apply { plans, message }) = cockpit
        .effects
        .iter()
        .rfind(|effect| matches!(effect, Effect::Apply { .. }))
    else {
        panic!("nothing was applied");
    };
    assert_eq!(
        (plans.len(), plans[0].edits.len(), message.as_str()),
        (1, 2, "Set 2 items to done")
    );
    hides!(cockpit, "2 marked");
}

#[test]
fn an_enter_that_comes_before_the_diff_confirms_nothing() {
    let mut cockpit = small((80, 24));
    cockpit.answering = false;
    cockpit.keys("2 s enter enter enter");
    let asked = cockpit
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Plan { .. }))
        .count();
    assert_eq!(asked, 1);
    assert_eq!(cockpit.model.focus, PaneKind::Blockers);
    cockpit.keys("esc");
    shows!(cockpit, "the change was not made");
    cockpit.send(Msg::Planned {
        request: 1,
        plans: Vec::new(),
        refused: Vec::new(),
    });
    assert_eq!(cockpit.model.overlay, None);
}

#[test]
fn a_failing_hook_is_told_in_its_own_words() {
    let mut cockpit = small((80, 24));
    cockpit.send(Msg::Job(JobOutcome::Written {
        what: "T001 open -> done".to_owned(),
        why: "lint: line 3 is too long\nfix it first".to_owned(),
        inverse: Vec::new(),
    }));
    shows!(
        cockpit,
        "written, not committed: lint: line 3 is too long",
        "! shows all"
    );
    cockpit.keys("!");
    shows!(cockpit, "fix it first", "hint: T001 open -> done");
    cockpit.keys("esc");
    cockpit.send(Msg::Job(JobOutcome::Refused(
        "`docs/READY.md` is locked".to_owned(),
    )));
    shows!(cockpit, "`docs/READY.md` is locked");
}

#[test]
fn the_filter_is_live_and_esc_takes_it_away() {
    let mut cockpit = small((80, 24));
    cockpit.keys("2 /").type_text("status:conf");
    shows!(cockpit, "filter: status:conf", "T002");
    hides!(cockpit, "T001   Lock");
    cockpit.keys("enter");
    shows!(cockpit, "/status:conf");
    cockpit.keys("esc");
    shows!(cockpit, "T001   Lock");
    for (filter, rows) in [
        ("sev:blocker", 2),
        ("sev:p0", 2),
        ("!sev:blocker", 2),
        ("file:storage", 1),
        ("id:t00 !status:conflicted", 2),
        ("section:sign", 3),
        ("\"rotate the\"", 1),
        ("req:optional", 0),
        ("sev:blocker,high COOKIES", 1),
        ("nothing has this", 0),
        ("status:blocking", 4),
    ] {
        let mut cockpit = small((80, 24));
        cockpit.keys("2 /").type_text(filter);
        assert_eq!(cockpit.model.panes.blockers.rows.len(), rows, "`{filter}`");
    }
}

#[test]
fn a_filter_that_is_cancelled_gives_back_the_one_before() {
    let mut cockpit = small((80, 24));
    cockpit
        .keys("2 /")
        .type_text("T002")
        .keys("enter /")
        .type_text("zzz");
    shows!(cockpit, "Nothing matches");
    cockpit.keys("esc");
    assert_eq!(cockpit.model.panes.blockers.filter, "T002");
    assert!(selected(&cockpit).contains("T002"));
}

#[test]
fn a_filter_of_a_large_repository_is_matched_off_the_loop_and_a_stale_answer_is_dropped() {
    let mut cockpit = Cockpit::new(Repo::large(100, 60), (80, 24));
    cockpit.keys("2");
    cockpit.answering = false;
    cockpit.keys("/").type_text("R7-");
    let requests: Vec<u64> = cockpit
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Filter { request, .. } => Some(*request),
            _ => None,
        })
        .collect();
    assert_eq!(requests.len(), 3);
    shows!(cockpit, "filtering");
    let before = cockpit.model.panes.blockers.rows.len();
    cockpit.send(Msg::Filtered {
        request: requests[0],
        rows: vec![0],
    });
    assert_eq!(cockpit.model.panes.blockers.rows.len(), before);
    cockpit.send(Msg::Filtered {
        request: requests[2],
        rows: vec![0, 1, u32::MAX],
    });
    assert_eq!(cockpit.model.panes.blockers.rows.len(), 2);
}

#[test]
fn the_same_item_stays_selected_at_its_screen_row_after_a_refresh() {
    let mut cockpit = Cockpit::new(Repo::large(10, 60), (80, 24));
    cockpit.keys("2 G k k");
    let before = (selected(&cockpit), cockpit.model.panes.blockers.cursor);
    // The other documents lose items above it.
    cockpit.repo.documents[0].1.truncate(400);
    cockpit.judge();
    let after = cockpit.model.panes.blockers.cursor;
    assert_eq!(selected(&cockpit), before.0);
    assert!(after.at < before.1.at);
    assert_eq!(after.at - after.top, before.1.at - before.1.top);
    // The item itself goes: its neighbour takes its place.
    let Some(id) = before
        .0
        .split_whitespace()
        .find(|word| word.starts_with("R9-"))
        .map(str::to_owned)
    else {
        panic!("no id in {}", before.0);
    };
    let text = &mut cockpit.repo.documents[9].1;
    *text = text
        .lines()
        .filter(|line| !line.contains(&format!(" {id} ")))
        .collect::<Vec<_>>()
        .join("\n");
    cockpit.judge();
    assert_eq!(cockpit.model.panes.blockers.cursor.at, after.at);
}

#[test]
fn the_document_keeps_its_item_when_lines_are_added_above() {
    let mut cockpit = small((80, 24));
    cockpit.keys("2 j enter");
    shows!(cockpit, "› 7 !│ - [ ] T002");
    cockpit.repo.documents[0].1.insert_str(0, "One.\n\nTwo.\n\n");
    cockpit.judge();
    shows!(cockpit, "›11 !│ - [ ] T002", "word COMPLETED says done");
}

#[test]
fn searching_in_the_document_goes_from_match_to_match() {
    let mut cockpit = small((80, 24));
    cockpit.keys("3 enter /").type_text("the ");
    shows!(cockpit, "search: the", "› 6");
    cockpit.keys("enter n");
    shows!(cockpit, "› 7");
    cockpit.keys("n");
    shows!(cockpit, "›11");
    cockpit.keys("n");
    shows!(cockpit, "› 6");
    cockpit.keys("N");
    shows!(cockpit, "›11");
}

#[test]
fn under_read_only_no_key_in_any_pane_or_box_writes() {
    let before = [
        "",
        "s",
        "s enter",
        "s 5",
        "s enter enter",
        "u",
        "u enter",
        "space s enter enter",
        ": s e t enter enter",
    ];
    let all: Vec<String> = (' '..='~')
        .map(|c| {
            if c == ' ' {
                "space".to_owned()
            } else {
                c.to_string()
            }
        })
        .chain(('a'..='z').filter(|c| *c != 'c').map(|c| format!("ctrl-{c}")))
        .chain(
            [
                "enter",
                "esc",
                "tab",
                "shift-tab",
                "up",
                "down",
                "pageup",
                "delete",
                "f5",
            ]
            .map(str::to_owned),
        )
        .collect();
    for pane in ["1", "2", "3", "2 enter"] {
        for first in before {
            let mut cockpit = with(read_only());
            cockpit.keys(pane);
            if !first.is_empty() {
                cockpit.keys(first);
            }
            for key in &all {
                let mut again = with_model(&cockpit);
                again.keys(key).keys("enter enter");
                let wrote = again
                    .effects
                    .iter()
                    .any(|e| matches!(e, Effect::Plan { .. } | Effect::Apply { .. }));
                assert!(!wrote, "{pane} {first} {key}");
            }
        }
    }
    let mut cockpit = with(read_only());
    cockpit.keys("2 s");
    shows!(cockpit, "set-status: read-only: nothing is written");
    cockpit.keys("?").type_text("set the");
    shows!(cockpit, "not now: read-only");
}

fn with_model(cockpit: &Cockpit) -> Cockpit {
    Cockpit {
        model: cockpit.model.clone(),
        repo: cockpit.repo.clone(),
        effects: Vec::new(),
        answering: true,
    }
}

#[test]
fn the_first_line_names_verdict_branch_commit_and_read_only_at_every_size() {
    for width in 40..=200 {
        let mut cockpit = Cockpit::with(Repo::small(), (width, 10), read_only(), false);
        let screen = cockpit.screen();
        let first = screen.lines().next().unwrap_or_default();
        for part in ["NO-GO", "main", "a1b2c3d", "read-only"] {
            assert!(first.contains(part), "{width}: {first}");
        }
        assert!(columns(first) <= usize::from(width));
        let mut assessment = Repo::small().judge();
        assessment.verdict = Verdict::GoWithWaivers;
        assessment.repository.branch = Some("a-very-long-branch-name-of-somebody/with-a-topic".into());
        cockpit.send(Msg::Assessed(Arc::new(assessment)));
        let screen = cockpit.screen();
        let first = screen.lines().next().unwrap_or_default();
        for part in ["GO WITH WAIVERS", "a-v", "a1b2c3d", "read-only"] {
            assert!(first.contains(part), "{width}: {first}");
        }
        assert!(columns(first) <= usize::from(width), "{width}: {first}");
    }
    let cockpit = small((30, 4));
    shows!(cockpit, "NO-GO main a1b2c3d", "too small: 40x10 is needed");
}

#[test]
fn while_reading_a_go_is_not_shown() {
    let mut cockpit = Cockpit::new(Repo::small(), (80, 24));
    cockpit.send(Msg::Progress(Progress {
        read: 1203,
        found: 2000,
        complete: false,
    }));
    let mut assessment = Repo::small().judge();
    assessment.verdict = Verdict::Go;
    cockpit.send(Msg::Assessed(Arc::new(assessment)));
    let screen = cockpit.screen();
    let first = screen.lines().next().unwrap_or_default();
    assert!(first.starts_with("…  acme/shop"), "{first}");
    shows!(cockpit, "reading 1,203 of 2,000", "not known yet");
    cockpit.keys("g g");
    hides!(cockpit, "GO for production");
    cockpit.send(Msg::Progress(Progress {
        read: 2000,
        found: 2000,
        complete: true,
    }));
    shows!(cockpit, "GO  acme/shop", "✓ GO for production");
    let titles = cockpit
        .effects
        .iter()
        .filter(|effect| **effect == Effect::Title("GO - acme/shop".to_owned()));
    assert_eq!(titles.count(), 1);
}

#[test]
fn before_the_first_judgement_every_key_is_harmless() {
    let now = "2030-01-02T03:04:30Z".parse().unwrap();
    let mut model = Model::new(Settings::default(), (80, 24), now, false);
    for key in
        gonogo::app::Key::parse_sequence("j k enter esc 1 2 3 4 tab f x s u space e y n N - _ z G / a enter")
            .unwrap()
    {
        let effects = update(&mut model, Msg::Key(key));
        assert!(effects.is_empty(), "{key}: {effects:?}");
    }
}

#[test]
fn frozen_holds_the_screen_until_live() {
    let mut cockpit = small((80, 24));
    cockpit.keys("2 L");
    shows!(cockpit, "frozen");
    cockpit.repo.documents.remove(0);
    cockpit.judge();
    shows!(cockpit, "T001");
    cockpit.keys("L");
    hides!(cockpit, "T001", "frozen");
}

#[test]
fn the_age_counts_whole_minutes() {
    let mut cockpit = small((80, 24));
    shows!(cockpit, "  now");
    cockpit.send(Msg::Now("2030-01-02T03:11:00Z".parse().unwrap()));
    shows!(cockpit, "  6m");
}

#[test]
fn a_repository_without_reports_says_what_was_looked_at_and_how_to_begin() {
    let repo = Repo {
        others: vec!["README.md".to_owned(), "CHANGES.md".to_owned()],
        ..Repo::default()
    };
    let mut cockpit = Cockpit::new(repo, (80, 24));
    shows!(
        cockpit,
        "HOLD for production: there is nothing to judge",
        "No readiness report was found here.",
        "Looked at 120 files, of which 2 are Markdown.",
        "gonogo init",
    );
    cockpit.keys("3");
    shows!(cockpit, "2 documents do not count", "no item and no status word");
}

#[test]
fn a_newcomer_is_told_what_to_try_in_fifteen_lines() {
    let mut cockpit = Cockpit::with(Repo::small(), (80, 24), Settings::default(), true);
    insta::assert_snapshot!(cockpit.screen());
    cockpit.keys("enter");
    assert_eq!(cockpit.model.overlay, None);
    let mut cockpit = Cockpit::with(Repo::small(), (80, 24), Settings::default(), true);
    cockpit.keys("2");
    assert_eq!(
        (cockpit.model.overlay.is_none(), cockpit.model.focus),
        (true, PaneKind::Blockers)
    );
}

#[test]
fn the_palette_finds_commands_documents_and_items() {
    let mut cockpit = small((80, 24));
    cockpit.keys(":").type_text("s1");
    shows!(cockpit, "item      S1 Restore a backup");
    cockpit.keys("enter");
    assert!(selected(&cockpit).contains("S1"));
    cockpit.keys("ctrl-p").type_text("stomd").keys("enter");
    assert_eq!(cockpit.model.focus, PaneKind::Document);
    shows!(cockpit, "[4 Document] docs/STORAGE.md");
    cockpit.keys(":").type_text("zoom").keys("enter");
    assert!(cockpit.model.zoom);
    hides!(cockpit, "2 Blockers");
    // An item that does not block is found all the same.
    cockpit.keys(":").type_text("T004").keys("enter");
    assert!(selected(&cockpit).contains("T004"));
}

#[test]
fn help_tells_the_keys_of_the_place_and_why_some_do_not_work() {
    let mut cockpit = small((100, 40));
    cockpit.keys("1 ?");
    shows!(cockpit, "Help: Verdict", "Next row", "not now: only in reports");
    cockpit.type_text("undo");
    shows!(cockpit, "not now: nothing was changed");
    hides!(cockpit, "Next row");
    cockpit.keys("esc").type_text("sev");
    shows!(cockpit, "sev:", "or p0 to p3");
    cockpit.keys("esc esc");
    assert_eq!(cockpit.model.overlay, None);
}

#[test]
fn explaining_names_votes_severity_and_place() {
    let mut cockpit = small((100, 40));
    cockpit.keys("2 j x");
    shows!(
        cockpit,
        "! conflicted: its own markers disagree",
        "NO-GO: it blocks",
        "box says open · word COMPLETED says done",
        "blocker: `P0` in line 7",
        "required for production",
        "docs/READY.md:7",
        "Launch list › Sign-in",
    );
}

#[test]
fn problems_are_one_key_away() {
    let mut cockpit = Cockpit::new(
        Repo {
            problems: vec![problem("gonogo.toml:3:1", "`polcy` is no key")],
            ..Repo::small()
        },
        (80, 24),
    );
    cockpit.keys("!");
    shows!(
        cockpit,
        "1 problem of the reading",
        "gonogo.toml:3:1: `polcy` is no key",
        "hint: mend it"
    );
    cockpit.keys("! G");
    shows!(cockpit, "warning gonogo.toml:3:1");
}

#[test]
fn editor_copy_and_rescan_ask_the_world() {
    let mut cockpit = small((80, 24));
    cockpit.keys("2 j e");
    let path = RepoPath::new("docs/READY.md").unwrap();
    assert_eq!(cockpit.effects.last(), Some(&Effect::Edit { path, line: 7 }));
    cockpit.keys("y");
    let copied = "docs/READY.md:7 T002 Rotate the session key".to_owned();
    assert_eq!(cockpit.effects.last(), Some(&Effect::Copy(copied)));
    cockpit.keys("r");
    assert_eq!(cockpit.effects.last(), Some(&Effect::Rescan));
    cockpit.keys("ctrl-z");
    assert_eq!(cockpit.effects.last(), Some(&Effect::Suspend));
}

#[test]
fn pasted_text_is_text() {
    let mut cockpit = small((80, 24));
    cockpit.send(Msg::Paste("q\nq".to_owned()));
    assert!(!cockpit.effects.contains(&Effect::Quit));
    cockpit.keys("2 /");
    cockpit.send(Msg::Paste("T00\n2\u{1b}[31m".to_owned()));
    assert_eq!(cockpit.model.panes.blockers.filter, "T00 2 [31m");
    assert!(cockpit.model.prompt.is_some());
}

#[test]
fn only_ascii_reaches_an_ascii_screen() {
    let mut settings = Settings::default();
    settings.look.ascii = true;
    let mut cockpit = with(settings);
    for keys in [
        "1",
        "2 j enter",
        "x",
        "esc 3",
        "?",
        "esc s",
        "esc : s t",
        "esc 2 /",
        "a b c",
    ] {
        let screen = cockpit.keys(keys).screen();
        assert!(screen.is_ascii(), "after `{keys}`:\n{screen}");
    }
}

#[test]
fn hostile_text_never_reaches_the_screen() {
    let mut repo = Repo::small();
    repo.documents[0].1 =
        "# \u{1b}]0;pwned\u{7}\n- [ ] T1 a\u{202e}b\u{1b}[2J \u{26a0}\u{fe0f} c (P0)\n".to_owned();
    let mut cockpit = Cockpit::new(repo, (80, 24));
    for keys in ["2", "enter", "x", "esc s enter", "esc y", ": t 1", "esc 3"] {
        let screen = cockpit.keys(keys).screen();
        let bad = screen
            .chars()
            .find(|c| *c != '\n' && gonogo::text::clean::is_unsafe(*c));
        assert_eq!(bad, None, "after `{keys}`:\n{screen}");
    }
}

#[test]
fn tab_goes_round_and_numbers_jump() {
    let mut cockpit = small((80, 24));
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(cockpit.model.focus.number());
        cockpit.keys("tab");
    }
    assert_eq!(seen, [1, 2, 3, 4, 1]);
    cockpit.keys("shift-tab shift-tab");
    assert_eq!(cockpit.model.focus, PaneKind::Document);
    cockpit.keys("esc");
    assert_eq!(cockpit.model.focus, PaneKind::Verdict);
    cockpit.keys("2 G g g");
    assert_eq!(cockpit.model.panes.blockers.cursor.at, 0);
    cockpit.keys("f");
    assert_eq!(cockpit.model.panes.blockers.rows.len(), 6);
}

#[test]
fn folding_hides_sections_and_keeps_the_document_selected() {
    let mut cockpit = small((80, 24));
    cockpit.keys("3 j -");
    shows!(cockpit, "▸ docs/READY.md");
    hides!(cockpit, "Later on");
    assert!(selected(&cockpit).contains("READY.md"));
    cockpit.keys("_ _");
    shows!(cockpit, "▾ docs/READY.md");
    let many = Cockpit::new(Repo::large(30, 30), (80, 24)).keys("3").screen();
    assert!(!many.contains('▾'), "{many}");
}

#[test]
fn the_floor_of_the_policy_is_named_in_the_verdicts_explanation() {
    let policy = Policy::default();
    let mut cockpit = small((100, 40));
    cockpit.keys("g g x");
    shows!(
        cockpit,
        format!("items of severity {} or worse", policy.floor.word()).as_str()
    );
}

/// Run with `--ignored --nocapture` and an optimised build for the figures.
#[test]
#[ignore = "a measurement"]
fn figures_of_a_hundred_thousand_items() {
    use std::time::Instant;
    let mut cockpit = Cockpit::new(Repo::large(2_000, 50), (120, 40));
    let assessment = Arc::new(cockpit.repo.judge());
    for pane in ["1", "2", "3"] {
        let start = Instant::now();
        cockpit.keys(pane);
        println!("first {pane}: {:?}", start.elapsed());
        let mut times = Vec::new();
        for n in 0..2_000 {
            let key = if n % 50 == 49 { "ctrl-d" } else { "j" };
            let msg = Msg::Key(gonogo::app::Key::parse(key).unwrap());
            let start = Instant::now();
            let effects = update(&mut cockpit.model, msg);
            let screen = gonogo::app::view(&cockpit.model);
            times.push(start.elapsed());
            drop(screen);
            for effect in effects {
                if let Effect::ReadDocument(path) = effect {
                    let text = cockpit.repo.text(&path).ok_or_else(String::new);
                    update(&mut cockpit.model, Msg::Document(path, text));
                }
            }
        }
        times.sort();
        println!(
            "key to screen in {pane}: p50 {:?} p99 {:?} max {:?}",
            times[1000], times[1980], times[1999]
        );
        let start = Instant::now();
        update(&mut cockpit.model, Msg::Assessed(Arc::clone(&assessment)));
        println!("a new judgement in {pane}: {:?}", start.elapsed());
    }
    cockpit.answering = false;
    cockpit.keys("2 /");
    let start = Instant::now();
    cockpit.type_text("r");
    println!("a letter of the filter: {:?}", start.elapsed());
    for text in [
        "number 4",
        "sev:p0 status:open check",
        "file:r00012",
        "größe",
        "!check section:part",
    ] {
        let filter = gonogo::app::model::Filter {
            text: text.to_owned(),
        };
        let start = Instant::now();
        let rows = gonogo::app::filter::matches(&filter, &assessment);
        println!("filter `{text}`: {} rows in {:?}", rows.len(), start.elapsed());
    }
    cockpit.keys("esc :");
    let start = Instant::now();
    cockpit.type_text("r5");
    println!("two letters in the palette: {:?}", start.elapsed());
}
