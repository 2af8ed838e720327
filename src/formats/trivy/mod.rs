//! Trivy's JSON: schema 2, the bare list of schema 1, and the reports of a cluster.
//!
//! One per vulnerability, failed check, secret and licence. Checks that passed do not count; what an ignore file, VEX or
//! an exception took away is suppressed.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use crate::formats::found::{self, rare};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct Trivy;

impl Format for Trivy {
    fn name(&self) -> &'static str {
        "trivy"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "trivy*.json",
            "*-trivy.json",
            "*trivy-report*.json",
            "*trivy-results*.json",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let both = |a: &str, b: &str| head.has(a) && head.has(b);
        if head.is_array() {
            let parts = [
                "Vulnerabilities",
                "Type",
                "Class",
                "Misconfigurations",
                "Secrets",
                "Licenses",
                "Packages",
            ];
            let some = head.has("Target") && parts.iter().any(|part| head.has(part));
            return if some { Sniff::Certain } else { Sniff::No };
        }
        if both("SchemaVersion", "ArtifactName")
            || both("SchemaVersion", "ArtifactType")
            || head.has("Results[].Target")
            || both("ClusterName", "Resources")
            || both("ClusterName", "Vulnerabilities")
            || both("ClusterName", "Misconfigurations")
            || both("ClusterName", "Findings")
        {
            Sniff::Certain
        } else if both("SchemaVersion", "Results") || both("ArtifactName", "Results") {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut report = ScanReport {
            tool: "Trivy".into(),
            ..ScanReport::default()
        };
        if file.bytes.trim_ascii_start().starts_with(b"[") {
            let all: Vec<Target<'_>> = json::read(file.bytes)?;
            report.ran = !all.is_empty();
            all.into_iter().for_each(|target| add(target, &mut report));
        } else {
            let whole: Whole<'_> = json::read(file.bytes)?;
            report.produced_at = whole.created_at.boxed();
            report.commit = whole
                .metadata
                .0
                .as_ref()
                .and_then(|metadata| metadata.commit.boxed());
            report.ran = whole.results.is_some();
            let lists = [
                whole.resources,
                whole.vulnerabilities,
                whole.misconfigurations,
                whole.findings,
            ];
            for resource in lists.into_iter().flatten().flatten() {
                report.ran = true;
                let name = [&*resource.namespace, &*resource.kind, &*resource.name].join("/");
                for mut target in resource.results.into_iter().flatten() {
                    target.resource.clone_from(&name);
                    add(target, &mut report);
                }
            }
            if let Some(Added {
                mut findings,
                suppressed,
            }) = whole.results
            {
                if report.findings.is_empty() {
                    report.findings = findings;
                } else {
                    report.findings.append(&mut findings);
                }
                report.suppressed = report.suppressed.saturating_add(suppressed);
            }
        }
        if !report.ran {
            let hint = "let Trivy scan something it knows: lockfiles, images, configuration";
            found::not_said(
                &mut report,
                file,
                "no `Results`: Trivy found nothing that it can scan",
                hint,
            );
        }
        report.findings.shrink_to_fit();
        Ok(Parsed::Scan(report))
    }
}

/// Findings of a list of targets, taken out of each as soon as it is read: the list is most of the file.
#[derive(Debug, Default)]
struct Added {
    findings: Vec<Finding>,
    suppressed: u32,
}

impl<'de> Deserialize<'de> for Added {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Added;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of results")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Added, A::Error> {
                let mut report = ScanReport::default();
                while let Some(target) = seq.next_element::<Target<'de>>()? {
                    add(target, &mut report);
                }
                Ok(Added {
                    findings: report.findings,
                    suppressed: report.suppressed,
                })
            }
        }
        deserializer.deserialize_seq(V)
    }
}

fn add(target: Target<'_>, report: &mut ScanReport) {
    let place = if target.resource.is_empty() {
        target.target.to_string()
    } else {
        format!("{} {}", target.resource, &*target.target)
    };
    let path = |own: &Text<'_>| {
        own.boxed()
            .or_else(|| (!place.is_empty()).then(|| place.as_str().into()))
    };
    for Found(mut found) in target.vulnerabilities.into_iter().flatten() {
        found.path = found.path.take().or_else(|| path(&Text::default()));
        report.findings.push(found);
    }
    for check in target.misconfigurations.into_iter().flatten() {
        match &*check.status {
            "PASS" => {}
            "EXCEPTION" => report.suppressed = report.suppressed.saturating_add(1),
            _ => report.findings.push(check.finding(path(&Text::default()))),
        }
    }
    for secret in target.secrets.into_iter().flatten() {
        report.findings.push(Finding {
            rule: secret.rule_id.0.as_ref().into(),
            severity: FindingSeverity::parse(&secret.severity),
            // Never the match itself: it is the secret.
            message: found::first(&[&secret.title, &secret.category]),
            path: path(&Text::default()),
            line: found::line(secret.start_line),
            more: None,
        });
    }
    for licence in target.licenses.into_iter().flatten() {
        report.findings.push(Finding {
            rule: licence.name.0.as_ref().into(),
            severity: FindingSeverity::parse(&licence.severity),
            message: found::sentence(&format!("licence {} ({})", &*licence.name, &*licence.category)),
            path: path(&licence.file_path),
            line: None,
            more: rare(FindingMore {
                package: licence.pkg_name.boxed(),
                link: licence.link.boxed(),
                ..FindingMore::default()
            }),
        });
    }
    report.suppressed = report
        .suppressed
        .saturating_add(found::count(target.modified.0.len()));
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Whole<'a> {
    #[serde(borrow)]
    created_at: Text<'a>,
    #[serde(borrow)]
    metadata: Object<Metadata<'a>>,
    results: Option<Added>,
    #[serde(borrow)]
    resources: Option<Vec<Resource<'a>>>,
    #[serde(borrow)]
    vulnerabilities: Option<Vec<Resource<'a>>>,
    #[serde(borrow)]
    misconfigurations: Option<Vec<Resource<'a>>>,
    #[serde(borrow)]
    findings: Option<Vec<Resource<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Metadata<'a> {
    #[serde(borrow)]
    commit: Text<'a>,
}

/// An object of a cluster.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Resource<'a> {
    #[serde(borrow)]
    namespace: Text<'a>,
    #[serde(borrow)]
    kind: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    results: Option<Vec<Target<'a>>>,
}

/// What was found in one target. Lists that are no lists are an error: they might hold findings.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Target<'a> {
    #[serde(borrow)]
    target: Text<'a>,
    #[serde(skip)]
    resource: String,
    vulnerabilities: Option<Vec<Found>>,
    #[serde(borrow)]
    misconfigurations: Option<Vec<Check<'a>>>,
    #[serde(borrow)]
    secrets: Option<Vec<Secret<'a>>>,
    #[serde(borrow)]
    licenses: Option<Vec<Licence<'a>>>,
    #[serde(rename = "ExperimentalModifiedFindings")]
    modified: List<IgnoredAny>,
}

/// A vulnerability that is a finding as soon as it is read: there may be very many.
#[derive(Debug)]
struct Found(Finding);

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vulnerability::deserialize(deserializer).map(|own| Self(own.finding()))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Vulnerability<'a> {
    #[serde(borrow, rename = "VulnerabilityID")]
    id: Text<'a>,
    #[serde(borrow, rename = "VendorIDs")]
    vendor_ids: List<Text<'a>>,
    #[serde(borrow)]
    pkg_name: Text<'a>,
    #[serde(borrow)]
    pkg_path: Text<'a>,
    #[serde(borrow)]
    installed_version: Text<'a>,
    #[serde(borrow)]
    fixed_version: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow, rename = "PrimaryURL")]
    primary_url: Text<'a>,
    #[serde(borrow)]
    fingerprint: Text<'a>,
}

impl Vulnerability<'_> {
    fn finding(&self) -> Finding {
        Finding {
            rule: self.id.0.as_ref().into(),
            severity: FindingSeverity::parse(&self.severity),
            message: found::first(&[&self.title, &self.description, &self.pkg_name]),
            path: self.pkg_path.boxed(),
            line: None,
            more: rare(FindingMore {
                package: self.pkg_name.boxed(),
                version: self.installed_version.boxed(),
                fix: self.fixed_version.boxed(),
                aliases: found::aliases(&self.id, self.vendor_ids.0.iter().map(|id| &**id)),
                link: self.primary_url.boxed(),
                fingerprint: self.fingerprint.boxed(),
            }),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Check<'a> {
    #[serde(borrow, rename = "ID")]
    id: Text<'a>,
    #[serde(borrow, rename = "AVDID")]
    avd_id: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow, rename = "PrimaryURL")]
    primary_url: Text<'a>,
    cause_metadata: Object<Cause>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Cause {
    start_line: Number,
}

impl Check<'_> {
    fn finding(&self, path: Option<Box<str>>) -> Finding {
        let rule = if self.id.is_empty() {
            &self.avd_id
        } else {
            &self.id
        };
        Finding {
            rule: rule.0.as_ref().into(),
            severity: FindingSeverity::parse(&self.severity),
            message: found::first(&[&self.message, &self.title]),
            path,
            line: self
                .cause_metadata
                .0
                .as_ref()
                .and_then(|cause| found::line(cause.start_line)),
            more: rare(FindingMore {
                aliases: found::aliases(rule, [&*self.avd_id]),
                link: self.primary_url.boxed(),
                ..FindingMore::default()
            }),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Secret<'a> {
    #[serde(borrow, rename = "RuleID")]
    rule_id: Text<'a>,
    #[serde(borrow)]
    category: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    start_line: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Licence<'a> {
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    category: Text<'a>,
    #[serde(borrow)]
    pkg_name: Text<'a>,
    #[serde(borrow)]
    file_path: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    link: Text<'a>,
}
