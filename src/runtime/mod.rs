//! The cockpit in the world: the terminal, the loop, the workers, signals, panics and the log.
//!
//! Not here: what is shown and what keys mean (`app`), how it is drawn (`ui`), what is read and written (`sources`).
//! Invariants: the first frame is drawn before any file of the repository is read; the terminal is given back on
//! every way out; when nothing happens nothing wakes up and nothing is written. Held by `tests/it/pty.rs`.

mod abilities;
mod child;
mod ci;
mod cockpit;
mod effects;
mod input;
mod judge;
mod keys;
mod logging;
mod panics;
mod scan;
mod signals;
mod terminal;

use std::collections::VecDeque;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use color_eyre::eyre::WrapErr as _;
use tokio::sync::mpsc;

pub use panics::{caught_in_words, install_panic_hook};

use self::abilities::Abilities;
use self::cockpit::{Cockpit, End, farewell};
use self::effects::Effects;
use self::input::Keyboard;
use self::judge::Begin;
use self::signals::Signals;
use self::terminal::Screen;
use crate::app::{Model, Msg, Role, view};
use crate::config::{ColorChoice, Settings, choose_theme, is_built_in_theme};
use crate::model::Problem;
use crate::sources::github::Network;
use crate::sources::{clock, env, settings};
use crate::ui::{Depth, Look, Theme};

/// Messages that may wait: enough for a burst, small enough that a flood waits at its source.
const WAITING: usize = 256;
/// How long an answer to the question for the background is waited for on the way out.
const ANSWER: Duration = Duration::from_millis(100);
/// Threads for reading documents and filtering.
const BLOCKING: usize = 4;
/// They are kept: a thread that ends wakes the process up.
const KEEP: Duration = Duration::from_secs(24 * 3600);

/// What the cockpit begins with.
#[derive(Debug, Clone)]
pub struct Start {
    /// The repository's top folder.
    pub root: PathBuf,
    /// The settings in force.
    pub settings: Settings,
    /// What was wrong with the configuration.
    pub problems: Vec<Problem>,
    /// How GitHub may be asked.
    pub network: Network,
    /// Show the demo's first screen.
    pub guided: bool,
}

/// Runs the cockpit until the person leaves it. A signal ends the process with its status, terminal given back.
///
/// # Errors
/// When the terminal cannot be taken over.
pub fn run(start: Start) -> color_eyre::Result<()> {
    panics::this_is_the_loop();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING)
        .thread_keep_alive(KEEP)
        .build()
        .wrap_err("the event loop could not be started")?;
    let end = {
        let _inside = runtime.enter();
        // From here on a signal is an event: none can leave the terminal half taken.
        let signals = Signals::new().wrap_err("the signals could not be listened to")?;
        fly(&runtime, start, signals)
    };
    // What still reads or filters has nobody to tell.
    runtime.shutdown_background();
    match end? {
        End::Quit => Ok(()),
        End::Signal(signal) => ended_by(signal),
        End::Gone => ended_by(rustix::process::Signal::HUP.as_raw()),
    }
}

fn fly(runtime: &tokio::runtime::Runtime, start: Start, signals: Signals) -> color_eyre::Result<End> {
    let look = &start.settings.look;
    let abilities = Abilities::of(look.color, env::var);
    // Colours are decided here, once: otherwise a `NO_COLOR` would turn the sequences of styles into resets.
    crossterm::style::force_color_output(true);
    let screen = Screen::enter(abilities, look.mouse).wrap_err("the terminal could not be taken over")?;
    let (theme, problems) = theme(&start.settings, abilities, abilities.light == Some(true));
    let size = screen.size();
    let mut model = Model::new(start.settings.clone(), size, clock::now(), start.guided);
    model.bind(&start.settings.keys);

    let mut first = First { screen, theme, model };
    let shown = first.paint().wrap_err("the terminal takes nothing")?;
    let First {
        mut screen,
        theme,
        model,
    } = first;

    // Everything below is work that the first frame did not need.
    let asked = asks(&start.settings, abilities).then(Instant::now);
    let light_theme = asked.map(|_| self::theme(&start.settings, abilities, true).0);
    if asked.is_some() {
        screen.ask_background().wrap_err("the terminal takes nothing")?;
    }
    let keyboard = Keyboard::new().wrap_err("the keyboard could not be listened to")?;
    let (out, messages) = mpsc::channel(WAITING);
    for problem in start.problems.iter().chain(&problems) {
        let _ = out.try_send(Msg::Notice(problem.clone()));
    }
    logging::begin();
    let begin = Begin {
        root: start.root,
        policy: start.settings.policy.clone(),
        network: start.network,
        problems: start.problems,
    };
    let (to_terminal, sequences) = mpsc::channel(WAITING);
    let effects = Effects::start(begin, start.settings.read_only, out, to_terminal);
    let mut cockpit = Cockpit {
        model,
        screen,
        theme,
        light_theme,
        signals,
        keyboard,
        effects,
        messages,
        sequences,
        queue: VecDeque::new(),
        shown: Some(shown),
        last_paint: Instant::now(),
    };
    let end = runtime.block_on(cockpit.run());
    if let Some(asked) = asked
        && cockpit.light_theme.is_some()
    {
        std::thread::sleep(ANSWER.saturating_sub(asked.elapsed()));
        cockpit.keyboard.discard();
    }
    cockpit.screen.leave();
    say_goodbye(cockpit, end);
    Ok(end)
}

/// What the first frame needs.
struct First {
    screen: Screen,
    theme: Theme,
    model: Model,
}

impl First {
    fn paint(&mut self) -> std::io::Result<crate::app::Screen> {
        let shown = view(&self.model);
        self.screen.draw(&shown, &self.theme)?;
        Ok(shown)
    }
}

/// Whether the terminal shall be asked for its background: only when the answer would change something.
fn asks(settings: &Settings, abilities: Abilities) -> bool {
    settings.look.theme == "auto"
        && abilities.light.is_none()
        && abilities.depth >= Depth::Indexed
        && abilities.answers
}

/// The theme in force, and what was wrong with it.
fn theme(settings: &Settings, abilities: Abilities, light: bool) -> (Theme, Vec<Problem>) {
    let look = Look {
        depth: abilities.depth,
        light,
        ascii: settings.look.ascii,
    };
    let mut problems = Vec::new();
    let name = match settings.look.color {
        // Without colours only the theme without colours will do.
        _ if abilities.depth == Depth::None => "mono",
        ColorChoice::Auto | ColorChoice::Always | ColorChoice::Never => settings.look.theme.as_str(),
    };
    let own = if name == "auto" || is_built_in_theme(name) {
        None
    } else {
        settings::read_theme(name, &mut problems)
    };
    let own = own.as_ref().map(|(path, text)| (path.as_str(), text.as_str()));
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.key()).collect();
    let (file, found) = choose_theme(name, own, look.fitting(), &roles);
    problems.extend(found);
    (Theme::new(&file, look), problems)
}

/// On the normal screen: the verdict, and what was written. A write that was begun is waited for.
fn say_goodbye(cockpit: Cockpit, end: End) {
    let Cockpit {
        model,
        messages,
        effects,
        ..
    } = cockpit;
    let mut stdout = std::io::stdout().lock();
    // With nobody listening no worker waits for a place in the queue.
    drop(messages);
    if end != End::Quit {
        return;
    }
    if effects.is_writing() {
        let _ = writeln!(stdout, "finishing what was begun to be written …");
    }
    if effects.has_written() {
        for done in effects.finish() {
            let _ = writeln!(stdout, "{}", crate::text::clean::clean(&done));
        }
    }
    if let Some(line) = farewell(&model, clock::now()) {
        let _ = writeln!(stdout, "{line}");
    }
    let _ = stdout.flush();
}

/// Ends the process as the signal would have, seen from the shell.
#[expect(
    clippy::exit,
    reason = "the terminal is given back and a signal's status is no error report"
)]
fn ended_by(signal: i32) -> ! {
    std::process::exit(128 + signal)
}
