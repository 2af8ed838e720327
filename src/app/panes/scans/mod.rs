//! Pane 6: the findings of all scans, each once, worst first; by severity, tool, rule, package or file. Those that are
//! waived stand apart.

use super::table::{Ask, Builder, Group, Listed, State as Table};
use super::{PaneKind, Panes, Row, place_of};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::overlays::explain::Page;
use crate::app::view::line::{counted, fit, number, room_beside, short, short_place};
use crate::app::view::{Cell, Line, Role, glyphs_of};
use crate::engine::{Assessment, GateOutcome};
use crate::model::{
    EvidenceKind, Finding, FindingMore, FindingSeverity, Gathered, MergedFinding, Policy, ScanReport,
};
use crate::text::clean::{clean, without_ansi};
use crate::text::glob::Globs;
use crate::text::width::columns;

mod arrange;
mod detail;

/// What the pane remembers.
pub type State = Table;

/// The pane.
pub(super) struct Scans;

/// A finding with all that is known of it.
#[derive(Clone, Copy)]
struct Known<'a> {
    merged: &'a MergedFinding,
    finding: &'a Finding,
    report: &'a ScanReport,
}

impl<'a> Known<'a> {
    fn of(gathered: &'a Gathered, entry: u32) -> Option<Self> {
        let merged = gathered.scans.findings.get(entry as usize)?;
        let (_, report, finding) = gathered.finding(merged)?;
        Some(Self {
            merged,
            finding,
            report,
        })
    }

    fn more(self) -> Option<&'a FindingMore> {
        self.finding.more.as_deref()
    }

    /// Where to read more.
    fn link(self) -> Option<&'a str> {
        let own = self.more().and_then(|more| more.link.as_deref());
        own.or_else(|| self.report.rule(&self.finding.rule)?.link.as_deref())
    }

    fn package(self) -> Option<&'a str> {
        self.more()?.package.as_deref()
    }

    fn fix(self) -> Option<&'a str> {
        self.more()?.fix.as_deref()
    }

    /// In the repository, else as the tool wrote it.
    fn path(self) -> &'a str {
        let written = self.finding.path.as_deref();
        let path = self.merged.path.as_ref().map(|path| path.as_str());
        path.or(written).unwrap_or_default()
    }

    /// `lodash@4.17.20 -> 4.17.21`.
    fn versions(self, arrow: &str) -> Option<String> {
        let more = self.more()?;
        let mut text = more.package.as_deref()?.to_owned();
        if let Some(version) = &more.version {
            text.push('@');
            text.push_str(version);
        }
        match &more.fix {
            Some(fix) => text.push_str(&format!(" {arrow} {fix}")),
            None => text.push_str(", no fix is known"),
        }
        Some(text)
    }

    /// Every tool that reports it, each once.
    fn tools(self, gathered: &'a Gathered) -> Vec<&'a str> {
        let mut tools = vec![&*self.report.tool];
        for &(file, at) in self.merged.seen.iter().skip(1) {
            if let Some((_, report, _)) = gathered.finding_at(file, at)
                && !tools.contains(&&*report.tool)
            {
                tools.push(&report.tool);
            }
        }
        tools
    }
}

/// The role of a finding's severity.
const fn role(severity: FindingSeverity) -> Role {
    match severity {
        FindingSeverity::Critical => Role::Critical,
        FindingSeverity::High => Role::High,
        FindingSeverity::Medium => Role::Medium,
        FindingSeverity::Low | FindingSeverity::Info | FindingSeverity::Unknown => Role::Low,
    }
}

impl Listed for Scans {
    const KIND: PaneKind = PaneKind::Scans;
    const TITLE: &'static str = "Scans";
    const ABOUT: &'static str =
        "what the scanners found, each finding once, worst first; waived ones apart with their end";
    const COMMAND: Command = Command::GoScans;
    const SORTS: &'static [&'static str] = &["worst first", "by place", "by rule", "oldest first"];
    const GROUPS: &'static [&'static str] = &[
        "by severity",
        "by tool",
        "by rule",
        "by package",
        "by file",
        "ungrouped",
    ];
    const FIELDS: &'static [(&'static str, &'static str)] = &[
        ("sev:", "critical high medium low info unknown"),
        ("tool:", "part of the scanner's name"),
        ("rule:", "part of the rule, advisory or one of its other names"),
        ("file:", "part of the file's path"),
        ("pkg:", "part of the package's name"),
        ("is:", "open waived fixable"),
    ];
    const EVIDENCE: Option<EvidenceKind> = Some(EvidenceKind::Scan);
    const EMPTY: &'static [&'static str] = &[
        "No scan result was found.",
        "Let a scanner write one into the repository, then press r:",
        "semgrep scan --sarif --output semgrep.sarif",
        "trivy fs --format json --output trivy.json .",
        "npm audit --json > npm-audit.json",
        "osv-scanner --format json -r . > osv.json",
        "gitleaks dir --report-format sarif --report-path gitleaks.sarif",
        "Every scanner that writes SARIF 2.1.0 is read.",
    ];

    fn state(panes: &Panes) -> &Table {
        &panes.scans
    }

    fn state_mut(panes: &mut Panes) -> &mut Table {
        &mut panes.scans
    }

    fn len(assessment: &Assessment) -> usize {
        assessment.gathered.scans.findings.len()
    }

    fn summary(model: &Model, assessment: &Assessment, width: usize) -> Line {
        let scans = &assessment.gathered.scans;
        let dot = glyphs_of(model).dot();
        // Worst first: each severity is one run.
        let end =
            |severity: FindingSeverity| scans.findings.partition_point(|found| found.severity <= severity);
        let open = scans
            .findings
            .iter()
            .filter(|found| found.waived.is_none())
            .count();
        let mut line = Line::of(counted(open, "open finding", "open findings"), Role::Strong);
        let mut more = Vec::new();
        let mut before = 0;
        for severity in FindingSeverity::ALL {
            let end = end(severity);
            let run = scans.findings.get(before..end).unwrap_or_default();
            let n = run.iter().filter(|found| found.waived.is_none()).count();
            if n > 0 {
                more.push((format!("{} {}", number(n), severity.word()), role(severity)));
            }
            before = end;
        }
        let waived = scans.findings.len() - open;
        if waived > 0 {
            more.push((format!("{} waived", number(waived)), Role::Muted));
        }
        if scans.suppressed > 0 {
            let n = usize::try_from(scans.suppressed).unwrap_or(usize::MAX);
            more.push((format!("{} suppressed by the tools", number(n)), Role::Muted));
        }
        for (text, role) in more {
            // A severity left out before a milder one would look like none.
            if line.columns() + columns(dot) + columns(&text) > width {
                break;
            }
            line = line.and(dot, Role::Muted).and(text, role);
        }
        line
    }

    fn arrange(assessment: &Assessment, ask: &Ask, table: &mut Builder) {
        arrange::arrange(&assessment.gathered, ask, table);
    }

    fn row(assessment: &Assessment, entry: u32) -> Option<Row> {
        let known = Known::of(&assessment.gathered, entry)?;
        let line = known.finding.line.unwrap_or(1);
        Some(Row {
            pane: PaneKind::Scans,
            key: format!("{:x}", known.merged.id).into(),
            label: short(&known.finding.rule, 40, "").into(),
            place: known
                .merged
                .path
                .as_ref()
                .and_then(|path| place_of(&format!("{path}:{line}"))),
        })
    }

    fn find(assessment: &Assessment, key: &str) -> Option<u32> {
        let id = u64::from_str_radix(key, 16).ok()?;
        let findings = &assessment.gathered.scans.findings;
        let at = findings.iter().position(|found| found.id == id)?;
        u32::try_from(at).ok()
    }

    fn line(model: &Model, assessment: &Assessment, entry: u32, width: usize) -> Line {
        let gathered = &*assessment.gathered;
        let Some(known) = Known::of(gathered, entry) else {
            return Line::default();
        };
        let glyphs = glyphs_of(model);
        let cut = glyphs.ellipsis();
        let severity = known.merged.severity;
        let mut line = Line::of(fit(severity.word(), 8, "") + " ", role(severity));
        let rule = &known.finding.rule;
        if width >= 44 && !rule.is_empty() {
            let most = (width / 4).clamp(12, 30);
            line = line.and(short(rule, most, cut) + " ", Role::Strong);
        }
        let mut text = known
            .versions(glyphs.arrow())
            .unwrap_or_else(|| without_ansi(&known.finding.message).into_owned());
        let mut tail = String::new();
        if let Some(waiver) = &known.merged.waived {
            tail = until(waiver, model);
        } else if width >= 70 {
            tail = format!(" {}", short(&known.tools(gathered).join(", "), 18, cut));
        }
        let rest = width.saturating_sub(line.columns() + columns(&tail));
        let place = match (known.path(), known.finding.line) {
            ("", _) => String::new(),
            // A package's file says less than the package.
            _ if known.package().is_some() && width < 100 => String::new(),
            (path, Some(at)) => short_place(path, at, room_beside(&text, rest), cut),
            (path, None) => {
                crate::app::view::line::short_path(path, room_beside(&text, rest).min(columns(path)), cut)
            }
        };
        let room = rest.saturating_sub(columns(&place) + 1);
        if text.is_empty() {
            text = known.path().to_owned();
        }
        line = line.and(short(&text, room, cut), Role::Text);
        line.right = vec![Cell::new(place, Role::Link), Cell::new(tail, Role::Muted)];
        line
    }

    fn group_line(model: &Model, group: &Group, _width: usize) -> Line {
        let dot = glyphs_of(model).dot();
        let mut line = Line::of(number(group.entries as usize), Role::Muted);
        for (n, severity) in group.figures.iter().zip(FindingSeverity::ALL) {
            if *n > 0 {
                let n = usize::try_from(*n).unwrap_or(usize::MAX);
                line = line.and(format!("{dot}{} {}", number(n), severity.word()), role(severity));
            }
        }
        line
    }

    fn evidence(assessment: &Assessment, entry: u32) -> Option<u32> {
        let merged = assessment.gathered.scans.findings.get(entry as usize)?;
        Some(merged.seen.first()?.0)
    }

    fn explain(model: &Model, assessment: &Assessment, entry: u32, page: &mut Page) {
        detail::explain(model, assessment, entry, page);
    }

    fn copy(assessment: &Assessment, entry: u32) -> Option<String> {
        let known = Known::of(&assessment.gathered, entry)?;
        let mut parts: Vec<String> = Vec::new();
        let path = known.path();
        match known.finding.line {
            _ if path.is_empty() => {}
            Some(line) => parts.push(format!("{path}:{line}")),
            None => parts.push(path.to_owned()),
        }
        parts.push(known.finding.rule.to_string());
        parts.extend(known.versions("->"));
        if let Some(more) = known.more() {
            parts.extend(more.aliases.iter().map(ToString::to_string));
        }
        parts.extend(known.link().map(str::to_owned));
        parts.retain(|part| !part.is_empty());
        parts.dedup();
        Some(clean(&parts.join(" ")).into_owned())
    }

    fn of_gate(policy: &Policy, assessment: &Assessment, gate: &GateOutcome) -> Option<Box<str>> {
        if gate.result > crate::model::GateResult::Error {
            return None;
        }
        let gathered = &*assessment.gathered;
        let named = |id: &str| gate.id.rsplit(':').next() == Some(id);
        let limit = policy.scans.iter().find(|limit| named(&limit.id));
        let paths = limit.map_or(&[] as &[Box<str>], |limit| &limit.paths);
        let globs = Globs::new(paths.iter().map(AsRef::as_ref)).ok()?;
        let worst = gathered.scans.findings.iter().zip(0..).find(|(found, entry)| {
            let of_tool = || {
                let tool = limit.and_then(|limit| limit.tool.as_deref());
                tool.is_none_or(|tool| {
                    let known = Known::of(gathered, *entry);
                    known.is_some_and(|known| {
                        let tools = known.tools(gathered);
                        tools
                            .iter()
                            .any(|own| own.to_lowercase().contains(&tool.to_lowercase()))
                    })
                })
            };
            let in_scope = || {
                let path = found.path.as_ref();
                paths.is_empty() || path.is_some_and(|path| globs.fit(path.as_str()))
            };
            found.waived.is_none() && in_scope() && of_tool()
        });
        Some(Self::row(assessment, worst?.1)?.key)
    }
}

/// How long a finding is waived, for the end of its row.
fn until(waiver: &crate::model::FindingWaiver, model: &Model) -> String {
    if waiver.not_affected {
        return " not affected".to_owned();
    }
    match waiver.expires {
        Some(end) if end <= model.now => format!(" ended {}", day(end)),
        Some(end) => format!(" until {}", day(end)),
        None => " without an end".to_owned(),
    }
}

/// The date of a time, UTC.
fn day(at: jiff::Timestamp) -> String {
    at.to_string().get(..10).unwrap_or_default().to_owned()
}
