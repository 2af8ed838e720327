//! Keys as the cockpit knows them, independent of any terminal library.

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key; a character is what was typed (`G`, not shift and `g`).
    pub name: KeyName,
    /// Control was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
}

/// The keys that can be bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyName {
    /// A character as typed.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, 1 to 24.
    F(u8),
}

impl Key {
    /// A key without modifiers.
    #[must_use]
    pub const fn plain(name: KeyName) -> Self {
        Self {
            name,
            ctrl: false,
            alt: false,
        }
    }

    /// A character with control.
    #[must_use]
    pub const fn ctrl(c: char) -> Self {
        Self {
            name: KeyName::Char(c),
            ctrl: true,
            alt: false,
        }
    }

    /// The key of a name as the configuration writes it: `g`, `G`, `ctrl-p`, `alt-x`, `enter`, `space`, `f5`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (mut rest, mut ctrl, mut alt) = (text, false, false);
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-").filter(|after| !after.is_empty()) {
                (rest, ctrl) = (after, true);
            } else if let Some(after) = rest.strip_prefix("alt-").filter(|after| !after.is_empty()) {
                (rest, alt) = (after, true);
            } else {
                break;
            }
        }
        let name = KeyName::parse(rest)?;
        Some(Self { name, ctrl, alt })
    }

    /// Several keys one after the other, parted by spaces: `g g`.
    #[must_use]
    pub fn parse_sequence(text: &str) -> Option<Vec<Self>> {
        let keys: Option<Vec<Self>> = text.split_whitespace().map(Self::parse).collect();
        keys.filter(|keys| !keys.is_empty())
    }
}

const NAMED: [(&str, KeyName); 16] = [
    ("enter", KeyName::Enter),
    ("esc", KeyName::Esc),
    ("tab", KeyName::Tab),
    ("shift-tab", KeyName::BackTab),
    ("backspace", KeyName::Backspace),
    ("delete", KeyName::Delete),
    ("up", KeyName::Up),
    ("down", KeyName::Down),
    ("left", KeyName::Left),
    ("right", KeyName::Right),
    ("home", KeyName::Home),
    ("end", KeyName::End),
    ("pageup", KeyName::PageUp),
    ("pagedown", KeyName::PageDown),
    ("space", KeyName::Char(' ')),
    ("backtab", KeyName::BackTab),
];

impl KeyName {
    fn parse(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return (!c.is_control() && c != ' ').then_some(Self::Char(c));
        }
        let lower = text.to_ascii_lowercase();
        let named = NAMED.iter().find(|(name, _)| *name == lower).map(|&(_, key)| key);
        named.or_else(|| {
            let number = lower.strip_prefix('f')?.parse().ok()?;
            (1..=24).contains(&number).then_some(Self::F(number))
        })
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        let named = NAMED.iter().find(|(_, key)| *key == self.name);
        match (named, self.name) {
            (Some((name, _)), _) => f.write_str(name),
            (None, KeyName::Char(c)) => write!(f, "{c}"),
            (None, KeyName::F(n)) => write!(f, "f{n}"),
            (None, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_it_is_written() {
        for text in [
            "g",
            "G",
            "ctrl-p",
            "alt-x",
            "ctrl-alt-y",
            "enter",
            "space",
            "shift-tab",
            "f12",
            "-",
            "ctrl--",
        ] {
            let key = Key::parse(text).unwrap_or_else(|| panic!("`{text}` is a key"));
            assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "ctrl-", "gg", "f25", "f0", "hyper-x", "\u{7}"] {
            assert_eq!(Key::parse(text), None, "{text:?}");
        }
        assert_eq!(Key::parse_sequence("  "), None);
        assert_eq!(Key::parse_sequence("g g").map(|keys| keys.len()), Some(2));
    }
}
