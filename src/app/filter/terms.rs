//! The language of `/`: words and `field:value` pairs, all of which must match; `!` inverts one, quotes keep spaces.
//! Each list has fields of its own.

/// The fields of a list's filter.
pub trait Field: Copy + PartialEq {
    /// The meaning of a word without a field.
    const ANY: Self;

    /// The field of a name in lower case.
    fn of(name: &str) -> Option<Self>;

    /// A comma in its value is text; of other fields any of the parts may match.
    fn whole(self) -> bool {
        false
    }

    /// What a part of its value looks for.
    fn needle(self, part: &str) -> Needle {
        Needle::new(part)
    }
}

/// One word of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term<F> {
    /// It must not match.
    pub inverse: bool,
    /// Where it looks.
    pub field: F,
    /// Any of these; lower case.
    needles: Vec<Needle>,
}

/// A text to look for in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    lower: Box<str>,
}

/// Reads a filter; every text is a filter.
#[must_use]
pub fn read<F: Field>(text: &str) -> Vec<Term<F>> {
    words(text).iter().filter_map(Term::of).collect()
}

impl<F: Field> Term<F> {
    fn of(word: &Word) -> Option<Self> {
        let (inverse, text) = match word.text.strip_prefix('!') {
            Some(rest) if !word.quoted => (true, rest),
            _ => (false, &*word.text),
        };
        let field = text
            .split_once(':')
            .filter(|_| !word.quoted)
            .and_then(|(name, value)| Some((F::of(&name.to_ascii_lowercase())?, value)));
        let (field, value) = field.unwrap_or((F::ANY, text));
        let parts: Vec<&str> = if field == F::ANY || field.whole() {
            vec![value]
        } else {
            value.split(',').collect()
        };
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        let needles: Vec<Needle> = parts.map(|part| field.needle(part)).collect();
        // `sev:` on the way to `sev:high` asks for nothing yet.
        (!needles.is_empty()).then_some(Self {
            inverse,
            field,
            needles,
        })
    }

    /// Whether it is found in a text.
    #[must_use]
    pub fn any(&self, text: &str) -> bool {
        self.needles.iter().any(|needle| needle.find(text).is_some())
    }

    /// Words of closed lists match by their beginning, so that the list is live while one types.
    #[must_use]
    pub fn begins(&self, word: &str) -> bool {
        self.needles.iter().any(|needle| word.starts_with(&*needle.lower))
    }
}

impl Needle {
    /// A text to look for.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            lower: text.to_lowercase().into(),
        }
    }

    /// Where it is first found, in any case, as a range of `text`.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let needle = self.lower.as_bytes();
        let Some(&first) = needle.first() else {
            return Some(0..0);
        };
        if !self.lower.is_ascii() {
            return self.find_folded(text);
        }
        let hay = text.as_bytes();
        let end = (hay.len() + 1).checked_sub(needle.len())?;
        let starts = memchr::memchr2_iter(first, first.to_ascii_uppercase(), &hay[..end]);
        let same = |at: &usize| hay[*at..*at + needle.len()].eq_ignore_ascii_case(needle);
        starts.into_iter().find(same).map(|at| at..at + needle.len())
    }

    /// For other scripts: characters compared by their lower case.
    fn find_folded(&self, text: &str) -> Option<std::ops::Range<usize>> {
        // No ASCII character has a lower case outside of ASCII, so such a needle is never in plain text.
        if text.is_ascii() {
            return None;
        }
        text.char_indices().find_map(|(start, _)| {
            let mut wanted = self.lower.chars();
            let mut next = wanted.next();
            for (at, c) in text.get(start..)?.char_indices() {
                for lower in c.to_lowercase() {
                    if next != Some(lower) {
                        return None;
                    }
                    next = wanted.next();
                }
                if next.is_none() {
                    return Some(start..start + at + c.len_utf8());
                }
            }
            None
        })
    }
}

struct Word {
    text: String,
    quoted: bool,
}

/// Words at spaces; quotes keep spaces and take the meaning from `!` and `:`, except behind a field's colon.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word {
        text: String::new(),
        quoted: false,
    };
    let mut inside = false;
    for c in text.chars() {
        match c {
            '"' => {
                word.quoted |= !inside && word.text.is_empty();
                inside = !inside;
            }
            c if c.is_whitespace() && !inside => {
                words.push(std::mem::replace(
                    &mut word,
                    Word {
                        text: String::new(),
                        quoted: false,
                    },
                ));
            }
            c => word.text.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.text.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_needle_is_found_in_any_case_and_any_script() {
        let found = |needle: &str, text: &str| Needle::new(needle).find(text);
        assert_eq!(found("AUTH", "the Auth layer"), Some(4..8));
        assert_eq!(found("er", "the Auth layer"), Some(12..14));
        assert_eq!(found("auth2", "auth"), None);
        assert_eq!(found("größe", "GRÖSSE and GRÖßE"), Some(12..19));
        assert_eq!(found("", "x"), Some(0..0));
        assert_eq!(found("x", ""), None);
    }

    #[test]
    fn quotes_keep_spaces_and_a_bare_colon_is_text() {
        let texts = |text: &str| -> Vec<String> { words(text).into_iter().map(|w| w.text).collect() };
        assert_eq!(texts("a \"b c\" d"), ["a", "b c", "d"]);
        assert_eq!(texts("section:\"tier 1\" x"), ["section:tier 1", "x"]);
        assert_eq!(texts("  \"open"), ["open"]);
        #[derive(Debug, Clone, Copy, PartialEq)]
        enum Of {
            Any,
            Severity,
            Section,
        }
        impl Field for Of {
            const ANY: Self = Self::Any;
            fn of(name: &str) -> Option<Self> {
                [("sev", Self::Severity), ("section", Self::Section)]
                    .into_iter()
                    .find_map(|(known, field)| (known == name).then_some(field))
            }
        }
        let field = |text: &str| {
            let terms = read::<Of>(text);
            terms.first().map(|term| (term.field, term.inverse))
        };
        assert_eq!(field("http://x"), Some((Of::Any, false)));
        assert_eq!(field("!sev:low"), Some((Of::Severity, true)));
        assert_eq!(field("\"sev:low\""), Some((Of::Any, false)));
        assert_eq!(field("section:\"tier 1\""), Some((Of::Section, false)));
        assert_eq!(field("sev:"), None);
        assert_eq!(field("!"), None);
    }
}
