//! UTF-8 that was once read as Windows-1252 or Mac OS Roman and saved as UTF-8 again: recognised, and undone for reading.
//!
//! Such a document is valid UTF-8, but a `✅` in it is spelt `âœ…` or `‚úÖ`. Recognition is a matter of the whole
//! document: nearly every run of characters outside of ASCII must turn into valid UTF-8 under one codec, and at
//! least one of them must be of a kind that nobody writes on purpose. Windows-1252 has no character for five bytes
//! (81 8D 8F 90 9D): some programs pass them through as C1 controls, some lose them. What was lost is never guessed.
//!
//! Not here: offsets (`offsets`), the document (`source`).

use super::ascii::{next_non_ascii, run_end};

/// The encoding as which UTF-8 was wrongly read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// Windows-1252; its five unassigned bytes are C1 controls. Latin-1 is read as the same.
    Windows1252,
    /// Mac OS Roman, in which F0 is the private character U+F8FF.
    Macintosh,
}

/// What the next characters of damaged text stand for; lengths count bytes of the damaged text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A character, restored.
    Restored(char, u8),
    /// The beginning of a character of which bytes are lost; `selector` when it can only have been a variation selector.
    Broken { len: u8, selector: bool },
    /// Nothing that was damaged.
    Sound(char),
}

impl Codec {
    /// The codec under which `text` (in pieces, where undecodable bytes cut it) was damaged, if it was.
    #[must_use]
    pub fn of_damaged<'a>(pieces: impl Iterator<Item = &'a str>) -> Option<Self> {
        let (mut windows, mut mac) = (Score::default(), Score::default());
        for text in pieces {
            let mut at = 0;
            while let Some(start) = next_non_ascii(text.as_bytes(), at) {
                let end = run_end(text.as_bytes(), start);
                let run = text.get(start..end).unwrap_or_default();
                windows.take(Self::Windows1252, run);
                mac.take(Self::Macintosh, run);
                at = end;
            }
        }
        match (windows.accepts(), mac.accepts()) {
            (true, true) if mac.well > windows.well => Some(Self::Macintosh),
            (true, _) => Some(Self::Windows1252),
            (false, true) => Some(Self::Macintosh),
            (false, false) => None,
        }
    }

    /// The first piece of damaged text that begins with a character outside of ASCII.
    pub(super) fn piece(self, text: &str) -> Option<Piece> {
        let mut chars = text.chars();
        let first = chars.next()?;
        let sound = Some(Piece::Sound(first));
        let Some(lead) = self.byte(first) else {
            return sound;
        };
        let need = match lead {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return sound,
        };
        let mut bytes = [lead, 0, 0, 0];
        let (mut have, mut len) = (1, first.len_utf8());
        for c in chars.take(need - 1) {
            match self.byte(c) {
                Some(byte @ 0x80..=0xbf) => bytes[have] = byte,
                _ => break,
            }
            have += 1;
            len += c.len_utf8();
        }
        let len = u8::try_from(len).unwrap_or(u8::MAX);
        if have == 1 {
            return sound;
        }
        if have < need {
            let selector = have == 2 && bytes.starts_with(&[0xef, 0xb8]);
            return Some(Piece::Broken { len, selector });
        }
        let restored = std::str::from_utf8(&bytes[..need])
            .ok()
            .and_then(|s| s.chars().next());
        match restored {
            Some(c) if is_plausible(c) => Some(Piece::Restored(c, len)),
            _ => sound,
        }
    }

    /// `text` as it comes out when its UTF-8 bytes are read with this codec; bytes without a character pass as C1 controls.
    #[must_use]
    pub fn damage(self, text: &str) -> String {
        let spell = |c: char| {
            let mut buffer = [0; 4];
            let bytes = c.encode_utf8(&mut buffer).bytes();
            bytes.map(|byte| self.char(byte)).collect::<Vec<_>>()
        };
        text.chars().flat_map(spell).collect()
    }

    /// Whether this codec has no character for a byte that the UTF-8 form of `text` needs.
    pub(super) fn has_hole_for(self, text: &str) -> bool {
        self == Self::Windows1252
            && text
                .bytes()
                .any(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d))
    }

    /// Whether damaged text has a character that lost bytes.
    pub(super) fn has_lost_bytes(self, text: &str) -> bool {
        let mut at = 0;
        while let Some(start) = next_non_ascii(text.as_bytes(), at) {
            at = match text.get(start..).and_then(|rest| self.piece(rest)) {
                Some(Piece::Broken { .. }) => return true,
                Some(Piece::Restored(_, len)) => start + usize::from(len),
                Some(Piece::Sound(c)) => start + c.len_utf8(),
                None => return false,
            };
        }
        false
    }

    /// The character that stands for a byte.
    #[must_use]
    pub const fn char(self, byte: u8) -> char {
        if byte < 0x80 {
            return byte as char;
        }
        match self {
            Self::Windows1252 => WINDOWS_1252[(byte - 0x80) as usize],
            Self::Macintosh => MACINTOSH[(byte - 0x80) as usize],
        }
    }

    /// The byte that a character outside of ASCII stands for.
    #[must_use]
    pub fn byte(self, c: char) -> Option<u8> {
        let code = u16::try_from(u32::from(c)).ok()?;
        let table = match self {
            // Programs that read Latin-1 instead have C1 controls in the place of the typographic characters.
            Self::Windows1252 if matches!(code, 0x80..=0x9f) => return u8::try_from(code).ok(),
            Self::Windows1252 => &FROM_WINDOWS_1252,
            Self::Macintosh => &FROM_MACINTOSH,
        };
        match table.binary_search_by_key(&code, |&(code, _)| code) {
            Ok(at) => Some(table[at].1),
            // Older tables of Mac OS Roman, and look-alikes that normalisation puts there.
            Err(_) if self == Self::Macintosh => match c {
                '\u{a4}' => Some(0xdb),
                '\u{2126}' => Some(0xbd),
                '\u{3bc}' => Some(0xb5),
                '\u{394}' => Some(0xc6),
                _ => None,
            },
            Err(_) => None,
        }
    }
}

/// What speaks for and against one codec.
#[derive(Default)]
struct Score {
    /// Runs that turn into valid UTF-8 whole.
    well: u32,
    /// Runs with something in them that this codec cannot have made.
    bad: u32,
    /// A run that nobody writes on purpose was seen.
    strong: bool,
    /// Different single Latin letters, each of which could be an accident (`¬©`).
    weak: Vec<char>,
}

impl Score {
    fn take(&mut self, codec: Codec, run: &str) {
        let (mut rest, mut count, mut broken, mut sign, mut letter) = (run, 0_u32, false, false, ' ');
        while let Some(piece) = codec.piece(rest) {
            let len = match piece {
                Piece::Sound(_) => {
                    self.bad += 1;
                    return;
                }
                Piece::Broken { .. } if codec == Codec::Macintosh => {
                    self.bad += 1;
                    return;
                }
                Piece::Broken { len, .. } => {
                    broken = true;
                    len
                }
                Piece::Restored(c, len) => {
                    count += 1;
                    // `xé––` is a Chinese character, but not one that anybody meant; signs and emoji are.
                    sign |= matches!(c, '\u{2000}'..='\u{2fff}' | '\u{f000}'..);
                    letter = c;
                    len
                }
            };
            rest = rest.get(usize::from(len)..).unwrap_or_default();
        }
        // A run that lost bytes says neither yes nor no, unless it has whole characters as well.
        self.well += u32::from(!broken);
        let latin1 = codec == Codec::Windows1252 && letter < '\u{100}';
        if count > 1 || sign || (count == 1 && latin1 && !broken) {
            self.strong = true;
        } else if count == 1 && letter < '\u{180}' && self.weak.len() < 3 && !self.weak.contains(&letter) {
            self.weak.push(letter);
        }
    }

    fn accepts(&self) -> bool {
        (self.strong || self.weak.len() >= 3)
            && u64::from(self.well) * 10 >= u64::from(self.well + self.bad) * 9
    }
}

/// Nobody writes C1 controls, private characters or noncharacters: bytes that would make one were never theirs.
const fn is_plausible(c: char) -> bool {
    !matches!(c, '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}'..='\u{ffff}' | '\u{f0000}'..)
}

type Reverse = [(u16, u8); 128];

static FROM_WINDOWS_1252: Reverse = reverse(&WINDOWS_1252);
static FROM_MACINTOSH: Reverse = reverse(&MACINTOSH);

/// A table turned round and sorted by character, when the program is compiled.
const fn reverse(table: &[char; 128]) -> Reverse {
    let mut pairs = [(0, 0); 128];
    let mut at = 0;
    while at < 128 {
        let pair = (table[at] as u16, 0x80 + at as u8);
        let mut place = at;
        while place > 0 && pairs[place - 1].0 > pair.0 {
            pairs[place] = pairs[place - 1];
            place -= 1;
        }
        pairs[place] = pair;
        at += 1;
    }
    pairs
}

#[rustfmt::skip]
const WINDOWS_1252: [char; 128] = {
    let mut table = ['\u{80}'; 128];
    let mut at = 0x20;
    while at < 128 {
        table[at] = (0x80 + at as u8) as char;
        at += 1;
    }
    let upper = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let mut at = 0;
    while at < 32 {
        table[at] = upper[at];
        at += 1;
    }
    table
};

#[rustfmt::skip]
const MACINTOSH: [char; 128] = [
    'Ä', 'Å', 'Ç', 'É', 'Ñ', 'Ö', 'Ü', 'á', 'à', 'â', 'ä', 'ã', 'å', 'ç', 'é', 'è',
    'ê', 'ë', 'í', 'ì', 'î', 'ï', 'ñ', 'ó', 'ò', 'ô', 'ö', 'õ', 'ú', 'ù', 'û', 'ü',
    '†', '°', '¢', '£', '§', '•', '¶', 'ß', '®', '©', '™', '´', '¨', '≠', 'Æ', 'Ø',
    '∞', '±', '≤', '≥', '¥', 'µ', '∂', '∑', '∏', 'π', '∫', 'ª', 'º', '\u{3a9}', 'æ', 'ø',
    '¿', '¡', '¬', '√', 'ƒ', '≈', '\u{2206}', '«', '»', '…', '\u{a0}', 'À', 'Ã', 'Õ', 'Œ', 'œ',
    '–', '—', '“', '”', '‘', '’', '÷', '◊', 'ÿ', 'Ÿ', '⁄', '€', '‹', '›', 'ﬁ', 'ﬂ',
    '‡', '·', '‚', '„', '‰', 'Â', 'Ê', 'Á', 'Ë', 'È', 'Í', 'Î', 'Ï', 'Ì', 'Ó', 'Ô',
    '\u{f8ff}', 'Ò', 'Ú', 'Û', 'Ù', 'ı', 'ˆ', '˜', '¯', '˘', '˙', '˚', '¸', '˝', '˛', 'ˇ',
];

#[cfg(test)]
mod tests {
    use super::*;

    fn restore(codec: Codec, text: &str) -> String {
        let (mut out, mut rest) = (String::new(), text);
        while let Some(c) = rest.chars().next() {
            let piece = if c.is_ascii() {
                Some(Piece::Sound(c))
            } else {
                codec.piece(rest)
            };
            let (c, len) = match piece.unwrap() {
                Piece::Restored(c, len) => (c, usize::from(len)),
                Piece::Broken { len, .. } => ('\u{fffd}', usize::from(len)),
                Piece::Sound(c) => (c, c.len_utf8()),
            };
            out.push(c);
            rest = &rest[len..];
        }
        out
    }

    #[test]
    fn the_tables_are_those_of_the_encoding_standard() {
        for byte in 0x80..=0xff_u8 {
            let windows = encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(&[byte])
                .0
                .into_owned();
            let mac = encoding_rs::MACINTOSH
                .decode_without_bom_handling(&[byte])
                .0
                .into_owned();
            assert_eq!(Codec::Windows1252.char(byte).to_string(), windows);
            assert_eq!(Codec::Macintosh.char(byte).to_string(), mac);
            for codec in [Codec::Windows1252, Codec::Macintosh] {
                assert_eq!(codec.byte(codec.char(byte)), Some(byte));
            }
        }
    }

    #[test]
    fn damaged_marks_are_recognised_and_restored() {
        for codec in [Codec::Windows1252, Codec::Macintosh] {
            for text in [
                "✅ done",
                "⚠️ look",
                "🔴 and 🟢",
                "naïve café – “so”",
                "Привет",
                "完了 ✅",
            ] {
                let damaged = codec.damage(text);
                assert_eq!(
                    Codec::of_damaged([damaged.as_str()].into_iter()),
                    Some(codec),
                    "{text}"
                );
                assert_eq!(restore(codec, &damaged), text);
            }
        }
    }

    #[test]
    fn text_that_was_never_damaged_is_left_alone() {
        for text in [
            "",
            "plain",
            "✅ ❌ ⚠️ 🔴 → “quoted” – it’s",
            "el niño está en la habitación ¿sí?",
            "l’été à Orléans, qu’à Noël",
            "Spaß und „Größe“",
            "“CAFÉ™” and CAFÉ’s",
            "CAFÉ’s",
            "le café––",
            "√π and √µ",
            "10–£20",
            "– état",
            "NÃO SÃO",
            "I like it at the “café…”",
            "العربية",
            "日本語のテキスト",
            "中文",
            "âœ… is how ✅ comes out, and Ã© is é",
            "§ 5 · 20 °C ± 1 µm",
            "©",
            "¬©",
            "Đặng Trần Côn",
            "┌──┐ │ ✔ │",
        ] {
            assert_eq!(Codec::of_damaged([text].into_iter()), None, "{text}");
        }
    }

    #[test]
    fn a_lost_byte_is_shown_as_lost_and_never_guessed() {
        let damaged = Codec::Windows1252.damage("✅ ✅ ❌ 📝 ⏳ end");
        let lossy = damaged.replace(['\u{81}', '\u{8d}', '\u{8f}', '\u{90}', '\u{9d}'], "");
        assert_eq!(
            Codec::of_damaged([lossy.as_str()].into_iter()),
            Some(Codec::Windows1252)
        );
        assert_eq!(
            restore(Codec::Windows1252, &lossy),
            "✅ ✅ \u{fffd} \u{fffd} \u{fffd} end"
        );
        assert_eq!(restore(Codec::Windows1252, &damaged), "✅ ✅ ❌ 📝 ⏳ end");
    }

    #[test]
    fn latin_1_that_kept_its_controls_is_read_alike() {
        let damaged: String = "✅ and 🔴".bytes().map(char::from).collect();
        assert_eq!(
            Codec::of_damaged([damaged.as_str()].into_iter()),
            Some(Codec::Windows1252)
        );
        assert_eq!(restore(Codec::Windows1252, &damaged), "✅ and 🔴");
    }
}
