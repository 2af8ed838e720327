//! Which changed files matter to which evidence, and how long a scan lasts.

use std::collections::HashSet;

use super::mapping::Mapped;
use crate::model::{Content, EvidenceFile, RepoPath, ScanReport, Ttl};

/// What a piece of evidence speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope<'a> {
    /// These files.
    Files(HashSet<&'a str>),
    /// What a package manager reads and writes, and what an image is built from.
    Dependencies,
    /// Files with one of these endings.
    Endings(&'static [&'static str]),
    /// Everything but documents.
    Code,
}

/// Endings of documents; what they say is never what a tool looked at.
const DOCUMENTS: &[&str] = &[
    "md", "markdown", "mdown", "mkd", "mdx", "rst", "adoc", "asciidoc", "png", "jpg", "jpeg", "gif", "webp",
    "pdf", "docx", "odt",
];
/// Names, without an ending, of documents and of settings that no tool's result depends on.
const NAMES: &[&str] = &[
    "license",
    "licence",
    "copying",
    "notice",
    "authors",
    "contributors",
    "changelog",
    "changes",
    "readme",
    "codeowners",
    ".gitignore",
    ".gitattributes",
    ".mailmap",
    ".editorconfig",
    "gonogo",
];
const MANIFESTS: &[&str] = &[
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "cargo.toml",
    "cargo.lock",
    "go.mod",
    "go.sum",
    "go.work",
    "go.work.sum",
    "pyproject.toml",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "pipfile",
    "pipfile.lock",
    "setup.py",
    "setup.cfg",
    "environment.yml",
    "environment.yaml",
    "gemfile",
    "gemfile.lock",
    "composer.json",
    "composer.lock",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
    "gradle.lockfile",
    "gradle.properties",
    "libs.versions.toml",
    "build.sbt",
    "mix.exs",
    "mix.lock",
    "pubspec.yaml",
    "pubspec.lock",
    "packages.lock.json",
    "packages.config",
    "directory.packages.props",
    "directory.build.props",
    "podfile",
    "podfile.lock",
    "package.swift",
    "package.resolved",
    "cartfile.resolved",
    "conanfile.txt",
    "conanfile.py",
    "conan.lock",
    "vcpkg.json",
    "deno.json",
    "deno.lock",
    ".npmrc",
    "rebar.lock",
    "stack.yaml",
    "stack.yaml.lock",
    "cabal.project.freeze",
    "manifest.toml",
    "project.toml",
    "renv.lock",
];
/// Formats that look at dependencies only.
const OF_DEPENDENCIES: &[&str] = &[
    "npm-audit",
    "yarn-audit",
    "pnpm-audit",
    "osv-scanner",
    "cargo-audit",
    "pip-audit",
    "dependency-check",
    "dependabot",
    "cyclonedx",
    "composer-audit",
    "mix-audit",
    "dependency-track",
    "github-vulnerability",
    "nancy",
    "auditjs",
    "bundler-audit",
    "grype",
];
/// Formats that look at dependencies and, when asked, at more; what they found tells.
const OF_BOTH: &[&str] = &["trivy", "snyk"];
/// Formats of scans of a running system.
const DYNAMIC: &[&str] = &["zap", "nuclei"];
/// Words in the name of a tool that writes a common format, for scans of a running system.
const DYNAMIC_TOOLS: &[&str] = &[
    "zap",
    "nuclei",
    "burp",
    "nikto",
    "wapiti",
    "arachni",
    "stackhawk",
    "dastardly",
];
/// What the scanners of one language look at, by format or the beginning of the tool's name.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("bandit", &["py", "pyi", "toml", "cfg", "yaml", "yml"]),
    ("gosec", &["go", "mod", "sum"]),
    ("golangci", &["go", "mod", "sum", "yml", "yaml", "toml"]),
    ("govulncheck", &["go", "mod", "sum"]),
    (
        "eslint",
        &[
            "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte", "json",
        ],
    ),
    ("rubocop", &["rb", "rake", "gemspec", "ru", "yml"]),
    ("brakeman", &["rb", "rake", "erb", "haml", "slim", "lock"]),
    (
        "spotbugs",
        &["java", "kt", "kts", "scala", "groovy", "xml", "gradle"],
    ),
    ("hadolint", &["dockerfile", "containerfile", "yaml", "yml"]),
    ("tfsec", &["tf", "tfvars", "hcl", "json", "yaml", "yml"]),
];

impl<'a> Scope<'a> {
    /// The scope of a file.
    #[must_use]
    pub fn of(file: &EvidenceFile, mapped: &'a Mapped) -> Self {
        match &file.content {
            Ok(Content::Coverage(_)) if mapped.found > 0 => {
                Self::Files(mapped.places.iter().flatten().map(RepoPath::as_str).collect())
            }
            Ok(Content::Scan(report)) => Self::of_scan(file.format, report),
            Ok(Content::Coverage(_) | Content::Tests(_)) | Err(_) => Self::Code,
        }
    }

    fn of_scan(format: &str, report: &ScanReport) -> Self {
        if OF_DEPENDENCIES.contains(&format) {
            return Self::Dependencies;
        }
        if OF_BOTH.contains(&format) {
            let of_packages = report
                .findings
                .iter()
                .all(|finding| finding.more.as_ref().is_some_and(|more| more.package.is_some()));
            // Nothing found tells nothing of what was looked at.
            return if of_packages && !report.findings.is_empty() {
                Self::Dependencies
            } else {
                Self::Code
            };
        }
        let tool = report.tool.to_ascii_lowercase();
        LANGUAGES
            .iter()
            .find(|(name, _)| format.starts_with(name) || tool.starts_with(name))
            .map_or(Self::Code, |(_, endings)| Self::Endings(endings))
    }

    /// Whether a changed file matters; `evidence` are the evidence files themselves, which never do.
    #[must_use]
    pub fn holds(&self, path: &str, evidence: &HashSet<&str>) -> bool {
        if evidence.contains(path) {
            return false;
        }
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        match self {
            Self::Files(files) => files.contains(path),
            Self::Dependencies => is_manifest(&name),
            Self::Endings(endings) => {
                let ending = name.rsplit('.').next().unwrap_or_default();
                endings.contains(&ending)
                    || endings
                        .iter()
                        .any(|ending| name.starts_with(&format!("{ending}.")))
            }
            Self::Code => !is_document(path, &name),
        }
    }
}

/// The term of a file in days; `None` when its age alone ends nothing.
#[must_use]
pub fn term(file: &EvidenceFile, ttl: Ttl) -> Option<u32> {
    let days = match &file.content {
        Ok(Content::Coverage(_)) => ttl.coverage,
        Ok(Content::Tests(_)) => ttl.tests,
        Ok(Content::Scan(report)) if is_dynamic(file.format, &report.tool) => ttl.dast,
        Ok(Content::Scan(_)) => ttl.scan,
        Err(_) => 0,
    };
    (days > 0).then_some(days)
}

/// Whether a scan is one of a running system.
fn is_dynamic(format: &str, tool: &str) -> bool {
    let tool = tool.to_ascii_lowercase();
    let mut words = tool.split(|c: char| !c.is_ascii_alphanumeric());
    DYNAMIC.contains(&format) || words.any(|word| DYNAMIC_TOOLS.contains(&word))
}

fn is_manifest(name: &str) -> bool {
    let requirements = (name.starts_with("requirements") || name.starts_with("constraints"))
        && (name.ends_with(".txt") || name.ends_with(".in"));
    let image =
        name.starts_with("dockerfile") || name.starts_with("containerfile") || name.ends_with(".dockerfile");
    let project = [
        ".csproj",
        ".fsproj",
        ".vbproj",
        ".gemspec",
        ".podspec",
        ".cabal",
        ".lock",
        ".sbt",
        ".versions.toml",
    ];
    MANIFESTS.contains(&name) || requirements || image || project.iter().any(|ending| name.ends_with(ending))
}

fn is_document(path: &str, name: &str) -> bool {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, ending),
        _ => (name, ""),
    };
    let own = path.starts_with(".gonogo/");
    let named = NAMES.contains(&stem) && matches!(ending, "" | "txt" | "toml") || NAMES.contains(&name);
    own || named || DOCUMENTS.contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_matter_to_nothing_and_manifests_to_dependencies() {
        let none = HashSet::new();
        for path in [
            "README.md",
            "docs/a.rst",
            "LICENSE",
            "LICENSE.txt",
            "gonogo.toml",
            ".gonogo/waivers.toml",
            "a/b.png",
        ] {
            assert!(!Scope::Code.holds(path, &none), "{path}");
        }
        for path in [
            "src/a.rs",
            "CMakeLists.txt",
            "requirements.txt",
            "Makefile",
            "a.json",
            "Dockerfile",
        ] {
            assert!(Scope::Code.holds(path, &none), "{path}");
        }
        for path in [
            "package-lock.json",
            "web/package.json",
            "requirements-dev.txt",
            "api/Dockerfile",
            "a/x.csproj",
        ] {
            assert!(Scope::Dependencies.holds(path, &none), "{path}");
        }
        assert!(!Scope::Dependencies.holds("src/a.rs", &none));
        let python = Scope::Endings(&["py"]);
        assert!(python.holds("a/b.py", &none) && !python.holds("a/b.go", &none));
        let images = Scope::Endings(&["dockerfile"]);
        assert!(images.holds("Dockerfile", &none) && images.holds("x/Dockerfile.dev", &none));
        assert!(!Scope::Code.holds("out/junit.xml", &HashSet::from(["out/junit.xml"])));
    }
}
