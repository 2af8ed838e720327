//! Paints a [`Screen`](crate::app::Screen) with ratatui.
