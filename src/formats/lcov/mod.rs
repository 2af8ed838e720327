//! lcov's tracefiles (`lcov`, `llvm-cov export -format=lcov`, c8, nyc, grcov, coverage.py …).
//!
//! Lines are those of the DA records; LF and LH speak only where a file has none. A branch that is listed again (lcov does
//! so for each instance of a template) counts once, as in `lcov --summary`.

use crate::formats::cases;
use crate::formats::files::{Files, larger};
use crate::formats::head::Head;
use crate::formats::{Family, File, Format, ParseError, Parsed, Shape, Sniff, digits};
use crate::model::{ProblemSeverity, Ratio};

/// The format.
pub struct Lcov;

impl Format for Lcov {
    fn name(&self) -> &'static str {
        "lcov"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &[
            "lcov.info",
            "*.lcov",
            "coverage.info",
            "*.info",
            "lcov*.info",
            "lcov.dat",
            "coverage.dat",
        ]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.shape != Shape::Text {
            return Sniff::No;
        }
        let lines = || {
            head.bytes
                .split(|b| *b == b'\n')
                .map(<[u8]>::trim_ascii)
                .filter(|line| !line.is_empty())
        };
        let has = |prefix: &[u8]| lines().any(|line| line.starts_with(prefix));
        let first = lines().find(|line| !line.starts_with(b"#")).unwrap_or_default();
        if !(first.starts_with(b"TN:") || first.starts_with(b"SF:")) {
            return Sniff::No;
        }
        if has(b"SF:") && (has(b"DA:") || has(b"end_of_record") || has(b"LF:") || has(b"FN")) {
            Sniff::Certain
        } else {
            Sniff::Maybe
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let mut files = Files::default();
        let mut record: Option<Record> = None;
        let bytes = file.bytes;
        let mut at = 0;
        let mut strange = None;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let offset = at;
            at += length + 1;
            let line = &rest[..length];
            // By far the most frequent record comes first.
            if let Some(data) = line.strip_prefix(b"DA:") {
                if let Some(record) = &mut record {
                    let Some((number, ran)) = line_data(data) else {
                        strange.get_or_insert(offset);
                        continue;
                    };
                    record.lines += 1;
                    if ran.is_none() {
                        files.odd(offset);
                    }
                    files.at(record.file).lines.add(number, ran.unwrap_or(false));
                } else {
                    strange.get_or_insert(offset);
                }
                continue;
            }
            let line = line.trim_ascii();
            if let Some(path) = line.strip_prefix(b"SF:") {
                if let Some(open) = record.take() {
                    strange.get_or_insert(offset);
                    open.close(&mut files);
                }
                let path = String::from_utf8_lossy(path.trim_ascii());
                record = Some(Record::new(files.of(&path)));
            } else if line == b"end_of_record" {
                match record.take() {
                    Some(open) => open.close(&mut files),
                    None => {
                        strange.get_or_insert(offset);
                    }
                }
            } else if let Some(record) = &mut record {
                if record.other(line).is_none() {
                    strange.get_or_insert(offset);
                }
            } else if !(line.is_empty() || line.starts_with(b"TN:") || line.starts_with(b"#")) {
                strange.get_or_insert(offset);
            }
        }
        if let Some(open) = record.take() {
            open.close(&mut files);
            let what = "the file ends inside a record, without `end_of_record`: it may be cut off";
            files.problem(file, bytes.len(), ProblemSeverity::Error, what);
        }
        if files.len() == 0 {
            return Err(ParseError::whole(
                "no `SF:` record: this tracefile speaks of no source file",
            ));
        }
        if let Some(offset) = strange {
            let what = "lines that are no record of a tracefile were passed over; this is the first";
            files.problem(file, offset, ProblemSeverity::Warning, what);
        }
        Ok(files.finish(file))
    }
}

/// Line number and whether it ran (`None` when the count is none) of `12,3` or `12,3,checksum`.
fn line_data(data: &[u8]) -> Option<(u32, Option<bool>)> {
    let mut number = 0_u64;
    let mut at = 0;
    while let Some(digit) = data.get(at).filter(|b| b.is_ascii_digit()) {
        number = number * 10 + u64::from(digit & 0x0f);
        if number > u64::from(u32::MAX) {
            return None;
        }
        at += 1;
    }
    if at == 0 || data.get(at) != Some(&b',') {
        return None;
    }
    let hits = &data[at + 1..];
    let number = u32::try_from(number).ok()?;
    Some((number, ran(hits)))
}

/// Whether a count is above zero, `None` when it is no count: `0`, `17`, `1.5e3`, `-1`, `nan`.
fn ran(hits: &[u8]) -> Option<bool> {
    if !hits.first()?.is_ascii_digit() {
        return None;
    }
    let number = hits.iter().take_while(|b| b.is_ascii_digit() || **b == b'.');
    Some(number.into_iter().any(|b| (b'1'..=b'9').contains(b)))
}

/// The records of one `SF:` section.
#[derive(Debug)]
struct Record {
    file: usize,
    lines: u64,
    line_total: Totals,
    functions: Totals,
    function_records: Ratio,
    branches: Totals,
    /// What names each branch, as a hash, and whether it ran: instances of one template list the same branch again.
    branch_records: Vec<(u64, bool)>,
}

#[derive(Debug, Default)]
struct Totals {
    found: Option<u64>,
    hit: u64,
}

impl Totals {
    fn ratio(&self) -> Option<Ratio> {
        self.found.map(|found| Ratio::new(self.hit, found))
    }
}

impl Record {
    fn new(file: usize) -> Self {
        Self {
            file,
            lines: 0,
            line_total: Totals::default(),
            functions: Totals::default(),
            function_records: Ratio::default(),
            branches: Totals::default(),
            branch_records: Vec::new(),
        }
    }

    /// Any record but DA; `None` when it is no record.
    fn other(&mut self, line: &[u8]) -> Option<()> {
        let Some(colon) = line.iter().take(8).position(|b| *b == b':') else {
            return (line.is_empty() || line.starts_with(b"#")).then_some(());
        };
        let (name, data) = (&line[..colon], &line[colon + 1..]);
        let number = || {
            let data = data.trim_ascii();
            let end = data
                .iter()
                .position(|b| !b.is_ascii_digit())
                .unwrap_or(data.len());
            digits(&data[..end])
        };
        match name {
            b"BRDA" => {
                let comma = memchr::memrchr(b',', data)?;
                let ran = ran(&data[comma + 1..]) == Some(true);
                self.branch_records.push((cases::key(&[&data[..comma]]), ran));
            }
            b"FN" | b"FNL" => self.function_records.total += 1,
            b"FNDA" => self.function_records.covered += u64::from(ran(data) == Some(true)),
            b"FNA" => {
                let hits = data.split(|b| *b == b',').nth(1).unwrap_or_default();
                self.function_records.covered += u64::from(ran(hits) == Some(true));
            }
            b"FNF" => self.functions.found = Some(number()),
            b"FNH" => self.functions.hit = number(),
            b"BRF" => self.branches.found = Some(number()),
            b"BRH" => self.branches.hit = number(),
            b"LF" => self.line_total.found = Some(number()),
            b"LH" => self.line_total.hit = number(),
            b"TN" | b"VER" | b"MCDC" | b"MRF" | b"MRH" | b"MCF" | b"MCH" => {}
            _ => return None,
        }
        Some(())
    }

    /// Branches that ran of branches, each once.
    fn branches(&mut self) -> Option<Ratio> {
        let all = &mut self.branch_records;
        all.sort_unstable_by(|a, b| b.cmp(a));
        // Of equals the one that ran comes first.
        all.dedup_by_key(|branch| branch.0);
        let ran = all.iter().filter(|branch| branch.1).count();
        (!all.is_empty()).then(|| Ratio::new(ran as u64, all.len() as u64))
    }

    fn close(mut self, files: &mut Files) {
        let branches = self.branches();
        let file = files.at(self.file);
        let counted =
            |records: Ratio| (records.total > 0).then(|| Ratio::new(records.covered, records.total));
        file.branches = larger(file.branches, branches.or(self.branches.ratio()));
        file.functions = larger(
            file.functions,
            self.functions.ratio().or(counted(self.function_records)),
        );
        if self.lines == 0 {
            file.line_total = larger(file.line_total, self.line_total.ratio());
        }
    }
}
