//! Everything that is known of one thing: state, why, votes, severity with its line, requirement with its heading,
//! the gates that wait for it.

use super::{Done, boxed, closes, frame, scroll};
use crate::app::command::Command;
use crate::app::key::{Key, KeyName};
use crate::app::model::Model;
use crate::app::panes::claims::claim_page;
use crate::app::panes::{Subject, document, find_item};
use crate::app::update::command_of;
use crate::app::view::glyphs::spoken;
use crate::app::view::line::{counted, prefix, wrap};
use crate::app::view::{Line, Pane, Role, glyphs_of};
use crate::engine::{Assessment, ItemState, JudgedDocument};
use crate::model::{
    Derived, GateMode, GateScope, Item, ReasonKind, RepoPath, Report, Requirement, Section, Severity, Verdict,
};
use crate::text::clean::without_ansi;

/// What is explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    subject: Subject,
    top: usize,
}

impl State {
    /// The explanation of a subject.
    #[must_use]
    pub const fn new(subject: Subject) -> Self {
        Self { subject, top: 0 }
    }
}

pub(super) fn press(model: &Model, state: &mut State, key: Key) -> Done {
    let again = command_of(model, key) == Some(Command::Explain);
    if closes(model, key) || again || key == Key::plain(KeyName::Enter) {
        return Done::Close;
    }
    let rows = lines(model, &state.subject, width(model)).len();
    scroll(model, key, &mut state.top, rows);
    Done::Stay
}

pub(super) fn view(model: &Model, state: &State) -> Pane {
    let lines = lines(model, &state.subject, width(model));
    let area = frame(model, width(model), lines.len());
    boxed("Why", lines, state.top, " esc closes ", area)
}

fn width(model: &Model) -> usize {
    usize::from(model.size.0).saturating_sub(4).clamp(1, 100)
}

/// Rows of `name: text`, wrapped.
pub(in crate::app) struct Page {
    width: usize,
    lines: Vec<Line>,
}

impl Page {
    /// A heading.
    pub(in crate::app) fn head(&mut self, text: &str) {
        self.lines.extend(
            wrap(text, self.width)
                .into_iter()
                .map(|row| Line::of(row, Role::Strong)),
        );
    }

    /// `name: text`.
    pub(in crate::app) fn field(&mut self, name: &str, text: &str, role: Role) {
        let name_columns = 13;
        for (n, row) in wrap(text, self.width.saturating_sub(name_columns))
            .into_iter()
            .enumerate()
        {
            let lead = if n == 0 { name } else { "" };
            self.lines
                .push(Line::of(format!("{lead:<name_columns$}"), Role::Muted).and(row, role));
        }
    }
}

impl Page {
    /// Text of several lines, such as a stack, at most `most` rows of it.
    pub(in crate::app) fn block(&mut self, text: &str, role: Role, most: usize) {
        // The indentation of a stack is kept as far as it leaves room.
        let indented = text.lines().take(most).flat_map(|line| {
            let tabs = line.replace('\t', "  ");
            let text = tabs.trim_start();
            let indent = (tabs.len() - text.len()).min(self.width / 4);
            let rows = wrap(text, self.width.saturating_sub(indent));
            rows.into_iter().map(move |row| format!("{:indent$}{row}", ""))
        });
        let rows: Vec<String> = indented.collect();
        let left = rows.len().saturating_sub(most) + text.lines().count().saturating_sub(most);
        self.lines
            .extend(rows.into_iter().take(most).map(|row| Line::of(row, role)));
        if left > 0 {
            let more = counted(left, "more row", "more rows");
            self.lines.push(Line::of(format!("and {more}"), Role::Muted));
        }
    }
}

/// Everything that is known of a subject, wrapped.
pub(in crate::app) fn lines(model: &Model, subject: &Subject, width: usize) -> Vec<Line> {
    let mut page = Page {
        width,
        lines: Vec::new(),
    };
    if let Some(assessment) = &model.assessment {
        explain(model, assessment, subject, &mut page);
    }
    if page.lines.is_empty() {
        page.head("It is not there any more.");
    }
    page.lines
}

/// Adds what is known of a subject.
pub(in crate::app) fn explain(model: &Model, assessment: &Assessment, subject: &Subject, page: &mut Page) {
    match subject {
        Subject::Verdict | Subject::Nothing => verdict(model, assessment, page),
        Subject::Item { path, uid, .. } => {
            let found = find_item(assessment, path, *uid);
            if let Some((d, i)) = found
                && let Some((document, item, state)) = assessment.item(d, i)
            {
                self::item(model, assessment, (d, i), document, item, state, page);
            }
        }
        Subject::Gate { id, .. } => {
            if let Some(gate) = assessment.gates.iter().find(|gate| gate.id == *id) {
                page.head(&format!("Gate {id}"));
                let (_, role) = glyphs_of(model).gate(gate.result);
                page.field("result", &spoken(gate.result.word()), role);
                page.field("why", &gate.message, Role::Text);
                let mode = match gate.mode {
                    GateMode::Enforce => "it decides",
                    GateMode::Advise => "it is shown and does not decide",
                    GateMode::Off => "it is not evaluated",
                };
                page.field("mode", mode, Role::Text);
                page.field("written in", &gate.source, Role::Link);
            }
        }
        Subject::Row(row) => row.pane.behaviour().explain(model, assessment, row, page),
        Subject::Contradiction { path, line, message } => {
            page.head("Two places of one document cannot both be true");
            page.field("what", message, Role::Conflict);
            page.field("where", &format!("{path}:{line}"), Role::Link);
            let report = assessment
                .document(path)
                .and_then(|d| assessment.documents.get(d));
            let report = report.map(|document| &document.report);
            let found = report.and_then(|report| {
                let mut all = report.contradictions.iter();
                all.find(|found| found.message == *message && found.lines.first() == Some(line))
            });
            let source = report.and_then(|report| model.panes.document.source_of(path, report.hash));
            for line in found.iter().flat_map(|found| &found.lines).take(12) {
                let written =
                    source.and_then(|source| source.text().lines().nth((*line as usize).checked_sub(1)?));
                let written = written.map_or_else(String::new, |text| prefix(text.trim(), 400).to_owned());
                page.field(&format!("line {line}"), &written, Role::Text);
            }
        }
        Subject::Claim { path, line, text } => {
            let document = assessment
                .document(path)
                .and_then(|d| assessment.documents.get(d));
            let found = document.and_then(|document| {
                let mut claims = document.claims.iter();
                let claim = claims.find(|claim| claim.line == *line && claim.text == *text)?;
                Some((document, claim))
            });
            if let Some((document, claim)) = found {
                claim_page(model, document, claim, page);
            }
        }
        Subject::Declared { path, line } => {
            let declared = assessment
                .declared_verdicts()
                .find(|(p, declared)| *p == path && declared.line == *line);
            if let Some((_, declared)) = declared {
                page.head("A verdict in the document's own words");
                page.field("said", &declared.text, Role::Text);
                page.field(
                    "comes to",
                    glyphs_of(model).declared(declared.verdict).0,
                    Role::Text,
                );
                page.field("stage", declared.stage.word(), Role::Text);
                page.field(
                    "shown",
                    model.verdict().map_or("not known yet", Verdict::word),
                    Role::Text,
                );
                page.field("where", &format!("{path}:{line}"), Role::Link);
            }
        }
        Subject::Problem(at, what) => {
            page.head("A problem of the reading");
            page.field("what", what, Role::Error);
            page.field("where", at, Role::Link);
            let hint = assessment
                .problems
                .iter()
                .find(|problem| problem.what == *what && problem.at == *at);
            if let Some(hint) = hint.and_then(|problem| problem.hint.as_deref()) {
                page.field("what to do", hint, Role::Text);
            }
        }
        Subject::Document(path) | Subject::Section { path, .. } | Subject::Line { path, .. } => {
            let found = assessment
                .document(path)
                .and_then(|d| assessment.documents.get(d));
            match (found, subject) {
                (Some(found), _) => self::document_page(found, page),
                (None, Subject::Line { path, line }) => source_line(assessment, path, *line, page),
                _ => {}
            }
        }
    }
}

/// A line of a source that is no document: whether a test ran it, and what the scanners found there.
fn source_line(assessment: &Assessment, path: &RepoPath, line: u32, page: &mut Page) {
    const SHOWN: usize = 20;
    let gathered = &assessment.gathered;
    page.head(&format!("{path}:{line}"));
    let ran = gathered.covered(path.as_str()).map(|file| file.lines.get(line));
    let (words, role) = match ran {
        Some(Some(true)) => ("a test ran this line", Role::Done),
        Some(Some(false)) => ("no test ran this line", Role::Open),
        Some(None) => ("no coverage is counted for this line", Role::Muted),
        None => ("no coverage file speaks of this file", Role::Muted),
    };
    page.field("coverage", words, role);
    let here = gathered.scans.findings.iter().filter_map(|merged| {
        let (_, report, finding) = gathered.finding(merged)?;
        let same = merged.path.as_ref() == Some(path) && finding.line == Some(line);
        same.then_some((merged.severity, report, finding))
    });
    for (severity, report, finding) in here.take(SHOWN) {
        let text = format!(
            "{} ({}, {}): {}",
            finding.rule,
            severity.word(),
            report.tool,
            finding.message
        );
        page.field("found", &without_ansi(&text), Role::Warning);
    }
}

const fn rule(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NoGo => {
            "A gate that decides fails, or a blocking item is open, refuted, blocked or conflicted."
        }
        Verdict::Hold => {
            "Something that is needed is missing, pending, unproven, stale or unknown; that is never a GO."
        }
        Verdict::GoWithWaivers => "It is a GO only because of waivers.",
        Verdict::Go => "Everything that is needed is there and passes.",
    }
}

fn verdict(model: &Model, assessment: &Assessment, page: &mut Page) {
    let (word, rule) = match model.verdict() {
        None => (
            "not known yet",
            "Reading goes on; a GO is shown only when everything was read.",
        ),
        Some(verdict) => (verdict.word(), rule(verdict)),
    };
    page.head(&format!("{word} for {}", assessment.stage.word()));
    page.field("rule", rule, Role::Text);
    let effect = |effect: Verdict| {
        assessment
            .reasons
            .iter()
            .filter(|reason| reason.effect == effect)
            .count()
    };
    page.field(
        "reasons",
        &format!(
            "{} for NO-GO, {} for HOLD",
            effect(Verdict::NoGo),
            effect(Verdict::Hold)
        ),
        Role::Text,
    );
    for evidence in &assessment.evidence {
        let words = format!(
            "{}, {}, {}",
            evidence.outcome.word(),
            evidence.binding.word(),
            evidence.freshness.word()
        );
        page.field(
            evidence.kind.word(),
            &format!("{} ({words})", evidence.source),
            Role::Text,
        );
    }
    let floor = model.settings.policy.floor.word();
    page.field(
        "floor",
        &format!("items of severity {floor} or worse block, and those that nobody graded"),
        Role::Text,
    );
}

fn item(
    model: &Model,
    assessment: &Assessment,
    (d, i): (u32, u32),
    document: &JudgedDocument,
    item: &Item,
    state: ItemState,
    page: &mut Page,
) {
    let glyphs = glyphs_of(model);
    let report = &document.report;
    let id = item.id.as_deref().map(|id| format!("{id}  ")).unwrap_or_default();
    page.head(&format!("{id}{}", item.title));
    let (sign, role) = glyphs.derived(state.derived);
    page.field(
        "state",
        &format!(
            "{sign} {}: {}",
            spoken(state.derived.word()),
            meaning(state.derived)
        ),
        role,
    );
    let effect = match state.effect {
        Verdict::NoGo => "NO-GO: it blocks",
        Verdict::Hold => "HOLD: it blocks until it is proven",
        Verdict::GoWithWaivers => "waived, not passed",
        Verdict::Go => "it does not block",
    };
    page.field("effect", effect, glyphs.verdict(state.effect).1);
    let because = assessment
        .reasons
        .iter()
        .find(|reason| reason.kind == ReasonKind::Item(d, i));
    if let Some(reason) = because {
        page.field("because", &assessment.explain(reason).message, Role::Text);
    }
    let source = model.panes.document.source_of(&report.path, report.hash);
    page.field(
        "votes",
        &document::votes(item, state, source, glyphs),
        Role::Marker,
    );
    let severity = match &item.severity_source {
        Some(source) => format!(
            "{}: `{}` in line {}",
            item.severity.word(),
            source.written,
            source.line
        ),
        None if item.severity == Severity::Unspecified => {
            "unspecified: nothing was written, so it reaches every floor".to_owned()
        }
        None => item.severity.word().to_owned(),
    };
    page.field("severity", &severity, Role::Text);
    page.field("requirement", &requirement(report, item), Role::Text);
    page.field("shape", item.shape.word(), Role::Text);
    page.field("where", &format!("{}:{}", report.path, item.line), Role::Link);
    let sections = report.section_path(item.section);
    if !sections.is_empty() {
        page.field("section", &sections.join(glyphs.crumb()), Role::Text);
    }
    if let Some(extras) = &item.extras {
        let named = [
            ("effort", &extras.effort),
            ("owner", &extras.owner),
            ("due", &extras.due),
            ("note", &extras.note),
        ];
        for (name, value) in named {
            if let Some(value) = value {
                page.field(name, value, Role::Text);
            }
        }
        if !extras.ids.is_empty() {
            page.field("stands for", &extras.ids.join(", "), Role::Text);
        }
    }
    gates(report, item, page);
    page.field("uid", &item.uid.to_string(), Role::Muted);
}

fn gates(report: &Report, item: &Item, page: &mut Page) {
    for gate in &report.gates {
        let waits = match &gate.scope {
            GateScope::AllItems => item.requirement.applies_to(gate.stage),
            GateScope::Sections(sections) => {
                ancestors(report, item.section).any(|(index, _)| sections.contains(&index))
            }
            GateScope::Severity(floor) => item.severity <= *floor,
            GateScope::Unresolved => false,
        };
        if waits {
            let text = format!("line {}: {}", gate.line, gate.text);
            page.field("gate waits", &text, Role::Text);
        }
    }
}

fn ancestors(report: &Report, section: Option<u32>) -> impl Iterator<Item = (u32, &Section)> {
    let mut at = section;
    // Bounded, so that a report whose headings hold each other ends.
    (0..64).map_while(move |_| {
        let index = at?;
        let section = report.sections.get(index as usize)?;
        at = section.parent;
        Some((index, section))
    })
}

fn requirement(report: &Report, item: &Item) -> String {
    let word = match item.requirement {
        Requirement::Required(stage) => format!("required for {}", stage.word()),
        other => spoken(other.word()).into_owned(),
    };
    let heading = ancestors(report, item.section)
        .map(|(_, section)| section)
        .take_while(|section| section.requirement == item.requirement)
        .last();
    match heading {
        Some(section) if item.requirement != Requirement::default() => {
            format!(
                "{word}: from the heading `{}` in line {}",
                section.title, section.line
            )
        }
        _ => word,
    }
}

fn document_page(document: &JudgedDocument, page: &mut Page) {
    let report = &document.report;
    page.head(report.title.as_deref().unwrap_or(report.path.as_str()));
    page.field("where", report.path.as_str(), Role::Link);
    page.field(
        "counts",
        if report.recognition.counts { "yes" } else { "no" },
        Role::Text,
    );
    for why in &report.recognition.why {
        page.field("because", why, Role::Text);
    }
    let what = format!(
        "{}, {}, {}",
        counted(report.items.len(), "item", "items"),
        counted(report.gates.len(), "gate of its own", "gates of its own"),
        counted(report.contradictions.len(), "contradiction", "contradictions")
    );
    page.field("holds", &what, Role::Text);
    for (name, field) in [
        ("date", &report.meta.date),
        ("author", &report.meta.author),
        ("branch", &report.meta.branch),
    ] {
        if let Some(field) = field {
            page.field(
                name,
                &format!("{} (line {})", field.value, field.line),
                Role::Text,
            );
        }
    }
    if let Some(cut) = report.truncated {
        page.field(
            "read",
            &format!("only the first {} of {} bytes", cut.read, cut.size),
            Role::Warning,
        );
    }
    for contradiction in report.contradictions.iter().take(20) {
        let line = contradiction.lines.first().copied().unwrap_or(1);
        page.field(
            "contradicts",
            &format!("line {line}: {}", contradiction.message),
            Role::Conflict,
        );
    }
    for problem in report.problems.iter().take(20) {
        page.field("problem", &problem.to_string(), Role::Warning);
    }
}

const fn meaning(derived: Derived) -> &'static str {
    match derived {
        Derived::Supported => "said to be done, and fresh evidence shows it",
        Derived::Attested => "verified by a person, and the sign-off is still valid",
        Derived::Unproven => "said to be done, but nothing checkable shows it",
        Derived::Stale => "said to be done, but its evidence has aged",
        Derived::Refuted => "said to be done, but the evidence says otherwise",
        Derived::Vacuous => "said to be done, over an empty set or a gate that cannot fail",
        Derived::LooksDone => "said to be open, but everything it claims holds",
        Derived::Waived => "a person decided to go on without it, until a date",
        Derived::WaiverExpired => "its waiver has ended",
        Derived::NotApplicable => "said not to apply",
        Derived::Open => "not begun",
        Derived::InProgress => "begun, not done",
        Derived::Blocked => "work on it cannot go on",
        Derived::Deferred => "put off",
        Derived::Conflicted => "its own markers disagree; it counts as the least of them",
        Derived::Unmarked => "no marker says a status",
    }
}
