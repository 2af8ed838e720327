//! What is known of the repository itself.

/// Facts about the repository at the time of reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repository {
    /// Name to show: the folder's name, or owner/name of the origin.
    pub name: Box<str>,
    /// Branch; `None` when HEAD is detached, or outside git.
    pub branch: Option<Box<str>>,
    /// HEAD's full hash; `None` before the first commit, or outside git.
    pub commit: Option<Box<str>>,
    /// Tracked files differ from HEAD.
    pub dirty: bool,
    /// Whether there is a git repository at all.
    pub git: bool,
    /// How many files were looked at, and how many of them are Markdown.
    pub files: u32,
    /// Markdown files that were looked at.
    pub markdown: u32,
    /// What was not looked at, and why; only the first few.
    pub left_out: Vec<(Box<str>, &'static str)>,
}

impl Repository {
    /// The first seven digits of HEAD.
    #[must_use]
    pub fn short_commit(&self) -> Option<&str> {
        self.commit
            .as_deref()
            .map(|commit| commit.get(..7).unwrap_or(commit))
    }
}
