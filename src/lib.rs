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
//! 6. [`pipeline`]: CI definitions: triggers, jobs, steps, and whether each of them can fail at all.
//! 7. [`claims`]: what reports claim, held against the evidence; one folder a kind of claim.
//! 8. [`verdict`]: items, gates, evidence and waivers to a verdict with reasons.
//! 9. [`edit`]: a status change to a byte-exact plan, and the plan applied to bytes.
//! 10. [`engine`]: the facade over the pure core; the boundary that every front end uses.
//! 11. [`config`]: layered settings with an origin for each value.
//! 12. [`app`]: the cockpit as an Elm loop of plain data: model, message, effect, screen.
//! 13. [`ui`]: paints a screen with ratatui; the only user of its drawing.
//! 14. [`output`]: text, JSON and Markdown for scripts.
//! 15. [`sources`]: everything that touches the world: files, git, clock, environment, editor.
//! 16. [`runtime`]: the loop, the effects, the terminal, logs, signals and panics.
//! 17. [`cli`]: the commands.

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
pub mod pipeline;
pub mod report;
pub mod runtime;
pub mod sources;
pub mod text;
pub mod ui;
pub mod verdict;
