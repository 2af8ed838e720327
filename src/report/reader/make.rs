//! What was found at one place, as an [`Item`]: its title, identity, severity and vote.

use std::hash::Hasher;
use std::ops::Range;

use super::super::marks::Found;
use super::super::sections::{Label, Sections};
use super::super::{severity, title, vote};
use super::{Around, Reader};
use crate::model::{Extras, Item, Mark, RepoPath, Severity, SeveritySource, Shape, UidHasher};

/// What the uids of each shape start with.
pub(super) fn namespaces(path: &RepoPath) -> [UidHasher; 5] {
    [
        Shape::Task,
        Shape::Row,
        Shape::Heading,
        Shape::Step,
        Shape::Bullet,
    ]
    .map(|shape| {
        let mut hasher = UidHasher::default();
        hasher.part(path.as_str());
        hasher.part(shape.word());
        hasher
    })
}

/// A uid is a hash already.
#[derive(Debug, Default)]
pub(super) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

impl Reader<'_> {
    /// Makes the item of what was found.
    pub(super) fn push(
        &mut self,
        shape: Shape,
        depth: u8,
        span: Range<usize>,
        around: Around,
        fallback: Option<Range<usize>>,
    ) {
        let found = &mut self.found;
        found.marks.sort_by_key(|mark| mark.range.start);
        self.plain.clear();
        title::plain(self.text, found.title.clone(), &found.cuts, &mut self.plain);
        if self.plain.is_empty() {
            let all = fallback.unwrap_or_else(|| found.title.start.min(span.end)..span.end);
            title::plain(self.text, all, &[], &mut self.plain);
        }
        if self.plain.is_empty() && found.id.is_none() {
            title::plain(self.text, span.clone(), &[], &mut self.plain);
        }
        let declared = vote::declared(&found.marks);
        let line = self.outline.lines.line(span.start);
        let id = found.id.clone().and_then(|range| self.text.get(range));
        let ordinal = found.ordinal.is_some() && found.id == found.ordinal;
        let inherited = Inherited {
            sections: &self.sections,
            section: around.section,
            label: self.label.as_ref(),
            shape,
        };
        let (severity, severity_source) = severity_of(self.text, line, id, found, inherited);
        let mut hasher = self.namespaces[shape as usize];
        // An ordinal changes when a heading is inserted above: it is no identity.
        match id.filter(|_| !ordinal) {
            Some(id) => hasher.part(id),
            None => {
                title::normal_form(&self.plain, |byte| hasher.byte(byte));
                hasher.byte(0);
            }
        }
        let first = hasher.finish(0);
        let times = self.seen.entry(first.0).or_insert(0);
        let uid = if *times == 0 { first } else { hasher.finish(*times) };
        *times += 1;
        let owned = |range: &Option<Range<usize>>| {
            range
                .clone()
                .and_then(|range| self.text.get(range))
                .map(|text| Box::from(text.trim()))
        };
        let extras =
            (found.effort.is_some() || found.owner.is_some() || found.due.is_some() || !found.ids.is_empty())
                .then(|| {
                    Box::new(Extras {
                        ids: std::mem::take(&mut found.ids),
                        effort: owned(&found.effort),
                        owner: owned(&found.owner),
                        due: owned(&found.due),
                        note: None,
                    })
                });
        let source = self.source;
        let marks = found
            .marks
            .iter()
            .map(|mark| Mark {
                kind: mark.kind,
                vote: mark.vote,
                span: source.span(mark.range.clone()),
            })
            .collect();
        self.items.push(Item {
            uid,
            id: id.map(Box::from),
            title: Box::from(&*self.plain),
            shape,
            line,
            span: source.span(span),
            marks,
            declared,
            severity,
            severity_source,
            requirement: found.requirement.unwrap_or(around.requirement),
            section: around.section,
            depth,
            extras,
        });
    }
}

/// Where an item without a severity of its own looks for one.
#[derive(Debug, Clone, Copy)]
struct Inherited<'a> {
    sections: &'a Sections,
    section: Option<u32>,
    label: Option<&'a Label>,
    shape: Shape,
}

fn severity_of(
    text: &str,
    line: u32,
    id: Option<&str>,
    found: &Found,
    inherited: Inherited<'_>,
) -> (Severity, Option<Box<SeveritySource>>) {
    let written = |written: &str, line| {
        Some(Box::new(SeveritySource {
            written: written.into(),
            line,
        }))
    };
    if let Some((severity, range)) = &found.severity {
        return (
            *severity,
            written(text.get(range.clone()).unwrap_or_default(), line),
        );
    }
    if let Some(id) = id
        && id.starts_with('P')
        && id.as_bytes().get(2) == Some(&b'-')
        && let Some(severity) = id.get(..2).and_then(severity::word)
    {
        return (severity, written(id, line));
    }
    if let Some((severity, words)) = inherited.label.and_then(|label| label.severity.as_ref()) {
        return (*severity, written(words, line));
    }
    match inherited.sections.severity(inherited.section) {
        // What the document's title says is said of its points, not of every remark below them.
        Some((_, source)) if inherited.shape == Shape::Bullet && inherited.sections.is_top(source) => {
            (Severity::Unspecified, None)
        }
        Some((severity, source)) => (severity, Some(Box::new(source.clone()))),
        None => (Severity::Unspecified, None),
    }
}
