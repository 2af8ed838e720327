//! Pane 9: what the reports claim, held against the evidence, worst first; where they contradict themselves; and what
//! each says of itself beside what is shown.
//!
//! A contradiction that a refuted figure tells in the same words is one row. Held by `tests/it/stories/claims.rs`.

use std::cmp::Ordering;
use std::sync::Arc;

use super::table::{Ask, Builder, Group, Listed, State as Table};
use super::verdict::agrees;
use super::{PaneKind, Panes, Place, Row, Subject};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::overlays::explain::{self, Page};
use crate::app::view::glyphs::spoken;
use crate::app::view::line::{counted, fit, number, room_beside, short, short_place};
use crate::app::view::{Cell, Line, Role, glyphs_of};
use crate::engine::{Assessment, JudgedDocument};
use crate::model::{Claim, ClaimKind, ClaimVerdict, Contradiction, DeclaredVerdict, EvidenceKind};
use crate::text::clean::clean;
use crate::text::width::columns;

mod arrange;
mod detail;

pub(in crate::app) use detail::claim_page;

/// What the pane remembers.
pub type State = Table;

/// The pane.
pub(super) struct Claims;

/// An entry: in each document that counts the claims, then the contradictions, then the declared verdicts.
#[derive(Debug, Clone, Copy)]
enum Known<'a> {
    Claim(&'a JudgedDocument, &'a Claim),
    Contradiction(&'a JudgedDocument, &'a Contradiction),
    Said(&'a JudgedDocument, &'a DeclaredVerdict),
}

/// What a sum over entries counts, in the order of the screen; the numbers are those of [`Group::figures`].
const FIGURES: [(&str, Role); 4] = [
    ("against", Role::Conflict),
    ("in doubt", Role::Begun),
    ("unverifiable", Role::Muted),
    ("hold", Role::Done),
];

/// How soon a verdict is shown, and which of [`FIGURES`] counts it.
const fn rank(verdict: &ClaimVerdict) -> (u8, usize) {
    match verdict {
        ClaimVerdict::Refuted { .. } => (0, 0),
        ClaimVerdict::Vacuous(_) => (1, 1),
        ClaimVerdict::Contradicted(_) => (2, 0),
        ClaimVerdict::Stale { .. } => (3, 1),
        ClaimVerdict::PartlyHolds { .. } => (4, 1),
        ClaimVerdict::Malformed(_) => (5, 1),
        ClaimVerdict::Unverifiable(_) => (6, 2),
        ClaimVerdict::NotChecked => (7, 2),
        ClaimVerdict::HoldsLoosely => (8, 3),
        ClaimVerdict::Holds => (9, 3),
    }
}

/// Verdicts of a rank up to this one are worth a look.
const WORRYING: u8 = 5;

/// The worse verdict first.
pub(in crate::app) fn worse(a: &ClaimVerdict, b: &ClaimVerdict) -> Ordering {
    rank(a).cmp(&rank(b))
}

/// A refuted figure that says the same as a contradiction, in the same words.
fn told(document: &JudgedDocument, contradiction: &Contradiction) -> bool {
    document.claims.iter().any(|claim| {
        claim.kind == ClaimKind::Arithmetic
            && contradiction.lines.first() == Some(&claim.line)
            && claim.reason == contradiction.message
            && claim.verdict.says_no()
    })
}

fn counting(assessment: &Assessment) -> impl Iterator<Item = &Arc<JudgedDocument>> {
    let all = assessment.documents.iter();
    all.filter(|document| document.report.recognition.counts)
}

/// The entries of a document.
fn entries(document: &JudgedDocument) -> impl Iterator<Item = Known<'_>> {
    let claims = document.claims.iter().map(|claim| Known::Claim(document, claim));
    let contradictions = document.report.contradictions.iter();
    let contradictions = contradictions.map(|found| Known::Contradiction(document, found));
    let said = document.report.declared_verdicts.iter();
    let said = said.map(|declared| Known::Said(document, declared));
    claims.chain(contradictions).chain(said)
}

fn count(document: &JudgedDocument) -> usize {
    let report = &document.report;
    document.claims.len() + report.contradictions.len() + report.declared_verdicts.len()
}

impl<'a> Known<'a> {
    fn of(assessment: &'a Assessment, entry: u32) -> Option<Self> {
        let mut at = entry as usize;
        for document in counting(assessment) {
            let own = count(document);
            if at < own {
                let (claims, report) = (&document.claims, &document.report);
                if let Some(claim) = claims.get(at) {
                    return Some(Self::Claim(document, claim));
                }
                at -= claims.len();
                if let Some(found) = report.contradictions.get(at) {
                    return Some(Self::Contradiction(document, found));
                }
                let said = report.declared_verdicts.get(at - report.contradictions.len())?;
                return Some(Self::Said(document, said));
            }
            at -= own;
        }
        None
    }

    const fn document(self) -> &'a JudgedDocument {
        match self {
            Self::Claim(document, _) | Self::Contradiction(document, _) | Self::Said(document, _) => document,
        }
    }

    fn path(self) -> &'a str {
        self.document().report.path.as_str()
    }

    fn at(self) -> u32 {
        match self {
            Self::Claim(_, claim) => claim.line,
            Self::Contradiction(_, found) => found.lines.first().copied().unwrap_or(1),
            Self::Said(_, declared) => declared.line,
        }
    }

    fn text(self) -> &'a str {
        match self {
            Self::Claim(_, claim) => &claim.text,
            Self::Contradiction(_, found) => &found.message,
            Self::Said(_, declared) => &declared.text,
        }
    }

    /// Its kind of entry, for its key.
    const fn tag(self) -> &'static str {
        match self {
            Self::Claim(..) => "claim",
            Self::Contradiction(..) => "contradiction",
            Self::Said(..) => "said",
        }
    }

    fn rank(self) -> (u8, usize) {
        match self {
            Self::Claim(_, claim) => rank(&claim.verdict),
            Self::Contradiction(..) | Self::Said(..) => rank(&ClaimVerdict::Contradicted(Box::default())),
        }
    }

    const fn verdict(self) -> &'static str {
        match self {
            Self::Claim(_, claim) => claim.verdict.word(),
            Self::Contradiction(..) | Self::Said(..) => "contradicted",
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Claim(_, claim) => claim.kind.word(),
            Self::Contradiction(_, found) => found.kind.word(),
            Self::Said(..) => "verdict",
        }
    }

    fn is(self, tag: &str, text: &str) -> bool {
        self.tag() == tag && self.text() == text
    }

    fn row(self) -> Row {
        let document = self.document();
        // The same words stand in several lines: which of them this is.
        let alike = entries(document).filter(|other| other.is(self.tag(), self.text()));
        let nth = alike.take_while(|other| !self.same(*other)).count();
        Row {
            pane: PaneKind::Claims,
            key: format!("{}\0{nth}\0{}\0{}", self.tag(), self.path(), self.text()).into(),
            label: short(self.text(), 40, "").into(),
            place: Some(Place {
                path: document.report.path.clone(),
                line: self.at(),
                uid: None,
            }),
        }
    }

    fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Claim(_, a), Self::Claim(_, b)) => std::ptr::eq(a, b),
            (Self::Contradiction(_, a), Self::Contradiction(_, b)) => std::ptr::eq(a, b),
            (Self::Said(_, a), Self::Said(_, b)) => std::ptr::eq(a, b),
            _ => false,
        }
    }
}

/// The row of a claim that is a reason of the verdict.
pub(super) fn key_of(assessment: &Assessment, subject: &Subject) -> Option<Box<str>> {
    let Subject::Claim { path, line, text } = subject else {
        return None;
    };
    let document = assessment.documents.get(assessment.document(path)?)?;
    let of_line = |claim: &&Claim| claim.line == *line && claim.text == *text;
    let mut claims: Vec<&Claim> = document.claims.iter().filter(of_line).collect();
    claims.sort_by(|a, b| worse(&a.verdict, &b.verdict));
    let counts = document.report.recognition.counts;
    let claim = claims.first().filter(|_| counts)?;
    Some(Known::Claim(document, claim).row().key)
}

impl Listed for Claims {
    const KIND: PaneKind = PaneKind::Claims;
    const TITLE: &'static str = "Claims";
    const ABOUT: &'static str =
        "what the reports claim, each held against the evidence, what is not so first, with its proof";
    const COMMAND: Command = Command::GoClaims;
    const SORTS: &'static [&'static str] = &["worst first", "by place"];
    const GROUPS: &'static [&'static str] = &["by verdict", "by kind", "by document", "ungrouped"];
    const FIELDS: &'static [(&'static str, &'static str)] = &[
        (
            "verdict:",
            "refuted vacuous contradicted stale partly_holds unverifiable holds",
        ),
        ("kind:", "file git ci configuration count arithmetic"),
        ("file:", "part of the document's path"),
        ("mood:", "asserted planned historical example estimate"),
        ("rule:", "part of the rule that checked it"),
    ];
    const EVIDENCE: Option<EvidenceKind> = None;
    const EMPTY: &'static [&'static str] = &[
        "No claim that can be checked was found.",
        "Sentences such as these in a report are held against the repository:",
        "`src/auth/lock.rs` was created",
        "Fixed in commit a1b2c3d",
        "CI runs the tests on every pull request",
        "Completed: 3 of 4 (75 %)",
    ];

    fn state(panes: &Panes) -> &Table {
        &panes.claims
    }

    fn state_mut(panes: &mut Panes) -> &mut Table {
        &mut panes.claims
    }

    fn len(assessment: &Assessment) -> usize {
        let of = |document: &Arc<JudgedDocument>| {
            let contradictions = document.report.contradictions.iter();
            document.claims.len() + contradictions.filter(|found| !told(document, found)).count()
        };
        counting(assessment).map(of).sum()
    }

    fn same(before: &Assessment, now: &Assessment) -> bool {
        let (before, now) = (&before.documents, &now.documents);
        before.len() == now.len() && before.iter().zip(now).all(|(a, b)| Arc::ptr_eq(a, b))
    }

    fn summary(model: &Model, assessment: &Assessment, width: usize) -> Line {
        let dot = glyphs_of(model).dot();
        let mut figures = [0_usize; 4];
        let mut all = 0;
        for claim in counting(assessment).flat_map(|document| document.claims.iter()) {
            all += 1;
            if let Some(figure) = figures.get_mut(rank(&claim.verdict).1) {
                *figure += 1;
            }
        }
        let mut line = Line::of(counted(all, "claim", "claims"), Role::Strong);
        for (n, (word, role)) in figures.into_iter().zip(FIGURES) {
            let text = format!("{} {word}", number(n));
            if n == 0 {
                continue;
            }
            if line.columns() + columns(dot) + columns(&text) > width {
                break;
            }
            line = line.and(dot, Role::Muted).and(text, role);
        }
        line
    }

    fn arrange(assessment: &Assessment, ask: &Ask, table: &mut Builder) {
        arrange::arrange(assessment, ask, table);
    }

    fn row(assessment: &Assessment, entry: u32) -> Option<Row> {
        Some(Known::of(assessment, entry)?.row())
    }

    fn find(assessment: &Assessment, key: &str) -> Option<u32> {
        let mut parts = key.splitn(4, '\0');
        let (tag, nth, path, text) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let mut before = 0;
        for document in counting(assessment) {
            if document.report.path.as_str() == path {
                let alike = entries(document)
                    .enumerate()
                    .filter(|(_, known)| known.is(tag, text));
                let alike: Vec<usize> = alike.map(|(at, _)| at).collect();
                // Of several alike one may be gone: the last one then.
                let at = alike.get(nth.parse::<usize>().ok()?).or(alike.last())?;
                return u32::try_from(before + at).ok();
            }
            before += count(document);
        }
        None
    }

    fn line(model: &Model, assessment: &Assessment, entry: u32, width: usize) -> Line {
        let glyphs = glyphs_of(model);
        let cut = glyphs.ellipsis();
        let Some(known) = Known::of(assessment, entry) else {
            return Line::default();
        };
        let (sign, role, text, why) = match known {
            Known::Claim(_, claim) => {
                let (sign, role) = glyphs.claim(&claim.verdict);
                // That what was said is so needs no second sentence in a row.
                let why = if claim.verdict.says_yes() {
                    ""
                } else {
                    &*claim.reason
                };
                (sign, role, plain(&claim.text), why)
            }
            Known::Contradiction(_, found) => {
                (glyphs.conflict(), Role::Conflict, found.message.to_string(), "")
            }
            Known::Said(document, declared) => return said(model, document, declared, width),
        };
        let mut line = Line::of(format!("{sign} "), role);
        if width >= 44 {
            line = line.and(fit(&spoken(known.verdict()), 13, ""), role);
        }
        if width >= 64 {
            line = line.and(fit(known.kind(), 14, ""), Role::Muted);
        }
        let rest = width.saturating_sub(line.columns());
        let whole = format!("{text}: {why}");
        // The sentence and why say more than the folders of the document.
        let beside = room_beside(&whole, rest).min((rest / 4).max(columns(known.path()).min(16)));
        let place = short_place(known.path(), known.at(), beside, cut);
        let room = rest.saturating_sub(columns(&place) + 1);
        let text = if why.is_empty() {
            short(&text, room, cut)
        } else {
            // Both are told, the sentence in half of the room when both do not fit.
            let half = (room / 2).max(room.saturating_sub(columns(why) + 2));
            short(&format!("{}: {why}", short(&text, half, cut)), room, cut)
        };
        let mut line = line.and(text, Role::Text);
        line.right = vec![Cell::new(place, Role::Link)];
        line
    }

    fn group_line(model: &Model, group: &Group, _width: usize) -> Line {
        let dot = glyphs_of(model).dot();
        let mut line = Line::of(number(group.entries as usize), Role::Muted);
        for (n, (word, role)) in group.figures.iter().zip(FIGURES) {
            if *n > 0 {
                let n = usize::try_from(*n).unwrap_or(usize::MAX);
                line = line.and(format!("{dot}{} {word}", number(n)), role);
            }
        }
        line
    }

    fn explain(model: &Model, assessment: &Assessment, entry: u32, page: &mut Page) {
        let Some(known) = Known::of(assessment, entry) else {
            return;
        };
        let path = known.document().report.path.clone();
        let line = known.at();
        match known {
            Known::Claim(document, claim) => claim_page(model, document, claim, page),
            Known::Contradiction(_, found) => {
                let message = found.message.clone();
                let subject = Subject::Contradiction { path, line, message };
                explain::explain(model, assessment, &subject, page);
            }
            Known::Said(..) => {
                explain::explain(model, assessment, &Subject::Declared { path, line }, page);
            }
        }
    }

    fn copy(assessment: &Assessment, entry: u32) -> Option<String> {
        let known = Known::of(assessment, entry)?;
        let reason = match known {
            Known::Claim(_, claim) => format!(" ({}: {})", claim.verdict.word(), claim.reason),
            _ => String::new(),
        };
        let text = format!("{}:{} {}{reason}", known.path(), known.at(), known.text());
        Some(clean(&text).into_owned())
    }
}

/// A passage without the signs of its table and its emphasis.
fn plain(text: &str) -> String {
    let text = text.replace("**", "");
    text.trim_matches(['|', ' ']).to_owned()
}

/// What a document says of itself, beside what is shown.
fn said(model: &Model, document: &JudgedDocument, first: &DeclaredVerdict, width: usize) -> Line {
    let glyphs = glyphs_of(model);
    let present = document.report.declared_verdicts.iter();
    let mut kinds: Vec<_> = present
        .filter(|declared| !declared.historical)
        .map(|declared| declared.verdict)
        .collect();
    kinds.sort_unstable_by(|a, b| b.cmp(a));
    kinds.dedup();
    let shown = model.verdict();
    let agree = shown.is_some_and(|shown| kinds.iter().all(|kind| agrees(shown, *kind)));
    let (sign, role) = match (shown, agree) {
        (None, _) => (glyphs.unknown(), Role::Muted),
        (Some(_), true) => ("=", Role::Muted),
        (Some(_), false) => (glyphs.conflict(), Role::Conflict),
    };
    let mut line = Line::of(format!("{sign} "), role).and("says ", Role::Muted);
    for (n, kind) in kinds.iter().enumerate() {
        let (word, role) = glyphs.declared(*kind);
        line = line
            .and(if n == 0 { "" } else { ", " }, Role::Muted)
            .and(word, role);
    }
    line = line.and("; shown ", Role::Muted);
    line = match shown {
        Some(verdict) => line.and(verdict.word(), glyphs.verdict(verdict).1),
        None => line.and("nothing yet", Role::Muted),
    };
    let rest = width.saturating_sub(line.columns() + 1);
    let path = document.report.path.as_str();
    let place = short_place(path, first.line, rest, glyphs.ellipsis());
    line.right = vec![Cell::new(place, Role::Link)];
    line
}
