//! What a person means by ITEM: a uid, an id where it is unique, or path:line.

use std::path::{Component, Path, PathBuf};

use super::Failure;
use super::repository::Judged;
use crate::model::{RepoPath, Uid};
use crate::output::explain::candidate;

/// As many candidates as are worth a look.
const MOST_CANDIDATES: usize = 12;

/// The one item that is meant.
pub fn item(judged: &Judged, what: &str) -> Result<(u32, u32), Failure> {
    let assessment = &judged.assessment;
    if let Some(place) = Uid::parse(what).and_then(|uid| assessment.find(uid)) {
        return Ok(place);
    }
    if let Some((path, line)) = path_and_line(judged, what) {
        return in_line(judged, &path, line);
    }

    let counting = by_id(judged, what, true);
    let found = if counting.is_empty() {
        by_id(judged, what, false)
    } else {
        counting
    };
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::usage(format!("there is no item `{what}`"))
            .hint("an ITEM is a uid, an id or path:line; `gonogo items` lists them")),
        several => Err(ambiguous(judged, what, several)),
    }
}

/// The path and line of `path:line`, when there is such a document.
pub fn path_and_line(judged: &Judged, what: &str) -> Option<(RepoPath, u32)> {
    let (path, line) = what.rsplit_once(':')?;
    let line = line.parse().ok()?;
    let as_typed = RepoPath::new(path.trim_start_matches("./"));
    let known = |path: &RepoPath| judged.assessment.document(path).is_some();
    if let Some(path) = as_typed.filter(known) {
        return Some((path, line));
    }
    let path = inside(&judged.place.root, Path::new(path)).filter(known)?;
    Some((path, line))
}

/// A path of the file system as a path of the repository.
fn inside(root: &Path, path: &Path) -> Option<RepoPath> {
    let path = path.canonicalize().ok()?;
    let root = root.canonicalize().ok()?;
    let parts: PathBuf = path.strip_prefix(root).ok()?.to_path_buf();
    let parts: Option<Vec<&str>> = parts
        .components()
        .map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    RepoPath::new(&parts?.join("/"))
}

fn in_line(judged: &Judged, path: &RepoPath, line: u32) -> Result<(u32, u32), Failure> {
    let assessment = &judged.assessment;
    let document = assessment.document(path).unwrap_or(usize::MAX);
    let items = assessment
        .documents
        .get(document)
        .map_or(&[][..], |document| &document.report.items);
    let d = u32::try_from(document).unwrap_or(u32::MAX);
    let found: Vec<(u32, u32)> = (0_u32..)
        .zip(items)
        .filter(|(_, item)| item.line == line)
        .map(|(i, _)| (d, i))
        .collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let near = items.iter().min_by_key(|item| item.line.abs_diff(line));
            let hint = match near {
                Some(item) => format!("the nearest item is in line {}", item.line),
                None => "the document has no items".to_owned(),
            };
            Err(Failure::usage(format!("`{path}:{line}` has no item")).hint(hint))
        }
        several => Err(ambiguous(judged, &format!("{path}:{line}"), several)),
    }
}

fn by_id(judged: &Judged, id: &str, counting: bool) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    for (d, document) in (0_u32..).zip(&judged.assessment.documents) {
        if counting && !document.report.recognition.counts {
            continue;
        }
        for (i, item) in (0_u32..).zip(&document.report.items) {
            let own = item.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id));
            let one_of = || {
                let ids = item.extras.as_deref().map_or(&[][..], |extras| &extras.ids);
                ids.iter().any(|one| one.eq_ignore_ascii_case(id))
            };
            if own || one_of() {
                found.push((d, i));
            }
        }
    }
    found
}

fn ambiguous(judged: &Judged, what: &str, places: &[(u32, u32)]) -> Failure {
    let mut text = format!("`{what}` is {} items:", places.len());
    for &(d, i) in places.iter().take(MOST_CANDIDATES) {
        if let Some((document, item, _)) = judged.assessment.item(d, i) {
            text.push('\n');
            text.push_str(&candidate(document, item));
        }
    }
    if places.len() > MOST_CANDIDATES {
        text.push_str(&format!("\nand {} more", places.len() - MOST_CANDIDATES));
    }
    Failure::usage(text).hint("name one by path:line or by its uid")
}
