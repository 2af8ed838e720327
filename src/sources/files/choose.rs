//! Which paths are worth reading: Markdown, not vendored, not generated, and what the configuration says.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::Candidate;
use crate::model::{Policy, Problem, ProblemSeverity, RepoPath};

const MARKDOWN: [&str; 5] = ["md", "markdown", "mdown", "mkd", "mdx"];

/// Folders whose documents speak of something else than this repository.
const FOLDERS: [(&str, &[&str]); 3] = [
    (
        "vendored",
        &[
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
        ],
    ),
    (
        "generated",
        &[
            "target",
            "dist",
            "build",
            "_build",
            "out",
            "coverage",
            "htmlcov",
            ".next",
            ".nuxt",
            ".output",
            ".svelte-kit",
            ".parcel-cache",
            ".cache",
            ".gradle",
            ".terraform",
            "__pycache__",
            "_site",
            ".docusaurus",
            "bazel-out",
        ],
    ),
    (
        "test data",
        &[
            "testdata",
            "test-data",
            "test_data",
            "fixtures",
            "__fixtures__",
            "__snapshots__",
            "__mocks__",
        ],
    ),
];

/// What becomes of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Read it; what the configuration says of it.
    Read(Option<bool>),
    /// A document, left out, and why.
    LeftOut(&'static str),
    /// No document.
    Other,
}

/// The rules of one policy, compiled.
#[derive(Debug, Clone)]
pub struct Chooser {
    include: GlobSet,
    exclude: GlobSet,
    /// An `include` glob names `.txt` files.
    text: bool,
}

impl Chooser {
    /// Compiles the policy's globs. A glob without `/` fits at any depth, one that ends with `/` everything below.
    #[must_use]
    pub fn new(policy: &Policy) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut set = |name: &str, globs: &[String]| {
            let mut builder = GlobSetBuilder::new();
            for glob in globs {
                for form in forms(glob) {
                    match GlobBuilder::new(&form).literal_separator(true).build() {
                        Ok(glob) => {
                            builder.add(glob);
                        }
                        Err(error) => {
                            problems.push(bad_glob(name, glob, &error));
                            break;
                        }
                    }
                }
            }
            builder.build().unwrap_or_else(|error| {
                problems.push(bad_glob(name, &globs.join(", "), &error));
                GlobSet::empty()
            })
        };
        let chooser = Self {
            include: set("include", &policy.include),
            exclude: set("exclude", &policy.exclude),
            text: !policy.include.is_empty(),
        };
        (chooser, problems)
    }

    /// A quick look that spares most paths everything else.
    #[must_use]
    pub fn may_be_document(&self, path: &[u8]) -> bool {
        let start = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
        let name = path.get(start..).unwrap_or_default();
        let Some(dot) = memchr::memrchr(b'.', name) else {
            return false;
        };
        let ending = name.get(dot + 1..).unwrap_or_default();
        let is = |known: &str| ending.eq_ignore_ascii_case(known.as_bytes());
        MARKDOWN.into_iter().any(is) || (self.text && is("txt"))
    }

    /// What becomes of a path.
    #[must_use]
    pub fn choose(&self, path: &RepoPath) -> Choice {
        let text = path.as_str();
        if !self.may_be_document(text.as_bytes()) {
            return Choice::Other;
        }
        let included = self.include.is_match(text);
        let is_text = text.to_ascii_lowercase().ends_with(".txt");
        if is_text && !included {
            return Choice::Other;
        }
        if self.exclude.is_match(text) {
            return Choice::LeftOut("excluded by `gonogo.toml`");
        }
        if included {
            return Choice::Read(Some(true));
        }
        path.folder()
            .split('/')
            .find_map(left_out_folder)
            .map_or(Choice::Read(None), Choice::LeftOut)
    }

    /// Puts a path where it belongs.
    pub(super) fn place(
        &self,
        path: RepoPath,
        tracked: bool,
        (markdown, left_out): (&mut Vec<Candidate>, &mut Vec<(RepoPath, &'static str)>),
    ) {
        match self.choose(&path) {
            Choice::Read(counts) => markdown.push(Candidate {
                path,
                counts,
                tracked,
            }),
            Choice::LeftOut(why) => left_out.push((path, why)),
            Choice::Other => {}
        }
    }

    /// Whether a folder need not be entered at all; never when the configuration may name something inside.
    pub(super) fn skips_folder(&self, name: &str) -> Option<&'static str> {
        if self.include.is_empty() {
            left_out_folder(name)
        } else {
            None
        }
    }
}

fn left_out_folder(name: &str) -> Option<&'static str> {
    FOLDERS
        .into_iter()
        .find(|(_, names)| names.contains(&name))
        .map(|(why, _)| why)
}

fn forms(glob: &str) -> Vec<String> {
    let glob = glob.trim_start_matches("./");
    let whole = match glob.strip_suffix('/') {
        Some(folder) => format!("{folder}/**"),
        None => glob.to_owned(),
    };
    let anchored = whole.strip_prefix('/').map(str::to_owned);
    let bare = !glob.trim_end_matches('/').contains('/');
    match anchored {
        Some(anchored) => vec![anchored],
        None if bare => vec![format!("**/{whole}"), whole],
        None => vec![whole],
    }
}

fn bad_glob(name: &str, glob: &str, error: &globset::Error) -> Problem {
    Problem {
        severity: ProblemSeverity::Error,
        at: "gonogo.toml".into(),
        what: format!("`{name}`: `{glob}` is no glob: {}", error.kind()).into(),
        hint: Some("a glob looks like `docs/**/*.md`; it was left out of this run".into()),
    }
}
