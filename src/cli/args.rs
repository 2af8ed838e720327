//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::ColorChoice;
use crate::model::{Stage, Status};
use crate::sources::github;

const EXAMPLES: &str = "\
Examples:
  gonogo                               the cockpit on this repository
  gonogo check && ./deploy             go on only when it is GO
  gonogo check --format github         annotations in a GitHub workflow
  gonogo inspect docs/                 what each file was recognised as, and why
  gonogo explain docs/READY.md:34      why this item stands where it stands
  gonogo set T034 done --dry-run       the change as a diff, not written

Exit codes of check: 0 GO or GO WITH WAIVERS, 1 NO-GO, 2 usage or configuration error, 3 HOLD.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  gonogo explain T034                    an item by its id
  gonogo explain docs/READY.md:34        the item, gate or claim in that line
  gonogo explain 5f3a9c0e12b4d678        an item by its uid, as `gonogo items` prints it
  gonogo explain evidence:coverage       a gate, as `gonogo check` names it";

const SET_EXAMPLES: &str = "\
Examples:
  gonogo set T034 done                   write it and commit it
  gonogo set docs/READY.md:34 in-progress --owner ann
  gonogo set T034 deferred --note \"after the freeze\" --dry-run";

/// Are we GO or NO-GO, and is what our reports say true?
///
/// Without a command: the cockpit; not on a terminal, what `gonogo check` prints.
#[derive(Debug, Parser)]
#[command(name = "gonogo", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// The repository, or any folder inside of it
    #[arg(long, global = true, value_name = "DIR")]
    pub repo: Option<PathBuf>,
    /// The stage that is judged: staging, beta or production
    #[arg(long, global = true, value_name = "NAME", value_parser = stage)]
    pub stage: Option<Stage>,
    /// Refuse every write
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Never ask the network: CI is then HOLD, in words
    #[arg(long, global = true)]
    pub offline: bool,
    /// What GitHub is asked about: a branch, tag, commit, pull request or run; HEAD without it
    #[arg(long = "ref", global = true, value_name = "REF", value_parser = reference)]
    pub reference: Option<String>,
    /// Play back what `gonogo record` wrote into this folder
    #[arg(long, global = true, value_name = "DIR")]
    pub recorded: Option<PathBuf>,
    /// Whether colours are used: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", value_parser = color)]
    pub color: Option<ColorChoice>,
    /// No diagnostics on standard error
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compute the verdict once; the exit code says it
    #[command(
        after_help = "Exit codes: 0 GO or GO WITH WAIVERS, 1 NO-GO, 2 usage or configuration error, 3 HOLD.\n\nExamples:\n  gonogo check --stage beta\n  gonogo check --format json | jq .reasons\n  gonogo check --format markdown >> \"$GITHUB_STEP_SUMMARY\""
    )]
    Check {
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: CheckFormat,
        /// Publish the verdict as the commit status `gonogo/verdict`, so that GitHub can require it
        #[arg(long)]
        publish: bool,
    },
    /// A line whenever the verdict or a check changes, until it is stopped
    #[command(
        after_help = "Exit codes with --fail-fast: 1 as soon as it is NO-GO.\n\nExample:\n  gonogo watch | tee watch.log"
    )]
    Watch {
        /// End with exit code 1 as soon as the verdict is NO-GO
        #[arg(long)]
        fail_fast: bool,
    },
    /// Say what each file was recognised as and what it yields; needs no repository
    #[command(
        after_help = "Exit codes: 0 every file was read, 1 some file could not be read.\n\nExamples:\n  gonogo inspect docs/READY.md\n  gonogo inspect . --format json"
    )]
    Inspect {
        /// Files, and folders that are walked
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Every item of the readiness reports with its state
    #[command(
        after_help = "Examples:\n  gonogo items | grep conflicted\n  gonogo items --format json | jq '.items[] | select(.effect == \"NO-GO\")'"
    )]
    Items {
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Every claim of the readiness reports with its verdict and proof
    #[command(after_help = "Example:\n  gonogo claims --format json | jq '.contradictions'")]
    Claims {
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Why an item, gate or claim stands where it stands
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain {
        /// A uid, an id where it is unique, path:line, or a gate's id
        #[arg(value_name = "ITEM|GATE|CLAIM")]
        what: String,
    },
    /// Write a status back into its document and commit it
    #[command(after_help = SET_EXAMPLES)]
    Set(Set),
    /// The cockpit on a sample repository, made fresh in a temporary folder; no network, no token
    #[command(after_help = "Examples:\n  gonogo demo\n  gonogo demo ./sample    make it there and keep it")]
    Demo {
        /// Make it in this new or empty folder and keep it
        #[arg(value_name = "DIR")]
        into: Option<PathBuf>,
    },
    /// Begin: a commented gonogo.toml, and a first checklist with --report
    #[command(after_help = "Nothing that exists is overwritten.\n\nExample:\n  gonogo init --report")]
    Init {
        /// Write docs/RELEASE_READINESS.md too
        #[arg(long)]
        report: bool,
    },
    /// Check, show or locate the configuration
    #[command(after_help = "Example:\n  gonogo config show")]
    Config {
        /// What to do
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// Ask GitHub once and write its answers into a new folder, without any token
    #[command(after_help = "Example:\n  gonogo record ./answers && gonogo check --recorded ./answers")]
    Record {
        /// A new or empty folder
        #[arg(value_name = "DIR")]
        into: PathBuf,
    },
    /// What this program is and what it sees
    Info,
    /// A completion script for a shell
    #[command(
        after_help = "Example:\n  gonogo completions bash > ~/.local/share/bash-completion/completions/gonogo"
    )]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// The manual page
    #[command(after_help = "Example:\n  gonogo man | man -l -")]
    Man,
}

/// What `set` is told.
#[derive(Debug, Args)]
pub struct Set {
    /// A uid, an id where it is unique, or path:line
    #[arg(value_name = "ITEM")]
    pub item: String,
    /// open, in-progress, blocked, deferred, done, verified or not-applicable
    #[arg(value_name = "STATUS", value_parser = status)]
    pub status: Status,
    /// A note behind the item's words
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// An owner behind the item's words
    #[arg(long, value_name = "WHO")]
    pub owner: Option<String>,
    /// Print the diff, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write the file, make no commit
    #[arg(long)]
    pub no_commit: bool,
}

/// What `config` does.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigCommand {
    /// Read every layer and say what is wrong; exit 2 when something is
    Check,
    /// Every value in force with its origin
    Show,
    /// Where configuration is looked for
    Path,
    /// A JSON schema of the configuration files
    Schema,
}

/// How `check` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum CheckFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// For a comment or a job's summary
    Markdown,
    /// Annotations of a GitHub workflow
    Github,
}

/// How lists are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ListFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}

fn stage(word: &str) -> Result<Stage, String> {
    Stage::parse(word).ok_or_else(|| one_of(&Stage::ALL.map(Stage::word)))
}

fn reference(typed: &str) -> Result<String, String> {
    github::target::read(typed).map(|_| typed.to_owned())
}

fn color(word: &str) -> Result<ColorChoice, String> {
    ColorChoice::parse(word).ok_or_else(|| one_of(&ColorChoice::ALL.map(ColorChoice::word)))
}

fn status(word: &str) -> Result<Status, String> {
    Status::parse(word)
        .filter(|status| Status::SETTABLE.contains(status))
        .ok_or_else(|| one_of(&Status::SETTABLE.map(Status::word)))
}

fn one_of(words: &[&str]) -> String {
    format!("expected one of {}", words.join(", "))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            let shown = command.get_after_help().is_some_and(|help| {
                let help = help.to_string();
                help.contains("gonogo ") && help.contains("Example")
            });
            assert!(shown || name == "info", "`{name}` shows no example");
        }
    }

    #[test]
    fn a_status_takes_both_spellings() {
        assert_eq!(status("in-progress"), Ok(Status::InProgress));
        assert_eq!(status("not_applicable"), Ok(Status::NotApplicable));
        assert!(status("conflicted").unwrap_err().contains("in_progress"));
    }
}
