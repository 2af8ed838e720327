//! Rules and the parts of a tool that carry them, in the shapes of all versions.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::message::Message;
use crate::formats::found;
use crate::formats::json::{Entries, List, Number, Object, Text};
use crate::model::{FindingSeverity, RuleText};

/// So many entries of a rule's or an invocation's list are looked at for each result: a hostile list must not cost its
/// length for every one of them.
pub(super) const LOOKED_AT: usize = 1024;

/// `tool`: a driver and its extensions; before 2.1 the tool itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tool<'a> {
    #[serde(borrow)]
    pub(super) driver: Object<Component<'a>>,
    #[serde(borrow)]
    pub(super) extensions: List<Object<Component<'a>>>,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
}

/// A part of the tool with rules of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Component<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow)]
    pub(super) rules: Rules<'a>,
    #[serde(borrow)]
    pub(super) global_message_strings: Entries<'a, Message<'a>>,
}

/// A list of rules, or (before 2.1) an object of them.
#[derive(Debug, Default)]
pub(super) struct Rules<'a>(pub(super) Vec<Rule<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Rules<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        macro_rules! none {
            ($($method:ident: $type:ty),*) => {
                $(fn $method<E>(self, _: $type) -> Result<Self::Value, E> { Ok(Rules::default()) })*
            };
        }
        impl<'de> Visitor<'de> for V {
            type Value = Rules<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("rules")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                // A gap keeps its place: results point at rules by their index.
                while let Some(rule) = seq.next_element::<Object<Rule<'de>>>()? {
                    all.push(rule.0.unwrap_or_default());
                }
                Ok(Rules(all))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some((key, rule)) = map.next_entry::<Text<'de>, Object<Rule<'de>>>()? {
                    let mut rule = rule.0.unwrap_or_default();
                    rule.key = key;
                    all.push(rule);
                }
                Ok(Rules(all))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Rules::default())
            }
            none!(visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str);
        }
        deserializer.deserialize_any(V)
    }
}

/// A rule, of which matters what its results inherit.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Rule<'a> {
    #[serde(borrow)]
    pub(super) id: Text<'a>,
    #[serde(skip)]
    pub(super) key: Text<'a>,
    /// A finding is its.
    #[serde(skip)]
    pub(super) used: Cell<bool>,
    #[serde(borrow, alias = "helpURI")]
    help_uri: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    default_configuration: Object<Configuration<'a>>,
    #[serde(borrow)]
    configuration: Object<Configuration<'a>>,
    #[serde(borrow)]
    default_level: Text<'a>,
    #[serde(borrow)]
    pub(super) properties: Object<Properties<'a>>,
    #[serde(borrow)]
    pub(super) short_description: Message<'a>,
    #[serde(borrow)]
    pub(super) full_description: Message<'a>,
    #[serde(borrow)]
    message_strings: Entries<'a, Message<'a>>,
    #[serde(borrow)]
    message_formats: Entries<'a, Message<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Configuration<'a> {
    #[serde(borrow)]
    level: Text<'a>,
    #[serde(borrow)]
    default_level: Text<'a>,
}

impl Rule<'_> {
    /// The level that results inherit, as written.
    pub(super) fn level(&self) -> &str {
        let of = |configuration: &Option<Configuration<'_>>| {
            let configuration = configuration.as_ref();
            configuration.map_or(0, |c| c.level.len() + c.default_level.len()) > 0
        };
        let configuration = if of(&self.default_configuration.0) {
            &self.default_configuration.0
        } else {
            &self.configuration.0
        };
        match configuration {
            Some(c) if !c.level.is_empty() => &c.level,
            Some(c) if !c.default_level.is_empty() => &c.default_level,
            _ => &self.default_level,
        }
    }

    /// Its name as findings have it.
    pub(super) fn id(&self) -> &str {
        if self.id.is_empty() { &self.key } else { &self.id }
    }

    /// What it says once for all its findings.
    pub(super) fn says(&self) -> RuleText {
        let texts = [
            &*self.short_description.text,
            &self.full_description.text,
            &self.name,
        ];
        RuleText {
            id: self.id().into(),
            title: found::first(&texts),
            link: found::boxed(&self.help_uri),
        }
    }

    /// One of the texts that results name.
    pub(super) fn text(&self, id: &str) -> Option<&str> {
        let all = self.message_strings.0.iter().chain(&self.message_formats.0);
        let mut all = all.take(LOOKED_AT);
        all.find(|(key, _)| key == id).map(|(_, message)| &*message.text)
    }
}

/// What GitHub and others add to rules and results.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Properties<'a> {
    #[serde(borrow, rename = "security-severity")]
    security_severity: Text<'a>,
    #[serde(borrow)]
    severity: Text<'a>,
    #[serde(borrow)]
    issue_severity: Text<'a>,
}

impl Properties<'_> {
    /// The severity: the score in GitHub's steps, else a word of the contract.
    pub(super) fn severity(&self) -> Option<FindingSeverity> {
        let score = self.security_severity.trim().parse::<f64>().ok();
        let step = score.filter(|score| *score > 0.0 && *score <= 10.0).map(|score| {
            if score >= 9.0 {
                FindingSeverity::Critical
            } else if score >= 7.0 {
                FindingSeverity::High
            } else if score >= 4.0 {
                FindingSeverity::Medium
            } else {
                FindingSeverity::Low
            }
        });
        let words = [&self.security_severity, &self.severity, &self.issue_severity];
        let mut words = words.into_iter().map(|word| FindingSeverity::parse(word));
        step.or_else(|| words.find(|word| *word != FindingSeverity::Unknown))
    }
}

/// Which rule a result or an override means.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Reference<'a> {
    #[serde(borrow)]
    pub(super) id: Text<'a>,
    pub(super) index: Number,
    tool_component: Object<Place>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    index: Number,
}

impl Reference<'_> {
    /// The extension that carries the rule; none is the driver.
    pub(super) fn extension(&self) -> Option<u32> {
        self.tool_component
            .0
            .as_ref()
            .and_then(|place| place.index.line())
    }
}

/// Takes the first value of an object that is text; the others are passed over.
#[derive(Debug, Default)]
pub(super) struct FirstText<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for FirstText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = FirstText<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut first = Cow::Borrowed("");
                while map.next_key::<IgnoredAny>()?.is_some() {
                    if first.is_empty() {
                        first = map.next_value::<Text<'de>>()?.0;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(FirstText(first))
            }
            // An empty object of a tool written in PHP.
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(FirstText::default())
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(FirstText::default())
            }
        }
        deserializer.deserialize_any(V)
    }
}
