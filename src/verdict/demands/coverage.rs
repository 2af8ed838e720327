//! Coverage targets over merged coverage, compared on raw counters and printed rounded down.
//!
//! A file whose sources do not all speak of HEAD may stand better or worse by now: it fails a target only if the target
//! would fail with that file wholly covered, and it never passes one.

use std::collections::HashSet;

use super::scope::{self, Scope};
use super::{counted, is_current, is_on, of_kind, why_not_current};
use crate::model::target::threshold_words;
use crate::model::{
    CoverageTarget, CoveredFile, EvidenceKind, GateMode, GateResult, Gathered, Metric, Ratio, Totals,
};
use crate::verdict::GateOutcome;

/// Judges targets in their order.
pub(super) fn judge(targets: &[CoverageTarget], gathered: &Gathered) -> Vec<GateOutcome> {
    let facts = Facts::of(gathered);
    targets
        .iter()
        .filter(|target| is_on(target.mode))
        .map(|target| {
            let (result, message, source) = facts.judge(target);
            GateOutcome {
                id: format!("coverage:{}", target.id),
                mode: target.mode,
                result,
                message,
                source: source.unwrap_or_else(|| target.source.to_string()),
            }
        })
        .collect()
}

/// Coverage that no target speaks of shows nothing: the gate that says so, and what to set.
pub(super) fn without_target(
    targets: &[CoverageTarget],
    gathered: &Gathered,
    mode: GateMode,
) -> Option<GateOutcome> {
    let decides = |target: &CoverageTarget| target.mode == GateMode::Enforce && target.target.is_some();
    let coverage = &gathered.coverage;
    let measured = !coverage.files.is_empty() || coverage.totals != Totals::default();
    if !is_on(mode) || !measured || targets.iter().any(decides) {
        return None;
    }
    let figure = coverage.totals.lines.map_or_else(String::new, |lines| {
        let share = Share::of(lines);
        format!(
            "{} of lines are covered ({}), and ",
            share.percent(),
            share.counts()
        )
    });
    Some(GateOutcome {
        id: "coverage:target".to_owned(),
        mode,
        result: GateResult::NotEvaluated,
        message: format!(
            "{figure}no target says whether that is enough: set one such as `[coverage]` `target = \"80%\"` in `gonogo.toml`"
        ),
        source: of_kind(gathered, EvidenceKind::Coverage)
            .next()
            .map_or_else(String::new, |bound| bound.file.source.to_string()),
    })
}

/// The files of the repository that a target speaks of and that have something to cover, the lowest first.
#[must_use]
pub fn files_of<'a>(target: &CoverageTarget, gathered: &'a Gathered) -> Vec<(&'a CoveredFile, Ratio)> {
    let Ok(scope) = Scope::new(&target.paths, &target.except) else {
        return Vec::new();
    };
    let mut files: Vec<(&CoveredFile, Ratio)> = gathered
        .coverage
        .files
        .iter()
        .filter(|file| file.mapped && scope.holds(&file.path))
        .filter_map(|file| Some((file, ratio(file, target.metric)?)))
        .filter(|(_, ratio)| ratio.total > 0)
        .collect();
    files.sort_by(|(a, left), (b, right)| {
        let (l, r) = (Share::of(*left), Share::of(*right));
        (l.covered * r.total)
            .cmp(&(r.covered * l.total))
            .then_with(|| (r.total - r.covered).cmp(&(l.total - l.covered)))
            .then_with(|| a.path.cmp(&b.path))
    });
    files
}

/// Covered of total; wide enough for any sum of counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Share {
    covered: u128,
    total: u128,
}

impl Share {
    fn of(ratio: Ratio) -> Self {
        Self {
            covered: u128::from(ratio.covered.min(ratio.total)),
            total: u128::from(ratio.total),
        }
    }

    const fn plus(self, other: Self) -> Self {
        Self {
            covered: self.covered + other.covered,
            total: self.total + other.total,
        }
    }

    /// Whether it reaches a target; nothing at all reaches none.
    fn reaches(self, target: u32, inclusive: bool) -> bool {
        let have = self.covered * u128::from(CoverageTarget::WHOLE);
        let need = u128::from(target) * self.total;
        self.total > 0 && (have > need || (inclusive && have == need))
    }

    /// Rounded down to two decimals; `95%` only when it is just that.
    fn percent(self) -> String {
        let Some(hundredths) = (self.covered * 10_000).checked_div(self.total) else {
            return "nothing".to_owned();
        };
        let (whole, part) = (hundredths / 100, hundredths % 100);
        let exact = (self.covered * 10_000).is_multiple_of(self.total);
        if exact && part == 0 {
            format!("{whole}%")
        } else {
            format!("{whole}.{part:02}%")
        }
    }

    fn counts(self) -> String {
        format!("{} of {}", self.covered, self.total)
    }
}

/// What is gathered, prepared for several targets.
struct Facts<'a> {
    gathered: &'a Gathered,
    /// By evidence file: it counts and speaks of HEAD.
    current: Vec<bool>,
    /// By metric: the evidence files that measure it somewhere.
    measures: [HashSet<u32>; 3],
}

/// The files of a scope, added up.
#[derive(Default)]
struct Sum<'a> {
    files: usize,
    /// Files whose sources all speak of HEAD.
    current: Share,
    /// The others.
    old: Share,
    old_files: usize,
    /// The first source that does not speak of HEAD.
    old_source: Option<u32>,
    /// Files that no report measures in this metric.
    unmeasured: usize,
    /// Files of the reports that lie nowhere in the repository.
    strangers: usize,
    stranger: Option<&'a str>,
    strange: Share,
    lowest: Option<(&'a CoveredFile, Share)>,
}

impl<'a> Facts<'a> {
    fn of(gathered: &'a Gathered) -> Self {
        let mut measures: [HashSet<u32>; 3] = Default::default();
        for file in &gathered.coverage.files {
            for (metric, sources) in Metric::ALL.into_iter().zip(&mut measures) {
                if ratio(file, metric).is_some() {
                    sources.extend(&file.sources);
                }
            }
        }
        let current = gathered.files.iter().map(is_current).collect();
        Self {
            gathered,
            current,
            measures,
        }
    }

    fn judge(&self, target: &CoverageTarget) -> (GateResult, String, Option<String>) {
        let metric = target.metric.word();
        let subject = scope::words(&target.paths, &target.except, "all code");
        let Some(needed) = target.target else {
            let message = format!(
                "{subject}: the target for {metric}{} {}, which no report tells",
                said_by(target),
                if target.unjudged.is_empty() {
                    "is not known"
                } else {
                    target.unjudged
                }
            );
            return (GateResult::NotEvaluated, message, None);
        };
        let wanted = wanted(target, needed);
        let scope = match Scope::new(&target.paths, &target.except) {
            Ok(scope) => scope,
            Err(bad) => {
                let message = format!("{subject}: `{}` is no glob: {}; {wanted}", bad.glob, bad.why);
                return (GateResult::Inconclusive, message, None);
            }
        };
        if needed == 0 && target.inclusive {
            let message = format!("{subject}: {wanted}, which cannot fail and so proves nothing");
            return (GateResult::Vacuous, message, None);
        }
        let coverage = &self.gathered.coverage;
        if coverage.files.is_empty() {
            return self.judge_totals(target, needed, &subject, &wanted);
        }
        let sum = self.sum(target.metric, &scope);
        self.decide(target, needed, &sum, &subject, &wanted)
    }

    /// Reports that carry only totals speak of all code or of nothing.
    fn judge_totals(
        &self,
        target: &CoverageTarget,
        needed: u32,
        subject: &str,
        wanted: &str,
    ) -> (GateResult, String, Option<String>) {
        let totals = self.gathered.coverage.totals;
        let missing = |why: &str| (GateResult::Missing, format!("{subject}: {why}; {wanted}"), None);
        if totals == Totals::default() {
            return missing("no coverage was read");
        }
        if !target.paths.is_empty() || !target.except.is_empty() {
            return missing("the reports carry only totals, nothing of single files");
        }
        let total = match target.metric {
            Metric::Lines => totals.lines,
            Metric::Branches => totals.branches,
            Metric::Functions => totals.functions,
        };
        let metric = target.metric.word();
        let Some(share) = total.map(Share::of) else {
            return missing(&format!("no report measures {metric}"));
        };
        if share.total == 0 {
            let message = format!("{subject}: the reports know of no {metric} at all; {wanted}");
            return (GateResult::Vacuous, message, None);
        }
        let figure = format!(
            "{subject}: {} of {metric} ({}), {wanted}",
            share.percent(),
            share.counts()
        );
        let doubt = of_kind(self.gathered, EvidenceKind::Coverage).find_map(why_not_current);
        match doubt {
            Some(doubt) => (GateResult::Inconclusive, format!("{figure}; but {doubt}"), None),
            None if share.reaches(needed, target.inclusive) => (GateResult::Pass, figure, None),
            None => (GateResult::Fail, figure, None),
        }
    }

    fn sum(&self, metric: Metric, scope: &Scope) -> Sum<'a> {
        let measures = &self.measures[metric as usize];
        let mut sum = Sum::default();
        for file in &self.gathered.coverage.files {
            if !scope.holds(&file.path) {
                continue;
            }
            let share = ratio(file, metric).map(Share::of);
            if !file.mapped {
                sum.strangers += 1;
                sum.stranger = sum.stranger.or(Some(&file.path));
                sum.strange = sum.strange.plus(share.unwrap_or_default());
                continue;
            }
            sum.files += 1;
            // A file without branches in a report that measures branches has none.
            if share.is_none() && !file.sources.iter().any(|source| measures.contains(source)) {
                sum.unmeasured += 1;
                continue;
            }
            let share = share.unwrap_or_default();
            let is_current = |source: &u32| self.current.get(*source as usize) == Some(&true);
            if !file.sources.is_empty() && file.sources.iter().all(is_current) {
                sum.current = sum.current.plus(share);
            } else {
                sum.old = sum.old.plus(share);
                sum.old_files += 1;
                let old = file.sources.iter().find(|source| !is_current(source));
                sum.old_source = sum.old_source.or(old.copied());
            }
            if sum.lowest.is_none_or(|(_, lowest)| is_lower(share, lowest)) && share.total > 0 {
                sum.lowest = Some((file, share));
            }
        }
        sum
    }

    fn decide(
        &self,
        target: &CoverageTarget,
        needed: u32,
        sum: &Sum<'_>,
        subject: &str,
        wanted: &str,
    ) -> (GateResult, String, Option<String>) {
        let metric = target.metric.word();
        let strangers = sum.stranger.map_or_else(String::new, |first| {
            let them = counted(sum.strangers, "file");
            format!("; {them} of the reports lie nowhere in the repository, such as `{first}`")
        });
        let all = sum.current.plus(sum.old);
        if sum.files == 0 {
            let result = if sum.strangers > 0 {
                GateResult::Inconclusive
            } else {
                GateResult::Vacuous
            };
            let message = format!(
                "{subject}: no measured file lies in this scope, so it proves nothing; {wanted}{strangers}"
            );
            return (result, message, None);
        }
        if sum.unmeasured == sum.files {
            let message = format!("{subject}: no report measures {metric} there; {wanted}");
            return (GateResult::Missing, message, None);
        }
        if all.total == 0 {
            let files = counted(sum.files, "file");
            let message = format!("{subject}: {files} without any {metric}, so it proves nothing; {wanted}");
            return (GateResult::Vacuous, message, None);
        }

        let reaches = |share: Share| share.reaches(needed, target.inclusive);
        let mut message = format!(
            "{subject}: {} of {metric} ({} in {}), {wanted}",
            all.percent(),
            all.counts(),
            counted(sum.files, "file")
        );
        let best_old = Share {
            covered: sum.old.total,
            total: sum.old.total,
        };
        let lowest = sum.lowest.filter(|_| !reaches(all));
        if let Some((file, share)) = lowest {
            message.push_str(&format!(
                "; lowest: `{}` with {} ({})",
                file.path,
                share.percent(),
                share.counts()
            ));
        }
        let lowest = lowest.map(|(file, _)| file.path.to_string());
        let with_strangers = |share: Share| share.plus(sum.strange);
        // What is not known can neither carry a pass nor take back a failure that stands without it.
        let certain_fail =
            !reaches(sum.current.plus(best_old)) && !reaches(with_strangers(sum.current.plus(best_old)));
        if certain_fail {
            return (GateResult::Fail, message, lowest);
        }
        if sum.old_files > 0 {
            let source = sum
                .old_source
                .and_then(|source| self.gathered.files.get(source as usize));
            let doubt = source.and_then(why_not_current).unwrap_or_else(|| {
                format!(
                    "the evidence of {} does not speak of HEAD",
                    counted(sum.old_files, "file")
                )
            });
            message.push_str(&format!("; but {doubt}"));
            return (GateResult::Inconclusive, message, None);
        }
        if sum.unmeasured > 0 {
            let files = counted(sum.unmeasured, "more file");
            message.push_str(&format!("; no report measures {metric} in {files}"));
            return (GateResult::Inconclusive, message, None);
        }
        message.push_str(&strangers);
        if reaches(all) && (sum.strangers == 0 || reaches(with_strangers(all))) {
            (GateResult::Pass, message, None)
        } else {
            message.push_str(", and with them it would be judged otherwise");
            (GateResult::Inconclusive, message, None)
        }
    }
}

fn ratio(file: &CoveredFile, metric: Metric) -> Option<Ratio> {
    match metric {
        Metric::Lines => file.line_ratio,
        Metric::Branches => file.branches,
        Metric::Functions => file.functions,
    }
}

/// Less of it is covered; of equal shares the one where more is missing.
fn is_lower(a: Share, b: Share) -> bool {
    let (left, right) = (a.covered * b.total, b.covered * a.total);
    left < right || (left == right && a.total - a.covered > b.total - b.covered)
}

/// "at least 80% is needed (`gonogo.toml:3`)".
fn wanted(target: &CoverageTarget, needed: u32) -> String {
    let sign = if target.inclusive { "at least" } else { "more than" };
    format!("{sign} {} is needed{}", threshold_words(needed), said_by(target))
}

fn said_by(target: &CoverageTarget) -> String {
    if target.source.is_empty() {
        String::new()
    } else {
        format!(" ({})", target.source)
    }
}
