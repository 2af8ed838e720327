//! Reports of the Trivy operator as Kubernetes keeps them: one, a list of them, or lists by kind.
//!
//! One per vulnerability, secret and failed check.
//!
//! Its fixtures are written by hand after the operator's documentation.

use serde::Deserialize;

use crate::formats::found::{self, Listed, Many};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct TrivyOperator;

impl Format for TrivyOperator {
    fn name(&self) -> &'static str {
        "trivy-operator"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["trivy-operator*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let own = head.contains("aquasecurity.github.io/v1alpha1");
        let kinds = [
            "VulnerabilityReport",
            "ConfigAuditReport",
            "ExposedSecretReport",
            "ComplianceReport",
            "AssessmentReport",
        ];
        if own
            && head.contains("\"apiVersion\"")
            && kinds.iter().any(|kind| head.contains(&format!("{kind}\"")))
        {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let Many(mut resources) = json::read::<Many<Resource<'_>>>(file.bytes)?;
        if resources.iter().all(|resource| resource.kind.is_empty()) {
            // An object whose members are lists of resources.
            resources = json::read::<Listed<Resource<'_>>>(file.bytes)?.0;
        }
        let mut report = ScanReport {
            tool: "Trivy".into(),
            ..ScanReport::default()
        };
        // A stack, turned so that the order of the file is kept.
        resources.reverse();
        while let Some(resource) = resources.pop() {
            resources.extend(resource.items.0.into_iter().rev());
            let detail = resource.status.0.and_then(|status| status.detail_report.0);
            for body in resource.report.0.into_iter().chain(detail) {
                report.ran = true;
                let time = body.update_timestamp.0.as_ref();
                let older = report.produced_at.as_deref().is_none_or(|known| time < known);
                if !time.is_empty() && older {
                    // The list is as old as its oldest report.
                    report.produced_at = Some(time.into());
                }
                add(body, &resource.metadata, &mut report);
            }
        }
        if !report.ran {
            let hint = "Ask for the reports themselves (`kubectl get vulnerabilityreports -o json`).";
            found::not_said(&mut report, file, "no resource carries a report", hint);
        }
        Ok(Parsed::Scan(report))
    }
}

fn add(body: Body<'_>, metadata: &Object<Metadata<'_>>, report: &mut ScanReport) {
    let resource = metadata
        .0
        .as_ref()
        .and_then(|metadata| found::shared(&metadata.name));
    let results = body
        .results
        .into_iter()
        .filter_map(|result| result.0)
        .flat_map(|result| {
            let severity = result.severity;
            result
                .checks
                .into_iter()
                .filter_map(|check| check.0)
                .map(move |mut check| {
                    if check.severity.is_empty() {
                        check.severity = severity.clone();
                    }
                    check
                })
        });
    let lists = [body.vulnerabilities, body.secrets, body.checks];
    let own = lists.into_iter().flatten().filter_map(|one| one.0);
    for one in own.chain(results).filter(|one| &*one.success != "true") {
        let rule = [&one.vulnerability_id, &one.rule_id, &one.check_id]
            .into_iter()
            .find(|rule| !rule.is_empty());
        let said = one.messages.0.first().map_or("", |message| &**message);
        report.findings.push(Finding {
            rule: rule.map_or("", |rule| &**rule).into(),
            severity: FindingSeverity::parse(&one.severity),
            message: found::first(&[&one.title, said, &one.description]),
            path: one.target.boxed().or_else(|| resource.clone()),
            line: None,
            more: found::rare(FindingMore {
                package: one.resource.boxed(),
                version: one.installed_version.boxed(),
                fix: one.fixed_version.boxed(),
                link: one.primary_link.boxed(),
                ..FindingMore::default()
            }),
        });
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resource<'a> {
    #[serde(borrow)]
    kind: Text<'a>,
    #[serde(borrow)]
    metadata: Object<Metadata<'a>>,
    #[serde(borrow)]
    report: Object<Body<'a>>,
    #[serde(borrow)]
    status: Object<Status<'a>>,
    #[serde(borrow)]
    items: Many<Resource<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status<'a> {
    #[serde(borrow)]
    detail_report: Object<Body<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body<'a> {
    #[serde(borrow, rename = "updateTimestamp")]
    update_timestamp: Text<'a>,
    #[serde(borrow)]
    vulnerabilities: List<Object<Outcome<'a>>>,
    #[serde(borrow)]
    secrets: List<Object<Outcome<'a>>>,
    #[serde(borrow)]
    checks: List<Object<Outcome<'a>>>,
    #[serde(borrow)]
    results: List<Object<Control<'a>>>,
}

/// A control of a compliance report.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Control<'a> {
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    checks: List<Object<Outcome<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Outcome<'a> {
    #[serde(borrow, rename = "vulnerabilityID")]
    vulnerability_id: Text<'a>,
    #[serde(borrow, rename = "ruleID")]
    rule_id: Text<'a>,
    #[serde(borrow, rename = "checkID")]
    check_id: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    messages: List<Text<'a>>,
    #[serde(borrow)]
    success: Text<'a>,
    #[serde(borrow)]
    target: Text<'a>,
    #[serde(borrow)]
    resource: Text<'a>,
    #[serde(borrow)]
    installed_version: Text<'a>,
    #[serde(borrow)]
    fixed_version: Text<'a>,
    #[serde(borrow)]
    primary_link: Text<'a>,
}
