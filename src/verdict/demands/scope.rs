//! Which files a demand speaks of, and how sentences call them.

use crate::text::glob::{BadGlob, Globs};

/// The files of a demand.
#[derive(Debug)]
pub(super) struct Scope {
    /// `None`: every file.
    paths: Option<Globs>,
    except: Globs,
}

impl Scope {
    /// Compiles a scope.
    pub fn new(paths: &[Box<str>], except: &[Box<str>]) -> Result<Self, BadGlob> {
        let compile = |globs: &[Box<str>]| Globs::new(globs.iter().map(AsRef::as_ref));
        Ok(Self {
            paths: if paths.is_empty() {
                None
            } else {
                Some(compile(paths)?)
            },
            except: compile(except)?,
        })
    }

    /// Whether a file lies in it.
    pub fn holds(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|paths| paths.fit(path)) && !self.except.fit(path)
    }
}

/// A scope in words: "`src/auth/*`", "all code without `gen/**`".
pub(super) fn words(paths: &[Box<str>], except: &[Box<str>], all: &str) -> String {
    let mut said = if paths.is_empty() {
        all.to_owned()
    } else {
        some(paths)
    };
    if !except.is_empty() {
        said.push_str(" without ");
        said.push_str(&some(except));
    }
    said
}

/// The first three of some names.
fn some(names: &[Box<str>]) -> String {
    let mut said: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    if names.len() > 3 {
        said.push(format!("{} more", names.len() - 3));
    }
    said.join(", ")
}
