//! The markers of one item, without an allocation for the one or two that nearly all items have.

use std::ops::Deref;

use super::Mark;

/// Markers in the order of the document; reads as a slice.
#[derive(Clone, Default)]
pub struct Marks(Kept);

#[derive(Clone, Default)]
enum Kept {
    #[default]
    None,
    One(Mark),
    Two([Mark; 2]),
    /// Boxed twice, so that the rare case does not widen the others.
    Many(Box<Box<[Mark]>>),
}

impl Deref for Marks {
    type Target = [Mark];

    fn deref(&self) -> &[Mark] {
        match &self.0 {
            Kept::None => &[],
            Kept::One(mark) => std::slice::from_ref(mark),
            Kept::Two(marks) => marks,
            Kept::Many(marks) => marks,
        }
    }
}

impl FromIterator<Mark> for Marks {
    fn from_iter<I: IntoIterator<Item = Mark>>(marks: I) -> Self {
        let mut marks = marks.into_iter();
        let Some(first) = marks.next() else {
            return Self::default();
        };
        let Some(second) = marks.next() else {
            return Self(Kept::One(first));
        };
        let Some(third) = marks.next() else {
            return Self(Kept::Two([first, second]));
        };
        Self(Kept::Many(Box::new(
            [first, second, third].into_iter().chain(marks).collect(),
        )))
    }
}

impl From<Vec<Mark>> for Marks {
    fn from(marks: Vec<Mark>) -> Self {
        marks.into_iter().collect()
    }
}

impl<const N: usize> From<[Mark; N]> for Marks {
    fn from(marks: [Mark; N]) -> Self {
        marks.into_iter().collect()
    }
}

impl<'a> IntoIterator for &'a Marks {
    type Item = &'a Mark;
    type IntoIter = std::slice::Iter<'a, Mark>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Marks {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Marks {}

impl std::fmt::Debug for Marks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MarkKind, Status};
    use crate::text::Span;

    #[test]
    fn any_number_of_marks_reads_as_it_was_given() {
        let marks: Vec<Mark> = (0..5)
            .map(|at| Mark {
                kind: MarkKind::Word,
                vote: Status::Done,
                span: Span::of(at, at + 1),
            })
            .collect();
        for len in 0..=marks.len() {
            let kept = Marks::from(marks[..len].to_vec());
            assert_eq!(*kept, marks[..len]);
            assert_eq!(kept, marks[..len].iter().copied().collect());
            assert_eq!(format!("{kept:?}"), format!("{:?}", &marks[..len]));
        }
    }

    #[test]
    fn two_marks_fit_into_three_words() {
        assert_eq!(size_of::<Marks>(), 24);
    }
}
