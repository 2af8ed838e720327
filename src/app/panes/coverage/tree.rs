//! The sources as a tree of folders, each with the sum of what lies below it.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{stale, tenths};
use crate::app::filter::terms::{self, Field, Term};
use crate::app::panes::table::{Ask, Builder, Group};
use crate::model::{CoveredFile, Gathered, Ratio};

/// Folders below one another that are shown; deeper ones are part of the last one's name.
const DEEPEST: usize = 24;
/// With more files than this, folders below the first level are folded at the start.
const MANY: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    File,
    State,
}

impl Field for By {
    const ANY: Self = Self::File;

    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "file" | "path" => Self::File,
            "is" | "status" => Self::State,
            _ => return None,
        })
    }
}

fn matches(terms: &[Term<By>], gathered: &Gathered, file: &CoveredFile) -> bool {
    terms.iter().all(|term| {
        let found = match term.field {
            By::File => term.any(&file.path),
            By::State => {
                (misses(file) > 0 && term.begins("uncovered"))
                    || (misses(file) == 0 && term.begins("covered"))
                    || (!file.mapped && term.begins("unmapped"))
                    || (stale(gathered, file) && term.begins("stale"))
            }
        };
        found != term.inverse
    })
}

fn misses(file: &CoveredFile) -> u64 {
    file.line_ratio
        .map_or(0, |lines| lines.total.saturating_sub(lines.covered))
}

/// What decides the order: less is further up.
type Rank<'a> = (u64, Reverse<u64>, &'a str);

fn rank(sort: usize, lines: Ratio, name: &str) -> Rank<'_> {
    let misses = lines.total.saturating_sub(lines.covered);
    match sort {
        // Nothing to cover comes last.
        0 => (tenths(lines).unwrap_or(u64::MAX), Reverse(misses), name),
        1 => (0, Reverse(0), name),
        _ => (0, Reverse(misses), name),
    }
}

#[derive(Default)]
struct Folder<'a> {
    /// From the top.
    path: &'a str,
    folders: Vec<usize>,
    files: Vec<(u32, &'a CoveredFile)>,
    lines: Ratio,
    branches: Ratio,
}

pub(super) fn arrange(gathered: &Gathered, ask: &Ask, table: &mut Builder) {
    let terms: Vec<Term<By>> = terms::read(&ask.filter);
    let files = (0..).zip(&gathered.coverage.files);
    let found: Vec<(u32, &CoveredFile)> = files
        .filter(|(_, file)| !ask.failing || misses(file) > 0)
        .filter(|(_, file)| matches(&terms, gathered, file))
        .collect();
    let (mapped, unmapped): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, file)| file.mapped);
    let fold = terms.is_empty() && mapped.len() > MANY;
    if ask.group == 0 {
        let folders = tree(&mapped);
        emit(&folders, 0, ask.sort, fold, 0, table);
    } else {
        flat(mapped, ask.sort, table);
    }
    if !unmapped.is_empty() {
        let mut group = Group::new("unmapped", "Not found in the repository");
        let add =
            |sum: Option<Ratio>, more: Option<Ratio>| sum.unwrap_or_default().plus(more.unwrap_or_default());
        let (mut lines, mut branches) = (Ratio::default(), Ratio::default());
        for (_, file) in &unmapped {
            lines = add(Some(lines), file.line_ratio);
            branches = add(Some(branches), file.branches);
        }
        group.figures = [lines.covered, lines.total, branches.covered, branches.total];
        table.open(group);
        flat(unmapped, ask.sort, table);
        table.close();
    }
}

fn flat(mut files: Vec<(u32, &CoveredFile)>, sort: usize, table: &mut Builder) {
    files.sort_by_key(|(_, file)| rank(sort, file.line_ratio.unwrap_or_default(), &file.path));
    files.into_iter().for_each(|(entry, _)| table.entry(entry));
}

/// Every folder that holds a file, the top first.
fn tree<'a>(files: &[(u32, &'a CoveredFile)]) -> Vec<Folder<'a>> {
    let mut folders = vec![Folder::default()];
    let mut known: HashMap<&'a str, usize> = HashMap::new();
    for (entry, file) in files {
        let path: &'a str = &file.path;
        let mut at = 0;
        let ends = path.match_indices('/').map(|(end, _)| end).filter(|end| *end > 0);
        let mut walked = vec![0];
        for end in ends.take(DEEPEST) {
            let folder = path.get(..end).unwrap_or_default();
            at = match known.get(folder) {
                Some(known) => *known,
                None => {
                    folders.push(Folder {
                        path: folder,
                        ..Folder::default()
                    });
                    let new = folders.len() - 1;
                    known.insert(folder, new);
                    if let Some(parent) = folders.get_mut(at) {
                        parent.folders.push(new);
                    }
                    new
                }
            };
            walked.push(at);
        }
        for step in walked {
            if let Some(folder) = folders.get_mut(step) {
                folder.lines = folder.lines.plus(file.line_ratio.unwrap_or_default());
                folder.branches = folder.branches.plus(file.branches.unwrap_or_default());
            }
        }
        if let Some(folder) = folders.get_mut(at) {
            folder.files.push((*entry, *file));
        }
    }
    folders
}

/// The folders and files of a folder, in order; a folder that only holds another one is shown with it in one row.
fn emit(folders: &[Folder<'_>], at: usize, sort: usize, fold: bool, depth: usize, table: &mut Builder) {
    let Some(folder) = folders.get(at) else { return };
    enum Child<'a> {
        Folder(usize, &'a Folder<'a>),
        File(u32),
    }
    let mut children: Vec<(Rank<'_>, Child<'_>)> = Vec::new();
    for &below in &folder.folders {
        let mut below = below;
        while let Some(Folder {
            folders: only, files, ..
        }) = folders.get(below)
            && let ([next], true) = (only.as_slice(), files.is_empty())
        {
            below = *next;
        }
        if let Some(found) = folders.get(below) {
            children.push((rank(sort, found.lines, found.path), Child::Folder(below, found)));
        }
    }
    for (entry, file) in &folder.files {
        let lines = file.line_ratio.unwrap_or_default();
        children.push((rank(sort, lines, &file.path), Child::File(*entry)));
    }
    children.sort_by_key(|(key, _)| *key);
    for (_, child) in children {
        match child {
            Child::File(entry) => table.entry(entry),
            Child::Folder(below, found) => {
                let name = found.path.strip_prefix(folder.path).unwrap_or(found.path);
                let name = format!("{}/", name.trim_start_matches('/'));
                let mut group = Group::new(found.path, name);
                group.folded = fold && depth > 0;
                let (lines, branches) = (found.lines, found.branches);
                group.figures = [lines.covered, lines.total, branches.covered, branches.total];
                table.open(group);
                emit(folders, below, sort, fold, depth + 1, table);
                table.close();
            }
        }
    }
}
