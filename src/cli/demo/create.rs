//! Makes the sample repository in a folder, with the `git` program.
//!
//! Names, dates and file contents are fixed, so every copy has the same hashes. The user's own configuration has no
//! say in it, nor in the commits that are made in it later: the sample must not run anybody's hooks or ask for a key.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::content::{DemoCommit, commits};

/// Monday, 3 March 2025, 9:00 in Oslo: the first commit.
const FIRST: i64 = 1_740_988_800;

/// Settings of the sample's own, so that writing a status back works on a machine without any set-up of git.
const CONFIG: &str = "[user]\n\tname = Demo\n\temail = demo@quayside.example\n[commit]\n\tgpgsign = false\n\
    [core]\n\tautocrlf = false\n\thooksPath = .git/no-hooks\n[gc]\n\tauto = 0\n";

/// What stands in the folder now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// The repository with its history.
    Repository,
    /// Only the files; why there is no history.
    FilesOnly(String),
}

/// Why the sample could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file or folder could not be written.
    #[error("cannot write `{path}`: {source}. hint: choose a folder that you may write to")]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder has something in it.
    #[error("`{0}` is not empty. hint: choose a new folder, the demo overwrites nothing")]
    NotEmpty(PathBuf),
}

/// Makes the sample repository in `into`, a folder that is empty or not there yet. Without a working `git` the files
/// are written all the same, and the answer says what is missing.
///
/// # Errors
///
/// When the folder has something in it or cannot be written.
pub fn create(into: &Path) -> Result<Created, DemoError> {
    let write = |source| DemoError::Write {
        path: into.to_owned(),
        source,
    };
    std::fs::create_dir_all(into).map_err(write)?;
    if std::fs::read_dir(into).map_err(write)?.next().is_some() {
        return Err(DemoError::NotEmpty(into.to_owned()));
    }
    match with_history(into, &commits()) {
        Ok(()) => Ok(Created::Repository),
        Err(why) => {
            // Half a repository would be worse than none; nothing of the user's can be in there.
            let _ = std::fs::remove_dir_all(into.join(".git"));
            files_only(into)?;
            Ok(Created::FilesOnly(format!(
                "the sample has no history, because {why}"
            )))
        }
    }
}

/// One `git fast-import` makes all commits; it is asked for each hash, since later reports name earlier commits.
fn with_history(into: &Path, commits: &[DemoCommit]) -> Result<(), String> {
    run(git(into).args(["init", "--quiet", "--initial-branch=main", "--template="]))?;
    let config = into.join(".git").join("config");
    std::fs::OpenOptions::new()
        .append(true)
        .open(&config)
        .and_then(|mut file| file.write_all(CONFIG.as_bytes()))
        .map_err(|error| format!("`{}` could not be written: {error}", config.display()))?;
    let mut import = git(into)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`git` could not be started: {error}"))?;
    let fed = feed(&mut import, commits);
    // The pipe to it is closed by now; it ends by itself.
    let ended = import
        .wait_with_output()
        .map_err(|error| format!("`git fast-import` was lost: {error}"))?;
    if !ended.status.success() {
        return Err(format!(
            "`git fast-import` failed: {}",
            String::from_utf8_lossy(&ended.stderr).trim()
        ));
    }
    fed.map_err(|error| format!("`git fast-import` did not listen: {error}"))?;
    run(git(into).args(["reset", "--quiet", "--hard"]))
}

fn feed(import: &mut Child, commits: &[DemoCommit]) -> std::io::Result<()> {
    let (Some(mut to), Some(from)) = (import.stdin.take(), import.stdout.take()) else {
        return Err(std::io::Error::other("no pipe"));
    };
    let (mut from, mut hashes) = (BufReader::new(from), Vec::new());
    for (index, commit) in commits.iter().enumerate() {
        let (mark, when) = (index + 1, FIRST + commit.minutes * 60);
        let mut order = Vec::new();
        write!(
            order,
            "commit refs/heads/main\nmark :{mark}\nauthor {who} {when} +0100\ncommitter {who} {when} +0100\ndata {len}\n{message}\n",
            who = commit.author,
            len = commit.message.len(),
            message = commit.message,
        )?;
        for file in &commit.files {
            let bytes = file.bytes(&hashes);
            write!(order, "M 100644 inline {}\ndata {}\n", file.path, bytes.len())?;
            order.extend(bytes);
            order.push(b'\n');
        }
        write!(order, "\nget-mark :{mark}\n")?;
        to.write_all(&order)?;
        to.flush()?;
        let mut hash = String::new();
        from.read_line(&mut hash)?;
        hash.truncate(7);
        hashes.push(hash);
    }
    Ok(())
}

fn files_only(into: &Path) -> Result<(), DemoError> {
    let commits = commits();
    let nowhere = vec!["unknown".to_owned(); commits.len()];
    let last: BTreeMap<_, _> = commits
        .iter()
        .flat_map(|commit| &commit.files)
        .map(|file| (file.path, file))
        .collect();
    for (path, file) in last {
        let path = into.join(path);
        let folder = path.parent().unwrap_or(into);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&path, file.bytes(&nowhere)))
            .map_err(|source| DemoError::Write {
                path: path.clone(),
                source,
            })?;
    }
    Ok(())
}

/// `git` in `folder`, deaf to everybody's configuration and to the repository that gonogo itself may have been started in.
#[expect(
    clippy::disallowed_methods,
    reason = "the sample is made before any source exists"
)]
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_NAMESPACE",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_PARAMETERS",
        "GIT_CONFIG",
        "GIT_DEFAULT_HASH",
        "GIT_DEFAULT_REF_FORMAT",
        "GIT_TEMPLATE_DIR",
        "GIT_PREFIX",
    ] {
        command.env_remove(name);
    }
    // Paths that do not exist stand for "none": unlike the null device they are the same on every system.
    command
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", folder.join(".git").join("no-config"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .args([
            "-c",
            "core.autocrlf=false",
            "-c",
            "core.hooksPath=.git/no-hooks",
            "-c",
            "commit.gpgsign=false",
        ]);
    command
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|error| format!("`git` could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "`git` failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    ))
}

#[cfg(test)]
mod tests {
    use super::super::content::Spelling;
    use super::*;
    use crate::text::{Encoding, SourceText};

    fn ask(folder: &Path, arguments: &[&str]) -> String {
        let output = git(folder).args(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    const REPORTS: [(&str, Encoding); 5] = [
        (
            "docs/DEPLOYMENT_BLOCKERS_COMPLETE.md",
            Encoding::MojibakeWindows1252,
        ),
        ("PRODUCTION_BLOCKERS_RESOLVED.md", Encoding::Utf8),
        ("SECURITY_CHECKLIST.md", Encoding::MojibakeMacintosh),
        ("docs/SESSION_SUMMARY.md", Encoding::Utf8),
        ("PRODUCTION_READINESS_REPORT.md", Encoding::Utf8),
    ];

    fn assert_reports_are_there(folder: &Path) {
        for (path, encoding) in REPORTS {
            let source = SourceText::from_vec(std::fs::read(folder.join(path)).unwrap());
            assert_eq!(source.encoding(), encoding, "{path}");
            assert!(
                source.text().contains('✅') && !source.text().contains("{{commit"),
                "{path}"
            );
        }
    }

    #[test]
    fn the_sample_is_a_repository_with_history_and_five_reports() {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("quayside");
        assert_eq!(create(&into).unwrap(), Created::Repository);
        assert_reports_are_there(&into);
        let log = ask(&into, &["log", "--reverse", "--format=%s|%an <%ae>|%at"]);
        let wanted: Vec<String> = commits()
            .iter()
            .map(|commit| {
                format!(
                    "{}|{}|{}",
                    commit.message,
                    commit.author,
                    FIRST + commit.minutes * 60
                )
            })
            .collect();
        assert_eq!(log.lines().collect::<Vec<_>>(), wanted);
        assert!(wanted.len() >= 8);
        assert_eq!(
            ask(&into, &["status", "--porcelain"]),
            "",
            "the work tree is what was committed"
        );
        assert_eq!(ask(&into, &["branch", "--show-current"]).trim(), "main");
        assert!(matches!(create(&into), Err(DemoError::NotEmpty(_))));
    }

    #[test]
    fn a_status_can_be_committed_in_the_sample_without_any_set_up_of_git() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(create(folder.path()).unwrap(), Created::Repository);
        let path = folder.path().join("SECURITY_CHECKLIST.md");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replacen("- [ ]", "- [x]", 1)).unwrap();
        ask(
            folder.path(),
            &[
                "commit",
                "--quiet",
                "-m",
                "Tick one",
                "--",
                "SECURITY_CHECKLIST.md",
            ],
        );
        assert_eq!(
            ask(folder.path(), &["log", "-1", "--format=%s|%an"]).trim(),
            "Tick one|Demo"
        );
        assert!(ask(folder.path(), &["show", "--numstat", "--format="]).starts_with("1\t1\t"));
    }

    #[test]
    fn the_named_commits_exist_but_for_the_invented_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(create(folder.path()).unwrap(), Created::Repository);
        let log = ask(folder.path(), &["log", "--format=%h", "--abbrev=7"]);
        let report = std::fs::read_to_string(folder.path().join("PRODUCTION_READINESS_REPORT.md")).unwrap();
        let named: Vec<&str> = report
            .split('`')
            .filter(|code| code.len() == 7 && code.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .collect();
        assert_eq!(named.len(), 11);
        for hash in named {
            assert_eq!(log.lines().any(|line| line == hash), hash != "9f3c2ab", "{hash}");
        }
    }

    #[test]
    fn two_samples_are_the_same_to_the_last_commit() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let heads = folders.each_ref().map(|folder| {
            assert_eq!(create(folder.path()).unwrap(), Created::Repository);
            ask(folder.path(), &["rev-parse", "HEAD"])
        });
        assert_eq!(heads[0], heads[1]);
    }

    #[test]
    fn without_git_the_files_are_there_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        files_only(folder.path()).unwrap();
        assert_reports_are_there(folder.path());
        let limit = std::fs::read_to_string(folder.path().join("src/middleware/rateLimit.ts")).unwrap();
        assert!(
            limit.contains("LOGINS_PER_MINUTE = 20"),
            "the newest version of each file"
        );
    }

    #[test]
    fn damaged_reports_lose_the_one_byte_that_the_list_of_faults_names() {
        for file in commits().iter().flat_map(|commit| &commit.files) {
            let source = SourceText::from_vec(file.bytes(&[]));
            let lost = source
                .text()
                .lines()
                .filter(|line| line.contains('\u{fffd}'))
                .collect::<Vec<_>>();
            let expected: &[&str] = match file.spelling {
                Spelling::ReadAsWindows1252 => &["## \u{fffd} Conclusion"],
                Spelling::ReadAsMacintosh | Spelling::Utf8 => &[],
            };
            assert_eq!(lost, expected, "{}", file.path);
            assert_eq!(source.text().lines().count(), file.text.lines().count());
        }
    }
}
