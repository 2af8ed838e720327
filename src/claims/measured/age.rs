//! Whether a result that speaks against a sentence is about the code that the sentence was written for.

use crate::claims::Scene;
use crate::model::{Answer, Binding, Bound, CommitId, Question, Relation, RepoPath};
use crate::verdict::demands::is_current;

/// Asks what [`against`] may need, before there is evidence to need it: evidence is gathered when the questions are over.
pub(super) fn ask(scene: &Scene<'_>) {
    if let Some(commit) = scene.written {
        let _ = scene.answer(Question::ChangedSince(commit.id.clone()));
    }
}

/// Whether a bad result refutes what was written at the scene's line: when it speaks of HEAD, when it is younger than the
/// sentence, or when nothing but documents and results changed between the two. A doubt in words otherwise; `None` while
/// an answer is missing.
pub(super) fn against(bound: &Bound, scene: &Scene<'_>) -> Option<Result<(), String>> {
    if is_current(bound) {
        return Some(Ok(()));
    }
    let source = &bound.file.source;
    let old = |why: &str| Some(Err(format!("`{source}` {why}")));
    let (Some(commit), Some(distance)) = (&bound.commit, distance(bound.binding)) else {
        return old("belongs to no commit of this history");
    };
    let written = scene.written.and_then(|commit| match commit.relation {
        Relation::Head => Some((&commit.id, 0)),
        Relation::Ancestor(commits) => Some((&commit.id, commits)),
        Relation::Descendant | Relation::Unrelated => None,
    });
    if written.is_some_and(|(_, written)| distance <= written) {
        return Some(Ok(()));
    }
    let changed = |commit: &CommitId| {
        Some(match scene.answer(Question::ChangedSince(commit.clone()))? {
            Answer::Paths(paths) => Some(paths),
            _ => None,
        })
    };
    let Some(since_result) = changed(commit)? else {
        return old("is of an older commit, and what changed since is not known");
    };
    let since_sentence: &[RepoPath] = match written {
        Some((commit, _)) => match changed(commit)? {
            Some(paths) => paths,
            None => return old("is of an older commit, and what changed since is not known"),
        },
        // It is not committed: everything changed before it.
        None => &[],
    };
    let results = &scene.gathered().files;
    let harmless = |path: &RepoPath| {
        let text = path.as_str();
        let prose = [".md", ".markdown", ".rst", ".txt", ".adoc"];
        prose.iter().any(|end| text.to_ascii_lowercase().ends_with(end))
            || results.iter().any(|bound| bound.file.path.as_ref() == Some(path))
    };
    let mut between = since_result
        .iter()
        .filter(|path| since_sentence.binary_search(path).is_err() && !harmless(path));
    match between.next() {
        None => Some(Ok(())),
        Some(path) => old(&format!(
            "is older than the sentence, and `{path}` changed between them"
        )),
    }
}

const fn distance(binding: Binding) -> Option<u32> {
    match binding {
        Binding::Exact | Binding::Dirty => Some(0),
        Binding::Ancestor { commits, .. } => Some(commits),
        Binding::Descendant | Binding::Unrelated | Binding::Unbound => None,
    }
}
