//! What the workflow files of a commit say of its checks: whether each of them can fail at all. A success that cannot be
//! anything else proves nothing.
//!
//! What is not found, or not understood, is no reason to doubt a check.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::pipeline::Job;
use crate::model::{Answer, At, CiFacts, Known, Question, RepoPath};
use crate::pipeline;
use crate::text::SourceText;

/// Workflow files that are looked at.
const MOST: usize = 60;

/// The workflow files of the checks, as they were in the commit.
pub(super) fn questions(facts: &CiFacts) -> Vec<Question> {
    let Some(commit) = &facts.commit else {
        return Vec::new();
    };
    let paths: BTreeSet<&str> = facts.checks.iter().map(|check| &*check.key.workflow).collect();
    paths
        .into_iter()
        .filter_map(RepoPath::new)
        .take(MOST)
        .map(|path| Question::Bytes(At::Commit(commit.clone()), path))
        .collect()
}

/// The facts with what the workflow files say of their checks.
pub(super) fn with_definitions(facts: &Arc<CiFacts>, known: &Known) -> Arc<CiFacts> {
    let mut files = Vec::new();
    for question in questions(facts) {
        if let Some(Answer::Bytes(Some(bytes))) = known.answer(&question)
            && let Question::Bytes(_, path) = question
        {
            files.push((path, SourceText::read(Arc::clone(bytes))));
        }
    }
    let pipelines = pipeline::read(&files);
    let never = |workflow: &str, name: &str| -> Option<Box<str>> {
        let pipeline = pipelines
            .iter()
            .find(|pipeline| pipeline.path.as_str() == workflow)?;
        let mut jobs = pipeline.jobs.iter().filter(|job| defines(job, name));
        let job = jobs.next()?;
        // Two definitions of one name: not known which one ran.
        if jobs.next().is_some() {
            return None;
        }
        let why = job.can_fail.never()?;
        Some(format!("{} (`{workflow}:{}`)", why.text, why.line).into())
    };
    let mut found: Vec<(usize, Box<str>)> = Vec::new();
    for (at, check) in facts.checks.iter().enumerate() {
        found.extend(never(&check.key.workflow, &check.key.name).map(|why| (at, why)));
    }
    if found.is_empty() {
        return Arc::clone(facts);
    }
    let mut facts = CiFacts::clone(facts);
    for (at, why) in found {
        if let Some(check) = facts.checks.get_mut(at) {
            check.cannot_fail = Some(why);
        }
    }
    Arc::new(facts)
}

/// Whether a check of this name is a job of this definition, perhaps one of its matrix.
fn defines(job: &Job, name: &str) -> bool {
    let called = |own: &str| {
        let rest = name.strip_prefix(own);
        rest.is_some_and(|rest| rest.is_empty() || (!job.matrix.is_empty() && rest.starts_with(" (")))
    };
    called(&job.name) || called(&job.key)
}
