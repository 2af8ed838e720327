//! What a key costs: update, view and paint over 100,000 items or findings, beside the floor of a bare ratatui list of 10,000 rows.

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use gonogo::app::panes::table::{Ask, arrange};
use gonogo::app::{Effect, Key, KeyName, Model, Msg, PaneKind, update, view};
use gonogo::config::{Settings, built_in_theme};
use gonogo::engine::{Change, Engine, read_document};
use gonogo::model::{
    Binding, Bound, Content, EvidenceFile, EvidenceKind, Finding, FindingSeverity, Freshness, Gathered,
    MergedFinding, RepoPath, ScanReport, Scans,
};
use gonogo::text::ContentHash;
use gonogo::ui::{Depth, Look, Theme, paint};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{List, ListState};

const SIZE: (u16, u16) = (120, 40);

fn judged() -> Engine {
    let mut engine = Engine::default();
    for document in 0..2_000 {
        let mut text = format!("# Release readiness {document}\n\n");
        for item in 0..50 {
            let tick = if (document + item) % 3 == 0 { 'x' } else { ' ' };
            text.push_str(&format!(
                "- [{tick}] **P{}**: T{item:03} check the limit of pool {document}\n",
                item % 4
            ));
        }
        if let Some(path) = RepoPath::new(&format!("docs/r{document}.md")) {
            engine.apply(Change::Document(Arc::new(read_document(
                path,
                Arc::from(text.into_bytes()),
                Some(true),
                None,
            ))));
        }
    }
    engine
}

/// So many findings of one scan, in 40 folders.
fn scanned(findings: u32) -> Gathered {
    let path = |n: u32| format!("src/part{}/f{}.rs", n % 40, n % 1000);
    let severity = |n: u32| FindingSeverity::ALL.get((n / 20_000) as usize).copied();
    let report = ScanReport {
        tool: "broad".into(),
        ran: true,
        findings: (0..findings)
            .map(|n| Finding {
                rule: format!("rule-{:03}", n % 300).into(),
                severity: severity(n).unwrap_or_default(),
                message: format!("finding number {n} with some words behind it").into(),
                path: Some(path(n).into()),
                line: Some(n + 1),
                more: None,
            })
            .collect(),
        ..ScanReport::default()
    };
    let merged = (0..findings).map(|n| MergedFinding {
        id: u64::from(n),
        severity: severity(n).unwrap_or_default(),
        seen: vec![(0, n)],
        path: RepoPath::new(&path(n)),
        since: None,
        waived: None,
    });
    Gathered {
        scans: Scans {
            findings: merged.collect(),
            suppressed: 0,
        },
        files: vec![Bound {
            file: Arc::new(EvidenceFile {
                source: "broad.sarif".into(),
                path: RepoPath::new("broad.sarif"),
                hash: ContentHash::of(b""),
                format: "sarif",
                kind: EvidenceKind::Scan,
                tracked: false,
                modified: None,
                commit: None,
                content: Ok(Content::Scan(Arc::new(report))),
            }),
            commit: None,
            why: "nothing says".into(),
            binding: Binding::Unbound,
            freshness: Freshness::Aging,
            produced_at: None,
            superseded_by: None,
        }],
        ..Gathered::default()
    }
}

fn frames(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frame");
    let Ok(mut terminal) = Terminal::new(TestBackend::new(SIZE.0, SIZE.1));
    let rows: Vec<String> = (0..10_000)
        .map(|row| format!("row {row} with some words behind it"))
        .collect();
    let mut state = ListState::default().with_selected(Some(0));
    let mut down = true;
    group.bench_function("floor: a bare list of 10,000 rows", |bencher| {
        bencher.iter(|| {
            let at = state.selected().unwrap_or(0);
            down = if at == 0 {
                true
            } else if at > 60 {
                false
            } else {
                down
            };
            state.select(Some(if down { at + 1 } else { at.saturating_sub(1) }));
            let list = List::new(rows.iter().map(String::as_str))
                .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
            terminal
                .draw(|frame| frame.render_stateful_widget(list, frame.area(), &mut state))
                .is_ok()
        });
    });

    let settings = Settings::default();
    let look = Look {
        depth: Depth::True,
        light: false,
        ascii: false,
    };
    let theme = Theme::new(&built_in_theme("dark"), look);
    let mut model = Model::new(settings, SIZE, Timestamp::UNIX_EPOCH, false);
    update(
        &mut model,
        Msg::Assessed(Arc::new(judged().assess(Timestamp::UNIX_EPOCH))),
    );
    for (name, pane) in [("verdict", '1'), ("blockers", '2'), ("reports", '3')] {
        update(&mut model, Msg::Key(Key::plain(KeyName::Char(pane))));
        let mut turn = 0;
        group.bench_function(format!("a key in {name}, 100,000 items"), |bencher| {
            bencher.iter(|| {
                turn += 1;
                let key = if turn / 60 % 2 == 0 { 'j' } else { 'k' };
                update(&mut model, Msg::Key(Key::plain(KeyName::Char(key))));
                let screen = view(&model);
                terminal.draw(|frame| paint(&screen, &theme, frame)).is_ok()
            });
        });
    }
    let mut model = Model::new(Settings::default(), SIZE, Timestamp::UNIX_EPOCH, false);
    let mut assessment = Engine::default().assess(Timestamp::UNIX_EPOCH);
    assessment.gathered = Arc::new(scanned(100_000));
    let assessment = Arc::new(assessment);
    update(&mut model, Msg::Assessed(Arc::clone(&assessment)));
    for effect in update(&mut model, Msg::Key(Key::plain(KeyName::Char('6')))) {
        if let Effect::Arrange {
            request,
            pane,
            ask,
            assessment,
        } = effect
        {
            let table = Arc::new(arrange(pane, &ask, &assessment));
            update(&mut model, Msg::Arranged { request, table });
        }
    }
    let mut turn = 0;
    group.bench_function("a key in scans, 100,000 findings", |bencher| {
        bencher.iter(|| {
            turn += 1;
            let key = if turn / 60 % 2 == 0 { 'j' } else { 'k' };
            update(&mut model, Msg::Key(Key::plain(KeyName::Char(key))));
            let screen = view(&model);
            terminal.draw(|frame| paint(&screen, &theme, frame)).is_ok()
        });
    });
    for (name, ask) in [
        ("severity", Ask::default()),
        (
            "rule",
            Ask {
                group: 2,
                ..Ask::default()
            },
        ),
        (
            "file, by place",
            Ask {
                group: 4,
                sort: 1,
                ..Ask::default()
            },
        ),
        (
            "severity, filtered",
            Ask {
                filter: "part1 !rule-001".to_owned(),
                ..Ask::default()
            },
        ),
    ] {
        group.bench_function(format!("off the loop: 100,000 findings by {name}"), |bencher| {
            bencher.iter(|| arrange(PaneKind::Scans, &ask, &assessment).nodes.len());
        });
    }
    group.finish();
}

criterion_group!(benches, frames);
criterion_main!(benches);
