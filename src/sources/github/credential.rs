//! Which address is asked, and with which token.
//!
//! Invariants: a token goes to the one API that it is for and to no other origin; a host that only the repository's
//! remote names gets no token that is meant for github.com; a token is a [`SecretString`] from the moment it is read
//! and appears in no log, error, cache or record.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use secrecy::SecretString;

use super::remote::{Slug, api_of, host_of_api, parse_host};
use crate::sources::env;

/// For the `gh` program to name its token.
const GH: Duration = Duration::from_secs(5);

/// Where the API is and who asks.
#[derive(Debug, Clone)]
pub struct Access {
    /// The repository that is asked about.
    pub slug: Slug,
    /// The API's address without a slash at its end.
    pub api: String,
    /// The token; `None` asks without one.
    pub token: Option<SecretString>,
    /// How the token was found, in words that tell credentials apart without telling anything of them: `GH_TOKEN`.
    pub credential: &'static str,
    /// Why there is no token, in words.
    pub why_no_token: Option<String>,
}

/// What the environment says, read once.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `GITHUB_API_URL`.
    pub api_url: Option<String>,
    /// `GH_HOST`.
    pub gh_host: Option<String>,
    /// `GH_TOKEN`, `GITHUB_TOKEN`: of github.com and of the API that `GITHUB_API_URL` names.
    pub tokens: Vec<(&'static str, SecretString)>,
    /// `GH_ENTERPRISE_TOKEN`, `GITHUB_ENTERPRISE_TOKEN`: of the host that `GH_HOST` names.
    pub enterprise_tokens: Vec<(&'static str, SecretString)>,
}

impl Surroundings {
    /// From this process's environment.
    #[must_use]
    pub fn of_process() -> Self {
        let token = |name: &'static str| {
            let value = env::var(name)?;
            let value = value.trim();
            // What cannot stand in a header is no token.
            let fits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
            fits.then(|| (name, SecretString::from(value.to_owned())))
        };
        Self {
            api_url: env::var("GITHUB_API_URL"),
            gh_host: env::var("GH_HOST"),
            tokens: ["GH_TOKEN", "GITHUB_TOKEN"]
                .into_iter()
                .filter_map(token)
                .collect(),
            enterprise_tokens: ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"]
                .into_iter()
                .filter_map(token)
                .collect(),
        }
    }
}

/// Decides whom to ask and with which token. `logged_in` asks the `gh` program for the token of a host.
///
/// # Errors
/// In words, when the remote's host is no GitHub that anybody vouched for.
pub fn access(
    slug: Slug,
    around: &Surroundings,
    logged_in: impl Fn(&str) -> Option<SecretString>,
) -> Result<Access, String> {
    let named = around.gh_host.as_deref().and_then(parse_host);
    let api_url = around
        .api_url
        .as_deref()
        .map(|url| url.trim().trim_end_matches('/'));
    if let Some(url) = api_url {
        check_api(url)?;
    }
    // The person's own environment vouches for a host; a repository's remote does not.
    let (api, host) = match api_url {
        Some(url) => (url.to_owned(), host_of_api(url).unwrap_or_default()),
        None => (api_of(&slug.host), slug.host.clone()),
    };
    let is_github = host == "github.com" || host.ends_with(".ghe.com");
    let vouched = api_url.is_some() || is_github || named.as_deref() == Some(host.as_str());
    let own = if api_url.is_some() || is_github {
        around.tokens.first()
    } else if vouched {
        around.enterprise_tokens.first()
    } else {
        None
    };
    let found = match own {
        Some((name, token)) => Some((*name, token.clone())),
        // `gh` gives only what the person logged in to for that very host.
        None => logged_in(&host).map(|token| ("gh auth token", token)),
    };
    if found.is_none() && !vouched {
        return Err(format!(
            "the remote's host `{host}` is no GitHub that is known here: `GH_HOST={host}` or `gh auth login --hostname {host}` says that it is"
        ));
    }
    let why_no_token = found.is_none().then(|| {
        if is_github || api_url.is_some() {
            "no token: set GH_TOKEN or GITHUB_TOKEN, or log in with `gh auth login`".to_owned()
        } else {
            format!("no token for `{host}`: set GH_ENTERPRISE_TOKEN, or `gh auth login --hostname {host}`")
        }
    });
    let (credential, token) = match found {
        Some((name, token)) => (name, Some(token)),
        None => ("none", None),
    };
    Ok(Access {
        slug,
        api,
        token,
        credential,
        why_no_token,
    })
}

/// A token goes over TLS, or stays on this machine.
fn check_api(url: &str) -> Result<(), String> {
    let refused = |why: &str| {
        Err(format!(
            "GITHUB_API_URL is `{}`, {why}",
            crate::text::clean::clean(url)
        ))
    };
    let Some((scheme, rest)) = url.split_once("://") else {
        return refused("which is no address");
    };
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.contains('@') || host_of_api(url).is_none() || rest.contains(['?', '#', ' ']) {
        return refused("which is no plain address of an API");
    }
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let here = matches!(host, "127.0.0.1" | "localhost");
    match scheme {
        "https" => Ok(()),
        "http" if here => Ok(()),
        _ => refused("which is not https: a token would be readable on its way"),
    }
}

/// Asks the `gh` program for the token of a host. It reads no file of the repository.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "asking another program of the user's is what sources are for"
)]
pub fn gh_token(host: &str) -> Option<SecretString> {
    let mut child = Command::new("gh")
        .args(["auth", "token", "--hostname", host])
        .env_remove("GH_TOKEN")
        .env_remove("GITHUB_TOKEN")
        .env("GH_PROMPT_DISABLED", "1")
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let begun = Instant::now();
    // It only looks into its own store, which may want to be unlocked: nobody waits for that.
    let status = loop {
        match child.try_wait().ok()? {
            Some(status) => break status,
            None if begun.elapsed() > GH => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    let mut bytes = Vec::new();
    child.stdout.take()?.take(4096).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let text = text.trim();
    let fits = status.success() && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| SecretString::from(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::sources::github::remote::parse;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    fn around() -> Surroundings {
        Surroundings {
            tokens: vec![("GH_TOKEN", secret("ghp_dotcom"))],
            enterprise_tokens: vec![("GH_ENTERPRISE_TOKEN", secret("ghp_corp"))],
            ..Surroundings::default()
        }
    }

    fn token_of(url: &str, around: &Surroundings) -> Result<(String, Option<String>), String> {
        let access = access(parse(url).unwrap(), around, |_| None)?;
        let token = access.token.map(|token| token.expose_secret().to_owned());
        Ok((access.api, token))
    }

    #[test]
    fn each_host_gets_the_token_that_is_for_it() {
        let mut around = around();
        assert_eq!(
            token_of("https://github.com/a/b", &around),
            Ok(("https://api.github.com".into(), Some("ghp_dotcom".into())))
        );
        around.gh_host = Some("git.corp.example".into());
        assert_eq!(
            token_of("https://git.corp.example/a/b", &around),
            Ok(("https://git.corp.example/api/v3".into(), Some("ghp_corp".into())))
        );
    }

    #[test]
    fn a_host_that_only_the_remote_names_gets_nothing() {
        let why = token_of("https://evil.example/a/b", &around()).unwrap_err();
        assert!(why.contains("evil.example"), "{why}");
        let mut named = around();
        named.gh_host = Some("git.corp.example".into());
        assert!(token_of("https://evil.example/a/b", &named).is_err());
        // A token of github.com is none of another host's, even if that host is known.
        named.enterprise_tokens.clear();
        assert_eq!(token_of("https://git.corp.example/a/b", &named).unwrap().1, None);
    }

    #[test]
    fn an_address_of_the_api_wins_and_must_be_safe() {
        let mut around = around();
        around.api_url = Some("http://127.0.0.1:4800/".into());
        assert_eq!(
            token_of("https://github.com/a/b", &around),
            Ok(("http://127.0.0.1:4800".into(), Some("ghp_dotcom".into())))
        );
        for unsafe_url in [
            "http://api.example.com",
            "ftp://api.github.com",
            "api.github.com",
            "https://user@api.github.com",
            "https://api.github.com?x=1",
            "http://127.0.0.1.evil.example",
        ] {
            around.api_url = Some(unsafe_url.into());
            assert!(
                token_of("https://github.com/a/b", &around).is_err(),
                "{unsafe_url}"
            );
        }
    }

    #[test]
    fn a_token_is_not_shown_by_debug() {
        let access = access(parse("https://github.com/a/b").unwrap(), &around(), |_| None).unwrap();
        assert!(!format!("{access:?} {:?}", around()).contains("ghp_"));
    }
}
