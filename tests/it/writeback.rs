//! The write gate against real git repositories in temporary folders. Every test runs in a process of its own with an
//! environment of its own, so that no setting of the machine has a say.
#![expect(
    clippy::unwrap_used,
    reason = "what these tests are made of is part of the tests"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests set up repositories with git and start themselves anew"
)]

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gonogo::edit::{Edit, Plan, apply, inverse};
use gonogo::model::RepoPath;
use gonogo::sources::write::{Gate, WriteError, Written};
use gonogo::text::{ContentHash, Span};

/// Set in the process that runs the test's body.
const INSIDE: &str = "GONOGO_TEST_INSIDE";

/// Runs `body` in a process of its own, in an empty home.
fn hermetic(name: &str, body: impl FnOnce(&Repo)) {
    if std::env::var(INSIDE).is_ok_and(|inside| inside == name) {
        let repo = Repo::new();
        body(&repo);
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("gitconfig");
    std::fs::write(&config, "").unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            &format!("writeback::{name}"),
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("XDG_CONFIG_HOME", home.path())
        .env("GIT_CONFIG_GLOBAL", &config)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("TMPDIR", home.path())
        .env(INSIDE, name)
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// A repository with one committed document.
struct Repo {
    folder: tempfile::TempDir,
}

const DOCUMENT: &str = "docs/READY.md";
const TEXT: &str = "# Ready\n\n- [ ] backups\n- [ ] alerts\n";

impl Repo {
    fn new() -> Self {
        let repo = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        repo.git(&["init", "-q", "-b", "main"]);
        repo.git(&["config", "user.name", "Ann"]);
        repo.git(&["config", "user.email", "ann@example.org"]);
        repo.put(DOCUMENT, TEXT.as_bytes());
        repo.put("other.txt", b"other\n");
        repo.git(&["add", "."]);
        repo.git(&["commit", "-qm", "first"]);
        repo
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.at(path)).unwrap()
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(self.bytes(path)).unwrap()
    }

    /// Runs git and gives what it printed, whatever its exit code.
    fn try_git(&self, args: &[&str]) -> (bool, String) {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.root())
            .args(args)
            .output()
            .unwrap();
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        (output.status.success(), said.trim().to_owned())
    }

    fn git(&self, args: &[&str]) -> String {
        let (well, said) = self.try_git(args);
        assert!(well, "git {args:?}: {said}");
        said
    }

    fn commits(&self) -> usize {
        self.git(&["rev-list", "--count", "HEAD"]).parse().unwrap()
    }

    fn hook(&self, name: &str, script: &str) {
        let path = self.at(".git/hooks").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A plan that replaces the first `old` of a document.
    fn plan(&self, path: &str, old: &[u8], new: &[u8]) -> Plan {
        plan_for(path, &self.bytes(path), old, new)
    }

    fn tick(&self) -> Plan {
        self.plan(DOCUMENT, b"[ ] backups", b"[x] backups")
    }

    fn gate(&self) -> Gate {
        Gate::new(self.root(), false)
    }

    fn write(&self, plan: Plan) -> Written {
        self.gate().apply(&[plan], "backups open -> done", true).unwrap()
    }

    /// No temporary file was left anywhere.
    fn assert_tidy(&self) {
        for folder in [self.root().to_path_buf(), self.at("docs")] {
            for entry in std::fs::read_dir(folder).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                assert!(!name.starts_with(".gonogo-"), "left behind: {name}");
            }
        }
    }
}

fn plan_for(path: &str, bytes: &[u8], old: &[u8], new: &[u8]) -> Plan {
    let at = bytes.windows(old.len()).position(|window| window == old).unwrap();
    Plan {
        path: RepoPath::new(path).unwrap(),
        base: ContentHash::of(bytes),
        edits: vec![Edit {
            span: Span::of(at, at + old.len()),
            expect: old.to_vec(),
            put: new.to_vec(),
        }],
        why: "backups open -> done".to_owned(),
        items: Vec::new(),
    }
}

fn why(written: &Written) -> &str {
    assert_eq!(written.commit, None, "a commit was made");
    written.why_not_committed.as_deref().unwrap()
}

#[test]
fn a_status_is_written_and_committed_alone() {
    hermetic("a_status_is_written_and_committed_alone", |repo| {
        repo.put("other.txt", b"staged\n");
        repo.git(&["add", "other.txt"]);
        repo.put("third.txt", b"untracked\n");
        let written = repo.write(repo.tick());
        assert_eq!(
            written.commit.as_deref(),
            Some(&*repo.git(&["rev-parse", "HEAD"]))
        );
        assert_eq!(written.warnings, Vec::<String>::new());
        assert_eq!(
            repo.git(&["show", "--name-only", "--format=%s|%an"]),
            "backups open -> done|Ann\n\ndocs/READY.md"
        );
        assert_eq!(repo.git(&["status", "--porcelain"]), "M  other.txt\n?? third.txt");
        assert_eq!(repo.text(DOCUMENT), TEXT.replacen("[ ]", "[x]", 1));
        repo.assert_tidy();
    });
}

#[test]
fn undo_gives_the_former_bytes_and_a_second_commit() {
    hermetic("undo_gives_the_former_bytes_and_a_second_commit", |repo| {
        let written = repo.write(repo.tick());
        let undone = repo.gate().apply(&written.inverse, "undo", true).unwrap();
        assert!(undone.commit.is_some());
        assert_eq!(repo.text(DOCUMENT), TEXT);
        assert_eq!(repo.commits(), 3);
        // And undoing the undo does it again.
        assert!(
            repo.gate()
                .apply(&undone.inverse, "redo", true)
                .unwrap()
                .commit
                .is_some()
        );
        assert_eq!(repo.text(DOCUMENT), TEXT.replacen("[ ]", "[x]", 1));
    });
}

#[test]
fn every_byte_elsewhere_survives() {
    hermetic("every_byte_elsewhere_survives", |repo| {
        // CRLF, hard break, both kinds of mojibake, a lost byte, invalid UTF-8, no final newline.
        let mut bytes =
            "\u{feff}# R\u{f8ff}\r\n- [ ] a  \r\n\u{e2}\u{153}\u{2026} b\n\u{201a}\u{fa}\u{d6} c\r"
                .as_bytes()
                .to_vec();
        bytes.extend(b"\xff\xfe \x9d [ ] end");
        repo.put("odd.md", &bytes);
        repo.git(&["config", "core.autocrlf", "false"]);
        repo.git(&["add", "."]);
        repo.git(&["commit", "-qm", "odd"]);
        std::fs::set_permissions(repo.at("odd.md"), std::fs::Permissions::from_mode(0o640)).unwrap();
        let written = repo.write(repo.plan("odd.md", b"[ ] a", b"[x] a"));
        assert!(written.commit.is_some(), "{written:?}");
        let mut expected = bytes.clone();
        let at = bytes.windows(3).position(|window| window == b"[ ]").unwrap();
        expected[at + 1] = b'x';
        assert_eq!(repo.bytes("odd.md"), expected);
        let mode = std::fs::metadata(repo.at("odd.md")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        repo.gate().apply(&written.inverse, "undo", true).unwrap();
        assert_eq!(repo.bytes("odd.md"), bytes);
    });
}

#[test]
fn a_failing_hook_leaves_the_edit_and_its_own_words() {
    hermetic("a_failing_hook_leaves_the_edit_and_its_own_words", |repo| {
        repo.hook("pre-commit", "echo 'lint: line 3 is bad' >&2\nexit 1");
        let written = repo.write(repo.tick());
        assert!(why(&written).contains("lint: line 3 is bad"), "{written:?}");
        assert_eq!(repo.commits(), 1);
        assert_eq!(repo.text(DOCUMENT), TEXT.replacen("[ ]", "[x]", 1));
        let undone = repo.gate().apply(&written.inverse, "undo", true).unwrap();
        assert!(why(&undone).contains("nothing to commit"), "{undone:?}");
        assert_eq!(repo.git(&["status", "--porcelain"]), "");
    });
}

#[test]
fn a_hook_that_writes_into_the_file_makes_undo_refuse() {
    hermetic("a_hook_that_writes_into_the_file_makes_undo_refuse", |repo| {
        repo.hook(
            "pre-commit",
            "echo formatted >> docs/READY.md\ngit add docs/READY.md",
        );
        let written = repo.write(repo.tick());
        assert!(written.commit.is_some());
        assert!(
            written
                .warnings
                .iter()
                .any(|warning| warning.contains("changed further")),
            "{written:?}"
        );
        let before = repo.bytes(DOCUMENT);
        let path = RepoPath::new(DOCUMENT).unwrap();
        assert_eq!(
            repo.gate().apply(&written.inverse, "undo", true),
            Err(WriteError::Changed(path))
        );
        assert_eq!(repo.bytes(DOCUMENT), before);
    });
}

#[test]
fn a_hook_that_waits_for_input_gets_none() {
    hermetic("a_hook_that_waits_for_input_gets_none", |repo| {
        repo.hook("pre-commit", "read answer\n[ -z \"$answer\" ]\n(sleep 30 &)");
        let begun = Instant::now();
        assert!(repo.write(repo.tick()).commit.is_some());
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    });
}

#[test]
fn a_lock_is_waited_for_then_named_and_never_removed() {
    hermetic("a_lock_is_waited_for_then_named_and_never_removed", |repo| {
        let lock = repo.at(".git/index.lock");
        std::fs::write(&lock, b"").unwrap();
        let written = repo.write(repo.tick());
        assert!(
            why(&written).contains("index.lock") && why(&written).contains(" s:"),
            "{written:?}"
        );
        assert!(lock.exists());
        assert_eq!(repo.text(DOCUMENT), TEXT.replacen("[ ]", "[x]", 1));
        repo.gate().apply(&written.inverse, "undo", false).unwrap();
        let release = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(500));
            std::fs::remove_file(lock).unwrap();
        });
        let written = repo.write(repo.tick());
        release.join().unwrap();
        assert!(written.commit.is_some(), "{written:?}");
    });
}

#[test]
fn a_detached_head_is_committed_to_with_a_warning() {
    hermetic("a_detached_head_is_committed_to_with_a_warning", |repo| {
        repo.git(&["checkout", "-q", "--detach"]);
        let written = repo.write(repo.tick());
        assert!(written.commit.is_some());
        assert!(
            written
                .warnings
                .iter()
                .any(|warning| warning.contains("detached")),
            "{written:?}"
        );
    });
}

#[test]
fn during_a_merge_or_rebase_nothing_is_committed() {
    hermetic("during_a_merge_or_rebase_nothing_is_committed", |repo| {
        repo.git(&["checkout", "-qb", "side"]);
        repo.put("other.txt", b"side\n");
        repo.git(&["commit", "-qam", "side"]);
        repo.git(&["checkout", "-q", "main"]);
        repo.put("other.txt", b"main\n");
        repo.git(&["commit", "-qam", "main"]);
        assert!(!repo.try_git(&["merge", "-q", "side"]).0);
        let written = repo.write(repo.tick());
        assert!(why(&written).contains("a merge is in progress"), "{written:?}");
        assert_eq!(repo.text(DOCUMENT), TEXT.replacen("[ ]", "[x]", 1));
        repo.gate().apply(&written.inverse, "undo", true).unwrap();
        repo.git(&["merge", "--abort"]);
        assert!(!repo.try_git(&["rebase", "-q", "side"]).0);
        let path = RepoPath::new(DOCUMENT).unwrap();
        let foreseen = repo.gate().foresee(&[path]);
        assert!(
            foreseen
                .iter()
                .any(|words| words.contains("a rebase is in progress")),
            "{foreseen:?}"
        );
    });
}

#[test]
fn a_file_with_other_changes_is_written_and_not_committed() {
    hermetic("a_file_with_other_changes_is_written_and_not_committed", |repo| {
        repo.put(DOCUMENT, format!("{TEXT}mine\n").as_bytes());
        let foreseen = repo.gate().foresee(&[RepoPath::new(DOCUMENT).unwrap()]);
        assert!(foreseen[0].contains("other uncommitted changes"), "{foreseen:?}");
        let written = repo.write(repo.tick());
        assert!(why(&written).contains("other uncommitted changes"), "{written:?}");
        assert_eq!(repo.commits(), 1);
        assert_eq!(
            repo.text(DOCUMENT),
            format!("{}mine\n", TEXT.replacen("[ ]", "[x]", 1))
        );
    });
}

#[test]
fn untracked_ignored_and_plain_files_are_written_in_words() {
    hermetic("untracked_ignored_and_plain_files_are_written_in_words", |repo| {
        repo.put("new/NEW.md", TEXT.as_bytes());
        let written = repo.write(repo.plan("new/NEW.md", b"[ ]", b"[x]"));
        assert!(
            why(&written).contains("does not track `new/NEW.md`"),
            "{written:?}"
        );
        repo.put(".gitignore", b"hidden/\n*.draft.md\n");
        repo.put("hidden/DEEP.md", TEXT.as_bytes());
        repo.put("a.draft.md", TEXT.as_bytes());
        for path in ["hidden/DEEP.md", "a.draft.md"] {
            let written = repo.write(repo.plan(path, b"[ ]", b"[x]"));
            assert!(why(&written).contains("git ignores"), "{written:?}");
            assert!(repo.text(path).contains("[x] backups"));
        }
        let plain = tempfile::tempdir().unwrap();
        std::fs::write(plain.path().join("A.md"), TEXT).unwrap();
        let written = Gate::new(plain.path(), false)
            .apply(&[plan_for("A.md", TEXT.as_bytes(), b"[ ]", b"[x]")], "m", true)
            .unwrap();
        assert!(why(&written).contains("no git repository"), "{written:?}");
    });
}

#[test]
fn a_file_that_changed_meanwhile_is_not_touched() {
    hermetic("a_file_that_changed_meanwhile_is_not_touched", |repo| {
        let plan = repo.tick();
        repo.put(DOCUMENT, b"# other\n");
        let result = repo.gate().apply(&[plan], "m", true);
        assert_eq!(result, Err(WriteError::Changed(RepoPath::new(DOCUMENT).unwrap())));
        assert_eq!(repo.text(DOCUMENT), "# other\n");
        repo.assert_tidy();
    });
}

#[test]
fn of_several_files_all_are_written_or_none() {
    hermetic("of_several_files_all_are_written_or_none", |repo| {
        repo.put("B.md", TEXT.as_bytes());
        repo.git(&["add", "."]);
        repo.git(&["commit", "-qm", "b"]);
        let plans = [repo.tick(), repo.plan("B.md", b"[ ]", b"[x]")];
        let mut closed = std::fs::metadata(repo.at("B.md")).unwrap().permissions();
        closed.set_mode(0o444);
        std::fs::set_permissions(repo.at("B.md"), closed).unwrap();
        let result = repo.gate().apply(&plans, "m", true);
        assert_eq!(
            result,
            Err(WriteError::ReadOnlyFile(RepoPath::new("B.md").unwrap()))
        );
        assert_eq!(repo.text(DOCUMENT), TEXT);
        repo.assert_tidy();
        std::fs::set_permissions(repo.at("B.md"), std::fs::Permissions::from_mode(0o644)).unwrap();
        let written = repo.gate().apply(&plans, "both", true).unwrap();
        assert!(written.commit.is_some());
        assert_eq!(
            repo.git(&["show", "--name-only", "--format="]),
            "B.md\ndocs/READY.md"
        );
        assert_eq!(written.inverse.len(), 2);
    });
}

#[test]
fn read_only_files_folders_and_gates_refuse_in_words() {
    hermetic("read_only_files_folders_and_gates_refuse_in_words", |repo| {
        let gate = Gate::new(repo.root(), true);
        assert_eq!(gate.apply(&[repo.tick()], "m", true), Err(WriteError::ReadOnly));
        let set = |path: &str, mode| {
            std::fs::set_permissions(repo.at(path), std::fs::Permissions::from_mode(mode)).unwrap();
        };
        set(DOCUMENT, 0o444);
        let error = repo.gate().apply(&[repo.tick()], "m", true).unwrap_err();
        assert!(
            error.to_string().contains("`docs/READY.md` is read-only"),
            "{error}"
        );
        set(DOCUMENT, 0o644);
        set("docs", 0o555);
        let error = repo.gate().apply(&[repo.tick()], "m", true).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("the folder of `docs/READY.md` cannot be written"),
            "{error}"
        );
        set("docs", 0o755);
        assert_eq!(repo.text(DOCUMENT), TEXT);
        assert_eq!(repo.commits(), 1);
        repo.assert_tidy();
    });
}

#[test]
fn links_are_not_followed() {
    hermetic("links_are_not_followed", |repo| {
        let outside = tempfile::tempdir().unwrap();
        let target = outside.path().join("A.md");
        std::fs::write(&target, TEXT).unwrap();
        symlink(&target, repo.at("link.md")).unwrap();
        symlink(outside.path(), repo.at("linked")).unwrap();
        for path in ["link.md", "linked/A.md"] {
            let plan = plan_for(path, TEXT.as_bytes(), b"[ ]", b"[x]");
            let error = repo.gate().apply(&[plan], "m", true).unwrap_err();
            assert!(error.to_string().contains("symbolic link"), "{path}: {error}");
        }
        assert_eq!(std::fs::read_to_string(&target).unwrap(), TEXT);
    });
}

#[test]
fn without_identity_or_signature_the_words_say_so() {
    hermetic("without_identity_or_signature_the_words_say_so", |repo| {
        repo.git(&["config", "--unset", "user.email"]);
        repo.git(&["config", "--unset", "user.name"]);
        repo.git(&["config", "user.useConfigOnly", "true"]);
        let written = repo.write(repo.tick());
        assert!(
            why(&written).contains("git does not know who you are"),
            "{written:?}"
        );
        repo.gate().apply(&written.inverse, "undo", true).unwrap();
        repo.git(&["config", "user.name", "Ann"]);
        repo.git(&["config", "user.email", "ann@example.org"]);
        repo.git(&["config", "commit.gpgsign", "true"]);
        repo.git(&["config", "gpg.program", "false"]);
        let written = repo.write(repo.tick());
        assert!(why(&written).contains("could not sign"), "{written:?}");
        assert_eq!(repo.commits(), 1);
    });
}

#[test]
fn a_linked_worktree_commits_to_its_own_branch() {
    hermetic("a_linked_worktree_commits_to_its_own_branch", |repo| {
        let other = tempfile::tempdir().unwrap();
        let tree = other.path().join("tree");
        repo.git(&["worktree", "add", "-q", "-b", "side", tree.to_str().unwrap()]);
        let gate = Gate::new(&tree, false);
        let written = gate.apply(&[repo.tick()], "m", true).unwrap();
        assert_eq!(
            written.commit.as_deref(),
            Some(&*repo.git(&["rev-parse", "side"]))
        );
        assert_eq!(repo.commits(), 1);
        assert_eq!(repo.text(DOCUMENT), TEXT);
    });
}

#[test]
fn a_message_is_taken_as_it_is() {
    hermetic("a_message_is_taken_as_it_is", |repo| {
        let message = "#12 -- \u{1b}[31mT1 open -> done\n\nbody";
        repo.gate().apply(&[repo.tick()], message, true).unwrap();
        assert_eq!(
            repo.git(&["log", "-1", "--format=%B"]),
            "#12 -- [31mT1 open -> done\n\nbody"
        );
    });
}

/// A large document, old and new.
fn large() -> (Vec<u8>, Vec<u8>) {
    let old = "- [ ] one line of a large document, long enough to take its time\n"
        .repeat(60_000)
        .into_bytes();
    let plan = plan_for(
        "BIG.md",
        &old,
        b"[ ]",
        b"[x] ticked by the child and longer than before",
    );
    let new = apply(&plan, &old).unwrap();
    (old, new)
}

#[test]
#[ignore = "started by the test below, to be killed"]
fn writing_until_killed() {
    let Ok(folder) = std::env::var("GONOGO_TEST_KILL") else {
        return;
    };
    let (old, _) = large();
    let plan = plan_for(
        "BIG.md",
        &old,
        b"[ ]",
        b"[x] ticked by the child and longer than before",
    );
    let back = inverse(&plan, &old).unwrap();
    let gate = Gate::new(Path::new(&folder), false);
    loop {
        for plan in [&plan, &back] {
            // After a kill the file may hold either text: then this one is refused and the other goes.
            let _ = gate.apply(std::slice::from_ref(plan), "m", false);
        }
    }
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_or_the_new_file() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = large();
    std::fs::write(folder.path().join("BIG.md"), &old).unwrap();
    let (mut olds, mut news, mut seed) = (0, 0, 0x2545_f491_u32);
    for _ in 0..30 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["writeback::writing_until_killed", "--exact", "--ignored"])
            .env("GONOGO_TEST_KILL", folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        std::thread::sleep(Duration::from_millis(60 + u64::from(seed % 120)));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = std::fs::read(folder.path().join("BIG.md")).unwrap();
        assert!(now == old || now == new, "a torn file of {} bytes", now.len());
        if now == old { olds += 1 } else { news += 1 }
    }
    println!("killed 30 times: {olds} old, {news} new");
    // What the killed ones left behind is only ever a temporary file, which a later write removes once it is old.
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert!(name == "BIG.md" || name.starts_with(".gonogo-"), "{name}");
        if name != "BIG.md" {
            let old = std::time::UNIX_EPOCH + Duration::from_secs(1_000_000);
            let file = std::fs::File::options().write(true).open(entry.path()).unwrap();
            file.set_modified(old).unwrap();
        }
    }
    let now = std::fs::read(folder.path().join("BIG.md")).unwrap();
    let plan = plan_for("BIG.md", &now, b"large", b"great");
    Gate::new(folder.path(), false)
        .apply(&[plan], "m", false)
        .unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
