//! What a team demands of its checks in the configuration: the keys `ci.*`.

use std::collections::BTreeMap;

use super::layers::{Valued, globs, mode, refused, valued, word};
use super::merge::{list, text};
use super::spec::KeySpec;
use super::{Origin, document::Raw};
use crate::model::{CiRules, GateMode, Problem};

/// The keys `ci.*` of one layer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CiLayer {
    lists: BTreeMap<&'static str, Valued<Vec<String>>>,
    alerts: Option<Valued<GateMode>>,
}

impl CiLayer {
    /// Takes a value when the key is one of `ci.*`.
    pub(super) fn take(
        &mut self,
        key: &KeySpec,
        value: &Raw,
        origin: &Origin,
        at: &str,
    ) -> Option<Result<(), Problem>> {
        if !key.name.starts_with("ci.") {
            return None;
        }
        let taken = if key.name == "ci.alerts" {
            word(value)
                .and_then(mode)
                .map(|mode| self.alerts = Some(valued(mode, origin)))
        } else {
            globs(value).map(|list| {
                self.lists.insert(key.name, valued(list, origin));
            })
        };
        Some(taken.ok_or_else(|| refused(key, value, at)))
    }

    /// Lays the values over those of the layers below.
    pub(super) fn lay(self, rules: &mut CiRules, put: &mut impl FnMut(&str, Origin)) {
        for (key, set) in self.lists {
            if let Some(slot) = slot(rules, key) {
                *slot = set.value.into_iter().map(Into::into).collect();
                put(key, set.origin);
            }
        }
        if let Some(set) = self.alerts {
            rules.alerts = set.value;
            put("ci.alerts", set.origin);
        }
    }
}

fn slot<'a>(rules: &'a mut CiRules, key: &str) -> Option<&'a mut Vec<Box<str>>> {
    Some(match key {
        "ci.required" => &mut rules.required,
        "ci.allowed_skips" => &mut rules.allowed_skips,
        "ci.accept_neutral" => &mut rules.accept_neutral,
        "ci.blocker_labels" => &mut rules.blocker_labels,
        _ => return None,
    })
}

/// The value in force of a key of `ci.*`, as TOML.
pub(super) fn value(rules: &CiRules, key: &str) -> Option<String> {
    Some(match key {
        "ci.required" => list(&rules.required),
        "ci.allowed_skips" => list(&rules.allowed_skips),
        "ci.accept_neutral" => list(&rules.accept_neutral),
        "ci.blocker_labels" => list(&rules.blocker_labels),
        "ci.alerts" => text(rules.alerts.word()),
        _ => return None,
    })
}
