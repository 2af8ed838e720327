//! A cockpit driven by keys as text; its effects are answered from a repository in memory.

use std::sync::Arc;

use gonogo::app::msg::{JobOutcome, Progress};
use gonogo::app::panes::table;
use gonogo::app::{Body, Effect, Key, Model, Msg, Pane, Screen, filter, update, view};
use gonogo::config::Settings;
use gonogo::edit::{self, Edit, Plan};
use gonogo::model::{RepoPath, Status, Uid};

use super::judged::Repo;

/// A cockpit with its repository.
pub struct Cockpit {
    /// The state.
    pub model: Model,
    /// The documents; written by a change.
    pub repo: Repo,
    /// Every effect so far.
    pub effects: Vec<Effect>,
    /// Answer effects at once.
    pub answering: bool,
}

impl Cockpit {
    /// A cockpit that has read everything.
    pub fn new(repo: Repo, size: (u16, u16)) -> Self {
        Self::with(repo, size, Settings::default(), false)
    }

    /// With settings.
    pub fn with(repo: Repo, size: (u16, u16), settings: Settings, guided: bool) -> Self {
        let now = "2030-01-02T03:04:30Z".parse().unwrap();
        let mut cockpit = Self {
            model: Model::new(settings, size, now, guided),
            repo,
            effects: Vec::new(),
            answering: true,
        };
        cockpit.judge();
        cockpit.send(Msg::Progress(Progress {
            read: 3,
            found: 3,
            complete: true,
        }));
        cockpit
    }

    /// Judges the repository as it is now.
    pub fn judge(&mut self) {
        let assessment = Arc::new(self.repo.judge());
        self.send(Msg::Assessed(assessment));
    }

    /// Sends a message and answers what it asks for.
    pub fn send(&mut self, msg: Msg) {
        for effect in update(&mut self.model, msg) {
            self.effects.push(effect.clone());
            if self.answering {
                self.answer(effect);
            }
        }
    }

    /// Presses keys: `2 j j enter`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in Key::parse_sequence(keys).unwrap_or_else(|| panic!("`{keys}` are keys")) {
            self.send(Msg::Key(key));
        }
        self
    }

    /// Types text, letter by letter.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Msg::Key(Key::plain(gonogo::app::KeyName::Char(c))));
        }
        self
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        to_text(&view(&self.model))
    }

    pub fn answer(&mut self, effect: Effect) {
        match effect {
            Effect::ReadDocument(path) => {
                let text = self.repo.text(&path).ok_or_else(|| "it is gone".to_owned());
                self.send(Msg::Document(path, text));
            }
            Effect::Filter {
                request,
                filter,
                assessment,
            } => {
                let rows = filter::matches(&filter, &assessment);
                self.send(Msg::Filtered { request, rows });
            }
            Effect::Arrange {
                request,
                pane,
                ask,
                assessment,
            } => {
                let table = Arc::new(table::arrange(pane, &ask, &assessment));
                self.send(Msg::Arranged { request, table });
            }
            Effect::Plan { request, items, to } => {
                let mut plans: Vec<Plan> = Vec::new();
                for (path, uid) in &items {
                    let plan = self.plan(path, *uid, to);
                    match plans.iter_mut().find(|other| other.path == plan.path) {
                        Some(other) => {
                            other.edits.extend(plan.edits);
                            other.edits.sort_by_key(|edit| edit.span);
                            other.items.extend(plan.items);
                        }
                        None => plans.push(plan),
                    }
                }
                let plans = plans
                    .into_iter()
                    .map(|plan| (self.repo.text(&plan.path).unwrap(), plan))
                    .collect();
                self.send(Msg::Planned {
                    request,
                    plans,
                    refused: Vec::new(),
                });
            }
            Effect::Apply { plans, message } => {
                let inverse = plans.iter().map(|plan| self.write(plan)).collect();
                self.judge();
                self.send(Msg::Job(JobOutcome::Committed {
                    commit: "f00d123".to_owned(),
                    what: message,
                    inverse,
                }));
            }
            _ => {}
        }
    }

    /// Ticks or unticks the box of an item, and nothing else.
    fn plan(&self, path: &RepoPath, uid: Uid, to: Status) -> Plan {
        let assessment = self.repo.judge();
        let (d, i) = assessment.find(uid).unwrap();
        let (document, item, _) = assessment.item(d, i).unwrap();
        let source = self.repo.text(path).unwrap();
        let span = item.marks[0].span;
        Plan {
            path: path.clone(),
            base: document.report.hash,
            edits: vec![Edit {
                span,
                expect: source.bytes()[span.range()].to_vec(),
                put: if to.says_done() {
                    b"x".to_vec()
                } else {
                    b" ".to_vec()
                },
            }],
            why: format!(
                "{} {} -> {}",
                item.id.as_deref().unwrap(),
                item.declared.word(),
                to.word()
            ),
            items: vec![(uid, to)],
        }
    }

    fn write(&mut self, plan: &Plan) -> Plan {
        let source = self.repo.text(&plan.path).unwrap();
        let after = edit::apply(plan, source.bytes()).unwrap();
        let (_, text) = self
            .repo
            .documents
            .iter_mut()
            .find(|(path, _)| path == plan.path.as_str())
            .unwrap();
        *text = String::from_utf8(after).unwrap();
        let edits = plan.edits.iter().map(|edit| Edit {
            span: edit.span,
            expect: edit.put.clone(),
            put: edit.expect.clone(),
        });
        Plan {
            base: self.repo.text(&plan.path).unwrap().hash(),
            edits: edits.collect(),
            ..plan.clone()
        }
    }
}

/// A screen as text: what a person would see without colours. Borders are `+`, `-` and `|`; a focused pane has `=`.
pub fn to_text(screen: &Screen) -> String {
    let (width, height) = (usize::from(screen.size.0), usize::from(screen.size.1));
    let mut rows = vec![" ".repeat(width); height];
    let mut set = |row: usize, text: String| {
        if let Some(place) = rows.get_mut(row) {
            *place = text;
        }
    };
    set(0, screen.header.to_text(width));
    if height > 2 {
        set(height - 2, screen.message.to_text(width));
    }
    if height > 1 {
        set(height - 1, screen.footer.to_text(width));
    }
    for pane in screen.panes.iter().chain(&screen.overlay) {
        draw(pane, &mut rows);
    }
    let rows: Vec<&str> = rows.iter().map(|row| row.trim_end()).collect();
    rows.join("\n")
}

fn draw(pane: &Pane, rows: &mut [String]) {
    let area = pane.area;
    let width = usize::from(area.width);
    let Body::Lines { lines, .. } = &pane.body;
    let inner = if pane.bare { width } else { width.saturating_sub(2) };
    let line = if pane.focused { "=" } else { "-" };
    for row in 0..usize::from(area.height) {
        let text = if pane.bare {
            lines
                .get(row)
                .map_or_else(|| " ".repeat(inner), |line| line.to_text(inner))
        } else if row == 0 {
            let title = pane.title.to_text(inner).trim_end().to_owned();
            let note = pane.note.to_text(inner).trim_end().to_owned();
            let fill = inner.saturating_sub(title.chars().count() + note.chars().count());
            format!("+{title}{}{note}+", line.repeat(fill))
        } else if row + 1 == usize::from(area.height) {
            format!("+{}+", line.repeat(inner))
        } else {
            let text = lines
                .get(row - 1)
                .map_or_else(|| " ".repeat(inner), |line| line.to_text(inner));
            format!("|{text}|")
        };
        let Some(place) = rows.get_mut(usize::from(area.y) + row) else {
            continue;
        };
        // Columns, not characters: what lies left and right of the pane is kept.
        let before = gonogo::text::width::cut(place, usize::from(area.x)).to_owned();
        let after: String = {
            let upto = gonogo::text::width::cut(place, usize::from(area.x) + width).len();
            place[upto..].to_owned()
        };
        *place = format!("{before}{text}{after}");
    }
}
