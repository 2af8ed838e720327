//! The JSON that is sent to Coveralls (gcovr, simplecov-coveralls, coveralls-python …).

use serde::Deserialize;

use crate::formats::files::Files;
use crate::formats::head::Head;
use crate::formats::json::{self, Hits, List, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff};

/// The format.
pub struct Coveralls;

impl Format for Coveralls {
    fn name(&self) -> &'static str {
        "coveralls"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*coveralls*.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.has("source_files[].coverage") && head.has("source_files[].name") {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let report: Whole<'_> = json::read(file.bytes)?;
        let mut files = Files::default();
        for source in report.source_files.0.into_iter().filter_map(|source| source.0) {
            let at = files.of(&source.name);
            files.at(at).lines.merge(&source.coverage.0);
        }
        files.report().produced_at = report.run_at.boxed();
        files.report().commit = report.commit_sha.boxed();
        if let Some(head) = report.git.0.and_then(|git| git.head.0) {
            files.report().commit = head.id.boxed();
        }
        Ok(files.finish(file))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    run_at: Text<'a>,
    #[serde(borrow)]
    commit_sha: Text<'a>,
    #[serde(borrow)]
    git: Object<Git<'a>>,
    #[serde(borrow)]
    source_files: List<Object<Source<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Git<'a> {
    #[serde(borrow)]
    head: Object<Commit<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Commit<'a> {
    #[serde(borrow)]
    id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    coverage: Hits,
}
