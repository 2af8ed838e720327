//! What the terminal can do, as far as the environment tells. Pure: asking the terminal takes a round trip that the
//! first frame does not wait for.

use crate::config::ColorChoice;
use crate::ui::Depth;

/// What the terminal can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Abilities {
    pub depth: Depth,
    /// The background is light; `None` when nothing says.
    pub light: Option<bool>,
    /// It knows the kitty keyboard protocol.
    pub kitty_keyboard: bool,
    /// It may be asked for its background's colour.
    pub answers: bool,
}

impl Abilities {
    /// Reads variables through `var`, which gives `None` for unset and for empty ones.
    pub(super) fn of(choice: ColorChoice, var: impl Fn(&str) -> Option<String>) -> Self {
        let term = var("TERM").unwrap_or_default();
        let program = var("TERM_PROGRAM").unwrap_or_default();
        let has = |names: &[&str]| names.iter().any(|name| term.contains(name));
        let modern = has(&["kitty", "alacritty", "foot", "ghostty", "wezterm", "contour"])
            || ["WezTerm", "ghostty", "rio"].contains(&program.as_str());
        let multiplexed = has(&["screen", "tmux"]) || var("TMUX").is_some() || var("STY").is_some();
        let dumb = term.is_empty() || term == "dumb";
        let depth = match var("COLORTERM").as_deref() {
            Some("truecolor" | "24bit") => Depth::True,
            _ if modern || has(&["direct"]) || ["iTerm.app", "vscode"].contains(&program.as_str()) => {
                Depth::True
            }
            _ if dumb || term == "linux" || term.starts_with("vt") || term.starts_with("ansi") => {
                Depth::Sixteen
            }
            _ if has(&["256color", "xterm", "tmux", "rxvt"]) => Depth::Indexed,
            _ => Depth::Sixteen,
        };
        let colour = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => var("NO_COLOR").is_none(),
        };
        Self {
            depth: if colour { depth } else { Depth::None },
            light: var("COLORFGBG").and_then(|value| light(&value)),
            kitty_keyboard: modern && !multiplexed,
            answers: !dumb && term != "linux" && !multiplexed,
        }
    }
}

/// `foreground;background` of rxvt and its friends: 7 and 15 are white.
fn light(value: &str) -> Option<bool> {
    let background: u8 = value.rsplit(';').next()?.parse().ok()?;
    Some(matches!(background, 7 | 9..=15))
}

#[cfg(test)]
mod tests {
    use super::Abilities;
    use crate::config::ColorChoice;
    use crate::ui::Depth;

    fn of(choice: ColorChoice, variables: &[(&str, &str)]) -> Abilities {
        Abilities::of(choice, |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found
                .map(|(_, value)| (*value).to_owned())
                .filter(|value| !value.is_empty())
        })
    }

    #[test]
    fn the_environment_tells_how_many_colours_there_are() {
        for (variables, depth) in [
            (
                &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")][..],
                Depth::True,
            ),
            (&[("TERM", "xterm-256color")], Depth::Indexed),
            (&[("TERM", "xterm-kitty")], Depth::True),
            (&[("TERM", "linux")], Depth::Sixteen),
            (&[("TERM", "screen")], Depth::Sixteen),
            (&[], Depth::Sixteen),
        ] {
            assert_eq!(of(ColorChoice::Auto, variables).depth, depth, "{variables:?}");
        }
    }

    #[test]
    fn no_color_is_obeyed_unless_it_is_empty_or_the_person_says_otherwise() {
        let term = ("TERM", "xterm-256color");
        assert_eq!(
            of(ColorChoice::Auto, &[term, ("NO_COLOR", "1")]).depth,
            Depth::None
        );
        assert_eq!(
            of(ColorChoice::Auto, &[term, ("NO_COLOR", "")]).depth,
            Depth::Indexed
        );
        assert_eq!(
            of(ColorChoice::Always, &[term, ("NO_COLOR", "1")]).depth,
            Depth::Indexed
        );
        assert_eq!(of(ColorChoice::Never, &[term]).depth, Depth::None);
    }

    #[test]
    fn the_keyboard_protocol_is_only_used_where_it_is_known_to_be() {
        assert!(of(ColorChoice::Auto, &[("TERM", "xterm-kitty")]).kitty_keyboard);
        assert!(!of(ColorChoice::Auto, &[("TERM", "xterm-256color")]).kitty_keyboard);
        assert!(!of(ColorChoice::Auto, &[("TERM", "xterm-kitty"), ("TMUX", "x")]).kitty_keyboard);
        assert_eq!(of(ColorChoice::Auto, &[("COLORFGBG", "0;15")]).light, Some(true));
        assert_eq!(of(ColorChoice::Auto, &[("COLORFGBG", "15;0")]).light, Some(false));
    }
}
