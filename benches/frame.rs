//! What a key costs: update, view and paint over 100,000 items, beside the floor of a bare ratatui list of 10,000 rows.

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use gonogo::app::{Key, KeyName, Model, Msg, update, view};
use gonogo::config::{Settings, built_in_theme};
use gonogo::engine::{Change, Engine, read_document};
use gonogo::model::RepoPath;
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
    group.finish();
}

criterion_group!(benches, frames);
criterion_main!(benches);
