//! `gonogo explain`.

use super::args::Global;
use super::repository::Judged;
use super::{Failure, Print, find};
use crate::output::explain::{self, Said};

/// Says why an item, gate or claim stands where it stands.
pub fn explain(global: &Global, what: &str, print: &mut Print) -> Result<u8, Failure> {
    let judged = Judged::with_ci(global, print)?;
    let style = print.style(&judged.place.settings);
    let assessment = &judged.assessment;

    if let Some(gate) = assessment.gates.iter().find(|gate| gate.id == what) {
        explain::gate(print.out(), assessment, gate, style)?;
        return Ok(0);
    }
    let mut found = false;
    if let Some((path, line)) = find::path_and_line(&judged, what) {
        let source = judged.text_of(&path);
        let id = format!("document:{path}:{line}");
        for gate in assessment.gates.iter().filter(|gate| gate.id == id) {
            explain::gate(print.out(), assessment, gate, style)?;
            found = true;
        }
        let document = assessment
            .document(&path)
            .and_then(|index| assessment.documents.get(index));
        if let Some(document) = document {
            let report = &document.report;
            let claims = document
                .claims
                .iter()
                .filter(|claim| claim.line == line)
                .map(Said::Claim);
            let contradictions = report
                .contradictions
                .iter()
                .filter(|contradiction| contradiction.lines.contains(&line))
                .map(Said::Contradiction);
            let declared = report
                .declared_verdicts
                .iter()
                .filter(|declared| declared.line == line)
                .map(Said::Declared);
            for said in claims.chain(contradictions).chain(declared) {
                explain::said(print.out(), document, said, source.as_ref(), style)?;
                found = true;
            }
        }
    }
    match find::item(&judged, what) {
        Ok(place) => {
            let document = assessment
                .item(place.0, place.1)
                .map(|(document, ..)| document.report.clone());
            // Marks are byte ranges: they are shown only on the very bytes that were judged.
            let source = document.and_then(|report| {
                judged
                    .text_of(&report.path)
                    .filter(|source| source.hash() == report.hash)
            });
            explain::item(print.out(), assessment, place, source.as_ref(), style)?;
            Ok(0)
        }
        Err(_) if found => Ok(0),
        Err(failure) => Err(failure),
    }
}
