//! `gonogo config`.

use std::io::Write as _;

use super::args::{ConfigCommand, Global};
use super::repository::Place;
use super::{Failure, Print};
use crate::config::{schema, show};
use crate::model::ProblemSeverity;
use crate::output::style::safe;
use crate::sources::settings;

/// Checks, shows or locates the configuration.
pub fn config(global: &Global, what: ConfigCommand, print: &mut Print) -> Result<u8, Failure> {
    if matches!(what, ConfigCommand::Schema) {
        print.out().write_all(schema().as_bytes())?;
        return Ok(0);
    }
    let place = Place::find(global)?;
    match what {
        ConfigCommand::Check => {
            for problem in &place.problems {
                print.problem(problem);
            }
            let wrong = place
                .problems
                .iter()
                .filter(|problem| problem.severity != ProblemSeverity::Note)
                .count();
            if wrong == 0 {
                writeln!(print.out(), "the configuration is sound")?;
                return Ok(0);
            }
            writeln!(
                print.out(),
                "{wrong} {} wrong",
                if wrong == 1 { "thing is" } else { "things are" }
            )?;
            return Ok(2);
        }
        ConfigCommand::Show => {
            let style = print.style(&place.settings);
            for shown in show(&place.settings) {
                let origin = style.muted(&format!("# {}", shown.origin));
                writeln!(
                    print.out(),
                    "{} = {}  {origin}",
                    safe(&shown.key),
                    safe(&shown.value)
                )?;
            }
        }
        ConfigCommand::Path => {
            for path in settings::paths(Some(&place.root)) {
                let there = if path.exists { "" } else { "  (not there)" };
                let shown = path.path.to_string_lossy();
                writeln!(print.out(), "{:<22} {}{there}", path.what, safe(&shown))?;
            }
        }
        ConfigCommand::Schema => {}
    }
    Ok(0)
}
