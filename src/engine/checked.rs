//! The claims of each document held against what is known; checked again only when the document or an answer changed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::Engine;
use crate::claims::{self, Trees, World};
use crate::model::{Claim, Gathered, Question, RepoPath, Report};

/// What is remembered between judgements.
#[derive(Debug, Default)]
pub(super) struct Checked {
    documents: HashMap<RepoPath, Remembered>,
    trees: Trees,
    /// The evidence that the claims were held against.
    gathered: Arc<Gathered>,
    /// Counts the changes of what is known.
    version: u64,
}

#[derive(Debug)]
struct Remembered {
    report: Arc<Report>,
    version: u64,
    claims: Arc<[Claim]>,
    missing: Vec<Question>,
}

impl Checked {
    /// Something that was known is otherwise now. What is only known in addition is seen by those who asked for it.
    pub(super) fn outdate(&mut self) {
        self.version += 1;
    }

    /// From now on claims are held against this evidence.
    pub(super) fn hold_against(&mut self, gathered: &Arc<Gathered>) {
        if !Arc::ptr_eq(&self.gathered, gathered) && self.gathered != *gathered {
            self.version += 1;
        }
        self.gathered = Arc::clone(gathered);
    }

    /// Adds the questions whose answers are missing.
    pub(super) fn missing(&self, wanted: &mut BTreeSet<Question>) {
        for remembered in self.documents.values() {
            wanted.extend(remembered.missing.iter().cloned());
        }
    }

    /// The claims of a document; empty for one that was not checked.
    pub(super) fn claims(&self, path: &RepoPath) -> Arc<[Claim]> {
        self.documents
            .get(path)
            .map_or_else(Arc::default, |remembered| Arc::clone(&remembered.claims))
    }
}

/// Checks the claims of every document, from memory where that still holds.
pub(super) fn check_all(engine: &mut Engine) {
    let Engine {
        documents,
        repository,
        known,
        checked,
        ..
    } = engine;
    let Checked {
        documents: memory,
        trees,
        gathered,
        version,
    } = checked;
    trees.keep(known);
    let world = World::new(known, repository, trees, gathered);
    for (path, report) in documents.iter() {
        let before = memory.get(path);
        // What was asked and is still not answered would only be asked again.
        let current = before.is_some_and(|before| {
            let waits = !before.missing.is_empty() && !before.missing.iter().any(|asked| known.knows(asked));
            let settled = before.missing.is_empty() || waits;
            Arc::ptr_eq(&before.report, report) && before.version == *version && settled
        });
        if current {
            continue;
        }
        let mut missing = BTreeSet::new();
        let claims = claims::check(report, &world, &mut missing);
        // The same claims keep their place, so that a judgement made of them keeps holding.
        let claims = match before {
            Some(before) if *before.claims == *claims => Arc::clone(&before.claims),
            _ => claims.into(),
        };
        let remembered = Remembered {
            report: Arc::clone(report),
            version: *version,
            claims,
            missing: missing.into_iter().collect(),
        };
        memory.insert(path.clone(), remembered);
    }
    if memory.len() > documents.len() {
        memory.retain(|path, _| documents.contains_key(path));
    }
}
