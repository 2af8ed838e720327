//! The audit report of the npm registry, which npm 6, pnpm and yarn pass on: advisories by their number.
//!
//! One finding per advisory, whatever the number of paths on which its package comes in; the metadata counts paths.

use std::borrow::Cow;

use serde::Deserialize;

use super::found::{self, boxed, rare};
use super::json::{Entries, List, Number, Object, Text};
use super::{File, ParseError};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// A whole report, or the document that stands in its place when the audit failed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Audit<'a> {
    #[serde(borrow)]
    pub(super) advisories: Object<Entries<'a, Object<Advisory<'a>>>>,
    #[serde(borrow)]
    pub(super) metadata: Object<Metadata<'a>>,
    #[serde(borrow)]
    muted: List<Text<'a>>,
    #[serde(borrow)]
    error: Failure<'a>,
    #[serde(borrow)]
    message: Text<'a>,
}

/// What the tool counted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata<'a> {
    #[serde(borrow)]
    pub(super) vulnerabilities: Counts<'a>,
}

/// Vulnerabilities by severity.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Counts<'a>(#[serde(borrow)] Object<Entries<'a, Number>>);

impl Counts<'_> {
    /// How many vulnerabilities the tool counts; `None` when it does not say.
    pub(super) fn total(&self) -> Option<u64> {
        let all = self.0.0.as_ref()?;
        let total = all.0.iter().find(|(word, _)| word == "total");
        let sum = || {
            let counts = all.0.iter().filter_map(|(_, count)| count.count());
            counts.fold(0_u64, u64::saturating_add)
        };
        Some(total.and_then(|(_, count)| count.count()).unwrap_or_else(sum))
    }
}

/// An error as an object or as text.
#[derive(Debug, Default)]
pub(super) struct Failure<'a>(pub(super) Option<Cow<'a, str>>);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FailureParts<'a> {
    #[serde(borrow)]
    code: Text<'a>,
    #[serde(borrow)]
    summary: Text<'a>,
    #[serde(borrow)]
    detail: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Failure<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Some(parts) = Object::<FailureParts<'de>>::deserialize(deserializer)?.0 else {
            return Ok(Self(None));
        };
        let texts = [parts.summary, parts.message, parts.detail, parts.code];
        let said = texts.into_iter().find(|text| !text.is_empty());
        Ok(Self(Some(said.unwrap_or_default().0)))
    }
}

/// An advisory and where its package comes in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Advisory<'a> {
    #[serde(borrow)]
    pub(super) id: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    module_name: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    github_advisory_id: Text<'a>,
    #[serde(borrow)]
    cves: List<Text<'a>>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    patched_versions: Text<'a>,
    #[serde(borrow)]
    findings: List<Object<Occurrence<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Occurrence<'a> {
    #[serde(borrow)]
    version: Text<'a>,
}

impl Advisory<'_> {
    /// As a finding; `key` is the number under which it is listed.
    pub(super) fn finding(&self, key: &str) -> Finding {
        let ghsa = if self.github_advisory_id.is_empty() {
            ghsa(&self.url).unwrap_or_default()
        } else {
            &self.github_advisory_id
        };
        let id = if self.id.is_empty() { key } else { &*self.id };
        let rule = if ghsa.is_empty() { id } else { ghsa };
        let first = self
            .findings
            .0
            .iter()
            .find_map(|occurrence| occurrence.0.as_ref());
        Finding {
            rule: rule.into(),
            severity: FindingSeverity::parse(&self.severity),
            message: found::sentence(&self.title),
            path: None,
            line: None,
            more: rare(FindingMore {
                package: self.module_name.boxed(),
                version: first.and_then(|first| first.version.boxed()),
                // `<0.0.0` is how the registry writes that nothing fixes it.
                fix: boxed(&self.patched_versions).filter(|fix| &**fix != "<0.0.0"),
                aliases: found::aliases(rule, self.cves.0.iter().map(|cve| &**cve)),
                link: self.url.boxed(),
                fingerprint: None,
            }),
        }
    }
}

/// The GHSA number at the end of an advisory's address.
pub(super) fn ghsa(url: &str) -> Option<&str> {
    url.rsplit('/').next().filter(|last| last.starts_with("GHSA-"))
}

/// Reads a report of the old shape.
///
/// # Errors
/// When it has neither advisories nor an error.
pub(super) fn read(audit: &Audit<'_>, tool: &str, file: &File<'_>) -> Result<ScanReport, ParseError> {
    let mut report = ScanReport {
        tool: tool.into(),
        suppressed: found::count(audit.muted.0.len()),
        ..ScanReport::default()
    };
    if failed(audit, &mut report, file) {
        return Ok(report);
    }
    let Some(advisories) = &audit.advisories.0 else {
        return Err(ParseError::whole(
            "an audit without `advisories`, and without an `error`",
        ));
    };
    for (key, advisory) in &advisories.0 {
        // What cannot be read might be a finding.
        let advisory = advisory
            .0
            .as_ref()
            .ok_or_else(|| ParseError::whole("an advisory that is no object"))?;
        report.findings.push(advisory.finding(key));
    }
    let counted = audit
        .metadata
        .0
        .as_ref()
        .and_then(|metadata| metadata.vulnerabilities.total());
    check(counted, &mut report, file);
    Ok(report)
}

/// Notes the error of an audit that failed; gives whether it did.
pub(super) fn failed(audit: &Audit<'_>, report: &mut ScanReport, file: &File<'_>) -> bool {
    let Some(said) = &audit.error.0 else { return false };
    let what = format!(
        "the audit failed: {}",
        found::first(&[said, &audit.message, "no reason given"])
    );
    found::not_said(
        report,
        file,
        &what,
        "run the audit again where it has a lockfile and reaches the registry",
    );
    true
}

/// Whether the tool's own count bears the list out: without a count, nothing says that it ran; with findings in the
/// count and none in the list, something was lost.
pub(super) fn check(counted: Option<u64>, report: &mut ScanReport, file: &File<'_>) {
    report.ran = counted.is_some();
    match counted {
        None => found::not_said(
            report,
            file,
            "the audit has no `metadata.vulnerabilities`: nothing says that it ran to its end",
            "run the audit again and keep the whole of its JSON",
        ),
        Some(counted) if counted > 0 && report.findings.is_empty() => {
            let what = format!("the tool counts {counted} vulnerabilities, but the file lists none");
            found::problem(report, file, ProblemSeverity::Error, &what);
        }
        Some(_) => {}
    }
}
