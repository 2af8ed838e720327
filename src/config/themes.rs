//! Which theme is in force: a built-in one, or a file of the user's own over a built-in one.
//!
//! Not here: reading the user's file (`sources::settings`), what a style looks like (`ui::theme`).

use super::suggest;
use super::theme_file::{StyleWords, ThemeFile, parse_theme};
use crate::model::{Problem, ProblemSeverity};
use crate::text::clean::clean;

/// The themes that the binary carries: name and text.
pub const BUILT_IN_THEMES: [(&str, &str); 6] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("ansi16", include_str!("../../themes/ansi16.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../themes/colour-blind.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

/// The theme of a name. `fitting` is the built-in one for this terminal: `auto` takes it, and whatever cannot be
/// used falls back to it. `own` is the user's file of that name: how it is called in problems, and its text.
/// `roles` are the keys that a theme may style.
#[must_use]
pub fn choose_theme(
    name: &str,
    own: Option<(&str, &str)>,
    fitting: &str,
    roles: &[&str],
) -> (ThemeFile, Vec<Problem>) {
    if name == "auto" {
        return (built_in_theme(fitting), Vec::new());
    }
    if is_built_in_theme(name) {
        return (built_in_theme(name), Vec::new());
    }
    match own {
        Some((path, text)) => {
            let (file, mut problems) = parse_theme(text, path);
            problems.extend(unknown_roles(&file, path, roles));
            (inherit(file, fitting, path, &mut problems), problems)
        }
        None => (built_in_theme(fitting), vec![no_such_theme(name, fitting)]),
    }
}

/// Whether the binary carries a theme of that name.
#[must_use]
pub fn is_built_in_theme(name: &str) -> bool {
    BUILT_IN_THEMES.iter().any(|(known, _)| *known == name)
}

/// The file of a built-in theme with what it inherits; a test holds that it has no problems.
#[must_use]
pub fn built_in_theme(name: &str) -> ThemeFile {
    let text = BUILT_IN_THEMES
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("", |(_, text)| *text);
    let mut file = parse_theme(text, name).0;
    // One level is all that the built-in themes use; more could only be a circle.
    if let Some((_, base)) = BUILT_IN_THEMES
        .iter()
        .find(|(known, _)| file.inherits.as_deref() == Some(known) && *known != name)
    {
        lay_under(&mut file, &parse_theme(base, name).0);
    }
    file
}

/// A user's theme over the built-in one that it names, or over the one that fits the terminal.
fn inherit(mut file: ThemeFile, fitting: &str, path: &str, problems: &mut Vec<Problem>) -> ThemeFile {
    let names = BUILT_IN_THEMES.map(|(name, _)| name);
    let base = match file.inherits.as_deref() {
        None => fitting,
        Some(name) if names.contains(&name) => name,
        Some(name) => {
            let near = suggest(name, names);
            problems.push(Problem {
                severity: ProblemSeverity::Warning,
                at: path.into(),
                what: format!("the theme inherits from something that is not built in; `{fitting}` is used")
                    .into(),
                hint: Some(near.map_or_else(
                    || format!("one of {}", names.join(", ")).into(),
                    |near| format!("did you mean `{near}`?").into(),
                )),
            });
            fitting
        }
    };
    let base = built_in_theme(base);
    lay_under(&mut file, &base);
    file
}

fn lay_under(file: &mut ThemeFile, base: &ThemeFile) {
    for (role, below) in &base.roles {
        let above = file.roles.get(role).copied().unwrap_or_default();
        let style = StyleWords {
            fg: above.fg.or(below.fg),
            bg: above.bg.or(below.bg),
            bold: above.bold.or(below.bold),
            underline: above.underline.or(below.underline),
            reverse: above.reverse.or(below.reverse),
            italic: above.italic.or(below.italic),
            dim: above.dim.or(below.dim),
            line: above.line,
        };
        file.roles.insert(role.clone(), style);
    }
}

fn unknown_roles(file: &ThemeFile, path: &str, roles: &[&str]) -> Vec<Problem> {
    let known = |key: &str| roles.contains(&key);
    let unknown = file.roles.iter().filter(|(key, _)| !known(key));
    unknown
        .map(|(key, style)| Problem {
            severity: ProblemSeverity::Warning,
            at: format!("{path}:{}", style.line).into(),
            what: format!(
                "there is no role `{}`; it is left out",
                clean(key).chars().take(40).collect::<String>()
            )
            .into(),
            hint: suggest(key, roles.iter().copied()).map(|near| format!("did you mean `{near}`?").into()),
        })
        .collect()
}

fn no_such_theme(name: &str, fitting: &str) -> Problem {
    let names = BUILT_IN_THEMES.map(|(name, _)| name);
    let hint = suggest(name, names).map_or_else(
        || {
            format!(
                "one of auto, {}, or a file `themes/{name}.toml` beside your own",
                names.join(", ")
            )
        },
        |near| format!("did you mean `{near}`?"),
    );
    Problem {
        severity: ProblemSeverity::Warning,
        at: "".into(),
        what: format!("there is no theme `{name}`; `{fitting}` is used").into(),
        hint: Some(hint.into()),
    }
}
