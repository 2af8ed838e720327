//! What several JSON documents share.

use serde::{Serialize, Serializer};

use crate::engine::ItemState;
use crate::model::{
    Claim, ClaimVerdict, Contradiction, DeclaredVerdict, Item, Problem, ProblemSeverity, Report, Requirement,
};

/// A list that is written as it is made, so that 100,000 rows take no memory.
pub struct Stream<F>(pub F);

impl<F, I> Serialize for Stream<F>
where
    F: Fn() -> I,
    I: Iterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// An item.
#[derive(Debug, Serialize)]
pub struct ItemDto<'a> {
    /// Its document; absent where the document is named around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    uid: String,
    id: Option<&'a str>,
    title: &'a str,
    line: u32,
    shape: &'static str,
    declared: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    derived: Option<&'static str>,
    /// The verdict that it alone would give.
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<&'static str>,
    severity: &'static str,
    requirement: &'static str,
    /// For which stage, when it is required.
    stage: Option<&'static str>,
    section: Vec<&'a str>,
    effort: Option<&'a str>,
    owner: Option<&'a str>,
    due: Option<&'a str>,
    note: Option<&'a str>,
}

impl<'a> ItemDto<'a> {
    /// An item of a report, with its path and state where they are known.
    #[must_use]
    pub fn of(report: &'a Report, item: &'a Item, judged: Option<ItemState>) -> Self {
        let extras = item.extras.as_deref();
        Self {
            path: judged.map(|_| report.path.as_str()),
            uid: item.uid.to_string(),
            id: item.id.as_deref(),
            title: &item.title,
            line: item.line,
            shape: item.shape.word(),
            declared: item.declared.word(),
            derived: judged.map(|state| state.derived.word()),
            effect: judged.map(|state| state.effect.word()),
            severity: item.severity.word(),
            requirement: item.requirement.word(),
            stage: match item.requirement {
                Requirement::Required(stage) => Some(stage.word()),
                _ => None,
            },
            section: report.section_path(item.section),
            effort: extras.and_then(|extras| extras.effort.as_deref()),
            owner: extras.and_then(|extras| extras.owner.as_deref()),
            due: extras.and_then(|extras| extras.due.as_deref()),
            note: extras.and_then(|extras| extras.note.as_deref()),
        }
    }
}

/// A claim.
#[derive(Debug, Serialize)]
pub struct ClaimDto<'a> {
    line: u32,
    text: &'a str,
    kind: &'static str,
    subject: &'a str,
    comparator: &'static str,
    value: &'a str,
    modality: &'static str,
    verdict: &'static str,
    expected: Option<&'a str>,
    actual: Option<&'a str>,
    reason: &'a str,
}

impl<'a> From<&'a Claim> for ClaimDto<'a> {
    fn from(claim: &'a Claim) -> Self {
        let (expected, actual) = match &claim.verdict {
            ClaimVerdict::Refuted { expected, actual } | ClaimVerdict::Stale { expected, actual } => {
                (Some(&**expected), Some(&**actual))
            }
            _ => (None, None),
        };
        Self {
            line: claim.line,
            text: &claim.text,
            kind: claim.kind.word(),
            subject: &claim.said.subject,
            comparator: claim.said.comparator,
            value: &claim.said.value,
            modality: claim.modality.word(),
            verdict: claim.verdict.word(),
            expected,
            actual,
            reason: &claim.reason,
        }
    }
}

/// A contradiction.
#[derive(Debug, Serialize)]
pub struct ContradictionDto<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    kind: &'static str,
    lines: &'a [u32],
    message: &'a str,
    /// The other place, where it lies in another document.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<ElsewhereDto<'a>>,
}

/// A place in another document.
#[derive(Debug, Serialize)]
pub struct ElsewhereDto<'a> {
    path: &'a str,
    line: u32,
}

impl<'a> ContradictionDto<'a> {
    /// A contradiction, with its document where that is not named around it.
    #[must_use]
    pub fn of(path: Option<&'a str>, contradiction: &'a Contradiction) -> Self {
        Self {
            path,
            kind: contradiction.kind.word(),
            lines: &contradiction.lines,
            message: &contradiction.message,
            other: contradiction.other.as_deref().map(|other| ElsewhereDto {
                path: other.path.as_str(),
                line: other.line,
            }),
        }
    }
}

/// A verdict in a document's own words.
#[derive(Debug, Serialize)]
pub struct DeclaredDto<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    line: u32,
    text: &'a str,
    verdict: &'static str,
    stage: &'static str,
    historical: bool,
}

impl<'a> DeclaredDto<'a> {
    /// A declared verdict, with its document where that is not named around it.
    #[must_use]
    pub fn of(path: Option<&'a str>, declared: &'a DeclaredVerdict) -> Self {
        Self {
            path,
            line: declared.line,
            text: &declared.text,
            verdict: declared.verdict.word(),
            stage: declared.stage.word(),
            historical: declared.historical,
        }
    }
}

/// What could not be read.
#[derive(Serialize)]
pub struct ProblemDto<'a> {
    severity: &'static str,
    at: &'a str,
    message: &'a str,
    hint: Option<&'a str>,
}

impl<'a> From<&'a Problem> for ProblemDto<'a> {
    fn from(problem: &'a Problem) -> Self {
        Self {
            severity: severity(problem.severity),
            at: &problem.at,
            message: &problem.what,
            hint: problem.hint.as_deref(),
        }
    }
}

/// The word of a problem's severity.
pub(super) const fn severity(severity: ProblemSeverity) -> &'static str {
    match severity {
        ProblemSeverity::Error => "error",
        ProblemSeverity::Warning => "warning",
        ProblemSeverity::Note => "note",
    }
}
