//! The configuration files as people write them: the example, good ones and bad ones.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what these tests are made of is part of the tests"
)]

use std::path::Path;

use gonogo::config::{
    KEYS, Layers, Origin, Scope, Settings, merge, parse_repository, parse_user, show, spec,
};
use gonogo::model::{
    EvidenceKind, FindingSeverity, GateMode, Problem, ProblemSeverity, Severity, Stage, Unproven,
};

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The example with the `#` taken from its setting lines: a setting's `#` has no space behind it.
fn uncommented() -> String {
    file("config.example.toml")
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.is_empty() && !rest.starts_with(' ') => rest,
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn at<'a>(problems: &'a [Problem], place: &str) -> &'a Problem {
    problems
        .iter()
        .find(|problem| &*problem.at == place)
        .unwrap_or_else(|| panic!("nothing at {place}: {problems:#?}"))
}

#[test]
fn the_example_uncommented_equals_the_defaults_and_names_every_key() {
    let text = uncommented();
    let (user, problems) = parse_user(&text, "config.example.toml");
    assert_eq!(problems, []);
    let settings = merge(Layers {
        user,
        ..Layers::default()
    });
    for key in KEYS {
        assert_ne!(
            settings.origin(key.name),
            &Origin::BuiltIn,
            "`{}` is not in the example",
            key.name
        );
    }
    let mut without_origins = Settings {
        origins: Settings::default().origins,
        ..settings
    };
    without_origins.policy.scans[0].source = "".into();
    assert_eq!(without_origins, Settings::default());
}

#[test]
fn the_example_as_it_is_sets_nothing() {
    let (user, problems) = parse_user(&file("config.example.toml"), "config.example.toml");
    assert_eq!(problems, []);
    assert_eq!(
        merge(Layers {
            user,
            ..Layers::default()
        }),
        Settings::default()
    );
}

#[test]
fn the_default_of_every_key_is_the_one_that_is_in_force() {
    for shown in show(&Settings::default()) {
        let key = spec(&shown.key).unwrap();
        assert_eq!(shown.value, key.default, "{}", shown.key);
        assert_eq!(shown.origin, Origin::BuiltIn);
    }
}

#[test]
fn the_repository_wins_over_the_user_and_each_value_knows_its_place() {
    let (user, problems) = parse_user(&file("tests/fixtures/configs/valid/user.toml"), "me.toml");
    assert_eq!(problems, []);
    let (repository, problems) = parse_repository(
        &file("tests/fixtures/configs/valid/repository.toml"),
        "gonogo.toml",
    );
    assert_eq!(problems, []);
    let settings = merge(Layers {
        user,
        repository,
        ..Layers::default()
    });
    assert_eq!(settings.policy.stage, Stage::Production);
    assert_eq!(
        settings.origin("stage"),
        &Origin::Repository("gonogo.toml:1".into())
    );
    assert_eq!(settings.policy.floor, Severity::Medium);
    assert_eq!(settings.origin("floor"), &Origin::User("me.toml:2".into()));
    assert_eq!(settings.policy.unproven_other, Unproven::Ignore);
    assert_eq!(settings.policy.document_gates, GateMode::Advise);
    assert_eq!(settings.policy.evidence[&EvidenceKind::Scan], GateMode::Enforce);
    assert_eq!(settings.policy.evidence[&EvidenceKind::Coverage], GateMode::Off);
    assert_eq!(settings.policy.evidence[&EvidenceKind::Ci], GateMode::Enforce);
    assert_eq!(settings.origin("evidence.ci"), &Origin::BuiltIn);
    assert_eq!(settings.policy.exclude, ["docs/release/archive/**"]);
    assert!(settings.read_only && settings.look.ascii && settings.look.mouse);
    assert_eq!(settings.editor.as_deref(), Some("hx --vsplit"));
    assert_eq!(settings.keys["help"], Vec::<String>::new());
    assert_eq!(settings.keys["palette"], ["ctrl-k"]);
    assert!(
        show(&settings)
            .iter()
            .any(|shown| shown.key == "keys.quit" && shown.value == "[\"q\", \"ctrl-q\"]")
    );
}

#[test]
fn each_mistake_is_told_with_its_place_and_the_rest_holds() {
    let (user, problems) = parse_user(&file("tests/fixtures/configs/invalid/user.toml"), "me.toml");
    let stage = at(&problems, "me.toml:1:9");
    assert!(
        stage
            .what
            .contains("`stage` is `produktion`, expected one of `staging`, `beta`, `production`")
    );
    assert!(stage.what.contains("built-in: `production`"));
    assert_eq!(stage.hint.as_deref(), Some("did you mean `production`?"));
    assert_eq!(
        stage.severity,
        ProblemSeverity::Error,
        "a lost policy value must not make a GO"
    );
    let unknown = at(&problems, "me.toml:2:9");
    assert_eq!(unknown.severity, ProblemSeverity::Warning);
    assert_eq!(unknown.hint.as_deref(), Some("did you mean `floor`?"));
    assert_eq!(
        at(&problems, "me.toml:3:9").hint.as_deref(),
        Some("did you mean `look.theme`?")
    );
    assert!(at(&problems, "me.toml:4:13").what.contains("`true` or `false`"));
    assert!(
        at(&problems, "me.toml:7:9").what.contains("look.theme"),
        "a theme is a name, not a path"
    );
    assert!(at(&problems, "me.toml:8:9").what.contains("a whole number"));
    assert_eq!(
        at(&problems, "me.toml:9:8").hint.as_deref(),
        Some("did you mean `look.ascii`?")
    );
    assert_eq!(
        at(&problems, "me.toml:12:6").hint.as_deref(),
        Some("did you mean `enforce`?")
    );
    assert!(at(&problems, "me.toml:13:8").what.contains("`evidence.lint`"));
    at(&problems, "me.toml:16:11");
    at(&problems, "me.toml:17:11");
    assert_eq!(problems.len(), 11, "{problems:#?}");
    assert_eq!(
        merge(Layers {
            user,
            ..Layers::default()
        }),
        Settings::default()
    );
}

#[test]
fn a_repository_cannot_set_what_belongs_to_the_person() {
    let text = file("tests/fixtures/configs/invalid/repository.toml");
    let (layer, problems) = parse_repository(&text, "gonogo.toml");
    for (line, why) in [
        (2, "program that runs"),
        (3, "may write"),
        (4, "key does"),
        (7, "screen looks"),
    ] {
        let problem = problems
            .iter()
            .find(|problem| problem.at.starts_with(&format!("gonogo.toml:{line}:")))
            .unwrap_or_else(|| panic!("nothing on line {line}: {problems:#?}"));
        assert!(
            problem.what.contains("not allowed in a repository's file"),
            "{problem}"
        );
        assert!(problem.what.contains(why), "{problem}");
    }
    let all = KEYS.iter().filter(|key| matches!(key.scope, Scope::User(_)));
    for key in all {
        let (_, problems) = parse_repository(&format!("{} = {}", key.name, key.default), "gonogo.toml");
        assert_eq!(problems.len(), 1, "{}", key.name);
    }
    assert_eq!(layer, gonogo::config::PolicyLayer::default());
}

#[test]
fn a_file_that_is_no_toml_is_one_problem_and_nothing_of_it_is_used() {
    let text = file("tests/fixtures/configs/invalid/broken.toml");
    let (user, problems) = parse_user(&text, "me.toml");
    assert_eq!(user, gonogo::config::UserLayer::default());
    assert_eq!(problems.len(), 1);
    assert!(problems[0].at.starts_with("me.toml:2:"), "{}", problems[0]);
    assert!(problems[0].what.contains("nothing of it is used"));
}

#[test]
fn hostile_text_neither_panics_nor_reaches_the_screen() {
    let nested = format!("a = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let long = format!("{} = 1", "k".repeat(100_000));
    for text in [
        "",
        "\u{feff}stage = 'beta'",
        "\0",
        "\"\u{1b}[31m\" = 1",
        "stage = \"\\u001b]0;x\\u0007\"",
        "[[stage]]\n[[look]]",
        "look = 3\nkeys = 4\n",
        "[keys]\nquit = { a = 1 }",
        nested.as_str(),
        long.as_str(),
    ] {
        for problems in [parse_user(text, "x").1, parse_repository(text, "x").1] {
            for problem in problems {
                let words = problem.to_string();
                assert!(!words.contains('\u{1b}') && words.len() < 1_000, "{words:?}");
            }
        }
    }
    let (layer, problems) = parse_user("\u{feff}stage = 'beta'", "x");
    assert_eq!(
        (layer.policy.stage.map(|set| set.value), problems),
        (Some(Stage::Beta), Vec::new())
    );
}

const DEMANDS: &str = r#"
[coverage]
target = 80
except = ["gen/**"]

[coverage.auth]
paths = "src/auth/*"
target = ">95%"
metric = "branches"

[coverage."src/pay/**"]
target = "99.5%"
mode = "advise"

[scans]
severity = "medium"

[scans.mend]
tool = "Trivy"
severity = "low"
most = 3
days = 30

[tests]
skipped = "enforce"
least = 1_000

[ttl]
scan = 14
"#;

#[test]
fn demands_on_evidence_become_targets_limits_and_rules_with_their_places() {
    let (repository, problems) = parse_repository(DEMANDS, "gonogo.toml");
    assert_eq!(problems, []);
    let settings = merge(Layers {
        repository,
        ..Layers::default()
    });
    let policy = &settings.policy;
    let targets: Vec<_> = policy
        .coverage
        .iter()
        .map(|target| {
            let paths: Vec<_> = target.paths.iter().map(|path| &**path).collect();
            (
                &*target.id,
                paths,
                target.inclusive,
                target.target,
                &*target.source,
            )
        })
        .collect();
    assert_eq!(
        targets,
        [
            ("all", vec![], true, Some(800_000), "gonogo.toml:3"),
            ("auth", vec!["src/auth/*"], false, Some(950_000), "gonogo.toml:6"),
            (
                "src/pay/**",
                vec!["src/pay/**"],
                true,
                Some(995_000),
                "gonogo.toml:11"
            ),
        ]
    );
    assert_eq!(policy.coverage[2].mode, GateMode::Advise);
    let limits: Vec<_> = policy
        .scans
        .iter()
        .map(|limit| (&*limit.id, limit.severity, limit.most, limit.days))
        .collect();
    assert_eq!(
        limits,
        [
            ("medium", FindingSeverity::Medium, 0, None),
            ("mend", FindingSeverity::Low, 3, Some(30)),
        ]
    );
    assert_eq!(
        (policy.tests.skipped, policy.tests.least),
        (GateMode::Enforce, 1_000)
    );
    assert_eq!((policy.ttl.scan, policy.ttl.dast), (14, 30));
    let shown: Vec<String> = show(&settings)
        .iter()
        .map(|shown| format!("{} = {}  # {}", shown.key, shown.value, shown.origin))
        .collect();
    assert!(
        shown.contains(&"coverage.target = \">=80%\"  # gonogo.toml:3".to_owned()),
        "{shown:#?}"
    );
    assert!(
        shown.iter().any(|row| row
            .starts_with("coverage.auth = { target = \">95%\", paths = [\"src/auth/*\"]")
            && row.ends_with("# gonogo.toml:6")),
        "{shown:#?}"
    );
}

#[test]
fn a_table_of_the_repository_replaces_the_users_of_the_same_name_and_an_empty_target_takes_it_away() {
    let (user, _) = parse_user(
        "[coverage]\ntarget='90%'\n[coverage.a]\npaths=['a']\ntarget='90%'\n[coverage.b]\npaths=['b']\ntarget='90%'",
        "me.toml",
    );
    let (repository, _) = parse_repository(
        "[coverage]\ntarget=''\n[coverage.a]\npaths=['x']\ntarget='50%'",
        "gonogo.toml",
    );
    let settings = merge(Layers {
        user,
        repository,
        ..Layers::default()
    });
    let targets: Vec<_> = settings
        .policy
        .coverage
        .iter()
        .map(|target| (&*target.id, &*target.paths[0], target.target))
        .collect();
    assert_eq!(targets, [("a", "x", Some(500_000)), ("b", "b", Some(900_000))]);
}

#[test]
fn a_mistake_in_a_demand_is_an_error_at_its_place_and_leaves_the_whole_table_out() {
    for (text, place, words, hint) in [
        ("[coverage]\ntarget = '>100%'", "g:2:10", "a share such as", ""),
        (
            "[coverage]\nmetric = 'line'",
            "g:2:10",
            "one of `lines`",
            "did you mean `lines`?",
        ),
        ("[coverage]\nexcept = ['../x']", "g:2:10", "a list of globs", ""),
        (
            "[coverage.a]\npaths = ['a']",
            "g:1:11",
            "has no `target`",
            "target = ",
        ),
        (
            "[coverage.a]\ntarget = 95",
            "g:1:11",
            "has no `paths`",
            "plain `[coverage]`",
        ),
        (
            "[coverage.a]\npaths=['a']\ntaget = 95",
            "g:3:9",
            "no key `taget`",
            "did you mean `target`?",
        ),
        (
            "[coverage.a]\npaths=['a[']\ntarget = 95",
            "g:2:7",
            "is no glob",
            "",
        ),
        (
            "[coverage.a]\npaths=['a']\ntarget = '<95%'",
            "g:3:10",
            "`<95%`",
            "",
        ),
        (
            "[coverage.a]\npaths=['a']\ntarget = 95\nmode='enforced'",
            "g:4:6",
            "one of",
            "did you mean `enforce`?",
        ),
        ("[scans]\nmost = -1", "g:2:8", "a whole number", ""),
        (
            "[scans]\nseverity = 'hihg'",
            "g:2:12",
            "one of `critical`",
            "did you mean `high`?",
        ),
        (
            "[scans.x]\nsevere = 'high'",
            "g:2:10",
            "no key `severe`",
            "it may have",
        ),
        ("[scans.x]\ntool = ''", "g:2:8", "the name of a tool", ""),
        ("[tests]\nleast = 1.5", "g:2:9", "a number", ""),
    ] {
        let (layer, problems) = parse_repository(text, "g");
        assert_eq!(problems.len(), 1, "{text}: {problems:#?}");
        let problem = at(&problems, place);
        assert_eq!(problem.severity, ProblemSeverity::Error, "{text}");
        assert!(problem.what.contains(words), "{text}: {problem}");
        assert!(
            problem.hint.as_deref().unwrap_or_default().contains(hint),
            "{text}: {problem}"
        );
        assert_eq!(layer, gonogo::config::PolicyLayer::default(), "{text}");
    }
}
