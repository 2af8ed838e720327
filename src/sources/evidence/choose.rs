//! Which files may be evidence, by their path alone; their content decides later.

use std::sync::OnceLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::formats;
use crate::model::{Policy, Problem, ProblemSeverity, RepoPath};
use crate::text::glob::Globs;

/// Endings under which tools write, besides the names that the formats know.
const ENDINGS: [&str; 13] = [
    "json",
    "jsonl",
    "ndjson",
    "sarif",
    "xml",
    "info",
    "lcov",
    "out",
    "txt",
    "trx",
    "cov",
    "coverprofile",
    "results",
];
/// Names of files that people and package managers write.
const OTHERS: [&str; 18] = [
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "composer.json",
    "tsconfig.json",
    "jsconfig.json",
    "deno.json",
    "angular.json",
    "nx.json",
    "turbo.json",
    "lerna.json",
    "vercel.json",
    "manifest.json",
    "pom.xml",
    "androidmanifest.xml",
    "requirements.txt",
    "cmakelists.txt",
    "robots.txt",
];
/// Folders whose files speak of something else than this repository.
const FOLDERS: [&str; 57] = [
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "bower_components",
    "jspm_packages",
    "vendor",
    "vendored",
    "third_party",
    "third-party",
    "thirdparty",
    "3rdparty",
    "Pods",
    "Carthage",
    ".venv",
    "venv",
    "virtualenv",
    "site-packages",
    "dist-packages",
    ".tox",
    ".nox",
    ".cargo",
    ".yarn",
    ".pnpm-store",
    ".bundle",
    "Godeps",
    "elm-stuff",
    "__pypackages__",
    "__pycache__",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".cache",
    ".gradle",
    ".terraform",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".parcel-cache",
    ".turbo",
    ".angular",
    ".idea",
    ".vscode",
    ".gonogo",
    "testdata",
    "test-data",
    "test_data",
    "fixtures",
    "__fixtures__",
    "__mocks__",
    "__snapshots__",
    "snapshots",
    "golden",
    "goldens",
    "cassettes",
    "corpus",
    "corpora",
];

/// The rules of one policy, compiled.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    include: Globs,
    exclude: Globs,
    /// The policy names files, which may lie anywhere.
    includes: bool,
}

impl Rules {
    /// Compiles the policy's globs.
    #[must_use]
    pub fn new(policy: &Policy) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut compiled = |name: &str, globs: &[String]| {
            Globs::new(globs.iter().map(String::as_str)).unwrap_or_else(|bad| {
                problems.push(Problem {
                    severity: ProblemSeverity::Error,
                    at: "gonogo.toml".into(),
                    what: format!("`evidence_files.{name}`: `{}` is no glob: {}", bad.glob, bad.why).into(),
                    hint: Some("a glob looks like `reports/**/*.xml`".into()),
                });
                Globs::default()
            })
        };
        let rules = Self {
            include: compiled("include", &policy.evidence_include),
            exclude: compiled("exclude", &policy.evidence_exclude),
            includes: !policy.evidence_include.is_empty(),
        };
        (rules, problems)
    }

    /// A quick look that spares most paths everything else.
    #[must_use]
    pub fn may_be_evidence(&self, path: &[u8]) -> bool {
        if self.includes {
            return true;
        }
        let start = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
        let name = path.get(start..).unwrap_or_default();
        let ending = memchr::memrchr(b'.', name).and_then(|dot| name.get(dot + 1..));
        ending.is_some_and(|ending| {
            ENDINGS
                .iter()
                .any(|known| ending.eq_ignore_ascii_case(known.as_bytes()))
        }) || std::str::from_utf8(name).is_ok_and(is_default_name)
    }

    /// Whether a file is worth a look at its beginning.
    #[must_use]
    pub fn wants(&self, path: &RepoPath) -> bool {
        let text = path.as_str();
        if self.exclude.fit(text) {
            return false;
        }
        if self.is_included(path) {
            return true;
        }
        let name = path.file_name().to_ascii_lowercase();
        let folder = path.folder();
        self.plausible(text)
            && !OTHERS.contains(&name.as_str())
            && !folder.split('/').any(is_left_out)
            && !is_test_data(folder)
    }

    fn plausible(&self, text: &str) -> bool {
        let without = Self {
            includes: false,
            ..Self::default()
        };
        if self.includes {
            without.may_be_evidence(text.as_bytes())
        } else {
            self.may_be_evidence(text.as_bytes())
        }
    }

    /// The policy names it.
    #[must_use]
    pub fn is_included(&self, path: &RepoPath) -> bool {
        self.includes && self.include.fit(path.as_str())
    }

    /// Whether a folder need not be entered; never when the configuration may name something inside.
    #[must_use]
    pub fn skips_folder(&self, name: &str) -> bool {
        if self.includes {
            matches!(name, ".git" | "node_modules")
        } else {
            is_left_out(name)
        }
    }
}

fn is_left_out(folder: &str) -> bool {
    FOLDERS.contains(&folder)
}

/// Whether a folder holds what tests read: `src/test/resources`, `tests/data/scans`.
fn is_test_data(folder: &str) -> bool {
    const TESTS: [&str; 8] = [
        "test",
        "tests",
        "spec",
        "specs",
        "__tests__",
        "e2e",
        "testing",
        "it",
    ];
    const DATA: [&str; 14] = [
        "resources",
        "data",
        "res",
        "sample",
        "samples",
        "example",
        "examples",
        "assets",
        "files",
        "stubs",
        "mocks",
        "inputs",
        "expected",
        "fixture",
    ];
    folder
        .split('/')
        .skip_while(|part| !TESTS.contains(part))
        .skip(1)
        .any(|part| DATA.contains(&part))
}

/// Whether some format is written under this name by default.
#[must_use]
pub fn is_default_name(name: &str) -> bool {
    static ALL: OnceLock<GlobSet> = OnceLock::new();
    let all = ALL.get_or_init(|| set(formats::ALL.iter().flat_map(|format| format.globs())));
    all.is_match(name.to_ascii_lowercase())
}

/// Whether a format is written under this name by default.
#[must_use]
pub fn is_name_of(format: &dyn formats::Format, name: &str) -> bool {
    set(format.globs()).is_match(name.to_ascii_lowercase())
}

fn set<'a>(globs: impl IntoIterator<Item = &'a &'static str>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        // The formats' own globs are held by a test.
        if let Ok(glob) = GlobBuilder::new(glob).build() {
            builder.add(glob);
        }
    }
    builder.build().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_folders_and_globs_decide_what_is_looked_at() {
        let rules = Rules::new(&Policy::default()).0;
        let wants = |path: &str| rules.wants(&RepoPath::new(path).unwrap());
        for path in [
            "coverage/lcov.info",
            "a/target/site/jacoco/jacoco.xml",
            "reports/zap.json",
            "TestResults/x.trx",
            "cover.out",
            "scan.sarif",
            "tests/reports/junit.xml",
            "data/coverage.xml",
        ] {
            assert!(wants(path), "{path}");
        }
        for path in [
            "package.json",
            "web/node_modules/x/coverage/lcov.info",
            "tests/fixtures/junit.xml",
            "src/a.rs",
            "README.md",
            "pkg/testdata/cover.out",
            "core/src/test/resources/scans/trivy.json",
            "tests/data/lcov.info",
        ] {
            assert!(!wants(path), "{path}");
        }
    }

    #[test]
    fn every_default_name_of_a_format_is_a_glob() {
        for format in formats::ALL {
            for glob in format.globs() {
                assert!(GlobBuilder::new(glob).build().is_ok(), "{} {glob}", format.name());
                assert_eq!(**glob, *glob.to_ascii_lowercase(), "{}", format.name());
            }
        }
    }

    #[test]
    fn the_policy_names_files_anywhere_and_takes_files_out() {
        let policy = Policy {
            evidence_include: vec!["tests/fixtures/real.xml".into()],
            evidence_exclude: vec!["old/**".into()],
            ..Policy::default()
        };
        let (rules, problems) = Rules::new(&policy);
        assert_eq!(problems, []);
        let wants = |path: &str| rules.wants(&RepoPath::new(path).unwrap());
        assert!(wants("tests/fixtures/real.xml") && wants("junit.xml"));
        assert!(!wants("tests/fixtures/other.xml") && !wants("old/junit.xml") && !wants("a.rs"));
    }
}
