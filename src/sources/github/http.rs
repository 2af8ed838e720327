//! One request and its answer: octocrab's transport and authentication over one reqwest client.
//!
//! Not here: when to ask, again or from memory ([`super::client`]). Invariants: each request has a deadline and its
//! answer a largest size; nothing is retried here; a redirect to another origin is followed without the token; a
//! status is never taken for a success by whoever reads the body.

use std::time::Duration;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use octocrab::Octocrab;
use secrecy::SecretString;

use crate::model::ci::Budget;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may be silent.
const SILENT: Duration = Duration::from_secs(15);
/// Redirects that are followed.
const REDIRECTS: usize = 5;
/// What answers are asked for.
pub const JSON: &str = "application/vnd.github+json";

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// Path and query below the API's address, encoded, with its slash.
    pub path: &'a str,
    /// The kind of answer.
    pub accept: &'a str,
    /// The tag of what is known already.
    pub etag: Option<&'a str>,
    /// Bytes of an answer that are read; more is an error.
    pub most: usize,
    /// For the whole of it.
    pub deadline: Duration,
}

/// An answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Tag of the body.
    pub etag: Option<String>,
    /// Path and query of the next page, below the API's address.
    pub next: Option<String>,
    /// Seconds to wait, as the server says.
    pub retry_after: Option<u64>,
    /// What is left of the rate limit.
    pub budget: Option<Budget>,
    /// Single sign-on must be authorised.
    pub sso: bool,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No connection: no network, no such host, refused, TLS.
    #[error("no connection: {0}")]
    Connect(String),
    /// It took too long.
    #[error("no answer within {0} s")]
    Timeout(u64),
    /// The answer broke off.
    #[error("the answer broke off: {0}")]
    Broken(String),
    /// The answer is larger than is read.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The request itself cannot be made.
    #[error("the request cannot be made: {0}")]
    Request(String),
}

/// The transport to one API.
#[derive(Clone)]
pub struct Transport {
    github: Octocrab,
    /// Asks other origins, with no token.
    plain: reqwest::Client,
    api: String,
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transport")
            .field("api", &self.api)
            .finish_non_exhaustive()
    }
}

impl Transport {
    /// To an API with a token. Must be called inside of a tokio runtime.
    ///
    /// # Errors
    /// When TLS cannot be set up or the address is none.
    pub fn new(api: &str, token: Option<&SecretString>) -> Result<Self, HttpError> {
        let wrong = |error: &dyn std::fmt::Display| HttpError::Request(error.to_string());
        // A second call finds the first one's provider, which is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let plain = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("gonogo/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| wrong(&error))?;
        let mut builder = Octocrab::builder()
            .base_uri(api)
            .map_err(|error| wrong(&error))?
            .upload_uri(api)
            .map_err(|error| wrong(&error))?;
        if let Some(token) = token {
            builder = builder.personal_token(token.clone());
        }
        let github = builder
            .build_with_reqwest(plain.clone())
            .map_err(|error| wrong(&error))?;
        Ok(Self {
            github,
            plain,
            api: api.trim_end_matches('/').to_owned(),
        })
    }

    /// Asks once. Redirects are followed.
    ///
    /// # Errors
    /// See [`HttpError`]; an answer with any status is no error.
    pub async fn get(&self, request: &Request<'_>) -> Result<Reply, HttpError> {
        let mut body = Vec::new();
        let mut reply = self
            .stream(request, &mut |chunk| {
                body.extend_from_slice(chunk);
                true
            })
            .await?;
        // The words of a refusal are in the reply already.
        if reply.body.is_empty() {
            reply.body = body;
        }
        Ok(reply)
    }

    /// Asks once and gives the body of a success in pieces, keeping none; `take` ends it with `false`. The body of
    /// another status is kept in the reply.
    ///
    /// # Errors
    /// See [`HttpError`].
    pub async fn stream(
        &self,
        request: &Request<'_>,
        take: &mut (dyn FnMut(&[u8]) -> bool + Send),
    ) -> Result<Reply, HttpError> {
        let work = self.follow(request, take);
        match tokio::time::timeout(request.deadline, work).await {
            Ok(done) => done,
            Err(_) => Err(HttpError::Timeout(request.deadline.as_secs())),
        }
    }

    async fn follow(
        &self,
        request: &Request<'_>,
        take: &mut (dyn FnMut(&[u8]) -> bool + Send),
    ) -> Result<Reply, HttpError> {
        let mut path = request.path.to_owned();
        for _ in 0..=REDIRECTS {
            let mut headers = HeaderMap::new();
            put(&mut headers, header::ACCEPT, request.accept)?;
            if let Some(etag) = request.etag {
                put(&mut headers, header::IF_NONE_MATCH, etag)?;
            }
            let answer = self
                .github
                ._get_with_headers(path.as_str(), Some(headers))
                .await
                .map_err(|error| broken(&error))?;
            let Some(target) = redirect(answer.status().as_u16(), answer.headers()) else {
                return self.read(answer, request.most, take).await;
            };
            match self.below(&target) {
                Some(same) => path = same,
                None => return self.elsewhere(target, request, take).await,
            }
        }
        Err(HttpError::Broken(format!("more than {REDIRECTS} redirects")))
    }

    /// Another origin: never with the token, and only over TLS unless the API itself is on this machine.
    async fn elsewhere(
        &self,
        mut target: String,
        request: &Request<'_>,
        take: &mut (dyn FnMut(&[u8]) -> bool + Send),
    ) -> Result<Reply, HttpError> {
        for _ in 0..=REDIRECTS {
            if !target.starts_with("https://") && !self.api.starts_with("http://") {
                return Err(HttpError::Request(
                    "it redirects to an address that is not https".to_owned(),
                ));
            }
            let answer = self
                .plain
                .get(&target)
                .send()
                .await
                .map_err(|error| broken(&error))?;
            match redirect(answer.status().as_u16(), answer.headers()) {
                Some(next) => target = next,
                None => return self.read(answer.into(), request.most, take).await,
            }
        }
        Err(HttpError::Broken(format!("more than {REDIRECTS} redirects")))
    }

    async fn read<B>(
        &self,
        answer: http::Response<B>,
        most: usize,
        take: &mut (dyn FnMut(&[u8]) -> bool + Send),
    ) -> Result<Reply, HttpError>
    where
        B: http_body::Body<Data = bytes::Bytes> + Unpin,
        B::Error: std::error::Error,
    {
        let mut reply = self.head(answer.status().as_u16(), answer.headers());
        let success = (200..300).contains(&reply.status);
        let mut body = answer.into_body();
        let mut size = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| broken(&error))?;
            let Ok(chunk) = frame.into_data() else { continue };
            size += chunk.len();
            if success {
                if size > most {
                    return Err(HttpError::TooLarge(most));
                }
                if !take(&chunk) {
                    break;
                }
            } else if size <= ERROR_BODY {
                reply.body.extend_from_slice(&chunk);
            }
        }
        Ok(reply)
    }

    fn head(&self, status: u16, headers: &HeaderMap) -> Reply {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        let number = |name: &str| text(name)?.trim().parse::<u64>().ok();
        let second = |seconds: u64| Timestamp::from_second(i64::try_from(seconds).ok()?).ok();
        Reply {
            status,
            etag: text("etag").map(str::to_owned),
            next: text("link").and_then(next_link).and_then(|next| self.below(next)),
            retry_after: number("retry-after"),
            budget: number("x-ratelimit-remaining").map(|remaining| Budget {
                remaining,
                limit: number("x-ratelimit-limit").unwrap_or(0),
                reset: number("x-ratelimit-reset").and_then(second),
            }),
            sso: headers.contains_key("x-github-sso"),
            body: Vec::new(),
        }
    }

    /// Path and query of an address below the API's own; `None` for every other origin.
    fn below(&self, address: &str) -> Option<String> {
        if address.starts_with('/') && !address.starts_with("//") {
            return Some(address.to_owned());
        }
        let rest = address.strip_prefix(&self.api)?;
        rest.starts_with('/').then(|| rest.to_owned())
    }

    /// Sends something once; never again by itself, for a lost answer does not say whether it was done.
    ///
    /// # Errors
    /// See [`HttpError`].
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: &serde_json::Value,
        deadline: Duration,
    ) -> Result<Reply, HttpError> {
        let work = async {
            let answer = match method {
                Method::Post => self.github._post(path, Some(body)).await,
                Method::Put => self.github._put(path, Some(body)).await,
                Method::Patch => self.github._patch(path, Some(body)).await,
            };
            let answer = answer.map_err(|error| broken(&error))?;
            let mut kept = Vec::new();
            let mut reply = self
                .read(answer, 1 << 20, &mut |chunk| {
                    kept.extend_from_slice(chunk);
                    true
                })
                .await?;
            if reply.body.is_empty() {
                reply.body = kept;
            }
            Ok(reply)
        };
        match tokio::time::timeout(deadline, work).await {
            Ok(done) => done,
            Err(_) => Err(HttpError::Timeout(deadline.as_secs())),
        }
    }
}

/// How something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
}

/// Bytes that are kept of a refusal.
const ERROR_BODY: usize = 64 << 10;

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), HttpError> {
    let value = HeaderValue::from_str(value).map_err(|error| HttpError::Request(error.to_string()))?;
    headers.insert(name, value);
    Ok(())
}

fn redirect(status: u16, headers: &HeaderMap) -> Option<String> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    Some(headers.get(header::LOCATION)?.to_str().ok()?.to_owned())
}

/// The address of the next page in a `Link` header.
fn next_link(link: &str) -> Option<&str> {
    link.split(',').find_map(|part| {
        let (address, rest) = part.split_once(';')?;
        rest.contains("rel=\"next\"")
            .then(|| address.trim().trim_start_matches('<').trim_end_matches('>'))
    })
}

/// The innermost words of an error tell what happened; the outer ones that a request failed, with its address, which
/// may carry a signature.
fn broken(error: &(dyn std::error::Error + '_)) -> HttpError {
    let mut chain = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        chain.push(error.to_string());
        cause = error.source();
    }
    let all = chain.join(": ");
    let innermost = chain.pop().unwrap_or_default();
    let innermost = crate::text::clean::clean(&innermost).into_owned();
    if all.contains("timed out") || all.contains("deadline") {
        HttpError::Timeout(SILENT.as_secs())
    } else if ["(Connect)", "tcp connect", "dns error", "certificate"]
        .iter()
        .any(|words| all.contains(words))
    {
        HttpError::Connect(innermost)
    } else {
        HttpError::Broken(innermost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_read_from_the_link() {
        let link = "<https://api.github.com/x?page=1>; rel=\"prev\", <https://api.github.com/x?page=3>; rel=\"next\"";
        assert_eq!(next_link(link), Some("https://api.github.com/x?page=3"));
        assert_eq!(next_link("<https://api.github.com/x?page=1>; rel=\"last\""), None);
        assert_eq!(next_link("nonsense"), None);
    }
}
