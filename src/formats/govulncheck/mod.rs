//! `govulncheck -json`: a stream of messages; also the single object of versions before 1.0.
//!
//! One per advisory with a finding, however many traces lead to it; the message says whether the vulnerable code is
//! called. The tool gives no severity.
//!
//! Its fixtures are written by hand after the tool's documentation.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::formats::found;
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Finding, FindingMore, ProblemSeverity, ScanReport};

/// The format.
pub struct Govulncheck;

impl Format for Govulncheck {
    fn name(&self) -> &'static str {
        "govulncheck"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["govulncheck*.json", "*-govulncheck.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let config = head.has("config.protocol_version") || head.has("config.scanner_name");
        let old = head.has("Calls.Functions") || (head.has("Vulns") && head.has("Requires"));
        if config || old {
            Sniff::Certain
        } else if head.has("finding.osv") && head.has("finding.trace") {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut report = ScanReport {
            tool: "govulncheck".into(),
            ..ScanReport::default()
        };
        let mut advisories: HashMap<Box<str>, Advisory<'_>> = HashMap::new();
        let mut findings: Vec<Best<'_>> = Vec::new();
        let mut known: HashMap<Box<str>, usize> = HashMap::new();
        let messages = found::stream::<Message<'_>>(file.bytes)?;
        if messages.len() > 1 && messages.iter().any(|message| message.requires.0.is_some()) {
            // The object of old versions stands alone; the error has the place of what follows.
            json::read::<Message<'_>>(file.bytes)?;
        }
        for message in messages {
            report.ran |= message.config.0.is_some() || message.requires.0.is_some();
            if let Some(advisory) = message.osv.0 {
                advisories.insert(advisory.id.0.as_ref().into(), advisory);
            }
            let new = message.finding.0.map(Best::new);
            let old = message.vulns.into_iter().filter_map(|one| one.0).map(|mut one| {
                if let Some(advisory) = one.osv.0.take() {
                    one.id.clone_from(&advisory.id);
                    advisories.insert(advisory.id.0.as_ref().into(), advisory);
                }
                Best::old(one)
            });
            for best in new.into_iter().chain(old).filter(|best| !best.id.is_empty()) {
                match known.get(&*best.id.0).copied() {
                    Some(at) => {
                        if let Some(seen) = findings.get_mut(at).filter(|seen| seen.level < best.level) {
                            *seen = best;
                        }
                    }
                    None => {
                        known.insert(best.id.0.as_ref().into(), findings.len());
                        findings.push(best);
                    }
                }
            }
        }
        report.findings = findings
            .into_iter()
            .map(|best| best.finding(&advisories))
            .collect();
        // Without the first message the stream is the tail of one.
        if !report.ran {
            let what = "the stream has no `config` message: its beginning is missing";
            found::problem(&mut report, file, ProblemSeverity::Error, what);
        }
        Ok(Parsed::Scan(report))
    }
}

/// How near the vulnerable code is to what runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Required,
    Imported,
    Called,
}

/// The nearest trace of an advisory.
#[derive(Debug)]
struct Best<'a> {
    id: Text<'a>,
    level: Level,
    package: Option<Box<str>>,
    version: Option<Box<str>>,
    fix: Option<Box<str>>,
    path: Option<Box<str>>,
    line: Option<u32>,
}

impl<'a> Best<'a> {
    fn new(finding: Reached<'a>) -> Self {
        let frames: Vec<Frame<'_>> = finding.trace.into_iter().filter_map(|frame| frame.0).collect();
        let level = match frames.first() {
            Some(first) if !first.function.is_empty() => Level::Called,
            Some(first) if !first.package.is_empty() => Level::Imported,
            _ => Level::Required,
        };
        // The last frame is the project's own code.
        let place = frames.last().and_then(|last| last.position.0.as_ref());
        Self {
            id: finding.osv,
            level,
            package: frames.first().and_then(|first| first.module.boxed()),
            version: frames.first().and_then(|first| first.version.boxed()),
            fix: finding.fixed_version.boxed(),
            path: place.and_then(|place| place.filename.boxed()),
            line: place.and_then(|place| found::line(place.line)),
        }
    }

    fn old(one: OldVulnerability<'a>) -> Self {
        let level = match (one.call_sink.ran(), one.import_sink.ran()) {
            (true, _) => Level::Called,
            (false, true) => Level::Imported,
            (false, false) => Level::Required,
        };
        Self {
            id: one.id,
            level,
            package: one.mod_path.boxed().or_else(|| one.pkg_path.boxed()),
            version: None,
            fix: None,
            path: None,
            line: None,
        }
    }

    fn finding(self, advisories: &HashMap<Box<str>, Advisory<'_>>) -> Finding {
        let advisory = advisories.get(&*self.id.0);
        let said = advisory.map(|advisory| found::first(&[&advisory.summary, &advisory.details]));
        let said = said
            .filter(|said| !said.is_empty())
            .unwrap_or_else(|| self.id.0.as_ref().into());
        let level = match self.level {
            Level::Called => "called",
            Level::Imported => "imported, not called",
            Level::Required => "required, not imported",
        };
        let names: HashSet<&str> = advisory
            .into_iter()
            .flat_map(|advisory| advisory.aliases.0.iter().map(|name| &**name))
            .collect();
        let mut names: Vec<&str> = names.into_iter().collect();
        names.sort_unstable();
        Finding {
            rule: self.id.0.as_ref().into(),
            message: format!("{said} ({level})").into(),
            path: self.path,
            line: self.line,
            more: found::rare(FindingMore {
                package: self.package,
                version: self.version,
                fix: self.fix,
                aliases: found::aliases(&self.id, names),
                link: Some(format!("https://pkg.go.dev/vuln/{}", &*self.id).into()),
                fingerprint: None,
            }),
            ..Finding::default()
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Message<'a> {
    config: Object<serde::de::IgnoredAny>,
    #[serde(borrow)]
    osv: Object<Advisory<'a>>,
    #[serde(borrow)]
    finding: Object<Reached<'a>>,
    #[serde(borrow, rename = "Vulns")]
    vulns: List<Object<OldVulnerability<'a>>>,
    #[serde(rename = "Requires")]
    requires: Object<serde::de::IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Advisory<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    summary: Text<'a>,
    #[serde(borrow)]
    details: Text<'a>,
    #[serde(borrow)]
    aliases: List<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reached<'a> {
    #[serde(borrow)]
    osv: Text<'a>,
    #[serde(borrow)]
    fixed_version: Text<'a>,
    #[serde(borrow)]
    trace: List<Object<Frame<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Frame<'a> {
    #[serde(borrow)]
    module: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
    #[serde(borrow)]
    package: Text<'a>,
    #[serde(borrow)]
    function: Text<'a>,
    #[serde(borrow)]
    position: Object<Position<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Position<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    line: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct OldVulnerability<'a> {
    #[serde(borrow, rename = "OSV")]
    osv: Object<Advisory<'a>>,
    #[serde(skip)]
    id: Text<'a>,
    #[serde(borrow)]
    mod_path: Text<'a>,
    #[serde(borrow)]
    pkg_path: Text<'a>,
    call_sink: Number,
    import_sink: Number,
}
