//! Headings as sections: their place in the tree and what they pass down.

use std::ops::Range;

use super::lookup::Lookup;
use super::phrasebook::{GRADES, Spoken, TOPIC};
use super::requirement::{self, Quiet, Sense};
use super::{severity, title};
use crate::model::{Requirement, Section, Severity, SeveritySource};
use crate::text::markdown::Block;

/// What a section passes to the items below it.
#[derive(Debug, Clone)]
pub(super) struct Passed {
    pub requirement: Requirement,
    pub quiet: Quiet,
    pub action: bool,
    severity: Option<(Severity, u32)>,
}

/// What a heading or label says; most say nothing and are not searched.
fn meaning(spoken: &Spoken<'_>, top: bool) -> (Sense, severity::Heading) {
    if spoken.is_silent() {
        return (
            Sense {
                weak: true,
                ..Sense::default()
            },
            severity::Heading::Silent,
        );
    }
    let severity = if spoken.has(GRADES) {
        severity::of_heading(&Lookup::new(spoken.text), top)
    } else {
        severity::Heading::Silent
    };
    (requirement::of(spoken), severity)
}

/// The sections so far.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub list: Vec<Section>,
    passed: Vec<Passed>,
    /// The first section that only a report about a release has.
    pub topic: Option<u32>,
    /// Index of each section's heading in the outline, ascending.
    blocks: Vec<u32>,
    sources: Vec<SeveritySource>,
    /// The last section whose heading says that it is done.
    done: Option<u32>,
    /// Open sections outside of quotes, outermost first.
    stack: Vec<u32>,
    lower: String,
    low: String,
}

/// `text` in lower case, in a reused buffer where that is possible.
fn lowered(text: &str, mut buffer: String) -> String {
    if !text.is_ascii() {
        return text.to_lowercase();
    }
    buffer.clear();
    buffer.push_str(text);
    buffer.make_ascii_lowercase();
    buffer
}

/// What the line in front of a list says.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub sense: Sense,
    pub severity: Option<(Severity, Box<str>)>,
    /// It names what is or was wrong.
    pub problem: bool,
}

impl Label {
    /// Reads the line.
    pub fn read(text: &str, range: Range<usize>) -> Self {
        let mut plain = String::new();
        title::plain(text, range, &[], &mut plain);
        let lower = plain.to_lowercase();
        let (sense, severity) = meaning(&Spoken::of(&lower), false);
        let severity = match severity {
            severity::Heading::Names(severity, at) => Some((
                severity,
                Box::from(lower.get(at).unwrap_or_default().to_uppercase()),
            )),
            _ => None,
        };
        let problems = [
            "issue",
            "problem",
            "finding",
            "vulnerabilit",
            "original",
            "risk",
            "was",
            "gap",
            "weakness",
        ];
        let problem = problems.iter().any(|word| lower.starts_with(word));
        Self {
            sense,
            severity,
            problem,
        }
    }
}

impl Sections {
    /// Adds a heading and returns its index.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call, with what the reader already knows of the heading"
    )]
    pub fn push(
        &mut self,
        text: &str,
        block: usize,
        level: u8,
        line: u32,
        content: Range<usize>,
        shown: &str,
        quoted: bool,
    ) -> u32 {
        let index = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        if !quoted {
            while self
                .stack
                .last()
                .and_then(|&open| self.list.get(open as usize))
                .is_some_and(|open| open.level >= level)
            {
                self.stack.pop();
            }
        }
        let parent = self.stack.last().copied();
        // The meaning is read with the markers in: "(ALL RESOLVED)", "P0", "Tier 1".
        self.lower.clear();
        title::plain(text, content, &[], &mut self.lower);
        let written = std::mem::take(&mut self.lower);
        let lower = lowered(&written, std::mem::take(&mut self.low));
        let top = level == 1 && parent.is_none();
        let spoken = Spoken::of(&lower);
        if self.topic.is_none() && !top && spoken.has(TOPIC) {
            self.topic = Some(index);
        }
        let (sense, named) = meaning(&spoken, top);
        let above = parent
            .and_then(|parent| self.passed.get(parent as usize))
            .cloned();
        let mut passed = above.clone().unwrap_or(Passed {
            requirement: Requirement::default(),
            quiet: Quiet::No,
            action: false,
            severity: None,
        });
        let planned = !matches!(passed.requirement, Requirement::Required(_));
        if let Some(requirement) = sense.requirement
            && !(sense.weak && planned)
        {
            passed.requirement = requirement;
        }
        if let Some(quiet) = sense.quiet
            && !(sense.weak && passed.quiet != Quiet::No)
        {
            passed.quiet = quiet;
        }
        // The document's title is about all of it and makes nothing a step.
        passed.action = !top && (sense.action || passed.action);
        match named {
            severity::Heading::Names(severity, at) => {
                let source = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
                // Lower-casing may move offsets in rare scripts; the lower form is then good enough.
                let words = if written.len() == lower.len() {
                    written.get(at)
                } else {
                    lower.get(at)
                };
                self.sources.push(SeveritySource {
                    written: words.unwrap_or_default().into(),
                    line,
                });
                passed.severity = Some((severity, source));
            }
            severity::Heading::Stops => passed.severity = None,
            severity::Heading::Silent => {}
        }
        self.lower = written;
        self.low = lower;
        self.list.push(Section {
            title: shown.into(),
            level,
            line,
            parent,
            requirement: passed.requirement,
            severity: passed.severity.map(|(severity, _)| severity),
        });
        self.passed.push(passed);
        self.blocks.push(u32::try_from(block).unwrap_or(u32::MAX));
        if !quoted {
            self.stack.push(index);
        }
        index
    }

    /// The section that a block stands in.
    pub fn of_block(&self, block: &Block) -> Option<u32> {
        let heading = block.heading?;
        let last = self.blocks.len().checked_sub(1)?;
        let index = if self.blocks.get(last) == Some(&heading) {
            last
        } else {
            self.blocks.binary_search(&heading).ok()?
        };
        u32::try_from(index).ok()
    }

    /// Remembers that the heading of a section says "done".
    pub const fn set_done(&mut self, section: u32) {
        self.done = Some(section);
    }

    /// Whether the heading of this section, the latest that was read, says "done".
    pub fn is_done(&self, section: u32) -> bool {
        self.done == Some(section)
    }

    /// What a section passes down.
    pub fn sense(&self, section: Option<u32>) -> Option<&Passed> {
        self.passed.get(section? as usize)
    }

    /// Whether a severity was named by the document's own title.
    pub fn is_top(&self, source: &SeveritySource) -> bool {
        self.list
            .first()
            .is_some_and(|first| first.level == 1 && first.line == source.line)
    }

    /// The severity of the nearest heading that names one.
    pub fn severity(&self, section: Option<u32>) -> Option<(Severity, &SeveritySource)> {
        let (severity, source) = self.sense(section)?.severity?;
        Some((severity, self.sources.get(source as usize)?))
    }
}
