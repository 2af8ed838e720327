//! Everything that touches the world.

pub mod clock;
pub mod env;
pub mod files;
pub mod git;
pub mod settings;
pub mod write;
