//! ESLint's `json` and `json-with-metadata` reports.
//!
//! One per message, suppressed messages apart. Levels (1 warning, 2 error) are no severity.

use serde::Deserialize;

use crate::formats::found::{self, Many};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, ScanReport};

/// The format.
pub struct Eslint;

impl Format for Eslint {
    fn name(&self) -> &'static str {
        "eslint"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["eslint*.json", "*-eslint.json", "*eslint-report*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let plain = head.is_array() && head.has("filePath") && head.has("messages");
        if plain || (head.has("results[].filePath") && head.has("results[].messages")) {
            Sniff::Certain
        } else if found::empty_list(head, "eslint") {
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Many<Source<'_>> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "ESLint".into(),
            ..ScanReport::default()
        };
        for source in whole.0 {
            let inner = source.results.0;
            add(
                source.file_path,
                source.messages,
                &source.suppressed_messages,
                &mut report,
            );
            for source in inner.into_iter().filter_map(|source| source.0) {
                add(
                    source.file_path,
                    source.messages,
                    &source.suppressed_messages,
                    &mut report,
                );
            }
        }
        if !report.ran {
            let hint = "Check which files ESLint is asked to look at.";
            found::not_said(
                &mut report,
                file,
                "the report names no file: nothing was linted",
                hint,
            );
        }
        Ok(Parsed::Scan(report))
    }
}

fn add(
    path: Text<'_>,
    messages: Messages<'_>,
    suppressed: &List<serde::de::IgnoredAny>,
    report: &mut ScanReport,
) {
    report.ran |= !path.is_empty() || !messages.0.is_empty();
    report.suppressed = report.suppressed.saturating_add(found::count(suppressed.0.len()));
    for message in messages.into_iter().filter_map(|message| message.0) {
        report.findings.push(Finding {
            rule: if message.rule_id.is_empty() {
                "parsing".into()
            } else {
                message.rule_id.0.as_ref().into()
            },
            message: found::sentence(&message.message),
            path: found::shared(&path),
            line: found::line(message.line),
            ..Finding::default()
        });
    }
}

type Messages<'a> = List<Object<Message<'a>>>;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Source<'a> {
    #[serde(borrow)]
    file_path: Text<'a>,
    #[serde(borrow)]
    messages: Messages<'a>,
    suppressed_messages: List<serde::de::IgnoredAny>,
    #[serde(borrow)]
    results: List<Object<Inner<'a>>>,
}

/// A file in the report with metadata.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Inner<'a> {
    #[serde(borrow)]
    file_path: Text<'a>,
    #[serde(borrow)]
    messages: Messages<'a>,
    suppressed_messages: List<serde::de::IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Message<'a> {
    #[serde(borrow)]
    rule_id: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
    line: Number,
}
