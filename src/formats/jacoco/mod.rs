//! JaCoCo XML (JaCoCo, Kover, Pester, gcovr).
//!
//! `line` elements, covered when an instruction of the line ran. Where lines carry no instruction counts the LINE
//! counter of their source file speaks; where there is no source file, the counters of classes and methods do.

use crate::formats::files::Files;
use crate::formats::head::Head;
use crate::formats::xml::{Event, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Shape, Sniff};
use crate::model::{FileCoverage, Ratio, Totals};

/// The format.
pub struct Jacoco;

impl Format for Jacoco {
    fn name(&self) -> &'static str {
        "jacoco"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["jacoco.xml", "jacoco*.xml", "*jacoco*.xml", "kover*.xml"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let Shape::Xml { root, start } = &head.shape else {
            return Sniff::No;
        };
        if root != "report" {
            return Sniff::No;
        }
        let counters = head.contains("<counter ") && head.contains("missed=") && head.contains("covered=");
        if start.contains("JACOCO") || start.contains("jacoco") || head.contains("<sessioninfo ") || counters
        {
            Sniff::Certain
        } else if head.contains("<sourcefile ") || (head.contains("<package ") && head.contains("<class ")) {
            Sniff::Likely
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes);
        let mut files = Files::default();
        // One entry per open element that can carry counters; the root of the sums stays at the bottom.
        let mut levels: Vec<Level> = vec![Level::default()];
        let mut groups: Vec<String> = Vec::new();
        let mut package = String::new();
        let mut source: Option<Source> = None;
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(b"line") => {
                    if let Some(source) = &mut source {
                        source.line(&xml, &mut files);
                    }
                }
                Event::Start(b"counter") => {
                    if let Some(level) = levels.last_mut() {
                        level.counter(&xml);
                    }
                }
                Event::Start(
                    name @ (b"report" | b"group" | b"package" | b"class" | b"method" | b"sourcefile"),
                ) => {
                    let mut level = Level::default();
                    let title = xml
                        .get("name")
                        .map(|name| name.text().into_owned())
                        .unwrap_or_default();
                    match name {
                        b"group" => groups.push(title),
                        b"package" => package = title,
                        b"sourcefile" => {
                            level.has_source = true;
                            source = Some(Source::new(place(&mut files, &groups, &package, &title)));
                        }
                        _ => {}
                    }
                    levels.push(level);
                }
                Event::End(
                    name @ (b"report" | b"group" | b"package" | b"class" | b"method" | b"sourcefile"),
                ) => {
                    if name == b"group" {
                        groups.pop();
                    }
                    let Some(level) = levels.pop() else { continue };
                    let totals = level.totals();
                    if let Some(source) = source.take_if(|_| name == b"sourcefile") {
                        source.close(&mut files, totals);
                    }
                    if let Some(outer) = levels.last_mut() {
                        outer.inner(totals, level.has_source);
                    }
                }
                Event::Start(b"sessioninfo") => {
                    // Milliseconds; the last session is the newest.
                    let time = xml.get("dump").or_else(|| xml.get("start"));
                    files.report().produced_at = time.map(|time| time.text().into());
                }
                _ => {}
            }
        }
        if files.len() == 0 {
            files.report().totals = levels.pop().map(|level| level.totals());
        }
        Ok(files.finish(file))
    }
}

/// The place of a source file; two modules may have one package and file name, the second then bears its module's name.
fn place(files: &mut Files, groups: &[String], package: &str, name: &str) -> usize {
    let path = if package.is_empty() {
        name.to_owned()
    } else {
        format!("{package}/{name}")
    };
    match groups.last() {
        Some(group) if files.knows(&path) => files.of(&format!("{group}/{path}")),
        _ => files.of(&path),
    }
}

/// The counters of one element and the sums of what it holds.
#[derive(Debug, Default)]
struct Level {
    own: Totals,
    inner: Totals,
    /// Source files and classes say the same twice; the source files win.
    has_source: bool,
}

impl Level {
    fn counter(&mut self, xml: &Scanner<'_>) {
        let number = |name: &str| xml.get(name).and_then(|n| n.number()).unwrap_or(0);
        let covered = number("covered");
        let ratio = Some(Ratio::new(covered, covered.saturating_add(number("missed"))));
        match xml.get("type").map(|kind| kind.bytes()) {
            Some(b"LINE") => self.own.lines = ratio,
            Some(b"BRANCH") => self.own.branches = ratio,
            Some(b"METHOD") => self.own.functions = ratio,
            _ => {}
        }
    }

    fn totals(&self) -> Totals {
        Totals {
            lines: self.own.lines.or(self.inner.lines),
            branches: self.own.branches.or(self.inner.branches),
            functions: self.own.functions.or(self.inner.functions),
        }
    }

    fn inner(&mut self, more: Totals, has_source: bool) {
        if has_source && !self.has_source {
            self.has_source = true;
            self.inner = Totals::default();
        }
        if has_source == self.has_source {
            let add = |sum: Option<Ratio>, more: Option<Ratio>| match (sum, more) {
                (Some(a), Some(b)) => Some(a.plus(b)),
                (a, b) => a.or(b),
            };
            self.inner.lines = add(self.inner.lines, more.lines);
            self.inner.branches = add(self.inner.branches, more.branches);
            self.inner.functions = add(self.inner.functions, more.functions);
        }
    }
}

/// An open `sourcefile`.
#[derive(Debug)]
struct Source {
    file: usize,
    /// Some line says what ran.
    counted: bool,
    branches: Option<Ratio>,
}

impl Source {
    const fn new(file: usize) -> Self {
        Self {
            file,
            counted: false,
            branches: None,
        }
    }

    fn line(&mut self, xml: &Scanner<'_>, files: &mut Files) {
        let (mut number, mut ran, mut missed, mut taken) = (None, false, 0, 0);
        for (name, value) in xml.attributes() {
            let count = value.number();
            match name {
                b"nr" => {
                    number = value.line();
                    continue;
                }
                b"ci" => {
                    self.counted = true;
                    ran = count.is_some_and(|n| n > 0);
                }
                b"mi" => self.counted = true,
                b"mb" => missed = count.unwrap_or(0),
                b"cb" => taken = count.unwrap_or(0),
                _ => continue,
            }
            if count.is_none() {
                files.odd(xml.offset());
            }
        }
        let Some(number) = number else {
            return files.odd(xml.offset());
        };
        files.at(self.file).lines.add(number, ran);
        if missed > 0 || taken > 0 {
            let more = Ratio::new(taken, taken.saturating_add(missed));
            self.branches = Some(self.branches.unwrap_or_default().plus(more));
        }
    }

    fn close(self, files: &mut Files, totals: Totals) {
        let file = files.at(self.file);
        if !self.counted {
            *file = FileCoverage {
                path: std::mem::take(&mut file.path),
                line_total: totals.lines,
                ..FileCoverage::default()
            };
        }
        file.branches = totals.branches.or(self.branches);
        file.functions = totals.functions;
    }
}
