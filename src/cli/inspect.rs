//! `gonogo inspect`: needs no repository and no configuration.

use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::args::{Global, ListFormat};
use super::evidence;
use super::{Failure, Print};
use crate::config::{ColorChoice, Settings};
use crate::engine::read_document;
use crate::model::RepoPath;
use crate::output::inspect::{self as output, Inspected, What};
use crate::sources::evidence::Candidate;
use crate::sources::{files, git};
use crate::text::Encoding;

/// Endings that say Markdown.
const MARKDOWN: &[&str] = &["md", "markdown", "mdown", "mkd", "mkdn", "mdwn", "mdx"];
/// Endings of plain text that may be Markdown.
const TEXT: &[&str] = &["txt", "text"];
/// Zero bytes this near the beginning say that a file is no text.
const HEAD: usize = 8 << 10;
/// As many files are read at once; each may be large.
const MOST_AT_ONCE: usize = 4;
/// Folders deeper than this are not entered.
const DEEPEST: usize = 64;
/// As many files as one walk gives.
const MOST_FILES: usize = 200_000;
/// Folders that hold other people's files or generated ones; looked into when they are named.
const LEFT_OUT: &[&str] = &[".git", "node_modules", "target", "vendor", ".venv", "__pycache__"];

/// Says what each file was recognised as and what it yields.
pub fn inspect(
    global: &Global,
    paths: &[PathBuf],
    format: ListFormat,
    print: &mut Print,
) -> Result<u8, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let found = walk(path);
            if found.len() >= MOST_FILES {
                print.note(&format!(
                    "warning: only {MOST_FILES} files of `{}` were looked at",
                    path.display()
                ));
            }
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = HashSet::new();
    files.retain(|path| seen.insert(path.clone()));

    let inspected = look_at_all(&files);
    let mut settings = Settings::default();
    settings.look.color = global.color.unwrap_or(ColorChoice::Auto);
    let style = print.style(&settings);
    match format {
        ListFormat::Text => output::text(print.out(), &inspected, style)?,
        ListFormat::Json => output::json(print.out(), &inspected)?,
    }
    let failed = inspected.iter().any(Inspected::failed);
    Ok(u8::from(failed))
}

/// Every file below a folder, in the order of names. Links to folders are not followed.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            // It stays in the list, so that it is told that it cannot be read.
            files.push(folder);
            continue;
        };
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        let mut inner = Vec::new();
        for entry in entries {
            let path = entry.path();
            let path = path.strip_prefix(".").map_or(path.clone(), Path::to_path_buf);
            let Ok(kind) = entry.file_type() else {
                files.push(path);
                continue;
            };
            if kind.is_dir() {
                let left_out = entry
                    .file_name()
                    .to_str()
                    .is_some_and(|name| LEFT_OUT.contains(&name));
                if !left_out && depth < DEEPEST {
                    inner.push((path, depth + 1));
                }
            } else if kind.is_file() || (kind.is_symlink() && path.is_file()) {
                files.push(path);
            }
            if files.len() >= MOST_FILES {
                return files;
            }
        }
        folders.extend(inner.into_iter().rev());
    }
    files
}

/// Looks at every file, several at once; the answers are in the order of the files.
fn look_at_all(files: &[PathBuf]) -> Vec<Inspected> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = cores.min(MOST_AT_ONCE).min(files.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = files.get(number) else {
                return done;
            };
            done.push((number, look_at(path)));
        }
    };
    if workers <= 1 {
        return work().into_iter().map(|(_, inspected)| inspected).collect();
    }
    let mut all = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, inspected)| inspected).collect()
}

fn look_at(path: &Path) -> Inspected {
    let what = if has_ending(path, MARKDOWN) {
        document(path)
    } else {
        other(path)
    };
    Inspected {
        path: path.to_string_lossy().into_owned(),
        what,
    }
}

fn document(path: &Path) -> What {
    let (bytes, truncated) = match files::read(path, files::DOCUMENT_CAP) {
        Ok(read) => read,
        Err(error) => return What::Error(error.to_string()),
    };
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let holes = head.contains(&0);
    let report = read_document(place_of(path), bytes, None, truncated);
    if holes && !matches!(report.encoding, Encoding::Utf16 { .. }) {
        return What::Error(format!("`{}` is no text: it holds zero bytes", path.display()));
    }
    What::Markdown(Box::new(report))
}

/// A file whose name does not say Markdown: what a tool wrote, or plain text that holds a report.
fn other(path: &Path) -> What {
    let candidate = match Candidate::look(path, &path.to_string_lossy()) {
        Ok(candidate) => candidate,
        Err(message) => return What::Error(message),
    };
    let may_be_text = path.extension().is_none() || has_ending(path, TEXT);
    if may_be_text && !candidate.is_likely() {
        // A file without a known ending may also be no text at all, and nobody said that it would be.
        if let What::Markdown(report) = document(path)
            && (report.recognition.counts || !report.items.is_empty())
        {
            return What::Markdown(report);
        }
    }
    evidence::read(candidate)
}

fn has_ending(path: &Path, known: &[&str]) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| known.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The path by which items are known: inside its repository where there is one, so that a uid is the same
/// everywhere; otherwise as it was typed, or its name.
fn place_of(path: &Path) -> RepoPath {
    let in_repository = || {
        let file = path.canonicalize().ok()?;
        let layout = git::find_root(file.parent()?)?;
        joined(file.strip_prefix(layout.root.canonicalize().ok()?).ok()?)
    };
    in_repository()
        .or_else(|| joined(path))
        .or_else(|| joined(Path::new(path.file_name()?)))
        .or_else(|| RepoPath::new("document"))
        .unwrap_or_else(|| unreachable!("`document` is a path"))
}

fn joined(path: &Path) -> Option<RepoPath> {
    let parts: Option<Vec<&str>> = path
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    RepoPath::new(&parts?.join("/"))
}
