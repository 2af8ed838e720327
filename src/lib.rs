//! gonogo: a terminal cockpit for the question before every release.
//!
//! The modules in reading order, innermost first. A module uses only those above it (the exact
//! table is held by `tests/it/architecture.rs`):
//!
//! 1. [`text`]: bytes of a document, their encoding, their Markdown outline. Pure.
//! 2. [`model`]: the words of the domain as plain data, one file a word.
//! 3. [`report`]: Markdown to [`model::report::Report`]: items, gates, declared verdicts, arithmetic.
//! 4. [`formats`]: what tools wrote (coverage, scans, tests), one folder a format.
//! 5. [`evidence`]: evidence files bound to a commit and a time, mapped, merged; targets and imported waivers.
//! 6. [`claims`]: what reports claim, held against the evidence; one folder a kind of claim.
//! 7. [`verdict`]: items, gates, evidence and waivers to a verdict with reasons.
//! 8. [`edit`]: a status change to a byte-exact plan, and the plan applied to bytes.
//! 9. [`engine`]: the facade over the pure core; the boundary that every front end uses.
//! 10. [`config`]: layered settings with an origin for each value.
//! 11. [`app`]: the cockpit as an Elm loop of plain data: model, message, effect, screen.
//! 12. [`ui`]: paints a screen with ratatui; the only user of its drawing.
//! 13. [`output`]: text, JSON and Markdown for scripts.
//! 14. [`sources`]: everything that touches the world: files, git, clock, environment, editor.
//! 15. [`runtime`]: the loop, the effects, the terminal, logs, signals and panics.
//! 16. [`cli`]: the commands.

pub mod app;
pub mod claims;
pub mod cli;
pub mod config;
pub mod edit;
pub mod engine;
pub mod evidence;
pub mod formats;
pub mod model;
pub mod output;
pub mod report;
pub mod runtime;
pub mod sources;
pub mod text;
pub mod ui;
pub mod verdict;
