use std::fmt::Write as _;

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use super::{Depth, Look, Theme, paint};
use crate::app::{Area, Body, Cell, Line, Pane, Role, Screen};
use crate::config::{BUILT_IN_THEMES, Paint, choose_theme, parse_theme};

const LOOK: Look = Look {
    depth: Depth::True,
    light: false,
    ascii: false,
};

fn theme(name: &str, look: Look) -> Theme {
    let (theme, problems) = chosen(name, None, look);
    assert_eq!(problems, []);
    theme
}

fn chosen(name: &str, own: Option<(&str, &str)>, look: Look) -> (Theme, Vec<crate::model::Problem>) {
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.key()).collect();
    let (file, problems) = choose_theme(name, own, look.fitting(), &roles);
    (Theme::new(&file, look), problems)
}

fn draw(screen: &Screen, theme: &Theme, width: u16, height: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| paint(screen, theme, frame)).unwrap();
    terminal.backend().buffer().clone()
}

fn line(cells: &[(&'static str, Role)]) -> Line {
    Line {
        cells: cells.iter().map(|(text, role)| Cell::new(*text, *role)).collect(),
        ..Line::default()
    }
}

/// A screen as the cockpit makes them, fitted to a size.
fn screen(width: u16, height: u16) -> Screen {
    let area = |x, y, width, height| Area { x, y, width, height };
    let body = height.saturating_sub(3);
    let half = width / 2;
    let mut rows = vec![
        line(&[
            ("✗ ", Role::Blocker),
            ("P0-1", Role::Strong),
            (" ユーザー分離のレビュー", Role::Text),
            (" conflicted", Role::Conflict),
        ]),
        line(&[
            ("✓ ", Role::Done),
            ("T034", Role::Strong),
            (
                " Rotate the signing keys before the launch of the shop",
                Role::Text,
            ),
        ]),
        line(&[("🔴 ", Role::Text), ("café naïve résumé", Role::Text)]),
    ];
    rows[1].fill = Some(Role::Selected);
    rows[1].right = vec![Cell::new("done", Role::Done)];
    Screen {
        size: (width, height),
        area: area(0, 0, width, height),
        header: Line {
            right: vec![Cell::new("12 s", Role::Muted)],
            ..line(&[
                ("NO-GO", Role::NoGo),
                ("  acme/shop main a1b2c3d  3 blockers", Role::Text),
            ])
        },
        panes: vec![
            Pane {
                area: area(0, 1, half, body),
                title: line(&[("Blockers", Role::Title)]),
                note: line(&[("2/48", Role::Muted)]),
                focused: true,
                bare: false,
                body: Body::Lines {
                    lines: rows,
                    scroll: Some((10, 48)),
                },
            },
            Pane {
                area: area(half, 1, width.saturating_sub(half), body),
                title: line(&[("docs/READY.md", Role::Title)]),
                body: Body::Lines {
                    lines: vec![line(&[("  1 ", Role::LineNumber), ("# Ready", Role::Heading)])],
                    scroll: None,
                },
                ..Pane::default()
            },
        ],
        message: line(&[("hook failed", Role::Error)]),
        footer: line(&[
            ("?", Role::Key),
            (" help  ", Role::Muted),
            ("q", Role::Key),
            (" quit", Role::Muted),
        ]),
        overlay: None,
        cursor: None,
    }
}

/// The text of a buffer, then its styles as runs: `row:from-to fg bg modifiers`.
fn digest(buffer: &Buffer) -> String {
    let mut out = String::new();
    let (width, height) = (buffer.area.width, buffer.area.height);
    for y in 0..height {
        let mut skip = 0;
        for x in 0..width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                out.push_str(symbol);
                skip = crate::text::width::columns(symbol).max(1);
            }
            skip -= 1;
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    let plain = Style::new().fg(Color::Reset).bg(Color::Reset);
    for y in 0..height {
        let mut x = 0;
        while x < width {
            let cell = &buffer[(x, y)];
            let start = x;
            while x < width && same_style(&buffer[(x, y)], cell) {
                x += 1;
            }
            if cell.fg != Color::Reset || cell.bg != Color::Reset || !cell.modifier.is_empty() {
                let style = plain.fg(cell.fg).bg(cell.bg);
                let _ = writeln!(
                    out,
                    "{y}:{start}-{} {} on {} {:?}",
                    x - 1,
                    style.fg.unwrap_or_default(),
                    style.bg.unwrap_or_default(),
                    cell.modifier
                );
            }
        }
    }
    out
}

fn same_style(a: &ratatui::buffer::Cell, b: &ratatui::buffer::Cell) -> bool {
    a.fg == b.fg && a.bg == b.bg && a.modifier == b.modifier
}

#[test]
fn frames_at_the_sizes_that_people_have() {
    let theme = theme("dark", LOOK);
    for (width, height) in [(80, 24), (120, 40), (200, 60), (40, 10), (1, 1)] {
        let buffer = draw(&screen(width, height), &theme, width, height);
        insta::assert_snapshot!(format!("dark_{width}x{height}"), digest(&buffer));
    }
}

#[test]
fn the_frame_without_colour_and_in_ascii() {
    let look = Look {
        depth: Depth::None,
        ascii: true,
        ..LOOK
    };
    let mut screen = screen(80, 24);
    screen.overlay = Some(Pane {
        area: Area {
            x: 5,
            y: 3,
            width: 30,
            height: 5,
        },
        title: line(&[("Set status", Role::Title)]),
        focused: true,
        body: Body::Lines {
            lines: vec![line(&[("done", Role::Text)])],
            scroll: None,
        },
        ..Pane::default()
    });
    let buffer = draw(&screen, &theme("auto", look), 80, 24);
    for cell in buffer.content() {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
    }
    assert!(buffer[(60, 3)].modifier.is_empty());
    insta::assert_snapshot!(digest(&buffer));
}

#[test]
fn without_colour_the_selected_row_and_the_verdict_are_still_to_be_seen() {
    let look = Look {
        depth: Depth::None,
        ..LOOK
    };
    let buffer = draw(&screen(80, 24), &theme("auto", look), 80, 24);
    assert!(
        buffer[(0, 0)]
            .modifier
            .contains(Modifier::BOLD | Modifier::REVERSED),
        "NO-GO"
    );
    for x in 1..39 {
        assert!(
            buffer[(x, 3)].modifier.contains(Modifier::REVERSED),
            "the selection ends at {x}"
        );
        assert!(!buffer[(x, 2)].modifier.contains(Modifier::REVERSED));
    }
}

#[test]
fn wide_glyphs_leave_every_column_where_it_was() {
    let buffer = draw(&screen(80, 24), &theme("dark", LOOK), 80, 24);
    for y in 2..20 {
        assert_eq!(buffer[(39, y)].symbol().chars().count(), 1);
        assert!("║█".contains(buffer[(39, y)].symbol()), "row {y}");
        assert_eq!(buffer[(40, y)].symbol(), "│", "row {y}");
    }
    // A wide glyph that does not fit into the last column is not halved.
    for width in 1..12 {
        let screen = Screen {
            header: line(&[("漢字漢字漢字", Role::Text)]),
            ..Screen::default()
        };
        let buffer = draw(&screen, &theme("dark", LOOK), width, 1);
        let used: usize = digest(&buffer)
            .lines()
            .next()
            .map_or(0, crate::text::width::columns);
        assert!(used <= usize::from(width), "{width}: {used}");
    }
}

#[test]
fn what_does_not_fit_is_cut_with_a_mark_and_the_right_side_stays() {
    let row = Line {
        cells: vec![
            Cell::new("a long sentence", Role::Text),
            Cell::new(" and more", Role::Text),
        ],
        right: vec![Cell::new("end", Role::Text)],
        fill: None,
    };
    let screen = Screen {
        header: row,
        ..Screen::default()
    };
    let text = |width| digest(&draw(&screen, &theme("dark", LOOK), width, 1));
    assert_eq!(text(14), "a long se… end\n");
    assert_eq!(
        text(19),
        "a long sentenc… end\n",
        "a cell that just fits is cut when others follow"
    );
    assert_eq!(text(28), "a long sentence and more end\n");
    assert_eq!(text(11), "a long sen…\n", "the right side goes first");
}

#[test]
fn hostile_text_does_not_reach_the_terminal() {
    let screen = Screen {
        header: line(&[(
            "a\u{1b}[31mb\u{7}c\u{fe0f}\u{200d}d\u{e0a0}\u{202e}e\u{9b}f\ng",
            Role::Text,
        )]),
        ..Screen::default()
    };
    let buffer = draw(&screen, &theme("dark", LOOK), 40, 2);
    let text = digest(&buffer);
    assert!(text.starts_with("a[31mbcdef g\n"), "{text:?}");
}

#[test]
fn the_themes_of_the_binary_have_no_mistakes_and_no_unknown_role() {
    for (name, text) in BUILT_IN_THEMES {
        let (file, problems) = parse_theme(text, name);
        assert_eq!(problems, [], "{name}");
        for role in file.roles.keys() {
            assert!(
                Role::ALL.iter().any(|known| known.key() == role),
                "{name}: {role}"
            );
        }
        let (_, problems) = chosen("own", Some(("own.toml", text)), LOOK);
        assert_eq!(problems, [], "{name} as a user's own");
    }
}

#[test]
fn a_theme_of_the_users_own_changes_what_it_names_and_tells_its_mistakes() {
    let text = "inherits = 'drak'\n[roles]\nno-go = { fg = '#123456' }\nno-goo = { bold = true }\n";
    let (own, problems) = chosen("mine", Some(("mine.toml", text)), LOOK);
    let dark = theme("dark", LOOK);
    assert_eq!(own.style(Role::NoGo).fg, Some(Color::Rgb(0x12, 0x34, 0x56)));
    assert!(
        own.style(Role::NoGo).add_modifier.contains(Modifier::BOLD),
        "the rest of the style is inherited"
    );
    assert_eq!(own.style(Role::Go), dark.style(Role::Go));
    let hints: Vec<_> = problems
        .iter()
        .filter_map(|problem| problem.hint.as_deref())
        .collect();
    assert_eq!(hints, ["did you mean `no-go`?", "did you mean `dark`?"]);
    let (fallback, problems) = chosen("drak", None, LOOK);
    assert_eq!(fallback, dark);
    assert_eq!(problems[0].hint.as_deref(), Some("did you mean `dark`?"));
}

#[test]
fn a_role_without_a_style_takes_its_parents() {
    let theme = theme("high-contrast", LOOK);
    assert_eq!(theme.style(Role::Removed), theme.style(Role::NoGo));
    assert_eq!(theme.style(Role::Title), theme.style(Role::Strong));
}

fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
}

fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_colour_can_be_read_on_the_usual_backgrounds_and_on_the_selection() {
    let dark = [(0, 0, 0), (0x1e, 0x1e, 0x2e)];
    let light = [(255, 255, 255), (0xfd, 0xf6, 0xe3)];
    for (name, grounds) in [
        ("dark", dark),
        ("colour-blind", dark),
        ("high-contrast", [(0, 0, 0); 2]),
        ("light", light),
    ] {
        let theme = theme(name, LOOK);
        let mut grounds = grounds.to_vec();
        for role in [Role::Selected, Role::SelectedElsewhere] {
            if let Some(Color::Rgb(r, g, b)) = theme.style(role).bg {
                grounds.push((r, g, b));
            }
        }
        for role in Role::ALL {
            let Some(Color::Rgb(r, g, b)) = theme.style(*role).fg else {
                assert_eq!(theme.style(*role).fg, None, "{name}: {role:?}");
                continue;
            };
            for ground in &grounds {
                let found = contrast((r, g, b), *ground);
                assert!(
                    found >= 4.5,
                    "{name}: {} on {ground:?} has {found:.2}",
                    role.key()
                );
            }
        }
    }
}

#[test]
fn sixteen_colours_still_show_the_selection() {
    for name in ["auto", "dark", "light", "colour-blind", "high-contrast"] {
        let look = Look {
            depth: Depth::Sixteen,
            ..LOOK
        };
        let style = theme(name, look).style(Role::Selected);
        assert!(style.add_modifier.contains(Modifier::REVERSED), "{name}");
    }
    assert_eq!(super::colour::colour(Paint::Reset, Depth::True), Color::Reset);
}

fn any_cell() -> impl Strategy<Value = Cell> {
    let text = prop_oneof![".{0,12}", "[漢字🔴✅⚠️é\u{1b}\u{200d}]{0,20}"];
    (text, 0..Role::ALL.len()).prop_map(|(text, role)| Cell::new(text, Role::ALL[role]))
}

fn any_line() -> impl Strategy<Value = Line> {
    let cells = || prop::collection::vec(any_cell(), 0..4);
    (cells(), cells(), any::<bool>()).prop_map(|(cells, right, fill)| Line {
        cells,
        right,
        fill: fill.then_some(Role::Selected),
    })
}

fn any_pane() -> impl Strategy<Value = Pane> {
    let area = (0..90_u16, 0..40_u16, 0..90_u16, 0..40_u16);
    let area = prop_oneof![area, any::<(u16, u16, u16, u16)>()];
    let scroll = prop::option::of(any::<(usize, usize)>());
    let lines = prop::collection::vec(any_line(), 0..6);
    (area, any_line(), any_line(), any::<(bool, bool)>(), lines, scroll).prop_map(
        |((x, y, width, height), title, note, (focused, bare), lines, scroll)| Pane {
            area: Area { x, y, width, height },
            title,
            note,
            focused,
            bare,
            body: Body::Lines { lines, scroll },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn any_screen_is_painted_at_any_size(
        size in (0..90_u16, 0..40_u16),
        panes in prop::collection::vec(any_pane(), 0..4),
        overlay in prop::option::of(any_pane()),
        header in any_line(),
        cursor in prop::option::of(any::<(u16, u16)>()),
    ) {
        let screen = Screen { panes, overlay, header: header.clone(), message: header.clone(), footer: header, cursor, ..Screen::default() };
        let buffer = draw(&screen, &theme("dark", LOOK), size.0, size.1);
        for cell in buffer.content() {
            prop_assert!(!cell.symbol().chars().any(crate::text::clean::is_unsafe), "{:?}", cell.symbol());
        }
    }
}
