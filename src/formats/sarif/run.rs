//! One run: its results become findings as they are read. Rules and artifacts may stand before or behind them: what a
//! finding inherits is filled in at once where the rule is known already, else when the run is complete.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::invocation::Invocation;
use super::log::Log;
use super::message::words;
use super::package;
use super::result::{Artifact, Entry, Fate};
use super::rules::{Component, LOOKED_AT, Rule, Rules, Tool};
use crate::formats::found::{self, boxed};
use crate::formats::json::{List, Object, Text};
use crate::model::{Finding, FindingSeverity};

/// A run while it is read.
#[derive(Debug, Default)]
pub(super) struct Run<'a> {
    /// It stands beside the runs and belongs to one of them.
    inline: bool,
    tool: Tool<'a>,
    /// Rules where versions before 2.1 keep them.
    rules: Rules<'a>,
    artifacts: Vec<Text<'a>>,
    invocations: Vec<Invocation<'a>>,
    commit: Text<'a>,
    open: Vec<Inherits<'a>>,
    results: usize,
}

/// What a finding takes from the run.
#[derive(Debug)]
struct Inherits<'a> {
    /// The place of the finding.
    at: usize,
    rule: Option<u32>,
    extension: Option<u32>,
    artifact: Option<u32>,
    invocation: Option<u32>,
    /// The result has a level of its own.
    level: bool,
    /// The result has a severity of its own.
    severity: bool,
    message: Option<Box<(Cow<'a, str>, Vec<Text<'a>>)>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Provenance<'a> {
    #[serde(borrow)]
    revision_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listed<'a> {
    #[serde(borrow)]
    location: Object<Artifact<'a>>,
    #[serde(borrow, rename = "fileLocation")]
    file_location: Object<Artifact<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct External<'a> {
    #[serde(borrow)]
    results: List<Object<Listed<'a>>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(inline: bool) -> Self {
        Self {
            inline,
            ..Self::default()
        }
    }

    /// What reads it.
    pub(super) fn reader<'s>(&'s mut self, log: &'s mut Log<'a>) -> Reader<'s, 'a> {
        Reader { run: self, log }
    }

    /// Takes a result in.
    fn add(&mut self, result: Entry<'a>, log: &mut Log<'a>) {
        self.results += 1;
        match result.fate() {
            Fate::Fine => return,
            Fate::Open => {
                log.open += 1;
                return;
            }
            Fate::Suppressed => {
                log.report.suppressed = log.report.suppressed.saturating_add(1);
                return;
            }
            Fate::Finding => {}
        }
        let (rule, extension) = result.rule_place();
        let spot = result.spot();
        let own = result
            .properties
            .0
            .as_ref()
            .and_then(|properties| properties.severity());
        let text = &result.message.text;
        let mut finding = Finding {
            rule: result.rule_name().into(),
            severity: own.unwrap_or_else(|| FindingSeverity::parse(&result.level)),
            message: words(text, &result.message.arguments),
            path: path(spot.uri),
            line: spot.line,
            more: package::of(text, result.rule_name()).map(Box::new),
        };
        let at = log.report.findings.len();
        log.report.fingerprints.set(at, result.fingerprint());
        let inherits = Inherits {
            at,
            rule,
            extension,
            artifact: spot.artifact,
            invocation: result.invocation(),
            level: !result.level.is_empty(),
            severity: own.is_some(),
            message: text.is_empty().then(|| {
                let id = Cow::Owned(result.message_id().to_owned());
                let mut arguments = result.message.arguments;
                arguments.extend(result.formatted_rule_message.arguments);
                Box::new((id, arguments))
            }),
        };
        let complete = inherits.message.is_none()
            && inherits.invocation.is_none()
            && (finding.path.is_some() || inherits.artifact.is_none());
        match self.placed(&finding.rule, extension, rule) {
            Some(rule) if complete => self.inherit(&mut finding, rule, &inherits),
            _ => self.open.push(inherits),
        }
        log.report.findings.push(finding);
    }

    /// The rule at a place that is read already, unless its name contradicts.
    fn placed(&self, name: &str, extension: Option<u32>, index: Option<u32>) -> Option<&Rule<'a>> {
        let rule = match extension {
            Some(at) => {
                let component = self.tool.extensions.0.get(at as usize)?.0.as_ref()?;
                component.rules.0.get(index? as usize)
            }
            None => self.driver().get(index? as usize),
        };
        rule.filter(|rule| {
            let rest = name.strip_prefix(&*rule.id);
            name.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// The rules of the tool itself, where the version keeps them.
    fn driver(&self) -> &[Rule<'a>] {
        match &self.tool.driver.0 {
            Some(driver) if !driver.rules.0.is_empty() => &driver.rules.0,
            _ => &self.rules.0,
        }
    }

    /// The run is complete: findings get what they inherit, the log what the run says about itself.
    pub(super) fn finish(self, log: &mut Log<'a>) {
        let known = Known::of(&self);
        for inherits in &self.open {
            let Some(finding) = log.report.findings.get_mut(inherits.at) else {
                continue;
            };
            let rule = known.rule(&finding.rule, inherits);
            if let Some(rule) = rule {
                self.inherit(finding, rule, inherits);
            }
            if finding.message.is_empty() {
                finding.message = known.message(rule, inherits);
            }
            if let (None, Some(at)) = (&finding.path, inherits.artifact) {
                finding.path = self.artifacts.get(at as usize).and_then(|uri| path(uri));
            }
        }
        let extensions = self.tool.extensions.0.iter().filter_map(|part| part.0.as_ref());
        let rules = self
            .driver()
            .iter()
            .chain(extensions.flat_map(|part| &part.rules.0));
        let used = rules.filter(|rule| rule.used.get()).map(Rule::says);
        let used = used.filter(|rule| !rule.title.is_empty() || rule.link.is_some());
        log.report.rules.extend(used);
        self.say(log);
    }

    /// What the rule gives: its name, and the severity: the score first, then the level as set for this invocation.
    fn inherit(&self, finding: &mut Finding, rule: &Rule<'_>, inherits: &Inherits<'_>) {
        if finding.rule.is_empty() {
            finding.rule = rule.id().into();
        }
        rule.used.set(true);
        // Where the message is a form that was filled in, the rule says it in a sentence.
        if finding.message.starts_with("Package: ") && finding.more.is_some() {
            let title = rule.says().title;
            if !title.is_empty() {
                finding.message = title;
            }
        }
        if inherits.severity {
            return;
        }
        if let Some(severity) = rule
            .properties
            .0
            .as_ref()
            .and_then(|properties| properties.severity())
        {
            finding.severity = severity;
        } else if !inherits.level {
            let invocation = inherits
                .invocation
                .and_then(|at| self.invocations.get(at as usize));
            let level = invocation
                .and_then(|invocation| invocation.level_of(rule, inherits.rule, inherits.extension));
            finding.severity = FindingSeverity::parse(level.unwrap_or_else(|| rule.level()));
        }
    }

    fn say(&self, log: &mut Log<'a>) {
        let driver = self.tool.driver.0.as_ref().map_or("", |driver| &*driver.name);
        log.name_tool(if driver.is_empty() {
            &self.tool.name
        } else {
            driver
        });
        log.name_commit(&self.commit);
        let mut said = None;
        for invocation in &self.invocations {
            invocation.say(log);
            said = match invocation.success() {
                Some(success) => Some(success && said.unwrap_or(true)),
                None => said,
            };
        }
        log.failed |= said == Some(false);
        // Parts beside the runs can only take away.
        log.runs += usize::from(!self.inline || said == Some(false));
        log.runs_that_ran += usize::from(!self.inline && said.unwrap_or(self.results > 0));
    }
}

/// The rules of a run by their names.
struct Known<'r, 'a> {
    run: &'r Run<'a>,
    names: HashMap<&'r str, &'r Rule<'a>>,
}

impl<'r, 'a> Known<'r, 'a> {
    fn of(run: &'r Run<'a>) -> Self {
        let extensions = run.tool.extensions.0.iter();
        let extensions = extensions.filter_map(|component| component.0.as_ref());
        let all = run.driver().iter();
        let mut names = HashMap::new();
        for rule in all.chain(extensions.flat_map(|component| &component.rules.0)) {
            for name in [&*rule.id, &*rule.key] {
                if !name.is_empty() {
                    names.entry(name).or_insert(rule);
                }
            }
        }
        Self { run, names }
    }

    /// The rule at its place; else the rule of that name, or of the name before its last `/`.
    fn rule(&self, name: &str, inherits: &Inherits<'_>) -> Option<&'r Rule<'a>> {
        let parent = || {
            let (parent, _) = name.rsplit_once('/')?;
            self.names.get(parent).copied()
        };
        self.run
            .placed(name, inherits.extension, inherits.rule)
            .or_else(|| self.names.get(name).copied())
            .or_else(parent)
    }

    /// A message that the rule or the tool carries, else what the rule says of itself.
    fn message(&self, rule: Option<&Rule<'_>>, inherits: &Inherits<'_>) -> Box<str> {
        if let Some((id, arguments)) = inherits.message.as_deref() {
            let of_tool = || {
                let driver = self.run.tool.driver.0.as_ref()?;
                let mut all = driver.global_message_strings.0.iter().take(LOOKED_AT);
                all.find(|(key, _)| key == id).map(|(_, message)| &*message.text)
            };
            if let Some(text) = rule.and_then(|rule| rule.text(id)).or_else(of_tool) {
                return words(text, arguments);
            }
        }
        let said =
            rule.map(|rule| found::first(&[&rule.short_description.text, &rule.full_description.text]));
        said.unwrap_or_default()
    }
}

/// A file as a path: percent signs of an address without another scheme are undone.
fn path(uri: &str) -> Option<Box<str>> {
    let address = uri.contains("://") && !uri.starts_with("file:");
    boxed(&if address {
        Cow::Borrowed(uri)
    } else {
        found::percent(uri)
    })
}

/// Reads a run into its place.
pub(super) struct Reader<'s, 'a> {
    run: &'s mut Run<'a>,
    log: &'s mut Log<'a>,
}

impl<'de: 'a, 'a> DeserializeSeed<'de> for Reader<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Reader<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a run")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let run = self.run;
        while let Some(key) = map.next_key::<Text<'de>>()? {
            match &*key {
                "tool" => run.tool = map.next_value::<Object<Tool<'de>>>()?.0.unwrap_or_default(),
                "driver" => run.tool.driver = map.next_value()?,
                "extensions" => run.tool.extensions = map.next_value()?,
                "rules" => run.rules = map.next_value()?,
                "resources" => {
                    let resources = map.next_value::<Object<Component<'de>>>()?.0;
                    run.rules = resources.unwrap_or_default().rules;
                }
                "results" => map.next_value_seed(Results {
                    run: &mut *run,
                    log: &mut *self.log,
                })?,
                "invocations" => {
                    let all = map.next_value::<List<Object<Invocation<'de>>>>()?;
                    // A gap keeps its place: results point at invocations by their index.
                    run.invocations
                        .extend(all.into_iter().map(|one| one.0.unwrap_or_default()));
                }
                "invocation" => run
                    .invocations
                    .extend(map.next_value::<Object<Invocation<'de>>>()?.0),
                "toolNotifications" => run.invocations.push(Invocation::of_notes(map.next_value()?)),
                "artifacts" => {
                    let all = map.next_value::<List<Object<Listed<'de>>>>()?;
                    let uri = |one: Object<Listed<'de>>| one.0?.location.0.map(|place| place.uri);
                    run.artifacts = all.into_iter().map(|one| uri(one).unwrap_or_default()).collect();
                }
                "versionControlProvenance" => {
                    let all = map.next_value::<List<Object<Provenance<'de>>>>()?;
                    let mut all = all.into_iter().filter_map(|one| one.0);
                    run.commit = all.next().unwrap_or_default().revision_id;
                }
                "externalPropertyFileReferences" | "externalPropertyFiles" => {
                    let all = map.next_value::<Object<External<'de>>>()?.0.unwrap_or_default();
                    let mut places = all.results.into_iter().filter_map(|one| {
                        let one = one.0?;
                        one.location.0.or(one.file_location.0)
                    });
                    if let Some(place) = places.find(|place| !place.uri.is_empty()) {
                        self.log.elsewhere.get_or_insert_with(|| place.uri.to_string());
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Reads results one by one.
struct Results<'s, 'a> {
    run: &'s mut Run<'a>,
    log: &'s mut Log<'a>,
}

impl<'de: 'a, 'a> DeserializeSeed<'de> for Results<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Results<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of results")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(result) = seq.next_element::<Object<Entry<'de>>>()? {
            // What cannot be read must not vanish: it might be a finding.
            let result = result
                .0
                .ok_or_else(|| A::Error::custom("a result that is no object"))?;
            self.run.add(result, self.log);
        }
        Ok(())
    }
}
