//! An item: something that a release waits for.

use std::sync::Arc;

use super::{Marks, Requirement, Severity, SeveritySource, Status, Uid};
use crate::text::Span;

/// One item of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Identity across edits elsewhere.
    pub uid: Uid,
    /// As written: `T034`, `P0-1`, `T034-T037`, `US-001`, an ordinal such as `2`.
    pub id: Option<Box<str>>,
    /// Plain text without markers, boxes, bold signs and the id; repaired.
    pub title: Box<str>,
    /// Which of the five shapes.
    pub shape: Shape,
    /// 1-based first line.
    pub line: u32,
    /// The item's own text: from its first byte to the end of its first block (for a row, the row; for a heading, the heading line).
    pub span: Span,
    /// Everything that votes on the status, in the order of the document.
    pub marks: Marks,
    /// The outcome of the vote.
    pub declared: Status,
    /// How much it matters.
    pub severity: Severity,
    /// Where the severity was read; `None` for unspecified.
    pub severity_source: Option<Arc<SeveritySource>>,
    /// What it is needed for.
    pub requirement: Requirement,
    /// Index into [`super::Report::sections`]; `None` above the first heading.
    pub section: Option<u32>,
    /// Nesting depth of a task or bullet, 0 at the top.
    pub depth: u8,
    /// What few items have.
    pub extras: Option<Box<Extras>>,
}

/// Rarely written properties of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extras {
    /// Every id that the item stands for: a range expanded, a list split. Empty when `id` is all.
    pub ids: Vec<Box<str>>,
    /// Effort as written: `6h`, `2-3 weeks`, `15 minutes`.
    pub effort: Option<Box<str>>,
    /// Owner as written: `@ann`, `Backend team`.
    pub owner: Option<Box<str>>,
    /// Due date as written.
    pub due: Option<Box<str>>,
    /// A note that gonogo or a person wrote behind the item.
    pub note: Option<Box<str>>,
}

/// The five shapes of MODEL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// `- [ ] …`, also in ordered and nested lists, also odd boxes such as `[✅]`.
    Task,
    /// A table row with a status column.
    Row,
    /// A heading with an id or a status marker.
    Heading,
    /// A numbered step with a bold name.
    Step,
    /// A bullet with a status marker or an id.
    Bullet,
}

impl Shape {
    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Row => "row",
            Self::Heading => "heading",
            Self::Step => "step",
            Self::Bullet => "bullet",
        }
    }
}

/// One marker that votes on an item's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// What kind of token.
    pub kind: MarkKind,
    /// What it votes for.
    pub vote: Status,
    /// The token's raw bytes, and nothing else: the character inside `[ ]`, the bare word, the emoji.
    pub span: Span,
}

/// The kinds of token that can say a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// The inside of a task box: one character, or an odd box's content.
    Box,
    /// A status word: `COMPLETED`, `In progress`.
    Word,
    /// A status emoji.
    Emoji,
    /// `~~struck through~~`.
    Strike,
}

/// What the verdict makes of an item; computed, never written into the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Derived {
    /// Declared done and shown by fresh, bound evidence.
    Supported,
    /// Verified by a person inside the sign-off's validity.
    Attested,
    /// Declared done, nothing checkable.
    Unproven,
    /// Declared done on evidence that has aged.
    Stale,
    /// Declared done, and a claim of it is refuted.
    Refuted,
    /// Declared done on an empty set or a gate that cannot fail.
    Vacuous,
    /// Declared open, but all its claims hold.
    LooksDone,
    /// Waived until a date.
    Waived,
    /// Its waiver has ended.
    WaiverExpired,
    /// Said not to apply.
    NotApplicable,
    /// As declared.
    Open,
    /// As declared.
    InProgress,
    /// As declared.
    Blocked,
    /// As declared.
    Deferred,
    /// As declared: markers disagree.
    Conflicted,
    /// No marker at all.
    Unmarked,
}

impl Derived {
    /// The word of the JSON and of filters.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Attested => "attested",
            Self::Unproven => "unproven",
            Self::Stale => "stale",
            Self::Refuted => "refuted",
            Self::Vacuous => "vacuous",
            Self::LooksDone => "looks_done",
            Self::Waived => "waived",
            Self::WaiverExpired => "waiver_expired",
            Self::NotApplicable => "not_applicable",
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Blocked => "blocked",
            Self::Deferred => "deferred",
            Self::Conflicted => "conflicted",
            Self::Unmarked => "unmarked",
        }
    }
}
