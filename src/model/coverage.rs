//! Coverage as a tool wrote it down: per file the executable lines and those that ran.

use std::borrow::Cow;

use super::Problem;

/// What one coverage file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CoverageReport {
    /// By source file, in the order of the report; each path once.
    pub files: Vec<FileCoverage>,
    /// When the tool says that it wrote it, as written.
    pub produced_at: Option<Box<str>>,
    /// The commit that the file itself names.
    pub commit: Option<Box<str>>,
    /// Folders that relative paths may start from (Cobertura's `sources`).
    pub roots: Vec<Box<str>>,
    /// Totals, for formats that carry nothing per file or whose own totals are the contract (llvm-cov); they win over the files.
    pub totals: Option<Totals>,
    /// What was left out.
    pub problems: Vec<Problem>,
}

/// One source file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileCoverage {
    /// As written by the tool.
    pub path: Box<str>,
    /// Executable lines and those that ran.
    pub lines: LineSet,
    /// Line totals of a file that lists no lines.
    pub line_total: Option<Ratio>,
    /// Branches taken of branches seen.
    pub branches: Option<Ratio>,
    /// Functions entered of functions seen.
    pub functions: Option<Ratio>,
}

/// Covered of total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ratio {
    /// How many ran; never above `total`.
    pub covered: u64,
    /// How many there are.
    pub total: u64,
}

/// Totals of a whole report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Lines.
    pub lines: Option<Ratio>,
    /// Branches.
    pub branches: Option<Ratio>,
    /// Functions.
    pub functions: Option<Ratio>,
}

impl Ratio {
    /// A ratio with `covered` cut to `total`.
    #[must_use]
    pub const fn new(covered: u64, total: u64) -> Self {
        Self {
            covered: if covered > total { total } else { covered },
            total,
        }
    }

    /// Both parts added, saturating.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            covered: self.covered.saturating_add(other.covered),
            total: self.total.saturating_add(other.total),
        }
    }
}

impl CoverageReport {
    /// The totals: the report's own where they are the contract, else added up over the files.
    #[must_use]
    pub fn sum(&self) -> Totals {
        if let Some(totals) = self.totals {
            return totals;
        }
        let add = |sum: Option<Ratio>, more: Option<Ratio>| match (sum, more) {
            (Some(a), Some(b)) => Some(a.plus(b)),
            (a, b) => a.or(b),
        };
        self.files.iter().fold(Totals::default(), |sum, file| Totals {
            lines: add(sum.lines, file.line_ratio()),
            branches: add(sum.branches, file.branches),
            functions: add(sum.functions, file.functions),
        })
    }
}

impl FileCoverage {
    /// Lines that ran of executable lines: the file's own line records, else its totals.
    #[must_use]
    pub fn line_ratio(&self) -> Option<Ratio> {
        if self.lines.is_empty() {
            self.line_total
        } else {
            Some(self.lines.ratio())
        }
    }
}

/// Executable lines and those that ran, 64 lines a chunk: memory follows the records, not the line numbers.
#[derive(Debug, Clone, Default)]
pub struct LineSet {
    /// (line / 64, executable, covered), ascending by the first.
    chunks: Vec<(u32, u64, u64)>,
    /// The same, in no order: what came far behind its place in a large set, until enough of it is there to be merged.
    late: Vec<(u32, u64, u64)>,
}

/// Up to this many chunks a late one is put in its place at once.
const SMALL: usize = 1024;

impl LineSet {
    /// Adds a line; a line counts as covered when any of its records ran.
    pub fn add(&mut self, line: u32, ran: bool) {
        let (chunk, bit) = (line / 64, 1_u64 << (line % 64));
        self.add_chunk((chunk, bit, if ran { bit } else { 0 }));
    }

    /// Adds every line from `first` to `last`, both included.
    pub fn add_range(&mut self, first: u32, last: u32, ran: bool) {
        let mut line = first;
        while line <= last {
            let (chunk, end) = (line / 64, last.min(line | 63));
            let bits = (u64::MAX >> (63 - (end - line))) << (line % 64);
            self.add_chunk((chunk, bits, if ran { bits } else { 0 }));
            let Some(next) = end.checked_add(1) else { break };
            line = next;
        }
    }

    /// Adds another set's lines.
    pub fn merge(&mut self, other: &Self) {
        for &more in other.chunks.iter().chain(&other.late) {
            self.add_chunk(more);
        }
    }

    #[inline]
    fn add_chunk(&mut self, more: (u32, u64, u64)) {
        match self.chunks.last_mut() {
            Some(last) if last.0 == more.0 => {
                last.1 |= more.1;
                last.2 |= more.2;
            }
            Some(last) if last.0 > more.0 => self.add_late(more),
            _ => self.chunks.push(more),
        }
    }

    fn add_late(&mut self, more: (u32, u64, u64)) {
        match self.chunks.binary_search_by_key(&more.0, |entry| entry.0) {
            Ok(at) => {
                self.chunks[at].1 |= more.1;
                self.chunks[at].2 |= more.2;
            }
            Err(at) if self.chunks.len() < SMALL => self.chunks.insert(at, more),
            // Inserting each into a large set would be quadratic for a file that lists its lines backwards.
            Err(_) => {
                self.late.push(more);
                if self.late.len() * 4 > self.chunks.len() {
                    self.chunks = self.ordered().into_owned();
                    self.late = Vec::new();
                }
            }
        }
    }

    fn ordered(&self) -> Cow<'_, [(u32, u64, u64)]> {
        if self.late.is_empty() {
            return Cow::Borrowed(&self.chunks);
        }
        let mut all: Vec<_> = self.chunks.iter().chain(&self.late).copied().collect();
        // Two runs that are nearly sorted each: a stable sort sees that.
        all.sort_by_key(|entry| entry.0);
        all.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 |= later.1;
                kept.2 |= later.2;
            }
            same
        });
        Cow::Owned(all)
    }

    /// Whether no line is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Covered of executable lines.
    #[must_use]
    pub fn ratio(&self) -> Ratio {
        self.ordered()
            .iter()
            .fold(Ratio::default(), |sum, (_, executable, covered)| Ratio {
                covered: sum.covered + u64::from(covered.count_ones()),
                total: sum.total + u64::from(executable.count_ones()),
            })
    }

    /// Whether a line ran; `None` when it is not executable.
    #[must_use]
    pub fn get(&self, line: u32) -> Option<bool> {
        let (wanted, bit) = (line / 64, 1_u64 << (line % 64));
        let found = self.chunks.binary_search_by_key(&wanted, |entry| entry.0);
        let chunk = found.ok().and_then(|at| self.chunks.get(at));
        let late = self.late.iter().filter(|entry| entry.0 == wanted);
        let (executable, covered) = chunk
            .into_iter()
            .chain(late)
            .fold((0, 0), |(a, b), entry| (a | entry.1, b | entry.2));
        (executable & bit != 0).then_some(covered & bit != 0)
    }

    /// Every executable line with whether it ran, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u32, bool)> + '_ {
        let chunks = self.ordered();
        (0..chunks.len())
            .map(move |at| chunks[at])
            .flat_map(|(chunk, executable, covered)| {
                (0..64)
                    .filter(move |bit| executable >> bit & 1 == 1)
                    .map(move |bit| (chunk * 64 + bit, covered >> bit & 1 == 1))
            })
    }

    /// Gives back what was reserved for growing.
    pub fn shrink(&mut self) {
        self.chunks.shrink_to_fit();
    }
}

impl PartialEq for LineSet {
    fn eq(&self, other: &Self) -> bool {
        self.ordered() == other.ordered()
    }
}

impl Eq for LineSet {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_the_same_as_its_lines() {
        for (first, last) in [
            (0, 0),
            (1, 63),
            (63, 64),
            (5, 200),
            (64, 127),
            (u32::MAX - 70, u32::MAX),
            (7, 3),
        ] {
            let (mut range, mut lines) = (LineSet::default(), LineSet::default());
            range.add_range(first, last, true);
            (first..=last).for_each(|line| lines.add(line, true));
            assert_eq!(range, lines, "{first}..={last}");
        }
    }

    #[test]
    fn lines_in_any_order_make_the_same_set() {
        let (mut forward, mut backward) = (LineSet::default(), LineSet::default());
        for line in 0..60_000_u32 {
            forward.add(line * 61, line % 3 == 0);
            backward.add((59_999 - line) * 61, (59_999 - line) % 3 == 0);
        }
        assert_eq!(forward, backward);
        assert_eq!(
            backward.ratio(),
            Ratio {
                covered: 20_000,
                total: 60_000
            }
        );
        assert!(backward.iter().is_sorted());
        let mut both = forward.clone();
        both.merge(&backward);
        assert_eq!(both, forward);
    }
}
