//! A list's filter over every item of a large repository: matched off the loop, kept until filter or judgement change.

use std::sync::Arc;

use crate::app::Effect;
use crate::app::filter::{Filter, Hits};
use crate::app::model::Model;
use crate::engine::Assessment;

/// Up to so many items a filter is matched at once; beyond, off the loop.
pub(super) const AT_ONCE: usize = 4_000;

/// What a filter was matched against: the judgement's number and the filter's text.
type Key = (u64, String);

/// The state of one list's filter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sieve {
    asked: Option<(u64, Key, Arc<Assessment>)>,
    hits: Option<(Key, Arc<Hits>)>,
}

/// How far the matching is.
pub(super) enum Matching {
    /// There are so few items that the list can look itself.
    Few,
    /// The items that match.
    Known(Arc<Hits>),
    /// The answer is on its way, or asked for with this.
    Waiting(Option<Effect>),
}

impl Matching {
    /// The filter that the rows can be built with now (none while the answer is on its way), what it is known to
    /// match, and what is to be asked.
    pub(super) fn ready(self, filter: &str) -> (&str, Option<Arc<Hits>>, Option<Effect>) {
        match self {
            Self::Few => (filter, None, None),
            Self::Known(hits) => (filter, Some(hits), None),
            Self::Waiting(asked) => ("", None, asked),
        }
    }
}

/// The items that match `filter` in the judgement that is shown; `of` finds the list's sieve.
pub(super) fn matching(
    model: &mut Model,
    filter: &str,
    assessment: &Arc<Assessment>,
    of: impl Fn(&mut Model) -> &mut Sieve,
) -> Matching {
    if filter.trim().is_empty() || assessment.counts.items as usize <= AT_ONCE {
        *of(model) = Sieve::default();
        return Matching::Few;
    }
    let key = (model.generation, filter.to_owned());
    let sieve = of(model);
    if let Some((_, hits)) = sieve.hits.as_ref().filter(|(known, _)| *known == key) {
        return Matching::Known(Arc::clone(hits));
    }
    if sieve.asked.as_ref().is_some_and(|(_, asked, _)| *asked == key) {
        return Matching::Waiting(None);
    }
    let request = model.request();
    of(model).asked = Some((request, key, Arc::clone(assessment)));
    Matching::Waiting(Some(Effect::Filter {
        request,
        filter: Filter {
            text: filter.to_owned(),
        },
        assessment: Arc::clone(assessment),
    }))
}

impl Sieve {
    /// Takes the answer of a filter; says whether it was this list's. A stale one is dropped.
    pub(super) fn take(&mut self, request: u64, rows: &[u32]) -> bool {
        let asked = self.asked.take_if(|(asked, ..)| *asked == request);
        if let Some((_, key, assessment)) = asked {
            self.hits = Some((key, Arc::new(Hits::of(&assessment, rows))));
            return true;
        }
        false
    }
}
