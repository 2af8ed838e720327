//! What several stories need: a small judged repository made in memory, and a cockpit driven by keys as text.

pub mod cockpit;
pub mod judged;
