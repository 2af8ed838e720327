//! `codecov.yml`: the coverage statuses of a repository as targets.
//!
//! What Codecov holds against an earlier commit (`auto`, `patch`) or against an upload (a flag without paths) cannot be
//! judged from reports alone: such a target is kept, advises, and says why. A threshold lowers its target, as it does
//! there. Not here: notifications, comments, carried-forward uploads. Invariant: any text gives targets or problems; a
//! status that was not understood is told, never dropped in silence.

mod patterns;
mod status;
#[cfg(test)]
mod tests;

use patterns::Patterns;
use status::Status;

use crate::model::{CoverageTarget, Problem, ProblemSeverity, RepoPath};
use crate::text::SourceText;
use crate::text::yaml::{self, Node};

/// What a `codecov.yml` comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codecov {
    /// Its statuses, in the order of the file.
    pub targets: Vec<CoverageTarget>,
    /// What was not understood.
    pub problems: Vec<Problem>,
}

/// Where Codecov looks for its file, the first that exists counts.
const PLACES: [&str; 12] = [
    "codecov.yml",
    ".codecov.yml",
    "codecov.yaml",
    ".codecov.yaml",
    ".github/codecov.yml",
    ".github/.codecov.yml",
    ".github/codecov.yaml",
    ".github/.codecov.yaml",
    "dev/codecov.yml",
    "dev/.codecov.yml",
    "dev/codecov.yaml",
    "dev/.codecov.yaml",
];

/// Of several files the one that Codecov takes; `paths` are those of the repository, sorted.
#[must_use]
pub fn find(paths: &[RepoPath]) -> Option<&RepoPath> {
    PLACES
        .iter()
        .find_map(|place| paths.binary_search_by(|path| path.as_str().cmp(place)).ok())
        .and_then(|at| paths.get(at))
}

/// Reads a file.
#[must_use]
pub fn read(path: &RepoPath, source: &SourceText) -> Codecov {
    let mut file = File {
        path,
        ignore: Patterns::default(),
        made: Codecov::default(),
    };
    match yaml::parse(source) {
        Ok(documents) => {
            if let Some(root) = documents.first() {
                file.root(root);
            }
        }
        Err(error) => file.made.problems.push(Problem {
            // Its targets are lost, and with them what they would have stopped.
            severity: ProblemSeverity::Error,
            at: format!("{path}:{}:{}", error.line, error.column).into(),
            what: format!(
                "the file could not be read, so its coverage targets are unknown: {}",
                error.message
            )
            .into(),
            hint: None,
        }),
    }
    file.made
}

/// A file while it is read.
struct File<'a> {
    path: &'a RepoPath,
    /// `ignore`: left out of every target.
    ignore: Patterns,
    made: Codecov,
}

impl File<'_> {
    fn root(&mut self, root: &Node) {
        if let Some(ignore) = root.get("ignore") {
            self.ignore = self.patterns(ignore);
        }
        if let Some(statuses) = root.at(&["coverage", "status"]) {
            self.statuses(root, statuses);
        }
        for (section, list, named) in [
            ("component_management", "individual_components", "component"),
            ("flag_management", "individual_flags", "flag"),
        ] {
            let Some(management) = root.get(section) else {
                continue;
            };
            let rules = management.get("default_rules");
            for part in management.get(list).map(Node::items).unwrap_or_default() {
                self.part(part, rules, named);
            }
        }
    }

    /// `coverage.status`.
    fn statuses(&mut self, root: &Node, statuses: &Node) {
        let on = statuses.bool_of_yaml_1_1();
        for (kind, named) in [("project", "project"), ("patch", "patch")] {
            let whole = Status::bare(kind);
            match (on, statuses.entry(kind)) {
                (Some(true), _) => self.push(whole, named, statuses.line),
                (Some(false), _) | (None, None) => {}
                (None, Some(entry)) => match entry.value.bool_of_yaml_1_1() {
                    Some(true) => self.push(whole, named, entry.line),
                    Some(false) => {}
                    None if entry.value.str() == Some("default") => self.push(whole, named, entry.line),
                    None => self.named(root, kind, &entry.value),
                },
            }
        }
        if on.is_none() && statuses.entries().is_empty() && !statuses.is_null() {
            self.unclear(
                statuses.line,
                "`coverage.status` is neither a switch nor a mapping",
            );
        }
    }

    /// The statuses of one kind by name.
    fn named(&mut self, root: &Node, kind: &'static str, statuses: &Node) {
        if statuses.is_null() {
            return;
        }
        if statuses.entries().is_empty() {
            let what = format!("`{kind}` is neither a switch nor a mapping");
            self.unclear(statuses.line, &what);
            return;
        }
        // `target` where a name should stand: Codecov refuses such a file; what was meant is plain.
        if statuses
            .entry("target")
            .is_some_and(|entry| entry.value.scalar().is_some())
        {
            self.note(
                statuses.line,
                &format!("`target` stands where the name of a status should stand, such as `{kind}: default: target:`; it is read as that"),
            );
            let status = self.status(kind, root, statuses);
            self.push(status, kind, statuses.line);
            return;
        }
        for entry in statuses.entries() {
            let name = if &*entry.key == "default" {
                kind
            } else {
                &*entry.key
            };
            let switched = entry.value.bool_of_yaml_1_1();
            let status = match switched {
                Some(false) => continue,
                Some(true) => Status::bare(kind),
                None if entry.value.is_null() => Status::bare(kind),
                None if entry.value.entries().is_empty() => {
                    let what = format!("the status `{name}` is neither a switch nor a mapping");
                    self.unclear(entry.line, &what);
                    continue;
                }
                None => self.status(kind, root, &entry.value),
            };
            self.push(status, name, entry.line);
        }
    }

    /// A component or a flag with its own statuses, or those of the default rules.
    fn part(&mut self, part: &Node, rules: Option<&Node>, what: &str) {
        let name = ["component_id", "name"]
            .into_iter()
            .find_map(|key| part.get(key).and_then(Node::str));
        let Some(name) = name else {
            let words = format!("a {what} has no name");
            self.unclear(part.line, &words);
            return;
        };
        let paths = part.get("paths").map(|paths| self.patterns(paths));
        let inherited = rules.and_then(|rules| rules.get("paths"));
        let paths = paths.unwrap_or_else(|| inherited.map(|paths| self.patterns(paths)).unwrap_or_default());
        let ignore = part
            .get("ignore")
            .map(|ignore| self.patterns(ignore))
            .unwrap_or_default();
        let statuses = part
            .get("statuses")
            .or_else(|| rules.and_then(|rules| rules.get("statuses")));
        for status in statuses.map(Node::items).unwrap_or_default() {
            let kind = match status.get("type").and_then(Node::str) {
                Some("patch") => "patch",
                Some("changes") => continue,
                // Codecov has no other default.
                _ => "project",
            };
            let mut read = Status::read(kind, status, &mut |line, what| {
                self.made.problems.push(problem(self.path, line, what));
            });
            if paths.is_empty() && what == "flag" {
                read.cannot("is of what was uploaded with this flag, which has no paths");
            } else if paths.is_empty() {
                read.cannot("is of a component without paths");
            }
            read.paths = paths.clone();
            read.except.extend(&ignore);
            let line = status.line;
            self.push(read, name, line);
        }
    }

    /// A status with its flags resolved to paths.
    fn status(&mut self, kind: &'static str, root: &Node, node: &Node) -> Status {
        let mut status = Status::read(kind, node, &mut |line, what| {
            self.made.problems.push(problem(self.path, line, what));
        });
        if let Some(paths) = node.get("paths") {
            status.paths = self.patterns(paths);
        }
        for flag in node.get("flags").map(Node::one_or_more).unwrap_or_default() {
            let Some(flag) = flag.str() else { continue };
            let paths = flag_paths(root, flag).map(|paths| self.patterns(paths));
            match paths.filter(|paths| !paths.is_empty()) {
                Some(paths) => status.paths.extend(&paths),
                None => status.cannot("is of what was uploaded with a flag, which has no paths"),
            }
        }
        status
    }

    fn patterns(&mut self, list: &Node) -> Patterns {
        let mut patterns = Patterns::default();
        for node in list.one_or_more() {
            match node.str() {
                Some(pattern) => {
                    if let Err(why) = patterns.take(pattern) {
                        self.unclear(node.line, &why);
                    }
                }
                None => self.unclear(node.line, "a path is no text"),
            }
        }
        patterns
    }

    fn push(&mut self, status: Status, name: &str, line: u32) {
        let source = format!("{}:{line}", self.path);
        if let Some(target) = status.target(name, source, &self.ignore) {
            self.made.targets.push(target);
        }
    }

    /// Something was lost that could have stopped a release.
    fn unclear(&mut self, line: u32, what: &str) {
        self.made.problems.push(problem(self.path, line, what));
    }

    fn note(&mut self, line: u32, what: &str) {
        self.made.problems.push(Problem {
            severity: ProblemSeverity::Note,
            ..problem(self.path, line, what)
        });
    }
}

fn problem(path: &RepoPath, line: u32, what: &str) -> Problem {
    Problem {
        severity: ProblemSeverity::Warning,
        at: format!("{path}:{line}").into(),
        what: what.into(),
        hint: None,
    }
}

/// The paths of a flag, by either of the two ways to define one.
fn flag_paths<'n>(root: &'n Node, flag: &str) -> Option<&'n Node> {
    let old = root.get("flags").and_then(|flags| flags.get(flag));
    let new = root
        .at(&["flag_management", "individual_flags"])
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .find(|part| part.get("name").and_then(Node::str) == Some(flag));
    old.into_iter().chain(new).find_map(|part| part.get("paths"))
}
