//! How a document's bytes became text, and the guesses for bytes that are not UTF-8 and carry no mark.
//!
//! Not here: mojibake, which is valid UTF-8 (`mojibake`). Guesses ask for clear evidence: what is not clear is lossy.

use super::mojibake::Codec;

/// The encoding that was recognised, as `gonogo inspect` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Valid UTF-8 without a byte order mark.
    #[default]
    Utf8,
    /// Valid UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-16, little or big endian.
    Utf16 {
        /// Most significant byte first.
        big_endian: bool,
    },
    /// Windows-1252, recognised because the bytes are no UTF-8 but read well as Windows-1252.
    Windows1252,
    /// UTF-8 that was once read as Windows-1252 and written again as UTF-8.
    MojibakeWindows1252,
    /// UTF-8 that was once read as Mac OS Roman and written again as UTF-8.
    MojibakeMacintosh,
    /// No encoding fits; undecodable bytes show as U+FFFD.
    Lossy,
}

impl Encoding {
    /// The name in the JSON of `gonogo inspect`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Bom => "utf-8-bom",
            Self::Utf16 { .. } => "utf-16",
            Self::Windows1252 => "windows-1252",
            Self::MojibakeWindows1252 => "mojibake:windows-1252",
            Self::MojibakeMacintosh => "mojibake:macintosh",
            Self::Lossy => "lossy",
        }
    }
}

/// How many bytes of a file decide whether it is UTF-16 without a byte order mark.
const SAMPLE: usize = 4096;

/// Whether bytes without a byte order mark are UTF-16, and then whether the most significant byte comes first.
///
/// Clear means: a tenth of the units is ASCII (most of them, where the bytes could be UTF-8 with a stray NUL), and no
/// unit of the sample is a control, a lone surrogate or a noncharacter.
pub(super) fn guess_utf16(bytes: &[u8]) -> Option<bool> {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    memchr::memchr(0, sample)?;
    [false, true]
        .into_iter()
        .find(|&big_endian| reads_as_utf16(sample, big_endian))
}

fn reads_as_utf16(sample: &[u8], big_endian: bool) -> bool {
    let units = sample.chunks_exact(2).map(|pair| unit(pair, big_endian));
    let (mut ascii, mut all) = (0, 0);
    for read in char::decode_utf16(units) {
        all += 1;
        match read {
            Ok(' '..='~' | '\t' | '\n' | '\r') => ascii += 1,
            Ok(c)
                if c.is_control()
                    || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}'..='\u{ffff}') =>
            {
                return false;
            }
            Ok(_) => {}
            // The sample may have cut the last pair of surrogates in two.
            Err(_) if all * 2 + 2 >= sample.len() && sample.len() == SAMPLE => {}
            Err(_) => return false,
        }
    }
    let share = if std::str::from_utf8(sample).is_ok() { 7 } else { 1 };
    all >= 2 && ascii * 10 >= all * share
}

/// One unit of UTF-16 from two bytes (zero for anything shorter).
pub(super) fn unit(pair: &[u8], big_endian: bool) -> u16 {
    match *pair {
        [high, low, ..] if big_endian => u16::from_be_bytes([high, low]),
        [low, high, ..] => u16::from_le_bytes([low, high]),
        _ => 0,
    }
}

/// Whether bytes that are no UTF-8 read well as Windows-1252: hardly a sequence in them is UTF-8, no byte is without a
/// character, and nearly all of the bytes above ASCII stand where a Western text has accented letters and typographic signs.
pub(super) fn reads_as_windows_1252(bytes: &[u8]) -> bool {
    let (mut utf8, mut other) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid().as_bytes();
        utf8 += valid.iter().filter(|&&byte| byte >= 0xc0).count();
        other += chunk.invalid().len();
        // Undecodable bytes beside controls are not text of any kind.
        if valid
            .iter()
            .any(|&byte| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f))
        {
            return false;
        }
    }
    if utf8 * 20 > other {
        return false;
    }
    let (mut well, mut ill, mut at) = (0_usize, 0_usize, 0);
    while let Some(ahead) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| !byte.is_ascii()))
    {
        let start = at + ahead;
        let run = bytes.get(start..).unwrap_or_default();
        let run = run
            .get(..run.iter().position(u8::is_ascii).unwrap_or(run.len()))
            .unwrap_or_default();
        at = start + run.len();
        let before = start
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .copied()
            .unwrap_or(b' ');
        let after = bytes.get(at).copied().unwrap_or(b' ');
        if reads_well(before, run, after) {
            well += 1
        } else {
            ill += 1
        }
    }
    well >= ill * 9
}

fn reads_well(before: u8, run: &[u8], after: u8) -> bool {
    let char = |&byte: &u8| Codec::Windows1252.char(byte);
    if run.len() > 3 || run.iter().map(char).any(char::is_control) {
        return false;
    }
    let Some(first) = run.first().map(char) else {
        return true;
    };
    let inside = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
    // `cafŽ`, `s‚ance`: an upper-case letter or an opening sign in the middle of a word is another encoding's letter.
    !(before.is_ascii_lowercase() && first.is_uppercase()
        || inside && matches!(first, '‚' | '„' | '†' | '‡' | '‰' | '‹' | '¤'))
}
