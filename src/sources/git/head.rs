//! Where HEAD stands, read from git's own files; `git` itself is asked when they are of a newer kind.

use super::{Git, Layout, small_text};

/// Where HEAD stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The branch; `None` when HEAD is detached.
    pub branch: Option<String>,
    /// Full hash; `None` before the first commit.
    pub commit: Option<String>,
}

impl Head {
    /// HEAD names a commit and no branch.
    #[must_use]
    pub const fn is_detached(&self) -> bool {
        self.branch.is_none() && self.commit.is_some()
    }

    /// There is a branch and no commit yet.
    #[must_use]
    pub const fn is_unborn(&self) -> bool {
        self.commit.is_none()
    }
}

/// Reads HEAD.
#[must_use]
pub fn head(layout: &Layout) -> Head {
    read(layout).unwrap_or_else(|| ask(layout))
}

fn read(layout: &Layout) -> Option<Head> {
    let text = small_text(&layout.git_dir.join("HEAD"))?;
    let text = text.trim_end();
    let Some(name) = text.strip_prefix("ref: ") else {
        return is_hash(text).then(|| Head {
            branch: None,
            commit: Some(text.to_owned()),
        });
    };
    // The files of a reftable repository hold this placeholder.
    if name.ends_with(".invalid") || layout.common_dir.join("reftable").exists() {
        return None;
    }
    let branch = name.strip_prefix("refs/heads/").unwrap_or(name).to_owned();
    Some(Head {
        branch: Some(branch),
        commit: resolve(layout, name)?,
    })
}

/// The commit of a ref: `Some(None)` when the ref does not exist yet, `None` when the files are odd.
fn resolve(layout: &Layout, name: &str) -> Option<Option<String>> {
    if name.split('/').any(|part| part.is_empty() || part == "..") {
        return None;
    }
    let folders = [&layout.git_dir, &layout.common_dir];
    if let Some(text) = folders.iter().find_map(|folder| small_text(&folder.join(name))) {
        let text = text.trim_end();
        // A symbolic branch is rare enough for git itself.
        return is_hash(text).then(|| Some(text.to_owned()));
    }
    let packed = match std::fs::read(layout.common_dir.join("packed-refs")) {
        Ok(packed) => packed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Some(None),
        Err(_) => return None,
    };
    let wanted = format!(" {name}\n");
    let Some(at) = memchr::memmem::find(&packed, wanted.as_bytes()) else {
        return Some(None);
    };
    let line = packed.get(..at)?;
    let start = memchr::memrchr(b'\n', line).map_or(0, |newline| newline + 1);
    let hash = std::str::from_utf8(line.get(start..)?).ok()?;
    is_hash(hash).then(|| Some(hash.to_owned()))
}

fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn ask(layout: &Layout) -> Head {
    let git = Git::new(&layout.root);
    let line = |args: &[&str]| {
        let output = git.read(args).ok()?;
        let line = output.stdout_text().trim().to_owned();
        (!line.is_empty()).then_some(line)
    };
    Head {
        branch: line(&["symbolic-ref", "--short", "-q", "HEAD"]),
        commit: line(&["rev-parse", "--verify", "-q", "HEAD"]),
    }
}

/// `owner/name` of the remote `origin`, from the repository's own configuration.
#[must_use]
pub fn origin_name(layout: &Layout) -> Option<String> {
    let config = small_text(&layout.common_dir.join("config"))?;
    let mut inside = false;
    let mut url = None;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line.replace(' ', "") == "[remote\"origin\"]";
        } else if inside
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "url"
        {
            url = Some(value.trim().trim_matches('"').to_owned());
        }
    }
    let url = url?;
    let path = url.trim_end_matches('/').trim_end_matches(".git");
    let mut parts = path.rsplit(['/', ':']).filter(|part| !part.is_empty());
    let (name, owner) = (parts.next()?, parts.next()?);
    // A path on this machine has no owner.
    let is_local = url.starts_with(['/', '.']) || url.starts_with("file:");
    (!is_local).then(|| format!("{owner}/{name}"))
}
