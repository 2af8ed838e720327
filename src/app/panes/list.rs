//! The cursor of a list: the selected row and the first visible one.

/// A cursor; kept inside its list by [`Cursor::settle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The selected row.
    pub at: usize,
    /// The first visible row.
    pub top: usize,
}

/// A movement in a list or a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// Rows down, or up when negative.
    Rows(isize),
    /// Tenths of a page down, or up when negative.
    Page(isize),
    /// The first row.
    Top,
    /// The last row.
    Bottom,
}

impl Motion {
    /// Where it leads from `at` in a list of `len` rows of which `height` are visible.
    #[must_use]
    pub fn from(self, at: usize, len: usize, height: usize) -> usize {
        let last = len.saturating_sub(1);
        let step = |rows: isize| at.saturating_add_signed(rows).min(last);
        match self {
            Self::Rows(rows) => step(rows),
            Self::Page(tenths) => {
                let rows = (height * tenths.unsigned_abs() / 10).max(1);
                let rows = isize::try_from(rows).unwrap_or(isize::MAX);
                step(if tenths < 0 { -rows } else { rows })
            }
            Self::Top => 0,
            Self::Bottom => last,
        }
    }
}

impl Cursor {
    /// Keeps the selection inside of `len` rows and visible in `height` rows.
    pub fn settle(&mut self, len: usize, height: usize) {
        self.at = self.at.min(len.saturating_sub(1));
        let height = height.max(1);
        self.top = self.top.min(len.saturating_sub(height));
        if self.at < self.top {
            self.top = self.at;
        } else if self.at >= self.top + height {
            self.top = self.at + 1 - height;
        }
    }

    /// Selects another row and lets it stand at the screen row of the present one.
    pub fn place(&mut self, at: usize) {
        self.top = at.saturating_sub(self.at.saturating_sub(self.top));
        self.at = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selection_stays_visible_and_inside() {
        let mut cursor = Cursor { at: 50, top: 0 };
        cursor.settle(100, 10);
        assert_eq!(cursor, Cursor { at: 50, top: 41 });
        cursor.settle(3, 10);
        assert_eq!(cursor, Cursor { at: 2, top: 0 });
        cursor.settle(0, 0);
        assert_eq!(cursor, Cursor { at: 0, top: 0 });
    }

    #[test]
    fn placing_keeps_the_screen_row() {
        let mut cursor = Cursor { at: 50, top: 45 };
        cursor.place(70);
        assert_eq!(cursor, Cursor { at: 70, top: 65 });
    }

    #[test]
    fn motions_stop_at_the_ends() {
        assert_eq!(Motion::Rows(-1).from(0, 10, 5), 0);
        assert_eq!(Motion::Rows(1).from(9, 10, 5), 9);
        assert_eq!(Motion::Page(10).from(0, 100, 20), 20);
        assert_eq!(Motion::Page(-5).from(30, 100, 20), 20);
        assert_eq!(Motion::Bottom.from(0, 0, 0), 0);
    }
}
