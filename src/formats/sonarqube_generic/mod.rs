//! SonarQube's generic coverage report.

use crate::formats::files::{Branches, Files};
use crate::formats::head::Head;
use crate::formats::xml::{Event, Scanner};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};

/// The format.
pub struct SonarqubeGeneric;

impl Format for SonarqubeGeneric {
    fn name(&self) -> &'static str {
        "sonarqube-generic"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*sonar*.xml"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.root() == Some("coverage") && head.contains("<lineToCover ") {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut xml = Scanner::new(file.bytes);
        let mut files = Files::default();
        let mut branches: Vec<Branches> = Vec::new();
        let mut source = None;
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(b"file") => {
                    source = xml.get("path").map(|path| files.of(&path.text()));
                    branches.resize_with(files.len(), Branches::default);
                }
                Event::End(b"file") => source = None,
                Event::Start(b"lineToCover") => {
                    let (Some(at), Some(line)) = (source, xml.get("lineNumber").and_then(|n| n.line()))
                    else {
                        continue;
                    };
                    let ran = xml.get("covered").is_some_and(|covered| covered.is("true"));
                    files.at(at).lines.add(line, ran);
                    if let Some(total) = xml.get("branchesToCover").and_then(|n| n.line()) {
                        let covered = xml.get("coveredBranches").and_then(|n| n.line()).unwrap_or(0);
                        branches[at].add(line, covered, total);
                    }
                }
                _ => {}
            }
        }
        for (at, branches) in branches.into_iter().enumerate() {
            files.at(at).branches = branches.ratio();
        }
        Ok(files.finish(file))
    }
}
