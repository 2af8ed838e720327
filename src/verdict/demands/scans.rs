//! Limits on the findings of scans. A failure stays one however old its scan is; that nothing is found counts only
//! when the scans ran and speak of HEAD.

use jiff::{SignedDuration, Timestamp};

use super::scope::{self, Scope};
use super::{counted, is_on, of_kind, why_not_current};
use crate::model::{
    Bound, Content, EvidenceKind, FindingSeverity, GateMode, GateResult, Gathered, MergedFinding, ScanLimit,
};
use crate::verdict::GateOutcome;

/// Judges limits in their order.
pub(super) fn judge(limits: &[ScanLimit], gathered: &Gathered, now: Timestamp) -> Vec<GateOutcome> {
    limits
        .iter()
        .filter(|limit| is_on(limit.mode))
        .map(|limit| {
            let (result, message, source) = judge_limit(limit, gathered, now);
            GateOutcome {
                id: format!("scans:{}", limit.id),
                mode: limit.mode,
                result,
                message,
                source: source.unwrap_or_else(|| limit.source.to_string()),
            }
        })
        .collect()
}

/// The findings of a limit, counted.
#[derive(Debug, Default)]
struct Count<'a> {
    /// Open ones that reach the severity, and have been known for long enough.
    open: usize,
    by_severity: [usize; FindingSeverity::ALL.len()],
    worst: Option<&'a MergedFinding>,
    /// Open ones whose age is not known.
    ageless: usize,
    /// Open ones whose severity no tool says.
    unrated: usize,
    first_unrated: Option<&'a MergedFinding>,
    /// Open ones that are still within their days.
    young: usize,
    waived: usize,
    /// Waived ones whose waiver has no end.
    endless: usize,
    first_waived: Option<&'a MergedFinding>,
}

fn judge_limit(
    limit: &ScanLimit,
    gathered: &Gathered,
    now: Timestamp,
) -> (GateResult, String, Option<String>) {
    let subject = subject(limit);
    let scope = match Scope::new(&limit.paths, &[]) {
        Ok(scope) => scope,
        Err(bad) => {
            let message = format!("{subject}: `{}` is no glob: {}", bad.glob, bad.why);
            return (GateResult::Inconclusive, message, None);
        }
    };
    let of_tool: Vec<bool> = gathered
        .files
        .iter()
        .map(|bound| is_of_tool(bound, limit))
        .collect();
    let count = count(limit, gathered, &scope, &of_tool, now);
    let place = |finding: Option<&MergedFinding>| finding.map(|finding| place(gathered, finding));
    let may = match limit.most {
        0 => "none may be open".to_owned(),
        most => format!("at most {most} may be open"),
    };
    let limit_words = format!("{may}{}", said_by(limit));

    if count.open > limit.most as usize {
        let parts: Vec<String> = FindingSeverity::ALL
            .into_iter()
            .zip(count.by_severity)
            .filter(|(_, n)| *n > 0)
            .map(|(severity, n)| format!("{n} {}", severity.word()))
            .collect();
        let age = limit
            .days
            .map_or_else(String::new, |days| format!(" for more than {days} days"));
        let message = format!(
            "{subject}: {} open{age} ({}), {limit_words}; worst: {}{}",
            counted(count.open, "finding"),
            parts.join(", "),
            count
                .worst
                .map_or_else(String::new, |worst| name(gathered, worst)),
            waived_words(&count),
        );
        return (GateResult::Fail, message, place(count.worst));
    }
    let relevant: Vec<&Bound> = of_kind(gathered, EvidenceKind::Scan)
        .filter(|bound| bound.file.content.is_err() || limit.tool.is_none() || is_of_tool(bound, limit))
        .collect();
    let read = relevant.iter().filter(|bound| bound.file.content.is_ok()).count();
    if read == 0 && (limit.tool.is_some() || relevant.is_empty()) {
        let what = match &limit.tool {
            Some(tool) => format!("no result of `{tool}` was read"),
            None => "no scan was read".to_owned(),
        };
        return (
            GateResult::Missing,
            format!("{subject}: {what}, {limit_words}"),
            None,
        );
    }
    let so_far = format!(
        "{subject}: {} open in {}",
        counted(count.open, "finding"),
        counted(read, "scan")
    );
    if let Some((bound, doubt)) = relevant
        .iter()
        .find_map(|bound| why_not_current(bound).map(|doubt| (bound, doubt)))
    {
        let message = format!("{so_far}, but {doubt}; {limit_words}");
        return (
            GateResult::Inconclusive,
            message,
            Some(bound.file.source.to_string()),
        );
    }
    if count.unrated > 0 && limit.unrated == GateMode::Enforce {
        let first = count
            .first_unrated
            .map_or_else(String::new, |first| name(gathered, first));
        let message = format!(
            "{so_far}, but no tool says how severe {} more {}, such as {first}; {limit_words}",
            count.unrated,
            if count.unrated == 1 { "is" } else { "are" },
        );
        return (GateResult::Inconclusive, message, place(count.first_unrated));
    }
    if count.open + count.ageless > limit.most as usize {
        let them = counted(count.ageless, "finding");
        let message =
            format!("{so_far}, but it is not known for how long {them} more have been known; {limit_words}");
        return (GateResult::Inconclusive, message, place(count.worst));
    }
    if count.waived > 0 {
        let first = count
            .first_waived
            .map_or_else(String::new, |first| name(gathered, first));
        let message = format!("{so_far}{}, such as {first}; {limit_words}", waived_words(&count));
        return (GateResult::Bypassed, message, waiver_place(count.first_waived));
    }
    let mut message = format!("{so_far}, {limit_words}");
    if count.young > 0 {
        message.push_str(&format!("; {} still within their days", count.young));
    }
    if count.unrated > 0 {
        message.push_str(&format!("; {} without a severity do not count", count.unrated));
    }
    (GateResult::Pass, message, None)
}

fn count<'a>(
    limit: &ScanLimit,
    gathered: &'a Gathered,
    scope: &Scope,
    of_tool: &[bool],
    now: Timestamp,
) -> Count<'a> {
    let mut count = Count::default();
    for finding in &gathered.scans.findings {
        let in_tool = limit.tool.is_none()
            || finding
                .seen
                .iter()
                .any(|(file, _)| of_tool.get(*file as usize) == Some(&true));
        let in_scope = limit.paths.is_empty()
            || finding
                .path
                .as_ref()
                .is_some_and(|path| scope.holds(path.as_str()));
        let unrated =
            finding.severity == FindingSeverity::Unknown && limit.severity != FindingSeverity::Unknown;
        if !in_tool || !in_scope || (finding.severity > limit.severity && !unrated) {
            continue;
        }
        if let Some(waiver) = &finding.waived
            && waiver.expires.is_none_or(|end| now < end)
        {
            // An answer that it does not apply here is no waiver.
            if !waiver.not_affected {
                count.waived += 1;
                count.endless += usize::from(waiver.expires.is_none());
                count.first_waived = count.first_waived.or(Some(finding));
            }
            continue;
        }
        if unrated {
            count.unrated += 1;
            count.first_unrated = count.first_unrated.or(Some(finding));
            continue;
        }
        match limit.days.map(|days| is_older(finding, days, now)) {
            Some(None) => count.ageless += 1,
            Some(Some(false)) => count.young += 1,
            None | Some(Some(true)) => {
                count.open += 1;
                if let Some(n) = count.by_severity.get_mut(finding.severity as usize) {
                    *n += 1;
                }
                // They come worst first.
                count.worst = count.worst.or(Some(finding));
            }
        }
    }
    count
}

/// Whether a finding has been known for longer than so many days; `None` when nobody knows.
fn is_older(finding: &MergedFinding, days: u32, now: Timestamp) -> Option<bool> {
    let since = finding.since?;
    Some(now.duration_since(since) > SignedDuration::from_hours(i64::from(days) * 24))
}

/// Whether an evidence file is of the limit's tool: by the tool's own name, its first words, or the format.
fn is_of_tool(bound: &Bound, limit: &ScanLimit) -> bool {
    let Some(wanted) = limit.tool.as_deref().map(str::to_lowercase) else {
        return true;
    };
    let Ok(Content::Scan(report)) = &bound.file.content else {
        return false;
    };
    let tool = report.tool.to_lowercase();
    let begins = tool
        .strip_prefix(&wanted)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()));
    begins || bound.file.format == wanted
}

/// "high or worse of `trivy` in `src/**`".
fn subject(limit: &ScanLimit) -> String {
    let severity = match limit.severity {
        FindingSeverity::Critical => "critical".to_owned(),
        FindingSeverity::Unknown => "any severity".to_owned(),
        severity => format!("{} or worse", severity.word()),
    };
    let tool = limit
        .tool
        .as_ref()
        .map_or_else(String::new, |tool| format!(" of `{tool}`"));
    let paths = if limit.paths.is_empty() {
        String::new()
    } else {
        format!(" in {}", scope::words(&limit.paths, &[], ""))
    };
    format!("{severity}{tool}{paths}")
}

fn said_by(limit: &ScanLimit) -> String {
    if limit.source.is_empty() {
        String::new()
    } else {
        format!(" ({})", limit.source)
    }
}

fn waived_words(count: &Count<'_>) -> String {
    if count.waived == 0 {
        return String::new();
    }
    let endless = match count.endless {
        0 => String::new(),
        n if n == count.waived => " without an end".to_owned(),
        n => format!(" ({n} without an end)"),
    };
    format!(", {} waived{endless}", count.waived)
}

/// How a sentence calls a finding: rule, package, place and file.
fn name(gathered: &Gathered, merged: &MergedFinding) -> String {
    let Some((bound, report, finding)) = gathered.finding(merged) else {
        return "a finding".to_owned();
    };
    let package = finding.more.as_ref().and_then(|more| more.package.as_deref());
    let package = package.map_or_else(String::new, |package| format!(" in `{package}`"));
    let tool = if report.tool.is_empty() { "" } else { &report.tool };
    format!("`{}`{package} ({tool}, {})", finding.rule, bound.file.source)
}

/// Where a finding lies: its file and line, or the evidence that has it.
fn place(gathered: &Gathered, merged: &MergedFinding) -> String {
    let found = gathered.finding(merged);
    match (&merged.path, found) {
        (Some(path), Some((_, _, finding))) => match finding.line {
            Some(line) => format!("{path}:{line}"),
            None => path.to_string(),
        },
        (Some(path), None) => path.to_string(),
        (None, Some((bound, ..))) => bound.file.source.to_string(),
        (None, None) => String::new(),
    }
}

fn waiver_place(finding: Option<&MergedFinding>) -> Option<String> {
    let waiver = finding?.waived.as_ref()?;
    Some(waiver.source.to_string())
}
