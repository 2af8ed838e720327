//! A report: one Markdown document as the verdict sees it.

use super::{
    Claim, Contradiction, DeclaredVerdict, DocumentGate, DocumentTarget, Item, NamedFigure, Problem,
    RepoPath, Requirement, Severity,
};
use crate::text::{ContentHash, Encoding};

/// One document, read. Holds no copy of the document's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Where it lies.
    pub path: RepoPath,
    /// Identity of the bytes that were read.
    pub hash: ContentHash,
    /// How they were decoded.
    pub encoding: Encoding,
    /// Set when only the beginning was read.
    pub truncated: Option<Truncated>,
    /// The first heading of level 1, or the first heading.
    pub title: Option<Box<str>>,
    /// Date, author and the like.
    pub meta: Meta,
    /// Every heading in order.
    pub sections: Vec<Section>,
    /// Every item in order.
    pub items: Vec<Item>,
    /// The document's own rules for a release.
    pub gates: Vec<DocumentGate>,
    /// The coverage that it demands.
    pub targets: Vec<DocumentTarget>,
    /// Verdicts that the document declares in words.
    pub declared_verdicts: Vec<DeclaredVerdict>,
    /// Claims that were recognised; arithmetic ones are already checked against the document itself.
    pub claims: Vec<Claim>,
    /// Where the document contradicts itself.
    pub contradictions: Vec<Contradiction>,
    /// Exact figures under names, for comparing documents with each other.
    pub figures: Vec<NamedFigure>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Whether it is a readiness report, and why.
    pub recognition: Recognition,
}

/// A heading and what it means for the items below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Plain text, repaired, markers kept out.
    pub title: Box<str>,
    /// 1 to 6.
    pub level: u8,
    /// 1-based line.
    pub line: u32,
    /// Index of the section that holds it.
    pub parent: Option<u32>,
    /// What items below are needed for.
    pub requirement: Requirement,
    /// Severity that the heading gives to items without their own.
    pub severity: Option<Severity>,
}

/// Fields such as `**Date:** 2025-10-08`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta {
    /// As written.
    pub date: Option<MetaField>,
    /// Author, engineer, architect.
    pub author: Option<MetaField>,
    /// Branch, without backticks.
    pub branch: Option<MetaField>,
    /// Version of the document.
    pub version: Option<MetaField>,
    /// Every other field with its name as written.
    pub others: Vec<(Box<str>, MetaField)>,
}

/// The value of a meta field and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetaField {
    /// Plain text.
    pub value: Box<str>,
    /// 1-based line.
    pub line: u32,
}

/// Only the beginning of a large file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truncated {
    /// Bytes that were read.
    pub read: u64,
    /// Bytes that the file has.
    pub size: u64,
}

/// Whether gonogo takes a document for a readiness report of its repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recognition {
    /// It counts towards the verdict.
    pub counts: bool,
    /// Short sentences: what spoke for it and against it.
    pub why: Vec<Box<str>>,
}

impl Report {
    /// The titles from the outermost heading down to a section.
    #[must_use]
    pub fn section_path(&self, section: Option<u32>) -> Vec<&str> {
        let mut path = Vec::new();
        let mut at = section;
        while let Some(section) = at.and_then(|index| self.sections.get(index as usize)) {
            path.push(&*section.title);
            at = section.parent;
        }
        path.reverse();
        path
    }
}
