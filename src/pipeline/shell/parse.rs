//! The grammar of POSIX shells and bash, as far as it decides which command's exit code counts.
//!
//! What is not understood is an error for the whole script, because half a script read wrongly would be judged wrongly.

use super::syntax::{Command, Entry, List, Node, Word};

/// Deeper nesting is not read.
pub(super) const MAX_DEPTH: usize = 48;

/// More commands are not read.
const MAX_COMMANDS: usize = 2_000;

/// Why a script was not understood: the line from 0 and what is wrong.
pub(super) type NotUnderstood = (usize, &'static str);

pub(super) type Read<T> = Result<T, NotUnderstood>;

/// The list of a script and its simple commands.
pub(super) fn parse(script: &str) -> Read<(List, Vec<Command>)> {
    let mut parser = Parser {
        text: script.as_bytes(),
        script,
        at: 0,
        depth: 0,
        commands: Vec::new(),
        heredocs: Vec::new(),
    };
    let list = parser.list(&[])?;
    if parser.at < parser.text.len() {
        return Err(parser.wrong("an end without a beginning"));
    }
    Ok((list, parser.commands))
}

pub(super) struct Parser<'a> {
    pub(super) script: &'a str,
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    pub(super) depth: usize,
    commands: Vec<Command>,
    /// Heredocs whose body follows at the next line break: delimiter, leading tabs are dropped.
    heredocs: Vec<(String, bool)>,
}

const RESERVED_ENDS: &[&str] = &["then", "elif", "else", "fi", "do", "done", "esac", "}"];

impl Parser<'_> {
    pub(super) fn wrong(&self, what: &'static str) -> NotUnderstood {
        (self.line(self.at), what)
    }

    fn line(&self, at: usize) -> usize {
        memchr::memchr_iter(b'\n', self.text.get(..at).unwrap_or_default()).count()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what.as_bytes());
        if found {
            self.at += what.len();
        }
        found
    }

    /// Blanks, continued lines and comments.
    fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\\') if self.rest().starts_with(b"\\\n") => self.at += 2,
                Some(b'\\') if self.rest().starts_with(b"\\\r\n") => self.at += 3,
                Some(b'#') => {
                    self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
                }
                _ => return,
            }
        }
    }

    /// Blanks and line breaks, the bodies of heredocs with them.
    fn lines(&mut self) -> Read<()> {
        loop {
            self.blanks();
            if self.peek() != Some(b'\n') {
                return Ok(());
            }
            self.line_break()?;
        }
    }

    fn line_break(&mut self) -> Read<()> {
        self.at += 1;
        for (delimiter, tabs) in std::mem::take(&mut self.heredocs) {
            loop {
                if self.at >= self.text.len() {
                    return Err(self.wrong("a heredoc without its end"));
                }
                let end = memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
                let line = self.script.get(self.at..self.at + end).unwrap_or_default();
                self.at = (self.at + end + 1).min(self.text.len());
                let line = line.trim_end_matches('\r');
                let line = if tabs { line.trim_start_matches('\t') } else { line };
                if line == delimiter {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The bare word at the cursor, without moving: letters that could be a reserved word.
    fn bare(&self) -> &str {
        let rest = self.script.get(self.at..).unwrap_or_default();
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')' | '<' | '>'))
            .unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }

    fn reserved(&mut self, word: &str) -> bool {
        self.bare() == word && {
            self.at += word.len();
            true
        }
    }

    fn need(&mut self, word: &'static str, what: &'static str) -> Read<()> {
        self.lines()?;
        if self.reserved(word) {
            Ok(())
        } else {
            Err(self.wrong(what))
        }
    }

    /// Commands up to one of the reserved words, a `)`, `;;`, or the end.
    pub(super) fn list(&mut self, ends: &[&str]) -> Read<List> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.wrong("nested too deeply"));
        }
        let mut list = List::new();
        loop {
            self.lines()?;
            let bare = self.bare();
            if self.at >= self.text.len() || ends.contains(&bare) {
                break;
            }
            if self.peek() == Some(b')') || self.rest().starts_with(b";;") || self.rest().starts_with(b";&") {
                break;
            }
            if RESERVED_ENDS.contains(&bare) {
                return Err(self.wrong("an end without a beginning"));
            }
            let node = self.and_or()?;
            self.blanks();
            let background = self.peek() == Some(b'&') && !self.rest().starts_with(b"&&");
            let ends = self.peek() == Some(b';')
                && !self.rest().starts_with(b";;")
                && !self.rest().starts_with(b";&");
            if background || ends {
                self.at += 1;
            } else if !matches!(self.peek(), None | Some(b'\n' | b')' | b';')) {
                return Err(self.wrong("something between two commands"));
            }
            list.push(Entry { node, background });
        }
        self.depth -= 1;
        Ok(list)
    }

    fn and_or(&mut self) -> Read<Node> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.blanks();
            let and = self.rest().starts_with(b"&&");
            if !and && !self.rest().starts_with(b"||") {
                break;
            }
            self.at += 2;
            self.lines()?;
            rest.push((and, self.pipeline()?));
        }
        Ok(if rest.is_empty() {
            first
        } else {
            Node::AndOr {
                first: Box::new(first),
                rest,
            }
        })
    }

    fn pipeline(&mut self) -> Read<Node> {
        let mut negated = false;
        self.blanks();
        while self.bare() == "!" {
            self.at += 1;
            negated = !negated;
            self.blanks();
        }
        let mut parts = vec![self.command()?];
        loop {
            self.blanks();
            if self.peek() != Some(b'|') || self.rest().starts_with(b"||") {
                break;
            }
            self.at += 1;
            if self.peek() == Some(b'&') {
                self.at += 1;
            }
            self.lines()?;
            parts.push(self.command()?);
        }
        if parts.len() == 1 && !negated {
            return parts.pop().ok_or((0, "nothing"));
        }
        Ok(Node::Pipeline { parts, negated })
    }

    fn command(&mut self) -> Read<Node> {
        self.blanks();
        let node = match self.bare() {
            "if" => self.if_()?,
            "while" | "until" => self.while_()?,
            "for" | "select" => self.for_()?,
            "case" => self.case()?,
            "{" => {
                self.at += 1;
                let body = self.list(&["}"])?;
                self.need("}", "`{` without `}`")?;
                Node::Group(body)
            }
            "function" => {
                self.at += "function".len();
                self.blanks();
                let name: Box<str> = self.bare().into();
                self.at += name.len();
                self.blanks();
                if self.eat("(") {
                    self.blanks();
                    if !self.eat(")") {
                        return Err(self.wrong("a function whose name is not followed by `()`"));
                    }
                }
                self.lines()?;
                return self.function(name);
            }
            "[[" => {
                self.skip_to(b"]]", "`[[` without `]]`")?;
                Node::Test
            }
            "time" => {
                self.at += "time".len();
                self.blanks();
                if self.bare() == "-p" {
                    self.at += 2;
                }
                return self.command();
            }
            "coproc" => return Err(self.wrong("`coproc`, which is not read")),
            _ if self.rest().starts_with(b"((") => {
                self.skip_to(b"))", "`((` without `))`")?;
                Node::Test
            }
            _ if self.peek() == Some(b'(') => {
                self.at += 1;
                let body = self.list(&[])?;
                if !self.eat(")") {
                    return Err(self.wrong("`(` without `)`"));
                }
                Node::Subshell(body)
            }
            _ => return self.simple(),
        };
        self.redirections()?;
        Ok(node)
    }

    pub(super) fn skip_to(&mut self, end: &[u8], what: &'static str) -> Read<()> {
        let found = memchr::memmem::find(self.rest(), end).ok_or_else(|| self.wrong(what))?;
        self.at += found + end.len();
        Ok(())
    }

    fn if_(&mut self) -> Read<Node> {
        self.at += 2;
        let mut arms = Vec::new();
        let mut otherwise = List::new();
        loop {
            let condition = self.list(&["then"])?;
            self.need("then", "`if` without `then`")?;
            let body = self.list(&["elif", "else", "fi"])?;
            arms.push((condition, body));
            if self.reserved("elif") {
                continue;
            }
            if self.reserved("else") {
                otherwise = self.list(&["fi"])?;
            }
            self.need("fi", "`if` without `fi`")?;
            return Ok(Node::If { arms, otherwise });
        }
    }

    fn while_(&mut self) -> Read<Node> {
        let until = self.bare() == "until";
        self.at += "while".len();
        let condition = self.list(&["do"])?;
        self.need("do", "a loop without `do`")?;
        let body = self.list(&["done"])?;
        self.need("done", "a loop without `done`")?;
        Ok(Node::While {
            until,
            condition,
            body,
        })
    }

    fn for_(&mut self) -> Read<Node> {
        self.at += self.bare().len();
        self.blanks();
        if self.rest().starts_with(b"((") {
            self.skip_to(b"))", "`((` without `))`")?;
        }
        // The words of the loop may hold substitutions, but not decide an exit code.
        loop {
            self.lines()?;
            if self.eat(";") {
                continue;
            }
            if self.at >= self.text.len() {
                return Err(self.wrong("a loop without `do`"));
            }
            if self.reserved("do") {
                break;
            }
            if self.word()?.is_none() {
                return Err(self.wrong("a loop without `do`"));
            }
        }
        let body = self.list(&["done"])?;
        self.need("done", "a loop without `done`")?;
        Ok(Node::For(body))
    }

    fn case(&mut self) -> Read<Node> {
        self.at += "case".len();
        self.blanks();
        self.word()?;
        self.need("in", "`case` without `in`")?;
        let (mut arms, mut exhaustive) = (Vec::new(), false);
        loop {
            self.lines()?;
            if self.reserved("esac") {
                return Ok(Node::Case { arms, exhaustive });
            }
            self.eat("(");
            loop {
                self.blanks();
                let Some(pattern) = self.word()? else {
                    return Err(self.wrong("a pattern that is not read"));
                };
                exhaustive |= pattern.text == "*" && !pattern.quoted;
                self.blanks();
                if self.eat("|") {
                    continue;
                }
                if self.eat(")") {
                    break;
                }
                return Err(self.wrong("a pattern without `)`"));
            }
            arms.push(self.list(&["esac"])?);
            // `;&` and `;;&` fall through, which is not followed.
            if self.eat(";;&") || self.eat(";&") {
                return Err(self.wrong("a case that falls through"));
            }
            self.eat(";;");
        }
    }

    fn function(&mut self, name: Box<str>) -> Read<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.wrong("nested too deeply"));
        }
        let body = Box::new(self.command()?);
        self.depth -= 1;
        Ok(Node::Function { name, body })
    }

    fn simple(&mut self) -> Read<Node> {
        let start = self.at;
        let (mut assignments, mut words, mut end) = (Vec::new(), Vec::<Word>::new(), start);
        loop {
            self.blanks();
            if self.redirection()? {
                end = self.at;
                continue;
            }
            if self.peek() == Some(b'(') && words.len() == 1 && assignments.is_empty() {
                self.at += 1;
                self.blanks();
                if !self.eat(")") {
                    return Err(self.wrong("a `(` that is not read"));
                }
                self.lines()?;
                let name = words.pop().map(|word| word.text).unwrap_or_default();
                return self.function(name.into());
            }
            if words.is_empty()
                && let Some(name) = self.assigned()
            {
                let value = if self.peek() == Some(b'(') {
                    self.array()?
                } else {
                    self.word()?.unwrap_or_default()
                };
                assignments.push((name, value));
                end = self.at;
                continue;
            }
            match self.word()? {
                Some(word) => words.push(word),
                None => break,
            }
            end = self.at;
        }
        if words.is_empty() && assignments.is_empty() && end == start {
            return Err(self.wrong("a command that is not read"));
        }
        if self.commands.len() >= MAX_COMMANDS {
            return Err(self.wrong("too many commands"));
        }
        self.commands.push(Command {
            assignments,
            words,
            line: self.line(start),
            bytes: (start, end),
        });
        Ok(Node::Simple(self.commands.len() - 1))
    }

    /// The name of an assignment at the cursor (`NAME=`, `NAME+=`, `NAME[x]=`), passed over.
    fn assigned(&mut self) -> Option<Box<str>> {
        let rest = self.script.get(self.at..)?;
        let name_end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        let name = rest.get(..name_end)?;
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut after = name_end;
        let mut tail = rest.get(after..)?;
        if tail.starts_with('[') {
            let close = tail.find(']')?;
            after += close + 1;
            tail = rest.get(after..)?;
        }
        let sign = if tail.starts_with("+=") {
            2
        } else if tail.starts_with('=') {
            1
        } else {
            return None;
        };
        self.at += after + sign;
        Some(name.into())
    }

    fn array(&mut self) -> Read<Word> {
        self.at += 1;
        let mut whole = Word::default();
        loop {
            self.lines()?;
            if self.eat(")") {
                return Ok(whole);
            }
            match self.word()? {
                Some(word) => whole.inner.extend(word.inner),
                None => return Err(self.wrong("an array that is not read")),
            }
        }
    }

    fn redirections(&mut self) -> Read<()> {
        loop {
            self.blanks();
            if !self.redirection()? {
                return Ok(());
            }
        }
    }

    /// One redirection, if one stands here.
    fn redirection(&mut self) -> Read<bool> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let rest = self.rest();
        let redirects = (rest.starts_with(b"<") || rest.starts_with(b">"))
            && !((rest.starts_with(b"<(") || rest.starts_with(b">(")) && self.at == start);
        let both = rest.starts_with(b"&>") && self.at == start;
        if !redirects && !both {
            self.at = start;
            return Ok(false);
        }
        for (sign, tabs) in [("<<<", None), ("<<-", Some(true)), ("<<", Some(false))] {
            if self.eat(sign) {
                self.blanks();
                let word = self
                    .word()?
                    .ok_or_else(|| self.wrong("a redirection to nothing"))?;
                if let Some(tabs) = tabs {
                    self.heredocs.push((word.text, tabs));
                }
                return Ok(true);
            }
        }
        let _ = ["&>>", "&>", ">>", ">&", ">|", "<&", "<>", ">", "<"]
            .iter()
            .any(|sign| self.eat(sign));
        self.blanks();
        if self.eat("-") {
            return Ok(true);
        }
        self.word()?
            .ok_or_else(|| self.wrong("a redirection to nothing"))?;
        Ok(true)
    }
}
