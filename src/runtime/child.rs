//! Programs that get the terminal: the editor.

use std::path::Path;
use std::process::Stdio;

use crate::model::RepoPath;
use crate::sources::editor::{self, EditorCommand};

/// The command that opens a document at a line in the person's editor.
pub(super) fn editor(
    configured: Option<&str>,
    root: &Path,
    path: &RepoPath,
    line: u32,
) -> Result<EditorCommand, String> {
    let words = configured.map_or_else(|| editor::choose(root), str::to_owned);
    editor::command(&words, &root.join(path.as_str()), line).map_err(|error| error.to_string())
}

/// Runs it and waits. One with a window of its own gets no terminal; any other has ours, which is given back before.
pub(super) async fn run(editor: &EditorCommand, root: &Path) -> Result<(), String> {
    let program = &editor.program;
    let mut command = tokio::process::Command::new(program);
    command.args(&editor.args).current_dir(root);
    if editor.windowed {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
    }
    let mut child = command
        .spawn()
        .map_err(|error| format!("the editor `{program}` could not be started: {error}"))?;
    let status = child
        .wait()
        .await
        .map_err(|error| format!("the editor `{program}` could not be waited for: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the editor `{program}` ended with {status}"))
    }
}
