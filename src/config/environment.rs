//! `GONOGO_*` variables as a layer: one for each key.

use super::document::{Raw, quoted};
use super::layers::UserLayer;
use super::spec::{KEYS, KeyKind};
use super::{Origin, suggest};
use crate::model::{Problem, ProblemSeverity};

/// Variables with the prefix that are no configuration keys.
pub const RESERVED_VARIABLES: &[&str] = &["GONOGO_LOG", "GONOGO_HYPERLINKS"];

/// The variable of a key: `look.theme` is `GONOGO_LOOK_THEME`.
#[must_use]
pub fn variable(key: &str) -> String {
    let mut name = String::from("GONOGO_");
    for c in key.chars() {
        name.push(if matches!(c, '.' | '-') {
            '_'
        } else {
            c.to_ascii_uppercase()
        });
    }
    name
}

/// Reads the variables (all of the process's, or only those with the prefix). An empty one counts as unset.
pub fn parse_environment<'a>(
    variables: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> (UserLayer, Vec<Problem>) {
    let (mut layer, mut problems) = (UserLayer::default(), Vec::new());
    for (name, value) in variables {
        if !name.starts_with("GONOGO_") || RESERVED_VARIABLES.contains(&name) || value.is_empty() {
            continue;
        }
        let origin = Origin::Environment(name.into());
        let at = format!("${name}");
        if let Some(command) = name.strip_prefix("GONOGO_KEYS_") {
            let key = format!("keys.{}", command.to_ascii_lowercase().replace('_', "-"));
            let keys = Raw::List(value.split_whitespace().map(str::to_owned).collect());
            if let Err(problem) = layer.take(&key, &keys, &origin, &at) {
                problems.push(problem);
            }
            continue;
        }
        let Some(key) = KEYS.iter().find(|key| variable(key.name) == name) else {
            if let Some(problem) = unknown(name, &at) {
                problems.push(problem);
            }
            continue;
        };
        let raw = match key.kind {
            KeyKind::Word(_) | KeyKind::Text | KeyKind::Threshold => Raw::Text(value.to_owned()),
            KeyKind::Flag => match value.to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" | "on" => Raw::Flag(true),
                "0" | "false" | "no" | "off" => Raw::Flag(false),
                _ => Raw::Text(value.to_owned()),
            },
            KeyKind::Number => Raw::Number(value.trim().to_owned()),
            KeyKind::Names => Raw::List(
                value
                    .lines()
                    .map(|name| name.trim().to_owned())
                    .filter(|name| !name.is_empty())
                    .collect(),
            ),
            KeyKind::Globs => Raw::List(value.lines().flat_map(split_globs).collect()),
        };
        if let Err(problem) = layer.take(key.name, &raw, &origin, &at) {
            problems.push(problem);
        }
    }
    (layer, problems)
}

/// A variable that is no key is only worth a word when it looks like a mistyped one: a pipeline may have its own.
fn unknown(name: &str, at: &str) -> Option<Problem> {
    let names: Vec<String> = KEYS.iter().map(|key| variable(key.name)).collect();
    let near = suggest(name, names.iter().map(String::as_str))?;
    Some(Problem {
        severity: ProblemSeverity::Warning,
        at: at.into(),
        what: format!("there is no variable {}; it is left out", quoted(name)).into(),
        hint: Some(format!("did you mean `{near}`?").into()),
    })
}

/// Splits at commas that stand outside of braces, where a glob may have its own.
fn split_globs(line: &str) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0_u32);
    for c in line.chars() {
        match c {
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::{parse_environment, variable};
    use crate::config::ColorChoice;
    use crate::model::Stage;

    #[test]
    fn each_key_has_its_variable() {
        let (layer, problems) = parse_environment([
            ("GONOGO_STAGE", "beta"),
            ("GONOGO_LOOK_COLOR", "never"),
            ("GONOGO_READ_ONLY", "1"),
            ("GONOGO_REPORTS_INCLUDE", "docs/{a,b}.md,READY.md"),
            ("GONOGO_KEYS_SET_STATUS", "s S"),
            ("GONOGO_LOG", "debug"),
            ("GONOGO_EDITOR", ""),
            ("HOME", "/nowhere"),
        ]);
        assert_eq!(problems, []);
        assert_eq!(layer.policy.stage.map(|set| set.value), Some(Stage::Beta));
        assert_eq!(layer.color.map(|set| set.value), Some(ColorChoice::Never));
        assert_eq!(layer.read_only.map(|set| set.value), Some(true));
        assert_eq!(
            layer.policy.include.map(|set| set.value),
            Some(vec!["docs/{a,b}.md".to_owned(), "READY.md".to_owned()])
        );
        assert_eq!(
            layer.keys.get("set-status").map(|set| set.value.clone()),
            Some(vec!["s".to_owned(), "S".to_owned()])
        );
        assert_eq!(layer.editor, None, "an empty variable is unset");
        assert_eq!(variable("look.theme"), "GONOGO_LOOK_THEME");
    }

    #[test]
    fn a_mistyped_variable_is_told_and_a_foreign_one_is_not() {
        let (_, problems) =
            parse_environment([("GONOGO_STAEG", "beta"), ("GONOGO_RELEASE_CHANNEL_NAME", "x")]);
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0]
                .hint
                .as_deref()
                .unwrap_or_default()
                .contains("GONOGO_STAGE")
        );
        let (_, problems) = parse_environment([("GONOGO_READ_ONLY", "perhaps")]);
        assert_eq!(&*problems[0].at, "$GONOGO_READ_ONLY");
    }
}
