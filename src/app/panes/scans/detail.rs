//! Everything that is known of a finding.

use super::{Known, day, role};
use crate::app::model::Model;
use crate::app::overlays::explain::Page;
use crate::app::panes::table::provenance;
use crate::app::view::line::counted;
use crate::app::view::{Role, glyphs_of};
use crate::engine::Assessment;
use crate::text::clean::without_ansi;

pub(super) fn explain(model: &Model, assessment: &Assessment, entry: u32, page: &mut Page) {
    /// Places that are named each.
    const PLACES: usize = 12;
    let gathered = &*assessment.gathered;
    let Some(known) = Known::of(gathered, entry) else {
        return;
    };
    let (merged, finding) = (known.merged, known.finding);
    page.head(&finding.rule);
    let title = known.report.rule(&finding.rule).map(|rule| &*rule.title);
    if let Some(title) = title.filter(|title| !title.is_empty() && *title != &*finding.message) {
        page.field("rule", &without_ansi(title), Role::Text);
    }
    if !finding.message.is_empty() {
        page.block(&without_ansi(&finding.message), Role::Text, 40);
    }
    page.field("severity", merged.severity.word(), role(merged.severity));
    if let Some(waiver) = &merged.waived {
        let what = match (waiver.not_affected, waiver.expires) {
            (true, _) => "does not apply here".to_owned(),
            (false, Some(end)) if end <= model.now => format!("was waived until {}", day(end)),
            (false, Some(end)) => format!("until {}", day(end)),
            (false, None) => "without an end".to_owned(),
        };
        page.field("waived", &format!("{what}, by {}", waiver.source), Role::Warning);
        let reason = if waiver.reason.is_empty() {
            "nobody gave a reason"
        } else {
            &waiver.reason
        };
        page.field("because", reason, Role::Text);
    }
    if let Some(more) = known.more() {
        if let Some(versions) = known.versions(glyphs_of(model).arrow()) {
            page.field("package", &versions, Role::Text);
        } else if let Some(fix) = &more.fix {
            page.field("fix", fix, Role::Text);
        }
        if !more.aliases.is_empty() {
            page.field("also called", &more.aliases.join(", "), Role::Text);
        }
    }
    if let Some(link) = known.link() {
        page.field("link", link, Role::Link);
    }
    let written = finding.path.as_deref().unwrap_or_default();
    match (known.path(), finding.line) {
        ("", _) => {}
        (path, Some(line)) => page.field("where", &format!("{path}:{line}"), Role::Link),
        (path, None) => page.field("where", path, Role::Link),
    }
    if merged.path.is_none() && !written.is_empty() && !written.contains("://") {
        page.field("", "this path is not in the repository", Role::Muted);
    }
    for &(file, at) in merged.seen.iter().take(PLACES) {
        if let Some((bound, report, other)) = gathered.finding_at(file, at) {
            let mut says = format!("{} as {}", report.tool, other.rule);
            if other.severity != merged.severity {
                says.push_str(&format!(", {}", other.severity.word()));
            }
            if merged.seen.len() > 1
                && let Some(line) = other.line
            {
                says.push_str(&format!(", line {line}"));
            }
            page.field(
                "reported by",
                &format!("{says} ({})", bound.file.source),
                Role::Text,
            );
        }
    }
    if merged.seen.len() > PLACES {
        let more = counted(merged.seen.len() - PLACES, "more report", "more reports");
        page.field("", &format!("and {more}"), Role::Muted);
    }
    if let Some(since) = merged.since {
        page.field("known since", &day(since), Role::Text);
    }
    let mut files: Vec<u32> = merged.seen.iter().map(|(file, _)| *file).collect();
    files.dedup();
    provenance::fields(model, assessment, files.into_iter(), page);
}
