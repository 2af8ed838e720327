//! The files in which a repository has decided already: coverage targets of `codecov.yml`, waivers of its tools.
//!
//! Not here: reading a file of either kind ([`codecov`], [`waivers`]), and the disk: questions go out, answers come in.
//! Invariant: a file that could not be read is told, and never makes a verdict better.

use super::waivers::Waivers;
use super::{codecov, waivers};
use crate::model::{Answer, At, CoverageTarget, Known, Problem, ProblemSeverity, Question, RepoPath};
use crate::text::SourceText;

/// What those files say together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imports {
    /// Targets of `codecov.yml`.
    pub targets: Vec<CoverageTarget>,
    /// Problems of `codecov.yml`.
    pub problems: Vec<Problem>,
    /// Waivers, with their own problems.
    pub waivers: Waivers,
}

/// So many files with waivers are read; no repository has more.
const MOST: usize = 200;

/// What has to be known for [`read`].
#[must_use]
pub fn questions(known: &Known) -> Vec<Question> {
    let mut all = vec![Question::Files(At::Worktree)];
    let (coverage, named) = files(known);
    let wanted = coverage.into_iter().chain(named);
    all.extend(wanted.map(|path| Question::Bytes(At::Worktree, path)));
    all
}

/// Reads what was answered.
#[must_use]
pub fn read(known: &Known) -> Imports {
    let mut imports = Imports::default();
    let (coverage, named) = files(known);
    if let Some(path) = coverage {
        match source(known, &path) {
            Ok(Some(source)) => {
                let read = codecov::read(&path, &source);
                imports.targets = read.targets;
                imports.problems = read.problems;
            }
            Ok(None) => {}
            Err(why) => imports.problems.push(unread(&path, &why, ProblemSeverity::Error)),
        }
    }
    for path in named {
        match source(known, &path) {
            Ok(Some(source)) => {
                let read = waivers::read(&path, &source);
                imports.waivers.rules.extend(read.rules);
                imports.waivers.problems.extend(read.problems);
            }
            Ok(None) => {}
            Err(why) => {
                let problem = unread(&path, &why, ProblemSeverity::Warning);
                imports.waivers.problems.push(problem);
            }
        }
    }
    imports
}

/// The `codecov.yml` that counts, and the files with waivers.
fn files(known: &Known) -> (Option<RepoPath>, Vec<RepoPath>) {
    let Some(Answer::Paths(paths)) = known.answer(&Question::Files(At::Worktree)) else {
        return (None, Vec::new());
    };
    let named = paths.iter().filter(|path| waivers::is_named(path)).take(MOST);
    (codecov::find(paths).cloned(), named.cloned().collect())
}

/// The text of a file; nothing when it is gone.
fn source(known: &Known, path: &RepoPath) -> Result<Option<SourceText>, String> {
    match known.answer(&Question::Bytes(At::Worktree, path.clone())) {
        Some(Answer::Bytes(bytes)) => Ok(bytes.clone().map(SourceText::read)),
        Some(Answer::Unknown(why)) => Err(why.to_string()),
        Some(_) | None => Err("it was not read yet".to_owned()),
    }
}

fn unread(path: &RepoPath, why: &str, severity: ProblemSeverity) -> Problem {
    Problem {
        severity,
        at: path.as_str().into(),
        what: format!("the file could not be read, so what it decides is unknown: {why}").into(),
        hint: None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    #[test]
    fn files_are_asked_for_once_they_are_known_and_what_was_not_read_is_told() {
        let mut known = Known::default();
        assert_eq!(questions(&known), [Question::Files(At::Worktree)]);
        assert_eq!(read(&known), Imports::default());

        let names = [".trivyignore", "a.rs", "codecov.yml", "web/.snyk"];
        let all: Arc<[RepoPath]> = names.iter().map(|name| path(name)).collect();
        known.learn(Question::Files(At::Worktree), Answer::Paths(all));
        let bytes = |name: &str| Question::Bytes(At::Worktree, path(name));
        assert_eq!(
            questions(&known)[1..],
            [bytes("codecov.yml"), bytes(".trivyignore"), bytes("web/.snyk")]
        );
        let unread = read(&known);
        assert_eq!(
            unread.problems[0].severity,
            ProblemSeverity::Error,
            "its targets could stop a release"
        );
        assert_eq!(unread.waivers.problems.len(), 2);

        let answer = |text: &str| Answer::Bytes(Some(Arc::from(text.as_bytes())));
        known.learn(
            bytes("codecov.yml"),
            answer("coverage: {status: {project: {default: {target: 80%}}}}"),
        );
        known.learn(bytes(".trivyignore"), answer("CVE-1\n"));
        known.learn(bytes("web/.snyk"), Answer::Bytes(None));
        let read = read(&known);
        assert_eq!((read.targets.len(), read.waivers.rules.len()), (1, 1));
        assert_eq!((read.problems, read.waivers.problems), (Vec::new(), Vec::new()));
    }
}
