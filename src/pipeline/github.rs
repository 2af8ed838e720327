//! GitHub Actions: workflows, and the actions of the repository itself.

use super::expression;
use super::shell::Shell;
use super::steps::{self, Looks};
use super::tools;
use crate::model::RepoPath;
use crate::model::pipeline::{
    Aggregate, CanFail, CiSystem, Command, Condition, Job, Pipeline, Placed, Step, Trigger,
};
use crate::text::SourceText;
use crate::text::yaml::{Node, Value};

/// Reads a workflow.
pub(super) fn workflow(path: &RepoPath, source: &SourceText, root: &Node) -> Pipeline {
    let mut notes = Vec::new();
    super::repeated(root, &mut notes);
    let shell = default_shell(root);
    let jobs: Vec<Job> = root
        .get("jobs")
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .map(|entry| job(&entry.key, entry.line, &entry.value, source, shell.as_deref()))
        .collect();
    for job in &jobs {
        for need in &job.needs {
            if !jobs.iter().any(|other| other.key == *need) {
                let text = format!("job `{}` needs `{need}`, which is not there", job.key);
                notes.push(Placed {
                    text: text.into(),
                    line: job.line,
                });
            }
        }
    }
    let unread = root.get("jobs").is_none().then(|| Placed {
        text: "it has no `jobs`".into(),
        line: 1,
    });
    Pipeline {
        path: path.clone(),
        system: CiSystem::GitHubActions,
        name: root.get("name").and_then(super::placed),
        triggers: root.get("on").map(triggers).unwrap_or_default(),
        jobs,
        unread,
        notes,
    }
}

/// Reads an `action.yml`; its steps become one job.
pub(super) fn action(path: &RepoPath, source: &SourceText, root: &Node) -> Pipeline {
    let runs = root.get("runs");
    let name = root.get("name").and_then(super::placed);
    let steps_node = runs.and_then(|runs| runs.get("steps"));
    let mut jobs = Vec::new();
    if let Some(node) = steps_node {
        jobs.push(job("runs", node.line, runs.unwrap_or(root), source, None));
    }
    let unread = jobs.is_empty().then(|| Placed {
        text: "it is not made of steps".into(),
        line: 1,
    });
    Pipeline {
        path: path.clone(),
        system: CiSystem::GitHubAction,
        name,
        triggers: Vec::new(),
        jobs,
        unread,
        notes: Vec::new(),
    }
}

fn triggers(on: &Node) -> Vec<Trigger> {
    let bare = |node: &Node| {
        node.str().map(|event| Trigger {
            event: event.into(),
            line: node.line,
            ..Trigger::default()
        })
    };
    match &on.value {
        Value::Map(map) => map
            .entries
            .iter()
            .map(|entry| trigger(&entry.key, entry.line, &entry.value))
            .collect(),
        _ => on.one_or_more().iter().filter_map(bare).collect(),
    }
}

fn trigger(event: &str, line: u32, node: &Node) -> Trigger {
    let texts = |key: &str| node.get(key).map(super::texts).unwrap_or_default();
    Trigger {
        event: event.into(),
        line,
        branches: texts("branches"),
        branches_ignore: texts("branches-ignore"),
        tags: texts("tags"),
        paths: texts("paths"),
        paths_ignore: texts("paths-ignore"),
        crons: node
            .items()
            .iter()
            .filter_map(|item| item.get("cron"))
            .filter_map(super::placed)
            .collect(),
    }
}

fn default_shell(node: &Node) -> Option<Box<str>> {
    node.at(&["defaults", "run", "shell"])
        .and_then(Node::str)
        .map(Into::into)
}

fn job(key: &str, line: u32, node: &Node, source: &SourceText, shell: Option<&str>) -> Job {
    let own = default_shell(node);
    let windows = node
        .get("runs-on")
        .map(super::texts)
        .unwrap_or_default()
        .iter()
        .any(|runner| runner.to_ascii_lowercase().contains("windows"));
    let setting = StepSetting {
        shell: own.as_deref().or(shell),
        windows,
        env: node.get("env"),
    };
    let nodes = node.get("steps").map(Node::items).unwrap_or_default();
    let mut read: Vec<Step> = nodes.iter().map(|node| step(node, &setting)).collect();
    let looks = Looks::of(source.slice(node.span));
    for (at, node) in nodes.iter().enumerate() {
        let id = node.get("id").and_then(Node::str);
        steps::look_back(&mut read, at, id, &looks);
    }
    let condition = node.get("if").and_then(condition);
    let uses = node.get("uses").and_then(super::placed);
    let needs = node.get("needs").map(super::texts).unwrap_or_default();
    let mut can_fail = match &uses {
        Some(_) => CanFail::Yes,
        None => steps::together(&read, line),
    };
    if let Some(outer) = lets_pass(node.get("continue-on-error"), "the job") {
        can_fail = can_fail.and(&outer);
    }
    if let Some(never) = condition.as_ref().and_then(never_runs) {
        can_fail = never;
    }
    let aggregate = aggregate(node, &needs, &read, condition.as_ref(), source);
    Job {
        key: key.into(),
        name: node.get("name").and_then(Node::str).unwrap_or(key).into(),
        line,
        needs,
        condition,
        container: node.get("container").and_then(image),
        services: services(node),
        matrix: matrix(node),
        uses,
        environment: node
            .get("environment")
            .and_then(|node| node.str().or_else(|| node.get("name").and_then(Node::str)))
            .map(Into::into),
        stage: None,
        artifacts: read.iter().filter_map(artifact).collect(),
        steps: read,
        can_fail,
        aggregate,
    }
}

fn image(node: &Node) -> Option<Placed> {
    super::placed(node).or_else(|| node.get("image").and_then(super::placed))
}

fn services(node: &Node) -> Vec<(Box<str>, Placed)> {
    let entries = node.get("services").map(Node::entries).unwrap_or_default();
    let service = |entry: &crate::text::yaml::Entry| Some((entry.key.clone(), image(&entry.value)?));
    entries.iter().filter_map(service).collect()
}

fn matrix(node: &Node) -> Vec<(Box<str>, Vec<Box<str>>)> {
    let entries = node
        .at(&["strategy", "matrix"])
        .map(Node::entries)
        .unwrap_or_default();
    let axes = entries
        .iter()
        .filter(|entry| !matches!(&*entry.key, "include" | "exclude"));
    axes.map(|entry| (entry.key.clone(), super::texts(&entry.value)))
        .collect()
}

fn artifact(step: &Step) -> Option<Placed> {
    let uses = step.uses.as_ref()?;
    let keeps = tools::action_name(&uses.text) == "actions/upload-artifact";
    keeps.then(|| step.given("path").cloned()).flatten()
}

fn condition(node: &Node) -> Option<Condition> {
    let text = node.str()?;
    Some(Condition {
        text: text.into(),
        line: node.line,
        constant: expression::condition(text, &|_| None),
    })
}

fn never_runs(condition: &Condition) -> Option<CanFail> {
    (condition.constant == Some(false)).then(|| {
        CanFail::No(Placed {
            text: format!("it never runs: `if: {}`", condition.text).into(),
            line: condition.line,
        })
    })
}

/// What `continue-on-error` makes of a failure.
fn lets_pass(node: Option<&Node>, what: &str) -> Option<CanFail> {
    let node = node?;
    let text = node.str()?;
    let why = Placed {
        text: format!("`continue-on-error: {text}` lets {what} fail without a consequence").into(),
        line: node.line,
    };
    match node
        .bool()
        .or_else(|| text.contains("${{").then(|| known_text(text)).flatten())
    {
        Some(true) => Some(CanFail::No(why)),
        Some(false) => None,
        None => Some(CanFail::Unknown(Placed {
            text: format!("`continue-on-error: {text}` is decided when it runs").into(),
            line: node.line,
        })),
    }
}

fn known_text(text: &str) -> Option<bool> {
    expression::condition(text, &|_| None)
}

struct StepSetting<'a> {
    shell: Option<&'a str>,
    windows: bool,
    env: Option<&'a Node>,
}

fn step(node: &Node, setting: &StepSetting<'_>) -> Step {
    let uses = node.get("uses").and_then(super::placed);
    let condition = node.get("if").and_then(condition);
    let mut with = Vec::new();
    for given in [node.get("with"), node.get("env"), setting.env]
        .into_iter()
        .flatten()
    {
        let entries = given.entries().iter();
        with.extend(entries.filter_map(|entry| Some((entry.key.clone(), super::placed(&entry.value)?))));
    }
    let mut step = Step {
        name: node.get("name").and_then(Node::str).map(Into::into),
        line: node.line,
        uses,
        with,
        condition,
        script: None,
        commands: Vec::new(),
        can_fail: CanFail::Yes,
    };
    let shell_name = node.get("shell").and_then(Node::str).or(setting.shell);
    if let Some(run) = node.get("run").and_then(Node::scalar) {
        let shell = shell_of(shell_name, setting.windows);
        let lines = |nth: usize| run.line_of(nth);
        steps::script(&mut step, &run.text, shell, &lines);
    } else if let Some(uses) = step.uses.clone() {
        let given = |key: &str| step.given(key).map(|value| value.text.clone());
        if let Some(why) = tools::action_never_fails(&uses.text, &given) {
            step.can_fail = CanFail::No(Placed {
                text: why.into(),
                line: uses.line,
            });
        }
    }
    if let Some(outer) = lets_pass(node.get("continue-on-error"), "the step") {
        steps::outer(&mut step, &outer);
    }
    if let Some(never) = step.condition.as_ref().and_then(never_runs) {
        steps::outer(&mut step, &never);
    }
    step
}

/// The options that GitHub starts a shell with; nothing for shells that are not read.
fn shell_of(name: Option<&str>, windows: bool) -> Option<Shell> {
    let shell = |errexit, pipefail| Some(Shell { errexit, pipefail });
    match name.map(str::trim) {
        None if windows => None,
        // Without a name it is `bash -e`; only the name adds `-o pipefail`.
        None | Some("sh") => shell(true, false),
        Some("bash") => shell(true, true),
        Some(custom) => {
            let mut words = custom.split_ascii_whitespace();
            let program = words.next()?.rsplit('/').next()?;
            if !matches!(program, "bash" | "sh") || !custom.contains("{0}") {
                return None;
            }
            let options: Vec<&str> = words.collect();
            let short = |letter: char| {
                let one =
                    |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.contains(letter);
                options.iter().any(one)
            };
            // `-l` reads the user's profile, which may change options; that is rare and left aside.
            shell(
                short('e') || options.contains(&"errexit"),
                options.contains(&"pipefail"),
            )
        }
    }
}

/// A job that has needs and runs nothing but prints and tests stands for the jobs that it needs.
fn aggregate(
    node: &Node,
    needs: &[Box<str>],
    steps: &[Step],
    condition: Option<&Condition>,
    source: &SourceText,
) -> Option<Aggregate> {
    let only_looks = |step: &Step| match (&step.uses, &step.script) {
        (Some(uses), _) => tools::action_name(&uses.text).contains("alls-green"),
        (None, Some(_)) => step.commands.is_empty() && !matches!(step.can_fail, CanFail::Unknown(_)),
        (None, None) => false,
    };
    if needs.is_empty() || steps.is_empty() || !steps.iter().all(only_looks) {
        return None;
    }
    let text = source.slice(node.span);
    let looks = text.contains("alls-green") || text.contains("needs.") || text.contains("toJSON(needs)");
    let runs = condition.is_some_and(|condition| {
        let text = condition.text.to_ascii_lowercase();
        text.contains("always()") || text.contains("!cancelled()") || text.contains("failure()")
    });
    Some(match (runs, looks) {
        (false, _) => Aggregate::SkippedOnFailure,
        (true, true) => Aggregate::Checks,
        (true, false) => Aggregate::LooksAtNothing,
    })
}

/// A command of an action of the repository as it stands in a step that uses it.
pub(super) fn borrowed(command: &Command, action: &RepoPath, step: &CanFail) -> Command {
    Command {
        words: command.words.clone(),
        path: command.path.clone().or_else(|| Some(action.clone())),
        line: command.line,
        can_fail: command.can_fail.clone().and(step),
    }
}
