//! `npm audit --json`: one per package since npm 7, one per advisory in npm 6.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Visitor};

use crate::formats::advisories::{self, Audit, Metadata};
use crate::formats::found::{self, rare};
use crate::formats::head::Head;
use crate::formats::json::{self, Entries, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff, pnpm_audit};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct NpmAudit;

impl Format for NpmAudit {
    fn name(&self) -> &'static str {
        "npm-audit"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "npm-audit*.json",
            "npm_audit*.json",
            "audit.json",
            "*-npm-audit.json",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.is_array() || pnpm_audit::is_pnpm(head) {
            return Sniff::No;
        }
        let failed = head.has("error.summary") && head.has("error.detail");
        if head.has("auditReportVersion") {
            Sniff::Certain
        } else if head.has("advisories") && (head.has("metadata") || head.has("actions") || head.has("muted"))
            || failed
        {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let whole: Whole<'_> = json::read(file.bytes)?;
        let Some(packages) = &whole.vulnerabilities.0 else {
            let audit: Audit<'_> = json::read(file.bytes)?;
            return advisories::read(&audit, TOOL, file).map(Parsed::Scan);
        };
        let mut report = ScanReport {
            tool: TOOL.into(),
            ..ScanReport::default()
        };
        let known: HashMap<&str, &Package<'_>> = packages
            .0
            .iter()
            .filter_map(|(name, package)| Some((&**name, package.0.as_ref()?)))
            .collect();
        for (name, package) in &packages.0 {
            let package = package
                .0
                .as_ref()
                .ok_or_else(|| ParseError::whole("a vulnerability that is no object"))?;
            report.findings.push(finding(name, package, &known));
        }
        let counted = whole
            .metadata
            .0
            .as_ref()
            .and_then(|metadata| metadata.vulnerabilities.total());
        advisories::check(counted, &mut report, file);
        Ok(Parsed::Scan(report))
    }
}

const TOOL: &str = "npm audit";

/// So many advisories of one package are kept as names.
const NAMES: usize = 64;

fn finding(name: &str, package: &Package<'_>, known: &HashMap<&str, &Package<'_>>) -> Finding {
    let (mut names, mut first) = (Vec::new(), None);
    // A package is vulnerable by itself or through others; those lead to the advisories.
    let (mut seen, mut open) = (HashSet::from([name]), vec![package]);
    while let Some(package) = open.pop() {
        // Bounded: a hostile file must not make every package walk through one huge list.
        for via in package.via.0.iter().take(4 * NAMES) {
            match via {
                Via::Advisory(advisory) if names.len() < NAMES => {
                    first.get_or_insert(advisory);
                    names.push(advisory.name());
                }
                Via::Package(through) if seen.len() < NAMES && seen.insert(through) => {
                    open.extend(known.get(&**through));
                }
                _ => {}
            }
        }
    }
    let own = package.via.0.iter().any(|via| matches!(via, Via::Advisory(_)));
    let rule = names
        .first()
        .copied()
        .filter(|rule| !rule.is_empty())
        .unwrap_or(name);
    let through = package.via.0.iter().find_map(|via| match via {
        Via::Package(through) => Some(&**through),
        _ => None,
    });
    let message = match (first, through) {
        (Some(advisory), _) if own => found::sentence(&advisory.title),
        (_, Some(through)) => found::sentence(&format!("depends on vulnerable versions of {through}")),
        _ => "vulnerable".into(),
    };
    Finding {
        rule: rule.into(),
        severity: FindingSeverity::parse(&package.severity),
        message,
        path: package.nodes.0.first().and_then(Text::boxed),
        line: None,
        more: rare(FindingMore {
            package: Some(name.into()),
            // The report has the vulnerable range only, not what is installed.
            version: None,
            fix: package.fix_available.0.as_ref().and_then(|fix| {
                (!fix.name.is_empty()).then(|| format!("{}@{}", &*fix.name, &*fix.version).into())
            }),
            aliases: found::aliases(rule, names.iter().copied()),
            link: first.and_then(|advisory| advisory.url.boxed()),
            fingerprint: None,
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    vulnerabilities: Object<Entries<'a, Object<Package<'a>>>>,
    #[serde(borrow)]
    metadata: Object<Metadata<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Package<'a> {
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    via: List<Via<'a>>,
    #[serde(borrow)]
    nodes: List<Text<'a>>,
    #[serde(borrow)]
    fix_available: Object<Fix<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fix<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
}

/// Why a package is vulnerable.
#[derive(Debug)]
enum Via<'a> {
    Advisory(Box<Advisory<'a>>),
    Package(Text<'a>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Advisory<'a> {
    #[serde(borrow)]
    source: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
}

impl Advisory<'_> {
    fn name(&self) -> &str {
        advisories::ghsa(&self.url).unwrap_or(&self.source)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Via<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Via<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an advisory or the name of a package")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Via::Package(Text(name.into())))
            }
            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Via::Package(Text(name.to_owned().into())))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let map = serde::de::value::MapAccessDeserializer::new(map);
                Advisory::deserialize(map).map(|advisory| Via::Advisory(Box::new(advisory)))
            }
        }
        deserializer.deserialize_any(V)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::read_file;
    use crate::model::ProblemSeverity;

    fn read(text: &str) -> (Option<&'static str>, ScanReport) {
        let reading = read_file("x", text.as_bytes());
        match reading.result {
            Some(Ok(Parsed::Scan(report))) => (reading.format, report),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn an_audit_ran_only_when_it_says_what_it_counted() {
        for (text, format, ran) in [
            (
                r#"{"auditReportVersion":2,"vulnerabilities":{}}"#,
                "npm-audit",
                false,
            ),
            (
                r#"{"auditReportVersion":2,"vulnerabilities":{},"metadata":{"vulnerabilities":{"total":0}}}"#,
                "npm-audit",
                true,
            ),
            (r#"{"actions":[],"advisories":{},"muted":[]}"#, "npm-audit", false),
            (
                r#"{"actions":[],"advisories":{},"muted":[],"metadata":{"vulnerabilities":{"low":0}}}"#,
                "npm-audit",
                true,
            ),
            (
                r#"{"error":{"code":"ENOAUDIT","summary":"no","detail":""}}"#,
                "npm-audit",
                false,
            ),
            (
                r#"{"error":{"code":"ERR_PNPM_AUDIT_BAD_RESPONSE","message":"500"}}"#,
                "pnpm-audit",
                false,
            ),
            (
                "{\"type\":\"info\",\"data\":\"x\"}\n{\"type\":\"auditSummary\",\"data\":{\"vulnerabilities\":{\"low\":0}}}\n",
                "yarn-audit",
                true,
            ),
            (
                "{\"type\":\"auditSummary\",\"data\":{\"vulnerabilities\":{\"low\":0}}}\n{\"type\":\"error\",\"data\":\"x\"}\n",
                "yarn-audit",
                false,
            ),
            (
                "{\"type\":\"auditAdvisory\",\"data\":{\"advisory\":{\"id\":1}}}\n",
                "yarn-audit",
                false,
            ),
        ] {
            let (by, report) = read(text);
            assert_eq!((by, report.ran), (Some(format), ran), "{text}");
            assert_eq!(report.problems.is_empty(), ran, "{text}: {:?}", report.problems);
        }
    }

    #[test]
    fn a_count_without_a_list_is_a_problem() {
        let (_, report) = read(
            r#"{"auditReportVersion":2,"vulnerabilities":{},"metadata":{"vulnerabilities":{"total":3}}}"#,
        );
        assert_eq!(
            report.problems.first().map(|p| p.severity),
            Some(ProblemSeverity::Error)
        );
    }

    #[test]
    fn advisories_are_found_through_packages_that_depend_on_each_other() {
        let (_, report) = read(
            r#"{"auditReportVersion":2,"metadata":{"vulnerabilities":{"total":2}},"vulnerabilities":{
                "a":{"severity":"low","via":["b"]},
                "b":{"severity":"high","via":["a","c",{"source":7,"url":"https://x/GHSA-1","title":"t"}]}}}"#,
        );
        let rules: Vec<_> = report.findings.iter().map(|f| (&*f.rule, &*f.message)).collect();
        assert_eq!(
            rules,
            [("GHSA-1", "depends on vulnerable versions of b"), ("GHSA-1", "t")]
        );
    }

    #[test]
    fn vulnerabilities_that_cannot_be_read_are_an_error() {
        for text in [
            r#"{"auditReportVersion":2}"#,
            r#"{"auditReportVersion":2,"vulnerabilities":{"a":null}}"#,
            r#"{"advisories":{"1":5},"metadata":{"vulnerabilities":{"low":1}}}"#,
            r#"{"advisories":[],"metadata":{"vulnerabilities":{"low":1}}}"#,
        ] {
            let reading = read_file("x", text.as_bytes());
            assert!(matches!(reading.result, Some(Err(_))), "{text}: {reading:?}");
        }
    }
}
