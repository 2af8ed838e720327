//! `.snyk`: ignores by id and path of dependencies.

use super::purl::Purl;
use super::{File, Subject, moment};
use crate::text::SourceText;
use crate::text::glob::is_wild;
use crate::text::yaml::{self, Node, Value};

/// Reads the `ignore` section. Patches are no waivers, and `exclude` keeps files from being scanned.
pub(super) fn read(source: &SourceText, file: &mut File<'_>) {
    let documents = match yaml::parse(source) {
        Ok(documents) => documents,
        Err(error) => return file.unclear(error.line, &format!("this is no YAML: {}", error.message)),
    };
    let Some(ignore) = documents.first().and_then(|root| root.get("ignore")) else {
        return;
    };
    for entry in ignore.entries() {
        for path in entry.value.one_or_more() {
            match &path.value {
                // A path may stand alone: `- '*'`.
                Value::Scalar(scalar) => one(file, &entry.key, &scalar.text, path, entry.line),
                Value::Map(map) => {
                    for path in &map.entries {
                        one(file, &entry.key, &path.key, &path.value, path.line);
                    }
                }
                Value::List(_) => file.unclear(path.line, "an ignored path is no text"),
            }
        }
    }
}

fn one(file: &mut File<'_>, id: &str, path: &str, said: &Node, line: u32) {
    let mut rule = file.rule(id, line);
    rule.reason = said.get("reason").and_then(Node::str).unwrap_or_default().into();
    rule.said = said.get("created").and_then(Node::str).and_then(moment);
    if let Some(end) = said.get("expires").filter(|end| !end.is_null()) {
        rule.expires = end.str().and_then(moment);
        if rule.expires.is_none() {
            return file.unclear(end.line, "the end of this waiver is no moment");
        }
    }
    rule.subject = subject(path);
    file.push(rule);
}

/// `*` is everything, `* > name@1` every way to a package, `src/x.js` a file. A whole chain of dependencies cannot be
/// told from a report.
fn subject(path: &str) -> Subject {
    let path = path.trim();
    if path == "*" {
        return Subject::Any;
    }
    match path.rsplit_once('>') {
        Some((before, last)) if before.trim() == "*" && !is_wild(last) && !last.trim().is_empty() => {
            let last = last.trim();
            let (name, version) = match last.rfind('@') {
                Some(at) if at > 0 => (last.get(..at).unwrap_or(last), last.get(at + 1..)),
                _ => (last, None),
            };
            Subject::Packages(vec![Purl::named(name, version)])
        }
        Some(_) => Subject::Unknown("the chain of dependencies that it names is not told by reports".into()),
        None if path.contains(['/', '.']) && !path.contains('@') => Subject::Paths(vec![path.into()]),
        None => Subject::Unknown("what it names is told by no report".into()),
    }
}
