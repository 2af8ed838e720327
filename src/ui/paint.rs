//! The painter: lines of cells into a buffer.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::theme::Theme;
use crate::app::{Area, Body, Cell, Line, Pane, Role, Screen};
use crate::text::clean::clean;
use crate::text::width::{columns, cut};

/// Columns of a row's left side that its right side may not take.
const LEFT_AT_LEAST: usize = 8;

/// Paints a screen onto a frame of any size; what lies outside of the frame is left out.
pub fn paint(screen: &Screen, theme: &Theme, frame: &mut Frame<'_>) {
    let whole = frame.area();
    if whole.is_empty() {
        return;
    }
    let canvas = &mut Canvas {
        buffer: frame.buffer_mut(),
        theme,
        whole,
    };
    canvas.buffer.set_style(whole, theme.style(Role::Text));
    for pane in &screen.panes {
        canvas.pane(pane);
    }
    // The fixed rows last: whatever a layout does on a small screen, the verdict stays on top.
    let row = |from_end: u16| Rect {
        y: whole.bottom().saturating_sub(from_end),
        height: 1,
        ..whole
    };
    if whole.height >= 3 {
        canvas.line(&screen.message, row(2));
    }
    if whole.height >= 2 {
        canvas.line(&screen.footer, row(1));
    }
    canvas.line(&screen.header, Rect { height: 1, ..whole });
    if let Some(overlay) = &screen.overlay {
        canvas.clear(canvas.rect(overlay.area));
        canvas.pane(overlay);
    }
    if let Some((x, y)) = screen.cursor
        && whole.contains(Position { x, y })
    {
        frame.set_cursor_position((x, y));
    }
}

struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: &'a Theme,
    whole: Rect,
}

impl Canvas<'_> {
    /// An area as far as it is on the frame.
    fn rect(&self, area: Area) -> Rect {
        Rect::new(area.x, area.y, area.width, area.height).intersection(self.whole)
    }

    fn clear(&mut self, area: Rect) {
        for y in area.top()..area.bottom() {
            // A wide glyph that reaches into the box from the left would be drawn over its border.
            if let Some(left) = area.x.checked_sub(1)
                && let Some(cell) = self.buffer.cell_mut((left, y))
                && columns(cell.symbol()) > 1
            {
                cell.set_symbol(" ");
            }
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
        self.buffer.set_style(area, self.theme.style(Role::Text));
    }

    fn pane(&mut self, pane: &Pane) {
        let area = self.rect(pane.area);
        if area.is_empty() {
            return;
        }
        let Body::Lines { lines, scroll } = &pane.body;
        if pane.bare || area.width < 3 || area.height < 3 {
            self.lines(lines, area);
            return;
        }
        self.border(pane, area);
        let inside = Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2);
        self.lines(lines, inside);
        if let Some((first, all)) = *scroll {
            self.scroll_bar(first, all, inside);
        }
    }

    fn lines(&mut self, lines: &[Line], area: Rect) {
        for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
            self.line(line, Rect { y, height: 1, ..area });
        }
    }

    fn border(&mut self, pane: &Pane, area: Rect) {
        let (glyphs, role) = if pane.focused {
            (self.theme.glyphs().focused, Role::BorderFocused)
        } else {
            (self.theme.glyphs().plain, Role::Border)
        };
        let [upper_left, upper_right, lower_right, lower_left, across, down] = glyphs;
        let style = self.theme.style(role);
        let (left, right) = (area.x, area.right() - 1);
        let (top, bottom) = (area.y, area.bottom() - 1);
        for x in left + 1..right {
            self.put(x, top, across, style);
            self.put(x, bottom, across, style);
        }
        for y in top + 1..bottom {
            self.put(left, y, down, style);
            self.put(right, y, down, style);
        }
        self.put(left, top, upper_left, style);
        self.put(right, top, upper_right, style);
        self.put(right, bottom, lower_right, style);
        self.put(left, bottom, lower_left, style);

        let room = area.width.saturating_sub(4);
        if room == 0 {
            return;
        }
        // The title is worth more than the note: the note goes when both do not fit.
        let title = width_of(&pane.title.cells);
        let note = width_of(&pane.note.cells);
        let note_fits = note > 0 && usize::from(room) >= note + title.min(8) + 3;
        let taken = if note_fits {
            u16::try_from(note).unwrap_or(room) + 2
        } else {
            0
        };
        if title > 0 {
            let limit = room - taken;
            let end = self.cells(&pane.title.cells, left + 2, top, limit, style);
            self.put(left + 1, top, " ", style);
            self.put(end, top, " ", style);
        }
        if note_fits {
            let start = right - taken;
            self.put(start, top, " ", style);
            let end = self.cells(&pane.note.cells, start + 1, top, taken - 2, style);
            self.put(end, top, " ", style);
        }
    }

    /// The part of all rows that is on screen, on the right border.
    fn scroll_bar(&mut self, first: usize, all: usize, inside: Rect) {
        let shown = usize::from(inside.height);
        if all <= shown || shown == 0 {
            return;
        }
        let length = (shown * shown / all).clamp(1, shown);
        let room = shown - length;
        // Rounded up, so that the bar leaves the top as soon as something is above.
        let hidden = all - shown;
        let start = (first.min(hidden) as u128 * room as u128).div_ceil(hidden as u128);
        let start = usize::try_from(start).unwrap_or(room).min(room);
        let style = self.theme.style(Role::Border);
        for at in start..start + length {
            let y = inside.y.saturating_add(u16::try_from(at).unwrap_or(u16::MAX));
            self.put(inside.right(), y, self.theme.glyphs().thumb, style);
        }
    }

    /// One row: the fill, the cells from the left, then the right-aligned ones over the end.
    fn line(&mut self, line: &Line, row: Rect) {
        if row.is_empty() {
            return;
        }
        let fill = line.fill.map_or_else(Style::new, |role| self.theme.style(role));
        self.buffer.set_style(row, fill);
        let wanted = width_of(&line.right);
        let start = width_of(&line.cells).min(LEFT_AT_LEAST);
        // The left side says what the row is: the right side goes when too little of it would stay.
        let right = u16::try_from(wanted)
            .ok()
            .filter(|wide| *wide > 0 && usize::from(row.width) > usize::from(*wide) + start);
        // A gap keeps the two apart.
        let left = right.map_or(row.width, |wide| row.width - wide - 1);
        self.cells(&line.cells, row.x, row.y, left, Style::new());
        if let Some(right) = right {
            self.cells(&line.right, row.right() - right, row.y, right, Style::new());
        }
    }

    /// Writes cells into at most `limit` columns and says where they ended. What does not fit is cut with a mark.
    fn cells(&mut self, cells: &[Cell], x: u16, y: u16, limit: u16, below: Style) -> u16 {
        let end = x.saturating_add(limit);
        let mut at = x;
        for (index, cell) in cells.iter().enumerate() {
            let left = usize::from(end.saturating_sub(at));
            if left == 0 {
                break;
            }
            let text = clean(&cell.text);
            let style = below.patch(self.theme.style(cell.role));
            let wide = columns(&text);
            let more = cells.iter().skip(index + 1).any(|next| !next.text.is_empty());
            // A cell that fills the row to the end is cut too when others follow: nothing vanishes without a mark.
            if wide < left || (wide == left && !more) {
                at = self.text(at, y, &text, style);
                continue;
            }
            at = self.text(at, y, cut(&text, left - 1), style);
            at = self.text(at, y, self.theme.glyphs().cut, style);
            break;
        }
        at
    }

    /// Writes a text that is known to fit.
    fn text(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        if !self.whole.contains(Position { x, y }) {
            return x;
        }
        let room = usize::from(self.whole.right() - x);
        self.buffer.set_stringn(x, y, text, room, style).0
    }

    fn put(&mut self, x: u16, y: u16, symbol: &'static str, style: Style) {
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_symbol(symbol).set_style(style);
        }
    }
}

fn width_of(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| columns(&clean(&cell.text))).sum()
}
