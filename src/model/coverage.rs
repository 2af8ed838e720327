//! Coverage as a tool wrote it down: per file the executable lines and those that ran.

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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineSet {
    /// (line / 64, executable, covered), ascending by the first.
    chunks: Vec<(u32, u64, u64)>,
}

impl LineSet {
    /// Adds a line; a line counts as covered when any of its records ran.
    pub fn add(&mut self, line: u32, ran: bool) {
        let (chunk, bit) = (line / 64, 1_u64 << (line % 64));
        let covered = if ran { bit } else { 0 };
        match self.chunks.last_mut() {
            Some(last) if last.0 == chunk => {
                last.1 |= bit;
                last.2 |= covered;
            }
            Some(last) if last.0 > chunk => match self.chunks.binary_search_by_key(&chunk, |entry| entry.0) {
                Ok(at) => {
                    self.chunks[at].1 |= bit;
                    self.chunks[at].2 |= covered;
                }
                Err(at) => self.chunks.insert(at, (chunk, bit, covered)),
            },
            _ => self.chunks.push((chunk, bit, covered)),
        }
    }

    /// Adds another set's lines.
    pub fn merge(&mut self, other: &Self) {
        for &(chunk, executable, covered) in &other.chunks {
            match self.chunks.binary_search_by_key(&chunk, |entry| entry.0) {
                Ok(at) => {
                    self.chunks[at].1 |= executable;
                    self.chunks[at].2 |= covered;
                }
                Err(at) => self.chunks.insert(at, (chunk, executable, covered)),
            }
        }
    }

    /// Whether no line is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Covered of executable lines.
    #[must_use]
    pub fn ratio(&self) -> Ratio {
        self.chunks
            .iter()
            .fold(Ratio::default(), |sum, (_, executable, covered)| Ratio {
                covered: sum.covered + u64::from(covered.count_ones()),
                total: sum.total + u64::from(executable.count_ones()),
            })
    }

    /// Every executable line with whether it ran, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u32, bool)> + '_ {
        self.chunks.iter().flat_map(|&(chunk, executable, covered)| {
            (0..64)
                .filter(move |bit| executable >> bit & 1 == 1)
                .map(move |bit| (chunk * 64 + bit, covered >> bit & 1 == 1))
        })
    }
}
