//! Borders, the scroll bar and the mark of a cut, in Unicode and in ASCII.

/// The characters that the painter adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyphs {
    /// Corners from the upper left clockwise, then horizontal and vertical.
    pub plain: [&'static str; 6],
    /// The same for the pane that receives the keys.
    pub focused: [&'static str; 6],
    /// Where a text was cut.
    pub cut: &'static str,
    /// The part of the scroll bar that is on screen.
    pub thumb: &'static str,
}

/// Box drawing that DejaVu, Menlo and Consolas have.
pub(super) const UNICODE: Glyphs = Glyphs {
    plain: ["┌", "┐", "┘", "└", "─", "│"],
    focused: ["╔", "╗", "╝", "╚", "═", "║"],
    cut: "…",
    thumb: "█",
};

/// For terminals and fonts without box drawing, and for locales where it is two columns wide.
pub(super) const ASCII: Glyphs = Glyphs {
    plain: ["+", "+", "+", "+", "-", "|"],
    focused: ["#", "#", "#", "#", "=", "#"],
    cut: "~",
    thumb: "@",
};
