//! `gonogo set`: a status written back.

use std::io::Write as _;

use super::args::{Global, Set};
use super::repository::Judged;
use super::{Failure, Print, find};
use crate::edit::{self, CannotEdit, DiffLine};
use crate::engine::Wanted;
use crate::output::Style;
use crate::sources::files;
use crate::sources::write::{Gate, WriteError};
use crate::text::SourceText;

/// Plans the change on the file as it stands now, prints it, and writes it through the write gate.
pub fn set(global: &Global, set: &Set, print: &mut Print) -> Result<u8, Failure> {
    let judged = Judged::of(global, print)?;
    let style = print.style(&judged.place.settings);
    let place = find::item(&judged, &set.item)?;
    let Some((document, item, _)) = judged.assessment.item(place.0, place.1) else {
        return Err(Failure::refused(format!("there is no item `{}`", set.item)));
    };
    let path = document.report.path.clone();

    let wanted = Wanted {
        status: Some(set.status),
        note: set.note.clone(),
        owner: set.owner.clone(),
    };
    let gate = Gate::new(&judged.place.root, judged.place.settings.read_only);
    let mut once_more = true;
    let (plan, written) = loop {
        let (bytes, truncated) = files::read_in(&judged.place.root, &path, files::DOCUMENT_CAP)
            .map_err(|error| Failure::refused(error.to_string()))?;
        if truncated.is_some() {
            return Err(Failure::refused(format!(
                "`{path}` is too large: only its beginning was read, so it is not changed"
            )));
        }
        let source = SourceText::read(bytes);
        let plan = match judged
            .engine
            .plan_change(&path, item.uid, &wanted, source.bytes().clone())
        {
            Ok(plan) => plan,
            // What is wanted is so: nothing to write, and nothing failed.
            Err(CannotEdit::Already(word)) => {
                print.note(&format!("`{path}:{}` is already `{word}`", item.line));
                return Ok(0);
            }
            Err(error) => return Err(refusal(&error)),
        };
        if set.dry_run {
            write_diff(print, &plan, &source, style)?;
            print.note("nothing was written (--dry-run)");
            return Ok(0);
        }
        match gate.apply(std::slice::from_ref(&plan), &plan.why, !set.no_commit) {
            Ok(written) => {
                write_diff(print, &plan, &source, style)?;
                break (plan, written);
            }
            // Somebody wrote between reading and writing: the plan is made anew on what stands there now.
            Err(WriteError::Changed(_)) if once_more => once_more = false,
            Err(error) => return Err(Failure::refused(error.to_string())),
        }
    };
    for warning in &written.warnings {
        print.note(&format!("warning: {warning}"));
    }
    match (&written.commit, &written.why_not_committed) {
        (Some(commit), _) => {
            let short = commit.get(..10).unwrap_or(commit);
            writeln!(print.out(), "committed {short}: {}", plain(&plan.why))?;
        }
        (None, why) => {
            writeln!(print.out(), "written, not committed: {}", plain(&plan.why))?;
            let in_git = judged.assessment.repository.git;
            if !set.no_commit && in_git {
                let why = why.as_deref().unwrap_or("git gave no reason");
                return Err(
                    Failure::refused(format!("`{path}` is changed, and there is no commit: {why}"))
                        .hint("the file stays as printed above; commit it yourself, or bring it back with `git restore`"),
                );
            }
        }
    }
    Ok(0)
}

fn plain(text: &str) -> std::borrow::Cow<'_, str> {
    crate::output::style::safe(text)
}

fn refusal(error: &CannotEdit) -> Failure {
    let failure = Failure::refused(error.to_string());
    match error {
        CannotEdit::NoSuchItem(_) | CannotEdit::Changed(_) => {
            failure.hint("run it again on the file as it is now")
        }
        CannotEdit::NoWay(_) | CannotEdit::Already(_) => failure.hint("edit the line by hand"),
    }
}

fn write_diff(
    print: &mut Print,
    plan: &edit::Plan,
    source: &SourceText,
    style: Style,
) -> Result<(), Failure> {
    let out = print.out();
    writeln!(out, "{}", style.heading(plan.path.as_str()))?;
    for line in edit::diff(plan, source) {
        match line {
            DiffLine::Context(number, text) => writeln!(out, "{number:>6}   {}", plain(&text))?,
            DiffLine::Removed(number, text) => {
                writeln!(out, "{}", style.removed(&format!("{number:>6} - {text}")))?;
            }
            DiffLine::Added(number, text) => {
                writeln!(out, "{}", style.added(&format!("{number:>6} + {text}")))?;
            }
            DiffLine::Gap => writeln!(out, "{}", style.muted("     …"))?,
        }
    }
    Ok(())
}
