//! The way between the offsets of a decoded text and the raw bytes it was read from.
//!
//! Not here: how bytes become text. Invariant: a text border that was read from whole raw units maps to
//! their border and back to itself; held by the property tests in `source`.

/// Decoded text under construction, or done, with its offsets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Decoded {
    /// What people read.
    pub text: String,
    /// Where text and bytes advance at a new pace; ascending.
    paces: Vec<Pace>,
    /// Raw bytes read so far.
    raw: u32,
}

/// From here on, every `text_step` bytes of text stand for `raw_step` bytes of the file.
/// Steps of one and one mean that the bytes are the text, whatever the length of its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pace {
    text: u32,
    raw: u32,
    text_step: u8,
    raw_step: u8,
}

impl Decoded {
    /// Passes over raw bytes that stand for no text (a byte order mark).
    pub fn skip(&mut self, raw: usize) {
        self.raw = self.raw.saturating_add(narrow(raw));
    }

    /// Text whose bytes in the file are its own.
    pub fn same(&mut self, text: &str) {
        if !text.is_empty() {
            self.pace(1, 1);
            self.text.push_str(text);
            self.skip(text.len());
        }
    }

    /// One character that stands for `raw` bytes (at most 255) of the file.
    pub fn unit(&mut self, c: char, raw: u8) {
        let len = u8::try_from(c.len_utf8()).unwrap_or(1);
        if len == raw {
            self.pace(1, 1)
        } else {
            self.pace(len, raw)
        }
        self.text.push(c);
        self.skip(usize::from(raw));
    }

    fn pace(&mut self, text_step: u8, raw_step: u8) {
        let next = Pace {
            text: narrow(self.text.len()),
            raw: self.raw,
            text_step,
            raw_step,
        };
        match self.paces.last() {
            Some(last) if last.text_step == text_step && last.raw_step == raw_step => {}
            _ => self.paces.push(next),
        }
    }

    /// The raw offset of a text offset on a character border.
    pub fn to_raw(&self, text: usize) -> usize {
        let text = narrow(text);
        let at = self.paces.partition_point(|pace| pace.text <= text);
        let Some(pace) = at.checked_sub(1).and_then(|at| self.paces.get(at)) else {
            return self.raw as usize;
        };
        let units = (text - pace.text) / u32::from(pace.text_step);
        pace.raw as usize + units as usize * usize::from(pace.raw_step)
    }

    /// The text offset of a raw offset. One inside of a unit goes to the unit's end with `up`, else to its start.
    pub fn to_text(&self, raw: usize, up: bool) -> usize {
        let raw = narrow(raw).min(self.raw);
        let at = self.paces.partition_point(|pace| pace.raw <= raw);
        let Some(pace) = at.checked_sub(1).and_then(|at| self.paces.get(at)) else {
            return 0;
        };
        let (step, ahead) = (u32::from(pace.raw_step), raw - pace.raw);
        let units = ahead / step + u32::from(up && ahead % step != 0);
        pace.text as usize + units as usize * usize::from(pace.text_step)
    }
}

/// Documents are capped far below 4 GiB; beyond it offsets saturate instead of wrapping.
fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The character border at or before `at`, at most the end.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The character border at or after `at`, at most the end.
pub(super) fn ceil(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
