//! The paths of a statement, and what is said of each.

use std::ops::Range;

use super::path::{self, Written};
use super::{MADE, SURE};
use crate::claims::{Draft, Place, Statement};
use crate::model::{Modality, Said};

/// Names of fields, columns and lists whose values are files.
const FILE_WORDS: &[&str] = &[
    "file",
    "files",
    "path",
    "paths",
    "location",
    "locations",
    "script",
    "scripts",
    "module",
    "modules",
    "migration",
    "migrations",
    "manifest",
    "manifests",
    "archivo",
    "archivos",
    "fichier",
    "fichiers",
    "datei",
    "dateien",
];
/// What was done to the files of a list.
const DONE_WORDS: &[&str] = &[
    "created",
    "added",
    "modified",
    "changed",
    "updated",
    "new",
    "touched",
    "fixed",
    "refactored",
];
const GONE_WORDS: &[&str] = &["deleted", "removed"];
const MOVE_WORDS: &[&str] = &["renamed", "moved"];
/// Words of a sentence by which a program makes the file, so that it need not be in the repository.
#[rustfmt::skip]
const MAKING: &[&str] = &[
    "generate", "generates", "generated", "output", "outputs", "produce", "produces", "produced", "writes",
    "written", "saves", "saved", "creates", "export", "exports", "exported", "upload", "uploads",
    "uploaded", "download", "artifact", "artifacts", "artefact", "gitignored", "ignored", "untracked",
    "temporary", "cached", "cache", "compiled", "bundled", "emits", "logs", "dumps", "stores", "stored",
    "runtime",
];
/// Words of a sentence by which the file is not there, or another one is meant.
#[rustfmt::skip]
const DENYING: &[&str] = &[
    "missing", "absent", "no", "not", "without", "lacks", "lack", "never", "none", "nonexistent",
    "non-existent", "doesn't", "don't", "isn't", "wasn't", "didn't", "cannot", "can't", "longer",
    "deprecated", "obsolete", "upstream", "optional", "hypothetical", "your", "any", "each", "every",
    "either", "rename", "renamed", "moved", "superseded", "was", "were", "planned", "proposed", "broken",
    "nowhere", "would", "should", "could", "might", "may", "if", "unless", "todo", "tbd", "plan", "suggest",
    "create", "copy", "cp", "touch", "mkdir",
];

/// A path and how it stands in the statement.
struct Found {
    range: Range<usize>,
    written: Written,
    sure: bool,
}

pub(super) fn recognise(statement: &Statement<'_>, out: &mut Vec<Draft>) {
    if statement.place == Place::Code {
        return;
    }
    let listed = listed_as(statement);
    let has_link = statement.text.contains("](");
    if statement.codes.is_empty() && !has_link && listed.is_none() && !statement.text.contains("ile") {
        return;
    }
    let mut found = Vec::new();
    codes(statement, listed.is_some(), &mut found);
    if has_link {
        links(statement, &mut found);
    }
    field(statement, &mut found);
    cells(statement, &mut found);
    if listed.is_some() {
        first_of_bullet(statement, &mut found);
    }
    found.sort_by_key(|found| found.range.start);
    found.dedup_by(|later, first| {
        let same = later.range.start < first.range.end;
        first.sure |= same && later.sure;
        same
    });
    let mut at = 0;
    while at < found.len() {
        let next = found.get(at + 1);
        let used = say(statement, &found[at], next, listed, out);
        at += used;
    }
}

/// What a list says of its files: by its label, or else by the nearest title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listed {
    Files,
    Gone,
    Moved,
}

fn listed_as(statement: &Statement<'_>) -> Option<Listed> {
    if !matches!(statement.place, Place::Bullet | Place::Row | Place::Line) {
        return None;
    }
    let title = statement.titles().next().unwrap_or_default();
    [statement.label, title].into_iter().find_map(|text| {
        if text.len() > 80 {
            return None;
        }
        let has = |list: &[&str]| words(text).any(|word| is_one(word, list));
        if !has(FILE_WORDS) {
            return None;
        }
        let done = has(DONE_WORDS);
        Some(if has(GONE_WORDS) && !done {
            Listed::Gone
        } else if has(MOVE_WORDS) && !done {
            Listed::Moved
        } else {
            Listed::Files
        })
    })
}

fn codes(statement: &Statement<'_>, listed: bool, found: &mut Vec<Found>) {
    for code in &statement.codes {
        let whole = statement.slice(code.clone());
        let inner = whole.trim_matches('`');
        let Some(written) = path::read(inner) else {
            continue;
        };
        let before = statement.text.get(..code.start).unwrap_or_default();
        let leads = before.chars().all(|c| !c.is_alphanumeric()) && statement.place == Place::Bullet;
        let last = words(before).last().unwrap_or_default();
        let verb = is_one(last, DONE_WORDS)
            || is_one(last, FILE_WORDS)
            || is_one(last, &["implemented", "introduced"]);
        let sure = (listed && leads) || verb || says_new(statement.text.get(code.end..).unwrap_or_default());
        found.push(Found {
            range: code.clone(),
            written,
            sure: sure && statement.place != Place::Row,
        });
    }
}

/// `(NEW)`, `(NEW, 120 lines)`, `(created)` right behind.
fn says_new(after: &str) -> bool {
    note(after).is_some_and(|note| words(note).any(|word| is_one(word, DONE_WORDS)))
}

/// The text of a parenthesis right behind a path.
fn note(after: &str) -> Option<&str> {
    let after = after.trim_start_matches(['*', ' ', '_']);
    let inside = after.strip_prefix('(')?;
    inside.split_once(')').map(|(note, _)| note)
}

/// `[text](relative/path.md#anchor)`.
fn links(statement: &Statement<'_>, found: &mut Vec<Found>) {
    for (at, _) in statement.text.match_indices("](") {
        let from = at + 2;
        let in_code = statement.codes.iter().any(|code| code.contains(&at));
        let Some(end) = statement.text.get(from..).and_then(|rest| rest.find(')')) else {
            continue;
        };
        let target = statement.slice(from..from + end);
        let target = target.split_whitespace().next().unwrap_or_default();
        let target = target.trim_matches(['<', '>']);
        if in_code || target.starts_with(['#', '/']) || target.contains("://") || target.contains('%') {
            continue;
        }
        let lines = target.split_once("#L").is_some();
        let bare = if lines {
            target
        } else {
            target.split(['#', '?']).next().unwrap_or_default()
        };
        let Some(written) = path::read(bare).filter(|written| written.named_like_a_file && !written.glob)
        else {
            continue;
        };
        // A link whose text is the same path is one claim.
        if found.last().is_some_and(|last| {
            last.range.end <= at && last.range.end + 1 >= at && last.written.path == written.path
        }) {
            continue;
        }
        let generated = written.path.ends_with(".html");
        found.push(Found {
            range: from..from + end,
            written,
            sure: !generated,
        });
    }
}

/// `**File**: path`, `File: path, path`.
fn field(statement: &Statement<'_>, found: &mut Vec<Found>) {
    let text = statement.text;
    let Some(colon) = text.find(':').filter(|&colon| colon <= 40) else {
        return;
    };
    let name = text.get(..colon).unwrap_or_default();
    let mut name_words = words(name);
    let count = words(name).count();
    if count == 0 || count > 4 || !name_words.any(|word| is_one(word, FILE_WORDS)) {
        return;
    }
    if words(name).any(|word| is_one(word, GONE_WORDS) || is_one(word, MOVE_WORDS)) {
        return;
    }
    bare_tokens(text, colon + 1..text.len(), found);
}

/// Cells below a head that says that they hold files.
fn cells(statement: &Statement<'_>, found: &mut Vec<Found>) {
    for (cell, head) in statement.cells.iter().zip(statement.heads) {
        let few = words(head).count() <= 3;
        if few && words(head).any(|word| is_one(word, FILE_WORDS)) {
            bare_tokens(statement.text, cell.clone(), found);
        }
    }
}

/// The first word of a bullet in a list of files.
fn first_of_bullet(statement: &Statement<'_>, found: &mut Vec<Found>) {
    if statement.place != Place::Bullet {
        return;
    }
    let start = statement
        .text
        .find(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '`'))
        .unwrap_or(statement.text.len());
    // A box in front of the path.
    let start = if statement
        .text
        .get(start..)
        .is_some_and(|rest| rest.starts_with("x]") || rest.starts_with("X]"))
    {
        start + 3
    } else {
        start
    };
    let rest = statement.text.get(start..).unwrap_or_default();
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '(' | '—'))
        .unwrap_or(rest.len());
    bare_tokens(statement.text, start..start + end, found);
}

/// Paths that stand bare or in code in a list of words; it ends where prose begins.
fn bare_tokens(text: &str, range: Range<usize>, found: &mut Vec<Found>) {
    let base = range.start;
    let part = text.get(range).unwrap_or_default();
    let mut at = 0;
    for token in part.split_inclusive([' ', ',', '\n', '\t']) {
        let start = base + at;
        at += token.len();
        let clean =
            token.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '*' | '`' | '|' | ';'));
        if clean.is_empty() || matches!(clean, "and" | "&" | "+" | "und" | "y" | "et" | "/") {
            continue;
        }
        let Some(written) =
            path::read(clean).filter(|written| written.has_folder() || written.named_like_a_file)
        else {
            return;
        };
        let lead = token.find(clean).unwrap_or(0);
        found.push(Found {
            range: start + lead..start + lead + clean.len(),
            written,
            sure: true,
        });
    }
}

/// Writes down what is said of a path; how many of the found ones it took.
fn say(
    statement: &Statement<'_>,
    found: &Found,
    next: Option<&Found>,
    listed: Option<Listed>,
    out: &mut Vec<Draft>,
) -> usize {
    let before = statement.text.get(..found.range.start).unwrap_or_default();
    let until = next.map_or(statement.text.len(), |next| next.range.start);
    let after = statement.text.get(found.range.end..until).unwrap_or_default();
    let modality = statement.modality(&found.range);
    let draft = |predicate: &'static str, comparator, value: &str, scope: Vec<Box<str>>, modality| Draft {
        range: found.range.clone(),
        said: Said {
            subject: found.written.path.as_str().into(),
            predicate,
            comparator,
            value: value.into(),
            scope: scope.into(),
        },
        modality,
        supports: match predicate {
            "exists" => found.sure,
            "line" | "matches" => false,
            _ => true,
        },
    };
    if let Some(next) = next
        && is_move(before, after, listed)
    {
        let value = next.written.path.clone();
        out.push(draft("moved", "=", &value, Vec::new(), modality));
        return 2;
    }
    let mut scope: Vec<Box<str>> = Vec::new();
    if found.sure {
        scope.push(SURE.into());
    }
    if found.written.glob {
        out.push(draft("matches", ">=", "1", scope, modality));
        return 1;
    }
    match gone(before, after, listed) {
        Gone::Yes => {
            // The mood "of the past" lies in the word itself.
            let modality = if modality == Modality::Historical {
                Modality::Asserted
            } else {
                modality
            };
            out.push(draft("deleted", "=", "", scope, modality));
            return 1;
        }
        Gone::Perhaps => return 1,
        Gone::No => {}
    }
    let sentence = statement.sentence(&found.range);
    let around = statement.slice(sentence);
    let made = !found.sure && words(around).any(|word| is_one(word, MAKING));
    let denied = !found.sure && words(around).any(|word| is_one(word, DENYING));
    if made || denied {
        scope.push(MADE.into());
    }
    match &found.written.lines {
        Some(lines) => out.push(draft("line", "=", lines, scope, modality)),
        None => out.push(draft("exists", "=", "", scope, modality)),
    }
    if let Some(size) = stated_size(after) {
        let size_modality = if size.comparator == "~" && modality == Modality::Asserted {
            Modality::Asserted
        } else {
            modality
        };
        out.push(draft(
            size.predicate,
            size.comparator,
            &size.value,
            Vec::new(),
            size_modality,
        ));
    }
    if note(after).is_some_and(|note| words(note).any(|word| is_one(word, &["executable"]))) {
        out.push(draft("executable", "=", "", Vec::new(), modality));
    }
    1
}

/// `Renamed a to b`, `Moved a → b`, and `a → b` in a list of moved files.
fn is_move(before: &str, between: &str, listed: Option<Listed>) -> bool {
    let between = between.trim();
    let arrow = matches!(between, "→" | "->" | "=>" | "to" | "into" | "➜");
    let verb = words(before).last().is_some_and(|word| is_one(word, MOVE_WORDS))
        || words(before).any(|word| is_one(word, MOVE_WORDS)) && words(before).count() <= 3;
    arrow && (listed == Some(Listed::Moved) || verb)
}

enum Gone {
    Yes,
    Perhaps,
    No,
}

/// Whether the path is said to be deleted.
fn gone(before: &str, after: &str, listed: Option<Listed>) -> Gone {
    if note(after).is_some_and(|note| words(note).next().is_some_and(|word| is_one(word, GONE_WORDS))) {
        return Gone::Yes;
    }
    let leads = before.chars().all(|c| !c.is_alphanumeric());
    if listed == Some(Listed::Gone) {
        return if leads { Gone::Yes } else { Gone::Perhaps };
    }
    let mut back = words(before).collect::<Vec<_>>();
    if back.last().is_some_and(|word| {
        is_one(
            word,
            &["file", "files", "the", "obsolete", "old", "unused", "legacy"],
        )
    }) {
        back.pop();
    }
    if !back.last().is_some_and(|word| is_one(word, GONE_WORDS)) {
        return Gone::No;
    }
    // "Removed `x` from y" may be about a name in y.
    let rest = after.trim_start_matches(['*', '_']).trim_start();
    let ends =
        rest.is_empty() || rest.starts_with(['.', ',', ';', '(', '—', '-', '–']) || rest.starts_with("as ");
    if ends && back.len() <= 4 {
        Gone::Yes
    } else {
        Gone::Perhaps
    }
}

struct Size {
    predicate: &'static str,
    comparator: &'static str,
    value: String,
}

/// `(NEW, 680+ lines)`, ` - 412 lines`, `: 17,372 bytes` behind a path. What was added or changed is no size.
fn stated_size(after: &str) -> Option<Size> {
    let near: String = after.chars().take(48).collect();
    let lower = near.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let start = bytes.iter().position(u8::is_ascii_digit)?;
    let lead = lower.get(..start)?;
    // Only notes and dashes may stand between the path and its size.
    if words(lead).any(|word| {
        !is_one(
            word,
            &[
                "new",
                "created",
                "about",
                "approximately",
                "approx",
                "over",
                "~",
                "is",
                "has",
                "updated",
                "modified",
            ],
        )
    }) {
        return None;
    }
    let number: String = lower
        .get(start..)?
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
        .collect();
    let mut rest = lower.get(start + number.len()..)?;
    let number = number.trim_end_matches(['.', ',']).to_owned();
    let plus = rest.starts_with('+');
    rest = rest.trim_start_matches('+').trim_start();
    let unit_length = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let unit = rest.get(..unit_length)?;
    let predicate = match unit {
        "lines" | "line" | "loc" => "lines",
        "bytes" | "byte" | "kb" | "kib" | "mb" | "mib" => "bytes",
        _ => return None,
    };
    let behind = rest.get(unit_length..)?.trim_start();
    let ends = behind.is_empty()
        || behind.starts_with([')', ',', '.', ';', '|', '*', '-'])
        || behind.starts_with("of code")
        || behind.starts_with("total");
    let sign = lead.trim_end().chars().next_back();
    if !ends
        || matches!(sign, Some('+'))
        || lead.trim_end().ends_with(" -") && lead.trim_start().starts_with("(-")
    {
        return None;
    }
    if lead.contains("(-") || lead.contains("(+") || lead.contains('±') {
        return None;
    }
    let about = lead.contains('~') || lead.contains('≈') || lead.contains("about") || lead.contains("approx");
    let over = lead.contains("over") || lead.trim_end().ends_with('>');
    Some(Size {
        predicate,
        comparator: match (about, plus || over) {
            (true, _) => "~",
            (_, true) => ">=",
            _ => "=",
        },
        value: if predicate == "bytes" && unit.starts_with(['k', 'm']) {
            format!("{number} {unit}")
        } else {
            number
        },
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '(' | ')' | ',' | ':' | ';' | '*' | '`' | '"' | '[' | ']' | '|' | '.' | '_'
            )
    })
    .filter(|word| !word.is_empty())
}

fn is_one(word: &str, list: &[&str]) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}
