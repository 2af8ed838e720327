//! Words, glyphs and roles of states: a state never differs by colour only.

use super::Role;
use crate::model::{ClaimVerdict, DeclaredVerdictKind, Derived, GateResult, Severity, Status, Verdict};

/// The signs of a screen: symbols that common fonts have, or plain ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Only ASCII.
    pub ascii: bool,
}

macro_rules! signs {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal | $ascii:literal),+ $(,)?) => {
        impl Glyphs { $($(#[$doc])* #[must_use] pub const fn $name(self) -> &'static str {
            if self.ascii { $ascii } else { $symbol }
        })+ }
    };
}

signs! {
    /// Done.
    done = "✓" | "+",
    /// Open.
    open = "○" | "o",
    /// Failing.
    fail = "✗" | "x",
    /// Begun.
    begun = "~" | "~",
    /// Disagreeing.
    conflict = "!" | "!",
    /// Unknown.
    unknown = "?" | "?",
    /// Put off.
    deferred = "»" | ">",
    /// Does not apply.
    none = "–" | "-",
    /// The selected row.
    pointer = "›" | ">",
    /// A mark for acting on several.
    mark = "●" | "*",
    /// Folded.
    folded = "▸" | ">",
    /// Unfolded.
    unfolded = "▾" | "v",
    /// Filled part of a bar.
    full = "█" | "#",
    /// Empty part of a bar.
    empty = "░" | ".",
    /// What was cut.
    ellipsis = "…" | "~",
    /// Between figures.
    dot = " · " | " - ",
    /// Between breadcrumbs.
    crumb = " › " | " > ",
    /// Leads to an outcome.
    arrow = "→" | "->",
    /// Belongs to the line above.
    below = "└ " | "` ",
    /// A line between two parts.
    rule = "─" | "-",
    /// Between gutter and text.
    bar = "│" | "|",
}

impl Glyphs {
    /// Glyph and role of an item's state.
    #[must_use]
    pub const fn derived(self, derived: Derived) -> (&'static str, Role) {
        match derived {
            Derived::Supported | Derived::Attested => (self.done(), Role::Done),
            Derived::Unproven | Derived::Stale | Derived::Vacuous | Derived::Unmarked => {
                (self.unknown(), Role::Begun)
            }
            Derived::LooksDone | Derived::Open => (self.open(), Role::Open),
            Derived::Refuted | Derived::Blocked | Derived::WaiverExpired => (self.fail(), Role::Open),
            Derived::Waived | Derived::NotApplicable => (self.none(), Role::Muted),
            Derived::InProgress => (self.begun(), Role::Begun),
            Derived::Deferred => (self.deferred(), Role::Begun),
            Derived::Conflicted => (self.conflict(), Role::Conflict),
        }
    }

    /// Glyph and role of a declared status or a vote.
    #[must_use]
    pub const fn status(self, status: Status) -> (&'static str, Role) {
        match status {
            Status::Done | Status::Verified => (self.done(), Role::Done),
            Status::Open => (self.open(), Role::Open),
            Status::Blocked => (self.fail(), Role::Open),
            Status::InProgress => (self.begun(), Role::Begun),
            Status::Deferred => (self.deferred(), Role::Begun),
            Status::Conflicted => (self.conflict(), Role::Conflict),
            Status::NotApplicable => (self.none(), Role::Muted),
            Status::Unmarked => (self.unknown(), Role::Muted),
        }
    }

    /// Glyph and role of a claim's verdict.
    #[must_use]
    pub const fn claim(self, verdict: &ClaimVerdict) -> (&'static str, Role) {
        match verdict {
            ClaimVerdict::Holds => (self.done(), Role::Done),
            ClaimVerdict::HoldsLoosely => (self.begun(), Role::Done),
            ClaimVerdict::Refuted { .. } => (self.fail(), Role::Conflict),
            ClaimVerdict::Contradicted(_) | ClaimVerdict::Malformed(_) => (self.conflict(), Role::Conflict),
            ClaimVerdict::PartlyHolds { .. } => (self.begun(), Role::Begun),
            ClaimVerdict::Stale { .. } | ClaimVerdict::Vacuous(_) => (self.open(), Role::Begun),
            ClaimVerdict::Unverifiable(_) | ClaimVerdict::NotChecked => (self.unknown(), Role::Muted),
        }
    }

    /// Glyph and role of a gate's result.
    #[must_use]
    pub const fn gate(self, result: GateResult) -> (&'static str, Role) {
        match result {
            GateResult::Fail | GateResult::Error => (self.fail(), Role::NoGo),
            GateResult::Pass => (self.done(), Role::Go),
            GateResult::Bypassed | GateResult::Off => (self.none(), Role::Muted),
            GateResult::Pending | GateResult::PendingHuman => (self.begun(), Role::Hold),
            GateResult::Missing
            | GateResult::Inconclusive
            | GateResult::Vacuous
            | GateResult::NotEvaluated => (self.unknown(), Role::Hold),
        }
    }

    /// Glyph and role of a verdict.
    #[must_use]
    pub const fn verdict(self, verdict: Verdict) -> (&'static str, Role) {
        match verdict {
            Verdict::Go => (self.done(), Role::Go),
            Verdict::GoWithWaivers => (self.done(), Role::GoWithWaivers),
            Verdict::Hold => (self.unknown(), Role::Hold),
            Verdict::NoGo => (self.fail(), Role::NoGo),
        }
    }

    /// Word and role of a verdict that a document declares.
    #[must_use]
    pub const fn declared(self, verdict: DeclaredVerdictKind) -> (&'static str, Role) {
        match verdict {
            DeclaredVerdictKind::NoGo => ("NO-GO", Role::NoGo),
            DeclaredVerdictKind::Hold => ("HOLD", Role::Hold),
            DeclaredVerdictKind::Conditional => ("CONDITIONAL", Role::Hold),
            DeclaredVerdictKind::Go => ("GO", Role::Go),
        }
    }
}

/// The role of a severity.
#[must_use]
pub const fn severity(severity: Severity) -> Role {
    match severity {
        Severity::Blocker => Role::Blocker,
        Severity::Critical => Role::Critical,
        Severity::High => Role::High,
        Severity::Medium => Role::Medium,
        Severity::Unspecified | Severity::Low | Severity::Info => Role::Low,
    }
}

/// A severity in at most eight columns.
#[must_use]
pub const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Unspecified => "ungraded",
        other => other.word(),
    }
}

/// An item's state in at most eleven columns.
#[must_use]
pub fn state_word(derived: Derived) -> std::borrow::Cow<'static, str> {
    match derived {
        Derived::NotApplicable => "n/a".into(),
        Derived::WaiverExpired => "expired".into(),
        other => spoken(other.word()),
    }
}

/// A word of the JSON as people read it: `in_progress` is `in progress`.
#[must_use]
pub fn spoken(word: &'static str) -> std::borrow::Cow<'static, str> {
    if word.contains('_') {
        word.replace('_', " ").into()
    } else {
        word.into()
    }
}
