//! Many short phrases looked for in one short text: most of them are ruled out by one bit.

use std::ops::Range;

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
        assert!(lookup.word("p0").is_some() && lookup.word("p").is_none());
        assert!(!Lookup::new("").has("a"));
    }
}
