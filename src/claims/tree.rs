//! The files of one moment, and how a path as people write it finds them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use globset::GlobBuilder;

use crate::model::RepoPath;

/// The files of one moment, sorted.
#[derive(Debug)]
pub struct Tree {
    files: Arc<[RepoPath]>,
    /// The files of each name; made when a path is first sought by its end.
    by_name: OnceLock<HashMap<Box<str>, Vec<u32>>>,
    /// How many files each glob finds that was asked about.
    globs: Mutex<HashMap<Box<str>, Option<usize>>>,
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
        Self {
            files,
            by_name: OnceLock::new(),
            globs: Mutex::default(),
        }
    }

    fn by_name(&self) -> &HashMap<Box<str>, Vec<u32>> {
        self.by_name.get_or_init(|| {
            let mut by_name: HashMap<Box<str>, Vec<u32>> = HashMap::with_capacity(self.files.len());
            for (number, file) in (0_u32..).zip(self.files.iter()) {
                by_name.entry(file.file_name().into()).or_default().push(number);
            }
            by_name
        })
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

    /// How many files a glob finds from the top, where `*` stays inside of a folder; `None` for a broken one.
    #[must_use]
    pub fn matching(&self, glob: &str) -> Option<usize> {
        let mut globs = match self.globs.lock() {
            Ok(globs) => globs,
            // A count is inserted whole or not at all.
            Err(poisoned) => poisoned.into_inner(),
        };
        if let Some(count) = globs.get(glob) {
            return *count;
        }
        let count = self.count(glob);
        globs.insert(glob.into(), count);
        count
    }

    fn count(&self, glob: &str) -> Option<usize> {
        let matcher = GlobBuilder::new(glob)
            .literal_separator(true)
            .build()
            .ok()?
            .compile_matcher();
        // Only what begins as the glob does, up to its first sign, can match.
        let literal = glob.find(['*', '?', '[', '{', '\\']).unwrap_or(glob.len());
        let front = glob.get(..literal).unwrap_or_default();
        let from = self.files.partition_point(|file| file.as_str() < front);
        let files = self.files.get(from..).unwrap_or_default().iter();
        let files = files.take_while(|file| file.as_str().starts_with(front));
        Some(files.filter(|file| matcher.is_match(file.as_str())).count())
    }

    /// There is exactly this folder: some file lies in it.
    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        let inside = |file: &RepoPath| {
            let rest = file.as_str().strip_prefix(path);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        // Names that go on with a sign in front of the slash are sorted between a file and what lies in a folder.
        let behind = format!("{path}/");
        let at = self.files.partition_point(|file| file.as_str() < behind.as_str());
        self.files.get(at).is_some_and(inside)
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
        let files = self.by_name().get(name).map_or(&[][..], Vec::as_slice);
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
        self.folder_ending(end)
    }

    /// The first folder that ends with these parts.
    fn folder_ending(&self, end: &str) -> Named {
        let inside = format!("/{end}/");
        let folder = self.files.iter().find_map(|file| {
            let at = file.as_str().find(&inside)?;
            file.as_str().get(..at + inside.len() - 1)
        });
        folder
            .and_then(RepoPath::new)
            .map_or(Named::Nothing, Named::Folder)
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
