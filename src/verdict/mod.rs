//! Items, gates, evidence and waivers to a verdict with reasons.
//!
//! - [`derive`](mod@derive): one item to its derived state and the effect it alone would have.
//! - [`gates`]: a document's own rules over its items.
//! - [`evidence`]: whether there is evidence of each kind that speaks of HEAD.
//! - [`demands`]: coverage targets, limits on findings and rules for tests, held against what was gathered.
//! - [`ci`]: what a CI service says of the commit.
//! - [`document`]: one document judged as a whole; the unit that is remembered between judgements.
//! - [`decide`]: effects put in order, and the verdict that they make.
//!
//! Not here: reading anything, and words for people (the engine has them). Invariants (properties in
//! `tests/it/verdict.rs`): taking evidence away never makes a GO; a waiver never gives plain GO; the order of inputs
//! does not matter; nothing checked is never GO.

pub mod ci;
pub mod decide;
pub mod demands;
pub mod derive;
pub mod document;
pub mod evidence;
pub mod gates;
pub mod waivers;

pub use ci::{CiMember, CiVerdict, judge_ci};
pub use decide::{ReasonOrder, effect_of_gate, verdict_of};
pub use demands::{is_told, judge_demands};
pub use derive::{ItemState, Shown, judge_item, shown};
pub use document::{Counts, DocumentVerdict, LocalKind, LocalReason, judge_document};
pub use evidence::{EvidenceGate, judge_evidence};
pub use gates::{GateOutcome, items_gate, judge_gate, name_of};
pub use waivers::{Standing, WaiverIndex};
