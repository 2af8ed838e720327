//! Everything that is known of a claim.

use crate::app::model::Model;
use crate::app::overlays::explain::Page;
use crate::app::panes::place_of;
use crate::app::view::glyphs::spoken;
use crate::app::view::line::{counted, prefix};
use crate::app::view::{Role, glyphs_of};
use crate::engine::JudgedDocument;
use crate::model::{Claim, ClaimVerdict};

/// What is said, what is so, then and today, and what shows it.
pub(in crate::app) fn claim_page(model: &Model, document: &JudgedDocument, claim: &Claim, page: &mut Page) {
    /// Proofs that are named each.
    const PROOFS: usize = 24;
    let report = &document.report;
    let glyphs = glyphs_of(model);
    let (sign, role) = glyphs.claim(&claim.verdict);
    page.head(&claim.text);
    page.field(
        "verdict",
        &format!("{sign} {}", spoken(claim.verdict.word())),
        role,
    );
    page.field("because", &claim.reason, role);
    match &claim.verdict {
        ClaimVerdict::Refuted { expected, actual } | ClaimVerdict::Stale { expected, actual } => {
            page.field("expected", expected, Role::Text);
            page.field("actual", actual, Role::Conflict);
        }
        ClaimVerdict::PartlyHolds { holding, parts } => {
            let parts = counted(*parts as usize, "part", "parts");
            page.field("holds", &format!("{holding} of {parts}"), Role::Text);
        }
        ClaimVerdict::Contradicted(place) => page.field("elsewhere", place, Role::Link),
        _ => {}
    }
    let moment = |verdict: &ClaimVerdict| match verdict {
        ClaimVerdict::NotChecked => ("not looked at".to_owned(), Role::Muted),
        verdict => {
            let (sign, role) = glyphs.claim(verdict);
            (format!("{sign} {}", spoken(verdict.word())), role)
        }
    };
    for (name, verdict) in [("when written", &claim.at_document), ("at HEAD", &claim.at_head)] {
        let (words, role) = moment(verdict);
        page.field(name, &words, role);
    }
    let source = model.panes.document.source_of(&report.path, report.hash);
    for proof in claim.proof.iter().take(PROOFS) {
        page.field("proof", &proof.what, Role::Text);
        page.field("", &proof.source, Role::Link);
        // The document itself is at hand; other files are one key away.
        let line = place_of(&proof.source).filter(|place| place.path == report.path);
        let written = line.and_then(|place| {
            let nth = (place.line as usize).checked_sub(1)?;
            source?.text().lines().nth(nth)
        });
        if let Some(written) = written {
            page.field("", prefix(written.trim(), 400), Role::Code);
        }
    }
    if claim.proof.len() > PROOFS {
        let more = counted(claim.proof.len() - PROOFS, "more proof", "more proofs");
        page.field("", &format!("and {more}"), Role::Muted);
    }
    // A refuted figure names the lines that it was held against.
    let contradiction = report.contradictions.iter().find(|found| {
        found.lines.first() == Some(&claim.line) && found.message == claim.reason && claim.verdict.says_no()
    });
    for line in contradiction.iter().flat_map(|found| &found.lines).take(12) {
        let written = source.and_then(|source| source.text().lines().nth((*line as usize).checked_sub(1)?));
        let written = prefix(written.unwrap_or_default().trim(), 400);
        page.field(&format!("line {line}"), written, Role::Code);
    }
    page.field("said as", claim.modality.word(), Role::Text);
    page.field(
        "rule",
        &format!("{} ({})", claim.rule, claim.kind.word()),
        Role::Text,
    );
    page.field("where", &format!("{}:{}", report.path, claim.line), Role::Link);
}
