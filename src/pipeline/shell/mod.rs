//! Shell scripts of CI steps: which of their commands can turn the step red.
//!
//! A script is parsed ([`parse`]) and followed with each command failing in turn ([`run`]). Not here: what a command
//! does (`tools`), which shell a step gets (`github`, `gitlab`). Invariant: what is not understood is unknown, never
//! "cannot fail"; held by the property in `tests` that compares with a real shell.

mod looks;
mod parse;
mod run;
mod state;
mod syntax;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use syntax::{Command, List};

/// Larger scripts are not read.
const MAX_BYTES: usize = 128 << 10;

/// `bash -c` inside of `bash -c` deeper than this is not read.
const MAX_INNER: usize = 3;

/// With which options a script starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shell {
    /// `set -e`: the first failure ends it.
    pub errexit: bool,
    /// A pipe fails when any part of it fails.
    pub pipefail: bool,
}

/// How a failure is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// `|| something` that succeeds.
    Or(Box<str>),
    /// `|| something` that may fail itself.
    Instead(Box<str>),
    /// Left of a pipe.
    Pipe,
    /// With `&`.
    Background,
    /// The script goes on, and nothing looks at it.
    GoesOn,
    /// `set -e` does not apply left of `&&`, and the script goes on.
    LeftOfAnd,
    /// As a condition.
    Condition,
    /// Inside of `$( … )` of a command that succeeds.
    Substitution,
    /// `exit 0`.
    Exit,
    /// `!`.
    Negated,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Or(what) => write!(f, "`|| {what}` swallows its exit code"),
            Self::Instead(what) => write!(f, "after its failure `{what}` decides"),
            Self::Pipe => f.write_str("its exit code is lost in the pipe: the shell runs without `pipefail`"),
            Self::Background => f.write_str("it runs in the background and nobody waits for its exit code"),
            Self::GoesOn => f.write_str("the script goes on after it: `set -e` is off"),
            Self::LeftOfAnd => f.write_str("`set -e` does not apply left of `&&`, and the script goes on"),
            Self::Condition => f.write_str("it is only a condition, and the script goes on"),
            Self::Substitution => f.write_str("its exit code is lost inside of `$(…)`"),
            Self::Exit => f.write_str("`exit 0` ends the script all the same"),
            Self::Negated => f.write_str("`!` turns its failure into a success"),
        }
    }
}

/// What a script can come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// Its simple commands, in order; those of `bash -c "…"` follow the command that runs them.
    pub commands: Vec<Analysed>,
    /// The whole script.
    pub whole: Fails,
    /// The line of the script's first command, or that of the line that was not understood, from 0.
    pub line: usize,
}

/// A command of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysed {
    /// The command and its arguments, without quotes.
    pub words: Vec<Box<str>>,
    /// `NAME=value` in front of it.
    pub assignments: Vec<(Box<str>, Box<str>)>,
    /// From 0.
    pub line: usize,
    /// Whether its failure fails the script.
    pub fails: Fails,
}

/// Whether a failure reaches the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fails {
    /// Always.
    Yes,
    /// Never: the line from 0 and the sentence why.
    No(usize, Box<str>),
    /// It fails whatever happens: the sentence why.
    Always(Box<str>),
    /// Not known: the sentence why.
    Unknown(Box<str>),
}

/// Follows a script.
#[must_use]
pub fn analyse(script: &str, shell: Shell) -> Analysis {
    analyse_inner(script, shell, MAX_INNER)
}

fn analyse_inner(script: &str, shell: Shell, inner: usize) -> Analysis {
    let not_understood = |line: usize, what: &str| Analysis {
        commands: Vec::new(),
        whole: Fails::Unknown(what.into()),
        line,
    };
    if script.len() > MAX_BYTES {
        return not_understood(0, "the script is too long to be read");
    }
    let (list, commands) = match parse::parse(script) {
        Ok(read) => read,
        Err((line, what)) => return not_understood(line, &format!("the script is not understood: {what}")),
    };
    let mut analysed = Vec::new();
    for (at, command) in commands.iter().enumerate() {
        let Some(name) = command.words.first() else {
            continue;
        };
        if NEVER_A_CHECK.contains(&name.text.as_str()) {
            continue;
        }
        let fails = command_fails(script, &list, &commands, shell, at);
        let inner = nested(command, inner);
        let words = command
            .words
            .iter()
            .map(|word| word.text.as_str().into())
            .collect();
        let assignment = |(name, word): &(Box<str>, syntax::Word)| (name.clone(), word.text.as_str().into());
        let assignments = command.assignments.iter().map(assignment).collect();
        analysed.push(Analysed {
            words,
            assignments,
            line: command.line,
            fails: fails.clone(),
        });
        for mut command_inside in inner {
            command_inside.line += command.line;
            command_inside.fails = through(&fails, command_inside.fails);
            analysed.push(command_inside);
        }
    }
    let whole = whole(script, &list, &commands, shell, &analysed);
    Analysis {
        line: commands.first().map_or(0, |command| command.line),
        commands: analysed,
        whole,
    }
}

/// Builtins and prints: their own failure is no check of anything.
const NEVER_A_CHECK: &[&str] = &[
    "true", ":", "echo", "printf", "set", "shopt", "export", "local", "declare", "readonly", "typeset",
    "exit", "return", "break", "continue", "test", "[", "trap", "wait", "false", "unset", "shift", "read",
    "umask", "sleep",
];

/// Commands that prepare; they fail a script, but nobody means them when he speaks of a check.
const PREPARES: &[&str] = &[
    "cd", "mkdir", "cat", "ls", "pwd", "date", "touch", "rm", "cp", "mv", "chmod", "source", ".", "pushd",
    "popd", "tee", "head", "tail", "sort", "wc", "cut", "tr", "sed", "awk", "jq", "dirname", "basename",
    "which", "command", "env",
];

/// Whether a command only prepares.
pub(super) fn prepares(name: &str) -> bool {
    PREPARES.contains(&name)
}

fn command_fails(script: &str, list: &List, commands: &[Command], shell: Shell, at: usize) -> Fails {
    let failed = run::outcomes(script, list, commands, shell, Some((at, 1)));
    if failed.lost {
        return Fails::Unknown("whether its failure counts depends on more than is followed here".into());
    }
    if !failed.reached {
        return Fails::Unknown("no path through the script to it was found".into());
    }
    if !failed.success {
        return Fails::Yes;
    }
    if failed.failure {
        return Fails::Unknown("whether its failure counts depends on a condition in the script".into());
    }
    // A check may be turned round: `if grep -q FAILED log; then exit 1; fi`.
    let passed = run::outcomes(script, list, commands, shell, Some((at, 0)));
    if passed.failure || passed.lost {
        return match (passed.success, passed.lost) {
            (false, false) => Fails::Yes,
            _ => Fails::Unknown("whether its result counts depends on a condition in the script".into()),
        };
    }
    match failed.cause {
        Some((_, cause @ Cause::Instead(_))) => Fails::Unknown(cause.to_string().into()),
        Some((line, cause)) => Fails::No(line, cause.to_string().into()),
        None => Fails::No(0, "the script ends with success all the same".into()),
    }
}

fn whole(script: &str, list: &List, commands: &[Command], shell: Shell, analysed: &[Analysed]) -> Fails {
    let plain = run::outcomes(script, list, commands, shell, None);
    if !plain.success && plain.failure && !plain.lost {
        return Fails::Always("it ends with a failure whatever its commands say".into());
    }
    let checks = |command: &&Analysed| {
        !command
            .words
            .first()
            .is_some_and(|name| PREPARES.contains(&&**name))
    };
    let mut judged: Vec<&Analysed> = analysed.iter().filter(checks).collect();
    if judged.is_empty() {
        judged = analysed.iter().collect();
    }
    if judged.iter().any(|command| command.fails == Fails::Yes) || (plain.failure && !plain.lost) {
        return Fails::Yes;
    }
    if plain.lost {
        return Fails::Unknown("the script branches more than is followed here".into());
    }
    let unknown = judged
        .iter()
        .find(|command| matches!(command.fails, Fails::Unknown(_)));
    match unknown.or(judged.first()) {
        Some(command) => command.fails.clone(),
        None => Fails::No(0, "it runs nothing that could fail".into()),
    }
}

/// The commands of `bash -c "…"`.
fn nested(command: &Command, inner: usize) -> Vec<Analysed> {
    let words = &command.words;
    let shell_at = words.iter().position(|word| {
        let name = word.text.rsplit('/').next().unwrap_or_default();
        matches!(name, "bash" | "sh" | "zsh" | "dash" | "ash" | "busybox")
    });
    let Some(shell_at) = shell_at.filter(|_| inner > 0) else {
        return Vec::new();
    };
    let (mut shell, mut rest) = (
        Shell {
            errexit: false,
            pipefail: false,
        },
        words.iter().skip(shell_at + 1),
    );
    while let Some(option) = rest.next() {
        match option.text.as_str() {
            "pipefail" => shell.pipefail = true,
            "errexit" => shell.errexit = true,
            text if text.starts_with("--") => {}
            text if text.starts_with('-') => {
                shell.errexit |= text.contains('e');
                if text.ends_with('c') {
                    let script = rest.next().map(|word| word.text.as_str()).unwrap_or_default();
                    return analyse_inner(script, shell, inner - 1).commands;
                }
            }
            _ => return Vec::new(),
        }
    }
    Vec::new()
}

/// A failure inside of a script that a command runs.
fn through(outer: &Fails, inner: Fails) -> Fails {
    match (outer, inner) {
        (_, inner @ Fails::No(..)) => inner,
        (Fails::Yes, inner) => inner,
        (outer, _) => outer.clone(),
    }
}
