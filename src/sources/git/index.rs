//! git's index (versions 2 to 4): which paths are tracked. Only the paths are read.
//!
//! Every length is checked against the file; what does not fit, and the split and sparse kinds, are left to `git ls-files`.

use super::{Git, GitError, Layout, small_text};

/// One tracked path.
#[derive(Debug, Clone, Copy)]
pub struct Tracked<'a> {
    /// Raw bytes with `/`.
    pub path: &'a [u8],
    /// A symbolic link or another repository; nothing of this one to read.
    pub special: bool,
    /// Left out of the working tree by a sparse checkout.
    pub skipped: bool,
    /// When it was last written on disk, as far as git noticed: seconds since 1970 and nanoseconds.
    pub written: Option<(u32, u32)>,
}

/// Calls `each` for every tracked path in order, conflicting ones once.
///
/// # Errors
/// When the index is of a kind that only git can read, and git cannot be asked.
pub fn tracked(layout: &Layout, each: &mut dyn FnMut(Tracked<'_>)) -> Result<(), GitError> {
    let config = small_text(&layout.common_dir.join("config")).unwrap_or_default();
    let hash = if config.to_ascii_lowercase().contains("objectformat") {
        32
    } else {
        20
    };
    let index = match std::fs::read(layout.git_dir.join("index")) {
        Ok(index) => index,
        // Before the first `git add` there is none.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(_) => return ask(layout, each),
    };
    // Looked at wholly before the first call, so that a fallback never tells a path twice.
    match entries(&index, hash, &mut |_| {}) {
        Some(()) => {
            entries(&index, hash, each);
            Ok(())
        }
        None => ask(layout, each),
    }
}

fn ask(layout: &Layout, each: &mut dyn FnMut(Tracked<'_>)) -> Result<(), GitError> {
    let mut last = Vec::new();
    let args = ["ls-files", "-z", "--cached", "--stage", "--sparse"];
    let fallback = ["ls-files", "-z", "--cached", "--stage"];
    let mut take = |record: &[u8]| {
        let Some(tab) = memchr::memchr(b'\t', record) else {
            return;
        };
        let (mode, path) = (record.get(..6), record.get(tab + 1..).unwrap_or_default());
        if path != last {
            each(Tracked {
                path,
                special: matches!(mode, Some(b"120000" | b"160000")),
                skipped: path.ends_with(b"/"),
                written: None,
            });
            last = path.to_vec();
        }
    };
    let git = Git::new(&layout.root);
    // Git before 2.35 does not know `--sparse`, and has no sparse index.
    git.each_record(&args, &mut take)
        .or_else(|_| git.each_record(&fallback, &mut take))
}

/// The entries; `None` when anything does not fit.
fn entries(index: &[u8], hash: usize, each: &mut dyn FnMut(Tracked<'_>)) -> Option<()> {
    let word = |at: usize| Some(u32::from_be_bytes(index.get(at..at + 4)?.try_into().ok()?));
    if index.get(..4)? != b"DIRC" {
        return None;
    }
    let version = word(4)?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let count = word(8)?;
    let end = index.len().checked_sub(hash)?;
    let body = index.get(..end)?;
    let mut at = 12;
    let mut name: Vec<u8> = Vec::new();
    let mut last: Vec<u8> = Vec::new();
    for _ in 0..count {
        let fixed = 40 + hash + 2;
        let written = word(at + 8).zip(word(at + 12));
        let mode = word(at + 24)?;
        let flags = u16::from_be_bytes(body.get(at + fixed - 2..at + fixed)?.try_into().ok()?);
        let extended = flags & 0x4000 != 0;
        if extended && version == 2 {
            return None;
        }
        let more = if extended {
            body.get(at + fixed..at + fixed + 2)?
        } else {
            &[0, 0]
        };
        let start = at + fixed + if extended { 2 } else { 0 };
        let path = if version == 4 {
            let (strip, used) = varint(body.get(start..)?)?;
            let rest = body.get(start + used..)?;
            let length = memchr::memchr(0, rest)?;
            name.truncate(name.len().checked_sub(strip)?);
            name.extend_from_slice(rest.get(..length)?);
            at = start + used + length + 1;
            name.as_slice()
        } else {
            let rest = body.get(start..)?;
            let length = match flags & 0x0fff {
                0x0fff => memchr::memchr(0, rest)?,
                short => usize::from(short),
            };
            let path = rest.get(..length)?;
            if rest.get(length) != Some(&0) {
                return None;
            }
            // One to eight zero bytes fill the entry up to a multiple of eight.
            at += (start + length - at + 8) / 8 * 8;
            path
        };
        let kind = mode >> 12;
        if path.is_empty() || kind == 0o4 {
            return None;
        }
        let stage = flags & 0x3000;
        if stage == 0 || path != last.as_slice() {
            each(Tracked {
                path,
                special: matches!(kind, 0o12 | 0o16),
                skipped: matches!(more, [high, _] if high & 0x40 != 0),
                written: written.filter(|(seconds, _)| *seconds > 0),
            });
        }
        if stage != 0 {
            last.clear();
            last.extend_from_slice(path);
        }
    }
    extensions(body, at)
}

/// Refuses the extensions that change what the entries mean.
fn extensions(body: &[u8], mut at: usize) -> Option<()> {
    while at < body.len() {
        let signature = body.get(at..at + 4)?;
        // An extension that begins in lower case may not be ignored.
        if !signature.first()?.is_ascii_uppercase() {
            return None;
        }
        let length = u32::from_be_bytes(body.get(at + 4..at + 8)?.try_into().ok()?);
        at = at.checked_add(8)?.checked_add(length as usize)?;
    }
    (at == body.len()).then_some(())
}

/// Git's offset encoding: seven bits a byte, each continued one counting one more.
fn varint(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        value = (value << 7) | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
        value += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn paths(index: &[u8]) -> Option<Vec<String>> {
        let mut found = Vec::new();
        entries(index, 20, &mut |entry| {
            found.push(String::from_utf8_lossy(entry.path).into_owned())
        })?;
        Some(found)
    }

    /// An index of version 2 with these paths.
    fn version_2(names: &[&str]) -> Vec<u8> {
        let mut out = b"DIRC\0\0\0\x02".to_vec();
        out.extend(u32::try_from(names.len()).unwrap().to_be_bytes());
        for name in names {
            let start = out.len();
            out.extend([0; 24]);
            out.extend(0o100_644_u32.to_be_bytes());
            out.extend([0; 12]);
            out.extend([7; 20]);
            out.extend(u16::try_from(name.len()).unwrap().to_be_bytes());
            out.extend(name.as_bytes());
            let length = out.len() - start;
            out.resize(start + (length + 8) / 8 * 8, 0);
        }
        out.extend([9; 20]);
        out
    }

    #[test]
    fn a_plain_index_gives_its_paths() {
        let names = ["README.md", "a/b.md", "a/cc.md", "long/path/of/a/file.md"];
        assert_eq!(paths(&version_2(&names)).unwrap(), names);
        assert_eq!(paths(&version_2(&[])).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_broken_or_odd_index_is_left_to_git() {
        let good = version_2(&["a.md", "b.md"]);
        for length in 0..good.len() {
            assert_eq!(paths(&good[..length]), None, "{length} bytes");
        }
        let mut split = good.clone();
        split.truncate(good.len() - 20);
        split.extend(b"link\0\0\0\0");
        split.extend([9; 20]);
        assert_eq!(paths(&split), None);
    }

    proptest! {
        #[test]
        fn changed_bytes_never_panic(at in 0_usize..200, byte in any::<u8>(), version in 2_u8..5) {
            let mut index = version_2(&["a.md", "b/c.md"]);
            index[7] = version;
            let at = at % index.len();
            index[at] = byte;
            let _ = paths(&index);
        }
    }
}
