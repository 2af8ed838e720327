//! GitHub for the commands: asked once beside the reading of the repository, and recorded.

use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use super::args::Global;
use super::repository::{Judged, Place};
use super::{Failure, Print};
use crate::model::{CiFacts, Collection, EvidenceKind, GateMode, Verdict};
use crate::output::style::safe;
use crate::sources::git::{self, Layout};
use crate::sources::github::{self, Ask, Recorder, Wishes};

/// For all questions together.
const DEADLINE: Duration = Duration::from_secs(45);

/// GitHub, being asked.
pub(super) struct Asked(JoinHandle<CiFacts>);

impl Asked {
    /// What it says.
    pub(super) fn wait(self) -> Option<CiFacts> {
        let lost = || {
            let why = "asking GitHub ended in a bug of gonogo: please report it";
            CiFacts::nothing("HEAD", Collection::Error(why.into()))
        };
        Some(self.0.join().unwrap_or_else(|_| lost()))
    }
}

/// Begins to ask when the command wants to know and the policy lets it decide or show anything.
pub(super) fn ask_aside(place: &Place, wanted: bool) -> Option<Asked> {
    let policy = &place.settings.policy;
    let mode = policy
        .evidence
        .get(&EvidenceKind::Ci)
        .copied()
        .unwrap_or_default();
    if mode == GateMode::Off {
        return None;
    }
    let (ask, wishes) = (ask(place), Wishes::of(policy));
    let work = move || {
        if wanted {
            github::fetch(&ask, wishes, None, DEADLINE).0
        } else {
            CiFacts::absent("HEAD", "this command does not ask GitHub; `gonogo check` does")
        }
    };
    std::thread::Builder::new()
        .name("github".to_owned())
        .spawn(work)
        .ok()
        .map(Asked)
}

fn ask(place: &Place) -> Ask {
    let head = Layout::at(&place.root)
        .map(|layout| git::head(&layout))
        .unwrap_or_default();
    Ask {
        root: place.root.clone(),
        network: place.network.clone(),
        head: head.commit,
        branch: head.branch,
    }
}

/// `gonogo record`: asks once and writes the answers.
pub fn record(global: &Global, into: &Path, print: &mut Print) -> Result<u8, Failure> {
    let place = Place::find(global)?;
    place.insist(print)?;
    let shown = into.display();
    let wrong = |error: std::io::Error| Failure::refused(format!("`{shown}` cannot be written: {error}"));
    let recorder = Recorder::new(into).map_err(wrong)?;
    let wishes = Wishes::of(&place.settings.policy);
    let (facts, recorded) = github::fetch(&ask(&place), wishes, Some(recorder), DEADLINE);
    let Some(recorded) = recorded else {
        let why = match &facts.none {
            Some(Collection::Absent) => facts.note.to_string(),
            Some(none) => none.why().to_owned(),
            None => "nothing was answered".to_owned(),
        };
        return Err(Failure::refused(format!("nothing to record: {why}")));
    };
    let commit = facts
        .commit
        .as_ref()
        .map_or("", |commit| commit.short())
        .to_owned();
    let count = recorded.recorder.finish(&recorded.about).map_err(wrong)?;
    let words = format!(
        "{count} answers of {} at {commit} are in {shown}; no token is among them",
        facts.repository
    );
    use std::io::Write as _;
    writeln!(print.out(), "{}", safe(&words))?;
    Ok(0)
}

/// `gonogo check --publish`: the verdict as a commit status of HEAD. What was judged with uncommitted changes is not
/// published: it is no verdict on the commit.
pub(super) fn publish(judged: &Judged, print: &mut Print) -> Result<(), Failure> {
    let assessment = &judged.assessment;
    let refused = |why: &str| Failure::refused(format!("the verdict was not published: {why}"));
    if judged.place.settings.read_only {
        return Err(refused("writing is refused (read-only)"));
    }
    if judged.place.network.recorded.is_some() {
        return Err(refused("a recording takes nothing"));
    }
    if assessment.repository.dirty {
        return Err(refused(
            "there are uncommitted changes, so it is no verdict on the commit",
        ));
    }
    let state = match assessment.verdict {
        Verdict::Go | Verdict::GoWithWaivers => "success",
        Verdict::Hold => "pending",
        Verdict::NoGo => "failure",
    };
    let first = assessment
        .reasons
        .first()
        .map(|reason| assessment.explain(reason).message);
    let counts = &assessment.counts;
    let summary = match first {
        Some(first) if assessment.verdict >= Verdict::Hold => first,
        _ => format!("{} items, none blocks", counts.items),
    };
    let description = format!("{}: {summary}", assessment.verdict.word());
    let mut ask = ask(&judged.place);
    // Documents were judged as they are at HEAD, whatever GitHub was asked about.
    ask.network.reference = None;
    let place = github::publish(&ask, state, &description).map_err(|why| refused(&why))?;
    print.note(&format!("published as `gonogo/verdict` of {place}"));
    Ok(())
}
