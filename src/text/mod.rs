//! The bytes of a document and what can be known of them without knowing the domain.
//!
//! Not here: what a line means. Invariant: a [`Span`] always counts raw bytes of the file, whatever
//! was repaired for reading, and lies on a character border; held by the property tests in `source`.

mod ascii;
pub mod clean;
pub mod encoding;
pub mod glob;
pub mod hash;
pub mod lines;
pub mod log;
pub mod markdown;
pub mod mojibake;
mod offsets;
pub mod source;
pub mod span;
pub mod width;
pub mod yaml;

pub use encoding::Encoding;
pub use glob::Globs;
pub use hash::ContentHash;
pub use source::SourceText;
pub use span::Span;
