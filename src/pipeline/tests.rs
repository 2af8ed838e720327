use std::sync::Arc;

use super::*;
use crate::model::pipeline::{Aggregate, Command, Job};

fn files(files: &[(&str, &str)]) -> Vec<Pipeline> {
    let source = |text: &str| SourceText::read(Arc::from(text.as_bytes()));
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (RepoPath::new(path).unwrap(), source(text)))
        .collect();
    read(&files)
}

fn workflow(text: &str) -> Pipeline {
    files(&[(".github/workflows/ci.yml", text)]).remove(0)
}

fn command<'a>(pipeline: &'a Pipeline, words: &str) -> &'a Command {
    let found = pipeline
        .steps()
        .flat_map(|(_, step)| &step.commands)
        .find(|command| command.words.join(" ").starts_with(words));
    found.unwrap_or_else(|| panic!("no `{words}` in {pipeline:#?}"))
}

#[track_caller]
fn no(can_fail: &CanFail, why: &str, line: u32) {
    match can_fail {
        CanFail::No(placed) => assert!(placed.text.contains(why) && placed.line == line, "{placed:?}"),
        other => panic!("{other:?}"),
    }
}

fn job<'a>(pipeline: &'a Pipeline, key: &str) -> &'a Job {
    pipeline.jobs.iter().find(|job| &*job.key == key).unwrap()
}

const CI: &str = "\
name: CI
on:
  push:
    branches: [main, 'release/**']
  pull_request:
  schedule:
    - cron: '0 3 * * 1'
  workflow_dispatch:
env:
  TRIVY_EXIT_CODE: '0'
jobs:
  test:
    name: Unit tests
    runs-on: ubuntu-latest
    strategy:
      matrix:
        node: [18, 20]
    services:
      db:
        image: postgres:16.2
      cache: { image: redis:7.0 }
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 20 }
      - name: Tests
        run: |
          npm ci
          npm test | tee out.txt
          npm run lint || true
      - run: npm audit
        continue-on-error: true
      - run: npm run e2e
        if: ${{ false }}
      - uses: codecov/codecov-action@v4
        with: { files: lcov.info }
      - uses: actions/upload-artifact@v4
        with: { name: cov, path: coverage/ }
  scan:
    runs-on: ubuntu-latest
    needs: test
    steps:
      - run: trivy fs .
      - uses: aquasecurity/trivy-action@0.20.0
        with:
          exit-code: 1
  all:
    needs: [test, scan]
    runs-on: ubuntu-latest
    steps:
      - run: echo done
";

#[test]
fn a_workflow_is_read_with_its_places() {
    let ci = workflow(CI);
    assert_eq!(ci.unread, None);
    assert_eq!(ci.name.as_ref().map(|name| &*name.text), Some("CI"));
    let events: Vec<_> = ci
        .triggers
        .iter()
        .map(|trigger| (&*trigger.event, trigger.line))
        .collect();
    assert_eq!(
        events,
        [
            ("push", 3),
            ("pull_request", 5),
            ("schedule", 6),
            ("workflow_dispatch", 8)
        ]
    );
    assert_eq!(ci.trigger("push").unwrap().branches.len(), 2);
    assert_eq!(&*ci.trigger("schedule").unwrap().crons[0].text, "0 3 * * 1");
    let test = job(&ci, "test");
    assert_eq!((&*test.name, test.line), ("Unit tests", 12));
    assert_eq!(
        (&*test.services[0].1.text, test.services[0].1.line),
        ("postgres:16.2", 20)
    );
    assert_eq!(&*test.services[1].1.text, "redis:7.0");
    assert_eq!(test.matrix, [("node".into(), vec!["18".into(), "20".into()])]);
    assert_eq!(test.artifacts.len(), 1);
    assert_eq!(command(&ci, "npm run lint").line, 30);
}

#[test]
fn every_command_says_whether_it_can_fail() {
    let ci = workflow(CI);
    assert_eq!(command(&ci, "npm ci").can_fail, CanFail::Yes);
    no(&command(&ci, "npm test").can_fail, "pipefail", 29);
    no(&command(&ci, "npm run lint").can_fail, "|| true", 30);
    no(&command(&ci, "npm audit").can_fail, "continue-on-error", 32);
    no(&command(&ci, "npm run e2e").can_fail, "never runs", 34);
    no(&command(&ci, "trivy fs").can_fail, "--exit-code", 43);
    let test = job(&ci, "test");
    no(&test.steps[5].can_fail, "fail_ci_if_error", 35);
    assert_eq!(test.can_fail, CanFail::Yes);
    assert_eq!(job(&ci, "scan").steps[1].can_fail, CanFail::Yes);
    assert_eq!(job(&ci, "all").aggregate, Some(Aggregate::SkippedOnFailure));
    assert_eq!(job(&ci, "scan").aggregate, None);
}

#[test]
fn a_job_that_only_swallows_cannot_fail() {
    let text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: npm audit || true\n  b:\n    continue-on-error: true\n    runs-on: x\n    steps: [{ run: make }]\n  c:\n    if: false\n    runs-on: x\n    steps: [{ run: make }]\n  d:\n    runs-on: x\n    steps: [{ run: \"echo no; exit 1\" }]\n";
    let ci = workflow(text);
    no(&job(&ci, "a").can_fail, "|| true", 7);
    no(&job(&ci, "b").can_fail, "continue-on-error", 9);
    no(&job(&ci, "c").can_fail, "never runs", 13);
    assert!(matches!(job(&ci, "d").can_fail, CanFail::Always(_)));
}

#[test]
fn the_shell_decides_about_pipes() {
    let run = |extra: &str| {
        let text = format!(
            "on: push\n{extra}jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make test | tee log.out\n"
        );
        command(&workflow(&text), "make").can_fail.clone()
    };
    assert!(matches!(run(""), CanFail::No(_)));
    assert_eq!(run("defaults: { run: { shell: bash } }\n"), CanFail::Yes);
    assert!(matches!(
        run("defaults: { run: { shell: pwsh } }\n"),
        CanFail::Unknown(_)
    ));
    assert!(matches!(
        run("defaults: { run: { shell: 'bash {0}' } }\n"),
        CanFail::No(_)
    ));
    assert_eq!(
        run("defaults: { run: { shell: 'bash -euo pipefail {0}' } }\n"),
        CanFail::Yes
    );
}

#[test]
fn a_swallowed_failure_that_is_handed_on_is_unknown() {
    for steps in [
        "      - id: audit\n        run: make audit\n        continue-on-error: true\n      - if: steps.audit.outcome == 'failure'\n        run: exit 1\n",
        "      - run: make audit > audit.json || true\n      - run: node check.js audit.json\n",
        "      - run: |\n          make audit --out audit.json || true\n          jq -e '.ok' audit.json\n",
        "      - run: make audit || echo BAD=1 >> $GITHUB_ENV\n      - run: test -z \"$BAD\"\n",
    ] {
        let ci = workflow(&format!(
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n{steps}"
        ));
        assert!(
            matches!(command(&ci, "make audit").can_fail, CanFail::Unknown(_)),
            "{steps}{ci:#?}"
        );
    }
    let kept = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make audit > audit.json || true\n      - uses: actions/upload-artifact@v4\n        with: { path: audit.json }\n";
    no(&command(&workflow(kept), "make audit").can_fail, "|| true", 6);
}

#[test]
fn an_aggregate_says_how_it_looks() {
    let all = |rest: &str| {
        let text = format!(
            "on: push\njobs:\n  a: {{ runs-on: x, steps: [{{ run: make }}] }}\n  all:\n    needs: [a]\n    runs-on: x\n{rest}"
        );
        job(&workflow(&text), "all").aggregate
    };
    assert_eq!(
        all("    steps: [{ run: echo ok }]\n"),
        Some(Aggregate::SkippedOnFailure)
    );
    assert_eq!(
        all("    if: always()\n    steps: [{ run: echo ok }]\n"),
        Some(Aggregate::LooksAtNothing)
    );
    let checks =
        "    if: ${{ always() }}\n    steps:\n      - run: test \"${{ needs.a.result }}\" = success\n";
    assert_eq!(all(checks), Some(Aggregate::Checks));
    assert_eq!(all("    steps: [{ run: make deploy }]\n"), None);
}

#[test]
fn an_action_of_the_repository_lends_its_commands() {
    let pipelines = files(&[
        (
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: ./.github/actions/audit\n",
        ),
        (
            ".github/actions/audit/action.yml",
            "name: audit\nruns:\n  using: composite\n  steps:\n    - run: npm audit || true\n      shell: bash\n",
        ),
    ]);
    let found = command(&pipelines[0], "npm audit");
    no(&found.can_fail, "|| true", 5);
    assert_eq!(
        found.path.as_ref().map(RepoPath::as_str),
        Some(".github/actions/audit/action.yml")
    );
    no(&pipelines[0].jobs[0].can_fail, "|| true", 5);
}

#[test]
fn gitlab_jobs_take_what_they_extend() {
    let pipelines = files(&[
        (
            ".gitlab-ci.yml",
            "stages: [test]\ninclude:\n  - local: /ci/scan.gitlab-ci.yml\nimage: node:20\n.base:\n  services: [postgres:16]\n  before_script:\n    - npm ci\ntest:\n  extends: .base\n  stage: test\n  script:\n    - npm test | tee log\n    - !reference [.more, script]\n.more:\n  script: [npm run lint || true]\nlint:\n  script: [eslint .]\n  allow_failure: true\ndeploy:\n  when: manual\n  script: [./deploy]\n",
        ),
        ("ci/scan.gitlab-ci.yml", "audit:\n  script: [npm audit]\n"),
        ("other.gitlab-ci.yml", "unused:\n  script: [x]\n"),
    ]);
    assert_eq!(pipelines.len(), 2);
    let main = &pipelines[0];
    assert_eq!(main.unread, None);
    let keys: Vec<_> = main.jobs.iter().map(|job| &*job.key).collect();
    assert_eq!(keys, ["test", "lint", "deploy"]);
    assert_eq!(&*job(main, "test").services[0].1.text, "postgres:16");
    assert_eq!(
        job(main, "test").container.as_ref().map(|image| &*image.text),
        Some("node:20")
    );
    assert_eq!(
        (
            command(main, "npm test").line,
            &command(main, "npm test").can_fail
        ),
        (13, &CanFail::Yes)
    );
    no(&command(main, "npm run lint").can_fail, "|| true", 16);
    no(&job(main, "lint").can_fail, "allow_failure", 19);
    no(&job(main, "deploy").can_fail, "manual", 21);
    let gone = files(&[(
        ".gitlab-ci.yml",
        "a:\n  script:\n    - make || true\n    - !reference [.gone, script]\n",
    )]);
    assert!(matches!(job(&gone[0], "a").can_fail, CanFail::Unknown(_)));
    let remote = files(&[(
        ".gitlab-ci.yml",
        "include:\n  - template: Security/SAST.gitlab-ci.yml\na:\n  script: [x]\n",
    )]);
    assert!(remote[0].unread.as_ref().unwrap().text.contains("SAST"));
}

#[test]
fn what_cannot_be_read_says_so() {
    let broken = workflow("on: push\njobs: [\n");
    assert!(broken.unread.is_some() && broken.jobs.is_empty());
    assert!(workflow("# nothing\n").unread.is_some());
    assert!(workflow("on: push\n").unread.is_some());
    let twice = workflow(
        "on: push\njobs:\n  a: { runs-on: x, steps: [{ run: make }] }\n  a: { runs-on: x, needs: gone, steps: [] }\n",
    );
    assert_eq!(twice.notes.len(), 2, "{:?}", twice.notes);
    let others = files(&[
        ("Jenkinsfile", "pipeline {}"),
        (".circleci/config.yml", ": ["),
        ("src/main.rs", ""),
    ]);
    let words: Vec<_> = others.iter().map(|pipeline| pipeline.system.word()).collect();
    assert_eq!(words, ["Jenkins", "CircleCI"]);
}

proptest::proptest! {
    #[test]
    fn any_workflow_is_read(text in "(on|jobs|a|steps|run|uses|if|needs|env|with|: |\n|\n  |\n    |\n      - |\\[|\\]|\\{|\\}|\\||false|make|'|&x|\\*x|<<){0,60}") {
        let _ = files(&[(".github/workflows/x.yml", &text), (".gitlab-ci.yml", &text), ("action.yml", &text)]);
    }
}
