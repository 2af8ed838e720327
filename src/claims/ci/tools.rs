//! Tools as people name them, and how a command or an action shows that it runs one.

use crate::model::pipeline::Command;
use crate::pipeline::tools::{action_name, program};

/// A tool.
#[derive(Debug)]
pub(super) struct Tool {
    /// Its name on screen.
    pub name: &'static str,
    /// How documents call it, in small letters.
    pub said: &'static [&'static str],
    /// Programs that are it: name, and the verb that it needs (empty: any).
    pub programs: &'static [(&'static str, &'static str)],
    /// Parts of action names that are it, in small letters.
    pub actions: &'static [&'static str],
}

macro_rules! tool {
    ($name:literal, $said:expr, $programs:expr, $actions:expr) => {
        Tool {
            name: $name,
            said: &$said,
            programs: &$programs,
            actions: &$actions,
        }
    };
}

/// Every tool that is known by name.
pub(super) const TOOLS: &[Tool] = &[
    tool!(
        "npm audit",
        ["npm audit"],
        [("npm", "audit"), ("better-npm-audit", ""), ("audit-ci", "")],
        ["audit-ci"]
    ),
    tool!("yarn audit", ["yarn audit"], [("yarn", "audit")], []),
    tool!("pnpm audit", ["pnpm audit"], [("pnpm", "audit")], []),
    tool!("Snyk", ["snyk"], [("snyk", "")], ["snyk/"]),
    tool!(
        "OWASP ZAP",
        ["owasp zap", "zap scan", "zap baseline", "zap scans"],
        [
            ("zap-baseline.py", ""),
            ("zap-full-scan.py", ""),
            ("zap-api-scan.py", ""),
            ("zap.sh", ""),
            ("zap-cli", "")
        ],
        ["zaproxy/"]
    ),
    tool!("Trivy", ["trivy"], [("trivy", "")], ["trivy-action"]),
    tool!("Grype", ["grype"], [("grype", "")], ["anchore/scan-action"]),
    tool!("CodeQL", ["codeql"], [("codeql", "")], ["codeql-action/analyze"]),
    tool!("Semgrep", ["semgrep"], [("semgrep", "")], ["semgrep"]),
    tool!("Gitleaks", ["gitleaks"], [("gitleaks", "")], ["gitleaks"]),
    tool!("TruffleHog", ["trufflehog"], [("trufflehog", "")], ["trufflehog"]),
    tool!("Bandit", ["bandit"], [("bandit", "")], ["bandit"]),
    tool!("gosec", ["gosec"], [("gosec", "")], ["gosec"]),
    tool!(
        "govulncheck",
        ["govulncheck"],
        [("govulncheck", "")],
        ["govulncheck"]
    ),
    tool!(
        "cargo audit",
        ["cargo audit", "cargo-audit"],
        [("cargo", "audit"), ("cargo-audit", "")],
        ["audit-check", "rustsec/"]
    ),
    tool!(
        "cargo deny",
        ["cargo deny", "cargo-deny"],
        [("cargo", "deny"), ("cargo-deny", "")],
        ["cargo-deny"]
    ),
    tool!(
        "pip-audit",
        ["pip-audit"],
        [("pip-audit", ""), ("pip_audit", "")],
        ["pip-audit"]
    ),
    tool!("Hadolint", ["hadolint"], [("hadolint", "")], ["hadolint"]),
    tool!("Checkov", ["checkov"], [("checkov", "")], ["checkov"]),
    tool!("tfsec", ["tfsec"], [("tfsec", "")], ["tfsec"]),
    tool!(
        "OSV-Scanner",
        ["osv-scanner", "osv scanner"],
        [("osv-scanner", "")],
        ["osv-scanner"]
    ),
    tool!(
        "OWASP Dependency-Check",
        ["dependency-check"],
        [("dependency-check", ""), ("dependency-check.sh", "")],
        ["dependency-check"]
    ),
    tool!("ESLint", ["eslint"], [("eslint", "")], ["eslint"]),
    tool!("Prettier", ["prettier"], [("prettier", "")], ["prettier"]),
    tool!("Ruff", ["ruff"], [("ruff", "")], ["ruff"]),
    tool!("Flake8", ["flake8"], [("flake8", "")], ["flake8"]),
    tool!("Pylint", ["pylint"], [("pylint", "")], ["pylint"]),
    tool!("mypy", ["mypy"], [("mypy", "")], ["mypy"]),
    tool!(
        "pytest",
        ["pytest"],
        [("pytest", ""), ("py.test", "")],
        ["pytest"]
    ),
    tool!("Jest", ["jest"], [("jest", "")], ["jest"]),
    tool!("Vitest", ["vitest"], [("vitest", "")], ["vitest"]),
    tool!("Mocha", ["mocha"], [("mocha", "")], []),
    tool!("Playwright", ["playwright"], [("playwright", "")], ["playwright"]),
    tool!("Cypress", ["cypress"], [("cypress", "")], ["cypress-io/"]),
    tool!(
        "Codecov",
        ["codecov"],
        [("codecov", ""), ("codecovcli", "")],
        ["codecov-action"]
    ),
    tool!("Coveralls", ["coveralls"], [("coveralls", "")], ["coverallsapp/"]),
    tool!(
        "SonarQube",
        ["sonarqube", "sonarcloud"],
        [("sonar-scanner", "")],
        ["sonarqube", "sonarcloud", "sonarsource/"]
    ),
    tool!(
        "golangci-lint",
        ["golangci-lint", "golangci"],
        [("golangci-lint", "")],
        ["golangci-lint"]
    ),
    tool!(
        "Clippy",
        ["clippy"],
        [("cargo", "clippy"), ("cargo-clippy", "")],
        ["clippy"]
    ),
    tool!(
        "rustfmt",
        ["rustfmt", "cargo fmt"],
        [("cargo", "fmt"), ("rustfmt", "")],
        ["rustfmt"]
    ),
    tool!("ShellCheck", ["shellcheck"], [("shellcheck", "")], ["shellcheck"]),
    tool!(
        "Lighthouse",
        ["lighthouse"],
        [("lhci", ""), ("lighthouse", "")],
        ["lighthouse"]
    ),
    tool!("k6", ["k6"], [("k6", "")], ["k6"]),
    tool!("RuboCop", ["rubocop"], [("rubocop", "")], ["rubocop"]),
    tool!("Brakeman", ["brakeman"], [("brakeman", "")], ["brakeman"]),
    tool!("RSpec", ["rspec"], [("rspec", "")], []),
    tool!("PHPUnit", ["phpunit"], [("phpunit", "")], ["phpunit"]),
    tool!("PHPStan", ["phpstan"], [("phpstan", "")], ["phpstan"]),
    tool!(
        "Dependency Review",
        ["dependency review"],
        [],
        ["dependency-review-action"]
    ),
];

/// Tools that look at a repository also without a step of its CI: as an app of the host, or by its settings.
const APPS: &[&str] = &[
    "Snyk",
    "CodeQL",
    "Semgrep",
    "SonarQube",
    "Codecov",
    "Coveralls",
    "Lighthouse",
    "Dependency Review",
];

/// The tool of a name.
pub(super) fn named(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

impl Tool {
    /// Whether it may run without a step of the CI.
    pub(super) fn is_app(&self) -> bool {
        APPS.contains(&self.name)
    }

    /// Whether a command runs it.
    pub(super) fn runs(&self, command: &Command) -> bool {
        self.runs_words(&command.words)
    }

    /// [`Self::runs`] of the words of a command.
    pub(super) fn runs_words(&self, words: &[Box<str>]) -> bool {
        let Some(program) = program(words) else {
            return false;
        };
        self.programs.iter().any(|(name, verb)| {
            program.name.eq_ignore_ascii_case(name)
                && (verb.is_empty() || program.arguments.iter().any(|word| **word == **verb))
        })
    }

    /// Whether an action is it.
    pub(super) fn is_action(&self, uses: &str) -> bool {
        let name = action_name(uses);
        self.actions.iter().any(|part| name.contains(part))
            && !name.contains("setup")
            && !name.contains("install")
    }

    /// Whether a text speaks of it by a name that is nothing else.
    pub(super) fn in_text(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        self.said.iter().any(|said| text.contains(said))
            || self
                .programs
                .iter()
                .any(|(name, verb)| verb.is_empty() && text.contains(name))
    }
}

/// Tools that a text names, with where the first mention begins and ends; in the order of the text.
pub(super) fn mentioned(lower: &str) -> Vec<(&'static Tool, std::ops::Range<usize>)> {
    let mut found: Vec<(&'static Tool, std::ops::Range<usize>)> = Vec::new();
    for tool in TOOLS {
        for said in tool.said {
            let place = lower.match_indices(said).find(|(at, _)| {
                let before = lower.get(..*at).and_then(|text| text.chars().next_back());
                let after = lower.get(at + said.len()..).and_then(|text| text.chars().next());
                let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.' | '@');
                let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '@' | '(');
                // A file (`eslint.config.js`) is not the tool; a stop at the end of the sentence is no part of a name.
                let names_file = || {
                    let rest = lower.get(at + said.len() + 1..);
                    rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
                };
                let part = before.is_some_and(joins)
                    || after.is_some_and(goes_on)
                    || after == Some('.') && names_file();
                !part
            });
            if let Some((at, _)) = place {
                found.push((tool, at..at + said.len()));
                break;
            }
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    found
}
