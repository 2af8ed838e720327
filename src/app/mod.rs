//! The cockpit as an Elm loop of plain data: [`Model`], [`Msg`], [`update()`], [`Effect`], [`view()`], [`Screen`].
//!
//! Not here: terminal, files, time (they arrive as messages and leave as effects). Invariants: `update` and
//! `view` are total for any message at any size from 1x1; nothing but visible rows is built.

pub mod command;
pub mod effect;
pub mod filter;
pub mod key;
pub mod keymap;
pub mod layout;
pub mod model;
pub mod msg;
pub mod overlays;
pub mod panes;
pub mod update;
pub mod view;

pub use command::Command;
pub use effect::Effect;
pub use key::{Key, KeyName};
pub use keymap::Keymap;
pub use model::Model;
pub use msg::Msg;
pub use panes::PaneKind;
pub use update::update;
pub use view::{Area, Body, Cell, Line, Pane, Role, Screen, view};
