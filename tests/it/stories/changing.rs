//! Changing a status: choose, diff, write, undo, and never under read-only.

use gonogo::app::msg::JobOutcome;
use gonogo::app::{Effect, Msg, PaneKind};
use gonogo::model::RepoPath;

use super::{hides, read_only, shows, small, with};
use crate::stories::cockpit::Cockpit;
use crate::stories::judged::Repo;

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
