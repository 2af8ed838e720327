//! The beginning of a file, looked at once for all formats.

/// How many bytes of a file are looked at for recognising it.
pub(super) const HEAD: usize = 64 * 1024;

/// The beginning of a file.
#[derive(Debug, Clone)]
pub struct Head<'a> {
    /// The path as given.
    pub path: &'a str,
    /// Its last part in lower case.
    pub name: String,
    /// At most 64 KiB, UTF-8 without a byte order mark; may end inside a character.
    pub bytes: &'a [u8],
    /// What kind of text it is.
    pub shape: Shape,
}

/// The kinds of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A JSON value (or several, one a line) that begins with an object or an array.
    Json {
        /// The value is an array; the keys are those of its first object.
        array: bool,
        /// Keys of the first two levels seen in the head: `runs`, `metadata.vulnerabilities`; array elements add `[]`: `runs[].tool`.
        keys: Vec<String>,
    },
    /// An XML document.
    Xml {
        /// The root element's name without its prefix.
        root: String,
        /// The root's start tag and any doctype before it, as written.
        start: String,
    },
    /// Any other text.
    Text,
}

impl<'a> Head<'a> {
    /// Looks at the beginning of `bytes`.
    #[must_use]
    pub fn of(path: &'a str, bytes: &'a [u8]) -> Self {
        let bytes = &bytes[..bytes.len().min(HEAD)];
        let name = path
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let first = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
        let shape = match first.map(|at| (at, bytes[at])) {
            Some((at, b'{' | b'[')) => json_shape(&bytes[at..]),
            Some((at, b'<')) => xml_shape(&bytes[at..]),
            _ => Shape::Text,
        };
        Self {
            path,
            name,
            bytes,
            shape,
        }
    }

    /// Whether the JSON has this key (see [`Shape::Json`]) in its head.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        matches!(&self.shape, Shape::Json { keys, .. } if keys.iter().any(|known| known == key))
    }

    /// Whether the file is a JSON array.
    #[must_use]
    pub const fn is_array(&self) -> bool {
        matches!(self.shape, Shape::Json { array: true, .. })
    }

    /// The XML root element's name.
    #[must_use]
    pub fn root(&self) -> Option<&str> {
        match &self.shape {
            Shape::Xml { root, .. } => Some(root),
            _ => None,
        }
    }

    /// Whether the head contains these bytes.
    #[must_use]
    pub fn contains(&self, needle: &str) -> bool {
        memchr::memmem::find(self.bytes, needle.as_bytes()).is_some()
    }
}

/// Collects the keys of the first two levels; tolerant of a cut end.
fn json_shape(bytes: &[u8]) -> Shape {
    let array = bytes[0] == b'[';
    let mut keys: Vec<String> = Vec::new();
    // One entry per open bracket: its kind and the key under which it stands.
    let mut open: Vec<(u8, String)> = Vec::new();
    let mut pending = String::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => {
                open.push((byte, std::mem::take(&mut pending)));
                at += 1;
            }
            b'}' | b']' => {
                open.pop();
                at += 1;
                if open.is_empty() {
                    break;
                }
            }
            b'"' => {
                let Some(end) = string_end(bytes, at + 1) else {
                    break;
                };
                let text = &bytes[at + 1..end];
                at = end + 1;
                let colon = bytes[at..].iter().find(|byte| !byte.is_ascii_whitespace());
                if colon == Some(&b':') && open.last().is_some_and(|(kind, _)| *kind == b'{') {
                    pending = String::from_utf8_lossy(text).into_owned();
                    if let Some(path) = key_path(&open, &pending, array)
                        && keys.len() < 512
                        && !keys.contains(&path)
                    {
                        keys.push(path);
                    }
                }
            }
            _ => at += 1,
        }
    }
    Shape::Json { array, keys }
}

/// The path of a key, when it lies on one of the first two levels of objects.
fn key_path(open: &[(u8, String)], key: &str, array: bool) -> Option<String> {
    let inner = if array { open.get(1..)? } else { open };
    match inner {
        [(b'{', _)] => Some(key.to_owned()),
        [(b'{', _), (b'{', parent)] => Some(format!("{parent}.{key}")),
        [(b'{', _), (b'[', parent), (b'{', _)] => Some(format!("{parent}[].{key}")),
        _ => None,
    }
}

/// The offset of the quote that ends a string which begins at `from`.
fn string_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

fn xml_shape(bytes: &[u8]) -> Shape {
    let mut at = 0;
    // Skip the declaration, comments, processing instructions and a doctype.
    while let Some(rest) = bytes.get(at..) {
        let Some(lt) = memchr::memchr(b'<', rest) else {
            break;
        };
        let tag = &rest[lt..];
        let skip = if tag.starts_with(b"<!--") {
            memchr::memmem::find(tag, b"-->").map(|end| end + 3)
        } else if tag.starts_with(b"<?") || tag.starts_with(b"<!") {
            memchr::memchr(b'>', tag).map(|end| end + 1)
        } else {
            let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
            let name_end = tag
                .iter()
                .skip(1)
                .position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
            let name = String::from_utf8_lossy(&tag[1..name_end.map_or(end, |n| n + 1).max(1)]).into_owned();
            let root = name.rsplit(':').next().unwrap_or_default().to_owned();
            let start = String::from_utf8_lossy(&bytes[..at + lt + end]).into_owned();
            return Shape::Xml { root, start };
        };
        match skip {
            Some(length) => at += lt + length,
            None => break,
        }
    }
    Shape::Text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_two_levels_are_seen() {
        let head = Head::of(
            "a.json",
            br#" {"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}}}],"meta":{"n":{"deep":1}}}"#,
        );
        for key in ["version", "runs", "runs[].tool", "meta", "meta.n"] {
            assert!(head.has(key), "{key}: {:?}", head.shape);
        }
        assert!(!head.has("meta.n.deep") && !head.has("deep"));
    }

    #[test]
    fn a_cut_end_and_escapes_do_no_harm() {
        let head = Head::of("a.json", br#"{"a\"b":1,"c":"x\\","d":{"#);
        assert!(head.has("c") && head.has("d"));
    }

    #[test]
    fn the_root_of_xml_is_found_behind_prolog_and_prefix() {
        let head = Head::of(
            "a.xml",
            b"<?xml version='1.0'?><!-- <x> --><!DOCTYPE coverage SYSTEM 'y'><ns:coverage line-rate='1'><a/>",
        );
        assert_eq!(head.root(), Some("coverage"));
    }
}
