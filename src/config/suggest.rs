//! "Did you mean": the nearest of some words.

/// Names longer than this are not compared: nobody mistypes them, and the work grows with the square.
const LONGEST: usize = 48;

/// The candidate that `word` most likely meant, if any is near enough.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = word.to_lowercase().chars().take(LONGEST + 1).collect();
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let limit = (wanted.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            // `theme` for `look.theme` is no typing mistake but a forgotten section.
            if candidate.rsplit('.').next() == Some(word) {
                return Some((0, candidate));
            }
            let letters: Vec<char> = candidate.to_lowercase().chars().collect();
            let far = distance(&wanted, &letters);
            (far <= limit).then_some((far, candidate))
        })
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let swap = if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                before.get(j - 1).map_or(usize::MAX, |cost| cost + 1)
            } else {
                usize::MAX
            };
            let replace = last.get(j).copied().unwrap_or(0) + usize::from(x != y);
            let delete = last.get(j + 1).copied().unwrap_or(0) + 1;
            let insert = row.get(j).copied().unwrap_or(0) + 1;
            row.push(replace.min(delete).min(insert).min(swap));
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn a_slip_of_the_fingers_finds_the_word_that_was_meant() {
        let words = ["floor", "stage", "look.theme", "document_gates"];
        assert_eq!(suggest("flor", words), Some("floor"));
        assert_eq!(suggest("satge", words), Some("stage"), "a swap counts once");
        assert_eq!(suggest("FLOOR", words), Some("floor"));
        assert_eq!(suggest("theme", words), Some("look.theme"), "a forgotten section");
        assert_eq!(suggest("documentgates", words), Some("document_gates"));
    }

    #[test]
    fn a_word_that_is_far_from_all_gets_no_suggestion() {
        assert_eq!(suggest("banana", ["floor", "stage"]), None);
        assert_eq!(suggest("", ["floor"]), None);
        assert_eq!(suggest(&"x".repeat(10_000), ["floor"]), None);
    }
}
