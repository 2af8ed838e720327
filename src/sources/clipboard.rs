//! Text onto the clipboard by whatever way there is: a native program, tmux, or the terminal itself (OSC 52).

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::env;

/// Base64 of an OSC 52 sequence that every terminal with the feature takes.
const OSC_CAP: usize = 74_994;

/// By which way a text went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    /// A program took it: `wl-copy`, `xclip`, `tmux`.
    By(&'static str),
    /// These bytes, written to the terminal, put it on the clipboard. The terminal does not say whether it did.
    Terminal(Vec<u8>),
}

/// Why a text did not get onto the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClipboardError {
    /// Only the terminal is left, and the text is too long for it.
    #[error("{0} bytes are too many for the terminal's clipboard, and no clipboard program was found")]
    TooLong(usize),
}

/// What decides the way, read from the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Surroundings {
    ssh: bool,
    tmux: bool,
    wayland: bool,
    x11: bool,
    wsl: bool,
}

/// Puts a text on the clipboard, or gives the bytes with which the terminal does.
///
/// # Errors
/// When the text is too long for the only way there is.
pub fn copy(text: &str) -> Result<Copied, ClipboardError> {
    let is = |name: &str| env::var(name).is_some();
    let around = Surroundings {
        ssh: is("SSH_CONNECTION") || is("SSH_TTY"),
        tmux: is("TMUX"),
        wayland: is("WAYLAND_DISPLAY"),
        x11: is("DISPLAY"),
        wsl: is("WSL_DISTRO_NAME"),
    };
    for (name, args) in programs(around) {
        if feed(name, args, text) {
            return Ok(Copied::By(name));
        }
    }
    osc52(text)
        .map(Copied::Terminal)
        .ok_or(ClipboardError::TooLong(text.len()))
}

/// Programs to try, best first. Over SSH a native clipboard would be that of the far machine.
fn programs(around: Surroundings) -> Vec<(&'static str, &'static [&'static str])> {
    let mut programs: Vec<(&'static str, &'static [&'static str])> = Vec::new();
    if !around.ssh {
        if cfg!(target_os = "macos") {
            programs.push(("pbcopy", &[]));
        }
        if cfg!(windows) || around.wsl {
            programs.push(("clip.exe", &[]));
        }
        if around.wayland {
            programs.push(("wl-copy", &[]));
        }
        if around.x11 {
            programs.push(("xclip", &["-selection", "clipboard", "-in"]));
            programs.push(("xsel", &["--clipboard", "--input"]));
        }
    }
    if around.tmux {
        // `-w` lets tmux pass it on to the terminal's clipboard.
        programs.push(("tmux", &["load-buffer", "-w", "-"]));
        programs.push(("tmux", &["load-buffer", "-"]));
    }
    programs
}

/// Feeds a program; whether it took everything and ended well within two seconds.
#[expect(clippy::disallowed_methods, reason = "clipboards are programs")]
fn feed(name: &str, args: &[&str], text: &str) -> bool {
    let child = Command::new(name)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        return false;
    };
    let Some(mut stdin) = child.stdin.take() else {
        return false;
    };
    // On a thread, since a stuck program must not hold us.
    let text = text.to_owned();
    let fed = std::thread::spawn(move || stdin.write_all(text.as_bytes()).is_ok());
    let until = Instant::now() + Duration::from_secs(2);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success() && fed.join().unwrap_or(false),
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// The sequence that asks the terminal to take a text; `None` when it is too long.
#[must_use]
pub fn osc52(text: &str) -> Option<Vec<u8>> {
    let encoded = base64(text.as_bytes());
    (encoded.len() <= OSC_CAP).then(|| format!("\x1b]52;c;{encoded}\x1b\\").into_bytes())
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = (bits >> (18 - 6 * place)) & 63;
            let known = LETTERS.get(letter as usize).copied().unwrap_or(b'A');
            out.push(if place <= chunk.len() {
                char::from(known)
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_gets_base64_up_to_its_limit() {
        let known = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
            ("é✅", "w6ninIU="),
        ];
        for (text, encoded) in known {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
        assert_eq!(osc52("foo").unwrap(), b"\x1b]52;c;Zm9v\x1b\\");
        assert!(osc52(&"x".repeat(56_244)).is_some());
        assert!(osc52(&"x".repeat(56_246)).is_none());
    }

    #[test]
    fn over_ssh_no_clipboard_of_the_far_machine_is_used() {
        let local = Surroundings {
            wayland: true,
            x11: true,
            ..Surroundings::default()
        };
        assert!(programs(local).iter().any(|(name, _)| *name == "wl-copy"));
        let far = Surroundings {
            ssh: true,
            tmux: true,
            ..local
        };
        assert_eq!(
            programs(far).iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["tmux", "tmux"]
        );
    }

    #[test]
    fn a_program_that_is_missing_or_fails_is_no_way() {
        assert!(!feed("gonogo-no-such-clipboard", &[], "x"));
        assert!(!feed("false", &[], "x"));
        assert!(feed("cat", &[], "x"));
    }
}
