//! What tools wrote: coverage, scan and test files, recognised by content first and name second, read in one pass.
//!
//! Not here: binding to a commit, freshness, gates. Adding a format is one folder (or file) and its line in [`ALL`].
//! Invariants: any bytes give a [`Reading`], never a panic; a file belongs to exactly one format; an empty file or an
//! error document is never zero findings. Held by `tests/it/formats.rs`.

use crate::model::{CoverageReport, ScanReport, TestReport};
use crate::text::Encoding;
use crate::text::mojibake::Codec;

mod advisories;
mod cases;
mod files;
mod found;
mod head;
mod json;
mod xml;

mod clover;
mod cobertura;
mod codecov_json;
mod coverage_py;
mod coveralls;
mod dart_json;
mod gcov;
mod gcovr_json;
mod gcovr_summary;
mod go_cover;
mod go_test_json;
mod istanbul;
mod istanbul_summary;
mod jacoco;
mod jest;
mod junit;
mod lcov;
mod llvm_cov;
mod mocha_json;
mod nunit;
mod opencover;
mod playwright;
mod rspec_json;
mod simplecov;
mod sonarqube_generic;
mod trx;
mod xunit;

// Scans, first half.
mod grype;
mod npm_audit;
mod osv_scanner;
mod pnpm_audit;
mod sarif;
mod trivy;
mod yarn_audit;
mod zap;

// Scans, second half.
mod auditjs;
mod bandit;
mod bundler_audit;
mod cargo_audit;
mod checkov;
mod checkstyle;
mod codechecker;
mod composer_audit;
mod cyclonedx;
mod dependabot;
mod dependency_check;
mod dependency_track;
mod dockle;
mod eslint;
mod github_code_scanning;
mod github_vulnerability;
mod gitlab_security;
mod gitleaks;
mod golangci_lint;
mod gosec;
mod govulncheck;
mod hadolint;
mod mix_audit;
mod nancy;
mod nuclei;
mod pip_audit;
mod rubocop;
mod semgrep;
mod snyk;
mod spotbugs;
mod tfsec;
mod trivy_operator;

pub use head::{Head, Shape};

/// A kind of file that a tool writes.
pub trait Format: Sync {
    /// The name in `gonogo inspect`.
    fn name(&self) -> &'static str;
    /// What it can prove.
    fn family(&self) -> Family;
    /// File names (globs over the last part of the path, lower case) under which tools write it by default; discovery only.
    fn globs(&self) -> &'static [&'static str];
    /// Whether the beginning of a file looks like it.
    fn sniff(&self, head: &Head<'_>) -> Sniff;
    /// Reads the whole file (UTF-8, without a byte order mark).
    ///
    /// # Errors
    /// When the file is not what it looked like, with the place.
    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError>;
}

/// The families of formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Coverage.
    Coverage,
    /// Scans.
    Scan,
    /// Test results.
    Tests,
}

/// How sure a format is of a file; the surest wins, then the order of [`ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sniff {
    /// It is not.
    No,
    /// Only the name or a weak trait speaks for it.
    Maybe,
    /// The content has its shape.
    Likely,
    /// The content names it.
    Certain,
}

/// A file to read.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its path as given, `/` between parts.
    pub path: &'a str,
    /// Its content as UTF-8 bytes without a byte order mark. Bad bytes of JSON are replaced; readers of other formats must
    /// tolerate them.
    pub bytes: &'a [u8],
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// Coverage.
    Coverage(CoverageReport),
    /// A scan.
    Scan(ScanReport),
    /// Test results.
    Tests(TestReport),
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParseError {
    /// What was expected and what was found, in one sentence.
    pub message: String,
    /// 1-based line.
    pub line: Option<u32>,
    /// 1-based column in bytes.
    pub column: Option<u32>,
    /// Offset in the decoded bytes.
    pub byte: Option<u64>,
}

impl ParseError {
    /// An error at an offset of the decoded bytes.
    fn at(message: &str, bytes: &[u8], offset: usize) -> Self {
        let before = &bytes[..offset.min(bytes.len())];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let small = |n: usize| u32::try_from(n).ok();
        Self {
            message: message.to_owned(),
            line: small(memchr::memchr_iter(b'\n', before).count() + 1),
            column: small(before.len() - line_start + 1),
            byte: Some(before.len() as u64),
        }
    }

    /// The error with its message cut: it may quote the file.
    fn short(mut self) -> Self {
        if self.message.len() > 400 {
            self.message = found::sentence(&self.message).into();
        }
        self
    }

    /// An error that speaks of the whole file.
    fn whole(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            ..Self::default()
        }
    }
}

/// The value of ASCII digits, saturating.
fn digits(digits: &[u8]) -> u64 {
    digits.iter().fold(0_u64, |sum, digit| {
        sum.saturating_mul(10).saturating_add(u64::from(digit & 0x0f))
    })
}

/// A file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which format, where recognised.
    pub format: Option<&'static str>,
    /// Its family, where recognised.
    pub family: Option<Family>,
    /// How the bytes were decoded.
    pub encoding: Encoding,
    /// What it says, or why it could not be read; `None` when no format took it.
    pub result: Option<Result<Parsed, ParseError>>,
}

/// Every format, in the order in which they are asked.
pub const ALL: &[&dyn Format] = &[
    // Coverage.
    &lcov::Lcov,
    &cobertura::Cobertura,
    &jacoco::Jacoco,
    &clover::Clover,
    &go_cover::GoCover,
    &istanbul::Istanbul,
    &istanbul_summary::IstanbulSummary,
    &llvm_cov::LlvmCov,
    &coverage_py::CoveragePy,
    &simplecov::SimpleCov,
    &opencover::OpenCover,
    &gcovr_json::GcovrJson,
    &gcovr_summary::GcovrSummary,
    &sonarqube_generic::SonarqubeGeneric,
    &coveralls::Coveralls,
    &codecov_json::CodecovJson,
    &gcov::Gcov,
    // Tests.
    &junit::Junit,
    &nunit::Nunit,
    &trx::Trx,
    &xunit::Xunit,
    &go_test_json::GoTestJson,
    &playwright::Playwright,
    &jest::Jest,
    &mocha_json::MochaJson,
    &rspec_json::RspecJson,
    &dart_json::DartJson,
    // Scans, first half.
    &sarif::Sarif,
    &zap::Zap,
    &npm_audit::NpmAudit,
    &yarn_audit::YarnAudit,
    &pnpm_audit::PnpmAudit,
    &trivy::Trivy,
    &grype::Grype,
    &osv_scanner::OsvScanner,
    // Scans, second half.
    &snyk::Snyk,
    &cargo_audit::CargoAudit,
    &pip_audit::PipAudit,
    &gitleaks::Gitleaks,
    &bandit::Bandit,
    &semgrep::Semgrep,
    &eslint::Eslint,
    &dependency_check::DependencyCheck,
    &checkov::Checkov,
    &govulncheck::Govulncheck,
    &gosec::Gosec,
    &golangci_lint::GolangciLint,
    &hadolint::Hadolint,
    &github_code_scanning::GithubCodeScanning,
    &dependabot::Dependabot,
    &gitlab_security::GitlabSecurity,
    &cyclonedx::Cyclonedx,
    &nuclei::Nuclei,
    &spotbugs::Spotbugs,
    &rubocop::Rubocop,
    &composer_audit::ComposerAudit,
    &mix_audit::MixAudit,
    &dependency_track::DependencyTrack,
    &github_vulnerability::GithubVulnerability,
    &checkstyle::Checkstyle,
    &nancy::Nancy,
    &auditjs::Auditjs,
    &dockle::Dockle,
    &tfsec::Tfsec,
    &codechecker::Codechecker,
    &trivy_operator::TrivyOperator,
    &bundler_audit::BundlerAudit,
];

/// Reads any file: decodes, recognises, parses. Total.
#[must_use]
pub fn read_file(path: &str, bytes: &[u8]) -> Reading {
    match recognise(path, bytes) {
        Some((format, _)) => read_as(format, path, bytes),
        None => Reading {
            format: None,
            family: None,
            encoding: decode(bytes).0,
            result: None,
        },
    }
}

/// How many bytes of a file are enough for [`recognise`].
pub const ENOUGH: usize = 2 * head::HEAD + 4;

/// The format that is surest of a file, by its path and beginning (at least [`ENOUGH`] bytes, where it has them).
#[must_use]
pub fn recognise(path: &str, bytes: &[u8]) -> Option<(&'static dyn Format, Sniff)> {
    let (_, decoded) = decode(&bytes[..bytes.len().min(ENOUGH)]);
    let head = Head::of(path, &decoded);
    // `max_by_key` gives the last of equals; the list is in order of preference.
    ALL.iter()
        .rev()
        .map(|format| (*format, format.sniff(&head)))
        .max_by_key(|(_, sniff)| *sniff)
        .filter(|(_, sniff)| *sniff > Sniff::No)
}

/// Reads a file as one format.
#[must_use]
pub fn read_as(format: &dyn Format, path: &str, bytes: &[u8]) -> Reading {
    let (encoding, decoded) = decode(bytes);
    let file = File {
        path,
        bytes: &decoded,
    };
    Reading {
        format: Some(format.name()),
        family: Some(format.family()),
        encoding,
        result: Some(format.parse(&file).map_err(ParseError::short)),
    }
}

/// Whether an XML declaration names a Western single-byte encoding; Latin-1 is read as Windows-1252, as browsers do.
fn says_western(bytes: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'>', &bytes[..bytes.len().min(200)]) else {
        return false;
    };
    let declaration = bytes[..end].to_ascii_lowercase();
    let names: [&[u8]; 5] = [
        b"iso-8859-1\"",
        b"iso-8859-1'",
        b"iso-8859-15",
        b"windows-1252",
        b"latin1",
    ];
    declaration.starts_with(b"<?xml")
        && names
            .iter()
            .any(|name| memchr::memmem::find(&declaration, name).is_some())
}

/// UTF-8 without a byte order mark; UTF-16 and what an XML declaration calls Western are turned, anything else stays.
fn decode(bytes: &[u8]) -> (Encoding, std::borrow::Cow<'_, [u8]>) {
    use std::borrow::Cow;
    let wide = |little: bool| {
        let units = bytes[2..].chunks_exact(2).map(|pair| {
            let pair = [pair[0], pair[1]];
            if little {
                u16::from_le_bytes(pair)
            } else {
                u16::from_be_bytes(pair)
            }
        });
        let text: String = char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        (
            Encoding::Utf16 { big_endian: !little },
            Cow::Owned(text.into_bytes()),
        )
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => (Encoding::Utf8Bom, Cow::Borrowed(rest)),
        [0xff, 0xfe, ..] => wide(true),
        [0xfe, 0xff, ..] => wide(false),
        _ if std::str::from_utf8(bytes).is_ok() => (Encoding::Utf8, Cow::Borrowed(bytes)),
        _ if says_western(bytes) => {
            let text: String = bytes.iter().map(|byte| Codec::Windows1252.char(*byte)).collect();
            (Encoding::Windows1252, Cow::Owned(text.into_bytes()))
        }
        // A bad byte in a message must not make a whole report unreadable.
        _ if matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            (Encoding::Lossy, Cow::Owned(text.into_bytes()))
        }
        _ => (Encoding::Lossy, Cow::Borrowed(bytes)),
    }
}
