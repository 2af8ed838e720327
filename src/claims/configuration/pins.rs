//! Versions of runtimes and services against every place that pins one.

use std::sync::Arc;

use super::{IN_CI, texts};
use crate::claims::{Finding, Scene};
use crate::model::{Claim, ClaimVerdict, RepoPath};
use crate::pipeline::system_of;
use crate::text::SourceText;
use crate::text::yaml::{self, Node};

/// A version that a file asks for.
struct Pin {
    /// As written.
    version: String,
    /// `path:line`.
    source: String,
    /// Only this one fits; otherwise newer ones do too.
    exact: bool,
}

const FILES: &[&str] = &[
    "package.json",
    ".nvmrc",
    ".node-version",
    ".python-version",
    ".ruby-version",
    ".tool-versions",
    "go.mod",
    "Cargo.toml",
    "rust-toolchain",
    "rust-toolchain.toml",
    "pyproject.toml",
    "Gemfile",
    "composer.json",
];

pub(super) fn check(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let technology = &*claim.said.subject;
    let wanted = |name: &str, folder: &str| {
        let lower = name.to_ascii_lowercase();
        let yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
        FILES.contains(&name)
            || lower == "dockerfile"
            || lower.starts_with("dockerfile.")
            || yaml
                && (lower.contains("compose")
                    || folder == ".github/workflows"
                    || lower.ends_with(".gitlab-ci.yml"))
    };
    let files = match texts(scene, 300, |path| wanted(path.file_name(), path.folder()))? {
        Ok(files) => files,
        Err(why) => return Some(Finding::unsure(why)),
    };
    let mut pins = Vec::new();
    let in_ci = claim.said.scope.iter().any(|said| &**said == IN_CI);
    for (path, text) in &files {
        pins_of(path.file_name(), text, technology, &mut |version, line, exact| {
            pins.push(Pin {
                version: version.to_owned(),
                source: format!("{path}:{line}"),
                exact,
            });
        });
    }
    // What the CI runs against is told by its own definitions, where they pin it at all.
    let is_ci = |pin: &Pin| {
        let path = pin.source.rsplit_once(':').map_or("", |(path, _)| path);
        RepoPath::new(path).is_some_and(|path| system_of(&path).is_some())
    };
    if in_ci && pins.iter().any(is_ci) {
        pins.retain(is_ci);
    }
    let stated = &*claim.said.value;
    let known: Vec<&Pin> = pins
        .iter()
        .filter(|pin| pin.version.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let Some(first) = known.first() else {
        return Some(Finding::silent());
    };
    let at_least = claim.said.comparator == ">=";
    let says = |pin: &Pin| format!("{technology} {}", pin.version);
    if let Some(pin) = known.iter().find(|pin| is_within(&pin.version, stated)) {
        return Some(Finding::holds(says(pin)).with(says(pin), pin.source.clone()));
    }
    if let Some(pin) = known
        .iter()
        .find(|pin| is_within(stated, &pin.version) || at_least && newer(&pin.version, stated))
    {
        return Some(Finding::of(ClaimVerdict::HoldsLoosely, says(pin)).with(says(pin), pin.source.clone()));
    }
    let all: Vec<&str> = known.iter().map(|pin| &*pin.version).collect();
    let reason = format!("what is pinned is {technology} {}", all.join(", "));
    if known.len() < pins.len() || known.iter().any(|pin| !pin.exact) || at_least {
        return Some(Finding::unsure(reason).with(says(first), first.source.clone()));
    }
    let mut finding = Finding::no(
        format!("{technology} {stated}"),
        format!("{technology} {}", all.join(", ")),
        reason,
    );
    for pin in known.iter().take(8) {
        finding = finding.with(says(pin), pin.source.clone());
    }
    Some(finding)
}

fn parts(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

/// `16.2.1` is within `16.2` and `16`.
fn is_within(version: &str, of: &str) -> bool {
    let (version, of) = (parts(version), parts(of));
    !of.is_empty() && version.starts_with(&of)
}

fn newer(version: &str, than: &str) -> bool {
    parts(version) >= parts(than)
}

/// The version at the beginning of a tag or a constraint.
fn digits(text: &str) -> &str {
    let text = text.trim().trim_start_matches(['v', '"', '\'', '=', ' ']);
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim_end_matches('.')
}

fn pins_of(name: &str, text: &str, technology: &str, give: &mut dyn FnMut(&str, usize, bool)) {
    let lines = || text.lines().enumerate().map(|(at, line)| (at + 1, line));
    let lower = name.to_ascii_lowercase();
    match (name, technology) {
        (".nvmrc" | ".node-version", "node") | (".python-version", "python") | (".ruby-version", "ruby") => {
            if let Some(line) = text.lines().next() {
                give(digits(line), 1, true);
            }
        }
        (".tool-versions", _) => {
            let own = |tool: &str| {
                tool == technology
                    || (technology == "node" && tool == "nodejs")
                    || (technology == "go" && tool == "golang")
            };
            for (number, line) in lines() {
                if let Some((tool, version)) = line.split_once(' ')
                    && own(tool)
                {
                    give(digits(version), number, true);
                }
            }
        }
        ("go.mod", "go") => {
            for (number, line) in lines() {
                if let Some(version) = line.strip_prefix("go ") {
                    give(digits(version), number, false);
                }
            }
        }
        ("Cargo.toml", "rust") => {
            for (number, line) in lines() {
                if let Some((_, version)) = line
                    .split_once('=')
                    .filter(|(key, _)| key.trim() == "rust-version")
                {
                    give(digits(version), number, false);
                }
            }
        }
        ("rust-toolchain" | "rust-toolchain.toml", "rust") => {
            for (number, line) in lines() {
                let version = line
                    .split_once('=')
                    .filter(|(key, _)| key.trim() == "channel")
                    .map_or(line, |(_, version)| version);
                let version = digits(version);
                if !version.is_empty() {
                    give(version, number, true);
                }
            }
        }
        ("pyproject.toml", "python") => {
            for (number, line) in lines() {
                if let Some((_, version)) = line
                    .split_once('=')
                    .filter(|(key, _)| matches!(key.trim(), "requires-python" | "python"))
                {
                    give(
                        digits(version.trim_start_matches([' ', '"', '>', '=', '^', '~'])),
                        number,
                        false,
                    );
                }
            }
        }
        ("package.json", "node") => {
            let Some(root) = document(text) else { return };
            if let Some(node) = root.at(&["engines", "node"])
                && let Some(version) = node.str()
            {
                give(
                    digits(version.trim_start_matches(['>', '=', '^', '~', ' '])),
                    node.line as usize,
                    false,
                );
            }
        }
        _ if lower == "dockerfile" || lower.starts_with("dockerfile.") => {
            for (number, line) in lines() {
                let mut words = line.split_ascii_whitespace();
                if words.next().is_some_and(|word| word.eq_ignore_ascii_case("from"))
                    && let Some(image) = words.find(|word| !word.starts_with("--"))
                {
                    of_image(image, technology, number, give);
                }
            }
        }
        _ if lower.ends_with(".yml") || lower.ends_with(".yaml") => {
            if let Some(root) = document(text) {
                of_yaml(&root, technology, give);
            }
        }
        _ => {}
    }
}

fn document(text: &str) -> Option<Node> {
    yaml::parse(&SourceText::read(Arc::from(text.as_bytes())))
        .ok()?
        .into_iter()
        .next()
}

fn of_image(image: &str, technology: &str, line: usize, give: &mut dyn FnMut(&str, usize, bool)) {
    let image = image.split('@').next().unwrap_or(image);
    let Some((name, tag)) = image.rsplit_once(':') else {
        return;
    };
    let name = name.rsplit('/').next().unwrap_or(name);
    let own = match technology {
        "go" => name == "golang",
        "java" => matches!(name, "openjdk" | "eclipse-temurin"),
        _ => name == technology,
    };
    if own {
        give(digits(tag), line, true);
    }
}

/// `image: x:1` anywhere, `node-version: 20` of a set-up action, `node: [18, 20]` of a matrix.
fn of_yaml(node: &Node, technology: &str, give: &mut dyn FnMut(&str, usize, bool)) {
    let setting = [format!("{technology}-version"), format!("{technology}_version")];
    for entry in node.entries() {
        let line = entry.line as usize;
        if &*entry.key == "image" || &*entry.key == "container" {
            if let Some(image) = entry.value.str() {
                of_image(image, technology, line, give);
            }
        } else if setting.iter().any(|key| **key == *entry.key)
            || &*entry.key == technology && matches!(technology, "node" | "python" | "go")
        {
            for value in entry.value.one_or_more().iter().filter_map(Node::str) {
                if !value.contains("${{") {
                    give(digits(value), line, true);
                }
            }
        }
        of_yaml(&entry.value, technology, give);
    }
    for item in node.items() {
        if let Some(text) = item.str() {
            of_image(text, technology, item.line as usize, give);
        }
        of_yaml(item, technology, give);
    }
}
