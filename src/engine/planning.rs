//! Plans of changes, each read back before anybody gets it.

use std::sync::Arc;

use super::Engine;
use crate::edit::{self, CannotEdit, Plan, plan_candidates, plan_note};
use crate::model::{Item, RepoPath, Report, Status, Uid};
use crate::report::{ReadAs, parse_report, parse_source};
use crate::text::SourceText;

/// What a person wants of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The new status.
    pub status: Option<Status>,
    /// A note behind the item's words.
    pub note: Option<String>,
    /// An owner behind the item's words.
    pub owner: Option<String>,
}

impl Engine {
    /// Plans a status change of an item on the document's present bytes. When they are not those that were
    /// judged, the item is found again by its uid.
    ///
    /// # Errors
    /// See [`CannotEdit`].
    pub fn plan(&self, path: &RepoPath, uid: Uid, to: Status, bytes: Arc<[u8]>) -> Result<Plan, CannotEdit> {
        let wanted = Wanted {
            status: Some(to),
            ..Wanted::default()
        };
        self.plan_change(path, uid, &wanted, bytes)
    }

    /// Plans a status, a note and an owner at once.
    ///
    /// # Errors
    /// See [`CannotEdit`].
    pub fn plan_change(
        &self,
        path: &RepoPath,
        uid: Uid,
        wanted: &Wanted,
        bytes: Arc<[u8]>,
    ) -> Result<Plan, CannotEdit> {
        let source = SourceText::read(bytes);
        let report = match self.documents.get(path) {
            Some(report) if report.hash == source.hash() => Arc::clone(report),
            _ => Arc::new(parse_source(path.clone(), &source, counting())),
        };
        let item = report
            .items
            .iter()
            .find(|item| item.uid == uid)
            .ok_or_else(|| CannotEdit::NoSuchItem(path.clone()))?;
        if report.truncated.is_some() {
            return Err(CannotEdit::NoWay(format!(
                "only the beginning of `{path}` was read, so it is not changed"
            )));
        }

        let noted = (wanted.note.is_some() || wanted.owner.is_some())
            .then(|| {
                plan_note(
                    &source,
                    &report,
                    item,
                    wanted.note.as_deref(),
                    wanted.owner.as_deref(),
                )
            })
            .transpose()?;
        let candidates: Vec<Plan> = match (wanted.status, noted) {
            (None, None) => {
                return Err(CannotEdit::NoWay("no status, note or owner is wanted".to_owned()));
            }
            (None, Some(noted)) => vec![noted],
            (Some(to), Some(noted)) if to == item.declared => vec![noted],
            (Some(to), None) if to == item.declared => return Err(CannotEdit::Already(to.word())),
            (Some(to), noted) => {
                let ways = plan_candidates(&source, &report, item, to).into_iter();
                match noted {
                    Some(noted) => ways
                        .filter_map(|way| edit::merge(&[way, noted.clone()]).ok())
                        .collect(),
                    None => ways.collect(),
                }
            }
        };
        first_that_reads_back(candidates, &source, &report, item, wanted.status)
    }
}

const fn counting() -> ReadAs {
    ReadAs {
        counts: Some(true),
        truncated: None,
    }
}

/// The first plan after which the document says what was asked for. A plan that cannot show that is worse than none.
fn first_that_reads_back(
    candidates: Vec<Plan>,
    source: &SourceText,
    report: &Report,
    item: &Item,
    to: Option<Status>,
) -> Result<Plan, CannotEdit> {
    let mut refusal = match to {
        Some(to) => format!("no way is known to write `{}` here", to.word()),
        None => "no way is known to write that here".to_owned(),
    };
    for plan in candidates {
        match read_back(&plan, source, report, item, to.unwrap_or(item.declared)) {
            Ok(()) => return Ok(plan),
            Err(why) => refusal = why,
        }
    }
    Err(CannotEdit::NoWay(format!(
        "`{}:{}`: {refusal}",
        report.path, item.line
    )))
}

/// Whether, after the plan, the item says what was asked for and every other item what it said before.
fn read_back(
    plan: &Plan,
    source: &SourceText,
    before: &Report,
    item: &Item,
    to: Status,
) -> Result<(), String> {
    let bytes = edit::apply(plan, source.bytes()).map_err(|error| error.to_string())?;
    let after = parse_report(before.path.clone(), bytes.into(), counting());
    if after.items.len() != before.items.len() {
        return Err("after the change the document would read as other items".to_owned());
    }
    for (old, new) in before.items.iter().zip(&after.items) {
        let wanted = if old.uid == item.uid { to } else { old.declared };
        if old.uid != new.uid {
            return Err(format!(
                "after the change the item in line {} would be another one",
                new.line
            ));
        }
        if new.declared != wanted {
            return Err(format!(
                "after the change the item in line {} would read as `{}`",
                new.line,
                new.declared.word()
            ));
        }
    }
    Ok(())
}
