//! The identity of an item that outlives edits elsewhere in its document.

/// Hash of path, namespace, id or normalised title, and the how-manieth of its kind; never the line number.
/// Printed as 16 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Uid(pub u64);

impl Uid {
    /// FNV-1a with a finisher over the parts, each closed by a zero byte so that borders count.
    #[must_use]
    pub fn of(parts: &[&str], nth: u32) -> Self {
        let mut hasher = UidHasher::default();
        parts.iter().for_each(|part| hasher.part(part));
        hasher.finish(nth)
    }

    /// From the 16 hex digits that [`std::fmt::Display`] prints.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 16)
            .then(|| u64::from_str_radix(text, 16).ok().map(Self))
            .flatten()
    }
}

/// The hash behind [`Uid::of`], fed piece by piece, so that what many items share is eaten once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UidHasher(u64);

impl Default for UidHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl UidHasher {
    /// Eats one byte of the current part.
    pub const fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ byte as u64).wrapping_mul(0x0100_0000_01b3);
    }

    /// Eats a whole part and closes it.
    pub fn part(&mut self, part: &str) {
        part.bytes().for_each(|byte| self.byte(byte));
        self.byte(0);
    }

    /// The uid of what was eaten: the same as [`Uid::of`] of the same parts.
    #[must_use]
    pub fn finish(mut self, nth: u32) -> Uid {
        nth.to_le_bytes().into_iter().for_each(|byte| self.byte(byte));
        let mut hash = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        Uid(hash ^ (hash >> 33))
    }
}

impl std::fmt::Display for Uid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_and_the_count_make_a_difference() {
        let uids = [
            Uid::of(&["ab", "c"], 0),
            Uid::of(&["a", "bc"], 0),
            Uid::of(&["ab", "c"], 1),
            Uid::of(&["abc"], 0),
        ];
        for (at, uid) in uids.iter().enumerate() {
            assert!(!uids[at + 1..].contains(uid));
            assert_eq!(Uid::parse(&uid.to_string()), Some(*uid));
        }
        let mut hasher = UidHasher::default();
        hasher.part("ab");
        b"c\0".iter().for_each(|&byte| hasher.byte(byte));
        assert_eq!(hasher.finish(1), uids[2]);
    }
}
