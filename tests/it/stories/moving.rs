//! Going through the panes: drill-down, back, selection over refreshes.

use gonogo::app::{Effect, Model, Msg, PaneKind, update};
use gonogo::config::Settings;

use super::{hides, selected, shows, small};
use crate::stories::cockpit::Cockpit;
use crate::stories::judged::Repo;

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
        "reports say GO: that is not what is shown",
        "Reasons, worst first  3 NO-GO, 1 HOLD",
    );
    cockpit.keys("G");
    shows!(cockpit, "! GO          “GO FOR LAUNCH”", "docs/READY.md:3");
    shows!(cockpit, "says: GO for production; shown: NO-GO");
    cockpit.keys("k");
    shows!(cockpit, "Gate", "no coverage", "Why-", "it decides");
    cockpit.keys("g g j j enter");
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
fn tab_goes_round_and_numbers_jump() {
    let mut cockpit = small((80, 24));
    let mut seen = Vec::new();
    let panes = u8::try_from(PaneKind::ALL.len()).unwrap();
    for _ in 0..panes {
        seen.push(cockpit.model.focus.number());
        cockpit.keys("tab");
    }
    assert_eq!(seen, (1..=panes).collect::<Vec<_>>());
    assert_eq!(cockpit.model.focus, PaneKind::Verdict);
    cockpit.keys("shift-tab");
    assert_eq!(cockpit.model.focus.number(), panes);
    for &pane in PaneKind::ALL {
        cockpit.keys("1").keys(&pane.number().to_string());
        assert_eq!(cockpit.model.focus, pane);
    }
    cockpit.keys("1 4");
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
