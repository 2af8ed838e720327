use std::sync::Arc;

use super::*;
use crate::model::{
    Item, Mark, MarkKind, RepoPath, Requirement, Section, Severity, SeveritySource, Shape, Stage, Status, Uid,
};
use crate::report::{ReadAs, parse_source};
use crate::text::Span;
use crate::text::markdown::{BlockKind, Outline};

/// A report with its sections, and the task boxes as items.
pub(in crate::report) fn report_of(text: &str) -> Report {
    let source = SourceText::read(Arc::from(text.as_bytes()));
    read_source(&source)
}

fn read_source(source: &SourceText) -> Report {
    let outline = Outline::of(source.text());
    let Some(path) = RepoPath::new("docs/READY.md") else { panic!("a plain path") };
    let mut report = parse_source(path, source, ReadAs::default());
    report.sections.clear();
    report.items.clear();
    let mut requirement = Requirement::default();
    let mut section = None;
    for block in &outline.blocks {
        let content = source.text().get(block.content.range()).unwrap_or_default();
        match block.kind {
            BlockKind::Heading(level) => {
                let lower = content.to_lowercase();
                if level <= 3 {
                    requirement = if lower.contains("next") || lower.contains("post") || lower.contains("optional") {
                        Requirement::Future
                    } else {
                        Requirement::Required(Stage::Production)
                    };
                }
                section = u32::try_from(report.sections.len()).ok();
                report.sections.push(Section {
                    title: content.into(),
                    level,
                    line: outline.lines.line(block.range.start as usize),
                    parent: None,
                    requirement,
                    severity: None,
                });
            }
            BlockKind::Item { .. } if content.starts_with('[') && content.get(2..3) == Some("]") => {
                let ticked = !content.starts_with("[ ]");
                let severity = ["P0", "P1", "CRITICAL"].into_iter().find(|word| content.contains(word));
                report.items.push(Item {
                    uid: Uid::default(),
                    id: None,
                    title: content.get(4..).unwrap_or_default().into(),
                    shape: Shape::Task,
                    line: outline.lines.line(block.range.start as usize),
                    span: Span::default(),
                    marks: Box::new([Mark {
                        kind: MarkKind::Box,
                        vote: if ticked { Status::Done } else { Status::Open },
                        span: Span::default(),
                    }]),
                    declared: if ticked { Status::Done } else { Status::Open },
                    severity: severity.and_then(Severity::parse).unwrap_or_default(),
                    severity_source: severity.map(|word| Box::new(SeveritySource { written: word.into(), line: 1 })),
                    requirement,
                    section,
                    depth: 0,
                    extras: None,
                });
            }
            _ => {}
        }
    }
    fill(source, &outline, &mut report);
    report
}

#[test]
fn print_all() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let mut stack = vec![root.join("seeds"), root.join("corpus/checklists")];
    let mut files = Vec::new();
    while let Some(dir) = stack.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { stack.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let source = SourceText::read(Arc::from(bytes));
        let report = read_source(&source);
        println!("=== {}", file.display());
        println!("  meta {:?}", report.meta);
        for gate in &report.gates {
            println!("  gate {} {:?} {:?} {}", gate.line, gate.scope, gate.stage, gate.text);
        }
        for declared in &report.declared_verdicts {
            println!("  says {} {:?} {:?} past={} `{}` [{}]", declared.line, declared.verdict, declared.stage, declared.historical, declared.text, source.slice(declared.span));
        }
        for claim in &report.claims {
            println!("  claim {} {} {}={} :: {} :: {}", claim.line, claim.verdict.word(), claim.subject, claim.value, claim.reason, claim.text.chars().take(60).collect::<String>());
        }
        for contradiction in &report.contradictions {
            println!("  XX {:?} {:?} {}", contradiction.kind, contradiction.lines, contradiction.message);
        }
    }
}
