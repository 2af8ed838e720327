//! Answers written to a folder and played back from it.
//!
//! A recording is a folder with `index.json` (`{"version": 1, "api": …, "at": …, "asked": …}` and one entry for each
//! question: `{"path", "status", "next", "file"}`) and one file for each body. Invariants: neither a token nor a header
//! of a request is ever part of it; a name inside of it never leads out of its folder; what is not in it is an error.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::client::AskError;
use super::http::Reply;
use super::remote::Slug;

const INDEX: &str = "index.json";
const VERSION: u64 = 1;
/// Bytes of one body that is read back.
const LARGEST: u64 = 64 << 20;

/// What a recording is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The repository.
    pub slug: Slug,
    /// The API's address.
    pub api: String,
    /// When it was made.
    pub at: Timestamp,
    /// The commit that was asked about.
    pub commit: String,
    /// What was asked about, in words.
    pub asked: String,
    /// The branch whose rules apply.
    pub branch: Option<String>,
}

/// Writes a recording.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    answers: BTreeMap<String, Value>,
    error: Option<io::Error>,
}

impl Recorder {
    /// Into a new or empty folder.
    ///
    /// # Errors
    /// When it cannot be made or holds something.
    pub fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        if fs::read_dir(folder)?.next().is_some() {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                "the folder is not empty",
            ));
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            answers: BTreeMap::new(),
            error: None,
        })
    }

    /// Keeps an answer.
    pub fn keep(&mut self, path: &str, reply: &Reply) {
        let name = match self
            .answers
            .get(path)
            .and_then(|known| known.get("file")?.as_str())
        {
            Some(name) => name.to_owned(),
            None => format!("{:03}.body", self.answers.len() + 1),
        };
        if let Err(error) = fs::write(self.folder.join(&name), &reply.body) {
            self.error.get_or_insert(error);
        }
        let entry = json!({ "status": reply.status, "next": reply.next, "file": name });
        self.answers.insert(path.to_owned(), entry);
    }

    /// Writes the index; how many answers there are.
    ///
    /// # Errors
    /// When anything could not be written.
    pub fn finish(self, about: &About) -> io::Result<usize> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let count = self.answers.len();
        let index = json!({
            "version": VERSION,
            "repository": { "host": about.slug.host, "owner": about.slug.owner, "name": about.slug.name },
            "api": about.api,
            "at": about.at.to_string(),
            "commit": about.commit,
            "asked": about.asked,
            "branch": about.branch,
            "answers": self.answers,
        });
        fs::write(self.folder.join(INDEX), format!("{index:#}\n"))?;
        Ok(count)
    }
}

/// A recording that is played back.
#[derive(Debug, Clone)]
pub struct Recording {
    folder: PathBuf,
    about: About,
    answers: BTreeMap<String, Reply>,
    files: BTreeMap<String, String>,
}

impl Recording {
    /// Opens one.
    ///
    /// # Errors
    /// In words, when it is none.
    pub fn open(folder: &Path) -> Result<Self, String> {
        let index = folder.join(INDEX);
        let wrong = |why: &str| format!("`{}` is no recording: {why}", folder.display());
        let bytes = fs::read(&index).map_err(|error| wrong(&format!("`{INDEX}` cannot be read: {error}")))?;
        let index: Value = serde_json::from_slice(&bytes).map_err(|error| wrong(&error.to_string()))?;
        if index.get("version").and_then(Value::as_u64) != Some(VERSION) {
            return Err(wrong("it is of another version"));
        }
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let of = |name: &str| {
            let repository = index.get("repository").cloned().unwrap_or_default();
            text(&repository, name).ok_or_else(|| wrong("it names no repository"))
        };
        let about = About {
            slug: Slug {
                host: of("host")?,
                owner: of("owner")?,
                name: of("name")?,
            },
            api: text(&index, "api").unwrap_or_default(),
            at: text(&index, "at")
                .and_then(|at| at.parse().ok())
                .ok_or_else(|| wrong("it does not say when it was made"))?,
            commit: text(&index, "commit").unwrap_or_default(),
            asked: text(&index, "asked").unwrap_or_else(|| "HEAD".to_owned()),
            branch: text(&index, "branch"),
        };
        let mut recording = Self {
            folder: folder.to_path_buf(),
            about,
            answers: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        let answers = index.get("answers").and_then(Value::as_object);
        for (path, answer) in answers.into_iter().flatten() {
            let file = text(answer, "file").ok_or_else(|| wrong("an answer has no body"))?;
            let plain = !file.is_empty()
                && file
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
            if !plain || file.contains("..") {
                return Err(wrong("the name of a body leads elsewhere"));
            }
            let status = answer.get("status").and_then(Value::as_u64);
            let reply = Reply {
                status: status
                    .and_then(|status| u16::try_from(status).ok())
                    .unwrap_or(200),
                next: text(answer, "next"),
                ..Reply::default()
            };
            recording.answers.insert(path.clone(), reply);
            recording.files.insert(path.clone(), file);
        }
        Ok(recording)
    }

    /// What it is of.
    #[must_use]
    pub const fn about(&self) -> &About {
        &self.about
    }

    /// The API that was asked.
    #[must_use]
    pub fn api(&self) -> &str {
        &self.about.api
    }

    /// When it was made.
    #[must_use]
    pub const fn at(&self) -> Option<Timestamp> {
        Some(self.about.at)
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// When there is none.
    pub fn answer(&self, path: &str) -> Result<Reply, AskError> {
        let none = || AskError::NotRecorded(path.to_owned());
        let mut reply = self.answers.get(path).cloned().ok_or_else(none)?;
        let file = self.folder.join(self.files.get(path).ok_or_else(none)?);
        let size = fs::metadata(&file).map_or(u64::MAX, |metadata| metadata.len());
        if size > LARGEST {
            return Err(none());
        }
        reply.body = fs::read(file).map_err(|_| none())?;
        Ok(reply)
    }
}
