//! The files of one moment, and how a path as people write it finds them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::model::RepoPath;

/// Files, their folders, and the files by name.
#[derive(Debug)]
pub struct Tree {
    files: Arc<[RepoPath]>,
    folders: HashSet<Box<str>>,
    by_name: HashMap<Box<str>, Vec<u32>>,
}

/// What a written path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// One file.
    File(RepoPath),
    /// One folder.
    Folder(RepoPath),
    /// Several files end so: how many.
    Several(usize),
    /// Nothing.
    Nothing,
}

impl Named {
    /// There is something.
    #[must_use]
    pub const fn is_something(&self) -> bool {
        !matches!(self, Self::Nothing)
    }
}

impl Tree {
    /// The tree of a sorted list.
    #[must_use]
    pub fn of(files: Arc<[RepoPath]>) -> Self {
        let mut folders = HashSet::new();
        let mut by_name: HashMap<Box<str>, Vec<u32>> = HashMap::with_capacity(files.len());
        let mut last = "";
        for (number, file) in (0_u32..).zip(files.iter()) {
            by_name.entry(file.file_name().into()).or_default().push(number);
            let folder = file.folder();
            if folder == last {
                continue;
            }
            last = folder;
            let mut up = folder;
            while !up.is_empty() && folders.insert(up.into()) {
                up = up.rsplit_once('/').map_or("", |(up, _)| up);
            }
        }
        Self {
            files,
            folders,
            by_name,
        }
    }

    /// The files, sorted.
    #[must_use]
    pub fn files(&self) -> &[RepoPath] {
        &self.files
    }

    /// The same list.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.files, &other.files) || self.files == other.files
    }

    /// Both together.
    pub(super) fn with(&self, other: &Self) -> Self {
        let mut files: Vec<RepoPath> = self.files.iter().chain(other.files.iter()).cloned().collect();
        files.sort_unstable();
        files.dedup();
        Self::of(files.into())
    }

    /// There is exactly this file.
    #[must_use]
    pub fn has_file(&self, path: &str) -> bool {
        self.files
            .binary_search_by(|file| file.as_str().cmp(path))
            .is_ok()
    }

    /// There is exactly this folder.
    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// What a path names that is written from the top, from a folder, from any folder above that, or only with its end.
    /// `written` may begin with `./` and `../` and end with `/`.
    #[must_use]
    pub fn find(&self, written: &str, from: &str) -> Named {
        for place in places(written, from) {
            if self.has_file(place.as_str()) {
                return Named::File(place);
            }
            if self.has_folder(place.as_str()) {
                return Named::Folder(place);
            }
        }
        let end = written.trim_start_matches("./").trim_end_matches('/');
        if end.is_empty() || end.starts_with("../") {
            return Named::Nothing;
        }
        self.ending(end)
    }

    /// What ends with these parts.
    fn ending(&self, end: &str) -> Named {
        let name = end.rsplit('/').next().unwrap_or(end);
        let ends = |path: &str| {
            path.strip_suffix(end)
                .is_some_and(|front| front.is_empty() || front.ends_with('/'))
        };
        let files = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let mut found = files
            .iter()
            .filter_map(|&number| self.files.get(number as usize))
            .filter(|file| ends(file.as_str()));
        if let Some(first) = found.next() {
            let more = found.count();
            return if more == 0 {
                Named::File(first.clone())
            } else {
                Named::Several(more + 1)
            };
        }
        let mut folders = self.folders.iter().filter(|folder| ends(folder));
        match (folders.next(), folders.count()) {
            (Some(folder), 0) => RepoPath::new(folder).map_or(Named::Nothing, Named::Folder),
            (Some(_), more) => Named::Several(more + 1),
            (None, _) => Named::Nothing,
        }
    }

    /// Some folder is called so, wherever it lies.
    #[must_use]
    pub fn knows_folder_name(&self, name: &str) -> bool {
        self.folders
            .iter()
            .any(|folder| folder.rsplit('/').next() == Some(name))
    }
}

/// The places that a written path may mean, from the top of the repository, from a folder, and from those above it.
#[must_use]
pub fn places(written: &str, from: &str) -> Vec<RepoPath> {
    let written = written.trim_end_matches('/');
    let mut places = Vec::new();
    let mut push = |place: Option<RepoPath>| {
        if let Some(place) = place
            && !places.contains(&place)
        {
            places.push(place);
        }
    };
    let relative = written.starts_with("../") || written.starts_with("./");
    if relative {
        push(joined(from, written));
    }
    if !written.starts_with("../") {
        push(joined("", written));
        let mut folder = from;
        while !folder.is_empty() {
            push(joined(folder, written));
            folder = folder.rsplit_once('/').map_or("", |(up, _)| up);
        }
    }
    places
}

/// A folder and a path relative to it, with `.` and `..` worked out; `None` when it leaves the repository.
#[must_use]
pub fn joined(folder: &str, written: &str) -> Option<RepoPath> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    RepoPath::new(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> Tree {
        let mut files: Vec<RepoPath> = paths.iter().map(|path| RepoPath::new(path).unwrap()).collect();
        files.sort();
        Tree::of(files.into())
    }

    #[test]
    fn a_path_is_found_from_the_top_from_the_document_and_by_its_end() {
        let tree = tree(&[
            "a/src/x.rs",
            "b/src/y.rs",
            "b/src/x.rs",
            "docs/z.md",
            "top.txt",
            "a/only/w.rs",
        ]);
        let file = |path: &str| Named::File(RepoPath::new(path).unwrap());
        assert_eq!(tree.find("top.txt", "docs"), file("top.txt"));
        assert_eq!(tree.find("z.md", "docs"), file("docs/z.md"));
        assert_eq!(tree.find("../top.txt", "docs"), file("top.txt"));
        assert_eq!(tree.find("./z.md", "docs"), file("docs/z.md"));
        assert_eq!(tree.find("src/y.rs", "docs"), file("b/src/y.rs"));
        assert_eq!(tree.find("src/x.rs", "docs"), Named::Several(2));
        assert_eq!(tree.find("src/x.rs", "a/notes"), file("a/src/x.rs"));
        assert_eq!(tree.find("rc/y.rs", "docs"), Named::Nothing);
        assert_eq!(tree.find("../../../etc/passwd", "docs"), Named::Nothing);
        assert_eq!(
            tree.find("only/", ""),
            Named::Folder(RepoPath::new("a/only").unwrap())
        );
        assert_eq!(
            tree.find("b/src/", ""),
            Named::Folder(RepoPath::new("b/src").unwrap())
        );
    }
}
