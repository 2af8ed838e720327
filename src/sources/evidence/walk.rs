//! Ignored folders, walked for evidence: what tools write is seldom committed. Links are not followed, other people's
//! trees are not entered, depth and number are capped.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;

use super::choose::Rules;
use crate::model::{Problem, ProblemSeverity, RepoPath};

/// Folders below each other that are entered.
const DEEPEST: usize = 12;
/// Entries that are looked at in all folders together.
const MOST: usize = 60_000;
/// What test and coverage tools write below a folder that is marked as a cache (cargo's `target`).
const IN_CACHES: [&str; 8] = [
    "nextest",
    "llvm-cov",
    "tarpaulin",
    "coverage",
    "cov",
    "reports",
    "site",
    "surefire-reports",
];

/// The files of a plain folder that may be evidence.
pub(super) fn everything(root: &Path, rules: &Rules) -> (Vec<RepoPath>, Vec<Problem>) {
    below(root, VecDeque::from([(String::new(), 0)]), rules)
}

/// The files below some folders that may be evidence, nearest first, and a problem when there were too many.
pub(super) fn walk(root: &Path, folders: &[RepoPath], rules: &Rules) -> (Vec<RepoPath>, Vec<Problem>) {
    let wanted = folders
        .iter()
        .filter(|folder| !folder.as_str().split('/').any(|part| rules.skips_folder(part)))
        .map(|folder| (folder.as_str().to_owned(), 0));
    below(root, wanted.collect(), rules)
}

fn below(
    root: &Path,
    mut waiting: VecDeque<(String, usize)>,
    rules: &Rules,
) -> (Vec<RepoPath>, Vec<Problem>) {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let mut looked_at = 0_usize;
    while let Some((folder, depth)) = waiting.pop_front() {
        let whole = root.join(&folder);
        if foreign(&whole, &folder, depth) {
            continue;
        }
        let cache = whole.join("CACHEDIR.TAG").exists();
        let Ok(entries) = fs::read_dir(&whole) else {
            continue;
        };
        let mut names: Vec<(String, bool)> = Vec::new();
        for entry in entries.flatten() {
            let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else {
                continue;
            };
            looked_at += 1;
            if kind.is_dir() || (kind.is_file() && rules.may_be_evidence(name.as_bytes())) {
                names.push((name, kind.is_dir()));
            }
            if looked_at >= MOST {
                break;
            }
        }
        names.sort_unstable();
        for (name, is_folder) in names {
            if is_folder && (rules.skips_folder(&name) || (cache && !IN_CACHES.contains(&name.as_str()))) {
                continue;
            }
            let path = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            if !is_folder {
                found.extend(RepoPath::new(&path).filter(|path| rules.wants(path)));
            } else if depth < DEEPEST {
                waiting.push_back((path, depth + 1));
            }
        }
        if looked_at >= MOST {
            problems.push(Problem {
                severity: ProblemSeverity::Warning,
                at: folder.into(),
                what: format!("only {MOST} files and folders that git ignores were looked at for evidence")
                    .into(),
                hint: Some(
                    "`evidence_files.include` in `gonogo.toml` names evidence that lies deeper".into(),
                ),
            });
            break;
        }
    }
    (found, problems)
}

/// Folders that are somebody else's: a virtual environment, another repository.
fn foreign(whole: &Path, folder: &str, depth: usize) -> bool {
    let link = fs::symlink_metadata(whole).is_ok_and(|metadata| metadata.is_symlink());
    link || whole.join("pyvenv.cfg").exists()
        || (whole.join(".git").exists() && !(depth == 0 && folder.is_empty()))
}
