//! What a statement claims of the CI.

use std::ops::Range;

use super::figures::{cadence, percent};
use super::tools;
use crate::claims::{Draft, Place, Statement};
use crate::model::{Modality, Said};

/// Said in the scope of a claim whose statement or titles speak of CI beyond doubt.
pub(super) const STRONG: &str = "CI is named";
/// Said when only a workflow is named, which may be of people: a workflow file in the section must speak for it.
pub(super) const WEAK: &str = "a workflow is named";

/// Said when the statement itself, or what introduces it, speaks of CI: only then is what is missing there a lie.
pub(super) const ITSELF: &str = "the statement itself names CI";
/// In front of the name of the workflow that the statement names.
pub(super) const WORKFLOW: &str = "workflow ";

pub(super) fn recognise(statement: &Statement<'_>, out: &mut Vec<Draft>) {
    if matches!(statement.place, Place::Code | Place::Heading) || statement.text.len() > 2_000 {
        return;
    }
    let lower = statement.text.to_ascii_lowercase();
    let Some(context) = context(statement, &lower) else {
        return;
    };
    let whole = 0..statement.text.len();
    let label = statement.label.to_ascii_lowercase();
    let itself = [&lower, &label]
        .iter()
        .any(|text| is_strong(text) || has_word(text, WORKFLOWS));
    if denies(&lower) {
        return;
    }
    let mut reader = Reader {
        statement,
        lower: &lower,
        context,
        itself,
        out,
    };
    if reader.gate(&whole) {
        return;
    }
    reader.schedule();
    reader.triggers();
    reader.uploads();
    reader.artifacts();
    reader.named_jobs();
    reader.runs();
}

/// How people call a CI definition, among other things.
const WORKFLOWS: &[&str] = &["workflow", "workflows", "pipeline", "pipelines"];

/// "the ZAP workflow", "`release` pipeline": the name in front.
fn workflow_named(lower: &str) -> Option<&str> {
    const NO_NAMES: &[&str] = &[
        "the",
        "a",
        "an",
        "this",
        "that",
        "our",
        "your",
        "each",
        "every",
        "all",
        "any",
        "ci",
        "cicd",
        "cd",
        "github",
        "gitlab",
        "actions",
        "action",
        "and",
        "or",
        "of",
        "in",
        "new",
        "same",
        "whole",
        "one",
        "main",
        "full",
        "automated",
        "user",
        "data",
        "with",
        "via",
        "by",
        "from",
        "is",
        "are",
        "complete",
        "separate",
        "dedicated",
    ];
    let at = ["workflow", "pipeline"].iter().find_map(|noun| {
        let at = lower.find(noun)?;
        let rest = lower.get(at + noun.len()..)?;
        (!rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')).then_some(at)
    })?;
    let front = lower.get(..at)?.trim_end_matches([' ', '`', '*', '"']);
    let name = front
        .rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .next()?;
    let adjacent = front.len() < at;
    (adjacent && name.len() > 1 && !NO_NAMES.contains(&name)).then_some(name)
}

/// How surely a statement speaks of CI: by itself, its label, or one of the two titles above it.
fn context(statement: &Statement<'_>, lower: &str) -> Option<&'static str> {
    let mut weak = false;
    let titles = statement.titles().take(2).map(str::to_ascii_lowercase);
    let label = statement.label.to_ascii_lowercase();
    for text in [lower.to_owned(), label].into_iter().chain(titles) {
        if is_strong(&text) {
            return Some(STRONG);
        }
        weak |= has_word(&text, WORKFLOWS);
    }
    weak.then_some(WEAK)
}

pub(super) fn is_strong(text: &str) -> bool {
    has_word(text, &["ci", "ci/cd", "cicd"])
        || [
            "github actions",
            "github action",
            "gitlab ci",
            ".github/workflows",
            ".gitlab-ci",
            "continuous integration",
            "ci/cd",
            "ci-cd",
        ]
        .iter()
        .any(|word| text.contains(word))
}

/// What is said not to be there, or left to somebody.
fn denies(lower: &str) -> bool {
    has_word(
        lower,
        &[
            "not",
            "no",
            "never",
            "without",
            "missing",
            "lacks",
            "lack",
            "don't",
            "doesn't",
            "isn't",
            "aren't",
            "cannot",
            "can't",
            "disabled",
            "removed",
            "todo",
            "tbd",
            "instead",
            "optional",
            "optionally",
            "none",
            "manually?",
            "could",
            "would",
        ],
    ) || lower.contains("n't ")
}

pub(super) fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '(' | ')' | ',' | ':' | ';' | '*' | '`' | '"' | '[' | ']' | '|' | '.' | '_' | '!'
            )
    })
    .any(|word| words.contains(&word))
}

struct Reader<'r, 's> {
    statement: &'r Statement<'s>,
    lower: &'r str,
    context: &'static str,
    itself: bool,
    out: &'r mut Vec<Draft>,
}

impl Reader<'_, '_> {
    fn push(
        &mut self,
        range: Range<usize>,
        predicate: &'static str,
        subject: &str,
        value: String,
        more: Vec<Box<str>>,
    ) {
        let modality = self.statement.modality(&range);
        if modality == Modality::Example {
            return;
        }
        let mut scope: Vec<Box<str>> = vec![self.context.into()];
        if self.itself {
            scope.push(ITSELF.into());
        }
        scope.extend(workflow_named(self.lower).map(|name| format!("{WORKFLOW}{name}").into()));
        scope.extend(more);
        self.out.push(Draft {
            range,
            said: Said {
                subject: subject.into(),
                predicate,
                comparator: "=",
                value: value.into(),
                scope: scope.into(),
            },
            modality,
            supports: true,
        });
    }

    /// "Fails the build when …", "coverage gate", "enforced in CI".
    fn gate(&mut self, whole: &Range<usize>) -> bool {
        const GATES: &[&str] = &[
            "fails the build",
            "fail the build",
            "build fails",
            "fails build",
            "blocks merge",
            "blocks the merge",
            "block merge",
            "blocks merging",
            "blocks deployment",
            "fails ci",
            "ci fails",
            "fails the pipeline",
            "pipeline fails",
            "merge is blocked",
            "merges are blocked",
            "coverage gating",
            "coverage gate",
            "coverage enforcement",
            "enforced in ci",
            "enforced by ci",
            "gated in ci",
            "quality gate",
            "quality gates",
            "fails the workflow",
            "breaks the build",
            "blocks pull requests",
            "blocks prs",
        ];
        let enforces = || {
            let word = ["enforces", "enforced", "enforcing"]
                .iter()
                .any(|word| self.lower.contains(word));
            word && self.lower.contains("coverage") && self.lower.contains('%')
        };
        if !GATES.iter().any(|gate| self.lower.contains(gate)) && !enforces() {
            return false;
        }
        let tools: Vec<Box<str>> = tools::mentioned(self.lower)
            .iter()
            .map(|(tool, _)| tool.name)
            .filter(|name| !matches!(*name, "Codecov" | "Coveralls"))
            .map(Into::into)
            .collect();
        let range = trimmed(self.statement.text, whole.clone());
        if self.lower.contains("coverage") {
            let value = percent(self.lower).unwrap_or_default();
            self.push(range, "gates coverage", "coverage", value, Vec::new());
        } else if !tools.is_empty() {
            let subject = tools.join(", ");
            self.push(range, "gates", &subject, String::new(), tools);
        } else if has_word(self.lower, &["test", "tests"]) {
            self.push(range, "gates tests", "tests", String::new(), Vec::new());
        } else {
            return false;
        }
        true
    }

    /// "Weekly scheduled scans", "runs every Monday", "nightly build".
    fn schedule(&mut self) {
        let Some((range, cadence)) = cadence(self.lower) else {
            return;
        };
        let machine = [
            "scheduled",
            "schedule",
            "scan",
            "scans",
            "run",
            "runs",
            "build",
            "builds",
            "audit",
            "audits",
            "job",
            "cron",
            "workflow",
            "trigger",
            "triggered",
            "checks",
        ];
        let person = [
            "review",
            "reviews",
            "meeting",
            "rotate",
            "rotation",
            "monitor",
            "watch",
            "track",
            "check",
            "update",
            "backup",
            "backups",
            "report",
            "retention",
            "sync",
            "standup",
        ];
        if !has_word(self.lower, &machine) || has_word(self.lower, &person) {
            return;
        }
        let tools = tools::mentioned(self.lower)
            .iter()
            .map(|(tool, _)| tool.name.into())
            .collect();
        let range = sentence_of(self.statement, range);
        self.push(range, "schedule", "schedule", cadence.to_string(), tools);
    }

    /// "Manual trigger", "on every push", "on pull requests".
    fn triggers(&mut self) {
        const EVENTS: &[(&str, &str)] = &[
            ("can be triggered manually", "workflow_dispatch"),
            ("can be started manually", "workflow_dispatch"),
            ("can be run manually", "workflow_dispatch"),
            ("triggered manually", "workflow_dispatch"),
            ("manual trigger", "workflow_dispatch"),
            ("manually triggered", "workflow_dispatch"),
            ("manual dispatch", "workflow_dispatch"),
            ("manual runs", "workflow_dispatch"),
            ("workflow_dispatch", "workflow_dispatch"),
            ("on every push", "push"),
            ("on each push", "push"),
            ("on push", "push"),
            ("every push", "push"),
            ("on every commit", "push"),
            ("on each commit", "push"),
            ("on every pull request", "pull_request"),
            ("on each pull request", "pull_request"),
            ("on pull request", "pull_request"),
            ("on all pull requests", "pull_request"),
            ("every pull request", "pull_request"),
            ("on every pr", "pull_request"),
            ("on each pr", "pull_request"),
            ("on all prs", "pull_request"),
            ("every pr", "pull_request"),
        ];
        let mut seen: Vec<&str> = Vec::new();
        let tools: Vec<Box<str>> = tools::mentioned(self.lower)
            .iter()
            .map(|(tool, _)| tool.name.into())
            .collect();
        for (phrase, event) in EVENTS {
            let Some(at) = self.lower.find(phrase) else {
                continue;
            };
            let ends = self
                .lower
                .get(at + phrase.len()..)
                .is_none_or(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() && c != 's'));
            if !ends || seen.contains(event) {
                continue;
            }
            seen.push(event);
            self.push(
                at..at + phrase.len(),
                "triggered",
                event,
                (*event).to_owned(),
                tools.clone(),
            );
        }
    }

    /// "Results in the Security tab", "SARIF upload".
    fn uploads(&mut self) {
        for phrase in [
            "security tab",
            "sarif upload",
            "uploads sarif",
            "upload sarif",
            "sarif uploaded",
            "github code scanning",
        ] {
            if let Some(at) = self.lower.find(phrase) {
                self.push(
                    at..at + phrase.len(),
                    "uploads sarif",
                    "SARIF",
                    String::new(),
                    Vec::new(),
                );
                return;
            }
        }
    }

    /// "The coverage report is uploaded as an artifact."
    fn artifacts(&mut self) {
        const PHRASES: &[&str] = &[
            "uploaded as an artifact",
            "uploaded as artifact",
            "uploaded as a build artifact",
            "uploaded as a workflow artifact",
            "stored as an artifact",
            "stored as artifact",
            "published as an artifact",
            "saved as an artifact",
            "kept as an artifact",
        ];
        // What is uploaded, in words that the step has to share.
        const NO_WORDS: &[&str] = &[
            "the", "a", "an", "all", "are", "is", "and", "of", "each", "every", "results", "result",
            "report", "reports", "files", "file", "from", "in", "ci", "workflow", "pipeline", "job", "by",
            "to", "output", "outputs",
        ];
        let Some((at, phrase)) = PHRASES
            .iter()
            .find_map(|phrase| Some((self.lower.find(phrase)?, phrase)))
        else {
            return;
        };
        let range = at..at + phrase.len();
        let sentence = sentence_of(self.statement, range.clone());
        let what: Vec<&str> = self
            .lower
            .get(sentence.start..at)
            .unwrap_or_default()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| word.len() > 2 && !NO_WORDS.contains(word))
            .collect();
        self.push(
            range,
            "uploads artifact",
            &what.join(" "),
            String::new(),
            Vec::new(),
        );
    }

    /// "the `lint` job", "job `build`".
    fn named_jobs(&mut self) {
        if self.context != STRONG {
            return;
        }
        for code in &self.statement.codes {
            let name = self.statement.slice(code.clone()).trim_matches('`');
            let plain = !name.is_empty()
                && name.len() < 60
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
            if !plain {
                continue;
            }
            let after = self.lower.get(code.end..).unwrap_or_default().trim_start();
            let before = self.lower.get(..code.start).unwrap_or_default().trim_end();
            let follows = |word: &str| {
                after
                    .strip_prefix(word)
                    .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
            };
            let is = |word: &str| {
                follows(word)
                    || before
                        .strip_suffix(word)
                        .is_some_and(|front| front.ends_with(' ') || front.is_empty())
            };
            let scheduled = ["cron job", "background job", "kubernetes job", "batch job"]
                .iter()
                .any(|other| self.lower.contains(other));
            if is("job") && !scheduled {
                self.push(code.clone(), "job", name, String::new(), Vec::new());
            }
        }
    }

    /// "ESLint + Prettier", "npm audit and Snyk".
    fn runs(&mut self) {
        let found = tools::mentioned(self.lower);
        let (Some((_, first)), Some((_, last))) = (found.first(), found.last()) else {
            return;
        };
        let range = first.start..last.end;
        let names: Vec<Box<str>> = found.iter().map(|(tool, _)| tool.name.into()).collect();
        let subject = names.join(", ");
        self.push(range, "runs", &subject, String::new(), names);
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (inside.len() - inside.trim_start().len());
    start..start + inside.trim().len()
}

fn sentence_of(statement: &Statement<'_>, range: Range<usize>) -> Range<usize> {
    trimmed(statement.text, statement.sentence(&range))
}
