//! What reports claim, recognised and held against the evidence; one folder a kind of claim.
//!
//! Not here: asking the world (questions go out, answers come in), the verdict. Invariants: a claim never supports
//! itself; what is not understood or not answered is unverifiable, never true and never false; only what is asserted
//! can be refuted. Held by each kind's `spec.md`, which `tests/it/specs.rs` runs against real repositories.
//!
//! # How it works
//! 1. [`recognise`] runs once a document: it cuts the outline into [`Statement`]s, gives each to every rule of [`ALL`]
//!    and keeps what they read as [`Claim`]s of the report. It knows nothing of the world.
//! 2. [`check`] runs whenever the document or the answers changed. Each claim is checked twice, at the commit that last
//!    touched its line and at HEAD. A rule asks through [`Scene`]; a question without an answer is noted, asked in the
//!    next batch, and the claim is not checked until then. So a rule is one function, and what it asks is what it uses.
//! 3. The two findings make the verdict that counts: true today holds; true only then is stale; never true is refuted.
//!
//! # How to add a kind
//! - `src/claims/<kind>/mod.rs` with a unit struct that implements [`Rule`], and one line in [`ALL`].
//! - `src/claims/<kind>/spec.md`: a report, the files and commits of its repository, and the verdict of each claim, with
//!   prose that says why. Bring as many passages on which the rule must stay silent.
//! - `recognise` sees one statement: its text, its label ("Files created:"), its column heads, the titles above it.
//!   Push a [`Draft`] for each passage that certainly is a claim of the kind; push nothing when in doubt.
//! - `check` gets the claim and a [`Scene`] at one moment and returns a [`Finding`]: [`Finding::holds`],
//!   [`Finding::no`], [`Finding::unsure`], or `None` while an answer is missing (`scene.answer(…)?`). Return
//!   [`Finding::silent`] when the world shows that the passage is no claim about this repository: it is dropped.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::model::{
    Blame, Claim, ClaimKind, ClaimVerdict, Modality, Proof, Question, RepoPath, Report, Said,
};
use crate::text::SourceText;
use crate::text::markdown::Outline;

mod ci;
mod configuration;
mod counts;
mod elsewhere;
mod files;
mod git;
mod measured;
mod mood;
mod scene;
mod statement;
mod tree;

pub use scene::{Moment, Scene, Trees, World};
pub use statement::{Place, Statement};
pub use tree::Tree;

/// A kind of claim: how it is recognised, and how it is checked.
pub trait Rule: Sync {
    /// One word; it is named in the proof.
    fn name(&self) -> &'static str;
    /// What it is about.
    fn kind(&self) -> ClaimKind;
    /// Reads the claims of a statement. Pure text: nothing is known of the repository.
    fn recognise(&self, statement: &Statement<'_>, out: &mut Vec<Draft>);
    /// Checks a claim at one moment; `None` while an answer is missing.
    fn check(&self, claim: &Claim, scene: &Scene<'_>) -> Option<Finding>;
}

/// Every rule. A kind is its folder and its line here.
pub const ALL: &[&dyn Rule] = &[
    &files::Files,
    &git::Git,
    &ci::Ci,
    &configuration::Configuration,
    &counts::Counts,
    &measured::Coverage,
    &measured::Tests,
    &measured::Scans,
];

/// A claim as a rule reads it in a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The passage, in bytes of the statement's text.
    pub range: std::ops::Range<usize>,
    /// What it says.
    pub said: Said,
    /// In which mood, where the rule knows better than the statement.
    pub modality: Modality,
    /// When it holds, it shows that its item is done; a mere mention shows nothing.
    pub supports: bool,
}

/// What checking a claim at one moment gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The verdict of that moment; `None`: it is no claim about this repository after all.
    pub verdict: Option<ClaimVerdict>,
    /// One sentence why.
    pub reason: Box<str>,
    /// What it rests on.
    pub proof: Vec<Proof>,
}

impl Finding {
    /// The evidence says the same.
    #[must_use]
    pub fn holds(reason: impl Into<Box<str>>) -> Self {
        Self::of(ClaimVerdict::Holds, reason)
    }

    /// The evidence says otherwise.
    #[must_use]
    pub fn no(
        expected: impl Into<Box<str>>,
        actual: impl Into<Box<str>>,
        reason: impl Into<Box<str>>,
    ) -> Self {
        let (expected, actual) = (expected.into(), actual.into());
        Self::of(ClaimVerdict::Refuted { expected, actual }, reason)
    }

    /// It cannot be told.
    #[must_use]
    pub fn unsure(reason: impl Into<Box<str>>) -> Self {
        let reason = reason.into();
        Self::of(ClaimVerdict::Unverifiable(reason.clone()), reason)
    }

    /// It is no claim about this repository.
    #[must_use]
    pub fn silent() -> Self {
        Self {
            verdict: None,
            reason: Box::default(),
            proof: Vec::new(),
        }
    }

    /// Any verdict.
    #[must_use]
    pub fn of(verdict: ClaimVerdict, reason: impl Into<Box<str>>) -> Self {
        Self {
            verdict: Some(verdict),
            reason: reason.into(),
            proof: Vec::new(),
        }
    }

    /// Adds what it rests on.
    #[must_use]
    pub fn with(mut self, what: impl Into<Box<str>>, source: impl Into<Box<str>>) -> Self {
        self.proof.push(Proof {
            what: what.into(),
            source: source.into(),
        });
        self
    }
}

/// Adds what the rules recognise in a document to its claims. A document that does not count is not looked at.
pub fn recognise(source: &SourceText, outline: &Outline, report: &mut Report) {
    if !report.recognition.counts {
        return;
    }
    let mut found = Vec::new();
    let mut drafts = Vec::new();
    statement::each(source, outline, report, &mut |statement| {
        for rule in ALL {
            rule.recognise(statement, &mut drafts);
            for draft in drafts.drain(..) {
                found.extend(claim_of(*rule, statement, draft, source, outline));
            }
        }
    });
    if found.is_empty() {
        return;
    }
    report.claims.append(&mut found);
    report.claims.sort_by_key(|claim| claim.span.start);
}

fn claim_of(
    rule: &dyn Rule,
    statement: &Statement<'_>,
    draft: Draft,
    source: &SourceText,
    outline: &Outline,
) -> Option<Claim> {
    let text = statement.text.get(draft.range.clone())?;
    let start = statement.start + draft.range.start;
    Some(Claim {
        line: outline.lines.line(start),
        span: source.span(start..statement.start + draft.range.end),
        text: text.trim().into(),
        kind: rule.kind(),
        rule: rule.name(),
        said: draft.said,
        modality: draft.modality,
        item: statement.item,
        supports: draft.supports && draft.modality != Modality::Example,
        verdict: ClaimVerdict::NotChecked,
        at_document: ClaimVerdict::NotChecked,
        at_head: ClaimVerdict::NotChecked,
        reason: "nobody looked yet".into(),
        proof: Vec::new(),
    })
}

/// All claims of a document with their verdicts, in the order of the document; `asked` gets the questions whose answers
/// are missing. While it stays empty the result is final for these answers.
#[must_use]
pub fn check(report: &Report, world: &World<'_>, asked: &mut BTreeSet<Question>) -> Vec<Claim> {
    if !report.recognition.counts || report.claims.iter().all(|claim| rule_of(claim).is_none()) {
        return report.claims.clone();
    }
    let missing = RefCell::new(std::mem::take(asked));
    let blame = world.blame(&report.path, &missing);
    let mut claims: Vec<Claim> = report
        .claims
        .iter()
        .filter_map(|claim| match rule_of(claim) {
            Some(rule) => check_one(rule, claim, report, world, blame, &missing),
            None => Some(claim.clone()),
        })
        .collect();
    *asked = missing.into_inner();
    elsewhere::another_tree(&mut claims, |claim| rule_of(claim).is_some());
    claims
}

fn rule_of(claim: &Claim) -> Option<&'static dyn Rule> {
    ALL.iter().copied().find(|rule| rule.name() == claim.rule)
}

/// A claim checked at both moments; `None` when it turns out to be none.
fn check_one(
    rule: &dyn Rule,
    claim: &Claim,
    report: &Report,
    world: &World<'_>,
    blame: Option<&Blame>,
    missing: &RefCell<BTreeSet<Question>>,
) -> Option<Claim> {
    let mut claim = claim.clone();
    let written = blame.and_then(|blame| blame.commit(claim.line));
    let scene = |moment| Scene::new(world, report, moment, written, missing);
    let now = rule.check(&claim, &scene(Moment::Head));
    let then = written.map(|commit| rule.check(&claim, &scene(Moment::Commit(&commit.id))));
    // The passage is a claim unless the present says that it is none and the past does not know better.
    let spoke = |finding: &Option<Finding>| finding.as_ref().is_some_and(|finding| finding.verdict.is_some());
    if now.is_some() && !spoke(&now) && !then.as_ref().is_some_and(spoke) {
        return None;
    }
    let silent = || Finding::unsure("nothing of this repository is meant, as far as can be seen");
    let settle = |finding: Finding| {
        if finding.verdict.is_some() {
            finding
        } else {
            silent()
        }
    };
    let Some(now) = now.map(settle) else {
        claim.reason = "what it needs to know was not answered yet".into();
        return Some(claim);
    };
    let then = then.flatten().map(settle);
    claim.at_head = now.verdict.clone().unwrap_or_default();
    claim.at_document = then
        .as_ref()
        .and_then(|then| then.verdict.clone())
        .unwrap_or_default();
    conclude(&mut claim, now, then, written.map(|commit| commit.id.short()));
    Some(claim)
}

/// The verdict that counts today, from both findings.
fn conclude(claim: &mut Claim, now: Finding, then: Option<Finding>, written: Option<&str>) {
    claim.verdict = claim.at_head.clone();
    claim.reason = now.reason;
    claim.proof = now.proof;
    let ClaimVerdict::Refuted { expected, actual } = &claim.at_head else {
        return;
    };
    if claim.modality != Modality::Asserted {
        let why: Box<str> = format!("{}, but it is {}", claim.reason, said_as(claim.modality)).into();
        claim.verdict = ClaimVerdict::Unverifiable(why.clone());
        claim.reason = why;
        return;
    }
    let Some(then) = then else {
        return;
    };
    if claim.at_document.says_yes() {
        let when = written.map_or_else(String::new, |commit| {
            format!(" in {commit}, where this was written")
        });
        claim.reason = format!("{}; it was so{when}", claim.reason).into();
        claim.verdict = ClaimVerdict::Stale {
            expected: expected.clone(),
            actual: actual.clone(),
        };
        claim.proof.extend(then.proof);
    }
}

const fn said_as(modality: Modality) -> &'static str {
    match modality {
        Modality::Asserted => "asserted",
        Modality::Planned => "planned, not asserted",
        Modality::Recommended => "recommended, not asserted",
        Modality::Historical => "said of the past",
        Modality::Example => "an example",
        Modality::Estimate => "an estimate",
    }
}

/// The path of a document's folder, for what is written relative to it.
pub(crate) fn folder_of(report: &Report) -> &str {
    let path: &RepoPath = &report.path;
    path.folder()
}

#[cfg(test)]
mod tests;
