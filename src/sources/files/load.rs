//! Every document of a listing, read and understood on several threads. Holds one document's bytes a thread.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::read::{DOCUMENT_CAP, FileError, folder_inside, not_a_link, read};
use super::{Candidate, Listing};
use crate::engine::read_document;
use crate::model::{Problem, ProblemSeverity, Report};

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Documents read.
    pub read: u32,
    /// Documents of the listing.
    pub found: u32,
}

/// Documents between two calls of the progress function.
const STEP: usize = 64;

/// Reads every document of the listing on `workers` threads. Reports come in the order of the listing.
#[must_use]
pub fn load(
    listing: &Listing,
    workers: usize,
    progress: &(dyn Fn(Progress) + Sync),
) -> (Vec<Report>, Vec<Problem>) {
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let folders: Mutex<HashMap<&str, Result<(), FileError>>> = Mutex::new(HashMap::new());
    let all = &listing.markdown;
    let work = || {
        let mut own = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(candidate) = all.get(at) else {
                return own;
            };
            let folder = candidate.path.folder();
            let inside = match folders.lock() {
                Ok(mut known) => known
                    .entry(folder)
                    .or_insert_with(|| folder_inside(&listing.root, folder))
                    .clone(),
                Err(_) => folder_inside(&listing.root, folder),
            };
            own.push((at, understand(inside, &listing.root, candidate)));
            let read = done.fetch_add(1, Ordering::Relaxed) + 1;
            if read.is_multiple_of(STEP) || read == all.len() {
                progress(Progress {
                    read: super::count(read),
                    found: super::count(all.len()),
                });
            }
        }
    };
    let workers = workers.clamp(1, all.len().max(1));
    let mut results = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut results = work();
        for other in others {
            results.extend(other.join().unwrap_or_default());
        }
        results
    });
    results.sort_unstable_by_key(|(at, _)| *at);
    let (mut reports, mut problems) = (Vec::with_capacity(results.len()), Vec::new());
    for (_, result) in results {
        match result {
            Ok(report) => reports.push(report),
            Err(problem) => problems.push(problem),
        }
    }
    (reports, problems)
}

/// Reads one document of the repository.
///
/// # Errors
/// A problem in words when it cannot be read.
pub fn read_candidate(root: &Path, candidate: &Candidate) -> Result<Report, Problem> {
    understand(folder_inside(root, candidate.path.folder()), root, candidate)
}

fn understand(inside: Result<(), FileError>, root: &Path, candidate: &Candidate) -> Result<Report, Problem> {
    let whole = root.join(candidate.path.as_str());
    let bytes = inside
        .and_then(|()| not_a_link(&whole))
        .and_then(|()| read(&whole, DOCUMENT_CAP));
    let (bytes, truncated) = bytes.map_err(|error| unread(candidate, &error))?;
    let path = candidate.path.clone();
    // Nothing that a broken reader may leave behind outlives this call.
    let read = catch_unwind(AssertUnwindSafe(|| {
        read_document(path, bytes, candidate.counts, truncated)
    }));
    read.map_err(|_| Problem {
        severity: ProblemSeverity::Error,
        at: candidate.path.as_str().into(),
        what: "a bug in the reader: the document was left out".into(),
        hint: Some("please report it with this document".into()),
    })
}

fn unread(candidate: &Candidate, error: &FileError) -> Problem {
    let (severity, hint) = match error {
        FileError::Missing(_) if candidate.tracked => (
            ProblemSeverity::Warning,
            Some("git tracks it, but the working tree lacks it: `git restore` brings it back"),
        ),
        FileError::Missing(_) => (ProblemSeverity::Note, None),
        FileError::Link(_) => (
            ProblemSeverity::Warning,
            Some("a link may lead out of the repository: put the document itself there"),
        ),
        _ => (ProblemSeverity::Error, None),
    };
    Problem {
        severity,
        at: candidate.path.as_str().into(),
        what: format!("the document was not read: {error}").into(),
        hint: hint.map(Into::into),
    }
}
