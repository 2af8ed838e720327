//! Where the panes lie: list beside the document on wide screens, above it on narrow ones, one pane alone on small
//! ones. Pure in the size, the pane in focus and the zoom.

use super::panes::PaneKind;
use super::view::Area;

/// Below this size only the verdict is shown.
pub const SMALLEST: (u16, u16) = (40, 10);
/// From this width on the document lies beside the list.
pub const WIDE: u16 = 100;

/// The places of the panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layout {
    /// The list pane, when it is on screen.
    pub list: Option<Area>,
    /// The document pane, when it is on screen.
    pub document: Option<Area>,
    /// Panes have no border.
    pub bare: bool,
    /// The screen is too small for panes.
    pub tiny: bool,
}

impl Layout {
    /// The layout of a screen.
    #[must_use]
    pub fn of((width, height): (u16, u16), focus: PaneKind, zoom: bool) -> Self {
        if width < SMALLEST.0 || height < SMALLEST.1 {
            return Self {
                tiny: true,
                ..Self::default()
            };
        }
        let body = Area {
            x: 0,
            y: 1,
            width,
            height: height - 3,
        };
        let bare = height < 12;
        let beside = width >= WIDE;
        if zoom || (!beside && body.height < 12) {
            let document = focus == PaneKind::Document;
            return Self {
                list: (!document).then_some(body),
                document: document.then_some(body),
                bare,
                tiny: false,
            };
        }
        let (list, document) = if beside {
            let left = u16::try_from(u32::from(width) * 11 / 20).unwrap_or(width);
            let list = Area { width: left, ..body };
            let document = Area {
                x: left,
                width: width - left,
                ..body
            };
            (list, document)
        } else {
            let above = body.height * 11 / 20;
            let list = Area {
                height: above,
                ..body
            };
            let document = Area {
                y: body.y + above,
                height: body.height - above,
                ..body
            };
            (list, document)
        };
        Self {
            list: Some(list),
            document: Some(document),
            bare,
            tiny: false,
        }
    }

    /// The area inside of a pane's border.
    #[must_use]
    pub fn inner(self, area: Area) -> Area {
        if self.bare {
            return area;
        }
        inside(area)
    }
}

/// The area inside of a border.
#[must_use]
pub fn inside(area: Area) -> Area {
    Area {
        x: area.x.saturating_add(1),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_never_overlap_and_never_leave_the_screen() {
        for width in 1..=210 {
            for height in 1..=70 {
                for &focus in PaneKind::ALL {
                    let layout = Layout::of((width, height), focus, false);
                    let areas: Vec<Area> = layout.list.into_iter().chain(layout.document).collect();
                    for area in &areas {
                        assert!(area.x + area.width <= width && area.y >= 1);
                        assert!(area.y + area.height <= height - 2);
                    }
                    if let [a, b] = areas[..] {
                        assert!(a.x + a.width <= b.x || a.y + a.height <= b.y);
                    }
                    assert_eq!(layout.tiny, areas.is_empty());
                }
            }
        }
    }
}
