//! ZAP's reports, JSON and XML, old and new: one per alert, not per instance. An alert that somebody marked as a false
//! positive is suppressed. A report without a site reached nothing.

use serde::Deserialize;

use crate::formats::found::{self, Many};
use crate::formats::head::Head;
use crate::formats::json::{self, Text};
use crate::formats::xml::{Event, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, FindingSeverity, ScanReport};

/// The format.
pub struct Zap;

impl Format for Zap {
    fn name(&self) -> &'static str {
        "zap"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "zap*.json",
            "zap*.xml",
            "*zap-report*.json",
            "*zap_report*.json",
            "*-zap.json",
            "report_json.json",
            "report_xml.xml",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.root() == Some("OWASPZAPReport") {
            return Sniff::Certain;
        }
        let stamped = head.has("@generated") || head.has("@version") || head.has("@programName");
        // A report that reached nothing has no alerts to tell it by.
        let sites = head.has("site[].alerts") || head.has("site.alerts") || head.has("site[].@host");
        // GitLab's DAST report wraps the same beginning around its own findings.
        let gitlab = head.has("vulnerabilities") && head.has("scan");
        if !head.is_array() && !gitlab && head.has("site") && (stamped || sites) {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut report = ScanReport {
            tool: "ZAP".into(),
            ..ScanReport::default()
        };
        if file.bytes.trim_ascii_start().starts_with(b"<") {
            read_xml(file.bytes, &mut report)?;
        } else {
            let whole: Whole<'_> = json::read(file.bytes)?;
            let times = [&whole.created, &whole.generated];
            report.produced_at = times.into_iter().find_map(Text::boxed);
            for site in &whole.site.0 {
                report.ran = true;
                let alerts = site.alerts.as_ref();
                let alerts = alerts.ok_or_else(|| ParseError::whole("a site without a list of `alerts`"))?;
                alerts
                    .iter()
                    .for_each(|alert| Alert::of(alert, &site.name).add(&mut report));
            }
        }
        if !report.ran {
            let hint = "check the address that ZAP was given, and that the site was up";
            found::not_said(
                &mut report,
                file,
                "the report names no site: ZAP reached none",
                hint,
            );
        }
        Ok(Parsed::Scan(report))
    }
}

/// What both dialects say of an alert.
#[derive(Debug, Default)]
struct Alert {
    plugin: String,
    reference: String,
    alert: String,
    name: String,
    risk: String,
    risk_words: String,
    confidence: String,
    links: String,
    uri: String,
}

impl Alert {
    fn of(json: &JsonAlert<'_>, site: &str) -> Self {
        let first = json.instances.0.first().map_or("", |instance| &*instance.uri);
        let uri = [first, &json.uri, &json.url, site]
            .into_iter()
            .find(|uri| !uri.is_empty());
        Self {
            plugin: json.pluginid.to_string(),
            reference: json.alert_ref.to_string(),
            alert: json.alert.to_string(),
            name: json.name.to_string(),
            risk: json.riskcode.to_string(),
            risk_words: json.riskdesc.to_string(),
            confidence: json.confidence.to_string(),
            links: json.reference.to_string(),
            uri: uri.unwrap_or_default().to_owned(),
        }
    }

    fn add(self, report: &mut ScanReport) {
        // `Medium (False Positive)`, and the codes that ZAP uses for the same.
        let risk_words = self.risk_words.trim();
        let (word, certainty) = risk_words.split_once('(').unwrap_or((risk_words, ""));
        if self.confidence.trim() == "0"
            || self.risk.trim() == "-1"
            || certainty.starts_with("False Positive")
        {
            report.suppressed = report.suppressed.saturating_add(1);
            return;
        }
        let severity = match self.risk.trim() {
            "3" => FindingSeverity::High,
            "2" => FindingSeverity::Medium,
            "1" => FindingSeverity::Low,
            "0" => FindingSeverity::Info,
            _ => FindingSeverity::parse(word),
        };
        let rule = if self.reference.is_empty() {
            &self.plugin
        } else {
            &self.reference
        };
        let link = self.links.find("http").and_then(|at| self.links.get(at..));
        let link = link.and_then(|link| {
            link.split(|c: char| c.is_whitespace() || matches!(c, '<' | '"'))
                .next()
        });
        report.findings.push(Finding {
            rule: rule.as_str().into(),
            severity,
            message: found::first(&[&self.name, &self.alert]),
            path: found::boxed(&self.uri),
            line: None,
            more: found::rare(FindingMore {
                link: link.and_then(found::boxed),
                ..FindingMore::default()
            }),
        });
    }
}

/// Where the texts of an alert are cut; descriptions and evidence are passed over.
const TEXT: usize = 2000;

fn read_xml(bytes: &[u8], report: &mut ScanReport) -> Result<(), ParseError> {
    let mut scanner = Scanner::new(bytes);
    let (mut site, mut alert) = (String::new(), None::<Alert>);
    while let Some(event) = scanner.next()? {
        match event {
            Event::Start(b"OWASPZAPReport") => {
                report.produced_at = scanner
                    .get("generated")
                    .and_then(|time| found::boxed(&time.text()));
            }
            // Insights name their sites too, deeper inside.
            Event::Start(b"site") if scanner.depth() == 2 => {
                report.ran = true;
                site = scanner
                    .get("name")
                    .map(|name| name.text().into_owned())
                    .unwrap_or_default();
            }
            Event::Start(b"alertitem") => {
                report.ran = true;
                alert = Some(Alert::default());
            }
            Event::Start(name) => {
                let Some(alert) = &mut alert else { continue };
                let field = match name {
                    b"pluginid" => &mut alert.plugin,
                    b"alertRef" => &mut alert.reference,
                    b"alert" => &mut alert.alert,
                    b"name" => &mut alert.name,
                    b"riskcode" => &mut alert.risk,
                    b"riskdesc" => &mut alert.risk_words,
                    b"confidence" => &mut alert.confidence,
                    b"reference" => &mut alert.links,
                    b"uri" if alert.uri.is_empty() => &mut alert.uri,
                    _ => continue,
                };
                scanner.text(TEXT)?.trim().clone_into(field);
            }
            Event::End(b"alertitem") => {
                if let Some(mut alert) = alert.take() {
                    if alert.uri.is_empty() {
                        alert.uri.clone_from(&site);
                    }
                    alert.add(report);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow, rename = "@generated")]
    generated: Text<'a>,
    #[serde(borrow)]
    created: Text<'a>,
    #[serde(borrow)]
    site: Many<Site<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Site<'a> {
    #[serde(borrow, rename = "@name")]
    name: Text<'a>,
    #[serde(borrow)]
    alerts: Option<Vec<JsonAlert<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JsonAlert<'a> {
    #[serde(borrow)]
    pluginid: Text<'a>,
    #[serde(borrow, rename = "alertRef")]
    alert_ref: Text<'a>,
    #[serde(borrow)]
    alert: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    riskcode: Text<'a>,
    #[serde(borrow)]
    riskdesc: Text<'a>,
    #[serde(borrow)]
    confidence: Text<'a>,
    #[serde(borrow)]
    reference: Text<'a>,
    #[serde(borrow)]
    instances: Many<Instance<'a>>,
    #[serde(borrow)]
    uri: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Instance<'a> {
    #[serde(borrow)]
    uri: Text<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ScanReport, ParseError> {
        let file = File {
            path: "x",
            bytes: text.as_bytes(),
        };
        match Zap.parse(&file)? {
            Parsed::Scan(report) => Ok(report),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_report_without_a_site_did_not_reach_one() {
        for (text, ran) in [
            ("<OWASPZAPReport version='2.9.0'></OWASPZAPReport>", false),
            (
                "<OWASPZAPReport><insights><insight><site>http://x</site></insight></insights></OWASPZAPReport>",
                false,
            ),
            (
                "<OWASPZAPReport><site name='http://x'><alerts/></site></OWASPZAPReport>",
                true,
            ),
            (r#"{"@version":"2.9.0","site":[]}"#, false),
            (r#"{"@version":"2.9.0","site":[{"@name":"x","alerts":[]}]}"#, true),
            (r#"{"@version":"2.9.0","site":{"@name":"x","alerts":[]}}"#, true),
        ] {
            let report = read(text).unwrap();
            assert_eq!((report.ran, report.findings.len()), (ran, 0), "{text}");
        }
        assert!(read(r#"{"@version":"2.9.0","site":[{"@name":"x","alerts":5}]}"#).is_err());
        assert!(read(r#"{"@version":"2.9.0","site":[{"@name":"x"}]}"#).is_err());
    }
}
