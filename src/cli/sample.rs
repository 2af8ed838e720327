//! `gonogo demo`: the cockpit on the sample repository of [`super::demo`].

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use super::args::{CheckFormat, Global};
use super::repository::Place;
use super::{Failure, Print, check, demo};
use crate::output::style::safe;

/// Makes the sample and opens the cockpit on it; not on a terminal it prints what `check` prints there.
pub fn demo(global: &Global, into: Option<&Path>, print: &mut Print) -> Result<u8, Failure> {
    if global.repo.is_some() {
        return Err(Failure::usage("`gonogo demo` makes a repository of its own")
            .hint("leave `--repo` out, or name a folder to keep: `gonogo demo DIR`"));
    }
    // Removed when this function ends, unless a folder was named.
    let temporary = match into {
        Some(_) => None,
        None => Some(
            tempfile::Builder::new()
                .prefix("gonogo-demo-")
                .tempdir()
                .map_err(|error| Failure::refused(format!("no temporary folder can be made: {error}")))?,
        ),
    };
    let folder = match (into, &temporary) {
        (Some(into), _) => into.to_path_buf(),
        (None, Some(temporary)) => temporary.path().join("quayside"),
        (None, None) => return Err(Failure::refused("no folder can be made")),
    };
    match demo::create(&folder).map_err(|error| refused(&error))? {
        demo::Created::Repository => {}
        demo::Created::FilesOnly(why) => {
            print.note(&format!(
                "warning: the sample has no history, so nothing can be committed: {why}"
            ));
        }
    }
    let global = Global {
        repo: Some(folder.clone()),
        stage: global.stage,
        read_only: global.read_only,
        // The sample is nobody's repository on GitHub.
        offline: true,
        reference: None,
        recorded: global.recorded.clone(),
        color: global.color,
        quiet: global.quiet,
    };
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        check::cockpit(Place::find(&global)?, true)?;
    } else {
        // The sample's verdict is no verdict on anything of the caller's, so it is not the exit code.
        check::check(&global, CheckFormat::Text, print)?;
    }
    if into.is_some() {
        writeln!(
            print.out(),
            "the sample stays in {}",
            safe(&folder.to_string_lossy())
        )?;
    }
    Ok(0)
}

fn refused(error: &demo::DemoError) -> Failure {
    let words = error.to_string();
    match words.split_once(". hint: ") {
        Some((what, hint)) => Failure::refused(what).hint(hint),
        None => Failure::refused(words),
    }
}
