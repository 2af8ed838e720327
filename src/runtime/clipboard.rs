//! The sequence that puts text on the clipboard through the terminal, also from a distant machine.

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;

use crate::sources::env;

/// Terminals cut longer sequences or ignore them; the encoded text has a third more bytes than the text.
const LARGEST: usize = 74_994 / 4 * 3;

/// The sequence for a text and how it travels, or why there is none.
pub(super) fn sequence(text: &str) -> Result<(String, String), String> {
    if text.len() > LARGEST {
        return Err(format!(
            "{} bytes are too many for the terminal's clipboard (at most {LARGEST})",
            text.len()
        ));
    }
    let mut plain = String::new();
    CopyToClipboard::to_clipboard_from(text)
        .write_ansi(&mut plain)
        .map_err(|_| "the clipboard sequence could not be made".to_owned())?;
    Ok(if env::var("TMUX").is_some() {
        // tmux hands a sequence through when it is wrapped and its escapes are doubled.
        let wrapped = format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b"));
        (format!("{plain}{wrapped}"), "by the terminal, through tmux".to_owned())
    } else {
        (plain, "by the terminal (OSC 52)".to_owned())
    })
}
