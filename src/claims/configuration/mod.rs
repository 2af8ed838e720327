//! Settings of the repository: package scripts and make targets exist and say what is quoted, versions agree with what is
//! pinned and locked, ports with what listens, containers run without root, so many Kubernetes objects of a kind, keys of an example environment. See `spec.md`.
//!
//! Not here: what a running system is set to. A technology that is pinned nowhere, or a repository without the files in
//! question, makes the claim silent.

use super::{Draft, Finding, Rule, Scene, Statement};
use crate::model::{Answer, Claim, ClaimKind, Question, RepoPath};

mod docker;
mod kinds;
mod limits;
mod locks;
mod pins;
mod ports;
mod read;
mod scripts;

/// Said in the scope of a version that the statement says of the CI.
const IN_CI: &str = "in CI";

/// The rule of settings.
#[derive(Debug)]
pub(super) struct Configuration;

impl Rule for Configuration {
    fn name(&self) -> &'static str {
        "configuration"
    }

    fn kind(&self) -> ClaimKind {
        ClaimKind::Configuration
    }

    fn recognise(&self, statement: &Statement<'_>, out: &mut Vec<Draft>) {
        read::recognise(statement, out);
    }

    fn check(&self, claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
        match claim.said.predicate {
            "script" => scripts::exists(claim, scene),
            "script text" => scripts::says(claim, scene),
            "target" => scripts::target(claim, scene),
            "version" => pins::check(claim, scene),
            "limit" => limits::check(claim, scene),
            "locked" => locks::check(claim, scene),
            "port" => ports::check(claim, scene),
            "non-root" => docker::check(claim, scene),
            "objects" => kinds::check(claim, scene),
            "env key" => scripts::env_key(claim, scene),
            _ => Some(Finding::silent()),
        }
    }
}

/// Files with their texts.
type Texts = Vec<(RepoPath, String)>;

/// The texts of the files that `wanted` takes, at most `most` of them. `None` while an answer is missing; an error in words
/// when the files cannot be known.
fn texts(
    scene: &Scene<'_>,
    most: usize,
    wanted: impl Fn(&RepoPath) -> bool,
) -> Option<Result<Texts, Box<str>>> {
    let tree = match scene.tree_then()? {
        Ok(tree) => tree,
        Err(why) => return Some(Err(why.into())),
    };
    let own = |path: &&RepoPath| {
        let text = path.as_str();
        !["node_modules/", "vendor/", "third_party/"]
            .iter()
            .any(|folder| text.starts_with(folder) || text.contains(&format!("/{folder}")))
    };
    let paths: Vec<&RepoPath> = tree
        .files()
        .iter()
        .filter(|path| wanted(path))
        .filter(own)
        .collect();
    if paths.len() > most {
        return Some(Err(
            format!("{} files would have to be read for it", paths.len()).into()
        ));
    }
    let (mut found, mut missing) = (Vec::with_capacity(paths.len()), false);
    for path in paths {
        match scene.answer(Question::Bytes(scene.at(), path.clone())) {
            Some(Answer::Bytes(Some(bytes))) => {
                found.push((path.clone(), String::from_utf8_lossy(bytes).into_owned()))
            }
            Some(Answer::Bytes(None)) => {}
            Some(_) => return Some(Err(format!("`{path}` could not be read").into())),
            None => missing = true,
        }
    }
    (!missing).then_some(Ok(found))
}

#[cfg(test)]
mod tests;
