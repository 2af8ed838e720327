//! Gathered evidence: what all files of a repository that tools wrote come to together, each figure with the files
//! that say it. Plain data; `evidence` makes it, the verdict and the panes read it.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Binding, CommitId, CoverageReport, Evidence, EvidenceKind, Finding, FindingSeverity, Freshness, LineSet,
    Problem, Ratio, RepoPath, ScanReport, TestCase, TestCounts, TestReport, Totals,
};
use crate::text::ContentHash;

/// One file that a tool wrote, as it was read; not yet bound or merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// How it is called on screen: its path, or the run and artifact that it came from.
    pub source: Box<str>,
    /// Where it lies in the repository; `None` for a file of a CI artifact.
    pub path: Option<RepoPath>,
    /// Identity of its bytes.
    pub hash: ContentHash,
    /// The format that took it.
    pub format: &'static str,
    /// What it can prove.
    pub kind: EvidenceKind,
    /// git tracks it.
    pub tracked: bool,
    /// When it was last written on disk.
    pub modified: Option<Timestamp>,
    /// The commit that it is known to be of from outside, such as the CI run that made it.
    pub commit: Option<CommitId>,
    /// What it says, or why it could not be read.
    pub content: Result<Content, Problem>,
}

/// What an evidence file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Coverage.
    Coverage(Arc<CoverageReport>),
    /// A scan.
    Scan(Arc<ScanReport>),
    /// Test results.
    Tests(Arc<TestReport>),
}

/// All evidence of a repository, merged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gathered {
    /// Every file with its binding, by source; the numbers elsewhere in this module index it.
    pub files: Vec<Bound>,
    /// Coverage of all files that count.
    pub coverage: Coverage,
    /// Findings of all scans that count.
    pub scans: Scans,
    /// Results of all test files that count.
    pub tests: Tests,
}

/// A file with its binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The file.
    pub file: Arc<EvidenceFile>,
    /// The commit that it speaks of, where known.
    pub commit: Option<CommitId>,
    /// One sentence: how that is known ("the file names it", "tracked, last changed there", "written after it").
    pub why: Box<str>,
    /// How that commit stands to HEAD.
    pub binding: Binding,
    /// Whether it still speaks of HEAD.
    pub freshness: Freshness,
    /// When it was made: by its own words, else by the file's time.
    pub produced_at: Option<Timestamp>,
    /// Set when a newer file of the same tool and scope stands in its place: that file's index.
    pub superseded_by: Option<u32>,
}

/// Coverage of a whole repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Every source file, by path.
    pub files: Vec<CoveredFile>,
    /// Over all files. Reports that carry only totals are added here when no other report speaks of files.
    pub totals: Totals,
}

/// The coverage of one source file, merged over all reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredFile {
    /// Its path in the repository, or as the tool wrote it when it was found nowhere.
    pub path: Box<str>,
    /// It lies in the repository.
    pub mapped: bool,
    /// Executable lines and those that ran.
    pub lines: LineSet,
    /// Covered of executable lines.
    pub line_ratio: Option<Ratio>,
    /// Branches taken of branches seen.
    pub branches: Option<Ratio>,
    /// Functions entered of functions seen.
    pub functions: Option<Ratio>,
    /// The evidence files that speak of it.
    pub sources: Vec<u32>,
}

/// Findings of all scans.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scans {
    /// Each finding once, worst first, then by path, line and rule.
    pub findings: Vec<MergedFinding>,
    /// How many the tools themselves suppressed.
    pub suppressed: u64,
}

/// One finding, however many files and tools report it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedFinding {
    /// Its identity: stays the same over new runs of the tool and over lines that move; the target of a waiver.
    pub id: u64,
    /// The worst severity that a tool gives it.
    pub severity: FindingSeverity,
    /// Where it was read: evidence file, place in its findings; the first is the one that is shown.
    pub seen: Vec<(u32, u32)>,
    /// Its file in the repository, where it has one.
    pub path: Option<RepoPath>,
    /// Since when it is known: the oldest evidence that has it.
    pub since: Option<Timestamp>,
    /// Waived, by the tools' own ignore files, a VEX statement or a waiver of ours.
    pub waived: Option<FindingWaiver>,
}

/// Why a finding does not count against the verdict; it is shown all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingWaiver {
    /// `path:line` that says so.
    pub source: Box<str>,
    /// In a person's words; empty when nobody gave one.
    pub reason: Box<str>,
    /// When it ends; `None` when it names no end (it then counts as waived, and the gate says that it has no end).
    pub expires: Option<Timestamp>,
    /// A statement that it does not apply here (VEX `not_affected`, `fixed`), which is no waiver but an answer.
    pub not_affected: bool,
}

/// Results of all test files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tests {
    /// Over all files that count; the same suite of several shards is added, the same case of several runs counts once.
    pub counts: TestCounts,
    /// How many passed only on a rerun.
    pub flaky: u32,
    /// Failed first, then broken, flaky, skipped, passed; of equals the slowest first: evidence file, place in its cases.
    pub cases: Vec<(u32, u32)>,
}

impl Gathered {
    /// The file behind a piece of evidence.
    #[must_use]
    pub fn bound(&self, piece: &Evidence) -> Option<&Bound> {
        let same = |bound: &&Bound| bound.file.source == piece.source && bound.file.kind == piece.kind;
        self.files.iter().find(same)
    }

    /// The finding itself, as the first file has it.
    #[must_use]
    pub fn finding(&self, merged: &MergedFinding) -> Option<(&Bound, &ScanReport, &Finding)> {
        let &(file, at) = merged.seen.first()?;
        self.finding_at(file, at)
    }

    /// A finding by its file and place.
    #[must_use]
    pub fn finding_at(&self, file: u32, at: u32) -> Option<(&Bound, &ScanReport, &Finding)> {
        let bound = self.files.get(file as usize)?;
        match &bound.file.content {
            Ok(Content::Scan(report)) => Some((bound, report, report.findings.get(at as usize)?)),
            _ => None,
        }
    }

    /// A test case by its file and place.
    #[must_use]
    pub fn case(&self, file: u32, at: u32) -> Option<(&Bound, &TestCase)> {
        let bound = self.files.get(file as usize)?;
        match &bound.file.content {
            Ok(Content::Tests(report)) => Some((bound, report.cases.get(at as usize)?)),
            _ => None,
        }
    }

    /// The coverage of a source file of the repository.
    #[must_use]
    pub fn covered(&self, path: &str) -> Option<&CoveredFile> {
        let files = &self.coverage.files;
        let at = files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        files.get(at)
    }
}
