//! What a run says of the call that made it: success, time, errors, rules set to another level.

use serde::Deserialize;

use super::log::Log;
use super::message::Message;
use super::rules::{LOOKED_AT, Reference, Rule};
use crate::formats::found::sentence;
use crate::formats::json::{List, Object, Text};

/// A call of the tool.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Invocation<'a> {
    #[serde(borrow)]
    execution_successful: Text<'a>,
    #[serde(borrow)]
    tool_execution_successful: Text<'a>,
    #[serde(borrow)]
    process_start_failure_message: Text<'a>,
    #[serde(borrow)]
    start_time_utc: Text<'a>,
    #[serde(borrow)]
    end_time_utc: Text<'a>,
    #[serde(borrow)]
    start_time: Text<'a>,
    #[serde(borrow)]
    end_time: Text<'a>,
    #[serde(borrow)]
    tool_execution_notifications: List<Object<Notification<'a>>>,
    #[serde(borrow)]
    tool_notifications: List<Object<Notification<'a>>>,
    #[serde(borrow)]
    rule_configuration_overrides: List<Object<Override<'a>>>,
}

/// What the tool says while it runs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Notification<'a> {
    #[serde(borrow)]
    level: Text<'a>,
    #[serde(borrow)]
    message: Message<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Override<'a> {
    #[serde(borrow)]
    descriptor: Object<Reference<'a>>,
    #[serde(borrow)]
    configuration: Object<Level<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Level<'a> {
    #[serde(borrow)]
    level: Text<'a>,
}

impl<'a> Invocation<'a> {
    /// The call of a version 1 run, which keeps its notifications beside it.
    pub(super) fn of_notes(tool_notifications: List<Object<Notification<'a>>>) -> Self {
        Self {
            tool_notifications,
            ..Self::default()
        }
    }

    /// The level to which this invocation set a rule.
    pub(super) fn level_of(
        &self,
        rule: &Rule<'_>,
        index: Option<u32>,
        extension: Option<u32>,
    ) -> Option<&str> {
        let all = self.rule_configuration_overrides.0.iter().take(LOOKED_AT);
        let meant = all.filter_map(|entry| entry.0.as_ref()).find(|entry| {
            entry.descriptor.0.as_ref().is_some_and(|reference| {
                let by_index = reference.index.line();
                match (by_index, index) {
                    (Some(a), Some(b)) => a == b && reference.extension() == extension,
                    _ => !rule.id.is_empty() && *reference.id == *rule.id,
                }
            })
        })?;
        let level = &*meant.configuration.0.as_ref()?.level;
        (!level.is_empty()).then_some(level)
    }

    /// Whether it says that it succeeded.
    pub(super) fn success(&self) -> Option<bool> {
        let words = [&*self.execution_successful, &*self.tool_execution_successful];
        if !self.process_start_failure_message.is_empty() || words.contains(&"false") {
            Some(false)
        } else {
            words.contains(&"true").then_some(true)
        }
    }

    /// Tells the log when it ran and what went wrong.
    pub(super) fn say(&self, log: &mut Log<'_>) {
        let times = [
            &self.end_time_utc,
            &self.end_time,
            &self.start_time_utc,
            &self.start_time,
        ];
        if let Some(time) = times.into_iter().find(|time| !time.is_empty()) {
            log.name_time(time);
        }
        let failure = &*self.process_start_failure_message;
        let notes = [&self.tool_execution_notifications, &self.tool_notifications];
        let notes = notes
            .into_iter()
            .flat_map(|list| &list.0)
            .filter_map(|note| note.0.as_ref());
        let errors = notes
            .filter(|note| &*note.level == "error")
            .map(|note| &*note.message.text);
        for text in errors.chain((!failure.is_empty()).then_some(failure)) {
            if log.errors == 0 {
                log.first_error = sentence(text);
            }
            log.errors += 1;
        }
    }
}
