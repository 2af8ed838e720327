//! A theme file as plain data: `inherits`, `[palette]`, `[roles]`.
//!
//! Not here: which roles there are and how they are painted (`ui::theme`).

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::document::{place_of, quoted};
use super::suggest;
use crate::model::{Problem, ProblemSeverity};
use crate::text::clean::clean;

/// A theme as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ThemeFile {
    /// The theme that fills what this one leaves out.
    pub inherits: Option<String>,
    /// Styles by role key.
    pub roles: BTreeMap<String, StyleWords>,
}

/// A colour as a theme names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// The terminal's own.
    Reset,
    /// One of the terminal's sixteen.
    Ansi(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// A style as it is written; what is `None` is left to the theme that is inherited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StyleWords {
    /// Colour of the glyphs.
    pub fg: Option<Paint>,
    /// Colour behind them.
    pub bg: Option<Paint>,
    /// Bold.
    pub bold: Option<bool>,
    /// Underlined.
    pub underline: Option<bool>,
    /// Foreground and background swapped.
    pub reverse: Option<bool>,
    /// Slanted.
    pub italic: Option<bool>,
    /// Faint.
    pub dim: Option<bool>,
    /// 1-based line in its file, for problems.
    pub line: usize,
}

const ANSI: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];
const WORDS: [&str; 7] = ["fg", "bg", "bold", "underline", "reverse", "italic", "dim"];

/// A reading in progress: everything that a problem needs.
struct Reading<'a> {
    text: &'a str,
    name: &'a str,
    palette: BTreeMap<String, Paint>,
    problems: Vec<Problem>,
}

/// Reads a theme. `name` is how the file is called in problems. Whatever cannot be read is left out and told.
#[must_use]
pub fn parse_theme(text: &str, name: &str) -> (ThemeFile, Vec<Problem>) {
    let mut theme = ThemeFile::default();
    let table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let line = error.span().map_or(1, |span| {
                text.get(..span.start).unwrap_or(text).matches('\n').count() + 1
            });
            let problem = Problem {
                severity: ProblemSeverity::Warning,
                at: format!("{name}:{line}").into(),
                what: format!("the theme is not valid TOML ({})", clean(error.message())).into(),
                hint: None,
            };
            return (theme, vec![problem]);
        }
    };
    let mut reading = Reading {
        text,
        name,
        palette: BTreeMap::new(),
        problems: Vec::new(),
    };
    // The palette first: roles name its colours wherever it stands.
    if let Some(DeValue::Table(colours)) = table.get("palette").map(toml::Spanned::get_ref) {
        for (key, value) in colours {
            match value.get_ref().as_str().and_then(plain_paint) {
                Some(paint) => {
                    reading.palette.insert(key.get_ref().to_string(), paint);
                }
                None => reading.tell(
                    value,
                    format!(
                        "the colour {} is neither `#rrggbb` nor a colour's name",
                        quoted(key.get_ref())
                    ),
                    None,
                ),
            }
        }
    }
    for (key, value) in &table {
        match (&**key.get_ref(), value.get_ref()) {
            ("palette", DeValue::Table(_)) => {}
            ("inherits", DeValue::String(base)) => theme.inherits = Some(base.to_string()),
            ("roles", DeValue::Table(roles)) => {
                for (role, style) in roles {
                    let words = reading.style(style);
                    theme.roles.insert(role.get_ref().to_string(), words);
                }
            }
            (other, _) => {
                let near = suggest(other, ["inherits", "palette", "roles"]);
                let hint = near.map(|near| format!("did you mean `{near}`?"));
                reading.tell(value, format!("a theme has no {}", quoted(other)), hint);
            }
        }
    }
    (theme, reading.problems)
}

impl Reading<'_> {
    fn tell(&mut self, at: &toml::Spanned<DeValue<'_>>, what: String, hint: Option<String>) {
        let (line, column) = place_of(self.text, at);
        self.problems.push(Problem {
            severity: ProblemSeverity::Warning,
            at: format!("{}:{line}:{column}", self.name).into(),
            what: format!("{what}; it is left out").into(),
            hint: hint.map(Into::into),
        });
    }

    /// A style: a table of words, or a colour alone for the foreground.
    fn style(&mut self, value: &toml::Spanned<DeValue<'_>>) -> StyleWords {
        let mut style = StyleWords {
            line: place_of(self.text, value).0,
            ..StyleWords::default()
        };
        match value.get_ref() {
            DeValue::Table(words) => {
                for (word, given) in words {
                    self.word(&mut style, word.get_ref(), given);
                }
            }
            DeValue::String(_) => style.fg = self.paint(value),
            _ => self.tell(
                value,
                "a style is a table such as `{ fg = \"red\", bold = true }`".to_owned(),
                None,
            ),
        }
        style
    }

    fn word(&mut self, style: &mut StyleWords, word: &str, given: &toml::Spanned<DeValue<'_>>) {
        let flag = given.get_ref().as_bool();
        match word {
            "fg" => style.fg = self.paint(given),
            "bg" => style.bg = self.paint(given),
            "bold" if flag.is_some() => style.bold = flag,
            "underline" if flag.is_some() => style.underline = flag,
            "reverse" if flag.is_some() => style.reverse = flag,
            "italic" if flag.is_some() => style.italic = flag,
            "dim" if flag.is_some() => style.dim = flag,
            word if WORDS.contains(&word) => self.tell(given, format!("`{word}` is `true` or `false`"), None),
            other => {
                let hint = suggest(other, WORDS).map(|near| format!("did you mean `{near}`?"));
                self.tell(given, format!("a style has no {}", quoted(other)), hint);
            }
        }
    }

    fn paint(&mut self, value: &toml::Spanned<DeValue<'_>>) -> Option<Paint> {
        let name = value.get_ref().as_str().unwrap_or_default();
        let found = self.palette.get(name).copied().or_else(|| plain_paint(name));
        if found.is_none() {
            let known = self
                .palette
                .keys()
                .map(String::as_str)
                .chain(ANSI)
                .chain(["reset"]);
            let hint = suggest(name, known).map(|near| format!("did you mean `{near}`?"));
            self.tell(value, format!("there is no colour {}", quoted(name)), hint);
        }
        found
    }
}

/// `#rrggbb`, `reset`, or one of the sixteen names.
fn plain_paint(text: &str) -> Option<Paint> {
    if let Some(hex) = text.strip_prefix('#') {
        if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(hex, 16).ok()?;
        let [_, r, g, b] = value.to_be_bytes();
        return Some(Paint::Rgb(r, g, b));
    }
    if text == "reset" {
        return Some(Paint::Reset);
    }
    let at = ANSI.iter().position(|name| *name == text)?;
    u8::try_from(at).ok().map(Paint::Ansi)
}

#[cfg(test)]
mod tests {
    use super::{Paint, parse_theme};

    #[test]
    fn a_theme_names_its_colours_and_styles() {
        let text = "inherits = 'dark'\n[roles]\nno-go = { fg = 'alarm', bold = true }\ngo = 'bright-green'\n[palette]\nalarm = '#ff0080'\n";
        let (theme, problems) = parse_theme(text, "t.toml");
        assert_eq!(problems, []);
        assert_eq!(theme.inherits.as_deref(), Some("dark"));
        assert_eq!(theme.roles["no-go"].fg, Some(Paint::Rgb(255, 0, 128)));
        assert_eq!(theme.roles["no-go"].bold, Some(true));
        assert_eq!(theme.roles["go"].fg, Some(Paint::Ansi(10)));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place_and_the_rest_stands() {
        let text = "[palette]\nok = '#12g456'\n[roles]\ngo = { fg = 'grean', bould = true, bold = 3, dim = true }\nhold = 4\n";
        let (theme, problems) = parse_theme(text, "t.toml");
        let places: Vec<&str> = problems.iter().map(|problem| &*problem.at).collect();
        assert_eq!(places.len(), 5, "{problems:?}");
        assert!(places.contains(&"t.toml:2:6"), "{places:?}");
        assert!(
            problems
                .iter()
                .any(|p| p.hint.as_deref() == Some("did you mean `green`?"))
        );
        assert!(
            problems
                .iter()
                .any(|p| p.hint.as_deref() == Some("did you mean `bold`?"))
        );
        assert_eq!(theme.roles["go"].dim, Some(true));
        let (_, problems) = parse_theme("[roles\n", "t.toml");
        assert_eq!(problems.len(), 1);
    }
}
