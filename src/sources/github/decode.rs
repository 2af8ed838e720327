//! GitHub's JSON to the words of the model, one entry at a time.
//!
//! Everything but an entry's identity may be missing, null or of another type than documented; a word that is not
//! known stays that word. Invariant: one entry that cannot be read costs that entry, and says which field it was.

use jiff::Timestamp;
use serde_json::Value;

use crate::model::CommitId;
use crate::model::ci::{
    ACTIONS, Alert, Annotation, Artifact, BlockerIssue, Check, CheckKey, CheckState, CiSource, RequiredCheck,
    RequiredKind, Run, STATUS, Step, WaitingDeployment,
};
use crate::text::clean::clean;

/// The field that an entry cannot do without and does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoField(pub &'static str);

/// Characters that are kept of a text.
const LONG: usize = 400;

/// A text below the nested names; empty texts are none.
fn raw<'a>(value: &'a Value, names: &[&str]) -> Option<&'a str> {
    let mut value = value;
    for name in names {
        value = value.get(name)?;
    }
    value.as_str().filter(|text| !text.is_empty())
}

/// A text for people: cleaned and cut.
fn text(value: &Value, names: &[&str]) -> Box<str> {
    let raw: String = raw(value, names).unwrap_or_default().chars().take(LONG).collect();
    clean(raw.trim()).into_owned().into()
}

fn number(value: &Value, names: &[&str]) -> Option<u64> {
    let mut value = value;
    for name in names {
        value = value.get(name)?;
    }
    value.as_u64()
}

fn time(value: &Value, names: &[&str]) -> Option<Timestamp> {
    let at: Timestamp = raw(value, names)?.parse().ok()?;
    // GitHub's word for "not yet" of some fields.
    (at.as_second() > 0).then_some(at)
}

fn commit(value: &Value, names: &[&str]) -> Option<CommitId> {
    CommitId::new(raw(value, names)?)
}

fn id(value: &Value) -> Result<u64, NoField> {
    number(value, &["id"]).ok_or(NoField("id"))
}

/// A page for people: only an address of the web is one.
fn page(value: &Value, name: &str) -> Box<str> {
    let url = raw(value, &[name]).unwrap_or_default();
    let fits = (url.starts_with("https://") || url.starts_with("http://")) && url.len() < 2000;
    if fits {
        clean(url).into_owned().into()
    } else {
        "".into()
    }
}

/// A workflow run.
///
/// # Errors
/// Without an id.
pub fn run(value: &Value) -> Result<Run, NoField> {
    let path = raw(value, &["path"]).unwrap_or_default();
    // A reusable workflow's path may name the ref it is taken from.
    let path = path.split('@').next().unwrap_or_default();
    Ok(Run {
        id: id(value)?,
        path: clean(path).into_owned().into(),
        name: text(value, &["name"]),
        event: text(value, &["event"]),
        branch: Some(text(value, &["head_branch"])).filter(|branch| !branch.is_empty()),
        head: commit(value, &["head_sha"]),
        attempt: number(value, &["run_attempt"])
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(1),
        suite: number(value, &["check_suite_id"]),
        state: CheckState::read(raw(value, &["status"]), raw(value, &["conclusion"])),
        created_at: time(value, &["created_at"]),
        started_at: time(value, &["run_started_at"]),
        updated_at: time(value, &["updated_at"]),
        url: page(value, "html_url"),
    })
}

/// A job of a run.
///
/// # Errors
/// Without an id.
pub fn job(value: &Value, run: &Run) -> Result<Check, NoField> {
    let id = id(value)?;
    Ok(Check {
        key: CheckKey {
            app: ACTIONS.into(),
            workflow: run.path.clone(),
            name: text(value, &["name"]),
            event: run.event.clone(),
        },
        app_id: None,
        state: CheckState::read(raw(value, &["status"]), raw(value, &["conclusion"])),
        run: Some(number(value, &["run_id"]).unwrap_or(run.id)),
        job: Some(id),
        check_run: raw(value, &["check_run_url"]).and_then(last_number),
        attempt: number(value, &["run_attempt"]).and_then(|n| u32::try_from(n).ok()),
        started_at: time(value, &["started_at"]),
        completed_at: time(value, &["completed_at"]),
        url: page(value, "html_url"),
        summary: "".into(),
        steps: steps(value),
        annotations: Vec::new(),
        error: None,
        cannot_fail: None,
    })
}

/// The number of a job that goes on on the machine of this name.
#[must_use]
pub fn job_on(value: &Value, runner: &str) -> Option<u64> {
    let here = raw(value, &["runner_name"]) == Some(runner);
    (here && raw(value, &["status"]) == Some("in_progress")).then(|| number(value, &["id"]))?
}

fn steps(value: &Value) -> Vec<Step> {
    let steps = value.get("steps").and_then(Value::as_array);
    (1_u32..)
        .zip(steps.into_iter().flatten())
        .map(|(place, step)| Step {
            number: number(step, &["number"])
                .and_then(|n| u32::try_from(n).ok())
                .unwrap_or(place),
            name: text(step, &["name"]),
            state: CheckState::read(raw(step, &["status"]), raw(step, &["conclusion"])),
            started_at: time(step, &["started_at"]),
            completed_at: time(step, &["completed_at"]),
        })
        .collect()
}

/// A check run, as a job where it is one of a run that is known.
///
/// # Errors
/// Without an id or a name.
pub fn check_run(value: &Value, runs: &[Run]) -> Result<Check, NoField> {
    let id = id(value)?;
    let name = text(value, &["name"]);
    if name.is_empty() {
        return Err(NoField("name"));
    }
    let app = text(value, &["app", "slug"]);
    let details = raw(value, &["details_url"]).unwrap_or_default();
    let (by_url, job) = run_and_job(details);
    let suite = number(value, &["check_suite", "id"]);
    let mut of_suite = runs.iter().filter(|run| suite.is_some() && run.suite == suite);
    let of_suite = match (of_suite.next(), of_suite.next()) {
        (Some(run), None) => Some(run),
        _ => None,
    };
    let run = runs.iter().find(|run| Some(run.id) == by_url).or(of_suite);
    let is_actions = &*app == ACTIONS || run.is_some();
    Ok(Check {
        key: CheckKey {
            app: if is_actions { ACTIONS.into() } else { app },
            workflow: run.map_or_else(|| "".into(), |run| run.path.clone()),
            name,
            event: run.map_or_else(|| "".into(), |run| run.event.clone()),
        },
        app_id: number(value, &["app", "id"]),
        state: CheckState::read(raw(value, &["status"]), raw(value, &["conclusion"])),
        run: by_url.or(run.map(|run| run.id)),
        job: is_actions.then(|| job.unwrap_or(id)),
        check_run: Some(id),
        attempt: None,
        started_at: time(value, &["started_at"]),
        completed_at: time(value, &["completed_at"]),
        url: page(value, "html_url"),
        summary: text(value, &["output", "title"]),
        steps: Vec::new(),
        annotations: Vec::new(),
        error: None,
        cannot_fail: None,
    })
}

/// The numbers in `…/actions/runs/1/job/2`.
fn run_and_job(url: &str) -> (Option<u64>, Option<u64>) {
    let after = |word: &str| {
        let (_, rest) = url.split_once(word)?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    (after("/actions/runs/"), after("/job/"))
}

fn last_number(url: &str) -> Option<u64> {
    url.rsplit('/').next()?.parse().ok()
}

/// A commit status.
///
/// # Errors
/// Without a context.
pub fn status(value: &Value) -> Result<Check, NoField> {
    let name = text(value, &["context"]);
    if name.is_empty() {
        return Err(NoField("context"));
    }
    let state = raw(value, &["state"]).map_or_else(|| CheckState::Unknown("no state".into()), CheckState::of);
    let ended = !state.is_unfinished();
    let updated = time(value, &["updated_at"]).or(time(value, &["created_at"]));
    Ok(Check {
        key: CheckKey {
            app: STATUS.into(),
            name,
            ..CheckKey::default()
        },
        app_id: None,
        state,
        run: None,
        job: None,
        check_run: None,
        attempt: None,
        started_at: updated,
        completed_at: updated.filter(|_| ended),
        url: page(value, "target_url"),
        summary: text(value, &["description"]),
        steps: Vec::new(),
        annotations: Vec::new(),
        error: None,
        cannot_fail: None,
    })
}

/// The kind of a rule.
///
/// # Errors
/// Without one: what it requires is not known.
pub fn rule_type(value: &Value) -> Result<(), NoField> {
    raw(value, &["type"]).map(drop).ok_or(NoField("type"))
}

/// What the rules of a branch require (`/rules/branches/{branch}`).
#[must_use]
pub fn rules(list: &[Value]) -> Vec<RequiredCheck> {
    let mut required = Vec::new();
    for rule in list {
        let source: Box<str> = match number(rule, &["ruleset_id"]) {
            Some(id) => format!("ruleset {id}").into(),
            None => "a ruleset".into(),
        };
        let entries = |name: &str| {
            let entries = rule
                .get("parameters")
                .and_then(|parameters| parameters.get(name)?.as_array());
            entries.into_iter().flatten()
        };
        match raw(rule, &["type"]) {
            Some("required_status_checks") => {
                for entry in entries("required_status_checks") {
                    required.extend(required_check(entry, &source, "integration_id"));
                }
            }
            Some("workflows") => {
                for entry in entries("workflows") {
                    let path = text(entry, &["path"]);
                    if !path.is_empty() {
                        required.push(RequiredCheck {
                            what: RequiredKind::Workflow(path),
                            source: source.clone(),
                        });
                    }
                }
            }
            _ => {}
        }
    }
    required
}

/// What the protection of a branch requires: `protection.required_status_checks` of `/branches/{branch}`.
#[must_use]
pub fn protection(value: &Value, branch: &str) -> Vec<RequiredCheck> {
    let Some(checks) = value
        .get("protection")
        .and_then(|protection| protection.get("required_status_checks"))
    else {
        return Vec::new();
    };
    let source: Box<str> = format!("the protection of `{branch}`").into();
    let mut required: Vec<RequiredCheck> = checks
        .get("checks")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|entry| required_check(entry, &source, "app_id"))
        .collect();
    for context in checks
        .get("contexts")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let Some(name) = context.as_str().filter(|name| !name.is_empty()) else {
            continue;
        };
        let known = required.iter().any(|known| match &known.what {
            RequiredKind::Check { name: known, .. } => **known == *name,
            RequiredKind::Workflow(_) => false,
        });
        if !known {
            required.push(RequiredCheck {
                what: RequiredKind::Check {
                    name: clean(name).into_owned().into(),
                    app: None,
                },
                source: source.clone(),
            });
        }
    }
    required
}

fn required_check(entry: &Value, source: &str, app: &str) -> Option<RequiredCheck> {
    let name = text(entry, &["context"]);
    (!name.is_empty()).then(|| RequiredCheck {
        what: RequiredKind::Check {
            name,
            // -1 and 0 stand for any app.
            app: number(entry, &[app]).filter(|id| *id > 0),
        },
        source: source.into(),
    })
}

/// A deployment that waits.
#[must_use]
pub fn waiting(value: &Value, run: &Run) -> WaitingDeployment {
    let reviewers = value.get("reviewers").and_then(Value::as_array);
    WaitingDeployment {
        run: run.id,
        environment: text(value, &["environment", "name"]),
        environment_id: number(value, &["environment", "id"]),
        may_approve: value
            .get("current_user_can_approve")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        reviewers: reviewers
            .into_iter()
            .flatten()
            .map(|reviewer| match &*text(reviewer, &["reviewer", "login"]) {
                "" => text(reviewer, &["reviewer", "name"]),
                login => login.into(),
            })
            .filter(|name| !name.is_empty())
            .collect(),
        url: run.url.clone(),
    }
}

/// An alert of one of the three kinds.
///
/// # Errors
/// Without a number.
pub fn alert(value: &Value, source: CiSource) -> Result<Alert, NoField> {
    let first = |places: &[&[&str]]| -> Box<str> {
        places
            .iter()
            .map(|names| text(value, names))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    };
    let (severity, title, subject, path) = match source {
        CiSource::CodeScanning => (
            first(&[&["rule", "security_severity_level"], &["rule", "severity"]]),
            first(&[
                &["rule", "description"],
                &["rule", "name"],
                &["most_recent_instance", "message", "text"],
                &["rule", "id"],
            ]),
            text(value, &["tool", "name"]),
            text(value, &["most_recent_instance", "location", "path"]),
        ),
        CiSource::Dependabot => (
            first(&[
                &["security_vulnerability", "severity"],
                &["security_advisory", "severity"],
            ]),
            first(&[
                &["security_advisory", "summary"],
                &["security_advisory", "ghsa_id"],
            ]),
            first(&[
                &["security_vulnerability", "package", "name"],
                &["dependency", "package", "name"],
            ]),
            text(value, &["dependency", "manifest_path"]),
        ),
        // The secret itself is not read.
        _ => (
            "critical".into(),
            first(&[&["secret_type_display_name"], &["secret_type"]]),
            text(value, &["secret_type"]),
            "".into(),
        ),
    };
    Ok(Alert {
        source,
        number: number(value, &["number"]).ok_or(NoField("number"))?,
        severity: severity.to_ascii_lowercase().into(),
        title,
        subject,
        path,
        created_at: time(value, &["created_at"]),
        url: page(value, "html_url"),
    })
}

/// Whether an alert or issue is open: one without a state is.
#[must_use]
pub fn is_open(value: &Value) -> bool {
    raw(value, &["state"]).is_none_or(|state| state == "open")
}

/// An issue; `None` for a pull request, which the same list holds.
///
/// # Errors
/// Without a number.
pub fn issue(value: &Value) -> Result<Option<BlockerIssue>, NoField> {
    if value.get("pull_request").is_some_and(|pull| !pull.is_null()) {
        return Ok(None);
    }
    let names = |list: &str, name: &str| -> Vec<Box<str>> {
        let list = value.get(list).and_then(Value::as_array);
        let list = list.into_iter().flatten();
        // A label may be its name alone.
        list.map(|entry| -> Box<str> {
            match entry.as_str() {
                Some(plain) => clean(plain).into_owned().into(),
                None => text(entry, &[name]),
            }
        })
        .filter(|name| !name.is_empty())
        .collect()
    };
    Ok(Some(BlockerIssue {
        number: number(value, &["number"]).ok_or(NoField("number"))?,
        title: text(value, &["title"]),
        labels: names("labels", "name"),
        milestone: Some(text(value, &["milestone", "title"])).filter(|title| !title.is_empty()),
        assignees: names("assignees", "login"),
        url: page(value, "html_url"),
    }))
}

/// An artifact.
///
/// # Errors
/// Without an id.
pub fn artifact(value: &Value) -> Result<Artifact, NoField> {
    Ok(Artifact {
        id: id(value)?,
        name: text(value, &["name"]),
        size: number(value, &["size_in_bytes"]).unwrap_or(0),
        expired: value.get("expired").and_then(Value::as_bool).unwrap_or(false),
        run: number(value, &["workflow_run", "id"]),
        head: commit(value, &["workflow_run", "head_sha"]),
        made_at: time(value, &["created_at"]),
        read: None,
    })
}

/// An annotation of a check run.
#[must_use]
pub fn annotation(value: &Value) -> Annotation {
    Annotation {
        level: text(value, &["annotation_level"]),
        path: text(value, &["path"]),
        line: number(value, &["start_line"]).and_then(|line| u32::try_from(line).ok()),
        message: text(value, &["message"]),
    }
}

/// The tool of an analysis that was made of this commit.
#[must_use]
pub fn analysis_of(value: &Value, wanted: &CommitId) -> Option<Box<str>> {
    let own = commit(value, &["commit_sha"]).as_ref() == Some(wanted);
    let well = raw(value, &["error"]).is_none();
    (own && well).then(|| text(value, &["tool", "name"]))
}

/// Where a pull request or a branch points: `head.sha`, `base.ref`.
#[must_use]
pub fn pull(value: &Value) -> (Option<CommitId>, Option<Box<str>>) {
    let base = Some(text(value, &["base", "ref"])).filter(|base| !base.is_empty());
    (commit(value, &["head", "sha"]), base)
}

/// The commit of an answer of `/commits/{ref}`.
#[must_use]
pub fn commit_of(value: &Value) -> Option<CommitId> {
    commit(value, &["sha"])
}

/// The default branch of a repository.
#[must_use]
pub fn default_branch(value: &Value) -> Option<Box<str>> {
    Some(text(value, &["default_branch"])).filter(|branch| !branch.is_empty())
}

#[cfg(test)]
mod tests;
