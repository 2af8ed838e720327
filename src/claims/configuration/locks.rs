//! Versions of packages against lock files: "Express 4.19.2 is pinned in the lock file".
//!
//! Not here: what is installed. A package that no lock file names makes the claim silent: it may go by another name.

use std::sync::Arc;

use super::read::{TECHNOLOGIES, push};
use super::texts;
use crate::claims::{Draft, Finding, Scene, Statement};
use crate::model::Claim;
use crate::text::SourceText;
use crate::text::yaml::{self, Node};

/// Lock files that are read.
const FILES: &[&str] = &[
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "Cargo.lock",
    "poetry.lock",
    "uv.lock",
    "Gemfile.lock",
    "requirements.txt",
];

pub(super) fn recognise(statement: &Statement<'_>, lower: &str, out: &mut Vec<Draft>) {
    let about = ["lock file", "lockfile", "pinned in", "pinned to", "pinned at"]
        .iter()
        .chain(FILES)
        .any(|word| lower.contains(&word.to_ascii_lowercase()));
    let moves = ["upgrad", "from ", "→", "->", "was ", "not ", "bump"]
        .iter()
        .any(|word| lower.contains(word));
    if !about || moves {
        return;
    }
    let mut words = Vec::new();
    let mut at = 0;
    for word in lower.split([' ', '\n']) {
        words.push((at, word));
        at += word.len() + 1;
    }
    let clean = |word: &'_ str| -> (usize, usize) {
        let start = word.len() - word.trim_start_matches(['`', '*', '(', '"', '=']).len();
        let end = word
            .trim_end_matches(['`', '*', ')', '"', '.', ',', ';', ':'])
            .len();
        (start, end.max(start))
    };
    for (index, (at, word)) in words.iter().enumerate() {
        let (start, end) = clean(word);
        let whole = word.get(start..end).unwrap_or_default();
        // `express@4.19.2`
        let (name, version, from) =
            if let Some((name, version)) = whole.rsplit_once('@').filter(|(name, _)| !name.is_empty()) {
                (name, version, *at + start)
            } else {
                let Some((name_at, name)) = index.checked_sub(1).and_then(|before| words.get(before)) else {
                    continue;
                };
                let (name_start, name_end) = clean(name);
                let name = name.get(name_start..name_end).unwrap_or_default();
                (
                    name,
                    whole.strip_prefix('v').unwrap_or(whole),
                    name_at + name_start,
                )
            };
        // Node or Redis is a program of that name unless a lock file is meant.
        let program = TECHNOLOGIES.iter().any(|(said, _)| *said == name) && !lower.contains("lock");
        if is_version(version) && is_name(name) && !program {
            push(statement, from..*at + end, "locked", name, version, "=", out);
        }
    }
}

/// Three numbers: two may be anything.
fn is_version(text: &str) -> bool {
    let numbers = text
        .split('.')
        .all(|part| !part.is_empty() && part.len() < 6 && part.bytes().all(|byte| byte.is_ascii_digit()));
    numbers && text.split('.').count() == 3
}

fn is_name(text: &str) -> bool {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@'));
    let noun = [
        "version", "to", "at", "is", "and", "in", "release", "pinned", "with", "or",
    ]
    .contains(&text);
    plain && text.len() > 1 && !noun && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '@')
}

pub(super) fn check(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let files = match texts(scene, 60, |path| FILES.contains(&path.file_name()))? {
        Ok(files) => files,
        Err(why) => return Some(Finding::unsure(why)),
    };
    let (name, stated) = (&*claim.said.subject, &*claim.said.value);
    let mut found: Vec<(String, String)> = Vec::new();
    for (path, text) in &files {
        versions(path.file_name(), text, name, &mut |version, line| {
            found.push((version.to_owned(), format!("{path}:{line}")));
        });
    }
    let says = |version: &str| format!("{name} {version}");
    if let Some((version, source)) = found.iter().find(|(version, _)| version == stated) {
        return Some(
            Finding::holds(format!("the lock file has {}", says(version)))
                .with(says(version), source.clone()),
        );
    }
    if found.is_empty() {
        return Some(Finding::silent());
    }
    let mut all: Vec<&str> = found.iter().map(|(version, _)| &**version).collect();
    all.sort_unstable();
    all.dedup();
    let all = all.join(", ");
    let mut finding = Finding::no(
        says(stated),
        says(&all),
        format!("the lock file has {}", says(&all)),
    );
    for (version, source) in found.iter().take(8) {
        finding = finding.with(says(version), source.clone());
    }
    Some(finding)
}

fn versions(file: &str, text: &str, name: &str, give: &mut dyn FnMut(&str, usize)) {
    let lines = || text.lines().enumerate().map(|(at, line)| (at + 1, line));
    let same = |other: &str| other.eq_ignore_ascii_case(name);
    match file {
        "package-lock.json" | "npm-shrinkwrap.json" => {
            let parsed = yaml::parse(&SourceText::read(Arc::from(text.as_bytes())));
            let Some(root) = parsed.ok().and_then(|all| all.into_iter().next()) else {
                return;
            };
            for (table, prefix) in [("packages", "node_modules/"), ("dependencies", "")] {
                for entry in root.get(table).map(Node::entries).unwrap_or_default() {
                    let key = entry.key.strip_prefix(prefix).is_some_and(same);
                    if let Some(version) = entry.value.get("version").filter(|_| key)
                        && let Some(text) = version.str()
                    {
                        give(text, version.line as usize);
                    }
                }
            }
        }
        "Cargo.lock" | "poetry.lock" | "uv.lock" => {
            let mut own = false;
            for (number, line) in lines() {
                let Some((key, value)) = line.split_once(" = ") else {
                    continue;
                };
                let value = value.trim().trim_matches('"');
                match key {
                    "name" => own = same(value),
                    "version" if own => {
                        own = false;
                        give(value, number);
                    }
                    _ => {}
                }
            }
        }
        "yarn.lock" => {
            let mut own = false;
            for (number, line) in lines() {
                if !line.starts_with([' ', '#']) {
                    let head = line.trim_start_matches('"');
                    own = head.rsplit_once('@').is_some_and(|_| {
                        let first = head.split(", ").next().unwrap_or(head);
                        first
                            .rsplit_once('@')
                            .is_some_and(|(name, _)| same(name.trim_end_matches("@npm:")))
                    });
                } else if let Some(version) = line.trim().strip_prefix("version").filter(|_| own) {
                    give(version.trim_matches([' ', ':', '"']), number);
                }
            }
        }
        "Gemfile.lock" => {
            for (number, line) in lines() {
                // Four spaces: the gem itself; six: what a gem asks for.
                if let Some((gem, version)) = line
                    .strip_prefix("    ")
                    .filter(|rest| !rest.starts_with(' '))
                    .and_then(|rest| rest.split_once(" ("))
                    && same(gem)
                {
                    give(version.trim_end_matches(')'), number);
                }
            }
        }
        "requirements.txt" => {
            for (number, line) in lines() {
                if let Some((package, rest)) = line.split_once("==")
                    && same(package.split('[').next().unwrap_or(package).trim())
                {
                    let version = rest.split([' ', ';', '#', '\\']).next().unwrap_or(rest);
                    give(version, number);
                }
            }
        }
        _ => {}
    }
}
