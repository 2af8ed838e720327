//! Hostile documents and random ones: the invariants hold and nothing hangs.

use super::*;

/// What must hold for any bytes.
#[track_caller]
fn holds_invariants(report: &Report, text: &str) {
    let mut before = 0;
    for item in &report.items {
        assert!(item.span.start >= before, "items stand in order");
        before = item.span.start;
        assert!(text.get(item.span.range()).is_some(), "span of {item:?}");
        assert!(item.title.len() <= 1300, "title of {} bytes", item.title.len());
        assert!(
            item.section
                .is_none_or(|at| (at as usize) < report.sections.len())
        );
        for mark in &item.marks {
            assert!(text.get(mark.span.range()).is_some(), "mark of {item:?}");
            assert!(item.span.contains(mark.span), "mark outside of {item:?}");
        }
        assert!(
            item.marks
                .windows(2)
                .all(|pair| pair[0].span.end <= pair[1].span.start),
            "marks overlap in {item:?}"
        );
    }
    for (at, section) in report.sections.iter().enumerate() {
        assert!(section.parent.is_none_or(|parent| (parent as usize) < at));
    }
    let mut uids: Vec<_> = report.items.iter().map(|item| item.uid).collect();
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), report.items.len(), "uids are unique");
}

mod random {
    use proptest::prelude::{Just, ProptestConfig, any, prop_oneof, proptest};
    use proptest::strategy::Strategy;

    use super::*;

    /// Pieces of every dialect, glued together at random.
    fn soup() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("- [ ] "),
            Just("- [x] "),
            Just("- [✅] "),
            Just("1. "),
            Just("  - "),
            Just("> "),
            Just("### 2. "),
            Just("# "),
            Just("**"),
            Just("~~"),
            Just("`"),
            Just("| a | Status |\n|-|-|\n| "),
            Just(" | "),
            Just("✅"),
            Just("⚠️"),
            Just(" VERIFIED"),
            Just("**DONE**: "),
            Just(" — NOT DONE"),
            Just("(T001-T004)"),
            Just("P0-1: "),
            Just("(6h)"),
            Just("[a](b"),
            Just("![High](x)"),
            Just("\n"),
            Just("\n\n"),
            Just("\r\n"),
            Just("é"),
            Just("中文"),
            Just("```\n"),
            Just("<!--"),
            Just("\\"),
            Just("CRITICAL: "),
            Just("due "),
            Just("@ann "),
            Just("Owner: "),
            Just("word "),
            Just("Before:"),
            Just("[ ]"),
            Just("(("),
            Just("\u{fe0f}"),
            Just("\u{0}"),
            Just("\t"),
        ];
        proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

        #[test]
        fn any_soup_of_markers_keeps_the_invariants(text in soup()) {
            holds_invariants(&parse(&text), &text);
        }

        #[test]
        fn any_bytes_give_a_report(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let source = SourceText::read(Arc::from(bytes));
            let report = parse_source(RepoPath::new("CHECKLIST.md").expect("a path"), &source, ReadAs::default());
            for item in &report.items {
                assert!(item.span.end as usize <= source.text().len().max(source.bytes().len()));
            }
        }
    }
}

#[test]
fn hostile_documents_end_soon_and_do_not_overflow() {
    let mut deep_indent = String::new();
    for level in 0..2_000 {
        deep_indent.push_str(&" ".repeat(2 * level));
        deep_indent.push_str("- [ ] a\n");
    }
    let rows = 20_000;
    let table = format!("| A | Status |\n|-|-|\n{}", "| a | ✅ |\n".repeat(rows));
    let cases = [
        ("one long line", "a".repeat(2_000_000)),
        (
            "one long task",
            format!("- [ ] {}", "word ✅ (a) ".repeat(200_000)),
        ),
        ("nested markers", format!("{} [ ] a\n", "- ".repeat(10_000))),
        (
            "nested and blank lines",
            format!("{}a\n{}x", "- ".repeat(200), "\n".repeat(200_000)),
        ),
        (
            "quotes and short lines",
            format!("{}a\n{}", "> ".repeat(200), ">\n".repeat(100_000)),
        ),
        (
            "rows of a wide table",
            format!(
                "|{}\n|{}\n{}",
                "Status|".repeat(5_000),
                "-|".repeat(5_000),
                "|x\n".repeat(20_000)
            ),
        ),
        ("links", format!("- [ ] {}", "[a](".repeat(50_000))),
        ("declarations", "<!A <![CDATA[ <? <a href='".repeat(10_000)),
        ("emphasis", "- [ ] *a **a _a __a ~~a\n".repeat(5_000)),
        (
            "references",
            format!("{}\n{}", "[a]: b\n".repeat(20_000), "[a]".repeat(50_000)),
        ),
        ("images", "![[]()".repeat(50_000)),
        ("nested quotes", format!("{} [ ] a\n", "> ".repeat(10_000))),
        (
            "nested and followed",
            format!("{}\n{}", "- ".repeat(10_000), "lazy\n\n  - [ ] b\n".repeat(2_000)),
        ),
        ("nested ordered", format!("{} a\n", "1. ".repeat(10_000))),
        ("deep indentation", deep_indent),
        ("open brackets", format!("- [ ] {}", "[".repeat(200_000))),
        ("open stars", format!("- [ ] {}", "**a ".repeat(100_000))),
        ("open tildes", format!("- [ ] {}", "~~a ".repeat(100_000))),
        ("ticks", format!("- [ ] {}", "`a``b```c".repeat(50_000))),
        ("parentheses", format!("- [ ] {}", "(".repeat(500_000))),
        ("headings", "# a ✅\n".repeat(50_000)),
        ("entities", format!("- [ ] {}", "&".repeat(500_000))),
        ("unclosed", "- [ ] **a ~~b `c [d](e <f ![g\n".repeat(10_000)),
        ("table", table),
        (
            "wide table",
            format!(
                "|{}\n|{}\n|{}\n",
                "Status|".repeat(20_000),
                "-|".repeat(20_000),
                "✅|".repeat(20_000)
            ),
        ),
    ];
    for (name, text) in cases {
        let start = std::time::Instant::now();
        let report = parse(&text);
        let took = start.elapsed();
        holds_invariants(&report, &text);
        println!(
            "{name}: {} bytes, {} items, {took:?}",
            text.len(),
            report.items.len()
        );
        assert!(took.as_secs() < 20, "{name} took {took:?}");
    }
}
