//! What a team decided about how strictly to judge.

use std::collections::BTreeMap;

use super::{CiRules, CoverageTarget, EvidenceKind, GateMode, ScanLimit, Severity, Stage, TestRules, Ttl};

/// The policy of a repository: defaults, then `gonogo.toml`, then flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The stage that is judged.
    pub stage: Stage,
    /// Items of this severity or worse block; unspecified ones always do.
    pub floor: Severity,
    /// What a declared-done item without proof does when it is a blocker or critical.
    pub unproven_severe: Unproven,
    /// What it does below that.
    pub unproven_other: Unproven,
    /// Which kinds of evidence a release needs.
    pub evidence: BTreeMap<EvidenceKind, GateMode>,
    /// Whether the documents' own rules decide.
    pub document_gates: GateMode,
    /// Whether the targets of `codecov.yml` decide.
    pub codecov: GateMode,
    /// Coverage targets of the configuration. None anywhere: there is nothing that coverage could fail, so it proves nothing.
    pub coverage: Vec<CoverageTarget>,
    /// Limits on findings.
    pub scans: Vec<ScanLimit>,
    /// Rules for test results.
    pub tests: TestRules,
    /// How long results keep speaking of HEAD.
    pub ttl: Ttl,
    /// Rules for checks of continuous integration.
    pub ci: CiRules,
    /// Globs of documents that count whatever their content says.
    pub include: Vec<String>,
    /// Globs of documents that never count. Wins over `include`.
    pub exclude: Vec<String>,
    /// Globs of files that are evidence wherever they lie.
    pub evidence_include: Vec<String>,
    /// Globs of files that are no evidence. Wins over `evidence_include`.
    pub evidence_exclude: Vec<String>,
}

/// What an unproven item does to the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unproven {
    /// The verdict is at best HOLD.
    Hold,
    /// It is listed as a reason and does not decide.
    Warn,
    /// It is not listed.
    Ignore,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            stage: Stage::Production,
            floor: Severity::High,
            unproven_severe: Unproven::Hold,
            unproven_other: Unproven::Warn,
            evidence: EvidenceKind::ALL
                .into_iter()
                .map(|kind| (kind, GateMode::Enforce))
                .collect(),
            document_gates: GateMode::Enforce,
            codecov: GateMode::Enforce,
            coverage: Vec::new(),
            scans: vec![ScanLimit::default()],
            tests: TestRules::default(),
            ttl: Ttl::default(),
            ci: CiRules::default(),
            include: Vec::new(),
            exclude: Vec::new(),
            evidence_include: Vec::new(),
            evidence_exclude: Vec::new(),
        }
    }
}
