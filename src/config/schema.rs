//! The JSON schema of the configuration files, made from the key list.

use std::fmt::Write as _;

use super::spec::{KEYS, KeyKind, KeySpec};

/// A JSON schema (draft 2020-12) for the user's file. A repository's file knows the keys that are not marked
/// as the user's own.
#[must_use]
pub fn schema() -> String {
    let mut out = String::from(
        "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"gonogo configuration\",\n  \"type\": \"object\",\n  \"additionalProperties\": false,\n  \"properties\": {\n",
    );
    let mut sections: Vec<&str> = Vec::new();
    let mut parts = Vec::new();
    for key in KEYS {
        match key.name.split_once('.') {
            None => parts.push(format!("    {}", property(key.name, key))),
            Some((section, _)) if !sections.contains(&section) => {
                sections.push(section);
                let inner: Vec<String> = KEYS
                    .iter()
                    .filter_map(|key| {
                        let (of, name) = key.name.split_once('.')?;
                        (of == section).then(|| format!("        {}", property(name, key)))
                    })
                    .collect();
                parts.push(format!(
                    "    {}: {{\n      \"type\": \"object\",\n      \"additionalProperties\": {},\n      \"properties\": {{\n{}\n      }}\n    }}",
                    json(section),
                    named(section),
                    inner.join(",\n")
                ));
            }
            Some(_) => {}
        }
    }
    parts.push(
        "    \"keys\": {\n      \"type\": \"object\",\n      \"description\": \"Keys by command name; an empty list takes a command's keys away. Not in a repository's file.\",\n      \"additionalProperties\": { \"oneOf\": [ { \"type\": \"string\" }, { \"type\": \"array\", \"items\": { \"type\": \"string\" } } ] }\n    }"
            .to_owned(),
    );
    out.push_str(&parts.join(",\n"));
    out.push_str("\n  }\n}\n");
    out
}

/// What tables with names of a person's choice may hold in a section.
fn named(section: &str) -> String {
    let globs = "{ \"type\": [\"string\", \"array\"], \"items\": { \"type\": \"string\" } }";
    let (extra, required): (&[(&str, &str)], &str) = match section {
        "coverage" => (&[("paths", globs)], "\"target\""),
        "scans" => (&[("paths", globs), ("tool", "{ \"type\": \"string\" }")], ""),
        _ => return "false".to_owned(),
    };
    let extra = extra
        .iter()
        .map(|(name, schema)| format!("{}: {schema}", json(name)));
    let own = KEYS.iter().filter_map(|key| {
        let (of, name) = key.name.split_once('.')?;
        (of == section && name != "codecov").then(|| property(name, key))
    });
    let fields: Vec<String> = extra.chain(own).collect();
    format!(
        "{{\n        \"type\": \"object\",\n        \"additionalProperties\": false,\n        \"required\": [{required}],\n        \"properties\": {{\n          {}\n        }}\n      }}",
        fields.join(",\n          ")
    )
}

fn property(name: &str, key: &KeySpec) -> String {
    let kind = match key.kind {
        KeyKind::Word(words) => {
            let words: Vec<String> = words.iter().map(|word| json(word)).collect();
            format!("\"type\": \"string\", \"enum\": [{}]", words.join(", "))
        }
        KeyKind::Flag => "\"type\": \"boolean\"".to_owned(),
        KeyKind::Text => "\"type\": \"string\"".to_owned(),
        KeyKind::Threshold => "\"type\": [\"string\", \"number\"]".to_owned(),
        KeyKind::Number => "\"type\": \"integer\", \"minimum\": 0".to_owned(),
        KeyKind::Globs | KeyKind::Names => {
            "\"type\": \"array\", \"items\": { \"type\": \"string\" }".to_owned()
        }
    };
    let only = if key.judges() {
        ""
    } else {
        " Not in a repository's file."
    };
    let doc = json(&format!("{}{only}", key.doc));
    // The defaults are words, booleans, whole numbers and empty lists, which TOML and JSON spell alike.
    format!(
        "{}: {{ {kind}, \"default\": {}, \"description\": {doc} }}",
        json(name),
        key.default
    )
}

fn json(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::schema;
    use crate::config::KEYS;

    #[test]
    fn the_schema_is_json_and_knows_every_key_with_its_default() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
        for key in KEYS {
            let mut at = &schema;
            for part in key.name.split('.') {
                at = &at["properties"][part];
            }
            let default: serde_json::Value = serde_json::from_str(key.default).unwrap();
            assert_eq!(at["default"], default, "{}", key.name);
            assert!(at["description"].as_str().unwrap().len() > 10, "{}", key.name);
        }
    }
}
