//! GitHub's list of code scanning alerts, as its API answers.
//!
//! One per open alert; dismissed and fixed ones are suppressed. The severity is the rule's `security_severity_level`; an
//! answer that refuses (no permission, not enabled) is a scan that did not run.
//!
//! Its fixtures are written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct GithubCodeScanning;

impl Format for GithubCodeScanning {
    fn name(&self) -> &'static str {
        "github-code-scanning"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*code-scanning*.json", "*code_scanning*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let place = ["most_recent_instance", "instances_url", "dismissed_reason"];
        if head.has("rule") && head.has("tool") && head.has("state") && place.iter().any(|key| head.has(key))
        {
            Sniff::Certain
        } else if refused(head) && head.contains("/code-scanning") {
            Sniff::Likely
        } else if found::empty_list(head, "code-scanning") || found::empty_list(head, "code_scanning") {
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let alerts = found::pages::<Alert<'_>>(file.bytes)?;
        let mut report = ScanReport {
            ran: !alerts.is_empty(),
            ..ScanReport::default()
        };
        found::full_page(&mut report, file, alerts.len());
        if alerts.is_empty() {
            let hint = "Look at the list of analyses (`code-scanning/analyses`), which says what ran.";
            found::not_said(
                &mut report,
                file,
                "an empty list does not say that anything was scanned",
                hint,
            );
        }
        let mut tools: Vec<Box<str>> = Vec::new();
        let mut commits: Vec<Box<str>> = Vec::new();
        for alert in alerts {
            if !alert.message.is_empty() {
                report.ran = false;
                let what = format!("GitHub refused the list: {}", found::sentence(&alert.message));
                found::problem(&mut report, file, ProblemSeverity::Error, &what);
                continue;
            }
            let tool = alert.tool.0.unwrap_or_default().name;
            if tools.len() < 10 && !tools.iter().any(|known| **known == *tool) {
                tools.push(tool.0.as_ref().into());
            }
            if &*alert.state != "open" && !alert.state.is_empty() {
                report.suppressed = report.suppressed.saturating_add(1);
                continue;
            }
            let instance = alert.most_recent_instance.0.unwrap_or_default();
            if commits.len() < 2 && !commits.iter().any(|known| **known == *instance.commit_sha) {
                commits.push(instance.commit_sha.0.as_ref().into());
            }
            let place = instance.location.0.unwrap_or_default();
            let rule = alert.rule.0.unwrap_or_default();
            let said = instance.message.0.unwrap_or_default();
            let word = if rule.security_severity_level.is_empty() {
                &rule.severity
            } else {
                &rule.security_severity_level
            };
            report.findings.push(Finding {
                rule: if rule.id.is_empty() { &rule.name } else { &rule.id }
                    .0
                    .as_ref()
                    .into(),
                severity: FindingSeverity::parse(word),
                message: found::first(&[&said.text, &rule.description]),
                path: place.path.boxed(),
                line: found::line(place.start_line),
                more: found::rare(FindingMore {
                    link: alert.html_url.boxed(),
                    ..FindingMore::default()
                }),
            });
        }
        report.tool = match &*tools {
            [] => "GitHub code scanning".into(),
            tools => tools.join(", ").into(),
        };
        // Alerts of several commits belong to none.
        if let [commit] = &mut *commits {
            report.commit = Some(std::mem::take(commit)).filter(|commit| !commit.is_empty());
        }
        Ok(Parsed::Scan(report))
    }
}

/// Whether the document is GitHub's answer to a request that it did not grant.
pub(super) fn refused(head: &Head<'_>) -> bool {
    !head.is_array()
        && head.has("message")
        && head.has("documentation_url")
        && head.contains("docs.github.com")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Alert<'a> {
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    state: Text<'a>,
    #[serde(borrow)]
    html_url: Text<'a>,
    #[serde(borrow)]
    rule: Object<Rule<'a>>,
    #[serde(borrow)]
    tool: Object<Tool<'a>>,
    #[serde(borrow)]
    most_recent_instance: Object<Instance<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Rule<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    security_severity_level: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tool<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Instance<'a> {
    #[serde(borrow)]
    commit_sha: Text<'a>,
    #[serde(borrow)]
    message: Object<Said<'a>>,
    #[serde(borrow)]
    location: Object<Location<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said<'a> {
    #[serde(borrow)]
    text: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Location<'a> {
    #[serde(borrow)]
    path: Text<'a>,
    start_line: Number,
}
