//! GitLab CI: jobs with `extends`, `!reference` and the defaults that they take.
//!
//! Files that are included from elsewhere are not read; what is missing may then be there all the same.

use super::shell::Shell;
use super::steps;
use crate::model::RepoPath;
use crate::model::pipeline::{CanFail, CiSystem, Job, Pipeline, Placed, Step, Trigger};
use crate::text::yaml::{Entry, Node};

/// Keys at the top that are no jobs.
const KEYWORDS: &[&str] = &[
    "stages",
    "default",
    "include",
    "variables",
    "workflow",
    "image",
    "services",
    "before_script",
    "after_script",
    "cache",
    "spec",
    "types",
];

/// `extends` deeper than this is not followed; GitLab allows eleven.
const MAX_EXTENDS: usize = 11;

/// GitLab's runner starts scripts with both, where the image's shell knows them.
const SHELL: Shell = Shell {
    errexit: true,
    pipefail: true,
};

/// Reads a file; `all` are the files of the repository's pipeline, this one with them.
pub(super) fn read(path: &RepoPath, root: &Node, all: &[&Node]) -> Pipeline {
    let mut notes = Vec::new();
    super::repeated(root, &mut notes);
    let reader = Reader { all };
    let is_job = |entry: &&Entry| {
        !KEYWORDS.contains(&&*entry.key) && !entry.key.starts_with('.') && !entry.value.entries().is_empty()
    };
    let jobs = root
        .entries()
        .iter()
        .filter(is_job)
        .map(|entry| reader.job(entry))
        .collect();
    Pipeline {
        path: path.clone(),
        system: CiSystem::GitLab,
        name: root.at(&["workflow", "name"]).and_then(super::placed),
        triggers: Vec::<Trigger>::new(),
        jobs,
        unread: root.get("include").and_then(elsewhere),
        notes,
    }
}

/// An include that is not a file of the repository.
fn elsewhere(include: &Node) -> Option<Placed> {
    include.one_or_more().iter().find_map(|item| {
        let local = item.get("local").is_some() || item.str().is_some_and(|text| !text.contains("://"));
        (!local).then(|| {
            let what = item.entries().first().map_or_else(
                || item.str().unwrap_or_default().to_owned(),
                |entry| format!("{}: {}", entry.key, entry.value.str().unwrap_or("…")),
            );
            Placed {
                text: format!("it includes a file from elsewhere (`{what}`)").into(),
                line: item.line,
            }
        })
    })
}

/// The files of the repository that a file includes.
pub(super) fn local_includes(root: &Node) -> Vec<Box<str>> {
    let items = root.get("include").map(Node::one_or_more).unwrap_or_default();
    let paths = items.iter().flat_map(|item| match item.get("local") {
        Some(local) => super::texts(local),
        None => item
            .str()
            .filter(|text| !text.contains("://"))
            .map(Into::into)
            .into_iter()
            .collect(),
    });
    paths.map(|path| path.trim_start_matches('/').into()).collect()
}

struct Reader<'a> {
    all: &'a [&'a Node],
}

impl<'a> Reader<'a> {
    fn named(&self, key: &str) -> Option<&'a Node> {
        self.all.iter().find_map(|root| root.get(key))
    }

    /// A key of a job, of what it extends, or of the defaults.
    fn find(&self, job: &'a Node, key: &str) -> Option<&'a Node> {
        self.extended(job, key, 0).or_else(|| {
            let inherited = matches!(
                key,
                "image" | "services" | "before_script" | "after_script" | "artifacts"
            );
            let default = || {
                let given = self.all.iter().find_map(|root| root.at(&["default", key]));
                given.or_else(|| self.all.iter().find_map(|root| root.get(key)))
            };
            inherited.then(default).flatten()
        })
    }

    fn extended(&self, job: &'a Node, key: &str, depth: usize) -> Option<&'a Node> {
        if depth > MAX_EXTENDS {
            return None;
        }
        job.get(key).or_else(|| {
            let bases = job.get("extends")?.one_or_more();
            let of_base = |base: &'a Node| self.extended(self.named(base.str()?)?, key, depth + 1);
            bases.iter().rev().find_map(of_base)
        })
    }

    fn job(&self, entry: &'a Entry) -> Job {
        let node = &entry.value;
        let mut step = Step {
            name: None,
            line: entry.line,
            uses: None,
            with: Vec::new(),
            condition: None,
            script: None,
            commands: Vec::new(),
            can_fail: CanFail::Yes,
        };
        for variables in [node.get("variables"), self.named("variables")]
            .into_iter()
            .flatten()
        {
            let plain = |entry: &Entry| Some((entry.key.clone(), super::placed(&entry.value)?));
            step.with.extend(variables.entries().iter().filter_map(plain));
        }
        let mut complete = node
            .get("extends")
            .map(Node::one_or_more)
            .unwrap_or_default()
            .iter()
            .all(|base| base.str().is_some_and(|base| self.named(base).is_some()));
        let mut lines: Vec<(String, u32)> = Vec::new();
        for key in ["before_script", "script"] {
            if let Some(script) = self.find(node, key) {
                complete &= self.lines(script, &mut lines, 0);
            }
        }
        let runs_elsewhere = self.find(node, "trigger").is_some();
        if lines.is_empty() {
            step.can_fail = if runs_elsewhere {
                CanFail::Yes
            } else {
                CanFail::Unknown(Placed {
                    text: "its script is not in a file that was read".into(),
                    line: entry.line,
                })
            };
        } else {
            let text: String = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
            let line_of = |nth: usize| {
                lines
                    .get(nth)
                    .or(lines.last())
                    .map_or(entry.line, |&(_, line)| line)
            };
            steps::script(&mut step, &text, Some(SHELL), &line_of);
        }
        if !complete {
            steps::doubt(
                &mut step,
                "a part of its script is not in a file that was read",
                entry.line,
            );
        }
        if let Some(hurdle) = self.hurdle(node) {
            steps::outer(&mut step, &hurdle);
        }
        let service = |node: &Node| {
            let image = super::placed(node).or_else(|| node.get("name").and_then(super::placed))?;
            let name = node
                .get("alias")
                .and_then(Node::str)
                .unwrap_or(&image.text)
                .into();
            Some((name, image))
        };
        let image = self.find(node, "image");
        let artifacts = self.find(node, "artifacts");
        let kept = [
            artifacts.and_then(|node| node.get("paths")),
            artifacts.and_then(|node| node.get("reports")),
        ];
        let mut paths: Vec<Placed> = Vec::new();
        for node in kept.into_iter().flatten() {
            super::all_texts(node, &mut paths);
        }
        let needs = self
            .find(node, "needs")
            .map(Node::one_or_more)
            .unwrap_or_default();
        let need = |node: &Node| {
            node.str()
                .or_else(|| node.get("job").and_then(Node::str))
                .map(Into::into)
        };
        Job {
            key: entry.key.clone(),
            name: entry.key.clone(),
            line: entry.line,
            needs: needs.iter().filter_map(need).collect(),
            condition: None,
            container: image
                .and_then(|node| super::placed(node).or_else(|| node.get("name").and_then(super::placed))),
            services: self
                .find(node, "services")
                .map(Node::items)
                .unwrap_or_default()
                .iter()
                .filter_map(service)
                .collect(),
            matrix: Vec::new(),
            uses: None,
            environment: self
                .find(node, "environment")
                .and_then(|node| node.str().or_else(|| node.get("name").and_then(Node::str)))
                .map(Into::into),
            stage: self.find(node, "stage").and_then(Node::str).map(Into::into),
            artifacts: paths,
            can_fail: step.can_fail.clone(),
            steps: vec![step],
            aggregate: None,
        }
    }

    /// The lines of a script with their places; nested lists and references are spliced in. False when one is missing.
    fn lines(&self, node: &'a Node, out: &mut Vec<(String, u32)>, depth: usize) -> bool {
        if depth > MAX_EXTENDS || out.len() > 5_000 {
            return false;
        }
        if node.tag.as_deref() == Some("!reference") {
            let keys: Vec<&str> = node.items().iter().filter_map(Node::str).collect();
            let found = keys
                .split_first()
                .and_then(|(first, rest)| self.named(first)?.at(rest));
            return found.is_some_and(|found| self.lines(found, out, depth + 1));
        }
        if let Some(scalar) = node.scalar() {
            for (nth, line) in scalar.text.lines().enumerate() {
                out.push((line.to_owned(), scalar.line_of(nth)));
            }
        }
        let mut complete = true;
        for item in node.items() {
            complete &= self.lines(item, out, depth + 1);
        }
        complete
    }

    /// What lets a failure of the job pass.
    fn hurdle(&self, node: &'a Node) -> Option<CanFail> {
        let at = |text: String, line: u32| Placed {
            text: text.into(),
            line,
        };
        if let Some(allow) = self.find(node, "allow_failure") {
            match allow.bool_of_yaml_1_1() {
                Some(true) => {
                    let text = "`allow_failure: true` lets the job fail without a consequence".to_owned();
                    return Some(CanFail::No(at(text, allow.line)));
                }
                Some(false) => return None,
                None => {
                    let text = "`allow_failure` lets some exit codes pass".to_owned();
                    return Some(CanFail::Unknown(at(text, allow.line)));
                }
            }
        }
        let rules = self.find(node, "rules");
        if let Some(rules) = rules {
            let items = rules.items();
            let never = |item: &Node| item.get("when").and_then(Node::str) == Some("never");
            if !items.is_empty() && items.iter().all(never) {
                return Some(CanFail::No(at(
                    "it never runs: every rule says `when: never`".to_owned(),
                    rules.line,
                )));
            }
            let passes =
                |item: &&Node| item.get("allow_failure").and_then(Node::bool_of_yaml_1_1) == Some(true);
            let live = || items.iter().filter(|item| !never(item));
            if let Some(first) = live().find(passes) {
                let text =
                    "`allow_failure: true` in its rules lets the job fail without a consequence".to_owned();
                let placed = at(text, first.line);
                let all = live().all(|item| passes(&item));
                return Some(if all {
                    CanFail::No(placed)
                } else {
                    CanFail::Unknown(placed)
                });
            }
        } else if let Some(when) = self
            .find(node, "when")
            .filter(|when| when.str() == Some("manual"))
        {
            let text = "`when: manual`: it waits for a person, and the pipeline passes without it".to_owned();
            return Some(CanFail::No(at(text, when.line)));
        }
        None
    }
}
