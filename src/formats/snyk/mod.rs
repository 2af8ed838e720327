//! Snyk's JSON of `snyk test`, `snyk container test` and `snyk iac test`: one project or a list of them. (`snyk code
//! test` writes SARIF.)
//!
//! One per vulnerable path, as Snyk's own summary counts; ignored and patched ones are suppressed. A project that could
//! not be tested makes the whole report one that did not run to its end.
//!
//! Its fixtures are written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found::{self, Many};
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, Flag, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct Snyk;

impl Format for Snyk {
    fn name(&self) -> &'static str {
        "snyk"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["snyk*.json", "*-snyk.json", "*snyk-report*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let own = [
            "packageManager",
            "dependencyCount",
            "filesystemPolicy",
            "licensesPolicy",
            "uniqueCount",
        ];
        let project = own.iter().any(|key| head.has(key)) && (head.has("ok") || head.has("summary"));
        let each = [
            "semver",
            "from",
            "upgradePath",
            "isUpgradable",
            "severityWithCritical",
            "moduleName",
        ];
        let each = each
            .iter()
            .filter(|key| head.has(&format!("vulnerabilities[].{key}")))
            .count();
        if (head.has("vulnerabilities") && (project || each > 1)) || head.has("infrastructureAsCodeIssues") {
            Sniff::Certain
        } else if head.has("ok") && head.has("error") && head.has("path") {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Many<Project<'_>> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "Snyk".into(),
            ran: !whole.0.is_empty(),
            ..ScanReport::default()
        };
        for project in whole.0 {
            add(project, &mut report, file, 0);
        }
        Ok(Parsed::Scan(report))
    }
}

/// Applications of a container image are projects inside the project.
const DEPTH: u8 = 2;

fn add(project: Project<'_>, report: &mut ScanReport, file: &File<'_>, depth: u8) {
    if !project.error.is_empty() {
        report.ran = false;
        let path = if project.path.is_empty() {
            "the project"
        } else {
            &*project.path
        };
        let what = format!("Snyk could not test {path}: {}", found::sentence(&project.error));
        found::problem(report, file, ProblemSeverity::Error, &what);
    } else if project.vulnerabilities.is_none() && project.issues.is_none() {
        report.ran = false;
        found::problem(
            report,
            file,
            ProblemSeverity::Error,
            "a project without a list of vulnerabilities",
        );
    }
    let target = project
        .display_target_file
        .boxed()
        .or_else(|| project.target_file.boxed());
    let target = target.or_else(|| project.path.boxed());
    let target = target.and_then(|target| found::shared(&target));
    if let Some(filtered) = project.filtered.0 {
        let left_out = filtered.ignore.0.len() + filtered.patch.0.len();
        report.suppressed = report.suppressed.saturating_add(found::count(left_out));
    }
    for one in project
        .vulnerabilities
        .unwrap_or_default()
        .into_iter()
        .filter_map(|one| one.0)
    {
        if one.is_ignored.0 {
            report.suppressed += 1;
        } else {
            report.findings.push(finding(one, target.clone()));
        }
    }
    for issue in project
        .issues
        .unwrap_or_default()
        .into_iter()
        .filter_map(|issue| issue.0)
    {
        if issue.is_ignored.0 {
            report.suppressed += 1;
            continue;
        }
        report.findings.push(Finding {
            rule: issue.id.0.as_ref().into(),
            severity: FindingSeverity::parse(&issue.severity),
            message: found::sentence(&issue.title),
            path: target.clone(),
            line: found::line(issue.line_number),
            more: found::rare(FindingMore {
                link: issue.documentation.boxed(),
                ..FindingMore::default()
            }),
        });
    }
    if depth < DEPTH {
        for inner in project.applications.0 {
            add(inner, report, file, depth + 1);
        }
    }
}

fn finding(one: Vulnerability<'_>, target: Option<Box<str>>) -> Finding {
    let names: Vec<&str> = one
        .identifiers
        .0
        .iter()
        .flat_map(|(_, names)| names.0.iter().map(|name| &**name))
        .collect();
    let names = names.into_iter().filter(|name| !name.starts_with("CWE-"));
    let fixes: Vec<&str> = one.fixed_in.0.iter().map(|version| &**version).collect();
    let package = if one.package_name.is_empty() {
        &one.module_name
    } else {
        &one.package_name
    };
    Finding {
        rule: one.id.0.as_ref().into(),
        severity: FindingSeverity::parse(&one.severity),
        message: found::sentence(&one.title),
        path: target,
        line: None,
        more: found::rare(FindingMore {
            package: package.boxed().or_else(|| one.name.boxed()),
            version: one.version.boxed(),
            fix: found::boxed(&fixes.join(", ")).or_else(|| one.nearest.boxed()),
            aliases: found::aliases(&one.id, names),
            link: (!one.id.is_empty()).then(|| format!("https://security.snyk.io/vuln/{}", &*one.id).into()),
            fingerprint: None,
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Project<'a> {
    #[serde(borrow)]
    error: Text<'a>,
    #[serde(borrow)]
    path: Text<'a>,
    #[serde(borrow)]
    target_file: Text<'a>,
    #[serde(borrow)]
    display_target_file: Text<'a>,
    #[serde(borrow)]
    vulnerabilities: Option<List<Object<Vulnerability<'a>>>>,
    #[serde(borrow, rename = "infrastructureAsCodeIssues")]
    issues: Option<List<Object<Issue<'a>>>>,
    filtered: Object<Filtered>,
    #[serde(borrow)]
    applications: Many<Project<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Filtered {
    ignore: List<serde::de::IgnoredAny>,
    patch: List<serde::de::IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    package_name: Text<'a>,
    #[serde(borrow)]
    module_name: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
    #[serde(borrow)]
    fixed_in: List<Text<'a>>,
    #[serde(borrow, rename = "nearestFixedInVersion")]
    nearest: Text<'a>,
    #[serde(borrow)]
    identifiers: Entries<'a, List<Text<'a>>>,
    is_ignored: Flag,
}

/// What `snyk iac test` finds.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Issue<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    documentation: Text<'a>,
    line_number: Number,
    is_ignored: Flag,
}
