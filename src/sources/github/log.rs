//! The log of a job: followed to where it lies, read until its first error.

use std::time::Duration;

use super::client::{AskError, Client};
use crate::model::ci::FirstError;
use crate::text::log::ErrorFinder;

/// Bytes of a log that are read.
const LARGEST: usize = 512 << 20;
/// For the whole of it.
const DEADLINE: Duration = Duration::from_secs(60);

/// The first error of a job's log; no more of it is read than that needs.
///
/// # Errors
/// See [`AskError`]: [`AskError::Gone`] when GitHub has deleted it.
pub async fn first_error(client: &mut Client, base: &str, job: u64) -> Result<Option<FirstError>, AskError> {
    let mut finder = ErrorFinder::default();
    let path = format!("{base}/actions/jobs/{job}/logs");
    client
        .stream(&path, LARGEST, DEADLINE, &mut |piece| finder.push(piece))
        .await?;
    Ok(Some(match finder.finish() {
        Some(found) => FirstError::Found {
            line: found.line,
            lines: found.lines.into_iter().map(Into::into).collect(),
        },
        None => FirstError::Unreadable("it names no error".into()),
    }))
}
