//! One id with two titles, two severities or two states, and a severity word that breaks with those of its siblings.
//!
//! Narrow: only ids that look like a tracker's (`T034`, `US-001`, `P0-1`), only titles that look like names, and an
//! id that is used anew throughout a document (numbering that starts again) is passed over.

use super::Desk;
use super::sense::{plainly_open, shared, short, telling};
use crate::model::{ContradictionKind, Item, MarkKind, Requirement, Severity, Shape};
use crate::report::wording::{contains_ci, is_one_of, label, same, tells_of_before, words};
use crate::text::markdown::BlockKind;

/// More items than any person numbers by hand are compared with nobody.
const MOST: usize = 4000;

pub(super) fn check(desk: &mut Desk<'_>) {
    let mut named: Vec<&Item> = desk
        .report
        .items
        .iter()
        .filter(|item| item.id.as_deref().is_some_and(is_tracked))
        .collect();
    if named.len() <= MOST && named.len() >= 2 {
        named.sort_by(|a, b| a.id.cmp(&b.id).then(a.line.cmp(&b.line)));
        titles(desk, &named);
        states(desk, &named);
    }
    same_titles(desk);
    grading(desk);
}

/// Ids that name a task, a story or a finding: letters and a number of two digits, or a dash between them.
fn is_tracked(id: &str) -> bool {
    #[rustfmt::skip]
    const OTHERS: &[&str] = &["CVE", "CWE", "RFC", "ISO", "PR", "GH", "SHA", "HTTP", "UTF", "IEEE", "GHSA", "PEP", "WEEK", "PHASE", "STEP", "TIER"];
    let letters = id.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = id.get(letters..).unwrap_or_default();
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let shape = rest
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'-' || b.is_ascii_lowercase());
    (1..=6).contains(&letters)
        && shape
        && digits >= 1
        && (digits >= 2 || rest.contains('-'))
        && !id.get(..letters).is_some_and(|prefix| is_one_of(prefix, OTHERS))
}

fn past(desk: &Desk<'_>, item: &Item) -> bool {
    desk.report
        .section_path(item.section)
        .into_iter()
        .any(tells_of_before)
}

/// Words that vary the name of one thing.
#[rustfmt::skip]
const GENERIC: &[&str] = &[
    "service", "implementation", "system", "feature", "support", "module", "implement", "add", "create", "fix", "update", "improve", "start",
    "write", "build", "complete", "setup", "set", "up", "task", "story", "component", "functionality", "enhanced", "basic", "full", "proper",
    "management", "handling", "missing", "issue", "bug", "production", "initial", "final", "new", "page",
];

/// The words of a title that is a name: short, and capitalised throughout.
fn name(item: &Item) -> Option<Vec<String>> {
    let title = short(&item.title);
    let list: Vec<&str> = words(title).map(|(_, word)| word).collect();
    let capital =
        |word: &&str| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric()) || word.len() <= 3;
    let fits =
        (1..=6).contains(&list.len()) && list.iter().all(capital) && list.iter().any(|word| word.len() > 3);
    let mut found = telling(title);
    found.retain(|word| {
        !GENERIC.iter().any(|generic| same(generic, word)) && !word.bytes().all(|b| b.is_ascii_digit())
    });
    (fits
        && !found.is_empty()
        && matches!(
            item.shape,
            Shape::Heading | Shape::Bullet | Shape::Task | Shape::Step
        ))
    .then_some(found)
}

/// Whether two words may name the same: one holds the other (`auditlog`, `audit`; `logg` of logging, `auditlog`).
fn related(a: &[String], b: &[String]) -> bool {
    let once = |word: &str| match word.as_bytes() {
        [.., x, y] if x == y && word.is_char_boundary(word.len() - 1) => word.len() - 1,
        _ => word.len(),
    };
    let holds = |a: &str, b: &str| {
        let (a, b) = (&a[..once(a)], &b[..once(b)]);
        a == b || a.len() >= 3 && b.len() >= 3 && (a.contains(b) || b.contains(a))
    };
    a.iter().any(|word| b.iter().any(|other| holds(word, other)))
}

/// Words that one title has and the other has nothing of.
fn own(a: &[String], b: &[String]) -> bool {
    a.iter().any(|word| !related(std::slice::from_ref(word), b))
}

/// One id with two titles.
fn titles(desk: &mut Desk<'_>, named: &[&Item]) {
    let mut apart: Vec<(&Item, &Item, bool)> = Vec::new();
    let mut agreeing = 0_usize;
    for group in named.chunk_by(|a, b| a.id == b.id) {
        let titled: Vec<(&Item, Vec<String>)> = group
            .iter()
            .filter(|item| !past(desk, item))
            .filter_map(|item| Some((*item, name(item)?)))
            .collect();
        let Some((first, words)) = titled.first() else {
            continue;
        };
        let Some((second, others)) = titled
            .iter()
            .skip(1)
            .find(|(item, others)| item.line != first.line && others != words)
        else {
            agreeing += usize::from(titled.len() > 1);
            continue;
        };
        if !related(words, others) {
            apart.push((first, second, true));
        } else if own(words, others) && own(others, words) {
            apart.push((first, second, false));
        } else {
            agreeing += 1;
        }
    }
    let strangers = apart.iter().filter(|(.., stranger)| *stranger).count();
    let again = strangers >= 2 && strangers > agreeing + apart.len() - strangers;
    for (first, second, stranger) in apart {
        if stranger && again {
            continue;
        }
        let id = first.id.as_deref().unwrap_or_default();
        let message = format!(
            "`{id}` is `{}` here and `{}` in line {}",
            short(&first.title),
            short(&second.title),
            second.line
        );
        desk.say(ContradictionKind::Id, vec![first.line, second.line], message);
    }
}

/// One id that is done here and open there, or graded twice.
fn states(desk: &mut Desk<'_>, named: &[&Item]) {
    for group in named.chunk_by(|a, b| a.id == b.id) {
        let id = group[0].id.as_deref().unwrap_or_default();
        let alike = |a: &Item, b: &Item| {
            let (a, b) = (telling(short(&a.title)), telling(short(&b.title)));
            related(&a, &b) && shared(&a, &b) >= 1
        };
        let open = group.iter().find(|item| plainly_open(item) && !past(desk, item));
        let done = group.iter().find(|item| {
            item.declared.says_done()
                && item.marks.iter().any(|mark| mark.kind != MarkKind::Strike)
                && !past(desk, item)
        });
        if let (Some(open), Some(done)) = (open, done)
            && alike(open, done)
            && open.line != done.line
        {
            let message = format!(
                "`{id}` {} is done here; line {} says that it is {}",
                short(&done.title),
                open.line,
                open.declared.word().replace('_', " ")
            );
            desk.say(ContradictionKind::Status, vec![done.line, open.line], message);
        }
        let graded: Vec<&&Item> = group
            .iter()
            .filter(|item| {
                item.severity_source.is_some()
                    && item.requirement != Requirement::Informational
                    && own_grade(item)
            })
            .collect();
        if let Some(first) = graded.first()
            && let Some(other) = graded
                .iter()
                .find(|item| item.severity != first.severity && item.line != first.line && alike(item, first))
        {
            let message = format!(
                "`{id}` {} is graded {} here and {} in line {}",
                short(&first.title),
                first.severity.word(),
                other.severity.word(),
                other.line
            );
            desk.say(ContradictionKind::Id, vec![first.line, other.line], message);
        }
    }
}

/// Items of one title: a row that is open beside a heading that is done.
fn same_titles(desk: &mut Desk<'_>) {
    let report = desk.report;
    let mut titled: Vec<(String, &Item)> = Vec::new();
    for item in &report.items {
        let wanted = matches!(item.shape, Shape::Row | Shape::Heading);
        if !wanted || past(desk, item) || item.requirement == Requirement::Informational {
            continue;
        }
        let key = telling(short(&item.title));
        if key.len() >= 2 && titled.len() < MOST {
            titled.push((key.join(" "), item));
        }
    }
    titled.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.line.cmp(&b.1.line)));
    for group in titled.chunk_by(|a, b| a.0 == b.0) {
        let open = group
            .iter()
            .find(|(_, item)| item.shape == Shape::Row && plainly_open(item));
        let done = group
            .iter()
            .find(|(_, item)| item.shape == Shape::Heading && item.declared.says_done());
        if let (Some((_, open)), Some((_, done)), 2) = (open, done, group.len()) {
            let message = format!(
                "`{}` is done here; its row in line {} says that it is {}",
                short(&done.title),
                open.line,
                open.declared.word().replace('_', " ")
            );
            desk.say(ContradictionKind::Status, vec![done.line, open.line], message);
        }
    }
}

/// Whether the grade stands on the item's own line.
fn own_grade(item: &Item) -> bool {
    item.severity_source
        .as_ref()
        .is_some_and(|source| source.line == item.line)
}

/// A graded heading: its priority, and the word of its `Impact:` or `Severity:` field.
struct Graded {
    priority: char,
    field: u32,
    written: Severity,
    label: &'static str,
    heading: u32,
    title: String,
}

/// `**Impact:** HIGH` below a `P0` heading whose siblings of the same priority all say CRITICAL.
fn grading(desk: &mut Desk<'_>) {
    let lines = desk.lines;
    let mut found: Vec<Graded> = Vec::new();
    for (at, block) in lines.outline.blocks.iter().enumerate() {
        let BlockKind::Heading(_) = block.kind else {
            continue;
        };
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let title = lines.title(at);
        let Some(priority) = priority(title) else { continue };
        for below in (at + 1)..lines.section_end(at).min(at + 4) {
            let Some(block) = lines.outline.blocks.get(below as usize) else {
                break;
            };
            if !matches!(block.kind, BlockKind::Paragraph | BlockKind::Item { .. }) {
                break;
            }
            let content = lines.slice(block.content);
            for text in content.lines() {
                let Some((name, value)) = label(text) else {
                    continue;
                };
                let label = if name.eq_ignore_ascii_case("impact") {
                    "Impact"
                } else if name.eq_ignore_ascii_case("severity") {
                    "Severity"
                } else {
                    continue;
                };
                let word = words(value).next().map_or("", |(_, word)| word);
                let Some(written) = Severity::parse(word) else {
                    continue;
                };
                let offset = text.as_ptr() as usize - content.as_ptr() as usize;
                found.push(Graded {
                    priority,
                    field: lines.line(block.content.start + u32::try_from(offset).unwrap_or_default()),
                    written,
                    label,
                    heading: lines.line(lines.outline.blocks[at as usize].range.start),
                    title: super::sense::plain(title)
                        .trim_end_matches(['*', ' ', '✅'])
                        .to_owned(),
                });
            }
        }
    }
    for one in &found {
        let of_level = || {
            found
                .iter()
                .filter(|other| other.priority == one.priority && other.label == one.label)
        };
        let like = |severity: Severity| of_level().filter(|other| other.written == severity).count();
        let Some(usual) = of_level()
            .map(|other| other.written)
            .max_by_key(|written| like(*written))
        else {
            continue;
        };
        // The siblings must prove that the word follows the priority, and it must be the word of that priority.
        let fits = match one.priority {
            '0' => matches!(usual, Severity::Critical | Severity::Blocker),
            '1' => usual == Severity::High,
            '2' => usual == Severity::Medium,
            _ => usual == Severity::Low,
        };
        if one.written == usual
            || !fits
            || like(usual) < 3
            || like(usual) < 3 * (of_level().count() - like(usual))
        {
            continue;
        }
        let siblings: Vec<u32> = of_level()
            .filter(|other| other.written == usual)
            .map(|other| other.field)
            .collect();
        let message = format!(
            "`{}` has `{}: {}`; the other {} of P{} say {}",
            short(&one.title),
            one.label,
            one.written.word().to_ascii_uppercase(),
            siblings.len(),
            one.priority,
            usual.word().to_ascii_uppercase()
        );
        let own = [one.field, one.heading];
        desk.say(
            ContradictionKind::Severity,
            own.into_iter().chain(siblings).collect(),
            message,
        );
    }
}

/// The priority at the start of a title: `P0-1: …`.
fn priority(title: &str) -> Option<char> {
    let shown = super::sense::plain(title);
    let rest = shown.strip_prefix('P')?;
    let digit = rest.chars().next().filter(|digit| ('0'..='3').contains(digit))?;
    let next = rest.chars().nth(1).unwrap_or(' ');
    (!next.is_alphanumeric() && !contains_ci(shown, "not ")).then_some(digit)
}
