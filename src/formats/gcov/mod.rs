//! gcov's own output: the annotated source (`file.c.gcov`) and its JSON (`gcov --json-format`, unpacked).
//!
//! A line counts as covered when its count, or that of one of the instances of a template, is above zero.

use serde::Deserialize;

use crate::formats::files::{Branches, Files};
use crate::formats::head::Head;
use crate::formats::json::{self, List, Number, Object, Text};
use crate::formats::{Family, File, Format, ParseError, Parsed, Shape, Sniff, digits};
use crate::model::{ProblemSeverity, Ratio};

/// The format.
pub struct Gcov;

impl Format for Gcov {
    fn name(&self) -> &'static str {
        "gcov"
    }

    fn family(&self) -> Family {
        Family::Coverage
    }

    fn globs(&self) -> &'static [&'static str] {
        &["*.gcov", "*.gcov.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let json = ["gcc_version", "format_version", "files"];
        if json.iter().all(|key| head.has(key)) {
            return Sniff::Certain;
        }
        let first = head.bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        if head.shape == Shape::Text && source(first).is_some() {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        if file.bytes.trim_ascii_start().starts_with(b"{") {
            return json(file);
        }
        text(file)
    }
}

/// The path of a line `        -:    0:Source:main.cpp`.
fn source(line: &[u8]) -> Option<&[u8]> {
    let rest = line.trim_ascii_start().strip_prefix(b"-:")?;
    let path = rest.trim_ascii_start().strip_prefix(b"0:Source:")?;
    Some(path.trim_ascii_end()).filter(|path| !path.is_empty())
}

fn text(file: &File<'_>) -> Result<Parsed, ParseError> {
    let mut files = Files::default();
    let mut open: Option<usize> = None;
    let (mut line, mut branch) = (0, Branch::default());
    let mut all: Vec<Branches> = Vec::new();
    let mut at = 0;
    while at < file.bytes.len() {
        let rest = &file.bytes[at..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let (text, offset) = (&rest[..length], at);
        at += length + 1;
        if let Some(path) = source(text) {
            branch.close(line, open, &mut all);
            open = Some(files.of(&String::from_utf8_lossy(path)));
            all.resize_with(files.len(), Branches::default);
            continue;
        }
        let Some(place) = open else { continue };
        if let Some(taken) = text.strip_prefix(b"branch ") {
            let taken = memchr::memmem::find(taken, b"taken ").map(|at| &taken[at + 6..]);
            branch.add(taken.is_some_and(|count| count.first().is_some_and(|b| (b'1'..=b'9').contains(b))));
            continue;
        }
        let mut parts = text.splitn(3, |b| *b == b':');
        let (Some(count), Some(number), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let (count, number) = (count.trim_ascii(), number.trim_ascii());
        let number = (!number.is_empty() && number.iter().all(u8::is_ascii_digit)).then(|| digits(number));
        let Some(number) = number.and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0) else {
            continue;
        };
        branch.close(line, open, &mut all);
        line = number;
        match count {
            b"-" => {}
            b"#####" | b"=====" | b"%%%%%" | b"$$$$$" => files.at(place).lines.add(number, false),
            // `17*` has a block that did not run, `1.5k` is for people.
            [b'0'..=b'9', ..] => {
                let ran = count.iter().any(|b| (b'1'..=b'9').contains(b));
                files.at(place).lines.add(number, ran);
            }
            _ => files.odd(offset),
        }
    }
    branch.close(line, open, &mut all);
    if files.len() == 0 {
        return Err(ParseError::whole(
            "no `Source:` line: this is no annotated source of gcov",
        ));
    }
    for (at, branches) in all.into_iter().enumerate() {
        files.at(at).branches = branches.ratio();
    }
    Ok(files.finish(file))
}

/// The branches of the line that was read last.
#[derive(Debug, Default)]
struct Branch(Ratio);

impl Branch {
    fn add(&mut self, ran: bool) {
        self.0 = self.0.plus(Ratio::new(ran.into(), 1));
    }

    fn close(&mut self, line: u32, file: Option<usize>, all: &mut [Branches]) {
        let Ratio { covered, total } = std::mem::take(&mut self.0);
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        if total > 0
            && let Some(branches) = file.and_then(|at| all.get_mut(at))
        {
            branches.add(line, small(covered), small(total));
        }
    }
}

fn json(file: &File<'_>) -> Result<Parsed, ParseError> {
    let report: Whole<'_> = json::read(file.bytes)?;
    let Some(list) = report.files else {
        return Err(ParseError::whole("a report of gcov without `files`"));
    };
    let mut files = Files::default();
    let mut unnamed = 0;
    for source in list.into_iter().filter_map(|source| source.0) {
        if source.file.is_empty() {
            unnamed += 1;
            continue;
        }
        let at = files.of(&source.file);
        let mut branches = Branches::default();
        for line in source.lines.into_iter().filter_map(|line| line.0) {
            let Some(number) = line.line_number.line().filter(|number| *number > 0) else {
                files.odd(0);
                continue;
            };
            files.at(at).lines.add(number, line.count.ran());
            let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let all = || line.branches.0.iter().filter_map(|branch| branch.0.as_ref());
            let ran = all().filter(|branch| branch.count.ran()).count();
            if all().next().is_some() {
                branches.add(number, count(ran), count(all().count()));
            }
        }
        let functions = source
            .functions
            .0
            .iter()
            .filter_map(|function| function.0.as_ref());
        let functions = functions.fold(Ratio::default(), |sum, function| {
            sum.plus(Ratio::new(function.execution_count.ran().into(), 1))
        });
        let entry = files.at(at);
        entry.branches = branches.ratio();
        entry.functions = (functions.total > 0).then_some(functions);
    }
    if unnamed > 0 {
        let what = format!("{unnamed} files have no name and were passed over");
        files.problem(file, 0, ProblemSeverity::Error, &what);
    }
    Ok(files.finish(file))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow)]
    files: Option<List<Object<Source<'a>>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    file: Text<'a>,
    lines: List<Object<Line>>,
    functions: List<Object<Function>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    line_number: Number,
    count: Number,
    branches: List<Object<Taken>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Taken {
    count: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Function {
    execution_count: Number,
}
