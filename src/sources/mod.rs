//! Everything that touches the world: files, git, GitHub, the one write gate, the watch on changes, clock, environment,
//! editor and clipboard. Synchronous; callers run it on threads that may block.
//!
//! Not here: what any of it means. Invariants: every writer goes through [`write::Gate`]; nothing outside of the
//! repository is followed or written; whatever is found there becomes a report, a problem or an error in words.

pub mod answers;
pub mod caught;
pub mod clipboard;
pub mod clock;
pub mod editor;
pub mod env;
pub mod evidence;
pub mod files;
pub mod git;
pub mod github;
pub mod settings;
pub mod watch;
pub mod write;
