//! GitLab's security reports: SAST, DAST, dependency, container and secret scanning.
//!
//! One per vulnerability. `scan.status` says whether the analyser ran; a report without `scan` says so by its findings only.
//!
//! Its fixtures are written by hand after GitLab's schemas.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct GitlabSecurity;

impl Format for GitlabSecurity {
    fn name(&self) -> &'static str {
        "gitlab-security"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["gl-*-report.json", "gl-*-report-*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let each = |key: &str| head.has(&format!("vulnerabilities[].{key}"));
        let scan = head.has("scan.scanner") || head.has("scan.type") || head.has("scan.analyzer");
        if head.is_array() || !head.has("vulnerabilities") || head.has("bomFormat") {
            Sniff::No
        } else if scan || (each("identifiers") && each("location")) {
            Sniff::Certain
        } else if head.has("version") && head.has("remediations") {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let scan = whole.scan.0.unwrap_or_default();
        let scanner = scan.scanner.0.unwrap_or_default();
        let own = whole
            .vulnerabilities
            .0
            .iter()
            .filter_map(|one| one.0.as_ref())
            .find_map(|one| one.scanner.0.as_ref());
        let tool = own.map_or("GitLab", |own| &own.name);
        let mut report = ScanReport {
            tool: if scanner.name.is_empty() {
                tool
            } else {
                &scanner.name
            }
            .into(),
            produced_at: scan.end_time.boxed().or_else(|| scan.start_time.boxed()),
            ..ScanReport::default()
        };
        for message in scan.messages.into_iter().filter_map(|message| message.0) {
            if &*message.level == "fatal" || &*message.level == "error" {
                let what = format!("the analyser reports: {}", found::sentence(&message.value));
                found::problem(&mut report, file, ProblemSeverity::Error, &what);
            }
        }
        report.findings = whole
            .vulnerabilities
            .into_iter()
            .filter_map(|one| one.0)
            .map(finding)
            .collect();
        report.ran = match &*scan.status {
            "success" => true,
            "" => !report.findings.is_empty(),
            _ => false,
        };
        if !report.ran {
            let hint = "Look at the log of the scan's job.";
            found::not_said(
                &mut report,
                file,
                "the report does not say that the scan succeeded",
                hint,
            );
        }
        Ok(Parsed::Scan(report))
    }
}

fn finding(one: Vulnerability<'_>) -> Finding {
    let identifiers: Vec<Identifier<'_>> = one.identifiers.into_iter().filter_map(|other| other.0).collect();
    let advisory = identifiers
        .iter()
        .find(|other| other.kind.eq_ignore_ascii_case("cve"));
    let advisory = advisory.or_else(|| identifiers.first());
    let rule: Box<str> = advisory.map_or(&*one.cve, |advisory| &*advisory.value).into();
    let names = identifiers
        .iter()
        .filter(|other| !other.kind.eq_ignore_ascii_case("cwe"));
    let location = one.location.0.unwrap_or_default();
    let dependency = location.dependency.0.unwrap_or_default();
    let url = format!("{}{}", &*location.hostname, &*location.path);
    let link = one
        .links
        .into_iter()
        .filter_map(|link| link.0)
        .find_map(|link| link.url.boxed());
    Finding {
        severity: FindingSeverity::parse(&one.severity),
        message: found::first(&[&one.name, &one.message, &one.description]),
        path: location
            .file
            .boxed()
            .or_else(|| location.image.boxed())
            .or_else(|| found::boxed(&url)),
        line: found::line(location.start_line),
        more: found::rare(FindingMore {
            package: dependency.package.0.and_then(|package| package.name.boxed()),
            version: dependency.version.boxed(),
            fix: found::boxed(&found::sentence(&one.solution)),
            aliases: found::aliases(&rule, names.map(|other| &*other.value)),
            link: advisory.and_then(|advisory| advisory.url.boxed()).or(link),
            fingerprint: one.id.boxed(),
        }),
        rule,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    vulnerabilities: List<Object<Vulnerability<'a>>>,
    #[serde(borrow)]
    scan: Object<Scan<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Scan<'a> {
    #[serde(borrow)]
    scanner: Object<Named<'a>>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    start_time: Text<'a>,
    #[serde(borrow)]
    end_time: Text<'a>,
    #[serde(borrow)]
    messages: List<Object<Message<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Message<'a> {
    #[serde(borrow)]
    level: Text<'a>,
    #[serde(borrow)]
    value: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    cve: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    solution: Text<'a>,
    #[serde(borrow)]
    scanner: Object<Named<'a>>,
    #[serde(borrow)]
    location: Object<Location<'a>>,
    #[serde(borrow)]
    identifiers: List<Object<Identifier<'a>>>,
    #[serde(borrow)]
    links: List<Object<Link<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Location<'a> {
    #[serde(borrow)]
    file: Text<'a>,
    #[serde(borrow)]
    image: Text<'a>,
    #[serde(borrow)]
    hostname: Text<'a>,
    #[serde(borrow)]
    path: Text<'a>,
    start_line: Number,
    #[serde(borrow)]
    dependency: Object<Dependency<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Dependency<'a> {
    #[serde(borrow)]
    package: Object<Named<'a>>,
    #[serde(borrow)]
    version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Identifier<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    value: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Link<'a> {
    #[serde(borrow)]
    url: Text<'a>,
}
