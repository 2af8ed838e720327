//! Hadolint's JSON.
//!
//! One per entry. A clean run writes `[]`, which names no tool and says of no file that it was looked at.

use serde::Deserialize;

use crate::formats::found::{self, Many};
use crate::formats::head::Head;
use crate::formats::json::{self, Number, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct Hadolint;

impl Format for Hadolint {
    fn name(&self) -> &'static str {
        "hadolint"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["hadolint*.json", "*-hadolint.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let keys = ["code", "level", "line", "column", "file", "message"];
        // ShellCheck has the same keys, an end and codes that are numbers.
        let all = head.is_array() && keys.iter().all(|key| head.has(key)) && !head.has("endLine");
        let codes = ["\"DL", "\"SC"].iter().any(|code| head.contains(code));
        match (all, codes) {
            (true, true) => Sniff::Certain,
            (true, false) => Sniff::Likely,
            _ if found::empty_list(head, "hadolint") => Sniff::Maybe,
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Many<Entry<'_>> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "hadolint".into(),
            ran: !whole.0.is_empty(),
            ..ScanReport::default()
        };
        if whole.0.is_empty() {
            let hint = "Write the report as SARIF (`--format sarif`), which says that the tool ran.";
            found::not_said(
                &mut report,
                file,
                "an empty list does not say that hadolint ran",
                hint,
            );
        }
        report.findings = whole.0.into_iter().map(finding).collect();
        Ok(Parsed::Scan(report))
    }
}

fn finding(entry: Entry<'_>) -> Finding {
    let page = match entry.code.get(..2) {
        Some("DL") => "https://github.com/hadolint/hadolint/wiki/",
        Some("SC") => "https://www.shellcheck.net/wiki/",
        _ => "",
    };
    Finding {
        rule: entry.code.0.as_ref().into(),
        severity: FindingSeverity::parse(&entry.level),
        message: found::sentence(&entry.message),
        path: entry.file.boxed(),
        line: found::line(entry.line),
        more: found::rare(FindingMore {
            link: (!page.is_empty()).then(|| format!("{page}{}", &*entry.code).into()),
            ..FindingMore::default()
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry<'a> {
    #[serde(borrow)]
    code: Text<'a>,
    #[serde(borrow)]
    file: Text<'a>,
    #[serde(borrow)]
    level: Text<'a>,
    line: Number,
    #[serde(borrow)]
    message: Text<'a>,
}
