//! GitHub's expressions, as far as their value is known without running anything.

/// A value, where it is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, and what an empty context gives.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

impl Value {
    fn truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
        }
    }

    fn number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Number(number) => *number,
            Self::Text(text) if text.trim().is_empty() => 0.0,
            Self::Text(text) => text.trim().parse().unwrap_or(f64::NAN),
        }
    }

    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => left.to_lowercase() == right.to_lowercase(),
            (Self::Null, Self::Null) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            _ => {
                let (left, right) = (self.number(), other.number());
                (left - right).abs() == 0.0
            }
        }
    }
}

/// The value of an `if`, where it is known. `known` gives the values of contexts (`github.event_name`).
///
/// A text around `${{ … }}` makes the whole a text, which is true whatever the expression says; GitHub does that too.
#[must_use]
pub fn condition(text: &str, known: &dyn Fn(&str) -> Option<Value>) -> Option<bool> {
    let text = text.trim();
    let inside = match text.strip_prefix("${{") {
        Some(rest) => match rest.split_once("}}") {
            Some((inside, after)) if after.trim().is_empty() => inside,
            _ => return Some(true),
        },
        None if text.contains("${{") => return Some(true),
        None => text,
    };
    evaluate(inside, known).map(|value| value.truthy())
}

/// The value of an expression, where it is known.
#[must_use]
pub fn evaluate(text: &str, known: &dyn Fn(&str) -> Option<Value>) -> Option<Value> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        known,
    };
    let value = reader.or().ok()?;
    reader.blanks();
    if reader.at < text.len() { None } else { value }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    known: &'a dyn Fn(&str) -> Option<Value>,
}

/// The outer error: not an expression; the inner nothing: not known.
type Read = Result<Option<Value>, ()>;

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, sign: &str) -> bool {
        self.blanks();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn or(&mut self) -> Read {
        self.depth += 1;
        if self.depth > 40 {
            return Err(());
        }
        let mut left = self.and()?;
        while self.eat("||") {
            let right = self.and()?;
            left = match (left, right) {
                (Some(left), _) if left.truthy() => Some(left),
                (Some(_), right) => right,
                (None, Some(right)) if right.truthy() => Some(right),
                _ => None,
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Read {
        let mut left = self.equality()?;
        while self.eat("&&") {
            let right = self.equality()?;
            left = match (left, right) {
                (Some(left), _) if !left.truthy() => Some(left),
                (Some(_), right) => right,
                (None, Some(right)) if !right.truthy() => Some(right),
                _ => None,
            };
        }
        Ok(left)
    }

    fn equality(&mut self) -> Read {
        let left = self.unary()?;
        for (sign, decide) in [
            ("==", (|l, r| l.equals(r)) as fn(&Value, &Value) -> bool),
            ("!=", |l, r| !l.equals(r)),
            ("<=", |l, r| l.number() <= r.number()),
            (">=", |l, r| l.number() >= r.number()),
            ("<", |l, r| l.number() < r.number()),
            (">", |l, r| l.number() > r.number()),
        ] {
            if self.eat(sign) {
                let right = self.unary()?;
                return Ok(left
                    .zip(right)
                    .map(|(left, right)| Value::Bool(decide(&left, &right))));
            }
        }
        Ok(left)
    }

    fn unary(&mut self) -> Read {
        self.blanks();
        if self.rest().starts_with("!=") {
            return Err(());
        }
        if self.eat("!") {
            self.depth += 1;
            if self.depth > 40 {
                return Err(());
            }
            let value = self.unary()?;
            self.depth -= 1;
            return Ok(value.map(|value| Value::Bool(!value.truthy())));
        }
        self.primary()
    }

    fn primary(&mut self) -> Read {
        self.blanks();
        if self.eat("(") {
            let value = self.or()?;
            return if self.eat(")") { Ok(value) } else { Err(()) };
        }
        if self.eat("'") {
            let mut text = String::new();
            loop {
                let rest = self.rest();
                let end = rest.find('\'').ok_or(())?;
                text.push_str(rest.get(..end).unwrap_or_default());
                self.at += end + 1;
                if !self.rest().starts_with('\'') {
                    return Ok(Some(Value::Text(text)));
                }
                text.push('\'');
                self.at += 1;
            }
        }
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.' | '*'))
            .unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_owned();
        if word.is_empty() {
            return Err(());
        }
        self.at += end;
        let next = self.rest();
        if next.starts_with('(') {
            return self.call(&word);
        }
        if next.starts_with('[') {
            let close = next.find(']').ok_or(())?;
            self.at += close + 1;
            // What follows an index belongs to it.
            let tail = self.rest();
            let more = tail
                .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.' | '*'))
                .unwrap_or(tail.len());
            self.at += more;
            return Ok(None);
        }
        Ok(match word.as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            _ => word
                .parse()
                .ok()
                .map(Value::Number)
                .or_else(|| (self.known)(&word)),
        })
    }

    fn call(&mut self, name: &str) -> Read {
        self.at += 1;
        let mut arguments = Vec::new();
        while !self.eat(")") {
            arguments.push(self.or()?);
            if !self.eat(",") && !self.rest().trim_start().starts_with(')') {
                return Err(());
            }
        }
        let texts: Option<Vec<String>> = arguments
            .into_iter()
            .map(|value| match value {
                Some(Value::Text(text)) => Some(text.to_lowercase()),
                _ => None,
            })
            .collect();
        let two = texts.as_deref().and_then(|texts| match texts {
            [whole, part] => Some((whole.as_str(), part.as_str())),
            _ => None,
        });
        Ok(match name.to_lowercase().as_str() {
            "always" => Some(Value::Bool(true)),
            "contains" => two.map(|(whole, part)| Value::Bool(whole.contains(part))),
            "startswith" => two.map(|(whole, part)| Value::Bool(whole.starts_with(part))),
            "endswith" => two.map(|(whole, part)| Value::Bool(whole.ends_with(part))),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_push(text: &str) -> Option<bool> {
        condition(text, &|name| match name {
            "github.event_name" => Some(Value::Text("push".into())),
            "github.ref" => Some(Value::Text("refs/heads/main".into())),
            _ => None,
        })
    }

    #[test]
    fn a_condition_is_decided_only_where_it_is_known() {
        for (text, value) in [
            ("false", Some(false)),
            ("${{ false }}", Some(false)),
            ("${{ always() && false }}", Some(false)),
            ("always()", Some(true)),
            ("success()", None),
            ("failure() || true", Some(true)),
            ("secrets.TOKEN != ''", None),
            ("github.event_name == 'pull_request'", Some(false)),
            (
                "github.event_name == 'push' && github.ref == 'refs/heads/main'",
                Some(true),
            ),
            ("github.event_name == 'PUSH'", Some(true)),
            ("!(github.ref == 'refs/heads/main')", Some(false)),
            ("startsWith(github.ref, 'refs/tags/')", Some(false)),
            ("${{ github.ref }} == 'refs/heads/dev'", Some(true)),
            ("contains(github.event.head_commit.message, 'skip')", None),
            ("github.event.pull_request.labels[0].name == 'x'", None),
            ("1 == 2", Some(false)),
            ("'it''s'", Some(true)),
            ("a b", None),
            ("(", None),
            ("", None),
        ] {
            assert_eq!(on_push(text), value, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_not(text in "(always\\(\\)|[a-z.' ()!=&|,\\[\\]0-9é]|\\$\\{\\{|\\}\\}|&&|\\|\\||==){0,30}") {
            let _ = on_push(&text);
        }
    }
}
