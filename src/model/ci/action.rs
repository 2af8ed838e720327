//! What a person may have done on GitHub from here.

use super::CiSource;

/// Something to be done on GitHub. Each is confirmed first, and refused while nothing may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CiAction {
    /// Run the failed jobs of a run again.
    RerunFailed {
        /// The run.
        run: u64,
        /// How the run is called.
        name: Box<str>,
    },
    /// Cancel a run.
    Cancel {
        /// The run.
        run: u64,
        /// How the run is called.
        name: Box<str>,
    },
    /// Approve or reject the deployments that a run waits for.
    Review {
        /// The run.
        run: u64,
        /// The environments' numbers.
        environments: Vec<u64>,
        /// The environments' names.
        names: Box<str>,
        /// Approve; otherwise reject.
        approve: bool,
    },
    /// Close an issue.
    CloseIssue {
        /// Its number.
        number: u64,
        /// Its title.
        title: Box<str>,
    },
    /// Dismiss an alert.
    Dismiss {
        /// Which kind.
        source: CiSource,
        /// Its number.
        number: u64,
        /// What it says.
        title: Box<str>,
        /// One of [`CiAction::reasons`].
        reason: &'static str,
    },
}

impl CiAction {
    /// The reasons that GitHub takes for dismissing an alert of a kind.
    #[must_use]
    pub const fn reasons(source: CiSource) -> &'static [&'static str] {
        match source {
            CiSource::CodeScanning => &["false positive", "won't fix", "used in tests"],
            CiSource::Dependabot => &[
                "fix_started",
                "inaccurate",
                "no_bandwidth",
                "not_used",
                "tolerable_risk",
            ],
            CiSource::Secrets => &["false_positive", "wont_fix", "revoked", "used_in_tests"],
            _ => &[],
        }
    }

    /// What is done, in one sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::RerunFailed { run, name } => format!("run the failed jobs of {name} again (run {run})"),
            Self::Cancel { run, name } => format!("cancel {name} (run {run})"),
            Self::Review { names, approve, .. } => {
                let what = if *approve { "approve" } else { "reject" };
                format!("{what} the deployment to {names}")
            }
            Self::CloseIssue { number, title } => format!("close issue #{number}: {title}"),
            Self::Dismiss {
                source,
                number,
                title,
                reason,
            } => format!(
                "dismiss #{number} of the {} as \u{201c}{reason}\u{201d}: {title}",
                source.word()
            ),
        }
    }
}
