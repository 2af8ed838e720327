//! `osv-scanner.toml`: ignored vulnerabilities and ignored packages.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::purl::Purl;
use super::{File, Subject, moment};
use crate::text::SourceText;

/// Reads `[[IgnoredVulns]]` and `[[PackageOverrides]]`.
pub(super) fn read(source: &SourceText, file: &mut File<'_>) {
    let text = source.text();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = match DeTable::parse(text) {
        Ok(root) => root.into_inner(),
        Err(error) => {
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            return file.unclear(line, "this is no TOML");
        }
    };
    for table in tables(&root, "IgnoredVulns") {
        let line = line_of(text, table.span().start);
        let Some(fields) = table.get_ref().as_table() else {
            file.unclear(line, "this ignored vulnerability is no table");
            continue;
        };
        let Some(id) = word(fields, "id").filter(|id| !id.trim().is_empty()) else {
            file.unclear(line, "this ignored vulnerability has no `id`");
            continue;
        };
        let mut rule = file.rule(id.trim(), line);
        rule.reason = word(fields, "reason").unwrap_or_default().into();
        match end(fields, "ignoreUntil") {
            Ok(end) => {
                rule.expires = end;
                file.push(rule);
            }
            Err(()) => file.unclear(line, "`ignoreUntil` is no day"),
        }
    }
    for table in tables(&root, "PackageOverrides") {
        let line = line_of(text, table.span().start);
        let Some(fields) = table.get_ref().as_table() else {
            file.unclear(line, "this package override is no table");
            continue;
        };
        let flag = |table: &DeTable<'_>| table.get("ignore").and_then(|flag| flag.get_ref().as_bool());
        let vulnerability = fields
            .get("vulnerability")
            .and_then(|inner| inner.get_ref().as_table());
        let ignored = flag(fields) == Some(true) || vulnerability.and_then(flag) == Some(true);
        if !ignored {
            // It overrides a licence or the like.
            continue;
        }
        let mut rule = file.rule("", line);
        rule.reason = word(fields, "reason").unwrap_or_default().into();
        rule.subject = match word(fields, "name") {
            Some(name) if word(fields, "group").is_none_or(str::is_empty) => {
                let version = word(fields, "version").filter(|version| !version.is_empty());
                Subject::Packages(vec![Purl::named(name, version)])
            }
            Some(_) => Subject::Unknown("reports do not tell the group of dependencies that it names".into()),
            None => Subject::Unknown("it names no package".into()),
        };
        match end(fields, "effectiveUntil") {
            Ok(end) => {
                rule.expires = end;
                file.push(rule);
            }
            Err(()) => file.unclear(line, "`effectiveUntil` is no day"),
        }
    }
}

/// The tables of an array, one table standing for an array of one.
fn tables<'t, 'i>(root: &'t DeTable<'i>, name: &str) -> Vec<&'t Spanned<DeValue<'i>>> {
    let Some(value) = root.get(name) else {
        return Vec::new();
    };
    match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    }
}

fn word<'t>(fields: &'t DeTable<'_>, name: &str) -> Option<&'t str> {
    fields.get(name)?.get_ref().as_str()
}

/// The end that a field names; none when there is no such field.
fn end(fields: &DeTable<'_>, name: &str) -> Result<Option<jiff::Timestamp>, ()> {
    let Some(value) = fields.get(name) else {
        return Ok(None);
    };
    let text = match value.get_ref() {
        DeValue::Datetime(at) => at.to_string(),
        DeValue::String(text) => text.to_string(),
        _ => return Err(()),
    };
    moment(&text).map(Some).ok_or(())
}

fn line_of(text: &str, at: usize) -> u32 {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
}
