//! Clover XML (OpenClover, PHPUnit, istanbul's clover reporter, gcovr).
//!
//! Every `line` element by file but those of type `method`, which say where a method begins and are no executable line (the
//! tools' own totals leave them out too); covered when its count is above zero, or, where a
//! condition has no count, when one of its sides ran. A condition with a count is Istanbul's: there `truecount` are the
//! branches that ran and `falsecount` those that did not.

use crate::formats::files::{Files, plus};
use crate::formats::head::Head;
use crate::formats::xml::{Event, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::Ratio;

/// The format.
pub struct Clover;

impl Format for Clover {
    fn name(&self) -> &'static str {
        "clover"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["clover.xml", "*clover*.xml"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.root() != Some("coverage") || head.contains("line-rate=") {
            return Sniff::No;
        }
        let start = match &head.shape {
            super::Shape::Xml { start, .. } => start.as_str(),
            _ => "",
        };
        if start.contains("clover=") || (start.contains("generated=") && head.contains("<project")) {
            Sniff::Certain
        } else if head.contains("<project") && head.contains("<metrics") {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes);
        let mut files = Files::default();
        let mut source: Option<(usize, usize)> = None;
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(b"line") => {
                    if let Some((at, _)) = source
                        && !xml.get("type").is_some_and(|kind| kind.is("method"))
                    {
                        line(&xml, &mut files, at);
                    }
                }
                Event::Start(b"file") => {
                    let name = xml.get("path").or_else(|| xml.get("name"));
                    source = name.map(|name| (files.of(&name.text()), xml.depth()));
                }
                Event::End(b"file") => source = None,
                // Those of the file itself, not those of its classes.
                Event::Start(b"metrics") => {
                    if let Some((at, depth)) = source
                        && xml.depth() == depth + 1
                    {
                        let pair = |covered: &str, total: &str| {
                            Some(Ratio::new(xml.get(covered)?.number()?, xml.get(total)?.number()?))
                        };
                        let file = files.at(at);
                        file.functions = pair("coveredmethods", "methods");
                        file.line_total = pair("coveredstatements", "statements");
                    }
                }
                Event::Start(b"coverage") => {
                    files.report().produced_at = xml.get("generated").map(|time| time.text().into());
                }
                _ => {}
            }
        }
        Ok(files.finish(file))
    }
}

fn line(xml: &Scanner<'_>, files: &mut Files, at: usize) {
    let Some(number) = xml.get("num").and_then(|n| n.line()) else {
        return files.odd(xml.offset());
    };
    let count = |name: &str| {
        let value = xml.get(name)?;
        Some(value.number().unwrap_or(0))
    };
    let odd = ["count", "truecount", "falsecount"]
        .iter()
        .any(|name| xml.get(name).is_some_and(|value| value.number().is_none()));
    if odd {
        files.odd(xml.offset());
    }
    let file = files.at(at);
    let sides = [count("truecount"), count("falsecount")];
    match (sides, count("count")) {
        ([Some(taken), Some(missed)], Some(ran)) => {
            file.lines.add(number, ran > 0);
            let all = Ratio::new(taken, taken.saturating_add(missed));
            file.branches = Some(file.branches.unwrap_or_default().plus(all));
        }
        (sides, ran) => {
            let any = sides.iter().flatten().chain(&ran).any(|n| *n > 0);
            file.lines.add(number, any);
            for side in sides.into_iter().flatten() {
                plus(&mut file.branches, side > 0);
            }
        }
    }
}
