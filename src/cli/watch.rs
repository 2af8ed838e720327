//! `gonogo watch`: for plain shells, a line whenever the verdict or a check changes. Lines are only ever added.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use jiff::Timestamp;

use super::args::Global;
use super::repository::Judged;
use super::{Failure, Print};
use crate::engine::Assessment;
use crate::model::{CiFacts, Verdict};
use crate::output::style::safe;
use crate::sources::clock;
use crate::sources::github::{IDLE, RUNNING};

/// What is compared between two rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    verdict: Verdict,
    commit: Option<Box<str>>,
    /// Sentence by check.
    checks: BTreeMap<String, String>,
    first: String,
}

impl Seen {
    fn of(assessment: &Assessment) -> Self {
        let members = assessment.ci.iter().flat_map(|ci| &ci.verdict.members);
        let checks = members.map(|member| {
            let number = member.check.map_or_else(String::new, |at| format!("#{at}"));
            (format!("{}{number}", member.id), member.message.clone())
        });
        let first = assessment
            .reasons
            .first()
            .map(|reason| assessment.explain(reason).message);
        Self {
            verdict: assessment.verdict,
            commit: assessment.repository.commit.clone(),
            checks: checks.collect(),
            first: first.unwrap_or_default(),
        }
    }

    /// What changed since, a line each.
    fn since(&self, before: Option<&Self>) -> Vec<String> {
        let mut lines = Vec::new();
        let verdict = self.verdict.word();
        match before {
            None => lines.push(format!("{verdict}  {}", self.first)),
            Some(before) => {
                if before.commit != self.commit {
                    let commit = self.commit.as_deref().unwrap_or("none");
                    lines.push(format!("HEAD is {}", commit.get(..7).unwrap_or(commit)));
                }
                for (id, message) in &self.checks {
                    if before.checks.get(id) != Some(message) {
                        lines.push(message.clone());
                    }
                }
                for (id, message) in &before.checks {
                    if !self.checks.contains_key(id) {
                        lines.push(format!("gone: {message}"));
                    }
                }
                if before.verdict != self.verdict {
                    lines.push(format!(
                        "{verdict}, was {}  {}",
                        before.verdict.word(),
                        self.first
                    ));
                }
            }
        }
        lines
    }
}

/// Looks again and again. Ends with `--fail-fast` at a NO-GO, with a recording after the first look, and when nobody
/// reads any more.
pub fn watch(global: &Global, fail_fast: bool, print: &mut Print) -> Result<u8, Failure> {
    let mut before: Option<Seen> = None;
    loop {
        let judged = Judged::with_ci(global, print)?;
        let assessment = &judged.assessment;
        let seen = Seen::of(assessment);
        for line in seen.since(before.as_ref()) {
            writeln!(print.out(), "{}  {}", at(clock::now()), safe(&line))?;
        }
        print.out().flush()?;
        if (fail_fast && seen.verdict == Verdict::NoGo) || global.recorded.is_some() {
            return Ok(seen.verdict.exit_code());
        }
        before = Some(seen);
        let facts = assessment.ci.as_ref().map(|ci| &ci.facts);
        std::thread::sleep(pause(facts.map(|facts| &**facts)));
    }
}

fn pause(facts: Option<&CiFacts>) -> Duration {
    if facts.is_some_and(CiFacts::is_running) {
        RUNNING
    } else {
        IDLE
    }
}

fn at(now: Timestamp) -> String {
    format!("{now:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(verdict: Verdict, checks: &[(&str, &str)]) -> Seen {
        Seen {
            verdict,
            commit: Some("0123456789".into()),
            checks: checks
                .iter()
                .map(|(id, say)| ((*id).to_owned(), (*say).to_owned()))
                .collect(),
            first: "because".to_owned(),
        }
    }

    #[test]
    fn only_changes_are_told() {
        let before = seen(Verdict::Hold, &[("a", "a runs"), ("b", "b passed")]);
        assert_eq!(before.since(None), ["HOLD  because"]);
        assert!(before.since(Some(&before)).is_empty());
        let now = seen(Verdict::NoGo, &[("a", "a failed")]);
        assert_eq!(
            now.since(Some(&before)),
            ["a failed", "gone: b passed", "NO-GO, was HOLD  because"]
        );
    }
}
