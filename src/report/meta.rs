//! The fields at the head and foot of a document: date, author, branch, version, and the others by name.

use super::wording::{bare, is_one_of, words};
use crate::model::{Meta, MetaField};
use crate::text::markdown::{Block, BlockKind, Outline};

/// Fields are looked for this far from the top and from the end.
const HEAD: usize = 32;
const FOOT: usize = 18;

/// Reads the fields. The first of a name wins, and the head wins over the foot.
pub(super) fn read(text: &str, outline: &Outline) -> Meta {
    let mut meta = Meta::default();
    let count = outline.lines.count();
    let (front, body) = front_matter(text);
    let coded = |at: usize| {
        let inside = |block: &Block| block.range.range().contains(&at);
        outline
            .blocks
            .iter()
            .any(|block| block.kind == BlockKind::Code && inside(block))
    };
    // The head ends at the second heading that is no title.
    let mut sections = outline
        .blocks
        .iter()
        .filter(|block| matches!(block.kind, BlockKind::Heading(level) if level > 1));
    let second = sections
        .nth(1)
        .map_or(usize::MAX, |block| block.range.start as usize);
    let last = outline
        .blocks
        .iter()
        .rev()
        .find(|block| matches!(block.kind, BlockKind::Heading(_)))
        .map_or(0, |block| block.range.start as usize);
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    for number in 1..=count.min(HEAD) {
        let range = outline.lines.range(narrow(number), text);
        let line = text.get(range.clone()).unwrap_or_default();
        let inside = range.start < front;
        if range.start < body && !inside {
            continue;
        }
        if range.start >= second {
            break;
        }
        if let Some((name, value)) = field(line, inside).filter(|_| !coded(range.start)) {
            put(
                &mut meta,
                name,
                value,
                narrow(number),
                inside || starts_bold(line),
            );
        }
    }
    for number in (HEAD + 1).max(count.saturating_sub(FOOT) + 1)..=count {
        let range = outline.lines.range(narrow(number), text);
        if range.start < last {
            continue;
        }
        let found = text.get(range.clone()).and_then(|line| field(line, false));
        if let Some((name, value)) = found.filter(|_| !coded(range.start)) {
            put(&mut meta, name, value, narrow(number), false);
        }
    }
    if meta.date.is_none() {
        let dated = |name: &str| {
            words(name).any(|(_, word)| is_one_of(word, &["date", "generated", "updated", "fecha", "datum"]))
        };
        meta.date = meta
            .others
            .iter()
            .find(|(name, field)| dated(name) && field.value.bytes().any(|b| b.is_ascii_digit()))
            .map(|(_, field)| field.clone());
    }
    meta
}

/// The end of YAML front matter, and where the body starts; zeros when there is none.
fn front_matter(text: &str) -> (usize, usize) {
    let Some(rest) = text
        .strip_prefix("---\n")
        .or_else(|| text.strip_prefix("---\r\n"))
    else {
        return (0, 0);
    };
    let start = text.len() - rest.len();
    let mut at = start;
    for line in rest.split_inclusive('\n').take(60) {
        if matches!(line.trim_end(), "---" | "...") {
            return (at, at + line.len());
        }
        at += line.len();
    }
    (0, 0)
}

fn starts_bold(line: &str) -> bool {
    let line = line.trim_start_matches(['-', ' ', '|', '>', '*']);
    line.contains("**") || line.contains("__")
}

/// `**Name**: value`, `**Name:** value`, `Name: value`, `*Name: value*`, `| Name | value |`.
fn field(line: &str, yaml: bool) -> Option<(&str, &str)> {
    let line = line.trim();
    if line.starts_with('#')
        || line.starts_with('[')
        || line.is_empty()
        || line.starts_with("- [")
        || line.starts_with("* [")
    {
        return None;
    }
    let (name, value) = if let Some(row) = line.strip_prefix('|') {
        let mut cells = row.trim_end_matches('|').split('|');
        let (name, value) = (cells.next()?, cells.next()?);
        if cells.next().is_some() || !known(bare(name)) {
            return None;
        }
        (name, value)
    } else {
        let colon = line.bytes().take(48).position(|b| b == b':')?;
        (line.get(..colon)?, line.get(colon + 1..)?)
    };
    if name.contains('`') || name.contains('[') || value.starts_with("//") {
        return None;
    }
    let name = bare(name);
    let value = value
        .trim()
        .trim_start_matches(['*', '_'])
        .trim()
        .trim_end_matches(['\\', ' ']);
    let value = value
        .strip_suffix("**")
        .or_else(|| value.strip_suffix('*'))
        .filter(|cut| cut.matches("**").count() % 2 == 0)
        .unwrap_or(value);
    let value = if yaml {
        value.trim_matches(['"', '\''])
    } else {
        value
    };
    let count = words(name).count();
    let fits = !name.is_empty()
        && count <= 4
        && !value.is_empty()
        && value.len() <= 200
        && name
            .bytes()
            .next()
            .is_some_and(|b| b.is_ascii_alphabetic() || b >= 0x80);
    fits.then_some((name, value))
}

#[rustfmt::skip]
const DATES: &[&str] = &[
    "date", "fecha", "datum", "data", "review date", "audit date", "report date", "assessment date",
    "generated", "created", "date created",
];
#[rustfmt::skip]
const AUTHORS: &[&str] = &[
    "author", "authors", "engineer", "architect", "prepared by", "reviewer", "auditor", "lead auditor",
    "lead", "maintainer", "release manager", "written by", "autor", "owner", "document owner", "owner of
    document", "auteur", "author(s", "author(s)",
];
const BRANCHES: &[&str] = &["branch", "git branch", "rama", "branche"];
const VERSIONS: &[&str] = &["version", "document version", "doc version", "versión", "versão"];
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "status", "review status", "last updated", "updated", "commit", "commits", "report generated",
    "session focus", "next session", "next review", "project", "environment", "release", "target", "target
    date", "estimated production launch", "session status", "reviewed by", "approved by", "repository",
    "team", "scope", "launch date", "priority",
];

fn known(name: &str) -> bool {
    [DATES, AUTHORS, OTHERS, BRANCHES, VERSIONS]
        .iter()
        .any(|list| is_one_of(name, list))
}

fn put(meta: &mut Meta, name: &str, value: &str, line: u32, bold: bool) {
    let plain = |value: &str| MetaField {
        value: value.replace("**", "").trim().into(),
        line,
    };
    let slot = if is_one_of(name, DATES) {
        &mut meta.date
    } else if is_one_of(name, AUTHORS) {
        &mut meta.author
    } else if is_one_of(name, BRANCHES) {
        &mut meta.branch
    } else if is_one_of(name, VERSIONS) {
        &mut meta.version
    } else {
        // A sentence with a colon is no field.
        if (bold || known(name))
            && !meta
                .others
                .iter()
                .any(|(other, _)| other.eq_ignore_ascii_case(name))
            && meta.others.len() < 24
        {
            meta.others.push((name.into(), plain(value)));
        }
        return;
    };
    if slot.is_none() {
        let mut field = plain(value);
        if is_one_of(name, BRANCHES) {
            field.value = value.trim_matches(['`', '*', ' ']).into();
        }
        *slot = Some(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(text: &str) -> Meta {
        read(text, &Outline::of(text))
    }

    fn value(field: &Option<MetaField>) -> Option<(&str, u32)> {
        field.as_ref().map(|field| (&*field.value, field.line))
    }

    #[test]
    fn fields_are_read_in_every_form() {
        let text = "# Ready\n\n**Date**: 2025-10-08  \n**Engineer:** Ann\n**Branch**: `feature/x`\n**Review Status:** open\n\n---\n\n## One\n\ntext\n";
        let found = meta(text);
        assert_eq!(value(&found.date), Some(("2025-10-08", 3)));
        assert_eq!(value(&found.author), Some(("Ann", 4)));
        assert_eq!(value(&found.branch), Some(("feature/x", 5)));
        assert_eq!(
            found.others.iter().map(|(name, _)| &**name).collect::<Vec<_>>(),
            ["Review Status"]
        );
    }

    #[test]
    fn front_matter_tables_and_footers_are_read() {
        let yaml = meta("---\ndate: 2025-01-02\nauthor: \"Bo\"\n---\n\n# T\n");
        assert_eq!(
            (value(&yaml.date), value(&yaml.author)),
            (Some(("2025-01-02", 2)), Some(("Bo", 3)))
        );
        let table = meta("# T\n\n| Field | Value |\n|---|---|\n| Version | 2.1 |\n| Author | Cy |\n");
        assert_eq!(
            (value(&table.version), value(&table.author)),
            (Some(("2.1", 5)), Some(("Cy", 6)))
        );
        let long = format!(
            "# T\n\n{}\n---\n\n*Author: Di*\n*Date: 2025-03-04*",
            "text\n\n".repeat(40)
        );
        let footer = meta(&long);
        assert_eq!(value(&footer.author).map(|(name, _)| name), Some("Di"));
        assert_eq!(value(&footer.date).map(|(date, _)| date), Some("2025-03-04"));
    }

    #[test]
    fn sentences_code_and_late_labels_are_no_fields() {
        let found = meta(
            "# T\n\nNote that this: is a sentence.\n\n```\nDate: 2020-01-01\n```\n\n## A\n\n## B\n\nDate: 2021-01-01\n\n## C\n",
        );
        assert_eq!(found, Meta::default());
    }
}
