//! What the program says of itself: `info`, `completions`, `man`.

use std::io::Write as _;

use clap::CommandFactory as _;

use super::args::{Cli, Global};
use super::repository::Place;
use super::{Failure, Print};
use crate::formats;
use crate::output::style::safe;
use crate::sources::{files, settings};

/// The program, the place and the configuration, for a bug report.
pub fn info(global: &Global, print: &mut Print) -> Result<u8, Failure> {
    let place = Place::find(global)?;
    let listing = files::list(&place.root, &place.settings.policy);
    let repository = &listing.repository;
    let or_none = |text: Option<&str>| text.map_or_else(|| "none".to_owned(), |text| safe(text).into_owned());
    let yes = |flag: bool| if flag { "yes" } else { "no" };
    let rows = [
        ("gonogo", env!("CARGO_PKG_VERSION").to_owned()),
        (
            "system",
            format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        ),
        ("root", safe(&place.root.to_string_lossy()).into_owned()),
        ("git", yes(repository.git).to_owned()),
        ("branch", or_none(repository.branch.as_deref())),
        ("commit", or_none(repository.commit.as_deref())),
        (
            "files",
            format!("{}, {} of them Markdown", repository.files, repository.markdown),
        ),
        ("stage", place.settings.policy.stage.word().to_owned()),
        ("read-only", yes(place.settings.read_only).to_owned()),
        (
            "evidence",
            format!(
                "{} formats of coverage, tests and scans are recognised",
                formats::ALL.len()
            ),
        ),
        (
            "state folder",
            crate::sources::env::state_dir().map_or_else(
                || "none".to_owned(),
                |folder| safe(&folder.to_string_lossy()).into_owned(),
            ),
        ),
    ];
    for (name, value) in rows {
        writeln!(print.out(), "{name:<13} {value}")?;
    }
    for path in settings::paths(Some(&place.root)) {
        let there = if path.exists { "" } else { "  (not there)" };
        writeln!(
            print.out(),
            "{:<13} {}{there}",
            "settings",
            safe(&path.path.to_string_lossy())
        )?;
    }
    for problem in place.problems.iter().chain(&listing.problems) {
        print.problem(problem);
    }
    Ok(0)
}

/// A completion script.
pub fn completions(shell: clap_complete::Shell, print: &mut Print) -> Result<u8, Failure> {
    clap_complete::generate(shell, &mut Cli::command(), "gonogo", print.out());
    Ok(0)
}

/// The manual: the program's page, then one for each command.
pub fn man(print: &mut Print) -> Result<u8, Failure> {
    let command = Cli::command();
    clap_mangen::Man::new(command.clone()).render(print.out())?;
    for inner in command.get_subcommands() {
        let name = format!("gonogo-{}", inner.get_name());
        let page = inner.clone().display_name(name);
        clap_mangen::Man::new(page).render(print.out())?;
    }
    Ok(0)
}
