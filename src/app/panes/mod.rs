//! The panes: one list, one folder each. A new pane is a variant here, a folder, and a line in each `match` that the
//! compiler then asks for; keys, help, palette and footer follow.

use std::sync::Arc;

use super::model::Model;
use super::view::{Area, Pane};
use super::{Effect, layout};
use crate::engine::Assessment;
use crate::model::{ReasonKind, RepoPath, Uid};

pub mod blockers;
pub mod document;
pub mod list;
pub mod reports;
pub mod verdict;

use list::Motion;

/// Every pane, in the order of its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum PaneKind {
    /// The verdict and its reasons.
    #[default]
    Verdict,
    /// The items that block.
    Blockers,
    /// The documents and their sections.
    Reports,
    /// A document's lines.
    Document,
}

/// What each pane remembers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panes {
    /// Pane 1.
    pub verdict: verdict::State,
    /// Pane 2.
    pub blockers: blockers::State,
    /// Pane 3.
    pub reports: reports::State,
    /// Pane 4.
    pub document: document::State,
}

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
    /// A verdict in a document's words.
    Declared {
        /// Its document.
        path: RepoPath,
        /// Its line.
        line: u32,
    },
    /// A problem, by its place and words.
    Problem(Box<str>, Box<str>),
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
            Self::Gate { place, .. } => place.clone(),
            Self::Contradiction { path, line, .. }
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
                let report = document(d)?;
                Self::Line {
                    path: report.path.clone(),
                    line: report.claims.get(c as usize)?.line,
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

impl PaneKind {
    /// Every pane, in the order of its number.
    pub const ALL: [Self; 4] = [Self::Verdict, Self::Blockers, Self::Reports, Self::Document];

    /// The name in titles, help and palette.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Verdict => "Verdict",
            Self::Blockers => "Blockers",
            Self::Reports => "Reports",
            Self::Document => "Document",
        }
    }

    /// The number that jumps to it.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// What a newcomer should know of it, one sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Verdict => {
                "the verdict, what the documents say of themselves, the gates, and every reason, worst first"
            }
            Self::Blockers => "the items of all reports that block, worst first",
            Self::Reports => {
                "the documents and their sections with their progress; those that do not count say why"
            }
            Self::Document => {
                "the document itself with its status markers, and the vote of the selected item"
            }
        }
    }
}

/// What is selected in a pane.
#[must_use]
pub fn subject(model: &Model, pane: PaneKind) -> Subject {
    match pane {
        PaneKind::Verdict => verdict::subject(model),
        PaneKind::Blockers => blockers::subject(&model.panes.blockers),
        PaneKind::Reports => reports::subject(model),
        PaneKind::Document => document::subject(model),
    }
}

/// Moves the selection of the pane in focus.
pub fn go(model: &mut Model, motion: Motion) {
    let layout = model.layout();
    let rows = |area: Option<Area>| area.map_or(1, |area| layout.inner(area).height as usize);
    let height = rows(layout.list);
    let panes = &mut model.panes;
    match model.focus {
        PaneKind::Verdict => verdict::go(&mut panes.verdict, motion, height),
        PaneKind::Blockers => {
            let len = panes.blockers.rows.len();
            panes.blockers.cursor.at = motion.from(panes.blockers.cursor.at, len, height);
        }
        PaneKind::Reports => {
            let len = panes.reports.rows.len();
            panes.reports.cursor.at = motion.from(panes.reports.cursor.at, len, height);
        }
        PaneKind::Document => {
            let height = rows(layout.document);
            panes.document.go(motion, height);
        }
    }
}

/// Brings what is on screen up to the model: lists of a new judgement, the document that the selection asks for,
/// and every scroll position. Cheap when nothing changed.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let layout = model.layout();
    let list = model.list;
    let height = layout
        .list
        .map_or(1, |area| usize::from(layout::Layout::inner(layout, area).height));
    if let Some(assessment) = model.assessment.clone() {
        refresh(model, list, &assessment, &mut effects);
    }
    let panes = &mut model.panes;
    match list {
        PaneKind::Verdict | PaneKind::Document => {
            let len = panes.verdict.rows.len();
            panes.verdict.cursor.settle(len, height);
        }
        PaneKind::Blockers => {
            let len = panes.blockers.rows.len();
            panes.blockers.cursor.settle(len, height);
        }
        PaneKind::Reports => {
            let len = panes.reports.rows.len();
            panes.reports.cursor.settle(len, height);
        }
    }
    if model.focus != PaneKind::Document {
        let mut place = subject(model, model.focus).place();
        if place.is_none() && model.panes.document.place.is_none() {
            place = model
                .assessment
                .as_ref()
                .and_then(|assessment| verdict::worst(assessment));
        }
        model.panes.document.follow(place);
    }
    effects.extend(document::settle(model));
    effects
}

fn refresh(model: &mut Model, list: PaneKind, assessment: &Arc<Assessment>, effects: &mut Vec<Effect>) {
    match list {
        PaneKind::Verdict | PaneKind::Document => verdict::refresh(model, assessment),
        PaneKind::Blockers => effects.extend(blockers::refresh(model, assessment)),
        PaneKind::Reports => reports::refresh(model, assessment),
    }
}

/// A pane as plain data.
#[must_use]
pub fn view(model: &Model, pane: PaneKind, area: Area) -> Pane {
    match pane {
        PaneKind::Verdict => verdict::view(model, area),
        PaneKind::Blockers => blockers::view(model, area),
        PaneKind::Reports => reports::view(model, area),
        PaneKind::Document => document::view(model, area),
    }
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
