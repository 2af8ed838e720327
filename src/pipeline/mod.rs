//! CI definitions: from workflow files to [`model::pipeline`](crate::model::pipeline), with the answer to "can it fail at
//! all?" for every command, step and job.
//!
//! Not here: what ran, or which checks a branch requires (only the host knows). Invariants: what is not understood is
//! unknown, never "cannot fail" (`shell::tests::a_real_shell_agrees`, `tests`); reading never fails, an unreadable file is
//! a pipeline that says so.
//!
//! Reading order: [`shell`] (a script's exit code), [`tools`] (what a program's exit code means), [`expression`] (GitHub's
//! `if`), [`cron`], `github`, `gitlab`, `steps` (what both share).

pub mod cron;
pub mod expression;
mod github;
mod gitlab;
pub mod shell;
mod steps;
#[cfg(test)]
mod tests;
pub mod tools;

use crate::model::RepoPath;
use crate::model::pipeline::{CanFail, CiSystem, Pipeline, Placed};
use crate::text::SourceText;
use crate::text::yaml::{self, Node, Value};

/// The CI system that a file defines something for, by its path.
#[must_use]
pub fn system_of(path: &RepoPath) -> Option<CiSystem> {
    let (text, name) = (path.as_str(), path.file_name());
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    if yaml
        && matches!(
            path.folder(),
            ".github/workflows" | ".gitea/workflows" | ".forgejo/workflows"
        )
    {
        return Some(CiSystem::GitHubActions);
    }
    if matches!(name, "action.yml" | "action.yaml") {
        return Some(CiSystem::GitHubAction);
    }
    if name.ends_with(".gitlab-ci.yml")
        || (yaml && (text.starts_with(".gitlab/") || text.starts_with(".gitlab-ci/")))
    {
        return Some(CiSystem::GitLab);
    }
    let other = match text {
        ".circleci/config.yml" | ".circleci/config.yaml" => "CircleCI",
        "bitbucket-pipelines.yml" => "Bitbucket Pipelines",
        ".travis.yml" => "Travis CI",
        ".drone.yml" => "Drone",
        ".woodpecker.yml" | ".woodpecker.yaml" => "Woodpecker",
        "appveyor.yml" | ".appveyor.yml" => "AppVeyor",
        ".cirrus.yml" => "Cirrus CI",
        _ if name == "Jenkinsfile" || name.starts_with("Jenkinsfile.") => "Jenkins",
        _ if yaml && name.starts_with("azure-pipelines") => "Azure Pipelines",
        _ if yaml && path.folder() == ".buildkite" => "Buildkite",
        _ => return None,
    };
    Some(CiSystem::Other(other))
}

/// A file with its documents.
struct Parsed<'a> {
    path: &'a RepoPath,
    source: &'a SourceText,
    system: CiSystem,
    nodes: Result<Vec<Node>, yaml::Error>,
}

/// Reads all files of a repository that define CI; those that [`system_of`] does not know are passed over. In the order
/// of the files.
#[must_use]
pub fn read(files: &[(RepoPath, SourceText)]) -> Vec<Pipeline> {
    let parse = |(path, source): &'_ (RepoPath, SourceText)| {
        let system = system_of(path)?;
        let nodes = match system {
            CiSystem::Other(_) => Ok(Vec::new()),
            _ => yaml::parse(source),
        };
        Some((system, nodes))
    };
    let parsed: Vec<Parsed<'_>> = files
        .iter()
        .filter_map(|file| {
            let (system, nodes) = parse(file)?;
            Some(Parsed {
                path: &file.0,
                source: &file.1,
                system,
                nodes,
            })
        })
        .collect();
    let gitlab = of_gitlab(&parsed);
    let all: Vec<&Node> = gitlab.iter().map(|(_, root)| *root).collect();
    let mut pipelines = Vec::with_capacity(parsed.len());
    for Parsed {
        path,
        source,
        system,
        nodes,
    } in &parsed
    {
        if *system == CiSystem::GitLab
            && nodes.is_ok()
            && path.as_str() != ".gitlab-ci.yml"
            && !gitlab.iter().any(|(included, _)| included == path)
        {
            continue;
        }
        pipelines.push(match nodes {
            Err(error) => unread(path, *system, error.message.clone(), error.line),
            Ok(nodes) => match (system, main(nodes)) {
                (CiSystem::Other(_), _) => unread(
                    path,
                    *system,
                    "only that the file is there is known of this system".into(),
                    1,
                ),
                (_, None) => unread(path, *system, "it is empty or not a mapping".into(), 1),
                (CiSystem::GitHubActions, Some(root)) => github::workflow(path, source, root),
                (CiSystem::GitHubAction, Some(root)) => github::action(path, source, root),
                (CiSystem::GitLab, Some(root)) => gitlab::read(path, root, &all),
            },
        });
    }
    lend_actions(&mut pipelines);
    pipelines
}

/// The document that counts: the only one, or GitLab's last, whose first is a header (`spec:`).
fn main(nodes: &[Node]) -> Option<&Node> {
    nodes.last().filter(|node| matches!(node.value, Value::Map(_)))
}

/// The files of GitLab's pipeline: the main one and what it includes from the repository, also through others.
fn of_gitlab<'a>(parsed: &'a [Parsed<'a>]) -> Vec<(&'a RepoPath, &'a Node)> {
    let mut found: Vec<(&RepoPath, &Node)> = Vec::new();
    let mut wanted: Vec<Box<str>> = vec![".gitlab-ci.yml".into()];
    let mut at = 0;
    while let Some(name) = wanted.get(at).cloned() {
        at += 1;
        for Parsed {
            path, system, nodes, ..
        } in parsed
        {
            let fits = match name.split_once('*') {
                Some((start, end)) => {
                    let end = end.trim_start_matches('*').trim_start_matches('/');
                    path.as_str().starts_with(start) && path.as_str().ends_with(end)
                }
                None => path.as_str() == &*name,
            };
            let Ok(nodes) = nodes else { continue };
            if *system != CiSystem::GitLab || !fits || found.iter().any(|(known, _)| known == path) {
                continue;
            }
            if let Some(root) = main(nodes) {
                found.push((path, root));
                wanted.extend(gitlab::local_includes(root));
            }
        }
    }
    found
}

fn unread(path: &RepoPath, system: CiSystem, text: Box<str>, line: u32) -> Pipeline {
    Pipeline {
        path: path.clone(),
        system,
        name: None,
        triggers: Vec::new(),
        jobs: Vec::new(),
        unread: Some(Placed { text, line }),
        notes: Vec::new(),
    }
}

/// Gives steps that use an action of the repository (`uses: ./…`) that action's commands.
fn lend_actions(pipelines: &mut [Pipeline]) {
    let actions: Vec<Pipeline> = pipelines
        .iter()
        .filter(|pipeline| pipeline.system == CiSystem::GitHubAction)
        .cloned()
        .collect();
    for pipeline in pipelines
        .iter_mut()
        .filter(|pipeline| pipeline.system == CiSystem::GitHubActions)
    {
        for job in &mut pipeline.jobs {
            let mut changed = false;
            for step in &mut job.steps {
                let Some(folder) = step.uses.as_ref().and_then(|uses| uses.text.strip_prefix("./")) else {
                    continue;
                };
                let folder = folder.trim_end_matches('/');
                let Some(action) = actions.iter().find(|action| action.path.folder() == folder) else {
                    continue;
                };
                changed = true;
                let outer = step.can_fail.clone();
                for (inner_job, inner) in action.steps() {
                    let lent = inner
                        .commands
                        .iter()
                        .map(|command| github::borrowed(command, &action.path, &outer));
                    step.commands.extend(lent);
                    step.can_fail = inner_job.can_fail.clone().and(&outer);
                }
            }
            if changed && !matches!(job.can_fail, CanFail::No(_)) {
                job.can_fail = steps::together(&job.steps, job.line);
            }
        }
    }
}

/// The text of a plain value with its line.
fn placed(node: &Node) -> Option<Placed> {
    Some(Placed {
        text: node.str()?.into(),
        line: node.line,
    })
}

/// One text or a list of texts.
fn texts(node: &Node) -> Vec<Box<str>> {
    node.one_or_more()
        .iter()
        .filter_map(Node::str)
        .map(Into::into)
        .collect()
}

/// Every text below a node.
fn all_texts(node: &Node, out: &mut Vec<Placed>) {
    out.extend(placed(node));
    node.items().iter().for_each(|item| all_texts(item, out));
    node.entries()
        .iter()
        .for_each(|entry| all_texts(&entry.value, out));
}

/// Notes the keys that stand twice anywhere in a file.
fn repeated(node: &Node, notes: &mut Vec<Placed>) {
    if let Value::Map(map) = &node.value {
        notes.extend(map.repeated.iter().map(|repeated| {
            Placed {
                text: format!(
                    "the key `{}` stands twice, first on line {}",
                    repeated.key, repeated.first
                )
                .into(),
                line: repeated.again,
            }
        }));
    }
    node.items().iter().for_each(|item| repeated(item, notes));
    node.entries()
        .iter()
        .for_each(|entry| repeated(&entry.value, notes));
}
