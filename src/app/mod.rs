//! The cockpit as an Elm loop of plain data: [`Model`], [`Msg`], [`update`], [`Effect`], [`view()`], [`Screen`].
//!
//! Not here: terminal, files, time (they arrive as messages and leave as effects). Invariants: `update` and
//! `view` are total for any message at any size from 1x1; nothing but visible rows is built.

pub mod effect;
pub mod key;
pub mod model;
pub mod msg;
pub mod overlays;
pub mod panes;
pub mod view;

pub use effect::Effect;
pub use key::{Key, KeyName};
pub use model::Model;
pub use msg::Msg;
pub use view::{Area, Body, Cell, Line, Pane, Role, Screen, view};

/// Takes a message; gives what the world shall do.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) if key == Key::plain(KeyName::Char('q')) => vec![Effect::Quit],
        Msg::Resize { width, height } => {
            model.size = (width, height);
            Vec::new()
        }
        Msg::Assessed(assessment) => {
            model.assessment = Some(assessment);
            Vec::new()
        }
        _ => Vec::new(),
    }
}
