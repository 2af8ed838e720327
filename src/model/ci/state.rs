//! What GitHub says of a check, in one word; a word that nobody knows stays that word.

/// What GitHub says of a check, its status and conclusion in one word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckState {
    /// Passed.
    Success,
    /// Says neither.
    Neutral,
    /// Was not run.
    Skipped,
    /// Failed.
    Failure,
    /// Could not be run (commit statuses).
    Error,
    /// Took too long.
    TimedOut,
    /// The workflow could not be started.
    StartupFailure,
    /// A person has to act.
    ActionRequired,
    /// Waits for an approval.
    Waiting,
    /// Was cancelled.
    Cancelled,
    /// Was given up by GitHub.
    Stale,
    /// Waits for a runner.
    Queued,
    /// Runs.
    InProgress,
    /// Was asked for.
    Requested,
    /// Is going to run, or another system has not reported yet.
    Pending,
    /// Is awaited.
    Expected,
    /// A word that is not known here, or none at all.
    Unknown(Box<str>),
}

impl CheckState {
    /// From a status and a conclusion, either of which may be missing. A conclusion counts only when the status says
    /// that it is completed, or says nothing.
    #[must_use]
    pub fn read(status: Option<&str>, conclusion: Option<&str>) -> Self {
        match (status, conclusion) {
            (Some("completed") | None, Some(conclusion)) => Self::of(conclusion),
            (Some("completed"), None) => Self::Unknown("completed without a conclusion".into()),
            (None, None) => Self::Unknown("no status".into()),
            (Some(status), _) => match Self::of(status) {
                // A status is never the word of an ended check.
                state if state.is_unfinished() => state,
                _ => Self::Unknown(status.into()),
            },
        }
    }

    /// From the one word of a commit status or of a conclusion.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "success" => Self::Success,
            "neutral" => Self::Neutral,
            "skipped" => Self::Skipped,
            "failure" => Self::Failure,
            "error" => Self::Error,
            "timed_out" => Self::TimedOut,
            "startup_failure" => Self::StartupFailure,
            "action_required" => Self::ActionRequired,
            "waiting" => Self::Waiting,
            "cancelled" => Self::Cancelled,
            "stale" => Self::Stale,
            "queued" => Self::Queued,
            "in_progress" => Self::InProgress,
            "requested" => Self::Requested,
            "pending" => Self::Pending,
            "expected" => Self::Expected,
            other => Self::Unknown(other.into()),
        }
    }

    /// Whether it may still change by itself.
    #[must_use]
    pub const fn is_unfinished(&self) -> bool {
        matches!(
            self,
            Self::Queued
                | Self::InProgress
                | Self::Requested
                | Self::Pending
                | Self::Expected
                | Self::Waiting
                | Self::ActionRequired
        )
    }

    /// Whether it failed.
    #[must_use]
    pub const fn is_failed(&self) -> bool {
        matches!(
            self,
            Self::Failure | Self::Error | Self::TimedOut | Self::StartupFailure
        )
    }

    /// As GitHub says it.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Success => "success",
            Self::Neutral => "neutral",
            Self::Skipped => "skipped",
            Self::Failure => "failure",
            Self::Error => "error",
            Self::TimedOut => "timed_out",
            Self::StartupFailure => "startup_failure",
            Self::ActionRequired => "action_required",
            Self::Waiting => "waiting",
            Self::Cancelled => "cancelled",
            Self::Stale => "stale",
            Self::Queued => "queued",
            Self::InProgress => "in_progress",
            Self::Requested => "requested",
            Self::Pending => "pending",
            Self::Expected => "expected",
            Self::Unknown(word) => word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conclusion_counts_only_once_the_check_is_completed() {
        let read = CheckState::read;
        assert_eq!(read(Some("completed"), Some("success")), CheckState::Success);
        assert_eq!(read(None, Some("failure")), CheckState::Failure);
        assert_eq!(read(Some("in_progress"), Some("success")), CheckState::InProgress);
        assert_eq!(read(Some("queued"), None), CheckState::Queued);
        for (status, conclusion) in [
            (None, None),
            (Some("completed"), None),
            (Some("completed"), Some("splendid")),
            (Some("success"), None),
            (Some("success"), Some("success")),
            (Some("dreaming"), Some("success")),
        ] {
            assert!(
                matches!(read(status, conclusion), CheckState::Unknown(_)),
                "{status:?} {conclusion:?}"
            );
        }
    }

    #[test]
    fn every_word_of_github_comes_back_as_it_was() {
        for word in [
            "success",
            "neutral",
            "skipped",
            "failure",
            "error",
            "timed_out",
            "startup_failure",
            "action_required",
            "waiting",
            "cancelled",
            "stale",
            "queued",
            "in_progress",
            "requested",
            "pending",
            "expected",
            "a new one",
        ] {
            assert_eq!(CheckState::of(word).word(), word);
        }
    }
}
