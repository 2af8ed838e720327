//! The loop, the effects, the terminal.

use std::path::PathBuf;

use crate::config::Settings;
use crate::model::Problem;

/// With what the cockpit starts.
#[derive(Debug, Clone)]
pub struct Start {
    /// The repository's top folder.
    pub root: PathBuf,
    /// The settings in force.
    pub settings: Settings,
    /// What was wrong with the configuration.
    pub problems: Vec<Problem>,
    /// Show the demo's first screen.
    pub guided: bool,
}

/// Runs the cockpit until it is left.
///
/// # Errors
/// When the terminal cannot be used.
pub fn run(_start: Start) -> color_eyre::Result<()> {
    Ok(())
}
