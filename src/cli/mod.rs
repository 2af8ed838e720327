//! The commands: arguments in, text and an exit code out.
//!
//! Not here: any judgement (the engine), any format (`output`). Invariants: standard output holds the answer and
//! nothing else, diagnostics go to standard error; a mistake is one sentence and a hint; the exit code of `check`
//! follows the assessment.

mod args;
mod check;
mod config;
mod demo;
mod evidence;
mod explain;
mod failure;
mod find;
mod github;
mod init;
mod inspect;
mod itself;
mod print;
mod repository;
mod sample;
mod set;
mod watch;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use failure::Failure;
use print::Print;

/// Runs the command of this process.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors, and clap knows to which stream each goes.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return match error.print() {
                Ok(()) | Err(_) => ExitCode::from(code),
            };
        }
    };
    let mut print = Print::new(cli.global.quiet);
    match dispatch(&cli, &mut print) {
        Ok(code) => print.finish(code),
        Err(failure) => {
            print.failure(&failure);
            print.finish(failure.code)
        }
    }
}

fn dispatch(cli: &Cli, print: &mut Print) -> Result<u8, Failure> {
    let global = &cli.global;
    match &cli.command {
        None => check::cockpit_or_text(global, print),
        Some(Command::Check { format, publish }) => {
            check::check_and_publish(global, *format, *publish, print)
        }
        Some(Command::Watch { fail_fast }) => watch::watch(global, *fail_fast, print),
        Some(Command::Inspect { paths, format }) => inspect::inspect(global, paths, *format, print),
        Some(Command::Items { format }) => check::items(global, *format, print),
        Some(Command::Claims { format }) => check::claims(global, *format, print),
        Some(Command::Explain { what }) => explain::explain(global, what, print),
        Some(Command::Set(set)) => set::set(global, set, print),
        Some(Command::Demo { into }) => sample::demo(global, into.as_deref(), print),
        Some(Command::Init { report }) => init::init(global, *report, print),
        Some(Command::Config { what }) => config::config(global, *what, print),
        Some(Command::Record { into }) => github::record(global, into, print),
        Some(Command::Info) => itself::info(global, print),
        Some(Command::Completions { shell }) => itself::completions(*shell, print),
        Some(Command::Man) => itself::man(print),
    }
}
