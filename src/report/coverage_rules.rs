//! The coverage that a document demands of its release: "coverage must be at least 80%", "> 95 % for `src/auth/*`".
//!
//! Not here: what coverage a document says that there is (a claim), and whether a demand is met. Invariant: narrow. A
//! demand needs a word that binds ("must", "required", "enforced", "gate", "fails below") beside a share of coverage; plans,
//! advice, goals, examples, items with boxes and what was once so are no demands. One without files speaks of all
//! code; one whose words name files that nobody can find is kept, and cannot be judged.

#[cfg(test)]
mod tests;

use super::statements::Statements;
use super::wording::{below_any, below_before, contains_ci, is_one_of, words};
use crate::model::target::parse_threshold;
use crate::model::{CoverageTarget, DocumentTarget, GateMode, Metric, Report, Requirement, Stage};
use crate::text::clean::clean;
use crate::text::glob::Globs;
use crate::text::markdown::{Block, BlockKind, Outline, TextRange};

/// No report demands so many.
const MOST: usize = 100;

/// Collects the demands, in order. The report's sections are already read.
pub(super) fn read(
    text: &str,
    outline: &Outline,
    lines: &Statements<'_>,
    report: &Report,
) -> Vec<DocumentTarget> {
    let mut found: Vec<DocumentTarget> = Vec::new();
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return found;
    }
    let reader = Reader {
        text,
        outline,
        report,
    };
    let mut section = 0_usize;
    for (at, block) in outline.blocks.iter().enumerate() {
        section += usize::from(matches!(block.kind, BlockKind::Heading(_)));
        let content = reader.slice(block.content);
        let skipped = matches!(
            block.kind,
            BlockKind::Code | BlockKind::Html | BlockKind::Row { .. }
        );
        if skipped || !content.contains('%') || content.trim_start().starts_with('[') {
            continue;
        }
        let index = u32::try_from(at).unwrap_or(u32::MAX);
        let Some(stage) = reader.stage_of(section) else {
            continue;
        };
        if below_before(lines, index) || below_any(lines, index, QUIET_HEADINGS) {
            continue;
        }
        for (start, sentence) in sentences(content) {
            for target in reader.demand(at, block, start, sentence) {
                let told = found.iter().any(|known| {
                    let known = &known.target;
                    (&known.paths, known.metric, known.target)
                        == (&target.paths, target.metric, target.target)
                });
                if !told && found.len() < MOST {
                    found.push(DocumentTarget { stage, target });
                }
            }
        }
    }
    found
}

#[rustfmt::skip]
const QUIET_HEADINGS: &[&str] = &[
    "recommended", "recommendation", "recommendations", "next", "future", "roadmap", "goal", "goals", "target", "targets",
    "metrics", "example", "examples", "lessons", "improvements", "improvement", "plan", "planned", "proposal", "proposed",
    "todo", "ideas", "backlog", "monitoring", "appendix",
];

/// Words that bind.
#[rustfmt::skip]
const BINDING: &[&str] = &[
    "must", "shall", "required", "requires", "require", "requirement", "mandatory", "minimum", "enforced", "enforces",
    "enforce", "gate", "gates", "gated", "gating", "threshold", "blocked", "blocks", "fails", "fail", "needs",
];
/// Those that bind all code when no files are named.
#[rustfmt::skip]
const STRICT: &[&str] = &[
    "must", "shall", "required", "requires", "requirement", "mandatory", "minimum", "gate", "threshold", "blocked", "blocks",
    "fails",
];
/// Words that take the binding away.
#[rustfmt::skip]
const LOOSE: &[&str] = &[
    "should", "recommend", "recommended", "recommends", "goal", "goals", "aim", "aims", "target", "targets", "plan",
    "plans", "planned", "will", "would", "could", "consider", "configure", "add", "adding", "setup", "increase", "improve",
    "improved", "raise", "raised", "achieve", "achieved", "reach", "reached", "was", "were", "had", "previously", "example",
    "eg", "currently", "current", "watch", "ideally", "optional", "optionally", "if", "may", "might", "todo", "pending",
    "not", "no", "without", "never", "unless", "passed", "passes", "met", "exceeded", "exceeds",
];

/// The sentences of a block with their offsets.
fn sentences(content: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = content.get(rest..).filter(|tail| !tail.is_empty())?;
        let end = [". ", ".\n", "; ", "\n- "]
            .iter()
            .filter_map(|stop| tail.find(stop))
            .min()
            .map_or(tail.len(), |at| at + 1);
        let sentence = (rest, tail.get(..end)?);
        rest += end;
        Some(sentence)
    })
}

struct Reader<'a> {
    text: &'a str,
    outline: &'a Outline,
    report: &'a Report,
}

/// The files that a demand names.
enum Files {
    All,
    Globs(Vec<Box<str>>),
    /// The changed lines only.
    Changed,
    /// Words that name nothing.
    Unknown,
}

impl<'a> Reader<'a> {
    fn slice(&self, range: TextRange) -> &'a str {
        self.text.get(range.range()).unwrap_or_default()
    }

    /// The stage that the section number `section` (from 1; 0 is none) is needed for.
    fn stage_of(&self, section: usize) -> Option<Stage> {
        let Some(at) = section.checked_sub(1) else {
            return Some(Stage::Production);
        };
        match self.report.sections.get(at).map(|section| section.requirement) {
            Some(Requirement::Required(stage)) => Some(stage),
            None => Some(Stage::Production),
            Some(_) => None,
        }
    }

    fn demand(&self, at: usize, block: &Block, start: usize, sentence: &str) -> Vec<CoverageTarget> {
        let list: Vec<&str> = words(sentence).map(|(_, word)| word).collect();
        let has = |set: &[&str]| list.iter().any(|word| is_one_of(word, set));
        let Some(metric) = metric(&list) else {
            return Vec::new();
        };
        if !has(BINDING) || sentence.contains('?') || is_loose(&list, sentence) {
            return Vec::new();
        }
        // Several shares in one sentence are a comparison, a range or a table in words.
        let Some(share) = only_share(sentence) else {
            return Vec::new();
        };
        let files = self.files(at, block, start, sentence, share.end);
        let strict = has(STRICT) && !is_marked(sentence);
        let (globs, unjudged) = match files {
            Files::Globs(globs) => (globs, ""),
            Files::All if strict => (vec!["".into()], ""),
            Files::Changed if strict => (vec!["".into()], "is of changed lines only"),
            Files::Unknown if strict => (vec!["".into()], "is of files that its words do not name"),
            Files::All | Files::Changed | Files::Unknown => return Vec::new(),
        };
        let offset = block.content.start as usize + start;
        let line = self.outline.lines.line(offset);
        globs
            .into_iter()
            .map(|glob| CoverageTarget {
                id: if glob.is_empty() {
                    "all".into()
                } else {
                    glob.clone()
                },
                paths: if glob.is_empty() { Vec::new() } else { vec![glob] },
                except: Vec::new(),
                metric,
                inclusive: share.inclusive,
                target: unjudged.is_empty().then_some(share.target),
                unjudged,
                mode: GateMode::Enforce,
                source: format!("{}:{line}", self.report.path).into(),
            })
            .collect()
    }

    /// The files of a demand: named in code or as a path on its line, or in the list below a line that ends in a colon.
    fn files(&self, at: usize, block: &Block, start: usize, sentence: &str, share_end: usize) -> Files {
        let from = block.content.start as usize + start;
        let named = self.paths_in(from, from + sentence.len(), sentence);
        if !named.is_empty() {
            return Files::Globs(named);
        }
        let rest: Vec<&str> = words(sentence).map(|(_, word)| word).collect();
        if ["new", "changed", "diff", "patch", "modified"]
            .iter()
            .any(|word| rest.iter().any(|w| w.eq_ignore_ascii_case(word)))
        {
            return Files::Changed;
        }
        if sentence.trim_end().trim_end_matches('*').ends_with(':') {
            let below = self.below(at, block);
            return if below.is_empty() {
                Files::Unknown
            } else {
                Files::Globs(below)
            };
        }
        named_in_words(sentence.get(share_end..).unwrap_or_default())
    }

    /// The paths of the list items right below a block.
    fn below(&self, at: usize, block: &Block) -> Vec<Box<str>> {
        let depth = match block.kind {
            BlockKind::Item { depth, .. } => i16::from(depth),
            _ => -1,
        };
        let mut found = Vec::new();
        for child in self.outline.blocks.iter().skip(at + 1) {
            let BlockKind::Item { depth: own, .. } = child.kind else {
                break;
            };
            if i16::from(own) <= depth {
                break;
            }
            let content = self.slice(child.content);
            let from = child.content.start as usize;
            found.extend(
                self.paths_in(from, from + content.len(), content)
                    .into_iter()
                    .take(1),
            );
            if found.len() >= MOST {
                break;
            }
        }
        found
    }

    /// Paths that stand in a range of the text: in code, or bare and unmistakable.
    fn paths_in(&self, from: usize, to: usize, text: &str) -> Vec<Box<str>> {
        let first = self
            .outline
            .codes
            .partition_point(|code| (code.start as usize) < from);
        let codes: Vec<&str> = self
            .outline
            .codes
            .iter()
            .skip(first)
            .take_while(|code| (code.end as usize) <= to)
            .map(|code| self.slice(*code).trim_matches('`').trim())
            .collect();
        let bare = text
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '"' | '\''))
            .map(|word| {
                word.trim_end_matches(['.', ':', ';', '*', '_'])
                    .trim_start_matches(['*', '_'])
            })
            .zip(text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '"' | '\'')))
            .filter(|(word, _)| !word.contains('`') && is_bare_path(word))
            .map(|(word, written)| {
                // A star at the end is part of a glob, two of them may be emphasis.
                let glob = written.trim_end_matches(['.', ':', ';']);
                if glob.ends_with("/*") || glob.ends_with("/**") {
                    glob.trim_start_matches(['*', '_'])
                } else {
                    word
                }
            });
        let mut found: Vec<Box<str>> = Vec::new();
        for path in codes
            .iter()
            .copied()
            .filter(|code| is_code_path(code))
            .chain(bare)
        {
            let path: Box<str> = clean(path).into();
            if Globs::new([&*path]).is_ok() && !found.contains(&path) && found.len() < MOST {
                found.push(path);
            }
        }
        found
    }
}

/// What a sentence measures; `None` when it does not speak of coverage.
fn metric(list: &[&str]) -> Option<Metric> {
    let has = |set: &[&str]| list.iter().any(|word| is_one_of(word, set));
    let covers = has(&["coverage", "covered", "cover"]);
    if has(&["branch", "branches"]) && (covers || has(&["gate", "threshold"])) {
        Some(Metric::Branches)
    } else if has(&["function", "functions", "method", "methods"]) && covers {
        Some(Metric::Functions)
    } else {
        covers.then_some(Metric::Lines)
    }
}

/// Whether a word takes the binding away. "No less than", "not below" and "if coverage is below" are the ways in which
/// people bind.
fn is_loose(list: &[&str], sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let mut list: Vec<&str> = list.to_vec();
    for bound in [
        "no less than",
        "not less than",
        "not below",
        "not be below",
        "not fall below",
        "not drop below",
        "if coverage",
        "if the coverage",
        "if line coverage",
        "if branch coverage",
        "will fail",
        "if it",
    ] {
        if lower.contains(bound) {
            list.retain(|word| !is_one_of(word, &["no", "not", "if", "will"]));
        }
    }
    list.iter().any(|word| is_one_of(word, LOOSE)) || lower.contains("e.g.") || lower.contains('~')
}

/// Whether a line tells by a sign that something is done or open.
fn is_marked(sentence: &str) -> bool {
    sentence.contains(['✅', '❌', '⏳', '☑', '✔', '⚠', '🔴', '🟡', '🟢'])
}

struct Share {
    inclusive: bool,
    target: u32,
    /// Where it ends.
    end: usize,
}

/// The one share of a sentence with its comparison; `None` when there are more or none.
fn only_share(sentence: &str) -> Option<Share> {
    let mut signs = sentence.match_indices('%').map(|(at, _)| at);
    let (at, None) = (signs.next()?, signs.next()) else {
        return None;
    };
    let before = sentence.get(..at)?.trim_end();
    let from = before
        .char_indices()
        .rev()
        .find(|(_, c)| !c.is_ascii_digit() && *c != '.')
        .map_or(0, |(at, c)| at + c.len_utf8());
    let number = before.get(from..)?;
    let ahead = before.get(..from)?.trim_end();
    let lower = ahead.to_lowercase();
    let after = sentence.get(at + 1..)?.trim_start().to_lowercase();
    let ends = |set: &[&str]| set.iter().any(|end| lower.ends_with(end));
    // A range, a change or a figure is no demand.
    let at_least = ends(&["at least", "≥", ">=", "must be", "shall be", "stay at", "be at"])
        || (ends(&["is", "at"]) && contains_ci(ahead, "minimum"));
    let figure = ends(&[
        "-",
        "–",
        "to",
        "→",
        "from",
        "±",
        "+",
        "=",
        "about",
        "around",
        "approximately",
        "is",
        "at",
    ]);
    if figure && !at_least {
        return None;
    }
    let strict = ahead.ends_with('>')
        || ends(&[
            "more than",
            "above",
            "over",
            "exceed",
            "greater than",
            "higher than",
        ]);
    // "Fails below 95%": 95 is enough.
    let below = ahead.ends_with('<') || ends(&["below", "under", "less than", "lower than", "fewer than"]);
    let negated = [
        "no less than",
        "not less than",
        "not below",
        "not be below",
        "not fall below",
        "not drop below",
        "not be under",
    ]
    .iter()
    .any(|words| lower.ends_with(words));
    if below
        && !negated
        && !["fail", "block", "break", "reject", "stop"]
            .iter()
            .any(|word| contains_ci(sentence, word))
    {
        return None;
    }
    if ends(&["<=", "≤", "at most", "up to", "maximum", "max"]) {
        return None;
    }
    let inclusive = !strict || after.starts_with('+') || after.starts_with("or more");
    let (_, target) = parse_threshold(number)?;
    (target > 0 && (inclusive || target < CoverageTarget::WHOLE)).then_some(Share {
        inclusive,
        target,
        end: at + 1,
    })
}

/// The files that the words behind a share name.
fn named_in_words(rest: &str) -> Files {
    #[rustfmt::skip]
    const WHOLE: &[&str] = &[
        "all", "the", "a", "every", "each", "our", "this", "code", "codebase", "repository", "repo", "project", "overall",
        "total", "ci", "main", "master", "production", "release", "releases", "merge", "merging", "deployment", "deploy",
        "test", "tests", "unit", "line", "lines", "branch", "coverage", "build", "builds", "launch", "go", "beta", "staging",
        "shipping", "passing", "it", "pull", "prs", "pr", "gate", "time", "times",
    ];
    let list: Vec<(usize, &str)> = words(rest).collect();
    let Some(at) = list
        .iter()
        .position(|(_, word)| is_one_of(word, &["for", "on", "of", "in", "across", "within"]))
    else {
        return Files::All;
    };
    let named: Vec<(usize, &str)> = list
        .get(at + 1..)
        .unwrap_or_default()
        .iter()
        .copied()
        .take_while(|(_, word)| {
            !is_one_of(
                word,
                &["before", "and", "or", "is", "must", "to", "as", "required", "by"],
            )
        })
        .filter(|(_, word)| !is_one_of(word, WHOLE))
        .collect();
    match named.as_slice() {
        [] => Files::All,
        // One plain word may be a folder.
        [(_, word)]
            if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && word.len() > 1 =>
        {
            Files::Globs(vec![format!("**/{word}/**").into()])
        }
        _ => Files::Unknown,
    }
}

/// Whether inline code names files.
fn is_code_path(code: &str) -> bool {
    let plain = !code.is_empty()
        && code.len() <= 200
        && !code.contains("://")
        && !code.starts_with(['/', '-', '$', '@', '~'])
        && code.chars().all(|c| {
            c.is_alphanumeric()
                || matches!(
                    c,
                    '/' | '.' | '_' | '-' | '*' | '{' | '}' | ',' | '[' | ']' | '?' | '@' | '+'
                )
        });
    plain && (code.contains('/') || code.contains('*') || has_ending(code))
}

/// Whether a bare word names files beyond doubt.
fn is_bare_path(word: &str) -> bool {
    if !is_code_path(word) || !word.contains('/') || word.contains(['{', '[', '?', ',']) {
        return false;
    }
    let first = word.split('/').next().unwrap_or_default();
    let lower = !first.is_empty()
        && first
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_' | b'-'));
    #[rustfmt::skip]
    const FOLDERS: &[&str] = &[
        "src", "lib", "app", "apps", "packages", "pkg", "cmd", "internal", "crates", "modules", "services", "server", "client",
        "api", "core", "backend", "frontend", "web", "test", "tests", "components",
    ];
    lower && (word.contains('*') || has_ending(word) || FOLDERS.contains(&first))
}

/// Whether the last part ends like a source file.
fn has_ending(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && (1..=5).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && ending.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
}
