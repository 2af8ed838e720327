//! Which repository on which host a remote names, and where that host's API is.
//!
//! Not here: tokens. Invariants: nothing of a remote but host, owner and name is kept, so a password in it goes
//! nowhere; a remote on this machine, or of a kind that is not known, names no repository.

use crate::model::{Problem, ProblemSeverity};
use crate::sources::git::Git;

/// A repository on a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug {
    /// The host in lower case, with its port when that is not the usual one.
    pub host: String,
    /// The owner.
    pub owner: String,
    /// The name.
    pub name: String,
}

impl Slug {
    /// `owner/name` as part of a path of the API.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}", segment(&self.owner), segment(&self.name))
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.host, self.owner, self.name)
    }
}

/// The repository that a remote's address names: `https://`, `http://`, `ssh://`, `git://`, `git+ssh://` and
/// `user@host:path`.
#[must_use]
pub fn parse(url: &str) -> Option<Slug> {
    let url = url.trim();
    if let Some((scheme, rest)) = url.split_once("://") {
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(
            scheme.as_str(),
            "https" | "http" | "ssh" | "git" | "git+ssh" | "ssh+git" | "git+https"
        ) {
            return None;
        }
        let (authority, path) = rest.split_once('/')?;
        // The port of ssh or git says nothing of where the API is.
        let keeps_port = matches!(scheme.as_str(), "https" | "http" | "git+https");
        return slug(host_of(authority, keeps_port)?, path);
    }
    // `user@host:path`; a path with a slash before the colon is one on this machine, and so is a drive's letter.
    let (authority, path) = url.split_once(':')?;
    if authority.contains('/')
        || authority.contains('\\')
        || (authority.len() == 1 && !authority.contains('@'))
    {
        return None;
    }
    slug(host_of(authority, false)?, path)
}

fn host_of(authority: &str, keeps_port: bool) -> Option<String> {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, port),
        Some(_) => return None,
        None => (host, ""),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || !name.chars().all(fits) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    // GitHub's own second doors for ssh.
    let name = match name.as_str() {
        "ssh.github.com" | "www.github.com" => "github.com".to_owned(),
        _ => name,
    };
    let usual = matches!(port, "" | "443" | "80");
    Some(if keeps_port && !usual {
        format!("{name}:{port}")
    } else {
        name
    })
}

fn slug(host: String, path: &str) -> Option<Slug> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let mut parts = path.split('/');
    let (owner, name) = (parts.next()?, parts.next()?);
    let plain = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    (plain(owner) && plain(name) && parts.next().is_none()).then(|| Slug {
        host,
        owner: owner.to_owned(),
        name: name.to_owned(),
    })
}

/// A host as `GH_HOST` may name it, with or without a scheme.
#[must_use]
pub fn parse_host(text: &str) -> Option<String> {
    let text = text.trim();
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    host_of(host.trim_end_matches('/'), true)
}

/// Where a host's API is.
#[must_use]
pub fn api_of(host: &str) -> String {
    match host {
        "github.com" => "https://api.github.com".to_owned(),
        // A tenant of GitHub's own data residency.
        host if host.ends_with(".ghe.com") => format!("https://api.{host}"),
        host => format!("https://{host}/api/v3"),
    }
}

/// The host that an API's address belongs to; the reverse of [`api_of`].
#[must_use]
pub fn host_of_api(api: &str) -> Option<String> {
    let (_, rest) = api.split_once("://")?;
    let authority = rest.split('/').next()?;
    let host = host_of(authority, true)?;
    Some(match host.as_str() {
        "api.github.com" => "github.com".to_owned(),
        host => match host.strip_prefix("api.") {
            Some(tenant) if tenant.ends_with(".ghe.com") => tenant.to_owned(),
            _ => host.to_owned(),
        },
    })
}

/// What the repository's remotes name, as git itself reads them (`insteadOf` included).
///
/// The remote of the branch wins, then `upstream` is no guess: `origin`, then the only one.
///
/// # Errors
/// A problem in words, when there is no remote that names a repository on a host.
pub fn of_repository(git: &Git, branch: Option<&str>) -> Result<Slug, Problem> {
    let line = |args: &[&str]| {
        let output = git.read(args).ok()?;
        let text = output.stdout_text().trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let remotes = line(&["remote"]).unwrap_or_default();
    let remotes: Vec<&str> = remotes.lines().collect();
    let tracked = branch.and_then(|branch| line(&["config", "--get", &format!("branch.{branch}.remote")]));
    let chosen = tracked
        .as_deref()
        .filter(|name| remotes.contains(name))
        .or_else(|| remotes.contains(&"origin").then_some("origin"))
        .or(match remotes.as_slice() {
            [only] => Some(*only),
            _ => None,
        });
    let Some(name) = chosen else {
        return Err(none(if remotes.is_empty() {
            "the repository has no remote, so there is no GitHub to ask".to_owned()
        } else {
            format!(
                "none of {} remotes is `origin` or the branch's own, so it is not known which GitHub to ask",
                remotes.len()
            )
        }));
    };
    let url = line(&["remote", "get-url", name]).unwrap_or_default();
    parse(&url).ok_or_else(|| none(format!("the remote `{name}` names no repository on a host")))
}

/// The branch's name on the remote: what it tracks, or its own.
#[must_use]
pub fn upstream_branch(git: &Git, branch: &str) -> String {
    let key = format!("branch.{branch}.merge");
    let merge = git.read(&["config", "--get", &key]).ok();
    let merge = merge.map(|output| output.stdout_text().trim().to_owned());
    match merge.as_deref().and_then(|name| name.strip_prefix("refs/heads/")) {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => branch.to_owned(),
    }
}

fn none(what: String) -> Problem {
    Problem {
        severity: ProblemSeverity::Note,
        at: "".into(),
        what: what.into(),
        hint: None,
    }
}

/// One segment of a path, percent-encoded.
#[must_use]
pub fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A path of several segments, each percent-encoded, its slashes kept.
#[must_use]
pub fn segments(path: &str) -> String {
    let encoded: Vec<String> = path.split('/').map(segment).collect();
    encoded.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_remote_names_the_same_repository() {
        for url in [
            "https://github.com/acme/app.git",
            "https://github.com/acme/app",
            "https://github.com/acme/app/",
            "http://github.com/acme/app.git",
            "https://user:secret@github.com/acme/app.git",
            "https://x-access-token:ghs_x@GitHub.com:443/acme/app.git",
            "git@github.com:acme/app.git",
            "git@github.com:/acme/app.git",
            "github.com:acme/app",
            "ssh://git@github.com/acme/app.git",
            "ssh://git@github.com:22/acme/app.git",
            "ssh://git@ssh.github.com:443/acme/app.git",
            "git://github.com/acme/app.git",
            "git+ssh://git@github.com/acme/app.git",
        ] {
            let slug = parse(url).unwrap_or_else(|| panic!("{url}"));
            assert_eq!(slug.to_string(), "github.com/acme/app", "{url}");
        }
        assert_eq!(
            parse("https://ghe.corp.example:8443/acme/app.git")
                .unwrap()
                .to_string(),
            "ghe.corp.example:8443/acme/app"
        );
    }

    #[test]
    fn what_names_no_repository_on_a_host_is_none() {
        for url in [
            "",
            "/srv/git/app.git",
            "../app",
            "./a:b",
            "C:\\repos\\app",
            "C:/repos/app",
            "file:///srv/app.git",
            "https://github.com/acme",
            "https://github.com/a/b/c",
            "https://github.com/../app",
            "https://evil.example@/acme/app",
            "https://git hub.com/acme/app",
            "git@github.com:acme/../../x",
            "ext::sh -c touch% /tmp/x",
            "javascript://github.com/acme/app",
        ] {
            assert_eq!(parse(url), None, "{url}");
        }
    }

    #[test]
    fn a_user_part_cannot_pose_as_the_host() {
        let slug = parse("https://github.com@evil.example/acme/app").unwrap();
        assert_eq!(slug.host, "evil.example");
    }

    #[test]
    fn hosts_and_their_apis_are_told_from_each_other() {
        for (host, api) in [
            ("github.com", "https://api.github.com"),
            ("acme.ghe.com", "https://api.acme.ghe.com"),
            ("git.corp.example", "https://git.corp.example/api/v3"),
        ] {
            assert_eq!(api_of(host), api);
            assert_eq!(host_of_api(api).as_deref(), Some(host));
        }
        assert_eq!(
            host_of_api("http://127.0.0.1:4800").as_deref(),
            Some("127.0.0.1:4800")
        );
        assert_eq!(
            parse_host("https://git.corp.example/").as_deref(),
            Some("git.corp.example")
        );
        assert_eq!(parse_host("no host"), None);
    }

    #[test]
    fn segments_are_encoded_one_by_one() {
        assert_eq!(segments("docs/Go No-Go.md"), "docs/Go%20No-Go.md");
        assert_eq!(segments("release/1.0"), "release/1.0");
        assert_eq!(segment("a#b/c?d"), "a%23b%2Fc%3Fd");
        assert_eq!(segments("ü"), "%C3%BC");
    }
}
