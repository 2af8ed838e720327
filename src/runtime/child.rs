//! Programs that get the terminal: the editor.

use std::path::Path;

use crate::model::RepoPath;
use crate::sources::editor;

/// Runs the editor at a line and waits for it. The terminal is already given back.
pub(super) async fn edit(configured: Option<&str>, root: &Path, path: &RepoPath, line: u32) -> Result<(), String> {
    let command = editor::command(configured, &root.join(path.as_str()), line)?;
    let program = command.get_program().to_string_lossy().into_owned();
    let mut command = tokio::process::Command::from(command);
    let mut child = command
        .current_dir(root)
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
