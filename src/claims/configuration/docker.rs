//! Containers that run without root: the last `USER` of the last stage of each Dockerfile.

use super::texts;
use crate::claims::{Finding, Scene};
use crate::model::{Claim, ClaimVerdict};

/// As whom an image runs.
#[derive(Debug, Clone, PartialEq, Eq)]
enum User {
    /// Somebody else than root.
    Other(String, usize),
    /// root, said at this line; 0 when nothing is said.
    Root(usize),
    /// Not known.
    Unknown,
}

pub(super) fn check(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let is_file = |name: &str| {
        let lower = name.to_ascii_lowercase();
        lower == "dockerfile"
            || lower.starts_with("dockerfile.")
            || lower.ends_with(".dockerfile")
            || lower == "containerfile"
    };
    let files = match texts(scene, 200, |path| {
        is_file(path.file_name())
            && !path.file_name().ends_with(".md")
            && !path.file_name().ends_with(".dockerignore")
    })? {
        Ok(files) => files,
        Err(why) => return Some(Finding::unsure(why)),
    };
    if files.is_empty() {
        return Some(Finding::silent());
    }
    let (mut good, mut root, mut unknown) = (Vec::new(), Vec::new(), 0_u32);
    for (path, text) in &files {
        match user(text) {
            User::Other(name, line) => {
                good.push((format!("{path} runs as `{name}`"), format!("{path}:{line}")))
            }
            User::Root(0) => root.push((format!("{path} sets no user"), path.to_string())),
            User::Root(line) => root.push((format!("{path} runs as root"), format!("{path}:{line}"))),
            User::Unknown => unknown += 1,
        }
    }
    let total = files.len();
    let proof = |mut finding: Finding, list: &[(String, String)]| {
        for (what, source) in list.iter().take(12) {
            finding = finding.with(what.clone(), source.clone());
        }
        finding
    };
    if let Ok(stated) = claim.said.value.parse::<usize>()
        && stated != total
    {
        let reason = format!("there are {total} Dockerfiles");
        return Some(proof(
            Finding::no(format!("{stated} Dockerfiles"), format!("{total}"), reason),
            &good,
        ));
    }
    if unknown > 0 && root.is_empty() {
        return Some(proof(
            Finding::unsure("whose user a Dockerfile takes is not said in it"),
            &good,
        ));
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Some(if root.is_empty() {
        proof(
            Finding::holds(format!(
                "{total} of {total} Dockerfiles set another user than root"
            )),
            &good,
        )
    } else if good.is_empty() {
        let reason = root.first().map(|(what, _)| what.clone()).unwrap_or_default();
        proof(Finding::no("a user other than root", "root", reason), &root)
    } else {
        let verdict = ClaimVerdict::PartlyHolds {
            holding: count(good.len()),
            parts: count(total),
        };
        let reason = root
            .iter()
            .map(|(what, _)| what.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        proof(Finding::of(verdict, reason), &root)
    })
}

fn user(text: &str) -> User {
    // Stages: their name and their user.
    let mut stages: Vec<(String, User)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let mut words = line.split_ascii_whitespace();
        let Some(instruction) = words.next() else { continue };
        if instruction.eq_ignore_ascii_case("from") {
            let image = words.find(|word| !word.starts_with("--")).unwrap_or_default();
            let rest: Vec<&str> = words.collect();
            let name = match rest.as_slice() {
                [is, name, ..] if is.eq_ignore_ascii_case("as") => (*name).to_owned(),
                _ => String::new(),
            };
            let inherited = stages
                .iter()
                .find(|(known, _)| !known.is_empty() && known.eq_ignore_ascii_case(image))
                .map(|(_, user)| user.clone());
            let lower = image.to_ascii_lowercase();
            let own = if lower.contains("nonroot")
                || lower.contains("unprivileged")
                || lower.contains("chainguard")
            {
                User::Other("nonroot".to_owned(), number + 1)
            } else if image.contains('$') || !is_common(&lower) {
                User::Unknown
            } else {
                User::Root(0)
            };
            stages.push((name, inherited.unwrap_or(own)));
        } else if instruction.eq_ignore_ascii_case("user")
            && let (Some(stage), Some(name)) = (stages.last_mut(), words.next())
        {
            let name = name.split(':').next().unwrap_or(name).trim_matches('"');
            stage.1 = if name.contains('$') {
                User::Unknown
            } else if name == "root" || name == "0" {
                User::Root(number + 1)
            } else {
                User::Other(name.to_owned(), number + 1)
            };
        }
    }
    stages.pop().map_or(User::Unknown, |(_, user)| user)
}

/// Images that are known to run as root.
fn is_common(image: &str) -> bool {
    let name = image.split(['@', ':']).next().unwrap_or(image);
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    let name = name.strip_prefix("library/").unwrap_or(name);
    matches!(
        name,
        "alpine"
            | "debian"
            | "ubuntu"
            | "node"
            | "python"
            | "golang"
            | "rust"
            | "ruby"
            | "php"
            | "nginx"
            | "openjdk"
            | "eclipse-temurin"
            | "busybox"
            | "scratch"
            | "fedora"
            | "centos"
            | "amazonlinux"
    )
}
