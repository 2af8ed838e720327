use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::model::CommitId;
use crate::model::ci::{
    Alert, BlockerIssue, Check, CheckKey, CheckState, CiSource, FirstError, OwnJob, RequiredCheck,
    RequiredKind, Run, SourceState,
};

const HEAD: &str = "0123456789abcdef0123456789abcdef01234567";

fn at(second: i64) -> Option<Timestamp> {
    Timestamp::from_second(second).ok()
}

fn run(id: u64, path: &str, state: CheckState) -> Run {
    Run {
        id,
        path: path.into(),
        name: "CI".into(),
        event: "push".into(),
        branch: Some("main".into()),
        head: CommitId::new(HEAD),
        attempt: 1,
        suite: Some(id * 10),
        state,
        created_at: at(100 + i64::try_from(id).unwrap()),
        started_at: at(100),
        updated_at: at(300),
        url: format!("https://example.test/runs/{id}").into(),
    }
}

fn job(run: u64, path: &str, name: &str, state: CheckState) -> Check {
    let ended = !state.is_unfinished();
    Check {
        key: CheckKey {
            app: "github-actions".into(),
            workflow: path.into(),
            name: name.into(),
            event: "push".into(),
        },
        app_id: Some(15_368),
        state,
        run: Some(run),
        job: Some(run * 100),
        check_run: Some(run * 100),
        attempt: None,
        started_at: at(150),
        completed_at: at(200).filter(|_| ended),
        url: "https://example.test/job".into(),
        summary: "".into(),
        steps: Vec::new(),
        annotations: Vec::new(),
        error: None,
        cannot_fail: None,
    }
}

fn status(name: &str, state: CheckState) -> Check {
    Check {
        key: CheckKey {
            app: "status".into(),
            name: name.into(),
            ..CheckKey::default()
        },
        app_id: None,
        run: None,
        job: None,
        check_run: None,
        ..job(0, "", name, state)
    }
}

fn collected() -> SourceState {
    SourceState {
        collection: Collection::Collected,
        fetched_at: at(1000),
    }
}

fn facts(runs: Vec<Run>, checks: Vec<Check>) -> CiFacts {
    let asked = [
        CiSource::Commit,
        CiSource::Runs,
        CiSource::Checks,
        CiSource::Statuses,
        CiSource::Rules,
        CiSource::Protection,
    ];
    CiFacts {
        repository: "github.com/acme/app".into(),
        asked: "HEAD".into(),
        commit: CommitId::new(HEAD),
        sources: asked.into_iter().map(|source| (source, collected())).collect(),
        runs,
        checks,
        ..CiFacts::default()
    }
}

fn judged(facts: &CiFacts) -> CiVerdict {
    judge_ci(facts, &CiRules::default(), GateMode::Enforce, Some(HEAD))
}

fn result(facts: &CiFacts) -> GateResult {
    judged(facts).result
}

fn require(facts: &mut CiFacts, name: &str, app: Option<u64>) {
    facts.required.push(RequiredCheck {
        what: RequiredKind::Check {
            name: name.into(),
            app,
        },
        source: "branch protection of main".into(),
    });
}

const CI: &str = ".github/workflows/ci.yml";

#[test]
fn the_table_of_outcomes_is_that_of_the_model() {
    let table = [
        ("success", GateResult::Pass),
        ("neutral", GateResult::NotEvaluated),
        ("skipped", GateResult::NotEvaluated),
        ("failure", GateResult::Fail),
        ("error", GateResult::Fail),
        ("timed_out", GateResult::Fail),
        ("startup_failure", GateResult::Fail),
        ("action_required", GateResult::PendingHuman),
        ("waiting", GateResult::PendingHuman),
        ("cancelled", GateResult::Inconclusive),
        ("stale", GateResult::Inconclusive),
        ("a word of tomorrow", GateResult::Inconclusive),
        ("", GateResult::Inconclusive),
        ("queued", GateResult::Pending),
        ("in_progress", GateResult::Pending),
        ("requested", GateResult::Pending),
        ("pending", GateResult::Pending),
        ("expected", GateResult::Pending),
    ];
    for (word, wanted) in table {
        assert_eq!(outcome(&CheckState::of(word)), wanted, "{word}");
        let one = facts(Vec::new(), vec![status("deploy", CheckState::of(word))]);
        assert_eq!(result(&one), wanted, "{word} as the only check");
        let mut required = one.clone();
        require(&mut required, "deploy", None);
        assert_eq!(result(&required), wanted, "{word} as a required check");
    }
}

#[test]
fn no_checks_at_all_is_missing() {
    let none = judged(&facts(Vec::new(), Vec::new()));
    assert_eq!(none.result, GateResult::Missing);
    assert!(
        none.message.contains("no check was ever reported"),
        "{}",
        none.message
    );
    assert_eq!(none.evidence.len(), 1);
    assert_eq!(none.evidence[0].collection, Collection::Absent);
}

#[test]
fn all_green_passes_and_says_how_many() {
    let green = facts(
        vec![run(1, CI, CheckState::Success)],
        vec![
            job(1, CI, "test", CheckState::Success),
            job(1, CI, "lint", CheckState::Success),
        ],
    );
    let verdict = judged(&green);
    assert_eq!(verdict.result, GateResult::Pass);
    assert_eq!(verdict.message, "CI: 2 checks passed at `0123456`");
    assert!(
        verdict
            .evidence
            .iter()
            .all(|piece| piece.binding == Binding::Exact)
    );
}

#[test]
fn a_required_check_that_nobody_reported_is_missing() {
    let mut some = facts(
        vec![run(1, CI, CheckState::Success)],
        vec![job(1, CI, "test", CheckState::Success)],
    );
    require(&mut some, "e2e", None);
    let verdict = judged(&some);
    assert_eq!(verdict.result, GateResult::Missing);
    assert!(
        verdict
            .message
            .contains("`e2e`, required by branch protection of main"),
        "{}",
        verdict.message
    );
}

#[test]
fn only_what_is_required_decides_and_the_rest_is_shown() {
    let mut some = facts(
        vec![run(1, CI, CheckState::Failure)],
        vec![
            job(1, CI, "test", CheckState::Success),
            job(1, CI, "nightly", CheckState::Failure),
        ],
    );
    assert_eq!(result(&some), GateResult::Fail);
    require(&mut some, "test", Some(15_368));
    let verdict = judged(&some);
    assert_eq!(verdict.result, GateResult::Pass);
    let shown = verdict
        .members
        .iter()
        .find(|member| member.id.contains("nightly"))
        .unwrap();
    assert_eq!((shown.mode, shown.result), (GateMode::Advise, GateResult::Fail));
}

#[test]
fn a_required_check_of_another_app_does_not_count() {
    let mut some = facts(
        vec![run(1, CI, CheckState::Success)],
        vec![job(1, CI, "test", CheckState::Success)],
    );
    require(&mut some, "test", Some(7));
    assert_eq!(result(&some), GateResult::Missing);
}

#[test]
fn two_workflows_with_a_job_of_one_name_are_two_checks() {
    let other = ".github/workflows/release.yml";
    let mut two = facts(
        vec![
            run(1, CI, CheckState::Success),
            run(2, other, CheckState::Failure),
        ],
        vec![
            job(1, CI, "test", CheckState::Success),
            job(2, other, "test", CheckState::Failure),
        ],
    );
    assert_eq!(result(&two), GateResult::Fail);
    require(&mut two, "test", Some(15_368));
    let verdict = judged(&two);
    assert_eq!(verdict.result, GateResult::Fail);
    assert_eq!(verdict.members.iter().filter(|member| member.is_check).count(), 2);
}

#[test]
fn a_matrix_whose_jobs_share_a_name_hides_no_failure() {
    let jobs = |a, b| vec![job(1, CI, "test", a), job(1, CI, "test", b)];
    for checks in [
        jobs(CheckState::Success, CheckState::Failure),
        jobs(CheckState::Failure, CheckState::Success),
    ] {
        assert_eq!(
            result(&facts(vec![run(1, CI, CheckState::Failure)], checks)),
            GateResult::Fail
        );
    }
}

#[test]
fn the_newest_run_and_the_newest_attempt_count() {
    let rerun = facts(
        vec![run(1, CI, CheckState::Failure), run(2, CI, CheckState::Success)],
        vec![
            job(1, CI, "test", CheckState::Failure),
            job(2, CI, "test", CheckState::Success),
        ],
    );
    assert_eq!(result(&rerun), GateResult::Pass);

    let mut second = run(1, CI, CheckState::Success);
    second.attempt = 2;
    second.started_at = at(400);
    let mut first_job = job(1, CI, "test", CheckState::Failure);
    let mut second_job = job(1, CI, "test", CheckState::Success);
    (second_job.started_at, second_job.completed_at) = (at(410), at(420));
    let by_time = facts(vec![second.clone()], vec![first_job.clone(), second_job.clone()]);
    assert_eq!(result(&by_time), GateResult::Pass);
    (first_job.attempt, second_job.attempt) = (Some(1), Some(2));
    assert_eq!(
        result(&facts(vec![second], vec![second_job, first_job])),
        GateResult::Pass
    );
}

#[test]
fn an_old_success_is_none_while_a_new_attempt_goes_on() {
    let mut again = run(1, CI, CheckState::Queued);
    again.attempt = 2;
    again.started_at = at(400);
    let mut old = facts(vec![again], vec![job(1, CI, "test", CheckState::Success)]);
    assert_eq!(result(&old), GateResult::Pending);
    require(&mut old, "test", Some(15_368));
    assert_eq!(result(&old), GateResult::Pending);
}

#[test]
fn a_run_that_goes_on_may_start_more_jobs() {
    let going = facts(
        vec![run(1, CI, CheckState::InProgress)],
        vec![job(1, CI, "build", CheckState::Success)],
    );
    assert_eq!(result(&going), GateResult::Pending);
}

#[test]
fn a_run_without_jobs_speaks_for_itself() {
    for (state, wanted) in [
        (CheckState::StartupFailure, GateResult::Fail),
        (CheckState::ActionRequired, GateResult::PendingHuman),
        (CheckState::Cancelled, GateResult::Inconclusive),
        (CheckState::Queued, GateResult::Pending),
    ] {
        assert_eq!(
            result(&facts(vec![run(1, CI, state.clone())], Vec::new())),
            wanted,
            "{state:?}"
        );
    }
}

#[test]
fn a_failed_run_is_failed_though_every_known_job_passed() {
    let odd = facts(
        vec![run(1, CI, CheckState::Failure)],
        vec![job(1, CI, "test", CheckState::Success)],
    );
    assert_eq!(result(&odd), GateResult::Fail);
}

#[test]
fn a_failure_that_its_workflow_tolerates_proves_nothing_unless_it_is_required() {
    let mut tolerated = facts(
        vec![run(1, CI, CheckState::Success)],
        vec![
            job(1, CI, "test", CheckState::Success),
            job(1, CI, "beta", CheckState::Failure),
        ],
    );
    assert_eq!(result(&tolerated), GateResult::Vacuous);
    require(&mut tolerated, "beta", Some(15_368));
    assert_eq!(result(&tolerated), GateResult::Fail);
}

#[test]
fn a_success_that_cannot_fail_is_vacuous() {
    let mut check = job(1, CI, "test", CheckState::Success);
    check.cannot_fail = Some("`|| true` ends its last step".into());
    let verdict = judged(&facts(vec![run(1, CI, CheckState::Success)], vec![check]));
    assert_eq!(verdict.result, GateResult::Vacuous);
    assert!(verdict.message.contains("|| true"), "{}", verdict.message);
}

#[test]
fn a_success_that_cannot_fail_stands_in_nobodys_way_unless_it_is_required() {
    let mut lax = job(1, CI, "lint", CheckState::Success);
    lax.cannot_fail = Some("`continue-on-error`".into());
    let mut both = facts(
        vec![run(1, CI, CheckState::Success)],
        vec![job(1, CI, "test", CheckState::Success), lax],
    );
    assert_eq!(result(&both), GateResult::Pass);
    require(&mut both, "lint", Some(15_368));
    assert_eq!(result(&both), GateResult::Vacuous);
}

#[test]
fn skips_and_neutrals_hold_unless_a_team_lists_them() {
    let some = facts(
        vec![run(1, CI, CheckState::Success)],
        vec![
            job(1, CI, "test", CheckState::Success),
            job(1, CI, "deploy (eu)", CheckState::Skipped),
            job(1, CI, "audit", CheckState::Neutral),
        ],
    );
    assert_eq!(result(&some), GateResult::NotEvaluated);
    let rules = CiRules {
        allowed_skips: vec!["deploy*".into()],
        accept_neutral: vec!["audit".into()],
        ..CiRules::default()
    };
    let with = |rules: &CiRules| judge_ci(&some, rules, GateMode::Enforce, Some(HEAD)).result;
    assert_eq!(with(&rules), GateResult::Pass);
    // Each list allows its own kind only.
    let swapped = CiRules {
        allowed_skips: rules.accept_neutral.clone(),
        accept_neutral: rules.allowed_skips.clone(),
        ..CiRules::default()
    };
    assert_eq!(with(&swapped), GateResult::NotEvaluated);
}

#[test]
fn where_all_is_skipped_nothing_is_shown_even_if_each_may_be() {
    let mut skipped = facts(
        vec![run(1, CI, CheckState::Skipped)],
        vec![job(1, CI, "test", CheckState::Skipped)],
    );
    let rules = CiRules {
        allowed_skips: vec!["*".into()],
        ..CiRules::default()
    };
    let with = |facts: &CiFacts| judge_ci(facts, &rules, GateMode::Enforce, Some(HEAD)).result;
    assert_eq!(with(&skipped), GateResult::NotEvaluated);
    require(&mut skipped, "test", Some(15_368));
    assert_eq!(with(&skipped), GateResult::NotEvaluated);
}

#[test]
fn unreadable_checks_hold_and_are_never_no_checks() {
    let mut fine = facts(
        vec![run(1, CI, CheckState::Success)],
        vec![job(1, CI, "test", CheckState::Success)],
    );
    fine.sources.insert(
        CiSource::Checks,
        SourceState {
            collection: Collection::Unauthorised("Resource not accessible by personal access token".into()),
            fetched_at: None,
        },
    );
    let verdict = judged(&fine);
    assert_eq!(verdict.result, GateResult::Inconclusive);
    assert!(
        verdict
            .message
            .contains("check runs are unreadable with this token"),
        "{}",
        verdict.message
    );
    // What is required of GitHub Actions can be read from its own runs and jobs.
    require(&mut fine, "test", Some(15_368));
    assert_eq!(result(&fine), GateResult::Inconclusive);
    fine.sources.insert(CiSource::Jobs, collected());
    assert_eq!(result(&fine), GateResult::Pass);
    // Anything else of that name could be another app's.
    fine.required.clear();
    require(&mut fine, "test", None);
    assert_eq!(result(&fine), GateResult::Inconclusive);
}

#[test]
fn the_checks_of_another_commit_hold() {
    let green = facts(
        vec![run(1, CI, CheckState::Success)],
        vec![job(1, CI, "test", CheckState::Success)],
    );
    let other = "f".repeat(40);
    for head in [Some(other.as_str()), None, Some(&HEAD[..7])] {
        let verdict = judge_ci(&green, &CiRules::default(), GateMode::Enforce, head);
        assert_eq!(verdict.result, GateResult::Inconclusive, "{head:?}");
    }
    let mut stray = green.clone();
    stray.runs[0].head = CommitId::new(&other);
    assert_ne!(
        result(&stray),
        GateResult::Pass,
        "a run of another commit is none of this one"
    );
}

#[test]
fn alerts_and_blocker_issues_stop_and_switched_off_features_do_not() {
    let mut some = facts(
        vec![run(1, CI, CheckState::Success)],
        vec![job(1, CI, "test", CheckState::Success)],
    );
    some.sources.insert(
        CiSource::Dependabot,
        SourceState {
            collection: Collection::Absent,
            fetched_at: None,
        },
    );
    assert_eq!(result(&some), GateResult::Pass);
    some.sources.insert(CiSource::Dependabot, collected());
    let alert = |severity: &str| Alert {
        source: CiSource::Dependabot,
        number: 3,
        severity: severity.into(),
        title: "Remote code execution".into(),
        subject: "left-pad".into(),
        path: "".into(),
        created_at: None,
        url: "".into(),
    };
    for (severity, wanted) in [
        ("critical", GateResult::Fail),
        ("high", GateResult::Fail),
        ("medium", GateResult::Pass),
        ("low", GateResult::Pass),
        ("ghastly", GateResult::Inconclusive),
    ] {
        some.alerts = vec![alert(severity)];
        assert_eq!(result(&some), wanted, "{severity}");
    }
    some.alerts.clear();
    some.blockers.push(BlockerIssue {
        number: 12,
        title: "Payments fail".into(),
        labels: vec!["blocker".into()],
        milestone: None,
        assignees: Vec::new(),
        url: "".into(),
    });
    let verdict = judged(&some);
    assert_eq!(verdict.result, GateResult::Fail);
    assert_eq!(verdict.message, "CI: blocker issue #12 is open: Payments fail");
}

#[test]
fn a_failure_says_its_decisive_lines() {
    let mut failed = job(1, CI, "test", CheckState::Failure);
    failed.error = Some(FirstError::Found {
        line: 17,
        lines: vec![
            "error[E0308]: mismatched types".into(),
            "  --> src/pay.rs:7:9".into(),
        ],
    });
    let verdict = judged(&facts(vec![run(1, CI, CheckState::Failure)], vec![failed]));
    assert_eq!(
        verdict.message,
        "CI: `test` of `.github/workflows/ci.yml` on push says failure: error[E0308]: mismatched types / --> src/pay.rs:7:9"
    );
}

#[test]
fn our_own_status_is_no_evidence_and_not_waited_for() {
    let own = |state| status("gonogo/verdict", state);
    assert_eq!(
        result(&facts(Vec::new(), vec![own(CheckState::Success)])),
        GateResult::Missing
    );
    let mut green = facts(
        vec![run(1, CI, CheckState::Success)],
        vec![job(1, CI, "test", CheckState::Success), own(CheckState::Failure)],
    );
    assert_eq!(result(&green), GateResult::Pass);
    require(&mut green, "gonogo/verdict", None);
    require(&mut green, "test", Some(15_368));
    assert_eq!(result(&green), GateResult::Pass);
}

#[test]
fn the_job_that_asks_does_not_wait_for_itself() {
    let mut inside = facts(
        vec![run(1, CI, CheckState::InProgress)],
        vec![
            job(1, CI, "test", CheckState::Success),
            job(1, CI, "verdict", CheckState::InProgress),
        ],
    );
    inside.checks[1].job = Some(101);
    assert_eq!(result(&inside), GateResult::Pending);
    inside.own = Some(OwnJob { run: 1, job: 101 });
    assert_eq!(result(&inside), GateResult::Pass);
    require(&mut inside, "verdict", Some(15_368));
    require(&mut inside, "test", Some(15_368));
    assert_eq!(result(&inside), GateResult::Pass, "also where it is required");
    // Another job that goes on is waited for.
    inside.required.clear();
    inside.checks.push(job(1, CI, "e2e", CheckState::InProgress));
    let verdict = judged(&inside);
    assert_eq!(verdict.result, GateResult::Pending);
    assert!(verdict.message.contains("e2e"), "{}", verdict.message);
    // Alone it proves nothing.
    inside.checks.retain(|check| check.job == Some(101));
    assert_eq!(result(&inside), GateResult::Missing);
}

#[test]
fn patterns_know_stars() {
    for (pattern, name, fits) in [
        ("test", "test", true),
        ("test", "tests", false),
        ("test*", "test (ubuntu, 22)", true),
        ("*(ubuntu*)", "test (ubuntu, 22)", true),
        ("a*b*c", "abc", true),
        ("a*b*c", "acb", false),
        ("*", "", true),
        ("", "x", false),
        ("ab*ba", "aba", false),
    ] {
        assert_eq!(matches(pattern, name), fits, "{pattern} on {name}");
    }
}

fn state() -> impl Strategy<Value = CheckState> {
    prop_oneof![
        4 => Just(CheckState::Success),
        1 => prop_oneof![
            Just("failure"), Just("skipped"), Just("neutral"), Just("queued"), Just("in_progress"),
            Just("cancelled"), Just("waiting"), Just("novel"), Just("stale"), Just("timed_out"),
        ].prop_map(CheckState::of),
    ]
}

prop_compose! {
    fn some_facts()(
        runs in prop::collection::vec((1_u64..4, 0_usize..2, state()), 0..4),
        jobs in prop::collection::vec((1_u64..4, 0_usize..2, 0_usize..3, state()), 0..6),
        statuses in prop::collection::vec((0_usize..2, state()), 0..2),
        required in prop::collection::vec((0_usize..3, prop::option::of(Just(15_368_u64))), 0..2),
    ) -> CiFacts {
        let paths = [CI, ".github/workflows/release.yml"];
        let names = ["test", "lint", "deploy"];
        let mut seen = BTreeMap::new();
        for (id, path, state) in runs {
            seen.entry(id).or_insert_with(|| run(id, paths[path], state));
        }
        let checks = jobs
            .into_iter()
            .map(|(run, path, name, state)| job(run, paths[path], names[name], state))
            .chain(statuses.into_iter().map(|(name, state)| status(names[name], state)))
            .collect();
        let mut facts = facts(seen.into_values().collect(), checks);
        for (name, app) in required {
            require(&mut facts, names[name], app);
        }
        facts
    }
}

proptest! {
    #[test]
    fn losing_a_source_never_makes_a_pass(
        facts in some_facts(),
        lost in prop::sample::select(vec![
            CiSource::Runs, CiSource::Checks, CiSource::Statuses, CiSource::Rules, CiSource::Protection,
        ]),
    ) {
        let mut without = facts.clone();
        without.sources.insert(lost, SourceState { collection: Collection::Error("502".into()), fetched_at: at(900) });
        if result(&without) == GateResult::Pass {
            prop_assert_eq!(result(&facts), GateResult::Pass);
        }
        let mut gone = facts.clone();
        gone.sources.clear();
        gone.runs.clear();
        gone.checks.clear();
        prop_assert_ne!(result(&gone), GateResult::Pass);
    }

    #[test]
    fn the_order_of_lists_says_nothing(facts in some_facts(), turn in 0_usize..5) {
        let mut turned = facts.clone();
        let (r, c) = (turned.runs.len(), turned.checks.len());
        if r > 0 { turned.runs.rotate_left(turn % r); }
        if c > 0 { turned.checks.rotate_left(turn % c); }
        turned.required.reverse();
        prop_assert_eq!(result(&facts), result(&turned));
    }

    #[test]
    fn adding_a_failed_check_never_makes_a_pass(facts in some_facts()) {
        let mut more = facts.clone();
        more.checks.push(job(9, ".github/workflows/new.yml", "test", CheckState::Failure));
        if result(&facts) != GateResult::Pass {
            prop_assert_ne!(result(&more), GateResult::Pass);
        }
    }

    #[test]
    fn an_unknown_word_never_passes(word in "[a-z_]{1,12}") {
        prop_assume!(word != "success");
        let one = facts(Vec::new(), vec![status("x", CheckState::of(&word))]);
        prop_assert_ne!(result(&one), GateResult::Pass);
    }
}
