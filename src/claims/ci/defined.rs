//! The CI definitions of a repository as a claim sees them: which of them are meant, and what runs in them also behind
//! package scripts.

use std::sync::Arc;

use super::read::WORKFLOW;
use super::tools::Tool;
use crate::claims::Scene;
use crate::model::pipeline::{CanFail, CiSystem, Command, Job, Pipeline, Placed, Step};
use crate::model::{Answer, Claim, Question, RepoPath};
use crate::pipeline::shell::{self, Fails, Shell};
use crate::pipeline::{self, tools::program};
use crate::text::SourceText;

/// More definitions are not read.
const MAX_FILES: usize = 200;

/// Package scripts that call each other deeper are not followed.
const MAX_CALLS: usize = 4;

/// What a claim can look at.
pub(super) struct Defined {
    /// The definitions that are meant.
    pub pipelines: Vec<Arc<Pipeline>>,
    /// The document named them itself, in the claim's section.
    pub named: bool,
    /// Every definition of the repository.
    pub all: Vec<Arc<Pipeline>>,
}

/// The definitions that a claim means: those that its section names, else all. `None` while an answer is missing.
pub(super) fn of(claim: &Claim, scene: &Scene<'_>) -> Option<Result<Defined, Box<str>>> {
    let all = match pipelines(scene)? {
        Ok(all) => all,
        Err(why) => return Some(Err(why)),
    };
    let named = named_in_section(claim, scene);
    let meant: Vec<Arc<Pipeline>> = all
        .iter()
        .filter(|pipeline| named.iter().any(|path| same_file(path, &pipeline.path)))
        .cloned()
        .collect();
    if named.is_empty()
        && let Some(one) = said_workflow(claim, &all)
    {
        return Some(Ok(Defined {
            pipelines: vec![one],
            named: true,
            all,
        }));
    }
    let by_name = !named.is_empty();
    Some(Ok(Defined {
        pipelines: if by_name { meant } else { all.clone() },
        named: by_name,
        all,
    }))
}

/// The one definition that the statement calls by a word of its name or its file: "the ZAP workflow".
fn said_workflow(claim: &Claim, all: &[Arc<Pipeline>]) -> Option<Arc<Pipeline>> {
    let name = claim
        .said
        .scope
        .iter()
        .find_map(|said| said.strip_prefix(WORKFLOW))?;
    let has = |text: &str| {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case(name))
            || text.eq_ignore_ascii_case(name)
    };
    let stem = |path: &RepoPath| -> Box<str> {
        let file = path.file_name();
        file.rsplit_once('.').map_or(file, |(stem, _)| stem).into()
    };
    let mut fitting = all.iter().filter(|pipeline| {
        pipeline.system == CiSystem::GitHubActions
            && (has(&stem(&pipeline.path)) || pipeline.name.as_ref().is_some_and(|placed| has(&placed.text)))
    });
    let one = fitting.next()?;
    fitting.next().is_none().then(|| Arc::clone(one))
}

fn same_file(written: &str, path: &RepoPath) -> bool {
    let written = written.trim_start_matches("./");
    path.as_str() == written
        || path
            .as_str()
            .strip_suffix(written)
            .is_some_and(|front| front.ends_with('/'))
}

/// Paths of CI definitions that stand in the claim's own section.
fn named_in_section(claim: &Claim, scene: &Scene<'_>) -> Vec<Box<str>> {
    let sections = &scene.report.sections;
    let of_line = |line: u32| sections.partition_point(|section| section.line <= line);
    let own = of_line(claim.line);
    let mut found: Vec<Box<str>> = Vec::new();
    for other in &scene.report.claims {
        let subject = &other.said.subject;
        let definition = subject.contains(".github/workflows/") || subject.ends_with(".gitlab-ci.yml");
        let file = definition && (subject.ends_with(".yml") || subject.ends_with(".yaml"));
        if file && of_line(other.line) == own && !found.contains(subject) {
            found.push(subject.clone());
        }
    }
    found
}

/// All definitions at the moment of the scene.
pub(super) fn pipelines(scene: &Scene<'_>) -> Option<Result<Vec<Arc<Pipeline>>, Box<str>>> {
    let tree = match scene.tree_then()? {
        Ok(tree) => tree,
        Err(why) => return Some(Err(why.into())),
    };
    let paths: Vec<&RepoPath> = tree
        .files()
        .iter()
        .filter(|path| pipeline::system_of(path).is_some())
        .take(MAX_FILES)
        .collect();
    let mut files = Vec::with_capacity(paths.len());
    let mut missing = false;
    for path in paths {
        match scene.answer(Question::Bytes(scene.at(), path.clone())) {
            Some(Answer::Bytes(Some(bytes))) => files.push((path.clone(), Arc::clone(bytes))),
            Some(Answer::Bytes(None)) => {}
            Some(_) => return Some(Err(format!("`{path}` could not be read").into())),
            None => missing = true,
        }
    }
    if missing {
        return None;
    }
    Some(Ok(scene.pipelines(&files)))
}

/// A place where something runs.
pub(super) struct Run {
    /// `path:line`.
    pub source: String,
    /// The command or action, as people read it.
    pub what: String,
    /// Whether its failure turns the job red.
    pub can_fail: CanFail,
}

/// Everything that runs in the definitions: package scripts are looked into.
pub(super) struct Runs {
    /// Commands, with where and whether they can fail.
    pub commands: Vec<(Command, Run)>,
    /// Actions.
    pub actions: Vec<(Box<str>, Run)>,
    /// Something runs that was not looked into: what it is.
    pub opaque: Option<String>,
}

/// What runs in some definitions. `None` while an answer is missing.
pub(super) fn runs(pipelines: &[Arc<Pipeline>], scene: &Scene<'_>) -> Option<Runs> {
    let mut runs = Runs {
        commands: Vec::new(),
        actions: Vec::new(),
        opaque: None,
    };
    let scripts = scripts(scene)?;
    for pipeline in pipelines
        .iter()
        .filter(|pipeline| pipeline.system != CiSystem::GitHubAction)
    {
        if let Some(unread) = &pipeline.unread {
            runs.opaque
                .get_or_insert_with(|| format!("`{}`: {}", pipeline.path, unread.text));
        }
        for job in &pipeline.jobs {
            if let Some(uses) = &job.uses
                && !uses.text.starts_with("./")
            {
                runs.opaque
                    .get_or_insert_with(|| format!("the workflow `{}`", uses.text));
            }
            for step in &job.steps {
                add_step(pipeline, job, step, &scripts, &mut runs);
            }
        }
    }
    Some(runs)
}

fn add_step(pipeline: &Pipeline, job: &Job, step: &Step, scripts: &Scripts, runs: &mut Runs) {
    // A job whose failure passes makes all its steps pass.
    let outer = match &job.can_fail {
        no @ CanFail::No(why) if !job.steps.iter().any(|step| step.can_fail.never() == Some(why)) => {
            no.clone()
        }
        _ => CanFail::Yes,
    };
    if let Some(uses) = &step.uses {
        if uses.text.starts_with("./") && step.commands.is_empty() {
            runs.opaque
                .get_or_insert_with(|| format!("the action `{}`", uses.text));
        }
        let run = Run {
            source: format!("{}:{}", pipeline.path, uses.line),
            what: format!("`uses: {}`", uses.text),
            can_fail: step.can_fail.clone().and(&outer),
        };
        runs.actions.push((uses.text.clone(), run));
    }
    if step.script.is_some() && step.commands.is_empty() && matches!(step.can_fail, CanFail::Unknown(_)) {
        runs.opaque
            .get_or_insert_with(|| format!("the script at {}:{}", pipeline.path, step.line));
    }
    for command in &step.commands {
        let path = command.path.as_ref().unwrap_or(&pipeline.path);
        let run = Run {
            source: format!("{path}:{}", command.line),
            what: format!("`{}`", command.words.join(" ")),
            can_fail: command.can_fail.clone().and(&outer),
        };
        add_command(command, run, scripts, runs, 0);
    }
}

fn add_command(command: &Command, run: Run, scripts: &Scripts, runs: &mut Runs, depth: usize) {
    if let Some(name) = script_called(&command.words) {
        let found: Vec<&(RepoPath, Box<str>, Box<str>)> = scripts
            .all
            .iter()
            .filter(|(_, known, _)| *known == name)
            .collect();
        if found.is_empty() || depth >= MAX_CALLS {
            runs.opaque
                .get_or_insert_with(|| format!("`{}`", command.words.join(" ")));
        }
        for (path, _, text) in found {
            // npm runs a script as `sh -c`.
            let analysis = shell::analyse(
                text,
                Shell {
                    errexit: false,
                    pipefail: false,
                },
            );
            if analysis.commands.is_empty() && matches!(analysis.whole, Fails::Unknown(_)) {
                runs.opaque
                    .get_or_insert_with(|| format!("the script `{name}` of `{path}`"));
            }
            for inner in analysis.commands {
                let here = |text: Box<str>| Placed {
                    text,
                    line: command.line,
                };
                let reports = pipeline::tools::never_fails(&inner.words, &|_| None);
                let can_fail = match (reports, inner.fails) {
                    (Some(why), _) => CanFail::No(here(why.into())),
                    (None, Fails::Yes) => CanFail::Yes,
                    (None, Fails::Always(why)) => CanFail::Always(here(why)),
                    (None, Fails::No(_, why)) => {
                        CanFail::No(here(format!("{why} (in the script `{name}` of `{path}`)").into()))
                    }
                    (None, Fails::Unknown(why)) => CanFail::Unknown(here(why)),
                };
                let run_inside = Run {
                    source: run.source.clone(),
                    what: format!("`{name}` of `{path}`: `{}`", inner.words.join(" ")),
                    can_fail: can_fail.and(&run.can_fail),
                };
                let inside = Command {
                    words: inner.words,
                    path: command.path.clone(),
                    line: command.line,
                    can_fail: run_inside.can_fail.clone(),
                };
                add_command(&inside, run_inside, scripts, runs, depth + 1);
            }
        }
    } else if is_opaque(&command.words) {
        runs.opaque
            .get_or_insert_with(|| format!("`{}`", command.words.join(" ")));
    }
    runs.commands.push((command.clone(), run));
}

/// The package script that a command runs: `npm run lint`, `yarn lint`, `npm test`.
pub(super) fn script_called(words: &[Box<str>]) -> Option<Box<str>> {
    let program = program(words)?;
    if !matches!(program.name, "npm" | "yarn" | "pnpm" | "bun") {
        return None;
    }
    let mut rest = program.arguments.iter().filter(|word| !word.starts_with('-'));
    let verb = rest.next()?;
    match (&**verb, program.name) {
        ("run" | "run-script", _) => rest.next().cloned(),
        ("test" | "start" | "t", "npm" | "pnpm" | "yarn") => Some(if &**verb == "t" {
            "test".into()
        } else {
            verb.clone()
        }),
        (
            "install" | "add" | "audit" | "ci" | "exec" | "dlx" | "publish" | "pack" | "version" | "config"
            | "workspaces" | "workspace" | "set" | "cache" | "why" | "outdated" | "global" | "create"
            | "init" | "link" | "x" | "test",
            _,
        ) => None,
        (_, "yarn") => Some(verb.clone()),
        _ => None,
    }
}

/// Runners of something else that is not looked into.
fn is_opaque(words: &[Box<str>]) -> bool {
    let Some(program) = program(words) else {
        return true;
    };
    let own = words
        .first()
        .is_some_and(|word| word.starts_with("./") || word.contains("scripts/") || word.ends_with(".sh"));
    own || program.name.ends_with(".sh")
        || matches!(
            program.name,
            "make"
                | "just"
                | "task"
                | "tox"
                | "nox"
                | "invoke"
                | "pre-commit"
                | "bash"
                | "sh"
                | "python"
                | "python3"
                | "node"
                | "nx"
                | "turbo"
                | "lerna"
                | "gradle"
                | "mvn"
                | "rake"
                | "bazel"
                | "earthly"
                | "dagger"
                | "docker"
                | "docker-compose"
                | "podman"
                | "composer"
                | "hatch"
                | "poe"
                | "mage"
                | "ant"
                | "sbt"
                | "act"
                | "ssh"
                | "eval"
                | "source"
                | "."
                | "npm-run-all"
                | "run-s"
                | "run-p"
                | "concurrently"
                | "lint-staged"
                | "wireit"
                | "uv"
                | "poetry"
                | "pdm"
                | "rye"
                | "cargo-make"
                | "xtask"
        )
        || (program.name == "cargo" && matches!(program.verb(), "xtask" | "make" | "run"))
        || (matches!(program.name, "npm" | "yarn" | "pnpm" | "bun")
            && program.arguments.iter().any(|word| {
                matches!(
                    &**word,
                    "workspaces" | "workspace" | "-r" | "--recursive" | "--filter"
                )
            }))
}

/// The scripts of all `package.json` files.
pub(in crate::claims) struct Scripts {
    /// File, name, text.
    pub all: Vec<(RepoPath, Box<str>, Box<str>)>,
    /// How many files there are.
    pub files: usize,
}

/// The package scripts at the moment of the scene. `None` while an answer is missing.
pub(in crate::claims) fn scripts(scene: &Scene<'_>) -> Option<Scripts> {
    let (mut all, mut files) = (Vec::new(), 0);
    let Ok(tree) = scene.tree_then()? else {
        return Some(Scripts { all, files });
    };
    let mut missing = false;
    let is_own =
        |path: &&RepoPath| path.file_name() == "package.json" && !path.as_str().contains("node_modules/");
    for path in tree.files().iter().filter(is_own) {
        files += 1;
        if files > 100 {
            continue;
        }
        match scene.answer(Question::Bytes(scene.at(), path.clone())) {
            Some(Answer::Bytes(Some(bytes))) => all.extend(scripts_of(path, bytes)),
            Some(_) => {}
            None => missing = true,
        }
    }
    (!missing).then_some(Scripts { all, files })
}

/// The scripts of one `package.json`. JSON is YAML, so the reader of YAML takes it.
pub(super) fn scripts_of(path: &RepoPath, bytes: &Arc<[u8]>) -> Vec<(RepoPath, Box<str>, Box<str>)> {
    let Ok(documents) = crate::text::yaml::parse(&SourceText::read(Arc::clone(bytes))) else {
        return Vec::new();
    };
    let entries = documents
        .first()
        .and_then(|root| root.get("scripts"))
        .map(|node| node.entries().to_vec())
        .unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|entry| {
            Some((
                path.clone(),
                entry.key.clone(),
                entry.value.scalar()?.text.clone(),
            ))
        })
        .collect()
}

impl Runs {
    /// Where a tool runs.
    pub(super) fn of<'r>(&'r self, tool: &'r Tool) -> impl Iterator<Item = &'r Run> {
        let commands = self
            .commands
            .iter()
            .filter(|(command, _)| tool.runs(command))
            .map(|(_, run)| run);
        let actions = self
            .actions
            .iter()
            .filter(|(uses, _)| tool.is_action(uses))
            .map(|(_, run)| run);
        commands.chain(actions)
    }
}
