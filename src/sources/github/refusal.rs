//! Why a question has no answer, and what the words of a refusal mean: a limit, a missing permission, or something else.

use serde_json::Value;

use super::http::{HttpError, Reply};
use crate::model::Collection;
use crate::text::clean::clean;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The transport failed.
    #[error("{0}")]
    Http(#[from] HttpError),
    /// The token is missing, wrong or not allowed to.
    #[error("{0}")]
    Unauthorised(String),
    /// Too much was asked.
    #[error("{0}")]
    Limited(String),
    /// There is no such thing, or it is not shown to this token; GitHub's words.
    #[error("{0}")]
    NotFound(String),
    /// It was deleted.
    #[error("{0}")]
    Gone(String),
    /// Refused for another reason; status and GitHub's words.
    #[error("{1} (HTTP {0})")]
    Refused(u16, String),
    /// Another status.
    #[error("HTTP {0}{1}")]
    Status(u16, String),
    /// The answer is no JSON.
    #[error("the answer is no JSON: {0}")]
    NotJson(String),
    /// The time for all answers together was over before it was asked.
    #[error("the time for all answers was over before this was asked")]
    OutOfTime,
    /// It is not in the recording.
    #[error("the recording has no answer to `{0}`")]
    NotRecorded(String),
}

impl AskError {
    /// As what becomes of the source.
    #[must_use]
    pub fn collection(&self) -> Collection {
        let why = clean(&self.to_string()).into_owned().into_boxed_str();
        match self {
            Self::Unauthorised(_) => Collection::Unauthorised(why),
            Self::Limited(_) => Collection::RateLimited(why),
            _ => Collection::Error(why),
        }
    }

    /// Whether asking again at once may help.
    pub(super) const fn may_pass(&self) -> bool {
        match self {
            Self::Http(error) => matches!(
                error,
                HttpError::Connect(_) | HttpError::Timeout(_) | HttpError::Broken(_)
            ),
            Self::Status(status, _) => matches!(status, 500 | 502 | 503 | 504),
            Self::NotJson(_) => true,
            _ => false,
        }
    }
}

/// A 429, or a 403 that speaks of a limit.
pub(super) fn is_limit(reply: &Reply) -> bool {
    let used_up = reply.budget.is_some_and(|budget| budget.remaining == 0);
    match reply.status {
        429 => true,
        403 => {
            let said = said(&reply.body).to_ascii_lowercase();
            let speaks = said.contains("rate limit") || said.contains("abuse detection");
            speaks || reply.retry_after.is_some() || (used_up && said.is_empty())
        }
        _ => false,
    }
}

pub(super) fn is_no_permission(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    [
        "resource not accessible",
        "must have admin rights",
        "must be an owner",
        "not authorized",
        "bad credentials",
    ]
    .iter()
    .any(|words| said.contains(words))
}

/// GitHub's own words in the body of a refusal, cleaned and short.
pub(super) fn said(body: &[u8]) -> String {
    let value: Option<Value> = serde_json::from_slice(body).ok();
    let message = value.as_ref().and_then(|value| value.get("message")?.as_str());
    let text: String = message.unwrap_or_default().chars().take(300).collect();
    clean(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ci::Budget;

    #[test]
    fn limits_are_told_from_missing_permissions() {
        let reply = |status, message: &str, retry_after, remaining| Reply {
            status,
            retry_after,
            budget: Some(Budget {
                remaining,
                limit: 5000,
                reset: None,
            }),
            body: serde_json::json!({ "message": message }).to_string().into_bytes(),
            ..Reply::default()
        };
        assert!(is_limit(&reply(429, "", None, 10)));
        assert!(is_limit(&reply(
            403,
            "You have exceeded a secondary rate limit.",
            None,
            10
        )));
        assert!(is_limit(&reply(
            403,
            "API rate limit exceeded for user ID 1.",
            None,
            0
        )));
        assert!(!is_limit(&reply(
            403,
            "Resource not accessible by integration",
            None,
            10
        )));
        assert!(!is_limit(&reply(
            403,
            "Resource not accessible by integration",
            None,
            0
        )));
        assert!(!is_limit(&reply(404, "Not Found", None, 0)));
    }
}
