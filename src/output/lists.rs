//! `gonogo items` and `gonogo claims`.

use std::borrow::Cow;
use std::io::Write;

use serde::Serialize;

use super::dto::{ClaimDto, ContradictionDto, ItemDto, Stream};
use super::style::safe;
use super::{SCHEMA_VERSION, Style, Written, write_json};
use crate::engine::{Assessment, ItemState, JudgedDocument};
use crate::model::{Claim, Item};

#[derive(Serialize)]
struct ItemsDto<'a, I: Serialize> {
    schema_version: u32,
    commit: Option<&'a str>,
    stage: &'static str,
    items: I,
}

#[derive(Serialize)]
struct ClaimsDto<'a, C: Serialize, D: Serialize> {
    schema_version: u32,
    commit: Option<&'a str>,
    claims: C,
    contradictions: D,
}

#[derive(Serialize)]
struct PlacedClaim<'a> {
    path: &'a str,
    #[serde(flatten)]
    claim: ClaimDto<'a>,
    /// Whether it was true at the commit that last touched its line.
    at_document_commit: &'static str,
    at_head: &'static str,
    rule: &'static str,
    proof: Vec<Proof<'a>>,
}

#[derive(Serialize)]
struct Proof<'a> {
    what: &'a str,
    source: Cow<'a, str>,
}

/// What a claim rests on; one that nothing outside was found for rests on its own line.
fn proof_of<'a>(claim: &'a Claim, path: &str) -> Vec<Proof<'a>> {
    if claim.proof.is_empty() {
        return vec![Proof {
            what: &claim.reason,
            source: format!("{path}:{}", claim.line).into(),
        }];
    }
    let proof = |proof: &'a crate::model::Proof| Proof {
        what: &proof.what,
        source: Cow::Borrowed(&*proof.source),
    };
    claim.proof.iter().map(proof).collect()
}

fn counting(assessment: &Assessment) -> impl Iterator<Item = &JudgedDocument> {
    assessment
        .documents
        .iter()
        .map(|document| &**document)
        .filter(|document| document.report.recognition.counts)
}

fn items(assessment: &Assessment) -> impl Iterator<Item = (&JudgedDocument, &Item, ItemState)> {
    counting(assessment).flat_map(|document| {
        document
            .report
            .items
            .iter()
            .zip(&document.states)
            .map(move |(item, state)| (document, item, *state))
    })
}

fn claims(assessment: &Assessment) -> impl Iterator<Item = (&JudgedDocument, &Claim)> {
    counting(assessment).flat_map(|document| document.claims.iter().map(move |claim| (document, claim)))
}

/// Every item of the reports that count, as JSON.
///
/// # Errors
/// When it cannot be written.
pub fn items_json(out: &mut dyn Write, assessment: &Assessment) -> Written {
    let document = ItemsDto {
        schema_version: SCHEMA_VERSION,
        commit: assessment.repository.commit.as_deref(),
        stage: assessment.stage.word(),
        items: Stream(|| {
            items(assessment).map(|(document, item, state)| ItemDto::of(&document.report, item, Some(state)))
        }),
    };
    write_json(out, &document)
}

/// Every item of the reports that count, one a line.
///
/// # Errors
/// When it cannot be written.
pub fn items_text(out: &mut dyn Write, assessment: &Assessment, style: Style) -> Written {
    let mut any = false;
    for (document, item, state) in items(assessment) {
        any = true;
        let id = item
            .id
            .as_deref()
            .map_or_else(String::new, |id| format!("{} ", safe(id)));
        writeln!(
            out,
            "{}  {:<14}  {:<11}  {}  {id}{}",
            style.muted(&item.uid.to_string()),
            state.derived.word(),
            item.severity.word(),
            style.muted(&format!("{}:{}", document.report.path, item.line)),
            safe(&item.title)
        )?;
    }
    if !any {
        writeln!(
            out,
            "no items; `gonogo inspect` says of each Markdown file why it is no readiness report"
        )?;
    }
    Ok(())
}

/// Every claim and contradiction of the reports that count, as JSON.
///
/// # Errors
/// When it cannot be written.
pub fn claims_json(out: &mut dyn Write, assessment: &Assessment) -> Written {
    let document = ClaimsDto {
        schema_version: SCHEMA_VERSION,
        commit: assessment.repository.commit.as_deref(),
        claims: Stream(|| {
            claims(assessment).map(|(document, claim)| {
                let path = document.report.path.as_str();
                PlacedClaim {
                    path,
                    claim: ClaimDto::from(claim),
                    at_document_commit: claim.at_document.word(),
                    at_head: claim.at_head.word(),
                    rule: claim.rule,
                    proof: proof_of(claim, path),
                }
            })
        }),
        contradictions: Stream(|| {
            counting(assessment).flat_map(|document| {
                let path = document.report.path.as_str();
                document
                    .report
                    .contradictions
                    .iter()
                    .map(move |found| ContradictionDto::of(Some(path), found))
            })
        }),
    };
    write_json(out, &document)
}

/// Every claim and contradiction of the reports that count, one a line.
///
/// # Errors
/// When it cannot be written.
pub fn claims_text(out: &mut dyn Write, assessment: &Assessment, style: Style) -> Written {
    let mut any = false;
    for (document, claim) in claims(assessment) {
        any = true;
        writeln!(
            out,
            "{:<13}  {}  “{}”  {}",
            claim.verdict.word(),
            style.muted(&format!("{}:{}", document.report.path, claim.line)),
            safe(&claim.text),
            safe(&claim.reason)
        )?;
    }
    for document in counting(assessment) {
        for found in &document.report.contradictions {
            any = true;
            let lines: Vec<String> = found.lines.iter().map(u32::to_string).collect();
            writeln!(
                out,
                "{:<13}  {}  {}",
                "contradiction",
                style.muted(&format!("{}:{}", document.report.path, lines.join(","))),
                safe(&found.message)
            )?;
        }
    }
    if !any {
        writeln!(out, "no claim that can be checked")?;
    }
    Ok(())
}
