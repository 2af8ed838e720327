//! What the CI hands over: SARIF to the host, files as artifacts.

use super::check::{is_certain, place, unseen};
use super::defined::{self, Defined};
use crate::claims::{Finding, Scene};
use crate::model::Claim;

/// A step uploads SARIF, so that findings show beside the code.
pub(super) fn sarif(scene: &Scene<'_>, defined: &Defined) -> Option<Finding> {
    let all = defined::runs(&defined.pipelines, scene)?;
    let uploads = |uses: &str| {
        uses.contains("codeql-action/upload-sarif")
            || uses.contains("codeql-action/analyze")
            || uses.contains("ossf/scorecard-action")
    };
    if let Some((_, run)) = all.actions.iter().find(|(uses, _)| uploads(uses)) {
        return Some(Finding::holds("a step uploads SARIF").with(run.what.clone(), run.source.clone()));
    }
    if let Some(why) = unseen(defined, &all) {
        return Some(Finding::unsure(format!(
            "no step that was read uploads SARIF, but {why}"
        )));
    }
    if !defined.named {
        return Some(Finding::unsure(
            "no step uploads SARIF, but which workflow is meant is not said",
        ));
    }
    Some(
        Finding::no("a step uploads SARIF", "none does", "no step uploads SARIF")
            .with("all its steps", place(defined)),
    )
}

/// A step keeps files as an artifact whose name or path shares a word with what is said.
pub(super) fn artifact(claim: &Claim, scene: &Scene<'_>, defined: &Defined) -> Option<Finding> {
    let all = defined::runs(&defined.pipelines, scene)?;
    let wanted: Vec<&str> = claim
        .said
        .subject
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect();
    let mut kept: Vec<(String, String)> = Vec::new();
    for pipeline in &defined.pipelines {
        for (_, step) in pipeline.steps() {
            let Some(uses) = step.uses.as_ref().filter(|uses| {
                ["actions/upload-artifact", "actions/upload-pages-artifact"]
                    .iter()
                    .any(|name| uses.text.starts_with(name))
            }) else {
                continue;
            };
            let given = step.with.iter().map(|(_, placed)| &*placed.text);
            let text: Vec<&str> = given.chain(step.name.as_deref()).collect();
            kept.push((text.join(" "), format!("{}:{}", pipeline.path, uses.line)));
        }
        for job in &pipeline.jobs {
            kept.extend(
                job.artifacts
                    .iter()
                    .map(|kept| (kept.text.to_string(), format!("{}:{}", pipeline.path, kept.line))),
            );
        }
    }
    let shares = |text: &str| {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(word)))
    };
    if let Some((text, source)) = kept.iter().find(|(text, _)| shares(text)) {
        return Some(Finding::holds(format!("a step keeps `{text}`")).with(text.clone(), source.clone()));
    }
    if let Some(why) = unseen(defined, &all) {
        return Some(Finding::unsure(format!(
            "no artifact that was read is called so, but {why}"
        )));
    }
    if !kept.is_empty() || !is_certain(claim, defined) {
        return Some(Finding::unsure(
            "no artifact is called so, but it may be kept under another name",
        ));
    }
    Some(
        Finding::no(
            "a step keeps an artifact",
            "none does",
            "no step keeps an artifact",
        )
        .with("all its steps", place(defined)),
    )
}
