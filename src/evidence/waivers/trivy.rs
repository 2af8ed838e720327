//! `.trivyignore` (one id a line) and `.trivyignore.yaml`.

use super::purl::Purl;
use super::{File, Subject, moment};
use crate::text::SourceText;
use crate::text::yaml::{self, Node};

/// Ids with comments and `exp:YYYY-MM-DD`. The comment right above an id, or behind it, is its reason.
pub(super) fn read_lines(source: &SourceText, file: &mut File<'_>) {
    let mut comment = String::new();
    for (number, line) in (1_u32..).zip(source.text().lines()) {
        let line = line.trim();
        if let Some(said) = line.strip_prefix('#') {
            if !comment.is_empty() {
                comment.push(' ');
            }
            if comment.len() < 500 {
                comment.push_str(said.trim());
            }
            continue;
        }
        let said_above = std::mem::take(&mut comment);
        let (words, said_behind) = line.split_once(" #").unwrap_or((line, ""));
        let mut words = words.split_whitespace();
        let Some(id) = words.next() else { continue };
        let mut rule = file.rule(id, number);
        let said_behind = said_behind.trim();
        rule.reason = if said_behind.is_empty() {
            said_above.trim()
        } else {
            said_behind
        }
        .into();
        match words.find_map(|word| word.strip_prefix("exp:")) {
            None => file.push(rule),
            Some(end) => match moment(end) {
                Some(end) => {
                    rule.expires = Some(end);
                    file.push(rule);
                }
                None => file.unclear(
                    number,
                    "the end of this waiver is no day such as `exp:2026-12-31`",
                ),
            },
        }
    }
}

/// Lists of ids by kind, with paths, packages, an end and a statement.
pub(super) fn read_yaml(source: &SourceText, file: &mut File<'_>) {
    let documents = match yaml::parse(source) {
        Ok(documents) => documents,
        Err(error) => return file.unclear(error.line, &format!("this is no YAML: {}", error.message)),
    };
    let Some(root) = documents.first() else { return };
    for kind in ["vulnerabilities", "misconfigurations", "secrets", "licenses"] {
        for entry in root.get(kind).map(Node::items).unwrap_or_default() {
            let Some(id) = entry.get("id").and_then(Node::str).filter(|id| !id.is_empty()) else {
                file.unclear(entry.line, "this waiver has no `id`");
                continue;
            };
            let mut rule = file.rule(id, entry.line);
            rule.reason = entry
                .get("statement")
                .and_then(Node::str)
                .unwrap_or_default()
                .into();
            if let Some(end) = entry.get("expired_at").filter(|end| !end.is_null()) {
                rule.expires = end.str().and_then(moment);
                if rule.expires.is_none() {
                    file.unclear(end.line, "the end of this waiver is no day");
                    continue;
                }
            }
            let texts = |key: &str| -> Vec<&str> {
                let nodes = entry.get(key).map(Node::one_or_more).unwrap_or_default();
                nodes.iter().filter_map(Node::str).collect()
            };
            let (paths, purls) = (texts("paths"), texts("purls"));
            let packages: Vec<Purl> = purls.iter().filter_map(|purl| Purl::parse(purl)).collect();
            rule.subject = if packages.len() < purls.len() {
                Subject::Unknown("one of its packages is no package URL".into())
            } else if paths.is_empty() && packages.is_empty() {
                Subject::Any
            } else if packages.is_empty() {
                Subject::Paths(paths.into_iter().map(Into::into).collect())
            } else if paths.is_empty() {
                Subject::Packages(packages)
            } else {
                Subject::Unknown("it asks for paths and packages at once".into())
            };
            file.push(rule);
        }
    }
}
