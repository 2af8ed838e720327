//! Sums over entries: the groups of a table and its first row, with the evidence that they stand on.

use super::{Listed, provenance};
use crate::app::model::Model;
use crate::app::overlays::explain::Page;
use crate::app::panes::Row;
use crate::app::view::Role;
use crate::app::view::line::short;
use crate::engine::Assessment;

/// The row of a sum over entries: it has no place of its own.
pub(super) fn row<L: Listed>(key: String, name: &str) -> Row {
    Row {
        pane: L::KIND,
        key: key.into(),
        label: short(name, 40, "").into(),
        place: None,
    }
}

/// What is known of a sum over entries: its name, and the files that it stands on.
pub(super) fn explain<L: Listed>(model: &Model, assessment: &Assessment, row: &Row, page: &mut Page) {
    let table = L::state(&model.panes).shown.as_ref().map(|(_, table)| table);
    let group = row.key.strip_prefix("group:").and_then(|key| {
        let mut groups = table?.groups.iter();
        groups.find(|group| *group.key == *key)
    });
    match group {
        Some(group) => {
            page.head(&group.name);
            let line = L::group_line(model, group, 200);
            let cells = line.cells.iter().chain(&line.right);
            let words: String = cells.map(|cell| &*cell.text).collect();
            if group.entries > 0 {
                page.field("comes to", words.trim(), Role::Text);
            }
        }
        None => {
            page.head(L::TITLE);
            page.field("shows", L::ABOUT, Role::Text);
        }
    }
    let files = (0..).zip(&assessment.gathered.files);
    let files = files.filter(|(_, bound)| Some(bound.file.kind) == L::EVIDENCE);
    provenance::fields(model, assessment, files.map(|(at, _)| at), page);
}
