//! `gonogo explain`: why one thing stands where it stands, down to the line.

use std::io::Write;

use super::style::safe;
use super::{Style, Written};
use crate::engine::{Assessment, GateOutcome, JudgedDocument};
use crate::model::{
    Claim, Collection, Contradiction, DeclaredVerdict, Item, MarkKind, Reason, ReasonKind, Requirement,
    Verdict,
};
use crate::text::SourceText;

const MOST_MEMBERS: usize = 30;

/// An item: what voted, what it is needed for, what the verdict makes of it, which gates wait for it.
///
/// # Errors
/// When it cannot be written.
pub fn item(
    out: &mut dyn Write,
    assessment: &Assessment,
    place: (u32, u32),
    source: Option<&SourceText>,
    style: Style,
) -> Written {
    let Some((document, item, state)) = assessment.item(place.0, place.1) else {
        return Ok(());
    };
    let report = &document.report;
    let at = format!("{}:{}", report.path, item.line);
    let id = item.id.as_deref().map_or_else(String::new, |id| format!("{id} "));
    writeln!(
        out,
        "{}  {}",
        style.heading(&format!("{id}{}", item.title)),
        style.muted(&at)
    )?;
    writeln!(out, "  uid          {}  ({})", item.uid, item.shape.word())?;
    let sections = report.section_path(item.section);
    if !sections.is_empty() {
        writeln!(out, "  section      {}", safe(&sections.join(" › ")))?;
    }
    let graded = match &item.severity_source {
        Some(source) => format!("from “{}” in line {}", source.written, source.line),
        None => "nothing grades it, so it reaches every floor".to_owned(),
    };
    writeln!(
        out,
        "  severity     {}  ({})",
        item.severity.word(),
        safe(&graded)
    )?;
    let needed = match item.requirement {
        Requirement::Required(stage) => format!("required for {}", stage.word()),
        other => other.word().to_owned(),
    };
    let applies = if item.requirement.applies_to(assessment.stage) {
        "applies"
    } else {
        "does not apply"
    };
    writeln!(
        out,
        "  requirement  {needed}; {applies} to {}",
        assessment.stage.word()
    )?;
    writeln!(out, "  declared     {}", item.declared.word())?;
    for mark in &item.marks {
        let token = source.map_or_else(String::new, |source| format!("“{}” ", source.slice(mark.span)));
        let kind = match mark.kind {
            MarkKind::Box => "box",
            MarkKind::Word => "word",
            MarkKind::Emoji => "emoji",
            MarkKind::Strike => "strike",
        };
        writeln!(
            out,
            "    {kind} {}votes {} (bytes {}..{})",
            safe(&token),
            mark.vote.word(),
            mark.span.start,
            mark.span.end
        )?;
    }
    writeln!(
        out,
        "  derived      {}  → {}",
        state.derived.word(),
        style.verdict(state.effect)
    )?;
    let reason = Reason {
        effect: state.effect,
        severity: item.severity,
        kind: ReasonKind::Item(place.0, place.1),
    };
    writeln!(
        out,
        "  because      {}",
        safe(&assessment.explain(&reason).message)
    )?;
    if !report.recognition.counts {
        writeln!(
            out,
            "  its document does not count towards the verdict, so it decides nothing"
        )?;
    }
    for gate in &assessment.gates {
        let waits = assessment
            .members(gate)
            .iter()
            .any(|(_, member)| member.uid == item.uid);
        if waits {
            writeln!(out, "  gate         {} is {}", safe(&gate.id), gate.result.word())?;
        }
    }
    if let Some(source) = source {
        let text = source.slice(item.span);
        writeln!(out)?;
        for line in text.lines().take(MOST_MEMBERS) {
            writeln!(out, "  {} {}", style.muted("│"), safe(line))?;
        }
    }
    Ok(())
}

/// A gate: its result and the items that it waits for.
///
/// # Errors
/// When it cannot be written.
pub fn gate(out: &mut dyn Write, assessment: &Assessment, gate: &GateOutcome, style: Style) -> Written {
    writeln!(out, "{}  {}", style.heading(&gate.id), style.muted(&gate.source))?;
    writeln!(
        out,
        "  result       {}  ({})",
        gate.result.word(),
        gate.mode.word()
    )?;
    writeln!(out, "  because      {}", safe(&gate.message))?;
    if gate.id.starts_with("items:") {
        return blocking(out, assessment, style);
    }
    if let Some(kind) = gate.id.strip_prefix("evidence:") {
        return evidence(out, assessment, kind, style);
    }
    if gate.id.starts_with("coverage:") {
        return covered(out, assessment, gate, style);
    }
    if gate.id.starts_with("scans:") {
        return waived(out, assessment, style);
    }
    let members = assessment.members(gate);
    if !members.is_empty() {
        writeln!(out, "  waits for    {} items", members.len())?;
    }
    let mut open: Vec<_> = members
        .iter()
        .filter(|(_, item)| !item.declared.says_done())
        .collect();
    open.sort_by_key(|(_, item)| (item.declared, item.line));
    for (document, item) in open.iter().take(MOST_MEMBERS) {
        writeln!(
            out,
            "    {:<14}  {}  {}",
            item.declared.word(),
            style.muted(&format!("{}:{}", document.report.path, item.line)),
            safe(&item.title)
        )?;
    }
    if open.len() > MOST_MEMBERS {
        writeln!(out, "    and {} more", open.len() - MOST_MEMBERS)?;
    }
    Ok(())
}

/// The files of a coverage gate, the lowest first.
fn covered(out: &mut dyn Write, assessment: &Assessment, gate: &GateOutcome, style: Style) -> Written {
    let Some(target) = assessment.target(gate) else {
        return Ok(());
    };
    if !target.source.is_empty() {
        writeln!(out, "  set by       {}", safe(&target.source))?;
    }
    let files = assessment.covered(gate);
    for (file, ratio) in files.iter().take(MOST_MEMBERS) {
        let figures = format!("{} of {}", ratio.covered, ratio.total);
        let of = file
            .sources
            .first()
            .and_then(|at| assessment.gathered.files.get(*at as usize));
        let of = of.map_or("", |bound| &*bound.file.source);
        writeln!(
            out,
            "    {figures:>14}  {}  {}",
            safe(&file.path),
            style.muted(&safe(of))
        )?;
    }
    if files.len() > MOST_MEMBERS {
        writeln!(out, "    and {} more", files.len() - MOST_MEMBERS)?;
    }
    Ok(())
}

/// The findings that are waived or answered, with what says so.
fn waived(out: &mut dyn Write, assessment: &Assessment, style: Style) -> Written {
    let gathered = &assessment.gathered;
    let told = gathered.scans.findings.iter().filter_map(|merged| {
        let (_, _, finding) = gathered.finding(merged)?;
        Some((finding, merged.waived.as_ref()?))
    });
    for (finding, waiver) in told.take(MOST_MEMBERS) {
        let how = if waiver.not_affected {
            "not affected"
        } else {
            "waived"
        };
        let end = match waiver.expires {
            Some(end) => format!("until {end}"),
            None if waiver.not_affected => String::new(),
            None => "without an end".to_owned(),
        };
        let reason = if waiver.reason.is_empty() {
            "no reason given"
        } else {
            &waiver.reason
        };
        writeln!(
            out,
            "    {how:<14}{} {end}  {}  {}",
            safe(&finding.rule),
            style.muted(&safe(&waiver.source)),
            safe(reason)
        )?;
    }
    Ok(())
}

/// Each piece of one kind of evidence: of which commit it is, and how that is known.
fn evidence(out: &mut dyn Write, assessment: &Assessment, kind: &str, style: Style) -> Written {
    let pieces = || {
        assessment
            .evidence
            .iter()
            .filter(|piece| piece.kind.word() == kind)
    };
    for piece in pieces().take(MOST_MEMBERS) {
        writeln!(
            out,
            "    {}  {} {}, {}, {}",
            style.heading(&piece.source),
            piece.collection.word(),
            piece.outcome.word(),
            piece.binding.word(),
            piece.freshness.word()
        )?;
        if let Some(at) = piece.produced_at {
            writeln!(out, "      made         {at}")?;
        }
        if let Collection::Error(why) | Collection::Partial(why) = &piece.collection {
            writeln!(out, "      unread       {}", safe(why))?;
        }
        if let Some(bound) = assessment.gathered.bound(piece) {
            let commit = bound.commit.as_ref().map_or("none", |commit| commit.short());
            writeln!(out, "      commit       {commit}  ({})", safe(&bound.why))?;
        }
    }
    let all = pieces().count();
    if all > MOST_MEMBERS {
        writeln!(out, "    and {} more", all - MOST_MEMBERS)?;
    }
    let files = &assessment.gathered.files;
    for bound in files.iter().filter(|bound| bound.file.kind.word() == kind) {
        let newer = bound.superseded_by.and_then(|at| files.get(at as usize));
        if let Some(newer) = newer {
            writeln!(
                out,
                "    {}  does not count: {} stands in its place",
                style.heading(&bound.file.source),
                safe(&newer.file.source)
            )?;
        }
    }
    Ok(())
}

/// The items that block, worst first.
fn blocking(out: &mut dyn Write, assessment: &Assessment, style: Style) -> Written {
    let blocks = |reason: &&Reason| {
        matches!(reason.kind, ReasonKind::Item(..)) && reason.effect > Verdict::GoWithWaivers
    };
    let all = assessment.reasons.iter().filter(blocks).count();
    for reason in assessment.reasons.iter().filter(blocks).take(MOST_MEMBERS) {
        let text = assessment.explain(reason);
        writeln!(
            out,
            "    {}  {}  {}",
            style.effect(reason.effect),
            style.muted(&text.source),
            safe(&text.message)
        )?;
    }
    if all > MOST_MEMBERS {
        writeln!(out, "    and {} more", all - MOST_MEMBERS)?;
    }
    Ok(())
}

/// What stands in one line of a document that is no item.
#[derive(Debug, Clone, Copy)]
pub enum Said<'a> {
    /// A claim.
    Claim(&'a Claim),
    /// A contradiction.
    Contradiction(&'a Contradiction),
    /// A declared verdict.
    Declared(&'a DeclaredVerdict),
}

/// A claim, contradiction or declared verdict.
///
/// # Errors
/// When it cannot be written.
pub fn said(
    out: &mut dyn Write,
    document: &JudgedDocument,
    said: Said<'_>,
    source: Option<&SourceText>,
    style: Style,
) -> Written {
    let path = &document.report.path;
    match said {
        Said::Claim(claim) => {
            writeln!(
                out,
                "{}  {}",
                style.heading(&format!("“{}”", claim.text)),
                style.muted(&format!("{path}:{}", claim.line))
            )?;
            writeln!(
                out,
                "  claim        {} {} {}",
                safe(&claim.said.subject),
                claim.said.comparator,
                safe(&claim.said.value)
            )?;
            writeln!(
                out,
                "  kind         {}, {}",
                claim.kind.word(),
                claim.modality.word()
            )?;
            writeln!(out, "  verdict      {}", claim.verdict.word())?;
            writeln!(
                out,
                "  when         {} at the commit of its line, {} at HEAD",
                claim.at_document.word(),
                claim.at_head.word()
            )?;
            writeln!(out, "  because      {}", safe(&claim.reason))?;
            writeln!(out, "  rule         {}", claim.rule)?;
            for proof in &claim.proof {
                writeln!(
                    out,
                    "  proof        {}  {}",
                    safe(&proof.what),
                    style.muted(&safe(&proof.source))
                )?;
            }
            Ok(())
        }
        Said::Contradiction(found) => {
            writeln!(
                out,
                "{}  {}",
                style.heading(&format!("contradiction ({})", found.kind.word())),
                style.muted(path.as_str())
            )?;
            writeln!(out, "  because      {}", safe(&found.message))?;
            for &line in &found.lines {
                let text = source.map_or("", |source| line_of(source, line));
                writeln!(out, "  {} {}", style.muted(&format!("{line:>6} │")), safe(text))?;
            }
            Ok(())
        }
        Said::Declared(declared) => {
            writeln!(
                out,
                "{}  {}",
                style.heading(&format!("“{}”", declared.text)),
                style.muted(&format!("{path}:{}", declared.line))
            )?;
            let past = if declared.historical {
                ", said of the past, so it decides nothing"
            } else {
                ""
            };
            writeln!(
                out,
                "  the document says {} for {}{past}",
                declared.verdict.word(),
                declared.stage.word()
            )
        }
    }
}

/// The text of a 1-based line.
fn line_of(source: &SourceText, line: u32) -> &str {
    source
        .text()
        .lines()
        .nth((line as usize).saturating_sub(1))
        .unwrap_or_default()
}

/// An item's own words for a list of candidates: `path:line uid title`.
#[must_use]
pub fn candidate(document: &JudgedDocument, item: &Item) -> String {
    format!(
        "{}:{}  {}  {}",
        document.report.path,
        item.line,
        item.uid,
        safe(&item.title)
    )
}
