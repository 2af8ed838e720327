//! Plans applied, reversed and joined: arithmetic of byte ranges, no meaning.

use super::{CannotEdit, Edit, Plan};
use crate::text::{ContentHash, Span};

/// Applies a plan to the bytes it was made for.
///
/// # Errors
/// When the bytes differ from those planned on.
pub fn apply(plan: &Plan, bytes: &[u8]) -> Result<Vec<u8>, CannotEdit> {
    let changed = || CannotEdit::Changed(plan.path.clone());
    if ContentHash::of(bytes) != plan.base {
        return Err(changed());
    }
    let mut out = Vec::with_capacity(bytes.len() + 64);
    let mut at = 0;
    for edit in &plan.edits {
        let range = edit.span.range();
        if bytes.get(range.clone()) != Some(&*edit.expect) {
            return Err(changed());
        }
        out.extend_from_slice(bytes.get(at..range.start).ok_or_else(changed)?);
        out.extend_from_slice(&edit.put);
        at = range.end;
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    Ok(out)
}

/// The plan that brings the former bytes back, made for the bytes that `plan` gives.
///
/// # Errors
/// When `old` is not what the plan was made for.
pub fn inverse(plan: &Plan, old: &[u8]) -> Result<Plan, CannotEdit> {
    let new = apply(plan, old)?;
    let mut edits = Vec::with_capacity(plan.edits.len());
    let (mut put, mut taken) = (0_usize, 0_usize);
    for edit in &plan.edits {
        let start = edit.span.range().start + put - taken;
        edits.push(Edit {
            span: Span::of(start, start + edit.put.len()),
            expect: edit.put.clone(),
            put: edit.expect.clone(),
        });
        put += edit.put.len();
        taken += edit.expect.len();
    }
    Ok(Plan {
        path: plan.path.clone(),
        base: ContentHash::of(&new),
        edits,
        why: format!("undo {}", plan.why),
        items: Vec::new(),
    })
}

/// Joins several plans for one document into one. Edits that two plans share are made once.
///
/// # Errors
/// When there is no plan, when they were made for different contents or documents, or when two of them want
/// different things of the same bytes.
pub fn merge(plans: &[Plan]) -> Result<Plan, CannotEdit> {
    let Some(first) = plans.first() else {
        return Err(CannotEdit::NoWay("there is nothing to change".to_owned()));
    };
    if plans
        .iter()
        .any(|plan| plan.path != first.path || plan.base != first.base)
    {
        return Err(CannotEdit::Changed(first.path.clone()));
    }
    let mut edits: Vec<Edit> = Vec::new();
    for edit in plans.iter().flat_map(|plan| &plan.edits) {
        if !edits.contains(edit) {
            edits.push(edit.clone());
        }
    }
    // Stable: two insertions at one place stay in the order of their plans.
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let overlap = edits
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if b.span.start < a.span.end));
    if overlap {
        return Err(CannotEdit::NoWay(format!(
            "two of the changes want different things of the same place in `{}`",
            first.path
        )));
    }
    let whys: Vec<&str> = plans.iter().map(|plan| plan.why.as_str()).collect();
    Ok(Plan {
        path: first.path.clone(),
        base: first.base,
        edits,
        why: whys.join(", "),
        items: plans.iter().flat_map(|plan| plan.items.iter().copied()).collect(),
    })
}
