//! `gonogo inspect`: what each file was recognised as and what it yields.

use std::io::Write;

use serde::Serialize;

use super::dto::{ClaimDto, ContradictionDto, DeclaredDto, ItemDto, ProblemDto, Stream};
use super::evidence::{self, Blocks, Evidence};
use super::style::safe;
use super::{SCHEMA_VERSION, Style, Written, write_json};
use crate::model::Report;
use crate::text::Encoding;

/// One file that was looked at.
#[derive(Debug)]
pub struct Inspected {
    /// As it was asked for, or found.
    pub path: String,
    /// What came of it.
    pub what: What,
}

/// What came of a file.
#[derive(Debug)]
pub enum What {
    /// Markdown, read.
    Markdown(Box<Report>),
    /// What a tool wrote.
    Evidence(Box<Evidence>),
    /// A file of no known format.
    Unknown,
    /// It could not be read; one sentence.
    Error(String),
}

#[derive(Serialize)]
struct InspectDto<F: Serialize> {
    schema_version: u32,
    files: F,
}

#[derive(Serialize)]
struct FileDto<'a> {
    path: &'a str,
    kind: &'static str,
    format: Option<&'static str>,
    encoding: Option<&'static str>,
    error: Option<ErrorDto<'a>>,
    #[serde(flatten)]
    blocks: Blocks<'a>,
    items: Vec<ItemDto<'a>>,
    claims: Vec<ClaimDto<'a>>,
    contradictions: Vec<ContradictionDto<'a>>,
    declared_verdicts: Vec<DeclaredDto<'a>>,
    title: Option<&'a str>,
    gates: Vec<GateDto<'a>>,
    recognition: Option<RecognitionDto<'a>>,
    truncated: Option<TruncatedDto>,
    problems: Vec<ProblemDto<'a>>,
}

#[derive(Serialize)]
struct ErrorDto<'a> {
    message: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    byte: Option<u64>,
}

#[derive(Serialize)]
struct GateDto<'a> {
    line: u32,
    text: &'a str,
    stage: &'static str,
}

#[derive(Serialize)]
struct RecognitionDto<'a> {
    counts: bool,
    why: Vec<&'a str>,
}

#[derive(Serialize)]
struct TruncatedDto {
    read: u64,
    size: u64,
}

/// Whether a Markdown file holds anything that a readiness report holds.
fn is_checklist(report: &Report) -> bool {
    report.recognition.counts
        || !report.items.is_empty()
        || !report.gates.is_empty()
        || !report.claims.is_empty()
        || !report.declared_verdicts.is_empty()
}

impl Inspected {
    /// Whether the file could not be read.
    #[must_use]
    pub fn failed(&self) -> bool {
        match &self.what {
            What::Error(_) => true,
            What::Evidence(evidence) => evidence.result.is_err(),
            What::Markdown(_) | What::Unknown => false,
        }
    }

    fn dto(&self) -> FileDto<'_> {
        let mut dto = FileDto {
            path: &self.path,
            kind: "unknown",
            format: None,
            encoding: None,
            error: None,
            blocks: Blocks::default(),
            items: Vec::new(),
            claims: Vec::new(),
            contradictions: Vec::new(),
            declared_verdicts: Vec::new(),
            title: None,
            gates: Vec::new(),
            recognition: None,
            truncated: None,
            problems: Vec::new(),
        };
        match &self.what {
            What::Unknown => {}
            What::Error(message) => {
                dto.error = Some(ErrorDto {
                    message,
                    line: None,
                    column: None,
                    byte: None,
                });
            }
            What::Evidence(evidence) => {
                dto.kind = evidence::kind(evidence.family);
                dto.format = Some(evidence.format);
                dto.encoding = evidence.encoding.map(Encoding::name);
                dto.problems = evidence.problems.iter().map(ProblemDto::from).collect();
                match &evidence.result {
                    Ok(figures) => dto.blocks = Blocks::of(figures),
                    Err(error) => {
                        dto.error = Some(ErrorDto {
                            message: &error.message,
                            line: error.line,
                            column: error.column,
                            byte: error.byte,
                        });
                    }
                }
            }
            What::Markdown(report) => {
                if is_checklist(report) {
                    dto.kind = "checklist";
                }
                dto.format = Some("markdown");
                dto.encoding = Some(report.encoding.name());
                dto.items = report
                    .items
                    .iter()
                    .map(|item| ItemDto::of(report, item, None))
                    .collect();
                dto.claims = report.claims.iter().map(ClaimDto::from).collect();
                dto.contradictions = report
                    .contradictions
                    .iter()
                    .map(|found| ContradictionDto::of(None, found))
                    .collect();
                dto.declared_verdicts = report
                    .declared_verdicts
                    .iter()
                    .map(|declared| DeclaredDto::of(None, declared))
                    .collect();
                dto.title = report.title.as_deref();
                dto.gates = report
                    .gates
                    .iter()
                    .map(|gate| GateDto {
                        line: gate.line,
                        text: &gate.text,
                        stage: gate.stage.word(),
                    })
                    .collect();
                dto.recognition = Some(RecognitionDto {
                    counts: report.recognition.counts,
                    why: report.recognition.why.iter().map(|why| &**why).collect(),
                });
                dto.problems = report.problems.iter().map(ProblemDto::from).collect();
                dto.truncated = report.truncated.map(|cut| TruncatedDto {
                    read: cut.read,
                    size: cut.size,
                });
            }
        }
        dto
    }
}

/// The JSON of INTERFACE.
///
/// # Errors
/// When it cannot be written.
pub fn json(out: &mut dyn Write, files: &[Inspected]) -> Written {
    let document = InspectDto {
        schema_version: SCHEMA_VERSION,
        files: Stream(|| files.iter().map(Inspected::dto)),
    };
    write_json(out, &document)
}

/// A few lines for each file.
///
/// # Errors
/// When it cannot be written.
pub fn text(out: &mut dyn Write, files: &[Inspected], style: Style) -> Written {
    for file in files {
        let path = style.heading(&file.path);
        match &file.what {
            What::Unknown => writeln!(out, "{path}  unknown")?,
            What::Error(message) => writeln!(out, "{path}  error: {}", safe(message))?,
            What::Evidence(evidence) => evidence::text(out, &path, evidence)?,
            What::Markdown(report) => markdown(out, &path, report, style)?,
        }
    }
    Ok(())
}

fn markdown(out: &mut dyn Write, path: &str, report: &Report, style: Style) -> Written {
    let kind = if is_checklist(report) {
        "checklist"
    } else {
        "unknown"
    };
    writeln!(out, "{path}  {kind}, markdown, {}", report.encoding.name())?;
    let counts = if report.recognition.counts {
        "counts as a readiness report"
    } else {
        "is no readiness report"
    };
    let why: Vec<_> = report.recognition.why.iter().map(|why| safe(why)).collect();
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(": {}", why.join("; "))
    };
    writeln!(out, "  {counts}{why}")?;
    if let Some(cut) = report.truncated {
        writeln!(
            out,
            "  only the first {} of {} bytes were read",
            cut.read, cut.size
        )?;
    }
    for problem in &report.problems {
        writeln!(out, "  {}", safe(&problem.to_string()))?;
    }
    for item in &report.items {
        let id = item
            .id
            .as_deref()
            .map_or_else(String::new, |id| format!("{} ", safe(id)));
        writeln!(
            out,
            "  {:>6}  {:<7}  {:<14}  {:<11}  {id}{}",
            item.line,
            item.shape.word(),
            item.declared.word(),
            item.severity.word(),
            safe(&item.title)
        )?;
    }
    for gate in &report.gates {
        writeln!(out, "  {:>6}  gate     “{}”", gate.line, safe(&gate.text))?;
    }
    for declared in &report.declared_verdicts {
        writeln!(
            out,
            "  {:>6}  says     {:<14}  {:<11}  “{}”",
            declared.line,
            declared.verdict.word(),
            declared.stage.word(),
            safe(&declared.text)
        )?;
    }
    for claim in &report.claims {
        writeln!(
            out,
            "  {:>6}  claim    {:<14}  “{}” {}",
            claim.line,
            claim.verdict.word(),
            safe(&claim.text),
            style.muted(&claim.reason)
        )?;
    }
    for found in &report.contradictions {
        let lines: Vec<String> = found.lines.iter().map(u32::to_string).collect();
        writeln!(
            out,
            "  contradiction in lines {}: {}",
            lines.join(", "),
            safe(&found.message)
        )?;
    }
    Ok(())
}
