//! Which keys mean which command: the registry's defaults, changed by the person's own.
//!
//! Invariant: building a map never fails; what cannot be bound becomes a [`Problem`] in words.

use std::collections::{HashMap, HashSet};

use super::command::Command;
use super::key::Key;
use crate::model::{Problem, ProblemSeverity};

/// Key sequences and their commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bound: HashMap<Vec<Key>, Command>,
    prefixes: HashSet<Vec<Key>>,
}

/// What the keys pressed so far mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// This command.
    Command(Command),
    /// The beginning of a longer sequence.
    Prefix,
    /// Nothing.
    Nothing,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::new(&HashMap::new()).0
    }
}

impl Keymap {
    /// The default keys with `overrides` (command name to its keys, which replace all of its defaults).
    #[must_use]
    pub fn new(overrides: &HashMap<String, Vec<String>>) -> (Self, Vec<Problem>) {
        let mut map = Self {
            bound: HashMap::new(),
            prefixes: HashSet::new(),
        };
        let mut problems = Vec::new();
        let mut own: Vec<(&String, &Vec<String>)> = overrides.iter().collect();
        own.sort();
        let mut changed = HashSet::new();
        for (name, keys) in own {
            let Some(command) = Command::parse(name) else {
                problems.push(unknown_command(name));
                continue;
            };
            changed.insert(command);
            for text in keys {
                map.bind_own(command, text, &mut problems);
            }
        }
        for &command in Command::ALL {
            if changed.contains(&command) && command != Command::QuitNow {
                continue;
            }
            for text in command.default_keys() {
                if let Some(keys) = Key::parse_sequence(text)
                    && let Err(taken) = map.bind(&keys, command)
                {
                    problems.push(problem(
                        command.name(),
                        format!("its default key `{text}` was given to `{}`", taken.name()),
                        Some(format!("give `{}` another key", command.name())),
                        ProblemSeverity::Note,
                    ));
                }
            }
        }
        (map, problems)
    }

    /// What the keys pressed so far mean.
    #[must_use]
    pub fn meaning(&self, keys: &[Key]) -> Meaning {
        match self.bound.get(keys) {
            Some(&command) => Meaning::Command(command),
            None if self.prefixes.contains(keys) => Meaning::Prefix,
            None => Meaning::Nothing,
        }
    }

    /// The keys of a command as text, the shortest first; empty when it has none.
    #[must_use]
    pub fn keys(&self, command: Command) -> Vec<String> {
        let bound = self.bound.iter().filter(|(_, found)| **found == command);
        let mut keys: Vec<String> = bound.map(|(keys, _)| written(keys)).collect();
        keys.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| b.cmp(a)));
        // The registry names the key that people should learn first.
        if let Some(first) = command.default_keys().first()
            && let Some(at) = keys.iter().position(|key| key == first)
        {
            keys[..=at].rotate_right(1);
        }
        keys
    }

    /// The key to show for a command.
    #[must_use]
    pub fn key(&self, command: Command) -> Option<String> {
        self.keys(command).into_iter().next()
    }

    fn bind_own(&mut self, command: Command, text: &str, problems: &mut Vec<Problem>) {
        let Some(keys) = Key::parse_sequence(text) else {
            problems.push(problem(
                command.name(),
                format!("`{text}` is no key"),
                Some(
                    "keys are written like `g g`, `G`, `ctrl-p`, `alt-x`, `enter`, `space`, `f5`".to_owned(),
                ),
                ProblemSeverity::Warning,
            ));
            return;
        };
        if keys.contains(&Key::ctrl('c')) && command != Command::QuitNow {
            problems.push(problem(
                command.name(),
                "`ctrl-c` always leaves the program".to_owned(),
                Some("choose another key".to_owned()),
                ProblemSeverity::Warning,
            ));
            return;
        }
        if let Err(taken) = self.bind(&keys, command)
            && taken != command
        {
            problems.push(problem(
                command.name(),
                format!("`{text}` collides with a key of `{}`", taken.name()),
                Some("one of the two needs another key".to_owned()),
                ProblemSeverity::Warning,
            ));
        }
    }

    /// Binds a sequence unless it, its beginning or a longer one is taken; says by whom.
    fn bind(&mut self, keys: &[Key], command: Command) -> Result<(), Command> {
        if let Some(taken) = (1..=keys.len()).find_map(|end| self.bound.get(keys.get(..end)?)) {
            return if *taken == command { Ok(()) } else { Err(*taken) };
        }
        if self.prefixes.contains(keys) {
            let longer = self.bound.iter().find(|(bound, _)| bound.starts_with(keys));
            return Err(longer.map_or(command, |(_, taken)| *taken));
        }
        for end in 1..keys.len() {
            self.prefixes.insert(keys.get(..end).unwrap_or_default().to_vec());
        }
        self.bound.insert(keys.to_vec(), command);
        Ok(())
    }
}

/// A sequence as people write it.
#[must_use]
pub fn written(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

fn unknown_command(name: &str) -> Problem {
    let near = Command::ALL
        .iter()
        .map(|command| (distance(name, command.name()), command.name()))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    let hint = near.map_or_else(
        || "the palette lists every command by its name".to_owned(),
        |(_, near)| format!("did you mean `{near}`?"),
    );
    problem(
        name,
        "there is no such command".to_owned(),
        Some(hint),
        ProblemSeverity::Warning,
    )
}

fn problem(command: &str, what: String, hint: Option<String>, severity: ProblemSeverity) -> Problem {
    Problem {
        severity,
        at: format!("keys.{command}").into(),
        what: what.into(),
        hint: hint.map(Into::into),
    }
}

/// Levenshtein's distance, for names of a few letters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (before + usize::from(x != *y))
                .min(row[j] + 1)
                .min(row[j + 1] + 1);
            before = row[j + 1];
            row[j + 1] = next;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&str, &[&str])]) -> (Keymap, Vec<Problem>) {
        let map = pairs.iter().map(|(name, keys)| {
            let keys = keys.iter().map(|&key| key.to_owned()).collect();
            ((*name).to_owned(), keys)
        });
        Keymap::new(&map.collect())
    }

    fn meaning(map: &Keymap, keys: &str) -> Meaning {
        map.meaning(&Key::parse_sequence(keys).unwrap())
    }

    #[test]
    fn the_default_keys_have_no_conflict() {
        let (map, problems) = own(&[]);
        assert_eq!(problems, vec![]);
        assert_eq!(meaning(&map, "g"), Meaning::Prefix);
        assert_eq!(meaning(&map, "g g"), Meaning::Command(Command::Top));
        assert_eq!(meaning(&map, "g x"), Meaning::Nothing);
        assert_eq!(map.key(Command::Down).as_deref(), Some("j"));
        assert_eq!(map.key(Command::Palette).as_deref(), Some(":"));
    }

    #[test]
    fn every_command_but_one_has_a_key_and_names_are_unique() {
        let map = Keymap::default();
        let without: Vec<_> = Command::ALL.iter().filter(|c| map.keys(**c).is_empty()).collect();
        assert_eq!(without, [&Command::ClearMarks]);
        let names: HashSet<_> = Command::ALL.iter().map(|c| c.name()).collect();
        assert_eq!(names.len(), Command::ALL.len());
    }

    #[test]
    fn an_override_replaces_all_default_keys_of_its_command() {
        let (map, problems) = own(&[("zoom", &["ctrl-w z"])]);
        assert_eq!(problems, vec![]);
        assert_eq!(meaning(&map, "z"), Meaning::Nothing);
        assert_eq!(meaning(&map, "ctrl-w"), Meaning::Prefix);
        assert_eq!(meaning(&map, "ctrl-w z"), Meaning::Command(Command::Zoom));
    }

    #[test]
    fn conflicts_unknown_names_and_bad_keys_are_problems_in_words() {
        let (map, problems) = own(&[
            ("zoom", &["Q"]),
            ("undo", &["Q", "hyper-u"]),
            ("zom", &["w"]),
            ("help", &["ctrl-c"]),
        ]);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(
            said.iter()
                .any(|p| p.contains("`Q` collides with a key of `undo`")),
            "{said:?}"
        );
        assert!(said.iter().any(|p| p.contains("`hyper-u` is no key")), "{said:?}");
        assert!(said.iter().any(|p| p.contains("did you mean `zoom`")), "{said:?}");
        assert!(said.iter().any(|p| p.contains("always leaves")), "{said:?}");
        assert_eq!(meaning(&map, "Q"), Meaning::Command(Command::Undo));
        assert_eq!(meaning(&map, "ctrl-c"), Meaning::Command(Command::QuitNow));
    }

    #[test]
    fn a_default_key_that_was_given_away_is_told() {
        let (map, problems) = own(&[("zoom", &["s"])]);
        assert_eq!(meaning(&map, "s"), Meaning::Command(Command::Zoom));
        assert!(problems.iter().any(|p| &*p.at == "keys.set-status"));
    }

    #[test]
    fn a_sequence_that_begins_with_a_bound_key_is_refused() {
        let (map, problems) = own(&[("zoom", &["s s"]), ("set-status", &["s"])]);
        assert_eq!(problems.len(), 1);
        assert_eq!(meaning(&map, "s"), Meaning::Command(Command::SetStatus));
    }
}
