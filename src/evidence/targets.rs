//! The coverage targets in force: of the configuration, of `codecov.yml` and of the documents.
//!
//! Of two targets over the same files the stricter stands for both, and that they differ is told. Invariant: no target
//! that could stop a release is dropped unless a stricter one over the same files decides.

use std::collections::BTreeMap;

use crate::model::target::threshold_words;
use crate::model::{CoverageTarget, DocumentTarget, GateMode, Metric, Policy, Problem, ProblemSeverity};

/// Puts the targets together, in the order configuration, Codecov, documents.
#[must_use]
pub fn in_force<'a>(
    policy: &Policy,
    codecov: &[CoverageTarget],
    documents: impl IntoIterator<Item = &'a DocumentTarget>,
) -> (Vec<CoverageTarget>, Vec<Problem>) {
    let at_most = |target: &CoverageTarget, mode: GateMode| {
        let mut target = target.clone();
        target.mode = milder(target.mode, mode);
        target
    };
    let imported = codecov.iter().map(|target| at_most(target, policy.codecov));
    let written = documents
        .into_iter()
        .filter(|found| found.stage <= policy.stage)
        .map(|found| at_most(&found.target, policy.document_gates));
    let all: Vec<CoverageTarget> = policy
        .coverage
        .iter()
        .cloned()
        .chain(imported)
        .chain(written)
        .filter(|target| target.mode != GateMode::Off)
        .collect();
    let problems = disagreements(&all);
    (without_laxer(all), problems)
}

const fn milder(a: GateMode, b: GateMode) -> GateMode {
    match (a, b) {
        (GateMode::Off, _) | (_, GateMode::Off) => GateMode::Off,
        (GateMode::Advise, _) | (_, GateMode::Advise) => GateMode::Advise,
        (GateMode::Enforce, GateMode::Enforce) => GateMode::Enforce,
    }
}

/// How strict a target is: what it needs, and whether just that is too little.
fn strictness(target: &CoverageTarget) -> Option<(u32, bool)> {
    target.target.map(|needed| (needed, !target.inclusive))
}

/// The files that a target names, in one spelling.
fn files(globs: &[Box<str>]) -> Vec<&str> {
    let mut plain: Vec<&str> = globs
        .iter()
        .map(|glob| {
            let glob = glob.strip_prefix("./").unwrap_or(glob);
            let glob = glob.strip_suffix("/**").unwrap_or(glob);
            glob.trim_end_matches('/')
        })
        .collect();
    plain.sort_unstable();
    plain.dedup();
    plain
}

/// Leaves out what a stricter target over the very same files decides as well.
fn without_laxer(all: Vec<CoverageTarget>) -> Vec<CoverageTarget> {
    let mut kept: Vec<CoverageTarget> = Vec::with_capacity(all.len());
    for target in all {
        let same = kept.iter_mut().find(|known| {
            known.mode == target.mode
                && known.metric == target.metric
                && files(&known.paths) == files(&target.paths)
                && files(&known.except) == files(&target.except)
                && known.target.is_some()
                && target.target.is_some()
        });
        match same {
            Some(known) if strictness(&target) > strictness(known) => {
                // The first one's name stays, so that what people know it by does not change.
                known.inclusive = target.inclusive;
                known.target = target.target;
                known.source = target.source;
            }
            Some(_) => {}
            None => kept.push(target),
        }
    }
    kept
}

/// Enforced targets over the same files that ask for different shares.
fn disagreements(all: &[CoverageTarget]) -> Vec<Problem> {
    let mut groups: BTreeMap<(Vec<&str>, Metric), Vec<&CoverageTarget>> = BTreeMap::new();
    for target in all {
        if target.mode == GateMode::Enforce && target.target.is_some() {
            groups
                .entry((files(&target.paths), target.metric))
                .or_default()
                .push(target);
        }
    }
    let mut problems = Vec::new();
    for ((paths, metric), mut targets) in groups {
        targets.sort_by(|a, b| (strictness(b), &a.source).cmp(&(strictness(a), &b.source)));
        targets.dedup_by_key(|target| strictness(target));
        let [first, .., last] = targets.as_slice() else {
            continue;
        };
        let subject = if paths.is_empty() {
            "all code".to_owned()
        } else {
            format!("`{}`", paths.join("`, `"))
        };
        problems.push(Problem {
            severity: ProblemSeverity::Warning,
            at: last.source.clone(),
            what: format!(
                "the targets for {} of {subject} disagree: {} here, {} in {}; the stricter decides",
                metric.word(),
                words(last),
                words(first),
                first.source
            )
            .into(),
            hint: None,
        });
    }
    problems
}

fn words(target: &CoverageTarget) -> String {
    let sign = if target.inclusive { "at least" } else { "more than" };
    format!("{sign} {}", threshold_words(target.target.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Stage;
    use crate::model::target::parse_threshold;

    fn target(paths: &[&str], wanted: &str, source: &str) -> CoverageTarget {
        let (inclusive, needed) = parse_threshold(wanted).unwrap();
        CoverageTarget {
            id: source.into(),
            paths: paths.iter().map(|path| (*path).into()).collect(),
            except: Vec::new(),
            metric: Metric::Lines,
            inclusive,
            target: Some(needed),
            unjudged: "",
            mode: GateMode::Enforce,
            source: source.into(),
        }
    }

    fn document(target: CoverageTarget, stage: Stage) -> DocumentTarget {
        DocumentTarget { stage, target }
    }

    #[test]
    fn of_three_targets_over_the_same_files_the_strictest_decides_and_the_difference_is_told() {
        let policy = Policy {
            coverage: vec![target(&["src/auth/**"], "90%", "gonogo.toml:2")],
            ..Policy::default()
        };
        let codecov = [
            target(&["src/auth/"], "80%", "codecov.yml:5"),
            target(&[], "70%", "codecov.yml:3"),
        ];
        let documents = [document(
            target(&["src/auth"], ">90%", "READY.md:7"),
            Stage::Production,
        )];
        let (all, problems) = in_force(&policy, &codecov, &documents);
        let told: Vec<_> = all
            .iter()
            .map(|target| (&*target.id, &*target.source, target.inclusive))
            .collect();
        assert_eq!(
            told,
            [
                ("gonogo.toml:2", "READY.md:7", false),
                ("codecov.yml:3", "codecov.yml:3", true)
            ]
        );
        assert_eq!(problems.len(), 1);
        assert_eq!(
            &*problems[0].what,
            "the targets for lines of `src/auth` disagree: at least 80% here, more than 90% in READY.md:7; the stricter decides"
        );
        assert_eq!(&*problems[0].at, "codecov.yml:5");
    }

    #[test]
    fn other_files_metrics_and_modes_stand_beside_each_other() {
        let mut branches = target(&["src"], "90%", "b");
        branches.metric = Metric::Branches;
        let mut advice = target(&["src"], "99%", "c");
        advice.mode = GateMode::Advise;
        let mut except = target(&["src"], "50%", "d");
        except.except = vec!["src/gen".into()];
        let policy = Policy {
            coverage: vec![
                target(&["src"], "80%", "a"),
                branches,
                advice,
                except,
                target(&["src/*"], "95%", "e"),
            ],
            ..Policy::default()
        };
        let (all, problems) = in_force(&policy, &[], &[]);
        assert_eq!(all.len(), 5);
        assert_eq!(
            problems.len(),
            1,
            "the same files, if not all of them: {problems:?}"
        );
    }

    #[test]
    fn the_policy_bounds_what_others_ask_for_and_a_later_stage_asks_nothing_yet() {
        let policy = Policy {
            codecov: GateMode::Advise,
            document_gates: GateMode::Off,
            ..Policy::default()
        };
        let documents = [document(target(&[], "90%", "d"), Stage::Beta)];
        let (all, _) = in_force(&policy, &[target(&[], "80%", "c")], &documents);
        let modes: Vec<_> = all.iter().map(|target| (&*target.source, target.mode)).collect();
        assert_eq!(modes, [("c", GateMode::Advise)]);
        let beta = Policy {
            stage: Stage::Beta,
            ..Policy::default()
        };
        let documents = [
            document(target(&[], "90%", "beta"), Stage::Beta),
            document(target(&[], "95%", "production"), Stage::Production),
        ];
        let (all, _) = in_force(&beta, &[], &documents);
        assert_eq!(all.len(), 1);
        assert_eq!(&*all[0].source, "beta");
    }
}
