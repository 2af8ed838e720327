//! A document's bytes with the text that people read in them.

use std::ops::Range;
use std::sync::Arc;

use super::ascii::next_non_ascii;
use super::mojibake::{Codec, Piece};
use super::offsets::{self, Decoded};
use super::{ContentHash, Encoding, Span, encoding};

/// The bytes of UTF-8's byte order mark.
const BOM: &str = "\u{feff}";

/// Raw bytes, the decoded and repaired text, and the way between the two.
///
/// The raw bytes are what edits write; the text is what is shown and matched. Line breaks are the same in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    bytes: Arc<[u8]>,
    hash: ContentHash,
    encoding: Encoding,
    reading: Reading,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reading {
    /// The bytes are the text: both share one allocation, and the type remembers that it is UTF-8.
    Same(Arc<str>),
    /// Text that differs from the bytes.
    Decoded(Decoded),
}

impl SourceText {
    /// Reads bytes as a document: finds the encoding, decodes, repairs mojibake. Never fails.
    #[must_use]
    pub fn read(bytes: Arc<[u8]>) -> Self {
        match std::str::from_utf8(&bytes) {
            // Keeping the text beside the bytes needs one copy here; without it every look at the text would have to
            // prove again that it is UTF-8. The bytes then share the copy.
            Ok(text) if is_clean(text) => Self::clean(Arc::from(text)),
            _ => Self::decode(bytes),
        }
    }

    /// [`Self::read`] for bytes just read from a file: saves one copy.
    #[must_use]
    pub fn from_vec(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) if is_clean(&text) => Self::clean(text.into()),
            Ok(text) => Self::decode(text.into_bytes().into()),
            Err(error) => Self::decode(error.into_bytes().into()),
        }
    }

    fn clean(text: Arc<str>) -> Self {
        let bytes = Arc::<[u8]>::from(Arc::clone(&text));
        Self {
            hash: ContentHash::of(&bytes),
            bytes,
            encoding: Encoding::Utf8,
            reading: Reading::Same(text),
        }
    }

    /// Everything that is not clean UTF-8 without a byte order mark.
    fn decode(bytes: Arc<[u8]>) -> Self {
        let (encoding, decoded) = decode(&bytes);
        Self {
            hash: ContentHash::of(&bytes),
            bytes,
            encoding,
            reading: Reading::Decoded(decoded),
        }
    }

    /// The raw bytes of the file.
    #[must_use]
    pub const fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// The identity of the raw bytes.
    #[must_use]
    pub const fn hash(&self) -> ContentHash {
        self.hash
    }

    /// How the bytes were read.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The decoded and repaired text. Offsets into it are text offsets: turn them with [`Self::span`].
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.reading {
            Reading::Same(text) => text,
            Reading::Decoded(decoded) => &decoded.text,
        }
    }

    /// The raw span of a range of text offsets. An offset inside of a character takes the whole character.
    #[must_use]
    pub fn span(&self, text: Range<usize>) -> Span {
        let range = whole_characters(self.text(), text);
        match &self.reading {
            Reading::Same(_) => Span::of(range.start, range.end),
            Reading::Decoded(decoded) => Span::of(decoded.to_raw(range.start), decoded.to_raw(range.end)),
        }
    }

    /// The text range of a raw span; the inverse of [`Self::span`] on its results. A span that ends inside of a
    /// character's bytes takes the whole character.
    #[must_use]
    pub fn text_range(&self, span: Span) -> Range<usize> {
        let range = match &self.reading {
            Reading::Same(_) => span.range(),
            Reading::Decoded(decoded) => {
                let start = decoded.to_text(span.start as usize, false);
                start..decoded.to_text(span.end as usize, !span.is_empty())
            }
        };
        whole_characters(self.text(), range)
    }

    /// The repaired text of a raw span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text().get(self.text_range(span)).unwrap_or_default()
    }

    /// `text` as bytes in this file's own encoding, so that a written mark looks like those that stand there already
    /// (in mojibake: the same mojibake). `None` when it cannot be said: a character that the encoding has not, a byte
    /// that this file's history loses, or U+FFFD, which only stands for bytes that could not be read.
    #[must_use]
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        let stands_in = || text.contains('\u{fffd}');
        match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => Some(text.as_bytes().to_vec()),
            Encoding::Lossy => (!stands_in()).then(|| text.as_bytes().to_vec()),
            Encoding::Utf16 { big_endian } => {
                let bytes = |unit: u16| {
                    if big_endian {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                };
                Some(text.encode_utf16().flat_map(bytes).collect())
            }
            Encoding::Windows1252 => text
                .chars()
                .map(|c| {
                    u8::try_from(c)
                        .ok()
                        .filter(u8::is_ascii)
                        .or_else(|| Codec::Windows1252.byte(c))
                })
                .collect(),
            Encoding::MojibakeWindows1252 => self.encode_damaged(Codec::Windows1252, text),
            Encoding::MojibakeMacintosh => self.encode_damaged(Codec::Macintosh, text),
        }
    }

    fn encode_damaged(&self, codec: Codec, text: &str) -> Option<Vec<u8>> {
        let loses = || {
            self.bytes
                .utf8_chunks()
                .any(|chunk| codec.has_lost_bytes(chunk.valid()))
        };
        if text.contains('\u{fffd}') || (codec.has_hole_for(text) && loses()) {
            return None;
        }
        Some(codec.damage(text).into_bytes())
    }
}

fn whole_characters(text: &str, range: Range<usize>) -> Range<usize> {
    let start = offsets::floor(text, range.start);
    if range.end <= range.start {
        return start..start;
    }
    start..offsets::ceil(text, range.end)
}

/// Whether valid UTF-8 can be taken as it stands. Most documents end here, so this must cost next to nothing.
fn is_clean(text: &str) -> bool {
    !text.starts_with(BOM)
        && encoding::guess_utf16(text.as_bytes()).is_none()
        && Codec::of_damaged(std::iter::once(text)).is_none()
}

fn decode(bytes: &[u8]) -> (Encoding, Decoded) {
    let utf16 = match bytes {
        [0xff, 0xfe, ..] => Some((false, 2)),
        [0xfe, 0xff, ..] => Some((true, 2)),
        _ => encoding::guess_utf16(bytes).map(|big_endian| (big_endian, 0)),
    };
    if let Some((big_endian, mark)) = utf16 {
        return (
            Encoding::Utf16 { big_endian },
            decode_utf16(bytes, mark, big_endian),
        );
    }
    let mark = if bytes.starts_with(BOM.as_bytes()) {
        BOM.len()
    } else {
        0
    };
    let body = bytes.get(mark..).unwrap_or_default();
    if mark == 0 && encoding::reads_as_windows_1252(body) && std::str::from_utf8(body).is_err() {
        return (Encoding::Windows1252, decode_windows_1252(body));
    }
    let codec = Codec::of_damaged(body.utf8_chunks().map(|chunk| chunk.valid()));
    let (mut decoded, mut lost) = (Decoded::default(), false);
    decoded.skip(mark);
    for chunk in body.utf8_chunks() {
        match codec {
            Some(codec) => repair(codec, chunk.valid(), &mut decoded),
            None => decoded.same(chunk.valid()),
        }
        for _ in chunk.invalid() {
            decoded.unit(char::REPLACEMENT_CHARACTER, 1);
            lost = true;
        }
    }
    let encoding = match codec {
        Some(Codec::Windows1252) => Encoding::MojibakeWindows1252,
        Some(Codec::Macintosh) => Encoding::MojibakeMacintosh,
        None if lost => Encoding::Lossy,
        None if mark > 0 => Encoding::Utf8Bom,
        None => Encoding::Utf8,
    };
    (encoding, decoded)
}

fn decode_utf16(bytes: &[u8], mark: usize, big_endian: bool) -> Decoded {
    let mut decoded = Decoded::default();
    decoded.skip(mark);
    let pairs = bytes.get(mark..).unwrap_or_default().chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    for read in char::decode_utf16(pairs.map(|pair| encoding::unit(pair, big_endian))) {
        match read {
            Ok(c) => decoded.unit(c, if c.len_utf16() == 1 { 2 } else { 4 }),
            Err(_) => decoded.unit(char::REPLACEMENT_CHARACTER, 2),
        }
    }
    if odd {
        decoded.unit(char::REPLACEMENT_CHARACTER, 1);
    }
    decoded
}

fn decode_windows_1252(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded::default();
    for &byte in bytes {
        decoded.unit(Codec::Windows1252.char(byte), 1);
    }
    decoded
}

/// Undoes mojibake in `text` and appends the result. A broken variation selector goes with the sign before it, as the
/// whole one would; any other broken character becomes U+FFFD.
fn repair(codec: Codec, text: &str, decoded: &mut Decoded) {
    let mut waiting: Option<(char, u8)> = None;
    let mut at = 0;
    while at < text.len() {
        let next = next_non_ascii(text.as_bytes(), at).unwrap_or(text.len());
        if next > at {
            flush(&mut waiting, decoded);
            decoded.same(text.get(at..next).unwrap_or_default());
        }
        let Some(piece) = text.get(next..).and_then(|rest| codec.piece(rest)) else {
            break;
        };
        at = next;
        match (piece, waiting) {
            (Piece::Broken { len, selector: true }, Some((c, raw))) => {
                decoded.unit(c, raw.saturating_add(len));
                waiting = None;
                at += usize::from(len);
            }
            (Piece::Broken { len, .. }, _) => {
                flush(&mut waiting, decoded);
                decoded.unit(char::REPLACEMENT_CHARACTER, len);
                at += usize::from(len);
            }
            (Piece::Restored(c, len), _) => {
                flush(&mut waiting, decoded);
                at += usize::from(len);
                if c == '\u{feff}' && decoded.text.is_empty() {
                    decoded.skip(usize::from(len));
                } else {
                    waiting = Some((c, len));
                }
            }
            (Piece::Sound(c), _) => {
                flush(&mut waiting, decoded);
                decoded.same(c.encode_utf8(&mut [0; 4]));
                at += c.len_utf8();
            }
        }
    }
    flush(&mut waiting, decoded);
}

fn flush(waiting: &mut Option<(char, u8)>, decoded: &mut Decoded) {
    if let Some((c, raw)) = waiting.take() {
        decoded.unit(c, raw);
    }
}

#[cfg(test)]
mod tests;
