//! Files: that a named path is there, its lines and bytes, its executable bit, that a line lies inside of it, that a
//! glob finds something, that a file was deleted or moved. See `spec.md`.

use super::tree::{Named, joined, places};
use super::{Draft, Finding, Rule, Scene, Statement, Tree, folder_of};
use crate::model::{
    Answer, At, Claim, ClaimKind, ClaimVerdict, CommitId, Entry, EntryKind, Question, RepoPath,
};

mod path;
mod read;
mod size;

/// The rule of files.
#[derive(Debug)]
pub(super) struct Files;

/// Says in a claim's scope how sure the reader was that a file of this repository is meant.
const SURE: &str = "named as a file";
/// Says that the path is something that a program makes.
const MADE: &str = "made by a program";

impl Rule for Files {
    fn name(&self) -> &'static str {
        "files"
    }

    fn kind(&self) -> ClaimKind {
        ClaimKind::File
    }

    fn recognise(&self, statement: &Statement<'_>, out: &mut Vec<Draft>) {
        read::recognise(statement, out);
    }

    fn check(&self, claim: &Claim, scene: &Scene<'_>) -> Option<Finding> {
        let check = Check { claim, scene };
        match claim.said.predicate {
            "exists" => check.exists(),
            "line" => check.line(),
            "lines" | "bytes" => check.size(),
            "executable" => check.executable(),
            "matches" => check.matches(),
            "deleted" => check.deleted(),
            "moved" => check.moved(),
            _ => Some(Finding::silent()),
        }
    }
}

/// Whether a token is a path that this kind would take for one of the repository.
pub(super) fn is_path(token: &str) -> bool {
    path::read(token)
        .is_some_and(|written| !written.glob && (written.has_folder() || written.named_like_a_file))
}

struct Check<'c> {
    claim: &'c Claim,
    scene: &'c Scene<'c>,
}

impl Check<'_> {
    fn subject(&self) -> &str {
        &self.claim.said.subject
    }

    fn says(&self, word: &str) -> bool {
        self.claim.said.scope.iter().any(|said| &**said == word)
    }

    fn folder(&self) -> &str {
        folder_of(self.scene.report)
    }

    fn when(&self) -> String {
        match self.scene.moment {
            super::Moment::Head => "at HEAD".to_owned(),
            super::Moment::Commit(commit) => format!("in {}", commit.short()),
        }
    }

    /// What the path names at the moment of the scene.
    fn find(&self) -> Option<Result<Named, Box<str>>> {
        self.find_path(self.subject())
    }

    fn find_path(&self, path: &str) -> Option<Result<Named, Box<str>>> {
        let now = match self.scene.tree_now()? {
            Ok(tree) => tree,
            Err(why) => return Some(Err(why.into())),
        };
        let found = now.find(path, self.folder());
        let super::Moment::Commit(commit) = self.scene.moment else {
            return Some(Ok(found));
        };
        // What is there today was nearly always there already: that costs one look instead of a whole list.
        if let Named::File(file) = &found {
            match self
                .scene
                .answer(Question::Entry(At::Commit(commit.clone()), file.clone()))?
            {
                Answer::Entry(Some(_)) => return Some(Ok(found)),
                Answer::Unknown(why) => return Some(Err(why.clone())),
                _ => {}
            }
        }
        Some(match self.scene.tree_then()? {
            Ok(then) => Ok(then.find(path, self.folder())),
            Err(why) => Err(why.into()),
        })
    }

    fn exists(&self) -> Option<Finding> {
        let named = match self.find()? {
            Ok(named) => named,
            Err(why) => return Some(Finding::unsure(why)),
        };
        let what = match named {
            Named::File(path) => return Some(self.there(&path, "is there")),
            Named::Folder(path) => return Some(self.there(&path, "is a folder")),
            Named::Several(count) => format!("{count} files end so"),
            Named::Nothing => return self.absent(),
        };
        Some(Finding::holds(format!("{what} {}", self.when())).with(what, self.subject()))
    }

    fn there(&self, path: &RepoPath, what: &str) -> Finding {
        Finding::holds(format!("`{path}` {what} {}", self.when())).with(what, path.as_str())
    }

    /// The path names nothing: a lie, something of another tree, or something that was never meant to be here.
    fn absent(&self) -> Option<Finding> {
        let subject = self.subject();
        let written = path::read(subject);
        let bare = written.as_ref().is_none_or(|written| !written.has_folder());
        let like_a_file = written.as_ref().is_some_and(|written| written.named_like_a_file);
        let sure = self.says(SURE);
        if !sure && (bare || !like_a_file) && !self.front_is_known()? {
            return Some(Finding::silent());
        }
        if !sure && bare {
            return Some(Finding::silent());
        }
        if !sure && !self.front_is_known()? {
            let front = path::front(subject);
            return Some(Finding::unsure(format!(
                "no folder `{front}` in this repository: it may be of another one"
            )));
        }
        if self.says(MADE) {
            return Some(Finding::unsure(
                "it is not there, but said to be made by a program",
            ));
        }
        if self.scene.is_now()
            && let Some(place) = joined("", subject)
        {
            match self.scene.answer(Question::Ignored(place))? {
                Answer::Yes(true) => {
                    return Some(Finding::unsure(
                        "git ignores this path, so it is not expected in the repository",
                    ));
                }
                Answer::Yes(false) | Answer::Unknown(_) => {}
                _ => return Some(Finding::unsure("the answer makes no sense")),
            }
        }
        let words = format!("no such path {}", self.when());
        if !self.scene.is_now() {
            return Some(Finding::no(format!("`{subject}` exists"), "it does not", words));
        }
        let fate = self.fate()?;
        let reason = fate
            .as_ref()
            .map_or_else(|| words.clone(), |(reason, _)| reason.clone());
        let mut finding =
            Finding::no(format!("`{subject}` exists"), "it does not", reason).with(words, subject);
        if let Some((reason, commit)) = fate {
            finding = finding.with(reason, commit.as_str());
        }
        Some(finding)
    }

    /// What became of a path that was there when the document was written, in words.
    fn fate(&self) -> Option<Option<(String, CommitId)>> {
        let Some(written) = self.scene.written else {
            return Some(None);
        };
        let named = match self.scene.tree_of(&written.id)? {
            Ok(tree) => tree.find(self.subject(), self.folder()),
            Err(_) => return Some(None),
        };
        let (Named::File(place) | Named::Folder(place)) = named else {
            return Some(None);
        };
        let question = Question::Fate(written.id.clone(), place.clone());
        let Answer::Fate(Some(fate)) = self.scene.answer(question)? else {
            return Some(None);
        };
        let (commit, subject) = (&fate.commit.id, &fate.commit.subject);
        let words = match &fate.to {
            Some(to) => format!(
                "`{place}` was moved to `{to}` by {} (“{subject}”)",
                commit.short()
            ),
            None => format!("`{place}` was removed by {} (“{subject}”)", commit.short()),
        };
        Some(Some((words, commit.clone())))
    }

    /// Some folder of this repository is called as the path begins, seen from the top or from the document.
    fn front_is_known(&self) -> Option<bool> {
        let front = path::front(self.subject());
        let known = |tree: &Tree| {
            places(front, self.folder())
                .iter()
                .any(|place| tree.has_folder(place.as_str()))
        };
        if self.scene.tree_now()?.is_ok_and(|tree| known(&tree)) {
            return Some(true);
        }
        // At the commit itself only what is doubtful today is asked.
        match self.scene.written {
            Some(commit) => Some(self.scene.tree_of(&commit.id)?.is_ok_and(|tree| known(&tree))),
            None => Some(false),
        }
    }

    fn bytes(&self, path: &RepoPath) -> Option<Result<std::sync::Arc<[u8]>, Box<str>>> {
        let question = Question::Bytes(self.scene.at(), path.clone());
        Some(match self.scene.answer(question)? {
            Answer::Bytes(Some(bytes)) => Ok(std::sync::Arc::clone(bytes)),
            Answer::Bytes(None) => Err("it is no plain file".into()),
            Answer::Unknown(why) => Err(why.clone()),
            _ => Err("the answer makes no sense".into()),
        })
    }

    /// The one file that is meant; a finding that says why there is none.
    fn one_file(&self) -> Option<Result<RepoPath, Finding>> {
        Some(match self.find()? {
            Ok(Named::File(path)) => Ok(path),
            Ok(Named::Several(count)) => Err(Finding::unsure(format!("{count} files end so"))),
            Ok(Named::Folder(_)) => Err(Finding::unsure("it is a folder")),
            Ok(Named::Nothing) => Err(Finding::unsure(format!("there is no such file {}", self.when()))),
            Err(why) => Err(Finding::unsure(why)),
        })
    }

    /// `path:130-141`: the file is there and has these lines.
    fn line(&self) -> Option<Finding> {
        let path = match self.find()? {
            Ok(Named::File(path)) => path,
            Ok(Named::Nothing) => return self.absent(),
            Ok(_) => return Some(Finding::unsure("more than one file, or a folder, is meant")),
            Err(why) => return Some(Finding::unsure(why)),
        };
        let bytes = match self.bytes(&path)? {
            Ok(bytes) => bytes,
            Err(why) => return Some(Finding::unsure(why)),
        };
        let lines = size::lines(&bytes);
        let value = &self.claim.said.value;
        let numbers = value
            .split([',', '-'])
            .filter_map(|number| number.trim().parse::<usize>().ok());
        let last = numbers.max().unwrap_or(0);
        let what = format!("`{path}` has {lines} lines {}", self.when());
        let finding = if last >= 1 && last <= lines {
            Finding::holds(what.clone())
        } else {
            Finding::no(format!("line {last}"), format!("{lines} lines"), what.clone())
        };
        let source = value
            .split([',', '-'])
            .next()
            .map_or_else(String::new, |line| format!("{path}:{line}"));
        Some(finding.with(what, source))
    }

    fn size(&self) -> Option<Finding> {
        let path = match self.one_file()? {
            Ok(path) => path,
            Err(finding) => return Some(finding),
        };
        let bytes = match self.bytes(&path)? {
            Ok(bytes) => bytes,
            Err(why) => return Some(Finding::unsure(why)),
        };
        Some(size::compare(&self.claim.said, &path, &bytes, &self.when()))
    }

    fn executable(&self) -> Option<Finding> {
        let path = match self.one_file()? {
            Ok(path) => path,
            Err(finding) => return Some(finding),
        };
        let question = Question::Entry(self.scene.at(), path.clone());
        Some(match self.scene.answer(question)? {
            Answer::Entry(Some(Entry {
                kind: EntryKind::Executable,
                ..
            })) => self.there(&path, "has the executable bit"),
            Answer::Entry(Some(Entry {
                kind: EntryKind::File,
                ..
            })) => Finding::no(
                "executable",
                "not executable",
                format!("`{path}` has no executable bit {}", self.when()),
            )
            .with("mode 100644", path.as_str()),
            Answer::Unknown(why) => Finding::unsure(why.clone()),
            _ => Finding::unsure("it is no plain file"),
        })
    }

    /// A glob finds something.
    fn matches(&self) -> Option<Finding> {
        let tree = match self.scene.tree_then()? {
            Ok(tree) => tree,
            Err(why) => return Some(Finding::unsure(why)),
        };
        let glob = self.subject();
        if !self.says(SURE) && !self.front_is_known()? {
            return Some(Finding::silent());
        }
        let count = count_matches(glob, self.folder(), &tree);
        let words = |count: usize| format!("`{glob}` finds {count} files {}", self.when());
        Some(match count {
            Some(0) => Finding::of(ClaimVerdict::Vacuous(words(0).into()), words(0)),
            Some(count) => Finding::holds(words(count)).with(words(count), glob),
            None => Finding::silent(),
        })
    }

    fn deleted(&self) -> Option<Finding> {
        let tree = match self.scene.tree_then()? {
            Ok(tree) => tree,
            Err(why) => return Some(Finding::unsure(why)),
        };
        let subject = self.subject();
        let still = places(subject, self.folder())
            .into_iter()
            .find(|place| tree.has_file(place.as_str()) || tree.has_folder(place.as_str()));
        Some(match still {
            Some(place) => Finding::no(
                format!("`{subject}` deleted"),
                "it is there",
                format!("`{place}` is there {}", self.when()),
            )
            .with("is there", place.as_str()),
            None => Finding::holds(format!("it is not there {}", self.when())),
        })
    }

    /// The old path is gone and the new one is there.
    fn moved(&self) -> Option<Finding> {
        let to = self.claim.said.value.clone();
        let named = match self.find_path(&to)? {
            Ok(named) => named,
            Err(why) => return Some(Finding::unsure(why)),
        };
        if !named.is_something() {
            return Some(Finding::no(
                format!("`{to}` exists"),
                "it does not",
                format!("no `{to}` {}", self.when()),
            ));
        }
        let old = self.deleted()?;
        Some(if old.verdict.as_ref().is_some_and(ClaimVerdict::says_yes) {
            Finding::holds(format!(
                "`{to}` is there and the old path is not, {}",
                self.when()
            ))
            .with("is there", to)
        } else {
            old
        })
    }
}

/// How many files a glob finds, from the top, from the document's folder, or anywhere; `None` for a broken glob.
fn count_matches(glob: &str, folder: &str, tree: &Tree) -> Option<usize> {
    let clean = glob.trim_start_matches("./").trim_end_matches('/');
    let from_folder = format!("{folder}/{clean}");
    let anywhere = format!("**/{clean}");
    let mut count = tree.matching(clean)?;
    if count == 0 && !folder.is_empty() {
        count = tree.matching(&from_folder)?;
    }
    if count == 0 {
        count = tree.matching(&anywhere)?;
    }
    Some(count)
}
