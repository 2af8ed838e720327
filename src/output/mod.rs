//! Headless output: text, JSON, Markdown, GitHub annotations. Own DTOs; the contract of the command line.
//!
//! Not here: where it goes (the commands write it) and what is computed (the engine). Invariants: every format says
//! the same assessment; text and Markdown hold nothing that could steer a terminal; JSON fields are only ever added.

pub mod check;
pub mod dto;
pub mod evidence;
pub mod explain;
pub mod github;
pub mod inspect;
pub mod lists;
pub mod markdown;
pub mod style;

pub use style::Style;

/// The version of every JSON document; raised when a field is renamed or dropped.
pub const SCHEMA_VERSION: u32 = 1;

/// What every writer here gives: the error of where it writes to.
pub type Written = std::io::Result<()>;

/// Writes one JSON document and ends its line.
///
/// # Errors
/// When it cannot be written.
pub fn write_json(out: &mut dyn std::io::Write, document: &impl serde::Serialize) -> Written {
    serde_json::to_writer_pretty(&mut *out, document).map_err(std::io::Error::from)?;
    out.write_all(b"\n")
}
