//! The checks of the commit: required ones first, failing ones first, jobs of a matrix together, with how long each
//! took and, behind a failed one, the decisive lines of its log.

use super::table::{self, Ask, Builder, Group, Listed, State as Table};
use super::{PaneKind, Panes, Row};
use crate::app::command::Command;
use crate::app::filter::terms::{self, Field, Term};
use crate::app::model::Model;
use crate::app::overlays::explain::Page;
use crate::app::overlays::{Overlay, actions};
use crate::app::update::note;
use crate::app::view::header::age;
use crate::app::view::line::{counted, number, short};
use crate::app::view::{Cell, Line, Role, glyphs_of};
use crate::engine::{Assessment, CiMember, GateOutcome, JudgedCi};
use crate::model::ci::{Check, CheckState, FirstError};
use crate::model::{Collection, EvidenceKind, GateMode, GateResult, Policy};
use crate::text::width::columns;

/// What the pane remembers.
pub type State = Table;

/// The pane.
pub(super) struct Ci;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Any,
    Status,
    Name,
    Workflow,
    Says,
}

impl Field for By {
    const ANY: Self = Self::Any;

    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "status" | "is" => Self::Status,
            "name" | "job" => Self::Name,
            "workflow" | "file" => Self::Workflow,
            "says" | "message" => Self::Says,
            _ => return None,
        })
    }

    fn whole(self) -> bool {
        matches!(self, Self::Name | Self::Says)
    }

    fn needle(self, part: &str) -> terms::Needle {
        terms::Needle::new(part)
    }
}

fn matches(terms: &[Term<By>], ci: &JudgedCi, member: &CiMember) -> bool {
    let check = check(ci, member);
    let workflow = check.map_or("", |check| &*check.key.workflow);
    terms.iter().all(|term| {
        let found = match term.field {
            By::Any => term.any(&member.id) || term.any(&member.message),
            By::Status => {
                term.begins(member.result.word())
                    || check.is_some_and(|check| term.begins(check.state.word()))
            }
            By::Name => term.any(check.map_or(&*member.id, |check| &*check.key.name)),
            By::Workflow => term.any(workflow),
            By::Says => term.any(&member.message),
        };
        found != term.inverse
    })
}

fn ci(assessment: &Assessment) -> Option<&JudgedCi> {
    assessment.ci.as_deref()
}

fn member(assessment: &Assessment, entry: u32) -> Option<(&JudgedCi, &CiMember)> {
    let ci = ci(assessment)?;
    Some((ci, ci.verdict.members.get(entry as usize)?))
}

fn check<'a>(ci: &'a JudgedCi, member: &CiMember) -> Option<&'a Check> {
    ci.facts.checks.get(member.check?)
}

/// What a row begins with: a glyph, a word and their role. Glyph and word differ, so that no colour is needed.
fn sign(model: &Model, member: &CiMember) -> (&'static str, &'static str, Role) {
    let glyphs = glyphs_of(model);
    match member.result {
        GateResult::Pass | GateResult::Off => (glyphs.done(), "passed", Role::Done),
        GateResult::Fail | GateResult::Error => (glyphs.fail(), "failed", Role::Open),
        GateResult::Missing => (glyphs.none(), "missing", Role::Hold),
        GateResult::Inconclusive => (glyphs.none(), "unclear", Role::Hold),
        GateResult::Pending => (glyphs.begun(), "running", Role::Begun),
        GateResult::PendingHuman => (glyphs.begun(), "waits", Role::Hold),
        GateResult::Vacuous => (glyphs.none(), "vacuous", Role::Hold),
        GateResult::NotEvaluated => (glyphs.none(), "skipped", Role::Begun),
        GateResult::Bypassed => (glyphs.done(), "waived", Role::Hold),
    }
}

impl Listed for Ci {
    const KIND: PaneKind = PaneKind::Ci;
    const TITLE: &'static str = "CI";
    const ABOUT: &'static str = "the checks of the commit on GitHub: required and failing ones first, alerts and blocker issues, each with its decisive lines";
    const COMMAND: Command = Command::GoCi;
    const SORTS: &'static [&'static str] = &["worst first", "slowest first", "by name"];
    const GROUPS: &'static [&'static str] = &["by weight", "by workflow", "ungrouped"];
    const FIELDS: &'static [(&'static str, &'static str)] = &[
        (
            "status:",
            "fail pending missing inconclusive pass, or GitHub's own word",
        ),
        ("name:", "part of the check's name"),
        ("workflow:", "part of the workflow's file"),
        ("says:", "part of the message"),
    ];
    const EVIDENCE: Option<EvidenceKind> = None;
    const EMPTY: &'static [&'static str] = &[
        "Nothing is known of this commit's checks.",
        "GitHub is asked when the remote names it; the gate above says what is missing.",
        "A token comes from GH_TOKEN, GITHUB_TOKEN or `gh auth login`.",
    ];

    fn state(panes: &Panes) -> &Table {
        &panes.ci
    }

    fn state_mut(panes: &mut Panes) -> &mut Table {
        &mut panes.ci
    }

    fn len(assessment: &Assessment) -> usize {
        ci(assessment).map_or(0, |ci| ci.verdict.members.len())
    }

    fn same(before: &Assessment, now: &Assessment) -> bool {
        before.gates == now.gates
            && match (&before.ci, &now.ci) {
                (None, None) => true,
                (Some(before), Some(now)) => before.verdict == now.verdict,
                _ => false,
            }
    }

    fn summary(model: &Model, assessment: &Assessment, width: usize) -> Line {
        let Some(ci) = ci(assessment) else {
            return Line::of("not asked", Role::Muted);
        };
        let dot = glyphs_of(model).dot();
        let checks = ci.verdict.members.iter().filter(|member| member.is_check);
        let mut line = Line::of(counted(checks.count(), "check", "checks"), Role::Strong);
        let mut parts = vec![(about(model, ci), Role::Text)];
        if let Some(budget) = ci.facts.budget {
            let left = number(usize::try_from(budget.remaining).unwrap_or(usize::MAX));
            let all = number(usize::try_from(budget.limit).unwrap_or(usize::MAX));
            parts.push((format!("{left} of {all} requests left"), Role::Muted));
        }
        for (text, role) in parts {
            if !text.is_empty() && line.columns() + columns(&text) + columns(dot) <= width {
                line = line.and(dot, Role::Muted).and(text, role);
            }
        }
        line
    }

    fn arrange(assessment: &Assessment, ask: &Ask, table: &mut Builder) {
        let Some(ci) = ci(assessment) else { return };
        let terms: Vec<Term<By>> = terms::read(&ask.filter);
        let mut found: Vec<(u32, &CiMember)> = (0..)
            .zip(&ci.verdict.members)
            .filter(|(_, member)| !ask.failing || member.result != GateResult::Pass)
            .filter(|(_, member)| matches(&terms, ci, member))
            .collect();
        match ask.sort {
            1 => found.sort_by_key(|(_, member)| {
                std::cmp::Reverse(check(ci, member).and_then(Check::seconds).unwrap_or(-1))
            }),
            2 => found.sort_by_key(|(_, member)| &member.id),
            _ => {}
        }
        let key = |member: &CiMember| -> (String, String) {
            match ask.group {
                0 if !member.is_check => ("around".to_owned(), "Around the checks".to_owned()),
                0 if member.mode == GateMode::Enforce => ("deciding".to_owned(), "Deciding".to_owned()),
                0 => ("shown".to_owned(), "Shown, not deciding".to_owned()),
                _ => match check(ci, member) {
                    Some(check) if !check.key.workflow.is_empty() => {
                        (check.key.workflow.to_string(), check.key.workflow.to_string())
                    }
                    Some(check) => (check.key.app.to_string(), format!("from {}", check.key.app)),
                    None => ("around".to_owned(), "Around the checks".to_owned()),
                },
            }
        };
        if ask.group >= 2 {
            found.iter().for_each(|(entry, _)| table.entry(*entry));
            return;
        }
        let mut names: Vec<(String, String)> = Vec::new();
        for (_, member) in &found {
            let name = key(member);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        for name in names {
            table.open(Group::new(name.0.as_str(), name.1.as_str()));
            let own = found.iter().filter(|(_, member)| key(member) == name);
            own.for_each(|(entry, _)| table.entry(*entry));
            table.close();
        }
    }

    fn row(assessment: &Assessment, entry: u32) -> Option<Row> {
        let (ci, member) = member(assessment, entry)?;
        let label = check(ci, member).map_or(&*member.id, |check| &*check.key.name);
        Some(Row {
            pane: PaneKind::Ci,
            key: key_of(ci, member).into(),
            label: short(label, 40, "").into(),
            place: None,
        })
    }

    fn find(assessment: &Assessment, key: &str) -> Option<u32> {
        let ci = ci(assessment)?;
        let at = ci
            .verdict
            .members
            .iter()
            .position(|member| key_of(ci, member) == key)?;
        u32::try_from(at).ok()
    }

    fn line(model: &Model, assessment: &Assessment, entry: u32, width: usize) -> Line {
        let Some((ci, member)) = member(assessment, entry) else {
            return Line::default();
        };
        let cut = glyphs_of(model).ellipsis();
        let (glyph, word, role) = sign(model, member);
        let mut line = Line::of(format!("{glyph} {word:<7} "), role);
        let check = check(ci, member);
        let time = check.and_then(Check::seconds).map(took).unwrap_or_default();
        let rest = width.saturating_sub(line.columns() + columns(&time) + 1);
        let text = match check {
            Some(check) if member.result == GateResult::Pass || member.mode != GateMode::Enforce => {
                let workflow = check.key.workflow.rsplit('/').next().unwrap_or_default();
                let beside = if workflow.is_empty() {
                    &*check.key.app
                } else {
                    workflow
                };
                format!("{}  {beside} {}", check.key.name, check.key.event)
            }
            _ => member.message.clone(),
        };
        line = line.and(short(text.trim_end(), rest, cut), Role::Text);
        line.right = vec![Cell::new(format!(" {time}"), Role::Muted)];
        line
    }

    fn group_line(_model: &Model, group: &Group, _width: usize) -> Line {
        Line::of(number(group.entries as usize), Role::Muted)
    }

    fn explain(model: &Model, assessment: &Assessment, entry: u32, page: &mut Page) {
        let Some((ci, member)) = member(assessment, entry) else {
            return;
        };
        let (glyph, word, role) = sign(model, member);
        page.head(&member.id);
        page.field("result", &format!("{glyph} {word}"), role);
        page.block(&member.message, Role::Text, 20);
        if member.mode != GateMode::Enforce {
            page.field("weight", "shown, does not decide", Role::Muted);
        }
        if let Some(check) = check(ci, member) {
            of_check(model, ci, check, page);
        }
        if !member.url.is_empty() {
            page.field("page", &member.url, Role::Link);
        }
        page.field("asked", &about(model, ci), Role::Text);
    }

    fn copy(assessment: &Assessment, entry: u32) -> Option<String> {
        let (_, member) = member(assessment, entry)?;
        Some(format!("{} {}", member.url, member.message).trim().to_owned())
    }

    fn of_gate(_policy: &Policy, assessment: &Assessment, gate: &GateOutcome) -> Option<Box<str>> {
        let ci = ci(assessment)?;
        let found = ci.verdict.members.iter().find(|member| member.id == gate.id)?;
        Some(key_of(ci, found).into())
    }

    fn owns(gate: &GateOutcome) -> bool {
        gate.id == "evidence:ci" || gate.id.starts_with("ci:")
    }

    fn lists(gate: &GateOutcome) -> bool {
        // The others are entries.
        gate.id == "evidence:ci"
    }

    const OFFERS: &'static [Command] = &[
        Command::OnlyFailing,
        Command::Fold,
        Command::FoldAll,
        Command::Sort,
        Command::Group,
        Command::Act,
    ];

    fn act(model: &mut Model, command: Command) {
        if command != Command::Act {
            return;
        }
        let found = table::selected_entry(&model.panes.ci)
            .zip(model.assessment.as_deref())
            .and_then(|(entry, assessment)| member(assessment, entry))
            .map(|(ci, member)| actions::of(ci, member))
            .unwrap_or_default();
        match actions::State::new(found) {
            Some(state) => model.overlay = Some(Overlay::Actions(state)),
            None => note(model, "there is nothing to be done about this row from here"),
        }
    }
}

/// Jobs of a matrix may share a gate's id; their numbers tell them apart.
fn key_of(ci: &JudgedCi, member: &CiMember) -> String {
    match check(ci, member).and_then(|check| check.job.or(check.check_run)) {
        Some(number) => format!("{}#{number}", member.id),
        None => member.id.clone(),
    }
}

/// How old what is shown is, and what went wrong since.
fn about(model: &Model, ci: &JudgedCi) -> String {
    let facts = &ci.facts;
    if let Some(none) = &facts.none {
        return none.why().to_owned();
    }
    let read = match facts.as_of() {
        Some(at) => format!(
            "read {}",
            match age(model.now.as_second() - at.as_second()).as_str() {
                "now" => "now".to_owned(),
                age => format!("{age} ago"),
            }
        ),
        None => "never read".to_owned(),
    };
    let failing: Vec<_> = facts
        .sources
        .iter()
        .filter(|(_, state)| {
            matches!(
                state.collection,
                Collection::Error(_) | Collection::RateLimited(_)
            )
        })
        .collect();
    match failing.as_slice() {
        [] => read,
        [(source, state)] => format!("{read}; {} fail: {}", source.word(), state.collection.why()),
        [(source, state), ..] => format!(
            "{read}; {} and {} more fail: {}",
            source.word(),
            failing.len() - 1,
            state.collection.why()
        ),
    }
}

fn of_check(model: &Model, ci: &JudgedCi, check: &Check, page: &mut Page) {
    page.field("GitHub says", check.state.word(), Role::Text);
    if !check.key.workflow.is_empty() {
        page.field("workflow", &check.key.workflow, Role::Text);
    }
    if !check.key.event.is_empty() {
        page.field("event", &check.key.event, Role::Text);
    }
    page.field("app", &check.key.app, Role::Text);
    if let Some(run) = check.run.and_then(|id| ci.facts.run(id)) {
        page.field(
            "run",
            &format!("{} of {}, attempt {}", run.id, run.name, run.attempt),
            Role::Text,
        );
    }
    if let Some(seconds) = check.seconds() {
        page.field("took", &took(seconds), Role::Text);
    }
    if !check.summary.is_empty() {
        page.field("says", &check.summary, Role::Text);
    }
    match &check.error {
        Some(FirstError::Found { line, lines }) => {
            page.field("log", &format!("first error in line {line}"), Role::Text);
            lines.iter().for_each(|line| page.block(line, Role::Open, 3));
        }
        Some(FirstError::Unreadable(why)) => page.field("log", why, Role::Muted),
        None => {}
    }
    let glyphs = glyphs_of(model);
    for step in &check.steps {
        let glyph = match &step.state {
            CheckState::Success => glyphs.done(),
            state if state.is_failed() => glyphs.fail(),
            _ => glyphs.none(),
        };
        page.field(
            "step",
            &format!("{glyph} {} {}", step.number, step.name),
            Role::Text,
        );
    }
    for note in &check.annotations {
        let line = note.line.map_or_else(String::new, |line| format!(":{line}"));
        page.field(
            &note.level,
            &format!("{}{line} {}", note.path, note.message),
            Role::Text,
        );
    }
}

/// `12s`, `3m20s`, `1h05m`.
fn took(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
    }
}
