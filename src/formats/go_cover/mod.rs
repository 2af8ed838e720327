//! Go's cover profiles (`go test -coverprofile`).
//!
//! Counted by lines: every line that a block spans is executable, and covered when some block on it ran.

use crate::formats::files::Files;
use crate::formats::head::Head;
use crate::formats::{Family, File, Format, ParseError, Parsed, Shape, Sniff};

/// The format.
pub struct GoCover;

impl Format for GoCover {
    fn name(&self) -> &'static str {
        "go-cover"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "coverage.out",
            "cover.out",
            "*.coverprofile",
            "coverage.txt",
            "c.out",
            "profile.cov",
            "cover*.out",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let first = head
            .bytes
            .trim_ascii_start()
            .split(|b| *b == b'\n')
            .next()
            .unwrap_or_default();
        match first.strip_prefix(b"mode:").map(<[u8]>::trim_ascii) {
            Some(b"set" | b"count" | b"atomic") if head.shape == Shape::Text => Sniff::Certain,
            _ => Sniff::No,
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut files = Files::default();
        let bytes = file.bytes;
        let mut at = 0;
        let mut last: (&[u8], usize) = (b"", 0);
        while at < bytes.len() {
            let rest = &bytes[at..];
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let offset = at;
            at += length + 1;
            let line = rest[..length].trim_ascii();
            // Profiles are often appended to each other, each with its mode line.
            if line.is_empty() || line.starts_with(b"mode:") {
                continue;
            }
            let Some(block) = Block::read(line) else {
                let message = "expected `name.go:line.column,line.column statements count`";
                return Err(ParseError::at(message, bytes, offset));
            };
            if files.len() == 0 || block.path != last.0 {
                last = (block.path, files.of(&String::from_utf8_lossy(block.path)));
            }
            if block.count.is_none() {
                files.odd(offset);
            }
            let lines = (block.first, block.last);
            files.span(last.1, lines, block.count == Some(true), file, offset)?;
        }
        Ok(files.finish(file))
    }
}

/// One line of a profile.
struct Block<'a> {
    path: &'a [u8],
    first: u32,
    last: u32,
    /// Whether it ran, `None` when the count is negative.
    count: Option<bool>,
}

impl<'a> Block<'a> {
    /// Reads from the right, because paths may hold anything: `a b/c:d.go:12.2,14.16 2 1`.
    fn read(line: &'a [u8]) -> Option<Self> {
        let mut left = Left(line);
        let count = left.number()?;
        let negative = left.eat(b'-');
        left.eat(b' ').then_some(())?;
        left.number()?;
        left.eat(b' ').then_some(())?;
        left.number()?;
        left.eat(b'.').then_some(())?;
        let last = left.number()?;
        left.eat(b',').then_some(())?;
        left.number()?;
        left.eat(b'.').then_some(())?;
        let first = left.number()?;
        left.eat(b':').then_some(())?;
        if left.0.is_empty() {
            return None;
        }
        Some(Self {
            path: left.0,
            first: u32::try_from(first).ok()?,
            last: u32::try_from(last).ok()?,
            count: (!negative).then_some(count > 0),
        })
    }
}

/// What is left of a line while it is read from its end.
struct Left<'a>(&'a [u8]);

impl Left<'_> {
    fn number(&mut self) -> Option<u64> {
        let (mut value, mut scale, mut any) = (0_u64, 1_u64, false);
        while let [rest @ .., digit @ b'0'..=b'9'] = self.0 {
            value = value.saturating_add(u64::from(digit & 0x0f).saturating_mul(scale));
            scale = scale.saturating_mul(10);
            self.0 = rest;
            any = true;
        }
        any.then_some(value)
    }

    fn eat(&mut self, byte: u8) -> bool {
        match self.0 {
            [rest @ .., last] if *last == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }
}
