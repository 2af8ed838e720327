//! What the screen looks like: the first line, glyphs, sizes, the first minutes.

use std::sync::Arc;

use gonogo::app::msg::Progress;
use gonogo::app::{Effect, Msg, PaneKind};
use gonogo::config::Settings;
use gonogo::model::Verdict;
use gonogo::text::width::columns;

use super::{hides, read_only, shows, small, with};
use crate::stories::cockpit::Cockpit;
use crate::stories::judged::Repo;

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
    hides!(cockpit, "GO for production", "✓ GO");
    shows!(cockpit, "shown ? not yet", "said  ! GO");
    cockpit.keys("x");
    shows!(cockpit, "not known yet for production", "Reading goes on");
    hides!(cockpit, "GO for production");
    cockpit.keys("esc");
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
