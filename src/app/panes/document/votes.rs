//! Why an item has its status: each marker named, and the outcome.

use std::fmt::Write as _;

use crate::app::view::glyphs::{Glyphs, spoken};
use crate::engine::ItemState;
use crate::model::{Item, MarkKind, Status};
use crate::text::SourceText;

/// `box says open · word COMPLETED says done → conflicted, gated as open`. Without the text, words and emoji are only named by kind.
#[must_use]
pub fn votes(item: &Item, state: ItemState, source: Option<&SourceText>, glyphs: Glyphs) -> String {
    let mut out = String::new();
    for (at, mark) in item.marks.iter().enumerate() {
        if at > 0 {
            out.push_str(glyphs.dot());
        }
        let written = source
            .map(|source| source.slice(mark.span).trim())
            .filter(|text| !text.is_empty());
        out.push_str(match mark.kind {
            MarkKind::Box => "box",
            MarkKind::Word => "word",
            MarkKind::Emoji => "sign",
            MarkKind::Strike => "strike-through",
        });
        if let (MarkKind::Word | MarkKind::Emoji, Some(written)) = (mark.kind, written) {
            let _ = write!(out, " {written}");
        }
        let _ = write!(out, " says {}", spoken(mark.vote.word()));
    }
    if item.marks.is_empty() {
        out.push_str("no marker says a status");
    }
    let _ = write!(out, " {} {}", glyphs.arrow(), spoken(item.declared.word()));
    if item.declared == Status::Conflicted
        && let Some(least) = item.marks.iter().map(|mark| mark.vote).min()
    {
        let _ = write!(out, ", gated as {}", spoken(least.word()));
    }
    if state.derived.word() != item.declared.word() {
        let _ = write!(out, "; shown {}", spoken(state.derived.word()));
    }
    out
}
