//! Grype's JSON: one per match, nothing deduplicated; ignored matches are suppressed.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::formats::found::{self, rare};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct Grype;

impl Format for Grype {
    fn name(&self) -> &'static str {
        "grype"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["grype*.json", "*-grype.json", "*grype-report*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let inner = [
            "vulnerability",
            "artifact",
            "relatedVulnerabilities",
            "matchDetails",
        ];
        let inner = inner
            .iter()
            .filter(|key| head.has(&format!("matches[].{key}")))
            .count();
        if !head.is_array() && head.has("matches") && (head.has("descriptor") || inner > 1) {
            Sniff::Certain
        } else if !head.is_array() && head.has("matches") && (inner > 0 || head.has("source.target")) {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let descriptor = whole.descriptor.0.unwrap_or_default();
        let mut report = ScanReport {
            tool: "Grype".into(),
            ran: whole.matches.is_some() && (!descriptor.name.is_empty() || whole.source.0.is_some()),
            produced_at: descriptor.timestamp.boxed(),
            suppressed: found::count(whole.ignored_matches.0.len()),
            findings: whole.matches.iter().flatten().map(Match::finding).collect(),
            ..ScanReport::default()
        };
        report.ran |= !report.findings.is_empty();
        if !report.ran {
            let hint = "run Grype again and keep the whole of its JSON";
            found::not_said(&mut report, file, "nothing says what Grype scanned", hint);
        }
        Ok(Parsed::Scan(report))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Whole<'a> {
    #[serde(borrow)]
    matches: Option<Vec<Match<'a>>>,
    ignored_matches: List<IgnoredAny>,
    source: Object<IgnoredAny>,
    #[serde(borrow)]
    descriptor: Object<Descriptor<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Descriptor<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    timestamp: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Match<'a> {
    #[serde(borrow)]
    vulnerability: Object<Vulnerability<'a>>,
    #[serde(borrow)]
    related_vulnerabilities: List<Object<Vulnerability<'a>>>,
    #[serde(borrow)]
    artifact: Object<Artifact<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    data_source: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    fix: Object<Fix<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fix<'a> {
    #[serde(borrow)]
    versions: List<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Artifact<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
    #[serde(borrow)]
    locations: List<Object<Location<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Location<'a> {
    #[serde(borrow)]
    path: Text<'a>,
}

impl Match<'_> {
    fn finding(&self) -> Finding {
        let (no_vulnerability, no_artifact) = (Vulnerability::default(), Artifact::default());
        let vulnerability = self.vulnerability.0.as_ref().unwrap_or(&no_vulnerability);
        let artifact = self.artifact.0.as_ref().unwrap_or(&no_artifact);
        let related = || {
            self.related_vulnerabilities
                .0
                .iter()
                .filter_map(|related| related.0.as_ref())
        };
        let said = related()
            .map(|related| &*related.description)
            .find(|text| !text.is_empty());
        let fixes: Vec<&str> = vulnerability
            .fix
            .0
            .iter()
            .flat_map(|fix| &fix.versions.0)
            .take(8)
            .map(|version| &**version)
            .collect();
        let location = artifact
            .locations
            .0
            .iter()
            .find_map(|location| location.0.as_ref());
        Finding {
            rule: vulnerability.id.0.as_ref().into(),
            severity: FindingSeverity::parse(&vulnerability.severity),
            message: found::first(&[
                &vulnerability.description,
                said.unwrap_or_default(),
                &artifact.name,
            ]),
            path: location.and_then(|location| location.path.boxed()),
            line: None,
            more: rare(FindingMore {
                package: artifact.name.boxed(),
                version: artifact.version.boxed(),
                fix: found::boxed(&fixes.join(", ")),
                aliases: found::aliases(&vulnerability.id, related().map(|related| &*related.id)),
                link: vulnerability.data_source.boxed(),
                fingerprint: None,
            }),
        }
    }
}
