//! What the scan formats share: documents that come alone, in a list or one after the other, and short findings.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::head::{Head, Shape};
use super::{File, ParseError, json};
use crate::model::{FindingMore, Problem, ProblemSeverity, ScanReport};

/// Where messages are cut: one sentence is enough, the report has the rest.
const SENTENCE: usize = 300;

/// The first line of a text that says something, cut to a sentence's length.
pub(super) fn sentence(text: &str) -> Box<str> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or_default();
    if line.len() <= SENTENCE {
        return line.into();
    }
    let mut end = SENTENCE;
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", line.get(..end).unwrap_or_default()).into()
}

/// The first of several texts that says something, as a sentence.
pub(super) fn first(texts: &[&str]) -> Box<str> {
    let text = texts.iter().find(|text| !text.trim().is_empty());
    sentence(text.copied().unwrap_or_default())
}

/// A text in a box, when there is any.
pub(super) fn boxed(text: &str) -> Option<Box<str>> {
    (!text.is_empty()).then(|| text.into())
}

/// Where texts that many findings share are cut; longer than any path in a real report.
const SHARED: usize = 1024;

/// A text that each of many findings gets a copy of: of one that is too long only its end, so that a small file cannot
/// fill the memory.
pub(super) fn shared(text: &str) -> Option<Box<str>> {
    if text.len() <= SHARED {
        return boxed(text);
    }
    let mut from = text.len() - SHARED;
    while !text.is_char_boundary(from) {
        from += 1;
    }
    Some(format!("…{}", text.get(from..).unwrap_or_default()).into())
}

/// A line number that is one: tools write 0 or -1 for none.
pub(super) fn line(number: json::Number) -> Option<u32> {
    number.line().filter(|line| *line > 0)
}

/// The rare properties, when there are any.
pub(super) fn rare(more: FindingMore) -> Option<Box<FindingMore>> {
    (more != FindingMore::default()).then(|| Box::new(more))
}

/// Names of an advisory without empty ones and without the finding's own.
pub(super) fn aliases<'t>(rule: &str, names: impl IntoIterator<Item = &'t str>) -> Vec<Box<str>> {
    let mut all: Vec<Box<str>> = Vec::new();
    for name in names {
        // A few dozen names at most; a hostile list must not cost its square.
        if !name.is_empty() && name != rule && all.len() < 64 && !all.iter().any(|known| **known == *name) {
            all.push(name.into());
        }
    }
    all
}

/// Name and version of `pkg:type/namespace/name@version?…`, the name as other tools write it; any other reference is a name.
pub(super) fn purl(reference: &str) -> (Cow<'_, str>, Option<Cow<'_, str>>) {
    let Some(package) = reference.strip_prefix("pkg:") else {
        return (Cow::Borrowed(reference), None);
    };
    let package = package.split(['?', '#']).next().unwrap_or_default();
    let (kind, name) = package.split_once('/').unwrap_or(("", package));
    let (name, version) = match name.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() => (name, Some(percent(version))),
        _ => (name, None),
    };
    let name = match (kind, name.rsplit_once('/')) {
        ("maven", Some((group, name))) => Cow::Owned(format!("{group}:{name}")),
        // There the namespace is the distribution.
        ("deb" | "rpm" | "apk" | "alpm", Some((_, name))) => Cow::Borrowed(name),
        _ => percent(name),
    };
    (name, version)
}

/// A text with the percent signs of an address undone, when that gives a text.
pub(super) fn percent(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The number of things, saturating.
pub(super) fn count(things: usize) -> u32 {
    u32::try_from(things).unwrap_or(u32::MAX)
}

/// Notes that the scan says that it missed something.
pub(super) fn problem(report: &mut ScanReport, file: &File<'_>, severity: ProblemSeverity, what: &str) {
    super::files::note(&mut report.problems, file, 0, severity, what);
}

/// Notes that the file does not say that the tool ran.
pub(super) fn not_said(report: &mut ScanReport, file: &File<'_>, what: &str, hint: &str) {
    report.problems.push(Problem {
        severity: ProblemSeverity::Error,
        at: format!("{}:1", file.path).into(),
        what: what.into(),
        hint: Some(hint.into()),
    });
}

/// Whether the file is `[]` and named after the tool: the content names nobody.
pub(super) fn empty_list(head: &Head<'_>, tool: &str) -> bool {
    matches!(&head.shape, Shape::Json { array: true, keys } if keys.is_empty())
        && head.name.contains(tool)
        && squeezed(head, 3).is_some_and(|text| text == b"[]")
}

/// The head without white space, when at most so many bytes are left of it.
pub(super) fn squeezed(head: &Head<'_>, most: usize) -> Option<Vec<u8>> {
    let bytes = head.bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    let text: Vec<u8> = bytes.take(most + 1).copied().collect();
    (text.len() <= most).then_some(text)
}

/// A visitor method for each scalar that finds no object.
macro_rules! nothing {
    ($wrapper:ident; $($method:ident: $type:ty),*) => {
        $(fn $method<E: serde::de::Error>(self, _: $type) -> Result<Self::Value, E> { Ok($wrapper::default()) })*
    };
}

/// Objects that come alone or in lists; anything else in between is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Many<T>(pub(super) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for V<T> {
            type Value = Many<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a list of objects")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|value| Many(vec![value]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(Many(mut some)) = seq.next_element::<Many<T>>()? {
                    all.append(&mut some);
                }
                Ok(Many(all))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Many::default())
            }
            nothing!(Many; visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str);
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}

/// The objects of a list, or of an object whose values they are (as PHP writes lists with gaps).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed<T>(pub(super) Vec<T>);

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for V<T> {
            type Value = Listed<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list or an object of objects")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some((_, Many(mut some))) = map.next_entry::<IgnoredAny, Many<T>>()? {
                    all.append(&mut some);
                }
                Ok(Listed(all))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(Many(mut some)) = seq.next_element::<Many<T>>()? {
                    all.append(&mut some);
                }
                Ok(Listed(all))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Listed::default())
            }
            nothing!(Listed; visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str);
        }
        deserializer.deserialize_any(V(PhantomData))
    }
}

/// All objects of JSON values that follow each other, as tools write them that print as they go.
pub(super) fn stream<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<Vec<T>, ParseError> {
    let mut all = Vec::new();
    for some in serde_json::Deserializer::from_str(json::text(bytes)?).into_iter::<Many<T>>() {
        let Many(mut some) = some.map_err(|error| json::place(&error, bytes, 0))?;
        all.append(&mut some);
    }
    Ok(all)
}

/// All objects of one list, of lists that follow each other (pages of an answer), or the object that stands alone.
pub(super) fn pages<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<Vec<T>, ParseError> {
    if bytes.trim_ascii_start().starts_with(b"[") {
        stream(bytes)
    } else {
        json::read(bytes).map(|Many(all)| all)
    }
}

/// Notes that a list from GitHub has just as many entries as a page: the others may not have been asked for.
pub(super) fn full_page(report: &mut ScanReport, file: &File<'_>, entries: usize) {
    if matches!(entries, 30 | 100) {
        let what = format!("the list has exactly {entries} entries, as many as a page: there may be more");
        problem(report, file, ProblemSeverity::Warning, &what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_alone_in_lists_and_in_a_row() {
        let read =
            |text: &str| stream::<json::Entries<'_, json::Number>>(text.as_bytes()).map(|all| all.len());
        for (text, objects) in [
            ("{}", 1),
            ("[{},{}]", 2),
            ("[[{}],[{},null,1,\"x\"]]", 2),
            ("{}\n{}\n", 2),
            ("[{}][{}]", 2),
            ("[]", 0),
        ] {
            assert_eq!(read(text), Ok(objects), "{text}");
        }
        let cut = read("{}\n{\"a\":").unwrap_err();
        assert_eq!((cut.line, cut.message.contains("cut off")), (Some(2), true));
    }

    #[test]
    fn package_urls_name_packages_as_other_tools_do() {
        for (reference, name, version) in [
            ("pkg:npm/%40scope/pad@1.0.0?x=1#y", "@scope/pad", Some("1.0.0")),
            ("pkg:maven/org.example/pad@2.0", "org.example:pad", Some("2.0")),
            ("pkg:deb/debian/pad@1%2Bb1?arch=all", "pad", Some("1+b1")),
            ("pkg:golang/example.org/a/b@v1", "example.org/a/b", Some("v1")),
            ("pkg:pypi/pad", "pad", None),
            ("pkg:npm/%zz%", "%zz%", None),
            ("pad@1", "pad@1", None),
        ] {
            let (got, at) = purl(reference);
            assert_eq!((&*got, at.as_deref()), (name, version), "{reference}");
        }
    }

    #[test]
    fn an_empty_list_is_of_the_tool_in_its_name_and_does_not_say_that_it_ran() {
        for (name, format) in [
            ("eslint.json", Some("eslint")),
            ("out/gitleaks-report.json", Some("gitleaks")),
            ("hadolint.json", Some("hadolint")),
            ("dependabot-alerts.json", Some("dependabot")),
            ("code-scanning-alerts.json", Some("github-code-scanning")),
            ("alerts.json", None),
        ] {
            let reading = super::super::read_file(name, b" [ ]\n");
            assert_eq!(reading.format, format, "{name}");
            let said = match reading.result {
                Some(Ok(super::super::Parsed::Scan(report))) => Some((report.ran, report.findings.len())),
                _ => None,
            };
            assert_eq!(said, format.map(|_| (false, 0)), "{name}");
        }
        for text in ["[", "[]]", "[1]", "[{}]", "null", ""] {
            assert_eq!(
                super::super::read_file("eslint.json", text.as_bytes()).format,
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn reports_in_which_nothing_was_looked_at_do_not_say_that_the_tool_ran() {
        for (text, ran) in [
            (r#"{"results":[],"errors":[]}"#, false),
            (
                r#"{"version":"1","results":[],"errors":[],"paths":{"scanned":[]}}"#,
                false,
            ),
            (
                r#"{"version":"1","results":[],"errors":[],"paths":{"scanned":["a.py"]}}"#,
                true,
            ),
            (
                r#"{"dependencies":[{"name":"a","skip_reason":"no"}],"fixes":[]}"#,
                false,
            ),
            (
                r#"{"dependencies":[{"name":"a","version":"1","vulns":[]}],"fixes":[]}"#,
                true,
            ),
            (
                r#"{"Golang errors":{},"Issues":[],"Stats":{"files":0},"GosecVersion":"2"}"#,
                false,
            ),
            (
                r#"{"Golang errors":{},"Issues":null,"Stats":{"files":3},"GosecVersion":"2"}"#,
                true,
            ),
            (r#"{"ok":false,"error":"no token","path":"/work"}"#, false),
            (
                r#"[{"vulnerabilities":[],"ok":true,"dependencyCount":3},{"ok":false,"error":"x","path":"a"}]"#,
                false,
            ),
            (
                r#"{"config":{"protocol_version":"v1.0.0"}}{"progress":{"message":"x"}}"#,
                true,
            ),
            (
                r#"{"passed":0,"failed":0,"skipped":0,"resource_count":0,"checkov_version":"3"}"#,
                false,
            ),
            (
                r#"{"reportSchema":"1.1","scanInfo":{"engineVersion":"9"}}"#,
                false,
            ),
        ] {
            let reading = super::super::read_file("x", text.as_bytes());
            match reading.result {
                Some(Ok(super::super::Parsed::Scan(report))) => {
                    assert_eq!((report.ran, report.findings.len()), (ran, 0), "{text}");
                    assert!(ran || !report.problems.is_empty(), "{text}");
                }
                other => unreachable!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let text = format!("\n  {} \nsecond", "ä".repeat(400));
        let cut = sentence(&text);
        assert!(cut.len() <= SENTENCE + 3 && cut.ends_with('…') && cut.starts_with("ää"));
        assert_eq!(&*sentence("  one.\ntwo"), "one.");
        let end = shared(&"ä/".repeat(4000)).unwrap();
        assert!(end.len() <= SHARED + 3 && end.starts_with('…') && end.ends_with("ä/"));
        assert_eq!((shared("a/b").as_deref(), shared("")), (Some("a/b"), None));
    }
}
