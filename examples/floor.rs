//! The floor of every measurement of the cockpit: a bare ratatui list of 10,000 rows with a blocking loop.
//!
//! Start it beside the cockpit in the same run of a measuring program and quote the ratio; the milliseconds alone say
//! more about the machine. Keys: down, up, q.

use std::io;

use crossterm::event::{self, Event, KeyCode};
use ratatui::widgets::{Block, HighlightSpacing, List, ListState};

fn main() -> io::Result<()> {
    let mut terminal = ratatui::init();
    let rows: Vec<String> = (0..10_000)
        .map(|n| format!("T{n:04} an item of a list that does nothing else"))
        .collect();
    let mut state = ListState::default().with_selected(Some(0));
    let result = loop {
        let drawn = terminal.draw(|frame| {
            let list = List::new(rows.iter().map(String::as_str))
                .block(Block::bordered().title("floor"))
                .highlight_spacing(HighlightSpacing::Always)
                .highlight_symbol("> ");
            frame.render_stateful_widget(list, frame.area(), &mut state);
        });
        if let Err(error) = drawn {
            break Err(error);
        }
        match event::read() {
            Ok(Event::Key(key)) => match key.code {
                KeyCode::Char('q') => break Ok(()),
                KeyCode::Down => state.select_next(),
                KeyCode::Up => state.select_previous(),
                _ => {}
            },
            Ok(_) => {}
            Err(error) => break Err(error),
        }
    };
    ratatui::restore();
    result
}
