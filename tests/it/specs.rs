//! Runs every `src/claims/<kind>/spec.md`: each section is a small repository made with git, a report in it, and what
//! gonogo must say of each claim of the kind. A passage without an expectation is one on which it must stay silent.
//!
//! Blocks of a section, in order: `steps` (one a line: `write PATH LINES [executable]`, `text PATH WORDS`,
//! `delete PATH`, `move FROM TO`, `branch NAME`, `commit SUBJECT`), `report PATH`, and `expect` (one a line: verdict,
//! predicate, subject). `{{1}}` stands for the short hash of the first commit.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gonogo::engine::{Change, Engine, ROUNDS, read_document};
use gonogo::model::{Policy, RepoPath};
use gonogo::sources::{answers, files};
use jiff::Timestamp;

use crate::support::Repo;

#[test]
fn every_claim_of_the_specifications_gets_its_verdict() {
    let claims = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/claims");
    let mut specs: Vec<PathBuf> = fs::read_dir(claims)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("spec.md"))
        .filter(|path| path.exists())
        .collect();
    specs.sort();
    assert!(specs.len() >= 2, "{specs:?}");
    let mut wrong = Vec::new();
    for spec in specs {
        let text = fs::read_to_string(&spec).unwrap();
        let kind = spec
            .parent()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str())
            .unwrap();
        for section in sections(&text) {
            let (expected, found) = run(&section, kind);
            if expected != found {
                wrong.push(format!(
                    "{}, “{}”\n  expected:\n    {}\n  found:\n    {}",
                    spec.display(),
                    section.title,
                    expected.join("\n    "),
                    found.join("\n    ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A section with its blocks: what each fence says, and its lines.
struct Section {
    title: String,
    blocks: Vec<(String, String)>,
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open: Option<(usize, String, String)> = None;
    for line in text.lines() {
        let ticks = line.chars().take_while(|&c| c == '`').count();
        match &mut open {
            Some((fence, ..)) if ticks >= *fence && line.trim_matches('`').is_empty() => {
                let (_, info, body) = open.take().unwrap();
                if let Some(section) = sections.last_mut() {
                    section.blocks.push((info, body));
                }
            }
            Some((_, _, body)) => {
                body.push_str(line);
                body.push('\n');
            }
            None if ticks >= 3 => {
                open = Some((ticks, line.trim_start_matches('`').to_owned(), String::new()))
            }
            None => {
                if let Some(title) = line.strip_prefix("## ") {
                    sections.push(Section {
                        title: title.to_owned(),
                        blocks: Vec::new(),
                    });
                }
            }
        }
    }
    assert!(open.is_none(), "a block is not closed");
    sections.retain(|section| !section.blocks.is_empty());
    sections
}

fn run(section: &Section, kind: &str) -> (Vec<String>, Vec<String>) {
    let place = Place::new();
    let (mut expected, mut reports) = (Vec::new(), Vec::new());
    for (info, body) in &section.blocks {
        let body = place.filled(body);
        match info.split_once(' ').unwrap_or((info, "")) {
            ("steps", _) => body.lines().for_each(|line| place.step(line)),
            ("report", path) => {
                place.put(path, &body);
                reports.push(path.to_owned());
            }
            ("expect", _) => expected.extend(body.lines().map(str::to_owned)),
            _ => panic!("what is a block `{info}`?"),
        }
    }
    (expected, place.claims(&reports, kind))
}

struct Place {
    repo: Repo,
    commits: std::cell::RefCell<Vec<String>>,
}

impl Place {
    fn new() -> Self {
        let repo = Repo::plain(&[]);
        repo.git(&["init", "-q", "-b", "main"]);
        Self {
            repo,
            commits: std::cell::RefCell::default(),
        }
    }

    fn filled(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (number, hash) in self.commits.borrow().iter().enumerate() {
            filled = filled.replace(&format!("{{{{{}}}}}", number + 1), hash);
        }
        filled
    }

    fn put(&self, path: &str, text: &str) {
        self.repo.write(path, text);
    }

    fn step(&self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["write", path, lines, ref rest @ ..] => {
                let lines: usize = lines.parse().unwrap();
                let text: String = (1..=lines)
                    .map(|line| format!("line {line} of {path}\n"))
                    .collect();
                self.put(path, &text);
                if rest == ["executable"] {
                    make_executable(&self.repo.root().join(path));
                }
            }
            ["text", path, ..] => {
                let words = line.split_once(path).unwrap().1.trim_start();
                self.put(path, &format!("{}\n", words.replace("\\n", "\n")));
            }
            ["delete", path] => fs::remove_file(self.repo.root().join(path)).unwrap(),
            ["move", from, to] => {
                self.put(to, "");
                fs::rename(self.repo.root().join(from), self.repo.root().join(to)).unwrap();
            }
            ["branch", name] => {
                self.repo.git(&["checkout", "-q", "-b", name]);
            }
            ["commit", ..] => {
                self.repo.git(&["add", "-A"]);
                let day = self.commits.borrow().len() + 1;
                let when = format!("2026-01-{day:02}T12:00:00Z");
                self.repo
                    .git_at(&when, &["commit", "-qm", line.strip_prefix("commit ").unwrap()]);
                let hash = self.repo.git(&["rev-parse", "--short=7", "HEAD"]);
                self.commits.borrow_mut().push(hash.trim().to_owned());
            }
            [] => {}
            _ => panic!("what is the step `{line}`?"),
        }
    }

    /// Every claim of a kind, as an expectation is written.
    fn claims(&self, reports: &[String], kind: &str) -> Vec<String> {
        let root = &self.repo.root();
        let policy = Policy::default();
        let mut engine = Engine::default();
        engine.apply(Change::Policy(policy.clone()));
        engine.apply(Change::Repository(files::list(root, &policy).repository));
        for path in reports {
            let bytes: Arc<[u8]> = fs::read(root.join(path)).unwrap().into();
            let report = read_document(RepoPath::new(path).unwrap(), bytes, Some(true), None);
            engine.apply(Change::Document(Arc::new(report)));
        }
        for _ in 0..ROUNDS {
            let questions = engine.questions();
            if questions.is_empty() {
                break;
            }
            engine.apply(Change::Answers(answers::answer(root, &questions)));
        }
        assert_eq!(engine.questions(), [], "something was asked that nobody answers");
        let assessment = engine.assess("2027-01-01T00:00:00Z".parse::<Timestamp>().unwrap());
        let claims = assessment
            .documents
            .iter()
            .flat_map(|document| document.claims.iter());
        claims
            .filter(|claim| claim.rule == kind)
            .map(|claim| {
                format!(
                    "{} {} {}",
                    claim.verdict.word(),
                    claim.said.predicate,
                    claim.said.subject
                )
            })
            .collect()
    }
}

#[cfg(unix)]
fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn make_executable(_: &Path) {}
