//! What is selected, as a value that is found again after a new judgement.

use super::PaneKind;
use crate::engine::Assessment;
use crate::model::{ReasonKind, RepoPath, Uid};

/// What is selected, by an identity that outlives a new judgement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Subject {
    /// Nothing, or a row that is only text.
    #[default]
    Nothing,
    /// The verdict as a whole.
    Verdict,
    /// An item.
    Item {
        /// Its document.
        path: RepoPath,
        /// Its identity.
        uid: Uid,
        /// Its line when it was selected.
        line: u32,
    },
    /// A gate.
    Gate {
        /// Its id.
        id: String,
        /// Its place, when it has one in a document.
        place: Option<Place>,
    },
    /// A contradiction of a document.
    Contradiction {
        /// Its document.
        path: RepoPath,
        /// Its first line.
        line: u32,
        /// What it says.
        message: Box<str>,
    },
    /// A claim that does not hold.
    Claim {
        /// Its document.
        path: RepoPath,
        /// Its line.
        line: u32,
        /// Its words.
        text: Box<str>,
    },
    /// A verdict in a document's words.
    Declared {
        /// Its document.
        path: RepoPath,
        /// Its line.
        line: u32,
    },
    /// A problem, by its place and words.
    Problem(Box<str>, Box<str>),
    /// A row of a pane that lists evidence: only that pane knows what it is.
    Row(Row),
    /// A document.
    Document(RepoPath),
    /// A section of a document.
    Section {
        /// Its document.
        path: RepoPath,
        /// The heading's line.
        line: u32,
    },
    /// A line of a document that is no item.
    Line {
        /// Its document.
        path: RepoPath,
        /// Its line.
        line: u32,
    },
}

/// A row of a pane that lists evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The pane.
    pub pane: PaneKind,
    /// Its identity in that pane.
    pub key: Box<str>,
    /// In a few words, for the breadcrumbs; clean.
    pub label: Box<str>,
    /// The file that it speaks of, when it lies in the repository.
    pub place: Option<Place>,
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The document.
    pub path: RepoPath,
    /// 1-based line.
    pub line: u32,
    /// The item there.
    pub uid: Option<Uid>,
}

impl Subject {
    /// Where it stands in a document.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        let at = |path: &RepoPath, line: u32, uid| {
            Some(Place {
                path: path.clone(),
                line,
                uid,
            })
        };
        match self {
            Self::Item { path, uid, line } => at(path, *line, Some(*uid)),
            Self::Gate { place, .. } | Self::Row(Row { place, .. }) => place.clone(),
            Self::Contradiction { path, line, .. }
            | Self::Claim { path, line, .. }
            | Self::Declared { path, line }
            | Self::Section { path, line }
            | Self::Line { path, line } => at(path, *line, None),
            Self::Document(path) => at(path, 1, None),
            Self::Problem(source, _) => place_of(source),
            Self::Nothing | Self::Verdict => None,
        }
    }

    /// The subject of a reason.
    #[must_use]
    pub fn of_reason(assessment: &Assessment, kind: ReasonKind) -> Self {
        Self::try_reason(assessment, kind).unwrap_or_default()
    }

    fn try_reason(assessment: &Assessment, kind: ReasonKind) -> Option<Self> {
        let document = |d: u32| {
            assessment
                .documents
                .get(d as usize)
                .map(|document| &document.report)
        };
        Some(match kind {
            ReasonKind::Item(d, i) => Self::of_item(assessment, d, i)?,
            ReasonKind::Gate(gate) => Self::of_gate(assessment, gate)?,
            ReasonKind::Contradiction(d, c) => {
                let report = document(d)?;
                let contradiction = report.contradictions.get(c as usize)?;
                Self::Contradiction {
                    path: report.path.clone(),
                    line: contradiction.lines.first().copied().unwrap_or(1),
                    message: contradiction.message.clone(),
                }
            }
            ReasonKind::Claim(d, c) => {
                let judged = assessment.documents.get(d as usize)?;
                let report = &judged.report;
                let claim = judged.claims.get(c as usize)?;
                Self::Claim {
                    path: report.path.clone(),
                    line: claim.line,
                    text: claim.text.clone(),
                }
            }
            ReasonKind::Problem(problem) => {
                let problem = assessment.problems.get(problem as usize)?;
                Self::Problem(problem.at.clone(), problem.what.clone())
            }
            ReasonKind::Declared(d, v) => {
                let report = document(d)?;
                Self::Declared {
                    path: report.path.clone(),
                    line: report.declared_verdicts.get(v as usize)?.line,
                }
            }
            ReasonKind::Nothing => Self::Verdict,
        })
    }

    /// The subject of an item.
    #[must_use]
    pub fn of_item(assessment: &Assessment, d: u32, i: u32) -> Option<Self> {
        let (document, item, _) = assessment.item(d, i)?;
        Some(Self::Item {
            path: document.report.path.clone(),
            uid: item.uid,
            line: item.line,
        })
    }

    /// The subject of a gate.
    #[must_use]
    pub fn of_gate(assessment: &Assessment, gate: u32) -> Option<Self> {
        let gate = assessment.gates.get(gate as usize)?;
        Some(Self::Gate {
            id: gate.id.clone(),
            place: place_of(&gate.source).filter(|place| assessment.document(&place.path).is_some()),
        })
    }
}

/// The place that `path:line` or `path:line:column` or `path` names.
#[must_use]
pub fn place_of(source: &str) -> Option<Place> {
    let (mut path, mut line) = (source, None);
    for _ in 0..2 {
        let Some((before, number)) = path.rsplit_once(':') else {
            break;
        };
        let Ok(number) = number.parse::<u32>() else { break };
        (path, line) = (before, Some(number));
    }
    if path.contains("://") {
        return None;
    }
    Some(Place {
        path: RepoPath::new(path)?,
        line: line.unwrap_or(1),
        uid: None,
    })
}

/// The item with this identity, looked up through its document.
#[must_use]
pub fn find_item(assessment: &Assessment, path: &RepoPath, uid: Uid) -> Option<(u32, u32)> {
    let d = assessment.document(path)?;
    let items = &assessment.documents.get(d)?.report.items;
    let i = items.iter().position(|item| item.uid == uid)?;
    Some((u32::try_from(d).ok()?, u32::try_from(i).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_names_a_place() {
        let place = |source| place_of(source).map(|place| (place.path.to_string(), place.line));
        assert_eq!(place("docs/A.md:12"), Some(("docs/A.md".to_owned(), 12)));
        assert_eq!(place("docs/A.md:12:3"), Some(("docs/A.md".to_owned(), 12)));
        assert_eq!(place("docs/A.md"), Some(("docs/A.md".to_owned(), 1)));
        assert_eq!(place("https://x.example/1:2"), None);
        assert_eq!(place(""), None);
    }
}
