//! What is said to work, or to be done, against what is still to be tested or set up: "Token revocation
//! functional" beside an unticked "Test token revocation", "Codecov" as a finished part beside "Enable Codecov",
//! a finished part that calls itself a placeholder, "No changes needed" over a list of changes.

use super::Desk;
use super::sense::{declares_go, finished_above, leads_done, plain, shared, short, telling, within};
use crate::model::{ContradictionKind, Item, Shape, Stage, Status};
use crate::report::wording::{bare, below_any, below_before, is_one_of, label, same, words};
use crate::text::markdown::BlockKind;

/// More candidates than any person writes are not looked at.
const MOST: usize = 2000;

pub(super) fn check(desk: &mut Desk<'_>) {
    untested(desk);
    not_set_up(desk);
    placeholders(desk);
    no_changes(desk);
}

const TESTS: &[&str] = &["test", "verify", "check", "validate", "confirm"];

/// Said of something that somebody tried.
const TRIED: &[&str] = &["tested", "verified", "validated"];
/// Said of something that works.
#[rustfmt::skip]
const WORKS: &[&str] = &[
    "functional", "enabled", "enforced", "working", "works", "operational", "tested", "verified", "validated",
];

/// Words that many things share: alone they bind nothing.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "data", "user", "system", "service", "application", "app", "feature", "production", "environment", "flow", "complete", "full",
    "correct", "proper", "properly", "correctly", "work", "test", "check", "verify", "all", "everything", "api", "end", "setup",
    "configuration", "strong", "status", "implementation", "functionality", "page", "process",
];

fn uncommon(text: &str) -> Vec<String> {
    let mut found = telling(text);
    found.retain(|word| {
        !COMMON.iter().any(|common| same(common, word)) && !WORKS.iter().any(|works| same(works, word))
    });
    found
}

/// "X functional" against an unticked "Test X".
fn untested(desk: &mut Desk<'_>) {
    let report = desk.report;
    let tests: Vec<(&Item, Vec<String>, Vec<String>)> = report
        .items
        .iter()
        .filter(|item| item.shape == Shape::Task && item.declared == Status::Open && applies(item))
        .filter(|item| {
            words(&item.title)
                .next()
                .is_some_and(|(_, first)| is_one_of(first, TESTS))
        })
        .map(|item| {
            let object = item.title.split('(').next().unwrap_or_default();
            (item, uncommon(object), telling(object))
        })
        .filter(|(_, object, _)| !object.is_empty())
        .take(200)
        .collect();
    if tests.is_empty() {
        return;
    }
    let go = declares_go(desk);
    let lines = desk.lines;
    let mut told: Vec<u32> = Vec::new();
    for (at, block) in lines.outline.blocks.iter().enumerate() {
        if !matches!(block.kind, BlockKind::Item { .. } | BlockKind::Paragraph) || block.quoted {
            continue;
        }
        let text = lines.slice(block.content);
        if text.starts_with("[ ]") || text.len() > 120 || text.contains(['?', ':']) {
            continue;
        }
        let shown = bare(plain(text));
        let Some((subject, word)) = works(shown) else {
            continue;
        };
        let signed = leads_done(text) || text.contains('🟢');
        if !(signed || go || is_one_of(word, TRIED)) {
            continue;
        }
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        if below_before(lines, at) || below_any(lines, at, AHEAD) {
            continue;
        }
        let object = uncommon(subject);
        let whole = telling(subject);
        let Some((test, ..)) = tests.iter().find(|(_, test, told)| match object.len() {
            0 => false,
            1 => test.first() == object.first() || whole.len() >= 2 && within(&whole, told),
            _ => within(&object, test),
        }) else {
            continue;
        };
        if told.contains(&test.line) {
            continue;
        }
        told.push(test.line);
        let message = format!(
            "says `{}`; line {} still has to do `{}`",
            short(shown),
            test.line,
            short(&test.title)
        );
        desk.say(
            ContradictionKind::Status,
            vec![lines.line(block.content.start), test.line],
            message,
        );
    }
}

/// Headings below which a line says what is wanted.
#[rustfmt::skip]
const AHEAD: &[&str] = &[
    "next", "plan", "goals", "goal", "criteria", "target", "targets", "roadmap", "future", "recommendations", "requirements", "planned",
];

fn applies(item: &Item) -> bool {
    Stage::ALL.iter().any(|stage| item.requirement.applies_to(*stage))
        || item.requirement == crate::model::Requirement::PostDeploy
}

/// `Token revocation functional`, `Encryption is enabled`: the subject and the word, when the line says just that.
fn works(text: &str) -> Option<(&str, &str)> {
    let list: Vec<(usize, &str)> = words(text).collect();
    if !(2..=8).contains(&list.len()) {
        return None;
    }
    let found = list.iter().position(|(_, word)| is_one_of(word, WORKS))?;
    let (at, word) = list[found];
    let tail = &list[found + 1..];
    let whole = tail
        .iter()
        .all(|(_, word)| is_one_of(word, &["and", "fully", "correctly", "now"]) || is_one_of(word, WORKS));
    let refused = list.iter().any(|(_, word)| {
        is_one_of(
            word,
            &[
                "not", "no", "if", "when", "until", "be", "must", "should", "will", "can", "never",
            ],
        )
    });
    (found > 0 && whole && !refused).then(|| (&text[..at], word))
}

#[rustfmt::skip]
const SET_UP: &[&str] = &[
    "enable", "integrate", "apply", "activate", "implement", "install", "register", "configure", "set", "setup", "sign", "run",
];

/// Words that a step adds to the name of what it sets up.
#[rustfmt::skip]
const AROUND: &[&str] = &[
    "integration", "account", "middleware", "setup", "up", "system", "service", "support", "implementation", "enforcement", "gating",
    "gate", "gates", "threshold", "thresholds", "server", "tool", "routes", "endpoints",
];

/// The name of what a step or a part is about; what a gate is called is kept as one word, because it binds two names.
fn name_of(text: &str) -> (Vec<String>, bool) {
    let gated =
        words(text).any(|(_, word)| is_one_of(word, &["gating", "gate", "gates", "threshold", "thresholds"]));
    let mut found = telling(text);
    found.retain(|word| !AROUND.iter().any(|around| same(around, word)));
    (found, gated)
}

/// A step that is still ahead: what it sets up.
struct Pending<'t> {
    line: u32,
    text: &'t str,
    name: Vec<String>,
    gated: bool,
}

/// A finished part against a step, still ahead, that sets up the very same thing.
fn not_set_up(desk: &mut Desk<'_>) {
    let report = desk.report;
    let lines = desk.lines;
    let mut pending: Vec<Pending<'_>> = Vec::new();
    for item in &report.items {
        let open = matches!(item.declared, Status::Open | Status::Unmarked)
            && matches!(item.shape, Shape::Step | Shape::Task | Shape::Bullet);
        if !open || item.declared == Status::Unmarked && !ahead(desk, item) {
            continue;
        }
        let title = item.title.split('(').next().unwrap_or_default();
        let Some((_, verb)) = words(title).next().filter(|(_, verb)| is_one_of(verb, SET_UP)) else {
            continue;
        };
        let object = title.get(verb.len()..).unwrap_or_default();
        if is_one_of(verb, &["run"])
            && !words(object)
                .last()
                .is_some_and(|(_, word)| is_one_of(word, &["setup"]))
        {
            continue;
        }
        let (name, gated) = name_of(object);
        let enough = name.len() >= 2 || name.len() == 1 && (gated || names_tool(object, verb));
        if enough && name.len() <= 4 {
            pending.push(Pending {
                line: item.line,
                text: &item.title,
                name,
                gated,
            });
        }
    }
    // The points below a step: `Configure coverage thresholds`.
    for (line, text) in points(desk) {
        let Some((_, verb)) = words(text).next().filter(|(_, verb)| is_one_of(verb, SET_UP)) else {
            continue;
        };
        let (name, gated) = name_of(
            text.get(verb.len()..)
                .unwrap_or_default()
                .split('(')
                .next()
                .unwrap_or_default(),
        );
        if gated && (1..=4).contains(&name.len()) {
            pending.push(Pending {
                line,
                text,
                name,
                gated,
            });
        }
    }
    pending.truncate(200);
    if pending.is_empty() {
        return;
    }
    let mut told: Vec<u32> = Vec::new();
    let mut found: Vec<(u32, String, u32, String)> = Vec::new();
    let mut judge = |line: u32, title: &str, own: Option<&Item>| {
        let (name, gated) = name_of(title);
        if name.is_empty() || name.len() > 5 {
            return;
        }
        for step in &pending {
            if own.is_some_and(|own| own.line == step.line) || told.contains(&step.line) {
                continue;
            }
            let equal = name.len() == step.name.len() && shared(&name, &step.name) == name.len();
            if equal && (step.gated == gated || name.len() >= 2) {
                told.push(step.line);
                found.push((line, title.to_owned(), step.line, step.text.to_owned()));
            }
        }
    };
    for item in &report.items {
        if item.declared.says_done() && !past(desk, item) {
            let title = item.title.split(['(', ':']).next().unwrap_or_default();
            judge(item.line, title.trim(), Some(item));
        }
    }
    let bullets = lines.outline.blocks.iter().enumerate();
    let bold = bullets.filter(|(_, block)| {
        matches!(block.kind, BlockKind::Item { .. }) && lines.slice(block.content).starts_with("**")
    });
    for (at, block) in bold.take(MOST) {
        let text = lines.slice(block.content);
        let Some((name, _)) = label(text) else { continue };
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        if finished_above(lines, at).is_some() && !below_before(lines, at) {
            judge(lines.line(block.content.start), name, None);
        }
    }
    for (line, title, open, step) in found {
        let message = format!(
            "`{}` is part of what is done; line {open} still has to do `{}`",
            short(&title),
            short(&step)
        );
        desk.say(ContradictionKind::Status, vec![line, open], message);
    }
}

/// Whether a step names a tool: a word with a capital of its own behind a verb that sets something up.
fn names_tool(object: &str, verb: &str) -> bool {
    let strong = is_one_of(
        verb,
        &[
            "enable",
            "integrate",
            "activate",
            "install",
            "register",
            "sign",
            "run",
        ],
    );
    let mut names = words(object).filter(|(_, word)| !AROUND.iter().any(|around| same(around, word)));
    strong && names.all(|(_, word)| word.starts_with(|c: char| c.is_uppercase()) && word.len() >= 5)
}

/// Whether an item stands where things are still to be done.
fn ahead(desk: &Desk<'_>, item: &Item) -> bool {
    desk.report.section_path(item.section).iter().any(|title| {
        let list: Vec<&str> = words(title).map(|(_, word)| word).collect();
        list.iter().any(|word| {
            is_one_of(
                word,
                &[
                    "next",
                    "remaining",
                    "required",
                    "outstanding",
                    "pending",
                    "todo",
                    "needed",
                ],
            )
        }) || list.windows(2).any(|two| {
            is_one_of(two[0], &["before", "pre"])
                && is_one_of(
                    two[1],
                    &["deployment", "release", "launch", "production", "deploy"],
                )
        })
    })
}

fn past(desk: &Desk<'_>, item: &Item) -> bool {
    desk.report
        .section_path(item.section)
        .into_iter()
        .any(crate::report::wording::tells_of_before)
        || item.requirement == crate::model::Requirement::Future
}

/// The bullets below the steps that are still ahead, with their lines.
fn points<'d>(desk: &Desk<'d>) -> Vec<(u32, &'d str)> {
    let lines = desk.lines;
    let mut found = Vec::new();
    let mut below = false;
    let mut items = desk.report.items.iter().peekable();
    for block in &lines.outline.blocks {
        let BlockKind::Item { depth, .. } = block.kind else {
            if !matches!(block.kind, BlockKind::Code | BlockKind::ItemParagraph) {
                below = false;
            }
            continue;
        };
        let line = lines.line(block.content.start);
        while items.next_if(|item| item.line < line).is_some() {}
        if depth == 0 {
            below = items.peek().is_some_and(|item| {
                item.line == line
                    && item.shape == Shape::Step
                    && item.declared == Status::Unmarked
                    && ahead(desk, item)
            });
        } else if below {
            found.push((line, lines.slice(block.content)));
        }
    }
    found
}

/// Values that say that something is not there yet.
const STAND_INS: &[&str] = &["placeholder", "stub", "stubbed", "todo", "tbd", "unimplemented"];

/// `**Vault**: Placeholder for …` below a heading that is done.
fn placeholders(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    for (at, block) in lines.outline.blocks.iter().enumerate() {
        if !matches!(block.kind, BlockKind::Item { .. } | BlockKind::ItemParagraph) {
            continue;
        }
        let text = lines.slice(block.content);
        if text.starts_with("[ ]") || !text.contains(':') {
            continue;
        }
        let Some((name, value)) = label(plain(text)) else {
            continue;
        };
        let mut list = words(value).map(|(_, word)| word);
        let (first, second, third) = (
            list.next().unwrap_or_default(),
            list.next().unwrap_or_default(),
            list.next().unwrap_or_default(),
        );
        let stands_in = is_one_of(first, STAND_INS)
            || first.eq_ignore_ascii_case("not")
                && (is_one_of(second, &["implemented"])
                    || second.eq_ignore_ascii_case("yet") && is_one_of(third, &["implemented"]));
        if !stands_in
            || value.contains("→")
            || first.eq_ignore_ascii_case("todo") && second.eq_ignore_ascii_case("comments")
        {
            continue;
        }
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let Some(heading) = finished_above(lines, at) else {
            continue;
        };
        if below_any(
            lines,
            at,
            &[
                "limitations",
                "remaining",
                "future",
                "next",
                "known",
                "before",
                "problem",
                "deferred",
            ],
        ) {
            continue;
        }
        let message = format!(
            "`{}` is said to be done; its `{name}` is `{}`",
            short(bare(lines.title(heading))),
            short(value)
        );
        let title = lines.line(lines.outline.blocks[heading as usize].range.start);
        desk.say(
            ContradictionKind::Status,
            vec![lines.line(block.content.start), title],
            message,
        );
    }
}

/// "No changes needed" in a section that lists a file as updated.
fn no_changes(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    if memchr::memmem::find(lines.text.as_bytes(), b"o changes ").is_none() {
        return;
    }
    for (at, block) in lines.outline.blocks.iter().enumerate() {
        if !matches!(block.kind, BlockKind::Paragraph) {
            continue;
        }
        let content = lines.slice(block.content);
        let Some(text) = content.lines().find(|text| says_no_change(text)) else {
            continue;
        };
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let Some(heading) = lines.heading_of(at) else {
            continue;
        };
        let updated = (heading + 1..lines.section_end(heading)).find_map(|at| {
            let block = lines.outline.blocks.get(at as usize)?;
            let BlockKind::Item { .. } = block.kind else {
                return None;
            };
            let entry = lines.slice(block.content);
            let (file, said) = entry.split_once(" - ").or_else(|| entry.split_once(" – "))?;
            let (_, verb) = words(said).next()?;
            let changed = file.contains('/')
                && is_one_of(verb, &["updated", "modified", "changed", "added", "rewritten"]);
            changed.then_some((lines.line(block.content.start), said))
        });
        if let Some((line, said)) = updated {
            let offset = text.as_ptr() as usize - content.as_ptr() as usize;
            let own = lines.line(block.content.start + u32::try_from(offset).unwrap_or_default());
            let message = format!(
                "says that no change was needed; line {line} of the same section has a file `{}`",
                short(said)
            );
            desk.say(ContradictionKind::Status, vec![own, line], message);
        }
    }
}

fn says_no_change(text: &str) -> bool {
    let Some((name, value)) = label(text) else {
        return false;
    };
    let mut list = words(value).map(|(_, word)| word);
    let mut next = |known: &[&str]| list.next().is_some_and(|word| is_one_of(word, known));
    next(&["no"])
        && next(&["change", "changes"])
        && next(&["needed", "required", "necessary", "made"])
        && is_one_of(
            name,
            &[
                "result",
                "resolution",
                "status",
                "outcome",
                "changes",
                "action",
                "fix",
            ],
        )
}
