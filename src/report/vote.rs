//! What an item's markers come to.

use super::marks::RawMark;
use crate::model::{MarkKind, Status};

/// The declared status of these markers.
///
/// A box has two states only, so an unticked one agrees with every word that is not "done"; likewise a specific word
/// (in progress, blocked, deferred) agrees with a merely open sign. All else that differs is a conflict.
pub(super) fn declared(marks: &[RawMark]) -> Status {
    let mut done = false;
    let mut verified = false;
    let mut open = false;
    let mut specific = None;
    let mut several = false;
    let mut dropped = false;
    // Votes of boxes only, and of strikes only: they give way to words.
    let mut hard_done = false;
    let mut hard_undone = false;
    let mut hard_dropped = false;
    for mark in marks {
        let boxed = mark.kind == MarkKind::Box;
        match mark.vote {
            Status::Done | Status::Verified => {
                done = true;
                verified |= mark.vote == Status::Verified;
                hard_done |= !boxed;
            }
            Status::NotApplicable => {
                dropped = true;
                hard_dropped |= mark.kind != MarkKind::Strike;
            }
            Status::Unmarked => {}
            Status::Open | Status::Conflicted => {
                open = true;
                hard_undone |= !boxed;
            }
            vote @ (Status::InProgress | Status::Blocked | Status::Deferred) => {
                several |= specific.is_some_and(|other| other != vote);
                specific = Some(vote);
                hard_undone |= !boxed;
            }
        }
    }
    let undone = open || specific.is_some();
    match (done, undone, dropped) {
        (false, false, false) => Status::Unmarked,
        (false, false, true) => Status::NotApplicable,
        (true, true, _) => Status::Conflicted,
        (true, false, true) if !hard_done => Status::NotApplicable,
        // People strike out what is done: a word or sign that says so decides.
        (true, false, true) if hard_dropped => Status::Conflicted,
        (true, false, _) if verified => Status::Verified,
        (true, false, _) => Status::Done,
        (false, true, true) if !hard_undone => Status::NotApplicable,
        (false, true, true) => Status::Conflicted,
        (false, true, false) if several => Status::Conflicted,
        (false, true, false) => specific.unwrap_or(Status::Open),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_come_to_the_status_of_the_model() {
        use MarkKind::{Box, Emoji, Strike, Word};
        use Status::{Blocked, Conflicted, Done, InProgress, NotApplicable, Open, Unmarked, Verified};
        for (marks, status) in [
            (&[][..], Unmarked),
            (&[(Box, Open)], Open),
            (&[(Box, Done), (Emoji, Done)], Done),
            (&[(Emoji, Done), (Word, Verified)], Verified),
            (&[(Box, Open), (Word, Done), (Emoji, Done)], Conflicted),
            (&[(Box, Open), (Word, InProgress), (Emoji, Done)], Conflicted),
            (&[(Box, Open), (Word, InProgress)], InProgress),
            (&[(Box, Done), (Word, InProgress)], Conflicted),
            (&[(Emoji, Open), (Word, Blocked)], Blocked),
            (&[(Word, InProgress), (Word, Blocked)], Conflicted),
            (&[(Box, Open), (Strike, NotApplicable)], NotApplicable),
            (&[(Box, Done), (Word, NotApplicable)], NotApplicable),
            (&[(Emoji, Done), (Word, NotApplicable)], Conflicted),
            (&[(Emoji, Done), (Strike, NotApplicable)], Done),
            (&[(Word, Open), (Strike, NotApplicable)], Conflicted),
        ] {
            let raw: Vec<RawMark> = marks
                .iter()
                .map(|&(kind, vote)| RawMark {
                    kind,
                    vote,
                    range: 0..0,
                })
                .collect();
            assert_eq!(declared(&raw), status, "{marks:?}");
        }
    }
}
