//! Files of a repository.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::read_document;
use crate::model::{Policy, Problem, RepoPath, Report, Repository, Truncated};

/// What a repository holds.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The top folder.
    pub root: PathBuf,
    /// Facts of the repository.
    pub repository: Repository,
    /// Markdown files.
    pub markdown: Vec<Candidate>,
    /// Markdown files that are not looked at, and why.
    pub left_out: Vec<(RepoPath, &'static str)>,
    /// What went wrong.
    pub problems: Vec<Problem>,
}

/// A Markdown file.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Where.
    pub path: RepoPath,
    /// What the configuration says of it.
    pub counts: Option<bool>,
    /// Known to git.
    pub tracked: bool,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Read so far.
    pub read: u32,
    /// Found.
    pub found: u32,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// By the system.
    #[error("`{path}` cannot be read: {error}")]
    Io {
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A folder, device or pipe.
    #[error("`{0}` is no regular file")]
    NotAFile(String),
}

/// Lists a repository.
#[must_use]
pub fn list(root: &Path, _policy: &Policy) -> Listing {
    let mut listing = Listing {
        root: root.to_owned(),
        ..Listing::default()
    };
    listing.repository.name = root.file_name().unwrap_or_default().to_string_lossy().into();
    listing.repository.git = root.join(".git").exists();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root.join(&folder))
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == ".git" {
                continue;
            }
            let path = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            if entry.path().is_dir() {
                folders.push(path);
                continue;
            }
            listing.repository.files += 1;
            if path.ends_with(".md")
                && let Some(path) = RepoPath::new(&path)
            {
                listing.repository.markdown += 1;
                listing.markdown.push(Candidate {
                    path,
                    counts: None,
                    tracked: true,
                });
            }
        }
    }
    listing
}

/// Reads a regular file up to a cap.
///
/// # Errors
/// When it cannot be read.
pub fn read(path: &Path, cap: u64) -> Result<(Arc<[u8]>, Option<Truncated>), FileError> {
    let io = |error| FileError::Io {
        path: path.display().to_string(),
        error,
    };
    let meta = std::fs::metadata(path).map_err(io)?;
    if !meta.is_file() {
        return Err(FileError::NotAFile(path.display().to_string()));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(io)?;
    file.take(cap).read_to_end(&mut bytes).map_err(io)?;
    let truncated = (meta.len() > cap).then_some(Truncated {
        read: cap,
        size: meta.len(),
    });
    Ok((bytes.into(), truncated))
}

/// Reads every Markdown file of a listing.
pub fn load(
    listing: &Listing,
    _workers: usize,
    _each: &(dyn Fn(Progress) + Sync),
) -> (Vec<Report>, Vec<Problem>) {
    let reports = listing.markdown.iter().filter_map(|candidate| {
        let (bytes, truncated) = read(&listing.root.join(candidate.path.as_str()), 1 << 24).ok()?;
        Some(read_document(
            candidate.path.clone(),
            bytes,
            candidate.counts,
            truncated,
        ))
    });
    (reports.collect(), Vec::new())
}
