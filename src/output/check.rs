//! `gonogo check` as text and as JSON.

use std::io::Write;

use serde::Serialize;

use super::dto::{DeclaredDto, ProblemDto, Stream, severity};
use super::style::{counted, safe};
use super::{SCHEMA_VERSION, Style, Written, write_json};
use crate::engine::Assessment;
use crate::model::{Evidence, GateMode, GateResult, ReasonKind};

/// As many reasons as fit a screen; the JSON has all of them.
const MOST_REASONS: usize = 20;
/// As many of the other lists.
const MOST_ROWS: usize = 12;

#[derive(Serialize)]
struct CheckDto<'a, R, D, G, P>
where
    R: Serialize,
    D: Serialize,
    G: Serialize,
    P: Serialize,
{
    schema_version: u32,
    repo: &'a str,
    branch: Option<&'a str>,
    commit: Option<&'a str>,
    dirty: bool,
    stage: &'static str,
    at: String,
    verdict: &'static str,
    reasons: R,
    counts: CountsDto,
    gates: G,
    declared_verdicts: D,
    evidence: Vec<EvidenceDto<'a>>,
    problems: P,
}

#[derive(Serialize)]
struct ReasonDto {
    severity: &'static str,
    kind: &'static str,
    id: String,
    message: String,
    source: String,
    effect: &'static str,
}

#[derive(Serialize)]
struct CountsDto {
    items: u32,
    blocking: u32,
    claims: u32,
    refuted: u32,
    contradictions: u32,
    documents: u32,
    done: u32,
    conflicted: u32,
}

#[derive(Serialize)]
struct GateDto<'a> {
    id: &'a str,
    result: &'static str,
    message: &'a str,
    mode: &'static str,
    source: &'a str,
}

#[derive(Serialize)]
struct EvidenceDto<'a> {
    kind: &'static str,
    source: &'a str,
    collection: &'static str,
    outcome: &'static str,
    binding: &'static str,
    freshness: &'static str,
    age_s: Option<i64>,
    commit: Option<&'a str>,
    why: Option<&'a str>,
}

/// The JSON of INTERFACE.
///
/// # Errors
/// When it cannot be written.
pub fn json(out: &mut dyn Write, assessment: &Assessment) -> Written {
    let counts = assessment.counts;
    let document = CheckDto {
        schema_version: SCHEMA_VERSION,
        repo: &assessment.repository.name,
        branch: assessment.repository.branch.as_deref(),
        commit: assessment.repository.commit.as_deref(),
        dirty: assessment.repository.dirty,
        stage: assessment.stage.word(),
        at: assessment.at.to_string(),
        verdict: assessment.verdict.word(),
        reasons: Stream(|| {
            assessment.reasons.iter().map(|reason| {
                let text = assessment.explain(reason);
                ReasonDto {
                    severity: reason.severity.word(),
                    kind: text.kind,
                    id: text.id,
                    message: text.message,
                    source: text.source,
                    effect: reason.effect.word(),
                }
            })
        }),
        counts: CountsDto {
            items: counts.items,
            blocking: counts.blocking,
            claims: counts.claims,
            refuted: counts.refuted,
            contradictions: counts.contradictions,
            documents: counts.documents,
            done: counts.done,
            conflicted: counts.conflicted,
        },
        gates: Stream(|| {
            assessment.gates.iter().map(|gate| GateDto {
                id: &gate.id,
                result: gate.result.word(),
                message: &gate.message,
                mode: gate.mode.word(),
                source: &gate.source,
            })
        }),
        declared_verdicts: Stream(|| {
            assessment
                .declared_verdicts()
                .map(|(path, declared)| DeclaredDto::of(Some(path.as_str()), declared))
        }),
        evidence: assessment
            .evidence
            .iter()
            .map(|piece| evidence(piece, assessment))
            .collect(),
        problems: Stream(|| assessment.problems.iter().map(ProblemDto::from)),
    };
    write_json(out, &document)
}

fn evidence<'a>(piece: &'a Evidence, assessment: &'a Assessment) -> EvidenceDto<'a> {
    let bound = assessment.gathered.bound(piece);
    EvidenceDto {
        kind: piece.kind.word(),
        source: &piece.source,
        collection: piece.collection.word(),
        outcome: piece.outcome.word(),
        binding: piece.binding.word(),
        freshness: piece.freshness.word(),
        age_s: piece
            .produced_at
            .map(|at| assessment.at.duration_since(at).as_secs()),
        commit: bound.and_then(|bound| Some(bound.commit.as_ref()?.as_str())),
        why: bound.map(|bound| &*bound.why),
    }
}

/// For people: the verdict, its reasons worst first, the gates, what the documents say themselves, what was looked at.
///
/// # Errors
/// When it cannot be written.
pub fn text(out: &mut dyn Write, assessment: &Assessment, style: Style) -> Written {
    writeln!(out, "{}", headline(assessment, style))?;
    writeln!(out, "{}", counts(assessment))?;

    let reasons = &assessment.reasons;
    if !reasons.is_empty() {
        writeln!(out, "\n{}", style.heading("Reasons"))?;
    }
    for reason in reasons.iter().take(MOST_REASONS) {
        let text = assessment.explain(reason);
        let source = if text.source.is_empty() {
            String::new()
        } else {
            format!("{}  ", style.muted(&text.source))
        };
        writeln!(
            out,
            "  {}  {:<11}  {source}{}",
            style.effect(reason.effect),
            reason.severity.word(),
            safe(&text.message)
        )?;
    }
    more(
        out,
        reasons.len(),
        MOST_REASONS,
        "`gonogo check --format json` has all",
    )?;

    if !assessment.gates.is_empty() {
        writeln!(out, "\n{}", style.heading("Gates"))?;
    }
    let told = |id: &str| {
        let shown = reasons.iter().take(MOST_REASONS);
        let mut gates = shown.filter_map(|reason| match reason.kind {
            ReasonKind::Gate(index) => assessment.gates.get(index as usize),
            _ => None,
        });
        gates.any(|gate| gate.id == id)
    };
    for gate in assessment.gates.iter().take(MOST_ROWS) {
        let message = if told(&gate.id) {
            "as above".into()
        } else {
            safe(&gate.message)
        };
        let advises = if gate.mode == GateMode::Advise {
            " (advises only)"
        } else {
            ""
        };
        writeln!(
            out,
            "  {:<13}  {}{advises}  {}",
            gate.result.word(),
            safe(&gate.id),
            style.muted(&message)
        )?;
    }
    more(
        out,
        assessment.gates.len(),
        MOST_ROWS,
        "`gonogo check --format json` has all",
    )?;

    said(out, assessment, style)?;
    for problem in assessment.problems.iter().take(MOST_ROWS) {
        writeln!(
            out,
            "\n{}: {}",
            severity(problem.severity),
            safe(&problem.to_string())
        )?;
    }
    writeln!(out, "\n{}", style.muted(&looked_at(assessment)))
}

/// The verdict and of what it speaks, on one line.
#[must_use]
pub fn headline(assessment: &Assessment, style: Style) -> String {
    let repository = &assessment.repository;
    let mut line = style.verdict(assessment.verdict);
    line.push_str(&format!(
        "  {} for {}",
        safe(&repository.name),
        assessment.stage.word()
    ));
    let branch = repository.branch.as_deref().map(|branch| format!(" on {branch}"));
    let commit = repository.short_commit().map(|commit| format!(" at {commit}"));
    line.push_str(&safe(&branch.unwrap_or_default()));
    line.push_str(&safe(&commit.unwrap_or_default()));
    if repository.dirty {
        line.push_str(" with uncommitted changes");
    }
    line
}

/// The figures on one line.
#[must_use]
pub fn counts(assessment: &Assessment) -> String {
    let counts = assessment.counts;
    let mut parts = vec![
        format!("{} of {} block", counts.blocking, counted(counts.items, "item")),
        format!("{} declared done", counts.done),
    ];
    if counts.conflicted > 0 {
        parts.push(format!("{} conflicted", counts.conflicted));
    }
    for (n, noun) in [
        (counts.refuted, "refuted claim"),
        (counts.contradictions, "contradiction"),
    ] {
        if n > 0 {
            parts.push(counted(n, noun));
        }
    }
    parts.join(", ")
}

/// What was read.
#[must_use]
pub fn looked_at(assessment: &Assessment) -> String {
    format!(
        "{} of {} ({})",
        counted(assessment.counts.documents, "readiness report"),
        counted(assessment.repository.markdown, "Markdown file"),
        counted(assessment.repository.files, "file")
    )
}

/// What the documents say themselves, beside what was computed.
fn said(out: &mut dyn Write, assessment: &Assessment, style: Style) -> Written {
    let all = assessment.declared_verdicts().count();
    if all == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "\n{} (computed: {})",
        style.heading("Said by the documents"),
        assessment.verdict.word()
    )?;
    for (path, declared) in assessment.declared_verdicts().take(MOST_ROWS) {
        let past = if declared.historical {
            " (said of the past)"
        } else {
            ""
        };
        writeln!(
            out,
            "  {:<11}  {:<10}  {}  “{}”{past}",
            declared.verdict.word(),
            declared.stage.word(),
            style.muted(&format!("{path}:{}", declared.line)),
            safe(&declared.text)
        )?;
    }
    more(out, all, MOST_ROWS, "`gonogo check --format json` has all")
}

fn more(out: &mut dyn Write, all: usize, shown: usize, how: &str) -> Written {
    if all > shown {
        writeln!(out, "  and {} more; {how}", all - shown)?;
    }
    Ok(())
}

/// Whether a gate is worth a line where space is short.
#[must_use]
pub const fn is_notable(result: GateResult) -> bool {
    !matches!(result, GateResult::Pass | GateResult::Off)
}
