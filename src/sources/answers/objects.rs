//! What lies at a path of a commit, and its bytes: four runs of `git cat-file` for any number of commits and paths.
//!
//! The folders are read as git stores them, because only they tell an executable file or a link.

use std::collections::{BTreeMap, HashMap};

use super::{BYTES_CAP, too_large, unknown};
use crate::model::{Answer, At, CommitId, Entry, EntryKind, Question, RepoPath};
use crate::sources::git::{Git, GitError};

/// All folders and files of one batch together; what lies beyond stays unknown.
const BATCH_CAP: u64 = 128 << 20;

/// What git has under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Object {
    /// Its hash, kind and size.
    Found { id: String, kind: String, size: u64 },
    /// Nothing.
    Missing,
    /// More than one object has this abbreviation.
    Ambiguous,
}

/// Looks names up in one run. Names hold no line end.
pub(super) fn check(git: &Git, names: &[String]) -> Result<Vec<Object>, GitError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let output = git.read_with(&["cat-file", "--batch-check"], lines(names))?;
    let text = output.stdout_text();
    let mut objects: Vec<Object> = text.lines().map(object).collect();
    objects.resize(names.len(), Object::Missing);
    Ok(objects)
}

fn object(line: &str) -> Object {
    if line.ends_with(" ambiguous") {
        return Object::Ambiguous;
    }
    let mut words = line.split(' ');
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some(id), Some(kind), Some(size), None) if CommitId::new(id).is_some() => {
            size.parse().map_or(Object::Missing, |size| Object::Found {
                id: id.to_owned(),
                kind: kind.to_owned(),
                size,
            })
        }
        _ => Object::Missing,
    }
}

/// The contents of objects that were found, by hash, in one run.
fn contents(git: &Git, ids: &[String]) -> Result<HashMap<String, Vec<u8>>, GitError> {
    let mut found = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let output = git.read_with(&["cat-file", "--batch"], lines(ids))?;
    let mut rest = output.stdout.as_slice();
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let (line, behind) = rest.split_at(end);
        rest = behind.get(1..).unwrap_or_default();
        if let Object::Found { id, size, .. } = object(&String::from_utf8_lossy(line)) {
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            let Some(content) = rest.get(..size) else {
                break;
            };
            found.insert(id, content.to_vec());
            rest = rest.get(size + 1..).unwrap_or_default();
        }
    }
    Ok(found)
}

fn lines(names: &[String]) -> Vec<u8> {
    let mut input = String::new();
    for name in names {
        input.push_str(name);
        input.push('\n');
    }
    input.into_bytes()
}

/// A place in a commit.
type Place<'a> = (&'a CommitId, &'a RepoPath);

/// An entry of a folder as git stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stored {
    kind: EntryKind,
    id: String,
}

pub(super) fn answer<'q>(git: &Git, questions: &[&'q Question], answers: &mut HashMap<&'q Question, Answer>) {
    let asked: Vec<(&'q Question, Place<'q>)> = questions
        .iter()
        .filter_map(|&question| match question {
            Question::Entry(At::Commit(commit), path) | Question::Bytes(At::Commit(commit), path) => {
                Some((question, (commit, path)))
            }
            _ => None,
        })
        .collect();
    if asked.is_empty() {
        return;
    }
    if let Err(error) = look_up(git, &asked, answers) {
        for (question, _) in asked {
            answers.entry(question).or_insert_with(|| unknown(&error));
        }
    }
}

fn look_up<'q>(
    git: &Git,
    asked: &[(&'q Question, Place<'q>)],
    answers: &mut HashMap<&'q Question, Answer>,
) -> Result<(), GitError> {
    // A line end would make one name two.
    let (odd, asked): (Vec<_>, Vec<_>) = asked
        .iter()
        .partition(|(_, (_, path))| path.as_str().contains(['\n', '\r']));
    for (question, _) in odd {
        answers.insert(question, Answer::Unknown("its name has a line end".into()));
    }
    let mut names: Vec<String> = asked.iter().map(|(_, place)| folder_name(place)).collect();
    names.sort_unstable();
    names.dedup();
    let folders: HashMap<&String, Object> = names.iter().zip(check(git, &names)?).collect();

    let mut budget = BATCH_CAP;
    let mut wanted = BTreeMap::new();
    for object in folders.values() {
        if let Object::Found { id, kind, size } = object
            && kind == "tree"
            && !wanted.contains_key(id)
            && let Some(left) = budget.checked_sub(*size)
        {
            budget = left;
            wanted.insert(id.clone(), ());
        }
    }
    let ids: Vec<String> = wanted.into_keys().collect();
    let trees = contents(git, &ids)?;
    let trees: HashMap<&str, HashMap<&str, Stored>> = trees
        .iter()
        .map(|(id, bytes)| (id.as_str(), entries(bytes, id.len() / 2)))
        .collect();

    let mut stored: HashMap<&Question, Stored> = HashMap::new();
    for (question, place) in &asked {
        let tree = match folders.get(&folder_name(place)) {
            Some(Object::Found { id, kind, .. }) if kind == "tree" => id.as_str(),
            _ => {
                answers.insert(question, nothing(question));
                continue;
            }
        };
        match trees.get(tree).map(|tree| tree.get(place.1.file_name())) {
            Some(Some(found)) => {
                stored.insert(question, found.clone());
            }
            Some(None) => {
                answers.insert(question, nothing(question));
            }
            None => {
                answers.insert(question, Answer::Unknown("its folder is too large".into()));
            }
        }
    }
    sizes_and_bytes(git, &stored, answers)
}

fn sizes_and_bytes<'q>(
    git: &Git,
    stored: &HashMap<&'q Question, Stored>,
    answers: &mut HashMap<&'q Question, Answer>,
) -> Result<(), GitError> {
    let is_file = |kind| matches!(kind, EntryKind::File | EntryKind::Executable);
    let mut ids: Vec<String> = stored
        .values()
        .filter(|stored| is_file(stored.kind))
        .map(|stored| stored.id.clone())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let sizes: HashMap<&String, Object> = ids.iter().zip(check(git, &ids)?).collect();
    let mut budget = BATCH_CAP;
    let mut read: BTreeMap<&String, u64> = BTreeMap::new();
    for (&question, found) in stored {
        let size = match sizes.get(&found.id) {
            Some(Object::Found { size, .. }) => *size,
            _ if is_file(found.kind) => {
                // A partial clone knows the name without having the content.
                answers.insert(
                    question,
                    Answer::Unknown("git does not have its content here".into()),
                );
                continue;
            }
            _ => 0,
        };
        if matches!(question, Question::Entry(..)) {
            let kind = found.kind;
            answers.insert(question, Answer::Entry(Some(Entry { kind, size })));
        } else if !is_file(found.kind) {
            answers.insert(question, Answer::Bytes(None));
        } else if size > BYTES_CAP {
            answers.insert(question, too_large(size));
        } else if !read.contains_key(&found.id)
            && let Some(left) = budget.checked_sub(size)
        {
            budget = left;
            read.insert(&found.id, size);
        }
    }
    let ids: Vec<String> = read.into_keys().cloned().collect();
    let bytes = contents(git, &ids)?;
    for (&question, found) in stored {
        answers.entry(question).or_insert_with(|| {
            bytes.get(&found.id).map_or_else(
                || Answer::Unknown("too much was asked at once".into()),
                |bytes| Answer::Bytes(Some(bytes.as_slice().into())),
            )
        });
    }
    Ok(())
}

fn folder_name((commit, path): &Place<'_>) -> String {
    match path.folder() {
        "" => format!("{commit}^{{tree}}"),
        folder => format!("{commit}:{folder}"),
    }
}

const fn nothing(question: &Question) -> Answer {
    match question {
        Question::Bytes(..) => Answer::Bytes(None),
        _ => Answer::Entry(None),
    }
}

/// The entries of a folder: mode, space, name, zero byte, binary hash.
fn entries(mut tree: &[u8], hash: usize) -> HashMap<&str, Stored> {
    let mut found = HashMap::new();
    while let Some(end) = memchr::memchr(0, tree) {
        let (head, behind) = tree.split_at(end);
        let Some(id) = behind.get(1..=hash) else {
            break;
        };
        tree = behind.get(hash + 1..).unwrap_or_default();
        let Some((mode, name)) = std::str::from_utf8(head)
            .ok()
            .and_then(|head| head.split_once(' '))
        else {
            continue;
        };
        let kind = match mode {
            "100755" => EntryKind::Executable,
            "120000" => EntryKind::Link,
            "160000" => EntryKind::Submodule,
            "40000" | "040000" => EntryKind::Folder,
            _ => EntryKind::File,
        };
        let id = id.iter().map(|byte| format!("{byte:02x}")).collect();
        found.insert(name, Stored { kind, id });
    }
    found
}
