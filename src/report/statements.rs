//! The lines of a document that could say something checkable, found in one pass over its bytes.
//!
//! Every later reader (rules, phrases, arithmetic) looks only at these, so that a document without figures
//! and without big words costs one scan. Not here: what a line means. Code blocks, HTML and inline code
//! are never statements. Invariant: every range lies inside the text, on character borders.

use crate::text::markdown::{Block, BlockKind, Outline, TextRange};

/// A number that is no part of an id, a path or a hash.
pub(super) const DIGIT: u32 = 1;
/// `%`.
pub(super) const PERCENT: u32 = 1 << 1;
/// `3/4`, `3 of 4`, `3 out of 4`.
pub(super) const RATIO: u32 = 1 << 2;
/// `$`, `€`, `£`.
pub(super) const MONEY: u32 = 1 << 3;
/// A colon that ends a label or the line.
pub(super) const LABEL: u32 = 1 << 4;
/// A number in words, or `both`.
pub(super) const WORDED: u32 = 1 << 5;
/// total, subtotal, overall, average.
pub(super) const TOTAL: u32 = 1 << 6;
/// all, every, zero, most, no.
pub(super) const ALL: u32 = 1 << 7;
/// ready, approved, blocked, go and the like.
pub(super) const VERDICT: u32 = 1 << 8;
/// until, unless, must, before.
pub(super) const GATE: u32 = 1 << 9;
/// `+` or an arrow.
pub(super) const CHANGE: u32 = 1 << 10;
/// A parenthesis that opens on a digit or a comparison.
pub(super) const OPENED: u32 = 1 << 11;

/// The word `this`.
pub(super) const THIS: u32 = 1 << 12;
/// The word `above`.
pub(super) const ABOVE: u32 = 1 << 13;

/// Features that make a line worth keeping on their own.
const STORED: u32 = RATIO | TOTAL | ALL | VERDICT | GATE | OPENED;

/// One line of a block (or a table row, or a heading).
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement {
    /// Text offsets.
    pub(super) range: TextRange,
    /// Index into [`Outline::blocks`].
    pub(super) block: u32,
    /// What was seen in it.
    pub(super) features: u32,
}

/// The statements of a document and the union of what was seen.
#[derive(Debug)]
pub(super) struct Statements<'t> {
    pub(super) text: &'t str,
    pub(super) outline: &'t Outline,
    pub(super) lines: Vec<Statement>,
    /// Union of the features of all lines, the unstored ones included.
    pub(super) seen: u32,
    /// Whether there is a table at all.
    pub(super) tables: bool,
}

impl<'t> Statements<'t> {
    /// Scans the text once.
    pub(super) fn of(text: &'t str, outline: &'t Outline) -> Self {
        let mut found = Self {
            text,
            outline,
            lines: Vec::new(),
            seen: 0,
            tables: false,
        };
        for (at, block) in outline.blocks.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            match block.kind {
                BlockKind::Code | BlockKind::Html => {}
                BlockKind::Row { .. } => {
                    found.tables = true;
                    found.take(at, block.content);
                }
                BlockKind::Heading(_) => found.take(at, block.content),
                BlockKind::Paragraph | BlockKind::ItemParagraph | BlockKind::Item { .. } => {
                    found.split(at, block);
                }
            }
        }
        found
    }

    /// The text of a range.
    pub(super) fn slice(&self, range: TextRange) -> &'t str {
        self.text.get(range.range()).unwrap_or_default()
    }

    /// The text of a statement.
    pub(super) fn words_of(&self, statement: &Statement) -> &'t str {
        self.slice(statement.range)
    }

    /// The block of a statement.
    pub(super) fn block(&self, statement: &Statement) -> &'t Block {
        &self.outline.blocks[statement.block as usize]
    }

    /// The 1-based line of a text offset.
    pub(super) fn line(&self, offset: u32) -> u32 {
        self.outline.lines.line(offset as usize)
    }

    /// The statements that have one of these features.
    pub(super) fn with(&self, features: u32) -> impl Iterator<Item = &Statement> {
        self.lines
            .iter()
            .filter(move |line| line.features & features != 0)
    }

    /// The titles above a block, innermost first.
    pub(super) fn titles_above(&self, block: u32) -> impl Iterator<Item = &'t str> {
        let start = self.heading_of(block);
        std::iter::successors(start, |&at| self.parent(at)).map(|at| self.title(at))
    }

    /// The heading block that holds a block; a heading holds itself.
    pub(super) fn heading_of(&self, block: u32) -> Option<u32> {
        let found = self.outline.blocks.get(block as usize)?;
        match found.kind {
            BlockKind::Heading(_) => Some(block),
            _ => found.heading,
        }
    }

    /// The heading above a heading.
    pub(super) fn parent(&self, heading: u32) -> Option<u32> {
        let mut level = self.level(heading);
        let mut at = self.outline.blocks.get(heading as usize)?.heading;
        while let Some(above) = at {
            let higher = self.level(above);
            if higher < level {
                return Some(above);
            }
            level = level.min(higher + 1);
            at = self.outline.blocks.get(above as usize)?.heading;
        }
        None
    }

    /// The level of a heading block, 7 for anything else.
    pub(super) fn level(&self, heading: u32) -> u8 {
        match self.outline.blocks.get(heading as usize).map(|block| block.kind) {
            Some(BlockKind::Heading(level)) => level,
            _ => 7,
        }
    }

    /// The text of a heading.
    pub(super) fn title(&self, heading: u32) -> &'t str {
        self.outline
            .blocks
            .get(heading as usize)
            .map_or("", |block| self.slice(block.content))
    }

    /// One past the last block below a heading, sub-headings included.
    pub(super) fn section_end(&self, heading: u32) -> u32 {
        let level = self.level(heading);
        let from = heading as usize + 1;
        let rest = self.outline.blocks.get(from..).unwrap_or_default();
        let end = rest
            .iter()
            .position(|block| matches!(block.kind, BlockKind::Heading(other) if other <= level));
        u32::try_from(from + end.unwrap_or(rest.len())).unwrap_or(u32::MAX)
    }

    /// Cuts a block's content into its logical lines: a soft-wrapped sentence stays whole, a line that starts
    /// a new field or follows a hard break stands alone.
    fn split(&mut self, at: u32, block: &Block) {
        let content = self.slice(block.content);
        let bytes = content.as_bytes();
        let base = block.content.start;
        let mut start = 0;
        let mut line_start = 0;
        for newline in memchr::memchr_iter(b'\n', bytes) {
            let hard = bytes[..newline].ends_with(b"  ")
                || bytes[..newline].ends_with(b"\\")
                || bytes[..newline].ends_with(b"  \r");
            let next = bytes.get(newline + 1).copied().unwrap_or(b' ');
            let wrapped = !hard
                && newline - line_start >= 56
                && (next.is_ascii_alphanumeric() || next == b' ' || next == b'(');
            if !wrapped {
                self.take(at, Self::part(base, start, newline));
                start = newline + 1;
            }
            line_start = newline + 1;
        }
        self.take(at, Self::part(base, start, content.len()));
    }

    fn part(base: u32, start: usize, end: usize) -> TextRange {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        TextRange {
            start: base.saturating_add(narrow(start)),
            end: base.saturating_add(narrow(end)),
        }
    }

    fn take(&mut self, block: u32, range: TextRange) {
        let bytes = self.slice(range).as_bytes();
        let kind = self.outline.blocks[block as usize].kind;
        let figures_only =
            bytes.first() == Some(&b'[') || matches!(kind, BlockKind::Row { cells, .. } if cells != 2);
        let features = if figures_only {
            scan_item(bytes, matches!(kind, BlockKind::Row { .. }))
        } else {
            scan(bytes)
        };
        self.seen |= features;
        let labelled = features & (LABEL | CHANGE | ABOVE) != 0 && features & (DIGIT | MONEY | WORDED) != 0;
        if features & STORED != 0 || labelled {
            self.lines.push(Statement {
                range,
                block,
                features,
            });
        }
    }
}

/// What each byte may start: 0 nothing, 1 a word, 2 a number, 3 a sign.
const CLASS: [u8; 256] = {
    let mut class = [0_u8; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        class[at] = if byte.is_ascii_alphabetic() || byte >= 0x80 {
            1
        } else if byte.is_ascii_digit() {
            2
        } else {
            0
        };
        at += 1;
    }
    let signs = b"`%$:+(>*";
    let mut sign = 0;
    while sign < signs.len() {
        class[signs[sign] as usize] = 3;
        sign += 1;
    }
    class
};

/// The features of one line.
fn scan(bytes: &[u8]) -> u32 {
    let mut seen = 0;
    let mut at = 0;
    while at < bytes.len() {
        match CLASS[bytes[at] as usize] {
            1 => {
                let start = at;
                at = word_end(bytes, at);
                let length = at - start;
                if (2..=16).contains(&length) {
                    seen |= word_feature(&bytes[start..at], bytes, start);
                }
                // What hangs on a word by a dash or a dot is part of its name: `SHA-256`, `T034-T037`, `v1.2`.
                while at + 1 < bytes.len()
                    && matches!(bytes[at], b'-' | b'.' | b'/')
                    && bytes[at + 1].is_ascii_digit()
                {
                    at = word_end(bytes, at + 1);
                }
            }
            2 => at = number(bytes, at, &mut seen),
            3 => at = sign(bytes, at, &mut seen),
            _ => at += 1,
        }
    }
    seen
}

/// The features of a task line or a table row. An item declares no verdict and sets no rule, so that only
/// figures and a leading "all" are looked for.
fn scan_item(bytes: &[u8], row: bool) -> u32 {
    let leads = bytes.iter().position(|&byte| byte == b']').map_or(0, |at| at + 1);
    let from = leads
        + bytes[leads..]
            .iter()
            .take(6)
            .take_while(|byte| matches!(byte, b' ' | b'*'))
            .count();
    let first = &bytes[from..word_end(bytes, from)];
    let leading = [&b"all"[..], b"most", b"every", b"zero"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(first));
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    // The paths of a task line are full of slashes; the ratios of a row are not in parentheses.
    let ratio = |at: usize| digit(at + 1) && at > 0 && digit(at - 1);
    let opened = |at: usize| digit(at + 1) || matches!(bytes.get(at + 1), Some(b'<' | b'>' | b'~'));
    let figures = if row {
        memchr::memchr3_iter(b'%', b'(', b'/', bytes).any(|at| match bytes[at] {
            b'%' => true,
            b'/' => ratio(at),
            _ => opened(at),
        })
    } else {
        memchr::memchr2_iter(b'%', b'(', bytes).any(|at| bytes[at] == b'%' || opened(at))
    };
    if leading || figures {
        scan(bytes) & !(VERDICT | GATE | LABEL | WORDED)
    } else {
        0
    }
}

/// The end of the run of letters, digits and non-ASCII bytes that starts at `at`: eight bytes at a time, because
/// a branch a byte costs more than everything else here.
fn word_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let raw = u64::from_le_bytes(*chunk);
        let low = raw & !HIGH;
        let folded = low | (0x20 * ONES);
        let letter = (folded + (0x80 - b'a' as u64) * ONES) & !(folded + (0x7f - b'z' as u64) * ONES);
        let digit = (low + (0x80 - b'0' as u64) * ONES) & !(low + (0x7f - b'9' as u64) * ONES);
        let outside = !(letter | digit | raw) & HIGH;
        if outside != 0 {
            return at + (outside.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes
        .get(at)
        .is_some_and(|&byte| matches!(CLASS[byte as usize], 1 | 2))
    {
        at += 1;
    }
    at
}

fn number(bytes: &[u8], start: usize, seen: &mut u32) -> usize {
    let mut at = start;
    while at < bytes.len() && bytes[at].is_ascii_digit() {
        at += 1;
    }
    if bytes.get(at) == Some(&b'/') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        *seen |= RATIO;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    if (rest.starts_with(b" of ") || rest.starts_with(b" out of ") || rest.starts_with(b" de "))
        && rest.iter().take(14).any(u8::is_ascii_digit)
    {
        *seen |= RATIO;
    }
    *seen |= DIGIT;
    at
}

fn sign(bytes: &[u8], at: usize, seen: &mut u32) -> usize {
    match bytes[at] {
        b'`' => {
            let rest = &bytes[at + 1..];
            return memchr::memchr(b'`', rest).map_or(bytes.len(), |end| at + end + 2);
        }
        b'%' => *seen |= PERCENT,
        b'$' => *seen |= MONEY,
        b'+' => *seen |= CHANGE,
        b':' if at < 72 || at + 4 >= bytes.len() => *seen |= LABEL,
        b'>' if at > 0 && bytes[at - 1] == b'-' => *seen |= CHANGE,
        b'(' => {
            if at > 0 && bytes[at - 1] == b']' {
                let rest = &bytes[at..];
                return memchr::memchr(b')', rest).map_or(bytes.len(), |end| at + end + 1);
            }
            match bytes.get(at + 1) {
                Some(b'0'..=b'9' | b'<' | b'>' | b'~' | b'=') => *seen |= OPENED,
                Some(0xe2) => *seen |= OPENED,
                _ => {}
            }
        }
        _ => {}
    }
    at + 1
}

/// The words that make a line worth keeping, in the order of their first letters.
#[rustfmt::skip]
const ANCHORS: &[(&[u8], u32)] = &[
    (b"above", ABOVE), (b"all", ALL), (b"approve", VERDICT), (b"approved", VERDICT), (b"aprobada", VERDICT),
    (b"aprobado", VERDICT), (b"aprovado", VERDICT), (b"average", TOTAL), (b"awaiting", VERDICT),
    (b"bereit", VERDICT), (b"bis", GATE), (b"blocked", VERDICT), (b"blockiert", VERDICT),
    (b"bloqueada", VERDICT), (b"bloqueado", VERDICT), (b"both", WORDED), (b"cleared", VERDICT),
    (b"conditional", VERDICT), (b"eight", WORDED), (b"eleven", WORDED), (b"every", ALL), (b"five", WORDED),
    (b"four", WORDED), (b"freigegeben", VERDICT), (b"go", VERDICT), (b"hasta", GATE), (b"hold", VERDICT),
    (b"lista", VERDICT), (b"listo", VERDICT), (b"most", ALL), (b"must", GATE), (b"nine", WORDED),
    (b"nogo", VERDICT | GATE), (b"overall", TOTAL), ("PRÊT".as_bytes(), VERDICT),
    ("PRÊTE".as_bytes(), VERDICT), (b"pending", VERDICT), (b"produktionsreif", VERDICT),
    (b"pronta", VERDICT), (b"pronto", VERDICT), ("prêt".as_bytes(), VERDICT), ("prête".as_bytes(), VERDICT),
    (b"ready", VERDICT), (b"rejected", VERDICT), (b"remaining", ALL), (b"seven", WORDED), (b"six", WORDED),
    (b"subtotal", TOTAL), (b"ten", WORDED), (b"this", THIS), (b"three", WORDED), (b"total", TOTAL),
    (b"totals", TOTAL), (b"twelve", WORDED), (b"two", WORDED), (b"unless", GATE), (b"until", GATE),
    (b"zero", ALL),
];

/// For each first letter, where its anchors begin and end.
const BUCKET: [(usize, usize); 32] = {
    let mut table = [(0, 0); 32];
    let mut at = 0;
    while at < ANCHORS.len() {
        let letter = (ANCHORS[at].0[0] & 31) as usize;
        if table[letter].1 == 0 {
            table[letter].0 = at;
        }
        table[letter].1 = at + 1;
        at += 1;
    }
    table
};

/// For each first letter, which second letters an anchor can have.
const SECOND: [u32; 32] = {
    let mut table = [0_u32; 32];
    let mut at = 0;
    while at < ANCHORS.len() {
        let word = ANCHORS[at].0;
        table[(word[0] & 31) as usize] |= 1 << (word[1] & 31);
        at += 1;
    }
    // `do not deploy` is looked at by its second word.
    table[(b'n' & 31) as usize] |= 1 << (b'o' & 31);
    table
};

fn word_feature(word: &[u8], line: &[u8], start: usize) -> u32 {
    if SECOND[(word[0] & 31) as usize] & (1 << (word[1] & 31)) == 0 {
        return 0;
    }
    if word.eq_ignore_ascii_case(b"not") {
        let next = line.get(start + 4..).unwrap_or_default();
        let verbs: [&[u8]; 5] = [b"deploy", b"release", b"ship", b"launch", b"go"];
        let forbids = verbs.iter().any(|verb| {
            next.get(..verb.len())
                .is_some_and(|n| n.eq_ignore_ascii_case(verb))
        });
        return if forbids { VERDICT | GATE } else { 0 };
    }
    if word.eq_ignore_ascii_case(b"go")
        && start >= 3
        && line
            .get(start - 3..start - 1)
            .is_some_and(|no| no.eq_ignore_ascii_case(b"no"))
    {
        return VERDICT | GATE;
    }
    let (from, to) = BUCKET[(word[0] & 31) as usize];
    let found = ANCHORS[from..to]
        .iter()
        .find(|(anchor, _)| anchor.len() == word.len() && anchor.eq_ignore_ascii_case(word));
    found.map_or(0, |(_, feature)| *feature)
}
