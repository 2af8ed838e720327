//! The terminal: taken over, drawn on, and given back on every way out.
//!
//! Not here: what is drawn (`ui`), what is typed (`input`). Invariant: whatever [`Screen::enter`] switched on is
//! switched off by [`restore`], which leave, drop, the panic hook and the signal paths all use; held by
//! `tests/it/pty.rs`.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::{cursor, event, queue, style, terminal};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::Rect;

use super::abilities::Abilities;
use crate::app;
use crate::text::width::columns;
use crate::ui::{Theme, paint};

/// Whether the terminal is ours at the moment: restoring twice would clear what the shell wrote since.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// Whether the keyboard protocol and the title were pushed and must be popped.
static KEYBOARD: AtomicBool = AtomicBool::new(false);
static TITLE: AtomicBool = AtomicBool::new(false);

/// Puts the title on the terminal's stack, and takes it back.
const PUSH_TITLE: &[u8] = b"\x1b[22;0t";
const POP_TITLE: &[u8] = b"\x1b[23;0t";
/// Asks for the background's colour.
const ASK_BACKGROUND: &[u8] = b"\x1b]11;?\x1b\\";

/// Bytes on their way to the terminal. Flushing does nothing: a frame goes out in one write when it is complete.
#[derive(Debug, Clone, Default)]
struct Outgoing(Rc<RefCell<Vec<u8>>>);

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The guard of the terminal.
pub(super) struct Screen {
    terminal: Terminal<CrosstermBackend<Outgoing>>,
    outgoing: Outgoing,
    abilities: Abilities,
    mouse: bool,
    /// Where the right halves of wide glyphs lie on the terminal.
    right_halves: Vec<(u16, u16)>,
    /// The title that was set last, to be set again after a child or a stop.
    title: Option<String>,
}

impl Screen {
    /// Takes the terminal over. Nothing is written yet: that goes out with the first frame.
    pub(super) fn enter(abilities: Abilities, mouse: bool) -> io::Result<Self> {
        let outgoing = Outgoing::default();
        let terminal = Terminal::new(CrosstermBackend::new(outgoing.clone()))?;
        let mut screen = Self {
            terminal,
            outgoing,
            abilities,
            mouse,
            right_halves: Vec::new(),
            title: None,
        };
        screen.take()?;
        Ok(screen)
    }

    fn take(&mut self) -> io::Result<()> {
        terminal::enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        queue!(
            self.outgoing,
            terminal::EnterAlternateScreen,
            terminal::Clear(terminal::ClearType::All),
            cursor::Hide,
            event::EnableBracketedPaste,
            event::EnableFocusChange,
        )?;
        if self.mouse {
            queue!(self.outgoing, event::EnableMouseCapture)?;
        }
        if self.abilities.kitty_keyboard {
            KEYBOARD.store(true, Ordering::SeqCst);
            let flags = event::KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES;
            queue!(self.outgoing, event::PushKeyboardEnhancementFlags(flags))?;
        }
        Ok(())
    }

    /// Takes the terminal again after a child or a stop, with everything to be drawn anew.
    pub(super) fn take_again(&mut self) -> io::Result<()> {
        self.take()?;
        // Not `clear`: that asks for the cursor's place and waits for the answer on our own keyboard.
        let (width, height) = self.size();
        self.terminal.resize(Rect::new(0, 0, width, height))?;
        match self.title.take() {
            Some(title) => self.title(&title),
            None => Ok(()),
        }
    }

    /// Gives the terminal back, for a child, a stop or the end.
    pub(super) fn leave(&mut self) {
        self.outgoing.0.borrow_mut().clear();
        restore();
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> (u16, u16) {
        self.terminal
            .size()
            .map_or((80, 24), |size| (size.width, size.height))
    }

    /// Draws a frame in one write, inside of a synchronized update.
    pub(super) fn draw(&mut self, screen: &app::Screen, theme: &Theme) -> io::Result<()> {
        queue!(self.outgoing, terminal::BeginSynchronizedUpdate)?;
        let halves = &mut self.right_halves;
        self.terminal.draw(|frame| {
            paint(screen, theme, frame);
            refresh_right_halves(halves, frame.buffer_mut());
        })?;
        queue!(self.outgoing, terminal::EndSynchronizedUpdate)?;
        self.send()
    }

    /// Asks for the background's colour; the answer comes as input, if the terminal knows the question.
    pub(super) fn ask_background(&mut self) -> io::Result<()> {
        self.outgoing.write_all(ASK_BACKGROUND)?;
        self.send()
    }

    /// Sets the title. The text is already clean; a bell or escape in it would end the sequence.
    pub(super) fn title(&mut self, title: &str) -> io::Result<()> {
        if !TITLE.swap(true, Ordering::SeqCst) {
            self.outgoing.write_all(PUSH_TITLE)?;
        }
        let safe = crate::text::clean::clean(title).into_owned();
        queue!(self.outgoing, terminal::SetTitle(&safe))?;
        self.title = Some(safe);
        self.send()
    }

    /// Sends a sequence that changes nothing on the screen, such as the one that sets the clipboard.
    pub(super) fn raw(&mut self, sequence: &[u8]) -> io::Result<()> {
        self.outgoing.write_all(sequence)?;
        self.send()
    }

    fn send(&mut self) -> io::Result<()> {
        let mut bytes = self.outgoing.0.borrow_mut();
        let mut stdout = io::stdout().lock();
        let done = stdout.write_all(&bytes).and_then(|()| stdout.flush());
        bytes.clear();
        done
    }
}

/// Has the cells drawn again that the right half of a wide glyph covered and that nothing covers now. ratatui leaves
/// them to the terminal, which must blank them when the left half goes; not every one does.
fn refresh_right_halves(halves: &mut Vec<(u16, u16)>, buffer: &mut Buffer) {
    let is_wide = |buffer: &Buffer, x: u16, y: u16| {
        let symbol = buffer.cell((x, y)).map_or("", |cell| cell.symbol());
        symbol.len() > 1 && columns(symbol) > 1
    };
    for (x, y) in halves.drain(..) {
        if !x.checked_sub(1).is_some_and(|left| is_wide(buffer, left, y))
            && let Some(cell) = buffer.cell_mut((x, y))
        {
            cell.set_diff_option(CellDiffOption::AlwaysUpdate);
        }
    }
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right().saturating_sub(1) {
            if is_wide(buffer, x, y) {
                halves.push((x + 1, y));
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Whether the terminal is ours at the moment.
pub(super) fn is_taken() -> bool {
    TAKEN.load(Ordering::SeqCst)
}

/// Gives the terminal back if it is ours. Safe to call from anywhere and any number of times.
pub(super) fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = Vec::with_capacity(128);
    if KEYBOARD.swap(false, Ordering::SeqCst) {
        let _ = queue!(bytes, event::PopKeyboardEnhancementFlags);
    }
    // Switching off what was never on is harmless; the other way round the shell would get mouse reports.
    let _ = queue!(
        bytes,
        terminal::EndSynchronizedUpdate,
        event::DisableMouseCapture,
        event::DisableFocusChange,
        event::DisableBracketedPaste,
        style::ResetColor,
        style::SetAttribute(style::Attribute::Reset),
        terminal::LeaveAlternateScreen,
        cursor::Show,
    );
    if TITLE.swap(false, Ordering::SeqCst) {
        bytes.extend_from_slice(POP_TITLE);
    }
    // A terminal that is gone takes nothing: there is nobody to tell.
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(&bytes).and_then(|()| stdout.flush());
    let _ = terminal::disable_raw_mode();
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::{Buffer, CellDiffOption};

    use super::refresh_right_halves;

    #[test]
    fn the_cell_behind_a_wide_glyph_that_went_is_drawn_again() {
        let mut halves = Vec::new();
        refresh_right_halves(&mut halves, &mut Buffer::with_lines(["a🔴b漢"]));
        assert_eq!(halves, [(2, 0), (5, 0)]);
        let mut next = Buffer::with_lines(["a   漢"]);
        refresh_right_halves(&mut halves, &mut next);
        assert_eq!(next[(2, 0)].diff_option, CellDiffOption::AlwaysUpdate);
        assert_eq!(next[(5, 0)].diff_option, CellDiffOption::None, "still covered");
        let drawn: Vec<u16> = Buffer::with_lines(["a🔴b漢"])
            .diff(&next)
            .into_iter()
            .map(|(x, _, _)| x)
            .collect();
        assert_eq!(drawn, [1, 2, 3]);
    }
}
