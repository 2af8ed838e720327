//! Paths as tools write them, mapped to the files of the repository.
//!
//! A tool ran on another machine, in a container, in a package's folder, or names packages and modules instead of
//! folders. So the end of a path is compared with the ends of the repository's paths: what is left over in front on the
//! tool's side is its root, what is left over on ours is the package's folder. Roots that most files of a report agree
//! on are believed; a path that fits several files equally well is left unmapped rather than mapped wrongly.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::model::{Content, EvidenceFile, RepoPath};

/// More files of one ending than this are not told apart.
const MOST_ALIKE: usize = 64;
/// Longer paths are no paths.
const LONGEST: usize = 4096;

/// The files of a repository, found by the ends of their paths.
#[derive(Debug)]
pub struct Index<'a> {
    /// Sorted.
    paths: &'a [RepoPath],
    /// Places in `paths`, ordered by the paths read from their end.
    from_end: Vec<u32>,
}

/// The paths of an evidence file, mapped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapped {
    /// For each file of a coverage report, or each finding of a scan: its file in the repository.
    pub places: Vec<Option<RepoPath>>,
    /// Distinct paths that it names as files.
    pub named: usize,
    /// How many of them were found.
    pub found: usize,
}

impl Mapped {
    /// Maps what a file names.
    #[must_use]
    pub fn of(file: &EvidenceFile, index: &Index<'_>) -> Self {
        let (names, roots): (Vec<Option<&str>>, &[Box<str>]) = match &file.content {
            Ok(Content::Coverage(report)) => (
                report.files.iter().map(|file| Some(&*file.path)).collect(),
                &report.roots,
            ),
            Ok(Content::Scan(report)) => (
                report
                    .findings
                    .iter()
                    .map(|finding| finding.path.as_deref())
                    .collect(),
                &[],
            ),
            Ok(Content::Tests(_)) | Err(_) => return Self::default(),
        };
        let mut distinct: Vec<&str> = names.iter().flatten().copied().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let folder = file.path.as_ref().map_or("", RepoPath::folder);
        let found = index.map_all(&distinct, roots, folder);
        let places = names
            .iter()
            .map(|name| {
                let at = distinct.binary_search(&(*name)?).ok()?;
                found.get(at).cloned().flatten()
            })
            .collect();
        Self {
            places,
            named: distinct.len(),
            found: found.iter().flatten().count(),
        }
    }
}

/// What stands in front of the part that a tool's path and ours share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Roots<'a> {
    /// On the tool's side.
    theirs: &'a str,
    /// On ours.
    ours: &'a str,
}

/// The files that fit the end of a path best.
struct Fits<'a> {
    roots: Vec<(Roots<'a>, u32)>,
    /// How many parts they share.
    parts: usize,
    /// The whole path was used.
    whole: bool,
}

impl<'a> Index<'a> {
    /// Of sorted paths.
    #[must_use]
    pub fn new(paths: &'a [RepoPath]) -> Self {
        let mut from_end: Vec<u32> = (0..u32::try_from(paths.len()).unwrap_or(u32::MAX)).collect();
        let text = |at: u32| paths.get(at as usize).map_or("", RepoPath::as_str);
        from_end.sort_unstable_by(|&a, &b| backwards(text(a), text(b)));
        Self { paths, from_end }
    }

    /// Maps the paths of one report, that lies in `folder` of the repository and names `roots`.
    #[must_use]
    pub fn map_all(&self, names: &[&str], roots: &[Box<str>], folder: &str) -> Vec<Option<RepoPath>> {
        let plain: Vec<Option<String>> = names.iter().map(|name| plain(name)).collect();
        let roots: Vec<String> = roots.iter().filter_map(|root| plain_root(root)).collect();
        let mut found: Vec<Option<u32>> = vec![None; names.len()];
        let mut fits: Vec<Option<Fits<'_>>> = Vec::with_capacity(names.len());
        let mut votes: HashMap<Roots<'_>, u32> = HashMap::new();
        let joined: Vec<Option<Vec<String>>> = plain
            .iter()
            .map(|name| {
                let name = name.as_deref()?;
                let rooted = roots.iter().filter(|_| !is_absolute(name));
                Some(rooted.map(|root| join(root, name)).collect())
            })
            .collect();
        for (at, name) in plain.iter().enumerate() {
            let Some(name) = name.as_deref() else {
                fits.push(None);
                continue;
            };
            // Cobertura's paths begin at one of its sources; the one that reaches furthest into the repository is meant.
            let rooted = joined.get(at).and_then(Option::as_ref).into_iter().flatten();
            let rooted = rooted
                .filter_map(|name| self.fits(name))
                .max_by_key(|fits| (fits.parts, fits.roots.len() == 1))
                .filter(|fits| fits.parts > name.split('/').count());
            if rooted.is_none()
                && let Some(direct) = self.direct(name, &roots, folder)
            {
                found[at] = Some(direct);
                fits.push(None);
                continue;
            }
            let best = rooted.or_else(|| self.fits(name));
            if let Some(fits) = &best
                && let [(roots, _)] = fits.roots.as_slice()
                && (fits.whole || fits.parts >= 2)
            {
                *votes.entry(roots.clone()).or_default() += 1;
            }
            fits.push(best);
        }
        // Of equally many votes the first by name, so that the order of the report does not matter.
        let winner = votes.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        let settled = found.iter().flatten().count();
        // Files at the top of a repository share but their name: believed when all of a report agree on one root.
        let alone = if winner.is_none() && settled == 0 {
            only_root(&fits)
        } else {
            None
        };
        let believed = |roots: &Roots<'_>| {
            let Some((best, most)) = winner else {
                return alone.as_ref() == Some(roots);
            };
            // A root of few among many is a library's, or a chance.
            votes.get(roots).is_some_and(|votes| {
                roots.theirs.is_empty()
                    || roots == best
                    || (roots.ours == best.ours && votes.saturating_mul(10) >= *most)
                    || (*votes >= 2 && votes.saturating_mul(3) >= *most)
            })
        };
        for (at, fits) in fits.iter().enumerate() {
            let Some(fits) = fits else { continue };
            let able: Vec<_> = fits
                .roots
                .iter()
                .filter(|(roots, _)| believed(roots))
                .cloned()
                .collect();
            let won = able
                .iter()
                .find(|(roots, _)| winner.is_some_and(|(best, _)| best == roots));
            found[at] = match (able.as_slice(), won) {
                ([(_, only)], _) => Some(*only),
                ([], _) if fits.whole => nearest(&fits.roots, folder),
                ([], _) => None,
                (several, won) => nearest(several, folder).or(won.map(|(_, at)| *at)),
            };
        }
        found
            .into_iter()
            .map(|at| self.paths.get(at? as usize).cloned())
            .collect()
    }

    /// A path that is one of ours as it stands: below the report's own folder, or one above it, or a named root.
    fn direct(&self, name: &str, roots: &[String], folder: &str) -> Option<u32> {
        if is_absolute(name) {
            return None;
        }
        let relative_roots = roots.iter().filter(|root| !is_absolute(root));
        let from_roots = relative_roots.map(|root| join(root, name));
        let mut folders = vec![folder];
        let mut rest = folder;
        while let Some((above, _)) = rest.rsplit_once('/') {
            folders.push(above);
            rest = above;
        }
        if !folder.is_empty() {
            folders.push("");
        }
        let from_folders = folders.into_iter().map(|folder| join(folder, name));
        // A bare name fits at too many heights to be sure of one far above; the top is where most tools run.
        from_roots.chain(from_folders).find_map(|path| self.exact(&path))
    }

    fn exact(&self, path: &str) -> Option<u32> {
        let at = self
            .paths
            .binary_search_by(|known| known.as_str().cmp(path))
            .ok()?;
        u32::try_from(at).ok()
    }

    /// The files that share most parts with the end of a path.
    fn fits<'n>(&'n self, name: &'n str) -> Option<Fits<'n>> {
        let text = |at: u32| self.paths.get(at as usize).map_or("", RepoPath::as_str);
        let at = self
            .from_end
            .partition_point(|&known| backwards(text(known), name) == Ordering::Less);
        let around = [at.checked_sub(1), Some(at)];
        let shared = around
            .into_iter()
            .flatten()
            .filter_map(|at| self.from_end.get(at))
            .map(|&at| common_end(text(at), name))
            .max()?;
        let bare = name.trim_start_matches('/');
        let mut end = suffix_within(bare, shared);
        while let Some(suffix) = end {
            let fitting = self.ending_with(suffix);
            if !fitting.is_empty() {
                let theirs = name
                    .get(..name.len() - suffix.len())
                    .unwrap_or_default()
                    .trim_end_matches('/');
                let roots = fitting
                    .into_iter()
                    .map(|at| {
                        let path = text(at);
                        let ours = path.get(..path.len() - suffix.len()).unwrap_or_default();
                        let ours = ours.trim_end_matches('/');
                        (Roots { theirs, ours }, at)
                    })
                    .collect();
                return Some(Fits {
                    roots,
                    parts: suffix.split('/').count(),
                    whole: suffix.len() == name.len(),
                });
            }
            end = suffix.split_once('/').map(|(_, rest)| rest);
        }
        None
    }

    /// Paths that are `suffix` or end with it behind a `/`; none when there are very many.
    fn ending_with(&self, suffix: &str) -> Vec<u32> {
        let text = |at: u32| self.paths.get(at as usize).map_or("", RepoPath::as_str);
        let from = self
            .from_end
            .partition_point(|&known| backwards(text(known), suffix) == Ordering::Less);
        let mut fitting = Vec::new();
        for &at in self.from_end.get(from..).unwrap_or_default() {
            let path = text(at);
            let Some(before) = path.strip_suffix(suffix) else {
                break;
            };
            if before.is_empty() || before.ends_with('/') {
                fitting.push(at);
                if fitting.len() > MOST_ALIKE {
                    return fitting;
                }
            } else if before.as_bytes().last() > Some(&b'/') {
                break;
            }
        }
        fitting
    }
}

/// The one pair of roots that every path of a report allows, when there is exactly one file for each.
fn only_root<'a>(fits: &[Option<Fits<'a>>]) -> Option<Roots<'a>> {
    let only = |fits: &Option<Fits<'a>>| match fits.as_ref()?.roots.as_slice() {
        [(roots, _)] => Some(roots.clone()),
        _ => None,
    };
    let first = only(fits.first()?)?;
    fits.iter()
        .all(|fits| only(fits).as_ref() == Some(&first))
        .then_some(first)
}

/// The file whose folder shares most with the report's own, when it is one.
fn nearest(able: &[(Roots<'_>, u32)], folder: &str) -> Option<u32> {
    if let [(_, only)] = able {
        return Some(*only);
    }
    if able.len() > MOST_ALIKE {
        return None;
    }
    let shared = |ours: &str| {
        ours.split('/')
            .zip(folder.split('/'))
            .take_while(|(a, b)| a == b && !a.is_empty())
            .count()
    };
    let most = able.iter().map(|(roots, _)| shared(roots.ours)).max()?;
    let mut best = able.iter().filter(|(roots, _)| shared(roots.ours) == most);
    match (best.next(), best.next()) {
        (Some((_, only)), None) if most > 0 => Some(*only),
        _ => None,
    }
}

/// A tool's path with `/`, without a scheme, a drive, `.` and `..`; `None` when it is no path of a file.
fn plain(name: &str) -> Option<String> {
    if name.is_empty() || name.len() > LONGEST || name.contains('\0') {
        return None;
    }
    let mut text = name.trim();
    let decoded;
    if let Some((scheme, rest)) = text.split_once("://") {
        match scheme {
            "file" => {
                decoded = percent_decoded(rest);
                text = &decoded;
            }
            // webpack://name/./src/x.ts?abcd
            "webpack" | "webpack-internal" | "vite" | "rollup" => {
                let rest = rest.split(['?', '#']).next().unwrap_or_default();
                text = rest.split_once('/').map_or(rest, |(_, path)| path);
            }
            _ => return None,
        }
    } else if let Some(rest) = text.strip_prefix("file:") {
        decoded = percent_decoded(rest);
        text = &decoded;
    }
    let drive = |text: &str| {
        let bytes = text.as_bytes();
        bytes.len() > 2
            && bytes[0].is_ascii_alphabetic()
            && bytes[1] == b':'
            && matches!(bytes[2], b'/' | b'\\')
    };
    // `file:///C:/x`
    if let Some(rest) = text.strip_prefix('/')
        && drive(rest)
    {
        text = rest;
    }
    let windows = drive(text) || (text.contains('\\') && !text.contains('/')) || text.starts_with("\\\\");
    let slashed = if windows {
        text.replace('\\', "/")
    } else {
        text.to_owned()
    };
    let (root, rest) = if drive(&slashed) {
        ("/", slashed.get(2..).unwrap_or_default())
    } else if slashed.starts_with('/') {
        ("/", slashed.as_str())
    } else {
        ("", slashed.as_str())
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            // What a package manager put there is nobody's source here.
            "node_modules" | "site-packages" | "dist-packages" => return None,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| format!("{root}{}", parts.join("/")))
}

fn plain_root(root: &str) -> Option<String> {
    match root.trim() {
        "" | "." | "./" => None,
        "/" => None,
        root => plain(root),
    }
}

fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = bytes
            .get(at + 1..at + 3)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, code) {
            (b'%', Some(code)) => {
                out.push(code);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/')
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// Compares two texts from their ends.
fn backwards(a: &str, b: &str) -> Ordering {
    a.bytes().rev().cmp(b.bytes().rev())
}

/// How many bytes two texts share at their ends.
fn common_end(a: &str, b: &str) -> usize {
    a.bytes()
        .rev()
        .zip(b.bytes().rev())
        .take_while(|(a, b)| a == b)
        .count()
}

/// The longest end of a path that is whole parts and at most so many bytes.
fn suffix_within(path: &str, most: usize) -> Option<&str> {
    if path.len() <= most {
        return Some(path);
    }
    let mut rest = path;
    while let Some((_, behind)) = rest.split_once('/') {
        if behind.len() <= most {
            return (!behind.is_empty()).then_some(behind);
        }
        rest = behind;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(repository: &[&str], names: &[&str], roots: &[&str], folder: &str) -> Vec<Option<String>> {
        let mut paths: Vec<RepoPath> = repository
            .iter()
            .map(|path| RepoPath::new(path).unwrap())
            .collect();
        paths.sort();
        let roots: Vec<Box<str>> = roots.iter().map(|root| (*root).into()).collect();
        Index::new(&paths)
            .map_all(names, &roots, folder)
            .into_iter()
            .map(|path| path.map(|path| path.to_string()))
            .collect()
    }

    #[test]
    fn each_dialect_of_paths_is_mapped() {
        let repository = [
            "src/auth/login.py",
            "src/auth/__init__.py",
            "src/main.py",
            "setup.py",
            "main.go",
            "pkg/api/api.go",
            "core/src/main/java/com/acme/Foo.java",
            "web/src/index.ts",
            "Src/App/Program.cs",
        ];
        for (names, roots, expected) in [
            (vec!["src/auth/login.py"], vec![], vec!["src/auth/login.py"]),
            (vec!["./src/auth/login.py"], vec![], vec!["src/auth/login.py"]),
            (
                vec![
                    "/home/runner/work/x/x/src/auth/login.py",
                    "/home/runner/work/x/x/setup.py",
                    "/usr/lib/python3/dist-packages/src/main.py",
                ],
                vec![],
                vec!["src/auth/login.py", "setup.py", ""],
            ),
            (
                vec!["C:\\agent\\_work\\1\\s\\Src\\App\\Program.cs"],
                vec![],
                vec!["Src/App/Program.cs"],
            ),
            (
                vec!["file:///C:/x/Src/App/Program.cs"],
                vec![],
                vec!["Src/App/Program.cs"],
            ),
            (
                vec!["file:///app/src/auth/login%2Epy"],
                vec![],
                vec!["src/auth/login.py"],
            ),
            (
                vec![
                    "github.com/acme/app/pkg/api/api.go",
                    "github.com/acme/app/main.go",
                ],
                vec![],
                vec!["pkg/api/api.go", "main.go"],
            ),
            (vec!["github.com/acme/app/main.go"], vec![], vec!["main.go"]),
            (
                vec!["com/acme/Foo.java"],
                vec![],
                vec!["core/src/main/java/com/acme/Foo.java"],
            ),
            (
                vec!["auth/login.py"],
                vec!["/build/src"],
                vec!["src/auth/login.py"],
            ),
            (
                vec!["main.py", "auth/login.py"],
                vec!["/build/src"],
                vec!["src/main.py", "src/auth/login.py"],
            ),
            (vec!["main.py"], vec!["src"], vec!["src/main.py"]),
            (
                vec!["webpack://web/./web/src/index.ts?a1b2"],
                vec![],
                vec!["web/src/index.ts"],
            ),
            (
                vec!["/srv/lib/elsewhere.c", "https://example.org/a.js"],
                vec![],
                vec!["", ""],
            ),
        ] {
            let expected: Vec<Option<String>> = expected
                .into_iter()
                .map(|path| (!path.is_empty()).then(|| path.to_owned()))
                .collect();
            assert_eq!(mapped(&repository, &names, &roots, ""), expected, "{names:?}");
        }
    }

    #[test]
    fn a_package_of_a_monorepo_is_known_by_where_its_report_lies() {
        let repository = [
            "packages/a/src/index.js",
            "packages/b/src/index.js",
            "packages/b/src/only.js",
        ];
        let index = &["src/index.js"];
        let one = |folder| mapped(&repository, index, &[], folder).remove(0);
        assert_eq!(
            one("packages/a/coverage").as_deref(),
            Some("packages/a/src/index.js")
        );
        assert_eq!(
            one("packages/b/coverage").as_deref(),
            Some("packages/b/src/index.js")
        );
        assert_eq!(one("coverage"), None);
        // A sister that fits only there tells the package.
        let both = mapped(&repository, &["src/index.js", "src/only.js"], &[], "coverage");
        assert_eq!(both[0].as_deref(), Some("packages/b/src/index.js"));
    }

    #[test]
    fn the_same_class_in_two_modules_goes_to_the_report_s_own() {
        let repository = [
            "a/src/main/java/com/acme/Foo.java",
            "b/src/main/java/com/acme/Foo.java",
        ];
        let got = mapped(&repository, &["com/acme/Foo.java"], &[], "b/target/site/jacoco");
        assert_eq!(got[0].as_deref(), Some("b/src/main/java/com/acme/Foo.java"));
        assert_eq!(mapped(&repository, &["com/acme/Foo.java"], &[], "")[0], None);
    }

    #[test]
    fn a_library_that_ends_like_a_file_of_ours_stays_unmapped() {
        let repository = ["src/util/strings.c", "src/a.c", "src/b.c", "src/c.c"];
        let names = ["/ci/src/a.c", "/ci/src/b.c", "/opt/sdk/util/strings.c"];
        let got = mapped(&repository, &names, &[], "");
        assert_eq!(got[0].as_deref(), Some("src/a.c"));
        assert_eq!(got[2].as_deref(), None, "{got:?}");
    }

    #[test]
    fn ten_thousand_files_of_one_name_are_no_burden() {
        let repository: Vec<String> = (0..20_000).map(|n| format!("p{n}/src/index.js")).collect();
        let names: Vec<String> = (0..10_000).map(|n| format!("/ci/w/p{n}/src/index.js")).collect();
        let repository: Vec<&str> = repository.iter().map(String::as_str).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let begun = std::time::Instant::now();
        let got = mapped(&repository, &names, &[], "");
        assert_eq!(got[77].as_deref(), Some("p77/src/index.js"));
        assert_eq!(got.iter().flatten().count(), 10_000);
        assert!(begun.elapsed().as_secs() < 10);
    }
}
