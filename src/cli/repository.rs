//! The repository of a command: found, configured, read and judged.

use std::path::PathBuf;
use std::sync::Arc;

use super::args::Global;
use super::{Failure, Print, github};
use crate::config::{PolicyLayer, Settings, UserLayer, Valued};
use crate::engine::{Assessment, Change, Engine, ROUNDS};
use crate::model::{Problem, ProblemSeverity, RepoPath};
use crate::sources::files::{self, Listing};
use crate::sources::github::Network;
use crate::sources::{answers, clock, evidence, git, settings};
use crate::text::SourceText;

/// A folder with its settings; nothing is read yet.
#[derive(Debug)]
pub struct Place {
    /// The repository's top folder, or the folder itself outside of git.
    pub root: PathBuf,
    /// The settings in force.
    pub settings: Settings,
    /// What is wrong with the configuration.
    pub problems: Vec<Problem>,
    /// How GitHub may be asked.
    pub network: Network,
}

/// A repository that was read and judged.
#[derive(Debug)]
pub struct Judged {
    /// Where, and how it is judged.
    pub place: Place,
    /// What was found; its repository is inside the assessment too.
    pub listing: Listing,
    /// The core with everything applied.
    pub engine: Engine,
    /// The judgement.
    pub assessment: Assessment,
}

impl Place {
    /// The place that the flags name.
    pub fn find(global: &Global) -> Result<Self, Failure> {
        let start = match &global.repo {
            Some(folder) => folder.clone(),
            None => PathBuf::from("."),
        };
        if !start.is_dir() {
            return Err(Failure::usage(format!("`{}` is no folder", start.display()))
                .hint("`--repo` takes a repository, or any folder inside of it"));
        }
        let root = git::find_root(&start)
            .map(|layout| layout.root)
            .or_else(|| start.canonicalize().ok())
            .unwrap_or(start);
        let (settings, problems) = settings::load_with(Some(&root), flags(global));
        Ok(Self {
            root,
            settings,
            problems,
            network: Network {
                offline: global.offline,
                reference: global.reference.clone(),
                recorded: global.recorded.clone(),
            },
        })
    }

    /// Tells what is wrong with the configuration. A broken one ends the command: a verdict under a policy that
    /// nobody chose would be no answer.
    pub fn insist(&self, print: &mut Print) -> Result<(), Failure> {
        let (errors, others): (Vec<_>, Vec<_>) = self
            .problems
            .iter()
            .partition(|problem| problem.severity == ProblemSeverity::Error);
        for problem in others {
            print.problem(problem);
        }
        let Some((last, before)) = errors.split_last() else {
            return Ok(());
        };
        for problem in before {
            print.problem(problem);
        }
        let failure = Failure::from(*last);
        Err(if failure.hint.is_some() {
            failure
        } else {
            failure.hint("`gonogo config check` says everything that is wrong")
        })
    }

    /// Reads and judges the repository, with what GitHub says when that is wanted.
    pub fn judge(self, with_ci: bool) -> Judged {
        let ci = github::ask_aside(&self, with_ci);
        let policy = &self.settings.policy;
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        // git looks for changed and untracked files while the tracked documents are read already.
        let (mut listing, mut reports, mut problems, rest) = std::thread::scope(|scope| {
            let rest = scope.spawn(|| files::list_rest(&self.root, policy));
            let listing = files::list_tracked(&self.root, policy);
            let (reports, problems) = files::load(&listing, workers, &|_| {});
            (listing, reports, problems, rest.join())
        });
        match rest {
            Ok(rest) => {
                let untracked = Listing {
                    root: listing.root.clone(),
                    markdown: rest.untracked.clone(),
                    ..Listing::default()
                };
                let (more, wrong) = files::load(&untracked, workers, &|_| {});
                reports.extend(more);
                problems.extend(wrong);
                listing.add(rest);
            }
            Err(_) => problems.push(Problem {
                severity: ProblemSeverity::Error,
                at: "".into(),
                what:
                    "looking for untracked files ended in a bug of gonogo, so some documents may be missing"
                        .into(),
                hint: Some("please report it".into()),
            }),
        }
        let evidence = evidence::Reader::default().read(&self.root, &listing.evidence, policy, workers);
        problems.extend(evidence.problems);
        let mut engine = Engine::default();
        engine.apply(Change::EvidenceFiles(evidence.files));
        engine.apply(Change::Policy(policy.clone()));
        engine.apply(Change::Repository(listing.repository.clone()));
        let all = listing.problems.iter().cloned().chain(problems);
        engine.apply(Change::Problems(all.collect()));
        for report in reports {
            engine.apply(Change::Document(Arc::new(report)));
        }
        if let Some(facts) = ci.and_then(github::Asked::wait) {
            engine.apply(Change::Ci(Arc::new(facts)));
        }
        for _ in 0..ROUNDS {
            let questions = engine.questions();
            if questions.is_empty() {
                break;
            }
            engine.apply(Change::Answers(answers::answer(&self.root, &questions)));
        }
        let assessment = engine.assess(clock::now());
        Judged {
            place: self,
            listing,
            engine,
            assessment,
        }
    }
}

impl Judged {
    /// The repository that the flags name, judged.
    pub fn of(global: &Global, print: &mut Print) -> Result<Self, Failure> {
        let place = Place::find(global)?;
        place.insist(print)?;
        Ok(place.judge(false))
    }

    /// The same, with what GitHub says.
    pub fn with_ci(global: &Global, print: &mut Print) -> Result<Self, Failure> {
        let place = Place::find(global)?;
        place.insist(print)?;
        Ok(place.judge(true))
    }

    /// A document's text as it stands now; `None` when it cannot be read.
    #[must_use]
    pub fn text_of(&self, path: &RepoPath) -> Option<SourceText> {
        let (bytes, _) = files::read_in(&self.place.root, path, files::DOCUMENT_CAP).ok()?;
        Some(SourceText::read(bytes))
    }
}

/// The layer of the flags.
fn flags(global: &Global) -> UserLayer {
    UserLayer {
        policy: PolicyLayer {
            stage: global.stage.map(|stage| Valued::flag("--stage", stage)),
            ..PolicyLayer::default()
        },
        color: global.color.map(|color| Valued::flag("--color", color)),
        read_only: global.read_only.then(|| Valued::flag("--read-only", true)),
        ..UserLayer::default()
    }
}
