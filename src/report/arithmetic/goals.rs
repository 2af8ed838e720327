//! `✅` on what is still a goal: success criteria ticked while the work for them is open, and "next steps" of which
//! all are done.
//!
//! Not here: items that are open although the document says GO (`status`). A list of goals that carries other signs
//! as well keeps its progress honestly and is passed over, and so is one below a label of its own ("Expected:").

use super::Desk;
use super::sense::{leads_done, plain, shared, short, telling};
use crate::model::{ContradictionKind, Item, Status};
use crate::report::statements::Statements;
use crate::report::wording::{below_before, is_one_of, same, words};
use crate::text::markdown::BlockKind;

/// A list all of whose entries lead with a sign that says done.
struct Ticked {
    first: u32,
    entries: Vec<(u32, String)>,
}

pub(super) fn check(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    for list in ticked(lines).into_iter().take(200) {
        let Some(heading) = lines.heading_of(list.first) else {
            continue;
        };
        let title = lines.title(heading);
        if below_before(lines, list.first) || achieved(title) {
            continue;
        }
        if is_goals(title) {
            goals(desk, &list, title);
        } else if list.first == heading + 1
            && let Some(next) = next_steps(lines, heading)
        {
            steps(desk, &list, next);
        }
    }
}

fn ticked(lines: &Statements<'_>) -> Vec<Ticked> {
    let mut found: Vec<Ticked> = Vec::new();
    let mut current: Option<(u32, bool)> = None;
    for (at, block) in lines.outline.blocks.iter().enumerate() {
        let BlockKind::Item { depth: 0, list, .. } = block.kind else {
            continue;
        };
        let text = lines.slice(block.content);
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let signed = leads_done(text);
        match current {
            Some((own, whole)) if own == list => {
                if whole && signed {
                    if let Some(last) = found.last_mut() {
                        last.entries
                            .push((lines.line(block.content.start), plain(text).to_owned()));
                    }
                } else if whole {
                    found.pop();
                    current = Some((list, false));
                }
            }
            _ => {
                current = Some((list, signed));
                if signed {
                    let entries = vec![(lines.line(block.content.start), plain(text).to_owned())];
                    found.push(Ticked { first: at, entries });
                }
            }
        }
    }
    found.retain(|list| list.entries.len() >= 2);
    found
}

/// Headings that say that the goals below were reached.
fn achieved(title: &str) -> bool {
    words(title).any(|(_, word)| {
        is_one_of(
            word,
            &[
                "achieved",
                "met",
                "reached",
                "completed",
                "complete",
                "done",
                "results",
                "passed",
                "satisfied",
                "verified",
                "accomplished",
            ],
        )
    }) || super::sense::says_finished(title)
}

/// "Success Metrics", "Goals", "Acceptance Criteria".
fn is_goals(title: &str) -> bool {
    let list: Vec<&str> = words(title).map(|(_, word)| word).collect();
    list.len() <= 4
        && list.iter().any(|word| {
            is_one_of(
                word,
                &["metrics", "criteria", "goals", "targets", "objectives", "kpis"],
            )
        })
        && (list.len() == 1
            || list.iter().any(|word| {
                is_one_of(
                    word,
                    &["success", "acceptance", "goals", "targets", "objectives", "exit"],
                )
            }))
}

/// The heading "Next Steps" above a list.
fn next_steps(lines: &Statements<'_>, heading: u32) -> Option<u32> {
    std::iter::successors(Some(heading), |&at| lines.parent(at))
        .take(2)
        .find(|&at| {
            let list: Vec<&str> = words(lines.title(at)).map(|(_, word)| word).collect();
            list.len() <= 3
                && list.windows(2).any(|two| {
                    two[0].eq_ignore_ascii_case("next") && is_one_of(two[1], &["steps", "actions", "tasks"])
                })
        })
}

/// Words that a goal and the work for it do not share by meaning the same.
#[rustfmt::skip]
const VAGUE: &[&str] = &[
    "test", "tests", "coverage", "complete", "completed", "functional", "production", "system", "security", "ready", "issues", "working",
    "implement", "implementation", "resolve", "resolved", "feature", "features", "api", "pass", "passing", "deployment", "documentation",
];

fn object(text: &str) -> Vec<String> {
    let mut found = telling(text.split(['(', ',']).next().unwrap_or_default());
    found.retain(|word| {
        !VAGUE.iter().any(|vague| same(vague, word)) && !word.bytes().all(|b| b.is_ascii_digit())
    });
    found
}

/// Goals that are ticked while an item of the same name is open.
fn goals(desk: &mut Desk<'_>, list: &Ticked, title: &str) {
    let report = desk.report;
    let open = |item: &&Item| matches!(item.declared, Status::Open | Status::InProgress | Status::Blocked);
    let objects: Vec<(&Item, Vec<String>)> = report
        .items
        .iter()
        .filter(open)
        .take(500)
        .map(|item| (item, object(&item.title)))
        .collect();
    let mut lines = Vec::new();
    let mut others = Vec::new();
    let mut first: Option<(String, &Item)> = None;
    for (line, goal) in list.entries.iter().take(50) {
        let wanted = object(goal);
        let found = objects
            .iter()
            .find(|(item, name)| name.len() >= 2 && shared(&wanted, name) >= 2 && item.line != *line);
        if let Some((item, _)) = found {
            lines.push(*line);
            others.push(item.line);
            if first.is_none() {
                first = Some((goal.clone(), item));
            }
        }
    }
    let Some((goal, item)) = first else { return };
    let message = format!(
        "goals below `{}` are ticked although their work is open: `{}`, and line {}: `{}`",
        short(title),
        short(&goal),
        item.line,
        short(&item.title)
    );
    lines.extend(others);
    lines.dedup();
    desk.say(ContradictionKind::Status, lines, message);
}

/// Next steps that are all done.
fn steps(desk: &mut Desk<'_>, list: &Ticked, heading: u32) {
    let lines = desk.lines;
    let message = format!(
        "stands below `{}`, and all {} entries say that they are done; the first is `{}`",
        short(super::sense::plain(lines.title(heading))),
        list.entries.len(),
        short(list.entries.first().map_or("", |(_, text)| text.as_str()))
    );
    let own = list.entries.iter().map(|(line, _)| *line).take(12);
    let all = own
        .chain([lines.line(lines.outline.blocks[heading as usize].range.start)])
        .collect();
    desk.say(ContradictionKind::Status, all, message);
}
