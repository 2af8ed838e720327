//! What the cockpit wants done, done: on the judging worker, on the writing thread, or on threads that may block.
//!
//! Not here: what needs the terminal itself (quit, stop, editor, title, clipboard): that is the loop's. Invariant:
//! writes happen one at a time, in order, and each begun one is ended before the program is.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use tokio::sync::mpsc;
use tokio::sync::mpsc::UnboundedSender;

use super::child;
use super::ci::Order;
use super::judge::{self, Job};
use super::panics::caught;
use crate::app::msg::JobOutcome;
use crate::app::panes::table;
use crate::app::{Effect, Msg, filter};
use crate::edit::Plan;
use crate::model::{Problem, ProblemSeverity, RepoPath};
use crate::sources::clipboard::{self, Copied};
use crate::sources::editor::EditorCommand;
use crate::sources::files::{self, DOCUMENT_CAP};
use crate::sources::write::Gate;
use crate::text::SourceText;

/// What only the loop can do, because it owns the terminal.
#[derive(Debug)]
pub(super) enum Own {
    Quit,
    Suspend,
    Edit { path: RepoPath, line: u32 },
    Title(String),
}

/// The executor.
pub(super) struct Effects {
    root: PathBuf,
    read_only: bool,
    judge: Sender<Job>,
    ci: UnboundedSender<Order>,
    out: mpsc::Sender<Msg>,
    to_terminal: mpsc::Sender<Vec<u8>>,
    /// Writes that were begun or wait.
    writing: Arc<AtomicUsize>,
    writer: Option<Writer>,
}

struct Writer {
    waiting: Sender<(Vec<Plan>, String)>,
    /// Gives what was done, for the last line on the normal screen.
    thread: JoinHandle<Vec<String>>,
}

impl Effects {
    /// Starts the judging worker and lets it read the repository.
    pub(super) fn start(
        begin: judge::Begin,
        read_only: bool,
        out: mpsc::Sender<Msg>,
        to_terminal: mpsc::Sender<Vec<u8>>,
    ) -> Self {
        let root = begin.root.clone();
        let (judge, ci) = judge::start(begin, out.clone());
        let effects = Self {
            root,
            read_only,
            judge,
            ci,
            out,
            to_terminal,
            writing: Arc::default(),
            writer: None,
        };
        effects.ask(Job::Rescan);
        effects
    }

    /// Does an effect, or hands it back when it is the loop's.
    pub(super) fn run(&mut self, effect: Effect) -> Option<Own> {
        match effect {
            Effect::Quit => return Some(Own::Quit),
            Effect::Act(_) if self.read_only => {
                let why = "read-only: GitHub is asked for nothing".to_owned();
                let _ = self.out.try_send(Msg::Job(JobOutcome::NotActed(why)));
            }
            Effect::Act(action) => {
                let _ = self.ci.send(Order::Do(action));
            }
            Effect::Suspend => return Some(Own::Suspend),
            Effect::Edit { path, line } => return Some(Own::Edit { path, line }),
            Effect::Copy(text) => self.copy(text),
            Effect::Title(title) => return Some(Own::Title(title)),
            Effect::Rescan => {
                self.ask(Job::Rescan);
                let _ = self.ci.send(Order::Now);
            }
            Effect::Plan { request, items, to } => self.ask(Job::Plan { request, items, to }),
            Effect::ReadDocument(path) => {
                let root = self.root.clone();
                self.aside("reading a document", move || {
                    let read = files::read_in(&root, &path, DOCUMENT_CAP);
                    let text = read.map(|(bytes, _)| Arc::new(SourceText::read(bytes)));
                    Msg::Document(path, text.map_err(|error| error.to_string()))
                });
            }
            Effect::Filter {
                request,
                filter,
                assessment,
            } => self.aside("filtering", move || Msg::Filtered {
                request,
                rows: filter::matches(&filter, &assessment),
            }),
            Effect::Arrange {
                request,
                pane,
                ask,
                assessment,
            } => self.aside("sorting", move || Msg::Arranged {
                request,
                table: Arc::new(table::arrange(pane, &ask, &assessment)),
            }),
            Effect::Apply { plans, message } => self.write(plans, message),
        }
        None
    }

    /// The terminal has the focus, or has lost it: what nobody sees is asked for less often.
    pub(super) fn in_sight(&self, yes: bool) {
        let _ = self.ci.send(Order::InSight(yes));
    }

    /// Has documents read again that a child may have changed.
    pub(super) fn changed(&self, paths: Vec<RepoPath>) {
        self.ask(Job::Changed(paths));
    }

    /// Waits for the writes that were begun; gives what was done in words.
    pub(super) fn finish(self) -> Vec<String> {
        let Some(writer) = self.writer else {
            return Vec::new();
        };
        drop(writer.waiting);
        writer.thread.join().unwrap_or_default()
    }

    /// The repository's top folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a write is under way.
    pub(super) fn is_writing(&self) -> bool {
        self.writing.load(Ordering::SeqCst) > 0
    }

    /// Whether anything was or is being written.
    pub(super) const fn has_written(&self) -> bool {
        self.writer.is_some()
    }

    /// Runs an editor with a window of its own beside the cockpit.
    pub(super) fn wait_for_editor(&self, editor: EditorCommand, path: RepoPath) {
        let (root, out, judge) = (self.root.clone(), self.out.clone(), self.judge.clone());
        tokio::spawn(async move {
            let outcome = match child::run(&editor, &root).await {
                Ok(()) => JobOutcome::Edited,
                Err(why) => JobOutcome::NotEdited(why),
            };
            let _ = judge.send(Job::Changed(vec![path]));
            let _ = out.send(Msg::Job(outcome)).await;
        });
    }

    /// Copies on a thread that may block: a clipboard program may be slow to take it.
    fn copy(&self, text: String) {
        let to_terminal = self.to_terminal.clone();
        self.aside("copying", move || {
            Msg::Job(match clipboard::copy(&text) {
                Ok(Copied::By(program)) => JobOutcome::Copied(format!("by `{program}`")),
                Ok(Copied::Terminal(sequence)) => {
                    let _ = to_terminal.blocking_send(sequence);
                    JobOutcome::Copied("by the terminal (OSC 52), if it allows that".to_owned())
                }
                Err(error) => JobOutcome::NotCopied(error.to_string()),
            })
        });
    }

    fn ask(&self, job: Job) {
        if self.judge.send(job).is_err() {
            let _ = self.out.try_send(Msg::Notice(Problem {
                severity: ProblemSeverity::Error,
                at: "".into(),
                what: "the judging thread has ended: the verdict is not kept up to date any more".into(),
                hint: Some("leave and start gonogo again; the log has the reason".into()),
            }));
        }
    }

    /// Runs `work` where it may block and sends its message.
    fn aside(&self, doing: &'static str, work: impl FnOnce() -> Msg + Send + 'static) {
        let out = self.out.clone();
        tokio::task::spawn_blocking(move || {
            let msg = caught(doing, work).unwrap_or_else(Msg::Notice);
            let _ = out.blocking_send(msg);
        });
    }

    fn write(&mut self, plans: Vec<Plan>, message: String) {
        self.writing.fetch_add(1, Ordering::SeqCst);
        if self.writer.is_none() {
            self.writer = self.start_writer();
        }
        let sent = self
            .writer
            .as_ref()
            .is_some_and(|writer| writer.waiting.send((plans, message)).is_ok());
        if !sent {
            self.writing.fetch_sub(1, Ordering::SeqCst);
            let why = "the writing thread could not be started: nothing was written".to_owned();
            let _ = self.out.try_send(Msg::Job(JobOutcome::Refused(why)));
        }
    }

    fn start_writer(&self) -> Option<Writer> {
        let (waiting, jobs) = channel::<(Vec<Plan>, String)>();
        let gate = Gate::new(&self.root, self.read_only);
        let (out, judge, writing) = (self.out.clone(), self.judge.clone(), Arc::clone(&self.writing));
        let work = move || {
            let mut done = Vec::new();
            while let Ok((plans, message)) = jobs.recv() {
                let paths = plans.iter().map(|plan| plan.path.clone()).collect();
                let outcome = caught("writing", || apply(&gate, &plans, message, &out, &mut done));
                writing.fetch_sub(1, Ordering::SeqCst);
                let msg = outcome.map_or_else(Msg::Notice, Msg::Job);
                // On the way out nobody listens any more, and the write is done all the same.
                let _ = out.blocking_send(msg);
                let _ = judge.send(Job::Wrote(paths));
            }
            done
        };
        let thread = std::thread::Builder::new().name("write".to_owned()).spawn(work);
        thread.ok().map(|thread| Writer { waiting, thread })
    }
}

fn apply(
    gate: &Gate,
    plans: &[Plan],
    message: String,
    out: &mpsc::Sender<Msg>,
    done: &mut Vec<String>,
) -> JobOutcome {
    let written = match gate.apply(plans, &message, true) {
        Ok(written) => written,
        Err(error) => return JobOutcome::Refused(error.to_string()),
    };
    for warning in written.warnings {
        let _ = out.blocking_send(Msg::Notice(Problem {
            severity: ProblemSeverity::Warning,
            at: "".into(),
            what: warning.into(),
            hint: None,
        }));
    }
    match written.commit {
        Some(commit) => {
            let commit = commit.get(..7).unwrap_or(&commit).to_owned();
            done.push(format!("committed {commit}: {message}"));
            JobOutcome::Committed {
                commit,
                what: message,
                inverse: written.inverse,
            }
        }
        None => {
            done.push(format!("written, not committed: {message}"));
            JobOutcome::Written {
                what: message,
                why: written.why_not_committed.unwrap_or_default(),
                inverse: written.inverse,
            }
        }
    }
}
