//! pip-audit's JSON: the object of today and the bare list of older versions.
//!
//! One per vulnerability of a dependency. A dependency that was skipped is a problem. The tool gives no severity.
//!
//! Of its fixtures only `skipped.json` is the tool's own.

use serde::Deserialize;

use crate::formats::found::{self, Many};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, ProblemSeverity, ScanReport};

/// The format.
pub struct PipAudit;

impl Format for PipAudit {
    fn name(&self) -> &'static str {
        "pip-audit"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["pip-audit*.json", "pip_audit*.json", "*-pip-audit.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.has("dependencies[].vulns") || head.has("dependencies[].skip_reason") {
            return Sniff::Certain;
        }
        if head.is_array() && head.has("vulns") && head.has("name") && head.has("version") {
            return Sniff::Likely;
        }
        match found::squeezed(head, 40).as_deref() {
            Some(b"{\"dependencies\":[]}" | b"{\"dependencies\":[],\"fixes\":[]}") => Sniff::Likely,
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Many<Whole<'_>> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "pip-audit".into(),
            ran: true,
            ..ScanReport::default()
        };
        let (mut audited, mut skipped) = (0_usize, 0_usize);
        for whole in whole.0 {
            // In the bare list each element is a dependency itself.
            if !whole.name.is_empty() {
                let own = Dependency {
                    name: whole.name,
                    version: whole.version,
                    skip_reason: whole.skip_reason,
                    vulns: whole.vulns,
                };
                let looked_at = dependency(own, &mut report, file);
                audited += usize::from(looked_at);
                skipped += usize::from(!looked_at);
            }
            for one in whole.dependencies.into_iter().filter_map(|one| one.0) {
                let looked_at = dependency(one, &mut report, file);
                audited += usize::from(looked_at);
                skipped += usize::from(!looked_at);
            }
        }
        if audited == 0 {
            // To have skipped everything is not to have run; to have had nothing to do is.
            report.ran = skipped == 0;
            let severity = if skipped == 0 {
                ProblemSeverity::Warning
            } else {
                ProblemSeverity::Error
            };
            found::problem(&mut report, file, severity, "pip-audit looked at no dependency");
        }
        Ok(Parsed::Scan(report))
    }
}

/// Adds the findings of a dependency; says whether it was looked at.
fn dependency(one: Dependency<'_>, report: &mut ScanReport, file: &File<'_>) -> bool {
    if !one.skip_reason.is_empty() {
        let what = format!("pip-audit skipped `{}`: {}", &*one.name, &*one.skip_reason);
        found::problem(report, file, ProblemSeverity::Warning, &what);
        return false;
    }
    for vulnerability in one.vulns.into_iter().filter_map(|vulnerability| vulnerability.0) {
        let fixes: Vec<&str> = vulnerability
            .fix_versions
            .0
            .iter()
            .map(|version| &**version)
            .collect();
        let names = vulnerability.aliases.0.iter().map(|name| &**name);
        report.findings.push(Finding {
            rule: vulnerability.id.0.as_ref().into(),
            message: found::first(&[&vulnerability.description, &vulnerability.id]),
            more: found::rare(FindingMore {
                package: found::shared(&one.name),
                version: found::shared(&one.version),
                fix: found::boxed(&fixes.join(", ")),
                aliases: found::aliases(&vulnerability.id, names),
                ..FindingMore::default()
            }),
            ..Finding::default()
        });
    }
    true
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    dependencies: List<Object<Dependency<'a>>>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
    #[serde(borrow)]
    skip_reason: Text<'a>,
    #[serde(borrow)]
    vulns: List<Object<Vulnerability<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Dependency<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
    #[serde(borrow)]
    skip_reason: Text<'a>,
    #[serde(borrow)]
    vulns: List<Object<Vulnerability<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    fix_versions: List<Text<'a>>,
    #[serde(borrow)]
    aliases: List<Text<'a>>,
    #[serde(borrow)]
    description: Text<'a>,
}
