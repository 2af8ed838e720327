//! What a document says in figures, held against the document itself: totals, percentages, means, counts,
//! differences, sums, and figures said twice.
//!
//! Not here: evidence from outside. Invariant: narrow and right. A check speaks only when it is sure which
//! figures belong together (same section, adjacent list or table, same noun); what nobody can tell from the
//! text alone is unverifiable or not looked at, and an approximation is never refuted inside its tolerance.

mod absolutes;
mod bindings;
mod bounds;
mod boxes;
mod components;
mod counts;
mod deltas;
mod figures;
mod goals;
mod headings;
mod identity;
mod ids;
mod means;
mod named;
mod numbers;
mod percent;
mod periods;
mod promises;
mod scan;
mod sense;
mod status;
mod sums;
mod tables;

#[cfg(test)]
mod tests;

use super::statements::{self, Statements};
use crate::model::{
    self, Claim, ClaimKind, ClaimVerdict, Contradiction, ContradictionKind, Modality, NamedFigure, Report,
};
use crate::text::SourceText;
use crate::text::markdown::{Outline, TextRange};
use numbers::Token;
pub(super) use sense::{short, telling};
use tables::Table;

/// Fills the parts of a report that come from its words and figures: meta, gates, declared verdicts, claims and
/// contradictions. Needs the report's sections and items, and scans the text once for all of them.
///
/// `text` is `source.text()`: asked for once by the caller, because clean UTF-8 is validated each time it is asked for.
pub(super) fn fill(source: &SourceText, text: &str, outline: &Outline, report: &mut Report) {
    let lines = Statements::of(text, outline);
    report.meta = super::meta::read(text, outline);
    report.gates = super::rules::read(&lines, source);
    report.targets = super::coverage_rules::read(text, outline, &lines, report);
    report.declared_verdicts = super::phrases::read(&lines, source);
    let (claims, contradictions, figures) = check(&lines, source, report);
    report.claims = claims;
    report.contradictions = contradictions;
    report.figures = figures;
}

/// Checks a document against itself: the claims it makes in figures, and where it contradicts itself.
pub(super) fn check(
    lines: &Statements<'_>,
    source: &SourceText,
    report: &Report,
) -> (Vec<Claim>, Vec<Contradiction>, Vec<NamedFigure>) {
    let mut desk = Desk {
        lines,
        source,
        report,
        tables: Vec::new(),
        claims: Vec::new(),
        contradictions: Vec::new(),
        figures: Vec::new(),
        tokens: Vec::new(),
    };
    if lines.tables || lines.seen & (statements::DIGIT | statements::WORDED) != 0 {
        if lines.tables {
            desk.tables = tables::collect(lines);
        }
        percent::check(&mut desk);
        tables::check(&mut desk);
        means::check(&mut desk);
        sums::check(&mut desk);
        counts::check(&mut desk);
        bindings::check(&mut desk);
        deltas::check(&mut desk);
        figures::check(&mut desk);
        named::check(&mut desk);
        bounds::check(&mut desk);
        absolutes::check(&mut desk);
    }
    status::check(&mut desk);
    headings::check(&mut desk);
    goals::check(&mut desk);
    periods::check(&mut desk);
    if !report.items.is_empty() {
        promises::check(&mut desk);
        identity::check(&mut desk);
        components::check(&mut desk);
    }
    let Desk {
        mut claims,
        mut contradictions,
        figures,
        ..
    } = desk;
    claims.sort_by_key(|claim| claim.span.start);
    contradictions.sort_by(|a, b| (&a.lines, a.kind).cmp(&(&b.lines, b.kind)));
    contradictions.dedup_by(|a, b| a.kind == b.kind && a.lines == b.lines);
    (claims, contradictions, figures)
}

/// What the checks share: the document, and where they put what they found.
struct Desk<'d> {
    lines: &'d Statements<'d>,
    source: &'d SourceText,
    report: &'d Report,
    tables: Vec<Table>,
    claims: Vec<Claim>,
    contradictions: Vec<Contradiction>,
    figures: Vec<NamedFigure>,
    /// Reused by every check that reads a line's figures.
    tokens: Vec<Token>,
}

/// A claim about to be written down.
struct Said<'s> {
    /// The line that says it.
    range: TextRange,
    subject: &'s str,
    comparator: &'static str,
    value: String,
}

impl<'d> Desk<'d> {
    /// The line's figures, in the shared buffer; give them back with [`Self::keep`].
    fn read(&mut self, text: &str) -> Vec<Token> {
        let mut tokens = std::mem::take(&mut self.tokens);
        scan::tokens(text, &mut tokens);
        tokens
    }

    fn keep(&mut self, tokens: Vec<Token>) {
        self.tokens = tokens;
    }

    fn line(&self, range: TextRange) -> u32 {
        self.lines.line(range.start)
    }

    fn note(&mut self, said: Said<'_>, modality: Modality, verdict: ClaimVerdict, reason: String) {
        let text = self.lines.slice(said.range).trim();
        self.claims.push(Claim {
            line: self.lines.line(said.range.start),
            span: self.source.span(said.range.range()),
            text: text.into(),
            kind: ClaimKind::Arithmetic,
            rule: "arithmetic",
            said: model::Said {
                subject: said.subject.trim().into(),
                predicate: "",
                comparator: said.comparator,
                value: said.value.into(),
                scope: Box::default(),
            },
            modality,
            item: None,
            supports: false,
            // The document is its own evidence: what it says was as true when it was written.
            at_document: verdict.clone(),
            at_head: verdict.clone(),
            verdict,
            reason: reason.into(),
            proof: Vec::new(),
        });
    }

    fn holds(&mut self, said: Said<'_>, loosely: bool, reason: String) {
        let (modality, verdict) = if loosely {
            (Modality::Estimate, ClaimVerdict::HoldsLoosely)
        } else {
            (Modality::Asserted, ClaimVerdict::Holds)
        };
        self.note(said, modality, verdict, reason);
    }

    fn unverifiable(&mut self, said: Said<'_>, reason: &str) {
        self.note(
            said,
            Modality::Asserted,
            ClaimVerdict::Unverifiable(reason.into()),
            reason.to_owned(),
        );
    }

    /// Two places that cannot both be true, where no figure is refuted. The claiming line comes first.
    fn say(&mut self, kind: ContradictionKind, lines: Vec<u32>, message: String) {
        self.contradictions.push(Contradiction {
            kind,
            lines,
            message: message.into(),
            other: None,
        });
    }

    /// A mismatch: the claim is refuted and the document contradicts itself at `others`.
    fn refute(
        &mut self,
        kind: ContradictionKind,
        said: Said<'_>,
        actual: String,
        others: impl IntoIterator<Item = u32>,
        message: String,
    ) {
        let mut lines = vec![self.line(said.range)];
        for line in others {
            if !lines.contains(&line) && lines.len() < 24 {
                lines.push(line);
            }
        }
        self.contradictions.push(Contradiction {
            kind,
            lines,
            message: message.clone().into(),
            other: None,
        });
        let verdict = ClaimVerdict::Refuted {
            expected: said.value.clone().into(),
            actual: actual.into(),
        };
        self.note(said, Modality::Asserted, verdict, message);
    }
}
