use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::text::SourceText;

fn read(text: &str) -> Result<Vec<Node>, Error> {
    parse(&SourceText::read(Arc::from(text.as_bytes())))
}

fn one(text: &str) -> Node {
    let mut documents = read(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}

#[test]
fn keys_stay_text_and_scalars_keep_what_was_written() {
    let doc = one("on: push\npython: 3.10\nquoted: 'true'\nflag: true\nold: yes\nnothing:\nempty: ''\n");
    assert_eq!(doc.get("on").and_then(Node::str), Some("push"));
    assert_eq!(doc.get("python").and_then(Node::str), Some("3.10"));
    assert_eq!(doc.get("quoted").and_then(Node::bool), None);
    assert_eq!(doc.get("flag").and_then(Node::bool), Some(true));
    assert_eq!(doc.get("old").and_then(Node::bool), None);
    assert_eq!(doc.get("old").and_then(Node::bool_of_yaml_1_1), Some(true));
    assert!(doc.get("nothing").unwrap().is_null());
    assert_eq!(doc.get("nothing").and_then(Node::str), None);
    assert_eq!(doc.get("empty").and_then(Node::str), Some(""));
}

#[test]
fn nodes_know_their_line_and_bytes() {
    let text = "# ünï\njobs:\n  test:\n    steps:\n      - run: make ✓ all\n      - [a, b]\nnext: 1\n";
    let doc = one(text);
    let step = doc.at(&["jobs", "test", "steps"]).unwrap();
    let run = step.items()[0].get("run").unwrap();
    assert_eq!((run.line, &text[run.span.range()]), (5, "make ✓ all"));
    let list = &step.items()[1];
    assert_eq!((list.line, &text[list.span.range()]), (6, "[a, b]"));
    let jobs = doc.get("jobs").unwrap();
    assert!(
        text[jobs.span.range()].ends_with("[a, b]"),
        "{:?}",
        &text[jobs.span.range()]
    );
    assert_eq!(
        doc.entry("jobs")
            .map(|entry| (entry.line, &text[entry.span.range()])),
        Some((2, "jobs"))
    );
}

#[test]
fn the_lines_of_a_script_are_the_lines_of_the_file() {
    let text = "a:\n  run: |\n\n    one\n    two\nb:\n  - >-\n    folded\n    text\n  - |2\n     x\n";
    let doc = one(text);
    let script = doc.at(&["a", "run"]).unwrap().scalar().unwrap();
    assert_eq!(&*script.text, "\none\ntwo\n");
    let two = script.text.lines().position(|line| line == "two").unwrap();
    assert_eq!(
        text.lines().nth(script.line_of(two) as usize - 1),
        Some("    two")
    );
    let folded = doc.get("b").unwrap().items()[0].scalar().unwrap();
    assert_eq!((&*folded.text, folded.line_of(3)), ("folded text", 8));
}

#[test]
fn a_repeated_key_is_noted_and_the_last_one_counts() {
    let doc = one("a: 1\nb: 2\na: 3\n");
    assert_eq!(doc.get("a").and_then(Node::str), Some("3"));
    let Value::Map(map) = &doc.value else { panic!() };
    assert_eq!(
        map.repeated,
        [Repeated {
            key: "a".into(),
            first: 1,
            again: 3
        }]
    );
}

#[test]
fn aliases_and_merge_keys_are_resolved_and_own_keys_win() {
    let doc = one("base: &b {x: 1, y: 2}\nlist: [*b]\nown:\n  y: 9\n  <<: *b\nmany:\n  <<: [{x: 5}, *b]\n");
    assert_eq!(
        doc.get("list").unwrap().items()[0].get("x").and_then(Node::str),
        Some("1")
    );
    assert_eq!(doc.at(&["own", "y"]).and_then(Node::str), Some("9"));
    assert_eq!(doc.at(&["own", "x"]).and_then(Node::str), Some("1"));
    assert_eq!(doc.at(&["many", "x"]).and_then(Node::str), Some("5"));
    assert_eq!(doc.at(&["many", "y"]).and_then(Node::str), Some("2"));
    assert!(doc.get("own").unwrap().entry("x").unwrap().merged);
}

#[test]
fn documents_are_kept_apart_and_tags_are_kept() {
    let docs = read("---\nkind: A\n---\n# nothing\n---\nscript: !reference [.setup, script]\n").unwrap();
    assert_eq!(docs.len(), 3);
    assert!(docs[1].is_null());
    assert_eq!(docs[2].get("script").unwrap().tag.as_deref(), Some("!reference"));
    assert_eq!(
        one("a: !!str true\n").get("a").unwrap().tag.as_deref(),
        Some("!!str")
    );
    assert_eq!(read("# only a comment\n"), Ok(vec![]));
    assert_eq!(read(""), Ok(vec![]));
}

#[test]
fn errors_have_their_place() {
    let broken = read("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
    assert!(broken.line >= 2 && broken.column >= 1, "{broken}");
    let nul = read("a: 1\nü: b\0c: d\n").unwrap_err();
    assert_eq!((nul.line, nul.column), (2, 5), "{nul}");
    assert!(read("a: *nowhere\n").is_err());
    assert!(read("a: &a [*a]\n").is_err());
    assert!(read("a: {{ .Values.replicas }}-x: {{ y }}\n{{- end }}\n").is_err());
}

#[test]
fn a_bomb_and_a_tower_are_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    assert!(read(&bomb).unwrap_err().message.contains("values"));
    let nested: String = (0..90).map(|n| format!("&a{n} [")).collect();
    let nested = format!("{nested}{}{}", "x, ".repeat(100_000), "]".repeat(90));
    assert!(read(&nested).unwrap_err().message.contains("values"));
    assert!(read(&"[".repeat(100_000)).is_err());
    assert!(
        read(&"- ".repeat(100_000))
            .unwrap_err()
            .message
            .contains("nested")
    );
    let steps: String = (0..500).map(|n| format!("{}k:\n", " ".repeat(n))).collect();
    assert!(read(&steps).unwrap_err().message.contains("nested"));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_do_not_move_lines() {
    let text = "\u{feff}a: 1\r\nb:\r\n  - run: |\r\n      x\r\n      y\r\n";
    let doc = one(text);
    assert_eq!(doc.entry("b").unwrap().line, 2);
    let run = doc.get("b").unwrap().items()[0].get("run").unwrap();
    assert_eq!(run.scalar().unwrap().line_of(1), 5);
    assert_eq!(&text[doc.entry("a").unwrap().span.range()], "a");
}

fn check(node: &Node, len: usize) {
    assert!(node.span.range().end <= len);
    node.items().iter().for_each(|item| check(item, len));
    for entry in node.entries() {
        assert!(entry.span.range().end <= len);
        check(&entry.value, len);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_documents_or_an_error(text in "([ \n\r\t:,\\-?!&*%@`'\"|>{}\\[\\]#a-c0~<.é✓\u{feff}\u{85}\u{2028}]|---|: |- |<<: |\n  ){0,60}") {
        if let Ok(documents) = read(&text) {
            documents.iter().for_each(|node| check(node, text.len()));
        }
    }

    #[test]
    fn plain_words_are_found_where_they_stand(words in prop::collection::vec("[a-zü✓][a-z0-9é]{0,6}", 1..12)) {
        let text: String = words.iter().map(|word| format!("- k: {word} # {word}\n")).collect();
        let doc = one(&text);
        for (item, word) in doc.items().iter().zip(&words) {
            prop_assert_eq!(&text[item.get("k").unwrap().span.range()], word);
        }
    }
}
