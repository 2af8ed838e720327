//! `codecov.yml` in the shapes that people write.

use std::sync::Arc;

use super::*;
use crate::model::{GateMode, Metric};

fn read_text(text: &str) -> Codecov {
    let path = RepoPath::new("codecov.yml").unwrap();
    read(&path, &SourceText::read(Arc::from(text.as_bytes())))
}

/// `id paths except metric target mode source` of each target.
fn told(text: &str) -> Vec<String> {
    let codecov = read_text(text);
    assert_eq!(codecov.problems, [], "{text}");
    codecov.targets.iter().map(tell).collect()
}

fn tell(target: &CoverageTarget) -> String {
    let wanted = target.target.map_or("-".to_owned(), |target| target.to_string());
    format!(
        "{} {:?} {:?} {} {wanted} {} {}",
        target.id,
        target.paths,
        target.except,
        target.metric.word(),
        target.mode.word(),
        target.source
    )
}

#[test]
fn switches_and_auto_are_kept_and_only_advise() {
    for text in [
        "coverage: {status: {project: true}}",
        "coverage:\n  status: {project: yes, patch: off}",
        "coverage:\n  status:\n    project: default\n    patch: false",
        "coverage:\n  status:\n    project:\n      default:\n        target: auto\n        threshold: 1%",
        "coverage:\n  status:\n    project:\n      default:\n        threshold: 1%",
        "coverage:\n  status:\n    project:\n      default: true",
        "coverage:\n  status:\n    project:\n      default:",
    ] {
        let targets = read_text(text).targets;
        assert_eq!(targets.len(), 1, "{text}");
        assert_eq!(
            (targets[0].target, targets[0].mode),
            (None, GateMode::Advise),
            "{text}"
        );
        assert!(targets[0].unjudged.contains("earlier commit"), "{text}");
    }
    assert_eq!(
        read_text("coverage: {status: true}").targets.len(),
        2,
        "project and patch"
    );
    for text in [
        "",
        "# nothing\n",
        "coverage: {range: 70..90, round: down, precision: 2}",
        "coverage: {status: false}",
        "coverage: {status: {project: off, patch: off, changes: true}}",
        "coverage: {status: {project: {default: {enabled: no, target: 80%}}}}",
        "coverage: {status: {project: {default: false}}}",
        "comment: false",
    ] {
        assert_eq!(read_text(text), Codecov::default(), "{text}");
    }
}

#[test]
fn named_statuses_keep_their_targets_paths_and_flags() {
    let text = "\
ignore:
  - 'gen/'
coverage:
  status:
    project:
      default:
        target: 80%
      auth:
        target: 95.5
        threshold: 0.5%
        paths: [src/auth/, '!src/auth/legacy']
      ui:
        target: 60
        flags: [front]
        informational: true
      unknown:
        target: 70%
        flags: nobody
      branches:
        target: 75
        measurement: branch
    patch:
      default:
        target: 90%
flags:
  front:
    paths:
      - web/
    carryforward: true
";
    assert_eq!(
        told(text),
        [
            r#"project [] ["gen/"] lines 800000 enforce codecov.yml:6"#,
            r#"auth ["src/auth/"] ["src/auth/legacy", "gen/"] lines 950000 enforce codecov.yml:8"#,
            r#"ui ["web/"] ["gen/"] lines 600000 advise codecov.yml:12"#,
            r#"unknown [] ["gen/"] lines - advise codecov.yml:16"#,
            r#"branches [] ["gen/"] branches 750000 enforce codecov.yml:19"#,
            r#"patch [] ["gen/"] lines - advise codecov.yml:23"#,
        ]
    );
    assert_eq!(read_text(text).targets[4].metric, Metric::Branches);
}

#[test]
fn components_and_flags_have_their_own_statuses_or_the_default_ones() {
    let text = "\
component_management:
  default_rules:
    statuses:
      - type: project
        target: 70%
  individual_components:
    - component_id: core
      name: Core
      paths: ['src/core/**']
    - component_id: pay
      paths: [src/pay]
      statuses:
        - type: project
          target: 95%
        - type: patch
          target: 100%
flag_management:
  individual_flags:
    - name: api
      paths: [api/]
      statuses: [{type: project, target: 85%, name_prefix: x}]
    - name: bare
      statuses: [{type: project, target: 85%}]
";
    assert_eq!(
        told(text),
        [
            r#"core ["src/core/**"] [] lines 700000 enforce codecov.yml:4"#,
            r#"pay ["src/pay"] [] lines 950000 enforce codecov.yml:13"#,
            r#"pay ["src/pay"] [] lines - advise codecov.yml:15"#,
            r#"api ["api/"] [] lines 850000 enforce codecov.yml:21"#,
            r#"bare [] [] lines - advise codecov.yml:23"#,
        ]
    );
}

#[test]
fn what_is_not_understood_is_told_with_its_line_and_holds() {
    for (text, line, words) in [
        (
            "coverage: {status: {project: {default: {target: lots}}}}",
            1,
            "no share",
        ),
        (
            "coverage:\n status:\n  project:\n   default:\n    target: 80%\n    threshold: x",
            6,
            "the threshold",
        ),
        ("coverage: {status: 7}", 1, "neither a switch nor"),
        ("coverage: {status: {project: [80]}}", 1, "neither a switch nor"),
        (
            "coverage: {status: {project: {default: 80%}}}",
            1,
            "neither a switch nor",
        ),
        ("ignore:\n- a\n- '(?=x).*'", 3, "not understood"),
        (
            "component_management:\n  individual_components:\n  - paths: [a]",
            3,
            "no name",
        ),
    ] {
        let problems = read_text(text).problems;
        assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        assert_eq!(&*problems[0].at, format!("codecov.yml:{line}"), "{text}");
        assert!(problems[0].what.contains(words), "{text}: {}", problems[0]);
    }
    let wild = &read_text("coverage: {status: {project: {default: {target: 180%}}}}").targets[0];
    assert_eq!((wild.target, wild.mode), (None, GateMode::Enforce));
    let bare = read_text("coverage:\n  status:\n    project:\n      target: 80%\n      threshold: 2%");
    assert_eq!(bare.targets[0].target, Some(780_000));
    assert_eq!(bare.problems[0].severity, ProblemSeverity::Note);
}

#[test]
fn hostile_files_are_one_problem_at_most_and_no_panic() {
    let deep = format!("coverage: {}1{}", "[".repeat(3_000), "]".repeat(3_000));
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nignore: [*e,*e,*e,*e,*e,*e,*e,*e,*e]";
    for text in [
        deep.as_str(),
        bomb,
        "a: [",
        "\t- x",
        "coverage: !!binary x",
        "- 1\n- 2",
        "\0",
    ] {
        let codecov = read_text(text);
        assert!(codecov.targets.is_empty(), "{text:.40}");
        for problem in &codecov.problems {
            assert!(problem.at.starts_with("codecov.yml:"), "{problem}");
        }
    }
}

#[test]
fn the_file_that_codecov_itself_would_take_is_found() {
    let paths = |names: &[&str]| {
        let mut paths: Vec<_> = names.iter().map(|name| RepoPath::new(name).unwrap()).collect();
        paths.sort();
        paths
    };
    let found = |names: &[&str]| find(&paths(names)).map(|path| path.as_str().to_owned());
    assert_eq!(
        found(&["a.rs", ".github/codecov.yml", ".codecov.yml"]).as_deref(),
        Some(".codecov.yml")
    );
    assert_eq!(
        found(&["sub/codecov.yml", "dev/codecov.yaml"]).as_deref(),
        Some("dev/codecov.yaml")
    );
    assert_eq!(found(&["sub/codecov.yml"]), None);
}
