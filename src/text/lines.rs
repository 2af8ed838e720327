//! Line numbers.

/// The text offset at which each line starts; `\n`, `\r\n` and a lone `\r` end a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// The index of `text`. An empty text has one line.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !crlf {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    /// The 1-based line that holds a text offset.
    #[must_use]
    pub fn line(&self, offset: usize) -> u32 {
        let line = self.starts.partition_point(|&start| start as usize <= offset);
        u32::try_from(line.max(1)).unwrap_or(u32::MAX)
    }

    /// Number of lines (a text that ends in a line break has an empty last line).
    #[must_use]
    pub const fn count(&self) -> usize {
        self.starts.len()
    }

    /// The text range of a 1-based line without its line break; empty past the end.
    #[must_use]
    pub fn range(&self, line: u32, text: &str) -> std::ops::Range<usize> {
        let index = (line as usize).saturating_sub(1);
        let Some(&start) = self.starts.get(index) else {
            return text.len()..text.len();
        };
        let end = self
            .starts
            .get(index + 1)
            .map_or(text.len(), |&next| next as usize);
        let start = start as usize;
        let trimmed = text
            .get(start..end)
            .unwrap_or_default()
            .trim_end_matches(['\n', '\r']);
        start..start + trimmed.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        let text = "a\nb\r\nc\rd\n\r\r\n";
        let index = LineIndex::of(text);
        let lines: Vec<&str> = (1..=7).map(|line| &text[index.range(line, text)]).collect();
        assert_eq!(lines, ["a", "b", "c", "d", "", "", ""]);
        assert_eq!(index.count(), 7);
        assert_eq!(index.range(99, text), text.len()..text.len());
        assert_eq!(index.range(0, text), 0..1);
        assert_eq!(
            (index.line(0), index.line(2), index.line(4), index.line(999)),
            (1, 2, 2, 7)
        );
        assert_eq!((LineIndex::of("").count(), LineIndex::of("").line(0)), (1, 1));
    }

    proptest! {
        #[test]
        fn every_offset_lies_on_the_line_that_holds_it(text in "[a✅\\r\\n]{0,40}", offset in 0_usize..60) {
            let index = LineIndex::of(&text);
            let line = index.line(offset);
            prop_assert!(line >= 1 && line as usize <= index.count());
            let range = index.range(line, &text);
            prop_assert!(range.start <= offset);
            prop_assert!(!text[range].contains(['\r', '\n']));
        }
    }
}
