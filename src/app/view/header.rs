//! The first line: verdict, repository, branch, commit, counts, read-only, age. On screen at every size; the least
//! important parts go first, the verdict, branch, commit and read-only never.

use super::line::{number, short};
use super::{Cell, Line, Role, glyphs_of};
use crate::app::model::Model;
use crate::model::{CiFacts, Collection};
use crate::text::width::columns;

/// A part of the first line; those with the highest rank go first when there is no room, rank 0 never.
struct Part {
    rank: u8,
    gap: &'static str,
    text: String,
    role: Role,
}

/// The first line.
#[must_use]
pub fn header(model: &Model) -> Line {
    let width = usize::from(model.size.0);
    let mut parts = parts(model);
    let total = |parts: &[Part]| {
        let texts = parts.iter().enumerate();
        texts
            .map(|(n, part)| columns(&part.text) + if n == 0 { 0 } else { columns(part.gap) })
            .sum::<usize>()
    };
    while total(&parts) > width {
        let worst = parts
            .iter()
            .enumerate()
            .max_by_key(|(_, part)| part.rank)
            .filter(|(_, part)| part.rank > 0);
        let Some((at, _)) = worst else { break };
        parts.remove(at);
    }
    let over = total(&parts).saturating_sub(width);
    // What never goes is squeezed: first the gaps, then a long branch name.
    if over > 0 {
        parts.iter_mut().for_each(|part| part.gap = " ");
        let over = total(&parts).saturating_sub(width);
        if let Some(branch) = parts.iter_mut().find(|part| part.role == Role::Strong) {
            let room = columns(&branch.text).saturating_sub(over).max(3);
            branch.text = short(&branch.text, room, glyphs_of(model).ellipsis());
        }
    }
    let mut line = Line::default();
    for (n, part) in parts.into_iter().enumerate() {
        if n > 0 {
            line.cells.push(Cell::new(part.gap, Role::Text));
        }
        line.cells.push(Cell::new(part.text, part.role));
    }
    line
}

/// The verdict's word and role as they may be shown now: a GO only when everything was read.
#[must_use]
pub fn verdict(model: &Model) -> (&'static str, Role) {
    match model.verdict() {
        None => (glyphs_of(model).ellipsis(), Role::Muted),
        Some(verdict) => (verdict.word(), glyphs_of(model).verdict(verdict).1),
    }
}

fn parts(model: &Model) -> Vec<Part> {
    let mut parts = Vec::new();
    let cut = glyphs_of(model).ellipsis();
    let mut push = |rank, gap, text: String, role| {
        parts.push(Part {
            rank,
            gap,
            text,
            role,
        });
    };
    let (word, role) = verdict(model);
    push(0, "", word.to_owned(), role);
    if let Some(assessment) = &model.assessment {
        let repository = &assessment.repository;
        push(5, "  ", short(&repository.name, 40, cut), Role::Text);
        let branch = match (&repository.branch, repository.git) {
            (Some(branch), _) => branch,
            (None, true) => "detached",
            (None, false) => "no git",
        };
        push(0, " ", short(branch, 60, cut), Role::Strong);
        if let Some(commit) = repository.short_commit() {
            push(0, " ", short(commit, 7, ""), Role::Text);
        } else if repository.git {
            push(0, " ", "no commit".to_owned(), Role::Text);
        }
        if repository.dirty {
            push(8, " ", "uncommitted".to_owned(), Role::Warning);
        }
        let counts = &assessment.counts;
        let dot = glyphs_of(model).dot();
        push(
            2,
            "  ",
            format!("{} blocking", number(counts.blocking as usize)),
            Role::Text,
        );
        if counts.conflicted > 0 {
            push(
                7,
                dot,
                format!("{} conflicted", number(counts.conflicted as usize)),
                Role::Text,
            );
        }
        if counts.contradictions > 0 {
            push(
                6,
                dot,
                format!("{} contradictions", number(counts.contradictions as usize)),
                Role::Text,
            );
        }
    }
    if let Some(ci) = model
        .assessment
        .as_ref()
        .and_then(|assessment| assessment.ci.as_ref())
    {
        let (text, role) = ci_age(model, &ci.facts);
        push(9, "  ", text, role);
    }
    if !model.settled() {
        let (read, found) = (model.progress.read as usize, model.progress.found as usize);
        let text = if found == 0 {
            "reading".to_owned()
        } else {
            format!("reading {} of {}", number(read), number(found))
        };
        push(3, "  ", text, Role::Hold);
    }
    if !model.live {
        push(1, "  ", "frozen".to_owned(), Role::Warning);
    }
    if model.settings.read_only {
        push(0, "  ", "read-only".to_owned(), Role::Warning);
    }
    if let Some(assessment) = &model.assessment {
        push(
            4,
            "  ",
            age(model.now.as_second() - assessment.at.as_second()),
            Role::Muted,
        );
    }
    parts
}

/// How old what CI says is, and whether it can be refreshed.
fn ci_age(model: &Model, facts: &CiFacts) -> (String, Role) {
    match &facts.none {
        Some(Collection::Fetching) => ("CI asked".to_owned(), Role::Muted),
        Some(Collection::Absent) => ("no CI".to_owned(), Role::Muted),
        Some(_) => ("CI not asked".to_owned(), Role::Warning),
        None => {
            let failing = facts.sources.values().any(|state| {
                matches!(
                    state.collection,
                    Collection::Error(_) | Collection::RateLimited(_) | Collection::Unauthorised(_)
                )
            });
            let age = facts.as_of().map_or_else(
                || "never read".to_owned(),
                |at| age(model.now.as_second() - at.as_second()),
            );
            if failing {
                (format!("CI {age}, in part"), Role::Warning)
            } else {
                (format!("CI {age}"), Role::Muted)
            }
        }
    }
}

/// `now`, `3m`, `2h`, `5d`: whole minutes at the finest, so that nothing needs a tick each second.
pub(in crate::app) fn age(seconds: i64) -> String {
    match seconds / 60 {
        ..=0 => "now".to_owned(),
        minutes @ 1..=59 => format!("{minutes}m"),
        minutes @ 60..=2879 => format!("{}h", minutes / 60),
        minutes => format!("{}d", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_whole_minutes() {
        let ages = [-5, 0, 59, 60, 3599, 3600, 172_799, 172_800].map(age);
        assert_eq!(ages, ["now", "now", "now", "1m", "59m", "1h", "47h", "2d"]);
    }
}
