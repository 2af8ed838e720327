use proptest::prelude::*;
use serde_json::json;

use super::*;

fn some_run() -> Value {
    json!({
        "id": 7, "name": "CI", "path": ".github/workflows/ci.yml@refs/heads/main", "event": "push",
        "head_branch": "main", "head_sha": "0123456789abcdef0123456789abcdef01234567", "run_attempt": 2,
        "check_suite_id": 70, "status": "completed", "conclusion": "success",
        "created_at": "2030-01-02T03:04:05Z", "run_started_at": "2030-01-02T03:05:05Z",
        "updated_at": "2030-01-02T03:06:05Z", "html_url": "https://github.com/acme/app/actions/runs/7",
    })
}

fn some_check() -> Value {
    json!({
        "id": 9, "name": "test", "status": "completed", "conclusion": "failure",
        "app": { "slug": "github-actions", "id": 15368 }, "check_suite": { "id": 70 },
        "details_url": "https://github.com/acme/app/actions/runs/7/job/99",
        "started_at": "2030-01-02T03:05:05Z", "completed_at": null, "html_url": "https://github.com/x",
        "output": { "title": "1 failed", "summary": null, "annotations_count": 3 },
    })
}

#[test]
fn a_check_run_knows_its_run_and_job() {
    let run = run(&some_run()).unwrap();
    assert_eq!((&*run.path, run.attempt), (".github/workflows/ci.yml", 2));
    let check = check_run(&some_check(), std::slice::from_ref(&run)).unwrap();
    assert_eq!(
        (check.run, check.job, check.check_run),
        (Some(7), Some(99), Some(9))
    );
    assert_eq!(
        (&*check.key.workflow, &*check.key.event),
        (".github/workflows/ci.yml", "push")
    );
    assert_eq!(check.state, CheckState::Failure);

    // Without its address the suite tells, unless several runs say that it is theirs.
    let mut bare = some_check();
    bare["details_url"] = Value::Null;
    let by_suite = check_run(&bare, std::slice::from_ref(&run)).unwrap();
    assert_eq!(by_suite.run, Some(7));
    let twin = Run { id: 8, ..run.clone() };
    assert_eq!(check_run(&bare, &[run, twin]).unwrap().run, None);
}

#[test]
fn rules_and_protection_give_what_is_required() {
    let of_rules = rules(&[
        json!({ "type": "deletion" }),
        json!({ "type": "required_status_checks", "ruleset_id": 12, "parameters": { "required_status_checks": [
            { "context": "test", "integration_id": 15368 }, { "context": "lint" }, { "context": null },
        ] } }),
        json!({ "type": "workflows", "parameters": { "workflows": [{ "path": ".github/workflows/sec.yml" }] } }),
        json!({ "type": "a new one", "parameters": 3 }),
        Value::Null,
    ]);
    assert_eq!(of_rules.len(), 3);
    assert_eq!(&*of_rules[0].source, "ruleset 12");
    let of_branch = protection(
        &json!({ "protected": true, "protection": { "enabled": true, "required_status_checks": {
            "enforcement_level": "everyone", "contexts": ["test", "e2e"],
            "checks": [{ "context": "test", "app_id": 15368 }, { "context": "docs", "app_id": -1 }] } } }),
        "main",
    );
    let names: Vec<_> = of_branch
        .iter()
        .map(|required| match &required.what {
            RequiredKind::Check { name, app } => (&**name, *app),
            RequiredKind::Workflow(path) => (&**path, None),
        })
        .collect();
    assert_eq!(names, [("test", Some(15_368)), ("docs", None), ("e2e", None)]);
    assert!(protection(&json!({ "protected": false }), "main").is_empty());
}

#[test]
fn an_alert_never_holds_the_secret() {
    let alert = alert(
        &json!({ "number": 1, "secret": "AKIA-very-secret", "secret_type": "aws", "state": "open" }),
        CiSource::Secrets,
    )
    .unwrap();
    assert!(!format!("{alert:?}").contains("AKIA"));
}

#[test]
fn what_a_terminal_would_obey_is_gone() {
    let mut hostile = some_check();
    hostile["name"] = json!("te\u{1b}[2Jst");
    hostile["html_url"] = json!("javascript:alert(1)");
    let check = check_run(&hostile, &[]).unwrap();
    assert_eq!((&*check.key.name, &*check.url), ("te[2Jst", ""));
}

/// Replaces the field at `nth` place, wherever it is nested, by `with`.
fn replace_nth(value: &mut Value, nth: &mut usize, with: Option<&Value>) -> bool {
    let Value::Object(map) = value else { return false };
    let names: Vec<String> = map.keys().cloned().collect();
    for name in names {
        if *nth == 0 {
            match with {
                Some(with) => map.insert(name, with.clone()),
                None => map.remove(&name),
            };
            return true;
        }
        *nth -= 1;
        if map
            .get_mut(&name)
            .is_some_and(|inner| replace_nth(inner, nth, with))
        {
            return true;
        }
    }
    false
}

#[test]
fn every_field_may_be_missing_null_or_of_another_type() {
    let known = run(&some_run()).unwrap();
    let with: [Option<Value>; 6] = [
        None,
        Some(Value::Null),
        Some(json!("a new word")),
        Some(json!(-1)),
        Some(json!([])),
        Some(json!({})),
    ];
    for replaced in &with {
        for start in 0.. {
            let mut check = some_check();
            if !replace_nth(&mut check, &mut start.clone(), replaced.as_ref()) {
                break;
            }
            match check_run(&check, std::slice::from_ref(&known)) {
                Ok(read) => assert_ne!(read.state, CheckState::Success, "{check}"),
                Err(NoField(field)) => assert!(["id", "name"].contains(&field), "{check}"),
            }
        }
        for start in 0.. {
            let mut other = some_run();
            if !replace_nth(&mut other, &mut start.clone(), replaced.as_ref()) {
                break;
            }
            match run(&other) {
                Ok(_) => {}
                Err(NoField(field)) => assert_eq!(field, "id", "{other}"),
            }
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let names = prop::sample::select(vec![
        "id",
        "name",
        "status",
        "conclusion",
        "app",
        "slug",
        "check_suite",
        "output",
        "title",
        "number",
        "state",
        "labels",
        "rule",
        "tool",
        "details_url",
        "context",
        "steps",
        "type",
        "parameters",
        "workflow_run",
    ]);
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(names.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_makes_a_reader_panic(value in any_json()) {
        let known = run(&some_run()).unwrap();
        let _ = (run(&value), job(&value, &known), check_run(&value, &[]), status(&value), issue(&value));
        let _ = (artifact(&value), annotation(&value), waiting(&value, &known), protection(&value, "main"));
        let _ = (rules(std::slice::from_ref(&value)), alert(&value, CiSource::CodeScanning), pull(&value));
        let _ = (alert(&value, CiSource::Dependabot), alert(&value, CiSource::Secrets), commit_of(&value));
    }
}
