//! OpenCover XML (OpenCover, coverlet, AltCover).
//!
//! Lines on which a sequence point starts. The summary speaks only where no sequence point has a line.

use std::collections::HashMap;

use crate::formats::files::{Files, plus};
use crate::formats::head::Head;
use crate::formats::xml::{Event, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};
use crate::model::{Ratio, Totals};

/// The format.
pub struct OpenCover;

impl Format for OpenCover {
    fn name(&self) -> &'static str {
        "opencover"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*opencover*.xml"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.root() == Some("CoverageSession") {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes);
        let mut files = Files::default();
        // Numbers are unique in a session, and a module lists its files before its classes.
        let mut paths: HashMap<u64, String> = HashMap::new();
        let mut method: Option<u64> = None;
        let mut entered = false;
        let mut summary = Totals::default();
        let mut lines = false;
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(b"SequencePoint") => {
                    let uid = xml.get("fileid").and_then(|id| id.number()).or(method);
                    let Some(path) = uid.and_then(|uid| paths.get(&uid)) else {
                        continue;
                    };
                    let Some(line) = xml.get("sl").and_then(|n| n.line()) else {
                        continue;
                    };
                    let visits = xml.get("vc").and_then(|n| n.number());
                    let at = files.of(path);
                    if visits.is_none() {
                        files.odd(xml.offset());
                    }
                    let ran = visits.is_some_and(|n| n > 0);
                    entered |= ran;
                    lines = true;
                    files.at(at).lines.add(line, ran);
                }
                Event::Start(b"BranchPoint") => {
                    let uid = xml.get("fileid").and_then(|id| id.number()).or(method);
                    if let (Some(path), Some(visits)) = (
                        uid.and_then(|uid| paths.get(&uid)),
                        xml.get("vc").and_then(|n| n.number()),
                    ) {
                        let at = files.of(path);
                        plus(&mut files.at(at).branches, visits > 0);
                    }
                }
                Event::Start(b"File") => {
                    let uid = xml.get("uid").and_then(|id| id.number());
                    if let (Some(uid), Some(path)) = (uid, xml.get("fullPath")) {
                        paths.insert(uid, path.text().into_owned());
                    }
                }
                Event::Start(b"FileRef") => method = xml.get("uid").and_then(|id| id.number()),
                Event::Start(b"Method") => (method, entered) = (None, false),
                Event::End(b"Method") => {
                    if let Some(path) = method.and_then(|uid| paths.get(&uid)) {
                        let at = files.of(path);
                        plus(&mut files.at(at).functions, entered);
                    }
                    method = None;
                }
                Event::Start(b"Summary") if xml.depth() == 2 => {
                    let pair = |covered: &str, total: &str| {
                        Some(Ratio::new(xml.get(covered)?.number()?, xml.get(total)?.number()?))
                    };
                    summary = Totals {
                        lines: pair("visitedSequencePoints", "numSequencePoints"),
                        branches: pair("visitedBranchPoints", "numBranchPoints"),
                        functions: pair("visitedMethods", "numMethods"),
                    };
                }
                _ => {}
            }
        }
        if !lines {
            files.report().totals = Some(summary);
        }
        Ok(files.finish(file))
    }
}
