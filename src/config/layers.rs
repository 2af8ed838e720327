//! The layers: what the user's file may say, and the smaller set that a repository may say.

use std::collections::BTreeMap;

use super::demands::DemandLayer;
use super::document::{Entry, Raw, entries, quoted};
use super::spec::{KEYS, KEYS_ARE_THE_USERS, KeyKind, KeySpec, Scope, spec};
use super::{CiLayer, ColorChoice, Origin, suggest};
use crate::model::{EvidenceKind, GateMode, Problem, ProblemSeverity, Severity, Stage, Unproven};

/// A value with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valued<T> {
    /// The value.
    pub value: T,
    /// Where it was set.
    pub origin: Origin,
}

impl<T> Valued<T> {
    /// A value that a flag sets.
    pub fn flag(name: &str, value: T) -> Self {
        Self {
            value,
            origin: Origin::Flag(name.into()),
        }
    }
}

/// What a repository may decide: how strictly it is judged, and which documents count. Nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicyLayer {
    /// `stage`.
    pub stage: Option<Valued<Stage>>,
    /// `floor`.
    pub floor: Option<Valued<Severity>>,
    /// `unproven.severe`.
    pub unproven_severe: Option<Valued<Unproven>>,
    /// `unproven.other`.
    pub unproven_other: Option<Valued<Unproven>>,
    /// `evidence.*`.
    pub evidence: BTreeMap<EvidenceKind, Valued<GateMode>>,
    /// `ci.*`.
    pub ci: CiLayer,
    /// `document_gates`.
    pub document_gates: Option<Valued<GateMode>>,
    /// `reports.include`.
    pub include: Option<Valued<Vec<String>>>,
    /// `reports.exclude`.
    pub exclude: Option<Valued<Vec<String>>>,
    /// `evidence_files.include`.
    pub evidence_include: Option<Valued<Vec<String>>>,
    /// `evidence_files.exclude`.
    pub evidence_exclude: Option<Valued<Vec<String>>>,
    /// `coverage.*`, `scans.*`, `tests.*`, `ttl.*`.
    pub demands: DemandLayer,
}

/// What the user's file, the environment and flags may decide.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserLayer {
    /// What a repository may decide too.
    pub policy: PolicyLayer,
    /// `look.theme`.
    pub theme: Option<Valued<String>>,
    /// `look.ascii`.
    pub ascii: Option<Valued<bool>>,
    /// `look.color`.
    pub color: Option<Valued<ColorChoice>>,
    /// `look.mouse`.
    pub mouse: Option<Valued<bool>>,
    /// `read_only`.
    pub read_only: Option<Valued<bool>>,
    /// `editor`.
    pub editor: Option<Valued<String>>,
    /// `keys.*` by command name.
    pub keys: BTreeMap<String, Valued<Vec<String>>>,
}

/// Reads the user's file. `name` is how the file is called in problems and origins.
#[must_use]
pub fn parse_user(text: &str, name: &str) -> (UserLayer, Vec<Problem>) {
    let (mut layer, mut problems) = (UserLayer::default(), Vec::new());
    match entries(text, name) {
        Ok(found) => {
            for entry in &found.entries {
                let origin = Origin::User(entry.line.as_str().into());
                if let Err(problem) = layer.take(&entry.key, &entry.value, &origin, &entry.at) {
                    problems.push(problem);
                }
            }
            for table in &found.named {
                let origin = Origin::User(table.line.as_str().into());
                problems.extend(layer.policy.demands.take_named(table, origin).err());
            }
        }
        Err(problem) => problems.push(problem),
    }
    (layer, problems)
}

/// Reads a repository's `gonogo.toml`.
#[must_use]
pub fn parse_repository(text: &str, name: &str) -> (PolicyLayer, Vec<Problem>) {
    let (mut layer, mut problems) = (PolicyLayer::default(), Vec::new());
    match entries(text, name) {
        Ok(found) => {
            for table in &found.named {
                let origin = Origin::Repository(table.line.as_str().into());
                problems.extend(layer.demands.take_named(table, origin).err());
            }
            for entry in &found.entries {
                if let Some(why) = reserved(&entry.key) {
                    problems.push(not_allowed(entry, why));
                    continue;
                }
                let origin = Origin::Repository(entry.line.as_str().into());
                match spec(&entry.key) {
                    Some(key) => {
                        if let Err(problem) = layer.take(key, &entry.value, &origin, &entry.at) {
                            problems.push(problem);
                        }
                    }
                    None => problems.push(unknown(&entry.key, &entry.at, KeySpec::judges)),
                }
            }
        }
        Err(problem) => problems.push(problem),
    }
    (layer, problems)
}

/// Why a repository may not set a key that exists.
fn reserved(key: &str) -> Option<&'static str> {
    if key == "keys" || key.starts_with("keys.") {
        return Some(KEYS_ARE_THE_USERS);
    }
    match spec(key)?.scope {
        Scope::User(why) => Some(why),
        Scope::Everywhere => None,
    }
}

fn not_allowed(entry: &Entry, why: &str) -> Problem {
    Problem {
        severity: ProblemSeverity::Warning,
        at: entry.at.as_str().into(),
        what: format!(
            "{} is not allowed in a repository's file: {why}; it is left out",
            quoted(&entry.key)
        )
        .into(),
        hint: Some("put it into your own file; `gonogo config path` says where that is".into()),
    }
}

pub(super) fn unknown(key: &str, at: &str, fits: impl Fn(&KeySpec) -> bool) -> Problem {
    let names = KEYS.iter().filter(|known| fits(known)).map(|known| known.name);
    let hint = match suggest(key, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`config.example.toml` lists every key".to_owned(),
    };
    Problem {
        severity: ProblemSeverity::Warning,
        at: at.into(),
        what: format!("there is no key {}; it is left out", quoted(key)).into(),
        hint: Some(hint.into()),
    }
}

pub(super) fn refused(key: &KeySpec, value: &Raw, at: &str) -> Problem {
    let near = match (key.kind, value) {
        (KeyKind::Word(words), Raw::Text(word)) => suggest(word, words.iter().copied()),
        _ => None,
    };
    Problem {
        // A policy value that was lost can make the verdict milder than was wanted: never a GO.
        severity: if key.judges() {
            ProblemSeverity::Error
        } else {
            ProblemSeverity::Warning
        },
        at: at.into(),
        what: format!(
            "`{}` is {}, expected {}; the value of the layer below is used (built-in: `{}`)",
            key.name,
            value.describe(),
            key.allowed(),
            key.default.trim_matches('"')
        )
        .into(),
        hint: near.map(|near| format!("did you mean `{near}`?").into()),
    }
}

impl PolicyLayer {
    /// Takes a value, or says why not.
    pub(super) fn take(
        &mut self,
        key: &KeySpec,
        value: &Raw,
        origin: &Origin,
        at: &str,
    ) -> Result<(), Problem> {
        if let Some(taken) = self.ci.take(key, value, origin, at) {
            return taken;
        }
        if let Some(taken) = self.demands.take(key, value, origin, at) {
            return taken;
        }
        let no = || refused(key, value, at);
        let set = |slot: &mut Option<Valued<Stage>>, stage| *slot = Some(valued(stage, origin));
        match key.name {
            "stage" => set(
                &mut self.stage,
                word(value).and_then(Stage::parse).ok_or_else(no)?,
            ),
            "floor" => {
                let floor = word(value)
                    .and_then(Severity::parse)
                    .filter(|floor| *floor != Severity::Unspecified)
                    .ok_or_else(no)?;
                self.floor = Some(valued(floor, origin));
            }
            "unproven.severe" => {
                self.unproven_severe = Some(valued(word(value).and_then(unproven).ok_or_else(no)?, origin));
            }
            "unproven.other" => {
                self.unproven_other = Some(valued(word(value).and_then(unproven).ok_or_else(no)?, origin));
            }
            "document_gates" => {
                self.document_gates = Some(valued(word(value).and_then(mode).ok_or_else(no)?, origin));
            }
            "reports.include" => self.include = Some(valued(globs(value).ok_or_else(no)?, origin)),
            "reports.exclude" => self.exclude = Some(valued(globs(value).ok_or_else(no)?, origin)),
            "evidence_files.include" => {
                self.evidence_include = Some(valued(globs(value).ok_or_else(no)?, origin));
            }
            "evidence_files.exclude" => {
                self.evidence_exclude = Some(valued(globs(value).ok_or_else(no)?, origin));
            }
            name => {
                let kind = name
                    .strip_prefix("evidence.")
                    .and_then(|kind| EvidenceKind::ALL.into_iter().find(|known| known.word() == kind));
                let kind = kind.ok_or_else(|| unknown(name, at, |_| true))?;
                let mode = word(value).and_then(mode).ok_or_else(no)?;
                self.evidence.insert(kind, valued(mode, origin));
            }
        }
        Ok(())
    }
}

impl UserLayer {
    /// Takes a value, or says why not.
    pub(super) fn take(&mut self, key: &str, value: &Raw, origin: &Origin, at: &str) -> Result<(), Problem> {
        if let Some(command) = key.strip_prefix("keys.") {
            let keys = bound(value).ok_or_else(|| Problem {
                severity: ProblemSeverity::Warning,
                at: at.into(),
                what: format!(
                    "{} is {}, expected a key such as `\"ctrl-p\"` or a list of keys; the command keeps its own keys",
                    quoted(key),
                    value.describe()
                )
                .into(),
                hint: None,
            })?;
            self.keys.insert(command.to_owned(), valued(keys, origin));
            return Ok(());
        }
        let key = spec(key).ok_or_else(|| unknown(key, at, |_| true))?;
        let no = || refused(key, value, at);
        match key.name {
            "look.theme" => {
                let name = word(value).filter(|name| is_theme_name(name)).ok_or_else(no)?;
                self.theme = Some(valued(name.to_owned(), origin));
            }
            "look.ascii" => self.ascii = Some(valued(flag(value).ok_or_else(no)?, origin)),
            "look.mouse" => self.mouse = Some(valued(flag(value).ok_or_else(no)?, origin)),
            "look.color" => {
                let choice = word(value).and_then(ColorChoice::parse).ok_or_else(no)?;
                self.color = Some(valued(choice, origin));
            }
            "read_only" => self.read_only = Some(valued(flag(value).ok_or_else(no)?, origin)),
            "editor" => self.editor = Some(valued(word(value).ok_or_else(no)?.trim().to_owned(), origin)),
            _ => self.policy.take(key, value, origin, at)?,
        }
        Ok(())
    }
}

/// A theme is named, never a path: the name becomes `themes/NAME.toml` beside the user's file.
pub(super) fn is_theme_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

pub(super) fn valued<T>(value: T, origin: &Origin) -> Valued<T> {
    Valued {
        value,
        origin: origin.clone(),
    }
}

pub(super) fn word(value: &Raw) -> Option<&str> {
    match value {
        Raw::Text(text) => Some(text),
        _ => None,
    }
}

fn flag(value: &Raw) -> Option<bool> {
    match value {
        Raw::Flag(flag) => Some(*flag),
        _ => None,
    }
}

/// Globs; one that is empty or leaves the repository matches nothing and is a mistake.
pub(super) fn globs(value: &Raw) -> Option<Vec<String>> {
    match value {
        Raw::List(list) if list.iter().all(|glob| !glob.trim().is_empty()) => Some(list.clone()),
        _ => None,
    }
}

fn bound(value: &Raw) -> Option<Vec<String>> {
    match value {
        Raw::Text(key) if key.is_empty() => Some(Vec::new()),
        Raw::Text(key) => Some(vec![key.clone()]),
        Raw::List(keys) => Some(keys.clone()),
        _ => None,
    }
}

fn unproven(word: &str) -> Option<Unproven> {
    match word {
        "hold" => Some(Unproven::Hold),
        "warn" => Some(Unproven::Warn),
        "ignore" => Some(Unproven::Ignore),
        _ => None,
    }
}

pub(super) fn mode(word: &str) -> Option<GateMode> {
    [GateMode::Enforce, GateMode::Advise, GateMode::Off]
        .into_iter()
        .find(|mode| mode.word() == word)
}
