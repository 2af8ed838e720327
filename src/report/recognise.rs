//! Whether a document is a readiness report of its repository, and why.
//!
//! Not here: globs of the configuration (the caller resolves them). A missed report may let a false GO through, a
//! counted tutorial raises a false alarm: names and content are weighed, and each weight is a sentence for `inspect`.

use super::lookup::Lookup;
use crate::model::{Recognition, RepoPath, Report, Requirement, Shape, Status};

/// From this weight on a document counts.
const ENOUGH: i32 = 3;

/// Names that say what the document is for.
const STRONG_NAMES: [&str; 15] = [
    "readiness",
    "checklist",
    "blocker",
    "blockers",
    "gonogo",
    "go no go",
    "signoff",
    "sign off",
    "golive",
    "go live",
    "preflight",
    "launch",
    "cutover",
    "predeployment",
    "pre deployment",
];
/// Names that readiness reports share with other documents.
const WEAK_NAMES: [&str; 17] = [
    "status",
    "summary",
    "audit",
    "release",
    "deploy",
    "deployment",
    "production",
    "qa",
    "review",
    "findings",
    "tracker",
    "security",
    "report",
    "acceptance",
    "remediation",
    "gap",
    "gaps",
];
/// Names of documents that are something else.
const OTHER_NAMES: [&str; 20] = [
    "changelog",
    "contributing",
    "license",
    "licence",
    "code of conduct",
    "notice",
    "authors",
    "support",
    "template",
    "history",
    "codeowners",
    "tutorial",
    "guide",
    "howto",
    "faq",
    "roadmap",
    "glossary",
    "adr",
    "rfc",
    "backlog",
];
/// Of these, the ones that no content outweighs.
const NEVER_NAMES: [&str; 10] = [
    "changelog",
    "contributing",
    "license",
    "licence",
    "code of conduct",
    "notice",
    "authors",
    "template",
    "history",
    "codeowners",
];
/// Folders whose documents do not speak of this repository's release.
const OTHER_FOLDERS: [&str; 22] = [
    "node_modules",
    "vendor",
    "third_party",
    "third-party",
    "testdata",
    "test-data",
    "fixtures",
    "fixture",
    "__fixtures__",
    "__tests__",
    "snapshots",
    "__snapshots__",
    "issue_template",
    "pull_request_template",
    "templates",
    "template",
    "examples",
    "archive",
    "archived",
    "backups",
    "target",
    "dist",
];

/// The file's stem as lower-case words with blanks between: `GO_NO_GO.md` → `go no go`.
fn name_words(path: &RepoPath) -> String {
    let name = path.file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut words = String::with_capacity(stem.len() + 8);
    let mut before = ' ';
    for c in stem.chars() {
        let breaks = c.is_uppercase() && before.is_lowercase();
        if (breaks || !c.is_alphanumeric()) && !words.ends_with(' ') {
            words.push(' ');
        }
        if c.is_alphanumeric() {
            words.extend(c.to_lowercase());
        }
        before = c;
    }
    words.trim().to_owned()
}

fn found_in<'a>(text: &Lookup<'_>, names: &[&'a str]) -> Option<&'a str> {
    names.iter().copied().find(|name| text.word(name).is_some())
}

/// Whether the name alone is a reason to read the document.
pub(super) fn name_speaks(path: &RepoPath) -> bool {
    let words = name_words(path);
    found_in(&Lookup::new(&words), &STRONG_NAMES).is_some()
}

/// A folder that speaks against the document.
fn other_folder(path: &RepoPath) -> Option<&str> {
    path.folder().split('/').find(|part| {
        OTHER_FOLDERS.iter().any(|other| part.eq_ignore_ascii_case(other))
            || part.to_ascii_lowercase().starts_with("old_")
            || part.eq_ignore_ascii_case("old")
    })
}

/// The answer for a document that the prefilter turned away.
pub(super) fn prose(counts: Option<bool>) -> Recognition {
    let mut why = vec![Box::from("no box, marker, table or status word in it")];
    if counts == Some(false) {
        why.push("the configuration leaves it out".into());
    }
    Recognition { counts: false, why }
}

/// The answer for a document that could not be read: its name decides, so that nothing is lost in silence.
pub(super) fn unreadable(path: &RepoPath, counts: Option<bool>) -> Recognition {
    let named = name_speaks(path) && other_folder(path).is_none();
    Recognition {
        counts: counts.unwrap_or(named),
        why: vec!["it could not be read; its name decides".into()],
    }
}

/// Weighs name and content; `topic` is a section that only a report about a release has.
pub(super) fn recognise(report: &Report, topic: Option<u32>, counts: Option<bool>) -> Recognition {
    let mut scale = Scale::default();
    scale.name(&report.path);
    scale.content(report, topic);
    let speaks = !report.items.is_empty() || !report.gates.is_empty() || !report.declared_verdicts.is_empty();
    if !speaks {
        scale
            .why
            .push("no item, no gate and no declared verdict in it".into());
    }
    if scale.why.is_empty() {
        scale
            .why
            .push("neither its name nor its content speaks of a release".into());
    }
    let decided = speaks && !scale.never && scale.weight >= ENOUGH;
    match counts {
        Some(true) => scale
            .why
            .insert(0, "the configuration says that it counts".into()),
        Some(false) => scale.why.insert(0, "the configuration leaves it out".into()),
        None => {}
    }
    Recognition {
        counts: counts.unwrap_or(decided),
        why: scale.why,
    }
}

#[derive(Debug, Default)]
struct Scale {
    weight: i32,
    never: bool,
    why: Vec<Box<str>>,
}

impl Scale {
    fn add(&mut self, weight: i32, why: String) {
        self.weight += weight;
        self.why.push(why.into());
    }

    fn name(&mut self, path: &RepoPath) {
        let words = name_words(path);
        let words = Lookup::new(&words);
        if let Some(folder) = other_folder(path) {
            self.never = true;
            self.why.push(format!("it lies below `{folder}`").into());
        }
        if let Some(name) = found_in(&words, &NEVER_NAMES) {
            self.never = true;
            self.why.push(format!("the name says `{name}`").into());
            return;
        }
        if let Some(name) = found_in(&words, &STRONG_NAMES) {
            self.add(3, format!("the name says `{name}`"));
        }
        let weak = WEAK_NAMES
            .iter()
            .filter(|name| words.word(name).is_some())
            .take(2)
            .copied()
            .collect::<Vec<_>>();
        if !weak.is_empty() {
            self.add(
                i32::try_from(weak.len()).unwrap_or(1),
                format!("the name says `{}`", weak.join("` and `")),
            );
        }
        if let Some(name) = found_in(&words, &OTHER_NAMES) {
            self.add(-3, format!("the name says `{name}`"));
        }
        if words.word("readme").is_some() {
            self.add(-2, "a README tells of the project first".to_owned());
        }
    }

    fn content(&mut self, report: &Report, topic: Option<u32>) {
        let title = report.title.as_deref().unwrap_or_default().to_lowercase();
        let title = Lookup::new(&title);
        let strong = [
            "readiness",
            "checklist",
            "blocker",
            "go/no-go",
            "go / no-go",
            "go-live",
            "sign-off",
            "pre-deploy",
            "pre-launch",
            "launch",
            "bloqueante",
            "despliegue",
            "audit",
            "auditor",
            "生产环境",
            "上线",
        ];
        let weak = [
            "production",
            "deployment",
            "release",
            "security",
            "status",
            "qa",
            "review",
            "findings",
            "hardening",
            "producción",
            "发布",
        ];
        if let Some(word) = strong.iter().find(|word| title.has(word)) {
            self.add(2, format!("its title speaks of `{word}`"));
        } else if let Some(word) = weak.iter().find(|word| title.word(word).is_some()) {
            self.add(1, format!("its title speaks of `{word}`"));
        }
        if let Some(section) = topic.and_then(|at| report.sections.get(at as usize)) {
            self.add(1, format!("it has a section `{}`", section.title));
        }
        let marked = report
            .items
            .iter()
            .filter(|item| item.declared != Status::Unmarked)
            .count();
        let needed = report
            .items
            .iter()
            .filter(|item| {
                matches!(item.requirement, Requirement::Required(_)) && item.declared != Status::Unmarked
            })
            .count();
        if needed > 0 {
            let weight = if needed >= 4 { 2 } else { 1 };
            let s = if needed == 1 { "item has" } else { "items have" };
            self.add(
                weight,
                format!("{needed} {s} a status and stand outside of plans and notes"),
            );
        } else if marked > 0 {
            self.add(-1, "all its items are plans, options or notes".to_owned());
        }
        if report.items.iter().any(|item| item.severity_source.is_some()) {
            self.add(1, "its items name a severity".to_owned());
        }
        let tasks = report
            .items
            .iter()
            .filter(|item| item.shape == Shape::Task)
            .count();
        if tasks >= 20 && title.has("checklist") {
            self.add(1, format!("{tasks} boxes under a title that says `checklist`"));
        }
        if !report.gates.is_empty() {
            self.add(2, "it sets a rule for the release".to_owned());
        }
        if !report.declared_verdicts.is_empty() {
            self.add(2, "it declares a verdict".to_owned());
        }
        let teaches = [
            "tutorial",
            "guide",
            "how to",
            "getting started",
            "cookbook",
            "style guide",
            "template",
            "changelog",
            "roadmap",
            "contributing",
        ];
        if let Some(word) = teaches.iter().find(|word| title.has(word)) {
            self.add(-2, format!("its title speaks of `{word}`"));
        }
    }
}
