//! Programs behind their wrappers, and tools that end with success whatever they find.
//!
//! Each row of [`never_fails`] is what the tool's own documentation says of its exit code. Not here: which command's exit
//! code reaches the job (`shell`). A tool that is not listed fails as any program does.

/// A command seen through `sudo`, `npx`, `poetry run`, `docker run image`, `env A=b` and their like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program<'a> {
    /// The program's name: without folder, version and `.exe`.
    pub name: &'a str,
    /// Its arguments.
    pub arguments: &'a [Box<str>],
}

impl Program<'_> {
    /// Whether an argument stands there, alone or as `flag=value`.
    #[must_use]
    pub fn has(&self, flag: &str) -> bool {
        self.arguments
            .iter()
            .any(|word| &**word == flag || word.strip_prefix(flag).is_some_and(|rest| rest.starts_with('=')))
    }

    /// The value of an option: `--flag value` or `--flag=value`; of several the last.
    #[must_use]
    pub fn value(&self, flag: &str) -> Option<&str> {
        let mut found = None;
        for (at, word) in self.arguments.iter().enumerate() {
            if &**word == flag {
                found = self.arguments.get(at + 1).map(|value| &**value).or(found);
            } else if let Some(value) = word.strip_prefix(flag).and_then(|rest| rest.strip_prefix('=')) {
                found = Some(value);
            }
        }
        found
    }

    /// The first argument that is no option.
    #[must_use]
    pub fn verb(&self) -> &str {
        self.arguments
            .iter()
            .find(|word| !word.starts_with('-'))
            .map_or("", |word| word)
    }
}

/// Options of `docker run` and `podman run` that take a value as their own word.
const DOCKER_VALUES: &[&str] = &[
    "-v",
    "--volume",
    "-e",
    "--env",
    "-w",
    "--workdir",
    "-u",
    "--user",
    "--name",
    "--network",
    "--net",
    "--entrypoint",
    "-p",
    "--publish",
    "--env-file",
    "--mount",
    "--platform",
    "--add-host",
    "--memory",
    "-m",
    "--cpus",
    "-h",
    "--hostname",
    "-l",
    "--label",
    "--tmpfs",
    "--pull",
    "--gpus",
    "--shm-size",
    "--security-opt",
    "--cap-add",
    "--cap-drop",
    "--ipc",
    "--pid",
];

/// The program that a command runs.
#[must_use]
pub fn program(words: &[Box<str>]) -> Option<Program<'_>> {
    let mut rest = words;
    for _ in 0..8 {
        rest = skip_assignments(rest);
        let (first, after) = rest.split_first()?;
        let name = base(first);
        let next = |at: usize| after.get(at).map_or("", |word| &**word);
        let inner = match name {
            "sudo" | "time" | "nohup" | "exec" | "command" | "env" | "nice" | "xvfb-run" | "stdbuf"
            | "doas" => skip_options(after, &["-u", "-g", "-n", "-s"]),
            "timeout" => skip_options(after, &["-k", "-s"]).get(1..)?,
            "npx" | "bunx" | "uvx" | "pnpx" => {
                skip_options(after, &["-p", "--package", "--from", "--with", "-w"])
            }
            "dotenv" | "cross-env" | "dumb-init" | "tini" => skip_options(after, &["-f", "-e"]),
            "poetry" | "pipenv" | "uv" | "rye" | "hatch" | "pdm" | "pipx" if next(0) == "run" => {
                skip_options(
                    after.get(1..)?,
                    &["--with", "--extra", "--group", "-p", "--python", "--spec"],
                )
            }
            "bundle" if next(0) == "exec" => after.get(1..)?,
            "npm" | "pnpm" | "yarn" if matches!(next(0), "exec" | "dlx") => {
                skip_options(after.get(1..)?, &["--package", "-p", "--filter"])
            }
            "python" | "python3" | "py" if next(0) == "-m" => after.get(1..)?,
            "docker" | "podman" if next(0) == "run" => skip_options(after.get(1..)?, DOCKER_VALUES),
            "docker" | "podman" if next(0) == "exec" => {
                skip_options(after.get(1..)?, DOCKER_VALUES).get(1..)?
            }
            "docker-compose" if matches!(next(0), "exec" | "run") => {
                skip_options(after.get(1..)?, DOCKER_VALUES).get(1..)?
            }
            "docker" if next(0) == "compose" && matches!(next(1), "exec" | "run") => {
                skip_options(after.get(2..)?, DOCKER_VALUES).get(1..)?
            }
            "go" if next(0) == "run" && next(1).contains('/') => after.get(1..)?,
            _ => {
                // An image is often called as its tool and may name the tool again.
                let again = after
                    .first()
                    .is_some_and(|word| base(word) == name || base(word).starts_with("zap-"));
                if first.contains('/') && again && !first.starts_with('.') {
                    rest = after;
                    continue;
                }
                return Some(Program {
                    name,
                    arguments: after,
                });
            }
        };
        if inner.is_empty() {
            return Some(Program {
                name,
                arguments: after,
            });
        }
        rest = inner;
    }
    None
}

fn skip_assignments(words: &[Box<str>]) -> &[Box<str>] {
    let named = |word: &str| {
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
        })
    };
    let end = words.iter().position(|word| !named(word)).unwrap_or(words.len());
    words.get(end..).unwrap_or_default()
}

fn skip_options<'a>(words: &'a [Box<str>], valued: &[&str]) -> &'a [Box<str>] {
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        if &**first == "--" {
            return after;
        }
        if !first.starts_with('-') {
            return rest;
        }
        rest = if valued.contains(&&**first) {
            after.get(1..).unwrap_or_default()
        } else {
            after
        };
    }
    rest
}

/// `./node_modules/.bin/eslint` → `eslint`, `aquasec/trivy:0.50` → `trivy`, `gradlew` → `gradle`.
fn base(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let name = match name.find(['@', ':']) {
        Some(at) if at > 0 => name.get(..at).unwrap_or(name),
        _ => name,
    };
    let name = name
        .strip_suffix(".exe")
        .or_else(|| name.strip_suffix(".cmd"))
        .unwrap_or(name);
    match name {
        "gradlew" => "gradle",
        "mvnw" => "mvn",
        name => name,
    }
}

/// Why a command ends with success whatever it finds, where its tool does so. `env` gives a variable of its environment.
#[must_use]
pub fn never_fails(words: &[Box<str>], env: &dyn Fn(&str) -> Option<Box<str>>) -> Option<&'static str> {
    let program = program(words)?;
    let has = |flag: &str| program.has(flag);
    let verb = program.verb();
    let zero = |value: Option<&str>| value == Some("0");
    match program.name {
        "trivy"
            if matches!(
                verb,
                "version" | "server" | "plugin" | "clean" | "module" | "registry"
            ) =>
        {
            None
        }
        "trivy" => {
            let code = program
                .value("--exit-code")
                .map(Into::into)
                .or_else(|| env("TRIVY_EXIT_CODE"));
            match code.as_deref() {
                None => Some("`trivy` exits with 0 whatever it finds unless `--exit-code` is given"),
                Some("0") => Some("`--exit-code 0` makes `trivy` succeed whatever it finds"),
                Some(_) => None,
            }
        }
        "grype" if verb.is_empty() || matches!(verb, "db" | "version") => None,
        "grype" if !has("--fail-on") && !has("-f") && env("GRYPE_FAIL_ON_SEVERITY").is_none() => {
            Some("`grype` exits with 0 whatever it finds unless `--fail-on` is given")
        }
        "bandit" | "ruff" | "flake8" | "pylint" | "isort" | "autopep8" if has("--exit-zero") => {
            Some("`--exit-zero` makes it succeed whatever it finds")
        }
        "checkov" if has("--soft-fail") || has("-s") => {
            Some("`--soft-fail` makes it succeed whatever it finds")
        }
        "tfsec" if has("--soft-fail") || has("-s") => {
            Some("`--soft-fail` makes it succeed whatever it finds")
        }
        "hadolint" if has("--no-fail") => Some("`--no-fail` makes it succeed whatever it finds"),
        "hadolint" if program.value("--failure-threshold") == Some("none") => {
            Some("`--failure-threshold none` makes it succeed whatever it finds")
        }
        "gosec" if has("-no-fail") || has("--no-fail") => {
            Some("`-no-fail` makes it succeed whatever it finds")
        }
        "golangci-lint" if zero(program.value("--issues-exit-code")) => {
            Some("`--issues-exit-code=0` makes it succeed whatever it finds")
        }
        "gitleaks" if zero(program.value("--exit-code")) => {
            Some("`--exit-code 0` makes it succeed whatever it finds")
        }
        "trufflehog" if !has("--fail") => {
            Some("`trufflehog` exits with 0 whatever it finds unless `--fail` is given")
        }
        "kics"
            if program.value("--ignore-on-exit") == Some("all")
                || program.value("--ignore-on-exit") == Some("results") =>
        {
            Some("`--ignore-on-exit` makes it succeed whatever it finds")
        }
        "govulncheck"
            if has("-json") || matches!(program.value("-format"), Some("json" | "sarif" | "openvex")) =>
        {
            Some("`govulncheck` exits with 0 whatever it finds when it writes JSON, SARIF or VEX")
        }
        "safety" if has("--exit-zero") || has("--continue-on-error") => {
            Some("its options make it succeed whatever it finds")
        }
        "semgrep" if verb == "ci" || has("--error") || matches!(verb, "login" | "publish") => None,
        "semgrep" if has("--config") || has("-c") || verb == "scan" => {
            Some("`semgrep scan` exits with 0 whatever it finds unless `--error` is given")
        }
        "snyk" if verb == "monitor" => Some("`snyk monitor` only records; it does not fail on what it finds"),
        "npm" if verb == "audit" && program.value("--audit-level") == Some("none") => {
            Some("`--audit-level=none` makes it succeed whatever it finds")
        }
        "zap-baseline.py" | "zap-full-scan.py" | "zap-api-scan.py"
            if has("-I") && !has("-c") && !has("-u") =>
        {
            Some("`-I` lets ZAP's warnings pass, and without a rule file nothing is more than a warning")
        }
        "gofmt" | "goimports" => Some("it lists or rewrites files and exits with 0"),
        "prettier"
            if !["--check", "-c", "--list-different", "-l"]
                .iter()
                .any(|flag| has(flag)) =>
        {
            Some("without `--check` it does not fail on badly formatted files")
        }
        "black" if !has("--check") && !has("--diff") => {
            Some("without `--check` it rewrites files and succeeds")
        }
        "isort" if !has("--check") && !has("--check-only") && !has("-c") => {
            Some("without `--check` it rewrites files and succeeds")
        }
        "cargo" if verb == "fmt" && !has("--check") => {
            Some("without `--check` it rewrites files and succeeds")
        }
        "codecov" | "codecovcli" if !has("--fail-on-error") && !has("-Z") => {
            Some("an upload that fails does not fail it unless `--fail-on-error` is given")
        }
        "dependency-check" | "dependency-check.sh" if !has("--failOnCVSS") => {
            Some("without `--failOnCVSS` it does not fail on what it finds")
        }
        "docker" if verb == "scout" && !has("--exit-code") && !has("-e") => {
            Some("`docker scout` exits with 0 whatever it finds unless `--exit-code` is given")
        }
        "dockle" if !has("--exit-code") => {
            Some("`dockle` exits with 0 whatever it finds unless `--exit-code` is given")
        }
        "license-checker" | "license-checker-rseidelsohn" if !has("--failOn") && !has("--onlyAllow") => {
            Some("without `--failOn` or `--onlyAllow` it only lists")
        }
        _ => None,
    }
}

/// The name of an action: `owner/name` or `owner/name/part` in small letters, without its version.
#[must_use]
pub fn action_name(uses: &str) -> String {
    uses.split('@')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Why an action succeeds whatever it finds. `given` gives an input as written.
#[must_use]
pub fn action_never_fails(uses: &str, given: &dyn Fn(&str) -> Option<Box<str>>) -> Option<&'static str> {
    let is =
        |key: &str, value: &str| given(key).is_some_and(|found| found.trim().eq_ignore_ascii_case(value));
    let name = action_name(uses);
    match name.as_str() {
        "aquasecurity/trivy-action" => match given("exit-code") {
            None if given("TRIVY_EXIT_CODE").is_none() => {
                Some("the Trivy action succeeds whatever it finds unless `exit-code` is given")
            }
            Some(code) if code.trim() == "0" => Some("`exit-code: 0` lets it succeed whatever it finds"),
            _ => None,
        },
        "zaproxy/action-baseline" | "zaproxy/action-full-scan" | "zaproxy/action-api-scan"
            if !is("fail_action", "true") =>
        {
            Some("the ZAP action succeeds whatever it finds unless `fail_action` is true")
        }
        "codecov/codecov-action" if !is("fail_ci_if_error", "true") => {
            Some("an upload that fails does not fail it unless `fail_ci_if_error` is true")
        }
        "github/codeql-action/analyze" | "github/codeql-action/upload-sarif" => Some(
            "it uploads what was found and does not fail on it; only a code scanning rule of the repository does",
        ),
        "actions/dependency-review-action" if is("warn-only", "true") => {
            Some("`warn-only: true` lets it succeed")
        }
        "anchore/scan-action" if is("fail-build", "false") => Some("`fail-build: false` lets it succeed"),
        "bridgecrewio/checkov-action" if is("soft_fail", "true") => Some("`soft_fail: true` lets it succeed"),
        "aquasecurity/tfsec-action" if is("soft_fail", "true") => Some("`soft_fail: true` lets it succeed"),
        "hadolint/hadolint-action" if is("no-fail", "true") => Some("`no-fail: true` lets it succeed"),
        "sonarsource/sonarqube-scan-action" | "sonarsource/sonarcloud-github-action"
            if !given("args").is_some_and(|args| args.contains("sonar.qualitygate.wait=true")) =>
        {
            Some("it does not wait for the quality gate unless `sonar.qualitygate.wait=true` is given")
        }
        _ => None,
    }
}

/// Whether an action only prepares or keeps something; nobody means it when he speaks of a check.
#[must_use]
pub fn prepares(uses: &str) -> bool {
    let name = action_name(uses);
    let (owner, rest) = name.split_once('/').unwrap_or(("", &name));
    let short = rest.rsplit('/').next().unwrap_or_default();
    short.starts_with("setup-")
        || short.ends_with("-setup")
        || short.starts_with("install")
        || (owner == "actions"
            && matches!(
                short,
                "checkout"
                    | "cache"
                    | "restore"
                    | "save"
                    | "upload-artifact"
                    | "download-artifact"
                    | "github-script"
            ))
        || matches!(
            name.as_str(),
            "github/codeql-action/init"
                | "github/codeql-action/autobuild"
                | "docker/login-action"
                | "docker/metadata-action"
                | "docker/setup-buildx-action"
                | "dtolnay/rust-toolchain"
                | "swatinem/rust-cache"
                | "step-security/harden-runner"
                | "actions-rs/toolchain"
                | "gradle/actions/setup-gradle"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<Box<str>> {
        line.split(' ').map(Into::into).collect()
    }

    #[test]
    fn a_program_is_seen_behind_its_wrappers() {
        for (line, name) in [
            ("npm audit", "npm"),
            ("sudo -u ci npx --yes eslint .", "eslint"),
            ("CI=1 ./node_modules/.bin/jest", "jest"),
            ("poetry run pytest -q", "pytest"),
            ("python3 -m pytest", "pytest"),
            ("docker run --rm -v a:b aquasec/trivy:0.50.1 image x", "trivy"),
            (
                "docker run --rm -t ghcr.io/zaproxy/zaproxy:stable zap-baseline.py -t x",
                "zap-baseline.py",
            ),
            ("timeout 60 ./gradlew test", "gradle"),
            (
                "go run golang.org/x/vuln/cmd/govulncheck@latest ./...",
                "govulncheck",
            ),
            ("pip install bandit", "pip"),
            ("bundle exec rubocop", "rubocop"),
            ("uv run --with x pytest", "pytest"),
            ("env", "env"),
        ] {
            let words = words(line);
            assert_eq!(program(&words).map(|program| program.name), Some(name), "{line}");
        }
        assert_eq!(program(&[]), None);
        assert_eq!(program(&words("A=b")), None);
    }

    #[test]
    fn tools_that_only_report_are_known() {
        let never = |line: &str| never_fails(&words(line), &|_| None).is_some();
        for line in [
            "trivy fs .",
            "trivy image --exit-code 0 x",
            "trivy --exit-code=0 image x",
            "bandit -r src --exit-zero",
            "grype dir:.",
            "semgrep --config auto",
            "prettier --write .",
            "black src",
            "cargo fmt --all",
            "snyk monitor",
            "golangci-lint run --issues-exit-code=0",
            "govulncheck -json ./...",
            "gofmt -l .",
            "npm audit --audit-level=none",
            "docker run aquasec/trivy:latest image x",
            "checkov -d . --soft-fail",
            "zap-baseline.py -t x -I",
        ] {
            assert!(never(line), "{line}");
        }
        for line in [
            "trivy fs --exit-code 1 .",
            "bandit -r src",
            "grype dir:. --fail-on high",
            "semgrep ci",
            "npm audit",
            "semgrep scan --error",
            "prettier --check .",
            "black --check src",
            "cargo fmt --all -- --check",
            "snyk test",
            "govulncheck ./...",
            "gitleaks detect",
            "eslint .",
            "pytest",
            "make test",
            "zap-baseline.py -t x",
        ] {
            assert!(!never(line), "{line}");
        }
    }
}
