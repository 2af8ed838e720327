//! Evidence files to [`crate::model::Gathered`]: bound to a commit and a time, mapped to the repository, merged.
//!
//! Not here: reading a tool's format (`formats`), asking git (`sources`), the verdict. Invariant: pure and total; the
//! order of files does not matter.
