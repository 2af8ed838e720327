//! The layers laid over each other, and the result told value by value.

use std::collections::BTreeMap;

use super::layers::{PolicyLayer, UserLayer, Valued};
use super::spec::KEYS;
use super::{Origin, Settings};
use crate::model::Unproven;

/// Every layer above the built-in one, in the order in which they win.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layers {
    /// The user's file.
    pub user: UserLayer,
    /// The repository's `gonogo.toml`.
    pub repository: PolicyLayer,
    /// `GONOGO_*`.
    pub environment: UserLayer,
    /// Flags.
    pub flags: UserLayer,
}

/// One value for `gonogo config show`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Dotted name.
    pub key: String,
    /// The value as TOML.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Lays the layers over the defaults; the later one wins, key by key.
#[must_use]
pub fn merge(layers: Layers) -> Settings {
    let mut settings = Settings::default();
    settings.lay_user(layers.user);
    settings.lay_policy(layers.repository);
    settings.lay_user(layers.environment);
    settings.lay_user(layers.flags);
    settings.demands.decide(&mut settings.policy, &settings.origins);
    settings
}

impl Settings {
    fn lay_policy(&mut self, layer: PolicyLayer) {
        let Self {
            policy,
            demands,
            origins,
            ..
        } = self;
        let mut put = |key: &str, origin: Origin| {
            origins.insert(key.to_owned(), origin);
        };
        lay(layer.stage, &mut policy.stage, "stage", &mut put);
        lay(layer.floor, &mut policy.floor, "floor", &mut put);
        lay(
            layer.unproven_severe,
            &mut policy.unproven_severe,
            "unproven.severe",
            &mut put,
        );
        lay(
            layer.unproven_other,
            &mut policy.unproven_other,
            "unproven.other",
            &mut put,
        );
        lay(
            layer.document_gates,
            &mut policy.document_gates,
            "document_gates",
            &mut put,
        );
        lay(layer.include, &mut policy.include, "reports.include", &mut put);
        lay(layer.exclude, &mut policy.exclude, "reports.exclude", &mut put);
        lay(
            layer.evidence_include,
            &mut policy.evidence_include,
            "evidence_files.include",
            &mut put,
        );
        lay(
            layer.evidence_exclude,
            &mut policy.evidence_exclude,
            "evidence_files.exclude",
            &mut put,
        );
        layer.ci.lay(&mut policy.ci, &mut put);
        demands.lay(layer.demands, &mut put);
        for (kind, set) in layer.evidence {
            policy.evidence.insert(kind, set.value);
            put(&format!("evidence.{}", kind.word()), set.origin);
        }
    }

    fn lay_user(&mut self, layer: UserLayer) {
        self.lay_policy(layer.policy);
        let Self {
            look,
            origins,
            read_only,
            editor,
            keys,
            ..
        } = self;
        let mut put = |key: &str, origin: Origin| {
            origins.insert(key.to_owned(), origin);
        };
        lay(layer.theme, &mut look.theme, "look.theme", &mut put);
        lay(layer.ascii, &mut look.ascii, "look.ascii", &mut put);
        lay(layer.color, &mut look.color, "look.color", &mut put);
        lay(layer.mouse, &mut look.mouse, "look.mouse", &mut put);
        lay(layer.read_only, read_only, "read_only", &mut put);
        let command = layer.editor.map(|set| Valued {
            value: (!set.value.is_empty()).then_some(set.value),
            origin: set.origin,
        });
        lay(command, editor, "editor", &mut put);
        for (command, set) in layer.keys {
            put(&format!("keys.{command}"), set.origin);
            keys.insert(command, set.value);
        }
    }
}

fn lay<T>(from: Option<Valued<T>>, to: &mut T, key: &str, put: &mut impl FnMut(&str, Origin)) {
    if let Some(set) = from {
        *to = set.value;
        put(key, set.origin);
    }
}

/// Every value in force with its origin, in the order of the key list, then the tables with names and the bound keys.
#[must_use]
pub fn show(settings: &Settings) -> Vec<Shown> {
    let shown = |key: &str, value: String| Shown {
        key: key.to_owned(),
        value,
        origin: settings.origin(key).clone(),
    };
    let fixed = KEYS.iter().map(|key| shown(key.name, value(settings, key.name)));
    let origin = |key: &str| settings.origin(key).clone();
    let named: Vec<Shown> = settings.demands.shown(&origin).collect();
    let sorted: BTreeMap<_, _> = settings.keys.iter().collect();
    let bound = sorted
        .into_iter()
        .map(|(command, keys)| shown(&format!("keys.{command}"), list(keys)));
    fixed.chain(named).chain(bound).collect()
}

/// The value in force of a key, as TOML.
fn value(settings: &Settings, key: &str) -> String {
    let policy = &settings.policy;
    match key {
        "stage" => text(policy.stage.word()),
        "floor" => text(policy.floor.word()),
        "document_gates" => text(policy.document_gates.word()),
        "read_only" => settings.read_only.to_string(),
        "editor" => text(settings.editor.as_deref().unwrap_or_default()),
        "unproven.severe" => text(unproven(policy.unproven_severe)),
        "unproven.other" => text(unproven(policy.unproven_other)),
        "reports.include" => list(&policy.include),
        "reports.exclude" => list(&policy.exclude),
        "evidence_files.include" => list(&policy.evidence_include),
        "evidence_files.exclude" => list(&policy.evidence_exclude),
        "look.theme" => text(&settings.look.theme),
        "look.ascii" => settings.look.ascii.to_string(),
        "look.color" => text(settings.look.color.word()),
        "look.mouse" => settings.look.mouse.to_string(),
        _ => {
            if let Some(value) = super::ci::value(&policy.ci, key) {
                return value;
            }
            if let Some(value) = settings.demands.value(key) {
                return value;
            }
            let mode = policy
                .evidence
                .iter()
                .find(|(kind, _)| key.strip_prefix("evidence.") == Some(kind.word()));
            text(mode.map_or("off", |(_, mode)| mode.word()))
        }
    }
}

const fn unproven(what: Unproven) -> &'static str {
    match what {
        Unproven::Hold => "hold",
        Unproven::Warn => "warn",
        Unproven::Ignore => "ignore",
    }
}

pub(super) fn text(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}

pub(super) fn list<T: AsRef<str>>(values: &[T]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| text(value.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}
