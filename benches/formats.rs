//! What reading evidence costs, as multiples of counting the same bytes' newlines with memchr, each beside a floor: a
//! lean single pass by hand that finds the same figures and nothing else. The goal is 1.5 times the floor.
//!
//! `cargo bench --bench formats` measures samples that it makes; `cargo bench --bench formats -- FILE…` measures files.
//! Rounds alternate between the three and the median counts. Where the kernel tells it, the time is that of the processor:
//! on a busy machine the clock on the wall says who else was working.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::time::{Duration, Instant};

use gonogo::formats::read_file;
use memchr::{memchr, memchr_iter, memmem};
use serde::Deserialize;

const ROUNDS: usize = 9;

/// About so many bytes a sample.
const SIZE: usize = 8 << 20;

fn main() {
    let files: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<12} {:>8} {:>10} {:>8} {:>8} {:>6}",
        "format", "MB", "newlines", "floor", "reader", "ratio"
    )
    .unwrap();
    if files.is_empty() {
        for sample in [
            lcov(),
            go_cover(),
            cobertura(),
            junit(),
            sarif(),
            istanbul(),
            trivy(),
        ] {
            measure(&mut out, sample.as_bytes());
        }
    }
    for file in files {
        measure(&mut out, &std::fs::read(file).unwrap());
    }
}

fn measure(out: &mut impl std::io::Write, bytes: &[u8]) {
    let Some(name) = read_file("x", bytes).format else {
        writeln!(out, "a file of no known format").unwrap();
        return;
    };
    let floor: fn(&[u8]) -> u64 = match name {
        "lcov" => lcov_floor,
        "go-cover" => go_cover_floor,
        "cobertura" => cobertura_floor,
        "junit" => junit_floor,
        "sarif" => |bytes| json_floor::<Log<'_>>(bytes),
        "istanbul" => istanbul_floor,
        "trivy" => |bytes| json_floor::<Trivy<'_>>(bytes),
        _ => return,
    };
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        times[0].push(timed(|| memchr_iter(b'\n', bytes).count() as u64));
        times[1].push(timed(|| floor(bytes)));
        times[2].push(timed(|| {
            u64::from(read_file("x", bytes).result.is_some_and(|read| read.is_ok()))
        }));
    }
    let [newlines, floor, reader] = times.map(|mut all| {
        all.sort_unstable();
        all[all.len() / 2].as_secs_f64()
    });
    writeln!(
        out,
        "{name:<12} {:>8.1} {:>8.2}ms {:>7.1}x {:>7.1}x {:>6.2}",
        bytes.len() as f64 / 1e6,
        newlines * 1e3,
        floor / newlines,
        reader / newlines,
        reader / floor
    )
    .unwrap();
}

fn timed(work: impl FnOnce() -> u64) -> Duration {
    let (began, cpu) = (Instant::now(), on_processor());
    black_box(work());
    let wall = began.elapsed();
    match (cpu, on_processor()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => wall,
    }
}

/// How long this thread was on a processor (Linux).
fn on_processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(stat.split(' ').next()?.parse().ok()?))
}

fn number(digits: &[u8]) -> u64 {
    let digits = digits.iter().take_while(|b| b.is_ascii_digit());
    digits.fold(0_u64, |sum, digit| {
        sum.wrapping_mul(10).wrapping_add(u64::from(digit & 15))
    })
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let end = memchr(b'\n', rest)?;
        let line = &rest[..end];
        rest = &rest[end + 1..];
        Some(line)
    })
}

fn lcov_floor(bytes: &[u8]) -> u64 {
    let mut sum = 0;
    for line in lines(bytes) {
        if let Some(data) = line.strip_prefix(b"DA:") {
            let comma = memchr(b',', data).unwrap_or(0);
            sum += number(data) + u64::from(number(&data[comma + 1..]) > 0);
        } else if line.starts_with(b"SF:") || line.starts_with(b"BRDA:") || line.starts_with(b"FNDA:") {
            sum += line.len() as u64 + u64::from(line.last() != Some(&b'0'));
        }
    }
    sum
}

fn go_cover_floor(bytes: &[u8]) -> u64 {
    let (mut sum, mut last) = (0, &b""[..]);
    for line in lines(bytes) {
        let colon = memchr::memrchr(b':', line).unwrap_or(0);
        if line[..colon] != *last {
            last = &line[..colon];
            sum += 1;
        }
        for part in line[colon..].split(|b| matches!(b, b':' | b'.' | b',' | b' ')) {
            sum += number(part);
        }
    }
    sum
}

/// The value of an attribute of a tag, by hand.
fn attribute<'t>(tag: &'t [u8], name: &[u8]) -> &'t [u8] {
    let at = memmem::find(tag, name).map_or(tag.len(), |at| at + name.len());
    let value = &tag[at..];
    &value[..memchr(b'"', value).unwrap_or(value.len())]
}

fn tags(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let begin = memchr(b'<', rest)?;
        let end = begin + memchr(b'>', &rest[begin..])?;
        let tag = &rest[begin + 1..end];
        rest = &rest[end + 1..];
        Some(tag)
    })
}

fn cobertura_floor(bytes: &[u8]) -> u64 {
    let mut sum = 0;
    for tag in tags(bytes) {
        if tag.starts_with(b"line ") {
            sum += number(attribute(tag, b"number=\"")) + u64::from(number(attribute(tag, b"hits=\"")) > 0);
        } else if tag.starts_with(b"class ") {
            sum += attribute(tag, b"filename=\"").len() as u64;
        }
    }
    sum
}

fn junit_floor(bytes: &[u8]) -> u64 {
    let mut sum = 0;
    for tag in tags(bytes) {
        if tag.starts_with(b"testcase ") {
            sum += attribute(tag, b" name=\"").len() as u64 + number(attribute(tag, b"time=\""));
        } else if tag.starts_with(b"failure") || tag.starts_with(b"skipped") {
            sum += 1;
        }
    }
    sum
}

fn json_floor<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> u64 {
    black_box(serde_json::from_slice::<T>(bytes).is_ok()).into()
}

fn istanbul_floor(bytes: &[u8]) -> u64 {
    json_floor::<std::collections::HashMap<&str, Source>>(bytes)
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Log<'a> {
    #[serde(borrow)]
    runs: Vec<Run<'a>>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Run<'a> {
    #[serde(borrow)]
    results: Vec<Finding<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Finding<'a> {
    #[serde(borrow)]
    rule_id: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    message: Message<'a>,
    #[serde(borrow)]
    locations: Vec<Location<'a>>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Message<'a> {
    #[serde(borrow)]
    text: std::borrow::Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Location<'a> {
    #[serde(borrow)]
    physical_location: Physical<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Physical<'a> {
    #[serde(borrow)]
    artifact_location: Artifact<'a>,
    region: Region,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Artifact<'a> {
    #[serde(borrow)]
    uri: std::borrow::Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Region {
    start_line: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Source {
    statement_map: std::collections::HashMap<u32, Span>,
    s: std::collections::HashMap<u32, f64>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Span {
    start: Place,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Place {
    line: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(dead_code)]
struct Trivy<'a> {
    #[serde(borrow)]
    results: Vec<Target<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(dead_code)]
struct Target<'a> {
    #[serde(borrow, default)]
    vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(dead_code)]
struct Vulnerability<'a> {
    #[serde(borrow, rename = "VulnerabilityID")]
    id: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    pkg_name: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    severity: std::borrow::Cow<'a, str>,
    #[serde(borrow, default)]
    title: std::borrow::Cow<'a, str>,
}

/// Repeats what `more` writes until the sample is long enough.
fn sample(start: &str, end: &str, mut more: impl FnMut(&mut String, usize)) -> String {
    let mut text = start.to_owned();
    let mut n = 0;
    while text.len() < SIZE {
        more(&mut text, n);
        n += 1;
    }
    text + end
}

fn lcov() -> String {
    sample("", "", |text, n| {
        let _ = writeln!(text, "TN:\nSF:/home/ci/app/src/part{n}/file.ts");
        for line in 1..200 {
            let _ = writeln!(text, "DA:{},{}", line * 2, line * n % 5);
        }
        let _ = writeln!(text, "BRDA:4,0,0,1\nBRDA:4,0,1,-\nLF:199\nLH:100\nend_of_record");
    })
}

fn go_cover() -> String {
    sample("mode: atomic\n", "", |text, n| {
        let _ = writeln!(
            text,
            "example.org/app/part{}/file.go:{}.10,{}.4 4 {}",
            n / 100,
            n % 100 * 9,
            n % 100 * 9 + 7,
            n % 3
        );
    })
}

fn cobertura() -> String {
    let start =
        "<?xml version=\"1.0\"?>\n<coverage line-rate=\"0.5\"><packages><package name=\"p\"><classes>\n";
    sample(
        start,
        "</classes></package></packages></coverage>\n",
        |text, n| {
            let _ = writeln!(
                text,
                "<class name=\"c{n}\" filename=\"src/part{n}.py\"><methods/><lines>"
            );
            for line in 1..60 {
                let _ = writeln!(text, "\t\t\t<line number=\"{line}\" hits=\"{}\"/>", line * n % 4);
            }
            text.push_str("</lines></class>\n");
        },
    )
}

fn junit() -> String {
    sample("<testsuites>\n", "</testsuites>\n", |text, n| {
        let _ = writeln!(text, "  <testsuite name=\"org.example.Suite{n}\" tests=\"20\">");
        for case in 0..20 {
            let _ = writeln!(
                text,
                "    <testcase classname=\"org.example.Suite{n}\" name=\"should_do_what_it_says_{case}\" time=\"0.0{case}\"/>"
            );
        }
        text.push_str("  </testsuite>\n");
    })
}

fn sarif() -> String {
    let start = "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"t\",\"rules\":[{\"id\":\"r/0\"}]}},\"results\":[\n";
    sample(
        start,
        "{\"ruleId\":\"r/0\",\"message\":{\"text\":\"last\"},\"locations\":[]}]}]}",
        |text, n| {
            let _ = writeln!(
                text,
                "{{\"ruleId\":\"r/0\",\"ruleIndex\":0,\"level\":\"warning\",\"message\":{{\"text\":\"This value comes from a place that nobody looks at, number {n}\"}},\"locations\":[{{\"physicalLocation\":{{\"artifactLocation\":{{\"uri\":\"src/part{n}/file.py\",\"uriBaseId\":\"%SRCROOT%\"}},\"region\":{{\"startLine\":{n},\"startColumn\":5,\"endColumn\":19}}}}}}],\"partialFingerprints\":{{\"primaryLocationLineHash\":\"39fa2ee980eb94b0:{n}\"}},\"codeFlows\":[{{\"threadFlows\":[{{\"locations\":[{{\"location\":{{\"physicalLocation\":{{\"artifactLocation\":{{\"uri\":\"src/other.py\"}}}}}}}}]}}]}}]}},"
            );
        },
    )
}

fn istanbul() -> String {
    let mut first = true;
    sample("{", "}", |text, n| {
        if !std::mem::take(&mut first) {
            text.push_str(",\n");
        }
        let (mut map, mut hits) = (String::new(), String::new());
        for at in 0..80 {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(
                map,
                "{comma}\"{at}\":{{\"start\":{{\"line\":{at},\"column\":2}},\"end\":{{\"line\":{at},\"column\":40}}}}"
            );
            let _ = write!(hits, "{comma}\"{at}\":{}", at % 3);
        }
        let _ = write!(
            text,
            "\"/home/ci/app/part{n}.js\":{{\"path\":\"/home/ci/app/part{n}.js\",\"statementMap\":{{{map}}},\"fnMap\":{{}},\"branchMap\":{{}},\"s\":{{{hits}}},\"f\":{{}},\"b\":{{}}}}"
        );
    })
}

fn trivy() -> String {
    let start = "{\"SchemaVersion\":2,\"ArtifactName\":\"app\",\"Results\":[{\"Target\":\"package-lock.json\",\"Class\":\"lang-pkgs\",\"Type\":\"npm\",\"Vulnerabilities\":[\n";
    let end = "{\"VulnerabilityID\":\"CVE-1\",\"PkgName\":\"last\",\"Severity\":\"LOW\"}]}]}";
    sample(start, end, |text, n| {
        let _ = writeln!(
            text,
            "{{\"VulnerabilityID\":\"CVE-2031-{n}\",\"PkgName\":\"package-{n}\",\"InstalledVersion\":\"1.0.{n}\",\"FixedVersion\":\"2.0.0\",\"Severity\":\"HIGH\",\"Title\":\"package-{n}: does what it should not\",\"Description\":\"A long description of what happens when somebody sends what nobody expected to the function that reads it.\",\"References\":[\"https://example.org/a\",\"https://example.org/b\"],\"CVSS\":{{\"nvd\":{{\"V3Score\":7.5}}}}}},"
        );
    })
}
