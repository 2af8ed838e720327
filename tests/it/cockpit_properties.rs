//! Properties of the cockpit: any messages in any order at any size.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use gonogo::app::msg::{JobOutcome, Progress};
use gonogo::app::panes::table;
use gonogo::app::{Area, Body, Effect, Key, KeyName, Model, Msg, Pane, Screen, update, view};
use gonogo::config::Settings;
use gonogo::engine::Assessment;
use gonogo::model::{Problem, ProblemSeverity, RepoPath};
use gonogo::text::SourceText;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};

use crate::stories::judged::Repo;

fn key() -> impl Strategy<Value = Key> {
    let name = prop_oneof![
        12 => proptest::sample::select("jkhlgGq123456789/nN:?zfsux !-_eyrRLdafmbS556677888899".chars().collect::<Vec<_>>()).prop_map(KeyName::Char),
        1 => any::<char>().prop_map(KeyName::Char),
        6 => proptest::sample::select(vec![
            KeyName::Enter, KeyName::Esc, KeyName::Tab, KeyName::BackTab, KeyName::Backspace, KeyName::Delete,
            KeyName::Up, KeyName::Down, KeyName::Left, KeyName::Right, KeyName::Home, KeyName::End,
            KeyName::PageUp, KeyName::PageDown, KeyName::F(5),
        ]),
    ];
    (
        name,
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.03),
    )
        .prop_map(|(name, ctrl, alt)| Key { name, ctrl, alt })
}

/// Judgements of quite different sizes, so that indices of one are wrong in the next.
fn assessments() -> Vec<Arc<Assessment>> {
    let mut wild = Repo::small();
    wild.documents[0].1 = "- [ ] 日本語 長い長い長い長い長い長い長い長い長い長い (P0)\n\tx\u{1b}[1m\n\n- [x] Ü **COMPLETED** e\u{301}\u{301} (P1)".to_owned();
    [
        Repo::small(),
        Repo::large(3, 40),
        Repo::default(),
        Repo::measured(),
        Repo::scanned(70),
        Repo::claimed(),
        wild,
    ]
    .iter()
    .map(|repo| Arc::new(repo.judge()))
    .collect()
}

/// A table of any entries, as a stale answer may have them.
fn table(rows: &[u32]) -> Arc<table::Table> {
    let mut builder = table::Builder::default();
    builder.open(table::Group::new("a", "a\u{1b}[1m"));
    for &row in rows {
        builder.entry(row % 100);
        builder.push(table::What::Gate(row));
        builder.push(table::What::File(row));
    }
    Arc::new(builder.finish())
}

fn msg() -> impl Strategy<Value = Msg> {
    let judged = assessments();
    let paths: Vec<RepoPath> = judged
        .iter()
        .flat_map(|a| a.documents.iter().map(|document| document.report.path.clone()))
        .collect();
    let text = prop_oneof![
        Just(Ok("- [ ] T001 a\n\n```\ncode\n```\n".to_owned())),
        Just(Ok(String::new())),
        any::<String>().prop_map(Ok),
        Just(Err("it cannot be read".to_owned())),
    ];
    let size = prop_oneof![4 => (1u16..200, 1u16..60), 1 => (0u16..5, 0u16..5)];
    prop_oneof![
        20 => key().prop_map(Msg::Key),
        1 => any::<String>().prop_map(Msg::Paste),
        3 => size.prop_map(|(width, height)| Msg::Resize { width, height }),
        1 => (0i64..4_000_000_000).prop_map(|s| Msg::Now(jiff::Timestamp::from_second(s).unwrap())),
        1 => (any::<u32>(), any::<u32>(), any::<bool>()).prop_map(|(read, found, complete)| Msg::Progress(Progress { read, found, complete })),
        3 => proptest::sample::select(judged).prop_map(Msg::Assessed),
        3 => (proptest::sample::select(paths), text)
            .prop_map(|(path, text)| Msg::Document(path, text.map(|t: String| Arc::new(SourceText::read(t.into_bytes().into()))))),
        1 => (0u64..9).prop_map(|request| Msg::Planned { request, plans: Vec::new(), refused: Vec::new() }),
        1 => (0u64..9, proptest::collection::vec(any::<u32>(), 0..5)).prop_map(|(request, rows)| Msg::Filtered { request, rows }),
        1 => (0u64..9, proptest::collection::vec(any::<u32>(), 0..9)).prop_map(|(request, rows)| Msg::Arranged { request, table: table(&rows) }),
        1 => any::<String>().prop_map(|why| Msg::Job(JobOutcome::Refused(why))),
        1 => any::<String>().prop_map(|why| Msg::Job(JobOutcome::Written { what: why.clone(), why, inverse: Vec::new() })),
        1 => any::<String>().prop_map(|what| Msg::Notice(Problem {
            severity: ProblemSeverity::Error, at: "x".into(), what: what.into(), hint: None,
        })),
    ]
}

fn inside(pane: &Pane, area: Area) -> bool {
    pane.area.x + pane.area.width <= area.width && pane.area.y + pane.area.height <= area.height
}

fn check(screen: &Screen) {
    let lines = screen.panes.iter().chain(&screen.overlay).flat_map(|pane| {
        assert!(
            inside(pane, screen.area),
            "{:?} leaves {:?}",
            pane.area,
            screen.area
        );
        let Body::Lines { lines, scroll } = &pane.body;
        assert!(
            lines.len() <= usize::from(pane.area.height),
            "{} rows in {:?}",
            lines.len(),
            pane.area
        );
        assert!(scroll.is_none_or(|(first, all)| first < all), "{scroll:?}");
        lines.iter().chain([&pane.title, &pane.note])
    });
    for line in lines.chain([&screen.header, &screen.message, &screen.footer]) {
        for cell in line.cells.iter().chain(&line.right) {
            let bad = cell.text.chars().find(|c| gonogo::text::clean::is_unsafe(*c));
            assert_eq!(bad, None, "in {:?}", cell.text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn no_messages_at_any_size_make_the_cockpit_panic(
        messages in proptest::collection::vec(msg(), 1..60),
        size in (1u16..200, 1u16..60),
        read_only in any::<bool>(),
        guided in any::<bool>(),
    ) {
        let settings = Settings { read_only, ..Settings::default() };
        let mut model = Model::new(settings, size, jiff::Timestamp::UNIX_EPOCH, guided);
        for msg in messages {
            let effects = update(&mut model, msg);
            if read_only {
                assert!(!effects.iter().any(|e| matches!(e, Effect::Plan { .. } | Effect::Apply { .. })));
            }
            check(&view(&model));
        }
    }
}
