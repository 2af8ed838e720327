//! Colours brought down to what the terminal can show.

use ratatui::style::Color;

use crate::config::Paint;

/// How many colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// None: bold, underline and reverse must do.
    None,
    /// The terminal's sixteen.
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    /// Red, green and blue as they are.
    True,
}

/// The six steps of xterm's colour cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
/// xterm's sixteen; other terminals differ, but not in which is nearest.
const SIXTEEN: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// The colour that stands for `paint` at a depth.
pub(super) fn colour(paint: Paint, depth: Depth) -> Color {
    match (paint, depth) {
        (Paint::Reset, _) | (_, Depth::None) => Color::Reset,
        (Paint::Ansi(n), _) => sixteen(n),
        (Paint::Rgb(r, g, b), Depth::True) => Color::Rgb(r, g, b),
        (Paint::Rgb(r, g, b), Depth::Indexed) => Color::Indexed(indexed((r, g, b))),
        (Paint::Rgb(r, g, b), Depth::Sixteen) => sixteen(nearest_of_sixteen((r, g, b))),
    }
}

/// By name, so that backends send the sequences that every terminal has known for decades.
const fn sixteen(n: u8) -> Color {
    match n {
        0 => Color::Black,
        1 => Color::Red,
        2 => Color::Green,
        3 => Color::Yellow,
        4 => Color::Blue,
        5 => Color::Magenta,
        6 => Color::Cyan,
        7 => Color::Gray,
        8 => Color::DarkGray,
        9 => Color::LightRed,
        10 => Color::LightGreen,
        11 => Color::LightYellow,
        12 => Color::LightBlue,
        13 => Color::LightMagenta,
        14 => Color::LightCyan,
        15 => Color::White,
        _ => Color::Reset,
    }
}

/// The nearest of the cube and the greys.
fn indexed(rgb: (u8, u8, u8)) -> u8 {
    let step = |value: u8| {
        (0_u8..6)
            .min_by_key(|n| STEPS[usize::from(*n)].abs_diff(value))
            .unwrap_or(0)
    };
    let (r, g, b) = (step(rgb.0), step(rgb.1), step(rgb.2));
    let cube = (
        STEPS[usize::from(r)],
        STEPS[usize::from(g)],
        STEPS[usize::from(b)],
    );
    let mean = (u16::from(rgb.0) + u16::from(rgb.1) + u16::from(rgb.2)) / 3;
    let grey_step = u8::try_from((mean.saturating_sub(3) / 10).min(23)).unwrap_or(23);
    let grey = 8 + grey_step * 10;
    if apart(rgb, (grey, grey, grey)) < apart(rgb, cube) {
        232 + grey_step
    } else {
        16 + 36 * r + 6 * g + b
    }
}

fn nearest_of_sixteen(rgb: (u8, u8, u8)) -> u8 {
    (0_u8..16)
        .min_by_key(|n| apart(rgb, SIXTEEN[usize::from(*n)]))
        .unwrap_or(7)
}

/// How different two colours look, roughly: green weighs most, blue least.
fn apart(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let part = |x: u8, y: u8, weight: u32| {
        let far = u32::from(x.abs_diff(y));
        far * far * weight
    };
    part(a.0, b.0, 3) + part(a.1, b.1, 6) + part(a.2, b.2, 1)
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::{Depth, colour};
    use crate::config::Paint;

    #[test]
    fn colours_come_down_to_the_nearest_that_there_is() {
        let red = Paint::Rgb(255, 0, 0);
        assert_eq!(colour(red, Depth::True), Color::Rgb(255, 0, 0));
        assert_eq!(colour(red, Depth::Indexed), Color::Indexed(196));
        assert_eq!(colour(red, Depth::Sixteen), Color::LightRed);
        assert_eq!(colour(red, Depth::None), Color::Reset);
        assert_eq!(colour(Paint::Rgb(8, 8, 8), Depth::Indexed), Color::Indexed(232));
        assert_eq!(
            colour(Paint::Rgb(255, 255, 255), Depth::Indexed),
            Color::Indexed(231)
        );
        assert_eq!(colour(Paint::Ansi(12), Depth::True), Color::LightBlue);
    }

    #[test]
    fn every_colour_has_a_place_among_the_256() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let Color::Indexed(n) = colour(Paint::Rgb(r, g, b), Depth::Indexed) else {
                        panic!("not indexed");
                    };
                    assert!(n >= 16, "the first sixteen are whatever the person made them");
                }
            }
        }
    }
}
