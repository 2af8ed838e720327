//! Many short phrases looked for in one short text: most of them are ruled out by one bit.

use std::ops::Range;

/// The starts of all phrases that a heading is searched for. Most headings hold a word with none of these starts, and
/// are not searched at all.
#[derive(Debug)]
pub(super) struct Starts([u64; 512]);

impl Starts {
    /// Collects the starts of every phrase.
    pub fn of(lists: &[&[&str]]) -> Self {
        let mut bits = [0; 512];
        for phrase in lists.iter().flat_map(|list| list.iter()) {
            let slot = slot(phrase.as_bytes());
            bits[slot / 64] |= 1 << (slot % 64);
        }
        Self(bits)
    }

    /// Whether some word of a lower-case text starts like one of the phrases; always for other scripts.
    pub fn may_speak(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut inside = false;
        for (at, byte) in bytes.iter().enumerate() {
            if !byte.is_ascii() {
                return true;
            }
            let part = byte.is_ascii_alphanumeric();
            if part && !inside {
                let slot = slot(&bytes[at..]);
                if self.0[slot / 64] & (1 << (slot % 64)) != 0 {
                    return true;
                }
            }
            inside = part;
        }
        false
    }
}

/// The first three letters as a number below 32768.
fn slot(word: &[u8]) -> usize {
    let letter = |at: usize| match word.get(at) {
        Some(b @ b'a'..=b'z') => *b as usize & 31,
        Some(b @ b'0'..=b'4') => 27 + (*b as usize & 3),
        _ => 0,
    };
    // Behind a word of two letters anything may follow.
    let third = if letter(1) == 0 { 0 } else { letter(2) };
    letter(0) << 10 | letter(1) << 5 | third
}

/// A short text in lower case with the set of its letter pairs.
#[derive(Debug)]
pub(super) struct Lookup<'a> {
    /// The text.
    pub text: &'a str,
    pairs: [u64; 16],
}

impl<'a> Lookup<'a> {
    /// Collects the pairs of `text`.
    pub fn new(text: &'a str) -> Self {
        let mut pairs = [0; 16];
        for pair in text.as_bytes().windows(2) {
            let bit = bit(pair[0], pair[1]);
            pairs[bit / 64] |= 1 << (bit % 64);
        }
        Self { text, pairs }
    }

    /// Whether `phrase` stands somewhere.
    pub fn has(&self, phrase: &str) -> bool {
        self.may_have(phrase) && self.text.contains(phrase)
    }

    /// Whether one of the phrases stands somewhere.
    pub fn any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.has(phrase))
    }

    /// Where `word` stands as a whole word.
    pub fn word(&self, word: &str) -> Option<Range<usize>> {
        if !self.may_have(word) {
            return None;
        }
        let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        self.text
            .match_indices(word)
            .map(|(at, _)| at..at + word.len())
            .find(|at| {
                is_edge(
                    self.text
                        .get(..at.start)
                        .and_then(|before| before.chars().next_back()),
                ) && is_edge(self.text.get(at.end..).and_then(|after| after.chars().next()))
            })
    }

    /// Whether one of the words stands somewhere as a whole word.
    pub fn any_word(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.word(word).is_some())
    }

    fn may_have(&self, phrase: &str) -> bool {
        let bytes = phrase.as_bytes();
        let seen = |at: usize| match (bytes.get(at), bytes.get(at + 1)) {
            (Some(&a), Some(&b)) => {
                let bit = bit(a, b);
                self.pairs[bit / 64] & (1 << (bit % 64)) != 0
            }
            _ => true,
        };
        seen(0) && seen(bytes.len().saturating_sub(2)) && seen(bytes.len() / 2)
    }
}

const fn bit(a: u8, b: u8) -> usize {
    ((a as usize) * 37 + (b as usize)) & 1023
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_and_words_are_found_as_a_plain_search_finds_them() {
        let lookup = Lookup::new("next steps before the launch (p0)");
        assert!(
            lookup.has("next step")
                && lookup.has("launch")
                && !lookup.has("lunch")
                && !lookup.has("steps after")
        );
        assert_eq!(lookup.word("steps"), Some(5..10));
        assert_eq!(lookup.word("step"), None);
        assert!(lookup.any_word(&["none", "p0"]) && !lookup.any_word(&["p"]));
        assert!(!Lookup::new("").has("a"));
    }

    #[test]
    fn a_text_speaks_if_a_word_starts_like_a_phrase() {
        let starts = Starts::of(&[&["next step", "go/no-go"], &["p0"]]);
        for text in ["the next steps", "go/no-go", "p0 blockers", "下一步"] {
            assert!(starts.may_speak(text), "{text}");
        }
        assert!(!starts.may_speak("7. cursor table (t001-t009)"));
    }
}
