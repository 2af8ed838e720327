//! Pane 5: the coverage of the sources as a tree of folders with bars; worst first, by name or by uncovered lines.
//! Percentages are rounded down, so that 100 % is only what is wholly covered.

use super::table::{Ask, Builder, Group, Listed, State as Table, provenance};
use super::{PaneKind, Panes, Place, Row};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::overlays::explain::Page;
use crate::app::view::line::{fit, number, short_path};
use crate::app::view::{Cell, Line, Role, glyphs_of};
use crate::engine::Assessment;
use crate::model::{CoveredFile, EvidenceKind, Freshness, Gathered, LineSet, Ratio, RepoPath};
use crate::text::width::columns;

mod tree;

/// What the pane remembers.
pub type State = Table;

/// The pane.
pub(super) struct Coverage;

fn file(gathered: &Gathered, entry: u32) -> Option<&CoveredFile> {
    gathered.coverage.files.get(entry as usize)
}

/// Tenths of a percent, rounded down; `None` when there is nothing to cover.
fn tenths(ratio: Ratio) -> Option<u64> {
    let covered = u128::from(ratio.covered) * 1_000;
    let tenths = covered.checked_div(u128::from(ratio.total))?;
    u64::try_from(tenths).ok()
}

/// `83.3%`.
fn percent(ratio: Ratio) -> String {
    tenths(ratio).map_or_else(
        || "nothing".to_owned(),
        |tenths| format!("{}.{}%", tenths / 10, tenths % 10),
    )
}

fn figures(ratio: Ratio) -> String {
    let of = |n: u64| number(usize::try_from(n).unwrap_or(usize::MAX));
    format!("{}/{}", of(ratio.covered), of(ratio.total))
}

/// Whether the figures of a file speak of another content than HEAD's.
fn stale(gathered: &Gathered, file: &CoveredFile) -> bool {
    let mut sources = file
        .sources
        .iter()
        .filter_map(|at| gathered.files.get(*at as usize));
    sources.any(|bound| bound.freshness >= Freshness::Stale)
}

/// `branches 4/8  █████░░░░░ 83.3%  10/12` as the right cells of a row.
fn bar(model: &Model, lines: Option<Ratio>, branches: Option<Ratio>) -> Vec<Cell> {
    let glyphs = glyphs_of(model);
    // The same columns in every row, however far it is indented.
    let width = model
        .layout()
        .list
        .map_or(0, |area| usize::from(area.width))
        .saturating_sub(4);
    let mut right = Vec::new();
    if let Some(branches) = branches.filter(|branches| width >= 76 && branches.total > 0) {
        right.push(Cell::new(
            format!(" {} branches ", percent(branches)),
            Role::Muted,
        ));
    }
    let Some(lines) = lines.filter(|lines| lines.total > 0) else {
        right.push(Cell::new(" no lines", Role::Muted));
        return right;
    };
    let cells = if width >= 60 { 10 } else { 5 };
    let full = u128::from(lines.covered) * cells as u128 / u128::from(lines.total);
    let full = usize::try_from(full).unwrap_or(0).min(cells);
    right.push(Cell::new(" ", Role::Text));
    right.push(Cell::new(glyphs.full().repeat(full), Role::BarFull));
    right.push(Cell::new(glyphs.empty().repeat(cells - full), Role::BarEmpty));
    right.push(Cell::new(format!(" {:>6}", percent(lines)), Role::Text));
    if width >= 44 {
        let figures = figures(lines);
        let wide = figures.len().max(9);
        right.push(Cell::new(format!(" {}", fit(&figures, wide, "")), Role::Muted));
    }
    right
}

impl Listed for Coverage {
    const KIND: PaneKind = PaneKind::Coverage;
    const TITLE: &'static str = "Coverage";
    const ABOUT: &'static str =
        "the coverage of the sources by folder, worst first; enter shows the lines that no test ran";
    const COMMAND: Command = Command::GoCoverage;
    const SORTS: &'static [&'static str] = &["worst first", "by name", "most uncovered first"];
    const GROUPS: &'static [&'static str] = &["by folder", "files"];
    const FIELDS: &'static [(&'static str, &'static str)] = &[
        ("file:", "part of the file's path"),
        ("is:", "covered uncovered stale unmapped"),
    ];
    const EVIDENCE: Option<EvidenceKind> = Some(EvidenceKind::Coverage);
    const EMPTY: &'static [&'static str] = &[
        "No coverage file was found.",
        "Let the test runner write one into the repository, then press r:",
        "cargo llvm-cov --lcov --output-path lcov.info",
        "pytest --cov --cov-report=xml",
        "go test -coverprofile=cover.out ./...",
        "npx jest --coverage",
        "lcov, Cobertura, JaCoCo, Clover, Go, Istanbul, coverage.py and others are read.",
    ];

    fn state(panes: &Panes) -> &Table {
        &panes.coverage
    }

    fn state_mut(panes: &mut Panes) -> &mut Table {
        &mut panes.coverage
    }

    fn len(assessment: &Assessment) -> usize {
        assessment.gathered.coverage.files.len()
    }

    fn summary(model: &Model, assessment: &Assessment, _width: usize) -> Line {
        let totals = assessment.gathered.coverage.totals;
        let mut line = Line::of("All sources", Role::Strong);
        let stale = assessment.gathered.files.iter().any(|bound| {
            bound.file.kind == EvidenceKind::Coverage
                && bound.superseded_by.is_none()
                && bound.freshness >= Freshness::Stale
        });
        if stale {
            line = line.and("  stale: not of HEAD", Role::Warning);
        }
        line.right = bar(model, totals.lines, totals.branches);
        line
    }

    fn arrange(assessment: &Assessment, ask: &Ask, table: &mut Builder) {
        tree::arrange(&assessment.gathered, ask, table);
    }

    fn row(assessment: &Assessment, entry: u32) -> Option<Row> {
        let file = file(&assessment.gathered, entry)?;
        let path = RepoPath::new(&file.path).filter(|_| file.mapped);
        let first = file
            .lines
            .iter()
            .find(|(_, ran)| !ran)
            .map_or(1, |(line, _)| line.max(1));
        Some(Row {
            pane: PaneKind::Coverage,
            key: file.path.clone(),
            label: short_path(&file.path, 40, "").into(),
            place: path.map(|path| Place {
                path,
                line: first,
                uid: None,
            }),
        })
    }

    fn find(assessment: &Assessment, key: &str) -> Option<u32> {
        let files = &assessment.gathered.coverage.files;
        let at = files.binary_search_by(|file| (*file.path).cmp(key)).ok()?;
        u32::try_from(at).ok()
    }

    fn line(model: &Model, assessment: &Assessment, entry: u32, width: usize) -> Line {
        let gathered = &*assessment.gathered;
        let Some(file) = file(gathered, entry) else {
            return Line::default();
        };
        let cut = glyphs_of(model).ellipsis();
        let tree = Self::state(&model.panes).ask.group == 0 && file.mapped;
        let name = if tree {
            file.path.rsplit('/').next().unwrap_or(&file.path)
        } else {
            &file.path
        };
        let right = bar(model, file.line_ratio, file.branches);
        let old = if stale(gathered, file) { " stale" } else { "" };
        let used: usize = right.iter().map(|cell| columns(&cell.text)).sum();
        let room = width.saturating_sub(used + old.len() + 1);
        let role = if file.mapped { Role::Text } else { Role::Muted };
        Line {
            right,
            ..Line::of(short_path(name, room, cut), role).and(old, Role::Warning)
        }
    }

    fn group_line(model: &Model, group: &Group, _width: usize) -> Line {
        let [covered, total, taken, seen] = group.figures;
        let branches = (seen > 0).then(|| Ratio::new(taken, seen));
        Line {
            right: bar(model, Some(Ratio::new(covered, total)), branches),
            ..Line::default()
        }
    }

    fn copy(assessment: &Assessment, entry: u32) -> Option<String> {
        let file = file(&assessment.gathered, entry).filter(|file| !file.mapped)?;
        Some(crate::text::clean::clean(&file.path).into_owned())
    }

    fn evidence(assessment: &Assessment, entry: u32) -> Option<u32> {
        file(&assessment.gathered, entry)?.sources.first().copied()
    }

    fn explain(model: &Model, assessment: &Assessment, entry: u32, page: &mut Page) {
        let gathered = &*assessment.gathered;
        let Some(file) = file(gathered, entry) else {
            return;
        };
        page.head(&file.path);
        let known = [
            ("lines", file.line_ratio),
            ("branches", file.branches),
            ("functions", file.functions),
        ];
        for (name, ratio) in known {
            if let Some(ratio) = ratio {
                let text = format!("{} ({})", percent(ratio), figures(ratio));
                page.field(name, &text, Role::Text);
            }
        }
        let ranges = uncovered(&file.lines);
        if !ranges.is_empty() {
            page.field("not covered", &ranges, Role::Open);
        }
        if !file.mapped {
            page.field(
                "where",
                "this path was found nowhere in the repository",
                Role::Warning,
            );
        }
        if stale(gathered, file) {
            let text = "the evidence is stale: lines may have moved since it was made";
            page.field("beware", text, Role::Warning);
        }
        provenance::fields(model, assessment, file.sources.iter().copied(), page);
    }
}

/// `3, 7-12, 40 and 5 more`: the lines that did not run.
fn uncovered(lines: &LineSet) -> String {
    const RANGES: usize = 24;
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    let mut open = false;
    for (line, ran) in lines.iter() {
        match ranges.last_mut() {
            // Lines without code between two uncovered ones do not part them.
            Some((_, last)) if open && !ran => *last = line,
            _ if !ran => ranges.push((line, line)),
            _ => {}
        }
        open = !ran;
    }
    let text = |(first, last): &(u32, u32)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    };
    let mut out = ranges
        .iter()
        .take(RANGES)
        .map(text)
        .collect::<Vec<_>>()
        .join(", ");
    if ranges.len() > RANGES {
        out.push_str(&format!(" and {} more", number(ranges.len() - RANGES)));
    }
    out
}

#[cfg(test)]
mod checks {
    use super::*;

    #[test]
    fn a_percentage_is_rounded_down() {
        let of = |covered, total| percent(Ratio { covered, total });
        assert_eq!(of(2, 3), "66.6%");
        assert_eq!(of(99_999, 100_000), "99.9%");
        assert_eq!(of(5, 5), "100.0%");
        assert_eq!(of(0, 0), "nothing");
        assert_eq!(of(u64::MAX, u64::MAX), "100.0%");
    }

    #[test]
    fn uncovered_lines_are_told_as_ranges() {
        let mut lines = LineSet::default();
        for (line, ran) in [
            (1, true),
            (3, false),
            (4, false),
            (9, false),
            (10, true),
            (12, false),
        ] {
            lines.add(line, ran);
        }
        assert_eq!(uncovered(&lines), "3-9, 12");
        assert_eq!(uncovered(&LineSet::default()), "");
    }
}
