//! The claims pane, and claims in their document.

use gonogo::app::PaneKind;
use gonogo::config::Settings;

use super::{hides, selected, shows};
use crate::stories::cockpit::Cockpit;
use crate::stories::judged::Repo;

fn claimed(size: (u16, u16)) -> Cockpit {
    Cockpit::new(Repo::claimed(), size)
}

#[test]
fn what_is_not_so_comes_first_with_said_and_shown_on_top() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut cockpit = claimed((width, height));
        cockpit.keys("9 j j j j");
        shows!(
            cockpit,
            "6 claims · 1 against · 3 in doubt · 1 unverifiable · 1 hold",
            "! says GO; shown NO-GO",
            "▾ contradicted  1",
            "! contradicted",
        );
        let screen = cockpit.screen();
        let places = ["▾ Said and shown", "▾ refuted", "▾ vacuous", "▾ contradicted"];
        let places = places.map(|group| screen.find(group));
        assert!(places.is_sorted() && places[0].is_some(), "{screen}");
    }
}

#[test]
fn the_detail_names_both_moments_the_proof_and_the_rule() {
    let mut cockpit = claimed((160, 45));
    cockpit.keys("9 j j j j");
    assert!(selected(&cockpit).contains("lock.rs"), "{}", cockpit.screen());
    shows!(
        cockpit,
        "verdict      ✗ refuted",
        "expected     it exists",
        "actual       it is not there",
        "when written ✗ refuted",
        "at HEAD",
        "git ls-tree",
        "rule         files (file)"
    );
}

#[test]
fn the_filter_knows_verdict_kind_and_file() {
    let mut cockpit = claimed((120, 40));
    for (filter, shown, hidden) in [
        ("verdict:refuted", "lock.rs", "guard.rs"),
        ("kind:git", "fixed in commit", "guard.rs"),
        ("file:ready verdict:holds", "guard.rs", "fixed in"),
        ("verdict:contradicted", "TOTAL says 9", "lock.rs"),
    ] {
        cockpit.keys("9 /").type_text(filter).keys("enter");
        let screen = cockpit.screen();
        let lists = screen
            .lines()
            .map(|row| row.split("||").next().unwrap_or_default());
        let list = lists.collect::<Vec<_>>().join("\n");
        assert!(list.contains(shown), "`{filter}` hides {shown}:\n{screen}");
        assert!(!list.contains(hidden), "`{filter}` shows {hidden}:\n{screen}");
        cockpit.keys("esc");
    }
}

#[test]
fn enter_leads_to_the_sentence_where_each_claimed_line_has_its_mark() {
    let mut cockpit = claimed((120, 40));
    cockpit.keys("9 j j j j enter");
    assert_eq!(cockpit.model.focus, PaneKind::Document);
    let place = cockpit.model.panes.document.place.as_ref();
    assert_eq!(place.map(|place| place.line), Some(5));
    shows!(cockpit, "5 ✗│", "6 ✓│", "7 ○│", "refuted: it is not in the tree");
    cockpit.keys("esc");
    assert_eq!(cockpit.model.focus, PaneKind::Claims);
}

#[test]
fn a_claim_among_the_reasons_leads_to_its_row() {
    let mut cockpit = claimed((120, 40));
    for _ in 0..30 {
        if selected(&cockpit).contains("“`src/lock.rs`") {
            break;
        }
        cockpit.keys("j");
    }
    cockpit.keys("enter");
    assert_eq!(cockpit.model.focus, PaneKind::Claims, "{}", cockpit.screen());
    assert!(selected(&cockpit).contains("lock.rs"), "{}", cockpit.screen());
}

#[test]
fn the_grouping_cycles_and_failing_hides_what_holds() {
    let mut cockpit = claimed((160, 45));
    cockpit.keys("9 b");
    shows!(cockpit, "by kind", "▾ file");
    cockpit.keys("b");
    shows!(cockpit, "by document", "▾ docs/READY.md");
    cockpit.keys("b f");
    shows!(cockpit, "ungrouped", "failing");
    hides!(cockpit, "✓ holds");
}

#[test]
fn the_pane_is_usable_on_small_screens_and_in_ascii() {
    let mut settings = Settings::default();
    settings.look.ascii = true;
    for size in [(40, 10), (60, 12), (99, 14)] {
        let mut cockpit = Cockpit::with(Repo::claimed(), size, settings.clone(), false);
        let screen = cockpit.keys("9 j j j j b S f f _ - G enter esc x").screen();
        assert!(screen.is_ascii(), "{screen}");
    }
}
