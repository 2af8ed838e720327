//! Where and how a status is written on an item that has no token for it.

use std::ops::Range;

use super::{Put, Site, Swap, place};
use crate::edit::words::usual_emoji;
use crate::model::{Item, Mark, MarkKind, Shape, Status};

/// How another item of the document writes its status.
struct Example {
    /// Before the item's words, or behind them.
    leads: bool,
    /// What stands between the words and the token: `: `, ` - `, ` `.
    gap: String,
    /// Signs directly before the token: `**`, `(`.
    open: String,
    /// Signs directly behind it: `**`, `):`.
    close: String,
}

impl Site<'_> {
    /// The ways to insert the status, best first. `kept` are the item's tokens that stay though they do not say it.
    pub(super) fn insertions(&self, kept: &[&Mark]) -> Vec<Swap> {
        if self.is_row() {
            return self.cell_ways(kept);
        }
        let mut ways = Vec::new();
        let words = self.words.words(self.to, self.item.shape, None);
        let lead = place::lead(self.text(), self.words.source, self.item);
        let trail = place::trail(self.text(), self.words.source, self.item);
        // Beside a token that stays, the way `✅ VERIFIED` is written.
        if let Some(mark) = kept.iter().rev().find(|mark| mark.kind == MarkKind::Emoji) {
            let end = self.range(mark).end;
            ways.extend(words.iter().map(|word| insert(end, format!(" {word}"))));
        }
        ways.extend(self.like_another(lead, trail));
        if kept.is_empty()
            && let Some(example) = self.example(MarkKind::Emoji)
        {
            ways.extend(if example.leads {
                self.emoji_first(lead)
            } else {
                self.emoji(trail)
            });
        }
        if let Some(example) = self.example(MarkKind::Word) {
            for word in &words {
                let token = format!("{}{word}{}", example.open, example.close);
                ways.push(if example.leads {
                    insert(lead, format!("{token}{}", example.gap))
                } else {
                    insert(trail, format!("{}{token}", example.gap))
                });
            }
        }
        if kept.is_empty() && self.words.uses_emoji() {
            ways.extend(self.emoji(trail));
        }
        for word in &words {
            let first = || insert(lead, format!("**{word}**: "));
            let last = [
                format!(" {} {word}", self.dash()),
                format!(" **{word}**"),
                format!(" ({word})"),
                format!(" {word}"),
            ];
            let last = last.into_iter().map(|text| insert(trail, text));
            match self.item.shape {
                Shape::Task => {
                    ways.push(first());
                    ways.extend(last);
                }
                Shape::Bullet => {
                    ways.extend(last);
                    ways.push(first());
                }
                Shape::Heading | Shape::Step | Shape::Row => ways.extend(last),
            }
        }
        ways.extend(self.emoji(trail));
        ways
    }

    /// The emoji of the status, behind the item's words.
    fn emoji(&self, trail: usize) -> Option<Swap> {
        Some(Swap {
            at: trail..trail,
            put: vec![Put::Text(" ".to_owned()), self.own_emoji()?],
        })
    }

    /// The emoji of the status, before the item's words.
    fn emoji_first(&self, lead: usize) -> Option<Swap> {
        Some(Swap {
            at: lead..lead,
            put: vec![self.own_emoji()?, Put::Text(" ".to_owned())],
        })
    }

    /// The bytes that the document uses for the status, or the usual emoji.
    fn own_emoji(&self) -> Option<Put> {
        let own = self
            .words
            .own_token(MarkKind::Emoji, self.to)
            .map(|bytes| Put::Raw(bytes.to_vec()));
        own.or_else(|| usual_emoji(self.to).map(|emoji| Put::Text(emoji.to_owned())))
    }

    /// The tokens of another item of this shape that already has the status, copied byte for byte.
    fn like_another(&self, lead: usize, trail: usize) -> Option<Swap> {
        let text = self.text();
        let others = self.words.report.items.iter();
        let mut same = others.filter(|other| {
            other.uid != self.item.uid && other.shape == self.item.shape && other.declared == self.to
        });
        same.find_map(|other| {
            let marks: Vec<&Mark> = tokens(other).collect();
            let at = self.range(marks.first()?).start..self.range(marks.last()?).end;
            let group = text
                .get(at.clone())
                .filter(|group| group.len() <= 40 && !group.contains('\n'))?;
            // Two tokens with words between them are no group.
            let spelled: usize = marks
                .iter()
                .map(|mark| letters(self.words.source.slice(mark.span)))
                .sum();
            if letters(group) != spelled {
                return None;
            }
            let (example, whole) = self.seen(other, &at)?;
            let raw = self.words.source.span(whole);
            let raw = self.words.source.bytes().get(raw.range())?.to_vec();
            let gap = Put::Text(example.gap);
            Some(if example.leads {
                Swap {
                    at: lead..lead,
                    put: vec![Put::Raw(raw), gap],
                }
            } else {
                Swap {
                    at: trail..trail,
                    put: vec![gap, Put::Raw(raw)],
                }
            })
        })
    }

    /// How the document writes tokens of a kind on items of this shape.
    fn example(&self, kind: MarkKind) -> Option<Example> {
        let marks = self.words.marks(kind);
        let mut same =
            marks.filter(|(other, _)| other.shape == self.item.shape && other.uid != self.item.uid);
        same.find_map(|(other, mark)| self.seen(other, &self.range(mark)).map(|(example, _)| example))
    }

    /// How a token stands on its item, with the range that takes in the signs around it.
    fn seen(&self, item: &Item, at: &Range<usize>) -> Option<(Example, Range<usize>)> {
        let text = self.text();
        let lead = place::lead(text, self.words.source, item);
        let end = place::trail(text, self.words.source, item);
        let before = text.get(lead..at.start)?;
        let after = text.get(at.end..end)?;
        let open = tail(before, |c| "*_([".contains(c));
        let close = head(after, |c| "*_)]:".contains(c));
        // A sign that belongs to the item's words (`**P0-1: Title DONE**`) must not be opened or closed again.
        let paired = open.chars().count() == close.trim_end_matches(':').chars().count();
        let (open, close) = if paired { (open, close) } else { ("", "") };
        let whole = at.start - open.len()..at.end + close.len();
        let between = |c: char| " -:\u{2013}\u{2014}".contains(c);
        let outside_before = text.get(lead..whole.start)?;
        let outside_after = text.get(whole.end..end)?;
        let leads = letters(outside_before) == 0 && letters(outside_after) > 0;
        let trails = letters(outside_after) == 0 && letters(outside_before) > 0;
        if !leads && !trails {
            return None;
        }
        let gap = if leads {
            head(outside_after, between)
        } else {
            tail(outside_before, between)
        };
        let gap = if gap.is_empty() { " " } else { gap };
        let example = Example {
            leads,
            gap: gap.to_owned(),
            open: open.to_owned(),
            close: close.to_owned(),
        };
        Some((example, whole))
    }

    /// The ways to write the status into the status cell of a row.
    fn cell_ways(&self, kept: &[&Mark]) -> Vec<Swap> {
        let mut ways = Vec::new();
        let words = self.words.words(self.to, Shape::Row, None);
        if let Some(mark) = kept.last() {
            let end = self.range(mark).end;
            return words.iter().map(|word| insert(end, format!(" {word}"))).collect();
        }
        let Some((cells, status)) = place::row(self.text(), self.words.source, self.item) else {
            return ways;
        };
        let Some(cell) = cells.get(status) else {
            return ways;
        };
        // Tokens that were taken away in the same plan leave the cell as good as empty.
        let marks: Vec<Range<usize>> = self.item.marks.iter().map(|mark| self.range(mark)).collect();
        let inside = self.text().get(cell.clone()).unwrap_or_default();
        let blank = letters(inside) == 0 || marks.contains(cell);
        let same = self.words.report.items.iter().find(|other| {
            other.shape == Shape::Row && other.declared == self.to && other.uid != self.item.uid
        });
        let copied = same.and_then(|other| {
            let (cells, status) = place::row(self.text(), self.words.source, other)?;
            let raw = self.words.source.span(cells.get(status)?.clone());
            let raw = self.words.source.bytes().get(raw.range())?;
            (raw.len() <= 40).then(|| Put::Raw(raw.to_vec()))
        });
        let emoji = (self.words.uses_emoji() && usual_emoji(self.to).is_some())
            .then(|| self.words.own_token(MarkKind::Emoji, self.to))
            .flatten()
            .map(|bytes| Put::Raw(bytes.to_vec()));
        let texts = words.into_iter().map(Put::Text);
        for put in copied.into_iter().chain(texts).chain(emoji) {
            if blank {
                let padded = self.padded(cell, put);
                ways.push(Swap {
                    at: cell.clone(),
                    put: padded,
                });
                continue;
            }
            let space = |text: &str| Put::Text(text.to_owned());
            ways.push(Swap {
                at: cell.start..cell.start,
                put: vec![put.clone(), space(" - ")],
            });
            ways.push(Swap {
                at: cell.end..cell.end,
                put: vec![space(" - "), put.clone()],
            });
            ways.push(Swap {
                at: cell.end..cell.end,
                put: vec![space(" ("), put, space(")")],
            });
        }
        ways
    }

    /// A token for an empty cell, with the blanks that keep it off the bars.
    fn padded(&self, cell: &Range<usize>, put: Put) -> Vec<Put> {
        let before = self.text().get(..cell.start).unwrap_or_default();
        let after = self.text().get(cell.end..).unwrap_or_default();
        let mut all = Vec::new();
        if before.ends_with('|') {
            all.push(Put::Text(" ".to_owned()));
        }
        all.push(put);
        if after.starts_with('|') {
            all.push(Put::Text(" ".to_owned()));
        }
        all
    }
}

/// The tokens of an item that are no box and no strike.
fn tokens(item: &Item) -> impl Iterator<Item = &Mark> {
    item.marks
        .iter()
        .filter(|mark| matches!(mark.kind, MarkKind::Word | MarkKind::Emoji))
        .filter(|mark| mark.vote == item.declared || mark.vote == Status::Done)
}

fn insert(at: usize, text: String) -> Swap {
    super::swap(at..at, text)
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// The longest beginning made of such characters.
fn head(text: &str, is: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !is(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The longest end made of such characters.
fn tail(text: &str, is: impl Fn(char) -> bool) -> &str {
    text.get(text.trim_end_matches(is).len()..).unwrap_or_default()
}
