//! `gonogo inspect`: needs no repository and no configuration.

use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::args::{Global, ListFormat};
use super::{Failure, Print};
use crate::config::{ColorChoice, Settings};
use crate::engine::read_document;
use crate::model::RepoPath;
use crate::output::inspect::{self as output, Inspected, What};
use crate::sources::{files, git};
use crate::text::Encoding;

/// Endings that say Markdown.
const MARKDOWN: &[&str] = &["md", "markdown", "mdown", "mkd", "mkdn", "mdwn", "mdx"];
/// Endings of plain text that may be Markdown.
const TEXT: &[&str] = &["txt", "text"];
/// Of other files only the beginning is looked at.
const HEAD: u64 = 8 << 10;
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

    let inspected: Vec<Inspected> = files.iter().map(|path| look_at(path)).collect();
    let mut settings = Settings::default();
    settings.look.color = global.color.unwrap_or(ColorChoice::Auto);
    let style = print.style(&settings);
    match format {
        ListFormat::Text => output::text(print.out(), &inspected, style)?,
        ListFormat::Json => output::json(print.out(), &inspected)?,
    }
    let failed = inspected.iter().any(|file| matches!(file.what, What::Error(_)));
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
    let head = bytes.get(..bytes.len().min(HEAD as usize)).unwrap_or_default();
    let holes = head.contains(&0);
    let report = read_document(place_of(path), bytes, None, truncated);
    if holes && !matches!(report.encoding, Encoding::Utf16 { .. }) {
        return What::Error(format!("`{}` is no text: it holds zero bytes", path.display()));
    }
    What::Markdown(Box::new(report))
}

/// A file whose name does not say Markdown: plain text may still hold a report, anything else is not looked into.
fn other(path: &Path) -> What {
    if path.extension().is_none() || has_ending(path, TEXT) {
        return match document(path) {
            What::Markdown(report) if report.recognition.counts || !report.items.is_empty() => {
                What::Markdown(report)
            }
            What::Markdown(_) => What::Unknown,
            // No text, and nobody said that it would be.
            _ => head_only(path),
        };
    }
    head_only(path)
}

fn head_only(path: &Path) -> What {
    match files::read(path, HEAD) {
        Ok(_) => What::Unknown,
        Err(error) => What::Error(error.to_string()),
    }
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
