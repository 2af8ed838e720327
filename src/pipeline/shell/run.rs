//! A script followed on every path with one command failing: does the failure reach the script's exit code?
//!
//! Nothing is run. Each command's exit code is assumed: the one under test fails, tests and comparisons may go either
//! way, everything else succeeds. Too many paths, or a construct whose outcome depends on more, is "unknown".

use super::state::{
    Flow, State, compare, either, negate, options, returned, started, stop_on_failure, value_of, with_status,
};
use super::syntax::{Command, Entry, List, Node, Word};
use super::{Cause, Shell};

/// More states at one place are not followed.
const MAX_STATES: usize = 64;

/// Functions that call each other deeper are not followed.
const MAX_CALLS: usize = 8;

/// More steps are not taken.
const MAX_STEPS: usize = 20_000;

/// What can come of a script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Outcomes {
    /// The command was reached on some path.
    pub reached: bool,
    /// Some path ends with 0.
    pub success: bool,
    /// Some path ends with another number.
    pub failure: bool,
    /// Not all paths were followed.
    pub lost: bool,
    /// What swallowed the failure on a path that ends with 0: the line from 0 and how.
    pub cause: Option<(usize, Cause)>,
}

/// The outcomes with the command `target` ending in `status`; without a target with everything succeeding.
pub(super) fn outcomes(
    script: &str,
    list: &List,
    commands: &[Command],
    shell: Shell,
    target: Option<(usize, i64)>,
) -> Outcomes {
    let mut runner = Runner {
        script,
        commands,
        target,
        functions: Vec::new(),
        calls: 0,
        steps: 0,
        lost: false,
    };
    let start = State {
        errexit: shell.errexit,
        pipefail: shell.pipefail,
        ..State::default()
    };
    let ends = runner.list(list, vec![start], false);
    let mut outcomes = Outcomes {
        lost: runner.lost,
        ..Outcomes::default()
    };
    for end in ends {
        if target.is_some() && !end.ran {
            continue;
        }
        outcomes.reached |= end.ran;
        if end.status == 0 {
            outcomes.success = true;
            outcomes.cause = outcomes.cause.or(end.cause);
        } else {
            outcomes.failure = true;
        }
    }
    outcomes
}

pub(super) struct Runner<'a> {
    pub(super) script: &'a str,
    pub(super) commands: &'a [Command],
    pub(super) target: Option<(usize, i64)>,
    functions: Vec<(&'a str, &'a Node)>,
    calls: usize,
    steps: usize,
    lost: bool,
}

impl<'a> Runner<'a> {
    fn each(
        &mut self,
        states: Vec<State>,
        mut run: impl FnMut(&mut Self, State) -> Vec<State>,
    ) -> Vec<State> {
        let mut out: Vec<State> = Vec::new();
        for state in states {
            let next = if state.flow == Flow::Run {
                run(self, state)
            } else {
                vec![state]
            };
            for state in next {
                if !out.contains(&state) {
                    out.push(state);
                }
            }
        }
        if out.len() > MAX_STATES {
            out.truncate(MAX_STATES);
            self.lost = true;
        }
        out
    }

    /// `quiet`: a failure here does not stop the script even under `set -e`.
    fn list(&mut self, list: &'a List, mut states: Vec<State>, quiet: bool) -> Vec<State> {
        for (nth, entry) in list.iter().enumerate() {
            let line = self.line_of(&entry.node);
            let before = nth > 0;
            states = self.each(states, |runner, mut state| {
                if before
                    && state.status != 0
                    && !matches!(entry.node, Node::Function { .. })
                    && !runner.reads_status(&entry.node)
                {
                    let how = if state.errexit {
                        Cause::LeftOfAnd
                    } else {
                        Cause::GoesOn
                    };
                    state.lose(line, how);
                }
                runner.entry(entry, state, quiet)
            });
        }
        states
    }

    fn entry(&mut self, entry: &'a Entry, state: State, quiet: bool) -> Vec<State> {
        if !entry.background {
            return self.node(&entry.node, vec![state], quiet);
        }
        let line = self.line_of(&entry.node);
        let inner = self.subshell(
            |runner, state| runner.node(&entry.node, vec![state], quiet),
            state,
        );
        let lose = |mut state: State| {
            state.lose(line, Cause::Background);
            state.succeed()
        };
        inner.into_iter().map(lose).collect()
    }

    fn node(&mut self, node: &'a Node, states: Vec<State>, quiet: bool) -> Vec<State> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            self.lost = true;
            return states;
        }
        match node {
            Node::Simple(at) => self.each(states, |runner, state| {
                let done = runner.simple(*at, state, quiet);
                stop_on_failure(done, quiet)
            }),
            Node::Test => self.each(states, |_, state| stop_on_failure(either(state), quiet)),
            Node::Group(list) => self.list(list, states, quiet),
            Node::Subshell(list) => self.each(states, |runner, state| {
                let done = runner.subshell(|runner, state| runner.list(list, vec![state], quiet), state);
                stop_on_failure(done, quiet)
            }),
            Node::Pipeline { parts, negated } => self.each(states, |runner, state| {
                let done = runner.pipeline(parts, state, quiet || *negated);
                if *negated {
                    done.into_iter().map(negate).collect()
                } else {
                    stop_on_failure(done, quiet)
                }
            }),
            Node::AndOr { first, rest } => self.and_or(first, rest, states, quiet),
            Node::If { arms, otherwise } => self.if_(arms, otherwise, states, quiet),
            Node::While {
                until,
                condition,
                body,
            } => self.while_(*until, condition, body, states, quiet),
            Node::For(body) => {
                let states = self.list(body, states, quiet);
                self.leave_loop(states, body)
            }
            Node::Case { arms, exhaustive } => {
                let mut out = Vec::new();
                for arm in arms {
                    let from = states.clone().into_iter().map(started).collect();
                    out.extend(self.list(arm, from, quiet));
                }
                if !exhaustive {
                    out.extend(states.into_iter().map(|state| {
                        if state.flow == Flow::Run {
                            state.succeed()
                        } else {
                            state
                        }
                    }));
                }
                self.each(out, |_, state| vec![state])
            }
            Node::Function { name, body } => {
                self.functions.retain(|(known, _)| *known != &**name);
                self.functions.push((name, body));
                self.each(states, |_, state| vec![state.succeed()])
            }
        }
    }

    /// Runs in a copy: variables, options and `exit` stay inside.
    fn subshell(&mut self, run: impl FnOnce(&mut Self, State) -> Vec<State>, state: State) -> Vec<State> {
        let outer = state.clone();
        let inner = run(self, started(state));
        let back = |inner: State| State {
            flow: Flow::Run,
            status: inner.status,
            ran: inner.ran,
            cause: inner.cause,
            ..outer.clone()
        };
        let back: Vec<State> = inner.into_iter().map(back).collect();
        self.each(back, |_, state| vec![state])
    }

    fn pipeline(&mut self, parts: &'a [Node], state: State, quiet: bool) -> Vec<State> {
        if let [one] = parts {
            return self.node(one, vec![state], quiet);
        }
        // (state so far, the rightmost failure so far)
        let mut so_far = vec![(state, 0_i64)];
        for (nth, part) in parts.iter().enumerate() {
            let last = nth + 1 == parts.len();
            let mut next = Vec::new();
            for (state, failed) in so_far {
                let line = self.line_of(part);
                for mut done in self.subshell(|runner, state| runner.node(part, vec![state], quiet), state) {
                    let failed = if done.status != 0 { done.status } else { failed };
                    if last && done.pipefail {
                        done.status = failed;
                    }
                    if !last && done.status != 0 && !done.pipefail {
                        done.lose(line, Cause::Pipe);
                    }
                    next.push((done, failed));
                }
            }
            next.dedup();
            if next.len() > MAX_STATES {
                next.truncate(MAX_STATES);
                self.lost = true;
            }
            so_far = next;
        }
        so_far.into_iter().map(|(state, _)| state).collect()
    }

    fn and_or(
        &mut self,
        first: &'a Node,
        rest: &'a [(bool, Node)],
        states: Vec<State>,
        quiet: bool,
    ) -> Vec<State> {
        let mut states = self.node(first, states, true);
        for (nth, (and, node)) in rest.iter().enumerate() {
            let last = nth + 1 == rest.len();
            let line = self.line_of(node);
            let what = self.text_of(node);
            states = self.each(states, |runner, mut state| {
                if *and != (state.status == 0) {
                    return vec![state];
                }
                let failed = state.status != 0;
                if failed && !runner.reads_status(node) && state.ran && state.cause.is_none() {
                    let cause = if runner.only_says(node) {
                        Cause::Or(what.clone())
                    } else {
                        Cause::Instead(what.clone())
                    };
                    state.cause = Some((line, cause));
                }
                runner.node(node, vec![state], quiet || !last)
            });
        }
        states
    }

    fn if_(
        &mut self,
        arms: &'a [(List, List)],
        otherwise: &'a List,
        states: Vec<State>,
        quiet: bool,
    ) -> Vec<State> {
        let mut done = Vec::new();
        let mut undecided = states;
        for (condition, body) in arms {
            let line = condition.first().map_or(0, |entry| self.line_of(&entry.node));
            let after = self.list(condition, undecided, true);
            let (mut yes, mut no) = (Vec::new(), Vec::new());
            for mut state in after {
                if state.flow != Flow::Run {
                    done.push(state);
                } else if state.status == 0 {
                    yes.push(state);
                } else {
                    state.lose(line, Cause::Condition);
                    no.push(state.succeed());
                }
            }
            done.extend(self.list(body, yes, quiet));
            undecided = no;
        }
        done.extend(self.list(otherwise, undecided, quiet));
        self.each(done, |_, state| vec![state])
    }

    fn while_(
        &mut self,
        until: bool,
        condition: &'a List,
        body: &'a List,
        states: Vec<State>,
        quiet: bool,
    ) -> Vec<State> {
        let tested = self.list(condition, states, true);
        let mut done = Vec::new();
        let mut go_on = Vec::new();
        for mut state in tested {
            if state.flow != Flow::Run {
                done.push(state);
                continue;
            }
            // Whoever waits in a condition may wait for ever: what the failure comes to is not known.
            if state.ran && self.target_in(condition) {
                self.lost = true;
            }
            if (state.status == 0) == until {
                done.push(state.succeed());
            } else {
                state.status = 0;
                go_on.push(state);
            }
        }
        let after = self.list(body, go_on, quiet);
        done.extend(self.leave_loop(after, body));
        self.each(done, |_, state| vec![state])
    }

    fn leave_loop(&mut self, states: Vec<State>, body: &'a List) -> Vec<State> {
        let here = self.target_in(body);
        let left = states.into_iter().map(|mut state| {
            if state.flow == Flow::Break {
                state.flow = Flow::Run;
            } else if here && state.flow == Flow::Run && state.status != 0 {
                // A later round that succeeds would hide the failure of this one.
                self.lost = true;
            }
            state
        });
        left.collect()
    }

    fn simple(&mut self, at: usize, state: State, quiet: bool) -> Vec<State> {
        let Some(command) = self.commands.get(at) else {
            return vec![state];
        };
        let words = || {
            command
                .assignments
                .iter()
                .map(|(_, word)| word)
                .chain(&command.words)
        };
        let mut states = vec![state];
        let mut substituted = false;
        for list in words().flat_map(|word| &word.inner) {
            substituted = true;
            states = self.each(states, |runner, state| {
                let errexit = state.errexit;
                // bash does not pass `set -e` into a substitution.
                let inside = |runner: &mut Self, mut state: State| {
                    state.errexit = false;
                    runner.list(list, vec![state], false)
                };
                let mut done = runner.subshell(inside, state);
                done.iter_mut().for_each(|state| state.errexit = errexit);
                done
            });
        }
        self.each(states, |runner, mut state| {
            let before = state.status;
            let inner = if substituted { before } else { 0 };
            for (name, value) in &command.assignments {
                let number = value_of(value, &state, before);
                state.set(name, number);
            }
            if command.words.is_empty() {
                state.status = inner;
                return vec![state];
            }
            if inner != 0 {
                state.lose(command.line, Cause::Substitution);
            }
            runner.named(at, command, state, before, quiet)
        })
    }

    fn named(
        &mut self,
        at: usize,
        command: &'a Command,
        mut state: State,
        before: i64,
        quiet: bool,
    ) -> Vec<State> {
        let name = command.words.first().map_or("", |word| word.text.as_str());
        let argument = command.words.get(1);
        match name {
            "exit" | "return" => {
                let status = argument.map_or(Some(before), |word| value_of(word, &state, before));
                state.flow = if name == "exit" { Flow::Exit } else { Flow::Return };
                if status == Some(0) {
                    state.lose(command.line, Cause::Exit);
                }
                return with_status(state, status);
            }
            "break" | "continue" => {
                state.flow = Flow::Break;
                return vec![state.succeed()];
            }
            "true" | ":" | "echo" | "printf" | "shopt" => return vec![state.succeed()],
            "false" => {
                state.status = 1;
                return vec![state];
            }
            "test" | "[" => {
                let status = compare(&command.words, &state, before);
                return with_status(state, status);
            }
            "set" => {
                options(&command.words, &mut state);
                return vec![state.succeed()];
            }
            "export" | "local" | "declare" | "readonly" | "typeset" => {
                for word in command.words.iter().skip(1) {
                    if let Some((name, value)) = word.text.split_once('=') {
                        let value = Word {
                            text: value.to_owned(),
                            ..Word::default()
                        };
                        let number = value_of(&value, &state, before);
                        state.set(name, number);
                    }
                }
                return vec![state.succeed()];
            }
            "trap" => {
                // A handler that exits decides the exit code itself.
                self.lost |= command.words.iter().any(|word| word.text.contains("exit"));
                return vec![state.succeed()];
            }
            "wait" => {
                let waited = state
                    .cause
                    .as_ref()
                    .is_some_and(|(_, cause)| *cause == Cause::Background);
                if argument.is_some() && waited {
                    self.lost = true;
                }
                return vec![state.succeed()];
            }
            _ => {}
        }
        if let Some(&(_, body)) = self.functions.iter().rev().find(|(known, _)| *known == name) {
            if self.calls >= MAX_CALLS {
                self.lost = true;
                return vec![state];
            }
            self.calls += 1;
            let done = self.node(body, vec![state], quiet);
            self.calls -= 1;
            return done.into_iter().map(returned).collect();
        }
        state.status = 0;
        if let Some((target, status)) = self.target
            && target == at
        {
            state.ran = true;
            state.status = status;
        }
        if name == "exec" && command.words.len() > 1 {
            state.flow = Flow::Exit;
        }
        vec![state]
    }
}
