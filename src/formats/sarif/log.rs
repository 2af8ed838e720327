//! The log: its runs, one after the other, in one pass over the file.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::run::Run;
use crate::formats::json::Text;
use crate::model::ScanReport;

/// So many tools are named; a merged log can hold thousands of runs.
const TOOLS: usize = 8;

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Log<'a> {
    pub(super) report: ScanReport,
    pub(super) version: Cow<'a, str>,
    pub(super) tools: Vec<String>,
    pub(super) has_runs: bool,
    pub(super) runs: usize,
    pub(super) runs_that_ran: usize,
    /// An invocation says that it failed.
    pub(super) failed: bool,
    /// Results of kind `open` and `review`.
    pub(super) open: usize,
    /// Notifications of level `error`.
    pub(super) errors: usize,
    pub(super) first_error: Box<str>,
    /// A file beside this one that holds results.
    pub(super) elsewhere: Option<String>,
    /// Two runs name two commits.
    mixed: bool,
}

impl<'a> Log<'a> {
    /// Reads the document.
    pub(super) fn read<'de: 'a, D: Deserializer<'de>>(&mut self, input: D) -> Result<(), D::Error> {
        input.deserialize_map(Whole { log: self })
    }

    /// The name of a run's tool.
    pub(super) fn name_tool(&mut self, name: &str) {
        if !name.is_empty() && self.tools.len() < TOOLS && !self.tools.iter().any(|known| known == name) {
            self.tools.push(name.to_owned());
        }
    }

    /// The commit that a run names; of two different ones none is right.
    pub(super) fn name_commit(&mut self, commit: &str) {
        if commit.is_empty() || self.mixed {
            return;
        }
        match &self.report.commit {
            Some(known) if **known != *commit => {
                self.mixed = true;
                self.report.commit = None;
            }
            _ => self.report.commit = Some(commit.into()),
        }
    }

    /// When a run ended; the report is as old as its oldest run.
    pub(super) fn name_time(&mut self, time: &str) {
        let older = self
            .report
            .produced_at
            .as_deref()
            .is_none_or(|known| time < known);
        if !time.is_empty() && older {
            self.report.produced_at = Some(time.into());
        }
    }
}

struct Whole<'s, 'a> {
    log: &'s mut Log<'a>,
}

impl<'de: 'a, 'a> Visitor<'de> for Whole<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a SARIF log")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Text<'de>>()? {
            match &*key {
                "version" => self.log.version = map.next_value::<Text<'de>>()?.0,
                "runs" => {
                    let runs = Runs {
                        log: &mut *self.log,
                        inline: false,
                    };
                    self.log.has_runs |= map.next_value_seed(runs)?;
                }
                "inlineExternalProperties" => {
                    let runs = Runs {
                        log: &mut *self.log,
                        inline: true,
                    };
                    map.next_value_seed(runs)?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// The list of runs, or of the parts of runs that stand beside them; gives whether it is a list.
struct Runs<'s, 'a> {
    log: &'s mut Log<'a>,
    inline: bool,
}

impl<'de: 'a, 'a> DeserializeSeed<'de> for Runs<'_, 'a> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Runs<'_, 'a> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of runs")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        loop {
            let mut run = Run::new(self.inline);
            if seq.next_element_seed(run.reader(self.log))?.is_none() {
                return Ok(true);
            }
            run.finish(self.log);
        }
    }
}
