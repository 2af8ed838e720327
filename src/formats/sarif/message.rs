//! Messages: plain text, or the name of a text that the rule carries, with arguments.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::formats::found::sentence;
use crate::formats::json::{List, Text};

/// Arguments are put in up to this length; what a person reads is shorter.
const FILLED: usize = 4096;

/// A message; version 1 wrote plain text in place of the object.
#[derive(Debug, Default)]
pub(super) struct Message<'a> {
    pub(super) text: Cow<'a, str>,
    /// The name of the text, where there is no text.
    pub(super) id: Cow<'a, str>,
    pub(super) arguments: Vec<Text<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Message<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Message<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Message {
                    text: Cow::Borrowed(text),
                    ..Message::default()
                })
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Message {
                    text: Cow::Owned(text.to_owned()),
                    ..Message::default()
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut message = Message::default();
                let mut markdown = Cow::Borrowed("");
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    match &*key {
                        "text" => message.text = map.next_value::<Text<'de>>()?.0,
                        "markdown" => markdown = map.next_value::<Text<'de>>()?.0,
                        "id" | "messageId" | "formatId" => message.id = map.next_value::<Text<'de>>()?.0,
                        "arguments" => message.arguments = map.next_value::<List<Text<'de>>>()?.0,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                if message.text.is_empty() {
                    message.text = markdown;
                }
                Ok(message)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Message::default())
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Message::default())
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Message::default())
            }
            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Message::default())
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Message::default())
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Message::default())
            }
        }
        deserializer.deserialize_any(V)
    }
}

/// One sentence of a message's text: arguments filled in, links reduced to their words.
pub(super) fn words(text: &str, arguments: &[Text<'_>]) -> Box<str> {
    // Only a sentence is kept: a text of a million brackets must not cost its square.
    let text = beginning(text);
    if arguments.is_empty() {
        return sentence(&without_links(text));
    }
    sentence(&without_links(beginning(&filled(text, arguments))))
}

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(FILLED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// `{0}` replaced by the first argument and so on; doubled braces are single ones.
fn filled(text: &str, arguments: &[Text<'_>]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(['{', '}']) {
        out.push_str(before);
        if out.len() > FILLED {
            return out;
        }
        let brace = if rest.as_bytes().get(before.len()) == Some(&b'{') {
            '{'
        } else {
            '}'
        };
        rest = after;
        if let Some(after) = rest.strip_prefix(brace) {
            out.push(brace);
            rest = after;
            continue;
        }
        let argument = rest
            .split_once('}')
            .filter(|_| brace == '{')
            .and_then(|(digits, after)| {
                let value = arguments.get(digits.parse::<usize>().ok()?)?;
                Some((value, after))
            });
        match argument {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => out.push(brace),
        }
    }
    out.push_str(rest);
    out
}

/// `[words](target)` as `words`, `\[` as `[`.
fn without_links(text: &str) -> Cow<'_, str> {
    if !text.contains("](") && !text.contains("\\[") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        if let Some(before) = before.strip_suffix('\\') {
            out.push_str(before);
            out.push('[');
            rest = after;
            continue;
        }
        out.push_str(before);
        let link = after.split_once("](").and_then(|(words, target)| {
            let (_, after) = target.split_once(')')?;
            (!words.contains(['[', '\n'])).then_some((words, after))
        });
        match link {
            Some((words, after)) => {
                out.push_str(words);
                rest = after;
            }
            None => {
                out.push('[');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out.replace("\\]", "]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_and_links_become_words() {
        let arguments = [Text(Cow::Borrowed("a")), Text(Cow::Borrowed("b{0}"))];
        for (text, meant) in [
            ("{0} and {1}", "a and b{0}"),
            ("{{0}} {2} {x} {", "{0} {2} {x} {"),
            ("no [link](1) here", "no link here"),
        ] {
            assert_eq!(&*words(text, &arguments), meant, "{text}");
        }
        assert_eq!(&*words("a \\[b\\] [c](d) [e] {0}", &[]), "a [b] c [e] {0}");
        assert!(words(&"{0}".repeat(100_000), &arguments).len() < 400);
        assert!(words(&"[".repeat(1_000_000), &[]).len() < 400);
    }
}
