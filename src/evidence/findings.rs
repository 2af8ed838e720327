//! Findings of all scans, each once.
//!
//! A finding about a package is known by its advisory, under any of its names (CVE, GHSA …), and the package with its
//! version, whichever tool tells it. Any other is known by its tool, rule and file, and by the tool's fingerprint or
//! else the shape of its message; never by its line, which moves. Several equal ones in one file stay several: a merge
//! never counts fewer than any one file does. Invariant: the order of files and findings does not matter.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::mapping::Mapped;
use crate::model::{Bound, Content, Finding, MergedFinding, RepoPath, ScanReport, Scans, UidHasher};

/// Merges the findings of all scans. Superseded files only tell since when a finding is known.
#[must_use]
pub fn merge(bound: &[Bound], mapped: &[Mapped]) -> Scans {
    let scans: Vec<Scan<'_>> = (0_u32..)
        .zip(bound)
        .zip(mapped)
        .filter_map(|((at, bound), mapped)| match &bound.file.content {
            Ok(Content::Scan(report)) => Some(Scan {
                at,
                bound,
                report,
                mapped,
            }),
            _ => None,
        })
        .collect();
    let advisories = Advisories::of(&scans);
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut findings: Vec<MergedFinding> = Vec::new();
    let mut since: HashMap<u64, Timestamp> = HashMap::new();
    for scan in &scans {
        let mut nth: HashMap<UidHasher, u32> = HashMap::new();
        for place in scan.in_order() {
            let Some(finding) = scan.report.findings.get(place as usize) else {
                continue;
            };
            let ours = scan.place(place);
            let id = match advisories.id(finding) {
                Some(id) => id,
                None => {
                    let key = scan.key(place, finding, ours);
                    let count = nth.entry(key).or_default();
                    *count += 1;
                    key.finish(*count).0
                }
            };
            if let Some(at) = scan.bound.produced_at {
                since
                    .entry(id)
                    .and_modify(|known| *known = at.min(*known))
                    .or_insert(at);
            }
            if scan.bound.superseded_by.is_some() {
                continue;
            }
            let known = *places.entry(id).or_insert_with(|| {
                findings.push(MergedFinding {
                    id,
                    severity: finding.severity,
                    seen: Vec::new(),
                    path: None,
                    since: None,
                    waived: None,
                });
                findings.len() - 1
            });
            if let Some(merged) = findings.get_mut(known) {
                merged.severity = merged.severity.min(finding.severity);
                merged.seen.push((scan.at, place));
                if merged.path.is_none() || (ours.is_some() && ours < merged.path.as_ref()) {
                    merged.path = ours.cloned();
                }
            }
        }
    }
    for merged in &mut findings {
        merged.since = since.get(&merged.id).copied();
    }
    let text = |merged: &MergedFinding| {
        let (file, at) = *merged.seen.first()?;
        let Ok(Content::Scan(report)) = &bound.get(file as usize)?.file.content else {
            return None;
        };
        let finding = report.findings.get(at as usize)?;
        Some((finding.line, &*finding.rule, finding.path.as_deref()))
    };
    findings.sort_by(|a, b| {
        (a.severity, a.path.is_none(), &a.path)
            .cmp(&(b.severity, b.path.is_none(), &b.path))
            .then_with(|| text(a).cmp(&text(b)))
            .then(a.id.cmp(&b.id))
    });
    let counting = scans.iter().filter(|scan| scan.bound.superseded_by.is_none());
    Scans {
        findings,
        suppressed: counting.map(|scan| u64::from(scan.report.suppressed)).sum(),
    }
}

struct Scan<'a> {
    at: u32,
    bound: &'a Bound,
    report: &'a ScanReport,
    mapped: &'a Mapped,
}

impl Scan<'_> {
    /// The findings by path and line, so that equal ones are numbered from the top of their file.
    fn in_order(&self) -> Vec<u32> {
        let all = &self.report.findings;
        let mut order: Vec<u32> = (0..u32::try_from(all.len()).unwrap_or(u32::MAX)).collect();
        let by = |at: &u32| all.get(*at as usize).map(|finding| (&finding.path, finding.line));
        order.sort_by(|a, b| by(a).cmp(&by(b)));
        order
    }

    fn place(&self, at: u32) -> Option<&RepoPath> {
        self.mapped.places.get(at as usize).and_then(Option::as_ref)
    }

    /// What a finding without an advisory is known by.
    fn key(&self, place: u32, finding: &Finding, ours: Option<&RepoPath>) -> UidHasher {
        let mut key = UidHasher::default();
        lower(
            &mut key,
            self.report
                .tool
                .split_whitespace()
                .next()
                .unwrap_or(self.bound.file.format),
        );
        key.part(&finding.rule);
        key.part(ours.map_or_else(|| finding.path.as_deref().unwrap_or_default(), RepoPath::as_str));
        let package = finding.more.as_ref().and_then(|more| more.package.as_deref());
        key.part(package.unwrap_or_default());
        match self
            .report
            .fingerprint(place as usize)
            .filter(|print| is_print(print))
        {
            Some(print) => {
                key.byte(1);
                key.part(print);
            }
            None => {
                key.byte(2);
                shape(&mut key, &finding.message);
            }
        }
        key
    }
}

/// Some tools write a sentence, or a running number, where a fingerprint should be.
fn is_print(text: &str) -> bool {
    text.len() >= 8 && !text.contains(char::is_whitespace)
}

fn lower(key: &mut UidHasher, text: &str) {
    text.bytes().for_each(|byte| key.byte(byte.to_ascii_lowercase()));
    key.byte(0);
}

/// A message without its figures and spaces: a line number in it moves, too.
fn shape(key: &mut UidHasher, message: &str) {
    let mut in_number = false;
    for byte in message.bytes() {
        if byte.is_ascii_digit() {
            if !in_number {
                key.byte(b'#');
            }
            in_number = true;
        } else {
            in_number = false;
            if !byte.is_ascii_whitespace() {
                key.byte(byte);
            }
        }
    }
    key.byte(0);
}

/// Names of advisories that mean the same, found together.
struct Advisories {
    /// (name, package) in lower case to its group.
    groups: HashMap<(String, String), usize>,
    /// The name that a group is known by.
    names: Vec<String>,
    /// The versions that a group's tools name.
    versions: Vec<BTreeSet<String>>,
}

impl Advisories {
    fn of(scans: &[Scan<'_>]) -> Self {
        let mut groups: HashMap<(String, String), usize> = HashMap::new();
        let mut above: Vec<usize> = Vec::new();
        let mut all: Vec<(usize, Option<String>)> = Vec::new();
        for finding in scans.iter().flat_map(|scan| &scan.report.findings) {
            let Some((names, package, version)) = subject(finding) else {
                continue;
            };
            let mut own = None;
            for name in names {
                let group = *groups.entry((name, package.clone())).or_insert_with(|| {
                    above.push(above.len());
                    above.len() - 1
                });
                match own {
                    None => own = Some(group),
                    Some(own) => join(&mut above, own, group),
                }
            }
            if let Some(own) = own {
                all.push((own, version));
            }
        }
        let mut names: Vec<String> = vec![String::new(); above.len()];
        let mut versions = vec![BTreeSet::new(); above.len()];
        for group in groups.values_mut() {
            *group = top(&mut above, *group);
        }
        for ((name, _), &group) in &groups {
            if let Some(known) = names.get_mut(group)
                && (known.is_empty() || rank(name) < rank(known))
            {
                known.clone_from(name);
            }
        }
        for (group, version) in all {
            let group = top(&mut above, group);
            if let (Some(versions), Some(version)) = (versions.get_mut(group), version) {
                versions.insert(version);
            }
        }
        Self {
            groups,
            names,
            versions,
        }
    }

    /// The identity of a finding about a package.
    fn id(&self, finding: &Finding) -> Option<u64> {
        let (names, package, version) = subject(finding)?;
        let group = *self.groups.get(&(names.into_iter().next()?, package.clone()))?;
        // A tool that names no version speaks of the one that another tool names.
        let version = version.or_else(|| self.versions.get(group)?.first().cloned());
        let mut key = UidHasher::default();
        key.part("advisory");
        key.part(self.names.get(group)?);
        key.part(&package);
        key.part(&version.unwrap_or_default());
        Some(key.finish(0).0)
    }
}

/// The advisory's names, the package and its version; `None` when it is no advisory about a package.
fn subject(finding: &Finding) -> Option<(Vec<String>, String, Option<String>)> {
    let more = finding.more.as_ref()?;
    let package = more.package.as_deref()?.trim().to_lowercase();
    let own = std::iter::once(&finding.rule).chain(&more.aliases);
    let names: Vec<String> = own
        .map(|name| name.trim().to_uppercase())
        .filter(|name| !name.is_empty())
        .collect();
    let version = more
        .version
        .as_deref()
        .map(|version| version.trim().trim_start_matches('v').to_owned())
        .filter(|version| !version.is_empty());
    (!names.is_empty() && !package.is_empty()).then_some((names, package, version))
}

/// The name that outlives tools first.
fn rank(name: &str) -> (u8, usize, &str) {
    let kind = match name.split('-').next() {
        Some("CVE") => 0,
        Some("GHSA") => 1,
        _ => 2,
    };
    (kind, name.len(), name)
}

fn top(above: &mut [usize], mut at: usize) -> usize {
    while let Some(&next) = above.get(at)
        && next != at
    {
        let further = above.get(next).copied().unwrap_or(next);
        if let Some(own) = above.get_mut(at) {
            *own = further;
        }
        at = next;
    }
    at
}

fn join(above: &mut [usize], a: usize, b: usize) {
    let (a, b) = (top(above, a), top(above, b));
    if let Some(own) = above.get_mut(a.max(b)) {
        *own = a.min(b);
    }
}
