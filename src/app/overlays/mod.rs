//! Overlays: confirm, palette, help, prompt.
