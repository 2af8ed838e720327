//! Where a figure comes from: evidence file, commit, age, and whether it still speaks of HEAD, in words.

use jiff::Timestamp;

use crate::app::model::Model;
use crate::app::overlays::explain::Page;
use crate::app::panes::{PaneKind, Row};
use crate::app::view::header::age;
use crate::app::view::line::{counted, short, short_path};
use crate::app::view::{Cell, Line, Role, glyphs_of};
use crate::engine::Assessment;
use crate::model::{Binding, Bound, Content, EvidenceKind, Freshness};
use crate::text::width::columns;

/// Whether a gate is about evidence of a kind, by its id.
#[must_use]
pub fn owns(kind: EvidenceKind, id: &str) -> bool {
    let word = kind.word();
    let about = |rest: &str| rest.is_empty() || rest.starts_with(':');
    let plural = id
        .strip_prefix(word)
        .map(|rest| rest.strip_prefix('s').unwrap_or(rest));
    plural.is_some_and(about) || id.strip_prefix("evidence:") == Some(word)
}

/// Whether it still speaks of HEAD: word and role.
#[must_use]
pub const fn freshness(bound: &Bound) -> (&'static str, Role) {
    if bound.superseded_by.is_some() {
        return ("superseded", Role::Muted);
    }
    match bound.freshness {
        Freshness::Fresh => ("fresh", Role::Success),
        Freshness::Aging => ("aging", Role::Warning),
        Freshness::Stale => ("stale", Role::Warning),
        Freshness::Expired => ("expired", Role::Error),
    }
}

/// How its commit stands to HEAD, in a few words.
#[must_use]
pub fn binding(bound: &Bound) -> String {
    let commit = bound.commit.as_ref().map_or("", |commit| commit.short());
    match bound.binding {
        Binding::Exact => format!("{commit} is HEAD"),
        Binding::Ancestor {
            commits,
            relevant_files_changed: 0,
        } => format!(
            "{commit}, {} before HEAD",
            counted(commits as usize, "commit", "commits")
        ),
        Binding::Ancestor {
            commits,
            relevant_files_changed,
        } => format!(
            "{commit}, {} before HEAD, {} since",
            counted(commits as usize, "commit", "commits"),
            counted(
                relevant_files_changed as usize,
                "source file changed",
                "source files changed"
            )
        ),
        Binding::Descendant => format!("{commit} is after HEAD"),
        Binding::Dirty => format!("{commit} with uncommitted changes")
            .trim_start()
            .to_owned(),
        Binding::Unrelated => "unrelated to HEAD".to_owned(),
        Binding::Unbound => "no commit is known".to_owned(),
    }
}

/// How old it is; empty when nobody knows.
#[must_use]
pub fn how_old(bound: &Bound, now: Timestamp) -> String {
    let Some(at) = bound.produced_at else {
        return String::new();
    };
    match age(now.as_second().saturating_sub(at.as_second())).as_str() {
        "now" => "just now".to_owned(),
        age => format!("{age} old"),
    }
}

/// `lcov.info: a1b2c3d is HEAD, fresh, 3h old` for the detail of a figure.
#[must_use]
pub fn words(bound: &Bound, now: Timestamp) -> String {
    let age = how_old(bound, now);
    let comma = if age.is_empty() { "" } else { ", " };
    format!(
        "{}: {}; {}{comma}{age}",
        bound.file.source,
        binding(bound),
        freshness(bound).0
    )
}

/// `lcov.info a1b2c3d fresh, 3h old`: the same in a few columns.
#[must_use]
pub fn note(bound: &Bound, now: Timestamp) -> Line {
    let commit = bound.commit.as_ref().map_or("no commit", |commit| commit.short());
    let name = bound.file.source.rsplit('/').next().unwrap_or_default();
    let (word, role) = freshness(bound);
    let age = how_old(bound, now);
    let comma = if age.is_empty() { "" } else { ", " };
    Line::of(format!(" {} {commit} ", short_path(name, 24, "")), Role::Muted)
        .and(word, role)
        .and(format!("{comma}{age} "), Role::Muted)
}

/// The evidence files behind a figure, as fields of a page.
pub(in crate::app) fn fields(
    model: &Model,
    assessment: &Assessment,
    files: impl Iterator<Item = u32>,
    page: &mut Page,
) {
    const SHOWN: usize = 8;
    let files: Vec<u32> = files.collect();
    for bound in files
        .iter()
        .take(SHOWN)
        .filter_map(|file| assessment.gathered.files.get(*file as usize))
    {
        page.field("evidence", &words(bound, model.now), freshness(bound).1);
        // "Unrelated" alone does not say to what.
        if bound.binding == Binding::Unrelated {
            page.field("", &bound.why, Role::Muted);
        }
    }
    if files.len() > SHOWN {
        let more = counted(files.len() - SHOWN, "more file", "more files");
        page.field("", &format!("and {more}"), Role::Muted);
    }
}

/// An evidence file in `width` columns.
pub(super) fn line(model: &Model, bound: &Bound, width: usize) -> Line {
    let cut = glyphs_of(model).ellipsis();
    let (word, role) = freshness(bound);
    let (word, role) = match &bound.file.content {
        Ok(_) => (word, role),
        Err(_) => ("unreadable", Role::Error),
    };
    let mut right = vec![Cell::new(format!(" {word}"), role)];
    let age = how_old(bound, model.now);
    if !age.is_empty() && width >= 40 {
        right.push(Cell::new(format!(", {age}"), Role::Muted));
    }
    let used: usize = right.iter().map(|cell| columns(&cell.text)).sum();
    let room = width.saturating_sub(used + 1);
    let binding = binding(bound);
    let path = short_path(
        &bound.file.source,
        room.saturating_sub(columns(&binding) + 2).max(room / 2),
        cut,
    );
    let rest = room.saturating_sub(columns(&path) + 2);
    Line {
        right,
        ..Line::of(path, Role::Link).and(format!("  {}", short(&binding, rest, cut)), Role::Muted)
    }
}

/// The row of an evidence file.
pub(super) fn row(pane: PaneKind, assessment: &Assessment, file: u32) -> Option<Row> {
    let bound = assessment.gathered.files.get(file as usize)?;
    let source = &bound.file.source;
    Some(Row {
        pane,
        key: format!("file:{source}").into(),
        label: short_path(source, 40, "").into(),
        // What a tool wrote is for tools; its text beside its own row would only cost.
        place: None,
    })
}

/// Everything that is known of an evidence file.
pub(super) fn explain(model: &Model, assessment: &Assessment, source: &str, page: &mut Page) {
    let files = &assessment.gathered.files;
    let Some(bound) = files.iter().find(|bound| *bound.file.source == *source) else {
        return;
    };
    page.head(source);
    page.field("format", bound.file.format, Role::Text);
    page.field("commit", &binding(bound), Role::Text);
    page.field("known by", &bound.why, Role::Text);
    let (word, role) = freshness(bound);
    page.field("freshness", word, role);
    if let Some(at) = bound.produced_at {
        page.field(
            "made",
            &format!("{at} ({})", how_old(bound, model.now)),
            Role::Text,
        );
    }
    if let Some(newer) = bound.superseded_by.and_then(|newer| files.get(newer as usize)) {
        page.field(
            "superseded",
            &format!("by {}, which is newer", newer.file.source),
            Role::Warning,
        );
    }
    let problems = match &bound.file.content {
        Ok(Content::Coverage(report)) => report.problems.as_slice(),
        Ok(Content::Scan(report)) => report.problems.as_slice(),
        Ok(Content::Tests(report)) => report.problems.as_slice(),
        Err(problem) => std::slice::from_ref(problem),
    };
    for problem in problems.iter().take(20) {
        page.field("problem", &problem.to_string(), Role::Warning);
    }
}
