//! Rules held against merged findings.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Effect, Rule, Subject, Waivers};
use crate::model::{
    Finding, FindingWaiver, Gathered, MergedFinding, Problem, ProblemSeverity, RepoPath, Repository,
};
use crate::text::glob::Globs;

/// Sets the waivers of the findings, and says which rules have ended, fit nothing, or cannot be compared.
pub fn apply(
    gathered: &mut Gathered,
    waivers: &Waivers,
    repository: &Repository,
    now: Timestamp,
) -> Vec<Problem> {
    let mut problems = waivers.problems.clone();
    if waivers.rules.is_empty() {
        return problems;
    }
    let index = Index::of(waivers, repository);
    let mut used = vec![false; waivers.rules.len()];
    let mut ended = vec![None; waivers.rules.len()];
    let mut findings = std::mem::take(&mut gathered.scans.findings);
    for merged in &mut findings {
        let fitting = index.fitting(gathered, merged);
        for &at in &fitting {
            if let Some(used) = used.get_mut(at) {
                *used = true;
            }
        }
        let rules = fitting
            .iter()
            .filter_map(|&at| Some((at, waivers.rules.get(at)?)));
        let (over, valid): (Vec<_>, Vec<_>) =
            rules.partition(|(_, rule)| rule.expires.is_some_and(|end| end <= now));
        merged.waived = decide(valid.iter().map(|(_, rule)| *rule));
        if merged.waived.is_none() {
            for (at, _) in over {
                if let Some(slot) = ended.get_mut(at) {
                    *slot = Some(name(gathered, merged));
                }
            }
        }
    }
    gathered.scans.findings = findings;
    for (rule, finding) in waivers.rules.iter().zip(ended) {
        let (Some(finding), Some(end)) = (finding, rule.expires) else {
            continue;
        };
        problems.push(Problem {
            severity: ProblemSeverity::Warning,
            at: rule.source.clone(),
            what: format!(
                "the waiver of {finding} ended on {}; the finding counts again",
                day(end)
            )
            .into(),
            hint: Some("mend it, or decide anew with a later end".into()),
        });
    }
    problems.extend(unmatched(waivers, &used, &index));
    problems
}

/// What the rules that fit one finding come to: of VEX statements the last one said counts, an answer over a waiver,
/// and of waivers the one that lasts longest.
fn decide<'a>(rules: impl Iterator<Item = &'a Rule>) -> Option<FindingWaiver> {
    let (mut last, mut longest): (Option<&Rule>, Option<&Rule>) = (None, None);
    for rule in rules {
        if rule.effect == Effect::Waived {
            let end = |rule: &Rule| rule.expires.unwrap_or(Timestamp::MAX);
            if longest.is_none_or(|known| end(rule) > end(known)) {
                longest = Some(rule);
            }
            continue;
        }
        let later = last.is_none_or(|known| match rule.said.cmp(&known.said) {
            std::cmp::Ordering::Equal => known.effect != Effect::Affected,
            order => order.is_gt(),
        });
        if later {
            last = Some(rule);
        }
    }
    let answer = last.filter(|rule| rule.effect == Effect::NotAffected);
    let rule = answer.or(longest)?;
    Some(FindingWaiver {
        source: rule.source.clone(),
        reason: rule.reason.clone(),
        expires: rule.expires,
        not_affected: answer.is_some(),
    })
}

/// The rules by the names that they speak of.
struct Index<'a> {
    rules: &'a [Rule],
    by_name: HashMap<String, Vec<usize>>,
    nameless: Vec<usize>,
    /// Compiled globs of rules about files.
    globs: HashMap<usize, Globs>,
    /// What this repository is called.
    own_name: String,
}

impl<'a> Index<'a> {
    fn of(waivers: &'a Waivers, repository: &Repository) -> Self {
        let mut index = Self {
            rules: &waivers.rules,
            by_name: HashMap::new(),
            nameless: Vec::new(),
            globs: HashMap::new(),
            own_name: repository
                .name
                .rsplit(['/', '\\'])
                .next()
                .unwrap_or_default()
                .to_lowercase(),
        };
        for (at, rule) in waivers.rules.iter().enumerate() {
            for name in &rule.names {
                index.by_name.entry(canonical(name)).or_default().push(at);
            }
            if rule.names.is_empty() {
                index.nameless.push(at);
            }
            if let Subject::Paths(paths) = &rule.subject
                && let Ok(globs) = Globs::new(paths.iter().map(AsRef::as_ref))
            {
                index.globs.insert(at, globs);
            }
        }
        index
    }

    /// The rules that fit a finding, in their order.
    fn fitting(&self, gathered: &Gathered, merged: &MergedFinding) -> Vec<usize> {
        let mut fitting = Vec::new();
        for &(file, at) in &merged.seen {
            let Some((bound, _, finding)) = gathered.finding_at(file, at) else {
                continue;
            };
            let aliases = finding.more.iter().flat_map(|more| &more.aliases);
            let named = std::iter::once(&finding.rule)
                .chain(aliases)
                .filter_map(|name| self.by_name.get(&canonical(name)))
                .flatten();
            for &at in named.chain(&self.nameless) {
                if !fitting.contains(&at) && self.fits(at, merged, finding, bound.file.path.as_ref()) {
                    fitting.push(at);
                }
            }
        }
        fitting.sort_unstable();
        fitting
    }

    fn fits(
        &self,
        at: usize,
        merged: &MergedFinding,
        finding: &Finding,
        evidence: Option<&RepoPath>,
    ) -> bool {
        let Some(rule) = self.rules.get(at) else {
            return false;
        };
        if !rule.folder.is_empty() {
            // A finding without a file of ours lies where its evidence lies.
            let place = merged.path.as_ref().or(evidence).map_or("", RepoPath::as_str);
            let below = place
                .strip_prefix(&*rule.folder)
                .is_some_and(|rest| rest.starts_with('/'));
            if !below {
                return false;
            }
        }
        match &rule.subject {
            Subject::Any => true,
            Subject::Unknown(_) => false,
            Subject::Paths(_) => {
                let Some(globs) = self.globs.get(&at) else {
                    return false;
                };
                let own = merged.path.as_ref().map(RepoPath::as_str);
                let inside = own.and_then(|path| path.strip_prefix(&*rule.folder));
                let written = finding.path.as_deref();
                [own, inside, written]
                    .into_iter()
                    .flatten()
                    .any(|path| globs.fit(path.trim_start_matches('/')))
            }
            Subject::Packages(packages) => packages.iter().any(|package| {
                if package.is_product() {
                    return self.is_ours(package.short_name(), finding);
                }
                finding.more.as_ref().is_some_and(|more| package.fits(more))
            }),
        }
    }

    /// Whether a product is this repository, or the image that the finding was found in.
    fn is_ours(&self, product: &str, finding: &Finding) -> bool {
        let image = finding.path.as_deref().unwrap_or_default();
        let image = image.split([' ', '@', ':']).next().unwrap_or_default();
        let image = image.rsplit('/').next().unwrap_or_default().to_lowercase();
        !product.is_empty() && (product == self.own_name || product == image)
    }
}

/// Names as they are compared: Trivy calls one check both `DS002` and `AVD-DS-0002`.
fn canonical(name: &str) -> String {
    let upper = name.trim().to_uppercase();
    let Some((provider, number)) = upper.strip_prefix("AVD-").and_then(|rest| rest.rsplit_once('-')) else {
        return upper;
    };
    match number.strip_prefix('0') {
        Some(rest) if rest.len() == 3 && provider.len() <= 4 && !provider.contains('-') => {
            format!("{provider}{rest}")
        }
        _ => upper,
    }
}

/// One note a file on the rules that fit no finding of the scans that were read.
fn unmatched(waivers: &Waivers, used: &[bool], index: &Index<'_>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut rules = waivers.rules.iter().zip(used).peekable();
    while let Some((first, _)) = rules.peek() {
        let file = place(first).to_owned();
        let (mut all, mut idle, mut example) = (0_usize, 0_usize, None);
        while let Some((rule, used)) = rules.next_if(|(rule, _)| place(rule) == file) {
            all += 1;
            if !used && rule.effect != Effect::Affected {
                idle += 1;
                example.get_or_insert(rule);
            }
        }
        let Some(example) = example else { continue };
        let called = example
            .names
            .first()
            .map_or_else(|| "the first".to_owned(), |name| format!("`{name}`"));
        let why = match &example.subject {
            Subject::Unknown(why) => format!(" ({why})"),
            Subject::Packages(packages)
                if packages.iter().all(super::purl::Purl::is_product) && !index.own_name.is_empty() =>
            {
                format!(" (its product is not known to be `{}`)", index.own_name)
            }
            _ => String::new(),
        };
        problems.push(Problem {
            severity: ProblemSeverity::Note,
            at: example.source.clone(),
            what: format!(
                "{idle} of {all} waivers of `{file}` fit no finding that was read, such as {called}{why}"
            )
            .into(),
            hint: None,
        });
    }
    problems
}

/// The file of a rule.
fn place(rule: &Rule) -> &str {
    rule.source
        .rsplit_once(':')
        .map_or(&*rule.source, |(path, _)| path)
}

fn name(gathered: &Gathered, merged: &MergedFinding) -> String {
    gathered
        .finding(merged)
        .map_or_else(String::new, |(_, _, finding)| format!("`{}`", finding.rule))
}

fn day(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
