//! A note or an owner at the end of an item's own line.

use super::plan::{Put, Site, Swap, name, place, swap};
use super::words::Vocabulary;
use super::{CannotEdit, Plan};
use crate::model::{Item, Report};
use crate::text::SourceText;
use crate::text::clean::clean;

/// Plans to write a note (` (note: …)`) or an owner (` @ann`) behind the item's words, before hard-break spaces; in a
/// row, into its last cell that does not hold the status. An owner or note that is there already is replaced.
///
/// # Errors
/// When neither is given, when the words cannot stand on one line of the document, or when its encoding lacks a character.
pub fn plan_note(
    source: &SourceText,
    report: &Report,
    item: &Item,
    note: Option<&str>,
    owner: Option<&str>,
) -> Result<Plan, CannotEdit> {
    let site = Site {
        words: Vocabulary { source, report },
        item,
        to: item.declared,
    };
    let note = note.map(one_line).filter(|note| !note.is_empty());
    let owner = owner
        .map(one_line)
        .map(|owner| owner.trim_start_matches('@').replace(' ', "-"))
        .filter(|owner| !owner.is_empty());
    if note.is_none() && owner.is_none() {
        return Err(CannotEdit::NoWay(
            "there is no note and no owner to write".to_owned(),
        ));
    }
    let text = source.text();
    let at = if site.is_row() {
        row_end(&site)
    } else {
        Some(place::trail(text, source, item))
    };
    let at = at.ok_or_else(|| {
        CannotEdit::NoWay(format!(
            "`{}:{}`: the row has no cell for a note",
            report.path, item.line
        ))
    })?;
    let start = source.text_range(item.span).start;
    let own = text.get(start..at).unwrap_or_default();

    let mut swaps: Vec<Swap> = Vec::new();
    let mut added = String::new();
    if let Some(owner) = &owner {
        let owner = format!("@{owner}");
        match written_owner(item, own) {
            Some(known) => swaps.push(swap(start + known.start..start + known.end, owner)),
            None => added.push_str(&format!(" {owner}")),
        }
    }
    if let Some(note) = &note {
        match own.rfind("(note: ").filter(|_| own.ends_with(')')) {
            Some(known) => swaps.push(swap(start + known + 7..at - 1, note.clone())),
            None => added.push_str(&format!(" (note: {note})")),
        }
    }
    if !added.is_empty() {
        // An owner goes before a note that closes the line, so that the note stays last.
        let before_note = own
            .rfind(" (note: ")
            .filter(|_| note.is_none() && own.ends_with(')'))
            .map_or(at, |known| start + known);
        swaps.push(Swap {
            at: before_note..before_note,
            put: vec![Put::Text(added)],
        });
    }
    let mut plan = site.plan(swaps).ok_or_else(|| {
        CannotEdit::NoWay(format!(
            "`{}:{}`: already says this, or its encoding ({}) has no such characters",
            report.path,
            item.line,
            source.encoding().name()
        ))
    })?;
    plan.why = match (&note, &owner) {
        (Some(_), Some(owner)) => format!("{}: note, owner @{owner}", name(item)),
        (None, Some(owner)) => format!("{}: owner @{owner}", name(item)),
        _ => format!("{}: note", name(item)),
    };
    plan.items = Vec::new();
    Ok(plan)
}

/// Words on one line that break neither the line, nor a table, nor the closing bracket.
fn one_line(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    let words: Vec<String> = text.split(' ').map(|word| clean(word).into_owned()).collect();
    let words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").replace('|', "/")
}

/// Where the present owner (`@name`) stands in the item's words.
fn written_owner(item: &Item, own: &str) -> Option<std::ops::Range<usize>> {
    let owner = item.extras.as_ref()?.owner.as_deref()?;
    let owner = if owner.starts_with('@') {
        owner.to_owned()
    } else {
        format!("@{owner}")
    };
    let at = own.rfind(&owner)?;
    let whole = own
        .get(at + owner.len()..)
        .is_none_or(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_'));
    whole.then(|| at..at + owner.len())
}

/// The end of the last cell of a row that does not hold its status.
fn row_end(site: &Site<'_>) -> Option<usize> {
    let (cells, status) = place::row(site.text(), site.words.source, site.item)?;
    let last = cells.iter().enumerate().rev();
    let mut other = last.filter(|(at, cell)| *at != status && !cell.is_empty());
    other.next().map(|(_, cell)| cell.end)
}
