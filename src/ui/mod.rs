//! Paints a [`crate::app::Screen`] with ratatui: the only user of its drawing.
//!
//! Not here: what is on the screen (`app`), the terminal itself (`runtime`). Invariants: [`paint()`] is total for
//! any screen on any size from 0x0; no control, variation-selector or private-use character reaches a cell;
//! without colour every style is [`ratatui::style::Color::Reset`] with modifiers. Held by the tests in `paint`.

mod colour;
mod glyphs;
mod paint;
#[cfg(test)]
mod tests;
mod theme;

pub use colour::Depth;
pub use paint::paint;
pub use theme::{Look, Theme};
