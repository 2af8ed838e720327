//! A folder without git, walked: ignore files are honoured, links are not followed, depth and number are capped.

use ignore::WalkBuilder;

use super::{Chooser, Listing, repo_path};
use crate::model::{Problem, ProblemSeverity};

/// Folders below each other that are entered.
const MOST_DEPTH: usize = 32;
/// Files and folders that are looked at.
const MOST_ENTRIES: usize = 200_000;

/// Fills the listing from the disk.
pub(super) fn walk(chooser: &Chooser, listing: &mut Listing) {
    let root = listing.root.clone();
    let rules = chooser.clone();
    let walker = WalkBuilder::new(&root)
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .follow_links(false)
        .max_depth(Some(MOST_DEPTH))
        .filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let name = entry.file_name().to_string_lossy();
            !(is_folder && entry.depth() > 0 && (name == ".git" || rules.skips_folder(&name).is_some()))
        })
        .build();
    let mut files = 0_usize;
    for (at, entry) in walker.enumerate() {
        if at >= MOST_ENTRIES {
            listing.problems.push(Problem {
                severity: ProblemSeverity::Error,
                at: Box::default(),
                what: format!("only the first {MOST_ENTRIES} files and folders were looked at").into(),
                hint: Some("start gonogo in a smaller folder, or in a git repository".into()),
            });
            break;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                listing.problems.push(Problem {
                    severity: ProblemSeverity::Warning,
                    at: Box::default(),
                    what: format!("a folder could not be looked into: {error}").into(),
                    hint: None,
                });
                continue;
            }
        };
        let kind = entry.file_type();
        if entry.depth() == MOST_DEPTH && kind.is_some_and(|kind| kind.is_dir()) {
            listing.problems.push(Problem {
                severity: ProblemSeverity::Warning,
                at: entry.path().display().to_string().into(),
                what: format!("folders more than {MOST_DEPTH} deep were not entered").into(),
                hint: None,
            });
        }
        let is_link = kind.is_some_and(|kind| kind.is_symlink());
        if !is_link && !kind.is_some_and(|kind| kind.is_file()) {
            continue;
        }
        files += 1;
        let Ok(inside) = entry.path().strip_prefix(&root) else {
            continue;
        };
        let raw = slashed(inside);
        if !chooser.may_be_document(&raw) {
            continue;
        }
        let Some(path) = repo_path(&raw, &mut listing.problems) else {
            continue;
        };
        if is_link {
            listing.left_out.push((path, "symbolic link"));
        } else {
            chooser.place(path, false, (&mut listing.markdown, &mut listing.left_out));
        }
    }
    listing.repository.files = super::count(files);
}

#[cfg(unix)]
fn slashed(path: &std::path::Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt as _;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
fn slashed(path: &std::path::Path) -> Vec<u8> {
    path.to_string_lossy().replace('\\', "/").into_bytes()
}
