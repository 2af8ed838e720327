//! Items against themselves and against the section of their name: a box that its own words contradict, a component
//! that is READY in a table while the section of that name has open points.

use super::Desk;
use super::sense::{plainly_open, short};
use crate::model::{ContradictionKind, Item, MarkKind, Severity, Shape, Stage, Status};
use crate::report::wording::{is_one_of, same, tells_of_before, words};

pub(super) fn check(desk: &mut Desk<'_>) {
    boxes_and_words(desk);
    ready_rows(desk);
}

/// `- [ ] **COMPLETED**: …`: one contradiction for all of them.
fn boxes_and_words(desk: &mut Desk<'_>) {
    let torn: Vec<&Item> = desk
        .report
        .items
        .iter()
        .filter(|item| {
            item.declared == Status::Conflicted && item.marks.iter().any(|mark| mark.kind == MarkKind::Box)
        })
        .filter(|item| item.marks.iter().any(|mark| mark.kind == MarkKind::Word))
        .collect();
    let Some(first) = torn.first() else { return };
    let many = match torn.len() {
        1 => "the box of one item and its words".to_owned(),
        count => format!("the boxes of {count} items and their words"),
    };
    let message = format!(
        "{many} say different things; the first is `{}`",
        short(&first.title)
    );
    let lines = torn.iter().take(12).map(|item| item.line).collect();
    desk.say(ContradictionKind::Status, lines, message);
}

/// Words that a section may add to the name of a component.
#[rustfmt::skip]
const ADDED: &[&str] = &[
    "security", "hardening", "readiness", "checklist", "items", "tasks", "requirements", "controls", "setup", "work", "and", "the",
];

/// A row that is READY, and open items below the heading of the same name.
fn ready_rows(desk: &mut Desk<'_>) {
    let report = desk.report;
    let rows: Vec<&Item> = report
        .items
        .iter()
        .filter(|item| item.shape == Shape::Row && item.declared.says_done())
        .take(400)
        .collect();
    if rows.is_empty()
        || !report
            .items
            .iter()
            .any(|item| item.shape != Shape::Row && plainly_open(item))
    {
        return;
    }
    for row in rows {
        let title = short(&row.title);
        let count = words(title).count();
        if !(1..=3).contains(&count) || report.section_path(row.section).into_iter().any(tells_of_before) {
            continue;
        }
        let mut sections = (0_u32..).zip(&report.sections).filter(|(_, section)| {
            let mut list = words(&section.title).map(|(_, word)| word);
            let starts = words(title).all(|(_, word)| list.next().is_some_and(|other| same(word, other)));
            starts && list.all(|word| is_one_of(word, ADDED)) && section.line != row.line
        });
        let (Some((index, section)), None) = (sections.next(), sections.next()) else {
            continue;
        };
        if row.section == Some(index) {
            continue;
        }
        let open: Vec<&Item> = report
            .items
            .iter()
            .filter(|item| item.section == Some(index) && item.shape != Shape::Row && plainly_open(item))
            .filter(|item| {
                item.requirement.applies_to(Stage::Production)
                    && !matches!(item.severity, Severity::Low | Severity::Info)
            })
            .collect();
        let Some(first) = open.first() else { continue };
        let points = if open.len() == 1 {
            "point is".to_owned()
        } else {
            format!("{} points are", open.len())
        };
        let message = format!(
            "`{title}` is done here; {points} open below `{}`, the first in line {}: {}",
            section.title,
            first.line,
            short(&first.title)
        );
        let message = message.replace("; point is", "; 1 point is");
        let lines = std::iter::once(row.line)
            .chain(open.iter().take(12).map(|item| item.line))
            .collect();
        desk.say(ContradictionKind::Status, lines, message);
    }
}
