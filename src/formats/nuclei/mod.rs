//! Nuclei's JSON lines and its JSON list.
//!
//! One per match; lines that say that nothing matched (`matcher-status` false) are left out. A run without a match leaves an
//! empty file, which is no report.
//!
//! Its fixtures are written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct Nuclei;

impl Format for Nuclei {
    fn name(&self) -> &'static str {
        "nuclei"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["nuclei*.json", "nuclei*.jsonl"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let id = head.has("template-id") || head.has("templateID");
        if id && (head.has("info.severity") || head.has("info.name") || head.has("info")) {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let matches = found::stream::<Match<'_>>(file.bytes)?;
        let mut report = ScanReport {
            tool: "Nuclei".into(),
            ran: !matches.is_empty(),
            produced_at: matches.last().and_then(|one| one.timestamp.boxed()),
            ..ScanReport::default()
        };
        let matches = matches.into_iter().filter(|one| &*one.matcher_status != "false");
        report.findings = matches.map(finding).collect();
        Ok(Parsed::Scan(report))
    }
}

fn finding(one: Match<'_>) -> Finding {
    let info = one.info.0.unwrap_or_default();
    let rule = if one.template_id.is_empty() {
        &one.old_id
    } else {
        &one.template_id
    };
    let classification = info.classification.0.unwrap_or_default();
    let reference = info.reference.0.first().and_then(Text::boxed);
    let name = found::first(&[&info.name, rule]);
    Finding {
        rule: rule.0.as_ref().into(),
        severity: FindingSeverity::parse(&info.severity),
        message: if one.matcher_name.is_empty() {
            name
        } else {
            format!("{name} ({})", found::sentence(&one.matcher_name)).into()
        },
        path: one
            .matched_at
            .boxed()
            .or_else(|| one.matched.boxed())
            .or_else(|| one.host.boxed()),
        line: None,
        more: found::rare(FindingMore {
            aliases: found::aliases(rule, classification.cve_id.0.iter().map(|name| &**name)),
            link: reference.or_else(|| one.template_url.boxed()),
            ..FindingMore::default()
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Match<'a> {
    #[serde(borrow)]
    template_id: Text<'a>,
    #[serde(borrow, rename = "templateID")]
    old_id: Text<'a>,
    #[serde(borrow)]
    template_url: Text<'a>,
    #[serde(borrow)]
    info: Object<Info<'a>>,
    #[serde(borrow)]
    matcher_name: Text<'a>,
    #[serde(borrow)]
    matcher_status: Text<'a>,
    #[serde(borrow)]
    host: Text<'a>,
    #[serde(borrow)]
    matched_at: Text<'a>,
    #[serde(borrow)]
    matched: Text<'a>,
    #[serde(borrow)]
    timestamp: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Info<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    reference: List<Text<'a>>,
    #[serde(borrow)]
    classification: Object<Classification<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Classification<'a> {
    #[serde(borrow)]
    cve_id: List<Text<'a>>,
}
