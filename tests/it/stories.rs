//! Stories of the cockpit: keys as text, and what a person then sees.

#![allow(clippy::unwrap_used, clippy::panic)]

use gonogo::config::Settings;

use cockpit::Cockpit;
use judged::Repo;

mod changing;
mod claims;
pub mod cockpit;
mod evidence;
mod finding;
mod gathered;
pub mod judged;
mod looking;
mod moving;

fn small(size: (u16, u16)) -> Cockpit {
    Cockpit::new(Repo::small(), size)
}

fn with(settings: Settings) -> Cockpit {
    Cockpit::with(Repo::small(), (80, 24), settings, false)
}

fn read_only() -> Settings {
    Settings {
        read_only: true,
        ..Settings::default()
    }
}

/// The row that the pointer stands on, in the list pane.
fn selected(cockpit: &Cockpit) -> String {
    let screen = cockpit.screen();
    let row = screen.lines().find(|row| row.starts_with("|›"));
    row.unwrap_or_default().to_owned()
}

macro_rules! shows {
    ($cockpit:expr, $($what:expr),+ $(,)?) => {{
        let screen = $cockpit.screen();
        $(assert!(screen.contains($what), "`{}` is not on screen:\n{screen}", $what);)+
    }};
}

macro_rules! hides {
    ($cockpit:expr, $($what:expr),+ $(,)?) => {{
        let screen = $cockpit.screen();
        $(assert!(!screen.contains($what), "`{}` is on screen:\n{screen}", $what);)+
    }};
}

use hides;
use shows;
