//! Themes: a style for each role, from a built-in theme or a file of the user's own.

use ratatui::style::{Color, Modifier, Style};

use super::colour::{Depth, colour};
use super::glyphs::{ASCII, Glyphs, UNICODE};
use crate::app::Role;
use crate::config::{StyleWords, ThemeFile, parse_theme, suggest};
use crate::model::{Problem, ProblemSeverity};

/// The themes that the binary carries: name and text.
pub const BUILT_IN_THEMES: [(&str, &str); 6] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("ansi16", include_str!("../../themes/ansi16.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../themes/colour-blind.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

const ROLES: usize = Role::ALL.len();

/// What the terminal can show and the person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// How many colours.
    pub depth: Depth,
    /// The background is light.
    pub light: bool,
    /// Only ASCII glyphs.
    pub ascii: bool,
}

/// A style for each role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; ROLES],
    glyphs: Glyphs,
}

impl Theme {
    /// The theme of a name (`auto` chooses by background and colours). `own` is the user's file of that name:
    /// how it is called in problems, and its text. Without colours it is always the one without colours.
    #[must_use]
    pub fn new(name: &str, own: Option<(&str, &str)>, look: Look) -> (Self, Vec<Problem>) {
        let fitting = match look.depth {
            Depth::None => "mono",
            Depth::Sixteen => "ansi16",
            Depth::Indexed | Depth::True if look.light => "light",
            Depth::Indexed | Depth::True => "dark",
        };
        let mut problems = Vec::new();
        let file = if look.depth == Depth::None || name == "auto" {
            built_in(fitting)
        } else if BUILT_IN_THEMES.iter().any(|(known, _)| *known == name) {
            built_in(name)
        } else if let Some((path, text)) = own {
            let (file, found) = parse_theme(text, path);
            problems.extend(found);
            problems.extend(unknown_roles(&file, path));
            inherit(file, fitting, path, &mut problems)
        } else {
            problems.push(no_such_theme(name, fitting));
            built_in(fitting)
        };
        let mut styles = resolve(&file, look.depth);
        if look.depth == Depth::Sixteen {
            // A faint background has no place among sixteen colours: the selection would not be seen.
            let plain = resolve(&built_in("ansi16"), look.depth);
            for role in [Role::Selected, Role::SelectedElsewhere] {
                styles[role as usize] = plain[role as usize];
            }
        }
        let glyphs = if look.ascii { ASCII } else { UNICODE };
        (Self { styles, glyphs }, problems)
    }

    /// The style of a role.
    #[must_use]
    pub const fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    pub(super) const fn glyphs(&self) -> Glyphs {
        self.glyphs
    }
}

/// The file of a built-in theme with what it inherits; a test holds that it has no problems.
fn built_in(name: &str) -> ThemeFile {
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
    let base = built_in(base);
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

fn unknown_roles(file: &ThemeFile, path: &str) -> Vec<Problem> {
    let known = |key: &str| Role::ALL.iter().any(|role| role.key() == key);
    let unknown = file.roles.iter().filter(|(key, _)| !known(key));
    unknown
        .map(|(key, style)| Problem {
            severity: ProblemSeverity::Warning,
            at: format!("{path}:{}", style.line).into(),
            what: format!(
                "there is no role `{}`; it is left out",
                crate::text::clean::clean(key)
                    .chars()
                    .take(40)
                    .collect::<String>()
            )
            .into(),
            hint: suggest(key, Role::ALL.iter().map(|role| role.key()))
                .map(|near| format!("did you mean `{near}`?").into()),
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

/// Every role's style: its own, or that of the nearest role above it that has one.
fn resolve(file: &ThemeFile, depth: Depth) -> [Style; ROLES] {
    let mut styles = [Style::new(); ROLES];
    for role in Role::ALL {
        let mut at = *role;
        let words = loop {
            match file.roles.get(at.key()) {
                Some(words) => break *words,
                // `Text` is its own parent and ends every chain.
                None if at.parent() == at => break StyleWords::default(),
                None => at = at.parent(),
            }
        };
        styles[*role as usize] = style(words, depth);
    }
    styles
}

fn style(words: StyleWords, depth: Depth) -> Style {
    // A `Reset` is left out: the cell keeps what lies below, which is the terminal's own at the bottom.
    let own = |paint| Some(colour(paint, depth)).filter(|colour| *colour != Color::Reset);
    let mut style = Style {
        fg: words.fg.and_then(own),
        bg: words.bg.and_then(own),
        ..Style::new()
    };
    for (set, modifier) in [
        (words.bold, Modifier::BOLD),
        (words.underline, Modifier::UNDERLINED),
        (words.reverse, Modifier::REVERSED),
        (words.italic, Modifier::ITALIC),
        (words.dim, Modifier::DIM),
    ] {
        if set == Some(true) {
            style = style.add_modifier(modifier);
        }
    }
    style
}
