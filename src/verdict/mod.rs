//! Items, gates, evidence and waivers to a verdict with reasons.
//!
//! Not here: reading anything. Invariants (properties in `tests/it`): removing evidence never improves the
//! verdict; a waiver never gives plain GO; the order of inputs does not matter; no evidence is never GO.
