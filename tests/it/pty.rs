//! The cockpit in a real pseudo-terminal: it starts, follows the size, and gives the terminal back on every way out.
//!
//! Every wait is for something on the screen or for the process, bounded by [`PATIENCE`]; none is for a time.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "what these tests are made of is part of the tests"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the program is started with a PATH and nothing else of this environment"
)]

use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// A machine that is busy with a whole test run may be slow; a broken cockpit is slower.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the terminal shows, and everything that was sent to it.
struct Seen {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    closed: bool,
}

/// A running cockpit.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    _folder: tempfile::TempDir,
    root: PathBuf,
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Session {
    fn start(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("lighthouse");
        std::fs::create_dir_all(root.join("docs")).unwrap();
        let report = "# Production readiness\n\n- [x] Lamp tested\n- [ ] **P0** Fog horn wired\n";
        std::fs::write(root.join("docs/PRODUCTION_READINESS.md"), report).unwrap();
        let pair = native_pty_system().openpty(size(100, 30)).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gonogo"));
        command.args(["--repo", root.to_str().unwrap()]);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", folder.path());
        command.env("TERM", "xterm-256color");
        command.env("GIT_CONFIG_GLOBAL", "no-such-file");
        for (name, value) in variables {
            command.env(name, value);
        }
        command.cwd(folder.path());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen = Arc::new((
            Mutex::new(Seen {
                parser: vt100::Parser::new(30, 100, 0),
                bytes: Vec::new(),
                closed: false,
            }),
            Condvar::new(),
        ));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            loop {
                let read = reader.read(&mut chunk).unwrap_or(0);
                let mut seen = shared.0.lock().unwrap();
                seen.closed = read == 0;
                seen.parser.process(&chunk[..read]);
                seen.bytes.extend_from_slice(&chunk[..read]);
                shared.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        let keyboard = pair.master.take_writer().unwrap();
        Self {
            child,
            master: pair.master,
            keyboard,
            seen,
            _folder: folder,
            root,
        }
    }

    /// Waits until the terminal shows what is wanted.
    fn wait(&self, what: &str, wanted: impl Fn(&Seen) -> bool) {
        let (seen, changed) = &*self.seen;
        let end = Instant::now() + PATIENCE;
        let mut seen = seen.lock().unwrap();
        while !wanted(&seen) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{what} did not come; the screen is:\n{}",
                seen.parser.screen().contents()
            );
            seen = changed.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// Waits for a settled first line.
    fn wait_until_judged(&self) {
        self.wait("the verdict", |seen| {
            let line = first_line(seen);
            line.contains("lighthouse") && ["NO-GO", "HOLD"].iter().any(|word| line.contains(word))
        });
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    fn pid(&self) -> Pid {
        let pid = i32::try_from(self.child.process_id().unwrap()).unwrap();
        Pid::from_raw(pid).unwrap()
    }

    /// Waits for the end; gives the exit code.
    fn end(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.wait("the end of the output", |seen| seen.closed);
                return status.exit_code();
            }
            assert!(Instant::now() < end, "the process did not end");
            std::thread::yield_now();
        }
    }

    /// The terminal is as it was: normal screen, cursor, no mouse, no bracketed paste, cooked mode.
    fn assert_given_back(&self) {
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.parser.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        let last = |needle: &[u8]| {
            seen.bytes
                .windows(needle.len())
                .rposition(|window| window == needle)
        };
        assert!(
            last(b"\x1b[?1004l") > last(b"\x1b[?1004h"),
            "focus reports are on"
        );
        assert!(
            last(b"\x1b[?2026l") >= last(b"\x1b[?2026h"),
            "a synchronized update is open"
        );
    }

    /// The state letter of the process.
    fn state(&self) -> Option<char> {
        let path = format!("/proc/{}/stat", self.pid().as_raw_nonzero());
        let text = std::fs::read_to_string(Path::new(&path)).ok()?;
        text.rsplit_once(')')?.1.trim_start().chars().next()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn first_line(seen: &Seen) -> String {
    seen.parser.screen().rows(0, 300).next().unwrap_or_default()
}

#[test]
fn the_first_line_names_the_repository_and_q_leaves_with_the_verdict_on_the_normal_screen() {
    let mut session = Session::start(&[]);
    session.wait_until_judged();
    session.wait("the alternate screen", |seen| {
        seen.parser.screen().alternate_screen()
    });
    session.press("q");
    assert_eq!(session.end(), 0);
    session.assert_given_back();
    let seen = session.seen.0.lock().unwrap();
    let text = seen.parser.screen().contents();
    assert!(
        text.contains("lighthouse") && text.contains("items blocking"),
        "{text}"
    );
}

#[test]
fn control_c_leaves_too() {
    let mut session = Session::start(&[]);
    session.wait_until_judged();
    session.press("\x03");
    assert_eq!(session.end(), 0);
    session.assert_given_back();
}

#[test]
fn a_signal_gives_the_terminal_back_and_is_the_exit_status() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
    ] {
        let mut session = Session::start(&[]);
        session.wait_until_judged();
        session.signal(signal);
        assert_eq!(session.end(), code, "{signal:?}");
        session.assert_given_back();
    }
}

#[test]
fn a_signal_in_the_first_moment_leaves_no_broken_terminal() {
    let mut session = Session::start(&[]);
    session.wait("the first bytes", |seen| !seen.bytes.is_empty());
    session.signal(Signal::TERM);
    assert_eq!(session.end(), 143);
    session.assert_given_back();
}

#[test]
fn the_screen_follows_the_size_down_to_one_cell_and_back() {
    let mut session = Session::start(&[]);
    session.wait_until_judged();
    for (cols, rows) in [(60, 20), (40, 10), (1, 1), (200, 50), (80, 24)] {
        session
            .seen
            .0
            .lock()
            .unwrap()
            .parser
            .screen_mut()
            .set_size(rows, cols);
        session.master.resize(size(cols, rows)).unwrap();
        if cols >= 40 {
            let right = usize::from(cols) / 2;
            session.wait("the new size", |seen| {
                let screen = seen.parser.screen();
                let wide = screen.rows(0, cols).any(|row| row.chars().count() > right);
                wide && screen
                    .rows(0, cols)
                    .last()
                    .is_some_and(|row| !row.trim().is_empty())
            });
        }
    }
    session.press("q");
    assert_eq!(session.end(), 0);
    session.assert_given_back();
}

#[test]
#[cfg(target_os = "linux")]
fn control_z_stops_with_the_terminal_given_back_and_continues_with_the_screen_drawn_anew() {
    let mut session = Session::start(&[]);
    session.wait_until_judged();
    session.press("\x1a");
    session.wait("the normal screen", |seen| {
        !seen.parser.screen().alternate_screen()
    });
    let end = Instant::now() + PATIENCE;
    while session.state() != Some('T') {
        assert!(Instant::now() < end, "not stopped");
        std::thread::yield_now();
    }
    session.assert_given_back();
    session.signal(Signal::CONT);
    session.wait("the alternate screen again", |seen| {
        seen.parser.screen().alternate_screen()
    });
    session.wait_until_judged();
    session.press("q");
    assert_eq!(session.end(), 0);
}

#[test]
fn the_editor_gets_the_terminal_and_the_cockpit_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("editor.sh");
    std::fs::write(
        &script,
        "printf 'THE EDITOR HAS %s' \"$(stty -a | grep -o -- '-\\?icanon')\"\nread answer\n",
    )
    .unwrap();
    let editor = format!("sh {}", script.display());
    let mut session = Session::start(&[("EDITOR", &editor)]);
    session.wait_until_judged();
    // The list of blockers: there the selection has a line to open.
    session.press("2");
    session.wait("a selected item", |seen| {
        let text = seen.parser.screen().contents();
        text.contains("[2 Blockers") && text.contains("Fog horn")
    });
    session.press("e");
    session.wait("the editor in a cooked terminal", |seen| {
        let screen = seen.parser.screen();
        !screen.alternate_screen() && screen.contents().contains("THE EDITOR HAS icanon")
    });
    // What is typed now is the editor's: `q` would leave the cockpit.
    session.press("q\r");
    session.wait("the cockpit again", |seen| {
        seen.parser.screen().alternate_screen()
    });
    session.wait_until_judged();
    session.press("q");
    assert_eq!(session.end(), 0);
    session.assert_given_back();
}

#[test]
fn a_change_on_disk_is_judged_without_a_key() {
    let mut session = Session::start(&[]);
    session.wait_until_judged();
    session.wait("the item", |seen| {
        seen.parser.screen().contents().contains("Fog horn")
    });
    let path = session.root.join("docs/PRODUCTION_READINESS.md");
    std::fs::write(
        &path,
        "# Production readiness\n\n- [ ] **P0** Keeper's boat painted\n",
    )
    .unwrap();
    session.wait("the new item", |seen| {
        seen.parser.screen().contents().contains("boat painted")
    });
    session.press("q");
    assert_eq!(session.end(), 0);
}

#[test]
fn without_colour_no_colour_is_sent_and_the_selection_is_reversed() {
    let mut session = Session::start(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]);
    session.wait_until_judged();
    session.press("q");
    assert_eq!(session.end(), 0);
    let seen = session.seen.0.lock().unwrap();
    let text = String::from_utf8_lossy(&seen.bytes);
    for colour in ["\x1b[38;", "\x1b[48;", "\x1b[31m", "\x1b[32m", "\x1b[33m"] {
        assert!(!text.contains(colour), "{colour:?} was sent");
    }
    assert!(
        text.contains("\x1b[1m") || text.contains(";1m") || text.contains("\x1b[7m"),
        "no style at all"
    );
}

#[test]
fn a_broken_configuration_does_not_stop_the_start() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("gonogo")).unwrap();
    std::fs::write(folder.path().join("gonogo/config.toml"), "stage = \n[look\n").unwrap();
    let home = folder.path().to_str().unwrap().to_owned();
    let mut session = Session::start(&[("XDG_CONFIG_HOME", &home)]);
    session.wait_until_judged();
    session.wait("the problem in words", |seen| {
        seen.parser.screen().contents().contains("not valid TOML")
    });
    session.press("q");
    assert_eq!(session.end(), 0);
    session.assert_given_back();
}

#[test]
fn a_key_pressed_at_the_very_start_is_not_lost() {
    let mut session = Session::start(&[]);
    session.wait("the first bytes", |seen| !seen.bytes.is_empty());
    session.press("q");
    assert_eq!(session.end(), 0);
    session.assert_given_back();
}
