//! Words of a shell script: quotes, expansions, substitutions.

use super::parse::{MAX_DEPTH, Parser, Read};
use super::syntax::{Entry, Node, Word};

impl Parser<'_> {
    /// One word, if one begins here.
    pub(super) fn word(&mut self) -> Read<Option<Word>> {
        let start = self.at;
        let mut word = Word::default();
        while let Some(c) = self.peek() {
            match c {
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b')' => break,
                b'(' => {
                    // `@(a|b)` and other extended globs.
                    if self.at > start
                        && matches!(self.text.get(self.at - 1), Some(b'@' | b'?' | b'*' | b'+' | b'!'))
                    {
                        return Err(self.wrong("an extended pattern"));
                    }
                    break;
                }
                b'<' | b'>' => {
                    if self.text.get(self.at + 1) != Some(&b'(') || self.at > start {
                        break;
                    }
                    // Process substitution: its exit code counts nowhere.
                    self.at += 2;
                    let inner = self.list(&[])?;
                    if !self.eat(")") {
                        return Err(self.wrong("`<(` without `)`"));
                    }
                    word.inner.push(vec![Entry {
                        node: Node::Group(inner),
                        background: true,
                    }]);
                    word.text.push_str("<()");
                }
                b'\'' => {
                    word.quoted = true;
                    self.at += 1;
                    let end = memchr::memchr(b'\'', self.rest())
                        .ok_or_else(|| self.wrong("a quote without its end"))?;
                    word.text
                        .push_str(self.script.get(self.at..self.at + end).unwrap_or_default());
                    self.at += end + 1;
                }
                b'"' => self.double_quoted(&mut word)?,
                b'$' => self.dollar(&mut word)?,
                b'`' => self.backticks(&mut word)?,
                b'\\' => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'\n') => self.at += 1,
                        Some(_) => {
                            word.quoted = true;
                            self.character(&mut word);
                        }
                        None => {}
                    }
                }
                _ => self.character(&mut word),
            }
        }
        Ok((self.at > start).then_some(word))
    }

    fn character(&mut self, word: &mut Word) {
        if let Some(c) = self.script.get(self.at..).and_then(|rest| rest.chars().next()) {
            word.text.push(c);
            self.at += c.len_utf8();
        } else {
            self.at += 1;
        }
    }

    fn double_quoted(&mut self, word: &mut Word) -> Read<()> {
        word.quoted = true;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(self.wrong("a quote without its end")),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.character(word);
                }
                Some(b'$') => self.dollar(word)?,
                Some(b'`') => self.backticks(word)?,
                Some(_) => self.character(word),
            }
        }
    }

    /// `$x`, `${x}`, `$(…)`, `$((…))`, `$'…'`, and GitHub's `${{ … }}`.
    fn dollar(&mut self, word: &mut Word) -> Read<()> {
        let start = self.at;
        if self.rest().starts_with(b"${{") {
            self.skip_to(b"}}", "`${{` without `}}`")?;
        } else if self.rest().starts_with(b"$((") && self.arithmetic() {
            // Passed over.
        } else if self.rest().starts_with(b"$(") {
            self.at += 2;
            let inner = self.list(&[])?;
            if !self.eat(")") {
                return Err(self.wrong("`$(` without `)`"));
            }
            word.inner.push(inner);
        } else if self.rest().starts_with(b"${") {
            self.at += 2;
            self.braces(word)?;
        } else if self.rest().starts_with(b"$'") {
            self.at += 2;
            loop {
                match self.peek() {
                    None => return Err(self.wrong("a quote without its end")),
                    Some(b'\\') => self.at += 2,
                    Some(b'\'') => break,
                    Some(_) => self.at += 1,
                }
            }
            self.at += 1;
            word.quoted = true;
        } else {
            self.at += 1;
        }
        self.at = self.at.min(self.text.len());
        word.text
            .push_str(self.script.get(start..self.at).unwrap_or_default());
        Ok(())
    }

    /// Passes over `$((…))`, when it is that and not a substitution that begins with a subshell.
    fn arithmetic(&mut self) -> bool {
        let (mut depth, mut at) = (0_usize, self.at + 1);
        while let Some(&c) = self.text.get(at) {
            match c {
                b'(' => depth += 1,
                b')' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        let closes = self.text.get(at - 1) == Some(&b')');
                        if closes {
                            self.at = at + 1;
                        }
                        return closes;
                    }
                }
                b'\n' => return false,
                _ => {}
            }
            at += 1;
        }
        false
    }

    /// The rest of `${…}`.
    fn braces(&mut self, word: &mut Word) -> Read<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.wrong("nested too deeply"));
        }
        loop {
            match self.peek() {
                None => return Err(self.wrong("`${` without `}`")),
                Some(b'}') => break,
                Some(b'\\') => self.at += 2,
                Some(b'\'') if !word.quoted => {
                    self.at += 1;
                    let end = memchr::memchr(b'\'', self.rest())
                        .ok_or_else(|| self.wrong("a quote without its end"))?;
                    self.at += end + 1;
                }
                Some(b'$') => {
                    let mut inner = Word {
                        quoted: word.quoted,
                        ..Word::default()
                    };
                    self.dollar(&mut inner)?;
                    word.inner.extend(inner.inner);
                }
                Some(b'`') => self.backticks(&mut Word::default())?,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(())
    }

    fn backticks(&mut self, word: &mut Word) -> Read<()> {
        let start = self.at;
        self.at += 1;
        let end =
            memchr::memchr(b'`', self.rest()).ok_or_else(|| self.wrong("a backtick without its end"))?;
        let inside = self.script.get(self.at..self.at + end).unwrap_or_default();
        if inside.contains('\\') {
            return Err(self.wrong("an escape inside of backticks"));
        }
        // The same text read as a list in its place, up to the closing backtick.
        let (whole, text) = (self.script, self.text);
        let stop = self.at + end;
        self.script = whole.get(..stop).unwrap_or_default();
        self.text = text.get(..stop).unwrap_or_default();
        let inner = self.list(&[]);
        let complete = self.at >= stop;
        self.script = whole;
        self.text = text;
        word.inner.push(inner?);
        if !complete {
            return Err(self.wrong("a substitution that is not read"));
        }
        self.at = stop + 1;
        word.text
            .push_str(self.script.get(start..self.at).unwrap_or_default());
        Ok(())
    }
}
