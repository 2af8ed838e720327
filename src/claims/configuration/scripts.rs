//! Package scripts, make targets and keys of an example environment.

use super::texts;
use crate::claims::ci::{Scripts, scripts};
use crate::claims::{Finding, Scene};
use crate::model::Claim;

/// So many `package.json` files are looked into.
const MOST: usize = 100;

/// A package script is there.
pub(super) fn exists(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let name = &*claim.said.subject;
    let Scripts { all, files } = scripts(scene)?;
    if files == 0 {
        return Some(Finding::silent());
    }
    let Some((path, _, text)) = all.iter().find(|(_, known, _)| &**known == name) else {
        let reason = format!("no `package.json` has a script `{name}`");
        // These run programs of packages by the same words.
        let runs_programs = ["yarn ", "bun ", "pnpm "]
            .iter()
            .any(|program| claim.text.contains(program));
        if runs_programs || files > MOST {
            return Some(Finding::unsure(reason));
        }
        return Some(Finding::no(format!("a script `{name}`"), "none", reason));
    };
    Some(Finding::holds(format!("`{path}` has it")).with(format!("`{name}`: `{text}`"), path.as_str()))
}

/// A package script says what is quoted.
pub(super) fn says(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let (name, value) = (&*claim.said.subject, &*claim.said.value);
    let Scripts { all, files } = scripts(scene)?;
    let found: Vec<_> = all.iter().filter(|(_, known, _)| &**known == name).collect();
    // A quoted object with other keys than scripts is of another file.
    if files == 0 {
        return Some(Finding::silent());
    }
    let same = |text: &str| text.split_ascii_whitespace().eq(value.split_ascii_whitespace());
    if let Some((path, ..)) = found.iter().find(|(.., text)| same(text)) {
        return Some(
            Finding::holds(format!("`{path}` says the same"))
                .with(format!("the script `{name}`"), path.as_str()),
        );
    }
    Some(match found.first() {
        Some((path, _, text)) => Finding::no(
            format!("`{value}`"),
            format!("`{text}`"),
            format!("`{name}` of `{path}` says `{text}`"),
        )
        .with(format!("the script `{name}`"), path.as_str()),
        None => Finding::no(
            format!("a script `{name}`"),
            "none",
            format!("no `package.json` has a script `{name}`"),
        ),
    })
}

/// A target of make or just is there.
pub(super) fn target(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let name = &*claim.said.subject;
    let just = claim
        .text
        .trim_matches('`')
        .trim_start_matches("$ ")
        .contains("just ");
    let is_file = |file: &str| {
        if just {
            matches!(file, "justfile" | "Justfile" | ".justfile") || file.ends_with(".just")
        } else {
            matches!(file, "Makefile" | "makefile" | "GNUmakefile")
                || file.ends_with(".mk")
                || file.starts_with("Makefile.")
        }
    };
    let files = match texts(scene, 100, |path| is_file(path.file_name()))? {
        Ok(files) => files,
        Err(why) => return Some(Finding::unsure(why)),
    };
    if files.is_empty() {
        return Some(Finding::silent());
    }
    let mut elsewhere = false;
    for (path, text) in &files {
        for (number, line) in text.lines().enumerate() {
            if line.starts_with([' ', '\t', '#']) {
                continue;
            }
            elsewhere |= line.starts_with("include")
                || line.starts_with("-include")
                || line.starts_with("import")
                || line.starts_with("mod ")
                || line.contains('%')
                || line.contains("$(");
            let Some((heads, _)) = line.split_once(':') else {
                continue;
            };
            let mut heads = heads.trim_start_matches('@').split_ascii_whitespace();
            let found = if just {
                heads.next() == Some(name) || line.starts_with(&format!("alias {name} "))
            } else {
                heads.any(|head| head == name)
            };
            if found {
                let source = format!("{path}:{}", number + 1);
                return Some(Finding::holds(format!("`{path}` has it")).with(line.trim().to_owned(), source));
            }
        }
    }
    if elsewhere {
        return Some(Finding::unsure(format!(
            "no target `{name}` was read, but the file includes or builds others"
        )));
    }
    let what = if just { "recipe" } else { "target" };
    Some(Finding::no(
        format!("a {what} `{name}`"),
        "none",
        format!("no {what} is called `{name}`"),
    ))
}

/// A key stands in an example of the environment.
pub(super) fn env_key(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let name = &*claim.said.subject;
    let is_file = |file: &str| {
        file.starts_with(".env")
            && ["example", "sample", "template"]
                .iter()
                .any(|word| file.contains(word))
    };
    let files = match texts(scene, 60, |path| is_file(path.file_name()))? {
        Ok(files) => files,
        Err(why) => return Some(Finding::unsure(why)),
    };
    if files.is_empty() {
        return Some(Finding::silent());
    }
    for (path, text) in &files {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_start_matches(['#', ' ']).trim_start_matches("export ");
            if line.split_once('=').is_some_and(|(key, _)| key.trim() == name) {
                return Some(
                    Finding::holds(format!("`{path}` has it")).with(name, format!("{path}:{}", number + 1)),
                );
            }
        }
    }
    Some(Finding::no(
        format!("a key `{name}`"),
        "none",
        format!("no example environment has a key `{name}`"),
    ))
}
