//! What several stories need: a small judged repository made in memory, and a cockpit driven by keys as text.

#![allow(clippy::unwrap_used, clippy::panic)]

pub mod cockpit;
pub mod judged;
