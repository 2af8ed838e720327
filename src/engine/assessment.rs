//! The assessment: one computed state that header, panes, JSON, exit code and export all read.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use crate::model::{
    CiFacts, Claim, CoverageTarget, CoveredFile, DeclaredVerdict, Evidence, Gathered, Item, Problem, Ratio,
    Reason, RepoPath, Report, Repository, Stage, Uid, Verdict,
};
use crate::verdict::demands::files_of;
use crate::verdict::gates::Members;
pub use crate::verdict::{CiMember, CiVerdict, Counts, GateOutcome, ItemState};

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
    /// What the evidence files come to together.
    pub gathered: Arc<Gathered>,
    /// What the CI service says and what that comes to; `None` when it was not asked.
    pub ci: Option<Arc<JudgedCi>>,
    /// The coverage targets in force: of the configuration, of `codecov.yml` and of the documents.
    pub targets: Vec<CoverageTarget>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Where each item is; made when it is first asked for.
    pub uids: UidIndex,
}

/// The places of all items by uid, made on demand. Not part of what an assessment says: two are always equal.
#[derive(Debug, Clone, Default)]
pub struct UidIndex(OnceLock<Vec<(Uid, u32, u32)>>);

impl PartialEq for UidIndex {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for UidIndex {}

/// One document and what the verdict makes of each of its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedDocument {
    /// The document.
    pub report: Arc<Report>,
    /// One state per item of the report, same order.
    pub states: Vec<ItemState>,
    /// Its claims as they were checked, in the order of the document.
    pub claims: Arc<[Claim]>,
}

/// What the CI service says, with each of its parts judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedCi {
    /// What it says.
    pub facts: Arc<CiFacts>,
    /// What that comes to.
    pub verdict: CiVerdict,
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
        let places = self.uids.0.get_or_init(|| self.index());
        let at = places.partition_point(|(known, ..)| *known < uid);
        let &(found, document, item) = places.get(at)?;
        (found == uid).then_some((document, item))
    }

    fn index(&self) -> Vec<(Uid, u32, u32)> {
        let all = (0_u32..).zip(&self.documents).flat_map(|(d, document)| {
            (0_u32..)
                .zip(&document.report.items)
                .map(move |(i, item)| (item.uid, d, i))
        });
        let mut places: Vec<_> = all.collect();
        places.sort_unstable();
        places
    }

    /// The items that a document's gate waits for; empty for other gates.
    #[must_use]
    pub fn members(&self, gate: &GateOutcome) -> Vec<(&JudgedDocument, &Item)> {
        let place = gate
            .id
            .strip_prefix("document:")
            .and_then(|place| place.rsplit_once(':'));
        let Some((path, line)) = place else {
            return Vec::new();
        };
        let Some(document) = RepoPath::new(path)
            .and_then(|path| self.document(&path))
            .and_then(|index| self.documents.get(index))
        else {
            return Vec::new();
        };
        let report = &*document.report;
        let found = report.gates.iter().find(|gate| line.parse() == Ok(gate.line));
        found.map_or_else(Vec::new, |gate| {
            Members::of(report, &gate.scope)
                .items()
                .map(|(_, item)| (&**document, item))
                .collect()
        })
    }

    /// The target of a coverage gate.
    #[must_use]
    pub fn target(&self, gate: &GateOutcome) -> Option<&CoverageTarget> {
        let named = gate.id.strip_prefix("coverage:")?;
        let (plain, nth) = match named.rsplit_once('#') {
            Some((plain, nth)) => (plain, nth.parse::<usize>().ok()?),
            None => (named, 1),
        };
        let mut of_name = self.targets.iter().filter(|target| &*target.id == plain);
        of_name.nth(nth.checked_sub(1)?)
    }

    /// The files that a coverage gate speaks of, with covered and all of what it counts, the lowest first.
    #[must_use]
    pub fn covered(&self, gate: &GateOutcome) -> Vec<(&CoveredFile, Ratio)> {
        self.target(gate)
            .map_or_else(Vec::new, |target| files_of(target, &self.gathered))
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
}
