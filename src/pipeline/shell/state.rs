//! What is known at one place of a script on one path, and the builtins that change it.

use super::Cause;
use super::syntax::Word;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Flow {
    #[default]
    Run,
    Exit,
    Return,
    Break,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct State {
    pub flow: Flow,
    /// The exit code of the last command.
    pub status: i64,
    pub errexit: bool,
    pub pipefail: bool,
    /// Variables whose number is known.
    pub numbers: Vec<(Box<str>, i64)>,
    /// The command under test has run.
    pub ran: bool,
    /// Where its failure was lost first.
    pub cause: Option<(usize, Cause)>,
}

impl State {
    pub(super) fn succeed(mut self) -> Self {
        self.status = 0;
        self
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.numbers
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|&(_, number)| number)
    }

    pub(super) fn set(&mut self, name: &str, number: Option<i64>) {
        self.numbers.retain(|(known, _)| &**known != name);
        if let Some(number) = number {
            self.numbers.push((name.into(), number));
        }
    }

    /// Notes where a failure was lost; the first place counts.
    pub(super) fn lose(&mut self, line: usize, cause: Cause) {
        if self.ran && self.cause.is_none() {
            self.cause = Some((line, cause));
        }
    }
}

pub(super) fn started(mut state: State) -> State {
    if state.flow == Flow::Run {
        state.status = 0;
    }
    state
}

pub(super) fn returned(mut state: State) -> State {
    if state.flow == Flow::Return {
        state.flow = Flow::Run;
    }
    state
}

pub(super) fn negate(mut state: State) -> State {
    if state.flow == Flow::Run {
        if state.status != 0 {
            state.lose(0, Cause::Negated);
        }
        state.status = i64::from(state.status == 0);
    }
    state
}

pub(super) fn either(state: State) -> Vec<State> {
    let mut no = state.clone();
    no.status = 1;
    vec![state.succeed(), no]
}

pub(super) fn with_status(mut state: State, status: Option<i64>) -> Vec<State> {
    match status {
        Some(status) => {
            state.status = status;
            vec![state]
        }
        None => either(state),
    }
}

pub(super) fn stop_on_failure(states: Vec<State>, quiet: bool) -> Vec<State> {
    let stop = |mut state: State| {
        if state.flow == Flow::Run && state.status != 0 && state.errexit && !quiet {
            state.flow = Flow::Exit;
        }
        state
    };
    states.into_iter().map(stop).collect()
}

/// The number that a word stands for, where it is known.
pub(super) fn value_of(word: &Word, state: &State, status: i64) -> Option<i64> {
    let text = word.text.as_str();
    if text == "$?" || text == "${?}" {
        return Some(status);
    }
    if let Some(name) = text.strip_prefix('$') {
        let name = name
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
            .unwrap_or(name);
        return state.number(name);
    }
    text.parse().ok()
}

/// `[ a -ne b ]`: 0 when it is so, 1 when not, nothing when it is not known.
pub(super) fn compare(words: &[Word], state: &State, status: i64) -> Option<i64> {
    let end = if words.first()?.text == "[" {
        words.len().checked_sub(1)?
    } else {
        words.len()
    };
    let [left, sign, right] = words.get(1..end)? else {
        return None;
    };
    let (left, right) = (value_of(left, state, status)?, value_of(right, state, status)?);
    let holds = match sign.text.as_str() {
        "-eq" | "=" | "==" => left == right,
        "-ne" | "!=" => left != right,
        "-gt" => left > right,
        "-ge" => left >= right,
        "-lt" => left < right,
        "-le" => left <= right,
        _ => return None,
    };
    Some(i64::from(!holds))
}

/// `set -e`, `set +e`, `set -euo pipefail`, `set -o errexit`.
pub(super) fn options(words: &[Word], state: &mut State) {
    let mut rest = words.iter().skip(1).map(|word| word.text.as_str());
    while let Some(word) = rest.next() {
        let on = match word.as_bytes().first() {
            Some(b'-') if word != "--" => true,
            Some(b'+') => false,
            _ => return,
        };
        for letter in word.chars().skip(1) {
            match letter {
                'e' => state.errexit = on,
                'o' => match rest.next() {
                    Some("errexit") => state.errexit = on,
                    Some("pipefail") => state.pipefail = on,
                    _ => {}
                },
                _ => {}
            }
        }
    }
}
