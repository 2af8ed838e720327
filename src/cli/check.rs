//! `gonogo`, `gonogo check`, `gonogo items`, `gonogo claims`.

use std::io::IsTerminal as _;

use super::args::{CheckFormat, Global, ListFormat};
use super::repository::{Judged, Place};
use super::{Failure, Print, github};
use crate::output;
use crate::runtime::{self, Start};

/// The cockpit on a terminal; otherwise what `check` prints.
pub fn cockpit_or_text(global: &Global, print: &mut Print) -> Result<u8, Failure> {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return check(global, CheckFormat::Text, print);
    }
    let place = Place::find(global)?;
    cockpit(place, false)
}

/// Runs the cockpit; a broken configuration is shown inside of it.
pub fn cockpit(place: Place, guided: bool) -> Result<u8, Failure> {
    let start = Start {
        root: place.root,
        settings: place.settings,
        problems: place.problems,
        network: place.network,
        guided,
    };
    runtime::run(start).map_err(|error| {
        let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
        Failure::refused(chain.join(": ")).hint("`gonogo check` prints the verdict without a cockpit")
    })?;
    Ok(0)
}

/// Computes the verdict once.
pub fn check(global: &Global, format: CheckFormat, print: &mut Print) -> Result<u8, Failure> {
    check_and_publish(global, format, false, print)
}

/// Computes the verdict once, and publishes it when that is wanted.
pub fn check_and_publish(
    global: &Global,
    format: CheckFormat,
    publish: bool,
    print: &mut Print,
) -> Result<u8, Failure> {
    let judged = Judged::with_ci(global, print)?;
    let assessment = &judged.assessment;
    let style = print.style(&judged.place.settings);
    let out = print.out();
    match format {
        CheckFormat::Text => output::check::text(out, assessment, style)?,
        CheckFormat::Json => output::check::json(out, assessment)?,
        CheckFormat::Markdown => output::markdown::check(out, assessment)?,
        CheckFormat::Github => output::github::check(out, assessment)?,
    }
    if publish {
        github::publish(&judged, print)?;
    }
    Ok(assessment.verdict.exit_code())
}

/// Every item with its state.
pub fn items(global: &Global, format: ListFormat, print: &mut Print) -> Result<u8, Failure> {
    let judged = Judged::of(global, print)?;
    let style = print.style(&judged.place.settings);
    match format {
        ListFormat::Text => output::lists::items_text(print.out(), &judged.assessment, style)?,
        ListFormat::Json => output::lists::items_json(print.out(), &judged.assessment)?,
    }
    Ok(0)
}

/// Every claim with its verdict and proof.
pub fn claims(global: &Global, format: ListFormat, print: &mut Print) -> Result<u8, Failure> {
    let judged = Judged::of(global, print)?;
    let style = print.style(&judged.place.settings);
    match format {
        ListFormat::Text => output::lists::claims_text(print.out(), &judged.assessment, style)?,
        ListFormat::Json => output::lists::claims_json(print.out(), &judged.assessment)?,
    }
    Ok(0)
}
