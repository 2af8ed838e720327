//! Where a text leaves ASCII: most documents are nearly all ASCII, and what is ASCII needs no thought.

/// The first byte at or after `at` that is not ASCII.
pub(super) fn next_non_ascii(bytes: &[u8], at: usize) -> Option<usize> {
    let tail = bytes.get(at..)?;
    // Sixteen at a time: the compiler makes vector code of it.
    let skipped = tail.chunks_exact(16).take_while(|chunk| chunk.is_ascii()).count() * 16;
    let rest = tail.get(skipped..)?;
    rest.iter()
        .position(|byte| !byte.is_ascii())
        .map(|ahead| at + skipped + ahead)
}

/// The end of the run of bytes outside of ASCII that begins at `start`.
pub(super) fn run_end(bytes: &[u8], start: usize) -> usize {
    let tail = bytes.get(start..).unwrap_or_default();
    start + tail.iter().position(u8::is_ascii).unwrap_or(tail.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_finds_every_place() {
        for at in 0..70 {
            let mut bytes = vec![b'a'; 70];
            bytes[at] = 0x80;
            assert_eq!(next_non_ascii(&bytes, 0), Some(at));
            assert_eq!(next_non_ascii(&bytes, at), Some(at));
            assert_eq!(next_non_ascii(&bytes, at + 1), None);
            assert_eq!(run_end(&bytes, at), at + 1);
        }
        assert_eq!(run_end(b"\x80\x80", 0), 2);
    }
}
