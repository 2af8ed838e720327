//! Evidence files of a repository: found by name, tracked or not, ignored or not; recognised by content; read on several
//! threads. A file whose size and time did not change is not read again.
//!
//! Not here: what a file says (`formats`), of which commit it is (`evidence`). Invariants: a file that no format
//! recognises is no evidence and no problem; one that is recognised and cannot be read is evidence with its problem,
//! never nothing.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;

use crate::formats::{self, Family, Parsed};
use crate::model::{
    CommitId, Content, EvidenceFile, EvidenceKind, Policy, Problem, ProblemSeverity, RepoPath,
};
use crate::sources::files::{self, FileError};
use crate::text::ContentHash;

mod candidate;
mod choose;
mod walk;

pub use candidate::{CAP, Candidate, Refused};
pub use choose::Rules;

/// Files whose beginning is looked at.
const MOST_LOOKED_AT: usize = 8_000;
/// Evidence files that are read.
const MOST_READ: usize = 2_000;
/// Bytes of all evidence files together.
const MOST_BYTES: u64 = 2 << 30;
/// As many files are read at once; each may be large.
const MOST_AT_ONCE: usize = 4;

/// Where evidence may lie; paths only, nothing is opened yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Files that git tracks, by path.
    pub tracked: Vec<RepoPath>,
    /// Files that it does not.
    pub others: Vec<RepoPath>,
    /// Folders that it ignores as a whole; the empty top where there is no git.
    pub folders: Vec<RepoPath>,
    /// The whole folder is to be walked, because there is no git.
    pub everything: bool,
}

/// What was read of a repository's evidence, and what need not be read again.
#[derive(Debug, Default)]
pub struct Reader {
    known: HashMap<RepoPath, Known>,
}

#[derive(Debug, Clone)]
struct Known {
    size: u64,
    modified: Option<Timestamp>,
    tracked: bool,
    /// `None`: no evidence.
    file: Option<Arc<EvidenceFile>>,
}

/// The evidence of a repository.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// By path.
    pub files: Vec<Arc<EvidenceFile>>,
    /// What was not looked at.
    pub problems: Vec<Problem>,
}

impl Places {
    /// Takes in what another listing found.
    pub fn add(&mut self, more: Self) {
        self.tracked.extend(more.tracked);
        self.others.extend(more.others);
        self.folders.extend(more.folders);
        self.everything |= more.everything;
        for paths in [&mut self.tracked, &mut self.others, &mut self.folders] {
            paths.sort_unstable();
            paths.dedup();
        }
    }
}

impl Reader {
    /// Reads what is new or changed on `workers` threads.
    pub fn read(&mut self, root: &Path, places: &Places, policy: &Policy, workers: usize) -> Evidence {
        let (rules, mut problems) = Rules::new(policy);
        let (in_folders, found) = if places.everything {
            walk::everything(root, &rules)
        } else {
            walk::walk(root, &places.folders, &rules)
        };
        problems.extend(found);
        let tracked = places.tracked.iter().map(|path| (path, true));
        let others = places.others.iter().chain(&in_folders).map(|path| (path, false));
        let mut all: Vec<(&RepoPath, bool)> = tracked.chain(others).collect();
        // Files with a tool's own name come first, so that a limit never takes them.
        all.sort_by_cached_key(|(path, _)| (!choose::is_default_name(path.file_name()), *path));
        all.dedup_by(|later, kept| later.0 == kept.0);
        if all.len() > MOST_LOOKED_AT {
            problems.push(Problem {
                severity: ProblemSeverity::Warning,
                at: Box::default(),
                what: format!(
                    "only {MOST_LOOKED_AT} of {} files that might be evidence were looked at, those with a tool's own name first",
                    all.len()
                )
                .into(),
                hint: Some("name evidence in `evidence_files.include`, or take folders out with `exclude`, in `gonogo.toml`".into()),
            });
            all.truncate(MOST_LOOKED_AT);
        }
        let budget = Budget::default();
        let looked = in_parallel(&all, workers, |(path, tracked)| {
            self.look(root, path, *tracked, &rules, &budget)
        });
        let mut known = HashMap::with_capacity(all.len());
        let mut evidence = Evidence {
            files: Vec::new(),
            problems,
        };
        for ((path, _), looked) in all.iter().zip(looked) {
            let Some(looked) = looked else { continue };
            evidence.files.extend(looked.file.clone());
            known.insert((*path).clone(), looked);
        }
        if budget.files.load(Ordering::Relaxed) > MOST_READ {
            evidence.problems.push(Problem {
                severity: ProblemSeverity::Error,
                at: Box::default(),
                what: format!("there are more than {MOST_READ} evidence files, or more than {MOST_BYTES} bytes of them; the rest was not read").into(),
                hint: Some("take old ones out with `evidence_files.exclude` in `gonogo.toml`".into()),
            });
        }
        self.known = known;
        evidence.files.sort_unstable_by(|a, b| a.source.cmp(&b.source));
        evidence
    }

    /// One file: from memory where it did not change. `None` when it is gone or cannot be looked at.
    fn look(
        &self,
        root: &Path,
        path: &RepoPath,
        tracked: bool,
        rules: &Rules,
        budget: &Budget,
    ) -> Option<Known> {
        let whole = root.join(path.as_str());
        let metadata = std::fs::symlink_metadata(&whole).ok()?;
        if !metadata.is_file() {
            return None;
        }
        let modified = metadata
            .modified()
            .ok()
            .and_then(|at| Timestamp::try_from(at).ok());
        let size = metadata.len();
        let old = self.known.get(path).filter(|old| {
            old.size == size && old.modified == modified && modified.is_some() && old.tracked == tracked
        });
        if let Some(old) = old {
            return Some(old.clone());
        }
        let nothing = Known {
            size,
            modified,
            tracked,
            file: None,
        };
        let included = rules.is_included(path);
        let candidate = match Candidate::look(&whole, path.as_str()) {
            Ok(candidate) => candidate,
            // Nobody knows what it is; only a file that was named has to be readable.
            Err(message) if included => {
                return Some(nothing.with(unread(path, tracked, modified, None, message)));
            }
            Err(_) => return None,
        };
        let Some((format, sniff)) = candidate.format() else {
            return Some(nothing);
        };
        let sure =
            sniff >= formats::Sniff::Likely || included || choose::is_name_of(format, path.file_name());
        if !sure {
            return Some(nothing);
        }
        // A folder above it may be a link that leads elsewhere.
        if let Err(FileError::Link(_)) = files::inside(root, path) {
            return Some(nothing);
        }
        if !budget.take(size) {
            return None;
        }
        let file = candidate.read(|format, name, bytes| {
            let hash = ContentHash::of(bytes);
            let before = self.known.get(path).and_then(|old| old.file.as_ref());
            let content = match before.filter(|before| before.hash == hash) {
                Some(before) => before.content.clone(),
                None => content(path, formats::read_as(format, name, bytes)),
            };
            EvidenceFile {
                source: path.as_str().into(),
                path: Some(path.clone()),
                hash,
                format: format.name(),
                kind: kind(format.family()),
                tracked,
                modified,
                commit: None,
                content,
            }
        });
        let file = match file {
            Ok(Some(file)) => file,
            Ok(None) => return Some(nothing),
            Err(refused) => unread(
                path,
                tracked,
                modified,
                Some(refused.format.unwrap_or(format)),
                refused.message,
            ),
        };
        if is_bill_of_materials(&file) {
            return Some(nothing);
        }
        Some(nothing.with(file))
    }
}

/// CycloneDX lists what a product is made of; only with vulnerabilities in it is it the result of a scan.
fn is_bill_of_materials(file: &EvidenceFile) -> bool {
    let scanned = match &file.content {
        Ok(Content::Scan(report)) => report.ran || !report.findings.is_empty() || report.suppressed > 0,
        _ => true,
    };
    file.format == "cyclonedx" && !scanned
}

impl Known {
    fn with(self, file: EvidenceFile) -> Self {
        Self {
            file: Some(Arc::new(file)),
            ..self
        }
    }
}

/// What all evidence files together may cost.
#[derive(Default)]
struct Budget {
    files: AtomicUsize,
    bytes: std::sync::atomic::AtomicU64,
}

impl Budget {
    fn take(&self, size: u64) -> bool {
        let files = self.files.fetch_add(1, Ordering::Relaxed);
        let bytes = self.bytes.fetch_add(size.min(CAP), Ordering::Relaxed);
        let fits = files < MOST_READ && bytes < MOST_BYTES;
        if !fits {
            self.files.fetch_max(MOST_READ + 1, Ordering::Relaxed);
        }
        fits
    }
}

/// A file that lies in no repository, such as one of a CI artifact, as evidence of a commit; `None` when its content has
/// the shape of no format.
#[must_use]
pub fn of_bytes(
    source: &str,
    name: &RepoPath,
    bytes: &[u8],
    commit: &CommitId,
    made: Option<Timestamp>,
) -> Option<EvidenceFile> {
    let beginning = bytes.get(..formats::ENOUGH).unwrap_or(bytes);
    let (format, sniff) = formats::recognise(name.as_str(), beginning)?;
    if sniff < formats::Sniff::Likely && !choose::is_name_of(format, name.file_name()) {
        return None;
    }
    let file = EvidenceFile {
        source: source.into(),
        path: None,
        hash: ContentHash::of(bytes),
        format: format.name(),
        kind: kind(format.family()),
        tracked: false,
        modified: made,
        commit: Some(commit.clone()),
        content: content(name, formats::read_as(format, name.as_str(), bytes)),
    };
    (!is_bill_of_materials(&file)).then_some(file)
}

/// What kind of evidence a family of formats is.
#[must_use]
pub const fn kind(family: Family) -> EvidenceKind {
    match family {
        Family::Coverage => EvidenceKind::Coverage,
        Family::Scan => EvidenceKind::Scan,
        Family::Tests => EvidenceKind::Tests,
    }
}

/// What a reading says, as content of an evidence file; an error as a problem with its place.
fn content(path: &RepoPath, reading: formats::Reading) -> Result<Content, Problem> {
    match reading.result {
        Some(Ok(Parsed::Coverage(report))) => Ok(Content::Coverage(Arc::new(report))),
        Some(Ok(Parsed::Scan(report))) => Ok(Content::Scan(Arc::new(report))),
        Some(Ok(Parsed::Tests(report))) => Ok(Content::Tests(Arc::new(report))),
        Some(Err(error)) => {
            let at = match (error.line, error.column) {
                (Some(line), Some(column)) => format!("{path}:{line}:{column}"),
                (Some(line), None) => format!("{path}:{line}"),
                _ => path.to_string(),
            };
            Err(Problem {
                severity: ProblemSeverity::Error,
                at: at.into(),
                what: crate::text::clean::clean(&error.message).into(),
                hint: Some(
                    "run the tool again, or take the file out with `evidence_files.exclude` in `gonogo.toml`"
                        .into(),
                ),
            })
        }
        None => Err(Problem {
            severity: ProblemSeverity::Error,
            at: path.as_str().into(),
            what: "no format reads it".into(),
            hint: None,
        }),
    }
}

fn unread(
    path: &RepoPath,
    tracked: bool,
    modified: Option<Timestamp>,
    format: Option<&'static dyn formats::Format>,
    message: String,
) -> EvidenceFile {
    EvidenceFile {
        source: path.as_str().into(),
        path: Some(path.clone()),
        hash: ContentHash::default(),
        format: format.map_or("unknown", |format| format.name()),
        kind: format.map_or(EvidenceKind::Scan, |format| kind(format.family())),
        tracked,
        modified,
        commit: None,
        content: Err(Problem {
            severity: ProblemSeverity::Error,
            at: path.as_str().into(),
            what: message.into(),
            hint: None,
        }),
    }
}

/// Works on all items, several at once; the results are in the order of the items.
fn in_parallel<T: Sync, R: Send>(all: &[T], workers: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = all.get(at) else {
                return done;
            };
            done.push((at, work(item)));
        }
    };
    let workers = workers.clamp(1, MOST_AT_ONCE).min(all.len().max(1));
    let mut results = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(run)).collect();
        let mut results = run();
        for other in others {
            match other.join() {
                Ok(done) => results.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    });
    results.sort_unstable_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
