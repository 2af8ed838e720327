//! Kubernetes objects counted as YAML documents of a kind.

use std::sync::Arc;

use super::texts;
use crate::claims::{Finding, Scene};
use crate::model::{Claim, ClaimVerdict};
use crate::text::SourceText;
use crate::text::yaml::{self, Node};

pub(super) fn check(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let kind = &*claim.said.subject;
    let is_yaml = |name: &str| name.ends_with(".yaml") || name.ends_with(".yml");
    let files = match texts(scene, 600, |path| is_yaml(path.file_name()))? {
        Ok(files) => files,
        Err(why) => return Some(Finding::unsure(why)),
    };
    let mut found: Vec<(String, usize)> = Vec::new();
    for (path, text) in files.iter().filter(|(_, text)| text.contains(kind)) {
        let Ok(documents) = yaml::parse(&SourceText::read(Arc::from(text.as_bytes()))) else {
            return Some(Finding::unsure(format!(
                "`{path}` has some, but is not plain YAML"
            )));
        };
        let is = |node: &&Node| node.get("kind").and_then(Node::str) == Some(kind);
        let own = documents.iter().filter(is).count();
        let listed = documents
            .iter()
            .flat_map(|node| node.get("items").map(Node::items).unwrap_or_default())
            .filter(is)
            .count();
        if own + listed > 0 {
            found.push((path.to_string(), own + listed));
        }
    }
    let actual: usize = found.iter().map(|(_, count)| count).sum();
    if actual == 0 {
        return Some(Finding::silent());
    }
    let Ok(stated) = claim.said.value.parse::<usize>() else {
        return Some(Finding::silent());
    };
    let reason = format!("{actual} YAML documents have `kind: {kind}`");
    // Overlays patch what a base defines: the same object stands in both.
    let overlaid = found
        .iter()
        .any(|(path, _)| path.contains("overlay") || path.contains("patch"));
    let single = found.iter().any(|(_, count)| *count == stated);
    let mut finding = if actual == stated {
        Finding::holds(reason)
    } else if claim.said.comparator == ">=" && actual > stated
        || claim.said.comparator == "~" && actual.abs_diff(stated) * 5 <= stated
    {
        Finding::of(ClaimVerdict::HoldsLoosely, reason)
    } else if overlaid || single {
        Finding::unsure(format!("{reason}, some perhaps twice"))
    } else {
        Finding::no(format!("{stated}"), format!("{actual}"), reason)
    };
    for (path, count) in found.iter().take(12) {
        finding = finding.with(format!("{count} of them"), path.clone());
    }
    Some(finding)
}
