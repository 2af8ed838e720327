//! Answers kept with their tags, so that asking again costs nothing.
//!
//! Invariants: an answer is written beside its place and moved there, so one that was cut off is never read as whole;
//! the key holds everything that an answer depends on (API, credential, path, kind of answer); the folder is bounded
//! and may be deleted at any time; only its owner can read it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::sources::clock;
use crate::text::ContentHash;

/// Bytes of all answers; the ones longest unused go first.
const MOST: u64 = 64 << 20;
/// Bytes of one answer that is kept.
const LARGEST: usize = 8 << 20;
/// The shape of the files.
const VERSION: u64 = 1;

/// A folder of answers.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    most: u64,
}

/// An answer that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its tag.
    pub etag: String,
    /// Path and query of the next page.
    pub next: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What an answer depends on.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// The API's address.
    pub api: &'a str,
    /// Which credential, by the name of where it was found.
    pub credential: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// The kind of answer.
    pub accept: &'a str,
}

impl Cache {
    /// In a folder, which is made when something is kept.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder, most: MOST }
    }

    /// The same with another bound.
    #[must_use]
    pub const fn bounded(mut self, most: u64) -> Self {
        self.most = most;
        self
    }

    fn place(&self, key: Key<'_>) -> PathBuf {
        let all = [key.api, key.credential, key.path, key.accept].join("\n");
        self.folder
            .join(format!("{}.json", ContentHash::of(all.as_bytes())))
    }

    /// What was kept of an answer; anything odd is as if nothing was.
    #[must_use]
    pub fn get(&self, key: Key<'_>) -> Option<Kept> {
        let file = fs::File::open(self.place(key)).ok()?;
        let mut bytes = Vec::new();
        (&file)
            .take(LARGEST as u64 + (64 << 10))
            .read_to_end(&mut bytes)
            .ok()?;
        let end = memchr::memchr(b'\n', &bytes)?;
        let head: Value = serde_json::from_slice(bytes.get(..end)?).ok()?;
        let text = |name: &str| head.get(name)?.as_str();
        let body = bytes.get(end + 1..)?;
        let whole = head.get("version")?.as_u64()? == VERSION
            && head.get("length")?.as_u64()? == body.len() as u64
            && text("path")? == key.path
            && text("hash")? == ContentHash::of(body).to_string();
        // The time of the file says when it was of use last.
        let _ = file.set_modified(clock::system_now());
        whole.then(|| Kept {
            etag: text("etag").unwrap_or_default().to_owned(),
            next: text("next").map(str::to_owned),
            body: body.to_vec(),
        })
    }

    /// Keeps a whole answer. One that cannot be kept is asked for again: no error.
    pub fn put(&self, key: Key<'_>, kept: &Kept) {
        if kept.body.len() > LARGEST || kept.etag.is_empty() {
            return;
        }
        if let Err(error) = self.write(key, kept) {
            tracing::debug!(%error, "an answer could not be kept");
        }
    }

    fn write(&self, key: Key<'_>, kept: &Kept) -> std::io::Result<()> {
        private_folder(&self.folder)?;
        let head = json!({
            "version": VERSION, "length": kept.body.len(), "path": key.path, "etag": kept.etag,
            "next": kept.next, "hash": ContentHash::of(&kept.body).to_string(),
        });
        // The file is private by the way such files are made.
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(head.to_string().as_bytes())?;
        file.write_all(b"\n")?;
        file.write_all(&kept.body)?;
        file.persist(self.place(key)).map_err(|error| error.error)?;
        self.prune()
    }

    /// Takes the longest unused away until the rest is within its bound.
    fn prune(&self) -> std::io::Result<()> {
        let mut all = Vec::new();
        let mut size = 0;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                size += metadata.len();
                all.push((metadata.modified()?, metadata.len(), entry.path()));
            }
        }
        if size <= self.most {
            return Ok(());
        }
        all.sort();
        for (_, length, path) in all {
            if size <= self.most {
                break;
            }
            fs::remove_file(path)?;
            size -= length;
        }
        Ok(())
    }
}

fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key<'static> = Key {
        api: "https://api.github.com",
        credential: "GH_TOKEN",
        path: "/repos/acme/app/actions/runs?per_page=100",
        accept: "application/vnd.github+json",
    };

    fn kept(body: &[u8]) -> Kept {
        Kept {
            etag: "W/\"1\"".into(),
            next: Some("/next".into()),
            body: body.to_vec(),
        }
    }

    #[test]
    fn what_was_kept_comes_back_for_the_same_question_only() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("answers"));
        assert_eq!(cache.get(KEY), None);
        cache.put(KEY, &kept(b"{\"a\":\n1}"));
        assert_eq!(cache.get(KEY), Some(kept(b"{\"a\":\n1}")));
        for other in [
            Key {
                accept: "text/plain",
                ..KEY
            },
            Key {
                credential: "GITHUB_TOKEN",
                ..KEY
            },
            Key {
                api: "https://api.example.com",
                ..KEY
            },
            Key {
                path: "/repos/acme/app",
                ..KEY
            },
        ] {
            assert_eq!(cache.get(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_file_that_was_cut_off_or_changed_is_as_if_it_were_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_path_buf());
        cache.put(KEY, &kept(b"0123456789"));
        let place = cache.place(KEY);
        let whole = fs::read(&place).unwrap();
        for cut in 0..whole.len() {
            fs::write(&place, &whole[..cut]).unwrap();
            assert_eq!(cache.get(KEY), None, "cut at {cut}");
        }
        let mut changed = whole.clone();
        *changed.last_mut().unwrap() = b'x';
        fs::write(&place, &changed).unwrap();
        assert_eq!(cache.get(KEY), None);
        fs::write(&place, &whole).unwrap();
        assert!(cache.get(KEY).is_some());
    }

    #[test]
    fn the_folder_stays_within_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_path_buf()).bounded(10_000);
        for n in 0..50 {
            let path = format!("/{n}");
            cache.put(Key { path: &path, ..KEY }, &kept(&[b'x'; 1000]));
        }
        let size: u64 = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().len())
            .sum();
        assert!(size <= 10_000, "{size}");
        assert!(size > 5_000, "{size}");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("answers"));
        cache.put(KEY, &kept(b"private"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path().join("answers")), 0o700);
        assert_eq!(mode(&cache.place(KEY)), 0o600);
    }
}
