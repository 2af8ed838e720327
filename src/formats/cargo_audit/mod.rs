//! `cargo audit --json`.
//!
//! One per vulnerability; warnings (unmaintained, unsound, yanked) are no vulnerabilities to the tool and are told as a
//! note. The tool gives CVSS vectors and no severity in words.
//!
//! Its fixtures are written by hand after the tool's documentation.

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ProblemSeverity, ScanReport};

/// The format.
pub struct CargoAudit;

impl Format for CargoAudit {
    fn name(&self) -> &'static str {
        "cargo-audit"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["cargo-audit*.json", "cargo_audit*.json", "*-cargo-audit.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let list = head.has("vulnerabilities.list") || head.has("vulnerabilities.found");
        match (
            list,
            head.has("database.advisory-count") || head.has("lockfile.dependency-count"),
        ) {
            (true, true) => Sniff::Certain,
            (true, false) if head.has("warnings") || head.has("lockfile") => Sniff::Likely,
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let vulnerabilities = whole.vulnerabilities.0;
        let mut report = ScanReport {
            tool: "cargo-audit".into(),
            ran: vulnerabilities.is_some() && whole.lockfile.0.is_some(),
            ..ScanReport::default()
        };
        let vulnerabilities = vulnerabilities.unwrap_or_default();
        let declared = vulnerabilities.count.count();
        report.findings = vulnerabilities
            .list
            .into_iter()
            .filter_map(|one| one.0)
            .map(finding)
            .collect();
        if let Some(declared) = declared.filter(|declared| *declared != report.findings.len() as u64) {
            let what = format!(
                "`vulnerabilities.count` says {declared}, the list has {}",
                report.findings.len()
            );
            found::problem(&mut report, file, ProblemSeverity::Error, &what);
        }
        for (kind, list) in whole.warnings.0 {
            let names: Vec<&str> = list
                .0
                .iter()
                .filter_map(|one| one.0.as_ref())
                .map(Vulnerability::name)
                .take(10)
                .collect();
            if !names.is_empty() {
                let what = format!(
                    "warnings of kind {kind} are no findings ({}): {}",
                    list.0.len(),
                    names.join(", ")
                );
                found::problem(&mut report, file, ProblemSeverity::Note, &what);
            }
        }
        Ok(Parsed::Scan(report))
    }
}

fn finding(one: Vulnerability<'_>) -> Finding {
    let package = one.package.0.unwrap_or_default();
    let patched = one.versions.0.unwrap_or_default().patched;
    let patched: Vec<&str> = patched.0.iter().map(|version| &**version).collect();
    let advisory = one.advisory.0.unwrap_or_default();
    let link = if advisory.url.is_empty() {
        format!("https://rustsec.org/advisories/{}.html", &*advisory.id).into()
    } else {
        advisory.url.0.as_ref().into()
    };
    Finding {
        rule: advisory.id.0.as_ref().into(),
        severity: FindingSeverity::parse(&advisory.severity),
        message: found::first(&[&advisory.title, &advisory.description]),
        more: found::rare(FindingMore {
            package: package.name.boxed().or_else(|| advisory.package.boxed()),
            version: package.version.boxed(),
            fix: found::boxed(&patched.join(", ")),
            aliases: found::aliases(&advisory.id, advisory.aliases.0.iter().map(|name| &**name)),
            link: Some(link),
            fingerprint: None,
        }),
        ..Finding::default()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    lockfile: Object<serde::de::IgnoredAny>,
    #[serde(borrow)]
    vulnerabilities: Object<Vulnerabilities<'a>>,
    #[serde(borrow)]
    warnings: Entries<'a, List<Object<Vulnerability<'a>>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Vulnerabilities<'a> {
    count: Number,
    #[serde(borrow)]
    list: List<Object<Vulnerability<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    advisory: Object<Advisory<'a>>,
    #[serde(borrow)]
    package: Object<Package<'a>>,
    #[serde(borrow)]
    versions: Object<Versions<'a>>,
}

impl Vulnerability<'_> {
    fn name(&self) -> &str {
        self.package.0.as_ref().map_or("", |package| &package.name)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Advisory<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    package: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    aliases: List<Text<'a>>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Package<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Versions<'a> {
    #[serde(borrow)]
    patched: List<Text<'a>>,
}
