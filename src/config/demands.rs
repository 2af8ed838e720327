//! What a team demands of its evidence: `[coverage]`, `[scans]`, `[tests]`, `[ttl]` and the tables with names.
//!
//! The plain keys are laid over each other one by one like every key; a table with a name is one value: the layer above
//! replaces it as a whole, and one mistake in it is told as an error and leaves all of it out, for half a rule is
//! another rule.

use std::collections::BTreeMap;

use super::document::{Entry, Named, Raw, quoted};
use super::layers::{Valued, globs, mode, refused, valued, word};
use super::merge::{Shown, list, text};
use super::spec::{FINDINGS, KeySpec, METRICS, MODES};
use super::{Origin, suggest};
use crate::model::target::{parse_threshold, threshold_words};
use crate::model::{
    CoverageTarget, FindingSeverity, GateMode, Metric, Policy, Problem, ProblemSeverity, ScanLimit,
    TestRules, Ttl,
};
use crate::text::glob::{Globs, is_wild};

/// The demands of one layer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DemandLayer {
    /// `coverage.target`; empty takes a target of a layer below away.
    target: Option<Valued<Option<(bool, u32)>>>,
    metric: Option<Valued<Metric>>,
    except: Option<Valued<Vec<String>>>,
    coverage_mode: Option<Valued<GateMode>>,
    severity: Option<Valued<FindingSeverity>>,
    /// Whole numbers by key: `scans.most`, `scans.days`, `tests.least`, `ttl.*`.
    numbers: BTreeMap<&'static str, Valued<u32>>,
    /// Modes by key: `coverage.codecov`, `scans.mode`, `scans.unrated`, `tests.*`.
    modes: BTreeMap<&'static str, Valued<GateMode>>,
    /// `[coverage.NAME]`.
    coverage: BTreeMap<String, Valued<CoverageTarget>>,
    /// `[scans.NAME]`.
    scans: BTreeMap<String, Valued<ScanLimit>>,
}

/// The demands of all layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demands {
    /// The target over all code; it counts once it has a target.
    whole: CoverageTarget,
    codecov: GateMode,
    /// The limit over all findings.
    every: ScanLimit,
    tests: TestRules,
    ttl: Ttl,
    coverage: BTreeMap<String, CoverageTarget>,
    scans: BTreeMap<String, ScanLimit>,
}

impl Default for Demands {
    fn default() -> Self {
        Self {
            whole: target("all"),
            codecov: GateMode::Enforce,
            every: ScanLimit::default(),
            tests: TestRules::default(),
            ttl: Ttl::default(),
            coverage: BTreeMap::new(),
            scans: BTreeMap::new(),
        }
    }
}

fn target(id: &str) -> CoverageTarget {
    CoverageTarget {
        id: id.into(),
        paths: Vec::new(),
        except: Vec::new(),
        metric: Metric::default(),
        inclusive: true,
        target: None,
        unjudged: "",
        mode: GateMode::Enforce,
        source: "".into(),
    }
}

impl DemandLayer {
    /// Takes the value of a plain key; `None` when the key is none of these.
    pub(super) fn take(
        &mut self,
        key: &KeySpec,
        value: &Raw,
        origin: &Origin,
        at: &str,
    ) -> Option<Result<(), Problem>> {
        let set = match key.name {
            "coverage.target" => set(&mut self.target, origin, threshold_or_none(value)),
            "coverage.metric" => set(&mut self.metric, origin, word(value).and_then(metric)),
            "coverage.except" => set(
                &mut self.except,
                origin,
                globs(value).filter(|globs| sound(globs).is_ok()),
            ),
            "coverage.mode" => set(&mut self.coverage_mode, origin, word(value).and_then(mode)),
            "scans.severity" => set(&mut self.severity, origin, word(value).and_then(severity)),
            "scans.most" | "scans.days" | "tests.least" | "ttl.tests" | "ttl.coverage" | "ttl.scan"
            | "ttl.dast" => number(value).map(|number| {
                self.numbers.insert(key.name, valued(number, origin));
            }),
            "coverage.codecov" | "scans.mode" | "scans.unrated" | "tests.failed" | "tests.skipped"
            | "tests.flaky" => word(value).and_then(mode).map(|mode| {
                self.modes.insert(key.name, valued(mode, origin));
            }),
            _ => return None,
        };
        Some(set.ok_or_else(|| refused(key, value, at)))
    }

    /// Takes a table with a name, or says what is wrong with it.
    pub(super) fn take_named(&mut self, table: &Named, origin: Origin) -> Result<(), Problem> {
        if table.name.trim().is_empty() {
            return Err(lost(table, &table.at, "its name is empty".to_owned(), None));
        }
        let name = table.name.clone();
        if table.section == "coverage" {
            let value = coverage_table(table, &origin)?;
            self.coverage.insert(name, Valued { value, origin });
        } else {
            let value = scans_table(table, &origin)?;
            self.scans.insert(name, Valued { value, origin });
        }
        Ok(())
    }
}

fn set<T>(slot: &mut Option<Valued<T>>, origin: &Origin, value: Option<T>) -> Option<()> {
    *slot = Some(valued(value?, origin));
    Some(())
}

const COVERAGE_FIELDS: [&str; 5] = ["target", "paths", "except", "metric", "mode"];
const SCAN_FIELDS: [&str; 7] = ["severity", "tool", "paths", "most", "days", "unrated", "mode"];

fn coverage_table(table: &Named, origin: &Origin) -> Result<CoverageTarget, Problem> {
    let mut made = target(&table.name);
    made.source = origin.to_string().into();
    for field in &table.fields {
        let value = &field.value;
        match field.key.as_str() {
            "target" => {
                let read = threshold(value);
                let (inclusive, target) =
                    read.ok_or_else(|| wrong(table, field, "a share such as `\">95%\"` or `\"80%\"`", &[]))?;
                (made.inclusive, made.target) = (inclusive, Some(target));
            }
            "paths" => made.paths = glob_list(table, field)?,
            "except" => made.except = glob_list(table, field)?,
            "metric" => {
                made.metric = word(value)
                    .and_then(metric)
                    .ok_or_else(|| wrong(table, field, &one_of(METRICS), METRICS))?;
            }
            "mode" => made.mode = mode_of(table, field)?,
            _ => return Err(no_field(table, field, &COVERAGE_FIELDS)),
        }
    }
    if made.target.is_none() {
        let what = "it has no `target`".to_owned();
        return Err(lost(
            table,
            &table.at,
            what,
            Some("add one such as `target = \">95%\"`"),
        ));
    }
    if made.paths.is_empty() {
        // `[coverage."src/auth/*"]` says by its name what it means.
        if !is_wild(&table.name) && !table.name.contains('/') {
            let hint = "add `paths = [\"src/…\"]`; a target over all code is the plain `[coverage]`";
            return Err(lost(table, &table.at, "it has no `paths`".to_owned(), Some(hint)));
        }
        sound(std::slice::from_ref(&table.name)).map_err(|what| lost(table, &table.at, what, None))?;
        made.paths = vec![table.name.as_str().into()];
    }
    Ok(made)
}

fn scans_table(table: &Named, origin: &Origin) -> Result<ScanLimit, Problem> {
    let mut made = ScanLimit {
        id: table.name.as_str().into(),
        source: origin.to_string().into(),
        ..ScanLimit::default()
    };
    for field in &table.fields {
        let value = &field.value;
        let whole = || number(value).ok_or_else(|| wrong(table, field, "a whole number", &[]));
        match field.key.as_str() {
            "severity" => {
                made.severity = word(value)
                    .and_then(severity)
                    .ok_or_else(|| wrong(table, field, &one_of(FINDINGS), FINDINGS))?;
            }
            "tool" => {
                let name = word(value).map(str::trim).filter(|name| !name.is_empty());
                made.tool = Some(
                    name.ok_or_else(|| wrong(table, field, "the name of a tool", &[]))?
                        .into(),
                );
            }
            "paths" => made.paths = glob_list(table, field)?,
            "most" => made.most = whole()?,
            "days" => made.days = Some(whole()?).filter(|days| *days > 0),
            "unrated" => made.unrated = mode_of(table, field)?,
            "mode" => made.mode = mode_of(table, field)?,
            _ => return Err(no_field(table, field, &SCAN_FIELDS)),
        }
    }
    Ok(made)
}

fn mode_of(table: &Named, field: &Entry) -> Result<GateMode, Problem> {
    word(&field.value)
        .and_then(mode)
        .ok_or_else(|| wrong(table, field, &one_of(MODES), MODES))
}

/// Globs of a table: a list, or one text.
fn glob_list(table: &Named, field: &Entry) -> Result<Vec<Box<str>>, Problem> {
    let written = match &field.value {
        Raw::Text(glob) => vec![glob.clone()],
        Raw::List(list) => list.clone(),
        _ => {
            return Err(wrong(
                table,
                field,
                "a list of globs such as `[\"src/auth/*\"]`",
                &[],
            ));
        }
    };
    sound(&written).map_err(|what| lost(table, &field.at, format!("`{}`: {what}", field.key), None))?;
    Ok(written.iter().map(|glob| glob.as_str().into()).collect())
}

/// Whether globs are such.
fn sound(globs: &[String]) -> Result<(), String> {
    Globs::new(globs.iter().map(String::as_str))
        .map(|_| ())
        .map_err(|bad| format!("{} is no glob: {}", quoted(&bad.glob), bad.why))
}

fn wrong(table: &Named, field: &Entry, expected: &str, words: &[&'static str]) -> Problem {
    let near = match &field.value {
        Raw::Text(word) => suggest(word, words.iter().copied()),
        _ => None,
    };
    let what = format!(
        "`{}` is {}, expected {expected}",
        field.key,
        field.value.describe()
    );
    let hint = near.map(|near| format!("did you mean `{near}`?"));
    lost(table, &field.at, what, hint.as_deref())
}

fn no_field(table: &Named, field: &Entry, fields: &[&'static str]) -> Problem {
    let what = format!("there is no key {} in it", quoted(&field.key));
    let hint = match suggest(&field.key, fields.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it may have {}", one_of(fields).trim_start_matches("one of ")),
    };
    lost(table, &field.at, what, Some(&hint))
}

/// A table that is left out, and why.
fn lost(table: &Named, at: &str, what: String, hint: Option<&str>) -> Problem {
    let name = quoted(&format!("{}.{}", table.section, table.name));
    Problem {
        severity: ProblemSeverity::Error,
        at: at.into(),
        what: format!("{name}: {what}; the whole table is left out").into(),
        hint: hint.map(Into::into),
    }
}

fn one_of(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    format!("one of {}", words.join(", "))
}

fn threshold(value: &Raw) -> Option<(bool, u32)> {
    match value {
        Raw::Text(text) | Raw::Number(text) => parse_threshold(text),
        _ => None,
    }
}

fn threshold_or_none(value: &Raw) -> Option<Option<(bool, u32)>> {
    match value {
        Raw::Text(text) if text.trim().is_empty() => Some(None),
        other => threshold(other).map(Some),
    }
}

fn number(value: &Raw) -> Option<u32> {
    match value {
        Raw::Number(text) => text.replace('_', "").parse().ok(),
        _ => None,
    }
}

fn metric(word: &str) -> Option<Metric> {
    Metric::ALL.into_iter().find(|metric| metric.word() == word)
}

fn severity(word: &str) -> Option<FindingSeverity> {
    FindingSeverity::ALL
        .into_iter()
        .find(|severity| severity_word(*severity) == word)
}

const fn severity_word(severity: FindingSeverity) -> &'static str {
    match severity {
        FindingSeverity::Unknown => "any",
        rated => rated.word(),
    }
}

impl Demands {
    /// Lays a layer over; `put` hears of each key's origin.
    pub(super) fn lay(&mut self, layer: DemandLayer, put: &mut impl FnMut(&str, Origin)) {
        if let Some(set) = layer.target {
            self.whole.inclusive = set.value.is_none_or(|(inclusive, _)| inclusive);
            self.whole.target = set.value.map(|(_, target)| target);
            put("coverage.target", set.origin);
        }
        if let Some(set) = layer.metric {
            self.whole.metric = set.value;
            put("coverage.metric", set.origin);
        }
        if let Some(set) = layer.except {
            self.whole.except = set.value.into_iter().map(Into::into).collect();
            put("coverage.except", set.origin);
        }
        if let Some(set) = layer.coverage_mode {
            self.whole.mode = set.value;
            put("coverage.mode", set.origin);
        }
        if let Some(set) = layer.severity {
            self.every.severity = set.value;
            self.every.id = severity_word(set.value).into();
            put("scans.severity", set.origin);
        }
        for (key, set) in layer.numbers {
            let value = set.value;
            match key {
                "scans.most" => self.every.most = value,
                "scans.days" => self.every.days = Some(value).filter(|days| *days > 0),
                "tests.least" => self.tests.least = value,
                "ttl.tests" => self.ttl.tests = value,
                "ttl.coverage" => self.ttl.coverage = value,
                "ttl.scan" => self.ttl.scan = value,
                _ => self.ttl.dast = value,
            }
            put(key, set.origin);
        }
        for (key, set) in layer.modes {
            let slot = match key {
                "coverage.codecov" => &mut self.codecov,
                "scans.mode" => &mut self.every.mode,
                "scans.unrated" => &mut self.every.unrated,
                "tests.failed" => &mut self.tests.failed,
                "tests.skipped" => &mut self.tests.skipped,
                _ => &mut self.tests.flaky,
            };
            *slot = set.value;
            put(key, set.origin);
        }
        for (name, set) in layer.coverage {
            put(&format!("coverage.{name}"), set.origin);
            self.coverage.insert(name, set.value);
        }
        for (name, set) in layer.scans {
            put(&format!("scans.{name}"), set.origin);
            self.scans.insert(name, set.value);
        }
    }

    /// Puts the demands into a policy; `origins` has the places of the plain keys.
    pub(super) fn decide(&self, policy: &mut Policy, origins: &BTreeMap<String, Origin>) {
        let place = |key: &str| origins.get(key).map(Origin::to_string).unwrap_or_default().into();
        let mut whole = self.whole.clone();
        whole.source = place("coverage.target");
        let whole = Some(whole).filter(|whole| whole.target.is_some());
        policy.coverage = whole.into_iter().chain(self.coverage.values().cloned()).collect();
        let mut every = self.every.clone();
        every.source = place("scans.severity");
        policy.scans = std::iter::once(every)
            .chain(self.scans.values().cloned())
            .collect();
        policy.codecov = self.codecov;
        policy.tests = self.tests;
        policy.ttl = self.ttl;
    }

    /// The value in force of a plain key, as TOML.
    pub(super) fn value(&self, key: &str) -> Option<String> {
        let Self {
            whole,
            every,
            tests,
            ttl,
            ..
        } = self;
        Some(match key {
            "coverage.target" => text(&whole.target.map(|_| target_words(whole)).unwrap_or_default()),
            "coverage.metric" => text(whole.metric.word()),
            "coverage.except" => list(&whole.except),
            "coverage.mode" => text(whole.mode.word()),
            "coverage.codecov" => text(self.codecov.word()),
            "scans.severity" => text(severity_word(every.severity)),
            "scans.most" => every.most.to_string(),
            "scans.days" => every.days.unwrap_or_default().to_string(),
            "scans.unrated" => text(every.unrated.word()),
            "scans.mode" => text(every.mode.word()),
            "tests.failed" => text(tests.failed.word()),
            "tests.skipped" => text(tests.skipped.word()),
            "tests.flaky" => text(tests.flaky.word()),
            "tests.least" => tests.least.to_string(),
            "ttl.tests" => ttl.tests.to_string(),
            "ttl.coverage" => ttl.coverage.to_string(),
            "ttl.scan" => ttl.scan.to_string(),
            "ttl.dast" => ttl.dast.to_string(),
            _ => return None,
        })
    }

    /// The tables with names, each as one line.
    pub(super) fn shown<'a>(
        &'a self,
        origin: &'a dyn Fn(&str) -> Origin,
    ) -> impl Iterator<Item = Shown> + 'a {
        let row = move |key: String, fields: Vec<String>| Shown {
            origin: origin(&key),
            value: format!("{{ {} }}", fields.join(", ")),
            key,
        };
        let coverage = self.coverage.iter().map(move |(name, target)| {
            let fields = vec![
                format!("target = {}", text(&target_words(target))),
                format!("paths = {}", list(&target.paths)),
                format!("except = {}", list(&target.except)),
                format!("metric = {}", text(target.metric.word())),
                format!("mode = {}", text(target.mode.word())),
            ];
            row(format!("coverage.{name}"), fields)
        });
        let scans = self.scans.iter().map(move |(name, limit)| {
            let mut fields = vec![format!("severity = {}", text(severity_word(limit.severity)))];
            fields.extend(limit.tool.as_deref().map(|tool| format!("tool = {}", text(tool))));
            fields.push(format!("paths = {}", list(&limit.paths)));
            fields.push(format!("most = {}", limit.most));
            fields.push(format!("days = {}", limit.days.unwrap_or_default()));
            fields.push(format!("unrated = {}", text(limit.unrated.word())));
            fields.push(format!("mode = {}", text(limit.mode.word())));
            row(format!("scans.{name}"), fields)
        });
        coverage.chain(scans)
    }
}

fn target_words(target: &CoverageTarget) -> String {
    let sign = if target.inclusive { ">=" } else { ">" };
    format!("{sign}{}", threshold_words(target.target.unwrap_or_default()))
}
