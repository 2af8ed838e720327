//! Waivers: a person's decision to go on without something, until a date.

use jiff::Timestamp;

use super::Uid;

/// A waiver of one item. Waived is not passed, and it ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The item it speaks of.
    pub target: Uid,
    /// Why, in a person's words.
    pub justification: Box<str>,
    /// Who approved it.
    pub approved_by: Box<str>,
    /// When it ends, judged by the clock when it is read.
    pub expires: Timestamp,
}
