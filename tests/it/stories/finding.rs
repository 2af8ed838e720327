//! Finding: filters, search, palette, help, explanations.

use std::sync::Arc;

use gonogo::app::{Effect, Msg, PaneKind, update};
use gonogo::model::Policy;

use super::{hides, selected, shows, small};
use crate::stories::cockpit::Cockpit;
use crate::stories::judged::{Repo, problem};

#[test]
fn the_filter_is_live_and_esc_takes_it_away() {
    let mut cockpit = small((80, 24));
    cockpit.keys("2 /").type_text("status:conf");
    shows!(cockpit, "filter: status:conf", "T002");
    hides!(cockpit, "○ open        T001");
    cockpit.keys("enter");
    shows!(cockpit, "/status:conf");
    cockpit.keys("esc");
    shows!(cockpit, "○ open        T001");
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
fn reasons_and_reports_of_a_large_repository_are_filtered_off_the_loop_too() {
    for pane in ["1", "3"] {
        let mut cockpit = Cockpit::new(Repo::large(100, 60), (80, 24));
        cockpit.keys(pane);
        let rows = |cockpit: &Cockpit| {
            let panes = &cockpit.model.panes;
            (panes.verdict.rows.len(), panes.reports.rows.len())
        };
        let all = rows(&cockpit);
        cockpit.answering = false;
        cockpit.keys("/").type_text("R7-3");
        assert_eq!(rows(&cockpit), all, "nothing jumps while it is matched");
        let asked: Vec<Effect> = cockpit
            .effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Filter { .. }))
            .cloned()
            .collect();
        assert_eq!(asked.len(), 4, "pane {pane}");
        for effect in asked {
            cockpit.answer(effect);
        }
        assert_ne!(rows(&cockpit), all);
        if pane == "1" {
            shows!(cockpit, "match", "R7-3");
        } else {
            shows!(cockpit, "docs/r00007.md", "Part 2");
        }
        cockpit.answering = true;
        cockpit.keys("enter esc");
        assert_eq!(rows(&cockpit), all, "pane {pane}");
    }
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
    shows!(cockpit, "Help: Verdict", "Next row", "not now: not in this pane");
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
        update(&mut cockpit.model, Msg::Assessed(Arc::clone(&assessment)));
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
