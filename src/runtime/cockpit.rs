//! The loop: signals, keys and messages in; frames and effects out.
//!
//! Invariants: nothing changed, nothing drawn; a key's answer is painted at once, also one that a worker gives; everything else at most every
//! [`FRAME`]; with nothing to do the loop sleeps until something happens or the age on screen turns a minute.

use std::collections::VecDeque;
use std::future::pending;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::child;
use super::effects::{Effects, Own};
use super::input::Keyboard;
use super::keys::Input;
use super::signals::{Asked, Signals, stop_here};
use super::terminal::Screen;
use crate::app::msg::JobOutcome;
use crate::app::{self, Key, KeyName, Model, Msg, update, view};
use crate::model::RepoPath;
use crate::sources::clock;
use crate::ui::Theme;

/// The shortest time between two frames that no key asked for.
const FRAME: Duration = Duration::from_millis(16);
/// Messages that are taken before the next frame, so that a flood cannot keep the screen from being painted.
const AT_ONCE: usize = 256;
/// Rows that a turn of the wheel moves.
const WHEEL: usize = 3;

/// How the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// By the person.
    Quit,
    /// By a signal.
    Signal(i32),
    /// The terminal went away.
    Gone,
}

/// Everything that the loop owns.
pub(super) struct Cockpit {
    pub model: Model,
    pub screen: Screen,
    pub theme: Theme,
    /// The theme to take when the terminal says that its background is light.
    pub light_theme: Option<Theme>,
    pub signals: Signals,
    pub keyboard: Keyboard,
    pub effects: Effects,
    pub messages: mpsc::Receiver<Msg>,
    /// Sequences that others want to send to the terminal.
    pub sequences: mpsc::Receiver<Vec<u8>>,
    /// Messages of this turn that the model has not got yet.
    pub queue: VecDeque<Msg>,
    /// What is on the terminal.
    pub shown: Option<app::Screen>,
    pub last_paint: Instant,
}

enum Woken {
    Asked(Asked),
    Keys(std::io::Result<()>),
    Message(Msg),
    Sequence(Vec<u8>),
    Minute,
    Frame,
}

impl Cockpit {
    /// Runs until the end. The terminal is still taken afterwards.
    pub(super) async fn run(&mut self) -> End {
        let mut inputs = Vec::new();
        // A message that changed the model and is not painted yet.
        let mut due: Option<Instant> = None;
        loop {
            let minute = self.next_minute();
            let woken = tokio::select! {
                biased;
                asked = self.signals.next() => Woken::Asked(asked),
                keys = self.keyboard.next(&mut inputs) => Woken::Keys(keys),
                () = until(due) => Woken::Frame,
                Some(msg) = self.messages.recv() => Woken::Message(msg),
                Some(bytes) = self.sequences.recv() => Woken::Sequence(bytes),
                () = until(minute) => Woken::Minute,
            };
            let mut at_once = match &woken {
                Woken::Asked(_) | Woken::Keys(_) => true,
                Woken::Message(msg) => is_answer(msg),
                Woken::Sequence(_) | Woken::Minute | Woken::Frame => false,
            };
            match woken {
                Woken::Asked(Asked::End(signal)) => return End::Signal(signal),
                Woken::Asked(asked) => self.asked(asked),
                Woken::Keys(Ok(())) => self.inputs(&mut inputs),
                Woken::Keys(Err(error)) => {
                    tracing::warn!(%error, "the terminal is gone");
                    return End::Gone;
                }
                Woken::Message(msg) => self.push(msg),
                Woken::Minute => self.push(Msg::Now(clock::now())),
                Woken::Sequence(bytes) => self.send(|screen| screen.raw(&bytes)),
                Woken::Frame => {}
            }
            for _ in 0..AT_ONCE {
                let Ok(msg) = self.messages.try_recv() else {
                    break;
                };
                at_once |= is_answer(&msg);
                self.push(msg);
            }
            if let Some(end) = self.settle().await {
                return end;
            }
            let free = self.last_paint + FRAME;
            if at_once || free <= Instant::now() {
                due = None;
                if let Err(error) = self.paint() {
                    tracing::warn!(%error, "the terminal takes nothing");
                    return End::Gone;
                }
            } else {
                due = Some(free);
            }
        }
    }

    /// Paints the model unless the terminal shows it already.
    pub(super) fn paint(&mut self) -> std::io::Result<()> {
        let screen = view(&self.model);
        if self.shown.as_ref() == Some(&screen) {
            return Ok(());
        }
        self.screen.draw(&screen, &self.theme)?;
        self.shown = Some(screen);
        self.last_paint = Instant::now();
        Ok(())
    }

    /// When the age on screen changes next; never without a judgement.
    fn next_minute(&self) -> Option<Instant> {
        let judged = self.model.assessment.as_ref()?.at;
        let age = clock::now().as_second().saturating_sub(judged.as_second());
        let left = 60 - age.rem_euclid(60);
        Some(Instant::now() + Duration::from_secs(u64::try_from(left).unwrap_or(60)))
    }

    fn asked(&mut self, asked: Asked) {
        match asked {
            Asked::End(_) => {}
            Asked::Resize => self.resized(),
            Asked::Stop => self.suspend(),
            Asked::Continued => {
                // The shell may have changed what it found: everything is set and drawn anew.
                self.screen.leave();
                self.come_back();
            }
        }
    }

    fn inputs(&mut self, inputs: &mut Vec<Input>) {
        for input in inputs.drain(..) {
            match input {
                Input::Key(key) => self.push(Msg::Key(key)),
                Input::Paste(text) => self.push(Msg::Paste(text)),
                Input::Focus(yes) => {
                    self.effects.in_sight(yes);
                    if yes {
                        self.push(Msg::Now(clock::now()));
                    }
                }
                Input::Wheel { up } => {
                    let name = if up { KeyName::Up } else { KeyName::Down };
                    for _ in 0..WHEEL {
                        self.push(Msg::Key(Key::plain(name)));
                    }
                }
                Input::Background { light } => {
                    if let Some(theme) = self.light_theme.take()
                        && light
                    {
                        self.theme = theme;
                        self.shown = None;
                    }
                }
            }
        }
    }

    /// Puts a message into the queue of this turn.
    fn push(&mut self, msg: Msg) {
        // The age of a new judgement is counted from now.
        if matches!(msg, Msg::Assessed(_)) {
            self.queue.push_back(Msg::Now(clock::now()));
        }
        self.queue.push_back(msg);
    }

    /// Gives the queued messages to the model and does what it wants.
    async fn settle(&mut self) -> Option<End> {
        while let Some(msg) = self.queue.pop_front() {
            for effect in update(&mut self.model, msg) {
                match self.effects.run(effect) {
                    None => {}
                    Some(Own::Quit) => return Some(End::Quit),
                    Some(Own::Suspend) => self.suspend(),
                    Some(Own::Title(title)) => self.send(|screen| screen.title(&title)),
                    Some(Own::Edit { path, line }) => {
                        if let Some(end) = self.edit(path, line).await {
                            return Some(end);
                        }
                    }
                }
            }
        }
        None
    }

    /// Sends something to the terminal that is no frame; when it takes nothing the next frame will find out.
    fn send(&mut self, what: impl FnOnce(&mut Screen) -> std::io::Result<()>) {
        if let Err(error) = what(&mut self.screen) {
            tracing::warn!(%error, "the terminal takes nothing");
        }
    }

    fn suspend(&mut self) {
        self.screen.leave();
        stop_here();
        self.signals.forget();
        self.come_back();
    }

    /// Takes the terminal again and draws everything anew.
    fn come_back(&mut self) {
        self.send(Screen::take_again);
        self.shown = None;
        self.resized();
        self.push(Msg::Now(clock::now()));
    }

    fn resized(&mut self) {
        let (width, height) = self.screen.size();
        self.push(Msg::Resize { width, height });
    }

    async fn edit(&mut self, path: RepoPath, line: u32) -> Option<End> {
        let root = self.effects.root().to_owned();
        let configured = self.model.settings.editor.clone();
        let done = match child::editor(configured.as_deref(), &root, &path, line) {
            Ok(editor) if editor.windowed => {
                self.effects.wait_for_editor(editor, path);
                return None;
            }
            Ok(editor) => {
                self.screen.leave();
                let done = tokio::select! {
                    biased;
                    signal = self.signals.next_end_beside_child() => return Some(End::Signal(signal)),
                    done = child::run(&editor, &root) => done,
                };
                self.signals.forget();
                self.come_back();
                done
            }
            Err(why) => Err(why),
        };
        self.effects.changed(vec![path]);
        let outcome = match done {
            Ok(()) => JobOutcome::Edited,
            Err(why) => JobOutcome::NotEdited(why),
        };
        self.push(Msg::Job(outcome));
        None
    }
}

/// Whether a message answers what the person asked for: it is painted as a key's own answer is.
const fn is_answer(msg: &Msg) -> bool {
    matches!(
        msg,
        Msg::Document(..) | Msg::Planned { .. } | Msg::Filtered { .. } | Msg::Arranged { .. } | Msg::Job(_)
    )
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => pending().await,
    }
}

/// The last line on the normal screen: the verdict and where it was judged.
pub(super) fn farewell(model: &Model, now: Timestamp) -> Option<String> {
    let assessment = model.assessment.as_ref()?;
    let repository = &assessment.repository;
    let mut line = format!("{}  {}", assessment.verdict.word(), repository.name);
    if let Some(branch) = &repository.branch {
        line.push(' ');
        line.push_str(branch);
    }
    if let Some(commit) = repository.short_commit() {
        line.push(' ');
        line.push_str(commit);
    }
    let counts = &assessment.counts;
    line.push_str(&format!(
        ", {} of {} items blocking",
        counts.blocking, counts.items
    ));
    let minutes = now.as_second().saturating_sub(assessment.at.as_second()) / 60;
    if minutes > 0 {
        line.push_str(&format!(", judged {minutes} min ago"));
    }
    Some(crate::text::clean::clean(&line).into_owned())
}
