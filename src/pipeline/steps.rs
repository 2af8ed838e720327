//! What all systems share: a script's commands as a step's, and what steps come to together.

use super::shell::{self, Fails, Shell};
use super::tools;
use crate::model::pipeline::{CanFail, Command, Placed, Step};

/// Reads a script into its step. `lines` gives the file's line of the script's line from 0. Without a shell the script is
/// in a language that is not followed.
pub(super) fn script(step: &mut Step, text: &str, shell: Option<Shell>, lines: &dyn Fn(usize) -> u32) {
    step.script = Some(Placed {
        text: text.into(),
        line: lines(0),
    });
    let analysis = shell::analyse(
        text,
        shell.unwrap_or(Shell {
            errexit: true,
            pipefail: true,
        }),
    );
    let not_followed = |line: u32| {
        CanFail::Unknown(Placed {
            text: "its shell is not one whose exit codes are followed".into(),
            line,
        })
    };
    let env = |key: &str| step.given(key).map(|value| value.text.clone());
    let mut commands = Vec::with_capacity(analysis.commands.len());
    for command in analysis.commands {
        let line = lines(command.line);
        let assigned = |key: &str| {
            let found = command.assignments.iter().find(|(name, _)| &**name == key);
            found.map(|(_, value)| value.clone()).or_else(|| env(key))
        };
        let can_fail = match tools::never_fails(&command.words, &assigned) {
            Some(why) => CanFail::No(Placed {
                text: why.into(),
                line,
            }),
            None if shell.is_none() => not_followed(line),
            None => can_fail(command.fails, line, lines),
        };
        commands.push(Command {
            words: command.words,
            path: None,
            line,
            can_fail,
        });
    }
    let line = lines(analysis.line);
    step.can_fail = match shell {
        None => not_followed(line),
        Some(_) => whole(analysis.whole, &commands, line, lines),
    };
    step.commands = commands;
}

fn can_fail(fails: Fails, line: u32, lines: &dyn Fn(usize) -> u32) -> CanFail {
    match fails {
        Fails::Yes => CanFail::Yes,
        Fails::Always(text) => CanFail::Always(Placed { text, line }),
        Fails::Unknown(text) => CanFail::Unknown(Placed { text, line }),
        Fails::No(at, text) => CanFail::No(Placed {
            text,
            line: lines(at).max(line),
        }),
    }
}

/// A script whose every command that could fail belongs to a tool that only reports cannot fail either.
fn whole(fails: Fails, commands: &[Command], line: u32, lines: &dyn Fn(usize) -> u32) -> CanFail {
    let read = can_fail(fails, line, lines);
    if read != CanFail::Yes {
        return read;
    }
    let checks = || commands.iter().filter(|command| !is_preparation(command));
    let none = checks().next().is_none();
    let never = checks().all(|command| matches!(command.can_fail, CanFail::No(_)));
    match checks().next() {
        Some(first) if !none && never => first.can_fail.clone(),
        _ => read,
    }
}

fn is_preparation(command: &Command) -> bool {
    command.words.first().is_some_and(|name| shell::prepares(name))
}

/// Puts a hurdle around a whole step.
pub(super) fn outer(step: &mut Step, hurdle: &CanFail) {
    step.can_fail = step.can_fail.clone().and(hurdle);
    for command in &mut step.commands {
        command.can_fail = command.can_fail.clone().and(hurdle);
    }
}

/// Makes everything of a step unknown, because not all of it was read.
pub(super) fn doubt(step: &mut Step, why: &str, line: u32) {
    let unknown = || {
        CanFail::Unknown(Placed {
            text: why.into(),
            line,
        })
    };
    step.can_fail = unknown();
    step.commands
        .iter_mut()
        .for_each(|command| command.can_fail = unknown());
}

/// What the steps of a job come to.
pub(super) fn together(steps: &[Step], line: u32) -> CanFail {
    let checks = |step: &&Step| match &step.uses {
        Some(uses) => !tools::prepares(&uses.text),
        None => true,
    };
    let mut judged: Vec<&Step> = steps.iter().filter(checks).collect();
    if judged.is_empty() {
        judged = steps.iter().collect();
    }
    let always = judged
        .iter()
        .find(|step| matches!(step.can_fail, CanFail::Always(_)) && step.condition.is_none());
    if let Some(step) = always {
        return step.can_fail.clone();
    }
    if judged
        .iter()
        .any(|step| matches!(step.can_fail, CanFail::Yes | CanFail::Always(_)))
    {
        return CanFail::Yes;
    }
    let unknown = judged
        .iter()
        .find(|step| matches!(step.can_fail, CanFail::Unknown(_)));
    match unknown.or(judged.first()) {
        Some(step) => step.can_fail.clone(),
        None => CanFail::Unknown(Placed {
            text: "it has no steps that can be read".into(),
            line,
        }),
    }
}

/// What a job's text says of its own steps.
pub(super) struct Looks<'a> {
    text: &'a str,
}

impl<'a> Looks<'a> {
    /// Of the text of a job.
    pub(super) const fn of(text: &'a str) -> Self {
        Self { text }
    }

    fn at(&self, id: &str) -> bool {
        ["steps.", "steps['"].iter().any(|start| {
            self.text.match_indices(start).any(|(at, _)| {
                let rest = self.text.get(at + start.len()..).unwrap_or_default();
                rest.strip_prefix(id)
                    .is_some_and(|rest| rest.starts_with(['.', '\'']))
            })
        })
    }
}

/// A step that is said to swallow a failure may hand it on: by its id, a variable, or a file that something later reads.
/// Then it is not known whether the job can fail.
pub(super) fn look_back(steps: &mut [Step], at: usize, id: Option<&str>, looks: &Looks<'_>) {
    let Some((step, later)) = steps.get_mut(at..).and_then(<[Step]>::split_first_mut) else {
        return;
    };
    let by_id = id.is_some_and(|id| looks.at(id));
    let script = step
        .script
        .as_ref()
        .map(|script| script.text.clone())
        .unwrap_or_default();
    let by_env = script.contains("GITHUB_ENV");
    let doubt = |line: u32, how: &str| {
        CanFail::Unknown(Placed {
            text: how.into(),
            line,
        })
    };
    let hand_on = |can_fail: &mut CanFail, line: u32, files: &[&str], rest: &str| {
        // What never runs hands nothing on.
        let swallowed = can_fail
            .never()
            .is_some_and(|why| !why.text.starts_with("it never runs"));
        if !swallowed {
            return;
        }
        if by_id {
            *can_fail = doubt(
                line,
                "its failure is swallowed, but its outcome or output is looked at elsewhere in the job",
            );
            return;
        }
        if by_env {
            *can_fail = doubt(
                line,
                "its failure is swallowed, but it sets a variable for later steps",
            );
            return;
        }
        let reads = |step: &&Step| {
            let script = step.script.as_ref();
            script.is_some_and(|script| files.iter().any(|file| script.text.contains(file)))
                && step.can_fail.never().is_none()
        };
        let later_reads = later.iter().find(reads).map(|step| step.line);
        let own_reads = files.iter().any(|file| rest.contains(file));
        if let Some(line) = later_reads.or(own_reads.then_some(line)) {
            *can_fail = doubt(
                line,
                "its failure is swallowed, but a file that it writes is read later",
            );
        }
    };
    let first_line = step.script.as_ref().map_or(0, |script| script.line);
    for command in &mut step.commands {
        let nth = command.line.saturating_sub(first_line) as usize;
        let own = logical_line(&script, nth);
        let files = files(own);
        let after = script.find(own).map_or(0, |start| start + own.len());
        hand_on(
            &mut command.can_fail,
            command.line,
            &files,
            script.get(after..).unwrap_or_default(),
        );
    }
    let all: Vec<&str> = script.lines().flat_map(files).collect();
    let line = step.line;
    hand_on(&mut step.can_fail, line, &all, "");
}

/// A line of a script with the lines that a backslash joins to it.
fn logical_line(script: &str, nth: usize) -> &str {
    let start: usize = script.split_inclusive('\n').take(nth).map(str::len).sum();
    let rest = script.get(start..).unwrap_or_default();
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        end += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    rest.get(..end).unwrap_or_default()
}

/// Names of result files in a line of a script.
fn files(line: &str) -> Vec<&str> {
    const ENDS: &[&str] = &[
        ".json", ".xml", ".sarif", ".txt", ".log", ".html", ".md", ".csv", ".out", ".yml", ".yaml",
    ];
    line.split(|c: char| {
        c.is_whitespace() || matches!(c, '>' | '<' | '|' | '=' | '"' | '\'' | ';' | '&' | '(' | ')')
    })
    .filter(|word| {
        ENDS.iter()
            .any(|end| word.len() > end.len() && word.ends_with(end))
    })
    .filter(|word| !word.ends_with("package.json") && !word.ends_with("package-lock.json"))
    .collect()
}
