//! The user's own `git`, run with care: arguments as a list, no prompt, no pager, no editor, a deadline, and what it
//! said kept.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

/// What a git that only reads may take.
const READ_TIME: Duration = Duration::from_secs(60);
/// Kept of what a program writes to standard error.
const STDERR_CAP: usize = 64 << 10;
/// How long an ended program's pipes may stay open in the hands of its children.
const GRACE: Duration = Duration::from_millis(200);

/// Takes a program's output piece by piece.
type Pieces<'a> = dyn FnMut(&[u8]) -> ControlFlow<()> + 'a;

/// Runs git in one repository.
#[derive(Debug, Clone)]
pub struct Git {
    root: PathBuf,
}

/// What a finished git wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error, at most its first 64 KiB.
    pub stderr: String,
}

impl Output {
    /// Standard output as text.
    #[must_use]
    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// Why git did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// There is no such program.
    #[error("`git` was not found on the PATH")]
    Missing,
    /// It could not be started.
    #[error("`{command}` could not be started: {why}")]
    Start {
        /// The command line.
        command: String,
        /// The system's words.
        why: String,
    },
    /// It ended with an error.
    #[error("`{command}` ended with {status}: {}", said(.stderr, .stdout))]
    Failed {
        /// The command line.
        command: String,
        /// Its exit status in words.
        status: String,
        /// What it wrote to standard error.
        stderr: String,
        /// What it wrote to standard output.
        stdout: String,
    },
    /// It took too long and was ended.
    #[error("`{command}` was ended after {seconds} s without a result{}", if .stderr.is_empty() { String::new() } else { format!(": {}", .stderr.trim()) })]
    TimedOut {
        /// The command line.
        command: String,
        /// The time it had.
        seconds: u64,
        /// What it wrote until then.
        stderr: String,
    },
}

impl GitError {
    /// The program's own words, standard error first; empty when it said nothing.
    #[must_use]
    pub fn own_words(&self) -> String {
        match self {
            Self::Failed { stderr, stdout, .. } => said(stderr, stdout),
            Self::TimedOut { stderr, .. } => stderr.trim().to_owned(),
            Self::Missing | Self::Start { .. } => String::new(),
        }
    }
}

fn said(stderr: &str, stdout: &str) -> String {
    let (stderr, stdout) = (stderr.trim(), stdout.trim());
    match (stderr.is_empty(), stdout.is_empty()) {
        (true, _) => stdout.to_owned(),
        (_, true) => stderr.to_owned(),
        _ => format!("{stderr}\n{stdout}"),
    }
}

impl Git {
    /// For the repository with this top folder.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
        }
    }

    /// Runs a git that only reads.
    ///
    /// # Errors
    /// See [`GitError`].
    pub fn read(&self, args: &[&str]) -> Result<Output, GitError> {
        let mut stdout = Vec::new();
        let stderr = self.drive(self.reading(args), READ_TIME, &mut keep_all(&mut stdout))?;
        Ok(Output { stdout, stderr })
    }

    /// Runs a git that only reads, with `input` on its standard input.
    ///
    /// # Errors
    /// See [`GitError`].
    pub fn read_with(&self, args: &[&str], input: Vec<u8>) -> Result<Output, GitError> {
        let mut stdout = Vec::new();
        let stderr = self.feed(
            self.reading(args),
            Some(input),
            READ_TIME,
            &mut keep_all(&mut stdout),
        )?;
        Ok(Output { stdout, stderr })
    }

    /// Runs a git that only reads and gives each of its records that end with a zero byte, keeping none.
    ///
    /// # Errors
    /// See [`GitError`].
    pub fn each_record(&self, args: &[&str], each: &mut dyn FnMut(&[u8])) -> Result<(), GitError> {
        self.records_while(args, None, &mut |record| {
            each(record);
            ControlFlow::Continue(())
        })
    }

    /// As [`Self::each_record`], with `input` on its standard input, until `each` breaks off: git is ended then.
    ///
    /// # Errors
    /// See [`GitError`].
    pub fn records_while(
        &self,
        args: &[&str],
        input: Option<Vec<u8>>,
        each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), GitError> {
        let mut pending: Vec<u8> = Vec::new();
        self.feed(self.reading(args), input, READ_TIME, &mut |mut chunk| {
            while let Some(end) = memchr::memchr(0, chunk) {
                let (record, rest) = chunk.split_at(end);
                if pending.is_empty() {
                    each(record)?;
                } else {
                    pending.extend_from_slice(record);
                    each(&pending)?;
                    pending.clear();
                }
                chunk = rest.get(1..).unwrap_or_default();
            }
            pending.extend_from_slice(chunk);
            ControlFlow::Continue(())
        })?;
        Ok(())
    }

    /// Runs a git that writes, in the user's own surroundings: hooks, signing, identity, language.
    ///
    /// # Errors
    /// See [`GitError`].
    pub fn write(&self, args: &[&str], time: Duration) -> Result<Output, GitError> {
        let mut stdout = Vec::new();
        let stderr = self.drive(self.command(args), time, &mut keep_all(&mut stdout))?;
        Ok(Output { stdout, stderr })
    }

    fn reading(&self, args: &[&str]) -> Command {
        let mut command = self.command(args);
        command
            .env("LC_ALL", "C")
            .env("GIT_OPTIONAL_LOCKS", "0")
            // What a partial clone has left out stays out: reading asks no server and starts no transport.
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_ALLOW_PROTOCOL", "none");
        command
    }

    #[expect(clippy::disallowed_methods, reason = "this is where git is started")]
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.root)
            // A file system monitor named by the repository would be a program of the repository's choice.
            .args(["-c", "core.fsmonitor=false", "--no-pager"])
            // The one command that refuses the flag takes no patterns either.
            .args((args.first() != Some(&"check-ignore")).then_some("--literal-pathspecs"))
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_EDITOR", "true")
            .env("GIT_SEQUENCE_EDITOR", "true");
        // Started from inside a hook, these would point at another index or repository.
        for name in [
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_PREFIX",
            "GIT_OBJECT_DIRECTORY",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command without input, gives its output in pieces and returns its standard error.
    fn drive(&self, command: Command, time: Duration, each: &mut Pieces<'_>) -> Result<String, GitError> {
        self.feed(command, None, time, each)
    }

    /// Runs a command, gives its output in pieces until `each` breaks off, and returns its standard error.
    fn feed(
        &self,
        mut command: Command,
        input: Option<Vec<u8>>,
        time: Duration,
        each: &mut Pieces<'_>,
    ) -> Result<String, GitError> {
        let line = command_line(&command);
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        let deadline = Instant::now() + time;
        let mut child = command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound if self.root.is_dir() => GitError::Missing,
            _ => GitError::Start {
                command: line.clone(),
                why: error.to_string(),
            },
        })?;
        if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
            // On a thread of its own: git answers while it is still being asked, and may end early.
            std::thread::spawn(move || pipe.write_all(&input));
        }
        let stdout = pieces(child.stdout.take());
        let stderr = pieces(child.stderr.take());
        let mut said = Vec::new();
        let mut first_words = Vec::new();
        let status = loop {
            // Standard error is drained too, so that a chatty hook does not block on a full pipe.
            while let Ok(chunk) = stderr.try_recv() {
                keep(&mut said, &chunk);
            }
            match stdout.recv_timeout(Duration::from_millis(20)) {
                Ok(chunk) => {
                    keep(&mut first_words, &chunk);
                    if each(&chunk).is_break() {
                        end(&mut child);
                        return Ok(text(&said));
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    if let Ok(Some(status)) = child.try_wait() {
                        drain(&stdout, &mut |chunk| each(chunk).is_continue());
                        break Some(status);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => break wait(&mut child, deadline, &stderr, &mut said),
            }
            if Instant::now() >= deadline {
                break None;
            }
        };
        let Some(status) = status else {
            end(&mut child);
            drain(&stderr, &mut |chunk| keep(&mut said, chunk));
            return Err(GitError::TimedOut {
                command: line,
                seconds: time.as_secs(),
                stderr: text(&said),
            });
        };
        drain(&stderr, &mut |chunk| keep(&mut said, chunk));
        if status.success() {
            return Ok(text(&said));
        }
        Err(GitError::Failed {
            command: line,
            status: status.to_string(),
            stderr: text(&said),
            stdout: text(&first_words),
        })
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn keep(said: &mut Vec<u8>, chunk: &[u8]) -> bool {
    let room = STDERR_CAP.saturating_sub(said.len()).min(chunk.len());
    said.extend_from_slice(chunk.get(..room).unwrap_or_default());
    true
}

fn keep_all(all: &mut Vec<u8>) -> impl FnMut(&[u8]) -> ControlFlow<()> + '_ {
    |chunk| {
        all.extend_from_slice(chunk);
        ControlFlow::Continue(())
    }
}

/// Takes what is still in a pipe, waiting only shortly for children that hold it open.
fn drain(pipe: &Receiver<Vec<u8>>, each: &mut dyn FnMut(&[u8]) -> bool) {
    while let Ok(chunk) = pipe.recv_timeout(GRACE) {
        if !each(&chunk) {
            return;
        }
    }
}

/// Waits for a program that has closed its output.
fn wait(
    child: &mut Child,
    deadline: Instant,
    stderr: &Receiver<Vec<u8>>,
    said: &mut Vec<u8>,
) -> Option<ExitStatus> {
    let mut pause = Duration::from_micros(200);
    loop {
        while let Ok(chunk) = stderr.try_recv() {
            keep(said, &chunk);
        }
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(pause),
            _ => return None,
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Ends a program, politely first: git removes its locks when it is asked to stop.
fn end(child: &mut Child) {
    #[cfg(unix)]
    {
        let id = rustix::process::Pid::from_child(child);
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        let until = Instant::now() + Duration::from_secs(2);
        while Instant::now() < until {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Reads a pipe on a thread of its own; the thread ends with the pipe.
fn pieces(pipe: Option<impl std::io::Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (to, from) = sync_channel(16);
    if let Some(mut pipe) = pipe {
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            while let Ok(read) = pipe.by_ref().read(&mut buffer) {
                if read == 0 || to.send(buffer.get(..read).unwrap_or_default().to_vec()).is_err() {
                    break;
                }
            }
        });
    }
    from
}

/// The command as a person would type it, without our own settings.
fn command_line(command: &Command) -> String {
    let ours = [
        "-C",
        "-c",
        "core.fsmonitor=false",
        "--no-pager",
        "--literal-pathspecs",
    ];
    let mut line = String::from("git");
    for (at, arg) in command.get_args().enumerate() {
        let arg = arg.to_string_lossy();
        if at == 1 || ours.contains(&&*arg) {
            continue;
        }
        line.push(' ');
        if arg.contains(char::is_whitespace) {
            line.push_str(&format!("'{arg}'"));
        } else {
            line.push_str(&arg);
        }
    }
    line
}
