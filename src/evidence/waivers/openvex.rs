//! OpenVEX: statements on whether a vulnerability affects a product.
//!
//! `not_affected` and `fixed` are answers; `affected` takes an earlier answer back, and so does `under_investigation`. An
//! answer counts for the packages that it names, as products or as parts of one. A statement on a whole product is this
//! repository's only when [`super::apply`] knows it by name.

use serde::Deserialize;
use serde_json::Value;

use super::purl::Purl;
use super::{Effect, File, Subject, moment};
use crate::text::SourceText;

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "@context")]
    context: Option<Value>,
    timestamp: Option<Value>,
    statements: Option<Vec<Value>>,
}

/// Reads a document; other JSON of such a name is none of ours.
pub(super) fn read(source: &SourceText, file: &mut File<'_>) {
    let document: Document = match serde_json::from_str(source.text()) {
        Ok(document) => document,
        Err(error) => {
            let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
            return file.unclear(line, "this is no OpenVEX document");
        }
    };
    let is_openvex = document
        .context
        .as_ref()
        .is_some_and(|context| context.to_string().to_lowercase().contains("openvex"));
    if !is_openvex {
        return;
    }
    let made = document
        .timestamp
        .as_ref()
        .and_then(Value::as_str)
        .and_then(moment);
    let mut places = Places::new(source.text());
    for statement in document.statements.unwrap_or_default() {
        let names = names(&statement);
        let line = places.next(&names);
        if names.is_empty() {
            file.unclear(line, "this statement names no vulnerability");
            continue;
        }
        let text = |key: &str| {
            statement
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .trim()
        };
        let effect = match text("status") {
            "not_affected" | "fixed" => Effect::NotAffected,
            "affected" | "under_investigation" => Effect::Affected,
            _ => {
                file.unclear(line, "the status of this statement is none that OpenVEX knows");
                continue;
            }
        };
        let why = [
            text("justification"),
            text("impact_statement"),
            text("status_notes"),
        ];
        if text("status") == "not_affected"
            && text("justification").is_empty()
            && text("impact_statement").is_empty()
        {
            file.unclear(
                line,
                "`not_affected` needs a justification or an impact statement",
            );
            continue;
        }
        let why: Vec<&str> = why.into_iter().filter(|words| !words.is_empty()).collect();
        let mut rule = file.rule("", line);
        rule.reason = if why.is_empty() {
            text("status").to_owned()
        } else {
            why.join(": ")
        }
        .into();
        rule.effect = effect;
        rule.said = statement
            .get("last_updated")
            .or_else(|| statement.get("timestamp"))
            .and_then(Value::as_str)
            .and_then(moment)
            .or(made);
        rule.subject = subject(&statement);
        rule.names = names.into_iter().map(Into::into).collect();
        file.push(rule);
    }
}

/// The vulnerability's name and aliases; older documents have one text.
fn names(statement: &Value) -> Vec<String> {
    let mut names = Vec::new();
    let mut take = |value: Option<&Value>| {
        if let Some(name) = value.and_then(Value::as_str).map(str::trim)
            && !name.is_empty()
        {
            // An id may be written as the address of its page.
            names.push(
                name.trim_end_matches('/')
                    .rsplit('/')
                    .next()
                    .unwrap_or(name)
                    .to_owned(),
            );
        }
    };
    match statement.get("vulnerability") {
        Some(Value::Object(fields)) => {
            take(fields.get("name"));
            if fields.get("name").is_none() {
                take(fields.get("@id"));
            }
            for alias in fields
                .get("aliases")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                take(Some(alias));
            }
        }
        other => take(other),
    }
    names
}

/// What a statement is about: the parts that its products name, else the products themselves.
fn subject(statement: &Value) -> Subject {
    let products = statement.get("products").and_then(Value::as_array);
    let mut packages = Vec::new();
    let mut unknown: Option<String> = None;
    let mut take = |value: &Value| match purl_of(value) {
        Some(purl) => packages.push(purl),
        None => {
            let name = value
                .as_str()
                .or_else(|| value.get("@id").and_then(Value::as_str));
            unknown.get_or_insert(name.unwrap_or_default().chars().take(80).collect());
        }
    };
    let old_parts = statement.get("subcomponents").and_then(Value::as_array);
    for product in products.into_iter().flatten() {
        let parts = product
            .get("subcomponents")
            .and_then(Value::as_array)
            .or(old_parts);
        match parts.filter(|parts| !parts.is_empty()) {
            Some(parts) => parts.iter().for_each(&mut take),
            None => take(product),
        }
    }
    match (packages.is_empty(), unknown) {
        (false, _) => Subject::Packages(packages),
        (true, Some(name)) => Subject::Unknown(format!("its product `{name}` is no package URL").into()),
        (true, None) => Subject::Unknown("it names no product".into()),
    }
}

fn purl_of(value: &Value) -> Option<Purl> {
    let own = value
        .as_str()
        .or_else(|| value.get("@id").and_then(Value::as_str));
    let other = value.pointer("/identifiers/purl").and_then(Value::as_str);
    other.and_then(Purl::parse).or_else(|| own.and_then(Purl::parse))
}

/// Where each statement stands: the next line that names its vulnerability.
struct Places<'t> {
    lines: std::iter::Peekable<std::iter::Zip<std::ops::RangeFrom<u32>, std::str::Lines<'t>>>,
    last: u32,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            lines: (1_u32..).zip(text.lines()).peekable(),
            last: 1,
        }
    }

    fn next(&mut self, names: &[String]) -> u32 {
        let Some(name) = names.first() else {
            return self.last;
        };
        // Looked for once from front to back: a document on one line stays on it.
        let mut ahead = self.lines.clone();
        if let Some((line, _)) = ahead.find(|(_, text)| text.contains(name.as_str())) {
            self.last = line;
            self.lines = ahead;
        }
        self.last
    }
}
