//! Cobertura XML (coverage.py, gcovr, coverlet, phpunit, istanbul, VectorCAST …).
//!
//! Distinct line numbers by file name over classes. The lines of a class are those of its methods again, except that some
//! tools (Istanbul) list a method's declaration, which is no executable line: methods speak only where their class lists
//! no line. The summary attributes contradict the lines in many
//! real files, so they speak only where there is no class at all.

use crate::formats::files::{Branches, Files};
use crate::formats::head::Head;
use crate::formats::xml::{Event, Raw, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff, digits};
use crate::model::{Ratio, Totals};

/// The format.
pub struct Cobertura;

impl Format for Cobertura {
    fn name(&self) -> &'static str {
        "cobertura"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "coverage.xml",
            "cobertura.xml",
            "*cobertura*.xml",
            "coverage*.xml",
            "cov.xml",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.root() != Some("coverage") || head.contains("clover=\"") || head.contains("<lineToCover") {
            return Sniff::No;
        }
        if head.contains("cobertura") || head.contains("line-rate=") || head.contains("lines-valid=") {
            Sniff::Certain
        } else if head.contains("<packages") && head.contains("<classes") {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes);
        let mut files = Files::default();
        let mut branches: Vec<Branches> = Vec::new();
        let mut class: Option<usize> = None;
        let mut summary = Totals::default();
        let mut classes = 0_u64;
        let mut inner = Inner::default();
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(b"line") => {
                    if let Some(at) = class {
                        let line = Line::read(&xml, &mut files);
                        if inner.depth > 0 {
                            inner.lines.extend(line);
                        } else if let Some(line) = line {
                            inner.lines.clear();
                            inner.spoken_for = true;
                            line.add(&mut files, &mut branches, at);
                        }
                    }
                }
                Event::Start(b"method" | b"methods") => inner.depth += 1,
                Event::End(b"method" | b"methods") => inner.depth = inner.depth.saturating_sub(1),
                Event::Start(b"class") => {
                    classes += 1;
                    let some = |name: &str| {
                        xml.get(name)
                            .filter(|value| !value.bytes().trim_ascii().is_empty())
                    };
                    let name = some("filename").or_else(|| some("name")).unwrap_or_default();
                    class = Some(files.of(&name.text()));
                    branches.resize_with(files.len(), Branches::default);
                }
                Event::End(b"class") => {
                    if let Some(at) = class.take()
                        && !inner.spoken_for
                    {
                        for line in inner.lines.drain(..) {
                            line.add(&mut files, &mut branches, at);
                        }
                    }
                    inner = Inner {
                        lines: std::mem::take(&mut inner.lines),
                        ..Inner::default()
                    };
                    inner.lines.clear();
                }
                Event::Start(b"source") => {
                    let source = xml.text(4096)?;
                    if !source.trim().is_empty() {
                        files.report().roots.push(source.trim().into());
                    }
                }
                Event::Start(b"coverage") => {
                    files.report().produced_at = xml.get("timestamp").map(|time| time.text().into());
                    let pair = |covered: &str, total: &str| {
                        let total = xml.get(total)?.number()?;
                        Some(Ratio::new(xml.get(covered)?.number()?, total))
                    };
                    summary.lines = pair("lines-covered", "lines-valid");
                    summary.branches = pair("branches-covered", "branches-valid");
                }
                _ => {}
            }
        }
        for (at, branches) in branches.into_iter().enumerate() {
            files.at(at).branches = branches.ratio();
        }
        if classes == 0 {
            files.report().totals = Some(summary);
        }
        Ok(files.finish(file))
    }
}

/// The methods of the open class.
#[derive(Debug, Default)]
struct Inner {
    /// How many of the elements that hold methods are open.
    depth: u32,
    /// Their lines.
    lines: Vec<Line>,
    /// The class lists lines of its own.
    spoken_for: bool,
}

/// One `line` element.
#[derive(Debug, Clone, Copy)]
struct Line {
    number: u32,
    ran: bool,
    condition: Option<(u32, u32)>,
}

impl Line {
    fn read(xml: &Scanner<'_>, files: &mut Files) -> Option<Self> {
        let (mut number, mut ran, mut condition) = (None, None, None);
        for (name, value) in xml.attributes() {
            match name {
                b"number" => number = value.line(),
                b"hits" => ran = hits(value),
                b"condition-coverage" => condition = fraction(value.bytes()),
                _ => {}
            }
        }
        if number.is_none() || ran.is_none() {
            files.odd(xml.offset());
        }
        Some(Self {
            number: number?,
            ran: ran.unwrap_or(false),
            condition,
        })
    }

    fn add(self, files: &mut Files, branches: &mut [Branches], at: usize) {
        files.at(at).lines.add(self.number, self.ran);
        if let (Some((covered, total)), Some(branches)) = (self.condition, branches.get_mut(at)) {
            branches.add(self.number, covered, total);
        }
    }
}

/// Whether a count is above zero; `None` when it is none (`-1`, `NaN`). Some tools write `1.0`, or more than 64 bits.
fn hits(value: Raw<'_>) -> Option<bool> {
    let bytes = value.bytes().trim_ascii();
    if !bytes.first()?.is_ascii_digit() {
        return None;
    }
    let number = bytes.iter().take_while(|b| b.is_ascii_digit() || **b == b'.');
    Some(number.into_iter().any(|b| (b'1'..=b'9').contains(b)))
}

/// `(1, 2)` of `50% (1/2)`.
fn fraction(bytes: &[u8]) -> Option<(u32, u32)> {
    let open = memchr::memchr(b'(', bytes)?;
    let inner = bytes[open + 1..].split(|b| *b == b')').next()?;
    let slash = memchr::memchr(b'/', inner)?;
    let number = |part: &[u8]| {
        let part = part.trim_ascii();
        let fine = !part.is_empty() && part.iter().all(u8::is_ascii_digit);
        fine.then(|| u32::try_from(digits(part)).ok()).flatten()
    };
    Some((number(&inner[..slash])?, number(&inner[slash + 1..])?))
}
