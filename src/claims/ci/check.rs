//! A claim of CI held against the definitions.

use std::sync::Arc;

use super::defined::{self, Defined, Run, Runs};
use super::read::{ITSELF, WEAK};
use super::tools::{self, Tool};
use super::{threshold, uploads};
use crate::claims::{Finding, Scene};
use crate::model::pipeline::{Aggregate, CanFail, CiSystem, Pipeline};
use crate::model::{Claim, ClaimVerdict};
use crate::pipeline::cron::Cron;

pub(super) fn check(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let defined = match defined::of(claim, scene)? {
        Ok(defined) => defined,
        Err(why) => return Some(Finding::unsure(why)),
    };
    if says(claim, WEAK) && !defined.named {
        return Some(Finding::silent());
    }
    if defined.all.is_empty() && !defined.named {
        return Some(Finding::unsure("this repository has no CI definition"));
    }
    if defined.pipelines.is_empty() {
        return Some(Finding::unsure(
            "the workflow that its section names is not there",
        ));
    }
    if let Some(other) = defined
        .pipelines
        .iter()
        .find(|pipeline| matches!(pipeline.system, CiSystem::Other(_)))
    {
        return Some(Finding::unsure(format!(
            "`{}` is of {}, which is not read",
            other.path,
            other.system.word()
        )));
    }
    match claim.said.predicate {
        "runs" => runs(claim, scene, &defined),
        "schedule" => schedule(claim, scene, &defined),
        "triggered" => triggered(claim, scene, &defined),
        "uploads sarif" => uploads::sarif(scene, &defined),
        "uploads artifact" => uploads::artifact(claim, scene, &defined),
        "job" => Some(job(claim, &defined)),
        "gates" => gates(claim, scene, &defined),
        "gates coverage" => threshold::coverage(claim, scene, &defined),
        "gates tests" => tests(scene, &defined),
        _ => Some(Finding::silent()),
    }
}

fn says(claim: &Claim, word: &str) -> bool {
    claim.said.scope.iter().any(|said| &**said == word)
}

/// What is missing in the CI is a lie: the statement itself says that it is there, or its section names the definition.
pub(super) fn is_certain(claim: &Claim, defined: &Defined) -> bool {
    defined.named || says(claim, ITSELF)
}

/// Why something that was not found may be there all the same.
pub(super) fn unseen(defined: &Defined, runs: &Runs) -> Option<String> {
    let unread = defined.pipelines.iter().find_map(|pipeline| {
        let why = pipeline.unread.as_ref()?;
        Some(format!(
            "`{}` was not read as a whole: {}",
            pipeline.path, why.text
        ))
    });
    unread.or_else(|| {
        runs.opaque
            .as_ref()
            .map(|what| format!("{what} was not looked into"))
    })
}

fn tools_of(claim: &Claim) -> Vec<&'static Tool> {
    claim
        .said
        .scope
        .iter()
        .filter_map(|name| tools::named(name))
        .collect()
}

fn runs(claim: &Claim, scene: &Scene<'_>, defined: &Defined) -> Option<Finding> {
    let all = defined::runs(&defined.pipelines, scene)?;
    let (mut holding, mut missing) = (Vec::new(), Vec::new());
    let tools = tools_of(claim);
    for tool in &tools {
        match all.of(tool).next() {
            Some(run) => holding.push((tool.name, run)),
            None => missing.push(tool),
        }
    }
    let proof = |mut finding: Finding| {
        for (_, run) in &holding {
            finding = finding.with(run.what.clone(), run.source.clone());
        }
        finding
    };
    let named = |tools: &[&&Tool]| tools.iter().map(|tool| tool.name).collect::<Vec<_>>().join(", ");
    if missing.is_empty() {
        return Some(proof(Finding::holds(format!(
            "a step runs {}",
            claim.said.subject
        ))));
    }
    let what = named(&missing);
    if let Some(why) = unseen(defined, &all) {
        return Some(proof(Finding::unsure(format!(
            "no step that was read runs {what}, but {why}"
        ))));
    }
    // A tool of which only a set-up or a mention is there may run by a way that is not known here.
    let mention = defined
        .pipelines
        .iter()
        .flat_map(|pipeline| pipeline.steps())
        .any(|(_, step)| {
            let script = step.script.as_ref().map_or("", |script| &script.text);
            let uses = step.uses.as_ref().map_or("", |uses| &uses.text);
            let name = step.name.as_deref().unwrap_or_default();
            missing
                .iter()
                .any(|tool| [script, uses, name].iter().any(|text| tool.in_text(text)))
        });
    if mention {
        return Some(proof(Finding::unsure(format!(
            "{what} is mentioned in a step, but how it runs is not understood"
        ))));
    }
    if !is_certain(claim, defined) || !defined.named && missing.iter().any(|tool| tool.is_app()) {
        return Some(proof(Finding::unsure(format!(
            "no step runs {what}, but it may run elsewhere than in these definitions"
        ))));
    }
    if defined.pipelines.len() < defined.all.len() {
        let everywhere = defined::runs(&defined.all, scene)?;
        if missing.iter().any(|tool| everywhere.of(tool).next().is_some()) {
            return Some(proof(Finding::unsure(format!(
                "the definition that is named does not run {what}, but another one does"
            ))));
        }
    }
    let reason = format!("no step runs {what}");
    if holding.is_empty() {
        return Some(
            Finding::no(format!("a step runs {what}"), "none does", reason)
                .with("all its steps", place(defined)),
        );
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let verdict = ClaimVerdict::PartlyHolds {
        holding: count(holding.len()),
        parts: count(tools.len()),
    };
    Some(proof(Finding::of(verdict, reason)))
}

pub(super) fn place(defined: &Defined) -> String {
    match defined.pipelines.as_slice() {
        [one] => one.path.to_string(),
        many => format!("{} CI definitions", many.len()),
    }
}

/// The definitions that a claim of a schedule or a trigger means: of a named tool those that run it.
fn with_tools<'d>(claim: &Claim, scene: &Scene<'_>, defined: &'d Defined) -> Option<Vec<&'d Arc<Pipeline>>> {
    let tools = tools_of(claim);
    let mut meant = Vec::new();
    for pipeline in &defined.pipelines {
        let runs = defined::runs(std::slice::from_ref(pipeline), scene)?;
        if tools.is_empty() || tools.iter().any(|tool| runs.of(tool).next().is_some()) {
            meant.push(pipeline);
        }
    }
    Some(meant)
}

fn schedule(claim: &Claim, scene: &Scene<'_>, defined: &Defined) -> Option<Finding> {
    let meant = with_tools(claim, scene, defined)?;
    if meant.is_empty() {
        return Some(Finding::unsure(
            "no definition that was read runs what is said to be scheduled",
        ));
    }
    if meant
        .iter()
        .any(|pipeline| pipeline.system != CiSystem::GitHubActions || pipeline.unread.is_some())
    {
        return Some(Finding::unsure(
            "a schedule may be set outside of the files that were read",
        ));
    }
    let wanted = super::figures::cadence(&claim.said.value).map(|(_, cadence)| cadence);
    let mut seen = Vec::new();
    for pipeline in &meant {
        for cron in pipeline.triggers.iter().flat_map(|trigger| &trigger.crons) {
            let source = format!("{}:{}", pipeline.path, cron.line);
            let cadence = Cron::parse(&cron.text).and_then(|cron| cron.cadence());
            seen.push((cron.text.clone(), cadence, source));
        }
    }
    let says = |text: &str, cadence: &dyn std::fmt::Display| format!("`{text}` runs {cadence}");
    let same = seen
        .iter()
        .find(|(_, cadence, _)| cadence.is_some() && *cadence == wanted);
    if let Some((text, Some(cadence), source)) = same {
        return Some(Finding::holds(says(text, cadence)).with(says(text, cadence), source.clone()));
    }
    let often = seen.iter().find(|(_, cadence, _)| {
        cadence
            .zip(wanted)
            .is_some_and(|(cadence, wanted)| cadence.at_least(wanted))
    });
    if let Some((text, Some(cadence), source)) = often {
        let finding = Finding::of(ClaimVerdict::HoldsLoosely, says(text, cadence));
        return Some(finding.with(says(text, cadence), source.clone()));
    }
    if seen.iter().any(|(_, cadence, _)| cadence.is_none()) {
        return Some(Finding::unsure("how often its cron line fires is not understood"));
    }
    // Without a name for it, the schedule that is meant may be no one of CI at all.
    if !defined.named && tools_of(claim).is_empty() {
        return Some(Finding::unsure(
            "no schedule fits, but which job is meant is not said",
        ));
    }
    let often = ["push", "pull_request", "merge_group"];
    let by_events = meant
        .iter()
        .any(|pipeline| often.iter().any(|event| pipeline.trigger(event).is_some()));
    let scheduled = claim.text.to_ascii_lowercase().contains("schedule");
    if seen.is_empty() && (by_events && !scheduled || !is_certain(claim, defined)) {
        return Some(Finding::unsure(
            "no schedule is set, but it may be started in another way",
        ));
    }
    let expected = format!("a schedule that runs {}", claim.said.value);
    Some(match seen.first() {
        Some((text, Some(cadence), source)) => {
            Finding::no(expected, says(text, cadence), says(text, cadence)).with(text.clone(), source.clone())
        }
        _ => {
            let path = meant
                .first()
                .map_or_else(String::new, |pipeline| pipeline.path.to_string());
            Finding::no(expected, "no schedule", "it has no `schedule`").with("its triggers", path)
        }
    })
}

fn triggered(claim: &Claim, scene: &Scene<'_>, defined: &Defined) -> Option<Finding> {
    let event = &*claim.said.value;
    let meant = with_tools(claim, scene, defined)?;
    if meant.is_empty() {
        return Some(Finding::unsure("no definition that was read runs what is meant"));
    }
    let github = || {
        meant
            .iter()
            .filter(|pipeline| pipeline.system == CiSystem::GitHubActions)
    };
    for pipeline in github() {
        let found = pipeline.trigger(event).or_else(|| {
            pipeline
                .trigger("pull_request_target")
                .filter(|_| event == "pull_request")
        });
        if let Some(trigger) = found {
            let source = format!("{}:{}", pipeline.path, trigger.line);
            let limited = !trigger.paths.is_empty() || !trigger.paths_ignore.is_empty();
            let what = format!("`on: {}`", trigger.event);
            let finding = if limited {
                Finding::of(
                    ClaimVerdict::HoldsLoosely,
                    format!("{what}, but only for some paths"),
                )
            } else {
                Finding::holds(what.clone())
            };
            return Some(finding.with(what, source));
        }
    }
    let whole = meant
        .iter()
        .all(|pipeline| pipeline.system == CiSystem::GitHubActions && pipeline.unread.is_none());
    let called = github().any(|pipeline| {
        pipeline.trigger("workflow_call").is_some() || pipeline.trigger("workflow_run").is_some()
    });
    if !whole || called || !defined.named {
        return Some(Finding::unsure(format!(
            "no definition that was read has `on: {event}`, but what starts it may stand elsewhere"
        )));
    }
    Some(
        Finding::no(
            format!("`on: {event}`"),
            "no such trigger",
            format!("it has no `on: {event}`"),
        )
        .with("its triggers", place(defined)),
    )
}

fn job(claim: &Claim, defined: &Defined) -> Finding {
    let name = &*claim.said.subject;
    let is = |text: &str| text.eq_ignore_ascii_case(name);
    let mut found = Vec::new();
    for pipeline in &defined.pipelines {
        for job in pipeline.jobs.iter().filter(|job| is(&job.key) || is(&job.name)) {
            found.push((format!("{}:{}", pipeline.path, job.line), job));
        }
    }
    let Some((source, job)) = found.first() else {
        let whole = defined.pipelines.iter().all(|pipeline| pipeline.unread.is_none());
        let loosely = defined.pipelines.iter().any(|pipeline| {
            let contains = |text: &str| text.to_ascii_lowercase().contains(&name.to_ascii_lowercase());
            pipeline
                .name
                .as_ref()
                .is_some_and(|placed| contains(&placed.text))
                || contains(pipeline.path.as_str())
                || pipeline
                    .jobs
                    .iter()
                    .any(|job| contains(&job.name) || job.name.contains("${{"))
        });
        if !whole || loosely || !is_certain(claim, defined) {
            return Finding::unsure(format!("no job that was read is called `{name}` exactly"));
        }
        return Finding::no(
            format!("a job `{name}`"),
            "none",
            format!("no job is called `{name}`"),
        )
        .with("its jobs", place(defined));
    };
    let more = if found.len() > 1 {
        format!("; {} jobs are called so", found.len())
    } else {
        String::new()
    };
    let aggregate = match job.aggregate {
        Some(Aggregate::SkippedOnFailure) => {
            "; it is skipped when a job that it needs fails, and a skipped check counts as passed"
        }
        Some(Aggregate::LooksAtNothing) => "; it looks at no result of the jobs that it needs",
        _ => "",
    };
    Finding::holds(format!("the job is there{more}{aggregate}")).with("the job", source.clone())
}

/// Whether what is said to fail the build can fail.
pub(super) fn gate(found: &[&Run]) -> Option<Finding> {
    let can = found.iter().find(|run| run.can_fail == CanFail::Yes);
    if let Some(run) = can {
        return Some(
            Finding::holds(format!("{} fails its job", run.what)).with(run.what.clone(), run.source.clone()),
        );
    }
    if let Some(run) = found
        .iter()
        .find(|run| matches!(run.can_fail, CanFail::Always(_) | CanFail::Unknown(_)))
    {
        let (CanFail::Always(why) | CanFail::Unknown(why)) = &run.can_fail else {
            return None;
        };
        return Some(
            Finding::unsure(format!("{}: {}", run.what, why.text)).with(run.what.clone(), run.source.clone()),
        );
    }
    let run = found.first()?;
    let CanFail::No(why) = &run.can_fail else {
        return None;
    };
    let reason: Box<str> = format!("{} cannot fail the build: {}", run.what, why.text).into();
    Some(
        Finding::of(ClaimVerdict::Vacuous(reason.clone()), reason).with(run.what.clone(), run.source.clone()),
    )
}

fn gates(claim: &Claim, scene: &Scene<'_>, defined: &Defined) -> Option<Finding> {
    let all = defined::runs(&defined.pipelines, scene)?;
    let mut worst: Option<Finding> = None;
    for tool in tools_of(claim) {
        let found: Vec<&Run> = all.of(tool).collect();
        let Some(finding) = gate(&found) else {
            let why = unseen(defined, &all).unwrap_or_else(|| "it is not in a definition".to_owned());
            return Some(Finding::unsure(format!(
                "no step that was read runs {}: {why}",
                tool.name
            )));
        };
        let yes = finding.verdict.as_ref().is_some_and(ClaimVerdict::says_yes);
        if worst.is_none() || !yes {
            worst = Some(finding);
        }
    }
    Some(worst.unwrap_or_else(Finding::silent))
}

/// Commands that run tests, as far as their names say.
fn tests(scene: &Scene<'_>, defined: &Defined) -> Option<Finding> {
    let all = defined::runs(&defined.pipelines, scene)?;
    let is_test = |words: &[Box<str>]| {
        let Some(program) = crate::pipeline::tools::program(words) else {
            return false;
        };
        let verb = program.verb();
        match program.name {
            "npm" | "yarn" | "pnpm" | "bun" => {
                defined::script_called(words).is_some_and(|script| script.starts_with("test"))
                    || verb == "test"
            }
            "go" | "cargo" | "gradle" | "dotnet" | "mix" | "swift" | "make" | "just" | "deno" | "flutter" => {
                verb == "test" || verb == "check" || verb == "nextest"
            }
            "mvn" => program
                .arguments
                .iter()
                .any(|word| matches!(&**word, "test" | "verify" | "install")),
            "pytest" | "jest" | "vitest" | "mocha" | "rspec" | "phpunit" | "tox" | "ctest" => true,
            _ => false,
        }
    };
    let found: Vec<&Run> = all
        .commands
        .iter()
        .filter(|(command, _)| is_test(&command.words))
        .map(|(_, run)| run)
        .collect();
    Some(
        gate(&found).unwrap_or_else(|| {
            Finding::unsure("no step that was read runs tests by a name that is known here")
        }),
    )
}
