//! Lines followed back through changes: patches read to hunks, hunks applied backwards.

use std::collections::HashMap;

use crate::model::CommitId;

/// A change of lines: where and how many, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) old_lines: usize,
    pub(super) new_start: usize,
    pub(super) new_lines: usize,
}

/// The hunks of each commit (`None`: of the files on disk) and path.
pub(super) type Hunks = HashMap<(Option<CommitId>, String), Vec<Hunk>>;

/// Reads a patch without context lines.
pub(super) fn read_hunks(patch: &[u8], hunks: &mut Hunks) {
    let mut commit = None;
    let mut path: Option<String> = None;
    let mut skip = 0;
    for line in patch.split(|&byte| byte == b'\n') {
        if skip > 0 && !line.starts_with(b"\\") {
            skip -= 1;
            continue;
        }
        if let Some(id) = line.strip_prefix(b"\x01") {
            commit = std::str::from_utf8(id).ok().and_then(CommitId::new);
            path = None;
        } else if line.starts_with(b"diff --git ") {
            path = None;
        } else if let Some(name) = line.strip_prefix(b"+++ b/") {
            // A name with spaces ends with a tab.
            let name = String::from_utf8_lossy(name);
            path = Some(name.trim_end_matches('\t').to_owned());
        } else if line.starts_with(b"@@ ")
            && let Some(hunk) = hunk(&String::from_utf8_lossy(line))
        {
            skip = hunk.old_lines + hunk.new_lines;
            if let Some(path) = &path {
                hunks
                    .entry((commit.clone(), path.clone()))
                    .or_default()
                    .push(hunk);
            }
        }
    }
}

/// `@@ -a,b +c,d @@`.
fn hunk(line: &str) -> Option<Hunk> {
    let mut words = line.split(' ').skip(1);
    let (old, new) = (words.next()?.strip_prefix('-')?, words.next()?.strip_prefix('+')?);
    let pair = |text: &str| -> Option<(usize, usize)> {
        match text.split_once(',') {
            Some((start, lines)) => Some((start.parse().ok()?, lines.parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        }
    };
    let (old, new) = (pair(old)?, pair(new)?);
    Some(Hunk {
        old_lines: old.1,
        new_start: new.0,
        new_lines: new.1,
    })
}

/// Follows the lines of the newest version back through the changes.
pub(super) struct Tracker {
    /// For each line of the version that was reached: the line of the newest version, where it is still open.
    open: Vec<Option<usize>>,
    /// For each line of the newest version the change that brought it.
    pub(super) from: Vec<Option<u32>>,
}

impl Tracker {
    pub(super) fn new(lines: usize) -> Self {
        Self {
            open: (0..lines).map(Some).collect(),
            from: vec![None; lines],
        }
    }

    /// Goes back over one change: what it brought is from `commit`, the rest stays open.
    pub(super) fn pass(&mut self, hunks: &[Hunk], commit: Option<u32>) {
        let mut before = Vec::with_capacity(self.open.len());
        let mut at = 0;
        for hunk in hunks {
            // Without new lines the hunk stands behind its line.
            let start = if hunk.new_lines == 0 {
                hunk.new_start
            } else {
                hunk.new_start.saturating_sub(1)
            };
            let start = start.clamp(at, self.open.len());
            before.extend_from_slice(self.open.get(at..start).unwrap_or_default());
            let end = (start + hunk.new_lines).min(self.open.len());
            for line in self.open.get(start..end).into_iter().flatten().flatten() {
                if let Some(from) = self.from.get_mut(*line) {
                    *from = commit;
                }
            }
            before.extend(std::iter::repeat_n(None, hunk.old_lines));
            at = end;
        }
        before.extend_from_slice(self.open.get(at..).unwrap_or_default());
        self.open = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_followed_back_through_changes() {
        // Newest: a b X c; the newest change brought X, the one before it brought c and dropped a line in front.
        let mut tracker = Tracker::new(4);
        tracker.pass(
            &[Hunk {
                old_lines: 0,
                new_start: 3,
                new_lines: 1,
            }],
            Some(0),
        );
        tracker.pass(
            &[
                Hunk {
                    old_lines: 1,
                    new_start: 0,
                    new_lines: 0,
                },
                Hunk {
                    old_lines: 0,
                    new_start: 3,
                    new_lines: 1,
                },
            ],
            Some(1),
        );
        tracker.pass(
            &[Hunk {
                old_lines: 0,
                new_start: 1,
                new_lines: 3,
            }],
            Some(2),
        );
        assert_eq!(tracker.from, [Some(2), Some(2), Some(0), Some(1)]);
    }

    #[test]
    fn a_patch_is_read_whatever_its_lines_look_like() {
        let id = "0123456789012345678901234567890123456789";
        let patch = format!(
            "\u{1}{id}\n\ndiff --git a/x y.md b/x y.md\n--- a/x y.md\t\n+++ b/x y.md\t\n@@ -3 +3,2 @@ h\n-@@ -1 +1 @@\n+++ b/z.md\n+@@ -9 +9 @@\n@@ -8,0 +10 @@\n+x\n\\ No newline at end of file\n"
        );
        let mut hunks = Hunks::new();
        read_hunks(patch.as_bytes(), &mut hunks);
        let found = &hunks[&(CommitId::new(id), "x y.md".to_owned())];
        assert_eq!(hunks.len(), 1);
        assert_eq!(
            found[0],
            Hunk {
                old_lines: 1,
                new_start: 3,
                new_lines: 2
            }
        );
        assert_eq!(
            found[1],
            Hunk {
                old_lines: 0,
                new_start: 10,
                new_lines: 1
            }
        );
    }
}
