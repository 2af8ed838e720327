//! Numbers of findings: "0 critical vulnerabilities", "no high vulnerabilities", "npm audit: 0 vulnerabilities".

use std::ops::Range;

use super::words::{Reading, What, is_one};
use super::{age, counted, doubt, may_be_a_part, of_kind, part, push};
use crate::claims::{Draft, Finding, Place, Scene};
use crate::model::{Bound, Claim, Content, EvidenceKind, FindingSeverity, MergedFinding, Said};

const NOUNS: &[&str] = &["vulnerability", "vulnerabilities", "vulns", "vuln", "cves", "cve"];
const FINDINGS: &[&str] = &["findings", "issues", "alerts"];
const FILLERS: &[&str] = &[
    "known",
    "open",
    "remaining",
    "outstanding",
    "unresolved",
    "active",
    "security",
    "severity",
    "risk",
    "of",
    "any",
];
/// Words of a clause that make it a demand, or a story of what was.
#[rustfmt::skip]
const NO_COUNT: &[&str] = &[
    "target", "must", "should", "allowed", "max", "maximum", "threshold", "fail", "fails", "if", "when", "ensure", "more", "than",
    "least", "up", "from", "to", "block", "blocks", "require", "requires", "required", "policy", "goal", "was", "were", "had",
    "before", "until", "unless", "new", "not", "verify", "gate", "expected", "may",
];
const MENDED: &[&str] = &[
    "fixed",
    "resolved",
    "patched",
    "remediated",
    "addressed",
    "closed",
    "mitigated",
    "eliminated",
    "removed",
    "fixes",
];
/// The tools that a sentence may name.
#[rustfmt::skip]
const TOOLS: &[&str] = &[
    "npm audit", "yarn audit", "pnpm audit", "cargo audit", "cargo-audit", "pip-audit", "pip audit", "composer audit",
    "bundler-audit", "bundle audit", "trivy", "snyk", "semgrep", "bandit", "codeql", "grype", "gitleaks", "govulncheck", "gosec",
    "osv-scanner", "zap", "dependabot", "sonarqube", "checkov", "hadolint", "dependency-check", "eslint", "spotbugs", "nuclei",
    "dockle", "tfsec", "auditjs", "nancy", "brakeman", "safety", "trufflehog", "clair", "anchore", "nessus", "burp",
];
/// Tools that know nothing of vulnerabilities: their silence proves nothing about them.
#[rustfmt::skip]
const LINTERS: &[&str] = &[
    "eslint", "hadolint", "rubocop", "checkstyle", "golangcilint", "golangci", "pylint", "ruff", "flake8", "clippy", "stylelint",
    "prettier", "shellcheck", "ktlint", "detekt", "swiftlint", "phpcs", "phpstan", "codechecker", "pmd", "cpplint", "biome",
    "gitleaks", "trufflehog", "dockle", "cyclonedx",
];

pub(super) fn recognise(reading: &Reading<'_>, out: &mut Vec<Draft>) {
    if matches!(reading.statement.place, Place::Code | Place::Heading) {
        return;
    }
    let mut free = 0;
    for at in 0..reading.tokens.len() {
        let found = forward(reading, at).or_else(|| backward(reading, at));
        let Some((tokens, value, severities)) = found.filter(|(tokens, ..)| tokens.start >= free) else {
            continue;
        };
        let clause = reading.clause(&tokens);
        if reading.is_quiet(&tokens)
            || reading.has(clause.clone(), NO_COUNT)
            || value != "0" && reading.has(clause, MENDED)
        {
            continue;
        }
        free = tokens.end;
        let lower = reading.statement.text.to_ascii_lowercase();
        let label = reading.statement.label.to_ascii_lowercase();
        let mut tools = TOOLS
            .iter()
            .copied()
            .filter(|tool| names(&lower, tool) || names(&label, tool));
        let (tool, second) = (tools.next().unwrap_or_default(), tools.next());
        let ignore: Vec<&str> = tool
            .split(' ')
            .chain([tool])
            .filter(|word| !word.is_empty())
            .collect();
        let said = Said {
            subject: if second.is_some() { "several tools" } else { tool }.into(),
            predicate: "open findings",
            comparator: "=",
            value: value.into(),
            scope: Box::default(),
        };
        let severities: Vec<&str> = severities.iter().map(|severity| severity.word()).collect();
        push(reading, tokens, said, &severities, &ignore, out);
    }
}

fn names(text: &str, tool: &str) -> bool {
    text.match_indices(tool).any(|(at, _)| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let before = text.get(..at).and_then(|front| front.chars().next_back());
        let after = text.get(at + tool.len()..).and_then(|back| back.chars().next());
        edge(before) && edge(after)
    })
}

/// Tokens, the number, the severities; none means any.
type Passage<'t> = (Range<usize>, &'t str, Vec<FindingSeverity>);

/// "0 critical or high vulnerabilities", "0 critical" in a sentence about vulnerabilities
fn forward<'t>(reading: &Reading<'t>, at: usize) -> Option<Passage<'t>> {
    let value = match reading.at(at)? {
        What::Number(number) if !number.contains(['.', ',']) => number,
        What::Word(word) if is_one(word, &["no", "zero"]) => "0",
        _ => return None,
    };
    if matches!(reading.before(at), Some(What::Sign(_))) {
        return None;
    }
    let mut severities = Vec::new();
    let mut end = at + 1;
    let mut security = false;
    loop {
        if let Some(severity) = severity_at(reading, end) {
            severities.push(severity);
        } else if reading.is(end, FILLERS) {
            security |= reading.is(end, &["security"]);
        } else {
            let joins = reading.is(end, &["and", "or"]) || reading.at(end) == Some(What::Stop(','));
            if !joins || severities.is_empty() || severity_at(reading, end + 1).is_none() {
                break;
            }
        }
        end += 1;
    }
    if reading.is(end, NOUNS) || security && reading.is(end, FINDINGS) {
        return Some((at..end + 1, value, severities));
    }
    // "0 critical, 0 high vulnerabilities", "vulnerabilities: 0 critical, 0 high"
    let ends = matches!(reading.at(end), None | Some(What::Stop(_))) || reading.is(end, &["and"]);
    let about = reading.has(0..reading.tokens.len(), NOUNS);
    (!severities.is_empty() && ends && about && matches!(reading.at(at), Some(What::Number(_)))).then_some((
        at..end,
        value,
        severities,
    ))
}

/// "critical vulnerabilities: 0"
fn backward<'t>(reading: &Reading<'t>, at: usize) -> Option<Passage<'t>> {
    let What::Number(value) = reading.at(at)? else {
        return None;
    };
    let ends = matches!(reading.at(at + 1), None | Some(What::Stop(_)));
    let parted = matches!(reading.before(at), Some(What::Stop(':' | '|')));
    let mut start = at.checked_sub(2)?;
    if !ends || !parted || value.contains(['.', ',']) || !reading.is(start, NOUNS) {
        return None;
    }
    let mut severities = Vec::new();
    while let Some(before) = start.checked_sub(1) {
        if let Some(severity) = severity_at(reading, before) {
            severities.push(severity);
        } else if !reading.is(before, FILLERS) && !reading.is(before, &["and", "or"]) {
            break;
        }
        start = before;
    }
    Some((start..at + 1, value, severities))
}

fn severity_at(reading: &Reading<'_>, at: usize) -> Option<FindingSeverity> {
    let word = reading.word(at)?;
    let word = word
        .strip_suffix("-severity")
        .or_else(|| word.strip_suffix("-risk"))
        .unwrap_or(&word);
    is_one(word, &["critical", "high", "medium", "moderate", "low"]).then(|| FindingSeverity::parse(word))
}

/// A tool's name with only its letters and digits.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn is_of_tool(bound: &Bound, wanted: &str) -> bool {
    let wanted = plain(wanted);
    let format = plain(bound.file.format);
    let tool = match &bound.file.content {
        Ok(Content::Scan(report)) => plain(&report.tool),
        _ => String::new(),
    };
    if wanted.is_empty() {
        return !LINTERS.iter().any(|linter| tool == *linter || format == *linter);
    }
    format == wanted || tool.starts_with(&wanted) || wanted == "zap" && tool.ends_with("zap")
}

pub(super) fn check(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let gathered = scene.gathered();
    let tool = &*claim.said.subject;
    let Ok(said) = claim.said.value.parse::<u64>() else {
        return Some(Finding::silent());
    };
    let wanted: Vec<FindingSeverity> = claim
        .said
        .scope
        .iter()
        .skip(1)
        .map(|word| FindingSeverity::parse(word))
        .collect();
    let files: Vec<&Bound> = of_kind(gathered, EvidenceKind::Scan)
        .filter(|bound| is_of_tool(bound, tool))
        .collect();
    if files.iter().all(|bound| bound.file.content.is_err()) {
        return Some(Finding::unsure(if tool.is_empty() {
            "no scan for vulnerabilities was read".to_owned()
        } else {
            format!("no result of {tool} was read")
        }));
    }
    let counts = |merged: &&MergedFinding| {
        merged.seen.iter().any(|(file, _)| {
            let of_file = gathered.files.get(*file as usize);
            of_file.is_some_and(|bound| files.iter().any(|known| std::ptr::eq(*known, bound)))
        })
    };
    let answered = |merged: &MergedFinding| {
        let waiver = merged.waived.as_ref();
        waiver.is_some_and(|waiver| waiver.not_affected && waiver.expires.is_none())
    };
    let (mut open, mut waived, mut unrated) = (Vec::new(), 0_u64, 0_u64);
    for merged in gathered.scans.findings.iter().filter(counts) {
        if answered(merged) {
            continue;
        }
        if !wanted.is_empty() && merged.severity == FindingSeverity::Unknown {
            unrated += 1;
        } else if wanted.is_empty() || wanted.contains(&merged.severity) {
            if merged.waived.is_some() {
                waived += 1;
            } else {
                open.push(merged);
            }
        }
    }
    let is = open.len() as u64;
    let levels: Vec<&str> = wanted.iter().map(|severity| severity.word()).collect();
    let noun = format!("{} finding", levels.join(" or "));
    let whole = format!("{} open", counted(is, noun.trim_start()));
    let source = files.first().map_or("", |bound| &bound.file.source);
    let narrowed = !part(claim).is_empty();
    if said == 0 && is > 0 {
        if narrowed {
            return Some(may_be_a_part(claim, &whole));
        }
        let mut why = String::new();
        for merged in open {
            let Some((bound, report, finding)) = gathered.finding(merged) else {
                continue;
            };
            match age::against(bound, scene)? {
                Ok(()) => {
                    let package = finding.more.as_ref().and_then(|more| more.package.as_deref());
                    let package = package.map_or_else(String::new, |package| format!(" in `{package}`"));
                    let reason = format!(
                        "{whole}, the worst: `{}`{package} ({}, {})",
                        finding.rule,
                        merged.severity.word(),
                        report.tool
                    );
                    return Some(Finding::no("0", is.to_string(), reason).with(whole, &*bound.file.source));
                }
                Err(doubt) if why.is_empty() => why = doubt,
                Err(_) => {}
            }
        }
        return Some(Finding::unsure(format!("{whole}, but {why}")));
    }
    if let Some(doubt) = doubt(files.iter().copied()) {
        return Some(Finding::unsure(format!("{whole}, but {doubt}")));
    }
    if unrated > 0 {
        return Some(Finding::unsure(format!(
            "{whole}, but no tool says how severe {} more are",
            counted(unrated, "finding")
        )));
    }
    if narrowed {
        return Some(may_be_a_part(claim, &whole));
    }
    if waived > 0 && said != is + waived {
        return Some(Finding::unsure(format!(
            "{whole}, and {waived} more are waived, not gone"
        )));
    }
    let finding = if said == is || waived > 0 {
        Finding::holds(whole.clone())
    } else {
        Finding::no(said.to_string(), is.to_string(), format!("{whole}, not {said}"))
    };
    Some(finding.with(whole, source))
}
