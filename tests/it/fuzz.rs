//! What the fuzz targets under `fuzz/` check, run here over their corpora. The targets include this file, so that
//! both always check the same.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo::app::{Key, KeyName, Model, Msg, update, view};
use gonogo::config::{Settings, parse_repository, parse_user};
use gonogo::engine::{Change, Engine, read_document};
use gonogo::model::{RepoPath, Status};
use gonogo::text::{SourceText, Span};
use jiff::Timestamp;

/// Any bytes give a report whose spans lie inside the document.
pub fn report(bytes: &[u8]) {
    let path = RepoPath::new("docs/READINESS.md").unwrap();
    let report = read_document(path, Arc::from(bytes), Some(true), None);
    let inside = |span: Span| assert!(span.range().end <= bytes.len(), "{span:?} of {}", bytes.len());
    for item in &report.items {
        inside(item.span);
        item.marks.iter().for_each(|mark| inside(mark.span));
    }
    report.gates.iter().for_each(|gate| inside(gate.span));
    report.claims.iter().for_each(|claim| inside(claim.span));
    report
        .declared_verdicts
        .iter()
        .for_each(|declared| inside(declared.span));
    let mut engine = Engine::default();
    engine.apply(Change::Document(Arc::new(report)));
    let assessment = engine.assess(Timestamp::UNIX_EPOCH);
    assert_ne!(
        assessment.verdict,
        gonogo::model::Verdict::Go,
        "no evidence is never GO"
    );
    for reason in &assessment.reasons {
        assert!(!assessment.explain(reason).message.is_empty());
    }
}

/// A planned change does what was asked, touches no other item, and can be taken back byte for byte.
pub fn edit(bytes: &[u8]) {
    let Some((&choice, document)) = bytes.split_first() else {
        return;
    };
    let path = RepoPath::new("docs/READINESS.md").unwrap();
    let source: Arc<[u8]> = Arc::from(document);
    let report = Arc::new(read_document(path.clone(), Arc::clone(&source), Some(true), None));
    let Some(item) = report.items.get(usize::from(choice) % report.items.len().max(1)) else {
        return;
    };
    let mut engine = Engine::default();
    engine.apply(Change::Document(Arc::clone(&report)));
    for to in Status::SETTABLE {
        let Ok(plan) = engine.plan(&path, item.uid, to, Arc::clone(&source)) else {
            continue;
        };
        let written = gonogo::edit::apply(&plan, document).unwrap();
        let after = read_document(path.clone(), Arc::from(&*written), Some(true), None);
        let declared = |report: &gonogo::model::Report| -> BTreeMap<_, _> {
            report
                .items
                .iter()
                .map(|item| (item.uid, item.declared))
                .collect()
        };
        let (before, after) = (declared(&report), declared(&after));
        assert_eq!(
            after.get(&item.uid),
            Some(&to),
            "{}",
            String::from_utf8_lossy(&written)
        );
        for (uid, status) in before.iter().filter(|(uid, _)| **uid != item.uid) {
            assert_eq!(
                after.get(uid),
                Some(status),
                "{}",
                String::from_utf8_lossy(&written)
            );
        }
        let back = gonogo::edit::inverse(&plan, document).unwrap();
        assert_eq!(gonogo::edit::apply(&back, &written).unwrap(), document);
    }
}

/// Any text is a configuration file with problems, never a panic; the repository's layer never names a command.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (_, problems) = parse_user(&text, "config.toml");
    problems
        .iter()
        .for_each(|problem| assert!(!problem.what.is_empty()));
    let (_, problems) = parse_repository(&text, "gonogo.toml");
    problems
        .iter()
        .for_each(|problem| assert!(!problem.what.is_empty()));
}

/// Any bytes are YAML documents whose places lie in the file, or one error with its place.
pub fn yaml(bytes: &[u8]) {
    fn inside(node: &gonogo::text::yaml::Node, bytes: usize) {
        assert!(node.span.range().end <= bytes && node.line > 0, "{node:?}");
        node.items().iter().for_each(|item| inside(item, bytes));
        node.entries()
            .iter()
            .for_each(|entry| inside(&entry.value, bytes));
    }
    match gonogo::text::yaml::parse(&SourceText::read(Arc::from(bytes))) {
        Ok(documents) => documents.iter().for_each(|node| inside(node, bytes.len())),
        Err(error) => assert!(error.line > 0 && error.column > 0 && !error.message.is_empty()),
    }
}

/// Any keys at any size leave the cockpit standing.
pub fn keys(bytes: &[u8]) {
    let document = b"# Release checklist\n\n- [ ] **P0**: T001 rotate keys\n- [x] T002 drain queues\n\n## Next\n\n- [ ] tea\n";
    let path = RepoPath::new("docs/READINESS.md").unwrap();
    let mut engine = Engine::default();
    engine.apply(Change::Document(Arc::new(read_document(
        path.clone(),
        Arc::from(&document[..]),
        Some(true),
        None,
    ))));
    let assessment = Arc::new(engine.assess(Timestamp::UNIX_EPOCH));
    let mut model = Model::new(Settings::default(), (80, 24), Timestamp::UNIX_EPOCH, false);
    let mut messages = vec![
        Msg::Assessed(assessment),
        Msg::Document(path, Ok(Arc::new(SourceText::read(Arc::from(&document[..]))))),
    ];
    messages.extend(bytes.iter().map(|&byte| match byte {
        0..=31 => Msg::Resize {
            width: u16::from(byte) * 5,
            height: u16::from(byte) * 2,
        },
        32..=126 => Msg::Key(Key::plain(KeyName::Char(char::from(byte)))),
        127..=159 => Msg::Key(Key::ctrl(char::from(b'a' + byte % 26))),
        _ => {
            let names = [
                KeyName::Enter,
                KeyName::Esc,
                KeyName::Tab,
                KeyName::Up,
                KeyName::Down,
                KeyName::Left,
                KeyName::Right,
                KeyName::Home,
                KeyName::End,
                KeyName::PageUp,
                KeyName::PageDown,
                KeyName::Backspace,
            ];
            Msg::Key(Key::plain(names[usize::from(byte) % names.len()]))
        }
    }));
    for message in messages {
        update(&mut model, message);
        let screen = view(&model);
        assert_eq!(screen.size, model.size);
    }
}

#[cfg(test)]
mod corpus {
    use std::fs;
    use std::path::Path;

    fn each(target: &str, check: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz/corpus")
            .join(target);
        let mut ran = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            check(&fs::read(entry.unwrap().path()).unwrap());
            ran += 1;
        }
        assert!(ran > 0, "{} is empty", folder.display());
    }

    #[test]
    fn the_corpus_of_reports_holds() {
        each("report", super::report);
    }

    #[test]
    fn the_corpus_of_edits_holds() {
        each("edit", super::edit);
    }

    #[test]
    fn the_corpus_of_configurations_holds() {
        each("config", super::config);
    }

    #[test]
    fn the_corpus_of_yaml_holds() {
        each("yaml", super::yaml);
    }

    #[test]
    fn the_corpus_of_keys_holds() {
        each("keys", super::keys);
    }
}
