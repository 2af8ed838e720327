//! How a document's bytes became text.

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
