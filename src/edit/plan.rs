//! From an item and a wanted status to plans, best first: the losing tokens in the document's own words, then the
//! usual ones, then a word inserted where this document writes its statuses.
//!
//! Which of them reads back as wanted is decided by the caller, who can read: see [`plan_candidates`].

use std::ops::Range;

use super::words::{Vocabulary, odd_boxes, usual_emoji};
use super::{CannotEdit, Edit, Plan};
use crate::model::{Item, Mark, MarkKind, Report, Shape, Status};
use crate::text::SourceText;
use crate::text::clean::clean;

mod insert;
pub(super) mod place;

/// More ways than this are not tried: each costs the caller a reading of the document.
const MOST_CANDIDATES: usize = 48;

/// Everything that a plan is made from.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) words: Vocabulary<'a>,
    pub(super) item: &'a Item,
    pub(super) to: Status,
}

/// What is put in the place of some text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Put {
    /// Text, to be written in the file's encoding.
    Text(String),
    /// Bytes that the document itself already holds elsewhere.
    Raw(Vec<u8>),
}

/// A replacement in text offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Swap {
    pub(super) at: Range<usize>,
    pub(super) put: Vec<Put>,
}

/// One way to treat one losing token.
#[derive(Debug, Clone)]
struct Choice {
    swaps: Vec<Swap>,
    /// Afterwards this token says the wanted status by itself.
    says: bool,
    /// Afterwards the token is gone.
    gone: bool,
}

/// Plans that could bring an item to a status, best first. The caller applies one after the other and takes the first
/// after which the document reads back with the item at `to` and every other item as before. Empty when the item
/// already has the status or no way is known.
#[must_use]
pub fn plan_candidates(source: &SourceText, report: &Report, item: &Item, to: Status) -> Vec<Plan> {
    if item.declared == to || !Status::SETTABLE.contains(&to) {
        return Vec::new();
    }
    let site = Site {
        words: Vocabulary { source, report },
        item,
        to,
    };
    let mut plans: Vec<Plan> = Vec::new();
    for swaps in site.ways() {
        if let Some(plan) = site.plan(swaps)
            && !plans.iter().any(|known| known.edits == plan.edits)
        {
            plans.push(plan);
        }
        if plans.len() >= MOST_CANDIDATES {
            break;
        }
    }
    plans
}

/// Plans to bring an item to a status in the words and style of its own dialect: the first of [`plan_candidates`].
///
/// # Errors
/// When the item already has the status, or its dialect cannot say it.
pub fn plan_status(
    source: &SourceText,
    report: &Report,
    item: &Item,
    to: Status,
) -> Result<Plan, CannotEdit> {
    if item.declared == to {
        return Err(CannotEdit::Already(to.word()));
    }
    let mut plans = plan_candidates(source, report, item, to);
    if plans.is_empty() {
        return Err(CannotEdit::NoWay(format!(
            "`{}:{}`: no way is known to write `{}` here",
            report.path,
            item.line,
            to.word()
        )));
    }
    Ok(plans.swap_remove(0))
}

/// The item in a few words, for commit messages: its id, or the beginning of its title.
pub(super) fn name(item: &Item) -> String {
    let title = clean(&item.title);
    match &item.id {
        // A bare ordinal says nothing without its title.
        Some(id) if id.chars().any(char::is_alphabetic) => clean(id).into_owned(),
        Some(id) => shorten(&format!("{id}. {title}")),
        None => shorten(&title),
    }
}

fn shorten(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= 48 {
        return text.to_owned();
    }
    let cut: String = text.chars().take(47).collect();
    format!("{}...", cut.trim_end())
}

/// A replacement by plain text.
pub(super) fn swap(at: Range<usize>, text: impl Into<String>) -> Swap {
    Swap {
        at,
        put: vec![Put::Text(text.into())],
    }
}

impl<'a> Site<'a> {
    pub(super) fn text(&self) -> &'a str {
        self.words.source.text()
    }

    pub(super) fn range(&self, mark: &Mark) -> Range<usize> {
        self.words.source.text_range(mark.span)
    }

    /// Every way, best first.
    fn ways(&self) -> Vec<Vec<Swap>> {
        let losing: Vec<&Mark> = self
            .item
            .marks
            .iter()
            .filter(|mark| mark.vote != self.to)
            .collect();
        let agreeing = self.item.marks.len() > losing.len();
        let choices: Vec<Vec<Choice>> = losing.iter().map(|mark| self.choices(mark)).collect();
        let mut ways = Vec::new();
        for picks in combinations(&choices.iter().map(Vec::len).collect::<Vec<_>>()) {
            let picked: Vec<&Choice> = choices
                .iter()
                .zip(&picks)
                .filter_map(|(c, &at)| c.get(at))
                .collect();
            let swaps: Vec<Swap> = picked
                .iter()
                .flat_map(|choice| choice.swaps.iter().cloned())
                .collect();
            if agreeing || picked.iter().any(|choice| choice.says) {
                ways.push(swaps);
                continue;
            }
            let kept: Vec<&Mark> = losing
                .iter()
                .zip(&picked)
                .filter(|(_, choice)| !choice.gone)
                .map(|(mark, _)| *mark)
                .collect();
            for inserted in self.insertions(&kept) {
                let mut way = swaps.clone();
                way.push(inserted);
                ways.push(way);
            }
        }
        ways
    }

    /// The ways to treat one losing token, best first.
    fn choices(&self, mark: &Mark) -> Vec<Choice> {
        let at = self.range(mark);
        match mark.kind {
            MarkKind::Box => self.box_choices(mark, &at),
            MarkKind::Word => {
                let old = self.text().get(at.clone()).unwrap_or_default();
                let words = self.words.words(self.to, self.item.shape, Some(old));
                let at = self.whole_word(at.clone(), old);
                let mut choices: Vec<Choice> = Vec::new();
                choices.extend(words.iter().map(|word| Choice::says(swap(at.clone(), word))));
                // A bare word at the end may be too little once the emoji beside it is gone.
                let before = self.text().get(..at.start).unwrap_or_default();
                if !self.is_row() && before.ends_with(' ') {
                    let bold = words
                        .iter()
                        .map(|word| Choice::says(swap(at.clone(), format!("**{word}**"))));
                    choices.extend(bold);
                }
                choices
            }
            MarkKind::Emoji => self.emoji_choices(mark, &at),
            MarkKind::Strike => vec![Choice::gone(self.without_strike(&at))],
        }
    }

    fn box_choices(&self, mark: &Mark, at: &Range<usize>) -> Vec<Choice> {
        let mut choices = Vec::new();
        let own = |status| {
            self.words.own_token(MarkKind::Box, status).map(|bytes| Swap {
                at: at.clone(),
                put: vec![Put::Raw(bytes.to_vec())],
            })
        };
        match self.to {
            Status::Done => {
                choices.extend(own(Status::Done).map(Choice::says));
                choices.push(Choice::says(swap(at.clone(), "x")));
            }
            Status::Open => {
                choices.extend(own(Status::Open).map(Choice::says));
                choices.push(Choice::says(swap(at.clone(), " ")));
            }
            Status::Verified => {
                // A tick does not speak against a sign-off; the word that says it stands beside.
                choices.extend(own(Status::Verified).map(Choice::says));
                if mark.vote == Status::Done {
                    choices.push(Choice::kept());
                } else {
                    choices.extend(own(Status::Done).map(Choice::beside));
                    choices.push(Choice::beside(swap(at.clone(), "x")));
                }
            }
            to => {
                choices.extend(own(to).map(Choice::says));
                match mark.vote {
                    Status::Open => choices.push(Choice::kept()),
                    _ => choices.push(Choice::beside(swap(at.clone(), " "))),
                }
                choices.extend(
                    odd_boxes(to)
                        .iter()
                        .map(|&odd| Choice::says(swap(at.clone(), odd))),
                );
                choices.extend(self.without_box(at).map(|gone| Choice::gone(vec![gone])));
            }
        }
        choices
    }

    fn emoji_choices(&self, mark: &Mark, at: &Range<usize>) -> Vec<Choice> {
        let mut choices = Vec::new();
        let own = |status| {
            self.words.own_token(MarkKind::Emoji, status).map(|bytes| Swap {
                at: self.with_selector(at),
                put: vec![Put::Raw(bytes.to_vec())],
            })
        };
        let usual = |status| usual_emoji(status).map(|emoji| swap(self.with_selector(at), emoji));
        choices.extend(own(self.to).map(Choice::says));
        choices.extend(usual(self.to).map(Choice::says));
        if self.to == Status::Verified {
            if mark.vote == Status::Done {
                choices.push(Choice::kept());
            } else {
                choices.extend(
                    own(Status::Done)
                        .or_else(|| usual(Status::Done))
                        .map(Choice::beside),
                );
            }
        }
        let has_word = self.item.marks.iter().any(|mark| mark.kind == MarkKind::Word);
        let needs_word = usual_emoji(self.to).is_none() && self.to != Status::Verified;
        if needs_word && !has_word {
            let words = self.words.words(self.to, self.item.shape, None);
            let forms = words.iter().flat_map(|word| self.in_place_of_emoji(at, word));
            choices.extend(forms.map(|form| Choice::says(swap(self.with_selector(at), form))));
        }
        let gone = Choice::gone(vec![swap(self.with_space(self.with_selector(at)), "")]);
        if needs_word && mark.vote == Status::Open {
            // A merely open sign does not speak against a word that says more.
            choices.push(Choice::kept());
        } else if needs_word && !has_word {
            choices.extend(
                own(Status::Open)
                    .or_else(|| usual(Status::Open))
                    .map(Choice::beside),
            );
        }
        choices.push(gone);
        choices
    }

    /// How a word is written where an emoji stood: bold in front, behind a dash at the end, plain in a cell.
    fn in_place_of_emoji(&self, at: &Range<usize>, word: &str) -> [String; 2] {
        let source = self.words.source;
        if self.is_row() {
            [word.to_owned(), format!("**{word}**")]
        } else if place::lead(self.text(), source, self.item) == at.start {
            [format!("**{word}**:"), format!("**{word}**")]
        } else {
            [format!("{} {word}", self.dash()), format!("**{word}**")]
        }
    }

    /// The dash that the document sets between words.
    fn dash(&self) -> &'static str {
        if self.text().contains(" \u{2014} ") {
            "\u{2014}"
        } else {
            "-"
        }
    }

    /// The range to replace for a word. "Needs cleanup" in a cell is one status, of which the reader points at the verb.
    fn whole_word(&self, at: Range<usize>, old: &str) -> Range<usize> {
        let is_verb = ["needs", "need", "requires"]
            .iter()
            .any(|verb| old.eq_ignore_ascii_case(verb));
        if !self.is_row() || !is_verb {
            return at;
        }
        let rest = self.text().get(at.end..).unwrap_or_default();
        let cell = rest.split(['|', '\n', '\r']).next().unwrap_or_default();
        let plain = !cell.contains(['*', '_', '`', '(', '\\']);
        if plain {
            at.start..at.end + cell.trim_end().len()
        } else {
            at
        }
    }

    /// The range with the variation selector that follows it, if it is not in the token already.
    fn with_selector(&self, at: &Range<usize>) -> Range<usize> {
        let after = self.text().get(at.end..).unwrap_or_default();
        let selector = after.chars().next().filter(|&c| c == '\u{fe0f}');
        at.start..at.end + selector.map_or(0, char::len_utf8)
    }

    /// The range with one of the spaces beside it, so that its removal leaves no double space.
    fn with_space(&self, at: Range<usize>) -> Range<usize> {
        let before = self.text().get(..at.start).unwrap_or_default();
        let after = self.text().get(at.end..).unwrap_or_default();
        let ends = after.is_empty() || after.starts_with([' ', '\r', '\n', '|']);
        if after.starts_with(' ') && !ends_line(after) {
            at.start..at.end + 1
        } else if before.ends_with(' ') && ends {
            at.start - 1..at.end
        } else {
            at
        }
    }

    /// Removes the whole box around a range and the space behind it.
    fn without_box(&self, at: &Range<usize>) -> Option<Swap> {
        let before = self.text().get(..at.start)?;
        let after = self.text().get(at.end..)?;
        if !before.ends_with('[') || !after.starts_with(']') {
            return None;
        }
        let space = usize::from(after.get(1..)?.starts_with(' '));
        Some(swap(at.start - 1..at.end + 1 + space, ""))
    }

    /// Removes the tildes in or around a range.
    fn without_strike(&self, at: &Range<usize>) -> Vec<Swap> {
        let text = self.text();
        let inside = text.get(at.clone()).unwrap_or_default();
        if inside.len() >= 4 && inside.starts_with("~~") && inside.ends_with("~~") {
            return vec![swap(at.start..at.start + 2, ""), swap(at.end - 2..at.end, "")];
        }
        let around = text.get(..at.start).is_some_and(|before| before.ends_with("~~"))
            && text.get(at.end..).is_some_and(|after| after.starts_with("~~"));
        if around {
            return vec![swap(at.start - 2..at.start, ""), swap(at.end..at.end + 2, "")];
        }
        Vec::new()
    }

    /// Text replacements as a plan; `None` when the file's encoding cannot say them or two of them collide.
    pub(super) fn plan(&self, mut swaps: Vec<Swap>) -> Option<Plan> {
        let source = self.words.source;
        swaps.sort_by_key(|swap| (swap.at.start, swap.at.end));
        let mut edits: Vec<Edit> = Vec::with_capacity(swaps.len());
        for swap in swaps {
            let span = source.span(swap.at);
            let expect = source.bytes().get(span.range())?.to_vec();
            let mut put = Vec::new();
            for piece in swap.put {
                match piece {
                    Put::Text(text) => put.extend(source.encode(&text)?),
                    Put::Raw(bytes) => put.extend(bytes),
                }
            }
            if edits.last().is_some_and(|last| span.start < last.span.end) {
                return None;
            }
            if put != expect {
                edits.push(Edit { span, expect, put });
            }
        }
        if edits.is_empty() {
            return None;
        }
        let report = self.words.report;
        Some(Plan {
            path: report.path.clone(),
            base: source.hash(),
            edits,
            why: format!(
                "{} {} -> {}",
                name(self.item),
                self.item.declared.word(),
                self.to.word()
            ),
            items: vec![(self.item.uid, self.to)],
        })
    }

    /// Whether the item is a table row.
    pub(super) fn is_row(&self) -> bool {
        self.item.shape == Shape::Row
    }
}

/// Whether only blanks follow before the line, or the table cell, ends.
fn ends_line(after: &str) -> bool {
    let rest = after.trim_start_matches(' ');
    rest.is_empty() || rest.starts_with(['\r', '\n', '|'])
}

impl Choice {
    fn says(swap: Swap) -> Self {
        Self {
            swaps: vec![swap],
            says: true,
            gone: false,
        }
    }

    /// The token changes into one that stands beside a word that says the status.
    fn beside(swap: Swap) -> Self {
        Self {
            swaps: vec![swap],
            says: false,
            gone: false,
        }
    }

    const fn kept() -> Self {
        Self {
            swaps: Vec::new(),
            says: false,
            gone: false,
        }
    }

    const fn gone(swaps: Vec<Swap>) -> Self {
        Self {
            swaps,
            says: false,
            gone: true,
        }
    }
}

/// Every way to pick one of each list, those with the earliest picks first. Long lists are cut so that there are few.
fn combinations(lengths: &[usize]) -> Vec<Vec<usize>> {
    let mut cut = lengths.to_vec();
    for most in [6, 4, 2, 1] {
        let product = cut.iter().map(|&n| n.max(1)).fold(1_usize, usize::saturating_mul);
        if product <= MOST_CANDIDATES {
            break;
        }
        cut.iter_mut().for_each(|n| *n = (*n).min(most));
    }
    let mut all = vec![Vec::new()];
    for &length in &cut {
        all = all
            .into_iter()
            .flat_map(|head: Vec<usize>| {
                (0..length.max(1)).map(move |pick| head.iter().copied().chain([pick]).collect())
            })
            .collect();
    }
    all.sort_by_key(|picks| picks.iter().sum::<usize>());
    all
}
