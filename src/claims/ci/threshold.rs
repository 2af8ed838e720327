//! A coverage gate: that a step fails below a coverage, and below which one.
//!
//! Not here: the coverage itself. A threshold in a file of settings is not compared, so it leaves the claim unverifiable.

use super::check::{gate, is_certain, place, unseen};
use super::defined::{self, Defined, Run};
use crate::claims::{Finding, Scene};
use crate::model::pipeline::CanFail;
use crate::model::{Answer, Claim, ClaimVerdict, Question};

/// Files in which tools keep their coverage thresholds.
const THRESHOLD_FILES: &[&str] = &[
    "package.json",
    ".nycrc",
    ".nycrc.json",
    ".c8rc.json",
    "pyproject.toml",
    "setup.cfg",
    "tox.ini",
    ".coveragerc",
    "codecov.yml",
    ".codecov.yml",
    "codecov.yaml",
    "sonar-project.properties",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Makefile",
    "justfile",
];

pub(super) fn coverage(claim: &Claim, scene: &Scene<'_>, defined: &Defined) -> Option<Finding> {
    let all = defined::runs(&defined.pipelines, scene)?;
    const FLAGS: &[&str] = &[
        "--cov-fail-under",
        "--fail-under",
        "--check-coverage",
        "check-coverage",
        "--coverageThreshold",
        "--coverage.thresholds",
        "--fail-under-lines",
        "--fail-under-functions",
        "--min-coverage",
        "--threshold",
    ];
    let is_gate = |words: &[Box<str>]| {
        words
            .iter()
            .any(|word| FLAGS.iter().any(|flag| word.starts_with(flag)))
            || words.first().is_some_and(|name| &**name == "coverage")
                && words.iter().any(|word| word.starts_with("--fail-under"))
    };
    let mut found: Vec<&Run> = all
        .commands
        .iter()
        .filter(|(command, _)| is_gate(&command.words))
        .map(|(_, run)| run)
        .collect();
    let actions = all.actions.iter().filter(|(uses, _)| {
        uses.contains("coverage") && !uses.contains("codecov") && !uses.contains("upload")
    });
    found.extend(actions.map(|(_, run)| run));
    let stated: Option<f64> = claim.said.value.parse().ok();
    if !found.is_empty() {
        let finding = gate(&found)?;
        let holds = finding.verdict.as_ref().is_some_and(ClaimVerdict::says_yes);
        let numbers: Vec<f64> = found.iter().flat_map(|run| thresholds(&run.what)).collect();
        if let (true, Some(stated)) = (holds, stated)
            && !numbers.is_empty()
            && numbers.iter().all(|number| *number + 0.001 < stated)
        {
            let most = numbers.iter().copied().fold(0.0, f64::max);
            return Some(Finding {
                proof: finding.proof,
                ..Finding::no(
                    format!("fails below {stated} %"),
                    format!("fails below {most} %"),
                    format!("the step fails only below {most} %"),
                )
            });
        }
        return Some(finding);
    }
    // A script of its own: it speaks of coverage and can fail, or cannot.
    for pipeline in &defined.pipelines {
        for (_, step) in pipeline.steps() {
            let Some(script) = &step.script else { continue };
            let text = script.text.to_ascii_lowercase();
            let named = step.name.as_deref().unwrap_or_default().to_ascii_lowercase();
            if !(text.contains("coverage") || named.contains("coverage")) || !text.contains("exit 1") {
                continue;
            }
            let source = format!("{}:{}", pipeline.path, step.line);
            let what = format!("the step at line {}", step.line);
            return Some(match &step.can_fail {
                CanFail::Yes => Finding::holds(format!("{what} fails its job")).with(what, source),
                CanFail::Always(_) => {
                    let reason: Box<str> = format!("{what} fails whatever the coverage is").into();
                    Finding::of(ClaimVerdict::Vacuous(reason.clone()), reason).with(what, source)
                }
                CanFail::No(why) => {
                    let reason: Box<str> = format!("{what} cannot fail the build: {}", why.text).into();
                    Finding::of(ClaimVerdict::Vacuous(reason.clone()), reason).with(what, source)
                }
                CanFail::Unknown(why) => Finding::unsure(format!("{what}: {}", why.text)).with(what, source),
            });
        }
    }
    if let Some(why) = unseen(defined, &all) {
        return Some(Finding::unsure(format!(
            "no step that was read fails below a coverage, but {why}"
        )));
    }
    let tree = match scene.tree_then()? {
        Ok(tree) => tree,
        Err(why) => return Some(Finding::unsure(why)),
    };
    let is_config = |name: &str| {
        THRESHOLD_FILES.contains(&name)
            || name.starts_with("jest.config")
            || name.starts_with("vitest.config")
            || name.starts_with("vite.config")
    };
    let mut missing = false;
    for path in tree
        .files()
        .iter()
        .filter(|path| is_config(path.file_name()) && !path.as_str().contains("node_modules/"))
        .take(60)
    {
        match scene.answer(Question::Bytes(scene.at(), path.clone())) {
            Some(Answer::Bytes(Some(bytes))) => {
                let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
                let sets = [
                    "threshold",
                    "fail_under",
                    "check-coverage",
                    "fail-under",
                    "minimum",
                    "qualitygate",
                    "target:",
                ];
                if sets.iter().any(|word| text.contains(word)) {
                    return Some(
                        Finding::unsure(format!("no step names a threshold, but `{path}` may set one"))
                            .with("a threshold", path.as_str()),
                    );
                }
            }
            Some(_) => {}
            None => missing = true,
        }
    }
    if missing {
        return None;
    }
    if !is_certain(claim, defined) {
        return Some(Finding::unsure(
            "no step fails below a coverage, but it may be held elsewhere",
        ));
    }
    Some(
        Finding::no(
            "a step that fails below a coverage",
            "none",
            "no step and no configuration fails below a coverage",
        )
        .with("all its steps", place(defined)),
    )
}

/// Numbers behind a flag of a threshold: `--cov-fail-under=80`.
fn thresholds(what: &str) -> Vec<f64> {
    let mut numbers = Vec::new();
    let words: Vec<&str> = what.split([' ', '=', '`']).collect();
    for (at, word) in words.iter().enumerate() {
        if word.contains("fail-under")
            || word.contains("coverage")
            || *word == "--lines"
            || *word == "--min-coverage"
        {
            numbers.extend(words.get(at + 1).and_then(|next| next.parse::<f64>().ok()));
        }
    }
    numbers
}
