//! Ports: "the service listens on port 8080" against what images expose, compose publishes and sources listen on.
//!
//! Not here: what listens in production. Only a repository that names one port alone, and a sentence about its only
//! service, can refute.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::read::push;
use super::texts;
use crate::claims::{Draft, Finding, Scene, Statement};
use crate::model::{Claim, RepoPath};
use crate::text::SourceText;
use crate::text::yaml::{self, Node};

/// So many files are read for a port.
const MOST_FILES: usize = 300;

const PHRASES: &[&str] = &[
    "listens on port ",
    "listening on port ",
    "listens on tcp port ",
    "runs on port ",
    "running on port ",
    "starts on port ",
    "served on port ",
    "available on port ",
    "exposed on port ",
    "exposes port ",
];

/// Words in front of the phrase by which the service of the repository is meant.
const GENERIC: &[&str] = &["service", "app", "application", "container", "image"];

pub(super) fn recognise(statement: &Statement<'_>, lower: &str, out: &mut Vec<Draft>) {
    let Some((at, phrase)) = PHRASES
        .iter()
        .find_map(|phrase| Some((lower.find(phrase)?, phrase)))
    else {
        return;
    };
    let rest = lower.get(at + phrase.len()..).unwrap_or_default();
    let bare = rest.trim_start_matches(['`', '*', ':']);
    let length = bare.bytes().take_while(u8::is_ascii_digit).count();
    let number = bare.get(..length).unwrap_or_default();
    let ends = !bare
        .get(length..)
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'));
    if !ends || number.parse::<u16>().is_err() {
        return;
    }
    let front = lower
        .get(..at)
        .unwrap_or_default()
        .trim_end_matches([' ', '*', '`']);
    let subject = front
        .rsplit(|c: char| !c.is_alphanumeric() && c != '-')
        .next()
        .unwrap_or_default();
    let end = at + phrase.len() + (rest.len() - bare.len()) + length;
    push(statement, at..end, "port", subject, number, "=", out);
}

pub(super) fn check(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let files = match texts(scene, MOST_FILES, is_meant)? {
        Ok(files) => files,
        Err(why) => return Some(Finding::unsure(why)),
    };
    // The line itself is not shown: a password may stand beside the port.
    let mut found: Vec<(u16, String, String)> = Vec::new();
    for (path, text) in &files {
        ports_of(path, text, &mut |port, line| {
            found.push((port, format!("port {port}"), format!("{path}:{line}")));
        });
    }
    let Ok(stated) = claim.said.value.parse::<u16>() else {
        return Some(Finding::silent());
    };
    if let Some((_, what, source)) = found.iter().find(|(port, ..)| *port == stated) {
        return Some(
            Finding::holds(format!("`{source}` names port {stated}")).with(what.clone(), source.clone()),
        );
    }
    let ports: BTreeSet<u16> = found.iter().map(|(port, ..)| *port).collect();
    let (Some(only), Some((_, what, source))) = (ports.first(), found.first()) else {
        return Some(Finding::silent());
    };
    let exposed = files
        .iter()
        .filter(|(path, text)| is_image(path.file_name()) && text.contains("EXPOSE"))
        .count();
    let one_service = ports.len() == 1 && exposed == 1 && GENERIC.contains(&&*claim.said.subject);
    Some(if one_service {
        Finding::no(
            format!("port {stated}"),
            format!("port {only}"),
            format!("the only port that is named is {only}"),
        )
        .with(what.clone(), source.clone())
    } else {
        Finding::unsure(format!("no file that was read names port {stated}"))
            .with(what.clone(), source.clone())
    })
}

fn is_image(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower == "dockerfile"
        || lower.starts_with("dockerfile.")
        || lower.ends_with(".dockerfile")
        || lower == "containerfile"
}

fn is_compose(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("compose") && (lower.ends_with(".yml") || lower.ends_with(".yaml"))
}

/// An example of the environment; a real one holds secrets and is left alone.
fn is_example(name: &str) -> bool {
    let kinds = ["example", "sample", "template"];
    name.starts_with(".env") && kinds.iter().any(|kind| name.contains(kind))
}

/// Images, compose files, examples of the environment, and sources by the names that entry points and settings have.
fn is_meant(path: &RepoPath) -> bool {
    const STEMS: &[&str] = &[
        "server",
        "app",
        "main",
        "index",
        "config",
        "settings",
        "application",
        "www",
        "constants",
        "env",
        "program",
    ];
    const ENDS: &[&str] = &[
        "js",
        "ts",
        "mjs",
        "cjs",
        "tsx",
        "py",
        "go",
        "rs",
        "rb",
        "java",
        "kt",
        "cs",
        "php",
        "properties",
        "toml",
        "ex",
        "exs",
    ];
    let name = path.file_name();
    if is_image(name) || is_compose(name) || is_example(name) {
        return true;
    }
    let tested = ["test", "tests", "spec", "e2e", "fixtures", "examples"]
        .iter()
        .any(|folder| path.folder().split('/').any(|part| part == *folder));
    let Some((stem, end)) = name.rsplit_once('.') else {
        return false;
    };
    let stem = stem.split('.').next().unwrap_or(stem).to_ascii_lowercase();
    !tested && ENDS.contains(&end) && STEMS.contains(&&*stem)
}

fn ports_of(path: &RepoPath, text: &str, give: &mut dyn FnMut(u16, usize)) {
    let name = path.file_name();
    if is_compose(name) {
        let parsed = yaml::parse(&SourceText::read(Arc::from(text.as_bytes())));
        for root in parsed.unwrap_or_default() {
            of_compose(&root, give);
        }
        return;
    }
    for (number, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if is_image(name) {
            let mut words = code.split_ascii_whitespace();
            if words
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case("expose"))
            {
                for word in words {
                    if let Ok(port) = word.split('/').next().unwrap_or(word).parse() {
                        give(port, number + 1);
                    }
                }
            }
            continue;
        }
        if code.starts_with("//") || code.starts_with('*') || code.starts_with('#') && !is_example(name) {
            continue;
        }
        let listens = line.find(".listen(").map(|at| at + ".listen(".len());
        if let Some(at) = listens.or_else(|| port_word(line)) {
            numbers(line.get(at..).unwrap_or_default(), &mut |port| {
                give(port, number + 1)
            });
        }
    }
}

/// Behind the first `port` that is a word or a part of a name: `PORT`, `serverPort`, `APP_PORT`.
fn port_word(line: &str) -> Option<usize> {
    let lower = line.to_ascii_lowercase();
    let found = lower.match_indices("port").find(|(at, _)| {
        let before = line.get(..*at).and_then(|text| text.chars().next_back());
        let after = line.get(at + 4..).and_then(|text| text.chars().next());
        let own = line.get(*at..at + 4).unwrap_or_default();
        let begins = match before {
            Some(c) if c.is_ascii_lowercase() => own == "Port",
            Some(c) => !c.is_alphabetic(),
            None => true,
        };
        begins && !after.is_some_and(char::is_alphabetic)
    });
    found.map(|(at, _)| at + 4)
}

/// Numbers that stand alone.
fn numbers(text: &str, give: &mut dyn FnMut(u16)) {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
    words
        .filter_map(|word| word.parse::<u16>().ok())
        .filter(|port| *port >= 80)
        .for_each(give);
}

fn of_compose(node: &Node, give: &mut dyn FnMut(u16, usize)) {
    for entry in node.entries() {
        if matches!(&*entry.key, "ports" | "expose") {
            for item in entry.value.items() {
                let Some(text) = item.str() else { continue };
                let plain = text.split('/').next().unwrap_or(text);
                for port in plain.split(':').filter_map(|part| part.parse().ok()) {
                    give(port, item.line as usize);
                }
            }
        }
        of_compose(&entry.value, give);
    }
    node.items().iter().for_each(|item| of_compose(item, give));
}
