//! Plans over documents whose tokens are pointed out by hand, so that nothing here depends on the reader.

use proptest::prelude::*;

use super::*;
use crate::model::{Extras, Item, Mark, MarkKind, Meta, Recognition, Report, Requirement, Severity, Shape};
use crate::text::SourceText;

/// A document in which `{b:open: }`, `{w:done:FIXED}`, `{e:done:✅}`, `{s:not_applicable:~~x~~}` are tokens and every
/// line that begins with `task|`, `row|`, `head|`, `step|` or `bull|` is an item.
fn document(marked: &str) -> (SourceText, Report) {
    let (mut bytes, mut items) = (Vec::new(), Vec::new());
    for (at, line) in marked.split_inclusive('\n').enumerate() {
        let shape = match line.split_once('|').map_or("", |(shape, _)| shape) {
            "task" => Some(Shape::Task),
            "row" => Some(Shape::Row),
            "head" => Some(Shape::Heading),
            "step" => Some(Shape::Step),
            "bull" => Some(Shape::Bullet),
            _ => None,
        };
        let mut rest = if shape.is_some() {
            line.split_once('|').unwrap().1
        } else {
            line
        };
        let start = bytes.len();
        let mut marks = Vec::new();
        while let Some((before, after)) = rest.split_once('{') {
            let (token, after) = after.split_once('}').unwrap();
            let mut parts = token.splitn(3, ':');
            let kind = match parts.next().unwrap() {
                "b" => MarkKind::Box,
                "w" => MarkKind::Word,
                "e" => MarkKind::Emoji,
                _ => MarkKind::Strike,
            };
            let vote = Status::parse(parts.next().unwrap()).unwrap();
            bytes.extend_from_slice(before.as_bytes());
            let from = bytes.len();
            bytes.extend_from_slice(parts.next().unwrap().as_bytes());
            marks.push(Mark {
                kind,
                vote,
                span: Span::of(from, bytes.len()),
            });
            rest = after;
        }
        bytes.extend_from_slice(rest.as_bytes());
        if let Some(shape) = shape {
            let end = bytes.len() - (rest.len() - rest.trim_end_matches(['\r', '\n']).len());
            let votes: Vec<Status> = marks.iter().map(|mark| mark.vote).collect();
            let declared = match votes.as_slice() {
                [] => Status::Unmarked,
                [first, others @ ..] if others.iter().all(|vote| vote == first) => *first,
                votes if votes.iter().all(|vote| vote.says_done()) => Status::Verified,
                _ => Status::Conflicted,
            };
            items.push(Item {
                uid: Uid::of(&[&at.to_string()], 0),
                id: None,
                title: format!("Thing {at}").into(),
                shape,
                line: u32::try_from(at + 1).unwrap(),
                span: Span::of(start, end),
                marks: marks.into(),
                declared,
                severity: Severity::Unspecified,
                severity_source: None,
                requirement: Requirement::default(),
                section: None,
                depth: 0,
                extras: None,
            });
        }
    }
    let source = SourceText::read(bytes.into());
    let report = Report {
        path: RepoPath::new("docs/READY.md").unwrap(),
        hash: source.hash(),
        encoding: source.encoding(),
        truncated: None,
        title: None,
        meta: Meta::default(),
        sections: Vec::new(),
        items,
        gates: Vec::new(),
        targets: Vec::new(),
        declared_verdicts: Vec::new(),
        claims: Vec::new(),
        contradictions: Vec::new(),
        figures: Vec::new(),
        problems: Vec::new(),
        recognition: Recognition::default(),
    };
    (source, report)
}

/// The item's line after each candidate plan.
fn candidates(marked: &str, item: usize, to: Status) -> Vec<String> {
    let (source, report) = document(marked);
    let item = &report.items[item];
    let plans = plan_candidates(&source, &report, item, to);
    let lines = plans.iter().map(|plan| {
        let new = String::from_utf8(apply(plan, source.bytes()).unwrap()).unwrap();
        new.split_inclusive('\n')
            .nth(item.line as usize - 1)
            .unwrap()
            .to_owned()
    });
    lines.collect()
}

fn first(marked: &str, item: usize, to: Status) -> String {
    candidates(marked, item, to).into_iter().next().unwrap()
}

#[test]
fn a_box_is_ticked_the_way_the_document_ticks() {
    assert_eq!(
        first("task|- [{b:open: }] a  \r\n", 0, Status::Done),
        "- [x] a  \r\n"
    );
    let upper = "task|- [{b:open: }] a\ntask|- [{b:done:X}] b\n";
    assert_eq!(first(upper, 0, Status::Done), "- [X] a\n");
    let odd = "task|- [{b:open: }] a\ntask|- [{b:done:✅}] b\n";
    assert_eq!(first(odd, 0, Status::Done), "- [✅] a\n");
    assert_eq!(first(odd, 1, Status::Open), "- [ ] b\n");
}

#[test]
fn a_bold_word_becomes_the_word_that_the_document_uses() {
    let text = "task|- [{b:open: }] **{w:open:PENDING}**: a\ntask|- [{b:open: }] **{w:done:Completed}**: b\n";
    assert_eq!(first(text, 0, Status::Done), "- [x] **COMPLETED**: a\n");
    assert_eq!(
        first("bull|- {w:open:todo} - a\n", 0, Status::Done),
        "- done - a\n"
    );
    assert_eq!(
        first("bull|- {w:open:Pending} - a\n", 0, Status::InProgress),
        "- In Progress - a\n"
    );
    let own = "bull|- {w:open:NOT IMPLEMENTED} a\nbull|- {w:done:Shipped} b\n";
    assert_eq!(first(own, 0, Status::Done), "- SHIPPED a\n");
    assert_eq!(candidates(own, 0, Status::Done)[1], "- IMPLEMENTED a\n");
}

#[test]
fn only_the_losing_tokens_of_a_conflict_change() {
    let text = "task|- [{b:open: }] **{w:done:COMPLETED}**: backups {e:done:✅}\n";
    assert_eq!(first(text, 0, Status::Done), "- [x] **COMPLETED**: backups ✅\n");
    assert_eq!(first(text, 0, Status::Open), "- [ ] **PENDING**: backups ⏳\n");
}

#[test]
fn word_and_emoji_of_a_cell_agree_afterwards() {
    let text = "row|| a | {e:done:✅} {w:done:Complete} |\nrow|| b | {e:open:⏳} {w:open:Pending} |\n";
    assert_eq!(first(text, 0, Status::Open), "| a | ⏳ Pending |\n");
    assert_eq!(first(text, 1, Status::Done), "| b | ✅ Complete |\n");
    assert_eq!(first(text, 0, Status::Blocked), "| a | Blocked |\n");
}

#[test]
fn a_status_that_a_box_cannot_say_gets_a_word_or_an_odd_box() {
    let text = "task|- [{b:open: }] a\n";
    let ways = candidates(text, 0, Status::InProgress);
    assert_eq!(ways[0], "- [ ] **IN PROGRESS**: a\n");
    assert!(ways.contains(&"- [~] a\n".to_owned()), "{ways:?}");
    assert!(ways.contains(&"- **IN PROGRESS**: a\n".to_owned()), "{ways:?}");
    let own = "task|- [{b:open: }] a\ntask|- [{b:in_progress:/}] b\n";
    assert_eq!(first(own, 0, Status::InProgress), "- [/] a\n");
}

#[test]
fn verified_keeps_the_tick_and_adds_the_word() {
    assert_eq!(
        first("head|### 2. Cache {e:done:✅}\n", 0, Status::Verified),
        "### 2. Cache ✅ VERIFIED\n"
    );
    assert_eq!(
        first("head|### 2. Cache {e:open:⏳}\n", 0, Status::Verified),
        "### 2. Cache ✅ VERIFIED\n"
    );
    assert_eq!(
        first("task|- [{b:done:x}] a\n", 0, Status::Verified),
        "- [x] **VERIFIED**: a\n"
    );
    assert_eq!(
        first("task|- [{b:open: }] a\n", 0, Status::Verified),
        "- [x] **VERIFIED**: a\n"
    );
    let back = "head|### 2. Cache {e:done:✅} {w:verified:VERIFIED}\n";
    assert_eq!(first(back, 0, Status::Done), "### 2. Cache ✅ COMPLETED\n");
}

#[test]
fn an_unmarked_item_gets_a_marker_like_its_neighbours() {
    let emoji = "head|## A ##  \nhead|## B {e:done:✅} {w:verified:VERIFIED}\nhead|## C {e:open:⏳}\n";
    assert_eq!(first(emoji, 0, Status::Verified), "## A ✅ VERIFIED ##  \n");
    assert_eq!(first(emoji, 0, Status::Done), "## A ✅ ##  \n");
    assert_eq!(
        first("bull|- {e:open:⏳} a\nbull|- T2: b\n", 1, Status::Done),
        "- ✅ T2: b\n"
    );
    assert_eq!(first("head|## P0-1: A\n", 0, Status::Done), "## P0-1: A - DONE\n");
    let lead = "bull|- **{w:open:Pending}**: a\nbull|- T2: b\n";
    assert_eq!(first(lead, 1, Status::Open), "- **Pending**: T2: b\n");
    assert_eq!(first(lead, 1, Status::Blocked), "- **Blocked**: T2: b\n");
    let round = "step|1. **Name** ({w:done:done})\nstep|2. **Other**\n";
    assert_eq!(first(round, 1, Status::Done), "2. **Other** (done)\n");
}

#[test]
fn an_empty_cell_is_filled_and_a_full_one_kept() {
    let table = "| Task | Status |\n|---|---|\nrow|| a |  |\nrow|| b | {w:done:Done} |\nrow|| c | Secure |\n";
    assert_eq!(first(table, 0, Status::Done), "| a | Done |\n");
    assert_eq!(first(table, 0, Status::Blocked), "| a | Blocked |\n");
    assert_eq!(first(table, 2, Status::Done), "| c | Done - Secure |\n");
}

#[test]
fn a_struck_item_is_opened_again() {
    let ways = candidates("bull|- {s:not_applicable:~~a b~~}\n", 0, Status::Open);
    assert!(ways.contains(&"- a b - PENDING\n".to_owned()), "{ways:?}");
}

#[test]
fn an_emoji_without_a_counterpart_gives_way_to_a_word() {
    let ways = candidates("bull|- {e:open:⏳} Health checks\n", 0, Status::Blocked);
    assert_eq!(ways[0], "- **BLOCKED**: Health checks\n");
    assert!(
        ways.contains(&"- ⏳ BLOCKED Health checks\n".to_owned()),
        "{ways:?}"
    );
    assert_eq!(
        first("head|### 4. Health {e:done:✅}\n", 0, Status::Blocked),
        "### 4. Health - BLOCKED\n"
    );
    let dashes = "A — b\nbull|- Types pass {e:done:✅}\n";
    assert_eq!(
        first(dashes, 0, Status::InProgress),
        "- Types pass — IN PROGRESS\n"
    );
}

#[test]
fn a_status_of_several_words_in_a_cell_is_replaced_as_one() {
    let text = "| T | Status |\n|---|---|\nrow|| a | {w:open:Needs} cleanup |\n";
    assert_eq!(first(text, 0, Status::Done), "| a | Completed |\n");
}

#[test]
fn what_is_already_so_is_refused() {
    let (source, report) = document("task|- [{b:done:x}] a\n");
    let item = &report.items[0];
    assert_eq!(
        plan_status(&source, &report, item, Status::Done),
        Err(CannotEdit::Already("done"))
    );
    assert!(plan_candidates(&source, &report, item, Status::Conflicted).is_empty());
}

#[test]
fn a_note_and_an_owner_stand_at_the_end_before_hard_break_blanks() {
    let (source, mut report) = document(
        "task|- [{b:open: }] a  \r\nhead|## B ##\n| T | Status |\n|---|---|\nrow|| c | {w:done:Done} |\n",
    );
    let write = |report: &Report, at: usize, note, owner| {
        let plan = plan_note(&source, report, &report.items[at], note, owner).unwrap();
        String::from_utf8(apply(&plan, source.bytes()).unwrap()).unwrap()
    };
    let text = write(&report, 0, Some("waits\nfor | ops"), Some("@ann"));
    assert!(
        text.starts_with("- [ ] a @ann (note: waits for / ops)  \r\n"),
        "{text}"
    );
    assert!(write(&report, 1, Some("x"), None).contains("## B (note: x) ##\n"));
    assert!(write(&report, 2, Some("x"), None).contains("| c (note: x) | Done |\n"));
    let (source, fresh) = document("task|- [{b:open: }] a @ann (note: old)\n");
    report = fresh;
    report.items[0].extras = Some(Box::new(Extras {
        owner: Some("@ann".into()),
        ..Extras::default()
    }));
    let plan = plan_note(&source, &report, &report.items[0], Some("new"), Some("bob")).unwrap();
    assert_eq!(
        apply(&plan, source.bytes()).unwrap(),
        b"- [ ] a @bob (note: new)\n"
    );
    assert!(plan_note(&source, &report, &report.items[0], Some("  "), None).is_err());
}

#[test]
fn plans_of_one_document_join_and_colliding_ones_do_not() {
    let (source, report) = document("task|- [{b:open: }] a\ntask|- [{b:open: }] b\n");
    let plan = |at: usize, to| plan_status(&source, &report, &report.items[at], to).unwrap();
    let both = merge(&[plan(1, Status::Done), plan(0, Status::Done)]).unwrap();
    assert_eq!(apply(&both, source.bytes()).unwrap(), b"- [x] a\n- [x] b\n");
    let note = plan_note(&source, &report, &report.items[0], Some("n"), None).unwrap();
    let noted = merge(&[plan(0, Status::Done), note]).unwrap();
    assert_eq!(
        apply(&noted, source.bytes()).unwrap(),
        b"- [x] a (note: n)\n- [ ] b\n"
    );
    let mut other = plan(0, Status::Done);
    other.edits[0].put = b"X".to_vec();
    assert!(matches!(
        merge(&[plan(0, Status::Done), other]),
        Err(CannotEdit::NoWay(_))
    ));
    assert!(merge(&[]).is_err());
}

#[test]
fn a_diff_shows_the_lines_with_their_neighbours() {
    let text = "1\n2\n3\ntask|- [{b:open: }] a\n5\n6\n7\n8\n9\n10\ntask|- [{b:open: }] b";
    let (source, report) = document(text);
    let plan = |at: usize| plan_status(&source, &report, &report.items[at], Status::Done).unwrap();
    let lines = diff(&merge(&[plan(0), plan(1)]).unwrap(), &source);
    let context = |n: u32| DiffLine::Context(n, n.to_string());
    assert_eq!(
        lines,
        vec![
            context(2),
            context(3),
            DiffLine::Removed(4, "- [ ] a".to_owned()),
            DiffLine::Added(4, "- [x] a".to_owned()),
            context(5),
            context(6),
            DiffLine::Gap,
            context(9),
            context(10),
            DiffLine::Removed(11, "- [ ] b".to_owned()),
            DiffLine::Added(11, "- [x] b".to_owned()),
        ]
    );
    let (other, _) = document("other");
    assert!(diff(&plan(0), &other).is_empty());
}

/// A piece of a line: plain bytes of any kind, or a token.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zé ✅|*#~.\\\\]{0,8}",
        Just("{b:open: }".to_owned()),
        Just("{b:done:x}".to_owned()),
        Just("{w:open:Pending}".to_owned()),
        Just("{w:verified:VERIFIED}".to_owned()),
        Just("{e:done:✅}".to_owned()),
        Just("{e:open:⚠️}".to_owned()),
        Just("{s:not_applicable:~~old~~}".to_owned()),
    ]
}

fn lines() -> impl Strategy<Value = String> {
    let shape = prop_oneof![
        Just("task|- ["),
        Just("row|| "),
        Just("head|## "),
        Just("step|1. "),
        Just("bull|- "),
        Just("")
    ];
    let ending = prop_oneof![Just("\n"), Just("\r\n"), Just("  \n"), Just("\r"), Just("\n\n")];
    let line = (shape, proptest::collection::vec(piece(), 0..5), ending)
        .prop_map(|(shape, pieces, ending)| format!("{shape}{}{ending}", pieces.concat()));
    proptest::collection::vec(line, 1..8).prop_map(|lines| lines.concat())
}

proptest! {
    #[test]
    fn an_edit_changes_its_tokens_and_nothing_else(marked in lines(), pick in 0_usize..8, to in 0_usize..7, junk in any::<u8>()) {
        let marked = marked.replace('\r', "\r\n").replace("\r\n\n", "\r\n");
        let (source, report) = document(&marked);
        let Some(item) = report.items.get(pick) else { return Ok(()) };
        let to = Status::SETTABLE[to];
        for plan in plan_candidates(&source, &report, item, to) {
            let old = source.bytes();
            let new = apply(&plan, old).unwrap();
            // Taking the put bytes out of the new and the expected ones out of the old leaves the same.
            let (mut rest_old, mut rest_new, mut from, mut shift) = (Vec::new(), Vec::new(), 0, 0_i64);
            for edit in &plan.edits {
                let at = edit.span.range();
                rest_old.extend_from_slice(&old[from..at.start]);
                let new_from = usize::try_from(i64::try_from(from).unwrap() + shift).unwrap();
                let new_at = usize::try_from(i64::try_from(at.start).unwrap() + shift).unwrap();
                rest_new.extend_from_slice(&new[new_from..new_at]);
                shift += i64::try_from(edit.put.len()).unwrap() - i64::try_from(edit.expect.len()).unwrap();
                prop_assert_eq!(&old[at.clone()], &*edit.expect);
                prop_assert!(item.span.start <= edit.span.start && edit.span.end <= item.span.end);
                from = at.end;
            }
            rest_old.extend_from_slice(&old[from..]);
            rest_new.extend_from_slice(&new[usize::try_from(i64::try_from(from).unwrap() + shift).unwrap()..]);
            prop_assert_eq!(rest_old, rest_new);
            prop_assert!(std::str::from_utf8(&new).is_ok());
            prop_assert_eq!(new.iter().filter(|&&b| b == b'\n').count(), old.iter().filter(|&&b| b == b'\n').count());

            let back = inverse(&plan, old).unwrap();
            prop_assert_eq!(&apply(&back, &new).unwrap()[..], &old[..]);
            prop_assert!(!diff(&plan, &source).is_empty());

            let mut other = old.to_vec();
            other.push(junk);
            prop_assert_eq!(apply(&plan, &other), Err(CannotEdit::Changed(plan.path.clone())));
            prop_assert!(inverse(&plan, &other).is_err());
        }
    }
}
