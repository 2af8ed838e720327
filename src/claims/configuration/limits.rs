//! Limits of a rate: "login is limited to 5 attempts per minute" against the one constant that is named so.
//!
//! Not here: whether the limit is applied. Without exactly one constant whose name has the subject, the unit and a word
//! for a limit, the claim is passed over.

use std::collections::BTreeSet;

use super::read::push;
use super::texts;
use crate::claims::{Draft, Finding, Scene, Statement};
use crate::model::{Claim, RepoPath};

/// So many files are read for a limit.
const MOST_FILES: usize = 300;

const PHRASES: &[&str] = &["limited to ", "limit of ", "at most ", "maximum of "];
const THINGS: &[&str] = &["attempts", "requests", "tries", "logins", "calls", "messages"];
const UNITS: &[&str] = &["second", "minute", "hour", "day"];

pub(super) fn recognise(statement: &Statement<'_>, lower: &str, out: &mut Vec<Draft>) {
    let Some((at, phrase)) = PHRASES
        .iter()
        .find_map(|phrase| Some((lower.find(phrase)?, phrase)))
    else {
        return;
    };
    let rest = lower.get(at + phrase.len()..).unwrap_or_default();
    let mut words = rest
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let (Some(number), Some(thing), Some(per), Some(unit)) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return;
    };
    let plain = number.len() < 8 && number.bytes().all(|byte| byte.is_ascii_digit());
    let reads = THINGS.contains(&thing) && matches!(per, "per" | "a" | "an" | "every" | "each");
    // "Login is limited": the word in front of the verb is what is limited.
    let front = lower.get(..at).unwrap_or_default();
    let subject = front
        .split(|c: char| !c.is_ascii_alphanumeric())
        .rfind(|word| word.len() > 3 && !matches!(*word, "rate" | "limit" | "limits" | "with"));
    let (Some(subject), Some(unit)) = (subject, UNITS.iter().find(|known| **known == unit)) else {
        return;
    };
    let Some(end) = rest.find(unit) else { return };
    if plain && reads {
        let subject = format!("{subject} per {unit}");
        push(
            statement,
            at..at + phrase.len() + end + unit.len(),
            "limit",
            &subject,
            number,
            "=",
            out,
        );
    }
}

pub(super) fn check(claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
    let Some((subject, unit)) = claim.said.subject.split_once(" per ") else {
        return Some(Finding::silent());
    };
    let files = match texts(scene, MOST_FILES, |path| is_meant(path, subject))? {
        Ok(files) => files,
        Err(why) => return Some(Finding::unsure(why)),
    };
    let mut found: Vec<(u64, String, String)> = Vec::new();
    for (path, text) in &files {
        for (number, line) in text.lines().enumerate() {
            if let Some((name, value)) = constant(line)
                && [subject, unit].iter().all(|word| name.contains(word))
                && ["limit", "max", "rate"].iter().any(|word| name.contains(word))
            {
                found.push((value, line.trim().to_owned(), format!("{path}:{}", number + 1)));
            }
        }
    }
    let Ok(stated) = claim.said.value.parse::<u64>() else {
        return Some(Finding::silent());
    };
    let values: BTreeSet<u64> = found.iter().map(|(value, ..)| *value).collect();
    let (Some(value), Some((_, line, source))) = (values.first(), found.first()) else {
        return Some(Finding::silent());
    };
    let finding = if values.len() > 1 {
        Finding::unsure("several constants are named so, with different values")
    } else if *value == stated {
        Finding::holds(format!("the constant says {value}"))
    } else {
        Finding::no(
            format!("{stated} per {unit}"),
            format!("{value} per {unit}"),
            format!("the constant says {value}"),
        )
    };
    Some(finding.with(line.clone(), source.clone()))
}

/// Sources whose name speaks of limits, settings or the subject.
fn is_meant(path: &RepoPath, subject: &str) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    let Some((stem, end)) = name.rsplit_once('.') else {
        return false;
    };
    let source = [
        "js", "ts", "mjs", "cjs", "py", "go", "rs", "rb", "java", "kt", "cs", "php",
    ]
    .contains(&end);
    let words = [
        "limit", "rate", "throttl", "config", "setting", "constant", subject,
    ];
    source && !stem.contains("test") && words.iter().any(|word| stem.contains(word))
}

/// `const LOGIN_LIMIT_PER_MINUTE = 10;`: the name in small letters and its whole number.
fn constant(line: &str) -> Option<(String, u64)> {
    let code = line.trim_start();
    if code.starts_with(['#', '*']) || code.starts_with("//") {
        return None;
    }
    let (front, value) = line.split_once('=').or_else(|| line.split_once(':'))?;
    // `NAME: u32 = 10`
    let front = front.split(':').next().unwrap_or(front);
    let name = front
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .rfind(|word| !word.is_empty())?;
    let value = value.trim().trim_end_matches([';', ',']).replace('_', "");
    Some((name.to_ascii_lowercase(), value.parse().ok()?))
}
