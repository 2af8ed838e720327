//! The outline of a Markdown text: its blocks in order, as ranges of text offsets. A thin layer over
//! pulldown-cmark (GitHub's dialect: tables, strikethrough, task boxes are left to the report reader).
//!
//! Not here: what a block means. Invariant: every range lies on character borders of the text it was made from.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::lines::LineIndex;

/// A range of text offsets, half the size of a `Range<usize>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextRange {
    /// First offset.
    pub start: u32,
    /// One past the last offset.
    pub end: u32,
}

impl TextRange {
    /// As a range for slicing.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl From<Range<usize>> for TextRange {
    fn from(range: Range<usize>) -> Self {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            start: narrow(range.start),
            end: narrow(range.end),
        }
    }
}

/// The blocks of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// In the order of the text; children follow their parent.
    pub blocks: Vec<Block>,
    /// The cells of all table rows; a row names its range of these.
    pub cells: Vec<TextRange>,
    /// Inline code, ascending, with its backticks.
    pub codes: Vec<TextRange>,
    /// Struck-through text, ascending, with its tildes.
    pub strikes: Vec<TextRange>,
    /// Line numbers.
    pub lines: LineIndex,
}

/// One block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The whole block with its signs; for a list item, with its children.
    pub range: TextRange,
    /// The inline text: a heading without `#`, an item's first paragraph, a row from its first to its last cell.
    pub content: TextRange,
    /// Index into [`Outline::blocks`] of the heading above it.
    pub heading: Option<u32>,
    /// Inside a block quote.
    pub quoted: bool,
}

/// The kinds of block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A paragraph outside of a list.
    Paragraph,
    /// A paragraph of a list item after its first one.
    ItemParagraph,
    /// A list item: nesting depth (0 at the top), its number in an ordered list, and which list of the text.
    Item {
        /// Nesting depth.
        depth: u8,
        /// Its number in an ordered list.
        number: Option<u32>,
        /// Counts the lists of the text.
        list: u32,
    },
    /// A table row: which table of the text, whether it is the header, and its cells in [`Outline::cells`].
    Row {
        /// Counts the tables of the text.
        table: u32,
        /// The header row.
        header: bool,
        /// First cell.
        first: u32,
        /// Number of cells.
        cells: u16,
    },
    /// A code block; its content is never an item or a claim.
    Code,
    /// Raw HTML or a comment.
    Html,
}

/// Why a text has no outline: lists or quotes nested so deep that reading them would take for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDeep {
    /// 1-based line of the first block that is too deep.
    pub line: u32,
    /// The deepest nesting that is read.
    pub limit: u32,
}

impl Outline {
    /// The outline of `text`; empty when it is nested too deep.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::read(text).unwrap_or_default()
    }

    /// The outline of `text`.
    ///
    /// # Errors
    /// When lists or quotes are nested deeper than any person writes.
    pub fn read(text: &str) -> Result<Self, TooDeep> {
        let lines = LineIndex::of(text);
        match too_deep(text, &lines) {
            Some(line) => Err(TooDeep { line, limit: DEEPEST }),
            None => Ok(Builder::default().run(text, lines)),
        }
    }

    /// The cells of a row.
    #[must_use]
    pub fn row(&self, block: &Block) -> &[TextRange] {
        let BlockKind::Row { first, cells, .. } = block.kind else {
            return &[];
        };
        let first = first as usize;
        self.cells.get(first..first + cells as usize).unwrap_or_default()
    }
}

/// The deepest nesting of lists and quotes that is read. Every line costs the parser as many steps as blocks are open,
/// so a line of ten thousand markers would make all others slow.
const DEEPEST: u32 = 256;

/// The first line that may nest deeper than [`DEEPEST`]: two columns of indentation can stand for one level each.
fn too_deep(text: &str, lines: &LineIndex) -> Option<u32> {
    let bytes = text.as_bytes();
    (1..=u32::try_from(lines.count()).unwrap_or(u32::MAX)).find(|&line| {
        let range = lines.range(line, text);
        let suspicious = range.len() >= DEEPEST as usize
            && matches!(
                bytes.get(range.start),
                Some(b' ' | b'\t' | b'-' | b'*' | b'+' | b'>' | b'0'..=b'9')
            );
        suspicious
            && bytes
                .get(range)
                .is_some_and(|line| depth(line) > DEEPEST as usize)
    })
}

/// The most levels that the front of a line can open or go on with.
fn depth(line: &[u8]) -> usize {
    let (mut at, mut columns, mut markers) = (0, 0, 0);
    let mut signs = [false; 256];
    while let Some(&byte) = line.get(at) {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += 4,
            b'-' | b'*' | b'+' | b'>' => {
                markers += 1;
                signs[byte as usize] = true;
            }
            b'0'..=b'9' => {
                let digits = line[at..]
                    .iter()
                    .take(10)
                    .take_while(|b| b.is_ascii_digit())
                    .count();
                if !matches!(line.get(at + digits), Some(b'.' | b')')) {
                    break;
                }
                at += digits;
                markers += 1;
                signs[b'0' as usize] = true;
            }
            _ => break,
        }
        at += 1;
    }
    // A row of one sign is a rule across the page.
    let rule = at == line.len()
        && signs.iter().filter(|sign| **sign).count() == 1
        && !signs[b'>' as usize]
        && !signs[b'0' as usize];
    // Plain indentation opens nothing.
    if markers == 0 || rule {
        0
    } else {
        columns / 2 + markers
    }
}

#[derive(Default)]
struct Builder {
    outline: Outline,
    heading: Option<u32>,
    quotes: u32,
    /// The heading before each open quote.
    outside: Vec<Option<u32>>,
    lists: Vec<(Option<u64>, u32)>,
    items: Vec<usize>,
    list_count: u32,
    table_count: u32,
}

impl Builder {
    fn run(mut self, text: &str, lines: LineIndex) -> Outline {
        self.outline.lines = lines;
        // Reports have about one block per line that is not blank.
        self.outline
            .blocks
            .reserve(self.outline.lines.count().min(text.len() / 16) * 3 / 4);
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            self.take(&event, range);
        }
        self.outline
    }

    fn push(&mut self, kind: BlockKind, range: Range<usize>, content: Range<usize>) -> usize {
        let block = Block {
            kind,
            range: range.into(),
            content: content.into(),
            heading: self.heading,
            quoted: self.quotes > 0,
        };
        self.outline.blocks.push(block);
        self.outline.blocks.len() - 1
    }

    fn take(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let at = self.push(
                    BlockKind::Heading(*level as u8),
                    range.clone(),
                    range.start..range.start,
                );
                self.heading = u32::try_from(at).ok();
            }
            Event::Start(Tag::Paragraph) if self.lists.is_empty() => {
                self.push(BlockKind::Paragraph, range.clone(), range);
            }
            Event::Start(Tag::Paragraph) => {
                if let Some(&item) = self.items.last()
                    && self.outline.blocks[item].content.start != self.outline.blocks[item].content.end
                {
                    self.push(BlockKind::ItemParagraph, range.clone(), range);
                }
            }
            Event::Start(Tag::BlockQuote(_)) => {
                self.quotes += 1;
                self.outside.push(self.heading);
            }
            Event::End(TagEnd::BlockQuote(_)) => {
                self.quotes = self.quotes.saturating_sub(1);
                // A heading inside a quote says nothing of what stands behind the quote.
                if let Some(heading) = self.outside.pop() {
                    self.heading = heading;
                }
            }
            Event::Start(Tag::List(first)) => {
                self.lists.push((*first, self.list_count));
                self.list_count += 1;
            }
            Event::End(TagEnd::List(_)) => {
                self.lists.pop();
            }
            Event::Start(Tag::Item) => {
                let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
                let (number, list) = self.lists.last_mut().map_or((None, 0), |(next, list)| {
                    let number = *next;
                    *next = next.map(|n| n.saturating_add(1));
                    (number.and_then(|n| u32::try_from(n).ok()), *list)
                });
                let at = self.push(
                    BlockKind::Item { depth, number, list },
                    range.clone(),
                    range.start..range.start,
                );
                self.items.push(at);
            }
            Event::End(TagEnd::Item) => {
                self.items.pop();
            }
            Event::Start(Tag::TableHead) => {
                self.row(true, range);
            }
            Event::Start(Tag::TableRow) => self.row(false, range),
            Event::End(TagEnd::Table) => self.table_count += 1,
            Event::Start(Tag::TableCell) => {
                self.outline.cells.push(range.clone().into());
                if let Some(block) = self.outline.blocks.last_mut()
                    && let BlockKind::Row { cells, .. } = &mut block.kind
                {
                    *cells = cells.saturating_add(1);
                    block.content.end = u32::try_from(range.end).unwrap_or(u32::MAX);
                }
            }
            Event::Start(Tag::CodeBlock(_)) => {
                self.push(BlockKind::Code, range.clone(), range);
            }
            Event::Start(Tag::HtmlBlock) => {
                self.push(BlockKind::Html, range.clone(), range);
            }
            Event::Start(Tag::Strikethrough) => {
                self.outline.strikes.push(range.clone().into());
                self.inline(range);
            }
            Event::Code(_) => {
                self.outline.codes.push(range.clone().into());
                self.inline(range);
            }
            Event::Text(_)
            | Event::InlineHtml(_)
            | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }) => {
                self.inline(range)
            }
            _ => {}
        }
    }

    /// Widens the content of the heading or item that this inline range belongs to.
    fn inline(&mut self, range: Range<usize>) {
        let Some(at) = self.outline.blocks.len().checked_sub(1) else {
            return;
        };
        let block = &mut self.outline.blocks[at];
        if !matches!(block.kind, BlockKind::Heading(_) | BlockKind::Item { .. }) {
            return;
        }
        let range = TextRange::from(range);
        if block.content.start == block.content.end {
            block.content = range;
        } else {
            block.content.end = block.content.end.max(range.end);
        }
    }

    fn row(&mut self, header: bool, range: Range<usize>) {
        let first = u32::try_from(self.outline.cells.len()).unwrap_or(u32::MAX);
        let kind = BlockKind::Row {
            table: self.table_count,
            header,
            first,
            cells: 0,
        };
        self.push(kind, range.clone(), range);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_that_no_person_writes_is_refused_with_its_line() {
        let deep = |text: &str| Outline::read(text).err().map(|deep| deep.line);
        assert_eq!(deep(&format!("a\n\n{}b", "- ".repeat(10_000))), Some(3));
        assert_eq!(deep(&format!("{}b", "> ".repeat(300))), Some(1));
        assert_eq!(deep(&format!("a\n{}- b", " ".repeat(600))), Some(2));
        assert_eq!(deep(&format!("{}\n", "-".repeat(1_000))), None);
        assert_eq!(deep(&"- ".repeat(400)), None);
        assert_eq!(deep(&format!("{}b", " ".repeat(5_000))), None);
        assert_eq!(deep(&format!("{}b", "- ".repeat(50))), None);
    }

    #[test]
    fn a_heading_in_a_quote_is_forgotten_behind_it() {
        let outline = Outline::of("# a\n\n> # b\n>\n> c\n\nd\n");
        let headings: Vec<Option<u32>> = outline.blocks.iter().map(|block| block.heading).collect();
        assert_eq!(headings, [None, Some(0), Some(1), Some(0)]);
        assert!(outline.blocks[1].quoted && outline.blocks[2].quoted && !outline.blocks[3].quoted);
    }

    #[test]
    fn content_is_the_text_without_the_signs() {
        let text = "## A *b*\n\n1. [ ] c `d`\n   - e\n\n     f\n\n| g | h |\n|-|-|\n| i | |\n";
        let outline = Outline::of(text);
        let contents: Vec<&str> = outline
            .blocks
            .iter()
            .map(|block| text[block.content.range()].trim_end())
            .collect();
        assert_eq!(contents[..4], ["A *b*", "[ ] c `d`", "e", "f"]);
        assert_eq!(outline.row(&outline.blocks[5]).len(), 2);
    }
}
