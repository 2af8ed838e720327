//! What a statement claims of settings.

use std::ops::Range;

use super::{IN_CI, limits, locks, ports};
use crate::claims::ci;
use crate::claims::{Draft, Place, Statement};
use crate::model::{Modality, Said};

pub(super) fn recognise(statement: &Statement<'_>, out: &mut Vec<Draft>) {
    if statement.text.len() > 20_000 {
        return;
    }
    if statement.place == Place::Code {
        code(statement, out);
        return;
    }
    if statement.place == Place::Heading {
        return;
    }
    for code in &statement.codes {
        let text = statement.slice(code.clone()).trim_matches('`');
        if let Some((predicate, name)) = called(text) {
            push(statement, code.clone(), predicate, name, "", "=", out);
        }
    }
    let lower = statement.text.to_ascii_lowercase();
    env_keys(statement, &lower, out);
    if !lower.bytes().any(|byte| byte.is_ascii_digit()) && !lower.contains("root") {
        return;
    }
    non_root(statement, &lower, out);
    objects(statement, &lower, out);
    limits::recognise(statement, &lower, out);
    ports::recognise(statement, &lower, out);
    let before = out.len();
    locks::recognise(statement, &lower, out);
    // A locked package is that, not also the program of its name.
    if out.len() == before {
        versions(statement, &lower, out);
    }
}

pub(super) fn push(
    statement: &Statement<'_>,
    range: Range<usize>,
    predicate: &'static str,
    subject: &str,
    value: &str,
    comparator: &'static str,
    out: &mut Vec<Draft>,
) {
    let modality = match statement.place {
        Place::Code => statement.section_mood(),
        _ => statement.modality(&range),
    };
    if modality == Modality::Example {
        return;
    }
    out.push(Draft {
        range,
        said: Said {
            subject: subject.into(),
            predicate,
            comparator,
            value: value.into(),
            scope: if predicate == "version" && ci::names_ci(statement.text) {
                Box::new([IN_CI.into()])
            } else {
                Box::default()
            },
        },
        modality,
        supports: true,
    });
}

/// The package script or make target that a command line calls.
fn called(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim().trim_start_matches("$ ").trim_start_matches("> ");
    let line = line.rsplit_once("&&").map_or(line, |(front, last)| {
        if front.trim_start().starts_with("cd ") {
            last.trim()
        } else {
            line
        }
    });
    let mut words = line.split_ascii_whitespace();
    let (program, verb) = (words.next()?, words.next()?);
    let plain = |name: &str| {
        !name.is_empty()
            && name.len() < 60
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))
            && !name.starts_with('-')
    };
    let found = match (program, verb) {
        ("npm" | "pnpm" | "yarn" | "bun", "run") => ("script", words.next()?),
        ("make", target) => ("target", target),
        ("just", target) => ("target", target),
        _ => return None,
    };
    let one = matches!(program, "npm" | "pnpm" | "yarn" | "bun")
        || words
            .next()
            .is_none_or(|next| next.starts_with('#') || next == "&&");
    (plain(found.1) && one).then_some(found)
}

fn code(statement: &Statement<'_>, out: &mut Vec<Draft>) {
    let language = statement.language.to_ascii_lowercase();
    match language.as_str() {
        "bash" | "sh" | "shell" | "console" | "zsh" | "" => {
            let mut start = 0;
            for line in statement.text.split_inclusive('\n') {
                let begin = start + (line.len() - line.trim_start().len());
                if let Some((predicate, name)) = called(line.split(" #").next().unwrap_or(line)) {
                    push(
                        statement,
                        begin..start + line.trim_end().len(),
                        predicate,
                        name,
                        "",
                        "=",
                        out,
                    );
                }
                start += line.len();
            }
        }
        "json" | "jsonc" => {
            let context = [statement.label]
                .into_iter()
                .chain(statement.titles().take(1))
                .any(|text| {
                    let text = text.to_ascii_lowercase();
                    text.contains("package.json") || text.contains("script")
                });
            if !statement.text.contains("\"scripts\"") && !context {
                return;
            }
            let (mut start, mut inside, depth_wanted) = (
                0,
                !statement.text.contains("\"scripts\""),
                statement.text.contains("\"scripts\""),
            );
            for line in statement.text.split_inclusive('\n') {
                let trimmed = line.trim();
                let begin = start + (line.len() - line.trim_start().len());
                start += line.len();
                if depth_wanted && trimmed.starts_with("\"scripts\"") {
                    inside = true;
                    continue;
                }
                if inside && trimmed.starts_with('}') {
                    inside = false;
                }
                let Some((key, value)) = pair(trimmed).filter(|_| inside) else {
                    continue;
                };
                push(
                    statement,
                    begin..begin + trimmed.len(),
                    "script text",
                    key,
                    &value,
                    "=",
                    out,
                );
            }
        }
        _ => {}
    }
}

/// `"key": "value",`
fn pair(line: &str) -> Option<(&str, String)> {
    let (key, rest) = line.strip_prefix('"')?.split_once('"')?;
    let value = rest
        .trim_start()
        .strip_prefix(':')?
        .trim()
        .trim_end_matches(',')
        .trim();
    let value = value.strip_prefix('"')?.strip_suffix('"')?;
    (!value.contains("...") && !value.contains('…')).then(|| (key, value.replace("\\\"", "\"")))
}

fn env_keys(statement: &Statement<'_>, lower: &str, out: &mut Vec<Draft>) {
    if ![".env.example", ".env.sample", ".env.template"]
        .iter()
        .any(|name| lower.contains(name))
    {
        return;
    }
    for code in &statement.codes {
        let name = statement.slice(code.clone()).trim_matches('`');
        let is_key = name.len() > 2
            && name.starts_with(|c: char| c.is_ascii_uppercase())
            && name
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if is_key && (name.contains('_') || name == "PORT") {
            push(statement, code.clone(), "env key", name, "", "=", out);
        }
    }
}

fn non_root(statement: &Statement<'_>, lower: &str, out: &mut Vec<Draft>) {
    let Some(at) = ["non-root", "nonroot", "unprivileged user"]
        .iter()
        .find_map(|phrase| lower.find(phrase))
    else {
        return;
    };
    let about = ["docker", "container", "image"]
        .iter()
        .any(|word| lower.contains(word))
        || statement
            .titles()
            .take(1)
            .any(|title| title.to_ascii_lowercase().contains("docker"));
    let negated = ["not ", "pod", "kubernetes", "securitycontext", "database", "n't "]
        .iter()
        .any(|word| lower.contains(word));
    if !about || negated {
        return;
    }
    // "all 6 Dockerfiles"
    let count = number_before(lower, "dockerfile")
        .filter(|_| lower.contains("dockerfiles"))
        .unwrap_or_default();
    push(
        statement,
        at..at + "non-root".len(),
        "non-root",
        "containers",
        &count,
        "=",
        out,
    );
}

/// The number directly in front of a phrase.
fn number_before(lower: &str, phrase: &str) -> Option<String> {
    let at = lower.find(phrase)?;
    let front = lower.get(..at)?.trim_end_matches([' ', '*', '`']);
    let word = front.rsplit([' ', '(', '*', '~', '|']).next()?;
    let number = word.trim_end_matches('+');
    (!number.is_empty() && number.len() < 6 && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| number.to_owned())
}

/// Kinds of Kubernetes objects by how people call several of them.
pub(super) const KINDS: &[(&str, &str)] = &[
    ("network policies", "NetworkPolicy"),
    ("networkpolicies", "NetworkPolicy"),
    ("networkpolicy objects", "NetworkPolicy"),
    ("pod disruption budgets", "PodDisruptionBudget"),
    ("poddisruptionbudgets", "PodDisruptionBudget"),
    ("horizontal pod autoscalers", "HorizontalPodAutoscaler"),
    ("kubernetes deployments", "Deployment"),
    ("kubernetes services", "Service"),
    ("cronjobs", "CronJob"),
    ("statefulsets", "StatefulSet"),
    ("daemonsets", "DaemonSet"),
];

fn objects(statement: &Statement<'_>, lower: &str, out: &mut Vec<Draft>) {
    for (phrase, kind) in KINDS {
        let Some(number) = number_before(lower, phrase) else {
            continue;
        };
        let Some(end) = lower.find(phrase).map(|at| at + phrase.len()) else {
            continue;
        };
        let front = lower.get(..end - phrase.len()).unwrap_or_default();
        let at = front.rfind(&number).unwrap_or_default();
        let about = front
            .get(..at)
            .is_some_and(|text| text.ends_with('~') || text.trim_end().ends_with("about"));
        let plus = front
            .get(at + number.len()..)
            .is_some_and(|text| text.starts_with('+'));
        let comparator = if about {
            "~"
        } else if plus {
            ">="
        } else {
            "="
        };
        push(statement, at..end, "objects", kind, &number, comparator, out);
        return;
    }
}

/// Technologies whose versions are pinned in files, and how documents call them; the longer names first.
pub(super) const TECHNOLOGIES: &[(&str, &str)] = &[
    ("node.js", "node"),
    ("nodejs", "node"),
    ("node", "node"),
    ("python", "python"),
    ("postgresql", "postgres"),
    ("postgres", "postgres"),
    ("mongodb", "mongo"),
    ("redis", "redis"),
    ("mysql", "mysql"),
    ("mariadb", "mariadb"),
    ("golang", "go"),
    ("go", "go"),
    ("rust", "rust"),
    ("ruby", "ruby"),
    ("php", "php"),
    ("openjdk", "java"),
    ("java", "java"),
    ("nginx", "nginx"),
    ("rabbitmq", "rabbitmq"),
    ("elasticsearch", "elasticsearch"),
];

/// Words by which a version is no statement of what is in use.
const MOVING: &[&str] = &[
    "upgrade",
    "upgraded",
    "upgrading",
    "migrate",
    "migrated",
    "migration",
    "from",
    "support",
    "supports",
    "supported",
    "compatible",
    "older",
    "below",
    "before",
    "prior",
    "legacy",
    "deprecated",
    "cve",
    "eol",
    "vs",
    "instead",
    "downgrade",
    "tested",
    "not",
];

/// Nouns that make the number before them a count.
const COUNTED: &[&str] = &[
    "instances",
    "nodes",
    "replicas",
    "connections",
    "keys",
    "pods",
    "servers",
    "files",
    "tests",
    "modules",
    "services",
    "packages",
    "times",
    "minutes",
    "seconds",
    "hours",
    "days",
    "containers",
    "clusters",
    "shards",
    "databases",
    "tables",
    "queries",
    "endpoints",
];

fn versions(statement: &Statement<'_>, lower: &str, out: &mut Vec<Draft>) {
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '.').collect();
    if words.iter().any(|word| MOVING.contains(word)) || lower.contains('→') || lower.contains("->") {
        return;
    }
    let mut taken: Vec<Range<usize>> = Vec::new();
    for (said, technology) in TECHNOLOGIES {
        for (at, _) in lower.match_indices(said) {
            let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | '@' | ':');
            if lower
                .get(..at)
                .and_then(|text| text.chars().next_back())
                .is_some_and(joins)
                || taken.iter().any(|range| range.contains(&at))
            {
                continue;
            }
            let rest = lower.get(at + said.len()..).unwrap_or_default();
            let gap = rest.len() - rest.trim_start_matches([' ', '*', ':']).len();
            let version = rest.get(gap..).unwrap_or_default();
            let version = version.strip_prefix('v').unwrap_or(version);
            let skipped = at + said.len() + (rest.len() - version.len());
            let length = version
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(version.len());
            let number = version.get(..length).unwrap_or_default().trim_end_matches('.');
            let after = version.get(number.len()..).unwrap_or_default();
            let ends = after.is_empty()
                || after.starts_with([' ', ',', ';', ')', '+', '.', '|', '*', '\n', '`', '/'])
                || after.starts_with(".x");
            // "Redis 100 connections", "Go 5 steps" are no versions; Go and Rust always have a dot.
            let dotted = number.contains('.');
            let plain = number.parse::<u32>().ok().is_some_and(|number| number < 40);
            let counts = after
                .trim_start_matches(['+', ' '])
                .split(|c: char| !c.is_alphanumeric())
                .next()
                .is_some_and(|next| COUNTED.contains(&next));
            if gap == 0
                || number.is_empty()
                || !ends
                || counts && !dotted
                || !(dotted || plain)
                || (matches!(*technology, "go" | "rust") && !dotted)
            {
                continue;
            }
            let at_least = after.starts_with('+')
                || after.trim_start_matches(".x").trim_start().starts_with("or ")
                || after.trim_start().starts_with("and above");
            taken.push(at..skipped + number.len());
            let comparator = if at_least { ">=" } else { "=" };
            push(
                statement,
                at..skipped + number.len(),
                "version",
                technology,
                number,
                comparator,
                out,
            );
        }
    }
}
