//! A document's bytes with the text that people read in them.

use std::sync::Arc;

use super::{ContentHash, Encoding, Span};

/// Raw bytes, the decoded and repaired text, and the way between the two.
///
/// The raw bytes are what edits write; the text is what is shown and matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    bytes: Arc<[u8]>,
    hash: ContentHash,
    encoding: Encoding,
    /// `None` when the bytes are the text (clean UTF-8).
    decoded: Option<Decoded>,
}

/// Text that differs from the bytes, with the offsets of both at every point where they drift apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Decoded {
    text: String,
    /// (text offset, raw offset), ascending in both; between two entries both advance alike.
    map: Vec<(u32, u32)>,
}

impl SourceText {
    /// Reads bytes as a document: finds the encoding, decodes, repairs mojibake. Never fails.
    #[must_use]
    pub fn read(bytes: Arc<[u8]>) -> Self {
        let hash = ContentHash::of(&bytes);
        if std::str::from_utf8(&bytes).is_ok() {
            return Self {
                bytes,
                hash,
                encoding: Encoding::Utf8,
                decoded: None,
            };
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Self {
            bytes,
            hash,
            encoding: Encoding::Lossy,
            decoded: Some(Decoded {
                text,
                map: Vec::new(),
            }),
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
        match &self.decoded {
            Some(decoded) => &decoded.text,
            None => std::str::from_utf8(&self.bytes).unwrap_or_default(),
        }
    }

    /// The raw span of a range of text offsets.
    #[must_use]
    pub fn span(&self, text: std::ops::Range<usize>) -> Span {
        Span::of(text.start, text.end)
    }

    /// The text range of a raw span; the inverse of [`Self::span`] on its results.
    #[must_use]
    pub fn text_range(&self, span: Span) -> std::ops::Range<usize> {
        span.range()
    }

    /// The repaired text of a raw span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text().get(self.text_range(span)).unwrap_or_default()
    }

    /// `text` in the file's own encoding; `None` when that encoding has no such character.
    #[must_use]
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => Some(text.as_bytes().to_vec()),
            Encoding::Utf16 { big_endian } => Some(
                text.encode_utf16()
                    .flat_map(|unit| {
                        if big_endian {
                            unit.to_be_bytes()
                        } else {
                            unit.to_le_bytes()
                        }
                    })
                    .collect(),
            ),
            _ => text.is_ascii().then(|| text.as_bytes().to_vec()),
        }
    }
}
