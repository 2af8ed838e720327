use crate::claims::tests as trial;

const FILES: &[(&str, &str)] = &[
    (
        "src/a.rs",
        "fn a() {} // TODO: later\n// a todo in small letters\nlet todo = 1;\n",
    ),
    (
        "src/b.py",
        "# TODO rounding\nprint('TODO')\nprint('# TODO %d TODO')\n",
    ),
    ("lib/c.js", "const done = true;\n"),
    ("notes.md", "- TODO write more\n"),
    ("docs/READINESS.md", ""),
];

#[track_caller]
fn all(line: &str) -> Vec<&'static str> {
    let document = format!("# Readiness\n\n## Quality\n\n{line}\n");
    let claims = trial::claims("counts", &document, FILES);
    claims.iter().map(|claim| claim.verdict.word()).collect()
}

#[test]
fn none_where_some_are_is_refuted_and_none_where_none_are_holds() {
    assert_eq!(all("- No TODO comments remain in `src/`."), ["refuted"]);
    assert_eq!(all("- No TODOs in `lib/`."), ["holds"]);
    assert_eq!(all("- 0 TODO comments in the codebase"), ["refuted"]);
    assert_eq!(all("- No TODO comments remain."), ["unverifiable"]);
    assert_eq!(all("- No FIXME in the codebase."), ["holds"]);
    assert_eq!(all("- No TODOs in `gone/`."), ["unverifiable"]);
}

#[test]
fn a_number_is_held_against_every_way_to_count() {
    assert_eq!(all("- 2 TODO comments in `src/`"), ["holds"]);
    assert_eq!(all("- 7 TODOs in `src/`"), ["holds"]);
    assert_eq!(all("- 3 TODO comments in `src/`"), ["unverifiable"]);
    assert_eq!(all("- 40 TODO comments in `src/`"), ["refuted"]);
    assert_eq!(all("- 2+ TODO comments in `src/`"), ["holds_loosely"]);
    assert_eq!(all("- 40 TODO comments"), ["unverifiable"]);
}

#[test]
fn it_is_silent_where_no_marks_of_code_are_counted() {
    for line in [
        "- TODO: write the tests",
        "- No TODO items on the board",
        "- Zero P0 TODOs",
        "- 3 TODO lists",
        "- `TODO.md` is empty",
        "- Reduced TODOs from 40 to 12",
    ] {
        assert!(all(line).is_empty(), "{line}");
    }
    assert_eq!(
        all("\n## Next steps\n\n- No TODO comments in `src/`"),
        ["unverifiable"]
    );
}
