//! The state of the cockpit.

use std::sync::Arc;

use jiff::Timestamp;

use super::msg::Progress;
use crate::config::Settings;
use crate::engine::Assessment;

/// Everything that the screen depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The present time, as far as messages told it.
    pub now: Timestamp,
    /// The settings in force.
    pub settings: Settings,
    /// The newest judgement; `None` until the first one.
    pub assessment: Option<Arc<Assessment>>,
    /// How far the reading is.
    pub progress: Progress,
}

/// What a list is filtered by: words and `field:value` pairs, all of which must match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// As typed.
    pub text: String,
}

impl Model {
    /// The state at start, before anything was read. `guided` shows the demo's first screen.
    #[must_use]
    pub fn new(settings: Settings, size: (u16, u16), now: Timestamp, guided: bool) -> Self {
        let _ = guided;
        Self {
            size,
            now,
            settings,
            assessment: None,
            progress: Progress::default(),
        }
    }
}
