//! Which waiver stands for an item at a moment.

use jiff::Timestamp;

use crate::model::{Uid, Waiver};

/// All waivers, sorted for looking up by item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WaiverIndex {
    ends: Vec<(Uid, Timestamp)>,
}

/// What the waivers of one item come to at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There is none.
    None,
    /// One is in force.
    Active {
        /// Until when.
        until: Timestamp,
    },
    /// All have ended.
    Expired {
        /// The last one's end.
        since: Timestamp,
    },
}

impl WaiverIndex {
    /// The index of these waivers, in whatever order they come.
    #[must_use]
    pub fn of(waivers: &[Waiver]) -> Self {
        let mut ends: Vec<_> = waivers
            .iter()
            .map(|waiver| (waiver.target, waiver.expires))
            .collect();
        ends.sort_unstable();
        ends.dedup();
        Self { ends }
    }

    /// Whether there is no waiver at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The ends of an item's waivers, ascending.
    #[must_use]
    pub fn ends(&self, target: Uid) -> &[(Uid, Timestamp)] {
        let from = self.ends.partition_point(|(uid, _)| *uid < target);
        let rest = self.ends.get(from..).unwrap_or_default();
        let to = rest.partition_point(|(uid, _)| *uid == target);
        rest.get(..to).unwrap_or_default()
    }

    /// What stands for an item: a waiver holds while `now` is before its end, and one that holds is enough.
    #[must_use]
    pub fn standing(&self, target: Uid, now: Timestamp) -> Standing {
        match self.ends(target).last() {
            None => Standing::None,
            Some(&(_, last)) if now < last => Standing::Active { until: last },
            Some(&(_, last)) => Standing::Expired { since: last },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiver(target: u64, expires: i64) -> Waiver {
        Waiver {
            target: Uid(target),
            justification: "known".into(),
            approved_by: "ann".into(),
            expires: Timestamp::from_second(expires).unwrap(),
        }
    }

    #[test]
    fn a_waiver_ends_at_the_very_second_it_names() {
        let index = WaiverIndex::of(&[waiver(7, 100)]);
        let at = |second| index.standing(Uid(7), Timestamp::from_second(second).unwrap());
        assert!(matches!(at(99), Standing::Active { .. }));
        assert!(matches!(at(100), Standing::Expired { .. }));
        assert_eq!(index.standing(Uid(8), Timestamp::UNIX_EPOCH), Standing::None);
    }

    #[test]
    fn the_longest_of_several_waivers_counts() {
        let index = WaiverIndex::of(&[waiver(7, 300), waiver(7, 100), waiver(6, 900), waiver(8, 900)]);
        let standing = index.standing(Uid(7), Timestamp::from_second(200).unwrap());
        assert_eq!(
            standing,
            Standing::Active {
                until: Timestamp::from_second(300).unwrap()
            }
        );
    }
}
