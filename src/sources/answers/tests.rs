//! Answers against real repositories made by git.
#![expect(clippy::disallowed_methods, reason = "tests make repositories with git")]

use std::fs;
use std::process::Command;

use jiff::Timestamp;

use super::*;
use crate::model::{Commit, CommitId, Entry, EntryKind, Relation};

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.git(&["init", "-q", "-b", "main"]);
        place
    }

    fn put(&self, path: &str, content: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn git(&self, args: &[&str]) -> String {
        self.git_at("2026-03-01T12:00:00Z", args)
    }

    fn git_at(&self, when: &str, args: &[&str]) -> String {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.0.path())
            .args([
                "-c",
                "user.name=Ann",
                "-c",
                "user.email=a@example.org",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(args)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.0.path().join("no-such-config"))
            .env("GIT_AUTHOR_DATE", when)
            .env("GIT_COMMITTER_DATE", when)
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {words}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Writes a file and commits everything, on a day of March 2026.
    fn commit(&self, day: u32, path: &str, content: &str) -> CommitId {
        self.put(path, content);
        self.git(&["add", "-A"]);
        self.git_at(
            &format!("2026-03-{day:02}T12:00:00Z"),
            &["commit", "-qm", &format!("write {path}")],
        );
        CommitId::new(&self.git(&["rev-parse", "HEAD"])).unwrap()
    }

    fn ask(&self, question: Question) -> Answer {
        let mut answers = answer(self.0.path(), std::slice::from_ref(&question));
        assert_eq!(answers.len(), 1);
        let (asked, answer) = answers.remove(0);
        assert_eq!(asked, question);
        answer
    }

    fn commit_of(&self, question: Question) -> Option<Arc<Commit>> {
        match self.ask(question) {
            Answer::Commit(commit) => commit,
            other => panic!("{other:?}"),
        }
    }

    fn paths_of(&self, question: Question) -> Vec<String> {
        match self.ask(question) {
            Answer::Paths(paths) => paths.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }
}

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

fn revision(text: &str) -> Question {
    Question::Commit(text.into())
}

#[test]
fn a_revision_is_named_by_hash_branch_and_head_and_stands_to_head() {
    let place = Place::new();
    let first = place.commit(1, "a.txt", "a");
    let second = place.commit(2, "b.txt", "b");
    place.git(&["checkout", "-qb", "side", first.as_str()]);
    let side = place.commit(3, "c.txt", "c");
    place.git(&["checkout", "-q", "main"]);
    place.git(&["checkout", "-qb", "ahead"]);
    let ahead = place.commit(4, "d.txt", "d");
    place.git(&["checkout", "-q", "main"]);

    let head = place.commit_of(revision("HEAD")).unwrap();
    assert_eq!((&head.id, head.relation), (&second, Relation::Head));
    assert_eq!(&*head.subject, "write b.txt");
    assert_eq!(head.at.to_string(), "2026-03-02T12:00:00Z");
    let short = place.commit_of(revision(first.short())).unwrap();
    assert_eq!((&short.id, short.relation), (&first, Relation::Ancestor(1)));
    let side_found = place.commit_of(revision("side")).unwrap();
    assert_eq!(
        (&side_found.id, side_found.relation),
        (&side, Relation::Unrelated)
    );
    let ahead_found = place.commit_of(revision(ahead.as_str())).unwrap();
    assert_eq!(ahead_found.relation, Relation::Descendant);
    assert_eq!(place.commit_of(revision("0123456789")), None);
    assert_eq!(place.commit_of(revision("no-such-branch")), None);
}

#[test]
fn the_little_language_of_revisions_is_not_spoken() {
    let place = Place::new();
    place.commit(1, "a.txt", "a");
    place.commit(2, "a.txt", "b");
    for odd in [
        "HEAD~1",
        "HEAD^",
        ":/write",
        "@{0}",
        "HEAD..",
        "--all",
        "HEAD\nHEAD",
        "HEAD:a.txt",
        "",
    ] {
        assert_eq!(place.commit_of(revision(odd)), None, "{odd}");
    }
}

#[test]
fn a_distance_counts_both_sides_of_a_merge() {
    let place = Place::new();
    let first = place.commit(1, "a.txt", "a");
    place.git(&["checkout", "-qb", "side"]);
    let side = place.commit(2, "b.txt", "b");
    place.git(&["checkout", "-q", "main"]);
    let main = place.commit(3, "c.txt", "c");
    place.git(&["merge", "-q", "--no-ff", "-m", "together", "side"]);
    place.commit(5, "d.txt", "d");
    let distance = |id: &CommitId| place.commit_of(revision(id.as_str())).unwrap().relation;
    assert_eq!(distance(&first), Relation::Ancestor(4));
    assert_eq!(distance(&side), Relation::Ancestor(3));
    assert_eq!(distance(&main), Relation::Ancestor(3));
}

#[test]
fn each_path_is_dated_by_the_newest_commit_that_touched_it() {
    let place = Place::new();
    let first = place.commit(1, "odd name\u{e9}.txt", "a");
    let second = place.commit(2, "b/c.txt", "b");
    fs::remove_file(place.0.path().join("b/c.txt")).unwrap();
    let third = place.commit(3, "d.txt", "d");
    let touched = |name: &str| {
        place
            .commit_of(Question::LastTouched(path(name)))
            .map(|commit| commit.id.clone())
    };
    assert_eq!(touched("odd name\u{e9}.txt"), Some(first));
    // Its removal touched it too.
    assert_eq!(touched("b/c.txt"), Some(third.clone()));
    assert_ne!(touched("b/c.txt"), Some(second));
    assert_eq!(touched("d.txt"), Some(third));
    assert_eq!(touched("never.txt"), None);
}

#[test]
fn a_time_finds_the_newest_commit_before_it() {
    let place = Place::new();
    let first = place.commit(1, "a.txt", "a");
    let second = place.commit(5, "b.txt", "b");
    let at = |text: &str| {
        let question = Question::NewestBefore(text.parse::<Timestamp>().unwrap());
        place.commit_of(question).map(|commit| commit.id.clone())
    };
    assert_eq!(at("2026-03-01T11:59:59Z"), None);
    assert_eq!(at("2026-03-01T12:00:00Z"), Some(first.clone()));
    assert_eq!(at("2026-03-04T00:00:00Z"), Some(first));
    assert_eq!(at("2027-01-01T00:00:00Z"), Some(second));
}

#[test]
fn changes_on_disk_count_as_changes_since_a_commit() {
    let place = Place::new();
    let first = place.commit(1, "a.txt", "a");
    place.commit(2, "b/c.txt", "b");
    place.put("a.txt", "other");
    place.put("untracked.txt", "u");
    assert_eq!(
        place.paths_of(Question::ChangedSince(first)),
        ["a.txt", "b/c.txt"]
    );
}

#[cfg(unix)]
#[test]
fn entries_tell_files_programs_folders_and_links_in_a_commit_and_on_disk() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let place = Place::new();
    place.put("tools/run.sh", "#!/bin/sh\n");
    let program = place.0.path().join("tools/run.sh");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    symlink("/etc/passwd", place.0.path().join("link")).unwrap();
    symlink("/etc", place.0.path().join("out")).unwrap();
    let commit = place.commit(1, "a.txt", "12345");
    let entry = |kind, size| Answer::Entry(Some(Entry { kind, size }));
    for at in [At::Worktree, At::Commit(commit)] {
        let ask = |name: &str| place.ask(Question::Entry(at.clone(), path(name)));
        assert_eq!(ask("a.txt"), entry(EntryKind::File, 5), "{at:?}");
        assert_eq!(ask("tools/run.sh"), entry(EntryKind::Executable, 10), "{at:?}");
        assert_eq!(ask("tools"), entry(EntryKind::Folder, 0), "{at:?}");
        assert_eq!(ask("link"), entry(EntryKind::Link, 0), "{at:?}");
        assert_eq!(ask("no/such"), Answer::Entry(None), "{at:?}");
        assert_eq!(ask("a.txt/below"), Answer::Entry(None), "{at:?}");
        let bytes = |name: &str| place.ask(Question::Bytes(at.clone(), path(name)));
        assert_eq!(
            bytes("a.txt"),
            Answer::Bytes(Some(b"12345".as_slice().into())),
            "{at:?}"
        );
        assert_eq!(bytes("link"), Answer::Bytes(None), "{at:?}");
        assert_eq!(bytes("tools"), Answer::Bytes(None), "{at:?}");
        // A link out of the repository is not followed, whichever way this is said.
        let out = bytes("out/passwd");
        assert!(matches!(out, Answer::Bytes(None)), "{at:?} {out:?}");
    }
}

#[test]
fn files_are_those_on_disk_or_those_of_a_commit() {
    let place = Place::new();
    place.put(".gitignore", "*.log\n");
    place.put("gone.txt", "g");
    let commit = place.commit(1, "a/b.txt", "a");
    fs::remove_file(place.0.path().join("gone.txt")).unwrap();
    place.put("new.txt", "n");
    place.put("noise.log", "n");
    assert_eq!(
        place.paths_of(Question::Files(At::Worktree)),
        [".gitignore", "a/b.txt", "new.txt"]
    );
    assert_eq!(
        place.paths_of(Question::Files(At::Commit(commit))),
        [".gitignore", "a/b.txt", "gone.txt"]
    );
}

#[test]
fn a_file_that_is_too_large_is_unknown_not_absent() {
    let place = Place::new();
    let large = "x".repeat(usize::try_from(BYTES_CAP).unwrap() + 1);
    let commit = place.commit(1, "large.txt", &large);
    for at in [At::Worktree, At::Commit(commit)] {
        let answer = place.ask(Question::Bytes(at, path("large.txt")));
        assert!(matches!(answer, Answer::Unknown(_)));
    }
}

#[test]
fn without_git_or_without_commits_nothing_is_made_up() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "a").unwrap();
    let questions = [
        revision("HEAD"),
        Question::Files(At::Worktree),
        Question::Entry(At::Worktree, path("a.txt")),
    ];
    let answers = answer(folder.path(), &questions);
    assert!(matches!(answers[0].1, Answer::Unknown(_)));
    assert!(matches!(answers[1].1, Answer::Unknown(_)));
    assert!(matches!(answers[2].1, Answer::Entry(Some(_))));

    let empty = Place::new();
    assert_eq!(empty.commit_of(revision("HEAD")), None);
    assert_eq!(empty.commit_of(Question::LastTouched(path("a.txt"))), None);
    assert_eq!(empty.commit_of(Question::NewestBefore(Timestamp::now())), None);
}

#[test]
fn a_shallow_clone_does_not_know_what_lies_beyond_its_end() {
    let place = Place::new();
    place.commit(1, "a.txt", "a");
    place.commit(2, "b.txt", "b");
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", place.0.path().display());
    let to = clone.path().join("clone");
    place.git(&["clone", "-q", "--depth", "1", &from, to.to_str().unwrap()]);
    let questions = [
        Question::LastTouched(path("a.txt")),
        revision("0123456"),
        revision("HEAD"),
    ];
    let answers = answer(&to, &questions);
    assert!(matches!(answers[0].1, Answer::Unknown(_)));
    assert!(matches!(answers[1].1, Answer::Unknown(_)));
    assert!(matches!(answers[2].1, Answer::Commit(Some(_))));
}

#[test]
fn what_the_repository_configures_for_showing_commits_is_not_run() {
    let place = Place::new();
    place.put(".gitattributes", "* diff=odd\n");
    let first = place.commit(1, "a.txt", "a");
    place.commit(2, "a.txt", "b");
    let mark = place.0.path().join("ran");
    let run = format!("touch {}", mark.display());
    for key in [
        "gpg.program",
        "diff.external",
        "diff.odd.command",
        "diff.odd.textconv",
        "core.fsmonitor",
        "core.pager",
    ] {
        place.git(&["config", key, &run]);
    }
    place.git(&["config", "log.showSignature", "true"]);
    let questions = [
        revision("HEAD"),
        Question::LastTouched(path("a.txt")),
        Question::NewestBefore(Timestamp::now()),
        Question::ChangedSince(first.clone()),
        Question::Files(At::Worktree),
        Question::Bytes(At::Commit(first), path("a.txt")),
    ];
    for (question, answer) in answer(place.0.path(), &questions) {
        assert!(!matches!(answer, Answer::Unknown(_)), "{question:?} {answer:?}");
    }
    assert!(!mark.exists());
}

#[test]
fn each_line_is_from_the_commit_that_brought_it_and_an_uncommitted_one_from_none() {
    let place = Place::new();
    place.put("other.txt", "o");
    let first = place.commit(1, "doc.md", "a\nb\nc\n");
    place.commit(2, "other.txt", "p");
    let third = place.commit(3, "doc.md", "a\nB\nc\nd\n");
    place.git(&["checkout", "-qb", "side"]);
    place.commit(4, "side.txt", "s");
    place.git(&["checkout", "-q", "main"]);
    place.git(&["merge", "-q", "--no-ff", "-m", "together", "side"]);
    place.put("doc.md", "new\na\nB\nc\nd\n");
    let Answer::Blame(blame) = place.ask(Question::Blame(path("doc.md"))) else {
        panic!("no blame");
    };
    let from: Vec<Option<&CommitId>> = (1..=5)
        .map(|line| blame.commit(line).map(|commit| &commit.id))
        .collect();
    assert_eq!(
        from,
        [None, Some(&first), Some(&third), Some(&first), Some(&third)]
    );
    assert_eq!(blame.commit(0), None);
    assert_eq!(blame.commit(99), None);

    place.put("untracked.md", "a\n");
    let Answer::Blame(blame) = place.ask(Question::Blame(path("untracked.md"))) else {
        panic!("no blame");
    };
    assert_eq!(blame.commit(1), None);
}

#[test]
fn a_lost_path_was_removed_or_moved_by_a_commit() {
    let place = Place::new();
    place.put("a.txt", "some words that are moved as they are\n");
    place.put("b.txt", "b");
    let first = place.commit(1, "c.txt", "c");
    place.commit(2, "d.txt", "d");
    place.git(&["mv", "a.txt", "moved.txt"]);
    let third = place.commit(3, "d.txt", "e");
    place.git(&["rm", "-q", "b.txt"]);
    let fourth = place.commit(4, "d.txt", "f");
    let fate = |name: &str| match place.ask(Question::Fate(first.clone(), path(name))) {
        Answer::Fate(fate) => fate.map(|fate| (fate.commit.id.clone(), fate.to.clone())),
        other => panic!("{other:?}"),
    };
    assert_eq!(fate("a.txt"), Some((third, Some(path("moved.txt")))));
    assert_eq!(fate("b.txt"), Some((fourth, None)));
    assert_eq!(fate("c.txt"), None);
}

#[test]
fn a_commit_tells_what_it_changed_and_a_range_how_much() {
    let place = Place::new();
    place.put("gone.txt", "g\n");
    let first = place.commit(1, "a b.txt", "1\n2\n");
    fs::remove_file(place.0.path().join("gone.txt")).unwrap();
    place.put("new.txt", "n\n");
    let second = place.commit(2, "a b.txt", "1\n3\n4\n");
    let Answer::Changes(changes) = place.ask(Question::Changes(second.clone())) else {
        panic!("no changes");
    };
    let found: Vec<_> = changes
        .iter()
        .map(|change| (change.path.as_str(), change.how, change.added, change.removed))
        .collect();
    assert_eq!(
        found,
        [
            ("a b.txt", 'M', Some(2), Some(1)),
            ("gone.txt", 'D', Some(0), Some(1)),
            ("new.txt", 'A', Some(1), Some(0)),
        ]
    );
    let size = match place.ask(Question::Range(first, second)) {
        Answer::Range(size) => size,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        (size.commits, size.files, size.insertions, size.deletions),
        (1, 3, 3, 2)
    );
}

#[test]
fn the_upstream_is_known_as_of_the_last_fetch() {
    let place = Place::new();
    place.commit(1, "a.txt", "a");
    assert_eq!(place.ask(Question::Upstream), Answer::Upstream(None));
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("far.git");
    place.git(&["clone", "-q", "--bare", ".", to.to_str().unwrap()]);
    place.git(&["remote", "add", "origin", to.to_str().unwrap()]);
    place.git(&["fetch", "-q", "origin"]);
    place.git(&["branch", "-q", "-u", "origin/main"]);
    place.commit(2, "a.txt", "b");
    let Answer::Upstream(Some(upstream)) = place.ask(Question::Upstream) else {
        panic!("no upstream");
    };
    assert_eq!(
        (&*upstream.name, upstream.ahead, upstream.behind, upstream.gone),
        ("origin/main", 1, 0, false)
    );
}

#[test]
fn ignored_paths_are_told_from_others() {
    let place = Place::new();
    place.put(".gitignore", "*.log\n/made/\n");
    place.commit(1, "a.txt", "a");
    let ignored = |name: &str| place.ask(Question::Ignored(path(name)));
    assert_eq!(ignored("x.log"), Answer::Yes(true));
    assert_eq!(ignored("made/file.js"), Answer::Yes(true));
    assert_eq!(ignored("src/a.rs"), Answer::Yes(false));
}
