//! The loop, the effects, the terminal.
