//! Commits as the core speaks of them.

use jiff::Timestamp;

/// A commit's whole hash: 40 or 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId(Box<str>);

impl CommitId {
    /// The id, or `None` when the text is no whole hash.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let whole = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        whole.then(|| Self(text.to_ascii_lowercase().into()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first seven digits.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }
}

impl std::fmt::Display for CommitId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is known of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its hash.
    pub id: CommitId,
    /// When it was committed.
    pub at: Timestamp,
    /// The first line of its message.
    pub subject: Box<str>,
    /// How it stands to HEAD.
    pub relation: Relation,
}

/// How a commit stands to HEAD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// It is HEAD.
    Head,
    /// HEAD contains it, so many commits later.
    Ancestor(u32),
    /// It contains HEAD.
    Descendant,
    /// Another line of history.
    Unrelated,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_hash_is_an_id() {
        let whole = "0123456789ABCDEF0123456789abcdef01234567";
        assert_eq!(CommitId::new(whole).unwrap().as_str(), whole.to_ascii_lowercase());
        assert_eq!(CommitId::new(whole).unwrap().short(), "0123456");
        for wrong in [
            "",
            "0123456",
            &whole[1..],
            &format!("{whole}0"),
            &whole.replace('0', "g"),
        ] {
            assert_eq!(CommitId::new(wrong), None, "{wrong}");
        }
    }
}
