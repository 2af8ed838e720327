//! The screen as plain data: rectangles of lines of cells, each with a role. No colour, no terminal.

mod screen;

pub use screen::{Area, Body, Cell, Line, Pane, Role, Screen};

use super::Model;

/// The screen of a model.
#[must_use]
pub fn view(model: &Model) -> Screen {
    let (width, height) = model.size;
    Screen {
        size: model.size,
        header: Line::default(),
        panes: vec![],
        message: Line::default(),
        footer: Line::default(),
        overlay: None,
        cursor: None,
        area: Area {
            x: 0,
            y: 0,
            width,
            height,
        },
    }
}
