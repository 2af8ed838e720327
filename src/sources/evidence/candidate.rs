//! One file that a tool may have written: recognised by its beginning, read in full, given away as bytes.

use std::path::Path;

use crate::formats::{self, Format, Sniff};
use crate::sources::caught::caught_in_words;
use crate::sources::files;

/// Bytes of a file that are read; a larger one is an error, because half a report says nothing.
pub const CAP: u64 = 256 << 20;

/// A file whose beginning was looked at.
pub struct Candidate<'a> {
    path: &'a Path,
    name: String,
    beginning: Vec<u8>,
    size: u64,
    format: Option<(&'static dyn Format, Sniff)>,
}

/// Why a file was not read.
pub struct Refused {
    /// The format that took it, where one did.
    pub format: Option<&'static dyn Format>,
    /// One sentence.
    pub message: String,
}

impl<'a> Candidate<'a> {
    /// Looks at the beginning of a file that is called `name` in what is said of it.
    ///
    /// # Errors
    /// What to tell of a file that cannot be read.
    pub fn look(path: &'a Path, name: &str) -> Result<Self, String> {
        let (beginning, size) =
            files::beginning(path, formats::ENOUGH as u64).map_err(|error| error.to_string())?;
        let format = caught_in_words(|| formats::recognise(name, &beginning))
            .map_err(|words| format!("bug in recognising a file: {words}"))?;
        Ok(Self {
            path,
            name: name.to_owned(),
            beginning,
            size,
            format,
        })
    }

    /// The format that takes it, and how sure that is.
    #[must_use]
    pub fn format(&self) -> Option<(&'static dyn Format, Sniff)> {
        self.format
    }

    /// Whether the content itself has the shape of a format.
    #[must_use]
    pub fn is_likely(&self) -> bool {
        self.format.is_some_and(|(_, sniff)| sniff >= Sniff::Likely)
    }

    /// Reads the file and gives its format, name and bytes to `take`; `None` when no format takes it.
    ///
    /// # Errors
    /// Why it was not read, or that `take` panicked.
    pub fn read<T>(
        self,
        take: impl FnOnce(&'static dyn Format, &str, &[u8]) -> T,
    ) -> Result<Option<T>, Refused> {
        let Some((format, _)) = self.format else {
            return Ok(None);
        };
        let too_large = |size: u64| Refused {
            format: Some(format),
            message: format!(
                "the file has {size} bytes; at most {CAP} are read, and half a report says nothing: write a smaller one"
            ),
        };
        let bytes = if self.size <= self.beginning.len() as u64 {
            self.beginning
        } else if self.size > CAP {
            return Err(too_large(self.size));
        } else {
            match files::beginning(self.path, CAP) {
                Ok((bytes, size)) if size <= CAP => bytes,
                // It grew meanwhile.
                Ok((_, size)) => return Err(too_large(size)),
                Err(error) => {
                    return Err(Refused {
                        format: None,
                        message: error.to_string(),
                    });
                }
            }
        };
        caught_in_words(|| take(format, &self.name, &bytes))
            .map(Some)
            .map_err(|words| Refused {
                format: Some(format),
                message: format!("bug in the reader `{}`: {words}", format.name()),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_a_reader_is_told_as_its_bug() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lcov.info");
        std::fs::write(&path, "SF:a.c\nDA:1,1\nend_of_record\n").unwrap();
        let candidate = Candidate::look(&path, "lcov.info").unwrap();
        let refused = candidate
            .read(|_, name, _| -> () { panic!("lost at {name}") })
            .err()
            .unwrap();
        assert_eq!(refused.message, "bug in the reader `lcov`: lost at lcov.info");
        assert_eq!(refused.format.unwrap().name(), "lcov");
    }
}
