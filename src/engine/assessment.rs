//! The assessment: one computed state that header, panes, JSON, exit code and export all read.

use std::sync::Arc;

use jiff::Timestamp;

use super::Engine;
use crate::model::{
    DeclaredVerdict, Derived, Evidence, GateMode, GateResult, Item, Problem, Reason, ReasonKind, RepoPath,
    Report, Repository, Severity, Stage, Uid, Verdict,
};

/// The outcome of judging everything once. Shared and immutable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// When it was judged.
    pub at: Timestamp,
    /// For which stage.
    pub stage: Stage,
    /// The repository.
    pub repository: Repository,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, worst first, then by document and line.
    pub reasons: Vec<Reason>,
    /// The figures of the first line.
    pub counts: Counts,
    /// Every gate with its result, worst first.
    pub gates: Vec<GateOutcome>,
    /// Every document that was read, by path; those that do not count are here too and say why.
    pub documents: Vec<Arc<JudgedDocument>>,
    /// The evidence that was judged.
    pub evidence: Vec<Evidence>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// Counts over the documents that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Documents that count.
    pub documents: u32,
    /// All items.
    pub items: u32,
    /// Items that block a gate (their reason's effect is NO-GO or HOLD).
    pub blocking: u32,
    /// Items that are declared done or verified.
    pub done: u32,
    /// Items whose markers disagree.
    pub conflicted: u32,
    /// Claims.
    pub claims: u32,
    /// Refuted claims.
    pub refuted: u32,
    /// Contradictions.
    pub contradictions: u32,
}

/// A gate with its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateOutcome {
    /// `document:docs/READY.md:3`, `evidence:coverage`, `items:production`.
    pub id: String,
    /// Whether it decides.
    pub mode: GateMode,
    /// The result.
    pub result: GateResult,
    /// One sentence.
    pub message: String,
    /// `path:line`, or empty.
    pub source: String,
}

/// One document and what the verdict makes of each of its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedDocument {
    /// The document.
    pub report: Arc<Report>,
    /// One state per item of the report, same order.
    pub states: Vec<ItemState>,
}

/// What the verdict makes of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemState {
    /// The computed state.
    pub derived: Derived,
    /// The verdict that the item alone would give: GO when it does not block.
    pub effect: Verdict,
}

/// A reason in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonText {
    /// `item`, `gate`, `claim`, …: the kind in the JSON of `gonogo check`.
    pub kind: &'static str,
    /// Uid, gate id, or empty.
    pub id: String,
    /// One sentence.
    pub message: String,
    /// `path:line` or URL; empty when it has no place.
    pub source: String,
}

impl Assessment {
    /// An item by its place in [`Self::documents`].
    #[must_use]
    pub fn item(&self, document: u32, item: u32) -> Option<(&JudgedDocument, &Item, ItemState)> {
        let document = self.documents.get(document as usize)?;
        let found = document.report.items.get(item as usize)?;
        Some((document, found, *document.states.get(item as usize)?))
    }

    /// The place of an item with this uid.
    #[must_use]
    pub fn find(&self, uid: Uid) -> Option<(u32, u32)> {
        self.documents.iter().enumerate().find_map(|(d, document)| {
            let i = document.report.items.iter().position(|item| item.uid == uid)?;
            Some((u32::try_from(d).ok()?, u32::try_from(i).ok()?))
        })
    }

    /// The place of a document.
    #[must_use]
    pub fn document(&self, path: &RepoPath) -> Option<usize> {
        self.documents
            .binary_search_by(|document| document.report.path.cmp(path))
            .ok()
    }

    /// The verdicts that documents declare, with their documents.
    pub fn declared_verdicts(&self) -> impl Iterator<Item = (&RepoPath, &DeclaredVerdict)> {
        let counting = self
            .documents
            .iter()
            .filter(|document| document.report.recognition.counts);
        counting.flat_map(|document| {
            document
                .report
                .declared_verdicts
                .iter()
                .map(|declared| (&document.report.path, declared))
        })
    }

    /// A reason in words.
    #[must_use]
    pub fn explain(&self, reason: &Reason) -> ReasonText {
        let _ = reason;
        ReasonText {
            kind: "item",
            id: String::new(),
            message: String::new(),
            source: String::new(),
        }
    }
}

/// Judges the engine's state.
pub(super) fn assess(engine: &Engine, now: Timestamp) -> Assessment {
    let documents = engine.documents.values().map(|report| {
        let state = ItemState {
            derived: Derived::Unmarked,
            effect: Verdict::Go,
        };
        Arc::new(JudgedDocument {
            report: Arc::clone(report),
            states: vec![state; report.items.len()],
        })
    });
    Assessment {
        at: now,
        stage: engine.policy.stage,
        repository: engine.repository.clone(),
        verdict: Verdict::Hold,
        reasons: vec![Reason {
            effect: Verdict::Hold,
            severity: Severity::Blocker,
            kind: ReasonKind::Nothing,
        }],
        counts: Counts::default(),
        gates: Vec::new(),
        documents: documents.collect(),
        evidence: engine.evidence.clone(),
        problems: engine.problems.clone(),
    }
}
