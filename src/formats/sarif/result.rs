//! One result, read with borrowed texts.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::message::Message;
use super::rules::{FirstText, Properties, Reference};
use crate::formats::json::{List, Number, Object, Text};

/// A result; what is not needed is passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    pub(super) rule_id: Text<'a>,
    pub(super) rule_index: Number,
    #[serde(borrow)]
    pub(super) rule: Object<Reference<'a>>,
    #[serde(borrow)]
    rule_key: Text<'a>,
    #[serde(borrow)]
    kind: Text<'a>,
    #[serde(borrow)]
    pub(super) level: Text<'a>,
    #[serde(borrow)]
    pub(super) message: Message<'a>,
    #[serde(borrow)]
    pub(super) formatted_rule_message: Message<'a>,
    #[serde(borrow)]
    rule_message_id: Text<'a>,
    #[serde(borrow)]
    locations: First<Location<'a>>,
    #[serde(borrow)]
    analysis_target: Object<Artifact<'a>>,
    #[serde(borrow)]
    suppressions: List<Object<Suppression<'a>>>,
    #[serde(borrow)]
    suppression_states: List<Text<'a>>,
    #[serde(borrow)]
    baseline_state: Text<'a>,
    #[serde(borrow)]
    fingerprints: FirstText<'a>,
    #[serde(borrow)]
    partial_fingerprints: FirstText<'a>,
    #[serde(borrow)]
    pub(super) properties: Object<Properties<'a>>,
    provenance: Object<Provenance>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Suppression<'a> {
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    state: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Provenance {
    invocation_index: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Location<'a> {
    #[serde(borrow)]
    physical_location: Object<Physical<'a>>,
    #[serde(borrow)]
    result_file: Object<Physical<'a>>,
    #[serde(borrow)]
    analysis_target: Object<Physical<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Physical<'a> {
    #[serde(borrow)]
    artifact_location: Object<Artifact<'a>>,
    #[serde(borrow)]
    file_location: Object<Artifact<'a>>,
    #[serde(borrow)]
    uri: Text<'a>,
    region: Object<Region>,
}

/// Where a file is: its address, or its place in the list of artifacts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Artifact<'a> {
    #[serde(borrow)]
    pub(super) uri: Text<'a>,
    index: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Region {
    start_line: Number,
}

/// What becomes of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It counts.
    Finding,
    /// It is suppressed, or gone.
    Suppressed,
    /// It waits for a person.
    Open,
    /// It is no problem.
    Fine,
}

/// Where a result is.
#[derive(Debug, Default)]
pub(super) struct Spot<'r> {
    pub(super) uri: &'r str,
    pub(super) artifact: Option<u32>,
    pub(super) line: Option<u32>,
}

impl Entry<'_> {
    /// Whether it counts. An unknown kind or state does: only the known words take a result away.
    pub(super) fn fate(&self) -> Fate {
        let is = |word: &str| self.kind.eq_ignore_ascii_case(word);
        if is("open") || is("review") {
            return Fate::Open;
        }
        // Before 2.1 the level said these things.
        if is("pass") || is("informational") || is("notApplicable") {
            return Fate::Fine;
        }
        if self.kind.is_empty() {
            match &*self.level {
                "pass" | "notApplicable" => return Fate::Fine,
                "open" => return Fate::Open,
                _ => {}
            }
        }
        let accepted = |suppression: &Object<Suppression<'_>>| {
            let Some(suppression) = &suppression.0 else {
                return false;
            };
            [&suppression.status, &suppression.state]
                .iter()
                .all(|word| word.is_empty() || word.eq_ignore_ascii_case("accepted"))
        };
        let suppressed = !self.suppressions.0.is_empty() && self.suppressions.0.iter().all(accepted);
        let state = |word: &Text<'_>| matches!(&**word, "suppressedInSource" | "suppressedExternally");
        let gone = self.baseline_state.eq_ignore_ascii_case("absent");
        if suppressed || gone || self.suppression_states.0.iter().any(state) {
            return Fate::Suppressed;
        }
        Fate::Finding
    }

    /// The rule's index and extension, where the result says them.
    pub(super) fn rule_place(&self) -> (Option<u32>, Option<u32>) {
        let reference = self.rule.0.as_ref();
        let index = reference.and_then(|rule| rule.index.line());
        (
            index.or_else(|| self.rule_index.line()),
            reference.and_then(Reference::extension),
        )
    }

    /// The rule's name as written; it may be empty.
    pub(super) fn rule_name(&self) -> &str {
        let reference = self.rule.0.as_ref().map_or("", |rule| &*rule.id);
        [&*self.rule_id, reference, &*self.rule_key]
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or_default()
    }

    /// The name of the rule's text that is the message, where there is no text.
    pub(super) fn message_id(&self) -> &str {
        [
            &*self.message.id,
            &*self.formatted_rule_message.id,
            &*self.rule_message_id,
        ]
        .into_iter()
        .find(|id| !id.is_empty())
        .unwrap_or_default()
    }

    /// Which invocation made it.
    pub(super) fn invocation(&self) -> Option<u32> {
        self.provenance
            .0
            .as_ref()
            .and_then(|from| from.invocation_index.line())
    }

    /// The tool's own fingerprint, the finished kind before the partial one.
    pub(super) fn fingerprint(&self) -> &Cow<'_, str> {
        if self.fingerprints.0.is_empty() {
            &self.partial_fingerprints.0
        } else {
            &self.fingerprints.0
        }
    }

    /// Where it is: the first location.
    pub(super) fn spot(&self) -> Spot<'_> {
        let mut spot = Spot::default();
        if let Some(location) = &self.locations.0 {
            let all = [
                &location.physical_location,
                &location.result_file,
                &location.analysis_target,
            ];
            if let Some(physical) = all.into_iter().find_map(|physical| physical.0.as_ref()) {
                spot.line = physical
                    .region
                    .0
                    .as_ref()
                    .and_then(|region| region.start_line.line())
                    .filter(|line| *line > 0);
                spot.uri = &physical.uri;
                let artifact = physical.artifact_location.0.as_ref();
                if let Some(artifact) = artifact.or(physical.file_location.0.as_ref()) {
                    spot.uri = &artifact.uri;
                    spot.artifact = artifact.index.line();
                }
            }
        }
        if let (true, None, Some(target)) = (spot.uri.is_empty(), spot.artifact, &self.analysis_target.0) {
            spot.uri = &target.uri;
            spot.artifact = target.index.line();
        }
        spot
    }
}

/// The first object of a list; the others are passed over.
#[derive(Debug)]
struct First<T>(Option<T>);

impl<T> Default for First<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for First<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for V<T> {
            type Value = First<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let first = seq.next_element::<Object<T>>()?.and_then(|first| first.0);
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(First(first))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(First(None))
            }
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}
