//! The words of a screen.

use std::borrow::Cow;

/// What is to be painted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Screen {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The whole screen.
    pub area: Area,
    /// The first line: on screen at every size.
    pub header: Line,
    /// The panes with their places, not overlapping.
    pub panes: Vec<Pane>,
    /// The line above the footer: notices, breadcrumbs, the filter prompt.
    pub message: Line,
    /// The last line: keys that are valid here.
    pub footer: Line,
    /// A box over the panes.
    pub overlay: Option<Pane>,
    /// Where the terminal's cursor stands; hidden when `None`.
    pub cursor: Option<(u16, u16)>,
}

/// A rectangle in columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// Left column.
    pub x: u16,
    /// Top row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// A framed rectangle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pane {
    /// Where, with its border.
    pub area: Area,
    /// In the upper border, left.
    pub title: Line,
    /// In the upper border, right: a position such as `3/48`.
    pub note: Line,
    /// It receives the keys: double or bold border, not only colour.
    pub focused: bool,
    /// Draw no border (tiny screens).
    pub bare: bool,
    /// The content.
    pub body: Body,
}

/// The kinds of content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Lines from the top; only visible ones are given.
    Lines {
        /// The visible lines.
        lines: Vec<Line>,
        /// Position of the scroll bar: first visible row and number of all rows. No bar when all fit.
        scroll: Option<(usize, usize)>,
    },
}

impl Default for Body {
    fn default() -> Self {
        Self::Lines {
            lines: Vec::new(),
            scroll: None,
        }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Left to right; what does not fit is cut with `…`.
    pub cells: Vec<Cell>,
    /// Right-aligned cells, painted over the end of the row.
    pub right: Vec<Cell>,
    /// A role for the whole row, such as [`Role::Selected`].
    pub fill: Option<Role>,
}

/// A text with a meaning. The text is already clean (`text::clean`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What is shown.
    pub text: Cow<'static, str>,
    /// What it means.
    pub role: Role,
}

impl Cell {
    /// A cell.
    #[must_use]
    pub fn new(text: impl Into<Cow<'static, str>>, role: Role) -> Self {
        Self {
            text: text.into(),
            role,
        }
    }
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $key:literal < $parent:ident),+ $(,)?) => {
        /// What a piece of the screen means. Themes give each a style; a role without one takes its parent's.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum Role { $($(#[$doc])* $name),+ }
        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// The key in a theme file.
            #[must_use]
            pub const fn key(self) -> &'static str { match self { $(Self::$name => $key),+ } }
            /// Whose style it takes when the theme gives none; `Text` is its own parent.
            #[must_use]
            pub const fn parent(self) -> Self { match self { $(Self::$name => Self::$parent),+ } }
        }
    };
}

roles! {
    /// Ordinary text.
    #[default] Text = "text" < Text,
    /// Less important text.
    Muted = "muted" < Text,
    /// Important text.
    Strong = "strong" < Text,
    /// A pane's title.
    Title = "title" < Strong,
    /// A border.
    Border = "border" < Muted,
    /// The border of the pane that receives the keys.
    BorderFocused = "border-focused" < Strong,
    /// The selected row.
    Selected = "selected" < Text,
    /// The selected row of a pane that does not receive the keys.
    SelectedElsewhere = "selected-elsewhere" < Selected,
    /// A row marked for acting on several.
    Picked = "picked" < Strong,
    /// What a filter or search matched.
    Match = "match" < Strong,
    /// GO.
    Go = "go" < Strong,
    /// GO WITH WAIVERS.
    GoWithWaivers = "go-with-waivers" < Go,
    /// HOLD.
    Hold = "hold" < Strong,
    /// NO-GO.
    NoGo = "no-go" < Strong,
    /// Severity blocker.
    Blocker = "blocker" < NoGo,
    /// Severity critical.
    Critical = "critical" < NoGo,
    /// Severity high.
    High = "high" < Hold,
    /// Severity medium.
    Medium = "medium" < Text,
    /// Severity low, info or unspecified.
    Low = "low" < Muted,
    /// A status that is done.
    Done = "done" < Go,
    /// A status that is open or blocked.
    Open = "open" < NoGo,
    /// A status that is begun or put off.
    Begun = "begun" < Hold,
    /// A conflicted, refuted or contradicted thing.
    Conflict = "conflict" < NoGo,
    /// A heading of a document.
    Heading = "heading" < Strong,
    /// Code in a document.
    Code = "code" < Muted,
    /// A link or path.
    Link = "link" < Text,
    /// The marker that voted, in a document.
    Marker = "marker" < Strong,
    /// A line number.
    LineNumber = "line-number" < Muted,
    /// A removed line of a diff.
    Removed = "removed" < NoGo,
    /// An added line of a diff.
    Added = "added" < Go,
    /// A key's name in footer and help.
    Key = "key" < Strong,
    /// An action that is not available here.
    Disabled = "disabled" < Muted,
    /// An error message.
    Error = "error" < NoGo,
    /// A warning.
    Warning = "warning" < Hold,
    /// A success message.
    Success = "success" < Go,
    /// The filled part of a progress bar.
    BarFull = "bar-full" < Go,
    /// The empty part of a progress bar.
    BarEmpty = "bar-empty" < Muted,
}
