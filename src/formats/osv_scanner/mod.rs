//! OSV-Scanner's JSON: one per vulnerability of a package in a source; aliases stay beside each other and are folded by
//! identity later.

use std::collections::HashMap;

use serde::Deserialize;

use crate::formats::found::{self, rare};
use crate::formats::head::{Head, Shape};
use crate::formats::json::{self, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct OsvScanner;

impl Format for OsvScanner {
    fn name(&self) -> &'static str {
        "osv-scanner"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["osv*.json", "*-osv.json", "*osv-scanner*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let Shape::Json { array: false, keys } = &head.shape else {
            return Sniff::No;
        };
        if head.has("results[].packages") || (head.has("results") && head.has("experimental_config")) {
            Sniff::Certain
        } else if (head.has("results") && (head.has("license_summary") || head.has("image_metadata")))
            || keys.iter().all(|key| key == "results")
                && found::squeezed(head, 16).is_some_and(|text| is_empty(&text))
        {
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let mut report = ScanReport {
            tool: "OSV-Scanner".into(),
            // It lists sources with findings only and fails when it finds none to scan, so an empty list means that it ran.
            ran: true,
            ..ScanReport::default()
        };
        for source in whole.results.iter().flatten() {
            let path = source.source.0.as_ref().and_then(|source| source.path.boxed());
            for package in source.packages.iter().flatten() {
                package.add(path.as_deref(), &mut report);
            }
        }
        Ok(Parsed::Scan(report))
    }
}

/// What it writes when it finds nothing.
fn is_empty(text: &[u8]) -> bool {
    matches!(text, b"{\"results\":[]}" | b"{\"results\":null}")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    results: Option<Vec<Source<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    source: Object<Place<'a>>,
    #[serde(borrow)]
    packages: Option<Vec<Package<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place<'a> {
    #[serde(borrow)]
    path: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Package<'a> {
    #[serde(borrow)]
    package: Object<Named<'a>>,
    #[serde(borrow)]
    vulnerabilities: Option<Vec<Vulnerability<'a>>>,
    #[serde(borrow)]
    groups: List<Object<Group<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Group<'a> {
    #[serde(borrow)]
    ids: List<Text<'a>>,
    #[serde(borrow)]
    aliases: List<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    aliases: List<Text<'a>>,
    #[serde(borrow)]
    summary: Text<'a>,
    #[serde(borrow)]
    details: Text<'a>,
    #[serde(borrow)]
    affected: List<Object<Affected<'a>>>,
    #[serde(borrow)]
    database_specific: Object<Specific<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Specific<'a> {
    #[serde(borrow)]
    severity: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Affected<'a> {
    #[serde(borrow)]
    package: Object<Named<'a>>,
    #[serde(borrow)]
    ranges: List<Object<Range<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Range<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    events: List<Object<Event<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Event<'a> {
    #[serde(borrow)]
    fixed: Text<'a>,
}

impl Package<'_> {
    fn add(&self, path: Option<&str>, report: &mut ScanReport) {
        let (name, version) = self
            .package
            .0
            .as_ref()
            .map_or(("", ""), |own| (&*own.name, &*own.version));
        let mut groups: HashMap<&str, &Group<'_>> = HashMap::new();
        for group in self.groups.0.iter().filter_map(|group| group.0.as_ref()) {
            groups.extend(group.ids.0.iter().map(|id| (&**id, group)));
        }
        for vulnerability in self.vulnerabilities.iter().flatten() {
            // Bounded: each member of a hostile group must not walk through all of it.
            let group = groups.get(&*vulnerability.id);
            let all = group
                .map(|group| group.ids.0.iter().chain(&group.aliases.0))
                .into_iter()
                .flatten();
            let all = vulnerability
                .aliases
                .0
                .iter()
                .chain(all)
                .take(256)
                .map(|alias| &**alias);
            let severity = vulnerability
                .database_specific
                .0
                .as_ref()
                .map(|own| FindingSeverity::parse(&own.severity));
            let id = &*vulnerability.id;
            report.findings.push(Finding {
                rule: id.into(),
                severity: severity.unwrap_or_default(),
                message: found::first(&[&vulnerability.summary, &vulnerability.details, name]),
                path: path.map(Into::into),
                line: None,
                more: rare(FindingMore {
                    package: found::boxed(name),
                    version: found::boxed(version),
                    fix: vulnerability.fix(name),
                    aliases: found::aliases(id, all),
                    link: (!id.is_empty()).then(|| format!("https://osv.dev/{id}").into()),
                    fingerprint: None,
                }),
            });
        }
    }
}

impl Vulnerability<'_> {
    /// The versions of the package that fix it.
    fn fix(&self, name: &str) -> Option<Box<str>> {
        let own = |affected: &&Affected<'_>| {
            affected
                .package
                .0
                .as_ref()
                .is_some_and(|package| &*package.name == name)
        };
        let affected = self
            .affected
            .0
            .iter()
            .filter_map(|affected| affected.0.as_ref())
            .filter(own);
        // Commits are no versions.
        let ranges = affected
            .flat_map(|affected| &affected.ranges.0)
            .filter_map(|range| range.0.as_ref());
        let events = ranges
            .filter(|range| &*range.kind != "GIT")
            .flat_map(|range| &range.events.0);
        let fixed = events
            .filter_map(|event| event.0.as_ref())
            .map(|event| &*event.fixed);
        let mut all: Vec<&str> = fixed.filter(|fixed| !fixed.is_empty()).take(8).collect();
        all.dedup();
        found::boxed(&all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use crate::formats::{Parsed, read_file};

    #[test]
    fn an_empty_list_alone_is_a_clean_scan_and_nothing_else_is() {
        for text in [
            "{\n  \"results\": []\n}\n",
            r#"{"results":null}"#,
            r#"{"results":[],"experimental_config":{}}"#,
        ] {
            let reading = read_file("x", text.as_bytes());
            let clean = matches!(&reading.result, Some(Ok(Parsed::Scan(scan))) if scan.ran && scan.findings.is_empty());
            assert!(
                clean && reading.format == Some("osv-scanner"),
                "{text}: {reading:?}"
            );
        }
        for text in [
            "{}",
            r#"{"results":[5]}"#,
            r#"{"results":{}}"#,
            r#"{"results":[]"#,
            r#"{"results":[],"x":1}"#,
        ] {
            assert_eq!(read_file("x", text.as_bytes()).format, None, "{text}");
        }
        for text in [
            r#"{"results":5,"experimental_config":{}}"#,
            r#"{"results":[{"packages":[{"vulnerabilities":5}]}]}"#,
        ] {
            let reading = read_file("x", text.as_bytes());
            assert!(matches!(reading.result, Some(Err(_))), "{text}: {reading:?}");
        }
    }
}
