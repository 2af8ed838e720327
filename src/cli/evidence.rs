//! One file that a tool may have written: recognised by its beginning, read in full, told in figures.

use std::path::Path;

use crate::formats::{self, Format, Sniff};
use crate::output::evidence::Evidence;
use crate::output::inspect::What;
use crate::runtime::caught_in_words;
use crate::sources::files;

/// Bytes of a file that are read; a larger one is an error, because half a report says nothing.
const CAP: u64 = 256 << 20;

/// A file whose beginning was looked at.
pub(super) struct Candidate<'a> {
    path: &'a Path,
    name: String,
    beginning: Vec<u8>,
    size: u64,
    format: Option<(&'static dyn Format, Sniff)>,
}

impl<'a> Candidate<'a> {
    /// Looks at the beginning of a file.
    ///
    /// # Errors
    /// What to tell of a file that cannot be read.
    pub(super) fn look(path: &'a Path) -> Result<Self, What> {
        let (beginning, size) =
            files::beginning(path, formats::ENOUGH as u64).map_err(|error| What::Error(error.to_string()))?;
        let name = path.to_string_lossy().into_owned();
        let format = caught_in_words(|| formats::recognise(&name, &beginning))
            .map_err(|words| What::Error(format!("bug in recognising a file: {words}")))?;
        Ok(Self {
            path,
            name,
            beginning,
            size,
            format,
        })
    }

    /// Whether the content itself has the shape of a format.
    pub(super) fn is_likely(&self) -> bool {
        self.format.is_some_and(|(_, sniff)| sniff >= Sniff::Likely)
    }

    /// The figures of the file, or why there are none.
    pub(super) fn read(self) -> What {
        let Some((format, _)) = self.format else {
            return What::Unknown;
        };
        let too_large = |size: u64| {
            let message = format!(
                "the file has {size} bytes; at most {CAP} are read, and half a report says nothing: write a smaller one"
            );
            What::Evidence(Box::new(Evidence::failed(format, message)))
        };
        let bytes = if self.size <= self.beginning.len() as u64 {
            self.beginning
        } else if self.size > CAP {
            return too_large(self.size);
        } else {
            match files::beginning(self.path, CAP) {
                Ok((bytes, size)) if size <= CAP => bytes,
                // It grew meanwhile.
                Ok((_, size)) => return too_large(size),
                Err(error) => return What::Error(error.to_string()),
            }
        };
        What::Evidence(Box::new(figures(format, &self.name, &bytes)))
    }
}

fn figures(format: &dyn Format, path: &str, bytes: &[u8]) -> Evidence {
    // The details are gone when this returns; what many files leave behind are their figures.
    caught_in_words(|| Evidence::of(format, formats::read_as(format, path, bytes))).unwrap_or_else(|words| {
        Evidence::failed(format, format!("bug in the reader `{}`: {words}", format.name()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Family, File, Head, ParseError, Parsed};

    struct Broken;

    impl Format for Broken {
        fn name(&self) -> &'static str {
            "broken"
        }
        fn family(&self) -> Family {
            Family::Scan
        }
        fn globs(&self) -> &'static [&'static str] {
            &[]
        }
        fn sniff(&self, _: &Head<'_>) -> Sniff {
            Sniff::Certain
        }
        fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
            panic!("lost at {}", file.path)
        }
    }

    #[test]
    fn a_panic_in_a_reader_is_told_as_its_bug() {
        let evidence = figures(&Broken, "a.json", b"{}");
        let said = evidence.result.unwrap_err();
        assert_eq!(said.message, "bug in the reader `broken`: lost at a.json");
        assert_eq!(evidence.family, Family::Scan);
    }
}
