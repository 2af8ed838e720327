//! `3/5` in a heading or a progress line against the task boxes below it.

use super::numbers::{self, Token, Unit};
use super::{Desk, Said};
use crate::model::ContradictionKind;
use crate::report::statements::Statement;
use crate::report::wording::{is_one_of, label, words};
use crate::text::markdown::BlockKind;

#[rustfmt::skip]
const PROGRESS: &[&str] = &[
    "overall", "progress", "completed", "completion", "complete", "done", "total", "items", "tasks",
    "checklist", "status", "checked", "ticked",
];

/// `3/5` in a heading, or `Progress: 3/5`, against the boxes below it.
pub(super) fn progress(desk: &mut Desk<'_>, statement: &Statement, text: &str) {
    let lines = desk.lines;
    let is_heading = matches!(lines.block(statement).kind, BlockKind::Heading(_));
    if !is_heading {
        let Some((name, _)) = label(text) else { return };
        let known = words(name).all(|(_, word)| is_one_of(word, PROGRESS));
        if !known {
            return;
        }
    }
    let tokens = desk.read(text);
    let ratio = tokens.iter().find_map(|token| match token {
        Token::Ratio(ratio) if ratio.exact => Some(*ratio),
        _ => None,
    });
    let scored = tokens
        .iter()
        .any(|token| matches!(token, Token::Number(n) if n.unit == Unit::Points));
    desk.keep(tokens);
    let Some(ratio) = ratio.filter(|ratio| ratio.m >= 2.0 && !scored) else {
        return;
    };
    let own = lines
        .heading_of(statement.block)
        .map_or((0, lines.outline.blocks.len()), |heading| {
            (heading as usize, lines.section_end(heading) as usize)
        });
    let whole = (0, lines.outline.blocks.len());
    let scopes: &[(usize, usize)] = if is_heading { &[own] } else { &[own, whole] };
    for &(from, to) in scopes {
        let (mut all, mut ticked, mut first) = (0_u32, 0_u32, 0);
        for block in &lines.outline.blocks[from..to] {
            let BlockKind::Item { .. } = block.kind else {
                continue;
            };
            let text = lines.slice(block.content);
            let Some(inside) = text
                .strip_prefix('[')
                .and_then(|rest| rest.split(']').next())
                .filter(|inside| inside.chars().count() == 1)
            else {
                continue;
            };
            all += 1;
            ticked += u32::from(matches!(inside, "x" | "X" | "✅" | "✓"));
            if first == 0 {
                first = lines.line(block.range.start);
            }
        }
        if f64::from(all) != ratio.m {
            continue;
        }
        let done = desk
            .report
            .items
            .iter()
            .filter(|item| item.declared.says_done())
            .count() as f64;
        let value = format!("{}/{}", numbers::show(ratio.n), numbers::show(ratio.m));
        let said = Said {
            range: statement.range,
            subject: "boxes",
            comparator: "=",
            value: value.clone(),
        };
        if ratio.n == f64::from(ticked) {
            desk.holds(said, false, format!("{ticked} of {all} boxes are ticked"));
        } else if ratio.n == done
            || desk
                .report
                .items
                .iter()
                .any(|item| item.declared == crate::model::Status::Conflicted)
        {
            desk.unverifiable(said, "boxes and status words disagree");
        } else {
            let message = format!("says {value}; {ticked} of {all} boxes are ticked");
            desk.refute(
                ContradictionKind::Count,
                said,
                format!("{ticked}/{all}"),
                [first],
                message,
            );
        }
        return;
    }
}
