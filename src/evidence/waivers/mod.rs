//! Waivers that a repository already has in the files of its tools: OpenVEX, `.snyk`, `.trivyignore`, `osv-scanner.toml`.
//!
//! - [`openvex`], [`snyk`], [`trivy`], [`osv`]: one kind of file each, to [`Rule`]s. Pure.
//! - [`apply`]: the rules held against merged findings.
//!
//! A file speaks of the folder that it lies in and everything below. A rule that was not understood waives nothing and is
//! told. One that names no end is taken as it stands, for its tool takes it so, and the gate says that it has no end.
//! Invariants: a rule waives no more than its file says (what cannot be compared does not fit); an ended rule waives
//! nothing; any bytes give rules or problems, never a panic.

mod apply;
mod openvex;
mod osv;
mod purl;
mod snyk;
#[cfg(test)]
mod tests;
mod trivy;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use apply::apply;
use purl::Purl;

use crate::model::{Problem, ProblemSeverity, RepoPath};
use crate::text::SourceText;

/// What the files of a repository waive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waivers {
    /// All rules, in the order of files and lines.
    pub rules: Vec<Rule>,
    /// What was not understood.
    pub problems: Vec<Problem>,
}

/// One rule of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The rule or advisory, under any of these names; none: every finding of the subject.
    pub names: Vec<Box<str>>,
    /// What the finding has to be about.
    pub subject: Subject,
    /// The folder whose findings it speaks of; empty: the whole repository.
    pub folder: Box<str>,
    /// What it says of them.
    pub effect: Effect,
    /// When it was said; of two that contradict each other the later counts.
    pub said: Option<Timestamp>,
    /// Its end.
    pub expires: Option<Timestamp>,
    /// In a person's words.
    pub reason: Box<str>,
    /// `path:line`.
    pub source: Box<str>,
}

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It is accepted.
    Waived,
    /// It does not apply here, or is fixed.
    NotAffected,
    /// It applies: takes an earlier statement back.
    Affected,
}

/// What the findings of a rule have in common beside their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Nothing.
    Any,
    /// One of these files, as globs.
    Paths(Vec<Box<str>>),
    /// One of these packages.
    Packages(Vec<Purl>),
    /// Something that a report does not tell (a chain of dependencies, a product of another name), in words: fits nothing.
    Unknown(Box<str>),
}

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Snyk,
    Trivy,
    TrivyYaml,
    Osv,
    OpenVex,
}

/// Whether a file of this name may hold waivers.
#[must_use]
pub fn is_named(path: &RepoPath) -> bool {
    kind_of(path).is_some()
}

fn kind_of(path: &RepoPath) -> Option<Kind> {
    let name = path.file_name().to_ascii_lowercase();
    match name.as_str() {
        ".snyk" => Some(Kind::Snyk),
        ".trivyignore" => Some(Kind::Trivy),
        ".trivyignore.yaml" | ".trivyignore.yml" => Some(Kind::TrivyYaml),
        "osv-scanner.toml" => Some(Kind::Osv),
        _ if !name.ends_with(".json") => None,
        _ => {
            let in_folder = path.folder().rsplit('/').next().is_some_and(|folder| {
                [".vex", "vex", ".openvex", "openvex"].contains(&folder.to_ascii_lowercase().as_str())
            });
            (in_folder || name.contains("openvex") || name.contains(".vex.") || name == "vex.json")
                .then_some(Kind::OpenVex)
        }
    }
}

/// Reads one file; its name decides how.
#[must_use]
pub fn read(path: &RepoPath, source: &SourceText) -> Waivers {
    let mut file = File {
        path,
        made: Waivers::default(),
    };
    match kind_of(path) {
        Some(Kind::Snyk) => snyk::read(source, &mut file),
        Some(Kind::Trivy) => trivy::read_lines(source, &mut file),
        Some(Kind::TrivyYaml) => trivy::read_yaml(source, &mut file),
        Some(Kind::Osv) => osv::read(source, &mut file),
        Some(Kind::OpenVex) => openvex::read(source, &mut file),
        None => {}
    }
    file.made
}

/// A file while it is read.
struct File<'a> {
    path: &'a RepoPath,
    made: Waivers,
}

impl File<'_> {
    /// A rule of a line that speaks of the whole folder, to be filled.
    fn rule(&self, name: &str, line: u32) -> Rule {
        // A VEX document in a folder of its own speaks of the folder around it.
        let folder = self.path.folder();
        let last = folder.rsplit('/').next().unwrap_or_default();
        let own = kind_of(self.path) == Some(Kind::OpenVex) && last.to_ascii_lowercase().ends_with("vex");
        let folder = if own {
            folder
                .strip_suffix(last)
                .unwrap_or_default()
                .trim_end_matches('/')
        } else {
            folder
        };
        Rule {
            names: if name.is_empty() {
                Vec::new()
            } else {
                vec![name.into()]
            },
            subject: Subject::Any,
            folder: folder.into(),
            effect: Effect::Waived,
            said: None,
            expires: None,
            reason: "".into(),
            source: format!("{}:{line}", self.path).into(),
        }
    }

    fn push(&mut self, rule: Rule) {
        /// More rules than any repository has.
        const MOST: usize = 50_000;
        match self.made.rules.len() {
            n if n < MOST => self.made.rules.push(rule),
            n if n == MOST && self.made.problems.len() < MOST => {
                self.unclear(0, &format!("only the first {MOST} waivers are used"));
            }
            _ => {}
        }
    }

    /// A rule was not understood, so it waives nothing.
    fn unclear(&mut self, line: u32, what: &str) {
        /// One file does not fill the list of problems.
        const MOST: usize = 50;
        if self.made.problems.len() >= MOST {
            return;
        }
        let at = if line == 0 {
            self.path.to_string()
        } else {
            format!("{}:{line}", self.path)
        };
        self.made.problems.push(Problem {
            severity: ProblemSeverity::Warning,
            at: at.into(),
            what: format!("{what}; it waives nothing").into(),
            hint: None,
        });
    }
}

/// A day (its first moment in UTC) or a moment.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(day) = text.parse::<Date>()
        && text.len() <= 10
    {
        return Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp());
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let local = text.parse::<jiff::civil::DateTime>().ok()?;
    Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
