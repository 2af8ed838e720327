//! What is asked about: HEAD, or what `--ref` names.
//!
//! Invariant: a question about a commit always carries its whole hash; a short one would match nothing, an empty one
//! everything.

use super::client::{AskError, Client};
use super::decode;
use super::remote::{Slug, segment, segments};
use crate::model::CommitId;

/// A commit of a repository on GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The repository.
    pub slug: Slug,
    /// The commit.
    pub commit: CommitId,
    /// The branch whose rules apply; `None` asks for the default branch.
    pub branch: Option<String>,
    /// In words.
    pub asked: String,
}

/// What a person typed after `--ref`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A whole hash.
    Commit(CommitId),
    /// A pull request.
    Pull(u64),
    /// A workflow run.
    Run(u64),
    /// A branch, a tag or the beginning of a hash.
    Ref(String),
}

/// Reads what was typed, and the repository where an address names one.
///
/// # Errors
/// In words.
pub fn read(typed: &str) -> Result<(Named, Option<Slug>), String> {
    let typed = typed.trim();
    if typed.is_empty() || typed.starts_with('-') || typed.chars().any(char::is_control) {
        return Err("`--ref` takes a branch, tag, commit, pull request or run".to_owned());
    }
    if let Some((_, rest)) = typed.split_once("://") {
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<&str> = rest.split('/').collect();
        let [host, owner, name, kind, more @ ..] = parts.as_slice() else {
            return Err(format!(
                "`{typed}` is no address of a pull request, run, branch or commit"
            ));
        };
        let slug = super::remote::parse(&format!("https://{host}/{owner}/{name}"));
        let number = |at: usize| more.get(at).and_then(|text| text.parse().ok());
        let named = match (*kind, more.first().copied()) {
            ("pull", _) => number(0).map(Named::Pull),
            ("actions", Some("runs")) => number(1).map(Named::Run),
            ("commit", Some(hash)) => Some(of_word(hash)),
            ("tree", Some(_)) => Some(Named::Ref(more.join("/"))),
            ("releases", Some("tag")) => more.get(1..).map(|tag| Named::Ref(tag.join("/"))),
            _ => None,
        };
        return match (named, slug) {
            (Some(named), Some(slug)) => Ok((named, Some(slug))),
            _ => Err(format!(
                "`{typed}` is no address of a pull request, run, branch or commit"
            )),
        };
    }
    Ok((of_word(typed), None))
}

fn of_word(word: &str) -> Named {
    if let Some(commit) = CommitId::new(word) {
        return Named::Commit(commit);
    }
    let digits = word.strip_prefix('#').unwrap_or(word);
    match digits.parse() {
        // Seven digits and more are rather the beginning of a hash.
        Ok(number) if digits.len() < 7 => Named::Pull(number),
        _ => Named::Ref(word.to_owned()),
    }
}

/// Finds the commit that is meant.
///
/// # Errors
/// See [`AskError`].
pub async fn resolve(client: &mut Client, slug: &Slug, named: Named) -> Result<Target, AskError> {
    let base = format!("/repos/{}", slug.path());
    let target = |commit, branch: Option<String>, asked: String| Target {
        slug: slug.clone(),
        commit,
        branch,
        asked,
    };
    let no_commit = |what: &str| AskError::NotJson(format!("{what} names no commit"));
    match named {
        Named::Commit(commit) => {
            let asked = format!("commit {}", commit.short());
            Ok(target(commit, None, asked))
        }
        Named::Pull(number) => {
            let (value, _) = client.ask(&format!("{base}/pulls/{number}")).await?;
            let (head, base) = decode::pull(&value);
            let asked = format!("pull request {number}");
            let head = head.ok_or_else(|| no_commit(&asked))?;
            Ok(target(head, base.map(Into::into), asked))
        }
        Named::Run(id) => {
            let (value, _) = client.ask(&format!("{base}/actions/runs/{id}")).await?;
            let asked = format!("run {id}");
            let run = decode::run(&value).map_err(|_| no_commit(&asked))?;
            let head = run.head.ok_or_else(|| no_commit(&asked))?;
            Ok(target(head, run.branch.map(Into::into), asked))
        }
        Named::Ref(name) => {
            let (value, _) = client.ask(&format!("{base}/commits/{}", encoded(&name))).await?;
            let commit = decode::commit_of(&value).ok_or_else(|| no_commit(&name))?;
            // A tag has no rules of a branch; asking for those of a branch of its name gives none.
            let is_hash = name.len() >= 7 && commit.as_str().starts_with(&name.to_ascii_lowercase());
            Ok(target(commit, (!is_hash).then(|| name.clone()), name))
        }
    }
}

fn encoded(name: &str) -> String {
    if name.contains('/') {
        segments(name)
    } else {
        segment(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_naming_is_understood() {
        let hash = "0123456789abcdef0123456789abcdef01234567";
        let own = |typed: &str| read(typed).unwrap().0;
        assert_eq!(own(hash), Named::Commit(CommitId::new(hash).unwrap()));
        assert_eq!(own("12"), Named::Pull(12));
        assert_eq!(own("#12"), Named::Pull(12));
        assert_eq!(own("1234567"), Named::Ref("1234567".into()));
        assert_eq!(own("release/1.0"), Named::Ref("release/1.0".into()));
        for (url, named) in [
            ("https://github.com/acme/app/pull/12/files", Named::Pull(12)),
            (
                "https://github.com/acme/app/actions/runs/99/job/3?pr=1",
                Named::Run(99),
            ),
            (
                "https://github.com/acme/app/tree/release/1.0",
                Named::Ref("release/1.0".into()),
            ),
            (
                "https://github.com/acme/app/releases/tag/v1",
                Named::Ref("v1".into()),
            ),
            (
                &format!("https://github.com/acme/app/commit/{hash}"),
                Named::Commit(CommitId::new(hash).unwrap()),
            ),
        ] {
            let (read, slug) = read(url).unwrap();
            assert_eq!(read, named, "{url}");
            assert_eq!(slug.unwrap().to_string(), "github.com/acme/app");
        }
        for wrong in [
            "",
            "-x",
            "https://github.com/acme",
            "https://github.com/acme/app/pull/x",
            "a\u{1b}b",
        ] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
