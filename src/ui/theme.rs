//! A style for each role, made from a theme file.
//!
//! Not here: reading and choosing the file (`config`).

use ratatui::style::{Color, Modifier, Style};

use super::colour::{Depth, colour};
use super::glyphs::{ASCII, Glyphs, UNICODE};
use crate::app::Role;
use crate::config::{StyleWords, ThemeFile, built_in_theme};

const ROLES: usize = Role::ALL.len();

/// What the terminal can show and the person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// How many colours.
    pub depth: Depth,
    /// The background is light.
    pub light: bool,
    /// Only ASCII glyphs.
    pub ascii: bool,
}

impl Look {
    /// The built-in theme that fits the terminal.
    #[must_use]
    pub const fn fitting(self) -> &'static str {
        match (self.depth, self.light) {
            (Depth::None, _) => "mono",
            (Depth::Sixteen, _) => "ansi16",
            (_, true) => "light",
            (_, false) => "dark",
        }
    }
}

/// A style for each role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; ROLES],
    glyphs: Glyphs,
}

impl Theme {
    /// The styles of a theme file (see [`crate::config::choose_theme`]) as far as the terminal can show them.
    #[must_use]
    pub fn new(file: &ThemeFile, look: Look) -> Self {
        let mut styles = resolve(file, look.depth);
        if look.depth == Depth::Sixteen {
            // A faint background has no place among sixteen colours: the selection would not be seen.
            let plain = resolve(&built_in_theme("ansi16"), look.depth);
            for role in [Role::Selected, Role::SelectedElsewhere] {
                styles[role as usize] = plain[role as usize];
            }
        }
        let glyphs = if look.ascii { ASCII } else { UNICODE };
        Self { styles, glyphs }
    }

    /// The style of a role.
    #[must_use]
    pub const fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    pub(super) const fn glyphs(&self) -> Glyphs {
        self.glyphs
    }
}

/// Every role's style: its own, or that of the nearest role above it that has one.
fn resolve(file: &ThemeFile, depth: Depth) -> [Style; ROLES] {
    let mut styles = [Style::new(); ROLES];
    for role in Role::ALL {
        let mut at = *role;
        let words = loop {
            match file.roles.get(at.key()) {
                Some(words) => break *words,
                // `Text` is its own parent and ends every chain.
                None if at.parent() == at => break StyleWords::default(),
                None => at = at.parent(),
            }
        };
        styles[*role as usize] = style(words, depth);
    }
    styles
}

fn style(words: StyleWords, depth: Depth) -> Style {
    // A `Reset` is left out: the cell keeps what lies below, which is the terminal's own at the bottom.
    let own = |paint| Some(colour(paint, depth)).filter(|colour| *colour != Color::Reset);
    let mut style = Style {
        fg: words.fg.and_then(own),
        bg: words.bg.and_then(own),
        ..Style::new()
    };
    for (set, modifier) in [
        (words.bold, Modifier::BOLD),
        (words.underline, Modifier::UNDERLINED),
        (words.reverse, Modifier::REVERSED),
        (words.italic, Modifier::ITALIC),
        (words.dim, Modifier::DIM),
    ] {
        if set == Some(true) {
            style = style.add_modifier(modifier);
        }
    }
    style
}
