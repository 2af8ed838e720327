//! Reports with what other reports of the repository say against them.
//!
//! Not here: what contradicts what (`report::siblings`). Invariant: comparing happens once per change of the documents,
//! and a report with nothing against it is the one that was applied.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Contradiction, RepoPath, Report};
use crate::report::siblings::between;

/// The reports that another report contradicts.
#[derive(Debug, Default)]
pub(super) struct Siblings {
    current: bool,
    contradicted: BTreeMap<RepoPath, Arc<Report>>,
}

impl Siblings {
    /// A document changed: compare anew before the next judgement.
    pub(super) const fn forget(&mut self) {
        self.current = false;
    }

    /// Compares the reports, when one of them changed since the last time.
    pub(super) fn compare(&mut self, documents: &BTreeMap<RepoPath, Arc<Report>>) {
        if self.current {
            return;
        }
        self.current = true;
        let reports: Vec<&Report> = documents.values().map(|report| &**report).collect();
        let mut against: BTreeMap<usize, Vec<Contradiction>> = BTreeMap::new();
        for (at, contradiction) in between(&reports) {
            against.entry(at).or_default().push(contradiction);
        }
        let earlier = std::mem::take(&mut self.contradicted);
        for (at, contradictions) in against {
            let Some(report) = reports.get(at) else { continue };
            let mut report = Report::clone(report);
            report.contradictions.extend(contradictions);
            // The same report again stays the same, so that it need not be judged again.
            let report = match earlier.get(&report.path) {
                Some(old) if **old == report => Arc::clone(old),
                _ => Arc::new(report),
            };
            self.contradicted.insert(report.path.clone(), report);
        }
    }

    /// A report as it is to be judged.
    pub(super) fn of<'r>(&'r self, report: &'r Arc<Report>) -> &'r Arc<Report> {
        self.contradicted.get(&report.path).unwrap_or(report)
    }
}
