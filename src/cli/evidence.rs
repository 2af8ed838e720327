//! One file for `gonogo inspect`: read in full, told in figures.

use crate::formats;
use crate::output::evidence::Evidence;
use crate::output::inspect::What;
use crate::sources::evidence::Candidate;

/// The figures of the file, or why there are none.
pub(super) fn read(candidate: Candidate<'_>) -> What {
    // The details are gone when this returns; what many files leave behind are their figures.
    let read =
        candidate.read(|format, name, bytes| Evidence::of(format, formats::read_as(format, name, bytes)));
    match read {
        Ok(None) => What::Unknown,
        Ok(Some(evidence)) => What::Evidence(Box::new(evidence)),
        Err(refused) => match refused.format {
            Some(format) => What::Evidence(Box::new(Evidence::failed(format, refused.message))),
            None => What::Error(refused.message),
        },
    }
}
