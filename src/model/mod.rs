//! The words of the domain as plain data, one file a word. The glossary is `docs/GLOSSARY.md`.
//!
//! Not here: how anything is read, judged or shown. Invariant: values are immutable once built and
//! hold no handle to the world; enforced by the layer table in `tests/it/architecture.rs`.

pub mod ci;
pub mod claim;
pub mod commit;
pub mod coverage;
pub mod evidence;
pub mod gate;
pub mod gathered;
pub mod item;
pub mod marks;
pub mod path;
pub mod pipeline;
pub mod policy;
pub mod problem;
pub mod question;
pub mod report;
pub mod repository;
pub mod scan;
pub mod severity;
pub mod stage;
pub mod status;
pub mod target;
pub mod tests;
pub mod uid;
pub mod verdict;
pub mod waiver;

pub use ci::{CheckKey, CheckState, CiFacts, CiRules, CiSource, RequiredCheck, RequiredKind};
pub use claim::{
    Claim, ClaimKind, ClaimVerdict, Contradiction, ContradictionKind, DeclaredVerdict, DeclaredVerdictKind,
    Elsewhere, Modality, NamedFigure, Proof, Said,
};
pub use commit::{Commit, CommitId, Relation};
pub use coverage::{CoverageReport, FileCoverage, LineSet, Ratio, Totals};
pub use evidence::{Binding, Collection, Evidence, EvidenceKind, Freshness, Outcome};
pub use gate::{DocumentGate, GateMode, GateResult, GateScope};
pub use gathered::{
    Bound, Content, Coverage, CoveredFile, EvidenceFile, FindingWaiver, Gathered, MergedFinding, Scans, Tests,
};
pub use item::{Derived, Extras, Item, Mark, MarkKind, Shape};
pub use marks::Marks;
pub use path::RepoPath;
pub use policy::{Policy, Unproven};
pub use problem::{Problem, ProblemSeverity};
pub use question::{
    Answer, At, Blame, Entry, EntryKind, Fate, Known, PathChange, Question, RangeSize, Upstream,
};
pub use report::{Meta, MetaField, Recognition, Report, Section, Truncated};
pub use repository::Repository;
pub use scan::{Finding, FindingMore, FindingSeverity, Fingerprints, RuleText, ScanReport};
pub use severity::{Severity, SeveritySource};
pub use stage::{Requirement, Stage};
pub use status::Status;
pub use target::{CoverageTarget, DocumentTarget, Metric, ScanLimit, TestRules, Ttl};
pub use tests::{TestCase, TestCounts, TestOutcome, TestReport};
pub use uid::{Uid, UidHasher};
pub use verdict::{Reason, ReasonKind, Verdict};
pub use waiver::Waiver;
