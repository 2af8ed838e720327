use crate::claims::tests as trial;
use crate::model::Claim;

fn claims(document: &str, files: &[(&str, &str)]) -> Vec<Claim> {
    trial::claims("ci", document, files)
}

const CI: &str = "\
on:
  push: { branches: [main] }
  schedule: [{ cron: '0 3 * * 1' }]
  workflow_dispatch:
jobs:
  lint:
    runs-on: x
    steps:
      - run: npx eslint . && npx prettier --check .
      - run: npm audit || true
      - run: npm run scan
  test:
    runs-on: x
    steps:
      - run: npm test
      - uses: aquasecurity/trivy-action@0.20.0
      - uses: github/codeql-action/upload-sarif@v3
";
const PACKAGE: &str = r#"{ "scripts": { "test": "jest --coverage", "scan": "snyk test || echo skipped" } }"#;

fn verdicts(document: &str) -> Vec<(String, &'static str)> {
    let files = [
        (".github/workflows/ci.yml", CI),
        ("package.json", PACKAGE),
        ("docs/READINESS.md", ""),
    ];
    claims(document, &files)
        .into_iter()
        .map(|claim| {
            (
                format!("{}: {}", claim.said.predicate, claim.said.subject),
                claim.verdict.word(),
            )
        })
        .collect()
}

#[track_caller]
fn one(document: &str, verdict: &str) {
    let found = verdicts(document);
    assert_eq!(found.len(), 1, "{document}\n{found:?}");
    assert_eq!(found[0].1, verdict, "{document}\n{found:?}");
}

const SECTION: &str = "# Readiness\n\n## CI workflow\n\n- **File**: `.github/workflows/ci.yml`\n";

#[test]
fn what_runs_is_found_also_behind_package_scripts() {
    one(&format!("{SECTION}- **Lint**: ESLint + Prettier\n"), "holds");
    one(&format!("{SECTION}- Security: npm audit + Snyk scan\n"), "holds");
    one(&format!("{SECTION}- Unit tests with Jest\n"), "holds");
    one(&format!("{SECTION}- Static analysis with Semgrep\n"), "refuted");
    one(
        &format!("{SECTION}- Security: npm audit and Semgrep\n"),
        "partly_holds",
    );
}

#[test]
fn schedules_and_triggers_are_compared() {
    one(&format!("{SECTION}- Weekly scheduled scans\n"), "holds");
    one(&format!("{SECTION}- Monthly scheduled scans\n"), "holds_loosely");
    one(&format!("{SECTION}- Nightly scheduled scans\n"), "refuted");
    one(&format!("{SECTION}- Manual trigger support\n"), "holds");
    one(&format!("{SECTION}- Runs on every push\n"), "holds");
    one(&format!("{SECTION}- Runs on every pull request\n"), "refuted");
    one(
        &format!("{SECTION}- Results in the GitHub Security tab\n"),
        "holds",
    );
    one(&format!("{SECTION}- The CI job `lint` comes first\n"), "holds");
    one(
        &format!("{SECTION}- The CI job `deploy-prod` comes last\n"),
        "refuted",
    );
}

#[test]
fn a_gate_that_cannot_fail_is_vacuous() {
    one(
        &format!("{SECTION}- npm audit fails the build on findings\n"),
        "vacuous",
    );
    one(&format!("{SECTION}- Snyk blocks merge\n"), "vacuous");
    one(&format!("{SECTION}- Trivy fails the build\n"), "vacuous");
    one(&format!("{SECTION}- ESLint fails the build\n"), "holds");
    one(&format!("{SECTION}- CI fails when tests fail\n"), "holds");
    one(
        &format!("{SECTION}- Coverage gating: enforces >95% coverage\n"),
        "refuted",
    );
}

#[test]
fn a_coverage_gate_is_compared_with_its_threshold() {
    let run = |step: &str, says: &str| {
        let ci = format!("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - {step}\n");
        let document = format!("{SECTION}- CI enforces {says} coverage\n");
        let claims = claims(
            &document,
            &[(".github/workflows/ci.yml", &ci), ("docs/READINESS.md", "")],
        );
        assert_eq!(claims.len(), 1, "{claims:?}");
        claims[0].verdict.word()
    };
    assert_eq!(run("run: pytest --cov-fail-under=95", ">=95%"), "holds");
    assert_eq!(run("run: pytest --cov-fail-under=80", ">=95%"), "refuted");
    assert_eq!(run("run: pytest --cov-fail-under=95 || true", ">=95%"), "vacuous");
    assert_eq!(run("run: make test", ">=95%"), "unverifiable");
    assert_eq!(run("run: \"echo coverage; exit 1\"", ">95%"), "vacuous");
}

#[test]
fn it_is_silent_where_no_ci_is_meant() {
    for document in [
        "# Readiness\n\nESLint is configured.\n",
        "# Readiness\n\n## User workflow\n\n- Weekly scheduled runs\n- Manual trigger\n",
        "# Readiness\n\n## CI\n\n- Semgrep is not part of the CI\n",
        "# Readiness\n\n## CI\n\n```\nsemgrep\n```\n",
    ] {
        assert_eq!(verdicts(document), [], "{document}");
    }
    let none = claims(
        &format!("{SECTION}- ESLint\n").replace("- **File**: `.github/workflows/ci.yml`\n", ""),
        &[("a.txt", "")],
    );
    assert!(
        none.iter().all(|claim| claim.verdict.word() == "unverifiable"),
        "{none:?}"
    );
}

#[test]
fn what_is_planned_is_not_refuted() {
    let found =
        verdicts("# Readiness\n\n## Next steps\n\n- Add Semgrep to the CI in `.github/workflows/ci.yml`\n");
    assert!(
        found.iter().all(|(_, verdict)| *verdict != "refuted"),
        "{found:?}"
    );
}
